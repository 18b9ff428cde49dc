//! Lists that are no feeds: sitemaps, pages of links, and what WordPress gives.

use crate::{BAD, Behaviour, server::Reply, web::Web};

macro_rules! lists {
    ($kind:ident: $($name:literal => $comes_to:literal, $set:expr;)*) => {
        pub const $kind: &[Behaviour] = &[$(Behaviour { name: $name, comes_to: $comes_to, set: $set }),*];
    };
}

fn xml(web: &Web, url: &str, body: impl AsRef<[u8]>) {
    web.put(url, "application/xml", body);
}

fn index(parts: &[&str]) -> String {
    let parts: String = parts.iter().map(|part| format!("<sitemap><loc>{part}</loc><lastmod>2024-03-04</lastmod></sitemap>")).collect();
    format!("<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{parts}</sitemapindex>")
}

fn map(urls: &str) -> String {
    format!("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{urls}</urlset>")
}

fn json(web: &Web, body: impl AsRef<[u8]>) {
    web.put(BAD, "application/json", body);
}

lists! { SITEMAP:
    "an index that names itself" => "well", |web| xml(web, BAD, index(&[BAD]));
    "indexes in a circle" => "well", |web| {
        xml(web, BAD, index(&["http://bad.example/b.xml"]));
        xml(web, "http://bad.example/b.xml", index(&[BAD, "http://bad.example/b.xml"]));
    };
    "an index of 40,000 parts" => "not-found", |web| {
        let parts: Vec<String> = (0..40_000).map(|n| format!("http://bad.example/{n}.xml")).collect();
        xml(web, BAD, index(&parts.iter().map(String::as_str).collect::<Vec<_>>()));
    };
    "an index of parts in the private network" => "private-address", |web| xml(web, BAD, index(&["http://10.0.0.1/a.xml", "http://127.0.0.1/b.xml"]));
    "an index of parts that are files" => "well", |web| xml(web, BAD, index(&["file:///etc/passwd"]));
    "an index whose parts are pages" => "unreadable", |web| {
        xml(web, BAD, index(&["http://bad.example/a.xml"]));
        web.html("http://bad.example/a.xml", "<!doctype html><title>Moved</title>");
    };
    "addresses of other sites" => "well", |web| xml(web, BAD, map("<url><loc>http://herald.example/ofsted-childrens-services</loc></url><url><loc>javascript:alert(1)</loc></url>"));
    "a sitemap of one open tag" => "unreadable", |web| xml(web, BAD, format!("<urlset>{}", "<url>".repeat(300_000)));
    "a sitemap of lines" => "unreadable", |web| web.put(BAD, "text/plain", "http://bad.example/story\nhttp://bad.example/other\n");
}

lists! { PAGE:
    "a page of 100,000 links" => "well", |web| {
        let links: String = (0..100_000).map(|n| format!("<a href=\"/story-{n}\">Story {n}</a>")).collect();
        web.html(BAD, format!("<main>{links}</main>"));
    };
    "a page whose base is elsewhere" => "well", |web| web.html(BAD, "<base href=\"http://10.0.0.1/\"><main><a href=\"ofsted-inspection-childrens-services\">Ofsted</a></main>");
    "a page whose links do nothing" => "well", |web| web.html(BAD, "<main><a href=\"javascript:void(0)\">Ofsted</a><a href=\"#x\">x</a><a href=\"mailto:a@b.example\">y</a></main>");
    "a page of frames" => "unreadable", |web| web.html(BAD, "<frameset cols=\"50%,50%\"><frame src=\"a\"><frame src=\"b\"></frameset>");
    "a page that goes on elsewhere" => "unreadable", |web| web.html(BAD, "<meta http-equiv=\"refresh\" content=\"0; url=http://127.0.0.1/\"><title>Wait</title>");
}

lists! { WORDPRESS:
    "WordPress without the way to its posts" => "unreadable", |web| json(web, "{\"code\":\"rest_no_route\",\"message\":\"No route was found\",\"data\":{\"status\":404}}");
    "WordPress that wants a login" => "forbidden", |web| web.reply(BAD, Reply::status(401).header("Content-Type", "application/json").send(b"{\"code\":\"rest_not_logged_in\"}"));
    "posts of nulls" => "unreadable", |web| json(web, "[null, 7, \"x\", {}, {\"id\": null, \"link\": null, \"title\": null}]");
    "posts with other things in them" => "unreadable", |web| json(web, "[{\"id\": \"x\", \"link\": [1], \"title\": {\"rendered\": 7}, \"date_gmt\": {}}]");
    "posts that are markup" => "well", |web| json(web, "[{\"id\":1,\"link\":\"http://bad.example/story\",\"date_gmt\":\"2024-03-04T09:30:00\",\"title\":{\"rendered\":\"<script>alert(1)</script>&#x1b;[31m Ofsted\"},\"excerpt\":{\"rendered\":\"<img src=x onerror=alert(1)>\"}}]");
    "posts nested 100,000 deep" => "unreadable", |web| json(web, "[".repeat(100_000));
}
