//! What stands beside a list: robots.txt and the pages that it leads to.

use std::time::Duration;

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
