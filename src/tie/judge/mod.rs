//! The verdict on a story: relevance, ties with their states, quotations, grade checks, and what it waits for.

mod mentions;
#[cfg(test)]
mod tests;
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
    features::{self, Candidate, EVENING_BEFORE, Findings},
    locate::Sought,
    names::Names,
    prepared::Prepared,
    quotes::{Bounds, Quoted, Speaker},
    relevance::{self, Doubt, Setting},
    score::{Weights, WeightsError},
    when,
};
use verdict::{COVERAGE_DAYS, Verdict};

/// Ties stories to reports: the names of the gazetteer and the fitted weights.
pub struct Judge {
    names: Names,
    gazetteer: Gazetteer,
    weights: Weights,
}

impl Judge {
    pub fn new(gazetteer: Gazetteer) -> Result<Self, WeightsError> {
        Ok(Self { names: Names::new(&gazetteer), weights: Weights::built_in()?, gazetteer })
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

    /// True of a story about our subject by its words, and of one whose doubt a report could settle: only then are reports
    /// looked at.
    pub fn wants_reports(&self, story: &Prepared) -> bool {
        let setting = self.setting(story);
        let could_tell = || relevance::doubt(&story.topics, setting) == Doubt::Near || story.sought.iter().any(Sought::is_compared);
        let links = || story.links.iter().any(|link| link.href.contains("ofsted.gov.uk"));
        relevance::judge(&story.topics, setting).relevant || !story.actors.is_empty() && (could_tell() || links())
    }

    /// Judges a story against its candidates. A report published long after a dated story is no candidate.
    pub fn judge(&self, story: &Prepared, candidates: &[Candidate]) -> Judged {
        let mut relevance = relevance::judge(&story.topics, self.setting(story));
        let doubt = relevance::doubt(&story.topics, self.setting(story));
        if !relevance.relevant {
            let least = if doubt == Doubt::Another { READ_OUT } else { QUOTED };
            match candidates.iter().find(|candidate| self.is_quoted(story, candidate, least)) {
                Some(candidate) => relevance = relevance::quoting(&candidate.card),
                None if doubt != Doubt::Near => return self.irrelevant(story, relevance),
                None => {}
            }
        }
        let ahead = |card: &ReportCard| story.day.zip(card.published).map_or(0, |(day, published)| when::days(day, published));
        let candidates: Vec<Candidate> =
            candidates.iter().filter(|candidate| ahead(&candidate.card) <= story.days_ahead()).cloned().collect();
        let found = self.findings(story, &candidates);
        let chances = self.weights.probabilities(&candidates, &found);
        if !relevance.relevant {
            let fits = (0..found.len())
                .find(|&at| chances[at] >= FITS && found[at].gap.is_some_and(|gap| (EVENING_BEFORE..=COVERAGE_DAYS).contains(&gap)));
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

    /// The story has the words of this report between marks, or its address: whatever else it speaks of, it is about it.
    fn is_quoted(&self, story: &Prepared, candidate: &Candidate, least: usize) -> bool {
        let card = &candidate.card;
        let named = card.authority.as_deref().is_some_and(|name| story.actors.iter().any(|actor| self.name(actor.authority) == name));
        // Long after a report only a long quotation tells.
        let gap = story.day.zip(card.published).map_or(0, |(day, published)| when::days(published, day));
        let least = if gap > COVERAGE_DAYS { least.max(READ_OUT) } else { least };
        let near = (EVENING_BEFORE..=QUOTED_DAYS).contains(&gap);
        let exact = || {
            story.sought.iter().any(|sought| candidate.text.index.locate(sought).is_some_and(|place| place.exact && place.matched >= least))
        };
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
        let first = story.actors.first();
        Setting {
            authority_weight: first.map_or(0.0, |actor| actor.weight),
            authority: first.map(|actor| self.name(actor.authority)),
            authority_in_title: story.actors.iter().any(|actor| actor.in_title),
            authority_leads: first.is_some_and(|actor| actor.in_lead),
        }
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
            for said in story.said_of(authority).filter(|said| said.overall && said.standing == EventStanding::New) {
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
/// The same where it speaks of something that borrows a report's words.
const READ_OUT: usize = 8;

/// A quotation before its place is known.
fn quotation(quoted: &Quoted) -> Quotation {
    let speaker = match &quoted.speaker {
        Speaker::Ofsted => Some("Ofsted".to_owned()),
        Speaker::Other(name) => Some(name.clone()),
        Speaker::Unknown => None,
    };
    Quotation { text: quoted.text.clone(), speaker, found: false, exact: false, report: None, page: None, paragraph: None }
}
