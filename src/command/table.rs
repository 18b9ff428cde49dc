//! Tables for the terminal: aligned by columns of the screen, fitted to its width, cells cleaned.

use textwrap::{Options, WordSeparator, WordSplitter, core::display_width, wrap};

use crate::{
    model::text::{clean_line, cut},
    summary::{
        Look,
        page::{Tone, styled},
    },
};

/// Between two columns.
const GAP: usize = 2;

/// What happens to a column where the table is too wide for the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// It keeps its width.
    Whole,
    /// Its cells are cut, down to so many columns.
    Cut(usize),
    /// Its cells go on below, down to so many columns.
    Wrap(usize),
}

/// One column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub title: &'static str,
    pub right: bool,
    pub fit: Fit,
}

impl Column {
    pub fn left(title: &'static str, fit: Fit) -> Self {
        Self { title, right: false, fit }
    }

    /// For numbers.
    pub fn right(title: &'static str) -> Self {
        Self { title, right: true, fit: Fit::Whole }
    }
}

/// One cell.
#[derive(Debug, Clone)]
pub struct Cell {
    text: String,
    tone: Tone,
}

impl Cell {
    pub fn new(tone: Tone, text: impl AsRef<str>) -> Self {
        Self { text: clean_line(text.as_ref()), tone }
    }

    pub fn plain(text: impl AsRef<str>) -> Self {
        Self::new(Tone::Plain, text)
    }

    pub fn soft(text: impl AsRef<str>) -> Self {
        Self::new(Tone::Soft, text)
    }
}

enum TableRow {
    Cells(Vec<Cell>),
    /// A paragraph across the table, under the row before it.
    Note(Cell),
}

/// Fewer columns hold no line of text.
const STACKED: usize = 20;

/// Columns of the screen by which a note stands further in.
const NOTE: usize = 4;

/// A table under way.
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<TableRow>,
    indent: usize,
}

impl Table {
    pub fn new(indent: usize, columns: impl Into<Vec<Column>>) -> Self {
        Self { columns: columns.into(), rows: Vec::new(), indent }
    }

    /// Cells left out at the end are empty, more than there are columns are not shown.
    pub fn row(&mut self, cells: impl Into<Vec<Cell>>) {
        self.rows.push(TableRow::Cells(cells.into()));
    }

    /// A paragraph under the last row.
    pub fn note(&mut self, cell: Cell) {
        self.rows.push(TableRow::Note(cell));
    }

    /// The columns of the screen that the table takes when nothing is cut.
    pub fn natural_width(&self) -> usize {
        self.indent + total(&self.natural())
    }

    /// The lines of the table, the titles first where there are any.
    pub fn text(&self, look: Look) -> String {
        let screen = look.width.saturating_sub(self.indent);
        let widths = self.fitted(screen);
        if total(&widths) > screen {
            return self.stacked(look);
        }
        let mut out = String::new();
        if self.columns.iter().any(|column| !column.title.is_empty()) {
            let titles = self.columns.iter().map(|column| Cell::new(Tone::Strong, column.title)).collect::<Vec<_>>();
            self.line(&titles, &widths, look.colour, &mut out);
        }
        for row in &self.rows {
            match row {
                TableRow::Cells(cells) => self.line(cells, &widths, look.colour, &mut out),
                TableRow::Note(cell) => self.paragraph(cell, look, &mut out),
            }
        }
        out
    }

    /// For a screen that holds no such table: the cells of each row one behind the other.
    fn stacked(&self, look: Look) -> String {
        let mut out = String::new();
        let (first, rest) = (" ".repeat(self.indent), " ".repeat(self.indent + 2));
        let options =
            Options::new(look.width.max(STACKED)).word_separator(WordSeparator::AsciiSpace).word_splitter(WordSplitter::NoHyphenation);
        for row in &self.rows {
            let cells = match row {
                TableRow::Cells(cells) => cells.iter().filter(|cell| !cell.text.is_empty()).collect(),
                TableRow::Note(cell) => vec![cell],
            };
            let mut said = String::new();
            for (at, cell) in cells.into_iter().enumerate() {
                said.push_str(if at > 0 { " · " } else { "" });
                styled(cell.tone, &cell.text, look.colour, &mut said);
            }
            for line in wrap(&said, options.clone().initial_indent(&first).subsequent_indent(&rest)) {
                out.push_str(&line);
                out.push('\n');
            }
        }
        out
    }

    fn natural(&self) -> Vec<usize> {
        let width = |at: usize| {
            let cells = self.rows.iter().filter_map(|row| match row {
                TableRow::Cells(cells) => cells.get(at),
                TableRow::Note(_) => None,
            });
            cells.map(|cell| display_width(&cell.text)).chain([display_width(self.columns[at].title)]).max().unwrap_or(0)
        };
        (0..self.columns.len()).map(width).collect()
    }

    /// The widths within the screen: the column farthest above its least width gives way first.
    fn fitted(&self, screen: usize) -> Vec<usize> {
        let mut widths = self.natural();
        let least = |column: &Column| match column.fit {
            Fit::Whole => usize::MAX,
            Fit::Cut(least) | Fit::Wrap(least) => least.max(display_width(column.title)).max(1),
        };
        while total(&widths) > screen {
            let spare = |at: &usize| widths[*at].saturating_sub(least(&self.columns[*at]));
            let Some(roomiest) = (0..widths.len()).filter(|at| spare(at) > 0).max_by_key(spare) else { break };
            widths[roomiest] -= 1;
        }
        widths
    }

    fn paragraph(&self, cell: &Cell, look: Look, out: &mut String) {
        let indent = self.indent + NOTE;
        for line in lay(&cell.text, look.width.saturating_sub(indent).max(1), Fit::Wrap(1)) {
            out.push_str(&" ".repeat(indent));
            styled(cell.tone, &line, look.colour, out);
            out.push('\n');
        }
    }

    fn line(&self, cells: &[Cell], widths: &[usize], colour: bool, out: &mut String) {
        let laid: Vec<(Tone, Vec<String>)> = self
            .columns
            .iter()
            .zip(widths)
            .enumerate()
            .map(|(at, (column, width))| match cells.get(at) {
                Some(cell) => (cell.tone, lay(&cell.text, *width, column.fit)),
                None => (Tone::Plain, Vec::new()),
            })
            .collect();
        let height = laid.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0).max(1);
        for at in 0..height {
            let start = out.len();
            let mut blanks = self.indent;
            for (column, ((tone, lines), width)) in self.columns.iter().zip(laid.iter().zip(widths)) {
                let text = lines.get(at).map_or("", String::as_str);
                let spare = width.saturating_sub(display_width(text));
                if !text.is_empty() {
                    out.push_str(&" ".repeat(blanks + if column.right { spare } else { 0 }));
                    blanks = 0;
                    styled(*tone, text, colour, out);
                    blanks += if column.right { 0 } else { spare };
                } else {
                    blanks += spare;
                }
                // A column that is empty all the way down takes no room.
                blanks += if *width > 0 { GAP } else { 0 };
            }
            out.truncate(out.trim_end_matches(' ').len().max(start));
            out.push('\n');
        }
    }
}

fn total(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + GAP * widths.iter().filter(|width| **width > 0).count().saturating_sub(1)
}

fn lay(text: &str, width: usize, fit: Fit) -> Vec<String> {
    match fit {
        Fit::Whole => vec![text.to_owned()],
        Fit::Cut(_) => vec![cut(text, width)],
        Fit::Wrap(_) => {
            let options = Options::new(width).word_separator(WordSeparator::AsciiSpace).word_splitter(WordSplitter::NoHyphenation);
            wrap(text, options).into_iter().map(|line| line.into_owned()).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(2, [Column::left("Name", Fit::Cut(6)), Column::right("N"), Column::left("Said", Fit::Wrap(8))]);
        table.row([Cell::plain("検査 office"), Cell::plain("7"), Cell::soft("well")]);
        table.row([Cell::plain("A very long name"), Cell::plain("12345"), Cell::plain("one two three four five")]);
        table.row([Cell::plain("Short")]);
        table
    }

    #[test]
    fn columns_are_aligned_by_the_screen() {
        let expected = "  Name                  N  Said\n  検査 office           7  well\n  A very long name  12345  one two three four five\n  Short\n";
        assert_eq!(table().text(Look { width: 80, colour: false, links: false }), expected);
        assert_eq!(table().natural_width(), 2 + 16 + 2 + 5 + 2 + 23);
    }

    #[test]
    fn what_is_too_wide_is_cut_or_goes_on_below() {
        let text = table().text(Look { width: 34, colour: false, links: false });
        let expected = "  Name             N  Said\n  検査 office      7  well\n  A very lon…  12345  one two\n                      three four\n                      five\n  Short\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_note_stands_under_its_row_across_all_columns() {
        let mut table = table();
        table.note(Cell::plain("this is a note that goes on for more than one line"));
        let text = table.text(Look { width: 34, colour: false, links: false });
        assert!(text.ends_with("  Short\n      this is a note that goes on\n      for more than one line\n"), "{text}");
    }

    #[test]
    fn no_line_is_wider_than_the_screen_while_that_is_possible() {
        for width in 27..60 {
            let text = table().text(Look { width, colour: false, links: false });
            assert!(text.lines().all(|line| display_width(line) <= width), "{width}:\n{text}");
        }
        assert!(!table().text(Look { width: 0, colour: false, links: false }).is_empty());
    }

    #[test]
    fn what_holds_no_table_has_its_cells_one_behind_the_other() {
        let text = table().text(Look { width: 24, colour: false, links: false });
        assert_eq!(text, "  検査 office · 7 · well\n  A very long name ·\n    12345 · one two\n    three four five\n  Short\n");
    }

    #[test]
    fn an_empty_column_takes_no_room() {
        let mut table = Table::new(0, [Column::left("", Fit::Whole), Column::left("", Fit::Whole), Column::left("", Fit::Whole)]);
        table.row([Cell::plain("a"), Cell::plain(""), Cell::plain("b")]);
        assert_eq!(table.text(Look { width: 40, colour: false, links: false }), "a  b\n");
    }

    #[test]
    fn colours_do_not_move_columns_and_hostile_text_is_clean() {
        let mut table = Table::new(0, [Column::left("", Fit::Whole), Column::left("", Fit::Whole)]);
        table.row([Cell::soft("a\u{1b}[2J\u{202e}b"), Cell::plain("c\r\nd")]);
        assert_eq!(table.text(Look { width: 40, colour: false, links: false }), "a[2Jb  c d\n");
        assert_eq!(table.text(Look { width: 40, colour: true, links: false }), "\u{1b}[2ma[2Jb\u{1b}[0m  c d\n");
    }
}
