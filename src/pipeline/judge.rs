//! Judging: pending stories are put into clusters and tied to the stored reports, in the same order whatever arrived first.

use jiff::Timestamp;

use crate::{
    model::{story::StoryId, verdict::StoryState, work::Job},
    store::{RunCounts, Store, Writer},
    tie::judge::Judge,
};

use super::{Halt, Watch, candidates::Candidates, copies, settle::want, stop::Stop};

/// Stories judged in one transaction.
const BATCH: usize = 100;

/// Judges all pending stories.
pub struct Judging<'a> {
    judge: &'a Judge,
    candidates: Candidates<'a>,
    now: Timestamp,
}

impl<'a> Judging<'a> {
    pub fn new(judge: &'a Judge, now: Timestamp) -> Self {
        Self { judge, candidates: Candidates::new(judge), now }
    }

    /// Goes on until nothing is pending.
    pub fn run(&mut self, store: &mut Store, counts: &mut RunCounts, watch: &dyn Watch, stop: &Stop) -> Result<(), Halt> {
        let all = store.pending_stories(usize::MAX)?;
        let total = all.len();
        copies::cluster(&all, store)?;
        for (batch, ids) in all.chunks(BATCH).enumerate() {
            if stop.is_asked() {
                break;
            }
            watch.tied(batch * BATCH, total);
            let tied = store.write(|writer| {
                let mut tied = 0;
                for id in ids {
                    tied += u32::from(self.judge_one(id, writer)?);
                }
                Ok::<_, Halt>(tied)
            })?;
            counts.judged += u32::try_from(ids.len()).unwrap_or(u32::MAX);
            counts.tied += tied;
        }
        Ok(())
    }

    /// Judges one story; true where it came to be tied.
    fn judge_one(&mut self, id: &StoryId, writer: &Writer<'_>) -> Result<bool, Halt> {
        let Some(story) = writer.story(id)? else { return Ok(false) };
        let before = writer.ties(id)?.iter().any(|tie| tie.state.holds());
        let prepared = self.judge.prepare(&story);
        let candidates = self.candidates.of(&prepared, writer)?;
        let judged = self.judge.judge(&prepared, &candidates);
        writer.set_judged(id, &judged, self.now)?;
        if let Some(waiting) = &judged.waiting_for {
            // Ofsted's page of that authority is looked at in the next run.
            let urn = self.judge.gazetteer().get(&waiting.authority).and_then(|authority| authority.urn.clone());
            if let Some(urn) = urn.filter(|_| !before) {
                want(writer, &Job::Provider(urn), self.now)?;
            }
        }
        Ok(judged.state == StoryState::Tied && !before)
    }
}
