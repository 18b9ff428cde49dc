//! What reading a fetched page yields: feed items, links, publications, an article.

use std::time::Duration;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use url::Url;

/// A feed, or any list of stories, as read.
#[derive(Debug, Clone, Default)]
pub struct FeedReading {
    pub title: Option<String>,
    pub items: Vec<FeedItem>,
    /// The least time the feed asks readers to wait (ttl, sy:update…).
    pub ttl: Option<Duration>,
    /// What could not be read for sure, one line each.
    pub doubts: Vec<String>,
}

/// One item of a feed or list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedItem {
    /// By rule: the guid, else the address, else a hash of title and date. Never random.
    pub key: String,
    pub url: Option<Url>,
    /// Plain text, entities decoded, control characters gone.
    pub title: String,
    /// Plain text of the summary or the content.
    pub summary: String,
    pub author: Option<String>,
    pub published: Option<Timestamp>,
}

/// One row of Ofsted's search list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderRow {
    pub urn: String,
    pub url: Url,
    pub name: String,
    /// "Latest report", as listed.
    pub latest: Option<Date>,
}

/// One page of Ofsted's search list.
#[derive(Debug, Clone, Default)]
pub struct SearchPage {
    pub rows: Vec<ProviderRow>,
    pub next: Option<Url>,
}

/// One provider page.
#[derive(Debug, Clone, Default)]
pub struct ProviderPage {
    pub name: Option<String>,
    pub urn: Option<String>,
    /// False where the page has no timeline: a moved layout or a shell without content.
    pub has_timeline: bool,
    pub publications: Vec<Publication>,
}

/// One publication on a provider page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The address of the file, canonical.
    pub url: Url,
    /// As shown, without the date: "Children's services inspection".
    pub label: String,
    pub published: Option<Date>,
    /// The date of the event: the (first) day of the inspection.
    pub event: Option<Date>,
}

/// Where a story's date was found, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateSource {
    Feed,
    JsonLd,
    Meta,
    TimeElement,
    /// "15 September 2019" beside the title or byline.
    Printed,
    /// In the address, as in `/2019/09/15/`.
    Address,
}

impl DateSource {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::JsonLd => "json-ld",
            Self::Meta => "meta",
            Self::TimeElement => "time-element",
            Self::Printed => "printed",
            Self::Address => "address",
        }
    }
}

/// What a block of an article is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlockKind {
    Heading,
    Paragraph,
    Item,
    /// A block quotation, set apart without marks.
    Quote,
}

/// One block of an article's text, without markup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    pub kind: BlockKind,
    pub text: String,
}

/// A link in the text of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub href: String,
    pub text: String,
}

/// An article page as read.
#[derive(Debug, Clone, Default)]
pub struct ArticleReading {
    pub title: Option<String>,
    pub author: Option<String>,
    pub published: Option<(Timestamp, DateSource)>,
    /// The address that the page calls its own, if it is on the same site.
    pub canonical: Option<Url>,
    pub site: Option<String>,
    /// The page's own description, often the standfirst.
    pub description: Option<String>,
    pub blocks: Vec<Block>,
    pub links: Vec<Link>,
    /// True where a register or pay wall cuts the text.
    pub walled: bool,
    /// What could not be read for sure, one line each.
    pub doubts: Vec<String>,
}
