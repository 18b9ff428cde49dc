//! Words of a story found in a report: exact, nearly exact, and long runs without marks.

mod near;
mod places;
mod sought;

use crate::model::{report::Passage, text::each_word};

use super::{
    quotes::Proof,
    shingles::{combine, hash_text, hash_word},
};

use places::{Places, StemCounts};
pub use sought::Sought;
use sought::{KnownForms, WordForms};

/// Words in the runs that the index knows.
const GRAM: usize = 3;
/// Letters that a word takes at least, on average, with what stands around it: room is made for so many words.
const LETTERS: usize = 5;

/// A report's words, ready to be searched.
pub struct ReportIndex {
    words: Vec<u64>,
    /// The first word of each passage.
    starts: Vec<usize>,
    /// Hash of each run of [`GRAM`] words and where it begins.
    grams: Places,
    /// Hashes of numbers and of number words, and where they stand.
    numbers: Places,
    /// Each word as it is compared where a quotation is not exact.
    tokens: Vec<WordForms>,
    /// Hash of each two telling words that follow each other, and where the first stands.
    pairs: Places,
    /// How often each telling word's stem stands there.
    counts: StemCounts,
}

/// Where a quotation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotePlace {
    /// Index of the passage.
    pub passage: usize,
    /// Index of the first word in the report, and the one after the last.
    pub word: usize,
    pub end: usize,
    /// Word for word.
    pub exact: bool,
    /// How many of the quotation's words stand there.
    pub matched: usize,
}

impl QuotePlace {
    /// Of two places in two reports the one with the greater rank has more of the quotation.
    pub fn rank(&self) -> (bool, usize) {
        (self.exact, self.matched)
    }
}

/// A run of words that story and report share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharedRun {
    /// Index of its first word in the story.
    pub story: usize,
    /// Index of its first word in the report.
    pub report: usize,
    pub length: usize,
    pub passage: usize,
}

/// Of a very common run of three words so many places are tried.
const MAX_PLACES: usize = 60;
/// Places at which a quotation's rarest run of three words is compared with all of it.
const MAX_EXACT: usize = 400;

impl ReportIndex {
    pub fn new(passages: &[Passage]) -> Self {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let room = passages.iter().map(|passage| passage.text.len()).sum::<usize>() / LETTERS;
        let (mut words, mut tokens) = (Vec::with_capacity(room), Vec::with_capacity(room));
        let mut known = KnownForms::new();
        let (mut starts, mut numbers) = (Vec::with_capacity(passages.len()), Vec::new());
        for passage in passages {
            starts.push(words.len());
            each_word(&passage.text, |folded, _, _| {
                let hash = hash_word(folded);
                if is_number(folded) {
                    numbers.push((hash, place(words.len())));
                }
                words.push(hash);
                tokens.push(known.of(folded, hash));
            });
        }
        let grams: Vec<(u64, u32)> = words.windows(GRAM).enumerate().map(|(at, gram)| (combine(gram), place(at))).collect();
        let pairs: Vec<(u64, u32)> = near::pairs(&tokens).map(|(pair, at)| (pair, place(at))).collect();
        let telling = tokens.iter().filter(|token| token.heavy).map(|token| token.stem);
        Self {
            grams: Places::new(&grams),
            numbers: Places::new(&numbers),
            pairs: Places::new(&pairs),
            counts: StemCounts::new(telling, pairs.len() + 1),
            words,
            starts,
            tokens,
        }
    }

    /// How many telling words it has.
    pub fn telling(&self) -> u32 {
        self.counts.total()
    }

    /// How often a telling word stands there, in any of its forms.
    pub fn count_of(&self, stem: u32) -> u32 {
        self.counts.of(stem)
    }

    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// The index of a passage's first word.
    pub fn start_of(&self, passage: usize) -> usize {
        self.starts.get(passage).copied().unwrap_or(0)
    }

    /// The index of the word after a passage's last.
    fn end_of(&self, passage: usize) -> usize {
        self.starts.get(passage + 1).copied().unwrap_or(self.words.len())
    }

    /// The passage that holds a word.
    pub fn passage_of(&self, word: usize) -> usize {
        self.starts.partition_point(|&start| start <= word).saturating_sub(1)
    }

    /// Where a number stands.
    pub fn number_places(&self, number: u64) -> impl Iterator<Item = usize> + '_ {
        self.numbers.of(number)
    }

    fn places(&self, gram: &[u64]) -> impl Iterator<Item = usize> + '_ {
        self.grams.of(combine(gram))
    }

    /// Where a quotation stands, word for word if it does, nearly if that is beyond chance.
    pub fn locate(&self, sought: &Sought) -> Option<QuotePlace> {
        match (self.exact(sought), sought.proof) {
            (Some(word), _) => self.proven(word, sought),
            (None, Proof::Exactly(_)) => None,
            (None, _) if !sought.compared => None,
            (None, Proof::Nearly) => near::find(self, sought),
            (None, Proof::NearlyOf(least)) => near::find(self, sought).filter(|place| place.matched >= least),
        }
    }

    /// Where a quotation stands word for word.
    pub fn locate_exact(&self, sought: &Sought) -> Option<QuotePlace> {
        self.exact(sought).and_then(|word| self.proven(word, sought))
    }

    /// The place of words that stand there as they are, if they are enough to prove anything.
    fn proven(&self, word: usize, sought: &Sought) -> Option<QuotePlace> {
        let matched = sought.words.len();
        let place = QuotePlace { passage: self.passage_of(word), word, end: word + matched, exact: true, matched };
        match sought.proof {
            Proof::Nearly => Some(place),
            Proof::Exactly(least) | Proof::NearlyOf(least) => Some(place).filter(|place| place.matched >= least),
        }
    }

    /// Where all of the words stand as they are; its rarest run finds the place. Words that every text has prove nothing.
    fn exact(&self, sought: &Sought) -> Option<usize> {
        let words = sought.words.as_slice();
        if sought.cut || words.len() <= GRAM && !sought.tokens.iter().any(|token| token.heavy) {
            return None;
        }
        let (offset, gram) = words.windows(GRAM).enumerate().min_by_key(|(_, gram)| self.places(gram).take(MAX_EXACT).count())?;
        self.places(gram)
            .take(MAX_EXACT)
            .filter_map(|at| at.checked_sub(offset))
            .find(|&at| self.words.get(at..at + words.len()) == Some(words))
    }

    /// The maximal runs of at least `least` words that the story shares with the report, in the story's order; of a
    /// run that stands in several places the first longest counts.
    pub fn runs(&self, story: &[u64], least: usize) -> Vec<SharedRun> {
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
                    runs.push(SharedRun { story: at, report, length, passage: self.passage_of(report) });
                    at += length;
                }
                _ => at += 1,
            }
        }
        runs
    }
}

/// The stems of the telling words of a text, each once, sorted; `hashes` are those of its words.
pub fn stems(words: &[crate::model::text::Word], hashes: &[u64]) -> Vec<u32> {
    let forms = words.iter().zip(hashes).map(|(word, hash)| WordForms::of(&word.folded, *hash));
    let mut stems: Vec<u32> = forms.filter(|forms| forms.heavy).map(|forms| forms.stem).collect();
    stems.sort_unstable();
    stems.dedup();
    stems
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
        check("caseloads remained very high for most social workers", None);
        check("Social workers were proud to work in Borchester", Some((1, false)));
        check("drift and delay in plans", Some((0, false)));
        check("Leaders know their services. Caseloads remain too high for most staff", Some((1, false)));
    }

    /// What is shown of the report is what stands nearly so, not the common words around it.
    #[test]
    fn an_altered_quotation_stands_where_most_of_it_does() {
        let passage = |text: &str| Passage { page: 1, number: None, kind: PassageKind::Paragraph, text: text.to_owned() };
        let report = ReportIndex::new(&[
            passage("They welcomed the improvement director. Very recently, two more managers came."),
            passage("Leaders agree that the pace of improvement has been too slow, and the board that oversees it is new."),
        ]);
        let place = report.locate(&Sought::new("the pace of improvement [was] too slow")).unwrap();
        assert_eq!((place.passage, place.exact), (1, false));
        let words = ["the", "pace", "of", "improvement", "has", "been", "too", "slow"].map(hash_word);
        assert_eq!(report.words[place.word..place.end], words);
    }

    /// A few words of another document, of which those that are common stand in the report.
    #[test]
    fn common_words_are_no_quotation() {
        let passage = |text: &str| Passage { page: 1, number: None, kind: PassageKind::Paragraph, text: text.to_owned() };
        let report = ReportIndex::new(&[
            passage("There has been a significant deterioration in the quality and impact of services. Not all plans are good enough."),
            passage("Children at risk of extra-familial harm are seen. The services that they receive are variable, and help is late."),
        ]);
        let found = |quotation: &str| report.locate(&Sought::new(quotation)).is_some();
        for quotation in
            ["significant pride in the quality", "at risk of significant harm", "still not good enough", "a turning of the page"]
        {
            assert!(!found(quotation), "{quotation}");
        }
        for quotation in ["the services they receive are variable", "deterioration in the quality and the impact of services"] {
            assert!(found(quotation), "{quotation}");
        }
    }

    /// The work for twice the quotations, and for quotations twice as long, is at most twice as much and a little more.
    #[test]
    fn the_cost_is_linear_and_has_a_budget() {
        let cost = |blocks: usize, words: usize| {
            let text = "social workers and managers see the plans of families in time ".repeat(words / 11);
            let quoted = |at: usize| crate::tie::quotes::Quoted {
                text: format!("{text}{at}"),
                start: at,
                end: at,
                speaker: crate::tie::quotes::Speaker::Unknown,
                bounds: crate::tie::quotes::Bounds::Printed,
            };
            let sought = Sought::all(&(0..blocks).map(quoted).collect::<Vec<_>>());
            sought.iter().filter(|sought| sought.is_compared()).map(near::cost).sum::<usize>()
        };
        assert!(cost(8, 55) <= 2 * cost(4, 55) && cost(4, 110) <= 4 * cost(4, 55));
        assert!(cost(4, 4400) <= cost(4, 2200) + 1);
        assert!(cost(200, 1100) <= 2_000_000);
    }

    #[test]
    fn runs_are_maximal() {
        let story = hash_words(&words("It said that social workers are proud to work in the borough and elsewhere"));
        let runs = index().runs(&story, 5);
        assert_eq!(runs.iter().map(|run| (run.story, run.length, run.passage)).collect::<Vec<_>>(), [(3, 9, 1)]);
    }
}
