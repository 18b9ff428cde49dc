//! Which shingles stand in no report, told without looking into the file: a Bloom filter (Bloom, CACM 1970) over all of them.

use super::{Store, StoreError, columns::hashes_from_bytes};

/// Bits kept for each shingle: of those that stand nowhere one in twenty is looked for all the same.
const BITS: u64 = 8;
/// Words of 64 bits at most: 32 MiB.
const MAX_WORDS: u64 = 1 << 22;

/// What shingles there are, as they were when it was made.
#[derive(Debug)]
pub struct Sieve {
    words: Vec<u64>,
    /// How far a hash is shifted to say in which word its two bits are.
    shift: u32,
    /// [`Store::foreign_writes`] when it was made.
    writes: i64,
}

impl Sieve {
    fn new(many: u64, writes: i64) -> Self {
        let words = (many * BITS / 64).clamp(2, MAX_WORDS).next_power_of_two();
        Self { words: vec![0; usize::try_from(words).unwrap_or(2)], shift: 64 - words.ilog2(), writes }
    }

    fn bits(hash: u64) -> u64 {
        1 << (hash & 63) | 1 << (hash >> 6 & 63)
    }

    fn put(&mut self, hash: u64) {
        self.words[(hash >> self.shift) as usize] |= Self::bits(hash);
    }

    /// False of a shingle that no report has.
    pub fn may_have(&self, hash: u64) -> bool {
        let bits = Self::bits(hash);
        self.words[(hash >> self.shift) as usize] & bits == bits
    }

    /// True as long as no other program has written since.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn holds(&self, store: &Store) -> Result<bool, StoreError> {
        Ok(store.foreign_writes()? == self.writes)
    }
}

impl Store {
    /// Puts the shingles of all reports into a sieve: it pays where a thousand stories are looked up.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn sieve(&self) -> Result<Sieve, StoreError> {
        self.read(|store| {
            let many: i64 = store.db.query_row("SELECT coalesce(sum(length(hashes)), 0) / 8 FROM shingle_set", [], |row| row.get(0))?;
            let mut sieve = Sieve::new(many.unsigned_abs(), store.foreign_writes()?);
            let mut select = store.db.prepare("SELECT hashes FROM shingle_set")?;
            let mut rows = select.query([])?;
            while let Some(row) = rows.next()? {
                hashes_from_bytes(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?).into_iter().for_each(|hash| sieve.put(hash));
            }
            Ok(sieve)
        })
    }

    /// A number that changes when another connection writes.
    fn foreign_writes(&self) -> Result<i64, StoreError> {
        Ok(self.db.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_there_and_most_else_is_not() {
        let hash = |n: u64| (n ^ n >> 7).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29).wrapping_mul(0xff51_afd7_ed55_8ccd);
        let mut sieve = Sieve::new(10_000, 0);
        (0..10_000).for_each(|n| sieve.put(hash(n)));
        assert!((0..10_000).all(|n| sieve.may_have(hash(n))));
        let others = (10_000..20_000).filter(|&n| sieve.may_have(hash(n))).count();
        assert!(others < 1_000, "{others} of 10,000");
        assert!(!Sieve::new(0, 0).may_have(hash(1)));
    }
}
