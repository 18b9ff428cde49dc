//! Whatever the bytes are, reading ends in a reading: no panic, and the same reading for the same bytes.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "common/councils.rs"]
mod councils;
#[path = "common/sheet.rs"]
mod sheet;

use std::sync::LazyLock;

use proptest::prelude::*;
use tieback::model::report::{Framework, ReportHints, ReportReading, ReportStatus};
use tieback::read::pdf::{Line, PdfPage, TextRun};
use tieback::read::report::{read, read_pages};

/// The made-up reports, as files.
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "sheet"));
    paths.sort();
    paths.iter().map(|path| sheet::pdf(&std::fs::read_to_string(path).unwrap())).collect()
});

/// Reads twice; a fault of ours is a failure here.
fn check(bytes: &[u8]) -> ReportReading {
    let once = read(bytes, &ReportHints::default(), &councils::gazetteer());
    assert_eq!(once, read(bytes, &ReportHints::default(), &councils::gazetteer()));
    once.unwrap()
}

#[test]
fn a_web_page_is_no_report_and_says_so() {
    let found = check(b"<!DOCTYPE html><html><title>Report not found</title>");
    assert_eq!(found.status, ReportStatus::NotAReport);
    assert_eq!(found.reason.as_deref(), Some("not a PDF: a web page saying \"Report not found\""));
}

#[test]
fn a_file_cut_off_is_read_as_far_as_it_goes_or_says_why_not() {
    let file = &FILES[0];
    assert_eq!(check(&file[..20]).status, ReportStatus::Unreadable);
    assert_eq!(check(&file[..file.len() - 40]).status, ReportStatus::Current);
}

#[test]
fn a_file_without_text_is_unreadable() {
    let found = check(&sheet::pdf("line A scan."));
    assert_eq!((found.status, found.reason.as_deref()), (ReportStatus::Unreadable, Some("the PDF holds no text")));
}

#[test]
fn an_unreadable_file_is_known_by_the_page_it_stands_on() {
    let scan = sheet::pdf("line A scan.");
    let listed = |label: &str, urn: &str, published: (i16, i8, i8)| {
        let published = Some(jiff::civil::date(published.0, published.1, published.2));
        let hints = ReportHints { urn: Some(urn.into()), label: Some(label.into()), published };
        let found = read(&scan, &hints, &councils::gazetteer()).unwrap();
        assert_eq!((found.status, found.judgements.len()), (ReportStatus::Unreadable, 0));
        (found.authority, found.framework)
    };
    let wexcombe = Some("Wexcombe".to_owned());
    assert_eq!(listed("Children's services inspection", "90001", (2025, 11, 7)), (wexcombe.clone(), Framework::Ilacs));
    assert_eq!(listed("Children's services inspection", "90001", (2016, 11, 7)), (wexcombe.clone(), Framework::Sif));
    assert_eq!(listed("Children's services focused visit", "90001", (2025, 11, 7)), (wexcombe, Framework::FocusedVisit));
    assert_eq!(listed("Something else", "1", (2025, 11, 7)), (None, Framework::Other));
    let page = read(b"<html>", &ReportHints { urn: Some("90001".into()), ..ReportHints::default() }, &councils::gazetteer()).unwrap();
    assert_eq!((page.status, page.authority), (ReportStatus::NotAReport, None), "a web page is nobody's report");
}

#[test]
fn an_encrypted_file_is_unreadable() {
    let file = String::from_utf8_lossy(&FILES[0]).into_owned();
    let key = "<00000000000000000000000000000000000000000000000000000000000000ab>";
    let encrypt = format!("/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O {key} /U {key} >> /ID [<00> <00>]");
    let locked = file.replace("trailer\n<<", &format!("trailer\n<< {encrypt}"));
    let found = check(locked.as_bytes());
    assert_eq!((found.status, found.reason.as_deref()), (ReportStatus::Unreadable, Some("the PDF cannot be read: it is encrypted")));
}

/// Words that set rules off, and numbers and marks that mislead them.
fn words() -> impl Strategy<Value = String> {
    let set = [
        "Inspection dates:",
        "Inspection of",
        "services for children in need of help and protection",
        "children’s services",
        "Lead inspector:",
        "The impact of leaders",
        "Overall effectiveness",
        "in care",
        "care leavers",
        "Good",
        "Requires",
        "improvement",
        "to be good",
        "Inadequate",
        "What needs to improve?",
        "Recommendations",
        "Areas for priority action",
        "Contents",
        "Dear",
        "Joint targeted area inspection",
        "1.",
        "2.",
        "12",
        "999.",
        "3 to 7 July 2023",
        "30 February",
        "and",
        "29 February 2023 to",
        "31/12/99",
        "Grade 4 (Inadequate)",
        "Key judgement",
        "–",
        "…",
        "Inspection team",
        "Inspection outcome",
        "systemic failings",
        "LSCB is",
        "overall judgement is",
        "é",
        "\u{301}",
        "¹",
        "Report published:",
    ];
    prop_oneof![4 => proptest::sample::select(set.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,12}"]
}

fn number() -> impl Strategy<Value = f32> {
    prop_oneof![6 => (0u32..60).prop_map(|at| at as f32 * 14.0), 1 => any::<f32>()]
}

fn line() -> impl Strategy<Value = Line> {
    let texts = proptest::collection::vec(words(), 1..5);
    (texts, number(), number(), prop_oneof![Just(12.0f32), Just(14.0), Just(8.0), any::<f32>()], any::<[bool; 3]>()).prop_map(
        |(texts, x, y, size, [bold, bullet, note])| {
            let runs =
                texts.iter().enumerate().map(|(at, text)| TextRun { x: x + 90.0 * at as f32, end: x, bold, text: text.clone() }).collect();
            Line { x, indent: x + 14.0, end: x + 200.0, y, size, bold, bullet, note, text: texts.join(" "), runs }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600), signed in any::<bool>()) {
        let bytes = if signed { [b"%PDF-1.7\n".to_vec(), bytes].concat() } else { bytes };
        prop_assert_ne!(check(&bytes).status, ReportStatus::Current);
    }

    #[test]
    fn damaged_reports(file in 0usize..12, flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
                       cut in any::<prop::sample::Index>(), drop in 0usize..300) {
        let mut bytes = FILES[file % FILES.len()].clone();
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let cut = cut.index(bytes.len());
        bytes.drain(cut..(cut + drop).min(bytes.len()));
        check(&bytes);
    }

    #[test]
    fn any_lines(pages in proptest::collection::vec(proptest::collection::vec(line(), 0..40), 1..5)) {
        let pages: Vec<PdfPage> = pages.into_iter().map(|lines| PdfPage { lines }).collect();
        let found = read_pages(&pages, &ReportHints::default(), &councils::gazetteer()).unwrap();
        prop_assert!(found.passages.iter().all(|passage| !passage.text.is_empty() && passage.page >= 1));
        prop_assert!(found.recommendations.iter().enumerate().all(|(at, item)| item.n as usize == at + 1));
    }
}
