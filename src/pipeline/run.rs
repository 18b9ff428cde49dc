//! One pass: due sources -> fetch and read -> store -> judge.

use std::{io, sync::Mutex, thread, time::Duration};

use jiff::Timestamp;
use tokio::runtime::Runtime;

use crate::{
    fetch::{self, Fetcher, Route},
    model::{
        authority::Gazetteer,
        backfill::Past,
        fetched::{Failure, FetchSettings},
        host::{Hold, Host, Memory},
        keep::{LetGo, Lifetimes},
        quiet::Quiet,
        source::{Source, SourceKind},
    },
    store::{RunCounts, Store},
    tie::judge::Judge,
    work::Asking,
};

use super::{
    Halt, Watcher, backfill,
    harvest::{self, Asked, Doubted, Failed, Harvest, Missed, Moved, READERS, READING_STACK, Reach, Recovered, Seen},
    judge::Judging,
    list,
    reread::{self, RereadCounts},
    retention,
    settle::put_clock_right,
    stop::Stop,
};

/// Before 2015 no clock stands that was set: those that lost the time say 1970, 1980 or 2000.
const LOST_BEFORE: i64 = 1_420_070_400;

/// The share of a run's time in which it fetches; the rest is for judging what came.
const FETCHING: f64 = 0.8;

/// Threads of the runtime, which talk to hosts.
const WORKERS: usize = 2;

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
    /// How long it may take; no limit where there is none.
    pub time: Option<Duration>,
    pub reach: Reach,
    /// How long what was received is kept.
    pub keep: Lifetimes,
    /// When nothing is fetched that can wait.
    pub quiet: Option<Quiet>,
    /// Of sources asked for by name, what was published from then on is fetched, too.
    pub since: Option<Timestamp>,
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
    /// None: all that is kept of reports and stories is read again.
    Reread,
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
    /// How much came of reading stored bytes; nothing where none were due.
    pub reread: Option<RereadCounts>,
    /// What was past its time.
    pub let_go: LetGo,
    /// Faults of ours, each once; what they kept from being done is done in a later run.
    pub faults: Vec<String>,
    /// What each list gave, in the order of the configuration.
    pub seen: Vec<(String, Result<Seen, Failure>)>,
    /// What sources had failed and answer again.
    pub recovered: Vec<Recovered>,
    /// Hosts that asked to be left alone.
    pub holds: Vec<Host>,
    /// Sources that moved for good.
    pub moves: Vec<Moved>,
    /// The sources that are in trouble, whether they were asked now or not.
    pub trouble: Vec<String>,
    /// Sources whose past is being fetched, and how far it has come.
    pub pasts: Vec<(String, Past)>,
    /// Nothing was fetched, since quiet hours last until then.
    pub quiet_until: Option<Timestamp>,
    /// A signal stopped it: what came is stored, the rest is for the next run.
    pub stopped: bool,
    /// Its time was used up: the same, and as a person wanted it.
    pub out_of_time: bool,
    /// A run before bore a time after this one's: the clock stood ahead then, and what it left is put right.
    pub clock_was_ahead: Option<Timestamp>,
}

/// Does what the pass is to do, and records it as a run.
///
/// # Errors
/// Where the database fails, nothing can be fetched at all, or a named source does not exist. A source that fails is no
/// error: it is recorded and named.
pub fn pass(pass: Pass<'_>, store: &mut Store, watch: &dyn Watcher) -> Result<Passed, Halt> {
    let runtime = runtime()?;
    let stop = Stop::listen(&runtime);
    let clock_was_ahead = store.done_ahead(pass.now)?;
    if clock_was_ahead.is_some() {
        // A clock that lost the time would move all that is stored back to it.
        if pass.now.as_second() < LOST_BEFORE {
            return Err(Halt::Clock(pass.now));
        }
        store.write(|writer| put_clock_right(writer, pass.now))?;
    }
    list::keep_addresses(store, pass.sources)?;
    let memory = store.memory()?;
    let held = held(&pass, &memory);
    if let (Some(since), Scope::Named(names)) = (pass.since, &pass.scope) {
        let named = |source: &&Source| names.contains(&source.name) && source.kind != SourceKind::Ofsted;
        store.write(|writer| {
            let chapters = pass
                .sources
                .iter()
                .filter(named)
                .flat_map(|source| backfill::first(source, since).into_iter().map(move |chapter| (source, chapter)));
            chapters.into_iter().try_for_each(|(source, chapter)| writer.want_chapter(&source.name, &chapter))
        })?;
    }
    let quiet_until = pass.quiet.filter(|_| pass.scope == Scope::Due).and_then(|quiet| quiet.end(pass.now));
    let sources = if quiet_until.is_some() { Vec::new() } else { store.read(|store| chosen(&pass, store, &held))? };
    // What a power cut takes back is asked for again: to wait for the disk after each of a thousand lists that have nothing new
    // takes ten times longer than to ask them.
    store.set_waiting(false)?;
    if pass.reach == Reach::Lists {
        let mut passed = fetch(&pass, (sources, memory), store, &runtime, &stop, watch)?;
        passed.failures.extend(held);
        passed.stopped = stop.is_asked();
        runtime.shutdown_timeout(PARTING);
        return Ok(passed);
    }
    let number = store.write(|writer| writer.start_run(pass.now))?;
    reread::queue(store, &pass.gazetteer, &pass.scope, pass.now)?;
    let (fetching, all) = (stop.within(&runtime, pass.time.map(|time| time.mul_f64(FETCHING))), stop.within(&runtime, pass.time));
    let reread = reread::due(store, &pass.gazetteer, &runtime, (&fetching, watch), pass.now)?;
    let mut passed =
        if sources.is_empty() { Passed::default() } else { fetch(&pass, (sources, memory), store, &runtime, &fetching, watch)? };
    // To make a judge ready takes longer than the rest of a run with nothing due.
    if store.has_pending()? {
        Judging::new(&Judge::new(pass.gazetteer.clone())?, pass.now).run(store, &mut passed.counts, watch, &all)?;
    }
    let idle = passed.counts.requests == 0 && passed.counts.judged == 0;
    passed.let_go = retention::let_go(store, &pass.keep, idle, &all, pass.now)?;
    store.set_waiting(true)?;
    store.write(|writer| {
        writer.forget_hosts(pass.now)?;
        writer.finish_run(number, pass.now, &passed.counts)
    })?;
    passed.reread = Some(reread.counts).filter(|counts| counts.read + counts.unread > 0);
    passed.faults.splice(0..0, reread.faults);
    passed.failures.extend(held);
    passed.quiet_until = quiet_until;
    (passed.pasts, passed.trouble) =
        store.read(|store| Ok::<_, Halt>((pasts(&pass, store)?, in_trouble(&pass, store, &passed.failures)?)))?;
    passed.stopped = stop.is_asked();
    passed.out_of_time = !passed.stopped && fetching.is_asked();
    passed.clock_was_ahead = clock_was_ahead;
    runtime.shutdown_timeout(PARTING);
    Ok(passed)
}

fn runtime() -> Result<Runtime, Halt> {
    see_room()?;
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).thread_stack_size(READING_STACK).enable_all().build()?)
}

/// Sees whether there is room for the threads of the runtime and of the readers: it panics, and then hangs, where it finds none.
fn see_room() -> io::Result<()> {
    let gate = Mutex::new(());
    thread::scope(|scope| {
        let closed = gate.lock();
        let one = |_| thread::Builder::new().stack_size(READING_STACK).spawn_scoped(scope, || drop(gate.lock()));
        let made: io::Result<Vec<_>> = (0..WORKERS + READERS).map(one).collect();
        drop(closed);
        made.map(drop)
    })
}

/// Fetches what is due.
fn fetch(
    pass: &Pass<'_>,
    (sources, memory): (Vec<Asked<'_>>, Memory),
    store: &mut Store,
    runtime: &Runtime,
    stop: &Stop,
    watch: &dyn Watcher,
) -> Result<Passed, Halt> {
    let fetcher = Fetcher::remembering(pass.fetch.clone(), &pass.route, memory, pass.now)?;
    let mut harvest = Harvest::new(sources, fetcher, &pass.gazetteer, pass.reach, pass.now);
    harvest.items = pass.keep.items;
    harvest.pause = pass.fetch.per_host_delay;
    let done = runtime.block_on(harvest.run(store, watch, stop));
    let (failures, doubts, recovered, seen) = (harvest.failures(), harvest.doubts(), harvest.recovered(), harvest.seen());
    let Harvest { counts, missed, faults, holds, moves, .. } = harvest;
    done.map(|()| Passed { counts, failures, doubts, recovered, seen, missed, faults, holds, moves, ..Passed::default() })
}

/// Sources that are asked for by name, and whose host wants to be left alone: a person has to be told why nothing comes.
fn held(pass: &Pass<'_>, memory: &Memory) -> Vec<Failed> {
    let is_asked = |source: &&Source| match &pass.scope {
        Scope::Named(names) => names.contains(&source.name),
        Scope::All => source.on && pass.reach == Reach::Lists,
        Scope::Due | Scope::Judge | Scope::Reread => false,
    };
    let holds: Vec<(String, Hold)> = memory.hosts.iter().filter_map(|host| Some((host.name.clone(), host.held.clone()?))).collect();
    let failed = |source: &Source| {
        let failure = fetch::held(&holds, &source.url, pass.now)?;
        Some(Failed { source: source.name.clone(), failure, began: true })
    };
    pass.sources.iter().filter(is_asked).filter_map(failed).collect()
}

/// How far the past of each source has come that is not at its end, or was asked for now.
fn pasts(pass: &Pass<'_>, store: &Store) -> Result<Vec<(String, Past)>, Halt> {
    let mut told = Vec::new();
    for source in pass.sources {
        let past = store.past(&source.name)?;
        let asked = pass.since.is_some() && matches!(&pass.scope, Scope::Named(names) if names.contains(&source.name));
        if past.lists > 0 || (asked && past.read > 0) {
            told.push((source.name.clone(), past));
        }
    }
    Ok(told)
}

/// The sources that are on, or were asked for by name, and failed now or when they were last asked.
fn in_trouble(pass: &Pass<'_>, store: &Store, failures: &[Failed]) -> Result<Vec<String>, Halt> {
    let mut trouble = Vec::new();
    for source in pass.sources {
        let counts = match &pass.scope {
            Scope::Judge | Scope::Reread => false,
            Scope::Named(names) => names.contains(&source.name),
            Scope::Due | Scope::All => source.on,
        };
        let failed = |failed: &Failed| failed.source == source.name;
        if counts && (failures.iter().any(failed) || store.source_state(&source.name)?.failures > 0) {
            trouble.push(source.name.clone());
        }
    }
    Ok(trouble)
}

/// The sources of this pass, with the ways by which they are to be asked.
fn chosen<'a>(pass: &Pass<'a>, store: &Store, held: &[Failed]) -> Result<Vec<Asked<'a>>, Halt> {
    if let Scope::Named(names) = &pass.scope
        && let Some(unknown) = names.iter().find(|name| pass.sources.iter().all(|source| source.name != **name))
    {
        return Err(Halt::NoSource(unknown.clone()));
    }
    let mut chosen = Vec::new();
    for source in pass.sources {
        let (wanted, asking) = match &pass.scope {
            Scope::Judge | Scope::Reread => (false, Asking::Due),
            Scope::Named(names) => (names.contains(&source.name), Asking::Named),
            Scope::Due => (source.on, Asking::Due),
            Scope::All => (source.on, Asking::All),
        };
        // A server that asked to be left alone is, whatever a person says.
        let wanted = wanted && held.iter().all(|held| held.source != source.name);
        let ways = if wanted { list::ways(store, source, asking, pass.now)? } else { Vec::new() };
        // What an earlier run left to be done is done, also where the list itself is not due.
        if !ways.is_empty() || (wanted && harvest::has_work(store, source, pass.now)?) {
            chosen.push(Asked { source, ways });
        }
    }
    Ok(chosen)
}
