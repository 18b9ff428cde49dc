//! ILACS, 2018 on: four rows, five since care leavers are judged apart (2023), no overall judgement since 27 April 2026.

use super::block::ReportBlock;
use super::grades::{self, Labels};
use super::kind::{Rules, TablePlace};
use super::recommendations::{bullets, next_heading, under_heading};
use super::{ReportDraft, cover};
use crate::model::report::{Framework, JudgementKey, ReportReading};

pub static RULES: Rules = Rules {
    framework: Framework::Ilacs,
    is: |front| {
        let subject = &front.subject;
        let names = [
            "children’s services", "children's services", "children’s social care services", "children's social care services",
            "childrens services",
        ];
        front.dear.is_none()
            && subject.contains("inspection")
            && names.iter().any(|name| subject.contains(name))
            && !subject.contains(" send ")
    },
    listed: &[],
    table: TablePlace::Front,
    labels: LABELS,
    read,
};

/// Decided by words, never by position.
pub const LABELS: Labels = &[
    ("impact of leaders", JudgementKey::Leaders),
    ("help and protection", JudgementKey::HelpProtection),
    ("help or protection", JudgementKey::HelpProtection),
    ("in care+care leavers", JudgementKey::InCareAndLeavers),
    ("in care", JudgementKey::InCare),
    ("looked after+care leavers", JudgementKey::InCareAndLeavers),
    ("care leavers", JudgementKey::CareLeavers),
    ("care experienced", JudgementKey::CareLeavers),
    ("overall effectiveness", JudgementKey::Overall),
];

fn read(draft: &ReportDraft, reading: &mut ReportReading) {
    let (table, second) = (draft.table_readings(), grades::in_headings(draft.headings(), LABELS));
    let complete = table.len() >= 4;
    if !complete {
        reading.doubts.push(format!("the table of judgements gave {} grades, at least 4 were expected", table.len()));
    }
    let (judgements, doubts) = grades::merge(table, second, |_| !complete);
    reading.judgements = judgements;
    reading.doubts.extend(doubts);
    let starts = |text: &str| {
        ["what needs to improve", "what needs improv", "areas for improvement"].iter().any(|words| text.to_lowercase().contains(words))
    };
    // The numbered findings are none, where the heading before them was not seen.
    let before_numbers =
        |section: &[ReportBlock]| bullets(&section[..section.iter().position(|block| block.numbered).unwrap_or(section.len())]);
    reading.recommendations = under_heading(&draft.body.blocks, starts, next_heading, before_numbers);
    reading.lead_inspector = cover::lead_inspector(draft.rows);
}
