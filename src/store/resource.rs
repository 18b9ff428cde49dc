//! Table `resource`: validators of everything fetched, for conditional requests.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{
    Store, StoreError, Writer,
    columns::{Time, time},
};
use crate::model::fetched::Validators;

/// What is kept of an address that answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    pub validators: Validators,
    /// The last answer, 200 or 304.
    pub fetched_at: Timestamp,
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
        let mut select = self.db.prepare_cached("SELECT etag, last_modified, fetched_at FROM resource WHERE url = ?1")?;
        let found = select.query_row([url], |row| {
            Ok(Resource {
                validators: Validators { etag: row.get("etag")?, last_modified: row.get("last_modified")? },
                fetched_at: time(row, "fetched_at")?,
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
            INSERT INTO resource (url, etag, last_modified, fetched_at)
            VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (url) DO UPDATE SET
                etag = excluded.etag,
                last_modified = excluded.last_modified,
                fetched_at = excluded.fetched_at",
        )?;
        upsert.execute(params![url, validators.etag, validators.last_modified, Time(now)])?;
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
