//! What somebody watches: councils, outlets and words, and which stories and reports are meant.

use std::collections::HashSet;

use super::{
    overview::{Overview, ReportCard, SourceHealth, StoryCard},
    piece::PieceId,
    report::ReportId,
    text::folded,
};

/// One `[[watch]]` of the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watch {
    pub name: String,
    /// Canonical names.
    pub authorities: Vec<String>,
    /// As they call themselves, in any case.
    pub outlets: Vec<String>,
    /// Words and phrases, as for `search`.
    pub words: Vec<String>,
    /// A command for the shell, run behind a run that brought something new of it.
    pub command: Option<String>,
}

/// What a watch found in an overview.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watched {
    pub name: String,
    pub reports: Vec<ReportId>,
    /// New, newly tied or newly waiting.
    pub stories: Vec<PieceId>,
}

impl Watch {
    /// The reports and stories of an overview that are meant, but for what was old when it was taken in; `found` are the
    /// pieces and reports with any of the words.
    pub fn of(&self, overview: &Overview, found: &WatchHits) -> Watched {
        let reports = overview.reports.iter().map(|new| &new.report).filter(|report| !overview.is_old_report(report));
        let reports = reports.chain(overview.replaced.iter().map(|replaced| &replaced.report.report));
        let reports = reports.filter(|report| self.means_report(report, found));
        let stories = overview.stories.iter().filter(|story| !overview.is_old_story(story));
        let mut seen = HashSet::new();
        let stories = stories
            .filter(|story| self.means_story(story, found))
            .filter(|story| seen.insert(&story.piece))
            .map(|story| story.piece.clone());
        Watched { name: self.name.clone(), reports: reports.map(|report| report.id.clone()).collect(), stories: stories.collect() }
    }

    /// True of a report that is meant; `found` as above.
    pub fn means_report(&self, report: &ReportCard, found: &WatchHits) -> bool {
        self.is_of(report) || found.reports.contains(&report.id)
    }

    /// True of a story that is meant; `found` as above.
    pub fn means_story(&self, story: &StoryCard, found: &WatchHits) -> bool {
        self.is_about(story) || found.pieces.contains(&story.piece)
    }

    /// True of a source that is an outlet of those that are watched.
    pub fn means_source(&self, source: &SourceHealth) -> bool {
        self.outlets.iter().any(|outlet| folded(outlet) == folded(&source.name))
    }

    /// True of a report of a council that is watched.
    fn is_of(&self, report: &ReportCard) -> bool {
        report.authority.as_ref().is_some_and(|name| self.authorities.contains(name))
    }

    /// True of a story about a council that is watched, or in an outlet that is.
    fn is_about(&self, story: &StoryCard) -> bool {
        let outlets = story.copies.iter().map(|copy| &copy.outlet).chain([&story.outlet]);
        let named = || outlets.map(|outlet| folded(outlet)).any(|outlet| self.outlets.iter().any(|watched| folded(watched) == outlet));
        let tied = story.ties.iter().any(|tied| tied.tie.state.holds() && self.is_of(&tied.report));
        tied || story.authorities.iter().any(|name| self.authorities.contains(name)) || (!self.outlets.is_empty() && named())
    }
}

/// Where the words of a watch stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WatchHits {
    pub pieces: HashSet<PieceId>,
    pub reports: HashSet<ReportId>,
}

impl Watched {
    pub fn is_empty(&self) -> bool {
        self.reports.is_empty() && self.stories.is_empty()
    }
}

impl Overview {
    /// The same with no news in it but what a watch means.
    pub fn of_watch(mut self, watched: &Watched) -> Self {
        self.reports.retain(|new| watched.reports.contains(&new.report.id));
        self.replaced.retain(|replaced| watched.reports.contains(&replaced.report.report.id));
        self.stories.retain(|story| watched.stories.contains(&story.piece));
        self.retied = 0;
        self.only = Some(watched.name.clone());
        self
    }
}
