//! One file per subcommand; here the stages meet.

mod add;
mod authority;
mod backup;
mod brief;
mod chart;
mod check;
mod columns;
mod confirm;
mod context;
mod cues;
mod decide;
mod digest;
mod docs;
mod export;
mod features;
mod filter;
mod find;
mod init;
mod limits;
mod lock;
mod output;
mod pager;
pub mod progress;
mod queue;
mod read_report;
mod replace;
mod reports;
mod restore;
mod review;
mod run;
mod schedule;
mod search;
mod sheet;
mod show;
mod sources;
mod stories;
mod summary;
mod table;
mod tell;
mod typed;
mod undo;
mod warc;
mod watch;
mod when;

pub mod demo;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    process::ExitCode,
};

use clap::Parser;

use crate::{
    cli::{Cli, Command, Global},
    model::{tie::TieState, verdict::Review},
    read::contained::is_contained,
};
use context::Context;
pub use context::{Exit, Trouble};

/// Reads the command line, does what it says, and gives the exit code of the contract.
pub fn main() -> ExitCode {
    leave_contained_panics_untold();
    let mut cli = Cli::parse_from(typed::arguments(std::env::args_os()));
    ask_environment(&mut cli.global);
    // Cron mails each line: that another run is at work is no trouble of a run's, and the exit code says it.
    let yields = cli.global.quiet && matches!(cli.command, Command::Run(_));
    let log = cli.global.log;
    limits::outlive();
    // What panics has been told by then.
    let done = catch_unwind(AssertUnwindSafe(|| dispatch(cli))).unwrap_or(Ok(Exit::Unexpected));
    match done {
        Ok(exit) => exit.into(),
        Err(trouble) => {
            if !yields || trouble.exit != Exit::Locked {
                trouble.tell(log);
            }
            trouble.exit.into()
        }
    }
}

/// The files that the environment names, where the command line names none. Read here, since clap would show them in the usage
/// of every command as if they had been typed.
fn ask_environment(global: &mut Global) {
    for (name, file) in [("TIEBACK_CONFIG", &mut global.config), ("TIEBACK_DATABASE", &mut global.database)] {
        let named = std::env::var_os(name).filter(|path| !path.is_empty());
        *file = file.take().or_else(|| named.map(PathBuf::from));
    }
}

/// What became of a file that stopped a reader is said where it is recorded; cron need not mail a trace of the stack.
fn leave_contained_panics_untold() {
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| if is_contained() { tracing::debug!("{panic}") } else { told(panic) }));
}

fn dispatch(cli: Cli) -> Result<Exit, Trouble> {
    let global = &cli.global;
    // Read only where it is needed, so that `init`, `man` and the reader work with a broken configuration.
    let context = || Context::new(global);
    match cli.command {
        Command::Run(args) => run::run(&context()?, &args),
        Command::Summary(args) => summary::run(&context()?, &args),
        Command::Digest(args) => digest::run(&context()?, &args),
        Command::Export(args) => export::run(&context()?, &args),
        Command::Show { id, original: true, .. } => show::original(&context()?, &id),
        Command::Show { id, text, json, original: false } => show::run(&context()?, &id, text, json),
        Command::Search { words, filter, limit, json } => search::run(&context()?, &words, &filter, limit, json),
        Command::Stories(args) => stories::run(&context()?, &args),
        Command::Reports(args) => reports::run(&context()?, &args),
        Command::Authority { name, json } => authority::run(&context()?, &name, json),
        Command::Sources(args) => sources::run(&context()?, &args),
        Command::Review(args) => review::run(&context()?, &args),
        Command::Tie { story, report } => decide::tie(&context()?, &story, &report, TieState::Confirmed),
        Command::Untie { story, report } => decide::tie(&context()?, &story, &report, TieState::Rejected),
        Command::Keep { stories } => decide::review(&context()?, &stories, Review::Kept),
        Command::Discard { stories } => decide::review(&context()?, &stories, Review::Discarded),
        Command::Note { story, text } => decide::note(&context()?, &story, &text),
        Command::Undo => undo::run(&context()?),
        Command::Forget { address, yes } => decide::forget(&context()?, &address, yes),
        Command::Check { quick, json } => check::run(&context()?, quick, json),
        Command::Backup { file } => backup::run(&context()?, &file),
        Command::Add { things, url, json } => add::run(&context()?, &things, url.as_ref(), json),
        Command::Restore { file, yes } => restore::run(&context()?, &file, yes),
        Command::Init { file, force, systemd } => init::run(global, file.as_deref(), force, systemd),
        Command::Demo { keep } => demo::run(global, keep.as_deref()),
        Command::Completions { shell } => docs::completions(global, shell),
        Command::Man { folder } => docs::man(folder.as_deref()),
        Command::ReadReport { hints, length } => read_report::run(&hints, length),
        Command::Features { unseen: false } => features::run(&context()?),
        Command::Features { unseen: true } => features::unseen(&context()?),
        Command::Cues { stories, cues } => cues::run(&stories, &cues),
        Command::Terms { stories } => cues::terms(&stories),
    }
}
