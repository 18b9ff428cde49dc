//! The exit codes of the contract, and what is said with them.

use std::fs;

use crate::{
    program::{NOW, Program},
    web::Web,
    world::{self, *},
};

#[test]
fn one_source_by_its_name() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    assert_eq!(program.call(NOW, &["run", "--source", "Herald"]).code, Some(0));
    assert!(web.asked().iter().all(|request| request.target.contains("herald.example")));
    assert_eq!((program.stories().len(), program.reports().len()), (3, 0));
    let before = web.asked().len();
    // Named, it is asked though it is not due, and so is one that is switched off.
    assert_eq!(program.call(NOW, &["run", "--source", "Herald", "--source", "Ofsted"]).code, Some(0));
    assert!(web.asked().len() > before + 1);
    assert_eq!(program.reports().len(), 2);
}

#[test]
fn a_source_that_is_off_is_left_alone() {
    let web = world::small();
    let program = Program::new(&web, &format!("{OFSTED_AND_HERALD}on = false\n"));
    program.run_all(NOW, 0);
    assert!(web.asked().iter().all(|request| !request.target.contains("herald.example")));
}

#[test]
fn an_unknown_source_is_a_matter_of_usage() {
    let web = Web::new();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    let ran = program.call(NOW, &["run", "--source", "Heralt"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("no source is named `Heralt`") && ran.err.contains("hint: "), "{}", ran.err);
    assert!(web.log().is_empty());
}

#[test]
fn a_bad_configuration_is_named_by_file_line_and_key() {
    let web = Web::new();
    let program = Program::new(&web, "");
    for (config, said) in [
        ("[fetch]\nper_host_delay = \"soon\"\n", ["config.toml", "2", "per_host_delay"]),
        ("[[source]]\nname = \"A\"\nkind = \"feed\"\n", ["config.toml", "1", "url"]),
        ("\n\n[[source]]\nname = \"A\"\nkind = \"fed\"\nurl = \"http://a.example/\"\n", ["config.toml", "5", "kind"]),
        ("contact = [\n", ["config.toml", "1", "contact"]),
        (
            "[[source]]\nname = \"A\"\nkind = \"page\"\nurl = \"http://a.example/\"\nlinks = \"main >>> a[\"\n",
            ["config.toml:5:9", "`links` of source 1 (`A`)", "CSS selector"],
        ),
    ] {
        program.configure(config);
        let ran = program.call(NOW, &["run"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(3), ""), "{config}");
        for part in said {
            assert!(ran.err.contains(part), "{config}: no `{part}` in {}", ran.err);
        }
        assert!(!program.database().exists(), "a bad configuration makes no database");
    }
    fs::remove_file(program.path("config.toml")).unwrap();
    assert_eq!(program.call(NOW, &["run"]).code, Some(3), "a named file that is not there");
}

#[test]
fn two_runs_at_once_are_one_too_many() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let lock = fs::File::options().append(true).open(program.path("tieback.db.lock")).unwrap();
    lock.lock().unwrap();
    let before = web.log().len();
    let ran = program.call(NOW, &["run", "--all", "-q"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(5), ""), "cron mails each line");
    let ran = program.call(NOW, &["run", "--all"]);
    assert_eq!(ran.code, Some(5));
    assert!(ran.err.contains("another run is at work"), "{}", ran.err);
    assert_eq!(web.log().len(), before);
    // Readers are not kept out.
    assert_eq!(program.stories().len(), 3);
    drop(lock);
    program.run_all(NOW, 0);
}

#[test]
fn a_database_that_cannot_be_used() {
    let web = Web::new();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    let ran = program.call(NOW, &["export", "stories"]);
    assert_eq!(ran.code, Some(6), "{}", ran.err);
    fs::write(program.database(), "This is a letter to my aunt, not a database. ".repeat(200)).unwrap();
    let ran = program.call(NOW, &["run", "--all"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(6), ""));
    assert!(ran.err.contains("tieback.db"), "{}", ran.err);
    assert!(fs::read_to_string(program.database()).unwrap().starts_with("This is a letter"), "it is left as it was");
    assert!(web.log().is_empty());
}

#[test]
fn a_reader_that_goes_away_is_no_trouble() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let mut child = program.command(NOW, &["export", "stories"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
