//! Deduplicating: canonical addresses, fingerprints of texts, and clusters of copies. Pure.

pub mod address;
pub mod fingerprint;
pub mod item;
pub mod page;
