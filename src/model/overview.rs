//! What the outputs are made from: stories, reports and sources as a reader meets them.

use jiff::{Timestamp, civil::Date};

use super::{
    evidence::Quotation,
    report::{Framework, Judgement, ReportId, ReportStatus},
    story::StoryId,
    tie::Tie,
    verdict::{Review, StatedGrade, StoryKind, StoryState, WaitingFor},
};

/// A report without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportCard {
    pub id: ReportId,
    pub url: String,
    pub provider_url: Option<String>,
    pub urn: Option<String>,
    pub authority: Option<String>,
    pub framework: Framework,
    pub title: String,
    pub inspected_from: Option<Date>,
    pub inspected_to: Option<Date>,
    pub published: Option<Date>,
    pub lead_inspector: Option<String>,
    pub pages: u32,
    pub last_paragraph: u32,
    pub judgements: Vec<Judgement>,
    pub status: ReportStatus,
    pub reason: Option<String>,
    pub parser: u32,
    pub first_seen: Timestamp,
    pub doubts: Vec<String>,
}

/// A tie with the report it leads to.
#[derive(Debug, Clone, PartialEq)]
pub struct TiedReport {
    pub tie: Tie,
    pub report: ReportCard,
}

/// The same piece at another outlet or address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    pub story: StoryId,
    pub outlet: String,
    pub url: String,
    pub title: String,
    pub published: Option<Timestamp>,
}

/// A story with all that is known of it, but for its text.
#[derive(Debug, Clone, PartialEq)]
pub struct StoryCard {
    pub id: StoryId,
    pub url: String,
    pub addresses: Vec<String>,
    pub outlet: String,
    pub title: String,
    pub author: Option<String>,
    pub published: Option<Timestamp>,
    pub first_seen: Timestamp,
    pub changed: Option<Timestamp>,
    pub summary: String,
    pub words: u32,
    pub walled: bool,
    pub relevant: bool,
    pub why: String,
    pub kind: StoryKind,
    pub authorities: Vec<String>,
    /// Shared by all copies of one piece: the id of the first published.
    pub cluster: StoryId,
    pub state: StoryState,
    pub review: Review,
    pub notes: Vec<String>,
    pub stated_grades: Vec<StatedGrade>,
    /// Best first.
    pub ties: Vec<TiedReport>,
    pub quotations: Vec<Quotation>,
    pub waiting_for: Option<WaitingFor>,
    /// The other stories of its cluster, first published first.
    pub copies: Vec<Copy>,
}

/// A report with the stories tied to it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportWithStories {
    pub report: ReportCard,
    /// Ids of stories tied to it (auto or confirmed), first published first.
    pub stories: Vec<StoryId>,
}

/// How a source fares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceHealth {
    pub name: String,
    pub kind: String,
    pub url: String,
    pub on: bool,
    pub note: Option<String>,
    pub last_try: Option<Timestamp>,
    pub last_success: Option<Timestamp>,
    /// When it last gave something not seen before.
    pub last_new: Option<Timestamp>,
    pub next_due: Option<Timestamp>,
    /// Failures in a row.
    pub failures: u32,
    /// When the present trouble began.
    pub failing_since: Option<Timestamp>,
    /// The name of the failure, as in `FailureKind`.
    pub failure: Option<String>,
    pub detail: Option<String>,
    /// What was lost or doubtful in its last list, one line each.
    pub doubts: Vec<String>,
    /// Items seen in all, and stories kept of them.
    pub items: u32,
    pub stories: u32,
}

/// What happened between two moments, and what is open.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    pub since: Timestamp,
    pub until: Timestamp,
    /// Relevant stories first seen or changed in that time and not discarded: one a cluster, newest first.
    pub stories: Vec<StoryCard>,
    /// Reports first seen in that time, newest first.
    pub reports: Vec<ReportWithStories>,
    /// Stories whose report is not stored yet, whenever they were seen, oldest first.
    pub waiting: Vec<StoryCard>,
    /// How many stories have only possible ties and wait for a decision.
    pub undecided: u32,
    /// Reports published in the last 30 days of `until` that no story is tied to.
    pub uncovered: Vec<ReportCard>,
    /// Sources in trouble or silent.
    pub sources: Vec<SourceHealth>,
    pub total_stories: u32,
    pub total_reports: u32,
}
