//! The day's text: golden files at two widths with and without colour, and what it must never do.
//!
//! `UPDATE_GOLDEN=1 cargo test --test summary` writes the files anew; look at the difference before you commit it.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "digest/sample.rs"]
mod sample;

use tieback::{
    model::{
        overview::Overview,
        text::is_hostile,
        tie::{GradeCheck, TieState},
        watch::{Watch, WatchHits},
    },
    summary::{self, Extent, Look},
};

fn plain(overview: &Overview, width: usize) -> String {
    summary::text(overview, Look { width, colour: false, links: false }, Extent::Page)
}

#[test]
fn golden_files() {
    let mut cases = Vec::new();
    for width in [40, 80, 120, 200] {
        for (name, colour) in [("plain", false), ("colour", true)] {
            cases.push((
                format!("day-{width}-{name}.txt"),
                summary::text(&sample::overview(), Look { width, colour, links: false }, Extent::Page),
            ));
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
fn what_stands_as_waiting_is_watched() {
    let mut overview = sample::overview();
    let mut story = overview.waiting[0].clone();
    // Seen before, and it began to wait since.
    story.piece_first_seen = sample::moment("2026-11-20T06:00:00Z");
    story.piece_changed = Some(sample::moment("2026-11-24T05:00:00Z"));
    let outlet = story.outlet.clone();
    overview.stories = vec![story];
    assert!(plain(&overview, 80).contains("Waiting for their report"));
    let watch = Watch { name: "W".into(), outlets: vec![outlet], ..Watch::default() };
    assert_eq!(watch.of(&overview, &WatchHits::default()).stories, [overview.stories[0].piece.clone()]);
}

#[test]
fn colour_changes_nothing_but_colour() {
    let coloured = summary::text(&sample::overview(), Look { width: 80, colour: true, links: false }, Extent::Page);
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
        "New: 2 reports, 4 stories.",
        "New reports",
        "Fernshire, inspection (ILACS), 23 November 2026",
        "overall              requires improvement  ▲ was inadequate",
        "leaders              requires improvement  = as before",
        "help and protection  inadequate            ▼ was requires improvement",
        "care leavers         good                  = as before",
        "before: inspection (ILACS) of 14 March 2022: inadequate",
        "2 stories: Fernshire Herald, Vale Gazette, Care Weekly",
        "Fernshire told to improve the front door",
        "Care Weekly · 23 November 2026 · behind a wall",
        "the same in Vale Gazette",
        "page 4, paragraph 11",
        "! grades differ: the story says inadequate, the report says requires improvement",
        "Marlow Vale, focused visit, 20 November 2026",
        "no grades given",
        "no story yet",
        "To decide",
        "? 7 in 10: Oxmoor, single inspection (SIF), 3 March 2017: good",
        "Waiting for their report",
        "Bryn Heath, monitoring visit, about November 2026",
        "Open: all that waits",
        "3 stories to decide                  tieback review",
        "2 stories wait for their report      tieback stories --state waiting",
        "1 report of a month without a story  tieback reports --uncovered",
        "2 sources in trouble",
        "Stored: 1,204",
    ] {
        let found = text[at..].find(expected).unwrap_or_else(|| panic!("no `{expected}` after byte {at} in\n{text}"));
        at += found;
    }
    for old in ["Bryn Heath, inspection (ILACS), about October 2026", "since 15 November 2026", "nothing new since 30 October"] {
        assert!(!text.contains(old), "told before, and counted only: {old}");
    }
}

#[test]
fn trouble_is_told_once_when_it_begins() {
    let mut overview = sample::overview();
    overview.sources[0].failing_since = Some(sample::moment("2026-11-23T12:00:00Z"));
    overview.sources[1].last_new = Some(sample::moment("2026-11-16T12:00:00Z"));
    overview.sources[1].silent_from = Some(sample::moment("2026-11-23T12:00:00Z"));
    let text = plain(&overview, 80);
    assert!(text.contains("Vale Gazette      since 23 November 2026: the server answered 403 Forbidden"), "{text}");
    assert!(text.contains("Oxmoor Chronicle  silent: answers, but nothing new since 16 November 2026"), "{text}");
}

#[test]
fn what_is_news_about_a_story_seen_before_is_said() {
    use tieback::model::piece::News;
    for (news, expected) in [
        (News::Tied, "» newly tied"),
        (News::WaitOver, "» the report that it waited for is here"),
        (News::Grades, "» its grade was held against the report’s again"),
        (News::Rewritten, "» rewritten"),
    ] {
        let mut overview = sample::overview();
        overview.stories[0].piece_first_seen = sample::moment("2026-11-20T06:00:00Z");
        overview.stories[0].piece_changed = Some(sample::moment("2026-11-24T06:00:00Z"));
        overview.stories[0].piece_news = Some(news);
        let text = plain(&overview, 80);
        assert!(text.contains(expected), "{text}");
        assert!(text.contains("New: 2 reports, 3 stories, something new about 1 story."), "{text}");
    }
}

#[test]
fn what_was_old_when_it_came_is_one_line() {
    let mut overview = sample::overview();
    for year in [2014, 2019] {
        let old = sample::report(1, "Oxmoor", tieback::model::report::Framework::Ilacs, jiff::civil::date(year, 1, 1));
        overview.reports.push(tieback::model::overview::NewReport { report: old, before: None, stories: vec![] });
    }
    overview.stories[2].published = Some(sample::moment("2018-05-01T12:00:00Z"));
    overview.retied = 214;
    let text = plain(&overview, 100);
    assert!(text.contains("\nTaken in besides: 2 older reports of 2014 to 2019; 1 older story of 2018.\n"), "{text}");
    assert!(text.contains("214 stories tied otherwise since everything was judged again; nothing is new about them."), "{text}");
    assert!(!text.contains("Director looks back"), "{text}");
}

#[test]
fn what_is_watched_comes_first_and_once() {
    use tieback::model::watch::{Watch, WatchHits};
    let mut overview = sample::overview();
    let watch = Watch { name: "The moor".into(), authorities: vec!["Oxmoor".into()], ..Watch::default() };
    let by_outlet = Watch { name: "Weekly".into(), outlets: vec!["care weekly".into()], ..Watch::default() };
    let nothing = Watch { name: "Nothing".into(), authorities: vec!["Poole".into()], ..Watch::default() };
    overview.watched = [watch, by_outlet, nothing].iter().map(|watch| watch.of(&overview, &WatchHits::default())).collect();
    let text = plain(&overview, 100);
    let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("no `{what}` in\n{text}"));
    assert!(at("Watched: The moor") < at("Director looks back") && at("Director looks back") < at("Watched: Weekly"));
    assert!(at("Fernshire told to improve") < at("New reports"));
    assert!(!text.contains("Watched: Nothing"));
    assert_eq!(text.matches("Director looks back").count() + text.matches("Fernshire told to improve").count(), 2);
}

#[test]
fn with_links_the_addresses_stand_behind_what_they_lead_to() {
    let text = summary::text(&sample::overview(), Look { width: 80, colour: false, links: true }, Extent::Page);
    assert!(
        text.contains("\u{1b}]8;;https://www.careweekly.example/news/b3\u{1b}\\Fernshire told to improve the front door\u{1b}]8;;\u{1b}\\")
    );
    assert!(!text.contains(" https://"), "{text}");
}

#[test]
fn the_message_for_sendmail_is_well_formed() {
    let mail = summary::mail(&sample::overview(), "bot@council.example", "anna@example.org", Extent::Page);
    let (head, body) = mail.split_once("\n\n").unwrap();
    for expected in [
        "From: bot@council.example\n",
        "To: anna@example.org\n",
        "Date: Tue, 24 Nov 2026 06:05:00 +0000\n",
        "MIME-Version: 1.0\n",
        "Subject: Inspections: Fernshire: requires improvement; 1 other report;\n 4 stories\n",
        "Content-Type: text/plain; charset=utf-8\n",
        "Content-Transfer-Encoding: quoted-printable\n",
    ] {
        assert!(head.contains(expected), "{expected} in\n{head}");
    }
    assert!(mail.is_ascii() && mail.lines().all(|line| line.len() <= 78), "{mail}");
    assert!(body.contains("Fernshire told to improve the front door"));
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
            outlets.iter().map(|outlet| tieback::model::overview::CopyCard { outlet: (*outlet).into(), ..copy.clone() }).collect();
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
    assert!(plain(&overview, 100).contains("  outcome  inconsistent\n"));
}

#[test]
fn a_first_run_with_thousands_stays_a_page() {
    let mut overview = sample::overview();
    overview.reports = vec![overview.reports[0].clone(); 1_500];
    overview.total_waiting = 400;
    overview.uncovered = vec![overview.uncovered[0].clone(); 400];
    overview.sources = vec![overview.sources[0].clone(); 400];
    overview.stories = vec![overview.stories[1].clone(); 3_000];
    overview.stories[0].title = "word ".repeat(100_000);
    let text = plain(&overview, 80);
    assert!(text.lines().count() < 500, "{} lines", text.lines().count());
    for expected in [
        "and 1,485 more reports", "and 2,975 more stories", "400 stories wait for their report", "400 reports of a month",
        "400 sources in trouble",
    ] {
        assert!(text.contains(expected), "no `{expected}`");
    }
}

#[test]
fn of_many_that_wait_some_are_shown_and_the_command_for_the_rest() {
    let mut overview = sample::overview();
    overview.stories = vec![overview.waiting[0].clone(); 20];
    let text = plain(&overview, 100);
    assert!(text.contains("\n  and 8 more stories: tieback summary --all --since 2026-11-23T06:00:00Z\n"), "{text}");
}

/// Forty new reports, each with a story of its own, and thirty stories about no single report.
fn much() -> Overview {
    let mut overview = sample::overview();
    overview.reports.clear();
    overview.stories.clear();
    let told = sample::overview().stories[0].clone();
    for number in 0..70 {
        let mut story = told.clone();
        story.id.0 = format!("s-{number:04}");
        story.piece.0 = format!("p-{number:04}");
        story.ties.clear();
        story.state = tieback::model::verdict::StoryState::None;
        if number < 40 {
            let report =
                sample::report(60_000_000 + number, "Oxmoor", tieback::model::report::Framework::Ilacs, jiff::civil::date(2026, 11, 20));
            story.ties = vec![sample::tied(&report, TieState::Auto, 0.99, GradeCheck::NotStated, vec![])];
            let stories = vec![story.id.clone()];
            overview.reports.push(tieback::model::overview::NewReport { report, before: None, stories });
        }
        overview.stories.push(story);
    }
    let old = sample::report(1, "Oxmoor", tieback::model::report::Framework::Ilacs, jiff::civil::date(2014, 1, 1));
    overview.reports.push(tieback::model::overview::NewReport { report: old, before: None, stories: vec![] });
    overview
}

#[test]
fn all_that_is_counted_is_shown_or_its_command_is_told() {
    let overview = much();
    let text = plain(&overview, 100);
    assert!(text.contains("New: 40 reports, 70 stories."), "{text}");
    let command = "tieback summary --all --since 2026-11-23T06:00:00Z\n";
    for rest in ["  and 25 more reports with 25 stories: ", "  and 5 more stories: ", "older report of 2014.\n"] {
        assert!(text.contains(&format!("{rest}{command}")), "no `{rest}` in\n{text}");
    }
    let shown = overview.stories.iter().filter(|story| text.contains(story.id.0.as_str())).count();
    assert_eq!(shown, 70 - 25 - 5);
    let whole = summary::text(&overview, Look { width: 100, colour: false, links: false }, Extent::Whole);
    assert!(!whole.contains("tieback summary"), "{whole}");
    assert!(overview.stories.iter().all(|story| whole.contains(story.id.0.as_str())), "{whole}");
    assert!(overview.reports.iter().all(|new| whole.contains(&new.report.url)), "{whole}");
}

#[test]
fn what_a_watch_has_no_room_for_is_told_with_its_name() {
    let mut overview = much();
    let watch = Watch { name: "The moor’s".into(), authorities: vec!["Oxmoor".into()], ..Watch::default() };
    overview.watched = vec![watch.of(&overview, &WatchHits::default())];
    let rest = "  and 25 more reports with 25 stories:\n    tieback summary --all --since 2026-11-23T06:00:00Z --watch the-moor\n";
    for width in [40, 80, 120] {
        assert!(plain(&overview, width).contains(rest), "as a whole, to be copied: {}", plain(&overview, width));
    }
}

#[test]
fn every_story_is_shown_in_exactly_one_place() {
    let overview = sample::overview();
    let text = plain(&overview, 100);
    for story in overview.stories.iter().chain(&overview.waiting) {
        let expected = usize::from(story.piece_first_seen > overview.since);
        assert_eq!(text.matches(story.id.0.as_str()).count(), expected, "{} in\n{text}", story.id);
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

#[test]
fn a_report_that_was_replaced_is_news() {
    let mut overview = sample::empty();
    overview.replaced = vec![tieback::model::overview::Replaced {
        report: tieback::model::overview::NewReport { report: sample::fernshire(), before: None, stories: vec![] },
        at: sample::moment("2026-11-24T06:00:00Z"),
        changed: vec!["overall: inadequate before\u{1b}[2J, requires improvement now".into()],
    }];
    let text = plain(&overview, 100);
    assert!(text.contains("New: 0 reports, 0 stories, 1 report replaced."), "{text}");
    assert!(
        text.contains("Reports that Ofsted replaced\n\nFernshire, inspection (ILACS), 23 November 2026: requires improvement\n"),
        "{text}"
    );
    assert!(text.contains("\n  ! overall: inadequate before[2J, requires improvement now\n"), "{text}");
    assert_eq!(summary::json(&overview)["replaced"][0]["id"], "r-50999001");
}
