//! `sources list`: one line a source, with its state in words.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    Context, Exit, Trouble,
    ask::stopped,
    brief, output,
    table::{Cell, Column, Fit, Table},
};
use crate::{
    model::{
        address::shown,
        overview::{SourceHealth, SourceTrouble},
        source::Source,
        text::{clean_line, shorten},
        wording,
    },
    store::Store,
    summary::page::Tone,
};

/// Characters of a cause or note.
const CAUSE: usize = 160;

/// A source that is off says why only where `all` is asked for.
///
/// # Errors
/// Where the database cannot be read, or stdout cannot be written.
pub fn run(context: &Context, all: bool, as_json: bool) -> Result<Exit, Trouble> {
    let sources = &context.config.sources;
    // Before the first run all of them were never asked: no reason to make a database.
    let store = if context.database.exists() { context.stored() } else { Ok(Store::open_in_memory()?) }?;
    let health = store.sources_health(sources)?;
    let listed: Vec<(&Source, &SourceHealth)> = sources.iter().zip(&health).filter(|(source, _)| all || source.on).collect();
    if as_json {
        let mut lines = Vec::new();
        for (source, health) in &listed {
            lines.push(json(source, health, store.usual_gap(&source.name)?, context.now));
        }
        output::print_lines(lines.into_iter())?;
        return Ok(Exit::Well);
    }
    if !listed.is_empty() {
        output::print(&table(&listed, context.now).text(output::look(context)))?;
    }
    let off = sources.iter().filter(|source| !source.on).count();
    if off > 0 && !all {
        let sources = wording::count(off, "source is", "sources are");
        output::say(context, &format!("{sources} switched off: `tieback sources list --all` shows why"));
    }
    Ok(Exit::Well)
}

fn table(shown: &[(&Source, &SourceHealth)], now: Timestamp) -> Table {
    let columns = [
        Column::left("Source", Fit::Wrap(16)),
        Column::left("Kind", Fit::Whole),
        Column::right("Last new"),
        Column::left("Next", Fit::Whole),
        Column::left("State", Fit::Whole),
    ];
    let mut table = Table::new(0, columns);
    for (source, health) in shown {
        let next = match health.next_due {
            _ if !source.on || is_stopped(source, health) => Cell::soft("–"),
            Some(next) => Cell::plain(brief::ahead(now, next)),
            None => Cell::plain("now"),
        };
        table.row([
            Cell::plain(shorten(&clean_line(&source.name), 80)),
            Cell::soft(source.kind.as_str()),
            health.last_new.map_or_else(|| Cell::soft("–"), |new| Cell::plain(brief::moment(new))),
            next,
            state(source, health, now),
        ]);
        if let Some(why) = why(source, health) {
            table.note(Cell::soft(why));
        }
    }
    table
}

/// What happened to a source that fails, and why one is off.
fn why(source: &Source, health: &SourceHealth) -> Option<String> {
    let cut = |text: &str| shorten(&clean_line(text), CAUSE);
    if !source.on {
        return source.note.as_deref().map(cut);
    }
    if is_stopped(source, health) {
        return Some(stopped(source));
    }
    if health.failures == 0 {
        return None;
    }
    let since = health.failing_since.map(|since| format!("since {}: ", wording::day(since))).unwrap_or_default();
    let why = health.detail.as_deref().or(health.failure.as_deref()).map_or_else(|| "no reason known".to_owned(), cut);
    Some(format!("{since}{why}"))
}

/// True where its server said that it is gone for good, and no way is left.
fn is_stopped(source: &Source, health: &SourceHealth) -> bool {
    source.on && health.failures > 0 && health.next_due.is_none()
}

/// "never asked", "well", "failing", "silent for 9 days", "off".
fn state(source: &Source, health: &SourceHealth, now: Timestamp) -> Cell {
    if !source.on {
        return Cell::soft("off");
    }
    if is_stopped(source, health) {
        return Cell::new(Tone::Warning, "! stopped");
    }
    if health.failures > 0 {
        return Cell::new(Tone::Warning, "! failing");
    }
    if health.last_try.is_none() {
        return Cell::soft("never asked");
    }
    if health.trouble(now) != Some(SourceTrouble::Silent) {
        return Cell::plain("well");
    }
    let quiet = health.last_new.or(health.last_success).map_or(0, |last| now.duration_since(last).as_hours() / 24);
    Cell::new(Tone::Warning, format!("! silent for {}", brief::long_time(u32::try_from(quiet).unwrap_or(0))))
}

pub fn json(source: &Source, health: &SourceHealth, usual: Option<Duration>, now: Timestamp) -> Value {
    let state = match () {
        () if !source.on => "off",
        () if is_stopped(source, health) => "stopped",
        () if health.failures > 0 => "failing",
        () if health.last_try.is_none() => "never-asked",
        () if health.trouble(now) == Some(SourceTrouble::Silent) => "silent",
        () => "well",
    };
    json!({
        "name": source.name,
        "kind": source.kind,
        "url": shown(&source.url),
        "outlet": source.outlet,
        "on": source.on,
        "note": source.note,
        "state": state,
        "failures": health.failures,
        "failing_since": health.failing_since,
        "failure": health.failure,
        "detail": health.detail,
        "last_try": health.last_try,
        "last_success": health.last_success,
        "last_new": health.last_new,
        "next_due": health.next_due,
        "usual_gap_s": usual.map(|gap| gap.as_secs()),
        "losses": health.doubts,
        "items": health.items,
        "stories": health.stories,
    })
}
