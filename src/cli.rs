//! The command line as typed.

use std::{ffi::OsStr, marker::PhantomData, path::PathBuf};

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{EnumValueParser, PossibleValue, TypedValueParser},
};
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
  tieback demo         see the whole of it on a made-up web, without network
  tieback init         write a configuration of your own, to edit
  tieback run          fetch what is due, read it, tie it, store it
  tieback summary      what came since you last read it
  tieback review       what wants a decision

Exit codes: 0 all well; 1 unexpected failure; 2 usage; 3 configuration;
4 the run finished but some sources failed; 5 another run holds the lock;
6 the database cannot be used; 7 stopped by a signal, in order.";

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    /// The configuration [default: $TIEBACK_CONFIG, else the user's, else the built-in one]
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// The database [default: $TIEBACK_DATABASE, else tieback/tieback.db in the user's data folder]
    #[arg(long, value_name = "FILE", global = true)]
    pub database: Option<PathBuf>,
    /// The time to take for now, for tests and reproducible output
    #[arg(long, value_name = "RFC3339", global = true, hide = true)]
    pub now: Option<Timestamp>,
    /// How what happens is told on stderr
    #[arg(long, value_enum, value_name = "FORMAT", global = true, default_value_t = LogFormat::Text)]
    pub log: LogFormat,
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

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people
    Text,
    /// One JSON object a line, what a run says at its end too
    Json,
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
    #[command(after_help = "Example, in a crontab, twice an hour:\n  7,37 * * * *  tieback run -q")]
    Run(RunArgs),
    /// Show what came since you last read it, on the terminal
    ///
    /// What was shown whole on a terminal counts as read, and is not shown again: it fitted, or the pager took all of it. What
    /// goes into a pipe or a file counts as read only with --mark. Who never read anything is shown the last 24 hours. Whatever --since says, what
    /// counts as read stays as it is. With --watch that is kept for each watch by itself: reading one leaves the rest, and the
    /// other watches, as they are.
    #[command(
        after_help = "Examples, on a Monday, and from cron to somebody by mail:\n  tieback summary --since friday\n  tieback summary --reader anna --mark --mail anna@example.org | sendmail -t"
    )]
    Summary(SummaryArgs),
    /// Write the digest: RSS, Atom, JSON Feed, HTML or Markdown
    ///
    /// With -o the format follows the ending of the file: .rss or .xml, .atom, .json, .html, .md. The file is replaced as a
    /// whole, and only where what it says has changed. The page (.html) stays below 100 KB: it has the newest entries that fit,
    /// and says how many older ones are left out. A digest of a part is a feed of its own.
    #[command(after_help = "Example, behind each run, for a web server to give out:\n  tieback digest -o /var/www/html/inspections.rss")]
    Digest(DigestArgs),
    /// Everything, one object a line, on stdout
    ///
    /// As JSON lines, stories and reports hold all that hangs on them. As CSV each is a table with one value a cell, names of
    /// a kind joined by "; ", in UTF-8 with the mark by which spreadsheets know it; a cell that a spreadsheet would run as a
    /// formula gets an apostrophe. What hangs on them are the tables judgements, ties and quotations.
    #[command(
        after_help = "Examples, for a spreadsheet and for an archive:\n  tieback export reports --format csv > reports.csv\n  tieback export warc --gzip > tieback.warc.gz"
    )]
    Export(ExportArgs),
    /// Show one story or report with all that is known of it
    ///
    /// A story: its text, its ties with each piece of evidence, its quotations with page and paragraph, its copies,
    /// versions, notes and decisions. A report: its grades and how often they were read, what needs to improve, and the
    /// stories on it.
    #[command(
        after_help = "Example; the beginning of an id is enough where no other begins like it:\n  tieback show r-50004\n  tieback show https://files.ofsted.gov.uk/v1/file/50004440\n  tieback show r-50004440 --original > report.pdf"
    )]
    Show {
        /// A story (s-…) or a report (r-…) as other commands print it, or its address
        id: String,
        /// The whole text, of a report with pages and paragraph numbers
        #[arg(long)]
        text: bool,
        /// One JSON object: the fields of `export`, with text, versions and decisions
        #[arg(long)]
        json: bool,
        /// The bytes that were received, a page or a PDF, into a file or a pipe
        #[arg(long, conflicts_with_all = ["text", "json"])]
        original: bool,
    },
    /// Find words in stories and in the paragraphs of reports
    ///
    /// All words must occur. "A phrase" stands side by side; OR between two takes either; -word leaves out what has it; a
    /// star ends the beginning of a word*, and the last word may be one without it. Your shell wants the quotation marks
    /// of a phrase in single ones.
    #[command(
        after_help = "Examples:\n  tieback search front door thresholds\n  tieback search '\"pathway plan\"' leeds OR bradford -adoption"
    )]
    Search {
        /// Words that must all occur, "phrases", one OR other, -words to leave out
        #[arg(required = true)]
        words: Vec<String>,
        #[command(flatten)]
        filter: FilterArgs,
        /// At most so many hits
        #[arg(long, value_name = "N", default_value_t = 20, value_parser = at_least_one)]
        limit: usize,
        /// One JSON object a hit and line
        #[arg(long)]
        json: bool,
    },
    /// List stories, newest first
    #[command(after_help = "Example, stories whose report is not stored yet:\n  tieback stories --state waiting")]
    Stories(StoriesArgs),
    /// List reports, newest first
    #[command(after_help = "Example, what nobody has written about:\n  tieback reports --uncovered --since 4w")]
    Reports(ReportsArgs),
    /// An authority's inspections over time, with grades and stories
    ///
    /// The councils it came from, and those that came of it, are included. Each story is shown with the time it took
    /// after the report.
    #[command(after_help = "Example:\n  tieback authority northumberland")]
    Authority {
        /// Its name, or enough of it
        #[arg(required = true)]
        name: Vec<String>,
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// What is fetched and how it fares; feeds from OPML and to it
    #[command(after_help = "Example, before a change of the configuration goes into cron:\n  tieback sources check")]
    Sources(SourcesArgs),
    /// What wants a decision: possible ties, then stories that nobody looked at
    ///
    /// On a terminal it fills the screen: the queue, the story and the report beside it, and keys that decide. In a pipe, or
    /// with --list, each possible tie is listed with its best evidence and the commands that decide it: `tie`, `untie`,
    /// `keep`, `discard`, `note` and `undo`. No later run changes a decision.
    #[command(after_help = "Example:\n  tieback review --limit 5")]
    Review(ReviewArgs),
    /// Confirm that a story is about a report
    ///
    /// No later run changes it; `untie` says the opposite.
    #[command(after_help = "Example:\n  tieback tie s-2ce9573fab42 r-50004440")]
    Tie {
        /// A story (s-…), the beginning of its id, or its address
        story: String,
        /// A report (r-…), the beginning of its id, or its address
        report: String,
    },
    /// Reject a tie: the story is not about the report
    ///
    /// No later run makes the tie again; `tie` says the opposite.
    #[command(after_help = "Example:\n  tieback untie s-2ce9573fab42 r-50004440")]
    Untie {
        /// A story (s-…), the beginning of its id, or its address
        story: String,
        /// A report (r-…), the beginning of its id, or its address
        report: String,
    },
    /// Keep stories: mark them as reviewed and wanted
    #[command(after_help = "Example:\n  tieback keep s-2ce9573fab42 s-50f3c905fadb")]
    Keep {
        /// Stories (s-…), or their addresses
        #[arg(required = true, value_name = "STORY")]
        stories: Vec<String>,
    },
    /// Discard stories: they are not shown again
    ///
    /// They stay stored, so that no run brings them back; `keep` takes them in again, `forget` deletes for good.
    #[command(after_help = "Example:\n  tieback discard s-2ce9573fab42")]
    Discard {
        /// Stories (s-…), or their addresses
        #[arg(required = true, value_name = "STORY")]
        stories: Vec<String>,
    },
    /// Add a note to a story
    #[command(after_help = "Example:\n  tieback note s-2ce9573fab42 asked the press office about the date")]
    Note {
        /// A story (s-…), or its address
        story: String,
        /// The note
        #[arg(required = true, value_name = "WORDS")]
        text: Vec<String>,
    },
    /// Take the last decision back: yours, where several accounts decide
    ///
    /// What it changed is again what it was before; once more takes the one before it back. `show` tells of both.
    #[command(after_help = "Example:\n  tieback undo")]
    Undo,
    /// Delete one address for good: nothing of it is kept, and it never comes back
    ///
    /// An address that nothing is stored of may be a slip of the pen: then it is asked for first, and a `y` on standard
    /// input or --yes is wanted.
    #[command(after_help = "Example:\n  tieback forget https://news.example/2026/family-named-in-court")]
    Forget {
        /// The address of a story, or its id (s-…)
        address: String,
        /// Do not ask
        #[arg(short, long)]
        yes: bool,
    },
    /// Compare what Ofsted lists with what is stored, and verify the database
    ///
    /// Says what is missing and why, which files could not be read, what takes the space, and whether the database is whole;
    /// where it is not, the exit code is 1. Nothing is fetched. A large database takes minutes to verify: then it says how
    /// many, and --quick leaves it out.
    #[command(after_help = "Example:\n  tieback check && tieback backup ~/tieback-$(date +%F).db")]
    Check {
        /// Do not go through the database: whether it is whole, and what takes the space, is left open
        #[arg(long)]
        quick: bool,
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Write a copy of the database to a new file
    ///
    /// Other programs may read and write the database meanwhile. The file must not exist yet.
    #[command(after_help = "Example:\n  tieback backup ~/tieback-$(date +%F).db")]
    Backup {
        /// The new file
        file: PathBuf,
    },
    /// Take in a page, a saved page, a report or a feed by hand
    ///
    /// It is read, told apart and tied as a run does it; whatever a person names is taken to be meant, so a page is stored
    /// whatever it is about, and `stories --irrelevant` shows it. A PDF is read as a report of Ofsted's. Of a feed the items
    /// that may be about our subject are fetched. A folder stands for the files in it. A saved page tells its address itself
    /// or by --url.
    #[command(
        after_help = "Examples:\n  tieback add https://news.example/2026/council-told-to-improve\n  tieback add ~/saved/page.html --url https://news.example/2026/page"
    )]
    Add {
        /// Addresses, files or folders
        #[arg(required = true, value_name = "URL|FILE|FOLDER")]
        things: Vec<String>,
        /// Where the one file that is named came from
        #[arg(long)]
        url: Option<url::Url>,
        /// One JSON object a thing and line
        #[arg(long)]
        json: bool,
    },
    /// Put a backup back in the place of the database
    ///
    /// What was stored after the backup was made is lost, decisions too; so it asks first, and takes a `y` on standard
    /// input or --yes. The backup is copied and verified before anything is touched, and again in its place; until then
    /// the old database is kept aside. What was deleted for good with `forget` stays deleted, also where the backup still
    /// has it. Never copy a backup over the database by hand: SQLite would apply what it finds in the `-wal` beside it.
    #[command(after_help = "Example:\n  tieback restore ~/tieback-2026-11-23.db")]
    Restore {
        /// A file made by `tieback backup`; it is left as it is
        file: PathBuf,
        /// Do not ask
        #[arg(short, long)]
        yes: bool,
    },
    /// Write a configuration to edit
    #[command(after_help = "Example:\n  tieback init")]
    Init {
        /// Where [default: the place where it is looked for]
        file: Option<PathBuf>,
        /// Replace a file that is there
        #[arg(long)]
        force: bool,
        /// Write a service and a timer of systemd's for you as well, in place of a line in your crontab
        #[arg(long)]
        systemd: bool,
    },
    /// Run the whole pipeline on a small made-up web inside the program: no network, a throwaway database
    Demo {
        /// Keep the database in this new file
        #[arg(long, value_name = "FILE")]
        keep: Option<PathBuf>,
    },
    /// Print shell completions
    ///
    /// They offer the councils by name, and the sources, outlets and watches of the configuration, each as one word with
    /// hyphens, which is read as the name. Print them anew where those have changed.
    #[command(after_help = "Example:\n  tieback completions bash > ~/.local/share/bash-completion/completions/tieback")]
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write one for each command
    #[command(after_help = "Examples:\n  tieback man > ~/.local/share/man/man1/tieback.1\n  tieback man --folder ~/.local/share/man/man1")]
    Man {
        /// Write tieback.1 and a page for each command into this folder
        #[arg(long)]
        folder: Option<PathBuf>,
    },
    /// Read a report file from standard input, print the reading as JSON (used by `run` to keep hostile files apart)
    #[command(hide = true)]
    ReadReport {
        /// What the listing says of it, as JSON
        #[arg(long, default_value = "{}")]
        hints: String,
        /// The length of the file in bytes; then standard input stays open until the answer is there
        #[arg(long)]
        length: Option<u64>,
    },
    /// Print what speaks for and against each candidate tie, one JSON object a line (for fitting the weights)
    #[command(hide = true)]
    Features {
        /// What speaks for and against news of an inspection that no report is stored of instead
        #[arg(long)]
        unseen: bool,
    },
    /// Print the words of each story of a file that may announce a report, one JSON object a line (for fitting their weights)
    #[command(hide = true)]
    Terms {
        /// Stories, one JSON object a line
        stories: PathBuf,
    },
    /// Print what each story of a file speaks of, one JSON object a line (for fitting the model of relevance)
    #[command(hide = true)]
    Cues {
        /// Stories, one JSON object a line
        stories: PathBuf,
        /// The families of cues, as config/cues.toml has them
        #[arg(long)]
        cues: PathBuf,
    },
}

/// What all lists can be narrowed to.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Filters")]
pub struct FilterArgs {
    /// Only about this authority, or about all that this trust runs
    #[arg(long, value_name = "NAME")]
    pub authority: Option<String>,
    /// Only of this framework, of stories those tied to one or waiting for one (may be repeated)
    #[arg(long, value_parser = OneOf::<FrameworkFilter>::new())]
    pub framework: Vec<FrameworkFilter>,
    /// Only with this overall grade or outcome
    #[arg(long, value_parser = OneOf::<GradeFilter>::new())]
    pub grade: Option<GradeFilter>,
    /// Only stories that give another grade than the report; of reports those that have such a story
    #[arg(long)]
    pub grade_differs: bool,
    /// Only in this outlet, or enough of its name; of reports those that it has a story on
    #[arg(long, value_name = "NAME")]
    pub outlet: Option<String>,
    /// From then on: a day, a moment, or how long ago; reports by their publication, stories by when they were seen or changed
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,
    /// Until then, a day whole
    #[arg(long, value_name = "WHEN")]
    pub until: Option<String>,
    /// Only what this `[[watch]]` of the configuration means
    #[arg(long, value_name = "NAME")]
    pub watch: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FrameworkFilter {
    #[value(alias = "single inspection (SIF)")]
    Sif,
    #[value(alias = "inspection (ILACS)")]
    Ilacs,
    #[value(alias = "joint targeted area inspection")]
    Jtai,
    #[value(alias = "area SEND inspection")]
    AreaSend,
    FocusedVisit,
    MonitoringVisit,
    #[value(name = "lac-inspection-2013", alias = "inspection of looked-after children's services")]
    LacInspection2013,
    #[value(alias = "publication")]
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GradeFilter {
    Outstanding,
    Good,
    #[value(alias = "requires improvement to be good")]
    RequiresImprovement,
    Adequate,
    Inadequate,
    TypicallyPositive,
    Inconsistent,
    #[value(alias = "widespread and/or systemic failings")]
    SystemicFailings,
}

#[derive(Debug, Args)]
pub struct RunArgs {
    /// Fetch every source, due or not
    #[arg(long)]
    pub all: bool,
    /// Fetch only this source, due or not (may be repeated)
    #[arg(long, value_name = "NAME")]
    pub source: Vec<String>,
    /// Fetch older stories of this source, too, from that day on: by the pages of WordPress, the sitemaps of its site, or its
    /// older pages; of Ofsted, older reports. What is not done in one run goes on in the next
    #[arg(long, value_name = "DATE", requires = "source")]
    pub since: Option<String>,
    /// End after this time (10m, 1h 30m); the next run goes on where this one ended
    #[arg(long = "for", value_name = "TIME")]
    pub time: Option<String>,
    /// Fetch nothing: read the kept originals of stories and reports again, and tie again what reads otherwise
    #[arg(long, conflicts_with_all = ["all", "source", "retie"])]
    pub reread: bool,
    /// Fetch nothing: read stored reports again where the parser is newer, and tie all stories again
    #[arg(long, conflicts_with_all = ["all", "source"])]
    pub retie: bool,
}

#[derive(Debug, Args)]
pub struct SummaryArgs {
    /// From when on, instead: a day (2026-11-23, 23/11/2026, yesterday, monday), a moment, how long ago (24h, 7d, 3m, 1y), or
    /// `last` for where you last read to
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,
    /// Who reads, where several use one account [default: the name of the account]
    #[arg(long, value_name = "NAME")]
    pub reader: Option<String>,
    /// Count it as read, also where it goes into a pipe or a file
    #[arg(long, conflicts_with = "since")]
    pub mark: bool,
    /// Only what this `[[watch]]` of the configuration means
    #[arg(long, value_name = "NAME")]
    pub watch: Option<String>,
    /// All of it, nothing cut to a page: older reports and stories that were taken in, too
    #[arg(long)]
    pub all: bool,
    /// As one message of e-mail to this address, for `sendmail -t`
    #[arg(long, value_name = "ADDRESS", conflicts_with = "json", value_parser = mail_address)]
    pub mail: Option<String>,
    /// One JSON object, complete where the text is cut
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
    /// In which format [default: by the ending of the file, else rss]
    #[arg(long, value_enum)]
    pub format: Option<DigestFormat>,
    /// Replace this file as a whole where something changed, instead of writing to stdout
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// From when on: a day, a moment, how long ago, or `last` [default: 14d]
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,
    /// Only what this `[[watch]]` of the configuration means
    #[arg(long, value_name = "NAME", group = "only")]
    pub watch: Option<String>,
    /// Only what is about this authority
    #[arg(long, value_name = "NAME", group = "only")]
    pub authority: Option<String>,
    /// Only stories of this outlet
    #[arg(long, value_name = "NAME", group = "only")]
    pub outlet: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportWhat {
    Stories,
    Reports,
    /// Each grade of each report
    Judgements,
    /// Each tie of each story
    Ties,
    /// Each quotation of each story
    Quotations,
    Authorities,
    /// What was received, pages and report files, as WARC 1.1
    Warc,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    Jsonl,
    Csv,
}

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// What to print
    #[arg(value_enum)]
    pub what: ExportWhat,
    /// In which format; WARC has its own
    #[arg(long, value_enum, default_value_t = ExportFormat::Jsonl)]
    pub format: ExportFormat,
    /// Of WARC: each record compressed by itself, as archives keep it (.warc.gz)
    #[arg(long)]
    pub gzip: bool,
}

#[derive(Debug, Args)]
pub struct StoriesArgs {
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Only in this state
    #[arg(long, value_parser = OneOf::<StateFilter>::new())]
    pub state: Option<StateFilter>,
    /// Only those reviewed so; without it, all but the discarded
    #[arg(long, value_parser = OneOf::<ReviewFilter>::new())]
    pub review: Option<ReviewFilter>,
    /// Also those that are not about an inspection of children's services
    #[arg(long)]
    pub irrelevant: bool,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = at_least_one)]
    pub limit: usize,
    /// One JSON object a line, as `export` prints them
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

/// What a person decided about a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReviewFilter {
    New,
    Kept,
    Discarded,
}

#[derive(Debug, Args)]
pub struct ReviewArgs {
    #[command(flatten)]
    pub filter: FilterArgs,
    /// At most so many stories [default: 1000 on a full screen, 20 in a list]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub limit: Option<usize>,
    /// Begin after so many stories
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub skip: usize,
    /// As a list with the commands that decide, also on a terminal
    #[arg(long)]
    pub list: bool,
    /// One JSON object a line, as `export stories` prints them
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct ReportsArgs {
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Only those that no story is tied to
    #[arg(long)]
    pub uncovered: bool,
    /// Only those read with doubts
    #[arg(long)]
    pub doubts: bool,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = at_least_one)]
    pub limit: usize,
    /// One JSON object a line, as `export` prints them
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct SourcesArgs {
    /// Also those that are switched off
    #[arg(long)]
    pub all: bool,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Option<SourcesCommand>,
}

#[derive(Debug, Subcommand)]
pub enum SourcesCommand {
    /// List the sources with their state (the default)
    #[command(after_help = "Example:\n  tieback sources list --all")]
    List {
        /// Also those that are switched off
        #[arg(long)]
        all: bool,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Ask each source once, store nothing, and say what came back
    ///
    /// The exit code is 4 where some fail.
    #[command(after_help = "Example:\n  tieback sources check 'Community Care'")]
    Check {
        /// Only these sources, also if they are switched off
        #[arg(value_name = "NAME")]
        names: Vec<String>,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Print `[[source]]` tables for the feeds of an OPML file
    ///
    /// Feeds that are fetched already are left out. The configuration is not changed: add to it what you want.
    #[command(after_help = "Example:\n  tieback sources import feeds.opml >> ~/.config/tieback/config.toml")]
    Import {
        /// The list that a feed reader wrote; `-` for standard input
        file: PathBuf,
    },
    /// Print the feeds that are switched on as OPML 2.0, for feed readers
    #[command(after_help = "Example:\n  tieback sources export > tieback.opml")]
    Export,
}

/// One address of e-mail, that can stand in a header as it is (RFC 5322, section 3.4.1).
pub fn mail_address(typed: &str) -> Result<String, String> {
    let is_plain = |char: char| char.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(char);
    match typed.split_once('@') {
        Some((who, domain)) if !who.is_empty() && domain.contains('.') && who.chars().chain(domain.chars()).all(is_plain) => {
            Ok(typed.to_owned())
        }
        _ => Err("expected an address such as anna@example.org".to_owned()),
    }
}

/// One of some words, typed as any output spells it: in any case, its parts with blanks, hyphens or nothing between them; of
/// several parts as many as tell it from the others.
#[derive(Clone)]
struct OneOf<T>(PhantomData<T>);

impl<T> OneOf<T> {
    const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: ValueEnum + Clone + Send + Sync + 'static> TypedValueParser for OneOf<T> {
    type Value = T;

    fn parse_ref(&self, command: &clap::Command, argument: Option<&clap::Arg>, typed: &OsStr) -> Result<T, clap::Error> {
        let wanted = typed.to_str().map(letters).filter(|wanted| !wanted.is_empty());
        let is_it = |word: &PossibleValue| word.get_name_and_aliases().any(|name| Some(letters(name)) == wanted);
        let has_parts =
            |word: &PossibleValue| typed.to_str().is_some_and(|typed| word.get_name_and_aliases().any(|name| has_parts(name, typed)));
        let of = |test: &dyn Fn(&PossibleValue) -> bool| -> Vec<&T> {
            T::value_variants().iter().filter(|value| value.to_possible_value().is_some_and(|word| test(&word))).collect()
        };
        let only = |found: Vec<&T>| if let [one] = found.as_slice() { Some((*one).clone()) } else { None };
        match only(of(&is_it)).or_else(|| only(of(&has_parts))) {
            Some(found) => Ok(found),
            // It says what the words are, and which of them is nearest.
            None => EnumValueParser::<T>::new().parse_ref(command, argument, &typed.to_ascii_lowercase()),
        }
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(T::value_variants().iter().filter_map(ValueEnum::to_possible_value)))
    }
}

/// A word without what is between its parts, in small letters.
fn letters(word: &str) -> String {
    word.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// True where all parts of what was typed stand in the name, in their order.
fn has_parts(name: &str, typed: &str) -> bool {
    let parts = |text: &str| -> Vec<String> {
        text.split(|char: char| !char.is_alphanumeric()).map(letters).filter(|part| !part.is_empty()).collect()
    };
    let (name, typed) = (parts(name), parts(typed));
    let mut left = name.iter();
    !typed.is_empty() && typed.iter().all(|part| left.any(|known| known == part))
}

/// A number of things to show; none at all would look as if nothing were stored.
fn at_least_one(typed: &str) -> Result<usize, String> {
    match typed.parse() {
        Ok(0) => Err("expected 1 or more".to_owned()),
        Ok(number) => Ok(number),
        Err(error) => Err(format!("expected a whole number: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn as_many_parts_of_a_word_as_tell_it_from_the_others() {
        let grade = |typed: &str| {
            Cli::try_parse_from(["tieback", "reports", "--grade", typed]).ok().map(|cli| match cli.command {
                Command::Reports(args) => args.filter.grade,
                _ => None,
            })
        };
        assert_eq!(grade("widespread systemic failings"), Some(Some(GradeFilter::SystemicFailings)));
        assert_eq!(grade("widespread"), Some(Some(GradeFilter::SystemicFailings)));
        assert_eq!(grade("Improvement"), Some(Some(GradeFilter::RequiresImprovement)));
        assert_eq!(grade("good"), Some(Some(GradeFilter::Good)));
        assert_eq!(grade("failings systemic"), None);
        assert_eq!(grade("-"), None);
        assert_eq!(grade(""), None);
    }
}
