//! The tags of mended XML, with their places, in one pass that never looks back; what stands in CDATA is no tag.

use std::ops::Range;

/// What a tag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagKind {
    Opens,
    Closes,
    /// `<a/>`
    Stands,
}

/// One tag.
#[derive(Debug, Clone)]
pub struct Tag<'a> {
    pub at: Range<usize>,
    /// With its prefix, as written.
    pub name: &'a str,
    pub attributes: &'a str,
    pub act: TagKind,
}

impl Tag<'_> {
    /// The name without its prefix.
    pub fn local(&self) -> &str {
        self.name.rsplit(':').next().unwrap_or_default()
    }

    /// True for an item of RSS or an entry of Atom; other vocabularies have items of their own.
    pub fn is_item(&self) -> bool {
        let prefix = self.name.rsplit_once(':').map_or("", |(prefix, _)| prefix);
        matches!(self.local(), "item" | "entry") && matches!(prefix, "" | "rss" | "atom")
    }

    /// The value of an attribute, as written.
    pub fn attribute(&self, wanted: &str) -> Option<&str> {
        let mut rest = self.attributes;
        while let Some(equals) = rest.find('=') {
            let key = rest.get(..equals)?.trim_end();
            let key = key.rsplit(|c: char| c.is_whitespace()).next().unwrap_or_default();
            let value = rest.get(equals + 1..)?.trim_start();
            let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            let (value, behind) = value.get(1..)?.split_once(quote)?;
            if key.eq_ignore_ascii_case(wanted) {
                return Some(value);
            }
            rest = behind;
        }
        None
    }
}

/// The tags of `xml`, in order.
pub fn tags(xml: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let open = at + xml.get(at..)?.find('<')?;
            let rest = xml.get(open..)?;
            if rest.starts_with("<![CDATA[") {
                at = open + rest.find("]]>")? + 3;
                continue;
            }
            let length = rest.find('>')? + 1;
            at = open + length;
            if let Some(tag) = tag(rest.get(1..length - 1)?, open..at) {
                return Some(tag);
            }
        }
    })
}

fn tag(inner: &str, at: Range<usize>) -> Option<Tag<'_>> {
    let (inner, act) = match (inner.strip_prefix('/'), inner.strip_suffix('/')) {
        (Some(inner), _) => (inner, TagKind::Closes),
        (None, Some(inner)) => (inner, TagKind::Stands),
        (None, None) => (inner, TagKind::Opens),
    };
    let end = inner.find(|c: char| c.is_whitespace()).unwrap_or(inner.len());
    let (name, attributes) = (inner.get(..end)?, inner.get(end..)?);
    name.starts_with(|c: char| c.is_alphabetic() || c == '_').then_some(Tag { at, name, attributes, act })
}

/// Where the items stand: from the start tag to behind the end tag, or to the next start where the end is missing.
pub fn items(xml: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open = None;
    for tag in tags(xml).filter(Tag::is_item) {
        match (tag.act, open) {
            (TagKind::Opens, before) => {
                found.extend(before.map(|start| start..tag.at.start));
                open = Some(tag.at.start);
            }
            (TagKind::Closes, Some(start)) => {
                found.push(start..tag.at.end);
                open = None;
            }
            (TagKind::Closes | TagKind::Stands, _) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_with_names_and_attributes() {
        let xml = "<a:b c='1' d = \"x y\">t<![CDATA[<no>]]></a:b ><e f='2'/>< g><h";
        let shown: Vec<_> = tags(xml).map(|tag| format!("{:?} {} {:?}", tag.act, tag.name, tag.attribute("d"))).collect();
        assert_eq!(shown, ["Opens a:b Some(\"x y\")", "Closes a:b None", "Stands e None"]);
    }

    #[test]
    fn items_also_without_their_ends() {
        let xml = "<item>1</item><media:item/><item>2<item>3</item><item>4";
        let found: Vec<&str> = items(xml).into_iter().map(|at| &xml[at]).collect();
        assert_eq!(found, ["<item>1</item>", "<item>2", "<item>3</item>"]);
    }
}
