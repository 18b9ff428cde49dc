//! The London day: on which calendar day a moment fell for readers in England, and which days a story can be of.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

/// The rule in force since 1996, for a system without a time-zone database.
const RULE: &str = "GMT0BST,M3.5.0/1,M10.5.0/2";

/// The first day that a story can be of. Ofsted inspects social care since 2001; clocks that have lost the time say 1970,
/// 1980 or 2000.
const FIRST: i64 = 978_307_200;

/// How far ahead of now a date may be: embargoed items and clocks that are a little wrong.
const MAX_AHEAD_HOURS: i64 = 48;

/// London's clock.
pub fn london() -> TimeZone {
    TimeZone::get("Europe/London").or_else(|_| TimeZone::posix(RULE)).unwrap_or(TimeZone::UTC)
}

/// The moment on London's clock.
pub fn zoned(at: Timestamp) -> Zoned {
    at.to_zoned(london())
}

/// The day in London on which `at` fell.
pub fn of(at: Timestamp) -> Date {
    zoned(at).date()
}

/// The moment at which London's clock shows `at`.
pub fn local(at: DateTime) -> Option<Timestamp> {
    at.to_zoned(london()).ok().map(|zoned| zoned.timestamp())
}

/// Midday in London: the same day in every zone a reader of British news is likely to be in.
pub fn midday(day: Date) -> Option<Timestamp> {
    local(day.at(12, 0, 0, 0))
}

/// True for a moment at which a story can have been published, whoever says so; another origin is asked otherwise.
pub fn is_plausible(at: Timestamp, now: Timestamp) -> bool {
    at.as_second() >= FIRST && !is_ahead(at, now)
}

/// The same for a day.
pub fn is_plausible_day(day: Date, now: Timestamp) -> bool {
    midday(day).is_some_and(|at| is_plausible(at, now))
}

/// True for a moment so far ahead of `now` that it must be a mistake.
pub fn is_ahead(at: Timestamp, now: Timestamp) -> bool {
    now.checked_add(MAX_AHEAD_HOURS.hours()).is_ok_and(|limit| at > limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_day_changes_at_midnight_in_london() {
        assert_eq!(of(at("2026-07-13T23:30:00Z")), date(2026, 7, 14));
        assert_eq!(of(at("2026-01-13T23:30:00Z")), date(2026, 1, 13));
        assert_eq!(midday(date(2026, 7, 13)), Some(at("2026-07-13T11:00:00Z")));
        assert_eq!(local(date(2026, 1, 13).at(9, 30, 0, 0)), Some(at("2026-01-13T09:30:00Z")));
    }

    #[test]
    fn the_rule_without_a_database_is_the_same() {
        let rule = TimeZone::posix(RULE).unwrap();
        for moment in ["2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-10-25T00:59:59Z", "2026-10-25T01:00:00Z"] {
            assert_eq!(at(moment).to_zoned(rule.clone()).date(), of(at(moment)), "{moment}");
            assert_eq!(at(moment).to_zoned(rule.clone()).time(), zoned(at(moment)).time(), "{moment}");
        }
    }

    #[test]
    fn a_story_is_of_this_century_and_not_of_next_week() {
        let now = at("2026-07-13T09:00:00Z");
        for (moment, plausible) in [
            ("0001-01-01T00:00:00Z", false),
            ("1970-01-01T00:00:00Z", false),
            ("1980-01-01T00:00:00Z", false),
            ("2000-01-01T00:00:00Z", false),
            ("2000-12-31T23:59:59Z", false),
            ("2001-01-01T00:00:00Z", true),
            ("2026-07-15T09:00:00Z", true),
            ("2026-07-15T09:00:01Z", false),
            ("2038-01-19T03:14:07Z", false),
        ] {
            assert_eq!(is_plausible(at(moment), now), plausible, "{moment}");
        }
        assert!(is_plausible(now, Timestamp::MAX));
    }
}
