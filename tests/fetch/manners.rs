//! Manners: one request a host, pauses, robots.txt, and hosts that are left alone.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tieback::model::fetched::FailureKind;

use crate::common::server::{Reply, Server};
use crate::{check_failure, failed, fetcher, fresh, get, request, settings};

#[tokio::test]
async fn one_request_a_host_with_a_pause_between_the_end_and_the_next() {
    let server = Server::pages(|_| Reply::text("").wait(Duration::from_millis(30)));
    let mut settings = settings();
    settings.per_host_delay = Duration::from_millis(40);
    let fetcher = fetcher(settings);
    let urls: Vec<_> = (0..4).map(|n| request(&server.url(&format!("/{n}")))).collect();
    for answer in join_all(urls.iter().map(|request| fetcher.get(request))).await {
        fresh(answer);
    }
    let log = server.log();
    assert_eq!(log.len(), 5, "four pages and one robots.txt");
    assert!(log.iter().all(|asked| asked.at_once == 1));
    for pair in log.windows(2) {
        let gap = pair[1].came - pair[0].came;
        assert!(gap >= Duration::from_millis(39), "{gap:?}");
    }
}

#[tokio::test]
async fn hosts_are_asked_side_by_side_up_to_the_limit() {
    static AT_ONCE: AtomicUsize = AtomicUsize::new(0);
    static MOST: AtomicUsize = AtomicUsize::new(0);
    let servers: Vec<Server> = (0..6)
        .map(|_| {
            Server::start(|_| {
                MOST.fetch_max(AT_ONCE.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(60));
                AT_ONCE.fetch_sub(1, Ordering::SeqCst);
                Reply::text("")
            })
        })
        .collect();
    let mut settings = settings();
    settings.hosts_at_once = 3;
    let fetcher = fetcher(settings);
    let requests: Vec<_> = servers.iter().map(|server| request(&server.url("/"))).collect();
    for answer in join_all(requests.iter().map(|request| fetcher.get(request))).await {
        fresh(answer);
    }
    let most = MOST.load(Ordering::SeqCst);
    assert!((2..=3).contains(&most), "{most} at once");
}

#[tokio::test]
async fn robots_txt_is_asked_once_and_obeyed() {
    let server = Server::start(|asked| match asked.target.as_str() {
        "/robots.txt" => Reply::text("User-agent: tieback\nDisallow: /private\nAllow: /private/feed\n"),
        _ => Reply::text("page"),
    });
    let fetcher = fetcher(settings());
    fresh(fetcher.get(&request(&server.url("/open"))).await);
    fresh(fetcher.get(&request(&server.url("/private/feed"))).await);
    let detail = format!("robots.txt of 127.0.0.1:{} forbids", server.address().port());
    check_failure(fetcher.get(&request(&server.url("/private/x"))).await, FailureKind::Robots, &detail);
    let targets: Vec<String> = server.log().into_iter().map(|asked| asked.target).collect();
    assert_eq!(targets, ["/robots.txt", "/open", "/private/feed"]);
}

#[tokio::test]
async fn a_crawl_delay_lengthens_the_pause() {
    let server = Server::start(|asked| match asked.target.as_str() {
        "/robots.txt" => Reply::text("User-agent: *\nCrawl-delay: 0.2\n"),
        _ => Reply::text("page"),
    });
    let fetcher = fetcher(settings());
    fresh(fetcher.get(&request(&server.url("/a"))).await);
    fresh(fetcher.get(&request(&server.url("/b"))).await);
    let log = server.asked();
    let gap = log[1].came - log[0].came;
    assert!(gap >= Duration::from_millis(199), "{gap:?}");
}

#[tokio::test]
async fn robots_txt_may_be_missing_forbidden_redirected_or_too_long() {
    let long = format!("User-agent: *\nDisallow: /closed\n{}Disallow: /beyond\n", "#\n".repeat(300_000));
    for (robots, beyond) in [
        (Reply::status(404), true),
        (Reply::status(403), true),
        (Reply::status(410), true),
        (Reply::redirect(301, "/robots.txt"), true),
        (Reply::text(&long), true),
        (Reply::status(200).send(b"User-agent: *\nDisallow: /\n"), false),
    ] {
        let server = Server::start(move |asked| if asked.target == "/robots.txt" { robots.clone() } else { Reply::text("page") });
        let answer = get(&server.url("/beyond")).await;
        if beyond { drop(fresh(answer)) } else { check_failure(answer, FailureKind::Robots, "") }
    }
}

#[tokio::test]
async fn the_part_of_a_long_robots_txt_that_is_read_counts() {
    let long = format!("User-agent: *\nDisallow: /closed\n{}", "#\n".repeat(300_000));
    let server = Server::start(move |_| Reply::text(&long));
    check_failure(get(&server.url("/closed")).await, FailureKind::Robots, "");
}

#[tokio::test]
async fn without_an_answer_for_robots_txt_no_page_is_fetched_and_the_hosts_failure_is_named() {
    let server = Server::start(|asked| if asked.target == "/robots.txt" { Reply::status(500) } else { Reply::text("page") });
    let fetcher = fetcher(settings());
    for path in ["/a", "/b"] {
        let answer = fetcher.get(&request(&server.url(path))).await;
        check_failure(
            answer,
            FailureKind::ServerError,
            "answered 500 (internal server error) for robots.txt; without it no page is fetched",
        );
    }
    assert_eq!(server.log().len(), 1);

    let busy = Server::start(|_| Reply::status(503).header("Retry-After", "60"));
    let failure = failed(fetcher.get(&request(&busy.url("/a"))).await);
    assert_eq!((failure.kind, failure.retry_after), (FailureKind::ServerError, Some(Duration::from_secs(60))));

    let silent = Server::start(|_| Reply::raw(b""));
    check_failure(fetcher.get(&request(&silent.url("/a"))).await, FailureKind::Connect, "no answer from 127.0.0.1");
}

#[tokio::test]
async fn a_dead_host_is_asked_three_times_in_all() {
    let server = Server::pages(|_| Reply::raw(b""));
    let mut settings = settings();
    settings.tries = 2;
    let fetcher = fetcher(settings);
    for n in 0..10 {
        let answer = fetcher.get(&request(&server.url(&format!("/{n}")))).await;
        check_failure(answer, FailureKind::Connect, if n < 1 { "no answer" } else { "3 times in a row; not asked again in this run" });
    }
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn a_silent_host_costs_three_timeouts_and_no_more() {
    let server = Server::pages(|_| Reply::raw(b"").wait(Duration::from_secs(3)));
    let mut settings = settings();
    settings.timeout = Duration::from_millis(150);
    let fetcher = fetcher(settings);
    let requests: Vec<_> = (0..50).map(|n| request(&server.url(&format!("/{n}")))).collect();
    let started = Instant::now();
    for answer in join_all(requests.iter().map(|request| fetcher.get(request))).await {
        check_failure(answer, FailureKind::Timeout, "no answer from 127.0.0.1");
    }
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    assert_eq!(server.asked().len(), 3);
}
