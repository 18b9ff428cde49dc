//! What the documents say, held against the program: commands, exit codes, settings, the demo's output, the import table.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use clap::{Command, CommandFactory};
use tieback::cli::Cli;

const README: &str = include_str!("../README.md");
const ARCHITECTURE: &str = include_str!("../docs/ARCHITECTURE.md");
const DEFAULT: &str = include_str!("../config/default.toml");
const MANIFEST: &str = include_str!("../Cargo.toml");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The rows of all tables of a document, by their cells.
fn rows(document: &str) -> impl Iterator<Item = Vec<&str>> {
    document.lines().filter_map(|line| Some(line.strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim).collect()))
}

/// What stands between back quotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn fenced(document: &str) -> impl Iterator<Item = &str> {
    document.split("\n```").skip(1).step_by(2).map(|block| block.split_once('\n').map_or("", |(_, text)| text))
}

fn commands() -> Vec<Command> {
    Cli::command().get_subcommands().filter(|command| !command.is_hide_set() && command.get_name() != "help").cloned().collect()
}

#[test]
fn the_readme_names_every_command() {
    for command in commands() {
        let name = format!("tieback {}", command.get_name());
        let named = README.match_indices(&name).any(|(at, _)| !README[at + name.len()..].starts_with(|next: char| next.is_alphanumeric()));
        assert!(named, "README.md does not name `{name}`");
    }
}

#[test]
fn the_readme_names_no_command_that_is_not_there() {
    let known: BTreeSet<String> = commands().iter().map(|command| command.get_name().to_owned()).collect();
    let typed =
        fenced(README).flat_map(str::lines).chain(quoted(README)).filter(|line| line.starts_with("tieback ") && !line.contains('\n'));
    for line in typed {
        let word = line.split_whitespace().nth(1).unwrap();
        let is_word = word.chars().all(|char| char.is_ascii_lowercase());
        assert!(!is_word || known.contains(word), "README.md: `{line}`");
    }
}

#[test]
fn the_readmes_two_commands_are_there() {
    let blocks: Vec<&str> = fenced(README).map(str::trim).collect();
    assert_eq!(blocks[..2], ["cargo run --release -- demo", "cargo test --release"]);
    assert!(commands().iter().any(|command| command.get_name() == "demo"));
}

#[test]
fn the_exit_codes_are_those_of_the_help() {
    let help = Cli::command().get_after_help().unwrap().to_string().replace('\n', " ");
    let told = help.split_once("Exit codes: ").unwrap().1.trim_end_matches('.');
    let told: BTreeMap<&str, &str> = told.split("; ").map(|code| code.split_once(' ').unwrap()).collect();
    let written: BTreeMap<&str, &str> =
        rows(README).filter(|row| row.len() == 2 && row[0].parse::<u8>().is_ok()).map(|row| (row[0], row[1])).collect();
    assert_eq!(told.len(), 8);
    assert_eq!(written, told);
}

/// Keys of the built-in configuration before its first source, as the README writes them, with what stands behind them.
fn settings() -> BTreeMap<String, String> {
    let mut table = String::new();
    let mut found = BTreeMap::new();
    for line in DEFAULT.split("# Sources. The keys of each:").next().unwrap().lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            table = format!("{name}.");
        }
        let (commented, line) = line.strip_prefix("# ").map_or((false, line), |line| (true, line));
        let Some((key, value)) = line.split_once(" = ") else { continue };
        if key.chars().all(|char| char.is_ascii_lowercase() || char == '_') {
            found.insert(format!("{table}{key}"), if commented { "none".to_owned() } else { format!("`{value}`") });
        }
    }
    found
}

#[test]
fn the_readme_has_every_setting_with_its_default() {
    let settings = settings();
    assert!(settings.len() >= 11, "{settings:?}");
    for (key, default) in settings {
        let row = rows(README).find(|row| row[0] == format!("`{key}`")).unwrap_or_else(|| panic!("README.md has no row for `{key}`"));
        assert_eq!(row[1], default, "{key}");
    }
}

#[test]
fn the_readme_has_every_key_of_a_source() {
    let keys = DEFAULT.split("# Sources. The keys of each:").nth(1).unwrap().lines().skip(1).take_while(|line| line.starts_with('#'));
    let keys: Vec<&str> = keys
        .filter_map(|line| line.strip_prefix("# ").and_then(|line| line.split_once("  ")))
        .map(|(key, _)| key)
        .filter(|key| !key.is_empty())
        .collect();
    assert!(keys.len() >= 11, "{keys:?}");
    for key in keys {
        assert!(rows(README).any(|row| row[0] == format!("`{key}`")), "README.md has no row for `{key}`");
    }
}

#[test]
fn the_readme_shows_what_the_demo_prints() {
    let told = include_str!("demo/stderr.txt").split("\n\n").next().unwrap();
    let output = format!("{told}\n\n{}", include_str!("demo/summary.txt"));
    let shown = README.split_once("<!-- demo:").unwrap().1;
    let shown = fenced(shown).next().unwrap();
    let mut from = 0;
    for part in shown.split("[…]").map(|part| part.trim_matches('\n')) {
        let at = output[from..].find(part).unwrap_or_else(|| panic!("not in the demo's output, or not in this order:\n{part}"));
        from += at + part.len();
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// `read` of `src/read/feed/mod.rs`, `cli` of `src/cli.rs`.
fn module(file: &Path) -> String {
    let below = file.strip_prefix(root().join("src")).unwrap();
    let first = below.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// The lines that are code: no comments.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
}

/// The modules of ours that a text names after `crate::`, alone or in braces.
fn imports(code: &str) -> BTreeSet<String> {
    let word = |text: &str| text.chars().take_while(|char| char.is_ascii_alphanumeric() || *char == '_').collect::<String>();
    let mut found = BTreeSet::new();
    for (at, path) in code.match_indices("crate::") {
        if code[..at].ends_with('$') {
            continue;
        }
        let after = &code[at + path.len()..];
        let Some(list) = after.strip_prefix('{') else {
            found.insert(word(after));
            continue;
        };
        let mut depth = 0;
        let mut starts = true;
        for (at, char) in list.char_indices() {
            match char {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => starts = true,
                char if starts && !char.is_whitespace() => {
                    found.insert(word(&list[at..]));
                    starts = false;
                }
                _ => {}
            }
        }
    }
    found
}

#[test]
fn imports_are_found_alone_and_in_braces() {
    let check = |code: &str, expected: &[&str]| {
        assert_eq!(imports(code), expected.iter().map(|name| (*name).to_owned()).collect(), "{code}");
    };
    check("use crate::model::text::{clean_line, words};", &["model"]);
    check("use crate::{\n    fetch::{a, b},\n    model::{c::{d, e}, f},\n};", &["fetch", "model"]);
    check("let x = crate::store::Store::open; $crate::hidden", &["store"]);
    check("use super::model;", &[]);
}

/// Of each module: what it may import of ours, and the crates it owns.
fn import_table() -> BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> {
    let table = ARCHITECTURE.split("## Who imports whom").nth(1).unwrap().split("\n## ").next().unwrap();
    let owned = |text: &str| quoted(text).map(str::to_owned).collect();
    let rows = rows(table).filter(|row| row[0].starts_with('`'));
    rows.map(|row| (row[0].trim_matches('`').to_owned(), (owned(row[1]), owned(row[2])))).collect()
}

#[test]
fn the_import_table_is_what_the_files_do() {
    let table = import_table();
    let src = root().join("src");
    let declared: BTreeSet<String> = fs::read_to_string(src.join("lib.rs"))
        .unwrap()
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';').map(str::to_owned))
        .collect();
    assert_eq!(table.keys().cloned().collect::<BTreeSet<_>>(), declared, "the table has a row for each module of lib.rs");
    let crates: BTreeSet<&String> = table.values().flat_map(|(_, crates)| crates).collect();
    let mut wrong = Vec::new();
    for file in files_below(&src) {
        let (module, code) = (module(&file), code(&fs::read_to_string(&file).unwrap()));
        if matches!(module.as_str(), "main" | "lib") {
            continue;
        }
        let (may, owns) = &table[&module];
        for name in imports(&code).iter().filter(|name| **name != module && declared.contains(*name) && !may.contains(*name)) {
            wrong.push(format!("{} imports {name}", file.display()));
        }
        for name in crates.iter().filter(|name| !owns.contains(**name)) {
            let names = |line: &str| {
                let line = line.trim_start();
                line.contains(&format!("{name}::")) && !line.contains(&format!("_{name}::")) && !line.contains(&format!("::{name}::"))
            };
            if code.lines().any(names) {
                wrong.push(format!("{} uses {name}", file.display()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// What a pure stage has no use for: files, network, tasks, the clock, the environment, printing.
const IMPURE: [&str; 12] = [
    "std::fs", "std::net", "std::env", "std::process", "tokio::", "async fn", "async move", "Timestamp::now", "Instant::now", "SystemTime",
    "println!", "eprintln!",
];

#[test]
fn the_pure_stages_have_no_input_output_or_clock() {
    for stage in ["model", "read", "dedupe", "tie", "digest", "summary", "review"] {
        let files = files_below(&root().join("src").join(stage));
        assert!(!files.is_empty(), "{stage}");
        for file in files {
            let text = code(&fs::read_to_string(&file).unwrap());
            let shipped = text.split("#[cfg(test)]").next().unwrap();
            let found: Vec<&str> = IMPURE.into_iter().filter(|word| shipped.contains(word)).collect();
            assert_eq!(found, Vec::<&str>::new(), "{}", file.display());
        }
    }
}

#[test]
fn the_crates_of_the_import_table_are_dependencies() {
    let dependencies: BTreeSet<String> =
        MANIFEST.lines().filter_map(|line| line.split_once(" =")).map(|(name, _)| name.replace('-', "_")).collect();
    for name in import_table().values().flat_map(|(_, crates)| crates) {
        assert!(dependencies.contains(name), "{name}");
    }
}

#[test]
fn the_tests_that_hold_the_invariants_are_there() {
    let held = ARCHITECTURE.split("## Invariants").nth(1).unwrap();
    let tests: Vec<&str> = rows(held).skip(2).map(|row| row[1].trim_matches('`')).collect();
    assert!(tests.len() >= 14, "{tests:?}");
    for test in tests {
        let (file, name) = test.split_once("::").unwrap();
        let text = fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(text.contains(&format!("fn {name}(")), "{file} has no `fn {name}`");
    }
}

#[test]
fn the_files_that_the_documents_name_are_there() {
    for (name, document) in [("README.md", README), ("ARCHITECTURE.md", ARCHITECTURE)] {
        let paths = quoted(document).filter(|word| {
            ["src/", "config/", "tests/", "docs/"].iter().any(|folder| word.starts_with(folder)) && !word.contains([' ', ':', '*'])
        });
        for path in paths {
            assert!(root().join(path).exists(), "{name} names {path}");
        }
    }
}

/// One word per thing: whoever reads a type's name knows which it is.
#[test]
fn a_types_name_stands_for_one_thing() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for file in files_below(&root().join("src")) {
        let text = std::fs::read_to_string(&file).unwrap();
        for line in text.lines() {
            let words: Vec<&str> =
                line.split([' ', '<', '(', ';', ':']).filter(|word| !word.starts_with("pub") && *word != "super)").collect();
            if let ["struct" | "enum" | "type" | "trait", name, ..] = words.as_slice() {
                let before = seen.insert((*name).to_owned(), file.display().to_string());
                assert!(before.is_none(), "{name} stands in {} and in {}", before.unwrap_or_default(), file.display());
            }
        }
    }
    assert!(seen.len() > 300, "{}", seen.len());
}
