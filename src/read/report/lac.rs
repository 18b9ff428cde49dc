//! Inspections of services for looked-after children, 2013: a table at the end, "Grade 4 (Inadequate)" under headings.

use std::sync::LazyLock;

use regex::Regex;

use super::grades::{self, GradeReading, Labels};
use super::kind::{Rules, TablePlace};
use super::pattern::built;
use super::recommendations::{bullets, equal_heading, under_heading};
use super::{ReportDraft, cover};
use crate::model::report::{Framework, JudgementKey, PassageKind, ReportReading};

pub static RULES: Rules = Rules {
    framework: Framework::LacInspection2013,
    is: |front| {
        front.dear.is_none()
            && front.subject.contains("inspection")
            && front.subject.contains("looked after children")
            && !front.subject.contains("need of help")
            && !front.subject.contains("safeguarding and looked")
    },
    listed: &["looked after"],
    table: TablePlace::Back,
    labels: LABELS,
    read,
};

pub const LABELS: Labels = &[
    ("overall effectiveness", JudgementKey::Overall),
    ("capacity", JudgementKey::Capacity),
    ("outcomes for", JudgementKey::Outcomes),
    ("quality of provision", JudgementKey::Provision),
    ("leadership", JudgementKey::Leaders),
];

static GRADE: LazyLock<Option<Regex>> =
    LazyLock::new(|| built(r"(?i)grade\s+\d\s*\(?(?P<grade>outstanding|good|adequate|inadequate)\)?\s*$"));

fn read(draft: &ReportDraft, reading: &mut ReportReading) {
    let table = draft.table_readings();
    let complete = table.len() >= 5;
    if !complete {
        reading.doubts.push(format!("the table of judgements gave {} grades, 5 were expected", table.len()));
    }
    let (judgements, doubts) = grades::merge(table, under_headings(draft), |_| !complete);
    reading.judgements = judgements;
    reading.doubts.extend(doubts);
    let starts = |text: &str| text.to_lowercase().starts_with("areas for improvement");
    reading.recommendations = under_heading(&draft.body.blocks, starts, equal_heading, bullets);
    reading.lead_inspector = cover::lead_inspector(draft.rows);
}

/// A heading and the line "Grade 3 (Adequate)" after it, or at its end.
fn under_headings(draft: &ReportDraft) -> Vec<GradeReading> {
    let blocks = &draft.body.blocks;
    let read = |at: usize| {
        let found = GRADE.as_ref()?.captures(&blocks[at].text)?;
        let printed = found["grade"].to_owned();
        let own = blocks[at].text[..found.get(0)?.start()].trim().to_owned();
        let label = if own.is_empty() { blocks.get(at.checked_sub(1)?)?.text.clone() } else { own };
        Some(GradeReading { key: grades::key(LABELS, &label)?, label, grade: grades::grade(&printed)?, printed })
    };
    (0..blocks.len()).filter(|&at| blocks[at].kind == PassageKind::Heading).filter_map(read).collect()
}
