//! CSV (RFC 4180) of JSON objects: a column a key, lists and objects as JSON, and no cell that a spreadsheet would run.

use serde_json::Value;

use crate::model::text::is_hostile;

/// The keys of an object as the first row.
pub fn heading(value: &Value) -> String {
    line(value.as_object().into_iter().flat_map(|object| object.keys().cloned()))
}

/// The values of an object as a row, in the order of its keys.
pub fn row(value: &Value) -> String {
    line(value.as_object().into_iter().flat_map(|object| object.values().map(cell)))
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => harmless(text),
        Value::Array(list) if list.iter().all(Value::is_string) => {
            harmless(&list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("; "))
        }
        other => harmless(&other.to_string()),
    }
}

/// A cell that begins like a formula gets an apostrophe, which spreadsheets show as text. Characters that steer a terminal
/// are left out.
fn harmless(text: &str) -> String {
    let text: String = text.chars().filter(|char| matches!(char, '\n' | '\r' | '\t') || !is_hostile(*char)).collect();
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err() { format!("'{text}") } else { text }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let mut line = cells
        .map(|cell| if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell })
        .collect::<Vec<_>>()
        .join(",");
    line.push_str("\r\n");
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cells_are_quoted_and_no_formula_runs() {
        let value = json!({"a": "one, \"two\"", "b": "=1+1", "c": ["x", "y"], "d": null, "e": -0.5});
        assert_eq!(row(&json!({"a": "\u{1b}[2J\u{202e}=1+1\nb"})), "\"[2J=1+1\nb\"\r\n");
        assert_eq!(row(&json!({"a": "\u{202e}=1+1"})), "'=1+1\r\n");
        assert_eq!(heading(&value), "a,b,c,d,e\r\n");
        assert_eq!(row(&value), "\"one, \"\"two\"\"\",'=1+1,x; y,,-0.5\r\n");
    }
}
