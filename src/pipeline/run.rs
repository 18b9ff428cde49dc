//! One pass: due sources -> fetch and read -> store -> judge.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    fetch::{Fetcher, Route},
    model::{authority::Gazetteer, fetched::FetchSettings, source::Source},
    store::{RunCounts, Store},
    tie::judge::Judge,
};

use super::{
    Halt, Watch,
    harvest::{Failed, Harvest, Missed},
    judge::Judging,
    reread,
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
    pub missed: Missed,
}

/// Does what the pass is to do, and records it as a run.
///
/// # Errors
/// Where the database fails, nothing can be fetched at all, or a named source does not exist. A source that fails is no
/// error: it is recorded and named.
pub fn pass(pass: Pass<'_>, store: &mut Store, watch: &dyn Watch) -> Result<Passed, Halt> {
    let judge = Judge::new(pass.gazetteer.clone())?;
    let number = store.write(|writer| writer.start_run(pass.now))?;
    reread::older(store, judge.gazetteer(), pass.scope == Scope::Judge)?;
    let mut passed = fetch(&pass, store, watch)?;
    Judging::new(&judge, pass.now).run(store, &mut passed.counts, watch)?;
    store.write(|writer| writer.finish_run(number, pass.now, &passed.counts))?;
    Ok(passed)
}

/// Fetches what is due.
fn fetch(pass: &Pass<'_>, store: &mut Store, watch: &dyn Watch) -> Result<Passed, Halt> {
    let sources = chosen(pass, store)?;
    if sources.is_empty() {
        return Ok(Passed::default());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let fetcher = Fetcher::by_route(pass.fetch.clone(), &pass.route)?;
    let mut harvest = Harvest::new(sources, fetcher, &pass.gazetteer, pass.now);
    let done = runtime.block_on(harvest.run(store, watch));
    let passed = Passed { counts: harvest.counts.clone(), failures: harvest.failures(), missed: harvest.missed };
    drop(harvest);
    runtime.shutdown_timeout(PARTING);
    done.map(|()| passed)
}

/// The sources of this pass.
fn chosen<'a>(pass: &Pass<'a>, store: &Store) -> Result<Vec<&'a Source>, Halt> {
    if let Scope::Named(names) = &pass.scope
        && let Some(unknown) = names.iter().find(|name| pass.sources.iter().all(|source| source.name != **name))
    {
        return Err(Halt::NoSource(unknown.clone()));
    }
    let mut chosen = Vec::new();
    for source in pass.sources {
        let wanted = match &pass.scope {
            Scope::Judge => false,
            Scope::Named(names) => names.contains(&source.name),
            Scope::Due => source.on && store.source_state(&source.name)?.is_due(pass.now),
            // A server that asked to be left alone is, whatever a person says of all.
            Scope::All => source.on && store.source_state(&source.name)?.may_be_asked(pass.now),
        };
        if wanted {
            chosen.push(source);
        }
    }
    Ok(chosen)
}
