//! Reports: new, the same, another version; files, readings, status, shingles.

use tieback::{
    model::{
        report::{Framework, Grade, Passage, PassageKind, Report, ReportReading, ReportStatus},
        tie::TieState,
    },
    store::{ReportOutcome, ShingleHit, Store, StoreError},
};

use crate::made::*;

fn status(store: &Store, name: &str) -> ReportStatus {
    let card = store.report_card(&report_id(name)).unwrap().unwrap();
    assert_eq!(store.report(&report_id(name)).unwrap().unwrap().reading.status, card.status);
    card.status
}

#[test]
fn a_report_comes_back_as_it_went_in() {
    let mut store = Store::open_in_memory().unwrap();
    assert_eq!(store.write(|w| w.put_report(&report("1"), b"1")).unwrap(), ReportOutcome::New);
    assert_eq!(store.report(&report_id("1")).unwrap(), Some(report("1")));
    assert_eq!(store.file(&sha256(b"1")).unwrap().as_deref(), Some(&b"1"[..]));
    assert_eq!(store.report_of_url(&report("1").url).unwrap(), Some(report_id("1")));
    assert_eq!(store.passages(&report_id("1")).unwrap(), reading().passages);
    assert_eq!(store.recommendations(&report_id("1")).unwrap(), reading().recommendations);
    let card = store.report_card(&report_id("1")).unwrap().unwrap();
    assert_eq!((card.judgements, card.doubts, card.last_paragraph), (reading().judgements, reading().doubts, 1));
    assert_eq!(store.report(&report_id("2")).unwrap(), None);
    assert_eq!(store.file(&sha256(b"2")).unwrap(), None);
    assert_eq!(store.report_of_url(&report("2").url).unwrap(), None);
}

#[test]
fn the_same_file_takes_over_what_the_listing_says() {
    let mut store = Store::open_in_memory().unwrap();
    let by_hand = Report { urn: None, provider_url: None, published: None, ..report("1") };
    store.write(|w| w.put_report(&by_hand, b"1")).unwrap();
    assert_eq!(store.write(|w| w.put_report(&report("1"), b"1")).unwrap(), ReportOutcome::Same);
    assert_eq!(store.report(&report_id("1")).unwrap(), Some(report("1")));
    // And keeps it where a later caller does not know it.
    assert_eq!(store.write(|w| w.put_report(&by_hand, b"1")).unwrap(), ReportOutcome::Same);
    assert_eq!(store.report(&report_id("1")).unwrap(), Some(report("1")));
}

#[test]
fn a_report_is_read_against_the_last_inspection_before_it() {
    let mut store = Store::open_in_memory().unwrap();
    let mut put = |name: &str, published: &str, framework: Framework, grades: usize| {
        let mut put = report(name);
        (put.sha256, put.published) = (sha256(name.as_bytes()), Some(day(published)));
        put.reading.framework = framework;
        put.reading.judgements.truncate(grades);
        store.write(|w| w.put_report(&put, name.as_bytes())).unwrap();
    };
    put("1", "2015-06-01", Framework::Sif, 2);
    put("2", "2020-06-01", Framework::Ilacs, 1);
    put("3", "2021-06-01", Framework::Jtai, 1);
    put("4", "2022-06-01", Framework::FocusedVisit, 0);
    put("5", "2022-06-01", Framework::Ilacs, 2);
    let before = |name: &str| store.report_before(&store.report_card(&report_id(name)).unwrap().unwrap()).unwrap();
    let ids = ["5", "4", "3", "2", "1"].map(|name| before(name).map(|card| (card.id.0, card.judgements.len())));
    let known = |id: &str, grades: usize| Some((id.to_owned(), grades));
    assert_eq!(ids, [known("r-2", 1), known("r-2", 1), None, known("r-1", 2), None]);
}

#[test]
fn another_file_is_a_new_version_that_says_what_changed() {
    let mut store = Store::open_in_memory().unwrap();
    put_report(&mut store, "1");
    let mut other = report("1");
    other.sha256 = sha256(b"other");
    other.first_seen = at("2024-04-01T06:00:00Z");
    other.reading.judgements[0].grade = Grade::Good;
    other.reading.judgements.truncate(1);
    other.reading.lead_inspector = None;
    other.reading.passages.truncate(2);
    let changed = ["lead inspector: nothing, was Ivo Marsh", "overall: good, was requires improvement", "leaders: nothing, was good"]
        .map(str::to_owned);
    let outcome = store.write(|w| w.put_report(&other, b"other")).unwrap();
    assert_eq!(outcome, ReportOutcome::NewVersion { changed: changed.to_vec() });
    let versions = store.report_versions(&report_id("1")).unwrap();
    assert_eq!(versions.iter().map(|version| version.version).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((&versions[1].sha256, versions[1].first_seen, &versions[1].changed[..]), (&other.sha256, other.first_seen, &changed[..]));
    assert_eq!(store.file(&sha256(b"other")).unwrap().as_deref(), Some(&b"other"[..]));
    assert!(store.file(&sha256(b"1")).unwrap().is_some(), "what it was is kept");
    assert_eq!(store.report(&report_id("1")).unwrap(), Some(Report { first_seen: now(), ..other }));
    assert!(store.check().unwrap().is_well());
}

#[test]
fn a_newer_parser_reads_stored_files_again() {
    let mut store = Store::open_in_memory().unwrap();
    put_report(&mut store, "1");
    store.write(|w| w.put_report(&Report { parser: 2, ..report("2") }, b"2")).unwrap();
    let file = |name: &str| (report(name).url, sha256(name.as_bytes()));
    assert_eq!(store.files_read_before(1, false).unwrap(), []);
    assert_eq!(store.files_read_before(2, false).unwrap(), [file("1")]);
    assert_eq!(store.files_read_before(1, true).unwrap(), [file("1"), file("2")], "all, as after a change of the gazetteer");
    let better = ReportReading { passages: vec![], doubts: vec![], ..reading() };
    store.write(|w| w.set_shingles(&report_id("1"), &[(7, 0)])).unwrap();
    store.write(|w| w.update_reading(&report_id("1"), &better, 2)).unwrap();
    assert_eq!(store.files_read_before(2, false).unwrap(), []);
    assert_eq!(store.report(&report_id("1")).unwrap().unwrap().reading, better);
    assert_eq!(store.shingle_hits(&[7], 9).unwrap(), []);
    assert_eq!(store.search("swiftly", 9).unwrap().len(), 1);
    assert!(store.check().unwrap().is_well());
}

#[test]
fn a_printed_day_is_renewed_and_a_listed_one_stands() {
    let mut store = Store::open_in_memory().unwrap();
    put_report(&mut store, "printed");
    store.write(|w| w.put_report(&Report { published: Some(day("2024-02-28")), ..report("listed") }, b"listed")).unwrap();
    let other = ReportReading { published_printed: Some(day("2024-03-09")), ..reading() };
    for name in ["printed", "listed"] {
        store.write(|w| w.update_reading(&report_id(name), &other, 2)).unwrap();
    }
    assert_eq!(store.report(&report_id("printed")).unwrap().unwrap().published, Some(day("2024-03-09")));
    assert_eq!(store.report(&report_id("listed")).unwrap().unwrap().published, Some(day("2024-02-28")));
}

#[test]
fn withdrawn_outlives_a_new_reading() {
    let mut store = Store::open_in_memory().unwrap();
    put_report(&mut store, "1");
    store.write(|w| w.set_report_status(&report_id("1"), ReportStatus::Withdrawn, Some("no longer listed"), now())).unwrap();
    assert_eq!(status(&store, "1"), ReportStatus::Withdrawn);
    store.write(|w| w.update_reading(&report_id("1"), &reading(), 2)).unwrap();
    assert_eq!(status(&store, "1"), ReportStatus::Withdrawn);
    store.write(|w| w.set_report_status(&report_id("1"), ReportStatus::Current, None, now())).unwrap();
    assert_eq!(status(&store, "1"), ReportStatus::Current);
    let refused = store.write(|w| w.set_report_status(&report_id("2"), ReportStatus::Current, None, now()));
    assert!(matches!(refused, Err(StoreError::NoReport(id)) if id == "r-2"));
}

#[test]
fn cards_stand_newest_first_and_by_authority() {
    let mut store = Store::open_in_memory().unwrap();
    for (name, published, authority) in [
        ("1", Some("2024-01-01"), "Wexcombe"),
        ("2", Some("2024-02-01"), "Marrow Bay"),
        ("3", Some("2024-02-01"), "Wexcombe"),
        ("4", None, "Wexcombe"),
    ] {
        let mut each = report(name);
        each.published = published.map(day);
        each.reading.authority = Some(authority.into());
        store.write(|w| w.put_report(&each, name.as_bytes())).unwrap();
    }
    let ids = |cards: Vec<tieback::model::overview::ReportCard>| cards.into_iter().map(|card| card.id.0).collect::<Vec<_>>();
    assert_eq!(ids(store.report_cards().unwrap()), ["r-2", "r-3", "r-1", "r-4"]);
    let known = |councils: &[String]| store.known_reports_of(councils).unwrap().into_iter().map(|report| report.id.0).collect::<Vec<_>>();
    assert_eq!(known(&["Wexcombe".into(), "Nowhere".into()]), ["r-3", "r-1", "r-4"]);
    assert_eq!(known(&[]), [""; 0]);
    let wexcombe = ["Wexcombe".to_owned()];
    assert_eq!(ids(store.newest_reports_of(&wexcombe, 2).unwrap()), ["r-3", "r-1"]);
    put_story(&mut store, "a");
    let both = judged(vec![tie("1", TieState::Auto), tie("3", TieState::Auto)]);
    store.write(|w| set_judged(w, &story_id("a"), &both, now())).unwrap();
    let all = store.all_reports_of(&wexcombe).unwrap();
    assert_eq!((all.reports, all.stories), (3, 1), "a story on two reports is one");
    let (grade, days) = (Grade::RequiresImprovement, ["2024-02-01", "2024-01-01"]);
    assert_eq!(all.grades, days.map(|given| (day(given), grade)), "of a report without a day there is none");
}

#[test]
fn shingles_are_found_replaced_and_capped() {
    let mut store = Store::open_in_memory().unwrap();
    let set = |store: &mut Store, name: &str, shingles: &[(u64, u32)]| store.write(|w| w.set_shingles(&report_id(name), shingles)).unwrap();
    for name in ["1", "2", "3"] {
        put_report(&mut store, name);
        set(&mut store, name, &[(u64::MAX, 2), (u64::MAX, 1), (5, 0), (5, 0)]);
    }
    set(&mut store, "3", &[(u64::MAX, 9), (0, 1)]);
    let places = |places: &[(&str, u32)]| places.iter().map(|(name, passage)| (report_id(name), *passage)).collect::<Vec<_>>();
    let hits = store.shingle_hits(&[u64::MAX, 77, 5, 0], 3).unwrap();
    let expected = [
        ShingleHit { hash: u64::MAX, reports: 3, places: places(&[("1", 1), ("1", 2), ("2", 1), ("2", 2), ("3", 9)]) },
        ShingleHit { hash: 5, reports: 2, places: places(&[("1", 0), ("2", 0)]) },
        ShingleHit { hash: 0, reports: 1, places: places(&[("3", 1)]) },
    ];
    assert_eq!(hits, expected);
    let capped = store.shingle_hits(&[u64::MAX, 5], 2).unwrap();
    assert_eq!(capped, [ShingleHit { hash: u64::MAX, reports: 3, places: vec![] }, expected[1].clone()]);
}

#[test]
fn a_report_names_the_stories_tied_to_it() {
    let mut store = Store::open_in_memory().unwrap();
    put_report(&mut store, "1");
    for (name, state) in [("b", TieState::Auto), ("a", TieState::Auto), ("c", TieState::Possible)] {
        put_story(&mut store, name);
        judge(&mut store, name, &judged(vec![tie("1", state)]));
    }
    let reports = store.reports_with_stories().unwrap();
    assert_eq!(reports[0].stories, [story_id("a"), story_id("b")]);
}

#[test]
fn hostile_text_goes_in_and_comes_out() {
    let mut store = Store::open_in_memory().unwrap();
    let hostile = "'; DROP TABLE report; -- \" \\ \u{0}\u{1b}[31m\u{202e}\u{fffe}😀 %s {} ?1 :id";
    let mut odd = report("1");
    odd.reading.title = hostile.into();
    odd.reading.authority = Some(hostile.into());
    odd.reading.passages = vec![Passage { page: 1, number: None, kind: PassageKind::Paragraph, text: hostile.into() }];
    store.write(|w| w.put_report(&odd, b"1")).unwrap();
    assert_eq!(store.report(&report_id("1")).unwrap(), Some(odd));
    assert_eq!(store.known_reports_of(&[hostile.into()]).unwrap().len(), 1);
    assert_eq!(store.search("drop table", 9).unwrap().len(), 1);
}
