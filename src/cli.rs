//! The command line as typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

/// Ties news about inspections of children's services in England to the exact Ofsted report.
///
/// Put `tieback run -q` into cron, and read `tieback summary` in the morning. Everything is kept in one local file.
#[derive(Debug, Parser)]
#[command(name = "tieback", version, max_term_width = 100, after_help = AFTER, subcommand_required = true, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

const AFTER: &str = "\
Start here:
  tieback demo         see the whole of it on a made-up web, without network, in seconds
  tieback init         write a configuration of your own, to edit
  tieback run          fetch what is due, read it, tie it, store it
  tieback summary      what the last day brought

Exit codes: 0 all well; 1 unexpected failure; 2 usage; 3 configuration; 4 the run finished but some sources
failed; 5 another run holds the lock; 6 the database cannot be used.";

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// The configuration [default: the user's, else the built-in one]
    #[arg(long, value_name = "FILE", global = true, env = "TIEBACK_CONFIG", hide_env_values = true)]
    pub config: Option<PathBuf>,
    /// The database [default: tieback/tieback.db in the user's data folder]
    #[arg(long, value_name = "FILE", global = true, env = "TIEBACK_DATABASE", hide_env_values = true)]
    pub database: Option<PathBuf>,
    /// The time to take for now, for tests and reproducible output
    #[arg(long, value_name = "RFC3339", global = true, hide = true)]
    pub now: Option<Timestamp>,
    /// Say more; twice for everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Say nothing when nothing is wrong
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Colours
    #[arg(long, value_enum, value_name = "WHEN", global = true, default_value_t = ColorChoice::Auto)]
    pub color: ColorChoice,
}

/// When to use colours. `NO_COLOR` turns them off where this says auto.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Fetch what is due, read it, dedupe it, tie it and store it; made for cron
    Run(RunArgs),
    /// Show what a day brought, on the terminal
    Summary(SummaryArgs),
    /// Write the digest: RSS, Atom, JSON Feed, HTML or Markdown
    Digest(DigestArgs),
    /// Everything, one object a line, on stdout
    Export(ExportArgs),
    /// Show one story or report with all that is known of it
    Show {
        /// A story (s-…) or a report (r-…), as other commands print it
        id: String,
        #[arg(long)]
        json: bool,
    },
    /// Find words in stories and reports
    Search {
        /// Words that must all occur; the last may be the beginning of a word
        #[arg(required = true)]
        words: Vec<String>,
        /// At most so many hits
        #[arg(long, default_value_t = 20)]
        limit: usize,
        #[arg(long)]
        json: bool,
    },
    /// List stories, newest first
    Stories(StoriesArgs),
    /// List reports, newest first
    Reports(ReportsArgs),
    /// An authority's inspections over time, with grades and stories
    Authority {
        /// Its name, or enough of it
        #[arg(required = true)]
        name: Vec<String>,
        #[arg(long)]
        json: bool,
    },
    /// What is fetched and how it fares
    Sources(SourcesArgs),
    /// Confirm that a story is about a report
    Tie {
        /// A story (s-…)
        story: String,
        /// A report (r-…)
        report: String,
    },
    /// Reject a tie: the story is not about the report
    Untie {
        /// A story (s-…)
        story: String,
        /// A report (r-…)
        report: String,
    },
    /// Keep stories: mark them as reviewed and wanted
    Keep {
        #[arg(required = true)]
        stories: Vec<String>,
    },
    /// Discard stories: they are not shown again
    Discard {
        #[arg(required = true)]
        stories: Vec<String>,
    },
    /// Add a note to a story
    Note {
        story: String,
        #[arg(required = true)]
        text: Vec<String>,
    },
    /// Delete one address for good: nothing of it is kept, and it never comes back
    Forget {
        /// The address of a story, or its id (s-…)
        address: String,
    },
    /// Compare what Ofsted lists with what is stored, and verify the database
    Check,
    /// Write a copy of the database to a new file
    Backup { file: PathBuf },
    /// Write a configuration to edit
    Init {
        /// Where [default: the place where it is looked for]
        file: Option<PathBuf>,
        /// Replace a file that is there
        #[arg(long)]
        force: bool,
    },
    /// Run the whole pipeline on a small made-up web inside the program: no network, a throwaway database
    Demo {
        /// Keep the database in this new file
        #[arg(long, value_name = "FILE")]
        keep: Option<PathBuf>,
    },
    /// Print shell completions
    Completions { shell: clap_complete::Shell },
    /// Print the manual page
    Man,
    /// Read a report file from standard input, print the reading as JSON (used by `run` to keep hostile files apart)
    #[command(hide = true)]
    ReadReport {
        /// What the listing says of it, as JSON
        #[arg(long, default_value = "{}")]
        hints: String,
    },
    /// Print what speaks for and against each candidate tie, one JSON object a line (for fitting the weights)
    #[command(hide = true)]
    Features,
}

#[derive(Debug, Args)]
pub struct RunArgs {
    /// Fetch every source, due or not
    #[arg(long)]
    pub all: bool,
    /// Fetch only this source, due or not (may be repeated)
    #[arg(long, value_name = "NAME")]
    pub source: Vec<String>,
    /// Fetch nothing: read stored reports again where the parser is newer, and tie all stories again
    #[arg(long, conflicts_with_all = ["all", "source"])]
    pub retie: bool,
}

#[derive(Debug, Args)]
pub struct SummaryArgs {
    /// From when on: a day (2026-11-23), a moment, or how long ago (24h, 7d) [default: 24h]
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DigestFormat {
    Rss,
    Atom,
    Json,
    Html,
    Markdown,
}

#[derive(Debug, Args)]
pub struct DigestArgs {
    #[arg(long, value_enum, default_value_t = DigestFormat::Rss)]
    pub format: DigestFormat,
    /// Replace this file as a whole, instead of writing to stdout
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// From when on: a day, a moment, or how long ago [default: 14d]
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportWhat {
    Stories,
    Reports,
    Authorities,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    Jsonl,
    Csv,
}

#[derive(Debug, Args)]
pub struct ExportArgs {
    #[arg(value_enum)]
    pub what: ExportWhat,
    #[arg(long, value_enum, default_value_t = ExportFormat::Jsonl)]
    pub format: ExportFormat,
}

#[derive(Debug, Args)]
pub struct StoriesArgs {
    /// Only about this authority
    #[arg(long, value_name = "NAME")]
    pub authority: Option<String>,
    /// Only in this state
    #[arg(long, value_enum)]
    pub state: Option<StateFilter>,
    /// From when on: a day, a moment, or how long ago
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,
    /// Also those that are not about an inspection of children's services
    #[arg(long)]
    pub irrelevant: bool,
    #[arg(long, default_value_t = 50)]
    pub limit: usize,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StateFilter {
    Tied,
    Possible,
    Waiting,
    None,
}

#[derive(Debug, Args)]
pub struct ReportsArgs {
    /// Only of this authority
    #[arg(long, value_name = "NAME")]
    pub authority: Option<String>,
    /// Only those that no story is tied to
    #[arg(long)]
    pub uncovered: bool,
    /// Only those read with doubts
    #[arg(long)]
    pub doubts: bool,
    /// Published from this day on
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,
    #[arg(long, default_value_t = 50)]
    pub limit: usize,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct SourcesArgs {
    #[command(subcommand)]
    pub command: Option<SourcesCommand>,
}

#[derive(Debug, Subcommand)]
pub enum SourcesCommand {
    /// List the sources with their state (the default)
    List {
        /// Also those that are switched off
        #[arg(long)]
        all: bool,
        #[arg(long)]
        json: bool,
    },
    /// Ask each source once, store nothing, and say what came back
    Check {
        /// Only these sources
        names: Vec<String>,
    },
    /// Print `[[source]]` tables for the feeds of an OPML file
    Import { file: PathBuf },
    /// Print the feeds as OPML
    Export,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
