//! A quotation made ready to be looked for in any number of reports, within a budget for all of a story's quotations.

use std::{ops::Range, sync::LazyLock};

use crate::{
    model::text::each_word,
    tie::{
        quotes::{Bounds, Proof, Quoted, Speaker},
        shingles::hash_word,
    },
};

use super::places::Places;

/// A word of a quotation or a report in the forms in which it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WordForms {
    /// Alike for the forms of one word: "lack" and "lacked".
    pub stem: u32,
    /// It says something by itself, as "oversight" does and "is" does not.
    pub heavy: bool,
}

impl WordForms {
    pub fn of(folded: &str, hash: u64) -> Self {
        Self { stem: hash_word(stem(folded)) as u32, heavy: !LIGHT_HASHES.has(hash) }
    }
}

/// The forms of the words met last: a report says most of its words again and again.
pub(super) struct KnownForms(Vec<(u64, WordForms)>);

impl KnownForms {
    /// Bits of a hash that say where its forms are kept.
    const BITS: u32 = 12;

    pub fn new() -> Self {
        let none = WordForms { stem: 0, heavy: false };
        // No hash that is kept at a place is the one that the place begins with.
        Self((0..1u64 << Self::BITS).map(|at| (!at << (64 - Self::BITS), none)).collect())
    }

    /// The forms of a word with this hash.
    pub fn of(&mut self, folded: &str, hash: u64) -> WordForms {
        let known = &mut self.0[(hash >> (64 - Self::BITS)) as usize];
        if known.0 != hash {
            *known = (hash, WordForms::of(folded, hash));
        }
        known.1
    }
}

/// A quotation ready to be looked for in any number of reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    pub(super) words: Vec<u64>,
    pub(super) tokens: Vec<WordForms>,
    /// The words between what the story left out or put in; where it did neither, the words of each sentence.
    pub(super) pieces: Vec<Range<usize>>,
    pub(super) cut: bool,
    /// Its words may be compared with what stands nearly so, too.
    pub(super) compared: bool,
    pub(super) proof: Proof,
}

/// Comparisons of two words that all quotations of a story may cost in one report; the surest and longest come first.
const BUDGET: usize = 1_500_000;

impl Sought {
    pub fn new(quotation: &str) -> Self {
        let mut sought =
            Self { words: Vec::new(), tokens: Vec::new(), pieces: Vec::new(), cut: false, compared: true, proof: Proof::Nearly };
        sought.read(quotation);
        sought
    }

    /// All quotations of a story. Those beyond the budget are looked for word for word only.
    pub fn all(quotations: &[Quoted]) -> Vec<Self> {
        let mut all: Vec<Self> = quotations.iter().map(|quoted| Self { proof: quoted.proof(), ..Self::new(&quoted.text) }).collect();
        let mut order: Vec<usize> = (0..all.len()).collect();
        let credited = |at: usize| quotations[at].speaker == Speaker::Ofsted && quotations[at].bounds == Bounds::Printed;
        order.sort_by_key(|&at| (!credited(at), std::cmp::Reverse(all[at].words.len()), at));
        let mut left = BUDGET;
        for at in order {
            let cost = all[at].cost();
            all[at].compared = cost <= left;
            left = left.saturating_sub(cost);
        }
        all
    }

    /// Takes the words of a quotation, cut where the story left out or put in something: at […] and ellipses.
    fn read(&mut self, quotation: &str) {
        let mut text = String::with_capacity(quotation.len().min(MAX_CHARS));
        let mut depth = 0usize;
        let mut chars = quotation.chars().take(MAX_CHARS).peekable();
        while let Some(char) = chars.next() {
            match char {
                '[' => {
                    depth += 1;
                    self.cut = true;
                }
                ']' => {
                    depth = depth.saturating_sub(1);
                    self.close(&mut text);
                }
                '…' => {
                    self.cut = true;
                    self.close(&mut text);
                }
                '.' if chars.peek() == Some(&'.') => {
                    self.cut = true;
                    self.close(&mut text);
                }
                _ if depth > 0 => {}
                '.' | '?' | '!' if chars.peek() == Some(&' ') => self.close(&mut text),
                _ => text.push(char),
            }
        }
        self.close(&mut text);
    }

    fn close(&mut self, text: &mut String) {
        let from = self.words.len();
        each_word(text, |folded, _, _| {
            let hash = hash_word(folded);
            self.words.push(hash);
            self.tokens.push(WordForms::of(folded, hash));
        });
        if self.words.len() > from {
            self.pieces.push(from..self.words.len());
        }
        text.clear();
    }

    /// True if all of its words were compared, so that "not found" is an answer.
    pub fn is_compared(&self) -> bool {
        self.compared
    }

    fn cost(&self) -> usize {
        if matches!(self.proof, Proof::Exactly(_)) { 0 } else { super::near::cost(self) }
    }
}

/// Of a longer quotation only the beginning is looked for.
const MAX_CHARS: usize = 6_000;

/// The part of a word that its forms share, roughly: enough to see "lacked" in "lack", too little to take one word for
/// another.
fn stem(folded: &str) -> &str {
    let cut = |word: &'_ str, ending: &str| -> usize {
        let ends = word.len() >= ending.len() + LEAST_STEM && word.ends_with(ending);
        if ends { word.len() - ending.len() } else { word.len() }
    };
    if !folded.is_ascii() {
        return folded;
    }
    let word = if folded.ends_with("ss") { folded } else { &folded[..cut(folded, "s")] };
    let word = match word.as_bytes().last() {
        Some(b'g') => &word[..cut(word, "ing")],
        Some(b'd') => &word[..cut(word, "ed")],
        Some(b'y') => &word[..cut(word, "ly")],
        _ => word,
    };
    word.trim_end_matches('e')
}

/// Letters that are left of a word without its ending.
const LEAST_STEM: usize = 3;

static LIGHT_HASHES: LazyLock<Places> =
    LazyLock::new(|| Places::new(&LIGHT.split_whitespace().map(|word| (hash_word(word), 0)).collect::<Vec<_>>()));
/// Words that join others, and words of which every sentence about care has some: alone they prove nothing.
const LIGHT: &str = "a about above across after again all almost already also although always am among an and any are area areas around as at away \
    back be became because become been before being below best better between both but by came can cannot child children come could council \
    councils day did do does done down during each either else enough even ever every few first for from front full further gave get gets give given \
    go goes good got had has have having he help her here hers him his how i if in inspectors into is it its itself just know known last least \
    less like line look made make makes making many may me might more most much must my near need needs neither never new no non none nor not nothing \
    now of off often on once one only onto or other others our out over own part parts people per place put quite rather re really report said \
    same see seen set several shall she should since so some something soon still such t take taken than that the their theirs them themselves \
    then there these they thing things this those three through throughout time to today together too two under until up upon us used very was \
    way we well went were what when where whether which while who whole whom whose why will with within without work working would year years \
    yet you young your";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_word_have_one_stem() {
        for (one, other) in [("lack", "lacked"), ("receive", "received"), ("continues", "continue"), ("failing", "failings")] {
            assert_eq!(stem(one), stem(other), "{one} {other}");
        }
        for (one, other) in [("pride", "deterioration"), ("process", "proceed"), ("homes", "arrangements")] {
            assert_ne!(stem(one), stem(other), "{one} {other}");
        }
    }

    #[test]
    fn forms_are_those_of_the_word_whatever_was_asked_before() {
        let mut known = KnownForms::new();
        for word in ["lacked", "lack", "the", "lacked", "é", "the"] {
            assert_eq!(known.of(word, hash_word(word)), WordForms::of(word, hash_word(word)), "{word}");
        }
        for hash in [0, 1, u64::MAX, 1 << 63] {
            assert_eq!(KnownForms::new().of("oversight", hash).stem, WordForms::of("oversight", hash).stem);
        }
    }

    #[test]
    fn the_surest_and_longest_are_compared_first() {
        let quoted = |text: String, speaker: Speaker| Quoted { text, start: 0, end: 0, speaker, bounds: Bounds::Printed };
        let long = "managers challenge drift and delay ".repeat(30);
        let mut quotations: Vec<Quoted> = (0..200).map(|at| quoted(format!("{long} {at}"), Speaker::Unknown)).collect();
        quotations.push(quoted("drift and delay in plans".to_owned(), Speaker::Ofsted));
        let all = Sought::all(&quotations);
        assert!(all[200].is_compared() && all[0].is_compared() && !all[199].is_compared());
        assert!(Sought::all(&quotations[..10]).iter().all(Sought::is_compared));
    }
}
