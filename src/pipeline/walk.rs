//! What the ways to a source's list answer: asked in turn until one gives a list that can be read, with what it leads to.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use jiff::Timestamp;
use tokio::sync::Semaphore;
use url::Url;

use crate::{
    fetch::Fetcher,
    model::{
        fetched::{Answer, BodyKind, Failure, FailureKind, Fetched, Request, Validators, Wishes},
        page::{FeedReading, is_complete},
        source::SourceKind,
        work::{Fault, Outcome},
    },
    read::{
        Instead, Unreadable, feed,
        listing::{self, Sitemap},
    },
    work::{self, Leave},
};

use super::{
    conditions::Conditions,
    harvest::{apart, unreadable},
};

/// The links to stories on a page whose configuration does not say which they are.
pub(super) const LINKS: &str = "main a[href], article a[href]";

/// One way to a source's list.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) n: u32,
    pub(super) kind: SourceKind,
    pub(super) url: Url,
    pub(super) links: Option<String>,
    pub(super) conditions: Conditions,
    /// Validators of what it may lead to: parts of a sitemap, the feed that a page announces.
    pub(super) known: HashMap<String, Validators>,
    /// Failures in a row until now.
    pub(super) tries: u32,
}

/// What came of a source's list: of each way that was tried.
pub struct ListOutcome {
    pub(super) source: usize,
    pub(super) tried: Vec<(u32, Outcome<ListReading>)>,
}

/// A list that was read, with what to store of its answer.
#[derive(Debug, Clone, Default)]
pub(super) struct ListReading {
    pub(super) url: String,
    pub(super) validators: Validators,
    pub(super) moved_to: Option<String>,
    pub(super) wishes: Wishes,
    pub(super) feed: FeedReading,
    /// What it led to.
    pub(super) parts: Vec<ListPart>,
}

/// Something that a list leads to: a part of a sitemap, the feed that a page announces.
#[derive(Debug, Clone)]
pub(super) struct ListPart {
    pub(super) url: String,
    pub(super) kept: Kept,
}

/// What to send when a part is asked for again.
#[derive(Debug, Clone)]
pub(super) enum Kept {
    Read(Validators),
    Unchanged(Validators),
}

/// Feeds that a page announces are tried up to this number.
const MAX_DISCOVERED: usize = 2;
/// Parts of a sitemap index that are looked at, newest first.
const MAX_SITEMAPS: usize = 3;

/// Tries the ways in turn until one answers with something readable, as long as what failed is reason to leave it.
pub(super) async fn walk(source: usize, ways: Vec<Way>, fetcher: Fetcher, readers: Arc<Semaphore>, now: Timestamp) -> ListOutcome {
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
    ListOutcome { source, tried }
}

async fn ask(way: &Way, fetcher: &Fetcher, readers: &Arc<Semaphore>, now: Timestamp) -> Outcome<ListReading> {
    let request = Request { url: way.url.clone(), validators: way.conditions.validators.clone(), body: body_of(way.kind) };
    match fetcher.get(&request).await {
        Answer::Failed(failure) => Outcome::Theirs(failure),
        Answer::NotModified { validators, max_age, final_url, moved_for_good } => {
            let wishes = Wishes { max_age: max_age.or(way.conditions.wishes.max_age), ..way.conditions.wishes };
            let moved_to = moved_for_good.then(|| final_url.to_string());
            Outcome::Unchanged(ListReading { url: way.url.to_string(), validators, moved_to, wishes, ..ListReading::default() })
        }
        Answer::Fresh(fetched) => match fresh(way, *fetched, fetcher, readers, now).await {
            Ok(Ok(reading)) => Outcome::Got(reading),
            Ok(Err(failure)) => Outcome::Theirs(failure),
            Err(fault) => Outcome::Ours(fault),
        },
    }
}

fn body_of(kind: SourceKind) -> BodyKind {
    match kind {
        SourceKind::Feed => BodyKind::Feed,
        SourceKind::Ofsted | SourceKind::Page => BodyKind::Page,
        SourceKind::Sitemap => BodyKind::Sitemap,
        SourceKind::Wordpress | SourceKind::Govuk => BodyKind::Json,
    }
}

/// Reads an answer, and what it only leads to.
async fn fresh(
    way: &Way,
    fetched: Fetched,
    fetcher: &Fetcher,
    readers: &Arc<Semaphore>,
    now: Timestamp,
) -> Result<Result<ListReading, Failure>, Fault> {
    let fetched = Arc::new(fetched);
    let (of, page) = (way.clone(), Arc::clone(&fetched));
    let read = apart(Arc::clone(readers), move || read(&of, &page, now)).await?;
    // What only leads to the list is asked for as a whole each time: unchanged, it would hide what changed behind it.
    let (feed, validators, parts) = match read {
        Ok(ListRead::Feed(feed)) => (feed, fetched.validators.clone(), Vec::new()),
        Ok(ListRead::Index(index)) => match read_parts(index, &way.known, fetcher, readers, now).await? {
            Ok((feed, parts)) => (feed, Validators::default(), parts),
            Err(failure) => return Ok(Err(failure)),
        },
        Err(error) if way.kind == SourceKind::Feed && error.kind == Instead::HtmlPage => {
            match discover(&fetched, &way.known, fetcher, readers, now).await? {
                Ok(Some((feed, part))) => (feed, Validators::default(), vec![part]),
                Ok(None) => return Ok(Err(unreadable(&error))),
                Err(failure) => return Ok(Err(announced(&unreadable(&error), failure))),
            }
        }
        Err(error) => return Ok(Err(unreadable(&error))),
    };
    let unchanged = parts.iter().any(|part| matches!(part.kept, Kept::Unchanged(_)));
    // Items without an address are none, and told; what may have been lost or misread makes an empty list a failure.
    let hidden = feed.losses.iter().find(|loss| loss.hides_items()).map(ToString::to_string);
    let lost = hidden.or_else(|| feed.doubts.first().filter(|_| feed.losses.is_empty()).cloned());
    if let (true, Some(doubt)) = (feed.items.is_empty() && !unchanged, lost) {
        return Ok(Err(Failure::new(FailureKind::Unreadable, format!("no item could be read: {doubt}"))));
    }
    Ok(Ok(ListReading {
        url: way.url.to_string(),
        wishes: Wishes { max_age: fetched.max_age, ttl: feed.ttl, skips: feed.skips },
        moved_to: fetched.moved_for_good.then(|| fetched.final_url.to_string()),
        validators,
        feed,
        parts,
    }))
}

enum ListRead {
    Feed(FeedReading),
    /// A sitemap of sitemaps.
    Index(Sitemap),
}

fn read(way: &Way, fetched: &Fetched, now: Timestamp) -> Result<ListRead, Unreadable> {
    let (body, base) = (fetched.body.as_slice(), &fetched.final_url);
    match way.kind {
        SourceKind::Feed | SourceKind::Ofsted => {
            feed::read(body, fetched.media_type.as_deref(), fetched.charset.as_deref(), base, now).map(ListRead::Feed)
        }
        SourceKind::Page => listing::page_links(body, base, way.links.as_deref().unwrap_or(LINKS), now).map(ListRead::Feed),
        SourceKind::Sitemap => listing::sitemap(body, now).map(|map| {
            if map.items.is_empty() && !map.sitemaps.is_empty() {
                ListRead::Index(map)
            } else {
                ListRead::Feed(FeedReading { items: map.items, losses: map.losses, ..FeedReading::default() })
            }
        }),
        SourceKind::Wordpress => listing::wordpress(body, base, now).map(ListRead::Feed),
        SourceKind::Govuk => listing::govuk_search(body, base, now).map(ListRead::Feed),
    }
}

/// A part of a list; nothing where it has not changed: what it lists is known.
async fn part(
    url: &Url,
    body: BodyKind,
    known: &HashMap<String, Validators>,
    fetcher: &Fetcher,
) -> Result<Result<Arc<Fetched>, Validators>, Failure> {
    let validators = known.get(url.as_str()).cloned().unwrap_or_default();
    match fetcher.get(&Request { url: url.clone(), validators, body }).await {
        Answer::Fresh(fetched) => Ok(Ok(Arc::from(fetched))),
        Answer::NotModified { validators, .. } => Ok(Err(validators)),
        Answer::Failed(failure) => Err(failure),
    }
}

/// Why there is no feed where a page announces one that did not come: what may pass is told as what it is, so that it is waited for.
fn announced(page: &Failure, failure: Failure) -> Failure {
    let detail = format!("{}, and the feed that it announces did not come: {}", page.detail, failure.detail);
    let is_lasting = !failure.kind.is_passing()
        && !matches!(failure.kind, FailureKind::TooMany | FailureKind::Held | FailureKind::Robots | FailureKind::Forbidden);
    Failure { kind: if is_lasting { page.kind } else { failure.kind }, detail, ..failure }
}

/// The feed that an HTML page announces, where the address of a feed gave a page; or why none of those came.
async fn discover(
    page: &Arc<Fetched>,
    known: &HashMap<String, Validators>,
    fetcher: &Fetcher,
    readers: &Arc<Semaphore>,
    now: Timestamp,
) -> Result<Result<Option<(FeedReading, ListPart)>, Failure>, Fault> {
    let mut lost = None;
    let announcing = Arc::clone(page);
    let announced = apart(Arc::clone(readers), move || feed::discover(&announcing.body, &announcing.final_url)).await?;
    for url in announced.into_iter().filter(|url| *url != page.url).take(MAX_DISCOVERED) {
        let fetched = match part(&url, BodyKind::Feed, known, fetcher).await {
            Ok(Ok(fetched)) => fetched,
            Ok(Err(same)) => return Ok(Ok(Some((FeedReading::default(), ListPart { url: url.to_string(), kept: Kept::Unchanged(same) })))),
            Err(failure) => {
                lost.get_or_insert(failure);
                continue;
            }
        };
        let validators = fetched.validators.clone();
        let reading = apart(Arc::clone(readers), move || {
            feed::read(&fetched.body, fetched.media_type.as_deref(), fetched.charset.as_deref(), &fetched.final_url, now)
        });
        if let Ok(reading) = reading.await? {
            let validators = if reading.is_complete() { validators } else { Validators::default() };
            return Ok(Ok(Some((reading, ListPart { url: url.to_string(), kept: Kept::Read(validators) }))));
        }
    }
    Ok(lost.map_or(Ok(None), Err))
}

/// The parts of a sitemap index as one list, those of an index among them as well; those that did not come, or were not
/// looked at though they may be new, are told, and it fails where none came.
async fn read_parts(
    index: Sitemap,
    known: &HashMap<String, Validators>,
    fetcher: &Fetcher,
    readers: &Arc<Semaphore>,
    now: Timestamp,
) -> Result<Result<(FeedReading, Vec<ListPart>), Failure>, Fault> {
    let mut feed = FeedReading { losses: index.losses.clone(), ..FeedReading::default() };
    let (mut parts, mut lost) = (Vec::new(), Vec::<Failure>::new());
    let mut unknown = index.left_out(MAX_SITEMAPS);
    let mut waiting: VecDeque<(Url, bool)> = index.first_parts(MAX_SITEMAPS).map(|url| (url, true)).collect();
    let mut looked_at = 0;
    while let Some((url, is_whole)) = waiting.pop_front() {
        looked_at += 1;
        let fetched = match part(&url, BodyKind::Sitemap, known, fetcher).await {
            Ok(Ok(fetched)) => fetched,
            Ok(Err(same)) => {
                parts.push(ListPart { url: url.to_string(), kept: Kept::Unchanged(same) });
                continue;
            }
            Err(failure) => {
                lost.push(failure);
                continue;
            }
        };
        let validators = fetched.validators.clone();
        match apart(Arc::clone(readers), move || listing::sitemap(&fetched.body, now)).await? {
            Ok(map) => {
                // An index within an index; one within that is somebody's joke. It is asked for as a whole each time: unchanged, it
                // would hide what changed behind it.
                let is_leaf = map.sitemaps.is_empty() && is_complete(&map.losses);
                let validators = if is_leaf { validators } else { Validators::default() };
                parts.push(ListPart { url: url.to_string(), kept: Kept::Read(validators) });
                let taken = if is_whole { MAX_SITEMAPS } else { 0 };
                unknown += map.left_out(taken);
                waiting.extend(map.first_parts(taken).map(|url| (url, false)));
                feed.items.extend(map.items);
                feed.losses.extend(map.losses);
            }
            Err(error) => lost.push(unreadable(&error)),
        }
    }
    if unknown > 0 {
        feed.doubts.push(format!("{unknown} more parts of the sitemap bear no date and were not looked at"));
    }
    let Some(first) = lost.first() else { return Ok(Ok((feed, parts))) };
    let detail = format!("{} of {looked_at} parts of the sitemap did not come; the first: {}", lost.len(), first.detail);
    if lost.len() == looked_at {
        return Ok(Err(Failure { detail, ..first.clone() }));
    }
    feed.doubts.push(detail);
    Ok(Ok((feed, parts)))
}
