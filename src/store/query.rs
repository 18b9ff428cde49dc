//! What a person typed to search for: words, "phrases", OR, -words and beginnings*, and how SQLite is asked for them.

use std::ops::Range;

use super::sought::SoughtWords;
use crate::model::text::{Word, is_hostile, words};

/// Words of a query that count; more say nothing more.
const MAX_WORDS: usize = 16;
/// Letters that a beginning must have: fewer begin half of all words.
const LEAST_BEGINNING: usize = 2;
/// Letters from which on a last word may be one that was not typed to its end.
const LEAST_TYPED: usize = 3;
/// Words before the first one found that a snippet shows, and in all.
const BEFORE: usize = 8;
const SNIPPET: usize = 32;

/// Words that stand side by side; one alone is a phrase, too.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Phrase {
    /// As they are looked for in a snippet.
    folded: Vec<String>,
    /// As SQLite is asked for them: it splits them as it split the text.
    asked: String,
    /// The last word may be the beginning of one.
    begins: bool,
}

/// What is looked for: all of some alternatives, and none of some phrases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Query {
    all: Vec<Vec<Phrase>>,
    none: Vec<Phrase>,
    /// The last word may not have been typed to its end.
    goes_on: bool,
}

/// A piece of what was typed.
enum QueryPiece<'a> {
    Or,
    Text { text: &'a str, quoted: bool, not: bool },
}

impl Query {
    /// Reads what was typed. Any text will do: punctuation counts for nothing.
    pub fn of(typed: &str) -> Self {
        let (mut query, mut left, mut or, mut plain) = (Self::default(), MAX_WORDS, false, false);
        for piece in pieces(typed) {
            let QueryPiece::Text { text, quoted, not } = piece else {
                or = true;
                continue;
            };
            let Some(phrase) = phrase(text, quoted, left) else { continue };
            left -= phrase.folded.len();
            plain = !not && !quoted && phrase.folded.len() == 1;
            match (not, or, query.all.last_mut()) {
                (true, ..) => query.none.push(phrase),
                (false, true, Some(alternatives)) => alternatives.push(phrase),
                _ => query.all.push(vec![phrase]),
            }
            or = false;
        }
        let last = query.all.last().and_then(|alternatives| alternatives.last());
        query.goes_on = plain && last.is_some_and(|last| !last.begins && last.has_letters(LEAST_TYPED));
        query
    }

    /// The same with the last word as the beginning of one, where it may be: whoever stops typing in the middle of a word
    /// finds it.
    pub fn begun(&self) -> Option<Self> {
        let mut begun = self.clone();
        begun.all.last_mut().and_then(|alternatives| alternatives.last_mut()).filter(|_| self.goes_on)?.begins = true;
        Some(begun)
    }

    /// The same without what must stand there last; asks for nothing where that is all.
    pub fn without_last(&self) -> Self {
        let mut others = self.clone();
        others.all.pop();
        others
    }

    /// Each phrase by itself, for FTS5: those wanted, then those that must not be there.
    pub fn phrases_sql(&self) -> Vec<String> {
        self.phrases().chain(&self.none).map(Phrase::sql).collect()
    }

    /// True where a beginning is looked for.
    pub fn begins(&self) -> bool {
        self.phrases().chain(&self.none).any(|phrase| phrase.begins)
    }

    /// How many words are looked for, those that must not be there among them.
    pub fn words(&self) -> usize {
        self.phrases().chain(&self.none).map(|phrase| phrase.folded.len()).sum()
    }

    /// True where words must stand side by side: to find that out, all texts that have them are gone through.
    pub fn has_long_phrase(&self) -> bool {
        self.phrases().chain(&self.none).any(|phrase| phrase.folded.len() > 1)
    }

    /// True where it takes more texts that have the words than places that are found: words must stand side by side, or must
    /// not be there.
    pub fn is_sparse(&self) -> bool {
        self.has_long_phrase() || !self.none.is_empty()
    }

    /// True where what is wanted must not be there.
    pub fn is_vain(&self) -> bool {
        self.all.iter().any(|alternatives| alternatives.iter().all(|phrase| self.none.contains(phrase)))
    }

    /// True of a text, given as for [`Query::occurrences`], that has what is wanted; what must not be there is not looked for.
    pub fn stands_in(&self, spaced: &str) -> bool {
        self.all.iter().all(|alternatives| alternatives.iter().any(|phrase| phrase.occurrences(spaced) > 0))
    }

    /// How often each wanted phrase stands in a text, given as its folded words with a space before and behind each.
    pub fn occurrences(&self, spaced: &str) -> Vec<usize> {
        self.phrases().map(|phrase| phrase.occurrences(spaced)).collect()
    }

    /// For FTS5 (sqlite.org/fts5.html, "Full-text Query Syntax"): each phrase is quoted, so nothing in it is syntax.
    pub fn sql(&self) -> Option<String> {
        let any = |phrases: &[Phrase]| phrases.iter().map(Phrase::sql).collect::<Vec<_>>().join(" OR ");
        let all: Vec<String> = self.all.iter().map(|alternatives| format!("({})", any(alternatives))).collect();
        match (all.is_empty(), self.none.is_empty()) {
            (true, _) => None,
            (false, true) => Some(all.join(" AND ")),
            (false, false) => Some(format!("({}) NOT ({})", all.join(" AND "), any(&self.none))),
        }
    }

    /// For FTS5: the words themselves, wherever in a text they stand, and whatever must not.
    pub fn words_sql(&self) -> Option<String> {
        let words = |phrase: &Phrase| phrase.asked.split(' ').map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" AND ");
        let any = |phrases: &[Phrase]| phrases.iter().map(|phrase| format!("({})", words(phrase))).collect::<Vec<_>>().join(" OR ");
        let all: Vec<String> = self.all.iter().map(|alternatives| format!("({})", any(alternatives))).collect();
        Some(all.join(" AND ")).filter(|all| !all.is_empty())
    }

    /// The same for a text at hand.
    pub fn sought(&self) -> SoughtWords {
        let forms = |phrases: &[Phrase]| phrases.iter().flat_map(|phrase| phrase.forms().map(|form| (form, phrase.begins))).collect();
        SoughtWords::of(self.all.iter().map(|alternatives| forms(alternatives)).collect(), forms(&self.none))
    }

    /// For FTS5: any of some entries, each taken as a phrase.
    pub fn any_of(entries: &[String]) -> Option<String> {
        let queries = entries.iter().filter_map(|entry| Self::of(&format!("\"{}\"", entry.replace('"', " "))).sql());
        let any = queries.collect::<Vec<_>>().join(" OR ");
        Some(any).filter(|any| !any.is_empty())
    }

    /// The text around the first phrase found, with the places of all words found in it.
    pub fn snippet(&self, text: &str) -> (String, Vec<Range<usize>>) {
        let all = words(text);
        let found = |at: usize| self.phrases().filter_map(|phrase| phrase.stands_at(&all, at)).max().unwrap_or(0);
        let first = (0..all.len()).find(|at| found(*at) > 0).unwrap_or(0).saturating_sub(BEFORE);
        let shown = first..all.len().min(first + SNIPPET);
        let (Some(head), Some(tail)) = (all.get(shown.start), shown.clone().next_back().and_then(|last| all.get(last))) else {
            return (String::new(), Vec::new());
        };
        let (start, before) = if shown.start == 0 { (0, "") } else { (head.start, "…") };
        let (end, after) = if shown.end == all.len() { (text.len(), "") } else { (tail.end, "…") };
        let mut marks = Vec::new();
        let mut at = shown.start;
        while at < shown.end {
            let many = found(at);
            marks.extend(
                all[at..(at + many).min(shown.end)].iter().map(|word| word.start - start + before.len()..word.end - start + before.len()),
            );
            at += many.max(1);
        }
        (format!("{before}{}{after}", &text[start..end]), marks)
    }

    fn phrases(&self) -> impl Iterator<Item = &Phrase> {
        self.all.iter().flatten()
    }
}

impl Phrase {
    fn sql(&self) -> String {
        let star = if self.begins { " *" } else { "" };
        self.forms().map(|form| format!("\"{form}\"{star}")).collect::<Vec<_>>().join(" OR ")
    }

    /// The phrase, and where it has several words also with each of them but the last in the possessive: SQLite splits
    /// "council’s plan" into three words, of which the second is an "s".
    fn forms(&self) -> impl Iterator<Item = String> {
        let words: Vec<&str> = self.asked.split(' ').collect();
        let plain = |word: &str| word.chars().all(char::is_alphanumeric);
        let possessive = |at: usize| {
            let said: Vec<String> =
                words.iter().enumerate().map(|(each, word)| if each == at { format!("{word} s") } else { (*word).to_owned() }).collect();
            said.join(" ")
        };
        let others: Vec<String> = (0..words.len().saturating_sub(1)).filter(|at| plain(words[*at])).map(possessive).collect();
        [self.asked.clone()].into_iter().chain(others)
    }

    fn occurrences(&self, spaced: &str) -> usize {
        let wanted = format!(" {}{}", self.folded.join(" "), if self.begins { "" } else { " " });
        // The space behind one may be that before the next.
        std::iter::successors(spaced.find(&wanted), |at| Some(at + 1 + spaced.get(at + 1..)?.find(&wanted)?)).count()
    }

    fn has_letters(&self, least: usize) -> bool {
        self.folded.last().is_some_and(|last| last.chars().count() >= least)
    }

    /// How many words it has, where it stands at this place.
    fn stands_at(&self, all: &[Word], at: usize) -> Option<usize> {
        let (last, before) = self.folded.split_last()?;
        let there = all.get(at..at + self.folded.len())?;
        let same = before.iter().zip(there).all(|(wanted, word)| *wanted == word.folded);
        let end = &there.last()?.folded;
        (same && (end == last || self.begins && end.starts_with(last.as_str()))).then_some(self.folded.len())
    }
}

/// Words between blanks and phrases between quotation marks, each with a minus before it or not. A mark that is never closed
/// opens a phrase to the end.
fn pieces(typed: &str) -> impl Iterator<Item = QueryPiece<'_>> {
    let mut rest = typed;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let bare = rest.strip_prefix(['-', '−']).filter(|bare| bare.starts_with(|next: char| next.is_alphanumeric() || is_mark(next)));
        let not = bare.is_some();
        let text = bare.unwrap_or(rest);
        let first = text.chars().next()?;
        if is_mark(first) {
            let inner = &text[first.len_utf8()..];
            let end = inner.find(is_mark).unwrap_or(inner.len());
            rest = inner[end..].trim_start_matches(is_mark);
            return Some(QueryPiece::Text { text: &inner[..end], quoted: true, not });
        }
        let end = text.find(|char: char| char.is_whitespace() || is_mark(char)).unwrap_or(text.len());
        rest = &text[end..];
        match &text[..end] {
            "OR" | "|" if !not => Some(QueryPiece::Or),
            text => Some(QueryPiece::Text { text, quoted: false, not }),
        }
    })
}

fn is_mark(char: char) -> bool {
    matches!(char, '"' | '“' | '”' | '„')
}

/// A phrase of at most `most` words; none where there is no word in it.
fn phrase(text: &str, quoted: bool, most: usize) -> Option<Phrase> {
    let found: Vec<Word> = words(text).into_iter().take(most).collect();
    if found.is_empty() {
        return None;
    }
    let end = found.last().map_or(0, |word| word.end);
    let asked: Vec<String> = found.iter().map(|word| asked(&text[word.start..word.end], word.end == end)).collect();
    let mut phrase = Phrase { folded: found.into_iter().map(|word| word.folded).collect(), asked: asked.join(" "), begins: false };
    phrase.begins = !quoted && text.ends_with('*') && phrase.has_letters(LEAST_BEGINNING);
    Some(phrase)
}

/// A word without its possessive, as [`words`] has it; within a phrase with it, because there SQLite sees an "s" between.
fn asked(word: &str, is_last: bool) -> String {
    let ending = |ending| word.strip_suffix(ending).filter(|stem| is_last && !stem.is_empty());
    let stem = ["'s", "’s", "'S", "’S"].into_iter().find_map(ending);
    stem.unwrap_or(word).chars().filter(|char| !is_hostile(*char)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_asked_for() {
        let begun = |text: &str| Query::of(text).begun().unwrap_or(Query::of(text));
        let check = |text: &str, expected: Option<&str>| assert_eq!(begun(text).sql().as_deref(), expected, "{text}");
        check("children’s serv", Some("(\"children\") AND (\"serv\" *)"));
        let plan = "\"pathway plan\" OR \"pathway s plan\"";
        check("\"pathway plan\"", Some(&format!("({plan})")));
        check("“pathway plan” leeds", Some(&format!("({plan}) AND (\"leeds\" *)")));
        check("\"pathway plan", Some(&format!("({plan})")));
        check("leeds OR bradford hub*", Some("(\"leeds\" OR \"bradford\") AND (\"hub\" *)"));
        check("leeds OR OR bradford", Some("(\"leeds\" OR \"bradford\" *)"));
        check("OR leeds OR", Some("(\"leeds\" *)"));
        check("plan -pathway", Some("((\"plan\")) NOT (\"pathway\")"));
        check("plan −\"pathway plan\" -x", Some(&format!("((\"plan\")) NOT ({plan} OR \"x\")")));
        check("-plan", None);
        check("- plan", Some("(\"plan\" *)"));
        check("\"children’s services\"", Some("(\"children’s services\")"));
        check("\"the council’s\"", Some("(\"the council\" OR \"the s council\")"));
        check("multi-agency", Some("(\"multi agency\" OR \"multi s agency\")"));
        check("o'brien", Some("(\"o'brien\" *)"));
        check("pathw* plan", Some("(\"pathw\" *) AND (\"plan\" *)"));
        check("p* plan", Some("(\"p\") AND (\"plan\" *)"));
        check("or and not near", Some("(\"or\") AND (\"and\") AND (\"not\") AND (\"near\" *)"));
        check(
            "a\" OR title:b NEAR(c) -d*",
            Some(
                "(\"a\") AND (\"OR title b NEAR c d\" OR \"OR s title b NEAR c d\" OR \"OR title s b NEAR c d\" OR \"OR title b s NEAR c d\" OR \"OR title b NEAR s c d\" OR \"OR title b NEAR c s d\")",
            ),
        );
        check("plan of", Some("(\"plan\") AND (\"of\")"));
        check(" \"'*() ", None);
        assert_eq!(Query::of("plan").sql().as_deref(), Some("(\"plan\")"), "first the word itself");
        assert_eq!(Query::of(&"x ".repeat(1000)).all.len(), MAX_WORDS);
        assert_eq!(Query::of(&format!("\"{}\"", "x ".repeat(1000))).all[0][0].folded.len(), MAX_WORDS);
    }

    #[test]
    fn a_phrase_is_counted_wherever_it_begins() {
        let count = |typed: &str, spaced: &str| Query::of(typed).begun().unwrap_or(Query::of(typed)).occurrences(spaced);
        assert_eq!(count("plan.", " plan plan of plans "), [3]);
        assert_eq!(count("\"plan plan\" OR \"of plan\"", " plan plan plan of plans "), [2, 0]);
        assert_eq!(count("pla* care\u{301}", " "), [0, 0]);
        let stands = |typed: &str| Query::of(typed).stands_in(" plan of poole ");
        assert_eq!((stands("leeds OR plan poole"), stands("plan leeds"), stands("\"plan of\" -poole")), (true, false, true));
        let vain = |typed: &str| Query::of(typed).is_vain();
        assert_eq!((vain("plan -plan"), vain("plan OR poole -plan"), vain("leeds plan OR poole -plan -poole")), (true, false, true));
    }

    #[test]
    fn a_snippet_stands_around_the_first_phrase_found() {
        let text = format!("{}Leaders acted “swiftly” here. {}", "one ".repeat(20), "two ".repeat(50));
        let (snippet, marks) = Query::of("swift").begun().unwrap().snippet(&text);
        assert!(snippet.starts_with("…one one one one one one Leaders acted “swiftly” here. two"), "{snippet}");
        assert!(snippet.ends_with("two…"), "{snippet}");
        assert_eq!(marks.into_iter().map(|mark| &snippet[mark]).collect::<Vec<_>>(), ["swiftly"]);
        assert_eq!(Query::of("x").snippet(""), (String::new(), vec![]));
        let (snippet, marks) = Query::of("\"pathway plan\"").snippet(&format!("A plan. {} Her pathway plan came.", "word ".repeat(40)));
        assert_eq!(marks.into_iter().map(|mark| &snippet[mark]).collect::<Vec<_>>(), ["pathway", "plan"]);
    }
}
