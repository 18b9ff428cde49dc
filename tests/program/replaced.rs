//! Files that are replaced without a word are found, and what takes a report's place by mistake does no harm.

use crate::{
    made::*,
    program::{NOW, Program, tied},
    server::Reply,
    web::is_conditional,
    world::{self, *},
};

/// 30 days after the first run, at the hour at which stored files are asked for again.
const A_MONTH_LATER: &str = "2024-04-04T06:00:00Z";

fn versions(program: &Program, url: &str) -> i64 {
    let count = "SELECT count(*) FROM report_version JOIN report ON report.id = report_version.report WHERE url = ?1";
    program.sql().query_row(count, [url], |row| row.get(0)).unwrap()
}

#[test]
fn a_file_is_asked_for_again_after_a_month_and_a_new_one_is_a_new_version() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let (rutland, solihull) = (file_url(RUTLAND_FILE), file_url(SOLIHULL_FILE));
    let files_since = |n: usize| web.targets_since(n).into_iter().filter(|url| url.contains("/v1/file/")).collect::<Vec<_>>();

    let before = web.asked().len();
    program.run_all("2024-04-04T05:59:59Z", 0);
    assert_eq!(files_since(before), [""; 0], "a second too early");

    let before = web.asked().len();
    web.pdf(&solihull, report(&Findings { grade: "Requires improvement to be good", ..SOLIHULL_2024 }));
    let ran = program.run_all(A_MONTH_LATER, 0);
    assert!(ran.err.contains("(1 changed)"), "{}", ran.err);
    assert_eq!(files_since(before), [rutland.clone(), solihull.clone()]);
    assert!(web.asked().iter().skip(before).filter(|request| request.target.contains("/v1/file/")).all(is_conditional));
    assert_eq!((versions(&program, &rutland), versions(&program, &solihull)), (1, 2));
    let overall = |report: serde_json::Value| {
        let judgements = report["judgements"].as_array().unwrap().clone();
        judgements.into_iter().find(|judgement| judgement["key"] == "overall").unwrap()["grade"].clone()
    };
    assert_eq!(overall(program.report(&solihull)), "requires improvement");
    // The story was judged again: it says what the report no longer says.
    let story = program.story(SOLIHULL_STORY);
    assert_eq!(tied(&story), [solihull.as_str()]);
    assert_eq!(story["ties"][0]["grade_check"], "disagrees");

    let before = web.asked().len();
    program.run_all("2024-04-05T06:00:00Z", 0);
    assert_eq!(files_since(before), [""; 0], "both answered a day ago");
    // 210 days after publication a file stands.
    let before = web.asked().len();
    program.run_all("2024-09-26T06:00:00Z", 0);
    assert_eq!(files_since(before).len(), 2);
    let before = web.asked().len();
    program.run_all("2024-10-29T06:00:00Z", 0);
    assert_eq!(files_since(before), [""; 0]);
}

#[test]
fn a_page_in_the_place_of_a_stored_report_is_named_and_the_report_stays() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let url = file_url(RUTLAND_FILE);
    web.pdf(&url, "<!doctype html><title>Down for maintenance</title><p>Back soon.</p>");
    let ran = program.run_all(A_MONTH_LATER, 4);
    assert!(ran.err.contains(&url), "{}", ran.err);
    assert_eq!((program.report(&url)["status"].as_str(), versions(&program, &url)), (Some("current"), 1));
    assert_eq!(tied(&program.story(RUTLAND_STORY)), [url.as_str()]);
    // Neither a 404 harms it; both are tried again by and by.
    web.reply(&url, Reply::status(404).header("Content-Length", "0"));
    program.run_all("2024-04-04T06:30:00Z", 0);
    program.run_all("2024-04-04T07:00:00Z", 4);
    assert_eq!(program.report(&url)["status"], "current");
    put_ofsted(&web);
    program.run_all("2024-04-04T11:00:00Z", 0);
    assert_eq!(versions(&program, &url), 1);
    let failures: i64 =
        program.sql().query_row("SELECT count(*) FROM work WHERE job = 'file' AND tries > 0", [], |row| row.get(0)).unwrap();
    assert_eq!(failures, 0);
}

#[test]
fn a_page_called_pdf_becomes_the_report_that_it_should_have_been() {
    let web = world::small();
    let url = file_url(RUTLAND_FILE);
    web.pdf(&url, "<!doctype html><title>Down for maintenance</title><p>Back soon.</p>");
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 4);
    assert_eq!(program.report(&url)["status"], "not-a-report");
    assert_eq!(tied(&program.story(RUTLAND_STORY)), [""; 0]);
    put_ofsted(&web);
    program.run_all("2024-03-06T06:00:00Z", 0);
    assert_eq!(program.report(&url)["status"], "current");
    assert_eq!(tied(&program.story(RUTLAND_STORY)), [url]);
}

#[test]
fn what_stays_unreadable_is_given_up_in_the_end() {
    let web = world::small();
    let url = file_url(RUTLAND_FILE);
    let program = Program::new(&web, OFSTED_AND_HERALD);
    let mut asked = Vec::new();
    for hour in [0, 1, 2, 4, 5, 16, 17, 40, 41, 112, 113, 200, 300, 400] {
        // Now a page with the time of day on it, now the same page as before.
        web.pdf(&url, format!("<!doctype html><title>Sign in</title><p>It is {} o’clock.</p>", hour / 6));
        let before = web.asked().len();
        let code = program.call(&format!("2024-03-{:02}T{:02}:00:00Z", 5 + hour / 24, hour % 24), &["run", "--all", "-q"]).code;
        let was_asked = web.targets_since(before).contains(&url);
        assert_eq!(code, Some(if was_asked { 4 } else { 0 }), "hour {hour}");
        if was_asked {
            asked.push(hour);
        }
    }
    assert_eq!(asked, [0, 1, 5, 17, 41, 113]);
    assert_eq!((program.report(&url)["status"].as_str(), versions(&program, &url)), (Some("not-a-report"), 1));
}
