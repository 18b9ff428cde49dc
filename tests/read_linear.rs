//! Twice the input takes every reader about twice the work, whatever it is made of.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::time::{Duration, Instant};

use jiff::Timestamp;
use tieback::dedupe::address;
use tieback::fetch::allows;
use tieback::model::date;
use tieback::read::moment::moment;
use tieback::read::rules::OutletRules;
use tieback::read::{article, feed, listing, opml};
use url::Url;

/// The larger input of each pair in bytes.
const LARGE: usize = 600_000;

/// Work that is quadratic grows fourfold.
const MOST: f64 = 3.0;

/// What takes less than this for the larger input is no danger, and too short to compare.
const SHORT: Duration = Duration::from_millis(100);

/// Measured again so often before it is believed: other work on the machine passes.
const TRIES: usize = 4;

/// What inputs are made of, over and over: what a reader may look for the end of, or may find nested, or too many of.
const PIECES: [&str; 40] = [
    "<!a[>",
    "<!DOCTYPE a[>",
    "<![CDATA[",
    "<![CDATA[]]>",
    "<!--",
    "<!-->",
    "<?",
    "</",
    "<",
    ">",
    "&",
    "&amp;",
    "&#146;",
    "<a ",
    "<a href=\"",
    "<a b='1' c='2'>",
    "<div>",
    "<div></div>",
    "<b>",
    "<p>",
    "<p>Inspectors found that services had improved since the last visit.</p>",
    "<table><tr><td>",
    "<blockquote>",
    "<li><a href='/x'>A headline of the other story</a></li>",
    "<a href='/x'>A</a>",
    "<div class='related date'>x</div>",
    "<script>",
    "<noscript>",
    "<link>",
    "<item>",
    "<item><title>a</title><link>/a</link></item>",
    "<entry/>",
    "<url><loc>https://a.example/1</loc></url>",
    "<outline xmlUrl='https://a.example/1'>",
    "{",
    "[{\"a\":",
    "\"",
    "\\",
    "1 May 2024 ",
    "é ",
];

fn now() -> Timestamp {
    "2026-07-14T09:00:00Z".parse().unwrap()
}

fn url() -> Url {
    Url::parse("https://news.example/2024/05/01/story/").unwrap()
}

type Reader = (&'static str, &'static str, fn(&[u8]));

/// Each reader with what its input begins with.
const READERS: [Reader; 14] = [
    ("rss", "<rss version='2.0'><channel><item><title>", |body| drop(feed::read(body, None, None, &url(), now()))),
    ("atom", "<feed xmlns='http://www.w3.org/2005/Atom'><entry>", |body| drop(feed::read(body, None, None, &url(), now()))),
    ("json feed", "{\"items\":[", |body| drop(feed::read(body, None, None, &url(), now()))),
    ("discovery", "<html><head>", |body| drop(feed::discover(body, &url()))),
    ("sitemap", "<urlset>", |body| drop(listing::sitemap(body, now()))),
    ("page list", "<html><body><main>", |body| drop(listing::page_links(body, &url(), "main a[href], li", now()))),
    ("search list", "<html><body>1 result", |body| drop(listing::ofsted_search(body, &url()))),
    ("provider page", "<html><body><ol class=timeline>", |body| drop(listing::ofsted_provider(body, &url()))),
    ("article", "<html><body><h1>Told to act</h1>", |body| {
        drop(article::read(body, None, None, &url(), OutletRules::built_in(), now()));
    }),
    ("opml", "<opml><body><outline text='a'>", |body| drop(opml::read(body, &[]))),
    ("robots", "User-agent: *\nDisallow: /", |body| assert!(allows(body, &url()) || !body.is_empty())),
    ("addresses", "https://a.example/", |body| {
        let _key = Url::parse(&String::from_utf8_lossy(body)).map(|url| address::canonical(&url));
    }),
    ("moments", "", |body| assert!(moment(&String::from_utf8_lossy(body)).is_none_or(|_| true))),
    ("dates", "", |body| drop(date::days(&String::from_utf8_lossy(body)))),
];

/// The time that `read` takes for `body`: the shortest of two.
fn time(read: fn(&[u8]), body: &[u8]) -> Duration {
    let once = || {
        let start = Instant::now();
        read(body);
        start.elapsed()
    };
    once().min(once())
}

fn made_of(piece: &str, start: &str, bytes: usize) -> Vec<u8> {
    let mut body = start.to_owned();
    body.push_str(&piece.repeat(bytes / piece.len()));
    body.into_bytes()
}

/// How much longer the larger input takes; none where that is short.
fn growth(read: fn(&[u8]), piece: &str, start: &str) -> Option<f64> {
    let large = time(read, &made_of(piece, start, LARGE));
    if large < SHORT {
        return None;
    }
    let small = time(read, &made_of(piece, start, LARGE / 2));
    Some(large.as_secs_f64() / small.as_secs_f64())
}

#[test]
fn twice_the_input_is_twice_the_work() {
    let mut worse = Vec::new();
    for (name, start, read) in READERS {
        for piece in PIECES {
            let found = (0..TRIES).map_while(|_| growth(read, piece, start).filter(|growth| *growth > MOST)).collect::<Vec<_>>();
            if found.len() == TRIES {
                worse.push(format!("{name} of {piece}: {found:?}"));
            }
        }
    }
    assert!(worse.is_empty(), "{worse:#?}");
}

#[test]
fn a_large_sitemap_of_declarations_takes_no_time() {
    let start = Instant::now();
    let _read = listing::sitemap(&made_of("<!a[>", "<urlset>", 1_800_000), now());
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}
