//! `demo`: the whole pipeline against a small made-up web inside the program.
//!
//! Nothing is staged: a server on the loopback answers as a proxy for invented hosts, and the same pass that cron runs
//! fetches, reads, dedupes, ties and stores what it serves. Only the councils, the web and the time are made up.

pub mod councils;
pub mod pdf;
mod server;
pub mod sheet;
mod throwaway;
mod web;

use std::{path::Path, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use tokio::{net::TcpListener, runtime::Runtime};
use url::Url;

use crate::{
    cli::Global,
    config::Config,
    fetch::Route,
    model::text::clean_line,
    pipeline::{
        harvest::Reach,
        run::{Passed, Scope},
    },
    store::RunCounts,
    summary::{self, Extent, Look},
};

use super::{Context, Exit, Trouble, output, run};
use throwaway::Throwaway;

/// The configuration of the demo.
const CONFIG: &str = include_str!("config.toml");
/// A Friday morning, three weeks after the report that most of the made-up stories are about: 07:00 on 14 November 2025.
const NOW: Timestamp = Timestamp::constant(1_763_103_600, 0);
/// How far back the summary looks.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// The source that is broken on purpose.
const BROKEN: &str = "Thornmouth Post";
/// The story whose grade is not the report's, to look at where the database is kept.
const EXAMPLE: &str = "s-fc79b4303a7d";
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
    let folder = Throwaway::new()?;
    let context = Context {
        config,
        database: folder.path.join("demo.db"),
        now: NOW,
        quiet: true,
        verbose: global.verbose,
        color: global.color,
        log: global.log,
    };
    context.start_logging();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    folder.remove_on_interrupt(&runtime);
    let route = Route::Proxy(open_web(&runtime)?);

    let (reports, outlets) = (web::REPORT_COUNT, context.config.sources.len() - 1);
    tell(global, &format!("A made-up web: Ofsted with {reports} reports, {outlets} outlets. Nothing leaves this machine."));
    let passed =
        run::pass(&context, run::Task { scope: Scope::All, time: None, reach: Reach::Whole, since: None }, route, councils::gazetteer()?)?;
    tell(global, &told(&passed)?);
    let store = context.store()?;
    let overview = store.overview(NOW.checked_sub(DAY).unwrap_or(NOW), NOW, &context.config.sources)?;
    output::print(&summary::text(&overview, Look { width: WIDTH, links: false, ..output::look(&context) }, Extent::Page))?;
    if let Some(keep) = keep {
        store.backup(keep)?;
    }
    tell(global, &parting(keep));
    Ok(Exit::Well)
}

/// The counts in one line; an error where anything failed but what is meant to.
fn told(Passed { counts, failures, .. }: &Passed) -> Result<String, Trouble> {
    if let Some(failed) = failures.iter().find(|failed| failed.source != BROKEN) {
        let (name, detail) = (&failed.source, &failed.failure.detail);
        return Err(Trouble::new(Exit::Unexpected, format!("the demo went wrong: {name}: {detail}")));
    }
    let RunCounts { requests, reports, stories, tied, failed, .. } = counts;
    Ok(format!("{requests} requests: {reports} reports, {stories} stories, {tied} tied; {failed} source failed, on purpose.\n"))
}

/// What to do next.
fn parting(keep: Option<&Path>) -> String {
    match keep.map(|keep| clean_line(&keep.display().to_string())) {
        Some(kept) => {
            format!("\nKept in {kept}. Go on with:\n  tieback --database {kept} stories\n  tieback --database {kept} show {EXAMPLE}")
        }
        None => "\nIt is all gone again; `tieback demo --keep FILE` keeps it to look around in.\n\
                 Next: `tieback init`, then `tieback run` for the real sources."
            .to_owned(),
    }
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
        output::tell(global.log, text);
    }
}
