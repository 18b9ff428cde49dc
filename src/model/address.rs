//! Addresses: the key under which two of them are one story, and how one is shown without its secrets.

use serde::{Deserialize, Serialize};
use url::Url;

use super::text::clean_line;

/// Host, path and query without scheme, brand prefixes, tracking and variants: `bournemouthecho.co.uk/news/15690215.slug`.
///
/// It is a key and not always an address that answers; a story keeps the real one beside it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Address(pub String);

impl Address {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The last part of an address's path, which stays when a session stands before or behind it; none for a program's name, which
/// is the end of all addresses there.
pub fn end(url: &Url) -> Option<&str> {
    let path = url.path().split(';').next()?;
    path.trim_end_matches('/').rsplit('/').next().filter(|end| !end.is_empty() && !end.contains('.'))
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// An address for logs and messages: no user info, no fragment, and names but no values in its query.
pub fn shown(url: &Url) -> String {
    let mut shown = url.clone();
    shown.set_fragment(None);
    // Both fail only for addresses that cannot carry user info at all.
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    if let Some(query) = url.query() {
        let names: Vec<String> =
            query.split('&').map(|pair| pair.split_once('=').map_or(pair.to_owned(), |(name, _)| format!("{name}=…"))).collect();
        shown.set_query(None);
        return format!("{shown}?{}", names.join("&"));
    }
    shown.to_string()
}

/// The same for an address that is kept as text.
pub fn shown_text(url: &str) -> String {
    Url::parse(url).map_or_else(|_| clean_line(url), |url| shown(&url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_an_address_stays_where_a_session_changes() {
        for (url, wanted) in [
            ("https://a.example/news/leeds?sid=1", Some("leeds")),
            ("https://a.example/s/00a1/leeds/", Some("leeds")),
            ("https://a.example/news/leeds;jsessionid=00A1", Some("leeds")),
            ("https://a.example/story.php?id=7", None),
            ("https://a.example/?p=7", None),
        ] {
            assert_eq!(end(&Url::parse(url).unwrap()), wanted, "{url}");
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let url = Url::parse("https://anna:geheim@example.org/feed?key=abc&flag&x=1=2#part").unwrap();
        assert_eq!(shown(&url), "https://example.org/feed?key=…&flag&x=…");
        assert_eq!(shown(&Url::parse("https://example.org/feed").unwrap()), "https://example.org/feed");
        assert_eq!(shown(&Url::parse("data:text/plain,x").unwrap()), "data:text/plain,x");
    }
}
