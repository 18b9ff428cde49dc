//! Table `resource`: validators of everything fetched, for conditional requests.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{
    Store, StoreError, Writer,
    columns::{Time, maybe_time, time},
};
use crate::model::fetched::{Skips, Validators, Wishes};

/// What is kept of an address that answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    pub validators: Validators,
    /// The last answer, 200 or 304.
    pub fetched_at: Timestamp,
    /// The last answer with a body.
    pub full_at: Option<Timestamp>,
    /// What it wished of those who come again.
    pub wishes: Wishes,
}

impl Store {
    /// The validators to send; empty for an address never fetched.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn validators(&self, url: &str) -> Result<Validators, StoreError> {
        Ok(self.resource(url)?.map(|resource| resource.validators).unwrap_or_default())
    }

    /// The same with when it was fetched.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn resource(&self, url: &str) -> Result<Option<Resource>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT etag, last_modified, given_by, fetched_at, full_at, max_age, ttl, skip_hours, skip_days
            FROM resource
            WHERE url = ?1",
        )?;
        let found = select.query_row([url], |row| {
            let seconds =
                |name| Ok::<_, rusqlite::Error>(row.get::<_, Option<u32>>(name)?.map(|seconds| Duration::from_secs(seconds.into())));
            Ok(Resource {
                validators: Validators { etag: row.get("etag")?, last_modified: row.get("last_modified")?, from: row.get("given_by")? },
                fetched_at: time(row, "fetched_at")?,
                full_at: maybe_time(row, "full_at")?,
                wishes: Wishes {
                    max_age: seconds("max_age")?,
                    ttl: seconds("ttl")?,
                    skips: Skips { hours: row.get("skip_hours")?, days: row.get("skip_days")? },
                },
            })
        });
        Ok(found.optional()?)
    }
}

impl Writer<'_> {
    /// Keeps the validators of an answer with a body, also where it gave none. Belongs into the transaction that stores
    /// what was read from it: validators stored first would lose the rest to a crash.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn set_validators(&self, url: &str, validators: &Validators, now: Timestamp) -> Result<(), StoreError> {
        let mut upsert = self.db.prepare_cached(
            "
            INSERT INTO resource (url, etag, last_modified, given_by, fetched_at, full_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?5)
            ON CONFLICT (url) DO UPDATE SET
                etag = excluded.etag,
                last_modified = excluded.last_modified,
                given_by = excluded.given_by,
                fetched_at = excluded.fetched_at,
                full_at = excluded.full_at",
        )?;
        upsert.execute(params![url, validators.etag, validators.last_modified, validators.from, Time(now)])?;
        Ok(())
    }

    /// Keeps what a list and its server wish of those who come again.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn set_wishes(&self, url: &str, wishes: &Wishes) -> Result<(), StoreError> {
        let seconds = |wait: Option<Duration>| wait.map(|wait| u32::try_from(wait.as_secs()).unwrap_or(u32::MAX));
        let mut update = self.db.prepare_cached(
            "
            UPDATE resource
            SET max_age = ?2, ttl = ?3, skip_hours = ?4, skip_days = ?5
            WHERE url = ?1",
        )?;
        update.execute(params![url, seconds(wishes.max_age), seconds(wishes.ttl), wishes.skips.hours, wishes.skips.days])?;
        Ok(())
    }

    /// Keeps the validators that a "not modified" left standing.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn set_not_modified(&self, url: &str, validators: &Validators, now: Timestamp) -> Result<(), StoreError> {
        let mut update = self.db.prepare_cached(
            "
            UPDATE resource
            SET etag = ?2, last_modified = ?3, fetched_at = ?4
            WHERE url = ?1",
        )?;
        update.execute(params![url, validators.etag, validators.last_modified, Time(now)])?;
        Ok(())
    }
}
