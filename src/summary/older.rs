//! What was taken in and is no news: old reports and stories of a first fill, and what another version ties otherwise.

use jiff::civil::Date;

use super::{
    page::{PageWriter, Tone},
    reports, rest,
    stories::link,
};
use crate::model::{
    overview::{Overview, ReportCard, StoryCard},
    wording,
};

pub(super) fn taken_in(overview: &Overview, page: &mut PageWriter) {
    let reports: Vec<&ReportCard> =
        overview.reports.iter().map(|new| &new.report).filter(|report| overview.is_old_report(report)).collect();
    let stories: Vec<&StoryCard> = overview.stories.iter().filter(|story| is_old(story, overview)).collect();
    let mut said = Vec::new();
    if !reports.is_empty() {
        let years = years(reports.iter().filter_map(|report| report.published));
        said.push(format!("{}{years}", wording::count(reports.len(), "older report", "older reports")));
    }
    if !stories.is_empty() {
        let years = years(stories.iter().filter_map(|story| day(story)));
        said.push(format!("{}{years}", wording::count(stories.len(), "older story", "older stories")));
    }
    page.gap();
    if !said.is_empty() {
        page.line(0, Tone::Plain, &format!("Taken in besides: {}.", said.join("; ")));
        if page.most(0) == 0 {
            page.command(0, Tone::Soft, &rest::command(overview));
        } else {
            each(&reports, &stories, page);
        }
    }
    if overview.retied > 0 {
        let stories = wording::count(overview.retied as usize, "story", "stories");
        page.line(0, Tone::Plain, &format!("{stories} tied otherwise since everything was judged again; nothing is new about them."));
    }
}

/// True of a story that was old when it was first seen, and is shown under no new report.
pub(super) fn is_old(story: &StoryCard, overview: &Overview) -> bool {
    let under_new = || {
        let fresh = overview.reports.iter().filter(|new| !overview.is_old_report(&new.report));
        fresh.into_iter().any(|new| reports::is_first_about(story, &new.report))
    };
    overview.is_old_story(story) && !under_new()
}

/// Each with what it takes to find it again.
fn each(reports: &[&ReportCard], stories: &[&StoryCard], page: &mut PageWriter) {
    for report in reports {
        page.gap();
        let said = format!("{}: {}", wording::report(report), wording::overall_words(report));
        page.linked(2, Tone::Plain, &said, wording::web_address(&report.url).as_deref());
        page.line(2, Tone::Soft, &reports::address(report));
    }
    for story in stories {
        page.gap();
        page.linked(2, Tone::Plain, &wording::headline(&story.title), wording::web_address(&story.url).as_deref());
        page.line(2, Tone::Soft, &format!("{} · {}", wording::outlet(&story.outlet), wording::when(story)));
        link(story, 2, page);
    }
}

fn day(story: &StoryCard) -> Option<Date> {
    story.published.map(|published| wording::british(published).date())
}

/// " of 2013 to 2025".
fn years(days: impl Iterator<Item = Date>) -> String {
    let years: Vec<i16> = days.map(Date::year).collect();
    match (years.iter().min(), years.iter().max()) {
        (Some(first), Some(last)) if first == last => format!(" of {first}"),
        (Some(first), Some(last)) => format!(" of {first} to {last}"),
        _ => String::new(),
    }
}
