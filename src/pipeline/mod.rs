//! The pipeline: due work is fetched, read, judged and stored. Here all stages meet; nothing here speaks to a person.
//!
//! Read in this order: [`run`] is one pass from due sources to ties; [`harvest`] fetches and stores what arrives, by
//! [`list`] (by its ways, [`walk`], and their [`items`]), [`article`] (its [`original`], and [`whose`] page it is), [`ofsted`] and [`files`], under the [`conditions`] of what is known, and the
//! past by [`backfill`]; [`read`] reads report files in a process of their own, [`reread`] those stored; [`judge`] ties what is
//! pending to [`candidates`] and puts [`copies`] together; what nobody needs any more is let go of by [`retention`]. What came of a job is settled in [`settle`], and what a signal stops,
//! in [`stop`].

pub mod add;
pub mod article;
mod backfill;
pub mod candidates;
mod conditions;
mod copies;
mod files;
mod halt;
pub mod harvest;
mod items;
pub mod judge;
mod list;
pub mod ofsted;
mod original;
pub mod read;
pub mod reread;
mod retention;
pub mod run;
mod settle;
pub mod stop;
mod walk;
mod whose;

pub use halt::Halt;

use std::time::Duration;

use crate::{model::backfill::Past, store::RunCounts};

/// Whoever watches a pass: told how far it is, never asked.
pub trait Watcher {
    /// So many answers are under way, and so much has come.
    fn fetched(&self, open: usize, counts: &RunCounts);
    /// How far the past of a source has come, and how long what is left takes at least.
    fn past(&self, source: &str, past: Past, takes: Duration);
    /// So many of the stored files and pages to read again are read.
    fn read(&self, done: usize, all: usize);
    /// So many of the stories to judge are judged.
    fn tied(&self, done: usize, all: usize);
}

/// Nobody watches.
impl Watcher for () {
    fn fetched(&self, _open: usize, _counts: &RunCounts) {}
    fn past(&self, _source: &str, _past: Past, _takes: Duration) {}
    fn read(&self, _done: usize, _all: usize) {}
    fn tied(&self, _done: usize, _all: usize) {}
}
