//! Plain text of a string that may hold markup and entities, also encoded twice.

use quick_xml::escape::resolve_html5_entity;

use super::token::{Token, Tokens};
use crate::model::text::clean_line;

/// Rounds of decoding: feeds encode once for XML and some once or twice more.
const MAX_ROUNDS: usize = 3;

/// The longest name of an entity, `CounterClockwiseContourIntegral`, and its `;`.
const MAX_ENTITY: usize = 32;

/// Elements within a line: all others separate words.
const INLINE: [&str; 24] = [
    "a", "abbr", "b", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "small", "span", "strong",
    "sub", "sup", "time", "u", "wbr",
];

/// One clean line without tags and entities.
///
/// Markup that appears only after decoding is markup as well, so both are repeated until nothing changes.
pub fn plain_text(markup: &str) -> String {
    let mut text = markup.to_owned();
    for _ in 0..MAX_ROUNDS {
        let next = decode_entities(&without_tags(&text));
        if next == text {
            break;
        }
        text = next;
    }
    clean_line(&without_tags(&text))
}

fn without_tags(markup: &str) -> String {
    if !markup.contains('<') {
        return markup.to_owned();
    }
    let mut out = String::with_capacity(markup.len());
    // A CDATA section inside escaped content is its text.
    let markup = markup.replace("<![CDATA[", " ").replace("]]>", " ");
    for token in Tokens::new(&markup) {
        match token {
            Token::Text(text) => out.push_str(text),
            Token::Start { name, .. } | Token::End { name } if !INLINE.contains(&name.as_str()) => out.push(' '),
            _ => {}
        }
    }
    out
}

/// Character references decoded once; unknown ones stay as they are, those of no character go.
pub fn decode_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(rest.get(..at).unwrap_or_default());
        let tail = rest.get(at..).unwrap_or_default();
        let end = tail.bytes().take(MAX_ENTITY).position(|byte| byte == b';');
        let decoded = end.and_then(|end| tail.get(1..end).and_then(decode_one).map(|decoded| (decoded, end + 1)));
        let (decoded, used) = decoded.unwrap_or(("&".to_owned(), 1));
        out.push_str(&decoded);
        rest = tail.get(used..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

fn decode_one(name: &str) -> Option<String> {
    let Some(number) = name.strip_prefix('#') else {
        return resolve_html5_entity(name).map(str::to_owned);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    // HTML reads the numbers of the C1 range as windows-1252.
    if let 0x80..=0x9f = code {
        let byte = [u8::try_from(code).ok()?];
        return Some(encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte).0.into_owned());
    }
    Some(char::from_u32(code).filter(|char| *char != '\0').map(String::from).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(markup: &str, expected: &str) {
        assert_eq!(plain_text(markup), expected, "{markup}");
    }

    #[test]
    fn entities_once_and_twice_encoded() {
        check("Health &amp; Care", "Health & Care");
        check("Health &amp;amp; Care &amp;#8216;good&amp;#8217;", "Health & Care ‘good’");
        check("&pound;5&nbsp;million &mdash; &#x201C;Good&#x201D; &#146;", "£5 million — “Good” ’");
        check("R&D; Q&A and AT&T", "R&D; Q&A and AT&T");
    }

    #[test]
    fn tags_go_and_block_tags_separate() {
        check("<p>One</p><p>t<b>w</b>o</p>", "One two");
        check("&lt;p&gt;One&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;", "One");
        check("<![CDATA[<i>Five</i>]]> councils", "Five councils");
        check("5 < 6 councils, x<y>z", "5 < 6 councils, x z");
    }

    #[test]
    fn nothing_hostile_is_left() {
        check("a&#0;b&#27;[31m\u{202e}c\u{7}&#xD800;&#x110000;", "ab[31mc");
    }
}
