//! `summary`: what came since this reader last read it, on the terminal.

use std::io::{self, IsTerminal};

use jiff::{SignedDuration, Timestamp};

use super::{
    Context, Exit, Trouble, output,
    pager::{self, PagerEnd},
    watch, when,
};
use crate::{
    cli::{SummaryArgs, mail_address},
    model::{overview::Overview, text::clean_line, watch::Watch},
    store::Store,
    summary::{self, Extent},
};

/// What is shown to somebody who never read anything: the last run of yesterday’s cron job is in it.
const FIRST: SignedDuration = SignedDuration::from_hours(24);

/// # Errors
/// Where WHEN cannot be read, there is no database, or stdout cannot be written; then nothing counts as read.
pub fn run(context: &Context, args: &SummaryArgs) -> Result<Exit, Trouble> {
    let mut store = context.stored()?;
    let only = args.watch.as_deref().map(|name| watch::named(context, name)).transpose()?;
    let reader = place(reader(args.reader.as_deref())?, only);
    let since = match args.since.as_deref() {
        Some(typed) => when::parse_from(typed, context.now, || read_until(&store, &reader, context.now))?,
        None => read_until(&store, &reader, context.now)?,
    };
    let overview = watch::overview(context, &store, since, only)?;
    let shown = show(context, args, &overview)?;
    // Where only a part was shown, the rest is still to be read.
    let read = shown == PagerEnd::Whole && io::stdout().is_terminal();
    if args.since.is_none() && (args.mark || read) {
        mark(context, &mut store, &reader, args.mark)?;
    }
    Ok(Exit::Well)
}

fn show(context: &Context, args: &SummaryArgs, overview: &Overview) -> Result<PagerEnd, Trouble> {
    let extent = if args.all { Extent::Whole } else { Extent::Page };
    if args.json {
        output::print_json(&summary::json(overview))?;
    } else if let Some(to) = &args.mail {
        let contact = context.config.contact.as_deref().filter(|contact| mail_address(contact).is_ok());
        output::print(&summary::mail(overview, contact.unwrap_or("tieback@localhost"), to, extent))?;
    } else {
        return pager::show(&summary::text(overview, output::look(context), extent));
    }
    Ok(PagerEnd::Whole)
}

/// Who reads, and what: of a watch each reader has read so far in that watch alone. No name of a reader has a line break.
fn place(reader: String, only: Option<&Watch>) -> String {
    match only {
        Some(watch) => format!("{reader}\nwatch: {}", watch.name),
        None => reader,
    }
}

/// From when on there is something that this reader was not shown.
///
/// # Errors
/// Where the database cannot be read.
pub fn read_until(store: &Store, reader: &str, now: Timestamp) -> Result<Timestamp, Trouble> {
    // A reading after now is of a clock that went wrong.
    let known = store.read_until(reader)?.filter(|until| *until <= now);
    Ok(known.unwrap_or_else(|| now.checked_sub(FIRST).unwrap_or(now)))
}

/// Remembers what was shown. Where nothing can be written, only who asked for it is refused.
fn mark(context: &Context, store: &mut Store, reader: &str, asked: bool) -> Result<(), Trouble> {
    match store.write(|writer| writer.mark_read(reader, context.now)) {
        Err(error) if asked => Err(error.into()),
        Err(error) => {
            output::say(context, &format!("it cannot be kept that this was read, so it will be shown again: {error}"));
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

/// The name of the reader: as typed, else that of the account.
///
/// # Errors
/// Where the name is empty.
pub fn reader(typed: Option<&str>) -> Result<String, Trouble> {
    let account = || ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(|name| std::env::var(name).ok().filter(|name| !name.is_empty()));
    let name = typed.map(str::to_owned).or_else(account).unwrap_or_else(|| "reader".to_owned());
    match clean_line(&name) {
        name if name.is_empty() => Err(Trouble::usage("the name of the reader is empty")),
        name => Ok(name),
    }
}
