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
    ("inconsistent", Grade::Inconsistent),
    ("typically positive", Grade::TypicallyPositive),
    ("typically lead to positive", Grade::TypicallyPositive),
    ("positive experiences", Grade::TypicallyPositive),
];

static GRADES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(WORDS.iter().map(|(phrase, _)| *phrase)));

const PARTS: &[&str] = &[
    "care leavers", "leaving care", "leave care", "adoption", "leadership", "leaders", "safeguarding board", "safeguarding boards",
    "safeguarding children board", "children board", "lscb", "board", "help and protection", "in care", "looked after", "early help",
    "fostering", "school", "schools", "academy", "nursery", "home", "homes", "childminders", "hospital", "agency", "boards",
    "virtual school",
];
static PART_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(PARTS.iter().copied()));

const PAST: &[&str] = &[
    "previous", "previously", "last full inspection", "last inspection", "last inspected", "earlier", "formerly", "had been", "up from",
    "lost", "loses", "lose", "losing", "climbed out", "out of", "falls from", "years ago", "years earlier", "years after", "a year ago",
    "a year after", "months after", "years since", "since it was", "since they were", "when they were", "when it was",
    "when services were", "once rated", "last rated", "last graded", "the one rated", "last time", "was last", "were last", "no longer",
    "same grade", "shed", "sheds", "until", "held the", "before that",
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
    let hits = GRADES.find(folded);
    let mut found = Vec::new();
    for (at, hit) in hits.iter().enumerate() {
        let grade = WORDS[hit.phrase].1;
        let Some(sentence) = text.sentence_at(folded.words[hit.first].start) else { continue };
        let before = at.checked_sub(1).map_or(0, |before| hits[before].end);
        let after = hits.get(at + 1).map_or(folded.words.len(), |next| next.first);
        let context = Context::of(text, folded, sentence, (hit.first, hit.end), (before, after));
        if context.is_grade(grade) {
            found.push(context.said(grade, year));
        }
    }
    found
}

/// The words around a grade. All ranges are of words.
struct Context<'a> {
    text: &'a StoryText,
    folded: &'a Folded,
    sentence: usize,
    first: usize,
    end: usize,
    /// From the grade before, or the clause's beginning, to this one.
    left: (usize, usize),
    /// From this grade to the next one, or the clause's end.
    right: (usize, usize),
    /// There is another grade before it in the sentence.
    follows: bool,
    whole: (usize, usize),
}

/// Words before and after a grade that can belong to it.
const LEFT_REACH: usize = 12;
const RIGHT_REACH: usize = 8;
/// Words by which a part ("care leavers") stands before the verb that grades it.
const PART_REACH: usize = 4;

/// Verbs and small words between what is graded and its grade.
const CHAIN: &[&str] = &[
    "rated", "judged", "graded", "found", "deemed", "considered", "branded", "to", "be", "been", "being", "has", "have", "had", "was",
    "were", "is", "are", "as", "now", "also", "still", "again", "all", "both", "a", "an", "the", "it", "only", "not",
];

/// Words after "good" that make it praise and not a grade.
const PRAISE: &[&str] = &[
    "quality", "enough", "practice", "range", "use", "idea", "news", "help", "deal", "at", "plan", "understanding", "relationships", "job",
    "work", "outcomes", "social", "start", "progress", "support", "care", "thing", "example",
];

impl<'a> Context<'a> {
    fn of(text: &'a StoryText, folded: &'a Folded, sentence: usize, (first, end): (usize, usize), (before, after): (usize, usize)) -> Self {
        let (start, stop) = text.sentences[sentence];
        let left = &text.whole[start..folded.words[first].start];
        let after_from = folded.words[end - 1].end;
        let right = &text.whole[after_from..stop.max(after_from)];
        let clause_start = left.rfind([',', ';', '—', '–', '(', ')']).map_or(start, |at| start + at);
        let clause_stop = right.find([',', ';', ':', '—', '–', '(', ')']).map_or(stop, |at| after_from + at);
        let whole = (folded.word_from(start), folded.word_from(stop));
        Self {
            text,
            folded,
            sentence,
            first,
            end,
            left: (folded.word_from(clause_start).max(before).max(first.saturating_sub(LEFT_REACH)).min(first), first),
            right: (end, folded.word_from(clause_stop).min(after).min(end + RIGHT_REACH).max(end)),
            follows: before > whole.0,
            whole,
        }
    }

    fn word(&self, at: usize) -> Option<&str> {
        self.folded.words.get(at).filter(|_| at >= self.whole.0 && at < self.whole.1).map(|word| word.folded.as_str())
    }

    /// The word so many places before the grade, counted from 1.
    fn back(&self, places: usize) -> Option<&str> {
        self.first.checked_sub(places).and_then(|at| self.word(at))
    }

    fn slice(&self, range: (usize, usize)) -> Folded {
        let from = self.folded.words.get(range.0).map_or(0, |word| word.start);
        let to = range.1.checked_sub(1).and_then(|last| self.folded.words.get(last)).map_or(from, |word| word.end);
        Folded::of(self.text.slice((from, to.max(from))))
    }

    fn holds(&self, phrases: &Phrases, range: (usize, usize)) -> bool {
        !phrases.find(&self.slice(range)).is_empty()
    }

    fn is_grade(&self, grade: Grade) -> bool {
        match grade {
            Grade::Good => self.says_good(),
            Grade::Outstanding => !self
                .word(self.end)
                .is_some_and(|word| matches!(word, "work" | "practice" | "contribution" | "issues" | "debt" | "relationships")),
            Grade::Inconsistent if self.end - self.first == 1 => {
                ["experiences", "outcomes"].iter().any(|word| self.slice(self.whole).has(word))
            }
            _ => true,
        }
    }

    /// "Good" is a grade only beside a grading word, alone between marks, or as "good overall".
    fn says_good(&self) -> bool {
        let praise = self.word(self.end).is_some_and(|next| PRAISE.contains(&next));
        let of_requires = self.back(1) == Some("be") && self.back(2) == Some("to") && self.back(3) == Some("improvement");
        if praise || of_requires {
            return false;
        }
        let graded = (1..=5).filter_map(|places| self.back(places)).any(|word| GRADING.contains(&word));
        let noun_follows = (self.end..self.end + 2)
            .filter_map(|at| self.word(at))
            .any(|word| matches!(word, "overall" | "rating" | "grade" | "verdict" | "judgement" | "judgment"));
        let turned = self.back(1).is_some_and(|word| matches!(word, "to" | "from" | "stays" | "remains" | "still" | "again"))
            || (self.back(1) == Some("be") && self.back(2) == Some("to"));
        let is = (1..=5).filter_map(|places| self.back(places)).any(|word| matches!(word, "is" | "are" | "was" | "were" | "been" | "be"));
        let every = is && (self.holds(&WHOLE_PHRASES, self.left) || self.holds(&WHOLE_PHRASES, self.right));
        let heading = self.text.part_at(self.folded.words[self.first].start).is_some_and(|part| part.role == Role::Heading);
        graded || noun_follows || self.is_marked() || turned || every || heading
    }

    /// Alone between quotation marks.
    fn is_marked(&self) -> bool {
        let (from, to) = (self.folded.words[self.first].start, self.folded.words[self.end - 1].end);
        self.text.whole[..from].ends_with(['‘', '“', '\'', '"']) && self.text.whole[to..].starts_with(['’', '”', '\'', '"'])
    }

    fn said(&self, grade: Grade, story_year: Option<i16>) -> Said {
        let year = self.year();
        let past_year = year.zip(story_year).is_some_and(|(year, story)| year < story);
        let behind = self.back(1) == Some("from")
            || self.holds(&PAST_PHRASES, self.left)
            || self.holds(&PAST_PHRASES, (self.end, self.right.1.min(self.end + 6)));
        let around = (self.left.0, self.right.1);
        let whole = self.holds(&WHOLE_PHRASES, around);
        let graded = (around.0..around.1)
            .filter_map(|at| self.word(at))
            .any(|word| matches!(word, "rated" | "judged" | "graded" | "rating" | "grade" | "rates" | "branded" | "deemed" | "found"));
        let mut weight = self.text.prominence(self.folded.words[self.first].start).min(2.5) * if graded { 1.3 } else { 1.0 };
        if whole {
            weight *= 2.0;
        }
        let outcome = matches!(grade, Grade::SystemicFailings | Grade::Inconsistent | Grade::TypicallyPositive);
        Said {
            grade,
            word: self.first,
            overall: outcome || self.says_all(around) || !self.is_part(),
            past: behind || past_year,
            year,
            weight,
            sentence: self.sentence,
        }
    }

    /// A part of the service is graded: it stands just before the verb, or after "for" or "in" behind the grade.
    fn is_part(&self) -> bool {
        let mut anchor = self.first;
        while anchor > self.left.0 && self.word(anchor - 1).is_some_and(|word| CHAIN.contains(&word)) {
            anchor -= 1;
        }
        let before = (anchor.saturating_sub(PART_REACH).max(self.left.0), anchor);
        let after = matches!(self.word(self.end), Some("for" | "in" | "on"))
            && self.holds(&PART_PHRASES, (self.end, self.right.1.min(self.end + 6)));
        let overall = self.slice((self.left.0, self.right.1)).has("overall");
        (self.holds(&PART_PHRASES, before) || after) && !overall
    }

    /// "In every area" holds even where areas are named beside it.
    fn says_all(&self, range: (usize, usize)) -> bool {
        let words = self.slice(range);
        [
            "every area", "all areas", "every count", "all counts", "every measure", "across the board", "as a whole", "all five areas",
            "all four areas",
        ]
        .iter()
        .any(|phrase| words.has(phrase))
    }

    /// A year just after the grade, or before it; one just behind another grade is that grade's.
    fn year(&self) -> Option<i16> {
        let year = |at: usize| {
            self.word(at)
                .filter(|word| word.len() == 4)
                .and_then(|word| word.parse::<i16>().ok())
                .filter(|year| (2005..=2100).contains(year))
        };
        let skip = if self.follows { 5 } else { 0 };
        (self.end..self.right.1.min(self.end + 5))
            .find_map(year)
            .or_else(|| ((self.left.0 + skip).min(self.first)..self.first).rev().find_map(year))
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
        check(
            "Services that were rated outstanding in 2012 have been judged inadequate.",
            &[(Outstanding, true, true), (Inadequate, true, false)],
        );
        check("A council that failed most care leavers when they turned 21 has been rated inadequate.", &[(Inadequate, true, false)]);
        check("It was outstanding for leadership.", &[(Outstanding, false, false)]);
        check("This is a good plan with good enough help.", &[]);
        check("Inspectors gave it the lowest possible rating.", &[(Inadequate, true, false)]);
    }
}
