//! One entry of the digest: a story with its copies, or a new report, said in facts that every format can show.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use super::{report::report, story::story};
use crate::model::{
    change::Turn,
    overview::{Overview, Replaced, StoryCard, TiedReport},
    report::{Framework, Grade, Passage, ReportId},
    text::{clean_line, shorten},
    tie::{GradeCheck, TieState},
    wording,
};

/// Entries of one digest: more is no news, and slows the readers that ask for it every hour.
pub(super) const ENTRIES: usize = 500;

/// Characters of a headline, of a summary and of a name.
pub(super) const SUMMARY: usize = 400;
const NAME: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryKind {
    Report,
    Story,
}

/// An entry, cleaned; nothing in it is escaped for any format yet.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub kind: EntryKind,
    /// Stable: the id of the piece, or of the report.
    pub id: String,
    pub title: String,
    /// Of the web, or none.
    pub link: Option<String>,
    pub published: Timestamp,
    /// Nothing says when it was published, so that this is when it was first seen.
    pub undated: bool,
    pub updated: Timestamp,
    /// Who says it: an outlet, or Ofsted.
    pub author: String,
    pub categories: Vec<String>,
    /// For programs: the reports of a story with how sure each is.
    pub ties: Vec<EntryTie>,
    /// Reports and copies, for formats that can say "related".
    pub related: Vec<String>,
    pub summary: Option<String>,
    /// The judgements of a report, each with what it was; for formats that have tables.
    pub grades: Vec<GradeRow>,
    /// What a grade was at: "inspection (ILACS), 14 March 2022".
    pub before: Option<String>,
    /// What a story quotes of its reports, for formats that can show two texts side by side.
    pub quoted: Vec<QuotedPassage>,
    pub facts: Vec<Fact>,
}

impl Entry {
    /// Its title, below a heading that says what kind it is.
    pub fn named(&self) -> &str {
        self.title.strip_prefix("New report: ").unwrap_or(&self.title)
    }
}

/// A judgement and how it changed.
#[derive(Debug, Clone)]
pub(super) struct GradeRow {
    pub label: &'static str,
    pub grade: Grade,
    pub doubtful: bool,
    pub was: Option<Grade>,
    pub turn: Option<Turn>,
}

/// The words of a story, and the passage of a report that has them.
#[derive(Debug, Clone)]
pub(super) struct QuotedPassage {
    pub report: ReportId,
    pub story: String,
    /// "Fernshire, inspection (ILACS), 23 November 2026, page 4, paragraph 11".
    pub place: String,
    pub link: Option<String>,
    /// The passage, or as much of it as is near the words.
    pub passage: String,
    /// The words of the passage that the story has, as the report has them.
    pub lit: String,
}

/// A tie for programs, in the words of the export.
#[derive(Debug, Clone, Serialize)]
pub(super) struct EntryTie {
    report: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    report_url: Option<String>,
    authority: String,
    framework: Framework,
    published: Option<Date>,
    overall: Option<Grade>,
    state: TieState,
    confidence: f64,
    grade_check: GradeCheck,
}

impl EntryTie {
    pub fn new(tied: &TiedReport) -> Self {
        Self {
            report: clean_line(&tied.report.id.0),
            report_url: address(&tied.report.url),
            authority: wording::authority(&tied.report),
            framework: tied.report.framework,
            published: tied.report.published,
            overall: wording::overall(&tied.report).map(|judgement| judgement.grade),
            state: tied.tie.state,
            confidence: tied.tie.confidence,
            grade_check: tied.tie.grade_check,
        }
    }
}

/// A label and what it says: "Tied to", "Poole, single inspection (SIF), 24 November 2017".
#[derive(Debug, Clone)]
pub(super) struct Fact {
    pub label: &'static str,
    pub parts: Vec<EntryPart>,
    /// To be seen at a glance: a disagreement, an open question.
    pub marked: bool,
    /// Told by a passage that stands beside the story, where a format shows those.
    pub beside: bool,
}

#[derive(Debug, Clone)]
pub(super) struct EntryPart {
    pub text: String,
    pub link: Option<String>,
}

impl Fact {
    pub fn new(label: &'static str, text: impl Into<String>) -> Self {
        Self { label, parts: vec![EntryPart { text: text.into(), link: None }], marked: false, beside: false }
    }

    pub fn marked(label: &'static str, text: impl Into<String>) -> Self {
        Self { marked: true, ..Self::new(label, text) }
    }
}

/// The texts that stories quote, by their reports.
pub type Excerpts = BTreeMap<ReportId, Vec<Passage>>;

/// What a digest holds, newest first (of two of one moment the smaller id first), and what it does not.
pub(super) struct Entries {
    pub shown: Vec<Entry>,
    /// Older news, for which there is no room.
    pub beyond: usize,
    /// What was old when it was taken in, and is no news.
    pub old: usize,
}

impl Entries {
    /// Keeps only so many, the newest.
    pub fn keep(&mut self, most: usize) {
        self.beyond += self.shown.len().saturating_sub(most);
        self.shown.truncate(most);
    }

    /// What is left out, where something is.
    pub fn left_out(&self) -> Option<String> {
        let beyond = wording::count(self.beyond, "older entry is", "older entries are");
        let old = wording::count(self.old, "entry that was", "entries that were");
        match (self.beyond, self.old) {
            (0, 0) => None,
            (_, 0) => Some(format!("{beyond} left out.")),
            (0, _) => Some(format!("Left out: {old} old when taken in.")),
            (..) => Some(format!("{beyond} left out, and {old} old when taken in.")),
        }
    }
}

/// The newest entries.
pub(super) fn entries(overview: &Overview, excerpts: &Excerpts) -> Entries {
    // What was old when it was taken in is no news: a first fill brings a thousand reports.
    let stories = overview.stories.iter().filter(|each| !overview.is_old_story(each)).map(|each| story(each, excerpts));
    let reports = overview.reports.iter().filter(|new| !overview.is_old_report(&new.report)).map(|new| report(new, &overview.stories));
    let mut entries: Vec<Entry> = reports.chain(stories).collect();
    let taken_in = entries.len();
    entries.extend(overview.replaced.iter().map(|replaced| again(replaced, &overview.stories)));
    let old = overview.stories.len() + overview.reports.len() - taken_in;
    entries.sort_by(|a, b| b.published.cmp(&a.published).then_with(|| a.id.cmp(&b.id)));
    let mut entries = Entries { shown: entries, beyond: 0, old };
    entries.keep(ENTRIES);
    entries
}

/// How many entries are news and find no room, in any format.
pub fn beyond(overview: &Overview) -> usize {
    let stories = overview.stories.iter().filter(|story| !overview.is_old_story(story)).count();
    let reports = overview.reports.iter().filter(|new| !overview.is_old_report(&new.report)).count();
    (stories + reports + overview.replaced.len()).saturating_sub(ENTRIES)
}

/// The entry of a report that was replaced: under the id it had, with what changed.
fn again(replaced: &Replaced, stories: &[StoryCard]) -> Entry {
    let mut entry = report(&replaced.report, stories);
    let said: Vec<String> = replaced.changed.iter().map(|line| clean_line(line)).collect();
    let said = if said.is_empty() { "another file, and nothing that was read of it differs".to_owned() } else { said.join("; ") };
    entry.facts.push(Fact::marked("Replaced by Ofsted", shorten(&said, SUMMARY)));
    entry.updated = entry.updated.max(replaced.at);
    entry
}

/// The latest moment of any entry: what a feed calls its own date, so that nothing new means no change.
pub(super) fn updated(entries: &[Entry], otherwise: Timestamp) -> Timestamp {
    entries.iter().map(|entry| entry.updated).max().unwrap_or(otherwise)
}

/// An address that is of the web, and an address by RFC 3986 as well: browsers let more stand in one.
pub(super) fn address(typed: &str) -> Option<String> {
    let mut out = String::new();
    for char in wording::web_address(typed)?.chars() {
        match char {
            '[' | ']' | '|' | '^' | '`' | '{' | '}' | '\\' | '"' | '<' | '>' | ' ' => out.push_str(&format!("%{:02X}", u32::from(char))),
            char => out.push(char),
        }
    }
    Some(out)
}

pub(super) fn name(text: &str) -> String {
    shorten(&clean_line(text), NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_the_standard() {
        let check = |typed: &str, expected: &str| assert_eq!(address(typed).as_deref(), Some(expected));
        check("https://a.example/b[1]|c^d?e={f}#`g", "https://a.example/b%5B1%5D%7Cc%5Ed?e=%7Bf%7D#%60g");
        check("https://a.example/b?c=d&e=%20", "https://a.example/b?c=d&e=%20");
        assert_eq!(address("javascript:alert(1)"), None);
    }
}
