//! When the story was published: JSON-LD, meta, `<time>`, a date printed by the headline, the address; never a guess.

use jiff::civil::Date;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use scraper::{ElementRef, Html};
use url::Url;

use super::class::{Role, role};
use crate::model::date;
use crate::model::page::DateSource;
use crate::read::markup::{own_text, select, text_of};

/// Years in which a story about an inspection can be; Ofsted began in 1992.
const YEARS: std::ops::RangeInclusive<i16> = 1992..=2100;

/// Names of meta elements that give the day of publication, best first. `dc.date` is of old council sites.
const META: [&str; 18] = [
    "article:published_time", "og:article:published_time", "article:published", "datepublished", "date_published",
    "govuk:first-published-at", "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish-date", "publication_date",
    "dcterms.issued", "dc.date.issued", "dcterms.created", "dc.date.created", "dc.date", "date",
];

/// A line with a printed date is short.
const LINE_WORDS: usize = 16;

/// Elements looked at around the headline.
const NEAR: usize = 40;

/// The moment of publication and where it was found.
pub fn published(page: &Html, json: Option<&str>, url: &Url) -> Option<(Timestamp, DateSource)> {
    json.and_then(moment)
        .map(|at| (at, DateSource::JsonLd))
        .or_else(|| meta(page).map(|at| (at, DateSource::Meta)))
        .or_else(|| time_element(page).map(|at| (at, DateSource::TimeElement)))
        .or_else(|| printed(page).and_then(midday).map(|at| (at, DateSource::Printed)))
        .or_else(|| in_address(url).and_then(midday).map(|at| (at, DateSource::Address)))
}

/// Days by which the address may differ from the date: drafts are named before they are published.
const ADDRESS_DAYS: i64 = 31;

/// A doubt, where the address names a day far from `at`.
pub fn doubt(at: Timestamp, url: &Url) -> Option<String> {
    let day = in_address(url)?;
    let seconds = midday(day)?.as_second().abs_diff(at.as_second());
    let is_far = i64::try_from(seconds / 86_400).is_ok_and(|days| days > ADDRESS_DAYS);
    is_far.then(|| format!("dated {}, but the address says {day}", at.strftime("%Y-%m-%d")))
}

/// A date as machines write it, or as people do. Without a zone it is London's; without a time it is midday there.
pub fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let text = text.get(..text.len().min(60)).unwrap_or_default();
    let zoned = || text.parse::<Timestamp>().ok().or_else(|| text.replacen(' ', "T", 1).parse().ok());
    let local = || {
        text.replacen(' ', "T", 1)
            .parse::<DateTime>()
            .ok()
            .filter(|_| text.len() > 10)
            .and_then(|local| local.to_zoned(london()?).ok())
            .map(|zoned| zoned.timestamp())
    };
    let found = zoned().or_else(local).or_else(|| date::first_day(text).and_then(midday))?;
    let year = found.to_zoned(TimeZone::UTC).year();
    YEARS.contains(&year).then_some(found)
}

fn london() -> Option<TimeZone> {
    TimeZone::get("Europe/London").ok()
}

/// Midday in London: the same day in every zone a reader of British news is likely to be in.
fn midday(day: Date) -> Option<Timestamp> {
    if !YEARS.contains(&day.year()) {
        return None;
    }
    day.at(12, 0, 0, 0).to_zoned(london()?).ok().map(|zoned| zoned.timestamp())
}

fn meta(page: &Html) -> Option<Timestamp> {
    let given: Vec<(String, &str)> = select(page, "meta[content]")
        .into_iter()
        .filter_map(|element| {
            let name = ["property", "name", "itemprop"].iter().find_map(|key| element.attr(key))?;
            Some((name.to_lowercase(), element.attr("content")?))
        })
        .collect();
    META.iter().find_map(|wanted| given.iter().filter(|(name, _)| name == wanted).find_map(|(_, content)| moment(content)))
}

/// The first `<time>` near the headline, better one that says it is the day of publication.
fn time_element(page: &Html) -> Option<Timestamp> {
    let marked = "time[itemprop='datePublished'], time[pubdate], time.entry-date, time.published, [itemprop='datePublished'][content], [itemprop='datePublished'][datetime]";
    let marked = select(page, marked).into_iter().filter(|element| !stands_apart(*element)).find_map(value_of);
    marked.or_else(|| {
        near_headline(page).into_iter().filter(|element| element.value().name() == "time" && !is_update(*element)).find_map(value_of)
    })
}

fn value_of(element: ElementRef<'_>) -> Option<Timestamp> {
    element.attr("datetime").or_else(|| element.attr("content")).and_then(moment).or_else(|| moment(&text_of(element)))
}

/// The first date in a short line near the headline.
fn printed(page: &Html) -> Option<Date> {
    near_headline(page).into_iter().filter(|element| !is_update(*element)).find_map(|element| {
        let text = own_text(element);
        let text = if text.is_empty() { return None } else { text };
        let says_update = text.to_lowercase().contains("updated") && !text.to_lowercase().contains("published");
        (text.split(' ').count() <= LINE_WORDS && !says_update && !text.ends_with('.')).then(|| date::first_day(&text)).flatten()
    })
}

/// The elements after the headline up to the first paragraph of text, then those just before it.
fn near_headline(page: &Html) -> Vec<ElementRef<'_>> {
    let Some(headline) = select(page, "main h1, article h1, h1").into_iter().find(|element| !stands_apart(*element)) else {
        return Vec::new();
    };
    let mut after = Vec::new();
    let mut passed = false;
    for element in page.root_element().descendent_elements() {
        if element.id() == headline.id() {
            passed = true;
        } else if passed {
            let is_text = element.value().name() == "p" && own_text(element).split(' ').count() > LINE_WORDS;
            if is_text || after.len() >= NEAR {
                break;
            }
            if !stands_apart(element) {
                after.push(element);
            }
        }
    }
    let before = headline.prev_siblings().filter_map(ElementRef::wrap).filter(|element| !stands_apart(*element)).take(3);
    after.extend(before.flat_map(|element| std::iter::once(element).chain(element.descendent_elements().skip(1).take(5))));
    after
}

/// True inside related links, comments, sidebars and in links to other pages.
fn stands_apart(element: ElementRef<'_>) -> bool {
    std::iter::once(element).chain(element.ancestors().filter_map(ElementRef::wrap)).any(|part| {
        let value = part.value();
        match value.name() {
            "aside" | "nav" | "footer" | "a" | "blockquote" | "figure" => true,
            "body" | "main" | "article" | "html" | "header" | "form" => false,
            _ => role(value) == Role::Furniture,
        }
    })
}

fn is_update(element: ElementRef<'_>) -> bool {
    let said = format!("{} {}", element.attr("class").unwrap_or_default(), element.attr("itemprop").unwrap_or_default()).to_lowercase();
    said.contains("updated") || said.contains("modified")
}

/// `/2017/11/24/slug`, `/slug-13-05-2026/`.
fn in_address(url: &Url) -> Option<Date> {
    let parts: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
    let whole = |text: &str, digits: usize| {
        if text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse::<i16>().ok() } else { None }
    };
    let small = |text: &str| whole(text, 2).and_then(|number| i8::try_from(number).ok());
    let in_path = parts.windows(3).find_map(|part| Date::new(whole(part[0], 4)?, small(part[1])?, small(part[2])?).ok());
    in_path.or_else(|| {
        let words: Vec<&str> = parts.last()?.rsplitn(4, '-').collect();
        let [year, month, day, _] = words.as_slice() else { return None };
        Date::new(whole(year, 4)?, small(month)?, small(day)?).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, url: &str, expected: Option<(&str, DateSource)>) {
        let page = Html::parse_document(body);
        let found = published(&page, None, &Url::parse(url).unwrap());
        let expected = expected.map(|(at, from)| (at.parse::<Timestamp>().unwrap(), from));
        assert_eq!(found, expected, "{body}");
    }
    const PLAIN: &str = "https://news.example/story";

    #[test]
    fn moments_as_machines_and_people_write_them() {
        for (text, expected) in [
            ("2024-07-01T09:30:00+01:00", "2024-07-01T08:30:00Z"),
            ("2024-07-01T09:30:00.123Z", "2024-07-01T09:30:00.123Z"),
            ("2024-07-01T09:30:00", "2024-07-01T08:30:00Z"),
            ("2024-01-01 09:30:00", "2024-01-01T09:30:00Z"),
            ("2024-07-01", "2024-07-01T11:00:00Z"),
            ("1st July 2024", "2024-07-01T11:00:00Z"),
        ] {
            assert_eq!(moment(text), expected.parse().ok(), "{text}");
        }
        assert_eq!(moment("0001-01-01T00:00:00Z"), None);
        assert_eq!(moment("last Friday"), None);
    }

    #[test]
    fn meta_then_time_then_print_then_address() {
        check(
            "<meta name='DC.date.issued' content='2019-03-01'><h1>A</h1><time datetime='2020-01-01'>",
            PLAIN,
            Some(("2019-03-01T12:00:00Z", DateSource::Meta)),
        );
        check("<h1>A</h1><time datetime='2020-01-01T10:00:00Z'>x</time>", PLAIN, Some(("2020-01-01T10:00:00Z", DateSource::TimeElement)));
        check("<h1>A</h1><p>By Ann Other | 15 September 2019</p>", PLAIN, Some(("2019-09-15T11:00:00Z", DateSource::Printed)));
        check("<p>07 August 2018</p><h1>A</h1><p>Text.</p>", PLAIN, Some(("2018-08-07T11:00:00Z", DateSource::Printed)));
        check("<h1>A</h1>", "https://news.example/2017/11/24/poor-report/", Some(("2017-11-24T12:00:00Z", DateSource::Address)));
        check("<h1>A</h1>", "https://news.example/services/poor-report-13-05-2026/", Some(("2026-05-13T11:00:00Z", DateSource::Address)));
    }

    #[test]
    fn an_address_of_another_month_is_a_doubt() {
        let doubt = |url: &str| doubt("2019-03-01T12:00:00Z".parse().unwrap(), &Url::parse(url).unwrap());
        assert_eq!(doubt("https://news.example/2019/02/01/x"), None);
        assert_eq!(doubt("https://news.example/x"), None);
        assert_eq!(doubt("https://news.example/2017/11/24/x").as_deref(), Some("dated 2019-03-01, but the address says 2017-11-24"));
    }

    #[test]
    fn dates_elsewhere_on_the_page_are_not_the_storys() {
        check(
            "<h1>A</h1><p>Inspectors came to the town hall on 3 March 2019 and stayed for two weeks, and they wrote it all down.</p>",
            PLAIN,
            None,
        );
        check("<h1>A</h1><aside><time datetime='2020-01-01'>x</time></aside>", PLAIN, None);
        check("<h1>A</h1><div class='related'><p>1 May 2020</p></div>", PLAIN, None);
        check("<h1>A</h1><p><a href='/x'>Bins from 1 May 2020</a></p>", PLAIN, None);
        check("<h1>A</h1><div id=comments><time datetime='2020-01-01'>x</time></div>", PLAIN, None);
        check("<h1>A</h1><p>Last updated 1 May 2020</p>", PLAIN, None);
        check("<h1>A</h1><time class=updated datetime='2020-01-01'>x</time>", PLAIN, None);
        check("<p>Bank holiday bins: 1 May 2020</p>", PLAIN, None);
        check("<h1>A</h1>", "https://news.example/2017/13/40/x", None);
    }
}
