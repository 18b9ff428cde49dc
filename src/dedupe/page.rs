//! The same page: which of the addresses of a fetched page is its own, and whether it is the page of its item at all.
//!
//! A final or a canonical address is believed only where it can be an article's: not a front or section page, not one that
//! stories of other titles have, not one whose headline contradicts the item.

use url::Url;

use super::address::canonical;
use crate::model::text::words;

/// Words that name a section, a list or a way in, where one of them is all that a path says.
const SECTIONS: [&str; 40] = [
    "404", "500", "all", "archive", "archives", "article", "articles", "blog", "blogs", "category", "children", "community", "default",
    "education", "error", "feed", "front", "home", "homepage", "index", "latest", "latest-news", "local", "local-news", "login", "media",
    "news", "newsroom", "opinion", "politics", "press", "press-releases", "register", "search", "section", "sport", "stories", "subscribe",
    "tag", "topics",
];
/// First parts of a path below which only lists stand.
const LISTS: [&str; 8] = ["author", "authors", "category", "page", "search", "tag", "tags", "topic"];
/// Words, or digits, from which the last part of a path names one article.
const SLUG_WORDS: usize = 3;
const SLUG_DIGITS: usize = 5;
/// Words of a headline that stand in half of all headlines of the trade and tell no two stories apart.
const COMMON: [&str; 22] = [
    "ofsted", "council", "councils", "children", "childrens", "services", "service", "social", "care", "report", "inspection",
    "inspectors", "rated", "rates", "inadequate", "good", "outstanding", "requires", "improvement", "county", "city", "borough",
];
/// The share of a headline's telling words that must be found on the page.
const LEAST_SHARE: f64 = 0.34;

/// A page that was fetched for an item.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// The item's headline; empty where its list gives none.
    pub item_title: &'a str,
    pub asked: &'a Url,
    /// The address that answered, after redirects.
    pub answered: &'a Url,
    /// The address that the page calls its own.
    pub canonical: Option<&'a Url>,
    pub headline: &'a str,
    pub text: &'a str,
    /// The headline of the story that has the canonical address and was never seen at the one asked.
    pub holder: Option<&'a str>,
}

/// What a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity<'a> {
    /// The item's article, and the address that is its own.
    Article(&'a Url),
    /// Another page: what was there is gone, and its address leads elsewhere.
    Elsewhere(&'static str),
}

/// Decides what a page is.
pub fn identify<'a>(claim: Claim<'a>) -> Identity<'a> {
    let (asked, answered) = (canonical(claim.asked), canonical(claim.answered));
    if asked != answered {
        if is_list(claim.answered, claim.asked) {
            return Identity::Elsewhere("its address leads to a front or section page");
        }
        if contradicts(claim.item_title, claim.headline, claim.text) {
            return Identity::Elsewhere("its address leads to another page");
        }
    }
    match claim.canonical {
        Some(own) if canonical(own) == asked || canonical(own) == answered => Identity::Article(own),
        Some(own) if believed(own, &claim) => Identity::Article(own),
        _ => Identity::Article(claim.answered),
    }
}

fn believed(own: &Url, claim: &Claim<'_>) -> bool {
    !is_list(own, claim.asked) && claim.holder.is_none_or(|title| !differ(title, claim.headline))
}

/// True for an address that is a front page, a section or a list, as seen from the address of one of its articles.
pub fn is_list(url: &Url, article: &Url) -> bool {
    let path = parts(url);
    let Some(last) = path.last() else { return url.query().is_none_or(|query| !names_an_article(query)) };
    if url.query().is_some_and(names_an_article) {
        return false;
    }
    let stem = last.rsplit_once('.').map_or(last.as_str(), |(stem, _)| stem);
    if path.len() == 1 && SECTIONS.contains(&stem) || path.len() > 1 && LISTS.contains(&path[0].as_str()) || stem == "index" {
        return true;
    }
    let below = parts(article);
    let above = below.len() > path.len() && below[..path.len()] == path[..] && url.host_str() == article.host_str();
    above && !is_slug(last)
}

fn parts(url: &Url) -> Vec<String> {
    url.path().split('/').filter(|part| !part.is_empty()).map(str::to_lowercase).collect()
}

/// `p=123`, `id=123`, `storycode=…`: one page among many at one path.
fn names_an_article(query: &str) -> bool {
    query.split('&').filter_map(|pair| pair.split_once('=')).any(|(name, value)| {
        let name = name.to_lowercase();
        (name == "p" || name.ends_with("id") || name.contains("story") || name.contains("article"))
            && value.bytes().any(|byte| byte.is_ascii_digit())
    })
}

fn is_slug(part: &str) -> bool {
    let words = part.split(['-', '_', '+']).filter(|word| !word.is_empty()).count();
    words >= SLUG_WORDS || part.bytes().filter(u8::is_ascii_digit).count() >= SLUG_DIGITS
}

/// True where next to nothing of what an item's headline says stands on the page: its names first of all.
pub fn contradicts(item_title: &str, headline: &str, text: &str) -> bool {
    let (names, others) = telling(item_title);
    let page: std::collections::HashSet<String> = words(headline).into_iter().chain(words(text)).map(|word| word.folded).collect();
    let found = |wanted: &[String]| wanted.iter().filter(|word| page.contains(*word)).count();
    if !names.is_empty() {
        return found(&names) == 0;
    }
    !others.is_empty() && (found(&others) as f64) < LEAST_SHARE * others.len() as f64
}

/// The names in a headline, and its other words, without those that tell nothing.
fn telling(title: &str) -> (Vec<String>, Vec<String>) {
    let all = words(title);
    let capital = |at: usize| title[all[at].start..].chars().next().is_some_and(char::is_uppercase);
    let counted = all.iter().filter(|word| word.folded.len() > 3).count();
    let capitals = (0..all.len()).filter(|&at| all[at].folded.len() > 3 && capital(at)).count();
    // In A Headline Like This capitals say nothing.
    let by_capitals = capitals * 3 <= counted * 2;
    let (mut names, mut others) = (Vec::new(), Vec::new());
    for (at, word) in all.iter().enumerate() {
        if word.folded.len() <= 3 || COMMON.contains(&word.folded.as_str()) {
            continue;
        }
        let name = by_capitals && at > 0 && capital(at);
        (if name { &mut names } else { &mut others }).push(word.folded.clone());
    }
    (names, others)
}

/// True where two headlines share less than a third of their telling words.
fn differ(one: &str, other: &str) -> bool {
    let all = |title: &str| {
        let (mut names, others) = telling(title);
        names.extend(others);
        names
    };
    let (one, other) = (all(one), all(other));
    let shared = one.iter().filter(|word| other.contains(word)).count();
    let most = one.len().max(other.len());
    most > 0 && (shared as f64) < LEAST_SHARE * most as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse("https://www.marlecho.example").unwrap().join(path).unwrap()
    }

    #[test]
    fn front_and_section_pages_are_told_from_articles() {
        let article = url("/news/local/leeds-told-to-improve-1234567");
        for list in ["/", "/?ref=gone", "/news/", "/news/local", "/index.html", "/home", "/404", "/category/education", "/tag/ofsted/"] {
            assert!(is_list(&url(list), &article), "{list}");
        }
        for page in [
            "/news/local/leeds-told-to-improve-1234567",
            "/2025/leeds-inadequate",
            "/leeds-council-told-to-improve",
            "/?p=1234",
            "/news.php?storyid=77",
            "/news/leeds",
            "/article/1149336",
        ] {
            assert!(!is_list(&url(page), &article), "{page}");
        }
        assert!(
            !is_list(&url("/news/leeds-told-to-improve"), &url("/news/leeds-told-to-improve/comments")),
            "an article above its comments"
        );
        assert!(is_list(&url("/news"), &url("/news/leeds")));
    }

    #[test]
    fn a_headline_that_contradicts_its_item() {
        let item = "Ofsted tells council in Leeds to improve";
        for (headline, text, wanted) in [
            ("Marl Echo - news from the valley", "Work on the high street goes on.", true),
            ("Children's services: Leeds must do better", "", false),
            ("City told to do better by watchdog", "Inspectors said that Leeds had lost its way.", false),
            ("Ofsted tells council in Bradford to improve", "Bradford has been told to improve.", true),
        ] {
            assert_eq!(contradicts(item, headline, text), wanted, "{headline}");
        }
        assert!(!contradicts("", "Anything", "at all"), "an item without a headline contradicts nothing");
        assert!(!contradicts("Inspection report published", "Ofsted report", "The inspection report was published."), "no names");
        assert!(contradicts("Carers praised for patience", "Page not found", "Sorry."));
    }

    fn claim<'a>(asked: &'a Url, answered: &'a Url, canonical: Option<&'a Url>, headline: &'a str, holder: Option<&'a str>) -> Claim<'a> {
        Claim { item_title: "Ofsted rates Leeds inadequate", asked, answered, canonical, headline, text: "", holder }
    }

    #[test]
    fn whose_address_is_believed() {
        let (leeds, amp, section, moved, other) =
            (url("/news/leeds"), url("/news/leeds/amp"), url("/news/"), url("/2025/leeds-inadequate"), url("/news/1234567-round-up"));
        let title = "Ofsted rates Leeds inadequate";
        let cases = [
            ("as asked", claim(&leeds, &leeds, None, title, None), Identity::Article(&leeds)),
            ("its AMP page", claim(&amp, &amp, Some(&leeds), title, None), Identity::Article(&leeds)),
            ("a section as canonical", claim(&leeds, &leeds, Some(&section), title, None), Identity::Article(&leeds)),
            ("moved", claim(&leeds, &moved, None, title, None), Identity::Article(&moved)),
            ("another canonical", claim(&leeds, &leeds, Some(&moved), title, None), Identity::Article(&moved)),
            (
                "one that another story has",
                claim(&leeds, &leeds, Some(&other), title, Some("Bus lane opens in Otley")),
                Identity::Article(&leeds),
            ),
            (
                "one that it has itself",
                claim(&leeds, &leeds, Some(&other), title, Some("Leeds rated inadequate by Ofsted")),
                Identity::Article(&other),
            ),
        ];
        for (name, claim, wanted) in cases {
            assert_eq!(identify(claim), wanted, "{name}");
        }
        let gone = |answered| matches!(identify(claim(&leeds, answered, None, "News from the valley", None)), Identity::Elsewhere(_));
        let front = url("/");
        assert!(gone(&front) && gone(&section) && gone(&other));
    }
}
