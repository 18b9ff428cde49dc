//! Table `item`: items of feeds and lists that were judged, by the source that lists them, so that none is judged or
//! fetched again without need, and none is lost.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, named_params, params};
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use super::{
    Store, StoreError, Writer,
    columns::{Time, hashes_from_bytes, hashes_to_bytes, maybe_time},
};
use crate::model::{page::FeedItem, text::folded};

/// An item as it was when its source last listed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownItem {
    /// The key of its address.
    pub key: String,
    /// True where the gate let it through: its page was wanted.
    pub passed: bool,
    /// The address to fetch.
    pub url: Option<Url>,
    /// Its date, as far as its source gave one and it is still known.
    pub published: Option<Timestamp>,
    /// The title, and those before it.
    titles: Vec<u64>,
}

impl KnownItem {
    /// True if the title is one that was judged; a new title is reason to judge, or to fetch, anew. One that comes back is
    /// not: a list can name an address under two titles, and turn them to and fro.
    pub fn same_title(&self, title: &str) -> bool {
        self.titles.contains(&title_hash(title))
    }
}

/// The date of an item that its source gave: its own while its page is wanted, then its story's.
pub(super) const PUBLISHED: &str = "coalesce(item.published, (
    SELECT story.published
    FROM address JOIN story ON story.id = address.story
    WHERE address.key = item.key AND story.published_from = 'feed'))";

/// Titles of an item that are remembered beside its own.
const MAX_FORMER: usize = 7;

/// An article whose page is to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueArticle {
    /// The key of its address.
    pub key: String,
    pub item: FeedItem,
}

impl Store {
    /// The item of a source at an address.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn item(&self, source: &str, key: &str) -> Result<Option<KnownItem>, StoreError> {
        let mut select =
            self.db.prepare_cached("SELECT key, url, passed, title_hash, former, published FROM item WHERE source = ?1 AND key = ?2")?;
        Ok(select.query_row([source, key], known).optional()?)
    }

    /// The addresses of the items that a source listed last.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn item_urls(&self, source: &str, limit: u32) -> Result<Vec<Url>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT url FROM item WHERE source = ?1 ORDER BY at DESC, key LIMIT ?2")?;
        let urls = select.query_map(params![source, limit], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        Ok(urls.iter().filter_map(|url| Url::parse(url).ok()).collect())
    }

    /// The item of a source with a guid; the one listed last where several had it in turn.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn item_of_guid(&self, source: &str, guid: &str) -> Result<Option<KnownItem>, StoreError> {
        let mut select = self.db.prepare_cached(&format!(
            "
            SELECT key, url, passed, title_hash, former, {PUBLISHED} AS published
            FROM item
            WHERE source = ?1 AND guid = ?2
            ORDER BY at DESC, key
            LIMIT 1"
        ))?;
        Ok(select.query_row([source, guid], known).optional()?)
    }

    /// Articles of a source that are to be fetched, new ones first, then those whose fetch failed, longest waiting first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn due_articles(&self, source: &str, now: Timestamp, limit: usize) -> Result<Vec<DueArticle>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT item.key, item.guid, item.url, item.title, item.summary, item.author, item.published
            FROM work
            JOIN item ON item.source = work.owner AND item.key = work.subject
            WHERE work.job = 'article' AND work.owner = ?1 AND work.due <= ?2 AND (work.held IS NULL OR work.held <= ?2)
            ORDER BY work.tries > 0, coalesce(item.published, item.at) DESC, item.key
            LIMIT ?3",
        )?;
        let rows = select.query_map(params![source, Time(now), limit as i64], due_article)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Keeps an item as its source lists it now: with all that it says where its page is wanted, because the feed may drop
    /// it meanwhile, else as a hash of its title.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn put_item(
        &self,
        source: &str,
        key: &str,
        guid: Option<&str>,
        item: &FeedItem,
        passed: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let kept = passed.then_some(item);
        let title = title_hash(&item.title);
        let mut former = self.item(source, key)?.map(|known| known.titles).unwrap_or_default();
        former.retain(|other| *other != title);
        former.truncate(MAX_FORMER);
        let mut upsert = self.db.prepare_cached(
            "
            INSERT INTO item (source, key, guid, url, title_hash, former, passed, at, title, summary, author, published, listed)
            VALUES (:source, :key, :guid, :url, :title_hash, :former, :passed, :at, :title, :summary, :author, :published, :at)
            ON CONFLICT (source, key) DO UPDATE SET
                guid = excluded.guid,
                url = excluded.url,
                title_hash = excluded.title_hash,
                former = excluded.former,
                passed = excluded.passed,
                at = excluded.at,
                title = excluded.title,
                summary = excluded.summary,
                author = excluded.author,
                published = excluded.published,
                listed = excluded.listed",
        )?;
        upsert.execute(named_params! {
            ":source": source,
            ":key": key,
            ":guid": guid,
            ":url": item.url.as_ref().map_or("", Url::as_str),
            ":title_hash": title.cast_signed(),
            ":former": (!former.is_empty()).then(|| hashes_to_bytes(&former)),
            ":passed": passed,
            ":at": Time(now),
            ":title": kept.map(|item| &item.title),
            ":summary": kept.map(|item| &item.summary),
            ":author": kept.and_then(|item| item.author.as_ref()),
            ":published": kept.and_then(|item| item.published.map(Time)),
        })?;
        Ok(())
    }

    /// An item is still listed. That is written down once a week.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn item_listed(&self, source: &str, key: &str, now: Timestamp) -> Result<(), StoreError> {
        let week_ago = now.checked_sub(jiff::SignedDuration::from_hours(7 * 24)).unwrap_or(Timestamp::MIN);
        let mut update = self.db.prepare_cached("UPDATE item SET listed = ?3 WHERE source = ?1 AND key = ?2 AND listed < ?4")?;
        update.execute(params![source, key, Time(now), Time(week_ago)])?;
        Ok(())
    }

    /// An item is listed at another address now; a fetch of it that is still to be made goes there.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn move_item(&self, source: &str, from: &str, to: &str, url: &Url, now: Timestamp) -> Result<(), StoreError> {
        let mut update =
            self.db.prepare_cached("UPDATE item SET key = ?3, url = ?4, at = ?5, listed = ?5 WHERE source = ?1 AND key = ?2")?;
        update.execute(params![source, from, to, url.as_str(), Time(now)])?;
        let mut update =
            self.db.prepare_cached("UPDATE OR REPLACE work SET subject = ?3 WHERE job = 'article' AND owner = ?1 AND subject = ?2")?;
        update.execute([source, from, to])?;
        Ok(())
    }

    /// The page at this address has come: what its items said is no longer needed, nor is it to be fetched.
    pub(super) fn settle_items(&self, key: &str) -> Result<(), StoreError> {
        self.settle_articles(key)?;
        let mut update = self.db.prepare_cached(
            "
            UPDATE item
            SET title = NULL, summary = NULL, author = NULL, published = NULL
            WHERE key = ?1 AND title IS NOT NULL",
        )?;
        update.execute([key])?;
        Ok(())
    }

    /// Takes the items at an address away, with what is to be done about them.
    pub(super) fn delete_items(&self, key: &str) -> Result<(), StoreError> {
        self.settle_articles(key)?;
        self.db.prepare_cached("DELETE FROM item WHERE key = ?1")?.execute([key])?;
        Ok(())
    }
}

pub(super) fn title_hash(title: &str) -> u64 {
    xxh3_64(folded(title).as_bytes())
}

fn known(row: &Row<'_>) -> rusqlite::Result<KnownItem> {
    let mut titles = vec![row.get::<_, i64>("title_hash")?.cast_unsigned()];
    titles.extend(row.get_ref("former")?.as_blob_or_null()?.map(hashes_from_bytes).unwrap_or_default());
    let url = Url::parse(row.get_ref("url")?.as_str()?).ok();
    Ok(KnownItem { key: row.get("key")?, passed: row.get("passed")?, url, published: maybe_time(row, "published")?, titles })
}

fn due_article(row: &Row<'_>) -> rusqlite::Result<DueArticle> {
    let key: String = row.get("key")?;
    let guid: Option<String> = row.get("guid")?;
    let item = FeedItem {
        key: guid.unwrap_or_else(|| key.clone()),
        url: Url::parse(row.get_ref("url")?.as_str()?).ok(),
        title: row.get::<_, Option<String>>("title")?.unwrap_or_default(),
        summary: row.get::<_, Option<String>>("summary")?.unwrap_or_default(),
        author: row.get("author")?,
        published: maybe_time(row, "published")?,
    };
    Ok(DueArticle { key, item })
}
