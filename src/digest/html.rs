//! One HTML page: no scripts, nothing loaded from elsewhere, readable on a phone, by day and by night, and on paper.

use super::{
    DESCRIPTION, DigestMeta,
    entry::{self, Entry, EntryKind},
    markup::{escaped, linked, parts},
};
use crate::model::{overview::Overview, wording};

/// Inside the page, because it has to stand alone.
const STYLE: &str = include_str!("page.css");

/// The digest as a page.
pub fn html(overview: &Overview, meta: &DigestMeta) -> String {
    let (entries, left_out) = entry::entries(overview);
    let title = escaped(&meta.title());
    let span = format!("{} to {}", wording::day(overview.since), wording::day(overview.until));
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header>\n<h1>{title}</h1>\n<p>{} {span}.</p>\n</header>\n<main>\n",
        escaped(DESCRIPTION)
    );
    for (kind, heading) in [(EntryKind::Report, "New reports"), (EntryKind::Story, "Stories")] {
        let mut of_kind = entries.iter().filter(|entry| entry.kind == kind).peekable();
        if of_kind.peek().is_some() {
            page.push_str(&format!("<h2>{heading}</h2>\n"));
        }
        for entry in of_kind {
            page.push_str(&article(entry));
        }
    }
    if entries.is_empty() {
        page.push_str(&format!("<p>Nothing new since {}.</p>\n", wording::day(overview.since)));
    }
    if left_out > 0 {
        page.push_str(&format!("<p>{left_out} older entries are left out.</p>\n"));
    }
    let (stories, reports) = (overview.total_stories, overview.total_reports);
    page.push_str(&format!(
        "</main>\n<footer><p>{stories} stories and {reports} reports are stored. Made by tieback.</p></footer>\n</body>\n</html>\n"
    ));
    page
}

fn article(entry: &Entry) -> String {
    let title = linked(&entry.title, entry.link.as_deref());
    let mut out = format!("<article id=\"{}\">\n<h3>{title}</h3>\n", escaped(&entry.id));
    if let Some(summary) = &entry.summary {
        out.push_str(&format!("<p>{}</p>\n", escaped(summary)));
    }
    out.push_str("<dl>\n");
    for fact in &entry.facts {
        let class = if fact.marked { " class=\"mark\"" } else { "" };
        out.push_str(&format!("<div{class}><dt>{}</dt><dd>{}</dd></div>\n", escaped(fact.label), parts(fact)));
    }
    out.push_str("</dl>\n</article>\n");
    out
}
