//! Reading: each thing once to each reader, what is wrong with the runs first, and a database that may only be read.

use std::{fs, os::unix::fs::PermissionsExt, process::Command};

use serde_json::Value;
use tieback::store::RunCounts;

use crate::{
    made::{self, at},
    world::{Said, World, said},
};

/// The program at another time, as another account.
fn at_time(world: &World, now: &str, args: &[&str]) -> Command {
    let mut command = world.bare(args);
    command.args(["--now", now]).arg("--config").arg(world.path("config.toml")).arg("--database").arg(world.path("tieback.db"));
    command.env("USER", "anna");
    command
}

fn summary(world: &World, now: &str, args: &[&str]) -> Said {
    let args: Vec<&str> = ["summary"].into_iter().chain(args.iter().copied()).collect();
    said(&mut at_time(world, now, &args))
}

/// The ids of the stories that a summary calls new.
fn new(world: &World, now: &str, args: &[&str]) -> Vec<String> {
    let args: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
    let value: Value = serde_json::from_str(&summary(world, now, &args).out).unwrap();
    value["stories"].as_array().unwrap().iter().map(|story| story["id"].as_str().unwrap().to_owned()).collect()
}

/// A run at a time that stores and judges stories; one that is broken off does not end.
fn run(world: &World, time: &str, names: &[&str], ends: bool) {
    let mut store = world.store();
    let n = store.write(|w| w.start_run(at(time))).unwrap();
    for name in names {
        store.write(|w| w.put_story(&made::story(name), &[made::address(name)], "Bugle", at(time))).unwrap();
        if ends {
            let judged = made::judged(vec![]);
            store.write(|w| made::set_judged(w, &made::story_id(name), &judged, at(time))).unwrap();
        }
    }
    if ends {
        store.write(|w| w.finish_run(n, at(time), &RunCounts::default())).unwrap();
    }
}

#[test]
fn each_thing_is_shown_once_to_each_reader() {
    let world = World::empty();
    run(&world, "2024-03-01T06:00:00Z", &["a"], true);
    assert_eq!(new(&world, "2024-03-01T07:00:00Z", &[]), ["s-a"], "never read: the last day");
    assert_eq!(new(&world, "2024-03-01T07:00:00Z", &["--mark"]), ["s-a"], "a pipe is no reading");
    assert_eq!(new(&world, "2024-03-01T07:00:00Z", &[]), [""; 0]);
    run(&world, "2024-03-01T08:00:00Z", &["b"], true);
    assert_eq!(new(&world, "2024-03-09T12:00:00Z", &[]), ["s-b"], "days later");
    assert_eq!(new(&world, "2024-03-09T12:00:00Z", &["--since", "last"]), ["s-b"]);
    assert_eq!(new(&world, "2024-03-02T05:00:00Z", &["--reader", "bob"]), ["s-a", "s-b"], "another reader");
    assert_eq!(new(&world, "2024-03-09T12:00:00Z", &["--since", "2024-02-01"]).len(), 2);
    assert_eq!(new(&world, "2024-03-09T12:00:00Z", &["--mark"]), ["s-b"], "--since leaves the mark alone");
    assert_eq!(new(&world, "2024-03-09T13:00:00Z", &[]), [""; 0]);
    assert_eq!(new(&world, "2024-03-02T05:00:00Z", &["--reader", "bob"]).len(), 2);
    assert_eq!(summary(&world, "2024-03-09T13:00:00Z", &["--mark", "--since", "1d"]).code, 2);
    assert_eq!(summary(&world, "2024-03-09T13:00:00Z", &["--reader", " "]).code, 2);
}

#[test]
fn what_a_run_under_way_brings_is_not_lost_to_the_reader() {
    let world = World::empty();
    run(&world, "2024-03-01T06:00:00Z", &[], true);
    run(&world, "2024-03-01T07:00:00Z", &[], false);
    assert_eq!(new(&world, "2024-03-01T07:05:00Z", &["--mark"]), [""; 0]);
    // It goes on, and what it stores bears the time at which it began.
    let mut store = world.store();
    store.write(|w| w.put_story(&made::story("a"), &[], "Bugle", at("2024-03-01T07:00:00Z"))).unwrap();
    made::judge(&mut store, "a", &made::judged(vec![]));
    store.write(|w| w.finish_run(2, at("2024-03-01T07:00:00Z"), &RunCounts::default())).unwrap();
    assert_eq!(new(&world, "2024-03-01T08:00:00Z", &["--mark"]), ["s-a"]);
    assert_eq!(new(&world, "2024-03-01T08:00:00Z", &[]), [""; 0]);
    // A run that begins in the second of the reading.
    run(&world, "2024-03-01T08:00:00Z", &["b"], true);
    assert_eq!(new(&world, "2024-03-01T09:00:00Z", &["--mark"]), ["s-b"]);
    // One that a signal stopped has ended, and left a story to be judged by the next.
    run(&world, "2024-03-01T10:00:00Z", &["c"], false);
    let mut store = world.store();
    store.write(|w| w.finish_run(4, at("2024-03-01T10:00:00Z"), &RunCounts::default())).unwrap();
    let text = summary(&world, "2024-03-01T11:00:00Z", &["--mark"]).out;
    assert!(text.starts_with("! 1 story is fetched and not judged yet, and not shown"), "{text}");
    made::judge(&mut store, "c", &made::judged(vec![]));
    assert_eq!(new(&world, "2024-03-01T12:00:00Z", &[]), ["s-c"]);
}

#[test]
fn a_mark_from_a_wrong_clock_hides_nothing() {
    let world = World::empty();
    run(&world, "2024-03-01T06:00:00Z", &["a"], true);
    new(&world, "2030-01-01T00:00:00Z", &["--mark"]);
    assert_eq!(new(&world, "2024-03-01T07:00:00Z", &[]), ["s-a"]);
}

#[test]
fn a_run_that_is_overdue_comes_first() {
    let world = World::empty();
    for day in 1..5 {
        run(&world, &format!("2024-03-0{day}T06:00:00Z"), &[], true);
    }
    let first = |now: &str| summary(&world, now, &[]).out.lines().next().unwrap_or_default().to_owned();
    assert!(!first("2024-03-05T06:30:00Z").starts_with('!'));
    assert!(
        first("2024-03-23T06:00:00Z").starts_with("! No run for 19 days: the last one ended on 4 March 2024, 06:00."),
        "{}",
        first("2024-03-23T06:00:00Z")
    );
    let value: Value = serde_json::from_str(&summary(&world, "2024-03-23T06:00:00Z", &["--json"]).out).unwrap();
    assert_eq!((&value["runs"]["last"], &value["runs"]["overdue"]), (&"2024-03-04T06:00:00Z".into(), &true.into()));
}

#[test]
fn a_run_that_was_broken_off_comes_first() {
    let world = World::empty();
    run(&world, "2024-03-01T06:00:00Z", &["a", "b", "c"], false);
    let text = summary(&world, "2024-03-01T07:00:00Z", &[]).out;
    let said = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.starts_with("! The run of 1 March 2024, 06:00 was broken off. 3 stories are fetched and not judged yet"), "{text}");
    let lock = fs::File::options().create(true).append(true).open(world.path("tieback.db.lock")).unwrap();
    lock.lock().unwrap();
    let text = summary(&world, "2024-03-01T07:00:00Z", &[]).out;
    assert!(text.starts_with("A run is at work since 1 March 2024, 06:00"), "{text}");
}

#[test]
fn a_database_that_may_only_be_read_is_read() {
    let world = World::new();
    let expected = world.out(&["stories"]);
    let (db, folder) = (world.path("tieback.db"), world.dir.path().to_owned());
    let look = |args: &[&str]| world.run(args);
    let mode = |path: &std::path::Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(&db, 0o444);
    mode(&folder, 0o555);
    // The superuser may write all the same.
    let holds = fs::write(world.path("probe"), "").is_err();
    let came: Vec<Said> = [&["stories"][..], &["summary", "--since", "7d"], &["check"], &["digest"], &["sources"], &["keep", "s-aa01"]]
        .iter()
        .map(|args| look(args))
        .collect();
    mode(&folder, 0o755);
    assert_eq!(came[0].out, expected);
    assert!(came[..5].iter().all(|said| said.code == 0), "{came:?}");
    if holds {
        assert_eq!(came[5].code, 6, "{:?}", came[5]);
        assert!(came[5].err.contains("cannot be written"), "{}", came[5].err);
    }
}

#[test]
fn a_digest_that_says_the_same_is_left_alone() {
    let world = World::new();
    use std::os::unix::fs::MetadataExt;
    for name in ["a.rss", "a.atom", "a.json", "a.html", "a.md"] {
        assert_eq!(world.run(&["digest", "-o", name]).code, 0);
        let before = fs::metadata(world.path(name)).unwrap();
        assert_eq!(said(&mut at_time(&world, "2024-03-05T09:00:00Z", &["digest", "-o", name])).code, 0);
        let after = fs::metadata(world.path(name)).unwrap();
        assert_eq!((after.ino(), after.modified().unwrap()), (before.ino(), before.modified().unwrap()), "{name}");
    }
    assert!(fs::read_to_string(world.path("a.html")).unwrap().to_lowercase().starts_with("<!doctype html>"));
    let refused = world.run(&["digest", "-o", "a.txt"]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.err.contains("the ending `.txt` of `a.txt` says no format\nhint: ") && !world.path("a.txt").exists(),
        "{}",
        refused.err
    );
    assert_eq!(world.run(&["digest", "-o", "a.txt", "--format", "rss"]).code, 0);
}

#[test]
fn an_empty_digest_is_not_dated_by_the_clock() {
    let world = World::new();
    for format in ["rss", "atom", "json"] {
        let at = |now: &str| said(&mut at_time(&world, now, &["digest", "--format", format, "--since", "1h"])).out;
        assert_eq!(at("2024-04-05T09:00:00Z"), at("2024-04-06T09:00:00Z"), "{format}");
    }
}

#[test]
fn every_list_has_json() {
    let world = World::new();
    let names: Vec<Value> = world.out(&["sources", "--json"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(names.len(), 4);
    assert_eq!(world.out(&["sources", "--json", "--all"]).lines().count(), 5);
    assert_eq!(world.out(&["sources", "--json"]), world.out(&["sources", "list", "--json"]));
    let check: Value = serde_json::from_str(&world.out(&["check", "--json"])).unwrap();
    assert_eq!((&check["whole"], &check["stories"], &check["listed"], &check["stored"]), (&true.into(), &7.into(), &3.into(), &1.into()));
    assert_eq!(check["missing"].as_array().unwrap().len(), 2);
    assert_eq!(check["never_read"], serde_json::json!(["Marrow Bay"]));
}
