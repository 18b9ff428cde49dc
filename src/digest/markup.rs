//! HTML of an entry, written by us and escaped to the last character.

use super::entry::{Entry, Fact};

/// Text for HTML, in elements and in attributes of double quotes alike.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            char => out.push(char),
        }
    }
    out
}

/// A link where there is an address, else the text alone. Only addresses that passed `web_address` come here.
pub(super) fn linked(text: &str, link: Option<&str>) -> String {
    match link {
        Some(link) => format!("<a href=\"{}\">{}</a>", escaped(link), escaped(text)),
        None => escaped(text),
    }
}

/// The facts of an entry as paragraphs: "<p><b>Tied to:</b> …</p>".
pub(super) fn body(entry: &Entry) -> String {
    let mut out = String::new();
    if let Some(summary) = &entry.summary {
        out.push_str(&format!("<p>{}</p>\n", escaped(summary)));
    }
    for fact in &entry.facts {
        out.push_str(&format!("<p><b>{}:</b> {}</p>\n", escaped(fact.label), parts(fact)));
    }
    out
}

pub(super) fn parts(fact: &Fact) -> String {
    let parts: Vec<String> = fact.parts.iter().map(|part| linked(&part.text, part.link.as_deref())).collect();
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_text_or_attribute() {
        assert_eq!(escaped("<b a=\"x\" b='y'>&amp;"), "&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;");
        assert_eq!(linked("<", Some("https://a.example/?b=1&c=\"")), "<a href=\"https://a.example/?b=1&amp;c=&quot;\">&lt;</a>");
        assert_eq!(linked("x", None), "x");
    }
}
