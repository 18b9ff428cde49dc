//! An article page: its text without furniture, headline, author, date, and whether a wall cuts it.

mod about;
mod blocks;
mod class;
mod container;
mod furniture;
mod headline;
mod jsonld;
mod phrases;
mod published;
mod standfirst;

use jiff::Timestamp;
use scraper::Html;
use url::Url;

use self::blocks::BlockDraft;
use self::furniture::{PageContext, Pruned};
use super::charset;
use super::markup::{base_of, select, tame, tame_for_noscript, text_of};
use super::rules::{OutletRule, OutletRules};
use super::unreadable::{Instead, Unreadable};
use super::wall;
use super::whose::site_of;
use crate::model::page::{ArticleReading, Block, BlockKind};
use crate::model::text::{clean_line, folded};

/// Bytes of a page that are read. The largest article pages, with their scripts, stay below 3 MB.
pub const MAX_PAGE_BYTES: usize = 5 * 1024 * 1024;

/// Titles of error pages told with status 200.
const ERROR_TITLES: [&str; 8] = [
    "page not found", "404", "error 404", "not found", "sorry page not found", "sorry we can t find", "page cannot be found",
    "slim application error",
];

/// A reading with fewer words than this share, in per cent, of what JSON-LD holds has lost text.
const LOST_SHARE: usize = 60;

/// Fewer words than this are worth a second look.
const FEW_WORDS: usize = 80;

/// Reads an article page that was fetched from `url`.
///
/// What a page may cost is bounded by its size, nesting and number of tags alone, so that no machine's load decides what is
/// read. Drawing recurses once for each level of nesting, [`super::markup::MAX_DEPTH`] at most: a thread's usual 2 MiB of stack
/// are enough, which a test shows; the caller keeps it off the threads that wait for the network.
pub fn read(
    body: &[u8],
    media_type: Option<&str>,
    charset: Option<&str>,
    url: &Url,
    rules: &OutletRules,
    now: Timestamp,
) -> Result<ArticleReading, Unreadable> {
    refuse(body, media_type)?;
    let source = charset::decode(body, charset, true);
    let visit = Visit { source: &source, rule: rules.of(url), url, now };
    let reading = read_page(&visit, &tame(&source));
    // The text may be there for readers without scripts alone.
    if reading.as_ref().map_or(0, words_read) < FEW_WORDS && holds_noscript(&source) && !reading.as_ref().is_ok_and(|read| read.walled) {
        let other = read_page(&visit, &tame_for_noscript(&source));
        let is_fuller = other.as_ref().map_or(0, words_read) > 2 * reading.as_ref().map_or(0, words_read) + NOTICE_WORDS;
        return if is_fuller { other } else { reading };
    }
    reading
}

/// A page and what is known before it is read.
struct Visit<'a> {
    source: &'a str,
    rule: &'a OutletRule,
    url: &'a Url,
    now: Timestamp,
}

/// Words of a notice in `<noscript>`: "please switch on scripts to read this site".
const NOTICE_WORDS: usize = 20;

fn words_read(reading: &ArticleReading) -> usize {
    reading.blocks.iter().filter(|block| block.kind != BlockKind::Heading).map(|block| block.text.split(' ').count()).sum()
}

fn holds_noscript(source: &str) -> bool {
    source.contains("<noscript") || source.contains("<NOSCRIPT")
}

/// Refuses what is no page before anything is parsed.
fn refuse(body: &[u8], media_type: Option<&str>) -> Result<(), Unreadable> {
    if body.len() > MAX_PAGE_BYTES {
        return Err(Unreadable::new(Instead::TooLarge, format!("{} bytes, at most {MAX_PAGE_BYTES} are read", body.len())));
    }
    let head = body.trim_ascii_start();
    let media_type = media_type.unwrap_or_default();
    let starts = |sign: &[u8]| head.starts_with(sign);
    if head.is_empty() {
        Err(Unreadable::new(Instead::Empty, ""))
    } else if starts(b"%PDF-")
        || starts(b"PK\x03\x04")
        || starts(b"\x89PNG")
        || starts(b"\xff\xd8\xff")
        || starts(b"GIF8")
        || starts(b"\x1f\x8b")
    {
        Err(Unreadable::new(Instead::Binary, if starts(b"%PDF-") { "a PDF" } else { media_type }))
    } else if starts(b"{") || starts(b"[") {
        Err(Unreadable::new(Instead::OtherJson, media_type))
    } else if is_feed(head) {
        Err(Unreadable::new(Instead::Feed, media_type))
    } else {
        Ok(())
    }
}

fn is_feed(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head.get(..2_000).unwrap_or(head)).into_owned();
    !head.to_ascii_lowercase().contains("<html")
        && ["<rss", "<feed", "<rdf:RDF", "<urlset", "<sitemapindex"].iter().any(|root| head.contains(root))
}

fn read_page(visit: &Visit<'_>, tamed: &str) -> Result<ArticleReading, Unreadable> {
    let Visit { source, rule, url, now } = *visit;
    let page = Html::parse_document(tamed);
    let base = base_of(&page, url);
    let site_name = about::meta(&page, &["og:site_name", "application-name"]);
    let title = about::title(&page, rule, site_name.as_deref());
    let json = jsonld::described(&page, title.as_deref().unwrap_or_default());
    let title = title.or_else(|| json.headline.clone());
    let drawn = container::find(&page, rule, &base);
    if let Some(error) = told_instead(source, &page, title.as_deref().unwrap_or_default(), drawn.words()) {
        return Err(error);
    }

    let site = about::site(&page, &json);
    let author = about::author(&page, rule, &json, site.as_deref());
    let context = PageContext {
        rule,
        title: folded(title.as_deref().unwrap_or_default()),
        author: folded(author.as_deref().unwrap_or_default()),
        site: site_of(url).unwrap_or_default(),
    };
    let mut doubts = Vec::new();
    let mut begun = standfirst::beginning(&drawn.drafts);
    let first = furniture::prune(drawn.drafts, &context);
    let walled = json.is_free == Some(false) || (first.wall && wall::cuts(words(&first.drafts)));
    // What the page hides behind its wall stays there, also where its JSON-LD gives it away.
    let body = json.body.as_deref().filter(|_| !walled);
    let mut text = fuller(first, body, &context, &mut doubts);
    begun.extend(standfirst::beginning(&text.drafts));
    if let Some(draft) = standfirst::standfirst(&page, &context.title, &begun, rule, &base) {
        text.links.splice(0..0, draft.links.iter().cloned());
        text.drafts.insert(0, draft);
    }
    let blocks: Vec<Block> = text.drafts.into_iter().map(|draft| Block { kind: draft.kind, text: clean_line(&draft.text) }).collect();
    if blocks.is_empty() {
        if title.is_none() {
            return Err(Unreadable::new(Instead::NoText, ""));
        }
        doubts.push("no text found".to_owned());
    }
    if title.is_none() {
        doubts.push("no headline found".to_owned());
    }
    let published = published::published(&page, &json.published, url, now);
    doubts.extend(published.and_then(|(at, _)| published::doubt(at, url)));
    Ok(ArticleReading {
        author,
        title,
        published,
        canonical: about::canonical(&page, url),
        description: about::description(&page, &json),
        blocks,
        links: text.links,
        walled,
        doubts,
    })
}

/// A bot challenge or an error page told with status 200; `words` is the length of the text found.
fn told_instead(source: &str, page: &Html, title: &str, words: usize) -> Option<Unreadable> {
    let visible = if words < FEW_WORDS { select(page, "body").first().map_or(0, |body| text_of(*body).split(' ').count()) } else { words };
    if let Some(sign) = wall::challenge(source, title, visible) {
        return Some(Unreadable::new(Instead::BotChallenge, sign));
    }
    let folded = folded(title);
    let is_error = ERROR_TITLES.iter().any(|sign| folded == *sign || folded.starts_with(&format!("{sign} ")));
    (is_error && words < FEW_WORDS).then(|| Unreadable::new(Instead::ErrorPage, title))
}

/// The first reading, unless JSON-LD's `body` shows that it has lost text.
fn fuller(mut text: Pruned, body: Option<&str>, context: &PageContext<'_>, doubts: &mut Vec<String>) -> Pruned {
    if let Some(told) = body.map(|body| furniture::prune(lines(body), context))
        && words(&text.drafts) * 100 < words(&told.drafts) * LOST_SHARE
    {
        doubts.push("text taken from JSON-LD".to_owned());
        text.drafts = told.drafts;
    }
    text
}

/// Each line a paragraph.
fn lines(body: &str) -> Vec<BlockDraft> {
    body.lines().map(|line| BlockDraft { kind: BlockKind::Paragraph, text: line.to_owned(), is_link: false, links: Vec::new() }).collect()
}

fn words(drafts: &[BlockDraft]) -> usize {
    drafts.iter().filter(|draft| draft.kind != BlockKind::Heading).map(BlockDraft::words).sum()
}
