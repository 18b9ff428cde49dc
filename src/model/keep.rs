//! How long what was received is kept.

use std::time::Duration;

/// How long what nobody decided on is kept, by what it is; for ever where nothing is said.
///
/// Report files, what a person kept, discarded, noted or added, and what is tied, offered or waits, stay in any case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lifetimes {
    /// Pages of stories that are not about our subject, as received.
    pub unrelated_pages: Option<Duration>,
    /// Their texts.
    pub unrelated_texts: Option<Duration>,
    /// Pages of the other stories, as received.
    pub pages: Option<Duration>,
    /// Items that no list has any more.
    pub items: Option<Duration>,
    /// Bytes of the database beyond which the oldest goes first, whatever its age.
    pub size: Option<u64>,
}

/// What was let go of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LetGo {
    /// Pages as received.
    pub pages: u32,
    /// Stories whose texts are gone.
    pub texts: u32,
    /// Bytes that other things can be put into.
    pub bytes: u64,
}
