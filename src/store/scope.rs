//! Where a search with a filter looks: among few rows that are known, or among all that have the words, newest first.

use std::{
    collections::HashMap,
    ops::{Range, RangeInclusive},
};

use jiff::Timestamp;
use rusqlite::OptionalExtension;

use super::{
    Narrow, Store, StoreError,
    columns::{Json, Time},
    filter::latest_copy,
    narrow::{named, named_in},
    query::Query,
    search::Index,
};

/// Reports whose paragraphs are looked for report by report.
const FEW_REPORTS: usize = 500;
/// Ranges of rows that are gone through at a time.
const RANGES: usize = 64;
/// To look into one range takes as long as to go through so many rows that have the words.
const LOOK: usize = 100;
/// Rows that are gone through, a look into a range counted as above.
const MOST_ROWS: usize = 100_000;
/// Rows of which the owner is asked for at first, then twice as many each time, and in all.
const ASKED_FIRST: usize = 1_000;
const MOST_ASKED: usize = 7_000;
/// Texts, of the newest, that are gone through where words must stand side by side or must not be there.
const MOST_TEXTS: i64 = 50_000;
/// How much dearer than the others such a query is.
const SPARSE: usize = 4;

/// Where the rows are that fit.
#[derive(Debug)]
pub(super) enum SearchScope {
    /// Within these ranges, each behind the one before.
    Ranges(Vec<RangeInclusive<i64>>),
    /// Before the row `seen`, then from there to before the row `late`; each is asked for.
    Asked { seen: i64, late: i64 },
}

impl SearchScope {
    const EVERYWHERE: Self = Self::Asked { seen: i64::MAX, late: i64::MAX };
}

impl Store {
    /// Where to look in each index; none in which nothing can fit.
    pub(super) fn scopes(&self, narrow: &Narrow) -> Result<Vec<(Index, SearchScope)>, StoreError> {
        let mut scopes = vec![(Index::Stories, self.story_scope(narrow)?)];
        if !narrow.asks_story() {
            scopes.push((Index::Passages, self.passage_scope(narrow)?));
        }
        Ok(scopes)
    }

    fn story_scope(&self, narrow: &Narrow) -> Result<SearchScope, StoreError> {
        if let Some(mut rows) = self.few_stories(narrow)? {
            rows.sort_unstable();
            return Ok(SearchScope::Ranges(rows.into_iter().map(|n| n..=n).collect()));
        }
        Ok(match narrow.until {
            // Of what was seen by then copies may have come later.
            Some(until) => SearchScope::Asked { seen: self.behind(until)?, late: self.behind(latest_copy(until))? },
            None => SearchScope::EVERYWHERE,
        })
    }

    /// The row behind those of the stories seen by a moment.
    fn behind(&self, at: Timestamp) -> Result<i64, StoreError> {
        let sql = "SELECT n FROM story WHERE first_seen <= ?1 ORDER BY first_seen DESC, n DESC LIMIT 1";
        let last: Option<i64> = self.db.prepare_cached(sql)?.query_row([Time(at)], |row| row.get(0)).optional()?;
        Ok(last.map_or(0, |n| n.saturating_add(1)))
    }

    fn passage_scope(&self, narrow: &Narrow) -> Result<SearchScope, StoreError> {
        let asked = narrow.of_report();
        let asked = if asked.is_empty() { "1".to_owned() } else { asked.join(" AND ") };
        // The paragraphs of a report are stored one behind the other.
        let sql = format!(
            "
            SELECT (SELECT n FROM passage WHERE passage.report = wanted.n ORDER BY place LIMIT 1) AS first,
                   (SELECT n FROM passage WHERE passage.report = wanted.n ORDER BY place DESC LIMIT 1) AS last
            FROM (SELECT n FROM report WHERE {asked} LIMIT {}) AS wanted
            WHERE first IS NOT NULL",
            FEW_REPORTS + 1
        );
        let mut select = self.db.prepare_cached(&sql)?;
        let ranges = select.query_map(named(&narrow.bound(&sql)).as_slice(), |row| Ok(row.get("first")?..=row.get("last")?))?;
        let mut ranges = ranges.collect::<Result<Vec<RangeInclusive<i64>>, _>>()?;
        if ranges.len() > FEW_REPORTS {
            return Ok(SearchScope::EVERYWHERE);
        }
        ranges.sort_unstable_by_key(|range| *range.start());
        Ok(SearchScope::Ranges(ranges))
    }

    /// The newest rows that have what is asked for and fit, up to `wanted`; and whether more may.
    pub(super) fn scoped(
        &self,
        index: Index,
        typed: (&Query, &str),
        wanted: usize,
        (narrow, scope): (&Narrow, &SearchScope),
    ) -> Result<(Vec<i64>, bool), StoreError> {
        match scope {
            SearchScope::Ranges(ranges) => self.within(index, typed, wanted, ranges),
            SearchScope::Asked { seen, late } => self.asked(index, typed, wanted, (narrow, [0..*seen, *seen..*late])),
        }
    }

    /// Goes through the rows that have the words, from the newest range to the oldest; where between ranges lie more of them than
    /// looking into each takes, looks into each.
    fn within(
        &self,
        index: Index,
        (typed, query): (&Query, &str),
        wanted: usize,
        ranges: &[RangeInclusive<i64>],
    ) -> Result<(Vec<i64>, bool), StoreError> {
        // The beginning of a word is put together from all words that begin so, each time it is asked for: it is, once.
        let at_a_time = if typed.begins() { ranges.len().max(1) } else { RANGES };
        // Of a sparse query each place costs many texts that have its words.
        let words = typed.words() * if typed.is_sparse() { SPARSE } else { 1 };
        let (mut found, mut spent) = (Vec::new(), 0);
        for batch in ranges.rchunks(at_a_time) {
            let (Some(first), Some(last)) = (batch.first(), batch.last()) else { continue };
            if found.len() >= wanted || spent >= MOST_ROWS {
                break;
            }
            let most = if typed.begins() { MOST_ROWS } else { batch.len() * LOOK };
            let rows = self.rows(index, query, *first.start()..last.end().saturating_add(1), most)?;
            let is_in = |row: &i64| {
                let at = batch.partition_point(|range| range.end() < row);
                batch.get(at).is_some_and(|range| range.contains(row))
            };
            found.extend(rows.iter().filter(|row| is_in(row)));
            spent += (LOOK + rows.len()) * words;
            if typed.begins() && rows.len() == most {
                spent = MOST_ROWS;
                break;
            }
            let Some(reached) = rows.last().filter(|_| rows.len() == most) else { continue };
            for range in batch.iter().rev().filter(|range| range.start() < reached) {
                found.extend(self.rows(index, query, *range.start()..(*reached).min(range.end() + 1), wanted)?);
                spent += LOOK * words;
            }
        }
        let cut = found.len() < wanted && spent >= MOST_ROWS;
        found.truncate(wanted);
        Ok((found, cut))
    }

    /// Goes through the rows that have the words, newest first in each range, and asks for each whether its piece or its report
    /// fits.
    fn asked(
        &self,
        index: Index,
        (typed, query): (&Query, &str),
        wanted: usize,
        (narrow, ranges): (&Narrow, [Range<i64>; 2]),
    ) -> Result<(Vec<i64>, bool), StoreError> {
        let (mut found, mut known, mut asked, mut cut) = (Vec::new(), HashMap::new(), 0, false);
        let mut next = if typed.begins() { MOST_ASKED } else { ASKED_FIRST };
        // Of a sparse query each place costs many texts that have its words.
        let mut texts = if typed.is_sparse() { MOST_TEXTS } else { i64::MAX };
        let end = self.last(index)?.saturating_add(1);
        for range in ranges.into_iter().filter(|range| !range.is_empty()) {
            let (oldest, mut before) = (range.start.max(range.end.min(end).saturating_sub(texts)), range.end);
            texts -= (range.end.min(end) - oldest).max(0);
            while found.len() < wanted {
                if asked >= MOST_ASKED {
                    return Ok((found, true));
                }
                let rows = self.rows(index, query, oldest..before, next)?;
                let Some(last) = rows.last() else { break };
                (before, asked, next) = (*last, asked + rows.len(), next * 2);
                found.extend(match index {
                    Index::Stories => self.fitting_stories(&rows, narrow)?,
                    Index::Passages => self.fitting_passages(&rows, narrow, &mut known)?,
                });
            }
            cut |= oldest > range.start && found.len() < wanted;
        }
        found.truncate(wanted);
        Ok((found, cut))
    }

    /// Of these stories those that fit; which authorities a story is about, it says itself.
    pub(super) fn fitting_stories(&self, rows: &[i64], narrow: &Narrow) -> Result<Vec<i64>, StoreError> {
        let mut asked = narrow.of_any_authority().of_piece();
        let piece = match (asked.is_empty(), narrow.is_of_stated()) {
            (true, _) => "",
            (_, true) => "CROSS JOIN piece INDEXED BY piece_stated ON piece.id = story.piece AND piece.state <> 'none'",
            (_, false) => "CROSS JOIN piece ON piece.id = story.piece",
        };
        asked.splice(0..0, narrow.authorities.as_ref().map(|_| named_in(":authorities")));
        let asked = if asked.is_empty() { "1".to_owned() } else { asked.join(" AND ") };
        let sql = format!("SELECT story.n FROM json_each(:rows) AS hit CROSS JOIN story ON story.n = hit.value {piece} WHERE {asked}");
        let mut bound = narrow.bound(&sql);
        bound.push((":rows", Box::new(Json(rows.to_vec()))));
        let mut select = self.db.prepare_cached(&sql)?;
        let fitting = select.query_map(named(&bound).as_slice(), |row| row.get(0))?;
        Ok(fitting.collect::<Result<_, _>>()?)
    }

    /// Each report is asked once; `known` are those that were.
    fn fitting_passages(&self, rows: &[i64], narrow: &Narrow, known: &mut HashMap<i64, bool>) -> Result<Vec<i64>, StoreError> {
        let mut select = self
            .db
            .prepare_cached("SELECT passage.n, passage.report FROM json_each(?1) AS hit CROSS JOIN passage ON passage.n = hit.value")?;
        let owned = select.query_map([Json(rows)], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<Vec<(i64, i64)>, _>>()?;
        let mut new: Vec<i64> = owned.iter().map(|(_, report)| *report).filter(|report| !known.contains_key(report)).collect();
        new.dedup();
        known.extend(new.iter().map(|report| (*report, false)));
        let asked = narrow.of_report();
        let asked = if asked.is_empty() { "1".to_owned() } else { asked.join(" AND ") };
        let sql = format!("SELECT n FROM json_each(:rows) AS hit CROSS JOIN report ON report.n = hit.value WHERE {asked}");
        let mut bound = narrow.bound(&sql);
        bound.push((":rows", Box::new(Json(new))));
        let mut select = self.db.prepare_cached(&sql)?;
        for report in select.query_map(named(&bound).as_slice(), |row| row.get(0))? {
            known.insert(report?, true);
        }
        Ok(owned.into_iter().filter(|(_, report)| known.get(report) == Some(&true)).map(|(row, _)| row).collect())
    }
}
