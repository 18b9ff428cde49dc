//! Where hashes stand: a table of buckets, filled in one pass over the words and asked with one look.

/// Hashes, and where each of them stands.
pub(super) struct Places {
    /// How far a hash is shifted to say in which bucket it is.
    shift: u32,
    /// Where each bucket begins; one more for the end of the last.
    starts: Vec<u32>,
    found: Vec<(u64, u32)>,
}

impl Places {
    /// Takes hashes whose first bits are as good as chance, in the order of their places.
    pub fn new(in_order: &[(u64, u32)]) -> Self {
        let shift = 64 - in_order.len().max(2).ilog2();
        let bucket = |hash: u64| (hash >> shift) as usize;
        let mut starts = vec![0u32; (1 << (64 - shift)) + 1];
        for (hash, _) in in_order {
            starts[bucket(*hash) + 1] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut found = vec![(0, 0); in_order.len()];
        for &entry in in_order {
            let at = &mut next[bucket(entry.0)];
            found[*at as usize] = entry;
            *at += 1;
        }
        Self { shift, starts, found }
    }

    /// The places of one hash, in order.
    pub fn of(&self, hash: u64) -> impl Iterator<Item = usize> + '_ {
        let bucket = (hash >> self.shift) as usize;
        let (from, to) = (self.starts[bucket] as usize, self.starts[bucket + 1] as usize);
        self.found[from..to].iter().filter(move |(known, _)| *known == hash).map(|(_, at)| *at as usize)
    }

    pub fn has(&self, hash: u64) -> bool {
        self.of(hash).next().is_some()
    }
}

/// How often each stem stands somewhere.
pub(super) struct StemCounts {
    /// A stem lies at its first bits or, where another does, behind it; no count, no stem.
    slots: Vec<(u32, u32)>,
    shift: u32,
    total: u32,
}

impl StemCounts {
    /// Counts stems whose first bits are as good as chance; there are `many` of them at most.
    pub fn new(stems: impl Iterator<Item = u32>, many: usize) -> Self {
        let bits = (2 * many.max(2)).ilog2() + 1;
        let mut counts = Self { slots: vec![(0, 0); 1 << bits], shift: 32 - bits, total: 0 };
        for stem in stems {
            let slot = counts.slot(stem);
            counts.slots[slot] = (stem, counts.slots[slot].1 + 1);
            counts.total += 1;
        }
        counts
    }

    /// Where a stem is, or would be.
    fn slot(&self, stem: u32) -> usize {
        let mut at = (stem >> self.shift) as usize;
        while self.slots[at].1 > 0 && self.slots[at].0 != stem {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }

    pub fn of(&self, stem: u32) -> u32 {
        self.slots[self.slot(stem)].1
    }

    /// All of them together.
    pub fn total(&self) -> u32 {
        self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_a_hash_come_in_order_and_no_others() {
        let hash = |n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let places = Places::new(&[(hash(1), 0), (hash(2), 1), (hash(1), 2), (hash(3), 3), (hash(1), 4)]);
        assert_eq!(places.of(hash(1)).collect::<Vec<_>>(), [0, 2, 4]);
        assert!(places.has(hash(3)) && !places.has(hash(4)) && !places.has(0) && !places.has(u64::MAX));
        assert!(!Places::new(&[]).has(hash(1)));
    }

    #[test]
    fn stems_are_counted_where_their_first_bits_are_the_same() {
        let stems = [7, 8, 7, u32::MAX, 7, u32::MAX - 1];
        let counts = StemCounts::new(stems.into_iter(), stems.len());
        assert_eq!([7, 8, 9, u32::MAX, u32::MAX - 1].map(|stem| counts.of(stem)), [3, 1, 0, 1, 1]);
        assert_eq!(counts.total(), 6);
    }
}
