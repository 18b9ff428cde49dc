//! The original of a story: its page as it was received.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::page::FeedItem;

/// A page as it was received, and what has to be known to read it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// When it was received.
    pub at: Timestamp,
    /// The address asked for.
    pub url: Url,
    /// The address that answered, after redirects.
    pub answered: Url,
    /// What it answered with; none for a saved page that a person added.
    pub status: Option<u16>,
    /// Those fields of the header that matter, in the order of the answer.
    pub headers: Vec<(String, String)>,
    /// What its list said of it.
    pub item: ItemSaid,
    /// Without codings of the transfer.
    pub body: Vec<u8>,
}

impl Original {
    /// A field of the header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// What a list says of a story beside its address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemSaid {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Timestamp>,
}

impl From<&FeedItem> for ItemSaid {
    fn from(item: &FeedItem) -> Self {
        let FeedItem { title, summary, author, published, .. } = item.clone();
        Self { title, summary, author, published }
    }
}
