//! Pieces: what is shown of them, when they are news, what becomes of decisions when they join or part, and that a
//! database of the version before loses nothing.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::Connection;
use tieback::{
    dedupe::piece::near_in_time,
    model::{
        day::is_plausible,
        piece::{Heir, PieceId, Settled, United},
        story::{Story, StoryId},
        tie::{GradeCheck, Tie, TieState},
        verdict::{Judged, Review, StoryState},
    },
    store::{Narrow, Per, SearchPlace, Store, StoreError, StoryFilter},
};

use crate::made::*;

fn hour(n: i64) -> Timestamp {
    Timestamp::from_second(now().as_second() + n * 3600).unwrap()
}

/// Two copies of one piece, first seen an hour apart and tied to report 1, and another story.
fn of_two() -> Store {
    let mut store = Store::open_in_memory().unwrap();
    for name in ["1", "2"] {
        put_report(&mut store, name);
    }
    for (name, seen) in [("a", 0), ("b", 1), ("c", 1)] {
        store.write(|w| w.put_story(&story(name), &[address(name)], "Bugle", hour(seen))).unwrap();
        judge(&mut store, name, &judged(vec![tie("1", TieState::Auto)]));
    }
    store.write(|w| join(w, &story_id("a"), &story_id("b"))).unwrap();
    store
}

/// Makes these groups the pieces of all their stories, each judged alike.
fn part(store: &mut Store, groups: &[(&str, &[&str], &[&str])], said: &Judged, now: Timestamp) {
    let ids = |names: &[&str]| names.iter().map(|name| story_id(name)).collect::<Vec<StoryId>>();
    store
        .write(|w| {
            let all: Vec<StoryId> = groups.iter().flat_map(|(_, copies, _)| ids(copies)).collect();
            let formers = w.formers(&all)?;
            let pieces: Vec<Settled> = groups
                .iter()
                .map(|(id, copies, of)| Settled {
                    heir: Heir { id: piece_id(id), of: of.iter().map(|id| piece_id(id)).collect() },
                    copies: ids(copies),
                    united: United::of(ids(copies).iter().map(|id| (id, said))),
                })
                .collect();
            w.settle(&pieces, &formers, now)
        })
        .unwrap();
}

fn card(store: &Store, name: &str) -> tieback::model::overview::StoryCard {
    store.story_card(&story_id(name)).unwrap().unwrap()
}

fn shown(store: &Store, from: i64, to: i64) -> Vec<String> {
    store.overview(hour(from), hour(to), &[]).unwrap().stories.into_iter().map(|card| card.id.0).collect()
}

#[test]
fn a_piece_is_shown_once_and_is_news_when_it_was_first_seen() {
    let store = of_two();
    assert_eq!(shown(&store, -1, 0), ["s-a"]);
    assert_eq!(shown(&store, 0, 1), ["s-c"], "the copy of an hour later is none");
    let per = |per| store.story_cards(&StoryFilter { per, ..StoryFilter::default() }).unwrap().len();
    assert_eq!((per(Per::Copy), per(Per::Piece)), (3, 2));
    assert_eq!(store.stories_of_report(&report_id("1")).unwrap(), [story_id("a"), story_id("c")]);
    let found = store.search("swiftly", 9).unwrap();
    assert_eq!(found.iter().filter(|hit| matches!(hit.place, SearchPlace::Story { .. })).count(), 2);
}

/// The first copy is dated as far ahead as a date may be, and the one that stands as far behind it as a copy may be.
#[test]
fn a_piece_seen_by_a_day_is_listed_whenever_the_copy_that_stands_for_it_came() {
    let first = Timestamp::from_second(now().as_second() + 48 * 3600).unwrap();
    let last = Timestamp::from_second(first.as_second() + (45 * 24 + 1) * 3600 - 1).unwrap();
    assert!(is_plausible(first, now()) && near_in_time(Some(first), Some(last)), "no farther apart than copies may be");
    let mut store = Store::open_in_memory().unwrap();
    for (name, published, seen) in [("a", first, now()), ("b", last, last)] {
        let dated = Story { published: Some(published), ..story(name) };
        store.write(|w| w.put_story(&dated, &[address(name)], "Bugle", seen)).unwrap();
    }
    let mut aside = judged(vec![]);
    aside.relevance.relevant = false;
    judge(&mut store, "a", &aside);
    judge(&mut store, "b", &judged(vec![]));
    store.write(|w| join(w, &story_id("a"), &story_id("b"))).unwrap();
    let narrow = |until| Narrow { until, ..Narrow::default() };
    for (until, narrow) in [(Some(now()), narrow(None)), (None, narrow(Some(now())))] {
        let listed = store.story_cards(&StoryFilter { per: Per::Piece, until, narrow, ..StoryFilter::default() }).unwrap();
        assert_eq!(listed.iter().map(|card| &card.id).collect::<Vec<_>>(), [&story_id("b")]);
    }
}

/// A copy without a date is of the day on which it was stored, and a date may be told anew.
#[test]
fn a_piece_seen_by_a_day_is_listed_also_where_it_is_of_a_later_time() {
    let later = hour(200 * 24);
    let put = |store: &mut Store, name, published, seen| {
        store.write(|w| w.put_story(&Story { published, ..story(name) }, &[address(name)], "Bugle", seen)).unwrap();
    };
    let mut store = Store::open_in_memory().unwrap();
    for name in ["a", "b"] {
        put(&mut store, name, Some(now()), now());
    }
    put(&mut store, "b", Some(later), later);
    put(&mut store, "c", None, later);
    put(&mut store, "d", Some(later), later);
    let mut aside = judged(vec![]);
    aside.relevance.relevant = false;
    for (name, said) in [("a", &aside), ("b", &judged(vec![])), ("c", &judged(vec![])), ("d", &judged(vec![]))] {
        judge(&mut store, name, said);
    }
    store.write(|w| join(w, &story_id("a"), &story_id("c"))).unwrap();
    let narrow = |until| Narrow { until, ..Narrow::default() };
    for (until, narrow) in [(Some(now()), narrow(None)), (None, narrow(Some(now())))] {
        let listed = store.story_cards(&StoryFilter { per: Per::Piece, until, narrow, ..StoryFilter::default() }).unwrap();
        assert_eq!(listed.iter().map(|card| &card.id).collect::<Vec<_>>(), [&story_id("b"), &story_id("c")]);
    }
}

/// Which piece a council's story is of is kept beside the council, whatever becomes of either.
#[test]
fn a_piece_is_listed_for_the_council_of_a_copy_as_long_as_it_has_that() {
    let mut store = of_two();
    let listed = |store: &Store, council: &str| {
        let narrow = Narrow { authorities: Some(vec![council.into()]), ..Narrow::default() };
        let ours = StoryFilter { per: Per::Piece, relevant: Some(true), narrow, ..StoryFilter::default() };
        assert_eq!(store.check().unwrap().problems, [""; 0]);
        store.story_cards(&ours).unwrap().into_iter().map(|card| card.id.0).collect::<Vec<_>>()
    };
    let about = |council: &str| Judged { authorities: vec![council.into()], ..judged(vec![]) };
    store.write(|w| w.set_reading(&story_id("b"), &about("Quillhaven"), now())).unwrap();
    assert_eq!(listed(&store, "Quillhaven"), ["s-a"]);
    part(&mut store, &[("a", &["a"], &["a"]), ("b", &["b"], &[])], &judged(vec![]), now());
    assert_eq!(listed(&store, "Quillhaven"), ["s-b"]);
    let mut aside = about("Quillhaven");
    aside.relevance.relevant = false;
    store.write(|w| w.set_reading(&story_id("b"), &aside, now())).unwrap();
    assert_eq!(listed(&store, "Quillhaven"), [""; 0]);
}

#[test]
fn a_decision_on_one_copy_is_one_on_the_piece() {
    let mut store = of_two();
    store
        .write(|w| {
            w.review_story(&story_id("b"), Review::Discarded, hour(2))?;
            w.decide_tie(&story_id("a"), &report_id("1"), TieState::Rejected, hour(2))?;
            w.add_note(&story_id("b"), "seen by the press office", hour(2))
        })
        .unwrap();
    for name in ["a", "b"] {
        let card = card(&store, name);
        assert_eq!((card.review, card.state, card.notes.len()), (Review::Discarded, StoryState::None, 1), "{name}");
        assert_eq!(card.ties[0].tie.state, TieState::Rejected);
        assert_eq!(store.decisions(&story_id(name)).unwrap().len(), 2);
    }
    assert_eq!(shown(&store, -1, 9), ["s-c"]);
    assert_eq!(store.stories_of_report(&report_id("1")).unwrap(), [story_id("c")]);
    let found = store.search("praised", 9).unwrap();
    assert!(found.iter().all(|hit| matches!(&hit.place, SearchPlace::Story { id, .. } if *id == story_id("c"))), "{found:?}");
}

#[test]
fn when_a_piece_is_news_again() {
    let grade = |check| judged(vec![Tie { grade_check: check, ..tie("1", TieState::Auto) }]);
    let both = judged(vec![tie("1", TieState::Auto), tie("2", TieState::Auto)]);
    let irrelevant = || {
        let mut said = judged(vec![]);
        said.relevance.relevant = false;
        said
    };
    let check = |before: Judged, after: Judged, expected: bool, what: &str| {
        let mut store = Store::open_in_memory().unwrap();
        ["1", "2"].into_iter().for_each(|name| put_report(&mut store, name));
        put_story(&mut store, "a");
        judge(&mut store, "a", &before);
        assert_eq!(card(&store, "a").piece_changed, None, "{what}: the first look");
        store.write(|w| set_judged(w, &story_id("a"), &after, hour(5))).unwrap();
        assert_eq!(card(&store, "a").piece_changed, expected.then(|| hour(5)), "{what}");
        assert_eq!(shown(&store, 4, 5).len(), usize::from(expected), "{what}");
        store.write(|w| set_judged(w, &story_id("a"), &after, hour(7))).unwrap();
        assert!(shown(&store, 6, 7).is_empty(), "{what}: looked at once more");
    };
    check(waiting("Wexcombe"), grade(GradeCheck::Agrees), true, "its report came");
    check(waiting("Wexcombe"), judged(vec![]), true, "its wait ended");
    check(grade(GradeCheck::Agrees), both, true, "newly tied");
    check(grade(GradeCheck::Agrees), grade(GradeCheck::Disagrees), true, "another grade");
    check(irrelevant(), judged(vec![]), true, "ours only now");
    check(grade(GradeCheck::Agrees), grade(GradeCheck::Agrees), false, "the same");
    check(judged(vec![]), judged(vec![tie("1", TieState::Possible)]), false, "an offer");
    check(judged(vec![]), waiting("Wexcombe"), false, "it waits");
    check(irrelevant(), irrelevant(), false, "not ours");
}

#[test]
fn a_text_that_was_rewritten_is_news_and_another_copy_s_is_not() {
    for (name, expected) in [("a", Some(hour(3))), ("b", None)] {
        let mut store = of_two();
        let mut rewritten = story(name);
        rewritten.title.push_str(", and more");
        store.write(|w| w.put_story(&rewritten, &[], "Bugle", hour(3))).unwrap();
        assert_eq!(store.pending_stories(9).unwrap(), [story_id("a"), story_id("b")]);
        part(&mut store, &[("a", &["a", "b"], &["a"])], &judged(vec![tie("1", TieState::Auto)]), hour(3));
        assert_eq!(card(&store, "a").piece_changed, expected, "{name}");
    }
}

#[test]
fn a_confirmed_tie_is_news_to_those_who_read_the_digest() {
    let mut store = of_two();
    judge(&mut store, "c", &judged(vec![tie("2", TieState::Possible)]));
    let before = card(&store, "c").piece_changed;
    store.write(|w| w.review_story(&story_id("c"), Review::Kept, hour(3))).unwrap();
    assert_eq!(card(&store, "c").piece_changed, before);
    store.write(|w| w.decide_tie(&story_id("c"), &report_id("2"), TieState::Confirmed, hour(4))).unwrap();
    assert_eq!(card(&store, "c").piece_changed, Some(hour(4)));
}

#[test]
fn the_latest_review_and_all_decided_ties_stand_when_pieces_join() {
    for (first, second) in [("a", "c"), ("c", "a")] {
        let mut store = of_two();
        store
            .write(|w| {
                w.review_story(&story_id(first), Review::Kept, hour(2))?;
                w.decide_tie(&story_id(first), &report_id("1"), TieState::Confirmed, hour(2))?;
                w.review_story(&story_id(second), Review::Discarded, hour(3))?;
                w.decide_tie(&story_id(second), &report_id("2"), TieState::Rejected, hour(3))
            })
            .unwrap();
        part(&mut store, &[("a", &["a", "b", "c"], &["a", "c"])], &judged(vec![]), hour(4));
        let card = card(&store, "b");
        assert_eq!((card.review, card.piece, card.piece_first_seen), (Review::Discarded, piece_id("a"), hour(0)));
        let ties: Vec<(&str, TieState)> = card.ties.iter().map(|tied| (tied.report.id.0.as_str(), tied.tie.state)).collect();
        assert_eq!(ties, [("r-1", TieState::Confirmed), ("r-2", TieState::Rejected)]);
        assert_eq!(card.ties[0].tie.evidence, tie("1", TieState::Auto).evidence, "the evidence stands with it");
        assert!(store.check().unwrap().is_well());
    }
}

#[test]
fn what_splits_off_is_news_and_undecided() {
    let mut store = of_two();
    store
        .write(|w| {
            w.review_story(&story_id("a"), Review::Kept, hour(2))?;
            w.decide_tie(&story_id("a"), &report_id("1"), TieState::Confirmed, hour(2))
        })
        .unwrap();
    let said = judged(vec![tie("1", TieState::Auto)]);
    part(&mut store, &[("a", &["a"], &["a"]), ("b", &["b"], &[])], &said, hour(4));
    let (one, other) = (card(&store, "a"), card(&store, "b"));
    assert_eq!((one.piece, one.review, one.ties[0].tie.state), (piece_id("a"), Review::Kept, TieState::Confirmed));
    assert_eq!((other.piece, other.review, other.ties[0].tie.state), (piece_id("b"), Review::New, TieState::Auto));
    assert_eq!((other.piece_first_seen, other.piece_changed), (hour(1), Some(hour(4))));
    assert_eq!(shown(&store, 3, 4), ["s-b"], "hidden until now");
    // And back again.
    part(&mut store, &[("a", &["a", "b"], &["a", "b"])], &said, hour(5));
    assert_eq!(card(&store, "b").piece, piece_id("a"));
    assert_eq!(shown(&store, 4, 5), [""; 0]);
    assert!(store.check().unwrap().is_well());
}

#[test]
fn a_story_never_takes_the_id_of_a_piece_that_has_moved_on() {
    let mut store = of_two();
    // The piece goes on under its id without the story it began as.
    part(&mut store, &[("a", &["b"], &["a"]), ("a-2", &["a"], &[])], &judged(vec![]), hour(2));
    store.forget(&key("a"), hour(3)).unwrap();
    assert_eq!(store.piece_of(&story_id("b")).unwrap(), piece_id("a"));
    assert!(store.pieces_named(&[story_id("a")]).unwrap().into_iter().eq([piece_id("a")]));
    assert!(store.check().unwrap().is_well());
}

#[test]
fn what_waits_and_may_be_tied_is_in_both_lists() {
    let mut store = of_two();
    judge(&mut store, "c", &Judged { ties: vec![tie("2", TieState::Possible)], ..waiting("Wexcombe") });
    let said = card(&store, "c");
    assert_eq!((said.state, said.waiting_for.is_some()), (StoryState::Possible, true));
    let overview = store.overview(hour(-1), hour(1), &[]).unwrap();
    assert_eq!((overview.undecided, overview.waiting.len()), (1, 1));
    let filter = |state| store.story_cards(&StoryFilter { state: Some(state), ..StoryFilter::default() }).unwrap().len();
    assert_eq!((filter(StoryState::Possible), filter(StoryState::Waiting), filter(StoryState::Tied)), (1, 1, 2));
    // A tie that holds ends the wait.
    store.write(|w| w.decide_tie(&story_id("c"), &report_id("2"), TieState::Confirmed, hour(2))).unwrap();
    assert_eq!(card(&store, "c").waiting_for, None);
    assert!(store.overview(hour(-1), hour(1), &[]).unwrap().waiting.is_empty());
}

/// A database of the version before pieces, with rows in all tables.
fn of_the_version_before(path: &Path) {
    let db = Connection::open(path).unwrap();
    for step in [include_str!("../../src/store/migrations/0001.sql"), include_str!("../../src/store/migrations/0002.sql")] {
        db.execute_batch(step).unwrap();
    }
    db.execute_batch(include_str!("before.sql")).unwrap();
    db.execute_batch("PRAGMA user_version = 2; PRAGMA application_id = 0x74696562").unwrap();
}

#[test]
fn a_database_of_the_version_before_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("before.db");
    of_the_version_before(&path);
    let counts = |path: &Path, tables: &[&str]| -> Vec<i64> {
        let db = Connection::open(path).unwrap();
        tables.iter().map(|table| db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()).collect()
    };
    let kept = ["story", "story_text", "story_version", "address", "story_authority", "fingerprint", "article_number", "quotation"];
    let people = ["note", "decision", "tombstone", "report", "report_version", "judgement", "passage", "file", "run", "publication"];
    let before = (counts(&path, &kept), counts(&path, &people));
    assert!(before.0.iter().chain(&before.1).all(|rows| *rows > 0), "{before:?}");
    let store = Store::open(&path).unwrap();
    assert_eq!((counts(&path, &kept), counts(&path, &people)), before);
    let check = store.check().unwrap();
    assert_eq!(check.problems, [""; 0]);

    // Of three copies the first was tied, the second confirmed and kept, the third rejected and then discarded.
    for name in ["one", "two", "three"] {
        let card = card(&store, name);
        assert_eq!(card.piece, piece_id("one"), "its guid in the digest stays");
        assert_eq!((card.review, card.state, card.kind.as_str()), (Review::Discarded, StoryState::Tied, "follow-up"));
        let ties: Vec<_> = card.ties.iter().map(|tied| (tied.report.id.0.as_str(), tied.tie.state, tied.tie.evidence.len())).collect();
        assert_eq!(ties, [("r-1", TieState::Confirmed, 1), ("r-2", TieState::Possible, 0), ("r-3", TieState::Rejected, 1)]);
        assert_eq!(card.ties[0].tie.evidence[0].story, "of two");
        assert_eq!((card.notes.len(), store.decisions(&story_id(name)).unwrap().len()), (2, 4));
    }
    let waits = card(&store, "waits");
    assert_eq!((waits.state, waits.waiting_for.unwrap().authority.as_str()), (StoryState::Waiting, "Leeds"));
    assert_eq!(waits.piece_changed, Some(at("2024-03-06T06:00:00Z")));
    assert_eq!(store.pending_stories(9).unwrap().len(), 4, "all are judged once more");
    assert!(store.forgotten("gone").unwrap().is_some());
}

#[test]
fn ids_of_pieces_are_not_those_of_other_pieces() -> Result<(), StoreError> {
    let store = of_two();
    let ids: Vec<PieceId> = ["a", "b", "c"].iter().map(|name| store.piece_of(&story_id(name))).collect::<Result<_, _>>()?;
    assert_eq!(ids, [piece_id("a"), piece_id("a"), piece_id("c")]);
    assert!(matches!(store.piece_of(&story_id("x")), Err(StoreError::NoStory(_))));
    Ok(())
}
