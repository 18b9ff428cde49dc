//! Evidence: why a story is tied to a report, piece by piece, worded for a reader.

use serde::{Deserialize, Serialize};

/// What a piece of evidence rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    Link,
    Quote,
    SharedText,
    Figure,
    Grade,
    Authority,
    Date,
    Framework,
}

impl EvidenceKind {
    pub const ALL: [Self; 8] =
        [Self::Link, Self::Quote, Self::SharedText, Self::Figure, Self::Grade, Self::Authority, Self::Date, Self::Framework];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Quote => "quote",
            Self::SharedText => "shared-text",
            Self::Figure => "figure",
            Self::Grade => "grade",
            Self::Authority => "authority",
            Self::Date => "date",
            Self::Framework => "framework",
        }
    }
}

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    pub kind: EvidenceKind,
    /// What the story says.
    pub story: String,
    /// What the report says.
    pub report: String,
    pub page: Option<u32>,
    pub paragraph: Option<String>,
    /// Its part in the log-odds of the tie; negative where it speaks against.
    pub weight: f64,
}

/// A quotation of a story, and where it stands in a report if it does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quotation {
    pub text: String,
    /// Who is said to speak: "Ofsted" for the report itself, a name, or nobody said.
    pub speaker: Option<String>,
    pub found: bool,
    /// Word for word, not merely nearly.
    pub exact: bool,
    pub report: Option<super::report::ReportId>,
    pub page: Option<u32>,
    pub paragraph: Option<String>,
}
