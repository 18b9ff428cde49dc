//! Rows in and out: one SQLite file, one writer, one file here per table or concern.

mod address;
mod backfill;
mod cards;
mod clock;
mod columns;
mod error;
mod facts;
mod few;
mod filter;
mod fingerprint;
mod forget;
mod host;
mod item;
mod judged;
mod keep;
mod lookup;
mod made_with;
mod migrate;
mod narrow;
mod news;
mod open;
mod original;
mod overview;
mod packed;
mod piece;
mod provider;
mod put_report;
mod query;
mod queue;
mod rank;
mod reader;
mod report;
mod report_cards;
mod resource;
mod restore;
mod retention;
mod review;
mod run;
#[cfg(test)]
mod schema;
mod scope;
mod search;
mod shingle;
mod sieve;
mod sought;
mod source;
mod story;
mod undo;
mod watch;
mod work;

use std::{cell::Cell, ops::Deref, path::PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use address::SeenAddress;
pub use error::StoreError;
pub use filter::{Fill, Per, StoryFilter};
pub use fingerprint::Lookalike;
pub use forget::Forgotten;
pub use item::{DueArticle, KnownItem};
pub use keep::Check;
pub use narrow::Narrow;
pub use original::StoredFile;
pub use piece::PieceTurn;
pub use provider::{FileState, ListedPublication, Provider, ProviderRead};
pub use put_report::ReportOutcome;
pub use queue::{OpenStories, Queue};
pub use report::ReportVersion;
pub use report_cards::{AllReports, Covered, KnownReport, ReportFilter};
pub use resource::Resource;
pub use restore::Restoring;
pub use retention::{Sweep, Swept};
pub use review::Decision;
pub use run::{Run, RunCounts};
pub use search::{SearchHit, SearchPlace};
pub use shingle::ShingleHit;
pub use sieve::Sieve;
pub use source::{SourceState, Success, Successor};
pub use story::{StoryOutcome, StoryVersion};
pub use undo::Undone;
pub use watch::{NEWEST_TEXTS, Watching};

/// The database. All reading is done here, all writing through a [`Writer`].
#[derive(Debug)]
pub struct Store {
    db: Connection,
    path: Option<PathBuf>,
    /// Whose decisions are written.
    person: Option<String>,
}

impl Store {
    /// Writes down who decides from now on.
    pub fn set_person(&mut self, name: &str) {
        self.person = Some(name.to_owned());
    }

    /// Does `work` on the database as it stands now, whatever others write meanwhile. Many small reads are several times
    /// faster this way, because the file is locked once for all.
    ///
    /// # Errors
    /// What `work` returns, or why the database cannot be read.
    pub fn read<T, E: From<StoreError>>(&self, work: impl FnOnce(&Self) -> Result<T, E>) -> Result<T, E> {
        if !self.db.is_autocommit() {
            return work(self);
        }
        let snapshot = self.db.unchecked_transaction().map_err(StoreError::from)?;
        let done = work(self)?;
        snapshot.commit().map_err(StoreError::from)?;
        Ok(done)
    }

    /// Does `work` in one transaction: all of it is stored, or, where it returns an error or the process dies, nothing.
    ///
    /// # Errors
    /// What `work` returns, or why the transaction could not begin or end.
    pub fn write<T, E: From<StoreError>>(&mut self, work: impl FnOnce(&Writer<'_>) -> Result<T, E>) -> Result<T, E> {
        let transaction = Transaction::new_unchecked(&self.db, TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let done = work(&Writer { store: self, taken_back: Cell::new(None) })?;
        transaction.commit().map_err(StoreError::from)?;
        Ok(done)
    }
}

/// The store within a transaction: reads as [`Store`] does, and writes.
#[derive(Debug)]
pub struct Writer<'a> {
    store: &'a Store,
    /// The decision that those written meanwhile take back.
    taken_back: Cell<Option<i64>>,
}

impl Deref for Writer<'_> {
    type Target = Store;

    fn deref(&self) -> &Store {
        self.store
    }
}
