//! A page of text: sections, wrapped lines, and colour where it is wanted; the summary and the look-ups are written on it.

use anstyle::{AnsiColor, Style};
use textwrap::{Options, WordSeparator, WordSplitter, wrap};

use super::Look;
use crate::model::{report::Grade, text::clean_line};

/// Narrower terminals get lines that run over; wider ones a margin, because long lines are hard to read.
const NARROWEST: usize = 40;
const WIDEST: usize = 100;

/// What a line is, and so how it looks. Nothing depends on colour alone: a warning begins with "!".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Heading,
    Strong,
    Soft,
    Warning,
    /// A word that was looked for.
    Found,
    Grade(Grade),
}

impl Tone {
    /// How it looks where colours are on.
    pub fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Heading => Style::new().bold().underline(),
            Self::Strong => Style::new().bold(),
            Self::Soft => Style::new().dimmed(),
            Self::Warning => AnsiColor::Yellow.on_default().bold(),
            Self::Found => AnsiColor::Cyan.on_default().bold(),
            Self::Grade(Grade::Outstanding | Grade::Good | Grade::TypicallyPositive) => AnsiColor::Green.on_default(),
            Self::Grade(Grade::RequiresImprovement | Grade::Adequate | Grade::Inconsistent) => AnsiColor::Yellow.on_default(),
            Self::Grade(Grade::Inadequate | Grade::SystemicFailings) => AnsiColor::Red.on_default(),
            Self::Grade(Grade::NotJudged) => Style::new(),
        }
    }
}

/// A page under way.
pub struct Page {
    out: String,
    width: usize,
    colour: bool,
}

impl Page {
    /// An empty page.
    pub fn new(look: Look) -> Self {
        Self { out: String::new(), width: look.width.clamp(NARROWEST, WIDEST), colour: look.colour }
    }

    /// One empty line, never two.
    pub fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// A heading with air around it.
    pub fn section(&mut self, title: &str) {
        self.gap();
        self.line(0, Tone::Heading, title);
        self.gap();
    }

    /// A paragraph at an indent, wrapped; what does not fit goes on below, at the same indent.
    pub fn line(&mut self, indent: usize, tone: Tone, text: &str) {
        self.hanging(indent, indent, tone, text);
    }

    /// A paragraph whose second and later lines stand at another indent.
    pub fn hanging(&mut self, first: usize, rest: usize, tone: Tone, text: &str) {
        let (first, rest) = (" ".repeat(first), " ".repeat(rest));
        let text = clean_line(text);
        // Addresses are never broken: a reader clicks on them or copies them.
        let options = Options::new(self.width)
            .break_words(!text.contains("://"))
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation)
            .initial_indent(&first)
            .subsequent_indent(&rest);
        for line in wrap(&text, options) {
            let text = line.trim_start_matches(' ');
            self.out.push_str(&line[..line.len() - text.len()]);
            self.styled(tone, text);
            self.out.push('\n');
        }
    }

    /// A word at the left, padded to a column, and a paragraph beside it.
    pub fn beside(&mut self, indent: usize, column: usize, label: &str, tone: Tone, text: &str) {
        let label = clean_line(label);
        let wide = textwrap::core::display_width(&label) + 2 > column;
        if wide {
            self.line(indent, Tone::Strong, &label);
            self.line(indent + column, tone, text);
            return;
        }
        let start = self.out.len();
        self.line(indent + column, tone, text);
        let padding = " ".repeat(column - textwrap::core::display_width(&label));
        let tail = self.out.split_off(start);
        self.out.push_str(&" ".repeat(indent));
        self.styled(Tone::Strong, &label);
        self.out.push_str(&padding);
        self.out.push_str(tail.get(indent + column..).unwrap_or_default());
    }

    /// Lines that are clean and laid out already, such as those of a table.
    pub fn block(&mut self, lines: &str) {
        self.out.push_str(lines);
    }

    fn styled(&mut self, tone: Tone, text: &str) {
        let style = tone.style();
        if self.colour && style != Style::new() && !text.is_empty() {
            self.out.push_str(&format!("{style}{text}{style:#}"));
        } else {
            self.out.push_str(text);
        }
    }

    /// What is written on it.
    pub fn finish(self) -> String {
        self.out
    }
}

/// The column that holds the widest of some labels and a gap, within reason.
pub fn column<'a>(labels: impl Iterator<Item = &'a str>) -> usize {
    labels.map(|label| textwrap::core::display_width(&clean_line(label)) + 2).max().unwrap_or(0).min(28)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(width: usize, colour: bool) -> Page {
        Page::new(Look { width, colour })
    }

    #[test]
    fn text_is_wrapped_by_columns_and_addresses_are_whole() {
        let mut page = page(40, false);
        page.line(
            2,
            Tone::Plain,
            "Ofsted’s inspectors 検査官 found that children wait https://a.example/a-very-long-address-that-does-not-fit",
        );
        let out = page.finish();
        assert!(out.contains("\n  https://a.example/a-very-long-address-that-does-not-fit\n"), "{out}");
        for line in out.lines().filter(|line| !line.contains("https")) {
            assert!(textwrap::core::display_width(line) <= 40, "{line}");
        }
    }

    #[test]
    fn a_label_stands_beside_its_text() {
        let mut page = page(40, false);
        page.beside(2, 8, "Fern", Tone::Plain, "one two three four five six seven eight");
        page.beside(2, 8, "A long name", Tone::Plain, "text");
        assert_eq!(page.finish(), "  Fern    one two three four five six\n          seven eight\n  A long name\n          text\n");
    }

    #[test]
    fn colour_comes_only_when_asked_for_and_ends_on_its_line() {
        for colour in [false, true] {
            let mut page = page(40, colour);
            page.line(2, Tone::Warning, "a warning that is long enough to go on over two lines");
            let out = page.finish();
            assert_eq!(out.contains('\u{1b}'), colour);
            assert!(!colour || out.lines().all(|line| line.ends_with("\u{1b}[0m")), "{out:?}");
        }
    }

    #[test]
    fn the_width_has_bounds() {
        let wrapped = |width| {
            let mut page = page(width, false);
            page.line(0, Tone::Plain, &"word ".repeat(100));
            page.finish().lines().map(str::len).max()
        };
        assert!(wrapped(0) <= Some(40));
        assert!(wrapped(usize::MAX) <= Some(100));
    }

    #[test]
    fn hostile_text_cannot_steer_the_terminal() {
        let mut page = page(80, false);
        page.beside(0, 10, "a\u{1b}[2J", Tone::Plain, "b\u{202e}\r\nc\u{9b}31m");
        assert_eq!(page.finish(), "a[2J      b c31m\n");
    }
}
