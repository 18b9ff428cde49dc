//! Feeds: RSS, Atom, RDF and JSON Feed, also sloppy, hostile or cut ones.

pub mod dates;
mod discover;
pub mod item;
mod prepare;
mod readers;

use std::collections::HashSet;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

pub use self::discover::discover;
pub use self::prepare::MAX_ITEMS;
pub(super) use self::prepare::clean as mend_xml;
use self::readers::Parsed;
use super::charset;
use super::markup::{Token, Tokens, plain_text};
use super::patience::with_patience;
use super::unreadable::{Instead, Unreadable};
use super::wall;
use crate::model::page::FeedReading;
use crate::model::text::shorten;

/// Bytes of a feed that are read; the rest is cut off. Real ones stay below 3 MB.
pub const MAX_FEED_BYTES: usize = 15 * 1024 * 1024;

/// The longest wait that a feed can ask for; RSS has had ttl values of years.
const MAX_TTL: Duration = Duration::from_secs(7 * 24 * 3_600);

/// Doubts told of one feed.
const MAX_DOUBTS: usize = 10;

/// For one feed; they take some milliseconds.
const PATIENCE: Duration = Duration::from_secs(20);

/// Tries at closing a cut JSON feed.
const JSON_TRIES: usize = 20;

/// Reads a feed that was fetched from `base`.
pub fn read(bytes: &[u8], media_type: Option<&str>, charset: Option<&str>, base: &Url, now: Timestamp) -> Result<FeedReading, Unreadable> {
    if bytes.trim_ascii().is_empty() {
        return Err(Unreadable::new(Instead::Empty, ""));
    }
    let kept = bytes.get(..MAX_FEED_BYTES).unwrap_or(bytes);
    let text = charset::decode(kept, charset, false);
    let (media_type, base) = (media_type.unwrap_or_default().to_owned(), base.clone());
    with_patience(PATIENCE, move || read_text(&text, &media_type, &base, now))?
}

fn read_text(text: &str, media_type: &str, base: &Url, now: Timestamp) -> Result<FeedReading, Unreadable> {
    let (parsed, mut doubts, asked) = if text.trim_start().starts_with(['{', '[']) {
        let (parsed, doubts) = read_json(text)?;
        (parsed, doubts, None)
    } else {
        let Some(prepared) = prepare::prepare(text) else { return Err(instead(text, media_type)) };
        let mut doubts = prepared.doubts;
        let parsed = match readers::first(&prepared.xml) {
            Ok(parsed) if !parsed.items.is_empty() => parsed,
            first => {
                let second = readers::second(&prepared.xml).unwrap_or_default();
                if let (Err(error), false) = (&first, second.items.is_empty()) {
                    doubts.push(format!("not well formed ({}): read leniently", shorten(error, 80)));
                }
                match first {
                    Err(error) if second.items.is_empty() && prepared.xml.contains("<item") => {
                        return Err(Unreadable::new(Instead::UnknownFormat, error));
                    }
                    Ok(first) if second.items.is_empty() => first,
                    _ => second,
                }
            }
        };
        (parsed, doubts, update_period(&prepared.xml))
    };
    let mut seen = HashSet::new();
    let items = parsed
        .items
        .into_iter()
        .map(|raw| raw.finish(base, now, &mut doubts))
        .filter(|item| !(item.title.is_empty() && item.url.is_none()));
    let items: Vec<_> = items.filter(|item| seen.insert(item.key.clone())).collect();
    doubts.iter_mut().for_each(|doubt| *doubt = plain_line(doubt));
    doubts.truncate(MAX_DOUBTS);
    let ttl = parsed.ttl_minutes.map(|minutes| Duration::from_secs(minutes.saturating_mul(60)));
    Ok(FeedReading {
        title: parsed.title.map(|title| item::line(Some(&title), item::TITLE_CHARS)).filter(|title| !title.is_empty()),
        items,
        ttl: ttl.max(asked).filter(|ttl| !ttl.is_zero()).map(|ttl| ttl.min(MAX_TTL)),
        doubts,
    })
}

fn plain_line(text: &str) -> String {
    crate::model::text::clean_line(text)
}

/// A JSON Feed, also one whose end is missing.
fn read_json(text: &str) -> Result<(Parsed, Vec<String>), Unreadable> {
    let shape = serde_json::from_str::<serde_json::Value>(text);
    let text = text.trim_start_matches('\u{feff}');
    if let Ok(value) = &shape {
        if value.get("items").and_then(|items| items.as_array()).is_none() {
            let said = ["error", "message", "detail", "title"].iter().find_map(|key| value.get(key).and_then(|said| said.as_str()));
            return Err(Unreadable::new(Instead::OtherJson, said.unwrap_or("it has no list of items")));
        }
        let parsed = readers::first(text).or_else(|_| readers::second(text)).map_err(|error| Unreadable::new(Instead::OtherJson, error))?;
        return Ok((parsed, Vec::new()));
    }
    let ends = text.rmatch_indices('}').map(|(at, _)| at).take(JSON_TRIES);
    let closed = ends
        .filter_map(|at| text.get(..=at))
        .map(|part| format!("{part}]}}"))
        .find(|part| serde_json::from_str::<serde_json::Value>(part).is_ok());
    let parsed = closed.and_then(|part| readers::first(&part).ok()).filter(|parsed| !parsed.items.is_empty());
    match parsed {
        Some(parsed) => Ok((parsed, vec!["the feed is cut off: only whole items are read".to_owned()])),
        None => Err(Unreadable::new(Instead::OtherJson, "it is cut off or not well formed")),
    }
}

/// What a text without a feed's root is.
fn instead(text: &str, media_type: &str) -> Unreadable {
    let mut tags = Tokens::new(text).filter_map(|token| match token {
        Token::Start { name, .. } | Token::Raw { name, .. } => Some(name),
        _ => None,
    });
    let first = tags.next().unwrap_or_default();
    let is_html = matches!(first.as_str(), "html" | "head" | "body" | "title" | "meta" | "script" | "div" | "p" | "h1")
        || media_type == "text/html"
        || text.to_ascii_lowercase().contains("<!doctype html");
    if is_html {
        let title = text
            .split_once("<title")
            .and_then(|(_, rest)| rest.split_once('>'))
            .and_then(|(_, rest)| rest.split_once("</"))
            .map(|(title, _)| plain_text(title))
            .unwrap_or_default();
        if let Some(sign) = wall::challenge(text, &title, 0) {
            return Unreadable::new(Instead::BotChallenge, sign);
        }
        let detail = if title.is_empty() { String::new() } else { format!("titled “{title}”") };
        return Unreadable::new(Instead::HtmlPage, detail);
    }
    if text.starts_with("%PDF-") {
        return Unreadable::new(Instead::Binary, "a PDF");
    }
    let detail = if first.is_empty() { "no markup".to_owned() } else { format!("its root is <{first}>") };
    Unreadable::new(Instead::UnknownFormat, detail)
}

/// `sy:updatePeriod` by `sy:updateFrequency` (RSS 1.0 syndication module).
fn update_period(xml: &str) -> Option<Duration> {
    let head = xml.split("<item").next().unwrap_or_default();
    let value = |name: &str| {
        head.split_once(&format!("<sy:{name}>")).and_then(|(_, rest)| rest.split_once("</")).map(|(value, _)| value.trim().to_lowercase())
    };
    let seconds: u64 = match value("updatePeriod")?.as_str() {
        "hourly" => 3_600,
        "daily" => 86_400,
        "weekly" => 7 * 86_400,
        "monthly" => 30 * 86_400,
        "yearly" => 365 * 86_400,
        _ => return None,
    };
    let times = value("updateFrequency").and_then(|times| times.parse::<u64>().ok()).unwrap_or(1).max(1);
    Some(Duration::from_secs(seconds / times))
}
