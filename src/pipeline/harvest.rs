//! Harvesting: due sources are fetched side by side, and one consumer stores what arrives, each arrival in one transaction.
//!
//! Tasks only fetch and read; they never see the store. What a task brings ([`Arrival`]) is stored together with the
//! validators and the standing of its job, and what is stored says what is fetched next. So a process that dies at any
//! moment has lost nothing but the answers still on their way.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use tokio::{sync::Semaphore, task::JoinSet};

use crate::{
    fetch::Fetcher,
    model::{
        authority::Gazetteer,
        fetched::{Failure, FailureKind},
        host::Host,
        source::{Source, SourceKind},
        work::Fault,
    },
    store::{RunCounts, Store},
};

use super::{Halt, Watcher, article, backfill, files, list, ofsted, stop::Stop, walk};

/// Readers at work at once: more would only take each other's time, and memory.
pub(super) const READERS: usize = 2;
/// Report files in memory at once, from the question to the row: a server may be quicker than reading and writing are.
const FILES: usize = 8;
/// The stack of a reading thread in bytes. Extraction recurses once for each level of nesting.
pub const READING_STACK: usize = 16 * 1024 * 1024;

/// What a task brings home.
pub(super) enum Arrival {
    List(Box<walk::ListOutcome>),
    Article(Box<article::Article>),
    Search(Box<ofsted::Search>),
    Provider(Box<ofsted::ProviderAnswer>),
    File(Box<files::ReportFile>),
    Backfill(Box<backfill::OlderPage>),
}

/// How far a pass goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Lists, and all that they lead to.
    Whole,
    /// Lists alone.
    Lists,
}

/// What a source's list gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// None where it has not changed since it was last read.
    pub items: Option<usize>,
    pub newest: Option<Timestamp>,
    /// 0 its address, n its nth fallback.
    pub way: u32,
    /// Why its first way was left.
    pub first: Option<Failure>,
    /// Where to it moved for good.
    pub moved_to: Option<String>,
}

/// A source to ask, by which of its ways.
pub struct Asked<'a> {
    pub source: &'a Source,
    pub ways: Vec<u32>,
}

/// One pass over the due sources.
pub struct Harvest<'a> {
    pub(super) sources: Vec<Asked<'a>>,
    pub(super) fetcher: Fetcher,
    pub(super) gazetteer: &'a Gazetteer,
    pub(super) now: Timestamp,
    pub(super) tasks: JoinSet<Arrival>,
    /// The right to read: parsing is kept off the threads that talk to hosts.
    pub(super) readers: Arc<Semaphore>,
    /// The right to hold a report file.
    pub(super) room: Arc<Semaphore>,
    /// By source: what came of it.
    pub(super) tallies: Vec<Tally>,
    /// Report files and pages under way, so that none is fetched twice.
    pub(super) under_way: HashSet<String>,
    pub counts: RunCounts,
    /// Article pages that could not be fetched.
    pub missed: Missed,
    /// Faults of ours, each once.
    pub faults: Vec<String>,
    /// What was given up besides lists and pages, so that it is told.
    pub(super) lost: Vec<Doubted>,
    /// Only lists are asked for, and what they lead to is left for a run.
    reach: Reach,
    /// How long an item is remembered that no list has any more.
    pub items: Option<Duration>,
    /// The least time between two requests to a host.
    pub pause: Duration,
    /// Sources whose past is being fetched.
    backdated: Vec<usize>,
    /// Hosts that asked to be left alone.
    pub holds: Vec<Host>,
    /// Sources that moved for good, and are asked where they moved to from now on.
    pub moves: Vec<Moved>,
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
    /// Its list itself failed.
    pub failure: Option<Failure>,
    /// Parts of Ofsted's site that failed: provider pages, report files.
    pub parts: BTreeMap<String, Failure>,
    /// Parts that arrived.
    pub good_parts: u32,
    /// Reports not seen before.
    pub new_reports: u32,
    /// Its list is asked for, and not only what earlier runs left.
    pub listed: bool,
    /// Its state is stored.
    pub recorded: bool,
    /// It had not failed before.
    pub was_well: bool,
    /// Since when it had failed.
    pub failing_since: Option<Timestamp>,
    /// Its list came, or has not changed.
    pub answered: bool,
    /// What it gave.
    pub seen: Option<Seen>,
    /// Its list was not asked for, since its host wants to be left alone.
    pub held: bool,
    /// What was lost or doubtful before, so that it is told once.
    pub doubted: Vec<String>,
    /// What was lost or doubtful in its list now.
    pub doubts: Vec<String>,
}

impl<'a> Harvest<'a> {
    pub fn new(sources: Vec<Asked<'a>>, fetcher: Fetcher, gazetteer: &'a Gazetteer, reach: Reach, now: Timestamp) -> Self {
        let tallies = sources.iter().map(|_| Tally::default()).collect();
        Self {
            sources,
            fetcher,
            gazetteer,
            now,
            tasks: JoinSet::new(),
            readers: Arc::new(Semaphore::new(READERS)),
            room: Arc::new(Semaphore::new(FILES)),
            tallies,
            under_way: HashSet::new(),
            counts: RunCounts::default(),
            missed: Missed::default(),
            faults: Vec::new(),
            lost: Vec::new(),
            reach,
            items: None,
            pause: Duration::ZERO,
            backdated: Vec::new(),
            holds: Vec::new(),
            moves: Vec::new(),
        }
    }

    /// Fetches until nothing is left to fetch or it is asked to stop, storing each arrival; then the state of those
    /// sources whose state depends on all their parts.
    ///
    /// # Errors
    /// Where the database fails; what was stored until then stays.
    pub async fn run(&mut self, store: &mut Store, watch: &dyn Watcher, stop: &Stop) -> Result<(), Halt> {
        for at in 0..self.sources.len() {
            self.start(at, store)?;
        }
        self.tell_past(store, watch)?;
        loop {
            let arrival = tokio::select! {
                biased;
                () = stop.asked() => break,
                arrival = self.tasks.join_next() => arrival,
            };
            match arrival {
                None => break,
                Some(Ok(arrival)) => {
                    self.learn(store)?;
                    self.take(arrival, store)?;
                }
                // A task that panicked has lost its arrival; its job stays due.
                Some(Err(error)) => self.fault(&Fault::new(format!("a fetching task broke off: {error}"))),
            }
            self.counts.requests = self.fetcher.requests();
            watch.fetched(self.tasks.len(), &self.counts);
            self.tell_past(store, watch)?;
        }
        self.tasks.shutdown().await;
        self.counts.requests = self.fetcher.requests();
        self.learn(store)?;
        let asked = self.fetcher.asked();
        store.write(|writer| writer.learn(&asked))?;
        self.close(store, stop.is_asked())
    }

    /// Says how far the past of the sources has come in which it is being fetched.
    fn tell_past(&self, store: &Store, watch: &dyn Watcher) -> Result<(), Halt> {
        for at in &self.backdated {
            let name = &self.sources[*at].source.name;
            let past = store.past(name)?;
            watch.past(name, past, past.takes(self.pause));
        }
        Ok(())
    }

    /// Remembers what hosts asked for before anything else is stored: it binds the next run, however this one ends.
    fn learn(&mut self, store: &mut Store) -> Result<(), Halt> {
        let learnt = self.fetcher.learnt();
        if learnt.is_empty() {
            return Ok(());
        }
        store.write(|writer| writer.learn(&learnt))?;
        self.holds.extend(learnt.hosts);
        Ok(())
    }

    /// A page or file of Ofsted's did not come; one that was not asked for says nothing.
    pub(super) fn lose_part(&mut self, source: usize, url: &str, failure: Failure) {
        if failure.kind != FailureKind::Held {
            self.tallies[source].parts.insert(url.to_owned(), failure);
        }
    }

    fn start(&mut self, at: usize, store: &Store) -> Result<(), Halt> {
        let state = store.source_state(&self.sources[at].source.name)?;
        self.tallies[at].was_well = state.failures == 0;
        self.tallies[at].failing_since = state.failing_since;
        self.tallies[at].doubted = state.doubts;
        let listed = !self.sources[at].ways.is_empty();
        self.tallies[at].listed = listed;
        self.tallies[at].doubts = self.tallies[at].doubted.clone();
        if self.reach == Reach::Whole && store.past(&self.sources[at].source.name)?.lists > 0 {
            self.backdated.push(at);
        }
        self.start_backfill(at, store)?;
        match self.sources[at].source.kind {
            SourceKind::Ofsted if listed => self.start_search(at, store),
            SourceKind::Ofsted => self.start_providers(at, store),
            _ if listed => self.start_list(at, store),
            _ => self.start_articles(at, store),
        }
    }

    fn take(&mut self, arrival: Arrival, store: &mut Store) -> Result<(), Halt> {
        match arrival {
            Arrival::List(listed) => self.take_list(*listed, store),
            Arrival::Article(article) => self.take_article(*article, store),
            Arrival::Search(search) => self.take_search(*search, store),
            Arrival::Provider(page) => self.take_provider(*page, store),
            Arrival::File(file) => self.take_file(*file, store),
            Arrival::Backfill(read) => self.take_chapter(*read, store),
        }
    }

    /// Remembers a fault of ours, to be said once.
    pub(super) fn fault(&mut self, fault: &Fault) {
        tracing::error!("{}", fault.detail);
        if !self.faults.contains(&fault.detail) {
            self.faults.push(fault.detail.clone());
        }
    }

    /// Writes the state of the sources whose state is that of all their parts: Ofsted's.
    fn close(&mut self, store: &mut Store, stopped: bool) -> Result<(), Halt> {
        let now = self.now;
        for (Asked { source, .. }, tally) in self.sources.iter().zip(&mut self.tallies) {
            let nothing = tally.good_parts == 0 && tally.parts.is_empty() && tally.failure.is_none();
            if tally.recorded || (nothing && (stopped || tally.held || !tally.listed)) {
                continue;
            }
            let (outcome, doubts) = (tally.outcome(), tally.listed.then(|| tally.doubts.clone()));
            store.write(|writer| match &outcome {
                Ok(()) if !tally.listed && tally.new_reports > 0 => Ok(writer.record_new(&source.name, now, 0)?),
                Ok(()) if !tally.listed => Ok(()),
                outcome => list::record(writer, source, outcome, tally.new_reports, None, doubts, now),
            })?;
            tally.recorded = true;
        }
        let failed = self.tallies.iter().filter(|tally| tally.outcome().is_err()).count();
        self.counts.sources = u32::try_from(self.tallies.iter().filter(|tally| tally.listed).count()).unwrap_or(u32::MAX);
        self.counts.failed = u32::try_from(failed).unwrap_or(u32::MAX);
        Ok(())
    }

    /// The sources that failed, in the order of the configuration.
    pub fn failures(&self) -> Vec<Failed> {
        let failed = |(asked, tally): (&Asked<'_>, &Tally)| {
            Some(Failed { source: asked.source.name.clone(), failure: tally.outcome().err()?, began: tally.was_well })
        };
        self.sources.iter().zip(&self.tallies).filter_map(failed).collect()
    }

    /// What each list gave.
    pub fn seen(&self) -> Vec<(String, Result<Seen, Failure>)> {
        let seen = |(asked, tally): (&Asked<'_>, &Tally)| {
            let seen = tally.outcome().and_then(|()| tally.seen.clone().ok_or_else(|| Failure::new(FailureKind::Held, "it was not asked")));
            (asked.source.name.clone(), seen)
        };
        self.sources.iter().zip(&self.tallies).map(seen).collect()
    }

    /// True where what lists lead to is left for a run.
    pub(super) fn is_lists_only(&self) -> bool {
        self.reach == Reach::Lists
    }

    /// The sources that answer again.
    pub fn recovered(&self) -> Vec<Recovered> {
        let recovered = |(asked, tally): (&Asked<'_>, &Tally)| {
            let is_back = tally.answered && !tally.was_well && tally.outcome().is_ok();
            is_back.then(|| Recovered { source: asked.source.name.clone(), since: tally.failing_since })
        };
        self.sources.iter().zip(&self.tallies).filter_map(recovered).collect()
    }

    /// What sources lost or left in doubt that they had not before, and what of their past was given up.
    pub fn doubts(&self) -> Vec<Doubted> {
        let mut doubts = self.lost.clone();
        for (asked, tally) in self.sources.iter().zip(&self.tallies) {
            for doubt in tally.doubts.iter().filter(|doubt| !tally.doubted.contains(doubt)) {
                doubts.push(Doubted { source: asked.source.name.clone(), doubt: doubt.clone() });
            }
        }
        doubts
    }
}

/// True where an earlier run left something of a source to be done now, besides its list.
pub(super) fn has_work(store: &Store, source: &Source, now: Timestamp) -> Result<bool, Halt> {
    Ok(match source.kind {
        SourceKind::Ofsted => ofsted::has_work(store, source, now)?,
        _ => !store.due_articles(&source.name, now, 1)?.is_empty() || !store.chapters(&source.name, 1)?.is_empty(),
    })
}

/// A source that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    pub source: String,
    pub failure: Failure,
    /// It was well, or never asked, before this run.
    pub began: bool,
}

/// A source that had failed and answers again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    pub source: String,
    /// When it first failed.
    pub since: Option<Timestamp>,
}

/// A source that moved for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub source: String,
    pub to: String,
}

/// What was lost or doubtful in the list of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubted {
    pub source: String,
    pub doubt: String,
}

impl Tally {
    /// Ofsted, where provider pages or report files did not come though the list did, has failed, too: it says which.
    /// A missing article page does not count: it is the item's own affair, kept with its retries, and papers take down
    /// pages every day.
    fn outcome(&self) -> Result<(), Failure> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        let Some((_, first)) = self.parts.iter().next() else { return Ok(()) };
        let (failed, all) = (self.parts.len(), self.parts.len() + self.good_parts as usize);
        let detail =
            if all == 1 { first.detail.clone() } else { format!("{failed} of {all} pages and files failed; the first: {}", first.detail) };
        Err(Failure { detail, ..first.clone() })
    }
}

/// A body that is not what it should be.
pub(super) fn unreadable(error: &crate::read::Unreadable) -> Failure {
    Failure::new(FailureKind::Unreadable, error.to_string())
}

/// Reads on a thread where it may take its time and its stack, a few at once.
///
/// # Errors
/// A fault of ours: the reader broke off.
pub(super) async fn apart<T: Send + 'static>(readers: Arc<Semaphore>, read: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    // Nobody closes the semaphore.
    let _right = readers.acquire_owned().await;
    tokio::task::spawn_blocking(read).await.map_err(|error| Fault::new(format!("a reader broke off: {error}")))
}
