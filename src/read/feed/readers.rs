//! The two feed readers, one behind the other: feed-rs, then feedparser-rs.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, UNIX_EPOCH};

use jiff::Timestamp;

use super::dates;
use super::item::Raw;
use super::prepare::MAX_ITEMS;

/// A feed as a reader gives it.
#[derive(Debug, Default)]
pub struct Parsed {
    pub title: Option<String>,
    pub ttl_minutes: Option<u64>,
    pub items: Vec<Raw>,
}

/// feed-rs: strict, fast, all formats. An error is its message.
pub fn first(text: &str) -> Result<Parsed, String> {
    let read = || {
        feed_rs::parser::Builder::new()
            .sanitize_content(false)
            // An empty id says that the feed gave none.
            .id_generator(|_, _, _| String::new())
            .timestamp_parser(|text| {
                dates::moment(text)
                    .and_then(|at| u64::try_from(at.as_millisecond()).ok())
                    .map(|millis| (UNIX_EPOCH + Duration::from_millis(millis)).into())
            })
            .build()
            .parse(text.as_bytes())
    };
    let feed =
        catch_unwind(AssertUnwindSafe(read)).map_err(|_| "the reader failed on it".to_owned())?.map_err(|error| error.to_string())?;
    let items = feed.entries.into_iter().take(MAX_ITEMS).map(|entry| {
        let links = entry
            .links
            .iter()
            .filter(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"))
            .map(|link| link.href.clone())
            .collect();
        let authors: Vec<String> =
            entry.authors.into_iter().filter_map(|author| author.name.filter(|name| !name.is_empty()).or(author.email)).collect();
        Raw {
            guid: Some(entry.id).filter(|id| !id.is_empty()),
            links,
            title: entry.title.map(|title| title.content),
            summary: entry
                .summary
                .map(|summary| summary.content)
                .filter(|summary| !summary.trim().is_empty())
                .or(entry.content.and_then(|content| content.body)),
            author: Some(authors.join(", ")),
            published: entry.published.or(entry.updated).and_then(|at| Timestamp::from_millisecond(at.timestamp_millis()).ok()),
        }
    });
    Ok(Parsed { items: items.collect(), title: feed.title.map(|title| title.content), ttl_minutes: feed.ttl.map(u64::from) })
}

/// feedparser-rs: takes nearly anything.
pub fn second(text: &str) -> Result<Parsed, String> {
    let read = || feedparser_rs::parse(text.as_bytes());
    let feed =
        catch_unwind(AssertUnwindSafe(read)).map_err(|_| "the reader failed on it".to_owned())?.map_err(|error| error.to_string())?;
    let items = feed.entries.into_iter().take(MAX_ITEMS).map(|entry| {
        let written =
            [entry.published_str, entry.updated_str, entry.created_str].into_iter().flatten().find_map(|text| dates::moment(&text));
        let given =
            || entry.published.or(entry.dc_date).or(entry.updated).and_then(|at| Timestamp::from_millisecond(at.timestamp_millis()).ok());
        Raw {
            guid: entry.id.map(|id| id.to_string()),
            links: entry.link.into_iter().collect(),
            title: entry.title,
            summary: entry
                .summary
                .filter(|summary| !summary.trim().is_empty())
                .or_else(|| entry.content.into_iter().next().map(|content| content.value)),
            author: entry.author.map(|author| author.to_string()),
            published: written.or_else(given),
        }
    });
    Ok(Parsed { items: items.collect(), title: feed.feed.title, ttl_minutes: feed.feed.ttl.and_then(|ttl| ttl.trim().parse().ok()) })
}
