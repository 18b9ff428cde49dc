//! Ofsted's pages in the shapes seen from 2024 to 2026, with an invented council.

#![allow(clippy::unwrap_used, clippy::panic)]

use jiff::civil::date;
use tieback::model::page::Loss;
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
fn an_empty_list_says_whether_it_says_so() {
    let read = |page: &str| ofsted_search(page.as_bytes(), &base("/search")).unwrap();
    let row = "<li class=search-result><a href='/provider/44/80901'>Southshire</a></li>";
    for (page, rows, stated, losses) in [
        ("<p>0 results</p>".to_owned(), 0, Some(0), vec![]),
        ("<h1>Search results</h1><p>No results found.</p>".to_owned(), 0, Some(0), vec![]),
        ("<h1>Search results</h1>".to_owned(), 0, None, vec![Loss::NoList]),
        ("<p>153 results</p><div class=card>Southshire</div>".to_owned(), 0, Some(153), vec![Loss::NoList]),
        (format!("<p>1 to 100 of 1,153 results</p>{row}"), 1, Some(1153), vec![]),
        (format!("<p>Results 1 to 1 of 1</p>{row}"), 1, Some(1), vec![]),
        (format!("<html><body><p>2 results</p>{row}<li class=sear"), 1, Some(2), vec![Loss::Cut]),
        (
            "<p>1 result</p><li><a href='https://evil.example/provider/44/80901'>Southshire</a></li>".to_owned(),
            0,
            Some(1),
            vec![Loss::Foreign(1), Loss::NoList],
        ),
    ] {
        let read = read(&page);
        assert_eq!((read.rows.len(), read.stated, read.losses), (rows, stated, losses), "{page}");
    }
}

#[test]
fn a_list_leads_to_no_other_host() {
    let page = "<p>2 results</p><a href='https://evil.example/provider/44/80901'>Southshire</a><a href='/provider/44/80902'>Port</a><a rel=next href='https://evil.example/next'>Next</a>";
    let read = ofsted_search(page.as_bytes(), &base("/search")).unwrap();
    assert_eq!(read.rows.iter().map(|row| row.urn.as_str()).collect::<Vec<_>>(), ["80902"]);
    assert_eq!((read.next, read.losses), (None, vec![Loss::Foreign(1)]));
    let page = "<ol class=timeline><a href='https://files.evilofsted.gov.uk/v1/file/1'>A</a><a href='https://files.ofsted.gov.uk/v1/file/2'>B</a></ol>";
    let read = ofsted_provider(page.as_bytes(), &base("/provider/44/80901")).unwrap();
    assert_eq!((read.publications.len(), read.losses), (1, vec![Loss::Foreign(1)]));
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
    assert_eq!(read.losses, [Loss::NoList]);
    let empty = ofsted_provider(b"<html><h1>Southshire</h1><ol class=timeline></ol></html>", &base("/provider/44/80901")).unwrap();
    assert!(empty.has_timeline && empty.publications.is_empty() && empty.losses.is_empty());
    let cut = ofsted_provider(b"<html><h1>Southshire</h1><ol class=timeline><li>", &base("/provider/44/80901")).unwrap();
    assert_eq!(cut.losses, [Loss::Cut]);
    assert_eq!(read.urn.as_deref(), Some("80901"));
    assert_eq!(ofsted_provider(b"<h1>Slim Application Error</h1>", &base("/provider/44/80901")).unwrap_err().kind, Instead::ErrorPage);
}
