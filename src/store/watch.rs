//! Where the words of a watch stand: which of some pieces and reports have any of them.

use rusqlite::{params, types::FromSql};

use super::{Store, StoreError, columns::Json, query::Query};
use crate::model::{piece::PieceId, report::ReportId, watch::WatchHits};

impl Store {
    /// Of these pieces and reports those with any of these words, each entry taken as a phrase and all looked for in so many
    /// of the newest stories and paragraphs that have any: words that stand in more watch nothing.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn found_words(
        &self,
        entries: &[String],
        newest: usize,
        (pieces, reports): (&[PieceId], &[ReportId]),
    ) -> Result<WatchHits, StoreError> {
        let mut found = WatchHits::default();
        let Some(query) = Query::any_of(entries) else { return Ok(found) };
        // The plus keeps SQLite from asking for each of the texts, piece by piece; of texts before the first none is theirs.
        found.pieces.extend(self.matches(
            "
            WITH hit (n, piece) AS MATERIALIZED (
                SELECT story.n, story.piece FROM json_each(?1) AS wanted CROSS JOIN story ON story.piece = wanted.value
            )
            SELECT piece
            FROM hit
            WHERE +n IN (SELECT rowid
                         FROM story_fts
                         WHERE story_fts MATCH ?2 AND rowid >= (SELECT min(n) FROM hit)
                         ORDER BY rowid DESC
                         LIMIT ?3)",
            (&Json(pieces), &query, newest),
        )?);
        found.reports.extend(self.matches(
            "
            WITH hit (n, report) AS MATERIALIZED (
                SELECT passage.n, report.id
                FROM json_each(?1) AS wanted
                CROSS JOIN report ON report.id = wanted.value
                CROSS JOIN passage ON passage.report = report.n
            )
            SELECT report
            FROM hit
            WHERE +n IN (SELECT rowid
                         FROM passage_fts
                         WHERE passage_fts MATCH ?2 AND rowid >= (SELECT min(n) FROM hit)
                         ORDER BY rowid DESC
                         LIMIT ?3)",
            (&Json(reports), &query, newest),
        )?);
        Ok(found)
    }

    fn matches<T: FromSql>(&self, sql: &str, (ids, query, newest): (&dyn rusqlite::ToSql, &str, usize)) -> Result<Vec<T>, StoreError> {
        let mut select = self.db.prepare_cached(sql)?;
        let rows = select.query_map(params![ids, query, i64::try_from(newest).unwrap_or(i64::MAX)], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
