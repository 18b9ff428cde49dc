//! How sources fare, for people and for monitoring: an outage is told when it begins and when it ends, and the exit code
//! says steadily that there is one.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{
    made::*,
    program::{NOW, Program},
    server::Reply,
    web::Web,
    world::{self, *},
};

const HERALD: &str = "[[source]]\nname = \"Herald\"\nkind = \"feed\"\nurl = \"http://herald.example/feed\"\n";

fn at(hour: u32) -> String {
    format!("2024-03-{:02}T{:02}:00:00Z", 5 + hour / 24, hour % 24)
}

#[test]
fn an_outage_is_told_twice_and_the_exit_code_says_it_all_the_while() {
    let web = Web::new();
    web.feed(FEED, feed(&[]));
    let program = Program::new(&web, HERALD);
    let quiet = |hour| program.call(&at(hour), &["run", "-q"]);
    assert_eq!((quiet(0).code, quiet(0).err), (Some(0), String::new()));
    web.reply(FEED, Reply::status(500).header("Content-Length", "0"));
    let began = quiet(1);
    assert!(began.code == Some(4) && began.err.starts_with("Herald: "), "{}", began.err);
    for hour in [1, 2, 3, 4] {
        // Due or not, and silently.
        assert_eq!((quiet(hour).code, quiet(hour).err), (Some(4), String::new()), "{hour}");
    }
    web.feed(FEED, feed(&[]));
    let ended = quiet(12);
    assert_eq!(ended.code, Some(0));
    assert_eq!(ended.err, "Herald: answers again; it had failed since 5 March 2024, 01:00\n");
    assert_eq!((quiet(13).code, quiet(13).err), (Some(0), String::new()));
}

#[test]
fn monitoring_has_what_it_needs() {
    let web = Web::new();
    let program = Program::new(&web, &HERALD.replace("/feed\"", "/feed?key=geheim\""));
    for day in 0..6_u32 {
        web.feed(
            "http://herald.example/feed?key=geheim",
            feed(&[(&format!("http://herald.example/{day}"), &format!("Fete {day}"), "", "")]),
        );
        program.call(&at(day * 24), &["run", "-vv"]);
    }
    let told = program.call(&at(130), &["sources", "--json"]).out;
    let source: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&source["usual_gap_s"], &source["failures"], &source["state"]), (&86_400.into(), &0.into(), &"well".into()));
    assert_eq!((&source["last_new"], &source["losses"]), (&at(120).into(), &Value::Array(Vec::new())));
    let check: Value = serde_json::from_str(&program.call(&at(130), &["check", "--json"]).out).unwrap();
    assert_eq!(check["sources"][0], source);
}

#[test]
fn a_key_in_an_address_is_shown_nowhere() {
    let web = Web::new();
    let url = "http://herald.example/feed?key=geheim";
    let program = Program::new(&web, &HERALD.replace("/feed\"", "/feed?key=geheim\""));
    web.reply(url, Reply::redirect(301, "http://herald.example/rss?token=geheim"));
    web.feed("http://herald.example/rss?token=geheim", feed(&[]));
    for (hour, args) in [
        (0, &["run", "-vv"][..]),
        (24, &["run", "-v"]),
        (48, &["run"]),
        (49, &["sources", "check"]),
        (49, &["sources", "check", "--json"]),
        (49, &["sources", "--json"]),
        (49, &["check", "--json"]),
        (49, &["summary", "--json"]),
    ] {
        let ran = program.call(&at(hour), args);
        assert!(!format!("{}{}", ran.out, ran.err).contains("geheim"), "{args:?}: {}{}", ran.out, ran.err);
    }
}

#[test]
fn a_run_ends_with_its_time_and_the_next_goes_on() {
    let web = world::small();
    web.slow_down(Duration::from_millis(700));
    let program = Program::new(&web, OFSTED_AND_HERALD);
    let began = Instant::now();
    let ran = program.call(NOW, &["run", "--for", "3s"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("the time for this run is used up"), "{}", ran.err);
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
    web.slow_down(Duration::ZERO);
    program.call(NOW, &["run"]);
    program.call(&at(7), &["run"]);
    assert_eq!((program.stories().len(), program.reports().len()), (3, 2));
    assert_eq!(program.call(NOW, &["run", "--for", "soon"]).code, Some(2));
}
