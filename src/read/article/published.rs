//! When the story was published: JSON-LD, meta, `<time>`, a date printed by the headline, the address; never a guess.

use jiff::Timestamp;
use jiff::civil::Date;
use scraper::{ElementRef, Html};
use url::Url;

use super::headline::{after, headline, stands_apart};
use crate::model::page::DateSource;
use crate::model::text::folded;
use crate::model::{date, day};
use crate::read::markup::{own_text, select, text_of};
use crate::read::moment::moment;

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

/// The moment of publication and where it was found: the first origin that names a moment at which a story can have appeared.
pub fn published(page: &Html, json: &[String], url: &Url, now: Timestamp) -> Option<(Timestamp, DateSource)> {
    let can_be = |at: &Timestamp| day::is_plausible(*at, now);
    let first = |moments: Vec<Timestamp>| moments.into_iter().find(can_be);
    first(json.iter().filter_map(|text| moment(text)).collect())
        .map(|at| (at, DateSource::JsonLd))
        .or_else(|| first(meta(page)).map(|at| (at, DateSource::Meta)))
        .or_else(|| first(time_elements(page)).map(|at| (at, DateSource::TimeElement)))
        .or_else(|| first(printed(page)).map(|at| (at, DateSource::Printed)))
        .or_else(|| in_address(url).and_then(day::midday).filter(can_be).map(|at| (at, DateSource::Address)))
}

/// Days by which the address may differ from the date: drafts are named before they are published.
const ADDRESS_DAYS: i64 = 31;

/// A doubt, where the address names a day far from `at`.
pub fn doubt(at: Timestamp, url: &Url) -> Option<String> {
    let day = in_address(url)?;
    let seconds = day::midday(day)?.as_second().abs_diff(at.as_second());
    let is_far = i64::try_from(seconds / 86_400).is_ok_and(|days| days > ADDRESS_DAYS);
    is_far.then(|| format!("dated {}, but the address says {day}", at.strftime("%Y-%m-%d")))
}

/// Those in meta elements, by the order of [`META`].
fn meta(page: &Html) -> Vec<Timestamp> {
    let given: Vec<(String, &str)> = select(page, "meta[content]")
        .into_iter()
        .filter_map(|element| {
            let name = ["property", "name", "itemprop"].iter().find_map(|key| element.attr(key))?;
            Some((name.to_lowercase(), element.attr("content")?))
        })
        .collect();
    META.iter().flat_map(|wanted| given.iter().filter(move |(name, _)| name == wanted).filter_map(|(_, content)| moment(content))).collect()
}

/// Those of `<time>`: first what says it is the day of publication, then what stands near the headline.
fn time_elements(page: &Html) -> Vec<Timestamp> {
    let marked = "time[itemprop='datePublished'], time[pubdate], time.entry-date, time.published, [itemprop='datePublished'][content], [itemprop='datePublished'][datetime]";
    let marked = select(page, marked).into_iter().filter(|element| !stands_apart(*element));
    let near = near_headline(page).into_iter().filter(|element| element.value().name() == "time" && !is_update(*element));
    marked.chain(near.filter(|element| !is_of_inspection(*element))).filter_map(value_of).collect()
}

fn value_of(element: ElementRef<'_>) -> Option<Timestamp> {
    element.attr("datetime").or_else(|| element.attr("content")).and_then(moment).or_else(|| moment(&text_of(element)))
}

/// The dates in short lines near the headline.
fn printed(page: &Html) -> Vec<Timestamp> {
    let lines = near_headline(page).into_iter().filter(|element| !is_update(*element)).filter_map(|element| {
        let text = own_text(element);
        let lower = text.to_lowercase();
        let says_update = lower.contains("updated") && !lower.contains("published");
        let is_line = text.split(' ').count() <= LINE_WORDS && !says_update && !text.ends_with('.');
        (is_line && !is_of_inspection(element)).then(|| date::first_day(&text)).flatten()
    });
    lines.filter_map(day::midday).collect()
}

/// True for a line that gives the days of an inspection, a visit, a meeting or a consultation, or of the report; or two days.
///
/// A line's label may stand in an element of its own, as in a list of terms or a table.
fn is_of_inspection(element: ElementRef<'_>) -> bool {
    let is_part = matches!(element.value().name(), "time" | "span" | "strong" | "b" | "em" | "i");
    let around = element.parent().and_then(ElementRef::wrap).filter(|_| is_part).map(text_of);
    let line = around.filter(|text| text.split(' ').count() <= LINE_WORDS).unwrap_or_else(|| text_of(element));
    let label = element.prev_siblings().filter_map(ElementRef::wrap).next().filter(|before| matches!(before.value().name(), "dt" | "th"));
    let text = folded(&format!("{} {line}", label.map(text_of).unwrap_or_default()));
    let is_label = text.split(' ').any(|word| LABELS.iter().any(|label| word.starts_with(label)));
    is_label || date::days(&line).len() > 1
}

/// How words begin that say what a printed day is of, where it is not the page's.
const LABELS: [&str; 6] = ["inspect", "visit", "meeting", "deadline", "expir", "report"];

/// The elements after the headline up to the first paragraph of text, then those just before it.
fn near_headline(page: &Html) -> Vec<ElementRef<'_>> {
    let Some(headline) = headline(page) else { return Vec::new() };
    let is_text = |element: &ElementRef<'_>| element.value().name() == "p" && own_text(*element).split(' ').count() > LINE_WORDS;
    let mut near: Vec<ElementRef<'_>> = after(page, headline, NEAR).into_iter().take_while(|element| !is_text(element)).collect();
    let before = headline.prev_siblings().filter_map(ElementRef::wrap).filter(|element| !stands_apart(*element)).take(3);
    near.extend(before.flat_map(|element| std::iter::once(element).chain(element.descendent_elements().skip(1).take(5))));
    near
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
        let found = published(&page, &[], &Url::parse(url).unwrap(), NOW.parse().unwrap());
        let expected = expected.map(|(at, from)| (at.parse::<Timestamp>().unwrap(), from));
        assert_eq!(found, expected, "{body}");
    }
    const NOW: &str = "2026-08-01T00:00:00Z";
    const PLAIN: &str = "https://news.example/story";

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
    fn an_origin_that_cannot_be_right_gives_way_to_the_next() {
        check(
            "<meta property='article:published_time' content='1970-01-01T00:00:00Z'><h1>A</h1><time datetime='2020-01-01T10:00:00Z'>x</time>",
            PLAIN,
            Some(("2020-01-01T10:00:00Z", DateSource::TimeElement)),
        );
        check(
            "<meta name=date content='2126-01-01'><meta name=pubdate content='0001-01-01'><h1>A</h1><p>By Ann Other | 15 September 2019</p>",
            PLAIN,
            Some(("2019-09-15T11:00:00Z", DateSource::Printed)),
        );
        check("<h1>A</h1>", "https://news.example/1970/01/01/x", None);
    }

    #[test]
    fn the_days_of_an_inspection_are_not_the_pages() {
        for line in [
            "<p>Inspection dates: 11 September 2017 to 5 October 2017</p>",
            "<p>Inspected on 16 and 17 April 2019</p>",
            "<p>Date of visit: 3 March 2020</p>",
            "<p>11 September 2017 – 5 October 2017</p>",
            "<dl><dt>Inspection date</dt><dd>3 March 2020</dd></dl>",
            "<table><tr><th>Report published</th><td>3 March 2020</td></tr></table>",
            "<p><strong>Inspection:</strong> <time datetime='2020-03-03'>3 March 2020</time></p>",
            "<p>Meeting of Tuesday 3 March 2020</p>",
        ] {
            check(&format!("<h1>A</h1>{line}"), PLAIN, None);
            let body = format!("<h1>A</h1>{line}<p>Published 24 November 2020</p>");
            check(&body, PLAIN, Some(("2020-11-24T12:00:00Z", DateSource::Printed)));
        }
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
