//! The runs: a summary is worth no more than the last of them, so what is wrong with it comes before all else.

use jiff::Timestamp;

use super::page::{PageWriter, Tone};
use crate::model::{
    overview::{OpenRun, Overview},
    wording,
};

pub(super) fn standing(overview: &Overview, page: &mut PageWriter) {
    let runs = &overview.runs;
    let lines = [
        runs.last.filter(|_| runs.is_overdue(overview.until)).map(|last| (Tone::Warning, overdue(last, overview.until))),
        match runs.open {
            Some(open) => Some(unfinished(open, runs.unjudged as usize)),
            None if runs.unjudged > 0 => Some((Tone::Warning, stopped(runs.unjudged as usize))),
            None => None,
        },
    ];
    for (tone, line) in lines.into_iter().flatten() {
        page.hanging(0, 2, tone, &line);
    }
    page.gap();
}

fn overdue(last: Timestamp, until: Timestamp) -> String {
    let days = wording::count(usize::try_from(until.duration_since(last).as_hours() / 24).unwrap_or(0), "day", "days");
    format!(
        "! No run for {days}: the last one ended on {}. What came since is not known here; see that cron still calls `tieback run`.",
        wording::moment(last)
    )
}

/// A run that a signal stopped has ended in order, and left something to do.
fn stopped(unjudged: usize) -> String {
    let stories = wording::count(unjudged, "story is", "stories are");
    format!("! {stories} fetched and not judged yet, and not shown: `tieback run` goes on from there.")
}

fn unfinished(open: OpenRun, unjudged: usize) -> (Tone, String) {
    let began = wording::moment(open.started);
    let stories = wording::count(unjudged, "story is", "stories are");
    if open.at_work {
        return (Tone::Plain, format!("A run is at work since {began}; what it brings may be missing here."));
    }
    let left = if unjudged > 0 { format!(" {stories} fetched and not judged yet, and not shown:") } else { String::new() };
    (Tone::Warning, format!("! The run of {began} was broken off.{left} `tieback run` goes on from there."))
}
