//! JSON Feed (<https://www.jsonfeed.org/version/1.1/>), also without its version, wrapped in rubbish, or cut.

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use super::MAX_ITEMS;
use super::item::{Raw, TITLE_CHARS, gather, line};
use crate::model::page::{FeedReading, Loss};
use crate::read::json::{closed, values};
use crate::read::moment::moment;
use crate::read::unreadable::{Instead, Unreadable};

/// True for a text that is JSON, also behind a warning of the program that wrote it.
pub fn is_feed(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    text.starts_with('{') || !has_root(text) && (text.starts_with('[') || start(text).is_some())
}

fn has_root(text: &str) -> bool {
    ["<rss", "<feed", "<rdf:RDF", "<html", "<HTML"].iter().any(|root| text.contains(root))
}

/// Where the object with the items begins.
fn start(text: &str) -> Option<usize> {
    let items = text.find("\"items\"")?;
    text.get(..items)?.find('{')
}

/// Reads a JSON Feed that was fetched from `base`.
pub fn read(text: &str, base: &Url, now: Timestamp) -> Result<FeedReading, Unreadable> {
    let text = text.get(start(text).unwrap_or(0)..).unwrap_or(text);
    let (feed, loss) = match values(text).into_iter().next() {
        Some(value) => (value, None),
        None => (closed(text).ok_or_else(|| Unreadable::new(Instead::OtherJson, "it is cut off or not well formed"))?, Some(Loss::Cut)),
    };
    let Some(items) = feed.get("items").and_then(Value::as_array) else {
        let said = ["error", "message", "detail", "title"].iter().find_map(|key| feed.get(key).and_then(Value::as_str));
        return Err(Unreadable::new(Instead::OtherJson, said.unwrap_or("it has no list of items")));
    };
    let mut reading = gather(items.iter().take(MAX_ITEMS).map(raw), base, now);
    reading.losses.extend(loss);
    reading.losses.extend((items.len() > MAX_ITEMS).then(|| Loss::OverLimit(items.len() - MAX_ITEMS)));
    reading.title = text_of(&feed, "title").map(|title| line(Some(&title), TITLE_CHARS)).filter(|title| !title.is_empty());
    Ok(reading)
}

fn raw(item: &Value) -> Raw {
    let first = |keys: &[&str]| keys.iter().find_map(|key| text_of(item, key));
    let authors = item.get("authors").and_then(Value::as_array).into_iter().flatten().chain(item.get("author"));
    Raw {
        guid: first(&["id"]),
        links: ["url", "external_url"].iter().filter_map(|key| text_of(item, key)).collect(),
        title: first(&["title"]),
        summary: first(&["summary", "content_text", "content_html"]),
        author: authors.filter_map(|author| text_of(author, "name")).next(),
        dates: ["date_published", "date_modified"].iter().filter_map(|key| moment(&text_of(item, key)?)).collect(),
    }
}

/// A text, or a number as text: ids are written as both.
fn text_of(value: &Value, key: &str) -> Option<String> {
    match value.get(key)? {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
