//! `sources`: what is fetched and how it fares, and lists of feeds from and for other programs.

mod ask;
mod list;
mod opml;

pub use list::json;

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use super::{Context, Exit, Trouble, brief, output, run, table};
use crate::{
    cli::{SourcesArgs, SourcesCommand},
    config,
    model::{source::Source, wording},
    read,
};

/// Larger lists are refused: one of two thousand feeds has some 500 KB.
const MAX_OPML: u64 = 5_000_000;

/// # Errors
/// Where a file or the database cannot be read, or stdout cannot be written.
pub fn run(context: &Context, args: &SourcesArgs) -> Result<Exit, Trouble> {
    match &args.command {
        None => list::run(context, args.all, args.json),
        Some(SourcesCommand::List { all, json }) => list::run(context, *all, *json),
        Some(SourcesCommand::Check { names, json }) => ask::run(context, names, *json),
        Some(SourcesCommand::Import { file }) => import(context, file),
        Some(SourcesCommand::Export) => {
            output::print(&opml::write(&context.config.digest.title, &context.config.sources, context.now))?;
            Ok(Exit::Well)
        }
    }
}

/// Prints the feeds of an OPML file that are not fetched yet as `[[source]]` tables.
fn import(context: &Context, file: &Path) -> Result<Exit, Trouble> {
    let list = read::opml::read(&bytes_of(file)?, &context.config.sources).map_err(|error| {
        Trouble::usage(format!("`{}` is no OPML: {error}", file.display())).hint("feed readers write one with “export subscriptions”")
    })?;
    output::print(&config::sources_as_toml(&list.sources))?;
    for skipped in &list.skipped {
        output::say(context, &format!("left out: {skipped}"));
    }
    let feeds = wording::count(list.sources.len(), "feed", "feeds");
    output::say(
        context,
        &format!(
            "{feeds} to fetch: add what was printed to your configuration\nhint: a configuration with any [[source]] is fetched from those alone; `tieback init` writes one with all that are built in"
        ),
    );
    Ok(Exit::Well)
}

/// The file, or standard input for `-`.
fn bytes_of(file: &Path) -> Result<Vec<u8>, Trouble> {
    let failed = |error: io::Error| Trouble::usage(format!("cannot read `{}`: {error}", file.display()));
    let source: Box<dyn Read> = if file == Path::new("-") { Box::new(io::stdin()) } else { Box::new(File::open(file).map_err(failed)?) };
    let mut bytes = Vec::new();
    source.take(MAX_OPML + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MAX_OPML {
        return Err(Trouble::usage(format!("`{}` is too large, expected at most {}", file.display(), brief::size(MAX_OPML))));
    }
    Ok(bytes)
}

/// The sources of these names, in the order of the configuration; those that are on where none is named.
fn named<'a>(sources: &'a [Source], names: &[String]) -> Vec<&'a Source> {
    sources.iter().filter(|source| if names.is_empty() { source.on } else { names.contains(&source.name) }).collect()
}
