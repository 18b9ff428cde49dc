//! Any bytes, read as a PDF, from the made-up files in `seeds/pdf_text` on: no panic, no guard that had to catch one.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tieback::read::pdf::Refusal;

fuzz_target!(|bytes: &[u8]| {
    assert_ne!(tieback::read::pdf::text(bytes), Err(Refusal::Stopped));
});
