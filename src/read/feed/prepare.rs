//! Makes a known kind of feed of mended XML: rubbish around it, old roots, links in the other format's dress, cut ends.

use super::clean::clean;
use super::tags::{Tag, TagKind, items, tags};
use crate::model::page::Loss;

/// Items read from one feed; the largest real ones hold some hundreds.
pub const MAX_ITEMS: usize = 2_000;

/// Bytes of the root's start tag; with more it is written anew without attributes.
const MAX_ROOT: usize = 4_096;

/// Elements that begin a page. What else stands before a feed is rubbish, such as a warning of the program that wrote it.
const PAGE: [&str; 5] = ["html", "head", "body", "title", "meta"];

/// XML that is ready for a strict reader.
pub struct PreparedFeed {
    pub xml: String,
    /// The root's start tag, with `<channel>` where the items stand in one.
    pub open: String,
    /// What closes it.
    pub close: String,
    pub losses: Vec<Loss>,
}

/// Mends `text`; none if it has no root that a feed can have.
pub fn prepare(text: &str) -> Option<PreparedFeed> {
    let cleaned = clean(text);
    let root = root(&cleaned)?;
    let body = cleaned.get(root.at.end..).unwrap_or_default();
    let start = without_unread(&start_tag(&root));
    let is_atom = root.local().eq_ignore_ascii_case("feed");
    let body = if root.attributes.contains("http://purl.org/atom/ns#") { from_atom_03(body) } else { body.to_owned() };
    let mut losses = Vec::new();
    let inner = whole(&calmed(&dressed(&body, is_atom)), root.name, &mut losses);
    let in_channel = root.local().eq_ignore_ascii_case("rss");
    let (open, close) = if in_channel { ("<channel>", "</channel>") } else { ("", "") };
    let (open, close) = (format!("{start}{open}"), format!("{close}</{}>", root.name));
    Some(PreparedFeed { xml: format!("{start}{inner}</{}>", root.name), open, close, losses })
}

/// The feed's root: the first tag of that name before which no page began, or behind a page that has ended.
fn root(xml: &str) -> Option<Tag<'_>> {
    let mut in_page = false;
    for tag in tags(xml) {
        let name = tag.name.to_ascii_lowercase();
        match tag.act {
            TagKind::Opens if matches!(tag.local().to_ascii_lowercase().as_str(), "rss" | "feed" | "rdf") => {
                return Some(tag).filter(|_| !in_page);
            }
            TagKind::Closes if name == "html" => in_page = false,
            TagKind::Opens | TagKind::Stands if PAGE.contains(&name.as_str()) => in_page = true,
            _ => {}
        }
    }
    None
}

/// RSS without a version, or with one that no reader knows, is read as 2.0; its own elements have no namespace.
fn start_tag(root: &Tag<'_>) -> String {
    let attributes = root.attributes.replace("http://purl.org/atom/ns#", "http://www.w3.org/2005/Atom");
    let attributes = attributes.trim_end();
    let is_rss = root.local().eq_ignore_ascii_case("rss");
    if root.at.len() > MAX_ROOT {
        let space = if root.local().eq_ignore_ascii_case("feed") { " xmlns=\"http://www.w3.org/2005/Atom\"" } else { "" };
        return format!("<{}{space}{}>", root.name, if is_rss { " version=\"2.0\"" } else { "" });
    }
    if !is_rss || matches!(root.attribute("version"), Some("2.0" | "0.91" | "0.92")) && root.attribute("xmlns").is_none() {
        return format!("<{}{attributes}>", root.name);
    }
    let others = attributes.split_whitespace().filter(|part| !part.starts_with("version=") && !part.starts_with("xmlns="));
    format!("<{} version=\"2.0\" {}>", root.name, others.collect::<Vec<_>>().join(" "))
}

/// Atom 0.3 in the words of Atom 1.0.
fn from_atom_03(xml: &str) -> String {
    let mut xml = xml.to_owned();
    for (old, new) in [("issued", "published"), ("modified", "updated"), ("tagline", "subtitle")] {
        xml = xml.replace(&format!("<{old}>"), &format!("<{new}>")).replace(&format!("</{old}>"), &format!("</{new}>"));
    }
    for (old, new) in [("text/html", "html"), ("text/plain", "text"), ("application/xhtml+xml", "xhtml")] {
        for element in ["content", "title", "summary"] {
            xml = xml.replace(&format!("<{element} type=\"{old}\""), &format!("<{element} type=\"{new}\""));
        }
    }
    xml
}

/// Links in the dress that the format's readers know: an address in `href` for Atom, as text for RSS.
fn dressed(xml: &str, is_atom: bool) -> String {
    let mut out = String::with_capacity(xml.len());
    let mut copied = 0;
    let mut all = tags(xml).peekable();
    while let Some(tag) = all.next() {
        if tag.local() != "link" || tag.act == TagKind::Closes {
            continue;
        }
        let next = all.peek().filter(|next| tag.act == TagKind::Opens && next.act == TagKind::Closes && next.name == tag.name);
        let text = next.and_then(|next| xml.get(tag.at.end..next.at.start)).map(uncovered).unwrap_or_default();
        let end = next.map_or(tag.at.end, |next| next.at.end);
        let names_page = tag.attribute("rel").is_none_or(|rel| rel.eq_ignore_ascii_case("alternate"));
        let written = match tag.attribute("href").map(str::trim) {
            None if is_atom && !text.is_empty() => format!("<{} href=\"{}\"{}/>", tag.name, text.replace('"', "&quot;"), tag.attributes),
            Some(href) if !is_atom && text.is_empty() && names_page => format!("<link>{}</link>", href.replace('<', "&lt;")),
            _ => continue,
        };
        out.push_str(xml.get(copied..tag.at.start).unwrap_or_default());
        out.push_str(&written);
        copied = end;
    }
    out.push_str(xml.get(copied..).unwrap_or_default());
    out
}

/// Vocabularies of which nothing is read. The strict reader would, and it stops on a playing time that no number holds.
const UNREAD: [&str; 3] =
    ["http://search.yahoo.com/mrss/", "http://www.itunes.com/dtds/podcast-1.0.dtd", "https://podcastindex.org/namespace/1.0"];

/// What no reader should stop on: media without their vocabulary, and no `@` anywhere, which is put back into what was read.
///
/// The strict reader looks for a name beside an address, and cuts a character of several bytes there: `ann@news.example–Ann`.
fn calmed(xml: &str) -> String {
    without_unread(xml).replace('@', QUIET_AT).replace("&#64;", QUIET_AT)
}

fn without_unread(xml: &str) -> String {
    UNREAD.iter().fold(xml.to_owned(), |xml, name| xml.replace(name, "urn:unread"))
}

/// Stands for the `@` of an address where a reader must not see one.
pub const QUIET_AT: &str = "\u{ff20}";

/// The text of an element without the marks of a CDATA section.
pub fn uncovered(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix("<![CDATA[").and_then(|text| text.strip_suffix("]]>")).map_or(text, str::trim)
}

/// What stands between the root's tags, without rubbish behind it; a cut or overlong one ends behind a whole item.
fn whole(xml: &str, root: &str, losses: &mut Vec<Loss>) -> String {
    let end = tags(xml).filter(|tag| tag.act == TagKind::Closes && tag.name == root).last().map(|tag| tag.at.start);
    let items = items(xml);
    let bound = items.get(MAX_ITEMS - 1).filter(|_| items.len() > MAX_ITEMS).map(|item| item.end);
    if bound.is_some() {
        losses.push(Loss::OverLimit(items.len() - MAX_ITEMS));
    }
    if end.is_none() {
        losses.push(Loss::Cut);
    }
    let cut = bound.or(end).or_else(|| items.last().map(|item| item.end));
    let mut kept = cut.and_then(|at| xml.get(..at)).unwrap_or(xml).to_owned();
    if kept.contains("<channel") && !kept.contains("</channel>") {
        kept.push_str("</channel>");
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xml(text: &str) -> Option<String> {
        prepare(text).map(|prepared| prepared.xml)
    }

    #[test]
    fn old_roots_become_known_ones() {
        assert_eq!(xml("<rss><channel></channel></rss>").as_deref(), Some("<rss version=\"2.0\" ><channel></channel></rss>"));
        assert_eq!(
            xml("<rss version='3' xmlns='x' a='b'><channel></channel></rss>").as_deref(),
            Some("<rss version=\"2.0\" a='b'><channel></channel></rss>")
        );
        let old = xml("<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><issued>x</issued></entry></feed>").unwrap();
        assert_eq!(old, "<feed version='0.3' xmlns='http://www.w3.org/2005/Atom'><entry><published>x</published></entry></feed>");
        assert_eq!(xml("<html><rss></rss></html>"), None);
        assert_eq!(xml("no markup"), None);
    }

    #[test]
    fn rubbish_around_a_feed_goes() {
        let feed = "<rss version='2.0'><channel><item/></channel></rss>";
        for before in [
            "<br />\n<b>Warning</b>:  Undefined array key in <b>/srv/x.php</b> on line <b>12</b><br />\n",
            "Notice: x in y\n<?xml version='1.0'?>",
            "<table class='xdebug-error'><tr><th>Deprecated</th></tr></table>",
            "<!-- cached --><script>x()</script>",
            "<html><head><title>Busy</title></head><body>Try again</body></html>\n",
        ] {
            for after in ["", "<!-- 0.3 s -->", "<br /><b>Notice</b>: x<br />", "<script src=x></script>"] {
                assert_eq!(xml(&format!("{before}{feed}{after}")).as_deref(), Some(feed), "{before} {after}");
            }
        }
        assert_eq!(xml(&format!("<html><body><h1>How to write a feed</h1><pre>{feed}</pre></body></html>")), None);
    }

    #[test]
    fn links_change_their_dress() {
        assert_eq!(dressed("<link>https://a.example/?a=1&amp;b</link>", true), "<link href=\"https://a.example/?a=1&amp;b\"/>");
        assert_eq!(dressed("<link rel='x'> <![CDATA[https://a.example/]]></link>", true), "<link href=\"https://a.example/\" rel='x'/>");
        assert_eq!(dressed("<link href='/a'/>", true), "<link href='/a'/>");
        assert_eq!(dressed("<link href='/a'/><atom:link href='/b'></atom:link>", false), "<link>/a</link><link>/b</link>");
        assert_eq!(dressed("<atom:link rel='self' href='/a'/><link>/b</link>", false), "<atom:link rel='self' href='/a'/><link>/b</link>");
        assert_eq!(dressed("<link href='/a'>/b</link><link/><link>", false), "<link href='/a'>/b</link><link/><link>");
    }

    #[test]
    fn no_reader_sees_the_mark_by_which_it_cuts_names() {
        for (text, expected) in [
            ("<author>ann@a.example–Ann</author>", "<author>ann＠a.example–Ann</author>"),
            ("<author>&#8220;ann&#64;a.example<b/></author>", "<author>&#8220;ann＠a.example<b/></author>"),
            ("<link href='/@ann'/>", "<link href='/＠ann'/>"),
        ] {
            assert_eq!(calmed(text), expected, "{text}");
        }
    }

    #[test]
    fn a_cut_feed_keeps_its_whole_items() {
        let prepared = prepare("<rss version='2.0'><channel><item><title>a</title></item><item><title>b").unwrap();
        assert_eq!(prepared.xml, "<rss version='2.0'><channel><item><title>a</title></item></channel></rss>");
        assert_eq!(prepared.losses, [Loss::Cut]);
    }

    #[test]
    fn items_are_counted() {
        let feed = |items: usize| format!("<rss version='2.0'><channel>{}</channel></rss>", "<item></item>".repeat(items));
        assert!(prepare(&feed(MAX_ITEMS)).unwrap().losses.is_empty());
        let above = prepare(&feed(MAX_ITEMS + 1)).unwrap();
        assert_eq!(above.xml, feed(MAX_ITEMS));
        assert_eq!(above.losses, [Loss::OverLimit(1)]);
    }
}
