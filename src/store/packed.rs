//! Table `story_packed`: the texts of stories that are not about our subject, compressed. Whoever reads a text asks for
//! `blocks!()` and gets it as it was.

use std::io::{self, Read, Write};

use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OptionalExtension, ffi, functions::FunctionFlags, params};

use super::{Store, StoreError, Writer};
use crate::model::piece::PieceId;

/// The longest text that is packed, and the most that comes out of one that is damaged: 16 MiB.
const LONGEST: usize = 16 << 20;
/// More than 2 takes longer and saves next to nothing; 1 saves a third less.
const LEVEL: Compression = Compression::new(2);
/// Up to which story this was done, in table `made_with`.
const PART: &str = "packing";

/// The text of a row of `story_text`, as JSON: an expression of SQL.
macro_rules! blocks {
    () => {
        "coalesce((SELECT unpacked(story_packed.blocks) FROM story_packed WHERE story_packed.story = story_text.story), story_text.blocks)"
    };
}
pub(super) use blocks;

/// Whether the text of a story is to be packed: its piece was judged, is not about our subject, and nobody decided on it.
const FIT: &str = "judged_at IS NOT NULL AND faded IS NULL AND piece.relevant = 0 AND piece.state = 'none' AND piece.review = 'new'";

/// Gives SQL the function `unpacked(blob)`.
pub(super) fn teach(db: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    db.create_scalar_function("unpacked", 1, flags, |context| {
        let packed = context.get_raw(0).as_blob().map_err(damaged)?;
        unpacked(packed).map_err(damaged)
    })
}

/// With a text of ours SQLite would forget that it is damage.
fn damaged<E>(_: E) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error { code: ErrorCode::DatabaseCorrupt, extended_code: ffi::SQLITE_CORRUPT }, None)
}

impl Store {
    /// Texts that do not come out as they went in.
    pub(super) fn broken_texts(&self) -> Result<Option<String>, StoreError> {
        let mut select = self.db.prepare("SELECT blocks FROM story_packed")?;
        let mut rows = select.query([])?;
        let mut odd = 0;
        while let Some(row) = rows.next()? {
            let packed = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
            let is_whole = unpacked(packed).is_ok_and(|text| serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok());
            odd += u32::from(!is_whole);
        }
        Ok((odd > 0).then(|| format!("the texts of stories cannot be read in {odd} rows of `story_packed`")))
    }
}

impl Writer<'_> {
    /// Packs the texts of a piece that is not about our subject and on which nobody decided; those of any other are as they are.
    pub(super) fn fit_texts(&self, piece: &PieceId) -> Result<(), StoreError> {
        let mut select = self.db.prepare_cached(&format!(
            "
            SELECT n, {FIT}, EXISTS (SELECT 1 FROM story_packed WHERE story_packed.story = story.n)
            FROM story JOIN piece ON piece.id = story.piece
            WHERE story.piece = ?1"
        ))?;
        let copies = select.query_map([piece], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        for (n, fits, is_packed) in copies.collect::<Result<Vec<(i64, bool, bool)>, _>>()? {
            match (fits, is_packed) {
                (true, false) => self.pack(n)?,
                (false, true) => self.unpack(n)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Packs what older versions left as it is, of the next `limit` stories; gives how many there were, which is fewer where none
    /// is left.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn pack_older(&self, limit: u32, now: Timestamp) -> Result<u32, StoreError> {
        let until: i64 = self.made_with(PART)?.and_then(|n| n.parse().ok()).unwrap_or(0);
        let mut select = self.db.prepare_cached(&format!(
            "
            SELECT n, {FIT} AND NOT EXISTS (SELECT 1 FROM story_packed WHERE story_packed.story = story.n)
            FROM story JOIN piece ON piece.id = story.piece
            WHERE n > ?1
            ORDER BY n
            LIMIT ?2"
        ))?;
        let next = select.query_map(params![until, limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let next = next.collect::<Result<Vec<(i64, bool)>, _>>()?;
        for (n, _) in next.iter().filter(|(_, fits)| *fits) {
            self.pack(*n)?;
        }
        if let Some((last, _)) = next.last() {
            self.set_made_with(PART, &last.to_string(), now)?;
        }
        Ok(u32::try_from(next.len()).unwrap_or(u32::MAX))
    }

    fn pack(&self, n: i64) -> Result<(), StoreError> {
        let mut select = self.db.prepare_cached("SELECT blocks, links FROM story_text WHERE story = ?1")?;
        let found = select.query_row([n], |row| Ok((packed(row.get_ref(0)?.as_str()?), row.get::<_, String>(1)?))).optional()?;
        if let Some((Some(small), links)) = found {
            self.db.prepare_cached("INSERT INTO story_packed (story, blocks) VALUES (?1, ?2)")?.execute(params![n, small])?;
            // SQLite joins pages that have room where rows are deleted, not where they are made smaller.
            self.db.prepare_cached("DELETE FROM story_text WHERE story = ?1")?.execute([n])?;
            self.db.prepare_cached("INSERT INTO story_text (story, blocks, links) VALUES (?1, '[]', ?2)")?.execute(params![n, links])?;
        }
        Ok(())
    }

    fn unpack(&self, n: i64) -> Result<(), StoreError> {
        let sql = concat!("UPDATE story_text SET blocks = ", blocks!(), " WHERE story = ?1");
        self.db.prepare_cached(sql)?.execute([n])?;
        self.drop_packed(n)
    }

    /// Lets go of what is packed of a story.
    pub(super) fn drop_packed(&self, n: i64) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM story_packed WHERE story = ?1")?.execute([n])?;
        Ok(())
    }
}

/// As zlib (RFC 1950), where that saves at least a tenth.
fn packed(text: &str) -> Option<Vec<u8>> {
    let mut packer = ZlibEncoder::new(Vec::with_capacity(text.len() / 2), LEVEL);
    packer.write_all(text.as_bytes()).ok()?;
    packer.finish().ok().filter(|small| text.len() <= LONGEST && small.len() < text.len() / 10 * 9)
}

fn unpacked(stored: &[u8]) -> io::Result<String> {
    let mut text = String::with_capacity(stored.len().saturating_mul(3).min(LONGEST));
    ZlibDecoder::new(stored).take(LONGEST as u64 + 1).read_to_string(&mut text)?;
    if text.len() > LONGEST { Err(io::Error::other("it is longer than any that is packed")) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out_as_it_was() {
        let text = r#"[{"kind":"paragraph","text":"Inspectors said so, and so did the council’s leader."}]"#.repeat(50);
        let small = packed(&text).unwrap();
        assert!(small.len() < text.len() / 10, "{}", small.len());
        assert_eq!(unpacked(&small).unwrap(), text);
        assert_eq!(packed("[]"), None);
        assert_eq!(packed(&" ".repeat(LONGEST + 1)), None);
    }

    #[test]
    fn what_is_damaged_is_an_error_and_fills_no_memory() {
        let small = packed(&"so and so ".repeat(100)).unwrap();
        assert!(unpacked(&small[..small.len() / 2]).is_err() && unpacked(b"no zlib").is_err() && unpacked(b"").is_err());
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
        packer.write_all(&vec![b' '; LONGEST * 2]).unwrap();
        assert!(unpacked(&packer.finish().unwrap()).unwrap_err().to_string().contains("longer"));
    }
}
