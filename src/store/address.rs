//! Table `address`: all addresses a story was seen at.

use rusqlite::{OptionalExtension, params};

use url::Url;

use super::{Store, StoreError, Writer};
use crate::model::story::StoryId;

/// An address a story was seen at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenAddress {
    /// The canonical form, by which it is found again.
    pub key: String,
    /// As it was seen.
    pub url: String,
}

impl Store {
    /// The story at a canonical address.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn story_of_address(&self, key: &str) -> Result<Option<StoryId>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT story FROM address WHERE key = ?1")?;
        Ok(select.query_row([key], |row| row.get(0)).optional()?)
    }

    /// True where a story has more than what its list said of it.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn has_text(&self, story: &StoryId) -> Result<bool, StoreError> {
        let mut select = self.db.prepare_cached("SELECT words > 0 FROM story WHERE id = ?1")?;
        Ok(select.query_row([story], |row| row.get(0)).optional()?.unwrap_or(false))
    }

    /// The addresses of a story as they were seen, sorted.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn addresses(&self, id: &StoryId) -> Result<Vec<String>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT DISTINCT url FROM address WHERE story = ?1 ORDER BY url")?;
        let rows = select.query_map([id], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Adds an address to a story. An address that has a story already keeps it, and one deleted for good stays away.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn add_address(&self, id: &StoryId, key: &str, url: &str) -> Result<(), StoreError> {
        if self.forgotten(key)?.is_some() {
            return Ok(());
        }
        let mut insert = self.db.prepare_cached(
            "
            INSERT INTO address (key, story, url)
            VALUES (?1, ?2, ?3)
            ON CONFLICT (key) DO NOTHING",
        )?;
        insert.execute(params![key, id, url])?;
        Ok(())
    }

    /// Puts an address in the place of another one of the same story, unless it has a story.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn move_address(&self, from: &str, to: &str, url: &Url) -> Result<(), StoreError> {
        self.db.prepare_cached("UPDATE OR IGNORE address SET key = ?2, url = ?3 WHERE key = ?1")?.execute([from, to, url.as_str()])?;
        Ok(())
    }
}
