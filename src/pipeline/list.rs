//! Lists of stories: feeds, page lists, sitemaps, WordPress, GOV.UK search; each by the first of its ways that answers.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

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
        address::end,
        fetched::{Answer, BodyKind, Failure, FailureKind, Fetched, Request, Validators, Wishes},
        page::{FeedItem, FeedReading, is_complete},
        source::{Source, SourceKind},
        work::{Due, Fault, Job, Outcome, Standing},
    },
    read::{
        Instead, Unreadable, feed,
        listing::{self, Sitemap},
    },
    store::{KnownItem, SourceState, Store, Success, Successor, Writer},
    tie::relevance::{self, Gate},
    work::{self, Asking, Leave, Pace},
};

use super::{
    Halt,
    conditions::{Conditions, beside, conditions},
    harvest::{Arrival, Harvest, Moved, Seen, apart, unreadable},
    retention::earlier,
    settle::{settle_list, want},
};

/// The links to stories on a page whose configuration does not say which they are.
pub(super) const LINKS: &str = "main a[href], article a[href]";

/// Items of one source that are forgotten at once.
const MAX_PRUNED: u32 = 500;

/// One way to a source's list.
#[derive(Debug, Clone)]
struct Way {
    n: u32,
    kind: SourceKind,
    url: Url,
    links: Option<String>,
    conditions: Conditions,
    /// Validators of what it may lead to: parts of a sitemap, the feed that a page announces.
    known: HashMap<String, Validators>,
    /// Failures in a row until now.
    tries: u32,
}

/// What came of a source's list: of each way that was tried.
pub struct ListOutcome {
    source: usize,
    tried: Vec<(u32, Outcome<ListReading>)>,
}

/// A list that was read, with what to store of its answer.
#[derive(Debug, Clone, Default)]
struct ListReading {
    url: String,
    validators: Validators,
    moved_to: Option<String>,
    wishes: Wishes,
    feed: FeedReading,
    /// What it led to.
    parts: Vec<ListPart>,
}

/// Something that a list leads to: a part of a sitemap, the feed that a page announces.
#[derive(Debug, Clone)]
struct ListPart {
    url: String,
    kept: Kept,
}

/// What to send when a part is asked for again.
#[derive(Debug, Clone)]
enum Kept {
    Read(Validators),
    Unchanged(Validators),
}

/// Feeds that a page announces are tried up to this number.
const MAX_DISCOVERED: usize = 2;
/// Parts of a sitemap index that are looked at, newest first.
const MAX_SITEMAPS: usize = 3;
/// How often a way is tried that was left for another one.
const LEFT: Pace = Pace::Every(SignedDuration::from_hours(24));
/// Addresses of one story that are kept; a link with a session in it has a new one each time.
const MAX_ADDRESSES: usize = 8;

/// Permanent redirects to the same address in a row, and the days over which they were given, until that address is asked.
const MOVES: u32 = 3;
const MOVED_FOR: SignedDuration = SignedDuration::from_hours(2 * 24);

/// How often a source is asked.
pub(super) fn pace(source: &Source) -> Pace {
    Pace::Every(every(source))
}

/// The ways by which a source is to be asked now, in order.
pub(super) fn ways(store: &Store, source: &Source, asking: Asking, now: Timestamp) -> Result<Vec<u32>, Halt> {
    let mut standings = Vec::new();
    for way in 0..=source.fallbacks.len() as u32 {
        let job = Job::List { source: source.name.clone(), way };
        standings.push(store.standing(&job)?.unwrap_or_else(|| Standing::wanted(now)));
    }
    Ok(work::order(&standings, asking, now).into_iter().map(|way| way as u32).collect())
}

impl Harvest<'_> {
    pub(super) fn start_list(&mut self, at: usize, store: &Store) -> Result<(), Halt> {
        let source = self.sources[at].source;
        let instead = in_place_of(&store.source_state(&source.name)?, source).and_then(|to| Url::parse(&to).ok());
        let mut ways = Vec::new();
        for &n in &self.sources[at].ways {
            let fallback = (n as usize).checked_sub(1).and_then(|at| source.fallbacks.get(at));
            let (kind, url, links) = fallback.map_or((source.kind, &source.url, &source.links), |way| (way.kind, &way.url, &way.links));
            let url = instead.as_ref().filter(|_| n == 0).unwrap_or(url);
            let standing = store.standing(&Job::List { source: source.name.clone(), way: n })?;
            // What an address answered another source, or this one under another name, this one has not read.
            let conditions = if standing.is_some() { conditions(store, url, self.now)? } else { Conditions::default() };
            let leads_on = standing.is_some() && matches!(kind, SourceKind::Feed | SourceKind::Sitemap);
            ways.push(Way {
                n,
                kind,
                url: url.clone(),
                links: links.clone(),
                conditions,
                known: if leads_on { beside(store, url, self.now)? } else { HashMap::new() },
                tries: standing.map_or(0, |standing| standing.tries),
            });
        }
        let (fetcher, readers, now) = (self.fetcher.clone(), Arc::clone(&self.readers), self.now);
        self.tasks.spawn(async move { Arrival::List(Box::new(walk(at, ways, fetcher, readers, now).await)) });
        Ok(())
    }

    /// Stores a list with what came of its ways: new items as due or as not our subject, the validators, the state of the
    /// source; and starts fetching the due pages.
    pub(super) fn take_list(&mut self, listed: ListOutcome, store: &mut Store) -> Result<(), Halt> {
        let (source, now, items) = (self.sources[listed.source].source, self.now, self.items);
        let state = store.source_state(&source.name)?;
        let mut tried = listed.tried;
        if let Some((_, outcome)) = tried.last_mut() {
            degrade(source, state.items > 0, outcome);
        }
        let (mut doubts, mut moved) = (None, None);
        let new = store.write(|writer| {
            let new = match tried.last() {
                Some((_, Outcome::Got(reading))) => {
                    let new = keep_items(writer, Listed { source, unclear: true, now }, &reading.feed.items)?;
                    if let Some(lifetime) = items.filter(|_| is_told_whole(source, reading)) {
                        writer.prune_items(&source.name, earlier(now, lifetime), MAX_PRUNED)?;
                    }
                    new
                }
                _ => 0,
            };
            for (at, (way, outcome)) in tried.iter().enumerate() {
                let (usual, left) = (pace(source), at + 1 < tried.len());
                let pace = match outcome {
                    // What was left for another way is tried again once in a while.
                    _ if left => LEFT,
                    Outcome::Got(_) | Outcome::Unchanged(_) => own_pace(source, &state, new, now),
                    Outcome::Theirs(_) | Outcome::Ours(_) => usual,
                };
                settle_list(
                    writer,
                    &Job::List { source: source.name.clone(), way: *way },
                    pace,
                    every(source),
                    &outcome.map(|reading| reading.wishes),
                    now,
                )?;
            }
            give_up_instead(writer, source, &state, &tried, now)?;
            match tried.last() {
                Some((way, Outcome::Got(reading))) => {
                    let told = told_doubts(&reading.feed);
                    // What may have been lost must not be hidden by “not modified” from now on.
                    let validators = if reading.feed.is_complete() { reading.validators.clone() } else { Validators::default() };
                    writer.set_validators(&reading.url, &validators, now)?;
                    writer.set_wishes(&reading.url, &reading.wishes)?;
                    for ListPart { url, kept } in &reading.parts {
                        match kept {
                            Kept::Read(validators) => writer.set_validators(url, validators, now)?,
                            Kept::Unchanged(validators) => writer.set_not_modified(url, validators, now)?,
                        }
                    }
                    record(writer, source, &Ok(()), new, reading.moved_to.clone(), Some(told.clone()), now)?;
                    moved = take_over(writer, source, *way, now)?;
                    doubts = Some(told);
                }
                Some((way, Outcome::Unchanged(reading))) => {
                    writer.set_not_modified(&reading.url, &reading.validators, now)?;
                    writer.set_wishes(&reading.url, &reading.wishes)?;
                    record(writer, source, &Ok(()), 0, reading.moved_to.clone(), None, now)?;
                    moved = take_over(writer, source, *way, now)?;
                }
                Some((_, Outcome::Ours(_))) | None => {}
                Some((_, Outcome::Theirs(_))) => {
                    let failure = first_failure(&tried);
                    if failure.kind != FailureKind::Held {
                        record(writer, source, &Err(failure), 0, None, None, now)?;
                    }
                }
            }
            Ok::<_, Halt>(new)
        })?;
        self.moves.extend(moved.map(|to| Moved { source: source.name.clone(), to }));
        let tally = &mut self.tallies[listed.source];
        tally.seen = seen(&tried);
        tally.recorded = true;
        tally.doubts = doubts.unwrap_or_else(|| tally.doubted.clone());
        self.counts.items += new;
        match tried.pop() {
            Some((_, Outcome::Unchanged(_))) => {
                tally.answered = true;
                self.counts.unchanged += 1;
            }
            Some((way, Outcome::Theirs(failure))) => {
                tried.push((way, Outcome::Theirs(failure)));
                tally.failure = Some(first_failure(&tried)).filter(|failure| failure.kind != FailureKind::Held);
            }
            Some((_, Outcome::Ours(fault))) => self.fault(&fault),
            Some((_, Outcome::Got(_))) => tally.answered = true,
            None => {}
        }
        self.start_articles(listed.source, store)
    }
}

/// What the way that answered gave.
fn seen(tried: &[(u32, Outcome<ListReading>)]) -> Option<Seen> {
    let (way, outcome) = tried.last()?;
    let first = (tried.len() > 1).then(|| first_failure(tried));
    match outcome {
        Outcome::Got(ListReading { feed, moved_to, .. }) => Some(Seen {
            items: Some(feed.items.len()),
            newest: feed.items.iter().filter_map(|item| item.published).max(),
            way: *way,
            first,
            moved_to: moved_to.clone(),
        }),
        Outcome::Unchanged(ListReading { moved_to, .. }) => Some(Seen { way: *way, first, moved_to: moved_to.clone(), ..Seen::default() }),
        Outcome::Theirs(_) | Outcome::Ours(_) => None,
    }
}

/// The address that is asked in place of the configured one, where that moved for good.
fn in_place_of(state: &SourceState, source: &Source) -> Option<String> {
    state.instead.as_ref().filter(|instead| instead.of == source.url.as_str()).map(|instead| instead.to.clone())
}

/// Takes over a permanent redirect that was given often enough and for long enough; gives where to it leads.
fn take_over(writer: &Writer<'_>, source: &Source, way: u32, now: Timestamp) -> Result<Option<String>, Halt> {
    let state = writer.source_state(&source.name)?;
    let since = state.moved_since.filter(|since| now.duration_since(*since) >= MOVED_FOR);
    let (Some(to), Some(_), true) = (state.moved_to, since, way == 0 && state.moved_times >= MOVES) else { return Ok(None) };
    writer.set_instead(&source.name, Some(&Successor { of: source.url.to_string(), to: to.clone() }))?;
    Ok(Some(to))
}

/// Goes back to the configured address where the one that it moved to does not serve.
fn give_up_instead(
    writer: &Writer<'_>,
    source: &Source,
    state: &SourceState,
    tried: &[(u32, Outcome<ListReading>)],
    now: Timestamp,
) -> Result<(), Halt> {
    let Some((0, Outcome::Theirs(failure))) = tried.first() else { return Ok(()) };
    let job = Job::List { source: source.name.clone(), way: 0 };
    let tries = writer.standing(&job)?.map_or(0, |standing| standing.tries);
    if in_place_of(state, source).is_some() && work::leaves(failure, tries) == Leave::Leave {
        writer.set_instead(&source.name, None)?;
        writer.set_standing(&job, &Standing::wanted(now.checked_add(every(source)).unwrap_or(now)))?;
    }
    Ok(())
}

/// The least time between two askings.
fn every(source: &Source) -> SignedDuration {
    SignedDuration::try_from(source.every).unwrap_or(SignedDuration::from_hours(24))
}

/// How often a source is asked that answers and brought so much new: by the rhythm of what it brought before.
fn own_pace(source: &Source, state: &SourceState, new: u32, now: Timestamp) -> Pace {
    let last = state.last_new.or(state.first_try).filter(|_| new == 0).unwrap_or(now);
    Pace::Every(work::rhythm(every(source), now.duration_since(last)))
}

/// The failure that is told: that of the first way that was tried.
fn first_failure(tried: &[(u32, Outcome<ListReading>)]) -> Failure {
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

/// True where this answer names all that any way of the source may name: no part was left out, and none of its ways is a
/// sitemap, whose parts come and go.
fn is_told_whole(source: &Source, reading: &ListReading) -> bool {
    let is_sitemap = source.kind == SourceKind::Sitemap || source.fallbacks.iter().any(|way| way.kind == SourceKind::Sitemap);
    !is_sitemap && reading.feed.is_complete() && !reading.feed.items.is_empty()
}

/// A list that always has something on it and now has nothing has been redesigned, or gives a shell: what was known is
/// kept, and it is told.
fn degrade(source: &Source, had_items: bool, outcome: &mut Outcome<ListReading>) {
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

/// A list whose items are remembered.
#[derive(Clone, Copy)]
pub(super) struct Listed<'a> {
    pub source: &'a Source,
    /// Pages are wanted also where the headline does not say what they are about: of today's list, and not of the past with
    /// its thousands.
    pub unclear: bool,
    pub now: Timestamp,
}

/// Remembers each item not seen before: its page is wanted where the gate lets it through. Gives how many were new.
pub(super) fn keep_items(writer: &Writer<'_>, list: Listed<'_>, items: &[FeedItem]) -> Result<u32, Halt> {
    let Listed { source, now, .. } = list;
    let keyed: Vec<(&FeedItem, &Url, String)> =
        items.iter().filter_map(|item| item.url.as_ref().map(|url| (item, url, address::canonical(url).0))).collect();
    let listed: Vec<item::ListedItem<'_>> = keyed
        .iter()
        .map(|(item, url, key)| item::ListedItem { guid: (item.key != url.as_str()).then_some(item.key.as_str()), key })
        .collect();
    let guids = item::guids(&listed);
    let mut new = 0;
    for ((item, url, key), listed) in keyed.iter().zip(&listed) {
        let guid = listed.guid.filter(|guid| guids.contains(guid));
        if writer.forgotten(key)?.is_some() || writer.forgotten_item(&source.name, guid, item, url)? {
            continue;
        }
        new += u32::from(keep_item(writer, list, item, url, key, guid)?);
        writer.item_listed(&source.name, key, now)?;
    }
    Ok(new)
}

/// Remembers one item; true where it was not seen before.
fn keep_item(writer: &Writer<'_>, list: Listed<'_>, item: &FeedItem, url: &Url, key: &str, guid: Option<&str>) -> Result<bool, Halt> {
    let Listed { source, now, .. } = list;
    let at_address = writer.item(&source.name, key)?;
    let of_guid = match guid {
        Some(guid) if at_address.is_none() => writer.item_of_guid(&source.name, guid)?,
        _ => None,
    };
    let sameness = item::compare(item.published, known(at_address.as_ref(), item, url), known(of_guid.as_ref(), item, url));
    if let Sameness::Moved(from) | Sameness::MovedRetitled(from) | Sameness::Corrected(from) = sameness {
        move_item(writer, source, from, key, url, now)?;
    }
    match sameness {
        Sameness::Known | Sameness::Moved(_) => return Ok(false),
        Sameness::Corrected(_) => {
            retry_moved(writer, list, item, url, key)?;
            return Ok(false);
        }
        Sameness::New | Sameness::Retitled | Sameness::MovedRetitled(_) => {}
    }
    let passed = passes(list, item, url);
    writer.put_item(&source.name, key, guid, item, passed, now)?;
    let new = sameness == Sameness::New;
    // A page that another source brought is here already, whatever this one calls it; a teaser is no page.
    let here = new && has_text(writer, key)?;
    if passed && !here {
        want(writer, &Job::Article { source: source.name.clone(), key: key.to_owned() }, now)?;
    }
    Ok(new)
}

/// An item is listed at another address now, and so is its story.
fn move_item(writer: &Writer<'_>, source: &Source, from: &str, key: &str, url: &Url, now: Timestamp) -> Result<(), Halt> {
    writer.move_item(&source.name, from, key, url, now)?;
    let Some(story) = writer.story_of_address(from)? else { return Ok(()) };
    if writer.addresses(&story)?.len() < MAX_ADDRESSES {
        writer.add_address(&story, key, url.as_str())?;
    } else {
        // The last one stays known: by it the story is found when it moves again, and when it is to be forgotten.
        writer.move_address(from, key, url)?;
    }
    Ok(())
}

/// True where the text of the page at an address is stored.
fn has_text(writer: &Writer<'_>, key: &str) -> Result<bool, Halt> {
    let Some(story) = writer.story_of_address(key)? else { return Ok(false) };
    Ok(writer.has_text(&story)?)
}

/// The page of an item was given up at its former address: it may be at the new one.
fn retry_moved(writer: &Writer<'_>, list: Listed<'_>, item: &FeedItem, url: &Url, key: &str) -> Result<(), Halt> {
    let job = Job::Article { source: list.source.name.clone(), key: key.to_owned() };
    let is_given_up = writer.standing(&job)?.is_some_and(|standing| standing.due == Due::Never);
    if is_given_up && passes(list, item, url) && writer.story_of_address(key)?.is_none() {
        writer.set_standing(&job, &Standing::wanted(list.now))?;
    }
    Ok(())
}

fn known<'a>(found: Option<&'a KnownItem>, item: &FeedItem, url: &Url) -> Option<Known<'a>> {
    found.map(|found| Known {
        key: &found.key,
        same_title: found.same_title(&item.title),
        published: found.published,
        same_end: found.url.as_ref().and_then(end).is_some_and(|before| end(url) == Some(before)),
    })
}

/// True where the item may be for us. Plain sitemaps and bare links have no title; then the words of the address are the title, which
/// tell too little to ask more of them.
fn passes(list: Listed<'_>, item: &FeedItem, url: &Url) -> bool {
    let slug = if item.title.is_empty() { url.path().replace(['/', '-', '_', '.', '+'], " ") } else { String::new() };
    match relevance::gate(if item.title.is_empty() { &slug } else { &item.title }, &item.summary) {
        Gate::Fetch => true,
        Gate::Unclear => list.unclear && !item.title.is_empty(),
        Gate::Pass => false,
    }
}

/// Tries the ways in turn until one answers with something readable, as long as what failed is reason to leave it.
async fn walk(source: usize, ways: Vec<Way>, fetcher: Fetcher, readers: Arc<Semaphore>, now: Timestamp) -> ListOutcome {
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
                Some((feed, part)) => (feed, Validators::default(), vec![part]),
                None => return Ok(Err(unreadable(&error))),
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

/// The feed that an HTML page announces, where the address of a feed gave a page.
async fn discover(
    page: &Arc<Fetched>,
    known: &HashMap<String, Validators>,
    fetcher: &Fetcher,
    readers: &Arc<Semaphore>,
    now: Timestamp,
) -> Result<Option<(FeedReading, ListPart)>, Fault> {
    let announcing = Arc::clone(page);
    let announced = apart(Arc::clone(readers), move || feed::discover(&announcing.body, &announcing.final_url)).await?;
    for url in announced.into_iter().filter(|url| *url != page.url).take(MAX_DISCOVERED) {
        let fetched = match part(&url, BodyKind::Feed, known, fetcher).await {
            Ok(Ok(fetched)) => fetched,
            Ok(Err(same)) => return Ok(Some((FeedReading::default(), ListPart { url: url.to_string(), kept: Kept::Unchanged(same) }))),
            Err(_) => continue,
        };
        let validators = fetched.validators.clone();
        let reading = apart(Arc::clone(readers), move || {
            feed::read(&fetched.body, fetched.media_type.as_deref(), fetched.charset.as_deref(), &fetched.final_url, now)
        });
        if let Ok(reading) = reading.await? {
            let validators = if reading.is_complete() { validators } else { Validators::default() };
            return Ok(Some((reading, ListPart { url: url.to_string(), kept: Kept::Read(validators) })));
        }
    }
    Ok(None)
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
