//! `cues` and `terms`: what each story of a file speaks of, one JSON object a line, for fitting the models of relevance and of
//! announcements.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, BufWriter, Write},
    path::Path,
};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Exit, Trouble};
use crate::{
    config,
    model::{
        page::{Block, BlockKind},
        story::{Story, StoryId},
    },
    tie::{
        event,
        judge::Judge,
        relevance::{Cues, Gate, Model, Topics, gate, judge},
    },
};

/// A story as the file has it, one a line.
#[derive(Deserialize)]
struct CueRow {
    id: String,
    #[serde(default)]
    url: String,
    title: String,
    #[serde(default)]
    summary: Option<String>,
    #[serde(default)]
    paragraphs: Vec<CuePart>,
}

/// A paragraph, or a part of another kind.
#[derive(Deserialize)]
#[serde(untagged)]
enum CuePart {
    Paragraph(String),
    Heading { h2: String },
    Items { ul: Vec<String> },
    Quote { quote: String },
}

/// Prints the values of each story's features by the cues of a file, and how the shipped model judges it.
///
/// # Errors
/// Where a file cannot be read, or stdout cannot be written.
pub fn run(stories: &Path, cues: &Path) -> Result<Exit, Trouble> {
    let cues = Cues::parse(&read(cues)?).map_err(|error| Trouble::usage(error.to_string()))?;
    let model = Model::built_in(&Cues::built_in());
    let tying = Judge::new(config::gazetteer()?)?;
    let mut out = BufWriter::new(io::stdout().lock());
    for row in rows(stories)? {
        let fetched = gate(&row.title, row.summary.as_deref().unwrap_or_default()) != Gate::Pass;
        let id = row.id.clone();
        let prepared = tying.prepare(&story(row));
        let setting = tying.setting(&prepared);
        let values = Topics::by(&cues, &model, &prepared.text, &prepared.folded).named(&cues, setting);
        let values: Map<String, Value> = values.into_iter().map(|(name, value)| (name, json!(value))).collect();
        let verdict = judge(&prepared.topics, setting);
        writeln!(out, "{}", json!({"id": id, "fetched": fetched, "relevant": verdict.relevant, "why": verdict.why, "values": values}))?;
    }
    out.flush()?;
    Ok(Exit::Well)
}

/// Prints the words of each story that are weighed to tell whether it announces a report.
///
/// # Errors
/// Where the file cannot be read, or stdout cannot be written.
pub fn terms(stories: &Path) -> Result<Exit, Trouble> {
    let tying = Judge::new(config::gazetteer()?)?;
    let mut out = BufWriter::new(io::stdout().lock());
    for row in rows(stories)? {
        let id = row.id.clone();
        let prepared = tying.prepare(&story(row));
        let mut terms = BTreeSet::new();
        event::terms(&prepared.text, &prepared.folded, &prepared.mentions, |_, term| {
            terms.insert(term.to_owned());
        });
        writeln!(out, "{}", json!({"id": id, "terms": terms}))?;
    }
    out.flush()?;
    Ok(Exit::Well)
}

fn read(path: &Path) -> Result<String, Trouble> {
    fs::read_to_string(path).map_err(|error| Trouble::usage(format!("cannot read {}: {error}", path.display())))
}

fn rows(stories: &Path) -> Result<Vec<CueRow>, Trouble> {
    let row = |line: &str| serde_json::from_str(line).map_err(|error| Trouble::usage(format!("no story: {error}")));
    read(stories)?.lines().filter(|line| !line.trim().is_empty()).map(row).collect()
}

fn story(row: CueRow) -> Story {
    let block = |kind, text| Block { kind, text };
    let blocks = row.paragraphs.into_iter().flat_map(|part| match part {
        CuePart::Paragraph(text) => vec![block(BlockKind::Paragraph, text)],
        CuePart::Heading { h2 } => vec![block(BlockKind::Heading, h2)],
        CuePart::Items { ul } => ul.into_iter().map(|text| block(BlockKind::Item, text)).collect(),
        CuePart::Quote { quote } => vec![block(BlockKind::Quote, quote)],
    });
    Story {
        id: StoryId(row.id),
        url: row.url,
        outlet: String::new(),
        title: row.title,
        author: None,
        published: None,
        published_from: None,
        first_seen: jiff::Timestamp::UNIX_EPOCH,
        changed: None,
        summary: row.summary.unwrap_or_default(),
        blocks: blocks.collect(),
        links: Vec::new(),
        walled: false,
        area: Vec::new(),
    }
}
