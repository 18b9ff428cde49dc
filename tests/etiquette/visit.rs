//! A visit: a made-up web, the program, and hours that pass.

use std::ops::Deref;

use jiff::{SignedDuration, Timestamp};

use crate::{
    made::feed,
    program::{NOW, Program, Ran},
    server::Reply,
    web::Web,
};

pub const FEED: &str = "http://herald.example/feed";
pub const OTHER: &str = "http://herald.example/other";
pub const PAGE: &str = "http://herald.example/news/rutland";
pub const TITLE: &str = "Rutland children’s services rated good by Ofsted";
pub const DAY: &str = "Mon, 04 Mar 2024 09:30:00 GMT";
pub const TAG: &str = "\"v1\"";

/// A web and who visits it.
pub struct Visit {
    pub web: Web,
    pub program: Program,
}

impl Deref for Visit {
    type Target = Web;

    fn deref(&self) -> &Web {
        &self.web
    }
}

/// One feed, called Herald.
pub fn herald() -> Visit {
    of(&source("Herald", "feed", FEED))
}

pub fn of(sources: &str) -> Visit {
    let web = Web::new();
    let program = Program::new(&web, sources);
    Visit { web, program }
}

pub fn source(name: &str, kind: &str, url: &str) -> String {
    format!("[[source]]\nname = \"{name}\"\nkind = \"{kind}\"\nurl = \"{url}\"\n")
}

/// The moment so many minutes after the first run.
pub fn at(minutes: i64) -> String {
    let start: Timestamp = NOW.parse().unwrap();
    start.checked_add(SignedDuration::from_mins(minutes)).unwrap().to_string()
}

/// The same in a header.
pub fn date(minutes: i64) -> String {
    at(minutes).parse::<Timestamp>().unwrap().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// A feed without items that a feed reader can have.
pub fn empty() -> String {
    feed(&[])
}

/// A feed whose only item is our subject.
pub fn one_item() -> String {
    feed(&[(PAGE, TITLE, "", DAY)])
}

/// A feed with some more in its head.
pub fn with_head(head: &str) -> String {
    empty().replace("<description>", &format!("{head}<description>"))
}

/// Feed and tag, or "not modified" without a word more to who has the tag.
pub fn tagged(body: String, header: Option<(&'static str, String)>) -> impl Fn(&crate::server::Received) -> Reply + Send + Sync {
    move |request| {
        if request.header("if-none-match") == Some(TAG) {
            return Reply::status(304);
        }
        let reply = Reply::page("application/rss+xml", &body).header("ETag", TAG);
        match &header {
            Some((name, value)) => reply.header(name, value),
            None => reply,
        }
    }
}

pub fn busy(status: u16, wait: &str) -> Reply {
    Reply::status(status).header("Retry-After", wait).header("Content-Length", "0")
}

impl Visit {
    /// What is due so many minutes after the first run.
    pub fn run(&self, minutes: i64) -> Ran {
        self.call(minutes, &["run"])
    }

    /// All sources, due or not.
    pub fn all(&self, minutes: i64) -> Ran {
        self.call(minutes, &["run", "--all"])
    }

    pub fn call(&self, minutes: i64, args: &[&str]) -> Ran {
        self.program.call(&at(minutes), args)
    }

    /// In how many of the runs at these minutes the address was asked for.
    pub fn asked_in(&self, url: &str, minutes: impl IntoIterator<Item = i64>) -> Vec<i64> {
        let mut asked = Vec::new();
        for minute in minutes {
            let before = self.times(url);
            self.call(minute, &["run", "-q"]);
            if self.times(url) > before {
                asked.push(minute);
            }
        }
        asked
    }

    /// The headers with which an address was asked for, by name.
    pub fn sent(&self, url: &str, name: &str) -> Vec<Option<String>> {
        self.log().iter().filter(|request| request.target == url).map(|request| request.header(name).map(str::to_owned)).collect()
    }
}
