//! `summary`: the day on the terminal.

use super::{Context, Exit, Trouble, output, when};
use crate::{cli::SummaryArgs, summary};

/// From when on, where nothing is said: the last run of yesterday’s cron job is in it.
const USUAL: &str = "24h";

/// # Errors
/// Where WHEN cannot be read, there is no database, or stdout cannot be written.
pub fn run(context: &Context, args: &SummaryArgs) -> Result<Exit, Trouble> {
    let since = when::since(args.since.as_deref(), USUAL, context.now)?;
    let overview = context.stored()?.overview(since, context.now, &context.config.sources)?;
    if args.json {
        output::print_json(&summary::json(&overview))?;
    } else {
        output::print(&summary::text(&overview, output::look(context)))?;
    }
    Ok(Exit::Well)
}
