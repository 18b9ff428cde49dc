//! The demo as a person runs it: the program itself, an empty home, and a network that leads nowhere.
//!
//! New weights of tying may change a likelihood in the golden output: `UPDATE_GOLDEN=1 cargo test --test demo` writes it
//! anew; look at the difference before you commit it.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

const GOLDEN: &str = include_str!("demo/summary.txt");
const TOLD: &str = include_str!("demo/stderr.txt");

/// Holds an output against its golden file, and names the first line that differs.
fn check(golden: &str, name: &str, output: Vec<u8>) {
    let output = String::from_utf8(output).unwrap();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/demo").join(name), output).unwrap();
        return;
    }
    if let Some((at, (wanted, found))) = golden.lines().zip(output.lines()).enumerate().find(|(_, (wanted, found))| wanted != found) {
        panic!("{name}, line {}:\n- {wanted}\n+ {found}", at + 1);
    }
    assert_eq!(output.lines().count(), golden.lines().count(), "{name}");
    assert_eq!(output, golden, "{name}");
}

/// Runs `tieback` with everything it may write to inside `home`, and every proxy of the environment dead.
fn tieback(home: &Path, args: &[&str]) -> Output {
    command(home, args).output().unwrap()
}

fn command(home: &Path, args: &[&str]) -> Command {
    let temporary = home.join("tmp");
    fs::create_dir_all(&temporary).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_tieback"));
    command
        .args(args)
        .current_dir(home)
        .env_clear()
        .env("HOME", home)
        .env("TMPDIR", &temporary)
        .env("HTTP_PROXY", "http://127.0.0.1:9")
        .env("HTTPS_PROXY", "http://127.0.0.1:9")
        .env("ALL_PROXY", "http://127.0.0.1:9");
    command
}

/// Everything in a home but its empty folder for temporary files.
fn left_in(home: &Path) -> Vec<String> {
    let names = |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names(home).filter(|name| name != "tmp").chain(names(&home.join("tmp"))).collect()
}

#[test]
fn the_same_summary_every_time_in_seconds_and_nothing_left_behind() {
    let home = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let started = Instant::now();
        let output = tieback(home.path(), &["demo"]);
        let took = started.elapsed();
        check(GOLDEN, "summary.txt", output.stdout);
        check(TOLD, "stderr.txt", output.stderr);
        assert_eq!(output.status.code(), Some(0));
        assert!(took < Duration::from_secs(20), "{took:?}");
    }
    assert_eq!(left_in(home.path()), Vec::<String>::new());
}

#[test]
fn a_users_configuration_and_database_are_not_touched() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("mine.toml"), "this is no TOML").unwrap();
    let output = tieback(home.path(), &["--config", "mine.toml", "--database", "mine.db", "-q", "demo"]);
    check(GOLDEN, "summary.txt", output.stdout);
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert!(!home.path().join("mine.db").exists());
}

#[test]
fn a_kept_database_can_be_gone_on_with_and_is_never_written_over() {
    let home = tempfile::tempdir().unwrap();
    let kept = tieback(home.path(), &["demo", "--keep", "made-up.db"]);
    assert_eq!(kept.status.code(), Some(0));
    let told = String::from_utf8(kept.stderr).unwrap();
    assert!(told.contains("tieback --database made-up.db stories"), "{told}");
    assert_eq!(left_in(home.path()), ["made-up.db"]);

    let again = tieback(home.path(), &["demo", "--keep", "made-up.db"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(again.stdout.is_empty());
    assert!(String::from_utf8(again.stderr).unwrap().contains("`made-up.db` is there already"));

    let stories = stories(home.path());
    assert_eq!(stories.len(), 10);
    let example = told.split("show ").nth(1).unwrap().trim();
    assert!(stories.iter().any(|story| story["id"] == example && story["ties"][0]["grade_check"] == "disagrees"), "{example}");
    check_what_became_of_each(&stories);
}

fn stories(home: &Path) -> Vec<serde_json::Value> {
    let exported = tieback(home, &["--database", "made-up.db", "export", "stories"]);
    assert_eq!(exported.status.code(), Some(0));
    String::from_utf8(exported.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// State, kind of the first tie, check of its grade, and outlet, by a word of the headline.
fn check_what_became_of_each(stories: &[serde_json::Value]) {
    let check = |word: &str, outlet: &str, state: &str, tie: Option<(&str, &str)>| {
        let of = |story: &&serde_json::Value| story["title"].as_str().unwrap().contains(word) && story["outlet"] == outlet;
        let story = stories.iter().find(of).unwrap_or_else(|| panic!("no story with `{word}`"));
        let first = &story["ties"][0];
        assert_eq!(story["state"], state, "{word}");
        assert_eq!(first["kind"].as_str().zip(first["grade_check"].as_str()), tie, "{word}");
        story
    };
    let quoted = check("no longer inadequate", "Practice Weekly", "tied", Some(("coverage", "agrees")));
    let kinds: Vec<&str> = quoted["ties"][0]["evidence"].as_array().unwrap().iter().map(|piece| piece["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"link") && kinds.contains(&"quote"), "{kinds:?}");
    assert!(quoted["quotes"].as_array().unwrap().iter().any(|quote| quote["exact"] == true && quote["paragraph"] == "1"));
    check("still wait for EHC plans", "Practice Weekly", "tied", Some(("follow-up", "agrees")));
    check("rated inadequate", "Radio Marl", "tied", Some(("coverage", "disagrees")));
    check("recognises progress", "Marlshire County Council", "tied", Some(("coverage", "agrees")));
    check("climbed back", "Town Hall Review", "tied", Some(("coverage", "agrees")));
    check("director to leave", "Radio Marl", "possible", Some(("coverage", "not-stated")));
    let local = check("right road", "Marlshire Gazette", "tied", Some(("coverage", "agrees")));
    let sister = check("let down", "Marl Valley Mercury", "tied", Some(("coverage", "agrees")));
    assert_eq!(local["cluster"], sister["cluster"]);
    let visit = check("Inspectors visit", "Radio Marl", "waiting", None);
    assert_eq!(visit["waiting_for"]["authority"], "Thornmouth");
    let school = check("Millbrook", "Marlshire Gazette", "none", None);
    assert_eq!(school["relevant"], false);
    for never in ["late goal", "Roadworks", "Bonfire"] {
        assert!(!stories.iter().any(|story| story["title"].as_str().unwrap().contains(never)), "{never} is no business of ours");
    }
}

#[test]
fn the_summary_fits_a_terminal_of_eighty_columns() {
    for line in GOLDEN.lines().chain(TOLD.lines()) {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_demo_leaves_nothing_behind_either() {
    let home = tempfile::tempdir().unwrap();
    let mut demo = command(home.path(), &["demo"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let started = Instant::now();
    let database = |entry: fs::DirEntry| entry.path().join("demo.db").exists();
    while !fs::read_dir(home.path().join("tmp")).unwrap().any(|entry| database(entry.unwrap())) {
        assert!(started.elapsed() < Duration::from_secs(20), "no database came");
        std::thread::sleep(Duration::from_millis(5));
    }
    let sent = Command::new("kill").args(["-INT", &demo.id().to_string()]).status().unwrap();
    assert!(sent.success());
    assert_eq!(demo.wait().unwrap().code(), Some(130));
    assert_eq!(left_in(home.path()), Vec::<String>::new());
}
