//! `authority`: an authority's inspections over time, with grades, and the stories on each.

use serde_json::{Value, json};

use super::{
    Context, Exit, Trouble, brief, chart, export, find, output,
    show::coverage,
    table::{Cell, Column, Fit, Table},
};
use crate::{
    config,
    model::{
        authority::{Authority, Gazetteer},
        date::long,
        overview::{ReportCard, ReportWithStories, StoryCard},
        report::{Grade, JudgementKey},
        story::StoryId,
        text::clean_line,
        wording,
    },
    store::{AllReports, Fill, Store, StoryFilter},
    summary::{
        Look,
        page::{PageWriter, Tone},
    },
};

/// The rows of the table of grades; later frameworks name and divide what they judge in other ways.
const ROWS: [JudgementKey; 13] = [
    JudgementKey::Overall,
    JudgementKey::Leaders,
    JudgementKey::HelpProtection,
    JudgementKey::InCare,
    JudgementKey::CareLeavers,
    JudgementKey::InCareAndLeavers,
    JudgementKey::InCarePermanence,
    JudgementKey::Adoption,
    JudgementKey::Lscb,
    JudgementKey::Outcomes,
    JudgementKey::Provision,
    JudgementKey::Capacity,
    JudgementKey::Outcome,
];

/// How much is shown; the rest is counted.
struct Room {
    /// Stories without a report.
    open: usize,
    /// Reports, newest first.
    reports: usize,
    /// Stories of one report, first published first.
    stories: usize,
}

/// What a person reads of it; the busiest council has some twenty reports in twenty years.
const PAGE: Room = Room { open: 15, reports: 40, stories: 25 };
/// For programs.
const ALL: Room = Room { open: usize::MAX, reports: usize::MAX, stories: usize::MAX };

/// Stories that no report is tied to.
struct Open {
    shown: Vec<StoryCard>,
    all: usize,
}

/// What an authority's reports are and say, newest first.
struct History {
    shown: Vec<Coverage>,
    all: AllReports,
}

/// A report with its stories, first published first.
struct Coverage {
    report: ReportCard,
    shown: Vec<StoryCard>,
    all: usize,
}

/// # Errors
/// Where the name fits none or several, there is no database, or stdout cannot be written.
pub fn run(context: &Context, name: &[String], as_json: bool) -> Result<Exit, Trouble> {
    let gazetteer = config::gazetteer()?;
    let typed = name.join(" ");
    let councils = match find::councils(&typed, &gazetteer) {
        Ok(councils) => {
            say_trust(context, &councils);
            councils
        }
        // `leeds bradford`: each of them.
        Err(trouble) => Some(find::named_in(&typed, &gazetteer)).filter(|several| several.len() > 1).ok_or(trouble)?,
    };
    let store = context.stored()?;
    let mut text = String::new();
    for authority in councils {
        let line = descent(authority, &gazetteer);
        let room = if as_json { ALL } else { PAGE };
        let (history, open) = (history(&line, &store, &room)?, open(&line, &store, &room)?);
        if as_json {
            output::print_json(&json(authority, &line, &history.shown, &open.shown, &store)?)?;
            continue;
        }
        text.push_str(if text.is_empty() { "" } else { "\n\n" });
        text.push_str(&shown(authority, &gazetteer, &history, &open, output::look(context)));
        if history.shown.is_empty() {
            output::say(context, &format!("no report of {} is stored yet: `tieback run` fetches them", authority.name));
        }
    }
    output::page(&text)?;
    Ok(Exit::Well)
}

fn say_trust(context: &Context, councils: &[&Authority]) {
    if councils.len() > 1 {
        let names: Vec<&str> = councils.iter().map(|council| council.name.as_str()).collect();
        output::say(context, &format!("services of several councils are or were run by it: {}", names.join("; ")));
    }
}

fn shown(authority: &Authority, gazetteer: &Gazetteer, history: &History, open: &Open, look: Look) -> String {
    let mut page = PageWriter::new(look);
    head(authority, gazetteer, &mut page);
    grades(&history.shown, look, &mut page);
    chart::grades(&history.all.grades, look, &mut page);
    waiting(open, &mut page);
    list(authority, history, look, &mut page);
    page.finish()
}

/// Stories that no report is tied to yet, newest first: those that wait, those to decide, and those about the council at large.
fn open(line: &[&Authority], store: &Store, room: &Room) -> Result<Open, Trouble> {
    let ids = store.untied_about(&names(line))?;
    let mut shown = Vec::new();
    for id in ids.iter().take(room.open) {
        shown.extend(store.story_card(id)?);
    }
    Ok(Open { shown, all: ids.len() })
}

fn names(line: &[&Authority]) -> Vec<String> {
    line.iter().map(|authority| authority.name.clone()).collect()
}

fn waiting(open: &Open, page: &mut PageWriter) {
    if open.shown.is_empty() {
        return;
    }
    page.section(&format!("Without a report: {}", wording::count(open.all, "story", "stories")));
    for story in &open.shown {
        page.linked(2, Tone::Plain, &wording::headline(&story.title), wording::web_address(&story.url).as_deref());
        let kind = brief::kind(story.kind).map(|kind| format!(" · {kind}")).unwrap_or_default();
        let said =
            format!("{} · {} · {}{kind} · {}", wording::outlet(&story.outlet), wording::when(story), brief::standing(story), story.id);
        page.line(4, Tone::Soft, &said);
    }
    if open.all > open.shown.len() {
        page.line(2, Tone::Plain, &format!("and {}", wording::count(open.all - open.shown.len(), "more story", "more stories")));
    }
}

/// The authority, those it came from, and those that came of it; not the other parents of its children.
fn descent<'a>(authority: &'a Authority, gazetteer: &'a Gazetteer) -> Vec<&'a Authority> {
    let mut line = vec![authority];
    for step in [|one: &'a Authority| &one.predecessors, |one: &'a Authority| &one.successors] {
        let mut open = vec![authority];
        while let Some(at) = open.pop() {
            for other in step(at).iter().filter_map(|name| gazetteer.get(name)) {
                if line.iter().all(|known| known.name != other.name) {
                    line.push(other);
                    open.push(other);
                }
            }
        }
    }
    line
}

fn history(line: &[&Authority], store: &Store, room: &Room) -> Result<History, Trouble> {
    store.read(|store| {
        let (names, mut shown) = (names(line), Vec::new());
        for report in store.newest_reports_of(&names, room.reports)? {
            let ids = store.stories_of_report(&report.id)?;
            shown.push(Coverage { all: ids.len(), shown: lines(ids, store, room)?, report });
        }
        Ok(History { shown, all: store.all_reports_of(&names)? })
    })
}

/// The first of these stories, first published first.
fn lines(mut ids: Vec<StoryId>, store: &Store, room: &Room) -> Result<Vec<StoryCard>, Trouble> {
    ids.truncate(room.stories);
    let mut stories = store.story_cards(&StoryFilter { ids: Some(ids), fill: Fill::Line, ..StoryFilter::default() })?;
    stories.sort_by_key(|story| (story.published.unwrap_or(story.first_seen), story.id.clone()));
    Ok(stories)
}

fn head(authority: &Authority, gazetteer: &Gazetteer, page: &mut PageWriter) {
    page.line(0, Tone::Heading, &authority.name);
    let mut said = vec![authority.official.clone()];
    said.extend(authority.urn.as_ref().map(|urn| format!("Ofsted’s number {urn}")));
    page.line(0, Tone::Soft, &said.join(" · "));
    let named = |names: &[String]| {
        let known = names.iter().map(|name| gazetteer.get(name).map_or(name.as_str(), |found| found.name.as_str()));
        known.collect::<Vec<_>>().join(", ")
    };
    if let Some(from) = authority.from {
        let before =
            if authority.predecessors.is_empty() { String::new() } else { format!("; before it: {}", named(&authority.predecessors)) };
        page.line(0, Tone::Plain, &format!("since {}{before}", long(from)));
    }
    if let Some(to) = authority.to {
        let after = if authority.successors.is_empty() { String::new() } else { format!("; after it: {}", named(&authority.successors)) };
        page.line(0, Tone::Plain, &format!("until {}{after}", long(to)));
    }
    for body in &authority.bodies {
        let from = body.from.map(|day| format!(" from {}", long(day))).unwrap_or_default();
        let to = body.to.map(|day| format!(" to {}", long(day))).unwrap_or_default();
        page.line(0, Tone::Plain, &format!("services run by {}{from}{to}", body.name));
    }
}

/// What is judged down the side, inspections from left to right as time went.
fn grades(history: &[Coverage], look: Look, page: &mut PageWriter) {
    let graded: Vec<&ReportCard> =
        history.iter().rev().map(|covered| &covered.report).filter(|report| !report.judgements.is_empty()).collect();
    if graded.is_empty() {
        return;
    }
    page.section("Grades over time");
    let many = graded.iter().any(|report| report.authority != graded[0].authority);
    for words in [brief::grade, brief::short_grade] {
        let table = grade_table(&graded, many, words);
        if table.natural_width() <= look.width {
            page.block(&table.text(look));
            return;
        }
    }
    // As many side by side as have room, the newest last.
    let room = (1..graded.len())
        .rev()
        .find(|n| graded.chunks(*n).all(|part| grade_table(part, many, brief::short_grade).natural_width() <= look.width));
    for part in graded.chunks(room.unwrap_or(1)) {
        page.gap();
        page.block(&grade_table(part, many, brief::short_grade).text(look));
    }
}

fn grade_table(reports: &[&ReportCard], many: bool, words: fn(Grade) -> &'static str) -> Table {
    let mut columns = vec![Column::left("", Fit::Whole)];
    columns.extend(reports.iter().map(|_| Column::left("", Fit::Whole)));
    let mut table = Table::new(2, columns);
    let mut headed = |cell: fn(&ReportCard) -> String| {
        let mut row = vec![Cell::plain("")];
        row.extend(reports.iter().map(|report| Cell::new(Tone::Strong, cell(report))));
        table.row(row);
    };
    headed(|report| report.published.map_or_else(|| "no date".to_owned(), |day| brief::day(day).trim_start().to_owned()));
    headed(|report| report.framework.as_str().to_owned());
    if many {
        headed(|report| narrow(&wording::authority(report)));
    }
    for key in ROWS {
        let of = |report: &&ReportCard| report.judgements.iter().find(|judgement| judgement.key == key).cloned();
        if reports.iter().all(|report| of(report).is_none()) {
            continue;
        }
        let mut row = vec![Cell::plain(wording::judgement_key(key))];
        row.extend(
            reports.iter().map(|report| of(report).map_or_else(|| Cell::soft("–"), |judgement| brief::judgement(&judgement, words))),
        );
        table.row(row);
    }
    table
}

/// The name of a council in a column as narrow as a grade.
fn narrow(name: &str) -> String {
    crate::model::text::shorten(name, 16)
}

fn list(authority: &Authority, history: &History, look: Look, page: &mut PageWriter) {
    if history.shown.is_empty() {
        return;
    }
    let AllReports { reports, stories, .. } = history.all;
    page.section(&format!("{}, {}", wording::count(reports, "report", "reports"), wording::count(stories, "story", "stories")));
    for Coverage { report, shown, all } in &history.shown {
        let other = report.authority.as_deref().filter(|name| *name != authority.name).map(|name| format!(", {}", clean_line(name)));
        let day = report.published.map_or_else(|| "no date".to_owned(), long);
        let kind = wording::framework(report.framework);
        let said = format!("{day}: {kind}{}: {}", other.unwrap_or_default(), wording::overall_words(report));
        page.line(2, Tone::Strong, &said);
        let odd = brief::status(report.status).map(|status| format!(" · {status}")).unwrap_or_default();
        let none = if shown.is_empty() { " · no story" } else { "" };
        page.line(4, Tone::Soft, &format!("{}{none}{odd} · {}", report.id, wording::web_address(&report.url).unwrap_or_default()));
        page.block(&coverage(report, &shown.iter().collect::<Vec<_>>(), 4).text(look));
        if *all > shown.len() {
            let more = wording::count(all - shown.len(), "more story", "more stories");
            page.line(4, Tone::Plain, &format!("and {more}: tieback show {}", report.id));
        }
        page.gap();
    }
    let older = reports.saturating_sub(history.shown.len());
    if older > 0 {
        let older = wording::count(older, "older report", "older reports");
        let name = clean_line(&authority.name);
        page.line(2, Tone::Plain, &format!("and {older}: tieback reports --authority \"{name}\" --limit {reports}"));
    }
}

fn json(authority: &Authority, line: &[&Authority], history: &[Coverage], open: &[StoryCard], store: &Store) -> Result<Value, Trouble> {
    let mut value = export::authority(authority);
    value["line"] = json!(line.iter().map(|one| &one.name).collect::<Vec<_>>());
    value["open"] = json!(open.iter().map(export::story).collect::<Vec<_>>());
    let reports = history.iter().map(|Coverage { report, shown: stories, .. }| {
        let with = ReportWithStories { report: report.clone(), stories: stories.iter().map(|story| story.id.clone()).collect() };
        let mut value = export::report(&with, &store.recommendations(&report.id)?);
        value["coverage"] = json!(
            stories
                .iter()
                .map(|story| json!({
                    "id": story.id, "outlet": story.outlet, "title": story.title, "url": story.url, "published": story.published,
                }))
                .collect::<Vec<_>>()
        );
        Ok(value)
    });
    value["reports"] = json!(reports.collect::<Result<Vec<_>, Trouble>>()?);
    Ok(value)
}
