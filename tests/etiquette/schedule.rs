//! How often: never before its time, ever more seldom where it is in vain, and by a source's own rhythm.

use crate::{Point, made::*, server::Reply, visit::*};

pub const POINTS: &[Point] = &[
    ("a list is not asked before its time", before_time),
    ("`every` of a source is obeyed", every),
    ("what fails is asked ever more seldom", backoff),
    ("what is dead is asked weekly in the end", dead),
    ("410 stops a source, also for --all", gone),
    ("a stopped source is shown, with how to go on", gone_said),
    ("a stopped source is asked by name, and goes on where it answers", gone_revived),
    ("one whose address is changed in the configuration is asked there, gone or dead before", readdressed),
    ("a permanent redirect is taken over after several answers over days", moved),
    ("a permanent redirect of one day is not", moved_early),
    ("a temporary redirect never is", temporary),
    ("that it is taken over is said once", moved_said),
    ("a new address that does not serve is given up", moved_back),
    ("a list that is silent for forty days is not asked hourly", silent),
    ("a list that wakes is asked hourly again", wakes),
    ("lists that fell silent together do not come back together", spread),
    ("a list that is busy keeps its pace", busy_list),
];

fn before_time() {
    let visit = herald();
    visit.feed(FEED, empty());
    assert_eq!(visit.asked_in(FEED, [0, 15, 30, 59, 60]), [0, 60]);
}

fn every() {
    let visit = of(&(source("Herald", "feed", FEED) + "every = \"4h\"\n"));
    visit.feed(FEED, empty());
    assert_eq!(visit.asked_in(FEED, (0..9).map(|hour| hour * 60)), [0, 240, 480]);
}

fn backoff() {
    let visit = herald();
    visit.reply(FEED, Reply::status(404).header("Content-Length", "0"));
    assert_eq!(visit.asked_in(FEED, (0..16).map(|hour| hour * 60)), [0, 60, 180, 420, 900]);
}

fn dead() {
    let visit = herald();
    visit.reply(FEED, Reply::status(404).header("Content-Length", "0"));
    let asked = visit.asked_in(FEED, (0..45).map(|day| day * 1_440));
    let last = asked.len() - 1;
    assert!(asked[last] - asked[last - 1] >= 6 * 1_440 && asked[last] - asked[last - 1] <= 7 * 1_440, "{asked:?}");
}

fn stopped() -> Visit {
    let visit = herald();
    visit.reply(FEED, Reply::status(410).header("Content-Length", "0"));
    assert_eq!(visit.run(0).code, Some(4));
    visit
}

fn gone() {
    let visit = stopped();
    for day in [1, 2, 10, 100] {
        assert_eq!(visit.all(day * 1_440).code, Some(4), "it is in trouble until a person says otherwise");
    }
    assert_eq!(visit.times(FEED), 1);
}

fn gone_said() {
    let visit = stopped();
    let shown = visit.call(60, &["sources"]).out;
    assert!(shown.contains("stopped") && shown.contains("tieback run --source"), "{shown}");
    assert!(visit.call(60, &["sources", "--json"]).out.contains("\"state\":\"stopped\""));
}

fn gone_revived() {
    let visit = stopped();
    visit.feed(FEED, empty());
    assert_eq!(visit.call(1_440, &["run", "--source", "Herald"]).code, Some(0));
    assert_eq!(visit.asked_in(FEED, [1_500, 1_560]), [1_500, 1_560]);
}

fn readdressed() {
    for (status, days) in [(410, 1), (404, 2)] {
        let visit = herald();
        visit.reply(FEED, Reply::status(status).header("Content-Length", "0"));
        for day in 0..days {
            visit.all(day * 1_440);
        }
        let elsewhere = "http://herald.example/elsewhere";
        visit.feed(elsewhere, empty());
        visit.program.configure(&format!(
            "contact = \"test@example.org\"\n[fetch]\nper_host_delay = \"0s\"\n{}",
            source("Herald", "feed", elsewhere)
        ));
        let after = (days - 1) * 1_440 + 30;
        assert_eq!(visit.run(after).code, Some(0), "{status}");
        assert_eq!(visit.asked_in(elsewhere, [after + 30, after + 60]), [after + 60], "{status}: at its own pace from then on");
    }
}

const NEW: &str = "http://herald.example/rss.xml";

fn moving(status: u16) -> Visit {
    let visit = herald();
    visit.reply(FEED, Reply::redirect(status, NEW));
    visit.feed(NEW, empty());
    visit
}

fn moved() {
    let visit = moving(301);
    for day in 0..4 {
        visit.all(day * 1_440);
    }
    let before = visit.times(FEED);
    for day in 4..8 {
        assert_eq!(visit.all(day * 1_440).code, Some(0));
    }
    assert_eq!((before, visit.times(FEED), visit.times(NEW)), (3, 3, 8));
}

fn moved_early() {
    let visit = moving(308);
    for hour in 0..5 {
        visit.all(hour * 60);
    }
    assert_eq!(visit.times(FEED), 5);
}

fn temporary() {
    let visit = moving(302);
    for day in 0..8 {
        visit.all(day * 1_440);
    }
    assert_eq!(visit.times(FEED), 8);
}

fn moved_said() {
    let visit = moving(301);
    let said: Vec<i64> = (0..8).filter(|day| visit.call(day * 1_440, &["run", "--all", "-q"]).err.contains("moved for good")).collect();
    assert_eq!(said, [2]);
}

fn moved_back() {
    let visit = moving(301);
    for day in 0..4 {
        visit.all(day * 1_440);
    }
    visit.reply(NEW, Reply::status(404).header("Content-Length", "0"));
    visit.feed(FEED, empty());
    let before = visit.times(FEED);
    visit.all(5 * 1_440);
    assert_eq!(visit.all(6 * 1_440).code, Some(0));
    assert_eq!(visit.times(FEED), before + 1);
}

/// The runs of a day, forty days after the last thing new.
fn fortieth() -> impl Iterator<Item = i64> {
    (0..24).map(|hour| 40 * 1_440 + hour * 60)
}

fn quiet_for_forty_days() -> Visit {
    let visit = herald();
    visit.feed(FEED, feed(&[("http://herald.example/fete", "Fete on the green", "", DAY)]));
    for day in 0..40 {
        visit.run(day * 1_440);
    }
    visit
}

fn silent() {
    let visit = quiet_for_forty_days();
    let asked = visit.asked_in(FEED, fortieth());
    assert!((1..=2).contains(&asked.len()), "{asked:?}");
}

fn wakes() {
    let visit = quiet_for_forty_days();
    visit.feed(FEED, feed(&[("http://herald.example/dance", "Dance in the barn", "", DAY)]));
    let asked = visit.asked_in(FEED, (0..30).map(|hour| 40 * 1_440 + hour * 60));
    assert!(asked.windows(2).filter(|pair| pair[1] - pair[0] == 60).count() >= 3, "{asked:?}");
}

fn spread() {
    let sources: String = (0..8).map(|n| source(&format!("S{n}"), "feed", &format!("http://s{n}.example/feed"))).collect();
    let visit = of(&sources);
    for n in 0..8 {
        visit.feed(&format!("http://s{n}.example/feed"), feed(&[(&format!("http://s{n}.example/fete"), "Fete", "", DAY)]));
    }
    visit.all(0);
    visit.all(40 * 1_440);
    let due: i64 = visit.program.sql().query_row("SELECT count(DISTINCT due) FROM work WHERE job = 'list'", [], |row| row.get(0)).unwrap();
    assert!(due >= 6, "{due} of 8");
}

fn busy_list() {
    let visit = herald();
    for hour in 0..6 {
        visit.feed(FEED, feed(&[(&format!("http://herald.example/{hour}"), &format!("Fete {hour}"), "", DAY)]));
        visit.run(hour * 60);
    }
    assert_eq!(visit.times(FEED), 6);
}
