//! Reading stored bytes: files whose reading a fault of ours prevented, and all again where the reader or the gazetteer is
//! another than it was; the pages of stories where a person wants it. Nothing is fetched.

use std::{
    hash::{Hash, Hasher},
    sync::Arc,
};

use jiff::Timestamp;
use tokio::{runtime::Runtime, sync::Semaphore};

use crate::{
    model::{
        authority::Gazetteer,
        fetched::{Failure, FailureKind},
        original::Original,
        report::{Report, ReportHints, ReportReading},
        story::StoryId,
        work::{Fault, Job, JobKind, Outcome},
    },
    read::report,
    store::{Store, Writer},
    work::Pace,
};

use super::{
    Halt, Watcher, article,
    files::{self, index},
    harvest::{READERS, apart},
    original::{self, PageRead},
    read,
    run::Scope,
    settle::{settle, want},
    stop::Stop,
};

/// Pages read and stored at a time.
const BATCH: usize = 50;

/// How much came of reading stored bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RereadCounts {
    /// Readings made.
    pub read: u32,
    /// Stories in which another text was read than before.
    pub changed: u32,
    /// Pages in which no article can be read any more: their stories keep the text that they have.
    pub unread: u32,
}

/// What came of reading stored bytes.
#[derive(Debug, Default)]
pub struct Reread {
    pub counts: RereadCounts,
    /// Faults of ours; what they kept from being read is read in a later run.
    pub faults: Vec<String>,
}

impl Reread {
    fn say(&mut self, fault: Fault) {
        if !self.faults.contains(&fault.detail) {
            self.faults.push(fault.detail);
        }
    }
}

/// Makes due what a newer reader or another gazetteer makes worth reading or judging again: of [`Scope::Judge`] every story is
/// to be judged, of [`Scope::Reread`] all that is kept is to be read.
///
/// # Errors
/// Where the database fails.
pub fn queue(store: &mut Store, gazetteer: &Gazetteer, scope: &Scope, now: Timestamp) -> Result<(), Halt> {
    let (judge, reread) = (*scope == Scope::Judge, *scope == Scope::Reread);
    let councils = fingerprint(gazetteer);
    let of_councils = store.made_with("gazetteer")?.is_some_and(|known| known == councils);
    let of_tying = store.made_with("tying")?.is_some_and(|known| known == env!("CARGO_PKG_VERSION"));
    let mut files = store.files_read_before(report::PARSER, reread || !of_councils)?;
    if reread {
        files.extend(store.last_originals()?);
    }
    if files.is_empty() && of_councils && of_tying && !judge {
        return Ok(());
    }
    store.write(|writer| {
        for (url, sha256) in files {
            want(writer, &Job::Read { url, sha256 }, now)?;
        }
        if judge || !of_councils || !of_tying {
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
pub fn due(
    store: &mut Store,
    gazetteer: &Gazetteer,
    runtime: &Runtime,
    (stop, watch): (&Stop, &dyn Watcher),
    now: Timestamp,
) -> Result<Reread, Halt> {
    let jobs = store.due_jobs(JobKind::Read, now, usize::MAX)?;
    let (mut done, mut pages, all) = (Reread::default(), Vec::new(), jobs.len());
    for (at, (sha256, url)) in jobs.into_iter().enumerate() {
        if stop.is_asked() {
            return Ok(done);
        }
        let job = Job::Read { url: url.clone(), sha256: sha256.clone() };
        if store.standing(&job)?.is_none() {
            // Another reading of this file came first.
            continue;
        }
        let Some(stored) = known(store, &url, &sha256, now)? else {
            pages.push((url, sha256));
            continue;
        };
        watch.read(at - pages.len(), all);
        let Some(bytes) = store.file(&sha256)? else {
            store.write(|writer| writer.drop_job(&job))?;
            continue;
        };
        let label = store.file_label(&url)?;
        let hints = ReportHints { urn: stored.urn.clone(), label, published: stored.published };
        match runtime.block_on(read::read(&bytes, &hints)) {
            Ok(reading) => {
                done.counts.read += 1;
                store.write(|writer| {
                    put(writer, &stored, &sha256, files::with_council(reading, &hints, gazetteer), &bytes, gazetteer, now)?;
                    settle(writer, &job, Pace::Once, &Outcome::Got(None), now)
                })?;
            }
            Err(fault) => {
                store.write(|writer| settle(writer, &job, Pace::Once, &Outcome::Ours(fault.clone()), now))?;
                done.say(fault);
            }
        }
    }
    let reports = all - pages.len();
    for (at, batch) in pages.chunks(BATCH).enumerate() {
        if stop.is_asked() {
            break;
        }
        watch.read(reports + at * BATCH, all);
        read_pages(store, runtime, batch, &mut done, now)?;
    }
    Ok(done)
}

/// Reads the pages of stories again, and stores in one transaction what came of them.
fn read_pages(store: &mut Store, runtime: &Runtime, batch: &[(String, String)], done: &mut Reread, now: Timestamp) -> Result<(), Halt> {
    let mut pages = Vec::new();
    for (url, sha256) in batch {
        let stories = store.stories_of_original(url, sha256)?;
        pages.extend(stories.into_iter().map(|(id, page)| (Job::Read { url: url.clone(), sha256: sha256.clone() }, id, page)));
    }
    let read = runtime.block_on(async {
        let readers = Arc::new(Semaphore::new(READERS));
        let reading = |page: Original| tokio::spawn(apart(Arc::clone(&readers), move || original::read(page)));
        let pages: Vec<_> = pages.into_iter().map(|(job, id, page)| (job, id, reading(page))).collect();
        let mut read = Vec::new();
        for (job, id, reading) in pages {
            read.push((job, id, reading.await.unwrap_or_else(|error| Err(Fault::new(format!("a reader broke off: {error}"))))));
        }
        read
    });
    store.write(|writer| {
        // What is not the last page of its story any more need not be read.
        for (url, sha256) in batch {
            writer.drop_job(&Job::Read { url: url.clone(), sha256: sha256.clone() })?;
        }
        for (job, id, read) in read {
            match read {
                Ok(Ok(page)) => {
                    done.counts.read += 1;
                    take_page(writer, &id, page, done)?;
                }
                Ok(Err(error)) => {
                    done.counts.unread += 1;
                    tracing::info!(story = id.0, "read again: {error}");
                }
                Err(fault) => {
                    settle(writer, &job, Pace::Once, &Outcome::Ours(fault.clone()), now)?;
                    done.say(fault);
                }
            }
        }
        Ok(())
    })
}

/// The story stays the story it is, with its address and its outlet: only what is read in its page is new.
fn take_page(writer: &Writer<'_>, id: &StoryId, page: PageRead, done: &mut Reread) -> Result<(), Halt> {
    if let Some(story) = writer.story(id)? {
        let story = article::with_reading(story, &page.original.item, page.reading);
        done.counts.changed += u32::from(writer.reread_story(&story)?);
    }
    Ok(())
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
