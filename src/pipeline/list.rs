//! Lists of stories: feeds, page lists, sitemaps, WordPress, GOV.UK search: what each is asked for, and what is stored of it.

use std::{collections::HashMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::{
    model::{
        fetched::{Failure, FailureKind, Validators},
        page::FeedReading,
        source::{Source, SourceKind},
        work::{Job, Outcome, Standing},
    },
    store::{SourceState, Store, Success, Successor, Writer},
    work::{self, Asking, Leave, Pace},
};

use super::{
    Halt,
    conditions::{Conditions, beside, conditions},
    harvest::{Arrival, Harvest, Moved, Seen},
    items::{Listed, keep_items},
    retention::earlier,
    settle::settle_list,
    walk::{Kept, ListOutcome, ListPart, ListReading, Way, walk},
};

/// Items of one source that are forgotten at once.
const MAX_PRUNED: u32 = 500;
/// How often a way is tried that was left for another one.
const LEFT: Pace = Pace::Every(SignedDuration::from_hours(24));

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
        standings.push(standing(store, source, way)?.unwrap_or_else(|| Standing::wanted(now)));
    }
    Ok(work::order(&standings, asking, now).into_iter().map(|way| way as u32).collect())
}

/// How a way stands; not at all where its address was changed in the configuration since it was last asked: what is known of the
/// old one, even that it is gone, says nothing of the new one.
fn standing(store: &Store, source: &Source, way: u32) -> Result<Option<Standing>, Halt> {
    let job = Job::List { source: source.name.clone(), way };
    let is_changed = store.list_address(&job)?.is_some_and(|asked| asked != address_of(source, way).as_str());
    Ok(if is_changed { None } else { store.standing(&job)? })
}

/// Takes the configured addresses for those that were asked, where a version before kept none.
pub(super) fn keep_addresses(store: &mut Store, sources: &[Source]) -> Result<(), Halt> {
    let lists = store.lists_without_address()?;
    let address = |list: &Job| match list {
        Job::List { source, way } => {
            let source = sources.iter().find(|each| each.name == *source && each.kind != SourceKind::Ofsted)?;
            Some(address_of(source, *way).to_string())
        }
        _ => None,
    };
    let known: Vec<(&Job, String)> = lists.iter().filter_map(|list| Some((list, address(list)?))).collect();
    if known.is_empty() {
        return Ok(());
    }
    store.write(|writer| Ok(known.iter().try_for_each(|(list, address)| writer.set_list_address(list, address))?))
}

/// The configured address of a way.
fn address_of(source: &Source, way: u32) -> &Url {
    let fallback = (way as usize).checked_sub(1).and_then(|at| source.fallbacks.get(at));
    fallback.map_or(&source.url, |way| &way.url)
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
            let standing = standing(store, source, n)?;
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
                see_address(writer, source, *way, now)?;
                let (usual, left) = (pace(source), at + 1 < tried.len());
                let pace = match outcome {
                    // What was left for another way is tried again once in a while.
                    _ if left => LEFT,
                    Outcome::Got(_) | Outcome::Unchanged(_) => own_pace(source, &state, new, now),
                    Outcome::Theirs(_) | Outcome::Ours(_) => usual,
                };
                let job = Job::List { source: source.name.clone(), way: *way };
                settle_list(writer, &job, pace, every(source), &outcome.map(|reading| reading.wishes), now)?;
                if was_asked(outcome) {
                    writer.set_list_address(&job, address_of(source, *way).as_str())?;
                }
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

/// What stood of another address than the configured one stands no more.
fn see_address(writer: &Writer<'_>, source: &Source, way: u32, now: Timestamp) -> Result<(), Halt> {
    let job = Job::List { source: source.name.clone(), way };
    if standing(writer, source, way)?.is_none() && writer.standing(&job)?.is_some() {
        writer.set_standing(&job, &Standing::wanted(now))?;
    }
    Ok(())
}

/// True where an address was asked, though it may not have answered.
fn was_asked(outcome: &Outcome<ListReading>) -> bool {
    !matches!(outcome, Outcome::Ours(_)) && !matches!(outcome, Outcome::Theirs(failure) if failure.kind == FailureKind::Held)
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
/// kept, and it is told. A sitemap of the last days may have nothing for a while, so that this is no failure of it.
fn degrade(source: &Source, had_items: bool, outcome: &mut Outcome<ListReading>) {
    let Outcome::Got(reading) = outcome else { return };
    let unchanged = reading.parts.iter().any(|part| matches!(part.kept, Kept::Unchanged(_)));
    if !had_items || unchanged || !reading.feed.items.is_empty() {
        return;
    }
    let why = match source.kind {
        SourceKind::Page | SourceKind::Wordpress | SourceKind::Govuk => "has the page been redesigned?",
        SourceKind::Feed => "has it been moved?",
        _ => "",
    };
    if !why.is_empty() {
        *outcome = Outcome::Theirs(Failure::new(FailureKind::Unreadable, format!("the list names nothing any more: {why}")));
    } else if reading.feed.losses.is_empty() {
        reading.feed.doubts.push("the list names nothing any more".to_owned());
    }
}

/// What is told of a list that was read: what it lost, and its doubts.
fn told_doubts(feed: &FeedReading) -> Vec<String> {
    feed.losses.iter().map(ToString::to_string).chain(feed.doubts.iter().cloned()).collect()
}
