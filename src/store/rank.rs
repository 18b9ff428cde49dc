//! How well texts at hand fit what is looked for: BM25 (Robertson and Zaragoza, 2009), where asking SQLite for it would
//! read every place of a common word.

use super::query::Query;
use crate::model::text::each_word;

/// The parameters that FTS5 has, too (sqlite.org/fts5.html, "The bm25() function").
const K1: f64 = 1.2;
const B: f64 = 0.75;
/// What a word in a title weighs.
pub(super) const TITLE: f64 = 4.0;
/// The least weight of a phrase, also of one that half of all texts have.
const LEAST: f64 = 1e-6;

/// A text with how often each phrase stands in it.
pub(super) struct Counted {
    weighted: Vec<f64>,
    words: usize,
}

impl Counted {
    pub fn of(query: &Query, title: &str, text: &str) -> Self {
        let ((title, title_words), (text, text_words)) = (spaced(title), spaced(text));
        let counts = query.occurrences(&title).into_iter().zip(query.occurrences(&text));
        Self {
            weighted: counts.map(|(in_title, in_text)| TITLE * in_title as f64 + in_text as f64).collect(),
            words: title_words + text_words,
        }
    }
}

/// The folded words of a text, a space before and behind each, and how many they are.
pub(super) fn spaced(text: &str) -> (String, usize) {
    let mut spaced = String::with_capacity(text.len() + 2);
    spaced.push(' ');
    let mut many = 0;
    each_word(text, |folded, _, _| {
        spaced.push_str(folded);
        spaced.push(' ');
        many += 1;
    });
    (spaced, many)
}

/// The weight of a phrase that `having` of `all` texts have.
pub(super) fn rarity(having: f64, all: f64) -> f64 {
    ((all - having + 0.5) / (having + 0.5)).ln().max(LEAST)
}

/// The score of each text; higher is better.
pub(super) fn scores(texts: &[Counted], rarities: &[f64]) -> Vec<f64> {
    let mean = texts.iter().map(|text| text.words as f64).sum::<f64>() / (texts.len().max(1)) as f64;
    let score = |text: &Counted| {
        let long = 1.0 - B + B * text.words as f64 / mean.max(1.0);
        text.weighted.iter().zip(rarities).map(|(count, rarity)| rarity * count * (K1 + 1.0) / (count + K1 * long)).sum()
    };
    texts.iter().map(score).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_a_rare_word_and_a_short_text_weigh_more() {
        let query = Query::of("marrow council");
        let texts = [("", "a marrow and a council"), ("Marrow", "a council"), ("", "a council and a council"), ("", "marrow council")];
        let counted: Vec<Counted> = texts.iter().map(|(title, text)| Counted::of(&query, title, text)).collect();
        let scores = scores(&counted, &[rarity(2.0, 100.0), rarity(40.0, 100.0)]);
        assert!(scores[1] > scores[3] && scores[3] > scores[0] && scores[0] > scores[2], "{scores:?}");
        assert!(rarity(90.0, 100.0) > 0.0);
    }
}
