//! Whether a word for a grade grades anything: "rated good" does, "good plans" and "outstanding debts" do not.

use super::{context::GradeContext, lexicon::LEXICON};
use crate::{model::report::Grade, tie::text::Role};

impl GradeContext<'_> {
    pub(super) fn is_grade(&self, grade: Grade) -> bool {
        if self.counts_councils() || self.falls_short() || self.tells_of_some_council() {
            return false;
        }
        match grade {
            Grade::Good => self.end - self.first > 1 || self.says_good(),
            // The grade of before 2013; the word praises faintly everywhere else.
            Grade::Adequate => {
                let verb = |word: &str| matches!(word, "rated" | "judged" | "graded" | "overall");
                self.is_marked() || (1..=3).filter_map(|places| self.back(places)).any(verb)
            }
            Grade::Outstanding | Grade::Inadequate => self.end - self.first > 1 || self.stands_alone(),
            // Reports of other inspections speak of such failures without grading them so.
            Grade::SystemicFailings => {
                ["send", "special educational needs", "special needs", "area partnership"].iter().any(|words| self.folded.has(words))
            }
            Grade::Inconsistent if self.end - self.first == 1 => {
                ["experiences", "outcomes"].iter().any(|word| self.slice(self.whole).has(word))
            }
            _ => true,
        }
    }

    /// True in a headline, and in a sentence that has words of a verdict beside the grade: "second of four" may be anything's.
    pub(super) fn tells_verdict(&self) -> bool {
        let beside = (self.whole.0..self.first).chain(self.end..self.whole.1);
        let told = |word: &str| LEXICON.verdicts.has(word) || LEXICON.given.has(word);
        self.is_title() || beside.filter_map(|at| self.word(at)).any(told)
    }

    /// "Seven in ten councils came out as inadequate" grades none of them.
    pub(super) fn counts_councils(&self) -> bool {
        let sentence = self.slice(self.whole);
        let before = self.slice((self.whole.0, self.first));
        let shares = ["in ten", "per cent", "in five", "in four", "in three", "two thirds", "a third", "nationally"];
        let percent = self.text.whole[self.text.sentences[self.sentence].0..self.folded.words[self.first].start].contains("% of ");
        let councils = ["councils", "authorities", "departments", "inspections"].iter().any(|word| sentence.has(word));
        councils && (percent || shares.iter().any(|share| before.has(share)))
    }

    /// "Less than good" is no grade, nor is "as good as certain", "most of it was good", or "‘outstanding’ was given to nobody".
    fn falls_short(&self) -> bool {
        let less = self.back(1) == Some("than") && matches!(self.back(2), Some("less" | "lower" | "below"));
        let nearly = self.back(1) == Some("as") && self.word(self.end) == Some("as");
        let some = ["most of it", "much of it", "some of it", "a lot of it"].iter().any(|words| self.slice(self.left).has(words));
        let nobody =
            ["given to nobody", "given to none", "given to no one"].iter().any(|words| self.slice((self.end, self.whole.1)).has(words));
        // "It was good that work had begun."
        let that = self.word(self.end) == Some("that") && self.back(2) == Some("it");
        less || nearly || some || nobody || that || self.is_politeness()
    }

    /// "It is good to see", "it was very good to hear".
    fn is_politeness(&self) -> bool {
        let heard = |word: &str| matches!(word, "see" | "hear" | "know" | "note" | "read" | "learn");
        self.word(self.first) == Some("good") && self.word(self.end) == Some("to") && self.word(self.end + 1).is_some_and(heard)
    }

    /// "A department that is rated inadequate has made progress": which one it is, and no news.
    pub(super) fn is_relative(&self) -> bool {
        let anchor = self.chain_start();
        let before = anchor.checked_sub(1).filter(|&at| at > self.whole.0);
        let now = (anchor..self.first).any(|at| self.word(at) == Some("now"));
        before.is_some_and(|at| matches!(self.word(at), Some("that" | "which"))) && !now && !self.is_title()
    }

    /// "One council is outstanding and another fails" leaves open which.
    fn tells_of_some_council(&self) -> bool {
        let council = |word: &str| matches!(word, "council" | "authority" | "borough" | "county" | "area");
        let anchor = self.chain_start();
        // The chain takes "one" in.
        let subject = (anchor..self.first.min(anchor + 3)).chain(anchor.checked_sub(1)).find(|&at| self.word(at).is_some_and(council));
        let some = |at: usize| at > self.whole.0 && matches!(self.word(at - 1), Some("one" | "another"));
        let other = || (self.whole.0..self.whole.1).any(|at| matches!(self.word(at), Some("another" | "other" | "others")));
        // "One has been handed the worst grade there is."
        let one = self.word(self.whole.0) == Some("one") && matches!(self.word(self.whole.0 + 1), Some("has" | "is" | "was" | "had"));
        one || subject.is_some_and(some) && other()
    }

    /// No other noun follows that it would merely describe, unless it is marked or the next word is a name.
    pub(super) fn stands_alone(&self) -> bool {
        let Some(next) = self.word(self.end) else { return true };
        let end = self.folded.words[self.end - 1].end;
        let gap = &self.text.whole[end..self.folded.words[self.end].start];
        let named = self.text.whole[self.folded.words[self.end].start..].starts_with(char::is_uppercase);
        let verb = self.back(1).is_some_and(|word| matches!(word, "rated" | "judged" | "graded" | "deemed" | "branded"));
        self.is_marked() || verb || named || LEXICON.after.has(next) || gap.contains(|char: char| !char.is_whitespace() && char != '-')
    }

    /// "Good" is a grade only beside a grading word, alone between marks, or as "good overall".
    pub(super) fn says_good(&self) -> bool {
        let cares = self.word(self.end) == Some("at")
            && matches!(self.word(self.end + 1), Some("looking" | "protecting" | "helping" | "keeping" | "caring"));
        let praise = !self.is_marked() && !cares && self.word(self.end).is_some_and(|next| LEXICON.praise.has(next));
        let of_requires =
            self.back(1) == Some("be") && self.back(2) == Some("to") && matches!(self.back(3), Some("improvement" | "improvements"));
        if praise || of_requires || !self.stands_alone() {
            return false;
        }
        if !self.is_marked() && self.praises_with_more() {
            return false;
        }
        let graded = (1..=5).filter_map(|places| self.back(places)).any(|word| LEXICON.grading.has(word))
            || (self.left.0..self.first).filter_map(|at| self.word(at)).any(|word| LEXICON.given.has(word));
        let reported = self.word(self.end) == Some("ofsted")
            && matches!(self.word(self.end + 1), Some("report" | "inspection" | "result" | "rating" | "verdict" | "grade" | "judgement"));
        let opens = self.first == self.whole.0 && matches!(self.word(self.end), Some("was" | "is"));
        let noun_follows = (self.end..self.end + if opens { 5 } else { 2 })
            .filter_map(|at| self.word(at))
            .any(|word| matches!(word, "overall" | "rating" | "grade" | "verdict" | "judgement" | "judgment" | "mark"));
        let came_out = self.back(1) == Some("as") && self.back(2) == Some("out") || self.back(1) == Some("out");
        let comes = |word: &str| matches!(word, "come" | "comes" | "came" | "coming");
        let came_out = came_out && (2..=3).filter_map(|places| self.back(places)).any(comes);
        let turned = came_out
            || self.back(1).is_some_and(|word| {
                matches!(word, "to" | "from" | "stays" | "stay" | "stayed" | "remains" | "remain" | "remained" | "still" | "again")
            })
            || (self.back(1) == Some("be") && self.back(2) == Some("to"));
        let is = (1..=5).filter_map(|places| self.back(places)).any(|word| matches!(word, "is" | "are" | "was" | "were" | "been" | "be"));
        let every = is && (self.holds(&LEXICON.whole, self.left) || self.holds(&LEXICON.whole, self.right));
        let heading = self.text.part_at(self.folded.words[self.first].start).is_some_and(|part| part.role == Role::Heading);
        graded
            || reported
            || noun_follows
            || self.is_marked()
            || turned
            || every
            || heading
            || self.is_predicate()
            || self.is_noun()
            || self.is_received()
            || self.is_last_word()
    }

    /// "Good and often better support" praises the support.
    pub(super) fn praises_with_more(&self) -> bool {
        matches!(self.word(self.end), Some("and" | "or")) && matches!(self.word(self.end + 1), Some("often" | "better" | "sometimes"))
    }

    /// True if a word is the last of an authority's name.
    fn is_name(&self, word: usize) -> bool {
        let (start, end) = (self.folded.words[word].start, self.folded.words[word].end);
        self.names.iter().any(|name| name.start <= start && start < name.end && name.end <= end + 3)
    }

    /// "Services are now good": what is judged is the services, the council, or "they", and nothing else that may be good.
    pub(super) fn is_predicate(&self) -> bool {
        let anchor = self.chain_start();
        // "Both are good", "they have decided it’s good": what is judged stands within the chain.
        let stands_for = (anchor..self.first).any(|at| matches!(self.word(at), Some("both" | "it")));
        let is =
            (anchor..self.first).filter_map(|at| self.word(at)).any(|word| matches!(word, "is" | "are" | "was" | "were" | "been" | "now"));
        let Some(subject) = anchor.checked_sub(1).filter(|&at| at >= self.whole.0) else { return stands_for && is };
        let title = self.is_title();
        let end = self.folded.words[subject].end;
        let apposed = || {
            self.text.whole[end..self.folded.words[anchor].start].contains(',')
                && (self.whole.0..subject)
                    .filter_map(|at| self.word(at))
                    .any(|word| matches!(word, "services" | "service" | "department" | "council"))
        };
        let is = is
            || self.back(1) == Some("it")
                && self.text.whole[self.folded.words[self.first - 1].start..].chars().nth(2).is_some_and(|mark| matches!(mark, '\'' | '’'));
        let judged = self.word(subject).is_some_and(|word| LEXICON.judged.has(word)) || self.is_name(subject) || apposed() || stands_for;
        judged && (is || title && anchor == self.first)
    }

    /// "Receive good services", "in the hands of a good council": the services, graded.
    pub(super) fn is_received(&self) -> bool {
        let next = self.word(self.end);
        let received =
            self.back(1).is_some_and(|word| matches!(word, "receive" | "receives" | "receiving" | "get" | "gets" | "provide" | "provides"))
                || matches!(self.back(1), Some("a" | "an")) && self.back(2).is_some_and(|word| matches!(word, "receive" | "receives"));
        received && matches!(next, Some("service" | "services"))
            || matches!(self.back(1), Some("a" | "an")) && matches!(next, Some("council" | "authority" | "department"))
    }

    /// "Gets a good", "keeps its good": a grade as a noun.
    pub(super) fn is_noun(&self) -> bool {
        let determined = self.back(1).is_some_and(|word| matches!(word, "a" | "its" | "their" | "another" | "that"));
        let ends = self.word(self.end).is_none_or(|next| {
            matches!(
                next,
                "overall"
                    | "from"
                    | "in"
                    | "to"
                    | "on"
                    | "after"
                    | "again"
                    | "for"
                    | "this"
                    | "and"
                    | "but"
                    | "with"
                    | "since"
                    | "as"
                    | "by"
            )
        });
        let stopped = self.folded.words.get(self.end).is_none_or(|next| {
            self.text.whole[self.folded.words[self.end - 1].end..next.start].contains(['.', ',', ';', ':', '!', '?', '–', '—'])
        });
        determined && (ends || stopped)
    }

    /// "It writes one word, good.": the last word of a sentence that tells of a verdict, set off from it.
    pub(super) fn is_last_word(&self) -> bool {
        let before = self.first.checked_sub(1).filter(|&at| at >= self.whole.0);
        let set_off = before.is_some_and(|at| {
            self.text.whole[self.folded.words[at].end..self.folded.words[self.first].start].contains([',', ':', '–', '—'])
        });
        let tells = || (self.whole.0..self.first).filter_map(|at| self.word(at)).any(|word| LEXICON.verdicts.has(word) || word == "now");
        let colon = before.is_some_and(|at| self.text.whole[self.folded.words[at].end..self.folded.words[self.first].start].contains(':'));
        let stopped = self.end >= self.whole.1
            || colon
                && self.text.whole[self.folded.words[self.end - 1].end..].trim_start_matches(['’', '”', '\'', '"']).starts_with([',', ';']);
        set_off && stopped && tells()
    }

    /// Alone between quotation marks, or with a capital in mid-sentence.
    pub(super) fn is_marked(&self) -> bool {
        let (from, to) = (self.folded.words[self.first].start, self.folded.words[self.end - 1].end);
        // "b) Good progress was made": the first word of a point.
        let point = self.first == self.whole.0 + 1
            && self.word(self.whole.0).is_some_and(|word| word.len() <= 2)
            && self.text.whole[self.folded.words[self.whole.0].end..from].starts_with([')', '.']);
        let capital = self.first > self.whole.0 && !point && self.text.whole[from..].starts_with(char::is_uppercase);
        let opened = self.text.whole[..from].ends_with(['‘', '“', '\'', '"', '˜']);
        let closed = self.text.whole[to..].trim_start_matches([',', '.']).starts_with(['’', '”', '\'', '"']);
        opened && closed || capital && !self.is_title()
    }

    /// A standing grade before the name or the service that bears it: "‘inadequate’ Sunderland children’s services".
    pub(super) fn is_label(&self) -> bool {
        let Some(next) = self.folded.words.get(self.end).filter(|_| self.end < self.whole.1) else { return false };
        let gap = &self.text.whole[self.folded.words[self.end - 1].end..next.start];
        let raw = &self.text.whole[next.start..next.end];
        let name = raw.starts_with(char::is_uppercase) && raw != "Ofsted" && self.end - self.first == 1;
        let bears = matches!(
            next.folded.as_str(),
            "children" | "childrens" | "services" | "department" | "council" | "councils" | "authority" | "authorities"
        );
        let graded = (1..=2)
            .filter_map(|places| self.back(places))
            .any(|word| LEXICON.grading.has(word) || matches!(word, "is" | "are" | "was" | "were" | "with" | "has" | "have"));
        !gap.contains(['.', ',', ':', ';', '–', '—', '-']) && !graded && (name || bears)
    }
}
