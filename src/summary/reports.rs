//! New reports: authority, what kind of publication, grades, and where to read it.

use super::{
    count,
    page::{Page, Tone},
};
use crate::model::{
    overview::{Overview, ReportCard},
    wording,
};

/// The first run brings a thousand and more: the newest are shown.
const SHOWN: usize = 15;

pub(super) fn new(overview: &Overview, page: &mut Page) {
    if overview.reports.is_empty() {
        return;
    }
    page.section("New reports");
    for with in overview.reports.iter().take(SHOWN) {
        report(&with.report, page);
        let covered = match with.stories.len() {
            0 => "no story yet".to_owned(),
            stories => count(stories, "story", "stories"),
        };
        page.line(4, Tone::Soft, &format!("{} · {covered}", address(&with.report)));
        page.gap();
    }
    if overview.reports.len() > SHOWN {
        page.line(2, Tone::Plain, &format!("and {}", count(overview.reports.len() - SHOWN, "more report", "more reports")));
    }
}

/// Name and day, the grade, the other grades, and what could not be read.
fn report(report: &ReportCard, page: &mut Page) {
    page.line(2, Tone::Strong, &wording::report(report));
    let overall = wording::overall_words(report);
    match wording::overall(report) {
        Some(first) => page.line(4, Tone::Grade(first.grade), &format!("{}: {overall}", wording::judgement_key(first.key))),
        None => page.line(4, Tone::Plain, &overall),
    }
    let others = wording::other_grades(report);
    if !others.is_empty() {
        let said: Vec<String> = others.iter().map(|(key, grade)| format!("{key}: {}", grade.as_str())).collect();
        page.line(4, Tone::Plain, &said.join("; "));
    }
    if let Some(doubt) = report.reason.as_ref().or(report.doubts.first()) {
        page.hanging(4, 6, Tone::Warning, &format!("! read with doubts: {doubt}"));
    }
}

/// The address if it is one to follow, else the id.
pub(super) fn address(report: &ReportCard) -> String {
    wording::web_address(&report.url).unwrap_or_else(|| report.id.to_string())
}
