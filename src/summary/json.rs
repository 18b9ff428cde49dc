//! The summary as JSON: the same facts, complete, for scripts.

use serde_json::{Value, json};

use crate::model::{
    change::{Turn, changes},
    overview::{CopyCard, NewReport, Overview, Replaced, ReportCard, SourceHealth, StoryCard, TiedReport},
    text::clean_line,
    wording,
};

/// All of the overview; text from the web on clean lines.
pub fn json(overview: &Overview) -> Value {
    json!({
        "since": overview.since,
        "until": overview.until,
        "runs": runs(overview),
        "reports": overview.reports.iter().map(new_report).collect::<Vec<_>>(),
        "replaced": overview.replaced.iter().map(replaced).collect::<Vec<_>>(),
        "stories": overview.stories.iter().map(story).collect::<Vec<_>>(),
        "waiting": overview.waiting.iter().map(story).collect::<Vec<_>>(),
        "total_waiting": overview.total_waiting,
        "undecided": overview.undecided,
        "retied": overview.retied,
        "watched": overview.watched.iter().map(|watched| json!({ "name": watched.name, "reports": watched.reports, "stories": watched.stories })).collect::<Vec<_>>(),
        "uncovered": overview.uncovered.iter().map(report).collect::<Vec<_>>(),
        "sources": overview.sources.iter().map(source).collect::<Vec<_>>(),
        "total_stories": overview.total_stories,
        "total_reports": overview.total_reports,
    })
}

fn runs(overview: &Overview) -> Value {
    let runs = &overview.runs;
    json!({
        "last": runs.last,
        "overdue": runs.is_overdue(overview.until),
        "open": runs.open.map(|open| json!({ "started": open.started, "at_work": open.at_work })),
        "unjudged": runs.unjudged,
    })
}

fn report(report: &ReportCard) -> Value {
    json!({
        "id": report.id,
        "url": report.url,
        "authority": report.authority.as_deref().map(clean_line),
        "framework": report.framework,
        "published": report.published,
        "inspected_from": report.inspected_from,
        "inspected_to": report.inspected_to,
        "judgements": report.judgements,
        "status": report.status,
        "doubts": report.doubts.iter().map(|doubt| clean_line(doubt)).collect::<Vec<_>>(),
    })
}

fn replaced(replaced: &Replaced) -> Value {
    let mut value = new_report(&replaced.report);
    value["replaced"] = json!(replaced.at);
    value["changed"] = json!(replaced.changed.iter().map(|line| clean_line(line)).collect::<Vec<_>>());
    value
}

fn new_report(new: &NewReport) -> Value {
    let mut value = report(&new.report);
    value["stories"] = json!(new.stories);
    value["before"] = json!(new.before.as_ref().map(report));
    let changes = changes(&new.report, new.before.as_ref());
    value["changes"] = json!(
        changes
            .iter()
            .map(|change| json!({
                "key": change.judgement.key,
                "grade": change.judgement.grade,
                "was": change.was,
                "turn": change.turn().map(|turn| match turn { Turn::Better => "better", Turn::Same => "same", Turn::Worse => "worse" }),
            }))
            .collect::<Vec<_>>()
    );
    value
}

fn story(story: &StoryCard) -> Value {
    json!({
        "id": story.id,
        "url": story.url,
        "outlet": clean_line(&story.outlet),
        "title": clean_line(&story.title),
        "published": story.published,
        "first_seen": story.piece_first_seen,
        "changed": story.piece_changed,
        "news": story.piece_news,
        "walled": story.walled,
        "kind": story.kind,
        "authorities": story.authorities.iter().map(|name| clean_line(name)).collect::<Vec<_>>(),
        "cluster": story.piece,
        "state": story.state,
        "review": story.review,
        "ties": story.ties.iter().map(|tied| tie(story, tied)).collect::<Vec<_>>(),
        "waiting_for": story.waiting_for,
        "copies": story.copies.iter().map(copy).collect::<Vec<_>>(),
    })
}

fn tie(story: &StoryCard, tied: &TiedReport) -> Value {
    json!({
        "report": tied.report.id,
        "report_url": tied.report.url,
        "authority": tied.report.authority.as_deref().map(clean_line),
        "framework": tied.report.framework,
        "published": tied.report.published,
        "overall": wording::overall(&tied.report).map(|judgement| judgement.grade),
        "state": tied.tie.state,
        "confidence": tied.tie.confidence,
        "kind": tied.tie.kind,
        "grade_check": tied.tie.grade_check,
        "disagreement": wording::disagreement(story, tied),
        "evidence": tied.tie.evidence,
    })
}

fn copy(copy: &CopyCard) -> Value {
    json!({ "id": copy.story, "url": copy.url, "outlet": clean_line(&copy.outlet), "title": clean_line(&copy.title), "published": copy.published })
}

fn source(source: &SourceHealth) -> Value {
    json!({
        "name": clean_line(&source.name),
        "kind": source.kind,
        "url": source.url,
        "failures": source.failures,
        "failing_since": source.failing_since,
        "failure": source.failure,
        "detail": source.detail.as_deref().map(clean_line),
        "last_success": source.last_success,
        "last_new": source.last_new,
        "next_due": source.next_due,
    })
}
