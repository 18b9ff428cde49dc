//! Harvesting: due sources are fetched side by side, and one consumer stores what arrives, each arrival in one transaction.
//!
//! Tasks only fetch and read; they never see the store. What a task brings ([`Arrival`]) is stored together with the
//! validators and the state that say it was read, and what is stored says what is fetched next. So a process that dies
//! at any moment has lost nothing but the answers still on their way.

use std::collections::{BTreeMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;

use crate::{
    fetch::Fetcher,
    model::{
        authority::Gazetteer,
        fetched::{Failure, FailureKind},
        source::{Source, SourceKind},
    },
    store::{RunCounts, SourceState, Store, Success},
};

use super::{Halt, Watch, article, list, ofsted};

/// The longest time between two fetches of a source, whatever its feed asks for or its failures suggest.
const MAX_WAIT: SignedDuration = SignedDuration::from_hours(24);

/// What a task brings home.
pub(super) enum Arrival {
    List(Box<list::Listed>),
    Article(Box<article::Article>),
    Search(Box<ofsted::Search>),
    Provider(Box<ofsted::Page>),
    File(Box<ofsted::File>),
}

/// One pass over the due sources.
pub struct Harvest<'a> {
    pub(super) sources: Vec<&'a Source>,
    pub(super) fetcher: Fetcher,
    pub(super) gazetteer: &'a Gazetteer,
    pub(super) now: Timestamp,
    pub(super) tasks: JoinSet<Arrival>,
    /// By source: what came of its parts, for its state at the end.
    pub(super) tallies: Vec<Tally>,
    /// Report files under way, so that none is fetched twice.
    pub(super) files: HashSet<String>,
    pub counts: RunCounts,
    /// Article pages that could not be fetched.
    pub missed: Missed,
}

/// Article pages that could not be fetched: what became of single items, not of their source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Missed {
    /// Asked for again in a later run.
    pub later: u32,
    /// Asked for often enough.
    pub given_up: u32,
}

/// What came of one source.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    pub(super) new_items: u32,
    pub(super) new_stories: u32,
    pub(super) way: u32,
    pub(super) moved_to: Option<String>,
    pub(super) wait: Option<std::time::Duration>,
    /// The list itself failed.
    pub(super) failure: Option<Failure>,
    /// Parts of Ofsted's site that failed: provider pages, report files.
    pub(super) parts: BTreeMap<String, Failure>,
    /// Parts that arrived.
    pub(super) good_parts: u32,
    /// It had not failed before.
    pub(super) was_well: bool,
}

impl<'a> Harvest<'a> {
    pub fn new(sources: Vec<&'a Source>, fetcher: Fetcher, gazetteer: &'a Gazetteer, now: Timestamp) -> Self {
        let tallies = vec![Tally::default(); sources.len()];
        Self {
            sources,
            fetcher,
            gazetteer,
            now,
            tasks: JoinSet::new(),
            tallies,
            files: HashSet::new(),
            counts: RunCounts::default(),
            missed: Missed::default(),
        }
    }

    /// Fetches until nothing is left to fetch, storing each arrival; then each source's state.
    ///
    /// # Errors
    /// Where the database fails; what was stored until then stays.
    pub async fn run(&mut self, store: &mut Store, watch: &dyn Watch) -> Result<(), Halt> {
        for at in 0..self.sources.len() {
            self.start(at, store)?;
        }
        while let Some(arrival) = self.tasks.join_next().await {
            let Ok(arrival) = arrival else {
                // A task that panicked has lost its arrival; its source is asked again when it is next due.
                tracing::error!("a fetching task broke off");
                continue;
            };
            match arrival {
                Arrival::List(listed) => self.take_list(*listed, store)?,
                Arrival::Article(article) => self.take_article(*article, store)?,
                Arrival::Search(search) => self.take_search(*search, store)?,
                Arrival::Provider(page) => self.take_provider(*page, store)?,
                Arrival::File(file) => self.take_file(*file, store)?,
            }
            watch.fetched(self.tasks.len(), &self.counts);
        }
        self.close(store)
    }

    fn start(&mut self, at: usize, store: &Store) -> Result<(), Halt> {
        let state = store.source_state(&self.sources[at].name)?;
        self.tallies[at].was_well = state.failures == 0;
        match self.sources[at].kind {
            SourceKind::Ofsted => self.start_search(at, 0, store),
            _ => self.start_list(at, &state, store),
        }
    }

    /// Writes each source's state: one outcome a source, with when to ask again.
    fn close(&mut self, store: &mut Store) -> Result<(), Halt> {
        let (sources, tallies, now) = (&self.sources, &self.tallies, self.now);
        let mut failed = 0;
        store.write(|writer| {
            for (source, tally) in sources.iter().zip(tallies) {
                let state = writer.source_state(&source.name)?;
                match tally.outcome() {
                    Ok(success) => writer.record_success(&source.name, now, next_due(source, tally, now), &success)?,
                    Err(failure) => {
                        failed += 1;
                        tracing::info!(source = source.name, failure = failure.kind.as_str(), "{}", failure.detail);
                        writer.record_failure(&source.name, now, &failure, after_failure(source, &state, &failure, now))?;
                    }
                }
            }
            Ok::<_, Halt>(())
        })?;
        self.counts.sources = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
        self.counts.failed = failed;
        Ok(())
    }

    /// The sources that failed, in the order of the configuration.
    pub fn failures(&self) -> Vec<Failed> {
        let failed = |(source, tally): (&&Source, &Tally)| {
            Some(Failed { source: source.name.clone(), failure: tally.outcome().err()?, began: tally.was_well })
        };
        self.sources.iter().zip(&self.tallies).filter_map(failed).collect()
    }
}

/// A source that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    pub source: String,
    pub failure: Failure,
    /// It was well, or never asked, before this run.
    pub began: bool,
}

impl Tally {
    /// Ofsted, where provider pages or report files did not come though the list did, has failed, too: it says which.
    /// A missing article page does not count: it is the item's own affair, kept with its retries, and papers take down
    /// pages every day.
    fn outcome(&self) -> Result<Success, Failure> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        match self.parts.iter().next() {
            None => {
                Ok(Success { new_items: self.new_items, new_stories: self.new_stories, way: self.way, moved_to: self.moved_to.clone() })
            }
            Some((_, first)) => {
                let (failed, all) = (self.parts.len(), self.parts.len() + self.good_parts as usize);
                let detail = if all == 1 {
                    first.detail.clone()
                } else {
                    format!("{failed} of {all} pages and files failed; the first: {}", first.detail)
                };
                Err(Failure { detail, ..first.clone() })
            }
        }
    }
}

/// When to ask again after all went well: the longest of what the configuration, the feed and the server ask for.
fn next_due(source: &Source, tally: &Tally, now: Timestamp) -> Timestamp {
    let every = SignedDuration::try_from(source.every).unwrap_or(MAX_WAIT);
    let asked = tally.wait.and_then(|wait| SignedDuration::try_from(wait).ok()).unwrap_or(SignedDuration::ZERO).min(MAX_WAIT);
    later(now, every.max(asked))
}

/// When to ask again after a failure: the usual time, doubled for each failure in a row, at most a day; later where the
/// server asked for more.
fn after_failure(source: &Source, state: &SourceState, failure: &Failure, now: Timestamp) -> Timestamp {
    let every = SignedDuration::try_from(source.every).unwrap_or(MAX_WAIT);
    let doubled = every.checked_mul(1 << state.failures.min(6)).unwrap_or(MAX_WAIT).min(MAX_WAIT.max(every));
    let asked = failure.retry_after.and_then(|wait| SignedDuration::try_from(wait).ok()).unwrap_or(SignedDuration::ZERO);
    later(now, doubled.max(asked))
}

fn later(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.checked_add(wait).unwrap_or(now)
}

/// A body that is not what it should be.
pub(super) fn unreadable(error: &crate::read::Unreadable) -> Failure {
    Failure::new(FailureKind::Unreadable, error.to_string())
}
