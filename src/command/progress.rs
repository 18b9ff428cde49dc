//! Progress while a person watches: one line on stderr, nothing in cron or in a pipe.

use std::{io::IsTerminal, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};

use crate::{pipeline::Watcher, store::RunCounts};

/// One line that says what a run is at.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Shown only where stderr is a terminal and the run is not quiet.
    pub fn new(quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Self { bar: ProgressBar::hidden() };
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar }
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

    fn read(&self, done: usize, all: usize) {
        self.bar.set_message(format!("read again: {done} of {all} stored files and pages"));
        self.bar.tick();
    }

    fn tied(&self, done: usize, all: usize) {
        self.bar.set_message(format!("tying: {done} of {all} stories"));
    }
}
