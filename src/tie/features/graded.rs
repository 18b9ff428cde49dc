//! Grades and outcomes that a story states, held against those of a report and of the one before it.

use super::{BACKGROUND, Candidate, Findings, told::TOLERANCE};
use crate::{
    model::{
        overview::ReportCard,
        report::{Framework, Grade, JudgementKey},
    },
    tie::{
        event::{EventReading, EventStanding},
        grades::Said,
        prepared::Prepared,
        when::{self, Named, Precision, days},
    },
};
use jiff::ToSpan;

/// The overall grade, or the outcome of an area SEND inspection; of a report that grades only areas the grade that all have.
pub fn overall(card: &ReportCard) -> Option<Grade> {
    let whole = card.judgements.iter().find(|judgement| judgement.key.is_whole());
    let first = card.judgements.first().filter(|_| card.judgements.len() > 1);
    whole
        .map(|judgement| judgement.grade)
        .or_else(|| first.map(|first| first.grade).filter(|grade| card.judgements.iter().all(|judgement| judgement.grade == *grade)))
        .filter(|grade| *grade != Grade::NotJudged)
}

/// The grade that the story says this report gave overall.
///
/// A grade with a time is that of the inspection of that time. A grade of the past without one is this report's only in
/// a story that comes late and states no other; one hoped for is nobody's.
pub(super) fn stated(story: &Prepared, authority: usize, card: &ReportCard, reading: &EventReading) -> Option<Said> {
    let outcome = card.judgements.iter().any(|judgement| judgement.key == JudgementKey::Outcome);
    let late = story.day.zip(card.published).is_none_or(|(story, report)| days(report, story) > 40);
    let mut sums: Vec<(f64, &Said)> = Vec::new();
    let said_of: Vec<Said> = story.said_of(authority).map(|said| if outcome { as_outcome(said) } else { said.clone() }).collect();
    for said in said_of.iter().filter(|said| said.overall && !said.left && said.grade.is_outcome() == outcome) {
        let weight = match (said.standing, said.time) {
            (EventStanding::Hoped | EventStanding::Announced, _) => continue,
            (_, Some(time)) if is_of(card, &time) => said.weight * 1.5,
            (_, Some(time)) if !time.any_year => continue,
            (EventStanding::New, _) => said.weight,
            (EventStanding::Previous, _) if late && reading.graded == 0.0 => said.weight * 0.8,
            (EventStanding::Previous, _) => continue,
        };
        match sums.iter_mut().find(|(_, known)| known.grade == said.grade) {
            Some((sum, _)) => *sum += weight,
            None => sums.push((weight, said)),
        }
    }
    sums.into_iter().max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, said)| said.clone())
}

/// "Top marks" for an area SEND inspection are its best outcome, not the highest of four grades.
fn as_outcome(said: &Said) -> Said {
    let grade = match said.grade {
        Grade::Outstanding if said.placed => Grade::TypicallyPositive,
        Grade::Inadequate if said.placed => Grade::SystemicFailings,
        grade => grade,
    };
    Said { grade, ..said.clone() }
}

/// True if a time can be that of a report: its inspection, its publication, or the months between.
fn is_of(card: &ReportCard, time: &Named) -> bool {
    when::inspection(card).zip(card.published).is_some_and(|((from, _), published)| {
        let slack = if time.precision == Precision::Year { 0 } else { TOLERANCE };
        let from = from.checked_sub(slack.min(10).days()).unwrap_or(from);
        time.meets(from, published.checked_add(slack.days()).unwrap_or(published))
    })
}

/// Where the story states no grade of a report's authority, or only an earlier one, and its words suggest the report's: that one.
pub(super) fn suggest(story: &Prepared, candidates: &[Candidate], found: &mut [Findings]) {
    for at in 0..found.len() {
        let (card, own) = (&candidates[at].card, &found[at]);
        let stated = own.stated.as_ref().is_some_and(|said| said.standing == EventStanding::New);
        let Some((authority, grade)) = own.authority.zip(overall(card)) else { continue };
        if stated || own.reading.is_none() || !card.framework.is_full() {
            continue;
        }
        let past = |said: &&Said| said.overall && (said.left || said.standing == EventStanding::Previous);
        let told = story.said_of(authority).filter(past).map(|said| said.grade).last();
        let before = told.or_else(|| previous(candidates, at).and_then(|before| overall(&candidates[before].card)));
        if let Some(hint) = story.hinted_of(authority).find(|hint| hint.suggests.grade(before) == Some(grade)) {
            found[at].stated = Some(hint.said(grade));
            found[at].set("grade-disagrees", 0.0);
            let told_before = found[at].recalled || found[at].get("subject-other") >= 0.5;
            found[at].set("grade-agrees", if told_before { BACKGROUND } else { 1.0 });
        }
    }
}

/// The full report of the same authority before one.
fn previous(candidates: &[Candidate], at: usize) -> Option<usize> {
    let card = &candidates[at].card;
    let earlier = |other: &usize| {
        let other = &candidates[*other].card;
        other.authority == card.authority && other.framework.is_full() && other.published < card.published
    };
    (0..candidates.len()).filter(earlier).max_by_key(|&other| candidates[other].card.published)
}

pub(super) fn set_grade(card: &ReportCard, findings: &mut Findings) {
    if let Some((said, grade)) = findings.stated.as_ref().zip(overall(card)) {
        let agrees = said.grade == grade;
        findings.set(if agrees { "grade-agrees" } else { "grade-disagrees" }, 1.0);
    }
}

/// The judgements of parts that the story states as news of this report, and how many of them are the report's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PartsSaid {
    pub agree: usize,
    pub differ: usize,
}

/// Holds the grades of parts, and one said of every part, against the report's judgements.
pub(super) fn parts(story: &Prepared, authority: usize, card: &ReportCard) -> PartsSaid {
    let mut found = PartsSaid::default();
    let mut seen: Vec<(usize, Grade)> = Vec::new();
    for said in story.said_of(authority) {
        let own = match (said.standing, said.time) {
            (EventStanding::New, None) => true,
            (EventStanding::New | EventStanding::Previous, Some(time)) => is_of(card, &time),
            _ => false,
        };
        if !own {
            continue;
        }
        for (at, judgement) in card.judgements.iter().enumerate() {
            let judged = said.parts.iter().any(|part| part.is(judgement.key));
            if judged && judgement.grade != Grade::NotJudged && !seen.contains(&(at, said.grade)) {
                seen.push((at, said.grade));
                if judgement.grade == said.grade { found.agree += 1 } else { found.differ += 1 }
            }
        }
    }
    found
}

/// From -1 to 1: how the parts said fit the report's.
pub(super) fn parts_fit(said: PartsSaid) -> f64 {
    ((said.agree as f64 - 1.5 * said.differ as f64) / 2.0).clamp(-1.0, 1.0)
}

/// From -1 to 1: does what the story says of the time before fit the full report before this one: its grade, its time?
pub(super) fn before_fit(story: &Prepared, candidates: &[Candidate], found: &[Findings], at: usize) -> f64 {
    let (card, own) = (&candidates[at].card, &found[at]);
    let Some((authority, reading)) = own.authority.zip(own.reading.as_deref()) else { return 0.0 };
    if !card.framework.is_full() {
        return 0.0;
    }
    let Some(before) = previous(candidates, at).map(|before| &candidates[before].card) else {
        let gone = story.said_of(authority).any(|said| said.overall && said.left && overall(card) == Some(said.grade));
        return if gone { -1.0 } else { 0.0 };
    };
    let past: Vec<&Said> = story.said_of(authority).filter(|said| said.overall && said.standing == EventStanding::Previous).collect();
    let graded =
        past.iter().any(|said| Some(said.grade) == overall(before) && said.time.is_none_or(|time| time.any_year || is_of(before, &time)));
    let news = own.stated.as_ref().is_some_and(|said| said.standing == EventStanding::New && Some(said.grade) == overall(card));
    let other = news && overall(before).is_some() && past.iter().any(|said| said.time.is_none()) && !graded;
    let left = story.said_of(authority).filter(|said| said.overall && said.left);
    let gone = left.map(|said| said.grade).next();
    if let Some(gone) = gone {
        return match (overall(before) == Some(gone), overall(card) == Some(gone)) {
            (_, true) => -1.0,
            (true, false) => 1.0,
            (false, false) => 0.0,
        };
    }
    let timed = reading.recalled().flat_map(|event| &event.when).any(|time| !time.any_year && is_of(before, time) && !is_of(card, time));
    (f64::from(u8::from(graded)) * 0.5 + f64::from(u8::from(timed)) * 0.5 - f64::from(u8::from(other)) * 0.5).clamp(-1.0, 1.0)
}

/// 1 where the story speaks of the framework of this full inspection, or counts its judgements right; -1 where it
/// speaks of another.
pub(super) fn framework_fit(story: &Prepared, authority: usize, card: &ReportCard) -> f64 {
    if !card.framework.is_full() {
        return 0.0;
    }
    let sif_only =
        story.said_of(authority).any(|said| said.parts.iter().any(|part| part.is(JudgementKey::Adoption) || part.is(JudgementKey::Lscb)));
    let sign = |fits: bool| if fits { 1.0 } else { -1.0 };
    match (story.framework, sif_only, story.areas) {
        (Some(framework), ..) => sign(framework == card.framework),
        (None, true, _) => sign(card.framework == Framework::Sif),
        (None, false, Some(count)) if card.framework == Framework::Ilacs => 0.5 * sign(count == card.judgements.len()),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{model::report::Judgement, tie::made_up};

    fn graded(grades: &[(JudgementKey, Grade)]) -> Option<Grade> {
        let mut card = ReportCard::clone(&made_up::report("r-1", "Fernshire", Framework::Ilacs, date(2026, 5, 5), Some(Grade::Good)).card);
        let judged = card.judgements[0].clone();
        card.judgements = grades.iter().map(|&(key, grade)| Judgement { key, grade, ..judged.clone() }).collect();
        overall(&card)
    }

    #[test]
    fn of_areas_alone_the_grade_that_all_have_is_the_whole_ones() {
        use JudgementKey::{HelpProtection, InCare, Leaders, Overall};
        assert_eq!(graded(&[(Leaders, Grade::Good), (Overall, Grade::RequiresImprovement)]), Some(Grade::RequiresImprovement));
        assert_eq!(graded(&[(Leaders, Grade::Good), (InCare, Grade::Good), (HelpProtection, Grade::Good)]), Some(Grade::Good));
        assert_eq!(graded(&[(Leaders, Grade::Good), (InCare, Grade::Outstanding)]), None);
        assert_eq!(graded(&[(Leaders, Grade::Good)]), None);
        assert_eq!(graded(&[(Leaders, Grade::Good), (InCare, Grade::Good), (Overall, Grade::NotJudged)]), None);
    }
}
