//! Article pages: fetched where an item is due, read, and stored as stories.

use jiff::Timestamp;
use url::Url;

use crate::{
    dedupe::address,
    model::{
        fetched::{Answer, BodyKind, Failure, FailureKind, Request, Validators},
        page::{ArticleReading, DateSource, FeedItem},
        source::Source,
        story::Story,
    },
    read::{article, rules::OutletRules},
    store::{Address, DueArticle, Store, StoryOutcome},
};

use super::{
    Halt,
    harvest::{Arrival, Harvest, unreadable},
};

/// Pages of one source fetched in one run; the rest stays due.
const MAX_ARTICLES: usize = 200;

/// What came of an article's page.
pub struct Article {
    source: usize,
    due: DueArticle,
    /// The address that answered, and the page; or why there is none.
    outcome: Result<(Url, ArticleReading), Failure>,
}

impl Harvest<'_> {
    /// Starts fetching the pages that are due for a source.
    pub(super) fn start_articles(&mut self, source: usize, store: &Store) -> Result<(), Halt> {
        for due in store.due_articles(&self.sources[source].name, self.now, MAX_ARTICLES)? {
            let Some(url) = due.item.url.clone() else { continue };
            let (fetcher, now) = (self.fetcher.clone(), self.now);
            self.counts.requests += 1;
            self.tasks.spawn(async move {
                let request = Request { url: address::fetchable(&url), validators: Validators::default(), body: BodyKind::Page };
                let outcome = match fetcher.get(&request).await {
                    Answer::Fresh(fetched) => read(*fetched, now).await,
                    Answer::NotModified { .. } => {
                        Err(Failure::new(FailureKind::Unreadable, "answered “not modified” to an unconditional request"))
                    }
                    Answer::Failed(failure) => Err(failure),
                };
                Arrival::Article(Box::new(Article { source, due, outcome }))
            });
        }
        Ok(())
    }

    pub(super) fn take_article(&mut self, article: Article, store: &mut Store) -> Result<(), Halt> {
        let source = self.sources[article.source];
        let (item, key, now) = (&article.due.item, &article.due.key, self.now);
        let (url, reading) = match article.outcome {
            Ok(found) => found,
            // A page that is not for us: what the feed says of it is kept.
            Err(failure) if failure.kind == FailureKind::Forbidden => {
                let Some(url) = item.url.clone() else { return Ok(()) };
                (url, ArticleReading { walled: true, ..ArticleReading::default() })
            }
            Err(failure) => {
                tracing::info!(url = item.url.as_ref().map(Url::as_str), failure = failure.kind.as_str(), "{}", failure.detail);
                let again = store.write(|writer| writer.article_failed(key, &source.name, item, &failure, now))?;
                let count = if again.is_some() { &mut self.missed.later } else { &mut self.missed.given_up };
                *count += 1;
                return Ok(());
            }
        };
        let (story, addresses) = story(source, item, key, &url, reading, now);
        let outcome = store.write(|writer| writer.put_story(&story, &addresses, &source.name, now))?;
        let tally = &mut self.tallies[article.source];
        match outcome {
            StoryOutcome::New => {
                tally.new_stories += 1;
                self.counts.stories += 1;
            }
            StoryOutcome::Changed => self.counts.stories_changed += 1,
            StoryOutcome::Same | StoryOutcome::Forgotten => {}
        }
        Ok(())
    }
}

/// Reads a page on a thread where it may take its time.
async fn read(fetched: crate::model::fetched::Fetched, now: Timestamp) -> Result<(Url, ArticleReading), Failure> {
    let url = fetched.final_url.clone();
    let reading = tokio::task::spawn_blocking(move || {
        let (media_type, charset) = (fetched.media_type.as_deref(), fetched.charset.as_deref());
        article::read(&fetched.body, media_type, charset, &fetched.final_url, OutletRules::built_in(), now)
    });
    match reading.await {
        Ok(Ok(reading)) => Ok((url, reading)),
        Ok(Err(error)) => Err(unreadable(&error)),
        Err(_) => Err(Failure::new(FailureKind::Unreadable, "the reader broke off")),
    }
}

/// A story from what the feed and the page say; the feed's date is the surer, the page's words are the fuller.
pub fn story(source: &Source, item: &FeedItem, key: &str, url: &Url, reading: ArticleReading, now: Timestamp) -> (Story, Vec<Address>) {
    let own = reading.canonical.clone().unwrap_or_else(|| url.clone());
    let canonical = address::canonical(&own);
    let published = item.published.map(|moment| (moment, DateSource::Feed)).or(reading.published);
    let mut addresses = vec![Address { key: key.to_owned(), url: item.url.as_ref().unwrap_or(url).to_string() }];
    for seen in [url, &own] {
        let address = Address { key: address::canonical(seen).0, url: address::fetchable(seen).to_string() };
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    let summary = if item.summary.is_empty() { reading.description.unwrap_or_default() } else { item.summary.clone() };
    let story = Story {
        id: address::story_id(&canonical),
        url: address::fetchable(&own).to_string(),
        outlet: source.outlet.clone(),
        title: reading.title.filter(|title| !title.is_empty()).unwrap_or_else(|| item.title.clone()),
        author: reading.author.or_else(|| item.author.clone()),
        published: published.map(|(moment, _)| moment),
        published_from: published.map(|(_, from)| from),
        first_seen: now,
        changed: None,
        summary,
        blocks: reading.blocks,
        links: reading.links,
        walled: reading.walled,
        area: source.area.clone(),
    };
    (story, addresses)
}
