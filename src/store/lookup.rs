//! What people need not type whole: ids by their beginnings, and the names of outlets.

use rusqlite::params;

use super::{Store, StoreError};
use crate::model::{report::ReportId, story::StoryId};

impl Store {
    /// Stories whose ids begin with `start`, sorted, at most `limit`.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn story_ids_beginning(&self, start: &str, limit: usize) -> Result<Vec<StoryId>, StoreError> {
        let mut select =
            self.db.prepare_cached("SELECT id FROM story WHERE id >= ?1 AND id < ?1 || char (1114111) ORDER BY id LIMIT ?2")?;
        let rows = select.query_map(params![start, limit as i64], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Reports whose ids begin with `start`, sorted, at most `limit`.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn report_ids_beginning(&self, start: &str, limit: usize) -> Result<Vec<ReportId>, StoreError> {
        let mut select =
            self.db.prepare_cached("SELECT id FROM report WHERE id >= ?1 AND id < ?1 || char (1114111) ORDER BY id LIMIT ?2")?;
        let rows = select.query_map(params![start, limit as i64], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The outlets of all stories, as they are stored, each once.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn outlets(&self) -> Result<Vec<String>, StoreError> {
        // From one to the next, by the index.
        let mut select = self.db.prepare_cached(
            "
            WITH RECURSIVE each (name) AS (
                SELECT min(outlet) FROM story
                UNION ALL
                SELECT (SELECT min(outlet) FROM story WHERE outlet > each.name) FROM each WHERE each.name IS NOT NULL
            )
            SELECT name FROM each WHERE name IS NOT NULL",
        )?;
        let rows = select.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
