//! Where the headline stands, and what comes after it.

use ego_tree::iter::Edge;
use scraper::{ElementRef, Html};

use super::class::{ElementRole, role};
use crate::read::markup::select;

/// The element of the headline: the first `h1` that is no part of something else.
pub fn headline(page: &Html) -> Option<ElementRef<'_>> {
    select(page, "main h1, article h1, h1").into_iter().find(|element| !stands_apart(*element))
}

/// At most `limit` elements after the headline, in order, without those of related links, comments, sidebars and links.
pub fn after<'a>(page: &'a Html, headline: ElementRef<'a>, limit: usize) -> Vec<ElementRef<'a>> {
    let mut found = Vec::new();
    let (mut passed, mut skipped) = (false, None);
    for edge in page.tree.root().traverse() {
        match edge {
            Edge::Open(node) if skipped.is_none() => {
                let Some(element) = ElementRef::wrap(node) else { continue };
                if passed && is_apart(element) {
                    skipped = Some(node.id());
                } else if passed && found.len() < limit {
                    found.push(element);
                } else if passed {
                    break;
                }
            }
            Edge::Close(node) if skipped == Some(node.id()) => skipped = None,
            // What stands in the headline itself is not after it.
            Edge::Close(node) if node.id() == headline.id() => passed = true,
            _ => {}
        }
    }
    found
}

/// True for an element inside related links, comments, sidebars and links to other pages.
pub fn stands_apart(element: ElementRef<'_>) -> bool {
    std::iter::once(element).chain(element.ancestors().filter_map(ElementRef::wrap)).any(is_apart)
}

fn is_apart(element: ElementRef<'_>) -> bool {
    let value = element.value();
    match value.name() {
        "aside" | "nav" | "footer" | "a" | "blockquote" | "figure" => true,
        "body" | "main" | "article" | "html" | "header" | "form" => false,
        _ => role(value) == ElementRole::Furniture,
    }
}
