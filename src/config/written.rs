//! Sources written back as TOML, for lists taken in from elsewhere.

use super::units::spoken;
use crate::model::source::{Fallback, Source};

/// `[[source]]` tables that read back as the same sources; keys with their usual value are left out.
pub fn sources_as_toml(sources: &[Source]) -> String {
    sources.iter().map(source).collect::<Vec<_>>().join("\n")
}

fn source(source: &Source) -> String {
    let mut lines = vec![
        "[[source]]".to_owned(),
        format!("name = {}", quoted(&source.name)),
        format!("kind = \"{}\"", source.kind.as_str()),
        format!("url = {}", quoted(source.url.as_str())),
    ];
    if source.outlet != source.name {
        lines.push(format!("outlet = {}", quoted(&source.outlet)));
    }
    lines.push(format!("every = \"{}\"", spoken(source.every)));
    lines.extend(source.since.map(|since| format!("since = \"{since}\"")));
    lines.extend(source.links.as_deref().map(|links| format!("links = {}", quoted(links))));
    if !source.fallbacks.is_empty() {
        let ways: Vec<String> = source.fallbacks.iter().map(fallback).collect();
        lines.push(format!("fallback = [{}]", ways.join(", ")));
    }
    if !source.area.is_empty() {
        let names: Vec<String> = source.area.iter().map(|name| quoted(name)).collect();
        lines.push(format!("area = [{}]", names.join(", ")));
    }
    if !source.on {
        lines.push("on = false".to_owned());
    }
    lines.extend(source.note.as_deref().map(|note| format!("note = {}", quoted(note))));
    lines.join("\n") + "\n"
}

fn fallback(way: &Fallback) -> String {
    let links = way.links.as_deref().map(|links| format!(", links = {}", quoted(links))).unwrap_or_default();
    format!("{{ kind = \"{}\", url = {}{links} }}", way.kind.as_str(), quoted(way.url.as_str()))
}

/// A basic string of TOML 1.0: quotation marks, backslashes and control characters escaped.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => out.extend(['\\', char]),
            char if char.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(char))),
            char => out.push(char),
        }
    }
    out.push('"');
    out
}
