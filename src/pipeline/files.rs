//! Report files: fetched where they are listed, read in a process apart, stored with their bytes; asked for again, since
//! Ofsted replaces files without a word.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use tokio::sync::OwnedSemaphorePermit;
use url::Url;

use crate::{
    dedupe::address,
    model::{
        address::shown,
        authority::Gazetteer,
        day,
        fetched::{Answer, BodyKind, Failure, FailureKind, Fetched, Request, Validators},
        report::{Report, ReportHints, ReportReading, ReportStatus},
        source::Source,
        work::{Fault, Job, Outcome},
    },
    read::report,
    store::{FileState, ListedPublication, ReportOutcome, Store, Writer},
    tie::locate::passage_shingles,
    work::Pace,
};

use super::{
    Halt,
    harvest::{Arrival, Harvest},
    read,
    settle::{settle, want},
};

/// Files of one run; the rest is left for the next.
const MAX_FILES: usize = 2_000;
/// Ofsted replaces files without a word: 28 of 613 were, up to seven months after publication.
const REPLACED_WITHIN: SignedDuration = SignedDuration::from_hours(210 * 24);
/// A stored file is asked for again, with validators, after this time.
const ASK_AGAIN: Pace = Pace::Every(SignedDuration::from_hours(30 * 24));

/// What came of a report file.
pub struct ReportFile {
    source: usize,
    listed: ListedPublication,
    outcome: Outcome<Answered>,
    /// Given back when it is stored; nobody closes the semaphore.
    _place: Option<OwnedSemaphorePermit>,
}

enum Answered {
    /// Its bytes, and their reading, or why a fault of ours kept them from being read.
    File(Box<Fetched>, Box<Result<ReportReading, Fault>>),
    /// A stored file is still the one that is there.
    NotModified(Validators),
}

impl Harvest<'_> {
    /// Starts fetching the report files that are due: listed ones that are not stored, and stored ones that may have been
    /// replaced.
    pub(super) fn start_files(&mut self, source: usize, store: &Store) -> Result<(), Halt> {
        for listed in due(store, self.sources[source].source, self.now, MAX_FILES)? {
            let url = listed.publication.url.clone();
            if !self.under_way.insert(url.to_string()) {
                continue;
            }
            // “Not modified” says nothing of a file that could not be read.
            let validators = if is_report(store, &listed)? { store.validators(url.as_str())? } else { Validators::default() };
            let (fetcher, readers, room) = (self.fetcher.clone(), Arc::clone(&self.readers), Arc::clone(&self.room));
            self.tasks.spawn(async move {
                let place = room.acquire_owned().await.ok();
                let outcome = match fetcher.get(&Request { url, validators, body: BodyKind::Report }).await {
                    Answer::Fresh(fetched) => {
                        let _right = readers.acquire_owned().await;
                        let reading = read::read(&fetched.body, &hints(&listed)).await;
                        Outcome::Got(Answered::File(fetched, Box::new(reading)))
                    }
                    Answer::NotModified { validators, .. } => Outcome::Unchanged(Answered::NotModified(validators)),
                    Answer::Failed(failure) => Outcome::Theirs(failure),
                };
                Arrival::File(Box::new(ReportFile { source, listed, outcome, _place: place }))
            });
        }
        Ok(())
    }

    pub(super) fn take_file(&mut self, file: ReportFile, store: &mut Store) -> Result<(), Halt> {
        let ReportFile { source, listed, outcome, _place } = file;
        match outcome {
            Outcome::Got(Answered::File(fetched, reading)) => match *reading {
                Ok(reading) => self.take_reading(source, &listed, &fetched, reading, store),
                Err(fault) => self.keep_bytes(source, &listed, &fetched, &fault, store),
            },
            Outcome::Got(Answered::NotModified(validators)) | Outcome::Unchanged(Answered::NotModified(validators)) => {
                self.file_unchanged(source, &listed, &validators, store)
            }
            Outcome::Unchanged(Answered::File(..)) => Ok(()),
            Outcome::Theirs(failure) => self.lose_file(source, &listed.publication.url, failure, store),
            Outcome::Ours(fault) => {
                self.fault(&fault);
                Ok(())
            }
        }
    }

    fn take_reading(
        &mut self,
        source: usize,
        listed: &ListedPublication,
        fetched: &Fetched,
        reading: ReportReading,
        store: &mut Store,
    ) -> Result<(), Halt> {
        let (now, url, gazetteer) = (self.now, &listed.publication.url, self.gazetteer);
        let failure = reading.reason.as_ref().map(|reason| Failure::new(FailureKind::Unreadable, format!("{}: {reason}", shown(url))));
        if let (Some(failure), FileState::Stored(_)) = (&failure, &listed.file) {
            // What is stored is worth as much as what stands there now, or more; the retries find a repair.
            return self.lose_file(source, url, failure.clone(), store);
        }
        let mut report = report_of(listed, sha256(&fetched.body), with_council(reading, &hints(listed), gazetteer), now);
        let job = Job::File(url.to_string());
        let outcome = store.write(|writer| {
            if let Some(id) = writer.adopt(&report.url, &report.sha256)? {
                report.id = id;
            }
            let before = writer.report_card(&report.id)?.and_then(|card| card.authority);
            writer.drop_reads(url.as_str())?;
            let outcome = writer.put_report(&report, &fetched.body)?;
            let validators = if failure.is_none() { fetched.validators.clone() } else { Validators::default() };
            writer.set_validators(url.as_str(), &validators, now)?;
            let of = failure.clone().map_or(Outcome::Got(None), Outcome::Theirs);
            settle(writer, &job, pace(&report, now), &of, now)?;
            if outcome != ReportOutcome::Same {
                index(writer, &report, before.as_deref(), gazetteer)?;
            }
            Ok::<_, Halt>(outcome)
        })?;
        let tally = &mut self.tallies[source];
        match failure {
            Some(failure) => drop(tally.parts.insert(url.to_string(), failure)),
            None => tally.good_parts += 1,
        }
        match outcome {
            ReportOutcome::New => {
                tally.new_reports += 1;
                self.counts.reports += 1;
            }
            ReportOutcome::NewVersion { .. } => self.counts.reports_changed += 1,
            ReportOutcome::Same => {}
        }
        Ok(())
    }

    /// A fault of ours kept a file from being read: its bytes are kept, and read in a later run.
    fn keep_bytes(
        &mut self,
        source: usize,
        listed: &ListedPublication,
        fetched: &Fetched,
        fault: &Fault,
        store: &mut Store,
    ) -> Result<(), Halt> {
        let (now, url) = (self.now, &listed.publication.url);
        let sha256 = sha256(&fetched.body);
        store.write(|writer| {
            writer.put_file(&sha256, &fetched.body)?;
            writer.set_validators(url.as_str(), &fetched.validators, now)?;
            writer.drop_reads(url.as_str())?;
            let read = Job::Read { url: url.to_string(), sha256: sha256.clone() };
            want(writer, &read, now)?;
            settle(writer, &read, Pace::Once, &Outcome::Ours(fault.clone()), now)?;
            settle(writer, &Job::File(url.to_string()), ASK_AGAIN, &Outcome::Got(None), now)
        })?;
        self.tallies[source].good_parts += 1;
        self.fault(fault);
        Ok(())
    }

    /// A stored file is still the one that is there: good, or one more try in vain where it is no report.
    fn file_unchanged(
        &mut self,
        source: usize,
        listed: &ListedPublication,
        validators: &Validators,
        store: &mut Store,
    ) -> Result<(), Halt> {
        let (now, url) = (self.now, &listed.publication.url);
        self.counts.unchanged += 1;
        store.write(|writer| writer.set_not_modified(url.as_str(), validators, now))?;
        if !is_report(store, listed)? {
            let failure = Failure::new(FailureKind::Unreadable, format!("{}: still no readable report", shown(url)));
            return self.lose_file(source, url, failure, store);
        }
        self.tallies[source].good_parts += 1;
        store.write(|writer| settle(writer, &Job::File(url.to_string()), ASK_AGAIN, &Outcome::Unchanged(None), now))?;
        Ok(())
    }

    /// Remembers that a file did not come, or came as something else.
    fn lose_file(&mut self, source: usize, url: &Url, failure: Failure, store: &mut Store) -> Result<(), Halt> {
        let job = Job::File(url.to_string());
        store.write(|writer| settle(writer, &job, ASK_AGAIN, &Outcome::Theirs(failure.clone()), self.now))?;
        self.lose_part(source, url.as_str(), failure);
        Ok(())
    }
}

/// Stored bytes that turn out to be no report: the file is asked for again, whatever its server says has not changed.
pub(super) fn not_read(writer: &Writer<'_>, url: &str, failure: Failure, now: Timestamp) -> Result<(), Halt> {
    writer.set_validators(url, &Validators::default(), now)?;
    settle(writer, &Job::File(url.to_owned()), ASK_AGAIN, &Outcome::Theirs(failure), now)?;
    Ok(())
}

/// The report files that are due, new ones first.
pub(super) fn due(store: &Store, source: &Source, now: Timestamp, limit: usize) -> Result<Vec<ListedPublication>, Halt> {
    let replaced = day::of(now.checked_sub(REPLACED_WITHIN).unwrap_or(Timestamp::MIN));
    Ok(store.due_files(source.since, replaced, now, limit)?)
}

/// A file that is not replaced any more, going by the day of its publication, is not asked for again.
fn pace(report: &Report, now: Timestamp) -> Pace {
    let replaced = day::of(now.checked_sub(REPLACED_WITHIN).unwrap_or(Timestamp::MIN));
    if report.published.is_some_and(|published| published < replaced) { Pace::Once } else { ASK_AGAIN }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// True where a readable report of that file is stored.
fn is_report(store: &Store, listed: &ListedPublication) -> Result<bool, Halt> {
    let FileState::Stored(id) = &listed.file else { return Ok(false) };
    let card = store.report_card(id)?;
    Ok(card.is_some_and(|card| matches!(card.status, ReportStatus::Current | ReportStatus::Withdrawn)))
}

/// What is told to the reader of a file before it is opened.
pub fn hints(listed: &ListedPublication) -> ReportHints {
    ReportHints { urn: Some(listed.urn.clone()), label: Some(listed.publication.label.clone()), published: listed.publication.published }
}

/// The report of a listed file with a reading of its bytes.
pub(super) fn report_of(listed: &ListedPublication, sha256: String, reading: ReportReading, now: Timestamp) -> Report {
    Report {
        id: address::report_id(&listed.publication.url),
        url: listed.publication.url.to_string(),
        provider_url: Some(listed.provider_url.clone()),
        urn: Some(listed.urn.clone()),
        published: listed.publication.published.or(reading.published_printed),
        first_seen: now,
        sha256,
        parser: report::PARSER,
        reading,
    }
}

/// A file that cannot be read still belongs to the council on whose page it stands, also where the reader never got to say so.
pub(super) fn with_council(reading: ReportReading, hints: &ReportHints, gazetteer: &Gazetteer) -> ReportReading {
    match (&reading.status, &reading.authority, &reading.reason) {
        (ReportStatus::Unreadable | ReportStatus::NotAReport, None, Some(reason)) => {
            ReportReading { status: reading.status, ..report::unreadable(reason.clone(), hints, gazetteer) }
        }
        _ => reading,
    }
}

/// Makes a report's text findable, and asks for a new look at the stories that may be about it, or were thought to be
/// while it was another council's.
pub(super) fn index(writer: &Writer<'_>, report: &Report, before: Option<&str>, gazetteer: &Gazetteer) -> Result<(), Halt> {
    writer.set_shingles(&report.id, &passage_shingles(&report.reading.passages))?;
    let mut councils: Vec<String> = Vec::new();
    for authority in report.reading.authority.as_deref().into_iter().chain(before) {
        councils.extend(lineage(gazetteer, authority));
    }
    councils.sort();
    councils.dedup();
    if !councils.is_empty() {
        writer.mark_pending_for_authorities(&councils)?;
    }
    Ok(())
}

/// A council with those it came from and those that came from it: a story may name any of them.
pub(super) fn lineage(gazetteer: &Gazetteer, authority: &str) -> Vec<String> {
    let line: Vec<String> = gazetteer.lineage(authority).into_iter().map(|authority| authority.name.clone()).collect();
    if line.is_empty() { vec![authority.to_owned()] } else { line }
}
