//! Focused visits and monitoring visits: letters "Dear …", later short reports with a title and dates; no grades.

use super::kind::{Rules, TablePlace, said_first};
use super::{cover, jtai};
use crate::model::report::{Framework, ReportReading};

const KINDS: [&str; 6] =
    ["monitoring visit", "focused visit", "focused visits", "joint targeted area", "inspection of services for children", "area send"];

pub static MONITORING: Rules = Rules {
    framework: Framework::MonitoringVisit,
    is: |front| said_first(&front.subject, &KINDS) == Some("monitoring visit"),
    listed: &["monitoring visit"],
    table: TablePlace::Nowhere,
    labels: &[],
    read,
};

pub static FOCUSED: Rules = Rules {
    framework: Framework::FocusedVisit,
    is: |front| said_first(&front.subject, &KINDS).is_some_and(|kind| kind.starts_with("focused visit")),
    listed: &["focused visit"],
    table: TablePlace::Nowhere,
    labels: &[],
    read,
};

fn read(draft: &super::ReportDraft, reading: &mut ReportReading) {
    reading.recommendations = jtai::to_improve(draft);
    reading.lead_inspector = cover::lead_inspector(draft.rows).or_else(|| signature(draft)).or_else(|| told(draft));
}

/// Who came, where nobody is named otherwise: "The inspectors were Jan Roe HMI and Ann Poe HMI." names the lead first.
fn told(draft: &super::ReportDraft) -> Option<String> {
    const BEFORE: [&str; 6] = [
        "The inspectors were ", "The inspector was ", "visit was carried out by ", "visit was led by ", "visit was conducted by ",
        "inspectors for this visit were ",
    ];
    draft.body.blocks.iter().find_map(|block| {
        let names = BEFORE.iter().find_map(|before| block.text.split_once(before)).map(|(_, names)| names)?;
        cover::names(names.split(". ").next()?).into_iter().next()
    })
}

/// A letter is signed: the name stands above "Her|His Majesty’s Inspector".
pub fn signature(draft: &super::ReportDraft) -> Option<String> {
    draft.front.dear?;
    let text: Vec<&str> = draft.rows.iter().map(|row| row.line.text.as_str()).collect();
    let office = |text: &str| {
        let text = text.to_lowercase();
        ["her majesty", "his majesty", "hmi"].iter().any(|start| text.starts_with(start)) && text.len() < 60
    };
    let at = text.iter().rposition(|line| office(line)).filter(|at| *at > 0)?;
    let names = cover::names(text[at - 1]);
    names.into_iter().next()
}
