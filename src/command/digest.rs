//! `digest`: what happened, for other programs and people, on stdout or in place of a file.

use std::path::Path;

use jiff::Timestamp;

use super::{Context, Exit, Trouble, find, output, replace, watch, when};
use crate::{
    cli::{DigestArgs, DigestFormat},
    config,
    digest::{self, DigestMeta, DigestPart, Excerpts},
    model::{evidence::EvidenceKind, overview::Overview, text::clean_line, watch::Watch, wording},
    store::Store,
};

/// From when on, where nothing is said: feed readers that look once a week miss nothing.
const USUAL: &str = "14d";

/// # Errors
/// Where WHEN cannot be read, the ending of the file says no format, there is no database, or the output cannot be
/// written; then the file is as it was.
pub fn run(context: &Context, args: &DigestArgs) -> Result<Exit, Trouble> {
    let format = format(args)?;
    let store = context.stored()?;
    let since = when::since(args.since.as_deref().unwrap_or(USUAL), context, &store)?;
    let overview = store.overview(since, context.now, &context.config.sources)?;
    let (overview, part) = only(context, args, overview, &store)?;
    let settings = &context.config.digest;
    let quiet = store.latest()?.unwrap_or(Timestamp::UNIX_EPOCH);
    let title = match &part {
        Some(part) => format!("{}: {}", part.name, settings.title),
        None => settings.title.clone(),
    };
    let meta = DigestMeta { title, part, link: settings.link.clone(), quiet };
    let whole = |text| (text, digest::beyond(&overview));
    let (text, beyond) = match format {
        DigestFormat::Rss => whole(digest::rss(&overview, &meta)),
        DigestFormat::Atom => whole(digest::atom(&overview, &meta)),
        DigestFormat::Json => whole(digest::json(&overview, &meta)),
        DigestFormat::Html => digest::html(&overview, &meta, &excerpts(&overview, &store)?),
        DigestFormat::Markdown => whole(digest::markdown(&overview, &meta)),
    };
    if beyond > 0 {
        let older = wording::count(beyond, "older entry is", "older entries are");
        output::say(context, &format!("{older} left out: --since a later day, --watch, --authority or --outlet make it shorter"));
    }
    match &args.output {
        Some(path) => replace::file(path, text.as_bytes(), replace::Readers::All)?,
        None => output::print(&text)?,
    }
    Ok(Exit::Well)
}

/// The texts of the reports that stories quote.
fn excerpts(overview: &Overview, store: &Store) -> Result<Excerpts, Trouble> {
    let mut excerpts = Excerpts::new();
    for tied in overview.stories.iter().flat_map(|story| &story.ties) {
        let quotes = tied.tie.evidence.iter().any(|piece| piece.kind == EvidenceKind::Quote && piece.page.is_some());
        if quotes && !excerpts.contains_key(&tied.report.id) {
            excerpts.insert(tied.report.id.clone(), store.passages(&tied.report.id)?);
        }
    }
    Ok(excerpts)
}

/// What the digest is to hold, and which part of the whole that is.
fn only(context: &Context, args: &DigestArgs, overview: Overview, store: &Store) -> Result<(Overview, Option<DigestPart>), Trouble> {
    let (kind, watch) = match (&args.watch, &args.authority, &args.outlet) {
        (Some(name), ..) => ("watch", watch::named(context, name)?.clone()),
        (_, Some(name), _) => {
            let name = find::authority(name, &config::gazetteer()?)?.name.clone();
            ("authority", Watch { name: name.clone(), authorities: vec![name], ..Watch::default() })
        }
        (.., Some(name)) => ("outlet", Watch { name: clean_line(name), outlets: vec![name.clone()], ..Watch::default() }),
        _ => return Ok((overview, None)),
    };
    let watched = watch::of(&watch, &overview, store)?;
    Ok((overview.of_watch(&watched), Some(DigestPart { kind, name: watch.name })))
}

/// The format named, else the one that the file's ending says; RSS where there is no ending.
fn format(args: &DigestArgs) -> Result<DigestFormat, Trouble> {
    match (args.format, &args.output) {
        (Some(format), _) => Ok(format),
        (None, None) => Ok(DigestFormat::Rss),
        (None, Some(path)) => by_ending(path),
    }
}

fn by_ending(path: &Path) -> Result<DigestFormat, Trouble> {
    let Some(ending) = path.extension() else { return Ok(DigestFormat::Rss) };
    let ending = ending.to_string_lossy().to_lowercase();
    Ok(match ending.as_str() {
        "rss" | "xml" => DigestFormat::Rss,
        "atom" => DigestFormat::Atom,
        "json" => DigestFormat::Json,
        "html" | "htm" => DigestFormat::Html,
        "md" | "markdown" => DigestFormat::Markdown,
        _ => {
            return Err(Trouble::usage(format!("the ending `.{ending}` of `{}` says no format", path.display()))
                .hint("name the file .rss, .atom, .json, .html or .md, or say which with --format"));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_says_the_format() {
        let check = |name: &str, expected| assert_eq!(by_ending(Path::new(name)).ok(), expected, "{name}");
        check("a.rss", Some(DigestFormat::Rss));
        check("a.XML", Some(DigestFormat::Rss));
        check("a.atom", Some(DigestFormat::Atom));
        check("/b.rss/a.json", Some(DigestFormat::Json));
        check("a.HTML", Some(DigestFormat::Html));
        check("a.htm", Some(DigestFormat::Html));
        check("a.md", Some(DigestFormat::Markdown));
        check("/b.html/a", Some(DigestFormat::Rss));
        check("/dev/stdout", Some(DigestFormat::Rss));
        for unknown in ["a.txt", "a.pdf", "a.rss.gz", "a.html~"] {
            check(unknown, None);
        }
    }
}
