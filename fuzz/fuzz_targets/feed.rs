//! Any bytes, read as a feed: no panic, no character that steers a terminal, the same twice, and no page that is no address of the web.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tieback::model::text::is_hostile;
use tieback::read::feed;
use url::Url;

fuzz_target!(|bytes: &[u8]| {
    let Ok(url) = Url::parse("https://news.example/feed/") else { return };
    let read = || feed::read(bytes, None, None, &url, jiff::Timestamp::MAX);
    let _announced = feed::discover(bytes, &url);
    let Ok(reading) = read() else { return };
    for item in &reading.items {
        assert!(!item.title.chars().chain(item.summary.chars()).any(is_hostile));
        assert!(item.url.as_ref().is_some_and(|url| matches!(url.scheme(), "http" | "https")));
    }
    assert_eq!(Some(reading.items), read().ok().map(|reading| reading.items));
});
