//! The two-column table of grades: labels wrap, grades wrap and are centred, so the columns are read apart and then paired.

use std::sync::LazyLock;

use regex::Regex;

use super::grades::{ANY, GradeReading, Labels, grade, key};
use super::pattern::built;
use crate::model::report::{Grade, JudgementKey};
use crate::read::pdf::Line;

/// A cell of the grade column, or the part of it that stands on one line: "Good", "improvement to be", "Inadequate Grade 4".
static CELL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    built(
        r"(?i)^(?:(?:outstanding|good|inadequate|adequate|not judged|not|judged)|requires?(?: improvement(?: to(?: be(?: good)?)?)?)?|improvement(?: to(?: be(?: good)?)?)?|to(?: be(?: good)?)?|be good)\.?(?: \(?grade(?: \d\)?)?)?$",
    )
});

/// A cell glued to the end of its label.
static GLUED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    built(
        r"(?i)^(?P<label>.*(?:protection|permanence|performance|governance|effectiveness|families|leavers|care|people|provision|management|improve))\s+(?P<grade>outstanding|good|inadequate|adequate|not judged|requires?(?: improvement(?: to be good)?)?)$",
    )
});

/// How the label of a row begins.
static ROW: LazyLock<Option<Regex>> = LazyLock::new(|| {
    built(
        r"(?i)^(?:\d(?:\.\d)?\.?\s+\S|(?:the\s+)?(?:impact of|experiences?\b)|overall\b|capacity\b|outcomes\b|quality of\b|leadership\b|children (?:who|looked)|adoption\b)",
    )
});

/// A piece of a column: x, y and text.
type ColumnPiece = (f32, f32, String);

/// A table of grades as read.
#[derive(Debug, Default)]
pub struct GradeTable {
    pub readings: Vec<GradeReading>,
    /// The lines it takes, as indices: from the first to before the second.
    pub lines: std::ops::Range<usize>,
    pub doubts: Vec<String>,
}

#[derive(Debug, Default)]
struct GradeCell {
    text: String,
    top: f32,
    bottom: f32,
}

impl GradeCell {
    fn middle(&self) -> f32 {
        (self.top + self.bottom) / 2.0
    }

    fn add(&mut self, text: &str, y: f32) {
        if self.text.is_empty() {
            (self.top, self.bottom) = (y, y);
        } else {
            self.text.push(' ');
        }
        self.text.push_str(text);
        self.bottom = self.bottom.min(y);
    }
}

/// Lines of a table at most. The longest has 15.
const MOST_LINES: usize = 60;

/// Lines of one page that are tried as the first row of a table.
const MOST_STARTS: usize = 30;

/// The grades stand at least this far right of the labels, in points.
const COLUMN_APART: f32 = 60.0;

/// Lines of one label stand closer than this, in ems.
const LABEL_LEADING: f32 = 2.2;

/// How far below a label's first line the last line of its row may stand, in ems.
const ROW_HEIGHT: f32 = 6.0;

/// Finds the table of grades in the lines of a page, with `least` rows: the columns are read apart, then paired row by row.
///
/// A sentence can begin like a label, so every line that does is tried; the reading with the most rows and the fewest doubts is taken.
pub fn table(lines: &[&Line], labels: Labels, least: usize) -> Option<GradeTable> {
    let starts = (0..lines.len()).filter(|&at| starts_row(&lines[at].text)).take(MOST_STARTS);
    let tables = starts.filter_map(|at| read_table(lines, at, labels, least)).enumerate();
    tables.min_by_key(|(at, table)| (table.doubts.len(), std::cmp::Reverse(table.readings.len()), *at)).map(|(_, table)| table)
}

fn starts_row(text: &str) -> bool {
    ROW.as_ref().is_some_and(|row| row.is_match(text))
}

/// True for a grade that stands alone, or a line of one.
pub fn is_cell(text: &str) -> bool {
    CELL.as_ref().is_some_and(|cell| cell.is_match(text))
}

fn read_table(lines: &[&Line], first: usize, labels: Labels, least: usize) -> Option<GradeTable> {
    let (mut left, mut right): (Vec<ColumnPiece>, Vec<ColumnPiece>) = Default::default();
    // A wrapped grade centred beside a label of one line begins above it.
    let start = lines[first];
    for line in lines[first.saturating_sub(2)..first].iter() {
        let above = line.y - start.y;
        if is_cell(&line.text) && line.x > start.x + COLUMN_APART && above > 0.0 && above < line.size * 1.5 {
            right.push((line.x, line.y, line.text.clone()));
        }
    }
    let mut end = first;
    for line in lines.iter().skip(first).take(MOST_LINES) {
        if !take_line(line, &mut left, &mut right) {
            break;
        }
        end += 1;
    }
    let rows = rows(&mut left, labels);
    let grades = grades(&mut right);
    if rows.len() < least || grades.len() < least {
        return None;
    }
    Some(pair(rows, grades, first..end))
}

/// Sorts a line's pieces into the columns; false where it is no part of the table.
fn take_line(line: &Line, left: &mut Vec<ColumnPiece>, right: &mut Vec<ColumnPiece>) -> bool {
    let margin = left.first().map_or(line.x, |(x, ..)| *x);
    let low = left.iter().chain(right.iter()).map(|(_, y, _)| *y).fold(f32::INFINITY, f32::min);
    let near = low.is_infinite() || (line.y > low - line.size * ROW_HEIGHT);
    if line.bullet || !near {
        return false;
    }
    let mut label = Vec::new();
    let mut cell = None;
    for run in &line.runs {
        let apart = run.x > margin + COLUMN_APART;
        // A footnote mark that is not raised stays glued to its grade.
        let text = run.text.trim_end_matches(|char: char| char.is_ascii_digit() || char == '*').trim_end();
        if apart && is_cell(text) {
            cell = Some((run.x, text.to_owned()));
        } else if let Some(found) = GLUED.as_ref().and_then(|glued| glued.captures(&run.text)) {
            label.push(found["label"].to_owned());
            cell = Some((run.end, found["grade"].to_owned()));
        } else {
            label.push(run.text.clone());
        }
    }
    let label = label.join(" ");
    let column = right.iter().map(|(x, ..)| *x).fold(f32::INFINITY, f32::min);
    let crosses = cell.is_none() && line.end > column + line.size;
    let above = left.iter().map(|(_, y, _)| *y).filter(|y| *y > line.y).fold(f32::INFINITY, f32::min);
    let begins_other = !label.is_empty() && !starts_row(&label) && above.is_finite() && above - line.y > line.size * LABEL_LEADING;
    if crosses || begins_other || (left.is_empty() && !starts_row(&label)) {
        return false;
    }
    if !label.is_empty() {
        left.push((line.x, line.y, label));
    }
    if let Some((x, text)) = cell {
        right.push((x, line.y, text));
    }
    true
}

/// The labels: each begins with a line that begins one, and runs on until the next.
fn rows(left: &mut [ColumnPiece], labels: Labels) -> Vec<(JudgementKey, GradeCell)> {
    left.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut cells: Vec<GradeCell> = Vec::new();
    for (_, y, text) in left.iter().skip_while(|(_, _, text)| !starts_row(text)) {
        let whole = cells.last().is_some_and(|cell| key(labels, &cell.text).is_some());
        if cells.is_empty() || (starts_row(text) && whole) {
            cells.push(GradeCell::default());
        }
        if let Some(cell) = cells.last_mut() {
            cell.add(text, *y);
        }
    }
    cells.into_iter().filter_map(|cell| Some((key(labels, &cell.text)?, cell))).collect()
}

/// True where a line goes on with the grade begun above it: "Requires" / "improvement to be" / "good".
fn continues(begun: &str, line: &str) -> bool {
    grade(&format!("{begun} {line}")).is_some_and(|_| {
        let whole = format!("{begun} {line}").split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        WHOLE.iter().any(|grade| grade.starts_with(whole.trim_end_matches('.')))
    })
}

/// The grades of more than one word.
const WHOLE: [&str; 3] = ["requires improvement to be good", "require improvement to be good", "not judged"];

/// The grades of the right column, wrapped ones joined.
fn grades(right: &mut [ColumnPiece]) -> Vec<(Grade, GradeCell)> {
    right.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut cells: Vec<GradeCell> = Vec::new();
    for (_, y, text) in right.iter() {
        if cells.last().is_none_or(|cell| !continues(&cell.text, text)) {
            cells.push(GradeCell::default());
        }
        if let Some(cell) = cells.last_mut() {
            cell.add(text, *y);
        }
    }
    let full = |cell: GradeCell| {
        let text = cell.text.trim_end_matches('.').to_owned();
        let text = if text.to_lowercase().starts_with("require") && !text.contains(' ') { format!("{text} improvement") } else { text };
        let found = ANY.as_ref()?.find(&text)?;
        Some((grade(found.as_str())?, GradeCell { text: found.as_str().to_owned(), ..cell }))
    };
    cells.into_iter().filter_map(full).collect()
}

/// As many grades as rows go in order; otherwise each grade goes to the nearest row, and that is a doubt.
fn pair(rows: Vec<(JudgementKey, GradeCell)>, grades: Vec<(Grade, GradeCell)>, lines: std::ops::Range<usize>) -> GradeTable {
    let reading = |key: JudgementKey, row: &GradeCell, grade: Grade, cell: &GradeCell| GradeReading {
        key,
        label: row.text.clone(),
        grade,
        printed: cell.text.clone(),
    };
    let mut table = GradeTable { lines, ..GradeTable::default() };
    if rows.len() == grades.len() {
        table.readings = rows.iter().zip(&grades).map(|((key, row), (grade, cell))| reading(*key, row, *grade, cell)).collect();
        return table;
    }
    table.doubts.push(format!("the table of judgements has {} rows and {} grades", rows.len(), grades.len()));
    for (grade, cell) in &grades {
        let distance = |row: &GradeCell| (row.middle() - cell.middle()).abs();
        let nearest = rows.iter().min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)));
        if let Some((key, row)) = nearest.filter(|(key, _)| table.readings.iter().all(|reading| reading.key != *key)) {
            table.readings.push(reading(*key, row, *grade, cell));
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::pdf::TextRun;

    const LABELS: Labels = &[
        ("impact of leaders", JudgementKey::Leaders),
        ("help and protection", JudgementKey::HelpProtection),
        ("in care+care leavers", JudgementKey::InCareAndLeavers),
        ("in care", JudgementKey::InCare),
        ("overall effectiveness", JudgementKey::Overall),
    ];

    fn line(x: f32, y: f32, text: &str) -> Line {
        let end = x + text.chars().count() as f32 * 6.0;
        let runs = vec![TextRun { x, end, bold: false, text: text.into() }];
        Line { x, indent: x, end, y, size: 12.0, text: text.into(), runs, ..Line::default() }
    }

    /// Lines of (x, y, text) against keys and grades.
    fn check(lines: &[(f32, f32, &str)], expected: &[(JudgementKey, Grade)], doubts: usize) -> GradeTable {
        let lines: Vec<Line> = lines.iter().map(|(x, y, text)| line(*x, *y, text)).collect();
        let found = table(&lines.iter().collect::<Vec<_>>(), LABELS, 2).unwrap();
        let pairs: Vec<_> = found.readings.iter().map(|reading| (reading.key, reading.grade)).collect();
        assert_eq!((pairs.as_slice(), found.doubts.len()), (expected, doubts));
        found
    }

    #[test]
    fn grades_of_three_lines_centred_beside_labels_of_one() {
        let found = check(
            &[
                (300.0, 712.0, "Requires"),
                (70.0, 700.0, "Experiences of help and protection"),
                (300.0, 700.0, "improvement to be"),
                (300.0, 688.0, "good"),
                (70.0, 660.0, "Overall effectiveness"),
                (300.0, 660.0, "Good"),
                (70.0, 620.0, "Services are good. This line of text goes on far beyond the column of grades"),
            ],
            &[(JudgementKey::HelpProtection, Grade::RequiresImprovement), (JudgementKey::Overall, Grade::Good)],
            0,
        );
        assert_eq!(found.readings[0].printed, "Requires improvement to be good");
        assert_eq!(found.lines, 1..6);
    }

    #[test]
    fn a_sentence_that_begins_like_a_row_is_not_one() {
        check(
            &[
                (70.0, 760.0, "Leadership is good. The text goes on here and on"),
                (70.0, 700.0, "The impact of leaders on"),
                (70.0, 686.0, "practice"),
                (300.0, 693.0, "Inadequate"),
                (70.0, 660.0, "The experiences of children in care"),
                (300.0, 660.0, "Outstanding"),
            ],
            &[(JudgementKey::Leaders, Grade::Inadequate), (JudgementKey::InCare, Grade::Outstanding)],
            0,
        );
    }

    #[test]
    fn a_grade_can_have_its_number_beside_it() {
        check(
            &[
                (70.0, 700.0, "The impact of leaders"),
                (300.0, 700.0, "Inadequate Grade 4"),
                (70.0, 660.0, "Overall effectiveness"),
                (300.0, 660.0, "Good (grade 2)"),
            ],
            &[(JudgementKey::Leaders, Grade::Inadequate), (JudgementKey::Overall, Grade::Good)],
            0,
        );
        assert!(!is_cell("Good grades"), "a word that only begins like it");
    }

    #[test]
    fn a_missing_grade_shifts_no_row_and_is_a_doubt() {
        check(
            &[
                (70.0, 700.0, "The impact of leaders"),
                (300.0, 700.0, "Good"),
                (70.0, 660.0, "Experiences of help and protection"),
                (70.0, 620.0, "The experiences of children in care"),
                (300.0, 620.0, "Inadequate"),
            ],
            &[(JudgementKey::Leaders, Grade::Good), (JudgementKey::InCare, Grade::Inadequate)],
            1,
        );
    }
}
