//! A second reading of the text: trafilatura's, and the lines of JSON-LD's `articleBody`.

use scraper::Html;
use url::Url;

use super::blocks::{Draft, Drawn, draw};
use super::container::Found;
use crate::model::page::BlockKind;
use crate::read::markup::{select, tame};

/// Bytes of tamed markup: trafilatura takes some 20 ms for 100 KB.
const MAX_BYTES: usize = 1024 * 1024;

/// Tags of a page that trafilatura is given.
const MAX_TAGS: usize = 15_000;

/// A reading this much longer, in per cent, has found text that the first lost.
const FOUND_SHARE: usize = 160;

/// A reading of the whole body this much longer, in per cent, than trafilatura's holds other things.
const BLOATED_SHARE: usize = 130;

/// Words below which a reading is no evidence against another.
const MIN_WORDS: usize = 60;

/// What trafilatura finds on the page; none where it fails, takes too long or is not tried.
pub fn extract(tamed: &str, url: &Url) -> Option<Drawn> {
    if tamed.len() > MAX_BYTES || tamed.bytes().filter(|byte| *byte == b'<').count() > MAX_TAGS {
        return None;
    }
    // trafilatura takes `articleBody`, too, where it finds little: that is weighed apart, with an eye to walls.
    let page = without_data(tamed);
    let options = trafilatura::Options::default().with_url(url.clone()).with_exclude_comments(true).with_fallback(true).with_links(true);
    let html = std::panic::catch_unwind(|| trafilatura::extract(&page, &options).map(|found| found.content_html)).ok()?.ok()?;
    let page = Html::parse_document(&tame(&html));
    Some(draw(&select(&page, "body"), &[], url))
}

/// The tamed page without its JSON-LD, the only scripts it has.
fn without_data(tamed: &str) -> String {
    let mut parts = tamed.split("<script");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.filter_map(|part| part.split_once("</script>")).fold(first, |page, (_, rest)| page + rest)
}

/// True if `other` words by weight are a better reading than `ours`, found as `found` says.
pub fn is_better(other: usize, ours: usize, found: Found) -> bool {
    other >= MIN_WORDS && (ours * FOUND_SHARE < other * 100 || (found == Found::Body && ours * 100 > other * BLOATED_SHARE))
}

/// Each line a paragraph.
pub fn lines(body: &str) -> Vec<Draft> {
    body.lines().map(|line| Draft { kind: BlockKind::Paragraph, text: line.to_owned(), is_link: false, links: Vec::new() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_ld_is_taken_out() {
        assert_eq!(without_data("a<script type=\"x\">{}</script>b<script>{</script>c"), "abc");
        assert_eq!(without_data("no scripts"), "no scripts");
    }

    #[test]
    fn when_another_reading_is_better() {
        for (other, ours, found, expected) in [
            (200, 100, Found::Named, true),
            (150, 100, Found::Named, false),
            (59, 0, Found::Body, false),
            (100, 140, Found::Body, true),
            (100, 120, Found::Body, false),
            (100, 140, Found::Around, false),
        ] {
            assert_eq!(is_better(other, ours, found), expected, "{other} {ours} {found:?}");
        }
    }
}
