//! `backup`: a copy of the database in a new file.

use std::path::Path;

use super::{Context, Exit, Trouble, brief, output};

/// # Errors
/// Where the file is there already or cannot be written, or there is no database.
pub fn run(context: &Context, file: &Path) -> Result<Exit, Trouble> {
    let size = context.stored()?.backup(file)?;
    output::say(context, &format!("{} written to {}; put it back by copying it over the database", brief::size(size), file.display()));
    Ok(Exit::Well)
}
