//! Shapes of feeds and of what they are packed in: alphabets, nests and declarations that few readers were tried on.

use std::io::Write;

use flate2::{
    Compression,
    write::{DeflateEncoder, GzEncoder, ZlibEncoder},
};

use crate::{BAD, Behaviour, DAY, PAGE, TITLE, answers::behaviours, made::feed, one_item, server::Reply, web::Web};

fn put(web: &Web, body: impl AsRef<[u8]>) {
    web.feed(BAD, body);
}

fn encoded(web: &Web, encoding: &str, body: &[u8]) {
    web.reply(BAD, Reply::page("application/rss+xml", body).header("Content-Encoding", encoding));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

/// A JSON Feed with these items.
fn json(items: &str) -> String {
    format!("{{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"News\", \"items\": [{items}]}}")
}

fn atom(entry: &str) -> String {
    format!("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>News</title><entry>{entry}</entry></feed>")
}

behaviours! {
    "deflate as zlib has it" => "well", |web| {
        let mut writer = ZlibEncoder::new(Vec::new(), Compression::default());
        writer.write_all(one_item().as_bytes()).unwrap();
        encoded(web, "deflate", &writer.finish().unwrap());
    };
    "deflate bare" => "well", |web| {
        let mut writer = DeflateEncoder::new(Vec::new(), Compression::default());
        writer.write_all(one_item().as_bytes()).unwrap();
        encoded(web, "deflate", &writer.finish().unwrap());
    };
    "gzip in several members" => "well", |web| {
        let text = one_item();
        let (first, second) = text.as_bytes().split_at(100);
        encoded(web, "gzip", &[gzip(first), gzip(second)].concat());
    };
    "gzip with rubbish behind it" => "well", |web| encoded(web, "gzip", &[gzip(one_item().as_bytes()), vec![0; 512]].concat());
    "gzip with a wrong sum" => "unreadable", |web| {
        let mut bytes = gzip(one_item().as_bytes());
        let at = bytes.len() - 6;
        bytes[at] ^= 0xff;
        encoded(web, "gzip", &bytes);
    };
    "gzip of nothing" => "unreadable", |web| encoded(web, "gzip", &gzip(b""));
    "called gzip twice, and so packed" => "well", |web| encoded(web, "gzip, gzip", &gzip(&gzip(one_item().as_bytes())));
    "called deflate and gzip, and so packed" => "well", |web| {
        let mut writer = ZlibEncoder::new(Vec::new(), Compression::default());
        writer.write_all(one_item().as_bytes()).unwrap();
        encoded(web, "deflate, gzip", &gzip(&writer.finish().unwrap()));
    };
    "called deflate, and gzip" => "well", |web| encoded(web, "deflate", &gzip(one_item().as_bytes()));
    "called gzip, and deflate" => "well", |web| {
        let mut writer = ZlibEncoder::new(Vec::new(), Compression::default());
        writer.write_all(one_item().as_bytes()).unwrap();
        encoded(web, "gzip", &writer.finish().unwrap());
    };
    "called x-deflate" => "well", |web| {
        let mut writer = ZlibEncoder::new(Vec::new(), Compression::default());
        writer.write_all(one_item().as_bytes()).unwrap();
        encoded(web, "x-deflate", &writer.finish().unwrap());
    };
    "a bomb of deflate" => "too-large", |web| {
        let mut writer = ZlibEncoder::new(Vec::new(), Compression::best());
        writer.write_all(&vec![b' '; 60_000_000]).unwrap();
        encoded(web, "deflate", &writer.finish().unwrap());
    };
    "called as it is" => "well", |web| encoded(web, "identity", one_item().as_bytes());
    "gzip ten times" => "unreadable", |web| put(web, (0..10).fold(one_item().into_bytes(), |bytes, _| gzip(&bytes)));
    "UTF-32" => "unreadable", |web| {
        let bytes: Vec<u8> = [0xff, 0xfe, 0, 0].into_iter().chain(one_item().chars().flat_map(|char| u32::from(char).to_le_bytes())).collect();
        put(web, bytes);
    };
    "UTF-16 that is cut in a letter" => "well", |web| {
        let text = one_item() + "<!-- -->";
        let bytes: Vec<u8> = [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        put(web, &bytes[..bytes.len() - 1]);
    };
    "a byte order mark in the middle" => "well", |web| put(web, one_item().replace("<channel>", "\u{feff}<channel>"));
    "three byte order marks" => "well", |web| put(web, format!("\u{feff}\u{feff}\u{feff}{}", one_item()));
    "blank lines before the declaration" => "well", |web| put(web, format!("\n\n \n{}", one_item()));
    "warnings of a server before the declaration" => "well", |web| put(web, format!("<br />\n<b>Warning</b>: mysql_connect() in /var/www/x.php<br />\n{}", one_item()));
    "XML 1.1" => "well", |web| put(web, one_item().replace("version=\"1.0\"?", "version=\"1.1\"?"));
    "10,000 processing instructions" => "well", |web| put(web, one_item().replacen("<rss", &format!("{}<rss", "<?xml-stylesheet href=\"http://evil.example/\"?>".repeat(10_000)), 1));
    "entities that call each other" => "well", |web| {
        put(web, one_item().replacen("<rss", "<!DOCTYPE rss [<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">]><rss", 1).replace(TITLE, &format!("{TITLE} &a;")));
    };
    "a declaration from elsewhere" => "well", |web| put(web, one_item().replacen("<rss", "<!DOCTYPE rss SYSTEM \"http://127.0.0.1/evil.dtd\" [<!ENTITY % x SYSTEM \"file:///etc/passwd\"> %x;]><rss", 1));
    "numbers of letters that there are not" => "well", |web| put(web, one_item().replace(TITLE, &format!("{TITLE} &#0;&#xD800;&#x110000;&#99999999999;")));
    "items within items, 10,000 deep" => "well", |web| put(web, one_item().replace("</channel>", &("<item><title>x</title>".repeat(10_000) + "</channel>")));
    "a channel within a channel" => "well", |web| put(web, one_item().replace("<channel>", "<channel><channel>").replace("</channel>", "</channel></channel>"));
    "items outside of the channel" => "well", |web| put(web, one_item().replace("<item>", "</channel><item>").replace("</channel></rss>", "</rss>"));
    "100,000 categories of an item" => "well", |web| put(web, one_item().replace("</item>", &("<category>x</category>".repeat(100_000) + "</item>")));
    "10,000 attributes of an item" => "well", |web| {
        let attributes: String = (0..10_000).map(|n| format!(" a{n}=\"x\"")).collect();
        put(web, one_item().replacen("<item>", &format!("<item{attributes}>"), 1));
    };
    "10,000 namespaces" => "well", |web| {
        let names: String = (0..10_000).map(|n| format!(" xmlns:n{n}=\"http://x.example/{n}\"")).collect();
        put(web, one_item().replacen("<rss", &format!("<rss{names}"), 1));
    };
    "a link over three lines" => "well", |web| put(web, feed(&[("\n  http://bad.example/\n  story\n", TITLE, "", DAY)]));
    "an entry with no address but its own feed" => "well", |web| put(web, atom(&format!("<title>{TITLE}</title><link rel=\"self\" href=\"{BAD}\"/><id>x</id>")));
    "an address that is based elsewhere" => "well", |web| put(web, atom(&format!("<title>{TITLE}</title><link xml:base=\"http://10.0.0.1/\" href=\"admin\"/><id>x</id>")));
    "a zone of 99 hours" => "well", |web| put(web, feed(&[(PAGE, TITLE, "", "Mon, 04 Mar 2024 09:30:00 +9999")]));
    "JSON with numbers in place of words" => "well", |web| put(web, json("{\"id\": 7, \"title\": 8, \"url\": 9, \"date_published\": 10, \"authors\": \"x\"}"));
    "JSON with half a letter" => "well", |web| put(web, json("{\"id\": \"\\ud800\", \"title\": \"\\udc00 Ofsted\", \"url\": \"http://bad.example/story\"}"));
    "JSON that is no list of items" => "unreadable", |web| put(web, "{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": {\"a\": 1}}");
    "JSON behind a call" => "well", |web| put(web, format!("callback({})", json("")));
}
