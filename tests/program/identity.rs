//! Which page is which story: addresses that pages share, come to name or lead to; items that come back under other links.

use crate::{
    made::*,
    program::{NOW, Program},
    server::Reply,
    web::Web,
    world::FEED,
};

const DAY: &str = "Mon, 04 Mar 2024 09:30:00 GMT";
const HERALD: &str = "[[source]]\nname = \"Herald\"\nkind = \"feed\"\nurl = \"http://herald.example/feed\"\n";
const RUTLAND_AT: &str = "http://herald.example/news/rutland";
const SOLIHULL_AT: &str = "http://herald.example/news/solihull";
/// A headline that fits every story of the trade.
const ANY: &str = "Ofsted publishes its findings on children’s services";

fn herald(web: &Web) -> Program {
    Program::new(web, HERALD)
}

/// A story's page that calls this address its own.
fn names(own: &str, title: &str, findings: &Findings) -> String {
    coverage_page(title, findings).replace("</head>", &format!("<link rel=\"canonical\" href=\"{own}\"></head>"))
}

/// A feed of one item under a guid.
fn under_guid(guid: &str, url: &str, title: &str, day: &str) -> String {
    feed(&[(url, title, "", day)]).replace(&format!("<guid>{url}</guid>"), &format!("<guid isPermaLink=\"false\">{guid}</guid>"))
}

fn urls(program: &Program) -> Vec<String> {
    let mut urls: Vec<String> = program.stories().iter().map(|story| story["url"].as_str().unwrap().to_owned()).collect();
    urls.sort();
    urls
}

fn is_anywhere(program: &Program, word: &str) -> bool {
    program.rows().contains(word)
        || program.sql().query_row("SELECT EXISTS (SELECT 1 FROM source WHERE instr(doubts, ?1))", [word], |row| row.get(0)).unwrap()
}

#[test]
fn an_address_that_pages_share_by_mistake_costs_no_story() {
    for own in ["http://herald.example/news/view-all-of-it-here", RUTLAND_AT] {
        let web = Web::new();
        web.feed(FEED, feed(&[(RUTLAND_AT, ANY, "", DAY), (SOLIHULL_AT, &format!("New: {ANY}"), "", DAY)]));
        web.html(RUTLAND_AT, names(own, ANY, &RUTLAND_2024));
        web.html(SOLIHULL_AT, names(own, ANY, &SOLIHULL_2024));
        let program = herald(&web);
        program.run_all(NOW, 0);
        assert_eq!(program.stories().len(), 2, "{own}");
        // The same by hand, with nothing listed.
        web.feed(FEED, feed(&[]));
        let by_hand = herald(&web);
        for url in [RUTLAND_AT, SOLIHULL_AT] {
            assert_eq!(by_hand.call(NOW, &["add", url]).code, Some(0));
        }
        assert_eq!(by_hand.stories().len(), 2, "{own}, by hand");
    }
}

#[test]
fn yesterdays_story_stays_where_todays_page_names_its_address() {
    let web = Web::new();
    web.feed(FEED, feed(&[(RUTLAND_AT, ANY, "", DAY)]));
    web.html(RUTLAND_AT, names(RUTLAND_AT, ANY, &RUTLAND_2024));
    let program = herald(&web);
    program.run_all(NOW, 0);
    web.feed(FEED, feed(&[(SOLIHULL_AT, ANY, "", "Tue, 05 Mar 2024 09:30:00 GMT")]));
    web.html(SOLIHULL_AT, names(RUTLAND_AT, ANY, &SOLIHULL_2024));
    program.run_all("2024-03-06T06:00:00Z", 0);
    assert_eq!(urls(&program), [RUTLAND_AT, SOLIHULL_AT]);
}

#[test]
fn a_page_that_comes_to_name_another_address_or_moves_there_stays_one_story() {
    let (new, title) = ("http://herald.example/2024/03/rutland-praised-by-inspectors", "Rutland services rated good by Ofsted");
    for moves in [false, true] {
        let web = Web::new();
        web.feed(FEED, feed(&[(RUTLAND_AT, title, "", DAY)]));
        web.html(RUTLAND_AT, coverage_page(title, &RUTLAND_2024));
        let program = herald(&web);
        program.run_all(NOW, 0);
        let id = program.story(title)["id"].as_str().unwrap().to_owned();
        assert_eq!(program.call(NOW, &["keep", &id]).code, Some(0));
        let later = format!("Updated: {title}");
        web.feed(FEED, feed(&[(RUTLAND_AT, &later, "", DAY)]));
        if moves {
            web.reply(RUTLAND_AT, Reply::redirect(301, new));
            web.html(new, coverage_page(&later, &RUTLAND_2024));
        } else {
            web.html(RUTLAND_AT, names(new, &later, &RUTLAND_2024));
        }
        program.run_all("2024-03-06T06:00:00Z", 0);
        let stories = program.stories();
        assert_eq!(stories.len(), 1, "{moves}: {stories:#?}");
        assert_eq!((&stories[0]["review"], &stories[0]["url"], &stories[0]["id"]), (&"kept".into(), &new.into(), &id.into()), "{moves}");
        assert_eq!(stories[0]["changed"], "2024-03-06T06:00:00Z", "{moves}");
        // The new address by itself is the same story, too, and forgetting the old one takes all of it.
        web.feed(FEED, feed(&[(new, title, "", DAY)]));
        web.html(new, names(new, title, &RUTLAND_2024));
        program.run_all("2024-03-07T06:00:00Z", 0);
        assert_eq!(program.stories().len(), 1, "{moves}");
        assert_eq!(program.call(NOW, &["forget", "--yes", RUTLAND_AT]).code, Some(0));
        program.run_all("2024-03-08T06:00:00Z", 0);
        assert_eq!(program.stories().len(), 0, "{moves}");
        assert!(!is_anywhere(&program, "Rutland"), "{moves}");
    }
}

#[test]
fn a_session_in_its_link_makes_no_other_item_of_it() {
    let web = Web::new();
    let program = herald(&web);
    let title = "Rutland services rated good by Ofsted";
    let link = |n: usize| format!("{RUTLAND_AT}?sid=0000000{n}");
    let mut day = 4;
    let mut run = |n: usize, title: &str| {
        web.feed(FEED, under_guid("h-1", &link(n), title, DAY));
        web.html(&link(n), coverage_page(title, &RUTLAND_2024));
        day += 1;
        program.run_all(&format!("2024-03-{day:02}T06:00:00Z"), 0);
        (program.stories().len(), (1..10).map(|n| web.times(&link(n))).sum::<usize>())
    };
    assert_eq!(run(1, title), (1, 1));
    assert_eq!(run(2, title), (1, 1));
    assert_eq!(run(3, &format!("Updated: {title}")), (1, 2), "the same story under a new headline");
    // It stays away, too.
    assert_eq!(program.call(NOW, &["forget", "--yes", &link(1)]).code, Some(0));
    assert_eq!(run(4, &format!("Updated: {title}")), (0, 2));
    assert_eq!(run(5, &format!("Again: {title}")), (0, 2));
    assert!(!is_anywhere(&program, "utland"));
    // What only has its guid in common comes.
    web.feed(FEED, under_guid("h-1", SOLIHULL_AT, "Solihull services inadequate, Ofsted says", DAY));
    web.html(SOLIHULL_AT, coverage_page("Solihull services inadequate, Ofsted says", &SOLIHULL_2024));
    program.run_all("2024-03-20T06:00:00Z", 0);
    assert_eq!(urls(&program), [SOLIHULL_AT]);
}

#[test]
fn one_guid_and_one_headline_are_another_story_on_another_day() {
    let web = Web::new();
    let program = herald(&web);
    for (url, day, findings, now) in [
        (RUTLAND_AT, "Mon, 04 Mar 2024 09:30:00 GMT", &RUTLAND_2024, "2024-03-05T06:00:00Z"),
        (SOLIHULL_AT, "Tue, 05 Mar 2024 09:30:00 GMT", &SOLIHULL_2024, "2024-03-06T06:00:00Z"),
        ("http://herald.example/news/hartlepool", "Wed, 06 Mar 2024 09:30:00 GMT", &HARTLEPOOL_2024, "2024-03-07T06:00:00Z"),
    ] {
        web.feed(FEED, under_guid("N/A", url, ANY, day));
        web.html(url, coverage_page(ANY, findings));
        program.run_all(now, 0);
    }
    assert_eq!(program.stories().len(), 3);
}

#[test]
fn what_a_removed_story_leads_to_is_no_story() {
    let web = Web::new();
    let title = "Rutland services rated good by Ofsted";
    let cards = ["Rutland and Ofsted: what inspectors said of the services.", "Rutland and Ofsted: what the council said."];
    for (n, to) in
        ["/rutland-news/", "/en/", "/topic/rutland-county-council", "/all-about/rutland-council", "/home.aspx"].iter().enumerate()
    {
        let (from, to) = (format!("http://herald.example/news/{n}"), format!("http://herald.example{to}"));
        web.feed(FEED, feed(&[(&from, title, "", DAY)]));
        web.reply(&from, Reply::redirect(302, &to));
        web.html(&to, article("All about Rutland", &cards));
        let program = herald(&web);
        program.run_all(NOW, 0);
        assert_eq!(urls(&program), Vec::<String>::new(), "{to}");
    }
    web.feed(FEED, feed(&[(RUTLAND_AT, title, "", DAY)]));
    web.html(RUTLAND_AT, article("Page not found - Herald", &cards));
    let program = herald(&web);
    program.run_all(NOW, 0);
    assert_eq!(urls(&program), Vec::<String>::new(), "an error page that says 200");
}

#[test]
fn a_page_under_two_headlines_is_not_fetched_for_ever() {
    let web = Web::new();
    let (one, other) = ("Rutland services rated good by Ofsted", "Most read: what Ofsted said of Rutland");
    web.html(RUTLAND_AT, coverage_page(one, &RUTLAND_2024));
    let times = |lists: &dyn Fn(usize) -> String| {
        let (program, before) = (herald(&web), web.times(RUTLAND_AT));
        for n in 0..6 {
            web.feed(FEED, lists(n));
            program.run_all(&format!("2024-03-05T{:02}:00:00Z", 6 + 2 * n), 0);
        }
        assert_eq!(program.stories().len(), 1);
        web.times(RUTLAND_AT) - before
    };
    assert_eq!(times(&|n| feed(&[(RUTLAND_AT, one, &"x".repeat(n), DAY), (&format!("{RUTLAND_AT}?utm_source=a"), other, "", DAY)])), 1);
    assert_eq!(times(&|n| feed(&[(RUTLAND_AT, if n % 2 == 0 { one } else { other }, "", DAY)])), 2, "turned to and fro");
}

#[test]
fn a_kept_piece_and_a_discarded_one_never_become_one() {
    let web = Web::new();
    let (one, other) = ("Rutland services rated good by Ofsted", "Ofsted on Rutland services: a comment");
    web.feed(FEED, feed(&[(RUTLAND_AT, one, "", DAY), (SOLIHULL_AT, other, "", DAY)]));
    web.html(RUTLAND_AT, coverage_page(one, &RUTLAND_2024));
    web.html(SOLIHULL_AT, article(other, &["Rutland has every reason to be glad of what Ofsted says of its children’s services."]));
    let program = herald(&web);
    program.run_all(NOW, 0);
    let id = |title: &str| program.story(title)["id"].as_str().unwrap().to_owned();
    assert_eq!(program.call(NOW, &["keep", &id(one)]).code, Some(0));
    assert_eq!(program.call(NOW, &["discard", &id(other)]).code, Some(0));
    let later = format!("Updated: {other}");
    web.feed(FEED, feed(&[(RUTLAND_AT, one, "", DAY), (SOLIHULL_AT, &later, "", DAY)]));
    web.html(SOLIHULL_AT, coverage_page(&later, &RUTLAND_2024));
    program.run_all("2024-03-06T06:00:00Z", 0);
    assert_eq!((&program.story(one)["review"], &program.story(&later)["review"]), (&"kept".into(), &"discarded".into()));
}
