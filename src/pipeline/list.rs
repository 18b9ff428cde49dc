//! Lists of stories: feeds, page lists, sitemaps, WordPress, GOV.UK search; each by its first way that answers.

use jiff::Timestamp;
use url::Url;

use crate::{
    dedupe::address,
    fetch::Fetcher,
    model::{
        fetched::{Answer, BodyKind, Failure, FailureKind, Fetched, Request, Validators},
        page::{FeedItem, FeedReading},
        source::{Source, SourceKind},
    },
    read::{Instead, Unreadable, feed, listing},
    store::{SeenState, SourceState, Store, Writer},
    tie::relevance::{self, Gate},
};

use super::{
    Halt,
    harvest::{Arrival, Harvest, unreadable},
};

/// One way to a source's list.
#[derive(Debug, Clone)]
struct Way {
    n: u32,
    kind: SourceKind,
    url: Url,
    links: Option<String>,
    validators: Validators,
}

/// What came of a source's list.
pub struct Listed {
    source: usize,
    way: u32,
    outcome: Result<Option<Reading>, Failure>,
    requests: u32,
}

/// A list that was read, with what to store of its answer.
struct Reading {
    url: Url,
    validators: Validators,
    not_modified: bool,
    moved_to: Option<String>,
    wait: Option<std::time::Duration>,
    feed: FeedReading,
}

/// Feeds that a page announces are tried up to this number.
const MAX_DISCOVERED: usize = 2;
/// Parts of a sitemap index that are looked at, newest first.
const MAX_SITEMAPS: usize = 3;

impl Harvest<'_> {
    pub(super) fn start_list(&mut self, at: usize, state: &SourceState, store: &Store) -> Result<(), Halt> {
        let source = self.sources[at];
        let mut ways =
            vec![Way { n: 0, kind: source.kind, url: source.url.clone(), links: source.links.clone(), validators: Validators::default() }];
        for (n, other) in source.fallbacks.iter().enumerate() {
            ways.push(Way {
                n: n as u32 + 1,
                kind: other.kind,
                url: other.url.clone(),
                links: other.links.clone(),
                validators: Validators::default(),
            });
        }
        // The way that worked last is tried first.
        let known = (state.way as usize).min(ways.len() - 1);
        ways.rotate_left(known);
        for way in &mut ways {
            way.validators = store.validators(way.url.as_str())?;
        }
        let (fetcher, now) = (self.fetcher.clone(), self.now);
        self.tasks.spawn(async move { Arrival::List(Box::new(walk(at, ways, fetcher, now).await)) });
        Ok(())
    }

    /// Stores a list: new items as due or as not our subject, the validators, and starts fetching the due pages.
    pub(super) fn take_list(&mut self, listed: Listed, store: &mut Store) -> Result<(), Halt> {
        self.counts.requests += listed.requests;
        let source = self.sources[listed.source];
        let tally = &mut self.tallies[listed.source];
        tally.way = listed.way;
        match listed.outcome {
            Err(failure) => tally.failure = Some(failure),
            Ok(None) => {}
            Ok(Some(reading)) => {
                tally.moved_to = reading.moved_to.clone();
                tally.wait = reading.wait;
                self.counts.unchanged += u32::from(reading.not_modified);
                let now = self.now;
                let new = store.write(|writer| {
                    let new = keep_items(writer, source, &reading.feed.items, now)?;
                    if reading.not_modified {
                        writer.set_not_modified(reading.url.as_str(), &reading.validators, now)?;
                    } else {
                        writer.set_validators(reading.url.as_str(), &reading.validators, now)?;
                    }
                    Ok::<_, Halt>(new)
                })?;
                self.tallies[listed.source].new_items += new;
                self.counts.items += new;
            }
        }
        self.start_articles(listed.source, store)
    }
}

/// Remembers each item not seen before: its page is due where the gate lets it through. Gives how many were new.
fn keep_items(writer: &Writer<'_>, source: &Source, items: &[FeedItem], now: Timestamp) -> Result<u32, Halt> {
    let mut new = 0;
    for item in items {
        let key = item.url.as_ref().map_or_else(|| item.key.clone(), |url| address::canonical(url).0);
        match writer.seen(&key)? {
            Some(seen) if seen.state == SeenState::Forgotten || seen.same_title(&item.title) => {
                // The same story at another of its addresses.
                if let (SeenState::Stored, Some(url)) = (seen.state, &item.url)
                    && let Some(story) = writer.story_of_address(&key)?
                {
                    writer.add_address(&story, &key, url.as_str())?;
                }
                continue;
            }
            Some(_) => {}
            None => new += 1,
        }
        let fetch = item.url.as_ref().is_some_and(|url| passes(item, url));
        writer.mark_seen(&key, &source.name, item, if fetch { SeenState::Due } else { SeenState::Irrelevant }, now)?;
    }
    Ok(new)
}

/// True where the item may be for us. Plain sitemaps and bare links have no title; then the words of the address are the title.
fn passes(item: &FeedItem, url: &Url) -> bool {
    let slug = if item.title.is_empty() { url.path().replace(['/', '-', '_', '.', '+'], " ") } else { String::new() };
    relevance::gate(if item.title.is_empty() { &slug } else { &item.title }, &item.summary) == Gate::Fetch
}

/// Tries the ways in turn until one answers with something readable; the first failure is the one that is told.
async fn walk(source: usize, ways: Vec<Way>, fetcher: Fetcher, now: Timestamp) -> Listed {
    let mut first = None;
    let mut requests = 0;
    for way in ways {
        match ask(&way, &fetcher, now, &mut requests).await {
            Ok(reading) => return Listed { source, way: way.n, outcome: Ok(Some(reading)), requests },
            Err(failure) => {
                let _ = first.get_or_insert((way.n, failure));
            }
        }
    }
    let (way, failure) = first.unwrap_or((0, Failure::new(FailureKind::BadAddress, "the source has no address")));
    Listed { source, way, outcome: Err(failure), requests }
}

async fn ask(way: &Way, fetcher: &Fetcher, now: Timestamp, requests: &mut u32) -> Result<Reading, Failure> {
    *requests += 1;
    let request = Request { url: way.url.clone(), validators: way.validators.clone(), body: BodyKind::Page };
    match fetcher.get(&request).await {
        Answer::Failed(failure) => Err(failure),
        Answer::NotModified { validators, max_age } => Ok(Reading {
            url: way.url.clone(),
            validators,
            not_modified: true,
            moved_to: None,
            wait: max_age,
            feed: FeedReading::default(),
        }),
        Answer::Fresh(fetched) => {
            // What only leads to the list is asked for as a whole each time: unchanged, it would hide what changed behind it.
            let (feed, validators) = match read(way, &fetched, now) {
                Err(error) if way.kind == SourceKind::Feed && error.kind == Instead::HtmlPage => {
                    let found = discover(&fetched, fetcher, now, requests).await.ok_or_else(|| unreadable(&error))?;
                    (found, Validators::default())
                }
                Ok(Read::Index(parts)) => (read_parts(parts, fetcher, now, requests).await, Validators::default()),
                Ok(Read::Feed(feed)) => (feed, fetched.validators.clone()),
                Err(error) => return Err(unreadable(&error)),
            };
            let doubt = feed.losses.first().map(ToString::to_string).or_else(|| feed.doubts.first().cloned());
            if let (true, Some(doubt)) = (feed.items.is_empty(), doubt) {
                return Err(Failure::new(FailureKind::Unreadable, format!("no item could be read: {doubt}")));
            }
            Ok(Reading {
                url: way.url.clone(),
                wait: feed.ttl.max(fetched.max_age),
                moved_to: fetched.moved_for_good.then(|| fetched.final_url.to_string()),
                validators,
                not_modified: false,
                feed,
            })
        }
    }
}

enum Read {
    Feed(FeedReading),
    /// A sitemap of sitemaps.
    Index(Vec<Url>),
}

fn read(way: &Way, fetched: &Fetched, now: Timestamp) -> Result<Read, Unreadable> {
    let (body, base) = (fetched.body.as_slice(), &fetched.final_url);
    let items = |items: Vec<FeedItem>| Read::Feed(FeedReading { items, ..FeedReading::default() });
    match way.kind {
        SourceKind::Feed | SourceKind::Ofsted => {
            feed::read(body, fetched.media_type.as_deref(), fetched.charset.as_deref(), base, now).map(Read::Feed)
        }
        SourceKind::Page => {
            listing::page_links(body, base, way.links.as_deref().unwrap_or("main a[href], article a[href]"), now).map(Read::Feed)
        }
        SourceKind::Sitemap => listing::sitemap(body, now)
            .map(|map| if map.items.is_empty() && !map.sitemaps.is_empty() { Read::Index(map.sitemaps) } else { items(map.items) }),
        SourceKind::Wordpress => listing::wordpress(body, base, now).map(Read::Feed),
        SourceKind::Govuk => listing::govuk_search(body, base, now).map(Read::Feed),
    }
}

/// The feed that an HTML page announces, where the address of a feed gave a page.
async fn discover(page: &Fetched, fetcher: &Fetcher, now: Timestamp, requests: &mut u32) -> Option<FeedReading> {
    for url in feed::discover(&page.body, &page.final_url).into_iter().filter(|url| *url != page.url).take(MAX_DISCOVERED) {
        *requests += 1;
        if let Answer::Fresh(fetched) = fetcher.get(&Request { url, validators: Validators::default(), body: BodyKind::Page }).await
            && let Ok(reading) =
                feed::read(&fetched.body, fetched.media_type.as_deref(), fetched.charset.as_deref(), &fetched.final_url, now)
        {
            return Some(reading);
        }
    }
    None
}

async fn read_parts(parts: Vec<Url>, fetcher: &Fetcher, now: Timestamp, requests: &mut u32) -> FeedReading {
    let mut feed = FeedReading::default();
    for url in parts.into_iter().take(MAX_SITEMAPS) {
        *requests += 1;
        if let Answer::Fresh(fetched) = fetcher.get(&Request { url, validators: Validators::default(), body: BodyKind::Page }).await
            && let Ok(map) = listing::sitemap(&fetched.body, now)
        {
            feed.items.extend(map.items);
        }
    }
    feed
}
