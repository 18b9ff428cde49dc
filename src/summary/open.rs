//! What is open: stories that wait, reports without a story, sources in trouble.

use super::{
    count,
    page::{Page, Tone, column},
    reports::address,
    stories::{headline, outlet, when},
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

/// Stories whose report is not stored yet: first those that are new, then the others, the longest waiting first.
pub(super) fn waiting(overview: &Overview, page: &mut Page) {
    if overview.waiting.is_empty() {
        return;
    }
    page.section("Waiting for their report");
    let (new, old): (Vec<&StoryCard>, Vec<&StoryCard>) =
        overview.waiting.iter().partition(|story| story.piece_first_seen >= overview.since);
    for story in new.iter().chain(&old).take(SHOWN) {
        let report = story.waiting_for.as_ref().map_or_else(|| "a report not known yet".to_owned(), wording::waiting_for);
        page.line(2, Tone::Strong, &report);
        page.line(4, Tone::Plain, &headline(&story.title));
        page.line(4, Tone::Soft, &format!("{} · {} · {}", outlet(&story.outlet), when(story), story.id));
        page.gap();
    }
    rest(overview.waiting.len(), "more story", "more stories", page);
}

/// Reports of the last thirty days that no story is tied to.
pub(super) fn uncovered(overview: &Overview, page: &mut Page) {
    if overview.uncovered.is_empty() {
        return;
    }
    page.section("Published in the last 30 days, and no story seen");
    for report in overview.uncovered.iter().take(SHOWN) {
        page.line(2, Tone::Plain, &format!("{}: {}", wording::report(report), wording::overall_words(report)));
        page.line(4, Tone::Soft, &address(report));
    }
    rest(overview.uncovered.len(), "more report", "more reports", page);
}

pub(super) fn sources(overview: &Overview, page: &mut Page) {
    if overview.sources.is_empty() {
        return;
    }
    page.section("Sources in trouble or silent");
    let shown = || overview.sources.iter().take(SHOWN);
    let column = column(shown().map(|source| source.name.as_str()));
    for source in shown() {
        page.beside(2, column, &outlet(&source.name), Tone::Plain, &trouble(source));
    }
    rest(overview.sources.len(), "more source", "more sources", page);
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

fn rest(total: usize, one: &str, many: &str, page: &mut Page) {
    if total > SHOWN {
        page.line(2, Tone::Plain, &format!("and {}", count(total - SHOWN, one, many)));
    }
}
