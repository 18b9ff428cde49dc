//! `show`: one story or report with all that is known of it.

mod report;
mod story;
mod ties;

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
