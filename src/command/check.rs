//! `check`: what Ofsted lists held against what is stored, and whether the database is whole.

use std::collections::HashSet;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::{Context, Exit, Trouble, brief, output};
use crate::{
    model::{
        overview::ReportCard,
        report::ReportStatus,
        source::SourceKind,
        text::{clean_line, shorten},
        wording,
    },
    store::{Check, FileState, Listed, Provider, Store},
    summary::page::{Page, Tone},
};

/// Lines of each kind; the rest is counted.
const SHOWN: usize = 40;
/// Characters of a reason.
const REASON: usize = 160;

/// # Errors
/// Where there is no database or it cannot be read. What is missing is no error; a damaged database gives exit code 1.
pub fn run(context: &Context, as_json: bool) -> Result<Exit, Trouble> {
    let store = context.stored()?;
    let database = store.check()?;
    let since = context.config.sources.iter().find(|source| source.kind == SourceKind::Ofsted && source.on).and_then(|source| source.since);
    let (listing, odd) = if database.is_well() { (Listing::of(&store, since)?, odd(&store)?) } else { Default::default() };
    if as_json {
        let mut whole = json(context, &database, &listing, &odd);
        if database.is_well() {
            whole["sources"] = sources(context, &store)?;
        }
        output::print_json(&whole)?;
    } else {
        let mut page = Page::new(output::look(context));
        if database.is_well() {
            listing.write(since, &mut page);
            unreadable(&odd, &mut page);
        }
        health(context, &database, &mut page);
        output::print(&page.finish())?;
    }
    Ok(if database.is_well() { Exit::Well } else { Exit::Unexpected })
}

/// What Ofsted lists, by whether it is stored.
#[derive(Default)]
struct Listing {
    providers: Vec<Provider>,
    stored: usize,
    /// Published before the day from which on files are fetched.
    early: usize,
    missing: Vec<Listed>,
}

impl Listing {
    fn of(store: &Store, since: Option<Date>) -> Result<Self, Trouble> {
        let mut seen = HashSet::new();
        let mut listed = store.all_publications()?;
        listed.retain(|each| each.gone_since.is_none() && seen.insert(each.publication.url.to_string()));
        let before = |each: &Listed| since.is_some_and(|since| each.publication.published.is_some_and(|day| day < since));
        let (stored, missing): (Vec<Listed>, Vec<Listed>) = listed.into_iter().partition(|each| matches!(each.file, FileState::Stored(_)));
        let (early, missing): (Vec<Listed>, Vec<Listed>) = missing.into_iter().partition(before);
        Ok(Self { providers: store.providers()?, stored: stored.len(), early: early.len(), missing })
    }

    fn unread(&self) -> Vec<String> {
        self.providers.iter().filter(|provider| provider.read_at.is_none()).map(|provider| clean_line(&provider.name)).collect()
    }

    /// "n listed, n stored", and what is missing, each with the reason.
    fn write(&self, since: Option<Date>, page: &mut Page) {
        page.line(0, Tone::Heading, "What Ofsted lists");
        page.gap();
        if self.providers.is_empty() {
            page.line(2, Tone::Plain, "Ofsted’s list has not been fetched yet: `tieback run --all` does.");
            return;
        }
        let all = self.stored + self.missing.len() + self.early;
        let mut said = format!(
            "{} of {}: {} stored",
            brief::count(all, "publication", "publications"),
            brief::count(self.providers.len(), "authority", "authorities"),
            brief::grouped(self.stored)
        );
        if self.early > 0 {
            let since = since.map(|day| format!(" before {}", crate::model::date::long(day))).unwrap_or_default();
            said.push_str(&format!(", {} published{since} and not asked for", brief::grouped(self.early)));
        }
        said.push_str(&match self.missing.len() {
            0 => ", none missing.".to_owned(),
            missing => format!(", {} missing.", brief::grouped(missing)),
        });
        page.line(2, Tone::Plain, &said);
        let unread = self.unread();
        if !unread.is_empty() {
            let rest = if unread.len() > SHOWN { format!(" and {} more", unread.len() - SHOWN) } else { String::new() };
            let names = unread.into_iter().take(SHOWN).collect::<Vec<_>>().join("; ");
            page.hanging(2, 4, Tone::Warning, &format!("! pages never read: {names}{rest}"));
        }
        if !self.missing.is_empty() {
            page.section("Missing");
            for each in self.missing.iter().take(SHOWN) {
                missing(each, page);
            }
            rest(self.missing.len(), page);
        }
    }
}

fn missing(listed: &Listed, page: &mut Page) {
    let publication = &listed.publication;
    let day = publication.published.map_or_else(|| "no date".to_owned(), crate::model::date::long);
    page.line(2, Tone::Strong, &format!("{day}: {}", shorten(&clean_line(&publication.label), REASON)));
    page.line(4, Tone::Plain, &why(&listed.file));
    page.line(4, Tone::Soft, publication.url.as_str());
}

fn why(file: &FileState) -> String {
    match file {
        FileState::Failed { detail, next_try, .. } => {
            let next = next_try.map_or_else(|| "given up".to_owned(), |next| format!("tried again {}", wording::day(next)));
            format!("{}; {next}", shorten(&clean_line(detail), REASON))
        }
        _ => "not fetched yet: the next run does".to_owned(),
    }
}

/// Files that are stored and hold no report that could be read, or were withdrawn.
fn odd(store: &Store) -> Result<Vec<ReportCard>, Trouble> {
    Ok(store.report_cards()?.into_iter().filter(|card| card.status != ReportStatus::Current).collect())
}

fn unreadable(odd: &[ReportCard], page: &mut Page) {
    if odd.is_empty() {
        return;
    }
    page.section("Stored, with something odd");
    for card in odd.iter().take(SHOWN) {
        page.line(2, Tone::Strong, &wording::report(card));
        let why = card.reason.as_deref().map(|reason| format!(": {}", shorten(&clean_line(reason), REASON))).unwrap_or_default();
        page.line(4, Tone::Plain, &format!("{}{why}", brief::status(card.status).unwrap_or_default()));
        page.line(4, Tone::Soft, &format!("{} · {}", card.id, wording::web_address(&card.url).unwrap_or_default()));
    }
    rest(odd.len(), page);
}

fn health(context: &Context, check: &Check, page: &mut Page) {
    if check.is_well() {
        page.section("The database");
        let (stories, reports) =
            (brief::count(check.stories as usize, "story", "stories"), brief::count(check.reports as usize, "report", "reports"));
        let files = brief::count(check.files as usize, "report file", "report files");
        page.line(2, Tone::Plain, &format!("Whole: {stories}, {reports}, {files}, {}.", brief::size(check.size)));
        page.line(2, Tone::Soft, &context.database.display().to_string());
        return;
    }
    page.section("The database is damaged");
    for problem in &check.problems {
        page.hanging(2, 4, Tone::Warning, &format!("! {problem}"));
    }
    page.line(
        2,
        Tone::Plain,
        "`tieback restore FILE` puts a backup made by `tieback backup` in its place, once that is found to be whole.",
    );
    page.line(2, Tone::Plain, "Where there is none: SQLite’s own `sqlite3 DATABASE .recover` saves what can still be read.");
}

/// How each source that is on fares, as `sources --json` says it.
fn sources(context: &Context, store: &Store) -> Result<Value, Trouble> {
    let sources = &context.config.sources;
    let mut told = Vec::new();
    for (source, health) in sources.iter().zip(store.sources_health(sources)?).filter(|(source, _)| source.on) {
        told.push(super::sources::json(source, &health, store.usual_gap(&source.name)?, context.now));
    }
    Ok(Value::Array(told))
}

/// All of it, nothing cut.
fn json(context: &Context, database: &Check, listing: &Listing, odd: &[ReportCard]) -> Value {
    json!({
        "database": context.database.display().to_string(),
        "whole": database.is_well(),
        "problems": database.problems,
        "size": database.size,
        "stories": database.stories,
        "reports": database.reports,
        "files": database.files,
        "authorities": listing.providers.len(),
        "listed": listing.stored + listing.early + listing.missing.len(),
        "stored": listing.stored,
        "not_asked_for": listing.early,
        "never_read": listing.unread(),
        "missing": listing.missing.iter().map(|each| json!({
            "url": each.publication.url,
            "label": clean_line(&each.publication.label),
            "published": each.publication.published,
            "why": why(&each.file),
        })).collect::<Vec<_>>(),
        "odd": odd.iter().map(|card| json!({
            "id": card.id,
            "url": card.url,
            "status": card.status,
            "reason": card.reason.as_deref().map(clean_line),
        })).collect::<Vec<_>>(),
    })
}

fn rest(total: usize, page: &mut Page) {
    if total > SHOWN {
        page.line(2, Tone::Plain, &format!("and {} more", brief::grouped(total - SHOWN)));
    }
}
