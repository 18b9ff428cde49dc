//! Any text, read as an address: a key made from itself is the same, and what is fetched is an address of the web.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tieback::dedupe::address::{canonical, fetchable};
use tieback::read::whose::{Whose, whose_story};
use url::Url;

fuzz_target!(|text: &str| {
    let Ok(url) = Url::parse(text) else { return };
    if !matches!(url.scheme(), "http" | "https") {
        return;
    }
    let fetched = fetchable(&url);
    assert!(matches!(fetched.scheme(), "http" | "https"));
    assert_eq!(canonical(&url), canonical(&fetched));
    assert_eq!(whose_story(&url, &url, &[]), Whose::Source);
});
