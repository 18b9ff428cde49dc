//! The digest in five formats: golden files, read back by a feed reader, harmless whatever the headline.
//!
//! `UPDATE_GOLDEN=1 cargo test --test digest` writes the files anew; look at the difference before you commit it.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "digest/sample.rs"]
mod sample;

use tieback::{
    digest::{self, DigestMeta, DigestPart},
    model::{overview::Overview, report::Grade, text::is_hostile},
};

type Format = fn(&Overview, &DigestMeta) -> String;

/// The page, with the passage that the sample's first story quotes.
fn html(overview: &Overview, meta: &DigestMeta) -> String {
    let report = sample::fernshire().id;
    digest::html(overview, meta, &digest::Excerpts::from([(report, sample::passages())])).0
}

const FORMATS: [(&str, Format); 5] = [
    ("digest.rss", digest::rss),
    ("digest.atom", digest::atom),
    ("digest.json", digest::json),
    ("digest.html", html),
    ("digest.md", digest::markdown),
];

/// What a feed reader shows of a title: of HTML the text.
fn shown(title: &feed_rs::model::Text) -> String {
    if title.content_type.to_string() == "text/html" {
        return scraper::Html::parse_fragment(&title.content).root_element().text().collect();
    }
    title.content.clone()
}

fn meta(link: Option<&str>) -> DigestMeta {
    DigestMeta {
        title: "Inspections \u{202e}<of> & about".into(),
        part: None,
        link: link.map(|link| link.parse().unwrap()),
        quiet: sample::moment("2026-11-24T06:05:00Z"),
    }
}

#[test]
fn golden_files() {
    for (name, format) in FORMATS {
        let found = format(&sample::overview(), &meta(Some("https://council.example/tieback.rss?a=1&b=2")));
        let path = format!("tests/digest/{name}");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, &found).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap();
        assert!(found == expected, "{path} differs; found:\n{found}");
    }
}

#[test]
fn equal_input_gives_equal_bytes_and_nothing_new_changes_nothing() {
    let mut later = meta(None);
    later.quiet = sample::moment("2026-11-25T06:00:00Z");
    for (name, format) in FORMATS {
        assert_eq!(format(&sample::overview(), &meta(None)), format(&sample::overview(), &later), "{name}");
    }
}

#[test]
fn no_character_steers_a_terminal_or_breaks_xml() {
    for (name, format) in FORMATS {
        let text = format(&sample::overview(), &meta(None));
        let bad: Vec<char> = text.chars().filter(|char| is_hostile(*char) && *char != '\n').collect();
        assert!(bad.is_empty(), "{name}: {bad:?}");
    }
}

#[test]
fn a_hostile_story_is_harmless_in_html() {
    let page = html(&sample::overview(), &meta(None));
    assert!(!page.contains("<script") && !page.contains("<img"));
    for address in page.split("href=\"").skip(1) {
        assert!(["https://", "http://", "#"].iter().any(|start| address.starts_with(start)), "{address}");
    }
    let document = scraper::Html::parse_document(&page);
    let every = scraper::Selector::parse("*").unwrap();
    for element in document.select(&every) {
        assert!(element.value().attrs().all(|(name, _)| !name.starts_with("on")), "{}", element.html());
        assert!(!matches!(element.value().name(), "script" | "img" | "iframe" | "object" | "link"));
    }
}

#[test]
fn a_hostile_story_is_harmless_in_the_html_of_feeds() {
    for (name, format) in &FORMATS[..2] {
        let read = feed_rs::parser::parse(format(&sample::overview(), &meta(None)).as_bytes()).unwrap();
        for entry in &read.entries {
            let html =
                entry.content.as_ref().and_then(|content| content.body.clone()).or(entry.summary.as_ref().map(|text| text.content.clone()));
            let html = html.unwrap();
            assert!(!html.contains("<script") && !html.contains("<img"), "{name}: {html}");
            assert!(entry.links.iter().all(|link| link.href.starts_with("http")), "{name}");
        }
    }
}

#[test]
fn every_link_of_the_json_feed_is_of_the_web() {
    let feed: serde_json::Value = serde_json::from_str(&digest::json(&sample::overview(), &meta(None))).unwrap();
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(feed.get("feed_url"), None);
    let items = feed["items"].as_array().unwrap();
    assert_eq!(items.len(), 6);
    for item in items {
        assert!(item.get("url").is_none_or(|url| url.as_str().unwrap().starts_with("https://")));
        assert!(!item["content_html"].as_str().unwrap().contains("<script"));
    }
    assert!(items.iter().any(|item| item.get("url").is_none()), "the story with a script for an address has none");
}

#[test]
fn feeds_read_back_with_their_titles_ids_dates_and_categories() {
    for (name, format) in &FORMATS[..3] {
        let read = feed_rs::parser::parse(format(&sample::overview(), &meta(Some("https://council.example/d"))).as_bytes()).unwrap();
        assert_eq!(shown(&read.title.unwrap()), "Inspections <of> & about", "{name}");
        assert_eq!(read.entries.len(), 6, "{name}");
        let of = |id: &str| read.entries.iter().find(|entry| entry.id.ends_with(id)).unwrap_or_else(|| panic!("{name}: no {id}"));
        let wrong = of("s-b1");
        assert_eq!(wrong.published.unwrap().to_rfc3339(), "2026-11-23T16:20:00+00:00", "{name}");
        assert!(wrong.title.as_ref().unwrap().content.starts_with("Children’s services ‘inadequate’"), "{name}");
        let categories: Vec<&str> = wrong.categories.iter().map(|category| category.term.as_str()).collect();
        assert!(categories.is_empty() && *name == "digest.json" || categories == ["Fernshire", "coverage"], "{name}: {categories:?}");
        let hostile = of("s-d1");
        assert!(shown(hostile.title.as_ref().unwrap()).contains("<script>alert(1)</script>"), "{name}: the words are kept as words");
        let report = of("r-50999001");
        assert!(report.title.as_ref().unwrap().content.contains("Fernshire, inspection (ILACS): requires improvement"), "{name}");
    }
}

#[test]
fn a_guid_stays_when_the_headline_and_the_text_change() {
    let ids = |overview: &Overview| -> Vec<String> {
        let read = feed_rs::parser::parse(digest::rss(overview, &meta(None)).as_bytes()).unwrap();
        read.entries.into_iter().map(|entry| entry.id).collect()
    };
    let before = sample::overview();
    let mut after = before.clone();
    for story in &mut after.stories {
        story.title.push_str(" (updated)");
        story.url.push_str("?moved");
        story.piece_changed = Some(sample::moment("2026-11-24T05:00:00Z"));
    }
    assert_eq!(ids(&before), ids(&after));
}

#[test]
fn the_feed_names_its_own_address_only_if_there_is_one() {
    assert!(digest::rss(&sample::overview(), &meta(Some("https://council.example/d"))).contains("atom:link"));
    assert!(!digest::rss(&sample::overview(), &meta(None)).contains("atom:"));
    assert!(!digest::atom(&sample::overview(), &meta(None)).contains("rel=\"self\""));
}

#[test]
fn a_part_has_an_id_of_its_own_and_not_the_address_of_the_whole() {
    let part = |kind, name: &str| DigestMeta {
        part: Some(DigestPart { kind, name: name.into() }),
        ..meta(Some("https://council.example/tieback.atom"))
    };
    let id = |meta: &DigestMeta| feed_rs::parser::parse(digest::atom(&sample::overview(), meta).as_bytes()).unwrap().id;
    assert_eq!(id(&meta(Some("https://council.example/tieback.atom"))), "https://council.example/tieback.atom");
    assert_eq!(id(&meta(None)), "urn:tieback:digest");
    assert_eq!(id(&part("watch", "North Dorset é")), "urn:tieback:digest:watch:north%20dorset%20%C3%A9");
    assert_eq!(id(&part("watch", "north dorset É")), id(&part("watch", "North Dorset é")), "names differ in case for nobody");
    assert_ne!(id(&part("authority", "Dorset")), id(&part("watch", "Dorset")));
    for format in [digest::rss, digest::atom, digest::json] {
        assert!(!format(&sample::overview(), &part("watch", "Dorset")).contains("council.example/tieback"));
    }
}

#[test]
fn the_page_says_the_evidence_of_each_tie() {
    let mut overview = sample::overview();
    let evidence = |page: &str| page.matches("<dt>Evidence</dt>").count();
    let before = evidence(&html(&overview, &meta(None)));
    // The second tie has evidence of its own, which no passage beside the story shows.
    let mut second = overview.stories[0].ties[0].clone();
    second.report.id = tieback::model::report::ReportId("r-50999009".into());
    overview.stories[0].ties.push(second);
    let page = html(&overview, &meta(None));
    assert!(page.contains("class=\"beside\""), "{page}");
    assert_eq!(evidence(&page), before + 1, "{page}");
}

#[test]
fn an_entry_says_what_a_reader_needs() {
    let text = digest::markdown(&sample::overview(), &meta(None));
    for expected in [
        "Tied to: [Fernshire, inspection (ILACS), 23 November 2026: requires improvement](<https://files.ofsted.gov.uk/v1/file/50999001>)",
        "wait too long for an assessment, and the reasons are not always recorded by managers”, page 4, paragraph 11",
        "The same in: [Vale Gazette](<https://www.valegazette.example/news/9>)",
        "Grades differ: **the story says inadequate, the report says requires improvement**",
        "7 in 10, to be decided",
        "Waiting for: **Bryn Heath, monitoring visit, about November 2026**",
        "no date on the page",
        "Stories: **none seen yet**",
    ] {
        assert!(text.contains(expected), "no `{expected}` in\n{text}");
    }
}

#[test]
fn every_format_says_that_a_story_bears_no_date() {
    let overview = sample::overview();
    let by = "<p class=\"by\">Oxmoor Chronicle, first seen <time datetime=\"2026-11-24\">24 November 2026</time>, no date on the page</p>";
    assert!(html(&overview, &meta(None)).contains(by), "{}", html(&overview, &meta(None)));
    for (name, format) in &FORMATS {
        assert!(format(&overview, &meta(None)).contains("no date on the page"), "{name}");
    }
    let mut undated = sample::empty();
    undated.reports = sample::overview().reports;
    undated.reports[0].report.published = None;
    assert!(html(&undated, &meta(None)).contains("Ofsted, first seen <time"), "{}", html(&undated, &meta(None)));
}

#[test]
fn no_word_of_a_table_is_broken_on_a_narrow_screen() {
    let page = html(&sample::overview(), &meta(None));
    let cells = page.lines().find(|line| line.starts_with("th, td {")).unwrap();
    assert!(cells.contains("overflow-wrap: break-word"), "cells never get narrower than their words: {cells}");
}

#[test]
fn a_day_without_news_says_so() {
    let found = html(&sample::empty(), &meta(None));
    assert!(found.contains("Nothing new since 23 November 2026."));
    assert!(digest::markdown(&sample::empty(), &meta(None)).contains("Nothing new since 23 November 2026."));
    for (name, format) in &FORMATS[..3] {
        assert!(feed_rs::parser::parse(format(&sample::empty(), &meta(None)).as_bytes()).unwrap().entries.is_empty(), "{name}");
    }
}

#[test]
fn the_number_of_entries_is_bounded_and_the_newest_stay() {
    let mut overview = sample::overview();
    let old = sample::report(1, "Oxmoor", tieback::model::report::Framework::Ilacs, jiff::civil::date(2026, 11, 10));
    overview.reports.extend((0..500).map(|_| tieback::model::overview::NewReport { report: old.clone(), before: None, stories: vec![] }));
    for (name, format) in &FORMATS[..3] {
        let read = feed_rs::parser::parse(format(&overview, &meta(None)).as_bytes()).unwrap();
        assert_eq!(read.entries.len(), 500, "{name}");
        let said = read.description.map(|text| text.content).unwrap_or_default();
        assert!(said.ends_with(" These are the newest 500; 6 older ones are left out."), "{name}: {said}");
        assert!(read.entries.iter().any(|entry| entry.id.ends_with("s-b1")), "{name}");
    }
    let page = html(&overview, &meta(None));
    assert!(page.contains("older entries are left out.</p>") && page.contains("s-b1"), "the newest stay");
    assert!(page.len() < 100_000, "{} bytes: a phone loads it at once", page.len());
    assert!(digest::markdown(&overview, &meta(None)).contains("6 older entries are left out."));
}

#[test]
fn no_story_makes_an_entry_without_bound() {
    let mut overview = sample::overview();
    let story = &mut overview.stories[0];
    story.title = "long ".repeat(100_000);
    story.summary = "x".repeat(1_000_000);
    story.outlet = "o".repeat(1_000_000);
    story.ties = vec![story.ties[0].clone(); 5_000];
    for (name, format) in FORMATS {
        let found = format(&overview, &meta(None));
        assert!(found.len() < 60_000, "{name}: {} bytes", found.len());
    }
    assert_eq!(sample::fernshire().judgements[0].grade, Grade::RequiresImprovement);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn any_words_come_back_as_they_went_in(title in "[ -~À-ɏ“”‘’\\x00-\\x1f\u{202e}\u{fffe}]{0,80}") {
        let mut overview = sample::overview();
        overview.stories.truncate(1);
        overview.reports.clear();
        overview.stories[0].title = title.clone();
        let expected = tieback::model::text::clean_line(&title);
        for (name, format) in &FORMATS[..3] {
            let read = feed_rs::parser::parse(format(&overview, &meta(None)).as_bytes()).unwrap();
            let found = read.entries[0].title.as_ref().map(|title| shown(title).trim().to_owned()).unwrap_or_default();
            let expected = if expected.is_empty() { "(no headline)" } else { expected.as_str() };
            proptest::prop_assert_eq!(found, expected, "{}", name);
        }
        let page = scraper::Html::parse_document(&html(&overview, &meta(None)));
        let heading = scraper::Selector::parse("h3").unwrap();
        let found: String = page.select(&heading).next().unwrap().text().collect();
        proptest::prop_assert_eq!(found.trim(), if expected.is_empty() { "(no headline)" } else { expected.as_str() });
    }
}

/// Findings of the W3C's validator (github.com/w3c/feedvalidator) in feeds of before, each as its rule.
#[test]
fn the_rules_of_the_validator_are_kept() {
    let mut overview = sample::overview();
    overview.stories[0].url = "https://www.careweekly.example/news/b3?x[]={1}|2".into();
    let link = meta(Some("https://council.example/feeds/tieback.rss"));
    let (rss, atom, json) = (digest::rss(&overview, &link), digest::atom(&overview, &link), digest::json(&overview, &link));
    // DuplicateUpdated: no two entries with one moment.
    let updated: Vec<&str> = atom.split("<updated>").skip(2).map(|rest| rest.split('<').next().unwrap()).collect();
    assert_eq!(updated.len(), 6);
    assert_eq!(updated.iter().collect::<std::collections::HashSet<_>>().len(), 6, "{updated:?}");
    // MissingSelf, SelfDoesntMatchLocation: each format has an address of its own.
    assert!(rss.contains("href=\"https://council.example/feeds/tieback.rss\" rel=\"self\"") || rss.contains("rel=\"self\""), "{rss}");
    assert!(atom.contains("href=\"https://council.example/feeds/tieback.atom\""), "{atom}");
    assert!(json.contains("\"feed_url\": \"https://council.example/feeds/tieback.json\""), "{json}");
    // InvalidFullLink: what browsers let through and RFC 3986 does not.
    for feed in [&rss, &atom, &json] {
        assert!(feed.contains("https://www.careweekly.example/news/b3?x%5B%5D=%7B1%7D%7C2"), "{feed}");
    }
    // CharacterData: in plain text of RSS markup is written as numbers; ContainsUndeclaredHTML: in Atom it is declared.
    assert!(rss.contains("<title>Inspections &#x3C;of&#x3E; &#x26; about</title>"), "{rss}");
    assert!(atom.contains("<title type=\"html\">Inspections &amp;lt;of&amp;gt; &amp;amp; about</title>"), "{atom}");
    assert!(atom.contains("<title>Fernshire told to improve the front door</title>"), "{atom}");
}

#[test]
fn the_page_shows_what_is_quoted_beside_the_passage_and_each_grade_with_its_change() {
    let page = html(&sample::overview(), &meta(None));
    for expected in [
        "<mark>Too many children wait too long for an assessment, and the reasons are not always recorded by managers</mark>. Once they are seen",
        "Fernshire, inspection (ILACS), 23 November 2026, page 4, paragraph 11",
        "<tr><th scope=\"row\">help and protection</th><td class=\"poor\">inadequate</td><td><span aria-hidden=\"true\">▼</span> down from requires improvement</td></tr>",
        "<caption>Before: Fernshire, inspection (ILACS), 14 March 2022: inadequate</caption>",
        "<li><a href=\"#r-50999001\">Fernshire, inspection (ILACS): requires improvement</a></li>",
        "<time datetime=\"2026-11-23\">23 November 2026</time>",
    ] {
        assert!(page.contains(expected), "no `{expected}` in\n{page}");
    }
    assert!(page.len() < 100_000);
}

#[test]
fn what_was_old_when_it_was_taken_in_is_no_entry() {
    let mut overview = sample::overview();
    let old = sample::report(1, "Oxmoor", tieback::model::report::Framework::Ilacs, jiff::civil::date(2019, 1, 1));
    overview.reports.extend((0..1_500).map(|_| tieback::model::overview::NewReport { report: old.clone(), before: None, stories: vec![] }));
    let read = feed_rs::parser::parse(digest::atom(&overview, &meta(None)).as_bytes()).unwrap();
    assert_eq!(read.entries.len(), 6);
    assert!(html(&overview, &meta(None)).contains("<p>Left out: 1,500 entries that were old when taken in.</p>"));
}

#[test]
fn a_report_that_was_replaced_comes_again_under_its_id() {
    let mut overview = sample::empty();
    overview.replaced = vec![tieback::model::overview::Replaced {
        report: tieback::model::overview::NewReport { report: sample::fernshire(), before: None, stories: vec![] },
        at: sample::moment("2026-11-24T06:00:00Z"),
        changed: vec!["overall: inadequate before, requires improvement now".into()],
    }];
    let read = feed_rs::parser::parse(digest::atom(&overview, &meta(None)).as_bytes()).unwrap();
    assert_eq!(read.entries[0].id, "urn:tieback:r-50999001");
    assert_eq!(read.entries[0].updated.unwrap().timestamp(), sample::moment("2026-11-24T06:00:00Z").as_second());
    assert!(
        digest::markdown(&overview, &meta(None)).contains("Replaced by Ofsted: **overall: inadequate before, requires improvement now**")
    );
}
