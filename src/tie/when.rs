//! When a story says that things happened: days, months, years and seasons, held against a report's dates.

use jiff::{ToSpan, civil::Date};

use crate::model::{date, overview::ReportCard};

use super::{fold::Folded, text::StoryText};

/// A time that the story names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// First and last day it can mean.
    pub from: Date,
    pub to: Date,
    /// Byte in the text.
    pub at: usize,
    pub precision: Precision,
    /// A month without its year, in a story without a date: the month of any year.
    pub any_year: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    Year,
    Season,
    Month,
    Day,
}

/// How a report's dates fit what the story names.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Fit {
    /// The publication day is named.
    pub published_day: bool,
    /// A day of the inspection is named.
    pub inspected_day: bool,
    /// The month of the inspection or the publication is named.
    pub month: bool,
    /// A season ("last summer") fits.
    pub season: bool,
    /// The report's year is named.
    pub year: bool,
    /// Where the best fit stands.
    pub at: Option<usize>,
}

/// The times named in a story published on `published`.
pub fn find(text: &StoryText, folded: &Folded, published: Option<Date>) -> Vec<Named> {
    let mut named: Vec<Named> = date::days(&text.whole)
        .into_iter()
        .map(|(at, day)| Named { from: day, to: day, at, precision: Precision::Day, any_year: false })
        .collect();
    for (index, word) in folded.words.iter().enumerate() {
        let raw = &text.whole[word.start..word.end];
        if let Some(found) = month_at(folded, index, raw, published) {
            named.push(Named { at: word.start, ..found });
        } else if let Some(found) = season_at(folded, index, published) {
            named.push(Named { at: word.start, ..found });
        } else if let Some(year) = year_of(&word.folded)
            && let (Ok(from), Ok(to)) = (Date::new(year, 1, 1), Date::new(year, 12, 31))
        {
            named.push(Named { from, to, at: word.start, precision: Precision::Year, any_year: false });
        }
    }
    named
}

fn year_of(word: &str) -> Option<i16> {
    (word.len() == 4).then(|| word.parse::<i16>().ok()).flatten().filter(|year| (2005..=2100).contains(year))
}

/// "September", "September 2019", "last July"; "may" and "march" only with a capital and a word that makes them months.
fn month_at(folded: &Folded, index: usize, raw: &str, published: Option<Date>) -> Option<Named> {
    if !raw.starts_with(char::is_uppercase) || raw.len() < 3 {
        return None;
    }
    let month = date::month(&folded.words[index].folded).filter(|_| {
        raw.len() > 3 || matches!(raw, "May" | "Sep" | "Oct" | "Nov" | "Dec" | "Jan" | "Feb" | "Mar" | "Apr" | "Jun" | "Jul" | "Aug")
    })?;
    let next = folded.words.get(index + 1).and_then(|word| year_of(&word.folded));
    let before = index.checked_sub(1).map(|at| folded.words[at].folded.as_str()).unwrap_or("");
    if matches!(raw, "May" | "March")
        && next.is_none()
        && !matches!(
            before,
            "in" | "last" | "since" | "of" | "early" | "late" | "mid" | "until" | "by" | "and" | "to" | "from" | "this" | "for" | "during"
        )
        && before.parse::<u8>().is_err()
    {
        return None;
    }
    let year = match (next, published) {
        (Some(year), _) => year,
        // The latest such month that is not after the story.
        (None, Some(published)) if month > published.month() => published.year() - 1,
        (None, Some(published)) => published.year(),
        (None, None) => {
            return Some(Named {
                from: Date::new(2000, month, 1).ok()?,
                to: Date::new(2000, month, 1).ok()?,
                at: 0,
                precision: Precision::Month,
                any_year: true,
            });
        }
    };
    let from = Date::new(year, month, 1).ok()?;
    Some(Named { from, to: from.last_of_month(), at: 0, precision: Precision::Month, any_year: false })
}

/// "Last summer", "in the autumn": the latest such season that began before the story.
fn season_at(folded: &Folded, index: usize, published: Option<Date>) -> Option<Named> {
    let published = published?;
    let first = match folded.words[index].folded.as_str() {
        "spring" => 3,
        "summer" => 6,
        "autumn" => 9,
        "winter" => 12,
        _ => return None,
    };
    let before = index.checked_sub(1).map(|at| folded.words[at].folded.as_str()).unwrap_or("");
    if !matches!(before, "last" | "the" | "this" | "in" | "since" | "late" | "early") {
        return None;
    }
    let mut year = published.year();
    let start = |year: i16| Date::new(year, first, 1).ok();
    if start(year)? > published {
        year -= 1;
    }
    let from = start(year)?;
    let to = from.checked_add(3.months()).ok()?;
    Some(Named { from, to, at: 0, precision: Precision::Season, any_year: false })
}

/// Holds a report's dates against the times named.
pub fn fit(named: &[Named], report: &ReportCard) -> Fit {
    let mut fit = Fit::default();
    let from = report.inspected_from.or(report.published);
    let to = report.inspected_to.or(from);
    let meets =
        |time: &Named, from: Option<Date>, to: Option<Date>| from.zip(to).is_some_and(|(from, to)| time.from <= to && from <= time.to);
    let mut best = None;
    for time in named {
        if time.any_year {
            let month = time.from.month();
            if [from, to, report.published].into_iter().flatten().any(|day| day.month() == month) {
                fit.season = true;
                best = best.or(Some((Precision::Season, time.at)));
            }
            continue;
        }
        let inspected = meets(time, from, to);
        let published = meets(time, report.published, report.published);
        if !inspected && !published {
            continue;
        }
        match time.precision {
            Precision::Day => {
                fit.published_day |= published;
                fit.inspected_day |= inspected;
            }
            Precision::Month => fit.month = true,
            Precision::Season => fit.season = true,
            Precision::Year => fit.year = true,
        }
        if best.is_none_or(|(precision, _)| time.precision > precision) {
            best = Some((time.precision, time.at));
        }
    }
    fit.at = best.map(|(_, at)| at);
    fit
}
