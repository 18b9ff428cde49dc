//! The phrases of `config/grades.toml`: words for grades and parts, and those that tell how a grade is meant.

use std::{collections::HashSet, sync::LazyLock};

use serde::Deserialize;

use super::GradedPart;
use crate::{model::report::Grade, tie::fold::Phrases};

/// All that is shipped.
pub(super) static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../../config/grades.toml")).unwrap_or_default());

#[derive(Default)]
pub(super) struct Lexicon {
    /// Every way to say a grade, and which each phrase says.
    pub grades: Phrases,
    said: Vec<Saying>,
    pub parts: Phrases,
    part_of: Vec<GradedPart>,
    pub past: Phrases,
    pub later: Phrases,
    pub left: Phrases,
    pub hoped: Phrases,
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
}

/// A phrase that says a grade.
#[derive(Clone, Copy)]
struct Saying {
    grade: Grade,
    /// It tells a place on a scale.
    place: bool,
    /// It is one only beside words of a verdict: "second of four" may be anything's.
    ranked: bool,
}

/// A set of single words.
#[derive(Default)]
pub(super) struct Words(HashSet<String>);

impl Words {
    pub fn has(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LexiconFile {
    said: Vec<GradePhrases>,
    place: Vec<GradePhrases>,
    rank: Vec<GradePhrases>,
    rank_scopes: Vec<String>,
    rank_tails: Vec<String>,
    unchanged: Vec<String>,
    denied: Vec<String>,
    outcome_rank: Vec<GradePhrases>,
    outcomes: Vec<String>,
    part: Vec<PartPhrases>,
    past: Vec<String>,
    later: Vec<String>,
    left: Vec<String>,
    hoped: Vec<String>,
    wished: Vec<String>,
    whole: Vec<String>,
    marks: Vec<String>,
    grading: Vec<String>,
    given: Vec<String>,
    judged: Vec<String>,
    verdicts: Vec<String>,
    chain: Vec<String>,
    after: Vec<String>,
    praise: Vec<String>,
    scale: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GradePhrases {
    grade: Grade,
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
        let file: LexiconFile = toml::from_str(text)?;
        let sayings = file.sayings();
        let parts: Vec<(&str, GradedPart)> =
            file.part.iter().flat_map(|group| group.phrases.iter().map(|phrase| (phrase.as_str(), group.part))).collect();
        let set = |list: &[String]| Phrases::new(list.iter().map(String::as_str));
        Ok(Self {
            grades: Phrases::new(sayings.iter().map(|(phrase, _)| phrase.as_str())),
            said: sayings.iter().map(|(_, saying)| *saying).collect(),
            parts: Phrases::new(parts.iter().map(|(phrase, _)| *phrase)),
            part_of: parts.iter().map(|(_, part)| *part).collect(),
            past: set(&file.past),
            later: set(&file.later),
            left: set(&file.left),
            hoped: set(&file.hoped),
            wished: set(&file.wished),
            denied: set(&file.denied),
            unchanged: set(&file.unchanged),
            whole: set(&file.whole),
            marks: Words(file.marks.into_iter().collect()),
            grading: Words(file.grading.into_iter().collect()),
            given: Words(file.given.into_iter().collect()),
            judged: Words(file.judged.into_iter().collect()),
            verdicts: Words(file.verdicts.into_iter().collect()),
            chain: Words(file.chain.into_iter().collect()),
            after: Words(file.after.into_iter().collect()),
            praise: Words(file.praise.into_iter().collect()),
            scale: Words(file.scale.into_iter().collect()),
        })
    }

    /// The grade that a phrase of [`Self::grades`] says.
    pub fn grade(&self, phrase: usize) -> Grade {
        self.said[phrase].grade
    }

    /// True for a phrase that is a grade only beside words of a verdict.
    pub fn is_ranked(&self, phrase: usize) -> bool {
        self.said[phrase].ranked
    }

    /// True for a phrase that tells a place on a scale, be it of four grades or of three outcomes.
    pub fn is_place(&self, phrase: usize) -> bool {
        self.said[phrase].place
    }

    /// The part that a phrase of [`Self::parts`] names.
    pub fn part(&self, phrase: usize) -> GradedPart {
        self.part_of[phrase]
    }
}

impl LexiconFile {
    /// Every way to say a grade: its words, its place, and its rank with what is ranked.
    fn sayings(&self) -> Vec<(String, Saying)> {
        let plain = |groups: &[GradePhrases], ranked: bool| -> Vec<(String, Saying)> {
            let each = |group: &GradePhrases| {
                let saying = Saying { grade: group.grade, place: ranked, ranked };
                group.phrases.iter().map(|phrase| (phrase.clone(), saying)).collect::<Vec<_>>()
            };
            groups.iter().flat_map(each).collect()
        };
        let marks: Vec<String> = self
            .rank_scopes
            .iter()
            .flat_map(|scope| self.marks.iter().map(move |mark| format!("{scope} {mark}").trim().to_owned()))
            .collect();
        let plainly =
            |tail: &str| tail.rsplit(' ').next().is_some_and(|last| last == "outcome" || self.grading.iter().any(|word| word == last));
        let before = |ranks: Vec<(String, Saying)>, tails: &[String]| -> Vec<(String, Saying)> {
            let with = |rank: &str, saying: Saying, tail: &String| {
                (format!("{rank} {tail}"), Saying { ranked: saying.ranked && !plainly(tail), ..saying })
            };
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
            let mut seen = HashSet::new();
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
