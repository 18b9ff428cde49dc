//! The phrases of `config/grades.toml`: words for grades and parts, and those that tell how a grade is meant.

use std::{collections::BTreeSet, sync::LazyLock};

use serde::Deserialize;

use super::{GradedPart, hint::Suggestion};
use crate::{model::report::Grade, tie::fold::Phrases};

/// All that is shipped.
pub(super) static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../../config/grades.toml")).unwrap_or_default());

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Lexicon {
    said: Vec<GradePhrases>,
    place: Vec<GradePhrases>,
    rank: Vec<GradePhrases>,
    rank_scopes: Vec<String>,
    rank_tails: Vec<String>,
    outcome_rank: Vec<GradePhrases>,
    outcomes: Vec<String>,
    part: Vec<PartPhrases>,
    hint: Vec<GradePhrases>,
    #[serde(rename = "move")]
    moves: Vec<MovePhrases>,
    /// What suggests a grade, and what each phrase suggests.
    #[serde(skip)]
    pub hints: Phrases,
    #[serde(skip)]
    suggested: Vec<Suggestion>,
    /// Every way to say a grade, and what each phrase says.
    #[serde(skip)]
    pub grades: Phrases,
    #[serde(skip)]
    sayings: Vec<Saying>,
    #[serde(skip)]
    pub parts: Phrases,
    #[serde(skip)]
    part_of: Vec<GradedPart>,
    pub past: Phrases,
    pub later: Phrases,
    pub left: Phrases,
    pub hoped: Phrases,
    pub conceded: Phrases,
    pub wished: Phrases,
    pub denied: Phrases,
    pub unchanged: Phrases,
    pub whole: Phrases,
    pub marks: Words,
    pub grading: Words,
    pub given: Words,
    pub judged: Words,
    pub verdicts: Words,
    pub chain: Words,
    pub after: Words,
    pub praise: Words,
    pub scale: Words,
    pub inspected: Words,
}

/// A phrase that says a grade.
#[derive(Clone, Copy)]
struct Saying {
    grade: Grade,
    /// It tells a place on a scale.
    place: bool,
    /// It is one only beside words of a verdict: "second of four" may be anything's.
    ambiguous: bool,
}

/// A set of single words.
#[derive(Default, Deserialize)]
pub(super) struct Words(BTreeSet<String>);

impl Words {
    pub fn has(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GradePhrases {
    grade: Grade,
    phrases: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MovePhrases {
    steps: i8,
    phrases: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartPhrases {
    part: GradedPart,
    phrases: Vec<String>,
}

impl Lexicon {
    fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let mut read: Self = toml::from_str(text)?;
        let sayings = read.every_way();
        read.grades = Phrases::new(sayings.iter().map(|(phrase, _)| phrase.as_str()));
        read.sayings = sayings.iter().map(|(_, saying)| *saying).collect();
        read.parts = Phrases::new(read.part.iter().flat_map(|group| group.phrases.iter().map(String::as_str)));
        read.part_of = read.part.iter().flat_map(|group| group.phrases.iter().map(|_| group.part)).collect();
        let grades = read.hint.iter().flat_map(|group| group.phrases.iter().map(|phrase| (phrase.clone(), Suggestion::Grade(group.grade))));
        let moves = read.moves.iter().flat_map(|group| group.phrases.iter().map(|phrase| (phrase.clone(), Suggestion::Steps(group.steps))));
        let hints: Vec<(String, Suggestion)> = grades.chain(moves).collect();
        read.hints = Phrases::new(hints.iter().map(|(phrase, _)| phrase.as_str()));
        read.suggested = hints.iter().map(|(_, suggested)| *suggested).collect();
        Ok(read)
    }

    /// What a phrase of [`Self::hints`] suggests.
    pub fn suggested(&self, phrase: usize) -> Suggestion {
        self.suggested[phrase]
    }

    /// The grade that a phrase of [`Self::grades`] says.
    pub fn grade(&self, phrase: usize) -> Grade {
        self.sayings[phrase].grade
    }

    /// True for a phrase that is a grade only beside words of a verdict.
    pub fn is_ambiguous(&self, phrase: usize) -> bool {
        self.sayings[phrase].ambiguous
    }

    /// True for a phrase that tells a place on a scale, be it of four grades or of three outcomes.
    pub fn is_place(&self, phrase: usize) -> bool {
        self.sayings[phrase].place
    }

    /// The part that a phrase of [`Self::parts`] names.
    pub fn part(&self, phrase: usize) -> GradedPart {
        self.part_of[phrase]
    }

    /// Every way to say a grade: its words, its place, and its rank with what is ranked.
    fn every_way(&self) -> Vec<(String, Saying)> {
        let plain = |groups: &[GradePhrases], place: bool| -> Vec<(String, Saying)> {
            let each = |group: &GradePhrases| {
                let saying = Saying { grade: group.grade, place, ambiguous: place };
                group.phrases.iter().map(|phrase| (phrase.clone(), saying)).collect::<Vec<_>>()
            };
            groups.iter().flat_map(each).collect()
        };
        let marks: Vec<String> = self
            .rank_scopes
            .iter()
            .flat_map(|scope| self.marks.0.iter().map(move |mark| format!("{scope} {mark}").trim().to_owned()))
            .collect();
        let plainly = |tail: &str| tail.rsplit(' ').next().is_some_and(|last| last == "outcome" || self.grading.has(last));
        let before = |ranks: Vec<(String, Saying)>, tails: &[String]| -> Vec<(String, Saying)> {
            let with =
                |rank: &str, saying: Saying, tail: &String| (format!("{rank} {tail}"), Saying { ambiguous: !plainly(tail), ..saying });
            ranks.iter().flat_map(|(rank, saying)| tails.iter().map(move |tail| with(rank, *saying, tail))).collect()
        };
        let ranked = [before(plain(&self.rank, true), &marks), before(plain(&self.rank, true), &self.rank_tails)].concat();
        let outcomes = before(plain(&self.outcome_rank, true), &self.outcomes);
        [plain(&self.said, false), plain(&self.place, true), ranked, outcomes].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::folded;

    #[test]
    fn the_shipped_phrases_are_read_folded_and_said_once() {
        let text = include_str!("../../../config/grades.toml");
        assert!(Lexicon::parse(text).is_ok());
        let table: toml::Table = text.parse().unwrap();
        for (family, value) in &table {
            let mut seen = std::collections::HashSet::new();
            for phrase in phrases(value) {
                assert_eq!(phrase, folded(&phrase), "{family}");
                assert!(seen.insert(phrase.clone()), "{family} has ‘{phrase}’ twice");
            }
        }
    }

    /// The phrases of a family, be it one list or several.
    fn phrases(value: &toml::Value) -> Vec<String> {
        match value {
            toml::Value::String(phrase) => vec![phrase.clone()],
            toml::Value::Array(values) => values.iter().flat_map(phrases).collect(),
            toml::Value::Table(table) => table.get("phrases").map(phrases).unwrap_or_default(),
            _ => Vec::new(),
        }
    }
}
