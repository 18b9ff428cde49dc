//! What an element's name, role, class and id say of its part in the page.

use scraper::node::Element;

/// The part that an element plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ElementRole {
    Text,
    /// Never text, by its name or state.
    Never,
    /// Furniture by its class, unless it holds most of the text.
    Furniture,
    /// Furniture if it has no more words than this: dates, bylines, credits.
    Small(usize),
}

/// Words in classes and ids of parts that are no text.
const FURNITURE: [&str; 77] = [
    "ad", "ads", "advert", "adverts", "advertisement", "advertising", "banner", "bio", "breadcrumb", "breadcrumbs", "comment",
    "commentlist", "comments", "cookie", "cookies", "disqus", "donate", "donation", "facebook", "follow", "footer", "gallery", "gdpr",
    "instagram", "jobs", "linkedin", "livefyre", "masthead", "menu", "modal", "mostread", "mpu", "nav", "navbar", "navigation",
    "newsletter", "newsletters", "outbrain", "pager", "pagination", "paywall", "popular", "popup", "promo", "promos", "promotion",
    "readmore", "recirc", "recommended", "related", "relatedposts", "respond", "share", "sharebar", "sharedaddy", "sharing", "sidebar",
    "signup", "skip", "social", "socials", "sponsor", "sponsored", "subscribe", "taboola", "tags", "teaser", "teasers", "toolbar",
    "topics", "trending", "twitter", "wall", "whatsapp", "widget", "widgets", "youtube",
];

/// Words of small parts about the text. A long element with one of these is text after all.
const SMALL: [&str; 18] = [
    "author", "byline", "caption", "captions", "category", "credit", "date", "dateline", "meta", "metadata", "photo", "posted",
    "published", "reading", "tag", "timestamp", "updated", "views",
];
const SMALL_WORDS: usize = 25;

/// Pairs of words, as in "read-more" and "most_read".
const PAIRS: [(&str, &str); 9] = [
    ("read", "more"),
    ("read", "next"),
    ("more", "from"),
    ("most", "read"),
    ("also", "like"),
    ("sign", "up"),
    ("tag", "list"),
    ("skip", "link"),
    ("hide", "ad"),
];

/// The part of an element.
pub fn role(element: &Element) -> ElementRole {
    let name = element.name();
    match name {
        "nav" | "aside" | "footer" | "header" | "button" | "input" | "label" | "figure" | "figcaption" | "picture" | "img" | "audio"
        | "video" | "canvas" | "object" | "embed" | "dialog" | "menu" | "script" | "style" | "title" | "head" | "amp-ad" => {
            return ElementRole::Never;
        }
        // Pages of ASP.NET, as many councils have them, are one form.
        "form" => return ElementRole::Furniture,
        _ => {}
    }
    let is_hidden = element.attr("hidden").is_some()
        || element.attr("aria-hidden") == Some("true")
        || is_styled_away(element.attr("style").unwrap_or_default());
    let is_apart =
        matches!(element.attr("role"), Some("navigation" | "complementary" | "dialog" | "banner" | "contentinfo" | "search" | "alert"));
    if is_hidden || is_apart {
        return ElementRole::Never;
    }
    // Headings and paragraphs have ids for jumping to: "recommendations", "comments".
    let id = if matches!(name, "div" | "section" | "ul" | "ol") { element.attr("id") } else { None };
    of_words(element.attr("class").unwrap_or_default(), id.unwrap_or_default(), name)
}

fn of_words(class: &str, id: &str, name: &str) -> ElementRole {
    let mut small = false;
    for named in class.split_whitespace().chain([id]).take(40) {
        let words = split(named);
        if words.iter().any(|word| FURNITURE.contains(&word.as_str()))
            || words.windows(2).any(|pair| PAIRS.iter().any(|(a, b)| pair[0] == *a && pair[1] == *b))
        {
            // "has-sidebar", "no-comments", "with-ads" speak of what stands elsewhere.
            if !words.first().is_some_and(|word| matches!(word.as_str(), "has" | "no" | "with" | "without" | "is")) {
                return ElementRole::Furniture;
            }
        }
        small |= words.iter().any(|word| SMALL.contains(&word.as_str()));
    }
    if small && matches!(name, "p" | "div" | "span" | "ul" | "time" | "section" | "li" | "small" | "h4" | "h5" | "h6") {
        ElementRole::Small(SMALL_WORDS)
    } else {
        ElementRole::Text
    }
}

fn is_styled_away(style: &str) -> bool {
    let style: String = style.chars().take(500).filter(|char| !char.is_whitespace()).collect::<String>().to_lowercase();
    style.contains("display:none") || style.contains("visibility:hidden")
}

/// "readMoreLinks", "read-more_links" are three words each.
pub fn split(named: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    let mut lower_before = false;
    for char in named.chars().take(100) {
        if !char.is_ascii_alphanumeric() {
            open = false;
            lower_before = false;
            continue;
        }
        if !open || (char.is_ascii_uppercase() && lower_before) {
            words.push(String::new());
            open = true;
        }
        if let Some(word) = words.last_mut() {
            word.push(char.to_ascii_lowercase());
        }
        lower_before = char.is_ascii_lowercase();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    fn check(tag: &str, expected: ElementRole) {
        let page = Html::parse_fragment(tag);
        let element = crate::read::markup::select(&page, "html > *")[0];
        assert_eq!(role(element.value()), expected, "{tag}");
    }

    #[test]
    fn parts_by_name_class_and_state() {
        check("<p>", ElementRole::Text);
        check("<aside>", ElementRole::Never);
        check("<form>", ElementRole::Furniture);
        check("<div hidden>", ElementRole::Never);
        check("<div style='Display: none'>", ElementRole::Never);
        check("<div role=complementary>", ElementRole::Never);
        check("<div class='read-more-links'>", ElementRole::Furniture);
        check("<div class='articleReadMore'>", ElementRole::Furniture);
        check("<ol class=commentlist>", ElementRole::Furniture);
        check("<p class=byline>", ElementRole::Small(SMALL_WORDS));
    }

    #[test]
    fn names_that_only_sound_like_it() {
        check("<div class='local-authority'>", ElementRole::Text);
        check("<div class='has-sidebar no-comments'>", ElementRole::Text);
        check("<h2 id=related>", ElementRole::Text);
        check("<div class='loading shadow adoption unrelated'>", ElementRole::Text);
        check("<div id=subscription-content class=p402_hide>", ElementRole::Text);
    }
}
