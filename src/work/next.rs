//! How a job stands after what came of it: a pure, total function.
//!
//! Every failure ends in a wait or in giving up; tries are bounded where the thing is one of many (a page, a file), and go
//! on ever more seldom where it is the only one of its kind (a list, a council's page). A fault of ours costs no try.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::model::{
    fetched::{Failure, FailureKind},
    work::{Due, JobKind, Outcome, Standing},
};

/// Hours after the first, second… failed fetch of a page or a file; then it is given up.
const GAPS_HOURS: [i64; 5] = [1, 4, 12, 24, 72];
/// The longest time between two askings of what answers or may answer soon, whatever its feed or server asks for.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);
/// What failed so often in a row is dead, as far as anyone can tell…
const DEAD_AFTER: u32 = 14;
/// …and is asked only now and then, in case it is not.
const DEAD: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The longest that a server's Retry-After is obeyed.
const LONGEST_HOLD: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// Hours after the first, second… fault of ours in a row, and after every further one. The first is mended by the next
/// run, whenever that is; a fault that stays must not be run into every few minutes.
const FAULT_HOURS: [i64; 4] = [0, 1, 4, 12];
/// A council's page is asked for again this soon after its first failure.
const PROVIDER_AGAIN: SignedDuration = SignedDuration::from_hours(1);
/// After a fault of ours a job is not due again in the same run.
const NEXT_RUN: SignedDuration = SignedDuration::from_secs(1);

/// How often a job is done where all goes well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Done is done.
    Once,
    /// Again after this time.
    Every(SignedDuration),
}

/// How a job stands after `of` came of it at `now`, having stood as `was`.
///
/// The value in `Got` and `Unchanged` is the least time that the server or the feed asks for until the next time.
pub fn next(job: JobKind, pace: Pace, was: &Standing, of: &Outcome<Option<Duration>>, now: Timestamp) -> Standing {
    match of {
        Outcome::Got(asked) | Outcome::Unchanged(asked) => Standing { at: Some(now), ..well(pace, *asked, now) },
        Outcome::Theirs(failure) if failure.kind == FailureKind::Held => held(was, failure, now),
        Outcome::Theirs(failure) => failed(job, pace, was, failure, now),
        Outcome::Ours(_) => {
            let faults = was.faults.saturating_add(1);
            let hours = FAULT_HOURS.get(faults as usize - 1).copied().unwrap_or(24);
            let due = later(now, SignedDuration::from_hours(hours).max(NEXT_RUN));
            Standing { due: Due::At(due), faults, at: Some(now), ..was.clone() }
        }
    }
}

/// Something new makes a job worth doing from then on: a waiting story, a changed listing, a newer reader. What was given up
/// starts anew; a wait after a failure is kept, since nothing new says that the host is well again.
pub fn wake(was: Option<&Standing>, from: Timestamp) -> Standing {
    match was {
        Some(was @ Standing { due: Due::At(_), tries: 1.., .. }) => was.clone(),
        Some(was @ Standing { due: Due::At(due), .. }) => Standing { due: Due::At(from.min(*due)), ..was.clone() },
        Some(was) => Standing { due: Due::At(from), tries: 0, ..was.clone() },
        None => Standing::wanted(from),
    }
}

/// When a clock that stood ahead is put right, what was done in the future was done now, and is due no later than after
/// the usual time.
pub fn asked_again(was: &Standing, now: Timestamp) -> Standing {
    let ahead = |moment: Option<Timestamp>| moment.is_some_and(|moment| moment > now);
    if !ahead(was.at) && !ahead(was.since) {
        return was.clone();
    }
    let due = if was.due == Due::Never { Due::Never } else { Due::At(now) };
    Standing { due, held: None, at: was.at.map(|at| at.min(now)), since: was.since.map(|since| since.min(now)), ..was.clone() }
}

fn well(pace: Pace, asked: Option<Duration>, now: Timestamp) -> Standing {
    let asked = asked.and_then(|asked| SignedDuration::try_from(asked).ok()).unwrap_or(SignedDuration::ZERO).min(LONGEST);
    let due = match pace {
        Pace::Once => Due::Done,
        Pace::Every(every) => Due::At(later(now, every.max(asked))),
    };
    Standing { due, ..Standing::wanted(now) }
}

/// Nothing was asked, since the host wants to be left alone: that costs no try and says nothing of the thing itself.
fn held(was: &Standing, failure: &Failure, now: Timestamp) -> Standing {
    let wait = failure.retry_after.unwrap_or_default().min(LONGEST_HOLD);
    let until = later(now, SignedDuration::try_from(wait).unwrap_or(LONGEST).max(NEXT_RUN));
    let due = if was.due == Due::Never { Due::Never } else { Due::At(until) };
    Standing { due, held: Some(until), ..was.clone() }
}

fn failed(job: JobKind, pace: Pace, was: &Standing, failure: &Failure, now: Timestamp) -> Standing {
    let tries = was.tries.saturating_add(1);
    let gap = match job {
        // A list that is gone is gone until a person says otherwise (RFC 9110, section 15.5.11: remove the reference).
        JobKind::List if failure.kind == FailureKind::Gone => None,
        JobKind::List => Some(doubled(usual(pace), tries)),
        JobKind::Provider => Some(doubled(PROVIDER_AGAIN, tries)),
        JobKind::Article | JobKind::File => gap(tries, failure.kind),
        // What the bytes are does not change by looking again, nor is there a server behind a judgement.
        JobKind::Read | JobKind::Judge => None,
    };
    let held = failure.retry_after.and_then(|wait| now.checked_add(wait.min(LONGEST_HOLD)).ok());
    let due = gap.map_or(Due::Never, |gap| Due::At(later(now, gap).max(held.unwrap_or(now))));
    Standing { due, held, tries, faults: 0, failure: Some(failure.clone()), since: was.since.or(Some(now)), at: Some(now) }
}

/// The usual time, doubled for each failure after the first, at most a day (or the usual time where that is longer); a
/// week where it looks dead.
fn doubled(usual: SignedDuration, tries: u32) -> SignedDuration {
    if tries >= DEAD_AFTER {
        return DEAD.max(usual);
    }
    let doublings = tries.saturating_sub(1).min(16);
    usual.checked_mul(1 << doublings).unwrap_or(LONGEST).min(LONGEST.max(usual))
}

fn usual(pace: Pace) -> SignedDuration {
    match pace {
        Pace::Every(every) => every,
        Pace::Once => LONGEST,
    }
}

/// The wait after so many failed fetches of one page or file; none where there is no hope.
fn gap(tries: u32, kind: FailureKind) -> Option<SignedDuration> {
    let hopeless = matches!(kind, FailureKind::BadAddress | FailureKind::PrivateAddress | FailureKind::Gone);
    let hours = GAPS_HOURS.get((tries as usize).checked_sub(1)?).filter(|_| !hopeless)?;
    Some(SignedDuration::from_hours(*hours))
}

fn later(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::work::Fault;

    const HOUR: i64 = 3_600;
    const EVERY: Pace = Pace::Every(SignedDuration::from_hours(1));

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn theirs(kind: FailureKind) -> Outcome<Option<Duration>> {
        Outcome::Theirs(Failure::new(kind, "told"))
    }

    fn away(seconds: u64) -> Outcome<Option<Duration>> {
        Outcome::Theirs(Failure { retry_after: Some(Duration::from_secs(seconds)), ..Failure::new(FailureKind::TooMany, "told") })
    }

    fn tried(tries: u32) -> Standing {
        Standing { tries, ..Standing::wanted(at(0)) }
    }

    /// Job, pace, failures before, what came: seconds from now until it is due, or done or given up.
    type Case = (JobKind, Pace, u32, Outcome<Option<Duration>>, Result<i64, Due>);

    #[test]
    fn a_table_of_cases() {
        use FailureKind::{Forbidden, Gone, NotFound, PrivateAddress, Robots, ServerError, Timeout, Unreadable};
        use JobKind::{Article, File, Judge, List, Provider, Read};
        let got = |seconds: Option<u64>| Outcome::Got(seconds.map(Duration::from_secs));
        let cases: [Case; 31] = [
            (List, EVERY, 0, got(None), Ok(HOUR)),
            (List, EVERY, 5, got(None), Ok(HOUR)),
            (List, EVERY, 0, Outcome::Unchanged(None), Ok(HOUR)),
            (List, EVERY, 0, got(Some(7_200)), Ok(2 * HOUR)),
            (List, EVERY, 0, got(Some(60)), Ok(HOUR)),
            (List, EVERY, 0, got(Some(u64::MAX)), Ok(HOUR)),
            (List, EVERY, 0, got(Some(1_000_000)), Ok(24 * HOUR)),
            (List, EVERY, 0, theirs(ServerError), Ok(HOUR)),
            (List, EVERY, 1, theirs(Gone), Err(Due::Never)),
            (List, EVERY, 4, theirs(Timeout), Ok(16 * HOUR)),
            (List, EVERY, 9, theirs(Timeout), Ok(24 * HOUR)),
            (List, EVERY, 13, theirs(Timeout), Ok(7 * 24 * HOUR)),
            (List, Pace::Every(SignedDuration::from_hours(72)), 3, theirs(Timeout), Ok(72 * HOUR)),
            (List, EVERY, 0, away(10), Ok(HOUR)),
            (List, EVERY, 0, away(7_200), Ok(2 * HOUR)),
            (List, EVERY, 0, away(u64::MAX), Ok(7 * 24 * HOUR)),
            (Article, Pace::Once, 0, got(Some(9)), Err(Due::Done)),
            (Article, Pace::Once, 0, theirs(NotFound), Ok(HOUR)),
            (Article, Pace::Once, 1, theirs(Forbidden), Ok(4 * HOUR)),
            (Article, Pace::Once, 3, theirs(Robots), Ok(24 * HOUR)),
            (Article, Pace::Once, 4, theirs(Timeout), Ok(72 * HOUR)),
            (Article, Pace::Once, 5, theirs(Timeout), Err(Due::Never)),
            (Article, Pace::Once, 0, theirs(Gone), Err(Due::Never)),
            (Article, Pace::Once, 0, theirs(PrivateAddress), Err(Due::Never)),
            (File, Pace::Every(SignedDuration::from_hours(720)), 2, theirs(Unreadable), Ok(12 * HOUR)),
            (File, Pace::Every(SignedDuration::from_hours(720)), 5, theirs(Unreadable), Err(Due::Never)),
            (Provider, Pace::Every(SignedDuration::from_hours(168)), 0, theirs(ServerError), Ok(HOUR)),
            (Provider, Pace::Every(SignedDuration::from_hours(168)), 7, theirs(ServerError), Ok(24 * HOUR)),
            (Read, Pace::Once, 0, theirs(Unreadable), Err(Due::Never)),
            (Read, Pace::Once, 0, Outcome::Ours(Fault::new("no process")), Ok(1)),
            (Judge, Pace::Once, 0, got(None), Err(Due::Done)),
        ];
        for (row, (job, pace, tries, of, wanted)) in cases.into_iter().enumerate() {
            let stands = next(job, pace, &tried(tries), &of, at(1_000));
            let due = match stands.due {
                Due::At(due) => Ok(due.as_second() - 1_000),
                other => Err(other),
            };
            assert_eq!(due, wanted, "row {row}: {job:?} {of:?}");
        }
    }

    #[test]
    fn a_fault_of_ours_costs_no_try_and_is_no_fact() {
        let failing = next(JobKind::File, Pace::Once, &tried(2), &theirs(FailureKind::Timeout), at(0));
        let mut stands = failing.clone();
        let mut hours = Vec::new();
        for _ in 0..6 {
            stands = next(JobKind::File, Pace::Once, &stands, &Outcome::Ours(Fault::new("disk full")), at(0));
            assert_eq!((stands.tries, &stands.failure), (3, &failing.failure));
            hours.push(match stands.due {
                Due::At(due) => due.as_second() / HOUR,
                _ => -1,
            });
        }
        assert_eq!(hours, [0, 1, 4, 12, 24, 24]);
    }

    #[test]
    fn a_host_that_wants_to_be_left_alone_costs_no_try() {
        let failing = next(JobKind::Article, Pace::Once, &tried(2), &theirs(FailureKind::Timeout), at(0));
        let held = Outcome::Theirs(Failure { retry_after: Some(Duration::from_secs(900)), ..Failure::new(FailureKind::Held, "held") });
        let stands = next(JobKind::Article, Pace::Once, &failing, &held, at(100));
        assert_eq!((stands.tries, &stands.failure, stands.at), (3, &failing.failure, failing.at));
        assert!(!stands.may_be_asked(at(999)) && stands.is_due(at(1_000)));
    }

    #[test]
    fn what_was_given_up_is_woken_and_a_wait_is_not() {
        let given_up = Standing { due: Due::Never, tries: 6, ..tried(6) };
        assert!(wake(Some(&given_up), at(5)).is_due(at(5)));
        assert_eq!(wake(Some(&given_up), at(5)).tries, 0);
        let waiting = Standing { due: Due::At(at(99)), tries: 1, ..tried(1) };
        assert_eq!(wake(Some(&waiting), at(5)), waiting);
        let idle = Standing { due: Due::At(at(99)), ..tried(0) };
        assert!(wake(Some(&idle), at(5)).is_due(at(5)));
        let held = Standing { held: Some(at(50)), ..tried(0) };
        assert!(!wake(Some(&held), at(5)).is_due(at(5)), "a server's word stands");
        assert!(wake(None, at(5)).is_due(at(5)));
        assert_eq!(wake(Some(&idle), at(200)), idle, "what is wanted later than it is due anyway changes nothing");
    }

    #[test]
    fn a_clock_that_stood_ahead_is_put_right() {
        let ahead = next(JobKind::List, EVERY, &tried(0), &Outcome::Got(None), at(1_000_000));
        assert!(asked_again(&ahead, at(100)).is_due(at(100)));
        assert_eq!(asked_again(&ahead, at(1_000_000)), ahead);
        let never = Standing { due: Due::Never, at: Some(at(1_000)), ..tried(6) };
        assert_eq!(asked_again(&never, at(100)).due, Due::Never);
    }

    fn any_outcome() -> impl Strategy<Value = Outcome<Option<Duration>>> {
        let kinds = prop::sample::select(vec![
            FailureKind::BadAddress,
            FailureKind::Robots,
            FailureKind::Dns,
            FailureKind::Timeout,
            FailureKind::Forbidden,
            FailureKind::NotFound,
            FailureKind::Gone,
            FailureKind::TooMany,
            FailureKind::Held,
            FailureKind::ServerError,
            FailureKind::Unreadable,
        ]);
        prop_oneof![
            any::<Option<u32>>().prop_map(|asked| Outcome::Got(asked.map(|asked| Duration::from_secs(asked.into())))),
            Just(Outcome::Unchanged(None)),
            (kinds, any::<Option<u64>>()).prop_map(|(kind, wait)| Outcome::Theirs(Failure {
                retry_after: wait.map(Duration::from_secs),
                ..Failure::new(kind, "told")
            })),
            Just(Outcome::Ours(Fault::new("ours"))),
        ]
    }

    fn any_job() -> impl Strategy<Value = JobKind> {
        prop::sample::select(JobKind::ALL.to_vec())
    }

    proptest! {
        /// Never before due, never in a loop: whatever comes, a job is not due again at the moment it was done.
        #[test]
        fn not_due_again_at_once(job in any_job(), outcomes in prop::collection::vec(any_outcome(), 1..40), hours in 1_i64..2_000) {
            let mut stands = Standing::wanted(at(0));
            let mut now = at(0);
            for of in &outcomes {
                stands = next(job, Pace::Every(SignedDuration::from_hours(hours)), &stands, of, now);
                prop_assert!(!stands.is_due(now), "{stands:?}");
                if let Due::At(due) = stands.due {
                    prop_assert!(due > now);
                    prop_assert!(due.duration_since(now) <= SignedDuration::from_hours(hours.max(7 * 24)), "a wait without end");
                    now = due;
                }
            }
        }

        /// Failures in a row end: of one page or file in giving up, of a list in a wait; and each leaves its reason.
        #[test]
        fn every_failure_ends_in_a_wait_or_a_reason(job in any_job(), failures in 1_u32..60) {
            let mut stands = Standing::wanted(at(0));
            let mut asked = 0;
            for _ in 0..failures {
                if let Due::At(due) = stands.due {
                    stands = next(job, EVERY, &stands, &theirs(FailureKind::Timeout), due);
                    asked += 1;
                }
                prop_assert!(stands.failure.is_some());
            }
            if matches!(job, JobKind::Article | JobKind::File) {
                prop_assert!(asked <= 6);
            }
            prop_assert!(stands.due != Due::Done);
        }

        /// A server's own word is obeyed by everybody, and for a week at most.
        #[test]
        fn a_servers_word_is_obeyed(job in any_job(), seconds in 1_u64..10_000_000) {
            let stands = next(job, EVERY, &Standing::wanted(at(0)), &away(seconds), at(0));
            let held = stands.held.unwrap();
            prop_assert_eq!(held.as_second() as u64, seconds.min(7 * 24 * 3_600));
            prop_assert!(!stands.may_be_asked(at(held.as_second() - 1)) && stands.may_be_asked(held));
        }
    }
}
