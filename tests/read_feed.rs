//! Feeds as they come: sloppy, British, hostile, cut, or no feeds at all.

#![allow(clippy::unwrap_used, clippy::panic)]

use jiff::Timestamp;
use tieback::model::page::{FeedReading, Loss};
use tieback::read::feed::{MAX_ITEMS, read};
use tieback::read::{Instead, Unreadable};
use url::Url;

fn try_read(body: &[u8]) -> Result<FeedReading, Unreadable> {
    let now: Timestamp = "2026-07-14T09:00:00Z".parse().unwrap();
    read(body, Some("application/rss+xml"), None, &Url::parse("https://news.example/feed/").unwrap(), now)
}

fn rss(items: &str) -> FeedReading {
    try_read(
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"><channel><title>Weekly</title>{items}</channel></rss>")
            .as_bytes(),
    )
    .unwrap()
}

/// The title that `title`, written into an item, is read as.
fn check_title(title: &str, expected: &str) {
    let reading = rss(&format!("<item><title>{title}</title><link>https://news.example/a</link></item>"));
    assert_eq!(reading.items.len(), 1, "{title}: {:?}", reading.doubts);
    assert_eq!(reading.items[0].title, expected, "{title}");
}

fn check_date(date: &str, expected: Option<&str>) {
    let reading = rss(&format!("<item><title>A</title><link>https://news.example/a</link><pubDate>{date}</pubDate></item>"));
    assert_eq!(reading.items[0].published.map(|at| at.to_string()).as_deref(), expected, "{date}");
}

#[test]
fn titles_are_rescued() {
    check_title("Health & Care", "Health & Care");
    check_title("Health &amp; Care", "Health & Care");
    check_title("Health &amp;amp; Care", "Health & Care");
    check_title("<![CDATA[Health & Care]]>", "Health & Care");
    check_title("<![CDATA[Health &amp; Care &#8216;good&#8217;]]>", "Health & Care ‘good’");
    check_title("Ofsted&nbsp;praises &mdash; at last", "Ofsted praises — at last");
    check_title("&lt;b&gt;Bold&lt;/b&gt; claim", "Bold claim");
    check_title("a&#0;b&#27;[31m", "a b [31m");
    check_title("Told\n   to\tact", "Told to act");
    check_title("\u{202e}reversed\u{1b}[2J \u{9b}x \u{7}bell", "reversed[2J x bell");
    check_title(&"x".repeat(600), &format!("{}…", "x".repeat(500)));
}

#[test]
fn one_windows_1252_byte_costs_nothing() {
    let body = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"><channel><item><title>Ofsted\x92s caf\xc3\xa9</title><link>https://news.example/a</link></item></channel></rss>";
    assert_eq!(try_read(body).unwrap().items[0].title, "Ofsted’s café");
}

#[test]
fn dates_are_british() {
    check_date("Mon, 13 Jul 2026 09:30:00 BST", Some("2026-07-13T08:30:00Z"));
    check_date("Mon, 13 Jul 2026 09:30:00 GMT", Some("2026-07-13T09:30:00Z"));
    check_date("13 July 2026", Some("2026-07-13T11:00:00Z"));
    check_date("13/07/2026", Some("2026-07-13T11:00:00Z"));
    check_date("soon", None);
}

#[test]
fn a_date_in_the_future_is_left_out_and_told() {
    check_date("Thu, 16 Jul 2026 09:00:00 GMT", Some("2026-07-16T09:00:00Z"));
    check_date("Thu, 16 Jul 2026 09:00:01 GMT", None);
    let reading = rss("<item><title>Far ahead</title><link>/a</link><pubDate>Mon, 13 Jul 2126 09:30:00 GMT</pubDate></item>");
    assert_eq!(reading.doubts, ["1 item is dated 2126-07-13, in the future: date left out"]);
}

#[test]
fn addresses_are_of_the_web_and_whole() {
    let link = |link: &str| {
        rss(&format!("<item><title>A</title><link>{link}</link></item>"))
            .items
            .first()
            .and_then(|item| item.url.as_ref().map(Url::to_string))
    };
    assert_eq!(link("/a?x=1&y=2").as_deref(), Some("https://news.example/a?x=1&y=2"));
    assert_eq!(link("javascript:alert(1)"), None);
    assert_eq!(link("file:///etc/passwd"), None);
    assert_eq!(link(" \n https://other.example/b \n").as_deref(), Some("https://other.example/b"));
    let permalink = rss("<item><title>A</title><guid>https://news.example/p</guid></item>");
    assert_eq!(permalink.items[0].url.as_ref().map(Url::as_str), Some("https://news.example/p"));
}

#[test]
fn keys_are_the_same_at_every_reading() {
    let items = "<item><title>B</title><link>https://news.example/b</link></item><item><guid isPermaLink=\"false\">https://news.example/c#1</guid><title>C</title></item>";
    let keys = |reading: FeedReading| reading.items.into_iter().map(|item| item.key).collect::<Vec<_>>();
    let first = keys(rss(items));
    assert_eq!(first, keys(rss(items)));
    assert_eq!(first, ["https://news.example/b", "https://news.example/c"]);
}

#[test]
fn a_cut_feed_gives_its_whole_items() {
    let whole = "<rss version=\"2.0\"><channel><item><title>One</title><link>/1</link></item><item><title>Two</title><link>/2</link></item></channel></rss>";
    for cut in [whole.len() - 3, whole.len() - 16, whole.find("Two").unwrap()] {
        let reading = try_read(&whole.as_bytes()[..cut]).unwrap();
        let expected = if cut < whole.rfind("</channel>").unwrap() { 1 } else { 2 };
        assert_eq!(reading.items.len(), expected, "cut at {cut}");
        assert_eq!(reading.losses, [Loss::Cut], "cut at {cut}");
        assert!(!reading.is_complete());
    }
    assert!(try_read(whole.as_bytes()).unwrap().is_complete());
}

#[test]
fn an_item_without_an_address_is_counted_and_told() {
    let reading = rss(
        "<item><title>No guid, no link</title></item><item><title>B</title><link>/b</link></item><item><link>javascript:x</link></item>",
    );
    assert_eq!(reading.items.len(), 1);
    assert_eq!(reading.losses, [Loss::WithoutAddress(2)]);
    assert_eq!(reading.doubts, Vec::<String>::new(), "no title stands in a doubt");
    assert!(reading.is_complete(), "nothing is missing that another reading could bring");
}

#[test]
fn a_broken_item_that_lost_its_address_can_come_back() {
    let reading = rss(
        "<item><title>A</title><link>/a</link></item><item><title>Broken &nosuch; <b>B</title><lnk>/b</lnk><pubDate></item><item><title>C</title><link>/c</link></item>",
    );
    assert_eq!(reading.items.len(), 2);
    assert_eq!(reading.losses, [Loss::Unreadable(1)]);
    assert!(!reading.is_complete(), "its mended feed may come under the same ETag");
}

#[test]
fn links_as_feeds_write_them() {
    let check = |body: String, expected: &[&str]| {
        let reading = try_read(body.as_bytes()).unwrap();
        assert_eq!(reading.items.iter().map(|item| item.url.as_ref().unwrap().as_str()).collect::<Vec<_>>(), expected, "{body}");
    };
    let atom = |links: &str| {
        format!("<feed xmlns='http://www.w3.org/2005/Atom'><title>W</title><entry><id>urn:x</id><title>A</title>{links}</entry></feed>")
    };
    let rss = |links: &str| {
        format!("<rss version='2.0' xmlns:a='http://www.w3.org/2005/Atom'><channel><item><title>A</title>{links}</item></channel></rss>")
    };
    check(atom("<link href='leeds-story'/>"), &["https://news.example/feed/leeds-story"]);
    check(atom("<link href='../news/leeds'/>"), &["https://news.example/news/leeds"]);
    check(atom("<link>https://news.example/a?b=1&amp;c=2</link>"), &["https://news.example/a?b=1&c=2"]);
    check(atom("<link rel='alternate'> <![CDATA[https://news.example/a]]> </link>"), &["https://news.example/a"]);
    check(atom("<link type='application/json' href='/a.json'/><link type='text/html' href='/a'/>"), &["https://news.example/a"]);
    check(atom("<link type='application/pdf' href='/a.pdf'/><link href='/a'/>"), &["https://news.example/a"]);
    check(atom("<link rel='http://www.iana.org/assignments/relation/alternate' href='/a'/>"), &["https://news.example/a"]);
    check(atom("<link rel='replies' href='/c'/><link rel='enclosure' href='/a.jpg'/><link href='/a'/>"), &["https://news.example/a"]);
    check(rss("<link>story.html</link><guid>17</guid>"), &["https://news.example/feed/story.html"]);
    check(rss("<link href='https://news.example/a'/>"), &["https://news.example/a"]);
    check(rss("<a:link rel='alternate' href='/a'/>"), &["https://news.example/a"]);
    check(rss("<comments>/a/comments</comments><link>/a</link>"), &["https://news.example/a"]);
    check(rss("<guid isPermaLink='false'>leeds-story</guid>"), &[]);
    let based = "<feed xml:base='/site/' xmlns='http://www.w3.org/2005/Atom'><entry><title>A</title><link href='a'/></entry></feed>";
    check(based.to_owned(), &["https://news.example/site/a"]);
}

#[test]
fn one_bad_item_costs_no_other() {
    let good = |n: usize| format!("<item><title>{n}</title><link>/{n}</link></item>");
    let bad = "<item><title>Told <b>to act</title><link>/bad</link><description><p>One<p>two</description></item>";
    let reading = rss(&format!("{}{bad}{}<br><b>Warning</b>: x<item></item>", good(1), good(2)));
    assert_eq!(reading.items.iter().map(|item| item.title.as_str()).collect::<Vec<_>>(), ["1", "Told to act", "2"]);
    assert_eq!(reading.losses, [Loss::Unreadable(1)]);
    assert!(reading.doubts[0].starts_with("not well formed"), "{:?}", reading.doubts);
    assert_eq!(reading.title.as_deref(), Some("Weekly"));
}

#[test]
fn what_stops_the_strict_reader_costs_nothing() {
    for (extra, author) in [
        ("<author>ann@news.example–Ann Other</author>", None),
        ("<author>“ann@news.example (Ann Other)</author>", Some("Ann Other")),
        ("<author>&#8220;ann&#64;news.example</author>", None),
        ("<author>“ann@news.example<b/></author>", None),
        ("<author>ann@news.example (Ann Other)</author>", Some("Ann Other")),
        ("<dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'><![CDATA[Ann Other]]></dc:creator>", Some("Ann Other")),
        ("<dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>é.ann@news.example</dc:creator>", None),
        ("<x:duration xmlns:x='http://www.itunes.com/dtds/podcast-1.0.dtd'>99999999999999999999:00:00</x:duration>", None),
        ("<m:text xmlns:m='http://search.yahoo.com/mrss/' start='99999999999999999999'>x</m:text>", None),
    ] {
        let contact = "<managingEditor>“desk@news.example”</managingEditor>";
        let reading = rss(&format!("{contact}<item><title>A</title><link>/a</link>{extra}</item>"));
        assert_eq!(reading.doubts, [""; 0], "{extra}");
        assert_eq!(reading.items[0].author.as_deref(), author, "{extra}");
    }
}

#[test]
fn json_as_programs_write_it() {
    let item = r#"{"id":7,"url":"a","title":"A","content_html":"<p>x</p>","authors":[{"name":"Ann Other"}],"date_published":"2026-07-13T09:30:00+01:00",}"#;
    for body in [
        format!("{{\"items\":[{item}]}}"),
        format!("<br />\n<b>Notice</b>: x<br />\n{{\"title\":\"W\",\"items\":[{item},]}}"),
        format!("\u{feff}{{\"version\":\"9\",\"items\":[{item}]}}\n<!-- 0.1 s -->"),
    ] {
        let reading = try_read(body.as_bytes()).unwrap_or_else(|error| panic!("{body}: {error}"));
        let item = &reading.items[0];
        let facts = (item.key.as_str(), item.url.as_ref().map(Url::as_str), item.author.as_deref());
        assert_eq!(facts, ("7", Some("https://news.example/feed/a"), Some("Ann Other")), "{body}");
        assert!(reading.is_complete());
    }
    let cut = format!("{{\"items\":[{{\"id\":\"1\",\"url\":\"/1\",\"title\":\"One\"}},{item}");
    assert_eq!(try_read(&cut.as_bytes()[..cut.len() - 9]).unwrap().losses, [Loss::Cut]);
}

#[test]
fn the_items_are_bounded() {
    let item = |n: usize| format!("<item><title>{n}</title><link>/{n}</link></item>");
    let reading = rss(&(0..MAX_ITEMS).map(item).collect::<String>());
    assert_eq!((reading.items.len(), reading.losses), (MAX_ITEMS, vec![]));
    let reading = rss(&(0..MAX_ITEMS + 50).map(item).collect::<String>());
    assert_eq!((reading.items.len(), reading.losses), (MAX_ITEMS, vec![Loss::OverLimit(50)]));
}

#[test]
fn old_and_other_formats() {
    let check = |body: &str, title: &str, url: &str, at: Option<&str>| {
        let reading = try_read(body.as_bytes()).unwrap_or_else(|error| panic!("{body}: {error}"));
        assert_eq!(reading.items.len(), 1, "{body}: {:?}", reading.doubts);
        let item = &reading.items[0];
        assert_eq!((item.title.as_str(), item.url.as_ref().map(Url::as_str)), (title, Some(url)), "{body}");
        assert_eq!(item.published.map(|at| at.to_string()).as_deref(), at, "{body}");
    };
    let at = Some("2026-07-13T08:30:00Z");
    check(
        "<rss><channel><item><title>A</title><link>/a</link><pubDate>Mon, 13 Jul 2026 08:30:00 GMT</pubDate></item></channel></rss>",
        "A",
        "https://news.example/a",
        at,
    );
    check(
        "<rss version='0.91'><channel><item><title>A</title><link>https://news.example/a</link></item></channel></rss>",
        "A",
        "https://news.example/a",
        None,
    );
    check(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>W</title><entry><id>tag:x</id><title type='html'>A &amp;amp; B</title><link rel='alternate' href='/a'/><updated>2026-07-13T09:30:00+01:00</updated></entry></feed>",
        "A & B",
        "https://news.example/a",
        at,
    );
    check(
        "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><title>W</title><entry><id>x</id><title>A</title><link rel='alternate' type='text/html' href='/a'/><issued>2026-07-13T09:30:00+01:00</issued></entry></feed>",
        "A",
        "https://news.example/a",
        at,
    );
    check(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='x'><title>W</title></channel><item rdf:about='https://news.example/a'><title>A</title><link>https://news.example/a</link><dc:date>2026-07-13T09:30:00+01:00</dc:date></item></rdf:RDF>",
        "A",
        "https://news.example/a",
        at,
    );
    check(
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"W","items":[{"id":"1","url":"https://news.example/a","title":"A","content_text":"t","date_published":"2026-07-13T09:30:00+01:00"}]}"#,
        "A",
        "https://news.example/a",
        at,
    );
    check(
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"W","items":[{"id":"1","url":"https://news.example/a","title":"A","content_text":"t","date_published":"2026-07-13T09:30:00+01:00"},{"id":"2","tit"#,
        "A",
        "https://news.example/a",
        at,
    );
}

#[test]
fn utf_16_and_latin_1() {
    let xml = "<?xml version=\"1.0\" encoding=\"utf-16\"?><rss version=\"2.0\"><channel><item><title>Café £5</title><link>/a</link></item></channel></rss>";
    let big: Vec<u8> = [0xfe, 0xff].into_iter().chain(xml.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    assert_eq!(try_read(&big).unwrap().items[0].title, "Café £5");
    let latin = b"<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><rss version=\"2.0\"><channel><item><title>Caf\xe9 \xa35</title><link>/a</link></item></channel></rss>";
    assert_eq!(try_read(latin).unwrap().items[0].title, "Café £5");
}

#[test]
fn entities_do_not_expand() {
    let body = "<!DOCTYPE rss [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\"><!ENTITY x SYSTEM \"file:///etc/passwd\">]><rss version=\"2.0\"><channel><item><title>&b; &x;</title><link>/a</link></item></channel></rss>";
    assert_eq!(try_read(body.as_bytes()).unwrap().items[0].title, "&b; &x;");
}

#[test]
fn the_wait_a_feed_asks_for() {
    let minutes = |head: &str| rss(&format!("{head}<item><title>A</title><link>/a</link></item>")).ttl.map(|ttl| ttl.as_secs() / 60);
    assert_eq!(minutes(""), None);
    assert_eq!(minutes("<ttl>15</ttl>"), Some(15));
    assert_eq!(minutes("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"), Some(30));
    assert_eq!(minutes("<ttl>15</ttl><sy:updatePeriod> daily </sy:updatePeriod>"), Some(24 * 60));
    assert_eq!(
        minutes("<syn:updatePeriod xmlns:syn=\"http://purl.org/rss/1.0/modules/syndication/\">daily</syn:updatePeriod>"),
        Some(24 * 60)
    );
    assert_eq!(minutes("<sy:updatePeriod/>"), None);
    assert_eq!(minutes("<ttl>99999999</ttl>"), Some(7 * 24 * 60));
    assert_eq!(minutes("<ttl>0</ttl>"), None);
}

#[test]
fn summaries_and_authors_are_plain() {
    let reading = rss(
        "<item><title>A</title><link>/a</link><author>news@news.example (Ann Other)</author><description>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;two &amp;amp; three&lt;script&gt;x()&lt;/script&gt;&lt;/p&gt;</description></item>",
    );
    assert_eq!(reading.items[0].summary, "One two & three");
    assert_eq!(reading.items[0].author.as_deref(), Some("Ann Other"));
    assert_eq!(reading.title.as_deref(), Some("Weekly"));
}

#[test]
fn an_item_listed_twice_is_one() {
    assert_eq!(rss("<item><title>A</title><link>/a</link></item><item><title>A again</title><link>/a</link></item>").items.len(), 1);
}

#[test]
fn an_empty_feed_is_a_feed() {
    assert_eq!(rss("").items.len(), 0);
}

#[test]
fn what_is_no_feed_is_named() {
    let check = |body: &[u8], kind: Instead, detail: &str| {
        let error = try_read(body).unwrap_err();
        assert_eq!((error.kind, error.detail.as_str()), (kind, detail), "{:?}", String::from_utf8_lossy(body));
    };
    check(b"", Instead::Empty, "");
    check(b" \r\n\t ", Instead::Empty, "");
    check(b"<!DOCTYPE html><html><head><title>Page &amp; not found</title></head></html>", Instead::HtmlPage, "titled “Page & not found”");
    check(b"<html><title>Just a moment...</title>", Instead::BotChallenge, "just a moment");
    check(b"<html><body>Subscribe to our &lt;rss&gt; feed</body></html>", Instead::HtmlPage, "");
    check(b"{\"error\":\"rate limited\"}", Instead::OtherJson, "rate limited");
    check(b"<urlset><url/></urlset>", Instead::UnknownFormat, "its root is <urlset>");
    check(b"%PDF-1.7", Instead::Binary, "a PDF");
    check(b"OK", Instead::UnknownFormat, "no markup");
}

#[test]
fn large_and_deep_feeds_end_soon() {
    let start = std::time::Instant::now();
    let title = rss(&format!("<item><title>{}</title><link>/a</link></item>", "long ".repeat(2_000_000)));
    assert!(title.items[0].title.chars().count() <= 501);
    let deep = format!(
        "<rss version=\"2.0\"><channel><item><title>{}x{}</title><link>/a</link></item></channel></rss>",
        "<b>".repeat(100_000),
        "</b>".repeat(100_000)
    );
    let _either = try_read(deep.as_bytes());
    let unclosed = "<item>".repeat(200_000);
    let _either = try_read(format!("<rss version=\"2.0\"><channel>{unclosed}").as_bytes());
    let ampersands = rss(&format!("<item><title>{}</title><link>/a</link></item>", "&".repeat(1_000_000)));
    assert_eq!(ampersands.items.len(), 1);
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
