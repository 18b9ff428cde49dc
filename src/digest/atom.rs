//! Atom 1.0 (RFC 4287).

use atom_syndication::{Category, Content, Entry as AtomEntry, Feed, FixedDateTime, Generator, Link, Person, Text, WriteConfig};
use jiff::Timestamp;

use super::{
    DESCRIPTION, DigestMeta,
    entry::{self, Entry},
    markup,
};
use crate::model::overview::Overview;

/// The digest as Atom; reports and copies are links of `rel="related"`.
pub fn atom(overview: &Overview, meta: &DigestMeta) -> String {
    let (entries, _) = entry::entries(overview);
    let mut links = vec![link("alternate", super::HOME)];
    links.extend(meta.link.as_ref().map(|this| link("self", this.as_str())));
    let feed = Feed {
        title: Text::plain(meta.title()),
        subtitle: Some(Text::plain(DESCRIPTION)),
        id: meta.link.as_ref().map_or_else(|| "urn:tieback:digest".to_owned(), ToString::to_string),
        updated: date(entry::updated(&entries, meta.quiet)),
        generator: Some(Generator { value: "tieback".to_owned(), uri: None, version: Some(env!("CARGO_PKG_VERSION").to_owned()) }),
        lang: Some("en-GB".to_owned()),
        links,
        entries: entries.iter().map(item).collect(),
        ..Feed::default()
    };
    let config = WriteConfig { write_document_declaration: true, indent_size: Some(2) };
    // Writing to memory fails for want of memory only.
    let bytes = feed.write_with_config(Vec::new(), config).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned() + "\n"
}

fn item(entry: &Entry) -> AtomEntry {
    let alternate = entry.link.as_deref().map(|to| link("alternate", to));
    AtomEntry {
        title: Text::plain(entry.title.clone()),
        id: format!("urn:tieback:{}", entry.id),
        updated: date(entry.updated),
        published: Some(date(entry.published)),
        authors: vec![Person { name: entry.author.clone(), ..Person::default() }],
        categories: entry.categories.iter().map(|term| Category { term: term.clone(), scheme: None, label: None }).collect(),
        links: alternate.into_iter().chain(entry.related.iter().map(|to| link("related", to))).collect(),
        content: Some(Content { value: Some(markup::body(entry)), content_type: Some("html".to_owned()), ..Content::default() }),
        ..AtomEntry::default()
    }
}

fn link(rel: &str, href: &str) -> Link {
    Link { rel: rel.to_owned(), href: href.to_owned(), ..Link::default() }
}

fn date(moment: Timestamp) -> FixedDateTime {
    FixedDateTime::parse_from_rfc3339(&moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}
