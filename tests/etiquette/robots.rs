//! robots.txt: obeyed, asked for once a day, and conditionally.

use crate::{Point, server::Reply, visit::*, web::is_conditional};

pub const POINTS: &[Point] = &[
    ("robots.txt is asked for before anything else", first),
    ("what it forbids is not asked for, and named", forbidden),
    ("a group for our own name replaces the general one", own_group),
    ("it is asked for once a day", once_a_day),
    ("after a day it is asked for conditionally", conditionally),
    ("that there is none is remembered for a day, too", none),
    ("a server error for it means that nothing is fetched now", ill),
    ("a client error for it means that there are no rules", || allowed(403)),
    ("an article that it forbids is not fetched", article),
    ("Crawl-delay lengthens the pause", crawl_delay),
    ("Crawl-delay holds with the file of an earlier run", crawl_delay_kept),
    ("another host is asked for its own", other_host),
];

const ROBOTS: &str = "http://herald.example/robots.txt";

fn first() {
    let visit = herald();
    visit.feed(FEED, empty());
    visit.run(0);
    assert_eq!(visit.log()[0].target, ROBOTS);
}

fn forbidden() {
    let visit = herald();
    visit.put(ROBOTS, "text/plain", "User-agent: *\nDisallow: /feed\n");
    visit.feed(FEED, empty());
    let ran = visit.run(0);
    assert_eq!((ran.code, visit.times(FEED)), (Some(4), 0));
    assert!(ran.err.contains("robots.txt of herald.example forbids http://herald.example/feed"), "{}", ran.err);
}

fn own_group() {
    let visit = herald();
    visit.put(ROBOTS, "text/plain", "User-agent: *\nDisallow: /\n\nUser-agent: tieback\nDisallow: /private\n");
    visit.feed(FEED, empty());
    assert_eq!((visit.run(0).code, visit.times(FEED)), (Some(0), 1));
}

fn once_a_day() {
    let visit = herald();
    visit.put(ROBOTS, "text/plain", "User-agent: *\nDisallow: /private\n");
    visit.feed(FEED, empty());
    assert_eq!(visit.asked_in(ROBOTS, (0..24).map(|hour| hour * 60)), [0]);
    assert!(visit.times(FEED) > 10);
}

fn conditionally() {
    let visit = herald();
    visit.put(ROBOTS, "text/plain", "User-agent: *\nDisallow: /other\n");
    visit.feed(FEED, empty());
    visit.run(0);
    visit.all(1_441);
    let asked: Vec<_> = visit.log().into_iter().filter(|request| request.target == ROBOTS).collect();
    assert!(asked.len() == 2 && is_conditional(&asked[1]), "{asked:#?}");
    // And its rules hold on: "not modified" is no empty file.
    visit.put(ROBOTS, "text/plain", "User-agent: *\nDisallow: /other\n");
    visit.all(2_890);
    assert_eq!(visit.times(ROBOTS), 3);
}

fn none() {
    let visit = herald();
    visit.feed(FEED, empty());
    assert_eq!(visit.asked_in(ROBOTS, [0, 60, 600, 1_430, 1_491]), [0, 1_491]);
}

fn ill() {
    let visit = herald();
    visit.reply(ROBOTS, Reply::status(500).header("Content-Length", "0"));
    visit.feed(FEED, empty());
    assert_eq!((visit.run(0).code, visit.times(FEED)), (Some(4), 0));
    visit.drop_page(ROBOTS);
    assert_eq!((visit.all(60).code, visit.times(FEED)), (Some(0), 1));
}

fn allowed(status: u16) {
    let visit = herald();
    visit.reply(ROBOTS, Reply::status(status).header("Content-Length", "0"));
    visit.feed(FEED, empty());
    assert_eq!((visit.run(0).code, visit.times(FEED)), (Some(0), 1));
}

fn article() {
    let visit = herald();
    visit.put(ROBOTS, "text/plain", "User-agent: *\nDisallow: /news/\n");
    visit.feed(FEED, one_item());
    visit.run(0);
    assert_eq!((visit.times(FEED), visit.times(PAGE)), (1, 0));
}

fn gap(visit: &Visit, from: &str, to: &str) -> std::time::Duration {
    let came = |url: &str| visit.log().iter().rfind(|request| request.target == url).unwrap().came;
    came(to) - came(from)
}

fn crawl_delay() {
    let visit = herald();
    visit.put(ROBOTS, "text/plain", "User-agent: *\nCrawl-delay: 1\n");
    visit.feed(FEED, one_item());
    visit.html(PAGE, "<!doctype html><title>x</title>");
    visit.run(0);
    assert!(gap(&visit, FEED, PAGE).as_millis() >= 990);
}

fn crawl_delay_kept() {
    let visit = herald();
    visit.put(ROBOTS, "text/plain", "User-agent: *\nCrawl-delay: 1\n");
    visit.feed(FEED, empty());
    visit.run(0);
    visit.feed(FEED, one_item());
    visit.html(PAGE, "<!doctype html><title>x</title>");
    visit.run(60);
    assert_eq!(visit.times(ROBOTS), 1);
    assert!(gap(&visit, FEED, PAGE).as_millis() >= 990);
}

fn other_host() {
    let visit = herald();
    visit.reply(FEED, Reply::redirect(302, "http://post.example/feed"));
    visit.put("http://post.example/robots.txt", "text/plain", "User-agent: *\nDisallow: /\n");
    visit.feed("http://post.example/feed", empty());
    assert_eq!((visit.run(0).code, visit.times("http://post.example/feed")), (Some(4), 0));
}
