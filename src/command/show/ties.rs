//! The ties of a story with the evidence piece by piece, and its quotations with where they stand.

use super::{
    brief,
    story::{SENTENCE, SHOWN},
};
use crate::{
    model::{
        evidence::{Evidence, Quotation},
        overview::{StoryCard, TiedReport},
        text::{clean_line, shorten},
        tie::{GradeCheck, TieKind},
        wording,
    },
    summary::page::{PageWriter, Tone},
};

pub(super) fn reports(card: &StoryCard, page: &mut PageWriter) {
    page.section("Reports");
    if card.ties.is_empty() {
        page.line(2, Tone::Plain, "It is tied to no report.");
    }
    for tied in &card.ties {
        self::tie(card, tied, page);
        page.gap();
    }
}

/// The report, how sure the tie is, what the story says of the grade, and each piece of evidence.
fn tie(card: &StoryCard, tied: &TiedReport, page: &mut PageWriter) {
    page.line(2, Tone::Strong, &format!("{}: {}", wording::report(&tied.report), wording::overall_words(&tied.report)));
    let mut said = vec![wording::certainty(tied.tie.state, tied.tie.confidence)];
    said.extend(match tied.tie.kind {
        TieKind::Coverage => None,
        TieKind::FollowUp => Some("follow-up".to_owned()),
        TieKind::Announcement => Some("written before the report".to_owned()),
    });
    said.extend(tied.report.published.zip(card.published).map(|(report, story)| brief::later(report, story)));
    page.line(4, Tone::Plain, &said.join(" · "));
    page.line(4, Tone::Soft, &format!("{} · {}", tied.report.id, wording::web_address(&tied.report.url).unwrap_or_default()));
    match (wording::disagreement(card, tied), tied.tie.grade_check) {
        (Some(said), _) => page.hanging(4, 6, Tone::Warning, &format!("! grades differ: {said}")),
        (None, GradeCheck::Agrees) => page.line(4, Tone::Plain, "the story gives the report’s grade"),
        (None, GradeCheck::NotStated) => page.line(4, Tone::Plain, "the story states no grade"),
        (None, GradeCheck::NoGrade | GradeCheck::Disagrees) => {}
    }
    let (aids, doubts): (Vec<&Evidence>, Vec<&Evidence>) = tied.tie.evidence.iter().partition(|piece| piece.weight >= 0.0);
    pieces("for", &aids, page);
    pieces("against", &doubts, page);
}

/// What speaks for or against a tie, in the order of weight as stored; what reads alike once.
fn pieces(label: &str, evidence: &[&Evidence], page: &mut PageWriter) {
    let mut lines: Vec<String> = Vec::new();
    for line in evidence.iter().map(|piece| wording::evidence(piece)) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    for (at, line) in lines.iter().take(SHOWN).enumerate() {
        let label = if at == 0 { label } else { "" };
        page.beside(4, 9, label, Tone::Plain, line);
    }
    if lines.len() > SHOWN {
        page.line(13, Tone::Soft, &format!("and {} more", lines.len() - SHOWN));
    }
}

pub(super) fn quotations(card: &StoryCard, page: &mut PageWriter) {
    if card.quotations.is_empty() {
        return;
    }
    page.section("Quotations");
    // What is not stored yet cannot be said to lack anything.
    let looked_in = card.waiting_for.is_none() && card.ties.iter().any(|tied| tied.tie.state.holds());
    let mut alike: Vec<(&Quotation, usize)> = Vec::new();
    for quotation in &card.quotations {
        match alike.iter_mut().find(|(known, _)| *known == quotation) {
            Some((_, times)) => *times += 1,
            None => alike.push((quotation, 1)),
        }
    }
    for (quotation, times) in alike.iter().take(SHOWN) {
        let text = clean_line(&quotation.text);
        let text = text.trim_matches(['“', '”', '"']);
        let times = if *times > 1 { format!(" · {times} times") } else { String::new() };
        page.hanging(2, 3, Tone::Plain, &format!("“{}”{times}", shorten(text, SENTENCE)));
        let missing = looked_in && is_missing(quotation);
        page.hanging(4, 6, if missing { Tone::Warning } else { Tone::Soft }, &place(quotation, missing));
    }
    if alike.len() > SHOWN {
        page.line(2, Tone::Plain, &format!("and {} more", alike.len() - SHOWN));
    }
}

fn by_ofsted(quotation: &Quotation) -> bool {
    quotation.speaker.as_deref() == Some("Ofsted")
}

/// Fewer words between marks are a term or a grade, and are not looked for.
const LEAST_WORDS: usize = 4;

/// Words said to be Ofsted's that stand in no report that was looked in.
fn is_missing(quotation: &Quotation) -> bool {
    !quotation.found && by_ofsted(quotation) && quotation.text.split_whitespace().count() >= LEAST_WORDS
}

/// Who speaks, and where it stands: "Ofsted · word for word in r-2754428, page 10, paragraph 15".
fn place(quotation: &Quotation, missing: bool) -> String {
    let speaker = match quotation.speaker.as_deref() {
        Some(name) => shorten(&clean_line(name), 80),
        None => "nobody named".to_owned(),
    };
    if !quotation.found {
        let missing = if missing { " · ! not found in the report" } else { "" };
        return format!("{speaker}{missing}");
    }
    let how = if quotation.exact { "word for word" } else { "nearly so" };
    let report = quotation.report.as_ref().map(|id| format!(" in {id}")).unwrap_or_default();
    let place = wording::place(quotation.page, quotation.paragraph.as_deref()).map(|place| format!(", {place}")).unwrap_or_default();
    format!("{speaker} · {how}{report}{place}")
}
