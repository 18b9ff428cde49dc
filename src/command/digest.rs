//! `digest`: what happened, for other programs and people, on stdout or in place of a file.

use super::{Context, Exit, Trouble, output, replace, when};
use crate::{
    cli::{DigestArgs, DigestFormat},
    digest::{self, DigestMeta},
};

/// From when on, where nothing is said: feed readers that look once a week miss nothing.
const USUAL: &str = "14d";

/// # Errors
/// Where WHEN cannot be read, there is no database, or the output cannot be written; then the file is as it was.
pub fn run(context: &Context, args: &DigestArgs) -> Result<Exit, Trouble> {
    let since = when::since(args.since.as_deref(), USUAL, context.now)?;
    let overview = context.stored()?.overview(since, context.now, &context.config.sources)?;
    let settings = &context.config.digest;
    let meta = DigestMeta { title: settings.title.clone(), link: settings.link.clone(), now: context.now };
    let text = match args.format {
        DigestFormat::Rss => digest::rss(&overview, &meta),
        DigestFormat::Atom => digest::atom(&overview, &meta),
        DigestFormat::Json => digest::json(&overview, &meta),
        DigestFormat::Html => digest::html(&overview, &meta),
        DigestFormat::Markdown => digest::markdown(&overview, &meta),
    };
    match &args.output {
        Some(path) => replace::file(path, text.as_bytes(), replace::Readers::All)?,
        None => output::print(&text)?,
    }
    Ok(Exit::Well)
}
