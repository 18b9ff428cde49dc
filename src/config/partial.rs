//! One file's settings, checked; two files laid over each other; and the whole.

use std::{ops::RangeInclusive, time::Duration};

use toml::Spanned;
use url::Url;

use super::{Config, ConfigError, DigestSettings, file::ConfigFile, source::sources, watch::watches};
use crate::model::{authority::Gazetteer, fetched::FetchSettings, keep::Lifetimes, quiet::Quiet, source::Source, watch::Watch};

const fn seconds(from: u64, to: u64) -> RangeInclusive<Duration> {
    Duration::from_secs(from)..=Duration::from_secs(to)
}

/// None is for local mirrors; more than an hour would never end a run.
const PER_HOST_DELAY: RangeInclusive<Duration> = seconds(0, 3_600);
const HOSTS_AT_ONCE: RangeInclusive<usize> = 1..=64;
const CONNECT_TIMEOUT: RangeInclusive<Duration> = seconds(1, 120);
const TIMEOUT: RangeInclusive<Duration> = seconds(1, 600);
const TRIES: RangeInclusive<usize> = 1..=10;
/// Large news pages have 3 MB; a parser needs many times a page's size in memory.
const MAX_PAGE: RangeInclusive<usize> = 64_000..=50_000_000;
/// The largest report seen has some 2 MB.
const MAX_REPORT: RangeInclusive<usize> = 1_000_000..=500_000_000;

/// What goes sooner could go before anybody looked at it.
const LIFETIME: RangeInclusive<Duration> = seconds(7 * 86_400, 36_500 * 86_400);
/// Less does not even hold the councils.
const SIZE: RangeInclusive<usize> = 1_000_000..=100_000_000_000_000;

/// How long something is kept; `None` is for ever.
type Lifetime = Option<Duration>;

/// What one file says, checked; `None` where it is silent.
#[derive(Default)]
pub(super) struct Partial {
    contact: Option<String>,
    page: Option<Url>,
    quiet: Option<Quiet>,
    per_host_delay: Option<Duration>,
    hosts_at_once: Option<usize>,
    connect_timeout: Option<Duration>,
    timeout: Option<Duration>,
    tries: Option<usize>,
    max_page: Option<usize>,
    max_report: Option<usize>,
    allow_private: Option<bool>,
    unrelated_pages: Option<Lifetime>,
    unrelated_texts: Option<Lifetime>,
    pages: Option<Lifetime>,
    items: Option<Lifetime>,
    size: Option<usize>,
    digest_title: Option<String>,
    digest_link: Option<Url>,
    sources: Option<Vec<Source>>,
    watches: Option<Vec<Watch>>,
}

impl Partial {
    pub fn read(name: &str, text: &str, gazetteer: &Gazetteer) -> Result<Self, ConfigError> {
        let file = ConfigFile { name, text };
        let typed = file.parse()?;
        let fetch = &typed.fetch;
        let duration =
            |key, typed: &Option<Spanned<String>>, bounds| typed.as_ref().map(|typed| file.duration(key, typed, bounds)).transpose();
        let size = |key, typed: &Option<Spanned<String>>, bounds| typed.as_ref().map(|typed| file.size(key, typed, bounds)).transpose();
        let lifetime = |key, typed: &Option<Spanned<String>>| typed.as_ref().map(|typed| file.lifetime(key, typed, LIFETIME)).transpose();
        let count = |key, typed: &Option<Spanned<i64>>, bounds| typed.as_ref().map(|typed| file.count(key, typed, bounds)).transpose();
        Ok(Self {
            contact: typed.contact.as_ref().map(|contact| self::contact(&file, contact)).transpose()?,
            page: fetch.page.as_ref().map(|page| file.url("page", page)).transpose()?,
            quiet: fetch.quiet.as_ref().map(|quiet| file.quiet("quiet", quiet)).transpose()?,
            per_host_delay: duration("per_host_delay", &fetch.per_host_delay, PER_HOST_DELAY)?,
            hosts_at_once: count("hosts_at_once", &fetch.hosts_at_once, HOSTS_AT_ONCE)?,
            connect_timeout: duration("connect_timeout", &fetch.connect_timeout, CONNECT_TIMEOUT)?,
            timeout: duration("timeout", &fetch.timeout, TIMEOUT)?,
            tries: count("tries", &fetch.tries, TRIES)?,
            max_page: size("max_page", &fetch.max_page, MAX_PAGE)?,
            max_report: size("max_report", &fetch.max_report, MAX_REPORT)?,
            allow_private: fetch.allow_private,
            unrelated_pages: lifetime("unrelated_pages", &typed.keep.unrelated_pages)?,
            unrelated_texts: lifetime("unrelated_texts", &typed.keep.unrelated_texts)?,
            pages: lifetime("pages", &typed.keep.pages)?,
            items: lifetime("items", &typed.keep.items)?,
            size: size("size", &typed.keep.size, SIZE)?,
            digest_title: typed.digest.title.as_ref().map(|title| file.line("title", title)).transpose()?,
            digest_link: typed.digest.link.as_ref().map(|link| file.url("link", link)).transpose()?,
            sources: typed.source.as_deref().map(|typed| sources(&file, typed, gazetteer)).transpose()?,
            watches: typed.watch.as_deref().map(|typed| watches(&file, typed, gazetteer)).transpose()?,
        })
    }

    /// `over` where it speaks, `self` where it is silent.
    pub fn overlaid(self, over: Self) -> Self {
        Self {
            contact: over.contact.or(self.contact),
            page: over.page.or(self.page),
            quiet: over.quiet.or(self.quiet),
            per_host_delay: over.per_host_delay.or(self.per_host_delay),
            hosts_at_once: over.hosts_at_once.or(self.hosts_at_once),
            connect_timeout: over.connect_timeout.or(self.connect_timeout),
            timeout: over.timeout.or(self.timeout),
            tries: over.tries.or(self.tries),
            max_page: over.max_page.or(self.max_page),
            max_report: over.max_report.or(self.max_report),
            allow_private: over.allow_private.or(self.allow_private),
            unrelated_pages: over.unrelated_pages.or(self.unrelated_pages),
            unrelated_texts: over.unrelated_texts.or(self.unrelated_texts),
            pages: over.pages.or(self.pages),
            items: over.items.or(self.items),
            size: over.size.or(self.size),
            digest_title: over.digest_title.or(self.digest_title),
            digest_link: over.digest_link.or(self.digest_link),
            sources: over.sources.or(self.sources),
            watches: over.watches.or(self.watches),
        }
    }

    /// The configuration, if no setting is missing.
    pub fn complete(self) -> Option<Config> {
        Some(Config {
            fetch: FetchSettings {
                user_agent: user_agent(self.contact.as_deref(), self.page.as_ref()),
                per_host_delay: self.per_host_delay?,
                hosts_at_once: self.hosts_at_once?,
                connect_timeout: self.connect_timeout?,
                timeout: self.timeout?,
                tries: self.tries?,
                max_page: self.max_page?,
                max_report: self.max_report?,
                allow_private: self.allow_private?,
            },
            contact: self.contact,
            quiet: self.quiet,
            keep: Lifetimes {
                unrelated_pages: self.unrelated_pages?,
                unrelated_texts: self.unrelated_texts?,
                pages: self.pages?,
                items: self.items?,
                size: self.size.map(|size| size as u64),
            },
            digest: DigestSettings { title: self.digest_title?, link: self.digest_link },
            sources: self.sources?,
            watches: self.watches.unwrap_or_default(),
        })
    }
}

/// An e-mail address or a web address: printable ASCII that may stand in a User-Agent comment (RFC 9110, 5.6.5).
fn contact(file: &ConfigFile, typed: &Spanned<String>) -> Result<String, ConfigError> {
    let text = file.line("contact", typed)?;
    let allowed = text.chars().all(|char| char.is_ascii_graphic() && !matches!(char, '(' | ')' | '\\' | '"' | ';'));
    let reachable = text.starts_with("https://")
        || text.starts_with("http://")
        || text.split_once('@').is_some_and(|(who, at)| !who.is_empty() && at.contains('.'));
    if allowed && reachable {
        return Ok(text);
    }
    Err(file
        .fault(typed.span(), "`contact`: expected an e-mail address or a web address, in plain letters without spaces")
        .hint("for example: contact = \"name@council.example\""))
}

/// `tieback/VERSION (+https://…; contact)`, with the parts that are known.
fn user_agent(contact: Option<&str>, page: Option<&Url>) -> String {
    let home = page.map(Url::as_str).or(Some(env!("CARGO_PKG_HOMEPAGE")).filter(|home| !home.is_empty())).map(|home| format!("+{home}"));
    let parts: Vec<String> = home.into_iter().chain(contact.map(str::to_owned)).collect();
    let name = concat!("tieback/", env!("CARGO_PKG_VERSION"));
    if parts.is_empty() { name.to_owned() } else { format!("{name} ({})", parts.join("; ")) }
}
