//! All that has no rules of its own: reviews of a safeguarding board, joint area reviews, what comes in later years.
//!
//! Such a report has no table that could be relied on, but what every report has is read: lead inspector, what is to be
//! improved, and the judgement of a board that the title names.

use super::block::ReportBlock;
use super::kind::{Rules, TablePlace};
use super::recommendations::{bullets, equal_heading, items, under_heading};
use super::{ReportDraft, cover, grades, sif, visit};
use crate::model::report::{Framework, PassageKind, Recommendation, ReportReading};

pub static RULES: Rules = Rules { framework: Framework::Other, is: |_| true, listed: &[], table: TablePlace::Nowhere, labels: &[], read };

fn read(draft: &ReportDraft, reading: &mut ReportReading) {
    reading.lead_inspector = cover::lead_inspector(draft.rows).or_else(|| visit::signature(draft));
    if names_board(&draft.front.subject) {
        let (judgements, doubts) = grades::merge(sif::board(draft), Vec::new(), |_| false);
        reading.judgements = judgements;
        reading.doubts.extend(doubts);
    }
    reading.recommendations = under_heading(&draft.body.blocks, asks, ends, introduced);
}

/// True for the title of a report about a safeguarding board, in lower case.
pub fn names_board(title: &str) -> bool {
    title.contains("safeguarding children board") || title.contains("safeguarding board") || title.contains("lscb")
}

/// True for the headings under which reports of all years say what is to be done.
fn asks(heading: &str) -> bool {
    const WORDS: [&str; 8] = [
        "recommendation", "area for improvement", "areas for improvement", "priorities for", "priority and immediate action",
        "immediate and priority action", "areas for priority action", "what needs to improve",
    ];
    let heading = heading.to_lowercase();
    WORDS.iter().any(|words| heading.starts_with(words)) || (heading.starts_with("what do") && heading.contains("need to improve"))
}

/// The next heading as large ends them, but one that only divides them by urgency.
fn ends(own: &ReportBlock, other: &ReportBlock) -> bool {
    let text = other.text.to_lowercase();
    let urgency = ["immediately", "within "].iter().any(|start| text.starts_with(start));
    equal_heading(own, other) && !urgency && !asks(&text)
}

/// Numbered paragraphs or bullets; bullets, too, where the one numbered paragraph only introduces them.
fn introduced(section: &[ReportBlock]) -> Vec<Recommendation> {
    let mut numbered = section.iter().filter(|block| block.numbered);
    let introduces = matches!((numbered.next(), numbered.next()), (Some(only), None) if only.text.ends_with(':'));
    let list = section.iter().any(|block| block.kind == PassageKind::Bullet);
    if introduces && list { bullets(section) } else { items(section) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_that_ask_and_those_that_do_not() {
        for heading in [
            "Recommendations", "Priorities for further improvement", "Areas for improvement", "What does the LSCB need to improve?",
            "What needs to improve?",
        ] {
            assert!(asks(heading), "{heading}");
        }
        for heading in ["Priority setting", "Summary", "What the inspection judgements mean", "Improvement since the last inspection"] {
            assert!(!asks(heading), "{heading}");
        }
    }

    #[test]
    fn one_numbered_paragraph_can_introduce_the_list() {
        let block = |number: Option<u32>, text: &str| ReportBlock {
            page: 1,
            number,
            kind: if number.is_some() { PassageKind::Paragraph } else { PassageKind::Bullet },
            text: text.into(),
            x: 70.0,
            size: 12.0,
            numbered: number.is_some(),
        };
        let count = |blocks: &[ReportBlock]| introduced(blocks).len();
        let list = [block(None, "one"), block(None, "two")];
        assert_eq!(count(&[&[block(Some(13), "Priorities:")], &list[..]].concat()), 2);
        assert_eq!(count(&[&[block(Some(13), "Plans are clear.")], &list[..]].concat()), 1);
        assert_eq!(count(&[&[block(Some(13), "First:")], &list[..], &[block(Some(14), "Second.")]].concat()), 2);
        assert_eq!(count(&[block(Some(13), "Only this:")]), 1);
    }
}
