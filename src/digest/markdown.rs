//! Markdown (CommonMark), for a wiki, an e-mail or a chat.

use super::{
    DigestMeta,
    entry::{self, Entry, EntryKind, Excerpts},
};
use crate::model::{overview::Overview, wording};

/// The digest as Markdown.
pub fn markdown(overview: &Overview, meta: &DigestMeta) -> String {
    let entries = entry::entries(overview, &Excerpts::default());
    let mut out = format!("# {}\n\n{} to {}\n", escaped(&meta.title()), wording::day(overview.since), wording::day(overview.until));
    for (kind, heading) in [(EntryKind::Report, "New reports"), (EntryKind::Story, "Stories")] {
        let mut of_kind = entries.shown.iter().filter(|entry| entry.kind == kind).peekable();
        if of_kind.peek().is_some() {
            out.push_str(&format!("\n## {heading}\n"));
        }
        for entry in of_kind {
            section(entry, &mut out);
        }
    }
    if entries.shown.is_empty() {
        out.push_str(&format!("\nNothing new since {}.\n", wording::day(overview.since)));
    }
    if let Some(left_out) = entries.left_out() {
        out.push_str(&format!("\n{left_out}\n"));
    }
    out
}

fn section(entry: &Entry, out: &mut String) {
    out.push_str(&format!("\n### {}\n\n", linked(entry.named(), entry.link.as_deref())));
    if let Some(summary) = &entry.summary {
        out.push_str(&format!("> {}\n\n", escaped(summary)));
    }
    for fact in &entry.facts {
        let parts: Vec<String> = fact.parts.iter().map(|part| linked(&part.text, part.link.as_deref())).collect();
        let said = parts.join("; ");
        let said = if fact.marked { format!("**{said}**") } else { said };
        out.push_str(&format!("- {}: {said}\n", fact.label));
    }
}

fn linked(text: &str, link: Option<&str>) -> String {
    match link {
        // In angle brackets a destination may hold anything but those, line breaks and backslashes (CommonMark 6.3).
        Some(link) => format!("[{}](<{}>)", escaped(text), link.replace('\\', "%5C").replace('<', "%3C").replace('>', "%3E")),
        None => escaped(text),
    }
}

/// A backslash before every character that may begin markup, and entities kept from being read.
///
/// Full stops and brackets after leading digits are escaped too: "2024. A year" is no list. A colon after a scheme is,
/// so that no reader turns a bare address of the text into a link.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut leading_digits = true;
    for (at, char) in text.char_indices() {
        let always = matches!(char, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '!' | '$' | '^' | '=');
        let list = matches!(char, '.' | ')') && leading_digits && at > 0;
        let bullet = matches!(char, '-' | '+') && at == 0;
        let address = char == ':' && text[at..].starts_with("://");
        if always || list || bullet || address {
            out.push('\\');
        }
        leading_digits &= char.is_ascii_digit();
        out.push(char);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_markup() {
        let check = |text, expected| assert_eq!(escaped(text), expected);
        check("**bold** [x](javascript:y) <script>", "\\*\\*bold\\*\\* \\[x\\](javascript:y) \\<script\\>");
        check("2024. A year", "2024\\. A year");
        check("- a - b", "\\- a - b");
        check("see https://a.example", "see https\\://a.example");
        check("&lt; is £5", "\\&lt; is £5");
        check("Ofsted’s “good”, 12.5%", "Ofsted’s “good”, 12.5%");
    }

    #[test]
    fn a_destination_cannot_end_early() {
        assert_eq!(linked("a]", Some("https://a.example/(x)?b=\\>")), "[a\\]](<https://a.example/(x)?b=%5C%3E>)");
    }
}
