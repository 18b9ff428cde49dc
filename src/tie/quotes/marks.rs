//! Marks of quotation as they are printed in life: double, single, doubled single, all closing, spoilt, left open.

use super::{Bounds, MAX_QUOTATION};

/// What stands between marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MarkedSpan {
    pub from: usize,
    pub to: usize,
    pub bounds: Bounds,
}

/// The kind of mark that opens a quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Double,
    Single,
}

/// A quotation left open by the paragraphs before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Carried {
    mark: Mark,
    /// Paragraphs that may still go on with it.
    left: u8,
}

/// Paragraphs over which a mark left open is believed.
const CARRIED: u8 = 3;

struct OpenMark {
    mark: Mark,
    from: usize,
    /// Opened by a paragraph before this one.
    resumed: bool,
}

/// Byte ranges between marks. A quotation that `carried` left open goes on in this paragraph, with its mark opened
/// again or without; one that this paragraph leaves open runs to its end.
pub(super) fn spans(text: &str, carried: Option<Carried>, next: &str) -> (Vec<MarkedSpan>, Option<Carried>) {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut spans = Vec::new();
    let mut open: Option<OpenMark> = carried
        .filter(|carried| carried.mark == Mark::Double && !text.trim_start().starts_with(is_any_mark))
        .map(|carried| OpenMark { mark: carried.mark, from: 0, resumed: true });
    let mut at = 0;
    while at < chars.len() {
        let (byte, char) = chars[at];
        let (mark, width) = mark_at(&chars, at);
        let before = at.checked_sub(1).map(|index| chars[index].1);
        let after = chars.get(at + width).map(|next| next.1);
        let end_byte = chars.get(at + width).map_or(text.len(), |next| next.0);
        let Some(mark) = mark else {
            at += 1;
            continue;
        };
        let may_open = opens(char, before, after);
        match &open {
            None if may_open => open = Some(OpenMark { mark, from: end_byte, resumed: false }),
            Some(held) if mark == held.mark && may_open && (held.resumed || char == '“') => {
                // A second opening mark means that the first was never closed.
                if !held.resumed && byte > held.from {
                    push(&mut spans, text, held, byte, Bounds::Guessed);
                }
                open = Some(OpenMark { mark, from: end_byte, resumed: false });
            }
            Some(held)
                if mark == held.mark && closes(char, before, after, mark) && !(mark == Mark::Single && is_possessive(&chars, at)) =>
            {
                push(&mut spans, text, held, byte, Bounds::Printed);
                open = None;
            }
            Some(held) if mark == Mark::Double && held.mark == Mark::Single && may_open => {
                open = Some(OpenMark { mark, from: end_byte, resumed: false });
            }
            _ => {}
        }
        at += width;
    }
    let carried = open.and_then(|open| left_open(&mut spans, text, open, carried, next));
    (spans, carried)
}

/// What a paragraph leaves open: a double mark runs on, a single one only where the next paragraph opens it again or a
/// colon or the paragraph's beginning shows that it is no apostrophe.
fn left_open(spans: &mut Vec<MarkedSpan>, text: &str, open: OpenMark, carried: Option<Carried>, next: &str) -> Option<Carried> {
    let left = carried.filter(|_| open.resumed).map_or(CARRIED, |carried| carried.left.saturating_sub(1));
    let sure = match open.mark {
        Mark::Double => true,
        Mark::Single => {
            let reopened = next.trim_start().starts_with(['‘', '’', '\'', '`']);
            reopened || carried.is_some_and(|carried| carried.mark == Mark::Single) || is_introduced(&text[..open.from])
        }
    };
    if !sure || text.len() - open.from > MAX_QUOTATION {
        return None;
    }
    push(spans, text, &open, text.len(), if open.resumed { Bounds::Guessed } else { Bounds::Printed });
    (left > 0).then_some(Carried { mark: open.mark, left })
}

fn is_introduced(before: &str) -> bool {
    let before = before.trim_end_matches(is_any_mark).trim_end();
    before.is_empty() || before.ends_with(':')
}

/// Words from which marks within marks are looked at.
const NESTED: usize = 3;

fn push(spans: &mut Vec<MarkedSpan>, text: &str, open: &OpenMark, to: usize, bounds: Bounds) {
    let from = open.from;
    if to <= from || to - from > MAX_QUOTATION {
        return;
    }
    spans.push(MarkedSpan { from, to, bounds });
    let inner = &text[from..to];
    if open.mark == Mark::Double && inner.contains(['‘', '\'']) {
        let (nested, _) = self::spans(inner, None, "");
        let long = nested.into_iter().filter(|span| inner[span.from..span.to].split_whitespace().count() >= NESTED);
        spans.extend(long.map(|span| MarkedSpan { from: from + span.from, to: from + span.to, bounds: Bounds::Guessed }));
    }
}

fn is_any_mark(char: char) -> bool {
    matches!(char, '“' | '”' | '"' | '„' | '‘' | '’' | '\'' | '`')
}

/// The mark at a place and how many characters it takes. Two single marks in a row stand for a double one.
fn mark_at(chars: &[(usize, char)], at: usize) -> (Option<Mark>, usize) {
    let char = chars[at].1;
    let next = chars.get(at + 1).map(|next| next.1);
    match char {
        '“' | '”' | '"' | '„' => (Some(Mark::Double), 1),
        '\'' | '`' | '‘' | '’' if next == Some(char) => (Some(Mark::Double), 2),
        // A curly mark spoilt on its way through a wrong character set.
        '\'' if next == Some('˜') => (Some(Mark::Single), 2),
        '‘' | '’' | '\'' | '`' => (Some(Mark::Single), 1),
        _ => (None, 1),
    }
}

/// "councils’ plans" inside single marks: an s before, a small letter after, and a closing mark still to come.
fn is_possessive(chars: &[(usize, char)], at: usize) -> bool {
    let next = |offset: usize| chars.get(at + offset).map(|next| next.1);
    let plural = at > 0 && chars[at - 1].1 == 's' && next(1) == Some(' ') && next(2).is_some_and(char::is_lowercase);
    if !plural {
        return false;
    }
    for index in at + 1..chars.len().min(at + 200) {
        let (before, after) = (chars[index - 1].1, chars.get(index + 1).map(|next| next.1));
        match chars[index].1 {
            '‘' | '“' => return false,
            '’' | '\'' if before == ' ' => return false,
            '’' | '\'' if after.is_none_or(|after| !after.is_alphanumeric()) => return true,
            _ => {}
        }
    }
    false
}

fn opens(char: char, before: Option<char>, after: Option<char>) -> bool {
    let starts = after.is_some_and(|after| after.is_alphanumeric() || matches!(after, '[' | '…' | '‘' | '“' | '\'' | '"' | '£' | '.'));
    let free =
        before.is_none_or(|before| before.is_whitespace() || matches!(before, '(' | '[' | '—' | '–' | '-' | ':' | '“' | '‘' | '"' | '/'));
    match char {
        '“' | '„' => starts,
        '‘' => starts && free,
        '”' => false,
        // Some sites print ’ for every mark.
        _ => starts && free,
    }
}

fn closes(char: char, before: Option<char>, after: Option<char>, kind: Mark) -> bool {
    let ended = before.is_some_and(|before| !before.is_whitespace() && !matches!(before, '(' | '['));
    let free = after.is_none_or(|after| !after.is_alphanumeric());
    match kind {
        Mark::Double => char != '“' && ended,
        // An apostrophe inside a word, or after a plural's s with a word to follow, closes nothing.
        Mark::Single => char != '‘' && ended && free,
    }
}
