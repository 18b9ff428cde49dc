//! Reading stored bytes: files whose reading a fault of ours prevented, and all again where the reader or the gazetteer is
//! another than it was. Nothing is fetched.

use std::hash::{Hash, Hasher};

use jiff::Timestamp;
use tokio::runtime::Runtime;

use crate::{
    model::{
        authority::Gazetteer,
        fetched::{Failure, FailureKind},
        report::{Report, ReportHints, ReportReading},
        work::{Job, JobKind, Outcome},
    },
    read::report,
    store::{Store, Writer},
    work::Pace,
};

use super::{
    Halt,
    files::{self, index},
    read,
    settle::{settle, want},
    stop::Stop,
};

/// What came of reading stored bytes.
#[derive(Debug, Default)]
pub struct Reread {
    /// Readings made.
    pub read: u32,
    /// Faults of ours; what they kept from being read is read in a later run.
    pub faults: Vec<String>,
}

/// Makes due what a newer reader or another gazetteer makes worth reading or judging again; with `all` every story is to
/// be judged.
///
/// # Errors
/// Where the database fails.
pub fn queue(store: &mut Store, gazetteer: &Gazetteer, all: bool, now: Timestamp) -> Result<(), Halt> {
    let councils = fingerprint(gazetteer);
    let of_councils = store.made_with("gazetteer")?.is_some_and(|known| known == councils);
    let of_tying = store.made_with("tying")?.is_some_and(|known| known == env!("CARGO_PKG_VERSION"));
    let files = store.files_read_before(report::PARSER, !of_councils)?;
    if files.is_empty() && of_councils && of_tying && !all {
        return Ok(());
    }
    store.write(|writer| {
        for (url, sha256) in files {
            want(writer, &Job::Read { url, sha256 }, now)?;
        }
        if all || !of_councils || !of_tying {
            writer.mark_pending_all()?;
        }
        writer.set_made_with("gazetteer", &councils, now)?;
        Ok(writer.set_made_with("tying", env!("CARGO_PKG_VERSION"), now)?)
    })
}

/// Reads the stored bytes that are due.
///
/// # Errors
/// Where the database fails.
pub fn due(store: &mut Store, gazetteer: &Gazetteer, runtime: &Runtime, stop: &Stop, now: Timestamp) -> Result<Reread, Halt> {
    let mut done = Reread::default();
    for (sha256, url) in store.due_jobs(JobKind::Read, now, usize::MAX)? {
        if stop.is_asked() {
            break;
        }
        let job = Job::Read { url: url.clone(), sha256: sha256.clone() };
        if store.standing(&job)?.is_none() {
            // Another reading of this file came first.
            continue;
        }
        let (Some(bytes), Some(stored)) = (store.file(&sha256)?, known(store, &url, &sha256, now)?) else {
            store.write(|writer| writer.drop_job(&job))?;
            continue;
        };
        let label = store.file_label(&url)?;
        let hints = ReportHints { urn: stored.urn.clone(), label, published: stored.published };
        match runtime.block_on(read::read(&bytes, &hints)) {
            Ok(reading) => {
                done.read += 1;
                store.write(|writer| {
                    put(writer, &stored, &sha256, files::with_council(reading, &hints, gazetteer), &bytes, gazetteer, now)?;
                    settle(writer, &job, Pace::Once, &Outcome::Got(None), now)
                })?;
            }
            Err(fault) => {
                store.write(|writer| settle(writer, &job, Pace::Once, &Outcome::Ours(fault.clone()), now))?;
                if !done.faults.contains(&fault.detail) {
                    done.faults.push(fault.detail);
                }
            }
        }
    }
    Ok(done)
}

/// The report of a file: as stored, or, where it was never read, as its listing has it.
fn known(store: &Store, url: &str, sha256: &str, now: Timestamp) -> Result<Option<Report>, Halt> {
    if let Some(id) = store.report_of_url(url)? {
        return Ok(store.report(&id)?);
    }
    let Some(listed) = store.publication_of_url(url)? else { return Ok(None) };
    let reading = ReportReading::empty(crate::model::report::ReportStatus::Unreadable, String::new());
    Ok(Some(files::report_of(&listed, sha256.to_owned(), reading, now)))
}

/// Stores a reading of stored bytes: those of the report, or those that have replaced them. A report that was read well stays
/// so where it cannot be read any more; a replacement that cannot be read is asked for again.
fn put(
    writer: &Writer<'_>,
    stored: &Report,
    sha256: &str,
    reading: ReportReading,
    bytes: &[u8],
    gazetteer: &Gazetteer,
    now: Timestamp,
) -> Result<(), Halt> {
    let before = stored.reading.authority.clone();
    let replaces = sha256 != stored.sha256;
    let reading = match &reading.reason {
        Some(reason) if stored.reading.reason.is_none() && replaces => {
            let failure = Failure::new(FailureKind::Unreadable, format!("{}: {reason}", stored.url));
            return files::not_read(writer, &stored.url, failure, now);
        }
        Some(_) if stored.reading.reason.is_none() => stored.reading.clone(),
        _ => reading,
    };
    let report = Report { reading, parser: report::PARSER, sha256: sha256.to_owned(), ..stored.clone() };
    if replaces {
        writer.drop_reads(&report.url)?;
    }
    if replaces || writer.report_of_url(&report.url)?.is_none() {
        writer.put_report(&Report { first_seen: now, ..report.clone() }, bytes)?;
    } else {
        writer.update_reading(&report.id, &report.reading, report::PARSER)?;
    }
    index(writer, &report, before.as_deref(), gazetteer)
}

/// What tells one gazetteer from another.
fn fingerprint(gazetteer: &Gazetteer) -> String {
    let mut hasher = xxhash_rust::xxh3::Xxh3::new();
    for authority in gazetteer.all() {
        format!("{authority:?}").hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}
