//! The summary: what a day brought and what is open, for a terminal or as JSON; pure.

mod json;
mod open;
pub mod page;
mod reports;
mod runs;
mod stories;

use jiff::Timestamp;

use crate::model::{overview::Overview, wording};

pub use json::json;
use page::{Page, Tone};

/// How the summary is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Columns of the terminal; text is wrapped to them, but not to fewer than 40 or more than 100.
    pub width: usize,
    pub colour: bool,
}

/// The summary as text, ending with a line break.
///
/// Before all else, where there is something wrong with the runs. Then what is new (reports, then stories by the report they are about), then what wants a person (possible ties,
/// stories that wait, reports without a story, sources in trouble), then one line of counts.
pub fn text(overview: &Overview, look: Look) -> String {
    let mut page = Page::new(look);
    runs::standing(overview, &mut page);
    heading(overview, &mut page);
    reports::new(overview, &mut page);
    stories::tied(overview, &mut page);
    stories::possible(overview, &mut page);
    stories::untied(overview, &mut page);
    open::waiting(overview, &mut page);
    open::uncovered(overview, &mut page);
    open::sources(overview, &mut page);
    closing(overview, &mut page);
    page.finish()
}

fn heading(overview: &Overview, page: &mut Page) {
    page.line(0, Tone::Heading, &span(overview.since, overview.until));
    if overview.stories.is_empty() && overview.reports.is_empty() {
        page.gap();
        page.line(0, Tone::Plain, &format!("Nothing new since {}.", wording::moment(overview.since)));
        return;
    }
    let reports = count(overview.reports.len(), "new report", "new reports");
    let stories = count(overview.stories.len(), "story", "stories");
    page.line(0, Tone::Plain, &format!("{reports}, {stories} new or changed."));
}

fn closing(overview: &Overview, page: &mut Page) {
    page.gap();
    let stories = count(overview.total_stories as usize, "story", "stories");
    let reports = count(overview.total_reports as usize, "report", "reports");
    let waiting = count(overview.waiting.len(), "waits", "wait");
    let trouble = count(overview.sources.len(), "source", "sources");
    let decide = grouped(overview.undecided as usize);
    page.line(
        0,
        Tone::Soft,
        &format!("Open: {decide} to decide, {waiting} for a report, {trouble} in trouble. Stored: {stories}, {reports}."),
    );
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
