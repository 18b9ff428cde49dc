//! Nothing that comes from the web makes a reader panic, hang, or give a character that steers a terminal.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::time::{Duration, Instant};

use jiff::Timestamp;
use proptest::prelude::*;
use tieback::model::page::{ArticleReading, FeedItem, FeedReading};
use tieback::model::text::is_hostile;
use tieback::read::article::{self, MAX_PAGE_BYTES};
use tieback::read::rules::OutletRules;
use tieback::read::{Instead, Unreadable, charset, feed, listing};
use url::Url;

/// Far above what any page takes, also in a debug build on a busy machine.
const SOON: Duration = Duration::from_secs(60);

fn url() -> Url {
    Url::parse("https://news.example/2024/05/01/story/").unwrap()
}

fn now() -> Timestamp {
    "2026-07-14T09:00:00Z".parse().unwrap()
}

fn read_article(page: &[u8]) -> Result<ArticleReading, Unreadable> {
    article::read(page, Some("text/html"), None, &url(), OutletRules::built_in(), now())
}

fn assert_clean(text: &str) {
    assert!(!text.chars().any(is_hostile), "{text:?}");
    assert!(!text.contains(['\n', '\r', '\t']), "{text:?}");
}

fn assert_clean_items(items: &[FeedItem]) {
    for item in items {
        [&item.key, &item.title, &item.summary].into_iter().chain(&item.author).for_each(|text| assert_clean(text));
        assert!(item.url.as_ref().is_none_or(|url| matches!(url.scheme(), "http" | "https")));
    }
}

fn assert_clean_feed(read: &Result<FeedReading, Unreadable>) {
    match read {
        Ok(read) => {
            assert_clean_items(&read.items);
            read.title.iter().chain(&read.doubts).for_each(|text| assert_clean(text));
        }
        Err(error) => assert_clean(&error.to_string()),
    }
}

fn assert_clean_article(read: &Result<ArticleReading, Unreadable>) {
    match read {
        Ok(read) => {
            let facts = [&read.title, &read.author, &read.description];
            facts.into_iter().flatten().chain(&read.doubts).for_each(|text| assert_clean(text));
            read.blocks.iter().for_each(|block| assert_clean(&block.text));
            read.links.iter().for_each(|link| {
                assert_clean(&link.text);
                assert!(link.href.starts_with("http://") || link.href.starts_with("https://"), "{}", link.href);
            });
        }
        Err(error) => assert_clean(&error.to_string()),
    }
}

/// Runs every reader on `body`, twice, and checks what comes out.
fn check_all(body: &[u8]) {
    let article = read_article(body);
    assert_clean_article(&article);
    assert_eq!(format!("{article:?}"), format!("{:?}", read_article(body)));
    let read = || feed::read(body, None, None, &url(), now());
    assert_clean_feed(&read());
    assert_eq!(format!("{:?}", read()), format!("{:?}", read()));
    assert_clean_feed(&listing::wordpress(body, &url(), now()));
    assert_clean_feed(&listing::govuk_search(body, &url(), now()));
    if let Ok(map) = listing::sitemap(body, now()) {
        assert_clean_items(&map.items);
    }
    assert_clean_feed(&listing::page_links(body, &url(), "a, li, article", now()));
    if let Ok(page) = listing::ofsted_search(body, &url()) {
        page.rows.iter().for_each(|row| assert_clean(&row.name));
    }
    if let Ok(page) = listing::ofsted_provider(body, &url()) {
        page.name.iter().for_each(|name| assert_clean(name));
        page.publications.iter().for_each(|found| assert_clean(&found.label));
    }
    let _any = feed::discover(body, &url());
    let _any = charset::decode(body, Some("utf-8"), true);
}

/// Pieces from which pages and feeds are made: tags, cut tags, entities, dates, marks.
fn soup() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "<html>",
        "<p>",
        "</p>",
        "<div class='comments'>",
        "</div>",
        "<article>",
        "<h1>",
        "</h1>",
        "<table><tr><td>",
        "<b a=1>",
        "</i>",
        "<a href='/x'>",
        "</a>",
        "<a href='javascript:x'>",
        "<br>",
        "<li>",
        "<ul>",
        "</ul>",
        "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"",
        "\"}</script>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE x [",
        "]>",
        "<?xml version='1.0'?>",
        "<rss version='2.0'><channel>",
        "<item>",
        "</item>",
        "<title>",
        "</title>",
        "<link>",
        "</link>",
        "<pubDate>",
        "</pubDate>",
        "<feed xmlns='http://www.w3.org/2005/Atom'>",
        "<entry>",
        "</entry>",
        "</channel></rss>",
        "<guid>",
        "</guid>",
        "<content type='xhtml'>",
        "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{",
        "\"id\":1,",
        "}]}",
        "<urlset><url><loc>",
        "</loc></url>",
        "&amp;",
        "&#0;",
        "&#x202e;",
        "&",
        "<",
        ">",
        "\"",
        "'",
        "\u{202e}",
        "\u{1b}[2J",
        "\u{9b}",
        "\u{0}",
        "\u{feff}",
        "13 July 2026",
        "99/99/9999",
        "By Ann Other",
        "READ MORE",
        "Subscribe to continue reading",
        "é’“",
        "<time datetime='2024-05-01'>",
        "<meta name=author content='",
        "'>",
        "<li class='search-result'>",
        "/provider/44/80901",
        "<a class=publication-link href=https://files.ofsted.gov.uk/v1/file/1>",
        "https://a.example/b",
        "Inspectors found that services had improved since the last visit, and that leaders know their work. ",
    ]);
    prop::collection::vec(prop_oneof![4 => pieces.prop_map(str::to_owned), 1 => "\\PC{0,12}"], 0..60).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(body in prop::collection::vec(any::<u8>(), 0..600)) {
        check_all(&body);
    }

    #[test]
    fn any_soup_of_markup(body in soup()) {
        check_all(body.as_bytes());
    }

    #[test]
    fn a_page_cut_anywhere(at in 0..4_000_usize) {
        let page = include_bytes!("pages/articles/newsquest.html");
        check_all(page.get(..at).unwrap_or(page));
    }
}

#[test]
fn pages_made_to_hang_or_overflow_end_soon() {
    let text = "<p>Inspectors found that services had improved since the last visit.</p>";
    let attributes: String = (0..200_000).map(|n| format!(" a{n}=1")).collect();
    let bold: String = (0..5_000).map(|n| format!("<b id={n}>")).collect();
    let pages: Vec<(&str, String)> = vec![
        ("nested", format!("<h1>Told to act</h1>{}{text}", "<div>".repeat(100_000))),
        ("nested and closed", format!("<h1>Told to act</h1>{}{text}{}", "<section>".repeat(100_000), "</section>".repeat(100_000))),
        ("nested quotes", format!("<h1>Told to act</h1>{}{text}", "<blockquote>".repeat(50_000))),
        ("nested lists", format!("<h1>Told to act</h1>{}{text}", "<ul><li>".repeat(50_000))),
        ("nested tables", format!("<h1>Told to act</h1>{}{text}", "<table><tr><td>".repeat(50_000))),
        ("open formatting", format!("<h1>Told to act</h1><p>{bold}</p>{}", text.repeat(5_000))),
        ("attributes", format!("<h1>Told to act</h1><p{attributes}>{text}")),
        ("flat", format!("<h1>Told to act</h1>{}", text.repeat(40_000))),
        ("links", format!("<h1>Told to act</h1><p>{}</p>{text}", "<a href=/x>Other story of the day</a>".repeat(40_000))),
        ("unclosed", format!("<h1>Told to act</h1>{text}{}", "<p class=\"".repeat(100_000))),
        ("less-than", format!("<h1>Told to act</h1>{text}{}", "<".repeat(200_000))),
        ("comments", format!("<h1>Told to act</h1>{text}{}", "<!--".repeat(500_000))),
        ("furniture", format!("<h1>Told to act</h1>{}{text}", "<div class=comments>".repeat(5_000))),
        ("json", format!("<h1>Told to act</h1>{text}<script type='application/ld+json'>{}</script>", "[".repeat(500_000))),
        ("svg", format!("<h1>Told to act</h1>{}{text}", "<svg><foreignObject>".repeat(50_000))),
        ("one word", format!("<h1>Told to act</h1>{text}<p>{}</p>", "x".repeat(2_000_000))),
    ];
    for (name, page) in pages {
        let start = Instant::now();
        let page = page.as_bytes();
        let read = read_article(&page[..page.len().min(MAX_PAGE_BYTES)]);
        assert_clean_article(&read);
        assert_eq!(read.as_ref().map(|read| read.title.as_deref()), Ok(Some("Told to act")), "{name}");
        let _read = listing::ofsted_provider(page, &url());
        let _read = listing::page_links(page, &url(), "a", now());
        assert!(start.elapsed() < SOON, "{name}: {:?}", start.elapsed());
        eprintln!("{name}: {:?}, {} blocks", start.elapsed(), read.map_or(0, |read| read.blocks.len()));
    }
}

#[test]
fn the_seeds_of_the_fuzzers_are_read() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let mut seeds = 0;
    for target in ["feed", "listing", "article"] {
        for seed in std::fs::read_dir(folder.join(target)).unwrap() {
            check_all(&std::fs::read(seed.unwrap().path()).unwrap());
            seeds += 1;
        }
    }
    assert!(seeds >= 20, "{seeds}");
}

#[test]
fn a_deep_page_needs_no_more_stack_than_a_thread_has() {
    let text = "<p>Inspectors found that services had improved since the last visit.</p>";
    let page = format!("<h1>Told to act</h1>{}{text}", "<div><blockquote><ul><li>".repeat(20_000));
    let read = std::thread::Builder::new().stack_size(1024 * 1024).spawn(move || read_article(page.as_bytes()).is_ok());
    assert!(read.unwrap().join().unwrap());
}

#[test]
fn the_body_is_bounded() {
    let page = |bytes: usize| {
        let head = "<h1>Told to act</h1><p>Inspectors found that services had improved since.</p>";
        format!("{head}{}", " ".repeat(bytes - head.len())).into_bytes()
    };
    assert!(read_article(&page(MAX_PAGE_BYTES)).is_ok());
    assert_eq!(read_article(&page(MAX_PAGE_BYTES + 1)).unwrap_err().kind, Instead::TooLarge);
}

#[test]
fn what_is_no_article_is_named() {
    let check = |body: &[u8], kind: Instead| {
        let error = read_article(body).unwrap_err();
        assert_eq!(error.kind, kind, "{:?}: {error}", String::from_utf8_lossy(body));
    };
    check(b"", Instead::Empty);
    check(b" \n ", Instead::Empty);
    check(b"%PDF-1.7 \x00\x01", Instead::Binary);
    check(b"PK\x03\x04", Instead::Binary);
    check(b"{\"error\":404}", Instead::OtherJson);
    check(b"<?xml version='1.0'?><rss version='2.0'></rss>", Instead::Feed);
    check(b"<html><title>Page not found</title><h1>Page not found</h1><p>Try the home page.</p></html>", Instead::ErrorPage);
    check(b"<html><title>404</title></html>", Instead::ErrorPage);
    check(b"<title>Just a moment...</title><p>Checking your browser</p>", Instead::BotChallenge);
    check(b"<title>news.example</title><script src='/cdn-cgi/challenge-platform/x'></script>", Instead::BotChallenge);
    check(b"<html><body></body></html>", Instead::NoText);
}

#[test]
fn a_page_without_text_but_with_a_headline_is_a_reading_with_doubts() {
    let read = read_article(b"<h1>Council told to act now</h1><div id=app></div>").unwrap();
    assert_eq!(read.title.as_deref(), Some("Council told to act now"));
    assert_eq!(read.doubts, ["no text found"]);
}
