//! A run that dies at any moment has lost and doubled nothing once the next one is through.

use std::{
    env, thread,
    time::{Duration, Instant},
};

use crate::{
    program::{NOW, Program},
    world::{self, OFSTED_AND_HERALD, RUTLAND_STORY, put_hartlepool},
};

/// Runs that are killed, each at a moment of its own; `TIEBACK_KILLS` asks for more.
const KILLS: u32 = 24;
/// Each answer takes so long, so that the moments fall between them.
const SLOW: Duration = Duration::from_millis(25);

/// Moments that look like chance and are the same each time (Knuth's linear congruential generator).
struct Dice(u64);

impl Dice {
    /// A part of the whole, from 0 to 1.
    fn part(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f64 / f64::from(1 << 24)
    }
}

/// Kills a run after this time; true where that cut it short.
fn kill(program: &Program, after: Duration) -> bool {
    let mut child = program.start(NOW, &["run", "--all"]);
    thread::sleep(after);
    child.kill().unwrap();
    !child.wait().unwrap().success()
}

/// A person discards the story about Rutland; false where it is not there yet.
fn discard(program: &Program) -> bool {
    let ran = program.call(NOW, &["export", "stories"]);
    let mut stories = ran.out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let Some(story) = stories.find(|story| story["title"] == RUTLAND_STORY) else { return false };
    assert_eq!(program.call(NOW, &["discard", story["id"].as_str().unwrap()]).code, Some(0));
    true
}

#[test]
fn killed_at_any_moment() {
    let kills = env::var("TIEBACK_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(KILLS);
    let web = world::small();
    put_hartlepool(&web);
    web.slow_down(SLOW);
    let undisturbed = Program::new(&web, OFSTED_AND_HERALD);
    let started = Instant::now();
    undisturbed.run_all(NOW, 0);
    let whole = started.elapsed();
    assert!(discard(&undisturbed));
    let expected = (undisturbed.export("stories"), undisturbed.export("reports"), undisturbed.rows());
    assert_eq!((expected.0.lines().count(), expected.1.lines().count()), (3, 3));

    let mut dice = Dice(7);
    let mut cut_short = 0;
    for n in 0..kills {
        let program = Program::new(&web, OFSTED_AND_HERALD);
        cut_short += u32::from(kill(&program, whole.mul_f64(dice.part())));
        // Every third time a person decides meanwhile; every fifth time the next run dies, too.
        let decided = n % 3 == 0 && program.database().exists() && discard(&program);
        if n % 5 == 0 {
            kill(&program, whole.mul_f64(dice.part()));
        }
        // The lock is free, and what cron starts next does the rest.
        let next = program.call(NOW, &["run"]);
        assert_eq!(next.code, Some(0), "kill {n}: {next:?}");
        assert!(decided || discard(&program), "kill {n}");
        let (stories, reports, rows) = (program.export("stories"), program.export("reports"), program.rows());
        assert_eq!(stories, expected.0, "kill {n}");
        assert_eq!(reports, expected.1, "kill {n}");
        assert_eq!(numberless(&rows), numberless(&expected.2), "kill {n}");
        assert_eq!(program.call(NOW, &["check"]).code, Some(0), "kill {n}");
    }
    assert!(cut_short >= kills / 2, "only {cut_short} runs were cut short");
}

/// Rows without the numbers that only join tables: they follow the order of arrival.
fn numberless(rows: &str) -> Vec<String> {
    let mut lines: Vec<String> = rows
        .lines()
        .map(|line| {
            let fields = line.split(' ').filter(|field| !field.contains("=Integer(") && !field.contains("=Blob("));
            fields.collect::<Vec<_>>().join(" ")
        })
        .collect();
    lines.sort();
    lines
}
