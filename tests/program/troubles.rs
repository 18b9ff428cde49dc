//! Troubles of this machine: each is said with its cause, has its exit code, and leaves what is stored as it was.

use std::{fs, process::Command};

use crate::{
    made::*,
    program::{NOW, Program},
    web::Web,
    world::{self, *},
};

/// The same call under a limit of a shell's.
#[cfg(unix)]
fn limited(program: &Program, limit: &str, args: &[&str]) -> (Option<i32>, String) {
    let inner = program.command(NOW, args);
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{limit}; exec \"$0\" \"$@\"")]).arg(inner.get_program()).args(inner.get_args()).env_clear();
    for (name, value) in inner.get_envs() {
        if let Some(value) = value {
            shell.env(name, value);
        }
    }
    let output = shell.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[cfg(unix)]
#[test]
fn a_limit_on_the_size_of_files_is_told_and_kills_nothing() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    for blocks in [40, 600] {
        let (code, said) = limited(&program, &format!("ulimit -f {blocks}"), &["run", "--all"]);
        assert_eq!(code, Some(6), "{said}");
        assert!(said.contains("cannot be written") && said.contains("ulimit -f"), "{said}");
    }
    program.run_all(NOW, 0);
    assert_eq!((program.stories().len(), program.call(NOW, &["check"]).code), (3, Some(0)));
}

#[test]
fn an_empty_database_is_told() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    fs::write(program.database(), "").unwrap();
    for args in [&["summary"][..], &["stories"], &["check"], &["keep", "s-1"]] {
        fs::write(program.database(), "").unwrap();
        let said = program.call(NOW, args).err;
        assert!(said.contains("was empty and begins anew") && said.contains("tieback restore FILE"), "{args:?}: {said}");
        assert!(!program.call(NOW, args).err.contains("begins anew"), "{args:?}: once");
    }
    fs::write(program.database(), "").unwrap();
    let ran = program.run_all(NOW, 0);
    assert!(ran.err.contains("was empty and begins anew"), "{}", ran.err);
}

#[test]
fn what_stands_beside_an_empty_database_is_not_thrown_away() {
    let web = Web::new();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    let wal = program.path("tieback.db-wal");
    fs::write(&wal, "the last changes").unwrap();
    for args in [&["run"][..], &["summary"]] {
        fs::write(program.database(), "").unwrap();
        let ran = program.call(NOW, args);
        assert_eq!(ran.code, Some(6));
        assert!(ran.err.contains("`-wal` beside it"), "{}", ran.err);
    }
    assert_eq!(fs::read_to_string(&wal).unwrap(), "the last changes");
}

#[test]
fn a_clock_that_lost_the_time_changes_nothing() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let rows = program.rows();
    let ran = program.call("1970-01-01T00:05:00Z", &["run"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("the clock stands at 1970") && ran.err.contains("hint: set the clock"), "{}", ran.err);
    assert_eq!(program.rows(), rows);
}

#[test]
fn without_a_trust_store_what_needs_none_is_fetched() {
    let web = world::small();
    let program = Program::new(
        &web,
        &(OFSTED_AND_HERALD.to_owned() + "[[source]]\nname = \"Safe\"\nkind = \"feed\"\nurl = \"https://safe.example/feed\"\n"),
    );
    let mut command = program.command(NOW, &["run", "--all"]);
    command.env("SSL_CERT_FILE", program.path("none.pem")).env("SSL_CERT_DIR", program.path("none"));
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("Safe: no certificate authority was found") && said.contains("SSL_CERT_FILE"), "{said}");
    assert_eq!(program.stories().len(), 3);
}

#[test]
fn no_home_and_no_place_named() {
    let web = Web::new();
    let program = Program::new(&web, "");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tieback"));
    let output = command.env_clear().args(["--config", program.path("config.toml").to_str().unwrap(), "run"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(6), "{said}");
    assert!(said.contains("neither XDG_DATA_HOME nor HOME is set") && said.contains("--database"), "{said}");
}

/// Where the database has two names, both have one lock.
#[cfg(unix)]
#[test]
fn a_database_by_another_name_has_the_same_lock() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    fs::rename(program.database(), program.path("real.db")).unwrap();
    std::os::unix::fs::symlink("real.db", program.database()).unwrap();
    let held = fs::File::create(program.path("real.db.lock")).unwrap();
    held.lock().unwrap();
    let ran = program.call(NOW, &["run"]);
    assert_eq!(ran.code, Some(5), "{}", ran.err);
    drop(held);
    assert_eq!(program.call(NOW, &["run"]).code, Some(0));
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_no_database() {
    let program = Program::new(&Web::new(), "");
    fs::create_dir(program.database()).unwrap();
    for args in [&["run"][..], &["summary"]] {
        let ran = program.call(NOW, args);
        assert_eq!(ran.code, Some(6), "{}", ran.err);
        assert!(ran.err.contains("it is a folder"), "{}", ran.err);
    }
    fs::remove_dir(program.database()).unwrap();
    assert!(Command::new("mkfifo").arg(program.database()).status().unwrap().success());
    let ran = program.call(NOW, &["run"]);
    assert!(ran.code == Some(6) && ran.err.contains("it is a device or a pipe"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn a_database_that_is_gone_behind_the_run_is_told() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    web.slow_down(std::time::Duration::from_millis(500));
    let run = program.command(NOW, &["run", "--all"]).stderr(std::process::Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_secs(1));
    fs::rename(program.database(), program.path("elsewhere.db")).unwrap();
    let output = run.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(6), "{said}");
    assert!(said.contains("was moved, replaced or deleted while the run was at work"), "{said}");
}

#[cfg(unix)]
#[test]
fn too_few_open_files_are_told_with_their_limit() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    let (code, said) = limited(&program, "ulimit -n 10", &["run", "--all"]);
    assert!(code == Some(1) && said.contains("hint: it may have too few files open at once: `ulimit -n`"), "{said}");
    program.run_all(NOW, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn however_little_there_is_no_run_hangs_or_panics_unheard() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    for limit in ["ulimit -n 6", "ulimit -v 60000", "ulimit -d 30000"] {
        let began = std::time::Instant::now();
        let (code, said) = limited(&program, limit, &["run", "--all"]);
        assert!(matches!(code, Some(1 | 6)) && !said.contains("panicked"), "{limit}: {code:?} {said}");
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "{limit}");
    }
    program.run_all(NOW, 0);
}

/// With 250 MB of addresses a run does what it can, or breaks off, and the next one does the rest.
#[cfg(target_os = "linux")]
#[test]
fn little_memory_loses_nothing() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    // How it ends depends on what first finds no memory.
    limited(&program, "ulimit -v 250000", &["run", "--all"]);
    program.run_all(NOW, 0);
    assert_eq!((program.stories().len(), program.call(NOW, &["check"]).code), (3, Some(0)));
}

#[test]
fn a_proxy_that_is_none_is_told() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    let mut command = program.command(NOW, &["run", "--all"]);
    let output = command.env("ALL_PROXY", "::::").env("https_proxy", "").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("ALL_PROXY is no address of a proxy and is passed over") && !said.contains("https_proxy"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_without_room_is_told() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    for args in [&["stories"][..], &["export", "stories"], &["summary"], &["digest"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = program.command(NOW, args).stdout(full).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {said}");
        assert!(said.contains("hint: make room where the output goes"), "{args:?}: {said}");
    }
}

#[test]
fn a_damaged_or_cut_database_is_told_and_left_as_it_is() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let whole = fs::read(program.database()).unwrap();
    let mut damaged = whole.clone();
    for page in (8..whole.len() / 4_096 - 1).step_by(3) {
        damaged[page * 4_096 + 100..page * 4_096 + 700].fill(0xad);
    }
    for bytes in [damaged, whole[..whole.len() / 2].to_vec()] {
        fs::write(program.database(), &bytes).unwrap();
        for args in [&["run", "--all"][..], &["summary"], &["stories"], &["check"], &["export", "stories"], &["keep", "s-1"]] {
            let ran = program.call(NOW, args);
            assert_eq!(ran.code, Some(6), "{args:?}: {}", ran.err);
            assert!(ran.err.contains("tieback restore FILE"), "{args:?}: {}", ran.err);
        }
        assert!(fs::read(program.database()).unwrap() == bytes);
    }
}

#[test]
fn a_database_of_a_version_that_never_was_or_without_a_table_is_damaged() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let whole = fs::read(program.database()).unwrap();
    for sql in ["PRAGMA user_version = -5", "PRAGMA user_version = 0", "DROP TABLE source"] {
        fs::write(program.database(), &whole).unwrap();
        program.sql().execute_batch(sql).unwrap();
        for args in [&["run", "--all"][..], &["summary"], &["check"]] {
            let ran = program.call(NOW, args);
            assert_eq!(ran.code, Some(6), "{sql}: {args:?}: {}", ran.err);
            assert!(ran.err.contains("tieback restore FILE") && ran.err.lines().count() == 2, "{sql}: {args:?}: {}", ran.err);
        }
    }
    fs::write(program.database(), "x").unwrap();
    let ran = program.call(NOW, &["run"]);
    assert!(ran.code == Some(6) && ran.err.contains("file is not a database"), "{}", ran.err);
    assert_eq!(fs::read(program.database()).unwrap(), b"x");
}

#[test]
fn a_damaged_database_is_not_laid_at_its_backups_door() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let mut bytes = fs::read(program.database()).unwrap();
    for page in (8..bytes.len() / 4_096 - 1).step_by(3) {
        bytes[page * 4_096..page * 4_096 + 700].fill(0xad);
    }
    fs::write(program.database(), &bytes).unwrap();
    let copy = program.path("copy.db");
    let ran = program.call(NOW, &["backup", copy.to_str().unwrap()]);
    assert!(ran.code == Some(6) && ran.err.contains("tieback restore FILE"), "{:?} {}", ran.code, ran.err);
    assert!(!copy.exists());
}

#[cfg(unix)]
#[test]
fn who_listens_no_more_on_stderr_ends_no_run() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    web.slow_down(std::time::Duration::from_millis(100));
    let mut run = program.command(NOW, &["-vv", "run", "--all"]).stderr(std::process::Stdio::piped()).spawn().unwrap();
    drop(run.stderr.take());
    assert_eq!(run.wait().unwrap().code(), Some(0));
    assert_eq!(program.stories().len(), 3);
}

#[test]
fn a_lock_file_is_what_it_is_whatever_stands_in_it() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    fs::write(program.path("tieback.db.lock"), [0xff; 500]).unwrap();
    program.run_all(NOW, 0);
    fs::remove_file(program.path("tieback.db.lock")).unwrap();
    fs::create_dir(program.path("tieback.db.lock")).unwrap();
    let ran = program.call(NOW, &["run"]);
    assert!(ran.code == Some(6) && ran.err.contains("cannot write the lock file"), "{}", ran.err);
}

#[test]
fn a_configuration_that_is_none_is_told() {
    let program = Program::new(&Web::new(), "");
    for (bytes, said) in
        [(vec![0xfe, 0xff, 0, 7], "not UTF-8"), (b"# x\n".repeat(1_000_000), "too large"), (b"contact = [".to_vec(), "config.toml:1")]
    {
        fs::write(program.path("config.toml"), bytes).unwrap();
        let ran = program.call(NOW, &["summary"]);
        assert!(ran.code == Some(3) && ran.err.contains(said), "{said}: {}", ran.err);
    }
    fs::remove_file(program.path("config.toml")).unwrap();
    fs::create_dir(program.path("config.toml")).unwrap();
    assert_eq!(program.call(NOW, &["summary"]).code, Some(3));
}

#[test]
fn an_environment_of_nonsense_changes_nothing() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let usual = program.call(NOW, &["stories"]).out;
    for (name, value) in [("TZ", "Mars/Phobos"), ("LC_ALL", "xx_YY"), ("TMPDIR", "/nowhere"), ("TIEBACK_LOG", "[[="), ("PAGER", "/nowhere")]
    {
        let output = program.command(NOW, &["stories"]).env(name, value).output().unwrap();
        assert_eq!((output.status.code(), String::from_utf8(output.stdout).unwrap()), (Some(0), usual.clone()), "{name}");
    }
    for columns in ["-5", "0", "99999999999999999999", "x"] {
        assert_eq!(program.command(NOW, &["stories"]).env("COLUMNS", columns).output().unwrap().status.code(), Some(0), "{columns}");
    }
}

#[test]
fn another_program_that_writes_for_long_is_told() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let other = program.sql();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let stories = program.call(NOW, &["stories"]);
    assert_eq!(stories.code, Some(0), "{}", stories.err);
    let kept = program.call(NOW, &["discard", "s-"]);
    assert!(matches!(kept.code, Some(2 | 6)), "{}", kept.err);
    let ran = program.call(NOW, &["run", "--all"]);
    assert!(ran.code == Some(6) && ran.err.contains("locked by another program"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn a_run_that_slept_goes_on_and_ends_in_order() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    web.slow_down(std::time::Duration::from_millis(300));
    let mut run = program.start(NOW, &["run", "--all"]);
    let signal = |name: &str| Command::new("kill").args([name, &run.id().to_string()]).status().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(500));
    signal("-STOP");
    std::thread::sleep(std::time::Duration::from_secs(2));
    signal("-CONT");
    signal("-WINCH");
    assert_eq!(run.wait().unwrap().code(), Some(0));
    assert_eq!(program.stories().len(), 3);
}

#[test]
fn a_story_elsewhere_is_not_the_feeds_own() {
    let web = Web::new();
    let day = "Mon, 04 Mar 2024 09:30:00 GMT";
    let elsewhere = "http://rival.example/rutland";
    let mut items: Vec<_> = (0..4).map(|n| (format!("http://herald.example/fete-{n}"), format!("Fete {n} on the green"))).collect();
    items.push((elsewhere.to_owned(), RUTLAND_STORY.to_owned()));
    items.push(("http://www.herald.example/solihull".to_owned(), SOLIHULL_STORY.to_owned()));
    let listed: Vec<Item<'_>> = items.iter().map(|(url, title)| (url.as_str(), title.as_str(), "", day)).collect();
    web.feed(FEED, feed(&listed));
    web.html(elsewhere, coverage_page(RUTLAND_STORY, &RUTLAND_2024));
    web.html("http://www.herald.example/solihull", coverage_page(SOLIHULL_STORY, &SOLIHULL_2024));
    let program = Program::new(&web, &format!("[[source]]\nname = \"Herald\"\nkind = \"feed\"\nurl = \"{FEED}\"\n"));
    program.run_all(NOW, 0);
    assert_eq!(program.story(RUTLAND_STORY)["outlet"], "rival.example");
    assert_eq!(program.story(SOLIHULL_STORY)["outlet"], "Herald");
}
