//! Figures where they stand: pages made from one template have the same words around other figures.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{page::Block, text::words};

/// Words before or after a figure that say where it stands.
const AROUND: usize = 2;

/// Words that make a figure before them furniture: "5 hours ago", "3 min read", "12 comments".
const FURNITURE: [&str; 14] =
    ["ago", "comment", "comments", "hour", "hours", "hrs", "min", "mins", "minute", "minutes", "read", "shares", "views", "votes"];

/// The figures of a text by the words before them, and again by the words after them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures(BTreeMap<String, BTreeSet<String>>);

impl Figures {
    pub fn of(blocks: &[Block]) -> Self {
        let mut figures = Self::default();
        for block in blocks {
            let text = block.text.replace(',', "");
            let words: Vec<String> = words(&text).into_iter().map(|word| word.folded).collect();
            for (at, word) in words.iter().enumerate().filter(|(_, word)| is_figure(word)) {
                let (before, after) = (&words[..at], &words[at + 1..]);
                if after.first().is_some_and(|next| FURNITURE.contains(&next.as_str())) {
                    continue;
                }
                figures.put(before.last_chunk::<AROUND>(), word, |place| format!("{place} #"));
                figures.put(after.first_chunk::<AROUND>(), word, |place| format!("# {place}"));
            }
        }
        figures
    }

    fn put(&mut self, around: Option<&[String; AROUND]>, figure: &str, place: impl Fn(&str) -> String) {
        // Figures beside figures are dates and tables: they would have to agree twice.
        if let Some(around) = around.filter(|around| !around.iter().any(|word| is_figure(word))) {
            self.0.entry(place(&around.join(" "))).or_default().insert(figure.to_owned());
        }
    }

    /// True where two texts have other figures at the same places, more often than the same ones; one corrected figure
    /// among several does not count.
    pub fn differ(&self, other: &Self) -> bool {
        let (mut same, mut other_figures) = (0, 0);
        for (place, figures) in &self.0 {
            match other.0.get(place) {
                Some(theirs) if figures.is_disjoint(theirs) => other_figures += 1,
                Some(_) => same += 1,
                None => {}
            }
        }
        other_figures > 1 && other_figures > same
    }
}

fn is_figure(word: &str) -> bool {
    word.starts_with(|char: char| char.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::page::BlockKind;

    fn figures(text: &str) -> Figures {
        Figures::of(&[Block { kind: BlockKind::Paragraph, text: text.to_owned() }])
    }

    #[test]
    fn other_figures_at_the_same_places() {
        let check = |one: &str, other: &str, expected: bool| {
            assert_eq!(figures(one).differ(&figures(other)), expected, "{one} / {other}");
            assert_eq!(figures(other).differ(&figures(one)), expected, "{other} / {one}");
        };
        let one = "The area had 412 children in care, 18 per cent more than the year before.";
        check(one, "The area had 1,387 children in care, 11 per cent more than the year before.", true);
        check(one, "The council looked after 655 children at the end of March, a rise of 23 per cent.", false);
        check(one, "The area had 412 children in care, 19 per cent more than the year before.", false);
        check(one, one, false);
        check("Some 1,387 children wait there.", "Some 1387 children wait there.", false);
        check("Posted today, 5 hours ago by us.", "Posted today, 7 hours ago by us.", false);
        check("No figure at all.", one, false);
        // A place that has several figures in one text agrees where one of them is in the other.
        check("with 12 per cent of boys and with 14 per cent of girls", "with 14 per cent of girls", false);
    }
}
