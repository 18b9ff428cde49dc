//! The file in the hands of other programs: the `sqlite3` of Debian 12 (3.40) opens it, searches it, and finds it whole.

use std::{path::Path, process::Command};

use tieback::{model::tie::TieState, store::Store};

use crate::made::*;

/// What `sqlite3` prints. It must be there: a file that only this program can open is worth half.
fn sqlite3(path: &Path, sql: &str) -> String {
    let output = Command::new("sqlite3").arg(path).arg(sql).output().expect("`sqlite3` is not installed: apt-get install sqlite3");
    assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
    // Columns of bytes are no text.
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}

/// A story and a report, changed, read again, and a story forgotten.
fn filled(path: &Path) {
    let mut store = Store::open(path).unwrap();
    put_report(&mut store, "1");
    for name in ["a", "b"] {
        put_story(&mut store, name);
        judge(&mut store, name, &judged(vec![tie("1", TieState::Auto)]));
    }
    let mut changed = story("a");
    changed.title = "Another headline".into();
    store.write(|w| w.put_story(&changed, &[address("a")], "Bugle", now())).unwrap();
    let mut again = report("1");
    again.parser += 1;
    store.write(|w| w.put_report(&again, b"1")).unwrap();
    store.forget(&key("b"), now()).unwrap();
}

#[test]
fn another_sqlite_opens_and_searches_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    filled(&path);
    assert_eq!(sqlite3(&path, "PRAGMA integrity_check"), "ok");
    let search = |sql: &str| sqlite3(&path, sql);
    let titles = "SELECT story.title FROM story_fts JOIN story ON story.n = story_fts.rowid WHERE story_fts MATCH '\"another headline\"'";
    assert_eq!(search(titles), "Another headline");
    assert_eq!(search("SELECT count(*) FROM story_fts WHERE story_fts MATCH 'praised'"), "0", "what it said before");
    assert_eq!(
        search("SELECT snippet(passage_fts, 0, '[', ']', '…', 4) FROM passage_fts WHERE passage_fts MATCH 'swiftly'"),
        "Leaders acted [swiftly] and…"
    );
    // The index holds the words of the text as it stands, no more and no less.
    sqlite3(&path, "INSERT INTO passage_fts (passage_fts, rank) VALUES ('integrity-check', 1)");
    sqlite3(&path, "INSERT INTO story_fts (story_fts) VALUES ('integrity-check')");
    assert_eq!(search("SELECT count(*) FROM story_fts_docsize"), "1");
    let store = Store::open(&path).unwrap();
    assert!(store.check().unwrap().is_well());
}

#[test]
fn every_table_and_view_can_be_read_by_another_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    filled(&path);
    let names = sqlite3(&path, "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type <> 'shadow'");
    let names: Vec<&str> = names.lines().collect();
    assert!(names.len() > 20 && names.contains(&"ties"), "{names:?}");
    for name in names {
        sqlite3(&path, &format!("SELECT * FROM \"{name}\" LIMIT 1"));
    }
}
