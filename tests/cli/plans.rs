//! How SQLite goes about each statement that a reading command makes: none may go through a large table to show a page.

use std::collections::BTreeSet;

use rusqlite::{Connection, functions::FunctionFlags};

use crate::{watch::watching, world::World};

/// Tables that stay small, or whose rows are few beside the stories; lists within a statement.
const SMALL: [&str; 15] = [
    "json_each", "hit", "each", "wanted", "report", "provider", "publication", "source", "work", "run", "news", "about", "found", "host",
    "robots",
];

/// The reading commands, with what chooses other statements.
const READING: [&[&str]; 60] = [
    &["summary", "--since", "9d"],
    &["summary", "--mark"],
    &["digest", "--since", "9d"],
    &["stories"],
    &["stories", "--irrelevant"],
    &["stories", "--since", "9d"],
    &["stories", "--irrelevant", "--since", "9d"],
    &["stories", "--state", "tied"],
    &["stories", "--state", "possible"],
    &["stories", "--state", "waiting"],
    &["stories", "--state", "none"],
    &["stories", "--review", "new"],
    &["stories", "--review", "kept"],
    &["stories", "--review", "discarded", "--irrelevant"],
    &["stories", "--authority", "poole"],
    &["stories", "--authority", "poole", "--since", "9d", "--state", "tied"],
    &["reports"],
    &["reports", "--uncovered", "--doubts", "--since", "900d"],
    &["reports", "--authority", "poole"],
    &["review"],
    &["review", "--skip", "1"],
    &["show", "s-aa01"],
    &["show", "r-50001", "--text"],
    &["authority", "bournemouth", "christchurch"],
    &["search", "swiftly", "care"],
    &["search", "swift"],
    &["sources"],
    &["summary", "--since", "9d", "--watch", "roofs"],
    &["summary", "--json", "--reader", "ann"],
    &["digest", "--watch", "roofs"],
    &["digest", "--authority", "poole"],
    &["digest", "--format", "html", "--outlet", "Bay Chronicle"],
    &["stories", "--watch", "poole"],
    &["stories", "--watch", "roofs", "--outlet", "Bay Chronicle"],
    &["stories", "--framework", "ilacs", "--grade", "good"],
    &["stories", "--until", "2024-03-01", "--state", "possible"],
    &["reports", "--watch", "poole", "--framework", "ilacs", "--grade", "good"],
    &["review", "--list"],
    &["review", "--watch", "roofs"],
    &["review", "--authority", "poole", "--json"],
    &["show", "s-aa01", "--json"],
    &["show", "r-50001", "--json"],
    &["search", "\"acted swiftly\"", "OR", "care", "-marrow"],
    &["search", "swiftly", "--watch", "poole"],
    &["search", "swiftly", "--watch", "roofs"],
    &["search", "swiftly", "--authority", "poole", "--since", "9d"],
    &["search", "swiftly", "--framework", "ilacs", "--grade", "good"],
    &["search", "swiftly", "--outlet", "Bay Chronicle", "--until", "2024-03-01"],
    &["search", "swiftly", "--grade-differs"],
    &["stories", "--grade-differs"],
    &["stories", "--irrelevant", "--until", "2024-03-01"],
    &["stories", "--outlet", "nobody’s", "--irrelevant"],
    &["stories", "--authority", "achieving for children"],
    &["reports", "--outlet", "Bay Chronicle", "--until", "2024-03-01"],
    &["reports", "--grade-differs", "--watch", "roofs"],
    &["review", "--framework", "ilacs", "--grade", "good"],
    &["review", "--outlet", "Bay Chronicle", "--since", "9d"],
    &["review", "--grade-differs", "--skip", "1"],
    &["review", "--watch", "poole", "--until", "2024-03-01"],
    &["summary", "--watch", "poole", "--since", "9d"],
];

/// What commands ask, each with the statements that SQLite was given.
fn asked(world: &World, commands: &[&[&str]]) -> BTreeSet<String> {
    let mut statements = BTreeSet::new();
    for args in commands {
        let output = world.command(args).env("TIEBACK_LOG", "tieback::store=trace").output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{args:?}: {said}");
        let told = said.lines().filter_map(|line| line.split_once("TRACE ")).map(|(_, statement)| statement.trim().to_owned());
        let before = statements.len();
        // What FTS5 asks of its own tables is its own affair.
        let is_ours = |statement: &String| statement.starts_with("SELECT") && !statement.contains("'main'.");
        statements.extend(told.filter(is_ours));
        assert!(!statements.is_empty() && statements.len() >= before, "{args:?} asked nothing");
    }
    statements
}

/// Each statement with some words that a command has SQLite work at, as often as it does.
fn told(world: &World, args: &[&str], words: &str) -> Vec<String> {
    let output = world.command(args).env("TIEBACK_LOG", "tieback::store=trace").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let told = said.lines().filter_map(|line| line.split_once("TRACE ")).map(|(_, statement)| statement.trim().to_owned());
    told.filter(|statement| statement.contains(words)).collect()
}

/// A world with so many stories more of one outlet and one council, all with the words of a watch, that no list begins with them.
fn crowded() -> World {
    let world = watching("");
    let each = "WITH RECURSIVE each (n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM each WHERE n < 6100)";
    let waits = r#"{"authority":"Poole","framework":"ILACS","around":null}"#;
    let mut db = opened(&world);
    let all = db.transaction().unwrap();
    all.execute_batch(&format!(
        "
        INSERT INTO piece (id, first_seen, state, waiting_for)
        {each} SELECT 's-many' || n, '2024-01-01T00:00:00Z', 'waiting', '{waits}' FROM each;
        INSERT INTO story (n, id, source, url, outlet, title, first_seen, summary, words, walled, area, relevant, piece)
        {each} SELECT n, 's-many' || n, 'Bay', 'https://many.example/' || n, 'Bay Chronicle', 'Many', '2024-01-01T00:00:00Z', '', 9, 0, '[]', 1,
                      's-many' || n
               FROM each;
        INSERT INTO story_authority (story, place, authority) {each} SELECT 's-many' || n, 0, 'Poole' FROM each;
        INSERT INTO story_fts (rowid, title, text) {each} SELECT n, 'Swiftly and with care', '' FROM each;"
    ))
    .unwrap();
    all.commit().unwrap();
    world
}

/// The database of a world, with what the program gives SQL: a plan needs the name and nothing more.
fn opened(world: &World) -> Connection {
    let db = Connection::open(world.path("tieback.db")).unwrap();
    db.create_scalar_function("unpacked", 1, FunctionFlags::SQLITE_UTF8, |_| Ok(String::new())).unwrap();
    db
}

fn plan(db: &Connection, statement: &str) -> Vec<String> {
    let mut select = db.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
    // Nothing need be bound for a plan.
    let mut rows = select.raw_query();
    let mut plan: Vec<String> = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        plan.push(row.get("detail").unwrap());
    }
    plan
}

/// The lines of a plan that go through a table from end to end, and whether it stops where it has enough.
fn scans(db: &Connection, statement: &str) -> Vec<String> {
    let plan = plan(db, statement);
    let sorts = plan.iter().any(|line| line.contains("TEMP B-TREE FOR ORDER BY"));
    let stops = statement.contains(" LIMIT ") && !sorts;
    let is_scan = |line: &String| {
        // To make such a filter all rows are gone through.
        if line.starts_with("BLOOM FILTER") {
            return true;
        }
        let Some(rest) = line.strip_prefix("SCAN ") else { return false };
        let table = rest.split(' ').next().unwrap_or_default();
        // What is open was listed before, by its indexes.
        let is_open = rest == "piece" && statement.contains("FROM open AS piece");
        // An index of its own for what is shown is gone through for a count; a word is looked up in a search index.
        let is_part = rest.contains("INDEX piece_") || rest.contains("INDEX tie_differs");
        let is_match = table.ends_with("_fts")
            && rest.contains("VIRTUAL TABLE INDEX")
            && rest.split(':').nth(1).is_some_and(|plan| plan.contains('M'));
        !(SMALL.contains(&table)
            || table.starts_with('(')
            || table.starts_with("pragma_")
            || table == "CONSTANT"
            || is_part
            || is_open
            || stops
            || is_match && statement.contains(" LIMIT "))
    };
    plan.into_iter().filter(is_scan).collect()
}

#[test]
fn no_reading_statement_goes_through_a_large_table() {
    let world = watching("");
    let statements = asked(&world, &READING);
    assert!(statements.len() > 80, "only {} statements", statements.len());
    let db = opened(&world);
    let bad: Vec<_> =
        statements.iter().map(|statement| (scans(&db, statement), statement)).filter(|(scans, _)| !scans.is_empty()).collect();
    assert!(bad.is_empty(), "{bad:#?}");
}

#[test]
fn a_run_with_nothing_due_goes_through_no_large_table() {
    let world = watching("");
    world.out(&["run", "--retie", "-q"]);
    let db = opened(&world);
    let statements = asked(&world, &[&["run", "--retie", "-q"]]);
    let bad: Vec<_> =
        statements.iter().map(|statement| (scans(&db, statement), statement)).filter(|(scans, _)| !scans.is_empty()).collect();
    assert!(bad.is_empty(), "{bad:#?}");
}

#[test]
fn a_run_asks_for_the_latest_time_without_going_through_the_stories() {
    let world = World::new();
    let output = world.command(&["run", "--retie", "-q"]).env("TIEBACK_LOG", "tieback::store=trace").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let told = said.lines().filter_map(|line| line.split_once("TRACE ")).map(|(_, statement)| statement.trim());
    let latest: Vec<&str> = told.filter(|statement| statement.contains("max(first_seen)")).collect();
    assert!(!latest.is_empty(), "{said}");
    let db = opened(&world);
    assert!(latest.iter().all(|statement| scans(&db, statement).is_empty()), "{latest:#?}");
}

#[test]
fn going_through_a_large_table_is_seen() {
    let world = World::new();
    let db = opened(&world);
    for statement in [
        "SELECT id FROM story",
        "SELECT id FROM story WHERE relevant = 1 ORDER BY title LIMIT 5",
        "SELECT count(*) FROM tie",
        "SELECT rowid FROM story_fts WHERE story_fts MATCH 'a'",
        "SELECT rowid FROM passage_fts",
        "SELECT id FROM story WHERE (?1 IS NULL OR id = ?1)",
    ] {
        assert_ne!(scans(&db, statement), [""; 0], "{statement}");
    }
    assert_eq!(scans(&db, "SELECT id FROM story WHERE id = 'x'"), [""; 0]);
}

#[test]
fn what_was_seen_by_a_day_is_not_looked_for_among_what_came_since() {
    let world = watching("");
    let db = opened(&world);
    for (args, index) in [(&["stories"][..], "piece_shown (at<?"), (&["stories", "--irrelevant"], "story_newest (<expr><?")] {
        let statements = asked(&world, &[&[args, &["--until", "2024-03-01"]].concat()]);
        let list = statements.iter().find(|statement| statement.contains(":until_at")).unwrap();
        let plan = plan(&db, list);
        assert!(plan.iter().any(|line| line.contains(index)), "{args:?}: {plan:#?}");
    }
}

#[test]
fn few_pieces_are_gone_through_once_for_a_queue() {
    let world = watching("");
    let statements = asked(&world, &[&["review", "--list", "--authority", "poole"]]);
    let of_few: Vec<&String> = statements.iter().filter(|statement| statement.contains(":few")).collect();
    assert_eq!(of_few.len(), 1, "{of_few:#?}");
}

#[test]
fn of_what_many_fit_nothing_is_read_of_others_but_an_index() {
    let world = crowded();
    let db = opened(&world);
    let outlet = ["--outlet", "Bay Chronicle"];
    let copy = "SEARCH copy USING COVERING INDEX story_outlet (outlet=? AND piece=?)";
    let named = "SEARCH story_authority USING COVERING INDEX story_authority_ours (authority=?)";
    for (args, index, also) in [
        (["review", outlet[0], outlet[1]], "piece_undecided", copy),
        (["review", outlet[0], outlet[1]], "piece_unseen", copy),
        (["stories", outlet[0], outlet[1]], "piece_shown", copy),
        (["reports", outlet[0], outlet[1]], "report_newest", copy),
        (["review", "--authority", "poole"], "piece_undecided", named),
        (["review", "--authority", "poole"], "piece_unseen", named),
        (["stories", "--authority=poole", "--outlet=Bay Chronicle"], "piece_shown", named),
        (["review", "--authority=poole", "--outlet=Bay Chronicle"], "piece_unseen", named),
        (["review", "--framework", "ilacs"], "piece_undecided", "SCAN waiting USING COVERING INDEX piece_waits"),
        (["review", "--framework", "ilacs"], "piece_unseen", "SEARCH tied USING COVERING INDEX report_framework"),
    ] {
        let statements = asked(&world, &[&args]);
        let is_seen = |plan: &Vec<String>| {
            let of_all = |line: &String| line.starts_with("SCAN ") && line.contains(index);
            plan.iter().any(|line| of_all(line) && (line.contains("COVERING") || index == "report_newest"))
                && plan.iter().any(|line| line.contains(also))
        };
        let plans: Vec<Vec<String>> = statements.iter().map(|statement| plan(&db, statement)).collect();
        assert!(plans.iter().any(is_seen), "{args:?}, {index}: {plans:#?}");
        let scans: Vec<_> = statements.iter().flat_map(|statement| scans(&db, statement)).collect();
        assert!(scans.is_empty(), "{args:?}: {scans:#?}");
    }
}

#[test]
fn the_words_of_a_watch_are_looked_for_once_in_what_is_open() {
    for (world, is_listed) in [(watching(""), false), (crowded(), true)] {
        let asked = told(&world, &["summary", "--since", "9d", "--watch", "roofs"], "MATCH :words");
        assert_eq!(asked.len(), 2, "one counts them: {asked:#?}");
        let plan = plan(&opened(&world), &asked[1]);
        let looked_for = plan.iter().filter(|line| line.starts_with("SCAN story_fts")).count();
        assert_eq!((plan.contains(&"MATERIALIZE open".to_owned()), looked_for), (is_listed, 1), "{plan:#?}");
    }
}
