//! Any bytes, read as each kind of list: no panic, no row of another host.

#![no_main]

use libfuzzer_sys::fuzz_target;
use jiff::Timestamp;
use tieback::read::listing;
use url::Url;

fuzz_target!(|bytes: &[u8]| {
    let Ok(url) = Url::parse("https://reports.ofsted.gov.uk/provider/44/80901") else { return };
    let _map = listing::sitemap(bytes, Timestamp::MAX);
    let _links = listing::page_links(bytes, &url, "a, li, article", Timestamp::MAX);
    let _posts = listing::wordpress(bytes, &url, Timestamp::MAX);
    let _results = listing::govuk_search(bytes, &url, Timestamp::MAX);
    if let Ok(page) = listing::ofsted_search(bytes, &url) {
        assert!(page.rows.iter().all(|row| row.url.host_str() == url.host_str()));
    }
    if let Ok(page) = listing::ofsted_provider(bytes, &url) {
        assert!(page.publications.iter().all(|found| found.url.host_str().is_some_and(|host| host.ends_with("ofsted.gov.uk"))));
    }
});
