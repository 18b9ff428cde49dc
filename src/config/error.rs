//! What is wrong with a configuration file: where, what was expected, and what to do.

use std::fmt;

/// The place of a fault, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilePlace {
    pub line: usize,
    pub column: usize,
}

impl FilePlace {
    /// The place of a byte in `text`; columns count characters.
    pub fn of(text: &str, byte: usize) -> Self {
        let mut at = byte.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let before = &text[..at];
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self { line: before.matches('\n').count() + 1, column: before[start..].chars().count() + 1 }
    }
}

/// One fault of a configuration file.
///
/// Shown as `FILE:LINE:COLUMN: what is wrong`, and a second line `hint: what to do` where there is a good guess.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The file as the user named it.
    pub file: String,
    pub place: Option<FilePlace>,
    /// In lower case: names the key and says what was expected.
    pub message: String,
    pub hint: Option<String>,
}

impl ConfigError {
    pub(super) fn new(file: &str, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), place: None, message: message.into(), hint: None }
    }

    pub(super) fn at(mut self, text: &str, byte: usize) -> Self {
        self.place = Some(FilePlace::of(text, byte));
        self
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(FilePlace { line, column }) = self.place {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ConfigError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters_from_one() {
        let check = |byte, line, column| assert_eq!(FilePlace::of("a = 1\né = “2”\n", byte), FilePlace { line, column });
        check(0, 1, 1);
        check(4, 1, 5);
        check(6, 2, 1);
        check(8, 2, 2);
        check(7, 2, 1);
        check(999, 3, 1);
    }

    #[test]
    fn an_error_reads_as_a_place_a_fault_and_a_hint() {
        let error = ConfigError::new("my.toml", "unknown key `knd`").at("x\nknd = 1", 2).hint("did you mean `kind`?");
        assert_eq!(error.to_string(), "my.toml:2:1: unknown key `knd`\nhint: did you mean `kind`?");
    }
}
