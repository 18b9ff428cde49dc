//! From positioned spans to lines: one baseline, left to right, with bullets, footnote marks and gaps between columns kept apart.

use super::PlacedText;
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
pub struct TextRun {
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
    pub runs: Vec<TextRun>,
}

/// A gap wider than this many ems ends a line: what follows is another cell of a table.
const CELL_GAP: f32 = 2.2;

/// Assembles the spans of a page in the order of the file, in which the cells of a table stand whole, one after the other.
pub fn assemble(spans: impl Iterator<Item = PlacedText>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut open = OpenLine::default();
    for span in spans {
        if !usable(&span) || repeats(open.spans.last(), &span) {
            continue;
        }
        if !open.continues(&span) {
            close(std::mem::take(&mut open).spans, &mut lines);
        }
        open.push(span);
    }
    close(open.spans, &mut lines);
    lines.retain(|line| !line.text.is_empty() || line.bullet);
    marks_to_text(&mut lines);
    lines.retain(|line| !line.text.is_empty());
    lines
}

fn usable(span: &PlacedText) -> bool {
    [span.x, span.y, span.end, span.size].iter().all(|number| number.is_finite()) && span.size > 0.0 && !span.text.is_empty()
}

/// The same text drawn twice on one spot: a way to print bold.
fn repeats(last: Option<&PlacedText>, span: &PlacedText) -> bool {
    let near = |a: f32, b: f32| (a - b).abs() < span.size * 0.1;
    last.is_some_and(|last| last.text == span.text && near(last.x, span.x) && near(last.y, span.y) && !span.text.trim().is_empty())
}

/// The spans of a line that is not finished, with what must be known of all of them to add one more.
#[derive(Default)]
struct OpenLine {
    spans: Vec<PlacedText>,
    /// Size and baseline of the span that stands for the line: its largest.
    base: Option<(f32, f32)>,
    /// The text so far, until it is too long for a mark.
    head: String,
}

impl OpenLine {
    /// True where the span goes on with the line; with nothing in it, any span does.
    fn continues(&self, span: &PlacedText) -> bool {
        let Some(last) = self.spans.last() else { return true };
        let (base, y) = self.base.unwrap_or((self.spans[0].size, self.spans[0].y));
        let size = base.max(span.size);
        let forward = span.x >= last_letter(last) - size * 0.8 || (span.text.trim().is_empty() && span.x >= last.x);
        let rise = span.y - y;
        let level = rise.abs() <= size * SAME_LINE;
        let mark = span.size < base * NOTE_SIZE && rise > 0.0 && rise <= base * NOTE_RISE;
        // After a line's first mark comes its text, larger and lower.
        let after_mark = base < span.size * NOTE_SIZE && rise < 0.0 && -rise <= span.size * NOTE_RISE && is_mark_text(&self.head);
        forward && (level || mark || after_mark)
    }

    fn push(&mut self, span: PlacedText) {
        if span.text.trim().is_empty() {
            // A blank within a mark makes it none; one before or after it does not matter.
            if !self.head.is_empty() && !self.head.ends_with(' ') {
                self.head.push(' ');
            }
        } else {
            if self.base.is_none_or(|(size, _)| span.size > size * 1.05) {
                self.base = Some((span.size, span.y));
            }
            if self.head.len() < LONGER_THAN_A_MARK {
                self.head.push_str(&span.text);
            }
        }
        self.spans.push(span);
    }
}

/// Bytes of text that no footnote mark has.
const LONGER_THAN_A_MARK: usize = 16;

/// Sizes of print that are counted in one line. A real one has three.
const SIZES: usize = 16;

/// The size and baseline that most of a line is set in; bullets and marks can be larger or smaller.
fn print(cell: &[PlacedText]) -> (f32, f32) {
    // Size, letters set in it, baseline of the first.
    let mut sizes: Vec<(f32, usize, f32)> = Vec::new();
    for span in cell {
        let letters = span.text.trim().len();
        if letters == 0 {
            continue;
        }
        if let Some((_, length, _)) = sizes.iter_mut().find(|(size, ..)| (size - span.size).abs() < 0.1) {
            *length += letters;
        } else if sizes.len() < SIZES {
            sizes.push((span.size, letters, span.y));
        }
    }
    let most = sizes.into_iter().reduce(|best, size| if size.1 > best.1 { size } else { best });
    most.map(|(size, _, y)| (size, y)).or(cell.first().map(|span| (span.size, span.y))).unwrap_or_default()
}

/// One line, or several where its spans belong to cells side by side: a gap as between columns stands behind more than a mark.
fn close(open: Vec<PlacedText>, lines: &mut Vec<Line>) {
    let mut cell = Vec::new();
    let mut end: Option<f32> = None;
    let mut letters = 0;
    for span in open {
        if !span.text.trim().is_empty() {
            let wide = end.is_some_and(|end| first_letter(&span) - end > span.size * CELL_GAP);
            if wide && letters > LONGEST_MARK {
                lines.extend(close_cell(std::mem::take(&mut cell)));
                letters = 0;
            }
            letters += span.text.trim().chars().count();
            end = Some(span.end);
        }
        cell.push(span);
    }
    lines.extend(close_cell(cell));
}

/// Letters of a list number or bullet at most: a wide gap behind so few does not begin a cell.
const LONGEST_MARK: usize = 4;

fn close_cell(open: Vec<PlacedText>) -> Option<Line> {
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

fn push(line: &mut Line, span: &PlacedText, text: &str, apart: bool, spaced: bool) {
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
        line.runs.push(TextRun { x: first_letter(span), end: span.end, bold: span.bold, text: text.to_owned() });
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
fn first_letter(span: &PlacedText) -> f32 {
    let blank = span.text.chars().take_while(|char| char.is_whitespace()).count();
    if blank == 0 {
        return span.x;
    }
    let blanks = span.text.chars().filter(|char| char.is_whitespace()).count();
    let letters = (span.text.chars().count() - blanks) as f32 * span.size * LETTER;
    span.x + (span.end - span.x - letters).max(0.0) * blank as f32 / blanks as f32
}

/// Where the letters of a span end that has spaces after them: they can be so wide that the next span begins before.
fn last_letter(span: &PlacedText) -> f32 {
    let blank = span.text.chars().rev().take_while(|char| char.is_whitespace()).count();
    if blank == 0 {
        return span.end;
    }
    let blanks = span.text.chars().filter(|char| char.is_whitespace()).count();
    if blanks == span.text.chars().count() {
        return span.end;
    }
    let letters = (span.text.chars().count() - blanks) as f32 * span.size * LETTER;
    span.end - (span.end - span.x - letters).max(0.0) * blank as f32 / blanks as f32
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

    fn span(text: &str, x: f32, y: f32, size: f32) -> PlacedText {
        PlacedText { text: text.into(), x, end: x + text.chars().count() as f32 * size * 0.5, y, size, bold: false }
    }

    fn check(spans: Vec<PlacedText>, expected: &[&str]) -> Vec<Line> {
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
    fn a_wide_space_that_the_next_piece_overlaps_is_a_space() {
        let wide = |text: &str, x: f32, end: f32| PlacedText { end, ..span(text, x, 700.0, 12.0) };
        check(vec![wide("Lead ", 70.0, 132.0), wide("inspec", 100.0, 128.0), wide("tor: ", 128.0, 150.0)], &["Lead inspector:"]);
        // What begins before the letters end is another line: the same place drawn twice, or a column to the left.
        check(vec![wide("Lead ", 70.0, 132.0), wide("Again", 72.0, 100.0)], &["Lead", "Again"]);
    }

    /// Least seconds of five runs over so many pieces.
    fn seconds(pieces: usize, piece: impl Fn(usize) -> PlacedText) -> f64 {
        let run = || {
            let spans: Vec<PlacedText> = (0..pieces).map(&piece).collect();
            let start = std::time::Instant::now();
            assert!(!assemble(spans.into_iter()).is_empty());
            start.elapsed().as_secs_f64()
        };
        (0..5).map(|_| run()).fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn twice_the_pieces_take_twice_the_time() {
        let one_line = |at: usize| span("word ", 24.0 * at as f32, 700.0, 12.0);
        let sizes = |at: usize| span("word ", 24.0 * at as f32, 700.0, 12.0 + at as f32 / 10_000.0);
        let cells = |at: usize| span("A cell", 240.0 * at as f32, 700.0, 12.0);
        let blanks = |at: usize| span(if at == 0 { "1" } else { "  " }, 9.0 * at as f32, 700.0, 12.0);
        let marks = |at: usize| span("1.", 50.0, -20.0 * at as f32, 12.0);
        let shapes: [(&str, &dyn Fn(usize) -> PlacedText); 5] =
            [("one line", &one_line), ("sizes", &sizes), ("cells", &cells), ("blanks", &blanks), ("marks", &marks)];
        for (name, shape) in shapes {
            // Doubled four times: 16 times as long if linear, more where the cache ends; 256 times if quadratic.
            let (few, many) = (seconds(3_000, shape), seconds(48_000, shape));
            assert!(many < few.max(0.000_3) * 128.0, "{name}: {few} s for 3,000 pieces, {many} s for 48,000");
        }
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
