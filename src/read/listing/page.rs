//! A page whose links, chosen by a selector, lead to stories.

use std::collections::HashMap;

use jiff::Timestamp;
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::{is_cut, page_text};
use crate::model::day;
use crate::model::page::{FeedItem, FeedReading, Loss};
use crate::model::text::{clean_line, shorten};
use crate::read::markup::{attr_url, base_of, select, select_in, tame, text_of};
use crate::read::moment::moment;
use crate::read::unreadable::{Instead, Unreadable};

/// Links taken from one page, and elements looked into for them: many lead to the same story.
const MAX_ITEMS: usize = 1_000;
const MAX_ELEMENTS: usize = 10_000;

/// Elements around a link in which its date is looked for.
const MAX_AROUND: usize = 60;

const TITLE_CHARS: usize = 500;

/// The links that `selector` chooses on the page, as items, in order and once each.
///
/// It may choose the links themselves or elements around them: then the first link in each is taken.
pub fn page_links(body: &[u8], base: &Url, selector: &str, now: Timestamp) -> Result<FeedReading, Unreadable> {
    let chosen =
        Selector::parse(selector).map_err(|_| Unreadable::new(Instead::BadSelector, format!("`{selector}` is not a CSS selector")))?;
    let source = page_text(body)?;
    let page = Html::parse_document(&tame(&source));
    let base = &base_of(&page, base);
    let mut items: Vec<FeedItem> = Vec::new();
    let mut places = HashMap::new();
    let (mut found, mut over) = (0, 0);
    for element in page.select(&chosen) {
        found += 1;
        if items.len() >= MAX_ITEMS || found > MAX_ELEMENTS {
            over += 1;
            continue;
        }
        let Some(item) = item(element, base, now) else { continue };
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
    let losses = [
        is_cut(&source).then_some(Loss::Cut),
        (over > 0).then_some(Loss::OverLimit(over)),
        items.is_empty().then_some(if found == 0 { Loss::NoList } else { Loss::WithoutAddress(found) }),
    ];
    Ok(FeedReading { items, losses: losses.into_iter().flatten().collect(), ..FeedReading::default() })
}

/// The page of older links to which a page of links leads on the same site: what it calls the next one, else the link whose
/// number follows its own, as `?page=3` follows `?page=2` and `/news/page/2/` follows `/news/`.
pub fn next_page(body: &[u8], base: &Url) -> Option<Url> {
    let page = Html::parse_document(&tame(&page_text(body).ok()?));
    let (stem, number) = numbered(base);
    let links = |css| select(&page, css).into_iter().filter_map(|link| attr_url(link, "href", &base_of(&page, base)));
    let on_site = |url: &Url| url.host_str() == base.host_str() && url.scheme() == base.scheme() && url != base;
    let follows = |url: &Url| numbered(url) == (stem.clone(), number.saturating_add(1));
    links("link[rel~=next], a[rel~=next]")
        .find(on_site)
        .or_else(|| links("a[href]").take(MAX_ELEMENTS).find(|url| on_site(url) && follows(url)))
}

/// An address without the number of its page, and the number: 1 where there is none.
pub fn numbered(url: &Url) -> (String, u32) {
    let mut stem = url.clone();
    stem.set_fragment(None);
    let is_number = |name: &str| matches!(name, "page" | "paged" | "pg");
    let number = url.query_pairs().find(|(name, _)| is_number(name)).and_then(|(_, value)| value.parse().ok());
    let kept: Vec<(String, String)> =
        url.query_pairs().filter(|(name, _)| !is_number(name)).map(|(name, value)| (name.into(), value.into())).collect();
    stem.set_query(None);
    if !kept.is_empty() {
        stem.query_pairs_mut().extend_pairs(kept);
    }
    let path = url.path().trim_end_matches('/').to_owned();
    let of_path = path.rsplit_once("/page/").and_then(|(before, number)| Some((before.to_owned(), number.parse().ok()?)));
    let (path, of_path) = of_path.map_or((path, None), |(before, number)| (before, Some(number)));
    stem.set_path(&path);
    (stem.to_string(), number.or(of_path).unwrap_or(1))
}

fn item(element: ElementRef<'_>, base: &Url, now: Timestamp) -> Option<FeedItem> {
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
        let times = around.descendent_elements().take(MAX_AROUND).filter(|element| element.value().name() == "time");
        let given = times.flat_map(|time| [time.attr("datetime").and_then(moment), moment(&text_of(time))]);
        given.flatten().find(|at| day::is_plausible(*at, now))
    });
    Some(FeedItem { key: url.to_string(), title: shorten(&title, TITLE_CHARS), url: Some(url), published, ..FeedItem::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(body: &str, selector: &str) -> FeedReading {
        let now = "2026-08-01T00:00:00Z".parse().unwrap();
        page_links(body.as_bytes(), &Url::parse("https://news.example/list/").unwrap(), selector, now).unwrap()
    }

    fn read(body: &str, selector: &str) -> Vec<(String, String)> {
        links(body, selector).items.into_iter().map(|item| (item.key, item.title)).collect()
    }

    #[test]
    fn a_list_says_what_it_lost() {
        assert_eq!(links("<p>New layout</p>", "li a").losses, [Loss::NoList]);
        assert_eq!(links("<li><a href='javascript:x'>x</a></li>", "li a").losses, [Loss::WithoutAddress(1)]);
        assert_eq!(links("<html><body><li><a href=/a>A</a></li><li><a hr", "li a").losses, [Loss::Cut]);
        assert!(links("<html><body><li><a href=/a>A</a></li></body></html>", "li a").is_complete());
        assert!(links("<li><a href=/a>A</a>", "li a").is_complete());
    }

    #[test]
    fn links_begin_at_the_base() {
        assert_eq!(read("<base href='/site/'><a href=a>A</a>", "a")[0].0, "https://news.example/site/a");
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
        let items = links(body, "a").items;
        assert_eq!(items[0].published.map(|at| at.to_string()).as_deref(), Some("2024-05-01T11:00:00Z"));
        assert_eq!(items[1].published, None);
    }

    #[test]
    fn the_next_page_is_on_the_same_site_and_one_further() {
        let check = |base: &str, body: &str, expected: Option<&str>| {
            let found = next_page(body.as_bytes(), &Url::parse(base).unwrap());
            assert_eq!(found.as_ref().map(Url::as_str), expected, "{base} {body}");
        };
        let news = "https://news.example/news/";
        check(news, "<a rel='next nofollow' href='?offset=20'>Older</a>", Some("https://news.example/news/?offset=20"));
        check(news, "<head><link rel=next href=/news/page/2/></head>", Some("https://news.example/news/page/2/"));
        check(
            news,
            "<a href=/news/page/3/>3</a><a href=/sport/page/2/>2</a><a href=/news/page/2>2</a>",
            Some("https://news.example/news/page/2"),
        );
        check(
            "https://news.example/news/page/9/",
            "<a href=/news/page/8/>8</a><a href=/news/page/10/>10</a>",
            Some("https://news.example/news/page/10/"),
        );
        check(
            "https://news.example/news?page=2&sort=new",
            "<a href='?sort=new&page=3'>3</a>",
            Some("https://news.example/news?sort=new&page=3"),
        );
        check("https://news.example/news?page=4", "<a href='?page=3'>back</a>", None);
        check(news, "<a rel=next href=https://other.example/news/page/2/>x</a><a rel=next href=/news/>x</a>", None);
        check(news, "", None);
    }

    #[test]
    fn a_bad_selector_is_named() {
        let error = page_links(b"<p>", &Url::parse("https://news.example/").unwrap(), "a[", Timestamp::MAX).unwrap_err();
        assert_eq!(error.to_string(), "a bad selector: `a[` is not a CSS selector");
    }

    #[test]
    fn links_are_counted() {
        let many: String = (0..=MAX_ITEMS).map(|n| format!("<a href=/{n}>x</a>")).collect();
        let reading = links(&many, "a");
        assert_eq!((reading.items.len(), reading.losses), (MAX_ITEMS, vec![Loss::OverLimit(1)]));
    }
}
