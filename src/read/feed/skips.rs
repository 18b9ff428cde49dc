//! The hours and days in which a feed asks to be left alone (RSS 2.0: skipHours, skipDays).

use super::tags::{TagKind, tags};
use crate::model::fetched::Skips;

/// Days as they begin in English, from Monday on.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Hours beyond the day and words that are no day are passed over; hour 24 is midnight in feeds that count from 1.
pub(super) fn of(xml: &str) -> Skips {
    let mut skips = Skips::default();
    for tag in tags(xml).take_while(|tag| !tag.is_item()).filter(|tag| tag.act == TagKind::Opens) {
        let value = || xml.get(tag.at.end..).and_then(|rest| rest.split('<').next()).unwrap_or_default().trim().to_ascii_lowercase();
        match tag.local() {
            "hour" => skips.hours |= value().parse::<u32>().ok().filter(|hour| *hour <= 24).map_or(0, |hour| 1 << (hour % 24)),
            "day" => skips.days |= DAYS.iter().position(|day| value().starts_with(day)).map_or(0, |day| 1 << day),
            _ => {}
        }
    }
    skips
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_and_days_of_the_channel_and_of_nothing_else() {
        let xml = "<rss><channel><skipHours><hour>0</hour><hour> 23 </hour><hour>99</hour></skipHours>\
                   <skipDays><day>Saturday</day><day>SUN</day><day>Someday</day></skipDays>\
                   <item><hour>5</hour><day>Monday</day></item></channel></rss>";
        assert_eq!(of(xml), Skips { hours: 1 | 1 << 23, days: 0b110_0000 });
        assert_eq!(of("<rss><channel><title>5</title></channel></rss>"), Skips::default());
    }
}
