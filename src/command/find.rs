//! What a person typed for a story, a report, an authority or a source: an id, its beginning, an address, enough of a name.

use url::Url;

use super::Trouble;
use crate::{
    config,
    dedupe::address,
    model::{
        authority::{Authority, Gazetteer},
        report::ReportId,
        source::Source,
        story::StoryId,
        text::{clean_line, folded},
    },
    store::Store,
};

/// Ids and names offered where what was typed fits several.
const OFFERED: usize = 8;

/// A story or a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundId {
    Story(StoryId),
    Report(ReportId),
}

/// A story or a report by its id, the beginning of it, or its address.
///
/// # Errors
/// Where nothing or more than one thing fits, or the database cannot be read.
pub fn any(typed: &str, store: &Store) -> Result<FoundId, Trouble> {
    if let Some(url) = web(typed) {
        let key = address::canonical(&url);
        let story = store.story_of_address(key.as_str())?;
        let report = address::report_id(&url);
        return match (story, store.report_card(&report)?) {
            (Some(story), _) => Ok(FoundId::Story(story)),
            (None, Some(_)) => Ok(FoundId::Report(report)),
            _ => Err(unknown("story or report", typed)),
        };
    }
    let mut found: Vec<FoundId> = Vec::new();
    if let Some(start) = starts(typed, "s-") {
        let ids = store.story_ids_beginning(&start, OFFERED)?;
        found.extend(ids.into_iter().map(FoundId::Story));
    }
    if let Some(start) = starts(typed, "r-") {
        let ids = store.report_ids_beginning(&start, OFFERED)?;
        found.extend(ids.into_iter().map(FoundId::Report));
    }
    one(found, "story or report", typed, FoundId::text)
}

/// A story by its id, the beginning of it, or its address.
///
/// # Errors
/// As [`any`]; also where a report was named.
pub fn story(typed: &str, store: &Store) -> Result<StoryId, Trouble> {
    if web(typed).is_none() && !is_of(typed, "r-") {
        let found = starts(typed, "s-").map_or(Ok(Vec::new()), |start| store.story_ids_beginning(&start, OFFERED))?;
        return one(found, "story", typed, |id| &id.0);
    }
    match any(typed, store)? {
        FoundId::Story(id) => Ok(id),
        FoundId::Report(id) => Err(Trouble::usage(format!("`{id}` is a report, expected a story (s-…)"))),
    }
}

/// A report by its id, the beginning of it, or its address.
///
/// # Errors
/// As [`any`]; also where a story was named.
pub fn report(typed: &str, store: &Store) -> Result<ReportId, Trouble> {
    if web(typed).is_none() && !is_of(typed, "s-") {
        let found = starts(typed, "r-").map_or(Ok(Vec::new()), |start| store.report_ids_beginning(&start, OFFERED))?;
        return one(found, "report", typed, |id| &id.0);
    }
    match any(typed, store)? {
        FoundId::Report(id) => Ok(id),
        FoundId::Story(id) => Err(Trouble::usage(format!("`{id}` is a story, expected a report (r-…)"))),
    }
}

/// An authority by its name, another of its names, or enough of one.
///
/// # Errors
/// Where no name or several fit.
pub fn authority<'a>(typed: &str, gazetteer: &'a Gazetteer) -> Result<&'a Authority, Trouble> {
    if let Some(found) = gazetteer.get(typed) {
        return Ok(found);
    }
    let wanted = folded(typed);
    let names = |authority: &Authority| -> Vec<String> {
        [&authority.name, &authority.official].into_iter().chain(&authority.variants).map(|name| folded(name)).collect()
    };
    let all = gazetteer.all();
    if let Some(found) = all.iter().find(|authority| names(authority).contains(&wanted)) {
        return Ok(found);
    }
    let begins = |name: &str| format!(" {name}").contains(&format!(" {wanted}"));
    let found: Vec<&Authority> =
        all.iter().filter(|authority| !wanted.is_empty() && names(authority).iter().any(|name| begins(name))).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => match named_in(typed, gazetteer).as_slice() {
            [] => Err(stranger(typed, gazetteer)),
            [one] => Ok(one),
            several => Err(Trouble::usage(format!("`{typed}` names {} authorities", several.len()))
                .hint(format!("name one of them: {}", offered(several)))),
        },
        several => {
            Err(Trouble::usage(format!("`{typed}` fits {} authorities", several.len()))
                .hint(format!("name one of them: {}", offered(several))))
        }
    }
}

fn offered(several: &[&Authority]) -> String {
    let mut offered: Vec<&str> = several.iter().take(OFFERED).map(|authority| authority.name.as_str()).collect();
    if several.len() > OFFERED {
        offered.push("…");
    }
    offered.join("; ")
}

/// The authorities whose names stand in what was typed, first named first: `leeds bradford`, or a printed title.
pub fn named_in<'a>(typed: &str, gazetteer: &'a Gazetteer) -> Vec<&'a Authority> {
    let Some(first) = gazetteer.in_title(typed, None) else { return Vec::new() };
    let words: Vec<String> = folded(&typed.replace('&', " and ")).split(' ').map(str::to_owned).collect();
    // Where a name stands is told by the fewest words that still hold it.
    let holds = |words: &[String]| gazetteer.in_title(&words.join(" "), None).is_some_and(|found| found.name == first.name);
    let end = (1..=words.len()).find(|end| holds(&words[..*end])).unwrap_or(words.len());
    let start = (0..end).rev().find(|start| holds(&words[*start..end])).unwrap_or(0);
    let mut found = named_in(&words[..start].join(" "), gazetteer);
    for authority in std::iter::once(first).chain(named_in(&words[end..].join(" "), gazetteer)) {
        if found.iter().all(|known| known.name != authority.name) {
            found.push(authority);
        }
    }
    found
}

/// An authority, or all those whose services a trust of that name runs or ran.
///
/// # Errors
/// As [`authority`].
pub fn councils<'a>(typed: &str, gazetteer: &'a Gazetteer) -> Result<Vec<&'a Authority>, Trouble> {
    let wanted = folded(typed);
    let is_body = |name: &String| {
        !wanted.is_empty()
            && (folded(name) == wanted || wanted.contains(' ') && format!(" {}", folded(name)).contains(&format!(" {wanted}")))
    };
    let run_by = |authority: &&Authority| authority.bodies.iter().any(|body| is_body(&body.name) || body.variants.iter().any(is_body));
    let found: Vec<&Authority> = gazetteer.all().iter().filter(run_by).collect();
    match authority(typed, gazetteer) {
        Ok(one) if found.len() < 2 || folded(&one.name) == wanted => Ok(vec![one]),
        Err(trouble) if found.is_empty() => Err(trouble),
        _ => Ok(found),
    }
}

/// The sources of these names, as the configuration has them; in any case, and as completions write them, with hyphens.
///
/// # Errors
/// Where there is no source of a name.
pub fn sources(typed: &[String], sources: &[Source]) -> Result<Vec<String>, Trouble> {
    let name = |typed: &String| {
        let alike = || sources.iter().find(|source| folded(&source.name) == folded(typed));
        let found = sources.iter().find(|source| source.name == *typed).or_else(alike);
        found.map(|source| source.name.clone()).ok_or_else(|| {
            let trouble = Trouble::usage(format!("no source is named `{}`", clean_line(typed)));
            match config::nearest(typed, sources.iter().map(|source| source.name.as_str())) {
                Some(near) => trouble.hint(format!("did you mean `{near}`?")),
                None => trouble.hint("`tieback sources list --all` shows their names"),
            }
        })
    };
    typed.iter().map(name).collect()
}

fn stranger(typed: &str, gazetteer: &Gazetteer) -> Trouble {
    let trouble = Trouble::usage(format!("no authority is called `{typed}`"));
    let names = gazetteer.all().iter().map(|authority| authority.name.as_str());
    match config::nearest(typed, names) {
        Some(near) => trouble.hint(format!("did you mean `{near}`?")),
        None => trouble.hint("`tieback export authorities --format csv` lists them all"),
    }
}

impl FoundId {
    fn text(&self) -> &str {
        match self {
            Self::Story(id) => &id.0,
            Self::Report(id) => &id.0,
        }
    }
}

/// A whole address of the web.
pub fn web(typed: &str) -> Option<Url> {
    Url::parse(typed.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

fn is_of(typed: &str, letter: &str) -> bool {
    typed.trim().to_lowercase().starts_with(letter)
}

/// What an id of a kind would have to begin with; a bare number or hash may be of any kind.
fn starts(typed: &str, letter: &str) -> Option<String> {
    let typed = typed.trim().to_lowercase();
    match typed.as_str() {
        "" | "s-" | "r-" => None,
        typed if typed.starts_with(letter) => Some(typed.to_owned()),
        typed if typed.starts_with("s-") || typed.starts_with("r-") => None,
        typed => Some(format!("{letter}{typed}")),
    }
}

/// The one that fits: an id typed whole goes before longer ones that begin like it.
fn one<T: Clone>(found: Vec<T>, what: &str, typed: &str, text: fn(&T) -> &str) -> Result<T, Trouble> {
    let whole = typed.trim().to_lowercase();
    if let Some(exact) = found.iter().find(|id| text(id) == whole) {
        return Ok(exact.clone());
    }
    match found.as_slice() {
        [] => Err(unknown(what, typed)),
        [one] => Ok(one.clone()),
        several => {
            let offered: Vec<&str> = several.iter().take(OFFERED).map(text).collect();
            Err(Trouble::usage(format!("`{typed}` is the beginning of several ids"))
                .hint(format!("type more of one of them: {}", offered.join(", "))))
        }
    }
}

fn unknown(what: &str, typed: &str) -> Trouble {
    Trouble::usage(format!("no {what} is known as `{typed}`"))
        .hint("`tieback stories`, `tieback reports` and `tieback search WORDS` show the ids; the beginning of one is enough")
}
