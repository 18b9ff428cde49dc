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
    harvest::{Harvest, Missed},
    judge::Judging,
    progress::Progress,
    reparse,
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
    tell(context, &passed);
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
    /// The sources that failed, each with what happened.
    pub failures: Vec<(String, String)>,
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
    let failures = harvest
        .failures()
        .into_iter()
        .map(|(name, failure)| (name.to_owned(), format!("{} ({})", failure.detail, failure.kind.as_str())))
        .collect();
    *counts = harvest.counts;
    let fetched = Fetched { failures, missed: harvest.missed };
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
fn tell(context: &Context, Passed { counts, fetched }: &Passed) {
    if !context.quiet {
        let RunCounts { sources, requests, unchanged, items, stories, stories_changed, reports, reports_changed, judged, tied, .. } =
            counts;
        eprintln!(
            "{sources} sources, {requests} requests ({unchanged} unchanged): {reports} new reports ({reports_changed} changed), {items} new items, {stories} new stories ({stories_changed} changed); {judged} stories judged, {tied} newly tied{}",
            missing(fetched.missed)
        );
    }
    for (name, detail) in &fetched.failures {
        eprintln!("{}: {}", crate::model::text::clean_line(name), crate::model::text::clean_line(detail));
    }
    if !fetched.failures.is_empty() {
        eprintln!("hint: `tieback sources` shows how each source fares; what failed is tried again when it is due");
    }
}

/// What the closing line says of pages that did not come; nothing where all came.
fn missing(missed: Missed) -> String {
    let pages = |count: u32| if count == 1 { "1 page".to_owned() } else { format!("{count} pages") };
    let mut said = String::new();
    if missed.later > 0 {
        said.push_str(&format!("; {} could not be fetched, tried again later", pages(missed.later)));
    }
    if missed.given_up > 0 {
        said.push_str(&format!("; {} given up", pages(missed.given_up)));
    }
    said
}
