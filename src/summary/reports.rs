//! New reports: what was judged and how that changed, who writes about them, and where to read them.

use super::{
    page::{PageWriter, Tone},
    rest::{self, rest},
    stories::{self, holding},
};
use crate::model::{
    change::{Change, Turn, changes},
    date::long,
    overview::{NewReport, Overview, Replaced, ReportCard, StoryCard},
    text::{clean_line, shorten},
    wording,
};

/// A backfill may bring hundreds: the newest are shown.
const SHOWN: usize = 15;
/// Stories that are shown under all of them; a backfill may bring thousands.
const STORIES: usize = 25;
/// Lines of what changed in a report that was replaced, and characters of each.
const CHANGES: usize = 6;
const CHANGE: usize = 160;
/// Outlets of one report that are named.
const OUTLETS: usize = 8;

pub(super) fn new(overview: &Overview, page: &mut PageWriter) {
    let fresh = || overview.reports.iter().filter(|new| !overview.is_old_report(&new.report));
    if fresh().next().is_none() {
        return;
    }
    page.section("New reports");
    let (most, mut room) = (page.most(SHOWN), page.most(STORIES));
    let parts = fresh().take(most).map(|new| {
        let mut part = page.part();
        let about: Vec<&StoryCard> = overview.stories.iter().filter(|story| is_first_about(story, &new.report)).collect();
        report(new, overview, &mut part);
        let shown = about.len().min(room);
        room -= shown;
        stories(new, overview, &about, shown, &mut part);
        part
    });
    let parts = parts.collect();
    page.parts(parts);
    let about = |new: &NewReport| overview.stories.iter().filter(|story| is_first_about(story, &new.report)).count();
    let stories: usize = fresh().skip(most).map(about).sum();
    let with = if stories > 0 { format!(" with {}", wording::count(stories, "story", "stories")) } else { String::new() };
    let words = (format!("more report{with}"), format!("more reports{with}"));
    rest(fresh().count(), most, (&words.0, &words.1), &rest::command(overview), page);
}

/// Reports that Ofsted put another file in the place of, and what that changed.
pub(super) fn replaced(overview: &Overview, page: &mut PageWriter) {
    if overview.replaced.is_empty() {
        return;
    }
    page.section("Reports that Ofsted replaced");
    let part = |replaced: &Replaced| {
        let mut part = page.part();
        let card = &replaced.report.report;
        let said = format!("{}: {}", wording::report(card), wording::overall_words(card));
        part.linked(0, Tone::Strong, &said, wording::web_address(&card.url).as_deref());
        for line in replaced.changed.iter().take(CHANGES) {
            part.hanging(2, 4, Tone::Warning, &format!("! {}", shorten(&clean_line(line), CHANGE)));
        }
        if replaced.changed.is_empty() {
            part.line(2, Tone::Plain, "another file, and nothing that was read of it differs");
        }
        part.line(2, Tone::Soft, &address(card));
        part
    };
    let most = page.most(SHOWN);
    let parts = overview.replaced.iter().take(most).map(part).collect();
    page.parts(parts);
    rest(overview.replaced.len(), most, ("more report", "more reports"), &rest::command(overview), page);
}

/// Name and day, the grades with their changes, what could not be read, and who covers it.
fn report(new: &NewReport, overview: &Overview, page: &mut PageWriter) {
    let card = &new.report;
    page.linked(0, Tone::Strong, &wording::report(card), wording::web_address(&card.url).as_deref());
    grades(new, page);
    if let Some(doubt) = card.reason.as_ref().or(card.doubts.first()) {
        page.hanging(2, 4, Tone::Warning, &format!("! read with doubts: {doubt}"));
    }
    page.line(2, Tone::Plain, &covered(new, overview));
    if !page.has_links() {
        page.line(2, Tone::Soft, &address(card));
    }
}

/// The first so many of the new stories about a report.
fn stories(new: &NewReport, overview: &Overview, about: &[&StoryCard], shown: usize, page: &mut PageWriter) {
    for story in about.iter().take(shown) {
        page.gap();
        stories::tied_story(story, overview.since, 2, page);
    }
    if about.len() > shown {
        page.gap();
        page.line(
            2,
            Tone::Plain,
            &format!("and {}: tieback show {}", wording::count(about.len() - shown, "more story", "more stories"), new.report.id),
        );
    }
}

/// True of a story whose first tie that holds is to this report.
pub(super) fn is_first_about(story: &StoryCard, report: &ReportCard) -> bool {
    holding(story).next().is_some_and(|tied| tied.report.id == report.id)
}

fn grades(new: &NewReport, page: &mut PageWriter) {
    let changes = changes(&new.report, new.before.as_ref());
    if changes.is_empty() {
        page.line(2, Tone::Plain, &wording::overall_words(&new.report));
    }
    let width = |texts: Vec<usize>| texts.into_iter().max().unwrap_or(0) + 2;
    let labels = width(changes.iter().map(|change| wording::judgement_key(change.judgement.key).len()).collect());
    let words = width(changes.iter().map(|change| grade(change).len()).collect());
    let turns = width(changes.iter().map(|change| turned(change).map_or(0, |(_, said)| said.chars().count())).collect()) - 2;
    for change in &changes {
        let (tone, said) = turned(change).unwrap_or((Tone::Plain, String::new()));
        let label = wording::judgement_key(change.judgement.key).to_owned();
        let cells = [(Tone::Plain, label), (Tone::Grade(change.judgement.grade), grade(change)), (tone, said)];
        page.row(2, &[labels, words, turns], &cells);
    }
    if let Some(before) = &new.before {
        let day = before.published.map_or_else(|| "no known date".to_owned(), long);
        let said = match changes.is_empty() {
            true => format!("the last inspection was {}: {}", day, wording::overall_words(before)),
            false => format!("before: {} of {day}: {}", wording::framework(before.framework), wording::overall_words(before)),
        };
        page.line(2, Tone::Soft, &said);
    }
}

fn grade(change: &Change<'_>) -> String {
    let doubt = if change.judgement.agree { "" } else { " (with doubts)" };
    format!("{}{doubt}", change.judgement.grade.as_str())
}

/// "▲ was inadequate"; the arrow tells what the colour tells.
pub fn turned(change: &Change<'_>) -> Option<(Tone, String)> {
    let was = change.was?.as_str();
    Some(match change.turn() {
        Some(Turn::Better) => (Tone::Better, format!("▲ was {was}")),
        Some(Turn::Worse) => (Tone::Worse, format!("▼ was {was}")),
        Some(Turn::Same) if change.was == Some(change.judgement.grade) => (Tone::Soft, "= as before".to_owned()),
        _ => (Tone::Soft, format!("· was {was}")),
    })
}

/// "3 stories: Care Weekly, Fernshire Herald, Vale Gazette": each outlet once, copies too.
fn covered(new: &NewReport, overview: &Overview) -> String {
    let known = new.stories.iter().filter_map(|id| overview.stories.iter().find(|story| story.id == *id));
    let mut names: Vec<String> = Vec::new();
    for name in known.flat_map(|story| [&story.outlet].into_iter().chain(story.copies.iter().map(|copy| &copy.outlet))) {
        let name = wording::outlet(name);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let said = match new.stories.len() {
        0 => return "no story yet".to_owned(),
        stories => wording::count(stories, "story", "stories"),
    };
    if names.len() > OUTLETS {
        let rest = names.split_off(OUTLETS).len();
        names.push(format!("{} more", wording::grouped(rest)));
    }
    if names.is_empty() { said } else { format!("{said}: {}", names.join(", ")) }
}

/// The address if it is one to follow, else the id.
pub(super) fn address(report: &ReportCard) -> String {
    wording::web_address(&report.url).unwrap_or_else(|| report.id.to_string())
}
