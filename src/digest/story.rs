//! The entry of a story: outlet, copies, ties with their evidence, or what it waits for.

use super::entry::{Entry, EntryKind, EntryPart, EntryTie, Excerpts, Fact, QuotedPassage, SUMMARY, address, name};
use crate::model::{
    evidence::{Evidence, EvidenceKind},
    lit::lit,
    overview::{CopyCard, ReportCard, StoryCard, TiedReport},
    report::Passage,
    text::{clean_line, shorten},
    tie::TieState,
    verdict::StoryState,
    wording,
};

/// Ties of one story that are shown; the longest round-up seen has a dozen.
const TIES: usize = 12;

/// Copies of one story that are named; the rest are counted.
const COPIES: usize = 12;

/// Passages of one story, and characters of each.
const QUOTED: usize = 6;
const PASSAGE: usize = 600;

/// Authorities of one story that become categories.
const AUTHORITIES: usize = 24;

pub(super) fn story(story: &StoryCard, excerpts: &Excerpts) -> Entry {
    let ties = wording::shown_ties(story);
    let quoted = quoted(&ties, excerpts);
    let mut facts = vec![when(story)];
    facts.extend(copies(&story.copies));
    for tied in ties.iter().take(TIES) {
        facts.extend(tie(story, tied, &quoted));
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
    let reports = ties.iter().take(TIES).filter_map(|tied| address(&tied.report.url));
    let copied = story.copies.iter().take(COPIES).filter_map(|copy| address(&copy.url));
    let published = story.published.unwrap_or(story.first_seen);
    let summary = shorten(&clean_line(&story.summary), SUMMARY);
    Entry {
        kind: EntryKind::Story,
        id: clean_line(&story.piece.0),
        title: wording::headline(&story.title),
        link: address(&story.url),
        published,
        undated: story.published.is_none(),
        updated: story.piece_changed.unwrap_or(published).max(published),
        author: name(&story.outlet),
        categories,
        ties: ties.iter().take(TIES).map(|tied| EntryTie::new(tied)).collect(),
        related: reports.chain(copied).collect(),
        summary: (!summary.is_empty()).then_some(summary),
        grades: Vec::new(),
        before: None,
        quoted,
        facts,
    }
}

/// What the story quotes of its reports beside the passages that have it, each passage once.
fn quoted(ties: &[&TiedReport], excerpts: &Excerpts) -> Vec<QuotedPassage> {
    let mut all: Vec<QuotedPassage> = Vec::new();
    for tied in ties.iter().take(TIES) {
        let Some(passages) = excerpts.get(&tied.report.id) else { continue };
        let quotes = tied.tie.evidence.iter().filter(|piece| piece.kind == EvidenceKind::Quote && piece.weight > 0.0);
        for piece in quotes {
            let Some(passage) = place_of(piece, passages) else { continue };
            let own = if piece.report.trim().is_empty() { &piece.story } else { &piece.report };
            let passage = around(&passage.text, own);
            let place = wording::place(piece.page, piece.paragraph.as_deref()).unwrap_or_default();
            let place = format!("{}, {place}", wording::report(&tied.report));
            if all.len() < QUOTED && all.iter().all(|known| known.passage != passage) {
                let (report, story, lit) = (tied.report.id.clone(), words(piece), own.clone());
                all.push(QuotedPassage { report, story, place, link: address(&tied.report.url), passage, lit });
            }
        }
    }
    all
}

/// What the story says, as it is shown beside the passage.
fn words(piece: &Evidence) -> String {
    shorten(&clean_line(&piece.story), PASSAGE)
}

/// Of the passages of that place the one that has most of the words.
fn place_of<'a>(piece: &Evidence, passages: &'a [Passage]) -> Option<&'a Passage> {
    let there = |passage: &&Passage| {
        let number = passage.number.map(|number| number.to_string());
        let near = piece.page.is_some_and(|page| passage.page == page || passage.page + 1 == page);
        near && (piece.paragraph.is_none() || number == piece.paragraph)
    };
    let has = |passage: &Passage| -> usize { lit(&passage.text, &[&piece.report, &piece.story]).iter().map(ExactSizeIterator::len).sum() };
    let found = passages.iter().filter(there).map(|passage| (has(passage), passage)).filter(|(has, _)| *has > 0);
    found.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, passage)| passage)
}

/// A passage, or where it is long the part of it around the words.
fn around(passage: &str, words: &str) -> String {
    let text = clean_line(passage);
    if text.chars().count() <= PASSAGE {
        return text;
    }
    let first = lit(&text, &[words]).first().map_or(0, |range| range.start);
    let before = text[..first].char_indices().rev().nth(PASSAGE / 4).map_or(0, |(at, _)| at);
    let start = text[before..].find(' ').map_or(before, |blank| if before == 0 { 0 } else { before + blank + 1 });
    format!("{}{}", if start > 0 { "…" } else { "" }, shorten(&text[start..], PASSAGE))
}

fn when(story: &StoryCard) -> Fact {
    let day = match story.published {
        Some(published) => wording::day(published),
        None => format!("first seen {}, no date on the page", wording::day(story.first_seen)),
    };
    Fact::new("Published", format!("{}, {day}", name(&story.outlet)))
}

fn copies(copies: &[CopyCard]) -> Option<Fact> {
    if copies.is_empty() {
        return None;
    }
    let mut parts: Vec<EntryPart> =
        copies.iter().take(COPIES).map(|copy| EntryPart { text: name(&copy.outlet), link: address(&copy.url) }).collect();
    if copies.len() > COPIES {
        parts.push(EntryPart { text: format!("{} more", copies.len() - COPIES), link: None });
    }
    Some(Fact { label: "The same in", parts, marked: false, beside: false })
}

/// The report with its overall grade, the evidence, and where the grades differ.
fn tie(story: &StoryCard, tied: &TiedReport, quoted: &[QuotedPassage]) -> Vec<Fact> {
    let possible = tied.tie.state == TieState::Possible;
    let label = if possible { "Possibly about" } else { "Tied to" };
    let mut parts = vec![report_part(&tied.report)];
    if possible {
        parts.push(EntryPart { text: format!("{}, to be decided", wording::likelihood(tied.tie.confidence)), link: None });
    } else if tied.tie.state == TieState::Confirmed {
        parts.push(EntryPart { text: "confirmed by hand".to_owned(), link: None });
    }
    let mut facts = vec![Fact { label, parts, marked: possible, beside: false }];
    let beside = |piece: &Evidence| quoted.iter().any(|shown| shown.report == tied.report.id && shown.story == words(piece));
    let evidence = wording::best_evidence(&tied.tie.evidence);
    facts.extend(evidence.map(|piece| Fact { beside: beside(piece), ..Fact::new("Evidence", wording::evidence(piece)) }));
    facts.extend(wording::disagreement(story, tied).map(|said| Fact::marked("Grades differ", said)));
    facts
}

fn report_part(report: &ReportCard) -> EntryPart {
    EntryPart { text: format!("{}: {}", wording::report(report), wording::overall_words(report)), link: address(&report.url) }
}
