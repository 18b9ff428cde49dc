//! `--since WHEN`: a day, a moment, or how long ago.

use jiff::{SignedDuration, Timestamp, civil::Date};

use super::Trouble;
use crate::model::wording::british;

/// Reads WHEN. A day begins at midnight on the readers' clock, that of London.
///
/// # Errors
/// Where it is none of a day, a moment, or a number of hours, days or weeks.
pub fn parse(text: &str, now: Timestamp) -> Result<Timestamp, Trouble> {
    let typed = text.trim().to_lowercase();
    let found = match typed.as_str() {
        "today" => midnight(british(now).date(), now),
        "yesterday" => british(now).date().yesterday().ok().and_then(|day| midnight(day, now)),
        other => ago(other, now)
            .or_else(|| other.parse::<Date>().ok().filter(|_| other.len() == 10).and_then(|day| midnight(day, now)))
            .or_else(|| text.trim().parse::<Timestamp>().ok()),
    };
    found.ok_or_else(|| {
        Trouble::usage(format!("cannot read `{text}` as a day, a moment or a time ago"))
            .hint("write a day (2026-11-23), a moment (2026-11-23T06:00:00Z), or how long ago (24h, 7d, 2w)")
    })
}

/// The same for an option that may be left out.
///
/// # Errors
/// As [`parse`].
pub fn since(typed: Option<&str>, usual: &str, now: Timestamp) -> Result<Timestamp, Trouble> {
    parse(typed.unwrap_or(usual), now)
}

fn midnight(day: Date, now: Timestamp) -> Option<Timestamp> {
    let zone = british(now).time_zone().clone();
    day.to_zoned(zone).ok().map(|midnight| midnight.timestamp())
}

/// "24h", "7d", "2w", "3 days ago".
fn ago(text: &str, now: Timestamp) -> Option<Timestamp> {
    let text = text.strip_suffix("ago").unwrap_or(text).trim_end();
    let digits = text.len() - text.trim_start_matches(|char: char| char.is_ascii_digit()).len();
    let hours: i64 = match text[digits..].trim() {
        "h" | "hour" | "hours" => 1,
        "d" | "day" | "days" => 24,
        "w" | "week" | "weeks" => 7 * 24,
        _ => return None,
    };
    let hours = text[..digits].parse::<i64>().ok()?.checked_mul(hours).filter(|hours| *hours <= MOST_HOURS)?;
    now.checked_sub(SignedDuration::from_hours(hours)).ok()
}

/// A hundred years: there was nothing to tie before.
const MOST_HOURS: i64 = 100 * 366 * 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_moments_and_times_ago() {
        let now: Timestamp = "2026-07-10T06:00:00Z".parse().unwrap();
        let check = |text, expected: Option<&str>| {
            let found = parse(text, now).ok().map(|moment| moment.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        check("24h", Some("2026-07-09T06:00:00Z"));
        check("7d", Some("2026-07-03T06:00:00Z"));
        check("2w", Some("2026-06-26T06:00:00Z"));
        check(" 3 days ago ", Some("2026-07-07T06:00:00Z"));
        check("0h", Some("2026-07-10T06:00:00Z"));
        check("2026-07-01", Some("2026-06-30T23:00:00Z"));
        check("2026-01-01", Some("2026-01-01T00:00:00Z"));
        check("today", Some("2026-07-09T23:00:00Z"));
        check("yesterday", Some("2026-07-08T23:00:00Z"));
        check("2026-07-01T12:00:00Z", Some("2026-07-01T12:00:00Z"));
        check("2026-07-01T12:00:00+01:00", Some("2026-07-01T11:00:00Z"));
        check("99999w", None);
        for wrong in ["", "7", "d", "soon", "7m", "-7d", "1.5d", "99999999999999999999d", "2026-02-30", "2026-13-01", "éd", "7\u{202e}d"] {
            check(wrong, None);
        }
    }
}
