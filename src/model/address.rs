//! A canonical address: the key under which two addresses are one story.

use serde::{Deserialize, Serialize};

/// Host, path and query without scheme, brand prefixes, tracking and variants: `bournemouthecho.co.uk/news/15690215.slug`.
///
/// It is a key and not always an address that answers; a story keeps the real one beside it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Address(pub String);

impl Address {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
