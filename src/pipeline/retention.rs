//! Letting go, at the end of a run and once a day: what stories that are not ours hold goes first, in steps so small that nobody
//! waits for them.

use std::{
    mem,
    time::{Duration, Instant},
};

use jiff::Timestamp;

use crate::{
    model::keep::{LetGo, Lifetimes},
    store::{Store, StoreError, Sweep, Writer},
};

use super::{Halt, stop::Stop};

/// What is looked at in one transaction.
const STEP: u32 = 50;
/// The same where there is hardly any time: one text less to find takes some milliseconds.
const SHORT_STEP: u32 = 2;
/// Stories of one run; the next goes on.
const MOST: u32 = 2_000;
/// How long it may take behind a run that asked or judged something, and behind one that had nothing to do.
const PATIENCE: Duration = Duration::from_secs(3);
const SHORT_PATIENCE: Duration = Duration::from_millis(15);
/// What is as young stays, however full the database is.
const YOUNG: Duration = Duration::from_secs(7 * 24 * 3600);

/// What goes, in this order.
const ORDER: [What; 3] = [What::UnrelatedPages, What::UnrelatedTexts, What::Pages];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    UnrelatedPages,
    UnrelatedTexts,
    Pages,
}

/// Why something goes, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// It is past its lifetime.
    Old,
    /// The database is too large.
    Full,
}

/// How much may still be done, and what was.
struct Housekeeping<'a> {
    stop: &'a Stop,
    until: Instant,
    step: u32,
    left: u32,
    now: Timestamp,
    gone: LetGo,
}

impl Housekeeping<'_> {
    fn is_over(&self) -> bool {
        self.left == 0 || self.stop.is_asked() || Instant::now() >= self.until
    }
}

/// Lets go of what is older than its lifetime, then of the oldest as long as the database is too large; and gives free pages of
/// the file back. A run that had nothing to do (`idle`) is hardly longer for it; whatever is left, the next one goes on with.
///
/// # Errors
/// Where the database fails.
pub fn let_go(store: &mut Store, lifetimes: &Lifetimes, idle: bool, stop: &Stop, now: Timestamp) -> Result<LetGo, Halt> {
    let (step, patience) = if idle { (SHORT_STEP, SHORT_PATIENCE) } else { (STEP, PATIENCE) };
    let mut turn = Housekeeping { stop, until: Instant::now() + patience, step, left: MOST, now, gone: LetGo::default() };
    let rules = format!("{lifetimes:?}");
    pack_older(store, &turn)?;
    if !store.may_let_go(&rules, now)? {
        store.shrink(|| turn.is_over())?;
        return Ok(turn.gone);
    }
    let before = store.used()?;
    if sweep(store, lifetimes, &mut turn)? {
        store.write(|writer| {
            writer.set_sweep(0, &Sweep::default(), now)?;
            writer.set_made_with("retention", &rules, now)
        })?;
    }
    turn.gone.bytes = before.saturating_sub(store.used()?);
    store.shrink(|| turn.is_over())?;
    Ok(turn.gone)
}

/// Packs texts that versions before left as they are, of so many stories that a run is hardly longer for it.
fn pack_older(store: &mut Store, turn: &Housekeeping<'_>) -> Result<(), Halt> {
    for _ in 0..MOST / turn.step {
        if turn.is_over() || store.write(|writer| writer.pack_older(turn.step, turn.now))? < turn.step {
            break;
        }
    }
    Ok(())
}

/// Goes on, from where the run before left it, with what is past its lifetime, then, while the database is too large, with the
/// oldest; true where all was looked at.
fn sweep(store: &mut Store, lifetimes: &Lifetimes, turn: &mut Housekeeping<'_>) -> Result<bool, Halt> {
    let kinds = [Why::Old, Why::Full].into_iter().flat_map(|why| ORDER.map(|what| (why, what)));
    let (reached, mut from) = store.sweep()?;
    for (kind, (why, what)) in kinds.enumerate().skip(reached) {
        let until = until(why, what, lifetimes, turn.now);
        let mut next = until.map(|_| mem::take(&mut from));
        while let (Some(until), Some(from)) = (until, &next) {
            if why == Why::Full && !is_full(store, lifetimes.size)? {
                return Ok(true);
            }
            if turn.is_over() {
                return Ok(false);
            }
            let now = turn.now;
            next = step(store, what, (until, from), turn, |writer, next| match next {
                Some(next) => writer.set_sweep(kind, next, now),
                None => writer.set_sweep(kind + 1, &Sweep::default(), now),
            })?;
        }
        from = Sweep::default();
    }
    Ok(true)
}

/// The moment before which something goes; nothing where it stays for ever.
fn until(why: Why, what: What, lifetimes: &Lifetimes, now: Timestamp) -> Option<Timestamp> {
    let lifetime = match (why, what) {
        (Why::Full, _) => Some(YOUNG),
        (Why::Old, What::UnrelatedPages) => lifetimes.unrelated_pages,
        (Why::Old, What::UnrelatedTexts) => lifetimes.unrelated_texts,
        (Why::Old, What::Pages) => lifetimes.pages,
    };
    lifetime.map(|lifetime| earlier(now, lifetime))
}

fn is_full(store: &Store, size: Option<u64>) -> Result<bool, Halt> {
    let Some(size) = size else { return Ok(false) };
    Ok(store.used()? > size)
}

/// One transaction, which keeps where it is left; from where it goes on, where there may be more.
fn step(
    store: &mut Store,
    what: What,
    (until, from): (Timestamp, &Sweep),
    turn: &mut Housekeeping<'_>,
    keep: impl FnOnce(&Writer<'_>, Option<&Sweep>) -> Result<(), StoreError>,
) -> Result<Option<Sweep>, Halt> {
    let limit = turn.step.min(turn.left);
    let swept = store.write(|writer: &Writer<'_>| {
        let swept = match what {
            What::UnrelatedTexts => writer.fade(until, from, limit, turn.now)?,
            What::UnrelatedPages | What::Pages => writer.let_pages_go(what == What::Pages, until, from, limit)?,
        };
        keep(writer, swept.next.as_ref())?;
        Ok::<_, Halt>(swept)
    })?;
    turn.left = turn.left.saturating_sub(swept.things);
    turn.gone.texts += swept.stories;
    turn.gone.pages += swept.pages;
    Ok(swept.next)
}

/// The moment before which what lives so long is past its time.
pub fn earlier(now: Timestamp, lifetime: Duration) -> Timestamp {
    now.checked_sub(lifetime).unwrap_or(Timestamp::MIN)
}
