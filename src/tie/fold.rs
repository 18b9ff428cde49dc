//! Folded words of a text with their places, and sets of phrases found in them in one pass.

use aho_corasick::{AhoCorasick, Input, MatchKind};
use serde::Deserialize;

use crate::model::text::{Word, folded, words};

/// The folded words of a text, also as one string with a space around each word.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    pub words: Vec<Word>,
    hay: String,
    /// Where each word begins in the string.
    starts: Vec<usize>,
}

impl Folded {
    pub fn of(text: &str) -> Self {
        let words = words(text);
        let mut hay = String::with_capacity(text.len() + 2);
        hay.push(' ');
        let mut starts = Vec::with_capacity(words.len());
        for word in &words {
            starts.push(hay.len());
            hay.push_str(&word.folded);
            hay.push(' ');
        }
        Self { words, hay, starts }
    }

    /// The index of the first word that begins at or after the byte `at` of the original.
    pub fn word_from(&self, at: usize) -> usize {
        self.words.partition_point(|word| word.start < at)
    }

    /// True if the phrase of folded words stands anywhere in it.
    pub fn has(&self, phrase: &str) -> bool {
        FoldedPart::from(self).has(phrase)
    }

    /// The words from one up to another, which need not be folded again.
    pub fn part(&self, from: usize, to: usize) -> FoldedPart<'_> {
        let to = to.min(self.words.len());
        let from = from.min(to);
        let (hay, starts) = match (self.starts.get(from..to), to.checked_sub(1)) {
            (Some(starts @ [first, ..]), Some(last)) => (first - 1..self.starts[last] + self.words[last].folded.len() + 1, starts),
            _ => (0..0, &[][..]),
        };
        FoldedPart { hay: &self.hay[hay.clone()], offset: hay.start, starts }
    }
}

/// Some words of a folded text, with the spaces around them.
#[derive(Debug, Clone, Copy)]
pub struct FoldedPart<'a> {
    hay: &'a str,
    /// Where it begins in the text's own string, by which the places of its words are counted.
    offset: usize,
    starts: &'a [usize],
}

impl<'a> From<&'a Folded> for FoldedPart<'a> {
    fn from(text: &'a Folded) -> Self {
        Self { hay: &text.hay, offset: 0, starts: &text.starts }
    }
}

impl<'a> FoldedPart<'a> {
    /// Its words with a space around each.
    pub fn text(&self) -> &'a str {
        self.hay
    }

    /// True if the phrase of folded words stands anywhere in it.
    pub fn has(&self, phrase: &str) -> bool {
        self.hay.contains(&format!(" {phrase} "))
    }
}

/// One phrase found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The index of the phrase in the set.
    pub phrase: usize,
    /// Its first word, and the one after its last.
    pub first: usize,
    pub end: usize,
}

/// A set of phrases; of overlapping ones the leftmost, then the longest, is found. In a file it is a list of them.
#[derive(Default, Deserialize)]
#[serde(from = "Vec<String>")]
pub struct Phrases {
    automaton: Option<AhoCorasick>,
}

impl From<Vec<String>> for Phrases {
    fn from(phrases: Vec<String>) -> Self {
        Self::new(phrases.iter().map(String::as_str))
    }
}

impl Phrases {
    pub fn new<'a>(phrases: impl IntoIterator<Item = &'a str>) -> Self {
        let patterns: Vec<String> = phrases.into_iter().map(|phrase| format!(" {} ", folded(phrase))).collect();
        Self { automaton: AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(patterns).ok() }
    }

    pub fn find<'a>(&self, text: impl Into<FoldedPart<'a>>) -> Vec<Hit> {
        let text = text.into();
        let mut found = Vec::new();
        let Some(automaton) = &self.automaton else { return found };
        let mut at = 0;
        // A phrase ends on the space with which the next begins, so the search steps back over it.
        while let Some(hit) = automaton.find(Input::new(text.hay).range(at..)) {
            at = hit.end() - 1;
            let first = text.starts.partition_point(|&start| start <= text.offset + hit.start());
            let end = text.starts.partition_point(|&start| start < text.offset + hit.end() - 1);
            found.push(Hit { phrase: hit.pattern().as_usize(), first, end });
        }
        found
    }

    /// True if any of them stands there.
    pub fn are_in<'a>(&self, text: impl Into<FoldedPart<'a>>) -> bool {
        self.automaton.as_ref().is_some_and(|automaton| automaton.is_match(text.into().hay))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_phrases_are_both_found_whole_words_only() {
        let phrases = Phrases::new(["care leavers", "good", "requires improvement"]);
        let text = Folded::of("Care leavers: good. Requires improvement, goodness!");
        let hits: Vec<_> = phrases.find(&text).iter().map(|hit| (hit.phrase, hit.first, hit.end)).collect();
        assert_eq!(hits, [(0, 0, 2), (1, 2, 3), (2, 3, 5)]);
        assert!(text.has("good requires") && !text.has("improvement good") && !text.has("ood requires"));
    }

    #[test]
    fn a_part_is_as_if_it_were_folded_by_itself() {
        let phrases = Phrases::new(["care leavers", "good", "requires improvement"]);
        let text = Folded::of("Care leavers: good. Requires improvement, goodness!");
        let hits = |part: FoldedPart<'_>| phrases.find(part).iter().map(|hit| (hit.phrase, hit.first, hit.end)).collect::<Vec<_>>();
        assert_eq!(hits(text.part(1, 5)), [(1, 1, 2), (2, 2, 4)]);
        assert_eq!(hits(text.part(1, 4)), [(1, 1, 2)]);
        assert_eq!((hits(text.part(3, 3)), hits(text.part(5, 2)), hits(text.part(9, 12))), (vec![], vec![], vec![]));
        let part = text.part(1, 4);
        assert!(part.has("leavers good") && part.has("requires") && !part.has("requires improvement") && !part.has("care"));
        assert!(phrases.are_in(part) && !phrases.are_in(text.part(4, 6)) && !text.part(0, 0).has("care"));
    }
}
