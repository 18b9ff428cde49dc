//! Ofsted's site: the search list says whose page changed, the page says which files there are, the files are the reports.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use url::Url;

use crate::{
    dedupe::address,
    model::{
        authority::Gazetteer,
        fetched::{Answer, BodyKind, Failure, FailureKind, Fetched, Request, Validators},
        page::{ProviderPage, SearchPage},
        report::{Report, ReportHints, ReportReading, ReportStatus},
    },
    read::{Unreadable, listing, report},
    store::{FileState, FilesAgain, Listed, Provider, ReportOutcome, Store, Writer},
    tie::locate::passage_shingles,
};

use super::{
    Halt,
    harvest::{Arrival, Harvest, unreadable},
};

/// Rows of the search list that one request may ask for; the site gives no more since February 2025.
const ROWS: usize = 100;
/// No list of authorities is longer; a list that goes on is a trap.
const MAX_START: usize = 1_000;
/// A provider page is looked at this often, also where the list shows no change.
const FULL_PASS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Files of one run; the rest is left for the next.
const MAX_FILES: usize = 2_000;
/// Ofsted replaces files without a word: 28 of 613 were, up to seven months after publication.
const REPLACED_WITHIN: SignedDuration = SignedDuration::from_hours(210 * 24);
/// A stored file is asked for again, with validators, after this time.
const ASK_AGAIN: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Stored files asked for again in one run.
const MAX_AGAIN: usize = 200;

/// What came of one page of the search list.
pub struct Search {
    source: usize,
    start: usize,
    url: Url,
    outcome: Result<(Option<SearchPage>, Validators), Failure>,
}

/// What came of a provider page.
pub struct Page {
    source: usize,
    provider: Provider,
    outcome: Result<(Option<ProviderPage>, Validators), Failure>,
}

/// What came of a report file.
pub struct File {
    source: usize,
    listed: Listed,
    outcome: Result<FileAnswer, Failure>,
}

enum FileAnswer {
    Read(Box<Fetched>, Box<ReportReading>),
    /// A stored file is still the one that is there.
    NotModified(Validators),
}

/// The address of `rows` rows, from `start` on, of the list of local authorities' children's services.
pub fn search_url(base: &Url, start: usize, rows: usize) -> Option<Url> {
    let mut url = base.join("search").ok()?;
    url.set_query(Some(&format!("q=&location=&lat=&lon=&radius=&level_1_types=3&level_2_types%5B%5D=12&start={start}&rows={rows}")));
    Some(url)
}

impl Harvest<'_> {
    pub(super) fn start_search(&mut self, source: usize, start: usize, store: &Store) -> Result<(), Halt> {
        let Some(url) = search_url(&self.sources[source].url, start, ROWS) else {
            self.tallies[source].failure = Some(Failure::new(FailureKind::BadAddress, "the address has no room for a search"));
            return Ok(());
        };
        let request = Request { url: url.clone(), validators: store.validators(url.as_str())?, body: BodyKind::Page };
        let fetcher = self.fetcher.clone();
        self.counts.requests += 1;
        self.tasks.spawn(async move {
            let outcome = read_page(fetcher.get(&request).await, |fetched| listing::ofsted_search(&fetched.body, &fetched.final_url));
            Arrival::Search(Box::new(Search { source, start, url, outcome }))
        });
        Ok(())
    }

    pub(super) fn take_search(&mut self, search: Search, store: &mut Store) -> Result<(), Halt> {
        let now = self.now;
        let (page, validators) = match search.outcome {
            Ok(found) => found,
            Err(failure) => {
                self.tallies[search.source].failure = Some(failure);
                return self.start_providers(search.source, store);
            }
        };
        self.counts.unchanged += u32::from(page.is_none());
        let known = store.providers()?.len();
        let fresh = store.write(|writer| {
            let known: BTreeSet<String> = writer.providers()?.into_iter().map(|provider| provider.urn).collect();
            let rows = page.as_ref().map(|page| page.rows.as_slice()).unwrap_or_default();
            for row in rows {
                writer.list_provider(row, now)?;
            }
            if page.is_none() {
                writer.set_not_modified(search.url.as_str(), &validators, now)?;
            } else {
                writer.set_validators(search.url.as_str(), &validators, now)?;
            }
            Ok::<_, Halt>(rows.iter().filter(|row| !known.contains(&row.urn)).count())
        })?;
        let next = search.start + ROWS;
        // A page with something on it may have a page after it; one that has not changed has the page after it that it had.
        let more = match &page {
            Some(page) => page.next.is_some() || page.rows.len() >= ROWS || fresh >= ROWS,
            None => known > next,
        };
        if more && next < MAX_START { self.start_search(search.source, next, store) } else { self.start_providers(search.source, store) }
    }

    /// Starts with the provider pages that may hold something new, and with files left from earlier runs.
    fn start_providers(&mut self, source: usize, store: &Store) -> Result<(), Halt> {
        let stale = |provider: &Provider| provider.read_at.is_some_and(|read| self.now.duration_since(read) >= FULL_PASS);
        let due: Vec<Provider> = store.providers()?.into_iter().filter(|provider| provider.is_due() || stale(provider)).collect();
        for provider in due {
            let Ok(url) = Url::parse(&provider.url) else { continue };
            let request = Request { url, validators: store.validators(&provider.url)?, body: BodyKind::Page };
            let fetcher = self.fetcher.clone();
            self.counts.requests += 1;
            self.tasks.spawn(async move {
                let outcome = read_page(fetcher.get(&request).await, |fetched| listing::ofsted_provider(&fetched.body, &fetched.final_url));
                Arrival::Provider(Box::new(Page { source, provider, outcome }))
            });
        }
        self.start_files(source, store)
    }

    pub(super) fn take_provider(&mut self, page: Page, store: &mut Store) -> Result<(), Halt> {
        let (now, urn, url) = (self.now, page.provider.urn.clone(), page.provider.url.clone());
        let outcome = page.outcome.and_then(|(read, validators)| match read {
            // A shell without content, or a new layout: the stored copy is kept, and the page is asked for again.
            Some(read) if !read.has_timeline => Err(Failure::new(FailureKind::Unreadable, format!("{url} has no list of publications"))),
            read => Ok((read, validators)),
        });
        match outcome {
            Err(failure) => {
                self.tallies[page.source].parts.insert(url, failure);
                return Ok(());
            }
            Ok((read, validators)) => {
                self.counts.unchanged += u32::from(read.is_none());
                store.write(|writer| {
                    let publications = match &read {
                        Some(read) => read.publications.clone(),
                        None => still_listed(writer, &urn)?,
                    };
                    writer.provider_read(&urn, &publications, now)?;
                    match read {
                        Some(_) => writer.set_validators(&url, &validators, now)?,
                        None => writer.set_not_modified(&url, &validators, now)?,
                    }
                    Ok::<_, Halt>(())
                })?;
            }
        }
        self.tallies[page.source].good_parts += 1;
        self.start_files(page.source, store)
    }

    /// Starts fetching listed report files that are not stored, and stored ones that may have been replaced.
    fn start_files(&mut self, source: usize, store: &Store) -> Result<(), Halt> {
        for listed in store.files_to_fetch(self.sources[source].since, self.now, MAX_FILES)? {
            self.start_file(source, listed, Validators::default());
        }
        let ago = |time: SignedDuration| self.now.checked_sub(time).unwrap_or(Timestamp::MIN);
        let again = FilesAgain { published_from: ago(REPLACED_WITHIN), asked_before: ago(ASK_AGAIN) };
        for listed in store.files_to_ask_again(&again, self.now, MAX_AGAIN)? {
            let validators = store.validators(listed.publication.url.as_str())?;
            self.start_file(source, listed, validators);
        }
        Ok(())
    }

    fn start_file(&mut self, source: usize, listed: Listed, validators: Validators) {
        let url = listed.publication.url.clone();
        if !self.files.insert(url.to_string()) {
            return;
        }
        let fetcher = self.fetcher.clone();
        self.counts.requests += 1;
        self.tasks.spawn(async move {
            let outcome = match fetcher.get(&Request { url, validators, body: BodyKind::Report }).await {
                Answer::Fresh(fetched) => {
                    let reading = super::read::read(&fetched.body, &hints(&listed)).await;
                    Ok(FileAnswer::Read(fetched, Box::new(reading)))
                }
                Answer::NotModified { validators, .. } => Ok(FileAnswer::NotModified(validators)),
                Answer::Failed(failure) => Err(failure),
            };
            Arrival::File(Box::new(File { source, listed, outcome }))
        });
    }

    pub(super) fn take_file(&mut self, file: File, store: &mut Store) -> Result<(), Halt> {
        let (now, url) = (self.now, file.listed.publication.url.clone());
        let (fetched, reading) = match file.outcome {
            Ok(FileAnswer::Read(fetched, reading)) => (fetched, *reading),
            Ok(FileAnswer::NotModified(validators)) => return self.file_unchanged(&file.listed, file.source, &validators, store),
            Err(failure) => return self.lose_file(file.source, &url, failure, store),
        };
        let failure = reading.reason.as_ref().map(|reason| Failure::new(FailureKind::Unreadable, format!("{url}: {reason}")));
        match &failure {
            // What is stored is worth as much as what stands there now, or more; the retries find a repair.
            Some(failure) if is_stored(&file.listed) => return self.lose_file(file.source, &url, failure.clone(), store),
            Some(failure) => {
                self.tallies[file.source].parts.insert(url.to_string(), failure.clone());
            }
            None => self.tallies[file.source].good_parts += 1,
        }
        let gazetteer = self.gazetteer;
        let report = stored_report(&file.listed, &fetched, reading, now);
        let outcome = store.write(|writer| {
            let outcome = writer.put_report(&report, &fetched.body)?;
            writer.set_validators(url.as_str(), &fetched.validators, now)?;
            if let Some(failure) = &failure {
                writer.file_failed(url.as_str(), failure, now)?;
            }
            if outcome != ReportOutcome::Same {
                index(writer, &report, gazetteer)?;
            }
            Ok::<_, Halt>(outcome)
        })?;
        match outcome {
            ReportOutcome::New => self.counts.reports += 1,
            ReportOutcome::NewVersion { .. } => self.counts.reports_changed += 1,
            ReportOutcome::Same => {}
        }
        Ok(())
    }

    /// A stored file is still the one that is there: good, or one more try in vain where it is no report.
    fn file_unchanged(&mut self, listed: &Listed, source: usize, validators: &Validators, store: &mut Store) -> Result<(), Halt> {
        let (now, url) = (self.now, &listed.publication.url);
        self.counts.unchanged += 1;
        if !is_report(store, listed)? {
            store.write(|writer| writer.set_not_modified(url.as_str(), validators, now))?;
            let failure = Failure::new(FailureKind::Unreadable, format!("{url}: still no readable report"));
            return self.lose_file(source, url, failure, store);
        }
        self.tallies[source].good_parts += 1;
        store.write(|writer| {
            writer.file_answered(url.as_str())?;
            writer.set_not_modified(url.as_str(), validators, now)
        })?;
        Ok(())
    }

    /// Remembers that a file did not come, or came as something else.
    fn lose_file(&mut self, source: usize, url: &Url, failure: Failure, store: &mut Store) -> Result<(), Halt> {
        store.write(|writer| writer.file_failed(url.as_str(), &failure, self.now))?;
        self.tallies[source].parts.insert(url.to_string(), failure);
        Ok(())
    }
}

fn is_stored(listed: &Listed) -> bool {
    matches!(listed.file, FileState::Stored(_))
}

/// True where a readable report of that file is stored.
fn is_report(store: &Store, listed: &Listed) -> Result<bool, Halt> {
    let FileState::Stored(id) = &listed.file else { return Ok(false) };
    let card = store.report_card(id)?;
    Ok(card.is_some_and(|card| matches!(card.status, ReportStatus::Current | ReportStatus::Withdrawn)))
}

/// What is told to the reader of a file before it is opened.
pub fn hints(listed: &Listed) -> ReportHints {
    ReportHints { urn: Some(listed.urn.clone()), label: Some(listed.publication.label.clone()), published: listed.publication.published }
}

fn stored_report(listed: &Listed, fetched: &Fetched, reading: ReportReading, now: Timestamp) -> Report {
    Report {
        id: address::report_id(&listed.publication.url),
        url: listed.publication.url.to_string(),
        provider_url: Some(listed.provider_url.clone()),
        urn: Some(listed.urn.clone()),
        published: listed.publication.published.or(reading.published_printed),
        first_seen: now,
        sha256: Sha256::digest(&fetched.body).iter().map(|byte| format!("{byte:02x}")).collect(),
        parser: report::PARSER,
        reading,
    }
}

/// Makes a report's text findable, and asks for a new look at the stories that may be about it.
pub fn index(writer: &Writer<'_>, report: &Report, gazetteer: &Gazetteer) -> Result<(), Halt> {
    writer.set_shingles(&report.id, &passage_shingles(&report.reading.passages))?;
    if let Some(authority) = &report.reading.authority {
        // A story may name a council that this one came from, or that came from it.
        let line: Vec<String> = gazetteer.lineage(authority).into_iter().map(|authority| authority.name.clone()).collect();
        writer.mark_pending_for_authorities(&line)?;
    }
    Ok(())
}

fn still_listed(writer: &Writer<'_>, urn: &str) -> Result<Vec<crate::model::page::Publication>, Halt> {
    Ok(writer.publications(urn)?.into_iter().filter(|listed| listed.gone_since.is_none()).map(|listed| listed.publication).collect())
}

/// A page that was read, or nothing where it has not changed.
fn read_page<T>(answer: Answer, read: impl FnOnce(&Fetched) -> Result<T, Unreadable>) -> Result<(Option<T>, Validators), Failure> {
    match answer {
        Answer::Failed(failure) => Err(failure),
        Answer::NotModified { validators, .. } => Ok((None, validators)),
        Answer::Fresh(fetched) => read(&fetched).map(|page| (Some(page), fetched.validators)).map_err(|error| unreadable(&error)),
    }
}
