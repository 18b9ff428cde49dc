//! The reports that a story speaks of as background.

use crate::{
    model::{
        text::{clean_line, shorten},
        tie::{Mention, MentionedAs, Tie},
    },
    tie::{
        event::Event,
        features::{Candidate, overall},
        grades::Said,
        locate::QuotePlace,
        quotes::{Quoted, Speaker},
        when,
    },
};

use super::verdict::Verdict;

/// Reports mentioned; a story that recalls more is a list.
const MAX_MENTIONS: usize = 8;
/// Words of a quotation from which it tells that a report is spoken of.
pub(super) const TELLING: usize = 8;
/// The same where it stands there word for word and is said to be Ofsted's.
const CREDITED: usize = 4;
/// Characters of the sentence that mentions a report.
const EXCERPT: usize = 300;

impl Verdict<'_> {
    /// The reports that the story speaks of as background: an earlier inspection whose time or grade it recalls, or whose
    /// words it quotes; that of a council named in passing.
    pub fn mentions(&self, ties: &[Tie]) -> Vec<Mention> {
        let untied = (0..self.candidates.len()).filter(|&at| ties.iter().all(|tie| tie.report != self.candidates[at].card.id));
        untied.filter_map(|at| self.mention(at)).take(MAX_MENTIONS).collect()
    }

    fn mention(&self, at: usize) -> Option<Mention> {
        let (candidate, findings) = (&self.candidates[at], &self.found[at]);
        let authority = findings.authority?;
        let reading = findings.reading.as_ref()?;
        let main = self.story.main_authorities().contains(&authority);
        let recalled = reading.recalled().find(|event| recalls(event, candidate, findings.gap)).map(|event| event.at);
        let passing = self.story.actor(authority).is_none_or(|actor| actor.passing);
        let quoted = || {
            let quotations =
                self.story.quotations.iter().zip(&findings.quotations).filter_map(|(quoted, place)| Some((quoted, place.as_ref()?)));
            let telling = |(quoted, place): &(&Quoted, &QuotePlace)| {
                let credited = quoted.speaker == Speaker::Ofsted && place.exact;
                !passing && place.matched >= if credited { CREDITED } else { TELLING }
            };
            quotations.into_iter().find(telling).map(|(quoted, _)| quoted.start)
        };
        let named = || reading.news().filter(|event| !main && recalls(event, candidate, findings.gap)).map(|event| event.at);
        let byte = recalled.or_else(quoted).or_else(named)?;
        let sentence = self.story.text.sentence_at(byte)?;
        Some(Mention {
            report: candidate.card.id.clone(),
            mentioned: if main { MentionedAs::Previous } else { MentionedAs::Anothers },
            text: shorten(&clean_line(self.story.text.slice(self.story.text.sentences[sentence])), EXCERPT),
        })
    }
}

/// True if an event is the inspection of this report: a time named is its own, or, of one without a time, the grade.
fn recalls(event: &Event, candidate: &Candidate, gap: Option<i32>) -> bool {
    let card = &candidate.card;
    let graded = |said: &Said| said.overall && overall(card) == Some(said.grade);
    let older = gap.is_none_or(|gap| gap >= 0);
    if event.when.is_empty() {
        return older && card.framework.is_full() && event.grades.iter().any(graded);
    }
    let fits = when::fit(&event.when, card);
    let full = card.framework.is_full() || event.grades.is_empty();
    let agrees = event.grades.is_empty() || event.grades.iter().any(graded);
    older && full && agrees && (fits.published_day || fits.inspected_day || fits.month || (fits.year && card.framework.is_full()))
}
