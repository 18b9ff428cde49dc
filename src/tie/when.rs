//! When a story says that things happened: days, months, years, seasons and "last month", held against a report's dates.

use jiff::{Span, ToSpan, civil::Date};

use crate::model::{date, overview::ReportCard};

use super::fold::Folded;

/// A time that the story names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// First and last day it can mean.
    pub from: Date,
    pub to: Date,
    /// Index of its first word, and of the one after its last.
    pub word: usize,
    pub end: usize,
    pub precision: Precision,
    /// No year is named and the story bears no date: the day or month of any year.
    pub any_year: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    Year,
    Season,
    Month,
    Day,
}

impl Named {
    fn new(from: Date, to: Date, precision: Precision) -> Self {
        Self { from, to, word: 0, end: 0, precision, any_year: false }
    }

    /// True if the days from `from` to `to` share one with it.
    pub fn meets(&self, from: Date, to: Date) -> bool {
        if !self.any_year {
            return self.from <= to && from <= self.to;
        }
        (from.year()..=to.year()).any(|year| {
            let moved = |day: Date| Date::new(year, day.month(), day.day()).ok();
            moved(self.from).zip(moved(self.to)).is_some_and(|(first, last)| first <= to && from <= last)
        })
    }
}

/// True for the folded name of a day of the week.
pub fn is_weekday(word: &str) -> bool {
    matches!(word, "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday")
}

/// The times named in a story published on `published`, in the order of the text.
pub fn find(text: &str, folded: &Folded, published: Option<Date>) -> Vec<Named> {
    let numeric =
        if may_have_figures(text) { date::days(text).into_iter().filter(|(at, _)| is_numeric(&text[*at..])).collect() } else { Vec::new() };
    let reader = Reader { text, folded, published, numeric };
    let mut named: Vec<Named> = Vec::new();
    let mut at = 0;
    while at < folded.words.len() {
        match reader.at(at) {
            Some((found, words)) => {
                let found = reader.that(at, found, named.last()).unwrap_or(found);
                named.push(Named { word: at, end: at + words, ..found });
                at += words;
            }
            None => match named.last().and_then(|last| reader.that_year(at, last)) {
                Some(year) => {
                    named.push(Named { word: at, end: at + 2, ..year });
                    at += 2;
                }
                None => at += 1,
            },
        }
    }
    named
}

struct Reader<'a> {
    text: &'a str,
    folded: &'a Folded,
    published: Option<Date>,
    /// Days in figures, and the byte where each begins.
    numeric: Vec<(usize, Date)>,
}

/// True for "14/12/2022" and "2022-12-14", of which each figure is a word.
fn is_numeric(text: &str) -> bool {
    let mut rest = text.trim_start_matches(|char: char| char.is_ascii_digit()).chars();
    matches!(rest.next(), Some('/' | '.' | '-')) && rest.next().is_some_and(|char| char.is_ascii_digit())
}

/// True of a text that has something like "14/12/20" or "2022-12-1" anywhere: most have not, and need no pattern.
fn may_have_figures(text: &str) -> bool {
    let parts = |rest: &[u8]| {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let between = |at: usize| rest.get(at).is_some_and(|byte| matches!(byte, b'/' | b'.' | b'-'));
        digits > 0 && between(digits) && rest.get(digits + 1).is_some_and(u8::is_ascii_digit)
    };
    let bytes = text.as_bytes();
    let begins = |at: usize| matches!(bytes[at], b'/' | b'.' | b'-') && at > 0 && bytes[at - 1].is_ascii_digit();
    (0..bytes.len()).any(|at| begins(at) && parts(&bytes[at + 1..]))
}

impl Reader<'_> {
    fn word(&self, at: usize) -> &str {
        self.folded.words.get(at).map_or("", |word| word.folded.as_str())
    }

    fn raw(&self, at: usize) -> &str {
        self.folded.words.get(at).map_or("", |word| &self.text[word.start..word.end])
    }

    /// "That March": of the year named last.
    fn that(&self, at: usize, found: Named, last: Option<&Named>) -> Option<Named> {
        let year = last.filter(|last| !last.any_year)?.to.year();
        let points = at > 0 && self.word(at - 1) == "that" && found.precision == Precision::Month;
        let day = |day: Date| Date::new(year, day.month(), day.day()).ok();
        points.then(|| Some(Named { any_year: false, ..Named::new(day(found.from)?, day(found.to)?, Precision::Month) }))?
    }

    /// "That year": the one named last.
    fn that_year(&self, at: usize, last: &Named) -> Option<Named> {
        if last.any_year || !matches!((self.word(at), self.word(at + 1)), ("that", "year" | "years")) {
            return None;
        }
        let year = last.to.year();
        Some(Named::new(Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?, Precision::Year))
    }

    /// The time that begins at a word, and how many words it has.
    fn at(&self, at: usize) -> Option<(Named, usize)> {
        self.numeric(at)
            .or_else(|| self.days(at))
            .or_else(|| self.month_first(at))
            .or_else(|| self.month(at))
            .or_else(|| self.season(at))
            .or_else(|| self.relative(at))
            .or_else(|| self.year(at))
    }

    fn numeric(&self, at: usize) -> Option<(Named, usize)> {
        let start = self.folded.words.get(at)?.start;
        let (_, day) = self.numeric.iter().find(|(byte, _)| *byte == start)?;
        Some((Named::new(*day, *day, Precision::Day), 3))
    }

    /// "11 September 2018", "11-12 September", "6 to 30 March 2017", "14th December".
    fn days(&self, at: usize) -> Option<(Named, usize)> {
        let first = day_number(self.word(at))?;
        let mut next = at + 1;
        let mut last = first;
        if let Some(other) = day_number(self.word(next)) {
            (last, next) = (other, next + 1);
        } else if matches!(self.word(next), "and" | "to" | "until")
            && let Some(other) = day_number(self.word(next + 1))
        {
            (last, next) = (other, next + 2);
        }
        next += usize::from(self.word(next) == "of");
        let month = self.month_word(next)?;
        self.ranged(at, first, last, month, next + 1)
    }

    /// "July 17", "March 11 to 15", "November 10, 2021".
    fn month_first(&self, at: usize) -> Option<(Named, usize)> {
        let month = self.month_word(at)?;
        let first = day_number(self.word(at + 1))?;
        let mut next = at + 2;
        let mut last = first;
        if matches!(self.word(next), "and" | "to" | "until")
            && let Some(other) = day_number(self.word(next + 1)).filter(|other| *other > first)
        {
            (last, next) = (other, next + 2);
        } else if let Some(other) = day_number(self.word(next)).filter(|other| *other > first) {
            (last, next) = (other, next + 1);
        }
        self.ranged(at, first, last, month, next)
    }

    /// A range of days of one month, with the year that follows or the latest that fits.
    fn ranged(&self, at: usize, first: i8, last: i8, month: i8, next: usize) -> Option<(Named, usize)> {
        let (year, words) = match (year_of(self.word(next)), self.told_year(next)) {
            (Some(year), _) => (Some(year), next + 1 - at),
            (None, Some(year)) => (Some(year), next + 2 - at),
            (None, None) => (self.latest_year(month, first), next - at),
        };
        let day = |day| Date::new(year.unwrap_or(2000), month, day).ok();
        let (from, to) = (day(first)?, day(last.max(first))?);
        if first == last
            && let Some((from, to, any_year, more)) =
                self.spanned(at + words, month, first, year.filter(|_| year_of(self.word(next)).is_some()))
        {
            return Some((Named { any_year, ..Named::new(from, to, Precision::Day) }, words + more));
        }
        Some((Named { any_year: year.is_none(), ..Named::new(from, to, Precision::Day) }, words))
    }

    /// The rest of "29 April to 10 May 2019" from the word after "April" on: first and last day, and how many words more.
    fn spanned(&self, at: usize, month: i8, day: i8, year: Option<i16>) -> Option<(Date, Date, bool, usize)> {
        let joint = usize::from(matches!(self.word(at), "to" | "until" | "till" | "through"));
        let (last, to_month) = match (day_number(self.word(at + joint)), self.month_word(at + joint)) {
            (Some(last), _) => (last, self.month_word(at + joint + 1)?),
            (None, Some(to_month)) => (day_number(self.word(at + joint + 1))?, to_month),
            _ => return None,
        };
        let end = at + joint + 2;
        let (to_year, words) = match year_of(self.word(end)) {
            Some(to_year) => (Some(to_year), end + 1 - at),
            None => (self.latest_year(to_month, last), end - at),
        };
        let to = Date::new(to_year.unwrap_or(2000), to_month, last).ok()?;
        let before = |year: i16| Date::new(year, month, day).ok();
        let from = before(year.unwrap_or(to.year())).filter(|from| *from <= to).or_else(|| before(to.year() - 1))?;
        (days(from, to) <= LONGEST).then_some((from, to, to_year.is_none(), words))
    }

    /// The year of "last year", "this year" at a word.
    fn told_year(&self, at: usize) -> Option<i16> {
        let published = self.published?;
        match (self.word(at), self.word(at + 1)) {
            ("last", "year") => Some(published.year() - 1),
            ("this", "year") => Some(published.year()),
            _ => None,
        }
    }

    /// The year in which such a day was last, a few days ahead of the story forgiven.
    fn latest_year(&self, month: i8, day: i8) -> Option<i16> {
        let published = self.published?;
        let this = Date::new(published.year(), month, day).ok()?;
        let ahead = published.checked_add(AHEAD.days()).unwrap_or(published);
        Some(if this > ahead { published.year() - 1 } else { published.year() })
    }

    /// A month's name; "may" and "march" only where a capital and a word beside them make them months.
    fn month_word(&self, at: usize) -> Option<i8> {
        let raw = self.raw(at);
        let upper = raw.len() > 3 && raw.chars().all(|char| char.is_uppercase());
        if !raw.starts_with(char::is_uppercase) || raw.len() < 3 || (upper && raw.len() < 3) {
            return None;
        }
        let month = date::month(self.word(at))?;
        let doubtful = matches!(raw, "May" | "March" | "Mar" | "Sep" | "Jan");
        let before = at.checked_sub(1).map_or("", |at| self.word(at));
        let placed = year_of(self.word(at + 1)).is_some()
            || day_number(self.word(at + 1)).is_some()
            || day_number(before).is_some()
            || matches!((self.word(at + 1), self.word(at + 2)), ("last" | "this", "year"))
            || MONTH_BEFORE.contains(&before);
        (!doubtful || placed).then_some(month)
    }

    /// "September", "September 2019", "May last year", "last July", "early June".
    fn month(&self, at: usize) -> Option<(Named, usize)> {
        let month = self.month_word(at)?;
        let year = year_of(self.word(at + 1));
        let told = self.told_year(at + 1);
        let words = if year.is_some() {
            2
        } else if told.is_some() {
            3
        } else {
            1
        };
        // "Last May", said in May, is that of the year before.
        let before = at.checked_sub(1).map_or("", |at| self.word(at));
        let told = told.or_else(|| self.published.filter(|day| before == "last" && day.month() == month).map(|day| day.year() - 1));
        let Some(year) = year.or(told).or_else(|| self.latest_year(month, 1)) else {
            let from = Date::new(2000, month, 1).ok()?;
            return Some((Named { any_year: true, ..Named::new(from, from.last_of_month(), Precision::Month) }, words));
        };
        let from = Date::new(year, month, 1).ok()?;
        Some((Named::new(from, from.last_of_month(), Precision::Month), words))
    }

    /// "Last summer", "in the autumn", "autumn 2021": without a year the latest that began before the story.
    fn season(&self, at: usize) -> Option<(Named, usize)> {
        let first = match self.word(at) {
            "spring" => 3,
            "summer" => 6,
            "autumn" => 9,
            "winter" => 12,
            _ => return None,
        };
        let start = |year: i16| Date::new(year, first, 1).ok();
        let (from, words) = match (year_of(self.word(at + 1)), self.published) {
            (Some(year), _) => (start(year)?, 2),
            (None, Some(published)) => {
                let before = at.checked_sub(1).map_or("", |at| self.word(at));
                if !matches!(before, "last" | "the" | "this" | "in" | "since" | "late" | "early") {
                    return None;
                }
                let this = start(published.year())?;
                (if this > published { start(published.year() - 1)? } else { this }, 1)
            }
            _ => return None,
        };
        Some((Named::new(from, from.checked_add(3.months()).ok()?, Precision::Season), words))
    }

    /// "Last month", "earlier this year", "two years ago", "a year ago", "last year".
    fn relative(&self, at: usize) -> Option<(Named, usize)> {
        let published = self.published?;
        let back = |span: Span| published.checked_sub(span).ok();
        match (self.word(at), self.word(at + 1), self.word(at + 2)) {
            ("last", "month", _) => {
                let day = back(1.month())?;
                Some((Named::new(day.first_of_month(), day.last_of_month(), Precision::Month), 2))
            }
            ("this" | "the", "month", _) => Some((Named::new(published.first_of_month(), published, Precision::Month), 2)),
            ("last", "week", _) => Some((Named::new(back(13.days())?, back(1.day())?, Precision::Month), 2)),
            ("last", "year", _) => {
                let year = published.year() - 1;
                Some((Named::new(Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?, Precision::Year), 2))
            }
            ("early" | "earlier", "this", "year") => {
                Some((Named::new(Date::new(published.year(), 1, 1).ok()?, published, Precision::Season), 3))
            }
            ("less" | "within" | "under", _, _) => {
                let skipped = if self.word(at + 1) == "than" { 2 } else { 1 };
                let told = ["year", "ago", "after", "since", "of", "earlier"];
                let year = matches!(self.word(at + skipped), "a" | "one" | "12")
                    && matches!(self.word(at + skipped + 1), "year" | "months")
                    && told.contains(&self.word(at + skipped + 2));
                let from = back(12.months()).filter(|_| year)?;
                Some((Named::new(from, published, Precision::Season), skipped + 3))
            }
            (count, unit, "ago" | "back") => {
                let count = small(count)?;
                let (early, late) = match unit {
                    "year" | "years" => (back((12 * count + 6).months())?, back((12 * count - 6).months())?),
                    "month" | "months" => (back((count + 1).months())?, back((count - 1).months())?),
                    "week" | "weeks" => (back((count + 1).weeks())?, back((count - 1).weeks())?),
                    _ => return None,
                };
                let precision = if unit.starts_with("year") { Precision::Year } else { Precision::Month };
                Some((Named::new(early, late, precision), 3))
            }
            _ => None,
        }
    }

    fn year(&self, at: usize) -> Option<(Named, usize)> {
        let year = year_of(self.word(at))?;
        Some((Named::new(Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?, Precision::Year), 1))
    }
}

/// True for the name of a month, in folded letters.
pub fn is_month(word: &str) -> bool {
    date::month(word).is_some()
}

/// Days from the first to the last of an inspection, with its weeks off site.
const LONGEST: i32 = 70;

/// A day without its year may lie so many days ahead of the story.
const AHEAD: i64 = 20;

/// Words that make "May" or "March" behind them a month.
const MONTH_BEFORE: [&str; 19] = [
    "in", "last", "since", "of", "early", "late", "mid", "until", "by", "and", "to", "from", "this", "for", "during", "between", "that",
    "next", "ofsted",
];

/// The small number that a word or its figures say: "a", "three", "12".
pub fn small(word: &str) -> Option<i64> {
    match word {
        "a" | "an" | "one" | "1" => Some(1),
        _ => super::figures::small_number(word).map(i64::from).or_else(|| word.parse().ok().filter(|count| (1..=20).contains(count))),
    }
}

fn year_of(word: &str) -> Option<i16> {
    (word.len() == 4).then(|| word.parse::<i16>().ok()).flatten().filter(|year| (2005..=2100).contains(year))
}

/// "11", "11th", "1st".
fn day_number(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|char: char| char.is_ascii_alphabetic());
    let tail = &word[digits.len()..];
    if digits.len() > 2 || !matches!(tail, "" | "st" | "nd" | "rd" | "th") {
        return None;
    }
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

/// How a report's dates fit the times that a story names of inspections.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DateFit {
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
    /// The time that fits best.
    pub best: Option<Named>,
}

/// Holds a report's dates against the times named.
pub fn fit<'a>(named: impl IntoIterator<Item = &'a Named>, report: &ReportCard) -> DateFit {
    let mut fit = DateFit::default();
    for time in named {
        let vague = time.any_year && time.precision == Precision::Day && time.from == time.to;
        let inspected = !vague && inspection(report).is_some_and(|(from, to)| time.meets(from, to));
        let published = report.published.is_some_and(|day| time.meets(day, day));
        if !inspected && !published {
            continue;
        }
        match time.precision {
            Precision::Day => {
                fit.published_day |= published;
                fit.inspected_day |= inspected;
            }
            Precision::Month if time.any_year => fit.season = true,
            Precision::Month => fit.month = true,
            Precision::Season => fit.season = true,
            Precision::Year => fit.year = true,
        }
        if fit.best.is_none_or(|best| time.precision > best.precision) {
            fit.best = Some(*time);
        }
    }
    fit
}

/// First and last day of a report's inspection, else its publication.
pub fn inspection(report: &ReportCard) -> Option<(Date, Date)> {
    let from = report.inspected_from.or(report.published)?;
    Some((from, report.inspected_to.unwrap_or(from).max(from)))
}

/// Days from one day to the next; negative if the second is earlier.
pub fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn check(text: &str, published: Option<Date>, expected: &[(Date, Date)]) {
        let found: Vec<_> = find(text, &Folded::of(text), published).iter().map(|time| (time.from, time.to)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn days_and_ranges() {
        let one = (date(2018, 9, 11), date(2018, 9, 12));
        check("on 11-12 September", Some(date(2018, 10, 5)), &[one]);
        check("on 11 and 12 September 2018", None, &[one]);
        check("from September 11 to 12", Some(date(2018, 10, 5)), &[one]);
        check("the 11th of September 2018", None, &[(date(2018, 9, 11), date(2018, 9, 11))]);
        check("on 16 December", Some(date(2024, 1, 5)), &[(date(2023, 12, 16), date(2023, 12, 16))]);
        check("11 inspectors in two teams", Some(date(2018, 10, 5)), &[]);
        check("Inspection dates: 17 March to 21 March 2025", None, &[(date(2025, 3, 17), date(2025, 3, 21))]);
        check("from 29 April to 10 May 2019", None, &[(date(2019, 4, 29), date(2019, 5, 10))]);
        check("between 11 and 22 May 2015", None, &[(date(2015, 5, 11), date(2015, 5, 22))]);
        check("from 14 December 2020 to 15 January 2021", None, &[(date(2020, 12, 14), date(2021, 1, 15))]);
        check("on 3 March 2014 to the 4 wards", None, &[(date(2014, 3, 3), date(2014, 3, 3))]);
    }

    #[test]
    fn days_in_figures() {
        let day = date(2022, 12, 14);
        check("on 14/12/2022 and 2022-12-14", None, &[(day, day), (day, day)]);
        check("seen on 14.12.22.", Some(date(2023, 1, 5)), &[(day, day)]);
        check("up 2.5 to 3.5-4 per cent, version 1.2.3", None, &[]);
        for (text, has) in [("14/12/20", true), ("2022-12-1", true), ("1.2", false), ("1.2.", false), ("a.2.3", false), ("", false)] {
            assert_eq!(may_have_figures(text), has, "{text}");
        }
    }

    #[test]
    fn months_seasons_and_years() {
        let dated = Some(date(2025, 9, 10));
        check("rated in May last year", dated, &[(date(2024, 5, 1), date(2024, 5, 31))]);
        check("told on May 13 last year", dated, &[(date(2024, 5, 13), date(2024, 5, 13))]);
        let year = (date(2020, 1, 1), date(2020, 12, 31));
        check("out in 2020, after an inspection that March", dated, &[year, (date(2020, 3, 1), date(2020, 3, 31))]);
        check("since 2020. That year’s report was kind", dated, &[year, year]);
        check("Children may wait. They march on.", dated, &[]);
        check("in November", dated, &[(date(2024, 11, 1), date(2024, 11, 30))]);
        check("last summer", dated, &[(date(2025, 6, 1), date(2025, 9, 1))]);
        check("autumn 2021", None, &[(date(2021, 9, 1), date(2021, 12, 1))]);
        check("in 2019 and 3000", dated, &[(date(2019, 1, 1), date(2019, 12, 31))]);
    }

    #[test]
    fn times_told_from_the_day_of_the_story() {
        let dated = Some(date(2021, 7, 15));
        check("who called last month", dated, &[(date(2021, 6, 1), date(2021, 6, 30))]);
        check("at the start of the month", dated, &[(date(2021, 7, 1), date(2021, 7, 15))]);
        check("two years ago", dated, &[(date(2019, 1, 15), date(2020, 1, 15))]);
        check("early this year", dated, &[(date(2021, 1, 1), date(2021, 7, 15))]);
        check("less than a year after Ofsted came", dated, &[(date(2020, 7, 15), date(2021, 7, 15))]);
        check("in less than a year", dated, &[]);
        check("for two years, long ago", dated, &[]);
        check("last month", None, &[]);
    }

    #[test]
    fn a_day_without_a_year_meets_that_day_of_any_year() {
        let text = "released on July 17";
        let time = find(text, &Folded::of(text), None)[0];
        assert!(time.any_year && time.meets(date(2018, 7, 17), date(2018, 7, 17)));
        assert!(!time.meets(date(2018, 7, 18), date(2018, 8, 17)));
    }
}
