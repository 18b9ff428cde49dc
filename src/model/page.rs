//! What reading a fetched page yields: feed items, links, publications, an article.

use std::fmt;
use std::time::Duration;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use url::Url;

use super::fetched::Skips;

/// A feed, or any list of stories, as read.
#[derive(Debug, Clone, Default)]
pub struct FeedReading {
    pub title: Option<String>,
    pub items: Vec<FeedItem>,
    /// The least time the feed asks readers to wait (ttl, sy:update…).
    pub ttl: Option<Duration>,
    /// When the feed asks not to be asked for (skipHours, skipDays).
    pub skips: Skips,
    /// What could not be read for sure, one line each.
    pub doubts: Vec<String>,
    /// What was left out, and what may be missing.
    pub losses: Vec<Loss>,
}

impl FeedReading {
    /// True where no item is missing that could be had.
    pub fn is_complete(&self) -> bool {
        is_complete(&self.losses)
    }
}

/// True where nothing is missing that could be had. The validators of anything else are not to be kept: "not modified" would
/// hide what is missing for ever.
pub fn is_complete(losses: &[Loss]) -> bool {
    !losses.iter().any(Loss::hides_items)
}

/// What a reading of a list had to do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// The body ended before its end tag.
    Cut,
    /// Items in which nothing could be read.
    Unreadable(usize),
    /// Items beyond the limit of one list.
    OverLimit(usize),
    /// Items that name no address that can be fetched: known, and the same at every reading.
    WithoutAddress(usize),
    /// Rows that lead to another host than the list's: never followed, and the same at every reading.
    Foreign(usize),
    /// None of what such a page lists was found on it: a new layout, or a shell without content.
    NoList,
}

impl Loss {
    /// True where something may be missing that another reading could bring.
    pub fn hides_items(&self) -> bool {
        matches!(self, Self::Cut | Self::Unreadable(_) | Self::OverLimit(_) | Self::NoList)
    }
}

impl Loss {
    /// What it is where the markup is broken: an address that is missing may stand in what could not be read.
    pub fn in_broken_markup(self) -> Self {
        match self {
            Self::WithoutAddress(n) => Self::Unreadable(n),
            other => other,
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let items = |n: usize| if n == 1 { "1 item".to_owned() } else { format!("{n} items") };
        match self {
            Self::Cut => f.write_str("it is cut off: what stood behind the last whole item is missing"),
            Self::Unreadable(n) => write!(f, "{} could not be read", items(*n)),
            Self::OverLimit(n) => write!(f, "{} beyond the limit of one list left out", items(*n)),
            Self::WithoutAddress(n) => write!(f, "{} without an address that can be fetched left out", items(*n)),
            Self::Foreign(n) => write!(f, "{} that lead{} to another host left out", items(*n), if *n == 1 { "s" } else { "" }),
            Self::NoList => f.write_str("nothing of what it should list was found on it"),
        }
    }
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
    /// How many results the page says the whole search has.
    pub stated: Option<usize>,
    /// [`Loss::NoList`] where it has no row and does not say that there is none.
    pub losses: Vec<Loss>,
}

/// One provider page.
#[derive(Debug, Clone, Default)]
pub struct ProviderPage {
    pub name: Option<String>,
    pub urn: Option<String>,
    /// False where the page has no timeline: a moved layout or a shell without content.
    pub has_timeline: bool,
    /// Empty with a timeline: a page that says there is nothing, which is not to be believed where there was something.
    pub publications: Vec<Publication>,
    pub losses: Vec<Loss>,
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
    /// The page's own description, often the standfirst.
    pub description: Option<String>,
    pub blocks: Vec<Block>,
    pub links: Vec<Link>,
    /// True where a register or pay wall cuts the text.
    pub walled: bool,
    /// What could not be read for sure, one line each.
    pub doubts: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_is_complete_where_nothing_can_come_back() {
        for (loss, complete) in [
            (Loss::Cut, false),
            (Loss::Unreadable(1), false),
            (Loss::OverLimit(1), false),
            (Loss::NoList, false),
            (Loss::WithoutAddress(2), true),
            (Loss::Foreign(1), true),
        ] {
            assert_eq!(FeedReading { losses: vec![loss], ..FeedReading::default() }.is_complete(), complete, "{loss}");
        }
        assert_eq!(Loss::WithoutAddress(1).to_string(), "1 item without an address that can be fetched left out");
    }
}
