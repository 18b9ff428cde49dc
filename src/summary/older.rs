//! What was taken in and is no news: old reports and stories of a first fill, and what another version ties otherwise.

use jiff::civil::Date;

use super::page::{PageWriter, Tone};
use crate::model::{
    overview::{Overview, StoryCard},
    wording,
};

pub(super) fn taken_in(overview: &Overview, page: &mut PageWriter) {
    let reports: Vec<Option<Date>> = overview
        .reports
        .iter()
        .map(|new| &new.report)
        .filter(|report| overview.is_old_report(report))
        .map(|report| report.published)
        .collect();
    let stories: Vec<Option<Date>> = overview.stories.iter().filter(|story| is_old(story, overview)).map(day).collect();
    let mut said = Vec::new();
    if !reports.is_empty() {
        said.push(format!("{}{}", wording::count(reports.len(), "older report", "older reports"), years(&reports)));
    }
    if !stories.is_empty() {
        said.push(format!("{}{}", wording::count(stories.len(), "older story", "older stories"), years(&stories)));
    }
    page.gap();
    if !said.is_empty() {
        page.line(0, Tone::Plain, &format!("Taken in besides: {}.", said.join("; ")));
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
        fresh.into_iter().any(|new| super::reports::is_first_about(story, &new.report))
    };
    overview.is_old_story(story) && !under_new()
}

fn day(story: &StoryCard) -> Option<Date> {
    story.published.map(|published| wording::british(published).date())
}

/// " of 2013 to 2025".
fn years(days: &[Option<Date>]) -> String {
    let years = || days.iter().flatten().map(|day| day.year());
    match (years().min(), years().max()) {
        (Some(first), Some(last)) if first == last => format!(" of {first}"),
        (Some(first), Some(last)) => format!(" of {first} to {last}"),
        _ => String::new(),
    }
}
