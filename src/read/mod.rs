//! Reading: from fetched bytes to feed items, articles, listings and reports. Pure: no I/O, no clock.

pub mod article;
pub mod charset;
pub mod contained;
pub mod feed;
mod json;
pub mod listing;
pub mod markup;
pub mod moment;
pub mod opml;
pub mod pdf;
pub mod report;
pub mod rules;
pub mod unreadable;
pub mod wall;
pub mod whose;

pub use unreadable::{Instead, Unreadable};
