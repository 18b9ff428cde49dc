//! One HTML page: no scripts, nothing loaded from elsewhere, readable on a phone, by day and by night, and on paper.

use super::{
    DESCRIPTION, DigestMeta,
    entry::{self, Entry, EntryKind, Excerpts, GradeRow, QuotedPassage},
    markup::{escaped, linked, parts},
    report::turned,
};
use crate::model::{lit::lit, overview::Overview, report::Grade, wording};

/// Inside the page, because it has to stand alone.
const STYLE: &str = include_str!("page.css");

/// Bytes of all entries; with head and foot the page stays below a hundred thousand.
const ROOM: usize = 92_000;
/// Bytes of an entry in the contents besides title and author.
const LISTED: usize = 80;

/// Headings of each kind, with their anchors.
const KINDS: [(EntryKind, &str, &str); 2] = [(EntryKind::Report, "reports", "New reports"), (EntryKind::Story, "stories", "Stories")];

/// The digest as a page, and how many entries it has no room for; the excerpts stand beside the stories that quote them.
pub fn html(overview: &Overview, meta: &DigestMeta, excerpts: &Excerpts) -> (String, usize) {
    let mut chosen = entry::entries(overview, excerpts);
    chosen.keep(fitting(&chosen.shown));
    let entries = &chosen.shown;
    let mut page = head(overview, meta);
    page.push_str(&contents(entries));
    page.push_str("<main>\n");
    for (kind, anchor, heading) in KINDS {
        let mut of_kind = entries.iter().filter(|entry| entry.kind == kind).peekable();
        if of_kind.peek().is_none() {
            continue;
        }
        page.push_str(&format!("<section aria-labelledby=\"{anchor}\">\n<h2 id=\"{anchor}\">{heading}</h2>\n"));
        of_kind.for_each(|entry| page.push_str(&article(entry)));
        page.push_str("</section>\n");
    }
    if entries.is_empty() {
        page.push_str(&format!("<p>Nothing new since {}.</p>\n", wording::day(overview.since)));
    }
    if let Some(left_out) = chosen.left_out() {
        page.push_str(&format!("<p>{left_out}</p>\n"));
    }
    let (stories, reports) = (overview.total_stories, overview.total_reports);
    page.push_str(&format!(
        "</main>\n<footer><p>{stories} stories and {reports} reports are stored. Reports: Ofsted, Open Government Licence v3.0. \
         Made by tieback.</p></footer>\n</body>\n</html>\n"
    ));
    (page, chosen.beyond)
}

/// How many of the entries, newest first, a page holds that a phone loads at once.
fn fitting(entries: &[Entry]) -> usize {
    let mut room = ROOM;
    let fits = |entry: &&Entry| {
        let size = article(entry).len() + entry.title.len() + entry.author.len() + LISTED;
        let fits = size <= room;
        room = room.saturating_sub(size);
        fits
    };
    entries.iter().take_while(fits).count()
}

fn head(overview: &Overview, meta: &DigestMeta) -> String {
    let title = escaped(&meta.title());
    let span = format!("{} to {}", wording::day(overview.since), wording::day(overview.until));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header>\n<h1>{title}</h1>\n<p>{} {span}.</p>\n</header>\n",
        escaped(DESCRIPTION)
    )
}

/// Links to all entries: what a report found, who says what.
fn contents(entries: &[Entry]) -> String {
    if entries.len() < 2 {
        return String::new();
    }
    let mut out = "<nav aria-label=\"Contents\">\n".to_owned();
    for (kind, anchor, heading) in KINDS {
        let mut of_kind = entries.iter().filter(|entry| entry.kind == kind).peekable();
        if of_kind.peek().is_none() {
            continue;
        }
        out.push_str(&format!("<p><a href=\"#{anchor}\">{heading}</a></p>\n<ul>\n"));
        for entry in of_kind {
            let title = entry.named();
            let author = if kind == EntryKind::Story { format!(" <span>{}</span>", escaped(&entry.author)) } else { String::new() };
            out.push_str(&format!("<li><a href=\"#{}\">{}</a>{author}</li>\n", escaped(&entry.id), escaped(title)));
        }
        out.push_str("</ul>\n");
    }
    out.push_str("</nav>\n");
    out
}

fn article(entry: &Entry) -> String {
    let title = linked(entry.named(), entry.link.as_deref());
    let day = wording::british(entry.published).date();
    let (seen, no_date) = match entry.kind {
        _ if !entry.undated => ("", ""),
        EntryKind::Report => ("first seen ", ", date not known"),
        EntryKind::Story => ("first seen ", ", no date on the page"),
    };
    let mut out = format!(
        "<article id=\"{}\">\n<h3>{title}</h3>\n<p class=\"by\">{}, {seen}<time datetime=\"{day}\">{}</time>{no_date}</p>\n",
        escaped(&entry.id),
        escaped(&entry.author),
        wording::day(entry.published)
    );
    if let Some(summary) = &entry.summary {
        out.push_str(&format!("<p>{}</p>\n", escaped(summary)));
    }
    out.push_str(&grades(entry));
    let told_elsewhere = |label: &str| match entry.kind {
        EntryKind::Report => !entry.grades.is_empty() && ["Overall", "Outcome", "Grades", "Before"].contains(&label),
        EntryKind::Story => label == "Published" && entry.facts.len() > 1,
    };
    let facts: Vec<_> = entry.facts.iter().filter(|fact| !told_elsewhere(fact.label) && !fact.beside).collect();
    if !facts.is_empty() {
        out.push_str("<dl>\n");
        for fact in facts {
            let class = if fact.marked { " class=\"mark\"" } else { "" };
            out.push_str(&format!("<div{class}><dt>{}</dt><dd>{}</dd></div>\n", escaped(fact.label), parts(fact)));
        }
        out.push_str("</dl>\n");
    }
    entry.quoted.iter().for_each(|quoted| out.push_str(&beside(quoted)));
    out.push_str("</article>\n");
    out
}

/// The judgements as a table, with what they were where that is known.
fn grades(entry: &Entry) -> String {
    if entry.grades.is_empty() {
        return String::new();
    }
    let changed = entry.grades.iter().any(|row| row.was.is_some());
    let before = entry.before.as_deref().map(|before| format!("<caption>Before: {}</caption>\n", escaped(before))).unwrap_or_default();
    let change = if changed { "<th scope=\"col\">Change</th>" } else { "" };
    let mut out =
        format!("<table>\n{before}<thead><tr><th scope=\"col\">Judged</th><th scope=\"col\">Grade</th>{change}</tr></thead>\n<tbody>\n");
    for row in &entry.grades {
        let doubt = if row.doubtful { " (read with doubts)" } else { "" };
        let change = if changed { format!("<td>{}</td>", change_of(row)) } else { String::new() };
        out.push_str(&format!(
            "<tr><th scope=\"row\">{}</th><td class=\"{}\">{}{doubt}</td>{change}</tr>\n",
            row.label,
            class(row.grade),
            row.grade.as_str()
        ));
    }
    out.push_str("</tbody>\n</table>\n");
    out
}

fn change_of(row: &GradeRow) -> String {
    use crate::model::change::Turn;
    let arrow = match row.turn {
        Some(Turn::Better) => "<span aria-hidden=\"true\">▲</span> ",
        Some(Turn::Worse) => "<span aria-hidden=\"true\">▼</span> ",
        Some(Turn::Same) | None => "",
    };
    turned(row).map_or_else(|| "no grade before".to_owned(), |said| format!("{arrow}{said}"))
}

fn class(grade: Grade) -> &'static str {
    match grade {
        Grade::Outstanding | Grade::Good | Grade::TypicallyPositive => "good",
        Grade::RequiresImprovement | Grade::Adequate | Grade::Inconsistent => "middling",
        Grade::Inadequate | Grade::SystemicFailings => "poor",
        Grade::NotJudged => "none",
    }
}

/// What the story quotes, and beside it the passage of the report with the same words marked.
fn beside(quoted: &QuotedPassage) -> String {
    let place = linked(&quoted.place, quoted.link.as_deref());
    format!(
        "<div class=\"beside\">\n<figure><figcaption>The story</figcaption><blockquote>“{}”</blockquote></figure>\n\
         <figure><figcaption>{place}</figcaption><blockquote>{}</blockquote></figure>\n</div>\n",
        escaped(&quoted.story),
        marked(&quoted.passage, &quoted.lit)
    )
}

fn marked(passage: &str, words: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    for range in lit(passage, &[words]) {
        out.push_str(&format!("{}<mark>{}</mark>", escaped(&passage[at..range.start]), escaped(&passage[range.clone()])));
        at = range.end;
    }
    out.push_str(&escaped(&passage[at..]));
    out
}
