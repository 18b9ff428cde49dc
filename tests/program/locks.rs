//! Two runs never get at one database, whatever a person does to the lock file; and what stands where a file of ours should is
//! told and never waited for.

use std::{fs, process::Command, thread, time::Duration};

use crate::{
    program::{NOW, Program},
    web::Web,
    world::{self, OFSTED_AND_HERALD},
};

#[test]
fn a_lock_file_that_is_deleted_or_replaced_lets_nobody_in() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    let lock = program.path("tieback.db.lock");
    web.slow_down(Duration::from_millis(400));
    let mut first = program.start(NOW, &["run", "--all"]);
    while web.log().is_empty() {
        thread::sleep(Duration::from_millis(10));
    }
    fs::remove_file(&lock).unwrap();
    let second = program.call(NOW, &["run"]);
    assert_eq!(second.code, Some(5), "deleted: {}", second.err);
    fs::remove_file(&lock).unwrap();
    fs::write(&lock, "").unwrap();
    for args in [&["run"][..], &["add", "http://herald.example/news/rutland"], &["sources", "check"]] {
        let ran = program.call(NOW, args);
        assert!(ran.code == Some(5) && ran.err.contains("another run is at work"), "{args:?}: {}", ran.err);
    }
    let open = program.call(NOW, &["summary", "--json"]).out;
    assert!(open.contains("\"at_work\":true") || open.contains("\"at_work\": true"), "{open}");
    web.slow_down(Duration::ZERO);
    assert_eq!(first.wait().unwrap().code(), Some(0));
    program.run_all(NOW, 0);
    assert_eq!(program.stories().len(), 3);
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_file_is_told_and_not_waited_for() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    for (name, said) in [
        ("tieback.db.lock", "it is no file"),
        ("tieback.db-journal", "the `-journal` beside it is no file"),
        ("tieback.db-wal", "the `-wal` beside it is no file"),
        ("tieback.db-shm", "the `-shm` beside it is no file"),
    ] {
        let _gone = fs::remove_file(program.path(name));
        assert!(Command::new("mkfifo").arg(program.path(name)).status().unwrap().success());
        let ran = program.call(NOW, &["run", "--all"]);
        assert!(ran.code == Some(6) && ran.err.contains(said), "{name}: {}", ran.err);
        fs::remove_file(program.path(name)).unwrap();
    }
    program.run_all(NOW, 0);
}

#[cfg(unix)]
#[test]
fn a_configuration_may_come_through_a_pipe_into_which_somebody_writes() {
    let program = Program::new(&Web::new(), "");
    let config = program.path("config.toml");
    let text = fs::read(&config).unwrap();
    fs::remove_file(&config).unwrap();
    assert!(Command::new("mkfifo").arg(&config).status().unwrap().success());
    let ran = program.call(NOW, &["sources"]);
    assert!(ran.code == Some(3) && ran.err.contains("a pipe or a device, from which nothing comes"), "{}", ran.err);
    let writer = thread::spawn({
        let config = config.clone();
        move || fs::write(config, text)
    });
    let ran = program.call(NOW, &["sources"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    writer.join().unwrap().unwrap();
}
