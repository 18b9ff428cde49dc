//! Deduplicating: canonical addresses, fingerprints of texts, the rule of the same piece, and which piece keeps its id. Pure.

pub mod address;
pub mod figures;
pub mod fingerprint;
pub mod headline;
pub mod heir;
pub mod item;
pub mod page;
pub mod piece;
pub mod section;
