//! `sources check`: each source is asked once, nothing is stored, and what came back is told.

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{
    Context, Exit, Trouble, brief, output,
    table::{Cell, Column, Fit, Table},
};
use crate::{
    fetch::Fetcher,
    model::{
        fetched::{Answer, BodyKind, Fetched, Request, Validators},
        source::{Fallback, Source, SourceKind},
        text::{clean_line, shorten},
    },
    pipeline::ofsted::search_url,
    read::{Unreadable, feed, listing},
    summary::page::Tone,
};

/// Characters of what happened.
const CAUSE: usize = 160;
/// Rows of Ofsted's list that are asked for: enough to see that it can be read.
const ROWS: usize = 10;

/// What a source gave.
struct Told {
    items: usize,
    newest: Option<Timestamp>,
    /// What to know about it, if anything.
    remark: Option<String>,
}

/// # Errors
/// Where a name is not known, or no request can be made at all. Sources that fail give exit code 4.
pub fn run(context: &Context, names: &[String], as_json: bool) -> Result<Exit, Trouble> {
    let sources = super::named(&context.config.sources, names)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let fetcher = Fetcher::new(context.config.fetch.clone())?;
    output::say(context, &format!("asking {}", brief::count(sources.len(), "source", "sources")));
    let answers = runtime.block_on(ask_all(&sources, &fetcher, context.now));
    let failed = answers.iter().filter(|answer| answer.is_err()).count();
    if as_json {
        output::print_lines(sources.iter().zip(&answers).map(|(source, answer)| json(source, answer)))?;
    } else if sources.is_empty() {
        output::say(context, "no source is switched on: `tieback sources list --all` shows them");
    } else {
        output::print(&table(&sources, &answers).text(output::look(context)))?;
    }
    if failed > 0 {
        output::say(context, &format!("{failed} of {} failed", brief::count(sources.len(), "source", "sources")));
        return Ok(Exit::SourcesFailed);
    }
    Ok(Exit::Well)
}

fn table(sources: &[&Source], answers: &[Result<Told, String>]) -> Table {
    let columns = [
        Column::left("Source", Fit::Wrap(16)),
        Column::left("Kind", Fit::Whole),
        Column::right("Items"),
        Column::right("Newest"),
        Column::left("Answer", Fit::Whole),
    ];
    let mut table = Table::new(0, columns);
    for (source, answer) in sources.iter().zip(answers) {
        let name = Cell::plain(shorten(&clean_line(&source.name), 80));
        let kind = Cell::soft(source.kind.as_str());
        match answer {
            Ok(told) => {
                let newest = told.newest.map_or_else(|| Cell::soft("–"), |newest| Cell::plain(brief::moment(newest)));
                table.row([name, kind, Cell::plain(brief::grouped(told.items)), newest, Cell::plain("well")]);
                if let Some(remark) = &told.remark {
                    table.note(Cell::soft(shorten(&clean_line(remark), CAUSE)));
                }
            }
            Err(why) => {
                table.row([name, kind, Cell::soft("–"), Cell::soft("–"), Cell::new(Tone::Warning, "! failed")]);
                table.note(Cell::soft(shorten(&clean_line(why), CAUSE)));
            }
        }
    }
    table
}

fn json(source: &Source, answer: &Result<Told, String>) -> Value {
    let told = answer.as_ref().ok();
    json!({
        "name": source.name,
        "kind": source.kind,
        "url": source.url,
        "answer": if told.is_some() { "well" } else { "failed" },
        "items": told.map(|told| told.items),
        "newest": told.and_then(|told| told.newest),
        "remark": told.and_then(|told| told.remark.as_deref()).map(clean_line),
        "cause": answer.as_ref().err().map(|why| clean_line(why)),
    })
}

/// The answers in the order of the sources; the fetcher keeps the pace of each host.
async fn ask_all(sources: &[&Source], fetcher: &Fetcher, now: Timestamp) -> Vec<Result<Told, String>> {
    let mut tasks = JoinSet::new();
    for (at, source) in sources.iter().enumerate() {
        let (source, fetcher) = ((*source).clone(), fetcher.clone());
        tasks.spawn(async move { (at, ask(&source, &fetcher, now).await) });
    }
    let mut answers: Vec<Result<Told, String>> = sources.iter().map(|_| Err("the question broke off".to_owned())).collect();
    while let Some(done) = tasks.join_next().await {
        if let Ok((at, answer)) = done {
            answers[at] = answer;
        }
    }
    answers
}

/// Its address, then its fallbacks as a run would try them; the first failure is the one that is told.
async fn ask(source: &Source, fetcher: &Fetcher, now: Timestamp) -> Result<Told, String> {
    let first = Fallback { kind: source.kind, url: source.url.clone(), links: source.links.clone() };
    let mut trouble = None;
    for (n, way) in std::iter::once(&first).chain(&source.fallbacks).enumerate() {
        match ask_way(way, fetcher, now).await {
            Ok(told) => {
                let remark = match &trouble {
                    Some(why) => Some(format!("by fallback {n} ({}); first: {why}", way.kind.as_str())),
                    None => told.remark,
                };
                return Ok(Told { remark, ..told });
            }
            Err(why) => {
                let _ = trouble.get_or_insert(why);
            }
        }
    }
    Err(trouble.unwrap_or_default())
}

async fn ask_way(way: &Fallback, fetcher: &Fetcher, now: Timestamp) -> Result<Told, String> {
    let list = if way.kind == SourceKind::Ofsted { search_url(&way.url, 0, ROWS) } else { None };
    let url = list.unwrap_or_else(|| way.url.clone());
    match fetcher.get(&Request { url, validators: Validators::default(), body: BodyKind::Page }).await {
        Answer::Failed(failure) => Err(format!("{} ({})", failure.detail, failure.kind.as_str())),
        Answer::NotModified { .. } => Err("it answered “not modified” to a question without conditions".to_owned()),
        Answer::Fresh(fetched) => read(way, &fetched, now).map_err(|error| error.to_string()),
    }
}

fn read(way: &Fallback, fetched: &Fetched, now: Timestamp) -> Result<Told, Unreadable> {
    let (body, base) = (fetched.body.as_slice(), &fetched.final_url);
    let moved = fetched.moved_for_good.then(|| format!("moved for good to {base}: put that into the configuration"));
    let (items, newest, doubt) = match way.kind {
        SourceKind::Feed => {
            let feed = feed::read(body, fetched.media_type.as_deref(), fetched.charset.as_deref(), base, now)?;
            (feed.items.len(), newest(feed.items.iter().map(|item| item.published)), feed.doubts.first().cloned())
        }
        SourceKind::Ofsted => {
            let list = listing::ofsted_search(body, base)?;
            (list.rows.len(), None, Some("the beginning of Ofsted’s list, one item an authority".to_owned()))
        }
        SourceKind::Page => {
            let list = listing::page_links(body, base, way.links.as_deref().unwrap_or("main a[href], article a[href]"), now)?;
            (list.items.len(), newest(list.items.iter().map(|item| item.published)), None)
        }
        SourceKind::Sitemap => {
            let map = listing::sitemap(body, now)?;
            let parts = (!map.sitemaps.is_empty()).then(|| format!("an index of {} sitemaps", map.sitemaps.len()));
            (map.items.len(), newest(map.items.iter().map(|item| item.published)), parts)
        }
        SourceKind::Wordpress => {
            let feed = listing::wordpress(body, base, now)?;
            (feed.items.len(), newest(feed.items.iter().map(|item| item.published)), None)
        }
        SourceKind::Govuk => {
            let feed = listing::govuk_search(body, base, now)?;
            (feed.items.len(), newest(feed.items.iter().map(|item| item.published)), None)
        }
    };
    let empty = (items == 0 && doubt.is_none()).then(|| "readable, with nothing in it".to_owned());
    Ok(Told { items, newest, remark: moved.or(doubt).or(empty) })
}

fn newest(dates: impl Iterator<Item = Option<Timestamp>>) -> Option<Timestamp> {
    dates.flatten().max()
}
