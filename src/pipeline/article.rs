//! Article pages: fetched where an item is due, read, and stored as stories.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use url::Url;

use crate::{
    dedupe::address,
    model::{
        address::shown,
        fetched::{Answer, BodyKind, Failure, FailureKind, Request, Validators},
        original::ItemSaid,
        page::{ArticleReading, DateSource, FeedItem},
        source::Source,
        story::Story,
        work::{Due, Fault, Job, Outcome, Standing},
    },
    read::{
        Unreadable,
        whose::{Whose, is_on_site_of, whose_story},
    },
    store::{DueArticle, SeenAddress, Store, StoryOutcome, Writer},
    work::Pace,
};

use super::{
    Halt,
    harvest::{Arrival, Harvest, apart, unreadable},
    original::{self, PageRead},
    settle::settle,
    whose::{self, Arrived},
};

/// Pages of one source fetched in one run; the rest stays due.
const MAX_ARTICLES: usize = 200;

/// Items of a list that say on which site its own stories stand.
const LISTED: u32 = 200;

/// What came of an article's page.
pub struct Article {
    source: usize,
    due: DueArticle,
    outcome: Outcome<Box<PageRead>>,
}

/// What storing a page came to.
enum StoredPage {
    Stored(StoryOutcome),
    /// It is no page of its item.
    Failed(Standing),
}

impl Harvest<'_> {
    /// Starts fetching the pages that are due for a source.
    pub(super) fn start_articles(&mut self, source: usize, store: &Store) -> Result<(), Halt> {
        if self.is_lists_only() {
            return Ok(());
        }
        for due in store.due_articles(&self.sources[source].source.name, self.now, MAX_ARTICLES)? {
            let Some(url) = due.item.url.clone() else { continue };
            // What two sources list is fetched for the first of them.
            if !self.under_way.insert(due.key.clone()) {
                continue;
            }
            let (fetcher, readers, now) = (self.fetcher.clone(), Arc::clone(&self.readers), self.now);
            self.tasks.spawn(async move {
                let request = Request { url: address::fetchable(&url), validators: Validators::default(), body: BodyKind::Page };
                let outcome = match fetcher.get(&request).await {
                    Answer::Fresh(fetched) => outcome(apart(readers, move || original::read(original::of(*fetched, now))).await),
                    Answer::NotModified { .. } => {
                        Outcome::Theirs(Failure::new(FailureKind::Unreadable, "answered “not modified” to an unconditional request"))
                    }
                    Answer::Failed(failure) => Outcome::Theirs(failure),
                };
                Arrival::Article(Box::new(Article { source, due, outcome }))
            });
        }
        Ok(())
    }

    pub(super) fn take_article(&mut self, article: Article, store: &mut Store) -> Result<(), Halt> {
        let (source, now) = (self.sources[article.source].source, self.now);
        if let Outcome::Ours(fault) = &article.outcome {
            self.fault(fault);
        }
        match store.write(|writer| take(writer, source, &article, now))? {
            Some(StoredPage::Stored(StoryOutcome::New)) => self.counts.stories += 1,
            Some(StoredPage::Stored(StoryOutcome::Changed)) => self.counts.stories_changed += 1,
            Some(StoredPage::Stored(StoryOutcome::Same | StoryOutcome::Forgotten)) => {}
            Some(StoredPage::Failed(standing)) if standing.due == Due::Never => self.missed.given_up += 1,
            Some(StoredPage::Failed(_)) => self.missed.later += 1,
            None => {}
        }
        Ok(())
    }
}

/// Stores what came of a page, and how its job stands.
fn take(writer: &Writer<'_>, source: &Source, article: &Article, now: Timestamp) -> Result<Option<StoredPage>, Halt> {
    let job = Job::Article { source: source.name.clone(), key: article.due.key.clone() };
    let finish = |of: Outcome<Option<Duration>>| settle(writer, &job, Pace::Once, &of, now);
    let failure = match &article.outcome {
        Outcome::Got(page) | Outcome::Unchanged(page) => match put_page(writer, source, &article.due, page, now)? {
            Ok(outcome) => {
                finish(Outcome::Got(None))?;
                return Ok(Some(StoredPage::Stored(outcome)));
            }
            Err(failure) => failure,
        },
        Outcome::Theirs(failure) => failure.clone(),
        Outcome::Ours(fault) => {
            finish(Outcome::Ours(fault.clone()))?;
            return Ok(None);
        }
    };
    let url = article.due.item.url.as_ref().map(shown);
    tracing::info!(url, failure = failure.kind.as_str(), "{}", failure.detail);
    if failure.kind == FailureKind::Forbidden {
        put_teaser(writer, source, &article.due, now)?;
    }
    Ok(Some(StoredPage::Failed(finish(Outcome::Theirs(failure))?)))
}

/// Stores a page as the story of its item, or says why it is not.
fn put_page(
    writer: &Writer<'_>,
    source: &Source,
    due: &DueArticle,
    page: &PageRead,
    now: Timestamp,
) -> Result<Result<StoryOutcome, Failure>, Halt> {
    let (answered, reading) = (&page.original.answered, &page.reading);
    let asked = due.item.url.as_ref().unwrap_or(answered);
    let came = Arrived { source: &source.name, item: &due.item, key: &due.key, asked, answered, reading };
    let own = match whose::own_address(&came, writer)? {
        Ok(own) => own,
        Err(reason) => return Ok(Err(Failure::new(FailureKind::NotFound, reason))),
    };
    let known = whose::known_story(&own, &due.key, writer)?;
    let (mut story, addresses) = story(source, &due.item, &due.key, &[answered.clone(), own.clone()], reading.clone(), now);
    story.id = known.unwrap_or(story.id);
    let story = attributed(story, &own, source, writer)?;
    let outcome = put(writer, source, &story, &addresses, now)?;
    original::keep(writer, &story, outcome, &due.item, &page.original)?;
    Ok(Ok(outcome))
}

/// A page that stands on another site than its list's is that site's story, and says nothing of the list's area.
fn attributed(story: Story, own: &Url, source: &Source, writer: &Writer<'_>) -> Result<Story, Halt> {
    if is_on_site_of(own, &source.url) {
        return Ok(story);
    }
    Ok(match whose_story(own, &source.url, &writer.item_urls(&source.name, LISTED)?) {
        Whose::Source => story,
        Whose::Site(site) => Story { outlet: site, area: Vec::new(), ..story },
    })
}

/// A page that is not for us, now or ever: what its list says of it is kept, unless there is more.
fn put_teaser(writer: &Writer<'_>, source: &Source, due: &DueArticle, now: Timestamp) -> Result<(), Halt> {
    let Some(url) = due.item.url.clone() else { return Ok(()) };
    if writer.story_of_address(&due.key)?.is_some() {
        return Ok(());
    }
    let reading = ArticleReading { walled: true, ..ArticleReading::default() };
    let (story, addresses) = story(source, &due.item, &due.key, &[url], reading, now);
    let job = Job::Article { source: source.name.clone(), key: due.key.clone() };
    let (standing, item) = (writer.standing(&job)?, &due.item);
    put(writer, source, &story, &addresses, now)?;
    // The page itself is still to come.
    let guid = Some(item.key.as_str()).filter(|guid| *guid != due.key);
    writer.put_item(&source.name, &due.key, guid, item, true, now)?;
    if let Some(standing) = standing {
        writer.set_standing(&job, &standing)?;
    }
    Ok(())
}

fn put(writer: &Writer<'_>, source: &Source, story: &Story, addresses: &[SeenAddress], now: Timestamp) -> Result<StoryOutcome, Halt> {
    let outcome = writer.put_story(story, addresses, &source.name, now)?;
    if outcome == StoryOutcome::New {
        writer.record_new(&source.name, now, 1)?;
    }
    Ok(outcome)
}

fn outcome(read: Result<Result<PageRead, Unreadable>, Fault>) -> Outcome<Box<PageRead>> {
    match read {
        Ok(Ok(read)) => Outcome::Got(Box::new(read)),
        Ok(Err(error)) => Outcome::Theirs(unreadable(&error)),
        Err(fault) => Outcome::Ours(fault),
    }
}

/// A story from what the feed and the page say; the feed's date is the surer, the page's words are the fuller. `seen` are
/// the addresses it was seen at beside its item's, its own last.
pub fn story(
    source: &Source,
    item: &FeedItem,
    key: &str,
    seen: &[Url],
    reading: ArticleReading,
    now: Timestamp,
) -> (Story, Vec<SeenAddress>) {
    let first = item.url.as_ref().or(seen.first());
    let mut addresses = vec![SeenAddress { key: key.to_owned(), url: first.map_or_else(String::new, |url| url.to_string()) }];
    for url in seen {
        let address = SeenAddress { key: address::canonical(url).0, url: address::fetchable(url).to_string() };
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    let own = seen.last().or(first);
    let story = Story {
        id: own.map_or_else(
            || address::story_id(&crate::model::address::Address(key.to_owned())),
            |own| address::story_id(&address::canonical(own)),
        ),
        url: own.map_or_else(String::new, |own| address::fetchable(own).to_string()),
        outlet: source.outlet.clone(),
        title: String::new(),
        author: None,
        published: None,
        published_from: None,
        first_seen: now,
        changed: None,
        summary: String::new(),
        blocks: Vec::new(),
        links: Vec::new(),
        walled: false,
        area: source.area.clone(),
    };
    (with_reading(story, &ItemSaid::from(item), reading), addresses)
}

/// A story with what its list and its page say instead of what it said before.
pub(super) fn with_reading(story: Story, item: &ItemSaid, reading: ArticleReading) -> Story {
    let published = item.published.map(|moment| (moment, DateSource::Feed)).or(reading.published);
    Story {
        title: reading.title.into_iter().chain([item.title.clone()]).find(|title| !title.is_empty()).unwrap_or(story.title),
        author: reading.author.or_else(|| item.author.clone()),
        published: published.map(|(moment, _)| moment),
        published_from: published.map(|(_, from)| from),
        summary: if item.summary.is_empty() { reading.description.unwrap_or_default() } else { item.summary.clone() },
        blocks: reading.blocks,
        links: reading.links,
        walled: reading.walled,
        ..story
    }
}
