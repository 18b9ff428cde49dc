//! Made-up reports from plain files, as the demo lays them out.

#![allow(clippy::unwrap_used)]

/// Makes the PDF that the directives describe; panics on one that cannot be followed.
pub fn pdf(sheet: &str) -> Vec<u8> {
    tieback::command::demo::sheet::pdf(sheet).unwrap()
}
