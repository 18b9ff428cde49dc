//! Reports: from the bytes of a file, or pages of lines, to title, dates, grades, recommendations and passages.
//!
//! One file a concern (cover, dates, furniture, body, numbers, grades, recommendations), one file a framework.

mod block;
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
mod other;
mod pattern;
mod recommendations;
mod send;
mod sif;
mod table;
mod visit;

use block::ReportBlock;
use body::ReportBody;
use cover::Front;
use dates::Period;
use furniture::{LineRole, ReportLine};
use grades::GradeReading;
use kind::{Rules, TablePlace};
use table::GradeTable;

use super::contained::contained;
use super::pdf::{self, Line, PdfPage, Refusal};
use crate::model::authority::Gazetteer;
use crate::model::report::{Framework, Passage, PassageKind, ReportHints, ReportReading, ReportStatus};
use crate::model::work::Fault;

/// The version of the reader. It rises when a stored file would be read differently.
pub const PARSER: u32 = 2;

/// Fewer letters than this in a whole file are no text: a scan, or a broken file.
const LEAST_LETTERS: usize = 200;

/// What the stages before have found, for the rules of a framework.
pub struct ReportDraft<'a> {
    pub rows: &'a [ReportLine<'a>],
    pub front: &'a Front<'a>,
    pub body: &'a ReportBody,
    table: Option<GradeTable>,
}

impl ReportDraft<'_> {
    /// The grades of the table, in the order of print.
    pub fn table_readings(&self) -> Vec<GradeReading> {
        self.table.as_ref().map(|table| table.readings.clone()).unwrap_or_default()
    }

    pub fn headings(&self) -> impl Iterator<Item = &str> {
        self.body.blocks.iter().filter(|block| block.kind == PassageKind::Heading).map(|block| block.text.as_str())
    }
}

/// Reads the bytes of a file. Never panics: what is no report, or cannot be read, is a reading that says so.
///
/// # Errors
/// Where the reader failed, not the file.
pub fn read(bytes: &[u8], hints: &ReportHints, gazetteer: &Gazetteer) -> Result<ReportReading, Fault> {
    let text = match pdf::text(bytes) {
        Ok(text) => text,
        Err(reason @ Refusal::NotPdf(_)) => return Ok(ReportReading::empty(ReportStatus::NotAReport, reason.to_string())),
        Err(Refusal::Stopped) => return Err(Fault::new(STOPPED_LIBRARY)),
        Err(reason) => return Ok(unreadable(reason.to_string(), hints, gazetteer)),
    };
    let mut reading = read_pages(&text.pages, hints, gazetteer)?;
    reading.pages = text.count.try_into().unwrap_or(u32::MAX);
    reading.doubts.extend(text.doubts);
    Ok(reading)
}

/// Reads pages of lines: the second half of [`read`], without a PDF.
///
/// # Errors
/// Where a rule failed, not the file.
pub fn read_pages(pages: &[PdfPage], hints: &ReportHints, gazetteer: &Gazetteer) -> Result<ReportReading, Fault> {
    let letters = pages.iter().flat_map(|page| &page.lines).map(|line| line.text.chars().filter(|char| char.is_alphabetic()).count());
    if letters.sum::<usize>() < LEAST_LETTERS {
        return Ok(unreadable("the PDF holds no text", hints, gazetteer));
    }
    // Rules work on text that anybody may have made; a slip of ours must not end a run.
    contained(|| structure(pages, hints, gazetteer)).ok_or(Fault::new(STOPPED_RULE))
}

/// What is said where something within the reader stopped.
const STOPPED_LIBRARY: &str = "the PDF library stopped on a report: please report its address";
const STOPPED_RULE: &str = "a rule of the reader stopped on a report: please report its address";

/// What a file is known by that cannot be read: the council on whose page it stands, and the kind it is listed as.
pub fn unreadable(reason: impl Into<String>, hints: &ReportHints, gazetteer: &Gazetteer) -> ReportReading {
    let mut reading = ReportReading::empty(ReportStatus::Unreadable, reason);
    reading.authority = hints.urn.as_deref().and_then(|urn| gazetteer.by_urn(urn)).map(|authority| authority.name.clone());
    reading.framework = kind::listed(hints, hints.published).map_or(Framework::Other, |rules| rules.framework);
    reading
}

fn structure(pages: &[PdfPage], hints: &ReportHints, gazetteer: &Gazetteer) -> ReportReading {
    let rows = furniture::rows(pages);
    let in_order = Front::read(&rows, false);
    let front =
        if kind::is_known(&in_order) { in_order } else { Some(Front::read(&rows, true)).filter(kind::is_known).unwrap_or(in_order) };
    let rules = kind::of(&front, hints);
    let table = find_table(&rows, rules);
    let in_table = |at: usize| {
        table.as_ref().is_some_and(|table| at < table.lines.end && (rules.table == TablePlace::Front || at >= table.lines.start))
    };
    let body = body::blocks(&rows, |at| at < front.end || in_table(at), furniture::body_size(pages));

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
    let draft = ReportDraft { rows: &rows, front: &front, body: &body, table };
    (rules.read)(&draft, &mut reading);
    let (authority, other) = authority(&front, hints, gazetteer, period);
    reading.authority = authority;
    reading.doubts.extend(other);
    doubt(&mut reading, &rows, period, hints.published);
    reading.passages = body.blocks.into_iter().filter_map(passage).collect();
    reading
}

/// Pages at the front or back on which the table of grades can stand.
const TABLE_PAGES: usize = 4;

/// The table of grades, with the rows it takes counted over the whole report; it can go on at the head of the next page.
fn find_table(rows: &[ReportLine], rules: &Rules) -> Option<GradeTable> {
    let last = rows.last().map_or(0, |row| row.page);
    let order: Vec<u32> = match rules.table {
        TablePlace::Front => (1..=last).take(TABLE_PAGES).collect(),
        TablePlace::Back => (1..=last).rev().take(TABLE_PAGES).collect(),
        TablePlace::Nowhere => Vec::new(),
    };
    let read = |page: u32, least: usize| {
        let text = rows.iter().enumerate().filter(|(_, row)| row.page == page && row.role == LineRole::Text);
        let (at, lines): (Vec<usize>, Vec<&Line>) = text.map(|(at, row)| (at, row.line)).unzip();
        let mut table = table::table(&lines, rules.labels, least)?;
        let (first, end) = (table.lines.start == 0, table.lines.end == lines.len());
        table.lines = at[table.lines.start]..at[table.lines.end - 1] + 1;
        Some((table, first, end))
    };
    let (page, (mut table, _, to_the_end)) = order.into_iter().find_map(|page| Some((page, read(page, 2)?)))?;
    let next = if to_the_end { read(page + 1, 1).filter(|(_, from_the_top, _)| *from_the_top) } else { None };
    if let Some((rest, ..)) = next {
        table.lines.end = rest.lines.end;
        table.readings.extend(rest.readings);
        table.doubts.extend(rest.doubts);
    }
    Some(table)
}

/// By the number of the provider page first, by the title second, by a letter's opening third. With a doubt where the
/// first two differ.
///
/// A title that names another council, and the listed one by none of its names, is believed before the listing: the file
/// hangs on the wrong page. A letter has no title; its addressees mislead. Councils that have borne one number in turn
/// are one to Ofsted, and go by the name that the number has now.
fn authority(front: &Front, hints: &ReportHints, gazetteer: &Gazetteer, period: Option<Period>) -> (Option<String>, Option<String>) {
    let on = period.map(|period| period.from).or(hints.published);
    let listed = hints.urn.as_deref().and_then(|urn| gazetteer.by_urn(urn));
    let in_title =
        |text: &str| gazetteer.in_title(text, on).map(|found| found.urn.as_deref().and_then(|urn| gazetteer.by_urn(urn)).unwrap_or(found));
    let titled = in_title(&front.title);
    let differs = listed.zip(titled).filter(|(listed, titled)| listed.name != titled.name);
    let doubt = differs.map(|(listed, titled)| format!("listed under {}, while the title names {}", listed.name, titled.name));
    let other = differs.filter(|(listed, _)| front.dear.is_none() && !listed.is_named_in(&front.title)).map(|(_, titled)| titled);
    let named = other.or(listed).or(titled).or_else(|| in_title(&front.subject));
    (named.map(|authority| authority.name.clone()), doubt)
}

/// What a reader should know was not found, or stands twice and differs.
fn doubt(reading: &mut ReportReading, rows: &[ReportLine], period: Option<Period>, listed: Option<jiff::civil::Date>) {
    if reading.authority.is_none() {
        reading.doubts.push("the authority was not recognised".into());
    }
    if period.is_none() && reading.framework != Framework::Other {
        reading.doubts.push("the dates of the inspection were not found".into());
    }
    let published = listed.or(reading.published_printed);
    if let Some((period, published)) = period.zip(published).filter(|(period, published)| period.to > *published) {
        reading.doubts.push(format!("the inspection ends on {}, after the publication on {published}", period.to));
    }
    let footer =
        rows.iter().filter(|row| row.role == LineRole::Furniture).find_map(|row| dates::first_period(&row.line.text, reading.inspected_to));
    if let (Some(cover), Some(footer)) = (period, footer.filter(|footer| Some(*footer) != period)) {
        reading.doubts.push(format!("the cover says {} to {}, the footer {} to {}", cover.from, cover.to, footer.from, footer.to));
    }
}

fn passage(block: ReportBlock) -> Option<Passage> {
    let ReportBlock { page, number, kind, text, .. } = block;
    (!text.is_empty()).then_some(Passage { page, number, kind, text })
}
