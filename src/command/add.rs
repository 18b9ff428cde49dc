//! `add`: what a person names is taken in by hand.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use url::Url;

use super::{Context, Exit, Trouble, brief, find, output};
use crate::{
    config,
    fetch::Route,
    model::{text::clean_line, wording},
    pipeline::add::{Added, Adding, Thing},
    store::{ReportOutcome, Store, StoryOutcome},
};

/// Files of one folder.
const MAX_FILES: usize = 10_000;
/// Endings of files that may be one of ours.
const ENDINGS: [&str; 10] = ["atom", "htm", "html", "json", "mht", "pdf", "rdf", "rss", "xhtml", "xml"];

/// # Errors
/// Where a file cannot be read, a run is at work, or the database cannot be used. What cannot be taken in is told, and gives
/// exit code 4.
pub fn run(context: &Context, typed: &[String], url: Option<&Url>, as_json: bool) -> Result<Exit, Trouble> {
    let named = named(typed, url)?;
    let mut store = context.store()?;
    let _lock = context.lock()?;
    let config = &context.config;
    let adding = Adding {
        sources: &config.sources,
        fetch: &config.fetch,
        route: Route::Environment,
        gazetteer: config::gazetteer()?,
        now: context.now,
    };
    let (names, things): (Vec<String>, Vec<Thing>) = named.into_iter().unzip();
    let added = adding.run(things, &mut store)?;
    for (name, added) in names.iter().zip(&added) {
        if as_json {
            output::print_lines(std::iter::once(json(name, added)))?;
        } else {
            tell(context, name, added, &store)?;
        }
    }
    Ok(if added.iter().any(is_refused) { Exit::SourcesFailed } else { Exit::Well })
}

/// What was named, each with its name; a folder stands for the files in it.
fn named(typed: &[String], url: Option<&Url>) -> Result<Vec<(String, Thing)>, Trouble> {
    let mut things = Vec::new();
    for name in typed {
        if let Some(url) = find::web(name) {
            things.push((name.clone(), Thing::Address(url)));
            continue;
        }
        for path in files(Path::new(name))? {
            let bytes = fs::read(&path).map_err(|error| unreadable(&path, &error))?;
            things.push((path.display().to_string(), Thing::Bytes { bytes, from: None }));
        }
    }
    match (url, things.as_mut_slice()) {
        (None, _) => {}
        (Some(url), [(_, Thing::Bytes { from, .. })]) => *from = Some(web_only(url)?),
        (Some(_), _) => return Err(Trouble::usage("--url says where one file came from, expected one file and no address")),
    }
    Ok(things)
}

fn web_only(url: &Url) -> Result<Url, Trouble> {
    find::web(url.as_str()).ok_or_else(|| Trouble::usage(format!("`{url}` is no address of the web, expected http or https")))
}

/// The file, or those below the folder, by name.
fn files(path: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let known = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if !known.is_dir() {
        // A device or a pipe may never end.
        if !known.is_file() {
            return Err(Trouble::usage(format!("`{}` is no file", path.display()))
                .hint("name a page, a report or a feed that is stored, or a folder"));
        }
        return Ok(vec![path.to_owned()]);
    }
    let (mut found, mut folders) = (Vec::new(), vec![path.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| unreadable(&folder, &error))? {
            let entry = entry?;
            let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
            let (kind, path) = (entry.file_type()?, entry.path());
            let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
            // A link could lead back to where it stands.
            if kind.is_dir() && !is_hidden {
                folders.push(path);
            } else if kind.is_file() && !is_hidden && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
                found.push(path);
            }
        }
        if found.len() > MAX_FILES {
            return Err(Trouble::usage(format!("`{}` holds more than {MAX_FILES} files", path.display())));
        }
    }
    found.sort();
    if found.is_empty() {
        return Err(Trouble::usage(format!("`{}` holds no page, report or feed", path.display()))
            .hint(format!("files with these endings are looked at: {}", ENDINGS.join(", "))));
    }
    Ok(found)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Trouble {
    Trouble::usage(format!("cannot read `{}`: {error}", path.display()))
        .hint("name an address that begins with https://, a file or a folder")
}

/// One line a thing that was stored on stdout; what was not, on stderr.
fn tell(context: &Context, name: &str, added: &Added, store: &Store) -> Result<(), Trouble> {
    match added {
        Added::Story(id, outcome) => {
            let Some(card) = store.story_card(id)? else { return Ok(()) };
            let relevant =
                if card.relevant { brief::standing(&card) } else { "not about an inspection of children’s services".to_owned() };
            let line = format!("{id} {}: {}; {relevant}", story_outcome(*outcome), wording::headline(&card.title));
            output::print(&format!("{}\n", clean_line(&line)))
        }
        Added::Report(id, outcome) => {
            let Some(card) = store.report_card(id)? else { return Ok(()) };
            let line = format!("{id} {}: {}: {}", report_outcome(outcome), wording::report(&card), wording::overall_words(&card));
            output::print(&format!("{}\n", clean_line(&line)))
        }
        Added::Feed { added, passed_over: 0 } if added.is_empty() => {
            let next = "to have it asked again by every run, put it into the configuration as a [[source]]";
            output::tell(context.log, &format!("{name}: the feed was read and has no items now; {next}"));
            Ok(())
        }
        Added::Feed { added, passed_over } => {
            added.iter().try_for_each(|each| tell(context, name, each, store))?;
            let (stories, others) = (wording::count(added.len(), "item", "items"), wording::count(*passed_over, "item is", "items are"));
            output::tell(context.log, &format!("{name}: {stories} looked at; {others} stored already or not about our subject"));
            Ok(())
        }
        Added::Refused(why) => {
            output::tell(context.log, &format!("{name}: not taken in: {why}"));
            Ok(())
        }
    }
}

fn story_outcome(outcome: StoryOutcome) -> &'static str {
    match outcome {
        StoryOutcome::New => "new",
        StoryOutcome::Changed => "changed",
        StoryOutcome::Same => "stored already",
        StoryOutcome::Forgotten => "deleted for good",
    }
}

fn report_outcome(outcome: &ReportOutcome) -> &'static str {
    match outcome {
        ReportOutcome::New => "new",
        ReportOutcome::NewVersion { .. } => "replaced",
        ReportOutcome::Same => "stored already",
    }
}

fn is_refused(added: &Added) -> bool {
    match added {
        Added::Refused(_) => true,
        Added::Feed { added, .. } => added.iter().any(is_refused),
        Added::Story(..) | Added::Report(..) => false,
    }
}

fn json(name: &str, added: &Added) -> Value {
    match added {
        Added::Story(id, outcome) => json!({ "name": name, "story": id, "outcome": story_outcome(*outcome) }),
        Added::Report(id, outcome) => json!({ "name": name, "report": id, "outcome": report_outcome(outcome) }),
        Added::Feed { added, passed_over } => json!({
            "name": name, "items": added.iter().map(|each| json(name, each)).collect::<Vec<_>>(), "passed_over": passed_over,
        }),
        Added::Refused(why) => json!({ "name": name, "outcome": "refused", "cause": clean_line(why) }),
    }
}
