//! Tying: a story and the reports it may be about become ties with evidence. Pure.

pub mod actors;
pub mod features;
pub mod figures;
pub mod fold;
pub mod grades;
pub mod locate;
pub mod names;
pub mod prepared;
pub mod quotes;
pub mod relevance;
pub mod shingles;
pub mod subject;
pub mod text;
pub mod when;
