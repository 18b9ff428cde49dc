//! Inspection events: which inspections a story speaks of, whose, of what kind, when, with which grades, and which are its news.

mod announced;
mod cues;
mod grammar;
mod read;

pub use announced::{find as find_announced, terms};
pub use cues::{AT_WORK, Cue, EventFamily, find, stays, to_come};
pub use read::{ANNOUNCED, EventReading, is_told_as_last, is_visit, read};

use super::{grades::Said, subject::Subject, when::Named};

/// How a story stands to an inspection it speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventStanding {
    /// It is what the story is news of, or about.
    New,
    /// Under way or to come: its report does not exist yet.
    Announced,
    /// Recalled to say what came before.
    Previous,
    /// Hoped for, feared or denied.
    Hoped,
}

/// One inspection that a story speaks of.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Index into the gazetteer.
    pub authority: usize,
    /// None where the story leaves it open.
    pub kind: Option<Subject>,
    /// The times named for it.
    pub when: Vec<Named>,
    /// What the story says of its grades.
    pub grades: Vec<Said>,
    pub standing: EventStanding,
    /// The byte where it is first spoken of.
    pub at: usize,
}
