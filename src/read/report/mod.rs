//! Reports: from the bytes of a file, or pages of lines, to title, dates, grades, recommendations and passages.
//!
//! One file a concern (cover, dates, furniture, body, numbers, grades, recommendations), one file a framework.

mod body;
mod cover;
mod dates;
mod furniture;
mod grades;
mod headings;
mod ilacs;
mod jtai;
mod kind;
mod lac;
mod numbers;
mod recommendations;
mod send;
mod sif;
mod visit;

use std::panic::{AssertUnwindSafe, catch_unwind};

use body::{Block, Body};
use cover::Front;
use dates::Period;
use furniture::{Role, Row};
use grades::{Reading, Table};
use kind::{Place, Rules};

use super::pdf::{self, Line, Page, Refusal};
use crate::model::authority::Gazetteer;
use crate::model::report::{Framework, Passage, PassageKind, ReportHints, ReportReading, ReportStatus};

/// The version of the reader. It rises when a stored file would be read differently.
pub const PARSER: u32 = 1;

/// Fewer letters than this in a whole file are no text: a scan, or a broken file.
const LEAST_LETTERS: usize = 200;

/// What the stages before have found, for the rules of a framework.
pub struct Draft<'a> {
    pub rows: &'a [Row<'a>],
    pub front: &'a Front<'a>,
    pub body: &'a Body,
    table: Option<Table>,
}

impl Draft<'_> {
    /// The grades of the table, in the order of print.
    pub fn table_readings(&self) -> Vec<Reading> {
        self.table.as_ref().map(|table| table.readings.clone()).unwrap_or_default()
    }

    pub fn headings(&self) -> impl Iterator<Item = &str> {
        self.body.blocks.iter().filter(|block| block.kind == PassageKind::Heading).map(|block| block.text.as_str())
    }
}

/// Reads the bytes of a file. Never fails and never panics: what is no report, or cannot be read, says so with its reason.
pub fn read(bytes: &[u8], hints: &ReportHints, gazetteer: &Gazetteer) -> ReportReading {
    let text = match pdf::text(bytes) {
        Ok(text) => text,
        Err(reason @ Refusal::NotPdf(_)) => return ReportReading::empty(ReportStatus::NotAReport, reason.to_string()),
        Err(reason) => return ReportReading::empty(ReportStatus::Unreadable, reason.to_string()),
    };
    let mut reading = read_pages(&text.pages, hints, gazetteer);
    reading.pages = text.count.try_into().unwrap_or(u32::MAX);
    reading.doubts.extend(text.doubts);
    reading
}

/// Reads pages of lines: the second half of [`read`], without a PDF.
pub fn read_pages(pages: &[Page], hints: &ReportHints, gazetteer: &Gazetteer) -> ReportReading {
    let letters = pages.iter().flat_map(|page| &page.lines).map(|line| line.text.chars().filter(|char| char.is_alphabetic()).count());
    if letters.sum::<usize>() < LEAST_LETTERS {
        return ReportReading::empty(ReportStatus::Unreadable, "the PDF holds no text");
    }
    // Rules work on text that anybody may have made; a slip of ours must not end a run.
    catch_unwind(AssertUnwindSafe(|| structure(pages, hints, gazetteer)))
        .unwrap_or_else(|_| ReportReading::empty(ReportStatus::Unreadable, "the reader stopped: please report this file"))
}

fn structure(pages: &[Page], hints: &ReportHints, gazetteer: &Gazetteer) -> ReportReading {
    let rows = furniture::rows(pages);
    let front = Front::read(&rows);
    let rules = kind::of(&front, hints);
    let table = find_table(&rows, rules);
    let on_front = table.as_ref().filter(|_| rules.table == Place::Front);
    let cover_end = on_front.map_or(front.end, |table| table.lines.end.max(front.end));
    let body = body::blocks(&rows, cover_end, furniture::body_size(pages));

    let mut reading = ReportReading { status: ReportStatus::Current, reason: None, ..ReportReading::empty(ReportStatus::Current, "") };
    reading.framework = rules.framework;
    reading.title = front.title.clone();
    reading.pages = pages.len() as u32;
    reading.published_printed = front.published();
    let period = front.period(hints.published);
    (reading.inspected_from, reading.inspected_to) = (period.map(|period| period.from), period.map(|period| period.to));
    reading.last_paragraph = body.last_number;
    reading.doubts.extend(table.iter().flat_map(|table| table.doubts.clone()));
    reading.doubts.extend(body.doubts.iter().cloned());
    let draft = Draft { rows: &rows, front: &front, body: &body, table };
    (rules.read)(&draft, &mut reading);
    reading.authority = authority(&front, hints, gazetteer, period, &mut reading.doubts);
    doubt(&mut reading, &rows, period);
    reading.passages = body.blocks.into_iter().filter_map(passage).collect();
    reading
}

/// The table of grades, with the rows it takes counted over the whole report.
fn find_table(rows: &[Row], rules: &Rules) -> Option<Table> {
    let last = rows.last().map_or(0, |row| row.page);
    let mut order: Vec<u32> = match rules.table {
        Place::Front => (1..=last.min(3)).collect(),
        Place::Back => (1..=last).rev().take(4).collect(),
        Place::Nowhere => Vec::new(),
    };
    order.retain(|page| *page > 0);
    order.into_iter().find_map(|page| {
        let (at, lines): (Vec<usize>, Vec<&Line>) =
            rows.iter().enumerate().filter(|(_, row)| row.page == page && row.role == Role::Text).map(|(at, row)| (at, row.line)).unzip();
        let mut table = grades::table(&lines, rules.labels)?;
        table.lines = at[table.lines.start]..at[table.lines.end - 1] + 1;
        Some(table)
    })
}

/// By the number of the provider page first, by the title second, by a letter's opening third.
///
/// A title that names another council, and not the listed one by any of its names, is believed before the listing, with
/// a doubt: the file hangs on the wrong page, or under a successor's number.
fn authority(
    front: &Front,
    hints: &ReportHints,
    gazetteer: &Gazetteer,
    period: Option<Period>,
    doubts: &mut Vec<String>,
) -> Option<String> {
    let on = period.map(|period| period.from).or(hints.published);
    let listed = hints.urn.as_deref().and_then(|urn| gazetteer.by_urn(urn));
    let titled = gazetteer.in_title(&front.title, on);
    if let (Some(listed), Some(titled), None) = (listed, titled, front.dear)
        && listed.name != titled.name
        && !listed.is_named_in(&front.title)
    {
        doubts.push(format!("listed under {}, but the title names {}", listed.name, titled.name));
        return Some(titled.name.clone());
    }
    listed.or(titled).or_else(|| gazetteer.in_title(&front.subject, on)).map(|authority| authority.name.clone())
}

/// What a reader should know was not found, or stands twice and differs.
fn doubt(reading: &mut ReportReading, rows: &[Row], period: Option<Period>) {
    if reading.authority.is_none() {
        reading.doubts.push("the authority was not recognised".into());
    }
    if period.is_none() && reading.framework != Framework::Other {
        reading.doubts.push("the dates of the inspection were not found".into());
    }
    let footer =
        rows.iter().filter(|row| row.role == Role::Furniture).find_map(|row| dates::first_period(&row.line.text, reading.inspected_to));
    if let (Some(cover), Some(footer)) = (period, footer.filter(|footer| Some(*footer) != period)) {
        reading.doubts.push(format!("the cover says {} to {}, the footer {} to {}", cover.from, cover.to, footer.from, footer.to));
    }
}

fn passage(block: Block) -> Option<Passage> {
    let Block { page, number, kind, text, .. } = block;
    (!text.is_empty()).then_some(Passage { page, number, kind, text })
}
