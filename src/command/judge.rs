//! Judging: pending stories are put into clusters and tied to the stored reports, in the same order whatever arrived first.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;
use url::Url;

use crate::{
    dedupe::{
        address,
        fingerprint::{self, COPY},
    },
    model::{
        overview::ReportCard,
        report::{ReportId, ReportStatus},
        story::StoryId,
        verdict::StoryState,
    },
    store::{RunCounts, Store, Writer},
    tie::{
        features::{Candidate, ReportText},
        judge::Judge,
        prepared::Prepared,
    },
};

use super::{Trouble, progress::Progress};

/// Stories judged in one transaction.
const BATCH: usize = 100;
/// Reports whose text is kept in memory, some 0.5 MB each.
const TEXTS: usize = 128;
/// A shingle that more reports have is a set phrase of inspectors and points to none.
const MAX_HOLDERS: usize = 4;
/// Reports of other authorities that are looked at because they share text with the story.
const MAX_STRANGERS: usize = 3;
/// Shared shingles from which such a report is looked at.
const LEAST_SHARED: usize = 3;
/// Reports of each of the story's authorities that are looked at, newest first; older ones only where they share text.
const NEWEST: usize = 16;
/// Of each authority's full inspections, and of its other reports, so many of the newest are searched for the words of a
/// dated story; older ones only where they are known to share text.
const READ: usize = 3;
/// Reports looked at for one story.
const MAX_CANDIDATES: usize = 60;

/// Judges all pending stories.
pub struct Judging<'a> {
    judge: &'a Judge,
    texts: Texts,
    /// The reports last asked for, and whose they are.
    cards: Option<(Vec<String>, Arc<Vec<ReportCard>>)>,
    now: Timestamp,
}

impl<'a> Judging<'a> {
    pub fn new(judge: &'a Judge, now: Timestamp) -> Self {
        Self { judge, texts: Texts::default(), cards: None, now }
    }

    /// Goes on until nothing is pending.
    pub fn run(&mut self, store: &mut Store, counts: &mut RunCounts, progress: &Progress) -> Result<(), Trouble> {
        let all = store.pending_stories(usize::MAX)?;
        let total = all.len();
        self.cluster(&all, store)?;
        for (batch, ids) in all.chunks(BATCH).enumerate() {
            progress.tied(batch * BATCH, total);
            let tied = store.write(|writer| {
                let mut tied = 0;
                for id in ids {
                    tied += u32::from(self.judge_one(id, writer)?);
                }
                Ok::<_, Trouble>(tied)
            })?;
            counts.judged += u32::try_from(ids.len()).unwrap_or(u32::MAX);
            counts.tied += tied;
        }
        Ok(())
    }

    /// Judges one story; true where it came to be tied.
    fn judge_one(&mut self, id: &StoryId, writer: &Writer<'_>) -> Result<bool, Trouble> {
        let Some(story) = writer.story(id)? else { return Ok(false) };
        let before = writer.ties(id)?.iter().any(|tie| tie.state.holds());
        let prepared = self.judge.prepare(&story);
        let candidates = self.candidates(&prepared, writer)?;
        let judged = self.judge.judge(&prepared, &candidates);
        writer.set_judged(id, &judged, self.now)?;
        if let Some(waiting) = &judged.waiting_for {
            // Ofsted's page of that authority is looked at in the next run.
            let urn = self.judge.gazetteer().get(&waiting.authority).and_then(|authority| authority.urn.clone());
            if let Some(urn) = urn.filter(|_| !before) {
                writer.want_provider(&urn)?;
            }
        }
        Ok(judged.state == StoryState::Tied && !before)
    }

    /// The reports that a story may be about: the newest before it of each of its authorities, and, however old and of
    /// whatever authority, those that share rare text with it.
    pub fn candidates(&mut self, story: &Prepared, store: &Store) -> Result<Vec<Candidate>, Trouble> {
        let sharing = sharing(story, store)?;
        let mut newest: HashMap<Option<String>, usize> = HashMap::new();
        let wanted = |card: &&ReportCard| {
            if !is_candidate(card, story) {
                return false;
            }
            let of_authority = newest.entry(card.authority.clone()).or_default();
            *of_authority += 1;
            *of_authority <= NEWEST || sharing.iter().any(|(report, _)| *report == card.id)
        };
        let known = self.cards_of(self.judge.wanted(story), store)?;
        let mut cards: Vec<ReportCard> = known.iter().filter(wanted).take(MAX_CANDIDATES).cloned().collect();
        let strangers = sharing.iter().filter(|(_, count)| *count >= LEAST_SHARED).take(MAX_STRANGERS);
        for (id, _) in strangers {
            if cards.iter().all(|card| card.id != *id)
                && let Some(card) = store.report_card(id)?.filter(|card| is_candidate(card, story))
            {
                cards.push(card);
            }
        }
        let mut read: HashMap<(Option<String>, bool), usize> = HashMap::new();
        let mut candidates = Vec::with_capacity(cards.len());
        for card in cards {
            let of_kind = read.entry((card.authority.clone(), card.framework.is_full())).or_default();
            *of_kind += 1;
            let worth_reading = story.day.is_none() || *of_kind <= READ || sharing.iter().any(|(report, _)| *report == card.id);
            let text = if worth_reading { self.texts.of(&card.id, store)? } else { Arc::clone(&self.texts.none) };
            candidates.push(Candidate { text, card });
        }
        Ok(candidates)
    }

    /// The reports of some authorities, newest first; stories come by authority, so the last answer often serves again.
    fn cards_of(&mut self, authorities: Vec<String>, store: &Store) -> Result<Arc<Vec<ReportCard>>, Trouble> {
        if let Some((_, cards)) = self.cards.as_ref().filter(|(of, _)| *of == authorities) {
            return Ok(Arc::clone(cards));
        }
        let cards = Arc::new(store.report_cards_of(&authorities)?);
        self.cards = Some((authorities, Arc::clone(&cards)));
        Ok(cards)
    }

    /// Puts the stories into clusters with those they are copies of.
    fn cluster(&self, ids: &[StoryId], store: &mut Store) -> Result<(), Trouble> {
        for batch in ids.chunks(BATCH) {
            store.write(|writer| {
                for id in batch {
                    let Some(story) = writer.story(id)? else { continue };
                    if let Some(signature) = fingerprint::signature(&story.blocks) {
                        writer.set_fingerprint(id, &signature)?;
                    }
                    let number = Url::parse(&story.url).ok().and_then(|url| address::article_number(&url));
                    writer.set_article_number(id, number.as_deref())?;
                }
                for id in batch {
                    join_copies(id, writer)?;
                }
                Ok::<_, Trouble>(())
            })?;
        }
        Ok(())
    }
}

/// A report published after a dated story, or one that could not be read, is no candidate.
fn is_candidate(card: &ReportCard, story: &Prepared) -> bool {
    let before = story.day.is_none_or(|day| card.published.is_none_or(|published| published <= day));
    before && matches!(card.status, ReportStatus::Current | ReportStatus::Withdrawn)
}

/// Reports with which the story shares rare runs of words, and how many, most first.
fn sharing(story: &Prepared, store: &Store) -> Result<Vec<(ReportId, usize)>, Trouble> {
    let hashes: Vec<u64> = story.shingles.iter().map(|(hash, _)| *hash).collect();
    let mut shared: HashMap<ReportId, usize> = HashMap::new();
    for hit in store.shingle_hits(&hashes, MAX_HOLDERS)? {
        let mut holders: Vec<&ReportId> = hit.places.iter().map(|(report, _)| report).collect();
        holders.dedup();
        for report in holders {
            *shared.entry(report.clone()).or_default() += 1;
        }
    }
    let mut shared: Vec<(ReportId, usize)> = shared.into_iter().collect();
    shared.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    Ok(shared)
}

/// Days between a piece and its copies; pages made from one template, years apart, are not copies.
const COPY_DAYS: i64 = 45;

fn near_in_time(one: &StoryId, other: &StoryId, writer: &Writer<'_>) -> Result<bool, Trouble> {
    let day = |id| Ok::<_, Trouble>(writer.story(id)?.and_then(|story| story.published));
    let apart = day(one)?.zip(day(other)?).map(|(one, other)| one.duration_since(other).abs().as_hours());
    Ok(apart.is_none_or(|hours| hours <= 24 * COPY_DAYS))
}

/// Joins a story's cluster with those of its copies: the same article elsewhere, also behind a wall, and the same text
/// within some weeks. The first published gives the cluster its id.
fn join_copies(id: &StoryId, writer: &Writer<'_>) -> Result<(), Trouble> {
    let mut members: Vec<StoryId> = vec![id.clone()];
    members.extend(writer.stories_of_same_article(id)?);
    if let Some(own) = writer.fingerprint(id)? {
        let copies = writer.fingerprint_candidates(id)?.into_iter().filter(|(_, other)| fingerprint::likeness(&own, other) >= COPY);
        for (copy, _) in copies {
            if near_in_time(id, &copy, writer)? {
                members.push(copy);
            }
        }
    }
    if members.len() == 1 {
        return Ok(());
    }
    let mut all: Vec<StoryId> = Vec::new();
    for member in members {
        let cluster = writer.cluster_of(&member)?;
        for other in writer.story_ids_of_cluster(&cluster)? {
            if !all.contains(&other) {
                all.push(other);
            }
        }
    }
    let mut dated = Vec::new();
    for member in all {
        if let Some(story) = writer.story(&member)? {
            dated.push((story.published.unwrap_or(story.first_seen), member));
        }
    }
    dated.sort();
    let Some((_, first)) = dated.first().cloned() else { return Ok(()) };
    let clusters: Vec<(StoryId, StoryId)> = dated.into_iter().map(|(_, member)| (member, first.clone())).collect();
    writer.set_clusters(&clusters)?;
    Ok(())
}

/// Texts of reports, the latest used kept.
struct Texts {
    kept: HashMap<ReportId, (Arc<ReportText>, u64)>,
    /// For reports whose text is not looked at.
    none: Arc<ReportText>,
    clock: u64,
}

impl Default for Texts {
    fn default() -> Self {
        Self { kept: HashMap::new(), none: Arc::new(ReportText::new(Vec::new())), clock: 0 }
    }
}

impl Texts {
    fn of(&mut self, id: &ReportId, store: &Store) -> Result<Arc<ReportText>, Trouble> {
        self.clock += 1;
        if let Some((text, used)) = self.kept.get_mut(id) {
            *used = self.clock;
            return Ok(Arc::clone(text));
        }
        if self.kept.len() >= TEXTS
            && let Some(oldest) = self.kept.iter().min_by_key(|(_, (_, used))| *used).map(|(id, _)| id.clone())
        {
            self.kept.remove(&oldest);
        }
        let text = Arc::new(ReportText::new(store.passages(id)?));
        self.kept.insert(id.clone(), (Arc::clone(&text), self.clock));
        Ok(text)
    }
}
