//! Tables for spreadsheets: CSV (RFC 4180) in UTF-8 with its mark, columns in an order that stays, one value a cell, and no
//! cell that a spreadsheet would run.

use std::io::Write;

use serde_json::{Map, Value, json};
use unicode_normalization::UnicodeNormalization;

use super::{Trouble, columns::SheetColumn, export};
use crate::model::{
    authority::Authority,
    overview::{ReportCard, ReportWithStories, StoryCard},
    report::ReportId,
    text::is_hostile,
    wording,
};

/// By which spreadsheets know UTF-8 from the code page of their system.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// The cells of a row, by the names of their columns and in their order.
pub type SheetRow = Vec<(&'static str, Value)>;

/// A table under way.
pub struct Sheet<W: Write> {
    out: ::csv::Writer<W>,
    columns: &'static [SheetColumn],
}

impl<W: Write> Sheet<W> {
    /// Writes the mark and the names of the columns.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn new(mut out: W, columns: &'static [SheetColumn]) -> Result<Self, Trouble> {
        out.write_all(MARK)?;
        let mut out = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out);
        out.write_record(columns.iter().map(|(name, _)| name)).map_err(trouble)?;
        Ok(Self { out, columns })
    }

    /// # Errors
    /// As [`Sheet::new`].
    pub fn put(&mut self, row: &SheetRow) -> Result<(), Trouble> {
        let value =
            |(column, _): &SheetColumn| row.iter().find(|(name, _)| name == column).map_or_else(String::new, |(_, value)| cell(value));
        self.out.write_record(self.columns.iter().map(value)).map_err(trouble)
    }

    /// # Errors
    /// As [`Sheet::new`].
    pub fn finish(mut self) -> Result<(), Trouble> {
        Ok(self.out.flush()?)
    }
}

/// What the writer of CSV says; a pipe that nobody reads any more stays what it is.
fn trouble(error: ::csv::Error) -> Trouble {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error.into(),
        other => Trouble::new(super::Exit::Unexpected, format!("cannot write CSV: {other:?}")),
    }
}

/// A row as a JSON object.
pub fn object(row: SheetRow) -> Value {
    Value::Object(row.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => harmless(text),
        Value::Array(list) => {
            harmless(&list.iter().map(|each| each.as_str().map_or_else(|| each.to_string(), str::to_owned)).collect::<Vec<_>>().join("; "))
        }
        other => other.to_string(),
    }
}

/// A cell that begins like a formula, also in the wide signs of East Asian keyboards, gets an apostrophe, which spreadsheets
/// show as text. Characters that steer a terminal are left out.
fn harmless(text: &str) -> String {
    let text: String = text.chars().filter(|char| matches!(char, '\n' | '\r' | '\t') || !is_hostile(*char)).collect();
    let first = text.trim_start_matches([' ', '\u{a0}', '\u{3000}']).chars().next().and_then(|char| std::iter::once(char).nfkc().next());
    let is_number = || text.chars().all(|char| char.is_ascii_digit() || matches!(char, '-' | '+' | '.')) && text.parse::<f64>().is_ok();
    if matches!(first, Some('=' | '+' | '-' | '−' | '@' | '\t' | '\r' | '\n')) && !is_number() { format!("'{text}") } else { text }
}

/// A story without what hangs on it.
pub fn story(card: &StoryCard, then: &[(String, Option<String>)]) -> SheetRow {
    let then: Vec<String> = then.iter().map(|(council, grade)| format!("{council}: {}", grade.as_deref().unwrap_or("not known"))).collect();
    let waiting = card.waiting_for.as_ref();
    vec![
        ("id", json!(card.id)),
        ("published", json!(card.published)),
        ("outlet", json!(card.outlet)),
        ("title", json!(card.title)),
        ("author", json!(card.author)),
        ("url", json!(card.url)),
        ("authorities", json!(card.authorities)),
        ("state", json!(card.state)),
        ("kind", json!(card.kind)),
        ("review", json!(card.review)),
        ("relevant", json!(card.relevant)),
        ("why", json!(export::why(card))),
        ("ties", json!(card.ties.len())),
        ("quotations", json!(card.quotations.len())),
        ("waiting_for", json!(waiting.map(|waiting| &waiting.authority))),
        ("waiting_framework", json!(waiting.map(|waiting| waiting.framework))),
        ("waiting_around", json!(waiting.and_then(|waiting| waiting.around.as_ref()))),
        ("words", json!(card.words)),
        ("walled", json!(card.walled)),
        ("first_seen", json!(card.first_seen)),
        ("changed", json!(card.changed)),
        ("cluster", json!(card.piece)),
        // The grade that each council had on the day of the story, whatever the story says.
        ("grades_then", json!(then)),
    ]
}

pub fn ties(card: &StoryCard) -> Vec<SheetRow> {
    let row = |tied: &crate::model::overview::TiedReport| {
        vec![
            ("story", json!(card.id)),
            ("outlet", json!(card.outlet)),
            ("title", json!(card.title)),
            ("story_published", json!(card.published)),
            ("report", json!(tied.report.id)),
            ("authority", json!(tied.report.authority)),
            ("framework", json!(tied.report.framework)),
            ("report_published", json!(tied.report.published)),
            ("overall", json!(overall(&tied.report))),
            ("state", json!(tied.tie.state)),
            ("confidence", json!(tied.tie.confidence)),
            ("kind", json!(tied.tie.kind)),
            ("grade_check", json!(tied.tie.grade_check)),
            ("evidence", json!(tied.tie.evidence.len())),
            ("best_evidence", json!(wording::best_evidence(&tied.tie.evidence).map(wording::evidence))),
            ("review", json!(card.review)),
            ("story_url", json!(card.url)),
            ("report_url", json!(tied.report.url)),
        ]
    };
    card.ties.iter().map(row).collect()
}

pub fn quotations(card: &StoryCard) -> Vec<SheetRow> {
    let address = |id: &ReportId| card.ties.iter().find(|tied| tied.report.id == *id).map(|tied| tied.report.url.clone());
    let row = |quotation: &crate::model::evidence::Quotation| {
        vec![
            ("story", json!(card.id)),
            ("outlet", json!(card.outlet)),
            ("title", json!(card.title)),
            ("story_published", json!(card.published)),
            ("text", json!(quotation.text)),
            ("speaker", json!(quotation.speaker)),
            ("found", json!(quotation.found)),
            ("exact", json!(quotation.exact)),
            ("report", json!(quotation.report)),
            ("page", json!(quotation.page)),
            ("paragraph", json!(quotation.paragraph)),
            ("story_url", json!(card.url)),
            ("report_url", json!(quotation.report.as_ref().and_then(address))),
        ]
    };
    card.quotations.iter().map(row).collect()
}

/// A report without what hangs on it.
pub fn report(found: &ReportWithStories) -> SheetRow {
    let card = &found.report;
    vec![
        ("id", json!(card.id)),
        ("authority", json!(card.authority)),
        ("framework", json!(card.framework)),
        ("published", json!(card.published)),
        ("overall", json!(overall(card))),
        ("inspected_from", json!(card.inspected_from)),
        ("inspected_to", json!(card.inspected_to)),
        ("lead_inspector", json!(card.lead_inspector)),
        ("title", json!(card.title)),
        ("pages", json!(card.pages)),
        ("paragraphs", json!(card.last_paragraph)),
        ("stories", json!(found.stories.len())),
        ("status", json!(card.status)),
        ("doubts", json!(card.doubts.len())),
        ("url", json!(card.url)),
        ("provider_url", json!(card.provider_url)),
        ("urn", json!(card.urn)),
        ("first_seen", json!(card.first_seen)),
        ("parser", json!(card.parser)),
    ]
}

pub fn judgements(card: &ReportCard) -> Vec<SheetRow> {
    let row = |judgement: &crate::model::report::Judgement| {
        vec![
            ("report", json!(card.id)),
            ("authority", json!(card.authority)),
            ("framework", json!(card.framework)),
            ("published", json!(card.published)),
            ("key", json!(judgement.key)),
            ("label", json!(judgement.label)),
            ("grade", json!(judgement.grade)),
            ("printed", json!(judgement.printed)),
            ("readings", json!(judgement.readings)),
            ("agree", json!(judgement.agree)),
            ("report_url", json!(card.url)),
        ]
    };
    card.judgements.iter().map(row).collect()
}

pub fn authority(authority: &Authority) -> SheetRow {
    vec![
        ("name", json!(authority.name)),
        ("official", json!(authority.official)),
        ("urn", json!(authority.urn)),
        ("from", json!(authority.from)),
        ("to", json!(authority.to)),
        ("predecessors", json!(authority.predecessors)),
        ("successors", json!(authority.successors)),
        ("variants", json!(authority.variants)),
        ("bodies", json!(authority.bodies.iter().map(|body| &body.name).collect::<Vec<_>>())),
    ]
}

fn overall(card: &ReportCard) -> Option<&'static str> {
    wording::overall(card).map(|judgement| judgement.grade.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_formula_runs() {
        let check = |text: &str, expected: &str| assert_eq!(cell(&json!(text)), expected, "{text:?}");
        for formula in [
            "=1+1", "+44 123", "-1+1", "@SUM(A1)", "＝1+1", "＋1", "－1+1", "＠a", "﹦1", "−1", "\t=1", "\r=1", "\n=1", " =1",
            "\u{3000}＝1", "- a list", "-",
        ] {
            check(formula, &format!("'{formula}"));
        }
        check("\u{202e}=1+1", "'=1+1");
        check("\u{1b}[2J\u{202e}a\nb", "[2Ja\nb");
        for harmless in ["-0.5", "+3", "a=1", "", "1-2", "“=1”", "'=1"] {
            check(harmless, harmless);
        }
        assert_eq!(cell(&json!(-0.5)), "-0.5");
        assert_eq!(cell(&json!(["x", "y"])), "x; y");
        assert_eq!(cell(&json!(null)), "");
    }

    #[test]
    fn a_sheet_has_a_mark_a_heading_and_columns_in_their_order() {
        let mut out = Vec::new();
        let mut sheet = Sheet::new(&mut out, &[("b", "second"), ("a", "first"), ("c", "none")]).ok().unwrap();
        sheet.put(&vec![("a", json!("one, \"two\"")), ("b", json!(1))]).ok().unwrap();
        sheet.finish().ok().unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "\u{feff}b,a,c\r\n1,\"one, \"\"two\"\"\",\r\n");
    }
}
