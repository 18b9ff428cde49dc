//! Marks that are no text: bullets of all kinds, list numbers drawn apart, raised footnote digits.

use super::PlacedText;
use super::lines::{Line, SAME_LINE};

/// A footnote mark is smaller than this part of its line's size.
pub(super) const NOTE_SIZE: f32 = 0.85;

/// A number or bullet that is drawn apart stands at most this many ems before its text.
const MARK_GAP: f32 = 4.0;

/// Lines of the file's order within which a mark that is drawn apart finds its text.
const MARK_WITHIN: usize = 100;

/// A number with a stop, or a bullet, without text.
fn is_lone_mark(line: &Line) -> bool {
    let number = line.text.strip_suffix('.').is_some_and(|digits| digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_digit()));
    line.text.is_empty() || (number && !line.bullet)
}

/// Some files draw the marks of a list before or after all its text: each goes to the line on its baseline.
pub(super) fn marks_to_text(lines: &mut [Line]) {
    let marks: Vec<usize> = (0..lines.len()).filter(|&at| is_lone_mark(&lines[at])).collect();
    for at in marks {
        let mark = lines[at].clone();
        let fits = |other: &Line| {
            let gap = other.x - mark.end;
            (other.y - mark.y).abs() < other.size * SAME_LINE
                && gap > -1.0
                && gap < other.size * MARK_GAP
                && !other.bullet
                && !is_lone_mark(other)
        };
        let near = at.saturating_sub(MARK_WITHIN)..(at + MARK_WITHIN).min(lines.len());
        let Some(text) = near.filter(|&other| other != at && fits(&lines[other])).min_by_key(|other| other.abs_diff(at)) else { continue };
        let line = &mut lines[text];
        (line.indent, line.x) = (line.x, mark.x);
        line.bullet = mark.bullet;
        if !mark.text.is_empty() {
            line.text = format!("{} {}", mark.text, line.text);
            line.runs.splice(0..0, mark.runs);
            line.indent = mark.x;
        }
        lines[at] = Line::default();
    }
}

/// What a footnote mark looks like: one to three digits, or a star.
pub(super) fn is_mark_text(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty()
        && text.chars().count() <= 3
        && text.chars().all(|char| char.is_ascii_digit() || matches!(char, '*' | ',' | '¹' | '²' | '³'))
}

/// Bullets wherever they stand alone.
const BULLETS: &str = "•▪■□◼◾●○◦‣►▶➢❑❖✓⁃∙\u{335}\u{336}";

/// Bullets by themselves, or the private-use letters of symbol fonts that stand for them.
pub(super) fn is_bullet(char: char) -> bool {
    BULLETS.contains(char) || ('\u{f000}'..='\u{f0ff}').contains(&char)
}

/// Bullets only where a wide gap follows: these characters have other uses.
fn is_dash_bullet(char: char) -> bool {
    matches!(char, '-' | '–' | '—' | '−' | '·' | '*' | 'o' | '§' | '\u{ad}' | '\u{2010}'..='\u{2015}')
}

/// A gap after a dash that makes it a bullet, in ems.
const DASH_GAP: f32 = 0.6;

pub(super) fn stands_as_bullet(text: &str, span: &PlacedText, rest: &[PlacedText]) -> bool {
    let mut chars = text.chars();
    let (Some(char), None) = (chars.next(), chars.next()) else { return false };
    if is_bullet(char) {
        return true;
    }
    // A letter of a symbol font that says nothing of its meaning.
    let unknown = char == '\u{fffd}' || crate::model::text::is_hostile(char) || ('\u{e000}'..='\u{f8ff}').contains(&char);
    let next = rest.iter().find(|next| !next.text.trim().is_empty());
    (unknown || is_dash_bullet(char)) && next.is_some_and(|next| next.x - span.end > span.size.max(next.size) * DASH_GAP)
}

/// Digits that are raised by their own character, unless they make a unit ("km²").
pub(super) fn take_marks(line: &mut Line) {
    let raised = |char: char| matches!(char, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹');
    if !line.text.contains(raised) {
        return;
    }
    line.note |= line.text.starts_with(raised);
    let strip = |text: &str| {
        let mut before = ' ';
        let kept = text.chars().filter(|char| {
            let keep = !raised(*char) || before == 'm';
            before = *char;
            keep
        });
        kept.collect::<String>().trim().to_owned()
    };
    line.text = strip(&line.text);
    for run in &mut line.runs {
        run.text = strip(&run.text);
    }
}
