//! The day's text: golden files at two widths with and without colour, and what it must never do.
//!
//! `UPDATE_GOLDEN=1 cargo test --test summary` writes the files anew; look at the difference before you commit it.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "digest/sample.rs"]
mod sample;

use tieback::{
    model::{overview::Overview, text::is_hostile, tie::GradeCheck, tie::TieState},
    summary::{self, Look},
};

fn plain(overview: &Overview, width: usize) -> String {
    summary::text(overview, Look { width, colour: false })
}

#[test]
fn golden_files() {
    let mut cases = Vec::new();
    for width in [80, 120] {
        for (name, colour) in [("plain", false), ("colour", true)] {
            cases.push((format!("day-{width}-{name}.txt"), summary::text(&sample::overview(), Look { width, colour })));
        }
    }
    cases.push(("nothing-80-plain.txt".to_owned(), plain(&sample::empty(), 80)));
    cases.push(("day.json".to_owned(), format!("{:#}\n", summary::json(&sample::overview()))));
    for (name, found) in cases {
        let path = format!("tests/summary/{name}");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, &found).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap();
        assert!(found == expected, "{path} differs; found:\n{found}");
    }
}

#[test]
fn colour_changes_nothing_but_colour() {
    let coloured = summary::text(&sample::overview(), Look { width: 80, colour: true });
    let mut stripped = String::new();
    let mut chars = coloured.chars();
    while let Some(char) = chars.next() {
        if char == '\u{1b}' {
            chars.by_ref().find(|char| *char == 'm');
        } else {
            stripped.push(char);
        }
    }
    assert_eq!(stripped, plain(&sample::overview(), 80));
}

#[test]
fn no_line_is_wider_than_asked_but_for_addresses() {
    for width in [40, 60, 80, 120] {
        for line in plain(&sample::overview(), width).lines().filter(|line| !line.contains("://")) {
            assert!(textwrap::core::display_width(line) <= width, "{width}: {line}");
        }
    }
}

#[test]
fn no_line_ends_in_blanks_and_no_two_are_empty() {
    for overview in [sample::overview(), sample::empty()] {
        let text = plain(&overview, 80);
        assert!(text.lines().all(|line| !line.ends_with(' ')));
        assert!(!text.contains("\n\n\n") && text.ends_with('\n') && !text.ends_with("\n\n") && !text.starts_with('\n'));
    }
}

#[test]
fn hostile_text_cannot_steer_the_terminal() {
    let text = plain(&sample::overview(), 80);
    let bad: Vec<char> = text.chars().filter(|char| is_hostile(*char) && *char != '\n').collect();
    assert!(bad.is_empty(), "{bad:?}");
    assert!(!text.contains("javascript:alert(document"), "an address that is not of the web is not shown");
}

#[test]
fn a_day_without_news_says_so() {
    assert!(plain(&sample::empty(), 80).contains("\nNothing new since 23 November 2026, 06:00.\n"));
}

#[test]
fn what_matters_stands_in_order() {
    let text = plain(&sample::overview(), 100);
    let mut at = 0;
    for expected in [
        "23 November 2026, 06:00 to 24 November 2026, 06:05",
        "2 new reports, 4 stories new or changed.",
        "New reports",
        "Fernshire, inspection (ILACS), 23 November 2026",
        "overall: requires improvement",
        "Stories, by the report they are about",
        "Fernshire told to improve the front door",
        "Care Weekly · 23 November 2026 · behind a wall",
        "the same in Vale Gazette",
        "page 4, paragraph 11",
        "! grades differ: the story says inadequate, the report says requires improvement",
        "To decide",
        "? 7 in 10: Oxmoor, single inspection (SIF), 3 March 2017: good",
        "3 stories wait for a decision in all: tieback review",
        "Waiting for their report",
        "Bryn Heath, monitoring visit, about November 2026",
        "Bryn Heath, inspection (ILACS), about October 2026",
        "no story seen",
        "Marlow Vale, focused visit, 20 November 2026: no grades given",
        "Sources in trouble or silent",
        "Vale Gazette      since 15 November 2026: the server answered 403 Forbidden",
        "Oxmoor Chronicle  silent: answers, but nothing new since 30 October 2026",
        "Open: 3 to decide, 2 wait for a report, 2 sources in trouble. Stored: 1,204",
    ] {
        let found = text[at..].find(expected).unwrap_or_else(|| panic!("no `{expected}` after byte {at} in\n{text}"));
        at += found;
    }
}

#[test]
fn a_round_up_stands_once_and_names_its_other_reports() {
    let mut overview = sample::overview();
    let other = sample::report(50999009, "Bryn Heath", tieback::model::report::Framework::Ilacs, jiff::civil::date(2026, 11, 19));
    overview.stories[0].ties.push(sample::tied(&other, TieState::Auto, 0.99, GradeCheck::NotStated, vec![]));
    let text = plain(&overview, 100);
    assert!(text.contains("> also about Bryn Heath, inspection (ILACS), 19 November 2026"), "{text}");
    assert_eq!(text.matches("Fernshire told to improve the front door").count(), 1);
}

#[test]
fn each_outlet_of_copies_is_named_once() {
    let mut overview = sample::overview();
    let copy = overview.stories[1].copies[0].clone();
    let named = |outlets: &[&str], overview: &mut Overview| {
        overview.stories[1].copies =
            outlets.iter().map(|outlet| tieback::model::overview::Copy { outlet: (*outlet).into(), ..copy.clone() }).collect();
        let text = plain(overview, 100);
        let line = text.lines().find(|line| line.contains("Fernshire Herald ·")).unwrap();
        line.split_once("2026").unwrap().1.to_owned()
    };
    assert_eq!(named(&["A", "A", "Fernshire Herald", "B"], &mut overview), " · the same in A, B");
    assert_eq!(named(&["Fernshire Herald"], &mut overview), "");
    assert_eq!(named(&["A", "B", "C", "D", "E", "F", "G", "H"], &mut overview), " · the same in A, B, C, D, E, F, 2 more");
}

#[test]
fn the_outcome_of_an_area_inspection_is_called_so() {
    let mut overview = sample::overview();
    let outcome = sample::judgement(tieback::model::report::JudgementKey::Outcome, tieback::model::report::Grade::Inconsistent);
    overview.reports[0].report.judgements = vec![outcome];
    assert!(plain(&overview, 100).contains("    outcome: inconsistent\n"));
}

#[test]
fn a_first_run_with_thousands_stays_a_page() {
    let mut overview = sample::overview();
    overview.reports = vec![overview.reports[0].clone(); 1_500];
    overview.waiting = vec![overview.waiting[0].clone(); 400];
    overview.uncovered = vec![overview.uncovered[0].clone(); 400];
    overview.sources = vec![overview.sources[0].clone(); 400];
    overview.stories = vec![overview.stories[1].clone(); 3_000];
    overview.stories[0].title = "word ".repeat(100_000);
    let text = plain(&overview, 80);
    assert!(text.lines().count() < 500, "{} lines", text.lines().count());
    for expected in
        ["and 1,485 more reports", "and 2,975 more stories", "and 388 more stories", "and 388 more reports", "and 388 more sources"]
    {
        assert!(text.contains(expected), "no `{expected}`");
    }
}

#[test]
fn every_story_is_shown_in_exactly_one_place() {
    let overview = sample::overview();
    let text = plain(&overview, 100);
    for story in overview.stories.iter().chain(&overview.waiting) {
        assert_eq!(text.matches(story.id.0.as_str()).count(), 1, "{} in\n{text}", story.id);
    }
}

#[test]
fn json_holds_the_same_facts() {
    let value = summary::json(&sample::overview());
    assert_eq!(value["stories"][1]["ties"][0]["disagreement"], "the story says inadequate, the report says requires improvement");
    assert_eq!(value["reports"][0]["judgements"][0]["grade"], "requires improvement");
    assert_eq!(value["waiting"][0]["waiting_for"]["authority"], "Bryn Heath");
    assert_eq!(value["sources"][0]["failure"], "forbidden");
    assert_eq!(value["since"], "2026-11-23T06:00:00Z");
}
