//! The single inspection framework, 2013 to 2018, and its re-inspections: a table, two sentences, and headings with grades.

use std::sync::LazyLock;

use regex::Regex;

use super::block::ReportBlock;
use super::grades::{self, GradeReading, Labels};
use super::kind::{Rules, TablePlace};
use super::pattern::built;
use super::recommendations::{equal_heading, items, under_heading};
use super::{ReportDraft, cover};
use crate::model::report::{Framework, JudgementKey, PassageKind, Recommendation, ReportReading};

pub static RULES: Rules = Rules {
    framework: Framework::Sif,
    is: |front| front.dear.is_none() && front.subject.contains("in need of help and protection"),
    listed: &["single inspection"],
    table: TablePlace::Front,
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

const GRADE: &str = r"(?P<grade>outstanding|good|requires?\s+improvement(?:\s+to\s+be\s+good)?|inadequate)\b";

/// "The overall judgement is good", "… is that children’s services require improvement", "Children’s services in X are inadequate".
static OVERALL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let said = r"overall\s+(?:judge?ment|effectiveness)\b[^.;]*?\b(?:is|was)\b[\s:]*(?:that\s[^.;]*?\b)?";
    let services = r"children[’']?s\s+(?:social\s+care\s+)?services\b[^.;]*?\s";
    built(&format!(r"(?i)(?:{said}|{services})(?:(?:is|are)\s+)?{GRADE}"))
});

/// "The Local Safeguarding Children Board (LSCB) is good", "The effectiveness of the LSCB requires improvement".
static LSCB: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let place = r"(?:\s+(?:in|for|of)\s+[^.;]+?)?";
    built(&format!(
        r"(?i)(?:safeguarding\s+children(?:[’']?s)?\s+boards?|LSCBs?)\)?(?:\s*\([A-Z]{{3,8}}\))?{place}[\s:]+(?:(?:is|are|was)\s+)?(?:judged\s+(?:to\s+be|as)\s+)?(?:that\s+it\s+)?{GRADE}"
    ))
});

/// A sentence that says a judgement is shorter than this, in characters.
const LONGEST_SENTENCE: usize = 140;

/// From the words that say what is judged to the grade there are fewer characters than this.
const LONGEST_SAYING: usize = 260;

/// More paragraphs and bullets than this are more than the recommendations. The longest list seen has 70.
const MOST_BLOCKS: usize = 150;

fn read(draft: &ReportDraft, reading: &mut ReportReading) {
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
    let second = sentences.into_iter().chain(in_headings(draft)).chain(board(draft)).collect();
    let (judgements, doubts) = grades::merge(first, second, |key| key == JudgementKey::Lscb || !complete);
    reading.judgements = judgements;
    reading.doubts.extend(doubts);
    let blocks = &draft.body.blocks;
    let few = |section: &[ReportBlock]| if section.len() < MOST_BLOCKS { items(section) } else { Vec::new() };
    let by_names = || under_heading(blocks, starts_recommendations, ends_recommendations, few);
    let by_size = || under_heading(blocks, starts_recommendations, ends_by_size, items);
    // Where nothing stands over them, their first part does.
    let by_parts = || under_heading(blocks, |text| is_part(&text.to_lowercase()), ends_recommendations, few);
    let lists: [&dyn Fn() -> Vec<Recommendation>; 3] = [&by_names, &by_size, &by_parts];
    reading.recommendations = lists.into_iter().map(|list| list()).find(|list| !list.is_empty()).unwrap_or_default();
    reading.lead_inspector = cover::lead_inspector(draft.rows);
}

/// Where the report says the judgement of the safeguarding board.
pub fn board(draft: &ReportDraft) -> Vec<GradeReading> {
    sentences(draft, &LSCB, JudgementKey::Lscb)
}

/// Headings with a grade, and the two-column headings of 2014 ("Key judgement | Judgement grade").
fn in_headings(draft: &ReportDraft) -> Vec<GradeReading> {
    let blocks = &draft.body.blocks;
    let headings: Vec<String> =
        (0..blocks.len()).filter(|&at| blocks[at].kind == PassageKind::Heading).map(|at| with_cells(blocks, at)).collect();
    grades::in_headings(headings.iter().map(String::as_str), LABELS)
}

/// A heading; under "Key judgement" with the cells below it, up to the one with the grade.
fn with_cells(blocks: &[ReportBlock], at: usize) -> String {
    let mut text = blocks[at].text.clone();
    if text.to_lowercase().contains("key judg") {
        for cell in blocks[at + 1..].iter().take(3).take_while(|block| block.kind != PassageKind::Heading) {
            text = format!("{text} {}", cell.text);
            if grades::at_end(&text).is_some() {
                break;
            }
        }
    }
    text
}

/// Where the overall and the board's judgement are said: on the first page and in headings, never in explanations of grades.
fn sentences(draft: &ReportDraft, pattern: &LazyLock<Option<Regex>>, key: JudgementKey) -> Vec<GradeReading> {
    let Some(pattern) = pattern.as_ref() else { return Vec::new() };
    let front = |block: &&ReportBlock| block.kind != PassageKind::Footnote && (block.page == 1 || block.kind == PassageKind::Heading);
    let prose = |block: &&ReportBlock| block.kind == PassageKind::Paragraph && draft.front.subject.contains("safeguarding children board");
    let explains = |text: &str| {
        [" if ", "judgements mean", "judgments mean", " not ", "characteristics"].iter().any(|word| text.to_lowercase().contains(word))
    };
    let read = |block: &ReportBlock| {
        let found = pattern.captures(&block.text)?;
        let (label, printed) = (found.get(0)?, found.name("grade")?);
        let other = key == JudgementKey::Overall
            && (grades::key(LABELS, label.as_str()).is_some() || label.as_str().to_lowercase().contains("board"));
        if other
            || label.as_str().chars().count() > LONGEST_SAYING
            || explains(label.as_str())
            || block.text[printed.end()..].trim_start().starts_with("if ")
        {
            return None;
        }
        let sentence = block.text[..label.start()].rfind(". ").map_or(0, |stop| stop + 2);
        let (label, printed) = (block.text[sentence..printed.end()].to_owned(), printed.as_str().to_owned());
        Some(GradeReading { key, label, grade: grades::grade(&printed)?, printed })
    };
    let found: Vec<GradeReading> = draft.body.blocks.iter().filter(front).filter_map(read).collect();
    if !found.is_empty() {
        return found;
    }
    // Neither cover nor headings say it: then a paragraph that begins with it.
    let begins = |reading: &GradeReading| reading.label.chars().count() < LONGEST_SENTENCE;
    draft.body.blocks.iter().filter(prose).filter_map(read).filter(begins).take(1).collect()
}

fn starts_recommendations(text: &str) -> bool {
    let text = text.to_lowercase();
    text.starts_with("recommendations")
        || (text.starts_with("what does") && text.contains("need to improve") && !text.contains("lscb") && !text.contains("board"))
}

/// What can follow the recommendations: one of these always does.
const FOLLOW: [&str; 9] = [
    "summary for children", "information about", "the local authority’s strengths", "the local authority's strengths", "executive summary",
    "progress since", "the experiences and progress", "inspection judgements about", "key judgement",
];

fn ends_recommendations(_: &ReportBlock, other: &ReportBlock) -> bool {
    let text = other.text.to_lowercase();
    FOLLOW.iter().any(|beginning| text.starts_with(beginning))
}

/// Where none of those follows, the next heading as large ends them.
fn ends_by_size(own: &ReportBlock, other: &ReportBlock) -> bool {
    equal_heading(own, other) && !is_part(&other.text.to_lowercase())
}

/// Headings that divide the recommendations, however large they are printed.
fn is_part(text: &str) -> bool {
    ["priority and immediate action", "immediate and priority action", "areas for improvement", "priority action"]
        .iter()
        .any(|part| text.starts_with(part))
}
