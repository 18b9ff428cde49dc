//! Which reports a story may be about: those of its authorities, and those that share rare text with it.

use std::{collections::HashMap, sync::Arc};

use jiff::civil::Date;

use crate::{
    model::{
        overview::ReportCard,
        report::{ReportId, ReportStatus},
    },
    store::{KnownReport, Sieve, Store},
    tie::{
        features::{Candidate, ReportText},
        judge::Judge,
        prepared::Prepared,
    },
};

use super::Halt;

/// Reports whose text is kept in memory, some 0.5 MB each.
const TEXTS: usize = 24;
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

/// Finds candidates, keeping what was looked up last.
pub struct Candidates<'a> {
    judge: &'a Judge,
    texts: Texts,
    /// The reports last asked for, and whose they are.
    known: Option<(Vec<String>, Arc<Vec<KnownReport>>)>,
    /// Those of them that were looked at.
    cards: HashMap<ReportId, Arc<ReportCard>>,
    /// Which shingles are not worth looking up, where there are many stories.
    sieve: Option<Arc<Sieve>>,
}

impl<'a> Candidates<'a> {
    pub fn new(judge: &'a Judge) -> Self {
        Self { judge, texts: Texts::default(), known: None, cards: HashMap::new(), sieve: None }
    }

    /// Looks up from now on only what passes a sieve.
    pub fn sift(&mut self, sieve: Option<Arc<Sieve>>) {
        self.sieve = sieve;
    }

    /// The reports that a story may be about: the newest before it of each of its authorities, and, however old and of
    /// whatever authority, those that share rare text with it.
    pub fn of(&mut self, story: &Prepared, store: &Store) -> Result<Vec<Candidate>, Halt> {
        let sharing = sharing(story, self.sieve.as_deref(), store)?;
        let mut newest: HashMap<Option<String>, usize> = HashMap::new();
        let wanted = |report: &&KnownReport| {
            if !is_candidate(report.published, report.inspected, report.status, story) {
                return false;
            }
            let of_authority = newest.entry(report.authority.clone()).or_default();
            *of_authority += 1;
            *of_authority <= NEWEST || sharing.iter().any(|(other, _)| *other == report.id)
        };
        let known = self.reports_of(self.judge.wanted(story), store)?;
        let mut cards: Vec<Arc<ReportCard>> = Vec::new();
        for report in known.iter().filter(wanted).take(MAX_CANDIDATES) {
            cards.extend(self.card(&report.id, store)?);
        }
        let strangers = sharing.iter().filter(|(_, count)| *count >= LEAST_SHARED).take(MAX_STRANGERS);
        for (id, _) in strangers {
            if cards.iter().all(|card| card.id != *id)
                && let Some(card) = self.card(id, store)?.filter(|card| is_candidate(card.published, card.inspected(), card.status, story))
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
    fn reports_of(&mut self, authorities: Vec<String>, store: &Store) -> Result<Arc<Vec<KnownReport>>, Halt> {
        if let Some((_, known)) = self.known.as_ref().filter(|(of, _)| *of == authorities) {
            return Ok(Arc::clone(known));
        }
        let known = Arc::new(store.known_reports_of(&authorities)?);
        self.known = Some((authorities, Arc::clone(&known)));
        self.cards.clear();
        Ok(known)
    }

    fn card(&mut self, id: &ReportId, store: &Store) -> Result<Option<Arc<ReportCard>>, Halt> {
        if let Some(card) = self.cards.get(id) {
            return Ok(Some(Arc::clone(card)));
        }
        let Some(card) = store.report_card(id)?.map(Arc::new) else { return Ok(None) };
        self.cards.insert(id.clone(), Arc::clone(&card));
        Ok(Some(card))
    }
}

/// A report published after the story is no candidate, unless the story is of the evening before, announces one, or was written
/// while inspectors were there; nor is one that could not be read.
fn is_candidate(published: Option<Date>, inspected: Option<(Date, Date)>, status: ReportStatus, story: &Prepared) -> bool {
    story.can_be_about(published, inspected) && matches!(status, ReportStatus::Current | ReportStatus::Withdrawn)
}

/// Reports with which the story shares rare runs of words, and how many, most first.
fn sharing(story: &Prepared, sieve: Option<&Sieve>, store: &Store) -> Result<Vec<(ReportId, usize)>, Halt> {
    let worth = |hash: &u64| sieve.is_none_or(|sieve| sieve.may_have(*hash));
    let hashes: Vec<u64> = story.shingles.iter().map(|(hash, _)| *hash).filter(worth).collect();
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
    fn of(&mut self, id: &ReportId, store: &Store) -> Result<Arc<ReportText>, Halt> {
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
