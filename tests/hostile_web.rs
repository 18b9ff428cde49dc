//! The hostile web, behaviour by behaviour: each is named, its outcome is recorded, and a healthy source beside it comes to no
//! harm. The real binary against a made-up web.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(dead_code, reason = "each test program uses a part")]

#[path = "program/made.rs"]
mod made;
#[path = "program/program.rs"]
mod program;
#[path = "common/server.rs"]
mod server;
#[path = "common/sheet.rs"]
mod sheet;
#[path = "program/web.rs"]
mod web;

#[path = "hostile_web/answers.rs"]
mod answers;
#[path = "hostile_web/beside.rs"]
mod beside;
#[path = "hostile_web/bodies.rs"]
mod bodies;
#[path = "hostile_web/feeds.rs"]
mod feeds;
#[path = "hostile_web/kinds.rs"]
mod kinds;
#[path = "hostile_web/shapes.rs"]
mod shapes;
#[path = "hostile_web/wire.rs"]
mod wire;

use std::{
    fmt::Write,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use made::{RUTLAND_2024, coverage_page, feed};
use program::{NOW, Program};
use web::Web;

/// Where the hostile source is, and where its story is.
pub const BAD: &str = "http://bad.example/feed";
pub const PAGE: &str = "http://bad.example/story";
pub const TITLE: &str = "Rutland children’s services rated good by Ofsted";
pub const DAY: &str = "Mon, 04 Mar 2024 09:30:00 GMT";
const GOOD: &str = "http://herald.example/feed";
const STORY: &str = "http://herald.example/news/rutland";

/// What a web does, and what the hostile source comes to: the name of a failure, or "well".
pub struct Behaviour {
    pub name: &'static str,
    pub comes_to: &'static str,
    pub set: fn(&Web),
}

/// One run with one hostile source takes no longer, whatever it does.
const PATIENCE: Duration = Duration::from_secs(25);
/// Behaviours tried at once.
const AT_ONCE: usize = 4;

/// A feed of one item, which leads to a page of the hostile host.
pub fn one_item() -> String {
    feed(&[(PAGE, TITLE, "", DAY)])
}

#[test]
fn every_behaviour_comes_to_its_outcome_and_harms_nobody() {
    let only = std::env::var("BEHAVIOUR").unwrap_or_default();
    let of_feeds = [answers::ALL, wire::ALL, bodies::ALL, shapes::ALL, feeds::ALL, beside::ALL].map(|all| ("feed", all));
    let of_others = [("sitemap", kinds::SITEMAP), ("page", kinds::PAGE), ("wordpress", kinds::WORDPRESS)];
    let all: Vec<(&str, &Behaviour)> = of_feeds
        .into_iter()
        .chain(of_others)
        .flat_map(|(kind, all)| all.iter().map(move |behaviour| (kind, behaviour)))
        .filter(|(_, behaviour)| behaviour.name.contains(&only))
        .collect();
    assert!(!only.is_empty() || all.len() >= 200, "{} behaviours", all.len());
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(String::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((kind, behaviour)) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(why) = try_out(kind, behaviour) {
                        let _ = writeln!(wrong.lock().unwrap(), "{}: {why}", behaviour.name);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    println!("{} behaviours", all.len());
    assert!(wrong.is_empty(), "of {} behaviours:\n{wrong}", all.len());
}

fn try_out(kind: &str, behaviour: &Behaviour) -> Result<(), String> {
    let web = Web::new();
    web.feed(GOOD, feed(&[(STORY, TITLE, "", DAY)]));
    web.html(STORY, coverage_page(TITLE, &RUTLAND_2024));
    (behaviour.set)(&web);
    let links = if kind == "page" { "links = \"main a\"\n" } else { "" };
    let sources = format!(
        "timeout = \"2s\"\nconnect_timeout = \"1s\"\n[[source]]\nname = \"Bad\"\nkind = \"{kind}\"\nurl = \"{BAD}\"\n{links}\
         [[source]]\nname = \"Herald\"\nkind = \"feed\"\nurl = \"{GOOD}\"\n"
    );
    let program = Program::new(&web, &sources);
    let began = Instant::now();
    let ran = program.call(NOW, &["run", "--all"]);
    let took = began.elapsed();
    let came_to = program.source("Bad").0.unwrap_or_else(|| "well".to_owned());
    if came_to != behaviour.comes_to {
        return Err(format!("it came to {came_to}, not {}: {}", behaviour.comes_to, ran.err));
    }
    let code = if behaviour.comes_to == "well" { 0 } else { 4 };
    if ran.code != Some(code) {
        return Err(format!("exit code {:?}: {}", ran.code, ran.err));
    }
    if took > PATIENCE {
        return Err(format!("it took {took:?}"));
    }
    if program.source("Herald").0.is_some() || !program.stories().iter().any(|story| story["url"] == STORY) {
        return Err("the healthy source was harmed".to_owned());
    }
    let said = format!("{}{}{}", ran.out, ran.err, program.export("stories"));
    match said.chars().find(|char| char.is_control() && *char != '\n') {
        Some(char) => Err(format!("{char:?} reaches the terminal")),
        None if said.contains("root:") => Err("a file of this machine came out".to_owned()),
        None => Ok(()),
    }
}
