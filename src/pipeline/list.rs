//! Lists of stories: feeds, page lists, sitemaps, WordPress, GOV.UK search; each by the first of its ways that answers.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Semaphore;
use url::Url;

use crate::{
    dedupe::{
        address,
        item::{self, Known, Sameness},
    },
    fetch::Fetcher,
    model::{
        fetched::{Answer, BodyKind, Failure, FailureKind, Fetched, Request, Validators},
        page::{FeedItem, FeedReading},
        source::{Source, SourceKind},
        work::{Fault, Job, Outcome, Standing},
    },
    read::{Instead, Unreadable, feed, listing},
    store::{KnownItem, Store, Success, Writer},
    tie::relevance::{self, Gate},
    work::{self, Leave, Pace},
};

use super::{
    Halt,
    harvest::{Arrival, Harvest, apart, unreadable},
    settle::{settle, want},
};

/// One way to a source's list.
#[derive(Debug, Clone)]
struct Way {
    n: u32,
    kind: SourceKind,
    url: Url,
    links: Option<String>,
    validators: Validators,
    /// Failures in a row until now.
    tries: u32,
}

/// What came of a source's list: of each way that was tried.
pub struct Listed {
    source: usize,
    tried: Vec<(u32, Outcome<Reading>)>,
}

/// A list that was read, with what to store of its answer.
#[derive(Debug, Clone, Default)]
struct Reading {
    url: String,
    validators: Validators,
    moved_to: Option<String>,
    wait: Option<Duration>,
    feed: FeedReading,
}

/// Feeds that a page announces are tried up to this number.
const MAX_DISCOVERED: usize = 2;
/// Parts of a sitemap index that are looked at, newest first.
const MAX_SITEMAPS: usize = 3;
/// How often a way is tried that was left for another one.
const LEFT: Pace = Pace::Every(SignedDuration::from_hours(24));
/// Addresses of one story that are kept; a link with a session in it has a new one each time.
const MAX_ADDRESSES: usize = 8;

/// How often a source is asked.
pub(super) fn pace(source: &Source) -> Pace {
    Pace::Every(SignedDuration::try_from(source.every).unwrap_or(SignedDuration::from_hours(24)))
}

/// The ways by which a source is to be asked now, in order; `whatever` where a person asks, whatever its schedule says.
pub(super) fn ways(store: &Store, source: &Source, whatever: bool, now: Timestamp) -> Result<Vec<u32>, Halt> {
    let mut standings = Vec::new();
    for way in 0..=source.fallbacks.len() as u32 {
        let job = Job::List { source: source.name.clone(), way };
        standings.push(store.standing(&job)?.unwrap_or_else(|| Standing::wanted(now)));
    }
    Ok(work::order(&standings, whatever, now).into_iter().map(|way| way as u32).collect())
}

impl Harvest<'_> {
    pub(super) fn start_list(&mut self, at: usize, store: &Store) -> Result<(), Halt> {
        let source = self.sources[at].source;
        let mut ways = Vec::new();
        for &n in &self.sources[at].ways {
            let fallback = (n as usize).checked_sub(1).and_then(|at| source.fallbacks.get(at));
            let (kind, url, links) = fallback.map_or((source.kind, &source.url, &source.links), |way| (way.kind, &way.url, &way.links));
            let job = Job::List { source: source.name.clone(), way: n };
            ways.push(Way {
                n,
                kind,
                url: url.clone(),
                links: links.clone(),
                validators: store.validators(url.as_str())?,
                tries: store.standing(&job)?.map_or(0, |standing| standing.tries),
            });
        }
        let (fetcher, readers, now) = (self.fetcher.clone(), Arc::clone(&self.readers), self.now);
        self.tasks.spawn(async move { Arrival::List(Box::new(walk(at, ways, fetcher, readers, now).await)) });
        Ok(())
    }

    /// Stores a list with what came of its ways: new items as due or as not our subject, the validators, the state of the
    /// source; and starts fetching the due pages.
    pub(super) fn take_list(&mut self, listed: Listed, store: &mut Store) -> Result<(), Halt> {
        let (source, now) = (self.sources[listed.source].source, self.now);
        let had_items = store.source_state(&source.name)?.items > 0;
        let mut tried = listed.tried;
        if let Some((_, outcome)) = tried.last_mut() {
            degrade(source, had_items, outcome);
        }
        let mut doubts = None;
        let new = store.write(|writer| {
            let mut new = 0;
            for (at, (way, outcome)) in tried.iter().enumerate() {
                let told = match outcome {
                    Outcome::Got(reading) => Outcome::Got(reading.wait),
                    Outcome::Unchanged(reading) => Outcome::Unchanged(reading.wait),
                    Outcome::Theirs(failure) => Outcome::Theirs(failure.clone()),
                    Outcome::Ours(fault) => Outcome::Ours(fault.clone()),
                };
                // What was left for another way is tried again once in a while.
                let pace = if at + 1 < tried.len() { LEFT } else { pace(source) };
                settle(writer, &Job::List { source: source.name.clone(), way: *way }, pace, &told, now)?;
            }
            match tried.last() {
                Some((_, Outcome::Got(reading))) => {
                    new = keep_items(writer, source, &reading.feed.items, now)?;
                    let told = told_doubts(&reading.feed);
                    // What may have been lost must not be hidden by “not modified” from now on.
                    let validators = if reading.feed.is_complete() { reading.validators.clone() } else { Validators::default() };
                    writer.set_validators(&reading.url, &validators, now)?;
                    record(writer, source, &Ok(()), new, reading.moved_to.clone(), Some(told.clone()), now)?;
                    doubts = Some(told);
                }
                Some((_, Outcome::Unchanged(reading))) => {
                    writer.set_not_modified(&reading.url, &reading.validators, now)?;
                    record(writer, source, &Ok(()), 0, reading.moved_to.clone(), None, now)?;
                }
                Some((_, Outcome::Ours(_))) | None => {}
                Some((_, Outcome::Theirs(_))) => {
                    record(writer, source, &Err(first_failure(&tried)), 0, None, None, now)?;
                }
            }
            Ok::<_, Halt>(new)
        })?;
        let tally = &mut self.tallies[listed.source];
        tally.recorded = true;
        tally.doubts = doubts.unwrap_or_else(|| tally.doubted.clone());
        self.counts.items += new;
        match tried.pop() {
            Some((_, Outcome::Unchanged(_))) => self.counts.unchanged += 1,
            Some((way, Outcome::Theirs(failure))) => {
                tried.push((way, Outcome::Theirs(failure)));
                tally.failure = Some(first_failure(&tried));
            }
            Some((_, Outcome::Ours(fault))) => self.fault(&fault),
            Some((_, Outcome::Got(_))) | None => {}
        }
        self.start_articles(listed.source, store)
    }
}

/// The failure that is told: that of the first way that was tried.
fn first_failure(tried: &[(u32, Outcome<Reading>)]) -> Failure {
    let first = tried.iter().find_map(|(_, outcome)| match outcome {
        Outcome::Theirs(failure) => Some(failure.clone()),
        _ => None,
    });
    first.unwrap_or_else(|| Failure::new(FailureKind::BadAddress, "the source has no address"))
}

/// Writes how a source fares.
pub(super) fn record(
    writer: &Writer<'_>,
    source: &Source,
    outcome: &Result<(), Failure>,
    new_items: u32,
    moved_to: Option<String>,
    doubts: Option<Vec<String>>,
    now: Timestamp,
) -> Result<(), Halt> {
    match outcome {
        Ok(()) => {
            let success = Success { new_items, new_stories: 0, moved_to, doubts };
            writer.record_success(&source.name, now, &success)?;
        }
        Err(failure) => {
            tracing::info!(source = source.name, failure = failure.kind.as_str(), "{}", failure.detail);
            writer.record_failure(&source.name, now, failure)?;
        }
    }
    Ok(())
}

/// A list that always has something on it and now has nothing has been redesigned, or gives a shell: what was known is
/// kept, and it is told.
fn degrade(source: &Source, had_items: bool, outcome: &mut Outcome<Reading>) {
    let Outcome::Got(reading) = outcome else { return };
    let never_empty = matches!(source.kind, SourceKind::Page | SourceKind::Wordpress | SourceKind::Govuk);
    if never_empty && had_items && reading.feed.items.is_empty() {
        *outcome = Outcome::Theirs(Failure::new(FailureKind::Unreadable, "the list names nothing any more: has the page been redesigned?"));
    }
}

/// What is told of a list that was read: what it lost, and its doubts.
fn told_doubts(feed: &FeedReading) -> Vec<String> {
    feed.losses.iter().map(ToString::to_string).chain(feed.doubts.iter().cloned()).collect()
}

/// Remembers each item not seen before: its page is wanted where the gate lets it through. Gives how many were new.
fn keep_items(writer: &Writer<'_>, source: &Source, items: &[FeedItem], now: Timestamp) -> Result<u32, Halt> {
    let keyed: Vec<(&FeedItem, &Url, String)> =
        items.iter().filter_map(|item| item.url.as_ref().map(|url| (item, url, address::canonical(url).0))).collect();
    let listed: Vec<item::Listed<'_>> =
        keyed.iter().map(|(item, url, key)| item::Listed { guid: (item.key != url.as_str()).then_some(item.key.as_str()), key }).collect();
    let guids = item::guids(&listed);
    let mut new = 0;
    for ((item, url, key), listed) in keyed.iter().zip(&listed) {
        if writer.forgotten(key)?.is_some() {
            continue;
        }
        let guid = listed.guid.filter(|guid| guids.contains(guid));
        new += u32::from(keep_item(writer, source, item, url, key, guid, now)?);
    }
    Ok(new)
}

/// Remembers one item; true where it was not seen before.
fn keep_item(
    writer: &Writer<'_>,
    source: &Source,
    item: &FeedItem,
    url: &Url,
    key: &str,
    guid: Option<&str>,
    now: Timestamp,
) -> Result<bool, Halt> {
    let at_address = writer.item(&source.name, key)?;
    let of_guid = match guid {
        Some(guid) if at_address.is_none() => writer.item_of_guid(&source.name, guid)?,
        _ => None,
    };
    let sameness = item::compare(known(at_address.as_ref(), &item.title), known(of_guid.as_ref(), &item.title));
    match sameness {
        Sameness::Known => return Ok(false),
        Sameness::Moved(from) => {
            writer.move_item(&source.name, from, key, url, now)?;
            if let Some(story) = writer.story_of_address(from)?
                && writer.addresses(&story)?.len() < MAX_ADDRESSES
            {
                writer.add_address(&story, key, url.as_str())?;
            }
            return Ok(false);
        }
        Sameness::New | Sameness::Retitled => {}
    }
    let passed = passes(item, url);
    writer.put_item(&source.name, key, guid, item, passed, now)?;
    let new = sameness == Sameness::New;
    // A page that another source brought is here already, whatever this one calls it.
    let here = new && writer.story_of_address(key)?.is_some();
    if passed && !here {
        want(writer, &Job::Article { source: source.name.clone(), key: key.to_owned() }, now)?;
    }
    Ok(new)
}

fn known<'a>(found: Option<&'a KnownItem>, title: &str) -> Option<Known<'a>> {
    found.map(|found| Known { key: &found.key, same_title: found.same_title(title) })
}

/// True where the item may be for us. Plain sitemaps and bare links have no title; then the words of the address are the title.
fn passes(item: &FeedItem, url: &Url) -> bool {
    let slug = if item.title.is_empty() { url.path().replace(['/', '-', '_', '.', '+'], " ") } else { String::new() };
    relevance::gate(if item.title.is_empty() { &slug } else { &item.title }, &item.summary) == Gate::Fetch
}

/// Tries the ways in turn until one answers with something readable, as long as what failed is reason to leave it.
async fn walk(source: usize, ways: Vec<Way>, fetcher: Fetcher, readers: Arc<Semaphore>, now: Timestamp) -> Listed {
    let mut tried = Vec::new();
    for way in ways {
        let outcome = ask(&way, &fetcher, &readers, now).await;
        let go_on = match &outcome {
            Outcome::Theirs(failure) => work::leaves(failure, way.tries + 1) == Leave::Leave,
            _ => false,
        };
        tried.push((way.n, outcome));
        if !go_on {
            break;
        }
    }
    Listed { source, tried }
}

async fn ask(way: &Way, fetcher: &Fetcher, readers: &Arc<Semaphore>, now: Timestamp) -> Outcome<Reading> {
    let request = Request { url: way.url.clone(), validators: way.validators.clone(), body: BodyKind::Page };
    match fetcher.get(&request).await {
        Answer::Failed(failure) => Outcome::Theirs(failure),
        Answer::NotModified { validators, max_age } => {
            Outcome::Unchanged(Reading { url: way.url.to_string(), validators, wait: max_age, ..Reading::default() })
        }
        Answer::Fresh(fetched) => match fresh(way, *fetched, fetcher, readers, now).await {
            Ok(Ok(reading)) => Outcome::Got(reading),
            Ok(Err(failure)) => Outcome::Theirs(failure),
            Err(fault) => Outcome::Ours(fault),
        },
    }
}

/// Reads an answer, and what it only leads to.
async fn fresh(
    way: &Way,
    fetched: Fetched,
    fetcher: &Fetcher,
    readers: &Arc<Semaphore>,
    now: Timestamp,
) -> Result<Result<Reading, Failure>, Fault> {
    let fetched = Arc::new(fetched);
    let (of, page) = (way.clone(), Arc::clone(&fetched));
    let read = apart(Arc::clone(readers), move || read(&of, &page, now)).await?;
    // What only leads to the list is asked for as a whole each time: unchanged, it would hide what changed behind it.
    let (feed, validators) = match read {
        Ok(Read::Feed(feed)) => (feed, fetched.validators.clone()),
        Ok(Read::Index(parts)) => match read_parts(parts, fetcher, readers, now).await? {
            Ok(feed) => (feed, Validators::default()),
            Err(failure) => return Ok(Err(failure)),
        },
        Err(error) if way.kind == SourceKind::Feed && error.kind == Instead::HtmlPage => {
            match discover(&fetched, fetcher, readers, now).await? {
                Some(feed) => (feed, Validators::default()),
                None => return Ok(Err(unreadable(&error))),
            }
        }
        Err(error) => return Ok(Err(unreadable(&error))),
    };
    // Items without an address are none, and told; what may have been lost or misread makes an empty list a failure.
    let hidden = feed.losses.iter().find(|loss| loss.hides_items()).map(ToString::to_string);
    let lost = hidden.or_else(|| feed.doubts.first().filter(|_| feed.losses.is_empty()).cloned());
    if let (true, Some(doubt)) = (feed.items.is_empty(), lost) {
        return Ok(Err(Failure::new(FailureKind::Unreadable, format!("no item could be read: {doubt}"))));
    }
    Ok(Ok(Reading {
        url: way.url.to_string(),
        wait: feed.ttl.max(fetched.max_age),
        moved_to: fetched.moved_for_good.then(|| fetched.final_url.to_string()),
        validators,
        feed,
    }))
}

enum Read {
    Feed(FeedReading),
    /// A sitemap of sitemaps.
    Index(Vec<Url>),
}

fn read(way: &Way, fetched: &Fetched, now: Timestamp) -> Result<Read, Unreadable> {
    let (body, base) = (fetched.body.as_slice(), &fetched.final_url);
    match way.kind {
        SourceKind::Feed | SourceKind::Ofsted => {
            feed::read(body, fetched.media_type.as_deref(), fetched.charset.as_deref(), base, now).map(Read::Feed)
        }
        SourceKind::Page => {
            listing::page_links(body, base, way.links.as_deref().unwrap_or("main a[href], article a[href]"), now).map(Read::Feed)
        }
        SourceKind::Sitemap => listing::sitemap(body, now).map(|map| {
            if map.items.is_empty() && !map.sitemaps.is_empty() {
                Read::Index(map.sitemaps)
            } else {
                Read::Feed(FeedReading { items: map.items, losses: map.losses, ..FeedReading::default() })
            }
        }),
        SourceKind::Wordpress => listing::wordpress(body, base, now).map(Read::Feed),
        SourceKind::Govuk => listing::govuk_search(body, base, now).map(Read::Feed),
    }
}

/// One part of a list, without validators: the list is unchanged only where all its parts are.
async fn part(url: Url, fetcher: &Fetcher) -> Result<Arc<Fetched>, Failure> {
    match fetcher.get(&Request { url, validators: Validators::default(), body: BodyKind::Page }).await {
        Answer::Fresh(fetched) => Ok(Arc::from(fetched)),
        Answer::Failed(failure) => Err(failure),
        Answer::NotModified { .. } => Err(Failure::new(FailureKind::Unreadable, "answered “not modified” to an unconditional request")),
    }
}

/// The feed that an HTML page announces, where the address of a feed gave a page.
async fn discover(page: &Arc<Fetched>, fetcher: &Fetcher, readers: &Arc<Semaphore>, now: Timestamp) -> Result<Option<FeedReading>, Fault> {
    let announcing = Arc::clone(page);
    let announced = apart(Arc::clone(readers), move || feed::discover(&announcing.body, &announcing.final_url)).await?;
    for url in announced.into_iter().filter(|url| *url != page.url).take(MAX_DISCOVERED) {
        let Ok(fetched) = part(url, fetcher).await else { continue };
        let reading = apart(Arc::clone(readers), move || {
            feed::read(&fetched.body, fetched.media_type.as_deref(), fetched.charset.as_deref(), &fetched.final_url, now)
        });
        if let Ok(reading) = reading.await? {
            return Ok(Some(reading));
        }
    }
    Ok(None)
}

/// The parts of a sitemap index as one list; those that did not come are told, and it fails where none did.
async fn read_parts(
    parts: Vec<Url>,
    fetcher: &Fetcher,
    readers: &Arc<Semaphore>,
    now: Timestamp,
) -> Result<Result<FeedReading, Failure>, Fault> {
    let mut feed = FeedReading::default();
    let mut lost: Vec<Failure> = Vec::new();
    let looked_at = parts.len().min(MAX_SITEMAPS);
    for url in parts.into_iter().take(MAX_SITEMAPS) {
        let map = match part(url, fetcher).await {
            Ok(fetched) => {
                apart(Arc::clone(readers), move || listing::sitemap(&fetched.body, now)).await?.map_err(|error| unreadable(&error))
            }
            Err(failure) => Err(failure),
        };
        match map {
            Ok(map) => {
                feed.items.extend(map.items);
                feed.losses.extend(map.losses);
            }
            Err(failure) => lost.push(failure),
        }
    }
    let Some(first) = lost.first() else { return Ok(Ok(feed)) };
    let detail = format!("{} of {looked_at} parts of the sitemap did not come; the first: {}", lost.len(), first.detail);
    if lost.len() == looked_at {
        return Ok(Err(Failure { detail, ..first.clone() }));
    }
    feed.doubts.push(detail);
    Ok(Ok(feed))
}
