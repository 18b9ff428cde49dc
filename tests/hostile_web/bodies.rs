//! Bodies: too slow, too long, cut, packed, or not what they say.

use std::{io::Write, time::Duration};

use flate2::{
    Compression,
    write::{GzEncoder, ZlibEncoder},
};

use crate::{BAD, Behaviour, answers::behaviours, one_item, server::Reply, web::Web};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut writer = ZlibEncoder::new(Vec::new(), Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &brotli::enc::BrotliEncoderParams { quality: 5, ..Default::default() }).unwrap();
    out
}

fn page(web: &Web, body: impl AsRef<[u8]>) {
    web.reply(BAD, Reply::page("application/rss+xml", body));
}

fn encoded(web: &Web, encoding: &str, body: &[u8]) {
    web.reply(BAD, Reply::page("application/rss+xml", body).header("Content-Encoding", encoding));
}

fn endless() -> Reply {
    Reply::status(200).header("Content-Type", "application/rss+xml")
}

behaviours! {
    "a body that drips" => "timeout", |web| web.reply(BAD, endless().forever(b" ", Duration::from_millis(50)));
    "a body without end" => "too-large", |web| web.reply(BAD, endless().forever(&[b' '; 64 * 1024], Duration::ZERO));
    "a body that says how much too long it is" => "too-large", |web| web.reply(BAD, endless().header("Content-Length", "99999999999").send(b"x"));
    "a body that ends before its length" => "connect", |web| web.reply(BAD, endless().header("Content-Length", "50000").send(one_item().as_bytes()));
    "a body longer than its length" => "unreadable", |web| web.reply(BAD, endless().header("Content-Length", "20").send(one_item().as_bytes()));
    "an empty body" => "unreadable", |web| page(web, "");
    "a body of blanks" => "unreadable", |web| page(web, " \n\t ".repeat(1_000));
    "a body of zeros" => "unreadable", |web| page(web, [0; 4_096]);
    "a body of noise" => "unreadable", |web| page(web, (0..60_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect::<Vec<u8>>());
    "a PDF" => "unreadable", |web| page(web, "%PDF-1.7\n%\u{e2}\n1 0 obj");
    "a ZIP" => "unreadable", |web| page(web, b"PK\x03\x04\x14\x00\x00\x00");
    "JSON that is no feed" => "unreadable", |web| page(web, "{\"error\": \"no such feed\"}");
    "JSON nested 100,000 deep" => "unreadable", |web| page(web, "[".repeat(100_000));
    "a page that says welcome" => "unreadable", |web| page(web, "<!doctype html><title>Welcome</title><p>Hello");
    "a page that asks for a password" => "unreadable", |web| page(web, "<!doctype html><title>Sign in</title><form><input type=password></form>");
    "a page that checks for robots" => "unreadable", |web| page(web, "<!doctype html><title>Just a moment...</title><div id=\"cf-challenge\"></div>");
    "gzip as it should be" => "well", |web| encoded(web, "gzip", &gzip(one_item().as_bytes()));
    "gzip called x-gzip" => "well", |web| encoded(web, "x-gzip", &gzip(one_item().as_bytes()));
    "gzip called GZIP" => "well", |web| encoded(web, "GZIP", &gzip(one_item().as_bytes()));
    "gzip that nobody calls so" => "well", |web| page(web, gzip(one_item().as_bytes()));
    "gzip twice" => "well", |web| encoded(web, "gzip", &gzip(&gzip(one_item().as_bytes())));
    "gzip that is cut" => "unreadable", |web| page(web, &gzip(one_item().repeat(50).as_bytes())[..200]);
    "called gzip, and plain" => "well", |web| encoded(web, "gzip", one_item().as_bytes());
    "called brotli, and plain" => "well", |web| encoded(web, "br", one_item().as_bytes());
    "called brotli, and noise" => "unreadable", |web| encoded(web, "br", &[0x5b; 4_096]);
    "brotli called BR" => "well", |web| encoded(web, "BR", &brotli(one_item().as_bytes()));
    "brotli that is cut" => "unreadable", |web| encoded(web, "br", &brotli(one_item().repeat(50).as_bytes())[..150]);
    "brotli within gzip" => "well", |web| encoded(web, "br, gzip", &gzip(&brotli(one_item().as_bytes())));
    "deflate within brotli" => "well", |web| encoded(web, "deflate, br", &brotli(&deflate(one_item().as_bytes())));
    "brotli and deflate, named the other way about" => "well", |web| encoded(web, "br, deflate", &brotli(&deflate(one_item().as_bytes())));
    "called brotli, and plain behind a byte order mark" => "well", |web| encoded(web, "br", format!("\u{feff}{}", one_item()).as_bytes());
    "brotli named a thousand times, and cut" => "unreadable", |web| {
        encoded(web, &["br"; 1_000].join(","), &brotli(one_item().repeat(50).as_bytes())[..150]);
    };
    "plain, and called brotli and deflate twice" => "well", |web| encoded(web, "br, br, deflate, deflate", one_item().as_bytes());
    "a bomb of brotli" => "too-large", |web| encoded(web, "br", &brotli(&vec![b' '; 60_000_000]));
    "an encoding that nobody knows" => "well", |web| encoded(web, "x-unknown", one_item().as_bytes());
    "a bomb of gzip" => "too-large", |web| encoded(web, "gzip", &gzip(&vec![b' '; 60_000_000]));
    "a bomb within gzip" => "too-large", |web| page(web, gzip(&gzip(&vec![b' '; 60_000_000])));
}
