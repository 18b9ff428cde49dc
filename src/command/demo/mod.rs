//! `demo`: the whole pipeline against a small made-up web inside the program.
//!
//! Nothing is staged: a server on the loopback answers as a proxy for invented hosts, and the same pass that cron runs
//! fetches, reads, dedupes, ties and stores what it serves. Only the councils, the web and the time are made up.

pub mod councils;
pub mod pdf;
mod server;
pub mod sheet;
mod web;

use std::{
    fs,
    io::{self, IsTerminal},
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use tokio::{net::TcpListener, runtime::Runtime};
use url::Url;

use crate::{
    cli::{ColorChoice, Global, RunArgs},
    config::Config,
    fetch::Route,
    summary::{self, Look},
};

use super::{
    Context, Exit, Trouble, output,
    run::{self, Setting},
};

/// The configuration of the demo.
const CONFIG: &str = include_str!("config.toml");
/// A Friday morning, three weeks after the report that most of the made-up stories are about: 07:00 on 14 November 2025.
const NOW: Timestamp = Timestamp::constant(1_763_103_600, 0);
/// How far back the summary looks.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Columns of the summary, the same wherever it is shown.
const WIDTH: usize = 80;

/// Runs the pipeline in a throwaway folder and shows the summary; with `keep`, the database is kept in that new file.
///
/// # Errors
/// Where the file to keep exists, no folder or port is to be had, or the pipeline itself fails. The made-up source that
/// fails on purpose is no error.
pub fn run(global: &Global, keep: Option<&Path>) -> Result<Exit, Trouble> {
    if let Some(keep) = keep.filter(|keep| keep.exists()) {
        return Err(Trouble::usage(format!("`{}` is there already, expected the name of a new file", keep.display())));
    }
    let config = Config::from_text("the demo's configuration", CONFIG)?;
    let gazetteer = councils::gazetteer()?;
    let folder = Throwaway::new()?;
    let context =
        Context { config, database: folder.path.join("demo.db"), now: NOW, quiet: true, verbose: global.verbose, color: global.color };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    folder.remove_on_interrupt(&runtime);
    let proxy = open_web(&runtime)?;

    let outlets = context.config.sources.len() - 1;
    tell(
        global,
        &format!("A made-up web of Ofsted and {outlets} outlets, with {} reports; nothing leaves this machine.", web::REPORT_COUNT),
    );
    let passed =
        run::pass(&context, &RunArgs { all: true, source: Vec::new(), retie: false }, Setting { route: Route::Proxy(proxy), gazetteer })?;
    tell(
        global,
        &format!(
            "{} requests, {} new reports, {} new stories, {} tied. One source fails, on purpose. Its summary:\n",
            passed.counts.requests, passed.counts.reports, passed.counts.stories, passed.counts.tied
        ),
    );
    let store = context.store()?;
    let since = NOW.checked_sub(DAY).unwrap_or(NOW);
    let overview = store.overview(since, NOW, &context.config.sources)?;
    output::print(&summary::text(&overview, Look { width: WIDTH, colour: colour(global.color) }))?;
    match keep {
        Some(keep) => {
            store.backup(keep)?;
            tell(global, &format!("\nKept in {0}. Go on with: tieback --database {0} stories", keep.display()));
        }
        None => tell(global, "\nNext: `tieback init` writes a configuration to edit, `tieback run` fetches the real sources."),
    }
    Ok(Exit::Well)
}

/// Starts the server; gives its address.
fn open_web(runtime: &Runtime) -> Result<Url, Trouble> {
    let pages = web::pages().map_err(|error| Trouble::new(Exit::Unexpected, error.to_string()))?;
    let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0)))?;
    let address = format!("http://{}/", listener.local_addr()?);
    runtime.spawn(server::serve(listener, Arc::new(pages)));
    Url::parse(&address).map_err(|error| Trouble::new(Exit::Unexpected, format!("cannot make an address of `{address}`: {error}")))
}

fn tell(global: &Global, text: &str) {
    if !global.quiet {
        eprintln!("{text}");
    }
}

fn colour(choice: ColorChoice) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    }
}

/// A new folder that goes when it is dropped, with all that is in it.
struct Throwaway {
    path: PathBuf,
}

impl Throwaway {
    fn new() -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("tieback-demo-{}-{}", std::process::id(), Timestamp::now().as_nanosecond()));
        fs::create_dir(&path)?;
        Ok(Self { path })
    }

    /// Ctrl-C ends the program without dropping anything, so the folder is removed there, too.
    fn remove_on_interrupt(&self, runtime: &Runtime) {
        let path = self.path.clone();
        runtime.spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                let _gone = fs::remove_dir_all(path);
                std::process::exit(130);
            }
        });
    }
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.path);
    }
}
