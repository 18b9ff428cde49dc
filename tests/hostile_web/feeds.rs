//! Feeds: cut, nested, endless, in another alphabet, or made to be misread.

use crate::{BAD, Behaviour, DAY, PAGE, TITLE, answers::behaviours, made::feed, one_item, web::Web};

fn put(web: &Web, body: impl AsRef<[u8]>) {
    web.feed(BAD, body);
}

/// A feed of one item, with something before its root.
fn behind(before: &str) -> String {
    one_item().replacen("<rss", &format!("{before}<rss"), 1)
}

fn titled(title: &str) -> String {
    feed(&[(PAGE, title, "", DAY)])
}

fn dated(day: &str) -> String {
    feed(&[(PAGE, TITLE, "", day)])
}

fn linked(link: &str) -> String {
    feed(&[(link, TITLE, "", DAY)])
}

behaviours! {
    "a feed that is cut in its only item" => "unreadable", |web| put(web, one_item().split("</item>").next().unwrap());
    "a feed that is cut in its second item" => "well", |web| put(web, one_item().replace("</channel></rss>", "<item><title>Cut"));
    "a feed that is cut in its head" => "unreadable", |web| put(web, "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><tit");
    "a feed without items" => "well", |web| put(web, feed(&[]));
    "entities that multiply" => "well", |web| {
        let mut doctype = String::from("<!DOCTYPE rss [<!ENTITY a0 \"lol\">");
        for n in 1..12 {
            doctype.push_str(&format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10)));
        }
        put(web, behind(&(doctype + "]>")).replace(TITLE, &format!("{TITLE} &a11;")));
    };
    "an entity that reads a file" => "well", |web| {
        put(web, behind("<!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>").replace(TITLE, &format!("{TITLE} &x;")));
    };
    "a declaration that never ends" => "unreadable", |web| put(web, format!("<?xml version=\"1.0\"?>{}", "<!a[>".repeat(300_000)));
    "a comment that never ends" => "unreadable", |web| put(web, behind("<!-- ").replace("-->", ""));
    "CDATA that never ends" => "well", |web| put(web, one_item().replace("</channel>", "<x><![CDATA[</channel>"));
    "tags nested 100,000 deep" => "well", |web| put(web, one_item().replace("</channel>", &("<a>".repeat(100_000) + "</channel>")));
    "an attribute of a megabyte" => "well", |web| put(web, one_item().replacen("<item>", &format!("<item a=\"{}\">", "x".repeat(1_000_000)), 1));
    "a title of a megabyte" => "well", |web| put(web, titled(&format!("{TITLE} {}", "long ".repeat(200_000))));
    "a title that steers a terminal" => "well", |web| put(web, titled(&format!("{TITLE} \u{1b}]0;owned\u{7}\u{9b}2J\u{202e}")));
    "a title that is markup" => "well", |web| put(web, titled(&format!("{TITLE} &lt;script&gt;alert(1)&lt;/script&gt;")));
    "a title that is a formula" => "well", |web| put(web, titled(&format!("=HYPERLINK(\"http://evil.example\") {TITLE}")));
    "50,000 items" => "well", |web| {
        let items: String = (0..50_000).map(|n| format!("<item><link>http://bad.example/{n}</link></item>")).collect();
        put(web, one_item().replace("</channel>", &(items + "</channel>")));
    };
    "items without an address" => "well", |web| put(web, one_item().replace("</channel>", &("<item><title>x</title></item>".repeat(50) + "</channel>")));
    "a thousand items with one guid" => "well", |web| {
        let items: String = (0..1_000).map(|n| format!("<item><title>Fete {n}</title><link>http://bad.example/{n}</link><guid>same</guid></item>")).collect();
        put(web, one_item().replace("</channel>", &(items + "</channel>")));
    };
    "links that are scripts" => "well", |web| put(web, linked("javascript:alert(1)"));
    "links into this machine's files" => "well", |web| put(web, linked("file:///etc/passwd"));
    "links into the private network" => "well", |web| put(web, linked("http://10.0.0.1/admin"));
    "links with a password" => "well", |web| put(web, linked("http://anna:geheim@bad.example/"));
    "links of 100,000 letters" => "well", |web| put(web, linked(&format!("http://bad.example/{}", "a".repeat(100_000))));
    "dates in the year 9999" => "well", |web| put(web, dated("Fri, 31 Dec 9999 23:59:59 GMT"));
    "dates before the web" => "well", |web| put(web, dated("Thu, 01 Jan 1601 00:00:00 GMT"));
    "dates that are none" => "well", |web| put(web, dated("the day after tomorrow"));
    "a ttl of ages" => "well", |web| put(web, one_item().replace("<item>", "<ttl>99999999999999999999</ttl><item>"));
    "all hours skipped" => "well", |web| {
        let hours: String = (0..24).map(|hour| format!("<hour>{hour}</hour>")).collect();
        put(web, one_item().replace("<item>", &format!("<skipHours>{hours}</skipHours><item>")));
    };
    "UTF-16 called UTF-8" => "well", |web| {
        let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(one_item().encode_utf16().flat_map(u16::to_le_bytes)).collect();
        put(web, bytes);
    };
    "Windows-1252 called UTF-8" => "well", |web| put(web, one_item().replace('’', "\u{92}").chars().map(|char| char as u8).collect::<Vec<u8>>());
    "a charset that nobody knows" => "well", |web| put(web, one_item().replace("version=\"1.0\"", "version=\"1.0\" encoding=\"klingon\""));
    "zeros between the letters" => "well", |web| put(web, one_item().replace("<title>", "<title>\0\0"));
    "characters that XML forbids" => "well", |web| put(web, one_item().replace("<title>", "<title>\u{1}\u{b}\u{1f}"));
    "an ampersand alone" => "well", |web| put(web, titled(&format!("{TITLE} & more")));
    "tags that overlap" => "well", |web| put(web, titled(&format!("<b>{TITLE} <i>x</b></i>")));
    "an attribute twice" => "well", |web| put(web, one_item().replacen("<item>", "<item a=\"1\" a=\"2\">", 1));
    "another feed behind the first" => "well", |web| put(web, one_item() + &one_item());
}
