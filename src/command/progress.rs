//! Progress while a person watches: one line on stderr, nothing in cron or in a pipe.

use std::{cell::Cell, io::IsTerminal, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    model::{backfill::Past, text::clean_line, wording},
    pipeline::Watcher,
    store::RunCounts,
};

/// One line that says what a run is at.
pub struct Progress {
    bar: ProgressBar,
    /// It was said how long the past of a source will take.
    estimated: Cell<bool>,
}

impl Progress {
    /// Shown only where stderr is a terminal and the run is not quiet.
    pub fn new(quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Self { bar: ProgressBar::hidden(), estimated: Cell::new(false) };
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, estimated: Cell::new(false) }
    }

    pub fn say(&self, text: &'static str) {
        self.bar.set_message(text);
    }

    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watcher for Progress {
    fn fetched(&self, open: usize, counts: &RunCounts) {
        let RunCounts { requests, reports, stories, .. } = counts;
        self.bar.set_message(format!("fetching: {requests} requests, {open} open; {reports} new reports, {stories} new stories"));
    }

    fn past(&self, source: &str, past: Past, takes: Duration) {
        let Past { read, lists, pages } = past;
        let (lists, pages) = (wording::count(lists as usize, "list", "lists"), wording::count(pages as usize, "page", "pages"));
        let (source, left) = (clean_line(source), format!("{lists} and {pages} known to be left, about {}", about(takes)));
        if !self.estimated.replace(true) {
            self.bar.println(format!("{source}: {left}; more may be found. Ctrl-C ends it, and the next run goes on"));
        }
        let read = wording::count(read as usize, "list", "lists");
        self.bar.set_message(format!("{source}: {read} of its past read, {left}"));
    }

    fn read(&self, done: usize, all: usize) {
        self.bar.set_message(format!("read again: {done} of {all} stored files and pages"));
        self.bar.tick();
    }

    fn tied(&self, done: usize, all: usize) {
        self.bar.set_message(format!("tying: {done} of {all} stories"));
    }
}

/// "40 s", "12 minutes", "3 hours".
fn about(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..=90 => format!("{seconds} s"),
        seconds @ 91..=5_400 => format!("{} minutes", seconds.div_ceil(60)),
        seconds => format!("{} hours", seconds.div_ceil(3_600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rough() {
        for (seconds, expected) in [(0, "0 s"), (90, "90 s"), (91, "2 minutes"), (5_400, "90 minutes"), (9_000, "3 hours")] {
            assert_eq!(about(Duration::from_secs(seconds)), expected);
        }
    }
}
