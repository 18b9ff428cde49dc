//! A page whose links, chosen by a selector, lead to stories.

use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::page_text;
use crate::model::page::FeedItem;
use crate::model::text::{clean_line, shorten};
use crate::read::article::moment;
use crate::read::markup::{attr_url, select, select_in, tame, text_of};
use crate::read::unreadable::{Instead, Unreadable};

/// Links taken from one page.
const MAX_ITEMS: usize = 1_000;

const TITLE_CHARS: usize = 500;

/// The links that `selector` chooses on the page, as items, in order and once each.
///
/// It may choose the links themselves or elements around them: then the first link in each is taken.
pub fn page_links(body: &[u8], base: &Url, selector: &str) -> Result<Vec<FeedItem>, Unreadable> {
    let chosen =
        Selector::parse(selector).map_err(|_| Unreadable::new(Instead::BadSelector, format!("`{selector}` is not a CSS selector")))?;
    let page = Html::parse_document(&tame(&page_text(body)?));
    let base = &base_of(&page, base);
    let mut items: Vec<FeedItem> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for element in page.select(&chosen).take(MAX_ITEMS) {
        let Some(item) = item(element, base) else { continue };
        match places.get(&item.key).and_then(|at: &usize| items.get_mut(*at)) {
            // A picture and a headline often link to the same story: the longer title is the headline.
            Some(known) if known.title.len() < item.title.len() => known.title = item.title,
            Some(_) => {}
            None => {
                places.insert(item.key.clone(), items.len());
                items.push(item);
            }
        }
    }
    Ok(items)
}

/// The address that `<base href>` says relative links belong to.
fn base_of(page: &Html, url: &Url) -> Url {
    select(page, "base[href]").into_iter().find_map(|base| attr_url(base, "href", url)).unwrap_or_else(|| url.clone())
}

fn item(element: ElementRef<'_>, base: &Url) -> Option<FeedItem> {
    let link = if element.value().name() == "a" { element } else { select_in(element, "a[href]").into_iter().next()? };
    if link.attr("href").is_some_and(|href| href.trim_start().starts_with('#')) {
        return None;
    }
    let mut url = attr_url(link, "href", base)?;
    url.set_fragment(None);
    let heading = select_in(link, "h1, h2, h3, h4").into_iter().map(text_of).find(|text| !text.is_empty());
    let named = || ["title", "aria-label"].iter().find_map(|key| link.attr(key)).map(clean_line).unwrap_or_default();
    let title = heading.unwrap_or_else(|| text_of(link));
    let title = if title.is_empty() { named() } else { title };
    let around = if element.value().name() == "a" {
        element.ancestors().filter_map(ElementRef::wrap).take(4).find(|above| matches!(above.value().name(), "li" | "article" | "tr"))
    } else {
        Some(element)
    };
    let published = around.and_then(|around| {
        select_in(around, "time").into_iter().find_map(|time| time.attr("datetime").and_then(moment).or_else(|| moment(&text_of(time))))
    });
    Some(FeedItem { key: url.to_string(), title: shorten(&title, TITLE_CHARS), url: Some(url), published, ..FeedItem::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str, selector: &str) -> Vec<(String, String)> {
        let items = page_links(body.as_bytes(), &Url::parse("https://news.example/list/").unwrap(), selector).unwrap();
        items.into_iter().map(|item| (item.key, item.title)).collect()
    }

    #[test]
    fn links_and_elements_around_them() {
        let body = "<ul><li><a href='/a#x'><img alt=''></a><h3><a href='/a'>Council  told\nto act</a></h3></li><li><a href='b' title='Named'></a></li><li><a href='#top'>Top</a><a href='javascript:x'>x</a></li></ul>";
        let expected = [
            ("https://news.example/a".to_owned(), "Council told to act".to_owned()),
            ("https://news.example/list/b".to_owned(), "Named".to_owned()),
        ];
        assert_eq!(read(body, "li a"), expected);
        assert_eq!(
            read("<div class=card><h2>x</h2><a href='/c'>Go</a></div>", ".card"),
            [("https://news.example/c".to_owned(), "Go".to_owned())]
        );
    }

    #[test]
    fn dates_beside_the_link() {
        let body = "<li><a href=/a>A</a> <time datetime=2024-05-01>x</time></li><li><a href=/b>B</a></li>";
        let items = page_links(body.as_bytes(), &Url::parse("https://news.example/").unwrap(), "a").unwrap();
        assert_eq!(items[0].published.map(|at| at.to_string()).as_deref(), Some("2024-05-01T11:00:00Z"));
        assert_eq!(items[1].published, None);
    }

    #[test]
    fn a_bad_selector_is_named() {
        let error = page_links(b"<p>", &Url::parse("https://news.example/").unwrap(), "a[").unwrap_err();
        assert_eq!(error.to_string(), "a bad selector: `a[` is not a CSS selector");
    }

    #[test]
    fn links_are_counted() {
        let many: String = (0..=MAX_ITEMS).map(|n| format!("<a href=/{n}>x</a>")).collect();
        assert_eq!(read(&many, "a").len(), MAX_ITEMS);
    }
}
