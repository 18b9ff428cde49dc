//! Redirects: followed to an end or refused, never further than the limit.

use tieback::model::fetched::FailureKind;

use crate::common::server::{Reply, Server};
use crate::{check_failure, fetcher, fresh, get, request, settings};

#[tokio::test]
async fn each_kind_is_followed_and_only_301_and_308_are_for_good() {
    for (status, for_good) in [(301, true), (302, false), (303, false), (307, false), (308, true)] {
        let server = Server::pages(move |asked| match asked.target.as_str() {
            "/old" => Reply::redirect(status, "/new#part"),
            _ => Reply::text("here"),
        });
        let page = fresh(get(&server.url("/old")).await);
        assert_eq!((page.url, page.final_url), (server.url("/old"), server.url("/new")), "{status}");
        assert_eq!(page.moved_for_good, for_good, "{status}");
        assert!(server.asked().iter().all(|asked| asked.method == "GET" && asked.header("referer").is_none()));
    }
}

#[tokio::test]
async fn five_hops_arrive_and_six_do_not() {
    let server = Server::pages(|asked| match asked.target.trim_start_matches('/').parse::<u32>() {
        Ok(0) | Err(_) => Reply::text("here"),
        Ok(left) => Reply::redirect(301, &format!("/{}", left - 1)),
    });
    assert_eq!(fresh(get(&server.url("/5")).await).body, b"here");
    check_failure(get(&server.url("/6")).await, FailureKind::Redirects, "more than 5 times");
    assert_eq!(server.asked().len(), 6 + 6);
}

#[tokio::test]
async fn a_circle_is_left_at_once() {
    let server = Server::pages(|asked| Reply::redirect(302, if asked.target == "/a" { "/b" } else { "/a" }));
    check_failure(get(&server.url("/a")).await, FailureKind::Redirects, "in a circle");
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn nowhere_and_odd_places_are_refused() {
    for (location, kind) in [
        ("", FailureKind::Redirects),
        ("file:///etc/passwd", FailureKind::BadAddress),
        ("ftp://127.0.0.1/", FailureKind::BadAddress),
        ("http://127.0.0.1:22/", FailureKind::BadAddress),
        ("http://anna@127.0.0.1/", FailureKind::BadAddress),
        ("http://a\\@127.0.0.1/", FailureKind::BadAddress),
    ] {
        let server = Server::pages(move |_| Reply::redirect(301, location));
        check_failure(get(&server.url("/")).await, kind, "127.0.0.1");
    }
}

#[tokio::test]
async fn validators_go_along_to_where_the_page_is() {
    let server = Server::pages(|asked| match asked.target.as_str() {
        "/old" => Reply::redirect(302, "/new"),
        _ if asked.header("if-none-match") == Some("\"1\"") => Reply::status(304),
        _ => Reply::text("new"),
    });
    let mut request = request(&server.url("/old"));
    request.validators.etag = Some("\"1\"".to_owned());
    request.validators.from = Some(server.url("/new").to_string());
    let answer = fetcher(settings()).get(&request).await;
    assert!(matches!(answer, tieback::model::fetched::Answer::NotModified { .. }), "{answer:?}");
    assert_eq!(server.asked()[0].header("if-none-match"), None, "they are not those of the address that redirects");
}

#[tokio::test]
async fn validators_go_to_nobody_who_did_not_give_them() {
    let there = Server::pages(|_| Reply::text("there").header("ETag", "\"there\""));
    let to = there.url("/feed").to_string();
    let here = Server::pages(move |_| Reply::redirect(301, &to));
    let mut request = request(&here.url("/feed"));
    request.validators.etag = Some("\"here\"".to_owned());
    let page = fresh(fetcher(settings()).get(&request).await);
    assert_eq!(there.asked()[0].header("if-none-match"), None);
    assert_eq!(page.validators.from, Some(there.url("/feed").to_string()));
}

#[tokio::test]
async fn the_other_host_is_asked_for_its_own_robots_txt() {
    let there = Server::start(|asked| match asked.target.as_str() {
        "/robots.txt" => Reply::text("User-agent: *\nDisallow: /closed"),
        _ => Reply::text("there"),
    });
    let (open, closed) = (there.url("/open").to_string(), there.url("/closed").to_string());
    let here = Server::pages(move |asked| Reply::redirect(302, if asked.target == "/open" { &open } else { &closed }));
    assert_eq!(fresh(get(&here.url("/open")).await).body, b"there");
    check_failure(get(&here.url("/closed")).await, FailureKind::Robots, &there.address().to_string());
    assert_eq!(there.asked().len(), 1);
}
