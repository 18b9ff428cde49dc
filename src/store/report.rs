//! Tables `report`, `report_version`, `judgement`, `recommendation`, `passage`: reports, out.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row};

use super::{
    Store, StoreError,
    columns::{json, maybe_day, time},
};
use crate::model::report::{Judgement, Passage, Recommendation, Report, ReportId, ReportReading};

/// A file that stood at a report's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportVersion {
    /// Counted from 1.
    pub version: u32,
    pub sha256: String,
    pub first_seen: Timestamp,
    /// What differs from the version before, one line each.
    pub changed: Vec<String>,
}

impl Store {
    /// Address and hash of the files whose reading was made by a parser older than `parser`; with `all`, of every report.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn files_read_before(&self, parser: u32, all: bool) -> Result<Vec<(String, String)>, StoreError> {
        let before = if all { u32::MAX } else { parser };
        let mut select = self.db.prepare_cached("SELECT url, sha256 FROM report INDEXED BY report_parser WHERE parser < ?1 ORDER BY n")?;
        let rows = select.query_map([before], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The report of the file at a canonical address.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn report_of_url(&self, url: &str) -> Result<Option<ReportId>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT id FROM report WHERE url = ?1 ORDER BY n LIMIT 1")?;
        Ok(select.query_row([url], |row| row.get(0)).optional()?)
    }

    /// A report with its reading whole.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn report(&self, id: &ReportId) -> Result<Option<Report>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT id, url, provider_url, urn, published, first_seen, sha256, parser,
                   iif(withdrawn IS NULL OR status <> 'current', status, 'withdrawn') AS status, reason, framework, title, authority, inspected_from, inspected_to, published_printed, lead_inspector,
                   pages, last_paragraph, doubts
            FROM report
            WHERE id = ?1",
        )?;
        self.read(|store| {
            let Some(mut report) = select.query_row([id], report).optional()? else { return Ok(None) };
            report.reading.judgements = store.judgements(id)?;
            report.reading.recommendations = store.recommendations(id)?;
            report.reading.passages = store.passages(id)?;
            Ok(Some(report))
        })
    }

    /// The files that stood at the report's address, first to last.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn report_versions(&self, id: &ReportId) -> Result<Vec<ReportVersion>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT version, sha256, first_seen, changed
            FROM report_version
            WHERE report = ?1
            ORDER BY version",
        )?;
        let rows = select.query_map([id], |row| {
            Ok(ReportVersion {
                version: row.get("version")?,
                sha256: row.get("sha256")?,
                first_seen: time(row, "first_seen")?,
                changed: json(row, "changed")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The judgements of a report, in the order of print.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn judgements(&self, id: &ReportId) -> Result<Vec<Judgement>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT key, label, grade, printed, readings, agree
            FROM judgement
            WHERE report = ?1
            ORDER BY place",
        )?;
        let rows = select.query_map([id], |row| {
            Ok(Judgement {
                key: row.get("key")?,
                label: row.get("label")?,
                grade: row.get("grade")?,
                printed: row.get("printed")?,
                readings: row.get("readings")?,
                agree: row.get("agree")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The recommendations of a report, in the order of print.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn recommendations(&self, id: &ReportId) -> Result<Vec<Recommendation>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT n, text, page FROM recommendation WHERE report = ?1 ORDER BY place")?;
        let rows = select.query_map([id], |row| Ok(Recommendation { n: row.get("n")?, text: row.get("text")?, page: row.get("page")? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The text of a report in reading order; a passage's index is its place in the shingle index.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn passages(&self, id: &ReportId) -> Result<Vec<Passage>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT passage.page, passage.number, passage.kind, passage.text
            FROM passage JOIN report ON report.n = passage.report
            WHERE report.id = ?1
            ORDER BY passage.place",
        )?;
        let rows = select.query_map([id], |row| {
            // By their places: a report has some hundreds, and looking names up takes longer than reading them.
            Ok(Passage { page: row.get(0)?, number: row.get(1)?, kind: row.get(2)?, text: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The label under which a provider page lists a file.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn file_label(&self, url: &str) -> Result<Option<String>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT label
            FROM publication
            WHERE url = ?1
            ORDER BY gone_since IS NOT NULL, urn
            LIMIT 1",
        )?;
        Ok(select.query_row([url], |row| row.get(0)).optional()?)
    }

    /// The number of a report in the bulk tables.
    pub(super) fn report_n(&self, id: &ReportId) -> Result<i64, StoreError> {
        let mut select = self.db.prepare_cached("SELECT n FROM report WHERE id = ?1")?;
        select.query_row([id], |row| row.get(0)).optional()?.ok_or_else(|| StoreError::NoReport(id.0.clone()))
    }
}

fn report(row: &Row<'_>) -> rusqlite::Result<Report> {
    let reading = ReportReading {
        status: row.get("status")?,
        reason: row.get("reason")?,
        framework: row.get("framework")?,
        title: row.get("title")?,
        authority: row.get("authority")?,
        inspected_from: maybe_day(row, "inspected_from")?,
        inspected_to: maybe_day(row, "inspected_to")?,
        published_printed: maybe_day(row, "published_printed")?,
        lead_inspector: row.get("lead_inspector")?,
        pages: row.get("pages")?,
        judgements: Vec::new(),
        recommendations: Vec::new(),
        passages: Vec::new(),
        last_paragraph: row.get("last_paragraph")?,
        doubts: json(row, "doubts")?,
    };
    Ok(Report {
        id: row.get("id")?,
        url: row.get("url")?,
        provider_url: row.get("provider_url")?,
        urn: row.get("urn")?,
        published: maybe_day(row, "published")?,
        first_seen: time(row, "first_seen")?,
        sha256: row.get("sha256")?,
        parser: row.get("parser")?,
        reading,
    })
}
