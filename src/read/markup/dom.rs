//! Small questions to a parsed page.

use scraper::{ElementRef, Html, Node, Selector};
use url::Url;

use crate::model::text::clean_line;

/// The elements that `css` selects; none for a selector that does not parse.
pub fn select<'a>(page: &'a Html, css: &str) -> Vec<ElementRef<'a>> {
    Selector::parse(css).map(|selector| page.select(&selector).collect()).unwrap_or_default()
}

/// The elements under `root` that `css` selects.
pub fn select_in<'a>(root: ElementRef<'a>, css: &str) -> Vec<ElementRef<'a>> {
    Selector::parse(css).map(|selector| root.select(&selector).collect()).unwrap_or_default()
}

/// The text of an element as one clean line, without scripts and styles; line breaks separate words.
pub fn text_of(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    for node in element.descendants() {
        match node.value() {
            Node::Text(part) => {
                let hidden =
                    node.parent().and_then(|parent| parent.value().as_element().map(|parent| matches!(parent.name(), "script" | "style")));
                if hidden != Some(true) {
                    text.push_str(part);
                }
            }
            Node::Element(inner) if matches!(inner.name(), "br" | "p" | "div" | "li" | "td" | "tr" | "h1" | "h2" | "h3" | "h4") => {
                text.push(' ')
            }
            _ => {}
        }
    }
    clean_line(&text)
}

/// The text that stands directly in an element, without its children's.
pub fn own_text(element: ElementRef<'_>) -> String {
    clean_line(&element.children().filter_map(|node| node.value().as_text().map(|text| text.to_string())).collect::<String>())
}

/// The http(s) address in an attribute, resolved.
pub fn attr_url(element: ElementRef<'_>, attribute: &str, base: &Url) -> Option<Url> {
    let value = element.attr(attribute)?.trim();
    if value.is_empty() {
        return None;
    }
    base.join(value).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// The address that relative links of a page belong to: its `<base href>`, else its own.
pub fn base_of(page: &Html, url: &Url) -> Url {
    select(page, "base[href]").into_iter().find_map(|base| attr_url(base, "href", url)).unwrap_or_else(|| url.clone())
}
