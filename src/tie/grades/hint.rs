//! What only suggests a grade: "failing", "up a grade", "must do better". It is no statement, and never a doubt; it agrees with a
//! report that has that grade.

use jiff::civil::Date;

use super::{
    Said, Tense,
    context::{GradeContext, is_of_before},
    lexicon::LEXICON,
};
use crate::{
    model::report::Grade,
    tie::{event::EventStanding, fold::Folded, names::NameMention, text::StoryText, when::Named},
};

/// What words suggest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suggestion {
    Grade(Grade),
    /// So many grades up from the one before, or down.
    Steps(i8),
}

/// The grades from the lowest to the highest.
const LADDER: [Grade; 4] = [Grade::Inadequate, Grade::RequiresImprovement, Grade::Good, Grade::Outstanding];

impl Suggestion {
    /// The grade, where `before` was the one before.
    pub fn grade(self, before: Option<Grade>) -> Option<Grade> {
        match self {
            Self::Grade(grade) => Some(grade),
            Self::Steps(steps) => {
                let before = before.map(|grade| if grade == Grade::Adequate { Grade::RequiresImprovement } else { grade })?;
                let at = LADDER.iter().position(|grade| *grade == before)?;
                LADDER.get(at.checked_add_signed(isize::from(steps))?).copied()
            }
        }
    }
}

/// A place of a story that suggests a grade of the service as a whole, as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    pub suggests: Suggestion,
    /// Index of its first word, and of its sentence.
    pub word: usize,
    pub sentence: usize,
}

impl Hint {
    /// The grade that it suggests, as one that the story states.
    pub fn said(&self, grade: Grade) -> Said {
        Said {
            grade,
            word: self.word,
            overall: true,
            placed: true,
            parts: Vec::new(),
            tense: Tense::Open,
            left: false,
            by_tense: false,
            standing: EventStanding::New,
            time: None,
            weight: 1.0,
            sentence: self.sentence,
        }
    }
}

/// The hints of a text, in order; the other arguments are those of [`super::find`].
pub fn hints(text: &StoryText, folded: &Folded, times: &[Named], names: &[NameMention], day: Option<Date>) -> Vec<Hint> {
    let of = |hit: crate::tie::fold::Hit| {
        let sentence = text.sentence_at(folded.words[hit.first].start)?;
        let context = GradeContext::of(text, folded, sentence, (hit.first, hit.end), (0, folded.words.len()), names);
        let suggests = LEXICON.suggested(hit.phrase);
        // "Up two rungs since 2017": the time is that of the grade before.
        let old = matches!(suggests, Suggestion::Grade(_))
            && context.time(times).is_some_and(|time| is_of_before(&time, context.tense(), folded, day));
        // "Failing to act" grades nobody.
        let verb = context.word(hit.end) == Some("to");
        let holds = !old && !verb && !context.is_hoped() && context.parts().is_empty();
        holds.then_some(Hint { suggests, word: hit.first, sentence })
    };
    LEXICON.hints.find(folded).into_iter().filter_map(of).chain(told_to_improve(text, folded)).collect()
}

/// "Ofsted wants North Fernshire to improve", "tells the county to improve". Ministers, too, order it to.
fn told_to_improve(text: &StoryText, folded: &Folded) -> impl Iterator<Item = Hint> {
    let word = |at: usize| folded.words.get(at).map_or("", |word| word.folded.as_str());
    let verb = move |at: usize| matches!(word(at), "wants" | "tells" | "told" | "urges" | "urged" | "asks" | "asked");
    let inspects = move |at: usize| matches!(word(at), "ofsted" | "inspectors" | "watchdog");
    let hint = move |at: usize| {
        let sentence = text.sentence_at(folded.words[at].start)?;
        let from = folded.word_from(text.sentences[sentence].0).max(at.saturating_sub(TELLS));
        let mut before = from..at.saturating_sub(1);
        // "Ordered by ministers": whoever stands behind "by" orders; else whoever stands before.
        let orders = |at: usize| match word(at) {
            "ordered" if word(at + 1) == "by" => (at + 2..at + 4).any(inspects),
            "orders" | "ordered" => (from..at).any(|before| inspects(before) && !(from..before).rev().take(2).any(|at| word(at) == "by")),
            _ => false,
        };
        let told = before.any(|at| verb(at) || orders(at));
        told.then_some(Hint { suggests: Suggestion::Grade(Grade::RequiresImprovement), word: at, sentence })
    };
    (1..folded.words.len()).filter(move |&at| word(at) == "improve" && word(at - 1) == "to").filter_map(hint)
}

/// Words from the verb to "improve".
const TELLS: usize = 7;

#[cfg(test)]
mod tests {
    use super::*;
    use Grade::*;

    fn suggested(text: &str) -> Vec<Suggestion> {
        let text = StoryText { whole: text.into(), sentences: vec![(0, text.len())], ..StoryText::default() };
        hints(&text, &Folded::of(&text.whole), &[], &[], None).into_iter().map(|hint| hint.suggests).collect()
    }

    #[test]
    fn what_suggests_a_grade() {
        for (text, expected) in [
            ("The borough was failed in January.", Suggestion::Grade(Inadequate)),
            ("Its services were found to be failing.", Suggestion::Grade(Inadequate)),
            ("Ofsted says that the city must do better.", Suggestion::Grade(RequiresImprovement)),
            ("Ofsted wants North Fernshire to improve.", Suggestion::Grade(RequiresImprovement)),
            ("Ofsted orders North Fernshire to improve.", Suggestion::Grade(RequiresImprovement)),
            ("Fernshire is ordered by Ofsted to improve.", Suggestion::Grade(RequiresImprovement)),
            ("Fernshire is up a grade.", Suggestion::Steps(1)),
            ("They have climbed two rungs since.", Suggestion::Steps(2)),
            ("What came in January was the grade beneath.", Suggestion::Steps(-1)),
            ("The council kept the grade that it got then.", Suggestion::Steps(0)),
        ] {
            assert_eq!(suggested(text), [expected], "{text}");
        }
    }

    #[test]
    fn what_does_not() {
        for text in [
            "Care leavers are up a grade.",
            "The aim is to move up a grade.",
            "Inspectors visited in May.",
            "It is not failing.",
            "They are failing to act.",
            "Fernshire is ordered by the Government to improve.",
            "Fernshire, condemned by Ofsted, is ordered by ministers to improve.",
        ] {
            assert_eq!(suggested(text), [], "{text}");
        }
    }

    #[test]
    fn what_goes_up_or_stays_is_not_always_a_grade() {
        for text in [
            "The cost of places has gone up.", "The motion was lost by one.", "Staff stay put.", "There is no change at the top.",
            "Caseloads are no better.", "The team is two up on last year.",
        ] {
            assert_eq!(suggested(text), [], "{text}");
        }
    }

    #[test]
    fn steps_are_counted_on_the_ladder() {
        assert_eq!(Suggestion::Steps(2).grade(Some(Inadequate)), Some(Good));
        assert_eq!(Suggestion::Steps(1).grade(Some(Adequate)), Some(Good));
        assert_eq!(Suggestion::Steps(-1).grade(Some(Inadequate)), None);
        assert_eq!(Suggestion::Steps(1).grade(Some(Outstanding)), None);
        assert_eq!(Suggestion::Steps(1).grade(None), None);
        assert_eq!(Suggestion::Grade(Good).grade(None), Some(Good));
    }
}
