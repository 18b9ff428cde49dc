//! From positioned spans to lines: one baseline, left to right, with bullets, footnote marks and gaps between columns kept apart.

use super::Span;
use super::marks::{NOTE_SIZE, is_bullet, is_mark_text, marks_to_text, stands_as_bullet, take_marks};

/// A gap wider than this many ems separates columns, or a number from its text.
const COLUMN_GAP: f32 = 0.95;

/// A gap wider than this many ems is a space that the file does not write.
const WORD_GAP: f32 = 0.17;

/// Baselines this far apart, in ems, are one line.
pub(super) const SAME_LINE: f32 = 0.25;

/// A footnote mark stands at most this many ems above the baseline.
const NOTE_RISE: f32 = 0.75;

/// A piece of a line between wide gaps, all bold or all plain.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    pub x: f32,
    pub end: f32,
    pub bold: bool,
    pub text: String,
}

/// A line of text: points from the lower left corner of the page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Line {
    /// Where it begins, its bullet included.
    pub x: f32,
    /// Where its text begins, after a bullet.
    pub indent: f32,
    pub end: f32,
    pub y: f32,
    pub size: f32,
    /// Most of it is bold.
    pub bold: bool,
    pub bullet: bool,
    /// It begins with a raised number: the first line of a footnote.
    pub note: bool,
    /// The text without bullet and footnote marks, white space folded.
    pub text: String,
    /// The same in pieces, cut at wide gaps and where bold begins or ends.
    pub runs: Vec<Run>,
}

/// A gap wider than this many ems ends a line: what follows is another cell of a table.
const CELL_GAP: f32 = 2.2;

/// Assembles the spans of a page in the order of the file, in which the cells of a table stand whole, one after the other.
pub fn assemble(spans: impl Iterator<Item = Span>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut open = Vec::new();
    for span in spans {
        if !usable(&span) || repeats(open.last(), &span) {
            continue;
        }
        if !open.is_empty() && !continues(&open, &span) {
            lines.extend(close(std::mem::take(&mut open)));
        }
        open.push(span);
    }
    lines.extend(close(open));
    lines.retain(|line| !line.text.is_empty() || line.bullet);
    marks_to_text(&mut lines);
    lines.retain(|line| !line.text.is_empty());
    lines
}

fn usable(span: &Span) -> bool {
    [span.x, span.y, span.end, span.size].iter().all(|number| number.is_finite()) && span.size > 0.0 && !span.text.is_empty()
}

/// The same text drawn twice on one spot: a way to print bold.
fn repeats(last: Option<&Span>, span: &Span) -> bool {
    let near = |a: f32, b: f32| (a - b).abs() < span.size * 0.1;
    last.is_some_and(|last| last.text == span.text && near(last.x, span.x) && near(last.y, span.y) && !span.text.trim().is_empty())
}

/// True where the span goes on with the open line.
fn continues(open: &[Span], span: &Span) -> bool {
    let Some(last) = open.last() else { return false };
    let base = base(open);
    let size = base.size.max(span.size);
    let forward = span.x >= last.end - size * 0.8 || (span.text.trim().is_empty() && span.x >= last.x);
    let rise = span.y - base.y;
    let level = rise.abs() <= size * SAME_LINE;
    let mark = span.size < base.size * NOTE_SIZE && rise > 0.0 && rise <= base.size * NOTE_RISE;
    // After a line's first mark comes its text, larger and lower.
    let after_mark = base.size < span.size * NOTE_SIZE && rise < 0.0 && -rise <= span.size * NOTE_RISE && is_mark_text(&text_of(open));
    forward && (level || mark || after_mark)
}

/// The span that stands for a line: its largest.
fn base(open: &[Span]) -> &Span {
    let written = open.iter().filter(|span| !span.text.trim().is_empty());
    written.reduce(|best, span| if span.size > best.size * 1.05 { span } else { best }).unwrap_or(&open[0])
}

/// The size and baseline that most of a line is set in; bullets and marks can be larger or smaller.
fn print(open: &[Span]) -> (f32, f32) {
    let length = |size: f32| open.iter().filter(|span| (span.size - size).abs() < 0.1).map(|span| span.text.trim().len()).sum::<usize>();
    let base = base(open);
    let most = open
        .iter()
        .filter(|span| !span.text.trim().is_empty())
        .reduce(|best, span| if length(span.size) > length(best.size) { span } else { best });
    most.map_or((base.size, base.y), |span| (span.size, span.y))
}

fn text_of(open: &[Span]) -> String {
    open.iter().map(|span| span.text.as_str()).collect()
}

/// One line, or several where its spans belong to cells side by side.
fn close(mut open: Vec<Span>) -> Vec<Line> {
    let mut lines = Vec::new();
    while let Some(cut) = cell_end(&open) {
        let rest = open.split_off(cut);
        lines.extend(close_cell(std::mem::replace(&mut open, rest)));
    }
    lines.extend(close_cell(open));
    lines
}

/// Where a gap as between columns stands behind more than a mark.
fn cell_end(open: &[Span]) -> Option<usize> {
    let mut end: Option<f32> = None;
    let mut before = String::new();
    for (at, span) in open.iter().enumerate().filter(|(_, span)| !span.text.trim().is_empty()) {
        let wide = end.is_some_and(|end| first_letter(span) - end > span.size * CELL_GAP);
        if wide && before.chars().count() > 4 {
            return Some(at);
        }
        before.push_str(span.text.trim());
        end = Some(span.end);
    }
    None
}

fn close_cell(open: Vec<Span>) -> Option<Line> {
    let first = open.iter().position(|span| !span.text.trim().is_empty())?;
    let (size, y) = print(&open);
    let mut line = Line { x: open[first].x, indent: open[first].x, y, size, ..Line::default() };
    let mut bold = 0i64;
    let mut end: Option<f32> = None;
    let mut spaced = false;
    for (at, span) in open.iter().enumerate().skip(first) {
        let marks = span.size < size * NOTE_SIZE && span.y - y > size * 0.08 && is_mark_text(&span.text);
        if marks {
            line.note |= line.text.is_empty() && line.runs.is_empty();
            end = Some(span.end);
            continue;
        }
        let text = span.text.trim();
        if text.is_empty() {
            spaced = true;
            continue;
        }
        let written = text.chars().count() as i64;
        bold += if span.bold { written } else { -written };
        let gap = end.map_or(0.0, |end| span.x - end);
        if line.runs.is_empty() && !line.bullet && stands_as_bullet(text, span, &open[at + 1..]) {
            line.bullet = true;
            line.end = span.end;
            end = Some(span.end);
            continue;
        }
        let spaced_here = spaced || span.text.starts_with(char::is_whitespace) || gap > size * WORD_GAP;
        push(&mut line, span, text, gap > size * COLUMN_GAP, spaced_here);
        spaced = span.text.ends_with(char::is_whitespace);
        end = Some(span.end.max(span.x));
    }
    finish(line, bold)
}

fn push(line: &mut Line, span: &Span, text: &str, apart: bool, spaced: bool) {
    let fresh = line.runs.is_empty();
    let restyled = spaced && line.runs.last().is_some_and(|run| run.bold != span.bold);
    if fresh {
        line.indent = span.x;
    }
    if spaced && !line.text.is_empty() {
        line.text.push(' ');
    }
    line.text.push_str(text);
    if fresh || apart || restyled {
        line.runs.push(Run { x: first_letter(span), end: span.end, bold: span.bold, text: text.to_owned() });
    } else if let Some(run) = line.runs.last_mut() {
        if spaced {
            run.text.push(' ');
        }
        run.text.push_str(text);
        run.end = span.end;
    }
}

/// Folds white space, takes glued bullets off, and joins the runs.
fn finish(mut line: Line, bold: i64) -> Option<Line> {
    for run in &mut line.runs {
        run.text = clean(&run.text);
    }
    line.text = clean(&line.text);
    if let Some(char) = line.text.chars().next().filter(|char| is_bullet(*char)) {
        line.bullet = true;
        line.text = line.text[char.len_utf8()..].trim_start().to_owned();
        if let Some(first) = line.runs.first_mut() {
            first.text = first.text.strip_prefix(char).unwrap_or(&first.text).trim_start().to_owned();
        }
    }
    take_marks(&mut line);
    line.runs.retain(|run| !run.text.is_empty());
    line.bold = bold > 0;
    line.end = line.runs.last().map_or(line.end, |run| run.end);
    (!line.text.is_empty() || line.bullet).then_some(line)
}

/// Where the text of a span begins that has spaces before it; in justified text they can be wide.
fn first_letter(span: &Span) -> f32 {
    let blank = span.text.chars().take_while(|char| char.is_whitespace()).count();
    let blanks = span.text.chars().filter(|char| char.is_whitespace()).count();
    if blank == 0 {
        return span.x;
    }
    let letters = (span.text.chars().count() - blanks) as f32 * span.size * LETTER;
    span.x + (span.end - span.x - letters).max(0.0) * blank as f32 / blanks as f32
}

/// The usual width of a letter, in ems.
const LETTER: f32 = 0.5;

/// Control and invisible characters gone, white space of all kinds folded to single spaces.
fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !crate::model::text::is_hostile(char) && char != '\u{fffd}' {
            out.push(char);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str, x: f32, y: f32, size: f32) -> Span {
        Span { text: text.into(), x, end: x + text.chars().count() as f32 * size * 0.5, y, size, bold: false }
    }

    fn check(spans: Vec<Span>, expected: &[&str]) -> Vec<Line> {
        let lines = assemble(spans.into_iter());
        assert_eq!(lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), expected);
        lines
    }

    #[test]
    fn a_gap_is_a_space_and_none_is_none() {
        check(vec![span("child", 50.0, 700.0, 12.0), span("ren", 80.0, 700.0, 12.0), span("in", 102.0, 700.0, 12.0)], &["children in"]);
    }

    #[test]
    fn a_raised_digit_is_no_text_and_marks_a_footnote_at_the_beginning() {
        let lines = check(
            vec![
                span("improve?", 50.0, 700.0, 12.0),
                span("1", 98.0, 704.0, 7.0),
                span("1", 50.0, 60.0, 6.0),
                span("The note", 54.0, 56.0, 10.0),
            ],
            &["improve?", "The note"],
        );
        assert_eq!(lines.iter().map(|line| line.note).collect::<Vec<_>>(), [false, true]);
    }

    #[test]
    fn a_raised_ordinal_is_text() {
        check(vec![span("the 20", 50.0, 700.0, 12.0), span("th", 86.0, 704.0, 7.0)], &["the 20th"]);
    }

    #[test]
    fn bullets_are_taken_off_and_hanging_dashes_with_them() {
        let lines = check(
            vec![
                span("\u{f06e}", 50.0, 700.0, 10.0),
                span("One", 70.0, 700.0, 12.0),
                span("–", 50.0, 680.0, 12.0),
                span("two", 74.0, 680.0, 12.0),
                span("–", 50.0, 660.0, 12.0),
                span("three", 59.0, 660.0, 12.0),
                span("◼ Four", 50.0, 640.0, 12.0),
            ],
            &["One", "two", "– three", "Four"],
        );
        assert_eq!(lines.iter().map(|line| line.bullet).collect::<Vec<_>>(), [true, true, false, true]);
        assert_eq!(lines[0].indent, 70.0);
    }

    #[test]
    fn columns_are_runs_and_cells_out_of_order_are_lines() {
        let lines = check(
            vec![span("Overall", 50.0, 700.0, 12.0), span("Good", 300.0, 700.0, 12.0), span("Left", 50.0, 690.0, 12.0)],
            &["Overall", "Good", "Left"],
        );
        assert_eq!(lines[1].x, 300.0);
        let lines = check(vec![span("1.", 50.0, 700.0, 12.0), span("Text", 78.0, 700.0, 12.0)], &["1. Text"]);
        assert_eq!(lines[0].runs.len(), 2);
    }

    #[test]
    fn marks_drawn_apart_go_to_their_text() {
        let lines = check(
            vec![
                span("First", 78.0, 700.0, 12.0),
                span("Second", 68.0, 680.0, 12.0),
                span("1.", 50.0, 700.0, 12.0),
                span("•", 50.0, 680.0, 12.0),
                span("2.", 50.0, 100.0, 12.0),
            ],
            &["1. First", "Second", "2."],
        );
        assert_eq!(lines.iter().map(|line| (line.bullet, line.x)).collect::<Vec<_>>(), [(false, 50.0), (true, 50.0), (false, 50.0)]);
    }

    #[test]
    fn text_drawn_twice_for_boldness_stands_once() {
        check(vec![span("Good", 50.0, 700.0, 12.0), span("Good", 50.3, 700.0, 12.0)], &["Good"]);
    }

    #[test]
    fn numbers_that_are_none_are_left_out() {
        check(vec![span("a", f32::NAN, 1.0, 1.0), span("b", 1.0, 1.0, 0.0), span("", 1.0, 1.0, 1.0)], &[]);
    }
}
