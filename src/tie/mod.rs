//! Tying: a story and the reports it may be about become ties with evidence. Pure.
//!
//! A story is read once ([`prepared::Prepared`]): its authorities, quotations, grades and times, and from these the
//! inspections it speaks of ([`event`]): which are its news, which it recalls.
//! Each candidate report is then held against it ([`features`]), the findings become probabilities ([`score`]), and
//! [`judge::Judge`] decides: ties with their states, what the story waits for, whose words its quotations are.

pub mod actors;
pub mod event;
pub mod evidence;
pub mod features;
pub mod figures;
pub mod fold;
pub mod grades;
pub mod judge;
pub mod likeness;
pub mod locate;
#[cfg(test)]
mod made_up;
pub mod names;
mod passing;
pub mod prepared;
pub mod quotes;
pub mod relevance;
pub mod score;
pub mod shingles;
pub mod subject;
pub mod text;
pub mod when;
