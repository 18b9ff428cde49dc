//! Output on stdout: results only, clean, and at ease with a reader that stops early.

use std::io::{self, Write};

use super::Trouble;

/// Writes a text to stdout as a whole.
///
/// # Errors
/// Where stdout cannot be written; a broken pipe becomes a [`Trouble`] with exit code 0.
pub fn print(text: &str) -> Result<(), Trouble> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}
