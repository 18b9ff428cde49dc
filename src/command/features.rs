//! `features`: what speaks for and against each candidate tie, one JSON object a line, for fitting the weights.

use std::io::{self, BufWriter, Write};

use jiff::civil::Date;
use serde_json::{Value, json};

use super::{Context, Exit, Trouble};
use crate::{
    config,
    model::{overview::StoryCard, story::Story},
    pipeline::candidates::Candidates,
    store::StoryFilter,
    tie::{
        event::EventReading,
        features::{Candidate, Findings, NAMES},
        judge::Judge,
        prepared::Prepared,
        when,
    },
};

/// Every story with each of its candidates: as it is; once more without its date, since many real pages bear none; and as
/// it would have been judged before its report was stored.
///
/// # Errors
/// Where there is no database, or stdout cannot be written.
pub fn run(context: &Context) -> Result<Exit, Trouble> {
    each(context, |judge, variant, card, prepared, candidates| {
        let line = |candidate: &Candidate, findings: Findings| {
            json!({
                "story": card.id,
                "story_url": card.url,
                "variant": variant,
                "report": candidate.card.id,
                "report_url": candidate.card.url,
                "authority": candidate.card.authority,
                "relevant": card.relevant,
                "read": findings.reading.as_deref().map(read),
                "values": named(NAMES.into_iter().zip(findings.values)),
            })
        };
        candidates.iter().zip(judge.findings(prepared, &candidates)).map(|(candidate, findings)| line(candidate, findings)).collect()
    })
}

/// Every story in the same three ways, with what speaks for and against news of an inspection that no report is stored of.
///
/// # Errors
/// Where there is no database, or stdout cannot be written.
pub fn unseen(context: &Context) -> Result<Exit, Trouble> {
    each(context, |judge, variant, card, prepared, candidates| {
        let line = |(authority, signs)| {
            json!({
                "story_url": card.url, "variant": variant, "authority": authority, "relevant": card.relevant, "signs": named(signs),
            })
        };
        judge.signs(prepared, &candidates).into_iter().map(line).collect()
    })
}

/// Prints what is to be said of each story in each variant, a line each.
fn each(context: &Context, lines: impl Fn(&Judge, &str, &StoryCard, &Prepared, Vec<Candidate>) -> Vec<Value>) -> Result<Exit, Trouble> {
    let store = context.stored()?;
    let judge = Judge::new(config::gazetteer()?)?;
    let mut all = Candidates::new(&judge);
    let mut out = BufWriter::new(io::stdout().lock());
    store.each_story_card(&StoryFilter::default(), |card| {
        let Some(story) = store.story(&card.id)? else { return Ok(()) };
        for variant in ["as-is", "undated", "early"] {
            let story = Story { published: story.published.filter(|_| variant != "undated"), ..story.clone() };
            let prepared = judge.prepare(&story);
            let mut candidates = all.of(&prepared, &store)?;
            if variant == "early" {
                candidates.retain(|candidate| is_older(candidate.card.published, prepared.day));
            }
            for line in lines(&judge, variant, &card, &prepared, candidates) {
                writeln!(out, "{line}")?;
            }
        }
        Ok::<_, Trouble>(())
    })?;
    out.flush()?;
    Ok(Exit::Well)
}

/// What the story says of the authority's inspections, for whoever asks why.
fn read(reading: &EventReading) -> Value {
    let events = reading.events.iter().map(|event| {
        let when = event.when.iter().map(|time| format!("{} to {}", time.from, time.to)).collect::<Vec<_>>();
        let grades = event.grades.iter().map(|said| said.grade.as_str()).collect::<Vec<_>>();
        json!({"standing": format!("{:?}", event.standing), "kind": event.kind.map(|kind| format!("{kind:?}")), "when": when, "grades": grades})
    });
    json!({
        "announced": reading.announced, "fresh": reading.fresh, "follow_up": reading.follow_up, "graded": reading.graded,
        "events": events.collect::<Vec<_>>(),
    })
}

/// Published so long before the story that another report may have come between.
fn is_older(report: Option<Date>, story: Option<Date>) -> bool {
    story.zip(report).is_some_and(|(story, report)| when::days(report, story) > EARLIER)
}

/// Days before a story whose reports are taken as not yet stored.
const EARLIER: i32 = 75;

fn named(values: impl IntoIterator<Item = (&'static str, f64)>) -> Value {
    // Adding zero takes the sign off a negative zero.
    Value::Object(values.into_iter().map(|(name, value)| (name.to_owned(), json!(value + 0.0))).collect())
}
