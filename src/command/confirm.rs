//! Asking before what cannot be undone: a `y` from the terminal or on standard input goes on, anything else does not.

use std::io::{self, BufRead, Write};

use super::{Trouble, output};
use crate::model::text::clean_line;

/// Asks on stderr and reads one line; no line is a no.
///
/// # Errors
/// Where standard input cannot be read.
pub fn ask(question: &str) -> Result<bool, Trouble> {
    // Not through `output::told`, which ends the line. Who does not hear the question may have answered it all the same.
    let _deaf = write!(io::stderr(), "{} [y/N] ", clean_line(question));
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    if !line.ends_with('\n') || !io::IsTerminal::is_terminal(&io::stdin()) {
        output::told("");
    }
    Ok(is_yes(&line))
}

fn is_yes(line: &str) -> bool {
    matches!(line.trim().to_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_yes_is_one() {
        for yes in ["y", "Y\n", " yes \r\n", "YES"] {
            assert!(is_yes(yes), "{yes:?}");
        }
        for no in ["", "\n", "n\n", "no", "yep", "yy", "y n", "1"] {
            assert!(!is_yes(no), "{no:?}");
        }
    }
}
