//! Table `tombstone`: deleting one address for good.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};
use sha2::{Digest, Sha256};
use url::Url;

use super::{
    SeenAddress, Store, StoreError, Writer,
    columns::{Time, maybe_time, time},
    item::{PUBLISHED, title_hash},
    story::UNINDEX,
};
use crate::model::{address, page::FeedItem, story::StoryId};

/// What deleting an address took away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forgotten {
    /// The story that stood there.
    pub story: Option<StoryId>,
    /// Addresses that will never be taken in again.
    pub addresses: usize,
}

/// Everything that hangs on a story by its id, dependants first.
const BY_ID: [&str; 7] = [
    "DELETE FROM mention WHERE story = ?1",
    "DELETE FROM quotation WHERE story = ?1",
    "DELETE FROM story_authority WHERE story = ?1",
    "DELETE FROM story_version WHERE story = ?1",
    "DELETE FROM note WHERE story = ?1",
    "DELETE FROM decision WHERE story = ?1",
    "DELETE FROM address WHERE story = ?1",
];

/// Everything that hangs on a story by its number.
const BY_NUMBER: [&str; 7] = [
    "DELETE FROM article_number WHERE story = ?1",
    "DELETE FROM fingerprint_band WHERE story = ?1",
    "DELETE FROM fingerprint WHERE story = ?1",
    UNINDEX,
    "DELETE FROM story_packed WHERE story = ?1",
    "DELETE FROM story_text WHERE story = ?1",
    "DELETE FROM story WHERE n = ?1",
];

impl Store {
    /// Deletes an address for good: the story there with everything known of it, at all its addresses. Only a hash of
    /// each stays, so that no later run takes it in again. The file is written anew, so that nothing stands in its
    /// free pages either.
    ///
    /// # Errors
    /// Where the database cannot be written. The story is gone even where only the last step failed.
    pub fn forget(&mut self, key: &str, now: Timestamp) -> Result<Forgotten, StoreError> {
        let forgotten = self.write(|writer| writer.forget(key, now))?;
        self.scrub()?;
        Ok(forgotten)
    }

    /// Writes the search index and the file anew, without what was deleted.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn scrub(&mut self) -> Result<(), StoreError> {
        self.db.execute("INSERT INTO story_fts (story_fts) VALUES ('optimize')", [])?;
        self.db.execute_batch("VACUUM")?;
        self.db.query_row("PRAGMA wal_checkpoint (TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// True where a story is stored at this address, or a list named it.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn knows_address(&self, key: &str) -> Result<bool, StoreError> {
        let mut select =
            self.db.prepare_cached("SELECT EXISTS (SELECT 1 FROM address WHERE key = ?1) OR EXISTS (SELECT 1 FROM item WHERE key = ?1)")?;
        Ok(select.query_row([key], |row| row.get(0))?)
    }

    /// When an address was deleted for good, if it was.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn forgotten(&self, key: &str) -> Result<Option<Timestamp>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT at FROM tombstone WHERE hash = ?1")?;
        Ok(select.query_row([hash(key)], |row| time(row, "at")).optional()?)
    }

    /// True where an item was deleted for good that its source lists at another address now, such as one with a session in it:
    /// under the same guid and day with the same title, or with the same end of its address.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn forgotten_item(&self, source: &str, guid: Option<&str>, item: &FeedItem, url: &Url) -> Result<bool, StoreError> {
        let Some(guid) = guid else { return Ok(false) };
        for name in names(source, guid, item.published, title_hash(&item.title), url) {
            if self.forgotten(&name)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Writer<'_> {
    /// [`Store::forget`] within a transaction; the file still holds traces until [`Store::scrub`].
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn forget(&self, key: &str, now: Timestamp) -> Result<Forgotten, StoreError> {
        let story = self.story_of_address(key)?;
        let mut addresses = vec![(key.to_owned(), key.to_owned())];
        if let Some(id) = &story {
            addresses.extend(self.keys(id)?);
        }
        addresses.sort();
        addresses.dedup_by(|one, other| one.0 == other.0);
        for (key, url) in &addresses {
            self.put_tombstone(key, now)?;
            self.forget_item(key, url, now)?;
        }
        if let Some(id) = &story {
            self.delete_story(id, now)?;
            // The id is a hash of the canonical address, which need not be among those it was seen at.
            self.put_tombstone(&id.0, now)?;
        }
        Ok(Forgotten { story, addresses: addresses.len() })
    }

    fn keys(&self, id: &StoryId) -> Result<Vec<(String, String)>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT key, url FROM address WHERE story = ?1")?;
        let rows = select.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn delete_story(&self, id: &StoryId, now: Timestamp) -> Result<(), StoreError> {
        let n = self.story_n(id)?;
        let mut select = self.db.prepare_cached("SELECT url FROM story WHERE n = ?1")?;
        let url: String = select.query_row([n], |row| row.get(0))?;
        self.forget_fetches(&url)?;
        self.leave_piece(id, &self.piece_of(id)?, now)?;
        self.drop_originals(n, None)?;
        for sql in BY_ID {
            self.db.prepare_cached(sql)?.execute([id])?;
        }
        for sql in BY_NUMBER {
            self.db.prepare_cached(sql)?.execute([n])?;
        }
        Ok(())
    }

    fn put_tombstone(&self, key: &str, now: Timestamp) -> Result<(), StoreError> {
        self.put_tombstone_of(&hash(key), now)
    }

    pub(super) fn put_tombstone_of(&self, hash: &[u8; 32], now: Timestamp) -> Result<(), StoreError> {
        let mut insert = self.db.prepare_cached(
            "
            INSERT INTO tombstone (hash, at)
            VALUES (?1, ?2)
            ON CONFLICT (hash) DO NOTHING",
        )?;
        insert.execute(params![hash, Time(now)])?;
        Ok(())
    }

    /// What was deleted for good turned up at other addresses: they are deleted for good, too.
    pub(super) fn bury(&self, addresses: &[SeenAddress], now: Timestamp) -> Result<(), StoreError> {
        for SeenAddress { key, url } in addresses {
            self.put_tombstone(key, now)?;
            self.forget_item(key, url, now)?;
        }
        Ok(())
    }

    fn forget_item(&self, key: &str, url: &str, now: Timestamp) -> Result<(), StoreError> {
        let mut select = self.db.prepare_cached("SELECT url FROM item WHERE key = ?1")?;
        for url in select.query_map([key], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()? {
            self.forget_fetches(&url)?;
        }
        for name in self.names_at(key)? {
            self.put_tombstone(&name, now)?;
        }
        self.delete_items(key)?;
        self.forget_fetches(url)?;
        self.forget_fetches(key)
    }

    /// What the items at an address are known by.
    fn names_at(&self, key: &str) -> Result<Vec<String>, StoreError> {
        let mut select = self.db.prepare_cached(&format!(
            "SELECT source, guid, title_hash, url, {PUBLISHED} AS published FROM item WHERE key = ?1 AND guid IS NOT NULL"
        ))?;
        let named = |row: &Row<'_>| {
            let (source, guid, url): (String, String, String) = (row.get("source")?, row.get("guid")?, row.get("url")?);
            let (title, published) = (row.get::<_, i64>("title_hash")?.cast_unsigned(), maybe_time(row, "published")?);
            Ok(Url::parse(&url).map(|url| names(&source, &guid, published, title, &url)).unwrap_or_default())
        };
        let found = select.query_map([key], named)?.collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    fn forget_fetches(&self, url: &str) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM resource WHERE url = ?1")?.execute([url])?;
        Ok(())
    }
}

/// What an item is known by wherever its source lists it: its guid and day with its title, and with the end of its address. The
/// guid alone does not do: lists give one guid to one story after the other.
fn names(source: &str, guid: &str, published: Option<Timestamp>, title: u64, url: &Url) -> Vec<String> {
    let day = published.map(|at| at.strftime("%Y-%m-%d").to_string()).unwrap_or_default();
    let named = |what: &str| format!("{source}\n{guid}\n{day}\n{what}");
    [named(&format!("{title:016x}"))].into_iter().chain(address::end(url).map(named)).collect()
}

pub(super) fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}
