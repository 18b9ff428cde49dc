//! Quotations in a story: what stands between marks, or apart as a block, and who is said to speak.

use crate::model::text::{Word, words};

use super::text::{Role, StoryText};

/// A quotation as the story prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// Between the marks.
    pub text: String,
    pub start: usize,
    pub end: usize,
    pub speaker: Speaker,
}

impl Speaker {
    /// True if a person is named, or stands for one: such words are never looked for in a report. A mere role ("the
    /// director") may be whom the report speaks of.
    pub fn is_person(&self) -> bool {
        matches!(self, Self::Other(name) if name.contains(' ') || matches!(name.as_str(), "he" | "she" | "cllr" | "coun" | "councillor" | "spokesman" | "spokeswoman" | "spokesperson" | "mp" | "mother" | "father" | "mum" | "dad"))
    }
}

/// Whose words a quotation is said to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Speaker {
    /// The report, the inspectors or Ofsted.
    Ofsted,
    /// Somebody else, by name or role.
    Other(String),
    Unknown,
}

/// Quotations longer than this, in bytes, are marks gone astray.
const MAX_QUOTATION: usize = 2_500;
/// Far more than any story has.
const MAX_QUOTATIONS: usize = 200;

/// The quotations of a story in order.
pub fn find(text: &StoryText) -> Vec<Quoted> {
    let mut found = Vec::new();
    let mut carried = None;
    for part in &text.parts {
        let slice = text.slice((part.start, part.end));
        if let Role::Quote(_) = part.role {
            let inner = slice.trim().trim_matches(['“', '”', '‘', '’', '"', '\'']);
            found.push(Quoted { text: inner.to_owned(), start: part.start, end: part.end, speaker: Speaker::Unknown });
            continue;
        }
        let (spans, open) = spans(slice, carried);
        carried = open;
        for (from, to) in spans {
            let inner = slice[from..to].trim();
            if inner.chars().any(char::is_alphabetic) {
                found.push(Quoted { text: inner.to_owned(), start: part.start + from, end: part.start + to, speaker: Speaker::Unknown });
            }
        }
        if found.len() >= MAX_QUOTATIONS {
            break;
        }
    }
    name_speakers(text, &mut found);
    found
}

/// The kind of mark that opens a quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Double,
    Single,
}

/// Byte ranges between marks. `carried` is the mark of a quotation left open by the paragraph before, which a
/// paragraph that re-opens the marks goes on with; an unclosed quotation runs to the end of its paragraph.
fn spans(text: &str, carried: Option<Mark>) -> (Vec<(usize, usize)>, Option<Mark>) {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut spans = Vec::new();
    let mut open: Option<(Mark, usize)> = None;
    let mut at = 0;
    while at < chars.len() {
        let (byte, char) = chars[at];
        let before = at.checked_sub(1).map(|index| chars[index].1);
        // Two single marks in a row stand for a double one.
        let twin = matches!(char, '\'' | '`' | '‘' | '’') && chars.get(at + 1).is_some_and(|next| next.1 == char);
        let width = if twin { 2 } else { 1 };
        let after = chars.get(at + width).map(|next| next.1);
        let mark = match char {
            '“' | '”' | '"' | '„' => Some(Mark::Double),
            _ if twin => Some(Mark::Double),
            '‘' | '’' | '\'' | '`' => Some(Mark::Single),
            _ => None,
        };
        let end_byte = chars.get(at + width).map_or(text.len(), |next| next.0);
        match (mark, open) {
            (Some(mark), None) if opens(char, before, after) => open = Some((mark, end_byte)),
            (Some(mark), Some((kind, from)))
                if mark == kind && closes(char, before, after, kind) && !(kind == Mark::Single && is_possessive(&chars, at)) =>
            {
                if byte > from && byte - from <= MAX_QUOTATION {
                    spans.push((from, byte));
                }
                open = None;
            }
            // A second opening mark means that the first was never closed.
            (Some(Mark::Double), Some((Mark::Double, _))) if char == '“' => open = Some((Mark::Double, end_byte)),
            (Some(Mark::Double), Some((Mark::Single, _))) if opens(char, before, after) => open = Some((Mark::Double, end_byte)),
            _ => {}
        }
        at += width;
    }
    match open {
        // A double mark left open runs on into the next paragraph, which opens again.
        Some((Mark::Double, from)) if text.len() - from <= MAX_QUOTATION => {
            spans.push((from, text.len()));
            (spans, Some(Mark::Double))
        }
        Some((Mark::Single, from)) if carried == Some(Mark::Single) || from < 5 => {
            spans.push((from, text.len()));
            (spans, Some(Mark::Single))
        }
        _ => (spans, None),
    }
}

/// "councils’ plans" inside single marks: an s before, a small letter after, and a closing mark still to come.
fn is_possessive(chars: &[(usize, char)], at: usize) -> bool {
    let next = |offset: usize| chars.get(at + offset).map(|next| next.1);
    let plural = at > 0 && chars[at - 1].1 == 's' && next(1) == Some(' ') && next(2).is_some_and(char::is_lowercase);
    if !plural {
        return false;
    }
    for index in at + 1..chars.len().min(at + 200) {
        let (before, after) = (chars[index - 1].1, chars.get(index + 1).map(|next| next.1));
        match chars[index].1 {
            '‘' | '“' => return false,
            '’' | '\'' if before == ' ' => return false,
            '’' | '\'' if after.is_none_or(|after| !after.is_alphanumeric()) => return true,
            _ => {}
        }
    }
    false
}

fn opens(char: char, before: Option<char>, after: Option<char>) -> bool {
    let starts = after.is_some_and(|after| after.is_alphanumeric() || matches!(after, '[' | '…' | '‘' | '“' | '\'' | '"' | '£' | '.'));
    let free =
        before.is_none_or(|before| before.is_whitespace() || matches!(before, '(' | '[' | '—' | '–' | '-' | ':' | '“' | '‘' | '"' | '/'));
    match char {
        '“' | '„' => starts,
        '‘' => starts && free,
        '”' => false,
        // Some sites print ’ for every mark.
        _ => starts && free,
    }
}

fn closes(char: char, before: Option<char>, after: Option<char>, kind: Mark) -> bool {
    let ended = before.is_some_and(|before| !before.is_whitespace() && !matches!(before, '(' | '['));
    let free = after.is_none_or(|after| !after.is_alphanumeric());
    match kind {
        Mark::Double => char != '“' && ended,
        // An apostrophe inside a word, or after a plural's s with a word to follow, closes nothing.
        Mark::Single => char != '‘' && ended && free,
    }
}

const OFSTED_WORDS: &[&str] = &[
    "report", "reports", "inspectors", "inspector", "ofsted", "letter", "watchdog", "inspection", "inspectorate", "inspectorates",
    "findings", "it", "they", "hmi", "watchdogs", "hmis", "team", "document", "regulator", "verdict", "commission", "cqc", "judgement",
];
/// Capitalised words that are no part of a personal name.
const NO_NAMES: &[&str] = &[
    "the", "in", "but", "and", "for", "at", "on", "it", "they", "we", "this", "that", "quality", "care", "council", "county", "city",
    "borough", "children", "services", "trust", "live", "high", "her", "his", "majesty", "local", "north", "south", "west",
];
const SAYING: &[&str] = &[
    "said", "says", "say", "added", "adds", "wrote", "write", "writes", "found", "find", "finds", "noted", "notes", "states", "stated",
    "told", "commented", "concluded", "concludes", "reads", "read", "explained", "continued", "highlighted", "described", "warned",
    "warns", "praised", "saying", "according", "insisted", "attributes", "attributed", "credits", "credited", "identified", "reported",
    "recognised", "observed", "judged", "commended",
];
const ROLES: &[&str] = &[
    "cllr", "coun", "councillor", "councillors", "leader", "director", "minister", "secretary", "spokesman", "spokeswoman", "spokesperson",
    "mp", "mother", "father", "mum", "dad", "chief", "chair", "chairman", "chairwoman", "cabinet", "member", "executive", "commissioner",
    "union", "unison", "charity", "head", "he", "she", "opposition", "campaigner", "adviser", "manager", "resident", "mayor", "portfolio",
    "officer",
];

/// Who speaks, from the words around each quotation; a paragraph's later quotations take over its first one's speaker.
fn name_speakers(text: &StoryText, quotations: &mut [Quoted]) {
    let ranges: Vec<(usize, usize)> = quotations.iter().map(|quoted| (quoted.start, quoted.end)).collect();
    let mut last: Option<(usize, Speaker)> = None;
    for (index, quoted) in quotations.iter_mut().enumerate() {
        let Some(part) = text.part_at(quoted.start).copied() else { continue };
        let around = outside(text, part.start, part.end, &ranges, index);
        let mut speaker = speaker_in(&around);
        if speaker == Speaker::Unknown {
            // A quotation that is a paragraph of its own goes on with the speaker before it, or the one announced by "said:".
            let letters = |text: &str| text.chars().filter(|char| char.is_alphabetic()).count();
            let alone = letters(&around.0) == 0 && letters(&around.1) < 3;
            if alone {
                let previous = text.parts.iter().rev().find(|other| other.end < part.start);
                let announced =
                    previous.map(|previous| text.slice((previous.start, previous.end))).filter(|line| line.trim_end().ends_with(':'));
                speaker = match announced {
                    Some(line) => speaker_in(&(line.to_owned(), String::new())),
                    None => last
                        .as_ref()
                        .filter(|(part_start, _)| previous.is_some_and(|previous| previous.start == *part_start))
                        .map_or(Speaker::Unknown, |(_, speaker)| speaker.clone()),
                };
            }
        }
        last = Some((part.start, speaker.clone()));
        quoted.speaker = speaker;
    }
}

/// The words of the quotation's own sentence before and after it, without other quotations; where the sentence
/// says nothing, the rest of the paragraph.
fn outside(text: &StoryText, start: usize, end: usize, ranges: &[(usize, usize)], index: usize) -> (String, String) {
    let (from, to) = ranges[index];
    let before_from = ranges[..index].iter().rev().find(|range| range.1 <= from && range.1 >= start).map_or(start, |range| range.1);
    let after_to = ranges[index + 1..].iter().find(|range| range.0 >= to && range.0 <= end).map_or(end, |range| range.0);
    (text.slice((before_from, from)).to_owned(), text.slice((to, after_to)).to_owned())
}

fn speaker_in((before, after): &(String, String)) -> Speaker {
    match speaker_of_clause(&clause(after, true), true) {
        Speaker::Unknown => speaker_of_clause(&clause(before, false), false),
        named => named,
    }
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
fn speaker_of_clause(clause: &str, forward: bool) -> Speaker {
    let words = words(clause);
    // "Is described as" tells of whom, not by whom.
    let passive = |at: usize| {
        at.checked_sub(1).is_some_and(|before| matches!(words[before].folded.as_str(), "is" | "was" | "are" | "were" | "be" | "been"))
    };
    let mut verbs = (0..words.len()).filter(|&at| SAYING.contains(&words[at].folded.as_str()) && !passive(at));
    let Some(verb) = (if forward { verbs.next() } else { verbs.next_back() }) else {
        let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.folded.as_str()));
        return if has(OFSTED_WORDS) && !has(ROLES) { Speaker::Ofsted } else { Speaker::Unknown };
    };
    let before = (verb.saturating_sub(SUBJECT_REACH)..verb).rev();
    let after = verb + 1..(verb + SUBJECT_REACH).min(words.len());
    let named = |mut range: Box<dyn Iterator<Item = usize>>| range.find_map(|at| who(clause, &words, at));
    // "…,” said Cllr Oak": with the verb first, whoever comes after it speaks.
    let (first, second): (Box<dyn Iterator<Item = usize>>, Box<dyn Iterator<Item = usize>>) =
        if forward && verb == 0 { (Box::new(after), Box::new(before)) } else { (Box::new(before), Box::new(after.take(4))) };
    named(first).or_else(|| named(second)).unwrap_or(Speaker::Unknown)
}

/// The speaker named by the word at `at`, if it names one.
fn who(clause: &str, words: &[Word], at: usize) -> Option<Speaker> {
    let word = words[at].folded.as_str();
    if OFSTED_WORDS.contains(&word) {
        return Some(Speaker::Ofsted);
    }
    if ROLES.contains(&word) {
        return Some(Speaker::Other(person_near(clause, words, at).unwrap_or_else(|| word.to_owned())));
    }
    full_name(clause, words, at).or_else(|| at.checked_sub(1).and_then(|before| full_name(clause, words, before))).map(Speaker::Other)
}

/// A personal name within a few words of a role: "Cllr Ann Oak", "John Elm, director of".
fn person_near(clause: &str, words: &[Word], at: usize) -> Option<String> {
    (at.saturating_sub(6)..(at + 3).min(words.len()))
        .filter(|&first| first != at && first + 1 != at)
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
    let adjacent = clause[one.end..two.start].chars().all(|char| char == ' ' || char == '-');
    (fits(one) && fits(two) && adjacent).then(|| clause[one.start..two.end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        page::{Block, BlockKind},
        story::{Story, StoryId},
    };

    fn story(paragraphs: &[&str]) -> StoryText {
        let blocks = paragraphs.iter().map(|text| Block { kind: BlockKind::Paragraph, text: (*text).to_owned() }).collect();
        StoryText::of(&Story {
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
            blocks,
            links: vec![],
            walled: false,
            area: vec![],
        })
    }

    fn check(paragraphs: &[&str], expected: &[(&str, Speaker)]) {
        let found: Vec<(String, Speaker)> = find(&story(paragraphs)).into_iter().map(|quoted| (quoted.text, quoted.speaker)).collect();
        let expected: Vec<(String, Speaker)> = expected.iter().map(|(text, speaker)| ((*text).to_owned(), speaker.clone())).collect();
        assert_eq!(found, expected, "{paragraphs:?}");
    }

    #[test]
    fn marks_of_all_kinds() {
        check(&["The report said “too many children wait”."], &[("too many children wait", Speaker::Ofsted)]);
        check(&["Inspectors found \"drift and delay\" in plans."], &[("drift and delay", Speaker::Ofsted)]);
        check(&["It is ‘a council’s best work’, inspectors said."], &[("a council’s best work", Speaker::Ofsted)]);
        check(&["It said ''staff are proud'' of it."], &[("staff are proud", Speaker::Ofsted)]);
        check(&["The council’s plan and its partners’ plan are old."], &[]);
        check(&["Ofsted said ‘the councils’ plans are weak’ in May."], &[("the councils’ plans are weak", Speaker::Ofsted)]);
    }

    #[test]
    fn a_quotation_runs_over_paragraphs_that_reopen_the_marks() {
        check(
            &["The report said: “Supervision takes place.", "“Weak oversight has left some children vulnerable.”"],
            &[("Supervision takes place.", Speaker::Ofsted), ("Weak oversight has left some children vulnerable.", Speaker::Ofsted)],
        );
    }

    #[test]
    fn people_are_not_the_report() {
        check(&["“A good plan,” Cllr Ann Oak said."], &[("A good plan,", Speaker::Other("Ann Oak".into()))]);
        check(&["“We are pleased,” she said."], &[("We are pleased,", Speaker::Other("she".into()))]);
        check(&["John Elm, director of children’s services, said: “We will act.”"], &[("We will act.", Speaker::Other("John Elm".into()))]);
        check(&["The director is described as “an inspiring role model”."], &[("an inspiring role model", Speaker::Unknown)]);
        check(&["Inspectors credited the director with “real drive”."], &[("real drive", Speaker::Ofsted)]);
        check(&["“It is hard,” said Cllr Ann Oak of the report."], &[("It is hard,", Speaker::Other("Ann Oak".into()))]);
    }
}
