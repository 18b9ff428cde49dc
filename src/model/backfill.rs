//! Older stories: the lists in which a site keeps its past, chapter by chapter.

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
}

impl ChapterKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Posts => "posts",
            Self::Sitemap => "sitemap",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::Posts, Self::Sitemap].into_iter().find(|kind| kind.as_str() == name)
    }
}
