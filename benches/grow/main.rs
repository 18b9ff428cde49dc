//! Grows a store of any size, with rows as the program writes them: `cargo bench --bench grow -- FILE --stories 100000`.
//!
//! Made-up reports of all authorities and a wide net of twenty years: some stories are ours, with ties, evidence and
//! quotations, the rest is what a run fetches and finds not to be ours. The same numbers give the same rows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a tool for measurements")]

mod chance;
mod reports;
mod stories;
mod words;

use std::{path::Path, process::Command, time::Instant};

use rusqlite::Connection;
use tieback::{config, store::Store};

use chance::Chance;

/// How large a store to grow.
struct Size {
    stories: u64,
    reports: u64,
    /// Of a thousand stories.
    ours: u64,
    seed: u64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    // `cargo test --benches` only wants to know that it builds.
    let Some(file) = arguments.first().filter(|file| !file.starts_with('-')) else { return };
    let number = |name: &str, usual: u64| {
        let at = arguments.iter().position(|argument| argument == name);
        at.and_then(|at| arguments.get(at + 1)).map_or(usual, |number| number.parse().expect("a number"))
    };
    let stories = number("--stories", 10_000);
    let size =
        Size { stories, reports: number("--reports", (stories / 100).max(100)), ours: number("--ours", 5) * 10, seed: number("--seed", 1) };
    let start = Instant::now();
    grow(Path::new(file), &size);
    let megabytes = std::fs::metadata(file).unwrap().len() / 1_000_000;
    println!("{file}: {} stories, {} reports, {megabytes} MB, {:.0?}", size.stories, size.reports, start.elapsed());
}

fn grow(file: &Path, size: &Size) {
    assert!(!file.exists(), "the file must not exist");
    // A first run, over nothing: it makes the file, and keeps with what readings are made, so that no later one makes them again.
    let first = Command::new(env!("CARGO_BIN_EXE_tieback"))
        .args(["run", "--retie", "-q", "--now", "2020-01-01T00:00:00Z", "--database"])
        .arg(file)
        .status();
    assert!(first.unwrap().success());
    let gazetteer = config::gazetteer().unwrap();
    let db = Connection::open(file).unwrap();
    // Nothing is lost where this breaks off: it begins anew.
    db.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA foreign_keys = OFF;")
        .unwrap();
    let mut councils: Vec<_> = gazetteer.all().iter().filter(|authority| authority.to.is_none()).cloned().collect();
    // The busiest first.
    councils.sort_by_key(|authority| authority.name != "Birmingham");
    db.execute_batch("BEGIN").unwrap();
    let known = reports::grow(&db, size.reports, &councils, &mut Chance::new(size.seed));
    stories::grow(&db, size, &councils, &known, &mut Chance::new(size.seed + 1));
    runs(&db);
    db.execute_batch("COMMIT").unwrap();
    drop(db);
    Store::open(file).unwrap();
}

/// An hourly run for some years, the last an hour ago.
fn runs(db: &Connection) {
    let sql = "
        WITH RECURSIVE hour (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM hour WHERE n < 60000)
        INSERT INTO run (started, ended, sources, requests)
        SELECT strftime('%Y-%m-%dT%H:%M:%SZ', '2026-11-26 06:00:00', '-' || (60000 - n) || ' hours'),
               strftime('%Y-%m-%dT%H:%M:%SZ', '2026-11-26 06:04:00', '-' || (60000 - n) || ' hours'), 150, 400
        FROM hour;
        WITH RECURSIVE source_of (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM source_of WHERE n < 149)
        INSERT INTO source (name, last_try, last_success, last_new)
        SELECT 'The ' || n || ' Gazette', '2026-11-26T06:00:00Z', '2026-11-26T06:00:00Z', '2026-11-26T06:00:00Z' FROM source_of;
        INSERT INTO work (job, owner, subject, due) SELECT 'list', name, '0', '2026-12-31T06:00:00Z' FROM source;";
    db.execute_batch(sql).unwrap();
}
