//! From times, grades and phrases to the events of one authority.

use jiff::civil::Date;

use super::{AT_WORK, Cue, Event, EventFamily, EventStanding};
use crate::tie::{
    grades::{Said, Tense},
    prepared::Prepared,
    subject::{Subject, Subjects},
    when::{self, Named, Precision},
};

/// What a story says of one authority's inspections.
#[derive(Debug, Clone, PartialEq)]
pub struct EventReading {
    pub events: Vec<Event>,
    /// Which kinds are spoken of as news.
    pub subjects: Subjects,
    /// The times named of inspections, and those of what is news at which inspectors were there.
    pub times: Vec<Named>,
    pub at_work: Vec<Named>,
    /// How strongly findings to come are announced.
    pub announced: f64,
    /// How loud that is beside what makes it what the story is about: from 0 at half of that to 1 at one and a half.
    pub to_come: f64,
    /// How strongly a report just out is told, and what came of one.
    pub fresh: f64,
    pub follow_up: f64,
    /// How much is told of what inspectors found.
    pub findings: f64,
    /// The loudest grade said as news.
    pub graded: f64,
    /// It speaks of what is done about it after it was found inadequate.
    pub intervened: bool,
}

/// Commissioners and notices that are looked at.
const MANY: usize = 24;
/// An inspection's time so many days before the story is one that the story recalls.
const RECALLED: i32 = 180;
/// From this strength on an inspection to come is what a story is about.
pub const ANNOUNCED: f64 = 1.5;

impl EventReading {
    /// The event that the story is news of.
    pub fn news(&self) -> Option<&Event> {
        self.events.iter().find(|event| matches!(event.standing, EventStanding::New | EventStanding::Announced))
    }

    pub fn is_announced(&self) -> bool {
        self.news().is_some_and(|event| event.standing == EventStanding::Announced)
    }

    /// The inspections that the story recalls.
    pub fn recalled(&self) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(|event| event.standing == EventStanding::Previous)
    }

    /// The times named of what is news.
    pub fn fresh_times(&self) -> &[Named] {
        self.news().map_or(&[], |event| &event.when)
    }
}

/// Reads what a story says of an authority.
pub fn read(story: &Prepared, authority: usize) -> EventReading {
    let own = |at: usize| story.owns(authority, at);
    let cues: Vec<&Cue> = story.cues.iter().filter(|cue| own(cue.at)).collect();
    let said: Vec<&Said> = story.said_of(authority).collect();
    let sum = |family: EventFamily| -> f64 { cues.iter().filter(|cue| cue.family == family).map(|cue| cue.weight).sum() };
    let lead = |family: EventFamily| -> f64 { cues.iter().filter(|cue| cue.family == family && cue.lead).map(|cue| cue.weight).sum() };
    let graded = said.iter().filter(|said| said.overall && said.standing == EventStanding::New).map(|said| said.weight).fold(0.0, f64::max);
    let inspections = |time: &&Named| is_inspections(story, authority, &cues, &said, time);
    // Where a story has no day, a new grade beside "at the last inspection, in 2019" is not of 2019.
    let newest = |time: &&Named| story.day.is_some() || graded < LOUD || !is_told_as_last(story, time);
    let times: Vec<Named> = story.times.iter().filter(inspections).filter(newest).copied().collect();
    let mut reading = EventReading {
        events: Vec::new(),
        subjects: story.subjects_of(authority),
        announced: lead(EventFamily::Announced) + 0.5 * (sum(EventFamily::Announced) - lead(EventFamily::Announced)),
        to_come: 0.0,
        fresh: lead(EventFamily::Fresh).max(told_by_grammar(story, &said)),
        follow_up: sum(EventFamily::FollowUp),
        findings: sum(EventFamily::Findings),
        graded,
        intervened: story.interventions.iter().take(MANY).any(|&at| own(at)),
        times: times.clone(),
        at_work: Vec::new(),
    };
    let latest = story.day.or_else(|| times.iter().filter(|time| !time.any_year).map(|time| time.to).max());
    let (recalled, fresh): (Vec<Named>, Vec<Named>) = times.iter().partition(|time| is_recalled(story, &said, time, latest));
    reading.at_work = at_work(story, authority, &fresh);
    let least = if graded < LOUD { ANNOUNCED + LOUDER * graded } else { LOUDEST * graded };
    let announced = reading.announced >= least;
    reading.to_come = (reading.announced / least - 0.5).clamp(0.0, 1.0);
    let standing = if announced { EventStanding::Announced } else { EventStanding::New };
    let grades: Vec<Said> = said.iter().filter(|said| said.standing == EventStanding::New).map(|said| (*said).clone()).collect();
    let first = cues.iter().map(|cue| cue.at).min();
    if let Some(at) = first.filter(|_| reading.subjects.first().is_some() || !fresh.is_empty() || announced) {
        let kind = reading.subjects.first();
        reading.events.push(Event { authority, kind, when: fresh, grades, standing, at });
    }
    reading.events.extend(previous(story, authority, &said, &recalled));
    reading
}

/// How much louder an announcement must be beside a grade that is told as news; a grade so loud is the story's own, and leaves nothing
/// to be announced unless that is louder by so much.
const LOUDER: f64 = 0.4;
const LOUD: f64 = 2.6;
const LOUDEST: f64 = 1.5;

/// News by its grammar: a grade that "has been" given, or stands in the headline.
fn told_by_grammar(story: &Prepared, said: &[&Said]) -> f64 {
    let own = || said.iter().filter(|said| said.overall && said.standing == EventStanding::New && said.time.is_none());
    let place = |said: &Said| story.folded.words[said.word].start;
    let perfect = own().any(|said| said.tense == Tense::Perfect && story.text.is_lead(place(said)));
    let headline = own().any(|said| said.tense != Tense::Past && said.weight >= HEADLINE && story.text.is_title(place(said)));
    f64::from(u8::from(perfect)) * PERFECT + f64::from(u8::from(headline)) * IN_HEADLINE
}

/// What "has been rated" counts for news, and a grade in the headline; one that is no mere label weighs so much.
const PERFECT: f64 = 1.0;
const IN_HEADLINE: f64 = 0.4;
const HEADLINE: f64 = 1.0;

/// True if the sentence in which a time stands speaks of an inspection or a grade, or stands in the authority's part of a list.
fn is_inspections(story: &Prepared, authority: usize, cues: &[&Cue], said: &[&Said], time: &Named) -> bool {
    let at = story.folded.words[time.word].start;
    let Some((from, to)) = story.text.sentence_at(at).map(|at| story.text.sentences[at]) else { return false };
    let within = |at: usize| at >= from && at < to;
    cues.iter().any(|cue| matches!(cue.family, EventFamily::Inspection | EventFamily::Visit | EventFamily::Announced) && within(cue.at))
        || said.iter().any(|said| said.overall && within(story.folded.words[said.word].start))
        || story.is_list() && story.owns(authority, at)
}

/// Words just before a time that push it into the past.
const BEFORE: [&str; 14] = [
    "since", "until", "previous", "previously", "earlier", "last", "initially", "after", "before", "than", "then", "formerly", "lost",
    "once",
];

fn is_recalled(story: &Prepared, said: &[&Said], time: &Named, latest: Option<Date>) -> bool {
    if time.any_year {
        return false;
    }
    let old = latest.is_some_and(|latest| when::days(time.to, latest) > RECALLED);
    let graded = said.iter().any(|said| said.time == Some(*time) && said.standing == EventStanding::Previous);
    let from = time.word.saturating_sub(3);
    let marked = time.precision >= Precision::Season
        && (from..time.word).any(|at| BEFORE.contains(&story.folded.words[at].folded.as_str()) && !is_times_own(story, at, time));
    old || graded || marked || is_since_inspected(story, time)
}

/// "Since the inspections of services for children in care in 2010 and child protection in 2013": one clause, and all its times.
fn is_since_inspected(story: &Prepared, time: &Named) -> bool {
    let words = &story.folded.words;
    let start = story.text.sentence_at(words[time.word].start).map_or(time.word, |at| story.folded.word_from(story.text.sentences[at].0));
    let from = start.max(time.word.saturating_sub(SINCE_REACH));
    let Some(since) = (from..time.word).rev().find(|&at| words[at].folded == "since") else { return false };
    let clause = !story.text.whole[words[since].start..words[time.word].start].contains([',', ';', ':', '–', '—']);
    let inspected = (since..time.word).find(|&at| words[at].folded.starts_with("inspect"));
    // "Since 2016 by inspectors who were there in May" is since that year.
    let first = story.times.get(story.times.partition_point(|other| other.word <= since));
    clause && inspected.is_some_and(|at| first.is_none_or(|first| first.end > at))
}

/// Words from "since" to a time of its clause.
const SINCE_REACH: usize = 18;

/// "At its last inspection, in 2019", "since the previous inspection, in 2019", "last rated in 2019".
pub fn is_told_as_last(story: &Prepared, time: &Named) -> bool {
    let word = |at: usize| story.folded.words[at].folded.as_str();
    let from = time.word.saturating_sub(LAST_REACH);
    (from..time.word).any(|at| matches!(word(at), "last" | "previous") && at + 1 < time.word && LAST.contains(&word(at + 1)))
}

/// Words from "last" to its time, and what was last.
const LAST_REACH: usize = 5;
const LAST: [&str; 10] = ["inspection", "inspected", "full", "ofsted", "judgement", "judgment", "report", "rated", "judged", "graded"];

/// "Last" of "last May" says nothing but which May.
fn is_times_own(story: &Prepared, at: usize, time: &Named) -> bool {
    at + 1 == time.word && matches!(story.folded.words[at].folded.as_str(), "last" | "earlier")
}

/// One event for each time recalled, and one for the grades without a time.
fn previous(story: &Prepared, authority: usize, said: &[&Said], recalled: &[Named]) -> Vec<Event> {
    let old = |said: &&&Said| said.standing == EventStanding::Previous;
    let event = |when: Vec<Named>, grades: Vec<Said>, at: usize| Event {
        authority,
        kind: None,
        when,
        grades,
        standing: EventStanding::Previous,
        at,
    };
    let mut events: Vec<Event> = recalled
        .iter()
        .map(|time| {
            let grades = said.iter().filter(old).filter(|said| said.time == Some(*time)).map(|said| (**said).clone()).collect();
            event(vec![*time], grades, story.folded.words[time.word].start)
        })
        .collect();
    for said in said.iter().filter(old).filter(|said| said.time.is_none_or(|time| !recalled.contains(&time))) {
        events.push(event(said.time.into_iter().collect(), vec![(*said).clone()], story.folded.words[said.word].start));
    }
    events
}

/// The times among those of what is news at which inspectors were there.
fn at_work(story: &Prepared, authority: usize, fresh: &[Named]) -> Vec<Named> {
    let works = |time: &&Named| {
        let at = story.folded.words[time.word].start;
        let Some((from, to)) = story.text.sentence_at(at).map(|at| story.text.sentences[at]) else { return false };
        let here = |cue: &&Cue| cue.at >= from && cue.at < to && story.owns(authority, cue.at);
        let close = |cue: &Cue| cue.word.abs_diff(time.word) <= REACH;
        let mut cues = story.cues.iter().filter(here);
        let worked = cues.clone().any(|cue| {
            close(cue) && (cue.family == EventFamily::Visit || (cue.family == EventFamily::Inspection && cue.weight >= AT_WORK))
        });
        worked && !cues.any(|cue| cue.family == EventFamily::FollowUp)
    };
    fresh.iter().filter(works).copied().collect()
}

/// Words between inspectors at work and the time when they were.
const REACH: usize = 14;

/// True for the two kinds of visit.
pub fn is_visit(kind: Subject) -> bool {
    matches!(kind, Subject::Focused | Subject::Monitoring)
}
