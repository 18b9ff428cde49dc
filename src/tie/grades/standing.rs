//! How a grade is told: as news, as one of before, as gone, or as a hope; and the time that it is said of.

use jiff::civil::Date;

use super::{
    Tense,
    context::{GradeContext, LEFT_REACH},
    lexicon::LEXICON,
    parts::SUBJECT_REACH,
};
use crate::tie::when::{self, Named};

/// Words before a grade in which a hope is looked for.
const HOPE_REACH: usize = 6;
/// Words behind another grade in which a time is that grade's.
const TIME_BEHIND: usize = 6;
/// Words between a grade and the time of the inspection that gave it.
const INSPECTION_REACH: usize = 9;
/// Words between a time with "when" and the grade that was given then.
const WHEN_REACH: usize = 16;
/// Words at the beginning of a sentence in which a time is told that is of all the rest.
const GOVERNED: usize = 9;

impl GradeContext<'_> {
    /// The tense of the verb that grades, by its auxiliary.
    pub(super) fn tense(&self) -> Tense {
        let chain = || (self.chain_start()..self.first).filter_map(|at| self.word(at));
        let has = |words: &[&str]| chain().any(|word| words.contains(&word));
        if has(&["had"]) {
            Tense::Before
        } else if has(&["has", "have", "weve", "theyve", "been"]) {
            Tense::Perfect
        } else if has(&["now", "is", "are", "still", "remains"]) {
            Tense::Present
        } else if has(&["was", "were"]) {
            Tense::Past
        } else {
            Tense::Open
        }
    }

    /// "No longer inadequate", "climbs out of", "sheds its inadequate rating": news that the grade is gone.
    pub(super) fn is_left(&self) -> bool {
        let near = (self.left.0.max(self.first.saturating_sub(LEFT_REACH / 2)), self.first);
        !self.fails_to_leave()
            && (self.holds(&LEXICON.left, near)
                || self.holds(&LEXICON.left, (self.end, self.right.1.min(self.end + 4)))
                || self.is_shed()
                || self.comes_from() == Some(true))
    }

    /// "Since the council was branded inadequate": what was is not what is news.
    pub(super) fn is_since(&self) -> bool {
        let found = || (self.chain_start()..self.first).any(|at| matches!(self.word(at), Some("found" | "rated" | "judged" | "branded")));
        let past = match self.tense() {
            Tense::Past => true,
            Tense::Open => self.folded.words[self.first].folded == "required" || found(),
            _ => false,
        };
        // "Good in 2019 and since found inadequate": what came since is the newest.
        let newest = |at: usize| at + 1 == self.chain_start() && at > self.whole.0;
        past && (self.left.0..self.chain_start()).any(|at| self.word(at) == Some("since") && !newest(at))
    }

    /// "Failed to lift its services out of": what somebody could not leave holds.
    pub(super) fn fails_to_leave(&self) -> bool {
        let words = || (self.left.0..self.first).filter_map(|at| self.word(at));
        if self.slice((self.whole.0, self.first)).has("not enough") && self.comes_from() == Some(true) {
            return true;
        }
        words().any(|word| matches!(word, "failed" | "fails" | "failing" | "unable" | "struggled" | "struggles" | "yet"))
            && words().any(|word| word == "to")
            && self.comes_from() == Some(true)
    }

    /// "Off the bottom rung", "out of inadequate", "from a good", "once inadequate": the word before the grade and its article says
    /// that it is one of before; true of those that say that it is gone, too.
    pub(super) fn comes_from(&self) -> Option<bool> {
        let article = |word: &str| matches!(word, "a" | "an" | "the" | "its" | "their" | "being" | "rated" | "judged" | "special");
        let found = |word: &str| article(word) || matches!(word, "found" | "deemed" | "branded" | "graded");
        if (1..=3).find(|&places| !self.back(places).is_some_and(found)).is_some_and(|places| self.back(places) == Some("once")) {
            return Some(false);
        }
        let before = (1..=3).find(|&places| !self.back(places).is_some_and(article))?;
        match (self.back(before), self.back(before + 1)) {
            (Some("off"), _) | (Some("of"), Some("out")) => Some(true),
            (Some("from" | "since"), _) => Some(false),
            _ => None,
        }
    }

    /// "Its inadequate label peeled off": a grade as a thing that is gone.
    pub(super) fn is_shed(&self) -> bool {
        let thing = self.word(self.end).is_some_and(|word| LEXICON.marks.has(word) || matches!(word, "label" | "tag" | "badge" | "status"));
        let gone = |word: &str| {
            matches!(word, "off" | "lifted" | "removed" | "gone" | "lost" | "shed" | "dropped" | "history" | "scrapped" | "ends" | "ended")
        };
        let left = |word: &str| {
            matches!(
                word,
                "shakes" | "ditches" | "escapes" | "leaves" | "rid" | "drops" | "removes" | "lifts" | "strips" | "loses" | "losing"
            )
        };
        thing && (self.end + 1..self.end + 5).filter_map(|at| self.word(at)).any(gone)
            || (1..=4).filter_map(|places| self.back(places)).any(left)
    }

    /// What is graded is the council that was there before: "Their predecessor, the county council, was judged".
    pub(super) fn is_predecessors(&self) -> bool {
        (self.whole.0..self.first.min(self.whole.0 + 2 * SUBJECT_REACH))
            .filter_map(|at| self.word(at))
            .any(|word| matches!(word, "predecessor" | "predecessors" | "abolished" | "defunct"))
    }

    /// A hope or a denial in the same clause: "to be rated good in two years", "not inadequate".
    pub(super) fn is_hoped(&self) -> bool {
        let title = self.is_title();
        let near = (self.left.0.max(self.first.saturating_sub(HOPE_REACH)), self.first);
        let behind = (self.end, self.right.1.min(self.end + HOPE_REACH));
        // "From inadequate to good": whether that is a hope, what stands before both says.
        if self.follows && self.back(1) == Some("to") && self.before + 1 == self.first {
            return !title && self.holds(&LEXICON.hoped, (self.before.saturating_sub(2 * HOPE_REACH).max(self.whole.0), self.before));
        }
        // "From the bottom to good in three years" tells how long it took.
        let took = self.back(1) == Some("to") && (2..=6).any(|places| self.back(places) == Some("from"));
        if !took && (self.holds(&LEXICON.wished, behind) || self.is_aimed_at()) {
            return true;
        }
        if self.is_one_of() {
            return false;
        }
        if self.holds(&LEXICON.conceded, near) {
            return false;
        }
        if title && self.holds(&LEXICON.denied, (self.left.0.max(self.first.saturating_sub(3)), self.first)) {
            return true;
        }
        !title && !self.opens_with_fact() && self.holds(&LEXICON.hoped, near)
    }

    /// "The first council to be rated outstanding", "one of seven boroughs to be graded good" tell what has been.
    pub(super) fn is_one_of(&self) -> bool {
        let to = (2..=4).find(|&places| self.back(places) == Some("to") && self.back(places - 1) == Some("be"));
        let told = |word: &str| {
            matches!(
                word,
                "first"
                    | "only"
                    | "one"
                    | "few"
                    | "handful"
                    | "latest"
                    | "councils"
                    | "boroughs"
                    | "authorities"
                    | "departments"
                    | "counties"
            )
        };
        let hoped = |word: &str| matches!(word, "want" | "wants" | "aim" | "aims" | "hope" | "hopes" | "become" | "becoming");
        let before = |to: usize| (to + 1..=to + 8).filter_map(|places| self.back(places));
        to.is_some_and(|to| before(to).any(told) && !before(to).any(hoped))
    }

    /// "To be rated good after three years is something" tells what has been.
    pub(super) fn opens_with_fact(&self) -> bool {
        let told = || (self.end..self.whole.1).filter_map(|at| self.word(at)).any(|word| matches!(word, "is" | "was"));
        self.word(self.whole.0) == Some("to") && self.word(self.whole.0 + 1) == Some("be") && self.first <= self.whole.0 + 4 && told()
    }

    /// A time since which something else has been so, or that is only compared with: "better since 2014, but it kept the grade",
    /// "told, as they were in 2021, that they require improvement", "stays where it was four years ago: it requires improvement",
    /// "the rating it had three years ago, that it requires improvement".
    pub(super) fn is_set_off(&self, time: &Named) -> bool {
        let behind = |reach: usize| (1..=reach).filter_map(|places| time.word.checked_sub(places)).filter_map(|at| self.word(at));
        let colon = || {
            let (from, to) = (self.folded.words[time.end - 1].end, self.folded.words[self.first].start);
            self.text.whole.get(from..to).is_some_and(|between| between.contains(':'))
        };
        let back = |places: usize| time.word.checked_sub(places).and_then(|at| self.word(at)).unwrap_or_default();
        let kept = back(1) == "had" && matches!(back(2), "it" | "they") && (LEXICON.marks.has(back(3)) || back(3) == "that");
        // "Issued a rating, the council having worked hard since the last inspection in 2016": that is when they were there before.
        let since = behind(2).any(|word| word == "since")
            || (1..=6).filter_map(|places| time.word.checked_sub(places)).find(|&at| self.word(at) == Some("since")).is_some_and(|since| {
                let inspected = (since..time.word).any(|at| self.word(at).is_some_and(|word| word.starts_with("inspect")));
                inspected && !self.text.whole[self.folded.words[since].end..self.folded.words[time.word].start].contains(',')
            });
        since || self.is_compared(time) || kept || colon()
    }

    /// "Found inadequate at an inspection by Ofsted last July": nothing but the inspection stands between the grade and its time.
    fn is_inspections_time(&self, time: &Named) -> bool {
        if time.word > self.end + INSPECTION_REACH || time.word <= self.end {
            return false;
        }
        let between = || (self.end..time.word).filter_map(|at| self.word(at));
        let (from, to) = (self.folded.words[self.end - 1].end, self.folded.words[time.word].start);
        let apart = self.text.whole.get(from..to).is_none_or(|gap| gap.contains([';', ':', '—', '–']));
        !apart && between().all(|word| LEXICON.inspected.has(word)) && between().any(|word| word.starts_with("inspect"))
    }

    /// "Inadequate for over ten years": what has been so until now.
    pub(super) fn is_for_years(&self) -> bool {
        let lasting = |word: &str| {
            matches!(word, "over" | "more" | "nearly" | "almost" | "about" | "some" | "several" | "many") || when::small(word).is_some()
        };
        self.word(self.end) == Some("for")
            && self.word(self.end + 1).is_some_and(lasting)
            && (self.end + 2..self.end + 6).any(|at| self.word(at) == Some("years"))
    }

    /// "Rated good last year", "last year it was rated good"; where the story has no day, "last July" is as long ago.
    pub(super) fn is_last_years(&self, day: Option<Date>) -> bool {
        // "Last year it was inadequate, and now it is good": the first grade is that of last year.
        let holds = matches!(self.tense(), Tense::Present | Tense::Perfect) || matches!(self.back(1), Some("to" | "now"));
        let opens = (self.whole.0..self.whole.0 + 2).any(|at| self.word(at) == Some("last") && self.word(at + 1) == Some("year"));
        let long = |word: &str| word == "year" || day.is_none() && when::is_month(word);
        let last = (self.end..self.right.1).find(|&at| self.word(at) == Some("last") && self.word(at + 1).is_some_and(long));
        // In January an inspection of last year is the newest.
        let apart = |word: &str| word == "since" || word.starts_with("inspect");
        opens && !holds && !self.follows || last.is_some_and(|last| !(self.end..last).filter_map(|at| self.word(at)).any(apart))
    }

    /// "The aim of services that are good": what somebody works for.
    fn is_aimed_at(&self) -> bool {
        let relative = |at: usize| matches!(self.word(at), Some("that" | "which"));
        let aim = |at: usize| matches!(self.word(at), Some("aim" | "goal" | "ambition" | "vision" | "target" | "aims" | "ambitions"));
        let of = |at: usize| matches!(self.word(at), Some("of" | "at" | "is" | "for"));
        let from = self.first.saturating_sub(LEFT_REACH).max(self.whole.0);
        (from..self.first).any(|at| aim(at) && of(at + 1) && (at..self.first).any(relative))
    }

    /// A time that is only compared with: "as they were in 2021", "the top bracket, as in 2017".
    fn is_compared(&self, time: &Named) -> bool {
        let from = if time.word >= self.end { self.end } else { self.whole.0 };
        (from.max(time.word.saturating_sub(4))..time.word)
            .filter_map(|at| self.word(at))
            .any(|word| matches!(word, "as" | "like" | "unlike"))
    }

    /// "That was 2022, when …", "it was at the turn of 2022 that …", "since May 2023, when …": the time of all that is told behind.
    pub(super) fn governing(&self, times: &[Named]) -> Option<Named> {
        let opens = matches!(self.word(self.whole.0), Some("that" | "it" | "this")) && self.word(self.whole.0 + 1) == Some("was");
        let told = |time: &&Named| {
            (self.whole.0 + 2..self.whole.0 + GOVERNED).contains(&time.word)
                && time.end <= self.first
                && matches!(self.word(time.end), Some("when" | "that"))
        };
        let when = |time: &&Named| {
            let near = self.whole.0.max(self.first.saturating_sub(WHEN_REACH))..self.first;
            near.contains(&time.word) && time.end < self.first && self.word(time.end) == Some("when")
        };
        // "Since 2016, when they were rated good, they have come to require improvement": what stands behind that clause is of now.
        let within = |time: &Named| {
            let gap = self.folded.words[time.end].end..self.folded.words[self.first].start;
            self.text.whole.get(gap).is_some_and(|gap| !gap.contains([',', ';', ':', '–', '—']))
        };
        times.iter().find(|time| opens && told(time) || when(time) && within(time)).copied()
    }

    /// "Having been inadequate before": what was before all else that is told.
    pub(super) fn ends_with_before(&self) -> bool {
        let Some(before) = self.folded.words.get(self.end).filter(|_| self.word(self.end) == Some("before")) else { return false };
        self.end + 1 >= self.whole.1 || self.text.whole[before.end..].starts_with(['.', ',', ';'])
    }

    /// The time named just after the grade, or before it; one just behind another grade is that grade's.
    pub(super) fn time(&self, times: &[Named]) -> Option<Named> {
        // "On January 30 it dropped from good": the day is that of the drop.
        let left = self.comes_from().is_some();
        if let Some(time) = self.governing(times) {
            return Some(time);
        }
        let own = |time: &&Named| time.word >= self.whole.0 && time.end <= self.whole.1;
        let now = (1..=3).filter_map(|places| self.back(places)).any(|word| word == "now");
        let after = times
            .iter()
            .filter(own)
            .filter(|time| time.word >= self.end && !self.is_compared(time))
            .find(|time| time.word < self.right.1.min(self.end + 6) || self.is_inspections_time(time));
        // "It was good; in 2015 it was inadequate": a semicolon sets them apart.
        let gap = self.folded.words.get(self.before.wrapping_sub(1)).map_or(0, |word| word.end)..self.folded.words[self.first].start;
        let apart = self.text.whole.get(gap.clone()).and_then(|gap| gap.rfind(';')).map(|at| self.folded.word_from(gap.start + at));
        let from = if self.follows { apart.unwrap_or(self.before + TIME_BEHIND) } else { self.whole.0 };
        let before = || {
            let near = self.first.saturating_sub(if self.follows { 10 } else { 16 });
            // "Leadership is outstanding": what is holds now, whatever was told before it.
            let near = if self.tense() == Tense::Present { near.max(self.left.0) } else { near };
            times.iter().rev().filter(own).find(|time| time.end <= self.first && time.word >= from.max(near) && !self.is_set_off(time))
        };
        after.or_else(|| if now || left { None } else { before() }).copied()
    }
}
