//! Holds `schema.sql` against the database that the migrations make.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::{
    filter::LATE_HOURS,
    migrate::{MIGRATIONS, migrate},
};

const SCHEMA: &str = include_str!("schema.sql");

/// Tables, indices and triggers by name, without comments, each white space a single space.
fn objects(db: &Connection) -> BTreeMap<String, String> {
    let mut select = db.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT GLOB '*_fts_*'").unwrap();
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?))).unwrap();
    rows.map(|row| row.map(|(name, sql)| (name, plain(&sql))).unwrap()).collect()
}

fn plain(sql: &str) -> String {
    let code: Vec<&str> = sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    // What ALTER TABLE adds has other spaces around it.
    code.join(" ").split_whitespace().collect::<Vec<_>>().join(" ").replace(" )", ")").replace(" ,", ",")
}

fn migrated() -> Connection {
    let db = Connection::open_in_memory().unwrap();
    migrate(&db, MIGRATIONS).unwrap();
    db
}

#[test]
fn the_schema_is_what_the_migrations_make() {
    let documented = Connection::open_in_memory().unwrap();
    documented.execute_batch(SCHEMA).unwrap();
    assert_eq!(objects(&documented), objects(&migrated()));
}

#[test]
fn what_is_late_is_so_after_the_same_time_everywhere() {
    let late = format!("'+{LATE_HOURS} hours'");
    let made = objects(&migrated());
    let said: Vec<&String> = made.values().filter(|sql| sql.contains(" hours'")).collect();
    assert!(said.len() >= 2 && said.iter().all(|sql| sql.matches(" hours'").count() == sql.matches(&late).count()), "{said:?}");
}

#[test]
fn every_table_and_column_is_explained() {
    let db = migrated();
    let mut select = db
        .prepare(
            "
            SELECT tables.name, columns.name
            FROM pragma_table_list AS tables JOIN pragma_table_info (tables.name) AS columns
            WHERE tables.schema = 'main' AND tables.name NOT LIKE 'sqlite_%' AND tables.name NOT GLOB '*_fts_*'",
        )
        .unwrap();
    let columns = select.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))).unwrap();
    let mut seen = 0;
    for column in columns {
        let (table, column) = column.unwrap();
        assert!(explained(&table, &column), "schema.sql does not explain {table}.{column}");
        seen += 1;
    }
    assert!(seen > 150, "only {seen} columns");
}

/// True if a comment stands above the table, and one beside the column within it.
fn explained(table: &str, column: &str) -> bool {
    let lines: Vec<&str> = SCHEMA.lines().collect();
    let heads = [format!("CREATE TABLE {table} ("), format!("CREATE VIRTUAL TABLE {table} USING"), format!("CREATE VIEW {table} (")];
    let Some(at) = lines.iter().position(|line| heads.iter().any(|head| line.starts_with(head))) else { return false };
    let mut body = lines[at..].iter().take_while(|line| !line.starts_with(')'));
    let told = |line: &&&str| {
        let name = line.split_whitespace().next().unwrap_or_default().trim_end_matches(',');
        name == column && line.split_once("-- ").is_some_and(|(_, comment)| comment.len() > 3)
    };
    at > 0 && lines[at - 1].starts_with("-- ") && body.any(|line| told(&line))
}

#[test]
fn every_table_but_the_indices_is_strict() {
    let loose: Vec<String> = migrated()
        .prepare("SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(loose, [""; 0]);
}

#[test]
fn decisions_cannot_be_rewritten() {
    let db = migrated();
    db.execute("INSERT INTO story (id, source, url, outlet, title, first_seen, summary, words, walled, area) VALUES ('s', '', '', '', '', '', '', 0, 0, '')", []).unwrap();
    db.execute("INSERT INTO decision (at, story) VALUES ('', 's')", []).unwrap();
    assert!(db.execute("UPDATE decision SET at = 'x'", []).is_err());
}

/// `docs/DATA.md`: each table and view with what its columns mean, made from the comments of `schema.sql`.
fn dictionary() -> String {
    let mut out = "# Data dictionary\n\nWhat stands in the database, made from `src/store/schema.sql` by its test (`UPDATE_GOLDEN=1 cargo test --lib \
                   store::schema`). Times are RFC 3339\nin UTC, days `2017-11-24`, yes and no 1 and 0. The views `stories`, `reports`, `judgements`, `ties` \
                   and `grades_then` are\nfor other programs: SQLite 3.40, Datasette, sqlite-utils and pandas read them (`tests/readers/run`).\n"
        .to_owned();
    let (mut about, mut inside): (Vec<&str>, bool) = (Vec::new(), false);
    for line in SCHEMA.lines() {
        let created = ["CREATE TABLE ", "CREATE VIEW ", "CREATE VIRTUAL TABLE "].into_iter().find_map(|start| line.strip_prefix(start));
        match (created, line.strip_prefix("-- ")) {
            (_, Some(title)) if title.starts_with("──") => {
                out.push_str(&format!("\n## {}\n", title.trim_matches(['─', ' '])));
                about.clear();
            }
            (_, Some(comment)) => about.push(comment),
            (Some(created), _) => {
                let name = created.split([' ', '(']).next().unwrap_or_default();
                let kind = if line.contains("VIEW") { "view" } else { "table" };
                out.push_str(&format!("\n### `{name}` ({kind})\n\n{}\n\n| column | meaning |\n|---|---|\n", about.join("\n")));
                (inside, about) = (true, Vec::new());
            }
            _ if line.starts_with(')') || line.is_empty() => {
                inside = false;
                about.clear();
            }
            _ if inside => out.push_str(&column(line)),
            _ => {}
        }
    }
    out
}

/// A row of the dictionary; nothing for a line that is no column.
fn column(line: &str) -> String {
    let Some((code, meaning)) = line.split_once("--") else { return String::new() };
    let name = code.trim().split([' ', ',']).next().unwrap_or_default();
    format!("| `{name}` | {} |\n", meaning.trim().replace('|', "\\|"))
}

#[test]
fn the_data_dictionary_is_that_of_the_schema() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/DATA.md");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, dictionary()).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == dictionary(), "docs/DATA.md differs: UPDATE_GOLDEN=1 cargo test --lib store::schema");
}
