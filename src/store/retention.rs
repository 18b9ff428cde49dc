//! Letting go, in small steps: originals and texts of stories that nobody decided on, items that no list has any more, and free
//! pages of the file.

use jiff::Timestamp;
use rusqlite::params;

use super::{
    Store, StoreError, Writer,
    columns::Time,
    story::{INDEX, UNINDEX},
};
use crate::model::source::BY_HAND;

/// Pieces that were judged, on which nobody decided anything, and which are tied to nothing and wait for nothing.
const FREE: &str = "
    piece.review = 'new' AND piece.state = 'none' AND piece.waiting_for IS NULL
    AND NOT EXISTS (SELECT 1 FROM tie WHERE tie.piece = piece.id)
    AND NOT EXISTS (SELECT 1 FROM work WHERE job = 'judge' AND owner = '' AND subject = piece.id)
    AND NOT EXISTS (
        SELECT 1
        FROM story AS copy
        WHERE copy.piece = piece.id
          AND (copy.source = :by_hand OR EXISTS (SELECT 1 FROM note WHERE note.story = copy.id)
               OR EXISTS (SELECT 1 FROM decision WHERE decision.story = copy.id)))";

/// What hangs on the text of a story, and finds copies of it.
const OF_TEXT: [&str; 6] = [
    "DELETE FROM quotation WHERE story = (SELECT id FROM story WHERE n = ?1)",
    "DELETE FROM mention WHERE story = (SELECT id FROM story WHERE n = ?1)",
    "DELETE FROM story_version WHERE story = (SELECT id FROM story WHERE n = ?1)",
    "DELETE FROM article_number WHERE story = ?1",
    "DELETE FROM fingerprint_band WHERE story = ?1",
    "DELETE FROM fingerprint WHERE story = ?1",
];

/// Items that a source keeps in any case: more than any list but a sitemap names at once.
const KEPT_ITEMS: u32 = 2_000;

/// Pages of the file that are given back in one step: 4 MB.
const STEP: u32 = 1_000;
/// Steps of one run.
const STEPS: u32 = 5;
/// Free pages that are left to be written into, where they are fewer than a twentieth of the file.
const SPARE: u64 = 500;

impl Store {
    /// Bytes of the database that hold something.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn used(&self) -> Result<u64, StoreError> {
        let sql = "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size";
        Ok(self.db.query_row(sql, [], |row| row.get::<_, i64>(0))?.unsigned_abs())
    }

    /// True unless letting go was done by these rules within a day.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn may_let_go(&self, rules: &str, now: Timestamp) -> Result<bool, StoreError> {
        let day_ago = now.checked_sub(jiff::SignedDuration::from_hours(24)).unwrap_or(Timestamp::MIN);
        let sql = "SELECT 1 FROM made_with WHERE part = 'retention' AND version = ?1 AND at > ?2 AND at <= ?3";
        Ok(!self.db.prepare_cached(sql)?.exists(params![rules, Time(day_ago), Time(now)])?)
    }

    /// Gives a part of the free pages back to the file system, where they are many and the file is made for it: files of older
    /// versions are from their next `forget` on.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn shrink(&mut self) -> Result<(), StoreError> {
        for _ in 0..STEPS {
            let sql = "SELECT auto_vacuum = 2 AND freelist_count > max(?1, page_count / 20)
                       FROM pragma_auto_vacuum, pragma_freelist_count, pragma_page_count";
            if !self.db.query_row(sql, [SPARE as i64], |row| row.get(0))? {
                break;
            }
            let mut vacuum = self.db.prepare(&format!("PRAGMA incremental_vacuum ({STEP})"))?;
            let mut rows = vacuum.query([])?;
            while rows.next()?.is_some() {}
        }
        Ok(())
    }
}

impl Writer<'_> {
    /// Lets go of originals received before a moment, of at most so many stories, oldest first: of those about our subject, or
    /// of the others. Gives of how many, and how many originals.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn let_pages_go(&self, related: bool, before: Timestamp, limit: u32) -> Result<(u32, u32), StoreError> {
        let mut select = self.db.prepare_cached(&format!(
            "
            SELECT DISTINCT original.story
            FROM original INDEXED BY original_at
            JOIN story ON story.n = original.story
            JOIN piece ON piece.id = story.piece
            WHERE original.at < :before AND piece.relevant = :related AND {FREE}
            ORDER BY original.at
            LIMIT :limit"
        ))?;
        let named = rusqlite::named_params! { ":before": Time(before), ":related": related, ":by_hand": BY_HAND, ":limit": limit };
        let stories = select.query_map(named, |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
        let mut pages = 0;
        for n in &stories {
            pages += self.drop_originals(*n, Some(before))?;
        }
        Ok((count(&stories), pages))
    }

    /// Lets go of the texts of at most so many pieces that are not about our subject, and of all that hangs on them, where
    /// every copy was stored before a moment, oldest first. The stories stay known, with title, summary and addresses, and are
    /// not judged any more. Gives of how many pieces, of stories, and how many originals went with them.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn fade(&self, before: Timestamp, limit: u32, now: Timestamp) -> Result<(u32, u32, u32), StoreError> {
        let mut select = self.db.prepare_cached(&format!(
            "
            SELECT DISTINCT story.piece
            FROM story INDEXED BY story_unrelated
            JOIN piece ON piece.id = story.piece
            WHERE story.relevant = 0 AND story.faded IS NULL AND story.first_seen < :before AND piece.relevant = 0 AND {FREE}
              AND NOT EXISTS (SELECT 1 FROM story AS young WHERE young.piece = piece.id AND young.first_seen >= :before)
            ORDER BY story.first_seen
            LIMIT :limit"
        ))?;
        let named = rusqlite::named_params! { ":before": Time(before), ":by_hand": BY_HAND, ":limit": limit };
        let pieces = select.query_map(named, |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        let (mut stories, mut pages) = (0, 0);
        for piece in &pieces {
            let mut select = self.db.prepare_cached("SELECT n FROM story WHERE piece = ?1 AND faded IS NULL")?;
            let copies = select.query_map([piece], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            for n in &copies {
                pages += self.fade_story(*n, now)?;
            }
            stories += count(&copies);
        }
        Ok((count(&pieces), stories, pages))
    }

    fn fade_story(&self, n: i64, now: Timestamp) -> Result<u32, StoreError> {
        for sql in OF_TEXT {
            self.db.prepare_cached(sql)?.execute([n])?;
        }
        // The index knows its words by the text as it stands; the title can still be found.
        self.db.prepare_cached(UNINDEX)?.execute([n])?;
        self.drop_packed(n)?;
        self.db.prepare_cached("UPDATE story_text SET blocks = '[]', links = '[]' WHERE story = ?1")?.execute([n])?;
        self.db.prepare_cached(INDEX)?.execute([n])?;
        self.db.prepare_cached("UPDATE story SET faded = ?2 WHERE n = ?1")?.execute(params![n, Time(now)])?;
        self.drop_originals(n, None)
    }

    /// Forgets at most so many items of a source that its list has not named since a moment. Of those that are to be fetched
    /// none goes, nor of the last 2,000. Gives how many went.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn prune_items(&self, source: &str, before: Timestamp, limit: u32) -> Result<u32, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT key
            FROM item INDEXED BY item_listed
            WHERE source = ?1
              AND listed < min(?2, coalesce((SELECT listed FROM item WHERE source = ?1 ORDER BY listed DESC LIMIT 1 OFFSET ?3), ''))
              AND NOT EXISTS (SELECT 1 FROM work WHERE job = 'article' AND owner = ?1 AND subject = item.key AND due IS NOT NULL)
            ORDER BY listed
            LIMIT ?4",
        )?;
        let named = params![source, Time(before), KEPT_ITEMS - 1, limit];
        let keys = select.query_map(named, |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        for key in &keys {
            self.db.prepare_cached("DELETE FROM work WHERE job = 'article' AND owner = ?1 AND subject = ?2")?.execute([source, key])?;
            self.db.prepare_cached("DELETE FROM item WHERE source = ?1 AND key = ?2")?.execute([source, key])?;
        }
        Ok(count(&keys))
    }
}

fn count<T>(rows: &[T]) -> u32 {
    u32::try_from(rows.len()).unwrap_or(u32::MAX)
}
