//! Decisions from a script: they hold, they are told on stderr, and one unknown id changes nothing.

use serde_json::Value;

use crate::world::World;

fn story(world: &World, id: &str) -> Value {
    serde_json::from_str(&world.out(&["show", id, "--json"])).unwrap()
}

#[test]
fn ties_are_confirmed_and_rejected() {
    let world = World::new();
    let said = world.run(&["tie", "s-ab", "50002"]);
    assert_eq!((said.code, said.out.as_str()), (0, ""));
    assert_eq!(said.err, "s-ab01 “Director looks back” is about Marrow Bay, monitoring visit, 20 February 2024 (r-50002)\n");
    assert_eq!(story(&world, "s-ab01")["ties"][0]["state"], "confirmed");
    assert!(world.out(&["show", "s-ab01"]).contains("tied by hand"));
    assert_eq!(world.run(&["untie", "s-ab01", "r-50002", "-q"]).err, "");
    let states: Vec<Value> = story(&world, "s-ab01")["ties"].as_array().unwrap().iter().map(|tie| tie["state"].clone()).collect();
    assert_eq!(states, ["possible", "rejected"]);
    // Also one that nobody offered.
    assert_eq!(world.run(&["tie", "https://news.example/ac01", "r-50003"]).code, 2, "an address that no canonical form leads to");
    assert_eq!(world.run(&["tie", "s-ac01", "r-50002"]).code, 0);
    assert_eq!(story(&world, "s-ac01")["state"], "tied");
}

#[test]
fn the_kinds_are_not_mixed_up() {
    let world = World::new();
    for (args, word) in [
        (["tie", "r-50001", "r-50001"], "is a report, expected a story"),
        (["tie", "s-ab01", "s-ab01"], "is a story, expected a report"),
        (["tie", "s-ab01", "r-9"], "no report is known as `r-9`"),
        (["untie", "xx", "r-50001"], "no story is known as `xx`"),
    ] {
        let said = world.run(&args);
        assert_eq!(said.code, 2, "{args:?}");
        assert!(said.err.contains(word), "{args:?}: {}", said.err);
    }
}

#[test]
fn stories_are_kept_and_discarded_all_or_none() {
    let world = World::new();
    let said = world.run(&["discard", "s-aa01", "s-zz"]);
    assert_eq!(said.code, 2);
    assert_eq!(story(&world, "s-aa01")["review"], "new");
    let said = world.run(&["discard", "s-aa01", "s-ac01"]);
    assert!(said.err.starts_with("discarded: s-aa01 “Wexcombe’s"), "{}", said.err);
    assert!(!said.err.contains(['\u{1b}', '\u{202e}']), "{}", said.err);
    assert!(!world.out(&["stories"]).contains("s-aa01"));
    assert!(!world.out(&["review"]).contains("s-aa01"));
    assert!(world.out(&["stories", "--review", "discarded"]).contains("s-aa01 · The Wexcombe Bugle"));
    assert_eq!(world.run(&["keep", "s-aa01"]).code, 0);
    assert!(world.out(&["stories"]).contains("s-aa01 · The Wexcombe Bugle"));
    assert_eq!(story(&world, "s-aa01")["review"], "kept");
}

#[test]
fn notes_are_one_clean_line() {
    let world = World::new();
    assert_eq!(world.run(&["note", "s-ab01", "rang", "them\u{1b}[2J", "\u{202e}twice"]).code, 0);
    assert_eq!(story(&world, "s-ab01")["notes"], serde_json::json!(["rang them[2J twice"]));
    assert_eq!(world.run(&["note", "s-ab01", " "]).code, 2);
}

#[test]
fn what_is_forgotten_is_gone_and_stays_away() {
    let world = World::new();
    let put = |name: &str, url: &str| {
        let key = tieback::dedupe::address::canonical(&url.parse().unwrap()).0;
        let address = tieback::store::SeenAddress { key, url: url.into() };
        world
            .store()
            .write(|w| w.put_story(&crate::made::story(name), std::slice::from_ref(&address), "Bugle", crate::made::now()))
            .unwrap()
    };
    let url = "https://private.example/news/family-named-1234567";
    put("ba01", url);
    let said = world.run(&["forget", "s-ba01"]);
    assert_eq!((said.code, said.out.as_str()), (0, ""), "{}", said.err);
    assert!(said.err.starts_with("s-ba01 is deleted with all that was known of it; "), "{}", said.err);
    assert!(said.err.contains("hint: backups and exports made before still hold it"));
    assert_eq!(world.run(&["show", "s-ba01"]).code, 2);
    assert_eq!(put("ba01", url), tieback::store::StoryOutcome::Forgotten);
    let bytes = std::fs::read(world.path("tieback.db")).unwrap();
    assert!(!bytes.windows(12).any(|part| part == b"family-named"));
    // An address that was never stored.
    let other = "https://private.example/news/other-7654321";
    for answer in ["", "\n", "n\n"] {
        let said = world.answer(&["forget", other], answer);
        assert_eq!(said.code, 2, "{answer:?}: {}", said.err);
        assert!(said.err.contains("nothing was changed\nhint: look for a slip of the pen"), "{}", said.err);
    }
    assert!(world.answer(&["forget", other], "y\n").err.ends_with("nothing was stored of it; 1 address will never be taken in\n"));
    let said = world.run(&["forget", "--yes", "https://private.example/news/third-7654321"]);
    assert_eq!(said.err, "nothing was stored of it; 1 address will never be taken in\n");
}
