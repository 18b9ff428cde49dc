//! A story: one article, by its canonical address.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::page::{Block, DateSource, Link};

/// The id of a story: `s-` and a hash of its canonical address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StoryId(pub String);

impl std::fmt::Display for StoryId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A story as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    pub id: StoryId,
    /// Where to read it.
    pub url: String,
    pub outlet: String,
    pub title: String,
    pub author: Option<String>,
    pub published: Option<Timestamp>,
    pub published_from: Option<DateSource>,
    pub first_seen: Timestamp,
    /// When its text was last seen to differ.
    pub changed: Option<Timestamp>,
    /// The feed's summary or the page's description.
    pub summary: String,
    pub blocks: Vec<Block>,
    pub links: Vec<Link>,
    pub walled: bool,
    /// Authorities that the outlet mainly covers, a hint.
    pub area: Vec<String>,
}

impl Story {
    /// The whole text.
    pub fn text(&self) -> String {
        let blocks: Vec<&str> = self.blocks.iter().map(|block| block.text.as_str()).collect();
        blocks.join(" ")
    }

    /// Number of words in the text.
    pub fn words(&self) -> usize {
        self.blocks.iter().map(|block| block.text.split_whitespace().count()).sum()
    }
}
