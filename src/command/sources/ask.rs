//! `sources check`: the list of each source is asked for as a run would, kept as a run keeps it, and what came back is told.

use serde_json::{Value, json};

use super::{
    Context, Exit, Trouble, brief, output,
    run::{self as runs, Task},
    table::{Cell, Column, Fit, Table},
};
use crate::{
    command::find,
    config,
    fetch::Route,
    model::{
        address::{shown, shown_text},
        fetched::{Failure, FailureKind},
        source::{Source, SourceKind},
        text::{clean_line, shorten},
        wording,
    },
    pipeline::{
        harvest::{Reach, Seen},
        run::{Passed, Scope},
    },
    summary::page::Tone,
};

/// Characters of what happened.
const CAUSE: usize = 160;

/// # Errors
/// Where a name is not known, the database cannot be used, or another run is at work. Sources that fail give exit code 4.
pub fn run(context: &Context, names: &[String], as_json: bool) -> Result<Exit, Trouble> {
    let names = find::sources(names, &context.config.sources)?;
    let sources = super::named(&context.config.sources, &names);
    output::say(context, &format!("asking {}", wording::count(sources.len(), "source", "sources")));
    let scope = if names.is_empty() { Scope::All } else { Scope::Named(names) };
    let passed =
        runs::pass(context, Task { scope, time: None, reach: Reach::Lists, since: None }, Route::Environment, config::gazetteer()?)?;
    let answers: Vec<Result<Seen, Failure>> = sources.iter().map(|source| answer(source, &passed)).collect();
    let failed = answers.iter().filter(|answer| answer.is_err()).count();
    if as_json {
        output::print_lines(sources.iter().zip(&answers).map(|(source, answer)| json(source, answer)))?;
    } else if sources.is_empty() {
        output::say(context, "no source is switched on: `tieback sources list --all` shows them");
    } else {
        output::print(&table(&sources, &answers).text(output::look(context)))?;
    }
    if passed.stopped {
        return Ok(Exit::Stopped);
    }
    if failed > 0 {
        output::say(context, &format!("{failed} of {} failed", wording::count(sources.len(), "source", "sources")));
        return Ok(Exit::SourcesFailed);
    }
    Ok(Exit::Well)
}

/// What a source gave, or why it gave nothing.
fn answer(source: &Source, passed: &Passed) -> Result<Seen, Failure> {
    let failed = passed.failures.iter().find(|failed| failed.source == source.name).map(|failed| Err(failed.failure.clone()));
    let seen = passed.seen.iter().find(|(name, _)| *name == source.name).map(|(_, seen)| seen.clone());
    seen.or(failed).unwrap_or_else(|| Err(Failure::new(FailureKind::Gone, stopped(source))))
}

/// Why a source that is gone is not asked, and how it is.
pub(super) fn stopped(source: &Source) -> String {
    format!(
        "it is gone, as its server says, and is not asked any more: `tieback run --source \"{}\"` asks once more",
        clean_line(&source.name)
    )
}

fn table(sources: &[&Source], answers: &[Result<Seen, Failure>]) -> Table {
    let columns = [
        Column::left("Source", Fit::Wrap(16)),
        Column::left("Kind", Fit::Whole),
        Column::right("Items"),
        Column::right("Newest"),
        Column::left("Answer", Fit::Whole),
    ];
    let mut table = Table::new(0, columns);
    for (source, answer) in sources.iter().zip(answers) {
        let name = Cell::plain(shorten(&clean_line(&source.name), 80));
        let kind = Cell::soft(source.kind.as_str());
        match answer {
            Ok(seen) => {
                let newest = seen.newest.map_or_else(|| Cell::soft("–"), |newest| Cell::plain(brief::moment(newest)));
                let items = seen.items.map_or_else(|| Cell::soft("–"), |items| Cell::plain(wording::grouped(items)));
                table.row([name, kind, items, newest, Cell::plain(if seen.items.is_some() { "well" } else { "unchanged" })]);
                if let Some(remark) = remark(source, seen) {
                    table.note(Cell::soft(shorten(&clean_line(&remark), CAUSE)));
                }
            }
            Err(failure) => {
                table.row([name, kind, Cell::soft("–"), Cell::soft("–"), Cell::new(Tone::Warning, "! failed")]);
                table.note(Cell::soft(shorten(&clean_line(&why(failure)), CAUSE)));
            }
        }
    }
    table
}

fn why(failure: &Failure) -> String {
    format!("{} ({})", failure.detail, failure.kind.as_str())
}

/// What to know about an answer, if anything.
fn remark(source: &Source, seen: &Seen) -> Option<String> {
    if let Some(first) = &seen.first {
        let kind = (seen.way as usize).checked_sub(1).and_then(|at| source.fallbacks.get(at)).map_or(source.kind, |way| way.kind);
        return Some(format!("by fallback {} ({}); first: {}", seen.way, kind.as_str(), why(first)));
    }
    let moved = seen.moved_to.as_ref().map(|to| format!("moved for good to {}: put that into the configuration", shown_text(to)));
    let list = (source.kind == SourceKind::Ofsted).then(|| "Ofsted’s list, one item an authority".to_owned());
    let empty = (seen.items == Some(0)).then(|| "readable, with nothing in it".to_owned());
    moved.or(list).or(empty)
}

fn json(source: &Source, answer: &Result<Seen, Failure>) -> Value {
    let seen = answer.as_ref().ok();
    json!({
        "name": source.name,
        "kind": source.kind,
        "url": shown(&source.url),
        "answer": seen.map_or("failed", |seen| if seen.items.is_some() { "well" } else { "unchanged" }),
        "items": seen.and_then(|seen| seen.items),
        "newest": seen.and_then(|seen| seen.newest),
        "remark": seen.and_then(|seen| remark(source, seen)).map(|remark| clean_line(&remark)),
        "cause": answer.as_ref().err().map(|failure| clean_line(&why(failure))),
    })
}
