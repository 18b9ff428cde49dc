//! Where the words of a watch stand: pieces and reports that have any of them.

use rusqlite::{params, types::FromSql};

use super::{Store, StoreError, query::Query};
use crate::model::watch::WatchHits;

impl Store {
    /// Pieces and reports with any of these words, each entry taken as a phrase and looked for in the newest texts that have
    /// it, so many stories and so many paragraphs: a word that stands in more watches nothing.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn found_words(&self, entries: &[String], newest: usize) -> Result<WatchHits, StoreError> {
        let mut found = WatchHits::default();
        for entry in entries {
            let Some(query) = Query::of(&format!("\"{}\"", entry.replace('"', " "))).sql() else { continue };
            found.pieces.extend(self.matches(
                "
                SELECT piece
                FROM story
                WHERE n IN (SELECT rowid FROM story_fts WHERE story_fts MATCH ?1 ORDER BY rowid DESC LIMIT ?2) AND piece IS NOT NULL",
                &query,
                newest,
            )?);
            found.reports.extend(self.matches(
                "
                SELECT id
                FROM report
                WHERE n IN (
                    SELECT report
                    FROM passage
                    WHERE n IN (SELECT rowid FROM passage_fts WHERE passage_fts MATCH ?1 ORDER BY rowid DESC LIMIT ?2)
                )",
                &query,
                newest,
            )?);
        }
        Ok(found)
    }

    fn matches<T: FromSql>(&self, sql: &str, query: &str, newest: usize) -> Result<Vec<T>, StoreError> {
        let mut select = self.db.prepare_cached(sql)?;
        let rows = select.query_map(params![query, i64::try_from(newest).unwrap_or(i64::MAX)], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
