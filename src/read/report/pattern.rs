//! Patterns of a report's lines, which hold no white space but single spaces, and no digits but those of ASCII.

use regex::Regex;

/// A pattern that is compiled when it is first used.
///
/// `\s`, `\d` and `\b` stand for what they can meet in a line, and not for the tables of Unicode, which take milliseconds
/// to compile: a report takes some 15 in all, and is read in a process of its own.
pub fn built(pattern: &str) -> Option<Regex> {
    let pattern = pattern.replace(r"\s", r"[\x20]").replace(r"\d", "[0-9]").replace(r"\b", r"(?-u:\b)");
    Regex::new(&pattern).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_digits_and_edges_of_words() {
        let check = |pattern: &str, text: &str, expected: bool| {
            assert_eq!(built(pattern).unwrap().is_match(text), expected, "{pattern} in {text}");
        };
        check(r"^a\s+b$", "a  b", true);
        check(r"^[\s.)]+$", " .)", true);
        check(r"(?x)^ a\s b $", "a b", true);
        check(r"(?x)^ [\s-] $", " ", true);
        check(r"\bgood\b", "is good.", true);
        check(r"\bgood\b", "goods", false);
        check(r"^\d{2}$", "12", true);
        check(r"^\d$", "x", false);
    }
}
