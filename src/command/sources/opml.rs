//! OPML for other programs: what is fetched, written as a list of feeds.

use jiff::Timestamp;
use quick_xml::escape::escape;

use crate::model::{
    source::{Source, SourceKind},
    text::clean_line,
};

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
    use crate::read::opml::read;

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
    fn what_is_printed_is_a_configuration() {
        let taken = read(LIST.as_bytes(), &[]).unwrap();
        let config = Config::from_text("x.toml", &sources_as_toml(&taken.sources)).unwrap();
        assert_eq!(config.sources, taken.sources);
    }

    #[test]
    fn a_written_list_reads_back() {
        let sources = read(LIST.as_bytes(), &[]).unwrap().sources;
        let text = write("A <list> & more", &sources, Timestamp::UNIX_EPOCH);
        assert!(
            text.contains("<title>A &lt;list&gt; &amp; more</title>\n    <dateCreated>Thu, 01 Jan 1970 00:00:00 GMT</dateCreated>"),
            "{text}"
        );
        let again = read(text.as_bytes(), &[]).unwrap();
        assert_eq!(
            again.sources.iter().map(|source| &source.url).collect::<Vec<_>>(),
            sources.iter().map(|source| &source.url).collect::<Vec<_>>()
        );
    }
}
