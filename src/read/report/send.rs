//! Area SEND inspections of local area partnerships, 2023 on: one outcome, tables of actions, two lead inspectors side by side.

use super::block::ReportBlock;
use super::furniture::LineRole;
use super::kind::{Rules, TablePlace};
use super::recommendations::{numbered_through, paragraphs};
use super::{ReportDraft, cover};
use crate::model::report::{Framework, Grade, Judgement, JudgementKey, PassageKind, Recommendation, ReportReading};

pub static RULES: Rules = Rules {
    framework: Framework::AreaSend,
    is: |front| front.subject.contains("area send") || (front.subject.contains("local area partnership") && front.subject.contains("send")),
    listed: &["send"],
    table: TablePlace::Nowhere,
    labels: &[],
    read,
};

fn read(draft: &ReportDraft, reading: &mut ReportReading) {
    match outcome(draft) {
        Some(judgement) => reading.judgements.push(judgement),
        None => reading.doubts.push("no inspection outcome".into()),
    }
    reading.recommendations = actions(&draft.body.blocks);
    reading.lead_inspector = lead_inspector(draft).or_else(|| cover::lead_inspector(draft.rows));
}

/// The three outcomes of the framework by the words that tell them apart.
fn outcome_of(text: &str) -> Option<Grade> {
    let text = text.to_lowercase();
    if text.contains("systemic failings") {
        Some(Grade::SystemicFailings)
    } else if text.contains("inconsistent experiences") {
        Some(Grade::Inconsistent)
    } else if text.contains("positive experiences") && text.contains("typically") {
        Some(Grade::TypicallyPositive)
    } else {
        None
    }
}

/// The first sentence after "Inspection outcome" that is one of the three.
fn outcome(draft: &ReportDraft) -> Option<Judgement> {
    let blocks = &draft.body.blocks;
    let start = blocks.iter().position(|block| block.text.to_lowercase().starts_with("inspection outcome"))?;
    let sentences = blocks[start..].iter().take(5).flat_map(|block| block.text.split_inclusive(". "));
    let (sentence, grade) = sentences.filter_map(|sentence| Some((sentence, outcome_of(sentence)?))).next()?;
    Some(Judgement {
        key: JudgementKey::Outcome,
        label: "Inspection outcome".into(),
        grade,
        printed: sentence.trim().to_owned(),
        readings: 1,
        agree: true,
    })
}

/// Priority actions stand in the right column of a table, areas for improvement in a table of one column.
fn actions(blocks: &[ReportBlock]) -> Vec<Recommendation> {
    let under = |title: &str| {
        let start = blocks.iter().rposition(|block| block.kind == PassageKind::Heading && block.text.to_lowercase().starts_with(title));
        let after = start.map_or(&[][..], |start| &blocks[start + 1..]);
        let end = after.iter().position(|block| matches!(block.kind, PassageKind::Heading | PassageKind::Footnote));
        let section = &after[..end.unwrap_or(after.len())];
        let right = section.iter().map(|block| block.x).fold(0.0, f32::max);
        let left = section.iter().map(|block| block.x).fold(f32::INFINITY, f32::min);
        let columns = right - left > 100.0;
        section.iter().filter(|block| !columns || block.x > right - 60.0).cloned().collect::<Vec<_>>()
    };
    let lists = ["areas for priority action", "responsible", "areas for improvement"].map(|title| paragraphs(&under(title)));
    numbered_through(lists)
}

/// Ofsted's lead inspector: the first name under "Inspection team", in the left column.
fn lead_inspector(draft: &ReportDraft) -> Option<String> {
    let rows: Vec<_> = draft.rows.iter().filter(|row| row.role == LineRole::Text).collect();
    let start = rows.iter().rposition(|row| row.line.text.to_lowercase().starts_with("inspection team"))?;
    let left = rows.get(start + 1)?.line.x;
    let cells = rows[start + 1..].iter().filter(|row| (row.line.x - left).abs() < 60.0).take(12);
    cells.filter_map(|row| cover::names(first_person(&row.line.runs.first()?.text)).into_iter().next()).next()
}

/// The part of a line before its first comma or office: "Jan Roe HMI, Ofsted Lead inspector Ann Poe, CQC Lead inspector".
fn first_person(text: &str) -> &str {
    let end =
        [",", " HMI", " Ofsted", " His Majesty", " Her Majesty", " (", " Lead", " lead"].iter().filter_map(|end| text.find(end)).min();
    &text[..end.unwrap_or(text.len())]
}
