//! One story is one story at whatever address, copies are one cluster, and a changed story keeps what it was.

use crate::{
    made::*,
    program::{NOW, Program, tied},
    web::Web,
    world::*,
};

const DAY: &str = "Mon, 04 Mar 2024 09:30:00 GMT";
const LATER: &str = "2024-03-06T06:00:00Z";

const TWO_PAPERS: &str = r#"
[[source]]
name = "Herald"
kind = "feed"
url = "http://herald.example/feed"
[[source]]
name = "Argus"
kind = "feed"
url = "http://argus.example/feed"
"#;

#[test]
fn a_story_at_several_addresses_is_one_story() {
    let web = Web::new();
    let url = "http://herald.example/news/rutland-good";
    web.feed(
        FEED,
        feed(&[(&format!("{url}?utm_source=rss"), RUTLAND_STORY, "", DAY), (&format!("{url}?utm_medium=x"), RUTLAND_STORY, "", DAY)]),
    );
    web.feed(
        "http://argus.example/feed",
        feed(&[
            ("http://www.herald.example/news/rutland-good/amp", RUTLAND_STORY, "", DAY),
            ("http://argus.example/go/1", RUTLAND_STORY, "", DAY),
        ]),
    );
    web.html(url, coverage_page(RUTLAND_STORY, &RUTLAND_2024));
    web.html("http://www.herald.example/news/rutland-good/amp", coverage_page(RUTLAND_STORY, &RUTLAND_2024));
    web.reply("http://argus.example/go/1", crate::server::Reply::redirect(302, url));
    let program = Program::new(&web, TWO_PAPERS);
    program.run_all(NOW, 0);
    let stories = program.stories();
    assert_eq!(stories.len(), 1, "{stories:#?}");
    let addresses: Vec<&str> = stories[0]["addresses"].as_array().unwrap().iter().map(|address| address.as_str().unwrap()).collect();
    assert!(addresses.contains(&"http://argus.example/go/1"), "{addresses:?}");
}

#[test]
fn the_same_piece_on_a_sister_site_is_one_cluster_tied_twice() {
    let web = Web::new();
    put_ofsted(&web);
    web.feed(FEED, feed(&[("http://herald.example/news/24160001.rutland-services-good/", RUTLAND_STORY, "", DAY)]));
    web.html("http://herald.example/news/24160001.rutland-services-good/", coverage_page(RUTLAND_STORY, &RUTLAND_2024));
    let other = "Ofsted inspectors praise Rutland’s children’s services";
    web.feed("http://argus.example/feed", feed(&[("http://argus.example/news/24160001.inspectors-praise-county/", other, "", DAY)]));
    web.html("http://argus.example/news/24160001.inspectors-praise-county/", coverage_page(other, &RUTLAND_2024));
    let program = Program::new(&web, &format!("{TWO_PAPERS}{}", OFSTED_AND_HERALD.split("[[source]]\nname = \"Herald\"").next().unwrap()));
    program.run_all(NOW, 0);
    let (one, two) = (program.story(RUTLAND_STORY), program.story(other));
    assert_eq!(one["cluster"], two["cluster"]);
    assert_eq!((tied(&one), tied(&two)), (vec![file_url(RUTLAND_FILE).as_str()], vec![file_url(RUTLAND_FILE).as_str()]));
}

#[test]
fn the_same_article_number_is_one_cluster_also_behind_a_wall() {
    let web = Web::new();
    let (open, shut) = ("http://herald.example/news/24160001.rutland-services-good/", "http://argus.example/news/24160001.county-praised/");
    let other = "County praised by Ofsted over children’s services";
    web.feed(FEED, feed(&[(open, RUTLAND_STORY, "", DAY)]));
    web.html(open, coverage_page(RUTLAND_STORY, &RUTLAND_2024));
    web.feed("http://argus.example/feed", feed(&[(shut, other, "", DAY)]));
    web.reply(shut, crate::server::Reply::status(403).header("Content-Length", "0"));
    let program = Program::new(&web, TWO_PAPERS);
    program.run_all(NOW, 0);
    assert_eq!(program.story(RUTLAND_STORY)["cluster"], program.story(other)["cluster"]);
}

#[test]
fn another_story_of_the_same_paper_is_no_copy() {
    let web = Web::new();
    put_stories(&web);
    let program = Program::new(&web, TWO_PAPERS);
    web.feed("http://argus.example/feed", feed(&[]));
    program.run_all(NOW, 0);
    let clusters: std::collections::HashSet<String> = program.stories().iter().map(|story| story["cluster"].to_string()).collect();
    assert_eq!(clusters.len(), 3);
}

#[test]
fn a_changed_story_keeps_what_it_was() {
    let web = Web::new();
    web.feed("http://argus.example/feed", feed(&[]));
    let url = "http://herald.example/news/rutland-good";
    web.feed(FEED, feed(&[(url, RUTLAND_STORY, "", DAY)]));
    web.html(url, coverage_page(RUTLAND_STORY, &RUTLAND_2024));
    let program = Program::new(&web, TWO_PAPERS);
    program.run_all(NOW, 0);
    let title = "Updated: Rutland children’s services rated good by Ofsted, council responds";
    web.feed(FEED, feed(&[(url, title, "", DAY)]));
    web.html(url, coverage_page(title, &Findings { grade: "Outstanding", ..RUTLAND_2024 }));
    let ran = program.run_all(LATER, 0);
    assert!(ran.err.contains("0 new stories (1 changed)"), "{}", ran.err);
    let story = program.story(title);
    assert_eq!((story["changed"].as_str(), story["first_seen"].as_str()), (Some(LATER), Some(NOW)));
    let (was, blocks): (String, String) =
        program.sql().query_row("SELECT title, blocks FROM story_version", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert_eq!(was, RUTLAND_STORY);
    assert!(blocks.contains("‘good’"), "{blocks}");
}

#[test]
fn a_page_that_is_forbidden_is_kept_as_walled_with_what_the_feed_said() {
    let web = Web::new();
    put_ofsted(&web);
    let url = "http://herald.example/news/rutland-good";
    web.feed(FEED, feed(&[(url, RUTLAND_STORY, "Inspectors praised social workers at Rutland County Council.", DAY)]));
    web.reply(url, crate::server::Reply::status(403).header("Content-Length", "0"));
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let story = program.story(RUTLAND_STORY);
    assert_eq!((&story["walled"], &story["words"], &story["relevant"]), (&true.into(), &0.into(), &true.into()), "{story:#}");
    let summary: String = program.sql().query_row("SELECT summary FROM story", [], |row| row.get(0)).unwrap();
    assert_eq!(summary, "Inspectors praised social workers at Rutland County Council.");
}

#[test]
fn pages_that_do_not_come_are_counted_and_asked_for_again() {
    let web = Web::new();
    put_stories(&web);
    web.feed("http://argus.example/feed", feed(&[]));
    web.drop_page("http://herald.example/news/rutland-good");
    web.reply("http://herald.example/news/solihull-inadequate", crate::server::Reply::status(410).header("Content-Length", "0"));
    let program = Program::new(&web, TWO_PAPERS);
    let ran = program.run_all(NOW, 0);
    assert!(ran.err.contains("; 1 page could not be fetched, tried again later; 1 page given up"), "{}", ran.err);
    assert_eq!(program.source("Herald").0, None, "the list was fine");
    assert_eq!(program.stories().len(), 1);
    // Not before an hour, and then with what the feed had said, though the feed is empty by now, which is told.
    put_stories(&web);
    web.feed(FEED, feed(&[]));
    program.run_all("2024-03-05T06:30:00Z", 4);
    assert_eq!(program.stories().len(), 1);
    let ran = program.call("2024-03-05T07:00:00Z", &["run", "--all", "-q"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(4), ""));
    assert_eq!(program.stories().len(), 2);
    assert_eq!(program.story(RUTLAND_STORY)["published"], "2024-03-04T09:30:00Z");
}
