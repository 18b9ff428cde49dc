//! JSON Feed 1.1 (jsonfeed.org/version/1.1).

use serde::Serialize;

use super::{
    DigestMeta, Format, described,
    entry::{self, Entry, EntryKind, EntryTie, Excerpts},
    markup,
};
use crate::model::overview::Overview;

#[derive(Serialize)]
struct Feed {
    version: &'static str,
    title: String,
    home_page_url: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    feed_url: Option<String>,
    description: String,
    language: &'static str,
    items: Vec<JsonItem>,
}

#[derive(Serialize)]
struct JsonItem {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    title: String,
    content_html: String,
    date_published: String,
    date_modified: String,
    authors: Vec<Author>,
    tags: Vec<String>,
    #[serde(rename = "_tieback")]
    ours: Ours,
}

#[derive(Serialize)]
struct Author {
    name: String,
}

/// Our extension: "report" or "story", the ties of a story, and the addresses of reports and copies.
#[derive(Serialize)]
struct Ours {
    kind: &'static str,
    ties: Vec<EntryTie>,
    related: Vec<String>,
}

/// The digest as JSON Feed, indented, with a newline at its end.
pub fn json(overview: &Overview, meta: &DigestMeta) -> String {
    let feed = Feed {
        version: "https://jsonfeed.org/version/1.1",
        title: meta.title(),
        home_page_url: super::HOME,
        feed_url: meta.link(Format::Json).map(|this| this.to_string()),
        description: described(overview),
        language: "en-GB",
        items: entry::entries(overview, &Excerpts::default()).shown.into_iter().map(item).collect(),
    };
    // Strings and lists of strings cannot fail to serialise.
    let mut text = serde_json::to_string_pretty(&feed).unwrap_or_default();
    text.push('\n');
    text
}

fn item(entry: Entry) -> JsonItem {
    JsonItem {
        content_html: markup::body(&entry),
        id: entry.id,
        url: entry.link,
        title: entry.title,
        date_published: entry.published.to_string(),
        date_modified: entry.updated.to_string(),
        authors: vec![Author { name: entry.author }],
        tags: entry.categories,
        ours: Ours {
            kind: match entry.kind {
                EntryKind::Report => "report",
                EntryKind::Story => "story",
            },
            ties: entry.ties,
            related: entry.related,
        },
    }
}
