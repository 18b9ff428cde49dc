//! What is let go of in time, and what never is.

use crate::{
    made::*,
    program::{NOW, Program},
    world::{self, *},
};

/// So many days after the first run.
fn after(days: i64) -> String {
    let first: jiff::Timestamp = NOW.parse().unwrap();
    first.checked_add(jiff::SignedDuration::from_hours(24 * days)).unwrap().to_string()
}

/// A program that has seen three stories, none of which is thought to be ours.
fn unrelated() -> (crate::web::Web, Program) {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    program
        .sql()
        .execute_batch("DELETE FROM tie; UPDATE story SET relevant = 0; UPDATE piece SET state = 'none', waiting_for = NULL, best = NULL")
        .unwrap();
    (web, program)
}

fn count(program: &Program, sql: &str) -> i64 {
    program.sql().query_row(sql, [], |row| row.get(0)).unwrap()
}

const PAGES: &str = "SELECT count(*) FROM original";
const TEXTS: &str = "SELECT count(*) FROM story_text WHERE blocks <> '[]'";

#[test]
fn pages_and_texts_that_are_not_ours_go_and_what_a_person_decided_on_stays() {
    let (_web, program) = unrelated();
    let id = |title: &str| program.story(title)["id"].as_str().unwrap().to_owned();
    let (rutland, solihull, hartlepool) = (id(RUTLAND_STORY), id(SOLIHULL_STORY), id(WAITING_STORY));
    assert_eq!(program.call(NOW, &["note", &solihull, "asked", "the", "press", "office"]).code, Some(0));
    assert_eq!(program.call(NOW, &["keep", &hartlepool]).code, Some(0));
    let ran = program.call(&after(80), &["run"]);
    assert!(!ran.err.contains("let go"), "{}", ran.err);
    let ran = program.call(&after(91), &["run"]);
    assert!(ran.err.contains("let go of 1 page of stories, past their time"), "{}", ran.err);
    assert_eq!((count(&program, PAGES), count(&program, TEXTS)), (2, 3));
    assert_eq!(program.call(NOW, &["show", &rutland, "--original"]).code, Some(1));
    assert_eq!(program.call(&after(92), &["run", "-q"]).err, "", "told once");
    let found = |words: &str| program.call(NOW, &["search", words, "--json"]).out.contains(&rutland);
    assert!(found("\"Rutland children’s services rated good\""));
    let ran = program.call(&after(740), &["run"]);
    assert!(ran.err.contains("let go of 1 text of stories, past their time"), "{}", ran.err);
    assert_eq!((count(&program, PAGES), count(&program, TEXTS)), (2, 2));
    assert_eq!(count(&program, "SELECT count(*) FROM fingerprint WHERE story = (SELECT n FROM story WHERE faded IS NOT NULL)"), 0);
    let shown = program.call(NOW, &["show", &rutland]).out;
    assert!(shown.contains(RUTLAND_STORY) && shown.contains("let go of"), "{shown}");
    assert_eq!(program.call(&after(741), &["check"]).code, Some(0));
}

#[test]
fn a_story_whose_text_is_gone_is_judged_no_more_and_comes_back_with_its_page() {
    let (web, program) = unrelated();
    program.call(&after(740), &["run"]);
    assert_eq!((count(&program, PAGES), count(&program, TEXTS)), (0, 0));
    let ran = program.call(&after(741), &["run", "--retie"]);
    assert!(ran.err.contains("0 stories judged"), "{}", ran.err);
    assert!(program.call(&after(741), &["run", "--reread"]).err.contains("2 files and pages read again"), "the reports");
    // Another source lists the page: it is known.
    let asked = web.log().len();
    let day = "Mon, 04 Mar 2024 09:30:00 GMT";
    let page = "http://herald.example/news/rutland-good";
    web.feed("http://other.example/feed", feed(&[(page, RUTLAND_STORY, "Ofsted praises Rutland.", day)]));
    let other = "[[source]]\nname = \"Other\"\nkind = \"feed\"\nurl = \"http://other.example/feed\"\n";
    program.configure(&format!("contact = \"test@example.org\"\n[fetch]\nper_host_delay = \"0s\"\ntries = 1\n{OFSTED_AND_HERALD}{other}"));
    program.call(&after(742), &["run", "--source", "Other"]);
    assert!(web.log()[asked..].iter().all(|request| request.target != page));
    // Its headline changes: it is looked at again, is ours, and no news of a change.
    let title = format!("{RUTLAND_STORY}, at last");
    web.feed("http://other.example/feed", feed(&[(page, &title, "Ofsted praises Rutland.", day)]));
    web.html(page, coverage_page(&title, &RUTLAND_2024));
    program.call(&after(743), &["run", "--source", "Other"]);
    let story = program.story(&title);
    assert_eq!((story["state"].as_str(), story["changed"].as_str()), (Some("tied"), None), "{story:#}");
    assert_eq!((count(&program, PAGES), count(&program, TEXTS)), (1, 1));
    assert_eq!(program.call(&after(743), &["check"]).code, Some(0));
}

#[test]
fn what_is_tied_or_waits_stays_for_ever_and_forever_lets_go_of_nothing() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    let config = "contact = \"test@example.org\"\n[fetch]\nper_host_delay = \"0s\"\ntries = 1\n";
    program.configure(&format!("{config}[keep]\npages = \"7d\"\n{OFSTED_AND_HERALD}"));
    program.run_all(NOW, 0);
    assert!(!program.call(&after(2_000), &["run"]).err.contains("let go"));
    assert_eq!((count(&program, PAGES), count(&program, TEXTS)), (3, 3));
    let (_web, program) = unrelated();
    program.configure(&format!("{config}[keep]\nunrelated_pages = \"forever\"\nunrelated_texts = \"forever\"\n{OFSTED_AND_HERALD}"));
    assert!(!program.call(&after(2_000), &["run"]).err.contains("let go"));
    assert_eq!((count(&program, PAGES), count(&program, TEXTS)), (3, 3));
    for (keep, said) in [("pages = \"1d\"", "`pages` is 1d, expected 7d to"), ("size = 5", "5 MB"), ("size = \"5 KB\"", "`size` is")] {
        program.configure(&format!("{config}[keep]\n{keep}\n{OFSTED_AND_HERALD}"));
        let ran = program.call(NOW, &["run"]);
        assert!(ran.code == Some(3) && ran.err.contains(said), "{}", ran.err);
    }
}

#[test]
fn a_database_that_is_too_large_lets_go_of_the_oldest_and_gives_the_room_back() {
    let (_web, program) = unrelated();
    let config = "contact = \"test@example.org\"\n[fetch]\nper_host_delay = \"0s\"\ntries = 1\n[keep]\nsize = \"3 MB\"\n";
    program.configure(&format!("{config}{OFSTED_AND_HERALD}"));
    assert!(!program.call(&after(20), &["run"]).err.contains("let go"), "there is room");
    program.sql().execute_batch("CREATE TABLE junk (x BLOB) STRICT; INSERT INTO junk VALUES (zeroblob(9000000))").unwrap();
    let ran = program.call(&after(22), &["run"]);
    assert!(ran.err.contains("let go of 3 pages and 3 texts of stories"), "{}", ran.err);
    let size = || std::fs::metadata(program.database()).unwrap().len();
    let before = size();
    program.sql().execute_batch("DROP TABLE junk").unwrap();
    program.call(&after(24), &["run"]);
    program.sql().query_row("PRAGMA wal_checkpoint (TRUNCATE)", [], |_| Ok(())).unwrap();
    assert!(size() + 6_000_000 < before, "{before} {}", size());
    assert_eq!(count(&program, "SELECT auto_vacuum FROM pragma_auto_vacuum"), 2);
}

/// Runs with nothing to do look at some hundred pages each; the oldest, of which there are thousands, a person wants kept.
#[test]
fn a_database_that_is_too_large_shrinks_over_several_runs_that_have_little_time() {
    let (_web, program) = unrelated();
    let keep = program.story(WAITING_STORY)["id"].as_str().unwrap().to_owned();
    assert_eq!(program.call(NOW, &["keep", &keep]).code, Some(0));
    program
        .sql()
        .execute_batch(&format!(
            "
            UPDATE original SET at = '2024-02-10T00:00:00Z';
            WITH RECURSIVE each (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM each WHERE n < 6000)
            INSERT INTO original (story, at, url, answered, status, headers, item, sha256)
            SELECT story, strftime('%Y-%m-%dT%H:%M:%SZ', '2024-02-01', n || ' seconds'), url, answered, status, headers, item, sha256
            FROM each, original
            WHERE story = (SELECT n FROM story WHERE id = '{keep}');
            CREATE TABLE junk (x BLOB) STRICT;
            INSERT INTO junk VALUES (zeroblob(9000000))"
        ))
        .unwrap();
    let config = "contact = \"test@example.org\"\n[fetch]\nper_host_delay = \"0s\"\ntries = 1\n[keep]\nsize = \"3 MB\"\n";
    program.configure(&format!("{config}{OFSTED_AND_HERALD}"));
    let free = || count(&program, &format!("SELECT count(*) FROM original WHERE story <> (SELECT n FROM story WHERE id = '{keep}')"));
    let run = || assert_eq!(program.call("2024-03-05T06:05:00Z", &["run", "-q"]).code, Some(0));
    run();
    assert_eq!(free(), 2, "not at once");
    assert!((0..150).any(|_| {
        run();
        free() == 0
    }));
    assert_eq!(count(&program, PAGES), 6_001, "what a person wants kept stays");
}

#[test]
fn an_older_file_gives_room_back_from_its_next_forgetting_on() {
    let (_web, program) = unrelated();
    program.sql().execute_batch("PRAGMA auto_vacuum = NONE; VACUUM").unwrap();
    assert_eq!(count(&program, "SELECT auto_vacuum FROM pragma_auto_vacuum"), 0);
    assert_eq!(program.call(NOW, &["run", "-q"]).code, Some(0));
    assert_eq!(count(&program, "SELECT auto_vacuum FROM pragma_auto_vacuum"), 0);
    assert_eq!(program.call(NOW, &["forget", "http://herald.example/news/rutland-good"]).code, Some(0));
    assert_eq!(count(&program, "SELECT auto_vacuum FROM pragma_auto_vacuum"), 2);
}
