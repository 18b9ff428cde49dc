//! How it is asked: who we are, what we accept, one request at a time with pauses, and no way past a wall.

use std::time::{Duration, Instant};

use crate::{
    Point,
    made::*,
    program::Program,
    server::Reply,
    visit::{self, *},
    web::Web,
};

pub const POINTS: &[Point] = &[
    ("the User-Agent names the program, its version and the contact", user_agent),
    ("the User-Agent names the page about it", user_agent_page),
    ("a feed is asked for as a feed", || accepts("feed", "application/rss+xml")),
    ("a page is asked for as a page", || accepts("page", "text/html")),
    ("a sitemap is asked for as XML", || accepts("sitemap", "application/xml")),
    ("an interface is asked for JSON", || accepts("wordpress", "application/json")),
    ("a report is asked for as a PDF", accepts_report),
    ("everything may come packed", packed),
    ("no cookie, no referrer, nothing of ours goes along", bare),
    ("one request at a time to a host, with a pause", pause),
    ("the pause holds between two runs", pause_between_runs),
    ("a page behind a wall is asked for once and not got round", wall),
    ("what is gone is not asked for again", gone_page),
    ("a server error is tried again with growing pauses, within bounds", retries),
    ("quiet hours are kept", quiet_hours),
];

fn user_agent() {
    let visit = herald();
    visit.feed(FEED, empty());
    visit.run(0);
    let expected = concat!("tieback/", env!("CARGO_PKG_VERSION"));
    assert!(visit.log().iter().all(|request| {
        let sent = request.header("user-agent").unwrap_or_default();
        sent.starts_with(expected) && sent.contains("test@example.org")
    }));
}

fn configured(web: &Web, keys: &str, sources: &str) -> Program {
    Program::with(Some(web.proxy()), &format!("contact = \"test@example.org\"\n{keys}\n{sources}"))
}

fn user_agent_page() {
    let web = Web::new();
    web.feed(FEED, empty());
    let keys = "[fetch]\nper_host_delay = \"0s\"\npage = \"https://council.example/tieback\"";
    configured(&web, keys, &source("Herald", "feed", FEED)).call(&at(0), &["run"]);
    assert!(
        web.log().iter().all(|request| request.header("user-agent").is_some_and(|sent| sent.contains("+https://council.example/tieback")))
    );
}

fn accepts(kind: &str, wanted: &str) {
    let links = if kind == "page" { "links = \"main a\"\n" } else { "" };
    let visit = visit::of(&(source("Herald", kind, FEED) + links));
    visit.run(0);
    let sent = visit.sent(FEED, "accept")[0].clone().unwrap();
    assert!(sent.starts_with(wanted) && sent.contains("*/*"), "{sent}");
}

fn accepts_report() {
    let web = crate::world::small();
    Program::new(&web, crate::world::OFSTED_AND_HERALD).call(&at(0), &["run"]);
    let log = web.log();
    let file = log.iter().find(|request| request.target.contains("/v1/file/")).unwrap();
    assert!(file.header("accept").unwrap().starts_with("application/pdf"));
    let page = log.iter().find(|request| request.target.contains("/provider/")).unwrap();
    assert!(page.header("accept").unwrap().starts_with("text/html"));
}

fn packed() {
    let visit = herald();
    visit.feed(FEED, empty());
    visit.run(0);
    assert!(visit.sent(FEED, "accept-encoding")[0].as_deref().is_some_and(|sent| sent.contains("gzip")));
}

fn bare() {
    let visit = herald();
    visit.rule(FEED, |_| Reply::page("application/rss+xml", one_item()).header("Set-Cookie", "a=b"));
    visit.html(PAGE, coverage_page(TITLE, &RUTLAND_2024));
    visit.all(0);
    visit.all(60);
    for name in ["cookie", "referer", "authorization", "from", "x-forwarded-for"] {
        assert!(visit.log().iter().all(|request| request.header(name).is_none()), "{name}");
    }
}

fn pause() {
    let web = Web::new();
    web.feed(FEED, one_item());
    web.html(PAGE, coverage_page(TITLE, &RUTLAND_2024));
    configured(&web, "[fetch]\nper_host_delay = \"1s\"", &source("Herald", "feed", FEED)).call(&at(0), &["run"]);
    let log = web.log();
    assert_eq!(log.len(), 3);
    assert!(log.windows(2).all(|pair| pair[1].came - pair[0].came >= Duration::from_millis(990)));
    assert!(log.iter().all(|request| request.at_once == 1));
}

fn pause_between_runs() {
    let web = Web::new();
    web.feed(FEED, empty());
    let program = configured(&web, "[fetch]\nper_host_delay = \"3s\"", &source("Herald", "feed", FEED));
    program.call(&at(0), &["run"]);
    let began = Instant::now();
    program.call(&at(0), &["run", "--all"]);
    assert_eq!(web.times(FEED), 2);
    assert!(began.elapsed() >= Duration::from_secs(1), "{:?}", began.elapsed());
}

fn wall() {
    let visit = herald();
    visit.feed(FEED, one_item());
    visit.reply(PAGE, Reply::status(403).header("Content-Length", "0"));
    visit.run(0);
    assert_eq!(visit.times(PAGE), 1);
    assert!(visit.log().iter().all(|request| request.header("user-agent").is_some_and(|sent| sent.starts_with("tieback/"))));
}

fn gone_page() {
    let visit = herald();
    visit.feed(FEED, one_item());
    visit.reply(PAGE, Reply::status(410).header("Content-Length", "0"));
    for day in 0..5 {
        visit.all(day * 1_440);
    }
    assert_eq!(visit.times(PAGE), 1);
}

fn retries() {
    let web = Web::new();
    web.reply(FEED, Reply::status(500).header("Content-Length", "0"));
    configured(&web, "[fetch]\nper_host_delay = \"400ms\"\ntries = 3", &source("Herald", "feed", FEED)).call(&at(0), &["run"]);
    let log: Vec<_> = web.log().into_iter().filter(|request| request.target == FEED).collect();
    assert_eq!(log.len(), 3);
    let (first, second) = (log[1].came - log[0].came, log[2].came - log[1].came);
    assert!(first >= Duration::from_millis(390) && second >= Duration::from_millis(790), "{first:?} {second:?}");
}

/// The first run is at six, in winter, when London's clock is UTC.
fn quiet_hours() {
    let web = Web::new();
    web.feed(FEED, empty());
    let keys = "[fetch]\nper_host_delay = \"0s\"\nquiet = \"22:00-07:30\"";
    let program = configured(&web, keys, &source("Herald", "feed", FEED));
    for (minutes, times) in [(0, 0), (89, 0), (90, 1), (959, 2), (960, 2), (1_200, 2)] {
        let ran = program.call(&at(minutes), &["run"]);
        assert_eq!((ran.code, web.times(FEED)), (Some(0), times), "{minutes}: {}", ran.err);
    }
    program.call(&at(1_201), &["run", "--source", "Herald"]);
    assert_eq!(web.times(FEED), 3, "a person is not bound by them");
}
