//! A story: its text, its ties with the evidence piece by piece, its quotations, its copies, and what people decided.

use serde_json::{Value, json};

use super::{Context, Trouble, brief, export, output};
use crate::{
    model::{
        evidence::{Evidence, Quotation},
        overview::{StoryCard, TiedReport},
        page::{Block, BlockKind},
        story::{Story, StoryId},
        text::{clean_line, shorten},
        tie::{GradeCheck, TieKind, TieState},
        wording,
    },
    store::{Decision, Store, StoryVersion},
    summary::page::{Page, Tone},
};

/// Characters of the text shown where the whole is not asked for.
const EXCERPT: usize = 700;
/// Characters of a sentence or quotation.
const SENTENCE: usize = 300;
/// Lines of each kind; the rest is counted.
const SHOWN: usize = 30;

/// All that is known of one story.
struct Whole {
    card: StoryCard,
    story: Story,
    versions: Vec<StoryVersion>,
    decisions: Vec<Decision>,
}

pub(super) fn show(context: &Context, id: &StoryId, store: &Store, text: bool, as_json: bool) -> Result<(), Trouble> {
    let gone = || Trouble::usage(format!("no story has the id `{id}`"));
    let whole = Whole {
        card: store.story_card(id)?.ok_or_else(gone)?,
        story: store.story(id)?.ok_or_else(gone)?,
        versions: store.story_versions(id)?,
        decisions: store.decisions(id)?,
    };
    if as_json {
        return output::print_json(&json(&whole));
    }
    let mut page = Page::new(output::look(context));
    head(&whole.card, &mut page);
    body(&whole.story, text, &mut page);
    about(&whole.card, &mut page);
    ties(&whole.card, &mut page);
    quotations(&whole.card, &mut page);
    elsewhere(&whole.card, &mut page);
    past(&whole, &mut page);
    output::print(&page.finish())
}

/// The story as `export` has it, with its text and its past.
fn json(whole: &Whole) -> Value {
    let mut value = export::story(&whole.card);
    value["summary"] = json!(whole.story.summary);
    value["text"] = json!(whole.story.blocks);
    value["links"] = json!(whole.story.links);
    value["copies"] = json!(
        whole
            .card
            .copies
            .iter()
            .map(|copy| json!({
                "id": copy.story, "outlet": copy.outlet, "url": copy.url, "title": copy.title, "published": copy.published,
            }))
            .collect::<Vec<_>>()
    );
    value["versions"] = json!(
        whole
            .versions
            .iter()
            .map(|version| json!({
                "version": version.version, "until": version.until, "title": version.title, "text": version.blocks,
            }))
            .collect::<Vec<_>>()
    );
    value["decisions"] = json!(
        whole
            .decisions
            .iter()
            .map(|decision| json!({
                "at": decision.at, "report": decision.report, "was": decision.was, "became": decision.became,
            }))
            .collect::<Vec<_>>()
    );
    value
}

fn head(card: &StoryCard, page: &mut Page) {
    page.line(0, Tone::Heading, &brief::headline(&card.title));
    let mut said = vec![brief::outlet(&card.outlet)];
    said.extend(card.author.as_deref().map(|author| shorten(&clean_line(author), 80)));
    said.push(brief::when(card));
    said.push(brief::count(card.words as usize, "word", "words"));
    said.extend(brief::kind(card.kind).map(str::to_owned));
    said.extend(card.walled.then(|| "behind a wall".to_owned()));
    page.line(0, Tone::Plain, &said.join(" · "));
    page.line(0, Tone::Soft, &wording::web_address(&card.url).unwrap_or_else(|| "no address to follow".to_owned()));
    page.line(0, Tone::Soft, &format!("{} · {}", card.id, brief::review(card.review)));
}

fn body(story: &Story, whole: bool, page: &mut Page) {
    page.section("Text");
    if story.blocks.is_empty() {
        let summary = clean_line(&story.summary);
        let said = if summary.is_empty() { "No text was read.".to_owned() } else { format!("No text was read; its feed says: {summary}") };
        page.line(2, Tone::Plain, &said);
        return;
    }
    let mut room = if whole { usize::MAX } else { EXCERPT };
    for block in &story.blocks {
        let text = clean_line(&block.text);
        let shown = shorten(&text, room);
        self::block(block, &shown, page);
        if shown != text || (room - text.chars().count().min(room)) == 0 {
            break;
        }
        room -= text.chars().count();
        page.gap();
    }
    if !whole {
        page.line(2, Tone::Soft, &format!("the whole text: tieback show {} --text", story.id));
    }
}

fn block(block: &Block, text: &str, page: &mut Page) {
    match block.kind {
        BlockKind::Heading => page.line(2, Tone::Strong, text),
        BlockKind::Paragraph => page.line(2, Tone::Plain, text),
        BlockKind::Item => page.hanging(2, 4, Tone::Plain, &format!("- {text}")),
        BlockKind::Quote => page.line(4, Tone::Plain, text),
    }
}

fn about(card: &StoryCard, page: &mut Page) {
    page.section("What it is about");
    let said = if card.relevant { "yes" } else { "no" };
    page.beside(2, 14, "our subject", Tone::Plain, &format!("{said}: {}", clean_line(&card.why)));
    if !card.authorities.is_empty() {
        page.beside(2, 14, "authorities", Tone::Plain, &card.authorities.join("; "));
    }
    for stated in &card.stated_grades {
        let text = shorten(&clean_line(&stated.text), SENTENCE);
        page.beside(2, 14, "grade stated", Tone::Plain, &format!("{} {}: “{text}”", stated.authority, stated.grade.as_str()));
    }
    if let Some(waiting) = &card.waiting_for {
        page.beside(2, 14, "waits for", Tone::Plain, &wording::waiting_for(waiting));
    }
}

fn ties(card: &StoryCard, page: &mut Page) {
    page.section("Reports");
    if card.ties.is_empty() {
        page.line(2, Tone::Plain, "It is tied to no report.");
    }
    for tied in &card.ties {
        self::tie(card, tied, page);
        page.gap();
    }
}

/// The report, how sure the tie is, what the story says of the grade, and each piece of evidence.
fn tie(card: &StoryCard, tied: &TiedReport, page: &mut Page) {
    page.line(2, Tone::Strong, &format!("{}: {}", wording::report(&tied.report), wording::overall_words(&tied.report)));
    let mut said = vec![certainty(tied)];
    said.extend(match tied.tie.kind {
        TieKind::Coverage => None,
        TieKind::FollowUp => Some("follow-up".to_owned()),
        TieKind::Mention => Some("a mention".to_owned()),
    });
    said.extend(tied.report.published.zip(card.published).map(|(report, story)| brief::later(report, story)));
    page.line(4, Tone::Plain, &said.join(" · "));
    page.line(4, Tone::Soft, &format!("{} · {}", tied.report.id, wording::web_address(&tied.report.url).unwrap_or_default()));
    match (wording::disagreement(card, tied), tied.tie.grade_check) {
        (Some(said), _) => page.hanging(4, 6, Tone::Warning, &format!("! grades differ: {said}")),
        (None, GradeCheck::Agrees) => page.line(4, Tone::Plain, "the story gives the report’s grade"),
        (None, GradeCheck::NotStated) => page.line(4, Tone::Plain, "the story states no grade"),
        (None, GradeCheck::NoGrade | GradeCheck::Disagrees) => {}
    }
    let (aids, doubts): (Vec<&Evidence>, Vec<&Evidence>) = tied.tie.evidence.iter().partition(|piece| piece.weight >= 0.0);
    pieces("for", &aids, page);
    pieces("against", &doubts, page);
}

/// A decided tie has the confidence of a person: none is printed.
fn certainty(tied: &TiedReport) -> String {
    match tied.tie.state {
        TieState::Auto => format!("tied, confidence {:.3}", tied.tie.confidence),
        state => wording::certainty(state, tied.tie.confidence),
    }
}

/// What speaks for or against a tie, in the order of weight as stored.
fn pieces(label: &str, evidence: &[&Evidence], page: &mut Page) {
    for (at, piece) in evidence.iter().take(SHOWN).enumerate() {
        let label = if at == 0 { label } else { "" };
        page.beside(4, 9, label, Tone::Plain, &wording::evidence(piece));
    }
    if evidence.len() > SHOWN {
        page.line(13, Tone::Soft, &format!("and {} more", evidence.len() - SHOWN));
    }
}

fn quotations(card: &StoryCard, page: &mut Page) {
    if card.quotations.is_empty() {
        return;
    }
    page.section("Quotations");
    for quotation in card.quotations.iter().take(SHOWN) {
        let text = clean_line(&quotation.text);
        let text = text.trim_matches(['“', '”', '"']);
        page.hanging(2, 3, Tone::Plain, &format!("“{}”", shorten(text, SENTENCE)));
        let tone = if !quotation.found && by_ofsted(quotation) { Tone::Warning } else { Tone::Soft };
        page.hanging(4, 6, tone, &place(quotation));
    }
    if card.quotations.len() > SHOWN {
        page.line(2, Tone::Plain, &format!("and {} more", card.quotations.len() - SHOWN));
    }
}

fn by_ofsted(quotation: &Quotation) -> bool {
    quotation.speaker.as_deref() == Some("Ofsted")
}

/// Who speaks, and where it stands: "Ofsted · word for word in r-2754428, page 10, paragraph 15".
fn place(quotation: &Quotation) -> String {
    let speaker = match quotation.speaker.as_deref() {
        Some(name) => shorten(&clean_line(name), 80),
        None => "nobody named".to_owned(),
    };
    if !quotation.found {
        let missing = if by_ofsted(quotation) { " · ! not found in the report" } else { "" };
        return format!("{speaker}{missing}");
    }
    let how = if quotation.exact { "word for word" } else { "nearly so" };
    let report = quotation.report.as_ref().map(|id| format!(" in {id}")).unwrap_or_default();
    let place = wording::place(quotation.page, quotation.paragraph.as_deref()).map(|place| format!(", {place}")).unwrap_or_default();
    format!("{speaker} · {how}{report}{place}")
}

fn elsewhere(card: &StoryCard, page: &mut Page) {
    let addresses: Vec<String> =
        card.addresses.iter().filter(|address| **address != card.url).filter_map(|address| wording::web_address(address)).collect();
    if card.copies.is_empty() && addresses.is_empty() {
        return;
    }
    page.section("Copies and other addresses");
    for copy in card.copies.iter().take(SHOWN) {
        let day = copy.published.map_or_else(|| "no date".to_owned(), wording::day);
        page.line(2, Tone::Plain, &brief::headline(&copy.title));
        page.line(4, Tone::Soft, &format!("{} · {day} · {}", brief::outlet(&copy.outlet), copy.story));
    }
    if card.copies.len() > SHOWN {
        page.line(2, Tone::Plain, &format!("and {} more", card.copies.len() - SHOWN));
    }
    for address in addresses.iter().take(SHOWN) {
        page.line(2, Tone::Soft, address);
    }
}

fn past(whole: &Whole, page: &mut Page) {
    let card = &whole.card;
    page.section("What happened to it");
    let column = 20;
    page.beside(2, column, &wording::day(card.first_seen), Tone::Plain, "first seen");
    for version in whole.versions.iter().take(SHOWN) {
        let before = if version.title == card.title {
            "its text changed".to_owned()
        } else {
            format!("changed; before, it was headed “{}”", brief::headline(&version.title))
        };
        page.beside(2, column, &wording::day(version.until), Tone::Plain, &before);
    }
    for decision in whole.decisions.iter().take(SHOWN) {
        let what = decision.report.as_ref().map_or_else(|| "the story".to_owned(), |report| format!("the tie to {report}"));
        let became = decision.became.as_deref().unwrap_or("taken back");
        let was = decision.was.as_deref().map(|was| format!(", was {was}")).unwrap_or_default();
        page.beside(2, column, &wording::day(decision.at), Tone::Plain, &format!("decided: {what}: {became}{was}"));
    }
    for note in card.notes.iter().take(SHOWN) {
        page.beside(2, column, "note", Tone::Plain, note);
    }
}
