//! `reports`: the reports as a table, newest first.

use super::{
    Context, Exit, Trouble, brief, export,
    filter::Filter,
    output,
    table::{Cell, Column, Fit, Table},
};
use crate::{
    cli::ReportsArgs,
    model::{
        overview::{ReportCard, ReportWithStories},
        report::ReportStatus,
        story::StoryId,
        wording,
    },
    store::Store,
};

/// Fewer columns than this hold no table.
const NARROW: usize = 76;

/// # Errors
/// Where an option cannot be read, there is no database, or stdout cannot be written.
pub fn run(context: &Context, args: &ReportsArgs) -> Result<Exit, Trouble> {
    let store = context.stored()?;
    let found = chosen(context, args, &store)?;
    if args.json {
        let lines = found.iter().map(|with| Ok(export::report(with, &store.recommendations(&with.report.id)?)));
        output::print_lines(lines.collect::<Result<Vec<_>, Trouble>>()?.into_iter())?;
        return Ok(Exit::Well);
    }
    if found.is_empty() {
        output::say(context, "no report is like that");
        return Ok(Exit::Well);
    }
    let look = output::look(context);
    let table = if look.width < NARROW { narrow(&found) } else { table(&found) };
    output::print(&table.text(look))?;
    if found.iter().any(|with| wording::overall(&with.report).is_some_and(|overall| !overall.agree)) {
        output::say(context, "? the places of the report that give the grade differ, or were not read for sure: see `tieback show ID`");
    }
    if found.len() == args.limit {
        output::say(context, &format!("the newest {} are shown; --limit shows more", found.len()));
    }
    Ok(Exit::Well)
}

fn chosen(context: &Context, args: &ReportsArgs, store: &Store) -> Result<Vec<ReportWithStories>, Trouble> {
    let wanted = Filter::of(&args.filter, context, store)?;
    let mut cards = match &wanted.authorities {
        Some(names) => store.report_cards_of(names)?,
        None => store.report_cards()?,
    };
    cards.retain(|card| wanted.report(card) && (!args.doubts || is_doubtful(card)));
    let mut found = Vec::new();
    for report in cards {
        let stories = store.stories_of_report(&report.id)?;
        if args.uncovered && (!stories.is_empty() || report.status == ReportStatus::NotAReport) {
            continue;
        }
        if wanted.asks_outlet() && !has_story(&stories, &wanted, store)? {
            continue;
        }
        if found.len() == args.limit {
            break;
        }
        found.push(ReportWithStories { report, stories });
    }
    Ok(found)
}

/// True where one of the stories is to be shown.
fn has_story(stories: &[StoryId], wanted: &Filter, store: &Store) -> Result<bool, Trouble> {
    for id in stories {
        if store.story_card(id)?.is_some_and(|card| wanted.story(&card)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_doubtful(card: &ReportCard) -> bool {
    !card.doubts.is_empty() || card.status == ReportStatus::Unreadable || card.judgements.iter().any(|judgement| !judgement.agree)
}

/// For narrow screens: the day, and beside it whose, what and how it was judged.
fn narrow(found: &[ReportWithStories]) -> Table {
    let mut table = Table::new(0, [Column::right(""), Column::left("", Fit::Wrap(20))]);
    for ReportWithStories { report, stories } in found {
        let day = report.published.map_or_else(|| "no date".to_owned(), brief::day);
        table.row([Cell::plain(day), Cell::plain(format!("{}, {}", wording::authority(report), report.framework.as_str()))]);
        table.row([Cell::plain(""), brief::overall(report)]);
        let covered = if stories.is_empty() { "no story".to_owned() } else { brief::count(stories.len(), "story", "stories") };
        table.row([Cell::plain(""), Cell::soft(format!("{covered} · {}", report.id))]);
    }
    table
}

fn table(found: &[ReportWithStories]) -> Table {
    let mut table = Table::new(
        0,
        [
            Column::right("Published"),
            Column::left("Authority", Fit::Wrap(12)),
            Column::left("Kind", Fit::Wrap(10)),
            Column::left("Overall", Fit::Wrap(20)),
            Column::right("Stories"),
            Column::left("Id", Fit::Whole),
        ],
    );
    for ReportWithStories { report, stories } in found {
        let stories = if stories.is_empty() { Cell::soft("–") } else { Cell::plain(brief::grouped(stories.len())) };
        table.row([
            Cell::plain(report.published.map_or_else(|| "no date".to_owned(), brief::day)),
            Cell::plain(wording::authority(report)),
            Cell::plain(report.framework.as_str()),
            brief::overall(report),
            stories,
            Cell::soft(&report.id.0),
        ]);
    }
    table
}
