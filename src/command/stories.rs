//! `stories`: the stories, newest first, the copies of each folded into one.

use super::{
    Context, Exit, Trouble, brief, export,
    filter::Filter,
    output,
    table::{Cell, Column, Fit, Table},
};
use crate::{
    cli::{ReviewFilter, StateFilter, StoriesArgs},
    model::{
        overview::StoryCard,
        verdict::{Review, StoryState},
        wording,
    },
    store::{Per, StoryFilter},
    summary::page::Tone,
};

/// # Errors
/// Where an option cannot be read, there is no database, or stdout cannot be written.
pub fn run(context: &Context, args: &StoriesArgs) -> Result<Exit, Trouble> {
    let store = context.stored()?;
    let wanted = Filter::of(&args.filter, context, &store)?;
    let filter = StoryFilter {
        per: Per::Piece,
        relevant: (!args.irrelevant).then_some(true),
        review: args.review.map(review),
        state: args.state.map(state),
        // Only where they are asked for.
        without: args.review.is_none().then_some(Review::Discarded),
        narrow: wanted.narrow.clone(),
        // One more than is shown tells whether there are more.
        limit: Some(args.limit.saturating_add(1)),
        ..StoryFilter::default()
    };
    let mut cards = store.story_cards(&filter)?;
    let is_cut = cards.len() > args.limit;
    cards.truncate(args.limit);
    if args.json {
        output::print_lines(cards.iter().map(export::story))?;
        return Ok(Exit::Well);
    }
    if !cards.is_empty() {
        let mut table = Table::new(0, [Column::right(""), Column::left("", Fit::Wrap(30))]);
        cards.iter().for_each(|card| story(card, &mut table));
        output::page(&table.text(output::look(context)))?;
    }
    match cards.len() {
        0 => output::say(context, &wanted.nothing("story", context)),
        shown if is_cut => output::say(context, &brief::cut("newest", shown)),
        _ => {}
    }
    Ok(Exit::Well)
}

/// The day, and beside it the headline, whose it is, and where it stands.
fn story(card: &StoryCard, table: &mut Table) {
    let day = card.published.map_or_else(|| "no date".to_owned(), brief::moment);
    let mut said = vec![card.id.0.clone(), wording::outlet(&card.outlet), brief::standing(card)];
    said.extend(brief::kind(card.kind).map(str::to_owned));
    said.extend(card.walled.then(|| "behind a wall".to_owned()));
    said.extend((!card.copies.is_empty()).then(|| wording::count(card.copies.len(), "copy", "copies")));
    said.extend((card.review != Review::New).then(|| brief::review(card.review).to_owned()));
    table.row([Cell::plain(day), Cell::plain(wording::headline(&card.title))]);
    table.row([Cell::plain(""), Cell::soft(said.join(" · "))]);
    for differs in wording::disagreements(card) {
        table.row([Cell::plain(""), Cell::new(Tone::Warning, format!("! grades differ: {differs}"))]);
    }
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
