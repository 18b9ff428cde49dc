//! What is watched: first in the summary, a digest of its own, a command behind a run, one message of mail; and the filters.

use std::fs;

use crate::world::World;

/// A world whose configuration watches a council, an outlet and a word.
pub fn watching(more: &str) -> World {
    let world = World::new();
    let config = fs::read_to_string(world.path("config.toml")).unwrap();
    let watches = "[[watch]]\nname = \"Poole\"\nauthorities = [\"Poole\"]\n[[watch]]\nname = \"Bugle\"\noutlets = [\"the wexcombe bugle\"]\n\
                   [[watch]]\nname = \"Roofs\"\nwords = [\"swiftly and with care\"]\n";
    fs::write(world.path("config.toml"), format!("{config}\n{watches}{more}")).unwrap();
    world
}

fn ids(world: &World, args: &[&str]) -> Vec<String> {
    let args: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
    let lines = world.out(&args);
    let id = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_str().unwrap().to_owned();
    lines.lines().map(id).collect()
}

#[test]
fn what_is_watched_comes_first() {
    let world = watching("");
    let said = world.out(&["summary", "--since", "2d"]);
    let at = |what: &str| said.find(what).unwrap_or_else(|| panic!("no `{what}` in\n{said}"));
    assert!(at("Watched: Bugle") < at("New reports"), "{said}");
    assert!(at("A council praised") < at("Watched: Roofs"), "{said}");
    assert_eq!(said.matches("s-ae01").count(), 1, "{said}");
    let only = world.out(&["summary", "--since", "2d", "--watch", "bugle"]);
    assert!(only.contains("s-ae01") && !only.contains("s-ab01"), "{only}");
    let wrong = world.run(&["summary", "--watch", "pool"]);
    assert!(wrong.code == 2 && wrong.err.contains("did you mean `Poole`?"), "{}", wrong.err);
}

#[test]
fn a_digest_can_be_of_a_part() {
    let world = watching("");
    let items = |args: &[&str]| -> Vec<String> {
        let args: Vec<&str> = ["digest", "--format", "json", "--since", "10y"].iter().chain(args).copied().collect();
        let feed: serde_json::Value = serde_json::from_str(&world.out(&args)).unwrap();
        let mut ids: Vec<String> = feed["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids
    };
    assert_eq!(items(&["--watch", "Poole"]), ["r-50010", "s-ae02"]);
    assert_eq!(items(&["--authority", "northumberland"]).len(), 0);
    assert_eq!(items(&["--outlet", "The Wexcombe Bugle"]), ["s-aa01", "s-ae01"]);
}

#[test]
fn a_command_is_run_once_behind_a_run_that_brought_something() {
    let world = watching(
        "[[watch]]\nname = \"All\"\noutlets = [\"Bay Chronicle\"]\ncommand = \"cat >> told; echo $TIEBACK_WATCH $TIEBACK_STORIES >> told\"\n",
    );
    let told = || fs::read_to_string(world.path("told")).unwrap_or_default();
    world.run(&["run", "--retie", "-q"]);
    assert!(told().contains("services praised") && told().contains("\nAll "), "{}", told());
    let once = told();
    world.run(&["run", "--retie", "-q"]);
    assert_eq!(told(), once);
}

#[test]
fn a_command_that_fails_is_said_and_run_again() {
    let world = watching("[[watch]]\nname = \"All\"\noutlets = [\"Bay Chronicle\"]\ncommand = \"echo x >> tries; exit 3\"\n");
    for tries in 1..=2 {
        let said = world.run(&["run", "--retie", "-q"]);
        assert!(said.err.starts_with("exit code 3: the command of the watch `All`, which is run again"), "{}", said.err);
        assert_eq!(fs::read_to_string(world.path("tries")).unwrap().lines().count(), tries);
    }
}

#[test]
fn a_command_that_fails_is_a_record_of_the_log() {
    let world = watching("[[watch]]\nname = \"All\"\noutlets = [\"Bay Chronicle\"]\ncommand = \"exit 3\"\n");
    let told = world.run(&["run", "--retie", "-q", "--log", "json"]).err;
    let record: serde_json::Value = serde_json::from_str(told.trim()).unwrap_or_else(|_| panic!("{told}"));
    assert!(record["watch"] == "All" && record["exit"] == 3 && record["level"] == "WARN", "{record}");
}

#[test]
fn what_is_not_watched_stands_under_a_heading_of_its_own() {
    let world = World::new();
    let config = fs::read_to_string(world.path("config.toml")).unwrap();
    fs::write(world.path("config.toml"), format!("{config}\n[[watch]]\nname = \"Bugle\"\noutlets = [\"the wexcombe bugle\"]\n")).unwrap();
    let said = world.out(&["summary", "--since", "2d"]);
    let at = |what: &str| said.find(what).unwrap_or_else(|| panic!("no `{what}` in\n{said}"));
    assert!(at("Watched: Bugle") < at("\nAll else\n") && at("\nAll else\n") < at("New reports"), "{said}");
    assert!(!watching("").out(&["summary", "--since", "2d"]).contains("All else"), "all that is new is watched");
    assert!(!World::new().out(&["summary", "--since", "2d"]).contains("All else"));
}

#[test]
fn a_watched_digest_is_another_feed_than_the_whole() {
    let world = watching("");
    let config = fs::read_to_string(world.path("config.toml")).unwrap();
    fs::write(world.path("config.toml"), config.replace("[digest]\n", "[digest]\nlink = \"https://c.example/all.atom\"\n")).unwrap();
    let whole = world.out(&["digest", "--format", "atom"]);
    assert!(whole.contains("<id>https://c.example/all.atom</id>"), "{whole}");
    let part = world.out(&["digest", "--format", "atom", "--outlet", "The Bugle"]);
    assert!(part.contains("<id>urn:tieback:digest:outlet:the%20bugle</id>") && !part.contains("c.example"), "{part}");
}

#[test]
fn the_subject_has_the_counts_of_the_summary_and_the_sender_is_an_address() {
    let world = World::new();
    let heading = world.out(&["summary", "--since", "2d"]);
    let mail = world.out(&["summary", "--since", "2d", "--mail", "anna@example.org"]);
    let subject = mail.split("Subject: ").nth(1).unwrap().split("\nDate: ").next().unwrap().replace("\n ", " ");
    let news = heading.lines().find(|line| line.starts_with("New: ")).unwrap();
    for count in ["stories", "something new about"] {
        let said = |text: &str| {
            text.split([',', ';', '.'])
                .map(str::trim)
                .find(|part| part.contains(count))
                .map(|part| part.trim_start_matches("New: ").to_owned())
        };
        assert_eq!(said(&subject), said(news).filter(|said| !said.starts_with("0 ")), "{subject} / {news}");
    }
    let config = fs::read_to_string(world.path("config.toml")).unwrap();
    fs::write(world.path("config.toml"), config.replace("tester@example.org", "https://medium.example/@tester")).unwrap();
    let mail = world.out(&["summary", "--since", "2d", "--mail", "anna@example.org"]);
    assert!(mail.starts_with("From: tieback@localhost\n"), "{mail}");
}

#[test]
fn the_summary_is_a_message_for_sendmail() {
    let world = World::new();
    let mail = world.out(&["summary", "--since", "2d", "--mail", "anna@example.org"]);
    assert!(mail.starts_with("From: tester@example.org\nTo: anna@example.org\nSubject: Inspections: "), "{mail}");
    assert!(mail.is_ascii(), "{mail}");
    for wrong in ["anna", "anna@example", "a b@example.org", "a@example.org\nBcc: b@example.org"] {
        assert_eq!(world.run(&["summary", "--mail", wrong]).code, 2, "{wrong}");
    }
}

#[test]
fn the_filters_are_shared() {
    let world = watching("");
    assert_eq!(ids(&world, &["stories", "--outlet", "bugle"]), ["s-aa01", "s-ae01"]);
    assert_eq!(ids(&world, &["stories", "--grade", "good"]), ["s-ae01"]);
    assert_eq!(ids(&world, &["stories", "--framework", "sif"]), ["s-ae02"]);
    assert_eq!(ids(&world, &["stories", "--framework", "focused-visit"]), ["s-ac01"]);
    assert_eq!(ids(&world, &["stories", "--watch", "Poole"]), ["s-ae02"]);
    assert_eq!(ids(&world, &["stories", "--until", "2024-03-04"]).len(), 0);
    assert_eq!(ids(&world, &["stories", "--until", "2024-03-05"]).len(), 5);
    assert_eq!(ids(&world, &["reports", "--grade", "good"]), ["r-50011"]);
    assert_eq!(ids(&world, &["reports", "--until", "2017-11-24"]), ["r-50010"]);
    assert_eq!(ids(&world, &["reports", "--outlet", "bay chronicle"]), ["r-50001", "r-50010"]);
    assert_eq!(ids(&world, &["reports", "--framework", "monitoring-visit", "--framework", "sif"]), ["r-50002", "r-50010"]);
    assert_eq!(ids(&world, &["review", "--outlet", "evil"]), ["s-ac01"]);
    let found = world.out(&["search", "swiftly", "--outlet", "bugle"]);
    assert!(found.contains("s-ae01") && !found.contains("s-ab01") && !found.contains("r-5"), "{found}");
    let found = world.out(&["search", "swiftly", "--framework", "sif"]);
    assert!(found.contains("r-50010") && found.contains("s-ae02") && !found.contains("s-aa01"), "{found}");
}

#[test]
fn the_last_decision_is_taken_back() {
    let world = World::new();
    assert_eq!(world.run(&["discard", "s-aa01"]).code, 0);
    let said = world.run(&["undo"]);
    assert!(said.err.starts_with("taken back on s-aa01 “Wexcombe’s") && said.err.ends_with(": discarded is new again\n"), "{}", said.err);
    assert!(world.out(&["stories"]).contains("s-aa01"));
    let shown = world.out(&["show", "s-aa01"]);
    assert!(shown.contains("undone, by reader: the story: new, was discarded"), "{shown}");
}

#[test]
fn what_is_read_of_a_watch_is_read_of_that_watch_alone() {
    let world = watching("");
    let stories = |args: &[&str]| {
        let args: Vec<&str> = ["summary", "--json", "--reader", "zoe"].iter().chain(args).copied().collect();
        let value: serde_json::Value = serde_json::from_str(&world.out(&args)).unwrap();
        value["stories"].as_array().unwrap().len()
    };
    let (all, bugle) = (stories(&[]), stories(&["--watch", "bugle"]));
    assert!(all > bugle && bugle > 0, "{all} {bugle}");
    assert_eq!(stories(&["--watch", "bugle", "--mark"]), bugle);
    assert_eq!(stories(&["--watch", "bugle"]), 0);
    assert_eq!(stories(&[]), all, "all else is still to be read, and so is what is watched");
    assert!(stories(&["--watch", "roofs"]) > 0, "another watch is, too");
    stories(&["--mark"]);
    assert_eq!(stories(&[]), 0);
    assert!(stories(&["--watch", "roofs"]) > 0, "nor does the whole read a watch");
}

#[test]
fn what_is_open_of_a_watch_is_that_of_the_watch() {
    let world = watching("[[watch]]\nname = \"Bay’s\"\noutlets = [\"Bay Chronicle\"]\n");
    let open = |args: &[&str]| {
        let args: Vec<&str> = ["summary", "--since", "2d"].iter().chain(args).copied().collect();
        let said = world.out(&args);
        said.split_once("\nOpen").map(|(_, open)| open.to_owned()).unwrap_or_default()
    };
    assert!(open(&[]).contains("1 story to decide") && open(&[]).contains("tieback review\n"), "{}", open(&[]));
    let poole = open(&["--watch", "poole"]);
    assert!(!poole.contains("decide") && !poole.contains("wait for") && !poole.contains("Stored:"), "{poole}");
    let bay = open(&["--watch", "bay"]);
    assert!(bay.starts_with(": all that waits of Bay’s\n") && bay.contains("tieback review --watch bay"), "{bay}");
    assert!(bay.contains("1 source in trouble") && !bay.contains("2 sources"), "{bay}");
    let mail = world.out(&["summary", "--since", "2d", "--watch", "poole", "--mail", "anna@example.org"]);
    assert!(mail.contains("\nSubject: Inspections, Poole: "), "{mail}");
}
