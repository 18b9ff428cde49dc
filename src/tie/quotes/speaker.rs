//! Who is said to speak a quotation, from the words around it.

use std::collections::BTreeSet;

use crate::model::text::{Word, words};

use super::{Quoted, Speaker};
use crate::tie::text::{Role, StoryPart, StoryText};

const OFSTED_WORDS: &[&str] = &[
    "report", "reports", "inspectors", "inspector", "ofsted", "letter", "watchdog", "inspection", "inspectorate", "inspectorates",
    "findings", "hmi", "watchdogs", "hmis", "team", "document", "regulator", "verdict", "commission", "cqc", "judgement", "osfted",
];
/// Stand for whoever was spoken of last.
const PRONOUNS: &[&str] = &["he", "she", "it", "they"];
const FIRST_PERSON: &[&str] = &["i", "im", "ive", "ill", "we", "weve", "our", "ours", "my", "us", "me"];
/// Bodies that speak for themselves.
const BODIES: &[&str] = &[
    "council", "trust", "department", "dfe", "government", "authority", "statement", "union", "charity", "court", "lga", "police", "nhs",
    "partnership", "board", "survey", "panel", "committee",
];
/// Words before a name that make it a place or a person spoken of: "a report on Cheshire East said".
const BEFORE_A_PLACE: &[&str] = &["on", "in", "of", "for", "at", "into", "about", "from", "across", "near", "around", "within", "over"];
/// Capitalised words that are no part of a personal name.
const NO_NAMES: &[&str] = &[
    "the", "in", "but", "and", "for", "at", "on", "it", "they", "we", "this", "that", "quality", "care", "council", "county", "city",
    "borough", "children", "services", "trust", "live", "high", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
    "sunday", "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    "published", "image", "picture", "photo", "news", "read", "department", "education", "government", "family", "social", "cabinet",
    "her", "his", "he", "she", "majesty", "local", "north", "south", "west", "east", "midlands", "young", "people", "early", "help",
    "when", "good", "outstanding", "inadequate", "lifelong", "learning", "police", "health", "skills", "lead", "member", "holder", "while",
    "after", "since", "as", "now", "today", "yesterday", "last", "his", "our", "all", "many", "some", "no",
];
const SAYING: &[&str] = &[
    "said", "says", "say", "added", "adds", "wrote", "write", "writes", "found", "find", "finds", "noted", "notes", "states", "stated",
    "told", "vowed", "vows", "pledged", "pledges", "promised", "promises", "commented", "concluded", "concludes", "reads", "read",
    "explained", "continued", "highlighted", "described", "warned", "warns", "praised", "saying", "according", "insisted", "attributes",
    "attributed", "credits", "credited", "identified", "reported", "recognised", "observed", "judged", "commended", "revealed", "reveals",
    "cited", "stressed", "acknowledged", "acknowledges", "speaks", "spoke", "laid", "exposed", "uncovered", "called", "calls",
    "criticised", "criticises", "agreed", "agrees", "saw", "sees", "pointed", "points",
];
const ROLES: &[&str] = &[
    "cllr", "coun", "councillor", "councillors", "leader", "director", "minister", "secretary", "spokesman", "spokeswoman", "spokesperson",
    "mp", "mother", "father", "mum", "dad", "chief", "chair", "chairman", "chairwoman", "cabinet", "member", "executive", "commissioner",
    "union", "unison", "charity", "head", "opposition", "campaigner", "adviser", "manager", "resident", "mayor", "portfolio", "officer",
    "holder", "spokespeople", "chairperson", "president", "governor", "carer",
];
/// Many who speak with one voice.
const GROUPS: &[&str] = &[
    "opponents", "critics", "campaigners", "unions", "labour", "conservatives", "tories", "greens", "liberals", "democrats", "opposition",
    "ministers", "bosses", "chiefs",
];
/// Verbs of those who are to act, which inspectors are not.
const PLEDGING: &[&str] = &["vowed", "vows", "pledged", "pledges", "promised", "promises"];
/// Verbs behind which stands of whom something is said.
const PRAISING: &[&str] = &["praised", "commended", "criticised", "criticises"];
/// What is said or written, and by whom it is not: "she" is none of these.
const THINGS: &[&str] = &[
    "report", "reports", "ofsted", "osfted", "letter", "watchdog", "inspection", "inspectorate", "inspectorates", "findings", "watchdogs",
    "team", "document", "regulator", "verdict", "commission", "cqc", "judgement", "inspectors", "hmis",
];
/// Words beside "report" that make it somebody else's: "a report to cabinet", "the council’s annual report".
const REPORTS_TO: &[&str] = &["cabinet", "councillors", "members", "committee", "panel", "executive", "scrutiny", "governors"];
const REPORTS_OF: &[&str] = &["cabinet", "committee", "annual", "officers", "auditors", "directors", "scrutiny", "finance", "budget"];

/// Who speaks each quotation; a paragraph that is one whole quotation goes on with the speaker before it.
pub(super) fn name(text: &StoryText, all: &[Word], inspectors: &BTreeSet<String>, quotations: &mut [Quoted]) {
    let story = Voices {
        text,
        inspectors,
        of_others: (0..all.len()).any(|at| is_another_report(all, at)),
        ranges: quotations.iter().map(|quoted| (quoted.start, quoted.end)).collect(),
    };
    let mut last: Option<(usize, Speaker)> = None;
    for (index, quoted) in quotations.iter_mut().enumerate() {
        let Some(part) = text.part_at(quoted.start).copied() else { continue };
        let around = story.outside(part, index);
        let mut speaker = story.speaker_in(&around, quoted);
        // A quotation that is a paragraph of its own goes on with the speaker before it, or the one announced by "said:".
        let letters = |text: &str| text.chars().filter(|char| char.is_alphabetic()).count();
        if speaker == Speaker::Unknown && letters(&around.before) == 0 && letters(&around.after) < 3 {
            let previous = text.parts.iter().rev().find(|other| other.end < part.start);
            let announced = previous
                .map(|previous| (previous, text.slice((previous.start, previous.end))))
                .filter(|(_, line)| line.trim_end().ends_with(':'));
            speaker = match announced {
                Some((previous, line)) => story.resolve(of_line(line), previous.start + line.len()),
                None => last
                    .as_ref()
                    .filter(|(start, _)| *start == part.start || previous.is_some_and(|previous| previous.start == *start))
                    .map_or(Speaker::Unknown, |(_, speaker)| speaker.clone()),
            };
        }
        // A report does not say "I", and a heading goes on with nobody.
        let alone = letters(&around.before) == 0 && letters(&around.after) == 0;
        if alone && (part.role == Role::Heading || !quoted.text.ends_with(['.', '!', '?', ',', ';', ':', '…'])) {
            speaker = Speaker::Unknown;
        }
        if speaker == Speaker::Ofsted && words(&quoted.text).iter().any(|word| FIRST_PERSON.contains(&word.folded.as_str())) {
            speaker = Speaker::Unknown;
        }
        last = Some((part.start, speaker.clone()));
        quoted.speaker = speaker;
    }
}

/// Words of a line that lists what a report says.
const LISTING: [&str; 5] = ["include", "includes", "included", "comments", "highlights"];
/// Whose words it lists.
const LISTED: [&str; 5] = ["report", "letter", "inspectors", "inspection", "ofsted"];
/// Words of a line that lists what others say or mean to do.
const OF_OTHERS: [&str; 8] = ["our", "we", "about", "on", "survey", "response", "steps", "plan"];

/// Who speaks by a line that ends in a colon: "The report says:", "It said:", "Comments in the report include:".
pub(super) fn of_announcement(line: &str) -> Speaker {
    match of_line(line) {
        Speaker::Other(word) if matches!(word.as_str(), "it" | "they") => Speaker::Ofsted,
        speaker => speaker,
    }
}

/// The same, where a pronoun is left as it is.
fn of_line(line: &str) -> Speaker {
    let named = |of: &[&str]| words(line).iter().any(|word| of.contains(&word.folded.as_str()));
    match clause_speaker(&clause(line, false), false) {
        Speaker::Unknown if named(&LISTED) && named(&LISTING) && !named(&OF_OTHERS) => Speaker::Ofsted,
        speaker => speaker,
    }
}

/// What a speaker's name is looked up in.
struct Voices<'a> {
    text: &'a StoryText,
    /// Surnames of those whom the story calls inspectors: their words are the report's.
    inspectors: &'a BTreeSet<String>,
    /// It speaks of reports that are none of inspectors.
    of_others: bool,
    ranges: Vec<(usize, usize)>,
}

/// The words of a quotation's paragraph between it and its neighbours.
struct Around {
    before: String,
    after: String,
    /// Another quotation follows in the paragraph.
    followed: bool,
}

impl Voices<'_> {
    fn outside(&self, part: StoryPart, index: usize) -> Around {
        let (from, to) = self.ranges[index];
        let before = self.ranges[..index].iter().rev().find(|range| range.1 <= from && range.1 >= part.start);
        let after = self.ranges[index + 1..].iter().find(|range| range.0 >= to && range.0 <= part.end);
        Around {
            before: self.text.slice((before.map_or(part.start, |range| range.1), from)).to_owned(),
            after: self.text.slice((to, after.map_or(part.end, |range| range.0))).to_owned(),
            followed: after.is_some(),
        }
    }

    /// The words after a quotation name its speaker first, but not where they introduce the next one.
    fn speaker_in(&self, around: &Around, quoted: &Quoted) -> Speaker {
        let introduced = bare(&around.before).ends_with(':');
        let ended = quoted.text.ends_with(['.', '!', '?']) && bare(&around.after).starts_with(char::is_uppercase);
        let introduces = around.followed && ended && bare(&around.after).ends_with([':', ',']);
        let after = || match clause_speaker(&clause(&around.after, true), true) {
            _ if introduces => Speaker::Unknown,
            speaker => self.resolve(speaker, quoted.start),
        };
        let before = || self.resolve(clause_speaker(&clause(&around.before, false), false), quoted.start);
        let (first, second): (&dyn Fn() -> Speaker, &dyn Fn() -> Speaker) = if introduced { (&before, &after) } else { (&after, &before) };
        match first() {
            Speaker::Unknown => second(),
            speaker => speaker,
        }
    }

    /// A named inspector speaks for the report; "she" is whoever was spoken of last before the byte `at`, and "it" the
    /// report, unless another body was.
    fn resolve(&self, speaker: Speaker, at: usize) -> Speaker {
        let Speaker::Other(name) = &speaker else {
            return if self.is_of_another_report(at) { Speaker::Unknown } else { speaker };
        };
        match name.as_str() {
            "it" | "they" if self.is_of_another_report(at) => Speaker::Unknown,
            "it" | "they" => match self
                .last_before(at, |words, slice, at| body(words, at).or_else(|| who(slice, words, at).filter(|who| *who == Speaker::Ofsted)))
            {
                Some(Speaker::Ofsted) | None => Speaker::Ofsted,
                Some(_) => Speaker::Unknown,
            },
            "he" | "she" => {
                // A person: an inspector at most, no report.
                let person =
                    |words: &[Word], slice: &str, at: usize| who(slice, words, at).filter(|_| !THINGS.contains(&words[at].folded.as_str()));
                match self.last_before(at, person) {
                    Some(Speaker::Ofsted) => Speaker::Ofsted,
                    Some(Speaker::Other(name)) if name.contains(' ') => Speaker::Other(name),
                    _ => speaker,
                }
            }
            _ if name.rsplit(' ').next().is_some_and(|last| self.inspectors.contains(&crate::model::text::folded(last))) => Speaker::Ofsted,
            _ => speaker,
        }
    }

    /// The report spoken of last before the byte `at` is none of inspectors: "a report to cabinet".
    fn is_of_another_report(&self, at: usize) -> bool {
        let last = |words: &[Word], _: &str, at: usize| {
            let word = words[at].folded.as_str();
            if is_another_report(words, at) {
                Some(Speaker::Other(word.to_owned()))
            } else {
                (OFSTED_WORDS.contains(&word) && !matches!(word, "report" | "document")).then_some(Speaker::Ofsted)
            }
        };
        self.of_others && matches!(self.last_before(at, last), Some(Speaker::Other(_)))
    }

    /// Whoever `named` finds last, outside quotations, in this paragraph and the two before it.
    fn last_before(&self, at: usize, named: impl Fn(&[Word], &str, usize) -> Option<Speaker>) -> Option<Speaker> {
        let here = self.text.parts.partition_point(|part| part.start <= at).checked_sub(1)?;
        let from = self.text.parts[here.saturating_sub(2)].start;
        let slice = self.text.slice((from, at));
        let words = words(slice);
        let quoted = |word: &Word| {
            let before = self.ranges.partition_point(|range| range.0 <= from + word.start);
            before.checked_sub(1).is_some_and(|index| self.ranges[index].1 > from + word.start)
        };
        let told = |index: &usize| !quoted(&words[*index]) && !PRONOUNS.contains(&words[*index].folded.as_str());
        (0..words.len()).rev().filter(told).find_map(|index| {
            let inspector = self.inspectors.contains(&words[index].folded).then_some(Speaker::Ofsted);
            inspector.or_else(|| named(&words, slice, index))
        })
    }
}

/// "A report to cabinet", "the council’s annual report": not the inspectors’.
fn is_another_report(words: &[Word], at: usize) -> bool {
    let word = |at: Option<usize>| at.and_then(|at| words.get(at)).map_or("", |word| word.folded.as_str());
    let to = word(Some(at + 1)) == "to" && (at + 2..at + 4).any(|after| REPORTS_TO.contains(&word(Some(after))));
    matches!(word(Some(at)), "report" | "reports" | "paper") && (to || REPORTS_OF.contains(&word(at.checked_sub(1))))
}

fn body(words: &[Word], at: usize) -> Option<Speaker> {
    let word = words[at].folded.as_str();
    BODIES.contains(&word).then(|| Speaker::Other(word.to_owned()))
}

/// Words behind "inspector" in which another body may be named.
const OF_A_BODY: usize = 6;
/// Words on either side of "inspector" among which its name is looked for.
const NAME_REACH: usize = 5;

/// Surnames of the people whom a story calls inspectors of this inspection: "lead inspector Ann Oak", "Ann Oak, who led
/// the inspection". Chief inspectors and former ones speak for themselves.
pub(super) fn inspectors(whole: &str, words: &[Word]) -> BTreeSet<String> {
    let word = |at: usize| words.get(at).map_or("", |word| word.folded.as_str());
    let mut found = BTreeSet::new();
    for at in 0..words.len() {
        let other = |before: usize| matches!(word(before), "chief" | "former" | "ex" | "police" | "detective");
        // "Ann Oak and her team of inspectors".
        let team = word(at) == "inspectors" && (at.saturating_sub(3)..at).any(|at| word(at) == "team");
        let titled = team || matches!(word(at), "inspector" | "hmi") && word(at + 1) != "of" && !(at.saturating_sub(3)..at).any(other);
        let led = word(at) == "led" && word(at + 1) == "the" && (at + 2..at + 5).any(|after| word(after).starts_with("inspect"));
        if !titled && !led {
            continue;
        }
        let before = (at.saturating_sub(if team { NAME_REACH + 2 } else { NAME_REACH })..at).rev();
        let after = if matches!(word(at + 1), "mr" | "mrs" | "ms" | "miss" | "dr") { at + 2 } else { at + 1 };
        // "Inspector Dave Green, of Fernshire Police".
        let body = |word: &str| matches!(word, "police" | "constabulary" | "fire" | "rspca" | "cqc");
        if titled
            && (at + 1..at + 1 + OF_A_BODY).any(|behind| body(word(behind)) && same_line(whole, words, at, behind.min(words.len() - 1)))
        {
            continue;
        }
        // "Ann Oak told the inspector": only who is set beside the title, or is said to be one, bears it.
        let beside = |first: &usize| {
            let between = (first + 2).min(at)..at;
            team || led
                || between.is_empty()
                || whole[words[*first].start..words[at].start].contains(',')
                || between.clone().any(|at| matches!(word(at), "was" | "is" | "as"))
        };
        let name = std::iter::once(after)
            .filter(|_| titled && !team)
            .chain(before.filter(beside))
            .find(|&first| full_name(whole, words, first).is_some() && same_line(whole, words, first, at));
        if let Some(first) = name {
            found.insert(word(first + 1).to_owned());
        }
    }
    found
}

fn same_line(text: &str, words: &[Word], one: usize, other: usize) -> bool {
    let (from, to) = (words[one.min(other)].start, words[one.max(other)].end);
    !text[from..to].contains('\n') && !text[from..to].contains(". ")
}

/// Without the marks and spaces around it.
fn bare(text: &str) -> &str {
    text.trim_matches(|char: char| char.is_whitespace() || matches!(char, '”' | '“' | '’' | '‘' | '"' | '\''))
}

/// The clause next to the quotation: up to the next full stop.
fn clause(text: &str, forward: bool) -> String {
    let text = text.trim_matches(|char: char| char.is_whitespace() || matches!(char, '”' | '“' | '’' | '‘' | '"' | '\'' | ','));
    let stop = |part: &str| part.find(". ");
    if forward {
        text[..stop(text).unwrap_or(text.len())].to_owned()
    } else {
        text.rfind(". ").map_or(text, |at| &text[at + 2..]).to_owned()
    }
}

/// Words looked at on either side of a verb of saying for who says it.
const SUBJECT_REACH: usize = 9;

/// Who says it, from the verb of saying next to the quotation: whoever is named nearest before the verb, else after it.
fn clause_speaker(clause: &str, forward: bool) -> Speaker {
    let words = words(clause);
    // "Is described as" tells of whom, not by whom.
    let passive = |at: usize| {
        at.checked_sub(1).is_some_and(|before| matches!(words[before].folded.as_str(), "is" | "was" | "are" | "were" | "be" | "been"))
    };
    let mut verbs = (0..words.len()).filter(|&at| SAYING.contains(&words[at].folded.as_str()) && !passive(at));
    let Some(verb) = (if forward { verbs.next() } else { verbs.next_back() }) else {
        return Speaker::Unknown;
    };
    let before = (verb.saturating_sub(SUBJECT_REACH)..verb).rev();
    let after = verb + 1..(verb + SUBJECT_REACH).min(words.len());
    // "Praised a director for": whom, not who.
    let praising = !forward && PRAISING.contains(&words[verb].folded.as_str());
    let named = |range: &[usize]| range.iter().find_map(|&at| who(clause, &words, at));
    let grouped = |range: &[usize]| range.iter().find_map(|&at| body(&words, at).or_else(|| group(&words, at)));
    let (before, after): (Vec<usize>, Vec<usize>) = (before.collect(), if praising { Vec::new() } else { after.collect() });
    // "…,” said Cllr Oak": with the verb first, whoever comes after it speaks. "The council called the report": else a body before
    // it does, though inspectors come after it.
    // "Members, say the inspectors, “…”".
    let inverted = after.len() <= 2 && after.last().and_then(|&at| who(clause, &words, at)) == Some(Speaker::Ofsted);
    let speaker = if forward && verb == 0 || inverted && matches!(words[verb].folded.as_str(), "say" | "says" | "said") {
        named(&after).or_else(|| named(&before))
    } else {
        named(&before).or_else(|| grouped(&before)).or_else(|| named(&after[..after.len().min(4)]))
    };
    // Inspectors promise nothing.
    let pledges = |speaker: &Speaker| match speaker {
        Speaker::Other(name) => !PRONOUNS.contains(&name.as_str()),
        _ => false,
    };
    let pledged = PLEDGING.contains(&words[verb].folded.as_str());
    speaker.filter(|speaker| !pledged || pledges(speaker)).unwrap_or(Speaker::Unknown)
}

fn group(words: &[Word], at: usize) -> Option<Speaker> {
    let word = words[at].folded.as_str();
    GROUPS.contains(&word).then(|| Speaker::Other(word.to_owned()))
}

/// The speaker named by the word at `at`, if it names one.
fn who(clause: &str, words: &[Word], at: usize) -> Option<Speaker> {
    let word = words[at].folded.as_str();
    let former = (at.saturating_sub(3)..at).any(|before| matches!(words[before].folded.as_str(), "former" | "ex"));
    if OFSTED_WORDS.contains(&word) && !former && !is_another_report(words, at) {
        return Some(Speaker::Ofsted);
    }
    if PRONOUNS.contains(&word) {
        return Some(Speaker::Other(word.to_owned()));
    }
    if ROLES.contains(&word) {
        return Some(Speaker::Other(person_near(clause, words, at).unwrap_or_else(|| role(clause, words, at))));
    }
    full_name(clause, words, at).or_else(|| at.checked_sub(1).and_then(|before| full_name(clause, words, before))).map(Speaker::Other)
}

/// A role as it is written, with the surname behind it or the words of role around it: "Cllr Asante", "cabinet member".
fn role(clause: &str, words: &[Word], at: usize) -> String {
    let is_role = |at: usize| words.get(at).is_some_and(|word| ROLES.contains(&word.folded.as_str()));
    let beside = |one: usize| words.get(one + 1).is_some_and(|next| clause[words[one].end..next.start].trim().is_empty());
    let capital = |at: usize| words.get(at).is_some_and(|word| clause[word.start..].starts_with(char::is_uppercase));
    let titled = matches!(words[at].folded.as_str(), "cllr" | "coun" | "councillor");
    if titled && beside(at) && capital(at + 1) {
        return clause[words[at].start..words[at + 1].end].to_owned();
    }
    let mut from = at;
    while from > 0 && is_role(from - 1) && beside(from - 1) {
        from -= 1;
    }
    let mut to = at;
    while beside(to) && is_role(to + 1) {
        to += 1;
    }
    clause[words[from].start..words[to].end].to_lowercase()
}

/// A personal name within a few words of a role: "Cllr Ann Oak", "John Elm, director of".
fn person_near(clause: &str, words: &[Word], at: usize) -> Option<String> {
    // "The portfolio holder for children and families, Diana Wroe".
    let apposed = |first: &usize| clause[..words[*first].start].trim_end().ends_with(',');
    let far = (at + 3..(at + 10).min(words.len())).filter(apposed);
    (at.saturating_sub(6)..(at + 3).min(words.len()))
        .filter(|&first| first != at && first + 1 != at)
        .chain(far)
        .find_map(|first| full_name(clause, words, first))
}

/// Two capitalised words in a row that are no title, role or inspectorate.
fn full_name(clause: &str, words: &[Word], first: usize) -> Option<String> {
    let (one, two) = (words.get(first)?, words.get(first + 1)?);
    let fits = |word: &Word| {
        let folded = word.folded.as_str();
        let capital = clause[word.start..].starts_with(char::is_uppercase) && clause[word.start..word.end].chars().any(char::is_lowercase);
        capital && !OFSTED_WORDS.contains(&folded) && !ROLES.contains(&folded) && !NO_NAMES.contains(&folded)
    };
    let placed = first.checked_sub(1).is_some_and(|before| BEFORE_A_PLACE.contains(&words[before].folded.as_str()));
    if placed {
        return None;
    }
    let adjacent = clause[one.end..two.start].chars().all(|char| char == ' ' || char == '-');
    // "Chris Ackland-Becher", from its second word on.
    let hyphened = |at: usize| words.get(at + 1).is_some_and(|next| &clause[words[at].end..next.start] == "-");
    let before = first.checked_sub(1).filter(|&before| hyphened(first) && fits(&words[before]));
    if let Some(before) = before {
        // A third name before that is none.
        let adjacent = &clause[words[before].end..one.start] == " ";
        return (fits(one) && fits(two) && adjacent).then(|| clause[words[before].start..two.end].to_owned());
    }
    let doubled = words.get(first + 2).filter(|three| &clause[two.end..three.start] == "-" && fits(three));
    let end = doubled.map_or(two.end, |three| three.end);
    (fits(one) && fits(two) && adjacent).then(|| clause[one.start..end].to_owned())
}
