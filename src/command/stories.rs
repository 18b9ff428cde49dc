//! `stories`: the stories, newest first, the copies of each folded into one.

use super::{
    Context, Exit, Trouble, brief, export, find, output,
    table::{Cell, Column, Fit, Table},
    when,
};
use crate::{
    cli::{ReviewFilter, StateFilter, StoriesArgs},
    config,
    model::{
        overview::StoryCard,
        verdict::{Review, StoryState},
    },
    store::{Per, StoryFilter},
};

/// # Errors
/// Where an option cannot be read, there is no database, or stdout cannot be written.
pub fn run(context: &Context, args: &StoriesArgs) -> Result<Exit, Trouble> {
    let gazetteer = config::gazetteer()?;
    let authority = args.authority.as_deref().map(|name| find::authority(name, &gazetteer)).transpose()?;
    let store = context.stored()?;
    let filter = StoryFilter {
        per: Per::Piece,
        since: args.since.as_deref().map(|since| when::since(since, context, &store)).transpose()?,
        relevant: (!args.irrelevant).then_some(true),
        review: args.review.map(review),
        state: args.state.map(state),
        authority: authority.map(|authority| authority.name.clone()),
        // Only where they are asked for.
        without: args.review.is_none().then_some(Review::Discarded),
        limit: Some(args.limit),
        ..StoryFilter::default()
    };
    let cards = store.story_cards(&filter)?;
    if args.json {
        output::print_lines(cards.iter().map(export::story))?;
        return Ok(Exit::Well);
    }
    if !cards.is_empty() {
        let mut table = Table::new(0, [Column::right(""), Column::left("", Fit::Wrap(30))]);
        cards.iter().for_each(|card| story(card, &mut table));
        output::print(&table.text(output::look(context)))?;
    }
    match cards.len() {
        0 => output::say(context, "no story is like that"),
        shown if shown == args.limit => output::say(context, &format!("the newest {shown} are shown; --limit shows more")),
        _ => {}
    }
    Ok(Exit::Well)
}

/// The day, and beside it the headline, whose it is, and where it stands.
fn story(card: &StoryCard, table: &mut Table) {
    let day = card.published.map_or_else(|| "no date".to_owned(), brief::moment);
    let mut said = vec![card.id.0.clone(), brief::outlet(&card.outlet), brief::standing(card)];
    said.extend(brief::kind(card.kind).map(str::to_owned));
    said.extend(card.walled.then(|| "behind a wall".to_owned()));
    said.extend((!card.copies.is_empty()).then(|| brief::count(card.copies.len(), "copy", "copies")));
    said.extend((card.review != Review::New).then(|| brief::review(card.review).to_owned()));
    table.row([Cell::plain(day), Cell::plain(brief::headline(&card.title))]);
    table.row([Cell::plain(""), Cell::soft(said.join(" · "))]);
}

fn state(typed: StateFilter) -> StoryState {
    match typed {
        StateFilter::Tied => StoryState::Tied,
        StateFilter::Possible => StoryState::Possible,
        StateFilter::Waiting => StoryState::Waiting,
        StateFilter::None => StoryState::None,
    }
}

fn review(typed: ReviewFilter) -> Review {
    match typed {
        ReviewFilter::New => Review::New,
        ReviewFilter::Kept => Review::Kept,
        ReviewFilter::Discarded => Review::Discarded,
    }
}
