//! Table `source`: how each source fares.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, named_params};

use super::{
    Store, StoreError, Writer,
    columns::{Json, Time, json, maybe_time},
};
use crate::model::{address::shown, fetched::Failure, overview::SourceHealth, source::Source};

/// Times at which something new came that are looked at for the usual one between two, and how few say nothing.
const LOOKED_AT: u32 = 30;
const FEWEST: u32 = 4;
/// How long a source may give nothing new before it counts as silent…
const SILENT_AFTER: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// …and in how many of its own intervals, for sources that are seldom asked.
const SILENT_INTERVALS: u32 = 14;

/// What is known of a source; the default for one never asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceState {
    pub last_try: Option<Timestamp>,
    pub last_success: Option<Timestamp>,
    /// When it last gave something not seen before.
    pub last_new: Option<Timestamp>,
    /// Failures in a row.
    pub failures: u32,
    pub failing_since: Option<Timestamp>,
    /// The last failure by its name.
    pub failure: Option<String>,
    pub detail: Option<String>,
    /// Where its permanent redirect leads.
    pub moved_to: Option<String>,
    /// How often in a row that same redirect was seen, and when first.
    pub moved_times: u32,
    pub moved_since: Option<Timestamp>,
    /// What is asked in place of which configured address, which moved for good.
    pub instead: Option<Successor>,
    /// When it was first asked.
    pub first_try: Option<Timestamp>,
    /// What was lost or doubtful in its last list, one line each.
    pub doubts: Vec<String>,
    /// New items seen in all, and stories kept of them.
    pub items: u32,
    pub stories: u32,
}

/// An address that moved for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Successor {
    pub of: String,
    pub to: String,
}

/// What a good answer of a source brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Success {
    pub new_items: u32,
    pub new_stories: u32,
    /// What was lost or doubtful in its list; nothing where it was not read anew.
    pub doubts: Option<Vec<String>>,
    /// Where a permanent redirect led.
    pub moved_to: Option<String>,
}

impl Store {
    /// What is known of a source.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn source_state(&self, name: &str) -> Result<SourceState, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT last_try, last_success, last_new, failures, failing_since, failure, detail, moved_to, moved_times, moved_since,
                   instead_of, instead, first_try, doubts, items, stories
            FROM source
            WHERE name = ?1",
        )?;
        Ok(select.query_row([name], state).optional()?.unwrap_or_default())
    }

    /// The usual time between two things new of a source; nothing where there were too few to say.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn usual_gap(&self, name: &str) -> Result<Option<Duration>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT count(*) AS times, min(at) AS first, max(at) AS last
            FROM (SELECT DISTINCT at FROM item WHERE source = ?1 ORDER BY at DESC LIMIT ?2)",
        )?;
        let (times, first, last) = select.query_row(rusqlite::params![name, LOOKED_AT], |row| {
            Ok((row.get::<_, u32>("times")?, maybe_time(row, "first")?, maybe_time(row, "last")?))
        })?;
        let span = first.zip(last).and_then(|(first, last)| Duration::try_from(last.duration_since(first)).ok());
        Ok(span.filter(|_| times >= FEWEST).map(|span| span / (times - 1)))
    }

    /// The configured sources, in their order, with what is known of them.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn sources_health(&self, sources: &[Source]) -> Result<Vec<SourceHealth>, StoreError> {
        sources.iter().map(|source| Ok(health(source, self.source_state(&source.name)?, self.next_due(&source.name)?))).collect()
    }
}

impl Writer<'_> {
    /// A source answered, with something readable or with "not modified".
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn record_success(&self, name: &str, now: Timestamp, success: &Success) -> Result<(), StoreError> {
        let mut upsert = self.db.prepare_cached(
            "
            INSERT INTO source (name, first_try, last_try, last_success, last_new, moved_to, moved_times, moved_since, doubts, items, stories)
            VALUES (:name, :now, :now, :now, iif(:items > 0, :now, NULL), :moved, iif(:moved IS NULL, 0, 1), iif(:moved IS NULL, NULL, :now),
                    coalesce(:doubts, '[]'), :items, :stories)
            ON CONFLICT (name) DO UPDATE SET
                last_try = excluded.last_try,
                last_success = excluded.last_success,
                last_new = coalesce(excluded.last_new, last_new),
                failures = 0,
                failing_since = NULL,
                failure = NULL,
                detail = NULL,
                moved_times = iif(excluded.moved_to = moved_to, moved_times + 1, excluded.moved_times),
                moved_since = iif(excluded.moved_to = moved_to, moved_since, excluded.moved_since),
                moved_to = excluded.moved_to,
                doubts = iif(:doubts IS NULL, doubts, excluded.doubts),
                items = items + excluded.items,
                stories = stories + excluded.stories",
        )?;
        upsert.execute(named_params! {
            ":name": name,
            ":now": Time(now),
            ":moved": success.moved_to,
            ":doubts": success.doubts.as_ref().map(Json),
            ":items": success.new_items,
            ":stories": success.new_stories,
        })?;
        Ok(())
    }

    /// A source failed in every way.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn record_failure(&self, name: &str, now: Timestamp, failure: &Failure) -> Result<(), StoreError> {
        let mut upsert = self.db.prepare_cached(
            "
            INSERT INTO source (name, first_try, last_try, failures, failing_since, failure, detail)
            VALUES (:name, :now, :now, 1, :now, :failure, :detail)
            ON CONFLICT (name) DO UPDATE SET
                last_try = excluded.last_try,
                failures = failures + 1,
                failing_since = coalesce(failing_since, excluded.failing_since),
                failure = excluded.failure,
                detail = excluded.detail",
        )?;
        upsert.execute(named_params! {
            ":name": name,
            ":now": Time(now),
            ":failure": failure.kind,
            ":detail": failure.detail,
        })?;
        Ok(())
    }

    /// From now on another address is asked in place of the configured one; none takes that back.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn set_instead(&self, name: &str, instead: Option<&Successor>) -> Result<(), StoreError> {
        let sql = "UPDATE source SET instead_of = ?2, instead = ?3, moved_to = NULL, moved_times = 0, moved_since = NULL WHERE name = ?1";
        let mut update = self.db.prepare_cached(sql)?;
        update.execute(rusqlite::params![name, instead.map(|instead| &instead.of), instead.map(|instead| &instead.to)])?;
        Ok(())
    }

    /// A source brought something new by another way than its lists: stories by their pages, reports by their files.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn record_new(&self, name: &str, now: Timestamp, stories: u32) -> Result<(), StoreError> {
        let mut update = self.db.prepare_cached("UPDATE source SET last_new = ?2, stories = stories + ?3 WHERE name = ?1")?;
        update.execute(rusqlite::params![name, Time(now), stories])?;
        Ok(())
    }
}

fn state(row: &Row<'_>) -> rusqlite::Result<SourceState> {
    let (of, to): (Option<String>, Option<String>) = (row.get("instead_of")?, row.get("instead")?);
    Ok(SourceState {
        moved_since: maybe_time(row, "moved_since")?,
        instead: of.zip(to).map(|(of, to)| Successor { of, to }),
        first_try: maybe_time(row, "first_try")?,
        last_try: maybe_time(row, "last_try")?,
        last_success: maybe_time(row, "last_success")?,
        last_new: maybe_time(row, "last_new")?,
        failures: row.get("failures")?,
        failing_since: maybe_time(row, "failing_since")?,
        failure: row.get("failure")?,
        detail: row.get("detail")?,
        moved_to: row.get("moved_to")?,
        moved_times: row.get("moved_times")?,
        doubts: json(row, "doubts")?,
        items: row.get("items")?,
        stories: row.get("stories")?,
    })
}

fn health(source: &Source, state: SourceState, next_due: Option<Timestamp>) -> SourceHealth {
    let patience = SILENT_AFTER.max(source.every.saturating_mul(SILENT_INTERVALS));
    let silent_from = state.last_new.or(state.last_success).and_then(|last| last.checked_add(patience).ok());
    SourceHealth {
        name: source.name.clone(),
        kind: source.kind.as_str().to_owned(),
        url: shown(&source.url),
        on: source.on,
        note: source.note.clone(),
        last_try: state.last_try,
        last_success: state.last_success,
        last_new: state.last_new,
        next_due,
        failures: state.failures,
        failing_since: state.failing_since,
        failure: state.failure,
        detail: state.detail,
        silent_from,
        doubts: state.doubts,
        items: state.items,
        stories: state.stories,
    }
}
