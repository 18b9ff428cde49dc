//! Mends the XML of a feed so that a strict reader takes it: entities, bare `&`, controls, old roots, cut ends.

use std::sync::LazyLock;

use quick_xml::escape::resolve_html5_entity;
use regex::Regex;

/// Items read from one feed; the largest real ones hold some hundreds.
pub const MAX_ITEMS: usize = 2_000;

/// The longest entity name with its marks.
const MAX_ENTITY: usize = 34;

static ITEM_END: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"</(?:[A-Za-z]+:)?(?:item|entry)\s*>").ok());
static ROOT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"<((?:[A-Za-z]+:)?(?i:rss|feed|rdf))(\s[^>]*)?>").ok());

/// XML that is ready for a strict reader.
pub struct Prepared {
    pub xml: String,
    pub doubts: Vec<String>,
}

/// Mends `text`; none if it has no root that a feed can have.
pub fn prepare(text: &str) -> Option<Prepared> {
    let mut xml = clean(text);
    let mut doubts = Vec::new();
    let found = ROOT.as_ref()?.captures(&xml)?;
    let (root, attributes) = (found.get(1)?.as_str().to_owned(), found.get(2).map_or("", |part| part.as_str()).to_owned());
    let start = found.get(0)?.range();
    // A page with a feed's tag far inside is a page about feeds.
    if xml.get(..start.start).is_none_or(|before| before.contains('<')) {
        return None;
    }
    xml.replace_range(..start.end, &format!("<{root}{}>", root_attributes(&root, &attributes)));
    if attributes.contains("http://purl.org/atom/ns#") {
        xml = from_atom_03(&xml);
    }
    close(&mut xml, &root, &mut doubts);
    Some(Prepared { xml, doubts })
}

/// RSS without a version, or with one that no reader knows, is read as 2.0.
fn root_attributes(root: &str, attributes: &str) -> String {
    let attributes = attributes.trim_end().trim_end_matches('/').replace("http://purl.org/atom/ns#", "http://www.w3.org/2005/Atom");
    if !root.eq_ignore_ascii_case("rss") {
        return attributes;
    }
    let is_known = ["2.0", "0.91", "0.92"]
        .iter()
        .any(|known| attributes.contains(&format!("version=\"{known}\"")) || attributes.contains(&format!("version='{known}'")));
    if is_known {
        return attributes;
    }
    let others: Vec<&str> = attributes.split_whitespace().filter(|part| !part.starts_with("version=")).collect();
    format!(" version=\"2.0\" {}", others.join(" "))
}

/// Atom 0.3 in the words of Atom 1.0.
fn from_atom_03(xml: &str) -> String {
    let mut xml = xml.to_owned();
    for (old, new) in [("issued", "published"), ("modified", "updated"), ("tagline", "subtitle")] {
        xml = xml.replace(&format!("<{old}>"), &format!("<{new}>")).replace(&format!("</{old}>"), &format!("</{new}>"));
    }
    for (old, new) in [("text/html", "html"), ("text/plain", "text"), ("application/xhtml+xml", "xhtml")] {
        xml = xml
            .replace(&format!("<content type=\"{old}\""), &format!("<content type=\"{new}\""))
            .replace(&format!("<title type=\"{old}\""), &format!("<title type=\"{new}\""));
        xml = xml.replace(&format!("<summary type=\"{old}\""), &format!("<summary type=\"{new}\""));
    }
    xml
}

/// Cuts after the last whole item, where the end is missing or the items are too many, and closes what is open.
fn close(xml: &mut String, root: &str, doubts: &mut Vec<String>) {
    let end = format!("</{root}>");
    let is_whole = xml.trim_end().ends_with(&end) || xml.contains(&end);
    let Some(pattern) = ITEM_END.as_ref() else { return };
    let mut ends = pattern.find_iter(xml).map(|found| found.end());
    let bound = ends.by_ref().nth(MAX_ITEMS - 1).filter(|_| pattern.find_iter(xml).nth(MAX_ITEMS).is_some());
    let cut = match bound {
        Some(at) => {
            doubts.push(format!("more than {MAX_ITEMS} items: the rest is left out"));
            Some(at)
        }
        None if is_whole => None,
        None => {
            doubts.push("the feed is cut off: only whole items are read".to_owned());
            pattern.find_iter(xml).last().map(|found| found.end())
        }
    };
    if cut.is_none() && is_whole {
        return;
    }
    if let Some(at) = cut {
        xml.truncate(at);
    }
    if xml.contains("<channel") && !xml.contains("</channel>") {
        xml.push_str("</channel>");
    }
    xml.push_str(&end);
}

/// One pass over the text: what XML forbids goes, what HTML allows is mapped.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut rest = text.get(text.find('<').unwrap_or(text.len())..).unwrap_or_default();
    let past = |rest: &str, mark: &str| rest.find(mark).map_or(rest.len(), |at| at + mark.len());
    while let Some(first) = rest.chars().next() {
        let step = match first {
            '<' if rest.starts_with("<![CDATA[") => {
                let step = past(rest, "]]>");
                push_allowed(rest.get(..step).unwrap_or_default(), &mut out);
                step
            }
            '<' if rest.starts_with("<!--") => past(rest, "-->"),
            '<' if rest.starts_with("<?") => past(rest, "?>"),
            // No declaration is needed, and one can hold bombs.
            '<' if rest.starts_with("<!") => declaration_end(rest),
            '<' if rest.get(1..).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '_')) => {
                let step = past(rest, ">");
                push_tag(rest.get(..step).unwrap_or_default(), &mut out);
                step
            }
            '<' => {
                out.push_str("&lt;");
                1
            }
            '&' => push_entity(rest, &mut out),
            _ => {
                let step = rest.find(['<', '&']).unwrap_or(rest.len());
                push_allowed(rest.get(..step).unwrap_or_default(), &mut out);
                step
            }
        };
        rest = rest.get(step.max(1)..).unwrap_or_default();
    }
    out
}

fn declaration_end(rest: &str) -> usize {
    let close = rest.find('>').map_or(rest.len(), |at| at + 1);
    match rest.find('[') {
        Some(open) if open < close => rest.find("]>").map_or(close, |at| at + 2),
        _ => close,
    }
}

fn push_allowed(text: &str, out: &mut String) {
    out.extend(
        text.chars()
            .filter(|char| !char.is_control() || matches!(char, '\n' | '\t' | '\r'))
            .filter(|char| !matches!(char, '\u{fffe}' | '\u{ffff}')),
    );
}

fn push_tag(tag: &str, out: &mut String) {
    let mut rest = tag;
    while let Some(at) = rest.find('&') {
        push_allowed(rest.get(..at).unwrap_or_default(), out);
        rest = rest.get(at..).unwrap_or_default();
        let step = push_entity(rest, out);
        rest = rest.get(step..).unwrap_or_default();
    }
    push_allowed(rest, out);
}

/// Writes the reference at the start of `rest` in the words of XML; gives its length.
fn push_entity(rest: &str, out: &mut String) -> usize {
    let end = rest.bytes().take(MAX_ENTITY).position(|byte| byte == b';');
    let Some((name, end)) = end.and_then(|end| Some((rest.get(1..end)?, end + 1))) else {
        out.push_str("&amp;");
        return 1;
    };
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        match code.map(char::from_u32) {
            Err(_) => {
                out.push_str("&amp;");
                return 1;
            }
            // Windows' own numbers for quotation marks are decoded later, with the text.
            Ok(Some(char)) if ('\u{80}'..='\u{9f}').contains(&char) => out.push_str(&format!("&amp;#{};", char as u32)),
            Ok(Some(char)) if !char.is_control() && !matches!(char, '\u{fffe}' | '\u{ffff}') => {
                out.push_str(&format!("&#{};", char as u32))
            }
            Ok(_) => out.push(' '),
        }
        return end;
    }
    if matches!(name, "amp" | "lt" | "gt" | "quot" | "apos") {
        out.push_str(rest.get(..end).unwrap_or_default());
        return end;
    }
    match resolve_html5_entity(name) {
        Some(text) => {
            push_allowed(&text.replace('&', "&amp;").replace('<', "&lt;"), out);
            end
        }
        None => {
            out.push_str("&amp;");
            1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(clean(text), expected, "{text}");
    }

    #[test]
    fn entities_and_bare_ampersands() {
        check(
            "<t>Health & Care, R&D; &pound;5&nbsp;m &lt;b&gt; &#8217;</t>",
            "<t>Health &amp; Care, R&amp;D; £5\u{a0}m &lt;b&gt; &#8217;</t>",
        );
        check("<l href=\"?a=1&b=2&amp;c\"/>", "<l href=\"?a=1&amp;b=2&amp;c\"/>");
        check("<t>&#0;&#27;&#x1b;&#146;&#xD800;&#99999999999;</t>", "<t>   &amp;#146; &amp;#99999999999;</t>");
        check("<t>5 < 6</t>", "<t>5 &lt; 6</t>");
    }

    #[test]
    fn sections_stay_and_declarations_go() {
        check(
            "junk <?xml version='1.0'?><!DOCTYPE r [<!ENTITY a \"b\">]><!-- <x> --><t><![CDATA[a & <b>\u{7}]]></t>",
            "<t><![CDATA[a & <b>]]></t>",
        );
        check("<t>a\u{1b}[31m\u{9b}b\u{0}</t>", "<t>a[31mb</t>");
    }

    #[test]
    fn old_roots_become_known_ones() {
        let root = |text: &str| prepare(text).map(|prepared| prepared.xml);
        assert_eq!(root("<rss><channel></channel></rss>").as_deref(), Some("<rss version=\"2.0\" ><channel></channel></rss>"));
        assert_eq!(
            root("<rss version='3' a='b'><channel></channel></rss>").as_deref(),
            Some("<rss version=\"2.0\" a='b'><channel></channel></rss>")
        );
        let old = root("<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><issued>x</issued></entry></feed>").unwrap();
        assert_eq!(old, "<feed version='0.3' xmlns='http://www.w3.org/2005/Atom'><entry><published>x</published></entry></feed>");
        assert_eq!(root("<html><rss></rss></html>"), None);
        assert_eq!(root("no markup"), None);
    }

    #[test]
    fn a_cut_feed_keeps_its_whole_items() {
        let prepared = prepare("<rss version='2.0'><channel><item><title>a</title></item><item><title>b").unwrap();
        assert_eq!(prepared.xml, "<rss version='2.0'><channel><item><title>a</title></item></channel></rss>");
        assert_eq!(prepared.doubts, ["the feed is cut off: only whole items are read"]);
    }

    #[test]
    fn items_are_counted() {
        let feed = |items: usize| format!("<rss version='2.0'><channel>{}</channel></rss>", "<item></item>".repeat(items));
        let at_the_bound = prepare(&feed(MAX_ITEMS)).unwrap();
        assert!(at_the_bound.doubts.is_empty());
        let above = prepare(&feed(MAX_ITEMS + 1)).unwrap();
        assert_eq!(above.xml, feed(MAX_ITEMS));
        assert_eq!(above.doubts.len(), 1);
    }
}
