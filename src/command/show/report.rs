//! A report: grades with their readings and doubts, dates, recommendations, and the stories tied to it.

use serde_json::json;

use super::{
    Context, Trouble, brief, export, output,
    table::{Cell, Column, Fit, Table},
};
use crate::{
    model::{
        change::changes,
        date::long,
        overview::{ReportCard, ReportWithStories, StoryCard},
        report::{Judgement, Passage, PassageKind, Recommendation, ReportId},
        text::{clean_line, shorten},
        wording,
    },
    store::{Fill, ReportVersion, Store, StoryFilter},
    summary::{
        Look,
        page::{PageWriter, Tone},
        turned,
    },
};

/// Characters of a recommendation and of a doubt.
const SENTENCE: usize = 600;
/// Lines of each kind; the rest is counted.
const SHOWN: usize = 50;
/// Outlets of copies that are named; the rest are counted.
const NAMED: usize = 6;

pub(super) fn show(context: &Context, id: &ReportId, store: &Store, text: bool, as_json: bool) -> Result<(), Trouble> {
    let card = store.report_card(id)?.ok_or_else(|| Trouble::usage(format!("no report has the id `{id}`")))?;
    let recommendations = store.recommendations(id)?;
    let versions = store.report_versions(id)?;
    let stories = store.stories_of_report(id)?;
    let cards = store.story_cards(&StoryFilter { ids: Some(stories.clone()), fill: Fill::Line, ..StoryFilter::default() })?;
    if as_json {
        let mut value = export::report(&ReportWithStories { report: card, stories }, &recommendations);
        value["versions"] = json!(
            versions
                .iter()
                .map(|version| json!({
                    "version": version.version, "sha256": version.sha256, "first_seen": version.first_seen, "changed": version.changed,
                }))
                .collect::<Vec<_>>()
        );
        value["text"] = json!(store.passages(id)?);
        return output::print_json(&value);
    }
    let look = output::look(context);
    let mut page = PageWriter::new(look);
    head(&card, &mut page);
    grades(&card, store.report_before(&card)?.as_ref(), look, &mut page);
    self::recommendations(&recommendations, &mut page);
    self::stories(&card, &cards, look, &mut page);
    past(&card, &versions, &mut page);
    if text {
        passages(&store.passages(id)?, &mut page);
    } else {
        page.gap();
        page.line(0, Tone::Soft, &format!("its text, with pages and paragraphs: tieback show {id} --text"));
    }
    output::page(&page.finish())
}

fn head(card: &ReportCard, page: &mut PageWriter) {
    page.line(0, Tone::Heading, &wording::report(card));
    let title = shorten(&clean_line(&card.title), SENTENCE);
    if !title.is_empty() {
        page.line(0, Tone::Plain, &title);
    }
    let mut said: Vec<String> = inspected(card).into_iter().collect();
    said.extend(card.lead_inspector.as_deref().map(|name| format!("lead inspector {}", shorten(&clean_line(name), 80))));
    if card.pages > 0 {
        said.push(wording::count(card.pages as usize, "page", "pages"));
    }
    if card.last_paragraph > 0 {
        said.push(wording::count(card.last_paragraph as usize, "paragraph", "paragraphs"));
    }
    if !said.is_empty() {
        page.line(0, Tone::Plain, &said.join(" · "));
    }
    page.line(0, Tone::Soft, &format!("{} · {}", card.id, wording::web_address(&card.url).unwrap_or_default()));
    if let Some(provider) = card.provider_url.as_deref().and_then(wording::web_address) {
        page.line(0, Tone::Soft, &provider);
    }
    if let Some(status) = brief::status(card.status) {
        let why = card.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
        page.hanging(0, 2, Tone::Warning, &format!("! {status}{why}"));
    }
}

/// "inspected 11 September to 5 October 2017".
fn inspected(card: &ReportCard) -> Option<String> {
    match (card.inspected_from, card.inspected_to) {
        (Some(from), Some(to)) if from == to => Some(format!("inspected {}", long(from))),
        (Some(from), Some(to)) if from.year() == to.year() => {
            let from = from.strftime("%-d %B");
            Some(format!("inspected {from} to {}", long(to)))
        }
        (Some(from), Some(to)) => Some(format!("inspected {} to {}", long(from), long(to))),
        (Some(day), None) | (None, Some(day)) => Some(format!("inspected {}", long(day))),
        (None, None) => None,
    }
}

fn grades(card: &ReportCard, before: Option<&ReportCard>, look: Look, page: &mut PageWriter) {
    page.section("Grades");
    let changes = changes(card, before);
    if changes.is_empty() {
        page.line(2, Tone::Plain, &wording::overall_words(card));
    } else {
        let columns =
            [Column::left("", Fit::Whole), Column::left("", Fit::Whole), Column::left("", Fit::Whole), Column::left("", Fit::Wrap(12))];
        let mut table = Table::new(2, columns);
        for change in &changes {
            let judgement = change.judgement;
            let (tone, turned) = turned(change).unwrap_or((Tone::Plain, String::new()));
            table.row([
                Cell::plain(wording::judgement_key(judgement.key)),
                Cell::new(Tone::Grade(judgement.grade), judgement.grade.as_str()),
                Cell::new(tone, turned),
                Cell::new(if judgement.agree { Tone::Soft } else { Tone::Warning }, readings(judgement)),
            ]);
        }
        page.block(&table.text(look));
    }
    if let Some(before) = before {
        page.line(
            2,
            Tone::Soft,
            &format!("the inspection before: {}: {} ({})", wording::report(before), wording::overall_words(before), before.id),
        );
    }
    for doubt in card.doubts.iter().take(SHOWN) {
        page.hanging(2, 4, Tone::Warning, &format!("! read with doubts: {}", shorten(&clean_line(doubt), SENTENCE)));
    }
}

/// In how many places of the report the grade was read, and whether they agree.
fn readings(judgement: &Judgement) -> String {
    match (judgement.readings, judgement.agree) {
        (0 | 1, true) => "read once".to_owned(),
        (2, true) => "read twice, the same".to_owned(),
        (times, true) => format!("read {times} times, the same"),
        (0 | 1, false) => "! read once, with doubts".to_owned(),
        (times, false) => format!("! read {times} times, not the same"),
    }
}

fn recommendations(recommendations: &[Recommendation], page: &mut PageWriter) {
    if recommendations.is_empty() {
        return;
    }
    page.section("What needs to improve");
    for each in recommendations.iter().take(SHOWN) {
        let text = shorten(&clean_line(&each.text), SENTENCE);
        page.beside(2, 4, &each.n.to_string(), Tone::Plain, &format!("{text} (page {})", each.page));
    }
    if recommendations.len() > SHOWN {
        page.line(2, Tone::Plain, &format!("and {} more", recommendations.len() - SHOWN));
    }
}

fn stories(card: &ReportCard, cards: &[StoryCard], look: Look, page: &mut PageWriter) {
    page.section("Stories");
    if cards.is_empty() {
        page.line(2, Tone::Plain, "No story is tied to it.");
        return;
    }
    let mut sorted: Vec<&StoryCard> = cards.iter().collect();
    sorted.sort_by_key(|story| (story.published.unwrap_or(story.first_seen), story.id.clone()));
    page.block(&coverage(card, &sorted, 2).text(look));
}

/// Stories of a report, first published first: how long each outlet took, and what it said.
pub fn coverage(card: &ReportCard, stories: &[&StoryCard], indent: usize) -> Table {
    let columns =
        [Column::left("", Fit::Whole), Column::left("", Fit::Cut(18)), Column::left("", Fit::Wrap(24)), Column::left("", Fit::Whole)];
    let mut table = Table::new(indent, columns);
    for story in stories {
        let took = match (card.published, story.published) {
            (Some(report), Some(story)) => brief::later(report, story),
            _ => "no date".to_owned(),
        };
        table.row([
            Cell::plain(took),
            Cell::plain(wording::outlet(&story.outlet)),
            Cell::plain(format!("{}{}", wording::headline(&story.title), copies(story))),
            Cell::soft(&story.id.0),
        ]);
    }
    table
}

/// " (the same in Bay Chronicle)": who else has it, each outlet once.
fn copies(story: &StoryCard) -> String {
    let mut names: Vec<String> = Vec::new();
    for name in story.copies.iter().map(|copy| wording::outlet(&copy.outlet)) {
        if name != wording::outlet(&story.outlet) && !names.contains(&name) {
            names.push(name);
        }
    }
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    if names.is_empty() { String::new() } else { format!(" (the same in {})", names.join(", ")) }
}

fn past(card: &ReportCard, versions: &[ReportVersion], page: &mut PageWriter) {
    page.section("What happened to it");
    page.beside(2, 20, &wording::day(card.first_seen), Tone::Plain, &format!("first seen; read by parser {}", card.parser));
    for version in versions.iter().filter(|version| version.version > 1).take(SHOWN) {
        let changed: Vec<String> = version.changed.iter().map(|line| shorten(&clean_line(line), SENTENCE)).collect();
        let changed = if changed.is_empty() { "another file".to_owned() } else { changed.join("; ") };
        page.beside(2, 20, &wording::day(version.first_seen), Tone::Plain, &format!("version {}: {changed}", version.version));
    }
}

/// The whole text, each page marked and each paragraph with its number.
fn passages(passages: &[Passage], page: &mut PageWriter) {
    let mut at = 0;
    for passage in passages {
        if passage.page != at {
            at = passage.page;
            page.section(&format!("Page {at}"));
        }
        let number = passage.number.map(|number| number.to_string()).unwrap_or_default();
        match passage.kind {
            PassageKind::Heading => page.line(6, Tone::Strong, &passage.text),
            PassageKind::Paragraph => page.beside(0, 6, &number, Tone::Plain, &passage.text),
            PassageKind::Bullet => page.hanging(6, 8, Tone::Plain, &format!("- {}", passage.text)),
            PassageKind::Cover => page.line(6, Tone::Plain, &passage.text),
            PassageKind::Footnote => page.line(6, Tone::Soft, &passage.text),
        }
        page.gap();
    }
}
