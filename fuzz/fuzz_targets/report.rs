//! Any pages of lines, read as a report; made-up ones to begin with stand in `seeds/report`. A line of input is a line of print: four bytes for place, size and style, then its text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tieback::model::authority::Gazetteer;
use tieback::model::report::ReportHints;
use tieback::read::pdf::{Line, PdfPage, TextRun};
use tieback::read::report::read_pages;

fuzz_target!(|input: &[u8]| {
    let mut pages = vec![PdfPage::default()];
    for bytes in input.split(|byte| *byte == b'\n') {
        let [x, y, size, style, text @ ..] = bytes else {
            pages.push(PdfPage::default());
            continue;
        };
        let (x, y, text) = (f32::from(*x) * 3.0, f32::from(*y) * 4.0, String::from_utf8_lossy(text));
        let runs = text.split('|').enumerate().map(|(at, text)| TextRun { x: x + 40.0 * at as f32, end: x + 30.0, bold: style & 1 == 1, text: text.into() });
        let runs = runs.collect();
        let (bold, bullet, note) = (style & 1 == 1, style & 2 == 2, style & 4 == 4);
        let line = Line { x, indent: x + 10.0, end: x + 100.0, y, size: f32::from(*size % 30), bold, bullet, note, text: text.replace('|', " "), runs };
        if let Some(page) = pages.last_mut() {
            page.lines.push(line);
        }
    }
    let reading = read_pages(&pages, &ReportHints::default(), &Gazetteer::default());
    assert!(reading.is_ok(), "{reading:?}");
});
