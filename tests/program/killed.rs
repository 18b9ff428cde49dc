//! A run that dies at any moment has lost and doubled nothing once the next one is through.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    program::{LATER, NOW, Program},
    world::{self, HARTLEPOOL_STORY, OFSTED_AND_HERALD, RUTLAND_STORY, put_hartlepool},
};

/// Moments at which a run is killed, spread evenly over the time that an undisturbed one takes.
const MOMENTS: u32 = 15;
/// Each answer takes so long, so that the moments fall between them.
const SLOW: Duration = Duration::from_millis(25);

#[test]
fn killed_at_any_moment() {
    let web = world::small();
    put_hartlepool(&web);
    web.slow_down(SLOW);
    let undisturbed = Program::new(&web, OFSTED_AND_HERALD);
    let started = Instant::now();
    undisturbed.run_all(NOW, 0);
    let whole = started.elapsed();
    let expected = (undisturbed.export("stories"), undisturbed.export("reports"), undisturbed.rows());
    assert_eq!((expected.0.lines().count(), expected.1.lines().count()), (3, 3));

    let mut cut_short = 0;
    for moment in 0..MOMENTS {
        let program = Program::new(&web, OFSTED_AND_HERALD);
        let mut child = program.start(NOW, &["run", "--all"]);
        thread::sleep(whole * moment / MOMENTS);
        child.kill().unwrap();
        cut_short += u32::from(!child.wait().unwrap().success());
        // The lock is free, and what cron starts next does the rest.
        assert_eq!(program.call(NOW, &["run"]).code, Some(0), "moment {moment}");
        let (stories, reports, rows) = (program.export("stories"), program.export("reports"), program.rows());
        assert_eq!(stories, expected.0, "moment {moment}");
        assert_eq!(reports, expected.1, "moment {moment}");
        assert_eq!(numberless(&rows), numberless(&expected.2), "moment {moment}");
    }
    assert!(cut_short >= MOMENTS / 2, "only {cut_short} runs were cut short");
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
