//! Plain text: folding for comparison, words, and cleaning of what came from the web.

use textwrap::core::display_width;
use unicode_normalization::UnicodeNormalization;

/// One word of a text, folded, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Lower case, compatibility-decomposed, without marks and apostrophes.
    pub folded: String,
    /// Byte range in the original.
    pub start: usize,
    pub end: usize,
}

/// The words of `text` in order, see [`each_word`].
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    each_word(text, |folded, start, end| found.push(Word { folded: folded.to_owned(), start, end }));
    found
}

/// Calls `take` with each word of `text`, folded, and its byte range: runs of letters and digits, apostrophes inside a
/// word dropped.
///
/// Hyphens and all other punctuation separate words, so that "multi-agency", "multi- agency" and
/// "multi agency" are the same two words. A possessive "’s" is left off: "Poole’s" and "POOLE’S" are the word "poole".
pub fn each_word(text: &str, mut take: impl FnMut(&str, usize, usize)) {
    let mut folded = String::new();
    let mut range: Option<(usize, usize)> = None;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at].is_ascii_alphanumeric() {
            // Nearly every letter there is: a run of them is folded at once.
            let run = bytes[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            let (raw, end) = (&text[at..at + run], at + run);
            let whole = range.is_none() && bytes.get(end).is_none_or(|next| next.is_ascii() && !is_inner(char::from(*next)));
            if whole && !raw.bytes().any(|byte| byte.is_ascii_uppercase()) {
                take(raw, at, end);
            } else {
                let before = folded.len();
                folded.push_str(raw);
                folded[before..].make_ascii_lowercase();
                range = Some((range.map_or(at, |(start, _)| start), end));
            }
            at = end;
            continue;
        }
        let Some(char) = text[at..].chars().next() else { break };
        let end = at + char.len_utf8();
        if !char.is_ascii() && char.is_alphanumeric() {
            fold_into(char, &mut folded);
            range = Some((range.map_or(at, |(start, _)| start), end));
        } else if !is_inner(char)
            && let Some((start, end)) = range.take()
        {
            close(&text[start..end], &mut folded);
            if !folded.is_empty() {
                take(&folded, start, end);
            }
            folded.clear();
        }
        at = end;
    }
    if let Some((start, end)) = range {
        close(&text[start..end], &mut folded);
        if !folded.is_empty() {
            take(&folded, start, end);
        }
    }
}

/// Leaves the "s" of a possessive off.
fn close(raw: &str, folded: &mut String) {
    let possessive = raw.ends_with(['s', 'S']) && (raw.ends_with("'s") || raw.ends_with("’s") || is_shouted_possessive(raw));
    if folded.len() > 1 && possessive {
        folded.pop();
    }
}

/// The folded words alone, joined by single spaces.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    each_word(text, |folded, _, _| {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(folded);
    });
    out
}

/// A name as one word, which shells need not quote and we read as the name.
pub fn word(name: &str) -> String {
    folded(name).replace(' ', "-")
}

/// True of "POOLE’S": of a possessive in capitals throughout.
fn is_shouted_possessive(word: &str) -> bool {
    (word.ends_with("'S") || word.ends_with("’S")) && !word.contains(char::is_lowercase)
}

/// Characters that do not end a word: apostrophes, soft hyphens, zero-width joiners.
fn is_inner(char: char) -> bool {
    matches!(char, '\'' | '’' | '‘' | 'ʼ' | '`' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

fn fold_into(char: char, out: &mut String) {
    for part in std::iter::once(char).nfkd().filter(|part| part.is_alphanumeric()) {
        out.extend(part.to_lowercase());
    }
}

/// True for characters that may steer a terminal or reorder a line: controls, bidirectional marks,
/// invisible format characters, line and paragraph separators, and noncharacters.
pub fn is_hostile(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
        || (char as u32) & 0xfffe == 0xfffe
}

/// One clean line: hostile characters gone, white space of any kind folded to single spaces.
pub fn clean_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_whitespace() || char == '\u{200b}' {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !is_hostile(char) {
            out.push(char);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The first `limit` characters, with "…" where something was cut, at a word's end where there is one near.
pub fn shorten(text: &str, limit: usize) -> String {
    let Some((cut, _)) = text.char_indices().nth(limit) else {
        return text.to_owned();
    };
    let kept = &text[..cut];
    let kept = match kept.rfind(' ') {
        Some(space) if space * 4 > cut * 3 => &kept[..space],
        _ => kept,
    };
    format!("{}…", kept.trim_end_matches([' ', ',', ';', ':', '.']))
}

/// As much of a clean line as has room in so many columns, with "…" where something is missing.
pub fn cut(text: &str, width: usize) -> String {
    let text = clean_line(text);
    if display_width(&text) <= width {
        return text;
    }
    let mut kept = String::new();
    for char in text.chars() {
        kept.push(char);
        if display_width(&kept) >= width {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end_matches([' ', ',', ';', ':', '.']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hyphens_separate_and_apostrophes_do_not() {
        assert_eq!(folded("Children’s multi-agency ‘hub’ — 15%"), "children multi agency hub 15");
        assert_eq!(folded("multi- agency"), folded("multi agency"));
        assert_eq!(folded("POOLE’S Poole's MPs DFE'S"), "poole poole mps dfe");
    }

    #[test]
    fn words_keep_their_place() {
        let text = "é “Good”";
        let found = words(text);
        assert_eq!(found[0].folded, "e");
        assert_eq!(&text[found[1].start..found[1].end], "Good");
    }

    #[test]
    fn a_clean_line_cannot_steer_a_terminal() {
        assert_eq!(clean_line("a\u{1b}[31m\u{202e}b\u{9b}c\r\n\t d\u{200b}e"), "a[31mbc d e");
    }

    #[test]
    fn what_has_no_room_is_cut() {
        assert_eq!(cut("a headline", 20), "a headline");
        assert_eq!(cut("a headline", 6), "a hea…");
        assert_eq!(cut("a, headline", 4), "a…");
        assert_eq!(cut("検査官", 5), "検査…");
    }

    #[test]
    fn shortening_says_so() {
        assert_eq!(shorten("one two three", 8), "one two…");
        assert_eq!(shorten("short", 8), "short");
    }
}
