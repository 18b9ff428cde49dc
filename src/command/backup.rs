//! `backup`: a copy of the database in a new file.

use std::path::Path;

use super::{Context, Exit, Trouble, brief, output};

/// # Errors
/// Where the file is there already or cannot be written, or there is no database.
pub fn run(context: &Context, file: &Path) -> Result<Exit, Trouble> {
    let size = context.stored()?.backup(file)?;
    output::say(
        context,
        &format!("{} written to {}; `tieback restore {}` puts it back", brief::size(size), file.display(), file.display()),
    );
    Ok(Exit::Well)
}
