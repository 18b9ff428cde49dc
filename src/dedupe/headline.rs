//! What a headline says: whether a page is the one that it belongs to, whether two are of one story, whether it is an error's.

use std::collections::HashSet;

use crate::model::text::words;

/// Words of a headline that stand in half of all headlines of the trade and tell no two stories apart.
const COMMON: [&str; 22] = [
    "ofsted", "council", "councils", "children", "childrens", "services", "service", "social", "care", "report", "inspection",
    "inspectors", "rated", "rates", "inadequate", "good", "outstanding", "requires", "improvement", "county", "city", "borough",
];
/// The share of a headline's telling words that must be found on the page.
const LEAST_SHARE: f64 = 0.34;
/// Letters from which a word says something.
const LEAST_LETTERS: usize = 4;
/// Such words of a headline, at least, for another one to be its match.
const LEAST_WORDS: usize = 3;
/// What the headline of a page says that is there in place of one that is not.
const GONE: [&str; 28] = [
    "page not found", "page cannot be found", "page could not be found", "page can not be found", "page does not exist",
    "page doesnt exist", "page no longer exists", "page has been removed", "page is not available", "page isnt available",
    "page is no longer available", "page you requested", "page you are looking for", "page youre looking for", "page you were looking for",
    "find that page", "find this page", "find the page you", "article not found", "article no longer available",
    "article is no longer available", "story not found", "story is no longer available", "content not found", "file not found",
    "error 404", "404 error", "404 not found",
];
/// The same where it is all that a headline says.
const GONE_ALONE: [&str; 7] = ["404", "not found", "error", "page unavailable", "page missing", "page error", "page removed"];
/// Words of a headline of such a page.
const GONE_WORDS: usize = 14;

/// True where next to nothing of what an item's headline says stands on the page: its names first of all.
pub fn contradicts(item_title: &str, headline: &str, text: &str) -> bool {
    let (names, others) = telling(item_title);
    let page: HashSet<String> = words(headline).into_iter().chain(words(text)).map(|word| word.folded).collect();
    let found = |wanted: &[String]| wanted.iter().filter(|word| page.contains(*word)).count();
    if !names.is_empty() {
        return found(&names) == 0;
    }
    !others.is_empty() && (found(&others) as f64) < LEAST_SHARE * others.len() as f64
}

/// The names in a headline, and its other words, without those that tell nothing.
fn telling(title: &str) -> (Vec<String>, Vec<String>) {
    let all = words(title);
    let capital = |at: usize| title[all[at].start..].chars().next().is_some_and(char::is_uppercase);
    let counted = all.iter().filter(|word| word.folded.len() >= LEAST_LETTERS).count();
    let capitals = (0..all.len()).filter(|&at| all[at].folded.len() >= LEAST_LETTERS && capital(at)).count();
    // In A Headline Like This capitals say nothing.
    let by_capitals = capitals * 3 <= counted * 2;
    let (mut names, mut others) = (Vec::new(), Vec::new());
    for (at, word) in all.iter().enumerate() {
        if word.folded.len() < LEAST_LETTERS || COMMON.contains(&word.folded.as_str()) {
            continue;
        }
        let name = by_capitals && at > 0 && capital(at);
        (if name { &mut names } else { &mut others }).push(word.folded.clone());
    }
    (names, others)
}

/// True where two headlines share a third of their telling words.
pub fn are_alike(one: &str, other: &str) -> bool {
    let all = |title: &str| {
        let (mut names, others) = telling(title);
        names.extend(others);
        names
    };
    let (one, other) = (all(one), all(other));
    let shared = one.iter().filter(|word| other.contains(word)).count();
    let most = one.len().max(other.len());
    most > 0 && (shared as f64) >= LEAST_SHARE * most as f64
}

/// True where a page's headline has half of the words of what was said of it; false where that says too little.
pub fn says_the_same(said: &str, headline: &str) -> bool {
    let long = |text: &str| -> HashSet<String> {
        words(text).into_iter().map(|word| word.folded).filter(|word| word.chars().count() >= LEAST_LETTERS).collect()
    };
    let (said, headline) = (long(said), long(headline));
    said.len() >= LEAST_WORDS && said.intersection(&headline).count() * 2 >= said.len()
}

/// True for the headline of a page that says that there is none: “Page not found”, “Error 404 | Marl Echo”.
pub fn says_gone(headline: &str) -> bool {
    let folded = |text: &str| words(text).into_iter().map(|word| word.folded).collect::<Vec<_>>().join(" ");
    let all = folded(headline);
    // The site's name stands behind a dash or a bar.
    let own = headline.split(" - ").next().unwrap_or_default().split(['|', '–', '—']).next().unwrap_or_default();
    let has = |sign: &&str| format!(" {all} ").contains(&format!(" {sign} "));
    all.split(' ').count() <= GONE_WORDS && (GONE.iter().any(|sign| has(&sign)) || GONE_ALONE.contains(&folded(own).as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_that_contradicts_its_item() {
        let item = "Ofsted tells council in Leeds to improve";
        for (headline, text, wanted) in [
            ("Marl Echo - news from the valley", "Work on the high street goes on.", true),
            ("Children's services: Leeds must do better", "", false),
            ("City told to do better by watchdog", "Inspectors said that Leeds had lost its way.", false),
            ("Ofsted tells council in Bradford to improve", "Bradford has been told to improve.", true),
        ] {
            assert_eq!(contradicts(item, headline, text), wanted, "{headline}");
        }
        assert!(!contradicts("", "Anything", "at all"), "an item without a headline contradicts nothing");
        assert!(!contradicts("Inspection report published", "Ofsted report", "The inspection report was published."), "no names");
        assert!(contradicts("Carers praised for patience", "Page not found", "Sorry."));
    }

    #[test]
    fn headlines_that_say_the_same() {
        let said = "Ofsted rates Leeds children's services inadequate";
        for (headline, wanted) in [
            ("Ofsted rates Leeds children's services inadequate | Marl Echo", true),
            ("Leeds children’s services rated inadequate", true),
            ("All about Leeds", false),
            ("Leeds news, sport and what's on", false),
        ] {
            assert_eq!(says_the_same(said, headline), wanted, "{headline}");
        }
        assert!(!says_the_same("Leeds news", "Leeds news"), "too little is said");
        assert!(are_alike("Ofsted rates Leeds inadequate", "Leeds rated inadequate by Ofsted"));
        assert!(!are_alike("Ofsted rates Leeds inadequate", "Bus lane opens in Otley"));
        assert!(!are_alike("Children's services rated inadequate", "Children's services rated inadequate"), "neither tells anything");
    }

    #[test]
    fn headlines_of_pages_that_are_gone() {
        for headline in [
            "Page not found - Marl Echo",
            "404",
            "Error 404 | Marl Echo",
            "404 – Not Found",
            "Sorry, this page is no longer available",
            "Oops! That page can’t be found – page not found",
            "Not found",
            "The page doesn’t exist",
            "Sorry, we can’t find that page",
            "The page you requested could not be found",
            "This article is no longer available | Marl Echo",
            "Article not found",
        ] {
            assert!(says_gone(headline), "{headline}");
        }
        for headline in [
            "404 children are in care in Leeds",
            "Missing children not found for days, Ofsted says",
            "Ofsted error led to wrong grade",
            "Report of Ofsted not found wanting",
            "Front page - Marl Echo",
            "Leeds rated inadequate - Page 2",
            "",
        ] {
            assert!(!says_gone(headline), "{headline}");
        }
    }
}
