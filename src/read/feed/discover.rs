//! Feeds that a page announces.

use scraper::Html;
use url::Url;

use crate::read::charset;
use crate::read::markup::{attr_url, base_of, select, tame};

/// Bytes looked at: announcements stand in the head.
const HEAD_BYTES: usize = 512 * 1024;

const MAX_FEEDS: usize = 20;

/// The addresses of the feeds that an HTML page names, in its order; those of comments last.
pub fn discover(page: &[u8], base: &Url) -> Vec<Url> {
    let text = charset::decode(page.get(..HEAD_BYTES).unwrap_or(page), None, true);
    let page = Html::parse_document(&tame(&text));
    let base = &base_of(&page, base);
    let mut found: Vec<Url> = Vec::new();
    for link in select(&page, "link[rel~='alternate'][href]") {
        let kind = link.attr("type").unwrap_or_default().to_ascii_lowercase();
        let is_feed = ["rss", "atom", "feed+json", "rdf"].iter().any(|word| kind.contains(word));
        if let Some(url) = attr_url(link, "href", base).filter(|url| is_feed && !found.contains(url)) {
            found.push(url);
        }
    }
    found.sort_by_key(|url| url.path().contains("comment"));
    found.truncate(MAX_FEEDS);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn announced_feeds_in_order_comments_last() {
        let page = br#"<link rel="alternate" type="application/rss+xml" href="/comments/feed/">
            <link rel="alternate" type="application/rss+xml" href="/feed/"><link rel=alternate type=application/atom+xml href="javascript:x">
            <link rel="alternate" hreflang="cy" href="/cy/"><link rel="stylesheet" type="application/rss+xml" href="/no">"#;
        let found = discover(page, &Url::parse("https://a.example/news/").unwrap());
        assert_eq!(found.iter().map(Url::as_str).collect::<Vec<_>>(), ["https://a.example/feed/", "https://a.example/comments/feed/"]);
        let based = discover(
            b"<base href='/site/'><link rel=alternate type=application/rss+xml href=feed.xml>",
            &Url::parse("https://a.example/news/").unwrap(),
        );
        assert_eq!(based.iter().map(Url::as_str).collect::<Vec<_>>(), ["https://a.example/site/feed.xml"]);
        assert!(discover(b"", &Url::parse("https://a.example/").unwrap()).is_empty());
    }
}
