//! The PDF library: the only file that knows its name.

use pdfboss_core::{Document, Error, Immediate, OcState, block_on};
use pdfboss_text::{FontCache, ReadingOrder, TextSpan, extract_spans_reporting_cached_with};

use super::{Engine, Refusal, Span};

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

    fn spans(&self, page: usize) -> Vec<Span> {
        let Ok(page) = self.document.page(page) else { return Vec::new() };
        let order = ReadingOrder::Content;
        let spans =
            block_on(extract_spans_reporting_cached_with(Immediate(&self.document), &page, &self.fonts, self.layers.as_ref(), None, order));
        let spans = spans.map(|(spans, _)| spans).unwrap_or_default();
        let turned = commonest_turn(&spans);
        spans.into_iter().filter(|span| span.rotate == turned).map(|span| upright(span, turned)).collect()
    }
}

/// The direction most of the text runs in; text in other directions is decoration.
fn commonest_turn(spans: &[TextSpan]) -> i32 {
    let length = |turn: i32| spans.iter().filter(|span| span.rotate == turn).map(|span| span.text.len()).sum::<usize>();
    [0, 90, 180, 270].into_iter().rev().max_by_key(|turn| length(*turn)).unwrap_or(0)
}

fn upright(span: TextSpan, turn: i32) -> Span {
    let (x, y, end) = match turn {
        90 => (span.y, -span.x, span.end_y),
        180 => (-span.x, -span.y, -span.end_x),
        270 => (-span.y, span.x, -span.end_y),
        _ => (span.x, span.y, span.end_x),
    };
    Span { text: span.text, x, end, y, size: span.size, bold: span.bold }
}
