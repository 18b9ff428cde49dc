//! What comes from the web steers neither the program nor the terminal.

use std::fmt::Write;

use crate::{
    made::*,
    program::{NOW, Program, Ran},
    server::Reply,
    web::Web,
    world::*,
};

const DAY: &str = "Mon, 04 Mar 2024 09:30:00 GMT";

/// Characters that steer a terminal or turn text around.
fn steers(char: char) -> bool {
    (char.is_control() && char != '\n')
        || matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[track_caller]
fn assert_tame(ran: &Ran) {
    for text in [&ran.out, &ran.err] {
        // The rows of CSV end so (RFC 4180).
        let text = text.replace("\r\n", "\n");
        assert!(!text.chars().any(steers), "{text:?}");
    }
}

fn source(name: &str, url: &str) -> String {
    format!("[[source]]\nname = \"{name}\"\nkind = \"feed\"\nurl = \"{url}\"\n")
}

#[test]
fn redirects_to_private_addresses_are_not_followed() {
    let web = Web::new();
    let mut sources = String::new();
    for (n, to) in ["http://10.0.0.1/feed", "http://169.254.169.254/latest/meta-data/", "http://localhost:8080/", "http://[::1]:8000/"]
        .iter()
        .enumerate()
    {
        web.reply(&format!("http://hop{n}.example/feed"), Reply::redirect(302, to));
        let _ = write!(sources, "{}", source(&format!("Hop {n}"), &format!("http://hop{n}.example/feed")));
    }
    web.reply("http://hop9.example/feed", Reply::redirect(301, "file:///etc/passwd"));
    sources += &source("Hop 9", "http://hop9.example/feed");
    // An article behind a redirect is no way in, either.
    web.feed(FEED, feed(&[("http://herald.example/a", RUTLAND_STORY, "", DAY)]));
    web.reply("http://herald.example/a", Reply::redirect(302, "http://192.168.1.1/admin"));
    sources += &source("Herald", FEED);
    let program = Program::new(&web, &sources);
    let ran = program.run_all(NOW, 4);
    for n in 0..4 {
        assert_eq!(program.source(&format!("Hop {n}")).0.as_deref(), Some("private-address"));
    }
    assert_eq!(program.source("Hop 9").0.as_deref(), Some("bad-address"));
    assert!(ran.err.contains("1 page given up"), "{}", ran.err);
    assert_eq!(program.source("Herald").0, None);
    assert!(web.log().iter().all(|request| request.target.contains(".example/")), "{:#?}", web.log());
    assert_tame(&ran);
}

#[test]
fn links_that_are_not_of_the_web_are_not_followed() {
    let web = Web::new();
    let items =
        ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "http://user:word@herald.example/x", "ftp://herald.example/x"]
            .map(|url| (url, RUTLAND_STORY, "", DAY));
    web.feed(FEED, feed(&items));
    let program = Program::new(&web, &source("Herald", FEED));
    let ran = program.run_all(NOW, 0);
    assert_eq!(web.targets_since(0), [FEED]);
    assert!(program.export("stories").lines().all(|line| !line.contains("javascript:") && !line.contains("word@")));
    assert_tame(&ran);
}

#[test]
fn titles_cannot_steer_the_terminal() {
    let web = Web::new();
    let evil = "Rutland \\u001b]0;owned\\u0007\\u001b[31mchildren’s services\\u009b2J rated good \\u202eoffsted\\u2066 by Ofsted\\r\\n";
    let feed = format!(
        "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"{evil}\",\"items\":[{{\"id\":\"1\",\"url\":\"http://herald.example/a\",\"title\":\"{evil}\",\"summary\":\"{evil}\",\"authors\":[{{\"name\":\"{evil}\"}}],\"date_published\":\"2024-03-04T09:30:00Z\"}}]}}"
    );
    web.put(FEED, "application/feed+json", feed);
    let raw = "Rutland \u{1b}]0;owned\u{7}\u{1b}[31mchildren’s services\u{9b}2J rated good \u{202e}offsted\u{2066} by Ofsted";
    web.html("http://herald.example/a", article(raw, &[raw, &coverage(&RUTLAND_2024).join(" "), raw]));
    web.reply("http://bad.example/feed", Reply::page("text/\u{1b}[31mhtml", format!("<html><title>{raw}</title><p>{raw}</p></html>")));
    web.reply("http://away.example/feed", Reply::redirect(302, "http://x\u{1b}[31m.example/\u{202e}"));
    let sources = source("Herald", FEED) + &source("Bad", "http://bad.example/feed") + &source("Away", "http://away.example/feed");
    let program = Program::new(&web, &sources);
    for args in [&["run", "--all"][..], &["run", "--all", "-vv"], &["export", "stories"], &["export", "stories", "--format", "csv"]] {
        let ran = program.call(NOW, args);
        assert!(matches!(ran.code, Some(0 | 4)), "{}", ran.err);
        assert!(!ran.out.is_empty() || !ran.err.is_empty());
        assert_tame(&ran);
    }
    assert_eq!(program.stories().len(), 1);
}

#[test]
fn markup_in_titles_is_text_and_no_markup() {
    let web = Web::new();
    let url = "http://herald.example/a";
    web.feed(
        FEED,
        feed(&[(url, "Rutland &amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt; children’s services rated good by Ofsted", "", DAY)]),
    );
    web.html(url, coverage_page("Rutland &lt;b&gt;children’s services&lt;/b&gt; rated good by Ofsted", &RUTLAND_2024));
    let program = Program::new(&web, &source("Herald", FEED));
    program.run_all(NOW, 0);
    assert_eq!(program.stories().len(), 1);
}
