//! Sitemaps (sitemaps.org 0.9), their indexes, and news sitemaps with titles and dates.

use quick_xml::Reader;
use quick_xml::events::Event;
use url::Url;

use super::page_text;
use crate::model::page::FeedItem;
use crate::read::feed::dates;
use crate::read::feed::item::{TITLE_CHARS, address, line};
use crate::read::feed::mend_xml;
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
    /// Of an index, in its order.
    pub sitemaps: Vec<Url>,
}

/// Reads a sitemap. A cut one gives the entries that are whole. `lastmod` is no date of publication and is left out.
pub fn sitemap(body: &[u8]) -> Result<Sitemap, Unreadable> {
    if body.starts_with(b"\x1f\x8b") {
        return Err(Unreadable::new(Instead::Binary, "a gzip file"));
    }
    let xml = mend_xml(&page_text(body)?);
    let mut reader = Reader::from_str(&xml);
    reader.config_mut().check_end_names = false;
    let mut found = Sitemap::default();
    let (mut entry, mut text, mut root) = (Entry::default(), String::new(), String::new());
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => {
                let name = element.local_name().as_ref().to_owned();
                if root.is_empty() {
                    root = name;
                    if root != "urlset" && root != "sitemapindex" {
                        let kind = if root == "html" { Instead::HtmlPage } else { Instead::UnknownFormat };
                        return Err(Unreadable::new(kind, format!("its root is <{root}>")));
                    }
                }
                text.clear();
            }
            Ok(Event::Text(part)) if text.len() < MAX_TEXT => text.push_str(&part),
            Ok(Event::CData(part)) if text.len() < MAX_TEXT => text.push_str(&part),
            Ok(Event::GeneralRef(name)) if text.len() < MAX_TEXT => text.push_str(&format!("&{};", &*name)),
            Ok(Event::End(element)) => match element.local_name().as_ref().to_owned().as_str() {
                // An image's own loc has the same local name: the first one counts.
                "loc" if entry.address.is_empty() => entry.address = line(Some(&text), MAX_TEXT),
                "title" if entry.title.is_empty() => entry.title = line(Some(&text), TITLE_CHARS),
                "publication_date" => entry.date = line(Some(&text), TITLE_CHARS),
                "url" if found.items.len() < MAX_ITEMS => found.items.extend(std::mem::take(&mut entry).item()),
                "sitemap" if found.sitemaps.len() < MAX_SITEMAPS => found.sitemaps.extend(std::mem::take(&mut entry).url()),
                "url" | "sitemap" => entry = Entry::default(),
                _ => {}
            },
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    if root.is_empty() {
        return Err(Unreadable::new(Instead::UnknownFormat, "no markup"));
    }
    Ok(found)
}

#[derive(Default)]
struct Entry {
    address: String,
    title: String,
    date: String,
}

impl Entry {
    fn url(&self) -> Option<Url> {
        // Addresses in a sitemap are whole: a relative one has no base.
        address(&self.address, &Url::parse("https://none.invalid/").ok()?).filter(|url| url.host_str() != Some("none.invalid"))
    }

    fn item(self) -> Option<FeedItem> {
        let url = self.url()?;
        Some(FeedItem {
            key: url.to_string(),
            url: Some(url),
            published: dates::moment(&self.date),
            title: self.title,
            ..FeedItem::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_news_sitemap_has_titles_and_dates() {
        let xml = br#"<?xml version="1.0"?><urlset xmlns="x" xmlns:news="n" xmlns:image="i"><url><loc> https://a.example/1?a=1&amp;b=2 </loc><lastmod>2020-01-01</lastmod>
            <image:image><image:loc>https://a.example/p.jpg</image:loc><image:title>No</image:title></image:image></url>
            <url><loc>https://a.example/2</loc><news:news><news:publication><news:name>A</news:name></news:publication><news:publication_date>2026-07-13T09:30+01:00</news:publication_date>
            <news:title><![CDATA[Health & Care]]></news:title></news:news></url><url><loc>/relative</loc></url><url><loc>https://a.example/cut"#;
        let found = sitemap(xml).unwrap();
        assert_eq!(found.items.len(), 2);
        assert_eq!(found.items[0].key, "https://a.example/1?a=1&b=2");
        assert_eq!(found.items[0].published, None);
        assert_eq!(found.items[1].title, "Health & Care");
        assert_eq!(found.items[1].published.map(|at| at.to_string()).as_deref(), Some("2026-07-13T08:30:00Z"));
    }

    #[test]
    fn an_index_names_sitemaps() {
        let xml = b"<sitemapindex><sitemap><loc>https://a.example/s1.xml</loc></sitemap><sitemap><loc>javascript:x</loc></sitemap></sitemapindex>";
        let found = sitemap(xml).unwrap();
        assert_eq!(found.sitemaps.iter().map(Url::as_str).collect::<Vec<_>>(), ["https://a.example/s1.xml"]);
    }

    #[test]
    fn what_is_no_sitemap_is_said() {
        let kind = |body: &[u8]| sitemap(body).map_err(|error| error.kind).unwrap_err();
        assert_eq!(kind(b""), Instead::Empty);
        assert_eq!(kind(b"<!doctype html><html>"), Instead::HtmlPage);
        assert_eq!(kind(b"<rss></rss>"), Instead::UnknownFormat);
        assert_eq!(kind(b"\x1f\x8b\x08"), Instead::Binary);
        assert_eq!(kind(b"nothing"), Instead::UnknownFormat);
    }

    #[test]
    fn addresses_are_counted() {
        let xml = format!("<urlset>{}</urlset>", "<url><loc>https://a.example/</loc></url>".repeat(MAX_ITEMS + 1));
        assert_eq!(sitemap(xml.as_bytes()).unwrap().items.len(), MAX_ITEMS);
    }
}
