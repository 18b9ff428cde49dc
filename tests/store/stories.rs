//! Stories: new, the same, changed; versions, addresses, clusters, filters, what is deleted for good.

use std::fs;

use tieback::{
    model::{
        page::{Block, BlockKind, FeedItem},
        story::{Story, StoryId},
        tie::TieState,
        verdict::{Review, StoryState},
    },
    store::{Lookalike, Narrow, SeenAddress, Store, StoreError, StoryFilter, StoryOutcome},
};

use crate::made::*;

#[test]
fn a_story_comes_back_as_it_went_in() {
    let mut store = Store::open_in_memory().unwrap();
    put_story(&mut store, "a");
    assert_eq!(store.story(&story_id("a")).unwrap(), Some(story("a")));
    assert_eq!(store.story(&story_id("b")).unwrap(), None);
    assert_eq!(store.story_of_address(&key("a")).unwrap(), Some(story_id("a")));
    let card = store.story_card(&story_id("a")).unwrap().unwrap();
    assert_eq!((card.words, card.addresses), (11, vec![address("a").url]));
}

#[test]
fn put_twice_is_the_same_and_exports_alike() {
    let mut store = Store::open_in_memory().unwrap();
    let all = |store: &mut Store, later| {
        store
            .write(|w| {
                let one = w.put_report(&report("1"), b"1")?;
                let two = w.put_story(&story("a"), &[address("a")], "Bugle", later)?;
                set_judged(w, &story_id("a"), &judged(vec![tie("1", TieState::Auto)]), later)?;
                Ok::<_, StoreError>((one, two))
            })
            .unwrap()
    };
    all(&mut store, now());
    let before = everything(&store).unwrap();
    let (report, story) = all(&mut store, at("2024-03-06T06:00:00Z"));
    assert_eq!((report, story), (tieback::store::ReportOutcome::Same, StoryOutcome::Same));
    assert_eq!(everything(&store).unwrap(), before);
}

#[test]
fn a_changed_story_keeps_what_it_was_and_is_pending() {
    let mut store = Store::open_in_memory().unwrap();
    put_story(&mut store, "a");
    judge(&mut store, "a", &judged(vec![]));
    assert_eq!(store.pending_stories(9).unwrap(), []);
    let later = at("2024-03-07T06:00:00Z");
    let mut changed = story("a");
    changed.blocks.push(Block { kind: BlockKind::Paragraph, text: "A councillor replied.".into() });
    assert_eq!(store.write(|w| w.put_story(&changed, &[], "Bugle", later)).unwrap(), StoryOutcome::Changed);
    let stored = store.story(&story_id("a")).unwrap().unwrap();
    assert_eq!((stored.changed, stored.first_seen, &stored.blocks), (Some(later), now(), &changed.blocks));
    let versions = store.story_versions(&story_id("a")).unwrap();
    assert_eq!(versions.len(), 1);
    assert_eq!((versions[0].version, versions[0].until, &versions[0].blocks), (1, later, &story("a").blocks));
    assert_eq!(store.pending_stories(9).unwrap(), [story_id("a")]);
    // Seen again as it is now, it is the same, and stays marked as changed.
    assert_eq!(store.write(|w| w.put_story(&changed, &[], "Bugle", now())).unwrap(), StoryOutcome::Same);
    assert_eq!(store.story(&story_id("a")).unwrap().unwrap().changed, Some(later));
}

#[test]
fn other_facts_are_taken_over_without_a_version() {
    let mut store = Store::open_in_memory().unwrap();
    put_story(&mut store, "a");
    judge(&mut store, "a", &judged(vec![]));
    let mut dated = story("a");
    dated.published = Some(at("2024-03-04T10:00:00Z"));
    assert_eq!(store.write(|w| w.put_story(&dated, &[], "Bugle", now())).unwrap(), StoryOutcome::Same);
    assert_eq!(store.story(&story_id("a")).unwrap(), Some(dated));
    assert_eq!(store.story_versions(&story_id("a")).unwrap(), []);
    assert_eq!(store.pending_stories(9).unwrap(), [story_id("a")]);
}

#[test]
fn a_wall_never_takes_a_text_away() {
    let mut store = Store::open_in_memory().unwrap();
    put_story(&mut store, "a");
    let mut cut = story("a");
    cut.walled = true;
    cut.blocks.truncate(1);
    assert_eq!(store.write(|w| w.put_story(&cut, &[], "Bugle", now())).unwrap(), StoryOutcome::Same);
    assert_eq!(store.story(&story_id("a")).unwrap(), Some(story("a")));
}

#[test]
fn fractions_of_a_second_make_no_difference() {
    let mut store = Store::open_in_memory().unwrap();
    let mut fine = story("a");
    fine.published = Some(at("2024-03-04T09:30:00.75Z"));
    store.write(|w| w.put_story(&fine, &[], "Bugle", now())).unwrap();
    judge(&mut store, "a", &judged(vec![]));
    store.write(|w| w.put_story(&fine, &[], "Bugle", now())).unwrap();
    assert_eq!(store.pending_stories(9).unwrap(), []);
    assert_eq!(store.story(&story_id("a")).unwrap().unwrap().published, Some(at("2024-03-04T09:30:00Z")));
}

#[test]
fn an_address_keeps_its_first_story() {
    let mut store = Store::open_in_memory().unwrap();
    put_story(&mut store, "a");
    put_story(&mut store, "b");
    let second = SeenAddress { key: key("amp/a"), url: key("amp/a") };
    store.write(|w| w.add_address(&story_id("a"), &second.key, &second.url)).unwrap();
    store.write(|w| w.add_address(&story_id("b"), &second.key, &second.url)).unwrap();
    assert_eq!(store.story_of_address(&second.key).unwrap(), Some(story_id("a")));
    assert_eq!(store.story_card(&story_id("a")).unwrap().unwrap().addresses, [address("a").url, second.url]);
}

#[test]
fn filters_choose() {
    let mut store = Store::open_in_memory().unwrap();
    put_report(&mut store, "1");
    for (name, seen) in [("a", "2024-03-01T00:00:00Z"), ("b", "2024-03-02T00:00:00Z"), ("c", "2024-03-03T00:00:00Z")] {
        store.write(|w| w.put_story(&story(name), &[], "Bugle", at(seen))).unwrap();
    }
    judge(&mut store, "a", &judged(vec![tie("1", TieState::Auto)]));
    judge(&mut store, "b", &waiting("Marrow Bay"));
    store.write(|w| w.review_story(&story_id("b"), Review::Discarded, now())).unwrap();
    let check = |filter: StoryFilter, expected: &[&str]| {
        let found: Vec<StoryId> = store.story_cards(&filter).unwrap().into_iter().map(|card| card.id).collect();
        assert_eq!(found, expected.iter().map(|name| story_id(name)).collect::<Vec<_>>(), "{filter:?}");
    };
    let all = StoryFilter::default;
    check(all(), &["a", "b", "c"]);
    check(StoryFilter { limit: Some(2), ..all() }, &["a", "b"]);
    check(StoryFilter { since: Some(at("2024-03-01T00:00:00Z")), ..all() }, &["b", "c"]);
    check(StoryFilter { until: Some(at("2024-03-02T00:00:00Z")), ..all() }, &["a", "b"]);
    check(StoryFilter { relevant: Some(false), ..all() }, &["c"]);
    check(StoryFilter { state: Some(StoryState::Waiting), ..all() }, &["b"]);
    check(StoryFilter { review: Some(Review::New), ..all() }, &["a", "c"]);
    let narrow = Narrow { authorities: Some(vec!["Marrow Bay".into()]), ..Narrow::default() };
    check(StoryFilter { narrow, ..all() }, &["a", "b"]);
    check(StoryFilter { ids: Some(vec![story_id("c"), story_id("x")]), ..all() }, &["c"]);
    check(StoryFilter { ids: Some(vec![]), ..all() }, &[]);
}

#[test]
fn copies_are_found_by_their_bands_and_shown_together() {
    let mut store = Store::open_in_memory().unwrap();
    for name in ["a", "b", "c"] {
        put_story(&mut store, name);
    }
    let one: Vec<u64> = (0..128).collect();
    let mut near = one.clone();
    near[5] = 999;
    // The same numbers at other places are another text.
    let turned: Vec<u64> = (4..132).collect();
    store
        .write(|w| {
            w.set_fingerprint(&story_id("a"), Some(&one))?;
            w.set_fingerprint(&story_id("a"), Some(&one))?;
            w.set_fingerprint(&story_id("b"), Some(&near))?;
            w.set_fingerprint(&story_id("c"), Some(&turned))
        })
        .unwrap();
    let found = store.fingerprint_candidates(&story_id("a")).unwrap();
    assert_eq!(found, [Lookalike { story: story_id("b"), published: story("b").published, signature: near }]);
    assert_eq!(store.fingerprint_candidates(&story_id("c")).unwrap(), []);
    store.write(|w| join(w, &story_id("a"), &story_id("b"))).unwrap();
    assert_eq!(store.copies_of(&piece_id("a")).unwrap(), [story_id("a"), story_id("b")]);
    let card = store.story_card(&story_id("b")).unwrap().unwrap();
    assert_eq!((card.piece, card.copies[0].story.clone()), (piece_id("a"), story_id("a")));
    // A text that has become too short is like no other.
    store.write(|w| w.set_fingerprint(&story_id("b"), None)).unwrap();
    assert_eq!(store.fingerprint_candidates(&story_id("a")).unwrap(), []);
}

#[test]
fn what_is_deleted_is_deleted_for_good() {
    const SECRET: &str = "quorlzyx";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    let mut store = Store::open(&path).unwrap();
    put_report(&mut store, "1");
    put_story(&mut store, "kept");
    // An id is a hash, and may stay as the name of a piece that had other copies.
    let mut secret = Story { id: story_id("5ec2e7"), ..story(SECRET) };
    secret.blocks[0].text = format!("{SECRET} {SECRET}");
    let addresses = [address(SECRET), SeenAddress { key: key("other-quorlzyx"), url: key("other-quorlzyx") }];
    store
        .write(|w| {
            w.put_story(&secret, &addresses, "Bugle", now())?;
            w.put_item("Bugle", &key(SECRET), None, &item(SECRET), true, now())?;
            w.set_validators(&address(SECRET).url, &Default::default(), now())?;
            set_judged(w, &secret.id, &judged(vec![tie("1", TieState::Auto)]), now())?;
            w.set_fingerprint(&secret.id, Some(&[1, 2, 3, 4]))?;
            join(w, &secret.id, &story_id("kept"))?;
            w.add_note(&secret.id, SECRET, now())?;
            w.decide_tie(&secret.id, &report_id("1"), TieState::Confirmed, now())
        })
        .unwrap();
    secret.title = "Changed".into();
    store.write(|w| w.put_story(&secret, &[], "Bugle", now())).unwrap();
    assert!(!store.search(SECRET, 9).unwrap().is_empty());

    let forgotten = store.forget(&key("other-quorlzyx"), now()).unwrap();
    assert_eq!((forgotten.story, forgotten.addresses), (Some(secret.id.clone()), 2));
    assert_eq!(store.story(&secret.id).unwrap(), None);
    assert_eq!(store.search(SECRET, 9).unwrap(), []);
    assert_eq!(store.stories_of_report(&report_id("1")).unwrap(), [story_id("kept")], "a person confirmed it of the piece");
    let kept = store.story_card(&story_id("kept")).unwrap().unwrap();
    assert_eq!((kept.piece, kept.copies.len()), (piece_id("5ec2e7"), 0), "no reader sees the others as new");
    assert!(kept.ties.iter().all(|tied| tied.tie.evidence.is_empty()), "its words are no evidence any more");
    assert_eq!(store.pending_stories(9).unwrap(), [story_id("kept")]);
    assert_eq!(store.search("praised", 9).unwrap().len(), 1);
    assert!(store.check().unwrap().is_well());

    // It never comes back, by either address, its id, as an item, or as a second address of another story.
    for addresses in [&addresses[..1], &addresses[1..], &[]] {
        let outcome = store.write(|w| w.put_story(&secret, addresses, "Bugle", now())).unwrap();
        assert_eq!(outcome, StoryOutcome::Forgotten);
    }
    store.write(|w| w.add_address(&story_id("kept"), &key(SECRET), &key(SECRET))).unwrap();
    assert!(store.forgotten(&key(SECRET)).unwrap().is_some());
    assert_eq!(store.item("Bugle", &key(SECRET)).unwrap(), None);
    // Nor by an address that it had not before: that is deleted for good with it.
    let third = SeenAddress { key: key("third"), url: key("third") };
    let seen = [addresses[0].clone(), third.clone()];
    assert_eq!(store.write(|w| w.put_story(&secret, &seen, "Bugle", now())).unwrap(), StoryOutcome::Forgotten);
    assert!(store.forgotten(&third.key).unwrap().is_some());

    // No trace stands in any of its files, open or closed.
    let traces = || {
        let found = fs::read_dir(folder.path()).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
        found
            .map(|bytes| bytes.windows(SECRET.len()).filter(|window| window.eq_ignore_ascii_case(SECRET.as_bytes())).count())
            .sum::<usize>()
    };
    assert_eq!(traces(), 0);
    drop(store);
    assert_eq!(traces(), 0);
}

#[test]
fn a_forgotten_item_is_known_by_its_guid_at_any_address() {
    let mut store = Store::open_in_memory().unwrap();
    put_story(&mut store, "a");
    let listed = item("a");
    store.write(|w| w.put_item("Bugle", &key("a"), Some("g-1"), &listed, true, now())).unwrap();
    store.forget(&key("a"), now()).unwrap();
    let url = listed.url.clone().unwrap();
    let (session, elsewhere) = (url.join("?sid=1").unwrap(), url.join("/elsewhere").unwrap());
    let is_forgotten = |source: &str, guid: Option<&str>, title: &str, url: &url::Url| {
        let item = FeedItem { title: title.to_owned(), ..listed.clone() };
        store.forgotten_item(source, guid, &item, url).unwrap()
    };
    for (source, guid, title, url, wanted) in [
        ("Bugle", Some("g-1"), listed.title.as_str(), &elsewhere, true),
        ("Bugle", Some("g-1"), "Another title", &session, true),
        ("Bugle", Some("g-1"), "Another title", &elsewhere, false),
        ("Bugle", Some("g-2"), listed.title.as_str(), &session, false),
        ("Other", Some("g-1"), listed.title.as_str(), &session, false),
        ("Bugle", None, listed.title.as_str(), &session, false),
    ] {
        assert_eq!(is_forgotten(source, guid, title, url), wanted, "{source} {guid:?} {title} {url}");
    }
    // A column of one guid and one title goes on.
    let next = FeedItem { published: Some(at("2024-03-11T09:30:00Z")), ..listed.clone() };
    assert!(!store.forgotten_item("Bugle", Some("g-1"), &next, &session).unwrap());
}

#[test]
fn an_address_never_seen_can_be_shut_out() {
    let mut store = Store::open_in_memory().unwrap();
    let forgotten = store.forget(&key("a"), now()).unwrap();
    assert_eq!((forgotten.story, forgotten.addresses), (None, 1));
    let outcome = store.write(|w| w.put_story(&story("a"), &[address("a")], "Bugle", now())).unwrap();
    assert_eq!(outcome, StoryOutcome::Forgotten);
}
