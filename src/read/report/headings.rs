//! Headings: set apart by style, or plain lines that say what reports call their parts.

use std::sync::LazyLock;

use regex::Regex;

use crate::read::pdf::Line;

/// A heading set larger than the text by this factor is one without being bold.
pub const LARGER: f32 = 1.12;

/// The names of parts that some reports print in plain type. The whole line must be one.
static PLAIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let grade = r"(?:\s*:?\s*(?:(?:is|are)\s+)?(?:outstanding|good|inadequate|requires?\s+improvement(?:\s+to\s+be\s+good)?))";
    Regex::new(&format!(
        r"(?ix)^(?: recommendations | (?:executive\ )?summary(?:\ for\ children\ and\ young\ people|\ of\ (?:key\ )?findings)? | contents
        | (?:inspection|main|headline|key)\ (?:findings|strengths)(?:\ [–-]\ .{{1,80}})? | information\ about\ (?:this|the)\ .{{1,60}}
        | what\ (?:needs\ to\ improve|does\ the\ .{{1,40}}\ need\ to\ improve).{{0,60}} | areas?\ for\ (?:improvement|priority\ action)s?
        | (?:key\ )?strengths | (?:practice\ )?case\ study.{{0,60}} | next\ steps | context | background | the\ (?:local\ authority|inspection\ team)
        | (?:the\ )?(?:effectiveness\ of\ the\ )?(?:.{{1,60}}\ )?(?:local\ safeguarding\ children[’']?s?\ board(?:\ \(LSCB\))?|LSCB){grade}?
        | (?:the\ )?(?:experiences?\ and\ progress\ of|impact\ of\ leaders\ on)\ .{{1,90}} | leadership,?\ management\ and\ governance{grade}?
        | the\ graded\ judge?ment\ .{{1,120}}{grade} )\s*[:?]?\s*\d?$"
    ))
    .ok()
});

/// True for a line that stands as a heading by its style: bold throughout, or larger than the text.
pub fn by_style(line: &Line, body_size: f32) -> bool {
    let bold = line.bold && line.runs.iter().all(|run| run.bold || !run.text.chars().any(char::is_alphanumeric));
    line.text.chars().any(char::is_alphabetic) && (bold || line.size > body_size * LARGER)
}

/// True for the name of a part in plain type; the caller sees to it that the line stands alone.
pub fn by_words(text: &str) -> bool {
    PLAIN.as_ref().is_some_and(|plain| plain.is_match(text))
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
        ] {
            assert!(by_words(text), "{text}");
        }
        for text in [
            "Leadership, management and governance require improvement as the characteristics",
            "Recommendations are followed up well",
            "Context matters to leaders",
        ] {
            assert!(!by_words(text), "{text}");
        }
    }
}
