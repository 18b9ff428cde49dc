//! `search`: where words stand in stories and in the paragraphs of reports.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{Context, Exit, Trouble, brief, filter::Filter, output};
use crate::{
    cli::FilterArgs,
    model::{
        text::{clean_line, words},
        wording,
    },
    store::{SearchHit, SearchPlace, Store},
    summary::{
        Look,
        page::{PageWriter, Tone, styled},
    },
};

/// # Errors
/// Where there is no database, or stdout cannot be written.
pub fn run(context: &Context, typed: &[String], filter: &FilterArgs, limit: usize, as_json: bool) -> Result<Exit, Trouble> {
    let wanted = typed.join(" ");
    if !Store::asks_for_something(&wanted) {
        return Err(Trouble::usage(format!("there is no word to look for in `{wanted}`"))
            .hint("name a word, \"a phrase\", one OR other, or the beginning of a word*; -word leaves out what has it"));
    }
    let (hits, cut) = found(context, &wanted, filter, limit)?;
    if as_json {
        output::print_lines(hits.iter().map(json))?;
        return Ok(Exit::Well);
    }
    let look = output::look(context);
    let mut page = PageWriter::new(look);
    for hit in &hits {
        self::hit(hit, look, &mut page);
    }
    output::page(&page.finish())?;
    if hits.is_empty() {
        let is_plain = wanted.chars().all(|char| char.is_alphanumeric() || char == ' ') && !wanted.contains(" OR ");
        let fits = if is_plain { "has all of" } else { "fits" };
        output::say(context, &format!("nothing stored {fits}: {wanted}{}", as_option(typed)));
    } else if hits.len() == limit {
        output::say(context, &brief::cut("best", limit));
    }
    if cut {
        output::say(context, "these words stand in very many places, of which the newest were looked through; more words find more");
    }
    Ok(Exit::Well)
}

/// How a filter is asked for, where one was typed as other search boxes have them: `grade:good`.
fn as_option(typed: &[String]) -> String {
    let filters = ["authority", "framework", "grade", "outlet", "since", "until", "watch"];
    let filter = typed.iter().flat_map(|word| word.split_whitespace()).find_map(|word| {
        let (name, value) = word.split_once(':').filter(|(_, value)| !value.is_empty())?;
        filters.contains(&name).then(|| format!("; did you mean --{name} {value}?"))
    });
    filter.unwrap_or_default()
}

/// The best hits that the filters let through, and whether there are too many to have asked all of them.
fn found(context: &Context, typed: &str, args: &FilterArgs, limit: usize) -> Result<(Vec<SearchHit>, bool), Trouble> {
    let store = context.stored()?;
    let filter = Filter::of(args, context, &store)?;
    if filter.lets_all_through() {
        return Ok((store.search(typed, limit)?, false));
    }
    Ok(store.search_where(typed, limit, &filter.narrow)?)
}

fn hit(hit: &SearchHit, look: Look, page: &mut PageWriter) {
    page.gap();
    let (title, place) = match &hit.place {
        SearchPlace::Story { id, title, outlet, published, .. } => {
            let day = published.map_or_else(|| "no date".to_owned(), wording::day);
            (wording::headline(title), format!("{} · {day} · {id}", wording::outlet(outlet)))
        }
        SearchPlace::Passage { report, title, authority, published, page, paragraph, .. } => {
            let name = authority.as_deref().unwrap_or(title);
            let day = published.map_or_else(|| "no date".to_owned(), crate::model::date::long);
            let paragraph = paragraph.map(|number| number.to_string());
            let place = wording::place(Some(*page), paragraph.as_deref()).unwrap_or_default();
            (format!("{}, report of {day}", wording::headline(name)), format!("{place} · {report}"))
        }
    };
    page.line(0, Tone::Strong, &title);
    snippet(hit, look, page);
    page.line(2, Tone::Soft, &place);
}

/// The piece of text, with the words found set off where there are colours.
fn snippet(hit: &SearchHit, look: Look, page: &mut PageWriter) {
    let plain = Look { colour: false, links: false, ..look };
    let mut laid = PageWriter::new(plain);
    laid.line(2, Tone::Plain, &hit.snippet);
    let laid = laid.finish();
    if !look.colour {
        page.block(&laid);
        return;
    }
    let found: HashSet<String> = hit.marks.iter().filter_map(|mark| hit.snippet.get(mark.clone())).map(clean_line).collect();
    let mut marked = String::new();
    let mut at = 0;
    for word in words(&laid) {
        if found.contains(&laid[word.start..word.end]) {
            marked.push_str(&laid[at..word.start]);
            styled(Tone::Found, &laid[word.start..word.end], true, &mut marked);
            at = word.end;
        }
    }
    marked.push_str(&laid[at..]);
    page.block(&marked);
}

fn json(hit: &SearchHit) -> Value {
    let marks: Vec<[usize; 2]> = hit.marks.iter().map(|mark| [mark.start, mark.end]).collect();
    match &hit.place {
        SearchPlace::Story { id, title, outlet, url, published } => json!({
            "story": id, "title": title, "outlet": outlet, "url": url, "published": published,
            "snippet": hit.snippet, "marks": marks, "score": hit.score,
        }),
        SearchPlace::Passage { report, title, authority, url, published, page, paragraph } => json!({
            "report": report, "title": title, "authority": authority, "url": url, "published": published,
            "page": page, "paragraph": paragraph, "snippet": hit.snippet, "marks": marks, "score": hit.score,
        }),
    }
}
