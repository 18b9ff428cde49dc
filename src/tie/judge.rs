//! The verdict on a story: relevance, ties with their states, quotations, grade checks, and what it waits for.

use crate::model::{
    authority::Gazetteer,
    evidence::Quotation,
    report::Grade,
    story::Story,
    tie::{GradeCheck, Tie, TieKind, TieState},
    verdict::{Judged, StatedGrade, StoryKind, StoryState, WaitingFor},
};

use super::{
    evidence,
    features::{self, Candidate, Findings, overall},
    locate::Place,
    names::Names,
    prepared::Prepared,
    quotes::{Bounds, Speaker},
    relevance::{self, Setting},
    score::{Weights, WeightsError},
    subject::Subject,
};

/// Ties stories to reports: the names of the gazetteer and the fitted weights.
pub struct Judge {
    names: Names,
    gazetteer: Gazetteer,
    weights: Weights,
}

/// Days after a report within which a story is coverage, not a follow-up.
const COVERAGE_DAYS: i32 = 45;
/// A report this many days older than the story can still be the one that the story is news of.
const NEWS_DAYS: i32 = 60;
/// Possible ties offered of one authority.
const MAX_POSSIBLE: usize = 3;

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

    /// Judges a story against its candidates. A report published after a dated story is no candidate.
    pub fn judge(&self, story: &Prepared, candidates: &[Candidate]) -> Judged {
        let relevance = self.relevance(story);
        let candidates: Vec<Candidate> = candidates
            .iter()
            .filter(|candidate| story.day.is_none_or(|day| candidate.card.published.is_none_or(|published| published <= day)))
            .cloned()
            .collect();
        if !relevance.relevant {
            let quotations = story.quotations.iter().filter(|quoted| quoted.bounds == Bounds::Printed).map(quotation).collect();
            return Judged {
                relevance,
                kind: StoryKind::Other,
                authorities: self.main_names(story),
                stated_grades: Vec::new(),
                quotations,
                ties: Vec::new(),
                waiting_for: None,
                state: StoryState::None,
            };
        }
        let found = self.findings(story, &candidates);
        let chances = self.weights.probabilities(&candidates, &found);
        let ties = self.ties(story, &candidates, &found, &chances);
        let waiting_for = self.waiting_for(story, &candidates, &found, &chances, &ties);
        let state = match &ties {
            ties if ties.iter().any(|tie| tie.state.holds()) => StoryState::Tied,
            _ if waiting_for.is_some() => StoryState::Waiting,
            ties if !ties.is_empty() => StoryState::Possible,
            _ => StoryState::None,
        };
        Judged {
            kind: kind(&ties, &candidates),
            authorities: self.authorities(story, &ties, &candidates),
            stated_grades: self.stated_grades(story),
            quotations: quotations(story, &ties, &candidates, &found),
            ties,
            waiting_for,
            state,
            relevance,
        }
    }

    fn relevance(&self, story: &Prepared) -> crate::model::verdict::Relevance {
        let first = story.actors.first();
        let setting = Setting {
            authority_weight: first.map_or(0.0, |actor| actor.weight),
            authority: first.map(|actor| self.name(actor.authority)),
            authority_in_title: story.actors.iter().any(|actor| actor.in_title),
            authority_leads: first.is_some_and(|actor| actor.in_lead),
            send: story.subjects.get(Subject::Send),
        };
        relevance::judge(&story.topics, setting)
    }

    fn name(&self, authority: usize) -> &str {
        &self.gazetteer.all()[authority].name
    }

    fn main_names(&self, story: &Prepared) -> Vec<String> {
        story.main_authorities().into_iter().map(|authority| self.name(authority).to_owned()).collect()
    }

    fn ties(&self, story: &Prepared, candidates: &[Candidate], found: &[Findings], chances: &[f64]) -> Vec<Tie> {
        let mut order: Vec<usize> = (0..candidates.len()).filter(|&at| chances[at] >= self.weights.possible).collect();
        order.sort_by(|&a, &b| chances[b].total_cmp(&chances[a]).then(candidates[a].card.id.cmp(&candidates[b].card.id)));
        let mut ties = Vec::new();
        let mut offered: Vec<Option<usize>> = Vec::new();
        for at in order {
            let auto = chances[at] >= self.weights.auto;
            if !auto && offered.iter().filter(|authority| **authority == found[at].authority).count() >= MAX_POSSIBLE {
                continue;
            }
            offered.push(found[at].authority);
            ties.push(Tie {
                report: candidates[at].card.id.clone(),
                state: if auto { TieState::Auto } else { TieState::Possible },
                confidence: (chances[at] * 1000.0).round() / 1000.0,
                kind: tie_kind(&found[at]),
                grade_check: grade_check(&candidates[at], &found[at]),
                evidence: evidence::word(story, &candidates[at], &found[at], &self.weights),
            });
        }
        ties
    }

    /// The report that a story is news of and that is not stored: a visit or joint inspection of the main authority with
    /// no report of that kind near in time, or a new grade with no full report near.
    fn waiting_for(
        &self,
        story: &Prepared,
        candidates: &[Candidate],
        found: &[Findings],
        chances: &[f64],
        ties: &[Tie],
    ) -> Option<WaitingFor> {
        let authority = *story.main_authorities().first()?;
        let subject = visit_kind(story, candidates, found, authority, story.subjects_of(authority).first()?);
        let year = story.day.map(|day| day.year());
        if ties.iter().any(|tie| tie.state.holds()) {
            return None;
        }
        let near = |at: usize| {
            let same = Subject::of(candidates[at].card.framework) == Some(subject) && found[at].authority == Some(authority);
            same && found[at].gap.is_none_or(|gap| (0..=NEWS_DAYS).contains(&gap)) && chances[at] >= self.weights.possible
        };
        if (0..candidates.len()).any(near) || !is_news(story, authority, subject) {
            return None;
        }
        Some(WaitingFor {
            authority: self.name(authority).to_owned(),
            framework: subject.framework(year),
            around: story.day.map(|day| format!("{:04}-{:02}", day.year(), day.month())),
        })
    }

    /// Those of the ties first, then the others that the story is mostly about.
    fn authorities(&self, story: &Prepared, ties: &[Tie], candidates: &[Candidate]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let tied = ties
            .iter()
            .filter(|tie| tie.state.holds())
            .filter_map(|tie| candidates.iter().find(|candidate| candidate.card.id == tie.report))
            .filter_map(|candidate| candidate.card.authority.clone());
        for name in tied.chain(self.main_names(story)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    fn stated_grades(&self, story: &Prepared) -> Vec<StatedGrade> {
        let mut stated: Vec<StatedGrade> = Vec::new();
        for authority in story.main_authorities() {
            for said in story.said_of(authority).filter(|said| said.overall && !said.past) {
                if stated.iter().all(|known| known.authority != self.name(authority) || known.grade != said.grade) {
                    let text = crate::model::text::clean_line(story.text.slice(story.text.sentences[said.sentence]));
                    stated.push(StatedGrade { authority: self.name(authority).to_owned(), grade: said.grade, text });
                }
            }
        }
        stated
    }
}

/// Which of the two kinds of visit it is where the story does not say: only councils judged inadequate are monitored.
fn visit_kind(story: &Prepared, candidates: &[Candidate], found: &[Findings], authority: usize, subject: Subject) -> Subject {
    let named = ["monitoring visit", "monitoring visits", "focused visit", "focussed visit"].iter().any(|phrase| story.folded.has(phrase));
    if named || !matches!(subject, Subject::Focused | Subject::Monitoring) {
        return subject;
    }
    let full = (0..candidates.len()).filter(|&at| found[at].authority == Some(authority) && candidates[at].card.framework.is_full());
    match full.max_by_key(|&at| candidates[at].card.published).and_then(|at| overall(&candidates[at].card)) {
        Some(Grade::Inadequate) => Subject::Monitoring,
        _ => Subject::Focused,
    }
}

/// How strongly a kind of inspection must be spoken of for a story to be news of one.
fn news_strength(subject: Subject) -> f64 {
    match subject {
        Subject::Focused | Subject::Monitoring => 1.0,
        Subject::Jtai => 2.5,
        Subject::Full | Subject::Send => 4.0,
    }
}

/// The share that a kind of inspection must have in all that is said of inspections.
const NEWS_SHARE: f64 = 0.4;

fn is_news(story: &Prepared, authority: usize, subject: Subject) -> bool {
    let spoken = story.subjects_of(authority);
    match subject {
        Subject::Full => {
            let graded = story.said_of(authority).any(|said| said.overall && !said.past && said.year.is_none() && said.weight >= 2.5);
            graded && story.topics.lead(relevance::Topic::Inspection) >= 2.0
        }
        // A visit is one whichever of the two kinds its signs were counted for.
        Subject::Focused | Subject::Monitoring => {
            let share = spoken.share(Subject::Focused) + spoken.share(Subject::Monitoring);
            spoken.get(Subject::Focused) + spoken.get(Subject::Monitoring) >= news_strength(subject) && share >= NEWS_SHARE
        }
        Subject::Jtai | Subject::Send => spoken.get(subject) >= news_strength(subject) && spoken.share(subject) >= NEWS_SHARE,
    }
}

fn tie_kind(findings: &Findings) -> TieKind {
    let minor = findings.get("authority-minor") > 0.0 && findings.get("quote-exact") + findings.get("shared-text") < 0.2;
    match findings.gap {
        _ if minor || findings.get("subject-other") > 0.9 => TieKind::Mention,
        Some(gap) if gap > COVERAGE_DAYS => TieKind::FollowUp,
        _ => TieKind::Coverage,
    }
}

fn grade_check(candidate: &Candidate, findings: &Findings) -> GradeCheck {
    match (overall(&candidate.card), &findings.stated) {
        (None, _) => GradeCheck::NoGrade,
        (Some(_), None) => GradeCheck::NotStated,
        (Some(grade), Some(said)) if said.grade == grade => GradeCheck::Agrees,
        (Some(Grade::NotJudged), Some(_)) => GradeCheck::NoGrade,
        (Some(_), Some(_)) => GradeCheck::Disagrees,
    }
}

fn kind(ties: &[Tie], candidates: &[Candidate]) -> StoryKind {
    let mut authorities: Vec<&str> = ties
        .iter()
        .filter(|tie| tie.state.holds())
        .filter_map(|tie| candidates.iter().find(|candidate| candidate.card.id == tie.report))
        .filter_map(|candidate| candidate.card.authority.as_deref())
        .collect();
    authorities.sort_unstable();
    authorities.dedup();
    match ties.first() {
        _ if authorities.len() > 2 => StoryKind::RoundUp,
        Some(tie) if tie.kind == TieKind::FollowUp => StoryKind::FollowUp,
        _ if authorities.len() == 2 => StoryKind::RoundUp,
        _ => StoryKind::Coverage,
    }
}

fn quotation(quoted: &super::quotes::Quoted) -> Quotation {
    let speaker = match &quoted.speaker {
        Speaker::Ofsted => Some("Ofsted".to_owned()),
        Speaker::Other(name) => Some(name.clone()),
        Speaker::Unknown => None,
    };
    Quotation { text: quoted.text.clone(), speaker, found: false, exact: false, report: None, page: None, paragraph: None }
}

/// Each quotation with the report that has it best. One whose bounds are guessed is none unless a report has it.
fn quotations(story: &Prepared, ties: &[Tie], candidates: &[Candidate], found: &[Findings]) -> Vec<Quotation> {
    let tied: Vec<Option<usize>> = candidates.iter().map(|candidate| ties.iter().position(|tie| tie.report == candidate.card.id)).collect();
    let shown = story.quotations.iter().enumerate().map(|(quote, quoted)| {
        let mut shown = quotation(quoted);
        if let Some((at, place)) = best_place(story, quote, &tied, ties, found) {
            let passage = candidates[at].text.passages.get(place.passage);
            shown.found = true;
            shown.exact = place.exact;
            shown.report = Some(candidates[at].card.id.clone());
            shown.page = passage.map(|passage| passage.page);
            shown.paragraph = passage.and_then(evidence::paragraph);
        }
        (quoted.bounds, shown)
    });
    shown.filter(|(bounds, shown)| *bounds == Bounds::Printed || shown.found).map(|(_, shown)| shown).collect()
}

/// Words from which a quotation that stands in a report without a tie is that report's.
const LEAST_UNTIED: usize = 8;
/// The same where it stands word for word and is said to be Ofsted's.
const SHORT_UNTIED: usize = 4;

/// The candidate that has a quotation word for word rather than nearly, then one that is tied, then the one of the
/// authority that the sentence speaks of, then the one that has more of it.
fn best_place(story: &Prepared, quote: usize, tied: &[Option<usize>], ties: &[Tie], found: &[Findings]) -> Option<(usize, Place)> {
    let near = story.authorities_near(story.quotations[quote].start);
    let spoken_of = |at: usize| found[at].authority.is_some_and(|authority| story.actor(authority).is_some_and(|actor| !actor.passing));
    let credited = story.quotations[quote].speaker == Speaker::Ofsted;
    let long = |place: &Place| place.matched >= if credited && place.exact { SHORT_UNTIED } else { LEAST_UNTIED };
    (0..found.len())
        .filter_map(|at| found[at].quotations[quote].map(|place| (at, place)))
        .filter(|(at, place)| tied[*at].is_some() || spoken_of(*at) && long(place))
        .max_by_key(|(at, place)| {
            let (exact, matched) = place.rank();
            let holds = tied[*at].is_some_and(|tie| ties[tie].state.holds());
            let own = found[*at].authority.is_some_and(|authority| near.contains(&authority));
            (exact, holds, own, matched, std::cmp::Reverse(tied[*at].unwrap_or(usize::MAX)), std::cmp::Reverse(*at))
        })
}
