//! `reports`: the reports as a table, newest first.

use super::{
    Context, Exit, Trouble, brief, export,
    filter::{Cutoff, Filter},
    output,
    table::{Cell, Column, Fit, Table},
};
use crate::{
    cli::ReportsArgs,
    model::{overview::ReportWithStories, wording},
    store::{Covered, ReportFilter, Store},
};

/// # Errors
/// Where an option cannot be read, there is no database, or stdout cannot be written.
pub fn run(context: &Context, args: &ReportsArgs) -> Result<Exit, Trouble> {
    let store = context.stored()?;
    // One more than is shown tells whether there are more.
    let mut found = chosen(context, args, &store)?;
    let is_cut = found.len() > args.limit;
    found.truncate(args.limit);
    if args.json {
        let lines = found.iter().map(|with| Ok(export::report(with, &store.recommendations(&with.report.id)?)));
        output::print_lines(lines.collect::<Result<Vec<_>, Trouble>>()?.into_iter())?;
        return Ok(Exit::Well);
    }
    if found.is_empty() {
        output::say(context, &Filter::of(&args.filter, context, &store)?.nothing("report", context));
        return Ok(Exit::Well);
    }
    output::page(&table(&found).text(output::look(context)))?;
    if found.iter().any(|with| wording::overall(&with.report).is_some_and(|overall| !overall.agree)) {
        output::say(context, "? the places of the report that give the grade differ, or were not read for sure: see `tieback show ID`");
    }
    if is_cut {
        output::say(context, &brief::cut("newest", found.len()));
    }
    Ok(Exit::Well)
}

/// The first that the filters let through, and one more where there are more.
fn chosen(context: &Context, args: &ReportsArgs, store: &Store) -> Result<Vec<ReportWithStories>, Trouble> {
    let wanted = Filter::of(&args.filter, context, store)?;
    let filter = ReportFilter {
        narrow: wanted.narrow,
        covered: if args.uncovered { Covered::No } else { Covered::Whatever },
        doubtful: args.doubts,
    };
    let mut found = Vec::new();
    let done = store.each_report(&filter, |with| {
        if found.len() > args.limit {
            return Err(Cutoff::Enough);
        }
        found.push(with);
        Ok(())
    });
    Cutoff::settled(done)?;
    Ok(found)
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
        let stories = if stories.is_empty() { Cell::soft("–") } else { Cell::plain(wording::grouped(stories.len())) };
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
