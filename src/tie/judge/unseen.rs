//! Whether a story is news of an inspection of which no report is stored, and of what kind. A visit is seldom told by its name, and
//! a new report may stand beside old ones: what stands for and against each kind is weighed by weights that `tests/fit/unseen` fits,
//! in `config/unseen.toml`.

use std::collections::HashMap;

use serde::Deserialize;

use crate::{
    model::report::Grade,
    tie::{
        event::{EventFamily, EventReading, EventStanding},
        features::{EVENING_BEFORE, names_inspector, overall},
        quotes::Speaker,
        relevance::Topic,
        score::{WeightsError, by_name},
        subject::{self, Subject},
    },
};

use super::verdict::Verdict;

/// The names of the signs, in the order of the weights. Each lies between 0 and 1.
pub const SIGNS: [&str; 31] = [
    "named-lead", "named", "visited-lead", "visited", "scope", "findings", "ungraded", "followed", "graded", "stands", "after", "covered",
    "undated", "tied", "unfound", "unfound-nowhere", "found", "inadequate", "announced", "fresh", "lead", "full", "send", "joint",
    "only-send", "only-joint", "unknown", "explained", "titled", "beside", "inspector",
];

/// Each sign by its name, in the order of [`SIGNS`].
pub type Signs = [(&'static str, f64); SIGNS.len()];

/// What kind of inspection a story can be news of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unseen {
    /// A focused or monitoring visit.
    Visit,
    /// A full inspection.
    Full,
    /// An area's: of help for children with special needs, or by several inspectorates.
    Area,
}

impl Unseen {
    const ALL: [Self; 3] = [Self::Visit, Self::Full, Self::Area];
}

/// A multinomial logistic model over the signs: each kind, and news of none, whose odds are 1.
#[derive(Debug)]
pub struct UnseenWeights {
    /// From this probability of any kind on a story waits for the most probable one.
    least: f64,
    kinds: [KindWeights; Unseen::ALL.len()],
}

#[derive(Debug)]
struct KindWeights {
    bias: f64,
    by_sign: [f64; SIGNS.len()],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnseenFile {
    least: f64,
    visit: KindFile,
    full: KindFile,
    area: KindFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindFile {
    bias: f64,
    weight: HashMap<String, f64>,
}

impl KindWeights {
    fn of(file: KindFile) -> Result<Self, WeightsError> {
        Ok(Self { bias: file.bias, by_sign: by_name(SIGNS, file.weight)? })
    }

    /// Its odds against news of no such inspection.
    fn odds(&self, signs: &Signs) -> f64 {
        (self.bias + self.by_sign.iter().zip(signs).map(|(weight, (_, sign))| weight * sign).sum::<f64>()).exp()
    }
}

impl UnseenWeights {
    /// Reads a file of weights; each sign must have its own for each kind.
    pub fn parse(text: &str) -> Result<Self, WeightsError> {
        let file: UnseenFile = toml::from_str(text)?;
        Ok(Self { least: file.least, kinds: [KindWeights::of(file.visit)?, KindWeights::of(file.full)?, KindWeights::of(file.area)?] })
    }

    /// The weights that the program ships with.
    pub fn built_in() -> Result<Self, WeightsError> {
        Self::parse(include_str!("../../../config/unseen.toml"))
    }

    /// The most probable kind, where it is probable enough that there is any.
    fn tell(&self, signs: &Signs) -> Option<Unseen> {
        let odds = self.kinds.each_ref().map(|weights| weights.odds(signs));
        let any: f64 = odds.iter().sum();
        let (kind, _) = Unseen::ALL.into_iter().zip(odds).max_by(|(_, one), (_, two)| one.total_cmp(two))?;
        // As a share of 1 + any it would be no number where the odds have none.
        (any >= self.least / (1.0 - self.least)).then_some(kind)
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
    /// The kind of inspection of an authority that the story is news of and of which no report is stored.
    pub(super) fn unseen(&self, authority: usize, reading: &EventReading) -> Option<Unseen> {
        self.judge.unseen.tell(&self.signs(authority, reading))
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
        let unknown = full().next().is_none();
        let (unfound, nowhere) = if unknown { (0, unfound.len()) } else { (unfound.len(), 0) };
        let spoken = &reading.subjects;
        let elsewhere = (0..self.candidates.len()).filter(|&at| self.found[at].authority != Some(authority));
        let explained = elsewhere.filter(|&at| self.found[at].is_coverage()).map(|at| self.chances[at]).fold(0.0, f64::max);
        let actor = self.story.actor(authority);
        let beside = self.story.main_authorities().first() != Some(&authority);
        // Somebody is called an inspector who led no inspection of which a report is stored.
        let inspector =
            !self.story.inspectors.is_empty() && !self.of(authority).any(|at| names_inspector(self.story, &self.candidates[at].card));
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
            ("after", flag(!unknown && full().all(|at| self.found[at].get("told-after") > 0.0))),
            ("covered", flag(full().any(covers))),
            ("undated", flag(self.story.day.is_none())),
            ("tied", tied.map(|at| self.chances[at]).fold(0.0, f64::max)),
            ("unfound", share(unfound as f64)),
            ("unfound-nowhere", share(nowhere as f64)),
            ("found", share(found.len() as f64)),
            ("inadequate", flag(newest == Some(Grade::Inadequate))),
            ("announced", share(reading.announced)),
            ("fresh", share(reading.fresh)),
            ("lead", share(self.story.topics.lead(Topic::Inspection))),
            ("full", share(spoken.get(Subject::Full))),
            ("send", share(spoken.get(Subject::Send) / 2.0)),
            ("joint", share(spoken.get(Subject::Jtai))),
            ("only-send", spoken.share(Subject::Send)),
            ("only-joint", spoken.share(Subject::Jtai)),
            ("unknown", flag(unknown)),
            ("explained", explained),
            ("titled", flag(actor.is_some_and(|actor| actor.in_title))),
            ("beside", flag(beside)),
            ("inspector", flag(inspector)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../config/unseen.toml");

    #[test]
    fn the_shipped_weights_name_each_sign_once() {
        let weights = UnseenWeights::built_in().unwrap();
        assert!(
            weights.kinds.iter().all(|kind| kind.by_sign.iter().all(|weight| weight.is_finite()))
                && weights.least > 0.0
                && weights.least < 1.0
        );
        assert!(UnseenWeights::parse(&SHIPPED.replace("unfound", "unfuond")).unwrap_err().to_string().contains("unfound"));
    }

    /// What speaks for a kind, and what against it.
    #[test]
    fn signs_stand_on_their_side() {
        let weights = UnseenWeights::built_in().unwrap();
        let of = |kind: Unseen, name: &str| weights.kinds[kind as usize].by_sign[SIGNS.iter().position(|known| *known == name).unwrap()];
        for name in ["named-lead", "named", "visited-lead", "visited", "scope", "after", "unfound"] {
            assert!(of(Unseen::Visit, name) >= 0.0, "{name}");
        }
        for name in ["graded", "covered", "found", "followed", "tied"] {
            assert!(of(Unseen::Visit, name) <= 0.0, "{name}");
        }
        assert!(of(Unseen::Full, "graded") > 0.0 && of(Unseen::Full, "covered") <= 0.0 && of(Unseen::Full, "named-lead") <= 0.0);
        assert!(of(Unseen::Area, "send") > 0.0 && of(Unseen::Area, "joint") > 0.0 && of(Unseen::Area, "found") <= 0.0);
    }
}
