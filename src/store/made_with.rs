//! Table `made_with`: with which gazetteer and weights the stored readings and judgements were made.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{
    Store, StoreError, Writer,
    columns::{Time, maybe_time},
};

impl Store {
    /// The version of a part of the program when it last did its work on everything stored.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn made_with(&self, part: &str) -> Result<Option<String>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT version FROM made_with WHERE part = ?1")?;
        Ok(select.query_row([part], |row| row.get(0)).optional()?)
    }

    /// When everything that was stored was last to be judged again.
    pub(super) fn retied_at(&self) -> Result<Option<Timestamp>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT at FROM made_with WHERE part = 'tying'")?;
        Ok(select.query_row([], |row| maybe_time(row, "at")).optional()?.flatten())
    }
}

impl Writer<'_> {
    /// Keeps that version.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn set_made_with(&self, part: &str, version: &str, now: Timestamp) -> Result<(), StoreError> {
        let mut upsert = self.db.prepare_cached(
            "
            INSERT INTO made_with (part, version, at)
            VALUES (?1, ?2, ?3)
            ON CONFLICT (part) DO UPDATE SET version = excluded.version, at = excluded.at",
        )?;
        upsert.execute(params![part, version, Time(now)])?;
        Ok(())
    }
}
