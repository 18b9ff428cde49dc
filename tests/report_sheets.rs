//! Every shape of report, as a sheet of directives and the reading it must give, side by side in `tests/reports`.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "common/councils.rs"]
mod councils;
#[path = "common/reading.rs"]
mod reading;
#[path = "common/sheet.rs"]
mod sheet;

use std::path::Path;

use tieback::model::report::ReportHints;
use tieback::read::report::read;

/// Reads each `NAME.sheet` and compares with `NAME.expected`; with `UPDATE_EXPECTED=1` writes it instead, to be looked at.
#[test]
fn sheets_give_what_is_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports");
    let mut seen = 0;
    let mut wrong = Vec::new();
    let mut names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    for path in names.iter().filter(|path| path.extension().is_some_and(|extension| extension == "sheet")) {
        seen += 1;
        let file = sheet::pdf(&std::fs::read_to_string(path).unwrap());
        let found = reading::render(&read(&file, &ReportHints::default(), &councils::gazetteer()).unwrap());
        let expected = path.with_extension("expected");
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            std::fs::write(&expected, &found).unwrap();
        }
        let wanted = std::fs::read_to_string(&expected).unwrap_or_default();
        if wanted != found {
            wrong.push(format!("{}:\n{}", path.display(), difference(&wanted, &found)));
        }
    }
    assert!(seen >= 17, "only {seen} sheets were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The lines that only one side has.
fn difference(wanted: &str, found: &str) -> String {
    let only = |one: &str, other: &str, sign: &str| {
        let other: Vec<&str> = other.lines().collect();
        one.lines().filter(|line| !other.contains(line)).map(|line| format!("{sign} {line}\n")).collect::<String>()
    };
    only(wanted, found, "-") + &only(found, wanted, "+")
}
