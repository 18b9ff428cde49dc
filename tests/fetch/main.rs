//! Fetching against a local server that misbehaves in every way that other feed readers were holed by.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "../common/mod.rs"]
mod common;

mod answers;
mod bodies;
mod guarded;
mod manners;
mod proxies;
mod redirects;

use std::time::Duration;

use tieback::fetch::{Fetcher, Route};
use tieback::model::fetched::{Answer, BodyKind, Failure, FailureKind, FetchSettings, Fetched, Request, Validators};
use url::Url;

/// Short waits, small limits, private addresses let through.
pub fn settings() -> FetchSettings {
    FetchSettings {
        user_agent: "tieback/0 (+https://example.org/tieback; someone@example.org)".to_owned(),
        per_host_delay: Duration::from_millis(1),
        hosts_at_once: 8,
        connect_timeout: Duration::from_secs(5),
        timeout: Duration::from_secs(10),
        tries: 1,
        max_page: 100_000,
        max_report: 300_000,
        allow_private: true,
    }
}

pub fn fetcher(settings: FetchSettings) -> Fetcher {
    Fetcher::by_route(settings, &Route::Direct).unwrap()
}

pub fn request(url: &Url) -> Request {
    Request { url: url.clone(), validators: Validators::default(), body: BodyKind::Page }
}

pub async fn get(url: &Url) -> Answer {
    fetcher(settings()).get(&request(url)).await
}

#[track_caller]
pub fn fresh(answer: Answer) -> Fetched {
    match answer {
        Answer::Fresh(fetched) => *fetched,
        other => panic!("expected a page, got {other:?}"),
    }
}

#[track_caller]
pub fn failed(answer: Answer) -> Failure {
    match answer {
        Answer::Failed(failure) => failure,
        other => panic!("expected a failure, got {other:?}"),
    }
}

#[track_caller]
pub fn check_failure(answer: Answer, kind: FailureKind, detail: &str) {
    let failure = failed(answer);
    assert_eq!(failure.kind, kind, "{failure:?}");
    assert!(failure.detail.contains(detail), "`{}` does not say `{detail}`", failure.detail);
}
