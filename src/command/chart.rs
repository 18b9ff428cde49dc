//! The overall grades of a council over the years, drawn: a row a grade, a column a year.

use jiff::civil::Date;

use super::brief;
use crate::{
    model::report::Grade,
    summary::{
        Look,
        page::{PageWriter, Tone},
    },
};

/// The rows, best on top.
const ROWS: [Grade; 4] = [Grade::Outstanding, Grade::Good, Grade::RequiresImprovement, Grade::Inadequate];
/// Columns of a year, from narrow to wide.
const YEAR: [usize; 3] = [7, 5, 3];

/// Draws the overall grades of full inspections, newest first, where there are any of two years at least.
pub fn grades(given: &[(Date, Grade)], look: Look, page: &mut PageWriter) {
    let mut points: Vec<(i16, Grade)> =
        given.iter().filter(|(_, grade)| is_drawn(*grade)).map(|(day, grade)| (day.year(), *grade)).collect();
    points.sort_by_key(|(year, _)| *year);
    let (Some((first, _)), Some((last, _))) = (points.first().copied(), points.last().copied()) else { return };
    if first == last {
        return;
    }
    let label = ROWS.iter().map(|grade| brief::grade(*grade).len()).max().unwrap_or(0) + 2;
    let years = usize::try_from(last - first).unwrap_or(0) + 1;
    let Some(width) = YEAR.into_iter().find(|width| 2 + label + years * width <= look.width) else { return };
    page.gap();
    for row in ROWS {
        let mut cells = vec![(Tone::Plain, brief::grade(row).to_owned())];
        let mut widths = vec![label];
        for year in first..=last {
            let (tone, text) = cell(year, row, &points, width);
            cells.push((tone, text));
            widths.push(width);
        }
        page.row(2, &widths, &cells);
    }
    let year = |year: i16| if width >= 5 { year.to_string() } else { format!("{:02}", year.rem_euclid(100)) };
    let cells: Vec<(Tone, String)> =
        [(Tone::Plain, String::new())].into_iter().chain((first..=last).map(|at| (Tone::Soft, year(at)))).collect();
    let widths: Vec<usize> = [label].into_iter().chain((first..=last).map(|_| width)).collect();
    page.row(2, &widths, &cells);
}

/// A block where a grade was given that year, a line where it stood on from an earlier one.
fn cell(year: i16, row: Grade, points: &[(i16, Grade)], width: usize) -> (Tone, String) {
    let same = |grade: Grade| grade == row || (row == Grade::RequiresImprovement && grade == Grade::Adequate);
    let given = points.iter().any(|(at, grade)| *at == year && same(*grade));
    let standing = points.iter().rev().find(|(at, _)| *at < year).is_some_and(|(_, grade)| same(*grade));
    let ended = points.iter().any(|(at, _)| *at == year);
    match (given, standing && !ended) {
        (true, _) => (Tone::Grade(row), format!("●{}", if lasts(year, points) { "─".repeat(width - 1) } else { String::new() })),
        (false, true) => (Tone::Grade(row), "─".repeat(width)),
        _ => (Tone::Plain, String::new()),
    }
}

/// True where no other grade was given that year, and one comes later.
fn lasts(year: i16, points: &[(i16, Grade)]) -> bool {
    points.iter().filter(|(at, _)| *at == year).count() == 1 && points.iter().any(|(at, _)| *at > year)
}

fn is_drawn(grade: Grade) -> bool {
    ROWS.contains(&grade) || grade == Grade::Adequate
}
