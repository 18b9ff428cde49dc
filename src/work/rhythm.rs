//! How often a list is asked that answers: by its own rhythm, not when it wishes to be left alone, and not all at once.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use crate::model::fetched::Skips;

/// A list that brought nothing for so many hours is asked hourly, after that ever more seldom: it is asked this many times
/// in the time for which it has been silent.
const ASKED_WITHIN: i32 = 48;
/// However silent a list is, it is asked this often, since what it brings at last is wanted that day.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);
/// Of a wait that is longer than the least, the share by which it may be shortened, so that what failed or fell silent
/// together does not come back together.
const SPREAD: i32 = 10;
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// The hours of a week.
const WEEK: usize = 7 * 24;

/// The time between two askings of a list that may be asked `every` so often and brought nothing new for so long.
pub fn rhythm(every: SignedDuration, silent: SignedDuration) -> SignedDuration {
    (silent / ASKED_WITHIN).min(LONGEST).max(every)
}

/// A wait shortened by up to a tenth, never below the least; the same for the same seed.
pub fn spread(wait: SignedDuration, least: SignedDuration, seed: u64) -> SignedDuration {
    let share = wait.as_secs() / i64::from(SPREAD);
    let less = i64::try_from(seed % 1_000).unwrap_or(0) * share / 1_000;
    (wait - SignedDuration::from_secs(less)).max(least.min(wait))
}

/// The first moment from `due` on that a feed does not ask to be left alone in; `due` where it asks that for all the week.
pub fn outside(due: Timestamp, skips: Skips) -> Timestamp {
    let mut at = due;
    for _ in 0..=WEEK {
        let here = TimeZone::UTC.to_datetime(at);
        let (hour, day) = (here.hour().unsigned_abs(), here.weekday().to_monday_zero_offset().unsigned_abs());
        if skips.hours >> hour & 1 == 0 && skips.days >> day & 1 == 0 {
            return at;
        }
        let into = SignedDuration::from_secs(at.as_second().rem_euclid(HOUR.as_secs()));
        let Ok(next) = at.checked_add(HOUR - into) else { break };
        at = next;
    }
    due
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(n: i64) -> SignedDuration {
        SignedDuration::from_hours(n)
    }

    #[test]
    fn the_more_silent_a_list_is_the_more_seldom_it_is_asked() {
        for (every, silent, wanted) in [
            (1, 0, hours(1)),
            (1, 48, hours(1)),
            (1, 96, hours(2)),
            (1, 10 * 24, hours(5)),
            (1, 40 * 24, hours(20)),
            (1, 400 * 24, hours(24)),
            (6, 96, hours(6)),
            (72, 400 * 24, hours(72)),
        ] {
            assert_eq!(rhythm(hours(every), hours(silent)), wanted, "every {every} h, silent for {silent} h");
        }
    }

    #[test]
    fn a_wait_is_shortened_by_a_tenth_at_most_and_not_below_the_least() {
        for seed in [0, 1, 499, 999, u64::MAX] {
            let wait = spread(hours(20), hours(1), seed);
            assert!(wait > hours(18) && wait <= hours(20), "{wait:?}");
            assert_eq!(spread(hours(1), hours(1), seed), hours(1));
        }
        assert_ne!(spread(hours(20), hours(1), 1), spread(hours(20), hours(1), 500));
    }

    #[test]
    fn hours_and_days_that_are_skipped() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        // The 5th of March 2024 was a Tuesday.
        for (due, hours, days, wanted) in [
            ("2024-03-05T06:30:00Z", 0, 0, "2024-03-05T06:30:00Z"),
            ("2024-03-05T06:30:00Z", 1 << 6, 0, "2024-03-05T07:00:00Z"),
            ("2024-03-05T06:30:00Z", 0b1111_1100_0000, 0, "2024-03-05T12:00:00Z"),
            ("2024-03-05T23:10:00Z", 1 << 23 | 1, 0, "2024-03-06T01:00:00Z"),
            ("2024-03-05T06:30:00Z", 0, 1 << 1, "2024-03-06T00:00:00Z"),
            ("2024-03-08T06:30:00Z", 0, 0b111_0000, "2024-03-11T00:00:00Z"),
            ("2024-03-05T06:30:00Z", 0xff_ffff, 0, "2024-03-05T06:30:00Z"),
        ] {
            assert_eq!(outside(at(due), Skips { hours, days }), at(wanted), "{due} {hours:b} {days:b}");
        }
    }
}
