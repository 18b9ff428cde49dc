//! Sitemaps (sitemaps.org 0.9), their indexes, and news sitemaps with titles and dates.

use std::collections::HashSet;

use jiff::Timestamp;
use quick_xml::Reader;
use quick_xml::events::Event;
use url::Url;

use super::text_of;
use crate::model::day;
use crate::model::page::{FeedItem, Loss};
use crate::read::feed::MAX_FEED_BYTES;
use crate::read::feed::item::{TITLE_CHARS, address, line};
use crate::read::feed::mend_xml;
use crate::read::moment::moment;
use crate::read::unreadable::{Instead, Unreadable};

/// Addresses of one sitemap: the protocol's own limit.
const MAX_ITEMS: usize = 50_000;

/// Sitemaps named by one index.
const MAX_SITEMAPS: usize = 1_000;

/// Characters kept of one element.
const MAX_TEXT: usize = 4_096;

/// What a sitemap holds: stories, or more sitemaps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sitemap {
    pub items: Vec<FeedItem>,
    /// When each of them last changed, as it says; it was published before that.
    pub changed: Vec<Option<Timestamp>>,
    /// Of an index: those changed last first, then those without a date.
    pub sitemaps: Vec<Url>,
    /// How many of them bear a date.
    pub dated: usize,
    pub losses: Vec<Loss>,
}

impl Sitemap {
    /// The parts of an index to look at first: the newest; of those without a date the last, since most programs add at the end.
    pub fn first_parts(&self, most: usize) -> impl Iterator<Item = Url> + use<> {
        let dated = self.dated.min(most);
        let undated = (self.sitemaps.len() - self.dated).min(most - dated);
        let newest = self.sitemaps.iter().take(dated).chain(self.sitemaps.iter().rev().take(undated));
        newest.cloned().collect::<Vec<_>>().into_iter()
    }

    /// How many parts are left out of which nobody says that they are old.
    pub fn left_out(&self, most: usize) -> usize {
        (self.sitemaps.len() - self.dated).saturating_sub(most - self.dated.min(most))
    }
}

/// Reads a sitemap. A cut one gives the entries that are whole. `lastmod` is no date of publication and is left out.
pub fn sitemap(body: &[u8], now: Timestamp) -> Result<Sitemap, Unreadable> {
    if body.starts_with(b"\x1f\x8b") {
        return Err(Unreadable::new(Instead::Binary, "a gzip file"));
    }
    let xml = mend_xml(&text_of(body, MAX_FEED_BYTES)?);
    let mut reader = Reader::from_str(&xml);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut walk = Walk { now, ..Walk::default() };
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => walk.start(element.local_name().as_ref())?,
            Ok(Event::Text(part)) => walk.text(&part),
            Ok(Event::CData(part)) => walk.text(&part),
            Ok(Event::GeneralRef(name)) => walk.text(&format!("&{};", &*name)),
            Ok(Event::End(element)) => walk.end(element.name().as_ref()),
            Ok(Event::Eof) | Err(_) => return walk.found(),
            Ok(_) => {}
        }
    }
}

/// What is known halfway through a sitemap.
#[derive(Default)]
struct Walk {
    now: Timestamp,
    /// The root's name; empty before it.
    root: String,
    /// What stood before the root.
    before: String,
    is_closed: bool,
    text: String,
    entry: SitemapEntry,
    items: Vec<FeedItem>,
    changed: Vec<Option<Timestamp>>,
    sitemaps: Vec<(Option<Timestamp>, Url)>,
    over: usize,
    lost: usize,
}

impl Walk {
    fn start(&mut self, name: &str) -> Result<(), Unreadable> {
        self.text.clear();
        match name {
            _ if !self.root.is_empty() => {}
            "urlset" | "sitemapindex" => self.root = name.to_owned(),
            "html" | "head" | "body" => return Err(Unreadable::new(Instead::HtmlPage, "")),
            // A warning of the program that wrote it may stand before the root.
            _ if self.before.is_empty() => self.before = name.to_owned(),
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, part: &str) {
        if self.text.len() < MAX_TEXT {
            self.text.push_str(part);
        }
    }

    fn end(&mut self, name: &str) {
        let (prefix, local) = name.rsplit_once(':').unwrap_or(("", name));
        // Pictures and films have addresses and titles of their own.
        if self.root.is_empty() || matches!(prefix, "image" | "video" | "xhtml") {
            return;
        }
        match local {
            "loc" if self.entry.address.is_empty() => self.entry.address = line(Some(&self.text), MAX_TEXT),
            "title" if self.entry.title.is_empty() => self.entry.title = line(Some(&self.text), TITLE_CHARS),
            "publication_date" => self.entry.date = line(Some(&self.text), TITLE_CHARS),
            "lastmod" => self.entry.changed = line(Some(&self.text), TITLE_CHARS),
            "url" | "sitemap" => self.take(local),
            _ => self.is_closed |= local == self.root,
        }
    }

    fn take(&mut self, kind: &str) {
        let entry = std::mem::take(&mut self.entry);
        let (count, limit) = if kind == "url" { (self.items.len(), MAX_ITEMS) } else { (self.sitemaps.len(), MAX_SITEMAPS) };
        match entry.url() {
            None => self.lost += 1,
            Some(_) if count >= limit => self.over += 1,
            Some(url) if kind == "url" => {
                self.changed.push(moment(&entry.changed));
                self.items.push(entry.item(url, self.now));
            }
            Some(url) => self.sitemaps.push((moment(&entry.changed), url)),
        }
    }

    fn found(mut self) -> Result<Sitemap, Unreadable> {
        if self.root.is_empty() {
            let detail = if self.before.is_empty() { "no markup".to_owned() } else { format!("its root is <{}>", self.before) };
            return Err(Unreadable::new(Instead::UnknownFormat, detail));
        }
        self.sitemaps.sort_by_key(|(changed, _)| std::cmp::Reverse(*changed));
        let mut seen = HashSet::new();
        self.sitemaps.retain(|(_, url)| seen.insert(url.clone()));
        let losses = [
            (!self.is_closed).then_some(Loss::Cut),
            (self.over > 0).then_some(Loss::OverLimit(self.over)),
            (self.lost > 0).then_some(Loss::WithoutAddress(self.lost)),
        ];
        Ok(Sitemap {
            items: self.items,
            changed: self.changed,
            dated: self.sitemaps.iter().filter(|(changed, _)| changed.is_some()).count(),
            sitemaps: self.sitemaps.into_iter().map(|(_, url)| url).collect(),
            losses: losses.into_iter().flatten().collect(),
        })
    }
}

#[derive(Default)]
struct SitemapEntry {
    address: String,
    title: String,
    date: String,
    changed: String,
}

impl SitemapEntry {
    /// Addresses in a sitemap are whole.
    fn url(&self) -> Option<Url> {
        Url::parse(&self.address).ok().and_then(|url| address(url.as_str(), &url))
    }

    fn item(self, url: Url, now: Timestamp) -> FeedItem {
        FeedItem {
            key: url.to_string(),
            url: Some(url),
            published: moment(&self.date).filter(|at| day::is_plausible(*at, now)),
            title: self.title,
            ..FeedItem::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &[u8]) -> Result<Sitemap, Unreadable> {
        sitemap(body, "2026-08-01T00:00:00Z".parse().unwrap())
    }

    #[test]
    fn a_news_sitemap_has_titles_and_dates() {
        let xml = br#"<?xml version="1.0"?><urlset xmlns="x" xmlns:news="n" xmlns:image="i"><url><loc> https://a.example/1?a=1&amp;b=2 </loc><lastmod>2020-01-01</lastmod>
            <image:image><image:loc>https://a.example/p.jpg</image:loc><image:title>No</image:title></image:image></url>
            <url><loc>https://a.example/2</loc><news:news><news:publication><news:name>A</news:name></news:publication><news:publication_date>2026-07-13T09:30+01:00</news:publication_date>
            <news:title><![CDATA[Health & Care]]></news:title></news:news></url><url><loc>/relative</loc></url><url><loc>https://a.example/cut"#;
        let found = read(xml).unwrap();
        assert_eq!(found.items.len(), 2);
        assert_eq!(found.losses, [Loss::Cut, Loss::WithoutAddress(1)]);
        assert_eq!(found.items[0].key, "https://a.example/1?a=1&b=2");
        assert_eq!(found.items[0].published, None);
        assert_eq!(found.items[1].title, "Health & Care");
        assert_eq!(found.items[1].published.map(|at| at.to_string()).as_deref(), Some("2026-07-13T08:30:00Z"));
    }

    #[test]
    fn an_index_names_sitemaps() {
        let xml = b"<sitemapindex><sitemap><loc>https://a.example/s1.xml</loc></sitemap><sitemap><loc>javascript:x</loc></sitemap><sitemap><loc>https://a.example/s2.xml</loc><lastmod>2026-07-01</lastmod></sitemap><sitemap><loc>https://a.example/s3.xml</loc><lastmod>2026-07-13T09:00:00+01:00</lastmod></sitemap></sitemapindex>";
        let found = read(xml).unwrap();
        assert_eq!(
            found.sitemaps.iter().map(Url::as_str).collect::<Vec<_>>(),
            ["https://a.example/s3.xml", "https://a.example/s2.xml", "https://a.example/s1.xml"]
        );
    }

    #[test]
    fn a_part_that_is_named_twice_is_one() {
        let part = |name: &str, changed: &str| format!("<sitemap><loc>https://a.example/{name}</loc>{changed}</sitemap>");
        let many = part("a", "").repeat(500) + &part("b", "") + &part("a", "<lastmod>2026-07-01</lastmod>");
        let found = read(format!("<sitemapindex>{many}</sitemapindex>").as_bytes()).unwrap();
        assert_eq!((found.sitemaps.len(), found.dated, found.left_out(3)), (2, 1, 0));
        assert_eq!(found.sitemaps[0].path(), "/a");
    }

    #[test]
    fn what_is_no_sitemap_is_said() {
        let kind = |body: &[u8]| read(body).map_err(|error| error.kind).unwrap_err();
        assert_eq!(kind(b""), Instead::Empty);
        assert_eq!(kind(b"<!doctype html><html>"), Instead::HtmlPage);
        assert_eq!(kind(b"<rss></rss>"), Instead::UnknownFormat);
        assert_eq!(kind(b"\x1f\x8b\x08"), Instead::Binary);
        assert_eq!(kind(b"nothing"), Instead::UnknownFormat);
    }

    #[test]
    fn addresses_are_counted() {
        let xml = format!("<urlset>{}</urlset>", "<url><loc>https://a.example/</loc></url>".repeat(MAX_ITEMS + 1));
        let found = read(xml.as_bytes()).unwrap();
        assert_eq!((found.items.len(), found.losses), (MAX_ITEMS, vec![Loss::OverLimit(1)]));
        let rubbish = read(format!("<br />\n<b>Warning</b>: x<br />\n{xml}").as_bytes()).unwrap();
        assert_eq!(rubbish.items.len(), MAX_ITEMS);
    }
}
