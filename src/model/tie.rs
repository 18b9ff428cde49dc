//! A tie: story to report, with a state, a confidence and evidence.

use serde::{Deserialize, Serialize};

use super::{evidence::Evidence, report::ReportId};

/// How sure a tie is, and who made it so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TieState {
    /// Made without asking.
    Auto,
    /// Offered for a person to decide.
    Possible,
    /// A person said yes; no later run changes it.
    Confirmed,
    /// A person said no; no later run changes it.
    Rejected,
}

impl TieState {
    pub const ALL: [Self; 4] = [Self::Auto, Self::Possible, Self::Confirmed, Self::Rejected];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Possible => "possible",
            Self::Confirmed => "confirmed",
            Self::Rejected => "rejected",
        }
    }

    /// True where the story counts as tied.
    pub fn holds(self) -> bool {
        matches!(self, Self::Auto | Self::Confirmed)
    }
}

/// What the story does with the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TieKind {
    Coverage,
    FollowUp,
    /// Written before the report, of which it brings notice.
    Announcement,
}

impl TieKind {
    pub const ALL: [Self; 3] = [Self::Coverage, Self::FollowUp, Self::Announcement];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Coverage => "coverage",
            Self::FollowUp => "follow-up",
            Self::Announcement => "announcement",
        }
    }
}

/// What the story says of the grade, held against the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GradeCheck {
    Agrees,
    Disagrees,
    NotStated,
    /// The report has no overall grade.
    NoGrade,
}

impl GradeCheck {
    pub const ALL: [Self; 4] = [Self::Agrees, Self::Disagrees, Self::NotStated, Self::NoGrade];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Disagrees => "disagrees",
            Self::NotStated => "not-stated",
            Self::NoGrade => "no-grade",
        }
    }
}

/// One tie.
#[derive(Debug, Clone, PartialEq)]
pub struct Tie {
    pub report: ReportId,
    pub state: TieState,
    /// The calibrated probability that the story is about the report, 0 to 1.
    pub confidence: f64,
    pub kind: TieKind,
    pub grade_check: GradeCheck,
    pub evidence: Vec<Evidence>,
}

/// Why a story speaks of a report without being about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MentionedAs {
    /// An earlier inspection, told as background.
    #[serde(rename = "previous")]
    Previous,
    /// The inspection of a council that the story is not about.
    #[serde(rename = "another's")]
    Anothers,
}

impl MentionedAs {
    pub const ALL: [Self; 2] = [Self::Previous, Self::Anothers];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Previous => "previous",
            Self::Anothers => "another's",
        }
    }
}

/// A report that a story speaks of as background.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    pub report: ReportId,
    pub mentioned: MentionedAs,
    /// The sentence that speaks of it.
    pub text: String,
}
