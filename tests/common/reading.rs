//! A reading as text, to hold against the file beside a report's sheet.

use std::fmt::Write;

use tieback::model::report::ReportReading;

/// All fields, one a line.
pub fn render(reading: &ReportReading) -> String {
    let mut out = String::new();
    let option = |value: Option<String>| value.unwrap_or_else(|| "-".into());
    let day = |value: Option<jiff::civil::Date>| option(value.map(|day| day.to_string()));
    let _ = writeln!(out, "{} {}", reading.framework.as_str(), reading.status.as_str());
    let _ = writeln!(out, "title: {}", reading.title);
    let _ = writeln!(out, "authority: {}", option(reading.authority.clone()));
    let _ = writeln!(out, "inspected: {} to {}", day(reading.inspected_from), day(reading.inspected_to));
    let _ = writeln!(out, "published: {}", day(reading.published_printed));
    let _ = writeln!(out, "lead: {}", option(reading.lead_inspector.clone()));
    let _ = writeln!(out, "pages: {}, last paragraph: {}", reading.pages, reading.last_paragraph);
    for judgement in &reading.judgements {
        let agree = if judgement.agree { "" } else { ", DISAGREE" };
        let (key, grade, printed) = (judgement.key.as_str(), judgement.grade.as_str(), &judgement.printed);
        let _ = writeln!(out, "judgement {key}: {grade} (“{printed}” for “{}”, {}×{agree})", judgement.label, judgement.readings);
    }
    for item in &reading.recommendations {
        let _ = writeln!(out, "recommendation {} p{}: {}", item.n, item.page, item.text);
    }
    for doubt in &reading.doubts {
        let _ = writeln!(out, "doubt: {doubt}");
    }
    for passage in &reading.passages {
        let number = passage.number.map_or(String::new(), |number| format!(" #{number}"));
        let _ = writeln!(out, "p{}{number} {:?}: {}", passage.page, passage.kind, passage.text);
    }
    out
}
