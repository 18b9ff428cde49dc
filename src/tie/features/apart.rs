//! What tells the reports apart of which a story may be.

use jiff::civil::Date;

use super::{
    Candidate, EVENING_BEFORE, Findings, TELLING, flag,
    graded::{before_fit, overall},
    told::{background, can_announce},
};
use crate::{
    model::{overview::ReportCard, report::Grade},
    tie::{
        actors::Actor,
        event::{EventReading, EventStanding},
        grades::Tense,
        likeness,
        locate::QuotePlace,
        names::NameKind,
        prepared::Prepared,
        subject::Subject,
        when::days,
    },
};

/// A story without a date states this report's grade as one of before, and a later one's as news.
fn told_before(candidates: &[Candidate], found: &[Findings], at: usize) -> bool {
    let stands = |at: usize, standing: EventStanding| {
        found[at].gap.is_none()
            && found[at].get("grade-agrees") > 0.0
            && found[at].stated.as_ref().is_some_and(|said| said.standing == standing)
    };
    let (card, own) = (&candidates[at].card, &found[at]);
    let later = |other: usize| found[other].authority == own.authority && candidates[other].card.published > card.published;
    own.authority.is_some()
        && stands(at, EventStanding::Previous)
        && (0..found.len()).any(|other| later(other) && stands(other, EventStanding::New))
}

/// A time told as news is that of another report of the same authority, and none is this one's.
fn outdated(found: &[Findings], at: usize) -> bool {
    let own = &found[at];
    let beside = |other: &Findings| other.authority == own.authority && other.fresh && other.get("times-miss") == 0.0;
    own.authority.is_some() && !own.fresh && !own.recalled && !own.to_come && found.iter().any(beside)
}

/// How many of a quotation's or run's words count: more than a dozen say no more than a dozen.
fn worth(words: usize) -> f64 {
    (words.min(14) as f64 - 2.0).max(0.0) / 12.0
}

/// What the text of a story has of one report.
#[derive(Debug, Clone, Copy, Default)]
struct TextEvidence {
    exact: f64,
    altered: f64,
    /// Of the quotations, what no other candidate has.
    unique: f64,
    shared: f64,
    /// Of the shared runs, what no other candidate has.
    shared_unique: f64,
}

/// Evidence in the text, weighed by whether another candidate has it, too; and which report is the newest of its kind.
pub(super) fn tell_apart(story: &Prepared, candidates: &[Candidate], found: &mut [Findings]) {
    let evidence: Vec<TextEvidence> = (0..found.len()).map(|at| text_evidence(found, at)).collect();
    for (at, (findings, text)) in found.iter_mut().zip(&evidence).enumerate() {
        findings.set("quote-exact", (text.exact / 2.0).min(1.0));
        findings.set("quote-altered", (text.altered / 2.0).min(1.0));
        findings.set("quote-unique", (text.unique / 2.0).min(1.0));
        findings.set("shared-text", (text.shared / 4.0).min(1.0));
        findings.set("shared-unique", (text.shared_unique / 4.0).min(1.0));
        findings.set("newest", flag(is_newest(candidates, at, story.day)));
        let card = &candidates[at].card;
        let only = is_only(candidates, at, |_| true);
        findings.set("only", if only { findings.get("subject") } else { 0.0 });
        let grade = overall(card);
        let only_graded = findings.get("grade-agrees") > 0.5 && is_only(candidates, at, |other| overall(other) == grade);
        findings.set("only-graded", flag(only_graded));
        let stands = card.framework.is_full() && findings.get("newest") > 0.0 && findings.get("grade-agrees") > 0.5;
        findings.set("stands", if stands { 1.0 - findings.get("stale") } else { 0.0 });
    }
    let shadowed: Vec<bool> = (0..found.len()).map(|at| is_shadowed(story, candidates, found, at)).collect();
    for (findings, shadowed) in found.iter_mut().zip(shadowed) {
        findings.set("shadowed", flag(shadowed));
    }
    let (likeness, counted) = (likeness::of(story, candidates), counted(story, found));
    for at in 0..found.len() {
        let (before, batch) = (before_fit(story, candidates, found, at), batch(candidates, found, &counted, at));
        let (to_come, beside) = (is_next(candidates, found, at), is_beside(story, &found[at]));
        let findings = &mut found[at];
        findings.set("likeness", likeness[at]);
        findings.set("before", before);
        findings.set("batch", batch);
        if to_come {
            findings.to_come = true;
            findings.set("to-come", findings.reading.as_ref().map_or(0.0, |reading| reading.to_come));
            findings.set("undated", 0.0);
            findings.recalled = false;
            findings.set("recalled", 0.0);
            findings.set("times-miss", 0.0);
            findings.set("grade-agrees", 0.0);
            findings.set("grade-disagrees", 0.0);
        }
        // The visits that an announcement speaks of came before, unless it announces one.
        let visits = findings.authority.is_some_and(|authority| story.announces_visit(authority));
        if findings.to_come
            && candidates[at].card.framework.is_full()
            && !visits
            && findings.reading.as_deref().is_some_and(EventReading::is_announced)
        {
            findings.set("subject-other", 0.0);
        }
        // Of a batch each may have its sentence further down.
        findings.set("beside", flag(beside && batch == 0.0));
    }
    for at in (0..found.len()).filter(|&at| outdated(found, at) || told_before(candidates, found, at)).collect::<Vec<_>>() {
        found[at].recalled = true;
        found[at].set("recalled", 1.0);
        background(&mut found[at]);
    }
    for (findings, candidate) in found.iter_mut().zip(candidates) {
        findings.set("intervened", intervened(findings, &candidate.card));
    }
}

/// What is done about a council is done about the report that found it inadequate, for years, if there is no newer one.
fn intervened(findings: &Findings, card: &ReportCard) -> f64 {
    let found_so = card.framework.is_full() && overall(card) == Some(Grade::Inadequate) && findings.get("newest") > 0.0;
    let news_elsewhere = findings.recalled || findings.to_come || findings.get("told-after") > 0.0;
    let done = findings.reading.as_deref().is_some_and(|reading| reading.intervened);
    if found_so && done && !news_elsewhere { 1.0 - findings.get("subject-other") } else { 0.0 }
}

fn text_evidence(found: &[Findings], at: usize) -> TextEvidence {
    let mut text = TextEvidence::default();
    let telling = |place: &QuotePlace| place.exact || place.matched >= TELLING;
    for (quote, place) in found[at].quotations.iter().enumerate() {
        let Some(place) = place else { continue };
        let worth = worth(place.matched);
        *(if place.exact { &mut text.exact } else { &mut text.altered }) += worth;
        let holders = found.iter().filter(|other| other.quotations[quote].as_ref().is_some_and(telling)).count();
        if holders == 1 {
            text.unique += worth;
        }
    }
    for run in &found[at].runs {
        let own = (run.story, run.story + run.length);
        let elsewhere = found.iter().enumerate().any(|(other, findings)| {
            other != at
                && findings.runs.iter().any(|shared| overlap(own, (shared.story, shared.story + shared.length)) * 5 >= run.length * 4)
        });
        let worth = worth(run.length);
        text.shared += worth;
        if !elsewhere {
            text.shared_unique += worth;
        }
    }
    text
}

fn overlap(a: (usize, usize), b: (usize, usize)) -> usize {
    a.1.min(b.1).saturating_sub(a.0.max(b.0))
}

/// True if no report of the same authority and kind was published between it and the story.
fn is_newest(candidates: &[Candidate], at: usize, day: Option<Date>) -> bool {
    let card = &candidates[at].card;
    let rival = |other: &ReportCard| {
        other.authority == card.authority
            && Subject::of(other.framework) == Subject::of(card.framework)
            && other.published > card.published
            && day.is_none_or(|day| other.published.is_some_and(|published| published <= day))
    };
    !candidates.iter().any(|candidate| rival(&candidate.card))
}

/// True if no other report of its authority and kind is like it.
fn is_only(candidates: &[Candidate], at: usize, alike: impl Fn(&ReportCard) -> bool) -> bool {
    let card = &candidates[at].card;
    candidates.iter().enumerate().all(|(other, candidate)| {
        let rival = &candidate.card;
        other == at || rival.authority != card.authority || Subject::of(rival.framework) != Subject::of(card.framework) || !alike(rival)
    })
}

/// True if a report of another, more prominent authority has all that this one shares with the story, and more or as
/// much: twins such as the reports on the two councils that one trust serves.
fn is_shadowed(story: &Prepared, candidates: &[Candidate], found: &[Findings], at: usize) -> bool {
    let weight = |findings: &Findings| findings.authority.and_then(|authority| story.actor(authority)).map_or(0.0, |actor| actor.weight);
    let evidence = |findings: &Findings| findings.get("quote-exact") + findings.get("quote-altered") + findings.get("shared-text");
    let (card, own) = (&candidates[at].card, &found[at]);
    found.iter().enumerate().any(|(other, rival)| {
        let twin = &candidates[other].card;
        twin.authority != card.authority
            && Subject::of(twin.framework) == Subject::of(card.framework)
            && weight(rival) > 1.25 * weight(own)
            && weight(own) < 0.6 * story.top_weight()
            && evidence(rival) >= 0.8 * evidence(own)
            && own.get("quote-unique") < 0.1
            && own.get("shared-unique") < 0.1
            && evidence(own) > 0.2
    })
}

/// Days from a batch to the stories on it.
const BATCH_DAYS: i32 = 45;
/// Days between reports that Ofsted brings out together.
const BATCH: i32 = 2;

/// For each report, whether the story names its authority by itself.
fn counted(story: &Prepared, found: &[Findings]) -> Vec<bool> {
    let names = |actor: &Actor| !actor.passing && actor.first.is_some() && !story.is_twin(actor);
    found.iter().map(|findings| findings.authority.and_then(|authority| story.actor(authority)).is_some_and(names)).collect()
}

/// How many other authorities that the story names have a report of the same kind from the same days: Ofsted brings reports
/// out in batches, and a story on one batch has them all.
fn batch(candidates: &[Candidate], found: &[Findings], counted: &[bool], at: usize) -> f64 {
    let card = &candidates[at].card;
    // Of a story with a date its own days' batch counts. Twins have a day in common without a batch.
    if found[at].gap.is_some_and(|gap| !(EVENING_BEFORE..=BATCH_DAYS).contains(&gap)) {
        return 0.0;
    }
    let Some(day) = card.published.filter(|_| counted[at] && found[at].get("shadowed") == 0.0) else { return 0.0 };
    let mut others: Vec<Option<usize>> = (0..found.len())
        .filter(|&other| {
            let rival = &candidates[other].card;
            rival.authority != card.authority
                && counted[other]
                && Subject::of(rival.framework) == Subject::of(card.framework)
                && rival.published.is_some_and(|published| days(day, published).abs() <= BATCH)
        })
        .map(|other| found[other].authority)
        .collect();
    others.sort_unstable();
    others.dedup();
    match others.len() {
        0 => 0.0,
        1 => 0.6,
        _ => 1.0,
    }
}

/// True for the report that a story without a date announces: the full one that followed the one it recalls.
fn is_next(candidates: &[Candidate], found: &[Findings], at: usize) -> bool {
    let (card, own) = (&candidates[at].card, &found[at]);
    let announced = own.reading.as_deref().is_some_and(|reading| reading.is_announced() && can_announce(reading, card));
    if own.gap.is_some() || !announced || !card.framework.is_full() {
        return false;
    }
    let full = |other: usize| candidates[other].card.authority == card.authority && candidates[other].card.framework.is_full();
    let named = |other: usize| found[other].get("month") > 0.0 || found[other].get("day") > 0.0;
    let before = (0..candidates.len()).filter(|&other| full(other) && candidates[other].card.published < card.published);
    !named(at) && before.max_by_key(|&other| candidates[other].card.published).is_some_and(named)
}

/// A story that names more councils further down is about many.
const NEIGHBOURS: usize = 3;

/// True for the report of a council that a story about another names further down.
fn is_beside(story: &Prepared, findings: &Findings) -> bool {
    let Some(actor) = findings.authority.and_then(|authority| story.actor(authority)) else { return false };
    let leads =
        story.actors.iter().filter(|other| other.authority != actor.authority && (other.in_title || other.in_lead) && !other.passing);
    let further = |other: &&Actor| !other.in_title && !other.in_lead && !other.passing && other.best > NameKind::Place;
    let others = story.actors.iter().filter(further).count();
    // "Last year it was Croydon that was inadequate": beside a title with another council, what is told of one as before.
    let told = || story.said_of(actor.authority).any(|said| said.standing == EventStanding::New && said.tense != Tense::Before);
    let titled = || story.actors.iter().any(|other| other.in_title && other.weight > 2.0 * actor.weight);
    !story.is_list()
        && !actor.in_title
        && (!actor.in_lead && others <= NEIGHBOURS || actor.in_lead && titled() && !told())
        && leads.map(|other| other.weight).fold(0.0, f64::max) > actor.weight
}
