//! Whose report it is: the provider page's number first, the title second; a difference is a doubt.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "common/councils.rs"]
mod councils;
#[path = "common/sheet.rs"]
mod sheet;

use jiff::civil::date;
use tieback::model::report::{ReportHints, ReportReading};
use tieback::read::report::read;

fn report(title: &str, urn: Option<&str>) -> ReportReading {
    let text = "para Children are seen quickly, their needs are understood and the plans that are made for them are clear. ".repeat(2);
    let sheet = format!(
        "title {title}\ntitle local authority children’s services\nline Inspection dates: 3 to 7 July 2023\ngap 30\n{}",
        text.trim()
    );
    let hints = ReportHints { urn: urn.map(str::to_owned), label: None, published: Some(date(2023, 9, 1)) };
    read(&sheet::pdf(&sheet), &hints, &councils::gazetteer()).unwrap()
}

/// The authority, and whether its identity is doubted.
fn check(title: &str, urn: Option<&str>, authority: Option<&str>, doubted: bool) {
    let found = report(title, urn);
    let doubts = found.doubts.iter().any(|doubt| doubt.starts_with("listed under") || doubt.contains("not recognised"));
    assert_eq!((found.authority.as_deref(), doubts), (authority, doubted), "{title} {urn:?} {:?}", found.doubts);
}

#[test]
fn the_number_decides_and_the_title_helps_out() {
    check("Inspection of Wexcombe", Some("90001"), Some("Wexcombe"), false);
    check("Inspection of Wexcombe County Council", None, Some("Wexcombe"), false);
    check("Inspection of North Wexcombe", None, Some("North Wexcombe"), false);
    check("Inspection of London Borough of Marlow Vale", Some("1"), Some("Marlow Vale"), false);
    check("Inspection of Vale Children’s Trust", None, Some("Marlow Vale"), false);
    check("Inspection of Nowhere", Some("90004"), Some("Port Ashby"), false);
}

#[test]
fn councils_that_have_borne_one_number_go_by_its_present_name() {
    check("Port Ashby County Council", Some("90004"), Some("Port Ashby"), false);
    check("Port Ashby County Council", None, Some("Port Ashby"), false);
    check("Port Ashby County Council", Some("90001"), Some("Port Ashby"), true);
}

#[test]
fn a_difference_and_a_stranger_are_doubts() {
    check("Inspection of North Wexcombe", Some("90001"), Some("Wexcombe"), true);
    check("Inspection of Nowhere", None, None, true);
    // The listed council stands nowhere in the title, and another one does.
    check("Inspection of Marlow Vale", Some("90001"), Some("Marlow Vale"), true);
}

#[test]
fn an_inspection_that_ends_after_publication_is_a_doubt() {
    assert!(report("Inspection of Wexcombe", None).doubts.iter().all(|doubt| !doubt.contains("after the publication")));
    let late = ReportHints { published: Some(date(2023, 7, 6)), ..ReportHints::default() };
    let sheet = "title Inspection of Wexcombe\nsub children’s services\nline Inspection dates: 3 to 7 July 2023\ngap 30\npara ".to_owned()
        + &"Children are seen quickly and well. ".repeat(8);
    let found = read(&sheet::pdf(&sheet), &late, &councils::gazetteer()).unwrap();
    assert!(
        found.doubts.iter().any(|doubt| doubt == "the inspection ends on 2023-07-07, after the publication on 2023-07-06"),
        "{:?}",
        found.doubts
    );
}
