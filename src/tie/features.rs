//! What speaks for and against a tie, as numbers with names.

use std::{collections::HashMap, rc::Rc};

use jiff::{ToSpan, civil::Date};

use crate::model::{
    authority::Gazetteer,
    overview::ReportCard,
    report::{Grade, JudgementKey, Passage},
};

use super::{
    event::{self, Reading, Standing},
    figures::{self, FigureHit},
    grades::Said,
    locate::{Place, ReportIndex, Run},
    names::NameKind,
    prepared::Prepared,
    subject::Subject,
    when::{self, Fit, Named, Precision, days},
};

/// A report's text, ready to be searched.
pub struct ReportText {
    pub passages: Vec<Passage>,
    pub index: ReportIndex,
}

impl ReportText {
    pub fn new(passages: Vec<Passage>) -> Self {
        let index = ReportIndex::new(&passages);
        Self { passages, index }
    }
}

/// A report that a story may be about.
#[derive(Clone)]
pub struct Candidate {
    pub card: ReportCard,
    pub text: std::sync::Arc<ReportText>,
}

/// The names of the features, in the order of [`Findings::values`].
pub const NAMES: [&str; 36] = [
    "link-file", "link-provider", "quote-exact", "quote-altered", "quote-unique", "shared-text", "shared-unique", "figures",
    "grade-agrees", "grade-disagrees", "only-graded", "authority", "authority-title", "authority-lead", "authority-minor",
    "authority-lineage", "within-5", "within-25", "within-60", "within-150", "within-420", "undated", "newest", "only", "subject",
    "subject-other", "day", "month", "season-or-year", "inspector", "shadowed", "told-after", "times-miss", "recalled", "stale", "to-come",
];
const COUNT: usize = NAMES.len();

/// What was found of one report in a story.
#[derive(Debug, Clone)]
pub struct Findings {
    pub values: [f64; COUNT],
    /// For each quotation of the story, where it stands in the report.
    pub quotations: Vec<Option<Place>>,
    pub runs: Vec<Run>,
    pub figures: Vec<FigureHit>,
    pub fit: Fit,
    /// The grade the story states of this report's authority, if it speaks of this inspection.
    pub stated: Option<Said>,
    /// What the story says of the inspections of this report's authority.
    pub reading: Option<Rc<Reading>>,
    /// A time told as news is this report's.
    pub fresh: bool,
    /// The story recalls this inspection, and is news of another.
    pub recalled: bool,
    pub link: Option<usize>,
    pub lead_inspector: bool,
    /// Days from the report's publication to the story's.
    pub gap: Option<i32>,
    /// Index of the report's authority in the gazetteer.
    pub authority: Option<usize>,
}

impl Findings {
    pub fn get(&self, name: &str) -> f64 {
        NAMES.iter().position(|known| *known == name).map_or(0.0, |at| self.values[at])
    }

    fn set(&mut self, name: &str, value: f64) {
        if let Some(at) = NAMES.iter().position(|known| *known == name) {
            self.values[at] = value;
        }
    }
}

/// Words from which an altered quotation tells two reports apart.
const TELLING: usize = 6;

/// What is left of a grade or month that is told as background.
const BACKGROUND: f64 = 0.3;

/// Shorter runs of shared words are chance.
pub const LEAST_RUN: usize = 6;

/// What can be found of each candidate by itself, then what tells them apart.
pub fn find(story: &Prepared, candidates: &[Candidate], gazetteer: &Gazetteer) -> Vec<Findings> {
    let mut readings: HashMap<usize, Rc<Reading>> = HashMap::new();
    let mut found: Vec<Findings> = candidates.iter().map(|candidate| alone(story, candidate, gazetteer, &mut readings)).collect();
    tell_apart(story, candidates, &mut found);
    found
}

fn alone(story: &Prepared, candidate: &Candidate, gazetteer: &Gazetteer, readings: &mut HashMap<usize, Rc<Reading>>) -> Findings {
    let card = &candidate.card;
    let index = &candidate.text.index;
    let authority = card.authority.as_deref().and_then(|name| gazetteer.all().iter().position(|authority| authority.name == name));
    let reading = authority
        .filter(|&authority| story.actor(authority).is_some())
        .map(|authority| Rc::clone(readings.entry(authority).or_insert_with(|| Rc::new(event::read(story, authority)))));
    let gap = story.day.zip(card.published).map(|(story, report)| days(report, story));
    let quotations = story.sought.iter().map(|sought| index.locate(sought)).collect();
    let mut findings = Findings {
        values: [0.0; COUNT],
        runs: index.runs(&story.words, LEAST_RUN),
        figures: figures::shared(&story.folded, &story.words, index),
        fit: reading.as_ref().map_or_else(Fit::default, |reading| when::fit(&reading.times, card)),
        stated: authority.zip(reading.as_deref()).and_then(|(authority, reading)| stated(story, authority, card, reading)),
        reading,
        fresh: false,
        recalled: false,
        link: None,
        lead_inspector: names_inspector(story, card),
        gap,
        authority,
        quotations,
    };
    set_links(story, card, &mut findings);
    set_gap(&mut findings);
    set_grade(card, &mut findings);
    set_authority(story, gazetteer, &mut findings);
    let figures: f64 = findings.figures.iter().map(|figure| figure.strength).sum();
    findings.set("figures", (figures / 3.0).min(1.0));
    let fit = findings.fit;
    findings.set("day", flag(fit.published_day || fit.inspected_day));
    findings.set("month", flag(fit.month));
    findings.set("season-or-year", flag(fit.season) * 0.7 + flag(fit.year) * 0.5);
    findings.set("inspector", flag(findings.lead_inspector));
    set_events(card, &mut findings);
    set_subject(card, &mut findings);
    findings
}

fn flag(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

/// What the events say against a report: inspectors were there after it, no time named is its own, it is only recalled,
/// the story brings news and it is none, it is still to come.
fn set_events(card: &ReportCard, findings: &mut Findings) {
    let Some(reading) = findings.reading.clone() else { return };
    let after =
        |time: &Named| !time.any_year && time.precision >= Precision::Season && card.published.is_some_and(|day| days(day, time.from) > 7);
    let told_after = reading.at_work.iter().any(after);
    findings.set("told-after", flag(told_after));
    let near = when::inspection(card)
        .zip(card.published)
        .and_then(|((from, _), published)| Some((from.checked_sub(TOLERANCE.days()).ok()?, published.checked_add(TOLERANCE.days()).ok()?)));
    let to_come = findings.gap.is_some_and(|gap| gap < EVENING_BEFORE);
    let times = if to_come { reading.fresh_times() } else { &reading.times };
    let named: Vec<&Named> = times.iter().filter(|time| !time.any_year && time.precision >= Precision::Month).collect();
    let missed = !named.is_empty() && near.is_some_and(|(from, to)| !named.iter().any(|time| time.meets(from, to)));
    findings.set("times-miss", flag(missed));
    findings.set("to-come", flag(to_come));
    let news_elsewhere = told_after || (reading.is_announced() && !to_come) || visits(&reading) && card.framework.is_full();
    let fresh_fit = when::fit(reading.fresh_times(), card);
    let fits_fresh = fresh_fit.published_day || fresh_fit.inspected_day || fresh_fit.month;
    findings.fresh = fits_fresh;
    findings.recalled = news_elsewhere && !fits_fresh && !to_come && !findings.gap.is_some_and(|gap| (EVENING_BEFORE..=45).contains(&gap));
    findings.set("recalled", flag(findings.recalled));
    let late = findings.gap.is_some_and(|gap| gap > 60);
    let news = (reading.fresh / 1.5).min(1.0) * (1.0 - (reading.follow_up / 3.0).min(1.0));
    findings.set("stale", if late && !fits_fresh { news } else { 0.0 });
}

/// The story is news of a visit, not of a full inspection.
fn visits(reading: &Reading) -> bool {
    reading.graded < 1.5 && reading.news().and_then(|event| event.kind).is_some_and(event::is_visit)
}

/// Days by which a month named may miss an inspection.
const TOLERANCE: i64 = 31;
/// A story of the evening before is news of the report all the same.
pub const EVENING_BEFORE: i32 = -2;

fn names_inspector(story: &Prepared, card: &ReportCard) -> bool {
    card.lead_inspector.as_deref().is_some_and(|name| {
        let name = crate::model::text::folded(name);
        name.contains(' ') && story.folded.has(&name)
    })
}

fn set_links(story: &Prepared, card: &ReportCard, findings: &mut Findings) {
    let file = card.url.rsplit('/').next().unwrap_or("");
    for (at, link) in story.links.iter().enumerate() {
        let href = link.href.as_str();
        let to_file =
            href == card.url || href.contains("ofsted.gov.uk") && !file.is_empty() && href.split(['/', '?', '#']).any(|part| part == file);
        let to_provider = href.contains("ofsted.gov.uk/provider/")
            && card.urn.as_deref().is_some_and(|urn| href.split(['/', '?', '#']).any(|part| part == urn));
        if to_file {
            findings.set("link-file", 1.0);
            findings.link = Some(at);
        } else if to_provider {
            findings.set("link-provider", 1.0);
            findings.link = findings.link.or(Some(at));
        }
    }
}

/// How long after the report the story came: each step adds, so that fresher is never worse.
fn set_gap(findings: &mut Findings) {
    let Some(gap) = findings.gap else {
        findings.set("undated", 1.0);
        return;
    };
    for (name, limit) in [("within-5", 5), ("within-25", 25), ("within-60", 60), ("within-150", 150), ("within-420", 420)] {
        findings.set(name, flag(gap <= limit && (gap >= 0 || limit > 5)));
    }
}

/// The overall grade, or the outcome of an area SEND inspection.
pub fn overall(card: &ReportCard) -> Option<Grade> {
    card.judgements
        .iter()
        .find(|judgement| matches!(judgement.key, JudgementKey::Overall | JudgementKey::Outcome))
        .map(|judgement| judgement.grade)
        .filter(|grade| *grade != Grade::NotJudged)
}

/// The grade that the story says this report gave overall.
///
/// A grade with a time is that of the inspection of that time. A grade of the past without one is this report's only in
/// a story that comes late and states no other; one hoped for is nobody's.
fn stated(story: &Prepared, authority: usize, card: &ReportCard, reading: &Reading) -> Option<Said> {
    let outcome = card.judgements.iter().any(|judgement| judgement.key == JudgementKey::Outcome);
    let is_outcome = |grade: Grade| matches!(grade, Grade::SystemicFailings | Grade::Inconsistent | Grade::TypicallyPositive);
    let late = story.day.zip(card.published).is_none_or(|(story, report)| days(report, story) > 40);
    let mut sums: Vec<(f64, &Said)> = Vec::new();
    for said in story.said_of(authority).filter(|said| said.overall && is_outcome(said.grade) == outcome) {
        let weight = match (said.standing, said.time) {
            (Standing::Hoped | Standing::Announced, _) => continue,
            (_, Some(time)) if is_of(card, &time) => said.weight * 1.5,
            (_, Some(time)) if !time.any_year => continue,
            (Standing::New, _) => said.weight,
            (Standing::Previous, _) if late && reading.graded == 0.0 => said.weight * 0.8,
            (Standing::Previous, _) => continue,
        };
        match sums.iter_mut().find(|(_, known)| known.grade == said.grade) {
            Some((sum, _)) => *sum += weight,
            None => sums.push((weight, said)),
        }
    }
    sums.into_iter().max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, said)| said.clone())
}

/// True if a time can be that of a report: its inspection, its publication, or the months between.
fn is_of(card: &ReportCard, time: &Named) -> bool {
    when::inspection(card).zip(card.published).is_some_and(|((from, _), published)| {
        let slack = if time.precision == Precision::Year { 0 } else { TOLERANCE };
        let from = from.checked_sub(slack.min(10).days()).unwrap_or(from);
        time.meets(from, published.checked_add(slack.days()).unwrap_or(published))
    })
}

fn set_grade(card: &ReportCard, findings: &mut Findings) {
    if let Some((said, grade)) = findings.stated.as_ref().zip(overall(card)) {
        let agrees = said.grade == grade;
        findings.set(if agrees { "grade-agrees" } else { "grade-disagrees" }, 1.0);
    }
}

fn set_authority(story: &Prepared, gazetteer: &Gazetteer, findings: &mut Findings) {
    let Some(authority) = findings.authority else { return };
    let top = story.top_weight().max(0.1);
    if let Some(actor) = story.actor(authority) {
        let mut share = (actor.weight / top).min(1.0);
        if actor.best == NameKind::Place {
            share *= 0.6;
        }
        findings.set("authority", share);
        findings.set("authority-title", flag(actor.in_title));
        findings.set("authority-lead", flag(actor.in_lead));
        findings.set("authority-minor", flag(story.is_minor(actor)));
    } else {
        let name = &gazetteer.all()[authority].name;
        let heir = gazetteer
            .lineage(name)
            .into_iter()
            .skip(1)
            .any(|other| gazetteer.all().iter().position(|known| known.name == other.name).and_then(|at| story.actor(at)).is_some());
        findings.set("authority-lineage", flag(heir));
    }
}

/// How the report's kind fits the story's. A story about another kind of inspection names the last full one's grade
/// and time only to say what came before, so these then count for little.
fn set_subject(card: &ReportCard, findings: &mut Findings) {
    let Some(subject) = Subject::of(card.framework) else { return };
    let Some(spoken) = findings.reading.as_ref().map(|reading| reading.subjects) else { return };
    let share = spoken.share(subject);
    findings.set("subject", share);
    let other = spoken.first().filter(|first| *first != subject).map_or(0.0, |first| spoken.share(first) - share);
    findings.set("subject-other", (other / 0.4).clamp(0.0, 1.0));
    if other >= 0.2 || findings.recalled {
        background(findings);
    }
}

fn background(findings: &mut Findings) {
    for name in ["grade-agrees", "month", "season-or-year"] {
        findings.set(name, findings.get(name) * BACKGROUND);
    }
}

/// A time told as news is that of another report of the same authority, and none is this one's.
fn outdated(found: &[Findings], at: usize) -> bool {
    let own = &found[at];
    let beside = |other: &Findings| other.authority == own.authority && other.fresh && other.get("times-miss") == 0.0;
    own.authority.is_some() && !own.fresh && !own.recalled && own.get("to-come") == 0.0 && found.iter().any(beside)
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
fn tell_apart(story: &Prepared, candidates: &[Candidate], found: &mut [Findings]) {
    let evidence: Vec<TextEvidence> = (0..found.len()).map(|at| text_evidence(found, at)).collect();
    for (at, (findings, text)) in found.iter_mut().zip(&evidence).enumerate() {
        findings.set("quote-exact", (text.exact / 2.0).min(1.0));
        findings.set("quote-altered", (text.altered / 2.0).min(1.0));
        findings.set("quote-unique", (text.unique / 2.0).min(1.0));
        findings.set("shared-text", (text.shared / 4.0).min(1.0));
        findings.set("shared-unique", (text.shared_unique / 4.0).min(1.0));
        findings.set("newest", flag(is_newest(candidates, at, story.day)));
        findings.set("only", flag(is_only(candidates, at, |_| true)));
        let grade = overall(&candidates[at].card);
        let only_graded = findings.get("grade-agrees") > 0.5 && is_only(candidates, at, |other| overall(other) == grade);
        findings.set("only-graded", flag(only_graded));
    }
    for at in (0..found.len()).filter(|&at| outdated(found, at)).collect::<Vec<_>>() {
        found[at].recalled = true;
        found[at].set("recalled", 1.0);
        background(&mut found[at]);
    }
    let shadowed: Vec<bool> = (0..found.len()).map(|at| is_shadowed(story, candidates, found, at)).collect();
    for (findings, shadowed) in found.iter_mut().zip(shadowed) {
        findings.set("shadowed", flag(shadowed));
    }
}

fn text_evidence(found: &[Findings], at: usize) -> TextEvidence {
    let mut text = TextEvidence::default();
    let telling = |place: &Place| place.exact || place.matched >= TELLING;
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
