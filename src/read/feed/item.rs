//! From what a reader gives to the items of the pipeline: plain text, safe addresses, stable keys.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use url::Url;
use xxhash_rust::xxh3::xxh3_128;

use super::prepare::QUIET_AT;
use crate::model::day;
use crate::model::page::{FeedItem, FeedReading, Loss};
use crate::model::text::{clean_line, folded, shorten};
use crate::read::markup::plain_text;

/// Characters of a title, a summary, an author, a key.
pub const TITLE_CHARS: usize = 500;
pub const SUMMARY_CHARS: usize = 3_000;
const AUTHOR_CHARS: usize = 120;
const KEY_CHARS: usize = 500;

/// Doubts told of one list.
const MAX_DOUBTS: usize = 10;

/// Bytes of markup that a summary is taken from.
const MARKUP_BYTES: usize = 64 * 1024;

/// An item as a reader gives it.
#[derive(Debug, Default)]
pub struct Raw {
    pub guid: Option<String>,
    /// Best first.
    pub links: Vec<String>,
    pub title: Option<String>,
    pub summary: Option<String>,
    pub author: Option<String>,
    /// Best first: one that no story can be of gives way to the next.
    pub dates: Vec<Timestamp>,
}

impl Raw {
    /// With the `@` that was kept from the readers.
    fn marked(self) -> Self {
        let mark = |text: String| if text.contains(QUIET_AT) { text.replace(QUIET_AT, "@") } else { text };
        Self {
            guid: self.guid.map(mark),
            links: self.links.into_iter().map(mark).collect(),
            title: self.title.map(mark),
            summary: self.summary.map(mark),
            author: self.author.map(mark),
            dates: self.dates,
        }
    }

    /// True where there is nothing by which a story could be known.
    pub fn is_empty(&self) -> bool {
        let is_blank = |text: &Option<String>| text.as_ref().is_none_or(|text| text.trim().is_empty());
        self.links.is_empty() && is_blank(&self.guid) && is_blank(&self.title)
    }

    /// The item; dates that no story can have are left out with a doubt.
    fn finish(self, base: &Url, now: Timestamp, left_out: &mut Vec<Timestamp>) -> FeedItem {
        let guid = self.guid.map(|guid| clean_line(&guid)).filter(|guid| !guid.is_empty());
        let url = self.links.iter().find_map(|link| address(link, base)).or_else(|| guid.as_deref().and_then(permalink));
        let title = line(self.title.as_deref(), TITLE_CHARS);
        let published = self.dates.iter().copied().find(|at| day::is_plausible(*at, now));
        if let (None, Some(at)) = (published, self.dates.first()) {
            left_out.push(*at);
        }
        FeedItem {
            key: key(guid.as_deref(), url.as_ref(), &title, published),
            url,
            summary: line(self.summary.as_deref(), SUMMARY_CHARS),
            author: Some(line(self.author.as_deref(), AUTHOR_CHARS)).map(|author| name(&author)).filter(|author| !author.is_empty()),
            title,
            published,
        }
    }
}

/// The list of these items: once each, those without an address counted and left out.
pub fn gather(raws: impl IntoIterator<Item = Raw>, base: &Url, now: Timestamp) -> FeedReading {
    let mut reading = FeedReading::default();
    let mut seen = HashSet::new();
    let (mut unreadable, mut lost, mut left_out) = (0, 0, Vec::new());
    for raw in raws.into_iter().map(Raw::marked) {
        if raw.is_empty() {
            unreadable += 1;
            continue;
        }
        let item = raw.finish(base, now, &mut left_out);
        if item.url.is_none() {
            lost += 1;
        } else if seen.insert((item.key.clone(), item.url.clone())) {
            reading.items.push(item);
        }
    }
    reading.doubts = date_doubts(&left_out, now);
    reading.losses.extend((unreadable > 0).then_some(Loss::Unreadable(unreadable)));
    reading.losses.extend((lost > 0).then_some(Loss::WithoutAddress(lost)));
    reading
}

/// What is told of dates that no story can have: how many items a day. No title: nothing of a story that is deleted for good
/// may stand elsewhere.
fn date_doubts(dates: &[Timestamp], now: Timestamp) -> Vec<String> {
    let mut days: BTreeMap<String, usize> = BTreeMap::new();
    for at in dates {
        let why = if day::is_ahead(*at, now) { ", in the future" } else { "" };
        *days.entry(format!("dated {}{why}", at.strftime("%Y-%m-%d"))).or_default() += 1;
    }
    let told = |(dated, n): (String, usize)| match n {
        1 => format!("1 item is {dated}: date left out"),
        n => format!("{n} items are {dated}: dates left out"),
    };
    days.into_iter().map(told).take(MAX_DOUBTS).collect()
}

/// One plain line of at most `limit` characters.
pub fn line(markup: Option<&str>, limit: usize) -> String {
    let markup = markup.unwrap_or_default();
    let mut end = markup.len().min(MARKUP_BYTES);
    while !markup.is_char_boundary(end) {
        end -= 1;
    }
    shorten(&plain_text(markup.get(..end).unwrap_or_default()), limit)
}

/// An http(s) address without user info; a relative one, also a bare word, belongs to `base`.
pub fn address(link: &str, base: &Url) -> Option<Url> {
    let link = link.trim();
    let is_prose = link.contains(char::is_whitespace) && !link.contains("://") && !link.starts_with('/');
    if link.is_empty() || link.starts_with('#') || is_prose {
        return None;
    }
    // "www.example.org/a" is how people write an address, and no page beside the feed.
    let link = if link.starts_with("www.") { format!("//{link}") } else { link.to_owned() };
    base.join(&link).ok().filter(is_fetchable)
}

/// The address in a guid. A guid is a name first of all: only one that is a whole address can be a page.
fn permalink(guid: &str) -> Option<Url> {
    Url::parse(guid).ok().filter(is_fetchable)
}

fn is_fetchable(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty() && url.password().is_none()
}

/// The guid, else the address, else a hash of title and date.
///
/// BBC and GOV.UK hang a number or a time to the guid at every update (`…#1`, `…#2026-01-31T09:30:00Z`): it is left out.
fn key(guid: Option<&str>, url: Option<&Url>, title: &str, published: Option<Timestamp>) -> String {
    let without_update = |guid: &str| match guid.rsplit_once('#') {
        Some((before, mark)) if guid.contains("://") && mark.bytes().all(|byte| byte.is_ascii_digit() || b"-:.TZ+".contains(&byte)) => {
            before.to_owned()
        }
        _ => guid.to_owned(),
    };
    let key = guid.map(without_update).or_else(|| url.map(Url::to_string)).unwrap_or_default();
    let hash = |text: &str| format!("h-{:032x}", xxh3_128(text.as_bytes()));
    match key.chars().count() {
        0 => hash(&format!("{}\n{}", folded(title), published.map(|at| at.to_string()).unwrap_or_default())),
        1..=KEY_CHARS => key,
        _ => hash(&key),
    }
}

/// "news@example.org (Ann Other)" is Ann Other, also where a reader has taken the address out; an address alone is nobody.
fn name(author: &str) -> String {
    let in_brackets = author.split_once('(').and_then(|(before, rest)| Some((before.trim(), rest.split(')').next()?.trim())));
    match in_brackets {
        Some((before, name)) if before.is_empty() || before.contains('@') => name.to_owned(),
        _ if author.contains('@') => String::new(),
        _ => author.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        Url::parse("https://news.example/feed/").unwrap()
    }

    #[test]
    fn only_web_addresses() {
        for (link, expected) in [
            ("https://a.example/x", Some("https://a.example/x")),
            ("/x?y=1", Some("https://news.example/x?y=1")),
            ("x/y", Some("https://news.example/feed/x/y")),
            ("javascript:alert(1)", None),
            ("file:///etc/passwd", None),
            ("data:text/html,x/y", None),
            ("https://user:pw@a.example/", None),
            ("tag:a.example,2020:1", None),
            ("12345", Some("https://news.example/feed/12345")),
            ("told-to-act.html", Some("https://news.example/feed/told-to-act.html")),
            ("www.other.example/a", Some("https://www.other.example/a")),
            ("not known yet", None),
            ("#top", None),
            ("", None),
        ] {
            assert_eq!(address(link, &base()).as_ref().map(Url::as_str), expected, "{link}");
        }
    }

    #[test]
    fn a_guid_is_a_page_only_where_it_is_a_whole_address() {
        assert_eq!(permalink("https://a.example/p").as_ref().map(Url::as_str), Some("https://a.example/p"));
        for guid in ["/p", "news/7", "leeds-story", "tag:a.example,2020:1", "urn:x"] {
            assert_eq!(permalink(guid), None, "{guid}");
        }
    }

    #[test]
    fn items_without_address_or_content_are_counted() {
        let raw = |title: &str, link: &str| Raw { title: Some(title.to_owned()), links: vec![link.to_owned()], ..Raw::default() };
        let now = "2026-07-14T09:00:00Z".parse().unwrap();
        let reading =
            gather([raw("A", "/a"), raw("B", "javascript:x"), raw("C", "file:///x"), Raw::default(), raw("A", "/a")], &base(), now);
        assert_eq!(reading.items.len(), 1);
        assert_eq!(reading.losses, [Loss::Unreadable(1), Loss::WithoutAddress(2)]);
        assert_eq!(reading.doubts, Vec::<String>::new(), "the loss says it");
    }

    #[test]
    fn one_guid_on_two_addresses_is_two_items() {
        let raw = |link: &str| Raw { guid: Some("N/A".to_owned()), links: vec![link.to_owned()], ..Raw::default() };
        assert_eq!(gather([raw("/a"), raw("/b"), raw("/a")], &base(), Timestamp::MAX).items.len(), 2);
    }

    #[test]
    fn a_date_that_cannot_be_gives_way_to_the_next() {
        let (old, good) = (Timestamp::UNIX_EPOCH, "2026-07-13T09:00:00Z".parse().unwrap());
        let now = "2026-07-14T09:00:00Z".parse().unwrap();
        let read = |dates: Vec<Timestamp>| {
            gather([Raw { title: Some("A".to_owned()), links: vec!["/a".to_owned()], dates, ..Raw::default() }], &base(), now)
        };
        assert_eq!(read(vec![old, good]).items[0].published, Some(good));
        let reading = read(vec![old]);
        assert_eq!((reading.items[0].published, reading.doubts), (None, vec!["1 item is dated 1970-01-01: date left out".to_owned()]));
        let raw = |link: &str| Raw { title: Some("A".to_owned()), links: vec![link.to_owned()], dates: vec![old], ..Raw::default() };
        let told = gather([raw("/a"), raw("/b")], &base(), now).doubts;
        assert_eq!(told, ["2 items are dated 1970-01-01: dates left out"], "without a word of the items themselves");
    }

    #[test]
    fn keys_by_rule() {
        let url = Url::parse("https://a.example/x").unwrap();
        assert_eq!(key(Some("https://a.example/x#3"), None, "", None), "https://a.example/x");
        assert_eq!(key(Some("https://a.example/x#2026-01-31T09:30:00Z"), None, "", None), "https://a.example/x");
        assert_eq!(key(Some("https://a.example/x#top"), None, "", None), "https://a.example/x#top");
        assert_eq!(key(Some("id#3"), Some(&url), "", None), "id#3");
        assert_eq!(key(None, Some(&url), "", None), "https://a.example/x");
        let hashed = key(None, None, "Title", None);
        assert_eq!(hashed, key(None, None, "TITLE", None));
        assert_ne!(hashed, key(None, None, "Other", None));
        assert_eq!(key(Some(&"g".repeat(501)), None, "", None).len(), 34);
    }

    #[test]
    fn names_without_mail_addresses() {
        assert_eq!(name("news@a.example (Ann Other)"), "Ann Other");
        assert_eq!(name("news@a.example"), "");
        assert_eq!(name("(Ann Other)"), "Ann Other");
        assert_eq!(name("Ann Other (Leeds)"), "Ann Other (Leeds)");
    }
}
