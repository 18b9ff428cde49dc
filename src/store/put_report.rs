//! The same tables: reports and their files, in.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, named_params, params};

use super::{
    StoreError, Writer,
    columns::{Day, Json, Time, json},
    facts::Facts,
};
use crate::model::report::{Report, ReportId, ReportReading, ReportStatus};

/// What storing a report came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportOutcome {
    New,
    /// Another file stands under the same address: what differs, one line each.
    NewVersion {
        changed: Vec<String>,
    },
    /// The file is the one that was stored; what the listing says is taken over, the reading is left alone
    /// (see [`reports_needing_parse`](super::Store::reports_needing_parse)).
    Same,
}

impl Writer<'_> {
    /// Stores a report with its file. Shingles are the caller's to set, after every outcome but `Same`.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn put_report(&self, report: &Report, file: &[u8]) -> Result<ReportOutcome, StoreError> {
        let mut select = self.db.prepare_cached("SELECT n, sha256 FROM report WHERE id = ?1")?;
        let known = select.query_row([&report.id], |row| Ok((row.get::<_, i64>("n")?, row.get::<_, String>("sha256")?))).optional()?;
        match known {
            None => {
                self.put_file(&report.sha256, file)?;
                let n = self.insert_report(report)?;
                self.put_version(report, &[])?;
                self.put_parts(&report.id, n, &report.reading)?;
                Ok(ReportOutcome::New)
            }
            Some((_, sha256)) if sha256 == report.sha256 => {
                self.update_listing(report)?;
                Ok(ReportOutcome::Same)
            }
            Some((n, _)) => {
                let changed = self.last_facts(&report.id)?.map_or_else(Vec::new, |facts| facts.changes(&Facts::of(&report.reading)));
                self.put_file(&report.sha256, file)?;
                self.put_version(report, &changed)?;
                self.update_listing(report)?;
                let mut update = self.db.prepare_cached("UPDATE report SET sha256 = ?2 WHERE n = ?1")?;
                update.execute(params![n, report.sha256])?;
                self.update_reading(&report.id, &report.reading, report.parser)?;
                Ok(ReportOutcome::NewVersion { changed })
            }
        }
    }

    /// The report that stands at an address, whatever its id; one that was added as a file, without an address, and has these
    /// bytes, stands there from now on.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn adopt(&self, url: &str, sha256: &str) -> Result<Option<ReportId>, StoreError> {
        if let Some(known) = self.report_of_url(url)? {
            return Ok(Some(known));
        }
        let mut update = self.db.prepare_cached("UPDATE report SET url = ?2 WHERE url = 'urn:sha256:' || ?1 RETURNING id")?;
        Ok(update.query_row(params![sha256, url], |row| row.get(0)).optional()?)
    }

    /// Replaces the reading of a report. Its shingles go with the old reading and are the caller's to set again.
    ///
    /// A report that is no longer listed stays withdrawn. The day of publication follows the printed one only where it
    /// came from there.
    ///
    /// # Errors
    /// Where there is no such report, or the database cannot be written.
    pub fn update_reading(&self, id: &ReportId, reading: &ReportReading, parser: u32) -> Result<(), StoreError> {
        let n = self.report_n(id)?;
        let mut update = self.db.prepare_cached(
            "
            UPDATE report
            SET parser = :parser,
                status = :status,
                reason = :reason,
                framework = :framework,
                title = :title,
                authority = :authority,
                inspected_from = :inspected_from,
                inspected_to = :inspected_to,
                published = iif(published IS published_printed, coalesce(:published_printed, published), published),
                published_printed = :published_printed,
                lead_inspector = :lead_inspector,
                pages = :pages,
                last_paragraph = :last_paragraph,
                doubts = :doubts
            WHERE n = :n",
        )?;
        update.execute(named_params! {
            ":n": n,
            ":parser": parser,
            ":status": stored_status(reading.status),
            ":reason": reading.reason,
            ":framework": reading.framework,
            ":title": reading.title,
            ":authority": reading.authority,
            ":inspected_from": reading.inspected_from.map(Day),
            ":inspected_to": reading.inspected_to.map(Day),
            ":published_printed": reading.published_printed.map(Day),
            ":lead_inspector": reading.lead_inspector,
            ":pages": reading.pages,
            ":last_paragraph": reading.last_paragraph,
            ":doubts": Json(&reading.doubts),
        })?;
        self.clear_parts(id, n)?;
        self.put_parts(id, n, reading)
    }

    /// Sets the status of a report by hand: withdrawn, or current again, or why it is neither.
    ///
    /// # Errors
    /// Where there is no such report, or the database cannot be written.
    pub fn set_report_status(&self, id: &ReportId, status: ReportStatus, reason: Option<&str>, now: Timestamp) -> Result<(), StoreError> {
        let n = self.report_n(id)?;
        let withdrawn = (status == ReportStatus::Withdrawn).then_some(Time(now));
        let mut update = self.db.prepare_cached("UPDATE report SET status = ?2, withdrawn = ?3, reason = ?4 WHERE n = ?1")?;
        update.execute(params![n, stored_status(status), withdrawn, reason])?;
        Ok(())
    }

    fn insert_report(&self, report: &Report) -> Result<i64, StoreError> {
        let reading = &report.reading;
        let mut insert = self.db.prepare_cached(
            "
            INSERT INTO report (id, url, provider_url, urn, published, first_seen, sha256, parser, status, withdrawn, reason,
                                framework, title, authority, inspected_from, inspected_to, published_printed,
                                lead_inspector, pages, last_paragraph, doubts)
            VALUES (:id, :url, :provider_url, :urn, :published, :first_seen, :sha256, :parser, :status, :withdrawn, :reason,
                    :framework, :title, :authority, :inspected_from, :inspected_to, :published_printed,
                    :lead_inspector, :pages, :last_paragraph, :doubts)",
        )?;
        Ok(insert.insert(named_params! {
            ":id": report.id,
            ":url": report.url,
            ":provider_url": report.provider_url,
            ":urn": report.urn,
            ":published": report.published.map(Day),
            ":first_seen": Time(report.first_seen),
            ":sha256": report.sha256,
            ":parser": report.parser,
            ":status": stored_status(reading.status),
            ":withdrawn": (reading.status == ReportStatus::Withdrawn).then_some(Time(report.first_seen)),
            ":reason": reading.reason,
            ":framework": reading.framework,
            ":title": reading.title,
            ":authority": reading.authority,
            ":inspected_from": reading.inspected_from.map(Day),
            ":inspected_to": reading.inspected_to.map(Day),
            ":published_printed": reading.published_printed.map(Day),
            ":lead_inspector": reading.lead_inspector,
            ":pages": reading.pages,
            ":last_paragraph": reading.last_paragraph,
            ":doubts": Json(&reading.doubts),
        })?)
    }

    /// Takes over what the listing says now, and keeps what it no longer says.
    fn update_listing(&self, report: &Report) -> Result<(), StoreError> {
        let mut update = self.db.prepare_cached(
            "
            UPDATE report
            SET provider_url = coalesce(?2, provider_url), urn = coalesce(?3, urn), published = coalesce(?4, published)
            WHERE id = ?1",
        )?;
        update.execute(params![report.id, report.provider_url, report.urn, report.published.map(Day)])?;
        Ok(())
    }

    fn put_version(&self, report: &Report, changed: &[String]) -> Result<(), StoreError> {
        let mut insert = self.db.prepare_cached(
            "
            INSERT INTO report_version (report, version, sha256, first_seen, facts, changed)
            VALUES (?1, (SELECT count(*) + 1 FROM report_version WHERE report = ?1), ?2, ?3, ?4, ?5)",
        )?;
        insert.execute(params![report.id, report.sha256, Time(report.first_seen), Json(Facts::of(&report.reading)), Json(changed)])?;
        Ok(())
    }

    fn last_facts(&self, id: &ReportId) -> Result<Option<Facts>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT facts FROM report_version WHERE report = ?1 ORDER BY version DESC LIMIT 1")?;
        Ok(select.query_row([id], |row| json(row, "facts")).optional()?)
    }

    fn put_parts(&self, id: &ReportId, n: i64, reading: &ReportReading) -> Result<(), StoreError> {
        let mut insert = self.db.prepare_cached(
            "
            INSERT INTO judgement (report, place, key, label, grade, printed, readings, agree)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        for (place, each) in (0i64..).zip(&reading.judgements) {
            insert.execute(params![id, place, each.key, each.label, each.grade, each.printed, each.readings, each.agree])?;
        }
        let mut insert = self.db.prepare_cached("INSERT INTO recommendation (report, place, n, text, page) VALUES (?1, ?2, ?3, ?4, ?5)")?;
        for (place, each) in (0i64..).zip(&reading.recommendations) {
            insert.execute(params![id, place, each.n, each.text, each.page])?;
        }
        let mut insert =
            self.db.prepare_cached("INSERT INTO passage (report, place, page, number, kind, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
        let mut index = self.db.prepare_cached("INSERT INTO passage_fts (rowid, text) VALUES (?1, ?2)")?;
        for (place, each) in (0i64..).zip(&reading.passages) {
            let row = insert.insert(params![n, place, each.page, each.number, each.kind, each.text])?;
            index.execute(params![row, each.text])?;
        }
        Ok(())
    }

    fn clear_parts(&self, id: &ReportId, n: i64) -> Result<(), StoreError> {
        self.clear_shingles(n)?;
        self.db.prepare_cached("DELETE FROM judgement WHERE report = ?1")?.execute([id])?;
        self.db.prepare_cached("DELETE FROM recommendation WHERE report = ?1")?.execute([id])?;
        self.db.prepare_cached("DELETE FROM passage_fts WHERE rowid IN (SELECT n FROM passage WHERE report = ?1)")?.execute([n])?;
        self.db.prepare_cached("DELETE FROM passage WHERE report = ?1")?.execute([n])?;
        Ok(())
    }
}

/// Withdrawn is kept apart, as a time: a new reading must not undo it.
fn stored_status(status: ReportStatus) -> ReportStatus {
    if status == ReportStatus::Withdrawn { ReportStatus::Current } else { status }
}
