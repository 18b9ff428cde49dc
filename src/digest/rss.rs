//! RSS 2.0 (rssboard.org/rss-specification), the default format.

use std::collections::BTreeMap;

use jiff::{Timestamp, fmt::rfc2822, tz::TimeZone};
use rss::{
    Category, Channel, Guid, Item,
    extension::{Extension, ExtensionMap, dublincore::DublinCoreExtension},
};

use super::{
    DigestMeta, Format, HOME, described,
    entry::{self, Entry, Excerpts},
    markup,
};
use crate::model::overview::Overview;

/// The digest as RSS 2.0. A guid is the id of a piece or a report: it stays when the text changes.
pub fn rss(overview: &Overview, meta: &DigestMeta) -> String {
    let entries = entry::entries(overview, &Excerpts::default()).shown;
    let mut namespaces = BTreeMap::from([("dc".to_owned(), "http://purl.org/dc/elements/1.1/".to_owned())]);
    let mut extensions = ExtensionMap::new();
    if let Some(link) = &meta.link(Format::Rss) {
        namespaces.insert("atom".to_owned(), "http://www.w3.org/2005/Atom".to_owned());
        extensions.insert("atom".to_owned(), BTreeMap::from([("link".to_owned(), vec![this(link.as_str())])]));
    }
    let channel = Channel {
        title: meta.title(),
        link: HOME.to_owned(),
        description: described(overview),
        language: Some("en-gb".to_owned()),
        last_build_date: Some(date(entry::updated(&entries, meta.quiet))),
        generator: Some(concat!("tieback ", env!("CARGO_PKG_VERSION")).to_owned()),
        items: entries.iter().map(item).collect(),
        extensions,
        namespaces,
        ..Channel::default()
    };
    // Writing to memory fails for want of memory only.
    let bytes = channel.pretty_write_to(Vec::new(), b' ', 2).unwrap_or_default();
    String::from_utf8_lossy(&bytes).lines().map(plain).collect()
}

/// A line, where it is an element of plain text with characters of markup written as numbers: readers then take them for
/// what they are (RSS Advisory Board, RSS Best Practices Profile, "Character Data").
fn plain(line: &str) -> String {
    let is_plain = ["<title>", "<category>", "<dc:creator>"].iter().any(|start| line.trim_start().starts_with(start));
    let line = if is_plain { line.replace("&amp;", "&#x26;").replace("&lt;", "&#x3C;").replace("&gt;", "&#x3E;") } else { line.to_owned() };
    line + "\n"
}

/// `<atom:link rel="self">`: where the feed itself is, as the RSS Advisory Board's profile asks for.
fn this(link: &str) -> Extension {
    let attrs = [("href", link), ("rel", "self"), ("type", "application/rss+xml")];
    let attrs = attrs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Extension { name: "atom:link".to_owned(), attrs, ..Extension::default() }
}

fn item(entry: &Entry) -> Item {
    Item {
        title: Some(entry.title.clone()),
        link: entry.link.clone(),
        guid: Some(Guid { value: entry.id.clone(), permalink: false }),
        pub_date: Some(date(entry.published)),
        description: Some(markup::body(entry)),
        categories: entry.categories.iter().map(|name| Category { name: name.clone(), domain: None }).collect(),
        dublin_core_ext: Some(DublinCoreExtension { creators: vec![entry.author.clone()], ..DublinCoreExtension::default() }),
        ..Item::default()
    }
}

/// As RFC 822 wants it, the year with four digits.
fn date(moment: Timestamp) -> String {
    rfc2822::to_string(&moment.to_zoned(TimeZone::UTC)).unwrap_or_default()
}
