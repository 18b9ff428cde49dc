//! The words around a grade: its clause, what stands before and behind it, and what is said of it altogether.

use jiff::civil::Date;

use super::{GradedPart, Said, Tense, lexicon::LEXICON};
use crate::tie::{
    event::EventStanding,
    fold::{Folded, FoldedPart, Phrases},
    names::NameMention,
    text::StoryText,
    when::{self, Named, Precision},
};

/// The words around a grade. All ranges are of words.
pub(super) struct GradeContext<'a> {
    pub(super) text: &'a StoryText,
    pub(super) folded: &'a Folded,
    pub(super) names: &'a [NameMention],
    pub(super) sentence: usize,
    pub(super) first: usize,
    pub(super) end: usize,
    /// From the grade before, or the clause's beginning, to this one.
    pub(super) left: (usize, usize),
    /// From this grade to the next one, or the clause's end.
    pub(super) right: (usize, usize),
    /// There is another grade before it in the sentence, and where it ends.
    pub(super) follows: bool,
    pub(super) before: usize,
    pub(super) whole: (usize, usize),
}

/// True of a time that is an earlier inspection's: long before the story, or the year before its own, told as a number. In spring the
/// inspections of last year are the newest, and "an inspection last year" may be so later.
pub(super) fn is_of_before(time: &Named, tense: Tense, folded: &Folded, day: Option<Date>) -> bool {
    let Some(day) = day.filter(|_| !time.any_year) else { return false };
    let is_number = || folded.words.get(time.word).is_some_and(|word| word.folded.starts_with(|char: char| char.is_ascii_digit()));
    let year_before = time.precision == Precision::Year && time.to.year() < day.year() && day.month() > 3;
    when::days(time.to, day) > OLD || year_before && !matches!(tense, Tense::Present | Tense::Perfect) && is_number()
}

/// Where the clause of a grade begins: at the last comma before which something else than its verb stands.
fn clause_start(text: &StoryText, folded: &Folded, start: usize, first: usize) -> usize {
    let mut end = folded.words[first].start;
    while let Some(comma) = text.whole[start..end].rfind([',', ';', ':', '—', '–', '(', ')']).map(|at| start + at) {
        let from = folded.word_from(comma);
        if text.whole[comma..].starts_with(';')
            || folded.words[from.min(first)..first].iter().any(|word| !LEXICON.chain.has(word.folded.as_str()))
        {
            return comma;
        }
        end = comma;
    }
    start
}

/// A grade given so many days before the story is of an earlier inspection.
pub(super) const OLD: i32 = 180;

/// Words before and after a grade that can belong to it.
pub(super) const LEFT_REACH: usize = 12;
const RIGHT_REACH: usize = 8;
/// What is left of the weight of a grade that is only a label.
const LABEL: f64 = 0.15;

impl<'a> GradeContext<'a> {
    pub(super) fn of(
        text: &'a StoryText,
        folded: &'a Folded,
        sentence: usize,
        (first, end): (usize, usize),
        (before, after): (usize, usize),
        names: &'a [NameMention],
    ) -> Self {
        let (start, stop) = text.sentences[sentence];
        let after_from = folded.words[end - 1].end;
        let right = &text.whole[after_from..stop.max(after_from)];
        let clause_start = clause_start(text, folded, start, first);
        let clause_stop = right.find([',', ';', ':', '—', '–', '(', ')']).map_or(stop, |at| after_from + at);
        let whole = (folded.word_from(start), folded.word_from(stop));
        // "Good overall, and …": the word behind a grade is that grade's.
        let own = before + usize::from(folded.words.get(before).is_some_and(|word| before > whole.0 && word.folded == "overall"));
        Self {
            text,
            folded,
            names,
            sentence,
            first,
            end,
            left: (folded.word_from(clause_start).max(own).max(first.saturating_sub(LEFT_REACH)).min(first), first),
            right: (end, folded.word_from(clause_stop).min(after).min(end + RIGHT_REACH).max(end)),
            follows: before > whole.0,
            before,
            whole,
        }
    }

    pub(super) fn word(&self, at: usize) -> Option<&str> {
        self.folded.words.get(at).filter(|_| at >= self.whole.0 && at < self.whole.1).map(|word| word.folded.as_str())
    }

    pub(super) fn is_title(&self) -> bool {
        self.text.is_title(self.folded.words[self.first].start)
    }

    /// The word so many places before the grade, counted from 1.
    pub(super) fn back(&self, places: usize) -> Option<&str> {
        self.first.checked_sub(places).and_then(|at| self.word(at))
    }

    pub(super) fn slice(&self, range: (usize, usize)) -> FoldedPart<'a> {
        self.folded.part(range.0, range.1)
    }

    pub(super) fn holds(&self, phrases: &Phrases, range: (usize, usize)) -> bool {
        phrases.are_in(self.slice(range))
    }

    /// Where the verb begins that grades.
    pub(super) fn chain_start(&self) -> usize {
        let mut anchor = self.first;
        while anchor > self.left.0 && self.word(anchor - 1).is_some_and(|word| LEXICON.chain.has(word)) {
            anchor -= 1;
        }
        anchor
    }

    /// What is said with a phrase of the lexicon; `times` are those that the story names, `day` that of its publication.
    pub(super) fn said(&self, phrase: usize, times: &[Named], day: Option<Date>) -> Said {
        let grade = LEXICON.grade(phrase);
        let time = self.time(times);
        let tense = if self.governing(times).is_some() { Tense::Past } else { self.tense() };
        let long_ago = time.is_some_and(|time| is_of_before(&time, tense, self.folded, day));
        let set_off = times.iter().filter(|time| time.word >= self.left.0 && time.end <= self.first && self.is_set_off(time));
        let left = (set_off.map(|time| time.end).max().unwrap_or(self.left.0), self.left.1);
        // "Lifted two grades, to good": what it came to is no grade of before.
        let arrives = self.back(1) == Some("to") || self.back(1) == Some("now");
        let since = time.is_some_and(|time| {
            time.word >= self.end && self.word(time.word.wrapping_sub(1)) == Some("since") && time.word <= self.end + 1
        });
        let marked = since
            || !self.fails_to_leave() && self.comes_from().is_some()
            || !arrives && self.holds(&LEXICON.past, left)
            || self.holds(&LEXICON.past, (self.end, self.right.1.min(self.end + 6)))
            || self.holds(&LEXICON.later, (self.end, self.whole.1))
            || self.is_predecessors()
            || self.is_last_years(day)
            || self.is_for_years()
            || self.is_since()
            || self.ends_with_before();
        // "Officers said that services required improvement" may be reported speech.
        let required = self.folded.words[self.first].folded == "required";
        let marked = marked || required && (self.left.0..self.first).any(|at| matches!(self.word(at), Some("when" | "after" | "until")));
        let behind = marked || tense == Tense::Before || required;
        let by_tense = behind && !marked && !long_ago && time.is_none();
        let left = !arrives && !long_ago && time.is_none() && tense != Tense::Before && self.is_left();
        let to_come = time.zip(day).is_some_and(|(time, day)| !time.any_year && time.from > day);
        let standing = match (behind || left || long_ago, to_come || self.is_hoped()) {
            (true, _) => EventStanding::Previous,
            (false, true) => EventStanding::Hoped,
            (false, false) => EventStanding::New,
        };
        let around = (self.left.0, self.right.1);
        let whole = self.holds(&LEXICON.whole, around);
        let graded = (around.0..around.1)
            .filter_map(|at| self.word(at))
            .any(|word| matches!(word, "rated" | "judged" | "graded" | "rating" | "grade" | "rates" | "branded" | "deemed" | "found"));
        let mut weight = self.text.prominence(self.folded.words[self.first].start).min(2.5) * if graded { 1.3 } else { 1.0 };
        if whole {
            weight *= 2.0;
        }
        if self.is_label() || tense == Tense::Present && self.is_relative() {
            weight *= LABEL;
        }
        let parts = match self.word(self.end) {
            // "Good overall with outstanding features".
            Some("features" | "elements") => vec![GradedPart::Other],
            _ if grade.is_outcome() || self.says_all(around) => Vec::new(),
            _ => self.parts(),
        };
        Said {
            grade,
            word: self.first,
            overall: parts.is_empty(),
            placed: LEXICON.is_place(phrase),
            parts,
            tense,
            left,
            by_tense,
            standing,
            time,
            weight,
            sentence: self.sentence,
        }
    }
}
