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

/// Where a look at what is old was left, in table `made_with`.
const SWEEP: &str = "sweep";

/// Items that a source keeps in any case: more than any list but a sitemap names at once.
const KEPT_ITEMS: u32 = 2_000;

/// Pages of the file that are given back in one step: 400 KB.
const STEP: u32 = 100;
/// Steps of one run.
const STEPS: u32 = 50;
/// Free pages that are left to be written into, where they are fewer than a twentieth of the file.
const SPARE: u64 = 500;

/// How far a look at all that is old has come: behind a moment, and of that moment behind a story. The default is the beginning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sweep {
    at: String,
    n: i64,
}

/// What came of one step of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Swept {
    /// Stories or pieces of which something went.
    pub things: u32,
    /// Stories whose texts went.
    pub stories: u32,
    /// Originals that went.
    pub pages: u32,
    /// From where it goes on; nothing where all was looked at.
    pub next: Option<Sweep>,
}

impl Store {
    /// Where a look at what is old was left: at which kind of things, and how far.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn sweep(&self) -> Result<(usize, Sweep), StoreError> {
        let known = self.made_with(SWEEP)?.unwrap_or_default();
        let mut parts = known.split(' ');
        let mut next = || parts.next().unwrap_or_default();
        let (kind, at, n) = (next(), next(), next());
        Ok((kind.parse().unwrap_or(0), Sweep { at: at.to_owned(), n: n.parse().unwrap_or(0) }))
    }

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
    /// versions are from their next `forget` on. At most 20 MB, and no more once `is_over` says so.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn shrink(&mut self, is_over: impl Fn() -> bool) -> Result<(), StoreError> {
        for _ in 0..STEPS {
            if is_over() {
                break;
            }
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
    /// Keeps where a look at what is old is left.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn set_sweep(&self, kind: usize, sweep: &Sweep, now: Timestamp) -> Result<(), StoreError> {
        self.set_made_with(SWEEP, &format!("{kind} {} {}", sweep.at, sweep.n), now)
    }

    /// Lets go of originals received before a moment, oldest first: of those about our subject, or of the others. Looks at so
    /// many of those behind `from`.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn let_pages_go(&self, related: bool, before: Timestamp, from: &Sweep, limit: u32) -> Result<Swept, StoreError> {
        let mut select = self.db.prepare_cached(&format!(
            "
            SELECT original.at, original.story, piece.relevant = :related AND {FREE} AS goes
            FROM original INDEXED BY original_at
            CROSS JOIN story ON story.n = original.story
            CROSS JOIN piece ON piece.id = story.piece
            WHERE (original.at, original.story) > (:at, :n) AND original.at < :before
            ORDER BY original.at, original.story
            LIMIT :limit"
        ))?;
        let named = rusqlite::named_params! {
            ":before": Time(before), ":related": related, ":by_hand": BY_HAND, ":limit": limit, ":at": from.at, ":n": from.n,
        };
        let rows = select.query_map(named, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let rows = rows.collect::<Result<Vec<(String, i64, bool)>, _>>()?;
        let mut stories: Vec<i64> = rows.iter().filter(|(.., goes)| *goes).map(|(_, n, _)| *n).collect();
        stories.sort_unstable();
        stories.dedup();
        let mut swept = Swept { things: count(&stories), ..Swept::default() };
        for n in &stories {
            swept.pages += self.drop_originals(*n, Some(before))?;
        }
        swept.next = rows.last().filter(|_| count(&rows) == limit).map(|(at, n, _)| Sweep { at: at.clone(), n: *n });
        Ok(swept)
    }

    /// Lets go of the texts of pieces that are not about our subject, and of all that hangs on them, where every copy was stored
    /// before a moment, oldest first. The stories stay known, with title, summary and addresses, and are not judged any more.
    /// Looks at so many stories of those behind `from`.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn fade(&self, before: Timestamp, from: &Sweep, limit: u32, now: Timestamp) -> Result<Swept, StoreError> {
        let mut select = self.db.prepare_cached(&format!(
            "
            SELECT story.first_seen, story.n, story.piece,
                   piece.relevant = 0 AND {FREE}
                   AND NOT EXISTS (SELECT 1 FROM story AS young WHERE young.piece = piece.id AND young.first_seen >= :before) AS goes
            FROM story INDEXED BY story_unrelated
            CROSS JOIN piece ON piece.id = story.piece
            WHERE story.relevant = 0 AND story.faded IS NULL AND (story.first_seen, story.n) > (:at, :n) AND story.first_seen < :before
            ORDER BY story.first_seen, story.n
            LIMIT :limit"
        ))?;
        let named = rusqlite::named_params! {
            ":before": Time(before), ":by_hand": BY_HAND, ":limit": limit, ":at": from.at, ":n": from.n,
        };
        let rows = select.query_map(named, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        let rows = rows.collect::<Result<Vec<(String, i64, String, bool)>, _>>()?;
        let mut pieces: Vec<&String> = rows.iter().filter(|(.., goes)| *goes).map(|(_, _, piece, _)| piece).collect();
        pieces.sort_unstable();
        pieces.dedup();
        let mut swept = Swept { things: count(&pieces), ..Swept::default() };
        for piece in pieces {
            let mut select = self.db.prepare_cached("SELECT n FROM story WHERE piece = ?1 AND faded IS NULL")?;
            let copies = select.query_map([piece], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            for n in &copies {
                swept.pages += self.fade_story(*n, now)?;
            }
            swept.stories += count(&copies);
        }
        swept.next = rows.last().filter(|_| count(&rows) == limit).map(|(at, n, ..)| Sweep { at: at.clone(), n: *n });
        Ok(swept)
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
