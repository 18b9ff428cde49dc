//! On the wire: interim answers, lengths, chunks and lines that are not as they should be, and names that lead back here.

use std::time::Duration;

use crate::{BAD, Behaviour, answers::behaviours, one_item, server::Reply, web::Web};

fn raw(web: &Web, head: &str, body: impl AsRef<[u8]>) {
    web.reply(BAD, Reply::raw(head.as_bytes()).send(body.as_ref()));
}

/// A whole answer with this line more in its head.
fn with_line(web: &Web, line: &[u8]) {
    let length = format!("Content-Length: {}\r\n\r\n", one_item().len());
    web.reply(BAD, Reply::raw(b"HTTP/1.1 200 OK\r\nConnection: close\r\n").send(line).send(length.as_bytes()).send(one_item().as_bytes()));
}

fn chunked(web: &Web, body: &str) {
    raw(web, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n", body);
}

fn to(web: &Web, location: &str) {
    web.reply(BAD, Reply::redirect(302, location));
}

behaviours! {
    "interim answers without end" => "timeout", |web| web.reply(BAD, Reply::raw(b"").forever(b"HTTP/1.1 100 Continue\r\n\r\n", Duration::ZERO));
    "an interim answer with hints" => "well", |web| {
        raw(web, "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n", format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", one_item()));
    };
    "101, another protocol" => "unreadable", |web| raw(web, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n", "PRI * HTTP/2.0");
    "206 that nobody asked for" => "unreadable", |web| {
        web.reply(BAD, Reply::status(206).header("Content-Range", "bytes 0-99/5000").send(&one_item().as_bytes()[..100]));
    };
    "203, changed on the way" => "well", |web| web.reply(BAD, Reply::status(203).send(one_item().as_bytes()));
    "an answer of HTTP/1.0 without a length" => "well", |web| raw(web, "HTTP/1.0 200 OK\r\n\r\n", one_item());
    "an answer of HTTP/0.9" => "connect", |web| raw(web, "", one_item());
    "an answer of HTTP/3.0" => "connect", |web| raw(web, "HTTP/3.0 200 OK\r\n\r\n", one_item());
    "lines that end in LF alone" => "well", |web| raw(web, "HTTP/1.1 200 OK\nContent-Type: application/rss+xml\n\n", one_item());
    "a header folded over two lines" => "connect", |web| with_line(web, b"X-Long: a\r\n b\r\n");
    "a header with a zero in it" => "connect", |web| with_line(web, b"X-A: b\0c\r\n");
    "a header in Latin-1" => "well", |web| with_line(web, b"X-Caf\x65: caf\xe9\r\n");
    "a header without a name" => "connect", |web| with_line(web, b": b\r\n");
    "a length and chunks both" => "well", |web| {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
        raw(web, head, format!("{:x}\r\n{}\r\n0\r\n\r\n", one_item().len(), one_item()));
    };
    "a length beyond 64 bits" => "connect", |web| raw(web, "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551617\r\n\r\n", one_item());
    "a length with a sign" => "connect", |web| raw(web, "HTTP/1.1 200 OK\r\nContent-Length: +9\r\n\r\n", one_item());
    "a chunk with an extension of a megabyte" => "connect", |web| chunked(web, &format!("5;{}\r\nhello\r\n0\r\n\r\n", "x".repeat(1_000_000)));
    "chunks that are cut" => "connect", |web| chunked(web, &format!("{:x}\r\n{}", one_item().len() + 9, one_item()));
    "chunks of a byte" => "well", |web| {
        let chunks: String = one_item().chars().map(|char| format!("{:x}\r\n{char}\r\n", char.len_utf8())).collect();
        chunked(web, &(chunks + "0\r\n\r\n"));
    };
    "trailers without end" => "connect", |web| {
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
        web.reply(BAD, Reply::raw(head).forever(b"X-A: b\r\n", Duration::ZERO));
    };
    "a second answer behind the first" => "well", |web| {
        let second = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
        raw(web, &format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", one_item().len()), one_item() + second);
    };
    "a type that is named twice" => "well", |web| with_line(web, b"Content-Type: application/rss+xml\r\nContent-Type: text/html\r\n");
    "no type at all" => "well", |web| web.reply(BAD, Reply::status(200).send(one_item().as_bytes()));
    "a type of another thing" => "well", |web| web.reply(BAD, Reply::page("application/octet-stream", one_item()).header("Content-Disposition", "attachment; filename=\"../../etc/passwd\""));
    "429 that says to come back at once" => "too-many", |web| web.reply(BAD, Reply::status(429).header("Retry-After", "0").header("Content-Length", "0"));
    "503 until a day of the past" => "server-error", |web| web.reply(BAD, Reply::status(503).header("Retry-After", "Mon, 01 Jan 1990 00:00:00 GMT").header("Content-Length", "0"));
    "503 for less than no time" => "server-error", |web| web.reply(BAD, Reply::status(503).header("Retry-After", "-1").header("Content-Length", "0"));
    "max-age of ages" => "well", |web| with_line(web, b"Cache-Control: max-age=99999999999999999999, s-maxage=-5, no-store\r\nAge: -1\r\n");
    "dates of headers that are none" => "well", |web| with_line(web, b"Date: never\r\nExpires: 0\r\nLast-Modified: \xff\xfe\r\n");
    "a redirect without an address" => "redirects", |web| web.reply(BAD, Reply::status(302).header("Content-Length", "0"));
    "a redirect to a page within a page" => "bad-address", |web| to(web, "data:application/rss+xml,<rss/>");
    "a redirect to another protocol" => "bad-address", |web| to(web, "ftp://good.example/feed");
    "a redirect with a line break" => "connect", |web| raw(web, "HTTP/1.1 302 Found\r\nLocation: http://good.example/\r\r\nContent-Length: 0\r\n\r\n", "");
    "a redirect to every address of this machine" => "private-address", |web| to(web, "http://0.0.0.0/");
    "a redirect to this machine in hex" => "private-address", |web| to(web, "http://0x7f.0.0.1/");
    "a redirect to this machine, cut short" => "private-address", |web| to(web, "http://127.1/");
    "a redirect to this machine with a dot" => "private-address", |web| to(web, "http://localhost./");
    "a redirect to this machine in wide letters" => "private-address", |web| to(web, "http://\u{ff4c}ocalhost/");
    "a redirect to this machine through NAT64" => "private-address", |web| to(web, "http://[64:ff9b::7f00:1]/");
    "a redirect into a carrier's network" => "private-address", |web| to(web, "http://100.64.0.1/");
    "a redirect to everybody" => "private-address", |web| to(web, "http://224.0.0.1/");
}
