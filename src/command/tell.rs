//! What a run says at its end: one line of counts, and the sources that failed, without a flood of like lines.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    brief,
    output::{logged, told},
};
use crate::{
    cli::LogFormat,
    model::{address::shown_text, backfill::Past, keep::LetGo, text::clean_line, wording},
    pipeline::{
        harvest::{Failed, Missed},
        reread::RereadCounts,
        run::Passed,
    },
    store::RunCounts,
};

/// Of sources that failed in the same way so many are named; `sources` names the rest.
const NAMED: usize = 8;

/// Says on stderr what came of a pass. A quiet run speaks only of what went wrong and is new: an outage is told once.
pub fn passed(quiet: bool, log: LogFormat, passed: &Passed) {
    if log == LogFormat::Json {
        return records(quiet, passed).into_iter().for_each(|(level, said, fields)| logged(level, &said, fields));
    }
    if let (Some(until), false) = (passed.quiet_until, quiet) {
        told(&resting(until));
    }
    if !quiet {
        told(&closing(&passed.counts, passed.missed));
        reread(passed).into_iter().chain(let_go(passed.let_go)).for_each(|line| told(&line));
    }
    let failures = failures(quiet, passed);
    for line in lines(&failures).into_iter().chain(news(passed, NAMED)).chain(asides(passed, NAMED)) {
        told(&line);
    }
    if !quiet {
        for line in still(&not_due(passed)).into_iter().chain(past(passed)) {
            told(&line);
        }
    }
    if !failures.is_empty() {
        told("hint: `tieback sources` shows how each source fares; what failed is tried again when it is due");
    }
}

/// A record of the log: its level, what it says, and fields of its own.
type LogRecord = (&'static str, String, Value);

/// The same for the log, one record a thing and none left out, with the counts as fields.
fn records(quiet: bool, passed: &Passed) -> Vec<LogRecord> {
    let mut all: Vec<LogRecord> = Vec::new();
    if let (Some(until), false) = (passed.quiet_until, quiet) {
        all.push(("INFO", resting(until), json!({ "until": until })));
    }
    if !quiet {
        let counts = passed.counts;
        let fields = json!({
            "sources": counts.sources, "failed": counts.failed, "requests": counts.requests, "unchanged": counts.unchanged,
            "items": counts.items, "stories": counts.stories, "stories_changed": counts.stories_changed, "reports": counts.reports,
            "reports_changed": counts.reports_changed, "judged": counts.judged, "tied": counts.tied,
            "missed_later": passed.missed.later, "missed_given_up": passed.missed.given_up,
            "pages_let_go": passed.let_go.pages, "texts_let_go": passed.let_go.texts,
            "reread": passed.reread.map(|reread| reread.read), "reread_changed": passed.reread.map(|reread| reread.changed),
            "reread_unread": passed.reread.map(|reread| reread.unread),
        });
        all.push(("INFO", "the run ended".to_owned(), fields));
    }
    all.extend(failures(quiet, passed).into_iter().map(|failed| {
        let fields = json!({ "source": clean_line(&failed.source), "failure": failed.failure.kind.as_str() });
        ("WARN", failed.failure.detail.clone(), fields)
    }));
    all.extend(news(passed, usize::MAX).into_iter().map(|line| ("INFO", line, json!({}))));
    all.extend(asides(passed, usize::MAX).into_iter().map(|line| ("WARN", line, json!({}))));
    if !quiet {
        let still = |source: &str| ("WARN", "failed before and is not due now".to_owned(), json!({ "source": clean_line(source) }));
        all.extend(not_due(passed).into_iter().map(still));
        all.extend(past(passed).into_iter().map(|line| ("INFO", line, json!({}))));
    }
    all
}

fn resting(until: Timestamp) -> String {
    format!("quiet hours until {}: nothing is fetched", wording::moment(until))
}

/// The sources that failed now; of a quiet run those that did not before.
fn failures(quiet: bool, passed: &Passed) -> Vec<&Failed> {
    passed.failures.iter().filter(|failed| failed.began || !quiet).collect()
}

/// What was read again, if anything.
fn reread(passed: &Passed) -> Option<String> {
    let RereadCounts { read, changed, unread } = passed.reread?;
    let (files, stories) = (if read == 1 { "file or page" } else { "files and pages" }, if changed == 1 { "story" } else { "stories" });
    let kept = match unread {
        0 => String::new(),
        1 => "; 1 page is read as no article any more: its story keeps its text".to_owned(),
        more => format!("; {more} pages are read as no article any more: their stories keep their text"),
    };
    Some(format!("{read} {files} read again; {changed} {stories} read otherwise than before{kept}"))
}

/// What was past its time, if anything.
fn let_go(gone: LetGo) -> Option<String> {
    let LetGo { pages, texts, bytes } = gone;
    let count = |count: u32, one: &str| (count > 0).then(|| format!("{count} {one}{}", if count == 1 { "" } else { "s" }));
    let what: Vec<String> = [count(pages, "page"), count(texts, "text")].into_iter().flatten().collect();
    let freed = if bytes > 0 { format!(" ({})", brief::size(bytes)) } else { String::new() };
    (!what.is_empty()).then(|| format!("let go of {} of stories, past their time{freed}", what.join(" and ")))
}

/// The sources that failed before and were not due now.
fn not_due(passed: &Passed) -> Vec<&str> {
    let names = passed.trouble.iter().map(String::as_str);
    names.filter(|name| passed.failures.iter().all(|failed| failed.source != *name)).collect()
}

/// All of them in one line.
fn still(names: &[&str]) -> Option<String> {
    let (named, more) = names.split_at(names.len().min(NAMED));
    let rest = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
    (!named.is_empty()).then(|| format!("failed before and not due now: {}{rest}", named.join(", ")))
}

/// How far the past of sources has come.
fn past(passed: &Passed) -> Vec<String> {
    let lists = |count: u32| if count == 1 { "1 list".to_owned() } else { format!("{count} lists") };
    let line = |(source, Past { read, lists: left, pages }): &(String, Past)| match (left, pages) {
        (0, 0) => format!("{source}: its past is read, in {}", lists(*read)),
        (0, _) => format!("{source}: its past is read, in {}; {pages} of its pages are left for the next runs", lists(*read)),
        _ => format!("{source}: {} of its past read, {left} left for the next run", lists(*read)),
    };
    passed.pasts.iter().map(line).collect()
}

/// What changed for good or for better, each told once; of a kind at the most so many.
fn news(passed: &Passed, most: usize) -> Vec<String> {
    let since = |since: Timestamp| format!("; it had failed since {}", wording::moment(since));
    let recovered = passed
        .recovered
        .iter()
        .map(|back| format!("{}: answers again{}", back.source, back.since.map(since).unwrap_or_default()))
        .collect();
    let moved = passed.moves.iter().map(|moved| {
        let to = shown_text(&moved.to);
        format!("{}: moved for good, and is asked at {to} from now on; put that into the configuration", moved.source)
    });
    let holds = passed.holds.iter().filter_map(|host| Some((host, host.held.as_ref()?)));
    let holds = holds
        .map(|(host, hold)| {
            let until = wording::moment(hold.until);
            format!("{} asked to be left alone until {until}: nothing of it is asked for before", host.name)
        })
        .collect();
    let mut lines = few(recovered, most, ("more answers again", "more answer again"));
    lines.extend(moved);
    lines.extend(few(holds, most, ("more host asked to be left alone", "more hosts asked to be left alone")));
    lines
}

/// What is to be known besides the sources that failed; of doubts at the most so many.
fn asides(passed: &Passed, most: usize) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(then) = passed.clock_was_ahead {
        lines.push(format!("a run before was made under a clock that stood at {then}; the times it left are put right"));
    }
    let doubts = passed.doubts.iter().map(|doubted| format!("{}: {}", doubted.source, doubted.doubt)).collect();
    lines.extend(few(doubts, most, ("more doubt, see `tieback sources list`", "more doubts, see `tieback sources list`")));
    lines.extend(passed.faults.iter().map(|fault| format!("{fault}; what was to be done is done in the next run")));
    if passed.out_of_time {
        lines.push("the time for this run is used up: what came is stored, and the next run goes on".to_owned());
    }
    if passed.stopped {
        lines.push("stopped by a signal: what came is stored, and the next run goes on".to_owned());
    }
    lines
}

/// As many lines, and one that counts the rest, as one or as many.
fn few(mut lines: Vec<String>, most: usize, (one, many): (&str, &str)) -> Vec<String> {
    if let Some(rest @ 1..) = lines.len().checked_sub(most) {
        lines.truncate(most);
        lines.push(format!("… and {rest} {}", if rest == 1 { one } else { many }));
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
        let of_kind = of_kind.iter().map(|failed| format!("{}: {} ({kind})", failed.source, failed.failure.detail)).collect();
        lines.extend(few(of_kind, NAMED, (&format!("more source ({kind})"), &format!("more sources ({kind})"))));
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
    use crate::{
        model::fetched::{Failure, FailureKind},
        pipeline::harvest::{Doubted, Recovered},
    };

    #[test]
    fn a_log_leaves_nothing_out() {
        let doubts = (1..=10).map(|n| Doubted { source: format!("S{n}"), doubt: "an item without an address".into() }).collect();
        let recovered = (1..=9).map(|n| Recovered { source: format!("S{n}"), since: None }).collect();
        let passed = Passed { doubts, recovered, ..Passed::default() };
        assert_eq!(news(&passed, NAMED)[7..], ["S8: answers again", "… and 1 more answers again"]);
        assert_eq!(asides(&passed, NAMED)[8..], ["… and 2 more doubts, see `tieback sources list`"]);
        let passed = Passed {
            quiet_until: "2026-11-27T06:30:00Z".parse().ok(),
            trouble: (1..=10).map(|n| format!("T{n}")).collect(),
            pasts: vec![("C".to_owned(), Past { read: 3, lists: 2, pages: 0 })],
            ..passed
        };
        let records = records(false, &passed);
        let said: Vec<&str> = records.iter().map(|(_, said, _)| said.as_str()).collect();
        assert_eq!(said[..2], ["quiet hours until 27 November 2026, 06:30: nothing is fetched", "the run ended"]);
        assert_eq!(said.len(), 2 + 9 + 10 + 10 + 1);
        assert_eq!(records[30].2, json!({ "source": "T10" }));
        assert_eq!(said[31], "C: 3 lists of its past read, 2 left for the next run");
        assert_eq!(super::records(true, &passed).len(), 9 + 10);
    }

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
