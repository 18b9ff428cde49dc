//! Where on the page the text stands: by the outlet's rule, by well-known names, else by weight.

use std::collections::HashMap;

use ego_tree::NodeId;
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::blocks::{Drawn, draw, is_outside};
use crate::read::markup::{own_text, select};
use crate::read::rules::OutletRule;

/// Names that mean the body of an article: schema.org, the content systems of papers, councils and government.
const NAMED: [&str; 34] = [
    "[itemprop='articleBody']", "#article-body", ".article-body", ".article__body", ".article-body__content",
    "[data-testid='article-body']", "[data-component='text-block']", ".article-body-viewer-selector", ".entry-content", ".post-content",
    ".post-body", ".post__content", ".article-content", ".article__content", ".article-text", ".article__text", "#subscription-content",
    "#content-wrapper .markup", ".story-body", ".story-content", ".news-article__content", ".news-content", ".post-text",
    ".gem-c-govspeak", ".govspeak", "[itemprop='text']", ".field--name-body", ".field-name-body", ".item-page", ".content-body",
    ".rich-text", ".wysiwyg", ".editor", ".body-copy",
];

/// Elements that hold an article with its headline, date and more.
const AROUND: [&str; 6] = ["article", "main", "[role='main']", "#content", "#main", "#mgContent"];

/// Less is a standfirst or a teaser, not a text.
const MIN_WORDS: usize = 25;

/// A rule's element may hold a short notice.
const MIN_RULE_WORDS: usize = 10;

/// A named element must hold this share, in per cent, of what the element around it holds.
const NAMED_SHARE: usize = 50;

/// An element with this share, in per cent, of the words of all paragraphs holds the text; what stands around it does not.
const WEIGHT_SHARE: usize = 90;

/// The text of the page, by the best of the ways that find one.
pub fn find(page: &Html, rule: &OutletRule, base: &Url) -> Drawn {
    let drop: Vec<Selector> = rule.drop.iter().filter_map(|css| Selector::parse(css).ok()).collect();
    let by_rule = draw(&outermost(select(page, &rule.text.join(", "))), &drop, base);
    if by_rule.words() >= MIN_RULE_WORDS {
        return by_rule;
    }
    let around = heaviest_of(AROUND.iter().map(|css| heaviest(page, css, &drop, base)), 2);
    let around_words = around.as_ref().map_or(0, Drawn::words);
    for css in NAMED {
        let drawn = heaviest(page, css, &drop, base)
            .filter(|drawn| drawn.words() >= MIN_WORDS && drawn.words() * 100 >= around_words * NAMED_SHARE);
        if let Some(drawn) = drawn {
            return drawn;
        }
    }
    match around {
        Some(drawn) if drawn.words() >= MIN_WORDS => drawn,
        around => {
            let body = draw(&by_weight(page), &drop, base);
            around.filter(|around| body.words() < around.words()).unwrap_or(body)
        }
    }
}

/// The innermost element of the body that holds nearly all words of its paragraphs; the body where no element does.
fn by_weight(page: &Html) -> Vec<ElementRef<'_>> {
    let mut words: HashMap<NodeId, usize> = HashMap::new();
    let paragraphs = select(page, "body p, body li, body blockquote").into_iter().filter(|element| !stands_outside(*element));
    for paragraph in paragraphs {
        let count = own_text(paragraph).split(' ').count();
        paragraph.ancestors().for_each(|above| *words.entry(above.id()).or_default() += count);
    }
    let mut found = select(page, "body").into_iter().next();
    let whole = found.and_then(|body| words.get(&body.id()).copied()).unwrap_or(0);
    while let Some(inner) = found.and_then(|element| {
        let holds_most = |child: &ElementRef<'_>| words.get(&child.id()).is_some_and(|words| words * 100 >= whole * WEIGHT_SHARE);
        element.child_elements().find(holds_most)
    }) {
        found = Some(inner);
    }
    found.into_iter().collect()
}

/// The first of the readings, unless a later one holds more than `times` as much.
fn heaviest_of(readings: impl Iterator<Item = Option<Drawn>>, times: usize) -> Option<Drawn> {
    readings.flatten().reduce(|best, next| if next.words() > best.words() * times { next } else { best })
}

/// The element with most text of those that `css` selects, together with the other parts of its article.
fn heaviest(page: &Html, css: &str, drop: &[Selector], base: &Url) -> Option<Drawn> {
    let found: Vec<ElementRef<'_>> = outermost(select(page, css)).into_iter().filter(|element| !stands_outside(*element)).collect();
    // Some pages cut the text into several parts; parts of other articles on the page are teasers.
    let mut groups: Vec<Vec<ElementRef<'_>>> = Vec::new();
    for element in found {
        let around = article_around(element).map(|around| around.id());
        let belongs = |group: &&mut Vec<ElementRef<'_>>| {
            css != "article" && group.first().is_some_and(|first| article_around(*first).map(|around| around.id()) == around)
        };
        match groups.iter_mut().find(belongs) {
            Some(group) => group.push(element),
            None => groups.push(vec![element]),
        }
    }
    heaviest_of(groups.iter().map(|group| Some(draw(group, drop, base))), 1)
}

/// The article or main element that an element stands in.
fn article_around(element: ElementRef<'_>) -> Option<ElementRef<'_>> {
    element.ancestors().filter_map(ElementRef::wrap).find(|above| matches!(above.value().name(), "article" | "main"))
}

/// Without the elements that stand inside another of the list (it is in document order), at most [`MAX_MATCHES`].
fn outermost(elements: Vec<ElementRef<'_>>) -> Vec<ElementRef<'_>> {
    let ids: std::collections::HashSet<_> = elements.iter().map(|element| element.id()).collect();
    elements.into_iter().filter(|element| !element.ancestors().any(|above| ids.contains(&above.id()))).take(MAX_MATCHES).collect()
}

/// A page with more matches is a list.
const MAX_MATCHES: usize = 500;

/// True for an element inside a sidebar, a comment, a list of related stories.
fn stands_outside(element: ElementRef<'_>) -> bool {
    element
        .ancestors()
        .filter_map(ElementRef::wrap)
        .take_while(|above| !matches!(above.value().name(), "body" | "main" | "article"))
        .any(|above| is_outside(above.value()))
}
