//! Ofsted's search list and provider pages (reports.ofsted.gov.uk, as seen until August 2026).

use std::collections::HashSet;

use jiff::civil::Date;
use scraper::{ElementRef, Html};
use url::Url;

use super::{is_cut, page_text};
use crate::model::date;
use crate::model::page::{Loss, ProviderPage, ProviderRow, Publication, SearchPage};
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
    let (source, page) = sound_page(body)?;
    let items = select(&page, "li.search-result");
    // Should the list's own markup move, the links are enough: other tools have lived on them for years.
    let items = if items.is_empty() { select(&page, "a[href*='/provider/']") } else { items };
    let mut rows: Vec<ProviderRow> = Vec::new();
    let mut seen = HashSet::new();
    let mut foreign = 0;
    let over = items.len().saturating_sub(MAX_ROWS);
    for row in items.into_iter().take(MAX_ROWS).filter_map(|item| row(item, base)) {
        // A list sends nobody to another host.
        if row.url.host_str() != base.host_str() {
            foreign += 1;
        } else if seen.insert(row.urn.clone()) {
            rows.push(row);
        }
    }
    let words = words_of(&text_of(page.root_element()));
    let stated = stated(&words);
    if rows.is_empty() && foreign == 0 && !words.iter().any(|word| is_result(word)) {
        return Err(Unreadable::new(Instead::NoText, "no search results and no word of any"));
    }
    let losses = [
        is_cut(&source).then_some(Loss::Cut),
        (over > 0).then_some(Loss::OverLimit(over)),
        (foreign > 0).then_some(Loss::Foreign(foreign)),
        (rows.is_empty() && stated != Some(0)).then_some(Loss::NoList),
    ];
    let next = select(&page, "a.pagination__next, a[rel='next']").into_iter().find_map(|link| attr_url(link, "href", base));
    let next = next.filter(|next| next.host_str() == base.host_str());
    Ok(SearchPage { rows, next, stated, losses: losses.into_iter().flatten().collect() })
}

/// How many results the page says there are: "0 results", "1 to 100 of 153 results", "results 1 to 10 of 153", "no results".
fn stated(words: &[String]) -> Option<usize> {
    let places = || words.iter().enumerate().filter(|(_, word)| is_result(word)).map(|(at, _)| at);
    let number = |at: usize| words.get(at).and_then(|word| if word == "no" { Some(0) } else { word.parse().ok() });
    let before = places().find_map(|at| at.checked_sub(1).and_then(number));
    let behind = |at: usize| (at + 1..at + 6).find(|at| words.get(*at).is_some_and(|word| word == "of")).and_then(|of| number(of + 1));
    before.or_else(|| places().find_map(behind))
}

fn is_result(word: &str) -> bool {
    matches!(word, "result" | "results")
}

/// Words in lower case, without the commas in numbers.
fn words_of(text: &str) -> Vec<String> {
    folded(&text.replace(',', "")).split(' ').map(str::to_owned).collect()
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
    let (source, page) = sound_page(body)?;
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
    let links = select(&page, "a[href]").into_iter().filter_map(|link| Some((link, attr_url(link, "href", base)?)));
    let mut files: Vec<(ElementRef<'_>, Url)> = Vec::new();
    let mut foreign = 0;
    for (link, url) in links {
        match file_address(&url, base) {
            Some(url) if seen.insert(url.clone()) => files.push((link, url)),
            Some(_) => {}
            // A publication that stands where none stood until now.
            None => foreign += usize::from(is_file(url.path()) || link.value().classes().any(|class| class == "publication-link")),
        }
    }
    let over = files.len().saturating_sub(MAX_PUBLICATIONS);
    let has_timeline = !select(&page, "ol.timeline, ul.timeline, .timeline__day").is_empty();
    let losses = [
        is_cut(&source).then_some(Loss::Cut),
        (over > 0).then_some(Loss::OverLimit(over)),
        (foreign > 0).then_some(Loss::Foreign(foreign)),
        (!has_timeline).then_some(Loss::NoList),
    ];
    Ok(ProviderPage {
        name,
        urn: printed.or_else(|| urn_in_address(base)),
        has_timeline,
        publications: files.into_iter().take(MAX_PUBLICATIONS).map(|(link, url)| publication(link, url)).collect(),
        losses: losses.into_iter().flatten().collect(),
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
    // A second file ends the search at once, so that a long list costs each of its links little.
    let alone = |element: &ElementRef<'_>| {
        let mut files = element.descendent_elements().filter_map(|link| link.attr("href")).filter(|href| is_file(href)).map(id);
        let first = files.next();
        files.all(|file| Some(&file) == first.as_ref())
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
    if !(host == "ofsted.gov.uk" || host.ends_with(".ofsted.gov.uk")) {
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
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    url
}

/// "Children’s services inspection  , PDF - 24 November 2017" is "Children's services inspection".
fn without_file(label: &str) -> String {
    let label = label.replace(['’', '‘'], "'");
    let lower = label.to_ascii_lowercase();
    let cut = [", pdf", " pdf -", " as pdf"].iter().filter_map(|mark| lower.find(mark)).min().unwrap_or(label.len());
    clean_line(label.get(..cut).unwrap_or(&label)).trim_end_matches([',', ' ']).to_owned()
}

/// The source and the parsed page, where it is neither an error told with status 200 nor a bot challenge.
fn sound_page(body: &[u8]) -> Result<(String, Html), Unreadable> {
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
    Ok((source, page))
}
