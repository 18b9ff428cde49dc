//! Full-text search over stories and the passages of reports.

use std::ops::Range;

use jiff::{Timestamp, civil::Date};
use rusqlite::{Row, params};

use super::{
    Store, StoreError,
    columns::{Json, json, maybe_day, maybe_time},
    narrow::Narrow,
    packed::blocks,
    query::Query,
    rank::{Counted, TITLE, rarity, scores, spaced},
    scope::SearchScope,
};
use crate::model::{page::Block, piece::PieceId, report::ReportId, story::StoryId};

pub(super) const BLOCKS: &str = blocks!();
/// Places that SQLite ranks: all that there are. Of more the newest are looked at, since words so common point to none.
const RANKED: usize = 300;
/// Texts that have a word, up to which SQLite ranks: it counts them all.
const COUNTED: f64 = 20_000.0;
/// Texts looked at otherwise: the newest, and the newest that have it in the title.
const NEWEST: usize = 100;
/// Texts, of the newest, among which that many are looked for before all are gone through, and phrases are counted…
const RECENT: i64 = 250_000;
/// …or among these, where words must stand side by side or must not be there.
pub(super) const LATEST: i64 = 25_000;
/// …up to so many.
const SAMPLE: i64 = 2_000;

/// What is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Index {
    Stories,
    Passages,
}

/// Rows of an index that have what is asked for, newest first.
struct Match {
    rows: Vec<i64>,
    /// They are all there are.
    all: bool,
}

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
    /// words, `"phrases"` and `beginnings*`, one of those around `OR`, and none of those behind a minus. Where that is found
    /// in fewer places than are wanted, those follow in which the last word is the beginning of one. Any text will do:
    /// punctuation counts for nothing, and no word means no hit. Of words that stand in hundreds of places the newest are
    /// looked at.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<SearchHit>, StoreError> {
        let (hits, _) = self.typed_or_begun(text, limit, |wanted| Ok((self.search_for(wanted, limit)?, false)))?;
        Ok(hits)
    }

    /// What is found of what was typed; where that is less than is wanted, what begins so, too.
    fn typed_or_begun(
        &self,
        text: &str,
        limit: usize,
        find: impl Fn(&Query) -> Result<(Vec<SearchHit>, bool), StoreError>,
    ) -> Result<(Vec<SearchHit>, bool), StoreError> {
        let typed = Query::of(text);
        self.read(|store| {
            let (mut hits, mut cut) = find(&typed)?;
            if let Some(begun) = typed.begun().filter(|_| hits.len() < limit)
                && store.has_others(&begun)?
            {
                let (mut others, also) = find(&begun)?;
                others.retain(|other| hits.iter().all(|hit| hit.place != other.place));
                hits.extend(others);
                hits.truncate(limit);
                cut |= also;
            }
            Ok((hits, cut))
        })
    }

    /// The same of those stories and reports alone that fit, however few of all places theirs are; and whether some were not
    /// looked at, since so many have the words: the newest are.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn search_where(&self, text: &str, limit: usize, narrow: &Narrow) -> Result<(Vec<SearchHit>, bool), StoreError> {
        self.read(|store| {
            let scopes = SearchScope::each(narrow);
            store.typed_or_begun(text, limit, |wanted| store.fitting(wanted, limit, (narrow, &scopes)))
        })
    }

    fn fitting(
        &self,
        wanted: &Query,
        limit: usize,
        (narrow, scopes): (&Narrow, &[SearchScope]),
    ) -> Result<(Vec<SearchHit>, bool), StoreError> {
        let (mut hits, mut cut) = (Vec::new(), false);
        let Some(query) = wanted.sql().filter(|_| !wanted.is_vain()) else { return Ok((hits, cut)) };
        for scope in scopes {
            let (rows, more) = self.scoped((wanted, &query), depth(limit), (narrow, scope))?;
            cut |= more;
            let found = Match { rows, all: false };
            let Some(rarities) = self.rarities(scope.index, wanted, &found)? else { continue };
            hits.extend(match scope.index {
                Index::Stories => self.newest_stories(wanted, limit, &found.rows, &rarities)?,
                Index::Passages => self.newest_passages(wanted, limit, &found.rows, &rarities)?,
            });
        }
        hits.sort_by(|one, other| other.score.total_cmp(&one.score));
        hits.truncate(limit);
        Ok((hits, cut))
    }

    /// False where the words before the last one stand nowhere together, whatever it is the beginning of.
    fn has_others(&self, wanted: &Query) -> Result<bool, StoreError> {
        let Some(others) = wanted.without_last().sql() else { return Ok(true) };
        let stands = |index| Ok::<_, StoreError>(!self.rows(index, &others, 0..i64::MAX, 1)?.is_empty());
        Ok(stands(Index::Stories)? || stands(Index::Passages)?)
    }

    fn search_for(&self, wanted: &Query, limit: usize) -> Result<Vec<SearchHit>, StoreError> {
        let Some(query) = wanted.sql().filter(|_| !wanted.is_vain()) else { return Ok(Vec::new()) };
        let mut hits = self.search_stories(&query, wanted, limit)?;
        hits.extend(self.search_passages(&query, wanted, limit)?);
        hits.sort_by(|one, other| other.score.total_cmp(&one.score));
        hits.truncate(limit);
        Ok(hits)
    }

    fn search_stories(&self, query: &str, wanted: &Query, limit: usize) -> Result<Vec<SearchHit>, StoreError> {
        let found = self.newest(Index::Stories, query, wanted, limit)?;
        match self.rarities(Index::Stories, wanted, &found)? {
            None => self.best_stories(query, wanted, limit),
            Some(rarities) => self.newest_stories(wanted, limit, &found.rows, &rarities),
        }
    }

    fn best_stories(&self, query: &str, wanted: &Query, limit: usize) -> Result<Vec<SearchHit>, StoreError> {
        let mut select = self.db.prepare_cached(&format!(
            "
            SELECT story.id, story.title, story.outlet, story.url, story.published, {BLOCKS} AS blocks, found.score
            FROM (
                SELECT hit.n,
                       min(score) OVER (PARTITION BY piece.id) AS score,
                       row_number() OVER (PARTITION BY piece.id ORDER BY story.id = piece.stands DESC, score, hit.n) AS place
                FROM (SELECT rowid AS n, bm25(story_fts, {TITLE:.1}, 1.0) AS score FROM story_fts WHERE story_fts MATCH ?1) AS hit
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
            let (snippet, marks) = wanted.snippet(&text(row)?);
            Ok(SearchHit { place: story(row)?, snippet, marks, score: -row.get::<_, f64>("score")? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Of very many stories the newest, and the newest that have it in the title, ranked among each other; of the copies of
    /// a piece the one that stands for it.
    fn newest_stories(&self, wanted: &Query, limit: usize, newest: &[i64], rarities: &[f64]) -> Result<Vec<SearchHit>, StoreError> {
        let many = depth(limit);
        let mut looked_at: Vec<i64> = newest.iter().take(many).copied().collect();
        looked_at.extend(self.titled(newest.get(many..).unwrap_or_default(), wanted)?);
        looked_at.sort_unstable();
        looked_at.dedup();
        let mut select = self.db.prepare_cached(&format!(
            "
            SELECT story.id, story.title, story.outlet, story.url, story.published, {BLOCKS} AS blocks, story.piece
            FROM json_each(?1) AS hit
            CROSS JOIN story ON story.n = hit.value
            CROSS JOIN piece ON piece.id = story.piece
            CROSS JOIN story_text ON story_text.story = story.n
            WHERE review <> 'discarded'
            ORDER BY piece.id, story.id = piece.stands DESC, story.n"
        ))?;
        let rows = select.query_map([Json(&looked_at)], |row| Ok((row.get("piece")?, row.get("title")?, text(row)?, story(row)?)))?;
        let mut found = rows.collect::<Result<Vec<(PieceId, String, String, SearchPlace)>, _>>()?;
        found.dedup_by(|next, before| next.0 == before.0);
        let counted: Vec<Counted> = found.iter().map(|(_, title, text, _)| Counted::of(wanted, title, text)).collect();
        let places = found.into_iter().map(|(_, _, text, place)| (place, text));
        Ok(best(places, &counted, rarities, wanted, limit))
    }

    /// Of these stories those that have it in the title: fewer are asked for their titles than the index would go through.
    fn titled(&self, rows: &[i64], wanted: &Query) -> Result<Vec<i64>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT n, title FROM json_each(?1) AS hit CROSS JOIN story ON story.n = hit.value")?;
        let titles = select.query_map([Json(rows)], |row| Ok((row.get("n")?, row.get("title")?)))?;
        let titles = titles.collect::<Result<Vec<(i64, String)>, _>>()?;
        Ok(titles.into_iter().filter(|(_, title)| wanted.stands_in(&spaced(title).0)).map(|(n, _)| n).collect())
    }

    fn search_passages(&self, query: &str, wanted: &Query, limit: usize) -> Result<Vec<SearchHit>, StoreError> {
        let found = self.newest(Index::Passages, query, wanted, limit)?;
        match self.rarities(Index::Passages, wanted, &found)? {
            None => self.best_passages(query, wanted, limit),
            Some(rarities) => self.newest_passages(wanted, limit, &found.rows, &rarities),
        }
    }

    fn best_passages(&self, query: &str, wanted: &Query, limit: usize) -> Result<Vec<SearchHit>, StoreError> {
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
            Ok(SearchHit { place: passage(row)?, snippet, marks, score: -row.get::<_, f64>("score")? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Of very many passages those stored last, ranked among each other.
    fn newest_passages(&self, wanted: &Query, limit: usize, newest: &[i64], rarities: &[f64]) -> Result<Vec<SearchHit>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT report.id, report.title, report.authority, report.url, report.published, passage.page, passage.number, passage.text
            FROM json_each(?1) AS hit
            CROSS JOIN passage ON passage.n = hit.value
            CROSS JOIN report ON report.n = passage.report",
        )?;
        let looked_at = &newest[..newest.len().min(depth(limit))];
        let rows = select.query_map([Json(looked_at)], |row| Ok((passage(row)?, row.get::<_, String>("text")?)))?;
        let found = rows.collect::<Result<Vec<_>, _>>()?;
        let counted: Vec<Counted> = found.iter().map(|(_, text)| Counted::of(wanted, "", text)).collect();
        Ok(best(found.into_iter(), &counted, rarities, wanted, limit))
    }

    /// The newest rows that have what is asked for; among the latest texts, where there are enough.
    fn newest(&self, index: Index, query: &str, wanted: &Query, limit: usize) -> Result<Match, StoreError> {
        let (mut rows, mut before, last) = (Vec::new(), i64::MAX, self.last(index)?);
        // Of a sparse query each place costs many texts that have its words, so that as few will do as are shown.
        let (windows, enough, most) = match wanted.is_sparse() {
            true => (&[LATEST, RECENT][..], limit.clamp(1, NEWEST), depth(limit).min(RANKED + 1)),
            // More than are ranked, only where more are asked for.
            false => (&[RECENT][..], NEWEST.max(limit), (RANKED + 1).max(depth(limit))),
        };
        // The beginning of a word is put together from all words that begin so, however few texts are asked for.
        for oldest in windows.iter().map(|window| last - window).filter(|oldest| *oldest > 0 && !wanted.begins()) {
            rows.extend(self.rows(index, query, oldest..before, most - rows.len())?);
            if rows.len() >= enough {
                return Ok(Match { rows, all: false });
            }
            before = oldest;
        }
        let most = most.max(RANKED + 1);
        rows.extend(self.rows(index, query, 0..before, most - rows.len())?);
        Ok(Match { all: rows.len() < most, rows })
    }

    /// Row ids in a range that have what is asked for, newest first.
    pub(super) fn rows(&self, index: Index, query: &str, within: Range<i64>, limit: usize) -> Result<Vec<i64>, StoreError> {
        let mut rows = Vec::new();
        self.each_row(index, query, within, limit, |row| {
            rows.push(row);
            true
        })?;
        Ok(rows)
    }

    /// The same one by one, as long as `take` says to go on.
    pub(super) fn each_row(
        &self,
        index: Index,
        query: &str,
        within: Range<i64>,
        limit: usize,
        mut take: impl FnMut(i64) -> bool,
    ) -> Result<(), StoreError> {
        let name = index.name();
        let sql = format!("SELECT rowid FROM {name} WHERE {name} MATCH ?1 AND rowid >= ?2 AND rowid < ?3 ORDER BY rowid DESC LIMIT ?4");
        let mut select = self.db.prepare_cached(&sql)?;
        let mut rows = select.query(params![query, within.start, within.end, limit as i64])?;
        while let Some(row) = rows.next()? {
            if !take(row.get(0)?) {
                break;
            }
        }
        Ok(())
    }

    /// The number of the last row.
    pub(super) fn last(&self, index: Index) -> Result<i64, StoreError> {
        let mut select = self.db.prepare_cached(index.last())?;
        Ok(select.query_row([], |row| row.get::<_, Option<i64>>(0))?.unwrap_or(0))
    }

    /// The weight of each phrase that is wanted, where so many texts have them that SQLite is not to rank them.
    fn rarities(&self, index: Index, wanted: &Query, found: &Match) -> Result<Option<Vec<f64>>, StoreError> {
        if found.rows.is_empty() {
            return Ok(None);
        }
        let last = self.last(index)?;
        let recent = last - if wanted.is_sparse() { LATEST } else { RECENT };
        let phrases = wanted.phrases_sql();
        let mut numbers = Vec::with_capacity(phrases.len());
        for phrase in &phrases {
            let (many, first) = match (phrases.len(), found.all) {
                (1, true) => (found.rows.len() as i64, 1),
                (1, false) => (found.rows.len() as i64, found.rows.last().copied().unwrap_or(1)),
                // A beginning is put together from all words that begin so: it stands where the word does, and where it was found.
                _ => self.count_phrase(index, &phrase.replace(" *", ""), recent.max(1))?,
            };
            // As often as among the newest it stands in all.
            let number = many as f64 * last as f64 / (last - first + 1).max(1) as f64;
            numbers.push(if phrase.contains(" *") { number.max(found.rows.len() as f64) } else { number });
        }
        let is_slow = !found.all || wanted.has_long_phrase() || numbers.iter().any(|number| *number > COUNTED);
        Ok(is_slow.then(|| numbers.into_iter().map(|number| rarity(number, last as f64)).collect()))
    }

    /// How many of the newest texts have a phrase, and the number of the first of those among which it was counted.
    pub(super) fn count_phrase(&self, index: Index, phrase: &str, oldest: i64) -> Result<(i64, i64), StoreError> {
        let name = index.name();
        let sql = format!(
            "
            SELECT count(*), min(rowid)
            FROM (SELECT rowid FROM {name} WHERE {name} MATCH ?1 AND rowid >= ?2 ORDER BY rowid DESC LIMIT ?3)"
        );
        let mut select = self.db.prepare_cached(&sql)?;
        let (many, first): (i64, Option<i64>) = select.query_row(params![phrase, oldest, SAMPLE], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok((many, first.filter(|_| many >= SAMPLE).unwrap_or(oldest)))
    }
}

impl Index {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Stories => "story_fts",
            Self::Passages => "passage_fts",
        }
    }

    fn last(self) -> &'static str {
        match self {
            Self::Stories => "SELECT max(n) FROM story",
            Self::Passages => "SELECT max(n) FROM passage",
        }
    }
}

/// Texts that are looked at where there are more than SQLite is to rank.
fn depth(limit: usize) -> usize {
    NEWEST.max(limit.saturating_mul(2))
}

/// The best of places with their texts.
fn best(
    found: impl Iterator<Item = (SearchPlace, String)>,
    counted: &[Counted],
    rarities: &[f64],
    wanted: &Query,
    limit: usize,
) -> Vec<SearchHit> {
    let mut ranked: Vec<_> = found.zip(scores(counted, rarities)).collect();
    ranked.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let hit = |((place, text), score): ((SearchPlace, String), f64)| {
        let (snippet, marks) = wanted.snippet(&text);
        SearchHit { place, snippet, marks, score }
    };
    ranked.into_iter().take(limit).map(hit).collect()
}

fn story(row: &Row<'_>) -> rusqlite::Result<SearchPlace> {
    Ok(SearchPlace::Story {
        id: row.get("id")?,
        title: row.get("title")?,
        outlet: row.get("outlet")?,
        url: row.get("url")?,
        published: maybe_time(row, "published")?,
    })
}

/// The text of a story in one piece.
pub(super) fn text(row: &Row<'_>) -> rusqlite::Result<String> {
    let blocks: Vec<Block> = json(row, "blocks")?;
    Ok(blocks.into_iter().map(|block| block.text).collect::<Vec<_>>().join(" "))
}

fn passage(row: &Row<'_>) -> rusqlite::Result<SearchPlace> {
    Ok(SearchPlace::Passage {
        report: row.get("id")?,
        title: row.get("title")?,
        authority: row.get("authority")?,
        url: row.get("url")?,
        published: maybe_day(row, "published")?,
        page: row.get("page")?,
        paragraph: row.get("number")?,
    })
}
