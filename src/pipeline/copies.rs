//! Families: stories that may be copies of each other, and so are judged together. Which of them are is decided in
//! [`crate::dedupe::piece`].

use std::collections::{HashSet, VecDeque};

use url::Url;

use crate::{
    dedupe::{
        address,
        figures::Figures,
        fingerprint::{self, COPY},
        piece::{About, Copy, near_in_time},
    },
    model::{
        story::{Story, StoryId},
        verdict::Judged,
    },
    store::{Store, Writer},
    tie::features::Candidate,
};

use super::Halt;

/// Stories whose signatures are worked out at a time.
const BATCH: usize = 100;
/// Stories looked at together. A text has some dozens of copies at most; what has more is a template, whose pages are in
/// one family without being one piece.
const MAX_FAMILY: usize = 200;

/// Brings signatures and article numbers of these stories up to their texts.
pub fn sign(ids: &[StoryId], store: &mut Store) -> Result<(), Halt> {
    for batch in ids.chunks(BATCH) {
        let signed = store.read(|store| {
            let mut signed = Vec::with_capacity(batch.len());
            for id in batch {
                let Some(story) = store.story(id)? else { continue };
                let signature = fingerprint::signature(&story.blocks);
                let number = number(&story);
                if store.fingerprint(id)? != signature || store.article_number(id)? != number {
                    signed.push((story.id, signature, number));
                }
            }
            Ok::<_, Halt>(signed)
        })?;
        if !signed.is_empty() {
            store.write(|writer| {
                signed.iter().try_for_each(|(id, signature, number)| put(id, signature.as_deref(), number.as_deref(), writer))
            })?;
        }
    }
    Ok(())
}

fn put(id: &StoryId, signature: Option<&[u64]>, number: Option<&str>, writer: &Writer<'_>) -> Result<(), Halt> {
    // Nobody else writes texts meanwhile, but a person may delete one.
    if writer.story(id)?.is_some() {
        writer.set_fingerprint(id, signature)?;
        writer.set_article_number(id, number)?;
    }
    Ok(())
}

fn number(story: &Story) -> Option<String> {
    Url::parse(&story.url).ok().and_then(|url| address::article_number(&url))
}

/// The pieces that a story may be a copy of, and those that their copies may be copies of, all with their copies: the
/// story's own first, then the nearest. Pieces of stories that are `done` are left out.
pub fn family(id: &StoryId, done: &HashSet<StoryId>, store: &Store) -> Result<Vec<StoryId>, Halt> {
    let mut found: Vec<StoryId> = Vec::new();
    let mut known = HashSet::new();
    let mut open = VecDeque::from([store.piece_of(id)?]);
    while let Some(piece) = open.pop_front().filter(|_| found.len() < MAX_FAMILY) {
        if !known.insert(piece.clone()) {
            continue;
        }
        for copy in store.copies_of(&piece)?.into_iter().filter(|copy| !done.contains(copy)) {
            for other in near(&copy, store)? {
                open.push_back(store.piece_of(&other)?);
            }
            found.push(copy);
        }
    }
    Ok(found)
}

/// The stories that share text with this one, or its article's number, at about the same time.
fn near(id: &StoryId, store: &Store) -> Result<Vec<StoryId>, Halt> {
    let mut near = store.stories_of_same_article(id)?;
    if let Some(own) = store.fingerprint(id)? {
        let published = store.story_published(id)?;
        let alike = store
            .fingerprint_candidates(id)?
            .into_iter()
            .filter(|other| fingerprint::likeness(&own, &other.signature) >= COPY && near_in_time(published, other.published));
        near.extend(alike.map(|other| other.story));
    }
    Ok(near)
}

/// A judged story as far as it decides which piece it is a copy of.
pub fn copy(story: &Story, judged: &Judged, candidates: &[Candidate], store: &Store) -> Result<Copy, Halt> {
    let held = judged.ties.iter().filter(|tie| tie.state.holds()).map(|tie| &tie.report);
    let cards = held.filter_map(|report| candidates.iter().map(|candidate| &candidate.card).find(|card| card.id == *report));
    Ok(Copy {
        id: story.id.clone(),
        title: story.title.clone(),
        published: story.published,
        signature: store.fingerprint(&story.id)?,
        number: number(story),
        figures: Figures::of(&story.blocks),
        about: About {
            authorities: judged.authorities.clone(),
            reports: cards.map(|card| (card.id.clone(), card.framework)).collect(),
            possible: judged.ties.iter().map(|tie| tie.report.clone()).collect(),
            waiting_for: judged.waiting_for.clone(),
        },
        review: store.review_by(&story.id)?,
    })
}
