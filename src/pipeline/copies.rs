//! Copies of one piece are put into one cluster.

use url::Url;

use crate::{
    dedupe::{
        address,
        fingerprint::{self, COPY},
    },
    model::story::StoryId,
    store::{Store, Writer},
};

use super::Halt;

/// Stories looked at in one transaction.
const BATCH: usize = 100;

/// Puts the stories into clusters with those they are copies of.
pub fn cluster(ids: &[StoryId], store: &mut Store) -> Result<(), Halt> {
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
            Ok::<_, Halt>(())
        })?;
    }
    Ok(())
}

/// Days between a piece and its copies; pages made from one template, years apart, are not copies.
const COPY_DAYS: i64 = 45;

fn near_in_time(one: &StoryId, other: &StoryId, writer: &Writer<'_>) -> Result<bool, Halt> {
    let day = |id| Ok::<_, Halt>(writer.story(id)?.and_then(|story| story.published));
    let apart = day(one)?.zip(day(other)?).map(|(one, other)| one.duration_since(other).abs().as_hours());
    Ok(apart.is_none_or(|hours| hours <= 24 * COPY_DAYS))
}

/// Joins a story's cluster with those of its copies: the same article elsewhere, also behind a wall, and the same text
/// within some weeks. The first published gives the cluster its id.
fn join_copies(id: &StoryId, writer: &Writer<'_>) -> Result<(), Halt> {
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
