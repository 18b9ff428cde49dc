//! From prepared XML to items: the whole feed by feed-rs; what that refuses item by item, so that one bad item costs no other.

use std::time::{Duration, UNIX_EPOCH};

use jiff::Timestamp;
use url::Url;

use super::item::Raw;
use super::prepare::{MAX_ITEMS, PreparedFeed};
use super::rough::rough;
use super::tags;
use crate::read::contained::contained;
use crate::read::moment::moment;

/// A feed as a reader gives it.
#[derive(Debug, Default)]
pub struct Parsed {
    pub title: Option<String>,
    pub ttl_minutes: Option<u64>,
    pub items: Vec<Raw>,
    /// Items in which nothing could be read.
    pub unreadable: usize,
}

/// feed-rs: strict, fast, all formats. An error is its message.
pub fn whole(xml: &str, base: &Url) -> Result<Parsed, String> {
    let read = || {
        feed_rs::parser::Builder::new()
            .base_uri(Some(base))
            .sanitize_content(false)
            // An empty id says that the feed gave none.
            .id_generator(|_, _, _| String::new())
            .timestamp_parser(|text| {
                moment(text)
                    .and_then(|at| u64::try_from(at.as_millisecond()).ok())
                    .map(|millis| (UNIX_EPOCH + Duration::from_millis(millis)).into())
            })
            .build()
            .parse(xml.as_bytes())
    };
    let feed = contained(read).ok_or("the reader failed on it")?.map_err(|error| error.to_string())?;
    Ok(Parsed {
        items: feed.entries.into_iter().take(MAX_ITEMS).map(raw).collect(),
        title: feed.title.map(|title| title.content),
        ttl_minutes: feed.ttl.map(u64::from),
        unreadable: 0,
    })
}

fn raw(entry: feed_rs::model::Entry) -> Raw {
    let mut pages: Vec<_> = entry.links.into_iter().filter(|link| link.target.is_none() && names_page(link.rel.as_deref())).collect();
    pages.sort_by_key(|link| is_data(link.media_type.as_deref()));
    let authors: Vec<String> =
        entry.authors.into_iter().filter_map(|author| author.name.filter(|name| !name.is_empty()).or(author.email)).collect();
    let dates = [entry.published, entry.updated].into_iter().flatten();
    Raw {
        guid: Some(entry.id).filter(|id| !id.is_empty()),
        links: pages.into_iter().map(|link| link.href).collect(),
        title: entry.title.map(|title| title.content),
        summary: entry
            .summary
            .map(|summary| summary.content)
            .filter(|summary| !summary.trim().is_empty())
            .or(entry.content.and_then(|content| content.body)),
        author: Some(authors.join(", ")),
        dates: dates.filter_map(|at| Timestamp::from_millisecond(at.timestamp_millis()).ok()).collect(),
    }
}

/// A link without a relation leads to the page, as one to an "alternate" does (RFC 4287, section 4.2.7.2).
fn names_page(rel: Option<&str>) -> bool {
    rel.is_none_or(|rel| rel.trim().rsplit('/').next().is_some_and(|rel| rel.eq_ignore_ascii_case("alternate")))
}

/// True for the story as data or as a file: its page goes first.
fn is_data(media_type: Option<&str>) -> bool {
    media_type.is_some_and(|kind| {
        let kind = kind.trim().to_ascii_lowercase();
        !(kind.is_empty() || kind.starts_with("text/html") || kind.starts_with("application/xhtml"))
    })
}

/// Each item by itself: by feed-rs, else by its tags alone.
pub fn each(prepared: &PreparedFeed, base: &Url) -> Parsed {
    let places = tags::items(&prepared.xml);
    let head = places.first().and_then(|first| prepared.xml.get(..first.start)).unwrap_or(&prepared.xml);
    let mut parsed = Parsed { title: rough(head).title, ..Parsed::default() };
    for part in places.into_iter().take(MAX_ITEMS).filter_map(|at| prepared.xml.get(at)) {
        let alone = format!("{}{part}{}", prepared.open, prepared.close);
        let read = whole(&alone, base).ok().and_then(|parsed| parsed.items.into_iter().next());
        let item = read.filter(|item| !item.is_empty()).unwrap_or_else(|| rough(part));
        if item.is_empty() {
            parsed.unreadable += 1;
        } else {
            parsed.items.push(item);
        }
    }
    parsed
}
