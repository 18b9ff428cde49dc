//! Any bytes, read as an article: no panic, no character that steers a terminal, the same twice.

#![no_main]

use libfuzzer_sys::fuzz_target;
use jiff::Timestamp;
use tieback::model::text::is_hostile;
use tieback::read::{article, rules::OutletRules};
use url::Url;

fuzz_target!(|bytes: &[u8]| {
    let Ok(url) = Url::parse("https://www.news.example/2024/05/01/story") else { return };
    let read = || article::read(bytes, Some("text/html"), None, &url, OutletRules::built_in(), Timestamp::MAX);
    let Ok(reading) = read() else { return };
    assert!(reading.blocks.iter().all(|block| !block.text.chars().any(is_hostile)));
    assert_eq!(Some(reading.blocks), read().ok().map(|reading| reading.blocks));
});
