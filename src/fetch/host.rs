//! Hosts: one request at a time, a pause between two, and no further ones where a host is dead or asked to be left alone.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as TurnLock, MutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::outcome::{Fault, Standing};
use crate::model::fetched::Failure;

/// So many requests in a row without an answer, and a host is not asked again in the run.
pub const DEAD_AFTER: u32 = 3;

/// The longest Crawl-delay that is obeyed: with more, one host could hold up a run for hours.
pub const MAX_CRAWL_DELAY: Duration = Duration::from_secs(30);

/// All hosts of a run.
pub struct Hosts {
    delay: Duration,
    slots: Arc<Semaphore>,
    known: Mutex<HashMap<String, Arc<Host>>>,
}

/// One host and port, whatever the scheme.
pub struct Host {
    delay_ms: AtomicU64,
    slots: Arc<Semaphore>,
    state: TurnLock<State>,
}

#[derive(Default)]
struct State {
    /// When the last request ended.
    ended: Option<Instant>,
    /// Requests without an answer since the last one with one.
    dead: u32,
    /// Why the host is not asked any more.
    closed: Option<Failure>,
}

/// The right to send one request to a host; the next one waits from the moment this is dropped.
pub struct Turn<'a> {
    state: MutexGuard<'a, State>,
    _slot: Option<OwnedSemaphorePermit>,
}

impl Hosts {
    pub fn new(delay: Duration, at_once: usize) -> Self {
        let slots = Arc::new(Semaphore::new(at_once.clamp(1, Semaphore::MAX_PERMITS)));
        Self { delay, slots, known: Mutex::default() }
    }

    pub fn of(&self, url: &Url) -> Arc<Host> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(key(url)).or_insert_with(|| {
            let delay_ms = AtomicU64::new(millis(self.delay));
            Arc::new(Host { delay_ms, slots: Arc::clone(&self.slots), state: TurnLock::default() })
        }))
    }
}

impl Host {
    /// Waits for this host's turn and its pause, then for one of the slots that all hosts share; fails at once where the host is closed.
    pub async fn turn(&self) -> Result<Turn<'_>, Failure> {
        let state = self.state.lock().await;
        if let Some(failure) = &state.closed {
            return Err(failure.clone());
        }
        if let Some(ended) = state.ended {
            sleep_until(ended + Duration::from_millis(self.delay_ms.load(Ordering::Relaxed))).await;
        }
        // The slot comes last, so that a host that only waits keeps none from the others.
        let slot = Arc::clone(&self.slots).acquire_owned().await.ok();
        Ok(Turn { state, _slot: slot })
    }

    /// Lengthens the pause to what robots.txt asks for, up to [`MAX_CRAWL_DELAY`]; never shortens it.
    pub fn slow_down(&self, delay: Duration) {
        self.delay_ms.fetch_max(millis(delay.min(MAX_CRAWL_DELAY)), Ordering::Relaxed);
    }
}

impl Turn<'_> {
    /// Takes note of how the request ended.
    pub fn note(&mut self, fault: Option<&Fault>) {
        let Some(fault) = fault else {
            self.state.dead = 0;
            return;
        };
        match fault.standing {
            Standing::Alive => self.state.dead = 0,
            Standing::Away => self.state.closed = Some(fault.failure.clone()),
            Standing::Dead => {
                self.state.dead += 1;
                if self.state.dead >= DEAD_AFTER {
                    let detail = format!("{} ({DEAD_AFTER} times in a row; not asked again in this run)", fault.failure.detail);
                    self.state.closed = Some(Failure::new(fault.failure.kind, detail));
                }
            }
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.state.ended = Some(Instant::now());
    }
}

fn key(url: &Url) -> String {
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
    use crate::model::fetched::FailureKind;

    fn host(delay_ms: u64) -> Arc<Host> {
        Hosts::new(Duration::from_millis(delay_ms), 4).of(&Url::parse("https://example.org/").unwrap())
    }

    fn fault(standing: Standing) -> Fault {
        Fault { failure: Failure::new(FailureKind::Connect, "no connection to example.org"), standing }
    }

    #[test]
    fn a_host_is_its_name_and_port_whatever_the_scheme() {
        let hosts = Hosts::new(Duration::ZERO, 1);
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
        for standing in [Standing::Dead, Standing::Dead, Standing::Alive, Standing::Dead, Standing::Dead, Standing::Dead] {
            host.turn().await.ok().unwrap().note(Some(&fault(standing)));
        }
        let failure = host.turn().await.err().unwrap();
        assert_eq!(failure.kind, FailureKind::Connect);
        assert_eq!(failure.detail, "no connection to example.org (3 times in a row; not asked again in this run)");
    }

    #[tokio::test]
    async fn a_host_that_is_away_is_closed_at_once() {
        let host = host(0);
        host.turn().await.ok().unwrap().note(Some(&fault(Standing::Away)));
        assert!(host.turn().await.is_err());
    }
}
