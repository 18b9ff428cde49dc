//! A report: one Ofsted publication about one authority.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// The inspection framework a report belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Framework {
    /// Single inspection framework, 2013-18, and its re-inspections.
    #[serde(rename = "SIF")]
    Sif,
    /// Inspection of local authority children's services, since 2018, in every later version.
    #[serde(rename = "ILACS")]
    Ilacs,
    /// Joint targeted area inspection.
    #[serde(rename = "JTAI")]
    Jtai,
    /// Area SEND inspection of a local area partnership.
    #[serde(rename = "Area SEND")]
    AreaSend,
    #[serde(rename = "focused visit")]
    FocusedVisit,
    #[serde(rename = "monitoring visit")]
    MonitoringVisit,
    #[serde(rename = "LAC inspection 2013")]
    LacInspection2013,
    #[serde(rename = "other")]
    Other,
}

impl Framework {
    pub const ALL: [Self; 8] = [
        Self::Sif,
        Self::Ilacs,
        Self::Jtai,
        Self::AreaSend,
        Self::FocusedVisit,
        Self::MonitoringVisit,
        Self::LacInspection2013,
        Self::Other,
    ];

    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sif => "SIF",
            Self::Ilacs => "ILACS",
            Self::Jtai => "JTAI",
            Self::AreaSend => "Area SEND",
            Self::FocusedVisit => "focused visit",
            Self::MonitoringVisit => "monitoring visit",
            Self::LacInspection2013 => "LAC inspection 2013",
            Self::Other => "other",
        }
    }

    /// True for the inspections that judge all of children's services and give grades.
    pub fn is_full(self) -> bool {
        matches!(self, Self::Sif | Self::Ilacs | Self::LacInspection2013)
    }
}

/// What a judgement judges. The words are those of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JudgementKey {
    Overall,
    Leaders,
    HelpProtection,
    InCare,
    CareLeavers,
    InCareAndLeavers,
    InCarePermanence,
    Adoption,
    Lscb,
    Outcome,
    Capacity,
    Outcomes,
    Provision,
}

impl JudgementKey {
    /// True for the judgement of the whole: the overall grade, or the outcome of an area SEND inspection.
    pub fn is_whole(self) -> bool {
        matches!(self, Self::Overall | Self::Outcome)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Overall => "overall",
            Self::Leaders => "leaders",
            Self::HelpProtection => "help_protection",
            Self::InCare => "in_care",
            Self::CareLeavers => "care_leavers",
            Self::InCareAndLeavers => "in_care_and_leavers",
            Self::InCarePermanence => "in_care_permanence",
            Self::Adoption => "adoption",
            Self::Lscb => "lscb",
            Self::Outcome => "outcome",
            Self::Capacity => "capacity",
            Self::Outcomes => "outcomes",
            Self::Provision => "provision",
        }
    }
}

/// A grade, or an outcome of an area SEND inspection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Grade {
    #[serde(rename = "outstanding")]
    Outstanding,
    #[serde(rename = "good")]
    Good,
    #[serde(rename = "requires improvement")]
    RequiresImprovement,
    #[serde(rename = "adequate")]
    Adequate,
    #[serde(rename = "inadequate")]
    Inadequate,
    #[serde(rename = "typically positive")]
    TypicallyPositive,
    #[serde(rename = "inconsistent")]
    Inconsistent,
    #[serde(rename = "widespread and/or systemic failings")]
    SystemicFailings,
    #[serde(rename = "not judged")]
    NotJudged,
}

impl Grade {
    pub const ALL: [Self; 9] = [
        Self::Outstanding,
        Self::Good,
        Self::RequiresImprovement,
        Self::Adequate,
        Self::Inadequate,
        Self::TypicallyPositive,
        Self::Inconsistent,
        Self::SystemicFailings,
        Self::NotJudged,
    ];

    /// True for one of the three outcomes of an area SEND inspection.
    pub fn is_outcome(self) -> bool {
        matches!(self, Self::TypicallyPositive | Self::Inconsistent | Self::SystemicFailings)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Outstanding => "outstanding",
            Self::Good => "good",
            Self::RequiresImprovement => "requires improvement",
            Self::Adequate => "adequate",
            Self::Inadequate => "inadequate",
            Self::TypicallyPositive => "typically positive",
            Self::Inconsistent => "inconsistent",
            Self::SystemicFailings => "widespread and/or systemic failings",
            Self::NotJudged => "not judged",
        }
    }
}

/// One judgement with its grade, as often as the report says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    pub key: JudgementKey,
    /// As printed: "The impact of leaders on social work practice with children and families".
    pub label: String,
    pub grade: Grade,
    /// As printed: "Requires improvement to be good".
    pub printed: String,
    /// How many places of the report were read for it (table, heading, sentence).
    pub readings: u32,
    /// False where those places differ: a doubt to show, never resolved silently.
    pub agree: bool,
}

/// One recommendation, thing to improve or priority action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recommendation {
    /// Counted from 1 in the order of print.
    pub n: u32,
    pub text: String,
    pub page: u32,
}

/// What a passage of a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PassageKind {
    /// Title, dates, table of judgements.
    Cover,
    Heading,
    Paragraph,
    Bullet,
    Footnote,
}

/// One passage: a paragraph whole across pages, a bullet, a heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// The page it begins on, counted from 1 in the file.
    pub page: u32,
    /// The printed paragraph number; a bullet under a numbered paragraph bears that number.
    pub number: Option<u32>,
    pub kind: PassageKind,
    /// Plain text in reading order; line-end hyphens kept, lines joined.
    pub text: String,
}

/// Whether there is a report in the file, and whether the file is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportStatus {
    Current,
    /// Was listed once, is no longer.
    Withdrawn,
    /// A report file that could not be read.
    Unreadable,
    /// Something else under a report's address: a web page, an error.
    NotAReport,
}

impl ReportStatus {
    pub const ALL: [Self; 4] = [Self::Current, Self::Withdrawn, Self::Unreadable, Self::NotAReport];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Withdrawn => "withdrawn",
            Self::Unreadable => "unreadable",
            Self::NotAReport => "not-a-report",
        }
    }
}

/// What is known of a report file before it is opened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportHints {
    /// The URN of the provider page that lists it.
    pub urn: Option<String>,
    /// The label on the provider page: "Children's services inspection".
    pub label: Option<String>,
    pub published: Option<Date>,
}

/// A report file as read: what could be read, with doubts; never an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportReading {
    pub status: ReportStatus,
    /// Why there is no report in it, or why it could not be read.
    pub reason: Option<String>,
    pub framework: Framework,
    /// As printed, over lines joined.
    pub title: String,
    /// The canonical name of the authority, by URN first, by title second.
    pub authority: Option<String>,
    pub inspected_from: Option<Date>,
    pub inspected_to: Option<Date>,
    /// The publication date that the file itself prints.
    pub published_printed: Option<Date>,
    pub lead_inspector: Option<String>,
    pub pages: u32,
    pub judgements: Vec<Judgement>,
    pub recommendations: Vec<Recommendation>,
    /// In reading order.
    pub passages: Vec<Passage>,
    /// The last number of the numbered paragraphs; 0 where there are none.
    pub last_paragraph: u32,
    /// What could not be read for sure, one line each.
    pub doubts: Vec<String>,
}

impl ReportReading {
    /// A reading with nothing in it but its status and the reason.
    pub fn empty(status: ReportStatus, reason: impl Into<String>) -> Self {
        Self {
            status,
            reason: Some(reason.into()),
            framework: Framework::Other,
            title: String::new(),
            authority: None,
            inspected_from: None,
            inspected_to: None,
            published_printed: None,
            lead_inspector: None,
            pages: 0,
            judgements: Vec::new(),
            recommendations: Vec::new(),
            passages: Vec::new(),
            last_paragraph: 0,
            doubts: Vec::new(),
        }
    }

    /// The grade of a judgement.
    pub fn grade(&self, key: JudgementKey) -> Option<Grade> {
        self.judgements.iter().find(|judgement| judgement.key == key).map(|judgement| judgement.grade)
    }
}

/// The id of a report: `r-` and the number of its file at files.ofsted.gov.uk, else a hash of its address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReportId(pub String);

impl std::fmt::Display for ReportId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A stored report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub id: ReportId,
    /// The canonical address of the file.
    pub url: String,
    pub provider_url: Option<String>,
    pub urn: Option<String>,
    /// From the listing, else as printed.
    pub published: Option<Date>,
    pub first_seen: Timestamp,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// The version of the parser that made the reading.
    pub parser: u32,
    pub reading: ReportReading,
}
