//! Feeds: RSS, Atom, RDF and JSON Feed, also sloppy, hostile or cut ones.

mod clean;
mod discover;
pub mod item;
mod json;
mod prepare;
mod readers;
mod rough;
mod skips;
mod tags;

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

pub(super) use self::clean::clean as mend_xml;
pub use self::discover::discover;
pub use self::prepare::MAX_ITEMS;
use self::prepare::{PreparedFeed, QUIET_AT};
use self::readers::Parsed;
use super::charset;
use super::markup::{Token, Tokens, plain_text};
use super::unreadable::{Instead, Unreadable};
use super::wall;
use crate::model::page::{FeedReading, Loss};
use crate::model::text::{clean_line, shorten};

/// Bytes of a feed that are read; the rest is cut off. Real ones stay below 3 MB.
pub const MAX_FEED_BYTES: usize = 15 * 1024 * 1024;

/// The longest wait that a feed can ask for; RSS has had ttl values of years.
const MAX_TTL: Duration = Duration::from_secs(7 * 24 * 3_600);

/// Reads a feed that was fetched from `base`. What it may have missed stands in its losses.
pub fn read(bytes: &[u8], media_type: Option<&str>, charset: Option<&str>, base: &Url, now: Timestamp) -> Result<FeedReading, Unreadable> {
    if bytes.trim_ascii().is_empty() {
        return Err(Unreadable::new(Instead::Empty, ""));
    }
    let kept = bytes.get(..MAX_FEED_BYTES).unwrap_or(bytes);
    let text = charset::decode(kept, charset, false);
    if json::is_feed(&text) {
        return json::read(&text, base, now);
    }
    match prepare::prepare(&text) {
        Some(prepared) => read_xml(prepared, base, now),
        None => Err(instead(&text, media_type.unwrap_or_default())),
    }
}

fn read_xml(prepared: PreparedFeed, base: &Url, now: Timestamp) -> Result<FeedReading, Unreadable> {
    let (parsed, doubt) = parsed(&prepared, base)?;
    let ttl = parsed.ttl_minutes.map(|minutes| Duration::from_secs(minutes.saturating_mul(60)));
    let mut reading = item::gather(parsed.items, base, now);
    reading.title =
        parsed.title.map(|title| item::line(Some(&title.replace(QUIET_AT, "@")), item::TITLE_CHARS)).filter(|title| !title.is_empty());
    reading.ttl = ttl.max(update_period(&prepared.xml)).filter(|ttl| !ttl.is_zero()).map(|ttl| ttl.min(MAX_TTL));
    reading.skips = skips::of(&prepared.xml);
    reading.losses.extend(prepared.losses);
    reading.losses.extend((parsed.unreadable > 0).then_some(Loss::Unreadable(parsed.unreadable)));
    if doubt.is_some() {
        reading.losses.iter_mut().for_each(|loss| *loss = loss.in_broken_markup());
    }
    reading.doubts.extend(doubt);
    reading.doubts.iter_mut().for_each(|doubt| *doubt = clean_line(doubt));
    Ok(reading)
}

/// The whole feed by the strict reader; item by item where that refuses it or passes items over. A doubt says so.
fn parsed(prepared: &PreparedFeed, base: &Url) -> Result<(Parsed, Option<String>), Unreadable> {
    let whole = readers::whole(&prepared.xml, base);
    let there = tags::items(&prepared.xml).len().min(MAX_ITEMS);
    if let Ok(parsed) = &whole
        && parsed.items.len() >= there
    {
        return Ok((whole.unwrap_or_default(), None));
    }
    let each = readers::each(prepared, base);
    match whole {
        Ok(parsed) if parsed.items.len() >= each.items.len() => Ok((parsed, None)),
        Ok(parsed) => Ok((Parsed { title: parsed.title, ttl_minutes: parsed.ttl_minutes, ..each }, None)),
        Err(error) if each.items.is_empty() && there > 0 => Err(Unreadable::new(Instead::UnknownFormat, error)),
        Err(error) => Ok((each, Some(format!("not well formed ({}): read item by item", shorten(&error, 80))))),
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

/// `sy:updatePeriod` by `sy:updateFrequency` (RSS 1.0 syndication module), under whatever prefix.
fn update_period(xml: &str) -> Option<Duration> {
    let end = ["<item>", "<item "].iter().filter_map(|item| xml.find(item)).min().unwrap_or(xml.len());
    let head = xml.get(..end).unwrap_or_default();
    let value = |name: &str| {
        let (attributes, rest) = head.split_once(&format!(":{name}"))?.1.split_once('>')?;
        let (value, _) = rest.split_once("</").filter(|_| !attributes.ends_with('/'))?;
        Some(value.trim().to_lowercase())
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
