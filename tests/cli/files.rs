//! Files that are written: the digest replaced as a whole, the configuration never by accident, the backup, the check.

use std::fs;

use crate::world::{World, golden, said};

#[test]
fn the_digest_comes_in_five_formats() {
    let world = World::new();
    for (format, begins) in [
        ("rss", "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\""),
        ("atom", "<?xml version=\"1.0\""),
        ("json", "{\"version\":\"https://jsonfeed.org/version/1.1\""),
        ("html", "<!DOCTYPE html>"),
        ("markdown", "# News for Wexcombe"),
    ] {
        let out = world.out(&["digest", "--format", format]);
        let squeezed = out.replace(['\n', ' '], "").to_lowercase();
        assert!(squeezed.starts_with(&begins.replace(' ', "").to_lowercase()), "{format}: {out}");
        assert!(out.contains("Wexcombe’s children’s services praised"), "{format}");
        assert!(!out.contains(['\u{1b}', '\u{202e}']), "{format}");
    }
}

#[test]
fn the_digest_file_is_replaced_as_a_whole() {
    let world = World::new();
    let file = world.path("out.rss");
    let printed = world.out(&["digest"]);
    fs::write(&file, "x".repeat(1_000_000)).unwrap();
    let before = fs::metadata(&file).unwrap();
    let said = world.run(&["digest", "-o", "out.rss"]);
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (0, "", ""));
    assert_eq!(fs::read_to_string(&file).unwrap(), printed);
    // Another file took its place, so that whoever had the old one open reads it to its end.
    use std::os::unix::fs::MetadataExt;
    assert_ne!(fs::metadata(&file).unwrap().ino(), before.ino());
    assert!(parts(&world).is_empty(), "{:?}", parts(&world));
}

#[test]
fn permissions_and_links_of_the_digest_file_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let world = World::new();
    fs::create_dir(world.path("www")).unwrap();
    let target = world.path("www/real.rss");
    fs::write(&target, "old").unwrap();
    fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("www/real.rss", world.path("link.rss")).unwrap();
    assert_eq!(world.run(&["digest", "-o", "link.rss"]).code, 0);
    assert!(fs::symlink_metadata(world.path("link.rss")).unwrap().is_symlink());
    assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::read_to_string(&target).unwrap().starts_with("<?xml"));
    assert_eq!(world.run(&["digest", "-o", "/dev/stdout"]).code, 0);
}

#[test]
fn a_digest_file_that_cannot_be_written_is_named() {
    let world = World::new();
    for (file, code, word) in [("no/such/folder.rss", 1, "cannot write `no/such/folder.rss`"), (".", 2, "`.` is a folder, expected a file")]
    {
        let said = world.run(&["digest", "-o", file]);
        assert_eq!(said.code, code, "{}", said.err);
        assert!(said.err.contains(word), "{}", said.err);
    }
    assert!(parts(&world).is_empty());
}

fn parts(world: &World) -> Vec<String> {
    let names = fs::read_dir(world.dir.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".part")).collect()
}

#[test]
fn init_writes_where_the_configuration_is_looked_for_and_replaces_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::empty();
    let file = world.path(".config/tieback/config.toml");
    let first = said(&mut world.bare(&["init"]));
    assert_eq!((first.code, first.out.as_str()), (0, ""));
    assert!(first.err.starts_with(&format!("wrote {}\n", file.display())) && first.err.contains("tieback run"), "{}", first.err);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(file.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(fs::read_to_string(&file).unwrap(), tieback::config::commented_default());
    // It is read from there.
    fs::write(&file, "contact = 7").unwrap();
    let broken = said(&mut world.bare(&["sources"]));
    assert_eq!(broken.code, 3, "{}", broken.err);

    let again = said(&mut world.bare(&["init"]));
    assert_eq!(again.code, 2);
    assert!(again.err.contains("is there already\nhint: ") && again.err.contains("--force"), "{}", again.err);
    assert_eq!(fs::read_to_string(&file).unwrap(), "contact = 7");
    assert_eq!(said(&mut world.bare(&["init", "--force", "-q"])).err, "");
    assert_eq!(fs::read_to_string(&file).unwrap(), tieback::config::commented_default());
    assert_eq!(said(&mut world.bare(&["init", "mine.toml"])).code, 0);
    assert!(world.path("mine.toml").exists());
}

#[test]
fn init_says_how_to_run_it_again_and_again() {
    let world = World::empty();
    let said_ = said(&mut world.bare(&["init"]));
    let line = said_.err.lines().find(|line| line.contains("* * * *")).unwrap_or_default().trim().to_owned();
    assert!(
        line.contains("tieback run -q") && line.split(',').next().unwrap().parse::<u8>().is_ok_and(|minute| (1..30).contains(&minute)),
        "{}",
        said_.err
    );

    let written = said(&mut world.bare(&["init", "--systemd", "--force"]));
    assert_eq!(written.code, 0, "{}", written.err);
    assert!(written.err.contains("systemctl --user enable --now tieback.timer"), "{}", written.err);
    let unit = |name: &str| fs::read_to_string(world.path(&format!(".config/systemd/user/{name}"))).unwrap();
    assert!(unit("tieback.service").contains("run -q") && unit("tieback.service").contains("SuccessExitStatus=4 5"));
    assert!(unit("tieback.timer").contains("OnCalendar=*:") && unit("tieback.timer").contains("Persistent=true"));
}

#[test]
fn units_are_written_beside_a_configuration_that_was_edited() {
    let world = World::empty();
    let file = world.path(".config/tieback/config.toml");
    assert_eq!(said(&mut world.bare(&["init", "-q"])).code, 0);
    fs::write(&file, "contact = \"me@council.example\"\n").unwrap();
    let units = said(&mut world.bare(&["init", "--systemd"]));
    assert!(units.code == 0 && units.err.starts_with(&format!("kept {}\n", file.display())), "{}", units.err);
    assert_eq!(fs::read_to_string(&file).unwrap(), "contact = \"me@council.example\"\n");
    let again = said(&mut world.bare(&["init", "--systemd"]));
    assert!(again.code == 2 && again.err.contains("tieback.service` is there already\nhint: move it away"), "{}", again.err);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let world = World::empty();
    fs::write(world.path("taken"), "").unwrap();
    let man = said(&mut world.bare(&["man", "--folder", "taken/man"]));
    assert!(
        man.code == 1 && man.err.starts_with("tieback: cannot make the folder `taken/man`: ") && man.err.contains("\nhint: "),
        "{}",
        man.err
    );
    fs::create_dir_all(world.path(".config")).unwrap();
    fs::write(world.path(".config/systemd"), "").unwrap();
    let units = said(&mut world.bare(&["init", "--systemd"]));
    assert!(
        units.err.contains("cannot make the folder `") && units.err.contains("systemd/user`: ") && units.err.contains("\nhint: "),
        "{}",
        units.err
    );
    assert!(!world.path(".config/tieback/config.toml").exists(), "nothing half is done");
}

#[test]
fn a_backup_is_a_database_and_replaces_nothing() {
    let world = World::new();
    let copy = world.run(&["backup", "copy.db"]);
    assert_eq!((copy.code, copy.out.as_str()), (0, ""));
    assert!(copy.err.contains("written to copy.db"), "{}", copy.err);
    let mut command = world.bare(&["stories", "--database", "copy.db", "--config", "config.toml", "--now", crate::world::NOW]);
    assert_eq!(said(&mut command).out, world.out(&["stories"]));
    let again = world.run(&["backup", "copy.db"]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("exists already\nhint: "), "{}", again.err);
}

#[test]
fn check_says_what_is_missing_and_why() {
    let world = World::new();
    let out = world.out(&["check"]);
    let shown = out.replace(&world.path("tieback.db").display().to_string(), "DATABASE");
    let free = shown.lines().find(|line| line.contains("ts disk has ")).unwrap();
    assert!(free.trim_end_matches('.').ends_with(" free") || free.contains("may find no room"), "{free}");
    let shown = shown.replace(&format!("{free}\n"), "");
    let json: serde_json::Value = serde_json::from_str(&world.out(&["check", "--json"])).unwrap();
    assert!(json["free"].is_u64() && json["short_of_room"].is_boolean(), "{json}");
    let size = shown.find(" report files, ").unwrap() + " report files, ".len();
    let end = size + shown[size..].find('.').unwrap();
    golden("check.txt", &format!("{}SIZE{}", &shown[..size], &shown[end..]));
}

#[test]
fn check_of_a_damaged_database_is_not_well() {
    let world = World::new();
    let db = world.path("tieback.db");
    let file = b"a report file whose bytes will rot";
    let report = tieback::model::report::Report { sha256: crate::made::sha256(file), ..crate::made::report("50099") };
    world.store().write(|w| w.put_report(&report, file)).unwrap();
    assert_eq!(world.run(&["check"]).code, 0);
    let mut bytes = fs::read(&db).unwrap();
    let at = bytes.windows(file.len()).position(|part| part == file).unwrap();
    bytes[at] = b'A';
    fs::write(&db, bytes).unwrap();
    let said = world.run(&["check"]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.out.contains("The database is damaged\n\n  ! the report file"), "{}", said.out);
    fs::write(&db, "this is no database at all, only text that is long enough").unwrap();
    assert_eq!(world.run(&["check"]).code, 6);
}
