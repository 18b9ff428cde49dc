//! From what a reader gives to the items of the pipeline: plain text, safe addresses, stable keys.

use jiff::Timestamp;
use url::Url;
use xxhash_rust::xxh3::xxh3_128;

use super::dates;
use crate::model::page::FeedItem;
use crate::model::text::{clean_line, folded, shorten};
use crate::read::markup::plain_text;

/// Characters of a title, a summary, an author, a key.
pub const TITLE_CHARS: usize = 500;
pub const SUMMARY_CHARS: usize = 3_000;
const AUTHOR_CHARS: usize = 120;
const KEY_CHARS: usize = 500;

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
    pub published: Option<Timestamp>,
}

impl Raw {
    /// The item; dates too far ahead of `now` are left out with a doubt.
    pub fn finish(self, base: &Url, now: Timestamp, doubts: &mut Vec<String>) -> FeedItem {
        let guid = self.guid.map(|guid| clean_line(&guid)).filter(|guid| !guid.is_empty());
        let url = self.links.iter().chain(&guid).find_map(|link| address(link, base));
        let title = line(self.title.as_deref(), TITLE_CHARS);
        let published = self.published.filter(|at| {
            let ahead = dates::is_ahead(*at, now);
            if ahead {
                doubts.push(format!("“{}” is dated {}, in the future: date left out", shorten(&title, 60), at.strftime("%Y-%m-%d")));
            }
            !ahead
        });
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

/// One plain line of at most `limit` characters.
pub fn line(markup: Option<&str>, limit: usize) -> String {
    let markup = markup.unwrap_or_default();
    let mut end = markup.len().min(MARKUP_BYTES);
    while !markup.is_char_boundary(end) {
        end -= 1;
    }
    shorten(&plain_text(markup.get(..end).unwrap_or_default()), limit)
}

/// An http(s) address without user info; relative ones belong to `base`. A bare word is no address.
pub fn address(link: &str, base: &Url) -> Option<Url> {
    let link = link.trim();
    let is_address =
        link.contains("://") || link.starts_with('/') || link.starts_with('?') || (link.contains('/') && !link.contains([' ', ':']));
    if link.is_empty() || !is_address {
        return None;
    }
    base.join(link)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty() && url.password().is_none())
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
            ("12345", None),
            ("", None),
        ] {
            assert_eq!(address(link, &base()).as_ref().map(Url::as_str), expected, "{link}");
        }
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
