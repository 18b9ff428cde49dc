//! One exchange: a GET goes out by the right route, and a page, "not modified" or a redirect comes back, or a fault.

use std::sync::Arc;
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{
    Proxy, Response,
    header::{ACCEPT, ACCEPT_ENCODING, HeaderValue, LOCATION},
    redirect,
};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::body::{self, Limit};
use super::clock::Clock;
use super::guard::{Guard, GuardedNames};
use super::header;
use super::outcome::{self, FailedRequest, Peer};
use crate::model::address::shown;
use crate::model::fetched::{Failure, FailureKind, FetchSettings, Validators};
use crate::model::text::clean_line;

/// A host that nobody has, to learn whether there is a proxy at all.
const ANY_HOST: [&str; 2] = ["http://any.invalid/", "https://any.invalid/"];

/// Why no fetcher could be made.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("cannot set up fetching: the user agent `{0}` cannot stand in a header; check `contact` in the configuration")]
    UserAgent(String),
    #[error("cannot set up fetching: {0}")]
    Client(String),
}

/// The way to the hosts.
#[derive(Debug, Clone)]
pub enum Route {
    /// By the proxies that the environment names, and straight where it names none.
    Environment,
    /// Straight, whatever the environment names: for the demo and local mirrors.
    Direct,
    /// All by one proxy.
    Proxy(Url),
}

/// Why nothing is fetched over https: said for each address, since those of http are fetched all the same.
const NO_AUTHORITIES: &str = "no certificate authority was found in this machine's trust store: install the package `ca-certificates`, \
                              or name a file with authorities in SSL_CERT_FILE";

/// What came back of an exchange that worked.
#[derive(Debug)]
pub enum Reply {
    Page(Box<AnswerBody>),
    NotModified { validators: Validators, max_age: Option<Duration> },
    Redirect { to: String, permanent: bool },
}

/// A body with what its header said.
#[derive(Debug, Default)]
pub struct AnswerBody {
    pub media_type: Option<String>,
    pub charset: Option<String>,
    pub validators: Validators,
    pub max_age: Option<Duration>,
    pub status: u16,
    /// Those fields of the header that say what the body is.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// One thing to ask for at an address.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    pub url: &'a Url,
    /// Those that this very address gave.
    pub validators: &'a Validators,
    pub accept: HeaderValue,
    pub limit: Limit,
}

/// Two HTTP clients: one connects to hosts and resolves names behind the guard; the other connects to the proxy and to nothing
/// else. Which of them an address takes is decided here, before it is sent, so the exemption of the proxy's own address cannot
/// leak to any other.
pub struct Client {
    direct: reqwest::Client,
    proxied: Option<(Matcher, reqwest::Client)>,
    connect_timeout: Duration,
    timeout: Duration,
    clock: Clock,
    trust: Trust,
}

/// Whom this machine trusts to sign certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    System,
    Nobody,
}

impl Client {
    pub fn new(settings: &FetchSettings, guard: Guard, route: &Route, clock: Clock) -> Result<Self, FetchError> {
        let direct = |builder: reqwest::ClientBuilder| builder.no_proxy().dns_resolver(Arc::new(GuardedNames(guard)));
        let (direct, trust) = match build(settings, direct(base(settings, Trust::System)))? {
            Some(client) => (client, Trust::System),
            // Addresses of http are none of a trust store's business.
            None => (build(settings, direct(base(settings, Trust::Nobody)))?.ok_or_else(no_client)?, Trust::Nobody),
        };
        let proxied = match route {
            Route::Direct => None,
            Route::Environment => {
                warn_of_proxies(|name| std::env::var(name).ok());
                Some((Matcher::from_system(), base(settings, trust)))
            }
            Route::Proxy(url) => {
                let proxy = Proxy::all(url.clone()).map_err(|error| FetchError::Client(causes(&error)))?;
                Some((Matcher::builder().all(url.to_string()).build(), base(settings, trust).proxy(proxy)))
            }
        };
        let proxied = match proxied.filter(|(matcher, _)| ANY_HOST.iter().any(|host| intercepts(matcher, host))) {
            Some((matcher, builder)) => Some((matcher, build(settings, builder)?.ok_or_else(no_client)?)),
            None => None,
        };
        Ok(Self { direct, proxied, connect_timeout: settings.connect_timeout, timeout: settings.timeout, clock, trust })
    }

    /// Sends one GET and reads what comes, within the time for one request.
    pub async fn exchange(&self, ask: &Ask<'_>) -> Result<Reply, FailedRequest> {
        let started = Instant::now();
        let (status, result) = self.send(ask, started + self.timeout).await;
        let bytes = if let Ok(Reply::Page(page)) = &result { page.body.len() } else { 0 };
        let failure = result.as_ref().err().map(|fault| fault.failure.detail.as_str());
        tracing::debug!(url = %shown(ask.url), status, bytes, ms = started.elapsed().as_millis() as u64, failure, "asked");
        result
    }

    async fn send(&self, ask: &Ask<'_>, deadline: Instant) -> (Option<u16>, Result<Reply, FailedRequest>) {
        let url = ask.url;
        if self.trust == Trust::Nobody && url.scheme() == "https" {
            return (None, Err(FailedRequest::alive(Failure::new(FailureKind::Tls, NO_AUTHORITIES))));
        }
        let by_proxy = self.proxied.as_ref().filter(|(matcher, _)| intercepts(matcher, url.as_str())).map(|(_, client)| client);
        let host = outcome::host_of(url);
        let peer = Peer { host: &host, proxied: by_proxy.is_some(), connect_timeout: self.connect_timeout, timeout: self.timeout };
        let request =
            by_proxy.unwrap_or(&self.direct).get(url.clone()).header(ACCEPT, ask.accept.clone()).header(ACCEPT_ENCODING, header::ENCODINGS);
        let request = request.headers(header::conditions(ask.validators));
        match timeout_at(deadline, request.send()).await {
            Err(_) => (None, Err(outcome::no_answer(&peer))),
            Ok(Err(error)) => (None, Err(outcome::of_send_error(&error, &peer))),
            Ok(Ok(response)) => (Some(response.status().as_u16()), reply(response, ask, deadline, self.clock, &peer).await),
        }
    }
}

/// Says of what the environment calls a proxy and is none that it is passed over: what it forbids would be asked directly.
fn warn_of_proxies(variable: impl Fn(&str) -> Option<String>) {
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        for name in [name.to_owned(), name.to_lowercase()] {
            if variable(&name).is_some_and(|typed| !is_proxy(&typed)) {
                tracing::warn!("{name} is no address of a proxy and is passed over, expected one such as http://proxy.example:8080");
            }
        }
    }
}

/// True of an address with a host, with or without a scheme; and of nothing, by which a proxy is switched off.
fn is_proxy(typed: &str) -> bool {
    let typed = typed.trim();
    let whole = if typed.contains("://") { typed.to_owned() } else { format!("http://{typed}") };
    typed.is_empty() || Url::parse(&whole).is_ok_and(|url| url.has_host())
}

async fn reply(response: Response, ask: &Ask<'_>, deadline: Instant, clock: Clock, peer: &Peer<'_>) -> Result<Reply, FailedRequest> {
    let (headers, sent, now) = (response.headers(), ask.validators, clock.now());
    match response.status().as_u16() {
        status @ (200 | 203) => {
            let (media_type, charset) = header::content_type(headers);
            let (validators, max_age) = (header::validators(headers), header::max_age(headers, now));
            let kept = header::kept(headers);
            let body = body::read(response, ask.limit, deadline, peer).await?;
            Ok(Reply::Page(Box::new(AnswerBody { media_type, charset, validators, max_age, status, headers: kept, body })))
        }
        304 if !sent.is_empty() => Ok(Reply::NotModified {
            validators: header::freshened(header::validators(headers), sent),
            max_age: header::max_age(headers, now),
        }),
        status @ (301 | 302 | 303 | 307 | 308) => {
            let to = headers.get(LOCATION).map(|to| String::from_utf8_lossy(to.as_bytes()).into_owned()).unwrap_or_default();
            Ok(Reply::Redirect { to, permanent: matches!(status, 301 | 308) })
        }
        _ => Err(outcome::of_status(response.status(), header::retry_after(headers, now), peer)),
    }
}

/// What both clients have in common: no redirects of their own, no referer, no cookies (not compiled in), nothing kept long.
fn base(settings: &FetchSettings, trust: Trust) -> reqwest::ClientBuilder {
    let builder = match trust {
        Trust::System => reqwest::Client::builder(),
        Trust::Nobody => reqwest::Client::builder().tls_certs_only([]),
    };
    builder
        .user_agent(&settings.user_agent)
        .referer(false)
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(settings.connect_timeout)
        .pool_max_idle_per_host(1)
}

/// The client; none where this machine trusts nobody.
fn build(settings: &FetchSettings, builder: reqwest::ClientBuilder) -> Result<Option<reqwest::Client>, FetchError> {
    match builder.build().map_err(|error| causes(&error)) {
        Ok(client) => Ok(Some(client)),
        Err(_) if settings.user_agent.chars().any(char::is_control) => Err(FetchError::UserAgent(clean_line(&settings.user_agent))),
        Err(causes) if causes.contains("No CA certificates") => Ok(None),
        Err(causes) => Err(FetchError::Client(causes)),
    }
}

fn no_client() -> FetchError {
    FetchError::Client("no client can be made without a trust store".to_owned())
}

fn causes(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(source) = next {
        text.push_str(": ");
        text.push_str(&source.to_string());
        next = source.source();
    }
    text
}

/// Asks the same rules that the HTTP client itself goes by.
fn intercepts(matcher: &Matcher, url: &str) -> bool {
    url.parse().is_ok_and(|uri| matcher.intercept(&uri).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(user_agent: &str) -> Result<Client, FetchError> {
        let settings = FetchSettings {
            user_agent: user_agent.to_owned(),
            per_host_delay: Duration::ZERO,
            hosts_at_once: 1,
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(5),
            tries: 1,
            max_page: 1000,
            max_report: 1000,
            allow_private: false,
        };
        Client::new(&settings, Guard { allow_private: false }, &Route::Direct, Clock::set(jiff::Timestamp::UNIX_EPOCH))
    }

    /// What stands between the check of a name and a connection to another place: the check is left out here.
    #[tokio::test]
    async fn a_name_that_leads_to_a_private_address_is_refused_when_it_is_connected_to() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = client("tieback").unwrap();
        let url = Url::parse(&format!("http://localhost:{}/", listener.local_addr().unwrap().port())).unwrap();
        let validators = Validators::default();
        let ask = Ask { url: &url, validators: &validators, accept: HeaderValue::from_static("*/*"), limit: Limit::cut_at(1000) };
        let fault = client.exchange(&ask).await.unwrap_err();
        assert_eq!(fault.failure.kind, FailureKind::PrivateAddress, "{fault:?}");
        assert!(fault.failure.detail.starts_with("localhost leads to "), "{fault:?}");
    }

    #[test]
    fn a_user_agent_that_is_no_header_is_named() {
        let error = client("tieback\n(x)").err().unwrap();
        assert!(error.to_string().contains("check `contact` in the configuration"), "{error}");
    }
}
