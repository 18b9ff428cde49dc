//! Any bytes, read as a list of feeds: no panic, names of their own, addresses of the web.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tieback::read::opml;

fuzz_target!(|bytes: &[u8]| {
    let Ok(list) = opml::read(bytes, &[]) else { return };
    let names: std::collections::BTreeSet<String> = list.sources.iter().map(|source| source.name.to_lowercase()).collect();
    assert_eq!(names.len(), list.sources.len());
    assert!(list.sources.iter().all(|source| matches!(source.url.scheme(), "http" | "https")));
});
