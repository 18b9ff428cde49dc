//! British dates in text: days, ranges and months, as reports and papers write them.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/// The month of an English name or its usual short form.
pub fn month(name: &str) -> Option<i8> {
    let name = name.trim_end_matches('.').to_lowercase();
    let name = if name == "sept" { "sep" } else { &name };
    if name.len() < 3 {
        return None;
    }
    MONTHS.iter().position(|month| *month == name || (name.len() == 3 && month.starts_with(name))).map(|at| at as i8 + 1)
}

/// The English name of a month, 1 to 12.
pub fn month_name(month: i8) -> &'static str {
    match MONTHS.get(usize::try_from(month - 1).unwrap_or(0)) {
        Some(&"january") | None => "January",
        Some(&"february") => "February",
        Some(&"march") => "March",
        Some(&"april") => "April",
        Some(&"may") => "May",
        Some(&"june") => "June",
        Some(&"july") => "July",
        Some(&"august") => "August",
        Some(&"september") => "September",
        Some(&"october") => "October",
        Some(&"november") => "November",
        Some(_) => "December",
    }
}

/// "24 November 2017".
pub fn long(day: Date) -> String {
    format!("{} {} {}", day.day(), month_name(day.month()), day.year())
}

static DAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)\b(?: (?P<d>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m>[a-z]{3,9})\.?,?\s+(?P<y>\d{4}|’?\d{2})
        | (?P<m2>[a-z]{3,9})\.?\s+(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y2>\d{4})
        | (?P<y3>\d{4})-(?P<m3>\d{2})-(?P<d3>\d{2})
        | (?P<d4>\d{1,2})[/.](?P<m4>\d{1,2})[/.](?P<y4>\d{4}|\d{2}) )\b",
    )
    .ok()
});

/// The days written out in `text`, in order, with the byte where each begins. Numeric dates are day first.
pub fn days(text: &str) -> Vec<(usize, Date)> {
    let Some(pattern) = DAY.as_ref() else { return Vec::new() };
    pattern
        .captures_iter(text)
        .filter_map(|found| {
            let start = found.get(0)?.start();
            let get = |name: &str| found.name(name).map(|part| part.as_str());
            let number = |text: &str| text.trim_start_matches('’').parse::<i16>().ok();
            let (day, month, written) = if let (Some(d), Some(m), Some(y)) = (get("d"), get("m"), get("y")) {
                (number(d)?, month(m)?, y)
            } else if let (Some(d), Some(m), Some(y)) = (get("d2"), get("m2"), get("y2")) {
                (number(d)?, month(m)?, y)
            } else if let (Some(d), Some(m), Some(y)) = (get("d3"), get("m3"), get("y3")) {
                (number(d)?, i8::try_from(number(m)?).ok()?, y)
            } else {
                (number(get("d4")?)?, i8::try_from(number(get("m4")?)?).ok()?, get("y4")?)
            };
            // "24.11.17" is of this century; "0001" is how a clock without time writes its year.
            let year = number(written)? + if written.trim_start_matches('’').len() == 2 { 2000 } else { 0 };
            Some((start, Date::new(year, month, i8::try_from(day).ok()?).ok()?))
        })
        .collect()
}

/// The first day written out in `text`.
pub fn first_day(text: &str) -> Option<Date> {
    days(text).first().map(|(_, day)| *day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn british_notations() {
        for text in [
            "24 November 2017", "24th November, 2017", "November 24, 2017", "24 Nov 2017", "24/11/2017", "24.11.17", "2017-11-24",
            "Friday 24 of November 2017",
        ] {
            assert_eq!(first_day(text), Date::new(2017, 11, 24).ok(), "{text}");
        }
        assert_eq!(first_day("12/03/2024"), Date::new(2024, 3, 12).ok());
        assert_eq!(first_day("13 Bananas 2024"), None);
        assert_eq!(first_day("0001-01-01"), Date::new(1, 1, 1).ok());
        assert_eq!(first_day("24 Nov ’17"), Date::new(2017, 11, 24).ok());
    }

    #[test]
    fn months_by_name_and_short_form() {
        assert_eq!(month("Sept"), Some(9));
        assert_eq!(month("may"), Some(5));
        assert_eq!(month("ma"), None);
        assert_eq!(month_name(12), "December");
    }
}
