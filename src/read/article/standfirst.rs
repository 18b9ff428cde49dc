//! The standfirst: the lines between headline and text that papers set apart, and that often hold what the story is about.

use scraper::{ElementRef, Html};

use super::blocks::{BlockDraft, draw};
use super::class::split;
use super::headline::{after, headline};
use super::phrases::{is_head_line, is_line};
use crate::model::page::BlockKind;
use crate::model::text::folded;
use crate::read::markup::{select_in, text_of};
use crate::read::rules::OutletRule;
use url::Url;

/// Elements after the headline that are looked at.
const NEAR: usize = 60;

/// Words of a standfirst: less is a label, more is text. One that nothing names has the words of a sentence.
const NAMED_WORDS: std::ops::RangeInclusive<usize> = 4..=120;
const PLAIN_WORDS: std::ops::RangeInclusive<usize> = 8..=60;

/// Blocks of the text in which a standfirst may be found again.
const FIRST: usize = 4;

/// Words in classes, roles and names of standfirsts.
const NAMES: [&str; 14] = [
    "abstract", "deck", "dek", "excerpt", "intro", "introduction", "lead", "lede", "standfirst", "strapline", "subhead", "subheading",
    "subtitle", "summary",
];
const PAIRS: [(&str, &str); 3] = [("sub", "title"), ("sub", "heading"), ("sub", "head")];

/// How a text begins, folded: what stands there is no standfirst of its own.
pub fn beginning(text: &[BlockDraft]) -> Vec<String> {
    text.iter().take(FIRST).map(|draft| folded(&draft.text)).collect()
}

/// The standfirst of a page whose text, before and after its furniture went, begins with `begun`; none where it holds it already.
/// `title` is folded.
pub fn standfirst(page: &Html, title: &str, begun: &[String], rule: &OutletRule, base: &Url) -> Option<BlockDraft> {
    let headline = headline(page)?;
    for element in after(page, headline, NEAR) {
        let found = folded(&text_of(element));
        if begun.iter().any(|block| !found.is_empty() && (block.starts_with(&found) || found.starts_with(block.as_str()))) {
            return None;
        }
        if found != title && is_standfirst(element, headline, rule) {
            let drafts = draw(&[element], &[], base).drafts;
            let text = drafts.iter().map(|draft| draft.text.trim()).collect::<Vec<_>>().join(" ");
            let links = drafts.into_iter().flat_map(|draft| draft.links).collect();
            return Some(BlockDraft { kind: BlockKind::Paragraph, text, is_link: false, links }).filter(|draft| !draft.text.is_empty());
        }
    }
    None
}

/// An element that is named so; or a sentence in the place of one: beside the headline, or beside the element that it stands in.
fn is_standfirst(element: ElementRef<'_>, headline: ElementRef<'_>, rule: &OutletRule) -> bool {
    let name = element.value().name();
    if !matches!(name, "p" | "h2" | "h3" | "div" | "section" | "span" | "ul") || !select_in(element, "h1, article, main").is_empty() {
        return false;
    }
    let text = text_of(element);
    let draft = BlockDraft { kind: BlockKind::Paragraph, text: text.clone(), is_link: false, links: Vec::new() };
    let (words, text) = (draft.words(), folded(&text));
    if is_line(&draft, &text, rule) || is_head_line(&draft, &text) {
        return false;
    }
    if is_named(element) {
        return NAMED_WORDS.contains(&words);
    }
    let is_sentence = name == "h2" || (name == "p" && draft.text.ends_with(['.', '!', '?', '”', '’', '"']));
    let parent = element.parent().map(|parent| parent.id());
    let is_beside = headline.ancestors().take(2).any(|above| Some(above.id()) == parent);
    is_sentence && is_beside && PLAIN_WORDS.contains(&words)
}

fn is_named(element: ElementRef<'_>) -> bool {
    let names = ["class", "data-gu-name", "data-testid", "data-component", "itemprop", "role"].iter().filter_map(|key| element.attr(key));
    names.flat_map(str::split_whitespace).take(40).any(|name| {
        let words = split(name);
        words.iter().any(|word| NAMES.contains(&word.as_str()))
            || words.windows(2).any(|pair| PAIRS.iter().any(|(a, b)| pair[0] == *a && pair[1] == *b))
            || matches!(name, "description" | "alternativeHeadline")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::clean_line;

    const TEXT: &str = "Inspectors found that leaders had improved the services since the last visit, the council said.";

    /// The standfirst of a page of headline, `between`, and the text in an element of its own.
    fn check(between: &str, expected: Option<&str>) {
        let page =
            Html::parse_document(&format!("<main><h1>Council told to act</h1>{between}<div class=article-body><p>{TEXT}</p></div></main>"));
        let text = BlockDraft { kind: BlockKind::Paragraph, text: clean_line(TEXT), is_link: false, links: Vec::new() };
        let base = Url::parse("https://news.example/a").unwrap();
        let found = standfirst(&page, "council told to act", &beginning(&[text]), &OutletRule::default(), &base).map(|draft| draft.text);
        assert_eq!(found.as_deref(), expected, "{between}");
    }

    #[test]
    fn standfirsts_by_name_and_by_place() {
        let line = "Southshire is rated good for the first time in ten years";
        for between in [
            format!("<p class=sub-title>{line}</p>"),
            format!("<p class='article__standfirst'>{line}</p><p class=byline>By Ann Other</p>"),
            format!("<div data-gu-name=standfirst><div><p>{line}</p></div></div>"),
            format!("<header><p class='entry-subtitle'>{line}</p></header>"),
            format!("<span itemprop=alternativeHeadline>{line}</span>"),
            format!("<h2>{line}</h2>"),
            format!("<p class=byline>By Ann Other</p><time>1 May 2024</time><p class=lede>{line}</p>"),
        ] {
            check(&between, Some(line));
        }
        check(&format!("<p>{line}.</p>"), Some(&format!("{line}.")));
    }

    #[test]
    fn what_only_stands_there() {
        for between in [
            "",
            "<p class=sub-title></p>",
            "<p>By Ann Other, Local Democracy Reporter</p>",
            "<p class=intro>Share this</p>",
            "<p>Published 1 May 2024</p>",
            "<p>Council | News | Children and families | Southshire | Example</p>",
            "<aside><p class=standfirst>Another story that nobody asked for today</p></aside>",
            "<div class=related><h2>Another story that nobody asked for today, in the sidebar</h2></div>",
            "<h2>Background</h2>",
            "<p class=standfirst>Inspectors found that leaders had improved the services</p>",
            "<article><p>A paragraph of another article that stands on the page as well.</p></article>",
        ] {
            check(between, None);
        }
    }
}
