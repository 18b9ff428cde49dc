//! Councils that are named in passing: where somebody came from, what lies next door, who is told from the story's own.

use std::{collections::BTreeSet, sync::LazyLock};

use serde::Deserialize;

use super::{
    fold::{Folded, Hit, Phrases},
    names::NameMention,
};
use crate::model::text::Word;

/// The lists of `config/passing.toml`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PassingWords {
    before: BTreeSet<String>,
    two_before: BTreeSet<String>,
    jobs: BTreeSet<String>,
    apart: Phrases,
    others: Phrases,
}

static WORDS: LazyLock<PassingWords> = LazyLock::new(|| toml::from_str(include_str!("../../config/passing.toml")).unwrap_or_default());

/// Words before "at" among which a job is looked for.
const JOB_REACH: usize = 7;
/// Words before a name with which a sentence begins.
const APART_REACH: usize = 8;
/// Words before "after" among which it is said that a council is the third of them.
const NTH_REACH: usize = 16;
const NTH: [&str; 6] = ["second", "third", "fourth", "fifth", "sixth", "seventh"];
const RANKED: [&str; 9] = ["council", "authority", "local", "borough", "county", "city", "department", "service", "trust"];
/// Words from a name to "meanwhile".
const MEANWHILE_REACH: usize = 9;
/// Words behind a name by which it is a neighbour's.
const NEIGHBOUR_BEHIND: [(&str, &str); 2] = [("next", "door"), ("neighbouring", "authority")];

/// True for a name that is one in passing by the words just before it.
pub(super) fn is_passing(words: &[Word], first: usize) -> bool {
    let word = |places: usize| first.checked_sub(places).map_or("", |at| words[at].folded.as_str());
    let next_door = (word(3), word(2), word(1)) == ("next", "door", "in")
        || matches!(word(3), "up" | "down" | "over" | "across")
            && word(2) == "the"
            && matches!(word(1), "road" | "border" | "river" | "water" | "line" | "motorway");
    // "Practice at Kent" is Kent's; "a manager at Kent" came from there. "Taken away from Kent" is Kent's, too.
    let of_its_own = match word(1) {
        "at" => !(2..=JOB_REACH).any(|places| WORDS.jobs.contains(word(places))),
        "from" => matches!(word(2), "away" | "taken" | "removed" | "stripped" | "services" | "control"),
        _ => false,
    };
    // "The third council in a week to be found wanting, after Derby".
    let ranked = |places: usize| {
        NTH.contains(&word(places))
            && RANKED.contains(&word(places - 1))
            && matches!(word(places - 2), "in" | "to" | "this" | "of" | "since" | "within" | "authority")
    };
    // "After Derby was judged" tells when.
    let tells = || words.iter().skip(first + 1).take(4).any(|word| matches!(word.folded.as_str(), "was" | "were" | "is" | "had"));
    let nth = || word(1) == "after" && (3..=NTH_REACH).any(ranked) && !tells();
    let two = || WORDS.two_before.contains(&format!("{} {}", word(2), word(1)));
    WORDS.before.contains(word(1)) && !of_its_own || next_door || two() || nth()
}

/// "The Essex authority", of a county, is one in Essex.
pub(super) fn is_whereabouts(words: &[Word], first: usize, end: usize) -> bool {
    let word = |at: Option<usize>| at.and_then(|at| words.get(at)).map_or("", |word| word.folded.as_str());
    word(first.checked_sub(1)) == "the" && matches!(word(Some(end)), "authority" | "council" | "borough" | "town" | "city" | "unitary")
}

/// "Grays, Essex, RM17 6SL": a name before a postcode is part of an address.
pub(super) fn has_postcode(words: &[Word], end: usize) -> bool {
    let word = |at: usize| words.get(at).map_or("", |word| word.folded.as_str());
    let (area, unit) = (word(end), word(end + 1));
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let letter_first = |text: &str| text.starts_with(|char: char| char.is_ascii_lowercase());
    (2..=4).contains(&area.len())
        && letter_first(area)
        && (1..=2).contains(&digits(area))
        && unit.len() == 3
        && digits(unit) == 1
        && !letter_first(unit)
}

/// "A commissioner (chief executive of Derby Council)": the council at which somebody is at work who is told of beside it.
pub(super) fn is_employer(text: &str, words: &[Word], first: usize) -> bool {
    let from = first.saturating_sub(EMPLOYED);
    let opened = (from..first).rev().find(|&at| at > 0 && text[words[at - 1].end..words[at].start].contains('('));
    let Some(opened) = opened else { return false };
    let closed = text[words[opened].start..words[first].start].contains(')');
    !closed && words[opened..first].iter().any(|word| WORDS.jobs.contains(word.folded.as_str())) && words[first - 1].folded == "of"
}

/// Words from the bracket to the council.
const EMPLOYED: usize = 7;

/// Two names with nothing but "and" or a comma between them.
pub(super) fn are_listed(text: &str, one: &NameMention, two: &NameMention) -> bool {
    let gap = text.get(one.end..two.start).unwrap_or("x");
    gap.len() <= 6 && gap.contains([',', 'a', '&']) && gap.split([' ', ',']).all(|word| matches!(word, "" | "and" | "&"))
}

/// Of a list of names either all are passing ones or none: "unlike Derby and Derbyshire", "in Derby, Northwich and Ely, next door".
pub(super) fn pass_lists(text: &str, words: &[Word], found: &mut [NameMention]) {
    let mut from = 0;
    while from < found.len() {
        let mut to = from + 1;
        while to < found.len() && (found[to].start == found[to - 1].start || are_listed(text, &found[to - 1], &found[to])) {
            to += 1;
        }
        let behind = words.partition_point(|word| word.start < found[to - 1].end);
        let word = |at: usize| words.get(at).map_or("", |word| word.folded.as_str());
        let near =
            text.get(found[to - 1].end..).is_some_and(|rest| !rest.trim_start_matches([' ', ',']).starts_with(['.', ';', ':', '\n']));
        let neighbours = near && NEIGHBOUR_BEHIND.contains(&(word(behind), word(behind + 1)));
        if neighbours || found[from].passing {
            found[from..to].iter_mut().for_each(|mention| mention.passing = true);
        }
        from = to;
    }
}

/// Passes over the names in a sentence that begins with one and says that it is not meant, those that are listed as others, and those
/// of a sentence that turns to them "meanwhile".
pub(super) fn pass_apart(text: &str, folded: &Folded, found: &mut [NameMention]) {
    let (apart, others) = (WORDS.apart.find(folded), WORDS.others.find(folded));
    let words = &folded.words;
    let within =
        |hits: &[Hit], from: usize, to: usize| hits.iter().any(|hit| words[hit.first].start >= from && words[hit.end - 1].end <= to);
    let ends = ['.', '!', '?', '\n'];
    let mut from = 0;
    while from < found.len() {
        let (first, behind) = (found[from].start, found[from].end);
        let start = text[..first].rfind(ends).map_or(0, |at| at + 1);
        let end = text[behind..].find(ends).map_or(text.len(), |at| behind + at);
        let to = (from + found[from..].partition_point(|mention| mention.start < end)).max(from + 1);
        let opens = words.partition_point(|word| word.start < first) - words.partition_point(|word| word.start < start) < APART_REACH;
        let next = words.partition_point(|word| word.start < behind);
        let mut near = words[next..].iter().take(MEANWHILE_REACH).take_while(|word| word.start < end);
        // "Leeds and Bexley, meanwhile, are celebrating".
        let turns = near.any(|word| word.folded == "meanwhile");
        let pass = from > 0 && (within(&others, start, first) || opens && (turns || within(&apart, behind, end)));
        found[from..to].iter_mut().for_each(|mention| mention.passing |= pass);
        from = to;
    }
}

#[cfg(test)]
mod tests {
    use crate::tie::made_up;

    /// Which of the names of Fernshire and Mossley are passed over.
    fn passing(text: &str, expected: &[bool]) {
        let names = made_up::reader();
        let story = made_up::story(None, "", &[text]);
        let found: Vec<bool> = names.prepare(&story).mentions.iter().map(|mention| mention.passing).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn who_is_told_from_the_storys_own() {
        passing("Fernshire was judged good. Mossley, a separate authority, was not part of it.", &[false, true]);
        passing("Fernshire was judged good. Mossley Council was itself found outstanding last month.", &[false, true]);
        passing("Fernshire was judged good. Mossley’s lot, meanwhile, were given the top mark.", &[false, true]);
        passing("Fernshire was judged good. Other councils with the top rating are Mossley and Fernshire.", &[false, true, true]);
        passing("Fernshire was judged good. Mossley Council is its improvement partner.", &[false, true]);
        passing("She was a manager at Mossley Council. There has been decline at Fernshire Council.", &[true, false]);
        passing("Services will be taken away from Fernshire Council. He came from Mossley Council.", &[false, true]);
        passing("Town Hall, Mossley, RM17 6SL. Fernshire was judged good.", &[true, false]);
        passing("Fernshire is the third council in a week to be failed, after Mossley.", &[false, true]);
        // Near misses.
        passing("A second council in the north sent help after Mossley Council was judged good.", &[false]);
        passing("It was a third week of snow. A director came after Mossley Council was judged good.", &[false]);
        passing("Mossley in 2019 was judged good.", &[false]);
        passing("Fernshire has a commissioner, Ann Oak (chief executive of Mossley Council).", &[false, true]);
        passing("Fernshire has a commissioner (Ann Oak) and the chief executive of Mossley Council.", &[false, false]);
        passing("Fernshire was judged good, and Mossley was judged inadequate.", &[false, false]);
        passing("Meanwhile Fernshire waits. Mossley Council was found outstanding.", &[false, false]);
        passing("Inspectors say that leaders of the two councils of Fernshire and Mossley run their own show.", &[false, false]);
    }
}
