//! Judging: pieces are the same whatever came first, part and join again, and wait for nobody and stop nobody.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{cell::RefCell, collections::BTreeSet, path::Path, time::Duration};

use jiff::Timestamp;
use tieback::{
    config,
    model::{
        page::{Block, BlockKind, DateSource},
        report::{Framework, Grade, Judgement, JudgementKey, Passage, PassageKind, Report, ReportId, ReportReading, ReportStatus},
        story::{Story, StoryId},
        tie::TieState,
        verdict::{Review, StoryState},
    },
    pipeline::{Watcher, judge::Judging, stop::Stop},
    store::{RunCounts, SeenAddress, Store},
    tie::judge::Judge,
};

const NOW: &str = "2024-03-08T06:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A text about a council, found inadequate, of some 130 words.
const TEXT: [&str; 6] = [
    "Ofsted has rated children’s services in {c} inadequate after inspectors found that children at risk of harm waited too long for help.",
    "The inspection, which took place over two weeks in January, looked at how {c} Council supports children in need of help and protection.",
    "Inspectors said that social workers in {c} carry too many cases and that managers do not always notice when plans drift.",
    "The report says that leaders have been too slow to act on the weaknesses that were found at the last visit.",
    "The director of children’s services said the council accepted the findings and had already begun to recruit more staff.",
    "The council must now send a plan to Ofsted that shows how it will deal with each of the recommendations in the report.",
];

fn story(name: &str, council: &str, published: Option<&str>) -> Story {
    let url = format!("https://{name}.example/news/{council}");
    Story {
        id: StoryId(format!("s-{name}")),
        url,
        outlet: name.into(),
        title: format!("Ofsted rates {council} children’s services inadequate"),
        author: None,
        published: published.map(at),
        published_from: published.map(|_| DateSource::Feed),
        first_seen: at(NOW),
        changed: None,
        summary: String::new(),
        blocks: TEXT.iter().map(|text| Block { kind: BlockKind::Paragraph, text: text.replace("{c}", council) }).collect(),
        links: vec![],
        walled: false,
        area: vec![],
    }
}

fn put(store: &mut Store, story: &Story, now: &str) {
    let address = SeenAddress { key: story.url.clone(), url: story.url.clone() };
    store.write(|writer| writer.put_story(story, &[address], "Test", at(now))).unwrap();
}

fn put_report(store: &mut Store, number: u32, council: &str) {
    let mut reading = ReportReading::empty(ReportStatus::Current, "");
    reading.reason = None;
    reading.framework = Framework::Ilacs;
    reading.title = format!("Inspection of {council} children’s services");
    reading.authority = Some(council.into());
    reading.inspected_from = Some("2024-01-15".parse().unwrap());
    reading.inspected_to = Some("2024-01-26".parse().unwrap());
    reading.judgements = vec![Judgement {
        key: JudgementKey::Overall,
        label: "Overall effectiveness".into(),
        grade: Grade::Inadequate,
        printed: "Inadequate".into(),
        readings: 2,
        agree: true,
    }];
    reading.passages =
        vec![Passage { page: 1, number: Some(1), kind: PassageKind::Paragraph, text: format!("Services in {council} are inadequate.") }];
    let report = Report {
        id: ReportId(format!("r-{number}")),
        url: format!("https://files.ofsted.gov.uk/v1/file/{number}"),
        provider_url: None,
        urn: None,
        published: Some("2024-03-06".parse().unwrap()),
        first_seen: at(NOW),
        sha256: format!("{number:064x}"),
        parser: 1,
        reading,
    };
    store
        .write(|writer| {
            writer.put_report(&report, number.to_string().as_bytes())?;
            writer.mark_pending_for_authorities(&[council.to_owned()])
        })
        .unwrap();
}

fn judge() -> Judge {
    Judge::new(config::gazetteer().unwrap()).unwrap()
}

fn run(store: &mut Store, judge: &Judge, now: &str, watch: &dyn Watcher) -> RunCounts {
    let mut counts = RunCounts::default();
    Judging::new(judge, at(now)).run(store, &mut counts, watch, &Stop::default()).unwrap();
    counts
}

/// The pieces with their copies.
fn pieces(store: &Store) -> BTreeSet<Vec<String>> {
    let cards = store.story_cards(&tieback::store::StoryFilter::default()).unwrap();
    let copies = |card: &tieback::model::overview::StoryCard| {
        let mut all: Vec<String> = card.copies.iter().map(|copy| copy.story.0.clone()).chain([card.id.0.clone()]).collect();
        all.sort();
        all
    };
    cards.iter().map(copies).collect()
}

fn card(store: &Store, name: &str) -> tieback::model::overview::StoryCard {
    store.story_card(&StoryId(format!("s-{name}"))).unwrap().unwrap()
}

fn names(pieces: &[&[&str]]) -> BTreeSet<Vec<String>> {
    pieces.iter().map(|piece| piece.iter().map(|name| format!("s-{name}")).collect()).collect()
}

/// Does something once, when the first stories are judged.
struct Once<F: FnOnce()>(RefCell<Option<F>>);

impl<F: FnOnce()> Once<F> {
    fn new(does: F) -> Self {
        Self(RefCell::new(Some(does)))
    }
}

impl<F: FnOnce()> Watcher for Once<F> {
    fn fetched(&self, _open: usize, _counts: &RunCounts) {}
    fn past(&self, _source: &str, _past: tieback::model::backfill::Past, _takes: std::time::Duration) {}
    fn read(&self, _done: usize, _all: usize) {}
    fn tied(&self, _done: usize, _all: usize) {
        if let Some(does) = self.0.borrow_mut().take() {
            does();
        }
    }
}

/// Another program with the same database, that waits for nothing.
fn another(path: &Path) -> Store {
    let store = Store::open(path).unwrap();
    store.set_patience(Duration::ZERO).unwrap();
    store
}

#[test]
fn a_decision_made_meanwhile_succeeds_at_once_and_stands() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    let mut store = Store::open(&path).unwrap();
    put_report(&mut store, 50001, "Leeds");
    for (name, council) in [("one", "Leeds"), ("two", "Leeds"), ("three", "Bradford")] {
        put(&mut store, &story(name, council, Some("2024-03-07T09:00:00Z")), NOW);
    }
    let watch = Once::new(|| {
        let (report, story) = (ReportId("r-50001".into()), |name: &str| StoryId(format!("s-{name}")));
        let mut other = another(&path);
        other
            .write(|writer| {
                writer.decide_tie(&story("one"), &report, TieState::Rejected, at(NOW))?;
                writer.review_story(&story("two"), Review::Discarded, at(NOW))?;
                writer.add_note(&story("three"), "asked", at(NOW))
            })
            .unwrap();
    });
    let judge = judge();
    run(&mut store, &judge, NOW, &watch);
    assert!(watch.0.borrow().is_none(), "somebody decided meanwhile");
    for again in [false, true] {
        for name in ["one", "two"] {
            let card = card(&store, name);
            assert_eq!((card.piece.0.as_str(), card.review), ("s-two", Review::Discarded), "{name}: the piece decided on last");
            assert_eq!(card.ties.iter().map(|tied| tied.tie.state).collect::<Vec<_>>(), [TieState::Rejected], "{name}, again {again}");
        }
        assert_eq!(card(&store, "three").notes, ["asked"]);
        store.write(|writer| writer.mark_pending_all()).unwrap();
        run(&mut store, &judge, NOW, &());
    }
}

#[test]
fn a_story_deleted_or_changed_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    let mut store = Store::open(&path).unwrap();
    for name in ["one", "two", "three"] {
        put(&mut store, &story(name, "Leeds", Some("2024-03-07T09:00:00Z")), NOW);
    }
    let mut rewritten = story("two", "Leeds", Some("2024-03-07T09:00:00Z"));
    rewritten.blocks.truncate(5);
    let gone = story("three", "Leeds", None);
    let watch = Once::new(|| {
        let mut other = another(&path);
        other.write(|writer| writer.forget(&gone.url, at(NOW))).unwrap();
        put(&mut other, &rewritten, NOW);
    });
    let judge = judge();
    run(&mut store, &judge, NOW, &watch);
    assert_eq!(pieces(&store), names(&[&["one", "two"]]));
    assert_eq!(store.pending_stories(9).unwrap().len(), 2, "the new text is still to be judged");
    run(&mut store, &judge, NOW, &());
    assert_eq!(store.pending_stories(9).unwrap(), []);
    assert!(store.check().unwrap().is_well());
}

#[test]
fn the_pieces_are_the_same_whatever_came_first() {
    let judge = judge();
    let stories = [
        story("one", "Leeds", Some("2024-03-07T09:00:00Z")),
        story("two", "Leeds", Some("2024-03-07T12:00:00Z")),
        story("three", "Bradford", Some("2024-03-07T10:00:00Z")),
        story("four", "Leeds", None),
        story("five", "Bradford", None),
        story("six", "Leeds", Some("2022-03-07T09:00:00Z")),
    ];
    let expected = names(&[&["four", "one", "two"], &["five", "three"], &["six"]]);
    for turn in 0..stories.len() {
        for runs in [1, 2, stories.len()] {
            let mut store = Store::open_in_memory().unwrap();
            let turned: Vec<&Story> = stories.iter().cycle().skip(turn).take(stories.len()).collect();
            for part in turned.chunks(stories.len() / runs) {
                part.iter().for_each(|story| put(&mut store, story, NOW));
                run(&mut store, &judge, NOW, &());
            }
            assert_eq!(pieces(&store), expected, "turned by {turn}, in {runs} runs");
            assert!(store.check().unwrap().is_well());
        }
    }
}

#[test]
fn a_piece_parts_when_its_copies_do_and_joins_again() {
    let judge = judge();
    let mut store = Store::open_in_memory().unwrap();
    let (one, two) = (story("one", "Leeds", Some("2024-03-07T09:00:00Z")), story("two", "Leeds", Some("2024-03-07T12:00:00Z")));
    put(&mut store, &one, NOW);
    put(&mut store, &two, NOW);
    run(&mut store, &judge, NOW, &());
    store.write(|writer| writer.review_story(&one.id, Review::Kept, at(NOW))).unwrap();
    let mut other = two.clone();
    other.blocks = story("two", "Bradford", None).blocks;
    other.title = "Ofsted rates Bradford children’s services inadequate".into();
    put(&mut store, &other, "2024-03-09T06:00:00Z");
    assert_eq!(run(&mut store, &judge, "2024-03-09T06:00:00Z", &()).judged, 2);
    assert_eq!(pieces(&store), names(&[&["one"], &["two"]]));
    assert_eq!((card(&store, "one").piece.0.as_str(), card(&store, "one").review), ("s-one", Review::Kept));
    assert_eq!((card(&store, "two").piece.0.as_str(), card(&store, "two").review), ("s-two", Review::New));
    assert_eq!(card(&store, "one").piece_changed, None, "nothing is new about the other");
    assert_eq!(card(&store, "two").piece_changed, Some(at("2024-03-09T06:00:00Z")));
    put(&mut store, &two, "2024-03-10T06:00:00Z");
    run(&mut store, &judge, "2024-03-10T06:00:00Z", &());
    assert_eq!(pieces(&store), names(&[&["one", "two"]]));
    assert_eq!((card(&store, "two").piece.0.as_str(), card(&store, "two").review), ("s-one", Review::Kept));
    assert_eq!(run(&mut store, &judge, "2024-03-10T06:00:00Z", &()).judged, 0, "nothing is left to do");
}

#[test]
fn an_earlier_copy_changes_no_id_and_is_no_news() {
    let judge = judge();
    let mut store = Store::open_in_memory().unwrap();
    put(&mut store, &story("late", "Leeds", Some("2024-03-07T09:00:00Z")), NOW);
    run(&mut store, &judge, NOW, &());
    let next = "2024-03-09T06:00:00Z";
    put(&mut store, &story("early", "Leeds", Some("2024-03-06T09:00:00Z")), next);
    run(&mut store, &judge, next, &());
    let card = card(&store, "early");
    assert_eq!((card.piece.0.as_str(), card.piece_first_seen, card.piece_changed), ("s-late", at(NOW), None));
    assert!(store.overview(at(NOW), at(next), &[]).unwrap().stories.is_empty());
}

#[test]
fn a_report_that_comes_ties_all_copies_and_makes_the_piece_news() {
    let judge = judge();
    let mut store = Store::open_in_memory().unwrap();
    for name in ["one", "two"] {
        put(&mut store, &story(name, "Leeds", Some("2024-03-07T09:00:00Z")), NOW);
    }
    run(&mut store, &judge, NOW, &());
    assert_eq!(card(&store, "one").state, StoryState::Waiting);
    put_report(&mut store, 50001, "Leeds");
    let next = "2024-03-09T06:00:00Z";
    assert_eq!(run(&mut store, &judge, next, &()).tied, 2);
    for name in ["one", "two"] {
        let card = card(&store, name);
        assert_eq!((card.state, card.waiting_for, card.piece_changed), (StoryState::Tied, None, Some(at(next))), "{name}");
    }
    let overview = store.overview(at(NOW), at(next), &[]).unwrap();
    assert_eq!(overview.stories.len(), 1);
    // All of them again: nothing is news.
    store.write(|writer| writer.mark_pending_all()).unwrap();
    assert_eq!(run(&mut store, &judge, "2024-03-10T06:00:00Z", &()).tied, 0);
    assert_eq!(card(&store, "one").piece_changed, Some(at(next)));
}

#[test]
fn two_cores_judge_as_one_does() {
    let judge = judge();
    let councils: Vec<String> = judge.gazetteer().all().iter().take(130).map(|authority| authority.name.clone()).collect();
    let judged = |store: &mut Store| {
        put_report(store, 50001, &councils[0]);
        for (n, council) in councils.iter().enumerate() {
            put(store, &story(&format!("a{n}"), council, Some("2024-03-07T09:00:00Z")), NOW);
        }
        let counts = run(store, &judge, NOW, &());
        let cards = store.story_cards(&tieback::store::StoryFilter::default()).unwrap();
        (counts, pieces(store), cards)
    };
    let folder = tempfile::tempdir().unwrap();
    let in_file = judged(&mut Store::open(&folder.path().join("t.db")).unwrap());
    assert_eq!(in_file, judged(&mut Store::open_in_memory().unwrap()), "in memory there is one core");
    assert_eq!(in_file.0.judged, 130);
}
