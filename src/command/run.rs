//! `run`: one pass of the pipeline, and one closing line.

use std::{path::Path, time::Duration};

use jiff::Timestamp;

use crate::{
    cli::RunArgs,
    config,
    fetch::Route,
    model::{authority::Gazetteer, day, source::Source},
    pipeline::{
        harvest::Reach,
        run::{self, Pass, Passed, Scope},
    },
};

use super::{Context, Exit, Trouble, find, progress::Progress, tell, watch, when};

/// What a pass is to do.
pub struct Task {
    pub scope: Scope,
    /// How long it may take.
    pub time: Option<Duration>,
    pub reach: Reach,
    /// Of sources asked for by name, what was published from then on, too.
    pub since: Option<Timestamp>,
}

/// One pass of the program.
///
/// # Errors
/// Where another run holds the lock, the database cannot be used, or a named source does not exist. A source that fails
/// is no error: it is recorded, named, and gives exit code 4.
pub fn run(context: &Context, args: &RunArgs) -> Result<Exit, Trouble> {
    let task = Task { scope: scope(context, args)?, time: time(args)?, reach: Reach::Whole, since: since(context, args)? };
    let passed = pass(context, task, Route::Environment, config::gazetteer()?)?;
    tell::passed(context.quiet, context.log, &passed);
    Ok(match &passed {
        Passed { stopped: true, .. } => Exit::Stopped,
        Passed { faults, .. } if !faults.is_empty() => watched(context, Exit::Unexpected),
        Passed { trouble, .. } if !trouble.is_empty() => watched(context, Exit::SourcesFailed),
        _ => watched(context, Exit::Well),
    })
}

/// Runs the commands of what is watched. A trouble of theirs is told, and hides none of the run's.
fn watched(context: &Context, exit: Exit) -> Exit {
    match watch::tell(context) {
        Ok(true) => exit,
        Ok(false) => Exit::Stopped,
        Err(trouble) => {
            trouble.tell(context.log);
            if exit == Exit::Well { trouble.exit } else { exit }
        }
    }
}

/// The same by a given way to the hosts and with given councils, saying nothing of what came of it.
///
/// # Errors
/// As [`run`].
pub fn pass(context: &Context, task: Task, route: Route, gazetteer: Gazetteer) -> Result<Passed, Trouble> {
    let mut store = context.store()?;
    let _lock = context.lock()?;
    let progress = Progress::new(context.quiet);
    let config = &context.config;
    let Task { scope, time, reach, since } = task;
    let sources = backdated(&config.sources, &scope, since);
    let pass = Pass {
        sources: &sources,
        fetch: &config.fetch,
        route,
        gazetteer,
        scope,
        now: context.now,
        time,
        reach,
        keep: config.keep,
        quiet: config.quiet,
        since,
    };
    let before = place(&context.database);
    let passed = run::pass(pass, &mut store, &progress);
    progress.end();
    let passed = passed?;
    if place(&context.database) != before {
        return Err(Trouble::new(
            Exit::Database,
            format!("the database `{}` was moved, replaced or deleted while the run was at work", context.database.display()),
        )
        .hint("what the run brought stands in the file that was there before; where that is gone, run again"));
    }
    Ok(passed)
}

/// What tells a file from another one that has its name later.
#[cfg(unix)]
fn place(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|known| (known.dev(), known.ino()))
}

#[cfg(not(unix))]
fn place(path: &Path) -> bool {
    path.exists()
}

/// The sources, with Ofsted's older reports where they are asked for.
fn backdated(sources: &[Source], scope: &Scope, since: Option<Timestamp>) -> Vec<Source> {
    let Some(since) = since.map(day::of) else { return sources.to_vec() };
    let named = |source: &Source| matches!(scope, Scope::Named(names) if names.contains(&source.name));
    let backdate =
        |source: &Source| Source { since: source.since.map(|day| if named(source) { day.min(since) } else { day }), ..source.clone() };
    sources.iter().map(backdate).collect()
}

fn since(context: &Context, args: &RunArgs) -> Result<Option<Timestamp>, Trouble> {
    let Some(typed) = &args.since else { return Ok(None) };
    let no_reader =
        || Err(Trouble::usage("a run has no reader, so that `last` says nothing").hint("write a day, as in --since 2020-01-01"));
    when::parse_from(typed, context.now, no_reader).map(Some)
}

fn time(args: &RunArgs) -> Result<Option<Duration>, Trouble> {
    let Some(typed) = &args.time else { return Ok(None) };
    match config::duration(typed).filter(|time| !time.is_zero()) {
        Some(time) => Ok(Some(time)),
        None => Err(Trouble::usage(format!("cannot read `{typed}` as a time")).hint("write a number with its unit, as in --for 10m")),
    }
}

fn scope(context: &Context, args: &RunArgs) -> Result<Scope, Trouble> {
    Ok(match args {
        RunArgs { reread: true, .. } => Scope::Reread,
        RunArgs { retie: true, .. } => Scope::Judge,
        RunArgs { source, .. } if !source.is_empty() => Scope::Named(find::sources(source, &context.config.sources)?),
        RunArgs { all: true, .. } => Scope::All,
        _ => Scope::Due,
    })
}
