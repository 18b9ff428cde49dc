//! Which of a source's ways are tried, in which order: its address, and its fallbacks where that is left.

use jiff::Timestamp;

use crate::model::{
    fetched::{Failure, FailureKind},
    work::{Due, Standing},
};

/// A way that failed so often in a row is left, whatever its failures are.
const OFTEN: u32 = 3;

/// Whether a failure of a way is reason to try the next one at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    Stay,
    Leave,
}

/// Why a source is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// Its schedule says so.
    Due,
    /// A person asks for all of them, whatever their schedules say.
    All,
    /// A person asks for this one: also where it was stopped.
    Named,
}

/// A way is left where it is gone, forbidden or unreadable, or fails again and again; one bad day is none of these.
pub fn leaves(failure: &Failure, tries: u32) -> Leave {
    let for_good = matches!(
        failure.kind,
        FailureKind::BadAddress
            | FailureKind::PrivateAddress
            | FailureKind::Robots
            | FailureKind::Redirects
            | FailureKind::TooLarge
            | FailureKind::Forbidden
            | FailureKind::NotFound
            | FailureKind::Gone
            | FailureKind::Unreadable
    );
    if for_good || tries >= OFTEN { Leave::Leave } else { Leave::Stay }
}

/// The ways to try now, in order; none where the source is not due. `standings` are those of its ways, first to last.
///
/// A way comes into question where all before it are left. One that is left is tried again, first, when it is due: so the
/// first way is found again when it works again. Where a person asks, what is left is tried before its time only if there
/// is nothing else; and what said that it is gone for good only where that very source is asked for.
pub fn order(standings: &[Standing], asking: Asking, now: Timestamp) -> Vec<usize> {
    let whatever = asking != Asking::Due;
    let mut ways = Vec::new();
    for (way, standing) in standings.iter().enumerate() {
        let left = standing.failure.as_ref().is_some_and(|failure| leaves(failure, standing.tries) == Leave::Leave);
        let asked = standing.is_due(now) || (whatever && !left && standing.may_be_asked(now));
        if asked {
            ways.push(way);
        }
        if !asked && !left {
            break;
        }
    }
    if ways.is_empty() && whatever {
        let may = |standing: &Standing| standing.may_be_asked(now) && (asking == Asking::Named || standing.due != Due::Never);
        return (0..standings.len()).filter(|&way| may(&standings[way])).collect();
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// Due at, failures in a row, the kind of the last.
    fn stands(due: i64, tries: u32, kind: Option<FailureKind>) -> Standing {
        Standing { due: Due::At(at(due)), tries, failure: kind.map(|kind| Failure::new(kind, "told")), ..Standing::wanted(at(0)) }
    }

    #[test]
    fn one_bad_day_is_no_reason_to_leave() {
        for (kind, tries, wanted) in [
            (FailureKind::ServerError, 1, Leave::Stay),
            (FailureKind::Timeout, 2, Leave::Stay),
            (FailureKind::TooMany, 2, Leave::Stay),
            (FailureKind::ServerError, 3, Leave::Leave),
            (FailureKind::Gone, 1, Leave::Leave),
            (FailureKind::NotFound, 1, Leave::Leave),
            (FailureKind::Forbidden, 1, Leave::Leave),
            (FailureKind::Unreadable, 1, Leave::Leave),
        ] {
            assert_eq!(leaves(&Failure::new(kind, "told"), tries), wanted, "{kind:?} {tries}");
        }
    }

    #[test]
    fn the_ways_that_are_tried() {
        use FailureKind::{Gone, ServerError};
        let cases: [(&str, Vec<Standing>, bool, Vec<usize>); 11] = [
            ("all well", vec![stands(0, 0, None), stands(0, 0, None)], false, vec![0, 1]),
            ("not due", vec![stands(99, 0, None), stands(0, 0, None)], false, vec![]),
            ("a person asks", vec![stands(99, 0, None), stands(99, 0, None)], true, vec![0, 1]),
            ("a person asks, the first is left", vec![stands(99, 1, Some(Gone)), stands(99, 0, None)], true, vec![1]),
            ("a person asks, all are left", vec![stands(99, 1, Some(Gone)), stands(99, 1, Some(Gone))], true, vec![0, 1]),
            ("a person asks, one bad day", vec![stands(99, 1, Some(ServerError)), stands(0, 0, None)], true, vec![0, 1]),
            ("one bad day, waiting", vec![stands(99, 1, Some(ServerError)), stands(0, 0, None)], false, vec![]),
            ("left, the fallback due", vec![stands(99, 1, Some(Gone)), stands(0, 0, None)], false, vec![1]),
            ("left, the fallback not due", vec![stands(99, 1, Some(Gone)), stands(99, 0, None)], false, vec![]),
            ("left, and due again", vec![stands(5, 4, Some(Gone)), stands(99, 0, None)], false, vec![0]),
            ("failing often, waiting", vec![stands(99, 3, Some(ServerError)), stands(0, 0, None)], false, vec![1]),
        ];
        for (name, standings, whatever, wanted) in cases {
            let asking = if whatever { Asking::All } else { Asking::Due };
            assert_eq!(order(&standings, asking, at(10)), wanted, "{name}");
        }
    }

    #[test]
    fn a_server_that_asked_to_be_left_alone_is() {
        let held = Standing { held: Some(at(50)), ..stands(0, 1, Some(FailureKind::TooMany)) };
        assert_eq!(order(&[held], Asking::Named, at(10)), Vec::<usize>::new());
    }

    #[test]
    fn what_is_gone_is_asked_only_by_name() {
        let gone = Standing { due: Due::Never, ..stands(0, 1, Some(FailureKind::Gone)) };
        for (asking, wanted) in [(Asking::Due, vec![]), (Asking::All, vec![]), (Asking::Named, vec![0])] {
            assert_eq!(order(std::slice::from_ref(&gone), asking, at(10)), wanted, "{asking:?}");
        }
    }
}
