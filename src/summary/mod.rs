//! The summary: what a day brought and what is open, for a terminal or as JSON; pure.

mod json;
mod mail;
mod older;
mod open;
pub mod page;
mod reports;
mod rest;
mod runs;
mod stories;

use jiff::Timestamp;

use crate::model::{
    overview::Overview,
    wording::{self, count},
};

pub use json::json;
pub use mail::mail;
use page::{PageWriter, Tone};
pub use reports::turned;

/// How the summary is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Columns of the terminal, from 40 on; sentences are wrapped to 100, and two things stand side by side from 160 on.
    pub width: usize,
    pub colour: bool,
    /// The terminal follows links, so that an address stands behind what it leads to.
    pub links: bool,
}

/// How much of what came is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// A page: where much came, the newest, and the command that shows the rest.
    Page,
    /// All of it.
    Whole,
}

/// The summary as text, ending with a line break.
///
/// Before all else, where there is something wrong with the runs. Then what is watched, then what is new (reports with the
/// stories about them, stories about earlier ones), what wants a person (possible ties, stories that wait), what was taken in
/// besides, sources that came into trouble, and how much is open in all.
pub fn text(overview: &Overview, look: Look, extent: Extent) -> String {
    let empty = || PageWriter::new(look).whole(extent == Extent::Whole);
    let mut page = empty();
    runs::standing(overview, &mut page);
    heading(overview, &mut page);
    let mut rest = overview.clone();
    let mut all_else = empty();
    for watched in overview.watched.iter().filter(|watched| !watched.is_empty()) {
        page.section(&format!("Watched: {}", watched.name));
        news(&rest.clone().of_watch(watched), &mut page);
        rest.reports.retain(|new| !watched.reports.contains(&new.report.id));
        rest.replaced.retain(|replaced| !watched.reports.contains(&replaced.report.report.id));
        rest.stories.retain(|story| !watched.stories.contains(&story.piece));
    }
    news(&rest, &mut all_else);
    let all_else = all_else.finish();
    if !all_else.is_empty() {
        if overview.watched.iter().any(|watched| !watched.is_empty()) {
            page.section("All else");
        }
        page.gap();
        page.block(&all_else);
    }
    older::taken_in(&rest, &mut page);
    open::sources(overview, &mut page);
    open::closing(overview, &mut page);
    page.finish()
}

/// What came, in the order of what matters.
fn news(overview: &Overview, page: &mut PageWriter) {
    reports::new(overview, page);
    reports::replaced(overview, page);
    stories::tied(overview, page);
    stories::possible(overview, page);
    open::waiting(overview, page);
    stories::untied(overview, page);
}

fn heading(overview: &Overview, page: &mut PageWriter) {
    let of_watch = overview.only.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
    page.line(0, Tone::Heading, &format!("{of_watch}{}", span(overview.since, overview.until)));
    match Came::of(overview) {
        Some(came) => page.line(0, Tone::Plain, &format!("New: {}.", came.said("report", "reports").join(", "))),
        None => {
            page.gap();
            page.line(0, Tone::Plain, &format!("Nothing new since {}.", wording::moment(overview.since)));
        }
    }
}

/// How much came, but for what was old when it was taken in.
struct Came {
    reports: usize,
    stories: usize,
    /// Stories seen before, of which something is news.
    again: usize,
    replaced: usize,
}

impl Came {
    /// Nothing where nothing came, not even old things.
    fn of(overview: &Overview) -> Option<Self> {
        if overview.stories.is_empty() && overview.reports.is_empty() && overview.replaced.is_empty() {
            return None;
        }
        let fresh = || overview.stories.iter().filter(|story| !older::is_old(story, overview));
        let stories = fresh().filter(|story| story.piece_first_seen > overview.since).count();
        Some(Self {
            reports: overview.reports.iter().filter(|new| !overview.is_old_report(&new.report)).count(),
            stories,
            again: fresh().count() - stories,
            replaced: overview.replaced.len(),
        })
    }

    /// "2 reports", "8 stories", and what there is besides.
    fn said(&self, report: &str, reports: &str) -> Vec<String> {
        let mut said = vec![count(self.reports, report, reports), count(self.stories, "story", "stories")];
        if self.again > 0 {
            said.push(format!("something new about {}", count(self.again, "story", "stories")));
        }
        if self.replaced > 0 {
            said.push(count(self.replaced, "report replaced", "reports replaced"));
        }
        said
    }
}

/// "23 November 2026, 06:00 to 24 November 2026, 06:05", the day once where it is the same.
fn span(since: Timestamp, until: Timestamp) -> String {
    let (from, to) = (wording::british(since), wording::british(until));
    if from.date() == to.date() {
        return format!("{} to {}", wording::moment(since), to.strftime("%H:%M"));
    }
    format!("{} to {}", wording::moment(since), wording::moment(until))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_within_a_day_names_the_day_once() {
        let moment = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(span(moment("2026-07-01T05:00:00Z"), moment("2026-07-01T17:30:00Z")), "1 July 2026, 06:00 to 18:30");
        assert_eq!(
            span(moment("2026-11-23T06:00:00Z"), moment("2026-11-24T06:05:00Z")),
            "23 November 2026, 06:00 to 24 November 2026, 06:05"
        );
    }
}
