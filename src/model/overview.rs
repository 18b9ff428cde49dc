//! What the outputs are made from: stories, reports and sources as a reader meets them.

use jiff::{SignedDuration, Timestamp, civil::Date};

use super::{
    day,
    evidence::Quotation,
    piece::{News, PieceId},
    report::{Framework, Judgement, ReportId, ReportStatus},
    story::StoryId,
    tie::{Mention, Tie},
    verdict::{Review, StatedGrade, StoryKind, StoryState, WaitingFor},
    watch::Watched,
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

impl ReportCard {
    /// First and last day of the inspection, where both are printed.
    pub fn inspected(&self) -> Option<(Date, Date)> {
        self.inspected_from.zip(self.inspected_to)
    }
}

/// A tie with the report it leads to.
#[derive(Debug, Clone, PartialEq)]
pub struct TiedReport {
    pub tie: Tie,
    pub report: ReportCard,
}

/// The same piece at another outlet or address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyCard {
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
    /// What it is about was looked at; until then it counts as not about our subject.
    pub judged: bool,
    pub relevant: bool,
    pub why: String,
    pub kind: StoryKind,
    pub authorities: Vec<String>,
    /// The piece that it is a copy of. The piece's are also: kind, state, review, notes, ties, and what it waits for.
    pub piece: PieceId,
    /// When the first of its copies was seen.
    pub piece_first_seen: Timestamp,
    /// When the piece last became news again: newly tied, its wait over, its grade check another, its text rewritten.
    pub piece_changed: Option<Timestamp>,
    /// What was news then.
    pub piece_news: Option<News>,
    pub state: StoryState,
    pub review: Review,
    pub notes: Vec<String>,
    pub stated_grades: Vec<StatedGrade>,
    /// Best first.
    pub ties: Vec<TiedReport>,
    pub mentions: Vec<MentionedReport>,
    pub quotations: Vec<Quotation>,
    /// Beside possible ties, too; nothing where a tie holds.
    pub waiting_for: Option<WaitingFor>,
    /// The other copies of its piece, first published first.
    pub copies: Vec<CopyCard>,
}

/// A report that a story mentions, and where to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MentionedReport {
    pub mention: Mention,
    pub url: String,
}

/// A report with the stories tied to it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportWithStories {
    pub report: ReportCard,
    /// Ids of stories tied to it (auto or confirmed) and not discarded, one a piece, first published first.
    pub stories: Vec<StoryId>,
}

/// A report that is new, with the inspection that it is read against and the stories tied to it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewReport {
    pub report: ReportCard,
    pub before: Option<ReportCard>,
    /// As in [`ReportWithStories`].
    pub stories: Vec<StoryId>,
}

/// A report whose file Ofsted replaced.
#[derive(Debug, Clone, PartialEq)]
pub struct Replaced {
    pub report: NewReport,
    /// When the new file was first seen.
    pub at: Timestamp,
    /// What differs from the file before, one line each; nothing that the reading shows.
    pub changed: Vec<String>,
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
    /// From when on it is silent, should nothing new come before: it answers, and that is longer than is usual for it.
    pub silent_from: Option<Timestamp>,
    /// What was lost or doubtful in its last list, one line each.
    pub doubts: Vec<String>,
    /// Items seen in all, and stories kept of them.
    pub items: u32,
    pub stories: u32,
}

/// A source in trouble: one that fails, or answers and has fallen silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceTrouble {
    Failing,
    Silent,
}

impl SourceHealth {
    /// The trouble that it is in at a moment; none where it is off.
    pub fn trouble(&self, now: Timestamp) -> Option<SourceTrouble> {
        match self.silent_from {
            _ if !self.on => None,
            _ if self.failures > 0 => Some(SourceTrouble::Failing),
            Some(from) if from < now => Some(SourceTrouble::Silent),
            _ => None,
        }
    }
}

/// A run that began and has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenRun {
    pub started: Timestamp,
    /// It goes on, rather than being broken off.
    pub at_work: bool,
}

/// How the runs fare.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Runs {
    /// When the last one ended that did.
    pub last: Option<Timestamp>,
    /// The usual time between two, where there were two.
    pub usual: Option<SignedDuration>,
    /// The last one, where it has not ended.
    pub open: Option<OpenRun>,
    /// Stories that are stored and not judged.
    pub unjudged: u32,
}

impl Runs {
    /// True where the last run ended more than a day ago, and more than twice the usual time between two.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        let patience = (self.usual.unwrap_or(UNKNOWN) * 2).max(DAY);
        self.last.is_some_and(|last| now.duration_since(last) > patience)
    }
}

/// What was published longer than this before the time looked at is no news, whenever it was taken in.
const OLD: SignedDuration = SignedDuration::from_hours(30 * 24);

impl Overview {
    /// True of a report that was old when it was first seen.
    pub fn is_old_report(&self, report: &ReportCard) -> bool {
        report.published.is_some_and(|published| published < self.oldest_news())
    }

    /// True of a story that was old when it was first seen, with nothing new about it.
    pub fn is_old_story(&self, story: &StoryCard) -> bool {
        let published = story.published.map(day::of);
        story.piece_first_seen > self.since && published.is_some_and(|published| published < self.oldest_news())
    }

    /// Stories that began to wait for their report, but for old ones.
    pub fn waiting_anew(&self) -> impl Iterator<Item = &StoryCard> {
        self.stories.iter().filter(|story| story.waiting_for.is_some() && !self.is_old_story(story))
    }

    fn oldest_news(&self) -> Date {
        day::of(self.since.checked_sub(OLD).unwrap_or(self.since))
    }
}

/// The least time after which a run is missed.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// The usual time between two runs where there was but one: a daily run may be late by some hours.
const UNKNOWN: SignedDuration = SignedDuration::from_hours(15);

/// What happened between two moments, and what is open.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    pub since: Timestamp,
    pub until: Timestamp,
    pub runs: Runs,
    /// Pieces first seen or news again in that time and not discarded, by the story that stands for each, newest first.
    pub stories: Vec<StoryCard>,
    /// Reports first seen in that time, newest first.
    pub reports: Vec<NewReport>,
    /// Reports first seen before that time and replaced in it, the last replaced first.
    pub replaced: Vec<Replaced>,
    /// Of the pieces whose report is not stored yet, whenever they were seen, the newest, newest first.
    pub waiting: Vec<StoryCard>,
    /// How many of those there are.
    pub total_waiting: u32,
    /// How many pieces have only possible ties and want a decision.
    pub undecided: u32,
    /// Reports published in the last 30 days of `until` that no story is tied to.
    pub uncovered: Vec<ReportCard>,
    /// Sources in trouble.
    pub sources: Vec<SourceHealth>,
    /// Pieces that were tied otherwise by another version of the program, without anything new about them.
    pub retied: u32,
    /// The watch that all this was narrowed to, by its name.
    pub only: Option<String>,
    /// What is watched of all this, in the order of the configuration.
    pub watched: Vec<Watched>,
    /// Pieces about our subject that are not discarded.
    pub total_stories: u32,
    pub total_reports: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_overdue_after_a_day_and_twice_its_usual_time() {
        let last: Timestamp = "2026-11-23T06:00:00Z".parse().unwrap_or_default();
        let check = |usual: Option<i64>, hours: i64, expected| {
            let runs = Runs { last: Some(last), usual: usual.map(SignedDuration::from_hours), ..Runs::default() };
            assert_eq!(runs.is_overdue(last + SignedDuration::from_hours(hours)), expected, "{usual:?} {hours}");
        };
        check(Some(1), 24, false);
        check(Some(1), 25, true);
        check(Some(24), 47, false);
        check(Some(24), 49, true);
        check(Some(168), 330, false);
        check(Some(168), 340, true);
        check(None, 30, false);
        check(None, 31, true);
        assert!(!Runs::default().is_overdue(last));
    }
}
