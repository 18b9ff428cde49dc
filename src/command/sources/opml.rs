//! OPML 2.0 (<http://opml.org/spec2.opml>): lists of feeds from feed readers, and for them.

use std::{collections::HashSet, time::Duration};

use jiff::Timestamp;
use quick_xml::{
    Reader, XmlVersion,
    escape::{escape, resolve_html5_entity},
    events::{BytesStart, Event},
};
use url::Url;

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
pub struct Taken {
    pub sources: Vec<Source>,
    /// What was left out, each with the reason.
    pub skipped: Vec<String>,
}

/// The feeds of a list that are not among the `known` sources, with names that are not either.
///
/// # Errors
/// Where it is not XML, or has no outline.
pub fn read(text: &str, known: &[Source]) -> Result<Taken, String> {
    let mut names: HashSet<String> = known.iter().map(|source| source.name.to_lowercase()).collect();
    let mut urls: HashSet<String> = known
        .iter()
        .flat_map(|source| std::iter::once(&source.url).chain(source.fallbacks.iter().map(|way| &way.url)))
        .map(Url::to_string)
        .collect();
    let mut taken = Taken::default();
    let mut outlines = 0;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    reader.config_mut().check_end_names = false;
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) if tag.name().as_ref().eq_ignore_ascii_case("outline") => {
                outlines += 1;
                take(&outline(&tag), &mut taken, &mut names, &mut urls);
            }
            _ => {}
        }
    }
    if outlines == 0 { Err("it has no outline".to_owned()) } else { Ok(taken) }
}

/// The attributes of an outline that matter.
#[derive(Default)]
struct Outline {
    name: String,
    feed: Option<String>,
}

fn outline(tag: &BytesStart<'_>) -> Outline {
    let mut found = Outline::default();
    for attribute in tag.attributes().with_checks(false).flatten() {
        // Some writers leave a bare "&" in addresses: then the value is taken as it stands.
        let value = attribute.normalized_value_with(XmlVersion::Implicit1_0, 1, resolve_html5_entity).unwrap_or(attribute.value.clone());
        match attribute.key.as_ref().to_ascii_lowercase().as_str() {
            "title" if !value.trim().is_empty() => found.name = value.into_owned(),
            "text" if found.name.is_empty() => found.name = value.into_owned(),
            "xmlurl" => found.feed = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    found
}

fn take(outline: &Outline, taken: &mut Taken, names: &mut HashSet<String>, urls: &mut HashSet<String>) {
    let Some(address) = &outline.feed else { return };
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
        note: None,
        links: None,
        fallbacks: Vec::new(),
        since: None,
        area: Vec::new(),
    });
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

/// The feeds among the sources that are on.
pub fn write(title: &str, sources: &[Source], now: Timestamp) -> String {
    let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT");
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n    <title>{}</title>\n    <dateCreated>{date}</dateCreated>\n  </head>\n  <body>\n",
        escape(clean_line(title))
    );
    for source in sources.iter().filter(|source| source.on && source.kind == SourceKind::Feed) {
        let name = clean_line(&source.name);
        let (name, url) = (escape(&name), escape(source.url.as_str()));
        out.push_str(&format!("    <outline type=\"rss\" text=\"{name}\" title=\"{name}\" xmlUrl=\"{url}\"/>\n"));
    }
    out.push_str("  </body>\n</opml>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, sources_as_toml};

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
        let taken = read(LIST, &[]).unwrap();
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
    fn what_is_printed_is_a_configuration() {
        let taken = read(LIST, &[]).unwrap();
        let config = Config::from_text("x.toml", &sources_as_toml(&taken.sources)).unwrap();
        assert_eq!(config.sources, taken.sources);
    }

    #[test]
    fn what_is_fetched_already_is_left_out() {
        let known = read(LIST, &[]).unwrap().sources;
        assert!(read(LIST, &known).unwrap().sources.is_empty());
    }

    #[test]
    fn a_written_list_reads_back() {
        let sources = read(LIST, &[]).unwrap().sources;
        let text = write("A <list> & more", &sources, Timestamp::UNIX_EPOCH);
        assert!(
            text.contains("<title>A &lt;list&gt; &amp; more</title>\n    <dateCreated>Thu, 01 Jan 1970 00:00:00 GMT</dateCreated>"),
            "{text}"
        );
        let again = read(&text, &[]).unwrap();
        assert_eq!(
            again.sources.iter().map(|source| &source.url).collect::<Vec<_>>(),
            sources.iter().map(|source| &source.url).collect::<Vec<_>>()
        );
    }

    #[test]
    fn other_files_are_refused() {
        for text in ["", "plain", "<html></html>", "{}", "<opml><body></body></opml>", "<opml><outline"] {
            assert!(read(text, &[]).is_err(), "{text}");
        }
    }

    #[test]
    fn a_list_has_an_end() {
        let many: String = (0..MAX_FEEDS + 5).map(|n| format!("<outline xmlUrl=\"https://a.example/{n}\"/>")).collect();
        let taken = read(&format!("<opml>{many}</opml>"), &[]).unwrap();
        assert_eq!((taken.sources.len(), taken.skipped.len()), (MAX_FEEDS, 5));
    }
}
