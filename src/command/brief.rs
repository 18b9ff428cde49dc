//! Few words for tables and lists, where `model::wording` has whole ones.

use jiff::{Timestamp, civil::Date};

use super::table::Cell;
use crate::{
    model::{
        overview::{ReportCard, StoryCard},
        report::{Grade, Judgement, ReportStatus},
        verdict::{Review, StoryKind, StoryState},
        wording,
    },
    summary::page::Tone,
};

/// "24 Nov 2017", the day padded to two columns, so that days stand under each other.
pub fn day(day: Date) -> String {
    day.strftime("%e %b %Y").to_string()
}

/// The day of a moment on the readers' clock.
pub fn moment(moment: Timestamp) -> String {
    day(wording::british(moment).date())
}

/// A grade in at most 20 columns.
pub fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::SystemicFailings => "systemic failings",
        other => other.as_str(),
    }
}

/// A grade in at most 13 columns.
pub fn short_grade(grade: Grade) -> &'static str {
    match grade {
        Grade::RequiresImprovement => "req. improv.",
        Grade::SystemicFailings => "sys. failings",
        Grade::TypicallyPositive => "typ. positive",
        other => other.as_str(),
    }
}

/// A judgement as a cell: what was not read alike everywhere bears a question mark.
pub fn judgement(judgement: &Judgement, words: fn(Grade) -> &'static str) -> Cell {
    let doubt = if judgement.agree { "" } else { " ?" };
    Cell::new(Tone::Grade(judgement.grade), format!("{}{doubt}", words(judgement.grade)))
}

/// The overall grade as a cell, or why there is none.
pub fn overall(report: &ReportCard) -> Cell {
    match wording::overall(report) {
        Some(found) => judgement(found, grade),
        None => Cell::soft(wording::overall_words(report)),
    }
}

/// What is odd about a report, for people who skim.
pub fn status(status: ReportStatus) -> Option<&'static str> {
    match status {
        ReportStatus::Current => None,
        ReportStatus::Withdrawn => Some("no longer listed by Ofsted"),
        ReportStatus::Unreadable => Some("could not be read"),
        ReportStatus::NotAReport => Some("is not a report"),
    }
}

/// What kind of story it is, where that is worth a word.
pub fn kind(kind: StoryKind) -> Option<&'static str> {
    match kind {
        StoryKind::FollowUp => Some("follow-up"),
        StoryKind::RoundUp => Some("round-up"),
        StoryKind::Announcement => Some("announcement"),
        StoryKind::Coverage | StoryKind::Other => None,
    }
}

/// Where a story stands: "Poole, single inspection (SIF), 24 November 2017".
pub fn standing(story: &StoryCard) -> String {
    let ties = wording::shown_ties(story);
    let more = if ties.len() > 1 { format!(" and {} more", ties.len() - 1) } else { String::new() };
    match (story.state, ties.first(), &story.waiting_for) {
        (StoryState::Tied, Some(tied), _) => format!("{}{more}", wording::report(&tied.report)),
        (StoryState::Possible, Some(tied), waiting) => {
            let waits = waiting.as_ref().map(|waiting| format!("; waits for {}", wording::waiting_for(waiting))).unwrap_or_default();
            format!("possibly {}{more} ({}){waits}", wording::report(&tied.report), wording::likelihood(tied.tie.confidence))
        }
        (StoryState::Waiting, _, Some(waiting)) => format!("waits for {}", wording::waiting_for(waiting)),
        _ if !story.judged => wording::NOT_JUDGED.to_owned(),
        _ if !story.relevant => "not our subject".to_owned(),
        _ => "about no single report".to_owned(),
    }
}

pub fn review(review: Review) -> &'static str {
    match review {
        Review::New => "not reviewed yet",
        Review::Kept => "kept",
        Review::Discarded => "discarded",
    }
}

/// From a report to a story: "the same day", "12 days later", "5 months before".
pub fn later(report: Date, story: Timestamp) -> String {
    let days = report.until(wording::british(story).date()).map_or(0, |span| span.get_days());
    match days {
        0 => "the same day".to_owned(),
        ..0 => format!("{} before", long_time(days.unsigned_abs())),
        _ => format!("{} later", long_time(days.unsigned_abs())),
    }
}

/// Days as people count them: "1 day", "60 days", "5 months", "2 years".
pub fn long_time(days: u32) -> String {
    match days {
        0..=60 => wording::count(days as usize, "day", "days"),
        61..=729 => format!("{} months", (f64::from(days) / 30.44).round()),
        _ => format!("{} years", (f64::from(days) / 365.25).round()),
    }
}

/// That a list was cut, and how to see more: "the newest 50 are shown; --limit shows more".
pub fn cut(which: &str, shown: usize) -> String {
    let said = if shown == 1 { format!("only the {which} is shown") } else { format!("the {which} {shown} are shown") };
    format!("{said}; --limit shows more")
}

/// "now", "in 40 min", "in 5 h", "in 3 days".
pub fn ahead(now: Timestamp, then: Timestamp) -> String {
    let minutes = then.duration_since(now).as_secs().div_euclid(60);
    match minutes {
        ..=0 => "now".to_owned(),
        1..=59 => format!("in {minutes} min"),
        60..=2879 => format!("in {} h", minutes / 60),
        _ => format!("in {} days", minutes / 1440),
    }
}

/// "512 bytes", "59 MB", by thousands.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        1_000_000..10_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        10_000_000..10_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{} GB", bytes / 1_000_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn time_passed_in_few_words() {
        let check = |story: &str, expected| assert_eq!(later("2026-03-01".parse().unwrap(), at(story)), expected, "{story}");
        check("2020-11-19T12:00:00Z", "5 years before");
        check("2025-12-01T12:00:00Z", "3 months before");
        check("2026-02-27T12:00:00Z", "2 days before");
        check("2026-03-01T23:00:00Z", "the same day");
        check("2026-03-02T00:00:00Z", "1 day later");
        check("2026-04-30T12:00:00Z", "60 days later");
        check("2026-05-01T12:00:00Z", "2 months later");
        check("2028-02-28T12:00:00Z", "24 months later");
        check("2028-02-29T12:00:00Z", "2 years later");
    }

    #[test]
    fn time_to_come_in_few_words() {
        let check = |then: &str, expected| assert_eq!(ahead(at("2026-03-01T06:00:00Z"), at(then)), expected, "{then}");
        check("2026-02-01T06:00:00Z", "now");
        check("2026-03-01T06:40:00Z", "in 40 min");
        check("2026-03-01T07:00:00Z", "in 1 h");
        check("2026-03-04T07:00:00Z", "in 3 days");
    }

    #[test]
    fn sizes_by_thousands() {
        for (bytes, expected) in
            [(999, "999 bytes"), (1_000, "1 KB"), (1_500_000, "1.5 MB"), (59_478_016, "59 MB"), (u64::MAX, "18446744073 GB")]
        {
            assert_eq!(size(bytes), expected);
        }
    }
}
