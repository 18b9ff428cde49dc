//! `[[watch]]`: what is watched of what came, and the commands behind a run.

use std::{
    collections::HashSet,
    io::{self, Write},
    process::{Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use serde_json::json;

use super::{Context, Trouble, output, pager, summary};
use crate::{
    cli::LogFormat,
    config,
    model::{
        overview::Overview,
        piece::PieceId,
        report::ReportId,
        text::{clean_line, folded},
        watch::{Watch, WatchHits, Watched},
    },
    pipeline::stop::Stop,
    store::{NEWEST_TEXTS, Store, Watching},
    summary::{Extent, Look, text},
};

/// Columns of the text that a command is given: it may end in a mail.
const WIDTH: usize = 72;
/// How long a command may take: it writes a mail or a file, and the next run waits for none that hangs.
const MOST: Duration = Duration::from_secs(300);
/// How often it is looked whether it has ended, or a signal came.
const TICK: Duration = Duration::from_millis(20);

/// What came between `since` and now: all, with what is watched of it, or nothing but what one watch means.
///
/// # Errors
/// Where the database cannot be read.
pub fn overview(context: &Context, store: &Store, since: Timestamp, only: Option<&Watch>) -> Result<Overview, Trouble> {
    let mut overview = store.overview(since, context.now, &context.config.sources)?;
    if let Some(open) = &mut overview.runs.open {
        open.at_work = context.at_work();
    }
    if let Some(watch) = only {
        return narrowed(overview, watch, store);
    }
    overview.watched = context.config.watches.iter().map(|watch| of(watch, &overview, store)).collect::<Result<_, Trouble>>()?;
    Ok(overview)
}

/// The overview with nothing in it but what a watch means: of the news, and of what is open.
fn narrowed(overview: Overview, watch: &Watch, store: &Store) -> Result<Overview, Trouble> {
    let found = found_words(watch, &overview, store)?;
    let watched = watch.of(&overview, &found);
    let mut overview = overview.of_watch(&watched);
    overview.uncovered.retain(|report| watch.means_report(report, &found));
    overview.sources.retain(|source| watch.means_source(source));
    let open = store.open_of(watching(watch, &store.outlets()?))?;
    (overview.undecided, overview.total_waiting, overview.waiting) = (open.undecided, open.total_waiting, open.waiting);
    Ok(overview)
}

/// What a watch means, as the store looks for it; `outlets` are those that it has.
pub fn watching(watch: &Watch, outlets: &[String]) -> Watching {
    let watched: HashSet<String> = watch.outlets.iter().map(|outlet| folded(outlet)).collect();
    Watching {
        authorities: watch.authorities.clone(),
        outlets: if watched.is_empty() {
            Vec::new()
        } else {
            outlets.iter().filter(|name| watched.contains(&folded(name))).cloned().collect()
        },
        words: watch.words.clone(),
    }
}

/// The pieces and reports of an overview with the words of a watch.
fn found_words(watch: &Watch, overview: &Overview, store: &Store) -> Result<WatchHits, Trouble> {
    let pieces: Vec<PieceId> = overview.stories.iter().map(|story| story.piece.clone()).collect();
    let reports = overview.reports.iter().map(|new| &new.report).chain(overview.replaced.iter().map(|replaced| &replaced.report.report));
    let reports: Vec<ReportId> = reports.chain(&overview.uncovered).map(|report| report.id.clone()).collect();
    Ok(store.found_words(&watch.words, NEWEST_TEXTS, (&pieces, &reports))?)
}

/// What a watch means of an overview.
///
/// # Errors
/// Where the database cannot be read.
pub fn of(watch: &Watch, overview: &Overview, store: &Store) -> Result<Watched, Trouble> {
    Ok(watch.of(overview, &found_words(watch, overview, store)?))
}

/// The watch of a name, in any case, and as completions write it, with hyphens.
///
/// # Errors
/// Where there is none.
pub fn named<'a>(context: &'a Context, typed: &str) -> Result<&'a Watch, Trouble> {
    let watches = &context.config.watches;
    let wanted = typed.trim().to_lowercase();
    let alike = || watches.iter().find(|watch| folded(&watch.name) == folded(typed));
    if let Some(found) = watches.iter().find(|watch| watch.name.to_lowercase() == wanted).or_else(alike) {
        return Ok(found);
    }
    let trouble = Trouble::usage(format!("no `[[watch]]` of the configuration is called `{}`", clean_line(typed)));
    Err(match config::nearest(typed, watches.iter().map(|watch| watch.name.as_str())) {
        Some(near) => trouble.hint(format!("did you mean `{near}`?")),
        None if watches.is_empty() => trouble.hint("there is none yet; the end of the file that `tieback init` writes shows how"),
        None => trouble.hint("the configuration has their names"),
    })
}

/// Behind a run: each watch with a command that something new matches has its command run, with the text on its standard
/// input. What it was told is not told again; where the command fails, it is. False where a signal stopped it.
///
/// # Errors
/// Where the database cannot be used. A command that fails is said.
pub fn tell(context: &Context) -> Result<bool, Trouble> {
    let watches = context.config.watches.iter().filter_map(|watch| Some((watch, watch.command.as_deref()?))).collect::<Vec<_>>();
    if watches.is_empty() {
        return Ok(true);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let stop = Stop::listen(&runtime);
    let mut store = context.store()?;
    let mut news: Option<Overview> = None;
    for (watch, command) in watches {
        let reader = format!("watch: {}", watch.name);
        let since = summary::read_until(&store, &reader, context.now)?;
        // Watches that were told at the same time are told of the same.
        let overview = match news.take() {
            Some(known) if known.since == since => known,
            _ => store.overview(since, context.now, &context.config.sources)?,
        };
        let overview = news.insert(overview);
        let watched = of(watch, overview, &store)?;
        if !watched.is_empty() {
            match run(watch, command, &watched, &narrowed(overview.clone(), watch, &store)?, &stop) {
                Ok(()) => {}
                Err(_) if stop.is_asked() => return Ok(false),
                Err(failure) => {
                    failed(context.log, &watch.name, &failure);
                    continue;
                }
            }
        }
        store.write(|writer| writer.mark_read(&reader, context.now))?;
    }
    Ok(true)
}

/// Why a command did not do what it was for.
enum Unfinished {
    Ended(ExitStatus),
    /// It was ended: it took longer than it may, or the run was stopped.
    Cut,
    NotRun(io::Error),
}

fn failed(log: LogFormat, name: &str, failure: &Unfinished) {
    let (code, how) = match failure {
        Unfinished::Ended(status) => (status.code(), ended(*status)),
        Unfinished::Cut => (None, format!("took longer than {} minutes, and was ended", MOST.as_secs() / 60)),
        Unfinished::NotRun(error) => (None, format!("could not be run: {error}")),
    };
    let said = format!("{how}: the command of the watch `{name}`, which is run again behind the next run");
    match log {
        LogFormat::Text => output::told(&said),
        LogFormat::Json => output::logged("WARN", &said, json!({ "watch": clean_line(name), "exit": code })),
    }
}

/// "exit code 3", "ended by signal 9".
fn ended(status: ExitStatus) -> String {
    status.code().map_or_else(|| status.to_string(), |code| format!("exit code {code}"))
}

/// Runs the command of a watch to its end.
fn run(watch: &Watch, command: &str, watched: &Watched, overview: &Overview, stop: &Stop) -> Result<(), Unfinished> {
    let mut shell = pager::shell(command);
    shell
        .env("TIEBACK_WATCH", &watch.name)
        .env("TIEBACK_REPORTS", watched.reports.len().to_string())
        .env("TIEBACK_STORIES", watched.stories.len().to_string());
    attend(shell, text(overview, Look { width: WIDTH, colour: false, links: false }, Extent::Page), MOST, stop)
}

/// Gives a command what it is to read, and waits for its end, so long at the most.
fn attend(mut command: Command, said: String, most: Duration, stop: &Stop) -> Result<(), Unfinished> {
    group::lead(&mut command);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().map_err(Unfinished::NotRun)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A command need not read what it is given, nor read it at once.
        std::thread::spawn(move || stdin.write_all(said.as_bytes()));
    }
    let began = Instant::now();
    loop {
        match child.try_wait().map_err(Unfinished::NotRun)? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(Unfinished::Ended(status)),
            None if began.elapsed() < most && !stop.is_asked() => std::thread::sleep(TICK),
            None => {
                group::end(&mut child);
                return Err(Unfinished::Cut);
            }
        }
    }
}

/// A command with all that it starts, which ends together.
#[cfg(unix)]
mod group {
    use std::{
        os::unix::process::CommandExt,
        process::{Child, Command},
    };

    use rustix::process::{Pid, Signal, kill_process_group};

    pub fn lead(command: &mut Command) {
        command.process_group(0);
    }

    pub fn end(child: &mut Child) {
        // What has ended meanwhile need not be.
        let _gone = kill_process_group(Pid::from_child(child), Signal::KILL);
        let _gone = child.wait();
    }
}

#[cfg(not(unix))]
mod group {
    use std::process::{Child, Command};

    pub fn lead(_: &mut Command) {}

    pub fn end(child: &mut Child) {
        let _gone = child.kill();
        let _gone = child.wait();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_hangs_is_ended_with_all_that_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let hang = format!("(sleep 1; touch {0}/late) | cat; touch {0}/after", folder.path().display());
        let began = Instant::now();
        let ended = attend(pager::shell(&hang), "text ".repeat(100_000), Duration::from_millis(200), &Stop::default());
        assert!(matches!(ended, Err(Unfinished::Cut)) && began.elapsed() < Duration::from_millis(900));
        std::thread::sleep(Duration::from_millis(1200));
        assert_eq!(folder.path().read_dir().unwrap().count(), 0, "nothing of it is left at work");
    }

    #[test]
    fn a_command_ends_as_it_ends() {
        let run = |command: &str| attend(pager::shell(command), "text ".repeat(100_000), MOST, &Stop::default());
        assert!(run("cat > /dev/null").is_ok() && run("true").is_ok());
        assert!(matches!(run("exit 3"), Err(Unfinished::Ended(status)) if ended(status) == "exit code 3"));
        assert!(matches!(run("kill -9 $$"), Err(Unfinished::Ended(status)) if ended(status).contains("signal")));
    }
}
