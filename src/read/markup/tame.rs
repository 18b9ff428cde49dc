//! Rewrites a page so that no parser needs more than linear time and little stack for it.

use super::token::{Token, Tokens};

/// Nesting kept; deeper tags are left out, their text stays. Real pages stay below 100.
///
/// Extraction recurses and costs the square of the nesting: 16,000 levels take half a minute, 100,000 overflow the stack.
pub const MAX_DEPTH: usize = 256;

/// Start tags kept; later ones are left out, their text stays. Real pages have up to some 10,000.
pub const MAX_TAGS: usize = 100_000;

/// Formatting elements open at once: a parser opens each again in every later block.
const MAX_FORMATTING: usize = 12;

/// How far down the stack of open elements an end tag is sought.
const END_REACH: usize = 64;

const VOID: [&str; 14] = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
const FORMATTING: [&str; 14] = ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
/// Elements whose content has its own rules of parsing, or whose tags change how all the rest is read.
const LEFT_OUT: [&str; 10] = ["svg", "math", "noscript", "template", "plaintext", "frameset", "frame", "select", "option", "optgroup"];
/// Elements that a start tag of the same kind closes.
const SELF_CLOSERS: [&str; 9] = ["p", "li", "dd", "dt", "tr", "td", "th", "tbody", "thead"];

struct OpenElement {
    name: String,
    kept: bool,
}

/// The page again in a plain form: tags and text only, at most [`MAX_DEPTH`] deep and [`MAX_TAGS`] tags long.
///
/// Of scripts only JSON-LD stays. Because the result is written anew, what a parser sees is what was counted here.
pub fn tame(page: &str) -> String {
    written_anew(Tokens::new(page), page.len())
}

/// The same with what stands in `<noscript>`, for readers without scripts.
pub fn tame_for_noscript(page: &str) -> String {
    written_anew(Tokens::without_scripts(page), page.len())
}

fn written_anew(tokens: Tokens<'_>, bytes: usize) -> String {
    let mut out = String::with_capacity(bytes);
    let mut open: Vec<OpenElement> = Vec::new();
    let (mut tags, mut formatting) = (0_usize, 0_usize);
    for token in tokens {
        match token {
            Token::Text(text) => push_text(text, &mut out),
            Token::Raw { name, attributes, content } => {
                let is_data = name == "script"
                    && attributes.iter().any(|(key, value)| key == "type" && value.to_ascii_lowercase().contains("ld+json"));
                if is_data {
                    out.push_str("<script type=\"application/ld+json\">");
                    out.push_str(content);
                    out.push_str("</script>");
                }
            }
            Token::Start { name, attributes } => {
                if !is_plain(&name) || LEFT_OUT.contains(&name.as_str()) {
                    continue;
                }
                if VOID.contains(&name.as_str()) {
                    if tags < MAX_TAGS {
                        tags += 1;
                        push_tag(&name, &attributes, &mut out);
                    }
                    continue;
                }
                if SELF_CLOSERS.contains(&name.as_str()) && open.last().is_some_and(|last| last.name == name) {
                    open.pop();
                }
                let is_formatting = FORMATTING.contains(&name.as_str());
                let kept = tags < MAX_TAGS && open.len() < MAX_DEPTH && !(is_formatting && formatting >= MAX_FORMATTING);
                if kept {
                    tags += 1;
                    formatting += usize::from(is_formatting);
                    push_tag(&name, &attributes, &mut out);
                }
                // A stack that grows without end would be a cost of its own.
                if kept || open.len() < MAX_DEPTH + END_REACH {
                    open.push(OpenElement { name, kept });
                }
            }
            Token::End { name } => {
                if !is_plain(&name) || LEFT_OUT.contains(&name.as_str()) {
                    continue;
                }
                let kept = match open.iter().rev().take(END_REACH).position(|element| element.name == name) {
                    Some(depth) => {
                        let at = open.len() - 1 - depth;
                        let kept = open.get(at).is_some_and(|element| element.kept);
                        // Formatting elements outlive the block that ends around them, so only their own end counts.
                        if kept && FORMATTING.contains(&name.as_str()) {
                            formatting = formatting.saturating_sub(1);
                            open.remove(at);
                        } else {
                            open.truncate(at);
                        }
                        kept
                    }
                    None => false,
                };
                if kept {
                    out.push_str("</");
                    out.push_str(&name);
                    out.push('>');
                }
            }
        }
    }
    out
}

fn is_plain(name: &str) -> bool {
    name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':'))
}

fn push_text(text: &str, out: &mut String) {
    for char in text.chars() {
        match char {
            '<' => out.push_str("&lt;"),
            '\0' => {}
            _ => out.push(char),
        }
    }
}

fn push_tag(name: &str, attributes: &[(String, &str)], out: &mut String) {
    out.push('<');
    out.push_str(name);
    for (key, value) in attributes.iter().filter(|(key, _)| is_plain(key) && !key.is_empty()) {
        out.push(' ');
        out.push_str(key);
        out.push_str("=\"");
        for char in value.chars() {
            match char {
                '"' => out.push_str("&quot;"),
                '\0' => {}
                _ => out.push(char),
            }
        }
        out.push('"');
    }
    out.push('>');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(page: &str, expected: &str) {
        assert_eq!(tame(page), expected, "{page}");
    }

    #[test]
    fn ordinary_markup_stays() {
        check("<p class='a \"b\"'>One &amp; two<br>three</p>", "<p class=\"a &quot;b&quot;\">One &amp; two<br>three</p>");
        check("<ul><li>a<li>b</ul>", "<ul><li>a<li>b</ul>");
    }

    #[test]
    fn of_scripts_only_data_stays() {
        check("<script>x()</script><style>p{}</style><noscript>Enable it</noscript>a", "a");
        check(
            "<script type='application/ld+json'>{\"a\":\"<p>\"}</script>",
            "<script type=\"application/ld+json\">{\"a\":\"<p>\"}</script>",
        );
        assert_eq!(tame_for_noscript("<script>x()</script><noscript><p>Text</p></noscript>a"), "<p>Text</p>a");
    }

    #[test]
    fn deep_nesting_is_flattened_and_keeps_its_text() {
        let page = format!("{}deep{}<p>after</p>", "<div>".repeat(100_000), "</div>".repeat(100_000));
        let tamed = tame(&page);
        assert_eq!(tamed.matches("<div>").count(), MAX_DEPTH);
        assert!(tamed.contains("deep"));
        assert!(tamed.ends_with("<p>after</p>"));
        let at_the_bound = format!("{}x", "<div>".repeat(MAX_DEPTH));
        assert_eq!(tame(&at_the_bound), at_the_bound);
    }

    #[test]
    fn tags_are_counted() {
        let tamed = tame(&"<br>".repeat(MAX_TAGS + 5));
        assert_eq!(tamed.matches("<br>").count(), MAX_TAGS);
    }

    #[test]
    fn formatting_left_open_cannot_multiply() {
        let bold: String = (0..500).map(|n| format!("<b id={n}>")).collect();
        assert_eq!(tame(&format!("<p>{bold}</p>{}", "<p>x".repeat(10))).matches("<b ").count(), MAX_FORMATTING);
        let fine = "<p><b>a</b></p>".repeat(100);
        assert_eq!(tame(&fine), fine);
    }

    #[test]
    fn paragraphs_without_end_tags_do_not_nest() {
        let page = "<p>line".repeat(1_000);
        assert_eq!(tame(&page), page);
    }
}
