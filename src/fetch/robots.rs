//! robots.txt (RFC 9309): fetched once a run for each origin, and obeyed.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use robotxt::{Agent, Robots};
use tokio::sync::OnceCell;
use url::Url;

use super::body::Limit;
use super::client::Page;
use super::outcome::host_of;
use crate::model::fetched::{Failure, FailureKind};

/// The name by which a robots.txt can speak to us.
pub const PRODUCT_TOKEN: &str = "tieback";

/// RFC 9309, section 2.5: at least 500 KiB must be read; what lies beyond is left unread.
pub const LIMIT: Limit = Limit::cut_at(robotxt::BYTE_LIMIT);

type Verdict = Result<Robots, Failure>;

/// The robots.txt files seen in a run.
#[derive(Default)]
pub struct RobotsFiles {
    known: Mutex<HashMap<String, Arc<OnceCell<Verdict>>>>,
}

impl RobotsFiles {
    /// The rules for an address; `fetch` is called by the first who asks for an origin, and the others wait for it.
    pub async fn of<F, Fut>(&self, url: &Url, fetch: F) -> Verdict
    where
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<Page, Failure>>,
    {
        let cell = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(url.origin().ascii_serialization()).or_default())
        };
        cell.get_or_init(|| async { verdict(fetch().await) }).await.clone()
    }
}

/// Where the robots.txt for an address stands.
pub fn address(url: &Url) -> Result<Url, Failure> {
    robotxt::robots_url(url).map_err(|_| Failure::new(FailureKind::BadAddress, "the address names no host"))
}

/// Refuses what the rules forbid.
pub fn check(rules: &Robots, url: &Url) -> Result<(), Failure> {
    if rules.is_url_allowed(url) {
        return Ok(());
    }
    Err(Failure::new(FailureKind::Robots, format!("robots.txt of {} forbids this address", host_of(url))))
}

/// The file with the names of its groups cut to their product tokens: a group for `tieback/0.1` is one for `tieback`
/// (RFC 9309, section 2.2.1: a token is of letters, `-` and `_`).
fn by_token(file: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(file.len());
    for line in file.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
        let kept = agent_end(line).unwrap_or(line.len());
        out.extend_from_slice(line.get(..kept).unwrap_or(line));
        out.extend(line.last().filter(|end| kept < line.len() && matches!(end, b'\n' | b'\r')));
    }
    out
}

/// Where the product token of a `User-agent` line ends; none on other lines, and where it names no token.
fn agent_end(line: &[u8]) -> Option<usize> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let key: Vec<u8> = line.get(..colon)?.iter().filter(|byte| byte.is_ascii_alphabetic()).map(u8::to_ascii_lowercase).collect();
    let start = colon + 1 + line.get(colon + 1..)?.iter().position(|byte| !matches!(byte, b' ' | b'\t'))?;
    let is_token = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_');
    let length = line.get(start..)?.iter().take_while(|byte| is_token(byte)).count();
    (key == b"useragent" && length > 0).then_some(start + length)
}

/// What the bytes of a robots.txt say of an address.
pub fn allows(file: &[u8], url: &Url) -> bool {
    parsed(file).is_url_allowed(url)
}

fn parsed(file: &[u8]) -> Robots {
    Robots::parse(&by_token(file), Agent::Exact(PRODUCT_TOKEN))
}

/// RFC 9309, section 2.3.1: no file means no rules; a file that cannot be had now means that nothing may be fetched now. The latter
/// is reported as the host's own failure, because that is what a person has to know.
fn verdict(answer: Result<Page, Failure>) -> Verdict {
    let failure = match answer {
        Ok(page) => return Ok(parsed(&page.body)),
        Err(failure) => failure,
    };
    match failure.kind {
        FailureKind::Forbidden
        | FailureKind::NotFound
        | FailureKind::Gone
        | FailureKind::ClientError
        | FailureKind::Redirects
        | FailureKind::BadAddress
        | FailureKind::TooLarge
        | FailureKind::Unreadable
        | FailureKind::Robots => Ok(Robots::allow_all()),
        FailureKind::ServerError if failure.retry_after.is_none() => {
            let detail = format!("{} for robots.txt; without it no page is fetched", failure.detail);
            Err(Failure { detail, ..failure })
        }
        FailureKind::ServerError
        | FailureKind::TooMany
        | FailureKind::PrivateAddress
        | FailureKind::Dns
        | FailureKind::Connect
        | FailureKind::Tls
        | FailureKind::Timeout => Err(failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> Result<Page, Failure> {
        Ok(Page { body: text.as_bytes().to_vec(), ..Page::default() })
    }

    fn allowed(text: &str, path: &str) -> bool {
        let url = Url::parse("https://example.org").unwrap().join(path).unwrap();
        check(&verdict(page(text)).unwrap(), &url).is_ok()
    }

    #[test]
    fn rules_are_obeyed() {
        let text = "User-agent: *\nDisallow: /search\nAllow: /search/feed\n\nUser-agent: Tieback\nDisallow: /private\n";
        assert!(allowed(text, "/search"), "our own group replaces the general one");
        assert!(!allowed(text, "/private/x"));
        let general = "User-agent: *\nDisallow: /search\nAllow: /search/feed\nDisallow: /*?s=\n";
        assert!(!allowed(general, "/search?q=a"));
        assert!(allowed(general, "/search/feed"));
        assert!(!allowed(general, "/?s=ofsted"));
        assert!(allowed("<!DOCTYPE html><html>Not found</html>", "/x"));
        assert!(allowed("", "/x"));
    }

    #[test]
    fn a_group_is_known_by_its_product_token() {
        for agent in ["tieback/0.1", "Tieback/9.9 (+https://example.org)", "tieback", "TIEBACK # us", "tieback 0.1"] {
            for key in ["User-agent:", "user-agent :", "USERAGENT:"] {
                for end in ["\n", "\r\n", "\r"] {
                    let text = format!("User-agent: *{end}Disallow:{end}{end}{key} {agent}{end}Disallow: /news/{end}");
                    assert!(!allowed(&text, "/news/x"), "{text:?}");
                    assert!(allowed(&text, "/x"), "{text:?}");
                }
            }
        }
        for agent in ["tiebackup/0.1", "tieback-news/1", "tie/back", "x tieback", "tieback_2"] {
            assert!(allowed(&format!("User-agent: {agent}\nDisallow: /news/\n"), "/news/x"), "{agent}");
        }
        assert!(!allowed("User-agent: */1\nUser-agent: *\nDisallow: /news/", "/news/x"));
    }

    #[test]
    fn the_refusal_names_the_host() {
        let url = Url::parse("https://example.org/x?key=secret").unwrap();
        let failure = check(&Robots::disallow_all(), &url).unwrap_err();
        assert_eq!((failure.kind, failure.detail.as_str()), (FailureKind::Robots, "robots.txt of example.org forbids this address"));
    }

    #[test]
    fn no_file_allows_and_an_unreachable_one_forbids() {
        let of = |kind| verdict(Err(Failure::new(kind, "example.org answered so"))).map_err(|failure| failure.kind);
        for kind in [FailureKind::NotFound, FailureKind::Gone, FailureKind::Forbidden, FailureKind::ClientError, FailureKind::Redirects] {
            assert_eq!(of(kind), Ok(Robots::allow_all()), "{kind:?}");
        }
        for kind in
            [FailureKind::ServerError, FailureKind::Dns, FailureKind::Connect, FailureKind::Tls, FailureKind::Timeout, FailureKind::TooMany]
        {
            assert_eq!(of(kind), Err(kind));
        }
    }

    #[tokio::test]
    async fn an_origin_is_asked_once() {
        let files = RobotsFiles::default();
        let url = Url::parse("https://example.org/a").unwrap();
        let other = Url::parse("http://example.org/b").unwrap();
        let first = files.of(&url, || async { page("User-agent: *\nDisallow: /") }).await.unwrap();
        let second = files.of(&url, || async { page("") }).await.unwrap();
        assert_eq!(first, second);
        assert_ne!(files.of(&other, || async { page("") }).await.unwrap(), first, "another scheme is another origin");
    }
}
