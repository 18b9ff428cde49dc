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

use super::{Context, Exit, Trouble, harvest::Harvest, judge::Judging, progress::Progress, reparse};

/// How long name look-ups that hang may hold up the end.
const PARTING: Duration = Duration::from_millis(200);

/// One pass of the program.
///
/// # Errors
/// Where another run holds the lock, the database cannot be used, or a named source does not exist. A source that fails
/// is no error: it is recorded, named, and gives exit code 4.
pub fn run(context: &Context, args: &RunArgs) -> Result<Exit, Trouble> {
    let passed = pass(context, args, Setting { route: Route::Environment, gazetteer: config::gazetteer()? })?;
    tell(context, &passed);
    Ok(if passed.failures.is_empty() { Exit::Well } else { Exit::SourcesFailed })
}

/// The world around a pass: the way to the hosts, and the councils there are.
pub struct Setting {
    pub route: Route,
    pub gazetteer: Gazetteer,
}

/// What came of a pass.
pub struct Passed {
    pub counts: RunCounts,
    /// The sources that failed, each with what happened.
    pub failures: Vec<(String, String)>,
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
    let failures =
        if args.retie { Vec::new() } else { fetch(context, args, &setting.route, judge.gazetteer(), &mut store, &mut counts, &progress)? };
    Judging::new(&judge, context.now).run(&mut store, &mut counts, &progress)?;

    store.write(|writer| writer.finish_run(number, context.now, &counts))?;
    progress.end();
    Ok(Passed { counts, failures })
}

/// Fetches what is due; gives the sources that failed, each with what happened.
fn fetch(
    context: &Context,
    args: &RunArgs,
    route: &Route,
    gazetteer: &Gazetteer,
    store: &mut Store,
    counts: &mut RunCounts,
    progress: &Progress,
) -> Result<Vec<(String, String)>, Trouble> {
    let sources = chosen(context, args, store)?;
    if sources.is_empty() {
        return Ok(Vec::new());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let fetcher = Fetcher::by_route(context.config.fetch.clone(), route)?;
    let mut harvest = Harvest::new(sources, fetcher, gazetteer, context.now);
    let done = runtime.block_on(harvest.run(store, progress));
    let failures = harvest
        .failures()
        .into_iter()
        .map(|(name, failure)| (name.to_owned(), format!("{} ({})", failure.detail, failure.kind.as_str())))
        .collect();
    *counts = harvest.counts;
    drop(harvest);
    runtime.shutdown_timeout(PARTING);
    done.map(|()| failures)
}

/// The sources of this pass: those named, all that are on, or those that are on and due.
fn chosen<'a>(context: &'a Context, args: &RunArgs, store: &Store) -> Result<Vec<&'a Source>, Trouble> {
    let sources = &context.config.sources;
    if let Some(unknown) = args.source.iter().find(|name| sources.iter().all(|source| source.name != **name)) {
        return Err(Trouble::usage(format!("no source is named `{unknown}`")).hint("`tieback sources list --all` shows their names"));
    }
    let mut chosen = Vec::new();
    for source in sources {
        let named = args.source.contains(&source.name);
        let wanted =
            if args.source.is_empty() { source.on && (args.all || store.source_state(&source.name)?.is_due(context.now)) } else { named };
        if wanted {
            chosen.push(source);
        }
    }
    Ok(chosen)
}

/// One line of counts, then one for each source that failed. A quiet run speaks only of failures.
fn tell(context: &Context, Passed { counts, failures }: &Passed) {
    if !context.quiet {
        let RunCounts { sources, requests, unchanged, items, stories, stories_changed, reports, reports_changed, judged, tied, .. } =
            counts;
        eprintln!(
            "{sources} sources, {requests} requests ({unchanged} unchanged): {reports} new reports ({reports_changed} changed), {items} new items, {stories} new stories ({stories_changed} changed); {judged} stories judged, {tied} newly tied"
        );
    }
    for (name, detail) in failures {
        eprintln!("{}: {}", crate::model::text::clean_line(name), crate::model::text::clean_line(detail));
    }
    if !failures.is_empty() {
        eprintln!("hint: `tieback sources` shows how each source fares; what failed is tried again when it is due");
    }
}
