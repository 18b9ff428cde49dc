//! `run`: one pass of the pipeline, and one closing line.

use std::time::Duration;

use crate::{
    cli::RunArgs,
    config,
    fetch::Route,
    model::authority::Gazetteer,
    pipeline::{
        harvest::Reach,
        run::{self, Pass, Passed, Scope},
    },
};

use super::{Context, Exit, Trouble, progress::Progress, tell, watch};

/// What a pass is to do.
pub struct Task {
    pub scope: Scope,
    /// How long it may take.
    pub time: Option<Duration>,
    pub reach: Reach,
}

/// One pass of the program.
///
/// # Errors
/// Where another run holds the lock, the database cannot be used, or a named source does not exist. A source that fails
/// is no error: it is recorded, named, and gives exit code 4.
pub fn run(context: &Context, args: &RunArgs) -> Result<Exit, Trouble> {
    let task = Task { scope: scope(args), time: time(args)?, reach: Reach::Whole };
    let passed = pass(context, task, Route::Environment, config::gazetteer()?)?;
    tell::passed(context.quiet, context.log, &passed);
    watch::tell(context)?;
    Ok(match &passed {
        Passed { stopped: true, .. } => Exit::Stopped,
        Passed { faults, .. } if !faults.is_empty() => Exit::Unexpected,
        Passed { trouble, .. } if !trouble.is_empty() => Exit::SourcesFailed,
        _ => Exit::Well,
    })
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
    let Task { scope, time, reach } = task;
    let pass = Pass {
        sources: &config.sources,
        fetch: &config.fetch,
        route,
        gazetteer,
        scope,
        now: context.now,
        time,
        reach,
        quiet: config.quiet,
    };
    let passed = run::pass(pass, &mut store, &progress);
    progress.end();
    Ok(passed?)
}

fn time(args: &RunArgs) -> Result<Option<Duration>, Trouble> {
    let Some(typed) = &args.time else { return Ok(None) };
    match config::duration(typed).filter(|time| !time.is_zero()) {
        Some(time) => Ok(Some(time)),
        None => Err(Trouble::usage(format!("cannot read `{typed}` as a time")).hint("write a number with its unit, as in --for 10m")),
    }
}

fn scope(args: &RunArgs) -> Scope {
    match args {
        RunArgs { retie: true, .. } => Scope::Judge,
        RunArgs { source, .. } if !source.is_empty() => Scope::Named(source.clone()),
        RunArgs { all: true, .. } => Scope::All,
        _ => Scope::Due,
    }
}
