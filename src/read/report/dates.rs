//! Days of an inspection as printed: ranges with parts left out, second periods, numeric and short forms.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::pattern::built;
use crate::model::date::month;

/// A day as printed, with what it leaves to its neighbours left open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PrintedDay {
    day: i8,
    month: Option<i8>,
    year: Option<i16>,
}

/// First and last day of an inspection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub from: Date,
    pub to: Date,
}

/// An inspection, its second on-site period included, takes less than this many days. The longest real one took 46.
const LONGEST: i32 = 200;

const MONTH: &str = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?";

static PART: LazyLock<Option<Regex>> = LazyLock::new(|| {
    built(&format!(
        r"(?ix)\b(?: (?P<nd>\d{{1,2}})[/.](?P<nm>\d{{1,2}})[/.](?P<ny>\d{{4}}|\d{{2}})\b
        | (?P<d>\d{{1,2}})(?:\s?(?:st|nd|rd|th))?\b(?:\s*(?:of\s+)?(?P<m>{MONTH})(?:,?\s*(?P<y>20\d{{2}}|’?[1-3]\d)\b)?)? )"
    ))
});

/// A range in running text: "21 to 25 October 2024", "16 May and 20 May", "5 June 2018".
static RANGE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let day = format!(r"\d{{1,2}}(?:\s?(?:st|nd|rd|th))?(?:\s+(?:of\s+)?{MONTH}(?:,?\s+(?:20\d{{2}}|’?[1-3]\d\b))?)?");
    let weekday = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?";
    built(&format!(
        r"(?i)\b{weekday}(?:{day}\s*(?:to|and|until|-)\s*{weekday})*\d{{1,2}}(?:\s?(?:st|nd|rd|th))?\s+(?:of\s+)?{MONTH}(?:,?\s+20\d{{2}})?"
    ))
});

/// True where a line breaks within a date: "28 – 30" / "January 2014", "3 to 7 July" / "2016".
pub fn breaks(line: &str, next: &str) -> bool {
    let word = |word: Option<&str>| word.unwrap_or_default().trim_matches(|char: char| !char.is_alphanumeric()).to_lowercase();
    let (last, first) = (word(line.split_whitespace().next_back()), word(next.split_whitespace().next()));
    let day = last.trim_end_matches(|char: char| char.is_ascii_alphabetic());
    let is_day = (1..=2).contains(&day.len()) && day.bytes().all(|byte| byte.is_ascii_digit());
    let is_year = first.len() == 4 && first.starts_with("20") && first.bytes().all(|byte| byte.is_ascii_digit());
    (is_day && month(&first).is_some()) || (month(&last).is_some() && is_year)
}

/// All dashes as "-", and white space of all kinds as spaces.
pub fn plain_dashes(text: &str) -> String {
    let plain = |char: char| match char {
        '\u{2010}'..='\u{2015}' | '\u{2500}' | '\u{2212}' | '\u{ad}' => '-',
        char if char.is_whitespace() => ' ',
        char => char,
    };
    text.chars().map(plain).collect()
}

/// The period that a printed line of dates spans, from its first day to the last day of its last part.
///
/// `before` gives the year where none is printed: the latest one that does not end after that day.
pub fn period(text: &str, before: Option<Date>) -> Option<Period> {
    let text = plain_dashes(text);
    let mut parts: Vec<PrintedDay> = PART.as_ref()?.captures_iter(&text).filter_map(|found| part(&found)).collect();
    fill(&mut parts, before)?;
    let days: Vec<Date> = parts.iter().filter_map(|part| Date::new(part.year?, part.month?, part.day).ok()).collect();
    if days.len() != parts.len() {
        return None;
    }
    let (from, to) = (*days.iter().min()?, *days.iter().max()?);
    let length = from.until(to).ok()?.get_days();
    (length < LONGEST).then_some(Period { from, to })
}

/// The first period in running text: a range, or a day after "on", "from" or "between"; else the first day of all.
pub fn first_period(text: &str, before: Option<Date>) -> Option<Period> {
    const BEFORE: [&str; 6] = [" on", " from", "between", " dates", " date", ":"];
    let text = plain_dashes(text);
    let found: Vec<(Period, bool)> = RANGE
        .as_ref()?
        .find_iter(&text)
        .filter_map(|found| {
            let period = period(found.as_str(), before)?;
            let led = BEFORE.iter().any(|word| text[..found.start()].trim_end().ends_with(word));
            Some((period, led || period.from != period.to))
        })
        .collect();
    found.iter().find(|(_, sure)| *sure).or(found.first()).map(|(period, _)| *period)
}

fn part(found: &regex::Captures) -> Option<PrintedDay> {
    let number = |name: &str| found.name(name).and_then(|part| part.as_str().trim_start_matches('’').parse::<i16>().ok());
    if let (Some(day), Some(month), Some(year)) = (number("nd"), number("nm"), number("ny")) {
        let year = if year < 100 { year + 2000 } else { year };
        return Some(PrintedDay { day: i8::try_from(day).ok()?, month: i8::try_from(month).ok(), year: Some(year) });
    }
    let month = found.name("m").and_then(|name| month(name.as_str()));
    let year = number("y").map(|year| if year < 100 { year + 2000 } else { year });
    Some(PrintedDay { day: i8::try_from(number("d")?).ok()?, month, year })
}

/// Gives each part the month and year of the next that has one; a year that turns the order round is one less.
fn fill(parts: &mut Vec<PrintedDay>, before: Option<Date>) -> Option<()> {
    // A number without month after the last full date is no date: a footnote mark, a page number.
    while parts.last().is_some_and(|part| part.month.is_none()) {
        parts.pop();
    }
    let last = parts.last_mut()?;
    if last.year.is_none() {
        let before = before?;
        let same = Date::new(before.year(), last.month?, last.day).ok()?;
        last.year = Some(if same <= before { before.year() } else { before.year() - 1 });
    }
    for at in (0..parts.len().saturating_sub(1)).rev() {
        let next = parts[at + 1];
        let part = &mut parts[at];
        part.month = part.month.or(next.month);
        if part.year.is_none() {
            let later = (part.month, part.day) > (next.month, next.day);
            part.year = next.year.map(|year| if later { year - 1 } else { year });
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn check(text: &str, from: (i16, i8, i8), to: (i16, i8, i8)) {
        let expected = Period { from: date(from.0, from.1, from.2), to: date(to.0, to.1, to.2) };
        assert_eq!(period(text, Some(date(2016, 6, 29))), Some(expected), "{text}");
    }

    #[test]
    fn ranges_as_reports_print_them() {
        check("10 to 14 June 2024", (2024, 6, 10), (2024, 6, 14));
        check("19 November 2013 – 11 December 2013", (2013, 11, 19), (2013, 12, 11));
        check("4 July 2016─28 July 2016", (2016, 7, 4), (2016, 7, 28));
        check("12/09/2016 to 06/10/2016", (2016, 9, 12), (2016, 10, 6));
        check("18 Feb 2014 — 12 Mar 2014", (2014, 2, 18), (2014, 3, 12));
        check("1st to 5th July 2019", (2019, 7, 1), (2019, 7, 5));
        check("11\u{a0}March − 2\u{a0}April 2014", (2014, 3, 11), (2014, 4, 2));
        check("7 March 22 to 18 March 2022", (2022, 3, 7), (2022, 3, 18));
        check("14 October 2019", (2019, 10, 14), (2019, 10, 14));
        check("16 May and 20 May", (2016, 5, 16), (2016, 5, 20));
    }

    #[test]
    fn a_second_period_on_site_counts() {
        check("8 July 2019 to 12 July 2019 and 7 August 2019 to 8 August 2019", (2019, 7, 8), (2019, 8, 8));
        check("15 to 26 November and 7 December 2021", (2021, 11, 15), (2021, 12, 7));
    }

    #[test]
    fn lines_break_within_dates() {
        for (line, next) in
            [("2013 and 28 – 30", "January 2014"), ("3 to 7 July", "2016"), ("1st", "May 2015"), ("dates: 3 July to 5", "Aug. 2019")]
        {
            assert!(breaks(line, next), "{line} / {next}");
        }
        for (line, next) in [
            ("3 to 7 July 2016", "The overall judgement"),
            ("2016", "2016"),
            ("7", "Day centre"),
            ("", ""),
            ("3 to 7 July", "Lead inspector"),
        ] {
            assert!(!breaks(line, next), "{line} / {next}");
        }
    }

    #[test]
    fn a_turn_of_the_year_is_seen() {
        check("29 November to 13 January 2023", (2022, 11, 29), (2023, 1, 13));
    }

    #[test]
    fn what_is_no_period_is_none() {
        for text in ["", "Not previously inspected", "31 to 40 June 2020", "12", "1 January 2015 to 5 June 2020", "30/02/2020"] {
            assert_eq!(period(text, None), None, "{text}");
        }
    }

    #[test]
    fn the_first_period_of_running_text() {
        let text = "Between 22 and 26 February 2016, Ofsted and 3 others undertook";
        assert_eq!(first_period(text, None), period("22 to 26 February 2016", None));
        let text = "There were 15 inspectors. This inspection took place from Monday 10 January to Friday 14 January 2022. It";
        assert_eq!(first_period(text, None), period("10 to 14 January 2022", None));
    }
}
