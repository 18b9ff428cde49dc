//! Judging: pending pieces are judged copy by copy, put together anew, and tied to the stored reports, in the same order
//! whatever arrived first. A batch is read and judged without a lock and then written in one short transaction, so that a
//! person's decision made meanwhile succeeds at once, and stands.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};

use crate::{
    dedupe::{heir, piece},
    model::{
        piece::{Settled, United},
        story::StoryId,
        verdict::{Judged, WaitingFor},
        work::Job,
    },
    store::{RunCounts, Store, Writer},
    tie::judge::Judge,
};

use super::{Halt, Watcher, candidates::Candidates, copies, settle::want, stop::Stop};

/// Ofsted's page of an authority whose report a story waits for is looked at after this time.
const LOOK_AFTER: SignedDuration = SignedDuration::from_hours(6);
/// Stories judged, at least, before they are written.
const BATCH: usize = 100;
/// Pending stories from which a second core judges beside the first: it keeps pages and texts of its own in memory.
const MANY: usize = 500;
/// Pending stories from which all shingles of the reports are read first, to look up only those that may be there.
const SIFTED: usize = 1_000;
/// Pages of the file that the second keeps, in KiB.
const SECOND_CACHE: u32 = 8 * 1024;

/// Judges all pending pieces.
pub struct Judging<'a> {
    judge: &'a Judge,
    candidates: Candidates<'a>,
    /// The database once more, for a second core, where there is much to judge.
    second: Option<(Store, Candidates<'a>)>,
    now: Timestamp,
}

/// Stories that may be copies of each other, as judged.
struct CopyFamily {
    readings: HashMap<StoryId, Reading>,
    /// Which of them are one piece.
    pieces: Vec<Vec<StoryId>>,
}

struct Reading {
    judged: Judged,
    /// When its text was last seen to differ: the text that was judged.
    changed: Option<Timestamp>,
}

impl<'a> Judging<'a> {
    pub fn new(judge: &'a Judge, now: Timestamp) -> Self {
        Self { judge, candidates: Candidates::new(judge), second: None, now }
    }

    /// Judges what is pending when it begins, or as much as there is time for.
    pub fn run(&mut self, store: &mut Store, counts: &mut RunCounts, watch: &dyn Watcher, stop: &Stop) -> Result<(), Halt> {
        let pending = store.pending_stories(usize::MAX)?;
        copies::sign(&pending, store)?;
        if pending.len() > MANY
            && let Some(path) = store.path()
        {
            // What was kept while fetching is of little use here.
            store.let_go()?;
            let second = Store::open_stored(path)?;
            second.set_cache(SECOND_CACHE)?;
            self.second = Some((second, Candidates::new(self.judge)));
        }
        let mut sieve = if pending.len() > SIFTED { Some(Arc::new(store.sieve()?)) } else { None };
        let mut done = HashSet::new();
        let mut rest = pending.iter();
        while !rest.as_slice().is_empty() && !stop.is_asked() {
            // Reports that came meanwhile are not in it.
            if let Some(made) = &sieve
                && !made.holds(store)?
            {
                sieve = None;
            }
            self.candidates.sift(sieve.clone());
            self.second.iter_mut().for_each(|(_, candidates)| candidates.sift(sieve.clone()));
            let families = store.read(|store| self.read(&mut rest, &mut done, store, &|done| watch.tied(done, pending.len().max(done))))?;
            counts.tied += store.write(|writer| self.write(families, writer))?;
        }
        counts.judged += u32::try_from(done.len()).unwrap_or(u32::MAX);
        Ok(())
    }

    /// Judges the next families, some hundred stories, half of them beside the others; nothing is written.
    fn read(
        &mut self,
        rest: &mut std::slice::Iter<'_, StoryId>,
        done: &mut HashSet<StoryId>,
        store: &Store,
        watch: &dyn Fn(usize),
    ) -> Result<Vec<CopyFamily>, Halt> {
        let families = next(rest, done, store)?;
        let judge = self.judge;
        let (own, others) = families.split_at(if self.second.is_some() { families.len().div_ceil(2) } else { families.len() });
        let judged = std::thread::scope(|scope| {
            let beside = self.second.as_mut().filter(|_| !others.is_empty());
            let beside = beside.map(|(store, candidates)| scope.spawn(move || store.read(|store| all(judge, others, candidates, store))));
            let mut judged = all(judge, own, &mut self.candidates, store)?;
            if let Some(beside) = beside {
                judged.extend(beside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
            }
            Ok(judged)
        });
        watch(done.len());
        judged
    }

    /// Writes what was judged; gives how many stories came to be tied.
    fn write(&self, families: Vec<CopyFamily>, writer: &Writer<'_>) -> Result<u32, Halt> {
        families.into_iter().map(|family| self.settle(family, writer)).sum()
    }

    fn settle(&self, mut family: CopyFamily, writer: &Writer<'_>) -> Result<u32, Halt> {
        let stories: Vec<StoryId> = family.readings.keys().cloned().collect();
        let formers = writer.formers(&stories)?;
        // A person may have deleted a story meanwhile.
        let there: HashSet<&StoryId> = formers.iter().flat_map(|former| &former.copies).collect();
        family.pieces.iter_mut().for_each(|piece| piece.retain(|copy| there.contains(copy)));
        family.pieces.retain(|piece| !piece.is_empty());
        let taken = writer.pieces_named(&stories)?;
        let heirs = heir::inherit(&family.pieces, &formers, |id| taken.contains(id));
        let mut settled = Vec::with_capacity(heirs.len());
        for (heir, copies) in heirs.into_iter().zip(family.pieces) {
            for copy in &copies {
                writer.set_reading(copy, &family.readings[copy].judged, self.now)?;
            }
            let united = United::of(copies.iter().map(|copy| (copy, &family.readings[copy].judged)));
            settled.push(Settled { heir, copies, united });
        }
        let turns = writer.settle(&settled, &formers, self.now)?;
        let mut tied = 0;
        for (piece, turn) in settled.iter().zip(turns) {
            if turn.is_tied && !turn.was_tied {
                tied += u32::try_from(piece.copies.len()).unwrap_or(u32::MAX);
            }
            if let Some(waiting) = piece.united.waiting_for.as_ref().filter(|_| !turn.is_tied) {
                self.ask(waiting, writer)?;
            }
            if self.is_stale(&piece.copies, &family.readings, writer)? {
                piece.copies.iter().take(1).try_for_each(|copy| writer.mark_pending(copy))?;
            }
        }
        Ok(tied)
    }

    /// Ofsted's page of the authority is looked at soon, and not at every story that waits.
    fn ask(&self, waiting: &WaitingFor, writer: &Writer<'_>) -> Result<(), Halt> {
        if let Some(urn) = self.judge.gazetteer().get(&waiting.authority).and_then(|authority| authority.urn.clone()) {
            want(writer, &Job::Provider(urn), self.now.checked_add(LOOK_AFTER).unwrap_or(self.now))?;
        }
        Ok(())
    }

    /// True where a text changed while it was judged.
    fn is_stale(&self, copies: &[StoryId], readings: &HashMap<StoryId, Reading>, writer: &Writer<'_>) -> Result<bool, Halt> {
        for copy in copies {
            if writer.story_changed(copy)? != readings[copy].changed {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The next families, some hundred stories.
fn next(rest: &mut std::slice::Iter<'_, StoryId>, done: &mut HashSet<StoryId>, store: &Store) -> Result<Vec<Vec<StoryId>>, Halt> {
    let before = done.len();
    let mut families = Vec::new();
    for id in rest.by_ref() {
        if !done.contains(id) && store.story_published(id).is_ok() {
            let stories = copies::family(id, done, store)?;
            done.extend(stories.iter().cloned());
            families.push(stories);
        }
        if done.len() - before >= BATCH {
            break;
        }
    }
    Ok(families)
}

fn all(judge: &Judge, families: &[Vec<StoryId>], candidates: &mut Candidates<'_>, store: &Store) -> Result<Vec<CopyFamily>, Halt> {
    families.iter().map(|stories| family(judge, stories, candidates, store)).collect()
}

/// Judges stories one by one, and says which of them are one piece.
fn family(judge: &Judge, stories: &[StoryId], candidates: &mut Candidates<'_>, store: &Store) -> Result<CopyFamily, Halt> {
    let mut readings = HashMap::new();
    let mut copies = Vec::new();
    for id in stories {
        let Some(story) = store.story(id)? else { continue };
        let prepared = judge.prepare(&story);
        // Most stories of a wide net are not ours, and need no reports.
        let candidates = if judge.wants_reports(&prepared) { candidates.of(&prepared, store)? } else { Vec::new() };
        let judged = judge.judge(&prepared, &candidates);
        if stories.len() > 1 {
            copies.push(copies::copy(&story, &judged, &candidates, store)?);
        }
        readings.insert(story.id, Reading { judged, changed: story.changed });
    }
    let pieces = if copies.is_empty() { vec![stories.to_vec()] } else { piece::pieces(&copies) };
    Ok(CopyFamily { readings, pieces })
}
