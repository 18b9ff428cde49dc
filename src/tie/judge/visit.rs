//! Whether a story is news of a visit of which no report is stored. A visit is seldom told by its name: what stands for and against
//! it is weighed by weights that `tests/fit/visits` fits, in `config/visits.toml`.

use std::collections::HashMap;

use serde::Deserialize;

use crate::{
    model::report::Grade,
    tie::{
        event::{EventFamily, EventReading, EventStanding},
        features::{EVENING_BEFORE, overall},
        quotes::Speaker,
        score::{WeightsError, by_name},
        subject::{self, Subject},
    },
};

use super::verdict::Verdict;

/// The names of the signs, in the order of [`VisitWeights`]. Each lies between 0 and 1.
pub const SIGNS: [&str; 20] = [
    "named-lead", "named", "visited-lead", "visited", "scope", "findings", "ungraded", "followed", "graded", "stands", "after", "covered",
    "undated", "tied", "joint", "unfound", "unfound-nowhere", "found", "inadequate", "announced",
];

/// Each sign by its name, in the order of [`SIGNS`].
pub type Signs = [(&'static str, f64); SIGNS.len()];

/// A logistic model over the signs.
#[derive(Debug, Clone, PartialEq)]
pub struct VisitWeights {
    bias: f64,
    /// From this probability on a story waits for a visit.
    least: f64,
    by_sign: [f64; SIGNS.len()],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VisitFile {
    bias: f64,
    least: f64,
    weight: HashMap<String, f64>,
}

impl VisitWeights {
    /// Reads a file of weights; each sign must have its own.
    pub fn parse(text: &str) -> Result<Self, WeightsError> {
        let file: VisitFile = toml::from_str(text)?;
        Ok(Self { bias: file.bias, least: file.least, by_sign: by_name(SIGNS, file.weight)? })
    }

    /// The weights that the program ships with.
    pub fn built_in() -> Result<Self, WeightsError> {
        Self::parse(include_str!("../../../config/visits.toml"))
    }

    fn tell(&self, signs: &Signs) -> bool {
        let odds = self.bias + self.by_sign.iter().zip(signs).map(|(weight, (_, sign))| weight * sign).sum::<f64>();
        1.0 / (1.0 + (-odds).exp()) >= self.least
    }
}

/// What so much of is said counts as much as can be.
const PLENTY: f64 = 3.0;
/// Days after a report within which a story is news of it.
pub(super) const NEWS_DAYS: i32 = 60;
/// How strongly a monitoring visit must be spoken of to be what inspectors did.
const MONITORED: f64 = 1.5;
/// Words of a quotation of Ofsted's that some report must have.
const QUOTED: usize = 5;

impl Verdict<'_> {
    /// True if the story is news of a visit to an authority of which no report is stored.
    pub(super) fn tells_visit(&self, authority: usize, reading: &EventReading) -> bool {
        self.judge.visits.tell(&self.signs(authority, reading))
    }

    /// The grade of the newest full report that came so many days before the story, or earlier.
    pub(super) fn newest_grade(&self, authority: usize, least: i32) -> Option<Grade> {
        let full = self.of(authority).filter(|&at| self.candidates[at].card.framework.is_full());
        let before = full.filter(|&at| self.found[at].gap.is_none_or(|gap| gap >= least));
        before.max_by_key(|&at| self.candidates[at].card.published).and_then(|at| overall(&self.candidates[at].card))
    }

    /// What stands for and against that.
    pub fn signs(&self, authority: usize, reading: &EventReading) -> Signs {
        let share = |sum: f64| (sum / PLENTY).clamp(0.0, 1.0);
        let flag = |told: bool| f64::from(u8::from(told));
        let cues = |family: EventFamily, lead: bool| -> f64 {
            let own = self.story.cues.iter().filter(|cue| cue.family == family && self.story.owns(authority, cue.at));
            own.filter(|cue| cue.lead == lead).map(|cue| cue.weight).sum()
        };
        let full = || self.of(authority).filter(|&at| self.candidates[at].card.framework.is_full());
        let newest = self.newest_grade(authority, NEWS_DAYS + 1);
        let told = || self.story.said_of(authority).filter(|said| said.overall && said.standing == EventStanding::New);
        // Only councils that were found inadequate are monitored: where that is what inspectors did, the grade is the old one.
        let (named_lead, named) = (self.story.named_visits(authority, true), self.story.named_visits(authority, false));
        let monitored = named_lead + named >= MONITORED && subject::is_named(&self.story.folded, Subject::Monitoring);
        let stands = told().any(|said| Some(said.grade) == newest || monitored && newest.is_none() && said.grade == Grade::Inadequate);
        let likely = |at: usize| self.chances[at] >= self.judge.weights.possible;
        let covers = |at: usize| match self.found[at].gap {
            Some(gap) => (EVENING_BEFORE..=NEWS_DAYS).contains(&gap) && likely(at),
            None => self.chances[at] >= self.judge.weights.auto,
        };
        let tied = self.of(authority).filter(|&at| self.kind_of(at).is_some_and(|kind| !crate::tie::event::is_visit(kind)));
        let quoted = self.story.quotations.iter().zip(&self.story.sought).enumerate().filter(|(_, (quoted, sought))| {
            quoted.speaker == Speaker::Ofsted && sought.is_compared() && quoted.text.split_whitespace().count() >= QUOTED
        });
        let (found, unfound): (Vec<usize>, Vec<usize>) =
            quoted.map(|(at, _)| at).partition(|&quote| self.found.iter().any(|findings| findings.quotations[quote].is_some()));
        // Of a council without a stored report no quotation is found, whatever it was that inspectors wrote.
        let (unfound, nowhere) = if full().next().is_some() { (unfound.len(), 0) } else { (0, unfound.len()) };
        [
            ("named-lead", share(named_lead)),
            ("named", share(named)),
            ("visited-lead", share(cues(EventFamily::Visit, true))),
            ("visited", share(cues(EventFamily::Visit, false))),
            ("scope", share(cues(EventFamily::Scope, true) + cues(EventFamily::Scope, false))),
            ("findings", share(reading.findings)),
            ("ungraded", if reading.graded == 0.0 { share(reading.fresh) } else { 0.0 }),
            ("followed", share(reading.follow_up)),
            ("graded", if stands { 0.0 } else { share(reading.graded) }),
            ("stands", if stands { share(reading.graded) } else { 0.0 }),
            ("after", flag(full().next().is_some() && full().all(|at| self.found[at].get("told-after") > 0.0))),
            ("covered", flag(full().any(covers))),
            ("undated", flag(self.story.day.is_none())),
            ("tied", tied.map(|at| self.chances[at]).fold(0.0, f64::max)),
            ("joint", share(reading.subjects.get(Subject::Jtai) + reading.subjects.get(Subject::Send))),
            ("unfound", share(unfound as f64)),
            ("unfound-nowhere", share(nowhere as f64)),
            ("found", share(found.len() as f64)),
            ("inadequate", flag(newest == Some(Grade::Inadequate))),
            ("announced", share(reading.announced)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_name_each_sign_once() {
        let weights = VisitWeights::built_in().unwrap();
        assert!(weights.by_sign.iter().all(|weight| weight.is_finite()) && weights.least > 0.0);
        let lacking = include_str!("../../../config/visits.toml").replace("unfound", "unfuond");
        assert!(VisitWeights::parse(&lacking).unwrap_err().to_string().contains("unfound"));
    }

    /// A sign alone: named visits tell one, a report of these days and a new grade do not.
    #[test]
    fn signs_stand_on_their_side() {
        let weights = VisitWeights::built_in().unwrap();
        let of = |name: &str| weights.by_sign[SIGNS.iter().position(|known| *known == name).unwrap()];
        for name in ["named-lead", "named", "visited-lead", "visited", "scope", "after", "unfound"] {
            assert!(of(name) >= 0.0, "{name}");
        }
        for name in ["graded", "covered", "found", "followed", "joint", "tied"] {
            assert!(of(name) <= 0.0, "{name}");
        }
    }
}
