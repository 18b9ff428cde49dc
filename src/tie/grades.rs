//! What a story says of grades: which, of whom, for the whole or a part, now or in the past.

use std::sync::LazyLock;

use jiff::civil::Date;

use crate::model::report::Grade;

use super::{
    event::Standing,
    fold::{Folded, Hit, Phrases},
    text::{Role, StoryText},
    when::{self, Named},
};

/// One grade that the story states.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub grade: Grade,
    /// Index of its first word.
    pub word: usize,
    /// Of the service as a whole, not of care leavers, leaders or a board.
    pub overall: bool,
    /// Whether it is said as news, of an earlier inspection, or only hoped for.
    pub standing: Standing,
    /// The time it is said of, if one is named beside it.
    pub time: Option<Named>,
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
    ("need improvement", Grade::RequiresImprovement),
    ("needing improvement", Grade::RequiresImprovement),
    ("in need of improvement", Grade::RequiresImprovement),
    ("requires improvements", Grade::RequiresImprovement),
    ("require improvements", Grade::RequiresImprovement),
    ("improvement is required", Grade::RequiresImprovement),
    ("improvement was required", Grade::RequiresImprovement),
    ("improvement required", Grade::RequiresImprovement),
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
    ("bottom rating", Grade::Inadequate),
    ("lowest category", Grade::Inadequate),
    ("bottom category", Grade::Inadequate),
    ("second highest rating", Grade::Good),
    ("second highest grade", Grade::Good),
    ("outstanding", Grade::Outstanding),
    ("top rating", Grade::Outstanding),
    ("top grade", Grade::Outstanding),
    ("top marks", Grade::Outstanding),
    ("top ofsted grade", Grade::Outstanding),
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
    "shed", "sheds", "until", "held the", "before that", "after they were", "after it was", "after services were", "after being",
    "after having been", "initially", "more than a decade", "for years", "for a decade", "cost the council its", "cost it its", "back in",
    "used to be", "had called", "had rated", "had judged", "had found", "had given", "had got", "once more than", "first called",
    "was told in", "down from", "fell from", "compared with", "better than", "instead of", "worse than", "since being", "since its",
    "since their", "not long ago", "of last time", "decade at", "first rated", "first judged", "then rated", "still rated", "at the time",
    "stood at", "to shake off", "before it", "predecessor", "predecessors", "when inspectors last", "when ofsted last", "when it last",
];

/// Words that make a grade a hope, a fear or a denial.
const HOPED: &[&str] = &[
    "hope", "hopes", "hoped", "hopeful", "hoping", "aim", "aims", "aiming", "ambition", "ambitions", "wants", "want to", "would", "could",
    "should", "might", "may be", "within sight of", "next time", "goal", "target", "on the way to", "on our way to", "on its way to",
    "path to", "road to", "journey to", "way to", "will be", "to become", "to get to", "to reach", "to be rated", "to be judged",
    "to be graded", "to go from", "leads from", "avoid", "avoided", "avoids", "escaped", "escapes", "risk of", "not rated", "not judged",
    "not graded", "not been rated", "never been", "nowhere near", "nothing less than", "striving", "strive", "aspire", "aspires",
    "aspiration", "committed to", "be the first", "expected to be", "expects to", "expect to", "in order to be", "needs to be",
    "need to be", "must be", "what would make", "not yet", "if", "unless", "whether", "get us to", "take us to", "take it to", "make it",
    "make us", "make services", "needed to be", "what makes", "working towards", "towards", "push for", "bid for", "not", "isnt", "wasnt",
    "werent", "arent", "neither", "short of",
];
static HOPED_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(HOPED.iter().copied()));
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

/// The grades a story states, in order; `times` are those it names, `day` that of its publication, if known.
pub fn find(text: &StoryText, folded: &Folded, times: &[Named], day: Option<Date>) -> Vec<Said> {
    let hits = GRADES.find(folded);
    let mut found = Vec::new();
    for (at, hit) in hits.iter().enumerate() {
        let grade = WORDS[hit.phrase].1;
        if is_scale(&hits, at, folded) {
            continue;
        }
        let Some(sentence) = text.sentence_at(folded.words[hit.first].start) else { continue };
        let before = at.checked_sub(1).map_or(0, |before| hits[before].end);
        let after = hits.get(at + 1).map_or(folded.words.len(), |next| next.first);
        let context = Context::of(text, folded, sentence, (hit.first, hit.end), (before, after));
        if context.is_grade(grade) {
            found.push(context.said(grade, times, day));
        }
    }
    found
}

/// One of three different grades with next to nothing between them: the scale, or the way up it.
fn is_scale(hits: &[Hit], at: usize, folded: &Folded) -> bool {
    let near = |a: usize, b: usize| {
        let mut gap = hits[a].end..hits[b].first;
        gap.len() <= SCALE_GAP && gap.all(|word| SCALE_WORDS.contains(&folded.words[word].folded.as_str()))
    };
    let mut first = at;
    while first > 0 && near(first - 1, first) {
        first -= 1;
    }
    let mut last = at;
    while last + 1 < hits.len() && near(last, last + 1) {
        last += 1;
    }
    let mut grades: Vec<&str> = hits[first..=last].iter().map(|hit| WORDS[hit.phrase].1.as_str()).collect();
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
const SCALE_WORDS: [&str; 12] = ["to", "be", "good", "and", "or", "from", "then", "improvement", "up", "through", "the", "on"];

/// Of two times of grades of one authority, far apart, the earlier is of an earlier inspection. `of` says whose each is.
pub fn outdate(found: &mut [Said], of: &[Vec<usize>]) {
    let timed: Vec<Option<Date>> = found.iter().map(|said| said.time.filter(|time| !time.any_year).map(|time| time.to)).collect();
    for at in 0..found.len() {
        let Some(own) = timed[at].filter(|_| found[at].standing == Standing::New) else { continue };
        let later = |other: usize| {
            timed[other].is_some_and(|time| when::days(own, time) > OLD) && of[other].iter().any(|name| of[at].contains(name))
        };
        if (0..found.len()).any(later) {
            found[at].standing = Standing::Previous;
        }
    }
}

/// A grade given so many days before the story is of an earlier inspection.
const OLD: i32 = 180;

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
    /// There is another grade before it in the sentence, and where it ends.
    follows: bool,
    before: usize,
    whole: (usize, usize),
}

/// Where the clause of a grade begins: at the last comma before which something else than its verb stands.
fn clause_start(text: &StoryText, folded: &Folded, start: usize, first: usize) -> usize {
    let mut end = folded.words[first].start;
    while let Some(comma) = text.whole[start..end].rfind([',', ';', '—', '–', '(', ')']).map(|at| start + at) {
        let from = folded.word_from(comma);
        if folded.words[from.min(first)..first].iter().any(|word| !CHAIN.contains(&word.folded.as_str())) {
            return comma;
        }
        end = comma;
    }
    start
}

/// Words before and after a grade that can belong to it.
const LEFT_REACH: usize = 12;
const RIGHT_REACH: usize = 8;
/// Words by which a part ("care leavers") stands before the verb that grades it.
const PART_REACH: usize = 4;
/// Words with which a clause names what it speaks of.
const SUBJECT_REACH: usize = 4;

/// Verbs and small words between what is graded and its grade.
const CHAIN: &[&str] = &[
    "rated", "judged", "graded", "found", "deemed", "considered", "branded", "to", "be", "been", "being", "has", "have", "had", "was",
    "were", "is", "are", "as", "now", "also", "still", "again", "already", "all", "both", "a", "an", "the", "it", "only", "not",
];

/// Words after a grade that leave it one; before any other noun it is praise or blame ("good plans", "outstanding debts").
const AFTER: &[&str] = &[
    "overall", "rating", "ratings", "grade", "grades", "verdict", "verdicts", "judgement", "judgment", "judgements", "judgments", "report",
    "mark", "marks", "ofsted", "by", "for", "in", "and", "or", "to", "on", "of", "when", "with", "after", "but", "now", "again", "across",
    "as", "from", "since", "while", "though", "although", "because", "the", "it", "its", "this", "last", "three", "two", "four", "five",
    "six", "says", "said", "say", "is", "was", "are", "were", "has", "have", "had", "children", "childrens", "child", "services",
    "service", "council", "councils", "council", "authority", "authorities", "local", "department", "departments", "status", "features",
    "too", "also", "after", "before", "which", "who", "that", "than", "still", "not", "no", "until", "despite", "under", "following",
    "inspection", "outcome", "result", "results", "social", "at", "all", "within", "only", "just", "or", "where", "everywhere",
    "throughout", "today", "yesterday", "earlier", "previously", "if", "so", "years", "leadership", "leaders", "more", "once",
    "safeguarding", "nationally", "standard", "label", "tag",
];

/// Phrases in which "good" is praise whatever stands before it.
const PRAISE: &[&str] = &["enough", "quality", "practice", "at", "of", "news"];

impl<'a> Context<'a> {
    fn of(text: &'a StoryText, folded: &'a Folded, sentence: usize, (first, end): (usize, usize), (before, after): (usize, usize)) -> Self {
        let (start, stop) = text.sentences[sentence];
        let after_from = folded.words[end - 1].end;
        let right = &text.whole[after_from..stop.max(after_from)];
        let clause_start = clause_start(text, folded, start, first);
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
            before,
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
        if self.counts_councils() {
            return false;
        }
        match grade {
            Grade::Good => self.end - self.first > 1 || self.says_good(),
            Grade::Outstanding | Grade::Inadequate => self.end - self.first > 1 || self.stands_alone(),
            Grade::Inconsistent if self.end - self.first == 1 => {
                ["experiences", "outcomes"].iter().any(|word| self.slice(self.whole).has(word))
            }
            _ => true,
        }
    }

    /// "Seven in ten councils came out as inadequate" grades none of them.
    fn counts_councils(&self) -> bool {
        let sentence = self.slice(self.whole);
        let before = self.slice((self.whole.0, self.first));
        let shares = ["in ten", "per cent", "in five", "in four", "in three", "two thirds", "a third", "nationally"];
        let councils = ["councils", "authorities", "departments", "inspections"].iter().any(|word| sentence.has(word));
        councils && shares.iter().any(|share| before.has(share))
    }

    /// No other noun follows that it would merely describe, unless it is marked or the next word is a name.
    fn stands_alone(&self) -> bool {
        let Some(next) = self.word(self.end) else { return true };
        let end = self.folded.words[self.end - 1].end;
        let gap = &self.text.whole[end..self.folded.words[self.end].start];
        let named = self.text.whole[self.folded.words[self.end].start..].starts_with(char::is_uppercase);
        let verb = self.back(1).is_some_and(|word| matches!(word, "rated" | "judged" | "graded" | "deemed" | "branded"));
        self.is_marked() || verb || named || AFTER.contains(&next) || gap.contains(|char: char| !char.is_whitespace() && char != '-')
    }

    /// "Good" is a grade only beside a grading word, alone between marks, or as "good overall".
    fn says_good(&self) -> bool {
        let praise = !self.is_marked() && self.word(self.end).is_some_and(|next| PRAISE.contains(&next));
        let of_requires =
            self.back(1) == Some("be") && self.back(2) == Some("to") && matches!(self.back(3), Some("improvement" | "improvements"));
        if praise || of_requires || !self.stands_alone() {
            return false;
        }
        let graded = (1..=5).filter_map(|places| self.back(places)).any(|word| GRADING.contains(&word));
        let opens = self.first == self.whole.0 && matches!(self.word(self.end), Some("was" | "is"));
        let noun_follows = (self.end..self.end + if opens { 5 } else { 2 })
            .filter_map(|at| self.word(at))
            .any(|word| matches!(word, "overall" | "rating" | "grade" | "verdict" | "judgement" | "judgment" | "mark"));
        let turned = self.back(1).is_some_and(|word| matches!(word, "to" | "from" | "stays" | "remains" | "still" | "again"))
            || (self.back(1) == Some("be") && self.back(2) == Some("to"));
        let is = (1..=5).filter_map(|places| self.back(places)).any(|word| matches!(word, "is" | "are" | "was" | "were" | "been" | "be"));
        let every = is && (self.holds(&WHOLE_PHRASES, self.left) || self.holds(&WHOLE_PHRASES, self.right));
        let heading = self.text.part_at(self.folded.words[self.first].start).is_some_and(|part| part.role == Role::Heading);
        graded || noun_follows || self.is_marked() || turned || every || heading
    }

    /// Alone between quotation marks, or with a capital in mid-sentence.
    fn is_marked(&self) -> bool {
        let (from, to) = (self.folded.words[self.first].start, self.folded.words[self.end - 1].end);
        let capital = self.first > self.whole.0 && self.text.whole[from..].starts_with(char::is_uppercase);
        let opened = self.text.whole[..from].ends_with(['‘', '“', '\'', '"', '˜']);
        let closed = self.text.whole[to..].trim_start_matches([',', '.']).starts_with(['’', '”', '\'', '"']);
        opened && closed || capital && !self.text.part_at(from).is_some_and(|part| part.role == Role::Title)
    }

    fn said(&self, grade: Grade, times: &[Named], day: Option<Date>) -> Said {
        let time = self.time(times);
        let long_ago = time.zip(day).is_some_and(|(time, day)| !time.any_year && when::days(time.to, day) > OLD);
        let behind = self.back(1) == Some("from")
            || self.holds(&PAST_PHRASES, self.left)
            || self.holds(&PAST_PHRASES, (self.end, self.right.1.min(self.end + 6)));
        let later = self.holds(&LATER_PHRASES, (self.end, self.whole.1));
        let behind = behind || later || self.folded.words[self.first].folded == "required";
        let standing = match (behind || long_ago, self.is_hoped()) {
            (true, _) => Standing::Previous,
            (false, true) => Standing::Hoped,
            (false, false) => Standing::New,
        };
        let around = (self.left.0, self.right.1);
        let whole = self.holds(&WHOLE_PHRASES, around);
        let graded = (around.0..around.1)
            .filter_map(|at| self.word(at))
            .any(|word| matches!(word, "rated" | "judged" | "graded" | "rating" | "grade" | "rates" | "branded" | "deemed" | "found"));
        let mut weight = self.text.prominence(self.folded.words[self.first].start).min(2.5) * if graded { 1.3 } else { 1.0 };
        if whole {
            weight *= 2.0;
        }
        if self.is_label() {
            weight *= LABEL;
        }
        let outcome = matches!(grade, Grade::SystemicFailings | Grade::Inconsistent | Grade::TypicallyPositive);
        Said {
            grade,
            word: self.first,
            overall: outcome || self.says_all(around) || !self.is_part(),
            standing,
            time,
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
        let opens = (self.left.0, (self.left.0 + SUBJECT_REACH).min(anchor));
        let on = matches!(self.word(self.whole.0), Some("on" | "for" | "in"))
            && self.holds(&PART_PHRASES, (self.whole.0, (self.whole.0 + 2 * SUBJECT_REACH).min(self.first)));
        let subject = opens.0 < opens.1 && self.holds(&PART_PHRASES, opens) && !self.holds(&WHOLE_PHRASES, self.left);
        (self.holds(&PART_PHRASES, before) || subject || on || after) && !overall
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

    /// A standing grade before the name or the service that bears it: "‘inadequate’ Sunderland children’s services".
    fn is_label(&self) -> bool {
        let Some(next) = self.folded.words.get(self.end).filter(|_| self.end < self.whole.1) else { return false };
        let gap = &self.text.whole[self.folded.words[self.end - 1].end..next.start];
        let raw = &self.text.whole[next.start..next.end];
        let name = raw.starts_with(char::is_uppercase) && raw != "Ofsted" && self.end - self.first == 1;
        let bears = matches!(
            next.folded.as_str(),
            "children" | "childrens" | "services" | "department" | "council" | "councils" | "authority" | "authorities"
        );
        let graded = (1..=2)
            .filter_map(|places| self.back(places))
            .any(|word| GRADING.contains(&word) || matches!(word, "is" | "are" | "was" | "were"));
        !gap.contains(['.', ',', ':', ';', '–', '—', '-']) && !graded && (name || bears)
    }

    /// A hope or a denial in the same clause: "to be rated good in two years", "not inadequate".
    fn is_hoped(&self) -> bool {
        let title = self.text.part_at(self.folded.words[self.first].start).is_some_and(|part| part.role == Role::Title);
        let near = (self.left.0.max(self.first.saturating_sub(HOPE_REACH)), self.first);
        let behind = (self.end, self.right.1.min(self.end + HOPE_REACH));
        if self.holds(&WISHED_PHRASES, behind) {
            return true;
        }
        !title && self.holds(&HOPED_PHRASES, near) && !self.slice(near).has("not only") && !self.slice(near).has("not just")
    }

    /// The time named just after the grade, or before it; one just behind another grade is that grade's.
    fn time(&self, times: &[Named]) -> Option<Named> {
        let own = |time: &&Named| time.word >= self.whole.0 && time.end <= self.whole.1;
        let now = (1..=3).filter_map(|places| self.back(places)).any(|word| word == "now");
        let after = times.iter().filter(own).find(|time| time.word >= self.end && time.word < self.right.1.min(self.end + 6));
        let from = if self.follows { self.before + TIME_BEHIND } else { self.whole.0 };
        let before = || {
            let near = self.first.saturating_sub(if self.follows { 10 } else { 16 });
            times.iter().rev().filter(own).find(|time| time.end <= self.first && time.word >= from.max(near))
        };
        after.or_else(|| if now { None } else { before() }).copied()
    }
}

/// What is left of a grade that is only a label.
const LABEL: f64 = 0.15;

/// Words behind a grade, in the same sentence, after which something newer is told.
const LATER: &[&str] = &["a year later", "years later", "year later", "months later"];
static LATER_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(LATER.iter().copied()));

/// Words behind a grade that make it a wish.
const WISHED: &[&str] = &[
    "is what we want", "is what we", "is the aim", "is the goal", "is our aim", "next time", "will do", "is within reach", "in the future",
    "in two years", "in three years", "by the next", "is where we", "would be", "isnt enough", "is not enough",
];
static WISHED_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(WISHED.iter().copied()));

/// Words before a grade in which a hope is looked for.
const HOPE_REACH: usize = 6;
/// Words behind another grade in which a time is that grade's.
const TIME_BEHIND: usize = 6;

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
        let times = when::find(&text.whole, &folded, Some(jiff::civil::date(2024, 6, 1)));
        let found: Vec<_> = find(&text, &folded, &times, Some(jiff::civil::date(2024, 6, 1)))
            .iter()
            .map(|said| (said.grade, said.overall, said.standing != Standing::New))
            .collect();
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

    #[test]
    fn words_that_grade_nothing() {
        use Grade::*;
        check("Inspectors found good systems and outstanding debts.", &[]);
        check("There is good leadership, but inadequate oversight.", &[]);
        check("Each is graded from outstanding to inadequate.", &[]);
        check("The grades are outstanding, good, requires improvement to be good, and inadequate.", &[]);
        check("Services were rated inadequate.", &[(Inadequate, true, false)]);
        check("The ‘inadequate’ department is on the mend.", &[(Inadequate, true, false)]);
        check("Inadequate Sunderland services", &[(Inadequate, true, false)]);
    }

    #[test]
    fn grades_of_another_time_or_of_none() {
        use Grade::*;
        check("Services improved after they were rated inadequate.", &[(Inadequate, true, true)]);
        check("The ambition is to be rated good overall in two years.", &[(Good, true, true)]);
        check("They are not rated inadequate.", &[(Inadequate, true, true)]);
        check("Ofsted rated the service inadequate in May.", &[(Inadequate, true, false)]);
        check("Ofsted rated the service inadequate in May last year.", &[(Inadequate, true, true)]);
        check("Improvement is required in every area.", &[(RequiresImprovement, true, false)]);
    }
}
