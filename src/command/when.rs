//! `--since WHEN`: a day, a moment, or how long ago.

use jiff::{
    SignedDuration, Span, Timestamp, ToSpan,
    civil::{Date, DateTime, Weekday},
};

use super::{Context, Trouble, summary};
use crate::{
    model::wording::{self, british},
    store::Store,
};

/// Reads WHEN, for a command that has the database open: `last` is where the reader of this account read to.
///
/// # Errors
/// Where it is none of a day, a moment, or how long ago, or is still to come.
pub fn since(typed: &str, context: &Context, store: &Store) -> Result<Timestamp, Trouble> {
    parse_from(typed, context.now, || summary::read_until(store, &summary::reader(None)?, context.now))
}

/// The same for the end of a time: a day, a month and a year are whole, and a moment to come is as good as now.
///
/// # Errors
/// Where it is none of a day, a moment, or how long ago.
pub fn until(typed: &str, context: &Context, store: &Store) -> Result<Timestamp, Trouble> {
    let text = typed.trim().to_lowercase();
    let last_day = period(&text).map(|(_, last)| last).or_else(|| day(&text, context.now));
    if let Some(last) = last_day.and_then(|day| midnight(day.tomorrow().ok()?, context.now)) {
        return Ok(last.checked_sub(SignedDuration::from_secs(1)).unwrap_or(last));
    }
    match moment(typed.trim(), context.now).filter(|moment| *moment > context.now) {
        Some(to_come) => Ok(to_come),
        None => since(typed, context, store),
    }
}

/// The same with `last` at hand. A day begins at midnight on the readers' clock, that of London.
///
/// # Errors
/// As [`since`].
pub fn parse_from(text: &str, now: Timestamp, last: impl FnOnce() -> Result<Timestamp, Trouble>) -> Result<Timestamp, Trouble> {
    let typed = text.trim().to_lowercase();
    if typed == "last" {
        return last();
    }
    let first = period(&typed).map(|(first, _)| first).or_else(|| day(&typed, now));
    let found = first.and_then(|day| midnight(day, now)).or_else(|| ago(&typed, now)).or_else(|| moment(text.trim(), now));
    match found {
        Some(found) if found > now => Err(Trouble::usage(format!("`{text}` is still to come"))
            .hint(format!("name a day or moment that has been, not after {}", wording::moment(now)))),
        Some(found) => Ok(found),
        None => Err(unread(text, &typed)),
    }
}

/// Why it cannot be read.
fn unread(text: &str, typed: &str) -> Trouble {
    if is_shaped_like_a_day(typed) {
        return Trouble::usage(format!("`{text}` is no day of the calendar"))
            .hint("write a day as in 2026-11-23 or 23/11/2026, its month by number");
    }
    if parts_of_ago(typed).is_some() {
        return Trouble::usage(format!("`{text}` is longer ago than a hundred years, when there was nothing to read"))
            .hint("write fewer, as in 7d, 3m or 1y");
    }
    Trouble::usage(format!("cannot read `{text}` as a day, a moment or a time ago")).hint(
        "write a day (2026-11-23, 23/11/2026, yesterday, monday), a month or year (2026-11, 2026), a moment (2026-11-23T06:00:00Z), how long ago (24h, 7d, 2w, 3m, 1y), or `last` for where you last read to",
    )
}

/// "2026-02-30", "31/6/2026": digits where those of a day stand.
fn is_shaped_like_a_day(text: &str) -> bool {
    let numbers = |by: char| text.split(by).map(|part| part.parse::<u16>().map_or(0, |_| part.len())).collect::<Vec<_>>();
    numbers('-') == [4, 2, 2] || matches!(numbers('/')[..], [1..=2, 1..=2, 4])
}

/// "today", "yesterday", "monday" (the last one, also where it is today), "2026-11-23", "23/11/2026".
fn day(text: &str, now: Timestamp) -> Option<Date> {
    let today = british(now).date();
    match text {
        "today" => return Some(today),
        "yesterday" => return today.yesterday().ok(),
        _ => {}
    }
    if let Some(weekday) = weekday(text) {
        return today.checked_sub(i64::from(today.weekday().since(weekday)).days()).ok();
    }
    if let Some(day) = british_day(text) {
        return Some(day);
    }
    text.parse::<Date>().ok().filter(|_| text.len() == 10)
}

/// The first and the last day of "2026-11" or "2026".
fn period(text: &str) -> Option<(Date, Date)> {
    let is_digits = |text: &str, many: usize| text.len() == many && text.bytes().all(|byte| byte.is_ascii_digit());
    let (year, month) = text.split_once('-').map_or((text, None), |(year, month)| (year, Some(month)));
    if !is_digits(year, 4) || month.is_some_and(|month| !is_digits(month, 2)) {
        return None;
    }
    let (from, to) = match month {
        Some(month) => (month.parse().ok()?, month.parse().ok()?),
        None => (1, 12),
    };
    let year = year.parse().ok()?;
    Some((Date::new(year, from, 1).ok()?, Date::new(year, to, 1).ok()?.last_of_month()))
}

/// The name of a day, whole or its first three letters, with "last" before it or not.
fn weekday(text: &str) -> Option<Weekday> {
    use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    let days = [
        ("monday", Monday),
        ("tuesday", Tuesday),
        ("wednesday", Wednesday),
        ("thursday", Thursday),
        ("friday", Friday),
        ("saturday", Saturday),
        ("sunday", Sunday),
    ];
    days.into_iter().find(|(name, _)| text == *name || text.len() == 3 && name.starts_with(text)).map(|(_, day)| day)
}

/// "1/11/2026" is the first of November: it is a British program.
fn british_day(text: &str) -> Option<Date> {
    let mut parts = text.split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || !digits(day, 2) || !digits(month, 2) || year.len() != 4 || !digits(year, 4) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn midnight(day: Date, now: Timestamp) -> Option<Timestamp> {
    let zone = british(now).time_zone().clone();
    day.to_zoned(zone).ok().map(|midnight| midnight.timestamp())
}

/// RFC 3339; without an offset it is the time in London.
fn moment(text: &str, now: Timestamp) -> Option<Timestamp> {
    let here = || text.parse::<DateTime>().ok().filter(|_| text.len() >= "2026-11-23T06:00".len() && text.contains([':']));
    let local = || here()?.to_zoned(british(now).time_zone().clone()).ok().map(|moment| moment.timestamp());
    text.parse::<Timestamp>().ok().or_else(local)
}

/// "24h", "7d", "2w", "3 days ago", "3m" for months, "1y".
fn ago(text: &str, now: Timestamp) -> Option<Timestamp> {
    let (number, unit) = parts_of_ago(text)?;
    let hours = match unit {
        Unit::Hours(hours) => number.checked_mul(hours).filter(|hours| *hours <= MOST_HOURS)?,
        Unit::Months(many) => return months(number.checked_mul(many)?, now),
    };
    now.checked_sub(SignedDuration::from_hours(hours)).ok()
}

enum Unit {
    Hours(i64),
    Months(i64),
}

/// A number and what it counts; a number too large for us is the largest.
fn parts_of_ago(text: &str) -> Option<(i64, Unit)> {
    let text = text.strip_suffix("ago").unwrap_or(text).trim_end();
    let digits = text.len() - text.trim_start_matches(|char: char| char.is_ascii_digit()).len();
    let unit = match text[digits..].trim() {
        "h" | "hour" | "hours" => Unit::Hours(1),
        "d" | "day" | "days" => Unit::Hours(24),
        "w" | "week" | "weeks" => Unit::Hours(7 * 24),
        "m" | "month" | "months" => Unit::Months(1),
        "y" | "year" | "years" => Unit::Months(12),
        _ => return None,
    };
    (digits > 0).then(|| (text[..digits].parse().unwrap_or(i64::MAX), unit))
}

/// By the calendar: a month before 31 March is the last day of February.
fn months(number: i64, now: Timestamp) -> Option<Timestamp> {
    let back = Span::new().try_months(number).ok().filter(|_| number <= MOST_MONTHS)?;
    british(now).checked_sub(back).ok().map(|moment| moment.timestamp())
}

/// A hundred years: there was nothing to tie before.
const MOST_HOURS: i64 = 100 * 366 * 24;
const MOST_MONTHS: i64 = 100 * 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_told_with_its_cause() {
        let now: Timestamp = "2026-07-10T06:00:00Z".parse().unwrap();
        let check = |text, expected: &str| {
            let trouble = parse_from(text, now, || Ok(now)).unwrap_err();
            assert!(trouble.message.contains(expected) && trouble.hint.is_some(), "{text}: {}", trouble.message);
        };
        check("2026-02-30", "`2026-02-30` is no day of the calendar");
        check("31/6/2026", "is no day of the calendar");
        check("99999w", "is longer ago than a hundred years");
        check("99999999999999999999d", "is longer ago than a hundred years");
        check("9999y", "is longer ago than a hundred years");
        check("2026-07-11", "is still to come");
        for unknown in ["soon", "7", "d", "1/7", "-7d", "1.5d"] {
            check(unknown, "as a day, a moment or a time ago");
        }
    }

    #[test]
    fn days_moments_and_times_ago() {
        let now: Timestamp = "2026-07-10T06:00:00Z".parse().unwrap();
        let check = |text, expected: Option<&str>| {
            let found = parse_from(text, now, || Ok(Timestamp::UNIX_EPOCH)).ok().map(|moment| moment.to_string());
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
        check("2026-07-01T12:00", Some("2026-07-01T11:00:00Z"));
        check("99999w", None);
        // 10 July 2026 is a Friday.
        check("Monday", Some("2026-07-05T23:00:00Z"));
        check("thu", Some("2026-07-08T23:00:00Z"));
        check("friday", Some("2026-07-09T23:00:00Z"));
        check("saturday", Some("2026-07-03T23:00:00Z"));
        check("1/7/2026", Some("2026-06-30T23:00:00Z"));
        check("01/07/2026", Some("2026-06-30T23:00:00Z"));
        check("1/11/2025", Some("2025-11-01T00:00:00Z"));
        check("3m", Some("2026-04-10T06:00:00Z"));
        check("1y", Some("2025-07-10T06:00:00Z"));
        check("6 months", Some("2026-01-10T07:00:00Z"));
        check("last", Some("1970-01-01T00:00:00Z"));
        check("2015", Some("2015-01-01T00:00:00Z"));
        check("2026-07", Some("2026-06-30T23:00:00Z"));
        for to_come in ["2027", "2026-08", "2026-07-11", "11/7/2026", "2026-07-10T06:00:01Z", "2027-01-01", "2026-07-10T08:00"] {
            check(to_come, None);
        }
        for wrong in [
            "", "7", "d", "soon", "7q", "13/13/2026", "31/6/2026", "1/7/26", "1/7", "mo", "mond", "9999y", "2026-7-1", "/", "1/7/2026/1",
            "-7d", "1.5d", "2026-13", "2026-", "20266", "99999999999999999999d", "2026-02-30", "2026-13-01", "éd", "7\u{202e}d",
        ] {
            check(wrong, None);
        }
    }
}
