//! The PDF library: the only file that knows its name.

use pdfboss_core::{Document, Error, Immediate, OcState, block_on};
use pdfboss_text::{FontCache, ReadingOrder, TextSpan, extract_spans_reporting_cached_with};

use super::{DrawnPage, Engine, PlacedText, Refusal};

struct Boss {
    document: Document,
    fonts: FontCache,
    layers: Option<OcState>,
}

/// Opens a file; an encrypted or unrecoverable one is refused with the reason.
pub fn open(bytes: &[u8]) -> Result<impl Engine, Refusal> {
    let document = Document::load(bytes.to_vec()).map_err(|error| match error {
        Error::Encrypted => Refusal::Broken("it is encrypted".into()),
        other => Refusal::Broken(other.to_string()),
    })?;
    if document.is_locked() {
        return Err(Refusal::Broken("it is encrypted".into()));
    }
    let layers = document.oc_state();
    Ok(Boss { document, fonts: FontCache::default(), layers })
}

impl Engine for Boss {
    fn pages(&self) -> usize {
        self.document.flattened_page_count()
    }

    fn page(&self, page: usize) -> DrawnPage {
        let Ok(page) = self.document.page(page) else { return DrawnPage::default() };
        let (layers, order) = (self.layers.as_ref(), ReadingOrder::Content);
        let read = block_on(extract_spans_reporting_cached_with(Immediate(&self.document), &page, &self.fonts, layers, None, order));
        let Ok((spans, report)) = read else { return DrawnPage::default() };
        let turned = commonest_turn(&spans);
        let spans = spans.into_iter().filter(|span| span.rotate == turned).map(|span| upright(span, turned)).collect();
        DrawnPage { spans, whole: report.is_complete() }
    }
}

/// The direction most of the text runs in; text in other directions is decoration.
fn commonest_turn(spans: &[TextSpan]) -> i32 {
    let length = |turn: i32| spans.iter().filter(|span| span.rotate == turn).map(|span| span.text.len()).sum::<usize>();
    [0, 90, 180, 270].into_iter().rev().max_by_key(|turn| length(*turn)).unwrap_or(0)
}

fn upright(span: TextSpan, turn: i32) -> PlacedText {
    let (x, y, end) = match turn {
        90 => (span.y, -span.x, span.end_y),
        180 => (-span.x, -span.y, -span.end_x),
        270 => (-span.y, span.x, -span.end_y),
        _ => (span.x, span.y, span.end_x),
    };
    PlacedText { text: span.text, x, end, y, size: span.size, bold: span.bold }
}
