//! What the look-ups print, word for word; and the same facts as JSON.

use clap::Parser;
use serde_json::Value;
use tieback::{
    cli::Cli,
    model::{
        report::{Framework, Grade},
        tie::{Mention, MentionedAs, TieState},
        verdict::Judged,
        wording,
    },
};

use crate::{
    made,
    world::{World, golden},
};

#[test]
fn golden_files() {
    let world = World::new();
    let cases: [(&str, &[&str]); 15] = [
        ("show-story.txt", &["show", "s-aa01"]),
        ("show-story-possible.txt", &["show", "s-ab01"]),
        ("show-story-text.txt", &["show", "s-aa01", "--text"]),
        ("show-report.txt", &["show", "r-50001"]),
        ("show-report-unreadable.txt", &["show", "r-50003"]),
        ("show-report-text.txt", &["show", "50001", "--text"]),
        ("authority.txt", &["authority", "bournemouth", "christchurch"]),
        ("stories.txt", &["stories"]),
        ("stories-all.txt", &["stories", "--irrelevant", "--limit", "3"]),
        ("reports.txt", &["reports"]),
        ("reports-uncovered.txt", &["reports", "--uncovered"]),
        ("sources.txt", &["sources", "list", "--all"]),
        ("review.txt", &["review"]),
        ("search.txt", &["search", "swiftly", "care"]),
        ("summary.txt", &["summary", "--since", "2d"]),
    ];
    for (name, args) in cases {
        golden(name, &world.out(args));
    }
}

/// The same at other widths, one file a width.
#[test]
fn golden_files_at_other_widths() {
    let world = World::new();
    let cases: [&[&str]; 16] = [
        &["show", "s-aa01"],
        &["show", "s-ab01"],
        &["show", "r-50001"],
        &["authority", "bournemouth", "christchurch"],
        &["stories"],
        &["reports"],
        &["sources", "list", "--all"],
        &["review"],
        &["search", "swiftly", "care"],
        &["show", "s-aa01", "--text"],
        &["show", "50001", "--text"],
        &["show", "r-50003"],
        &["stories", "--irrelevant", "--limit", "3"],
        &["reports", "--uncovered"],
        &["summary", "--since", "2d"],
        &["check", "--quick"],
    ];
    for columns in ["40", "80", "120", "200"] {
        let mut all = String::new();
        for args in cases {
            let output = world.command(args).env("COLUMNS", columns).output().unwrap();
            let out = String::from_utf8(output.stdout).unwrap();
            // What `check` says of this machine is another thing on each.
            let out = out.split("\nThe database\n").next().unwrap_or_default();
            all.push_str(&format!("── tieback {}\n\n{out}\n", args.join(" ")));
        }
        golden(&format!("columns-{columns}.txt"), &all);
    }
}

#[test]
fn of_many_reports_and_stories_of_a_council_some_are_shown_and_all_are_counted() {
    let world = World::new();
    let mut store = world.store();
    for n in 0..45 {
        let mut report = made::report(&format!("7{n:04}"));
        report.reading.authority = Some("Kent".into());
        report.published = Some(made::day(&format!("20{:02}-0{}-10", 10 + n / 5, 1 + n % 5)));
        report.sha256 = made::sha256(report.id.0.as_bytes());
        store.write(|w| w.put_report(&report, report.id.0.as_bytes())).unwrap();
    }
    for n in 0..47 {
        let name = format!("f{n:03}");
        made::put_story(&mut store, &name);
        let judged = if n < 30 { made::judged(vec![made::tie("70044", TieState::Auto)]) } else { made::waiting("Kent") };
        made::judge(&mut store, &name, &Judged { authorities: vec!["Kent".into()], ..judged });
    }
    let out = world.out(&["authority", "kent"]);
    for expected in [
        "Without a report: 17 stories\n",
        "\n  and 2 more stories\n",
        "\n45 reports, 30 stories\n",
        "\n    and 5 more stories: tieback show r-70044\n",
        "\n  and 5 older reports: tieback reports --authority \"Kent\" --limit 45\n",
    ] {
        assert!(out.contains(expected), "no {expected:?} in\n{out}");
    }
    assert_eq!((out.matches("· r-7").count() + out.matches("    r-7").count(), out.matches("s-f").count()), (40, 40));
    assert_eq!(world.out(&["reports", "--authority", "Kent", "--limit", "45"]).matches(" r-7").count(), 45);
    let all: Value = serde_json::from_str(&world.out(&["authority", "kent", "--json"])).unwrap();
    assert_eq!((all["reports"].as_array().unwrap().len(), all["open"].as_array().unwrap().len()), (45, 17));
}

#[test]
fn wide_terminals_give_longer_lines_and_narrow_ones_shorter() {
    let world = World::new();
    for (columns, widest) in [("80", 80), ("120", 120), ("nonsense", 100), ("0", 100), ("99999", 160)] {
        for args in [&["stories"][..], &["reports"], &["sources"], &["authority", "poole"], &["show", "s-aa01"], &["review"]] {
            let output = world.command(args).env("COLUMNS", columns).output().unwrap();
            let out = String::from_utf8(output.stdout).unwrap();
            for line in out.lines().filter(|line| !line.contains("://")) {
                assert!(textwrap::core::display_width(line) <= widest, "{args:?} at {columns}: {line}");
                assert!(!line.ends_with(' '), "{args:?}: {line:?}");
            }
        }
    }
}

#[test]
fn filters_narrow_the_lists() {
    let world = World::new();
    let ids = |args: &[&str]| -> Vec<String> {
        let args: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
        let lines = world.out(&args);
        lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&["stories", "--state", "possible"]), ["s-ab01"]);
    assert_eq!(ids(&["stories", "--state", "waiting"]), ["s-ac01"]);
    assert_eq!(ids(&["stories", "--authority", "poole"]), ["s-ae02"]);
    assert_eq!(ids(&["stories", "--limit", "2"]), ["s-ac01", "s-aa01"]);
    assert_eq!(ids(&["stories", "--since", "2024-03-05T06:55:00Z"]), Vec::<String>::new());
    assert_eq!(ids(&["stories", "--review", "kept"]), Vec::<String>::new());
    assert_eq!(ids(&["reports", "--uncovered"]), ["r-50002", "r-50003"]);
    assert_eq!(ids(&["reports", "--doubts", "--authority", "Poole"]), ["r-50010"]);
    assert_eq!(ids(&["reports", "--since", "2024-02-20"]), ["r-50001", "r-50002"]);
    assert_eq!(ids(&["stories", "--grade-differs"]), ["s-ae01"]);
    assert_eq!(ids(&["stories", "--grade-differs", "--grade", "inadequate"]), Vec::<String>::new());
    assert_eq!(ids(&["reports", "--grade-differs"]), ["r-50011"]);
    assert_eq!(ids(&["review", "--grade-differs"]), ["s-ae01"]);
    let found = world.out(&["search", "--json", "--grade-differs", "swiftly"]);
    assert!(found.lines().all(|line| line.contains("s-ae01")), "{found}");
    let listed = world.out(&["stories"]);
    assert_eq!(listed.matches("! grades differ: ").count(), 1, "{listed}");
    assert_eq!(ids(&["review", "--limit", "1"]), ["s-ab01"]);
    assert_eq!(ids(&["review", "--skip", "1", "--limit", "2"]), ["s-ac01", "s-aa01"]);
}

#[test]
fn filters_take_the_words_of_every_output() {
    let parse = |option: &str, typed: &str| Cli::try_parse_from(["tieback", "reports", option, typed]);
    for framework in Framework::ALL {
        for word in [framework.as_str(), wording::framework(framework)] {
            for typed in [word.to_owned(), word.to_uppercase(), word.replace(' ', "-"), word.replace('\'', "’")] {
                assert!(parse("--framework", &typed).is_ok(), "{typed}");
            }
        }
    }
    for grade in Grade::ALL.into_iter().filter(|grade| *grade != Grade::NotJudged) {
        for typed in [grade.as_str().to_owned(), grade.as_str().to_uppercase(), grade.as_str().replace(' ', "_")] {
            assert!(parse("--grade", &typed).is_ok(), "{typed}");
        }
    }
    for typed in ["Requires Improvement to be good", "systemic failings", "Good"] {
        assert!(parse("--grade", typed).is_ok(), "{typed}");
    }
    for (wrong, hint) in [("Goood", "'good'"), ("", "outstanding"), ("-", "outstanding"), ("inadequat", "'inadequate'")] {
        let error = parse("--grade", wrong).unwrap_err().to_string();
        assert!(error.contains(hint), "{wrong}: {error}");
    }
}

#[test]
fn json_has_the_fields_of_the_export_and_more() {
    let world = World::new();
    let story: Value = serde_json::from_str(&world.out(&["show", "s-aa01", "--json"])).unwrap();
    let exported: Vec<Value> = world.out(&["export", "stories"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let exported = exported.iter().find(|story| story["id"] == "s-aa01").unwrap();
    for (key, value) in exported.as_object().unwrap() {
        assert_eq!(story[key], *value, "{key}");
    }
    assert_eq!(story["text"][0]["text"], "A good week");
    assert_eq!(story["versions"][0]["version"], 1);
    assert_eq!(story["decisions"][0]["became"], "confirmed");
    let report: Value = serde_json::from_str(&world.out(&["show", "r-50001", "--json"])).unwrap();
    assert_eq!(report["judgements"][0]["grade"], "requires improvement");
    assert_eq!(report["stories"], serde_json::json!(["s-aa01"]), "a copy is no coverage of its own");
    let authority: Value = serde_json::from_str(&world.out(&["authority", "Bournemouth, Christchurch and Poole", "--json"])).unwrap();
    assert_eq!(authority["reports"][1]["authority"], "Poole");
    assert_eq!(authority["reports"][0]["coverage"][0]["id"], "s-ae01");
    let hits: Vec<Value> = world.out(&["search", "swiftly", "--json"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(hits.iter().any(|hit| hit["report"] == "r-50001" && hit["paragraph"] == 1), "{hits:?}");
    assert!(hits.iter().any(|hit| hit["story"] == "s-aa01"), "{hits:?}");
    let day: Value = serde_json::from_str(&world.out(&["summary", "--json"])).unwrap();
    assert_eq!(day["undecided"], 1);
}

#[test]
fn features_name_each_candidate() {
    let world = World::new();
    let lines = world.out(&["features"]);
    assert!(lines.lines().count() > 0);
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["relevant"], true);
        assert!(line["story"].is_string() && line["report"].is_string(), "{line}");
        assert_eq!(line["values"].as_object().unwrap().len(), tieback::tie::features::NAMES.len());
    }
}

#[test]
fn ids_may_be_short_and_addresses_will_do() {
    let world = World::new();
    let first = |id: &str| world.out(&["show", id]).lines().next().unwrap().to_owned();
    assert_eq!(first("s-ab"), "Director looks back");
    assert_eq!(first("ab01"), "Director looks back");
    assert_eq!(first("r-50002"), "Marrow Bay, monitoring visit, 20 February 2024");
    for (id, hint) in [
        ("s-a", "type more of one of them: s-aa01, s-aa02, s-ab01"),
        ("s-", "show the ids"),
        ("", "show the ids"),
        ("s-zz", "show the ids"),
        ("https://nowhere.example/", "show the ids"),
        ("s-\u{1b}[2J%", "show the ids"),
    ] {
        let said = world.run(&["show", id]);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{id}");
        assert!(said.err.contains("\nhint: ") && said.err.contains(hint) && !said.err.contains('\u{1b}'), "{id}: {}", said.err);
    }
}

#[test]
fn names_of_authorities_may_be_short_and_slips_are_mended() {
    let world = World::new();
    let first = |name: &str| world.out(&["authority", name]).lines().next().unwrap().to_owned();
    assert_eq!(first("poole"), "Poole");
    assert_eq!(first("Borough of Poole"), "Poole");
    assert_eq!(first("northumber"), "Northumberland");
    for (name, hint) in
        [("north", "name one of them: "), ("Bristl", "did you mean `Bristol`?"), ("zzz", "export authorities"), ("", "export authorities")]
    {
        let said = world.run(&["authority", name]);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{name}");
        assert!(said.err.contains(hint), "{name}: {}", said.err);
    }
}

#[test]
fn several_councils_are_shown_one_after_another_and_no_filter_takes_one_of_them() {
    let world = World::new();
    let heads = |args: &[&str]| -> Vec<String> {
        let out = world.out(args);
        let known = ["Leeds", "Poole", "Bradford", "North Yorkshire"];
        out.lines().filter(|line| known.contains(line)).map(str::to_owned).collect()
    };
    assert_eq!(heads(&["authority", "leeds", "bradford"]), ["Leeds", "Bradford"]);
    assert_eq!(heads(&["authority", "poole and north yorkshire, bradford"]), ["Poole", "North Yorkshire", "Bradford"]);
    assert_eq!(heads(&["authority", "north", "yorkshire"]), ["North Yorkshire"]);
    assert_eq!(world.out(&["authority", "leeds", "poole", "--json"]).matches("\"official\"").count(), 2);
    let said = world.run(&["stories", "--authority", "leeds bradford"]);
    assert_eq!((said.code, said.out.as_str()), (2, ""), "{said:?}");
    assert!(said.err.contains("names 2 authorities") && said.err.contains("name one of them: Leeds; Bradford"), "{said:?}");
}

#[test]
fn words_to_leave_out_are_no_options() {
    let world = World::new();
    let hits = |args: &[&str]| world.out(args).lines().count();
    let all = hits(&["search", "swiftly", "--json"]);
    assert_eq!(
        hits(&["search", "swiftly", "-praised", "--json", "--limit", "50"]),
        hits(&["search", "swiftly −praised", "--json", "--limit", "50"])
    );
    assert!(hits(&["search", "swiftly", "-praised", "--json"]) < all);
    let said = world.run(&["search", "-praised"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("there is no word to look for"), "{}", said.err);
}

#[test]
fn nothing_found_is_said_kindly_and_is_no_failure() {
    let world = World::new();
    for (args, word) in [
        (&["stories", "--state", "none"][..], "no story is like that"),
        (&["reports", "--since", "2024-03-04"], "no report is like that"),
        (&["search", "zebra"], "nothing stored has all of: zebra"),
        (&["search", "zebra", "grade:good"], "nothing stored fits: zebra grade:good; did you mean --grade good?"),
        (&["search", "\"a zebra\"", "-horse"], "nothing stored fits: \"a zebra\" −horse"),
        (&["authority", "northumberland"], "no report of Northumberland is stored yet"),
        (&["stories", "--outlet", "chronicel"], "no story is like that\n"),
        (&["stories", "--outlet", "bay chronicel"], "no story is like that; did you mean the outlet `Bay Chronicle`?"),
        (&["reports", "--outlet", "Herld"], "no report is like that; did you mean the outlet `Herald`?"),
    ] {
        let said = world.run(args);
        assert_eq!(said.code, 0, "{args:?}");
        assert!(said.err.contains(word), "{args:?}: {}", said.err);
    }
    let blank = World::empty();
    tieback::store::Store::open(&blank.path("tieback.db")).unwrap();
    assert!(blank.run(&["review"]).err.contains("nothing wants a decision"));
    assert_eq!(blank.run(&["review", "-q"]).err, "");
}

#[test]
fn what_no_run_has_judged_is_not_called_another_subject() {
    let world = World::empty();
    world.store().write(|w| w.put_story(&made::story("a"), &[made::address("a")], "Bugle", made::now())).unwrap();
    let listed = world.out(&["stories", "--irrelevant"]);
    assert!(listed.contains("not judged yet") && !listed.contains("not our subject"), "{listed}");
    let shown = world.out(&["show", "s-a"]);
    assert!(shown.contains("our subject   not judged yet: the next run does it\n"), "{shown}");
    assert!(world.out(&["export", "stories"]).contains(r#""why":"not judged yet""#));
}

#[test]
fn a_list_that_has_all_is_not_called_cut() {
    let world = World::new();
    let all = world.out(&["stories", "--json"]).lines().count().to_string();
    assert_eq!(world.run(&["stories", "--limit", &all]).err, "");
    assert_eq!(world.run(&["stories", "--limit", "1"]).err, "only the newest is shown; --limit shows more\n");
    assert_eq!(world.run(&["stories", "--limit", "2"]).err, "the newest 2 are shown; --limit shows more\n");
    assert_eq!(world.run(&["stories", "--authority", "poole", "--limit", "1"]).err, "");
    assert_eq!(world.run(&["reports", "--authority", "poole", "--limit", "1"]).err, "");
    assert!(world.run(&["reports", "--limit", "2"]).err.ends_with("the newest 2 are shown; --limit shows more\n"));
}

#[test]
fn what_reads_alike_is_shown_once() {
    let world = World::new();
    let address = |path: &str, url: &str| tieback::store::SeenAddress { key: made::key(path), url: made::key(url) };
    let (own, other) = (address("u", "u?utm_source=rss"), address("other/u", "other/u"));
    world.store().write(|w| w.put_story(&made::story("u"), &[own, other], "Bugle", made::now())).unwrap();
    let mut tie = made::tie("50001", TieState::Auto);
    tie.evidence.push(tie.evidence[0].clone());
    let mut judged = made::judged(vec![tie]);
    judged.quotations = vec![judged.quotations[0].clone(); 3];
    let (report, text) = (made::report_id("50010"), "It was good in 2017.".to_owned());
    judged.mentions = vec![Mention { report, mentioned: MentionedAs::Anothers, text }];
    made::judge(&mut world.store(), "u", &judged);
    let shown = world.out(&["show", "s-u"]);
    assert!(!shown.contains("utm_source") && shown.contains("https://news.example/other/u"), "{shown}");
    let evidence = shown.split("\nReports\n").nth(1).unwrap().split("\nQuotations\n").next().unwrap();
    assert_eq!(evidence.matches("“acted swiftly and with care”, page 2, paragraph 1").count(), 1, "{shown}");
    assert!(shown.contains("\n  “acted swiftly and with care” · 3 times\n"), "{shown}");
    let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("mentions Poole, single inspection (SIF), 24 November 2017 (r-50010), another council’s: “It was good"),
        "{shown}"
    );
}
