//! What speaks for and against a tie, as numbers with names.

mod apart;
mod graded;
#[cfg(test)]
mod tests;
mod told;

use std::{collections::HashMap, rc::Rc, sync::Arc};

use crate::model::{authority::Gazetteer, overview::ReportCard, report::Passage};

use super::{
    event::{self, EventReading},
    figures::{self, FigureHit},
    grades::Said,
    locate::{QuotePlace, ReportIndex, SharedRun},
    names::NameKind,
    prepared::Prepared,
    subject::Subject,
    when::{self, DateFit, days},
};

use apart::tell_apart;
pub use graded::{PartsSaid, overall};
use graded::{set_grade, stated, suggest};
use told::{background, set_events};

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
    pub card: Arc<ReportCard>,
    pub text: Arc<ReportText>,
}

/// The names of the features, in the order of [`Findings::values`].
pub const NAMES: [&str; 45] = [
    "link-file", "link-provider", "quote-exact", "quote-altered", "quote-unique", "shared-text", "shared-unique", "figures",
    "grade-agrees", "grade-disagrees", "only-graded", "authority", "authority-lead", "authority-minor", "authority-lineage", "within-150",
    "within-420", "undated", "newest", "only", "subject", "subject-other", "day", "month", "season-or-year", "inspector", "shadowed",
    "told-after", "times-miss", "recalled", "stale", "to-come", "bound", "parts", "before", "framework", "batch", "likeness", "stands",
    "beside", "inspector-other", "bare", "unnamed", "under-way", "intervened",
];
const COUNT: usize = NAMES.len();

/// What was found of one report in a story.
#[derive(Debug, Clone)]
pub struct Findings {
    pub values: [f64; COUNT],
    /// For each quotation of the story, where it stands in the report.
    pub quotations: Vec<Option<QuotePlace>>,
    pub runs: Vec<SharedRun>,
    pub figures: Vec<FigureHit>,
    pub fit: DateFit,
    /// The grade the story states of this report's authority, if it speaks of this inspection.
    pub stated: Option<Said>,
    /// What it states of parts of the service.
    pub parts: PartsSaid,
    /// What the story says of the inspections of this report's authority.
    pub reading: Option<Rc<EventReading>>,
    /// A time told as news is this report's.
    pub fresh: bool,
    /// The story recalls this inspection, and is news of another.
    pub recalled: bool,
    /// The report may be one that the story announces.
    pub to_come: bool,
    pub link: Option<usize>,
    /// Days from the report's publication to the story's.
    pub gap: Option<i32>,
    /// Index of the report's authority in the gazetteer.
    pub authority: Option<usize>,
}

impl Findings {
    /// The story came soon enough after this report to be coverage of it.
    pub fn is_coverage(&self) -> bool {
        self.gap.is_some_and(|gap| (EVENING_BEFORE..=COVERAGE_DAYS).contains(&gap))
    }

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

/// A story of the evening before is news of the report all the same.
pub const EVENING_BEFORE: i32 = -2;
/// Days after a report for which stories on it are coverage; later ones follow it up.
pub const COVERAGE_DAYS: i32 = 45;
/// What is left of a grade or month that is told as background.
const BACKGROUND: f64 = 0.3;

/// Shorter runs of shared words are chance.
pub const LEAST_RUN: usize = 6;

/// What can be found of each candidate by itself, then what tells them apart.
pub fn find(story: &Prepared, candidates: &[Candidate], gazetteer: &Gazetteer) -> Vec<Findings> {
    let mut readings: HashMap<usize, Rc<EventReading>> = HashMap::new();
    let mut found: Vec<Findings> = candidates.iter().map(|candidate| alone(story, candidate, gazetteer, &mut readings)).collect();
    suggest(story, candidates, &mut found);
    tell_apart(story, candidates, &mut found);
    for findings in &mut found {
        let bare = TELLS_INSPECTION.iter().all(|name| findings.get(name) < HARDLY);
        findings.set("bare", flag(bare));
    }
    found
}

/// What tells of one inspection and no other; without any of it a story only names a council, whatever it recalls of before.
const TELLS_INSPECTION: [&str; 18] = [
    "link-file", "link-provider", "quote-exact", "quote-altered", "shared-unique", "figures", "grade-agrees", "subject", "day", "month",
    "season-or-year", "inspector", "parts", "framework", "batch", "bound", "to-come", "under-way",
];
/// So little of it is nothing.
const HARDLY: f64 = 0.15;

fn alone(story: &Prepared, candidate: &Candidate, gazetteer: &Gazetteer, readings: &mut HashMap<usize, Rc<EventReading>>) -> Findings {
    let card = &candidate.card;
    let index = &candidate.text.index;
    let authority = card.authority.as_deref().and_then(|name| gazetteer.all().iter().position(|authority| authority.name == name));
    let reading = authority
        .filter(|&authority| story.actor(authority).is_some())
        .map(|authority| Rc::clone(readings.entry(authority).or_insert_with(|| Rc::new(event::read(story, authority)))));
    let gap = story.day.zip(card.published).map(|(story, report)| days(report, story));
    // What is nearly in the report of a council that the story does not name, another council's report has.
    let heir = reading.is_none() && authority.is_some_and(|authority| names_heir(story, authority, gazetteer));
    let located = |sought| index.locate(sought).filter(|place: &QuotePlace| place.exact || heir || reading.is_some());
    let quotations = story.sought.iter().map(located).collect();
    let mut findings = Findings {
        values: [0.0; COUNT],
        runs: index.runs(&story.words, LEAST_RUN),
        figures: figures::shared(&story.figures, index),
        fit: reading.as_ref().map_or_else(DateFit::default, |reading| when::fit(&reading.times, card)),
        stated: authority.zip(reading.as_deref()).and_then(|(authority, reading)| stated(story, authority, card, reading)),
        parts: PartsSaid::default(),
        reading,
        fresh: false,
        recalled: false,
        to_come: false,
        link: None,
        gap,
        authority,
        quotations,
    };
    set_links(story, card, &mut findings);
    set_gap(&mut findings);
    set_grade(card, &mut findings);
    if let Some(authority) = authority.filter(|_| findings.reading.is_some()) {
        findings.parts = graded::parts(story, authority, card);
        findings.set("parts", graded::parts_fit(findings.parts));
        findings.set("framework", graded::framework_fit(story, authority, card));
    }
    set_authority(story, heir, &mut findings);
    let figures: f64 = findings.figures.iter().map(|figure| figure.strength).sum();
    findings.set("figures", (figures / 3.0).min(1.0));
    let fit = findings.fit;
    findings.set("day", flag(fit.published_day || fit.inspected_day));
    findings.set("month", flag(fit.month));
    findings.set("season-or-year", flag(fit.season) * 0.7 + flag(fit.year) * 0.5);
    let led = names_inspector(story, card);
    findings.set("inspector", flag(led));
    findings.set("inspector-other", flag(!led && card.lead_inspector.is_some() && !story.inspectors.is_empty()));
    set_events(story, card, &mut findings);
    set_subject(card, &mut findings);
    findings
}

fn flag(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

/// The story names the inspector who led.
pub fn names_inspector(story: &Prepared, card: &ReportCard) -> bool {
    card.lead_inspector.as_deref().is_some_and(|name| {
        let name = crate::model::text::folded(name);
        // "Lead inspector Nick Stacey", of Nicholas Stacey.
        let called = name.rsplit(' ').next().is_some_and(|surname| story.inspectors.contains(surname));
        called || name.contains(' ') && story.folded.has(&name)
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

/// How long after the report the story came: each step adds, so that fresher is never worse. Of a report that is still to come it says
/// nothing.
fn set_gap(findings: &mut Findings) {
    let Some(gap) = findings.gap else {
        findings.set("undated", 1.0);
        return;
    };
    if gap < EVENING_BEFORE {
        return;
    }
    for (name, limit) in [("within-150", 150), ("within-420", 420)] {
        findings.set(name, flag(gap <= limit));
    }
}

fn set_authority(story: &Prepared, heir: bool, findings: &mut Findings) {
    let Some(authority) = findings.authority else { return };
    let top = story.top_weight().max(0.1);
    if let Some(actor) = story.actor(authority) {
        let mut share = (actor.weight / top).min(1.0);
        if actor.best == NameKind::Place {
            share *= 0.6;
        }
        findings.set("authority", share);
        let minor = story.is_minor(actor);
        findings.set("authority-lead", flag(actor.in_lead && !minor));
        findings.set("authority-minor", flag(minor));
    } else {
        findings.set("authority-lineage", flag(heir));
        findings.set("unnamed", flag(!heir));
    }
}

/// The story names a council that came before or after it.
fn names_heir(story: &Prepared, authority: usize, gazetteer: &Gazetteer) -> bool {
    let others = gazetteer.lineage(&gazetteer.all()[authority].name).into_iter().skip(1);
    let mut at = others.filter_map(|other| gazetteer.all().iter().position(|known| known.name == other.name));
    at.any(|other| story.actor(other).is_some())
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
