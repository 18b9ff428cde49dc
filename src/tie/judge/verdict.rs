//! From chances to ties, the kind of story, and whose words its quotations are.

use std::rc::Rc;

use crate::{
    model::{
        evidence::Quotation,
        report::ReportId,
        tie::{GradeCheck, Mention, Tie, TieKind, TieState},
        verdict::StoryKind,
    },
    tie::{
        event::{self, EventReading, EventStanding},
        evidence,
        features::{COVERAGE_DAYS, Candidate, EVENING_BEFORE, Findings, PartsSaid, overall},
        grades,
        locate::QuotePlace,
        prepared::Prepared,
        quotes::Bounds,
        subject::Subject,
    },
};

use super::{Judge, mentions::TELLING, quotation};

/// Possible ties offered of one authority.
const MAX_POSSIBLE: usize = 3;

/// What is said for a verdict: the story, its candidates, and what was found of each.
pub(super) struct Verdict<'a> {
    pub judge: &'a Judge,
    pub story: &'a Prepared,
    pub candidates: &'a [Candidate],
    pub found: &'a [Findings],
    pub chances: &'a [f64],
}

impl Verdict<'_> {
    pub fn at(&self, report: &ReportId) -> Option<usize> {
        self.candidates.iter().position(|candidate| candidate.card.id == *report)
    }

    pub fn kind_of(&self, at: usize) -> Option<Subject> {
        Subject::of(self.candidates[at].card.framework)
    }

    /// The reports of an authority.
    pub fn of(&self, authority: usize) -> impl Iterator<Item = usize> {
        (0..self.candidates.len()).filter(move |&at| self.found[at].authority == Some(authority))
    }

    /// What the story says of an authority's inspections.
    pub fn reading(&self, authority: usize) -> Rc<EventReading> {
        let known = self.of(authority).find_map(|at| self.found[at].reading.clone());
        known.unwrap_or_else(|| Rc::new(event::read(self.story, authority)))
    }

    /// The ties, best first. Where the story waits for another inspection of an authority, no older report of it is tied
    /// without asking.
    pub fn ties(&self, waiting: Option<usize>) -> Vec<Tie> {
        let weights = &self.judge.weights;
        let mut order: Vec<usize> = (0..self.candidates.len()).filter(|&at| self.chances[at] >= weights.possible).collect();
        order.sort_by(|&a, &b| {
            self.chances[b].total_cmp(&self.chances[a]).then(self.candidates[a].card.id.cmp(&self.candidates[b].card.id))
        });
        let mut ties = Vec::new();
        let mut offered: Vec<Option<usize>> = Vec::new();
        for at in order {
            let (candidate, findings) = (&self.candidates[at], &self.found[at]);
            let background = waiting.is_some() && waiting == findings.authority;
            if background && findings.recalled {
                continue;
            }
            // What is said of a neighbour in passing is never the story's own without asking.
            let beside = findings.get("beside") > 0.0 && findings.get("quote-unique") == 0.0;
            // Nor is a report of a council that is only named.
            let bare = findings.get("bare") > 0.0;
            let auto = self.chances[at] >= weights.auto && !background && !beside && !bare;
            if !auto && offered.iter().filter(|authority| **authority == findings.authority).count() >= MAX_POSSIBLE {
                continue;
            }
            offered.push(findings.authority);
            ties.push(Tie {
                report: candidate.card.id.clone(),
                state: if auto { TieState::Auto } else { TieState::Possible },
                confidence: (self.chances[at] * 1000.0).round() / 1000.0,
                kind: tie_kind(findings),
                grade_check: grade_check(self.story, candidate, findings),
                evidence: evidence::word(self.story, candidate, findings, weights),
            });
        }
        ties
    }

    /// Those of the ties first, then the others that the story is mostly about.
    pub fn authorities(&self, ties: &[Tie]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let tied =
            ties.iter().filter(|tie| tie.state.holds()).filter_map(|tie| self.candidates[self.at(&tie.report)?].card.authority.clone());
        for name in tied.chain(self.judge.main_names(self.story)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    pub fn kind(&self, ties: &[Tie]) -> StoryKind {
        let holding = ties.iter().filter(|tie| tie.state.holds());
        let mut authorities: Vec<&str> =
            holding.filter_map(|tie| self.candidates[self.at(&tie.report)?].card.authority.as_deref()).collect();
        authorities.sort_unstable();
        authorities.dedup();
        let announced = || self.story.main_authorities().first().is_some_and(|&authority| self.reading(authority).is_announced());
        match ties.first() {
            _ if authorities.len() > 2 => StoryKind::RoundUp,
            Some(tie) if tie.kind == TieKind::Announcement => StoryKind::Announcement,
            Some(tie) if tie.kind == TieKind::FollowUp => StoryKind::FollowUp,
            _ if authorities.len() == 2 => StoryKind::RoundUp,
            None if announced() => StoryKind::Announcement,
            _ => StoryKind::Coverage,
        }
    }

    /// Each quotation with its place in the report that has it best, of those tied and mentioned. One whose bounds are guessed
    /// is none unless a report has it.
    pub fn quotations(&self, ties: &[Tie], mentions: &[Mention]) -> Vec<Quotation> {
        let spoken: Vec<usize> = ties
            .iter()
            .map(|tie| &tie.report)
            .chain(mentions.iter().map(|mention| &mention.report))
            .filter_map(|report| self.at(report))
            .collect();
        let quotations = self.story.quotations.iter().enumerate();
        let shown = quotations.map(|(quote, quoted)| (quoted.bounds, self.placed(quotation(quoted), quote, ties, &spoken)));
        shown.filter(|(bounds, shown)| *bounds == Bounds::Printed || shown.found).map(|(_, shown)| shown).collect()
    }

    /// The report that has a quotation word for word rather than nearly, then one that is tied, then the one of the
    /// authority that the sentence speaks of, then the one that has more of it.
    fn placed(&self, mut shown: Quotation, quote: usize, ties: &[Tie], spoken: &[usize]) -> Quotation {
        // The name of a grade stands in every report of that grade: it is that of the report that the story is about.
        let bare = grades::is_bare(&shown.text);
        let near = self.story.authorities_near(self.story.quotations[quote].start);
        let places = spoken.iter().enumerate().filter_map(|(rank, &at)| Some((rank, at, self.found[at].quotations[quote]?)));
        let telling = |rank: usize, place: &QuotePlace| match bare {
            true => ties.get(rank).is_some_and(|tie| tie.state.holds()),
            false => rank < ties.len() || place.exact || place.matched >= TELLING,
        };
        let best = places.filter(|(rank, _, place)| telling(*rank, place)).max_by_key(|(rank, at, place)| {
            let (exact, matched) = place.rank();
            let holds = ties.get(*rank).is_some_and(|tie| tie.state.holds());
            // Of several that the sentence speaks of, the one that it names first.
            let own = self.found[*at].authority.and_then(|authority| near.iter().position(|other| *other == authority));
            (exact, holds, own.map(std::cmp::Reverse), matched, std::cmp::Reverse(*rank))
        });
        if let Some((_, at, place)) = best {
            let passage = self.candidates[at].text.passages.get(place.passage);
            shown.found = true;
            shown.exact = place.exact;
            shown.report = Some(self.candidates[at].card.id.clone());
            shown.page = passage.map(|passage| passage.page);
            shown.paragraph = passage.and_then(evidence::paragraph);
        } else if !self.story.sought[quote].is_compared() {
            // "Said to be Ofsted's and not found" would be a doubt that nobody looked into.
            shown.speaker = None;
        }
        shown
    }
}

fn tie_kind(findings: &Findings) -> TieKind {
    match findings.gap {
        Some(..EVENING_BEFORE) => TieKind::Announcement,
        Some(gap) if gap > COVERAGE_DAYS => TieKind::FollowUp,
        _ => TieKind::Coverage,
    }
}

/// The grade stated, held against the report's. That they differ is a doubt shown to people, so it is said only where the
/// story states no such grade of the report's authority at all, and states another as news.
fn grade_check(story: &Prepared, candidate: &Candidate, findings: &Findings) -> GradeCheck {
    if findings.to_come {
        return GradeCheck::NotStated;
    }
    let (grade, said) = match (overall(&candidate.card), &findings.stated) {
        (Some(grade), Some(said)) => (grade, said),
        (stands, _) => {
            return parts_check(candidate, findings.parts).unwrap_or(if stands.is_some() {
                GradeCheck::NotStated
            } else {
                GradeCheck::NoGrade
            });
        }
    };
    let told = || findings.authority.into_iter().flat_map(|authority| story.said_of(authority)).filter(|said| said.overall);
    let said_too = || told().any(|said| said.grade == grade);
    // "Good overall, with an outstanding team": what is said of the whole counts, however loud the rest.
    let as_news = || told().any(|said| said.grade == grade && said.standing == EventStanding::New && said.weight >= PLAINLY);
    match said.grade == grade {
        true => GradeCheck::Agrees,
        false if as_news() => GradeCheck::Agrees,
        false if said.standing == EventStanding::New && said.weight >= SURELY && !said_too() => GradeCheck::Disagrees,
        false => GradeCheck::NotStated,
    }
}

/// Where the story grades only parts of the service: whether they are graded so in the report.
fn parts_check(candidate: &Candidate, said: PartsSaid) -> Option<GradeCheck> {
    match said {
        PartsSaid { agree: 1.., differ: 0 } => Some(GradeCheck::Agrees),
        PartsSaid { agree: 0, differ: 1.. } if candidate.card.judgements.iter().all(|judgement| judgement.agree) => {
            Some(GradeCheck::Disagrees)
        }
        _ => None,
    }
}

/// How loudly the report's own grade must be stated to be the story's, beside others.
const PLAINLY: f64 = 0.75;
/// How loudly another grade must be stated to be a doubt.
const SURELY: f64 = 1.3;
