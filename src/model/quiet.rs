//! Quiet hours: a time of day, on London's clock, in which nothing is fetched that can wait.

use jiff::{Timestamp, civil::Time};

use super::day;

/// From a time of day until another, over midnight where that comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    pub from: Time,
    pub until: Time,
}

impl Quiet {
    /// When they end, where they last at `now`.
    pub fn end(&self, now: Timestamp) -> Option<Timestamp> {
        let here = day::zoned(now);
        let (time, over_midnight) = (here.time(), self.until <= self.from);
        let lasts = if over_midnight { time >= self.from || time < self.until } else { time >= self.from && time < self.until };
        let ends_tomorrow = over_midnight && time >= self.from;
        let date = if ends_tomorrow { here.date().tomorrow().ok()? } else { here.date() };
        day::local(date.to_datetime(self.until)).filter(|_| lasts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;

    #[test]
    fn by_day_and_over_midnight_in_winter_and_summer() {
        let night = Quiet { from: time(22, 0, 0, 0), until: time(6, 30, 0, 0) };
        let noon = Quiet { from: time(12, 0, 0, 0), until: time(13, 0, 0, 0) };
        for (quiet, now, end) in [
            (night, "2024-01-05T21:59:00Z", None),
            (night, "2024-01-05T22:00:00Z", Some("2024-01-06T06:30:00Z")),
            (night, "2024-01-06T06:29:00Z", Some("2024-01-06T06:30:00Z")),
            (night, "2024-01-06T06:30:00Z", None),
            (night, "2024-07-05T21:00:00Z", Some("2024-07-06T05:30:00Z")),
            (noon, "2024-01-05T12:59:59Z", Some("2024-01-05T13:00:00Z")),
            (noon, "2024-01-05T13:00:00Z", None),
        ] {
            let end: Option<Timestamp> = end.map(|end| end.parse().unwrap());
            assert_eq!(quiet.end(now.parse().unwrap()), end, "{now}");
        }
    }
}
