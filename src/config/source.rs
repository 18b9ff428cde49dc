//! A source as typed becomes a source as meant.

use std::{
    collections::HashSet,
    ops::{Range, RangeInclusive},
    time::Duration,
};

use jiff::civil::Date;
use scraper::Selector;
use toml::{Spanned, Value};

use super::{
    ConfigError,
    file::{ConfigFile, cut},
    guess::nearest,
    typed::{TypedFallback, TypedSource},
};
use crate::model::{
    authority::Gazetteer,
    source::{Fallback, Source, SourceKind},
};

/// More sources than this are refused: a run with so many would not end in a day at a polite pace.
pub(super) const MAX_SOURCES: usize = 2_000;

/// More ways to one source than this are refused.
const MAX_FALLBACKS: usize = 8;

/// More areas of one outlet than there are authorities make no sense.
const MAX_AREAS: usize = 200;

/// Between two fetches of a source; a minute is the least that a feed's host should bear.
const EVERY: RangeInclusive<Duration> = Duration::from_secs(60)..=Duration::from_secs(366 * 86_400);

/// Where the configuration says nothing.
const EVERY_DEFAULT: Duration = Duration::from_secs(3_600);

/// Ofsted's list changes a few times a week.
const EVERY_OFSTED: Duration = Duration::from_secs(6 * 3_600);

const KINDS: [SourceKind; 6] =
    [SourceKind::Feed, SourceKind::Ofsted, SourceKind::Page, SourceKind::Sitemap, SourceKind::Wordpress, SourceKind::Govuk];

/// All sources of a file, with names that differ.
pub(super) fn sources(file: &ConfigFile, typed: &[Spanned<TypedSource>], gazetteer: &Gazetteer) -> Result<Vec<Source>, ConfigError> {
    if let Some(over) = typed.get(MAX_SOURCES) {
        return Err(file.fault(over.span(), format!("{} sources, expected at most {MAX_SOURCES}", typed.len())));
    }
    let mut names = HashSet::new();
    let mut sources = Vec::with_capacity(typed.len());
    for (at, typed) in typed.iter().enumerate() {
        let source = source(file, at + 1, typed, gazetteer)?;
        if !names.insert(source.name.to_lowercase()) {
            let span = typed.get_ref().name.as_ref().map_or(typed.span(), Spanned::span);
            return Err(
                file.fault(span, format!("the name `{}` is taken by an earlier source, expected one of its own", cut(&source.name)))
            );
        }
        sources.push(source);
    }
    Ok(sources)
}

fn source(file: &ConfigFile, number: usize, spanned: &Spanned<TypedSource>, gazetteer: &Gazetteer) -> Result<Source, ConfigError> {
    let typed = spanned.get_ref();
    let who = match &typed.name {
        Some(name) => format!("source {number} (`{}`)", cut(name.get_ref())),
        None => format!("source {number}"),
    };
    let name = file.line("name", needed(file, &who, "name", typed.name.as_ref(), spanned.span())?)?;
    let kind = kind(file, needed(file, &who, "kind", typed.kind.as_ref(), spanned.span())?)?;
    let url = file.url("url", needed(file, &who, "url", typed.url.as_ref(), spanned.span())?)?;
    let links = links(file, &who, kind, typed.links.as_ref(), spanned.span())?;
    if typed.fallback.len() > MAX_FALLBACKS {
        return Err(file.fault(spanned.span(), format!("{who} has {} fallbacks, expected at most {MAX_FALLBACKS}", typed.fallback.len())));
    }
    let every = match &typed.every {
        Some(every) => file.duration("every", every, EVERY)?,
        None if kind == SourceKind::Ofsted => EVERY_OFSTED,
        None => EVERY_DEFAULT,
    };
    let since = typed.since.as_ref().map(|since| since_day(file, &who, kind, since)).transpose()?;
    Ok(Source {
        outlet: typed.outlet.as_ref().map_or_else(|| Ok(name.clone()), |outlet| file.line("outlet", outlet))?,
        name,
        kind,
        url,
        every,
        on: typed.on.unwrap_or(true),
        note: typed.note.as_ref().map(|note| file.line("note", note)).transpose()?,
        links,
        fallbacks: typed.fallback.iter().map(|fallback| self::fallback(file, &who, fallback)).collect::<Result<_, _>>()?,
        since,
        area: area(file, &typed.area, gazetteer)?,
    })
}

fn fallback(file: &ConfigFile, who: &str, spanned: &Spanned<TypedFallback>) -> Result<Fallback, ConfigError> {
    let typed = spanned.get_ref();
    let who = format!("a fallback of {who}");
    let kind_typed = needed(file, &who, "kind", typed.kind.as_ref(), spanned.span())?;
    let kind = kind(file, kind_typed)?;
    if kind == SourceKind::Ofsted {
        return Err(file.fault(kind_typed.span(), "`ofsted` cannot be a fallback, expected feed, page, sitemap, wordpress or govuk"));
    }
    let url = file.url("url", needed(file, &who, "url", typed.url.as_ref(), spanned.span())?)?;
    Ok(Fallback { kind, url, links: links(file, &who, kind, typed.links.as_ref(), spanned.span())? })
}

fn needed<'a>(
    file: &ConfigFile,
    who: &str,
    key: &str,
    typed: Option<&'a Spanned<String>>,
    table: Range<usize>,
) -> Result<&'a Spanned<String>, ConfigError> {
    typed.ok_or_else(|| file.fault(table, format!("{who} has no `{key}`")))
}

fn kind(file: &ConfigFile, typed: &Spanned<String>) -> Result<SourceKind, ConfigError> {
    let word = typed.get_ref();
    KINDS.into_iter().find(|kind| kind.as_str() == word).ok_or_else(|| {
        let known = KINDS.map(SourceKind::as_str);
        let fault = file.fault(typed.span(), format!("`kind`: unknown kind `{}`, expected one of {}", cut(word), known.join(", ")));
        match word.as_str() {
            "rss" | "atom" | "rdf" | "json" => fault.hint("every kind of feed is `feed`"),
            word => match nearest(word, known) {
                Some(near) => fault.hint(format!("did you mean `{near}`?")),
                None => fault,
            },
        }
    })
}

/// A page needs a selector of the links to follow, and nothing else may have one.
fn links(
    file: &ConfigFile,
    who: &str,
    kind: SourceKind,
    typed: Option<&Spanned<String>>,
    table: Range<usize>,
) -> Result<Option<String>, ConfigError> {
    match (kind, typed) {
        (SourceKind::Page, None) => Err(file
            .fault(table, format!("{who} is a page and has no `links`, expected a CSS selector of the links to its stories"))
            .hint("for example: links = \"main h3 a\"")),
        (SourceKind::Page, Some(typed)) => {
            let links = file.line("links", typed)?;
            if Selector::parse(&links).is_err() {
                return Err(file
                    .fault(typed.span(), format!("`links` of {who} is no CSS selector: `{}`", cut(&links)))
                    .hint("for example: links = \"main h3 a\""));
            }
            Ok(Some(links))
        }
        (_, Some(links)) => {
            Err(file.fault(links.span(), format!("`links` is for pages only, and {who} is of the kind `{}`", kind.as_str())))
        }
        (_, None) => Ok(None),
    }
}

fn since_day(file: &ConfigFile, who: &str, kind: SourceKind, typed: &Spanned<Value>) -> Result<Date, ConfigError> {
    if kind != SourceKind::Ofsted {
        return Err(file.fault(typed.span(), format!("`since` is for Ofsted's reports only, and {who} is of the kind `{}`", kind.as_str())));
    }
    let text = match typed.get_ref() {
        Value::String(text) => text.clone(),
        Value::Datetime(day) => day.to_string(),
        other => other.type_str().to_owned(),
    };
    text.trim().parse().map_err(|_| {
        file.fault(typed.span(), format!("`since`: cannot read `{}` as a day", cut(&text))).hint("write it as in \"2018-03-31\"")
    })
}

/// Areas by their canonical names, so that a slip is found here and not as a tie that never comes.
fn area(file: &ConfigFile, typed: &[Spanned<String>], gazetteer: &Gazetteer) -> Result<Vec<String>, ConfigError> {
    if let Some(over) = typed.get(MAX_AREAS) {
        return Err(file.fault(over.span(), format!("`area` has {} names, expected at most {MAX_AREAS}", typed.len())));
    }
    typed
        .iter()
        .map(|name| match gazetteer.get(name.get_ref()) {
            Some(authority) => Ok(authority.name.clone()),
            None => {
                let fault = file.fault(name.span(), format!("`area`: no authority is called `{}`", cut(name.get_ref())));
                let known = gazetteer.all().iter().map(|authority| authority.name.as_str());
                Err(match nearest(name.get_ref(), known) {
                    Some(near) => fault.hint(format!("did you mean `{near}`?")),
                    None => fault,
                })
            }
        })
        .collect()
}
