//! Mends the characters of XML so that a strict reader takes it: entities, bare `&`, controls, declarations.

use quick_xml::escape::resolve_html5_entity;

/// The longest entity name with its marks.
const MAX_ENTITY: usize = 34;

/// One pass over the text: what XML forbids goes, what HTML allows is mapped, what stands before the first tag goes.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut rest = text.get(text.find('<').unwrap_or(text.len())..).unwrap_or_default();
    let mut declarations = Declarations { has_subset_end: true };
    let past = |rest: &str, mark: &str| rest.find(mark).map_or(rest.len(), |at| at + mark.len());
    while let Some(first) = rest.chars().next() {
        let step = match first {
            '<' if rest.starts_with("<![CDATA[") => {
                let step = past(rest, "]]>");
                push_allowed(rest.get(..step).unwrap_or_default(), &mut out);
                step
            }
            '<' if rest.starts_with("<!--") => past(rest, "-->"),
            '<' if rest.starts_with("<?") => past(rest, "?>"),
            // No declaration is needed, and one can hold bombs.
            '<' if rest.starts_with("<!") => declarations.end(rest),
            '<' if rest.get(1..).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '_')) => {
                let step = past(rest, ">");
                push_tag(rest.get(..step).unwrap_or_default(), &mut out);
                step
            }
            '<' => {
                out.push_str("&lt;");
                1
            }
            '&' => push_entity(rest, &mut out),
            _ => {
                let step = rest.find(['<', '&']).unwrap_or(rest.len());
                push_allowed(rest.get(..step).unwrap_or_default(), &mut out);
                step
            }
        };
        rest = rest.get(step.max(1)..).unwrap_or_default();
    }
    out
}

/// Finds the ends of declarations; what is known not to come any more is not looked for again.
struct Declarations {
    has_subset_end: bool,
}

impl Declarations {
    /// Where the declaration at the start of `rest` ends: behind its `>`, or behind the `]>` of the subset that it opens.
    fn end(&mut self, rest: &str) -> usize {
        let close = rest.find('>').map_or(rest.len(), |at| at + 1);
        let has_subset = self.has_subset_end && rest.get(..close).is_some_and(|declaration| declaration.contains('['));
        if !has_subset {
            return close;
        }
        let end = rest.find("]>");
        self.has_subset_end = end.is_some();
        end.map_or(close, |at| at + 2)
    }
}

fn push_allowed(text: &str, out: &mut String) {
    out.extend(
        text.chars()
            .filter(|char| !char.is_control() || matches!(char, '\n' | '\t' | '\r'))
            .filter(|char| !matches!(char, '\u{fffe}' | '\u{ffff}')),
    );
}

fn push_tag(tag: &str, out: &mut String) {
    let mut rest = tag;
    while let Some(at) = rest.find('&') {
        push_allowed(rest.get(..at).unwrap_or_default(), out);
        rest = rest.get(at..).unwrap_or_default();
        let step = push_entity(rest, out);
        rest = rest.get(step..).unwrap_or_default();
    }
    push_allowed(rest, out);
}

/// Writes the reference at the start of `rest` in the words of XML; gives its length.
fn push_entity(rest: &str, out: &mut String) -> usize {
    let end = rest.bytes().take(MAX_ENTITY).position(|byte| byte == b';');
    let Some((name, end)) = end.and_then(|end| Some((rest.get(1..end)?, end + 1))) else {
        out.push_str("&amp;");
        return 1;
    };
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        match code.map(char::from_u32) {
            Err(_) => {
                out.push_str("&amp;");
                return 1;
            }
            // Windows' own numbers for quotation marks are decoded later, with the text.
            Ok(Some(char)) if ('\u{80}'..='\u{9f}').contains(&char) => out.push_str(&format!("&amp;#{};", char as u32)),
            Ok(Some(char)) if !char.is_control() && !matches!(char, '\u{fffe}' | '\u{ffff}') => {
                out.push_str(&format!("&#{};", char as u32))
            }
            Ok(_) => out.push(' '),
        }
        return end;
    }
    if matches!(name, "amp" | "lt" | "gt" | "quot" | "apos") {
        out.push_str(rest.get(..end).unwrap_or_default());
        return end;
    }
    match resolve_html5_entity(name) {
        Some(text) => {
            push_allowed(&text.replace('&', "&amp;").replace('<', "&lt;"), out);
            end
        }
        None => {
            out.push_str("&amp;");
            1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(clean(text), expected, "{text}");
    }

    #[test]
    fn entities_and_bare_ampersands() {
        check(
            "<t>Health & Care, R&D; &pound;5&nbsp;m &lt;b&gt; &#8217;</t>",
            "<t>Health &amp; Care, R&amp;D; £5\u{a0}m &lt;b&gt; &#8217;</t>",
        );
        check("<l href=\"?a=1&b=2&amp;c\"/>", "<l href=\"?a=1&amp;b=2&amp;c\"/>");
        check("<t>&#0;&#27;&#x1b;&#146;&#xD800;&#99999999999;</t>", "<t>   &amp;#146; &amp;#99999999999;</t>");
        check("<t>5 < 6</t>", "<t>5 &lt; 6</t>");
    }

    #[test]
    fn sections_stay_and_declarations_go() {
        check(
            "junk <?xml version='1.0'?><!DOCTYPE r [<!ENTITY a \"b\">]><!-- <x> --><t><![CDATA[a & <b>\u{7}]]></t>",
            "<t><![CDATA[a & <b>]]></t>",
        );
        check("<t>a\u{1b}[31m\u{9b}b\u{0}</t>", "<t>a[31mb</t>");
    }
}
