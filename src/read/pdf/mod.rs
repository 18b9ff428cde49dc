//! From the bytes of a PDF to pages of lines: one small trait over the PDF library, limits around it, and our own assembly of lines.

mod boss;
mod lines;
mod marks;

pub use lines::{Line, TextRun};

use super::contained::contained;

/// Pages read of one file. The longest report seen has 58; the rest of a longer file is left out and said so.
pub const MAX_PAGES: usize = 400;

/// Characters of text kept of one file. The longest report seen has 220,000.
pub const MAX_TEXT: usize = 4_000_000;

/// Pieces of text taken from one page. The fullest real page has 3,000 (one piece a letter in the worst files).
pub const MAX_SPANS: usize = 60_000;

/// Lines kept of one file: what bounds its memory where every letter is a line. The longest report seen has 3,000.
pub const MAX_LINES: usize = 200_000;

/// Where `%PDF-` must stand: some addresses answer with a web page called .pdf.
const SIGNATURE_WITHIN: usize = 1024;

/// A positioned piece of text as the library gives it: points from the lower left corner of the upright page.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedText {
    pub text: String,
    pub x: f32,
    pub end: f32,
    pub y: f32,
    pub size: f32,
    pub bold: bool,
}

/// What the library must give: the seam at which it can be exchanged.
trait Engine {
    fn pages(&self) -> usize;
    /// What a page draws, counted from 0.
    fn page(&self, page: usize) -> DrawnPage;
}

/// What a page draws, as far as it can be read.
#[derive(Debug, Default)]
struct DrawnPage {
    /// In the order of its content.
    spans: Vec<PlacedText>,
    /// False where something of it could not be read.
    whole: bool,
}

/// One page: its lines in the order in which the file draws them, table cells one after the other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PdfPage {
    pub lines: Vec<Line>,
}

/// The text of a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PdfText {
    pub pages: Vec<PdfPage>,
    /// Pages that the file says it has; more than `pages` holds where a limit was met.
    pub count: usize,
    pub doubts: Vec<String>,
}

/// Why a file gives no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("not a PDF: {0}")]
    NotPdf(&'static str),
    #[error("the PDF cannot be read: {0}")]
    Broken(String),
    /// The library's fault, as far as anybody knows.
    #[error("the PDF library stopped")]
    Stopped,
}

/// True where the bytes call themselves a PDF.
pub fn is_pdf(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(SIGNATURE_WITHIN)].windows(5).any(|five| five == b"%PDF-")
}

/// The text of a PDF. Never panics; a page that cannot be read is an empty page.
pub fn text(bytes: &[u8]) -> Result<PdfText, Refusal> {
    if !is_pdf(bytes) {
        return Err(Refusal::NotPdf(kind_of(bytes)));
    }
    // The library has not panicked on any file we know; this guard is for the one we do not.
    contained(|| boss::open(bytes).map(|engine| collect(&engine))).unwrap_or(Err(Refusal::Stopped))
}

fn collect(engine: &dyn Engine) -> PdfText {
    let count = engine.pages();
    let mut text = PdfText { pages: Vec::new(), count, doubts: Vec::new() };
    let (mut size, mut lines) = (0usize, 0usize);
    for at in 0..count.min(MAX_PAGES) {
        let DrawnPage { spans, whole } = contained(|| engine.page(at)).unwrap_or_default();
        if !whole {
            text.doubts.push(format!("page {} could not be read in whole", at + 1));
        }
        if spans.len() > MAX_SPANS {
            text.doubts.push(format!("page {}: only {MAX_SPANS} of {} pieces of text were read", at + 1, spans.len()));
        }
        let page = PdfPage { lines: lines::assemble(spans.into_iter().take(MAX_SPANS)) };
        size += page.lines.iter().map(|line| line.text.len()).sum::<usize>();
        lines += page.lines.len();
        if size > MAX_TEXT || lines > MAX_LINES {
            break;
        }
        text.pages.push(page);
    }
    if text.pages.len() < count {
        text.doubts.push(format!("only {} of {count} pages were read", text.pages.len()));
    }
    text
}

/// What the bytes are instead of a PDF, in words.
fn kind_of(bytes: &[u8]) -> &'static str {
    let head = bytes.get(..bytes.len().min(SIGNATURE_WITHIN)).unwrap_or_default();
    let head = String::from_utf8_lossy(head).to_lowercase();
    if bytes.is_empty() {
        "the file is empty"
    } else if head.contains("report not found") {
        "a web page saying \"Report not found\""
    } else if head.contains("<html") || head.contains("<!doctype") {
        "a web page"
    } else {
        "no %PDF- at its beginning"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many pages, with one line of so many letters each.
    struct Pages(usize, usize);

    /// Lines a page, and pages.
    struct Lines(usize, usize);

    impl Engine for Lines {
        fn pages(&self) -> usize {
            self.1
        }

        fn page(&self, _: usize) -> DrawnPage {
            let spans = (0..self.0)
                .map(|at| PlacedText { text: "x".into(), x: 10.0, end: 20.0, y: -2.0 * at as f32, size: 1.0, bold: false })
                .collect();
            DrawnPage { spans, whole: true }
        }
    }

    impl Engine for Pages {
        fn pages(&self) -> usize {
            self.0
        }

        fn page(&self, page: usize) -> DrawnPage {
            assert!(page != 3, "a page that makes the library panic");
            let span = PlacedText { text: "x".repeat(self.1), x: 10.0, end: 20.0, y: 800.0, size: 1.0, bold: false };
            DrawnPage { spans: vec![span], whole: true }
        }
    }

    #[test]
    fn pages_and_text_are_limited_and_the_rest_is_said() {
        let read = collect(&Pages(MAX_PAGES + 1, 1));
        assert_eq!(
            (read.pages.len(), read.count, read.doubts.last().map(String::as_str)),
            (MAX_PAGES, MAX_PAGES + 1, Some("only 400 of 401 pages were read"))
        );
        assert_eq!(collect(&Pages(MAX_PAGES, 1)).pages.len(), MAX_PAGES);
        assert_eq!(collect(&Pages(3, MAX_TEXT / 2)).pages.len(), 2);
        assert_eq!(collect(&Lines(MAX_SPANS, MAX_LINES / MAX_SPANS + 1)).pages.len(), MAX_LINES / MAX_SPANS);
    }

    #[test]
    fn the_pieces_of_a_page_are_limited() {
        let check = |lines: usize, read: usize, doubts: usize| {
            let text = collect(&Lines(lines, 1));
            assert_eq!((text.pages[0].lines.len(), text.doubts.len()), (read, doubts));
        };
        check(MAX_SPANS, MAX_SPANS, 0);
        check(MAX_SPANS + 1, MAX_SPANS, 1);
    }

    #[test]
    fn a_page_that_panics_is_an_empty_page() {
        let read = collect(&Pages(5, 1));
        assert_eq!(read.pages.iter().map(|page| page.lines.len()).collect::<Vec<_>>(), [1, 1, 1, 0, 1]);
        assert_eq!(read.doubts, ["page 4 could not be read in whole"]);
    }

    #[test]
    fn what_is_no_pdf_says_what_it_is() {
        let reason = |bytes: &[u8]| text(bytes).unwrap_err().to_string();
        assert_eq!(reason(b""), "not a PDF: the file is empty");
        assert_eq!(reason(b"<!DOCTYPE html><title>Report not found"), "not a PDF: a web page saying \"Report not found\"");
        assert_eq!(reason(b"<html><body>"), "not a PDF: a web page");
        assert_eq!(reason(b"hello"), "not a PDF: no %PDF- at its beginning");
    }

    #[test]
    fn the_signature_may_stand_late_but_not_too_late() {
        let padded = |by: usize| [vec![b' '; by], b"%PDF-1.7".to_vec()].concat();
        assert!(is_pdf(&padded(SIGNATURE_WITHIN - 5)));
        assert!(!is_pdf(&padded(SIGNATURE_WITHIN - 4)));
    }
}
