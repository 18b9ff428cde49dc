//! The entry of a new report: grades, dates, and which stories are about it.

use jiff::tz::TimeZone;

use super::entry::{Entry, EntryKind, EntryPart, Fact, GradeRow, SUMMARY, address, name};
use crate::model::{
    change::{Change, Turn, changes},
    date::long,
    overview::{NewReport, ReportCard, StoryCard},
    report::JudgementKey,
    text::{clean_line, shorten},
    wording,
};

/// Stories of one report that are named; the rest are counted.
const STORIES: usize = 12;

pub(super) fn report(with: &NewReport, stories: &[StoryCard]) -> Entry {
    let report = &with.report;
    let noon = report.published.and_then(|day| day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).ok()).map(|noon| noon.timestamp());
    // Noon is the day itself in every time zone of a reader near; a report seen earlier that day was out by then.
    let published = noon.map_or(report.first_seen, |noon| if noon > report.first_seen { report.first_seen } else { noon });
    let framework = wording::framework(report.framework);
    let outcome = wording::overall(report).is_some_and(|judgement| judgement.key == JudgementKey::Outcome);
    let grades = grades(with);
    let first = grades.iter().find(|row| is_first(row, report)).and_then(turned);
    let overall = format!("{}{}", wording::overall_words(report), first.map(|turn| format!(", {turn}")).unwrap_or_default());
    let mut facts = vec![Fact::new(if outcome { "Outcome" } else { "Overall" }, overall)];
    let others: Vec<String> = grades.iter().filter(|row| !is_first(row, report)).map(said).collect();
    if !others.is_empty() {
        facts.push(Fact::new("Grades", others.join("; ")));
    }
    let before = with.before.as_ref().map(|before| format!("{}: {}", wording::report(before), wording::overall_words(before)));
    facts.extend(before.clone().map(|said| Fact::new("Before", said)));
    facts.extend(inspected(report).map(|said| Fact::new("Inspected", said)));
    facts.push(covered(with, stories));
    facts.extend(report.reason.as_deref().map(|reason| Fact::marked("Note", shorten(&clean_line(reason), SUMMARY))));
    facts.extend(report.doubts.first().map(|doubt| Fact::marked("Read with doubts", shorten(&clean_line(doubt), SUMMARY))));
    Entry {
        kind: EntryKind::Report,
        id: clean_line(&report.id.0),
        title: format!("New report: {}, {framework}: {}", wording::authority(report), wording::overall_words(report)),
        link: address(&report.url),
        published,
        undated: noon.is_none(),
        updated: published,
        author: "Ofsted".to_owned(),
        categories: report.authority.iter().map(|authority| name(authority)).chain(["report".to_owned()]).collect(),
        ties: Vec::new(),
        related: report.provider_url.iter().filter_map(|url| address(url)).collect(),
        summary: None,
        grades,
        before,
        quoted: Vec::new(),
        facts,
    }
}

/// The judgements in the order of the report, each with what it was.
fn grades(new: &NewReport) -> Vec<GradeRow> {
    let row = |change: &Change<'_>| GradeRow {
        label: wording::judgement_key(change.judgement.key),
        grade: change.judgement.grade,
        doubtful: !change.judgement.agree,
        was: change.was,
        turn: change.turn(),
    };
    changes(&new.report, new.before.as_ref()).iter().map(row).collect()
}

fn is_first(row: &GradeRow, report: &ReportCard) -> bool {
    wording::overall(report).is_some_and(|first| wording::judgement_key(first.key) == row.label)
}

/// "leaders: good, up from inadequate".
fn said(row: &GradeRow) -> String {
    let turn = turned(row).map(|turn| format!(", {turn}")).unwrap_or_default();
    format!("{}: {}{turn}", row.label, row.grade.as_str())
}

/// "up from inadequate", "as before".
pub(super) fn turned(row: &GradeRow) -> Option<String> {
    let was = row.was?.as_str();
    Some(match row.turn {
        Some(Turn::Better) => format!("up from {was}"),
        Some(Turn::Worse) => format!("down from {was}"),
        Some(Turn::Same) if row.was == Some(row.grade) => "as before".to_owned(),
        _ => format!("{was} before"),
    })
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
fn covered(with: &NewReport, stories: &[StoryCard]) -> Fact {
    if with.stories.is_empty() {
        return Fact::marked("Stories", "none seen yet");
    }
    let known = with.stories.iter().filter_map(|id| stories.iter().find(|story| story.id == *id));
    let mut parts: Vec<EntryPart> = known
        .take(STORIES)
        .map(|story| EntryPart { text: format!("{}: {}", name(&story.outlet), wording::headline(&story.title)), link: address(&story.url) })
        .collect();
    let rest = with.stories.len() - parts.len();
    if rest > 0 {
        let more = if parts.is_empty() { "" } else { " more" };
        parts.push(EntryPart { text: format!("{rest}{more} {}", if rest == 1 { "story" } else { "stories" }), link: None });
    }
    Fact { label: "Stories", parts, marked: false, beside: false }
}
