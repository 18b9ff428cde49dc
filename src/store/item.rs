//! Table `item`: items of feeds that were judged, so that none is judged or fetched again, and none is lost.

use jiff::{Timestamp, ToSpan};
use rusqlite::{OptionalExtension, Row, named_params, params};
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use super::{
    Store, StoreError, Writer,
    columns::{Time, maybe_time, time},
};
use crate::model::{
    fetched::{Failure, FailureKind},
    page::FeedItem,
    text::folded,
};

/// Hours to wait after the first, second… failed fetch of an article or a report file; then it is given up.
pub const RETRY_GAPS_HOURS: [i64; 5] = [1, 4, 12, 24, 72];

/// Where an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeenState {
    /// The gate turned it away.
    Irrelevant,
    /// Its page is to be fetched, for the first time or again.
    Due,
    /// There is a story.
    Stored,
    /// Its page could not be fetched, and is not tried again.
    GivenUp,
    /// It was deleted for good.
    Forgotten,
}

impl SeenState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Irrelevant => "irrelevant",
            Self::Due => "due",
            Self::Stored => "stored",
            Self::GivenUp => "given-up",
            Self::Forgotten => "forgotten",
        }
    }

    fn of_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(match row.get_ref("state")?.as_str()? {
            "irrelevant" => Self::Irrelevant,
            "due" => Self::Due,
            "stored" => Self::Stored,
            _ => Self::GivenUp,
        })
    }
}

/// An item seen before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub state: SeenState,
    /// When it came to this state.
    pub at: Timestamp,
    title: Option<u64>,
}

impl Seen {
    /// True if the title is still the one that was judged; a new title is reason to judge, or to fetch, anew.
    /// Always true of what was deleted for good.
    pub fn same_title(&self, title: &str) -> bool {
        self.title.is_none_or(|known| known == title_hash(title))
    }
}

/// An article whose page is to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueArticle {
    /// The canonical address.
    pub key: String,
    pub item: FeedItem,
    /// Failed fetches so far.
    pub tries: u32,
}

impl Store {
    /// What became of an item, by its canonical address, or by its own key where it has no address.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn seen(&self, key: &str) -> Result<Option<Seen>, StoreError> {
        if let Some(at) = self.forgotten(key)? {
            return Ok(Some(Seen { state: SeenState::Forgotten, at, title: None }));
        }
        let mut select = self.db.prepare_cached("SELECT state, at, title_hash FROM item WHERE key = ?1")?;
        let found = select.query_row([key], |row| {
            let title = row.get::<_, i64>("title_hash")?.cast_unsigned();
            Ok(Seen { state: SeenState::of_row(row)?, at: time(row, "at")?, title: Some(title) })
        });
        if let Some(seen) = found.optional()? {
            return Ok(Some(seen));
        }
        // A story that came another way: by hand, or at a second address.
        let mut select = self.db.prepare_cached(
            "
            SELECT story.first_seen, story.title
            FROM address JOIN story ON story.id = address.story
            WHERE address.key = ?1",
        )?;
        let found = select.query_row([key], |row| {
            let title = row.get_ref("title")?.as_str()?;
            Ok(Seen { state: SeenState::Stored, at: time(row, "first_seen")?, title: Some(title_hash(title)) })
        });
        Ok(found.optional()?)
    }

    /// Articles of a source that are to be fetched, new ones first, then those whose fetch failed, longest waiting first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn due_articles(&self, source: &str, now: Timestamp, limit: usize) -> Result<Vec<DueArticle>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT key, url, tries, item_key, title, summary, author, published
            FROM item
            WHERE state = 'due' AND source = ?1 AND (next_try IS NULL OR next_try <= ?2)
            ORDER BY next_try, key
            LIMIT ?3",
        )?;
        let rows = select.query_map(params![source, Time(now), limit as i64], due_article)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Remembers what became of an item; does nothing for what was deleted for good.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn mark_seen(&self, key: &str, source: &str, item: &FeedItem, state: SeenState, now: Timestamp) -> Result<(), StoreError> {
        if state == SeenState::Forgotten || self.forgotten(key)?.is_some() {
            return Ok(());
        }
        self.put_item(key, source, item, state, now, None)
    }

    /// Remembers a failed fetch of an article with all that its item said, because the feed may drop it meanwhile;
    /// gives when it will be tried again, or nothing where it is given up.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn article_failed(
        &self,
        key: &str,
        source: &str,
        item: &FeedItem,
        failure: &Failure,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        if self.forgotten(key)?.is_some() {
            return Ok(None);
        }
        let mut select = self.db.prepare_cached("SELECT tries FROM item WHERE key = ?1")?;
        let tries: u32 = select.query_row([key], |row| row.get(0)).optional()?.unwrap_or(0) + 1;
        let next_try = next_try(tries, failure, now);
        let state = if next_try.is_some() { SeenState::Due } else { SeenState::GivenUp };
        self.put_item(key, source, item, state, now, Some((tries, next_try, failure)))?;
        Ok(next_try)
    }

    /// An item at this address has become a story: it is no longer due.
    pub(super) fn settle_item(&self, key: &str, now: Timestamp) -> Result<(), StoreError> {
        let mut update = self.db.prepare_cached(
            "
            UPDATE item
            SET state = 'stored', at = ?2, tries = 0, next_try = NULL, failure = NULL, detail = NULL,
                item_key = NULL, title = NULL, summary = NULL, author = NULL, published = NULL
            WHERE key = ?1 AND state <> 'stored'",
        )?;
        update.execute(params![key, Time(now)])?;
        Ok(())
    }

    fn put_item(
        &self,
        key: &str,
        source: &str,
        item: &FeedItem,
        state: SeenState,
        now: Timestamp,
        failed: Option<(u32, Option<Timestamp>, &Failure)>,
    ) -> Result<(), StoreError> {
        let kept = (state == SeenState::Due).then_some(item);
        let mut upsert = self.db.prepare_cached(
            "
            INSERT INTO item (key, source, url, state, title_hash, at, tries, next_try, failure, detail,
                              item_key, title, summary, author, published)
            VALUES (:key, :source, :url, :state, :title_hash, :at, :tries, :next_try, :failure, :detail,
                    :item_key, :title, :summary, :author, :published)
            ON CONFLICT (key) DO UPDATE SET
                state = excluded.state,
                title_hash = excluded.title_hash,
                at = excluded.at,
                tries = excluded.tries,
                next_try = excluded.next_try,
                failure = excluded.failure,
                detail = excluded.detail,
                item_key = excluded.item_key,
                title = excluded.title,
                summary = excluded.summary,
                author = excluded.author,
                published = excluded.published",
        )?;
        upsert.execute(named_params! {
            ":key": key,
            ":source": source,
            ":url": item.url.as_ref().map_or("", Url::as_str),
            ":state": state.as_str(),
            ":title_hash": title_hash(&item.title).cast_signed(),
            ":at": Time(now),
            ":tries": failed.as_ref().map_or(0, |(tries, ..)| *tries),
            ":next_try": failed.as_ref().and_then(|(_, next_try, _)| next_try.map(Time)),
            ":failure": failed.as_ref().map(|(.., failure)| failure.kind.as_str()),
            ":detail": failed.as_ref().map(|(.., failure)| &failure.detail),
            ":item_key": kept.map(|item| &item.key),
            ":title": kept.map(|item| &item.title),
            ":summary": kept.map(|item| &item.summary),
            ":author": kept.and_then(|item| item.author.as_ref()),
            ":published": kept.and_then(|item| item.published.map(Time)),
        })?;
        Ok(())
    }
}

/// When to try again after so many failed tries, or not at all.
pub(super) fn next_try(tries: u32, failure: &Failure, now: Timestamp) -> Option<Timestamp> {
    let hopeless = matches!(failure.kind, FailureKind::BadAddress | FailureKind::PrivateAddress | FailureKind::Gone);
    let hours = RETRY_GAPS_HOURS.get(tries.checked_sub(1)? as usize).filter(|_| !hopeless)?;
    let gap = now.checked_add(hours.hours()).ok()?;
    let asked = failure.retry_after.and_then(|wait| now.checked_add(wait.min(super::source::MAX_RETRY_AFTER)).ok());
    Some(asked.map_or(gap, |asked| asked.max(gap)))
}

fn title_hash(title: &str) -> u64 {
    xxh3_64(folded(title).as_bytes())
}

fn due_article(row: &Row<'_>) -> rusqlite::Result<DueArticle> {
    let item = FeedItem {
        key: row.get("item_key")?,
        url: Url::parse(row.get_ref("url")?.as_str()?).ok(),
        title: row.get("title")?,
        summary: row.get("summary")?,
        author: row.get("author")?,
        published: maybe_time(row, "published")?,
    };
    Ok(DueArticle { key: row.get("key")?, item, tries: row.get("tries")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_grow_and_end() {
        let now = Timestamp::from_second(0).unwrap();
        let failure = Failure::new(FailureKind::Timeout, "no answer");
        let hours: Vec<_> = (1..=6).map(|tries| next_try(tries, &failure, now).map(|at| at.as_second() / 3600)).collect();
        assert_eq!(hours, [Some(1), Some(4), Some(12), Some(24), Some(72), None]);
        assert_eq!(next_try(1, &Failure::new(FailureKind::Gone, "gone"), now), None);
    }

    #[test]
    fn retry_after_is_obeyed_up_to_a_week() {
        let now = Timestamp::from_second(0).unwrap();
        let ask = |seconds| Failure {
            retry_after: Some(std::time::Duration::from_secs(seconds)),
            ..Failure::new(FailureKind::TooMany, "too many")
        };
        assert_eq!(next_try(1, &ask(10), now).unwrap().as_second(), 3600);
        assert_eq!(next_try(1, &ask(7200), now).unwrap().as_second(), 7200);
        assert_eq!(next_try(1, &ask(u64::MAX), now).unwrap().as_second(), 7 * 24 * 3600);
    }
}
