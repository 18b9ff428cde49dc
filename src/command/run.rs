//! `run`: due sources -> fetch and read -> store -> cluster and tie -> one closing line.

use std::time::Duration;

use crate::{
    cli::RunArgs,
    config,
    fetch::{Fetcher, Route},
    model::{authority::Gazetteer, source::Source},
    store::{RunCounts, Store},
    tie::judge::Judge,
};

use super::{
    Context, Exit, Trouble,
    harvest::{Failed, Harvest, Missed},
    judge::Judging,
    progress::Progress,
    reparse, tell,
};

/// How long name look-ups that hang may hold up the end.
const PARTING: Duration = Duration::from_millis(200);

/// One pass of the program.
///
/// # Errors
/// Where another run holds the lock, the database cannot be used, or a named source does not exist. A source that fails
/// is no error: it is recorded, named, and gives exit code 4.
pub fn run(context: &Context, args: &RunArgs) -> Result<Exit, Trouble> {
    let passed = pass(context, args, Setting { route: Route::Environment, gazetteer: config::gazetteer()? })?;
    tell::passed(context.quiet, &passed);
    Ok(if passed.fetched.failures.is_empty() { Exit::Well } else { Exit::SourcesFailed })
}

/// The world around a pass: the way to the hosts, and the councils there are.
pub struct Setting {
    pub route: Route,
    pub gazetteer: Gazetteer,
}

/// What came of a pass.
pub struct Passed {
    pub counts: RunCounts,
    pub fetched: Fetched,
}

/// The same in a given setting, and saying nothing of what came of it.
///
/// # Errors
/// As [`run`].
pub fn pass(context: &Context, args: &RunArgs, setting: Setting) -> Result<Passed, Trouble> {
    let mut store = context.store()?;
    let _lock = context.lock()?;
    let judge = Judge::new(setting.gazetteer)?;
    let progress = Progress::new(context.quiet);
    let number = store.write(|writer| writer.start_run(context.now))?;
    let mut counts = RunCounts::default();

    reparse::older(&mut store, judge.gazetteer(), args.retie)?;
    let fetched = if args.retie {
        Fetched::default()
    } else {
        fetch(context, args, &setting.route, judge.gazetteer(), &mut store, &mut counts, &progress)?
    };
    Judging::new(&judge, context.now).run(&mut store, &mut counts, &progress)?;

    store.write(|writer| writer.finish_run(number, context.now, &counts))?;
    progress.end();
    Ok(Passed { counts, fetched })
}

/// What did not come.
#[derive(Default)]
pub struct Fetched {
    /// The sources that failed, in the order of the configuration.
    pub failures: Vec<Failed>,
    pub missed: Missed,
}

/// Fetches what is due.
fn fetch(
    context: &Context,
    args: &RunArgs,
    route: &Route,
    gazetteer: &Gazetteer,
    store: &mut Store,
    counts: &mut RunCounts,
    progress: &Progress,
) -> Result<Fetched, Trouble> {
    let sources = chosen(context, args, store)?;
    if sources.is_empty() {
        return Ok(Fetched::default());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let fetcher = Fetcher::by_route(context.config.fetch.clone(), route)?;
    let mut harvest = Harvest::new(sources, fetcher, gazetteer, context.now);
    let done = runtime.block_on(harvest.run(store, progress));
    *counts = harvest.counts;
    let fetched = Fetched { failures: harvest.failures(), missed: harvest.missed };
    drop(harvest);
    runtime.shutdown_timeout(PARTING);
    done.map(|()| fetched)
}

/// The sources of this pass: those named, all that are on, or those that are on and due.
fn chosen<'a>(context: &'a Context, args: &RunArgs, store: &Store) -> Result<Vec<&'a Source>, Trouble> {
    let sources = &context.config.sources;
    if let Some(unknown) = args.source.iter().find(|name| sources.iter().all(|source| source.name != **name)) {
        return Err(Trouble::usage(format!("no source is named `{unknown}`")).hint("`tieback sources list --all` shows their names"));
    }
    let mut chosen = Vec::new();
    for source in sources {
        let wanted = if args.source.is_empty() {
            let state = store.source_state(&source.name)?;
            // A server that asked to be left alone is, whatever a person says of all.
            source.on && (state.is_due(context.now) || (args.all && state.may_be_asked(context.now)))
        } else {
            args.source.contains(&source.name)
        };
        if wanted {
            chosen.push(source);
        }
    }
    Ok(chosen)
}
