//! One entry of the digest: a story with its copies, or a new report, said in facts that every format can show.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Serialize;

use crate::model::{
    date::long,
    overview::{Copy, Overview, ReportCard, ReportWithStories, StoryCard, TiedReport},
    report::{Framework, Grade, JudgementKey},
    text::{clean_line, shorten},
    tie::{GradeCheck, TieState},
    verdict::StoryState,
    wording,
};

/// Ties of one story that are shown; the longest round-up seen has a dozen.
const TIES: usize = 12;

/// Copies of one story that are named; the rest are counted.
const COPIES: usize = 12;

/// Characters of a headline, of a summary and of a name.
const HEADLINE: usize = 300;
const SUMMARY: usize = 400;
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
    /// Stable: the id of the story that names the cluster, or of the report.
    pub id: String,
    pub title: String,
    /// Of the web, or none.
    pub link: Option<String>,
    pub published: Timestamp,
    pub updated: Timestamp,
    /// Who says it: an outlet, or Ofsted.
    pub author: String,
    pub categories: Vec<String>,
    /// For programs: the reports of a story with how sure each is.
    pub ties: Vec<EntryTie>,
    /// Reports and copies, for formats that can say "related".
    pub related: Vec<String>,
    pub summary: Option<String>,
    pub facts: Vec<Fact>,
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
    fn new(tied: &TiedReport) -> Self {
        Self {
            report: clean_line(&tied.report.id.0),
            report_url: wording::web_address(&tied.report.url),
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
    pub parts: Vec<Part>,
    /// To be seen at a glance: a disagreement, an open question.
    pub marked: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Part {
    pub text: String,
    pub link: Option<String>,
}

impl Fact {
    fn new(label: &'static str, text: impl Into<String>) -> Self {
        Self { label, parts: vec![Part { text: text.into(), link: None }], marked: false }
    }

    fn marked(label: &'static str, text: impl Into<String>) -> Self {
        Self { marked: true, ..Self::new(label, text) }
    }
}

/// All entries, newest first; of two of one moment the smaller id first.
pub(super) fn entries(overview: &Overview) -> Vec<Entry> {
    let stories = overview.stories.iter().map(story);
    let reports = overview.reports.iter().map(|report| self::report(report, &overview.stories));
    let mut entries: Vec<Entry> = reports.chain(stories).collect();
    entries.sort_by(|a, b| b.published.cmp(&a.published).then_with(|| a.id.cmp(&b.id)));
    entries
}

/// The latest moment of any entry: what a feed calls its own date, so that nothing new means no change.
pub(super) fn updated(entries: &[Entry], otherwise: Timestamp) -> Timestamp {
    entries.iter().map(|entry| entry.updated).max().unwrap_or(otherwise)
}

fn name(text: &str) -> String {
    shorten(&clean_line(text), NAME)
}

fn headline(text: &str) -> String {
    let title = shorten(&clean_line(text), HEADLINE);
    if title.is_empty() { "(no headline)".to_owned() } else { title }
}

fn story(story: &StoryCard) -> Entry {
    let ties = wording::shown_ties(story);
    let mut facts = vec![when(story)];
    facts.extend(copies(&story.copies));
    for tied in ties.iter().take(TIES) {
        facts.extend(tie(story, tied));
    }
    if ties.len() > TIES {
        facts.push(Fact::new("Also tied to", format!("{} more reports", ties.len() - TIES)));
    }
    match &story.waiting_for {
        Some(waiting) if ties.is_empty() => facts.push(Fact::marked("Waiting for", wording::waiting_for(waiting))),
        None if ties.is_empty() && story.state != StoryState::Tied => facts.push(Fact::new("Tied to", "no report")),
        _ => {}
    }
    if story.walled {
        facts.push(Fact::new("Note", "behind a wall: read from headline and summary only"));
    }
    let mut categories: Vec<String> = story.authorities.iter().map(|authority| name(authority)).collect();
    categories.push(story.kind.as_str().to_owned());
    let reports = ties.iter().take(TIES).filter_map(|tied| wording::web_address(&tied.report.url));
    let copied = story.copies.iter().take(COPIES).filter_map(|copy| wording::web_address(&copy.url));
    let published = story.published.unwrap_or(story.first_seen);
    let summary = shorten(&clean_line(&story.summary), SUMMARY);
    Entry {
        kind: EntryKind::Story,
        id: clean_line(&story.cluster.0),
        title: headline(&story.title),
        link: wording::web_address(&story.url),
        published,
        updated: story.changed.unwrap_or(published).max(published),
        author: name(&story.outlet),
        categories,
        ties: ties.iter().take(TIES).map(|tied| EntryTie::new(tied)).collect(),
        related: reports.chain(copied).collect(),
        summary: (!summary.is_empty()).then_some(summary),
        facts,
    }
}

fn when(story: &StoryCard) -> Fact {
    let day = match story.published {
        Some(published) => wording::day(published),
        None => format!("first seen {}, no date on the page", wording::day(story.first_seen)),
    };
    Fact::new("Published", format!("{}, {day}", name(&story.outlet)))
}

fn copies(copies: &[Copy]) -> Option<Fact> {
    if copies.is_empty() {
        return None;
    }
    let mut parts: Vec<Part> =
        copies.iter().take(COPIES).map(|copy| Part { text: name(&copy.outlet), link: wording::web_address(&copy.url) }).collect();
    if copies.len() > COPIES {
        parts.push(Part { text: format!("{} more", copies.len() - COPIES), link: None });
    }
    Some(Fact { label: "The same in", parts, marked: false })
}

/// The report with its overall grade, the evidence, and where the grades differ.
fn tie(story: &StoryCard, tied: &TiedReport) -> Vec<Fact> {
    let possible = tied.tie.state == TieState::Possible;
    let label = if possible { "Possibly about" } else { "Tied to" };
    let mut parts = vec![report_part(&tied.report)];
    if possible {
        parts.push(Part { text: format!("{}, to be decided", wording::likelihood(tied.tie.confidence)), link: None });
    } else if tied.tie.state == TieState::Confirmed {
        parts.push(Part { text: "confirmed by hand".to_owned(), link: None });
    }
    let mut facts = vec![Fact { label, parts, marked: possible }];
    facts.extend(wording::best_evidence(&tied.tie.evidence).map(|piece| Fact::new("Evidence", wording::evidence(piece))));
    facts.extend(wording::disagreement(story, tied).map(|said| Fact::marked("Grades differ", said)));
    facts
}

fn report_part(report: &ReportCard) -> Part {
    Part { text: format!("{}: {}", wording::report(report), wording::overall_words(report)), link: wording::web_address(&report.url) }
}

fn report(with: &ReportWithStories, stories: &[StoryCard]) -> Entry {
    let report = &with.report;
    let noon = report.published.and_then(|day| day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).ok()).map(|noon| noon.timestamp());
    // Noon is the day itself in every time zone of a reader near; a report seen earlier that day was out by then.
    let published = noon.map_or(report.first_seen, |noon| if noon > report.first_seen { report.first_seen } else { noon });
    let framework = wording::framework(report.framework);
    let outcome = wording::overall(report).is_some_and(|judgement| judgement.key == JudgementKey::Outcome);
    let mut facts = vec![Fact::new(if outcome { "Outcome" } else { "Overall" }, wording::overall_words(report))];
    let grades = wording::other_grades(report);
    if !grades.is_empty() {
        let said: Vec<String> = grades.iter().map(|(key, grade)| format!("{key}: {}", grade.as_str())).collect();
        facts.push(Fact::new("Grades", said.join("; ")));
    }
    facts.extend(inspected(report).map(|said| Fact::new("Inspected", said)));
    facts.push(covered(with, stories));
    facts.extend(report.reason.as_deref().map(|reason| Fact::marked("Note", shorten(&clean_line(reason), SUMMARY))));
    facts.extend(report.doubts.first().map(|doubt| Fact::marked("Read with doubts", shorten(&clean_line(doubt), SUMMARY))));
    Entry {
        kind: EntryKind::Report,
        id: clean_line(&report.id.0),
        title: format!("New report: {}, {framework}: {}", wording::authority(report), wording::overall_words(report)),
        link: wording::web_address(&report.url),
        published,
        updated: published,
        author: "Ofsted".to_owned(),
        categories: report.authority.iter().map(|authority| name(authority)).chain(["report".to_owned()]).collect(),
        ties: Vec::new(),
        related: report.provider_url.iter().filter_map(|url| wording::web_address(url)).collect(),
        summary: None,
        facts,
    }
}

/// "11 September 2017 to 5 October 2017, lead inspector A. Fern".
fn inspected(report: &ReportCard) -> Option<String> {
    let mut said = match (report.inspected_from, report.inspected_to) {
        (Some(from), Some(to)) if from != to => format!("{} to {}", long(from), long(to)),
        (from, to) => long(from.or(to)?),
    };
    if let Some(lead) = &report.lead_inspector {
        said.push_str(&format!(", lead inspector {}", name(lead)));
    }
    Some(said)
}

/// The stories of this digest that are tied to it, by outlet; the others as a number.
fn covered(with: &ReportWithStories, stories: &[StoryCard]) -> Fact {
    if with.stories.is_empty() {
        return Fact::marked("Stories", "none seen yet");
    }
    let known = with.stories.iter().filter_map(|id| stories.iter().find(|story| story.id == *id));
    let mut parts: Vec<Part> = known
        .take(COPIES)
        .map(|story| Part { text: format!("{}: {}", name(&story.outlet), headline(&story.title)), link: wording::web_address(&story.url) })
        .collect();
    let rest = with.stories.len() - parts.len();
    if rest > 0 {
        let more = if parts.is_empty() { "" } else { " more" };
        parts.push(Part { text: format!("{rest}{more} {}", if rest == 1 { "story" } else { "stories" }), link: None });
    }
    Fact { label: "Stories", parts, marked: false }
}
