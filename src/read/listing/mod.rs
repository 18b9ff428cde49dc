//! Lists that lead to stories and reports: Ofsted's pages, page lists, sitemaps, WordPress and GOV.UK interfaces.

mod govuk;
mod ofsted;
mod page;
mod sitemap;
mod wordpress;

use serde_json::Value;

pub use self::govuk::govuk_search;
pub use self::ofsted::{ofsted_provider, ofsted_search};
pub use self::page::{next_page, numbered, page_links};
pub use self::sitemap::{Sitemap, sitemap};
pub use self::wordpress::wordpress;
use super::article::MAX_PAGE_BYTES;
use super::charset;
use super::json::values;
use super::markup::plain_text;
use super::unreadable::{Instead, Unreadable};

/// The text of a list page, within the bounds of a page.
fn page_text(body: &[u8]) -> Result<String, Unreadable> {
    text_of(body, MAX_PAGE_BYTES)
}

/// The text of a list of at most `limit` bytes.
fn text_of(body: &[u8], limit: usize) -> Result<String, Unreadable> {
    if body.trim_ascii().is_empty() {
        return Err(Unreadable::new(Instead::Empty, ""));
    }
    if body.len() > limit {
        return Err(Unreadable::new(Instead::TooLarge, format!("{} bytes, at most {limit} are read", body.len())));
    }
    if body.starts_with(b"%PDF-") {
        return Err(Unreadable::new(Instead::Binary, "a PDF"));
    }
    Ok(charset::decode(body, None, true))
}

/// True where a page ends before its end tags. A page may leave all of them out, but none that opens these does.
fn is_cut(page: &str) -> bool {
    let page = page.to_ascii_lowercase();
    let opens = page.contains("<html") || page.contains("<body");
    opens && !page.contains("</html") && !page.contains("</body")
}

/// The JSON of an answer, also behind a warning of the program that wrote it; or what came instead.
fn json(body: &[u8]) -> Result<Value, Unreadable> {
    let text = page_text(body)?;
    let failed = match serde_json::from_str(&text) {
        Ok(value) => return Ok(value),
        Err(error) => error.to_string(),
    };
    let start = ["[{\"", "{\""].iter().filter_map(|mark| text.find(mark)).min();
    let value = start.and_then(|at| values(text.get(at..).unwrap_or_default()).into_iter().next());
    match value {
        Some(value) if !is_page(&text) => Ok(value),
        _ if text.trim_start().starts_with('<') => Err(Unreadable::new(Instead::HtmlPage, "")),
        _ => Err(Unreadable::new(Instead::OtherJson, failed)),
    }
}

fn is_page(text: &str) -> bool {
    text.contains("<html") || text.contains("<body") || text.contains("<HTML")
}

/// The error that a JSON answer tells of.
fn told_error(value: &Value) -> Unreadable {
    let said = ["message", "error", "code", "detail"].iter().find_map(|key| value.get(key).and_then(Value::as_str)).map(plain_text);
    Unreadable::new(Instead::OtherJson, said.unwrap_or_else(|| "it has no list".to_owned()))
}
