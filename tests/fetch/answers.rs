//! What a plain request sends and how each kind of answer is told.

use std::time::Duration;

use tieback::model::fetched::{Answer, FailureKind, Validators};

use crate::common::server::{Reply, Server};
use crate::{check_failure, failed, fetcher, fresh, get, request, settings};

#[tokio::test]
async fn a_page_comes_with_what_its_header_says() {
    let server = Server::pages(|_| {
        Reply::page("Text/HTML; Charset=ISO-8859-1", b"caf\xe9")
            .header("ETag", "W/\"a  b\"")
            .header("Last-Modified", "some day")
            .header("Cache-Control", "max-age=600")
    });
    let page = fresh(get(&server.url("/a?b=c#d")).await);
    assert_eq!(page.body, b"caf\xe9");
    assert_eq!((page.media_type.as_deref(), page.charset.as_deref()), (Some("text/html"), Some("ISO-8859-1")));
    assert_eq!((page.validators.etag.as_deref(), page.validators.last_modified.as_deref()), (Some("W/\"a  b\""), Some("some day")));
    assert_eq!(page.max_age, Some(Duration::from_secs(600)));
    assert_eq!((page.url, page.final_url, page.moved_for_good), (server.url("/a?b=c#d"), server.url("/a?b=c"), false));
}

#[tokio::test]
async fn the_request_says_who_we_are_and_nothing_more() {
    let server = Server::pages(|_| Reply::text("x").header("Set-Cookie", "a=b"));
    let fetcher = fetcher(settings());
    fresh(fetcher.get(&request(&server.url("/a"))).await);
    fresh(fetcher.get(&request(&server.url("/b#c"))).await);
    for asked in server.log() {
        assert_eq!(asked.method, "GET");
        let mut names: Vec<&str> = asked.headers.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["accept", "accept-encoding", "host", "user-agent"], "no cookie, no referer, no condition");
        assert_eq!(asked.header("user-agent"), Some("tieback/0 (+https://example.org/tieback; someone@example.org)"));
        let encodings: Vec<&str> = asked.header("accept-encoding").unwrap().split(',').map(str::trim).collect();
        assert!(["gzip", "br", "deflate"].iter().all(|encoding| encodings.contains(encoding)), "{encodings:?}");
    }
    assert_eq!(server.asked()[1].target, "/b", "the fragment stays here");
}

#[tokio::test]
async fn an_empty_page_is_a_page() {
    let server = Server::pages(|_| Reply::text(""));
    assert_eq!(fresh(get(&server.url("/")).await).body, b"");
}

#[tokio::test]
async fn each_validator_alone_or_both_make_the_request_conditional() {
    let server = Server::pages(|asked| {
        let known = asked.header("if-none-match") == Some("\"é1\"") || asked.header("if-modified-since") == Some("then, or so");
        if known { Reply::status(304) } else { Reply::text("new") }
    });
    let fetcher = fetcher(settings());
    let (etag, modified) = (Some("\"é1\"".to_owned()), Some("then, or so".to_owned()));
    for (etag, last_modified) in [(etag.clone(), None), (None, modified.clone()), (etag, modified)] {
        let validators = Validators { etag, last_modified, from: None };
        let mut request = request(&server.url("/feed"));
        request.validators = validators.clone();
        match fetcher.get(&request).await {
            Answer::NotModified { validators: kept, max_age, .. } => assert_eq!((kept, max_age), (validators, None)),
            other => panic!("{other:?}"),
        }
    }
    let mut other = request(&server.url("/feed"));
    other.validators.etag = Some("\"old\"".to_owned());
    assert_eq!(fresh(fetcher.get(&other).await).body, b"new");
}

#[tokio::test]
async fn a_304_brings_new_validators_and_a_new_age() {
    let server = Server::pages(|_| Reply::status(304).header("ETag", "\"2\"").header("Cache-Control", "max-age=60"));
    let mut request = request(&server.url("/feed"));
    request.validators = Validators { etag: Some("\"1\"".to_owned()), last_modified: Some("then".to_owned()), from: None };
    match fetcher(settings()).get(&request).await {
        Answer::NotModified { validators, max_age, .. } => {
            assert_eq!((validators.etag.as_deref(), validators.last_modified.as_deref()), (Some("\"2\""), Some("then")));
            assert_eq!(max_age, Some(Duration::from_secs(60)));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_304_that_was_not_asked_for_is_no_answer() {
    let server = Server::pages(|_| Reply::status(304));
    check_failure(get(&server.url("/")).await, FailureKind::Unreadable, "304");
}

#[tokio::test]
async fn status_codes_become_failures_and_are_asked_once() {
    for (status, kind) in [
        (401, FailureKind::Forbidden),
        (402, FailureKind::Forbidden),
        (403, FailureKind::Forbidden),
        (451, FailureKind::Forbidden),
        (404, FailureKind::NotFound),
        (410, FailureKind::Gone),
        (429, FailureKind::TooMany),
        (400, FailureKind::ClientError),
        (204, FailureKind::Unreadable),
        (206, FailureKind::Unreadable),
    ] {
        let server = Server::pages(move |_| Reply::status(status).header("Content-Length", "0"));
        let mut settings = settings();
        settings.tries = 3;
        let answer = fetcher(settings).get(&request(&server.url("/"))).await;
        check_failure(answer, kind, &format!("127.0.0.1:{} answered {status}", server.address().port()));
        assert_eq!(server.asked().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_server_error_is_tried_again_and_may_pass() {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::pages(move |_| {
        if count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < 2 { Reply::status(500) } else { Reply::text("well again") }
    });
    let mut settings = settings();
    settings.tries = 3;
    assert_eq!(fresh(fetcher(settings).get(&request(&server.url("/"))).await).body, b"well again");
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn tries_have_an_end() {
    let server = Server::pages(|_| Reply::status(502));
    let mut settings = settings();
    settings.tries = 3;
    check_failure(fetcher(settings).get(&request(&server.url("/"))).await, FailureKind::ServerError, "502 (bad gateway)");
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn retry_after_is_obeyed_in_seconds_and_as_a_date() {
    let far = Some(Duration::from_secs(7 * 86_400));
    for (status, value, expected) in [
        (503, "3600", Some(Duration::from_secs(3600))),
        (429, "3600", Some(Duration::from_secs(3600))),
        (429, "Fri, 31 Dec 2100 23:59:59 GMT", far),
        (503, "99999999999", far),
        (429, "later", None),
    ] {
        let server = Server::pages(move |_| Reply::status(status).header("Retry-After", value));
        let mut settings = settings();
        settings.tries = 3;
        let fetcher = fetcher(settings);
        let failure = failed(fetcher.get(&request(&server.url("/a"))).await);
        assert_eq!(failure.retry_after, expected, "{status} {value}");
        assert_eq!(failed(fetcher.get(&request(&server.url("/b"))).await).kind, FailureKind::Held, "the host is left alone");
        assert_eq!(server.asked().len(), 1, "{status} {value}");
    }
}
