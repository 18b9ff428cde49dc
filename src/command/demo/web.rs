//! The made-up web: every page with its address; the reports are laid out from their sheets.

use std::collections::BTreeMap;

use super::sheet::{self, SheetError};

/// A page or file as it is served.
#[derive(Debug, Clone)]
pub struct ServedPage {
    pub media_type: &'static str,
    pub body: Vec<u8>,
}

const HTML: &str = "text/html; charset=utf-8";
const RSS: &str = "application/rss+xml";
const ATOM: &str = "application/atom+xml";

/// Address without "http://", media type, text.
const PAGES: [(&str, &str, &str); 20] = [
    (
        "reports.ofsted.example/search?q=&location=&lat=&lon=&radius=&level_1_types=3&level_2_types%5B%5D=12&start=0&rows=100",
        HTML,
        include_str!("web/ofsted-search.html"),
    ),
    ("reports.ofsted.example/provider/44/99990001", HTML, include_str!("web/ofsted-marlshire.html")),
    ("reports.ofsted.example/provider/44/99990002", HTML, include_str!("web/ofsted-wexcombe.html")),
    ("reports.ofsted.example/provider/44/99990003", HTML, include_str!("web/ofsted-thornmouth.html")),
    ("www.practiceweekly.example/feed/", RSS, include_str!("web/practice-feed.xml")),
    ("www.practiceweekly.example/news/marlshire-ofsted", HTML, include_str!("web/practice-marlshire.html")),
    ("www.practiceweekly.example/news/marlshire-plans", HTML, include_str!("web/practice-send.html")),
    ("www.marlshiregazette.example/news/", HTML, include_str!("web/gazette-news.html")),
    ("www.marlshiregazette.example/news/25561102.right-road/", HTML, include_str!("web/gazette-story.html")),
    ("www.marlshiregazette.example/news/25569417.millbrook/", HTML, include_str!("web/gazette-school.html")),
    ("www.marlvalleymercury.example/news/", HTML, include_str!("web/mercury-news.html")),
    ("www.marlvalleymercury.example/news/25561377.let-down/", HTML, include_str!("web/mercury-story.html")),
    ("news.marlshire-council.example/feed.atom", ATOM, include_str!("web/council-news.xml")),
    ("news.marlshire-council.example/2025/ofsted-progress", HTML, include_str!("web/council-release.html")),
    ("www.townhallreview.example/rss", RSS, include_str!("web/review-feed.xml")),
    ("www.townhallreview.example/people/marlshire", HTML, include_str!("web/review-walled.html")),
    ("news.radiomarl.example/rss.xml", RSS, include_str!("web/radio-feed.xml")),
    ("news.radiomarl.example/story/4377", HTML, include_str!("web/radio-wrong.html")),
    ("news.radiomarl.example/story/4398", HTML, include_str!("web/radio-director.html")),
    ("news.radiomarl.example/story/4412", HTML, include_str!("web/radio-visit.html")),
];

/// A feed whose server answers with a page that says it is broken, and says so with status 200.
const BROKEN: (&str, &str, &str) = ("www.thornmouthpost.example/feed/", HTML, include_str!("web/post-error.html"));

/// Address of the file, sheet it is laid out from.
const REPORTS: [(&str, &str); 4] = [
    ("files.ofsted.example/v1/file/59000001", include_str!("web/marlshire-2022.sheet")),
    ("files.ofsted.example/v1/file/59000003", include_str!("web/marlshire-send-2025.sheet")),
    ("files.ofsted.example/v1/file/59000004", include_str!("web/marlshire-2025.sheet")),
    ("files.ofsted.example/v1/file/59000005", include_str!("web/wexcombe-2025.sheet")),
];

/// How many reports there are.
pub const REPORT_COUNT: usize = REPORTS.len();

/// Everything there is, by address without "http://".
///
/// # Errors
/// Where a sheet cannot be laid out, which would be a fault of the program; a test lays them all out.
pub fn pages() -> Result<BTreeMap<String, ServedPage>, SheetError> {
    let mut all = BTreeMap::new();
    for (address, media_type, text) in PAGES.into_iter().chain([BROKEN]) {
        all.insert(address.to_owned(), ServedPage { media_type, body: text.into() });
    }
    for (address, text) in REPORTS {
        all.insert(address.to_owned(), ServedPage { media_type: "application/pdf", body: sheet::pdf(text)? });
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        command::demo::councils,
        model::report::{ReportHints, ReportReading},
        read::report,
    };

    #[test]
    fn the_reports_read_without_doubts() {
        let gazetteer = councils::gazetteer().unwrap();
        let pages = pages().unwrap();
        for (address, _) in REPORTS {
            let reading: ReportReading = report::read(&pages[address].body, &ReportHints::default(), &gazetteer).unwrap();
            assert_eq!(reading.doubts, Vec::<String>::new(), "{address}");
            assert!(reading.authority.is_some() && reading.lead_inspector.is_some() && !reading.recommendations.is_empty(), "{address}");
            assert!(reading.judgements.iter().all(|judgement| judgement.agree), "{address}");
        }
    }

    #[test]
    fn every_host_is_one_that_nobody_can_have() {
        // RFC 2606: `example` is never delegated.
        for address in pages().unwrap().keys() {
            let host = address.split('/').next().unwrap();
            assert!(host.ends_with(".example"), "{host}");
        }
    }
}
