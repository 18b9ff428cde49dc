//! `tie`, `untie`, `keep`, `discard`, `note` and `forget`: decisions of a person, from a script or a prompt.

use super::{Context, Exit, Trouble, brief, confirm, find, output};
use crate::{
    dedupe::address,
    model::{overview::StoryCard, story::StoryId, text::clean_line, tie::TieState, verdict::Review, wording},
    store::Store,
};

/// Confirms ([`TieState::Confirmed`]) or rejects ([`TieState::Rejected`]) that a story is about a report.
///
/// # Errors
/// Where the story or report is not known, or the database cannot be written.
pub fn tie(context: &Context, story: &str, report: &str, state: TieState) -> Result<Exit, Trouble> {
    let mut store = context.deciding()?;
    let (story, report) = (find::story(story, &store)?, find::report(report, &store)?);
    store.write(|writer| writer.decide_tie(&story, &report, state, context.now))?;
    let name = store.report_card(&report)?.map_or_else(String::new, |card| wording::report(&card));
    let said = if state == TieState::Confirmed { "is about" } else { "is not about" };
    output::say(context, &format!("{} {said} {name} ({report})", titled(&store, &story)?));
    Ok(Exit::Well)
}

/// Keeps or discards stories: all that are named, or none where one of them is not known.
///
/// # Errors
/// As [`tie`].
pub fn review(context: &Context, stories: &[String], review: Review) -> Result<Exit, Trouble> {
    let mut store = context.deciding()?;
    let ids = stories.iter().map(|story| find::story(story, &store)).collect::<Result<Vec<_>, _>>()?;
    store.write(|writer| ids.iter().try_for_each(|id| writer.review_story(id, review, context.now)))?;
    for id in &ids {
        output::say(context, &format!("{}: {}", brief::review(review), titled(&store, id)?));
    }
    Ok(Exit::Well)
}

/// Adds a note to a story.
///
/// # Errors
/// As [`tie`]; also where the note is empty.
pub fn note(context: &Context, story: &str, words: &[String]) -> Result<Exit, Trouble> {
    let text = clean_line(&words.join(" "));
    if text.is_empty() {
        return Err(Trouble::usage("the note is empty, expected some words"));
    }
    let mut store = context.deciding()?;
    let id = find::story(story, &store)?;
    store.write(|writer| writer.add_note(&id, &text, context.now))?;
    output::say(context, &format!("noted on {}", titled(&store, &id)?));
    Ok(Exit::Well)
}

/// Deletes an address for good; one that nothing is stored of only where that is confirmed.
///
/// # Errors
/// As [`tie`]; also where nothing is stored of the address and nobody says that it is meant.
pub fn forget(context: &Context, typed: &str, yes: bool) -> Result<Exit, Trouble> {
    let mut store = context.deciding()?;
    let key = match find::web(typed) {
        Some(url) => address::canonical(&url).0,
        None => {
            let id = find::story(typed, &store)?;
            key_of(&id, &store)?
        }
    };
    if !yes && !store.knows_address(&key)? && !confirm::ask("nothing is stored of this address; is it never to be taken in?")? {
        return Err(Trouble::usage(format!("nothing is stored of `{}`, and nothing was changed", clean_line(typed)))
            .hint("look for a slip of the pen; `tieback forget --yes ADDRESS` forgets an address that was never seen"));
    }
    let forgotten = store.forget(&key, context.now)?;
    let addresses = wording::count(forgotten.addresses, "address", "addresses");
    match forgotten.story {
        Some(id) => output::say(
            context,
            &format!(
                "{id} is deleted with all that was known of it; {addresses} will never be taken in again\nhint: backups and exports made before still hold it"
            ),
        ),
        None => output::say(context, &format!("nothing was stored of it; {addresses} will never be taken in")),
    }
    Ok(Exit::Well)
}

/// A canonical address that leads to the story.
fn key_of(id: &StoryId, store: &Store) -> Result<String, Trouble> {
    let card = card(id, store)?;
    for seen in card.addresses.iter().chain([&card.url]) {
        let Some(url) = find::web(seen) else { continue };
        let key = address::canonical(&url).0;
        if store.story_of_address(&key)?.as_ref() == Some(id) {
            return Ok(key);
        }
    }
    Err(Trouble::usage(format!("no address of `{id}` leads to it")).hint(format!("name its address: tieback forget {}", card.url)))
}

fn card(id: &StoryId, store: &Store) -> Result<StoryCard, Trouble> {
    store.story_card(id)?.ok_or_else(|| Trouble::usage(format!("no story has the id `{id}`")))
}

/// "s-2ce9573fab42 “Headline”".
fn titled(store: &Store, id: &StoryId) -> Result<String, Trouble> {
    Ok(format!("{id} “{}”", wording::headline(&card(id, store)?.title)))
}
