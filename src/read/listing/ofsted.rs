//! Ofsted's search list and provider pages (reports.ofsted.gov.uk, as seen until August 2026).

use std::collections::HashSet;

use jiff::civil::Date;
use scraper::{ElementRef, Html};
use url::Url;

use super::page_text;
use crate::model::date;
use crate::model::page::{ProviderPage, ProviderRow, Publication, SearchPage};
use crate::model::text::{clean_line, folded, shorten};
use crate::read::markup::{attr_url, own_text, select, select_in, tame, text_of};
use crate::read::unreadable::{Instead, Unreadable};
use crate::read::wall;

/// Rows of one list page: 100 are given at most since February 2025.
const MAX_ROWS: usize = 1_000;

/// Publications on one provider page; the longest have some 40.
const MAX_PUBLICATIONS: usize = 500;

/// Elements around a link that are looked into.
const MAX_AROUND: usize = 12;

const LABEL_CHARS: usize = 200;

/// The path segment of local authorities in `/provider/44/80438`.
const AUTHORITY_KIND: &str = "44";

/// Reads one page of the search list.
pub fn ofsted_search(body: &[u8], base: &Url) -> Result<SearchPage, Unreadable> {
    let page = sound_page(body)?;
    let mut rows: Vec<ProviderRow> = Vec::new();
    let mut seen = HashSet::new();
    let items = select(&page, "li.search-result");
    let links = || select(&page, "a[href*='/provider/']");
    // Should the list's own markup move, the links are enough: other tools have lived on them for years.
    let items = if items.is_empty() { links() } else { items };
    for item in items.into_iter().take(MAX_ROWS) {
        rows.extend(row(item, base).filter(|row| seen.insert(row.urn.clone())));
    }
    if rows.is_empty() {
        let text = folded(&text_of(page.root_element()));
        if !text.contains("result") {
            return Err(Unreadable::new(Instead::NoText, "no search results and no word of any"));
        }
    }
    let next = select(&page, "a.pagination__next, a[rel='next']").into_iter().find_map(|link| attr_url(link, "href", base));
    Ok(SearchPage { rows, next })
}

fn row(item: ElementRef<'_>, base: &Url) -> Option<ProviderRow> {
    let link = if item.value().name() == "a" { item } else { select_in(item, "a[href*='/provider/']").into_iter().next()? };
    let url = attr_url(link, "href", base)?;
    let urn = urn_in_address(&url)?;
    let facts = select_in(item, "li").into_iter().map(text_of);
    let latest = facts.filter(|fact| fact.to_lowercase().starts_with("latest report")).find_map(|fact| date::first_day(&fact));
    Some(ProviderRow { urn, name: shorten(&text_of(link), LABEL_CHARS), latest, url })
}

/// `80438` of `/provider/44/80438`; other kinds of provider give none.
fn urn_in_address(url: &Url) -> Option<String> {
    let parts: Vec<&str> = url.path_segments()?.filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [.., "provider", kind, urn] if *kind == AUTHORITY_KIND && is_urn(urn) => Some((*urn).to_owned()),
        _ => None,
    }
}

fn is_urn(text: &str) -> bool {
    (4..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads a provider page. A page without a timeline is read too, and says so.
pub fn ofsted_provider(body: &[u8], base: &Url) -> Result<ProviderPage, Unreadable> {
    let page = sound_page(body)?;
    let name = select(&page, "h1.title-block__heading, h1")
        .into_iter()
        .map(text_of)
        .find(|name| !name.is_empty())
        .map(|name| shorten(&name, LABEL_CHARS));
    let printed = select(&page, ".title-block__subheading")
        .into_iter()
        .map(text_of)
        .find_map(|text| text.split(|c: char| !c.is_ascii_digit()).find(|part| is_urn(part)).map(str::to_owned));
    let mut seen = HashSet::new();
    let files = select(&page, "a[href]").into_iter().filter_map(|link| Some((link, file_address(&attr_url(link, "href", base)?, base)?)));
    let publications = files.filter(|(_, url)| seen.insert(url.clone())).map(|(link, url)| publication(link, url));
    Ok(ProviderPage {
        name,
        urn: printed.or_else(|| urn_in_address(base)),
        has_timeline: !select(&page, "ol.timeline, ul.timeline, .timeline__day").is_empty(),
        publications: publications.take(MAX_PUBLICATIONS).collect(),
    })
}

fn publication(link: ElementRef<'_>, url: Url) -> Publication {
    let hidden = select_in(link, ".nonvisual, .visually-hidden").into_iter().map(text_of).find(|text| !text.is_empty()).unwrap_or_default();
    let around = surroundings(link);
    let in_around =
        |css: &str| around.and_then(|around| select_in(around, css).into_iter().map(text_of).find_map(|text| date::first_day(&text)));
    let in_label = || date::first_day(&text_of(link));
    let published: Option<Date> = date::first_day(&hidden).or_else(|| in_around("time[pubdate]")).or_else(in_label);
    let shown = own_text(link);
    let label = if shown.is_empty() { if hidden.is_empty() { text_of(link) } else { hidden } } else { shown };
    Publication { url, label: shorten(&without_file(&label), LABEL_CHARS), published, event: in_around(".timeline__date") }
}

/// The farthest element around the link that holds no other publication.
fn surroundings(link: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let id = |href: &str| href.split(['#', '?']).next().and_then(|path| path.rsplit('/').next()).unwrap_or_default().to_owned();
    let alone = |element: &ElementRef<'_>| {
        let links = select_in(*element, "a[href]");
        let files: HashSet<String> = links.iter().filter_map(|link| link.attr("href")).filter(|href| is_file(href)).map(id).collect();
        files.len() <= 1
    };
    let around = link.ancestors().filter_map(ElementRef::wrap).take(MAX_AROUND);
    around.take_while(|element| !matches!(element.value().name(), "ol" | "ul" | "body" | "main")).take_while(alone).last()
}

fn is_file(href: &str) -> bool {
    href.contains("/v1/file/") || href.contains("/provider/files/")
}

/// The one address of a file: `files.api.` of 2018 serves the same ids as `files.`.
///
/// A mirror's files stand beside its pages, as Ofsted's do: `files.` beside `reports.`, served as they are named.
fn file_address(url: &Url, page: &Url) -> Option<Url> {
    let host = url.host_str()?;
    if !is_file(url.path()) {
        return None;
    }
    let mut url = url.clone();
    if !host.ends_with("ofsted.gov.uk") {
        let beside = host.strip_prefix("files.").zip(page.host_str()?.strip_prefix("reports."));
        return beside.filter(|(files, reports)| files == reports).map(|_| without_marks(url));
    }
    if url.host_str() == Some("files.api.ofsted.gov.uk") {
        url.set_host(Some("files.ofsted.gov.uk")).ok()?;
    }
    if url.port().is_none() {
        url.set_scheme("https").ok()?;
    }
    Some(without_marks(url))
}

fn without_marks(mut url: Url) -> Url {
    url.set_fragment(None);
    url.set_query(None);
    url
}

/// "Children’s services inspection  , PDF - 24 November 2017" is "Children's services inspection".
fn without_file(label: &str) -> String {
    let label = label.replace(['’', '‘'], "'");
    let lower = label.to_ascii_lowercase();
    let cut = [", pdf", " pdf -", " as pdf"].iter().filter_map(|mark| lower.find(mark)).min().unwrap_or(label.len());
    clean_line(label.get(..cut).unwrap_or(&label)).trim_end_matches([',', ' ']).to_owned()
}

/// A parsed page that is neither an error told with status 200 nor a bot challenge.
fn sound_page(body: &[u8]) -> Result<Html, Unreadable> {
    let source = page_text(body)?;
    let page = Html::parse_document(&tame(&source));
    let title = select(&page, "title").first().map(|title| text_of(*title)).unwrap_or_default();
    let headline = select(&page, "h1").first().map(|headline| text_of(*headline)).unwrap_or_default();
    if [&title, &headline].iter().any(|text| text.contains("Slim Application Error")) {
        return Err(Unreadable::new(Instead::ErrorPage, "Slim Application Error"));
    }
    let words = select(&page, "body").first().map_or(0, |body| text_of(*body).split(' ').count());
    if let Some(sign) = wall::challenge(&source, &title, words) {
        return Err(Unreadable::new(Instead::BotChallenge, sign));
    }
    Ok(page)
}
