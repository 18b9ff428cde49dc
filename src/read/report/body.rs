//! From lines to blocks: headings, numbered paragraphs whole across pages, bullets apart, in reading order.

use super::block::{ReportBlock, ends_sentence, join};
use super::furniture::{LineRole, ReportLine};
use super::headings::{self, LARGER};
use super::numbers::{Numbers, Stand};
use super::table;
use crate::model::report::PassageKind;
use crate::read::pdf::Line;

/// A heading longer than this is a paragraph in bold.
const LONGEST_HEADING: usize = 300;

/// Distances in points within which two lines begin at one margin.
const MARGIN: f32 = 4.0;

/// Distances in points that a wrapped line may stray from its margin.
const SLACK: f32 = 14.0;

/// What the builder keeps of the block it is building.
struct OpenBlock {
    block: ReportBlock,
    /// Where its lines go on, once its second line is known.
    indent: Option<f32>,
    y: f32,
    page: u32,
    bold: bool,
    role: LineRole,
}

/// All that reading the rows yields.
#[derive(Debug, Default)]
pub struct ReportBody {
    pub blocks: Vec<ReportBlock>,
    pub last_number: u32,
    pub doubts: Vec<String>,
}

struct Builder {
    body: ReportBody,
    open: Option<OpenBlock>,
    numbers: Numbers,
    size: f32,
    /// The usual distance of lines, in ems.
    leading: f32,
    /// The hanging indent of the numbered paragraphs.
    hang: Option<f32>,
    /// The number that bullets and further paragraphs belong to.
    current: Option<u32>,
}

/// Builds blocks of the rows; those that are `cover`, the table of grades among them, without headings and numbers.
pub fn blocks(rows: &[ReportLine], cover: impl Fn(usize) -> bool, size: f32) -> ReportBody {
    let mut builder = Builder::new(rows, size);
    for (at, row) in rows.iter().enumerate() {
        match row.role {
            LineRole::Furniture | LineRole::Contents => {}
            LineRole::Text if cover(at) => builder.plain(row, PassageKind::Cover),
            LineRole::Text => builder.text(row, rows[at + 1..].iter().find(|next| next.role == LineRole::Text)),
            LineRole::Footnote | LineRole::Imprint => {}
        }
    }
    builder.close();
    let Builder { mut body, numbers, .. } = builder;
    // Footnotes come after the flow they interrupt, so that paragraphs stay whole.
    body.blocks.extend(aside(rows, size));
    body.last_number = numbers.highest();
    body.doubts = numbers.doubts();
    body
}

/// Footnotes and the imprint, each its own block.
fn aside(rows: &[ReportLine], size: f32) -> Vec<ReportBlock> {
    let mut builder = Builder::new(rows, size);
    for row in rows.iter().filter(|row| matches!(row.role, LineRole::Footnote | LineRole::Imprint)) {
        builder.plain(row, PassageKind::Footnote);
    }
    builder.close();
    builder.body.blocks
}

/// The distance between two lines of one paragraph, in ems: a small one among all distances, as most lines follow another.
fn leading(rows: &[ReportLine]) -> f32 {
    let gap = |pair: &[ReportLine]| {
        let (a, b) = (pair[0].line, pair[1].line);
        let gap = (a.y - b.y) / a.size;
        (pair[0].page == pair[1].page && (a.size - b.size).abs() < 0.3 && gap > 0.8 && gap < 3.0).then_some(gap)
    };
    let mut gaps: Vec<f32> = rows.windows(2).filter_map(gap).collect();
    gaps.sort_by(f32::total_cmp);
    gaps.get(gaps.len() / 4).copied().unwrap_or(1.2).clamp(1.0, 2.2)
}

impl Builder {
    fn new(rows: &[ReportLine], size: f32) -> Self {
        let (body, numbers, leading) = (ReportBody::default(), Numbers::default(), leading(rows));
        Self { body, open: None, numbers, size, leading, hang: None, current: None }
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            let mut block = open.block;
            if block.kind == PassageKind::Heading && block.text.len() > LONGEST_HEADING {
                block.kind = PassageKind::Paragraph;
            }
            self.body.blocks.push(block);
        }
    }

    fn start(&mut self, row: &ReportLine, kind: PassageKind, number: Option<u32>, numbered: bool, text: &str) {
        self.close();
        let line = row.line;
        let indent = match kind {
            PassageKind::Bullet => (line.indent > line.x + 1.0).then_some(line.indent),
            _ if numbered => line.runs.get(1).map(|run| run.x).filter(|_| starts_with_number_run(line)).or(self.hang),
            _ => Some(line.x),
        };
        let block = ReportBlock { page: row.page, number, kind, text: text.to_owned(), x: line.x, size: line.size, numbered };
        self.open = Some(OpenBlock { block, indent, y: line.y, page: row.page, bold: line.bold, role: row.role });
    }

    /// The distance in points at which a new paragraph begins.
    fn gap(&self, size: f32) -> f32 {
        size * (self.leading * 1.22).max(1.42)
    }

    /// Cover and footnotes: only distance and style divide.
    fn plain(&mut self, row: &ReportLine, kind: PassageKind) {
        let line = row.line;
        let near = |open: &OpenBlock| {
            let gap = open.y - line.y;
            open.page == row.page && open.role == row.role && gap < self.gap(line.size.max(open.block.size)) && gap > -line.size * 2.5
        };
        // A sentence on the cover can change to bold for its last words.
        let same = |open: &OpenBlock| {
            open.bold == line.bold
                || (open.y - line.y).abs() < line.size
                || (line.size >= self.size * LARGER && !ends_sentence(&open.block.text))
        };
        let joins = self.open.as_ref().is_some_and(|open| {
            near(open) && same(open) && (open.block.size - line.size).abs() < 1.6 && !line.note && !super::cover::is_label(&line.text)
        });
        if joins && !line.bullet {
            self.append(row);
        } else {
            self.start(row, kind, None, false, &line.text);
        }
    }

    fn text(&mut self, row: &ReportLine, next: Option<&ReportLine>) {
        let line = row.line;
        if line.text.is_empty() {
            return;
        }
        if line.bullet {
            let number = self.current;
            return self.start(row, PassageKind::Bullet, number, false, &line.text);
        }
        if let Some((number, text)) = self.paragraph_number(row) {
            self.current = Some(number);
            self.start(row, PassageKind::Paragraph, Some(number), true, &text);
            if let Some(indent) = self.open.as_ref().and_then(|open| open.indent) {
                self.hang = Some(indent);
            }
            return;
        }
        if self.is_heading(row, next) {
            return self.heading(row);
        }
        if self.goes_on(row) {
            return self.append(row);
        }
        let hangs = self.hang.is_some_and(|hang| (line.x - hang).abs() < MARGIN);
        if !hangs {
            self.current = None;
        }
        let number = self.current;
        self.start(row, PassageKind::Paragraph, number, false, &line.text);
    }

    fn heading(&mut self, row: &ReportLine) {
        let line = row.line;
        let joins = self.open.as_ref().is_some_and(|open| {
            // A heading can break over the foot of a page.
            if open.page + 1 == row.page && open.block.kind == PassageKind::Heading && line.text.starts_with(char::is_lowercase) {
                return (open.block.size - line.size).abs() < 0.6;
            }
            let gap = open.y - line.y;
            let level = gap < open.block.size * 1.7 && gap > -open.block.size * 2.8;
            let same = (open.block.size - line.size).abs() < 0.6 && (open.bold == line.bold || line.size >= self.size * LARGER);
            open.block.kind == PassageKind::Heading && open.page == row.page && level && (same || table::is_cell(&line.text))
        });
        if joins {
            return self.append(row);
        }
        self.current = None;
        self.numbers.heading();
        self.start(row, PassageKind::Heading, None, false, &line.text);
    }

    /// A heading by its style, or one in plain type that stands alone.
    fn is_heading(&self, row: &ReportLine, next: Option<&ReportLine>) -> bool {
        if headings::by_style(row.line, self.size) {
            return true;
        }
        let alone = || {
            next.is_none_or(|next| next.page != row.page || row.line.y - next.line.y > self.gap(row.line.size) || next.line.y > row.line.y)
        };
        headings::by_words(&row.line.text) && !self.goes_on(row) && alone()
    }

    /// The number that begins the line, if it is the expected one and stands where numbers stand.
    fn paragraph_number(&mut self, row: &ReportLine) -> Option<(u32, String)> {
        let stand = Stand { wrapped: self.looks_wrapped(row), fresh: self.looks_fresh(row), hang: self.hang };
        self.numbers.take(row.line, stand)
    }

    /// True where a paragraph begins: after a heading, or a gap on the same page.
    fn looks_fresh(&self, row: &ReportLine) -> bool {
        self.open.as_ref().is_none_or(|open| {
            open.block.kind == PassageKind::Heading || (open.page == row.page && open.y - row.line.y >= self.gap(row.line.size))
        })
    }

    /// True where the line stands as the next line of the open block would.
    fn looks_wrapped(&self, row: &ReportLine) -> bool {
        let Some(open) = &self.open else { return false };
        if open.page != row.page || open.block.kind == PassageKind::Heading {
            return false;
        }
        let gap = open.y - row.line.y;
        let close = gap > 0.0 && gap < self.gap(row.line.size);
        close && open.indent.is_some_and(|indent| (row.line.x - indent).abs() < MARGIN)
    }

    fn goes_on(&self, row: &ReportLine) -> bool {
        let Some(open) = &self.open else { return false };
        let line = row.line;
        if matches!(open.block.kind, PassageKind::Heading | PassageKind::Cover) || (open.block.size - line.size).abs() > 1.2 {
            return false;
        }
        let aligned = match open.indent {
            Some(indent) => (line.x - indent).abs() < MARGIN,
            None => line.x > open.block.x - MARGIN,
        };
        if open.page == row.page {
            let gap = open.y - line.y;
            let slack = if open.block.kind == PassageKind::Bullet { SLACK } else { MARGIN };
            let loose = line.x >= open.block.x - MARGIN && open.indent.is_none_or(|indent| line.x < indent + slack);
            // Spacing slips in print: a sentence that is not finished goes on in lower case.
            let unfinished =
                !ends_sentence(&open.block.text) && !open.block.text.ends_with(';') && line.text.starts_with(char::is_lowercase);
            let margin = (line.x - open.indent.unwrap_or(line.x)).abs() < SLACK || (line.x - open.block.x).abs() < MARGIN;
            let near = margin && gap > 0.0 && gap < line.size * self.leading * 1.9;
            if unfinished && near {
                return true;
            }
            let beside = open.block.text.is_empty() && gap > -2.0;
            return (gap > 0.0 || beside) && gap < self.gap(line.size) && (aligned || loose);
        }
        if row.page > open.page + 2 {
            return false;
        }
        let unfinished = !ends_sentence(&open.block.text);
        match open.block.kind {
            PassageKind::Bullet => aligned && (unfinished || open.indent.is_some_and(|indent| indent > open.block.x + MARGIN)),
            _ if open.block.number.is_some() => aligned || (unfinished && line.x >= open.block.x - MARGIN),
            _ => unfinished && (line.x - open.block.x).abs() < 40.0,
        }
    }

    fn append(&mut self, row: &ReportLine) {
        let Some(open) = &mut self.open else { return };
        join(&mut open.block.text, &row.line.text);
        if open.indent.is_none() {
            open.indent = Some(row.line.x);
            if open.block.numbered {
                self.hang = open.indent;
            }
        }
        (open.y, open.page) = (row.line.y, row.page);
    }
}

fn starts_with_number_run(line: &Line) -> bool {
    line.runs.first().is_some_and(|run| run.text.trim_end_matches('.').bytes().all(|byte| byte.is_ascii_digit()))
}
