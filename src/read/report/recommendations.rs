//! Recommendations, things to improve and priority actions: numbered paragraphs or bullets under their heading.

use super::block::{ReportBlock, join};
use crate::model::report::{PassageKind, Recommendation};

/// A bullet this far right of the first ones belongs to the bullet before it.
const NESTED: f32 = 9.0;

/// The items under the first heading that `starts` and has any, up to the heading that `ends`.
///
/// Contents that were not recognised name the part, too, and have nothing under it.
pub fn under_heading(
    blocks: &[ReportBlock],
    starts: impl Fn(&str) -> bool,
    ends: impl Fn(&ReportBlock, &ReportBlock) -> bool,
    items: impl Fn(&[ReportBlock]) -> Vec<Recommendation>,
) -> Vec<Recommendation> {
    let headings = blocks.iter().enumerate().filter(|(_, block)| block.kind == PassageKind::Heading && starts(&block.text));
    let lists = headings.take(MOST_HEADINGS).map(|(at, heading)| {
        let after = &blocks[at + 1..];
        let ends =
            |block: &ReportBlock| block.kind == PassageKind::Footnote || (block.kind == PassageKind::Heading && ends(heading, block));
        items(&after[..after.iter().position(ends).unwrap_or(after.len())])
    });
    lists.into_iter().find(|list| !list.is_empty()).unwrap_or_default()
}

/// Headings of one kind that are looked under.
const MOST_HEADINGS: usize = 20;

/// The items of a section: its numbered paragraphs, else its outermost bullets; what follows belongs to the item before.
pub fn items(section: &[ReportBlock]) -> Vec<Recommendation> {
    if section.iter().any(|block| block.numbered) {
        return collect(section, |block| block.numbered);
    }
    bullets(section)
}

/// The outermost bullets of a section, numbered paragraphs or not.
pub fn bullets(section: &[ReportBlock]) -> Vec<Recommendation> {
    let bullets = || section.iter().filter(|block| block.kind == PassageKind::Bullet);
    let margin = bullets().map(|block| block.x).fold(f32::INFINITY, f32::min);
    collect(section, |block| block.kind == PassageKind::Bullet && block.x < margin + NESTED)
}

/// Every paragraph an item.
pub fn paragraphs(section: &[ReportBlock]) -> Vec<Recommendation> {
    collect(section, |block| block.kind == PassageKind::Paragraph)
}

fn collect(section: &[ReportBlock], begins: impl Fn(&ReportBlock) -> bool) -> Vec<Recommendation> {
    let mut found: Vec<Recommendation> = Vec::new();
    let mut nested = false;
    for block in section.iter().filter(|block| block.kind != PassageKind::Heading) {
        if begins(block) {
            nested = false;
            found.push(Recommendation { n: found.len() as u32 + 1, text: block.text.clone(), page: block.page });
        } else if let Some(last) = found.last_mut().filter(|_| block.kind == PassageKind::Bullet) {
            if nested && last.text.ends_with(char::is_alphanumeric) {
                last.text.push(';');
            }
            join(&mut last.text, &block.text);
            nested = true;
        }
    }
    found
}

/// Numbers several lists through.
pub fn numbered_through(lists: impl IntoIterator<Item = Vec<Recommendation>>) -> Vec<Recommendation> {
    let all = lists.into_iter().flatten().enumerate();
    all.map(|(at, recommendation)| Recommendation { n: at as u32 + 1, ..recommendation }).collect()
}

/// Any heading ends a section of equal headings.
pub fn next_heading(_: &ReportBlock, _: &ReportBlock) -> bool {
    true
}

/// Only a heading as large as the section's own ends it; smaller ones divide it.
pub fn equal_heading(own: &ReportBlock, other: &ReportBlock) -> bool {
    other.size > own.size - 0.6
}
