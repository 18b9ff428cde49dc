//! An unchanged world: only conditional requests, nothing stored, nothing said.

use std::collections::BTreeMap;

use crate::{
    made::*,
    program::{NOW, Program, tied},
    web::is_conditional,
    world::{self, *},
};

#[test]
fn the_small_world_is_read_and_tied() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    let ran = program.run_all(NOW, 0);
    assert_eq!(ran.out, "", "stdout is for results");
    assert!(ran.err.contains("2 new reports") && ran.err.contains("3 new stories"), "{}", ran.err);
    assert_eq!(tied(&program.story(RUTLAND_STORY)), [file_url(RUTLAND_FILE)]);
    assert_eq!(tied(&program.story(SOLIHULL_STORY)), [file_url(SOLIHULL_FILE)]);
    let waiting = program.story(WAITING_STORY);
    assert_eq!((&waiting["state"], &waiting["waiting_for"]["authority"]), (&"waiting".into(), &"Hartlepool".into()));
    let report = program.report(&file_url(RUTLAND_FILE));
    assert_eq!(
        (&report["authority"], &report["framework"], &report["published"]),
        (&"Rutland".into(), &"ILACS".into(), &"2024-03-01".into())
    );
    assert_eq!(report["judgements"].as_array().unwrap().len(), 5);
    // The old file is before `since`, and a match is not our subject.
    let asked = web.targets_since(0);
    assert!(!asked.contains(&file_url(2740001)) && !asked.iter().any(|url| url.contains("/sport/")), "{asked:#?}");
}

#[test]
fn a_second_run_asks_only_what_has_changed_and_stores_nothing() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let (stories, reports, rows, before) = (program.export("stories"), program.export("reports"), program.rows(), web.log().len());

    for (now, day) in [("2024-03-05T12:00:00Z", 1), ("2024-03-13T12:00:00Z", 8)] {
        let seen = web.log().len();
        let ran = program.call(now, &["run", "--all", "-q"]);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""));
        let mut robots = BTreeMap::<String, usize>::new();
        let mut others = Vec::new();
        for request in web.log().into_iter().skip(seen) {
            if request.target.ends_with("/robots.txt") {
                *robots.entry(request.target).or_default() += 1;
            } else {
                assert!(is_conditional(&request), "{} was asked for as a whole", request.target);
                others.push(request.target);
            }
        }
        assert!(robots.values().all(|times| *times == 1), "{robots:?}");
        others.sort();
        // The list and the feed; the page of the council whose report a story waits for; after a week each page once more.
        let mut expected = vec![FEED.to_owned(), provider_url(HARTLEPOOL), search_url(0)];
        if day == 8 {
            expected.extend([provider_url(RUTLAND), provider_url(SOLIHULL)]);
        }
        expected.sort();
        assert_eq!(others, expected);
    }
    assert!(web.log().len() > before);
    assert_eq!(program.export("stories"), stories);
    assert_eq!(program.export("reports"), reports);
    let rows_now = program.rows();
    assert!(rows_now == rows, "{}", difference(&rows, &rows_now));
}

#[test]
fn what_is_not_due_is_not_asked() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let before = web.log().len();
    assert_eq!(program.call("2024-03-05T06:59:00Z", &["run", "-q"]).code, Some(0));
    assert_eq!(web.log().len(), before, "the feed is due after an hour, Ofsted after six");
    assert_eq!(program.call("2024-03-05T07:00:00Z", &["run", "-q"]).code, Some(0));
    assert_eq!(web.asked().last().unwrap().target, FEED);
    assert_eq!(web.log().len(), before + 1, "robots.txt is asked for once a day");
}

fn difference(old: &str, new: &str) -> String {
    let only = |one: &str, other: &str, sign: &str| {
        one.lines().filter(|line| !other.contains(*line)).map(|line| format!("{sign}{line}\n")).collect::<String>()
    };
    only(old, new, "-") + &only(new, old, "+")
}
