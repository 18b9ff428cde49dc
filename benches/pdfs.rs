//! How long reading a report takes, with its structure, in one process: `cargo bench --bench pdfs -- FOLDER`, where FOLDER has PDFs.
#![allow(clippy::unwrap_used, reason = "a tool for measurements")]

use std::{fs, hint::black_box, time::Instant};

use tieback::{config, model::report::ReportHints, read::report};

/// Each file is read so often, and counts by its quickest reading.
const TIMES: usize = 3;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    // `cargo test --benches` only wants to know that it builds.
    let Some(folder) = arguments.first() else { return };
    let (gazetteer, hints) = (config::gazetteer().unwrap(), ReportHints::default());
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|ending| ending == "pdf")).collect();
    files.sort();
    let time = |path| {
        let bytes = fs::read(path).unwrap();
        let once = |_| {
            let start = Instant::now();
            black_box(report::read(&bytes, &hints, &gazetteer).unwrap());
            start.elapsed()
        };
        (0..TIMES).map(once).min().unwrap()
    };
    let mut times: Vec<_> = files.iter().map(time).collect();
    for (path, time) in files.iter().zip(&times) {
        println!("{:.1} {}", time.as_secs_f64() * 1000.0, path.display());
    }
    times.sort_unstable();
    println!("{} files: the median {:.1?}, all {:.1?}", times.len(), times[times.len() / 2], times.iter().sum::<std::time::Duration>());
}
