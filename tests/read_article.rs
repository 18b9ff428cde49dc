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
    read(body, Some("text/html"), None, &Url::parse(url).unwrap(), OutletRules::built_in())
}

/// The reading as text: facts, links, then the blocks.
fn shown(url: &str, reading: &ArticleReading) -> String {
    let mut out = format!("url: {url}\n");
    let facts = [("title", &reading.title), ("author", &reading.author), ("site", &reading.site), ("description", &reading.description)];
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
