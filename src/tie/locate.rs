//! Words of a story found in a report: exact, nearly exact, and long runs without marks.

use crate::model::{report::Passage, text::each_word};

use super::shingles::{combine, hash_text, hash_word};

/// Words in the runs that the index knows.
const GRAM: usize = 3;

/// A report's words, ready to be searched.
pub struct ReportIndex {
    words: Vec<u64>,
    /// The first word of each passage.
    starts: Vec<usize>,
    /// Hash of each run of [`GRAM`] words and where it begins, sorted.
    grams: Vec<(u64, u32)>,
    /// Hashes of numbers and of number words, and where they stand, sorted.
    numbers: Vec<(u64, u32)>,
}

/// A quotation ready to be looked for in any number of reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    words: Vec<u64>,
    /// The story left something out or put something in.
    cut: bool,
}

impl Sought {
    pub fn new(quotation: &str) -> Self {
        let pieces = pieces(quotation);
        Self { cut: pieces.len() > 1, words: pieces.into_iter().flatten().collect() }
    }
}

/// Where a quotation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Index of the passage.
    pub passage: usize,
    /// Index of the first word in the report.
    pub word: usize,
    /// Word for word.
    pub exact: bool,
    /// How many of the quotation's words stand there.
    pub matched: usize,
}

/// A run of words that story and report share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Index of its first word in the story.
    pub story: usize,
    /// Index of its first word in the report.
    pub report: usize,
    pub length: usize,
    pub passage: usize,
}

/// Of a very common run of three words so many places are tried.
const MAX_PLACES: usize = 60;
/// The same where each place costs a comparison of whole quotations; a rarer run of the same words finds the place.
const MAX_NEAR_PLACES: usize = 12;

impl ReportIndex {
    pub fn new(passages: &[Passage]) -> Self {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let (mut words, mut starts, mut numbers) = (Vec::new(), Vec::with_capacity(passages.len()), Vec::new());
        for passage in passages {
            starts.push(words.len());
            each_word(&passage.text, |folded, _, _| {
                let hash = hash_word(folded);
                if is_number(folded) {
                    numbers.push((hash, place(words.len())));
                }
                words.push(hash);
            });
        }
        let mut grams: Vec<(u64, u32)> = words.windows(GRAM).enumerate().map(|(at, gram)| (combine(gram), place(at))).collect();
        grams.sort_unstable();
        numbers.sort_unstable();
        Self { words, starts, grams, numbers }
    }

    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// The index of a passage's first word.
    pub fn start_of(&self, passage: usize) -> usize {
        self.starts.get(passage).copied().unwrap_or(0)
    }

    /// The passage that holds a word.
    pub fn passage_of(&self, word: usize) -> usize {
        self.starts.partition_point(|&start| start <= word).saturating_sub(1)
    }

    /// Where a number stands.
    pub fn number_places(&self, number: u64) -> impl Iterator<Item = usize> + '_ {
        places(&self.numbers, number)
    }

    fn places(&self, gram: &[u64]) -> impl Iterator<Item = usize> + '_ {
        places(&self.grams, combine(gram))
    }

    /// Where a quotation stands, word for word if it does, nearly if that is beyond chance.
    pub fn locate(&self, quotation: &Sought) -> Option<Place> {
        let words = quotation.words.as_slice();
        match self.exact(words).filter(|_| !quotation.cut) {
            Some(word) => Some(Place { passage: self.passage_of(word), word, exact: true, matched: words.len() }),
            None => self.nearly(words, quotation.cut),
        }
    }

    fn exact(&self, words: &[u64]) -> Option<usize> {
        let first = words.get(..GRAM)?;
        self.places(first).find(|&at| self.words.get(at..at + words.len()) == Some(words))
    }

    /// The best place where most of the words stand in order. A quotation with brackets or an ellipsis may leave
    /// out more of the report between its pieces.
    fn nearly(&self, words: &[u64], cut: bool) -> Option<Place> {
        if words.len() < MIN_NEAR {
            return None;
        }
        let slack = if cut { 90 } else { 8 };
        let mut tried = Vec::new();
        let mut best: Option<Place> = None;
        for (offset, gram) in words.windows(GRAM).enumerate() {
            for at in self.places(gram).take(MAX_NEAR_PLACES) {
                let from = at.saturating_sub(offset + slack.min(offset * slack));
                if tried.iter().any(|&known: &usize| known.abs_diff(from) <= 3) {
                    continue;
                }
                tried.push(from);
                let to = (at + (words.len() - offset) + slack).min(self.words.len());
                let (matched, first, run) = align(words, &self.words[from..to]);
                if is_near(words.len(), matched, run) && best.is_none_or(|best| matched > best.matched) {
                    let word = from + first;
                    best = Some(Place { passage: self.passage_of(word), word, exact: false, matched });
                }
            }
        }
        best
    }

    /// The maximal runs of at least `least` words that the story shares with the report, in the story's order; of a
    /// run that stands in several places the first longest counts.
    pub fn runs(&self, story: &[u64], least: usize) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut at = 0;
        while at + GRAM <= story.len() {
            let best = self
                .places(&story[at..at + GRAM])
                .take(MAX_PLACES)
                .map(|place| (self.words[place..].iter().zip(&story[at..]).take_while(|(a, b)| a == b).count(), place))
                .max_by_key(|&(length, place)| (length, std::cmp::Reverse(place)));
            match best {
                Some((length, report)) if length >= least => {
                    runs.push(Run { story: at, report, length, passage: self.passage_of(report) });
                    at += length;
                }
                _ => at += 1,
            }
        }
        runs
    }
}

/// The winnowed shingles of a report, each with the index of the passage where it begins: what the store keeps so that
/// shared text is found whatever the authority.
pub fn passage_shingles(passages: &[Passage]) -> Vec<(u64, u32)> {
    let mut found: Vec<(u64, u32)> = Vec::new();
    for (at, passage) in passages.iter().enumerate() {
        let words = hash_text(&passage.text);
        found.extend(super::shingles::winnow(&words).into_iter().map(|(hash, _)| (hash, u32::try_from(at).unwrap_or(u32::MAX))));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Quotations of fewer words are found only word for word.
const MIN_NEAR: usize = 4;

/// The places of one hash in a sorted list.
fn places(sorted: &[(u64, u32)], hash: u64) -> impl Iterator<Item = usize> + '_ {
    let first = sorted.partition_point(|(known, _)| *known < hash);
    sorted[first..].iter().take_while(move |(known, _)| *known == hash).map(|(_, at)| *at as usize)
}

/// How many of `matched` words out of `length` in order, with `run` of them together, are beyond chance.
fn is_near(length: usize, matched: usize, run: usize) -> bool {
    match length {
        0..=5 => matched + 1 >= length && run >= 3,
        6..=9 => matched * 10 >= length * 7 && run >= 3 && matched >= 5,
        _ => matched * 10 >= length * 7 && run >= 4,
    }
}

/// The longest common subsequence of `words` and `window`: its length, where it begins in the window, and its
/// longest run of neighbours in both.
fn align(words: &[u64], window: &[u64]) -> (usize, usize, usize) {
    let columns = window.len() + 1;
    let mut table = vec![0u16; (words.len() + 1) * columns];
    for row in (0..words.len()).rev() {
        for column in (0..window.len()).rev() {
            table[row * columns + column] = if words[row] == window[column] {
                table[(row + 1) * columns + column + 1] + 1
            } else {
                table[(row + 1) * columns + column].max(table[row * columns + column + 1])
            };
        }
    }
    let (mut row, mut column, mut first, mut run, mut longest) = (0, 0, None, 0, 0);
    while row < words.len() && column < window.len() {
        if words[row] == window[column] {
            first.get_or_insert(column);
            run += 1;
            longest = longest.max(run);
            (row, column) = (row + 1, column + 1);
        } else {
            run = 0;
            if table[(row + 1) * columns + column] >= table[row * columns + column + 1] {
                row += 1;
            } else {
                column += 1;
            }
        }
    }
    (usize::from(table[0]), first.unwrap_or(0), longest)
}

/// The words of a quotation, cut where the story left out or put in something: at […], (…) and ellipses.
fn pieces(quotation: &str) -> Vec<Vec<u64>> {
    let mut text = String::with_capacity(quotation.len());
    let mut depth = 0usize;
    let mut cut = false;
    let mut pieces = Vec::new();
    let mut close = |text: &mut String| {
        let words = hash_text(text);
        if !words.is_empty() {
            pieces.push(words);
        }
        text.clear();
    };
    let chars: Vec<char> = quotation.chars().take(6_000).collect();
    for (at, &char) in chars.iter().enumerate() {
        match char {
            '[' => {
                depth += 1;
                cut = true;
            }
            ']' => {
                depth = depth.saturating_sub(1);
                close(&mut text);
            }
            '…' => {
                cut = true;
                close(&mut text);
            }
            '.' if chars.get(at + 1) == Some(&'.') => {
                cut = true;
                close(&mut text);
            }
            _ if depth > 0 => {}
            _ => text.push(char),
        }
    }
    close(&mut text);
    if cut && pieces.len() == 1 {
        pieces.push(Vec::new());
    }
    pieces
}

/// True for figures and for small numbers in words.
pub fn is_number(folded: &str) -> bool {
    folded.starts_with(|char: char| char.is_ascii_digit()) || super::figures::small_number(folded).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::report::PassageKind;
    use crate::model::text::words;
    use crate::tie::shingles::hash_words;

    fn index() -> ReportIndex {
        let passage = |text: &str| Passage { page: 1, number: None, kind: PassageKind::Paragraph, text: text.to_owned() };
        ReportIndex::new(&[
            passage(
                "Leaders know their services well. Managers do not always challenge drift and delay in children’s plans, and too many wait.",
            ),
            passage(
                "Social workers are proud to work in the borough. Caseloads remain too high for most of them, which leads to turnover.",
            ),
        ])
    }

    fn check(quotation: &str, expected: Option<(usize, bool)>) {
        assert_eq!(index().locate(&Sought::new(quotation)).map(|place| (place.passage, place.exact)), expected, "{quotation}");
    }

    #[test]
    fn word_for_word() {
        check("challenge drift and delay in children's plans", Some((0, true)));
        check("Caseloads remain too-high", Some((1, true)));
        check("too high", None);
        check("we are proud of our borough", None);
    }

    #[test]
    fn altered_quotations() {
        check("Managers do not always challenge [the] drift and delay in children’s plans", Some((0, false)));
        check("Social workers are proud … Caseloads remain too high for most of them", Some((1, false)));
        check("Managers do not challenge drift and delay in the children’s plans", Some((0, false)));
        check("Managers always challenge everybody about children and their plans", None);
    }

    #[test]
    fn runs_are_maximal() {
        let story = hash_words(&words("It said that social workers are proud to work in the borough and elsewhere"));
        let runs = index().runs(&story, 5);
        assert_eq!(runs.iter().map(|run| (run.story, run.length, run.passage)).collect::<Vec<_>>(), [(3, 9, 1)]);
    }
}
