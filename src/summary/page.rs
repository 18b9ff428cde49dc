//! A page of text: sections, wrapped lines, and colour where it is wanted; the summary and the look-ups are written on it.

use anstyle::{AnsiColor, Style};
use textwrap::{Options, WordSeparator, WordSplitter, wrap};

use super::Look;
use crate::model::{report::Grade, text::clean_line};

/// Narrower terminals get lines that run over.
const NARROWEST: usize = 40;
/// Sentences get a margin on wider ones, because long lines are hard to read…
const PROSE: usize = 100;
/// …and what can stand side by side does, where each part has so many columns; more than two parts no eye follows.
const PART: usize = 78;
const BETWEEN: usize = 4;
const WIDEST: usize = 2 * PROSE + BETWEEN;

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
    Better,
    Worse,
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
            Self::Better => AnsiColor::Green.on_default().bold(),
            Self::Worse => AnsiColor::Red.on_default().bold(),
        }
    }
}

/// A page under way.
pub struct PageWriter {
    out: String,
    width: usize,
    colour: bool,
    links: bool,
    whole: bool,
}

impl PageWriter {
    /// An empty page.
    pub fn new(look: Look) -> Self {
        Self { out: String::new(), width: look.width.clamp(NARROWEST, WIDEST), colour: look.colour, links: look.links, whole: false }
    }

    /// The same with nothing cut on it.
    pub fn whole(self, whole: bool) -> Self {
        Self { whole, ..self }
    }

    /// How many of a kind it shows, where `most` are enough for a page.
    pub fn most(&self, most: usize) -> usize {
        if self.whole { usize::MAX } else { most }
    }

    /// An empty page for a part of this one: half of it where two parts have room, else all of it.
    pub fn part(&self) -> Self {
        let half = (self.width - BETWEEN.min(self.width)) / 2;
        let width = if half >= PART { half } else { self.width };
        Self { out: String::new(), width, colour: self.colour, links: self.links, whole: self.whole }
    }

    /// Parts one below the other, or two and two side by side where they have room, each after an empty line. An address is
    /// never broken: where one is longer than a part is wide, that part has nothing beside it.
    pub fn parts(&mut self, parts: Vec<Self>) {
        let mut parts = parts.into_iter().filter(|part| !part.out.is_empty()).peekable();
        while let Some(left) = parts.next() {
            self.gap();
            match parts.next_if(|right| left.width < self.width && left.keeps_to_its_columns() && right.keeps_to_its_columns()) {
                Some(right) => self.beside_each_other(&left, &right),
                None => self.out.push_str(left.out.trim_end_matches('\n')),
            }
            self.end_line();
        }
    }

    fn keeps_to_its_columns(&self) -> bool {
        self.out.lines().all(|line| textwrap::core::display_width(line) <= self.width)
    }

    fn beside_each_other(&mut self, left: &Self, right: &Self) {
        let (mut lefts, mut rights) = (left.out.trim_end().lines(), right.out.trim_end().lines());
        loop {
            let (one, other) = (lefts.next(), rights.next());
            if one.is_none() && other.is_none() {
                return;
            }
            let one = one.unwrap_or_default();
            self.out.push_str(one);
            if let Some(other) = other.filter(|other| !other.is_empty()) {
                let blanks = (left.width + BETWEEN).saturating_sub(textwrap::core::display_width(one));
                self.out.push_str(&" ".repeat(blanks.max(1)));
                self.out.push_str(other);
            }
            self.out.push('\n');
        }
    }

    fn end_line(&mut self) {
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// True where addresses are behind what they lead to, and need not be printed.
    pub fn has_links(&self) -> bool {
        self.links
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

    /// What there is and the command that shows it, which is never broken, so that it can be copied: on a line of its own where
    /// it does not fit on that of the words.
    pub fn leading_to(&mut self, indent: usize, said: &str, command: &str) {
        let both = format!("{said}: {command}");
        if indent + textwrap::core::display_width(&both) <= self.width.min(PROSE) {
            self.line(indent, Tone::Plain, &both);
            return;
        }
        self.line(indent, Tone::Plain, &format!("{said}:"));
        self.command(indent + 2, Tone::Plain, command);
    }

    /// A command as it is to be typed.
    pub fn command(&mut self, indent: usize, tone: Tone, command: &str) {
        self.out.push_str(&" ".repeat(indent));
        self.styled(tone, &clean_line(command));
        self.out.push('\n');
    }

    /// A paragraph whose second and later lines stand at another indent.
    pub fn hanging(&mut self, first: usize, rest: usize, tone: Tone, text: &str) {
        let (first, rest) = (" ".repeat(first), " ".repeat(rest));
        let text = clean_line(text);
        // Addresses are never broken: a reader clicks on them or copies them.
        let options = Options::new(self.width.min(PROSE + first.len()))
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

    /// A paragraph that leads to an address, where the terminal can follow one.
    pub fn linked(&mut self, indent: usize, tone: Tone, text: &str, address: Option<&str>) {
        let start = self.out.len();
        self.line(indent, tone, text);
        let Some(address) = address.filter(|_| self.links) else { return };
        let lines = self.out.split_off(start);
        for line in lines.lines() {
            let text = line.trim_start_matches(' ');
            self.out.push_str(&line[..line.len() - text.len()]);
            self.out.push_str(&link(text, address));
            self.out.push('\n');
        }
    }

    /// Cells in columns of these widths; where they do not fit, each after the first goes on a line of its own, further in.
    pub fn row(&mut self, indent: usize, widths: &[usize], cells: &[(Tone, String)]) {
        let fits = indent + widths.iter().sum::<usize>() <= self.width;
        let mut blanks = indent;
        for (at, (tone, text)) in cells.iter().enumerate() {
            let text = clean_line(text);
            if text.is_empty() {
                blanks += widths.get(at).copied().unwrap_or_default();
                continue;
            }
            if !fits {
                self.line(if at == 0 { indent } else { indent + 2 }, *tone, &text);
                continue;
            }
            self.out.push_str(&" ".repeat(blanks));
            self.styled(*tone, &text);
            blanks = widths.get(at).map_or(0, |width| width.saturating_sub(textwrap::core::display_width(&text)));
        }
        self.end_line();
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
        styled(tone, text, self.colour, &mut self.out);
    }

    /// What is written on it.
    pub fn finish(self) -> String {
        self.out
    }
}

/// Writes a text in its tone.
pub fn styled(tone: Tone, text: &str, colour: bool, out: &mut String) {
    let style = tone.style();
    if colour && style != Style::new() && !text.is_empty() {
        out.push_str(&format!("{style}{text}{style:#}"));
    } else {
        out.push_str(text);
    }
}

/// A text that a terminal takes for a link (OSC 8, <https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda>). Only
/// addresses that passed `web_address` come here: they hold nothing that could end the sequence.
pub fn link(text: &str, address: &str) -> String {
    if address.chars().any(char::is_control) {
        return text.to_owned();
    }
    format!("\u{1b}]8;;{address}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
}

/// The column that holds the widest of some labels and a gap, within reason.
pub fn column<'a>(labels: impl Iterator<Item = &'a str>) -> usize {
    labels.map(|label| textwrap::core::display_width(&clean_line(label)) + 2).max().unwrap_or(0).min(28)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(width: usize, colour: bool) -> PageWriter {
        PageWriter::new(Look { width, colour, links: false })
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
    fn what_has_an_address_too_long_for_its_part_has_nothing_beside_it() {
        let beside = |text: &str, other: &str| {
            let mut page = page(200, false);
            let parts = [text, other].map(|text| {
                let mut part = page.part();
                part.line(0, Tone::Plain, text);
                part
            });
            page.parts(parts.into());
            page.finish()
        };
        assert_eq!(beside("left", "right").trim(), format!("left{}right", " ".repeat(98)));
        let long = format!("https://a.example/{}", "a".repeat(90));
        assert_eq!(beside(&long, "right"), format!("{long}\n\nright\n"));
        assert_eq!(beside("left", &long), format!("left\n\n{long}\n"));
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
    fn two_parts_stand_side_by_side_where_there_is_room() {
        let laid = |width| {
            let mut page = page(width, false);
            let parts = ["one\ntwo", "three", "four"].map(|text| {
                let mut part = page.part();
                text.lines().for_each(|line| part.line(0, Tone::Plain, line));
                part
            });
            page.parts(parts.into_iter().collect());
            page.finish()
        };
        assert_eq!(laid(100), "one\ntwo\n\nthree\n\nfour\n");
        assert_eq!(laid(160), format!("one{}three\ntwo\n\nfour\n", " ".repeat(79)));
    }

    #[test]
    fn cells_that_do_not_fit_stand_below() {
        let cells = [(Tone::Plain, "help and protection".to_owned()), (Tone::Plain, "good".to_owned()), (Tone::Plain, String::new())];
        let laid = |width| {
            let mut page = page(width, false);
            page.row(2, &[22, 10, 20], &cells);
            page.finish()
        };
        assert_eq!(laid(80), "  help and protection   good\n");
        assert_eq!(laid(40), "  help and protection\n    good\n");
    }

    #[test]
    fn links_stand_behind_each_line_of_their_text() {
        let mut page = PageWriter::new(Look { width: 40, colour: false, links: true });
        page.linked(2, Tone::Plain, "a headline that is long enough to go on over two lines", Some("https://a.example/b"));
        let out = page.finish();
        assert_eq!(out.matches("\u{1b}]8;;https://a.example/b\u{1b}\\").count(), 2, "{out:?}");
        assert!(out.lines().all(|line| line.starts_with("  \u{1b}]8;;") && line.ends_with("\u{1b}]8;;\u{1b}\\")), "{out:?}");
    }

    #[test]
    fn hostile_text_cannot_steer_the_terminal() {
        let mut page = page(80, false);
        page.beside(0, 10, "a\u{1b}[2J", Tone::Plain, "b\u{202e}\r\nc\u{9b}31m");
        assert_eq!(page.finish(), "a[2J      b c31m\n");
    }
}
