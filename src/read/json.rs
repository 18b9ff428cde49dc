//! JSON as pages and feeds write it: wrapped, commented, with stray commas, several values in a row, or cut.

use serde_json::Value;

/// Values taken from one text.
const MAX_VALUES: usize = 50;

/// The JSON values of `text`, those that can be read.
pub fn values(text: &str) -> Vec<Value> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if let Ok(value) = serde_json::from_str(text) {
        return vec![value];
    }
    let decoded = if text.starts_with("{&quot;") || text.starts_with("[{&quot;") { text.replace("&quot;", "\"") } else { text.to_owned() };
    let mended = mend(&decoded);
    serde_json::Deserializer::from_str(&mended).into_iter().map_while(Result::ok).take(MAX_VALUES).collect()
}

/// In one pass: what stands outside strings and is no JSON goes (comments, wrappers, commas before a close or between values),
/// and what strings may not hold is mapped.
fn mend(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0_usize;
    let mut at = 0;
    // Once there is no further end of a comment, none is looked for.
    let mut has_end = true;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().unwrap_or_default();
        let wrapper = WRAPPERS.iter().find(|mark| rest.starts_with(*mark));
        let step = match first {
            '"' => push_string(rest, &mut out),
            '/' if rest.starts_with("//") && wrapper.is_none() && depth > 0 => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") && has_end && depth > 0 => {
                let end = rest.find("*/");
                has_end = end.is_some();
                end.map_or(2, |end| end + 2)
            }
            _ if wrapper.is_some() => wrapper.map_or(1, |mark| mark.len()),
            '{' | '[' => {
                depth += 1;
                out.push(first);
                1
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                let kept = out.trim_end().trim_end_matches([',', ' ', '\n']).len();
                out.truncate(kept);
                out.push(first);
                1
            }
            // Outside of all values only values count.
            _ if depth == 0 => first.len_utf8(),
            _ => {
                out.push(if first.is_control() { ' ' } else { first });
                first.len_utf8()
            }
        };
        at += step.max(1);
    }
    out
}

/// Marks that hide data from old browsers and from XML.
const WRAPPERS: [&str; 8] = ["<!--", "-->", "<![CDATA[", "]]>", "//<!--", "//-->", "//<![CDATA[", "//]]>"];

/// The value of four hexadecimal digits.
fn unit(digits: &str) -> Option<u16> {
    u16::from_str_radix(digits, 16).ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_surrogate(unit: u16) -> bool {
    (0xd800..0xe000).contains(&unit)
}

/// Two escapes that are one letter, or the mark of a lost one for half a letter, as programs leave it that cut texts by units;
/// and how many bytes stand for it in the text.
fn letter(rest: &str, at: usize) -> (&str, usize) {
    let low = rest.get(at + 6..at + 12).filter(|next| next.starts_with("\\u")).and_then(|next| unit(&next[2..]));
    match (rest.get(at + 2..at + 6).and_then(unit), low) {
        (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => (&rest[at..at + 12], 12),
        _ => ("\\ufffd", 6),
    }
}

/// Writes the string at the start of `rest`; gives its length.
fn push_string(rest: &str, out: &mut String) -> usize {
    out.push('"');
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => {
                out.push('"');
                return at + 1;
            }
            '\\' => match chars.next() {
                Some((_, 'u')) if rest.get(at + 2..at + 6).and_then(unit).is_some_and(is_surrogate) => {
                    let (escapes, taken) = letter(rest, at);
                    out.push_str(escapes);
                    chars.by_ref().take(taken - 2).for_each(drop);
                }
                Some((_, next)) if "\"\\/bfnrtu".contains(next) => out.extend(['\\', next]),
                Some((_, next)) => out.push(if next.is_control() { ' ' } else { next }),
                None => {}
            },
            _ if char.is_control() => out.push(' '),
            _ => out.push(char),
        }
    }
    rest.len()
}

/// A list in an object, or a bare list, whose end is missing, closed behind its last whole entry.
pub fn closed(text: &str) -> Option<Value> {
    let mut open: Vec<char> = Vec::new();
    let (mut in_string, mut escaped) = (false, false);
    let mut whole = None;
    for (at, char) in text.char_indices() {
        match char {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            _ if in_string => {}
            '{' | '[' => open.push(char),
            '}' | ']' => {
                open.pop();
                // The end of an entry of the list: `[`, or `{ … [`, is what is open around it.
                if matches!(open.as_slice(), ['['] | ['{', '[']) {
                    whole = Some((at + 1, if open.len() == 1 { "]" } else { "]}" }));
                }
            }
            _ => {}
        }
    }
    let (end, close) = whole.filter(|_| !open.is_empty())?;
    serde_json::from_str(&format!("{}{close}", text.get(..end)?)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let shown: Vec<String> = values(text).iter().map(Value::to_string).collect();
        assert_eq!(shown.join(" "), expected, "{text}");
    }

    #[test]
    fn wrappers_and_comments_go() {
        for (before, after) in [
            ("", ""),
            ("\u{feff}", ";"),
            ("<!--", "-->"),
            ("/* <![CDATA[ */\n", "\n/* ]]> */"),
            ("//<![CDATA[\n", "\n//]]>"),
            ("<![CDATA[", "]]>"),
            ("<!-- //-->\n", "<!-- end -->"),
            ("// data\n", "\n// end"),
            ("var data = ", ";"),
        ] {
            check(&format!("{before}{{\"a\":1}}{after}"), "{\"a\":1}");
        }
        check("{\"a\":1, // one\n /* two */ \"b\":\"http://x/*y*/\"}", "{\"a\":1,\"b\":\"http://x/*y*/\"}");
    }

    #[test]
    fn commas_and_strings_are_mended() {
        check("{\"a\":[1,2,],\"b\":{\"c\":3 ,\n},}", "{\"a\":[1,2],\"b\":{\"c\":3}}");
        check("{\"a\":\"one\ntwo\\'s \\u00e9 ,}\"}", "{\"a\":\"one two's é ,}\"}");
        check(r#"{"a":"\ud83d\ude00 \ud83d, \ude00","b":"\ud83d"}"#, r#"{"a":"😀 �, �","b":"�"}"#);
        check("{&quot;a&quot;:&quot;b&quot;}", "{\"a\":\"b\"}");
    }

    #[test]
    fn several_values_in_a_row() {
        check("{\"a\":1}\n{\"b\":2}", "{\"a\":1} {\"b\":2}");
        check("{\"a\":1},{\"b\":2},", "{\"a\":1} {\"b\":2}");
        check("{\"a\":1}{\"b\":", "{\"a\":1}");
        check("{\"a\":", "");
    }

    #[test]
    fn a_cut_list_is_closed_behind_its_last_whole_entry() {
        let check =
            |text: &str, expected: Option<&str>| assert_eq!(closed(text).map(|value| value.to_string()).as_deref(), expected, "{text}");
        check("{\"a\":1,\"items\":[{\"b\":[2]},{\"c\":{\"d\":3}},{\"e\":\"}", Some("{\"a\":1,\"items\":[{\"b\":[2]},{\"c\":{\"d\":3}}]}"));
        check("[{\"a\":1},{\"b", Some("[{\"a\":1}]"));
        check("{\"items\":[{\"a\":1}]}", None);
        check("{\"items\":[{\"a\"", None);
    }
}
