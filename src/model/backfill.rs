//! Older stories: the lists in which a site keeps its past, chapter by chapter.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

/// One list of the past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    pub url: Url,
    pub kind: ChapterKind,
    /// Older stories are not asked for.
    pub since: Timestamp,
}

/// How a chapter is read; stored by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChapterKind {
    /// A page of WordPress posts.
    Posts,
    /// A sitemap, or an index of sitemaps.
    Sitemap,
    /// A page of links to stories, which leads to the next, older one.
    Archive,
}

impl ChapterKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Posts => "posts",
            Self::Sitemap => "sitemap",
            Self::Archive => "archive",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::Posts, Self::Sitemap, Self::Archive].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// How far the past of a source has come, as far as it is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Past {
    /// Lists that were read.
    pub read: u32,
    /// Lists to be read.
    pub lists: u32,
    /// Pages to be fetched.
    pub pages: u32,
}

impl Past {
    /// How long what is known to be left takes with this pause between two requests.
    pub fn takes(&self, pause: Duration) -> Duration {
        pause.saturating_mul(self.lists.saturating_add(self.pages))
    }
}
