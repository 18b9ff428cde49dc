//! What a run says at its end: one line of counts, and the sources that failed, without a flood of like lines.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::output::armoured;
use crate::{
    cli::LogFormat,
    model::{address::shown_text, text::clean_line, wording},
    pipeline::{
        harvest::{Failed, Missed},
        run::Passed,
    },
    store::RunCounts,
};

/// Of sources that failed in the same way so many are named; `sources` names the rest.
const NAMED: usize = 8;

/// Says on stderr what came of a pass. A quiet run speaks only of what went wrong and is new: an outage is told once.
pub fn passed(quiet: bool, log: LogFormat, passed: &Passed) {
    if log == LogFormat::Json {
        return logged(quiet, passed);
    }
    if let (Some(until), false) = (passed.quiet_until, quiet) {
        eprintln!("quiet hours until {}: nothing is fetched", wording::moment(until));
    }
    if !quiet {
        eprintln!("{}", closing(&passed.counts, passed.missed));
    }
    let told: Vec<&Failed> = passed.failures.iter().filter(|failed| failed.began || !quiet).collect();
    let waiting: Vec<&str> =
        passed.trouble.iter().map(String::as_str).filter(|name| passed.failures.iter().all(|failed| failed.source != *name)).collect();
    for line in lines(&told).into_iter().chain(news(passed)).chain(asides(passed)) {
        eprintln!("{}", clean_line(&line));
    }
    if let (Some(line), false) = (still(&waiting), quiet) {
        eprintln!("{}", clean_line(&line));
    }
    if !told.is_empty() {
        eprintln!("hint: `tieback sources` shows how each source fares; what failed is tried again when it is due");
    }
}

/// The same as JSON lines, with the counts as fields.
fn logged(quiet: bool, passed: &Passed) {
    let said = |level: &str, message: &str, more: Value| {
        let mut line = json!({ "timestamp": Timestamp::now(), "level": level, "message": clean_line(message) });
        if let (Some(line), Value::Object(more)) = (line.as_object_mut(), more) {
            line.extend(more);
        }
        eprintln!("{}", armoured(&line.to_string()));
    };
    if !quiet {
        let counts = passed.counts;
        let fields = json!({
            "sources": counts.sources, "failed": counts.failed, "requests": counts.requests, "unchanged": counts.unchanged,
            "items": counts.items, "stories": counts.stories, "stories_changed": counts.stories_changed, "reports": counts.reports,
            "reports_changed": counts.reports_changed, "judged": counts.judged, "tied": counts.tied,
            "missed_later": passed.missed.later, "missed_given_up": passed.missed.given_up,
        });
        said("INFO", "the run ended", fields);
    }
    for failed in passed.failures.iter().filter(|failed| failed.began || !quiet) {
        said("WARN", &failed.failure.detail, json!({ "source": clean_line(&failed.source), "failure": failed.failure.kind.as_str() }));
    }
    for line in news(passed) {
        said("INFO", &line, json!({}));
    }
    for line in asides(passed) {
        said("WARN", &line, json!({}));
    }
}

/// The sources that failed before and were not due now.
fn still(names: &[&str]) -> Option<String> {
    let (named, more) = names.split_at(names.len().min(NAMED));
    let rest = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
    (!named.is_empty()).then(|| format!("failed before and not due now: {}{rest}", named.join(", ")))
}

/// What changed for good or for better, each told once.
fn news(passed: &Passed) -> Vec<String> {
    let mut lines = Vec::new();
    for back in passed.recovered.iter().take(NAMED) {
        let since = back.since.map(|since| format!("; it had failed since {}", wording::moment(since))).unwrap_or_default();
        lines.push(format!("{}: answers again{since}", back.source));
    }
    if let Some(more @ 1..) = passed.recovered.len().checked_sub(NAMED) {
        lines.push(format!("… and {more} more answer again"));
    }
    for moved in &passed.moves {
        lines.push(format!(
            "{}: moved for good, and is asked at {} from now on; put that into the configuration",
            moved.source,
            shown_text(&moved.to)
        ));
    }
    let holds = passed.holds.iter().filter_map(|host| Some((host, host.held.as_ref()?)));
    for (host, hold) in holds.take(NAMED) {
        lines.push(format!(
            "{} asked to be left alone until {}: nothing of it is asked for before",
            host.name,
            wording::moment(hold.until)
        ));
    }
    lines
}

/// What is to be known besides the sources that failed.
fn asides(passed: &Passed) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(then) = passed.clock_was_ahead {
        lines.push(format!("a run before was made under a clock that stood at {then}; the times it left are put right"));
    }
    lines.extend(passed.doubts.iter().take(NAMED).map(|doubted| format!("{}: {}", doubted.source, doubted.doubt)));
    if let Some(more @ 1..) = passed.doubts.len().checked_sub(NAMED) {
        lines.push(format!("… and {more} more doubts, see `tieback sources list`"));
    }
    lines.extend(passed.faults.iter().map(|fault| format!("{fault}; what was to be done is done in the next run")));
    if passed.out_of_time {
        lines.push("the time for this run is used up: what came is stored, and the next run goes on".to_owned());
    }
    if passed.stopped {
        lines.push("stopped by a signal: what came is stored, and the next run goes on".to_owned());
    }
    lines
}

fn closing(counts: &RunCounts, missed: Missed) -> String {
    let RunCounts { sources, requests, unchanged, items, stories, stories_changed, reports, reports_changed, judged, tied, .. } = counts;
    let changed = |count: &u32| if *count > 0 { format!(" ({count} changed)") } else { String::new() };
    format!(
        "{sources} sources, {requests} requests ({unchanged} unchanged): {reports} new reports{}, {items} new items, {stories} new stories{}; {judged} stories judged, {tied} newly tied{}",
        changed(reports_changed),
        changed(stories_changed),
        missing(missed)
    )
}

/// A line a source, by the kind of failure; what goes beyond the limit of one kind is counted.
fn lines(told: &[&Failed]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut kinds: Vec<&str> = told.iter().map(|failed| failed.failure.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for kind in kinds {
        let of_kind: Vec<&&Failed> = told.iter().filter(|failed| failed.failure.kind.as_str() == kind).collect();
        lines.extend(of_kind.iter().take(NAMED).map(|failed| format!("{}: {} ({kind})", failed.source, failed.failure.detail)));
        match of_kind.len().saturating_sub(NAMED) {
            0 => {}
            1 => lines.push(format!("… and 1 more source ({kind})")),
            more => lines.push(format!("… and {more} more sources ({kind})")),
        }
    }
    lines
}

/// What the closing line says of pages that did not come; nothing where all came.
fn missing(missed: Missed) -> String {
    let pages = |count: u32| if count == 1 { "1 page".to_owned() } else { format!("{count} pages") };
    let mut said = String::new();
    if missed.later > 0 {
        said.push_str(&format!("; {} could not be fetched, tried again later", pages(missed.later)));
    }
    if missed.given_up > 0 {
        said.push_str(&format!("; {} given up", pages(missed.given_up)));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fetched::{Failure, FailureKind};

    #[test]
    fn like_failures_are_counted() {
        let failed = |n: usize, kind| Failed { source: format!("S{n}"), failure: Failure::new(kind, "no answer"), began: true };
        let all = (1..=10).map(|n| failed(n, FailureKind::Dns)).chain([failed(11, FailureKind::Gone)]).collect::<Vec<_>>();
        let lines = lines(&all.iter().collect::<Vec<_>>());
        assert_eq!(lines.len(), 10);
        assert_eq!(lines[..2], ["S1: no answer (dns)", "S2: no answer (dns)"]);
        assert_eq!(lines[7..], ["S8: no answer (dns)", "… and 2 more sources (dns)", "S11: no answer (gone)"]);
    }
}
