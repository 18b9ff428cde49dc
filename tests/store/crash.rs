//! A process that dies at any moment leaves nothing half.

use std::{
    env,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tieback::{
    model::{fetched::Validators, tie::TieState},
    store::{Store, StoreError, Success},
};

use crate::made::*;

const FILE: &str = "TIEBACK_TEST_CRASH_FILE";
const FEED: &str = "https://news.example/feed";

/// What one source's turn stores: a report, a story tied to it, its state and validators.
fn turn(store: &mut Store, n: u32) {
    let name = n.to_string();
    let validators = Validators { etag: Some(name.clone()), last_modified: None, from: None };
    store
        .write(|w| {
            w.set_validators(FEED, &validators, now())?;
            w.put_report(&report(&name), name.as_bytes())?;
            w.set_shingles(&report_id(&name), &[(u64::from(n), 0), (7, 1)])?;
            w.put_story(&story(&name), &[address(&name)], "Bugle", now())?;
            set_judged(w, &story_id(&name), &judged(vec![tie(&name, TieState::Auto)]), now())?;
            let success = Success { new_items: 1, new_stories: 1, ..Success::default() };
            w.record_success("Bugle", now(), &success)
        })
        .unwrap();
}

/// Holds what is stored against itself and gives how many turns it has.
fn whole(path: &Path) -> u32 {
    let store = Store::open(path).unwrap();
    let check = store.check().unwrap();
    assert_eq!(check.problems, [""; 0]);
    let state = store.source_state("Bugle").unwrap();
    assert_eq!((check.stories, check.reports, check.files), (state.stories, state.stories, state.stories));
    let last = store.validators(FEED).unwrap().etag.map_or(0, |etag| etag.parse().unwrap());
    assert_eq!(state.stories, last);
    for n in 1..=last {
        assert_eq!(store.ties(&story_id(&n.to_string())).unwrap().len(), 1);
    }
    last
}

/// Not a test of its own: the process that `killed_at_any_moment` kills.
#[test]
#[ignore = "runs for ever; started by killed_at_any_moment"]
fn writes_for_ever() {
    let Ok(path) = env::var(FILE) else { return };
    let mut store = Store::open(Path::new(&path)).unwrap();
    let first = store.source_state("Bugle").unwrap().stories + 1;
    for n in first.. {
        turn(&mut store, n);
    }
}

#[test]
fn killed_at_any_moment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    Store::open(&path).unwrap();
    let mut stored = 0;
    for round in 1..=6 {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "crash::writes_for_ever", "--ignored"])
            .env(FILE, &path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        wait_for_growth(&path, stored);
        // At another point of a turn each time.
        thread::sleep(Duration::from_micros(1700 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let now_stored = whole(&path);
        assert!(now_stored > stored, "round {round}: {now_stored} after {stored}");
        stored = now_stored;
    }
}

/// Waits until the child has stored something, for 20 seconds at most.
fn wait_for_growth(path: &Path, stored: u32) {
    let store = Store::open(path).unwrap();
    let end = Instant::now() + Duration::from_secs(20);
    while store.source_state("Bugle").unwrap().stories <= stored {
        assert!(Instant::now() < end, "the child stores nothing");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_transaction_dropped_midway_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    let mut store = Store::open(&path).unwrap();
    turn(&mut store, 1);
    let before = everything(&store).unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.write(|w| {
            w.put_story(&story("2"), &[address("2")], "Bugle", now())?;
            if w.story(&story_id("2"))?.is_some() {
                panic!("on purpose");
            }
            Ok::<_, StoreError>(())
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(everything(&store).unwrap(), before);
    turn(&mut store, 2);
    drop(store);
    assert_eq!(whole(&path), 2);
}
