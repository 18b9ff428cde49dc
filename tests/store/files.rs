//! The file itself: private, ours, whole, copied; and what a file that is none of this says.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
    thread,
};

use tieback::{
    model::tie::TieState,
    store::{Store, StoreError},
};

use crate::made::*;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

fn error(path: &Path) -> StoreError {
    let error = Store::open(path).unwrap_err();
    assert!(error.is_database() && error.hint().is_some(), "{error}");
    assert!(error.to_string().contains(path.file_name().unwrap().to_str().unwrap()), "{error}");
    error
}

/// A closed database with a story and a report in it.
fn filled(path: &Path) {
    let mut store = Store::open(path).unwrap();
    put_report(&mut store, "1");
    put_story(&mut store, "a");
    judge(&mut store, "a", &judged(vec![tie("1", TieState::Auto)]));
    // Without the pages that the migrations freed: damage there harms nothing.
    store.scrub().unwrap();
}

#[test]
fn folder_and_files_are_private() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/deep/t.db");
    let mut store = Store::open(&path).unwrap();
    put_story(&mut store, "a");
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    assert_eq!(mode(&folder.path().join("new")), 0o700);
    for file in fs::read_dir(path.parent().unwrap()).unwrap() {
        assert_eq!(mode(&file.unwrap().path()), 0o600);
    }
    assert_eq!(store.path(), Some(&*path));
}

#[test]
fn what_is_stored_is_there_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    filled(&path);
    let store = Store::open(&path).unwrap();
    assert_eq!(store.story(&story_id("a")).unwrap(), Some(story("a")));
    let check = store.check().unwrap();
    assert_eq!((check.problems, check.stories, check.reports, check.files), (vec![], 1, 1, 1));
}

#[test]
fn odd_names_are_names_of_files() {
    let folder = tempfile::tempdir().unwrap();
    for name in [":memory:", "file:x?mode=memory", "a b%20#ü.db"] {
        let path = folder.path().join(name);
        Store::open(&path).unwrap();
        assert!(path.exists(), "{name}");
    }
}

#[test]
fn a_file_that_is_no_database_says_so_and_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    let text = "Dear diary, ".repeat(1000);
    fs::write(&path, &text).unwrap();
    let error = error(&path);
    assert!(matches!(error, StoreError::Broken { .. }) && error.to_string().contains("not a database"), "{error}");
    assert!(error.hint().unwrap().contains("tieback restore FILE"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn the_database_of_another_program_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    filled(&path);
    // Bytes 68 to 71 of the header are the application id.
    let mut bytes = fs::read(&path).unwrap();
    bytes[68..72].fill(7);
    fs::write(&path, &bytes).unwrap();
    assert!(matches!(error(&path), StoreError::Foreign { .. }));
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_newer_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    filled(&path);
    // Bytes 60 to 63 of the header are the user version.
    let mut bytes = fs::read(&path).unwrap();
    bytes[60..64].copy_from_slice(&999u32.to_be_bytes());
    fs::write(&path, &bytes).unwrap();
    let error = error(&path);
    assert!(matches!(error, StoreError::Newer { found: 999, .. }));
    assert!(error.to_string().contains("newer tieback"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn damage_is_found_and_never_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    filled(&path);
    let whole = fs::read(&path).unwrap();
    let page = 4096;
    let mut found = 0;
    for at in 0..whole.len() / page {
        let mut bytes = whole.clone();
        bytes[(at * page).max(16)..(at + 1) * page].fill(0xa5);
        fs::write(&path, &bytes).unwrap();
        let outcome = Store::open(&path).and_then(|store| {
            everything(&store)?;
            store.search("swiftly", 9)?;
            store.check()
        });
        found += usize::from(outcome.is_err() || outcome.is_ok_and(|check| !check.is_well()));
    }
    assert_eq!(found, whole.len() / page);
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let outcome = Store::open(&path).and_then(|store| store.check());
    assert!(outcome.is_err() || outcome.is_ok_and(|check| !check.is_well()));
}

#[test]
fn a_report_file_that_is_not_what_was_stored_is_found() {
    let mut store = Store::open_in_memory().unwrap();
    store.write(|w| w.put_report(&report("1"), b"something else")).unwrap();
    let check = store.check().unwrap();
    assert_eq!(check.problems, [format!("the report file {} is not what was stored", sha256(b"1"))]);
}

#[test]
fn a_folder_that_cannot_be_written_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    fs::write(folder.path().join("file"), "").unwrap();
    let error_below_a_file = Store::open(&folder.path().join("file/t.db")).unwrap_err();
    assert!(matches!(error_below_a_file, StoreError::Open { .. }));
    assert!(matches!(Store::open(folder.path()).unwrap_err(), StoreError::Open { .. }));
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o500)).unwrap();
    // The superuser may write all the same.
    if fs::write(folder.path().join("probe"), "").is_err() {
        let error = error(&path);
        assert!(matches!(error, StoreError::Open { .. }) && error.to_string().contains("denied"), "{error}");
    }
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_backup_is_whole_private_and_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("t.db"), folder.path().join("copy's \"name\".db"));
    filled(&path);
    let store = Store::open(&path).unwrap();
    let size = store.backup(&copy).unwrap();
    assert_eq!((fs::metadata(&copy).unwrap().len(), mode(&copy)), (size, 0o600));
    let copied = Store::open(&copy).unwrap();
    assert_eq!(everything(&copied).unwrap(), everything(&store).unwrap());
    assert_eq!(places(&copied), places(&store));
    assert!(copied.check().unwrap().is_well());
    drop(copied);
    let before = fs::read(&copy).unwrap();
    assert!(store.backup(&copy).unwrap_err().to_string().contains("exists already"));
    assert!(store.backup(&path).is_err());
    assert!(matches!(store.backup(&folder.path().join("none/x.db")), Err(StoreError::Backup { .. })));
    assert_eq!(fs::read(&copy).unwrap(), before);
    let names = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(!names.into_iter().any(|name| name.ends_with(".part")));
}

fn places(store: &Store) -> usize {
    store.search("swiftly", 9).unwrap().len()
}

#[test]
fn many_can_open_a_new_file_at_once_and_write_in_turn() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    thread::scope(|scope| {
        for n in 0..8 {
            let path = &path;
            scope.spawn(move || {
                let mut store = Store::open(path).unwrap();
                put_story(&mut store, &n.to_string());
            });
        }
    });
    let store = Store::open(&path).unwrap();
    assert_eq!(store.check().unwrap().stories, 8);
}

#[test]
fn a_reading_sees_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    let (reader, mut writer) = (Store::open(&path).unwrap(), Store::open(&path).unwrap());
    let seen = reader.read(|store| {
        let before = store.story(&story_id("a"))?;
        put_story(&mut writer, "a");
        Ok::<_, StoreError>((before, store.story(&story_id("a"))?))
    });
    assert_eq!(seen.unwrap(), (None, None));
    assert!(reader.story(&story_id("a")).unwrap().is_some());
    // After an error, too.
    assert!(reader.read(|_| Err::<(), _>(StoreError::Full)).is_err());
    put_story(&mut writer, "b");
    assert!(reader.story(&story_id("b")).unwrap().is_some());
}

#[test]
fn a_second_writer_waits_and_then_says_who_is_in_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    let (mut one, mut other) = (Store::open(&path).unwrap(), Store::open(&path).unwrap());
    other.set_patience(std::time::Duration::from_millis(50)).unwrap();
    one.write(|w| {
        w.put_story(&story("a"), &[], "Bugle", now())?;
        let refused = other.write(|w| w.put_story(&story("b"), &[], "Bugle", now()));
        assert!(matches!(refused, Err(StoreError::Busy)));
        Ok::<_, StoreError>(())
    })
    .unwrap();
    put_story(&mut other, "b");
}
