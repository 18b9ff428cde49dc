//! Files that are replaced without a word are found, and what takes a report's place by mistake does no harm.

use std::{
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use serde_json::Value;

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

/// A run in which no reader can be started: the program's own file is gone.
fn run_without_a_reader(program: &Program, now: &str) {
    let copy = program.path("copy");
    std::fs::copy(env!("CARGO_BIN_EXE_tieback"), &copy).unwrap();
    let shown = program.command(now, &["run", "--all"]);
    let mut command = Command::new("sh");
    command.args(["-c", "exec 9<\"$0\"; rm \"$0\"; exec /proc/self/fd/9 \"$@\""]).arg(copy).args(shown.get_args());
    command.env_clear().envs(shown.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let mut ended = command.output().unwrap().status.code();
    while ended == Some(126) {
        // Another test was being started while the copy was written, and holds it open until it runs.
        std::thread::sleep(std::time::Duration::from_millis(50));
        std::fs::copy(env!("CARGO_BIN_EXE_tieback"), program.path("copy")).unwrap();
        ended = command.output().unwrap().status.code();
    }
    assert_eq!(ended, Some(1));
}

fn grade(program: &Program, url: &str) -> Value {
    program.report(url)["judgements"].as_array().unwrap().iter().find(|judgement| judgement["key"] == "overall").unwrap()["grade"].clone()
}

#[test]
fn a_replacement_that_a_fault_of_ours_kept_from_being_read_is_read_later() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let url = file_url(SOLIHULL_FILE);
    web.pdf(&url, report(&Findings { grade: "Requires improvement to be good", ..SOLIHULL_2024 }));
    run_without_a_reader(&program, A_MONTH_LATER);
    assert_eq!((grade(&program, &url), versions(&program, &url)), ("inadequate".into(), 1));
    let before = web.asked().len();
    program.run_all("2024-04-05T06:00:00Z", 0);
    assert_eq!((grade(&program, &url), versions(&program, &url)), ("requires improvement".into(), 2));
    assert!(!web.targets_since(before).contains(&url), "from the stored bytes");
}

#[test]
fn a_file_replaced_twice_is_read_as_it_is_now() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let url = file_url(SOLIHULL_FILE);
    web.pdf(&url, report(&Findings { grade: "Requires improvement to be good", ..SOLIHULL_2024 }));
    run_without_a_reader(&program, A_MONTH_LATER);
    program.sql().execute("UPDATE work SET due = '2024-04-04T06:30:00Z' WHERE job = 'file'", []).unwrap();
    web.pdf(&url, report(&Findings { grade: "Good", ..SOLIHULL_2024 }));
    run_without_a_reader(&program, "2024-04-04T07:00:00Z");
    program.run_all("2024-04-05T06:00:00Z", 0);
    assert_eq!((grade(&program, &url), versions(&program, &url)), ("good".into(), 2));
}

#[test]
fn a_file_that_came_cut_is_read_when_it_is_whole_whatever_its_server_says() {
    let web = world::small();
    let (url, whole) = (file_url(SOLIHULL_FILE), report(&SOLIHULL_2024));
    let is_cut = Arc::new(AtomicBool::new(true));
    let cut = Arc::clone(&is_cut);
    web.rule(&url, move |request| {
        if request.header("if-none-match") == Some("\"v1\"") {
            return Reply::status(304).header("ETag", "\"v1\"");
        }
        let body = if cut.load(Ordering::Relaxed) { &whole[..whole.len() * 6 / 10] } else { &whole[..] };
        Reply::status(200)
            .header("Content-Type", "application/pdf")
            .header("Content-Length", &body.len().to_string())
            .header("ETag", "\"v1\"")
            .send(body)
    });
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 4);
    assert_eq!((&program.report(&url)["status"], &program.report(&url)["authority"]), (&"unreadable".into(), &"Solihull".into()));
    is_cut.store(false, Ordering::Relaxed);
    program.run_all("2024-03-06T06:00:00Z", 0);
    assert_eq!(program.report(&url)["status"], "current");
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
    assert_eq!(program.report(&url)["authority"], "Rutland", "it stands on that council’s page");
    assert_eq!(tied(&program.story(RUTLAND_STORY)), [""; 0]);
    put_ofsted(&web);
    program.run_all("2024-03-06T06:00:00Z", 0);
    assert_eq!(program.report(&url)["status"], "current");
    assert_eq!(tied(&program.story(RUTLAND_STORY)), [url]);
}

#[test]
fn a_report_added_as_a_file_is_the_one_that_is_listed_later() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    std::fs::write(program.path("rutland.pdf"), report(&RUTLAND_2024)).unwrap();
    // The clock stands eleven years ahead while it is added.
    let ran = program.call("2035-03-05T06:00:00Z", &["add", program.path("rutland.pdf").to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    program.run_all(NOW, 0);
    let url = file_url(RUTLAND_FILE);
    let report = program.report(&url);
    assert_eq!((program.reports().len(), &report["published"], versions(&program, &url)), (2, &"2024-03-01".into(), 1), "{report:#}");
    assert_eq!(tied(&program.story(RUTLAND_STORY)), [url]);
    let ahead: i64 = program.sql().query_row("SELECT count(*) FROM report WHERE first_seen > '2025'", [], |row| row.get(0)).unwrap();
    assert_eq!(ahead, 0);
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
