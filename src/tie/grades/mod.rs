//! What a story says of grades: which, of whom, for the whole or a part, now or in the past.

mod compared;
mod context;
mod hint;
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
use context::{GradeContext, is_of_before};
pub use hint::{Hint, hints};
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
    date_back(&mut found, text, folded, times, day);
    date_on(&mut found, text, folded, times, day);
    keep_unchanged(&mut found, text, folded);
    keep_by_headline(&mut found, text, folded);
    supersede(&mut found, text, folded);
    set_apart(&mut found, text, folded);
    found
}

/// True of lines, a headline for instance, that state a grade; `folded` are their words.
pub fn are_stated(lines: &str, folded: &Folded) -> bool {
    if LEXICON.grades.find(folded).is_empty() {
        return false;
    }
    let mut sentences = Vec::new();
    for line in lines.split_inclusive('\n') {
        let from = sentences.last().map_or(0, |(_, to)| *to);
        sentences.push((from, from + line.len()));
    }
    let text = StoryText { whole: lines.to_owned(), sentences, ..StoryText::default() };
    !find(&text, folded, &[], &[], None).is_empty()
}

/// True of words that are a grade and nothing else: "requires improvement to be good".
pub fn is_bare(words: &str) -> bool {
    let folded = Folded::of(words);
    let rest = |hit: &Hit| folded.words[hit.end..].iter().map(|word| word.folded.as_str()).collect::<Vec<_>>();
    let whole = |hit: &Hit| hit.first == 0 && matches!(rest(hit)[..], [] | ["to", "be", "good"]);
    LEXICON.grades.find(&folded).iter().any(whole)
}

/// "Rated the same for the third time" above, the earlier grades below: the grade is said again, as news.
fn keep_by_headline(found: &mut Vec<Said>, text: &StoryText, folded: &Folded) {
    let Some(title) = text.sentences.iter().position(|sentence| text.is_title(sentence.0)) else { return };
    if found.iter().any(|said| said.overall && said.standing == EventStanding::New) {
        return;
    }
    let mut before = found.iter().filter(|said| said.overall && !said.left && said.standing == EventStanding::Previous);
    let Some(first) = before.next().cloned().filter(|first| before.all(|other| other.grade == first.grade)) else { return };
    if !LEXICON.unchanged.find(&Folded::of(text.slice(text.sentences[title]))).is_empty() {
        let word = folded.word_from(text.sentences[title].0);
        let weight = text.prominence(text.sentences[title].0);
        found.insert(0, Said { word, sentence: title, standing: EventStanding::New, time: None, by_tense: false, weight, ..first });
    }
}

/// The words with which a sentence begins.
fn opening<'a>(sentence: usize, text: &StoryText, folded: &'a Folded) -> [&'a str; 2] {
    let from = folded.word_from(text.sentences[sentence].0);
    let word = |at: usize| folded.words.get(at).map_or("", |word| word.folded.as_str());
    [word(from), word(from + 1)]
}

/// "In 2016 inspectors found it inadequate. Now they say that it requires improvement.": what came before "now" was.
fn supersede(found: &mut [Said], text: &StoryText, folded: &Folded) {
    for at in 0..found.len() {
        let said = &found[at];
        let past = said.time.is_some_and(|time| !time.any_year) || said.tense == Tense::Past;
        let followed = |other: &Said| {
            other.sentence == said.sentence + 1
                && other.overall
                && other.standing == EventStanding::New
                && other.grade != said.grade
                && matches!(opening(other.sentence, text, folded), ["now" | "today", _] | ["this", "time" | "week"])
        };
        let since = text.sentences.len() > said.sentence + 1 && opening(said.sentence + 1, text, folded) == ["since", "then"];
        if said.overall && said.standing == EventStanding::New && past && (since || found.iter().any(followed)) {
            found[at].standing = EventStanding::Previous;
        }
    }
}

/// "It has marked the service outstanding. The rest of what the council does is good.": the first was of a part.
fn set_apart(found: &mut [Said], text: &StoryText, folded: &Folded) {
    for at in 1..found.len() {
        let rest = matches!(opening(found[at].sentence, text, folded), ["the", "rest"] | ["everything" | "all", "else"]);
        let apart = found[at - 1].sentence + 1 == found[at].sentence && found[at - 1].grade != found[at].grade;
        if rest && apart && found[at].overall && found[at - 1].overall {
            found[at - 1].overall = false;
            found[at - 1].parts = vec![GradedPart::Other];
        }
    }
}

/// A grade that is of a time told elsewhere; one long ago is of an earlier inspection.
fn date(said: &mut Said, time: Named, folded: &Folded, day: Option<Date>) {
    said.time = Some(time);
    if said.standing == EventStanding::New && is_of_before(&time, said.tense, folded, day) {
        said.standing = EventStanding::Previous;
    }
}

/// "Inadequate in care. Inadequate at the top. Those were the marks handed out in July 2018.": a time told of the grades before it.
fn date_back(found: &mut [Said], text: &StoryText, folded: &Folded, times: &[Named], day: Option<Date>) {
    for time in times.iter().filter(|time| !time.any_year) {
        let Some(sentence) = text.sentence_at(folded.words[time.word].start) else { continue };
        let words = &folded.words[folded.word_from(text.sentences[sentence].0)..folded.word_from(text.sentences[sentence].1)];
        let marks = || words.iter().any(|word| LEXICON.marks.has(word.folded.as_str()));
        if !matches!(opening(sentence, text, folded), ["those" | "these" | "that" | "such" | "this", "were" | "was"]) || !marks() {
            continue;
        }
        let mut last = sentence;
        for said in found.iter_mut().rev().filter(|said| said.sentence < sentence) {
            if last - said.sentence > 1 {
                break;
            }
            last = said.sentence;
            if said.time.is_none() && !text.is_title(folded.words[said.word].start) {
                date(said, *time, folded, day);
            }
        }
    }
}

/// "Back to where they were in 2021. That was a good.": the grade of the time with which the sentence before it ends.
fn date_on(found: &mut [Said], text: &StoryText, folded: &Folded, times: &[Named], day: Option<Date>) {
    for said in found.iter_mut().filter(|said| said.time.is_none() && said.standing == EventStanding::New && said.sentence > 0) {
        let points = matches!(opening(said.sentence, text, folded), ["that" | "it" | "this", "was"]);
        if !points || text.is_title(folded.words[said.word].start) {
            continue;
        }
        let to = folded.word_from(text.sentences[said.sentence].0);
        if let Some(time) = times.iter().find(|time| !time.any_year && time.end <= to && to - time.end <= 1) {
            date(said, *time, folded, day);
        }
    }
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
