//! Picking another report: what is typed is looked for in council, kind, date and grade, word by word.

use crate::model::{overview::ReportCard, text::folded, wording};

/// Reports that are offered.
const OFFERED: usize = 50;

/// A search under way.
#[derive(Debug, Clone, Default)]
pub struct Pick {
    pub typed: String,
    pub at: usize,
    all: Vec<(String, ReportCard)>,
    councils: Vec<String>,
}

impl Pick {
    /// Among these reports; those of the councils are offered before anything is typed.
    pub fn new(all: Vec<ReportCard>, councils: Vec<String>) -> Self {
        let words = |card: &ReportCard| {
            let day = card.published.map(|day| day.to_string()).unwrap_or_default();
            let said = format!("{} {} {} {day} {}", wording::report(card), wording::overall_words(card), card.framework.as_str(), card.id);
            format!(" {}", folded(&said))
        };
        Self { all: all.into_iter().map(|card| (words(&card), card)).collect(), councils, ..Self::default() }
    }

    /// Those with all that was typed, each the beginning of a word, newest first.
    pub fn found(&self) -> Vec<&ReportCard> {
        let typed = folded(&self.typed);
        let wanted: Vec<String> = typed.split(' ').filter(|word| !word.is_empty()).map(|word| format!(" {word}")).collect();
        let ours = |card: &ReportCard| card.authority.as_ref().is_some_and(|name| self.councils.contains(name));
        let fits = |(words, card): &&(String, ReportCard)| {
            if wanted.is_empty() { self.councils.is_empty() || ours(card) } else { wanted.iter().all(|word| words.contains(word.as_str())) }
        };
        self.all.iter().filter(fits).map(|(_, card)| card).take(OFFERED).collect()
    }

    pub fn chosen(&self) -> Option<&ReportCard> {
        self.found().get(self.at).copied()
    }

    pub fn type_char(&mut self, char: char) {
        self.typed.push(char);
        self.at = 0;
    }

    pub fn erase(&mut self) {
        self.typed.pop();
        self.at = 0;
    }

    pub fn step(&mut self, by: isize) {
        let last = self.found().len().saturating_sub(1);
        self.at = self.at.saturating_add_signed(by).min(last);
    }
}
