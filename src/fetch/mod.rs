//! Fetching: an address goes in, an answer or a failure from a fixed list comes out, and the hosts asked are treated politely.
//!
//! The way of one request: its address is checked ([`guard`]), the host's robots.txt is asked ([`robots`]), the host's turn is
//! awaited ([`host`]), one exchange is made ([`client`]) and its body counted while it arrives ([`body`]); a redirect is one
//! more step on the trail ([`trail`]) and passes all of that again.

mod body;
mod client;
mod clock;
mod guard;
mod header;
mod host;
mod outcome;
mod robots;
mod trail;

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::HeaderValue;
use tokio::time::sleep;
use url::Url;

pub use client::{FetchError, Route};
pub use header::content_type_of;
pub use robots::allows;

use crate::model::fetched::{Answer, BodyKind, Failure, FetchSettings, Fetched, Request, Validators};
use crate::model::host::{Hold, Memory};
use body::Limit;
use client::{AnswerBody, Ask, Client, Reply};
use clock::Clock;
use guard::Guard;
use host::Hosts;
use robots::{RobotsCame, RobotsFiles};
use trail::Trail;

/// The longest wait between two tries.
const MAX_BACKOFF: Duration = Duration::from_secs(30);

/// Fetches; cheap to clone, made to be called by many tasks at once.
///
/// It remembers for its lifetime, which is one run: the robots.txt of each origin, the pace of each host, and which hosts
/// gave no answer or asked to be left alone. What is to be remembered for longer is taken by [`Fetcher::learnt`], and given
/// to the fetcher of the next run.
#[derive(Clone)]
pub struct Fetcher {
    inner: Arc<Inner>,
}

struct Inner {
    settings: FetchSettings,
    guard: Guard,
    client: Client,
    clock: Clock,
    hosts: Hosts,
    robots: RobotsFiles,
    requests: AtomicU32,
}

impl Fetcher {
    /// A fetcher that uses the proxies of the environment (`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`) and the
    /// system's trust store (or `SSL_CERT_FILE` and `SSL_CERT_DIR`).
    pub fn new(settings: FetchSettings) -> Result<Self, FetchError> {
        Self::by_route(settings, &Route::Environment)
    }

    /// A fetcher that takes the given way to the hosts, whatever the environment says.
    pub fn by_route(settings: FetchSettings, route: &Route) -> Result<Self, FetchError> {
        Self::remembering(settings, route, Memory::default(), Timestamp::now())
    }

    /// The same for a run that begins at `now` and knows what the runs before it learnt.
    pub fn remembering(settings: FetchSettings, route: &Route, memory: Memory, now: Timestamp) -> Result<Self, FetchError> {
        let (guard, clock) = (Guard { allow_private: settings.allow_private }, Clock::set(now));
        let client = Client::new(&settings, guard, route, clock)?;
        let hosts = Hosts::new(settings.per_host_delay, settings.hosts_at_once, memory.hosts, clock);
        let robots = RobotsFiles::new(memory.robots);
        Ok(Self { inner: Arc::new(Inner { settings, guard, client, clock, hosts, robots, requests: AtomicU32::new(0) }) })
    }

    /// What was learnt since this was last asked and is to be remembered: who asked to be left alone, and robots.txt files.
    pub fn learnt(&self) -> Memory {
        Memory { hosts: self.inner.hosts.news(), robots: self.inner.robots.news() }
    }

    /// The hosts that were asked, and when: the pause runs on into the next run.
    pub fn asked(&self) -> Memory {
        Memory { hosts: self.inner.hosts.asked(), robots: Vec::new() }
    }

    /// Requests sent so far: robots.txt files, redirects and repeated tries are requests, too.
    pub fn requests(&self) -> u32 {
        self.inner.requests.load(Ordering::Relaxed)
    }

    /// Fetches one address. Waits for the host's turn; a passing failure is tried again, up to `tries` in all.
    pub async fn get(&self, request: &Request) -> Answer {
        match self.inner.follow(request).await {
            Ok((Reply::Page(page), trail)) => Answer::Fresh(Box::new(fetched(request, *page, &trail))),
            Ok((Reply::NotModified { validators, max_age }, trail)) => {
                Answer::NotModified { validators, max_age, final_url: trail.here().clone(), moved_for_good: trail.moved_for_good() }
            }
            Ok((Reply::Redirect { .. }, trail)) => Answer::Failed(trail.too_long()),
            Err(failure) => Answer::Failed(failure),
        }
    }
}

impl Inner {
    /// Follows redirects to an end; each hop is checked by the guard and by its own host's robots.txt.
    async fn follow(&self, request: &Request) -> Result<(Reply, Trail), Failure> {
        let limit = match request.body {
            BodyKind::Feed | BodyKind::Page | BodyKind::Sitemap | BodyKind::Json => Limit::refuse_above(self.settings.max_page),
            BodyKind::Report => Limit::refuse_above(self.settings.max_report),
        };
        let mut trail = Trail::new(&request.url, self.guard)?;
        loop {
            self.permit(trail.here()).await?;
            let validators = own(&request.validators, &request.url, trail.here());
            match self.ask(trail.here(), &validators, header::accept(request.body), limit).await? {
                Reply::Redirect { to, permanent } => trail.follow(&to, permanent)?,
                reply => return Ok((reply, trail)),
            }
        }
    }

    /// Refuses what the robots.txt of the address's origin forbids.
    async fn permit(&self, url: &Url) -> Result<(), Failure> {
        let rules = self.robots.of(url, self.clock.now(), |validators| self.robots_file(url, validators)).await?;
        if let Some(delay) = rules.crawl_delay() {
            self.hosts.of(url).slow_down(delay);
        }
        robots::check(&rules, url)
    }

    /// Fetches a robots.txt; its redirects are followed without asking further robots.txt files (RFC 9309, section 2.3.1.2).
    async fn robots_file(&self, url: &Url, known: Validators) -> Result<RobotsCame, Failure> {
        let start = robots::address(url)?;
        let mut trail = Trail::new(&start, self.guard)?;
        loop {
            let validators = own(&known, &start, trail.here());
            match self.ask(trail.here(), &validators, header::ACCEPT_ROBOTS, robots::LIMIT).await? {
                Reply::Page(mut page) => {
                    page.validators.from = elsewhere(&start, trail.here());
                    return Ok(RobotsCame::Page(*page));
                }
                Reply::Redirect { to, permanent } => trail.follow(&to, permanent)?,
                Reply::NotModified { validators, .. } => return Ok(RobotsCame::NotModified(validators)),
            }
        }
    }

    /// One address in its host's turn, with the tries that the settings allow.
    async fn ask(&self, url: &Url, validators: &Validators, accept: HeaderValue, limit: Limit) -> Result<Reply, Failure> {
        let host = self.hosts.of(url);
        let ask = Ask { url, validators, accept, limit };
        let mut tried = 1;
        loop {
            let mut turn = host.turn().await?;
            self.requests.fetch_add(1, Ordering::Relaxed);
            let result = self.client.exchange(&ask).await;
            turn.note(result.as_ref().err());
            drop(turn);
            match result {
                Ok(reply) => return Ok(reply),
                Err(fault) if tried < self.settings.tries && fault.is_worth_another_try() => {
                    sleep(backoff(self.settings.per_host_delay, tried, url)).await;
                    tried += 1;
                }
                Err(fault) => return Err(fault.failure),
            }
        }
    }
}

/// The wait after the `tried`th try: the host's delay, doubled each time, and up to a half more, which depends on the address
/// alone, so that sources that failed together do not come back together and a run can be repeated exactly.
fn backoff(delay: Duration, tried: usize, url: &Url) -> Duration {
    let doublings = u32::try_from(tried.saturating_sub(1)).unwrap_or(u32::MAX).min(16);
    let wait = delay.saturating_mul(1 << doublings).min(MAX_BACKOFF);
    let hash = xxhash_rust::xxh3::xxh3_64_with_seed(url.as_str().as_bytes(), tried as u64);
    wait + wait.mul_f64((hash % 512) as f64 / 1024.0)
}

/// The validators that may be sent to `here`: those that it gave itself, and nobody else's.
fn own(known: &Validators, asked: &Url, here: &Url) -> Validators {
    let asked = asked.as_str().split('#').next().unwrap_or_default();
    let from = known.from.as_deref().unwrap_or(asked);
    if from == here.as_str() { known.clone() } else { Validators::default() }
}

/// The address that answered, where it is not the one asked.
fn elsewhere(asked: &Url, answered: &Url) -> Option<String> {
    (asked != answered).then(|| answered.to_string())
}

/// Who asked to be left alone, and is left alone at `now`: the failure that asking the host of `url` would come to.
pub fn held(holds: &[(String, Hold)], url: &Url, now: Timestamp) -> Option<Failure> {
    let name = host::key(url);
    let (_, hold) = holds.iter().find(|(held, hold)| *held == name && hold.until > now)?;
    Some(host::held(&name, hold, now))
}

fn fetched(request: &Request, page: AnswerBody, trail: &Trail) -> Fetched {
    let mut asked = request.url.clone();
    asked.set_fragment(None);
    Fetched {
        url: request.url.clone(),
        final_url: trail.here().clone(),
        moved_for_good: trail.moved_for_good(),
        media_type: page.media_type,
        charset: page.charset,
        status: page.status,
        headers: page.headers,
        body: page.body,
        validators: Validators { from: elsewhere(&asked, trail.here()), ..page.validators },
        max_age: page.max_age,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_doubles_stays_bounded_and_is_the_same_each_time() {
        let url = Url::parse("https://example.org/feed").unwrap();
        let delay = Duration::from_secs(2);
        for (tried, least) in [(1, 2), (2, 4), (3, 8), (5, 30), (usize::MAX, 30)] {
            let wait = backoff(delay, tried, &url);
            let least = Duration::from_secs(least);
            assert!(wait >= least && wait < least * 3 / 2, "try {tried}: {wait:?}");
            assert_eq!(wait, backoff(delay, tried, &url));
        }
        assert_eq!(backoff(Duration::ZERO, 3, &url), Duration::ZERO);
    }

    #[test]
    fn backoff_differs_between_addresses() {
        let wait = |text| backoff(Duration::from_secs(2), 1, &Url::parse(text).unwrap());
        assert_ne!(wait("https://example.org/a"), wait("https://example.org/b"));
    }
}
