//! Joint targeted area inspections: letters without grades, in the layouts of 2016-20 and since 2022.

use super::ReportDraft;
use super::block::ReportBlock;
use super::kind::{Rules, TablePlace, said_first};
use super::recommendations::{bullets, numbered_through, paragraphs};
use crate::model::report::{Framework, PassageKind, Recommendation, ReportReading};

pub static RULES: Rules = Rules {
    framework: Framework::Jtai,
    is: |front| {
        said_first(&front.subject, &["joint targeted area", "focused visit", "monitoring visit", "inspection of services for"])
            == Some("joint targeted area")
    },
    listed: &["joint", "child protection"],
    table: TablePlace::Nowhere,
    labels: &[],
    read: |draft, reading: &mut ReportReading| reading.recommendations = to_improve(draft),
};

/// What a section asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    Priority,
    Improvement,
}

fn asks(heading: &str) -> Option<Asks> {
    let heading = heading.to_lowercase();
    let heading = heading.trim_start_matches(|char: char| !char.is_alphabetic());
    let starts = |words: &[&str]| words.iter().any(|word| heading.starts_with(word));
    if starts(&["area for priority action", "areas for priority action", "priority action"]) {
        Some(Asks::Priority)
    } else {
        starts(&["what needs to improve", "areas for improvement", "area for improvement"]).then_some(Asks::Improvement)
    }
}

/// The bullets under all headings that ask for something; a priority action may be prose.
pub fn to_improve(draft: &ReportDraft) -> Vec<Recommendation> {
    let blocks = &draft.body.blocks;
    let headings = blocks.iter().enumerate().filter(|(_, block)| block.kind == PassageKind::Heading);
    let lists = headings.filter_map(|(at, heading)| {
        let asks = asks(&heading.text)?;
        let section = without_asides(section_of(&blocks[at + 1..]));
        let found = bullets(&section);
        let none = section.first().is_none_or(|block| says_none(&block.text));
        Some(if found.is_empty() && asks == Asks::Priority && !none { paragraphs(&section) } else { found })
    });
    numbered_through(lists.collect::<Vec<_>>())
}

/// A section ends at the next heading; one that begins with a heading is divided by themes, and ends where another part begins.
fn section_of(blocks: &[ReportBlock]) -> &[ReportBlock] {
    let themed = blocks.first().is_some_and(|block| block.kind == PassageKind::Heading && !is_part(&block.text));
    let column = blocks.iter().find(|block| block.kind == PassageKind::Bullet).map_or(0.0, |block| block.x);
    let boxed = |block: &ReportBlock| is_study(&block.text) && block.x > column + COLUMN;
    let parts = |block: &ReportBlock| !themed || is_part(&block.text) || is_study(&block.text);
    let ends =
        |block: &ReportBlock| block.kind == PassageKind::Footnote || (block.kind == PassageKind::Heading && !boxed(block) && parts(block));
    &blocks[..blocks.iter().position(ends).unwrap_or(blocks.len())]
}

/// The story of one child can be printed in a box, indented, and the list around it goes on below: from the story's heading
/// to the next bullet in the column of the list all is left out.
fn without_asides(section: &[ReportBlock]) -> Vec<ReportBlock> {
    let column =
        section.iter().take_while(|block| !is_study(&block.text)).find(|block| block.kind == PassageKind::Bullet).map(|block| block.x);
    let mut aside = false;
    let kept = section.iter().filter(|block| {
        let listed = block.kind == PassageKind::Bullet && column.is_some_and(|column| (block.x - column).abs() < COLUMN);
        aside = if block.kind == PassageKind::Heading { is_study(&block.text) } else { aside && !listed };
        !aside
    });
    kept.cloned().collect()
}

/// Distance in points within which two bullets stand in one column.
const COLUMN: f32 = 4.0;

/// The heading of a box that tells of one child.
fn is_study(heading: &str) -> bool {
    let heading = heading.to_lowercase();
    ["case study", "practice study"].iter().any(|words| heading.starts_with(words) || heading.starts_with(&format!("practice {words}")))
}

/// The parts of a letter, as against the themes within them.
fn is_part(heading: &str) -> bool {
    const PARTS: [&str; 5] = ["key strengths", "strengths", "next steps", "headline findings", "highlight"];
    let heading = heading.to_lowercase();
    asks(&heading).is_some() || PARTS.iter().any(|part| heading.starts_with(part))
}

/// "There are no areas for priority action" is none.
fn says_none(text: &str) -> bool {
    let text = text.to_lowercase();
    ["there are no", "there were no", "no areas", "none", "inspectors did not identify", "inspectors identified no"]
        .iter()
        .any(|start| text.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stories_of_a_child_parts_and_themes() {
        for heading in ["Case study: effective practice", "Practice study: highly effective practice", "Practice case study"] {
            assert!(is_study(heading) && !is_part(heading), "{heading}");
        }
        for heading in ["Key strengths", "Areas for improvement", "Next steps"] {
            assert!(is_part(heading) && !is_study(heading), "{heading}");
        }
        for heading in ["Leadership", "Improvement of practice", "In this case study the police"] {
            assert!(!is_part(heading) && !is_study(heading), "{heading}");
        }
    }

    #[test]
    fn a_list_goes_on_below_the_box() {
        let block = |kind: PassageKind, x: f32, text: &str| ReportBlock {
            page: 1,
            number: None,
            kind,
            text: text.into(),
            x,
            size: 12.0,
            numbered: false,
        };
        let (heading, bullet, text) = (PassageKind::Heading, PassageKind::Bullet, PassageKind::Paragraph);
        let section = [
            block(bullet, 70.0, "First."),
            block(heading, 88.0, "Case study: effective practice"),
            block(text, 88.0, "A child"),
            block(bullet, 106.0, "was seen."),
            block(bullet, 70.0, "Second."),
            block(heading, 70.0, "Leadership"),
            block(bullet, 70.0, "Third."),
        ];
        let kept: Vec<String> = without_asides(&section).into_iter().map(|block| block.text).collect();
        assert_eq!(kept, ["First.", "Second.", "Leadership", "Third."]);
        // A story behind the list has no more of it.
        assert_eq!(without_asides(&section[..4]).len(), 1);
        assert_eq!(without_asides(&section[1..4]).len(), 0);
    }
}
