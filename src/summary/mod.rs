//! The summary: what a day brought and what is open, for a terminal or as JSON; pure.

mod json;
mod mail;
mod older;
mod open;
pub mod page;
mod reports;
mod runs;
mod stories;

use jiff::Timestamp;

use crate::model::{overview::Overview, wording};

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

/// The summary as text, ending with a line break.
///
/// Before all else, where there is something wrong with the runs. Then what is watched, then what is new (reports with the
/// stories about them, stories about earlier ones), what wants a person (possible ties, stories that wait), what was taken in
/// besides, sources that came into trouble, and how much is open in all.
pub fn text(overview: &Overview, look: Look) -> String {
    let mut page = PageWriter::new(look);
    runs::standing(overview, &mut page);
    heading(overview, &mut page);
    let mut rest = overview.clone();
    for watched in overview.watched.iter().filter(|watched| !watched.is_empty()) {
        page.section(&format!("Watched: {}", watched.name));
        news(&rest.clone().of_watch(watched), &mut page);
        rest.reports.retain(|new| !watched.reports.contains(&new.report.id));
        rest.replaced.retain(|replaced| !watched.reports.contains(&replaced.report.report.id));
        rest.stories.retain(|story| !watched.stories.contains(&story.piece));
        rest.waiting.retain(|story| !watched.stories.contains(&story.piece));
    }
    news(&rest, &mut page);
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
    older::taken_in(overview, page);
}

fn heading(overview: &Overview, page: &mut PageWriter) {
    page.line(0, Tone::Heading, &span(overview.since, overview.until));
    if overview.stories.is_empty() && overview.reports.is_empty() && overview.replaced.is_empty() {
        page.gap();
        page.line(0, Tone::Plain, &format!("Nothing new since {}.", wording::moment(overview.since)));
        return;
    }
    let reports = overview.reports.iter().filter(|new| !overview.is_old_report(&new.report)).count();
    let fresh = || overview.stories.iter().filter(|story| !older::is_old(story, overview));
    let new = fresh().filter(|story| story.piece_first_seen > overview.since).count();
    let again = fresh().count() - new;
    let mut said = vec![count(reports, "report", "reports"), count(new, "story", "stories")];
    if again > 0 {
        said.push(format!("something new about {}", count(again, "story", "stories")));
    }
    if !overview.replaced.is_empty() {
        said.push(count(overview.replaced.len(), "report replaced", "reports replaced"));
    }
    page.line(0, Tone::Plain, &format!("New: {}.", said.join(", ")));
}

/// "23 November 2026, 06:00 to 24 November 2026, 06:05", the day once where it is the same.
fn span(since: Timestamp, until: Timestamp) -> String {
    let (from, to) = (wording::british(since), wording::british(until));
    if from.date() == to.date() {
        return format!("{} to {}", wording::moment(since), to.strftime("%H:%M"));
    }
    format!("{} to {}", wording::moment(since), wording::moment(until))
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// "1,204".
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, expected) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), expected);
        }
    }

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
