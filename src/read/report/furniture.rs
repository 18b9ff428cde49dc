//! What stands on a page without belonging to its text: running headers and footers, page numbers, footnotes, contents, imprint.

use std::collections::HashMap;

use crate::read::pdf::{Line, PdfPage};

/// What a line is to the flow of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineRole {
    Text,
    /// A running header or footer, or a page number.
    Furniture,
    Footnote,
    Contents,
    /// Ofsted's own last page: complaints, formats, licence, addresses.
    Imprint,
}

/// A line in its place.
#[derive(Debug, Clone, Copy)]
pub struct ReportLine<'a> {
    /// Counted from 1.
    pub page: u32,
    pub line: &'a Line,
    pub role: LineRole,
}

/// A line that comes back at one height on this many pages is furniture, if they are a good part of all pages.
const COMES_BACK: usize = 3;

/// In a file of so few pages a line that stands on two of them is enough: the first page of a letter has no footer.
const FEW_PAGES: usize = 5;

/// One page in so many: a running line stands on every page or every second one, the head of a table on a few.
const PART_OF_PAGES: usize = 5;

/// Only the lines nearest to the edges of a page can be furniture.
const EDGE_LINES: usize = 4;

/// The size most of the text is set in.
pub fn body_size(pages: &[PdfPage]) -> f32 {
    let mut sizes: HashMap<i32, usize> = HashMap::new();
    for line in pages.iter().flat_map(|page| &page.lines) {
        *sizes.entry((line.size * 2.0).round() as i32).or_default() += line.text.len();
    }
    let commonest = sizes.into_iter().max_by_key(|(size, length)| (*length, *size)).map_or(24, |(size, _)| size);
    commonest as f32 / 2.0
}

/// All lines of a report with their roles, in the order of the file.
pub fn rows<'a>(pages: &'a [PdfPage]) -> Vec<ReportLine<'a>> {
    let size = body_size(pages);
    let returning = returning(pages);
    let mut rows = Vec::new();
    for (at, page) in pages.iter().enumerate() {
        let first = rows.len();
        let edges = edges(page);
        for (index, line) in page.lines.iter().enumerate() {
            let furniture = edges.contains(&index) && (is_page_number(line, page) || returning.contains_key(&place(line)));
            let role = if furniture { LineRole::Furniture } else { LineRole::Text };
            rows.push(ReportLine { page: at as u32 + 1, line, role });
        }
        let page_rows = &mut rows[first..];
        mark_footnotes(page_rows, size);
        mark_small_print(page_rows, size, at == 0);
        mark_contents(page_rows);
        mark_imprint(page_rows, at + 2 >= pages.len());
    }
    rows
}

/// The lines nearest to the top and the bottom.
fn edges(page: &PdfPage) -> Vec<usize> {
    let mut order: Vec<usize> = (0..page.lines.len()).collect();
    order.sort_by(|&a, &b| page.lines[a].y.total_cmp(&page.lines[b].y));
    let from = order.len().saturating_sub(EDGE_LINES);
    order.iter().take(EDGE_LINES).chain(order.iter().skip(from.max(EDGE_LINES))).copied().collect()
}

/// Text with its numbers taken out, and its height in points.
fn place(line: &Line) -> (String, i32) {
    let text: String = line.text.chars().filter(|char| !char.is_ascii_digit() && !char.is_whitespace()).collect();
    (text, (line.y / 3.0).round() as i32)
}

fn returning(pages: &[PdfPage]) -> HashMap<(String, i32), usize> {
    let mut seen: HashMap<(String, i32), usize> = HashMap::new();
    for page in pages {
        let mut here: Vec<_> =
            edges(page).into_iter().map(|index| place(&page.lines[index])).filter(|(text, _)| !text.is_empty()).collect();
        here.sort();
        here.dedup();
        for key in here {
            *seen.entry(key).or_default() += 1;
        }
    }
    let least = if pages.len() <= FEW_PAGES { 2 } else { COMES_BACK };
    let enough = least.max(pages.len() / PART_OF_PAGES);
    seen.retain(|_, pages| *pages >= enough);
    seen
}

/// Digits alone, below or above all other text of the page.
fn is_page_number(line: &Line, page: &PdfPage) -> bool {
    let digits = line.text.trim_start_matches("Page ").trim();
    if digits.is_empty() || digits.len() > 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let others = || page.lines.iter().filter(|other| !std::ptr::eq(*other, line));
    let below = others().filter(|other| other.y < line.y - 2.0).count();
    let above = others().filter(|other| other.y > line.y + 2.0).count();
    below <= 2 || above == 0
}

/// A footnote begins with a raised number and goes on in the same print, line below line.
fn mark_footnotes(rows: &mut [ReportLine], size: f32) {
    let mut open: Option<(f32, f32)> = None;
    for row in rows.iter_mut().filter(|row| row.role == LineRole::Text) {
        let line = row.line;
        let goes_on = open.is_some_and(|(y, print)| {
            let near = y - line.y < print * 1.6 || (line.size < size * 0.93 && y - line.y < print * 4.0);
            line.y < y && near && (line.size - print).abs() < 0.8 && !line.bold && !line.bullet
        });
        if line.note || goes_on {
            row.role = LineRole::Footnote;
            open = Some((line.y, line.size));
        } else {
            open = None;
        }
    }
}

/// Small print below all text of a page is out of the flow, too: a footnote whose mark was not raised, the rest of one from the
/// page before, a footer that stands once. On the first page it must begin with a mark: a cover has small print of its own.
fn mark_small_print(rows: &mut [ReportLine], size: f32, first_page: bool) {
    let small = |line: &Line| line.size < size * 0.88;
    let text = rows.iter().filter(|row| row.role == LineRole::Text && !small(row.line));
    let lowest = text.map(|row| row.line.y).fold(f32::INFINITY, f32::min);
    let below = |row: &ReportLine| row.role == LineRole::Text && small(row.line) && !row.line.bold && row.line.y < lowest;
    let marked = |row: &ReportLine| !first_page || row.line.text.starts_with(|char: char| char.is_ascii_digit() || char == '*');
    let Some(first) = rows.iter().position(|row| below(row) && marked(row)).filter(|_| lowest.is_finite()) else { return };
    for row in rows[first..].iter_mut().filter(|row| below(row)) {
        row.role = LineRole::Footnote;
    }
}

/// True where a line of a table of contents ends: with the number of a page.
fn ends_in_page(line: &Line) -> bool {
    let digits = line.text.chars().rev().take_while(char::is_ascii_digit).count();
    let before = line.text.chars().rev().nth(digits);
    (1..=3).contains(&digits) && before.is_none_or(|char| char.is_whitespace() || char == '.' || char == '\u{2026}')
}

/// Lines that an entry of the contents takes at most, its page number among them.
const ENTRY_LINES: usize = 4;

/// From "Contents" on: entries of a few lines, the last of which ends in a page number.
fn mark_contents(rows: &mut [ReportLine]) {
    let Some(start) = rows.iter().position(|row| row.line.text.trim_end_matches(':').eq_ignore_ascii_case("contents")) else { return };
    let mut end = start + 1;
    while let Some(entry) = rows[end..].iter().take(ENTRY_LINES).position(|row| row.role == LineRole::Furniture || ends_in_page(row.line)) {
        end += entry + 1;
    }
    for row in rows[start..end].iter_mut().filter(|row| row.role == LineRole::Text) {
        row.role = LineRole::Contents;
    }
}

fn mark_imprint(rows: &mut [ReportLine], at_end: bool) {
    const BEGINNINGS: [&str; 4] = [
        "Any complaints about the inspection",
        "If you are not happy with the inspection",
        "The Office for Standards in Education",
        "© Crown copyright",
    ];
    let begins = |row: &ReportLine| BEGINNINGS.iter().any(|beginning| row.line.text.starts_with(beginning));
    if let Some(start) = rows.iter().position(begins).filter(|_| at_end) {
        for row in rows[start..].iter_mut().filter(|row| row.role == LineRole::Text) {
            row.role = LineRole::Imprint;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(y: f32, size: f32, text: &str) -> Line {
        Line { x: 70.0, indent: 70.0, end: 300.0, y, size, text: text.into(), ..Line::default() }
    }

    /// Pages of (y, size, text) against the roles of the lines of the last page.
    fn check(pages: &[&[(f32, f32, &str)]], expected: &[LineRole]) {
        let page = |lines: &&[(f32, f32, &str)]| PdfPage { lines: lines.iter().map(|(y, size, text)| line(*y, *size, text)).collect() };
        let pages: Vec<PdfPage> = pages.iter().map(page).collect();
        let found = rows(&pages);
        let last: Vec<LineRole> = found.iter().filter(|row| row.page as usize == pages.len()).map(|row| row.role).collect();
        assert_eq!(last, expected);
    }

    const TEXT: (f32, f32, &str) = (500.0, 12.0, "Children are seen quickly and their needs are understood by all who work with them.");

    #[test]
    fn a_line_that_comes_back_at_one_height_is_furniture_whatever_its_numbers() {
        let footer = |text| (40.0, 8.0, text);
        let page = |y, text| [(y, 12.0, TEXT.2), footer(text)];
        let pages = [page(700.0, "10 to 14 June 2024 2"), page(600.0, "10 to 14 June 2024 3"), page(500.0, "10 to 14 June 2024 4")];
        check(&[&pages[0], &pages[1], &pages[2]], &[LineRole::Text, LineRole::Furniture]);
        check(&[&pages[0], &pages[1]], &[LineRole::Text, LineRole::Furniture]);
        let mut long: Vec<Vec<_>> = (0..6).map(|at| vec![(700.0 - 10.0 * at as f32, 12.0, TEXT.2)]).collect();
        long[4].push((40.0, 12.0, "No footer"));
        long[5].push((40.0, 12.0, "No footer"));
        check(&long.iter().map(Vec::as_slice).collect::<Vec<_>>(), &[LineRole::Text, LineRole::Text]);
    }

    #[test]
    fn a_number_alone_at_the_edge_is_the_page_number_and_in_the_text_it_is_not() {
        check(
            &[&[TEXT, (480.0, 12.0, "19"), (460.0, 12.0, "More"), (440.0, 12.0, "text"), (420.0, 12.0, "here"), (30.0, 20.0, "7")]],
            &[LineRole::Text, LineRole::Text, LineRole::Text, LineRole::Text, LineRole::Text, LineRole::Furniture],
        );
    }

    #[test]
    fn small_print_below_the_text_is_a_footnote_and_on_the_first_page_only_with_a_mark() {
        check(
            &[&[TEXT, (80.0, 9.0, "1 The figures are"), (69.0, 9.0, "the council’s.")]],
            &[LineRole::Text, LineRole::Footnote, LineRole::Footnote],
        );
        check(&[&[TEXT, (80.0, 9.0, "A small caption")]], &[LineRole::Text, LineRole::Text]);
        check(&[&[(300.0, 12.0, TEXT.2)], &[TEXT, (80.0, 9.0, "A footer")]], &[LineRole::Text, LineRole::Footnote]);
    }

    #[test]
    fn contents_end_with_their_last_page_number() {
        let contents = [
            (700.0, 14.0, "Contents"),
            (680.0, 12.0, "Executive summary 3"),
            (660.0, 12.0, "The experiences and progress of children who need help and"),
            (645.0, 12.0, "protection ........ 11"),
            TEXT,
        ];
        check(&[&contents], &[LineRole::Contents, LineRole::Contents, LineRole::Contents, LineRole::Contents, LineRole::Text]);
    }

    #[test]
    fn the_imprint_stands_on_the_last_pages_only() {
        let imprint = [TEXT, (400.0, 12.0, "The Office for Standards in Education (Ofsted) regulates"), (380.0, 12.0, "and inspects.")];
        check(&[&[(300.0, 12.0, TEXT.2)], &imprint], &[LineRole::Text, LineRole::Imprint, LineRole::Imprint]);
    }
}
