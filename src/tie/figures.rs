//! Figures with their nouns: "seven of 15", "200 children", found again in a report.

use super::{fold::Folded, locate::ReportIndex, shingles::hash_word};

/// One figure of a story that the report has, too, among the same words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FigureHit {
    /// Index of the number among the story's words.
    pub story: usize,
    /// Index of the number among the report's words.
    pub report: usize,
    /// 0 to 1: how telling it is.
    pub strength: f64,
}

/// Words around a figure that are looked at.
const REACH: usize = 7;

/// A number from two to twenty in words.
pub fn small_number(folded: &str) -> Option<u32> {
    let number = match folded {
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        "twenty" => 20,
        _ => return None,
    };
    Some(number)
}

/// Words that say nothing about a figure.
const EMPTY: [&str; 60] = [
    "the", "of", "and", "a", "to", "in", "is", "was", "were", "are", "for", "that", "with", "by", "on", "at", "from", "had", "has", "have",
    "been", "be", "it", "its", "as", "an", "this", "who", "which", "their", "than", "or", "but", "not", "there", "they", "he", "she",
    "said", "per", "cent", "more", "up", "down", "now", "when", "children", "child", "young", "people", "council", "authority", "local",
    "year", "years", "month", "months", "report", "ofsted", "inspectors",
];

/// A figure of a story, ready to be looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Its index among the story's words, and its hash.
    word: usize,
    hash: u64,
    /// How telling it is by itself.
    telling: f64,
    /// Hashes of the telling words around it.
    near: Vec<u64>,
    /// The hash of another number beside it.
    paired: Option<u64>,
}

/// The figures of a story that tell anything; `hashes` are those of its words.
pub fn of(story: &Folded, hashes: &[u64]) -> Vec<Figure> {
    let figure = |(word, folded): (usize, &str)| {
        let telling = telling(folded, story, word)?;
        let paired = number_beside(story, word).map(|other| hashes[other]);
        Some(Figure { word, hash: hashes[word], telling, near: context(story, word), paired })
    };
    story.words.iter().map(|word| word.folded.as_str()).enumerate().filter_map(figure).collect()
}

/// Those of them that stand in the report among like words.
pub fn shared(figures: &[Figure], report: &ReportIndex) -> Vec<FigureHit> {
    let mut hits: Vec<FigureHit> = Vec::new();
    for figure in figures {
        let mut best: Option<FigureHit> = None;
        for place in report.number_places(figure.hash) {
            let from = place.saturating_sub(REACH + 3);
            let to = (place + REACH + 4).min(report.words().len());
            let window = &report.words()[from..to];
            let shared = figure.near.iter().filter(|word| window.contains(word)).count();
            let paired = figure.paired.is_some_and(|other| window.contains(&other));
            let strength = figure.telling * (0.3 * shared.min(3) as f64 + if paired { 0.6 } else { 0.0 }).min(1.0);
            if strength >= 0.25 && best.is_none_or(|best| strength > best.strength) {
                best = Some(FigureHit { story: figure.word, report: place, strength });
            }
        }
        hits.extend(best);
    }
    hits
}

/// How telling a number is by itself: years, ages and small counts say little.
fn telling(folded: &str, story: &Folded, at: usize) -> Option<f64> {
    if small_number(folded).is_some() {
        return is_of(story, at).then_some(0.6);
    }
    let digits: u32 = folded.trim_end_matches(|char: char| !char.is_ascii_digit()).parse().ok()?;
    match digits {
        0..=1 => None,
        2..=20 if is_of(story, at) => Some(0.7),
        2..=20 => Some(0.25),
        21..=99 => Some(0.6),
        1990..=2100 => None,
        _ => Some(1.0),
    }
}

/// One of two numbers in "seven of 15" or "seven out of the 15". Two inspectors for two days say nothing.
fn is_of(story: &Folded, at: usize) -> bool {
    let word = |at: usize| story.words.get(at).map(|word| word.folded.as_str());
    let number = |at: usize| word(at).is_some_and(|word| super::locate::is_number(word) && !is_year(word));
    let of_next = |from: usize| (from + 1..from + 3).any(|at| word(at) == Some("of")) && (from + 2..from + 5).any(number);
    of_next(at)
        || (2..5).any(|back| at.checked_sub(back).is_some_and(|from| number(from) && (from + 1..from + 3).any(|at| word(at) == Some("of"))))
}

/// Another number close by, as in "seven of 15" or "from 190 to 200".
fn number_beside(story: &Folded, at: usize) -> Option<usize> {
    let from = at.saturating_sub(4);
    let to = (at + 5).min(story.words.len());
    (from..to).find(|&other| other != at && super::locate::is_number(&story.words[other].folded) && !is_year(&story.words[other].folded))
}

fn is_year(folded: &str) -> bool {
    folded.len() == 4 && (folded.starts_with("19") || folded.starts_with("20"))
}

/// Hashes of the telling words around a figure.
fn context(story: &Folded, at: usize) -> Vec<u64> {
    let from = at.saturating_sub(REACH);
    let to = (at + REACH + 1).min(story.words.len());
    let mut near: Vec<u64> = (from..to)
        .filter(|&other| other != at)
        .map(|other| story.words[other].folded.as_str())
        .filter(|word| word.len() > 2 && !EMPTY.contains(word) && !super::locate::is_number(word))
        .map(hash_word)
        .collect();
    near.sort_unstable();
    near.dedup();
    near
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::report::{Passage, PassageKind};
    use crate::tie::shingles::hash_words;

    fn check(story: &str, expected: usize) {
        let text = "In six months, seven of the 15 young people arrested were kept in custody overnight. At 12 September, 200 children are looked after, up from 190.";
        let report = ReportIndex::new(&[Passage { page: 1, number: None, kind: PassageKind::Paragraph, text: text.into() }]);
        let folded = Folded::of(story);
        assert_eq!(shared(&of(&folded, &hash_words(&folded.words)), &report).len(), expected, "{story}");
    }

    #[test]
    fn a_figure_needs_its_nouns() {
        check("Seven of 15 arrested youngsters spent the night in custody", 2);
        check("There were 200 looked after, an increase from 190", 2);
        check("The shop sold 200 bicycles", 0);
        check("In 2017 it rained", 0);
        check("Two inspectors spent two days with six young people arrested", 0);
    }
}
