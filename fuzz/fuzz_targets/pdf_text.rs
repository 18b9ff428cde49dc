//! Any bytes, read as a PDF: no panic, no guard that had to catch one.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Err(reason) = tieback::read::pdf::text(bytes) {
        assert!(!reason.to_string().contains("stopped"), "{reason}");
    }
});
