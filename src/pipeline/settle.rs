//! Jobs in the store: what came of one, and what makes one worth doing.

use std::time::Duration;

use jiff::Timestamp;

use super::Halt;
use crate::{
    model::work::{Job, Outcome, Standing},
    store::Writer,
    work::{Pace, asked_again, next, wake},
};

/// Keeps how a job stands after what came of it.
pub fn settle(writer: &Writer<'_>, job: &Job, pace: Pace, of: &Outcome<Option<Duration>>, now: Timestamp) -> Result<Standing, Halt> {
    let was = writer.standing(job)?.unwrap_or_else(|| Standing::wanted(now));
    let stands = next(job.kind(), pace, &was, of, now);
    writer.set_standing(job, &stands)?;
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
