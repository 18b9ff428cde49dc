//! Taking in by hand: a page, a saved page, a report file or a feed that a person names, read and judged as a run does it.

use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::{runtime::Builder, sync::Semaphore};
use url::Url;

use crate::{
    dedupe::address,
    fetch::{Fetcher, Route, content_type_of},
    model::{
        authority::Gazetteer,
        fetched::{Answer, BodyKind, FetchSettings, Request, Validators},
        original::{ItemSaid, Original},
        page::FeedItem,
        report::{Report, ReportHints, ReportId, ReportStatus},
        source::{BY_HAND, Source, SourceKind},
        story::StoryId,
    },
    read::{charset, feed, pdf, report},
    store::{ListedPublication, ReportOutcome, RunCounts, Store, StoryOutcome},
    tie::{
        judge::Judge,
        relevance::{self, Gate},
    },
};

use super::{
    Halt,
    article::story,
    files::{hints, index, report_of},
    harvest::{READING_STACK, apart},
    judge::Judging,
    original::{self, PageRead},
    read,
    stop::Stop,
    whose::{self, Arrived},
};

/// Items of one feed whose pages are fetched.
const MAX_ITEMS: usize = 200;
/// Pages read at the same time.
const READERS: usize = 2;
/// The host of a saved page that does not say where it came from.
const NOWHERE: &str = "http://nowhere.invalid/";

/// What a person named.
#[derive(Debug, Clone)]
pub enum Thing {
    /// An address, to be fetched.
    Address(Url),
    /// Bytes that are there, and where they came from, if that is known.
    Bytes { bytes: Vec<u8>, from: Option<Url> },
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    Story(StoryId, StoryOutcome),
    Report(ReportId, ReportOutcome),
    /// The items of a feed, in their order; what is not about our subject, or stored already, is counted.
    Feed {
        added: Vec<Added>,
        passed_over: usize,
    },
    /// Why nothing was stored.
    Refused(String),
}

/// What is needed to take things in.
pub struct Adding<'a> {
    pub sources: &'a [Source],
    pub fetch: &'a FetchSettings,
    pub route: Route,
    pub gazetteer: Gazetteer,
    pub now: Timestamp,
}

impl Adding<'_> {
    /// Takes the things in, in their order, and judges what has come.
    ///
    /// # Errors
    /// Where the database fails, or nothing can be fetched at all. A thing that cannot be taken in is no error.
    pub fn run(&self, things: Vec<Thing>, store: &mut Store) -> Result<Vec<Added>, Halt> {
        let judge = Judge::new(self.gazetteer.clone())?;
        let runtime = Builder::new_multi_thread().worker_threads(READERS).thread_stack_size(READING_STACK).enable_all().build()?;
        let fetcher = Fetcher::remembering(self.fetch.clone(), &self.route, store.memory()?, self.now)?;
        let readers = Arc::new(Semaphore::new(READERS));
        let added = runtime.block_on(async {
            let mut added = Vec::new();
            for thing in things {
                added.push(self.thing(thing, &fetcher, &readers, store).await?);
            }
            Ok::<_, Halt>(added)
        })?;
        // A host's word binds whoever asks, also by hand.
        store.write(|writer| {
            writer.learn(&fetcher.learnt())?;
            writer.learn(&fetcher.asked())
        })?;
        Judging::new(&judge, self.now).run(store, &mut RunCounts::default(), &(), &Stop::default())?;
        Ok(added)
    }

    async fn thing(&self, thing: Thing, fetcher: &Fetcher, readers: &Arc<Semaphore>, store: &mut Store) -> Result<Added, Halt> {
        let original = match thing {
            Thing::Address(url) => match fetched(url, fetcher, self.now).await {
                Ok(original) => original,
                Err(why) => return Ok(Added::Refused(why)),
            },
            Thing::Bytes { bytes, from } => {
                let from = from.or_else(|| told_address(&bytes));
                let Some(from) = from.or_else(|| Url::parse(NOWHERE).ok()) else { return Ok(Added::Refused("no address".to_owned())) };
                let (status, headers, item) = (None, Vec::new(), ItemSaid::default());
                Original { at: self.now, url: from.clone(), answered: from, status, headers, item, body: bytes }
            }
        };
        if pdf::is_pdf(&original.body) {
            return self.report(original, store).await;
        }
        let original = Arc::new(original);
        let looked = Arc::clone(&original);
        let feed = apart(Arc::clone(readers), move || {
            let (media_type, charset) = looked.header("content-type").map(content_type_of).unwrap_or_default();
            feed::read(&looked.body, media_type.as_deref(), charset.as_deref(), &looked.answered, looked.at)
        });
        match feed.await {
            Ok(Ok(feed)) => match feed.losses.first() {
                Some(loss) if feed.items.is_empty() => Ok(Added::Refused(format!("no item of the feed could be read: {loss}"))),
                _ => self.feed(feed.items, fetcher, readers, store).await,
            },
            Err(fault) => Ok(Added::Refused(fault.detail)),
            Ok(Err(_)) => self.page(Arc::unwrap_or_clone(original), FeedItem::default(), readers, store).await,
        }
    }

    /// Fetches the pages of those items that may be for us and are not stored yet.
    async fn feed(&self, items: Vec<FeedItem>, fetcher: &Fetcher, readers: &Arc<Semaphore>, store: &mut Store) -> Result<Added, Halt> {
        let all = items.len();
        let mut added = Vec::new();
        for item in items {
            let Some(url) = item.url.clone() else { continue };
            let key = address::canonical(&url).0;
            let known = store.forgotten(&key)?.is_some() || store.story_of_address(&key)?.is_some();
            if known || relevance::gate(&item.title, &item.summary) == Gate::Pass || added.len() >= MAX_ITEMS {
                continue;
            }
            added.push(match fetched(url, fetcher, self.now).await {
                Ok(original) => self.page(original, item, readers, store).await?,
                Err(why) => Added::Refused(why),
            });
        }
        Ok(Added::Feed { passed_over: all - added.len(), added })
    }

    /// Reads a page and stores its story, whatever it is about: judging says that.
    async fn page(&self, original: Original, item: FeedItem, readers: &Arc<Semaphore>, store: &mut Store) -> Result<Added, Halt> {
        let PageRead { reading, original } = match apart(Arc::clone(readers), move || original::read(original)).await {
            Ok(Ok(read)) => read,
            Ok(Err(why)) => return Ok(Added::Refused(why.to_string())),
            Err(fault) => return Ok(Added::Refused(fault.detail)),
        };
        if original.url.as_str() == NOWHERE {
            return Ok(Added::Refused("it does not say where it came from: name its address with --url".to_owned()));
        }
        let asked = item.url.clone().unwrap_or_else(|| original.url.clone());
        let (key, source) = (address::canonical(&asked).0, self.source_of(&asked));
        let came = Arrived { source: &source.name, item: &item, key: &key, asked: &asked, answered: &original.answered, reading: &reading };
        let own = match whose::own_address(&came, store)? {
            Ok(own) => own,
            Err(why) => return Ok(Added::Refused(why.to_owned())),
        };
        let (source, known) = (self.source_of(&own), whose::known_story(&own, &key, store)?);
        let seen = if own.as_str() == original.answered.as_str() { vec![own] } else { vec![original.answered.clone(), own] };
        let item = FeedItem { url: Some(asked), ..item };
        let (mut story, addresses) = story(&source, &item, &key, &seen, reading, self.now);
        story.id = known.unwrap_or(story.id);
        if story.title.is_empty() && story.blocks.is_empty() {
            return Ok(Added::Refused("there is neither a headline nor a text on the page".to_owned()));
        }
        let outcome = store.write(|writer| {
            let outcome = writer.put_story(&story, &addresses, &source.name, self.now)?;
            original::keep(writer, &story, outcome, &item, &original)?;
            if outcome == StoryOutcome::New && source.name != BY_HAND {
                writer.record_new(&source.name, self.now, 1)?;
            }
            Ok::<_, Halt>(outcome)
        })?;
        Ok(match outcome {
            StoryOutcome::Forgotten => Added::Refused("it was deleted for good with `forget`, and is not taken in again".to_owned()),
            outcome => Added::Story(story.id, outcome),
        })
    }

    /// Reads a report file in a process of its own, and stores it where it is one.
    async fn report(&self, original: Original, store: &mut Store) -> Result<Added, Halt> {
        let sha256: String = Sha256::digest(&original.body).iter().map(|byte| format!("{byte:02x}")).collect();
        let listed = listed_as(&original.url, store)?;
        let hints = listed.as_ref().map_or_else(ReportHints::default, hints);
        let reading = match read::read(&original.body, &hints).await {
            Ok(reading) => reading,
            Err(fault) => return Ok(Added::Refused(fault.detail)),
        };
        if !matches!(reading.status, ReportStatus::Current | ReportStatus::Withdrawn) {
            return Ok(Added::Refused(reading.reason.unwrap_or_else(|| "it is no report of Ofsted’s on a council".to_owned())));
        }
        let report = match &listed {
            Some(listed) => report_of(listed, sha256, reading, self.now),
            None => {
                let url = if original.url.as_str() == NOWHERE { named_by(&sha256) } else { Some(original.url) };
                let Some(url) = url else { return Ok(Added::Refused("no address".to_owned())) };
                Report {
                    id: address::report_id(&url),
                    url: url.to_string(),
                    provider_url: None,
                    urn: reading.authority.as_deref().and_then(|name| self.gazetteer.get(name)).and_then(|authority| authority.urn.clone()),
                    published: reading.published_printed,
                    first_seen: self.now,
                    sha256,
                    parser: report::PARSER,
                    reading,
                }
            }
        };
        let outcome = store.write(|writer| {
            let before = writer.report_card(&report.id)?.and_then(|card| card.authority);
            let outcome = writer.put_report(&report, &original.body)?;
            if outcome != ReportOutcome::Same {
                index(writer, &report, before.as_deref(), &self.gazetteer)?;
            }
            Ok::<_, Halt>(outcome)
        })?;
        Ok(Added::Report(report.id, outcome))
    }

    /// The source on whose site a page stands, for its outlet and area; else one named after the site.
    fn source_of(&self, url: &Url) -> Source {
        let site = site(url);
        let found = self.sources.iter().find(|source| source.kind != SourceKind::Ofsted && self::site(&source.url) == site);
        found.cloned().unwrap_or_else(|| Source {
            name: BY_HAND.to_owned(),
            kind: SourceKind::Page,
            url: url.clone(),
            outlet: site,
            every: std::time::Duration::ZERO,
            on: false,
            note: None,
            links: None,
            fallbacks: Vec::new(),
            since: None,
            area: Vec::new(),
        })
    }
}

async fn fetched(url: Url, fetcher: &Fetcher, now: Timestamp) -> Result<Original, String> {
    let is_file = url.path().contains("/v1/file/") || url.path().to_ascii_lowercase().ends_with(".pdf");
    let request = Request {
        url: address::fetchable(&url),
        validators: Validators::default(),
        body: if is_file { BodyKind::Report } else { BodyKind::Page },
    };
    match fetcher.get(&request).await {
        Answer::Fresh(fetched) => Ok(Original { url, ..original::of(*fetched, now) }),
        Answer::NotModified { .. } => Err("it answered “not modified” to a question without conditions".to_owned()),
        Answer::Failed(failure) => Err(format!("{} ({})", failure.detail, failure.kind.as_str())),
    }
}

/// "news.example" of any address there.
fn site(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    host.strip_prefix("www.").unwrap_or(&host).to_owned()
}

/// What Ofsted's list says of a file.
fn listed_as(url: &Url, store: &Store) -> Result<Option<ListedPublication>, Halt> {
    let id = address::report_id(url);
    Ok(store.all_publications()?.into_iter().find(|listed| address::report_id(&listed.publication.url) == id))
}

/// The address of a file that has none: its hash (RFC 6920).
fn named_by(sha256: &str) -> Option<Url> {
    Url::parse(&format!("urn:sha256:{sha256}")).ok()
}

/// Bytes of a saved page in which it may say where it came from.
const HEAD: usize = 200_000;

/// Where a saved page says that it came from: what the browser wrote into it, else what it calls its own address.
fn told_address(bytes: &[u8]) -> Option<Url> {
    let head = charset::decode(&bytes[..bytes.len().min(HEAD)], None, true);
    let of_web = |text: &str| Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    // "<!-- saved from url=(0042)https://… -->" of browsers, " url: https://…" of SingleFile.
    let saved = head.split_once("<!-- saved from url=(").and_then(|(_, rest)| rest.split_once(')')).map(|(_, rest)| rest);
    let single = head.split_once("Page saved with SingleFile").and_then(|(_, rest)| rest.split_once("url:")).map(|(_, rest)| rest);
    let word = |text: &str| text.split_whitespace().next().map(|word| word.trim_end_matches("-->").to_owned());
    let written = [saved, single].into_iter().flatten().filter_map(word).find_map(|word| of_web(&word));
    written.or_else(|| own_tag(&head).and_then(|address| of_web(&address.replace("&amp;", "&"))))
}

/// The address in `<link rel="canonical">` or `<meta property="og:url">`.
fn own_tag(head: &str) -> Option<String> {
    let tags = head.split('<').skip(1).filter_map(|tag| tag.split_once('>').map(|(tag, _)| tag));
    let mut found = None;
    for tag in tags {
        let lower = tag.to_ascii_lowercase();
        if lower.starts_with("link") && lower.contains("canonical") && !lower.contains("stylesheet") {
            return attribute(tag, &lower, "href").or(found);
        }
        if lower.starts_with("meta") && lower.contains("og:url") && found.is_none() {
            found = attribute(tag, &lower, "content");
        }
    }
    found
}

fn attribute(tag: &str, lower: &str, name: &str) -> Option<String> {
    let at = lower.find(&format!("{name}="))? + name.len() + 1;
    let value = tag.get(at..)?;
    Some(match value.chars().next()? {
        mark @ ('"' | '\'') => value[1..].split(mark).next()?.to_owned(),
        _ => value.split([' ', '\t', '\n', '/']).next()?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_page_says_where_it_came_from() {
        let check = |page: &str, expected: Option<&str>| {
            assert_eq!(told_address(page.as_bytes()).map(|url| url.to_string()).as_deref(), expected, "{page}");
        };
        let own = "https://news.example/2026/story?a=1&b=2";
        check(&format!("<!DOCTYPE html>\n<!-- saved from url=(0039){own} -->\n<html>"), Some(own));
        check(&format!("<html><!--\n Page saved with SingleFile \n url: {own} \n saved date: Mon --><head>"), Some(own));
        check("<head><link rel='canonical' href='https://news.example/2026/story?a=1&amp;b=2'>", Some(own));
        check("<HEAD><META CONTENT=\"https://news.example/a\" PROPERTY=\"og:url\">", Some("https://news.example/a"));
        check(
            "<meta property=\"og:url\" content=\"https://news.example/b\"><link href=\"https://news.example/a\" rel=canonical>",
            Some("https://news.example/a"),
        );
        check("<link rel=\"canonical\" href=\"/relative\">", None);
        check("<link rel=\"canonical\" href=\"javascript:alert(1)\">", None);
        check("<!-- saved from url=(0014)about:internet -->", None);
        check("<p>no word of it", None);
        // As browsers save it on Windows.
        let page = format!("<!DOCTYPE html>\n<meta charset=utf-16><link rel=canonical href='{own}'>");
        let little = [0xff, 0xfe].into_iter().chain(page.encode_utf16().flat_map(u16::to_le_bytes)).collect::<Vec<u8>>();
        let big = page.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
        for bytes in [little, big] {
            assert_eq!(told_address(&bytes).map(|url| url.to_string()).as_deref(), Some(own));
        }
        check("<link rel=\"canonical\"", None);
        check("", None);
    }
}
