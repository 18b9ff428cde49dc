//! What is open: stories that began to wait, sources that came into trouble, and how much there is of all else.

use super::{
    page::{PageWriter, Tone, column},
    rest::{self, rest},
    stories::link,
};
use crate::model::{
    overview::{Overview, SourceHealth, StoryCard},
    text::{clean_line, shorten},
    wording,
};

/// Lines of each kind; the rest is counted.
const SHOWN: usize = 12;

/// Characters of a cause, so that it has one line or two.
const CAUSE: usize = 120;

/// New stories whose report is not stored yet.
pub(super) fn waiting(overview: &Overview, page: &mut PageWriter) {
    let new = || overview.waiting_anew();
    if new().next().is_none() {
        return;
    }
    page.section("Waiting for their report");
    let part = |story: &StoryCard| {
        let mut part = page.part();
        let report = story.waiting_for.as_ref().map_or_else(|| "a report not known yet".to_owned(), wording::waiting_for);
        part.line(0, Tone::Strong, &report);
        part.linked(2, Tone::Plain, &wording::headline(&story.title), wording::web_address(&story.url).as_deref());
        part.line(2, Tone::Soft, &format!("{} · {}", wording::outlet(&story.outlet), wording::when(story)));
        link(story, 2, &mut part);
        part
    };
    let parts = new().take(page.most(SHOWN)).map(part).collect();
    page.parts(parts);
    rest(new().count(), page.most(SHOWN), ("more story", "more stories"), &rest::command(overview), page);
}

/// Sources whose trouble began since.
pub(super) fn sources(overview: &Overview, page: &mut PageWriter) {
    let new: Vec<&SourceHealth> = overview.sources.iter().filter(|source| began(source, overview)).collect();
    if new.is_empty() {
        return;
    }
    page.section("Sources in trouble");
    let shown = page.most(SHOWN);
    let column = column(new.iter().take(shown).map(|source| source.name.as_str()));
    for source in new.iter().take(shown) {
        page.beside(0, column, &wording::outlet(&source.name), Tone::Plain, &trouble(source));
    }
    rest(new.len(), shown, ("more source", "more sources"), "tieback sources", page);
}

fn began(source: &SourceHealth, overview: &Overview) -> bool {
    source.failing_since.or(source.silent_from).is_none_or(|began| began > overview.since)
}

/// Since when, and why; a source that answers but brings nothing is silent.
fn trouble(source: &SourceHealth) -> String {
    let why = source.detail.as_deref().or(source.failure.as_deref()).map(|why| shorten(&clean_line(why), CAUSE));
    match (source.failing_since, why) {
        (Some(since), Some(why)) => format!("since {}: {why}", wording::day(since)),
        (Some(since), None) => format!("since {}: no reason known", wording::day(since)),
        (None, Some(why)) if source.failures > 0 => why,
        _ => match source.last_new {
            Some(new) => format!("silent: answers, but nothing new since {}", wording::day(new)),
            None => "silent: nothing has come from it yet".to_owned(),
        },
    }
}

/// How much is open in all, each with the command that shows it, and how much is stored.
pub(super) fn closing(overview: &Overview, page: &mut PageWriter) {
    let of_watch = rest::of_watch(overview);
    let open = [
        (overview.undecided as usize, "story to decide", "stories to decide", format!("tieback review{of_watch}")),
        (
            overview.total_waiting as usize,
            "story waits for its report",
            "stories wait for their report",
            format!("tieback stories --state waiting{of_watch}"),
        ),
        (
            overview.uncovered.len(),
            "report of a month without a story",
            "reports of a month without a story",
            format!("tieback reports --uncovered --since 30d{of_watch}"),
        ),
        (overview.sources.len(), "source in trouble", "sources in trouble", "tieback sources".to_owned()),
    ];
    let lines: Vec<(String, String)> = open
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many, command)| (wording::count(number, one, many), command))
        .collect();
    if !lines.is_empty() {
        page.section(&format!("Open: all that waits{}", overview.only.as_ref().map(|name| format!(" of {name}")).unwrap_or_default()));
        let widths = lines.iter().map(|(said, _)| said.chars().count()).max().unwrap_or(0) + 2;
        for (said, command) in lines {
            page.row(0, &[widths, command.len()], &[(Tone::Plain, said), (Tone::Soft, command)]);
        }
    }
    if overview.only.is_some() {
        return;
    }
    page.gap();
    let stories = wording::count(overview.total_stories as usize, "story", "stories");
    let reports = wording::count(overview.total_reports as usize, "report", "reports");
    page.line(0, Tone::Soft, &format!("Stored: {stories}, {reports}."));
}
