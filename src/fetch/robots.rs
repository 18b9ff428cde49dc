//! robots.txt (RFC 9309): fetched once a day for each origin, asked for conditionally, and obeyed.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use robotxt::{Agent, Robots};
use tokio::sync::OnceCell;
use url::Url;

use super::body::Limit;
use super::client::AnswerBody;
use super::outcome::host_of;
use crate::model::address::shown;
use crate::model::fetched::{Failure, FailureKind, Validators};
use crate::model::host::RobotsFile;

/// The name by which a robots.txt can speak to us.
pub const PRODUCT_TOKEN: &str = "tieback";

/// RFC 9309, section 2.5: at least 500 KiB must be read; what lies beyond is left unread.
pub const LIMIT: Limit = Limit::cut_at(robotxt::BYTE_LIMIT);

/// RFC 9309, section 2.4: a copy is not used for longer than a day.
const FRESH: SignedDuration = SignedDuration::from_hours(24);

/// Larger files are not remembered from run to run; real ones stay below a tenth of it.
const MAX_KEPT: usize = 64 * 1024;

type RobotsAnswer = Result<Robots, Failure>;

/// What came when a robots.txt was asked for.
pub enum RobotsCame {
    Page(AnswerBody),
    NotModified(Validators),
}

/// The robots.txt files known from earlier runs or seen in this one.
#[derive(Default)]
pub struct RobotsFiles {
    before: HashMap<String, RobotsFile>,
    known: Mutex<HashMap<String, Arc<OnceCell<RobotsAnswer>>>>,
    news: Mutex<Vec<RobotsFile>>,
}

impl RobotsFiles {
    /// With those that are remembered.
    pub fn new(before: Vec<RobotsFile>) -> Self {
        Self { before: before.into_iter().map(|file| (file.origin.clone(), file)).collect(), ..Self::default() }
    }

    /// The files that came since this was last asked.
    pub fn news(&self) -> Vec<RobotsFile> {
        std::mem::take(&mut *self.news.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The rules for an address; `fetch` is called by the first who asks for an origin, with the validators of the copy of
    /// an earlier day, and the others wait for it.
    pub async fn of<F, Fut>(&self, url: &Url, now: Timestamp, fetch: F) -> RobotsAnswer
    where
        F: FnOnce(Validators) -> Fut,
        Fut: Future<Output = Result<RobotsCame, Failure>>,
    {
        let origin = url.origin().ascii_serialization();
        let cell = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(origin.clone()).or_default())
        };
        cell.get_or_init(|| self.look(origin, now, fetch)).await.clone()
    }

    async fn look<F, Fut>(&self, origin: String, now: Timestamp, fetch: F) -> RobotsAnswer
    where
        F: FnOnce(Validators) -> Fut,
        Fut: Future<Output = Result<RobotsCame, Failure>>,
    {
        let before = self.before.get(&origin);
        // A copy from the future is one of a clock that stood wrong.
        if let Some(file) = before.filter(|file| file.fetched <= now && now.duration_since(file.fetched) < FRESH) {
            return Ok(rules(file.body.as_deref()));
        }
        let validators = before.filter(|file| file.body.is_some()).map(|file| file.validators.clone()).unwrap_or_default();
        let (body, validators) = match fetch(validators).await {
            Ok(RobotsCame::Page(page)) => (Some(page.body), page.validators),
            Ok(RobotsCame::NotModified(validators)) => (before.and_then(|file| file.body.clone()), validators),
            Err(failure) => {
                refusal(failure)?;
                (None, Validators::default())
            }
        };
        let verdict = rules(body.as_deref());
        if body.as_ref().is_none_or(|body| body.len() <= MAX_KEPT) {
            let file = RobotsFile { origin, body, validators, fetched: now };
            self.news.lock().unwrap_or_else(PoisonError::into_inner).push(file);
        }
        Ok(verdict)
    }
}

fn rules(body: Option<&[u8]>) -> Robots {
    body.map_or_else(Robots::allow_all, parsed)
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
    Err(Failure::new(FailureKind::Robots, format!("robots.txt of {} forbids {}", host_of(url), shown(url))))
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
fn refusal(failure: Failure) -> Result<(), Failure> {
    match failure.kind {
        // Whatever it answers: it asked to be left alone.
        _ if failure.retry_after.is_some() => Err(failure),
        FailureKind::Forbidden
        | FailureKind::NotFound
        | FailureKind::Gone
        | FailureKind::ClientError
        | FailureKind::Redirects
        | FailureKind::BadAddress
        | FailureKind::TooLarge
        | FailureKind::Unreadable
        | FailureKind::Robots => Ok(()),
        FailureKind::ServerError => {
            let detail = format!("{} for robots.txt; without it no page is fetched", failure.detail);
            Err(Failure { detail, ..failure })
        }
        FailureKind::Held
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

    fn page(text: &str) -> Result<RobotsCame, Failure> {
        Ok(RobotsCame::Page(AnswerBody { body: text.as_bytes().to_vec(), ..AnswerBody::default() }))
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn allowed(text: &str, path: &str) -> bool {
        let url = Url::parse("https://example.org").unwrap().join(path).unwrap();
        check(&rules(Some(text.as_bytes())), &url).is_ok()
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
        assert_eq!(
            (failure.kind, failure.detail.as_str()),
            (FailureKind::Robots, "robots.txt of example.org forbids https://example.org/x?key=…")
        );
    }

    #[test]
    fn no_file_allows_and_an_unreachable_one_forbids() {
        let of = |kind| refusal(Failure::new(kind, "example.org answered so")).map_err(|failure| failure.kind);
        for kind in [FailureKind::NotFound, FailureKind::Gone, FailureKind::Forbidden, FailureKind::ClientError, FailureKind::Redirects] {
            assert_eq!(of(kind), Ok(()), "{kind:?}");
        }
        for kind in
            [FailureKind::ServerError, FailureKind::Dns, FailureKind::Connect, FailureKind::Tls, FailureKind::Timeout, FailureKind::TooMany]
        {
            assert_eq!(of(kind), Err(kind));
        }
        let busy = Failure { retry_after: Some(std::time::Duration::from_secs(60)), ..Failure::new(FailureKind::Forbidden, "not now") };
        assert!(refusal(busy).is_err());
    }

    #[tokio::test]
    async fn an_origin_is_asked_once() {
        let files = RobotsFiles::default();
        let url = Url::parse("https://example.org/a").unwrap();
        let other = Url::parse("http://example.org/b").unwrap();
        let first = files.of(&url, at(0), |_| async { page("User-agent: *\nDisallow: /") }).await.unwrap();
        let second = files.of(&url, at(0), |_| async { page("") }).await.unwrap();
        assert_eq!(first, second);
        assert_ne!(files.of(&other, at(0), |_| async { page("") }).await.unwrap(), first, "another scheme is another origin");
    }

    #[tokio::test]
    async fn a_copy_is_used_for_a_day_and_then_asked_for_with_its_validators() {
        let url = Url::parse("https://example.org/private").unwrap();
        let tag = Validators { etag: Some("\"1\"".to_owned()), ..Validators::default() };
        let kept = RobotsFile {
            origin: "https://example.org".to_owned(),
            body: Some(b"User-agent: *\nDisallow: /private".to_vec()),
            validators: tag.clone(),
            fetched: at(0),
        };
        let files = RobotsFiles::new(vec![kept.clone()]);
        let fresh = files.of(&url, at(86_399), |_| async { panic!("asked within the day") }).await.unwrap();
        assert!(check(&fresh, &url).is_err() && files.news().is_empty());

        let files = RobotsFiles::new(vec![kept.clone()]);
        let sent = tag.clone();
        let same = files.of(&url, at(86_400), |validators| async move {
            assert_eq!(validators, sent);
            Ok(RobotsCame::NotModified(validators))
        });
        assert!(check(&same.await.unwrap(), &url).is_err());
        assert_eq!(files.news(), [RobotsFile { fetched: at(86_400), ..kept.clone() }]);

        let files = RobotsFiles::new(vec![kept.clone()]);
        let gone = files.of(&url, at(86_400), |_| async { Err(Failure::new(FailureKind::NotFound, "none")) }).await.unwrap();
        assert!(check(&gone, &url).is_ok());
        assert_eq!(files.news()[0].body, None, "that there is none is remembered, too");

        let files = RobotsFiles::new(vec![kept]);
        assert!(files.of(&url, at(86_400), |_| async { Err(Failure::new(FailureKind::ServerError, "ill")) }).await.is_err());
        assert!(files.news().is_empty(), "asked for again in the next run");
    }
}
