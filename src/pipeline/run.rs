//! One pass: due sources -> fetch and read -> store -> judge.

use std::time::Duration;

use jiff::Timestamp;
use tokio::runtime::Runtime;

use crate::{
    fetch::{Fetcher, Route},
    model::{authority::Gazetteer, fetched::FetchSettings, source::Source},
    store::{RunCounts, Store},
    tie::judge::Judge,
};

use super::{
    Halt, Watch,
    harvest::{self, Asked, Doubted, Failed, Harvest, Missed, READING_STACK},
    judge::Judging,
    list, reread,
    settle::put_clock_right,
    stop::Stop,
};

/// How long name look-ups that hang may hold up the end.
const PARTING: Duration = Duration::from_millis(200);

/// What a pass is to do, and in what world.
pub struct Pass<'a> {
    pub sources: &'a [Source],
    pub fetch: &'a FetchSettings,
    /// The way to the hosts.
    pub route: Route,
    /// The councils there are.
    pub gazetteer: Gazetteer,
    pub scope: Scope,
    pub now: Timestamp,
}

/// Which sources a pass asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Those that are due.
    Due,
    /// All that are on, whatever their schedule says.
    All,
    /// Those of these names, on or off.
    Named(Vec<String>),
    /// None: all stories are judged again.
    Judge,
}

/// What came of a pass.
#[derive(Debug, Default)]
pub struct Passed {
    pub counts: RunCounts,
    /// The sources that failed, in the order of the configuration.
    pub failures: Vec<Failed>,
    /// What sources lost or left in doubt, and had not before.
    pub doubts: Vec<Doubted>,
    pub missed: Missed,
    /// Faults of ours, each once; what they kept from being done is done in a later run.
    pub faults: Vec<String>,
    /// A signal stopped it: what came is stored, the rest is for the next run.
    pub stopped: bool,
    /// A run before bore a time after this one's: the clock stood ahead then, and what it left is put right.
    pub clock_was_ahead: Option<Timestamp>,
}

/// Does what the pass is to do, and records it as a run.
///
/// # Errors
/// Where the database fails, nothing can be fetched at all, or a named source does not exist. A source that fails is no
/// error: it is recorded and named.
pub fn pass(pass: Pass<'_>, store: &mut Store, watch: &dyn Watch) -> Result<Passed, Halt> {
    let judge = Judge::new(pass.gazetteer.clone())?;
    let runtime = runtime()?;
    let stop = Stop::listen(&runtime);
    let clock_was_ahead = store.run_ahead(pass.now)?;
    if clock_was_ahead.is_some() {
        store.write(|writer| put_clock_right(writer, pass.now))?;
    }
    let sources = chosen(&pass, store)?;
    let number = store.write(|writer| writer.start_run(pass.now))?;
    reread::queue(store, &pass.gazetteer, pass.scope == Scope::Judge, pass.now)?;
    let reread = reread::due(store, &pass.gazetteer, &runtime, &stop, pass.now)?;
    let mut passed = if sources.is_empty() { Passed::default() } else { fetch(&pass, sources, store, &runtime, &stop, watch)? };
    Judging::new(&judge, pass.now).run(store, &mut passed.counts, watch, &stop)?;
    store.write(|writer| writer.finish_run(number, pass.now, &passed.counts))?;
    passed.faults.splice(0..0, reread.faults);
    passed.stopped = stop.is_asked();
    passed.clock_was_ahead = clock_was_ahead;
    runtime.shutdown_timeout(PARTING);
    Ok(passed)
}

fn runtime() -> Result<Runtime, Halt> {
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(2).thread_stack_size(READING_STACK).enable_all().build()?)
}

/// Fetches what is due.
fn fetch(
    pass: &Pass<'_>,
    sources: Vec<Asked<'_>>,
    store: &mut Store,
    runtime: &Runtime,
    stop: &Stop,
    watch: &dyn Watch,
) -> Result<Passed, Halt> {
    let fetcher = Fetcher::by_route(pass.fetch.clone(), &pass.route)?;
    let mut harvest = Harvest::new(sources, fetcher, &pass.gazetteer, pass.now);
    let done = runtime.block_on(harvest.run(store, watch, stop));
    let (failures, doubts) = (harvest.failures(), harvest.doubts());
    let Harvest { counts, missed, faults, .. } = harvest;
    done.map(|()| Passed { counts, failures, doubts, missed, faults, ..Passed::default() })
}

/// The sources of this pass, with the ways by which they are to be asked.
fn chosen<'a>(pass: &Pass<'a>, store: &Store) -> Result<Vec<Asked<'a>>, Halt> {
    if let Scope::Named(names) = &pass.scope
        && let Some(unknown) = names.iter().find(|name| pass.sources.iter().all(|source| source.name != **name))
    {
        return Err(Halt::NoSource(unknown.clone()));
    }
    let mut chosen = Vec::new();
    for source in pass.sources {
        let (wanted, whatever) = match &pass.scope {
            Scope::Judge => (false, false),
            Scope::Named(names) => (names.contains(&source.name), true),
            Scope::Due => (source.on, false),
            Scope::All => (source.on, true),
        };
        // A server that asked to be left alone is, whatever a person says.
        let ways = if wanted { list::ways(store, source, whatever, pass.now)? } else { Vec::new() };
        // What an earlier run left to be done is done, also where the list itself is not due.
        if !ways.is_empty() || (wanted && harvest::has_work(store, source, pass.now)?) {
            chosen.push(Asked { source, ways });
        }
    }
    Ok(chosen)
}
