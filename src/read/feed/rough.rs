//! An item whose tags do not match, by the first element of each name.

use super::item::Raw;
use super::prepare::uncovered;
use super::tags::{Tag, TagKind, tags};
use crate::read::moment::moment;

/// What can be read of a piece of a feed without minding how its elements nest.
pub fn rough(part: &str) -> Raw {
    let all: Vec<Tag<'_>> = tags(part).filter(|tag| tag.act != TagKind::Closes).collect();
    let text = |tag: &Tag<'_>| {
        let rest = part.get(tag.at.end..).unwrap_or_default();
        // Markup in an element belongs to its text; without its end tag it ends at the next one.
        let end = tags(rest).find(|next| next.act == TagKind::Closes && next.name == tag.name);
        let end = end.or_else(|| tags(rest).next()).map_or(rest.len(), |next| next.at.start);
        Some(uncovered(rest.get(..end)?).to_owned()).filter(|text| !text.is_empty())
    };
    let first = |names: &[&str]| {
        names.iter().find_map(|name| all.iter().find(|tag| tag.local() == *name && tag.act == TagKind::Opens).and_then(text))
    };
    let link = all.iter().find(|tag| tag.local() == "link").and_then(|tag| tag.attribute("href").map(str::to_owned).or_else(|| text(tag)));
    let unescaped = |text: String| crate::read::markup::decode_entities(&text);
    Raw {
        guid: first(&["guid", "id"]).map(unescaped),
        links: link.map(unescaped).into_iter().collect(),
        title: first(&["title"]),
        summary: first(&["description", "summary", "encoded", "content"]),
        author: first(&["creator", "author"]),
        dates: first(&["pubDate", "published", "date", "updated"]).and_then(|text| moment(&text)).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_that_do_not_match() {
        let item = rough(
            "<item><title>Told <b>to act</title><link>https://a.example/?a=1&amp;b=2</link><description><p>One<p>two</description><pubDate>2026-07-13</pubDate><guid>7</item>",
        );
        assert_eq!(item.title.as_deref(), Some("Told <b>to act"));
        assert_eq!(item.links, ["https://a.example/?a=1&b=2"]);
        assert_eq!(item.summary.as_deref(), Some("<p>One<p>two"));
        assert_eq!((item.guid.as_deref(), item.dates.len()), (Some("7"), 1));
        assert!(rough("<item><x></item>").is_empty());
    }
}
