//! Ofsted's pages in the shapes seen from 2024 to 2026, with an invented council.

#![allow(clippy::unwrap_used, clippy::panic)]

use jiff::civil::date;
use tieback::read::Instead;
use tieback::read::listing::{ofsted_provider, ofsted_search};
use url::Url;

fn base(path: &str) -> Url {
    Url::parse("https://reports.ofsted.gov.uk/").unwrap().join(path).unwrap()
}

#[test]
fn the_search_list() {
    let page = include_bytes!("pages/ofsted-search.html");
    let read = ofsted_search(page, &base("/search?start=0&rows=100")).unwrap();
    let rows: Vec<_> = read.rows.iter().map(|row| (row.urn.as_str(), row.name.as_str(), row.url.as_str(), row.latest)).collect();
    assert_eq!(
        rows,
        [
            ("80901", "Southshire & Northshire", "https://reports.ofsted.gov.uk/provider/44/80901", Some(date(2026, 8, 20))),
            ("80902", "Port Example", "https://reports.ofsted.gov.uk/provider/44/80902", None),
        ]
    );
    assert_eq!(read.next.as_ref().map(Url::as_str), Some("https://reports.ofsted.gov.uk/search?start=100&rows=100"));
}

#[test]
fn a_list_whose_markup_moved_still_gives_its_links() {
    let page = b"<h1>Results</h1><div><a href='/provider/44/80901'>Southshire</a> <a href='/provider/44/80901'>View</a> <a href='/provider/23/123456'>A school</a></div>";
    let read = ofsted_search(page, &base("/search")).unwrap();
    assert_eq!(read.rows.len(), 1);
    assert_eq!((read.rows[0].urn.as_str(), read.rows[0].name.as_str()), ("80901", "Southshire"));
}

#[test]
fn the_page_behind_the_last_is_empty_and_sound() {
    assert!(
        ofsted_search(b"<title>Search | Ofsted</title><h1>Search results</h1><p>No results found.</p>", &base("/search"))
            .unwrap()
            .rows
            .is_empty()
    );
}

#[test]
fn what_is_no_list_is_named() {
    let check = |body: &[u8], kind: Instead| {
        assert_eq!(ofsted_search(body, &base("/search")).unwrap_err().kind, kind);
    };
    check(b"", Instead::Empty);
    check(b"<h1>Slim Application Error</h1><p>The application could not run</p>", Instead::ErrorPage);
    check(b"<html><body><script src=app.js></script></body></html>", Instead::NoText);
    check(b"<title>Just a moment...</title>", Instead::BotChallenge);
    check(b"%PDF-1.4", Instead::Binary);
}

#[test]
fn a_provider_page() {
    let read = ofsted_provider(include_bytes!("pages/ofsted-provider.html"), &base("/provider/44/80901")).unwrap();
    assert_eq!((read.name.as_deref(), read.urn.as_deref(), read.has_timeline), (Some("Southshire & Northshire"), Some("80901"), true));
    let found: Vec<_> =
        read.publications.iter().map(|found| (found.url.as_str(), found.label.as_str(), found.published, found.event)).collect();
    let file = "https://files.ofsted.gov.uk/v1/file/";
    assert_eq!(
        found,
        [
            (format!("{file}50309999").as_str(), "Children's services focused visit", Some(date(2026, 8, 20)), Some(date(2026, 7, 1))),
            (format!("{file}50248123").as_str(), "Children's services inspection", Some(date(2024, 6, 3)), Some(date(2024, 4, 22))),
            (format!("{file}50200001").as_str(), "Area SEND full inspection", Some(date(2023, 7, 3)), Some(date(2023, 5, 15))),
            (format!("{file}50200002").as_str(), "Joint area child protection inspection", Some(date(2023, 7, 4)), Some(date(2023, 5, 15))),
            (format!("{file}2756789").as_str(), "Children's services inspection", Some(date(2014, 3, 7)), Some(date(2014, 1, 21))),
            (format!("{file}2750001").as_str(), "single inspection of LA children's services", Some(date(2012, 7, 13)), None),
        ]
    );
}

#[test]
fn a_mirrors_files_stand_beside_its_pages() {
    let found = |page: &str, file: &str| {
        let html = format!("<h1>Southshire</h1><ol class=timeline><a href='{file}#page=2'>Inspection</a></ol>");
        let read = ofsted_provider(html.as_bytes(), &Url::parse(page).unwrap()).unwrap();
        read.publications.first().map(|found| found.url.to_string())
    };
    let (page, file) = ("http://reports.mirror.example/provider/44/80901", "http://files.mirror.example/v1/file/1");
    assert_eq!(found(page, file).as_deref(), Some(file));
    assert_eq!(found(page, "http://files.other.example/v1/file/1"), None);
    assert_eq!(found("http://mirror.example/provider/44/80901", file), None);
    assert_eq!(found("https://reports.ofsted.gov.uk/provider/44/80901", file), None);
}

#[test]
fn a_shell_without_a_timeline_says_so() {
    let read = ofsted_provider(b"<h1>Southshire</h1><div id=app></div>", &base("/provider/44/80901")).unwrap();
    assert!(!read.has_timeline && read.publications.is_empty());
    assert_eq!(read.urn.as_deref(), Some("80901"));
    assert_eq!(ofsted_provider(b"<h1>Slim Application Error</h1>", &base("/provider/44/80901")).unwrap_err().kind, Instead::ErrorPage);
}
