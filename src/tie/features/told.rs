//! What the story tells of inspections, held against a report: its times, what it announces, recalls, or brings as news.

use jiff::ToSpan;

use super::{BACKGROUND, EVENING_BEFORE, Findings, flag};
use crate::{
    model::overview::ReportCard,
    tie::{
        event::{self, Cue, EventFamily, EventReading, EventStanding},
        grades::Said,
        prepared::Prepared,
        subject::Subject,
        when::{self, Named, Precision, days},
    },
};

use super::graded::overall;

/// What the events say against a report: inspectors were there after it, no time named is its own, it is only recalled,
/// the story brings news and it is none, it is still to come.
pub(super) fn set_events(story: &Prepared, card: &ReportCard, findings: &mut Findings) {
    let Some(reading) = findings.reading.clone() else { return };
    if story.is_list() {
        findings.set("bound", bound(story, card, &reading, findings.authority));
    }
    let after =
        |time: &Named| !time.any_year && time.precision >= Precision::Season && card.published.is_some_and(|day| days(day, time.from) > 7);
    // A list tells no news: each line has an inspection of its own.
    let told_after = !story.is_list() && reading.at_work.iter().any(after);
    findings.set("told-after", flag(told_after));
    let near = when::inspection(card)
        .zip(card.published)
        .and_then(|((from, _), published)| Some((from.checked_sub(TOLERANCE.days()).ok()?, published.checked_add(TOLERANCE.days()).ok()?)));
    let is_to_come = findings.gap.is_some_and(|gap| gap < EVENING_BEFORE) && can_announce(&reading, card);
    let under_way = is_to_come && may_be_of_now(story, card, &reading, findings.authority) && story.is_in_days_of(card.inspected());
    let to_come = is_to_come && reading.to_come > 0.0 || under_way;
    findings.to_come = to_come;
    findings.set("under-way", flag(under_way));
    let times = if to_come { reading.fresh_times() } else { &reading.times };
    let named: Vec<&Named> = times.iter().filter(|time| !time.any_year && time.precision >= Precision::Month).collect();
    let missed = !named.is_empty() && near.is_some_and(|(from, to)| !named.iter().any(|time| time.meets(from, to)));
    findings.set("times-miss", flag(missed));
    findings.set("to-come", if to_come { reading.to_come } else { 0.0 });
    let news_elsewhere = told_after || (reading.is_announced() && !to_come) || visits(&reading) && card.framework.is_full();
    let fresh_fit = when::fit(reading.fresh_times(), card);
    let fits_fresh = fresh_fit.published_day || fresh_fit.inspected_day || fresh_fit.month;
    let printed = prints_its_day(story, card, &reading.times);
    findings.fresh = fits_fresh || printed;
    let announced_elsewhere = reading.is_announced() && !to_come;
    let fits_fresh = fits_fresh && !announced_elsewhere || printed;
    // No story states a grade that is not out yet.
    if to_come {
        findings.set("grade-agrees", 0.0);
        findings.set("grade-disagrees", 0.0);
    }
    findings.recalled = !story.is_list()
        && news_elsewhere
        && !fits_fresh
        && !to_come
        && !findings.gap.is_some_and(|gap| (EVENING_BEFORE..=45).contains(&gap));
    findings.set("recalled", flag(findings.recalled));
    let late = findings.gap.is_some_and(|gap| gap > 60);
    let news = (reading.fresh / 1.5).min(1.0) * (1.0 - (reading.follow_up / 3.0).min(1.0));
    findings.set("stale", if late && !fits_fresh && !story.is_list() { news } else { 0.0 });
}

/// The story speaks of inspectors, and neither of what they found nor of what came of it; news of a visit, while inspectors were
/// there for something else, is of the visit.
fn may_be_of_now(story: &Prepared, card: &ReportCard, reading: &EventReading, authority: Option<usize>) -> bool {
    let visit = [reading.subjects.first(), Subject::of(card.framework)].into_iter().flatten().any(event::is_visit);
    let inspects = |cue: &&Cue| matches!(cue.family, EventFamily::Inspection | EventFamily::Visit);
    let spoken = || authority.is_some_and(|authority| story.cues.iter().filter(inspects).any(|cue| story.owns(authority, cue.at)));
    !visit && (reading.announced > 0.0 || reading.graded == 0.0 && reading.follow_up < FOLLOWED && spoken())
}

/// From this on a story is about what came of an inspection.
const FOLLOWED: f64 = 1.0;

/// "Report published: 27 March 2015": a copy of the report itself, whenever it was put there.
fn prints_its_day(story: &Prepared, card: &ReportCard, times: &[Named]) -> bool {
    let words = &story.folded.words;
    let printed = |time: &Named| {
        let before = time.word.checked_sub(1).map(|at| &words[at]);
        let older = words[time.word.saturating_sub(4)..time.word]
            .iter()
            .any(|word| matches!(word.folded.as_str(), "last" | "previous" | "earlier"));
        !older && before.is_some_and(|word| word.folded == "published" && story.text.whole[word.end..words[time.word].start].trim() == ":")
    };
    times.iter().any(|time| time.precision == Precision::Day && Some(time.from) == card.published && printed(time))
}

/// What is announced can be of this kind: an area's inspection, of help for children with special needs or by several inspectorates,
/// is told by its name; a full one also beside the visits that came before.
pub(super) fn can_announce(reading: &EventReading, card: &ReportCard) -> bool {
    let area = |kind: &Subject| matches!(kind, Subject::Jtai | Subject::Send);
    reading.subjects.first().filter(area) == Subject::of(card.framework).filter(area)
}

/// The story is news of a visit, not of a full inspection.
fn visits(reading: &EventReading) -> bool {
    reading.graded < 1.5 && reading.news().and_then(|event| event.kind).is_some_and(event::is_visit)
}

/// Days by which a month named may miss an inspection.
pub(super) const TOLERANCE: i64 = 31;

/// How surely one line of a list tells of this very inspection: a time that is its own beside its kind or its grade.
fn bound(story: &Prepared, card: &ReportCard, reading: &EventReading, authority: Option<usize>) -> f64 {
    let (own, grade) = (Subject::of(card.framework), overall(card));
    let said: Vec<&Said> = authority.iter().flat_map(|&authority| story.said_of(authority)).collect();
    let sure = |time: &Named| {
        let fit = when::fit([time], card);
        let worth = match time.precision {
            _ if !(fit.published_day || fit.inspected_day || fit.month || fit.season || fit.year) => return 0.0,
            Precision::Day | Precision::Month if !time.any_year => 1.0,
            Precision::Year => YEAR_BOUND,
            _ => VAGUELY_BOUND,
        };
        let at = story.folded.words[time.word].start;
        let sentence = story.text.sentence_at(at);
        let graded = said.iter().any(|said| {
            Some(said.sentence) == sentence && said.overall && said.standing != EventStanding::Hoped && Some(said.grade) == grade
        });
        let kinds: Vec<Subject> = story.kinds_beside(at).collect();
        let kind = own.is_some_and(|own| kinds.contains(&own)) && (kinds.iter().all(|kind| Some(*kind) == own) || graded);
        if kind || graded && kinds.is_empty() { worth } else { 0.0 }
    };
    reading.times.iter().map(sure).fold(0.0, f64::max)
}

const YEAR_BOUND: f64 = 0.5;
const VAGUELY_BOUND: f64 = 0.6;

pub(super) fn background(findings: &mut Findings) {
    if findings.get("bound") >= 1.0 {
        return;
    }
    for name in ["grade-agrees", "month", "season-or-year"] {
        findings.set(name, findings.get(name) * BACKGROUND);
    }
}
