//! What the page says of itself: headline, author, outlet, description, its own address.

use scraper::{ElementRef, Html};
use url::Url;

use super::jsonld::Described;
use crate::model::date;
use crate::model::text::{clean_line, folded, shorten};
use crate::read::markup::{attr_url, base_of, plain_text, select, select_in, text_of};
use crate::read::rules::OutletRule;
use crate::read::whose::site_of;

/// Characters of a headline, an author's line, a description.
pub const TITLE_CHARS: usize = 500;
const AUTHOR_CHARS: usize = 120;
const DESCRIPTION_CHARS: usize = 1_000;

/// A headline of no more words may be the name of a section.
const FEW_WORDS: usize = 3;

/// Names that content systems give to whoever posts.
const NOBODY: [&str; 7] = ["super user", "admin", "administrator", "webmaster", "user", "editor", "guest"];

/// The content of the first meta element of one of these names (or properties) that has any.
pub fn meta(page: &Html, names: &[&str]) -> Option<String> {
    let elements = select(page, "meta[content]");
    names.iter().find_map(|wanted| {
        elements.iter().find_map(|element| {
            let named = ["property", "name"].iter().filter_map(|key| element.attr(key)).any(|name| name.eq_ignore_ascii_case(wanted));
            let content = if named { plain_text(element.attr("content")?) } else { String::new() };
            Some(content).filter(|content| !content.is_empty())
        })
    })
}

/// The headline on the page, or what the head of the page says it is.
///
/// The first `h1` may be the outlet's name, so one that agrees with the head of the page goes first.
pub fn title(page: &Html, rule: &OutletRule, site: Option<&str>) -> Option<String> {
    let by_rule = rule.title.as_ref().and_then(|css| select(page, css).into_iter().map(text_of).find(|text| !text.is_empty()));
    let in_head = meta(page, &["og:title", "twitter:title", "dc.title"])
        .or_else(|| select(page, "title").first().map(|element| text_of(*element)).filter(|text| !text.is_empty()));
    let in_head = in_head.map(|title| without_site(&title, site));
    let printed = select(page, "[itemprop='headline'], article h1, main h1, h1").into_iter().map(text_of).filter(|text| !text.is_empty());
    let printed: Vec<String> = printed.take(10).collect();
    // "Agenda item" above "Agenda item - Ofsted inspection" is a kind of page, not a headline.
    let is_headline = |text: &&String| words(text) > FEW_WORDS || in_head.as_ref().is_none_or(|head| words(head) <= words(text) + 1);
    let agreeing = in_head.as_ref().and_then(|head| printed.iter().filter(is_headline).find(|text| agree(text, head)));
    let alone = printed.first().filter(|_| printed.len() == 1).filter(is_headline);
    let found = by_rule.or(agreeing.or(alone).cloned()).or_else(|| in_head.clone()).or_else(|| printed.first().cloned());
    found.map(|title| shorten(&clean_line(&title), TITLE_CHARS))
}

fn words(text: &str) -> usize {
    text.split(' ').count()
}

/// True if at least half of the words of the shorter are in the longer.
fn agree(a: &str, b: &str) -> bool {
    let (a, b) = (folded(a), folded(b));
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short.iter().filter(|word| long.contains(word)).count() * 2 >= short.len()
}

/// "Headline - Outlet", "Headline | Section | Outlet" without what comes after the headline.
fn without_site(title: &str, site: Option<&str>) -> String {
    let mut title = title;
    for _ in 0..3 {
        let cut = [" | ", " - ", " – ", " — ", " :: ", " » "]
            .iter()
            .filter_map(|mark| title.rfind(mark).map(|at| (at, at + mark.len(), *mark)))
            .max();
        let Some((at, behind, mark)) = cut else { break };
        let (head, tail) = (title.get(..at).unwrap_or_default(), title.get(behind..).unwrap_or_default());
        let is_site = site.is_some_and(|site| folded(site) == folded(tail)) || mark == " | " || mark == " :: " || mark == " » ";
        // "… - BBC News" without a site name given: a few words, all of them names.
        let is_name = tail.split(' ').count() <= 3 && tail.split(' ').all(|word| word.starts_with(|c: char| c.is_uppercase()));
        if !(is_site || is_name) || head.split(' ').count() < 3 {
            break;
        }
        title = head;
    }
    title.trim().to_owned()
}

/// The author as the byline gives it; "Local Democracy Reporter" is part of it.
pub fn author(page: &Html, rule: &OutletRule, json: &Described, site: Option<&str>) -> Option<String> {
    let from_json = Some(json.authors.join(", ")).filter(|names| !names.is_empty());
    let from_meta = || {
        meta(page, &["author", "article:author", "parsely-author", "sailthru.author", "dc.creator"]).filter(|name| !name.contains("://"))
    };
    let byline = byline(page, rule).map(|text| person(&text)).filter(|text| !text.is_empty());
    let declared = from_json.or_else(from_meta).map(|text| person(&text)).filter(|text| !text.is_empty());
    let is_outlet = |name: &str| site.is_some_and(|site| folded(site) == folded(name));
    let found = match (declared, byline) {
        (Some(declared), Some(byline))
            if is_outlet(&declared) || (byline.contains("Local Democracy") && !declared.contains("Local Democracy")) =>
        {
            byline
        }
        (Some(declared), _) => declared,
        (None, byline) => byline?,
    };
    Some(shorten(&found, AUTHOR_CHARS)).filter(|name| !is_outlet(name) && !NOBODY.contains(&folded(name).as_str()))
}

/// The author's line near the headline.
fn byline(page: &Html, rule: &OutletRule) -> Option<String> {
    let by_rule = rule.byline.as_ref().map(|css| select(page, css)).unwrap_or_default();
    let named = "[rel='author'], [itemprop='author'], .byline, .author, .author-name, .article-author, .byline__name, .entry-meta .author, .post-author";
    let named = select(page, named).into_iter().filter(|element| !in_other_part(*element));
    by_rule
        .into_iter()
        .chain(named)
        .take(20)
        .map(without_time)
        .find(|text| text.split(' ').count() <= 16 && !text.is_empty())
        .or_else(|| printed(page))
}

/// The text of a line without its `<time>`, its parts separated.
fn without_time(element: ElementRef<'_>) -> String {
    let parts = element.descendants().filter_map(|node| {
        let in_time = node.ancestors().any(|above| above.value().as_element().is_some_and(|above| above.name() == "time"));
        node.value().as_text().filter(|_| !in_time).map(|text| text.to_string())
    });
    clean_line(&parts.collect::<Vec<_>>().join(" "))
}

/// A short paragraph "By Ann Other" after the headline.
fn printed(page: &Html) -> Option<String> {
    let root = select(page, "article, main, body").into_iter().next()?;
    select_in(root, "p, div, span").into_iter().take(40).filter(|element| !in_other_part(*element)).map(text_of).find(|text| {
        let is_byline =
            text.strip_prefix("By ").or_else(|| text.strip_prefix("BY ")).is_some_and(|rest| rest.starts_with(|c: char| c.is_uppercase()));
        is_byline && text.split(' ').count() <= 12 && !text.ends_with('.')
    })
}

fn in_other_part(element: ElementRef<'_>) -> bool {
    element.ancestors().filter_map(ElementRef::wrap).take_while(|above| above.value().name() != "body").any(|above| {
        matches!(above.value().name(), "aside" | "nav" | "footer" | "figure")
            || above.attr("id").into_iter().chain(above.attr("class")).any(|name| name.to_lowercase().contains("comment"))
    })
}

/// "By Ann Other | 24 November 2017" is "Ann Other".
fn person(line: &str) -> String {
    let mut line = clean_line(line);
    if let Some((at, _)) = date::days(&line).first() {
        line.truncate(*at);
    }
    // A time that is glued to a name: "Ann Other5 hours ago".
    if let Some(digit) = line.find(|c: char| c.is_ascii_digit()).filter(|at| *at > 0) {
        line.truncate(digit);
    }
    let line =
        line.split(['|', '•', '·']).map(str::trim).find(|part| !part.is_empty() && !part.eq_ignore_ascii_case("by")).unwrap_or_default();
    let lower = line.to_ascii_lowercase();
    let start = ["written by ", "posted by ", "published by ", "words by ", "by: ", "by "]
        .iter()
        .find(|start| lower.starts_with(*start))
        .map_or(0, |start| start.len());
    let mut line = line.get(start..).unwrap_or(line).trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '–' | ':'));
    for end in [" on", " posted", " published", " Monday", " Tuesday", " Wednesday", " Thursday", " Friday", " Saturday", " Sunday"] {
        line = line.strip_suffix(end).unwrap_or(line);
    }
    line.split(' ').filter(|word| !word.starts_with('@')).collect::<Vec<_>>().join(" ").trim_matches([' ', ',']).to_owned()
}

/// The page's own description.
pub fn description(page: &Html, json: &Described) -> Option<String> {
    meta(page, &["og:description", "description", "twitter:description", "dc.description"])
        .or_else(|| json.description.clone())
        .map(|text| shorten(&text, DESCRIPTION_CHARS))
}

/// The name of the outlet.
pub fn site(page: &Html, json: &Described) -> Option<String> {
    meta(page, &["og:site_name", "application-name"]).or_else(|| json.publisher.clone()).map(|name| shorten(&name, AUTHOR_CHARS))
}

/// The address the page calls its own, on the same registrable domain and not the site's front page.
pub fn canonical(page: &Html, url: &Url) -> Option<Url> {
    let base = base_of(page, url);
    let linked = select(page, "link[rel='canonical']").into_iter().filter_map(|link| attr_url(link, "href", &base));
    let meta = meta(page, &["og:url"]).and_then(|address| base.join(&address).ok());
    linked.chain(meta).find(|found| {
        let is_front = found.path() == "/" && found.query().is_none() && url.path() != "/";
        matches!(found.scheme(), "http" | "https")
            && !is_front
            && found.username().is_empty()
            && found.port() == url.port()
            && site_of(found) == site_of(url)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> Html {
        Html::parse_document(html)
    }

    #[test]
    fn headlines_lose_the_outlets_name() {
        for (title, site, expected) in [
            ("Council told to act - Weekly Record", Some("Weekly Record"), "Council told to act"),
            ("Council told to act | News | Weekly Record", None, "Council told to act"),
            ("Council told to act - BBC News", None, "Council told to act"),
            ("Children’s services – a turning point at last", Some("Weekly Record"), "Children’s services – a turning point at last"),
            ("Poole - Weekly Record", Some("Weekly Record"), "Poole - Weekly Record"),
        ] {
            assert_eq!(without_site(title, site), expected);
        }
    }

    #[test]
    fn the_headline_is_the_h1_that_agrees_with_the_head() {
        let html = "<title>Council told to act - Weekly</title><h1>Weekly</h1><article><h1>Council told to act now</h1></article>";
        assert_eq!(title(&page(html), &OutletRule::default(), None).as_deref(), Some("Council told to act now"));
        assert_eq!(title(&page("<h1>Only one</h1>"), &OutletRule::default(), None).as_deref(), Some("Only one"));
        assert_eq!(title(&page("<p>x"), &OutletRule::default(), None), None);
    }

    #[test]
    fn authors_from_bylines() {
        for (line, expected) in [
            ("By Ann Other | 24 November 2017", "Ann Other"),
            ("Written by Ann Other on 24 November 2017", "Ann Other"),
            ("By Ann Other, Local Democracy Reporter", "Ann Other, Local Democracy Reporter"),
            ("William Example 29 January 2018", "William Example"),
            ("By | Ann Other", "Ann Other"),
            ("Ann Other5 hours ago", "Ann Other"),
            ("Ann Other Local democracy reporter12:12, 03 Jun 2025", "Ann Other Local democracy reporter"),
            ("24 November 2017", ""),
        ] {
            assert_eq!(person(line), expected, "{line}");
        }
    }

    #[test]
    fn the_local_democracy_reporter_is_kept() {
        let html = "<meta name=author content='Ann Other'><p class=byline>By Ann Other, Local Democracy Reporter</p>";
        assert_eq!(
            author(&page(html), &OutletRule::default(), &Described::default(), None).as_deref(),
            Some("Ann Other, Local Democracy Reporter")
        );
        let html = "<h1>A</h1><p>By Ann Other</p><div id=comments><p class=author>Troll</p></div>";
        assert_eq!(author(&page(html), &OutletRule::default(), &Described::default(), None).as_deref(), Some("Ann Other"));
    }

    #[test]
    fn canonical_only_on_the_same_site() {
        let url = Url::parse("https://www.news.co.uk/a?utm_source=x").unwrap();
        for (href, expected) in [
            ("/b", Some("https://www.news.co.uk/b")),
            ("https://amp.news.co.uk/b", Some("https://amp.news.co.uk/b")),
            ("https://other.co.uk/b", None),
            ("https://www.news.co.uk/", None),
            ("javascript:alert(1)", None),
            ("https://user@www.news.co.uk/b", None),
        ] {
            let found = canonical(&page(&format!("<link rel=canonical href='{href}'>")), &url);
            assert_eq!(found.as_ref().map(Url::as_str), expected, "{href}");
        }
        let based = canonical(&page("<base href='/site/'><link rel=canonical href='story'>"), &url);
        assert_eq!(based.as_ref().map(Url::as_str), Some("https://www.news.co.uk/site/story"));
    }
}
