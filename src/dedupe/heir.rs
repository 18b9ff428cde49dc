//! Which piece keeps its id: pieces are worked out anew from their stories, and each former piece has one heir.

use std::{cmp::Reverse, collections::BTreeSet};

use crate::model::{
    piece::{Former, Heir, PieceId},
    story::StoryId,
};

/// For each group of copies the piece it is from now on.
///
/// A former piece's heir is the group with the copy that a person decided on, else the one with most of its copies, else
/// with the story it began as. A group that is heir of several takes the id of the one decided on, else of the one seen
/// first, and the past of all; one that is heir of none has split off: it gets an id of its own, which `is_taken` does not
/// know.
pub fn inherit(groups: &[Vec<StoryId>], formers: &[Former], is_taken: impl Fn(&PieceId) -> bool) -> Vec<Heir> {
    let mut heirs: Vec<Vec<&Former>> = vec![Vec::new(); groups.len()];
    for former in formers {
        if let Some(at) = heir_of(former, groups) {
            heirs[at].push(former);
        }
    }
    let mut given: BTreeSet<PieceId> = formers.iter().map(|former| former.id.clone()).collect();
    groups
        .iter()
        .zip(heirs)
        .map(|(group, mut of)| {
            of.sort_by_key(|former| precedence(former, group));
            let inherited = of.first().map(|former| former.id.clone());
            let id = inherited.unwrap_or_else(|| PieceId::fresh(group, |id| given.contains(id) || is_taken(id)));
            given.insert(id.clone());
            Heir { id, of: of.into_iter().map(|former| former.id.clone()).collect() }
        })
        .collect()
}

fn heir_of(former: &Former, groups: &[Vec<StoryId>]) -> Option<usize> {
    let decided = former.decided.as_ref().and_then(|decided| decided.copy.as_ref());
    let claim = |group: &[StoryId]| {
        let of_decision = decided.is_some_and(|copy| group.contains(copy));
        let common = group.iter().filter(|copy| former.copies.contains(copy)).count();
        (of_decision, common, group.iter().any(|copy| is_founder(copy, former)))
    };
    let claims = groups.iter().map(|group| claim(group)).enumerate().filter(|(_, (_, common, _))| *common > 0);
    claims.max_by_key(|(at, claim)| (*claim, Reverse(*at))).map(|(at, _)| at)
}

/// Of several former pieces the one whose id stays comes first.
fn precedence<'a>(former: &'a Former, group: &[StoryId]) -> (Reverse<Option<i64>>, jiff::Timestamp, usize, &'a PieceId) {
    let founder = group.iter().position(|copy| is_founder(copy, former)).unwrap_or(usize::MAX);
    (Reverse(former.decided.as_ref().map(|decided| decided.order)), former.first_seen, founder, &former.id)
}

fn is_founder(copy: &StoryId, former: &Former) -> bool {
    copy.0 == former.id.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::piece::Decided;

    fn ids(names: &str) -> Vec<StoryId> {
        names.chars().map(|name| StoryId(format!("s-{name}"))).collect()
    }

    /// A piece of copies, the first of them the story it began as, with the copy decided on, first seen in that order.
    fn former(names: &str, decided: Option<(i64, char)>, seen: i64) -> Former {
        let copies = ids(names);
        Former {
            id: PieceId(copies[0].0.clone()),
            copies,
            first_seen: jiff::Timestamp::from_second(seen).unwrap(),
            decided: decided.map(|(order, copy)| Decided { order, copy: Some(StoryId(format!("s-{copy}"))) }),
            shown: None,
        }
    }

    fn check(formers: &[Former], groups: &[&str], expected: &[(&str, &[&str])]) {
        let groups: Vec<Vec<StoryId>> = groups.iter().map(|names| ids(names)).collect();
        let heirs = inherit(&groups, formers, |id| id.0 == "s-t");
        let found: Vec<(&str, Vec<&str>)> =
            heirs.iter().map(|heir| (heir.id.0.as_str(), heir.of.iter().map(|id| id.0.as_str()).collect())).collect();
        let expected: Vec<(&str, Vec<&str>)> = expected.iter().map(|(id, of)| (*id, of.to_vec())).collect();
        assert_eq!(found, expected, "{formers:?}");
    }

    #[test]
    fn who_inherits_an_id() {
        // Nothing changes; an earlier copy turns up; a copy goes.
        check(&[former("ab", None, 0)], &["ab"], &[("s-a", &["s-a"])]);
        check(&[former("ab", None, 0), former("c", None, 9)], &["cab"], &[("s-a", &["s-a", "s-c"])]);
        check(&[former("abc", None, 0)], &["bc"], &[("s-a", &["s-a"])]);
        // New stories of one run: the first published names the piece.
        check(&[former("a", None, 0), former("b", None, 0)], &["ba"], &[("s-b", &["s-b", "s-a"])]);
        // A split: the decision, then the greater part, then the story it began as.
        check(&[former("abc", Some((1, 'c')), 0)], &["ab", "c"], &[("s-b", &[]), ("s-a", &["s-a"])]);
        check(&[former("abc", None, 0)], &["a", "bc"], &[("s-a-2", &[]), ("s-a", &["s-a"])]);
        check(&[former("ab", None, 0)], &["b", "a"], &[("s-b", &[]), ("s-a", &["s-a"])]);
        check(&[former("bt", None, 0)], &["b", "t"], &[("s-b", &["s-b"]), ("s-t-2", &[])]);
        // A join: the one decided on, of two the later, then the one seen first.
        check(&[former("a", None, 0), former("b", Some((3, 'b')), 9)], &["ab"], &[("s-b", &["s-b", "s-a"])]);
        check(&[former("a", Some((4, 'a')), 5), former("b", Some((3, 'b')), 0)], &["ab"], &[("s-a", &["s-a", "s-b"])]);
        check(&[former("a", None, 5), former("b", None, 0)], &["ab"], &[("s-b", &["s-b", "s-a"])]);
        // A copy that changes sides leaves decisions behind.
        check(&[former("abc", Some((1, 'a')), 0), former("d", None, 1)], &["ab", "cd"], &[("s-a", &["s-a"]), ("s-d", &["s-d"])]);
        check(&[], &["x"], &[("s-x", &[])]);
    }

    proptest! {
        #[test]
        fn no_two_groups_share_an_id_and_no_former_has_two_heirs(
            was in proptest::collection::vec(0..4usize, 8), is in proptest::collection::vec(0..4usize, 8), decided in 0..8usize,
        ) {
            let names = "abcdefgh";
            let parts = |of: &[usize]| -> Vec<String> {
                let part = |n| names.chars().zip(of).filter(|(_, at)| **at == n).map(|(name, _)| name).collect::<String>();
                (0..4).map(part).filter(|part| !part.is_empty()).collect()
            };
            let decided = names.chars().nth(decided).unwrap();
            let formers: Vec<Former> =
                parts(&was).iter().zip(0..).map(|(part, seen)| former(part, part.contains(decided).then_some((1, decided)), seen)).collect();
            let groups: Vec<Vec<StoryId>> = parts(&is).iter().map(|part| ids(part)).collect();
            let heirs = inherit(&groups, &formers, |_| false);
            let given: BTreeSet<&PieceId> = heirs.iter().map(|heir| &heir.id).collect();
            prop_assert_eq!(given.len(), groups.len());
            let mut inherited: Vec<&PieceId> = heirs.iter().flat_map(|heir| &heir.of).collect();
            inherited.sort();
            prop_assert_eq!(inherited, formers.iter().map(|former| &former.id).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>());
            // The decision goes with the copy that it was made on.
            let of = formers.iter().find(|former| former.decided.is_some()).unwrap();
            let heir = heirs.iter().zip(&groups).find(|(heir, _)| heir.of.contains(&of.id)).unwrap();
            let named = StoryId(format!("s-{decided}"));
            prop_assert!(heir.0.id == of.id && heir.1.contains(&named));
            // Once more changes nothing.
            let again: Vec<Former> = heirs.iter().zip(&groups).map(|(heir, group)| Former { id: heir.id.clone(), copies: group.clone(), ..of.clone() }).collect();
            let twice = inherit(&groups, &again, |_| false);
            prop_assert!(twice.iter().zip(&heirs).all(|(one, other)| one.id == other.id));
        }
    }
}
