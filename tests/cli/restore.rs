//! Putting a backup back: what came after it is gone, what was forgotten stays so, and nothing is lost where it fails.

use std::fs;

use crate::{
    made,
    world::{World, said},
};

/// A world, a backup of it, and a story more.
fn changed() -> World {
    let world = World::new();
    assert_eq!(world.run(&["backup", "saved.db"]).code, 0);
    put(&world, "zz01");
    assert!(has(&world, "s-zz01"));
    world
}

fn put(world: &World, name: &str) {
    world.store().write(|w| w.put_story(&made::story(name), &[made::address(name)], "Bugle", made::now())).unwrap();
    made::judge(&mut world.store(), name, &made::waiting("Wexcombe"));
}

fn has(world: &World, id: &str) -> bool {
    world.out(&["export", "stories"]).contains(&format!("\"{id}\""))
}

fn files(world: &World) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(world.dir.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_backup_is_put_back_after_a_yes_and_leaves_nothing_behind() {
    let world = changed();
    let before = fs::read(world.path("saved.db")).unwrap();
    let said = world.answer(&["restore", "saved.db"], "y\n");
    assert_eq!((said.code, said.out.as_str()), (0, ""), "{}", said.err);
    assert!(
        said.err.contains("put saved.db (7 stories, 5 reports) in the place of ") && said.err.contains("(8 stories, 5 reports)?"),
        "{}",
        said.err
    );
    assert!(said.err.contains(" is in place again: 7 stories, 5 reports\n"), "{}", said.err);
    assert!(!has(&world, "s-zz01"));
    assert_eq!(world.run(&["check"]).code, 0);
    assert_eq!(files(&world), ["config.toml", "saved.db", "tieback.db", "tieback.db.lock"]);
    assert_eq!(fs::read(world.path("saved.db")).unwrap(), before);
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(fs::metadata(world.path("tieback.db")).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn without_a_yes_nothing_changes() {
    let world = changed();
    for answer in ["", "n\n", "\n"] {
        let said = world.answer(&["restore", "saved.db"], answer);
        assert_eq!(said.code, 2, "{answer:?}");
        assert!(said.err.contains("nothing was changed\nhint: "), "{}", said.err);
    }
    assert!(has(&world, "s-zz01"));
    assert_eq!(world.run(&["restore", "saved.db", "--yes", "-q"]).err, "");
    assert!(!has(&world, "s-zz01"));
}

#[test]
fn what_stands_beside_the_database_is_never_applied_to_the_backup() {
    let world = changed();
    // A `-wal` as a process that died leaves it: of the database, and not of the backup.
    let (db, wal) = (world.path("tieback.db"), world.path("tieback.db-wal"));
    let store = world.store();
    put(&world, "zz02");
    fs::copy(&wal, world.path("stale-wal")).unwrap();
    drop(store);
    fs::copy(world.path("stale-wal"), &wal).unwrap();
    fs::copy(world.path("stale-wal"), world.path("saved.db-wal")).unwrap();
    fs::write(world.path("tieback.db-shm"), "stale").unwrap();
    assert_eq!(world.run(&["restore", "saved.db", "--yes"]).code, 0);
    assert!(!has(&world, "s-zz01") && !has(&world, "s-zz02"));
    assert_eq!(world.run(&["check"]).code, 0);
    assert!(db.exists());
}

#[test]
fn a_damaged_database_gets_a_way_out() {
    let world = changed();
    fs::write(world.path("tieback.db"), "damaged beyond words ".repeat(2000)).unwrap();
    for args in [&["stories"][..], &["summary"], &["check"], &["run"]] {
        let said = world.run(args);
        assert_eq!(said.code, 6, "{args:?}");
        assert!(said.err.contains("tieback restore FILE"), "{args:?}: {}", said.err);
    }
    let said = world.answer(&["restore", "saved.db"], "y\n");
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("(damaged)?"), "{}", said.err);
    assert_eq!(world.run(&["check"]).code, 0);
}

#[test]
fn a_backup_that_is_not_whole_changes_nothing() {
    let world = changed();
    let whole = fs::read(world.path("saved.db")).unwrap();
    fs::write(world.path("cut.db"), &whole[..whole.len() / 2]).unwrap();
    fs::write(world.path("text.db"), "no database".repeat(1000)).unwrap();
    fs::write(world.path("empty.db"), "").unwrap();
    let mut other = whole.clone();
    other[68..72].fill(7);
    fs::write(world.path("other.db"), other).unwrap();
    let mut newer = whole;
    newer[60..64].copy_from_slice(&999u32.to_be_bytes());
    fs::write(world.path("newer.db"), newer).unwrap();
    for (file, word) in [
        ("cut.db", "cannot put back `cut.db`"),
        ("text.db", "not a database"),
        ("empty.db", "the file is empty"),
        ("other.db", "is not a database of tieback"),
        ("newer.db", "newer tieback"),
        ("none.db", "there is no file `none.db`"),
        ("tieback.db", "is the database itself"),
    ] {
        let said = world.answer(&["restore", file], "y\n");
        assert_eq!(said.code, 2, "{file}: {}", said.err);
        assert!(said.err.contains(word) && said.err.contains("\nhint: ") && !said.err.contains(".restore"), "{file}: {}", said.err);
    }
    assert!(has(&world, "s-zz01"));
    assert!(files(&world).iter().all(|name| !name.contains("restore") && !name.contains("old")), "{:?}", files(&world));
}

#[test]
fn what_was_forgotten_after_the_backup_stays_forgotten() {
    let world = World::new();
    let url = "https://private.example/news/family-named-1234567";
    let key = tieback::dedupe::address::canonical(&url.parse().unwrap()).0;
    let address = tieback::store::SeenAddress { key, url: url.into() };
    world.store().write(|w| w.put_story(&made::story("ba01"), std::slice::from_ref(&address), "Bugle", made::now())).unwrap();
    world.run(&["backup", "saved.db"]);
    assert_eq!(world.run(&["forget", "s-ba01"]).code, 0);
    assert_eq!(world.run(&["restore", "saved.db", "--yes"]).code, 0);
    assert!(!has(&world, "s-ba01"));
    let bytes = fs::read(world.path("tieback.db")).unwrap();
    assert!(!bytes.windows(12).any(|part| part == b"family-named"));
}

#[test]
fn a_backup_can_be_put_where_nothing_was() {
    let world = changed();
    let mut elsewhere = world.bare(&["restore", "saved.db", "--database", "new/deep/t.db", "--config", "config.toml", "--yes"]);
    fs::create_dir_all(world.path("new/deep")).unwrap();
    let restored = said(&mut elsewhere);
    assert_eq!(restored.code, 0, "{}", restored.err);
    assert!(world.path("new/deep/t.db").exists());
}

#[test]
fn a_run_at_work_is_not_disturbed() {
    let world = changed();
    let lock = fs::File::options().create(true).append(true).open(world.path("tieback.db.lock")).unwrap();
    lock.lock().unwrap();
    fs::write(world.path("tieback.db.lock"), "4711 2024-03-05T06:17:00Z\n").unwrap();
    let said = world.run(&["restore", "saved.db", "--yes"]);
    assert_eq!(said.code, 5, "{}", said.err);
    assert!(said.err.contains(": process 4711, since 5 March 2024, 06:17\nhint: "), "{}", said.err);
    assert!(has(&world, "s-zz01"));
}
