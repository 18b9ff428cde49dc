//! Answers: connections that break, headers that lie, statuses and redirects.

use std::time::Duration;

use crate::{BAD, Behaviour, server::Reply, web::Web};

macro_rules! behaviours {
    ($($name:literal => $comes_to:literal, $set:expr;)*) => {
        pub const ALL: &[Behaviour] = &[$(Behaviour { name: $name, comes_to: $comes_to, set: $set }),*];
    };
}
pub(crate) use behaviours;

fn raw(web: &Web, bytes: &[u8]) {
    web.reply(BAD, Reply::raw(bytes));
}

fn status(web: &Web, status: u16) {
    web.reply(BAD, Reply::status(status).header("Content-Length", "0"));
}

fn to(web: &Web, location: &str) {
    web.reply(BAD, Reply::redirect(302, location));
}

behaviours! {
    "a connection that closes without a word" => "connect", |web| raw(web, b"");
    "a connection that stays silent" => "timeout", |web| web.reply(BAD, Reply::raw(b"").wait(Duration::from_secs(5)));
    "an answer that is no HTTP" => "connect", |web| raw(web, b"SSH-2.0-OpenSSH_9.6\r\n\r\n");
    "a status line of nonsense" => "connect", |web| raw(web, b"HTTP/1.1 abc def\r\n\r\n");
    "a status of 000" => "connect", |web| raw(web, b"HTTP/1.1 000 Nothing\r\n\r\n");
    "a status of 999" => "unreadable", |web| status(web, 999);
    "a header that never ends" => "connect", |web| web.reply(BAD, Reply::raw(b"HTTP/1.1 200 OK\r\n").forever(b"X-A: b\r\n", Duration::ZERO));
    "a header that drips" => "timeout", |web| web.reply(BAD, Reply::raw(b"HTTP/1.1 200 OK\r\nX: ").forever(b"y", Duration::from_millis(50)));
    "a thousand cookies" => "connect", |web| {
        let cookies: String = (0..1_000).map(|n| format!("Set-Cookie: a{n}=b\r\n")).collect();
        raw(web, format!("HTTP/1.1 200 OK\r\n{cookies}\r\n").as_bytes());
    };
    "a header line without a colon" => "connect", |web| raw(web, b"HTTP/1.1 200 OK\r\nnonsense\r\n\r\n");
    "a negative length" => "connect", |web| raw(web, b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello");
    "two lengths that differ" => "connect", |web| raw(web, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!");
    "chunks that are none" => "connect", |web| raw(web, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n");
    "a chunk of all the memory there is" => "connect", |web| raw(web, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhello\r\n");
    "chunks that never end" => "timeout", |web| web.reply(BAD, Reply::raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").forever(b"1\r\n \r\n", Duration::from_millis(50)));
    "an ETag of 50,000 letters" => "well", |web| {
        web.reply(BAD, Reply::page("application/rss+xml", crate::one_item()).header("ETag", &"e".repeat(50_000)));
    };
    "a content type that steers a terminal" => "connect", |web| web.reply(BAD, Reply::page("text/\u{1b}[31mhtml", "<html><p>x"));
    "204" => "unreadable", |web| web.reply(BAD, Reply::status(204));
    "300" => "unreadable", |web| status(web, 300);
    "304 to a question without conditions" => "unreadable", |web| web.reply(BAD, Reply::status(304));
    "400" => "client-error", |web| status(web, 400);
    "401" => "forbidden", |web| status(web, 401);
    "402" => "forbidden", |web| status(web, 402);
    "403" => "forbidden", |web| status(web, 403);
    "404" => "not-found", |web| status(web, 404);
    "410" => "gone", |web| status(web, 410);
    "413 that says when to come back" => "client-error", |web| web.reply(BAD, Reply::status(413).header("Retry-After", "600").header("Content-Length", "0"));
    "418" => "client-error", |web| status(web, 418);
    "429" => "too-many", |web| status(web, 429);
    "451" => "forbidden", |web| status(web, 451);
    "500" => "server-error", |web| status(web, 500);
    "503 with a Retry-After of nonsense" => "server-error", |web| web.reply(BAD, Reply::status(503).header("Retry-After", "soon, \u{fffd}").header("Content-Length", "0"));
    "503 with a Retry-After of ages" => "server-error", |web| web.reply(BAD, Reply::status(503).header("Retry-After", "999999999999999999999999").header("Content-Length", "0"));
    "a redirect to itself" => "redirects", |web| to(web, BAD);
    "redirects in a circle of two" => "redirects", |web| {
        to(web, "http://bad.example/b");
        web.reply("http://bad.example/b", Reply::redirect(302, BAD));
    };
    "redirects without end" => "redirects", |web| {
        to(web, "http://bad.example/0");
        for n in 0..20 {
            web.reply(&format!("http://bad.example/{n}"), Reply::redirect(301, &format!("http://bad.example/{}", n + 1)));
        }
    };
    "a redirect to nowhere" => "redirects", |web| to(web, "");
    "a redirect into a file" => "bad-address", |web| to(web, "file:///etc/passwd");
    "a redirect into a script" => "bad-address", |web| to(web, "javascript:alert(1)");
    "a redirect to a private network" => "private-address", |web| to(web, "http://192.168.0.1/feed");
    "a redirect to this machine by name" => "private-address", |web| to(web, "http://localhost/feed");
    "a redirect to this machine by number" => "private-address", |web| to(web, "http://2130706433/");
    "a redirect to this machine in octal" => "private-address", |web| to(web, "http://0177.0.0.1/");
    "a redirect to this machine in IPv6" => "private-address", |web| to(web, "http://[::ffff:127.0.0.1]/");
    "a redirect to a cloud's metadata" => "private-address", |web| to(web, "http://169.254.169.254/latest/meta-data/");
    "a redirect with a password" => "bad-address", |web| to(web, "http://anna:geheim@good.example/feed");
    "a redirect to another service's port" => "bad-address", |web| to(web, "http://good.example:25/feed");
    "a redirect with a backslash" => "bad-address", |web| to(web, "http://good.example\\@127.0.0.1/");
    "a redirect of 20,000 letters" => "bad-address", |web| to(web, &format!("http://good.example/{}", "a".repeat(20_000)));
}
