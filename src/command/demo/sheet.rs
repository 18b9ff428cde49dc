//! Made-up reports from plain files: one directive a line, laid out as a PDF.

use super::pdf::Layout;

/// A directive that cannot be followed, with its line counted from 1.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the sheet: cannot follow `{text}`")]
pub struct SheetError {
    line: usize,
    text: String,
}

/// Makes the PDF that the directives describe.
///
/// `title`, `sub`, `line`, `bold`, `small`: one printed line. `head`, `para`: wrapped. `num N TEXT`, `bullet`, `nested`.
/// `row`, `row-mid`, `row-low LABEL / LABEL | GRADE / GRADE`: a table row, its grade on the first label line, between, or on the last.
/// `footer LINE / LINE`, `note 1 TEXT`, `mark 1`: raised after the last line. `page`, `gap POINTS`, `at X Y SIZE b|r TEXT`.
///
/// # Errors
/// Where a line holds no directive, or one without what it needs.
pub fn pdf(sheet: &str) -> Result<Vec<u8>, SheetError> {
    let mut page = ReportSheet { layout: Layout::new(), last: (0, 12.0) };
    for (at, line) in sheet.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with("//")) {
        let (directive, text) = line.split_once(' ').unwrap_or((line, ""));
        page.follow(directive, text.trim()).ok_or_else(|| SheetError { line: at + 1, text: line.to_owned() })?;
    }
    Ok(page.layout.bytes())
}

struct ReportSheet {
    layout: Layout,
    /// Characters and size of the line printed last.
    last: (usize, f32),
}

impl ReportSheet {
    fn follow(&mut self, directive: &str, text: &str) -> Option<()> {
        match directive {
            "title" => self.print(26.0, false, text),
            "sub" => self.print(14.0, true, text),
            "line" => self.print(12.0, false, text),
            "bold" => self.print(12.0, true, text),
            "small" => self.print(9.0, false, text),
            "head" => self.layout.heading(text),
            "para" => self.layout.paragraph(text),
            "num" => {
                let (number, text) = text.split_once(' ')?;
                self.layout.numbered(number, text);
            }
            "bullet" => self.layout.bullet(0, text),
            "nested" => self.layout.bullet(1, text),
            "row" => self.row(text, 0.0)?,
            "row-mid" => self.row(text, 0.5)?,
            "row-low" => self.row(text, 1.0)?,
            "footer" => self.layout.footer(&parts(text)),
            "note" => self.layout.note(text),
            "mark" => self.layout.mark(self.last.0, self.last.1, text),
            "page" => self.layout.new_page(),
            "gap" => self.layout.space(text.parse().ok()?),
            "at" => self.at(text)?,
            _ => return None,
        }
        Some(())
    }

    fn print(&mut self, size: f32, bold: bool, text: &str) {
        self.layout.line(size, bold, text);
        self.last = (text.chars().count(), size);
    }

    fn row(&mut self, text: &str, down: f32) -> Option<()> {
        let (label, grade) = text.split_once(" | ")?;
        self.layout.row(&parts(label), &parts(grade), down);
        Some(())
    }

    fn at(&mut self, text: &str) -> Option<()> {
        let mut words = text.splitn(5, ' ');
        let (x, y, size) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        let bold = words.next()? == "b";
        self.layout.at(x, y, size, bold, words.next()?);
        Some(())
    }
}

fn parts(text: &str) -> Vec<&str> {
    text.split(" / ").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_cannot_be_followed_is_named() {
        let check = |sheet: &str, line: usize| assert_eq!(pdf(sheet).unwrap_err().line, line, "{sheet}");
        check("title Inspection\n\n// a remark\ntitel Inspection", 4);
        check("row a label without a grade", 1);
        check("at 1 2 three b text", 1);
        check("gap wide", 1);
    }
}
