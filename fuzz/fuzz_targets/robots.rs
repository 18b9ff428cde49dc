//! Any bytes, read as a robots.txt: no panic, and the same answer twice.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tieback::fetch::allows;
use url::Url;

fuzz_target!(|bytes: &[u8]| {
    for address in ["https://news.example/", "https://news.example/news/a?b=1", "https://news.example/%E2%80%99"] {
        let Ok(url) = Url::parse(address) else { return };
        assert_eq!(allows(bytes, &url), allows(bytes, &url));
    }
});
