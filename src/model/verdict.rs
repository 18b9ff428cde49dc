//! Verdicts: what the stages decide about a story, with the reason in words.

use serde::{Deserialize, Serialize};

use super::{evidence::Quotation, report::Framework, report::Grade, tie::{Mention, Tie, TieState}};

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

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Whether a story is about an inspection of children's services or its follow-up.
#[derive(Debug, Clone, PartialEq, Eq)]
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

    /// Tied where a tie holds, else possible where one is for a person to decide, whatever it waits for besides, else waiting.
    pub fn of(ties: impl IntoIterator<Item = TieState>, waits: bool) -> Self {
        let (mut holds, mut open) = (false, false);
        for state in ties {
            holds |= state.holds();
            open |= state == TieState::Possible;
        }
        match (holds, open, waits) {
            (true, _, _) => Self::Tied,
            (_, true, _) => Self::Possible,
            (_, _, true) => Self::Waiting,
            _ => Self::None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tied => "tied",
            Self::Possible => "possible",
            Self::Waiting => "waiting",
            Self::None => "none",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
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

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|review| review.as_str() == text)
    }
}
