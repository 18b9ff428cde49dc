//! Text laid out in rows of a pane, with what is lit.

use std::ops::Range;

use textwrap::core::display_width;

/// How a row looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    Plain,
    Strong,
    Soft,
    /// Words of a quotation.
    Lit,
}

/// A row as pieces, each with its face.
pub type LaidRow = Vec<(String, Face)>;

/// Rows of a pane, and those that have something lit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Laid {
    pub rows: Vec<LaidRow>,
    pub lit: Vec<usize>,
}

impl Laid {
    /// A paragraph, wrapped to so many columns, rows after the first further in; ranges of it are lit.
    pub fn paragraph(&mut self, text: &str, width: usize, indent: usize, face: Face, lit: &[Range<usize>]) {
        let indent = indent.min(width / 2);
        for (at, line) in lines(text, width, indent).into_iter().enumerate() {
            let mut row: LaidRow = Vec::new();
            if at > 0 && indent > 0 {
                row.push((" ".repeat(indent), face));
            }
            pieces(text, line, face, lit, &mut row);
            // Of a quotation over several rows the first is the one to go to.
            let goes_on = at > 0 && self.rows.last().is_some_and(is_lit);
            if is_lit(&row) && !goes_on {
                self.lit.push(self.rows.len());
            }
            self.rows.push(row);
        }
    }

    /// One empty row.
    pub fn gap(&mut self) {
        self.rows.push(Vec::new());
    }
}

fn is_lit(row: &LaidRow) -> bool {
    row.iter().any(|(_, face)| *face == Face::Lit)
}

/// The part of a text in a row, cut where something begins or ends to be lit.
fn pieces(text: &str, line: Range<usize>, face: Face, lit: &[Range<usize>], row: &mut LaidRow) {
    let mut at = line.start;
    for range in lit.iter().filter(|range| range.start < line.end && range.end > line.start) {
        let (start, end) = (range.start.max(line.start), range.end.min(line.end));
        push(&text[at..start], face, row);
        push(&text[start..end], Face::Lit, row);
        at = end;
    }
    push(&text[at..line.end], face, row);
}

fn push(text: &str, face: Face, row: &mut LaidRow) {
    let visible: String = text
        .chars()
        .map(|char| if char.is_whitespace() { ' ' } else { char })
        .filter(|char| !crate::model::text::is_hostile(*char))
        .collect();
    if !visible.is_empty() {
        row.push((visible, face));
    }
}

/// Byte ranges of the lines that a text takes; words longer than a line are cut.
fn lines(text: &str, width: usize, indent: usize) -> Vec<Range<usize>> {
    let mut lines: Vec<Range<usize>> = Vec::new();
    let mut line: Option<Range<usize>> = None;
    for word in words(text, width.saturating_sub(indent).max(1)) {
        let room = if lines.is_empty() { width } else { width.saturating_sub(indent) };
        match &mut line {
            Some(open) if display_width(&text[open.start..word.end]) <= room => open.end = word.end,
            _ => lines.extend(line.replace(word)),
        }
    }
    lines.extend(line);
    lines
}

/// Byte ranges between blanks, none wider than a line.
fn words(text: &str, width: usize) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start: Option<usize> = None;
    for (at, char) in text.char_indices().chain([(text.len(), ' ')]) {
        match start {
            Some(begun) if char.is_whitespace() => {
                words.push(begun..at);
                start = None;
            }
            Some(begun) if display_width(&text[begun..at]) >= width => {
                words.push(begun..at);
                start = Some(at);
            }
            None if !char.is_whitespace() => start = Some(at),
            _ => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, width: usize, indent: usize, lit: &[Range<usize>]) -> Vec<String> {
        let mut laid = Laid::default();
        laid.paragraph(text, width, indent, Face::Plain, lit);
        let piece = |(text, face): &(String, Face)| if *face == Face::Lit { format!("[{text}]") } else { text.clone() };
        laid.rows.iter().map(|row| row.iter().map(piece).collect()).collect()
    }

    #[test]
    fn paragraphs_are_wrapped_and_lit() {
        assert_eq!(rows("one two three four", 9, 0, &[]), ["one two", "three", "four"]);
        assert_eq!(rows("one two three four", 9, 2, std::slice::from_ref(&(4..13))), ["one [two]", "  [three]", "  four"]);
        assert_eq!(rows("1234567890", 4, 0, &[]), ["1234", "5678", "90"]);
        assert_eq!(rows("検査官 検査", 6, 0, &[]), ["検査官", "検査"]);
        assert_eq!(rows("a\u{1b}[2J\nb", 9, 0, &[]), ["a[2J b"]);
        assert_eq!(rows("", 9, 0, &[]), [""; 0]);
    }

    #[test]
    fn a_quotation_over_several_rows_is_gone_to_once() {
        let mut laid = Laid::default();
        laid.paragraph("one two three four five six", 8, 0, Face::Plain, std::slice::from_ref(&(4..18)));
        laid.gap();
        laid.paragraph("one two", 8, 0, Face::Plain, std::slice::from_ref(&(0..3)));
        assert_eq!(laid.lit, [0, laid.rows.len() - 1]);
    }
}
