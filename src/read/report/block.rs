//! Blocks, of which passages are made, and how lines join into one.

use crate::model::report::PassageKind;

/// A heading, paragraph, bullet or footnote, with what its place on the page says.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportBlock {
    pub page: u32,
    pub number: Option<u32>,
    pub kind: PassageKind,
    pub text: String,
    /// Where its first line begins.
    pub x: f32,
    pub size: f32,
    /// The number was printed at its beginning, it is not only inherited.
    pub numbered: bool,
}

/// True where a sentence ends, a closing quotation mark or bracket after it or not.
pub fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['’', '”', ')', '"', '\'']).ends_with(['.', '!', '?', ':'])
}

/// Joins a line to the text before it: a hyphen or slash at the line's end stays and takes no space.
pub fn join(text: &mut String, line: &str) {
    let mut last = text.chars().rev();
    let end = last.next();
    let before = last.next();
    let inside = before.is_some_and(char::is_alphanumeric);
    let suspended = ["and ", "or ", "to "].iter().any(|word| line.starts_with(word));
    let glued = matches!(end, Some('-' | '\u{2010}' | '\u{2011}' | '/')) && inside && !suspended;
    if !glued && !text.is_empty() {
        text.push(' ');
    }
    text.push_str(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_end_hyphens_stay_and_join() {
        let check = |first: &str, second: &str, expected: &str| {
            let mut text = first.to_owned();
            join(&mut text, second);
            assert_eq!(text, expected);
        };
        check("multi-", "agency work", "multi-agency work");
        check("arrangements/", "plans", "arrangements/plans");
        check("short-", "and long-term", "short- and long-term");
        check("the plan –", "a good one", "the plan – a good one");
        check("", "One", "One");
    }

    #[test]
    fn a_sentence_ends_also_before_a_closing_quotation_mark() {
        assert!(ends_sentence("as one said, ‘I am safe.’"));
        assert!(!ends_sentence("as one said, ‘I am safe’"));
    }
}
