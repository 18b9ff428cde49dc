//! Troubles of this machine: each is said with its cause, has its exit code, and leaves what is stored as it was.

use std::{fs, process::Command};

use crate::{
    made::*,
    program::{NOW, Program},
    web::Web,
    world::{self, *},
};

/// The same call under a limit of a shell's.
#[cfg(unix)]
fn limited(program: &Program, limit: &str, args: &[&str]) -> (Option<i32>, String) {
    let inner = program.command(NOW, args);
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{limit}; exec \"$0\" \"$@\"")]).arg(inner.get_program()).args(inner.get_args()).env_clear();
    for (name, value) in inner.get_envs() {
        if let Some(value) = value {
            shell.env(name, value);
        }
    }
    let output = shell.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[cfg(unix)]
#[test]
fn a_limit_on_the_size_of_files_is_told_and_kills_nothing() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    for blocks in [40, 600] {
        let (code, said) = limited(&program, &format!("ulimit -f {blocks}"), &["run", "--all"]);
        assert_eq!(code, Some(6), "{said}");
        assert!(said.contains("cannot be written") && said.contains("ulimit -f"), "{said}");
    }
    program.run_all(NOW, 0);
    assert_eq!((program.stories().len(), program.call(NOW, &["check"]).code), (3, Some(0)));
}

#[test]
fn an_empty_database_is_told() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    fs::write(program.database(), "").unwrap();
    let ran = program.run_all(NOW, 0);
    assert!(ran.err.contains("was empty and begins anew"), "{}", ran.err);
}

#[test]
fn what_stands_beside_an_empty_database_is_not_thrown_away() {
    let web = Web::new();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    let wal = program.path("tieback.db-wal");
    fs::write(&wal, "the last changes").unwrap();
    for args in [&["run"][..], &["summary"]] {
        fs::write(program.database(), "").unwrap();
        let ran = program.call(NOW, args);
        assert_eq!(ran.code, Some(6));
        assert!(ran.err.contains("`-wal` beside it"), "{}", ran.err);
    }
    assert_eq!(fs::read_to_string(&wal).unwrap(), "the last changes");
}

#[test]
fn a_clock_that_lost_the_time_changes_nothing() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let rows = program.rows();
    let ran = program.call("1970-01-01T00:05:00Z", &["run"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("the clock stands at 1970") && ran.err.contains("hint: set the clock"), "{}", ran.err);
    assert_eq!(program.rows(), rows);
}

#[test]
fn without_a_trust_store_what_needs_none_is_fetched() {
    let web = world::small();
    let program = Program::new(
        &web,
        &(OFSTED_AND_HERALD.to_owned() + "[[source]]\nname = \"Safe\"\nkind = \"feed\"\nurl = \"https://safe.example/feed\"\n"),
    );
    let mut command = program.command(NOW, &["run", "--all"]);
    command.env("SSL_CERT_FILE", program.path("none.pem")).env("SSL_CERT_DIR", program.path("none"));
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("Safe: no certificate authority was found") && said.contains("SSL_CERT_FILE"), "{said}");
    assert_eq!(program.stories().len(), 3);
}

#[test]
fn no_home_and_no_place_named() {
    let web = Web::new();
    let program = Program::new(&web, "");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tieback"));
    let output = command.env_clear().args(["--config", program.path("config.toml").to_str().unwrap(), "run"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(6), "{said}");
    assert!(said.contains("neither XDG_DATA_HOME nor HOME is set") && said.contains("--database"), "{said}");
}

#[test]
fn a_story_elsewhere_is_not_the_feeds_own() {
    let web = Web::new();
    let day = "Mon, 04 Mar 2024 09:30:00 GMT";
    let elsewhere = "http://rival.example/rutland";
    let mut items: Vec<_> = (0..4).map(|n| (format!("http://herald.example/fete-{n}"), format!("Fete {n} on the green"))).collect();
    items.push((elsewhere.to_owned(), RUTLAND_STORY.to_owned()));
    items.push(("http://www.herald.example/solihull".to_owned(), SOLIHULL_STORY.to_owned()));
    let listed: Vec<Item<'_>> = items.iter().map(|(url, title)| (url.as_str(), title.as_str(), "", day)).collect();
    web.feed(FEED, feed(&listed));
    web.html(elsewhere, coverage_page(RUTLAND_STORY, &RUTLAND_2024));
    web.html("http://www.herald.example/solihull", coverage_page(SOLIHULL_STORY, &SOLIHULL_2024));
    let program = Program::new(&web, &format!("[[source]]\nname = \"Herald\"\nkind = \"feed\"\nurl = \"{FEED}\"\n"));
    program.run_all(NOW, 0);
    assert_eq!(program.story(RUTLAND_STORY)["outlet"], "rival.example");
    assert_eq!(program.story(SOLIHULL_STORY)["outlet"], "Herald");
}
