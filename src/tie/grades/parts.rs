//! The parts of a service that a grade is said of.

use super::{GradedPart, context::GradeContext, lexicon::LEXICON};

/// Words by which a part ("care leavers") stands before the verb that grades it.
const PART_REACH: usize = 4;
/// Words between two parts of one list.
const LIST_GAP: usize = 3;
/// Words behind a part by which something else is graded: "care leavers told inspectors that the council".
const OTHERS: [&str; 16] = [
    "council", "authority", "borough", "county", "city", "town", "services", "department", "ofsted", "inspectors", "it", "they", "and",
    "whose", "who", "where",
];
/// The whole service, as the reports of 2013 to 2017 call it before they list its parts.
const ALL_SERVICES: &str = "children in need of help and protection children looked after and care leavers";
/// Words with which a clause names what it speaks of.
pub(super) const SUBJECT_REACH: usize = 4;

impl GradeContext<'_> {
    /// The parts of the service that are graded: they stand just before the verb, or after "for" or "in" behind the grade.
    pub(super) fn parts(&self) -> Vec<GradedPart> {
        if self.slice((self.left.0, self.right.1)).has("overall") || self.slice((self.whole.0, self.first)).has(ALL_SERVICES) {
            return Vec::new();
        }
        let behind = self.part_behind();
        if !behind.is_empty() {
            return behind;
        }
        let mut anchor = self.chain_start();
        if anchor > self.whole.0 && matches!(self.word(anchor - 1), Some("which" | "that" | "who")) {
            anchor -= 1;
        }
        let found = |range: (usize, usize)| -> Vec<GradedPart> { self.parts_in(range).into_iter().map(|(part, ..)| part).collect() };
        let listed = self.listed(anchor);
        if !listed.is_empty() {
            return listed;
        }
        let gives = (1..=PART_REACH + 3).find(|&places| {
            self.back(places)
                .is_some_and(|word| matches!(word, "give" | "gives" | "gave" | "giving" | "hands" | "handed" | "awards" | "awarded"))
        });
        // "Gives care leavers the top mark".
        if let Some(places) = gives.filter(|&places| self.first - places >= self.left.0) {
            let named = found((self.first - places + 1, self.first));
            if !named.is_empty() {
                return named;
            }
        }
        // "The board that is meant to keep watch on … has been branded inadequate".
        let subject = (self.whole.0, (self.whole.0 + SUBJECT_REACH).min(anchor));
        let relative = (subject.0..subject.1 + 1).any(|at| matches!(self.word(at), Some("that" | "which" | "whose" | "who")));
        if relative && self.before <= self.whole.0 && subject.0 < subject.1 {
            let named = found(subject);
            if !named.is_empty() {
                return named;
            }
        }
        let opens = (self.left.0, (self.left.0 + SUBJECT_REACH).min(anchor));
        if opens.0 < opens.1 && !self.holds(&LEXICON.whole, self.left) && !self.is_set_against((opens.0, anchor)) {
            let subject = found(opens);
            if !subject.is_empty() {
                return subject;
            }
        }
        let graded = (self.left.0..anchor).rev().find(|&at| self.word(at).is_some_and(|word| LEXICON.marks.has(word)));
        if let Some(at) = graded.filter(|&at| matches!(self.word(at + 1), Some("for" | "on" | "of" | "in"))) {
            let range = (at + 1, (at + 2 + 2 * SUBJECT_REACH).min(self.first));
            let named = found(range);
            if !named.is_empty() && !self.is_set_against(range) {
                return named;
            }
        }
        if matches!(self.word(self.whole.0), Some("on" | "for" | "in")) {
            let named = found((self.whole.0, (self.whole.0 + 2 * SUBJECT_REACH).min(self.first)));
            if !named.is_empty() {
                return named;
            }
        }
        // "Children in care, alone, still get a service that requires improvement".
        if self.before <= self.whole.0 && !self.holds(&LEXICON.whole, (self.whole.0, self.right.1)) {
            let opens = self.parts_in((self.whole.0, (self.whole.0 + SUBJECT_REACH).min(self.first)));
            let subject = opens.iter().find(|(_, first, _)| *first <= self.whole.0 + 1);
            let other = |end: usize| (end..self.first).filter_map(|at| self.word(at)).any(|word| OTHERS.contains(&word));
            if let Some((part, _, end)) = subject
                && !other(*end)
            {
                return vec![*part];
            }
        }
        // "Leadership went further, leapfrogging to good".
        let leaps = |at: usize| self.word(at).is_some_and(|word| word.len() > 5 && word.ends_with("ing"));
        if self.before <= self.whole.0 && leaps(self.left.0) {
            let opens = self.parts_in((self.whole.0, (self.whole.0 + 2).min(self.left.0)));
            if opens.first().is_some_and(|(_, first, _)| *first == self.whole.0) {
                return opens.into_iter().map(|(part, ..)| part).collect();
            }
        }
        // "Good for care leavers", "‘inadequate’ support for young people who leave care".
        let help = matches!(self.word(self.end), Some("help" | "support" | "work" | "care" | "provision" | "services" | "service"));
        let from = self.end + usize::from(help);
        match self.word(from) {
            Some("for" | "in" | "on" | "with" | "to") => found((from, self.right.1.min(from + 6))),
            _ => Vec::new(),
        }
    }

    /// "Outstanding leadership", "an inadequate board", "‘good’ twice: for those who lead it".
    fn part_behind(&self) -> Vec<GradedPart> {
        let counted = matches!(self.word(self.end), Some("once" | "twice" | "thrice"));
        if counted && matches!(self.word(self.end + 1), Some("for" | "in")) {
            let counted = self.parts_in((self.end + 1, (self.end + 2 + 4 * SUBJECT_REACH).min(self.whole.1)));
            return counted.into_iter().map(|(part, ..)| part).collect();
        }
        let first = self.parts_in((self.end, (self.end + SUBJECT_REACH).min(self.right.1)));
        first.into_iter().take_while(|(_, first, _)| *first == self.end).map(|(part, ..)| part).collect()
    }

    /// The parts that stand before the verb, with those listed before them: "help and protection, children in care and
    /// care leavers are all rated good".
    pub(super) fn listed(&self, anchor: usize) -> Vec<GradedPart> {
        let relative = matches!(self.word(anchor), Some("which" | "that" | "who")) && anchor < self.first;
        // "Two strands, help and protection and leaving care, were told": the subject stands before the comma.
        let verb = self.word(self.left.0).is_some_and(|word| matches!(word, "was" | "were" | "is" | "are" | "has" | "have"));
        let near = anchor.saturating_sub(PART_REACH).max(if relative || verb { self.whole.0 } else { self.left.0 });
        let mut listed = Vec::new();
        let mut from = anchor;
        for (part, first, end) in self.parts_in((self.before.max(self.whole.0), anchor)).into_iter().rev() {
            if listed.is_empty() && end <= near || !listed.is_empty() && from.saturating_sub(end) > LIST_GAP {
                break;
            }
            if listed.is_empty() && self.is_set_against((end, anchor)) {
                break;
            }
            listed.push(part);
            from = first;
        }
        listed
    }

    /// "Top marks for the board as the council scores good": something else is graded behind the conjunction.
    fn is_set_against(&self, (from, to): (usize, usize)) -> bool {
        let against = |word: &str| matches!(word, "as" | "while" | "whilst" | "whereas" | "but" | "though" | "although");
        (from..to).filter_map(|at| self.word(at)).any(against)
    }

    /// The parts named in a range, with their words.
    pub(super) fn parts_in(&self, range: (usize, usize)) -> Vec<(GradedPart, usize, usize)> {
        if range.0 >= range.1 {
            return Vec::new();
        }
        LEXICON
            .parts
            .find(self.slice(range))
            .into_iter()
            .map(|hit| (LEXICON.part(hit.phrase), range.0 + hit.first, range.0 + hit.end))
            // "The rest, adoption apart, requires improvement."
            .filter(|(part, _, end)| !matches!(self.word(*end), Some("apart" | "aside" | "excepted")) && !self.speaks(*part, *end))
            .collect()
    }

    /// "Care leavers told inspectors that the council was inadequate": they grade, and are not graded.
    fn speaks(&self, part: GradedPart, verb: usize) -> bool {
        let Some(said) = self.folded.words.get(verb).filter(|_| matches!(part, GradedPart::InCare | GradedPart::CareLeavers)) else {
            return false;
        };
        if self.text.whole[self.folded.words[verb - 1].end..said.start].contains(',') {
            return false;
        }
        let heard = || matches!(self.word(verb + 1), Some("inspectors" | "ofsted" | "the" | "us" | "that" | "how" | "of"));
        match self.word(verb) {
            Some("say" | "says" | "said" | "complained" | "felt" | "feel" | "tell" | "tells") => true,
            Some("told") => heard(),
            _ => false,
        }
    }

    /// "In every area" holds even where areas are named beside it.
    pub(super) fn says_all(&self, range: (usize, usize)) -> bool {
        let words = self.slice(range);
        [
            "every area", "all areas", "every count", "all counts", "every measure", "across the board", "as a whole", "all five areas",
            "all four areas", "every judgement", "every judgment", "all judgements", "all judgments",
        ]
        .iter()
        .any(|phrase| words.has(phrase))
    }
}
