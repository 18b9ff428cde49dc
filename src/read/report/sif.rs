//! The single inspection framework, 2013 to 2018, and its re-inspections: a table, two sentences, and headings with grades.

use std::sync::LazyLock;

use regex::Regex;

use super::body::Block;
use super::grades::{self, Labels, Reading};
use super::kind::{Place, Rules};
use super::recommendations::{equal_heading, items, section};
use super::{Draft, cover};
use crate::model::report::{Framework, JudgementKey, PassageKind, ReportReading};

pub static RULES: Rules = Rules {
    framework: Framework::Sif,
    is: |front| front.dear.is_none() && front.subject.contains("services for children in need of help and protection"),
    listed: &["single inspection"],
    table: Place::Front,
    labels: LABELS,
    read,
};

pub const LABELS: Labels = &[
    ("need help and protection", JudgementKey::HelpProtection),
    ("need of help and protection", JudgementKey::HelpProtection),
    ("achieving permanence", JudgementKey::InCarePermanence),
    ("adoption", JudgementKey::Adoption),
    ("care leavers", JudgementKey::CareLeavers),
    ("leadership, management", JudgementKey::Leaders),
    ("leadership management", JudgementKey::Leaders),
    ("leadership and", JudgementKey::Leaders),
    ("children looked after", JudgementKey::InCarePermanence),
];

fn built(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()
}

static OVERALL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    built(r"(?i)(?:overall judge?ment\b[^.;]{0,60}?\b(?:is|was)\b(?:\s+that)?[\s:]*(?:(?:the\s+)?(?:children|services)[^.;]{0,120}?\s)?|(?:children[’']?s\s+services|services\s+for\s+children)\b[^.;]{0,120}?\s)(?:(?:is|are)\s+)?(?P<grade>outstanding|good|requires?\s+improvement(?:\s+to\s+be\s+good)?|inadequate)\b")
});
static LSCB: LazyLock<Option<Regex>> = LazyLock::new(|| {
    built(r"(?i)(?:safeguarding\s+children(?:[’']?s)?\s+board|\bLSCB)\b\)?s?[^.;]{0,60}?\s(?:(?:is|are)\s+)?(?P<grade>outstanding|good|requires?\s+improvement(?:\s+to\s+be\s+good)?|inadequate)\b")
});

fn read(draft: &Draft, reading: &mut ReportReading) {
    let mut first = draft.table_readings();
    if first.len() < 5 {
        reading.doubts.push(format!("the table of judgements gave {} grades, 5 were expected", first.len()));
    }
    let complete = first.len() >= 5;
    let mut sentences = sentences(draft, &OVERALL, JudgementKey::Overall);
    if sentences.is_empty() {
        reading.doubts.push("no sentence with the overall judgement".into());
    } else {
        first.insert(0, sentences.remove(0));
    }
    let second = sentences.into_iter().chain(in_headings(draft)).chain(self::sentences(draft, &LSCB, JudgementKey::Lscb)).collect();
    let (judgements, doubts) = grades::merge(first, second, |key| key == JudgementKey::Lscb || !complete);
    reading.judgements = judgements;
    reading.doubts.extend(doubts);
    reading.recommendations = section(&draft.body.blocks, starts_recommendations, ends_recommendations).map(items).unwrap_or_default();
    reading.lead_inspector = cover::lead_inspector(draft.rows);
}

/// Headings with a grade, and the two-column headings of 2014 ("Key judgement | Judgement grade").
fn in_headings(draft: &Draft) -> Vec<Reading> {
    let blocks = &draft.body.blocks;
    let after_key = |at: usize| at > 0 && blocks[at - 1].text.to_lowercase().starts_with("key judg");
    let texts = blocks.iter().enumerate().filter(|(at, block)| block.kind == PassageKind::Heading || after_key(*at));
    grades::in_headings(texts.map(|(_, block)| block.text.as_str()), LABELS)
}

/// Where the overall and the board's judgement are said: on the first page and in headings, never in explanations of grades.
fn sentences(draft: &Draft, pattern: &LazyLock<Option<Regex>>, key: JudgementKey) -> Vec<Reading> {
    let Some(pattern) = pattern.as_ref() else { return Vec::new() };
    let front = |block: &&Block| block.page == 1 && block.kind != PassageKind::Footnote || block.kind == PassageKind::Heading;
    let explains = |text: &str| text.to_lowercase().contains(" if ") || text.to_lowercase().contains("judgements mean");
    let read = |block: &Block| {
        let found = pattern.captures(&block.text)?;
        let printed = found.name("grade")?;
        let other = key == JudgementKey::Overall && grades::key(LABELS, &block.text[..printed.start()]).is_some();
        let board = key == JudgementKey::Overall && block.text[..printed.start()].to_lowercase().contains("safeguarding children board");
        if other || board {
            return None;
        }
        let label = block.text[..printed.end()].to_owned();
        Some(Reading { key, label, grade: grades::grade(printed.as_str())?, printed: printed.as_str().to_owned() })
    };
    draft.body.blocks.iter().filter(front).filter(|block| !explains(&block.text)).filter_map(read).collect()
}

fn starts_recommendations(text: &str) -> bool {
    let text = text.to_lowercase();
    text.starts_with("recommendations") || (text.starts_with("what does") && text.contains("need to improve") && !text.contains("lscb") && !text.contains("board"))
}

/// The next chapter: a heading as large, or one of those that always follow.
fn ends_recommendations(own: &Block, other: &Block) -> bool {
    const FOLLOW: [&str; 5] = ["summary for children", "information about", "the local authority’s strengths", "the local authority's strengths", "executive summary"];
    let text = other.text.to_lowercase();
    FOLLOW.iter().any(|beginning| text.starts_with(beginning)) || (equal_heading(own, other) && !is_part(&text))
}

/// Headings that divide the recommendations, however large they are printed.
fn is_part(text: &str) -> bool {
    ["priority and immediate action", "immediate and priority action", "areas for improvement", "priority action"].iter().any(|part| text.starts_with(part))
}
