//! Verdicts: what the stages decide about a story, with the reason in words.

use serde::{Deserialize, Serialize};

use super::{
    evidence::Quotation,
    report::{Framework, Grade},
    tie::{Mention, Tie, TieState},
};

/// What kind of story it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StoryKind {
    /// About one report.
    Coverage,
    /// Months later: plans, commissioners, what changed.
    FollowUp,
    /// About several reports.
    RoundUp,
    /// Of an inspection whose report is still to come.
    Announcement,
    Other,
}

impl StoryKind {
    pub const ALL: [Self; 5] = [Self::Coverage, Self::FollowUp, Self::RoundUp, Self::Announcement, Self::Other];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Coverage => "coverage",
            Self::FollowUp => "follow-up",
            Self::RoundUp => "round-up",
            Self::Announcement => "announcement",
            Self::Other => "other",
        }
    }
}

/// Whether a story is about an inspection of children's services or its follow-up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Relevance {
    pub relevant: bool,
    /// The reason, in words for a reader.
    pub why: String,
}

/// How a story stands to the stored reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StoryState {
    Tied,
    Possible,
    Waiting,
    None,
}

impl StoryState {
    pub const ALL: [Self; 4] = [Self::Tied, Self::Possible, Self::Waiting, Self::None];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tied => "tied",
            Self::Possible => "possible",
            Self::Waiting => "waiting",
            Self::None => "none",
        }
    }

    /// The state that follows from the ties and from whether a report is waited for. What is possible may wait as well:
    /// then both are true, and the outputs show both.
    pub fn of(ties: impl Iterator<Item = TieState>, waiting: bool) -> Self {
        let mut state = if waiting { Self::Waiting } else { Self::None };
        for tie in ties {
            match tie {
                TieState::Auto | TieState::Confirmed => return Self::Tied,
                TieState::Possible => state = Self::Possible,
                TieState::Rejected => {}
            }
        }
        state
    }
}

/// The report that a story waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingFor {
    /// Canonical name.
    pub authority: String,
    pub framework: Framework,
    /// About when, as year and month: "2020-01".
    pub around: Option<String>,
}

/// A grade that a story says an authority has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedGrade {
    pub authority: String,
    pub grade: Grade,
    /// The sentence it stands in.
    pub text: String,
}

/// All that tying says of one story.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    pub relevance: Relevance,
    pub kind: StoryKind,
    /// Canonical names of the authorities the story is about, most prominent first.
    pub authorities: Vec<String>,
    pub stated_grades: Vec<StatedGrade>,
    pub quotations: Vec<Quotation>,
    pub ties: Vec<Tie>,
    pub mentions: Vec<Mention>,
    pub waiting_for: Option<WaitingFor>,
    pub state: StoryState,
}

/// What a person decided about a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Review {
    New,
    Kept,
    Discarded,
}

impl Review {
    pub const ALL: [Self; 3] = [Self::New, Self::Kept, Self::Discarded];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Kept => "kept",
            Self::Discarded => "discarded",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_follows_from_ties_and_waiting() {
        use TieState::{Auto, Confirmed, Possible, Rejected};
        for (ties, waiting, expected) in [
            (&[][..], false, StoryState::None),
            (&[], true, StoryState::Waiting),
            (&[Rejected], false, StoryState::None),
            (&[Rejected], true, StoryState::Waiting),
            (&[Possible], false, StoryState::Possible),
            (&[Possible, Rejected], true, StoryState::Possible),
            (&[Possible, Auto], true, StoryState::Tied),
            (&[Rejected, Confirmed], false, StoryState::Tied),
        ] {
            assert_eq!(StoryState::of(ties.iter().copied(), waiting), expected, "{ties:?}, waiting {waiting}");
        }
    }
}
