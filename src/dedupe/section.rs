//! Sections: which addresses are those of front pages, sections and lists, and which can be an article's.

use url::Url;

/// Words that name a section, a list or a way in, where one of them is all that a path says.
const SECTIONS: [&str; 40] = [
    "404", "500", "all", "archive", "archives", "article", "articles", "blog", "blogs", "category", "children", "community", "default",
    "education", "error", "feed", "front", "home", "homepage", "index", "latest", "latest-news", "local", "local-news", "login", "media",
    "news", "newsroom", "opinion", "politics", "press", "press-releases", "register", "search", "section", "sport", "stories", "subscribe",
    "tag", "topics",
];
/// Parts of a path below which only lists stand.
const LISTS: [&str; 12] =
    ["all-about", "author", "authors", "category", "keyword", "page", "search", "tag", "tagged", "tags", "topic", "topics"];
/// Words of addresses that name what lists are about or what pages are, and no article.
const GENERIC: [&str; 57] = [
    "about", "all", "and", "archive", "article", "articles", "asp", "aspx", "borough", "care", "cfm", "children", "childrens", "city",
    "community", "council", "councils", "county", "district", "education", "error", "for", "found", "from", "government", "home", "htm",
    "html", "index", "inspection", "inspections", "jsp", "latest", "list", "local", "media", "more", "news", "not", "ofsted", "page",
    "php", "press", "region", "report", "reports", "schools", "services", "social", "sport", "stories", "story", "the", "town", "updates",
    "view", "with",
];
/// Words, or digits in a row, from which the last part of a path names one article.
const SLUG_WORDS: usize = 3;
const SLUG_DIGITS: usize = 5;
/// Words that make a sentence: one that says something is enough.
const SENTENCE_WORDS: usize = 5;
/// Letters of a word that says something.
const LEAST_LETTERS: usize = 3;
/// Characters of a part without marks that is a name for machines (`c1abc2def3go`).
const TOKEN: usize = 8;

/// True for an address that is surely a front page, a section or a list, as seen from the address of one of its articles.
pub fn is_list(url: &Url, article: &Url) -> bool {
    let path = parts(url);
    let Some((last, before)) = path.split_last() else { return url.query().is_none_or(|query| !names_an_article(query)) };
    if url.query().is_some_and(names_an_article) {
        return false;
    }
    let stem = last.rsplit_once('.').map_or(last.as_str(), |(stem, _)| stem);
    if before.is_empty() && SECTIONS.contains(&stem) || before.iter().any(|part| LISTS.contains(&part.as_str())) || stem == "index" {
        return true;
    }
    let below = parts(article);
    let above = below.len() > path.len() && below[..path.len()] == path[..] && url.host_str() == article.host_str();
    above && !is_slug(last)
}

/// True for an address that can be an article's, as seen from another one of it: it has a number or a sentence in it, ends as
/// that other one does, or in words of what is `said` of the article.
pub fn can_be_an_article(url: &Url, other: &Url, said: &str) -> bool {
    if url.query().is_some_and(names_an_article) {
        return true;
    }
    let path = parts(url);
    let Some(last) = path.last() else { return false };
    has_number(last) || ends_alike(last, other) || is_sentence(last) || is_of(last, said)
}

/// What an address says of its article, where nothing else does.
pub fn said_by(url: &Url) -> String {
    parts(url).last().map(|last| pieces(last).join(" ")).unwrap_or_default()
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

fn pieces(part: &str) -> Vec<&str> {
    part.split(|char: char| !char.is_alphanumeric()).filter(|piece| !piece.is_empty()).collect()
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_slug(part: &str) -> bool {
    pieces(part).len() >= SLUG_WORDS || has_number(part)
}

/// `1149336`, `15690215.slug`, `/node/471`, `c1abc2def3go`; no year, month or day.
fn has_number(part: &str) -> bool {
    let longest = part.split(|char: char| !char.is_ascii_digit()).map(str::len).max().unwrap_or_default();
    let is_year = part.len() == 4 && (part.starts_with("19") || part.starts_with("20"));
    let is_token = part.len() >= TOKEN && longest > 0 && !is_digits(part) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    longest >= SLUG_DIGITS || is_token || part.len() >= LEAST_LETTERS && is_digits(part) && !is_year
}

/// The same last part, but for numbers and endings.
fn ends_alike(last: &str, other: &Url) -> bool {
    let of = |part: &str| -> Vec<String> {
        let named = |piece: &&str| !is_digits(piece) && !matches!(*piece, "html" | "htm" | "php" | "asp" | "aspx" | "jsp" | "cfm");
        pieces(part).into_iter().filter(named).map(str::to_owned).collect()
    };
    let (own, other) = (of(last), parts(other).last().map(|last| of(last)).unwrap_or_default());
    !own.is_empty() && own == other
}

/// Words in a row of which some say what the article is about, and not only what kind of page it is.
fn is_sentence(part: &str) -> bool {
    let all = pieces(part);
    let telling = all.iter().filter(|word| tells(word)).count();
    all.len() >= SENTENCE_WORDS && telling > 0 || all.len() >= SLUG_WORDS && telling > 1
}

fn tells(word: &str) -> bool {
    word.chars().count() >= LEAST_LETTERS && !is_digits(word) && !GENERIC.contains(&word)
}

/// Two words that say something, both of them said of the article: one alone is as often a topic's.
fn is_of(part: &str, said: &str) -> bool {
    let said = said.to_lowercase();
    let telling: Vec<&str> = pieces(part).into_iter().filter(|word| tells(word)).collect();
    telling.len() > 1 && telling.iter().all(|word| pieces(&said).contains(word))
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
        for list in [
            "/", "/?ref=gone", "/news/", "/news/local", "/index.html", "/home", "/404", "/category/education", "/tag/ofsted/",
            "/news/topics/leeds-city-council", "/all-about/leeds-city-council",
        ] {
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

    /// As publishers write them; the names are ours.
    #[test]
    fn addresses_that_can_be_an_articles() {
        let (asked, said) = (url("/news/leeds"), "Ofsted rates Leeds children's services inadequate");
        for page in [
            "/2019/05/17/leeds-told-to-improve-by-ofsted/",
            "/content/news/childrens-services-in-leeds-must-improve",
            "/content/city-told-to-do-better-by-watchdog",
            "/cyp/news/1149336/leeds-inadequate",
            "/news/article/leeds-told-to-improve",
            "/services/children/leeds-inadequate-13-05-2026/",
            "/7028117.article?blocktitle=News&contentID=2295",
            "/Leeds-Inadequate/204804",
            "/News/Leeds-rated-%E2%80%98inadequate%E2%80%99",
            "/child-protection/392-children-protection-news/50272-leeds",
            "/news/uk-england-leeds-68672622",
            "/news/articles/c1abc2def3go",
            "/1/hi/education/8492329.stm",
            "/society/2019/jan/05/leeds-care-service-under-fire",
            "/news/15690215.leeds-inadequate/",
            "/news/leeds-news/leeds-inadequate-30812345",
            "/news/education/leeds-inadequate-1-8905087",
            "/2025/leeds-inadequate",
            "/archive/leeds",
            "/mobile/leeds-2.html",
            "/node/471",
            "/?p=123",
            "/story.php?storyid=7",
        ] {
            assert!(can_be_an_article(&url(page), &asked, said), "{page}");
        }
        for list in [
            "/", "/?lang=en", "/en/", "/en-gb", "/home.aspx", "/news?page=1", "/leeds-news/", "/local/yorkshire", "/education/ofsted",
            "/news/article.php", "/news/view-article", "/leeds-city-council", "/kirklees-council", "/2025/11/", "/2025/11/18",
            "/latest-news-and-updates", "/news/bradford", "/page-not-found", "/topic/leeds",
        ] {
            assert!(!can_be_an_article(&url(list), &asked, said), "{list}");
        }
    }
}
