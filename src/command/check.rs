//! `check`: what Ofsted lists held against what is stored, and whether the database is whole.

use std::{collections::HashSet, time::Duration};

use jiff::{Timestamp, civil::Date};
use serde_json::{Value, json};

use super::{Context, Exit, Trouble, brief, output, progress::Progress};
use crate::{
    model::{
        fetched::FailureKind,
        overview::{ReportCard, Runs, SourceHealth, SourceTrouble},
        source::SourceKind,
        text::{clean_line, shorten},
        wording,
    },
    store::{Check, FileState, ListedPublication, Provider, Store},
    summary::page::{PageWriter, Tone},
};

/// Lines of each kind; the rest is counted.
const SHOWN: usize = 40;
/// Sources in trouble that are named.
const NAMED: usize = 6;
/// Bytes that are verified in a second.
const A_SECOND: u64 = 50_000_000;
/// What takes as long is told before.
const LONG: Duration = Duration::from_secs(10);
/// Bytes from which on it is said what takes them.
const TOLD: u64 = 1_000_000;
/// Bytes that a disk is to have free at the least: a first fill fetches so much; and room for a copy of the database.
const ROOM: u64 = 1_000_000_000;
/// Characters of a reason.
const REASON: usize = 160;

/// # Errors
/// Where there is no database or it cannot be read. What is missing is no error; a damaged database gives exit code 1.
pub fn run(context: &Context, quick: bool, as_json: bool) -> Result<Exit, Trouble> {
    let store = context.stored()?;
    let database = if quick { store.sizes()? } else { verified(context, &store)? };
    let since = context.config.sources.iter().find(|source| source.kind == SourceKind::Ofsted && source.on).and_then(|source| source.since);
    let (listing, odd) = if database.is_well() { (Listing::of(&store, since)?, odd(&store)?) } else { Default::default() };
    let service = if database.is_well() { Some(Service::of(context, &store)?) } else { None };
    if as_json {
        let mut whole = json(context, quick, &database, &listing, &odd, service.as_ref());
        if let Some(service) = &service {
            whole["sources"] = sources(context, &store, &service.health)?;
        }
        output::print_json(&whole)?;
    } else {
        let mut page = PageWriter::new(output::look(context));
        if database.is_well() {
            listing.write(since, &mut page);
            unreadable(&odd, &mut page);
        }
        if let Some(service) = &service {
            service.write(&mut page);
        }
        health(context, quick, &database, &mut page);
        output::page(&page.finish())?;
    }
    Ok(if database.is_well() { Exit::Well } else { Exit::Unexpected })
}

/// What a colleague would ask: does it run, does it say who it is, do its sources answer, is the clock right.
struct Service {
    runs: Runs,
    overdue: bool,
    contact: Option<String>,
    /// How each source of the configuration fares, in its order.
    health: Vec<SourceHealth>,
    /// The latest moment stored, where that is still to come.
    ahead: Option<Timestamp>,
    now: Timestamp,
}

impl Service {
    fn of(context: &Context, store: &Store) -> Result<Self, Trouble> {
        let runs = store.runs()?;
        let health = store.sources_health(&context.config.sources)?;
        let ahead = store.latest()?.filter(|latest| *latest > context.now);
        Ok(Self { overdue: runs.is_overdue(context.now), runs, contact: context.config.contact.clone(), health, ahead, now: context.now })
    }

    fn on(&self) -> usize {
        self.health.iter().filter(|source| source.on).count()
    }

    fn troubled(&self) -> impl Iterator<Item = (&SourceHealth, SourceTrouble)> {
        self.health.iter().filter_map(|source| Some((source, source.trouble(self.now)?)))
    }

    fn write(&self, page: &mut PageWriter) {
        page.section("The runs");
        match self.runs.last {
            Some(last) if self.overdue => {
                let said = format!("! the last run ended {}; see that cron still calls `tieback run`", wording::moment(last));
                page.hanging(2, 4, Tone::Warning, &said);
            }
            Some(last) => page.line(2, Tone::Plain, &format!("The last run ended {}.", wording::moment(last))),
            None => page.line(2, Tone::Plain, "No run has ended yet."),
        }
        if self.runs.unjudged > 0 {
            let stories = wording::count(self.runs.unjudged as usize, "story is", "stories are");
            page.hanging(2, 4, Tone::Warning, &format!("! {stories} fetched and not judged yet: `tieback run` goes on from there"));
        }
        if let Some(ahead) = self.ahead {
            let said =
                format!("! something is stored of {}, which is still to come: this clock is slow, or was fast", wording::moment(ahead));
            page.hanging(2, 4, Tone::Warning, &said);
        }
        match &self.contact {
            Some(contact) => page.line(2, Tone::Plain, &format!("Requests say whom to write to: {contact}.")),
            None => {
                page.hanging(2, 4, Tone::Warning, "! requests say nobody to write to: set `contact` in the configuration (`tieback init`)")
            }
        }
        self.sources(page);
    }

    fn sources(&self, page: &mut PageWriter) {
        let on = wording::count(self.on(), "source is", "sources are");
        let of =
            |wanted: SourceTrouble| self.troubled().filter(|(_, trouble)| *trouble == wanted).map(|(source, _)| source).collect::<Vec<_>>();
        let (failing, silent) = (of(SourceTrouble::Failing), of(SourceTrouble::Silent));
        if failing.is_empty() && silent.is_empty() {
            page.line(2, Tone::Plain, &format!("{on} fetched, and none is in trouble."));
            return;
        }
        let refused = failing.iter().filter(|source| source.failure.as_deref() == Some(FailureKind::Robots.as_str())).count();
        let robots = if refused > 0 { format!(", {refused} of them refused by robots.txt") } else { String::new() };
        let mut parts = Vec::new();
        if !failing.is_empty() {
            parts.push(format!("{} failing{robots} ({})", wording::grouped(failing.len()), names(&failing)));
        }
        if !silent.is_empty() {
            parts.push(format!("{} silent ({})", wording::grouped(silent.len()), names(&silent)));
        }
        let (troubled, parts) = (wording::grouped(failing.len() + silent.len()), parts.join(", "));
        page.hanging(2, 4, Tone::Warning, &format!("! {on} fetched, {troubled} in trouble: {parts}; `tieback sources` says why"));
    }

    fn json(&self) -> Value {
        json!({
            "last_run": self.runs.last,
            "overdue": self.overdue,
            "unjudged": self.runs.unjudged,
            "contact": self.contact,
            "sources": self.on(),
            "in_trouble": self.troubled().map(|(source, trouble)| match trouble {
                SourceTrouble::Failing => (source, "failing", source.failing_since),
                SourceTrouble::Silent => (source, "silent", source.silent_from),
            }).map(|(source, trouble, since)| json!({
                "name": clean_line(&source.name), "trouble": trouble, "failure": source.failure, "since": since,
            })).collect::<Vec<_>>(),
            "stored_ahead": self.ahead,
        })
    }
}

/// The first of them by name, and how many more there are.
fn names(sources: &[&SourceHealth]) -> String {
    let names = sources.iter().take(NAMED).map(|source| clean_line(&source.name)).collect::<Vec<_>>().join("; ");
    if sources.len() > NAMED { format!("{names} and {} more", sources.len() - NAMED) } else { names }
}

/// Goes through the whole database; where that takes long, it says so first.
fn verified(context: &Context, store: &Store) -> Result<Check, Trouble> {
    let size = store.size()?;
    let expected = Duration::from_secs(size / A_SECOND);
    if expected >= LONG {
        let minutes = wording::count(expected.as_secs().div_ceil(60) as usize, "minute", "minutes");
        output::say(context, &format!("verifying {}, which takes about {minutes}; --quick leaves it out", brief::size(size)));
    }
    let progress = Progress::new(context.quiet);
    progress.say("verifying");
    let check = store.check();
    progress.end();
    Ok(check?)
}

/// What Ofsted lists, by whether it is stored.
#[derive(Default)]
struct Listing {
    providers: Vec<Provider>,
    stored: usize,
    /// Published before the day from which on files are fetched.
    early: usize,
    missing: Vec<ListedPublication>,
}

impl Listing {
    fn of(store: &Store, since: Option<Date>) -> Result<Self, Trouble> {
        let mut seen = HashSet::new();
        let mut listed = store.all_publications()?;
        listed.retain(|each| each.gone_since.is_none() && seen.insert(each.publication.url.to_string()));
        let before = |each: &ListedPublication| since.is_some_and(|since| each.publication.published.is_some_and(|day| day < since));
        let (stored, missing): (Vec<ListedPublication>, Vec<ListedPublication>) =
            listed.into_iter().partition(|each| matches!(each.file, FileState::Stored(_)));
        let (early, missing): (Vec<ListedPublication>, Vec<ListedPublication>) = missing.into_iter().partition(before);
        Ok(Self { providers: store.providers()?, stored: stored.len(), early: early.len(), missing })
    }

    fn unread(&self) -> Vec<String> {
        self.providers.iter().filter(|provider| provider.read_at.is_none()).map(|provider| clean_line(&provider.name)).collect()
    }

    /// "n listed, n stored", and what is missing, each with the reason.
    fn write(&self, since: Option<Date>, page: &mut PageWriter) {
        page.line(0, Tone::Heading, "What Ofsted lists");
        page.gap();
        if self.providers.is_empty() {
            page.line(2, Tone::Plain, "Ofsted’s list has not been fetched yet: `tieback run --all` does.");
            return;
        }
        let all = self.stored + self.missing.len() + self.early;
        let mut said = format!(
            "{} of {}: {} stored",
            wording::count(all, "publication", "publications"),
            wording::count(self.providers.len(), "authority", "authorities"),
            wording::grouped(self.stored)
        );
        if self.early > 0 {
            let since = since.map(|day| format!(" before {}", crate::model::date::long(day))).unwrap_or_default();
            said.push_str(&format!(", {} published{since} and not asked for", wording::grouped(self.early)));
        }
        said.push_str(&match self.missing.len() {
            0 => ", none missing.".to_owned(),
            missing => format!(", {} missing.", wording::grouped(missing)),
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

fn missing(listed: &ListedPublication, page: &mut PageWriter) {
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
    Ok(store.odd_reports()?)
}

fn unreadable(odd: &[ReportCard], page: &mut PageWriter) {
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

fn health(context: &Context, quick: bool, check: &Check, page: &mut PageWriter) {
    if check.is_well() {
        page.section("The database");
        let (stories, reports) =
            (wording::count(check.stories as usize, "story", "stories"), wording::count(check.reports as usize, "report", "reports"));
        let said = if quick {
            format!("Not gone through: {stories}, {reports}, {}.", brief::size(check.size))
        } else {
            let files = wording::count(check.files as usize, "report file", "report files");
            let originals = wording::count(check.originals as usize, "page", "pages");
            format!("Whole: {stories}, {reports}, {files}, {originals} of stories, {}.", brief::size(check.size))
        };
        page.line(2, Tone::Plain, &said);
        page.line(2, Tone::Soft, &context.database.display().to_string());
        room(free(context), check.size, page);
        space(check, page);
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

/// What its disk has free.
fn room(free: Option<u64>, size: u64, page: &mut PageWriter) {
    let Some(free) = free else { return };
    if is_short(free, size) {
        let said = format!("! Its disk has only {} free: a run, `backup` and `restore` may find no room", brief::size(free));
        page.hanging(2, 4, Tone::Warning, &said);
    } else {
        page.line(2, Tone::Plain, &format!("Its disk has {} free.", brief::size(free)));
    }
}

fn is_short(free: u64, size: u64) -> bool {
    free < ROOM.max(size)
}

/// Bytes that we may still write where the database is; nothing where the system does not say.
#[cfg(unix)]
pub fn free(context: &Context) -> Option<u64> {
    let disk = rustix::fs::statvfs(&context.database).ok()?;
    disk.f_bavail.checked_mul(disk.f_frsize)
}

#[cfg(not(unix))]
pub fn free(_: &Context) -> Option<u64> {
    None
}

/// What takes the space; of what takes next to nothing nothing is said.
fn space(check: &Check, page: &mut PageWriter) {
    let told = check.space.iter().filter(|(_, bytes)| *bytes >= TOLD && bytes.saturating_mul(100) >= check.size);
    for (name, bytes) in told {
        page.beside(2, 30, name, Tone::Plain, &brief::size(*bytes));
    }
}

/// How each source that is on fares, as `sources --json` says it.
fn sources(context: &Context, store: &Store, health: &[SourceHealth]) -> Result<Value, Trouble> {
    let mut told = Vec::new();
    for (source, health) in context.config.sources.iter().zip(health).filter(|(source, _)| source.on) {
        told.push(super::sources::json(source, health, store.usual_gap(&source.name)?, context.now));
    }
    Ok(Value::Array(told))
}

/// All of it, nothing cut.
fn json(context: &Context, quick: bool, database: &Check, listing: &Listing, odd: &[ReportCard], service: Option<&Service>) -> Value {
    let free = free(context);
    json!({
        "database": context.database.display().to_string(),
        "whole": if quick { None } else { Some(database.is_well()) },
        "problems": database.problems,
        "service": service.map(Service::json),
        "size": database.size,
        "free": free,
        "short_of_room": free.map(|free| is_short(free, database.size)),
        "space": database.space.iter().map(|(name, bytes)| json!({ "what": name, "bytes": bytes })).collect::<Vec<_>>(),
        "stories": database.stories,
        "reports": database.reports,
        "files": if quick { None } else { Some(database.files) },
        "originals": if quick { None } else { Some(database.originals) },
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

fn rest(total: usize, page: &mut PageWriter) {
    if total > SHOWN {
        page.line(2, Tone::Plain, &format!("and {} more", wording::grouped(total - SHOWN)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_short_where_a_fill_or_a_copy_has_no_room() {
        for (free, size, expected) in
            [(ROOM, 0, false), (ROOM - 1, 0, true), (5 * ROOM, 5 * ROOM, false), (4 * ROOM, 5 * ROOM, true), (0, 0, true)]
        {
            let mut page = PageWriter::new(crate::summary::Look { width: 80, colour: false, links: false });
            room(Some(free), size, &mut page);
            assert_eq!(page.finish().contains("! Its disk has only"), expected, "{free} of {size}");
        }
    }
}
