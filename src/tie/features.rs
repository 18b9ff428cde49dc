//! What speaks for and against a tie, as numbers with names.

use jiff::civil::Date;

use crate::model::{
    authority::Gazetteer,
    overview::ReportCard,
    report::{Grade, JudgementKey, Passage},
};

use super::{
    figures::{self, FigureHit},
    grades::Said,
    locate::{Place, ReportIndex, Run},
    names::NameKind,
    prepared::Prepared,
    subject::Subject,
    when::{self, Fit},
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

/// The names of the features, in the order of [`Features::values`].
pub const NAMES: [&str; 30] = [
    "link-file", "link-provider", "quote-exact", "quote-altered", "quote-unique", "shared-text", "shared-unique", "figures",
    "grade-agrees", "grade-disagrees", "authority", "authority-title", "authority-lead", "authority-minor", "authority-lineage", "fresh",
    "near", "months", "year", "old", "undated", "newest", "subject", "subject-other", "day", "month", "season-or-year", "inspector",
    "about-inspection", "shadowed",
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
    let mut found: Vec<Findings> = candidates.iter().map(|candidate| alone(story, candidate, gazetteer)).collect();
    tell_apart(story, candidates, &mut found);
    found
}

fn alone(story: &Prepared, candidate: &Candidate, gazetteer: &Gazetteer) -> Findings {
    let card = &candidate.card;
    let index = &candidate.text.index;
    let authority = card.authority.as_deref().and_then(|name| gazetteer.all().iter().position(|authority| authority.name == name));
    let gap = story.day.zip(card.published).map(|(story, report)| days(report, story));
    let quotations = story.sought.iter().map(|sought| index.locate(sought)).collect();
    let mut findings = Findings {
        values: [0.0; COUNT],
        runs: index.runs(&story.words, LEAST_RUN),
        figures: figures::shared(&story.folded, &story.words, index),
        fit: when::fit(&story.times, card),
        stated: authority.and_then(|authority| stated(story, authority, card)),
        link: None,
        lead_inspector: names_inspector(story, card),
        gap,
        authority,
        quotations,
    };
    set_links(story, card, &mut findings);
    set_dates(&mut findings);
    set_grade(card, &mut findings);
    set_authority(story, gazetteer, &mut findings);
    let figures: f64 = findings.figures.iter().map(|figure| figure.strength).sum();
    findings.set("figures", (figures / 3.0).min(1.0));
    let fit = findings.fit;
    findings.set("day", f64::from(u8::from(fit.published_day || fit.inspected_day)));
    findings.set("month", f64::from(u8::from(fit.month)));
    findings.set("season-or-year", f64::from(u8::from(fit.season)) * 0.7 + f64::from(u8::from(fit.year)) * 0.5);
    let inspector = findings.lead_inspector;
    findings.set("inspector", f64::from(u8::from(inspector)));
    set_subject(story, card, &mut findings);
    findings.set("about-inspection", (story.topics.lead(super::relevance::Topic::Inspection) / 4.0).min(1.0));
    findings
}

/// Days from one day to the next; negative if the second is earlier.
pub fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

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

fn set_dates(findings: &mut Findings) {
    let name = match findings.gap {
        None => "undated",
        Some(0..=5) => "fresh",
        Some(6..=25) => "near",
        Some(26..=150) => "months",
        Some(151..=420) => "year",
        Some(_) => "old",
    };
    findings.set(name, 1.0);
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
/// A grade of the past is this report's only if its year is, or, in a follow-up, if no year is named.
fn stated(story: &Prepared, authority: usize, card: &ReportCard) -> Option<Said> {
    let outcome = card.judgements.iter().any(|judgement| judgement.key == JudgementKey::Outcome);
    let is_outcome = |grade: Grade| matches!(grade, Grade::SystemicFailings | Grade::Inconsistent | Grade::TypicallyPositive);
    let years: Vec<i16> = [card.published, card.inspected_from, card.inspected_to].into_iter().flatten().map(|day| day.year()).collect();
    let late = story.day.zip(card.published).is_none_or(|(story, report)| days(report, story) > 40);
    let mut sums: Vec<(f64, &Said)> = Vec::new();
    for said in story.said_of(authority).filter(|said| said.overall && is_outcome(said.grade) == outcome) {
        let weight = match (said.year, said.past) {
            (Some(year), _) if years.contains(&year) => said.weight * 1.5,
            (Some(_), _) => continue,
            (None, false) => said.weight,
            (None, true) if late => said.weight * 0.8,
            (None, true) => continue,
        };
        match sums.iter_mut().find(|(_, known)| known.grade == said.grade) {
            Some((sum, _)) => *sum += weight,
            None => sums.push((weight, said)),
        }
    }
    sums.into_iter().max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, said)| said.clone())
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
        findings.set("authority-title", f64::from(u8::from(actor.in_title)));
        findings.set("authority-lead", f64::from(u8::from(actor.in_lead)));
        findings.set("authority-minor", f64::from(u8::from(share < 0.35 && !actor.in_lead)));
    } else {
        let name = &gazetteer.all()[authority].name;
        let heir = gazetteer
            .lineage(name)
            .into_iter()
            .skip(1)
            .any(|other| gazetteer.all().iter().position(|known| known.name == other.name).and_then(|at| story.actor(at)).is_some());
        findings.set("authority-lineage", f64::from(u8::from(heir)));
    }
}

/// How the report's kind fits the story's. A story about another kind of inspection names the last full one's grade
/// and time only to say what came before, so these then count for little.
fn set_subject(story: &Prepared, card: &ReportCard, findings: &mut Findings) {
    let Some(subject) = Subject::of(card.framework) else { return };
    let spoken = findings.authority.map_or(story.subjects, |authority| story.subjects_of(authority));
    let share = spoken.share(subject);
    findings.set("subject", share);
    let other = spoken.first().filter(|first| *first != subject).map_or(0.0, |first| spoken.share(first) - share);
    findings.set("subject-other", (other / 0.4).clamp(0.0, 1.0));
    if other >= 0.2 {
        for name in ["grade-agrees", "month", "season-or-year"] {
            findings.set(name, findings.get(name) * BACKGROUND);
        }
    }
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
        findings.set("newest", f64::from(u8::from(is_newest(candidates, at, story.day))));
    }
    let shadowed: Vec<bool> = (0..found.len()).map(|at| is_shadowed(story, candidates, found, at)).collect();
    for (findings, shadowed) in found.iter_mut().zip(shadowed) {
        findings.set("shadowed", f64::from(u8::from(shadowed)));
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
