//! Article pages in the shapes of real outlets, with invented text: each `.html` beside the `.txt` that it must be read as.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use tieback::model::page::{ArticleReading, BlockKind};
use tieback::read::Unreadable;
use tieback::read::article::read;
use tieback::read::rules::OutletRules;
use url::Url;

fn try_read(body: &[u8], url: &str) -> Result<ArticleReading, Unreadable> {
    read(body, Some("text/html"), None, &Url::parse(url).unwrap(), OutletRules::built_in(), "2026-08-01T00:00:00Z".parse().unwrap())
}

/// The reading as text: facts, links, then the blocks.
fn shown(url: &str, reading: &ArticleReading) -> String {
    let mut out = format!("url: {url}\n");
    let facts = [("title", &reading.title), ("author", &reading.author), ("description", &reading.description)];
    for (name, value) in facts {
        if let Some(value) = value {
            writeln!(out, "{name}: {value}").unwrap();
        }
    }
    if let Some((at, from)) = reading.published {
        writeln!(out, "published: {at} ({})", from.as_str()).unwrap();
    }
    if let Some(canonical) = &reading.canonical {
        writeln!(out, "canonical: {canonical}").unwrap();
    }
    if reading.walled {
        writeln!(out, "walled").unwrap();
    }
    for doubt in &reading.doubts {
        writeln!(out, "doubt: {doubt}").unwrap();
    }
    for link in &reading.links {
        writeln!(out, "link: {} ({})", link.href, link.text).unwrap();
    }
    for block in &reading.blocks {
        let mark = match block.kind {
            BlockKind::Heading => "# ",
            BlockKind::Paragraph => "",
            BlockKind::Item => "- ",
            BlockKind::Quote => "> ",
        };
        writeln!(out, "\n{mark}{}", block.text).unwrap();
    }
    out
}

#[test]
fn pages_are_read_as_written_beside_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/articles");
    let mut pages: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "html"))
        .collect();
    pages.sort();
    assert!(pages.len() >= 12, "{pages:?}");
    let mut differ = Vec::new();
    for page in pages {
        let expected = std::fs::read_to_string(page.with_extension("txt")).unwrap();
        let url = expected.lines().next().and_then(|line| line.strip_prefix("url: ")).unwrap();
        let found = match try_read(&std::fs::read(&page).unwrap(), url) {
            Ok(reading) => shown(url, &reading),
            Err(error) => format!("url: {url}\n{error}\n"),
        };
        if found != expected {
            differ.push(format!("== {}\n{found}", page.display()));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

/// A page of two paragraphs with `data` as its JSON-LD.
fn with_data(data: &str) -> ArticleReading {
    let text = "<p>Inspectors found that services had improved since the last visit, and that leaders know them well.</p><p>They will come back in the spring.</p>";
    let page = format!(
        "<title>Told to act</title><script type='application/ld+json'>{data}</script><article><h1>Council told to act now</h1>{text}</article>"
    );
    try_read(page.as_bytes(), "https://www.news.example/council-told-to-act").unwrap()
}

#[test]
fn what_json_ld_says_of_a_wall() {
    for (said, walled) in [("false", true), ("\"False\"", true), ("true", false), ("\"True\"", false), ("null", false)] {
        let reading = with_data(&format!("{{\"@type\":\"NewsArticle\",\"isAccessibleForFree\":{said}}}"));
        assert_eq!(reading.walled, walled, "{said}");
    }
    assert!(!with_data("{}").walled, "not said is not known");
}

#[test]
fn what_a_wall_hides_is_not_taken_from_json_ld() {
    let hidden = "The rest of the story is for those who pay, and tells much more of it. ".repeat(20);
    let data = |is_free: bool| format!("{{\"@type\":\"NewsArticle\",\"isAccessibleForFree\":{is_free},\"articleBody\":\"{hidden}\"}}");
    let holds_hidden = |reading: ArticleReading| reading.blocks.iter().any(|block| block.text.contains("those who pay"));
    assert!(holds_hidden(with_data(&data(true))));
    assert!(!holds_hidden(with_data(&data(false))));
}

#[test]
fn outlet_rules_go_first() {
    let rules = OutletRules::parse(
        "[\"news.example\"]\nsource='test'\ntext=['.tale']\ndrop=['.note']\ndrop_lines=['Ask the editor']\nwall=['Now pay']\ntitle='.head'",
    )
    .unwrap();
    let page = "<h1>Section</h1><p class=head>Council told to act now</p><article><p>Not this one, although it stands in the article and is long enough to be taken for its text by any of the rules that hold for all the other outlets of the country.</p></article>
        <div class=tale><p>This is the text that the rule of the outlet names as such.</p><p class=note>A note.</p><p>Ask the editor anything.</p><p>It has two paragraphs.</p><p>Now pay for more.</p><p>Offer</p></div>";
    let read =
        |url: &str| read(page.as_bytes(), None, None, &Url::parse(url).unwrap(), &rules, "2026-08-01T00:00:00Z".parse().unwrap()).unwrap();
    let reading = read("https://www.news.example/a");
    let texts: Vec<&str> = reading.blocks.iter().map(|block| block.text.as_str()).collect();
    assert_eq!(texts, ["This is the text that the rule of the outlet names as such.", "It has two paragraphs."]);
    assert_eq!((reading.title.as_deref(), reading.walled), (Some("Council told to act now"), true));
    assert!(read("https://www.other.example/a").blocks.iter().any(|block| block.text.starts_with("Not this one")));
}
