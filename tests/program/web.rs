//! A made-up web behind a forward proxy: every address has its answer, which can be changed between runs, and validators
//! that follow from its body.
#![allow(dead_code, reason = "each test program uses a part")]

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::server::{Received, Reply, Server};

/// How an address answers.
#[derive(Clone)]
enum Entry {
    /// A body with an ETag; "not modified" to who has it.
    Page { kind: String, body: Vec<u8> },
    /// Always this.
    Reply(Reply),
    /// As the request deserves.
    Rule(Arc<dyn Fn(&Received) -> Reply + Send + Sync>),
}

#[derive(Default)]
struct Pages {
    entries: HashMap<String, Entry>,
    delay: Duration,
}

/// The web with its proxy. Hosts are invented; an address that was not put has no page.
pub struct Web {
    pages: Arc<Mutex<Pages>>,
    server: Server,
}

impl Web {
    pub fn new() -> Self {
        let pages = Arc::<Mutex<Pages>>::default();
        let shared = Arc::clone(&pages);
        Self { pages, server: Server::start(move |request| answer(request, &shared)) }
    }

    pub fn put(&self, url: &str, kind: &str, body: impl AsRef<[u8]>) {
        let entry = Entry::Page { kind: kind.to_owned(), body: body.as_ref().to_vec() };
        self.pages.lock().unwrap().entries.insert(url.to_owned(), entry);
    }

    pub fn html(&self, url: &str, body: impl AsRef<[u8]>) {
        self.put(url, "text/html; charset=utf-8", body);
    }

    pub fn feed(&self, url: &str, body: impl AsRef<[u8]>) {
        self.put(url, "application/rss+xml", body);
    }

    pub fn pdf(&self, url: &str, body: impl AsRef<[u8]>) {
        self.put(url, "application/pdf", body);
    }

    pub fn reply(&self, url: &str, reply: Reply) {
        self.pages.lock().unwrap().entries.insert(url.to_owned(), Entry::Reply(reply));
    }

    /// Answers by a rule.
    pub fn rule(&self, url: &str, rule: impl Fn(&Received) -> Reply + Send + Sync + 'static) {
        self.pages.lock().unwrap().entries.insert(url.to_owned(), Entry::Rule(Arc::new(rule)));
    }

    /// How often an address was asked for.
    pub fn times(&self, url: &str) -> usize {
        self.log().iter().filter(|request| request.target == url).count()
    }

    pub fn drop_page(&self, url: &str) {
        self.pages.lock().unwrap().entries.remove(url);
    }

    /// Every answer waits for so long.
    pub fn slow_down(&self, delay: Duration) {
        self.pages.lock().unwrap().delay = delay;
    }

    /// Where the proxy is.
    pub fn proxy(&self) -> String {
        self.server.url("").to_string()
    }

    /// Everything asked so far, without robots.txt.
    pub fn asked(&self) -> Vec<Received> {
        self.server.asked()
    }

    /// Everything asked so far.
    pub fn log(&self) -> Vec<Received> {
        self.server.log()
    }

    /// The addresses asked from the `n`th request on, without robots.txt, in order of the alphabet.
    pub fn targets_since(&self, n: usize) -> Vec<String> {
        let mut targets: Vec<String> = self.asked().into_iter().skip(n).map(|request| request.target).collect();
        targets.sort();
        targets
    }
}

/// True for a request that asks only for what has changed.
pub fn is_conditional(request: &Received) -> bool {
    request.header("if-none-match").is_some() || request.header("if-modified-since").is_some()
}

fn answer(request: &Received, pages: &Mutex<Pages>) -> Reply {
    let (entry, delay) = {
        let pages = pages.lock().unwrap();
        (pages.entries.get(&request.target).cloned(), pages.delay)
    };
    std::thread::sleep(delay);
    match entry {
        None => Reply::status(404).header("Content-Length", "0"),
        Some(Entry::Reply(reply)) => reply,
        Some(Entry::Rule(rule)) => rule(request),
        Some(Entry::Page { kind, body }) => {
            let tag = etag(&body);
            if request.header("if-none-match") == Some(&tag) {
                return Reply::status(304).header("ETag", &tag);
            }
            Reply::status(200)
                .header("Content-Type", &kind)
                .header("Content-Length", &body.len().to_string())
                .header("ETag", &tag)
                .send(&body)
        }
    }
}

fn etag(body: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}
