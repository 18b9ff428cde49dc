//! Tables for spreadsheets: each with its columns in their order, one value a cell, and no formula.

use crate::world::{World, golden};

const TABLES: [&str; 6] = ["stories", "reports", "judgements", "ties", "quotations", "authorities"];

/// The records of a CSV text as Excel reads it.
fn records(text: &str) -> Vec<Vec<String>> {
    let text = text.strip_prefix('\u{feff}').expect("a mark by which Excel knows UTF-8");
    let (mut records, mut record, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '"' if quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                record.push(std::mem::take(&mut cell));
                records.push(std::mem::take(&mut record));
            }
            char => cell.push(char),
        }
    }
    assert!(record.is_empty() && cell.is_empty(), "the last line ends");
    records
}

#[test]
fn golden_tables() {
    let world = World::new();
    for table in &TABLES[..5] {
        golden(&format!("export-{table}.csv"), &world.out(&["export", table, "--format", "csv"]));
    }
    for table in ["judgements", "ties", "quotations"] {
        golden(&format!("export-{table}.jsonl"), &world.out(&["export", table]));
    }
}

#[test]
fn every_cell_holds_one_value_and_every_row_as_many() {
    let world = World::new();
    for table in TABLES {
        let records = records(&world.out(&["export", table, "--format", "csv"]));
        assert!(records.len() > 1, "{table}");
        for record in &records {
            assert_eq!(record.len(), records[0].len(), "{table}: {record:?}");
            for cell in record {
                assert!(!cell.starts_with(['[', '{', '=', '+', '@']), "{table}: {cell}");
            }
        }
    }
}

#[test]
fn an_empty_table_has_its_columns() {
    let world = World::empty();
    tieback::store::Store::open(&world.path("tieback.db")).unwrap();
    for table in &TABLES[..5] {
        assert_eq!(records(&world.out(&["export", table, "--format", "csv"])).len(), 1, "{table}");
        assert_eq!(world.out(&["export", table]), "");
    }
}

/// The first words of the rows behind a heading of the dictionary, up to the next heading of any kind.
fn told<'a>(dictionary: &'a str, heading: &str, table: &str) -> Vec<&'a str> {
    let part = dictionary.split(heading).nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = part.split(table).nth(1).unwrap().split("\n\n").next().unwrap();
    rows.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect()
}

/// The paths of all fields of a value: `ties[].evidence[].kind`.
fn paths(value: &serde_json::Value, below: &str, into: &mut std::collections::BTreeSet<String>) {
    match value {
        serde_json::Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            let path = if below.is_empty() { name.clone() } else { format!("{below}.{name}") };
            into.insert(path.clone());
            paths(value, &path, into);
        }),
        serde_json::Value::Array(values) => values.iter().for_each(|value| paths(value, &format!("{below}[]"), into)),
        _ => {}
    }
}

#[test]
fn the_dictionary_tells_of_every_column_and_field() {
    let (world, dictionary) = (World::new(), include_str!("../../docs/EXPORTS.md"));
    for table in TABLES {
        let heading = format!("## `export {table}`");
        let columns = told(dictionary, &heading, "| column | meaning |\n");
        assert_eq!(records(&world.out(&["export", table, "--format", "csv"]))[0], columns, "{table}");
        let mut found = std::collections::BTreeSet::new();
        for line in world.out(&["export", table]).lines() {
            paths(&serde_json::from_str(line).unwrap(), "", &mut found);
        }
        let has_fields = ["stories", "reports", "authorities"].contains(&table);
        let fields = if has_fields { told(dictionary, &heading, "| field | meaning |\n") } else { columns };
        let unknown: Vec<&String> = found.iter().filter(|path| !fields.contains(&path.as_str())).collect();
        assert!(unknown.is_empty(), "{table}: {unknown:?}");
        let missing: Vec<&&str> = fields.iter().filter(|field| !field.contains(['.', '[']) && !found.contains(**field)).collect();
        assert!(missing.is_empty(), "{table}: {missing:?}");
    }
}
