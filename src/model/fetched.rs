//! What a fetch asks for and what comes back: an answer or a failure from a fixed list.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

/// The validators of a representation, kept byte for byte (RFC 9110, section 8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// The address that gave them, where a redirect led away from the one asked. They are sent to nobody else.
    pub from: Option<String>,
}

impl Validators {
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

/// What is asked for: it decides what the request accepts and which limit on the body applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// RSS, Atom, RDF or JSON Feed.
    Feed,
    /// A web page: a list or an article.
    Page,
    /// A sitemap.
    Sitemap,
    /// The answer of an interface.
    Json,
    /// A report file.
    Report,
}

/// One thing to fetch.
#[derive(Debug, Clone)]
pub struct Request {
    pub url: Url,
    pub validators: Validators,
    pub body: BodyKind,
}

/// A body with what the answer's header said of it.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The address asked for.
    pub url: Url,
    /// The address that answered, after redirects.
    pub final_url: Url,
    /// True if every redirect on the way was permanent (301, 308) and there was at least one.
    pub moved_for_good: bool,
    /// The media type without parameters, in lower case.
    pub media_type: Option<String>,
    /// The charset parameter of the content type.
    pub charset: Option<String>,
    pub status: u16,
    /// Those fields of the header that say what the body is.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub validators: Validators,
    /// Cache-Control: max-age, or Expires less Date.
    pub max_age: Option<Duration>,
}

/// What a list and its server wish of those who come again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Cache-Control: max-age, or Expires less Date.
    pub max_age: Option<Duration>,
    /// What the feed itself says: ttl, sy:updatePeriod.
    pub ttl: Option<Duration>,
    pub skips: Skips,
}

impl Wishes {
    /// The least time until the next request.
    pub fn least(&self) -> Option<Duration> {
        self.max_age.max(self.ttl)
    }
}

/// Hours and days, in UTC, in which a feed is not to be asked for (RSS 2.0: skipHours, skipDays): one bit each, from
/// midnight and from Monday on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Skips {
    pub hours: u32,
    pub days: u8,
}

/// What came of a request.
#[derive(Debug, Clone)]
pub enum Answer {
    Fresh(Box<Fetched>),
    /// 304; the validators are those to keep (the old ones where the answer gave none).
    NotModified {
        validators: Validators,
        max_age: Option<Duration>,
        /// The address that answered, after redirects.
        final_url: Url,
        /// As [`Fetched::moved_for_good`].
        moved_for_good: bool,
    },
    Failed(Failure),
}

/// Why a request gave nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub kind: FailureKind,
    /// For a reader: what happened, in one line, without secrets.
    pub detail: String,
    /// How long the server asked us to stay away.
    pub retry_after: Option<Duration>,
}

impl Failure {
    pub fn new(kind: FailureKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), retry_after: None }
    }
}

/// The fixed list of failures; stored by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// The address is not one we fetch (scheme, user info, port).
    BadAddress,
    /// The host, or a host it redirects to, is on a private network.
    PrivateAddress,
    /// robots.txt forbids it.
    Robots,
    /// The host asked to be left alone before, until a time to come: nothing was sent, and nothing was learnt.
    Held,
    /// No answer from name service.
    Dns,
    /// No connection, or it broke.
    Connect,
    /// The certificate or the handshake failed.
    Tls,
    Timeout,
    /// More redirects than the limit, a circle, or a step from https down to http.
    Redirects,
    /// The body is larger than the limit.
    TooLarge,
    /// 401, 402, 403, 451.
    Forbidden,
    /// 404.
    NotFound,
    /// 410.
    Gone,
    /// 429.
    TooMany,
    /// Any other 4xx.
    ClientError,
    /// 5xx.
    ServerError,
    /// The body is not what it should be: an HTML page for a feed, an empty body, a cut file.
    Unreadable,
}

impl FailureKind {
    /// The word used in the store and in messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadAddress => "bad-address",
            Self::PrivateAddress => "private-address",
            Self::Robots => "robots",
            Self::Held => "held",
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Redirects => "redirects",
            Self::TooLarge => "too-large",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::Gone => "gone",
            Self::TooMany => "too-many",
            Self::ClientError => "client-error",
            Self::ServerError => "server-error",
            Self::Unreadable => "unreadable",
        }
    }

    /// True where another try in the same run can help.
    pub fn is_passing(self) -> bool {
        matches!(self, Self::Dns | Self::Connect | Self::Timeout | Self::ServerError)
    }
}

/// The manners of fetching, as the configuration means them.
#[derive(Debug, Clone)]
pub struct FetchSettings {
    /// `tieback/VERSION (+URL; contact)`.
    pub user_agent: String,
    /// The least time between two requests to one host.
    pub per_host_delay: Duration,
    /// Hosts fetched from at the same time.
    pub hosts_at_once: usize,
    pub connect_timeout: Duration,
    /// For one request with its body.
    pub timeout: Duration,
    /// Tries in all for a passing failure.
    pub tries: usize,
    /// Bytes after decompression.
    pub max_page: usize,
    /// Bytes after decompression.
    pub max_report: usize,
    /// Let private addresses through (for tests and local mirrors).
    pub allow_private: bool,
}
