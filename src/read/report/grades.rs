//! Grades: the words, the two-column table with its wrapped and centred cells, and the second readings in headings.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::report::{Grade, Judgement, JudgementKey};
use crate::read::pdf::Line;

/// The labels of one framework: the first pattern that matches gives the key.
pub type Labels = &'static [(&'static str, JudgementKey)];

/// One place where the report says a grade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub key: JudgementKey,
    pub label: String,
    pub grade: Grade,
    pub printed: String,
}

const GRADE: &str = r"outstanding|good|requires?\s+improvement(?:\s+to\s+be\s+good)?|inadequate|adequate|not\s+judged";

fn built(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()
}

static ANY: LazyLock<Option<Regex>> = LazyLock::new(|| built(&format!(r"(?i)\b(?:{GRADE})\b")));
static LAST: LazyLock<Option<Regex>> = LazyLock::new(|| built(&format!(r"(?i)\b(?P<grade>{GRADE})\b[\s.)]*\d?$")));
/// A cell of the grade column, or the part of it that stands on one line.
static CELL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    built(
        r"(?i)^(?:(?:outstanding|good|inadequate|adequate|not judged|not|judged)|requires?(?: improvement(?: to(?: be(?: good)?)?)?)?|improvement(?: to(?: be(?: good)?)?)?|to(?: be(?: good)?)?|be good)\.?$",
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

/// The grade that a phrase means: "Requires improvement to be good", "require improvement", "Not Judged".
pub fn grade(phrase: &str) -> Option<Grade> {
    let phrase = phrase.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    match phrase.as_str() {
        "outstanding" => Some(Grade::Outstanding),
        "good" => Some(Grade::Good),
        "adequate" => Some(Grade::Adequate),
        "inadequate" => Some(Grade::Inadequate),
        "not judged" => Some(Grade::NotJudged),
        _ if phrase.starts_with("require") => Some(Grade::RequiresImprovement),
        _ => None,
    }
}

/// The grade a text ends with, as printed; a glued footnote digit is overlooked.
pub fn at_end(text: &str) -> Option<(Grade, String)> {
    pick(LAST.as_ref()?.captures(text)?)
}

fn pick(found: regex::Captures) -> Option<(Grade, String)> {
    let printed = found.name("grade")?.as_str();
    Some((grade(printed)?, printed.to_owned()))
}

/// The key a label stands for.
pub fn key(labels: Labels, text: &str) -> Option<JudgementKey> {
    let text = text.to_lowercase().replace(['\u{2011}', '\u{a0}'], " ");
    labels.iter().find(|(words, _)| words.split('+').all(|word| text.contains(word))).map(|(_, key)| *key)
}

/// A table of grades as read.
#[derive(Debug, Default)]
pub struct Table {
    pub readings: Vec<Reading>,
    /// The lines it takes, as indices: from the first to before the second.
    pub lines: std::ops::Range<usize>,
    pub doubts: Vec<String>,
}

#[derive(Debug, Default)]
struct Cell {
    text: String,
    top: f32,
    bottom: f32,
}

impl Cell {
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

/// Lines of one page that are tried as the first row of a table.
const MOST_STARTS: usize = 30;

/// Lines of one label stand closer than this, in ems.
const LABEL_LEADING: f32 = 2.2;

/// How far below a label's first line the last line of its row may stand, in ems.
const ROW_HEIGHT: f32 = 6.0;

/// Finds the table of grades in the lines of a page: the columns are read apart, then paired row by row.
///
/// A sentence can begin like a label, so every line that does is tried; the reading with the most rows and the fewest doubts is taken.
pub fn table(lines: &[&Line], labels: Labels) -> Option<Table> {
    let starts = (0..lines.len()).filter(|&at| starts_row(&lines[at].text)).take(MOST_STARTS);
    let tables = starts.filter_map(|at| read_table(lines, at, labels)).enumerate();
    tables.min_by_key(|(at, table)| (table.doubts.len(), std::cmp::Reverse(table.readings.len()), *at)).map(|(_, table)| table)
}

fn starts_row(text: &str) -> bool {
    ROW.as_ref().is_some_and(|row| row.is_match(text))
}

/// True for a grade that stands alone, or a line of one.
pub fn is_cell(text: &str) -> bool {
    CELL.as_ref().is_some_and(|cell| cell.is_match(text))
}

fn read_table(lines: &[&Line], first: usize, labels: Labels) -> Option<Table> {
    let (mut left, mut right): (Vec<(f32, f32, String)>, Vec<(f32, f32, String)>) = Default::default();
    let mut end = first;
    for line in lines.iter().skip(first) {
        if !take_line(line, &mut left, &mut right) {
            break;
        }
        end += 1;
    }
    // Words below the last row that do not belong to it are body text.
    let rows = rows(&mut left, labels);
    let grades = grades(&mut right);
    if rows.len() < 2 || grades.len() < 2 {
        return None;
    }
    Some(pair(rows, grades, first..end))
}

/// Sorts a line's pieces into the columns; false where it is no part of the table.
fn take_line(line: &Line, left: &mut Vec<(f32, f32, String)>, right: &mut Vec<(f32, f32, String)>) -> bool {
    let margin = left.first().map_or(line.x, |(x, ..)| *x);
    let low = left.iter().chain(right.iter()).map(|(_, y, _)| *y).fold(f32::INFINITY, f32::min);
    let near = low.is_infinite() || (line.y > low - line.size * ROW_HEIGHT);
    if line.bullet || !near {
        return false;
    }
    let mut label = Vec::new();
    let mut cell = None;
    for run in &line.runs {
        let apart = run.x > margin + 60.0;
        if apart && is_cell(&run.text) {
            cell = Some((run.x, run.text.clone()));
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
fn rows(left: &mut [(f32, f32, String)], labels: Labels) -> Vec<(JudgementKey, Cell)> {
    left.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut cells: Vec<Cell> = Vec::new();
    for (_, y, text) in left.iter() {
        let whole = cells.last().is_some_and(|cell| key(labels, &cell.text).is_some());
        if cells.is_empty() || (starts_row(text) && whole) {
            cells.push(Cell::default());
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
fn grades(right: &mut [(f32, f32, String)]) -> Vec<(Grade, Cell)> {
    right.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut cells: Vec<Cell> = Vec::new();
    for (_, y, text) in right.iter() {
        if cells.last().is_none_or(|cell| !continues(&cell.text, text)) {
            cells.push(Cell::default());
        }
        if let Some(cell) = cells.last_mut() {
            cell.add(text, *y);
        }
    }
    let full = |cell: Cell| {
        let text = cell.text.trim_end_matches('.').to_owned();
        let text = if text.to_lowercase().starts_with("require") && !text.contains(' ') { format!("{text} improvement") } else { text };
        let found = ANY.as_ref()?.find(&text)?;
        Some((grade(found.as_str())?, Cell { text: found.as_str().to_owned(), ..cell }))
    };
    cells.into_iter().filter_map(full).collect()
}

/// As many grades as rows go in order; otherwise each grade goes to the nearest row, and that is a doubt.
fn pair(rows: Vec<(JudgementKey, Cell)>, grades: Vec<(Grade, Cell)>, lines: std::ops::Range<usize>) -> Table {
    let reading = |key: JudgementKey, row: &Cell, grade: Grade, cell: &Cell| Reading {
        key,
        label: row.text.clone(),
        grade,
        printed: cell.text.clone(),
    };
    let mut table = Table { lines, ..Table::default() };
    if rows.len() == grades.len() {
        table.readings = rows.iter().zip(&grades).map(|((key, row), (grade, cell))| reading(*key, row, *grade, cell)).collect();
        return table;
    }
    table.doubts.push(format!("the table of judgements has {} rows and {} grades", rows.len(), grades.len()));
    for (grade, cell) in &grades {
        let distance = |row: &Cell| (row.middle() - cell.middle()).abs();
        let nearest = rows.iter().min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)));
        if let Some((key, row)) = nearest.filter(|(key, _)| table.readings.iter().all(|reading| reading.key != *key)) {
            table.readings.push(reading(*key, row, *grade, cell));
        }
    }
    table
}

/// Second readings: headings that name a judgement and end with its grade.
pub fn in_headings<'a>(headings: impl Iterator<Item = &'a str>, labels: Labels) -> Vec<Reading> {
    let read = |text: &str| {
        let (grade, printed) = at_end(text)?;
        let label = text.trim_end_matches(['.', ' ']);
        let label = label.strip_suffix(&printed).unwrap_or(label).trim_end_matches([' ', ':', '–', '-', '(']).to_owned();
        Some(Reading { key: key(labels, &label)?, label, grade, printed })
    };
    headings.filter_map(read).collect()
}

/// Joins the readings of each judgement, the table's first. `more` says which keys may stand without a table's row.
pub fn merge(first: Vec<Reading>, others: Vec<Reading>, more: impl Fn(JudgementKey) -> bool) -> (Vec<Judgement>, Vec<String>) {
    let mut judgements: Vec<Judgement> = Vec::new();
    let mut doubts = Vec::new();
    let count = first.len();
    for (at, reading) in first.into_iter().chain(others).enumerate() {
        if let Some(judgement) = judgements.iter_mut().find(|judgement| judgement.key == reading.key) {
            judgement.readings += 1;
            if judgement.grade != reading.grade {
                judgement.agree = false;
                let (one, other) = (judgement.grade.as_str(), reading.grade.as_str());
                doubts.push(format!("{}: printed once as {one}, once as {other}", reading.key.as_str()));
            }
        } else if at < count || more(reading.key) {
            let Reading { key, label, grade, printed } = reading;
            judgements.push(Judgement { key, label, grade, printed, readings: 1, agree: true });
        }
    }
    (judgements, doubts)
}
