//! Table `source`: how each source fares.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, named_params};

use super::{
    Store, StoreError, Writer,
    columns::{Time, maybe_time},
};
use crate::model::{fetched::Failure, overview::SourceHealth, source::Source};

/// The longest that a server's Retry-After is obeyed.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What is known of a source; the default for one never asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceState {
    pub last_try: Option<Timestamp>,
    pub last_success: Option<Timestamp>,
    /// When it last gave something not seen before.
    pub last_new: Option<Timestamp>,
    pub next_due: Option<Timestamp>,
    /// Failures in a row.
    pub failures: u32,
    pub failing_since: Option<Timestamp>,
    /// The last failure by its name.
    pub failure: Option<String>,
    pub detail: Option<String>,
    /// The server asked us to stay away until then.
    pub retry_after: Option<Timestamp>,
    /// Where its permanent redirect leads.
    pub moved_to: Option<String>,
    /// How often in a row that same redirect was seen.
    pub moved_times: u32,
    /// The way in use: 0 its url, n its nth fallback.
    pub way: u32,
    /// New items seen in all, and stories kept of them.
    pub items: u32,
    pub stories: u32,
}

impl SourceState {
    /// True if it may be asked at `now`.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.next_due.is_none_or(|due| due <= now) && self.may_be_asked(now)
    }

    /// True unless the server asked us to stay away until later.
    pub fn may_be_asked(&self, now: Timestamp) -> bool {
        self.retry_after.is_none_or(|until| until <= now)
    }
}

/// What a good answer of a source brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Success {
    pub new_items: u32,
    pub new_stories: u32,
    /// The way that worked: 0 its url, n its nth fallback.
    pub way: u32,
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
            SELECT last_try, last_success, last_new, next_due, failures, failing_since, failure, detail,
                   retry_after, moved_to, moved_times, way, items, stories
            FROM source
            WHERE name = ?1",
        )?;
        Ok(select.query_row([name], state).optional()?.unwrap_or_default())
    }

    /// The configured sources, in their order, with what is known of them.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn sources_health(&self, sources: &[Source]) -> Result<Vec<SourceHealth>, StoreError> {
        sources.iter().map(|source| Ok(health(source, self.source_state(&source.name)?))).collect()
    }
}

impl Writer<'_> {
    /// A source answered, with something readable or with "not modified".
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn record_success(&self, name: &str, now: Timestamp, next_due: Timestamp, success: &Success) -> Result<(), StoreError> {
        let mut upsert = self.db.prepare_cached(
            "
            INSERT INTO source (name, last_try, last_success, last_new, next_due, moved_to, moved_times, way, items, stories)
            VALUES (:name, :now, :now, iif(:items > 0, :now, NULL), :due, :moved, iif(:moved IS NULL, 0, 1), :way, :items, :stories)
            ON CONFLICT (name) DO UPDATE SET
                last_try = excluded.last_try,
                last_success = excluded.last_success,
                last_new = coalesce(excluded.last_new, last_new),
                next_due = excluded.next_due,
                failures = 0,
                failing_since = NULL,
                failure = NULL,
                detail = NULL,
                retry_after = NULL,
                moved_times = iif(excluded.moved_to = moved_to, moved_times + 1, excluded.moved_times),
                moved_to = excluded.moved_to,
                way = excluded.way,
                items = items + excluded.items,
                stories = stories + excluded.stories",
        )?;
        upsert.execute(named_params! {
            ":name": name,
            ":now": Time(now),
            ":due": Time(next_due),
            ":moved": success.moved_to,
            ":way": success.way,
            ":items": success.new_items,
            ":stories": success.new_stories,
        })?;
        Ok(())
    }

    /// A source failed in every way.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn record_failure(&self, name: &str, now: Timestamp, failure: &Failure, next_due: Timestamp) -> Result<(), StoreError> {
        let retry_after = failure.retry_after.and_then(|wait| now.checked_add(wait.min(MAX_RETRY_AFTER)).ok());
        let mut upsert = self.db.prepare_cached(
            "
            INSERT INTO source (name, last_try, next_due, failures, failing_since, failure, detail, retry_after)
            VALUES (:name, :now, :due, 1, :now, :failure, :detail, :retry_after)
            ON CONFLICT (name) DO UPDATE SET
                last_try = excluded.last_try,
                next_due = excluded.next_due,
                failures = failures + 1,
                failing_since = coalesce(failing_since, excluded.failing_since),
                failure = excluded.failure,
                detail = excluded.detail,
                retry_after = excluded.retry_after",
        )?;
        upsert.execute(named_params! {
            ":name": name,
            ":now": Time(now),
            ":due": Time(next_due),
            ":failure": failure.kind.as_str(),
            ":detail": failure.detail,
            ":retry_after": retry_after.map(Time),
        })?;
        Ok(())
    }
}

fn state(row: &Row<'_>) -> rusqlite::Result<SourceState> {
    Ok(SourceState {
        last_try: maybe_time(row, "last_try")?,
        last_success: maybe_time(row, "last_success")?,
        last_new: maybe_time(row, "last_new")?,
        next_due: maybe_time(row, "next_due")?,
        failures: row.get("failures")?,
        failing_since: maybe_time(row, "failing_since")?,
        failure: row.get("failure")?,
        detail: row.get("detail")?,
        retry_after: maybe_time(row, "retry_after")?,
        moved_to: row.get("moved_to")?,
        moved_times: row.get("moved_times")?,
        way: row.get("way")?,
        items: row.get("items")?,
        stories: row.get("stories")?,
    })
}

fn health(source: &Source, state: SourceState) -> SourceHealth {
    SourceHealth {
        name: source.name.clone(),
        kind: source.kind.as_str().to_owned(),
        url: source.url.to_string(),
        on: source.on,
        note: source.note.clone(),
        last_try: state.last_try,
        last_success: state.last_success,
        last_new: state.last_new,
        next_due: state.next_due,
        failures: state.failures,
        failing_since: state.failing_since,
        failure: state.failure,
        detail: state.detail,
        items: state.items,
        stories: state.stories,
    }
}
