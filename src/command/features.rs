//! `features`: what speaks for and against each candidate tie, one JSON object a line, for fitting the weights.

use std::io::{self, BufWriter, Write};

use serde_json::{Map, Value, json};

use super::{Context, Exit, Trouble};
use crate::{
    config,
    model::story::Story,
    pipeline::candidates::Candidates,
    store::StoryFilter,
    tie::{
        features::{Findings, NAMES},
        judge::Judge,
    },
};

/// Every relevant story with each of its candidates: as it is, and once more without its date, since many real pages bear
/// none.
///
/// # Errors
/// Where there is no database, or stdout cannot be written.
pub fn run(context: &Context) -> Result<Exit, Trouble> {
    let store = context.stored()?;
    let judge = Judge::new(config::gazetteer()?)?;
    let mut all = Candidates::new(&judge);
    let mut out = BufWriter::new(io::stdout().lock());
    let filter = StoryFilter { relevant: Some(true), ..StoryFilter::default() };
    store.each_story_card(&filter, |card| {
        let Some(story) = store.story(&card.id)? else { return Ok(()) };
        for dated in [true, false] {
            let story = Story { published: story.published.filter(|_| dated), ..story.clone() };
            let prepared = judge.prepare(&story);
            let candidates = all.of(&prepared, &store)?;
            for (candidate, findings) in candidates.iter().zip(judge.findings(&prepared, &candidates)) {
                let line = json!({
                    "story": card.id,
                    "story_url": card.url,
                    "dated": dated,
                    "report": candidate.card.id,
                    "report_url": candidate.card.url,
                    "authority": candidate.card.authority,
                    "relevant": card.relevant,
                    "values": values(&findings),
                });
                writeln!(out, "{line}")?;
            }
        }
        Ok::<_, Trouble>(())
    })?;
    out.flush()?;
    Ok(Exit::Well)
}

fn values(findings: &Findings) -> Value {
    // Adding zero takes the sign off a negative zero.
    let pairs = NAMES.iter().zip(findings.values).map(|(name, value)| ((*name).to_owned(), json!(value + 0.0)));
    Value::Object(pairs.collect::<Map<_, _>>())
}
