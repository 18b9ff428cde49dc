//! `undo`: the last decision of this account is taken back.

use super::{Context, Exit, Trouble, output};
use crate::{
    model::{text::clean_line, wording},
    store::{Store, Undone},
};

/// # Errors
/// Where there is no database or it cannot be written.
pub fn run(context: &Context) -> Result<Exit, Trouble> {
    let mut store = context.deciding()?;
    match store.write(|writer| writer.undo(context.now))? {
        Some(undone) => output::say(context, &said(&undone, &store)?),
        None => output::say(context, "there is no decision to take back"),
    }
    Ok(Exit::Well)
}

/// "taken back: confirmed, Poole, single inspection (SIF), 24 November 2017 for s-… “Headline”".
///
/// # Errors
/// Where the database cannot be read.
fn said(undone: &Undone, store: &Store) -> Result<String, Trouble> {
    let title = store.story_card(&undone.story)?.map_or_else(String::new, |card| format!(" “{}”", wording::headline(&card.title)));
    let state = |state: &Option<String>| state.as_deref().map_or_else(|| "nothing".to_owned(), clean_line);
    let about = match &undone.report {
        Some(id) => store.report_card(id)?.map_or_else(|| format!(", {id}"), |card| format!(", {} ({id})", wording::report(&card))),
        None => String::new(),
    };
    Ok(format!("taken back on {}{title}{about}: {} is {} again", undone.story, state(&undone.became), state(&undone.was)))
}
