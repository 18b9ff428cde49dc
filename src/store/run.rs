//! Table `run`: each pass of the program with its closing counts.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, Row, named_params};

use super::{
    Store, StoreError, Writer,
    columns::{Time, maybe_time, time},
};
use crate::model::overview::{OpenRun, Runs};

/// Runs looked at for the usual time between two.
const LOOKED_AT: i64 = 31;

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RunCounts {
    /// Sources asked, and of them those that failed.
    pub sources: u32,
    pub failed: u32,
    /// Requests sent, and of them those answered "not modified".
    pub requests: u32,
    pub unchanged: u32,
    /// Items not seen before.
    pub items: u32,
    pub stories: u32,
    pub stories_changed: u32,
    pub reports: u32,
    pub reports_changed: u32,
    /// Stories that tying looked at, and of them those that came to be tied.
    pub judged: u32,
    pub tied: u32,
}

/// One run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub n: i64,
    pub started: Timestamp,
    /// Nothing while it goes on, and for ever where it died.
    pub ended: Option<Timestamp>,
    pub counts: RunCounts,
}

impl Store {
    /// The run that began last.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn last_run(&self) -> Result<Option<Run>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT n, started, ended, sources, failed, requests, unchanged, items, stories, stories_changed,
                   reports, reports_changed, judged, tied
            FROM run
            ORDER BY n DESC
            LIMIT 1",
        )?;
        Ok(select.query_row([], run).optional()?)
    }
}

impl Store {
    /// How the runs fare. Whether one that has not ended is at work is not known to the database.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn runs(&self) -> Result<Runs, StoreError> {
        let mut select = self.db.prepare_cached("SELECT started, ended FROM run WHERE ended IS NOT NULL ORDER BY n DESC LIMIT ?1")?;
        let rows = select.query_map([LOOKED_AT], |row| Ok((time(row, "started")?, maybe_time(row, "ended")?)))?;
        let ended = rows.collect::<Result<Vec<_>, _>>()?;
        let open = self.last_run()?.filter(|run| run.ended.is_none());
        Ok(Runs {
            last: ended.first().and_then(|(_, ended)| *ended),
            usual: usual(&ended.iter().map(|(started, _)| *started).collect::<Vec<_>>()),
            open: open.map(|run| OpenRun { started: run.started, at_work: false }),
            unjudged: self.unjudged()?,
        })
    }

    /// Stories that came and were never judged.
    fn unjudged(&self) -> Result<u32, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT count(*)
            FROM work JOIN story ON story.piece = work.subject
            WHERE work.job = 'judge' AND work.owner = '' AND story.judged_at IS NULL",
        )?;
        Ok(select.query_row([], |row| row.get(0))?)
    }

    /// When the last relevant story or report came.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn latest(&self) -> Result<Option<Timestamp>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT max(at) AS at
            FROM (
                SELECT max(first_seen) AS at FROM story INDEXED BY story_relevant WHERE relevant = 1
                UNION ALL
                SELECT * FROM (SELECT first_seen FROM report WHERE status <> 'not-a-report' ORDER BY first_seen DESC LIMIT 1)
            )",
        )?;
        Ok(select.query_row([], |row| maybe_time(row, "at"))?)
    }
}

/// The middle of the times between runs, the latest run first.
fn usual(started: &[Timestamp]) -> Option<SignedDuration> {
    let mut gaps: Vec<SignedDuration> = started.windows(2).map(|pair| pair[0].duration_since(pair[1])).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).copied()
}

impl Writer<'_> {
    /// Begins a run and gives its number.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn start_run(&self, now: Timestamp) -> Result<i64, StoreError> {
        let mut insert = self.db.prepare_cached("INSERT INTO run (started) VALUES (?1)")?;
        Ok(insert.insert([Time(now)])?)
    }

    /// Ends a run.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn finish_run(&self, n: i64, now: Timestamp, counts: &RunCounts) -> Result<(), StoreError> {
        let mut update = self.db.prepare_cached(
            "
            UPDATE run
            SET ended = :ended, sources = :sources, failed = :failed, requests = :requests, unchanged = :unchanged,
                items = :items, stories = :stories, stories_changed = :stories_changed, reports = :reports,
                reports_changed = :reports_changed, judged = :judged, tied = :tied
            WHERE n = :n",
        )?;
        update.execute(named_params! {
            ":n": n,
            ":ended": Time(now),
            ":sources": counts.sources,
            ":failed": counts.failed,
            ":requests": counts.requests,
            ":unchanged": counts.unchanged,
            ":items": counts.items,
            ":stories": counts.stories,
            ":stories_changed": counts.stories_changed,
            ":reports": counts.reports,
            ":reports_changed": counts.reports_changed,
            ":judged": counts.judged,
            ":tied": counts.tied,
        })?;
        Ok(())
    }
}

fn run(row: &Row<'_>) -> rusqlite::Result<Run> {
    let counts = RunCounts {
        sources: row.get("sources")?,
        failed: row.get("failed")?,
        requests: row.get("requests")?,
        unchanged: row.get("unchanged")?,
        items: row.get("items")?,
        stories: row.get("stories")?,
        stories_changed: row.get("stories_changed")?,
        reports: row.get("reports")?,
        reports_changed: row.get("reports_changed")?,
        judged: row.get("judged")?,
        tied: row.get("tied")?,
    };
    Ok(Run { n: row.get("n")?, started: time(row, "started")?, ended: maybe_time(row, "ended")?, counts })
}
