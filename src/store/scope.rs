//! Where a search with a filter looks: among few rows that are known, or among all that have the words, newest first.

use std::{
    cell::{OnceCell, RefCell},
    collections::HashMap,
    ops::{Range, RangeInclusive},
};

use jiff::Timestamp;
use rusqlite::OptionalExtension;

use super::{
    Narrow, Store, StoreError,
    columns::{Json, Time},
    filter::late_after,
    narrow::{named, named_in, published},
    query::Query,
    search::{BLOCKS, Index, LATEST, text},
    sought::split,
};

/// Reports whose paragraphs are looked for report by report.
const FEW_REPORTS: usize = 500;
/// Stories that are read, all of them, where it takes SQLite longer to find what is looked for: the beginning of a word is put
/// together from all words that begin so, and of words side by side all texts are gone through that have them.
const FEW_STORIES: usize = 200;
/// Rows that are gone through at first, then twice as many each time, and in all; what follows is counted as rows. A row takes a
/// quarter of a microsecond.
const FIRST: usize = 1_000;
const MOST_ROWS: usize = 60_000;
/// To ask SQLite for anything…
const ASK: usize = 500;
/// …and to read a story.
const READ: usize = 200;
/// Ranges that are looked into one by one before it is tried again to go through what has the words.
const RANGES: usize = 32;
/// Rows of which the owner is asked for, in all.
const MOST_ASKED: usize = 7_000;
/// Texts with all the words that are gone through where those must stand side by side or others must not be there.
const MOST_TEXTS: i64 = 60_000;

/// Where to look in an index: found out once it must be known, since of words that few texts have each text is asked.
#[derive(Debug)]
pub(super) struct SearchScope {
    pub index: Index,
    place: OnceCell<Place>,
    /// Which rows were asked, and whether they fit; of paragraphs, which reports.
    known: RefCell<HashMap<i64, bool>>,
}

/// Where the rows are that fit.
#[derive(Debug)]
enum Place {
    /// Within these ranges, each behind the one before.
    Ranges(Vec<RangeInclusive<i64>>),
    /// Before the row `seen`, then from there to before the row `late`, then those that are `later`; each is asked for.
    Asked { seen: i64, late: i64, later: Vec<RangeInclusive<i64>> },
}

impl Place {
    const EVERYWHERE: Self = Self::Asked { seen: i64::MAX, late: i64::MAX, later: Vec::new() };
}

impl SearchScope {
    /// Of each index in which something may fit.
    pub fn each(narrow: &Narrow) -> Vec<Self> {
        let of = |index| Self { index, place: OnceCell::new(), known: RefCell::default() };
        let indexes: &[Index] = if narrow.asks_story() { &[Index::Stories] } else { &[Index::Stories, Index::Passages] };
        indexes.iter().map(|index| of(*index)).collect()
    }
}

impl Store {
    fn story_place(&self, narrow: &Narrow) -> Result<Place, StoreError> {
        if let Some(mut rows) = self.few_stories(narrow)? {
            rows.sort_unstable();
            return Ok(Place::Ranges(rows.into_iter().map(|n| n..=n).collect()));
        }
        Ok(match narrow.until {
            // Of what was seen by then copies may have come later.
            Some(until) => {
                let late = late_after(until);
                Place::Asked { seen: self.behind(until)?, late: self.behind(late)?, later: self.later(until, late)? }
            }
            None => Place::EVERYWHERE,
        })
    }

    /// The row behind those of the stories seen by a moment.
    fn behind(&self, at: Timestamp) -> Result<i64, StoreError> {
        let sql = "SELECT n FROM story WHERE first_seen <= ?1 ORDER BY first_seen DESC, n DESC LIMIT 1";
        let last: Option<i64> = self.db.prepare_cached(sql)?.query_row([Time(at)], |row| row.get(0)).optional()?;
        Ok(last.map_or(0, |n| n.saturating_add(1)))
    }

    /// The copies stored after the moment `late` of pieces seen by `until`.
    fn later(&self, until: Timestamp, late: Timestamp) -> Result<Vec<RangeInclusive<i64>>, StoreError> {
        let sql = "SELECT n FROM story INDEXED BY story_late WHERE late <= ?1 AND first_seen > ?2 ORDER BY n";
        let mut select = self.db.prepare_cached(sql)?;
        let rows = select.query_map([Time(until), Time(late)], |row| row.get(0).map(|n| n..=n))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn passage_place(&self, narrow: &Narrow) -> Result<Place, StoreError> {
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
            return Ok(Place::EVERYWHERE);
        }
        ranges.sort_unstable_by_key(|range| *range.start());
        Ok(Place::Ranges(ranges))
    }

    /// The newest rows that have what is asked for and fit, up to `wanted`; and whether more may.
    pub(super) fn scoped(
        &self,
        (typed, query): (&Query, &str),
        wanted: usize,
        (narrow, scope): (&Narrow, &SearchScope),
    ) -> Result<(Vec<i64>, bool), StoreError> {
        if scope.place.get().is_none() {
            if !is_dear(typed) {
                let rows = self.rows(scope.index, query, 0..i64::MAX, FIRST)?;
                if rows.len() < FIRST {
                    let mut found = self.fitting_rows(&rows, narrow, scope)?;
                    found.truncate(wanted);
                    return Ok((found, false));
                }
            }
            let place = match scope.index {
                Index::Stories => self.story_place(narrow)?,
                Index::Passages => self.passage_place(narrow)?,
            };
            let _first = scope.place.set(place);
        }
        match scope.place.get() {
            Some(Place::Ranges(ranges)) => self.within(scope.index, (typed, query), wanted, ranges),
            Some(Place::Asked { seen, late, later }) => {
                let (mut found, mut cut) = self.asked((typed, query), wanted, (narrow, scope), [0..*seen, *seen..*late])?;
                if found.len() < wanted {
                    let (rows, more) = self.within(scope.index, (typed, query), later.len(), later)?;
                    found.extend(self.fitting_rows(&rows, narrow, scope)?);
                    found.truncate(wanted);
                    cut |= more;
                }
                Ok((found, cut))
            }
            None => Ok((Vec::new(), false)),
        }
    }

    /// Goes through the rows that have the words, newest first; where between the next ranges lie more of them than it takes to
    /// look into each, looks into each.
    fn within(
        &self,
        index: Index,
        (typed, query): (&Query, &str),
        wanted: usize,
        ranges: &[RangeInclusive<i64>],
    ) -> Result<(Vec<i64>, bool), StoreError> {
        if index == Index::Stories && is_dear(typed) && ranges.len() <= FEW_STORIES {
            return Ok((self.read_within(typed, ranges)?, false));
        }
        if typed.begins() {
            return self.begun_within(index, query, wanted, ranges);
        }
        let look = if index == Index::Stories { READ } else { ASK * typed.words() };
        let reach = self.reach(index, typed)?;
        let (mut left, mut found, mut spent, mut at_once) = (ranges, Vec::new(), 0, first(typed));
        let mut before = ranges.last().map_or(0, |newest| newest.end().saturating_add(1));
        let end = before.saturating_sub(reach);
        while let Some(oldest) = left.first().map(|range| *range.start()).filter(|_| found.len() < wanted) {
            if spent >= MOST_ROWS || before <= end {
                return Ok((found, true));
            }
            let rows = self.rows(index, query, oldest.max(end)..before, at_once)?;
            found.extend(rows.iter().filter(|row| is_in(left, **row)));
            spent += ASK + rows.len();
            before = rows.last().copied().filter(|_| rows.len() == at_once).unwrap_or(oldest.max(end));
            let those = left.partition_point(|range| *range.start() < before);
            let passed = left.len() - those;
            left = &left[..those];
            if is_dear(typed) || rows.len() <= look * passed {
                at_once *= 2;
                continue;
            }
            let (others, batch) = left.split_at(left.len().saturating_sub(RANGES));
            found.extend(match index {
                Index::Stories => self.read_within(typed, batch)?,
                Index::Passages => self.looked_into(index, query, batch, before)?,
            });
            spent += batch.len() * look;
            before = batch.first().map_or(before, |range| before.min(*range.start()));
            (left, at_once) = (others, FIRST);
        }
        found.truncate(wanted);
        Ok((found, false))
    }

    /// The same of the beginning of a word, which is put together once.
    fn begun_within(
        &self,
        index: Index,
        query: &str,
        wanted: usize,
        ranges: &[RangeInclusive<i64>],
    ) -> Result<(Vec<i64>, bool), StoreError> {
        let (Some(oldest), Some(newest)) = (ranges.first(), ranges.last()) else { return Ok((Vec::new(), false)) };
        let (mut found, mut spent) = (Vec::new(), 0);
        self.each_row(index, query, *oldest.start()..newest.end().saturating_add(1), MOST_ROWS, |row| {
            found.extend(Some(row).filter(|row| is_in(ranges, *row)));
            spent += 1;
            found.len() < wanted
        })?;
        let cut = found.len() < wanted && spent == MOST_ROWS;
        Ok((found, cut))
    }

    /// How many texts are gone through, of the newest; all, where what is found is near.
    fn reach(&self, index: Index, typed: &Query) -> Result<i64, StoreError> {
        let Some(words) = typed.words_sql().filter(|_| typed.is_sparse() && !typed.begins()) else { return Ok(i64::MAX) };
        let last = self.last(index)?;
        let (many, first) = self.count_phrase(index, &words, (last - LATEST).max(1))?;
        // As often as among the newest they stand in all.
        Ok(MOST_TEXTS.saturating_mul(last - first + 1) / many.max(1))
    }

    /// The rows of each of these ranges that have the words, and are before the row `before`.
    fn looked_into(&self, index: Index, query: &str, ranges: &[RangeInclusive<i64>], before: i64) -> Result<Vec<i64>, StoreError> {
        let mut found = Vec::new();
        for range in ranges.iter().rev() {
            found.extend(self.rows(index, query, *range.start()..before.min(range.end().saturating_add(1)), MOST_ROWS)?);
        }
        Ok(found)
    }

    /// The stories of these ranges that have what is asked for, newest first: they are read.
    fn read_within(&self, typed: &Query, ranges: &[RangeInclusive<i64>]) -> Result<Vec<i64>, StoreError> {
        let rows: Vec<i64> = ranges.iter().rev().flat_map(|range| range.clone().rev()).collect();
        // Of a text that was let go of, the words are, too.
        let mut select = self.db.prepare_cached(&format!(
            "
            SELECT story.n, story.title, {BLOCKS} AS blocks
            FROM json_each(?1) AS hit
            CROSS JOIN story ON story.n = hit.value
            CROSS JOIN story_text ON story_text.story = story.n
            WHERE faded IS NULL"
        ))?;
        let sought = typed.sought();
        let read = select.query_map([Json(rows)], |row| {
            Ok((row.get(0)?, sought.stands_in(&[split(row.get_ref("title")?.as_str()?), split(&text(row)?)])))
        })?;
        let read = read.collect::<Result<Vec<(i64, bool)>, _>>()?;
        Ok(read.into_iter().filter(|(_, stands)| *stands).map(|(row, _)| row).collect())
    }

    /// Goes through the rows that have the words, newest first in each range, and asks for each whether its piece or its report
    /// fits.
    fn asked(
        &self,
        (typed, query): (&Query, &str),
        wanted: usize,
        (narrow, scope): (&Narrow, &SearchScope),
        ranges: [Range<i64>; 2],
    ) -> Result<(Vec<i64>, bool), StoreError> {
        let index = scope.index;
        let (mut found, mut asked, mut cut, mut at_once) = (Vec::new(), 0, false, first(typed));
        let mut texts = self.reach(index, typed)?;
        let end = self.last(index)?.saturating_add(1);
        for range in ranges.into_iter().filter(|range| !range.is_empty()) {
            let (oldest, mut before) = (range.start.max(range.end.min(end).saturating_sub(texts)), range.end);
            texts -= (range.end.min(end) - oldest).max(0);
            while found.len() < wanted {
                if asked >= MOST_ASKED {
                    return Ok((found, true));
                }
                // Put together once, a beginning is gone through to the end.
                let most = if typed.begins() { MOST_ASKED } else { at_once };
                let rows = self.rows(index, query, oldest..before, most)?;
                let mut left = rows.as_slice();
                while !left.is_empty() && found.len() < wanted {
                    let (some, others) = left.split_at(at_once.min(left.len()));
                    found.extend(self.fitting_rows(some, narrow, scope)?);
                    (left, asked, at_once) = (others, asked + some.len(), at_once * 6);
                }
                before = match rows.last() {
                    Some(last) if rows.len() == most => *last,
                    _ => break,
                };
            }
            cut |= oldest > range.start && found.len() < wanted;
        }
        found.truncate(wanted);
        Ok((found, cut))
    }

    /// Of these rows those that fit; none is asked twice.
    fn fitting_rows(&self, rows: &[i64], narrow: &Narrow, scope: &SearchScope) -> Result<Vec<i64>, StoreError> {
        let mut known = scope.known.borrow_mut();
        if scope.index == Index::Passages {
            return self.fitting_passages(rows, narrow, &mut known);
        }
        let new: Vec<i64> = rows.iter().copied().filter(|row| !known.contains_key(row)).collect();
        if !new.is_empty() {
            let fitting = self.fitting_stories(&new, narrow)?;
            known.extend(new.into_iter().map(|row| (row, false)));
            known.extend(fitting.into_iter().map(|row| (row, true)));
        }
        Ok(rows.iter().copied().filter(|row| known.get(row) == Some(&true)).collect())
    }

    /// Of these stories those that fit; which authorities a story is about, it says itself.
    pub(super) fn fitting_stories(&self, rows: &[i64], narrow: &Narrow) -> Result<Vec<i64>, StoreError> {
        let mut asked = Narrow { authorities: None, outlets: None, ..narrow.clone() }.of_piece();
        let piece = match (asked.is_empty(), narrow.is_of_stated()) {
            (true, _) => "",
            (_, true) => "CROSS JOIN piece INDEXED BY piece_stated ON piece.id = story.piece AND piece.state <> 'none'",
            (_, false) => "CROSS JOIN piece ON piece.id = story.piece",
        };
        asked.splice(0..0, narrow.authorities.as_ref().map(|_| named_in(":authorities")));
        asked.splice(0..0, narrow.outlets.as_ref().map(|outlets| published("story.piece", ":outlets", outlets)));
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

/// How many rows are asked for at first: of sparse ones each costs many texts.
fn first(typed: &Query) -> usize {
    if typed.is_sparse() { FIRST / 4 } else { FIRST }
}

/// True where what is found costs more than the rows that it is.
fn is_dear(typed: &Query) -> bool {
    typed.begins() || typed.is_sparse()
}

/// True of a row within one of these ranges.
fn is_in(ranges: &[RangeInclusive<i64>], row: i64) -> bool {
    ranges.get(ranges.partition_point(|range| *range.end() < row)).is_some_and(|range| range.contains(&row))
}
