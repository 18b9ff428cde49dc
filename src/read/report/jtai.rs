//! Joint targeted area inspections: letters without grades, in the layouts of 2016-20 and since 2022.

use super::Draft;
use super::block::Block;
use super::kind::{Place, Rules, said_first};
use super::recommendations::{bullets, numbered_through, paragraphs};
use crate::model::report::{Framework, PassageKind, Recommendation, ReportReading};

pub static RULES: Rules = Rules {
    framework: Framework::Jtai,
    is: |front| {
        said_first(&front.subject, &["joint targeted area", "focused visit", "monitoring visit", "inspection of services for"])
            == Some("joint targeted area")
    },
    listed: &["joint", "child protection"],
    table: Place::Nowhere,
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
pub fn to_improve(draft: &Draft) -> Vec<Recommendation> {
    let blocks = &draft.body.blocks;
    let headings = blocks.iter().enumerate().filter(|(_, block)| block.kind == PassageKind::Heading);
    let lists = headings.filter_map(|(at, heading)| {
        let asks = asks(&heading.text)?;
        let section = section_of(&blocks[at + 1..]);
        let found = bullets(section);
        let none = section.first().is_none_or(|block| says_none(&block.text));
        Some(if found.is_empty() && asks == Asks::Priority && !none { paragraphs(section) } else { found })
    });
    numbered_through(lists.collect::<Vec<_>>())
}

/// A section ends at the next heading; one that begins with a heading is divided by themes, and ends where another part begins.
fn section_of(blocks: &[Block]) -> &[Block] {
    let themed = blocks.first().is_some_and(|block| block.kind == PassageKind::Heading && !is_part(&block.text));
    let ends =
        |block: &Block| block.kind == PassageKind::Footnote || (block.kind == PassageKind::Heading && (!themed || is_part(&block.text)));
    &blocks[..blocks.iter().position(ends).unwrap_or(blocks.len())]
}

/// The parts of a letter, as against the themes within them.
fn is_part(heading: &str) -> bool {
    const PARTS: [&str; 7] =
        ["key strengths", "strengths", "case study", "practice case study", "next steps", "headline findings", "highlight"];
    let heading = heading.to_lowercase();
    asks(&heading).is_some() || PARTS.iter().any(|part| heading.starts_with(part)) || heading.contains("case study")
}

/// "There are no areas for priority action" is none.
fn says_none(text: &str) -> bool {
    let text = text.to_lowercase();
    ["there are no", "there were no", "no areas", "none", "inspectors did not identify", "inspectors identified no"]
        .iter()
        .any(|start| text.starts_with(start))
}
