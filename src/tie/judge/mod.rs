//! The verdict on a story: relevance, ties with their states, quotations, grade checks, and what it waits for.

mod mentions;
#[cfg(test)]
mod tests;
mod unseen;
mod verdict;
mod waiting;

use crate::model::{
    authority::Gazetteer,
    evidence::Quotation,
    overview::ReportCard,
    story::Story,
    verdict::{Judged, Relevance, StatedGrade, StoryKind, StoryState},
};

use super::{
    event::EventStanding,
    features::{self, COVERAGE_DAYS, Candidate, EVENING_BEFORE, Findings},
    locate::Sought,
    names::Names,
    prepared::{self, Prepared},
    quotes::{Bounds, Quoted, READ_OUT, Speaker},
    relevance::{self, ByWords, Doubt, Setting},
    score::{Weights, WeightsError},
    when,
};
use unseen::UnseenWeights;
pub use unseen::{SIGNS, Signs};
use verdict::Verdict;

/// Ties stories to reports: the names of the gazetteer and the fitted weights.
pub struct Judge {
    names: Names,
    gazetteer: Gazetteer,
    weights: Weights,
    unseen: UnseenWeights,
}

impl Judge {
    pub fn new(gazetteer: Gazetteer) -> Result<Self, WeightsError> {
        Ok(Self { names: Names::new(&gazetteer), weights: Weights::built_in()?, unseen: UnseenWeights::built_in()?, gazetteer })
    }

    pub fn gazetteer(&self) -> &Gazetteer {
        &self.gazetteer
    }

    /// Reads a story once for any number of reports.
    pub fn prepare(&self, story: &Story) -> Prepared {
        Prepared::new(story, &self.names, &self.gazetteer)
    }

    /// Names of the authorities whose reports [`Judge::judge`] wants as candidates.
    pub fn wanted(&self, story: &Prepared) -> Vec<String> {
        story.wanted_authorities(&self.gazetteer)
    }

    /// The findings of each candidate, as `features` shows them for fitting.
    pub fn findings(&self, story: &Prepared, candidates: &[Candidate]) -> Vec<Findings> {
        features::find(story, candidates, &self.gazetteer)
    }

    /// The authorities that a story is about with what stands for and against news of an inspection of theirs without a report, as
    /// `features --unseen` shows them for fitting.
    pub fn signs(&self, story: &Prepared, candidates: &[Candidate]) -> Vec<(&str, Signs)> {
        let candidates = self.in_time(story, candidates);
        let found = self.findings(story, &candidates);
        let chances = self.weights.probabilities(&candidates, &found);
        let verdict = Verdict { judge: self, story, candidates: &candidates, found: &found, chances: &chances };
        let of = |authority: usize| (self.name(authority), verdict.signs(authority, &verdict.reading(authority)));
        story.main_authorities().into_iter().map(of).collect()
    }

    /// True of a story about our subject by its words, and of one whose doubt a report could settle: only then are reports
    /// looked at.
    pub fn wants_reports(&self, story: &Prepared) -> bool {
        let could_tell = || story.by_words.doubt == Doubt::Near || story.sought.iter().any(Sought::is_compared);
        let links = || story.links.iter().any(|link| link.href.contains("ofsted.gov.uk"));
        story.by_words.relevance.relevant || !story.actors.is_empty() && (could_tell() || links())
    }

    /// Judges a story against its candidates. A report published long after the story is no candidate.
    pub fn judge(&self, story: &Prepared, candidates: &[Candidate]) -> Judged {
        let ByWords { mut relevance, doubt } = story.by_words.clone();
        // A page of jobs quotes the report that it boasts of.
        if !relevance.relevant && story.recruits {
            return self.irrelevant(story, relevance);
        }
        if !relevance.relevant {
            let least = if doubt == Doubt::Another { READ_OUT } else { QUOTED };
            match candidates.iter().find(|candidate| self.is_quoted(story, candidate, least)) {
                Some(candidate) => relevance = relevance::quoting(&candidate.card),
                None if doubt != Doubt::Near => return self.irrelevant(story, relevance),
                None => {}
            }
        }
        let candidates = self.in_time(story, candidates);
        let found = self.findings(story, &candidates);
        let chances = self.weights.probabilities(&candidates, &found);
        if !relevance.relevant {
            let fits = (0..found.len()).find(|&at| chances[at] >= FITS && found[at].is_coverage());
            match fits {
                Some(at) => relevance = relevance::fitting(&candidates[at].card),
                None => return self.irrelevant(story, relevance),
            }
        }
        let verdict = Verdict { judge: self, story, candidates: &candidates, found: &found, chances: &chances };
        let waiting = verdict.waiting();
        let ties = verdict.ties(waiting.as_ref().map(|(authority, _)| *authority));
        let mentions = verdict.mentions(&ties);
        let waiting_for = waiting.map(|(_, waiting)| waiting);
        Judged {
            kind: verdict.kind(&ties),
            authorities: verdict.authorities(&ties),
            stated_grades: self.stated_grades(story),
            quotations: verdict.quotations(&ties, &mentions),
            state: StoryState::of(ties.iter().map(|tie| tie.state), waiting_for.is_some()),
            ties,
            mentions,
            waiting_for,
            relevance,
        }
    }

    fn in_time(&self, story: &Prepared, candidates: &[Candidate]) -> Vec<Candidate> {
        candidates.iter().filter(|candidate| self.can_be_about(story, &candidate.card)).cloned().collect()
    }

    /// True unless a report was published too long after the story; an announcement is of a council that the story is mostly about.
    fn can_be_about(&self, story: &Prepared, card: &ReportCard) -> bool {
        let to_come = story.day.zip(card.published).is_some_and(|(day, published)| when::days(published, day) < EVENING_BEFORE);
        let main = || story.main_authorities().iter().any(|&authority| card.authority.as_deref() == Some(self.name(authority)));
        story.can_be_about(card.published, card.inspected()) && (!to_come || main())
    }

    /// The story has the words of this report between marks, or its address: whatever else it speaks of, it is about it.
    fn is_quoted(&self, story: &Prepared, candidate: &Candidate, least: usize) -> bool {
        let card = &candidate.card;
        let named = card.authority.as_deref().is_some_and(|name| story.actors.iter().any(|actor| self.name(actor.authority) == name));
        // Long after a report only a long quotation tells.
        let gap = story.day.zip(card.published).map_or(0, |(day, published)| when::days(published, day));
        let least = if gap > COVERAGE_DAYS { least.max(READ_OUT) } else { least };
        let near = (EVENING_BEFORE..=QUOTED_DAYS).contains(&gap);
        let exact =
            || story.sought.iter().any(|sought| candidate.text.index.locate_exact(sought).is_some_and(|place| place.matched >= least));
        let linked = || story.links.iter().any(|link| link.href == card.url);
        named && near && (exact() || linked())
    }

    fn irrelevant(&self, story: &Prepared, relevance: Relevance) -> Judged {
        Judged {
            relevance,
            kind: StoryKind::Other,
            authorities: self.main_names(story),
            stated_grades: Vec::new(),
            quotations: story.quotations.iter().filter(|quoted| quoted.bounds == Bounds::Printed).map(quotation).collect(),
            ties: Vec::new(),
            mentions: Vec::new(),
            waiting_for: None,
            state: StoryState::None,
        }
    }

    /// What is known of a story besides its words when its relevance is judged.
    pub fn setting(&self, story: &Prepared) -> Setting<'_> {
        prepared::setting(&story.actors, story.recruits, &self.gazetteer)
    }

    fn name(&self, authority: usize) -> &str {
        &self.gazetteer.all()[authority].name
    }

    fn main_names(&self, story: &Prepared) -> Vec<String> {
        story.main_authorities().into_iter().map(|authority| self.name(authority).to_owned()).collect()
    }

    fn stated_grades(&self, story: &Prepared) -> Vec<StatedGrade> {
        let mut stated: Vec<StatedGrade> = Vec::new();
        for authority in story.main_authorities() {
            for said in story.stated_of(authority).filter(|said| said.overall && said.standing == EventStanding::New) {
                if stated.iter().all(|known| known.authority != self.name(authority) || known.grade != said.grade) {
                    let text = crate::model::text::clean_line(story.text.slice(story.text.sentences[said.sentence]));
                    stated.push(StatedGrade { authority: self.name(authority).to_owned(), grade: said.grade, text });
                }
            }
        }
        stated
    }
}

/// A report that fits so well says what a story is about that leaves it nearly open.
const FITS: f64 = 0.95;
/// Words that nobody says by chance as a report has them.
const QUOTED: usize = 5;
/// Days after a report within which a quotation of it says what a story is about.
const QUOTED_DAYS: i32 = 400;

/// A quotation before its place is known.
fn quotation(quoted: &Quoted) -> Quotation {
    let speaker = match &quoted.speaker {
        Speaker::Ofsted => Some("Ofsted".to_owned()),
        Speaker::Other(name) => Some(name.clone()),
        Speaker::Unknown => None,
    };
    Quotation { text: quoted.text.clone(), speaker, found: false, exact: false, report: None, page: None, paragraph: None }
}
