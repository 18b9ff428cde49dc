//! What a story says of grades: which, of whom, for the whole or a part, now or in the past.

use std::sync::LazyLock;

use crate::model::report::Grade;

use super::{
    fold::{Folded, Phrases},
    text::{Role, StoryText},
};

/// One grade that the story states.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub grade: Grade,
    /// Index of its first word.
    pub word: usize,
    /// Of the service as a whole, not of care leavers, leaders or a board.
    pub overall: bool,
    /// Said of an earlier inspection.
    pub past: bool,
    /// The year it is said of, if one is named beside it.
    pub year: Option<i16>,
    /// How loudly it is said: title and "overall" count more.
    pub weight: f64,
    /// Index of the sentence it stands in.
    pub sentence: usize,
}

const WORDS: &[(&str, Grade)] = &[
    ("requires improvement", Grade::RequiresImprovement),
    ("require improvement", Grade::RequiresImprovement),
    ("requiring improvement", Grade::RequiresImprovement),
    ("required improvement", Grade::RequiresImprovement),
    ("needs improvement", Grade::RequiresImprovement),
    ("inadequate", Grade::Inadequate),
    ("lowest rating", Grade::Inadequate),
    ("lowest possible rating", Grade::Inadequate),
    ("lowest grade", Grade::Inadequate),
    ("lowest possible grade", Grade::Inadequate),
    ("lowest ofsted grade", Grade::Inadequate),
    ("lowest ofsted rating", Grade::Inadequate),
    ("worst possible rating", Grade::Inadequate),
    ("worst rating", Grade::Inadequate),
    ("bottom grade", Grade::Inadequate),
    ("outstanding", Grade::Outstanding),
    ("top rating", Grade::Outstanding),
    ("top grade", Grade::Outstanding),
    ("top ofsted rating", Grade::Outstanding),
    ("highest rating", Grade::Outstanding),
    ("highest possible rating", Grade::Outstanding),
    ("highest grade", Grade::Outstanding),
    ("good", Grade::Good),
    ("systemic failings", Grade::SystemicFailings),
    ("systemic failing", Grade::SystemicFailings),
    ("inconsistent experiences", Grade::Inconsistent),
    ("experiences inconsistent", Grade::Inconsistent),
    ("inconsistent outcomes", Grade::Inconsistent),
    ("typically positive", Grade::TypicallyPositive),
    ("typically lead to positive", Grade::TypicallyPositive),
    ("positive experiences", Grade::TypicallyPositive),
];

static GRADES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(WORDS.iter().map(|(phrase, _)| *phrase)));

const PARTS: &[&str] = &[
    "care leavers", "leaving care", "leave care", "adoption", "leadership", "leaders", "safeguarding board", "safeguarding boards",
    "safeguarding children board", "children board", "lscb", "board", "help and protection", "in care", "looked after", "early help",
    "fostering", "school", "schools", "academy", "nursery", "home", "homes", "childminders", "hospital", "agency", "boards",
    "virtual school", "practice", "accommodation", "support", "use", "quality",
];
static PART_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(PARTS.iter().copied()));

const PAST: &[&str] = &[
    "previous", "previously", "last full inspection", "last inspection", "last inspected", "earlier", "formerly", "had been", "up from",
    "down from", "lost", "loses", "lose", "losing", "climbed out", "out of", "improved from", "upgraded from", "fell from", "falls from",
    "dropped from", "drops from", "slipped from", "years ago", "years earlier", "years after", "a year ago", "a year after",
    "months after", "years since", "since it was", "since they were", "when they were", "when it was", "when services were", "once rated",
    "last rated", "last graded", "the one rated", "last time", "was last", "were last", "no longer", "same grade", "shed", "sheds",
    "until", "held the", "before that",
];
static PAST_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(PAST.iter().copied()));

const WHOLE: &[&str] = &[
    "overall", "as a whole", "every area", "all areas", "every measure", "every count", "all counts", "across the board", "all five areas",
    "all four areas", "every category", "all categories", "every judgement", "each area", "in full", "children's services",
    "childrens social care", "social services", "the service", "services for vulnerable children", "services for children",
    "services for vulnerable youngsters",
];
static WHOLE_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(WHOLE.iter().copied()));

const GRADING: [&str; 26] = [
    "rated", "rates", "rate", "rating", "judged", "judges", "judgement", "judgment", "graded", "grade", "grades", "deemed", "branded",
    "declared", "ranked", "classed", "ofsted", "inspectors", "found", "verdict", "upgraded", "downgraded", "council", "borough", "retains",
    "keeps",
];

/// The grades a story states, in order. `year` is the year the story was published, if known.
pub fn find(text: &StoryText, folded: &Folded, year: Option<i16>) -> Vec<Said> {
    GRADES
        .find(folded)
        .into_iter()
        .filter_map(|hit| {
            let grade = WORDS[hit.phrase].1;
            let byte = folded.words[hit.first].start;
            let sentence = text.sentence_at(byte)?;
            let context = Context::of(text, folded, sentence, hit.first, hit.end);
            if grade == Grade::Good && !context.says_good(hit.first, hit.end) {
                return None;
            }
            if grade == Grade::Outstanding
                && context
                    .next(hit.end)
                    .is_some_and(|word| matches!(word, "work" | "practice" | "contribution" | "issues" | "debt" | "relationships"))
            {
                return None;
            }
            Some(context.said(grade, hit.first, hit.end, year))
        })
        .collect()
}

/// The words around a grade: its clause and its sentence.
struct Context<'a> {
    text: &'a StoryText,
    folded: &'a Folded,
    sentence: usize,
    /// Word ranges.
    clause: (usize, usize),
    whole: (usize, usize),
}

impl<'a> Context<'a> {
    fn of(text: &'a StoryText, folded: &'a Folded, sentence: usize, first: usize, end: usize) -> Self {
        let (start, stop) = text.sentences[sentence];
        let cut = |char: char| matches!(char, ',' | ';' | ':' | '—' | '–' | '(' | ')');
        let before = &text.whole[start..folded.words[first].start];
        let after_from = folded.words[end - 1].end;
        let after = &text.whole[after_from..stop.max(after_from)];
        let clause_start = before.rfind(cut).map_or(start, |at| start + at);
        let clause_stop = after.find(cut).map_or(stop, |at| after_from + at);
        Self {
            text,
            folded,
            sentence,
            clause: (folded.word_from(clause_start), folded.word_from(clause_stop)),
            whole: (folded.word_from(start), folded.word_from(stop)),
        }
    }

    fn word(&self, at: usize) -> Option<&str> {
        self.folded.words.get(at).filter(|_| at >= self.whole.0 && at < self.whole.1).map(|word| word.folded.as_str())
    }

    fn next(&self, end: usize) -> Option<&str> {
        self.word(end)
    }

    fn holds(&self, phrases: &Phrases, range: (usize, usize)) -> bool {
        let from = self.folded.words.get(range.0).map_or(0, |word| word.start);
        let to = range.1.checked_sub(1).and_then(|last| self.folded.words.get(last)).map_or(from, |word| word.end);
        !phrases.find(&Folded::of(self.text.slice((from, to.max(from))))).is_empty()
    }

    /// "Good" is a grade only beside a grading word, alone between marks, or as "good overall".
    fn says_good(&self, first: usize, end: usize) -> bool {
        if self.next(end).is_some_and(|next| {
            matches!(
                next,
                "quality"
                    | "enough"
                    | "practice"
                    | "range"
                    | "use"
                    | "idea"
                    | "news"
                    | "help"
                    | "deal"
                    | "at"
                    | "plan"
                    | "understanding"
                    | "relationships"
                    | "job"
                    | "work"
                    | "outcomes"
                    | "social"
                    | "start"
            )
        }) {
            return false;
        }
        let before: Vec<&str> = (first.saturating_sub(5)..first).filter_map(|at| self.word(at)).collect();
        if before.len() >= 3 && before[before.len() - 3] == "improvement" && before[before.len() - 2..] == ["to", "be"] {
            return false;
        }
        let graded = before.iter().any(|word| GRADING.contains(word));
        let after_graded = (end..end + 2)
            .filter_map(|at| self.word(at))
            .any(|word| matches!(word, "overall" | "rating" | "grade" | "verdict" | "judgement" | "judgment"));
        let marked = {
            let from = self.folded.words[first].start;
            let to = self.folded.words[end - 1].end;
            self.text.whole[..from].ends_with(['‘', '“', '\'', '"']) && self.text.whole[to..].starts_with(['’', '”', '\'', '"'])
        };
        let turned = before.last().is_some_and(|word| matches!(*word, "to" | "from" | "stays" | "remains" | "still" | "again"))
            || (before.len() >= 2 && before[before.len() - 2..] == ["to", "be"]);
        let every = self.holds(&WHOLE_PHRASES, self.clause)
            && before.iter().any(|word| matches!(*word, "is" | "are" | "was" | "were" | "been" | "be"));
        let heading = self.text.part_at(self.folded.words[first].start).is_some_and(|part| part.role == Role::Heading);
        graded || after_graded || marked || turned || every || heading
    }

    fn said(&self, grade: Grade, first: usize, end: usize, story_year: Option<i16>) -> Said {
        let byte = self.folded.words[first].start;
        let near = (first.saturating_sub(12).max(self.clause.0), (end + 9).min(self.clause.1));
        let year = self.year(near).or_else(|| self.year(self.clause));
        let from_to =
            self.word(first.wrapping_sub(1)) == Some("from") && (end..end + 5).any(|at| matches!(self.word(at), Some("to" | "into")));
        let behind = self.holds(&PAST_PHRASES, (near.0, first))
            || from_to
            || (self.holds(&PAST_PHRASES, (end, near.1)) && !self.holds(&WHOLE_PHRASES, (end, near.1)));
        let past_year = year.zip(story_year).is_some_and(|(year, story)| year < story);
        let whole = (near.0..near.1).any(|at| matches!(self.word(at), Some("overall"))) || self.holds(&WHOLE_PHRASES, near);
        let part = self.holds(&PART_PHRASES, near) && !(near.0..near.1).any(|at| self.word(at) == Some("overall"));
        let graded = (near.0..near.1)
            .filter_map(|at| self.word(at))
            .any(|word| matches!(word, "rated" | "judged" | "graded" | "rating" | "grade" | "rates" | "branded" | "deemed" | "found"));
        let mut weight = self.text.prominence(byte).min(2.5) * if graded { 1.3 } else { 1.0 };
        if whole {
            weight *= 2.0;
        }
        let outcome = matches!(grade, Grade::SystemicFailings | Grade::Inconsistent | Grade::TypicallyPositive);
        Said {
            grade,
            word: first,
            overall: outcome || !part || self.says_whole(near),
            past: behind || past_year,
            year,
            weight,
            sentence: self.sentence,
        }
    }

    /// "In every area" holds even where areas are named beside it.
    fn says_whole(&self, near: (usize, usize)) -> bool {
        let from = self.folded.words.get(near.0).map_or(0, |word| word.start);
        let to = near.1.checked_sub(1).and_then(|last| self.folded.words.get(last)).map_or(from, |word| word.end);
        let words = Folded::of(self.text.slice((from, to.max(from))));
        ["every area", "all areas", "every count", "all counts", "every measure", "across the board", "as a whole", "children's services"]
            .iter()
            .any(|phrase| words.has(&crate::model::text::folded(phrase)))
    }

    fn year(&self, range: (usize, usize)) -> Option<i16> {
        (range.0..range.1)
            .filter_map(|at| self.word(at))
            .filter(|word| word.len() == 4)
            .find_map(|word| word.parse::<i16>().ok().filter(|year| (2005..=2100).contains(year)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        page::{Block, BlockKind},
        story::{Story, StoryId},
    };

    fn check(text: &str, expected: &[(Grade, bool, bool)]) {
        let story = Story {
            id: StoryId("s-1".into()),
            url: String::new(),
            outlet: String::new(),
            title: String::new(),
            author: None,
            published: None,
            published_from: None,
            first_seen: jiff::Timestamp::UNIX_EPOCH,
            changed: None,
            summary: String::new(),
            blocks: vec![Block { kind: BlockKind::Paragraph, text: text.into() }],
            links: vec![],
            walled: false,
            area: vec![],
        };
        let text = StoryText::of(&story);
        let folded = Folded::of(&text.whole);
        let found: Vec<_> = find(&text, &folded, Some(2024)).iter().map(|said| (said.grade, said.overall, said.past)).collect();
        assert_eq!(found, expected, "{}", text.whole);
    }

    #[test]
    fn whole_part_and_past() {
        use Grade::*;
        check("Ofsted rated the council’s children’s services inadequate.", &[(Inadequate, true, false)]);
        check("Services for care leavers were judged good.", &[(Good, false, false)]);
        check("They were rated ‘good’ in 2019.", &[(Good, true, true)]);
        check("Children’s services moved from inadequate to good.", &[(Inadequate, true, true), (Good, true, false)]);
        check(
            "The council was rated good overall, with care leavers requiring improvement.",
            &[(Good, true, false), (RequiresImprovement, false, false)],
        );
        check("This is a good plan with good enough help.", &[]);
        check("Inspectors gave it the lowest possible rating.", &[(Inadequate, true, false)]);
    }
}
