//! `[[watch]]`: what is watched of what came, and the commands behind a run.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use jiff::Timestamp;

use super::{Context, Trouble, output, summary};
use crate::{
    config,
    model::{
        overview::Overview,
        text::clean_line,
        watch::{Watch, Watched},
    },
    store::Store,
    summary::{Look, text},
};

/// Columns of the text that a command is given: it may end in a mail.
const WIDTH: usize = 72;

/// What came between `since` and now, with what is watched of it.
///
/// # Errors
/// Where the database cannot be read.
pub fn overview(context: &Context, store: &Store, since: Timestamp) -> Result<Overview, Trouble> {
    let mut overview = store.overview(since, context.now, &context.config.sources)?;
    if let Some(open) = &mut overview.runs.open {
        open.at_work = context.at_work();
    }
    overview.watched = context.config.watches.iter().map(|watch| of(watch, &overview, store)).collect::<Result<_, Trouble>>()?;
    Ok(overview)
}

/// What a watch means of an overview.
///
/// # Errors
/// Where the database cannot be read.
pub fn of(watch: &Watch, overview: &Overview, store: &Store) -> Result<Watched, Trouble> {
    Ok(watch.of(overview, &store.found_words(&watch.words)?))
}

/// The watch of a name, in any case.
///
/// # Errors
/// Where there is none.
pub fn named<'a>(context: &'a Context, typed: &str) -> Result<&'a Watch, Trouble> {
    let watches = &context.config.watches;
    let wanted = typed.trim().to_lowercase();
    if let Some(found) = watches.iter().find(|watch| watch.name.to_lowercase() == wanted) {
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
/// input. What it was told is not told again; where the command fails, it is.
///
/// # Errors
/// Where the database cannot be used. A command that fails is said.
pub fn tell(context: &Context) -> Result<(), Trouble> {
    let watches: Vec<&Watch> = context.config.watches.iter().filter(|watch| watch.command.is_some()).collect();
    if watches.is_empty() {
        return Ok(());
    }
    let mut store = context.store()?;
    for watch in watches {
        let reader = format!("watch: {}", watch.name);
        let since = summary::read_until(&store, &reader, context.now)?;
        let overview = store.overview(since, context.now, &context.config.sources)?;
        let watched = of(watch, &overview, &store)?;
        let told = watched.is_empty() || run(watch, &watched, overview.of_watch(&watched));
        if told {
            store.write(|writer| writer.mark_read(&reader, context.now))?;
        }
    }
    Ok(())
}

/// Runs the command of a watch; false where it failed.
fn run(watch: &Watch, watched: &Watched, overview: Overview) -> bool {
    let Some(command) = &watch.command else { return true };
    let said = text(&overview, Look { width: WIDTH, colour: false, links: false });
    let child = Command::new("sh")
        .args(["-c", command])
        .env("TIEBACK_WATCH", &watch.name)
        .env("TIEBACK_REPORTS", watched.reports.len().to_string())
        .env("TIEBACK_STORIES", watched.stories.len().to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn();
    let ended = child.and_then(|mut child| {
        if let Some(mut stdin) = child.stdin.take() {
            // A command need not read what it is given.
            let _unread = stdin.write_all(said.as_bytes());
        }
        child.wait()
    });
    match ended {
        Ok(status) if status.success() => true,
        Ok(status) => {
            output::tell(&format!("the command of the watch `{}` failed: {status}; it is run again behind the next run", watch.name));
            false
        }
        Err(error) => {
            output::tell(&format!("the command of the watch `{}` could not be run: {error}", watch.name));
            false
        }
    }
}
