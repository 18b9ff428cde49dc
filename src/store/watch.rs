//! What a watch means, as SQL: of which pieces and reports it is, and which of some have any of its words.

use rusqlite::{params, types::FromSql};

use super::{
    Store, StoreError,
    columns::Json,
    few::{FEW, at_outlets, of_authorities},
    narrow::{about, published},
    query::Query,
};
use crate::model::{piece::PieceId, report::ReportId, watch::WatchHits};

/// Texts with a word of a watch that are looked at, newest first.
pub const NEWEST_TEXTS: usize = 20_000;

/// Any of what a watch means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watching {
    /// Canonical names.
    pub authorities: Vec<String>,
    /// As they are stored.
    pub outlets: Vec<String>,
    /// Each entry a phrase, looked for in the newest 20,000 stories and as many paragraphs that have any.
    pub words: Vec<String>,
}

impl Watching {
    /// Whether anything is looked for, and what.
    pub(super) fn query(&self) -> Option<String> {
        Query::any_of(&self.words)
    }

    pub(super) fn of_piece(&self, ours: bool) -> String {
        let mut any = Vec::new();
        if !self.authorities.is_empty() {
            any.push(about(":watched_authorities", ours));
        }
        if !self.outlets.is_empty() {
            any.push(published("piece.id", ":watched_outlets", &self.outlets));
        }
        // The plus keeps SQLite from asking for each of the texts, piece by piece.
        any.extend(self.query().map(|_| {
            format!(
                "EXISTS (SELECT 1
                         FROM story AS copy
                         WHERE copy.piece = piece.id
                           AND +copy.n IN (SELECT rowid FROM story_fts WHERE story_fts MATCH :words ORDER BY rowid DESC LIMIT {NEWEST_TEXTS}))"
            )
        }));
        any_of(any)
    }

    pub(super) fn of_report(&self) -> String {
        let mut any = Vec::new();
        if !self.authorities.is_empty() {
            any.push("authority IN (SELECT value FROM json_each(:watched_authorities))".to_owned());
        }
        any.extend(self.query().map(|_| {
            format!(
                "+report.n IN (SELECT passage.report
                               FROM (SELECT rowid AS n FROM passage_fts WHERE passage_fts MATCH :words ORDER BY rowid DESC LIMIT {NEWEST_TEXTS}) AS found
                               CROSS JOIN passage ON passage.n = found.n)"
            )
        }));
        any_of(any)
    }

    pub(super) fn source(&self, ours: bool) -> [String; 2] {
        let mut all = vec![["SELECT 1 WHERE 0".to_owned(), "SELECT NULL AS id WHERE 0".to_owned()]];
        if !self.authorities.is_empty() {
            all.push(of_authorities(":watched_authorities", ours));
        }
        if !self.outlets.is_empty() {
            all.push(at_outlets(":watched_outlets"));
        }
        all.extend(self.query().map(|_| {
            let found = |limit: &dyn std::fmt::Display| {
                format!("FROM (SELECT rowid AS n FROM story_fts WHERE story_fts MATCH :words ORDER BY rowid DESC LIMIT {limit}) AS found")
            };
            [
                format!("SELECT 1 {}", found(&FEW)),
                format!("SELECT piece AS id {} CROSS JOIN story ON story.n = found.n", found(&NEWEST_TEXTS)),
            ]
        }));
        let joined = |at: usize, with: &str| all.iter().map(|each| format!("SELECT * FROM ({})", each[at])).collect::<Vec<_>>().join(with);
        [joined(0, " UNION ALL "), joined(1, " UNION ")]
    }
}

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

fn any_of(any: Vec<String>) -> String {
    if any.is_empty() { "0".to_owned() } else { format!("({})", any.join(" OR ")) }
}
