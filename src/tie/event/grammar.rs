//! What the grammar of a sentence tells of an inspection, whatever its words: tense, aspect, and who does it.

use super::EventFamily;
use crate::tie::{fold::Folded, text::StoryText};

/// A reading of some words of one sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Told {
    pub family: EventFamily,
    pub weight: f64,
    pub word: usize,
}

/// Who inspects.
const INSPECTORS: &[&str] = &["inspectors", "ofsted", "inspection", "hmi", "inspector", "watchdog", "team", "reinspection"];
/// What can stand between them and what they do.
const BESIDE: &[&str] = &[
    "from", "of", "for", "the", "a", "who", "also", "now", "still", "hmi", "inspectorate", "and", "cqc", "care", "quality", "commission",
    "already", "currently", "again",
];
/// What comes of it.
pub(super) const OUTCOMES: &[&str] = &[
    "report", "findings", "results", "result", "outcome", "verdict", "judgement", "judgment", "conclusions", "ratings", "letter", "ruling",
];
/// What inspectors do while they are there.
const AT_WORK: &[&str] = &[
    "inspecting", "visiting", "spending", "looking", "going", "examining", "arriving", "talking", "checking", "here", "town", "underway",
    "begun", "started", "arrived", "back", "scrutinising", "assessing", "carrying", "conducting", "making", "poring", "camped", "based",
    "stationed", "holed",
];
/// Words with which a time is near.
const NEAR: &[&str] = &[
    "week", "weeks", "fortnight", "monday", "tuesday", "wednesday", "thursday", "friday", "today", "tomorrow", "now", "until", "till",
    "days",
];
/// Words that make an outcome one to come.
const TO_COME: &[&str] = &["expected", "due", "awaited", "will", "should", "expect", "await", "awaiting", "awaits", "pending", "wont"];
/// What is then to happen to it.
const COMES: &[&str] =
    &["published", "out", "come", "known", "due", "expected", "revealed", "released", "follow", "land", "announced", "issued"];
/// Ways to speak of the time when it will.
const LATER: &[&str] = &[
    "year", "week", "month", "weeks", "months", "autumn", "spring", "summer", "winter", "christmas", "easter", "soon", "later", "january",
    "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "course", "elections",
    "term", "end",
];
const DAYS: &[&str] = &["monday", "tuesday", "wednesday", "thursday", "friday", "today", "yesterday"];
/// Verbs of whoever waits for an inspection.
const AWAITS: &[&str] = &[
    "expects", "expect", "expecting", "awaits", "await", "awaiting", "prepares", "prepare", "preparing", "braces", "braced", "bracing",
    "anticipates", "anticipating",
];
/// Grades, of which a visit gives none.
pub(super) const GRADES: &[&str] =
    &["rating", "ratings", "grade", "grades", "graded", "rated", "judgement", "judgment", "judgements", "judgments", "mark", "marks"];
const NONE: &[&str] = &["no", "not", "without", "dont", "doesnt", "didnt", "isnt", "nor", "never"];
/// Words before "no grade" by which a visit or its letter has none.
const BEARS: &[&str] = &["contain", "contains", "contained", "carry", "carries", "carried", "include", "includes", "make", "makes", "made"];
const GIVEN: &[&str] = &["given", "give", "gives", "result", "come", "comes", "awarded", "carry", "lead", "bring"];
const ORDINALS: &[&str] = &["second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"];

/// What the sentences of a text tell.
pub(super) fn find(text: &StoryText, folded: &Folded) -> Vec<Told> {
    let mut found = Vec::new();
    for &(start, stop) in &text.sentences {
        let (from, to) = (folded.word_from(start), folded.word_from(stop));
        let words: Vec<&str> = folded.words[from..to].iter().map(|word| word.folded.as_str()).collect();
        let told = [at_work(&words), to_come(&words), awaited(&words), ungraded(&words), again(&words)];
        found.extend(told.into_iter().flatten().map(|told| Told { word: from + told.word, ..told }));
    }
    found
}

fn any(words: &[&str], from: usize, reach: usize, of: &[&str]) -> Option<usize> {
    (from..(from + reach).min(words.len())).find(|&at| of.contains(&words[at]))
}

/// True if one of those stands among the words before one.
fn before(words: &[&str], at: usize, reach: usize, of: &[&str]) -> bool {
    words[at.saturating_sub(reach)..at].iter().any(|word| of.contains(word))
}

/// "Inspectors are spending this week at …", "Ofsted will be inspecting", "inspectors will be in the area from Monday".
fn at_work(words: &[&str]) -> Option<Told> {
    (0..words.len()).filter(|&at| INSPECTORS.contains(&words[at])).find_map(|at| {
        let told = |weight: f64| Some(Told { family: EventFamily::Announced, weight, word: at });
        // "Parents want Ofsted to visit" is a wish.
        let wished = at > 0 && matches!(words[at - 1], "want" | "wants" | "wanted" | "ask" | "asks" | "asked" | "urge" | "urged" | "for");
        let infinitive = !wished
            && words.get(at + 1) == Some(&"to")
            && any(words, at + 2, 1, &["return", "inspect", "visit", "come", "examine", "begin", "start"]).is_some();
        if infinitive && any(words, at + 2, 10, LATER).or_else(|| any(words, at + 2, 10, NEAR)).is_some() {
            return told(1.5);
        }
        // "Ofsted actions are going …" speaks of actions, "Ofsted said that work must start" of work.
        let alone = |verb: usize| words[at + 1..verb].iter().all(|word| INSPECTORS.contains(word) || BESIDE.contains(word));
        let begins = any(words, at + 1, 6, &["begin", "begins", "start", "starts"]).filter(|&verb| alone(verb));
        if begins.is_some_and(|verb| any(words, verb + 1, 5, &["look", "inspection", "visit", "review", "inspecting"]).is_some()) {
            return told(1.5);
        }
        if any(words, at + 1, 14, &["site"]).is_some_and(|site| site > 1 && words[site - 1] == "on" && words[at..site].contains(&"will")) {
            return told(1.5);
        }
        // A headline's "Ofsted in Derby next week to inspect services".
        let inspects = (at + 2..(at + 10).min(words.len().saturating_sub(1)))
            .find(|&to| words[to] == "to" && matches!(words[to + 1], "inspect" | "visit" | "examine" | "review" | "judge"));
        let between = inspects.map_or(&[][..], |to| &words[at + 1..to]);
        let soon = between.windows(2).any(|pair| matches!(pair[0], "next" | "this") && NEAR.contains(&pair[1]));
        let no_verb = matches!(words[at], "ofsted" | "inspectors" | "hmi" | "watchdog")
            && matches!(words.get(at + 1), Some(&("in" | "at" | "to" | "back" | "due")));
        if no_verb && soon && !between.iter().any(|word| matches!(*word, "came" | "was" | "were" | "went" | "had")) {
            return told(1.5);
        }
        // A headline's "Ofsted back to inspect".
        if words.get(at + 1) == Some(&"back") && words.get(at + 2) == Some(&"to") && comes_back(&words[at..]) {
            return told(1.5);
        }
        let verb = any(words, at + 1, 4, &["are", "is", "will", "would", "has", "have"])?;
        if !alone(verb) {
            return None;
        }
        if matches!(words[verb], "are" | "is") && comes_back(&words[verb..]) {
            return told(1.5);
        }
        let near = || any(words, verb, 14, NEAR).is_some();
        match words[verb] {
            "are" | "is" => {
                let inspects = |at: usize| words[at] != "making" || any(words, at + 1, 5, &["inspection", "visit", "check"]).is_some();
                let works = any(words, verb + 1, 3, AT_WORK).filter(|&at| words[at].ends_with("ing") || near());
                works.filter(|&at| inspects(at)).and_then(|_| told(1.5))
            }
            "has" | "have" => {
                let begun = any(words, verb + 1, 2, &["begun", "started", "arrived"]).is_some();
                // "Have been at the town hall since Monday", "have been here for the past fortnight".
                let been = words.get(verb + 1) == Some(&"been");
                let since = any(words, verb + 2, 8, &["since", "past", "last"]).filter(|&since| any(words, since + 1, 2, NEAR).is_some());
                if begun || been && since.is_some() { told(1.5) } else { None }
            }
            _ => {
                let visits = any(words, verb + 1, 3, &["be", "inspect", "visit", "arrive", "spend", "look", "come", "start", "begin"])?;
                let working = match words[visits] {
                    "be" => {
                        any(words, visits + 1, 3, AT_WORK).is_some() || any(words, visits + 1, 1, &["in", "with", "at", "here"]).is_some()
                    }
                    "start" | "begin" => {
                        any(words, visits + 1, 3, &["inspection", "inspecting", "visit"]).is_some()
                            && any(words, visits + 1, 5, &["schools", "school", "nurseries", "colleges"]).is_none()
                    }
                    _ => true,
                };
                if working && near() { told(1.5) } else { None }
            }
        }
    })
}

/// "Is back in Devon to find out if", "are here again to see whether".
fn comes_back(words: &[&str]) -> bool {
    let back = any(words, 1, 2, &["back", "here", "again"]);
    let to = |back: usize| (back + 1..(back + 7).min(words.len())).find(|&at| words[at] == "to");
    let checks = |to: usize| any(words, to + 1, 1, &["find", "see", "inspect", "check", "review", "judge", "examine", "assess", "decide"]);
    back.and_then(to).and_then(checks).is_some()
}

/// "Looks for an inspection within the next few weeks", "an inspection is expected soon".
fn awaited(words: &[&str]) -> Option<Told> {
    let inspection = |word: &str| matches!(word, "inspection" | "reinspection");
    (0..words.len()).filter(|&at| inspection(words[at])).find_map(|at| {
        // "The inspection began on Monday".
        if any(words, at + 1, 1, &["began", "started", "begins", "starts"]).is_some() && any(words, at + 2, 2, DAYS).is_some() {
            return Some(Told { family: EventFamily::Announced, weight: 1.5, word: at });
        }
        // "Ofsted’s inspection of services in Derby begins next week", "starts today".
        let opens = any(words, at + 1, 9, &["begins", "starts"]).filter(|&verb| {
            // "Since the inspection a new scheme begins next week".
            let another = words[at..verb].iter().any(|word| matches!(*word, "a" | "an" | "new"));
            if another || before(words, at, 4, &["since", "after", "following"]) {
                return false;
            }
            let this = any(words, verb + 1, 3, &["today", "tomorrow", "monday", "tuesday", "wednesday", "thursday", "friday"]).is_some();
            this || (verb + 1..verb + 3)
                .any(|at| matches!(words.get(at), Some(&("next" | "this"))) && any(words, at + 1, 1, NEAR).is_some())
        });
        if opens.is_some() {
            return Some(Told { family: EventFamily::Announced, weight: 1.5, word: at });
        }
        let soon = |from: usize| {
            (from..(from + 10).min(words.len())).any(|at| {
                matches!(words[at], "soon" | "imminent" | "shortly")
                    || matches!(words[at], "next" | "coming")
                        && any(words, at + 1, 2, NEAR).or_else(|| any(words, at + 1, 2, LATER)).is_some()
            })
        };
        let looks = words[at.saturating_sub(5)..at].windows(2).any(|pair| pair == ["looks", "for"]);
        let expects = looks || before(words, at, 5, AWAITS);
        let expected = any(words, at + 1, 8, &["expected", "due", "imminent"])
            .is_some_and(|verb| !matches!(words[verb - 1], "than" | "as" | "was" | "were" | "had"));
        ((expects || expected) && soon(at + 1)).then_some(Told { family: EventFamily::Announced, weight: 1.5, word: at })
    })
}

/// "Results are expected in the New Year", "the outcome will be published in the autumn", "not to expect results before Easter".
fn to_come(words: &[&str]) -> Option<Told> {
    let told = |word: usize| Some(Told { family: EventFamily::Announced, weight: 1.6, word });
    (0..words.len()).filter(|&at| OUTCOMES.contains(&words[at])).find_map(|at| {
        if let Some(verb) = any(words, at + 1, 4, TO_COME)
            && !(at..verb).any(|at| matches!(words[at], "was" | "were" | "than" | "had"))
            && words.get(verb.wrapping_sub(1)).is_none_or(|before| !matches!(*before, "than" | "as"))
        {
            let comes = !matches!(words[verb], "will" | "should") || any(words, verb + 1, 3, COMES).is_some();
            let on_a_day = words[verb] == "should" && any(words, verb + 1, 4, NEAR).is_some();
            if comes && (on_a_day || any(words, verb + 1, 10, LATER).is_some()) {
                return told(at);
            }
        }
        // "Their report is to come out later this month".
        let is = any(words, at + 1, 3, &["is", "are"]).filter(|&is| words.get(is + 1) == Some(&"to"));
        let comes = is.and_then(|is| any(words, is + 2, 3, COMES)).filter(|&comes| {
            words[comes] != "come" || matches!(words.get(comes + 1), Some(&("out" | "soon" | "later" | "in" | "next" | "this")))
        });
        // "Is to be published each year".
        let later = |comes: usize| any(words, comes + 1, 7, LATER).filter(|&at| !matches!(words[at - 1], "each" | "every" | "a" | "hard"));
        if comes.and_then(later).is_some() {
            return told(at);
        }
        // "It is expected that in the new year the findings will be published".
        let then = before(words, at, 6, LATER) && before(words, at, 9, &["expected"]);
        if then && any(words, at + 1, 2, &["will"]).is_some_and(|will| any(words, will + 1, 3, COMES).is_some()) {
            return told(at);
        }
        // "In two weeks’ time a report by the watchdog’s inspectors is due".
        let due = any(words, at + 1, 9, &["due", "expected"]).filter(|&verb| matches!(words[verb - 1], "is" | "are"));
        let soon = before(words, at, 6, &["in", "within"]) && (before(words, at, 5, LATER) || before(words, at, 5, NEAR));
        if due.is_some() && soon {
            return told(at);
        }
        let until = (at.saturating_sub(2)..at).any(|at| matches!(words[at], "until" | "before" | "once"));
        if until
            && any(words, at + 1, 1, &["is", "are"]).is_some()
            && any(words, at + 2, 1, &["published", "out", "released", "issued"]).is_some()
        {
            return told(at);
        }
        // "The report isn’t out yet", "its findings have still not been published"; checks that are "not carried out" are something else.
        let unpublished = any(words, at + 1, 5, &["not", "isnt", "hasnt", "havent", "yet"]).filter(|&not| {
            let goes_on = |word: &&&str| matches!(**word, "yet" | "been" | "be" | "being" | "made" | "still" | "to" | "so");
            let out = not + 1 + words[not + 1..].iter().take_while(goes_on).count();
            let ends = || words.get(out + 1).is_none_or(|next| matches!(*next, "yet" | "until" | "for" | "at" | "and"));
            let is_out = match words.get(out) {
                Some(&("published" | "released")) => true,
                Some(&("out" | "public")) => ends(),
                _ => false,
            };
            let past = words[at..not].iter().chain(&words[out.min(words.len())..(out + 4).min(words.len())]);
            is_out && !past.clone().any(|word| matches!(*word, "until" | "was" | "were" | "had" | "if" | "when" | "that" | "because"))
        });
        if unpublished.is_some() {
            return told(at);
        }
        let before = (at.saturating_sub(3)..at).any(|at| matches!(words[at], "expect" | "await" | "awaiting" | "awaits"));
        if before && any(words, at + 1, 5, LATER).is_some() { told(at) } else { None }
    })
}

/// "No rating was given", "visits like this don't result in a grade".
fn ungraded(words: &[&str]) -> Option<Told> {
    (0..words.len()).filter(|&at| NONE.contains(&words[at])).find_map(|at| {
        let graded = any(words, at + 1, 5, GRADES)?;
        // Full inspections give no overall grade since 2026.
        if words[at..graded].contains(&"overall") {
            return None;
        }
        if at > 0 && BEARS.contains(&words[at - 1]) {
            return Some(Told { family: EventFamily::Visit, weight: 1.2, word: at });
        }
        let given = any(words, at + 1, 7, GIVEN)?;
        (graded.abs_diff(given) <= 4).then_some(Told { family: EventFamily::Visit, weight: 1.2, word: at })
    })
}

/// "For a fourth time", "the third of its kind": a visit of a series, where inspectors are spoken of.
fn again(words: &[&str]) -> Option<Told> {
    // "For the second time the grade was inadequate" speaks of two inspections with grades.
    let graded = words.iter().any(|word| GRADES.contains(word) || matches!(*word, "inadequate" | "outstanding" | "failed" | "fails"));
    let inspected = words.iter().any(|word| matches!(*word, "inspectors" | "ofsted" | "visit" | "visits" | "letter" | "hmi"));
    (0..words.len()).filter(|&at| inspected && ORDINALS.contains(&words[at])).find_map(|at| {
        let told: &[&str] =
            if graded { &["visit", "check", "letter"] } else { &["time", "visit", "check", "letter", "trip", "look", "call"] };
        let time = any(words, at + 1, 1, told).is_some();
        let kind =
            words.get(at + 1..at + 4) == Some(&["of", "its", "kind"][..]) || words.get(at + 1..at + 3) == Some(&["such", "visit"][..]);
        (time || kind).then_some(Told { family: EventFamily::Visit, weight: 1.2, word: at })
    })
}
