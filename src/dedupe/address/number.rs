//! The publisher's own number of an article, which stays when title and host change.

use jiff::civil::Date;
use url::Url;

use super::{host, segments};

/// Endings that make a number before the dot a file's name and not an article of the Newsquest kind.
const FILE_ENDINGS: [&str; 8] = ["article", "asp", "aspx", "ece", "htm", "html", "php", "stm"];

/// Hosts whose articles stand under a segment that is a number (seen 2018-26, SITES section 3.1).
const HOSTS_WITH_NUMBERED_SEGMENTS: [&str; 3] = ["cypnow.co.uk", "localgov.co.uk", "themj.co.uk"];

/// The number of the article at an address, with the publisher or host that gave it: two addresses with the same are the same article.
///
/// Newsquest numbers hold across its sister titles (`newsquest:15690215`), BBC ids across its hosts (`bbc:c1abc2def3go`); those of Reach,
/// National World and others hold for one host (`thepaper.example:28794512`).
pub fn article_number(url: &Url) -> Option<String> {
    let host = host(url)?;
    let segments = segments(url);
    if host == "bbc.co.uk" {
        return bbc(&segments).map(|id| format!("bbc:{id}"));
    }
    if let Some(number) = segments.iter().find_map(|segment| newsquest(segment)) {
        return Some(format!("newsquest:{number}"));
    }
    let is_numbered = HOSTS_WITH_NUMBERED_SEGMENTS.contains(&host.as_str());
    let own = segments.iter().rev().find(|segment| is_numbered && is_number(segment, 5, 8)).map(String::as_str);
    let number = own.or_else(|| segments.last().and_then(|last| at_the_end(last).or_else(|| at_the_start(last))))?;
    Some(format!("{host}:{number}"))
}

/// `/news/articles/c1abc2def3go`, `/news/uk-england-dorset-68672622`.
fn bbc(segments: &[String]) -> Option<&str> {
    let last = segments.last()?;
    let is_id = |text: &str| (10..=16).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if segments.iter().rev().nth(1).is_some_and(|before| before == "articles") && is_id(last) {
        return Some(last);
    }
    last.rsplit_once('-').map(|(_, number)| number).filter(|number| is_number(number, 6, 9))
}

/// `15690215.some-slug`.
fn newsquest(segment: &str) -> Option<&str> {
    let (number, slug) = segment.split_once('.')?;
    let is_slug = !slug.is_empty() && !slug.contains('.') && !FILE_ENDINGS.contains(&slug.to_ascii_lowercase().as_str());
    (is_slug && is_number(number, 7, 8)).then_some(number)
}

/// `some-slug-28794512` (Reach), `some-slug-4712345` (National World); not a day.
fn at_the_end(segment: &str) -> Option<&str> {
    let (slug, number) = segment.rsplit_once('-')?;
    (!slug.is_empty() && is_number(number, 7, 8) && !is_day(number)).then_some(number)
}

/// `50272-some-slug` (Joomla), `7028117.article`.
fn at_the_start(segment: &str) -> Option<&str> {
    let end = segment.find(['-', '.'])?;
    let number = &segment[..end];
    (is_number(number, 5, 8) && !is_day(number)).then_some(number)
}

fn is_number(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// True for `20260513`: many articles share a day.
fn is_day(text: &str) -> bool {
    text.starts_with("20") && text.len() == 8 && Date::strptime("%Y%m%d", text).is_ok_and(|day| day.year() < 2040)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_publishers() {
        for (text, expected) in [
            ("https://www.harbourecho.example/news/15690215.some-slug/", Some("newsquest:15690215")),
            ("https://www.coastnews.example/news/15690215.Another_slug/?ref=rl", Some("newsquest:15690215")),
            ("https://www.bbc.com/news/articles/c1abc2def3go", Some("bbc:c1abc2def3go")),
            ("https://www.bbc.co.uk/news/uk-england-dorset-68672622", Some("bbc:68672622")),
            ("https://www.bbc.co.uk/news/england", None),
            ("https://www.bbc.co.uk/news/articles/short", None),
            ("https://www.thepaper.example/news/a/some-slug-28794512", Some("thepaper.example:28794512")),
            ("https://www.thepaper.example/news/a/some-slug-28794512.amp", Some("thepaper.example:28794512")),
            ("https://www.star.example/education/some-slug-4712345", Some("star.example:4712345")),
            ("https://law.example/child-protection/392-news/50272-some-slug", Some("law.example:50272")),
            ("https://www.localgov.co.uk/Some-Title/64328", Some("localgov.co.uk:64328")),
            ("https://www.cypnow.co.uk/cyp/news/1149336/some-slug", Some("cypnow.co.uk:1149336")),
            ("https://lgc.example/7028117.article?blocktitle=a", Some("lgc.example:7028117")),
            ("https://x.example/12345678.html", Some("x.example:12345678")),
            ("https://x.example/some-slug-20260513", None),
            ("https://x.example/2026/05/13/some-slug", None),
            ("https://x.example/services/some-slug-13-05-2026/", None),
            ("https://x.example/10-things-to-know", None),
            ("https://x.example/2024-budget", None),
            ("https://x.example/Some-Title/64328", None),
            ("https://x.example/", None),
            ("mailto:a@x.example", None),
        ] {
            assert_eq!(article_number(&Url::parse(text).unwrap()).as_deref(), expected, "{text}");
        }
    }
}
