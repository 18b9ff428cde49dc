//! What was received is kept: to be shown, to be read again without a request, and to be given out as WARC.

use std::io::Read;

use flate2::read::MultiGzDecoder;

use crate::{
    made::*,
    program::{NOW, Program, tied},
    server::Reply,
    web::Web,
    world::{self, *},
};

const PAGE: &str = "http://herald.example/news/rutland-good";

fn id(program: &Program, title: &str) -> String {
    program.story(title)["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_page_is_kept_as_it_was_received_compressed_and_shown() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let page = coverage_page(RUTLAND_STORY, &RUTLAND_2024);
    let ran = program.call(NOW, &["show", &id(&program, RUTLAND_STORY), "--original"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), page.as_str(), ""));
    type Kept = (String, String, u16, String, i64, i64, bool);
    let kept: Kept = program
        .sql()
        .query_row(
            "SELECT at, answered, status, headers, size, length(body), packed FROM original JOIN file USING (sha256) WHERE url = ?1",
            [PAGE],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?)),
        )
        .unwrap();
    assert_eq!((kept.0.as_str(), kept.1.as_str(), kept.2), (NOW, PAGE, 200));
    assert!(kept.3.contains(r#"["content-type","text/html; charset=utf-8"]"#) && kept.3.contains("etag"), "{}", kept.3);
    assert!(kept.4 == page.len() as i64 && kept.5 < kept.4 && kept.6, "{kept:?}");
    let report = program.report(&file_url(RUTLAND_FILE))["id"].as_str().unwrap().to_owned();
    let pdf = program.command(NOW, &["show", &report, "--original"]).output().unwrap().stdout;
    assert_eq!(pdf, crate::made::report(&RUTLAND_2024));
}

#[test]
fn where_none_is_kept_it_is_said() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    program.sql().execute_batch("DELETE FROM original").unwrap();
    let ran = program.call(NOW, &["show", &id(&program, RUTLAND_STORY), "--original"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    assert!(ran.err.contains("no original of s-"), "{}", ran.err);
}

#[test]
fn what_is_kept_is_read_again_without_a_request_and_is_no_news() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let expected = (program.export("stories"), program.export("reports"));
    let (asked, shown) = (web.log().len(), id(&program, RUTLAND_STORY));
    // A poorer reader had found the headline alone, and no paragraph of any report.
    program
        .sql()
        .execute_batch(
            "
            UPDATE story_text SET blocks = '[]', links = '[]';
            UPDATE story SET author = NULL, words = 0, walled = 1;
            INSERT INTO story_fts (story_fts) VALUES ('delete-all');
            INSERT INTO story_fts (rowid, title, text) SELECT n, title, NULL FROM story;
            DELETE FROM tie;
            DELETE FROM judgement;
            UPDATE piece SET state = 'none' WHERE state = 'tied'",
        )
        .unwrap();
    let later = "2024-03-06T06:00:00Z";
    let ran = program.call(later, &["run", "--reread"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("5 files and pages read again; 3 stories read otherwise than before"), "{}", ran.err);
    assert_eq!(web.log().len(), asked, "nothing was asked");
    assert_eq!((program.export("stories"), program.export("reports")), expected);
    let found = program.call(later, &["search", "inspectors", "--json"]);
    assert!(found.out.contains(&shown), "{}", found.out);
    let summary = program.call("2024-03-06T07:00:00Z", &["summary", "--since", "2024-03-05T12:00:00Z"]);
    assert!(!summary.out.contains(RUTLAND_STORY), "nobody rewrote it: {}", summary.out);
    let again = program.call(later, &["run", "--reread"]);
    assert!(again.err.contains("5 files and pages read again; 0 stories read otherwise than before"), "{}", again.err);
    let check = program.call(later, &["check"]);
    assert!(check.out.contains("2 report files, 3 pages of stories"), "{}{}", check.out, check.err);
}

#[test]
fn a_reading_that_was_stopped_goes_on_and_never_puts_an_older_page_back() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    // A run was to read the first page again and died; meanwhile the page was rewritten, under a new headline.
    program
        .sql()
        .execute_batch(&format!(
            "INSERT INTO work (job, owner, subject, due) SELECT 'read', sha256, url, '2024-03-09T00:00:00Z' FROM original WHERE url = '{PAGE}'"
        ))
        .unwrap();
    let title = format!("{RUTLAND_STORY}, at last");
    web.feed(FEED, feed(&[(PAGE, &title, "Ofsted praises Rutland.", "Mon, 04 Mar 2024 09:30:00 GMT")]));
    web.html(PAGE, coverage_page(&title, &RUTLAND_2024));
    program.run_all("2024-03-06T06:00:00Z", 0);
    program.run_all("2024-03-10T06:00:00Z", 0);
    assert_eq!(tied(&program.story(&title)), [file_url(RUTLAND_FILE)]);
    let kept: i64 = program.sql().query_row("SELECT count(*) FROM original WHERE url = ?1", [PAGE], |row| row.get(0)).unwrap();
    assert_eq!(kept, 2, "both versions are kept");
    let left: i64 = program.sql().query_row("SELECT count(*) FROM work WHERE job = 'read'", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}

#[test]
fn a_wall_and_an_empty_page_take_no_text_away() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let before = program.export("stories");
    // What is kept of one is a page in which nothing is read, as by a reader that lost its way.
    let shell = "<html><head><title>Herald</title></head><body><div id=app></div></body></html>";
    let sql = program.sql();
    sql.execute("UPDATE file SET body = ?1, packed = 0 WHERE sha256 IN (SELECT sha256 FROM original)", [shell.as_bytes()]).unwrap();
    program.call("2024-03-06T06:00:00Z", &["run", "--reread"]);
    let words: i64 = sql.query_row("SELECT min(words) FROM story", [], |row| row.get(0)).unwrap();
    assert!(words > 0);
    assert_eq!(before.lines().count(), program.export("stories").lines().count());
    let check = program.call(NOW, &["check"]);
    assert!(check.code == Some(1) && check.out.contains("the page of a story"), "{}", check.out);
}

#[test]
fn a_kept_page_that_is_read_as_no_article_any_more_is_told() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let before = program.export("stories");
    let other = "UPDATE file SET body = ?1, packed = 0 WHERE sha256 IN (SELECT sha256 FROM original WHERE url = ?2)";
    program.sql().execute(other, (&br#"{"error": "gone"}"#[..], PAGE)).unwrap();
    let ran = program.call("2024-03-06T06:00:00Z", &["run", "--reread"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let told = "4 files and pages read again; 0 stories read otherwise than before; 1 page is read as no article any more: its story keeps its text";
    assert!(ran.err.contains(told), "{}", ran.err);
    assert_eq!(program.export("stories"), before);
}

#[test]
fn what_is_forgotten_leaves_no_original() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let files = |program: &Program| -> (i64, i64) {
        program
            .sql()
            .query_row("SELECT (SELECT count(*) FROM original), (SELECT count(*) FROM file)", [], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
    };
    assert_eq!(files(&program), (3, 5));
    assert_eq!(program.call(NOW, &["forget", PAGE]).code, Some(0));
    assert_eq!(files(&program), (2, 4));
    let bytes = std::fs::read(program.database()).unwrap();
    assert!(!bytes.windows(24).any(|part| part == b"herald.example/news/rutl"));
}

#[test]
fn a_page_added_by_hand_is_kept_too() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    let page = coverage_page(RUTLAND_STORY, &RUTLAND_2024);
    let file = program.path("saved.html");
    std::fs::write(&file, &page).unwrap();
    assert_eq!(program.call(NOW, &["add", file.to_str().unwrap(), "--url", PAGE]).code, Some(0));
    assert_eq!(program.call(NOW, &["show", PAGE, "--original"]).out, page);
    let warc = program.call(NOW, &["export", "warc"]);
    assert!(warc.out.contains("WARC-Type: resource") && !warc.out.contains("WARC-Type: response"));
}

/// A record: its header in lower case, and its block.
type Record = (std::collections::BTreeMap<String, String>, Vec<u8>);

/// Takes a file of WARC apart as its grammar has it, section 4 of the standard.
fn records(mut bytes: &[u8]) -> Vec<Record> {
    let mut records = Vec::new();
    while !bytes.is_empty() {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("the end of a header");
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let (version, fields) = head.split_once("\r\n").unwrap();
        assert_eq!(version, "WARC/1.1");
        let fields: std::collections::BTreeMap<String, String> = fields
            .split("\r\n")
            .map(|field| field.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let length: usize = fields["content-length"].parse().unwrap();
        let block = &bytes[end + 4..end + 4 + length];
        assert_eq!(&bytes[end + 4 + length..end + 8 + length], b"\r\n\r\n");
        records.push((fields, block.to_vec()));
        bytes = &bytes[end + 8 + length..];
    }
    records
}

#[test]
fn the_archive_has_every_original_once_in_its_form() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let export = |args: &[&str]| program.command(NOW, &[&["export", "warc"], args].concat()).output().unwrap().stdout;
    let plain = export(&[]);
    let records = records(&plain);
    let kinds: Vec<&str> = records.iter().map(|(head, _)| head["warc-type"].as_str()).collect();
    assert_eq!(kinds, ["warcinfo", "response", "response", "response", "resource", "resource"]);
    let mut ids: Vec<&String> = records.iter().map(|(head, _)| &head["warc-record-id"]).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), records.len());
    assert!(ids.iter().all(|id| id.starts_with("<urn:uuid:") && id.len() == 47), "{ids:?}");
    let (head, block) = records.iter().find(|(head, _)| head.get("warc-target-uri").is_some_and(|url| url == PAGE)).unwrap();
    assert_eq!((head["warc-date"].as_str(), head["content-type"].as_str()), (NOW, "application/http; msgtype=response"));
    let page = coverage_page(RUTLAND_STORY, &RUTLAND_2024);
    let answer = String::from_utf8(block.clone()).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with(&format!("\r\n\r\n{page}")), "{answer}");
    assert!(answer.contains(&format!("content-length: {}\r\n", page.len())));
    let (_, block) = records.iter().find(|(head, _)| head.get("warc-target-uri") == Some(&file_url(RUTLAND_FILE))).unwrap();
    assert_eq!(*block, crate::made::report(&RUTLAND_2024));
    assert_eq!(export(&[]), plain, "the same again");
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(export(&["--gzip"]).as_slice()).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain);
    assert_eq!(program.call(NOW, &["export", "warc", "--format", "csv"]).code, Some(2));
    assert_eq!(program.call(NOW, &["export", "stories", "--gzip"]).code, Some(2));
}

#[test]
fn a_redirected_page_keeps_both_addresses() {
    let web = Web::new();
    let from = "http://herald.example/?p=7";
    web.feed(FEED, feed(&[(from, RUTLAND_STORY, "Ofsted praises Rutland.", "Mon, 04 Mar 2024 09:30:00 GMT")]));
    web.reply(from, Reply::status(302).header("Location", PAGE).header("Content-Length", "0"));
    web.html(PAGE, coverage_page(RUTLAND_STORY, &RUTLAND_2024));
    let program = Program::new(&web, "[[source]]\nname = \"Herald\"\nkind = \"feed\"\nurl = \"http://herald.example/feed\"\n");
    program.run_all(NOW, 0);
    let kept: (String, String) =
        program.sql().query_row("SELECT url, answered FROM original", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert_eq!(kept, (from.to_owned(), PAGE.to_owned()));
    let before = program.export("stories");
    program.call(NOW, &["run", "--reread"]);
    assert_eq!(program.export("stories"), before);
}
