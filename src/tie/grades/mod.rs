//! What a story says of grades: which, of whom, for the whole or a part, now or in the past.

mod compared;
mod context;
mod lexicon;
mod parts;
mod standing;
mod stated;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use serde::Deserialize;

use crate::model::report::{Grade, JudgementKey};

pub use compared::{backshift, contrast, outdate};
use context::GradeContext;
use lexicon::LEXICON;

use super::{
    event::EventStanding,
    fold::{Folded, Hit},
    names::NameMention,
    text::StoryText,
    when::Named,
};

/// One grade that the story states.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub grade: Grade,
    /// Index of its first word.
    pub word: usize,
    /// Of the service as a whole, not of care leavers, leaders or a board.
    pub overall: bool,
    /// It is told by its place on a scale: "top marks".
    pub placed: bool,
    /// The parts of the service that it is said of; none of the whole.
    pub parts: Vec<GradedPart>,
    /// How its verb tells it.
    pub tense: Tense,
    /// It is told as news that this grade is held no more.
    pub left: bool,
    /// Nothing but "had been" makes it one of before: so do reports of what somebody said.
    pub by_tense: bool,
    /// Whether it is said as news, of an earlier inspection, or only hoped for.
    pub standing: EventStanding,
    /// The time it is said of, if one is named beside it.
    pub time: Option<Named>,
    /// How loudly it is said: title and "overall" count more.
    pub weight: f64,
    /// Index of the sentence it stands in.
    pub sentence: usize,
}

/// A part of the service, or something beside it, that is graded by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GradedPart {
    Leaders,
    HelpProtection,
    InCare,
    CareLeavers,
    Adoption,
    Board,
    /// What no inspection of children's services judges by itself: a school, a home, an agency.
    Other,
}

impl GradedPart {
    /// True if a report's judgement is of this part.
    pub fn is(self, key: JudgementKey) -> bool {
        match self {
            Self::Leaders => key == JudgementKey::Leaders,
            Self::HelpProtection => key == JudgementKey::HelpProtection,
            Self::InCare => matches!(key, JudgementKey::InCare | JudgementKey::InCareAndLeavers | JudgementKey::InCarePermanence),
            Self::CareLeavers => matches!(key, JudgementKey::CareLeavers | JudgementKey::InCareAndLeavers),
            Self::Adoption => key == JudgementKey::Adoption,
            Self::Board => key == JudgementKey::Lscb,
            Self::Other => false,
        }
    }
}

/// How the verb of a grade tells it: "is" or "has been" as what holds now, "was" as what was, "had been" as what was before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tense {
    /// No verb tells, as in most headlines.
    Open,
    Present,
    /// "Has been": what has come about just now.
    Perfect,
    Past,
    Before,
}

/// The grades a story states, in order; `times` are those it names, `names` where it names authorities, `day` that of its
/// publication, if known.
pub fn find(text: &StoryText, folded: &Folded, times: &[Named], names: &[NameMention], day: Option<Date>) -> Vec<Said> {
    let hits = LEXICON.grades.find(folded);
    let mut found = Vec::new();
    for (at, hit) in hits.iter().enumerate() {
        let grade = LEXICON.grade(hit.phrase);
        if is_scale(&hits, at, folded) {
            continue;
        }
        let Some(sentence) = text.sentence_at(folded.words[hit.first].start) else { continue };
        let before = at.checked_sub(1).map_or(0, |before| hits[before].end);
        let after = hits.get(at + 1).map_or(folded.words.len(), |next| next.first);
        let context = GradeContext::of(text, folded, sentence, (hit.first, hit.end), (before, after), names);
        if context.is_grade(grade) && (!LEXICON.is_ambiguous(hit.phrase) || context.tells_verdict()) {
            found.push(context.said(hit.phrase, times, day));
        }
    }
    keep_unchanged(&mut found, text, folded);
    found
}

/// "The council was told in 2016 that it required improvement. That is the verdict still.": the grade is said again, as news.
fn keep_unchanged(found: &mut Vec<Said>, text: &StoryText, folded: &Folded) {
    let again: Vec<Said> = found
        .iter()
        .filter(|said| said.overall && !said.left && said.standing == EventStanding::Previous)
        .filter(|said| found.iter().all(|other| other.sentence != said.sentence + 1))
        .filter_map(|said| {
            let next = text.sentences.get(said.sentence + 1)?;
            let says = !LEXICON.unchanged.find(&Folded::of(text.slice(*next))).is_empty();
            let word = folded.word_from(next.0);
            says.then(|| Said {
                word,
                sentence: said.sentence + 1,
                standing: EventStanding::New,
                time: None,
                by_tense: false,
                ..said.clone()
            })
        })
        .collect();
    found.extend(again);
    found.sort_by_key(|said| said.word);
}

/// One of three different grades with next to nothing between them: the scale, or the way up it.
fn is_scale(hits: &[Hit], at: usize, folded: &Folded) -> bool {
    let near = |a: usize, b: usize| {
        let mut gap = hits[a].end..hits[b].first;
        gap.len() <= SCALE_GAP && gap.all(|word| LEXICON.scale.has(folded.words[word].folded.as_str()))
    };
    let mut first = at;
    while first > 0 && near(first - 1, first) {
        first -= 1;
    }
    let mut last = at;
    while last + 1 < hits.len() && near(last, last + 1) {
        last += 1;
    }
    let mut grades: Vec<&str> = hits[first..=last].iter().map(|hit| LEXICON.grade(hit.phrase).as_str()).collect();
    grades.sort_unstable();
    grades.dedup();
    let from = hits[first].first;
    let scaled = from > 1
        && folded.words[from - 1].folded == "from"
        && matches!(
            folded.words[from - 2].folded.as_str(),
            "graded" | "rated" | "range" | "ranges" | "ranging" | "scale" | "grades" | "goes"
        );
    grades.len() >= 3 || (grades.len() == 2 && scaled)
}

/// Words between two grades of a scale.
const SCALE_GAP: usize = 5;
/// A grade given so many days before the story is of an earlier inspection.
const OLD: i32 = 180;
