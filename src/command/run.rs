//! `run`: one pass of the pipeline, and one closing line.

use crate::{
    cli::RunArgs,
    config,
    fetch::Route,
    model::authority::Gazetteer,
    pipeline::run::{self, Pass, Passed, Scope},
};

use super::{Context, Exit, Trouble, progress::Progress, tell, watch};

/// One pass of the program.
///
/// # Errors
/// Where another run holds the lock, the database cannot be used, or a named source does not exist. A source that fails
/// is no error: it is recorded, named, and gives exit code 4.
pub fn run(context: &Context, args: &RunArgs) -> Result<Exit, Trouble> {
    let passed = pass(context, scope(args), Route::Environment, config::gazetteer()?)?;
    tell::passed(context.quiet, context.log, &passed);
    watch::tell(context)?;
    Ok(match &passed {
        Passed { stopped: true, .. } => Exit::Stopped,
        Passed { faults, .. } if !faults.is_empty() => Exit::Unexpected,
        Passed { failures, .. } if !failures.is_empty() => Exit::SourcesFailed,
        _ => Exit::Well,
    })
}

/// The same by a given way to the hosts and with given councils, saying nothing of what came of it.
///
/// # Errors
/// As [`run`].
pub fn pass(context: &Context, scope: Scope, route: Route, gazetteer: Gazetteer) -> Result<Passed, Trouble> {
    let mut store = context.store()?;
    let _lock = context.lock()?;
    let progress = Progress::new(context.quiet);
    let config = &context.config;
    let pass = Pass { sources: &config.sources, fetch: &config.fetch, route, gazetteer, scope, now: context.now };
    let passed = run::pass(pass, &mut store, &progress);
    progress.end();
    Ok(passed?)
}

fn scope(args: &RunArgs) -> Scope {
    match args {
        RunArgs { retie: true, .. } => Scope::Judge,
        RunArgs { source, .. } if !source.is_empty() => Scope::Named(source.clone()),
        RunArgs { all: true, .. } => Scope::All,
        _ => Scope::Due,
    }
}
