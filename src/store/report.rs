//! Tables `file`, `report`, `report_version`, `judgement`, `recommendation`, `passage`: reports and their files.

use jiff::{Timestamp, civil::Date};
use rusqlite::{OptionalExtension, Row, named_params, params};
use serde::{Deserialize, Serialize};

use super::{
    Store, StoreError, Writer,
    columns::{Day, Json, Time, json, maybe_day, time},
};
use crate::model::{
    report::{Framework, Grade, Judgement, JudgementKey, Passage, Recommendation, Report, ReportId, ReportReading, ReportStatus},
    text::folded,
};

/// What storing a report came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportOutcome {
    New,
    /// Another file stands under the same address: what differs, one line each.
    NewVersion {
        changed: Vec<String>,
    },
    /// The file is the one that was stored; what the listing says is taken over, the reading is left alone
    /// (see [`Store::reports_needing_parse`]).
    Same,
}

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

/// What a reading says on its cover, kept for each version.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Facts {
    status: ReportStatus,
    framework: Framework,
    title: String,
    authority: Option<String>,
    inspected_from: Option<Date>,
    inspected_to: Option<Date>,
    published_printed: Option<Date>,
    lead_inspector: Option<String>,
    pages: u32,
    paragraphs: u32,
    recommendations: usize,
    grades: Vec<(JudgementKey, Grade)>,
}

impl Facts {
    fn of(reading: &ReportReading) -> Self {
        Self {
            status: reading.status,
            framework: reading.framework,
            title: reading.title.clone(),
            authority: reading.authority.clone(),
            inspected_from: reading.inspected_from,
            inspected_to: reading.inspected_to,
            published_printed: reading.published_printed,
            lead_inspector: reading.lead_inspector.clone(),
            pages: reading.pages,
            paragraphs: reading.last_paragraph,
            recommendations: reading.recommendations.len(),
            grades: reading.judgements.iter().map(|judgement| (judgement.key, judgement.grade)).collect(),
        }
    }

    /// What is different in `new`, one line each: "lead inspector: A N Other, was Joy Hall".
    fn changes(&self, new: &Self) -> Vec<String> {
        let lines = [
            line("status", self.status.as_str(), new.status.as_str()),
            line("framework", self.framework.as_str(), new.framework.as_str()),
            line("title", &self.title, &new.title),
            line("authority", &shown(self.authority.as_ref()), &shown(new.authority.as_ref())),
            line("inspected from", &shown(self.inspected_from), &shown(new.inspected_from)),
            line("inspected to", &shown(self.inspected_to), &shown(new.inspected_to)),
            line("published", &shown(self.published_printed), &shown(new.published_printed)),
            line("lead inspector", &shown(self.lead_inspector.as_ref()), &shown(new.lead_inspector.as_ref())),
            line("pages", &self.pages.to_string(), &new.pages.to_string()),
            line("paragraphs", &self.paragraphs.to_string(), &new.paragraphs.to_string()),
            line("recommendations", &self.recommendations.to_string(), &new.recommendations.to_string()),
        ];
        lines.into_iter().flatten().chain(self.grade_changes(new)).collect()
    }

    fn grade_changes(&self, new: &Self) -> impl Iterator<Item = String> {
        let mut keys: Vec<JudgementKey> = self.grades.iter().chain(&new.grades).map(|(key, _)| *key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys.into_iter().filter_map(|key| line(key.as_str(), grade(&self.grades, key), grade(&new.grades, key)))
    }
}

fn grade(grades: &[(JudgementKey, Grade)], key: JudgementKey) -> &'static str {
    grades.iter().find(|(other, _)| *other == key).map_or("nothing", |(_, grade)| grade.as_str())
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| value.to_string())
}

fn line(name: &str, was: &str, is: &str) -> Option<String> {
    (was != is).then(|| format!("{name}: {is}, was {was}"))
}

impl Store {
    /// The bytes of a report's latest file.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn report_file(&self, id: &ReportId) -> Result<Option<Vec<u8>>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT file.body
            FROM report JOIN file ON file.sha256 = report.sha256
            WHERE report.id = ?1",
        )?;
        Ok(select.query_row([id], |row| row.get(0)).optional()?)
    }

    /// Reports whose reading was made by a parser older than `parser`, to be read again from their stored files.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn reports_needing_parse(&self, parser: u32) -> Result<Vec<ReportId>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT id FROM report WHERE parser < ?1 ORDER BY n")?;
        let rows = select.query_map([parser], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
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
            Ok(Passage { page: row.get("page")?, number: row.get("number")?, kind: row.get("kind")?, text: row.get("text")? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The number of a report in the bulk tables.
    pub(super) fn report_n(&self, id: &ReportId) -> Result<i64, StoreError> {
        let mut select = self.db.prepare_cached("SELECT n FROM report WHERE id = ?1")?;
        select.query_row([id], |row| row.get(0)).optional()?.ok_or_else(|| StoreError::NoReport(id.0.clone()))
    }
}

impl Writer<'_> {
    /// Stores a report with its file. Shingles are the caller's to set, after every outcome but `Same`.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn put_report(&self, report: &Report, file: &[u8]) -> Result<ReportOutcome, StoreError> {
        self.db.prepare_cached("DELETE FROM file_failure WHERE url = ?1")?.execute([&report.url])?;
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

    fn put_file(&self, sha256: &str, body: &[u8]) -> Result<(), StoreError> {
        let mut insert = self.db.prepare_cached(
            "
            INSERT INTO file (sha256, size, body)
            VALUES (?1, ?2, ?3)
            ON CONFLICT (sha256) DO NOTHING",
        )?;
        insert.execute(params![sha256, body.len() as i64, body])?;
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
            index.execute(params![row, folded(&each.text)])?;
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
