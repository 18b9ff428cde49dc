//! Which words of a text are those of quotations, also where a quotation leaves some out or changes one.

use std::{collections::HashSet, ops::Range};

use super::text::words;

/// So many words in a row are no chance; a shorter quotation must stand there as a whole.
const RUN: usize = 4;

/// Byte ranges of the words of `text` that stand in one of the quotations in the same order, side by side.
pub fn lit(text: &str, quotations: &[&str]) -> Vec<Range<usize>> {
    let all = words(text);
    let folded: Vec<&str> = all.iter().map(|word| word.folded.as_str()).collect();
    let mut marked = vec![false; all.len()];
    for quotation in quotations {
        let wanted = words(quotation);
        let wanted: Vec<&str> = wanted.iter().map(|word| word.folded.as_str()).collect();
        let run = RUN.min(wanted.len()).max(1);
        let runs: HashSet<&[&str]> = wanted.windows(run).collect();
        for (at, there) in folded.windows(run).enumerate() {
            if runs.contains(there) {
                marked[at..at + run].fill(true);
            }
        }
    }
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (at, word) in all.iter().enumerate().filter(|(at, _)| marked[*at]) {
        match ranges.last_mut() {
            Some(last) if at > 0 && marked[at - 1] => last.end = word.end,
            _ => ranges.push(word.start..word.end),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_quotations_are_found_where_they_stand() {
        let check = |text: &str, quotations: &[&str], expected: &[&str]| {
            let found: Vec<&str> = lit(text, quotations).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text}");
        };
        let text = "Too many children wait too long for an assessment, and managers’ reasons are not always recorded.";
        check(text, &["children WAIT too long"], &["children wait too long"]);
        check(text, &["Many children wait … too long for an assessment and why"], &["many children wait too long for an assessment, and"]);
        check(text, &["swift"], &[]);
        check(text, &["too long", "not always recorded"], &["too long", "not always recorded"]);
        check(text, &["wait too short"], &[]);
        check(text, &[""], &[]);
        check("", &["children"], &[]);
    }
}
