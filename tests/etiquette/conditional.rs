//! Only what changed is asked for, and when the list and its server wish it.

use crate::{Point, made::*, server::Reply, visit::*, web::is_conditional};

pub const POINTS: &[Point] = &[
    ("an ETag is sent back", || validator("ETag", "W/\"a  b\"", "if-none-match")),
    ("Last-Modified is sent back byte for byte", || validator("Last-Modified", "yesterday, about noon", "if-modified-since")),
    ("an ETag of a star, which everything matches, is not sent back", star),
    ("\"not modified\" keeps the validators", not_modified),
    ("validators are sent to no other host after a redirect", other_host),
    ("validators go back to the address that gave them", behind_redirect),
    ("a full answer is asked for now and then", full),
    ("the parts of a sitemap are asked for conditionally", parts),
    ("the feed that a page announces is asked for conditionally", announced),
    ("an article is fetched once", once),
    ("an article that two feeds list is fetched once", two_feeds),
    ("ttl is obeyed", || wished(with_head("<ttl>180</ttl>"), None)),
    ("sy:updatePeriod is obeyed", || wished(update_period(), None)),
    ("Cache-Control: max-age is obeyed", || wished(empty(), Some(("Cache-Control", "public, max-age=10800".to_owned())))),
    ("Expires is obeyed without Date", || wished(empty(), Some(("Expires", date(180))))),
    ("a wish of years is bounded to a day", bounded),
    ("skipHours is obeyed", skip_hours),
    ("skipDays is obeyed", skip_days),
    ("sources check is conditional", check_conditional),
    ("sources check takes what it got", check_takes),
];

fn validator(name: &'static str, value: &'static str, back: &str) {
    let visit = herald();
    visit.reply(FEED, Reply::page("application/rss+xml", empty()).header(name, value));
    visit.all(0);
    visit.all(60);
    assert_eq!(visit.sent(FEED, back), [None, Some(value.to_owned())]);
}

fn star() {
    let visit = herald();
    visit.reply(FEED, Reply::page("application/rss+xml", empty()).header("ETag", "*"));
    visit.all(0);
    visit.all(60);
    assert_eq!(visit.sent(FEED, "if-none-match"), [None, None]);
}

fn not_modified() {
    let visit = herald();
    visit.rule(FEED, tagged(empty(), None));
    for minutes in [0, 60, 120] {
        visit.all(minutes);
    }
    assert_eq!(visit.sent(FEED, "if-none-match"), [None, Some(TAG.to_owned()), Some(TAG.to_owned())]);
}

fn other_host() {
    let visit = herald();
    visit.rule(FEED, tagged(empty(), None));
    visit.all(0);
    visit.reply(FEED, Reply::redirect(302, "http://post.example/feed"));
    visit.feed("http://post.example/feed", empty());
    visit.all(60);
    assert_eq!(visit.sent("http://post.example/feed", "if-none-match"), [None]);
}

fn behind_redirect() {
    let visit = herald();
    visit.reply(FEED, Reply::redirect(302, "http://herald.example/rss"));
    visit.rule("http://herald.example/rss", tagged(empty(), None));
    visit.all(0);
    visit.all(60);
    assert_eq!(visit.sent("http://herald.example/rss", "if-none-match"), [None, Some(TAG.to_owned())]);
    assert_eq!(visit.sent(FEED, "if-none-match"), [None, None]);
}

fn full() {
    let visit = herald();
    visit.rule(FEED, tagged(empty(), None));
    for day in 0..30 {
        visit.all(day * 1_440);
    }
    let unconditional = visit.sent(FEED, "if-none-match").iter().filter(|sent| sent.is_none()).count();
    assert_eq!(unconditional, 3, "on the first day, after fourteen, after twenty-eight");
}

fn parts() {
    let visit = of(&source("Herald", "sitemap", FEED));
    let part = "http://herald.example/part.xml";
    let xmlns = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";
    visit.put(FEED, "application/xml", format!("<sitemapindex {xmlns}><sitemap><loc>{part}</loc></sitemap></sitemapindex>"));
    let map = |name: &str| format!("<urlset {xmlns}><url><loc>http://herald.example/{name}</loc></url></urlset>");
    visit.put(part, "application/xml", map("fete"));
    for minutes in [0, 60] {
        assert_eq!(visit.all(minutes).code, Some(0));
    }
    assert!(visit.sent(part, "if-none-match")[1].is_some());
    visit.put(part, "application/xml", map("dance"));
    visit.all(120);
    let items: i64 = visit.program.sql().query_row("SELECT items FROM source", [], |row| row.get(0)).unwrap();
    assert_eq!(items, 2, "and what is new in one is seen");
}

fn announced() {
    let visit = herald();
    let rss = "http://herald.example/rss";
    visit.html(FEED, "<!doctype html><title>News</title><link rel=alternate type=\"application/rss+xml\" href=\"/rss\">");
    visit.feed(rss, one_item());
    visit.html(PAGE, coverage_page(TITLE, &RUTLAND_2024));
    for minutes in [0, 60, 120] {
        assert_eq!(visit.all(minutes).code, Some(0));
    }
    assert!(visit.sent(rss, "if-none-match")[1..].iter().all(Option::is_some));
}

fn once() {
    let visit = herald();
    visit.feed(FEED, one_item());
    visit.html(PAGE, coverage_page(TITLE, &RUTLAND_2024));
    for minutes in [0, 60, 1_500] {
        visit.all(minutes);
    }
    assert_eq!(visit.times(PAGE), 1);
}

fn two_feeds() {
    let visit = of(&(source("Herald", "feed", FEED) + &source("Other", "feed", OTHER)));
    visit.feed(FEED, one_item());
    visit.feed(OTHER, one_item());
    visit.html(PAGE, coverage_page(TITLE, &RUTLAND_2024));
    visit.all(0);
    visit.all(60);
    assert_eq!(visit.times(PAGE), 1);
}

fn update_period() -> String {
    with_head("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>8</sy:updateFrequency>")
        .replace("<rss ", "<rss xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\" ")
}

/// Three hours are wished for once; "not modified", without a word, does not end that.
fn wished(body: String, header: Option<(&'static str, String)>) {
    let visit = herald();
    visit.rule(FEED, tagged(body, header.clone()));
    let asked = visit.asked_in(FEED, (0..8).map(|hour| hour * 60));
    let only_once = header.is_some_and(|(name, _)| name == "Expires");
    assert_eq!(asked[..2], [0, 180], "{asked:?}");
    assert!(only_once || asked == [0, 180, 360], "{asked:?}");
}

fn bounded() {
    let visit = herald();
    visit.rule(FEED, tagged(with_head("<ttl>5000000</ttl>"), Some(("Cache-Control", "max-age=99999999".to_owned()))));
    assert_eq!(visit.asked_in(FEED, [0, 1_430, 1_441]), [0, 1_441]);
}

/// The first run is on a Tuesday at six.
fn skip_hours() {
    let visit = herald();
    let hours: String = (7..12).map(|hour| format!("<hour>{hour}</hour>")).collect();
    visit.rule(FEED, tagged(with_head(&format!("<skipHours>{hours}</skipHours>")), None));
    assert_eq!(visit.asked_in(FEED, (0..8).map(|hour| hour * 60)), [0, 360, 420]);
}

fn skip_days() {
    let visit = herald();
    visit.rule(FEED, tagged(with_head("<skipDays><day>Tuesday</day><day>Wednesday</day></skipDays>"), None));
    assert_eq!(visit.asked_in(FEED, [0, 60, 1_080, 1_500, 2_400, 2_521]), [0, 2_521]);
}

fn check_conditional() {
    let visit = herald();
    visit.feed(FEED, empty());
    visit.all(0);
    let ran = visit.call(30, &["sources", "check"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(is_conditional(visit.log().last().unwrap()) && ran.out.contains("unchanged"), "{}", ran.out);
}

fn check_takes() {
    let visit = herald();
    visit.feed(FEED, one_item());
    visit.html(PAGE, coverage_page(TITLE, &RUTLAND_2024));
    visit.call(0, &["sources", "check"]);
    assert_eq!((visit.times(FEED), visit.times(PAGE)), (1, 0));
    visit.run(1);
    assert_eq!((visit.times(FEED), visit.times(PAGE)), (1, 1), "the list is not due again, its item is");
}
