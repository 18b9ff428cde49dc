//! Ties and people: what tying says is replaced, what a person says stands.

use tieback::{
    model::{
        evidence::Evidence,
        overview::StoryCard,
        report::Framework,
        tie::{Tie, TieState},
        verdict::{Judged, Review, StoryState},
    },
    store::{Narrow, Queue, Store, StoreError},
};

use crate::made::*;

fn with_reports() -> Store {
    let mut store = Store::open_in_memory().unwrap();
    for name in ["1", "2", "3"] {
        put_report(&mut store, name);
    }
    put_story(&mut store, "a");
    store
}

fn decide(store: &mut Store, report: &str, state: TieState) {
    store.write(|w| w.decide_tie(&story_id("a"), &report_id(report), state, now())).unwrap();
}

fn states(store: &Store) -> Vec<(String, TieState)> {
    store.ties(&story_id("a")).unwrap().into_iter().map(|tie| (tie.report.0, tie.state)).collect()
}

fn state(store: &Store) -> StoryState {
    store.story_card(&story_id("a")).unwrap().unwrap().state
}

#[test]
fn what_tying_says_comes_back() {
    let mut store = with_reports();
    let said = judged(vec![tie("1", TieState::Auto), tie("2", TieState::Possible)]);
    judge(&mut store, "a", &said);
    let card = store.story_card(&story_id("a")).unwrap().unwrap();
    assert_eq!(card.ties.iter().map(|tied| tied.tie.clone()).collect::<Vec<_>>(), said.ties);
    assert_eq!(card.ties[0].report.id, report_id("1"));
    assert_eq!((card.relevant, &card.why), (said.relevance.relevant, &said.relevance.why));
    assert_eq!((card.kind, &card.authorities, &card.stated_grades), (said.kind, &said.authorities, &said.stated_grades));
    assert_eq!((&card.quotations, card.waiting_for), (&said.quotations, None));
    let waits = waiting("Wexcombe");
    judge(&mut store, "a", &waits);
    assert_eq!(store.story_card(&story_id("a")).unwrap().unwrap().waiting_for, waits.waiting_for);
}

#[test]
fn the_state_follows_from_the_ties() {
    let mut store = with_reports();
    let mut check = |said: Judged, expected| {
        judge(&mut store, "a", &said);
        assert_eq!(state(&store), expected);
    };
    check(judged(vec![]), StoryState::None);
    check(waiting("Wexcombe"), StoryState::Waiting);
    check(Judged { ties: vec![tie("1", TieState::Possible)], ..waiting("Wexcombe") }, StoryState::Possible);
    check(judged(vec![tie("1", TieState::Possible), tie("2", TieState::Auto)]), StoryState::Tied);
}

#[test]
fn decisions_stand_whatever_tying_says_later() {
    let mut store = with_reports();
    judge(&mut store, "a", &judged(vec![tie("1", TieState::Possible), tie("2", TieState::Auto)]));
    decide(&mut store, "1", TieState::Confirmed);
    decide(&mut store, "2", TieState::Rejected);
    let decided = store.ties(&story_id("a")).unwrap();
    let yes = ("r-1".to_owned(), TieState::Confirmed);
    let no = ("r-2".to_owned(), TieState::Rejected);
    let mut surer = tie("1", TieState::Auto);
    surer.confidence = 0.999;
    surer.evidence = Vec::<Evidence>::new();
    for (ties, also) in [
        (vec![], None),
        (vec![surer, tie("2", TieState::Auto)], None),
        (vec![tie("3", TieState::Auto)], Some(("r-3".to_owned(), TieState::Auto))),
        (vec![], None),
    ] {
        judge(&mut store, "a", &judged(ties));
        let expected: Vec<_> = [yes.clone()].into_iter().chain(also).chain([no.clone()]).collect();
        assert_eq!(states(&store), expected);
        assert_eq!(state(&store), StoryState::Tied);
    }
    assert_eq!(store.ties(&story_id("a")).unwrap(), decided, "evidence and confidence stand, too");
}

#[test]
fn a_story_whose_only_tie_is_rejected_is_not_tied() {
    let mut store = with_reports();
    judge(&mut store, "a", &Judged { ties: vec![tie("1", TieState::Auto)], ..waiting("Wexcombe") });
    decide(&mut store, "1", TieState::Rejected);
    assert_eq!(state(&store), StoryState::Waiting);
    assert_eq!(store.stories_of_report(&report_id("1")).unwrap(), []);
}

#[test]
fn a_decision_can_be_taken_back() {
    let mut store = with_reports();
    let offered = judged(vec![tie("1", TieState::Possible)]);
    judge(&mut store, "a", &offered);
    // Through yes and no, back to what tying had made it.
    decide(&mut store, "1", TieState::Confirmed);
    decide(&mut store, "1", TieState::Rejected);
    store.write(|w| w.clear_decision(&story_id("a"), &report_id("1"), now())).unwrap();
    assert_eq!(store.ties(&story_id("a")).unwrap(), offered.ties);
    assert_eq!((state(&store), store.pending_stories(9).unwrap()), (StoryState::Possible, vec![story_id("a")]));
    // A tie that a person made is gone.
    decide(&mut store, "3", TieState::Confirmed);
    assert_eq!(state(&store), StoryState::Tied);
    store.write(|w| w.clear_decision(&story_id("a"), &report_id("3"), now())).unwrap();
    assert_eq!(states(&store), [("r-1".to_owned(), TieState::Possible)]);
    let refused = store.write(|w| w.clear_decision(&story_id("a"), &report_id("3"), now()));
    assert!(matches!(refused, Err(StoreError::NoTie { .. })));
}

#[test]
fn deciding_needs_a_story_and_a_report() {
    let mut store = with_reports();
    let story = store.write(|w| w.decide_tie(&story_id("x"), &report_id("1"), TieState::Confirmed, now()));
    assert!(matches!(story, Err(StoreError::NoStory(id)) if id == "s-x"));
    let report = store.write(|w| w.decide_tie(&story_id("a"), &report_id("x"), TieState::Confirmed, now()));
    assert!(matches!(report, Err(StoreError::NoReport(id)) if id == "r-x"));
    let review = store.write(|w| w.review_story(&story_id("x"), Review::Kept, now()));
    assert!(matches!(review, Err(StoreError::NoStory(_))));
    let note = store.write(|w| w.add_note(&story_id("x"), "?", now()));
    assert!(matches!(note, Err(StoreError::NoStory(_))));
}

#[test]
fn review_and_notes_outlive_a_change_of_the_story() {
    let mut store = with_reports();
    store
        .write(|w| {
            w.review_story(&story_id("a"), Review::Discarded, now())?;
            w.add_note(&story_id("a"), "second thoughts", now())?;
            w.add_note(&story_id("a"), "a first thought", now())
        })
        .unwrap();
    let mut changed = story("a");
    changed.title = "Changed".into();
    store.write(|w| w.put_story(&changed, &[], "Bugle", now())).unwrap();
    judge(&mut store, "a", &judged(vec![tie("1", TieState::Auto)]));
    let card = store.story_card(&story_id("a")).unwrap().unwrap();
    assert_eq!((card.review, card.notes), (Review::Discarded, vec!["second thoughts".to_owned(), "a first thought".to_owned()]));
}

#[test]
fn every_decision_is_written_down_once() {
    let mut store = with_reports();
    judge(&mut store, "a", &judged(vec![tie("1", TieState::Possible)]));
    decide(&mut store, "1", TieState::Confirmed);
    decide(&mut store, "1", TieState::Confirmed);
    store.write(|w| w.clear_decision(&story_id("a"), &report_id("1"), now())).unwrap();
    decide(&mut store, "2", TieState::Rejected);
    store.write(|w| w.review_story(&story_id("a"), Review::Kept, now())).unwrap();
    store.write(|w| w.review_story(&story_id("a"), Review::Kept, now())).unwrap();
    let log: Vec<_> = store.decisions(&story_id("a")).unwrap().into_iter().map(|each| (each.report, each.was, each.became)).collect();
    let word = |text: &str| Some(text.to_owned());
    assert_eq!(
        log,
        [
            (Some(report_id("1")), word("possible"), word("confirmed")),
            (Some(report_id("1")), word("confirmed"), word("possible")),
            (Some(report_id("2")), None, word("rejected")),
            (None, word("new"), word("kept")),
        ]
    );
}

#[test]
fn a_new_report_makes_its_stories_pending() {
    let mut store = with_reports();
    for name in ["b", "c", "d"] {
        put_story(&mut store, name);
    }
    judge(&mut store, "a", &judged(vec![]));
    judge(&mut store, "b", &waiting("Wexcombe"));
    judge(&mut store, "c", &waiting("Elsewhere"));
    let mut irrelevant = judged(vec![]);
    irrelevant.relevance.relevant = false;
    judge(&mut store, "d", &irrelevant);
    assert_eq!(store.pending_stories(9).unwrap(), []);
    assert_eq!(store.write(|w| w.mark_pending_for_authorities(&["Wexcombe".into()])).unwrap(), 2);
    assert_eq!(store.pending_stories(9).unwrap(), [story_id("a"), story_id("b")]);
    assert_eq!(store.pending_stories(1).unwrap(), [story_id("a")]);
    assert_eq!(store.write(|w| w.mark_pending_all()).unwrap(), 2);
    assert_eq!(store.pending_stories(9).unwrap().len(), 4);
}

#[test]
fn a_tie_to_no_report_stores_nothing_of_the_judgement() {
    let mut store = with_reports();
    judge(&mut store, "a", &judged(vec![tie("1", TieState::Auto)]));
    let before = store.story_card(&story_id("a")).unwrap();
    let bad: Vec<Tie> = vec![tie("2", TieState::Auto), tie("nowhere", TieState::Auto)];
    assert!(store.write(|w| set_judged(w, &story_id("a"), &judged(bad), now())).is_err());
    assert_eq!(store.story_card(&story_id("a")).unwrap(), before);
}

#[test]
fn numbers_that_are_none_do_no_harm() {
    let mut store = with_reports();
    let mut odd = tie("1", TieState::Auto);
    odd.confidence = f64::NAN;
    odd.evidence[0].weight = f64::NEG_INFINITY;
    judge(&mut store, "a", &judged(vec![odd]));
    let stored = &store.ties(&story_id("a")).unwrap()[0];
    assert_eq!((stored.confidence, stored.evidence[0].weight), (0.0, 0.0));
}

#[test]
fn the_last_decision_is_taken_back_and_then_the_one_before() {
    let mut store = with_reports();
    store.set_person("anna");
    judge(&mut store, "a", &judged(vec![tie("1", TieState::Possible)]));
    decide(&mut store, "1", TieState::Confirmed);
    decide(&mut store, "1", TieState::Rejected);
    decide(&mut store, "2", TieState::Confirmed);
    store.write(|w| w.review_story(&story_id("a"), Review::Discarded, now())).unwrap();
    let mut undo = || store.write(|w| w.undo(now())).unwrap().map(|undone| (undone.report.map(|id| id.0), undone.became, undone.was));
    let of = |report: Option<&str>, became: &str, was: Option<&str>| {
        Some((report.map(str::to_owned), Some(became.to_owned()), was.map(str::to_owned)))
    };
    assert_eq!(undo(), of(None, "discarded", Some("new")));
    assert_eq!(undo(), of(Some("r-2"), "confirmed", None));
    assert_eq!(undo(), of(Some("r-1"), "rejected", Some("confirmed")));
    assert_eq!(undo(), of(Some("r-1"), "confirmed", Some("possible")));
    assert_eq!(undo(), None);
    assert_eq!(states(&store), [("r-1".to_owned(), TieState::Possible)]);
    let decisions = store.decisions(&story_id("a")).unwrap();
    assert_eq!(decisions.iter().map(|decision| decision.undoes).collect::<Vec<_>>(), [false, false, false, false, true, true, true, true]);
    assert!(decisions.iter().all(|decision| decision.who.as_deref() == Some("anna")));
}

#[test]
fn nobody_takes_back_what_another_decided() {
    let mut store = with_reports();
    judge(&mut store, "a", &judged(vec![tie("1", TieState::Possible)]));
    store.set_person("anna");
    decide(&mut store, "1", TieState::Confirmed);
    store.set_person("ben");
    assert_eq!(store.write(|w| w.undo(now())).unwrap(), None);
    store.set_person("anna");
    assert!(store.write(|w| w.undo(now())).unwrap().is_some());
}

#[test]
fn what_is_left_to_take_back_when_the_tie_is_gone_is_said_once() {
    let mut store = with_reports();
    judge(&mut store, "a", &judged(vec![]));
    decide(&mut store, "1", TieState::Confirmed);
    store.write(|w| w.clear_decision(&story_id("a"), &report_id("1"), now())).unwrap();
    assert!(store.write(|w| w.undo(now())).unwrap().is_some());
    assert!(store.write(|w| w.undo(now())).unwrap().is_some());
    assert_eq!(store.write(|w| w.undo(now())).unwrap(), None);
}

/// With a filter 200 are counted behind a page of 5, and it is said of which there are more.
#[test]
fn what_wants_a_decision_is_counted_to_its_end_or_said_to_be_more() {
    let mut store = with_reports();
    store.write(|w| w.review_story(&story_id("a"), Review::Kept, now())).unwrap();
    let narrow = Narrow { authorities: Some(vec!["Wexcombe".into()]), ..Narrow::default() };
    let mut put = 0;
    let mut check = |undecided: usize, unseen: usize, expected: Queue| {
        for (many, said) in [(undecided, judged(vec![tie("1", TieState::Possible)])), (unseen, judged(vec![]))] {
            for _ in 0..many {
                put += 1;
                put_story(&mut store, &put.to_string());
                judge(&mut store, &put.to_string(), &said);
            }
        }
        let (queue, open, rest) = store.queue_where(&narrow, 0, 5).unwrap();
        assert_eq!((queue, open.len() + rest.len()), (expected, 5));
    };
    let queue = |undecided, unseen| Queue { undecided, unseen, ..Queue::default() };
    check(3, 202, queue(3, 202));
    check(0, 1, Queue { more_unseen: true, ..queue(3, 202) });
    check(202, 0, Queue { more_unseen: true, ..queue(205, 0) });
    check(1, 0, Queue { more_undecided: true, more_unseen: true, ..queue(205, 0) });
}

/// Of 60 pieces each a list would be dearer than the queue in its order; where a time is asked for, too, they are listed.
#[test]
fn a_queue_gone_through_in_order_has_what_a_list_of_all_that_fit_has() {
    let mut store = with_reports();
    for n in 0..60 {
        let name = format!("{n:02}");
        put_story(&mut store, &name);
        let possible = Judged { ties: vec![tie("1", TieState::Possible)], ..waiting("Wexcombe") };
        let said = [judged(vec![tie("2", TieState::Auto)]), possible, waiting("Wexcombe"), judged(vec![])];
        judge(&mut store, &name, &said[n % 4]);
        let review = [Review::New, Review::Discarded, Review::New, Review::Kept, Review::New][n % 5];
        store.write(|w| w.review_story(&story_id(&name), review, now())).unwrap();
    }
    let asked = [
        Narrow { authorities: Some(vec!["Wexcombe".into()]), ..Narrow::default() },
        Narrow { authorities: Some(vec!["Quillhaven".into()]), ..Narrow::default() },
        Narrow { frameworks: vec![Framework::Ilacs, Framework::FocusedVisit], ..Narrow::default() },
        Narrow { frameworks: vec![Framework::Ilacs, Framework::Sif], authorities: Some(vec!["Wexcombe".into()]), ..Narrow::default() },
        Narrow { frameworks: vec![Framework::Jtai], ..Narrow::default() },
    ];
    let sizes = asked.map(|narrow| {
        let listed = Narrow { since: Some(at("2000-01-01T00:00:00Z")), ..narrow.clone() };
        let shown = |narrow: &Narrow| {
            let (queue, open, rest) = store.queue_where(narrow, 3, 30).unwrap();
            let ids = |cards: Vec<StoryCard>| cards.into_iter().map(|card| card.id.0).collect::<Vec<_>>();
            (queue, ids(open), ids(rest))
        };
        assert_eq!(shown(&narrow), shown(&listed), "{narrow:?}");
        let queue = shown(&narrow).0;
        (queue.undecided, queue.unseen)
    });
    assert!(sizes[0].0 > 5 && sizes[0].1 > 20 && sizes[2].0 > 5 && sizes[2].1 > 9, "{sizes:?}");
    assert_eq!([sizes[1], sizes[4]], [(0, 0); 2]);
}
