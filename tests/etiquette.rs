//! The manners of a guest, point by point: the real binary against a made-up web, with a clock that is moved by hand. Each
//! point is named, all are tried, and the score is said.
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
#[path = "program/world.rs"]
mod world;

#[path = "etiquette/asking.rs"]
mod asking;
#[path = "etiquette/conditional.rs"]
mod conditional;
#[path = "etiquette/hosts.rs"]
mod hosts;
#[path = "etiquette/robots.rs"]
mod robots;
#[path = "etiquette/schedule.rs"]
mod schedule;
#[path = "etiquette/visit.rs"]
mod visit;

use std::{
    panic,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// A point of good manners, and what shows it.
pub type Point = (&'static str, fn());

/// Points tried at once: each is a small world of its own.
const AT_ONCE: usize = 4;

#[test]
fn every_point_is_reached() {
    let only = std::env::var("POINT").unwrap_or_default();
    let points: Vec<Point> = [hosts::POINTS, robots::POINTS, conditional::POINTS, schedule::POINTS, asking::POINTS]
        .concat()
        .into_iter()
        .filter(|(name, _)| name.contains(&only))
        .collect();
    let (next, missed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((name, show)) = points.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if panic::catch_unwind(*show).is_err() {
                        missed.lock().unwrap().push(*name);
                    }
                }
            });
        }
    });
    let missed = missed.into_inner().unwrap();
    println!("{} of {} points", points.len() - missed.len(), points.len());
    assert!(missed.is_empty(), "{} of {} points; not reached:\n{}", points.len() - missed.len(), points.len(), missed.join("\n"));
}
