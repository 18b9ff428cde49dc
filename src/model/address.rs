//! A canonical address: the key under which two addresses are one story.

use serde::{Deserialize, Serialize};
use url::Url;

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
}
