//! Evidence worded for a reader: what the story says beside what the report says, with page and paragraph.

use crate::model::{
    date,
    evidence::{Evidence, EvidenceKind},
    report::Passage,
    text::{shorten, words},
};

use super::{
    features::{Candidate, Findings, overall},
    locate::QuotePlace,
    prepared::Prepared,
    score::Weights,
    subject::Subject,
    when::Named,
};

/// Of each kind of text evidence so many pieces are kept; more convince nobody.
const MAX_PIECES: usize = 8;
/// Characters of an excerpt.
const EXCERPT: usize = 300;

/// The evidence for one tie, strongest kinds first.
pub fn word(story: &Prepared, candidate: &Candidate, findings: &Findings, weights: &Weights) -> Vec<Evidence> {
    let mut evidence = Vec::new();
    links(story, candidate, findings, weights, &mut evidence);
    quotations(story, candidate, findings, weights, &mut evidence);
    runs(story, candidate, findings, weights, &mut evidence);
    figures(story, candidate, findings, weights, &mut evidence);
    grade(story, candidate, findings, weights, &mut evidence);
    authority(story, candidate, findings, weights, &mut evidence);
    dates(story, candidate, findings, weights, &mut evidence);
    framework(candidate, findings, weights, &mut evidence);
    inspector(candidate, findings, weights, &mut evidence);
    if findings.get("intervened") > 0.0 {
        let said = "speaks of what is done about a council that was found inadequate";
        evidence.push(piece(EvidenceKind::Framework, said, "overall: inadequate", parts(weights, findings, &["intervened"])));
    }
    evidence
}

fn parts(weights: &Weights, findings: &Findings, names: &[&str]) -> f64 {
    round(names.iter().map(|name| weights.part(findings, name)).sum())
}

/// Two decimals, so that equal input prints equal bytes on every machine.
fn round(value: f64) -> f64 {
    let rounded = (value * 100.0).round() / 100.0;
    if rounded == 0.0 { 0.0 } else { rounded }
}

fn piece(kind: EvidenceKind, story: impl Into<String>, report: impl Into<String>, weight: f64) -> Evidence {
    Evidence { kind, story: story.into(), report: report.into(), page: None, paragraph: None, weight }
}

fn links(story: &Prepared, candidate: &Candidate, findings: &Findings, weights: &Weights, out: &mut Vec<Evidence>) {
    if let Some(link) = findings.link.and_then(|at| story.links.get(at)) {
        out.push(piece(
            EvidenceKind::Link,
            format!("links to {}", link.href),
            candidate.card.url.clone(),
            parts(weights, findings, &["link-file", "link-provider"]),
        ));
    }
}

/// The number of a passage's paragraph.
pub fn paragraph(passage: &Passage) -> Option<String> {
    passage.number.map(|number| number.to_string())
}

/// The report's own words, so many from one on, within its passage.
pub fn excerpt(candidate: &Candidate, word: usize, count: usize) -> String {
    let index = &candidate.text.index;
    let at = index.passage_of(word);
    let Some(passage) = candidate.text.passages.get(at) else { return String::new() };
    let words = words(&passage.text);
    let first = word - index.start_of(at);
    let last = (first + count.max(1)).min(words.len());
    let (Some(from), Some(to)) = (words.get(first), last.checked_sub(1).and_then(|last| words.get(last))) else { return String::new() };
    shorten(&passage.text[from.start..to.end], EXCERPT)
}

fn quotations(story: &Prepared, candidate: &Candidate, findings: &Findings, weights: &Weights, out: &mut Vec<Evidence>) {
    let found: Vec<(usize, &QuotePlace)> =
        findings.quotations.iter().enumerate().filter_map(|(quote, place)| place.as_ref().map(|place| (quote, place))).collect();
    let total: usize = found.iter().map(|(_, place)| place.matched).sum();
    let weight = parts(weights, findings, &["quote-exact", "quote-altered", "quote-unique"]);
    let mut found = found;
    found.sort_by_key(|(quote, place)| (std::cmp::Reverse(place.matched), *quote));
    for (quote, place) in found.into_iter().take(MAX_PIECES) {
        let passage = candidate.text.passages.get(place.passage);
        out.push(Evidence {
            kind: EvidenceKind::Quote,
            story: shorten(&story.quotations[quote].text, EXCERPT),
            report: excerpt(candidate, place.word, place.end - place.word),
            page: passage.map(|passage| passage.page),
            paragraph: passage.and_then(paragraph),
            weight: round(weight * place.matched as f64 / total.max(1) as f64),
        });
    }
}

fn runs(story: &Prepared, candidate: &Candidate, findings: &Findings, weights: &Weights, out: &mut Vec<Evidence>) {
    let words = &story.folded.words;
    let quoted = |from: usize, to: usize| {
        story.quotations.iter().zip(&findings.quotations).any(|(quoted, place)| place.is_some() && quoted.start <= from && to <= quoted.end)
    };
    let mut runs: Vec<_> =
        findings.runs.iter().filter(|run| !quoted(words[run.story].start, words[run.story + run.length - 1].end)).collect();
    let total: usize = runs.iter().map(|run| run.length).sum();
    let weight = parts(weights, findings, &["shared-text", "shared-unique"]);
    runs.sort_by_key(|run| (std::cmp::Reverse(run.length), run.story));
    for run in runs.into_iter().take(MAX_PIECES) {
        let passage = candidate.text.passages.get(run.passage);
        out.push(Evidence {
            kind: EvidenceKind::SharedText,
            story: shorten(story.text.slice((words[run.story].start, words[run.story + run.length - 1].end)), EXCERPT),
            report: excerpt(candidate, run.report, run.length),
            page: passage.map(|passage| passage.page),
            paragraph: passage.and_then(paragraph),
            weight: round(weight * run.length as f64 / total.max(1) as f64),
        });
    }
}

fn figures(story: &Prepared, candidate: &Candidate, findings: &Findings, weights: &Weights, out: &mut Vec<Evidence>) {
    let words = &story.folded.words;
    let weight = parts(weights, findings, &["figures"]) / findings.figures.len().max(1) as f64;
    let mut figures: Vec<_> = findings.figures.iter().collect();
    figures.sort_by(|a, b| b.strength.total_cmp(&a.strength).then(a.story.cmp(&b.story)));
    for figure in figures.into_iter().take(MAX_PIECES / 2) {
        let from = figure.story.saturating_sub(4);
        let to = (figure.story + 5).min(words.len());
        let passage = candidate.text.passages.get(candidate.text.index.passage_of(figure.report));
        let report_from =
            figure.report.saturating_sub(4).max(candidate.text.index.start_of(candidate.text.index.passage_of(figure.report)));
        out.push(Evidence {
            kind: EvidenceKind::Figure,
            story: crate::model::text::clean_line(story.text.slice((words[from].start, words[to - 1].end))),
            report: excerpt(candidate, report_from, 10),
            page: passage.map(|passage| passage.page),
            paragraph: passage.and_then(paragraph),
            weight: round(weight),
        });
    }
}

fn grade(story: &Prepared, candidate: &Candidate, findings: &Findings, weights: &Weights, out: &mut Vec<Evidence>) {
    if let Some((said, grade)) = findings.stated.as_ref().zip(overall(&candidate.card)) {
        let sentence = shorten(story.text.slice(story.text.sentences[said.sentence]), EXCERPT);
        let whole = candidate.card.judgements.iter().any(|judgement| judgement.key.is_whole());
        out.push(piece(
            EvidenceKind::Grade,
            sentence,
            format!("{}: {}", if whole { "overall" } else { "every area" }, grade.as_str()),
            parts(weights, findings, &["grade-agrees", "grade-disagrees", "only-graded"]),
        ));
    }
}

fn authority(story: &Prepared, candidate: &Candidate, findings: &Findings, weights: &Weights, out: &mut Vec<Evidence>) {
    let name = candidate.card.authority.clone().unwrap_or_default();
    let actor = findings.authority.and_then(|authority| story.actor(authority));
    let said = match actor.and_then(|actor| actor.first.map(|first| (actor, first))) {
        Some((actor, first)) => {
            let end = story
                .mentions
                .iter()
                .find(|mention| mention.start == first && mention.authority == actor.authority)
                .map_or(first, |mention| mention.end);
            let place = if actor.in_title {
                "in the title"
            } else if actor.in_lead {
                "in the first paragraphs"
            } else {
                "in the text"
            };
            format!("names {} {place}", without_possessive(story.text.slice((first, end))))
        }
        None if actor.is_some() => "stands on the council’s own pages, or names its predecessor".to_owned(),
        None if findings.get("authority-lineage") > 0.0 => "names a council that came before or after it".to_owned(),
        None => return,
    };
    let weight =
        parts(weights, findings, &["authority", "authority-lead", "authority-minor", "authority-lineage", "shadowed", "bare", "unnamed"]);
    out.push(piece(EvidenceKind::Authority, said, name, weight));
}

/// "Poole" of "Poole’s".
fn without_possessive(name: &str) -> &str {
    ["’s", "'s"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}

/// The features that rest on dates.
const DATES: [&str; 14] = [
    "within-150", "within-420", "undated", "newest", "only", "day", "month", "season-or-year", "told-after", "times-miss", "recalled",
    "stale", "to-come", "under-way",
];

fn dates(story: &Prepared, candidate: &Candidate, findings: &Findings, weights: &Weights, out: &mut Vec<Evidence>) {
    let Some(published) = candidate.card.published else { return };
    let mut said = match findings.gap {
        Some(0) => "published on the same day".to_owned(),
        Some(1) => "published the day after".to_owned(),
        Some(gap @ ..0) => format!("published {} before", count(-gap)),
        Some(gap) => format!("published {} after", count(gap)),
        None => "bears no date".to_owned(),
    };
    if let Some(time) = findings.fit.best {
        said.push_str(&format!("; says “{}”", time_in_words(story, &time)));
    }
    let mut report = format!("published {}", date::long(published));
    if let Some((from, to)) = candidate.card.inspected() {
        report.push_str(&format!(", inspected {} to {}", date::long(from), date::long(to)));
    }
    let weight = parts(weights, findings, &DATES);
    out.push(piece(EvidenceKind::Date, said, report, weight));
}

fn count(days: i32) -> String {
    if days == 1 { "the day".to_owned() } else { format!("{days} days") }
}

/// The time with the words of its clause: "inspectors came in May", never a piece across a full stop.
fn time_in_words(story: &Prepared, time: &Named) -> String {
    let words = &story.folded.words;
    let (start, end) = (words[time.word].start, words[time.end - 1].end);
    let sentence = story.text.sentence_at(start).map_or((start, end), |at| story.text.sentences[at]);
    let clause =
        story.text.whole[sentence.0..start].rfind([',', ';', ':', '(', '“', '”', '"']).map_or(sentence.0, |at| sentence.0 + at + 1);
    let first = story.folded.word_from(clause).max(time.word.saturating_sub(BESIDE));
    crate::model::text::clean_line(story.text.slice((words[first.min(time.word)].start, end)))
}

/// Words shown before a time.
const BESIDE: usize = 6;

fn framework(candidate: &Candidate, findings: &Findings, weights: &Weights, out: &mut Vec<Evidence>) {
    if Subject::of(candidate.card.framework).is_none() {
        return;
    }
    let said = if findings.get("subject-other") > 0.5 {
        "speaks more of another kind of inspection"
    } else if findings.get("subject") > 0.5 {
        "speaks of this kind of inspection"
    } else {
        "leaves the kind of inspection open"
    };
    out.push(piece(
        EvidenceKind::Framework,
        said,
        candidate.card.framework.as_str(),
        parts(weights, findings, &["subject", "subject-other"]),
    ));
}

/// Who led the inspection, and whom the story calls an inspector.
fn inspector(candidate: &Candidate, findings: &Findings, weights: &Weights, out: &mut Vec<Evidence>) {
    let Some(lead) = candidate.card.lead_inspector.as_deref() else { return };
    let said = if findings.get("inspector") > 0.0 {
        format!("names {lead}, who led the inspection")
    } else if findings.get("inspector-other") > 0.0 {
        "names an inspector who did not lead this inspection".to_owned()
    } else {
        return;
    };
    let weight = parts(weights, findings, &["inspector", "inspector-other"]);
    out.push(piece(EvidenceKind::Framework, said, format!("lead inspector {lead}"), weight));
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::tie::made_up::{reader, stored, story};

    /// The evidence for Fernshire's report of 2022 by kind, as a reader sees it.
    fn said(paragraphs: &[&str]) -> Vec<(EvidenceKind, String, String)> {
        let reader = reader();
        let prepared = reader.prepare(&story(Some(date(2022, 5, 10)), "Fernshire’s children’s services", paragraphs));
        let (candidates, weights) = (stored(), Weights::built_in().unwrap());
        let found = reader.findings(&prepared, &candidates);
        let worded = word(&prepared, &candidates[1], &found[1], &weights);
        worded.into_iter().map(|piece| (piece.kind, piece.story, piece.report)).collect()
    }

    #[test]
    fn evidence_says_what_both_sides_say() {
        let ruled = "Children’s services at Fernshire Council require improvement, Ofsted said in a report published on Monday 9 May 2022.";
        let said = said(&[ruled]);
        let of =
            |kind: EvidenceKind| said.iter().find(|(known, ..)| *known == kind).map(|(_, story, report)| (story.as_str(), report.as_str()));
        assert_eq!(of(EvidenceKind::Authority), Some(("names Fernshire’s children’s services in the title", "Fernshire")));
        assert_eq!(of(EvidenceKind::Grade), Some((ruled, "overall: requires improvement")));
        let (day, report) = of(EvidenceKind::Date).unwrap();
        assert!(day.starts_with("published the day after; says “") && day.contains("9 May 2022"), "{day}");
        assert!(report.starts_with("published 9 May 2022, inspected "), "{report}");
        assert_eq!(of(EvidenceKind::Quote), None, "nothing is quoted");
    }

    #[test]
    fn what_a_story_does_not_say_is_no_evidence() {
        let said = said(&["The council met."]);
        assert!(
            said.iter().all(|(kind, ..)| !matches!(
                kind,
                EvidenceKind::Grade | EvidenceKind::Quote | EvidenceKind::SharedText | EvidenceKind::Link
            )),
            "{said:?}"
        );
    }
}
