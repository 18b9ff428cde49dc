//! Any text, read as a date: no panic, and days stand where they are said to stand.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tieback::model::date;
use tieback::read::moment::moment;

fuzz_target!(|text: &str| {
    let _moment = moment(text);
    for (at, _) in date::days(text) {
        assert!(text.is_char_boundary(at) && at < text.len());
    }
});
