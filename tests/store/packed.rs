//! Texts of stories that are not about our subject: compressed in the file, as they were for whoever reads them.

use jiff::Timestamp;
use rusqlite::Connection;
use tieback::{
    model::{
        page::{Block, BlockKind},
        story::Story,
        tie::TieState,
        verdict::{Judged, Relevance, Review},
    },
    store::{Narrow, Store, StoreError, StoryOutcome, Sweep, Swept},
};

use crate::made::*;

/// A story long enough to be packed.
fn long(name: &str) -> Story {
    let text = "The library’s new opening hours, a café and “story time” were welcomed by readers on a wet Tuesday. ".repeat(20);
    let blocks = (0..4).map(|n| Block { kind: BlockKind::Paragraph, text: format!("{n}: {text}") }).collect();
    Story { blocks, ..story(name) }
}

fn put(store: &mut Store, story: &Story, name: &str) -> StoryOutcome {
    store.write(|w| w.put_story(story, &[address(name)], "Bugle", now())).unwrap()
}

/// What tying says of a story that is none of ours.
fn not_ours() -> Judged {
    Judged { relevance: Relevance { relevant: false, why: "names no inspection".into() }, quotations: vec![], ..judged(vec![]) }
}

/// A file with a story that is not ours, a short one that is not, and one that is.
fn filled() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("t.db")).unwrap();
    put_report(&mut store, "1");
    for name in ["a", "ours"] {
        put(&mut store, &long(name), name);
    }
    put_story(&mut store, "short");
    judge(&mut store, "a", &not_ours());
    judge(&mut store, "short", &not_ours());
    judge(&mut store, "ours", &judged(vec![]));
    (folder, store)
}

fn sql(store: &Store) -> Connection {
    Connection::open(store.path().unwrap()).unwrap()
}

/// The ids of stories whose texts are packed, of which nothing is left beside.
fn packed(store: &Store) -> Vec<String> {
    let db = sql(store);
    let odd = "SELECT count(*) FROM story_text JOIN story_packed USING (story) WHERE story_text.blocks <> '[]'";
    assert_eq!(db.query_row(odd, [], |row| row.get(0)), Ok(0));
    let mut select = db.prepare("SELECT id FROM story_packed JOIN story ON n = story ORDER BY id").unwrap();
    select.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

fn found(store: &Store, words: &str) -> usize {
    let all = store.search(words, 9).unwrap();
    let some = store.search_where(words, 9, &Narrow { since: Some(Timestamp::UNIX_EPOCH), ..Narrow::default() }).unwrap().0;
    assert_eq!(all.len(), some.len(), "{words}");
    all.len()
}

#[test]
fn what_is_not_ours_is_packed_and_read_as_it_was() {
    let (_folder, mut store) = filled();
    assert_eq!(packed(&store), ["s-a"], "neither what is ours nor what is too short to be smaller");
    assert_eq!(store.story(&story_id("a")).unwrap(), Some(long("a")));
    assert_eq!(found(&store, "\"opening hours\" café"), 2);
    let hit = &store.search("wet Tuesday", 9).unwrap()[0];
    assert!(hit.snippet.contains("wet Tuesday"), "{}", hit.snippet);
    let texts = |store: &Store| {
        let check = store.check().unwrap();
        assert_eq!((check.problems, check.stories), (vec![], 3));
        check.space.iter().find(|(name, _)| *name == "texts of stories").unwrap().1
    };
    let small = texts(&store);
    judge(&mut store, "a", &judged(vec![]));
    assert!(texts(&store) >= small + 4096, "{} {small}", texts(&store));
}

#[test]
fn what_becomes_ours_is_plain_again_and_back() -> Result<(), StoreError> {
    let (_folder, mut store) = filled();
    let is_packed = |store: &Store| {
        assert_eq!(store.story(&story_id("a")).unwrap(), Some(long("a")));
        !packed(store).is_empty()
    };
    judge(&mut store, "a", &not_ours());
    assert!(is_packed(&store), "judged again, and still not ours");
    judge(&mut store, "a", &judged(vec![]));
    assert!(!is_packed(&store));
    judge(&mut store, "a", &not_ours());
    assert!(is_packed(&store));
    for (review, packs) in [(Review::Kept, false), (Review::New, true), (Review::Discarded, false)] {
        store.write(|w| w.review_story(&story_id("a"), review, now()))?;
        assert_eq!(is_packed(&store), packs, "{review:?}");
    }
    store.write(|w| w.undo(now()))?;
    assert!(is_packed(&store));
    store.write(|w| w.decide_tie(&story_id("a"), &report_id("1"), TieState::Confirmed, now()))?;
    assert!(!is_packed(&store));
    store.write(|w| w.clear_decision(&story_id("a"), &report_id("1"), now()))?;
    assert!(is_packed(&store));
    // A copy that is ours makes its piece ours, and all texts of it plain.
    store.write(|w| join(w, &story_id("ours"), &story_id("a")))?;
    assert!(!is_packed(&store));
    Ok(())
}

#[test]
fn a_rewritten_story_keeps_what_it_was_and_the_index_forgets_its_words() {
    let (_folder, mut store) = filled();
    assert_eq!(put(&mut store, &long("a"), "a"), StoryOutcome::Same);
    let mut changed = long("a");
    changed.blocks.iter_mut().for_each(|block| block.text = block.text.replace("readers", "walkers"));
    assert_eq!(put(&mut store, &changed, "a"), StoryOutcome::Changed);
    assert_eq!((packed(&store), found(&store, "readers"), found(&store, "walkers")), (vec![], 1, 1));
    assert_eq!(store.story_versions(&story_id("a")).unwrap()[0].blocks, long("a").blocks);
    judge(&mut store, "a", &not_ours());
    assert_eq!(packed(&store), ["s-a"]);
    changed.blocks.pop();
    assert!(store.write(|w| w.reread_story(&changed)).unwrap());
    assert_eq!(store.story(&story_id("a")).unwrap().unwrap().blocks, changed.blocks);
    judge(&mut store, "a", &not_ours());
    store.forget(&key("a"), now()).unwrap();
    assert_eq!((packed(&store), found(&store, "walkers"), found(&store, "readers")), (vec![], 0, 1));
    let db = sql(&store);
    db.execute_batch("INSERT INTO story_fts (story_fts) VALUES ('integrity-check')").unwrap();
    assert_eq!(store.check().unwrap().problems, [""; 0]);
}

#[test]
fn a_packed_text_is_let_go_of_as_any() {
    let (_folder, mut store) = filled();
    let later = at("2026-03-05T06:00:00Z");
    assert_eq!(store.write(|w| w.fade(later, &Sweep::default(), 9, later)).unwrap(), Swept { things: 2, stories: 2, ..Swept::default() });
    assert_eq!((packed(&store), found(&store, "walkers OR readers")), (vec![], 1));
    assert_eq!(store.story(&story_id("a")).unwrap().unwrap().blocks, []);
    assert!(store.check().unwrap().is_well());
    // Its page is seen again.
    put(&mut store, &long("a"), "a");
    judge(&mut store, "a", &not_ours());
    assert_eq!((packed(&store), found(&store, "readers")), (vec!["s-a".to_owned()], 2));
}

#[test]
fn what_is_let_go_of_goes_in_steps_past_what_stays_and_on_from_where_it_was_left() -> Result<(), StoreError> {
    let (_folder, mut store) = filled();
    for n in 0..3 {
        put(&mut store, &long(&format!("old{n}")), &format!("old{n}"));
        judge(&mut store, &format!("old{n}"), &not_ours());
    }
    let later = at("2026-03-05T06:00:00Z");
    store.write(|w| w.review_story(&story_id("a"), Review::Kept, now()))?;
    assert_eq!(store.sweep()?, (0, Sweep::default()));
    let mut step = |from: &Sweep| {
        let swept = store.write(|w| {
            let swept = w.fade(later, from, 2, later)?;
            w.set_sweep(1, swept.next.as_ref().unwrap_or(&Sweep::default()), later)?;
            Ok::<_, StoreError>(swept)
        })?;
        assert_eq!(store.sweep()?, (1, swept.next.clone().unwrap_or_default()));
        Ok::<_, StoreError>(swept)
    };
    // One of the first two was kept by a person.
    let first = step(&Sweep::default())?;
    assert_eq!((first.things, first.stories), (1, 1));
    let second = step(&first.next.unwrap())?;
    assert_eq!((second.things, second.stories), (2, 2));
    let last = step(&second.next.unwrap())?;
    assert_eq!((last.things, last.next), (1, None));
    assert_eq!(step(&Sweep::default())?, Swept::default());
    assert_eq!(packed(&store), [""; 0]);
    Ok(())
}

#[test]
fn what_older_versions_left_is_packed_step_by_step() {
    let (_folder, mut store) = filled();
    for n in 0..5 {
        put(&mut store, &long(&format!("old{n}")), &format!("old{n}"));
        judge(&mut store, &format!("old{n}"), &not_ours());
    }
    put(&mut store, &long("unjudged"), "unjudged");
    let (exported, all) = (everything(&store).unwrap(), packed(&store));
    assert_eq!(all.len(), 6);
    // As they were: plain.
    let mut plain = Vec::new();
    for name in &all {
        plain.push((name.clone(), serde_json::to_string(&long(name.trim_start_matches("s-")).blocks).unwrap()));
    }
    let db = sql(&store);
    db.execute_batch("DELETE FROM story_packed").unwrap();
    for (id, blocks) in plain {
        db.execute("UPDATE story_text SET blocks = ?2 WHERE story = (SELECT n FROM story WHERE id = ?1)", [id, blocks]).unwrap();
    }
    let mut step = || store.write(|w| w.pack_older(4, now())).unwrap();
    assert_eq!((step(), step(), step(), step()), (4, 4, 1, 0));
    assert_eq!((packed(&store), everything(&store).unwrap()), (all, exported));
    assert!(store.check().unwrap().is_well());
}

#[test]
fn a_damaged_text_is_told_and_found_by_check() {
    let (_folder, store) = filled();
    sql(&store).execute_batch("UPDATE story_packed SET blocks = substr(blocks, 1, 40)").unwrap();
    let failed = store.story(&story_id("a")).unwrap_err();
    assert!(matches!(failed, StoreError::Damaged(_)), "{failed:?}");
    assert_eq!(store.check().unwrap().problems, ["the texts of stories cannot be read in 1 rows of `story_packed`"]);
}
