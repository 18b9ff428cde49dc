//! What stands beside a list: robots.txt and the pages that it leads to.

use std::{io::Write, time::Duration};

use flate2::{Compression, write::GzEncoder};

use crate::{BAD, Behaviour, PAGE, answers::behaviours, one_item, server::Reply, web::Web};

const ROBOTS: &str = "http://bad.example/robots.txt";

fn robots(web: &Web, reply: Reply) {
    web.feed(BAD, one_item());
    web.reply(ROBOTS, reply);
}

fn page(web: &Web, reply: Reply) {
    web.feed(BAD, one_item());
    web.reply(PAGE, reply);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn html(body: &str) -> Reply {
    Reply::page("text/html", body)
}

behaviours! {
    "robots.txt that is a page" => "well", |web| robots(web, html("<!doctype html><title>Not found</title>"));
    "robots.txt of noise" => "well", |web| robots(web, Reply::page("text/plain", [0xff; 5_000]));
    "robots.txt without end" => "well", |web| robots(web, Reply::status(200).forever(&[b'#'; 64 * 1024], Duration::ZERO));
    "robots.txt that drips" => "timeout", |web| robots(web, Reply::status(200).forever(b"#", Duration::from_millis(50)));
    "robots.txt that forbids all" => "robots", |web| robots(web, Reply::text("User-agent: *\nDisallow: /\n"));
    "robots.txt with a pattern of stars" => "well", |web| robots(web, Reply::text(&format!("User-agent: *\nDisallow: /{}x$\n", "*a".repeat(2_000))));
    "robots.txt of 100,000 rules" => "well", |web| robots(web, Reply::text(&format!("User-agent: *\n{}", "Disallow: /a*b*c\n".repeat(20_000))));
    "robots.txt with a delay of ages" => "well", |web| {
        web.feed(BAD, crate::made::feed(&[]));
        web.reply(ROBOTS, Reply::text("User-agent: *\nCrawl-delay: 5\n"));
    };
    "robots.txt that redirects in a circle" => "well", |web| robots(web, Reply::redirect(302, ROBOTS));
    "robots.txt with a server error" => "server-error", |web| robots(web, Reply::status(500).header("Content-Length", "0"));
    "robots.txt that asks to be left alone" => "server-error", |web| robots(web, Reply::status(503).header("Retry-After", "60").header("Content-Length", "0"));
    "robots.txt behind a mark" => "robots", |web| robots(web, Reply::text("\u{feff}User-agent: *\nDisallow: /\n"));
    "robots.txt of lines that end in CR" => "robots", |web| robots(web, Reply::text("User-agent: *\rDisallow: /\r"));
    "robots.txt packed though nobody asked" => "robots", |web| robots(web, Reply::page("text/plain", gzip(b"User-agent: *\nDisallow: /\n")).header("Content-Encoding", "gzip"));
    "robots.txt that speaks to us" => "robots", |web| robots(web, Reply::text("User-agent: *\nAllow: /\n\nuser-AGENT : TieBack/9.9\ndisallow : /FEED\nDisallow: /feed\n"));
    "robots.txt on another host" => "robots", |web| {
        robots(web, Reply::redirect(301, "http://other.example/robots.txt"));
        web.reply("http://other.example/robots.txt", Reply::text("User-agent: *\nDisallow: /\n"));
    };
    "robots.txt that wants a password" => "well", |web| robots(web, Reply::status(401).header("Content-Length", "0"));
    "robots.txt that is forbidden for a while" => "forbidden", |web| robots(web, Reply::status(403).header("Retry-After", "600").header("Content-Length", "0"));
    "robots.txt with delays that are none" => "well", |web| robots(web, Reply::text("User-agent: *\nCrawl-delay: -5\nCrawl-delay: NaN\nCrawl-delay: 1e308\nCrawl-delay: soon\n"));
    "a page that goes on elsewhere at once" => "well", |web| page(web, html("<meta http-equiv=refresh content=\"0;url=http://127.0.0.1/\"><p>wait"));
    "a page whose own address is a script" => "well", |web| page(web, html("<link rel=canonical href=\"javascript:alert(1)\"><meta property=og:url content=\"file:///etc/passwd\"><title>x</title><p>y"));
    "a page of 100,000 headers of its own" => "well", |web| page(web, html(&"<meta name=description content=x>".repeat(100_000)));
    "a page of tables nested 50,000 deep" => "well", |web| page(web, html(&"<table><tr><td>".repeat(50_000)));
    "a page that is one comment" => "well", |web| page(web, html(&format!("<p>Ofsted<!-- {}", "- ".repeat(500_000))));
    "a page that is plain text from there on" => "well", |web| page(web, html(&format!("<p>Ofsted<plaintext>{}", "<p>".repeat(200_000))));
    "a page of drawings within formulas" => "well", |web| page(web, html(&"<svg><foreignObject><math><annotation-xml encoding=\"text/html\">".repeat(20_000)));
    "a page of choices" => "well", |web| page(web, html(&"<select><option>a<optgroup>".repeat(100_000)));
    "a page with 200,000 attributes on one tag" => "well", |web| page(web, html(&format!("<p {}>Ofsted", (0..200_000).map(|n| format!("a{n} ")).collect::<String>())));
    "a page of formatting that never closes" => "well", |web| page(web, html(&"<b><i><u><p>".repeat(20_000)));
    "a page in an alphabet that hides markup" => "well", |web| page(web, Reply::page("text/html; charset=utf-7", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-"));
    "a page that says what it is in a circle" => "well", |web| page(web, html("<script type=\"application/ld+json\">{\"@id\":\"#a\",\"@type\":\"NewsArticle\",\"isPartOf\":{\"@id\":\"#a\"},\"headline\":[[[[\"x\"]]]],\"datePublished\":{\"a\":1}}</script><p>y"));
    "a page without end" => "well", |web| page(web, Reply::status(200).header("Content-Type", "text/html").forever(&[b'x'; 64 * 1024], Duration::ZERO));
    "a page that drips" => "well", |web| page(web, Reply::status(200).header("Content-Type", "text/html").forever(b"x", Duration::from_millis(50)));
    "a page nested 200,000 deep" => "well", |web| page(web, html(&"<div>".repeat(200_000)));
    "a page of 300,000 open links" => "well", |web| page(web, html(&"<a href=x>".repeat(300_000)));
    "a page of one quotation mark" => "well", |web| page(web, html(&format!("<a title=\"{}", "x ".repeat(500_000))));
    "a page that leads into the private network" => "well", |web| page(web, Reply::redirect(302, "http://127.0.0.1:8080/admin"));
    "a page that is another's, as it says" => "well", |web| page(web, html("<link rel=canonical href=\"http://victim.example/\"><title>x</title><p>y"));
    "a page that is a picture" => "well", |web| page(web, Reply::page("image/jpeg", b"\xff\xd8\xff\xe0"));
    "a page that is a PDF" => "well", |web| page(web, Reply::page("text/html", "%PDF-1.7"));
    "a page that is empty" => "well", |web| page(web, html(""));
    "a page that wants a password" => "well", |web| page(web, Reply::status(401).header("WWW-Authenticate", "Basic").header("Content-Length", "0"));
    "a page that wants to be left alone" => "well", |web| page(web, Reply::status(429).header("Retry-After", "86400").header("Content-Length", "0"));
    "a page with a bomb of script" => "well", |web| page(web, html(&format!("<script type=\"application/ld+json\">{}</script>", "[".repeat(300_000))));
}
