//! Manners towards terminals, pipes and scripts: nothing hostile on stdout, exit codes, colours, helps that teach.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::Stdio,
};

use tieback::model::text::is_hostile;

use crate::world::{World, said};

#[test]
fn hostile_headlines_never_reach_the_terminal_raw() {
    let world = World::new();
    for args in [
        &["show", "s-ac01"][..],
        &["show", "s-ac01", "--json"],
        &["show", "s-ac01", "--text"],
        &["show", "r-50003"],
        &["stories"],
        &["stories", "--json"],
        &["reports"],
        &["reports", "--json"],
        &["search", "evil"],
        &["search", "evil", "--json"],
        &["review"],
        &["review", "--json"],
        &["sources", "list", "--all"],
        &["sources", "list", "--json"],
        &["summary", "--since", "30d"],
        &["check"],
        &["export", "stories"],
        &["export", "stories", "--format", "csv"],
        &["export", "reports"],
        &["keep", "s-ac01"],
    ] {
        let said = world.run(args);
        assert_eq!(said.code, 0, "{args:?}: {}", said.err);
        // By its mark a spreadsheet knows UTF-8.
        let out = if args.contains(&"csv") { said.out.trim_start_matches('\u{feff}') } else { said.out.as_str() };
        for text in [out, said.err.as_str()] {
            let bad: Vec<char> = text.chars().filter(|char| is_hostile(*char) && !matches!(char, '\n' | '\r')).collect();
            assert!(bad.is_empty(), "{args:?}: {bad:?} in\n{text}");
        }
    }
    assert!(world.out(&["stories"]).contains("Evil[2J]0;x news31m of Wexcombe"));
}

#[test]
fn a_reader_that_stops_early_is_no_trouble() {
    let world = World::new();
    for args in [
        &["stories"][..],
        &["export", "authorities"],
        &["features"],
        &["show", "r-50001", "--text"],
        &["man"],
        &["completions", "bash"],
        &["digest"],
        &["sources", "export"],
    ] {
        let mut child = world.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut out = BufReader::with_capacity(1, child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        drop(out);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(!err.contains("roken pipe") && !err.contains("panicked"), "{args:?}: {err}");
    }
    // Nobody reads at all.
    let mut child = world.command(&["stories"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn words_that_nobody_hears_are_no_reason_to_end() {
    let world = World::new();
    for (args, code) in
        [(&["keep", "s-aa01"][..], 0), (&["stories", "--since", "soon"], 2), (&["run", "--retie"], 0), (&["init", "--force"], 0)]
    {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        assert_eq!(world.command(args).stdout(Stdio::null()).stderr(full).status().unwrap().code(), Some(code), "{args:?}: a full disk");
        let mut child = world.command(args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stderr.take());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{args:?}: nobody listens");
    }
}

#[test]
fn only_a_quiet_run_yields_without_a_word() {
    let world = World::new();
    fs::write(world.path("page.html"), "<title>A page</title>").unwrap();
    let lock = fs::File::options().create(true).append(true).open(world.path("tieback.db.lock")).unwrap();
    lock.lock().unwrap();
    let run = world.run(&["run", "-q"]);
    assert_eq!((run.code, run.err.as_str()), (5, ""));
    for args in [&["run"][..], &["add", "page.html", "-q"]] {
        let said = world.run(args);
        assert!(said.code == 5 && said.err.contains("another run is at work"), "{args:?}: {}", said.err);
    }
}

#[test]
fn colours_come_only_where_they_are_wanted() {
    let world = World::new();
    let has = |args: &[&str], variable: Option<&str>| {
        let mut command = world.command(args);
        if let Some(variable) = variable {
            command.env(variable, "1");
        }
        said(&mut command).out.contains('\u{1b}')
    };
    for command in ["stories", "reports", "review", "sources", "summary"] {
        assert!(!has(&[command], None), "{command}: stdout is a pipe");
        assert!(has(&[command, "--color", "always"], Some("NO_COLOR")), "{command}: asked for on the command line");
        assert!(!has(&[command, "--color", "never"], None), "{command}");
    }
    let coloured = world.out(&["search", "swiftly", "--color", "always"]);
    assert!(coloured.contains("\u{1b}[1m\u{1b}[36mswiftly\u{1b}[0m"), "{coloured:?}");
}

#[test]
fn exit_codes_are_those_of_the_contract() {
    let world = World::empty();
    let check = |args: &[&str], code: i32, word: &str| {
        let said = world.run(args);
        assert_eq!((said.code, said.out.as_str()), (code, ""), "{args:?}: {}", said.err);
        assert!(said.err.contains(word), "{args:?}: {}", said.err);
    };
    check(&["nonsense"], 2, "unrecognized subcommand");
    fs::write(world.path("tieback.db"), "").unwrap();
    check(
        &["stories", "--since", "soon"],
        2,
        "cannot read `soon` as a day, a moment or a time ago\nhint: write a day (2026-11-23, 23/11/2026, ",
    );
    for to_come in ["2024-03-06", "6/3/2024", "2024-03-05T07:00:01Z"] {
        for command in ["stories", "reports", "summary", "digest"] {
            fs::write(world.path("tieback.db"), "").unwrap();
            check(&[command, "--since", to_come], 2, "is still to come\nhint: name a day or moment that has been");
        }
    }
    fs::remove_file(world.path("tieback.db")).unwrap();
    for command in ["stories", "reports", "review"] {
        check(&[command, "--limit", "0"], 2, "expected 1 or more");
    }
    check(&["search", "x", "--limit", "0"], 2, "expected 1 or more");
    check(&["show"], 2, "<ID>");
    for args in
        [&["stories"][..], &["summary"], &["show", "s-1"], &["check"], &["backup", "x.db"], &["review"], &["keep", "s-1"], &["features"]]
    {
        check(args, 6, "there is no database at `");
    }
    assert!(!world.path("tieback.db").exists(), "a look makes no database");
    fs::write(world.path("tieback.db"), "not a database, but a text that somebody put there").unwrap();
    check(&["stories"], 6, "hint: ");
    fs::write(world.path("config.toml"), "contact = ").unwrap();
    check(&["stories"], 3, "config.toml:1:");
    // What needs no configuration works with a broken one.
    for args in [&["man"][..], &["completions", "zsh"]] {
        assert_eq!(world.run(args).code, 0, "{args:?}");
    }
}

#[test]
fn every_command_teaches_by_example() {
    let world = World::empty();
    let help = said(&mut world.bare(&["--help"])).out;
    let commands: Vec<&str> = help
        .split("Commands:\n")
        .nth(1)
        .unwrap()
        .lines()
        .take_while(|line| line.starts_with("  "))
        .filter(|line| !line.starts_with("    "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.len() > 20 && !commands.contains(&"features") && !commands.contains(&"read-report"), "{commands:?}");
    for command in commands.iter().filter(|command| !matches!(**command, "help" | "demo")) {
        let help = said(&mut world.bare(&[command, "--help"])).out;
        assert!(help.contains("Example") && help.contains(&format!("tieback {command}")), "{command}:\n{help}");
        for line in help.lines().filter(|line| line.trim_start().starts_with("tieback ")) {
            assert!(line.len() <= 100, "{line}");
        }
    }
    for sub in ["list", "check", "import", "export"] {
        assert!(said(&mut world.bare(&["sources", sub, "--help"])).out.contains(&format!("tieback sources {sub}")), "{sub}");
    }
    let review = said(&mut world.bare(&["review", "--help"])).out;
    assert!(review.contains("`tie`, `untie`, `keep`,"), "{review}");
}

#[test]
fn the_manual_names_every_command_and_option() {
    let world = World::empty();
    let man = said(&mut world.bare(&["man"])).out;
    for word in [".TH tieback 1", "TIEBACK SOURCES IMPORT", "TIEBACK FORGET", "\\-\\-database", "Exit codes", "\\-\\-uncovered"] {
        assert!(man.contains(word), "{word}");
    }
    assert!(man.is_ascii(), "groff reads Latin-1");
    assert!(!man.contains("READ\\-REPORT") && !man.contains("TIEBACK FEATURES"));
    assert_eq!(man.matches("\\-\\-database\\fR \\fI").count(), 1, "options of every command are told once");
}

#[test]
fn each_command_has_a_manual_page_of_its_own() {
    let world = World::empty();
    assert_eq!(said(&mut world.bare(&["man", "--folder", "pages"])).code, 0);
    let page = |name: &str| std::fs::read_to_string(world.path("pages").join(format!("{name}.1"))).unwrap();
    assert!(page("tieback").contains("TIEBACK FORGET"));
    for (name, word) in
        [("tieback-run", "retie"), ("tieback-sources-import", "OPML"), ("tieback-review", "keys that decide"), ("tieback-undo", "EXAMPLE")]
    {
        let text = page(name);
        assert!(text.contains(&format!(".TH {name} 1")) && text.is_ascii(), "{name}");
        assert!(text.contains(word), "{name}: no {word}");
    }
    assert!(!world.path("pages").join("tieback-read-report.1").exists());
}

#[test]
fn the_log_can_be_lines_of_json() {
    let world = World::new();
    let told = world.run(&["run", "--retie", "--log", "json"]).err;
    let lines: Vec<serde_json::Value> = told.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect();
    let end = lines.iter().find(|line| line["message"] == "the run ended").unwrap();
    assert!(end["judged"].as_u64() > Some(0) && end["level"] == "INFO", "{end}");
    let wrong = world.run(&["stories", "--since", "soon", "--log", "json"]).err;
    let wrong: serde_json::Value = serde_json::from_str(&wrong).unwrap();
    assert!(wrong["level"] == "ERROR" && wrong["exit"] == 2 && wrong["hint"].as_str().unwrap().starts_with("write a day"), "{wrong}");
    let kept: serde_json::Value = serde_json::from_str(&world.run(&["keep", "s-aa01", "--log", "json"]).err).unwrap();
    assert!(kept["level"] == "INFO" && kept["message"].as_str().unwrap().starts_with("kept: "), "{kept}");
    assert_eq!(world.run(&["run", "--retie", "--log", "json", "-q"]).err, "");
}

#[test]
fn the_same_twice_prints_the_same_bytes() {
    let world = World::new();
    for args in [&["stories"][..], &["review"], &["digest"], &["show", "s-aa01", "--json"], &["features"], &["summary"]] {
        assert_eq!(world.out(args), world.out(args), "{args:?}");
    }
}

#[test]
fn shells_are_offered_what_a_person_would_type() {
    let world = World::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let offered = said(&mut world.bare(&["completions", shell])).out;
        for word in ["restore", "uncovered", "reader"] {
            assert!(offered.contains(word), "{shell}: no {word}");
        }
        for hidden in ["read-report", "features", "--now"] {
            assert!(!offered.contains(hidden), "{shell}: {hidden}");
        }
    }
}

#[test]
fn shells_are_offered_names() {
    let world = World::empty();
    let config = fs::read_to_string(world.path("config.toml")).unwrap();
    fs::write(world.path("config.toml"), format!("{config}\n[[watch]]\nname = \"Our Patch\"\noutlets = [\"Bugle\"]\n")).unwrap();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let offered = world.out(&["completions", shell]);
        for name in ["north-yorkshire", "bay-chronicle", "our-patch"] {
            assert!(offered.contains(name) || matches!(shell, "elvish" | "powershell"), "{shell}: no {name}");
        }
    }
    let world = World::new();
    assert_eq!(world.run(&["authority", "north-yorkshire"]).code, 0);
    assert!(world.out(&["stories", "--outlet", "bay-chronicle"]).contains("s-ab01"));
    let none = world.run(&["run", "--source", "bay-chronicl"]);
    assert!(none.code == 2 && none.err.contains("did you mean `Bay Chronicle`?"), "{}", none.err);
    assert_ne!(world.run(&["run", "--source", "quiet-post"]).code, 2);
}

#[test]
fn the_usage_names_only_what_is_to_be_typed() {
    let world = World::new();
    let bare = |args: &[&str]| {
        let mut command = world.bare(args);
        command.env("TIEBACK_CONFIG", world.path("config.toml")).env("TIEBACK_DATABASE", world.path("tieback.db"));
        said(&mut command)
    };
    let wrong = bare(&["show"]);
    assert!(wrong.code == 2 && wrong.err.contains("Usage: tieback show <ID>\n"), "{}", wrong.err);
    let listed = bare(&["stories", "--json"]);
    assert!(listed.code == 0 && listed.out.contains("s-aa01"), "the environment names the files: {}", listed.err);
}
