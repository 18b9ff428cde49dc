//! `show`: one story or report with all that is known of it.

mod report;
mod story;
mod ties;

use std::io::{self, IsTerminal};

use super::{Context, Exit, Trouble, brief, export, find, output, table};

pub use report::coverage;

/// # Errors
/// Where the id is not known, there is no database, or stdout cannot be written.
pub fn run(context: &Context, typed: &str, text: bool, as_json: bool) -> Result<Exit, Trouble> {
    let store = context.stored()?;
    match find::any(typed, &store)? {
        find::FoundId::Story(id) => story::show(context, &id, &store, text, as_json)?,
        find::FoundId::Report(id) => report::show(context, &id, &store, text, as_json)?,
    }
    Ok(Exit::Well)
}

/// The bytes that were received, as they are.
///
/// # Errors
/// Where the id is not known, nothing is kept, stdout is a terminal, which such bytes could steer, or cannot be written.
pub fn original(context: &Context, typed: &str) -> Result<Exit, Trouble> {
    let store = context.stored()?;
    let (id, body) = match find::any(typed, &store)? {
        find::FoundId::Story(id) => (id.0.clone(), store.original(&id)?.map(|original| original.body)),
        find::FoundId::Report(id) => {
            let sha256 = store.report_versions(&id)?.pop().map(|last| last.sha256);
            (id.0.clone(), sha256.map(|sha256| store.file(&sha256)).transpose()?.flatten())
        }
    };
    let Some(body) = body else {
        return Err(Trouble::new(Exit::Unexpected, format!("no original of {id} is kept"))
            .hint("an older version kept no pages, and `[keep]` of the configuration says when they are let go of"));
    };
    if io::stdout().is_terminal() {
        return Err(Trouble::usage("an original may hold what steers a terminal")
            .hint(format!("write it into a file: tieback show {id} --original > FILE")));
    }
    output::print_bytes(&body)?;
    Ok(Exit::Well)
}
