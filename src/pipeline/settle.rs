//! Jobs in the store: what came of one, and what makes one worth doing.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use xxhash_rust::xxh3::xxh3_64;

use super::Halt;
use crate::{
    model::{
        fetched::Wishes,
        work::{Due, Job, Outcome, Standing},
    },
    store::Writer,
    work::{self, Pace, asked_again, next, wake},
};

/// Keeps how a job stands after what came of it.
pub fn settle(writer: &Writer<'_>, job: &Job, pace: Pace, of: &Outcome<Option<Duration>>, now: Timestamp) -> Result<Standing, Halt> {
    let was = writer.standing(job)?.unwrap_or_else(|| Standing::wanted(now));
    let stands = next(job.kind(), pace, &was, of, now);
    writer.set_standing(job, &stands)?;
    Ok(stands)
}

/// The same for a list: not when it wishes to be left alone, and what waits longer than `least` not all at once.
pub fn settle_list(
    writer: &Writer<'_>,
    job: &Job,
    pace: Pace,
    least: SignedDuration,
    of: &Outcome<Wishes>,
    now: Timestamp,
) -> Result<Standing, Halt> {
    let wishes = match of {
        Outcome::Got(wishes) | Outcome::Unchanged(wishes) => *wishes,
        Outcome::Theirs(_) | Outcome::Ours(_) => Wishes::default(),
    };
    let mut stands = settle(writer, job, pace, &of.map(Wishes::least), now)?;
    if let (Due::At(due), false) = (stands.due, matches!(of, Outcome::Ours(_))) {
        let asked = SignedDuration::try_from(wishes.least().unwrap_or_default()).unwrap_or(least);
        let asked = now.checked_add(asked.min(due.duration_since(now))).unwrap_or(due);
        let seed = xxh3_64(format!("{} {} {now}", job.owner(), job.subject()).as_bytes());
        let sooner = now.checked_add(work::spread(due.duration_since(now), least, seed)).unwrap_or(due);
        let due = sooner.max(asked).max(stands.held.unwrap_or(sooner));
        stands.due = Due::At(work::outside(due, wishes.skips));
        writer.set_standing(job, &stands)?;
    }
    Ok(stands)
}

/// Makes a job due from then on, as far as nothing speaks against it.
pub fn want(writer: &Writer<'_>, job: &Job, from: Timestamp) -> Result<(), Halt> {
    let was = writer.standing(job)?;
    Ok(writer.set_standing(job, &wake(was.as_ref(), from))?)
}

/// Puts right what a clock that stood ahead has left: the times, and when what was tried then is due.
pub fn put_clock_right(writer: &Writer<'_>, now: Timestamp) -> Result<usize, Halt> {
    for job in writer.jobs_ahead(now)? {
        if let Some(was) = writer.standing(&job)? {
            writer.set_standing(&job, &asked_again(&was, now))?;
        }
    }
    Ok(writer.put_clock_right(now)?)
}
