//! A story: its text, what it is about, its copies, and what happened to it.

use serde_json::{Value, json};
use url::Url;

use super::{Context, Trouble, brief, export, output, ties};
use crate::{
    dedupe::address::canonical,
    model::{
        overview::StoryCard,
        page::{Block, BlockKind},
        story::{Story, StoryId},
        text::{clean_line, shorten},
        tie::MentionedAs,
        wording,
    },
    store::{Decision, Store, StoryVersion},
    summary::page::{PageWriter, Tone},
};

/// Characters of the text shown where the whole is not asked for.
const EXCERPT: usize = 700;
/// Characters shown of a paragraph that changed.
const CHANGED: usize = 120;
/// Characters of a sentence or quotation.
pub(super) const SENTENCE: usize = 300;
/// Lines of each kind; the rest is counted.
pub(super) const SHOWN: usize = 30;

/// All that is known of one story.
struct Whole {
    card: StoryCard,
    story: Story,
    versions: Vec<StoryVersion>,
    decisions: Vec<Decision>,
    /// Its text was let go of.
    faded: bool,
}

pub(super) fn show(context: &Context, id: &StoryId, store: &Store, text: bool, as_json: bool) -> Result<(), Trouble> {
    let gone = || Trouble::usage(format!("no story has the id `{id}`"));
    let whole = Whole {
        card: store.story_card(id)?.ok_or_else(gone)?,
        story: store.story(id)?.ok_or_else(gone)?,
        versions: store.story_versions(id)?,
        decisions: store.decisions(id)?,
        faded: store.is_faded(id)?,
    };
    if as_json {
        return output::print_json(&json(&whole));
    }
    let mut page = PageWriter::new(output::look(context));
    head(&whole.card, &mut page);
    body(&whole, text, &mut page);
    about(&whole.card, store, &mut page)?;
    ties::reports(&whole.card, &mut page);
    ties::quotations(&whole.card, &mut page);
    elsewhere(&whole.card, &mut page);
    past(&whole, &mut page);
    output::page(&page.finish())
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
                "at": decision.at, "who": decision.who, "report": decision.report, "was": decision.was, "became": decision.became,
                "undoes": decision.undoes,
            }))
            .collect::<Vec<_>>()
    );
    value
}

fn head(card: &StoryCard, page: &mut PageWriter) {
    page.line(0, Tone::Heading, &wording::headline(&card.title));
    let mut said = vec![wording::outlet(&card.outlet)];
    said.extend(card.author.as_deref().map(|author| shorten(&clean_line(author), 80)));
    said.push(wording::when(card));
    said.push(wording::count(card.words as usize, "word", "words"));
    said.extend(brief::kind(card.kind).map(str::to_owned));
    said.extend(card.walled.then(|| "behind a wall".to_owned()));
    page.line(0, Tone::Plain, &said.join(" · "));
    page.line(0, Tone::Soft, &wording::web_address(&card.url).unwrap_or_else(|| "no address to follow".to_owned()));
    page.line(0, Tone::Soft, &format!("{} · {}", card.id, brief::review(card.review)));
}

fn body(Whole { story, faded, .. }: &Whole, whole: bool, page: &mut PageWriter) {
    page.section("Text");
    if *faded {
        page.line(2, Tone::Plain, "It is not about our subject, and its text was let go of.");
        return;
    }
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

fn block(block: &Block, text: &str, page: &mut PageWriter) {
    match block.kind {
        BlockKind::Heading => page.line(2, Tone::Strong, text),
        BlockKind::Paragraph => page.line(2, Tone::Plain, text),
        BlockKind::Item => page.hanging(2, 4, Tone::Plain, &format!("- {text}")),
        BlockKind::Quote => page.line(4, Tone::Plain, text),
    }
}

fn about(card: &StoryCard, store: &Store, page: &mut PageWriter) -> Result<(), Trouble> {
    page.section("What it is about");
    let said = match card.relevant {
        _ if !card.judged => format!("{}: the next run does it", wording::NOT_JUDGED),
        true => format!("yes: {}", clean_line(&card.why)),
        false => format!("no: {}", clean_line(&card.why)),
    };
    page.beside(2, 14, "our subject", Tone::Plain, &said);
    if !card.authorities.is_empty() {
        page.beside(2, 14, "authorities", Tone::Plain, &card.authorities.join("; "));
    }
    for stated in &card.stated_grades {
        let text = shorten(&clean_line(&stated.text), SENTENCE);
        page.beside(2, 14, "grade stated", Tone::Plain, &format!("{} {}: “{text}”", stated.authority, stated.grade.as_str()));
    }
    for mentioned in card.mentions.iter().take(SHOWN) {
        let how = match mentioned.mention.mentioned {
            MentionedAs::Previous => "an earlier inspection",
            MentionedAs::Anothers => "another council’s",
        };
        let text = shorten(&clean_line(&mentioned.mention.text), SENTENCE);
        let id = &mentioned.mention.report;
        let named = store.report_card(id)?.map_or_else(|| id.to_string(), |report| format!("{} ({id})", wording::report(&report)));
        page.beside(2, 14, "mentions", Tone::Plain, &format!("{named}, {how}: “{text}”"));
    }
    if let Some(waiting) = &card.waiting_for {
        page.beside(2, 14, "waits for", Tone::Plain, &wording::waiting_for(waiting));
    }
    Ok(())
}

fn elsewhere(card: &StoryCard, page: &mut PageWriter) {
    // Of one address with and without what a feed hangs on it to count readers, one will do.
    let plain = |address: &str| Url::parse(address).ok().map(|url| canonical(&url));
    let own = plain(&card.url);
    let others = card.addresses.iter().filter(|address| **address != card.url && plain(address) != own);
    let addresses: Vec<String> = others.filter_map(|address| wording::web_address(address)).collect();
    if card.copies.is_empty() && addresses.is_empty() {
        return;
    }
    page.section("Copies and other addresses");
    for copy in card.copies.iter().take(SHOWN) {
        let day = copy.published.map_or_else(|| "no date".to_owned(), wording::day);
        page.line(2, Tone::Plain, &wording::headline(&copy.title));
        page.line(4, Tone::Soft, &format!("{} · {day} · {}", wording::outlet(&copy.outlet), copy.story));
    }
    if card.copies.len() > SHOWN {
        page.line(2, Tone::Plain, &format!("and {} more", card.copies.len() - SHOWN));
    }
    for address in addresses.iter().take(SHOWN) {
        page.line(2, Tone::Soft, address);
    }
}

/// What differs between a version and the next: the headline, and the paragraphs that came and went.
fn changed(version: &StoryVersion, title: &str, blocks: &[Block]) -> String {
    let mut said = Vec::new();
    if version.title != title {
        said.push(format!("before, it was headed “{}”", wording::headline(&version.title)));
    }
    let missing = |from: &[Block], of: &[Block]| -> Vec<String> {
        from.iter().filter(|block| of.iter().all(|other| other.text != block.text)).map(|block| clean_line(&block.text)).collect()
    };
    for (what, found) in [("gone", missing(&version.blocks, blocks)), ("new", missing(blocks, &version.blocks))] {
        if let Some(first) = found.first() {
            let more = if found.len() > 1 {
                format!(" and {} more", wording::count(found.len() - 1, "paragraph", "paragraphs"))
            } else {
                String::new()
            };
            said.push(format!("{what}: “{}”{more}", shorten(first, CHANGED)));
        }
    }
    if said.is_empty() { "changed in its order or form".to_owned() } else { format!("changed; {}", said.join("; ")) }
}

fn past(whole: &Whole, page: &mut PageWriter) {
    let card = &whole.card;
    page.section("What happened to it");
    let column = 20;
    page.beside(2, column, &wording::day(card.first_seen), Tone::Plain, "first seen");
    for (at, version) in whole.versions.iter().enumerate().take(SHOWN) {
        let (title, blocks) = match whole.versions.get(at + 1) {
            Some(next) => (&next.title, &next.blocks),
            None => (&whole.story.title, &whole.story.blocks),
        };
        page.beside(2, column, &wording::day(version.until), Tone::Plain, &changed(version, title, blocks));
    }
    for decision in whole.decisions.iter().take(SHOWN) {
        let what = decision.report.as_ref().map_or_else(|| "the story".to_owned(), |report| format!("the tie to {report}"));
        let became = decision.became.as_deref().unwrap_or("taken back");
        let was = decision.was.as_deref().map(|was| format!(", was {was}")).unwrap_or_default();
        let who = decision.who.as_deref().map(|who| format!(", by {}", clean_line(who))).unwrap_or_default();
        let said = if decision.undoes { "undone" } else { "decided" };
        page.beside(2, column, &wording::day(decision.at), Tone::Plain, &format!("{said}{who}: {what}: {became}{was}"));
    }
    for note in card.notes.iter().take(SHOWN) {
        page.beside(2, column, "note", Tone::Plain, note);
    }
}
