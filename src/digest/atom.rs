//! Atom 1.0 (RFC 4287).

use atom_syndication::{Category, Content, Entry as AtomEntry, Feed, FixedDateTime, Generator, Link, Person, Text, WriteConfig};
use jiff::Timestamp;

use super::{
    DigestMeta, Format, described,
    entry::{self, Entry, Excerpts},
    markup,
};
use crate::model::overview::Overview;

/// The digest as Atom; reports and copies are links of `rel="related"`.
pub fn atom(overview: &Overview, meta: &DigestMeta) -> String {
    let entries = entry::entries(overview, &Excerpts::default()).shown;
    let mut links = vec![link("alternate", super::HOME)];
    links.extend(
        meta.link(Format::Atom).map(|this| Link { mime_type: Some("application/atom+xml".to_owned()), ..link("self", this.as_str()) }),
    );
    let feed = Feed {
        title: text(&meta.title()),
        subtitle: Some(Text::plain(described(overview))),
        id: meta.id(),
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
        title: text(&entry.title),
        id: format!("urn:tieback:{}", entry.id),
        updated: moment(entry),
        published: Some(date(entry.published)),
        authors: vec![Person { name: entry.author.clone(), ..Person::default() }],
        categories: entry.categories.iter().map(|term| Category { term: term.clone(), scheme: None, label: None }).collect(),
        links: alternate.into_iter().chain(entry.related.iter().map(|to| link("related", to))).collect(),
        content: Some(Content { value: Some(markup::body(entry)), content_type: Some("html".to_owned()), ..Content::default() }),
        ..AtomEntry::default()
    }
}

/// Plain text, but where it holds what may be taken for markup: then as HTML, so that no reader has to guess.
fn text(text: &str) -> Text {
    if text.contains(['<', '&']) { Text::html(markup::escaped(text)) } else { Text::plain(text) }
}

/// When it last changed, told apart from all others by a fraction of a second: two entries with the same moment have no
/// order (RFC 4287, section 4.2.15, as the W3C's validator has it).
fn moment(entry: &Entry) -> FixedDateTime {
    // FNV-1a, 64 bits.
    let hash = entry.id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let text = format!("{}.{:06}Z", entry.updated.strftime("%Y-%m-%dT%H:%M:%S"), hash % 1_000_000);
    FixedDateTime::parse_from_rfc3339(&text).unwrap_or_else(|_| date(entry.updated))
}

fn link(rel: &str, href: &str) -> Link {
    Link { rel: rel.to_owned(), href: href.to_owned(), ..Link::default() }
}

fn date(moment: Timestamp) -> FixedDateTime {
    FixedDateTime::parse_from_rfc3339(&moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}
