//! Sources in all the ways in which they fail: each is recorded and named, and the good ones are stored all the same.

use std::{fmt::Write, time::Duration};

use tokio::net::TcpSocket;

use crate::{
    made::*,
    program::{NOW, Program},
    server::Reply,
    web::Web,
    world::*,
};

const DAY: &str = "Mon, 04 Mar 2024 09:30:00 GMT";
const STORY: &str = "http://herald.example/news/rutland-good";

fn good_feed() -> String {
    feed(&[(STORY, RUTLAND_STORY, "Ofsted praises Rutland.", DAY)])
}

fn source(name: &str, url: &str) -> String {
    format!("[[source]]\nname = \"{name}\"\nkind = \"feed\"\nurl = \"{url}\"\n")
}

/// An address at which nobody listens. The port stays taken while the socket is held, so that no other test gets it.
fn dead_address() -> (TcpSocket, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}/feed", socket.local_addr().unwrap());
    (socket, url)
}

#[test]
fn bad_sources_are_recorded_and_good_ones_stored() {
    let web = Web::new();
    let status = |status: u16| Reply::status(status).header("Content-Length", "0");
    let html = |body: &str| Reply::page("text/html", body);
    let cases = [
        ("Page", html("<!doctype html><title>Welcome</title><h1>Welcome</h1><p>No feed here.</p>"), "unreadable"),
        ("Empty", Reply::page("application/rss+xml", ""), "unreadable"),
        ("Blank", Reply::page("application/rss+xml", " \n \n"), "unreadable"),
        ("Cut", Reply::page("application/rss+xml", "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><tit"), "unreadable"),
        ("Zip", Reply::page("application/rss+xml", b"PK\x03\x04\x00\x00\x00\x00"), "unreadable"),
        ("Missing", status(404), "not-found"),
        ("Gone", status(410), "gone"),
        ("Forbidden", status(403), "forbidden"),
        ("Busy", status(429).header("Retry-After", "172800"), "too-many"),
        ("Teapot", status(418), "client-error"),
        ("Broken", status(500), "server-error"),
        ("Circle", Reply::redirect(302, "http://circle.example/feed"), "redirects"),
        (
            "Endless",
            Reply::status(200).header("Content-Type", "application/rss+xml").forever(&[b' '; 64 * 1024], Duration::ZERO),
            "too-large",
        ),
        (
            "Large",
            Reply::status(200).header("Content-Type", "application/rss+xml").header("Content-Length", "60000000").send(&[b' '; 1024]),
            "too-large",
        ),
        ("Drip", Reply::status(200).header("Content-Type", "application/rss+xml").forever(b" ", Duration::from_millis(100)), "timeout"),
        ("Short", Reply::status(200).header("Content-Length", "5000").send(good_feed().as_bytes()), "connect"),
        ("Nonsense", Reply::raw(b"HELLO\r\n\r\n"), "connect"),
    ];
    let mut sources = String::new();
    for (name, reply, _) in &cases {
        let url = format!("http://{}.example/feed", name.to_lowercase());
        web.reply(&url, reply.clone());
        sources += &source(name, &url);
    }
    let (_held, dead) = dead_address();
    sources += &source("Dead", &dead);
    web.feed(FEED, good_feed());
    web.html(STORY, coverage_page(RUTLAND_STORY, &RUTLAND_2024));
    sources += &source("Herald", FEED);
    let program = Program::new(&web, &format!("timeout = \"3s\"\nallow_private = true\n{sources}"));
    let ran = program.run_all(NOW, 4);

    let found: Vec<(&str, Option<String>)> = cases.iter().map(|(name, ..)| (*name, program.source(name).0)).collect();
    let expected: Vec<(&str, Option<String>)> = cases.iter().map(|(name, _, kind)| (*name, Some((*kind).to_owned()))).collect();
    assert_eq!(found, expected, "{}", ran.err);
    assert_eq!(program.source("Dead").0.as_deref(), Some("connect"));
    for (name, _, kind) in &cases {
        let (_, detail) = program.source(name);
        assert!(!detail.is_empty());
        let line = ran.err.lines().find(|line| line.starts_with(&format!("{name}: "))).unwrap_or_else(|| panic!("{name}: {}", ran.err));
        assert!(line.contains(&detail) && line.contains(kind), "{line}");
    }
    assert_eq!(program.source("Herald").0, None);
    assert_eq!(program.stories().len(), 1);
    assert_eq!(program.story(RUTLAND_STORY)["relevant"], true);

    // A server that asked for two days of peace has them; after that it is asked again.
    let busy = "http://busy.example/feed";
    let asked = |web: &Web| web.asked().iter().filter(|request| request.target == busy).count();
    assert_eq!(program.call("2024-03-07T05:59:00Z", &["run", "-q"]).code, Some(4));
    assert_eq!(asked(&web), 1);
    program.call("2024-03-07T06:00:00Z", &["run", "--source", "Busy", "-q"]);
    assert_eq!(asked(&web), 2);
}

#[test]
fn a_quiet_run_speaks_of_failures_and_of_nothing_else() {
    let web = Web::new();
    web.feed(FEED, good_feed());
    web.html(STORY, coverage_page(RUTLAND_STORY, &RUTLAND_2024));
    let program = Program::new(&web, &(source("Herald", FEED) + &source("Missing", "http://missing.example/feed")));
    let ran = program.call(NOW, &["run", "--all", "-q"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(4), ""));
    let lines: Vec<&str> = ran.err.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(lines[0].starts_with("Missing: ") && lines[1].starts_with("hint: "), "{lines:#?}");
}

#[test]
fn failures_in_a_row_are_asked_ever_more_rarely() {
    let web = Web::new();
    let program = Program::new(&web, &source("Missing", "http://missing.example/feed"));
    let url = "http://missing.example/feed".to_owned();
    let mut asked = Vec::new();
    for hour in 0..24 {
        let before = web.asked().len();
        program.call(&format!("2024-03-05T{hour:02}:00:00Z"), &["run", "-q"]);
        if web.targets_since(before) == [url.clone()] {
            asked.push(hour);
        }
    }
    assert_eq!(asked, [0, 1, 3, 7, 15]);
}

/// Before it was kept which address was asked, nothing was of one that never answered.
#[test]
fn a_source_that_is_gone_is_not_asked_again_by_a_newer_version_until_its_address_is_changed() {
    let web = Web::new();
    web.reply(FEED, Reply::status(410).header("Content-Length", "0"));
    let program = Program::new(&web, &source("Herald", FEED));
    program.run_all(NOW, 4);
    let answered = "SELECT count(*) FROM resource";
    let count = |sql: &str| program.sql().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count(answered), 0, "what did not answer has no time of an answer");
    program.sql().execute_batch("UPDATE work SET address = NULL").unwrap();
    for hour in [7, 8] {
        program.run_all(&format!("2024-03-05T{hour:02}:00:00Z"), 4);
    }
    assert_eq!(web.times(FEED), 1);
    let elsewhere = "http://herald.example/elsewhere";
    web.feed(elsewhere, feed(&[]));
    program.configure(&format!("contact = \"test@example.org\"\n[fetch]\nper_host_delay = \"0s\"\n{}", source("Herald", elsewhere)));
    program.run_all("2024-03-05T09:00:00Z", 0);
    assert_eq!((web.times(FEED), web.times(elsewhere)), (1, 1));
}

#[test]
fn the_second_way_is_taken_when_the_first_is_gone_and_kept_while_it_works() {
    let web = Web::new();
    let mut sources = source("Herald", FEED);
    let _ = writeln!(
        sources,
        "fallback = [{{ kind = \"feed\", url = \"http://herald.example/rss\" }}, {{ kind = \"page\", url = \"http://herald.example/news\", links = \"main a\" }}]"
    );
    web.reply(FEED, Reply::status(410).header("Content-Length", "0"));
    web.html(
        "http://herald.example/news",
        format!("<!doctype html><title>News</title><main><a href=\"{STORY}\">{RUTLAND_STORY}</a></main>"),
    );
    web.html(STORY, coverage_page(RUTLAND_STORY, &RUTLAND_2024));
    let program = Program::new(&web, &sources);
    program.run_all(NOW, 0);
    assert_eq!(web.targets_since(0), [FEED, "http://herald.example/news", STORY, "http://herald.example/rss"]);
    assert_eq!(program.stories().len(), 1);
    let before = web.asked().len();
    program.run_all("2024-03-05T07:00:00Z", 0);
    assert_eq!(web.targets_since(before), ["http://herald.example/news"]);
}

#[test]
fn a_page_leads_to_the_feed_it_announces() {
    let web = Web::new();
    web.html(
        FEED,
        "<!doctype html><title>Herald</title><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/real.xml\"><h1>Herald</h1>",
    );
    web.feed("http://herald.example/real.xml", good_feed());
    web.html(STORY, coverage_page(RUTLAND_STORY, &RUTLAND_2024));
    let program = Program::new(&web, &source("Herald", FEED));
    program.run_all(NOW, 0);
    assert_eq!(program.stories().len(), 1);
    // New stories come, though the page that announces the feed is the same as ever.
    let other = "http://herald.example/news/solihull";
    web.feed(
        "http://herald.example/real.xml",
        feed(&[(other, SOLIHULL_STORY, "Ofsted faults Solihull.", DAY), (STORY, RUTLAND_STORY, "Ofsted praises Rutland.", DAY)]),
    );
    web.html(other, coverage_page(SOLIHULL_STORY, &SOLIHULL_2024));
    program.run_all("2024-03-05T07:00:00Z", 0);
    assert_eq!(program.stories().len(), 2);
}

#[test]
fn a_sitemap_of_sitemaps_is_read_though_its_index_is_the_same() {
    let web = Web::new();
    let index = "http://herald.example/sitemap.xml";
    let part = "http://herald.example/sitemap-1.xml";
    let map = |urls: &[&str]| {
        let list: String = urls.iter().map(|url| format!("<url><loc>{url}</loc></url>")).collect();
        format!("<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{list}</urlset>")
    };
    web.put(
        index,
        "application/xml",
        format!("<?xml version=\"1.0\"?><sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><sitemap><loc>{part}</loc></sitemap></sitemapindex>"),
    );
    let one = "http://herald.example/news/rutland-childrens-services-rated-good-by-ofsted";
    let two = "http://herald.example/news/solihull-childrens-services-inadequate-say-ofsted-inspectors";
    web.put(part, "application/xml", map(&[one]));
    web.html(one, coverage_page(RUTLAND_STORY, &RUTLAND_2024));
    web.html(two, coverage_page(SOLIHULL_STORY, &SOLIHULL_2024));
    let program = Program::new(&web, &format!("[[source]]\nname = \"Herald\"\nkind = \"sitemap\"\nurl = \"{index}\"\n"));
    program.run_all(NOW, 0);
    assert_eq!(program.stories().len(), 1);
    web.put(part, "application/xml", map(&[one, two]));
    program.run_all("2024-03-05T07:00:00Z", 0);
    assert_eq!(program.stories().len(), 2);
}

fn sitemap(urls: &[&str]) -> String {
    let list: String = urls.iter().map(|url| format!("<url><loc>{url}</loc></url>")).collect();
    format!("<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{list}</urlset>")
}

fn sitemap_index(parts: &[&str]) -> String {
    let list: String = parts.iter().map(|part| format!("<sitemap><loc>http://herald.example/{part}</loc></sitemap>")).collect();
    format!("<?xml version=\"1.0\"?><sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{list}</sitemapindex>")
}

#[test]
fn an_index_within_an_index_is_read_and_parts_left_out_are_told() {
    let web = Web::new();
    let put = |name: &str, xml: String| web.put(&format!("http://herald.example/{name}"), "application/xml", xml);
    let (one, two) = (
        "http://herald.example/news/rutland-childrens-services-rated-good-by-ofsted",
        "http://herald.example/news/solihull-childrens-services-inadequate-say-ofsted-inspectors",
    );
    web.html(one, coverage_page(RUTLAND_STORY, &RUTLAND_2024));
    web.html(two, coverage_page(SOLIHULL_STORY, &SOLIHULL_2024));
    put("sitemap.xml", sitemap_index(&["a.xml", "year.xml"]));
    put("a.xml", sitemap(&[one]));
    put("year.xml", sitemap_index(&["month.xml"]));
    put("month.xml", sitemap(&[two]));
    let sources = "[[source]]\nname = \"Herald\"\nkind = \"sitemap\"\nurl = \"http://herald.example/sitemap.xml\"\n";
    let program = Program::new(&web, sources);
    program.run_all(NOW, 0);
    assert_eq!(program.stories().len(), 2);
    // Nobody says which of these are new: the last are looked at, and it is told that there are more.
    put("sitemap.xml", sitemap_index(&["1.xml", "2.xml", "3.xml", "4.xml", "5.xml"]));
    (1..=5).for_each(|n| put(&format!("{n}.xml"), sitemap(&[])));
    put("5.xml", sitemap(&["http://herald.example/news/hartlepool-childrens-services-ofsted"]));
    program.run_all("2024-03-05T07:00:00Z", 0);
    assert!(web.times("http://herald.example/news/hartlepool-childrens-services-ofsted") > 0);
    let doubts: String = program.sql().query_row("SELECT doubts FROM source", [], |row| row.get(0)).unwrap();
    assert!(doubts.contains("2 more parts of the sitemap"), "{doubts}");
}

#[test]
fn a_source_under_a_new_name_reads_its_list_anew() {
    let web = Web::new();
    web.feed(FEED, good_feed());
    let program = Program::new(&web, &source("Herald", FEED));
    program.run_all(NOW, 0);
    assert_eq!(program.stories().len(), 0, "its page is not there yet");
    web.html(STORY, coverage_page(RUTLAND_STORY, &RUTLAND_2024));
    program
        .configure(&format!("contact = \"test@example.org\"\n[fetch]\nper_host_delay = \"0s\"\ntries = 1\n{}", source("The Herald", FEED)));
    program.run_all("2024-03-06T06:00:00Z", 0);
    assert_eq!(program.stories().len(), 1);
}

#[test]
fn a_link_that_is_corrected_after_its_page_was_gone_is_followed() {
    let web = Web::new();
    let list = |url: &str| {
        format!(
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title><item><title>{RUTLAND_STORY}</title><link>{url}</link><guid isPermaLink=\"false\">post-7</guid><description>Ofsted praises Rutland.</description><pubDate>{DAY}</pubDate></item></channel></rss>"
        )
    };
    let wrong = "http://herald.example/news/rutland-goood";
    web.feed(FEED, list(wrong));
    web.reply(wrong, Reply::status(410).header("Content-Length", "0"));
    let program = Program::new(&web, &source("Herald", FEED));
    program.run_all(NOW, 0);
    web.feed(FEED, list(STORY));
    web.html(STORY, coverage_page(RUTLAND_STORY, &RUTLAND_2024));
    program.run_all("2024-03-06T06:00:00Z", 0);
    assert_eq!(program.stories().len(), 1);
}

#[test]
fn what_one_source_may_not_fetch_another_brings() {
    let web = Web::new();
    web.feed(FEED, good_feed());
    web.reply(STORY, Reply::status(403).header("Content-Length", "0"));
    let argus = "http://argus.example/feed";
    web.feed(argus, feed(&[]));
    let program = Program::new(&web, &format!("{}{}", source("Herald", FEED), source("Argus", argus)));
    program.run_all(NOW, 0);
    assert_eq!(program.stories()[0]["words"], 0);
    web.feed(argus, good_feed());
    web.html(STORY, coverage_page(RUTLAND_STORY, &RUTLAND_2024));
    program.run_all("2024-03-05T06:30:00Z", 0);
    assert!(program.stories()[0]["words"].as_u64().unwrap() > 0, "{:#}", program.stories()[0]);
}

#[test]
fn robots_txt_is_obeyed() {
    let web = Web::new();
    web.put("http://herald.example/robots.txt", "text/plain", "User-agent: *\nDisallow: /feed\n");
    web.feed(FEED, good_feed());
    let program = Program::new(&web, &source("Herald", FEED));
    program.run_all(NOW, 4);
    assert_eq!(program.source("Herald").0.as_deref(), Some("robots"));
    assert!(web.asked().is_empty());
}

/// Told once, in trouble until it names something again.
#[test]
fn a_feed_that_names_nothing_any_more_is_in_trouble_until_it_does() {
    let web = Web::new();
    let url = "http://herald.example/feed";
    let program = Program::new(&web, &source("Herald", url));
    web.feed(url, feed(&[]));
    assert!(!program.run_all(NOW, 0).err.contains("names nothing"), "one that never named anything");
    web.feed(url, good_feed());
    program.run_all(NOW, 0);
    web.feed(url, feed(&[]));
    assert!(program.run_all(NOW, 4).err.contains("Herald: the list names nothing any more"));
    assert_eq!(program.call(NOW, &["run", "--all", "-q"]).err, "");
    web.feed(url, good_feed());
    program.run_all(NOW, 0);
}

#[test]
fn why_the_feed_that_a_page_announces_did_not_come_is_told() {
    let (url, rss) = ("http://herald.example/feed", "http://herald.example/rss");
    let busy = Reply::status(503).header("Content-Length", "0");
    let gone = Reply::status(404).header("Content-Length", "0");
    for (reply, kind, said) in [(busy, "server-error", "answered 503"), (gone, "unreadable", "answered 404")] {
        let web = Web::new();
        web.html(url, "<!doctype html><title>News</title><link rel=alternate type=\"application/rss+xml\" href=\"/rss\">");
        web.reply(rss, reply);
        let program = Program::new(&web, &source("Herald", url));
        let ran = program.run_all(NOW, 4);
        assert!(ran.err.contains("the feed that it announces did not come") && ran.err.contains(said), "{}", ran.err);
        assert_eq!(program.source("Herald").0.as_deref(), Some(kind));
    }
}
