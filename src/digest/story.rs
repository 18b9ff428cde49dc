//! The entry of a story: outlet, copies, ties with their evidence, or what it waits for.

use super::entry::{Entry, EntryKind, EntryTie, Fact, Part, SUMMARY, headline, name};
use crate::model::{
    overview::{Copy, ReportCard, StoryCard, TiedReport},
    text::{clean_line, shorten},
    tie::TieState,
    verdict::StoryState,
    wording,
};

/// Ties of one story that are shown; the longest round-up seen has a dozen.
const TIES: usize = 12;

/// Copies of one story that are named; the rest are counted.
const COPIES: usize = 12;

/// Authorities of one story that become categories.
const AUTHORITIES: usize = 24;

pub(super) fn story(story: &StoryCard) -> Entry {
    let ties = wording::shown_ties(story);
    let mut facts = vec![when(story)];
    facts.extend(copies(&story.copies));
    for tied in ties.iter().take(TIES) {
        facts.extend(tie(story, tied));
    }
    if ties.len() > TIES {
        facts.push(Fact::new("Also tied to", format!("{} more reports", ties.len() - TIES)));
    }
    match &story.waiting_for {
        Some(waiting) => facts.push(Fact::marked("Waiting for", wording::waiting_for(waiting))),
        None if ties.is_empty() && story.state != StoryState::Tied => facts.push(Fact::new("Tied to", "no report")),
        None => {}
    }
    if story.walled {
        facts.push(Fact::new("Note", "behind a wall: read from headline and summary only"));
    }
    let mut categories: Vec<String> = story.authorities.iter().take(AUTHORITIES).map(|authority| name(authority)).collect();
    categories.push(story.kind.as_str().to_owned());
    let reports = ties.iter().take(TIES).filter_map(|tied| wording::web_address(&tied.report.url));
    let copied = story.copies.iter().take(COPIES).filter_map(|copy| wording::web_address(&copy.url));
    let published = story.published.unwrap_or(story.first_seen);
    let summary = shorten(&clean_line(&story.summary), SUMMARY);
    Entry {
        kind: EntryKind::Story,
        id: clean_line(&story.piece.0),
        title: headline(&story.title),
        link: wording::web_address(&story.url),
        published,
        updated: story.piece_changed.unwrap_or(published).max(published),
        author: name(&story.outlet),
        categories,
        ties: ties.iter().take(TIES).map(|tied| EntryTie::new(tied)).collect(),
        related: reports.chain(copied).collect(),
        summary: (!summary.is_empty()).then_some(summary),
        facts,
    }
}

fn when(story: &StoryCard) -> Fact {
    let day = match story.published {
        Some(published) => wording::day(published),
        None => format!("first seen {}, no date on the page", wording::day(story.first_seen)),
    };
    Fact::new("Published", format!("{}, {day}", name(&story.outlet)))
}

fn copies(copies: &[Copy]) -> Option<Fact> {
    if copies.is_empty() {
        return None;
    }
    let mut parts: Vec<Part> =
        copies.iter().take(COPIES).map(|copy| Part { text: name(&copy.outlet), link: wording::web_address(&copy.url) }).collect();
    if copies.len() > COPIES {
        parts.push(Part { text: format!("{} more", copies.len() - COPIES), link: None });
    }
    Some(Fact { label: "The same in", parts, marked: false })
}

/// The report with its overall grade, the evidence, and where the grades differ.
fn tie(story: &StoryCard, tied: &TiedReport) -> Vec<Fact> {
    let possible = tied.tie.state == TieState::Possible;
    let label = if possible { "Possibly about" } else { "Tied to" };
    let mut parts = vec![report_part(&tied.report)];
    if possible {
        parts.push(Part { text: format!("{}, to be decided", wording::likelihood(tied.tie.confidence)), link: None });
    } else if tied.tie.state == TieState::Confirmed {
        parts.push(Part { text: "confirmed by hand".to_owned(), link: None });
    }
    let mut facts = vec![Fact { label, parts, marked: possible }];
    facts.extend(wording::best_evidence(&tied.tie.evidence).map(|piece| Fact::new("Evidence", wording::evidence(piece))));
    facts.extend(wording::disagreement(story, tied).map(|said| Fact::marked("Grades differ", said)));
    facts
}

fn report_part(report: &ReportCard) -> Part {
    Part { text: format!("{}: {}", wording::report(report), wording::overall_words(report)), link: wording::web_address(&report.url) }
}
