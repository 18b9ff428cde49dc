//! Letting go, at the end of a run and once a day: what stories that are not ours hold goes first, in steps so small that nobody
//! waits for them.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::{
    model::keep::{LetGo, Lifetimes},
    store::{Store, Writer},
};

use super::{Halt, stop::Stop};

/// Stories of one transaction.
const STEP: u32 = 50;
/// Stories of one run; the next goes on.
const MOST: u32 = 2_000;
/// What is as young stays, however full the database is.
const YOUNG: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What goes, in this order.
const ORDER: [What; 3] = [What::UnrelatedPages, What::UnrelatedTexts, What::Pages];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    UnrelatedPages,
    UnrelatedTexts,
    Pages,
}

/// Lets go of what is older than its lifetime, then of the oldest as long as the database is too large; and gives free pages of
/// the file back.
///
/// # Errors
/// Where the database fails.
pub fn let_go(store: &mut Store, lifetimes: &Lifetimes, stop: &Stop, now: Timestamp) -> Result<LetGo, Halt> {
    let (rules, mut gone, mut left) = (format!("{lifetimes:?}"), LetGo::default(), MOST);
    pack_older(store, stop, now)?;
    if !store.may_let_go(&rules, now)? {
        store.shrink()?;
        return Ok(gone);
    }
    let before = store.used()?;
    for what in ORDER {
        let lifetime = match what {
            What::UnrelatedPages => lifetimes.unrelated_pages,
            What::UnrelatedTexts => lifetimes.unrelated_texts,
            What::Pages => lifetimes.pages,
        };
        if let Some(lifetime) = lifetime {
            let until = earlier(now, lifetime);
            while left > 0 && !stop.is_asked() && step(store, what, until, &mut gone, &mut left, now)? {}
        }
    }
    for what in ORDER {
        let until = now.checked_sub(YOUNG).unwrap_or(Timestamp::MIN);
        while left > 0 && !stop.is_asked() && is_full(store, lifetimes.size)? && step(store, what, until, &mut gone, &mut left, now)? {}
    }
    if left > 0 && !stop.is_asked() {
        store.write(|writer| writer.set_made_with("retention", &rules, now))?;
    }
    gone.bytes = before.saturating_sub(store.used()?);
    store.shrink()?;
    Ok(gone)
}

/// Packs texts that versions before left as they are, of so many stories that a run is hardly longer for it.
fn pack_older(store: &mut Store, stop: &Stop, now: Timestamp) -> Result<(), Halt> {
    for _ in 0..MOST / STEP {
        if stop.is_asked() || store.write(|writer| writer.pack_older(STEP, now))? < STEP {
            break;
        }
    }
    Ok(())
}

fn is_full(store: &Store, size: Option<u64>) -> Result<bool, Halt> {
    let Some(size) = size else { return Ok(false) };
    Ok(store.used()? > size)
}

/// One transaction; true where there may be more.
fn step(store: &mut Store, what: What, until: Timestamp, gone: &mut LetGo, left: &mut u32, now: Timestamp) -> Result<bool, Halt> {
    let limit = STEP.min(*left);
    let (things, texts, pages) = store.write(|writer: &Writer<'_>| match what {
        What::UnrelatedTexts => writer.fade(until, limit, now),
        What::UnrelatedPages | What::Pages => {
            writer.let_pages_go(what == What::Pages, until, limit).map(|(stories, pages)| (stories, 0, pages))
        }
    })?;
    *left = left.saturating_sub(things);
    gone.texts += texts;
    gone.pages += pages;
    Ok(things == limit)
}

/// The moment before which what lives so long is past its time.
pub fn earlier(now: Timestamp, lifetime: Duration) -> Timestamp {
    now.checked_sub(lifetime).unwrap_or(Timestamp::MIN)
}
