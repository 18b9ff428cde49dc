//! Headings: set apart by style, or plain lines that say what reports call their parts.

use crate::read::pdf::Line;

/// A heading set larger than the text by this factor is one without being bold.
pub const LARGER: f32 = 1.12;

/// The names of parts that some reports print in plain type, in lower case, and how many characters can follow.
const NAMES: [(&str, usize); 35] = [
    ("recommendations", 0),
    ("summary", 0),
    ("summary for children and young people", 0),
    ("summary of findings", 0),
    ("summary of key findings", 0),
    ("executive summary", 0),
    ("executive summary for children and young people", 0),
    ("executive summary of findings", 0),
    ("executive summary of key findings", 0),
    ("contents", 0),
    ("inspection findings", 0),
    ("inspection findings – ", 80),
    ("main findings", 0),
    ("headline findings", 0),
    ("key findings", 0),
    ("inspection strengths", 0),
    ("main strengths", 0),
    ("headline strengths", 0),
    ("key strengths", 0),
    ("strengths", 0),
    ("information about this ", 60),
    ("information about the ", 60),
    ("what needs to improve", 60),
    ("what does the ", 120),
    ("area for improvement", 1),
    ("areas for improvement", 1),
    ("area for priority action", 1),
    ("areas for priority action", 1),
    ("case study", 60),
    ("practice case study", 60),
    ("next steps", 0),
    ("context", 0),
    ("background", 0),
    ("the local authority", 0),
    ("the inspection team", 0),
];

/// How the sections begin that judge something, with an article or not, and the most characters that follow.
const SECTIONS: [&str; 3] = ["experience and progress of ", "experiences and progress of ", "impact of leaders on "];
const LONGEST_SECTION: usize = 90;

/// What a safeguarding board is called at the end of a heading.
const BOARD: [&str; 9] = [
    "local safeguarding children board",
    "local safeguarding children’s board",
    "local safeguarding children's board",
    "local safeguarding childrens board",
    "local safeguarding children boards",
    "local safeguarding children board (lscb)",
    "local safeguarding children’s board (lscb)",
    "local safeguarding children's board (lscb)",
    "lscb",
];

/// The most characters of a heading about a board, and of one about "the graded judgement".
const LONGEST: usize = 120;

/// True for a line that stands as a heading by its style: bold throughout, or larger than the text.
pub fn by_style(line: &Line, body_size: f32) -> bool {
    let bold = line.bold && line.runs.iter().all(|run| run.bold || !run.text.chars().any(char::is_alphanumeric));
    line.text.chars().any(char::is_alphabetic) && (bold || line.size > body_size * LARGER)
}

/// True for the name of a part in plain type; the caller sees to it that the line stands alone.
pub fn by_words(text: &str) -> bool {
    let text = text.to_lowercase();
    let text = text.strip_suffix(|char: char| char.is_ascii_digit()).unwrap_or(&text).trim_end();
    let text = text.strip_suffix([':', '?']).unwrap_or(text).trim_end();
    let bare = text.strip_prefix("the ").unwrap_or(text);
    let begins = |text: &str, name: &str, more: usize| text.strip_prefix(name).is_some_and(|rest| rest.chars().count() <= more);
    let asks = !text.starts_with("what does the ") || text.contains(" need to improve");
    (asks && NAMES.iter().any(|(name, more)| begins(text, name, *more)))
        || SECTIONS.iter().any(|name| begins(bare, name, LONGEST_SECTION))
        || says_grade(bare)
}

/// Headings that can end with their grade: "leadership, management and governance: good", "… safeguarding children board is good".
fn says_grade(text: &str) -> bool {
    if text.chars().count() > LONGEST {
        return false;
    }
    let (name, graded) = match without_grade(text) {
        Some(name) => (name, true),
        None => (text, false),
    };
    (graded && (name.starts_with("graded judgement ") || name.starts_with("graded judgment ")))
        || matches!(name, "leadership, management and governance" | "leadership management and governance")
        || BOARD.iter().any(|board| name.strip_suffix(board).is_some_and(|before| before.is_empty() || before.ends_with(' ')))
}

/// The text before the grade it ends with, and before its verb or colon.
fn without_grade(text: &str) -> Option<&str> {
    const GRADES: [&str; 7] = [
        "outstanding", "good", "inadequate", "requires improvement to be good", "require improvement to be good", "requires improvement",
        "require improvement",
    ];
    // The longest first: every grade of several words ends with one that is none, or with "good".
    let grade = GRADES.iter().filter(|grade| text.ends_with(**grade)).max_by_key(|grade| grade.len())?;
    let name = text.strip_suffix(grade)?.trim_end();
    let name = name.strip_suffix(" is").or_else(|| name.strip_suffix(" are")).unwrap_or(name).trim_end();
    Some(name.strip_suffix(':').unwrap_or(name).trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_parts_and_sentences_that_begin_alike() {
        for text in [
            "Recommendations",
            "Executive summary",
            "What needs to improve?1",
            "The Local Safeguarding Children Board is good",
            "The effectiveness of the Local Safeguarding Children Board (LSCB) requires improvement",
            "Inspection findings – the Local Safeguarding Children Board",
            "The experiences and progress of children in care: good",
            "Leadership, management and governance require improvement",
            "The graded judgement for adoption performance is outstanding",
            "What does the local authority need to improve?",
            "Wexcombe LSCB is inadequate",
            "Areas for improvement:",
        ] {
            assert!(by_words(text), "{text}");
        }
        for text in [
            "Leadership, management and governance require improvement as the characteristics",
            "Recommendations are followed up well",
            "Context matters to leaders",
            "What does the board know",
            "The graded judgement for adoption performance",
            "The recommendations",
            "Children told the LSCB what they need",
            "Summary of key findings of the last inspection",
        ] {
            assert!(!by_words(text), "{text}");
        }
    }
}
