//! What is shown on a terminal of one's own: the full screen of `review`, and the pager of `summary`.

use serde_json::Value;

use crate::{terminal::Terminal, world::World};

const SIZE: (u16, u16) = (24, 80);

fn story(world: &World, id: &str) -> Value {
    serde_json::from_str(&world.out(&["show", id, "--json"])).unwrap()
}

/// The terminal is as it was: the other screen is left, the cursor shown, and lines are edited and echoed again.
fn is_clean(written: &str) {
    let last = |what: &str| written.rfind(what).unwrap_or_else(|| panic!("never {what:?} in {written:?}"));
    assert!(last("\u{1b}[?1049l") > last("\u{1b}[?1049h"), "the other screen is left");
    assert!(last("\u{1b}[?25h") > last("\u{1b}[?25l"), "the cursor is shown");
    let settings = &written[last("left with ")..];
    for set in ["icanon", "echo", "isig"] {
        assert!(settings.split_whitespace().any(|setting| setting == set), "no {set} in {settings}");
    }
}

#[test]
fn a_story_and_its_report_stand_side_by_side_and_are_decided() {
    let world = World::new();
    let mut terminal = Terminal::run(&world, "review", SIZE, &[]);
    let screen = terminal.shows("c confirm");
    for expected in ["1 of 5", "5 open", "Director looks back", "Marrow Bay, monitoring", "1 of 2", "acted swiftly and with"] {
        assert!(screen.contains(expected), "no `{expected}` on\n{screen}");
    }
    terminal.press("\u{1b}[C");
    terminal.shows("2 of 2");
    terminal.press("\u{1b}[D");
    terminal.shows("1 of 2");
    terminal.press("c");
    terminal.shows("1 decided");
    assert_eq!(story(&world, "s-ab01")["ties"][0]["state"], "confirmed");
    terminal.press("u");
    terminal.shows("0 decided");
    assert_eq!(story(&world, "s-ab01")["ties"][0]["state"], "possible");
    terminal.press("r");
    terminal.shows("Rejected");
    terminal.press("d");
    terminal.shows("Discarded");
    terminal.press("q");
    let written = terminal.left();
    assert!(written.contains("left with 0"), "{written}");
    assert!(written.contains("2 decisions stored"), "{written}");
    is_clean(&written);
    assert_eq!(story(&world, "s-ab01")["review"], "discarded");
    assert!(world.out(&["show", "s-ab01"]).contains("by anna"), "{}", world.out(&["show", "s-ab01"]));
}

#[test]
fn another_report_is_picked_and_a_note_is_written() {
    let world = World::new();
    let mut terminal = Terminal::run(&world, "review", SIZE, &[]);
    terminal.shows("c confirm");
    terminal.press("m");
    terminal.shows("Note:");
    terminal.press("asked the press office\r");
    terminal.shows("note: asked the");
    terminal.press("p");
    terminal.shows("Report:");
    terminal.press("poole 2017");
    terminal.shows("Report: poole 2017");
    terminal.shows("24 November 2017: Poole");
    terminal.press("\r");
    terminal.shows("Confirmed: Poole");
    terminal.press("q");
    is_clean(&terminal.left());
    let story = story(&world, "s-ab01");
    assert_eq!((&story["ties"][0]["report"], &story["ties"][0]["state"]), (&"r-50010".into(), &"confirmed".into()));
    assert_eq!(story["notes"][0], "asked the press office");
}

#[test]
fn every_way_out_leaves_the_terminal_as_it_was() {
    for (way, code) in [("q", 0), ("\u{3}", 0), ("-TERM", 7), ("-HUP", 7), ("-INT", 7)] {
        let world = World::new();
        let mut terminal = Terminal::run(&world, "review", SIZE, &[]);
        terminal.shows("c confirm");
        if way.starts_with('-') {
            terminal.signal(way)
        } else {
            terminal.press(way)
        }
        let written = terminal.left();
        assert!(written.contains(&format!("left with {code}")), "{way:?}: {written}");
        is_clean(&written);
    }
}

#[test]
fn a_terminal_that_goes_away_ends_it() {
    let world = World::new();
    let terminal = Terminal::run(&world, "review", SIZE, &[]);
    terminal.shows("c confirm");
    assert!(terminal.goes_away(std::time::Duration::from_secs(60)));
}

#[test]
fn it_is_drawn_anew_in_another_size_and_says_where_there_is_no_room() {
    let world = World::new();
    let mut terminal = Terminal::run(&world, "review", SIZE, &[]);
    terminal.shows("c confirm");
    terminal.resize(8, 30);
    terminal.shows("A larger window");
    terminal.resize(40, 160);
    let screen = terminal.shows("c confirm");
    assert!(screen.lines().any(|line| line.contains("Director looks back") && line.contains("monitoring visit")), "{screen}");
    terminal.press("?");
    terminal.shows("pick another report");
    terminal.press("x");
    terminal.press("q");
    is_clean(&terminal.left());
}

#[test]
fn the_queue_is_as_long_as_was_asked_for() {
    let world = World::new();
    let mut terminal = Terminal::run(&world, "review --limit 2", SIZE, &[]);
    let screen = terminal.shows("c confirm");
    std::thread::sleep(std::time::Duration::from_millis(300));
    let drawn = terminal.bytes().len();
    std::thread::sleep(std::time::Duration::from_millis(700));
    assert_eq!(terminal.bytes().len(), drawn, "nothing is drawn while nothing changes");
    assert!(screen.contains("1 of 2") && screen.contains("3 later"), "{screen}");
    terminal.press("dd");
    terminal.shows("2 decided");
    terminal.shows("3 more come when");
    terminal.press("q");
    is_clean(&terminal.left());
}

#[test]
fn nothing_is_decided_unseen_and_what_was_typed_is_kept() {
    let world = World::new();
    let mut terminal = Terminal::run(&world, "review", SIZE, &[]);
    terminal.shows("c confirm");
    terminal.press("masked");
    terminal.shows("Note: asked");
    terminal.resize(8, 30);
    let screen = terminal.shows("q leaves");
    assert!(screen.lines().filter(|line| !line.trim().is_empty()).count() > 1, "it is wrapped:\n{screen}");
    terminal.press("d\r");
    terminal.rest();
    terminal.resize(24, 80);
    terminal.shows("Note: asked");
    terminal.press("\u{1b}");
    terminal.shows("c confirm");
    terminal.resize(8, 30);
    terminal.shows("q leaves");
    terminal.press("dck");
    terminal.rest();
    terminal.resize(24, 80);
    terminal.shows("c confirm");
    terminal.press("q");
    assert!(terminal.left().contains("left with 0"));
    let left = story(&world, "s-ab01");
    assert!(left["review"] == "new" && left["notes"].as_array().unwrap().is_empty() && left["ties"][0]["state"] == "possible", "{left}");
}

#[test]
fn keys_that_no_help_tells_of_do_nothing() {
    let world = World::new();
    let mut terminal = Terminal::run(&world, "review", SIZE, &[]);
    terminal.shows("1 of 2");
    terminal.press("jlhyn");
    terminal.press("m");
    let screen = terminal.shows("Note:");
    assert!(screen.contains("1 of 5") && screen.contains("1 of 2") && screen.contains("0 decided"), "{screen}");
    terminal.press("\u{3}");
    is_clean(&terminal.left());
}

#[test]
fn in_a_pipe_or_with_list_it_stays_a_list() {
    let world = World::new();
    let listed = world.out(&["review"]);
    assert!(listed.contains("tieback tie s-ab01 r-50002"), "{listed}");
    let written = Terminal::run(&world, "review --list", SIZE, &[("PAGER", "cat")]).left();
    assert!(written.contains("tieback tie s-ab01 r-50002") && !written.contains("\u{1b}[?1049h"), "{written}");
    let dumb = Terminal::run(&world, "review", SIZE, &[("TERM", "dumb"), ("PAGER", "cat")]).left();
    assert!(dumb.contains("tieback tie s-ab01 r-50002") && !dumb.contains('\u{1b}'), "{dumb}");
}

#[test]
fn what_is_long_goes_through_the_pager_and_counts_as_read() {
    let world = World::new();
    let paged = Terminal::run(&world, "--color never summary", SIZE, &[("PAGER", "sed 's/^/paged: /'")]).left();
    assert!(paged.contains("paged: New reports"), "{paged}");
    let again = Terminal::run(&world, "summary", SIZE, &[("PAGER", "sed 's/^/paged: /'")]).left();
    assert!(again.contains("Nothing new since"), "{again}");
    assert!(!Terminal::run(&world, "summary --since 2d", (200, 80), &[("PAGER", "sed 's/^/paged: /'")]).left().contains("paged: "));
    assert!(!world.command(&["summary"]).env("PAGER", "sed s/^/paged:/").output().unwrap().stdout.starts_with(b"paged:"));
    let listed = Terminal::run(&world, "--color never show r-50001 --text", SIZE, &[("PAGER", "sed 's/^/paged: /'")]).left();
    assert!(listed.contains("paged: Wexcombe, inspection (ILACS), 1 March 2024"), "{listed}");
    let links = Terminal::run(&world, "summary --since 2d", (200, 80), &[("VTE_VERSION", "7200")]).left();
    assert!(links.contains("\u{1b}]8;;https://news.example/aa01\u{1b}\\"), "{links}");
}
