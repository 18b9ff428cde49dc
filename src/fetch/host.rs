//! Hosts: one request at a time, a pause between two, and no further ones where a host is dead or asked to be left alone.
//! That and the pause hold from run to run.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Mutex as TurnLock, MutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::clock::Clock;
use super::outcome::{FailedRequest, HostStanding};
use crate::model::fetched::{Failure, FailureKind};
use crate::model::host::{self, Hold};
use crate::model::wording;

/// So many requests in a row without an answer, and a host is not asked again in the run.
pub const DEAD_AFTER: u32 = 3;

/// The longest Crawl-delay that is obeyed: with more, one host could hold up a run for hours.
pub const MAX_CRAWL_DELAY: Duration = Duration::from_secs(30);

/// How long a host is left alone that asked for it without saying how long.
pub const AWAY: Duration = Duration::from_secs(3_600);

/// All hosts of a run.
pub struct Hosts {
    delay: Duration,
    slots: Arc<Semaphore>,
    clock: Clock,
    before: HashMap<String, host::Host>,
    known: Mutex<HashMap<String, Arc<HostQueue>>>,
    /// What hosts asked for since it was last taken.
    news: Arc<Mutex<Vec<host::Host>>>,
}

/// One host and port, whatever the scheme.
pub struct HostQueue {
    name: String,
    delay_ms: AtomicU64,
    slots: Arc<Semaphore>,
    clock: Clock,
    news: Arc<Mutex<Vec<host::Host>>>,
    state: TurnLock<State>,
}

#[derive(Default)]
struct State {
    /// When the last request ended.
    ended: Option<Instant>,
    /// Requests without an answer since the last one with one.
    dead: u32,
    /// Why the host is not asked any more in this run.
    closed: Option<Failure>,
    /// It asked to be left alone.
    held: Option<Hold>,
}

/// The right to send one request to a host; the next one waits from the moment this is dropped.
pub struct HostTurn<'a> {
    host: &'a HostQueue,
    state: MutexGuard<'a, State>,
    _slot: Option<OwnedSemaphorePermit>,
}

impl Hosts {
    /// With what is remembered of hosts.
    pub fn new(delay: Duration, at_once: usize, before: Vec<host::Host>, clock: Clock) -> Self {
        let slots = Arc::new(Semaphore::new(at_once.clamp(1, Semaphore::MAX_PERMITS)));
        let before = before.into_iter().map(|host| (host.name.clone(), host)).collect();
        Self { delay, slots, clock, before, known: Mutex::default(), news: Arc::default() }
    }

    pub fn of(&self, url: &Url) -> Arc<HostQueue> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let name = key(url);
        Arc::clone(known.entry(name.clone()).or_insert_with(|| {
            let before = self.before.get(&name);
            let state = State {
                ended: before.and_then(|host| self.ended(host)),
                held: before.and_then(|host| host.held.clone()),
                ..State::default()
            };
            let delay_ms = AtomicU64::new(millis(self.delay));
            Arc::new(HostQueue {
                name,
                delay_ms,
                slots: Arc::clone(&self.slots),
                clock: self.clock,
                news: Arc::clone(&self.news),
                state: TurnLock::new(state),
            })
        }))
    }

    /// When the last request of an earlier run ended; none where no pause can still run from it.
    fn ended(&self, host: &host::Host) -> Option<Instant> {
        let (since, longest) = (self.clock.now().duration_since(host.asked?), self.delay.max(MAX_CRAWL_DELAY));
        // A moment that lies a little ahead is one of a run that was told another time; far ahead it says nothing.
        let passed = since.unsigned_abs();
        Instant::now().checked_sub(if since.is_negative() { Duration::ZERO } else { passed }).filter(|_| passed < longest)
    }

    /// Who asked to be left alone since this was last asked.
    pub fn news(&self) -> Vec<host::Host> {
        std::mem::take(&mut *self.news.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// All hosts that were asked, and when each was last.
    pub fn asked(&self) -> Vec<host::Host> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |host: &Arc<HostQueue>| {
            let state = host.state.try_lock().ok()?;
            Some(host::Host { name: host.name.clone(), held: state.held.clone(), asked: Some(self.clock.at(state.ended?)) })
        };
        known.values().filter_map(of).collect()
    }
}

impl HostQueue {
    /// Waits for this host's turn and its pause, then for one of the slots that all hosts share; fails at once where the host is closed.
    pub async fn turn(&self) -> Result<HostTurn<'_>, Failure> {
        let state = self.state.lock().await;
        if let Some(failure) = &state.closed {
            return Err(failure.clone());
        }
        if let Some(hold) = &state.held
            && hold.until > self.clock.now()
        {
            return Err(held(&self.name, hold, self.clock.now()));
        }
        if let Some(ended) = state.ended {
            sleep_until(ended + Duration::from_millis(self.delay_ms.load(Ordering::Relaxed))).await;
        }
        // The slot comes last, so that a host that only waits keeps none from the others.
        let slot = Arc::clone(&self.slots).acquire_owned().await.ok();
        Ok(HostTurn { host: self, state, _slot: slot })
    }

    /// Lengthens the pause to what robots.txt asks for, up to [`MAX_CRAWL_DELAY`]; never shortens it.
    pub fn slow_down(&self, delay: Duration) {
        self.delay_ms.fetch_max(millis(delay.min(MAX_CRAWL_DELAY)), Ordering::Relaxed);
    }
}

impl HostTurn<'_> {
    /// Takes note of how the request ended.
    pub fn note(&mut self, fault: Option<&FailedRequest>) {
        let Some(fault) = fault else {
            self.state.dead = 0;
            return;
        };
        match fault.standing {
            HostStanding::Alive => self.state.dead = 0,
            HostStanding::Away => self.hold(&fault.failure),
            HostStanding::Dead => {
                self.state.dead += 1;
                if self.state.dead >= DEAD_AFTER {
                    let detail = format!("{} ({DEAD_AFTER} times in a row; not asked again in this run)", fault.failure.detail);
                    self.state.closed = Some(Failure::new(fault.failure.kind, detail));
                }
            }
        }
    }

    fn hold(&mut self, failure: &Failure) {
        let until = self.host.clock.now().checked_add(failure.retry_after.unwrap_or(AWAY)).unwrap_or(Timestamp::MAX);
        let hold = Hold { until, why: failure.detail.clone() };
        self.state.held = Some(hold.clone());
        let news = host::Host { name: self.host.name.clone(), held: Some(hold), asked: Some(self.host.clock.now()) };
        self.host.news.lock().unwrap_or_else(PoisonError::into_inner).push(news);
    }
}

/// A host that asked to be left alone is, whoever wants to ask it; nothing is sent.
pub fn held(name: &str, hold: &Hold, now: Timestamp) -> Failure {
    let detail = format!("{name} asked to be left alone until {}: {}", wording::moment(hold.until), hold.why);
    let wait = Duration::try_from(hold.until.duration_since(now)).ok();
    Failure { retry_after: wait, ..Failure::new(FailureKind::Held, detail) }
}

impl Drop for HostTurn<'_> {
    fn drop(&mut self) {
        self.state.ended = Some(Instant::now());
    }
}

/// The name under which a host is remembered.
pub fn key(url: &Url) -> String {
    let name = url.host_str().unwrap_or_default().trim_end_matches('.');
    match url.port() {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    }
}

fn millis(delay: Duration) -> u64 {
    u64::try_from(delay.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Timestamp {
        "2024-03-05T06:00:00Z".parse().unwrap()
    }

    fn hosts(delay_ms: u64, before: Vec<host::Host>) -> Hosts {
        Hosts::new(Duration::from_millis(delay_ms), 4, before, Clock::set(start()))
    }

    fn host(delay_ms: u64) -> Arc<HostQueue> {
        hosts(delay_ms, Vec::new()).of(&Url::parse("https://example.org/").unwrap())
    }

    fn fault(standing: HostStanding) -> FailedRequest {
        FailedRequest { failure: Failure::new(FailureKind::Connect, "no connection to example.org"), standing }
    }

    #[test]
    fn a_host_is_its_name_and_port_whatever_the_scheme() {
        let hosts = hosts(0, Vec::new());
        let same = |a: &str, b: &str| Arc::ptr_eq(&hosts.of(&Url::parse(a).unwrap()), &hosts.of(&Url::parse(b).unwrap()));
        assert!(same("https://example.org/a", "http://EXAMPLE.org:80/b"));
        assert!(same("https://example.org/a", "https://example.org./b"));
        assert!(!same("https://example.org/", "https://example.org:8443/"));
        assert!(!same("https://example.org/", "https://www.example.org/"));
    }

    #[tokio::test]
    async fn the_pause_runs_from_the_end_of_the_turn_before() {
        let host = host(40);
        drop(host.turn().await.ok().unwrap());
        let ended = Instant::now();
        drop(host.turn().await.ok().unwrap());
        assert!(ended.elapsed() >= Duration::from_millis(39), "{:?}", ended.elapsed());
    }

    #[test]
    fn a_crawl_delay_only_lengthens_the_pause_and_has_a_limit() {
        let host = host(2_000);
        let delay = || host.delay_ms.load(Ordering::Relaxed);
        host.slow_down(Duration::from_secs(1));
        assert_eq!(delay(), 2_000);
        host.slow_down(Duration::from_secs(5));
        assert_eq!(delay(), 5_000);
        host.slow_down(Duration::MAX);
        assert_eq!(delay(), 30_000);
    }

    #[tokio::test]
    async fn a_dead_host_is_closed_after_three_and_not_before() {
        let host = host(0);
        for standing in
            [HostStanding::Dead, HostStanding::Dead, HostStanding::Alive, HostStanding::Dead, HostStanding::Dead, HostStanding::Dead]
        {
            host.turn().await.ok().unwrap().note(Some(&fault(standing)));
        }
        let failure = host.turn().await.err().unwrap();
        assert_eq!(failure.kind, FailureKind::Connect);
        assert_eq!(failure.detail, "no connection to example.org (3 times in a row; not asked again in this run)");
    }

    #[tokio::test]
    async fn a_host_that_is_away_is_closed_at_once() {
        let host = host(0);
        host.turn().await.ok().unwrap().note(Some(&fault(HostStanding::Away)));
        let failure = host.turn().await.err().unwrap();
        assert_eq!(failure.kind, FailureKind::Held);
        assert_eq!(failure.detail, "example.org asked to be left alone until 5 March 2024, 07:00: no connection to example.org");
        assert!(host.news.lock().unwrap().len() == 1 && failure.retry_after.is_some_and(|wait| wait <= AWAY));
    }

    #[tokio::test]
    async fn what_a_host_asked_for_holds_from_run_to_run() {
        let remembered = |minutes: i64| {
            let until = start().checked_add(jiff::SignedDuration::from_mins(minutes)).unwrap();
            let hold = Hold { until, why: "it answered 429".to_owned() };
            vec![host::Host { name: "example.org".to_owned(), held: Some(hold), asked: None }]
        };
        let url = Url::parse("https://example.org/").unwrap();
        for (minutes, free) in [(5, false), (0, true), (-5, true)] {
            assert_eq!(hosts(0, remembered(minutes)).of(&url).turn().await.is_ok(), free, "{minutes}");
        }
    }

    #[tokio::test]
    async fn the_pause_holds_from_run_to_run() {
        let before = host::Host { name: "example.org".to_owned(), held: None, asked: Some(start()) };
        let host = hosts(60, vec![before]).of(&Url::parse("https://example.org/").unwrap());
        let began = Instant::now();
        drop(host.turn().await.ok().unwrap());
        assert!(began.elapsed() >= Duration::from_millis(40), "{:?}", began.elapsed());
    }
}
