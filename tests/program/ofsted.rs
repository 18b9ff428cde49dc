//! Ofsted in steady state, and its files in all the ways in which they fail.

use std::time::Duration;

use crate::{
    made::*,
    program::{NOW, Program, tied},
    server::Reply,
    web::{Web, is_conditional},
    world::{self, *},
};

const OFSTED_ONLY: &str = r#"
[[source]]
name = "Ofsted"
kind = "ofsted"
url = "http://reports.ofsted.gov.uk:8000/"
since = "2020-01-01"
"#;

const LATER: &str = "2024-03-05T18:00:00Z";

/// Ofsted lists this many councils: one page of the list holds 100.
const COUNCILS: usize = 153;

fn numbered(n: usize, latest: &str) -> (String, String, String) {
    (format!("Council {n}"), (90_000 + n).to_string(), latest.to_owned())
}

/// The two pages of the list; `changed` is the one council with a new report.
fn put_lists(web: &Web, changed: Option<usize>) {
    let rows: Vec<_> =
        (0..COUNCILS).map(|n| if changed == Some(n) { numbered(n, "4 March 2024") } else { numbered(n, "5 May 2019") }).collect();
    web.html(&search_url(0), search_list(&rows[..100]));
    web.html(&search_url(100), search_list(&rows[100..]));
}

#[test]
fn a_steady_state_costs_two_list_requests_and_the_pages_that_changed() {
    let web = Web::new();
    put_lists(&web, None);
    let page = |n: usize| format!("{OFSTED}/provider/44/{}", 90_000 + n);
    let council = |n: usize| Council { urn: (90_000 + n).to_string().leak(), ..RUTLAND };
    let old = |n: usize| (2_300_000 + n as u32, "Children's services inspection", "5 May 2019");
    for n in 0..COUNCILS {
        web.html(&page(n), provider(council(n), &[old(n)]));
    }
    let program = Program::new(&web, OFSTED_ONLY);
    program.run_all(NOW, 0);
    assert_eq!(web.asked().len(), 2 + COUNCILS);

    let before = web.asked().len();
    program.run_all("2024-03-05T12:00:00Z", 0);
    assert_eq!(web.targets_since(before), [search_url(0), search_url(100)]);
    assert!(web.asked().iter().skip(before).all(is_conditional));

    let before = web.asked().len();
    put_lists(&web, Some(120));
    web.html(&page(120), provider(council(120), &[(50240099, "Children's services inspection", "4 March 2024"), old(120)]));
    web.pdf(&file_url(50240099), report(&RUTLAND_2024));
    program.run_all(LATER, 0);
    let mut expected = [search_url(0), search_url(100), page(120), file_url(50240099)];
    expected.sort();
    assert_eq!(web.targets_since(before), expected);
}

#[test]
fn a_new_file_of_one_council_is_fetched_and_no_other() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    assert_eq!(program.story(WAITING_STORY)["state"], "waiting");
    let before = web.asked().len();
    put_hartlepool(&web);
    program.run_all(LATER, 0);
    let mut expected = [FEED.to_owned(), search_url(0), provider_url(HARTLEPOOL), file_url(HARTLEPOOL_FILE)];
    expected.sort();
    assert_eq!(web.targets_since(before), expected);
    let story = program.story(WAITING_STORY);
    assert_eq!(tied(&story), [file_url(HARTLEPOOL_FILE)]);
    assert!(story["waiting_for"].is_null());
}

#[test]
fn a_file_no_longer_listed_is_withdrawn_and_stays_tied() {
    let web = world::small();
    // One that is too old to be fetched, and stays.
    let old = (2_400_001, "Children's services inspection", "5 May 2012");
    web.html(&provider_url(RUTLAND), provider(RUTLAND, &[(RUTLAND_FILE, "Children's services inspection", "1 March 2024"), old]));
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    web.html(&search_url(0), search(&[(RUTLAND, "5 May 2012"), (SOLIHULL, "1 March 2024"), (HARTLEPOOL, "5 May 2019")]));
    // A page that suddenly lists nothing at all is believed in nothing, and told.
    web.html(&provider_url(RUTLAND), provider(RUTLAND, &[]));
    let ran = program.run_all("2024-03-05T08:00:00Z", 4);
    assert!(ran.err.contains("no longer lists 2 of the 2 publications"), "{}", ran.err);
    assert_eq!(program.report(&file_url(RUTLAND_FILE))["status"], "current");
    web.html(&provider_url(RUTLAND), provider(RUTLAND, &[old]));
    program.run_all(LATER, 0);
    assert_eq!(program.report(&file_url(RUTLAND_FILE))["status"], "withdrawn");
    assert_eq!(program.report(&file_url(SOLIHULL_FILE))["status"], "current");
    assert_eq!(tied(&program.story(RUTLAND_STORY)), [file_url(RUTLAND_FILE)]);

    put_ofsted(&web);
    program.run_all("2024-03-06T06:00:00Z", 0);
    assert_eq!(program.report(&file_url(RUTLAND_FILE))["status"], "current");
}

#[test]
fn a_provider_page_without_its_list_withdraws_nothing() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_ONLY);
    program.run_all(NOW, 0);
    web.html(&search_url(0), search(&[(RUTLAND, "4 March 2024"), (SOLIHULL, "1 March 2024"), (HARTLEPOOL, "5 May 2019")]));
    web.html(&provider_url(RUTLAND), "<!doctype html><title>Rutland</title><h1>Rutland County Council</h1><p>Loading the results</p>");
    let ran = program.run_all(LATER, 4);
    assert!(ran.err.contains("Ofsted: ") && ran.err.contains(&provider_url(RUTLAND)), "{}", ran.err);
    assert_eq!(program.report(&file_url(RUTLAND_FILE))["status"], "current");
    // It is asked for again, although the list has not changed since.
    let before = web.asked().len();
    put_ofsted(&web);
    web.html(&search_url(0), search(&[(RUTLAND, "4 March 2024"), (SOLIHULL, "1 March 2024"), (HARTLEPOOL, "5 May 2019")]));
    program.run_all("2024-03-06T06:00:00Z", 0);
    assert_eq!(web.targets_since(before), [provider_url(RUTLAND), search_url(0)]);
}

#[test]
fn what_is_not_a_councils_page_withdraws_nothing() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_ONLY);
    program.run_all(NOW, 0);
    let changed = search(&[(RUTLAND, "4 March 2024"), (SOLIHULL, "1 March 2024"), (HARTLEPOOL, "5 May 2019")]);
    web.html(&search_url(0), &changed);
    web.html(&provider_url(RUTLAND), provider(SOLIHULL, &[(SOLIHULL_FILE, "Children's services inspection", "1 March 2024")]));
    let ran = program.run_all(LATER, 4);
    assert!(ran.err.contains("another provider (80554)"), "{}", ran.err);
    assert_eq!(program.report(&file_url(RUTLAND_FILE))["status"], "current");
    // The same file with a slash more is the same file.
    let page = provider(RUTLAND, &[(RUTLAND_FILE, "Children's services inspection", "1 March 2024")]);
    web.html(&provider_url(RUTLAND), page.replace(&file_url(RUTLAND_FILE), &format!("{}/", file_url(RUTLAND_FILE))));
    program.run_all("2024-03-06T06:00:00Z", 0);
    assert_eq!(program.report(&file_url(RUTLAND_FILE))["status"], "current");
    assert_eq!(program.reports().len(), 2);
}

#[test]
fn a_council_whose_report_the_list_knows_has_a_publication() {
    let web = world::small();
    web.html(&provider_url(RUTLAND), provider(RUTLAND, &[]));
    let program = Program::new(&web, OFSTED_ONLY);
    let ran = program.run_all(NOW, 4);
    assert!(ran.err.contains("lists no publication"), "{}", ran.err);
    put_ofsted(&web);
    program.run_all("2024-03-06T06:00:00Z", 0);
    assert_eq!(program.report(&file_url(RUTLAND_FILE))["status"], "current");
}

#[test]
fn a_list_that_states_more_councils_than_it_names_is_told() {
    let web = world::small();
    let list = search(&[(RUTLAND, "1 March 2024"), (SOLIHULL, "1 March 2024"), (HARTLEPOOL, "5 May 2019")]);
    web.html(&search_url(0), list.replace("<h1>Search results</h1>", "<h1>Search results</h1><p>153 results</p>"));
    let ran = Program::new(&web, OFSTED_ONLY).run_all(NOW, 4);
    assert!(ran.err.contains("names 3 of the 153 councils"), "{}", ran.err);
}

#[test]
fn what_leads_elsewhere_is_told_once_and_not_followed() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let moved = provider(RUTLAND, &[(RUTLAND_FILE, "Children’s services inspection", "1 March 2024")]).replace(
        "</ol>",
        "<li class=\"timeline__day\"><a class=\"publication-link\" href=\"http://evil.example/reports/9\">Focused visit</a></li></ol>",
    );
    web.html(&provider_url(RUTLAND), moved);
    let rows = search(&[(RUTLAND, "5 March 2024"), (SOLIHULL, "1 March 2024")]);
    web.html(&search_url(0), rows + "<li class=\"search-result\"><a href=\"http://evil.example/provider/44/80999\">X</a></li>");
    let told = program.call("2024-03-05T13:00:00Z", &["run"]);
    assert_eq!(told.code, Some(0), "{}", told.err);
    assert!(told.err.contains("Ofsted: Rutland County Council (80547): 1 item that leads to another host left out"), "{}", told.err);
    assert!(told.err.contains("Ofsted: 1 item that leads to another host left out"), "{}", told.err);
    for now in ["2024-03-05T20:00:00Z", "2024-03-06T03:00:00Z"] {
        assert_eq!(program.call(now, &["run", "-q", "--all"]).err, "");
    }
    assert_eq!(program.call(NOW, &["sources", "--json"]).out.matches("another host left out").count(), 2);
    assert!(web.log().iter().all(|request| !request.target.contains("evil.example")));
}

#[test]
fn a_list_that_names_fewer_councils_is_told() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    let rows = |count: usize| (0..count).map(|n| numbered(n, "1 March 2024")).collect::<Vec<_>>();
    web.html(&search_url(0), search_list(&rows(12)));
    program.call(NOW, &["run", "--all"]);
    web.html(&search_url(0), search_list(&rows(8)));
    let told = program.call("2024-03-05T13:00:00Z", &["run"]);
    assert!(told.err.contains("Ofsted: the list names 8 councils, and named 12 before"), "{}", told.err);
}

#[test]
fn a_second_page_that_comes_empty_is_asked_again_and_told() {
    const EMPTY: &str = "<!doctype html><h1>Search results</h1><p>0 results</p>";
    let web = Web::new();
    put_lists(&web, None);
    web.html(&search_url(100), EMPTY);
    let program = Program::new(&web, OFSTED_ONLY);
    program.call(NOW, &["run", "--all"]);
    // Nobody can know on the first day that there should be more; the next finds it, though the first page is unchanged.
    put_lists(&web, None);
    program.call(LATER, &["run", "--all"]);
    let known = || program.sql().query_row("SELECT count(*) FROM provider", [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(known(), COUNCILS as i64);
    web.html(&search_url(100), EMPTY);
    for now in ["2024-03-06T06:00:00Z", "2024-03-07T06:00:00Z"] {
        let ran = program.call(now, &["run", "--all"]);
        assert!(ran.err.contains("page 2 of the list names no council, and 153 were named before"), "{}", ran.err);
        assert_eq!(ran.code, Some(4));
    }
}

#[test]
fn a_slip_of_the_year_is_no_day_of_publication() {
    let web = world::small();
    web.html(&provider_url(RUTLAND), provider(RUTLAND, &[(RUTLAND_FILE, "Children's services inspection", "1 March 2052")]));
    let program = Program::new(&web, OFSTED_ONLY);
    program.run_all(NOW, 0);
    assert!(program.report(&file_url(RUTLAND_FILE))["published"].is_null());
    put_ofsted(&web);
    program.run_all("2024-03-12T07:00:00Z", 0);
    assert_eq!(program.report(&file_url(RUTLAND_FILE))["published"], "2024-03-01");
}

#[test]
fn files_that_are_no_reports_are_named_and_the_rest_is_stored() {
    let web = world::small();
    let good = report(&RUTLAND_2024);
    let files = [
        (50240010, "A page called a PDF", "1 March 2024"),
        (50240011, "A cut file", "1 March 2024"),
        (50240012, "No file", "1 March 2024"),
        (50240013, "Too much", "1 March 2024"),
        (RUTLAND_FILE, "Children's services inspection", "1 March 2024"),
    ];
    web.html(&provider_url(RUTLAND), provider(RUTLAND, &files));
    web.pdf(&file_url(50240010), "<!doctype html><title>Sign in</title><p>Please sign in.</p>");
    web.pdf(&file_url(50240011), &good[..good.len() / 3]);
    web.pdf(&file_url(50240013), vec![b'x'; 1_100_000]);
    let program = Program::new(&web, &format!("max_report = \"1 MB\"\n{OFSTED_AND_HERALD}"));
    let ran = program.run_all(NOW, 4);
    assert!(ran.err.contains("Ofsted: 4 of "), "{}", ran.err);
    assert!(ran.err.contains(&file_url(50240010)), "the first is named: {}", ran.err);

    assert_eq!(program.report(&file_url(50240010))["status"], "not-a-report");
    assert_eq!(program.report(&file_url(50240011))["status"], "unreadable");
    let failures: Vec<(String, String)> = program
        .sql()
        .prepare("SELECT subject, failure FROM work WHERE job = 'file' AND tries > 0 ORDER BY subject")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let expected = [(50240010, "unreadable"), (50240011, "unreadable"), (50240012, "not-found"), (50240013, "too-large")];
    assert_eq!(failures, expected.map(|(number, failure)| (file_url(number), failure.to_owned())));
    let (failure, detail) = program.source("Ofsted");
    assert_eq!(failure.as_deref(), Some("unreadable"), "{detail}");
    // All the rest is there.
    assert_eq!(program.report(&file_url(RUTLAND_FILE))["status"], "current");
    assert_eq!(tied(&program.story(SOLIHULL_STORY)), [file_url(SOLIHULL_FILE)]);
}

#[test]
fn a_server_that_is_down_for_a_while_costs_nothing_but_time() {
    let web = world::small();
    for url in [search_url(0), provider_url(RUTLAND), file_url(SOLIHULL_FILE)] {
        web.reply(&url, Reply::status(503).header("Content-Length", "0"));
    }
    let program = Program::new(&web, OFSTED_ONLY);
    program.run_all(NOW, 4);
    assert_eq!(program.source("Ofsted").0.as_deref(), Some("server-error"));
    web.html(&search_url(0), search(&[(RUTLAND, "1 March 2024"), (SOLIHULL, "1 March 2024")]));
    program.run_all(LATER, 4);
    web.slow_down(Duration::ZERO);
    put_ofsted(&web);
    program.run_all("2024-03-06T06:00:00Z", 0);
    assert_eq!(program.source("Ofsted").0, None);
    assert_eq!(program.reports().len(), 2);
}
