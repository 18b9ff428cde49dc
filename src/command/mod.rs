//! One file per subcommand; here the stages meet.

mod context;
mod csv;
mod export;
mod harvest;
pub mod judge;
mod output;
pub mod progress;
mod read_apart;
mod reparse;
mod run;

pub mod demo;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use context::Context;
pub use context::{Exit, Trouble};

/// Reads the command line, does what it says, and gives the exit code of the contract.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match dispatch(cli) {
        Ok(exit) => exit.into(),
        Err(trouble) => {
            trouble.tell();
            trouble.exit.into()
        }
    }
}

fn dispatch(cli: Cli) -> Result<Exit, Trouble> {
    match cli.command {
        Command::ReadReport { hints } => read_apart::serve(&hints),
        command => {
            let context = Context::new(&cli.global)?;
            match command {
                Command::Run(args) => run::run(&context, &args),
                Command::Export(args) => export::run(&context, &args),
                _ => Err(Trouble::usage("this command is not there yet")),
            }
        }
    }
}
