//! OPML 2.0 (<http://opml.org/spec2.opml>): lists of feeds as feed readers write them, in any charset, also cut ones.

use std::{collections::HashSet, time::Duration};

use quick_xml::{
    Reader, XmlVersion,
    escape::resolve_html5_entity,
    events::{BytesStart, Event},
};
use url::Url;

use super::charset;
use crate::model::{
    source::{Source, SourceKind},
    text::{clean_line, shorten},
};

/// Feeds that are taken from one list; the configuration takes no more either.
const MAX_FEEDS: usize = 2_000;
/// Characters of a name.
const NAME: usize = 100;
/// Between two fetches of a feed that is taken in.
const EVERY: Duration = Duration::from_secs(3_600);

/// What a list brought.
#[derive(Debug, Default)]
pub struct OpmlList {
    pub sources: Vec<Source>,
    /// What was left out, each with the reason.
    pub skipped: Vec<String>,
}

/// The feeds of a list that are not among the `known` sources, with names that are not either.
///
/// # Errors
/// Where it is not XML, or has no outline.
pub fn read(file: &[u8], known: &[Source]) -> Result<OpmlList, String> {
    let text = charset::decode(file, None, false);
    let mut names: HashSet<String> = known.iter().map(|source| source.name.to_lowercase()).collect();
    let mut urls: HashSet<String> = known
        .iter()
        .flat_map(|source| std::iter::once(&source.url).chain(source.fallbacks.iter().map(|way| &way.url)))
        .map(Url::to_string)
        .collect();
    let mut taken = OpmlList::default();
    let mut outlines = 0;
    // The names of the outlines that are open: those without a feed are folders.
    let mut folders: Vec<String> = Vec::new();
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    reader.config_mut().check_end_names = false;
    let mut is_closed = false;
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            // What was read of a broken list is taken, and what is missing told.
            Err(error) if outlines > 0 => {
                taken.skipped.push(format!("what stands behind {} is left out: {error}", outlined(outlines)));
                return Ok(taken);
            }
            Err(error) => return Err(error.to_string()),
        };
        match event {
            Event::Eof => break,
            Event::Start(tag) if is_outline(tag.name().as_ref()) => {
                outlines += 1;
                let outline = outline(&tag);
                take(&outline, &folders, &mut taken, &mut names, &mut urls);
                folders.push(outline.name);
            }
            Event::Empty(tag) if is_outline(tag.name().as_ref()) => {
                outlines += 1;
                take(&outline(&tag), &folders, &mut taken, &mut names, &mut urls);
            }
            Event::End(tag) if is_outline(tag.name().as_ref()) => {
                folders.pop();
            }
            Event::End(tag) => is_closed |= tag.name().as_ref().eq_ignore_ascii_case("opml"),
            _ => {}
        }
    }
    if outlines == 0 {
        return Err("it has no outline".to_owned());
    }
    if !is_closed {
        taken.skipped.push(format!("what stood behind {} is missing: the list is cut off", outlined(outlines)));
    }
    Ok(taken)
}

fn is_outline(name: &str) -> bool {
    name.eq_ignore_ascii_case("outline")
}

fn outlined(outlines: usize) -> String {
    if outlines == 1 { "its first entry".to_owned() } else { format!("its first {outlines} entries") }
}

/// The attributes of an outline that matter.
#[derive(Default)]
struct Outline {
    name: String,
    feed: Option<String>,
    /// True where its type says that it is a feed.
    is_feed: bool,
}

fn outline(tag: &BytesStart<'_>) -> Outline {
    let mut found = Outline::default();
    for attribute in tag.attributes().with_checks(false).flatten() {
        // Some writers leave a bare "&" in addresses: then the value is taken as it stands.
        let value = attribute.normalized_value_with(XmlVersion::Implicit1_0, 1, resolve_html5_entity).unwrap_or(attribute.value.clone());
        match attribute.key.as_ref().to_ascii_lowercase().as_str() {
            "title" if !value.trim().is_empty() => found.name = value.into_owned(),
            "text" if found.name.is_empty() => found.name = value.into_owned(),
            "xmlurl" => found.feed = Some(value.trim().to_owned()).filter(|feed| !feed.is_empty()),
            "type" => found.is_feed = matches!(value.trim().to_ascii_lowercase().as_str(), "rss" | "atom"),
            _ => {}
        }
    }
    found
}

fn take(outline: &Outline, folders: &[String], taken: &mut OpmlList, names: &mut HashSet<String>, urls: &mut HashSet<String>) {
    let Some(address) = &outline.feed else {
        if outline.is_feed {
            taken.skipped.push(format!("`{}` has no address of a feed", shorten(&clean_line(&outline.name), NAME)));
        }
        return;
    };
    let shown = shorten(&clean_line(address), NAME);
    let url = Url::parse(address)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty() && url.password().is_none());
    let Some(url) = url else {
        taken.skipped.push(format!("`{shown}` is not an address that can be fetched"));
        return;
    };
    if taken.sources.len() >= MAX_FEEDS {
        taken.skipped.push(format!("`{shown}` is beyond the {MAX_FEEDS} feeds that are taken from one list"));
        return;
    }
    if !urls.insert(url.to_string()) {
        taken.skipped.push(format!("`{shown}` is fetched already"));
        return;
    }
    let typed = shorten(&clean_line(&outline.name), NAME);
    let wanted = if typed.is_empty() { url.host_str().unwrap_or("feed").to_owned() } else { typed };
    let name = free(&wanted, names);
    taken.sources.push(Source {
        outlet: wanted,
        name,
        kind: SourceKind::Feed,
        url,
        every: EVERY,
        on: true,
        note: folder(folders),
        links: None,
        fallbacks: Vec::new(),
        since: None,
        area: Vec::new(),
    });
}

/// The folders that a feed stood in, as its note: "News / Local".
fn folder(folders: &[String]) -> Option<String> {
    let named: Vec<String> = folders.iter().map(|name| shorten(&clean_line(name), NAME)).filter(|name| !name.is_empty()).collect();
    Some(shorten(&named.join(" / "), 2 * NAME)).filter(|note| !note.is_empty())
}

/// The name, or with a number behind it where it is taken.
fn free(wanted: &str, names: &mut HashSet<String>) -> String {
    let mut name = wanted.to_owned();
    let mut n = 2;
    while !names.insert(name.to_lowercase()) {
        name = format!("{wanted} ({n})");
        n += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"<?xml version="1.0"?><opml version="2.0"><body>
        <outline text="News"><outline type="rss" text="Bugle &amp; Post" xmlUrl="https://bugle.example/feed"/>
        <outline text="bugle &amp; post" title="" xmlUrl="http://other.example/?a=1&amp;b=2" />
        <OUTLINE xmlURL="https://nameless.example/rss"/>
        <outline text="Twice" xmlUrl="https://bugle.example/feed"/>
        <outline text="Evil&#27;[2J&#x202e;" xmlUrl="https://evil.example/"/>
        <outline text="Sloppy" xmlUrl="https://s.example/?a=1&b=2"/>
        <outline text="Odd" xmlUrl="ftp://x.example/"/><outline text="Secret" xmlUrl="https://u:p@x.example/"/>
        </outline></body></opml>"#;

    #[test]
    fn feeds_at_any_depth_with_names_of_their_own() {
        let taken = read(LIST.as_bytes(), &[]).unwrap();
        let found: Vec<(&str, &str)> = taken.sources.iter().map(|source| (source.name.as_str(), source.url.as_str())).collect();
        let expected = [
            ("Bugle & Post", "https://bugle.example/feed"),
            ("bugle & post (2)", "http://other.example/?a=1&b=2"),
            ("nameless.example", "https://nameless.example/rss"),
            ("Evil[2J", "https://evil.example/"),
            ("Sloppy", "https://s.example/?a=1&b=2"),
        ];
        assert_eq!(found, expected);
        assert_eq!(taken.skipped.len(), 3, "{:?}", taken.skipped);
    }

    #[test]
    fn what_is_fetched_already_is_left_out() {
        let known = read(LIST.as_bytes(), &[]).unwrap().sources;
        assert!(read(LIST.as_bytes(), &known).unwrap().sources.is_empty());
    }

    #[test]
    fn folders_are_kept_and_what_is_dropped_is_told() {
        let list = r#"<opml><body><outline text="News"><outline text="Local"><outline type="rss" text="Bugle" xmlUrl="https://bugle.example/"/></outline>
            <outline type="rss" text="Lost"/><outline text="Post" xmlUrl="https://post.example/"></outline></outline><outline text="Sky" xmlUrl="https://sky.example/"/>"#;
        let taken = read(list.as_bytes(), &[]).unwrap();
        let notes: Vec<_> = taken.sources.iter().map(|source| (source.name.as_str(), source.note.as_deref())).collect();
        assert_eq!(notes, [("Bugle", Some("News / Local")), ("Post", Some("News")), ("Sky", None)]);
        assert_eq!(
            taken.skipped,
            ["`Lost` has no address of a feed", "what stood behind its first 6 entries is missing: the list is cut off"]
        );
    }

    #[test]
    fn any_declared_charset() {
        for (charset, name) in [("ISO-8859-1", b"Caf\xe9".as_slice()), ("windows-1252", b"Caf\xe9"), ("utf-8", "Café".as_bytes())] {
            let head = format!("<?xml version=\"1.0\" encoding=\"{charset}\"?><opml><body><outline xmlUrl=\"https://a.example/\" text=\"");
            let list = [head.as_bytes(), name, b"\"/></body></opml>"].concat();
            let taken = read(&list, &[]).unwrap();
            assert_eq!((taken.sources[0].name.as_str(), taken.skipped.len()), ("Café", 0), "{charset}");
        }
        let wide: Vec<u8> = "\u{feff}<opml><body><outline xmlUrl=\"https://a.example/\" text=\"Café\"/></body></opml>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(read(&wide, &[]).unwrap().sources[0].name, "Café");
    }

    #[test]
    fn other_files_are_refused() {
        for text in ["", "plain", "<html></html>", "{}", "<opml><body></body></opml>", "<opml><outline"] {
            assert!(read(text.as_bytes(), &[]).is_err(), "{text}");
        }
    }

    #[test]
    fn a_list_has_an_end() {
        let many: String = (0..MAX_FEEDS + 5).map(|n| format!("<outline xmlUrl=\"https://a.example/{n}\"/>")).collect();
        let taken = read(format!("<opml>{many}</opml>").as_bytes(), &[]).unwrap();
        assert_eq!((taken.sources.len(), taken.skipped.len()), (MAX_FEEDS, 5));
    }
}
