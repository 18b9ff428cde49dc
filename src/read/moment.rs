//! Moments as feeds and pages write them; British ones first of all.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::Offset;
use regex::{Captures, Regex};

use crate::model::{date, day};

/// A longer text is no date.
const MAX_CHARS: usize = 80;

/// Digits of a moment in seconds since 1970, as some programs print it, and in thousandths.
const SECOND_DIGITS: usize = 10;
const MILLISECOND_DIGITS: usize = 13;

static CLOCK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?ix)(?:^|[\sT,])(?P<h>\d{1,2})[:.](?P<m>\d{2})(?:[:.](?P<s>\d{2}))?(?:[.,]\d+)?\s*(?P<half>[ap]\.?\s?m\.?)?\s*(?P<zone>(?:gmt|utc|ut|z)?\s*[+-]\d{1,2}(?::?\d{2})?|[a-z]+/[a-z_]+|[a-z]{1,5})?\s*(?:gmt|utc)?\s*(?:\([a-z\s]+\))?\s*$").ok()
});

/// The moment that `text` names. Without a zone it is London's time; without a time it is midday in London.
///
/// RFC 2822 readers take "BST" for an unknown zone, that is UTC: one hour wrong all summer.
pub fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.chars().count() > MAX_CHARS {
        return None;
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return counted(text);
    }
    let clock = CLOCK.as_ref().and_then(|pattern| pattern.captures(text));
    // "2026-07-13T09:30" without a zone: the day ends where the clock begins.
    let (day_text, clock) = match &clock {
        Some(found) => (text.get(..found.get(0)?.start()).unwrap_or_default(), Some(found)),
        None => (text, None),
    };
    let day = date::first_day(day_text)?;
    let Some(found) = clock else { return day::midday(day) };
    let number = |name: &str| found.name(name).map_or(Some(0), |part| part.as_str().parse::<i8>().ok());
    let hour = match (number("h")?, half(found)) {
        (12, Some(b'a')) => 0,
        (hour @ 1..=11, Some(b'p')) => hour + 12,
        // Some feeds write midnight as 24:00.
        (24, None) => 0,
        (hour, _) => hour,
    };
    let at = day.to_datetime(Time::new(hour, number("m")?, number("s")?.min(59), 0).ok()?);
    match found.name("zone").map(|zone| zone.as_str()) {
        None => day::local(at),
        Some(zone) => match offset(zone) {
            Some(offset) => offset.to_timestamp(at).ok(),
            None => day::local(at),
        },
    }
}

/// `a` or `p`, of "am", "p.m." and the like.
fn half(clock: &Captures<'_>) -> Option<u8> {
    clock.name("half")?.as_str().bytes().next().map(|letter| letter.to_ascii_lowercase())
}

/// Seconds or thousandths since 1970.
fn counted(digits: &str) -> Option<Timestamp> {
    match digits.len() {
        SECOND_DIGITS => Timestamp::from_second(digits.parse().ok()?).ok(),
        MILLISECOND_DIGITS => Timestamp::from_millisecond(digits.parse().ok()?).ok(),
        _ => None,
    }
}

fn offset(zone: &str) -> Option<Offset> {
    // "GMT+0000": the letters say from where the offset is counted.
    let zone = zone.find(['+', '-']).and_then(|sign| zone.get(sign..)).unwrap_or(zone);
    let hours = match zone.to_ascii_uppercase().as_str() {
        "Z" | "UT" | "UTC" | "GMT" | "WET" => 0,
        "BST" | "CET" | "IST" | "WEST" => 1,
        "CEST" | "EET" => 2,
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        _ => {
            let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            let (hours, minutes) = if digits.len() <= 2 { (digits.as_str(), "0") } else { digits.split_at(digits.len() - 2) };
            let seconds = hours.parse::<i32>().ok()? * 3_600 + minutes.parse::<i32>().ok()? * 60;
            return Offset::from_seconds(sign * seconds).ok().filter(|_| zone.starts_with(['+', '-']));
        }
    };
    Offset::from_hours(hours).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(moment(text).map(|at| at.to_string()).unwrap_or_default(), expected, "{text}");
    }

    #[test]
    fn british_summer_time_is_an_hour_ahead() {
        check("Mon, 13 Jul 2026 09:30:00 BST", "2026-07-13T08:30:00Z");
        check("Mon, 13 Jul 2026 09:30:00 GMT", "2026-07-13T09:30:00Z");
        check("Mon, 13 Jul 2026 09:30:00", "2026-07-13T08:30:00Z");
        check("Tue, 13 Jan 2026 09:30:00", "2026-01-13T09:30:00Z");
    }

    #[test]
    fn notations_of_feeds() {
        for text in [
            "Mon, 13 Jul 2026 09:30:00 +0100",
            "13 Jul 2026 08:30 UT",
            "Monday, 13 July 2026 9:30am BST",
            "Mon, 13 Jul 26 08:30:00 Z",
            "Monday 13 July 2026, 9.30 a.m.",
            "Monday 13 July 2026 9.30 A.M. BST",
            "2026-07-13T09:30:00+01:00",
            "2026-07-13T09:30:00+0100",
            "2026-07-13 09:30:00",
            "2026-07-13T09:30",
            "13/07/2026 09:30",
            "July 13, 2026 09:30:00",
            "Thu, 13 Jul 2026 04:30:00 EDT",
            "Mon, 13 Jul 2026 08:30:00 +0000 (UTC)",
            "13.07.2026, 09.30",
            "Mon, 13 Jul 2026 08:30:00 GMT+0000",
            "Mon Jul 13 2026 09:30:00 GMT+0100 (British Summer Time)",
            "13 Jul 2026 08:30:00 UTC+00:00",
            "13 Jul 2026 08:30:00 +0000 GMT",
            "Mon, 13 Jul 2026 10:30:00 UTC+2",
            "13 Jul 2026 08:30:00 GMT +0000",
            "13 Jul 2026 09:30 Europe/London",
            "1783931400",
            "1783931400000",
        ] {
            check(text, "2026-07-13T08:30:00Z");
        }
    }

    #[test]
    fn halves_of_the_day() {
        for (text, expected) in [
            ("13 January 2026, 4.03 p.m.", "2026-01-13T16:03:00Z"),
            ("13 January 2026 4.03 p.m", "2026-01-13T16:03:00Z"),
            ("13 January 2026 4:03 P M", "2026-01-13T16:03:00Z"),
            ("13 January 2026 12.10 a.m. GMT", "2026-01-13T00:10:00Z"),
            ("13 January 2026 12.10pm", "2026-01-13T12:10:00Z"),
            ("13 January 2026 16:03 p.m.", "2026-01-13T16:03:00Z"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn days_without_a_time_are_midday_in_london() {
        check("13 July 2026", "2026-07-13T11:00:00Z");
        check("13/07/2026", "2026-07-13T11:00:00Z");
        check("2026-01-13", "2026-01-13T12:00:00Z");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "yesterday", "13:30", "32 July 2026", "Mon, 13 Jul 2026 25:61:00 GMT", "99999999999999999999"] {
            check(text, "");
        }
        check(&format!("13 July 2026{}", " ".repeat(90) + "x"), "");
    }
}
