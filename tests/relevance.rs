//! Is it ours? Short stories made up by us, one or more of each kind, with near neighbours that are not.

#![allow(clippy::unwrap_used, clippy::panic)]

use tieback::{
    config,
    model::{
        page::{Block, BlockKind},
        story::{Story, StoryId},
    },
    tie::{judge::Judge, relevance},
};

fn story(row: &serde_json::Value) -> Story {
    let paragraphs = row["paragraphs"].as_array().unwrap();
    let blocks = paragraphs.iter().map(|text| Block { kind: BlockKind::Paragraph, text: text.as_str().unwrap().to_owned() }).collect();
    Story {
        id: StoryId(row["id"].as_str().unwrap().to_owned()),
        url: "https://news.example/story".into(),
        outlet: String::new(),
        title: row["title"].as_str().unwrap().to_owned(),
        author: None,
        published: None,
        published_from: None,
        first_seen: jiff::Timestamp::UNIX_EPOCH,
        changed: None,
        summary: String::new(),
        blocks,
        links: Vec::new(),
        walled: false,
        area: Vec::new(),
    }
}

fn wrong(rows: &[serde_json::Value], length: usize) -> Vec<String> {
    let judge = Judge::new(config::gazetteer().unwrap()).unwrap();
    let said = |row: &serde_json::Value| {
        let mut story = story(row);
        let blocks = story.blocks.clone();
        story.blocks = std::iter::repeat_n(blocks, length).flatten().collect();
        let prepared = judge.prepare(&story);
        relevance::judge(&prepared.topics, judge.setting(&prepared))
    };
    let wrong = rows.iter().map(|row| (row, said(row))).filter(|(row, said)| said.relevant != row["gold"]["relevant"].as_bool().unwrap());
    wrong.map(|(row, said)| format!("{}: {} ({})", row["id"], row["title"], said.why)).collect()
}

#[test]
fn each_kind_is_told_from_its_neighbours_at_any_length() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fit/relevance.jsonl")).unwrap();
    let rows: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(rows.len() >= 140);
    // What the words alone are known not to tell is marked with why; it is marked no longer than that is so.
    let (missed, told): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.get("missed").is_some());
    assert!(wrong(&told, 1).is_empty(), "{:#?}", wrong(&told, 1));
    assert!(missed.len() <= 5 && wrong(&missed, 1).len() == missed.len(), "{:#?}", wrong(&missed, 1));
    // The same text over and over is as much or as little ours.
    let longer = wrong(&told, 12);
    assert!(longer.len() <= 3, "{longer:#?}");
}

#[test]
fn the_reason_names_what_it_is_about_instead() {
    let judge = Judge::new(config::gazetteer().unwrap()).unwrap();
    let row = serde_json::json!({"id": "h", "title": "Children’s home in Walsall rated inadequate", "paragraphs": [
        "Inspectors said that the home keeps no records.", "The registered manager said that the home would improve."]});
    let prepared = judge.prepare(&story(&row));
    let said = relevance::judge(&prepared.topics, judge.setting(&prepared));
    assert!(!said.relevant && said.why == "mostly about a children’s home", "{}", said.why);
}
