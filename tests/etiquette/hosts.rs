//! A host's own word binds every request to it, whatever it is for, over runs.

use crate::{
    Point,
    made::*,
    server::Reply,
    visit::{self, *},
};

pub const POINTS: &[Point] = &[
    ("429 with seconds is kept over runs", || kept("7200")),
    ("429 with a date is kept over runs", || kept(&date(120))),
    ("a date with a wrong weekday is understood", || kept(&date(120).replacen("Tue", "Mon", 1))),
    ("429 binds the other sources of the host", binds_others),
    ("503 with Retry-After binds the host", || binds(503)),
    ("403 with Retry-After binds the host", || binds(403)),
    ("408, 413 and 425 with Retry-After bind the host", || [408, 413, 425].into_iter().for_each(binds)),
    ("403 with Retry-After for robots.txt binds the host, and is told", of_forbidden_robots),
    ("429 without a time leaves the host alone for an hour", bare),
    ("Retry-After of an article binds its feed", of_an_article),
    ("Retry-After of robots.txt binds the host", of_robots),
    ("Retry-After of a report file binds Ofsted's files", of_a_file),
    ("a hold costs no page one of its tries", costs_no_try),
    ("--all does not override it", || person(&["run", "--all"])),
    ("--source does not override it, and says why nothing comes", || person(&["run", "--source", "Herald"])),
    ("sources check does not override it", || person(&["sources", "check"])),
    ("a page added by hand does not override it, and is bound by it", by_hand),
    ("it is said once", said_once),
    ("after the time the host is asked again", asked_again),
    ("no host is left alone for longer than a week", bounded),
];

fn two() -> Visit {
    visit::of(&(source("Herald", "feed", FEED) + &source("Other", "feed", OTHER)))
}

fn kept(wait: &str) {
    let visit = herald();
    visit.reply(FEED, busy(429, wait));
    assert_eq!(visit.run(0).code, Some(4));
    assert_eq!(visit.asked_in(FEED, [60, 119, 121]), [121]);
}

fn binds(status: u16) {
    let visit = two();
    visit.feed(OTHER, empty());
    visit.feed(FEED, empty());
    visit.run(0);
    visit.reply(FEED, busy(status, "7200"));
    visit.call(60, &["run", "--source", "Herald"]);
    let before = visit.times(OTHER);
    for minutes in [61, 120, 179] {
        visit.all(minutes);
    }
    assert_eq!((visit.times(OTHER), visit.times(FEED)), (before, 2));
    visit.feed(FEED, empty());
    visit.all(181);
    assert_eq!((visit.times(OTHER), visit.times(FEED)), (before + 1, 3));
}

fn binds_others() {
    binds(429);
}

fn bare() {
    let visit = herald();
    visit.reply(FEED, Reply::status(429).header("Content-Length", "0"));
    visit.run(0);
    visit.all(30);
    assert_eq!(visit.times(FEED), 1);
    visit.all(61);
    assert_eq!(visit.times(FEED), 2);
}

fn of_an_article() {
    let visit = herald();
    visit.feed(FEED, one_item());
    visit.reply(PAGE, busy(503, "10800"));
    visit.run(0);
    assert_eq!(visit.asked_in(FEED, [60, 120, 179, 181]), [181]);
    assert_eq!(visit.times(PAGE), 2);
}

fn of_robots() {
    let visit = herald();
    visit.feed(FEED, empty());
    visit.reply("http://herald.example/robots.txt", busy(503, "7200"));
    visit.run(0);
    visit.all(60);
    assert_eq!((visit.times("http://herald.example/robots.txt"), visit.times(FEED)), (1, 0));
    visit.drop_page("http://herald.example/robots.txt");
    visit.all(121);
    assert_eq!(visit.times(FEED), 1);
}

fn of_forbidden_robots() {
    let visit = herald();
    visit.feed(FEED, empty());
    visit.reply("http://herald.example/robots.txt", busy(403, "7200"));
    let ran = visit.run(0);
    assert!(ran.code == Some(4) && ran.err.contains("left alone until"), "{}", ran.err);
    visit.all(60);
    assert_eq!((visit.times("http://herald.example/robots.txt"), visit.times(FEED)), (1, 0));
    visit.all(121);
    assert_eq!(visit.times("http://herald.example/robots.txt"), 2);
}

fn of_a_file() {
    let web = crate::world::small();
    let program = crate::program::Program::new(&web, crate::world::OFSTED_AND_HERALD);
    web.reply(&file_url(crate::world::RUTLAND_FILE), busy(429, "86400"));
    web.reply(&file_url(crate::world::SOLIHULL_FILE), busy(429, "86400"));
    let files = |web: &crate::web::Web| web.log().iter().filter(|request| request.target.contains("/v1/file/")).count();
    program.call(&at(0), &["run"]);
    assert_eq!(files(&web), 1, "one answer binds the other file");
    program.call(&at(600), &["run", "--all"]);
    assert_eq!(files(&web), 1);
    program.call(&at(1_441), &["run", "--all"]);
    assert!(files(&web) > 1);
}

fn costs_no_try() {
    let visit = two();
    visit.feed(FEED, one_item());
    visit.reply(OTHER, busy(429, "3600"));
    visit.reply(PAGE, Reply::status(500).header("Content-Length", "0"));
    for minutes in 0..20 {
        visit.call(minutes, &["run", "-q", "--source", "Other", "--source", "Herald"]);
    }
    let tries: i64 =
        visit.program.sql().query_row("SELECT coalesce(max(tries), 0) FROM work WHERE job = 'article'", [], |row| row.get(0)).unwrap();
    assert!(tries <= 1, "{tries}");
}

fn person(args: &[&str]) {
    let visit = herald();
    visit.reply(FEED, busy(429, "7200"));
    visit.run(0);
    let ran = visit.call(60, args);
    assert_eq!((visit.times(FEED), ran.code), (1, Some(4)), "{}{}", ran.out, ran.err);
    let said = format!("{}{}", ran.out, ran.err);
    assert!(args.contains(&"--all") || said.contains("asked to be left alone until 5 March 2024, 08:00"), "{said}");
}

fn by_hand() {
    let visit = herald();
    visit.reply(FEED, busy(429, "7200"));
    visit.run(0);
    visit.html(PAGE, coverage_page(TITLE, &RUTLAND_2024));
    let added = visit.call(60, &["add", PAGE]);
    assert!(added.err.contains("asked to be left alone until"), "{}{}", added.out, added.err);
    assert_eq!(visit.times(PAGE), 0);
    visit.reply(PAGE, busy(429, "7200"));
    visit.call(121, &["add", PAGE]);
    visit.feed(FEED, empty());
    assert_eq!(visit.asked_in(FEED, [180, 240, 242]), [242]);
}

fn said_once() {
    let visit = herald();
    visit.reply(FEED, busy(429, "7200"));
    let first = visit.call(0, &["run", "-q"]);
    assert_eq!(first.err.matches("left alone until 5 March 2024, 08:00").count(), 1, "{}", first.err);
    for minutes in [60, 90] {
        assert_eq!(visit.call(minutes, &["run", "-q"]).err, "");
    }
}

fn asked_again() {
    let visit = herald();
    visit.reply(FEED, busy(429, "7200"));
    visit.run(0);
    visit.feed(FEED, empty());
    let ran = visit.run(121);
    assert_eq!((ran.code, visit.times(FEED)), (Some(0), 2), "{}", ran.err);
}

fn bounded() {
    let visit = herald();
    visit.reply(FEED, busy(429, "99999999999"));
    visit.run(0);
    assert_eq!(visit.asked_in(FEED, [6 * 1_440, 7 * 1_440 + 1]), [7 * 1_440 + 1]);
}
