//! Paragraph numbers: only the expected next number is one, with tolerance for slips in print.

use crate::read::pdf::Line;

/// How many numbers print may skip.
const SKIP: u32 = 3;

/// How many it may skip where a paragraph clearly begins.
const LONG_SKIP: u32 = 12;

/// Distances in points within which two numbers stand in one column.
const COLUMN: f32 = 9.0;

/// The run of paragraph numbers of a report.
#[derive(Debug, Default)]
pub struct Numbers {
    last: u32,
    highest: u32,
    /// Runs that a second "1." interrupted, by their last numbers.
    interrupted: Vec<u32>,
    /// Where the numbers stand.
    column: Option<f32>,
    after_heading: bool,
    slips: Vec<String>,
}

/// How a line stands on its page.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stand {
    /// Where the paragraph before would go on.
    pub wrapped: bool,
    /// After a gap or a heading, where a paragraph begins.
    pub fresh: bool,
    /// Where the text of numbered paragraphs is set.
    pub hang: Option<f32>,
}

/// What a line begins with.
struct LineStart<'a> {
    number: u32,
    rest: &'a str,
    /// The number stands apart from the text, as a list number does.
    apart: bool,
    stop: bool,
    /// The text begins with a figure: "100. 70% of children".
    figure: bool,
}

impl Numbers {
    /// The last number of the longest run.
    pub fn highest(&self) -> u32 {
        self.highest
    }

    /// Says that a heading stands before the next line: only there a run can begin anew.
    pub fn heading(&mut self) {
        self.after_heading = true;
    }

    /// Slips in print, in words.
    pub fn doubts(self) -> Vec<String> {
        self.slips
    }

    /// The number and the text after it, where the line begins a numbered paragraph.
    pub fn take(&mut self, line: &Line, stand: Stand) -> Option<(u32, String)> {
        let found = candidate(line)?;
        let step = self.step(&found, line.x, stand)?;
        match step {
            Step::Next => {}
            Step::Resumed(at) => self.interrupted.truncate(at),
            Step::Anew => self.interrupted.push(self.last),
            Step::Slip if found.number == self.last => self.slips.push(format!("paragraph number {} is printed twice", self.last)),
            Step::Slip => self.slips.push(format!("paragraph number {} is missing in print", self.last + 1)),
        }
        self.column = Some(self.column.map_or(line.x, |column| if found.apart { line.x } else { column.min(line.x) }));
        self.last = found.number;
        self.highest = self.highest.max(self.last);
        self.after_heading = false;
        Some((found.number, found.rest.to_owned()))
    }

    /// What the number is to the numbers before it; none where it is no paragraph's.
    fn step(&self, found: &LineStart, x: f32, stand: Stand) -> Option<Step> {
        let in_column = self.column.is_none_or(|column| x < column + COLUMN);
        let hangs = in_column && stand.hang.is_some_and(|hang| x < hang - COLUMN);
        // Before a figure it must stand left of the text, or a paragraph begin: "over the age of / 18. 70% of them".
        if stand.wrapped || (found.figure && !found.apart && !(in_column && (hangs || stand.fresh))) {
            return None;
        }
        if found.number == self.last + 1 {
            return ((in_column || found.apart || stand.fresh) && (found.stop || hangs)).then_some(Step::Next);
        }
        // Three digits and a stop fill the column, and leave no gap before the text.
        if !in_column || !(found.apart || hangs) || !found.stop {
            return None;
        }
        if let Some(at) = self.interrupted.iter().position(|last| found.number == last + 1) {
            return Some(Step::Resumed(at));
        }
        if found.number == 1 && self.last > 1 && self.after_heading {
            return Some(Step::Anew);
        }
        let skip = if stand.fresh && self.last > 0 { LONG_SKIP } else { SKIP };
        let follows = (self.last.max(1)..=self.last + skip).contains(&found.number);
        (follows && (self.last > 0 || self.after_heading)).then_some(Step::Slip)
    }
}

/// How a number follows those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Next,
    /// It goes on with the interrupted run of that place.
    Resumed(usize),
    /// A run begins anew after a heading.
    Anew,
    /// Print skips or repeats a number.
    Slip,
}

fn candidate(line: &Line) -> Option<LineStart<'_>> {
    let digits = line.text.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=3).contains(&digits) {
        return None;
    }
    let number = line.text[..digits].parse().ok().filter(|number| *number > 0)?;
    let rest = &line.text[digits..];
    let stop = rest.starts_with('.');
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    let first = line.runs.first()?;
    let apart = line.runs.len() > 1 && first.text.trim_end_matches('.').len() == digits && first.text.len() <= digits + 1;
    let text = rest.trim_start();
    // "2.1", "3.5 million", "1," or "16th" begin no paragraph.
    // A number on a line of its own: its text is drawn elsewhere, or was lost in print.
    if stop && text.is_empty() {
        return Some(LineStart { number, rest: text, apart: false, stop, figure: false });
    }
    let parted = apart || (rest.starts_with(' ') || text.starts_with(char::is_uppercase));
    let figure = text.starts_with(|char: char| char.is_ascii_digit() || char == '£');
    (parted && (!figure || apart || stop)).then_some(LineStart { number, rest: text, apart, stop, figure })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::pdf::TextRun;

    fn line(x: f32, number: &str, text: &str) -> Line {
        let run = |x: f32, text: &str| TextRun { x, end: x + 5.0, bold: false, text: text.into() };
        let runs = if number.is_empty() { vec![run(x, text)] } else { vec![run(x, number), run(x + 28.0, text)] };
        let text = runs.iter().map(|run| run.text.as_str()).collect::<Vec<_>>().join(" ");
        Line { x, indent: x, text, runs, size: 12.0, ..Line::default() }
    }

    /// Feeds lines of (x, number, text, wrapped) and compares the numbers taken.
    fn check(lines: &[(f32, &str, &str, bool)], expected: &[u32], highest: u32) {
        let mut numbers = Numbers::default();
        let taken: Vec<u32> = lines
            .iter()
            .filter_map(|(x, number, text, wrapped)| {
                numbers.take(&line(*x, number, text), Stand { wrapped: *wrapped, fresh: false, hang: Some(98.0) })
            })
            .map(|(number, _)| number)
            .collect();
        assert_eq!((taken.as_slice(), numbers.highest()), (expected, highest));
    }

    #[test]
    fn only_the_expected_number_is_one() {
        check(
            &[(70.0, "1.", "One", false), (98.0, "", "18. They left", true), (98.0, "", "2. They left", true), (70.0, "2.", "Two", false)],
            &[1, 2],
            2,
        );
    }

    #[test]
    fn slips_in_print_are_followed() {
        check(
            &[(70.0, "1.", "One", false), (70.0, "3.", "Three", false), (70.0, "3.", "Again", false), (70.0, "4.", "Four", false)],
            &[1, 3, 3, 4],
            4,
        );
        check(&[(70.0, "1.", "One", false), (70.0, "2", "Without a stop", false), (70.0, "3.", "Three", false)], &[1, 2, 3], 3);
    }

    #[test]
    fn a_column_that_moves_and_a_long_skip_are_followed_where_a_paragraph_begins() {
        let fresh = Stand { fresh: true, ..Stand::default() };
        let mut numbers = Numbers::default();
        let mut take = |x: f32, number: &str, stand: Stand| numbers.take(&line(x, number, "Text"), stand).map(|(number, _)| number);
        assert_eq!(take(70.0, "1.", fresh), Some(1));
        assert_eq!(take(90.0, "", Stand::default()), None);
        assert_eq!(take(70.0, "14.", fresh), None);
        assert_eq!(take(70.0, "13.", Stand::default()), None);
        assert_eq!(take(70.0, "13.", fresh), Some(13));
        let moved = |stand| Numbers { last: 4, column: Some(70.0), ..Numbers::default() }.take(&line(90.0, "", "5. Text"), stand);
        assert_eq!((moved(Stand::default()), moved(fresh)), (None, Some((5, "Text".into()))));
    }

    #[test]
    fn the_first_number_can_be_missing_after_a_heading() {
        let mut numbers = Numbers::default();
        assert_eq!(numbers.take(&line(70.0, "2.", "Two"), Stand::default()), None);
        numbers.heading();
        assert_eq!(numbers.take(&line(70.0, "2.", "Two"), Stand::default()), Some((2, "Two".into())));
        assert_eq!(numbers.doubts(), ["paragraph number 1 is missing in print"]);
    }

    /// A line after paragraph 99, whose text is set at 98: the number taken, or none.
    #[test]
    fn three_digits_fill_the_column_and_figures_can_follow() {
        let check = |x: f32, text: &str, stand: Stand, expected: Option<u32>| {
            let mut numbers = Numbers { last: 99, highest: 99, column: Some(70.0), ..Numbers::default() };
            let stand = Stand { hang: stand.hang.or(Some(98.0)), ..stand };
            assert_eq!(numbers.take(&line(x, "", text), stand).map(|(number, _)| number), expected, "{text}");
        };
        let (plain, wrapped) = (Stand::default(), Stand { wrapped: true, ..Stand::default() });
        check(70.0, "100. The virtual school", plain, Some(100));
        check(70.0, "100. 70% of children are in good schools", plain, Some(100));
        check(70.0, "100. £2 million was spent", plain, Some(100));
        check(70.0, "101. After a number that print skips", plain, Some(101));
        check(70.0, "100 The stop is missing", plain, Some(100));
        // Near misses: text that wraps begins with a number, and the next one by chance.
        check(98.0, "100. 70% of children", plain, None);
        check(70.0, "100. 70% of children", wrapped, None);
        check(98.0, "101. They left", plain, None);
        check(70.0, "100.5 million", plain, None);
        check(70.0, "100 70% of children", plain, None);
        check(70.0, "150. Far off", plain, None);
    }

    #[test]
    fn decimals_and_ordinals_are_none() {
        check(
            &[
                (70.0, "", "1.5 million", false),
                (70.0, "", "1st of May", false),
                (70.0, "", "1, 2 and 3", false),
                (70.0, "", "1. One", false),
            ],
            &[1],
            1,
        );
    }

    #[test]
    fn a_second_run_after_a_heading_does_not_end_the_first() {
        let mut numbers = Numbers::default();
        let mut take = |number: &str, heading: bool| {
            if heading {
                numbers.heading();
            }
            numbers.take(&line(70.0, number, "Text"), Stand::default()).map(|(number, _)| number)
        };
        let taken = [take("1.", true), take("2.", false), take("3.", false), take("1.", true), take("2.", false), take("4.", true)];
        assert_eq!(taken, [Some(1), Some(2), Some(3), Some(1), Some(2), Some(4)]);
    }
}
