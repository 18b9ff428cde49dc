//! What a sentence tells of an inspection, whatever its words: patterns of `config/sentences.toml`, of words in their order with
//! room between them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use regex::bytes::{Regex, RegexBuilder};
use serde::Deserialize;

use super::EventFamily;
use crate::{
    model::text::folded,
    tie::{fold::Folded, text::StoryText},
};

/// A reading of some words of one sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Told {
    pub family: EventFamily,
    pub weight: f64,
    pub word: usize,
}

/// The file, as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SentenceFile {
    words: BTreeMap<String, BTreeSet<String>>,
    pattern: Vec<PatternFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PatternFile {
    tells: String,
    family: EventFamily,
    weight: f64,
    says: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    unless_before: Vec<String>,
    #[serde(default)]
    unless_after: Vec<String>,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
}

/// Where in what is searched a pattern must stand.
#[derive(Clone, Copy)]
enum Anchor {
    Anywhere,
    AtStart,
    AtEnd,
}

/// Patterns of which any may stand somewhere; none is never there.
struct AnyOf(Option<Regex>);

impl AnyOf {
    fn is_in(&self, words: &str) -> bool {
        self.0.as_ref().is_some_and(|pattern| pattern.is_match(words.as_bytes()))
    }
}

struct Pattern {
    tells: String,
    family: EventFamily,
    weight: f64,
    says: Vec<Regex>,
    unless: AnyOf,
    unless_before: AnyOf,
    unless_after: AnyOf,
    /// None asks for nothing.
    with: Option<AnyOf>,
    without: AnyOf,
}

/// All patterns with the lists of words they speak of.
struct Grammar {
    words: BTreeMap<String, BTreeSet<String>>,
    patterns: Vec<Pattern>,
}

/// Why the file cannot be read; tests keep the shipped one from it.
#[derive(Debug, thiserror::Error)]
enum GrammarError {
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    #[error("{0}")]
    Regex(#[from] regex::Error),
    #[error("no list is called <{0}>")]
    Unknown(String),
    #[error("`{0}` is no place of a pattern")]
    Place(String),
}

/// How often a place with a star is there at most, so that a sentence of nothing else costs no more than its length.
const MOST_REPEATED: usize = 6;

/// Words before a match in which `unless-before` is looked for: more than any of its patterns has.
const MOST_BEFORE: usize = 8;

static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
    Grammar::parse(include_str!("../../../config/sentences.toml")).unwrap_or(Grammar { words: BTreeMap::new(), patterns: Vec::new() })
});

impl Grammar {
    fn parse(text: &str) -> Result<Self, GrammarError> {
        let SentenceFile { words, pattern } = toml::from_str(text)?;
        let patterns = pattern.iter().map(|pattern| Pattern::of(pattern, &words)).collect::<Result<_, _>>()?;
        Ok(Self { words, patterns })
    }
}

impl Pattern {
    fn of(file: &PatternFile, words: &BTreeMap<String, BTreeSet<String>>) -> Result<Self, GrammarError> {
        let any_of = |patterns: &[String], place: Anchor| -> Result<AnyOf, GrammarError> {
            let patterns = patterns.iter().map(|pattern| expression(pattern, words)).collect::<Result<Vec<_>, _>>()?;
            Ok(AnyOf(if patterns.is_empty() { None } else { Some(compiled(&patterns.join("|"), place)?) }))
        };
        let says = file.says.iter().map(|pattern| compiled(&expression(pattern, words)?, Anchor::Anywhere));
        Ok(Self {
            tells: file.tells.clone(),
            family: file.family,
            weight: file.weight,
            says: says.collect::<Result<_, _>>()?,
            unless: any_of(&file.unless, Anchor::Anywhere)?,
            unless_before: any_of(&file.unless_before, Anchor::AtEnd)?,
            unless_after: any_of(&file.unless_after, Anchor::AtStart)?,
            with: if file.with.is_empty() { None } else { Some(any_of(&file.with, Anchor::Anywhere)?) },
            without: any_of(&file.without, Anchor::Anywhere)?,
        })
    }

    /// Where in a sentence, written with a space around each word, the pattern first stands.
    fn find(&self, sentence: &str) -> Option<usize> {
        if self.with.as_ref().is_some_and(|with| !with.is_in(sentence)) || self.without.is_in(sentence) {
            return None;
        }
        let holds = |from: usize, to: usize| {
            // The spaces at both ends belong to both sides.
            let near = sentence[..from].rmatch_indices(' ').nth(MOST_BEFORE).map_or(0, |(at, _)| at);
            let (before, within, after) = (&sentence[near..=from], &sentence[from..to], &sentence[to - 1..]);
            !self.unless_before.is_in(before) && !self.unless.is_in(within) && !self.unless_after.is_in(after)
        };
        let first = |says: &Regex| {
            let mut at = 0;
            loop {
                let found = says.find_at(sentence.as_bytes(), at)?;
                if holds(found.start(), found.end()) {
                    return Some(found.start());
                }
                at = found.start() + 1;
            }
        };
        self.says.iter().filter_map(first).min()
    }
}

fn compiled(expression: &str, place: Anchor) -> Result<Regex, GrammarError> {
    let expression = match place {
        Anchor::Anywhere => format!(" (?:{expression})"),
        Anchor::AtStart => format!("^ (?:{expression})"),
        Anchor::AtEnd => format!(" (?:{expression})$"),
    };
    Ok(RegexBuilder::new(&expression).unicode(false).build()?)
}

/// A pattern of the file as a regular expression, in which each word has its space behind it.
fn expression(pattern: &str, words: &BTreeMap<String, BTreeSet<String>>) -> Result<String, GrammarError> {
    let mut expression = String::new();
    for place in pattern.split_whitespace() {
        if let Some(most) = place.strip_prefix('~') {
            let most: u8 = most.parse().map_err(|_| GrammarError::Place(place.to_owned()))?;
            expression.push_str(&format!("(?:[^ ]+ ){{0,{most}}}?"));
            continue;
        }
        let (place, repeated) = match (place.strip_suffix('*'), place.strip_suffix('?')) {
            (Some(place), _) => (place, format!("{{0,{MOST_REPEATED}}}")),
            (_, Some(place)) => (place, "?".to_owned()),
            _ => (place, String::new()),
        };
        let mut any = Vec::new();
        for one in place.split('|') {
            match one.strip_prefix('<').and_then(|one| one.strip_suffix('>')) {
                Some(list) => {
                    any.extend(words.get(list).ok_or_else(|| GrammarError::Unknown(list.to_owned()))?.iter().map(|word| format!("{word} ")))
                }
                None if one == "$" => any.push("$".to_owned()),
                None if one != folded(one) => return Err(GrammarError::Place(one.to_owned())),
                None => any.push(format!("{one} ")),
            }
        }
        expression.push_str(&format!("(?:{}){repeated}", any.join("|")));
    }
    Ok(expression)
}

/// What the sentences of a text tell.
pub(super) fn find(text: &StoryText, folded: &Folded) -> Vec<Told> {
    let mut found = Vec::new();
    for &(start, stop) in &text.sentences {
        let (from, to) = (folded.word_from(start), folded.word_from(stop));
        let sentence = folded.part(from, to);
        let mut told: Vec<&str> = Vec::new();
        for pattern in &GRAMMAR.patterns {
            if told.contains(&pattern.tells.as_str()) {
                continue;
            }
            if let Some(at) = pattern.find(sentence.text()) {
                told.push(&pattern.tells);
                found.push(Told {
                    family: pattern.family,
                    weight: pattern.weight,
                    word: from + sentence.text()[..at].split_whitespace().count(),
                });
            }
        }
    }
    found
}

/// True if a word is in one of the lists that the patterns speak of.
pub(super) fn is_among(list: &str, word: &str) -> bool {
    GRAMMAR.words.get(list).is_some_and(|words| words.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MADE_UP: &str = r#"
        [words]
        who = ["cats", "dogs"]
        [[pattern]]
        tells = "nap"
        family = "visit"
        weight = 1.0
        says = ["<who>|birds ~2 sleep soundly? now|$"]
        unless = ["never"]
        unless-before = ["wild"]
        unless-after = ["~1 not"]
        with = ["house"]
        without = ["garden"]
    "#;

    #[test]
    fn patterns_find_words_in_their_order() {
        let grammar = Grammar::parse(MADE_UP).unwrap();
        for (sentence, expected) in [
            (" house cats sleep now ", Some(6)),
            (" house birds of all sleep ", Some(6)),
            (" in the house dogs do sleep soundly now ", Some(13)),
            // Too far apart, not the word itself, before its end.
            (" house birds of all sorts sleep ", None),
            (" house tomcats sleep now ", None),
            (" house cats sleep well ", None),
            // What must not stand there.
            (" house cats never sleep now ", None),
            (" house wild cats sleep now ", None),
            (" house cats sleep now or not ", None),
            // The first is refused, the second is not.
            (" house wild cats sleep now dogs sleep now ", Some(26)),
            (" cats sleep now ", None),
            (" house garden cats sleep now ", None),
        ] {
            assert_eq!(grammar.patterns[0].find(sentence), expected, "{sentence}");
        }
    }

    /// A sentence of nothing but inspectors takes ten times as long where it is ten times as long.
    #[test]
    fn a_hostile_sentence_costs_its_length() {
        let took = |sentence: &dyn Fn(usize) -> String, count: usize| {
            let text = sentence(count);
            let folded = Folded::of(&text);
            let story = StoryText { sentences: vec![(0, text.len())], whole: text, ..StoryText::default() };
            let start = std::time::Instant::now();
            assert!(find(&story, &folded).is_empty());
            start.elapsed()
        };
        let schools = |count: usize| format!("{}will start inspecting schools today", "HMI ".repeat(count));
        let wishes = |count: usize| "want Ofsted to visit today ".repeat(count);
        for sentence in [&schools as &dyn Fn(usize) -> String, &wishes] {
            let least = |count: usize| (0..5).map(|_| took(sentence, count)).min().unwrap();
            least(100);
            let (short, long) = (least(1_000), least(10_000));
            assert!(long < 30 * short.max(std::time::Duration::from_micros(300)), "{short:?}, {long:?}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said() {
        let unknown = MADE_UP.replace("<who>", "<whom>");
        assert!(Grammar::parse(&unknown).is_err_and(|error| error.to_string().contains("<whom>")));
        for (place, spoilt) in [("soundly?", "soundly("), ("soundly?", "don't"), ("~2", "~"), ("~2", "~x")] {
            assert!(Grammar::parse(&MADE_UP.replace(place, spoilt)).is_err_and(|error| error.to_string().contains(spoilt)), "{spoilt}");
        }
    }

    #[test]
    fn the_shipped_lists_and_patterns_are_read_and_folded() {
        let grammar = Grammar::parse(include_str!("../../../config/sentences.toml")).unwrap();
        for word in grammar.words.values().flatten() {
            assert_eq!(*word, folded(word));
        }
        assert!(["outcomes", "grades"].iter().all(|list| grammar.words.contains_key(*list)));
        assert!(grammar.patterns.iter().all(|pattern| !pattern.says.is_empty()));
    }
}
