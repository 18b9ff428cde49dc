//! What a story says of grades: which, of whom, for the whole or a part, now or in the past.

use std::sync::LazyLock;

use jiff::civil::Date;

use crate::model::report::{Grade, JudgementKey};

use super::{
    event::EventStanding,
    fold::{Folded, Hit, Phrases},
    names::NameMention,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    ("outstanding", Grade::Outstanding),
    ("good", Grade::Good),
    ("systemic failings", Grade::SystemicFailings),
    ("systemic failing", Grade::SystemicFailings),
    ("systemic failures", Grade::SystemicFailings),
    ("inconsistent experiences", Grade::Inconsistent),
    ("not consistently positive", Grade::Inconsistent),
    ("experience inconsistencies", Grade::Inconsistent),
    ("middle category", Grade::Inconsistent),
    ("experiences inconsistent", Grade::Inconsistent),
    ("inconsistent outcomes", Grade::Inconsistent),
    ("inconsistent", Grade::Inconsistent),
    ("typically positive", Grade::TypicallyPositive),
    ("typically lead to positive", Grade::TypicallyPositive),
    ("typically have positive", Grade::TypicallyPositive),
    ("typically have a positive", Grade::TypicallyPositive),
    ("positive experiences", Grade::TypicallyPositive),
    ("outstandings", Grade::Outstanding),
    ("straight as", Grade::Outstanding),
    ("next to bottom", Grade::RequiresImprovement),
    ("second from bottom", Grade::RequiresImprovement),
    ("third of four", Grade::RequiresImprovement),
    ("second of four", Grade::Good),
    ("lowest of four", Grade::Inadequate),
    ("second lowest of four", Grade::RequiresImprovement),
    ("second lowest of the four", Grade::RequiresImprovement),
    ("second highest of four", Grade::Good),
    ("second highest of the four", Grade::Good),
    ("highest of four", Grade::Outstanding),
    ("bottom of four", Grade::Inadequate),
    ("top of four", Grade::Outstanding),
];

/// Where a grade stands on the scale, and what words for a grade can follow.
const RANKS: &[(&str, Grade)] = &[
    ("lowest", Grade::Inadequate),
    ("worst", Grade::Inadequate),
    ("bottom", Grade::Inadequate),
    ("poorest", Grade::Inadequate),
    ("second lowest", Grade::RequiresImprovement),
    ("second worst", Grade::RequiresImprovement),
    ("second bottom", Grade::RequiresImprovement),
    ("third highest", Grade::RequiresImprovement),
    ("second highest", Grade::Good),
    ("second best", Grade::Good),
    ("second top", Grade::Good),
    ("highest", Grade::Outstanding),
    ("top", Grade::Outstanding),
    ("best", Grade::Outstanding),
];
const SCOPES: &[&str] = &["", "possible", "ofsted", "possible ofsted", "available", "overall"];
const MARKS: &[&str] = &[
    "rating", "ratings", "grade", "grades", "grading", "mark", "marks", "category", "band", "judgement", "judgment", "score", "verdict",
    "tier", "rung", "box",
];

/// The same of the three outcomes of an area SEND inspection.
const OUTCOME_RANKS: &[(&str, Grade)] = &[
    ("lowest", Grade::SystemicFailings),
    ("worst", Grade::SystemicFailings),
    ("bottom", Grade::SystemicFailings),
    ("middle", Grade::Inconsistent),
    ("second", Grade::Inconsistent),
    ("best", Grade::TypicallyPositive),
    ("highest", Grade::TypicallyPositive),
    ("top", Grade::TypicallyPositive),
];
const OUTCOMES: &[&str] = &[
    "outcome", "possible outcome", "group", "group of three", "of three", "of the three", "of three possible", "of the three possible",
    "of three outcomes", "of the three outcomes", "result of three", "category of three", "category of the three", "of three categories",
];

/// Every way to say a grade.
static LEXICON: LazyLock<Vec<(String, Grade)>> = LazyLock::new(|| {
    let said = WORDS.iter().map(|(phrase, grade)| ((*phrase).to_owned(), *grade));
    let ranked = RANKS.iter().flat_map(|(rank, grade)| {
        SCOPES.iter().flat_map(move |scope| MARKS.iter().map(move |mark| (format!("{rank} {scope} {mark}").replace("  ", " "), *grade)))
    });
    let outcomes = OUTCOME_RANKS.iter().flat_map(|(rank, grade)| OUTCOMES.iter().map(move |outcome| (format!("{rank} {outcome}"), *grade)));
    said.chain(ranked).chain(outcomes).collect()
});

static GRADES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(LEXICON.iter().map(|(phrase, _)| phrase.as_str())));

const PARTS: &[(&str, GradedPart)] = &[
    ("care leavers", GradedPart::CareLeavers),
    ("leaving care", GradedPart::CareLeavers),
    ("leave care", GradedPart::CareLeavers),
    ("adoption", GradedPart::Adoption),
    ("leadership", GradedPart::Leaders),
    ("leaders", GradedPart::Leaders),
    ("safeguarding board", GradedPart::Board),
    ("safeguarding boards", GradedPart::Board),
    ("safeguarding children board", GradedPart::Board),
    ("children board", GradedPart::Board),
    ("lscb", GradedPart::Board),
    ("board", GradedPart::Board),
    ("boards", GradedPart::Board),
    ("help and protection", GradedPart::HelpProtection),
    ("in care", GradedPart::InCare),
    ("looked after", GradedPart::InCare),
    ("early help", GradedPart::Other),
    ("fostering", GradedPart::Other),
    ("school", GradedPart::Other),
    ("schools", GradedPart::Other),
    ("academy", GradedPart::Other),
    ("nursery", GradedPart::Other),
    ("home", GradedPart::Other),
    ("homes", GradedPart::Other),
    ("childminders", GradedPart::Other),
    ("hospital", GradedPart::Other),
    ("agency", GradedPart::Other),
    ("virtual school", GradedPart::Other),
];
static PART_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(PARTS.iter().map(|(phrase, _)| *phrase)));

const PAST: &[&str] = &[
    "previous", "previously", "last full inspection", "last inspection", "last inspected", "earlier", "formerly", "up from", "lost",
    "loses", "lose", "losing", "climbed out", "out of", "falls from", "years ago", "years earlier", "years after", "a year ago",
    "a year after", "months after", "years since", "since it was", "since they were", "when they were", "when it was",
    "when services were", "once rated", "last rated", "last graded", "the one rated", "last time", "was last", "were last", "no longer",
    "shed", "sheds", "no more", "any longer", "lifted the", "lifts the", "has lifted", "removed the", "until", "held the", "before that",
    "after they were", "after it was", "after services were", "after being", "after having been", "initially", "more than a decade",
    "for years", "for a decade", "cost the council its", "cost it its", "back in", "used to be", "had called", "had rated", "had judged",
    "had found", "had given", "had got", "once more than", "first called", "was told in", "down from", "fell from", "compared with",
    "better than", "instead of", "worse than", "since being", "since its", "since their", "not long ago", "of last time", "decade at",
    "first rated", "first judged", "then rated", "still rated", "at the time", "stood at", "to shake off", "before it", "predecessor",
    "predecessors", "when inspectors last", "when ofsted last", "when it last",
];

/// Words with which a grade is told to be gone.
const LEFT: &[&str] = &[
    "no longer", "no more", "any longer", "out of", "climbed out", "climbs out", "lifted out", "lifted the", "lifts the", "has lifted",
    "sheds", "shed", "shakes off", "shake off", "shook off", "shaken off", "loses its", "lost its", "rid of", "ditches", "escapes",
    "got out of",
];
static LEFT_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(LEFT.iter().copied()));

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
    "werent", "arent", "neither", "short of", "nothing", "none of", "no part of", "no area",
];
static HOPED_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(HOPED.iter().copied()));
static PAST_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(PAST.iter().copied()));

const WHOLE: &[&str] = &[
    "overall", "as a whole", "every area", "all areas", "every measure", "every count", "all counts", "across the board", "all five areas",
    "all four areas", "every respect", "every category", "all categories", "every judgement", "each area", "in full",
    "children's services", "childrens social care", "social services", "the service", "services for vulnerable children",
    "services for children", "services for vulnerable youngsters",
];
static WHOLE_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(WHOLE.iter().copied()));

const GRADING: [&str; 26] = [
    "rated", "rates", "rate", "rating", "judged", "judges", "judgement", "judgment", "graded", "grade", "grades", "deemed", "branded",
    "declared", "ranked", "classed", "ofsted", "inspectors", "found", "verdict", "upgraded", "downgraded", "council", "borough", "retains",
    "keeps",
];

/// Verbs that give a grade to what stands between them and it: "marked its services as good".
const GIVEN: &[&str] = &[
    "marked", "marks", "marking", "called", "calls", "labelled", "pronounced", "rated", "rates", "judged", "judges", "graded", "grades",
    "upgraded", "promoted", "promotes", "awarded", "awards", "declared", "scored", "made",
];
/// What is judged, where it is said to be good.
const JUDGED: &[&str] = &[
    "services", "service", "department", "council", "councils", "authority", "borough", "county", "city", "trust", "they", "it",
    "judgements", "judgments", "areas", "headings", "categories", "marks", "grades", "we", "both", "everything", "islands", "island",
];
/// Words of a sentence that tells a verdict.
const VERDICTS: &[&str] =
    &["word", "verdict", "ofsted", "inspectors", "grade", "rating", "mark", "judgement", "judgment", "result", "answer"];

/// The grades a story states, in order; `times` are those it names, `names` where it names authorities, `day` that of its
/// publication, if known.
pub fn find(text: &StoryText, folded: &Folded, times: &[Named], names: &[NameMention], day: Option<Date>) -> Vec<Said> {
    let hits = GRADES.find(folded);
    let mut found = Vec::new();
    for (at, hit) in hits.iter().enumerate() {
        let grade = LEXICON[hit.phrase].1;
        if is_scale(&hits, at, folded) {
            continue;
        }
        let Some(sentence) = text.sentence_at(folded.words[hit.first].start) else { continue };
        let before = at.checked_sub(1).map_or(0, |before| hits[before].end);
        let after = hits.get(at + 1).map_or(folded.words.len(), |next| next.first);
        let context = GradeContext::of(text, folded, sentence, (hit.first, hit.end), (before, after), names);
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
    let mut grades: Vec<&str> = hits[first..=last].iter().map(|hit| LEXICON[hit.phrase].1.as_str()).collect();
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
const SCALE_WORDS: [&str; 13] = ["adequate", "to", "be", "good", "and", "or", "from", "then", "improvement", "up", "through", "the", "on"];

/// Of two times of grades of one authority, far apart, the earlier is of an earlier inspection. `of` says whose each is.
pub fn outdate(found: &mut [Said], of: &[Vec<usize>]) {
    let timed: Vec<Option<Date>> = found.iter().map(|said| said.time.filter(|time| !time.any_year).map(|time| time.to)).collect();
    for at in 0..found.len() {
        let Some(own) = timed[at].filter(|_| found[at].standing == EventStanding::New) else { continue };
        let later = |other: usize| {
            timed[other].is_some_and(|time| when::days(own, time) > OLD) && of[other].iter().any(|name| of[at].contains(name))
        };
        if (0..found.len()).any(later) {
            found[at].standing = EventStanding::Previous;
        }
    }
}

/// Of two grades of one authority as a whole, that which "was" is of before, where another "is", "has been", or is the
/// headline's.
pub fn contrast(found: &mut [Said], of: &[Vec<usize>], title: impl Fn(&Said) -> bool) {
    let told = |said: &Said| said.overall && said.standing == EventStanding::New;
    let holds =
        |said: &Said| told(said) && (matches!(said.tense, Tense::Present | Tense::Perfect) || title(said) && said.tense == Tense::Open);
    for at in 0..found.len() {
        if !told(&found[at]) || found[at].tense != Tense::Past {
            continue;
        }
        let shared = |other: usize| of[other].iter().any(|name| of[at].contains(name));
        let same = (0..found.len()).any(|other| holds(&found[other]) && found[other].grade == found[at].grade && shared(other));
        let other = (0..found.len()).any(|other| holds(&found[other]) && found[other].grade != found[at].grade && shared(other));
        if other && !same {
            found[at].standing = EventStanding::Previous;
        }
    }
}

/// "Had been judged good" in minutes tells what the minutes are about: a grade that only its tense puts in the past is news
/// where no other is.
pub fn backshift(found: &mut [Said], of: &[Vec<usize>]) {
    for at in 0..found.len() {
        let shared = |other: usize| of[other].iter().any(|name| of[at].contains(name));
        let news = |other: usize| found[other].overall && found[other].standing == EventStanding::New && shared(other);
        if found[at].overall && found[at].by_tense && !(0..found.len()).any(news) {
            found[at].standing = EventStanding::New;
        }
    }
}

/// A grade given so many days before the story is of an earlier inspection.
const OLD: i32 = 180;

/// The words around a grade. All ranges are of words.
struct GradeContext<'a> {
    text: &'a StoryText,
    folded: &'a Folded,
    names: &'a [NameMention],
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
/// Words between two parts of one list.
const LIST_GAP: usize = 3;
/// Words with which a clause names what it speaks of.
const SUBJECT_REACH: usize = 4;

/// Verbs and small words between what is graded and its grade.
const CHAIN: &[&str] = &[
    "rated", "judged", "graded", "found", "deemed", "considered", "branded", "to", "be", "been", "being", "has", "have", "had", "was",
    "were", "is", "are", "as", "now", "also", "still", "again", "already", "all", "both", "a", "an", "the", "it", "only", "not", "given",
    "handed", "awarded", "made", "called", "named", "put", "told",
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

impl<'a> GradeContext<'a> {
    fn of(
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
        Self {
            text,
            folded,
            names,
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
        if range.0 >= range.1 {
            return Folded::default();
        }
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
        if !self.is_marked() && self.praises_with_more() {
            return false;
        }
        let graded = (1..=5).filter_map(|places| self.back(places)).any(|word| GRADING.contains(&word))
            || (self.left.0..self.first).filter_map(|at| self.word(at)).any(|word| GIVEN.contains(&word));
        let opens = self.first == self.whole.0 && matches!(self.word(self.end), Some("was" | "is"));
        let noun_follows = (self.end..self.end + if opens { 5 } else { 2 })
            .filter_map(|at| self.word(at))
            .any(|word| matches!(word, "overall" | "rating" | "grade" | "verdict" | "judgement" | "judgment" | "mark"));
        let turned = self.back(1).is_some_and(|word| matches!(word, "to" | "from" | "stays" | "remains" | "still" | "again"))
            || (self.back(1) == Some("be") && self.back(2) == Some("to"));
        let is = (1..=5).filter_map(|places| self.back(places)).any(|word| matches!(word, "is" | "are" | "was" | "were" | "been" | "be"));
        let every = is && (self.holds(&WHOLE_PHRASES, self.left) || self.holds(&WHOLE_PHRASES, self.right));
        let heading = self.text.part_at(self.folded.words[self.first].start).is_some_and(|part| part.role == Role::Heading);
        graded
            || noun_follows
            || self.is_marked()
            || turned
            || every
            || heading
            || self.is_predicate()
            || self.is_noun()
            || self.is_received()
            || self.is_last_word()
    }

    /// "Good and often better support" praises the support.
    fn praises_with_more(&self) -> bool {
        matches!(self.word(self.end), Some("and" | "or")) && matches!(self.word(self.end + 1), Some("often" | "better" | "sometimes"))
    }

    /// "Services are now good": what is judged is the services, the council, or "they", and nothing else that may be good.
    fn is_predicate(&self) -> bool {
        let anchor = self.chain_start();
        let Some(subject) = anchor.checked_sub(1).filter(|&at| at >= self.whole.0) else { return false };
        let is =
            (anchor..self.first).filter_map(|at| self.word(at)).any(|word| matches!(word, "is" | "are" | "was" | "were" | "been" | "now"));
        let title = self.text.is_title(self.folded.words[self.first].start);
        let (start, end) = (self.folded.words[subject].start, self.folded.words[subject].end);
        let named = || self.names.iter().any(|name| name.start <= start && start < name.end && name.end <= end + 3);
        let apposed = || {
            self.text.whole[end..self.folded.words[anchor].start].contains(',')
                && (self.whole.0..subject)
                    .filter_map(|at| self.word(at))
                    .any(|word| matches!(word, "services" | "service" | "department" | "council"))
        };
        let judged = self.word(subject).is_some_and(|word| JUDGED.contains(&word)) || named() || apposed();
        judged && (is || title && anchor == self.first)
    }

    /// "Receive good services", "in the hands of a good council": the services, graded.
    fn is_received(&self) -> bool {
        let next = self.word(self.end);
        let received =
            self.back(1).is_some_and(|word| matches!(word, "receive" | "receives" | "receiving" | "get" | "gets" | "provide" | "provides"))
                || matches!(self.back(1), Some("a" | "an")) && self.back(2).is_some_and(|word| matches!(word, "receive" | "receives"));
        received && matches!(next, Some("service" | "services"))
            || matches!(self.back(1), Some("a" | "an")) && matches!(next, Some("council" | "authority" | "department"))
    }

    /// "Gets a good", "keeps its good": a grade as a noun.
    fn is_noun(&self) -> bool {
        let determined = self.back(1).is_some_and(|word| matches!(word, "a" | "its" | "their" | "another" | "that"));
        let ends = self.word(self.end).is_none_or(|next| {
            matches!(
                next,
                "overall"
                    | "from"
                    | "in"
                    | "to"
                    | "on"
                    | "after"
                    | "again"
                    | "for"
                    | "this"
                    | "and"
                    | "but"
                    | "with"
                    | "since"
                    | "as"
                    | "by"
            )
        });
        let stopped = self.folded.words.get(self.end).is_none_or(|next| {
            self.text.whole[self.folded.words[self.end - 1].end..next.start].contains(['.', ',', ';', ':', '!', '?', '–', '—'])
        });
        determined && (ends || stopped)
    }

    /// "It writes one word, good.": the last word of a sentence that tells of a verdict, set off from it.
    fn is_last_word(&self) -> bool {
        let before = self.first.checked_sub(1).filter(|&at| at >= self.whole.0);
        let set_off = before.is_some_and(|at| {
            self.text.whole[self.folded.words[at].end..self.folded.words[self.first].start].contains([',', ':', '–', '—'])
        });
        let tells = || (self.whole.0..self.first).filter_map(|at| self.word(at)).any(|word| VERDICTS.contains(&word));
        let colon = before.is_some_and(|at| self.text.whole[self.folded.words[at].end..self.folded.words[self.first].start].contains(':'));
        let stopped = self.end >= self.whole.1
            || colon
                && self.text.whole[self.folded.words[self.end - 1].end..].trim_start_matches(['’', '”', '\'', '"']).starts_with([',', ';']);
        set_off && stopped && tells()
    }

    /// Alone between quotation marks, or with a capital in mid-sentence.
    fn is_marked(&self) -> bool {
        let (from, to) = (self.folded.words[self.first].start, self.folded.words[self.end - 1].end);
        let capital = self.first > self.whole.0 && self.text.whole[from..].starts_with(char::is_uppercase);
        let opened = self.text.whole[..from].ends_with(['‘', '“', '\'', '"', '˜']);
        let closed = self.text.whole[to..].trim_start_matches([',', '.']).starts_with(['’', '”', '\'', '"']);
        opened && closed || capital && !self.text.is_title(from)
    }

    fn said(&self, grade: Grade, times: &[Named], day: Option<Date>) -> Said {
        let time = self.time(times);
        let tense = self.tense();
        let long_ago = time.zip(day).is_some_and(|(time, day)| !time.any_year && when::days(time.to, day) > OLD);
        let marked = matches!(self.back(1), Some("from" | "off"))
            || self.holds(&PAST_PHRASES, self.left)
            || self.holds(&PAST_PHRASES, (self.end, self.right.1.min(self.end + 6)))
            || self.holds(&LATER_PHRASES, (self.end, self.whole.1))
            || self.is_predecessors()
            || self.folded.words[self.first].folded == "required";
        let behind = marked || tense == Tense::Before;
        let by_tense = behind && !marked && !long_ago && time.is_none();
        let left = !long_ago && time.is_none() && tense != Tense::Before && self.is_left();
        let standing = match (behind || left || long_ago, self.is_hoped()) {
            (true, _) => EventStanding::Previous,
            (false, true) => EventStanding::Hoped,
            (false, false) => EventStanding::New,
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
        let parts = if grade.is_outcome() || self.says_all(around) { Vec::new() } else { self.parts() };
        Said {
            grade,
            word: self.first,
            overall: parts.is_empty(),
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

    /// The parts of the service that are graded: they stand just before the verb, or after "for" or "in" behind the grade.
    fn parts(&self) -> Vec<GradedPart> {
        if self.slice((self.left.0, self.right.1)).has("overall") {
            return Vec::new();
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
        let opens = (self.left.0, (self.left.0 + SUBJECT_REACH).min(anchor));
        if opens.0 < opens.1 && !self.holds(&WHOLE_PHRASES, self.left) {
            let subject = found(opens);
            if !subject.is_empty() {
                return subject;
            }
        }
        let graded = (self.left.0..anchor).rev().find(|&at| self.word(at).is_some_and(|word| MARKS.contains(&word)));
        if let Some(at) = graded.filter(|&at| matches!(self.word(at + 1), Some("for" | "on" | "of" | "in"))) {
            let named = found((at + 1, (at + 2 + 2 * SUBJECT_REACH).min(self.first)));
            if !named.is_empty() {
                return named;
            }
        }
        if matches!(self.word(self.whole.0), Some("on" | "for" | "in")) {
            let named = found((self.whole.0, (self.whole.0 + 2 * SUBJECT_REACH).min(self.first)));
            if !named.is_empty() {
                return named;
            }
        }
        if matches!(self.word(self.end), Some("for" | "in" | "on")) {
            found((self.end, self.right.1.min(self.end + 6)))
        } else {
            Vec::new()
        }
    }

    /// Where the verb begins that grades.
    fn chain_start(&self) -> usize {
        let mut anchor = self.first;
        while anchor > self.left.0 && self.word(anchor - 1).is_some_and(|word| CHAIN.contains(&word)) {
            anchor -= 1;
        }
        anchor
    }

    /// The parts that stand before the verb, with those listed before them: "help and protection, children in care and
    /// care leavers are all rated good".
    fn listed(&self, anchor: usize) -> Vec<GradedPart> {
        let relative = matches!(self.word(anchor), Some("which" | "that" | "who")) && anchor < self.first;
        let near = anchor.saturating_sub(PART_REACH).max(if relative { self.whole.0 } else { self.left.0 });
        let mut listed = Vec::new();
        let mut from = anchor;
        for (part, first, end) in self.parts_in((self.before.max(self.whole.0), anchor)).into_iter().rev() {
            if listed.is_empty() && first < near || !listed.is_empty() && from.saturating_sub(end) > LIST_GAP {
                break;
            }
            listed.push(part);
            from = first;
        }
        listed
    }

    /// The parts named in a range, with their words.
    fn parts_in(&self, range: (usize, usize)) -> Vec<(GradedPart, usize, usize)> {
        if range.0 >= range.1 {
            return Vec::new();
        }
        PART_PHRASES.find(&self.slice(range)).into_iter().map(|hit| (PARTS[hit.phrase].1, range.0 + hit.first, range.0 + hit.end)).collect()
    }

    /// The tense of the verb that grades, by its auxiliary.
    fn tense(&self) -> Tense {
        let chain = || (self.chain_start()..self.first).filter_map(|at| self.word(at));
        let has = |words: &[&str]| chain().any(|word| words.contains(&word));
        if has(&["had"]) {
            Tense::Before
        } else if has(&["has", "have"]) {
            Tense::Perfect
        } else if has(&["now", "is", "are", "still", "remains"]) {
            Tense::Present
        } else if has(&["was", "were"]) {
            Tense::Past
        } else {
            Tense::Open
        }
    }

    /// "No longer inadequate", "climbs out of", "sheds its inadequate rating": news that the grade is gone.
    fn is_left(&self) -> bool {
        let near = (self.left.0.max(self.first.saturating_sub(LEFT_REACH / 2)), self.first);
        self.holds(&LEFT_PHRASES, near) || self.holds(&LEFT_PHRASES, (self.end, self.right.1.min(self.end + 4))) || self.is_shed()
    }

    /// "Its inadequate label peeled off": a grade as a thing that is gone.
    fn is_shed(&self) -> bool {
        let thing = self.word(self.end).is_some_and(|word| MARKS.contains(&word) || matches!(word, "label" | "tag" | "badge" | "status"));
        let gone = |word: &str| {
            matches!(word, "off" | "lifted" | "removed" | "gone" | "lost" | "shed" | "dropped" | "history" | "scrapped" | "ends" | "ended")
        };
        let left =
            |word: &str| matches!(word, "shakes" | "ditches" | "escapes" | "leaves" | "rid" | "drops" | "removes" | "lifts" | "strips");
        thing && (self.end + 1..self.end + 5).filter_map(|at| self.word(at)).any(gone)
            || (1..=4).filter_map(|places| self.back(places)).any(left)
    }

    /// What is graded is the council that was there before: "Their predecessor, the county council, was judged".
    fn is_predecessors(&self) -> bool {
        (self.whole.0..self.first.min(self.whole.0 + 2 * SUBJECT_REACH))
            .filter_map(|at| self.word(at))
            .any(|word| matches!(word, "predecessor" | "predecessors" | "abolished" | "defunct"))
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
            .any(|word| GRADING.contains(&word) || matches!(word, "is" | "are" | "was" | "were" | "with" | "has" | "have"));
        !gap.contains(['.', ',', ':', ';', '–', '—', '-']) && !graded && (name || bears)
    }

    /// A hope or a denial in the same clause: "to be rated good in two years", "not inadequate".
    fn is_hoped(&self) -> bool {
        let title = self.text.is_title(self.folded.words[self.first].start);
        let near = (self.left.0.max(self.first.saturating_sub(HOPE_REACH)), self.first);
        let behind = (self.end, self.right.1.min(self.end + HOPE_REACH));
        if self.holds(&WISHED_PHRASES, behind) {
            return true;
        }
        !title
            && !self.opens_with_fact()
            && !self.slice(near).has("way to go")
            && self.holds(&HOPED_PHRASES, near)
            && !self.slice(near).has("not only")
            && !self.slice(near).has("not just")
    }

    /// A time since which something else has been so: "better since 2014, but it kept the grade".
    fn is_set_off(&self, time: &Named) -> bool {
        (1..=2).filter_map(|places| time.word.checked_sub(places)).any(|at| self.word(at) == Some("since"))
    }

    /// "To be rated good after three years is something" tells what has been.
    fn opens_with_fact(&self) -> bool {
        let told = || (self.end..self.whole.1).filter_map(|at| self.word(at)).any(|word| matches!(word, "is" | "was"));
        self.word(self.whole.0) == Some("to") && self.word(self.whole.0 + 1) == Some("be") && self.first <= self.whole.0 + 4 && told()
    }

    /// The time named just after the grade, or before it; one just behind another grade is that grade's.
    fn time(&self, times: &[Named]) -> Option<Named> {
        let own = |time: &&Named| time.word >= self.whole.0 && time.end <= self.whole.1;
        let now = (1..=3).filter_map(|places| self.back(places)).any(|word| word == "now");
        let after = times.iter().filter(own).find(|time| time.word >= self.end && time.word < self.right.1.min(self.end + 6));
        let from = if self.follows { self.before + TIME_BEHIND } else { self.whole.0 };
        let before = || {
            let near = self.first.saturating_sub(if self.follows { 10 } else { 16 });
            times.iter().rev().filter(own).find(|time| time.end <= self.first && time.word >= from.max(near) && !self.is_set_off(time))
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
        let found: Vec<_> = find(&text, &folded, &times, &[], Some(jiff::civil::date(2024, 6, 1)))
            .iter()
            .map(|said| (said.grade, said.overall, said.standing != EventStanding::New))
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

    /// Parts, whole, standing of what is said in a text.
    fn parts(text: &str, expected: &[(Grade, &[GradedPart])]) {
        let text = StoryText { whole: text.into(), sentences: vec![(0, text.len())], ..StoryText::default() };
        let folded = Folded::of(&text.whole);
        let found: Vec<(Grade, Vec<GradedPart>)> =
            find(&text, &folded, &[], &[], None).into_iter().map(|said| (said.grade, said.parts)).collect();
        let expected: Vec<(Grade, Vec<GradedPart>)> = expected.iter().map(|(grade, parts)| (*grade, parts.to_vec())).collect();
        assert_eq!(found, expected, "{}", text.whole);
    }

    #[test]
    fn parts_are_read_with_those_listed_beside_them() {
        use Grade::*;
        use GradedPart::*;
        parts(
            "Help and protection, children in care and care leavers are all rated good.",
            &[(Good, &[CareLeavers, InCare, HelpProtection])],
        );
        parts("One blot is help for care leavers, which requires improvement.", &[(RequiresImprovement, &[CareLeavers])]);
        parts(
            "The judgement for children who need help and protection was that it requires improvement.",
            &[(RequiresImprovement, &[HelpProtection])],
        );
        parts("The council was rated good in every area, adoption too.", &[(Good, &[])]);
    }

    #[test]
    fn a_grade_is_read_in_any_words() {
        use Grade::*;
        check("Ofsted marked Fernshire’s services for children as good.", &[(Good, true, false)]);
        check("Overall, the city gets a good.", &[(Good, true, false)]);
        check("Children’s services, written off in 2010, are now good.", &[(Good, true, false)]);
        check("Ofsted says the children “receive good services”.", &[(Good, true, false)]);
        check("Ofsted’s verdict on the city: good, with a caution.", &[(Good, true, false)]);
        check("The mark is the second lowest of four.", &[(RequiresImprovement, true, false)]);
        check("The council has been put in the highest band.", &[(Outstanding, true, false)]);
        check("The area came out with the top outcome.", &[(TypicallyPositive, true, false)]);
        // Near misses.
        check("Morale in the office is good.", &[]);
        check("It is for the good of the town.", &[]);
        check("Staff had a good start and good relationships.", &[]);
        check("Plans are good and often better than before.", &[]);
        check("The top of the hill and the lowest of the hedges.", &[]);
    }

    #[test]
    fn a_grade_that_is_gone() {
        let left = |text: &str| {
            let text = StoryText { whole: text.into(), sentences: vec![(0, text.len())], ..StoryText::default() };
            let folded = Folded::of(&text.whole);
            find(&text, &folded, &[], &[], None).first().map(|said| said.left)
        };
        assert_eq!(left("The council is no longer inadequate."), Some(true));
        assert_eq!(left("Fernshire sheds its inadequate rating."), Some(true));
        assert_eq!(left("Services climbed out of inadequate."), Some(true));
        assert_eq!(left("The council was rated inadequate."), Some(false));
        assert_eq!(left("People out of work know it. Services are inadequate."), Some(false));
    }

    #[test]
    fn grades_of_another_time_or_of_none() {
        use Grade::*;
        check("Services improved after they were rated inadequate.", &[(Inadequate, true, true)]);
        check("The ambition is to be rated good overall in two years.", &[(Good, true, true)]);
        check("They are not rated inadequate.", &[(Inadequate, true, true)]);
        check("Their predecessor, the county council, was judged inadequate.", &[(Inadequate, true, true)]);
        check("It is better since 2014, but inspectors kept the grade at requires improvement.", &[(RequiresImprovement, true, false)]);
        check("To be rated good after three years is something.", &[(Good, true, false)]);
        check("Ofsted rated the service inadequate in May.", &[(Inadequate, true, false)]);
        check("Ofsted rated the service inadequate in May last year.", &[(Inadequate, true, true)]);
        check("Improvement is required in every area.", &[(RequiresImprovement, true, false)]);
    }
}
