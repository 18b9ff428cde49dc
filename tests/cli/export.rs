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
