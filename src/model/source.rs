//! A source: something to fetch on a schedule, as the configuration means it.

use std::time::Duration;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use url::Url;

/// Under what a page is stored that a person added and whose outlet no source has.
pub const BY_HAND: &str = "added by hand";

/// How a source is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// RSS, Atom, RDF or JSON Feed.
    Feed,
    /// Ofsted's search list, its provider pages and report files.
    Ofsted,
    /// A web page whose links, chosen by a selector, lead to stories.
    Page,
    /// A sitemap or a news sitemap.
    Sitemap,
    /// The REST interface of a WordPress site (`/wp-json/wp/v2/posts`).
    Wordpress,
    /// GOV.UK's search API (`/api/search.json`).
    Govuk,
}

impl SourceKind {
    /// The word used in the configuration and the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Ofsted => "ofsted",
            Self::Page => "page",
            Self::Sitemap => "sitemap",
            Self::Wordpress => "wordpress",
            Self::Govuk => "govuk",
        }
    }
}

/// A second way to a source, tried when the first answers "gone", "forbidden" or something unreadable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fallback {
    pub kind: SourceKind,
    pub url: Url,
    /// For [`SourceKind::Page`]: the CSS selector of the links to follow.
    pub links: Option<String>,
}

/// One source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Unique; also the key under which its state is stored.
    pub name: String,
    pub kind: SourceKind,
    pub url: Url,
    /// Who publishes its stories; the name where the configuration says nothing else.
    pub outlet: String,
    /// The least time between two fetches.
    pub every: Duration,
    /// False for sources that are shipped but switched off.
    pub on: bool,
    /// Why it is switched off, or what to know about it.
    pub note: Option<String>,
    /// For [`SourceKind::Page`]: the CSS selector of the links to follow.
    pub links: Option<String>,
    pub fallbacks: Vec<Fallback>,
    /// For [`SourceKind::Ofsted`]: fetch report files published from this day on.
    pub since: Option<Date>,
    /// Authorities that the outlet mainly covers: a hint for tying, never a filter.
    pub area: Vec<String>,
}
