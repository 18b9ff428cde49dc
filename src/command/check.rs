//! `check`: what Ofsted lists held against what is stored, and whether the database is whole.

use std::collections::HashSet;

use jiff::civil::Date;

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
pub fn run(context: &Context) -> Result<Exit, Trouble> {
    let store = context.stored()?;
    let database = store.check()?;
    let mut page = Page::new(output::look(context));
    if database.is_well() {
        let since =
            context.config.sources.iter().find(|source| source.kind == SourceKind::Ofsted && source.on).and_then(|source| source.since);
        listing(&store, since, &mut page)?;
        unreadable(&store, &mut page)?;
    }
    health(context, &database, &mut page);
    output::print(&page.finish())?;
    Ok(if database.is_well() { Exit::Well } else { Exit::Unexpected })
}

/// "n listed, n stored", and what is missing, each with the reason.
fn listing(store: &Store, since: Option<Date>, page: &mut Page) -> Result<(), Trouble> {
    let mut seen = HashSet::new();
    let mut listed = store.all_publications()?;
    listed.retain(|each| each.gone_since.is_none() && seen.insert(each.publication.url.to_string()));
    let before = |each: &Listed| since.is_some_and(|since| each.publication.published.is_some_and(|day| day < since));
    let (stored, missing): (Vec<Listed>, Vec<Listed>) = listed.into_iter().partition(|each| matches!(each.file, FileState::Stored(_)));
    let (early, missing): (Vec<Listed>, Vec<Listed>) = missing.into_iter().partition(before);
    let providers = store.providers()?;
    let unread: Vec<&Provider> = providers.iter().filter(|provider| provider.read_at.is_none()).collect();

    page.line(0, Tone::Heading, "What Ofsted lists");
    page.gap();
    if providers.is_empty() {
        page.line(2, Tone::Plain, "Ofsted’s list has not been fetched yet: `tieback run --all` does.");
        return Ok(());
    }
    let all = stored.len() + missing.len() + early.len();
    let mut said = format!(
        "{} of {}: {} stored",
        brief::count(all, "publication", "publications"),
        brief::count(providers.len(), "authority", "authorities"),
        brief::grouped(stored.len())
    );
    if !early.is_empty() {
        let since = since.map(|day| format!(" before {}", crate::model::date::long(day))).unwrap_or_default();
        said.push_str(&format!(", {} published{since} and not asked for", brief::grouped(early.len())));
    }
    said.push_str(&match missing.len() {
        0 => ", none missing.".to_owned(),
        missing => format!(", {} missing.", brief::grouped(missing)),
    });
    page.line(2, Tone::Plain, &said);
    if !unread.is_empty() {
        let names: Vec<String> = unread.iter().take(SHOWN).map(|provider| clean_line(&provider.name)).collect();
        let rest = if unread.len() > SHOWN { format!(" and {} more", unread.len() - SHOWN) } else { String::new() };
        page.hanging(2, 4, Tone::Warning, &format!("! pages never read: {}{rest}", names.join("; ")));
    }
    if !missing.is_empty() {
        page.section("Missing");
        for each in missing.iter().take(SHOWN) {
            self::missing(each, page);
        }
        rest(missing.len(), page);
    }
    Ok(())
}

fn missing(listed: &Listed, page: &mut Page) {
    let publication = &listed.publication;
    let day = publication.published.map_or_else(|| "no date".to_owned(), crate::model::date::long);
    page.line(2, Tone::Strong, &format!("{day}: {}", shorten(&clean_line(&publication.label), REASON)));
    let why = match &listed.file {
        FileState::Failed { detail, next_try, .. } => {
            let next = next_try.map_or_else(|| "given up".to_owned(), |next| format!("tried again {}", wording::day(next)));
            format!("{}; {next}", shorten(&clean_line(detail), REASON))
        }
        _ => "not fetched yet: the next run does".to_owned(),
    };
    page.line(4, Tone::Plain, &why);
    page.line(4, Tone::Soft, publication.url.as_str());
}

/// Files that are stored and hold no report that could be read, or were withdrawn.
fn unreadable(store: &Store, page: &mut Page) -> Result<(), Trouble> {
    let odd: Vec<ReportCard> = store.report_cards()?.into_iter().filter(|card| card.status != ReportStatus::Current).collect();
    if odd.is_empty() {
        return Ok(());
    }
    page.section("Stored, with something odd");
    for card in odd.iter().take(SHOWN) {
        page.line(2, Tone::Strong, &wording::report(card));
        let why = card.reason.as_deref().map(|reason| format!(": {}", shorten(&clean_line(reason), REASON))).unwrap_or_default();
        page.line(4, Tone::Plain, &format!("{}{why}", brief::status(card.status).unwrap_or_default()));
        page.line(4, Tone::Soft, &format!("{} · {}", card.id, wording::web_address(&card.url).unwrap_or_default()));
    }
    rest(odd.len(), page);
    Ok(())
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
    page.line(2, Tone::Plain, "Restore a backup made by `tieback backup`; keep this file until that is done.");
}

fn rest(total: usize, page: &mut Page) {
    if total > SHOWN {
        page.line(2, Tone::Plain, &format!("and {} more", brief::grouped(total - SHOWN)));
    }
}
