//! The front of a report: title, label lines ("Inspection dates:"), letter or not, and the lead inspector wherever named.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::dates::{self, Period, first_period, period};
use super::furniture::{LineRole, ReportLine};
use super::pattern::built;
use crate::model::date::first_day;

/// Pages on which the front matter of a report stands.
const FRONT_PAGES: u32 = 2;

/// Lines after "Dear …" within which its bold subject stands.
const SUBJECT_WITHIN: usize = 6;

/// Lines after "Dear …" in which a letter says what it is about.
const OPENING_LINES: usize = 45;

/// The line of a letter's date is shorter than this, in characters.
const DATE_LINE: usize = 60;

/// A day after its label is shorter than this, its weekday included, in characters.
const LONGEST_DAY: usize = 36;

/// Lines that can stand between two label lines of a cover: an office, an address.
const LABEL_DISTANCE: usize = 3;

/// What is set in less than this part of the title's size is no title.
const FOOT: f32 = 0.4;

/// Characters kept of a title.
const LONGEST_TITLE: usize = 400;

static DATES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    built(
        r"(?i)^(?:(?:inspection|visit|review|re-?inspection|monitoring visit|focused visit)\s+(?:dates?|period)|dates?\s+of\s+(?:the\s+)?(?:inspection|visit|review|re-?inspection|monitoring visit|focused visit)|(?:visited|inspected)(?:\s+on)?\s*:)\s*[:\-–]?\s*(?P<value>.*)$",
    )
});
static PUBLISHED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    built(r"(?i)^(?:(?:this\s+)?report\s+)?(?:was\s+)?(?:published|publication date)(?:\s+on)?\s*[:\-–]?\s*(?P<value>.*)$")
});
static LEAD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let of_whom = r"(?:\s+(?:on[- ]site|for\s+[^:]{1,40}|\([^():]{1,40}\)))?";
    built(&format!(
        r"(?i)^(?:ofsted(?:[’']?s)?\s+)?(?:(?:lead|reporting|managing)\s+(?:ofsted\s+)?(?:inspector|HMI)|inspection\s+lead(?:er)?)(?P<many>s|\(s\)|/s)?{of_whom}\s*[:\-–]?\s*(?P<value>.*)$"
    ))
});
/// Labels of no use to us; the dates of the previous inspection are a trap.
static MINOR: LazyLock<Option<Regex>> =
    LazyLock::new(|| built(r"(?i)^(?:age group\s*:|dates? of (?:the )?(?:previous|last)|previous inspection\s*:)"));
static SUBJECT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    built(r"(?i)(?P<subject>(?:focused|monitoring) visit.*?|joint targeted area inspection.*?)(?:\.?\s*$|\s+(?:on|from|between)\s+\d)")
});
/// What else ends a title.
static OTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    built(
        r"(?i)^(?:judge?ments?\b.*\bgrade|judgement$|inspection outcome|contents$|the overall judge?ment|children[’']s services in .* (?:is|are|requires?)\b|information about)",
    )
});
static OFFICE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    built(
        r"(?i)\b(?:(?:senior\s+)?(?:HMI|SHMI|H\.M\.I\.?)\b|(?:senior\s+)?(?:her|his)\s+majesty[’']?s?\s+inspectors?|senior\s+inspector|ofsted\b|regulatory\s+inspection\s+manager|associate\s+inspector|(?:lead\s+)?inspector\b)",
    )
});

/// The front matter of a report.
#[derive(Debug, Default)]
pub struct Front<'a> {
    /// The text lines of the first pages.
    pub rows: Vec<(usize, &'a ReportLine<'a>)>,
    pub title: String,
    /// The row after the last line of the title, dates and names: where text can begin.
    pub end: usize,
    /// It is a letter: the place of "Dear …" in `rows`.
    pub dear: Option<usize>,
    /// Lower-case words that say what kind of report it is: the title, or a letter's opening.
    pub subject: String,
    dates: Option<String>,
    published: Option<String>,
}

impl<'a> Front<'a> {
    /// Reads the front in the order of the file, or from the head of the page down where that order is none.
    pub fn read(all: &'a [ReportLine<'a>], by_place: bool) -> Self {
        let mut rows: Vec<(usize, &ReportLine)> = all
            .iter()
            .enumerate()
            .filter(|(_, row)| row.page <= FRONT_PAGES && matches!(row.role, LineRole::Text | LineRole::Contents))
            .collect();
        if by_place {
            rows.sort_by(|(_, a), (_, b)| a.page.cmp(&b.page).then(b.line.y.total_cmp(&a.line.y)).then(a.line.x.total_cmp(&b.line.x)));
        }
        let mut front = Front { dear: rows.iter().position(|(_, row)| row.line.text.starts_with("Dear ")), rows, ..Front::default() };
        front.dates = front.labelled(&DATES);
        front.published = front.labelled(&PUBLISHED);
        match front.dear {
            Some(dear) => front.read_letter(dear),
            None => front.read_cover(),
        }
        front.title = crate::model::text::clean_line(&front.title);
        if let Some((cut, _)) = front.title.char_indices().nth(LONGEST_TITLE) {
            front.title.truncate(cut);
        }
        front
    }

    fn first_page(&self) -> impl Iterator<Item = &(usize, &'a ReportLine<'a>)> {
        let page = self.rows.first().map_or(1, |(_, row)| row.page);
        self.rows.iter().filter(move |(_, row)| row.page == page)
    }

    /// The title of a report: all lines before the first label line, small running heads left out.
    fn read_cover(&mut self) {
        let ends_title = |text: &str| is_label(text) || OTHER.as_ref().is_some_and(|other| other.is_match(text));
        let lines: Vec<(usize, &ReportLine)> = self.first_page().take_while(|(_, row)| !ends_title(&row.line.text)).copied().collect();
        let largest = lines.iter().map(|(_, row)| row.line.size).fold(0.0, f32::max);
        // Print much smaller than the title is a running foot, which some files draw first.
        let is_title = |row: &ReportLine| (row.line.size >= 13.0 || row.line.bold || largest < 13.0) && row.line.size > largest * FOOT;
        let title: Vec<&str> = lines.iter().filter(|(_, row)| is_title(row)).map(|(_, row)| row.line.text.as_str()).take(8).collect();
        self.title = title.join(" ");
        self.subject = lines.iter().map(|(_, row)| row.line.text.as_str()).collect::<Vec<_>>().join(" ").to_lowercase();
        let mut end = lines.iter().map(|(at, _)| at + 1).max().unwrap_or(0);
        let mut between = 0;
        for (at, row) in self.first_page().skip(lines.len()) {
            between += 1;
            if is_label(&row.line.text) {
                (end, between) = (end.max(at + 1), 0);
            } else if between > LABEL_DISTANCE {
                break;
            }
        }
        self.end = end;
    }

    /// The subject of a letter: its bold lines after "Dear …", and its opening.
    fn read_letter(&mut self, dear: usize) {
        let opening = || self.rows.iter().skip(dear + 1).take(OPENING_LINES);
        let bold = opening().take(SUBJECT_WITHIN).skip_while(|(_, row)| !row.line.bold).take_while(|(_, row)| row.line.bold);
        let mut title = bold.map(|(_, row)| row.line.text.as_str()).collect::<Vec<_>>().join(" ");
        let text = opening().map(|(_, row)| row.line.text.as_str()).collect::<Vec<_>>().join(" ");
        let speaks = |text: &str| ["visit", "inspection"].iter().any(|word| text.to_lowercase().contains(word));
        if !speaks(&title) {
            title = subject_of(text.split_inclusive(". ").find(|sentence| speaks(sentence)).unwrap_or_default());
        }
        let before: Vec<&str> =
            self.rows.iter().take(dear).filter(|(_, row)| row.line.bold).map(|(_, row)| row.line.text.as_str()).collect();
        let before = before.join(" ");
        if speaks(&before) && !title.to_lowercase().contains(&before.to_lowercase()) {
            title = if speaks(&title) && title.len() < 160 { format!("{before} {title}") } else { before };
        }
        self.subject = format!("{title} {text}").to_lowercase();
        self.title = title;
        self.end = self.rows.get(dear).map_or(0, |(at, _)| at + 1);
    }

    /// The value of a label line; where it is empty or cut off, the next line belongs to it.
    fn labelled(&self, label: &LazyLock<Option<Regex>>) -> Option<String> {
        let label = label.as_ref()?;
        let (at, value) = self.first_page().enumerate().find_map(|(at, (_, row))| {
            let value = label.captures(&row.line.text)?["value"].trim().to_owned();
            (value.is_empty() || value.starts_with(|char: char| char.is_ascii_digit() || char.is_alphabetic())).then_some((at, value))
        })?;
        let mut value = value;
        let lower = |text: &str| text.to_lowercase();
        for (_, row) in self.first_page().skip(at + 1).take(2) {
            let next = row.line.text.as_str();
            let ends = [" to", " and", "-", "–", "—", "─", ","].iter().any(|end| lower(&value).ends_with(end));
            let cut = value.is_empty() || ends || dates::breaks(&value, next);
            let goes_on = ["to ", "and ", "– ", "- "].iter().any(|start| lower(next).starts_with(start))
                && next.chars().any(|char| char.is_ascii_digit());
            if !cut && !goes_on {
                break;
            }
            value = format!("{value} {next}").trim().to_owned();
        }
        Some(value)
    }

    /// First and last day of the inspection or visit; a letter tells them in its opening.
    pub fn period(&self, published: Option<Date>) -> Option<Period> {
        let before = self.published().or(published);
        let labelled = self.dates.as_deref().and_then(|dates| period(dates, before).or_else(|| first_period(dates, before)));
        labelled.or_else(|| {
            let from = self.dear.map_or(0, |dear| dear + 1);
            let text: Vec<&str> = self.rows.iter().skip(from).take(OPENING_LINES).map(|(_, row)| row.line.text.as_str()).collect();
            // A letter opens with its visit; a report names many days, of which at most a range can be its own.
            first_period(&text.join(" "), before).filter(|period| self.dear.is_some() || period.from != period.to)
        })
    }

    /// The publication date that the report prints: after its label, or at the head of a letter.
    pub fn published(&self) -> Option<Date> {
        // A line of the text, too, can begin with "published on 3 March 2015, the last report".
        let labelled = || self.published.as_deref().filter(|value| value.chars().count() < LONGEST_DAY).and_then(first_day);
        let head = self.rows.iter().take(self.dear.unwrap_or(1)).map(|(_, row)| row.line.text.as_str());
        let headed = || head.filter(|text| text.chars().count() < DATE_LINE).find_map(first_day);
        if self.dear.is_some() { headed().or_else(labelled) } else { labelled().or_else(headed) }
    }
}

/// "This letter summarises the findings of the focused visit to X on 7 February 2018." is about the "Focused visit to X".
fn subject_of(sentence: &str) -> String {
    let found = SUBJECT.as_ref().and_then(|subject| subject.captures(sentence)).map(|found| found["subject"].to_owned());
    let subject = found.unwrap_or_else(|| sentence.trim().to_owned());
    let mut chars = subject.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// True for the lines of a cover that begin with a label: dates, publication, lead inspector.
pub fn is_label(text: &str) -> bool {
    [&DATES, &PUBLISHED, &LEAD, &MINOR].iter().any(|label| label.as_ref().is_some_and(|label| label.is_match(text)))
}

/// The lead inspector: on the cover, else in the list of the team. Never the deputy.
pub fn lead_inspector(rows: &[ReportLine]) -> Option<String> {
    let lead = LEAD.as_ref()?;
    let text: Vec<&ReportLine> = rows.iter().filter(|row| row.role == LineRole::Text).collect();
    text.iter().enumerate().find_map(|(at, row)| {
        let found = lead.captures(&row.line.text)?;
        let mut value = found["value"].to_owned();
        let many = found.name("many").is_some();
        let next = |ahead: usize| text.get(at + ahead).filter(|next| next.page == row.page).map(|next| next.line.text.as_str());
        if names(&value).is_empty() {
            value = next(1)
                .filter(|next| !next.to_lowercase().contains("inspector:") && !next.to_lowercase().starts_with("deputy"))?
                .to_owned();
        } else if (many || value.ends_with("and"))
            && next(1).is_some_and(|next| OFFICE.as_ref().is_some_and(|office| office.is_match(next)))
        {
            value = format!("{value}, {}", next(1)?);
        }
        let mut names = names(&value);
        if !many && !value.contains(" and ") {
            names.truncate(1);
        }
        (!names.is_empty()).then(|| names.join(" and "))
    })
}

/// The names in a list, without offices: "Jan Roe HMI and Ann Poe, Her Majesty’s Inspector".
pub fn names(text: &str) -> Vec<String> {
    let Some(office) = OFFICE.as_ref() else { return Vec::new() };
    let text = office.replace_all(text, ",").replace(" and ", ",").replace([';', '&', '/', '(', ')'], ",");
    let is_name = |name: &&str| {
        let words: Vec<&str> = name.split_whitespace().collect();
        let plain = |word: &&str| word.chars().all(|char| char.is_alphabetic() || matches!(char, '-' | '’' | '\'' | '.' | '\u{2011}'));
        (2..=5).contains(&words.len())
            && words.iter().all(plain)
            && words.iter().filter(|word| word.starts_with(char::is_uppercase)).count() >= 2
    };
    text.split(',').map(|name| name.trim().trim_matches(['.', '-', '–', ':', ' '])).filter(is_name).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lead_inspectors_in_other_words() {
        let check = |line: &str, expected: Option<&str>| {
            let found = LEAD.as_ref().unwrap().captures(line).and_then(|found| names(&found["value"]).into_iter().next());
            assert_eq!(found.as_deref(), expected, "{line}");
        };
        for label in [
            "Lead inspector:",
            "Lead inspector",
            "Lead Inspector –",
            "Reporting inspector:",
            "Managing inspector:",
            "Lead HMI:",
            "Ofsted lead inspector:",
            "Lead inspectors:",
            "Lead inspector(s):",
            "Lead inspector on site:",
            "Lead inspector (local authority):",
            "Inspection lead:",
            "Lead inspector for the local authority:",
        ] {
            check(&format!("{label} Jan Roe"), Some("Jan Roe"));
        }
        check("Deputy lead inspector: Jan Roe", None);
        check("CQC lead inspector: Jan Roe", None);
        check("Lead inspector’s summary", None);
        check("Lead inspection partners met Jan Roe", None);
    }

    #[test]
    fn names_without_offices() {
        let check = |text: &str, expected: &[&str]| assert_eq!(names(text), expected, "{text}");
        check("Jan Roe, Her Majesty’s Inspector", &["Jan Roe"]);
        check("Jan Roe HMI", &["Jan Roe"]);
        check("Jan M Roe, Senior HMI", &["Jan M Roe"]);
        check("Jenny-ellen O’Roe, His Majesty's Inspector", &["Jenny-ellen O’Roe"]);
        check("Jan Roe HMI and Ann Poe, Her Majesty’s Inspector", &["Jan Roe", "Ann Poe"]);
        check("Her Majesty’s Inspector", &[]);
        check("", &[]);
    }
}
