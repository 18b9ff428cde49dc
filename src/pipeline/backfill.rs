//! Backfill: the stories of a source from a day on, by the lists in which its site keeps its past. Each chapter is looked at
//! once, at the usual pace; what is left goes on in the next run.

use std::sync::Arc;

use jiff::Timestamp;
use url::Url;

use crate::{
    model::{
        backfill::{Chapter, ChapterKind, Past},
        fetched::{Answer, BodyKind, Failure, FailureKind, Fetched, Request, Validators},
        page::FeedItem,
        source::{Source, SourceKind},
        work::Outcome,
    },
    read::{Unreadable, listing},
    store::{Store, Writer},
};

use super::{
    Halt,
    harvest::{Arrival, Doubted, Harvest, apart, unreadable},
    items::{Listed, keep_items},
    walk::LINKS,
};

/// Posts of one page: the most that WordPress gives.
const POSTS: usize = 100;
/// Chapters of one source that are asked for at once.
const MAX_CHAPTERS: u32 = 300;
/// Chapters of one source in all. Some sites have a sitemap a day; lists that lead to ever more lists are a trap.
const MAX_PAST: u32 = 10_000;
/// Failures after which a chapter is given up.
const TRIES: u32 = 4;
/// Pages of links that are gone back: a calendar has no end.
const MAX_ARCHIVE: u32 = 300;
/// Where the past of most sites is kept, if the configuration names no place.
const POSTS_PATH: &str = "/wp-json/wp/v2/posts";
const SITEMAP_PATH: &str = "/sitemap.xml";

/// What came of a chapter.
pub struct OlderPage {
    source: usize,
    chapter: Chapter,
    outcome: Outcome<OlderItems>,
}

/// What stands in a chapter, and where the past goes on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct OlderItems {
    items: Vec<FeedItem>,
    further: Vec<Chapter>,
}

/// Where the past of a source begins to be looked for.
pub(super) fn first(source: &Source, since: Timestamp) -> Vec<Chapter> {
    let ways = std::iter::once((source.kind, &source.url)).chain(source.fallbacks.iter().map(|way| (way.kind, &way.url)));
    let named: Vec<Chapter> = ways
        .filter_map(|(kind, url)| match kind {
            SourceKind::Wordpress => Some(posts(url, 1, since)),
            SourceKind::Sitemap => Some(Chapter { url: url.clone(), kind: ChapterKind::Sitemap, since }),
            SourceKind::Feed | SourceKind::Page | SourceKind::Govuk | SourceKind::Ofsted => None,
        })
        .collect();
    if !named.is_empty() {
        return named;
    }
    source.url.join(POSTS_PATH).map(|url| vec![posts(&url, 1, since)]).unwrap_or_default()
}

/// The `page`th page of posts from a day on, newest first.
fn posts(url: &Url, page: u32, since: Timestamp) -> Chapter {
    let ours = ["after", "order", "page", "per_page"];
    let kept: Vec<(String, String)> =
        url.query_pairs().filter(|(name, _)| !ours.contains(&name.as_ref())).map(|(name, value)| (name.into(), value.into())).collect();
    let mut url = url.clone();
    url.query_pairs_mut()
        .clear()
        .extend_pairs(kept)
        .append_pair("per_page", &POSTS.to_string())
        .append_pair("after", &since.strftime("%Y-%m-%dT%H:%M:%S").to_string())
        .append_pair("page", &page.to_string());
    Chapter { url, kind: ChapterKind::Posts, since }
}

fn page_of(url: &Url) -> u32 {
    url.query_pairs().find(|(name, _)| name == "page").and_then(|(_, page)| page.parse().ok()).unwrap_or(1)
}

impl Harvest<'_> {
    /// Starts asking for the chapters that are still to be read.
    pub(super) fn start_backfill(&mut self, source: usize, store: &Store) -> Result<(), Halt> {
        if self.is_lists_only() {
            return Ok(());
        }
        for chapter in store.chapters(&self.sources[source].source.name, MAX_CHAPTERS)? {
            if !self.under_way.insert(chapter.url.to_string()) {
                continue;
            }
            let (fetcher, readers, now) = (self.fetcher.clone(), Arc::clone(&self.readers), self.now);
            let links = archive(self.sources[source].source).and_then(|(_, links)| links).unwrap_or(LINKS).to_owned();
            self.tasks.spawn(async move {
                let body = match chapter.kind {
                    ChapterKind::Posts => BodyKind::Json,
                    ChapterKind::Sitemap => BodyKind::Sitemap,
                    ChapterKind::Archive => BodyKind::Page,
                };
                let outcome = match fetcher.get(&Request { url: chapter.url.clone(), validators: Validators::default(), body }).await {
                    Answer::Fresh(fetched) => {
                        let of = chapter.clone();
                        match apart(readers, move || read(&of, &fetched, &links, now)).await {
                            Ok(Ok(found)) => Outcome::Got(found),
                            Ok(Err(error)) => Outcome::Theirs(unreadable(&error)),
                            Err(fault) => Outcome::Ours(fault),
                        }
                    }
                    Answer::NotModified { .. } => Outcome::Theirs(Failure::new(
                        FailureKind::Unreadable,
                        "it answered “not modified” to a question without conditions",
                    )),
                    Answer::Failed(failure) => Outcome::Theirs(failure),
                };
                Arrival::Backfill(Box::new(OlderPage { source, chapter, outcome }))
            });
        }
        Ok(())
    }

    /// Stores what stands in a chapter, that it is read, and where the past goes on, in one transaction.
    pub(super) fn take_chapter(&mut self, read: OlderPage, store: &mut Store) -> Result<(), Halt> {
        let (source, now) = (self.sources[read.source].source, self.now);
        let OlderPage { chapter, outcome, .. } = read;
        match outcome {
            Outcome::Got(found) | Outcome::Unchanged(found) => {
                let room = room(store.past(&source.name)?);
                let (left_out, items) = store.write(|writer| {
                    let left_out = want_further(writer, source, &found.further, room)?;
                    writer.chapter_read(&source.name, &chapter.url)?;
                    Ok::<_, Halt>((left_out, keep_items(writer, Listed { source, unclear: false, now }, &found.items)?))
                })?;
                self.counts.items += items;
                if left_out {
                    self.lose(source, format!("its past has more than {MAX_PAST} lists: the rest is left out"));
                }
                self.start_backfill(read.source, store)?;
                self.start_articles(read.source, store)
            }
            Outcome::Theirs(failure) => {
                if store.write(|writer| miss(writer, source, &chapter, &failure))? {
                    self.lose(source, format!("a list of its past did not come in {TRIES} tries and is given up: {}", failure.detail));
                }
                self.start_backfill(read.source, store)
            }
            Outcome::Ours(fault) => {
                self.fault(&fault);
                Ok(())
            }
        }
    }

    /// Remembers what is left out of the past of a source, to be said once.
    fn lose(&mut self, source: &Source, doubt: String) {
        let lost = Doubted { source: source.name.clone(), doubt };
        if !self.lost.contains(&lost) {
            self.lost.push(lost);
        }
    }
}

/// Chapters for which there is room beside those that were.
fn room(past: Past) -> usize {
    MAX_PAST.saturating_sub(past.read.saturating_add(past.lists)) as usize
}

/// Wants these chapters read, of those that are new as many as there is room for; true where some are left out.
fn want_further(writer: &Writer<'_>, source: &Source, further: &[Chapter], mut room: usize) -> Result<bool, Halt> {
    let mut left_out = false;
    for chapter in further {
        let is_new = !writer.has_chapter(&source.name, &chapter.url)?;
        if is_new && room == 0 {
            left_out = true;
            continue;
        }
        writer.want_chapter(&source.name, chapter)?;
        room -= usize::from(is_new);
    }
    Ok(left_out)
}

/// The page of links of a source, and the selector of those.
fn archive(source: &Source) -> Option<(&Url, Option<&str>)> {
    let own = Some((source.kind, &source.url, &source.links));
    let mut ways = own.into_iter().chain(source.fallbacks.iter().map(|way| (way.kind, &way.url, &way.links)));
    ways.find(|(kind, _, _)| *kind == SourceKind::Page).map(|(_, url, links)| (url, links.as_deref()))
}

/// What a chapter that did not come says: that there are no more pages, that the site keeps its past elsewhere, or nothing yet.
/// True where it is given up, and with it what stands in it.
fn miss(writer: &Writer<'_>, source: &Source, chapter: &Chapter, failure: &Failure) -> Result<bool, Halt> {
    tracing::info!(source = source.name, failure = failure.kind.as_str(), "backfill: {}", failure.detail);
    let is_past_the_end = chapter.kind == ChapterKind::Posts && page_of(&chapter.url) > 1 && failure.kind == FailureKind::ClientError;
    let is_not_there = matches!(
        failure.kind,
        FailureKind::NotFound | FailureKind::Forbidden | FailureKind::Gone | FailureKind::Unreadable | FailureKind::ClientError
    );
    let is_no_wordpress = is_not_there && chapter.kind == ChapterKind::Posts && page_of(&chapter.url) == 1;
    let is_no_sitemap = is_not_there && chapter.kind == ChapterKind::Sitemap && chapter.url.path() == SITEMAP_PATH;
    match failure.kind {
        FailureKind::Held => {}
        _ if is_past_the_end => writer.chapter_read(&source.name, &chapter.url)?,
        _ if is_no_wordpress => {
            writer.chapter_read(&source.name, &chapter.url)?;
            if let Ok(url) = chapter.url.join(SITEMAP_PATH) {
                writer.want_chapter(&source.name, &Chapter { url, kind: ChapterKind::Sitemap, since: chapter.since })?;
            }
        }
        _ if is_no_sitemap && archive(source).is_some() => {
            writer.chapter_read(&source.name, &chapter.url)?;
            if let Some((url, _)) = archive(source) {
                writer.want_chapter(&source.name, &Chapter { url: url.clone(), kind: ChapterKind::Archive, since: chapter.since })?;
            }
        }
        _ => return Ok(writer.chapter_failed(&source.name, &chapter.url, TRIES)?),
    }
    Ok(false)
}

fn read(chapter: &Chapter, fetched: &Fetched, links: &str, now: Timestamp) -> Result<OlderItems, Unreadable> {
    let since = chapter.since;
    // What changed last before that day was published before it.
    let is_old = |moment: &Option<Timestamp>| moment.is_some_and(|moment| moment < since);
    let mut found = match chapter.kind {
        ChapterKind::Posts => {
            let items = listing::wordpress(&fetched.body, &fetched.final_url, now)?.items;
            let further = if items.len() >= POSTS { vec![posts(&chapter.url, page_of(&chapter.url) + 1, since)] } else { Vec::new() };
            OlderItems { items, further }
        }
        ChapterKind::Sitemap => {
            let map = listing::sitemap(&fetched.body, now)?;
            let of_site = |url: &Url| url.host_str() == chapter.url.host_str();
            let further = map.sitemaps.into_iter().filter(of_site).map(|url| Chapter { url, kind: ChapterKind::Sitemap, since });
            let items = map.items.into_iter().zip(&map.changed).filter(|(_, changed)| !is_old(changed)).map(|(item, _)| item);
            OlderItems { items: items.collect(), further: further.collect() }
        }
        ChapterKind::Archive => {
            let items = listing::page_links(&fetched.body, &fetched.final_url, links, now)?.items;
            let mut dated = items.iter().filter(|item| item.published.is_some()).peekable();
            // Newest first: beyond a page of old stories alone all are older.
            let is_past = items.is_empty() || (dated.peek().is_some() && dated.all(|item| is_old(&item.published)));
            let next =
                listing::next_page(&fetched.body, &fetched.final_url).filter(|url| !is_past && listing::numbered(url).1 <= MAX_ARCHIVE);
            OlderItems { items, further: next.into_iter().map(|url| Chapter { url, kind: ChapterKind::Archive, since }).collect() }
        }
    };
    found.items.retain(|item| !is_old(&item.published));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_lead_to_ever_more_lists_end() {
        for (read, lists, left) in [(0, 1, 9_999), (9_998, 1, 1), (9_999, 1, 0), (20_000, 0, 0), (u32::MAX, 9, 0)] {
            assert_eq!(room(Past { read, lists, ..Past::default() }), left, "{read} {lists}");
        }
    }

    #[test]
    fn pages_follow_one_another_and_keep_what_the_configuration_asks_for() {
        let since = "2020-01-01T00:00:00Z".parse().unwrap();
        let url = Url::parse("https://a.example/wp-json/wp/v2/posts?per_page=20&categories=7").unwrap();
        let first = posts(&url, 1, since);
        assert_eq!(
            first.url.as_str(),
            "https://a.example/wp-json/wp/v2/posts?categories=7&per_page=100&after=2020-01-01T00%3A00%3A00&page=1"
        );
        let next = posts(&first.url, page_of(&first.url) + 1, since);
        assert_eq!((page_of(&next.url), next.url.query_pairs().count()), (2, 4));
    }
}
