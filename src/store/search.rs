//! Full-text search over stories and the passages of reports.

use std::ops::Range;

use jiff::{Timestamp, civil::Date};
use rusqlite::params;

use super::{
    Store, StoreError,
    columns::{json, maybe_day, maybe_time},
    piece::STANDS,
    query::Query,
};
use crate::model::{page::Block, report::ReportId, story::StoryId};

/// Where words were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchPlace {
    Story {
        id: StoryId,
        title: String,
        outlet: String,
        url: String,
        published: Option<Timestamp>,
    },
    Passage {
        report: ReportId,
        title: String,
        authority: Option<String>,
        url: String,
        published: Option<Date>,
        /// The page the passage begins on.
        page: u32,
        /// The printed paragraph number.
        paragraph: Option<u32>,
    },
}

/// One place with a piece of its text.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchHit {
    pub place: SearchPlace,
    /// As it stands there, cut to some 30 words around the first word found.
    pub snippet: String,
    /// Byte ranges of the snippet with the words found.
    pub marks: Vec<Range<usize>>,
    /// The rank by BM25; higher is better.
    pub score: f64,
}

impl Store {
    /// True where what was typed names anything to look for.
    pub fn asks_for_something(typed: &str) -> bool {
        Query::of(typed).sql().is_some()
    }

    /// Places that have what was typed, best first, of the copies of one piece one, and none that was discarded: all its
    /// words, `"phrases"` and `beginnings*`, one of those around `OR`, and none of those behind a minus; the last word may be the beginning of one. Any text will do: punctuation counts for
    /// nothing, and no word means no hit.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<SearchHit>, StoreError> {
        let wanted = Query::of(text);
        let Some(query) = wanted.sql() else { return Ok(Vec::new()) };
        let mut hits = self.read(|store| {
            let mut hits = store.search_stories(&query, &wanted, limit)?;
            hits.extend(store.search_passages(&query, &wanted, limit)?);
            Ok::<_, StoreError>(hits)
        })?;
        hits.sort_by(|one, other| other.score.total_cmp(&one.score));
        hits.truncate(limit);
        Ok(hits)
    }

    fn search_stories(&self, query: &str, wanted: &Query, limit: usize) -> Result<Vec<SearchHit>, StoreError> {
        let mut select = self.db.prepare_cached(&format!(
            "
            SELECT story.id, story.title, story.outlet, story.url, story.published, story_text.blocks, found.score
            FROM (
                SELECT hit.n,
                       min(score) OVER (PARTITION BY piece.id) AS score,
                       row_number() OVER (PARTITION BY piece.id ORDER BY {STANDS} DESC, score, hit.n) AS place
                FROM (SELECT rowid AS n, bm25(story_fts, 4.0, 1.0) AS score FROM story_fts WHERE story_fts MATCH ?1) AS hit
                JOIN story ON story.n = hit.n
                JOIN piece ON piece.id = story.piece
                WHERE review <> 'discarded'
            ) AS found
            JOIN story ON story.n = found.n
            JOIN story_text ON story_text.story = found.n
            WHERE found.place = 1
            ORDER BY found.score, story.id
            LIMIT ?2"
        ))?;
        let rows = select.query_map(params![query, limit as i64], |row| {
            let blocks: Vec<Block> = json(row, "blocks")?;
            let text: Vec<String> = blocks.into_iter().map(|block| block.text).collect();
            let (snippet, marks) = wanted.snippet(&text.join(" "));
            let place = SearchPlace::Story {
                id: row.get("id")?,
                title: row.get("title")?,
                outlet: row.get("outlet")?,
                url: row.get("url")?,
                published: maybe_time(row, "published")?,
            };
            Ok(SearchHit { place, snippet, marks, score: -row.get::<_, f64>("score")? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn search_passages(&self, query: &str, wanted: &Query, limit: usize) -> Result<Vec<SearchHit>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT report.id, report.title, report.authority, report.url, report.published, passage.page, passage.number,
                   passage.text, found.score
            FROM (
                SELECT rowid AS n, bm25(passage_fts) AS score
                FROM passage_fts
                WHERE passage_fts MATCH ?1
                ORDER BY score, rowid
                LIMIT ?2
            ) AS found
            JOIN passage ON passage.n = found.n
            JOIN report ON report.n = passage.report
            ORDER BY found.score, report.id, passage.place",
        )?;
        let rows = select.query_map(params![query, limit as i64], |row| {
            let (snippet, marks) = wanted.snippet(row.get_ref("text")?.as_str()?);
            let place = SearchPlace::Passage {
                report: row.get("id")?,
                title: row.get("title")?,
                authority: row.get("authority")?,
                url: row.get("url")?,
                published: maybe_day(row, "published")?,
                page: row.get("page")?,
                paragraph: row.get("number")?,
            };
            Ok(SearchHit { place, snippet, marks, score: -row.get::<_, f64>("score")? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
