//! What the words of a story tell together of a report that is still to come. Announcements have no set phrases: "inspectors have
//! moved in", "their findings should be out by Easter". So the words, and pairs of them, of all sentences that speak of an inspection
//! are weighed, by the weights of `config/announced.toml`, which `tests/fit/announced` fits to labelled stories.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use super::{ANNOUNCED, Cue, EventFamily};
use crate::tie::{fold::Folded, names::NameMention, text::StoryText, when};

/// Sentences of a story that are looked at, and words: what is news stands before.
const SENTENCES: usize = 60;
const WORDS: usize = 3_000;
/// Names that can begin at one place or lie in each other.
const NESTED: usize = 4;
/// How much an announcement is stronger where it is more probable, per log-odds, and how strong one can be.
const STEEP: f64 = 0.8;
const STRONGEST: f64 = 3.0;
/// Weaker ones are none.
const FAINT: f64 = 0.4;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnnouncementFile {
    bias: f64,
    least: f64,
    speaks: Speaks,
    weight: HashMap<String, f64>,
}

/// The words by which a sentence speaks of an inspection: how they begin, or whole.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Speaks {
    beginnings: Vec<String>,
    words: Vec<String>,
}

impl Speaks {
    fn is_one(&self, word: &str) -> bool {
        self.beginnings.iter().any(|beginning| word.starts_with(beginning.as_str())) || self.words.iter().any(|known| known == word)
    }
}

struct AnnouncementModel {
    bias: f64,
    /// From these log-odds on a story announces a report by its words alone.
    least: f64,
    speaks: Speaks,
    /// The place of each term among the weights.
    places: HashMap<String, usize>,
    weights: Vec<f64>,
}

static MODEL: LazyLock<AnnouncementModel> = LazyLock::new(|| {
    let file: AnnouncementFile = toml::from_str(include_str!("../../../config/announced.toml")).unwrap_or_default();
    let (terms, weights): (Vec<String>, Vec<f64>) = file.weight.into_iter().unzip();
    AnnouncementModel {
        bias: file.bias,
        least: file.least,
        speaks: file.speaks,
        places: terms.into_iter().enumerate().map(|(place, term)| (term, place)).collect(),
        weights,
    }
});

/// An announcement by the words of the whole story, where the sentence stands that tells most of it.
pub fn find(text: &StoryText, folded: &Folded, mentions: &[NameMention]) -> Option<Cue> {
    let model = &*MODEL;
    let mut seen = vec![false; model.weights.len()];
    let mut by_sentence: Vec<(usize, f64)> = Vec::new();
    terms(text, folded, mentions, |word, term| {
        let Some(&place) = model.places.get(term) else { return };
        if std::mem::replace(&mut seen[place], true) {
            return;
        }
        match by_sentence.last_mut() {
            Some((last, sum)) if *last == word => *sum += model.weights[place],
            _ => by_sentence.push((word, model.weights[place])),
        }
    });
    let odds = model.bias + by_sentence.iter().map(|(_, sum)| sum).sum::<f64>();
    let weight = (ANNOUNCED + STEEP * (odds - model.least)).min(STRONGEST);
    let (word, _) = by_sentence.into_iter().max_by(|one, two| one.1.total_cmp(&two.1)).filter(|(_, sum)| weight >= FAINT && *sum > 0.0)?;
    Some(Cue { family: EventFamily::Announced, weight, word, at: folded.words[word].start, lead: true })
}

/// Each word, and each two side by side, of the sentences that speak of an inspection, with the first word of its sentence.
/// `^` and `$` are a sentence's ends; of councils, days, months, years and numbers it is told only that there is one.
pub fn terms(text: &StoryText, folded: &Folded, mentions: &[NameMention], mut each: impl FnMut(usize, &str)) {
    let mut pair = String::new();
    let is_name = |at: usize| {
        let begun = mentions.partition_point(|mention| mention.start <= at);
        mentions[..begun].iter().rev().take(NESTED).any(|mention| at < mention.end)
    };
    for &(from, to) in text.sentences.iter().take(SENTENCES) {
        let (first, end) = (folded.word_from(from), folded.word_from(to).min(WORDS));
        if first >= WORDS {
            break;
        }
        let words = &folded.words[first..end];
        if !words.iter().any(|word| MODEL.speaks.is_one(&word.folded)) {
            continue;
        }
        pair.clear();
        pair.push('^');
        for term in words.iter().map(|word| if is_name(word.start) { "#council" } else { kind_of(&word.folded) }).chain(["$"]) {
            let before = pair.rfind(' ').map_or(0, |at| at + 1);
            pair.drain(..before);
            pair.push(' ');
            pair.push_str(term);
            each(first, &pair);
            if term != "$" {
                each(first, term);
            }
        }
    }
}

/// The word, or what stands for its kind.
fn kind_of(word: &str) -> &str {
    match word {
        _ if when::is_weekday(word) => "#day",
        // "May" is a verb as often.
        "january" | "february" | "march" | "april" | "june" | "july" | "august" | "september" | "october" | "november" | "december" => {
            "#month"
        }
        _ if word.len() == 4 && (word.starts_with("19") || word.starts_with("20")) && word.bytes().all(|byte| byte.is_ascii_digit()) => {
            "#year"
        }
        _ if word.starts_with(|char: char| char.is_ascii_digit()) => "#number",
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_are_read() {
        let file: AnnouncementFile = toml::from_str(include_str!("../../../config/announced.toml")).unwrap();
        assert!(file.weight.len() > 100 && file.weight.values().all(|weight| weight.is_finite()) && file.bias < 0.0);
        assert!(file.speaks.is_one("inspectors") && !file.speaks.is_one("town"));
    }

    #[test]
    fn terms_are_words_and_pairs_of_sentences_on_inspections() {
        let whole = "Ofsted came on Monday 4 March 2019. The fair was on Friday.";
        let text = StoryText { whole: whole.into(), sentences: vec![(0, 35), (36, whole.len())], ..StoryText::default() };
        let mut found = Vec::new();
        terms(&text, &Folded::of(whole), &[], |word, term| found.push((word, term.to_owned())));
        let expected = [
            "^ ofsted", "ofsted", "ofsted came", "came", "came on", "on", "on #day", "#day", "#day #number", "#number", "#number #month",
            "#month", "#month #year", "#year", "#year $",
        ];
        assert_eq!(found, expected.map(|term| (0, term.to_owned())));
    }

    /// A line of stars or dashes has no word; what stands behind it is read all the same.
    #[test]
    fn a_sentence_without_words_ends_nothing() {
        let whole = "* * *\nOfsted came.";
        let text = StoryText { whole: whole.into(), sentences: vec![(0, 5), (6, whole.len())], ..StoryText::default() };
        let mut found = Vec::new();
        terms(&text, &Folded::of(whole), &[], |_, term| found.push(term.to_owned()));
        assert_eq!(found, ["^ ofsted", "ofsted", "ofsted came", "came", "came $"]);
    }

    fn strength(whole: &str) -> f64 {
        let at = whole.match_indices(". ").map(|(at, _)| at + 1);
        let ends: Vec<usize> = at.chain([whole.len()]).collect();
        let sentences = std::iter::once(0).chain(ends.iter().map(|end| end + 1)).zip(ends.iter().copied()).collect();
        let text = StoryText { whole: whole.into(), sentences, ..StoryText::default() };
        find(&text, &Folded::of(whole), &[]).map_or(0.0, |cue| cue.weight)
    }

    /// What no phrase tells, and its neighbours that bring a report.
    #[test]
    fn words_together_announce() {
        for (announces, reports) in [
            (
                "Ofsted inspection of children’s services starts. Inspectors will look at how children are looked after and will be here \
                 for two weeks. The report should be out in June.",
                "Ofsted report on children’s services is out. Inspectors looked at how children are looked after and found that it is good. \
                 The report was published in June.",
            ),
            (
                "Council awaits Ofsted’s verdict. Inspectors left on Friday after three weeks. Their findings are due before Christmas.",
                "Council hails Ofsted’s verdict. Inspectors said on Friday that much is better after three weak years. They found that plans \
                 are good.",
            ),
        ] {
            assert!(strength(announces) >= ANNOUNCED, "{announces}: {}", strength(announces));
            assert!(strength(reports) < ANNOUNCED / 2.0, "{reports}: {}", strength(reports));
        }
        // Councillors who go through an old report announce none.
        let discussed = "Councillors to discuss Ofsted report. A report on the Ofsted inspection of children’s services will be discussed by \
                         the cabinet on Monday. The results of the inspection will be considered at a scrutiny meeting on Tuesday. The \
                         inspection took place in 2020, when services were rated good.";
        assert!(strength(discussed) < ANNOUNCED, "{}", strength(discussed));
    }
}
