//! Search: what is found, in which order, and that no text whatever breaks it.

use jiff::Timestamp;
use proptest::prelude::*;
use tieback::{
    model::{
        page::{Block, BlockKind},
        piece::PieceId,
        report::{Grade, ReportId},
        story::Story,
        verdict::{Judged, Review},
    },
    store::{Narrow, SearchHit, SearchPlace, Store, StoreError, Writer},
};

use crate::made::*;

fn filled() -> Store {
    let mut store = Store::open_in_memory().unwrap();
    put_report(&mut store, "1");
    put_story(&mut store, "a");
    store
}

fn places(hits: &[SearchHit]) -> Vec<String> {
    hits.iter()
        .map(|hit| match &hit.place {
            SearchPlace::Story { id, .. } => id.0.clone(),
            SearchPlace::Passage { report, page, paragraph, .. } => format!("{report} page {page} paragraph {paragraph:?}"),
        })
        .collect()
}

#[test]
fn words_are_found_in_stories_and_reports() {
    let store = filled();
    let check = |text: &str, expected: &[&str]| {
        let mut found = places(&store.search(text, 9).unwrap());
        found.sort();
        assert_eq!(found, expected, "{text}");
    };
    let passage = "r-1 page 2 paragraph Some(1)";
    check("swiftly care", &[passage, "s-a"]);
    check("SWIFTLY, “care”!", &[passage, "s-a"]);
    check("swift", &[passage, "s-a"]);
    check("swift care", &[]);
    check("families", &[passage]);
    check("children’s praised", &["s-a"]);
    check("children's praised", &["s-a"]);
    check("title:praised", &[]);
    check("", &[]);
    check("\" * - ^ ( )", &[]);
}

#[test]
fn a_last_word_is_begun_only_where_the_others_stand() {
    let store = filled();
    let found = |text: &str| places(&store.search(text, 9).unwrap()).len();
    assert_eq!((found("swiftly car"), found("families care"), found("marrow car"), found("car")), (2, 1, 0, 2));
    assert_eq!((found("marrow OR swiftly car"), found("swiftly families OR marrow car")), (2, 1));
}

#[test]
fn phrases_alternatives_exclusions_and_beginnings() {
    let mut store = Store::open_in_memory().unwrap();
    let mut put = |name: &str, text: &str| {
        let mut story = story(name);
        story.title = "Headline".into();
        story.blocks = vec![Block { kind: BlockKind::Paragraph, text: text.into() }];
        store.write(|w| w.put_story(&story, &[], "Bugle", now())).unwrap();
    };
    put("a", "Each young person in Leeds has a pathway plan.");
    put("b", "The plan for Bradford is to mend the pathway.");
    put("c", "Children’s services in Wigan; café; multi-agency work, Mrs O’Brien said.");
    let check = |text: &str, expected: &[&str]| {
        let mut found = places(&store.search(text, 9).unwrap());
        found.sort();
        assert_eq!(found, expected, "{text}");
    };
    check("\"pathway plan\"", &["s-a"]);
    check("“pathway plan”", &["s-a"]);
    check("pathway plan", &["s-a", "s-b"]);
    check("plan -leeds", &["s-b"]);
    check("plan −\"pathway plan\"", &["s-b"]);
    check("leeds OR wigan", &["s-a", "s-c"]);
    check("pathway leeds OR bradford", &["s-a", "s-b"]);
    check("pathw* young", &["s-a"]);
    check("pathw young", &[]);
    check("pathw", &["s-a", "s-b"]);
    check("\"pathw\"", &[]);
    check("\"children’s services\"", &["s-c"]);
    check("\"children's services\"", &["s-c"]);
    check("cafe multi-agency", &["s-c"]);
    check("o'brien’s", &["s-c"]);
    check("-leeds", &[]);
    check("OR", &[]);
}

#[test]
fn a_hit_shows_its_words() {
    let store = filled();
    let hits = store.search("acted swift", 9).unwrap();
    let passage = hits.iter().find(|hit| matches!(hit.place, SearchPlace::Passage { .. })).unwrap();
    assert_eq!(passage.snippet, "Leaders acted swiftly and with care when families needed help.");
    let marked: Vec<&str> = passage.marks.iter().map(|mark| &passage.snippet[mark.clone()]).collect();
    assert_eq!(marked, ["acted", "swiftly"]);
}

#[test]
fn a_title_weighs_more_and_a_limit_holds() {
    let mut store = filled();
    let mut titled = story("b");
    titled.title = "Marrow harvest".into();
    let mut inner = story("c");
    inner.blocks.push(Block { kind: BlockKind::Paragraph, text: "A marrow was seen.".into() });
    for each in [&inner, &titled] {
        store.write(|w| w.put_story(each, &[], "Bugle", now())).unwrap();
    }
    assert_eq!(places(&store.search("marrow", 9).unwrap()), ["s-b", "s-c"]);
    assert_eq!(places(&store.search("marrow", 1).unwrap()), ["s-b"]);
    assert_eq!(places(&store.search("marrow", 0).unwrap()), [""; 0]);
}

#[test]
fn with_a_filter_the_exact_word_goes_before_its_beginnings_as_without() {
    let mut store = Store::open_in_memory().unwrap();
    for (name, text) in
        [("x", "A plan among many other words that say nothing of it at all."), ("y", "Planning, planning, planning."), ("z", "Plan.")]
    {
        let mut story = story(name);
        story.outlet = name.to_owned();
        story.blocks = vec![Block { kind: BlockKind::Paragraph, text: text.to_owned() }];
        store.write(|w| w.put_story(&story, &[address(name)], "Bugle", now())).unwrap();
    }
    for limit in [1, 2] {
        let through = |outlets: &[&str]| store.search_where("plan", limit, &at(outlets)).unwrap();
        let (all, cut) = through(&["x", "y", "z"]);
        assert_eq!((places(&all), cut), (places(&store.search("plan", limit).unwrap()), false));
        assert_eq!(places(&through(&["x", "y"]).0)[0], "s-x", "the word itself, though another has its beginning more often");
    }
}

#[test]
fn a_filter_that_asks_for_nothing_or_for_reports_of_a_day_lets_all_stories_through() {
    let store = filled();
    let all = places(&store.search("swiftly", 9).unwrap());
    for narrow in [Narrow::default(), Narrow { days: (Some(day("2024-01-01")), None), ..Narrow::default() }] {
        assert_eq!(store.search_where("swiftly", 9, &narrow).map(|(hits, cut)| (places(&hits), cut)).unwrap(), (all.clone(), false));
    }
}

#[test]
fn with_a_filter_what_is_old_is_found_among_thousands_that_have_the_word() {
    let mut store = Store::open_in_memory().unwrap();
    for n in 0..3_000 {
        let mut story = story(&n.to_string());
        story.outlet = if [3, 40, 700].contains(&n) {
            "Herald"
        } else if n % 2 == 0 {
            "Gazette"
        } else {
            "Times"
        }
        .into();
        story.blocks = vec![Block { kind: BlockKind::Paragraph, text: format!("Children wait in town number {n}.") }];
        store.write(|w| w.put_story(&story, &[address(&n.to_string())], "Bugle", now())).unwrap();
    }
    let (mut found, cut) = store.search_where("children", 20, &at(&["Herald"])).map(|(hits, cut)| (places(&hits), cut)).unwrap();
    found.sort();
    assert_eq!((found, cut), (["s-3", "s-40", "s-700"].map(str::to_owned).to_vec(), false));
    // Of the Gazette there are many, and of its stories the newest fit.
    let (found, cut) = store.search_where("children", 2_000, &at(&["Gazette"])).unwrap();
    assert_eq!((found.len(), cut), (1_498, false));
    let narrow = Narrow { authorities: Some(vec!["Nowhere".into()]), ..at(&["Gazette"]) };
    assert_eq!(store.search_where("children", 20, &narrow).unwrap(), (vec![], false));
    assert_eq!(store.search_where("children", 20, &at(&[])).unwrap(), (vec![], false));
}

#[test]
fn a_word_that_stands_between_stories_that_fit_and_never_in_them_is_not_found_in_bounded_time() {
    let mut store = Store::open_in_memory().unwrap();
    store
        .write(|w| {
            for n in 0..20_000 {
                let mut story = story(&n.to_string());
                story.outlet = if n % 50 == 0 { "Herald" } else { "Gazette" }.into();
                story.title = "Headline".into();
                let word = if n % 50 == 0 { "Plums" } else { "Children" };
                story.blocks = vec![Block { kind: BlockKind::Paragraph, text: format!("{word} wait.") }];
                w.put_story(&story, &[address(&n.to_string())], "Bugle", now())?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert_eq!(store.search_where("children", 20, &at(&["Herald"])).unwrap(), (vec![], false), "looked into one by one");
    let narrow = Narrow { grade: Some(Grade::Good), ..Narrow::default() };
    assert_eq!(store.search_where("children", 20, &narrow).unwrap(), (vec![], false), "nothing is tied to such a report");
    // So many are at the Gazette that each is asked for, and there are more than are.
    let narrow = Narrow { since: Some(Timestamp::UNIX_EPOCH), ..at(&["Gazette"]) };
    let (hits, cut) = store.search_where("plums", 20, &narrow).unwrap();
    assert_eq!((hits.len(), cut), (0, false));
    let until = Narrow { until: Some("2020-01-01T00:00:00Z".parse().unwrap()), ..Narrow::default() };
    assert_eq!(store.search_where("children", 20, &until).unwrap(), (vec![], false), "none was seen by then");
}

#[test]
fn what_was_seen_by_a_day_is_found_by_a_copy_that_came_weeks_and_thousands_of_stories_later() {
    let mut store = Store::open_in_memory().unwrap();
    let hour = |hours: i64| Timestamp::from_second(now().as_second() + hours * 3600).unwrap();
    let put = |w: &Writer<'_>, name: &str, text: &str, seen| {
        let blocks = vec![Block { kind: BlockKind::Paragraph, text: text.into() }];
        w.put_story(&Story { blocks, ..story(name) }, &[address(name)], "Bugle", seen)
    };
    store
        .write(|w| {
            put(w, "a", "Children wait.", hour(0))?;
            for n in 0..3_000 {
                put(w, &n.to_string(), "Children wait.", hour(1 + n / 4))?;
            }
            put(w, "b", "Children wait for plums.", hour(45 * 24))?;
            put(w, "c", "Plums.", hour(45 * 24))?;
            join(w, &story_id("a"), &story_id("b"))
        })
        .unwrap();
    let until = Narrow { until: Some(hour(0)), ..Narrow::default() };
    let found = |words: &str| store.search_where(words, 20, &until).map(|(hits, cut)| (places(&hits), cut)).unwrap();
    assert_eq!(found("plums"), (vec!["s-b".to_owned()], false));
    assert_eq!(found("\"for plums\""), (vec!["s-b".to_owned()], false));
    assert_eq!(found("children").0.len(), 1, "one of the piece");
}

/// Copies are stored months after their piece where a source is new and its past is fetched, or where they have no date.
#[test]
fn what_was_seen_by_a_day_is_found_by_a_copy_that_was_stored_months_later() {
    let mut store = Store::open_in_memory().unwrap();
    let hour = |hours: i64| Timestamp::from_second(now().as_second() + hours * 3600).unwrap();
    let put = |w: &Writer<'_>, name: &str, text: &str, published, seen| {
        let blocks = vec![Block { kind: BlockKind::Paragraph, text: text.into() }];
        w.put_story(&Story { blocks, published, ..story(name) }, &[address(name)], "Bugle", seen)
    };
    store
        .write(|w| {
            put(w, "a", "Children wait.", Some(now()), hour(0))?;
            for n in 0..1_200 {
                put(w, &n.to_string(), "Plums.", Some(now()), hour(100 * 24))?;
            }
            put(w, "b", "Children wait for plums.", Some(now()), hour(200 * 24))?;
            put(w, "c", "Children wait, and for pears.", None, hour(300 * 24))?;
            put(w, "d", "Not for plums nor for pears.", Some(now()), hour(300 * 24))?;
            join(w, &story_id("a"), &story_id("b"))?;
            join(w, &story_id("a"), &story_id("c"))
        })
        .unwrap();
    assert_eq!(store.check().unwrap().problems, [""; 0], "each says when its piece was first seen");
    let found = |words: &str, until| {
        let narrow = Narrow { until: Some(until), ..Narrow::default() };
        store.search_where(words, 20, &narrow).map(|(hits, cut)| (places(&hits), cut)).unwrap()
    };
    for (words, copy) in [("plums", "s-b"), ("\"for plums\"", "s-b"), ("plums -pears", "s-b"), ("\"for pears\"", "s-c")] {
        assert_eq!(found(words, hour(0)), (vec![copy.to_owned()], false), "{words}");
        assert_eq!(found(words, hour(-1)), (vec![], false), "{words}");
    }
}

/// Of a piece that is about a council a copy may be about another: a second filter brings none of what the first leaves out.
#[test]
fn with_two_filters_no_more_is_found_than_with_one() {
    let mut store = Store::open_in_memory().unwrap();
    put_story(&mut store, "a");
    let blocks = vec![Block { kind: BlockKind::Paragraph, text: "Plums.".into() }];
    store.write(|w| w.put_story(&Story { blocks, ..story("b") }, &[address("b")], "Bugle", now())).unwrap();
    store.write(|w| join(w, &story_id("a"), &story_id("b"))).unwrap();
    for (name, council) in [("a", "Wexcombe"), ("b", "Quillhaven")] {
        judge(&mut store, name, &Judged { authorities: vec![council.into()], ..judged(vec![]) });
    }
    let one = Narrow { authorities: Some(vec!["Wexcombe".into()]), ..Narrow::default() };
    let two = Narrow { since: Some("2000-01-01T00:00:00Z".parse().unwrap()), ..one.clone() };
    let found = |narrow: &Narrow| store.search_where("plums", 20, narrow).map(|(hits, _)| places(&hits)).unwrap();
    assert_eq!(found(&Narrow::default()), ["s-b"]);
    assert_eq!(found(&one), [""; 0]);
    assert_eq!(found(&two), [""; 0]);
}

/// Of 200 stories of an outlet each is read, of more SQLite is asked: both find the same.
#[test]
fn what_is_read_is_found_as_sqlite_finds_it() {
    let mut store = Store::open_in_memory().unwrap();
    let texts = [
        "Mrs O’Brien’s young people have a pathway plan.",
        "The council’s plan is a multi-agency one; a pathway, they said.",
        "Children wait for a social worker and for the café.",
        "Nothing of the sort.",
    ];
    store
        .write(|w| {
            for n in 0..1_400 {
                let mut story = story(&n.to_string());
                story.title = "Headline".into();
                // Of three outlets the first has some 100 stories, the second 400, the last the rest.
                story.outlet = match n % 14 {
                    0 => "Herald",
                    1..=4 => "Gazette",
                    _ => "Times",
                }
                .into();
                story.blocks = vec![Block { kind: BlockKind::Paragraph, text: texts[n / 14 % 4].into() }];
                w.put_story(&story, &[address(&n.to_string())], "Bugle", now())?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    let found = |typed: &str, outlet: &str| store.search_where(typed, 1_000, &at(&[outlet])).map(|(hits, cut)| (hits.len(), cut)).unwrap();
    for (typed, expected) in [
        ("\"pathway plan\"", 1),
        ("\"council plan\"", 1),
        ("\"plan pathway\"", 0),
        ("pathway -brien", 1),
        ("plan -\"pathway plan\"", 1),
        ("pathway OR cafe -sort", 3),
        ("brien", 1),
        ("obrien", 0),
        ("agency multi", 1),
        ("social work", 1),
        ("child* wait", 1),
        ("peop", 1),
        ("\"social work\"", 0),
    ] {
        assert_eq!(found(typed, "Herald"), (25 * expected, false), "{typed}, read");
        assert_eq!(found(typed, "Gazette"), (100 * expected, false), "{typed}, asked for");
    }
}

/// Stories of these outlets.
fn at(outlets: &[&str]) -> Narrow {
    Narrow { outlets: Some(outlets.iter().map(|name| (*name).to_owned()).collect()), ..Narrow::default() }
}

#[test]
fn of_the_words_of_a_watch_the_newest_texts_are_looked_at() {
    let mut store = filled();
    put_story(&mut store, "b");
    let entries = ["swiftly".to_owned()];
    let (pieces, reports) = (["s-a", "s-b"].map(|id| PieceId(id.into())), [ReportId("r-1".into())]);
    let found = |newest| store.found_words(&entries, newest, (&pieces, &reports)).unwrap();
    assert_eq!((found(9).pieces.len(), found(9).reports.len()), (2, 1));
    assert_eq!(found(1).pieces.len(), 1);
    let first = store.found_words(&entries, 9, (&pieces[..1], &[])).unwrap();
    assert_eq!((first.pieces.len(), first.reports.len()), (1, 0));
}

#[test]
fn a_changed_story_is_found_by_what_it_says_now() {
    let mut store = filled();
    let mut changed = story("a");
    changed.blocks = vec![Block { kind: BlockKind::Paragraph, text: "Nothing of the sort.".into() }];
    store.write(|w| w.put_story(&changed, &[], "Bugle", now())).unwrap();
    assert_eq!(places(&store.search("sort", 9).unwrap()), ["s-a"]);
    assert_eq!(store.search("swiftly", 9).unwrap().len(), 1);
}

#[test]
fn of_a_word_in_thousands_of_stories_the_newest_are_ranked() {
    let mut store = Store::open_in_memory().unwrap();
    store
        .write(|w| {
            for n in 0..2100 {
                let mut each = story(&n.to_string());
                each.title = if n == 2050 { "Marrow".into() } else { "Headline".into() };
                let text = if n % 7 == 0 { "A marrow and a plum were seen at the show." } else { "A marrow was seen." };
                each.blocks = vec![Block { kind: BlockKind::Paragraph, text: text.into() }];
                w.put_story(&each, &[], "Bugle", now())?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    let number = |place: &String| place.trim_start_matches("s-").parse::<u32>().unwrap();
    let found = places(&store.search("marrow", 9).unwrap());
    assert_eq!((found.len(), found[0].as_str()), (9, "s-2050"));
    assert!(found.iter().all(|place| number(place) >= 1900), "{found:?}");
    let found = store.search("marrow plum", 3).unwrap();
    assert!(found.iter().all(|hit| hit.snippet.contains("plum")) && found.len() == 3);
    assert!(found.windows(2).all(|pair| pair[0].score >= pair[1].score));
    store.write(|w| w.review_story(&story_id("2050"), Review::Discarded, now())).unwrap();
    assert_ne!(places(&store.search("marrow", 1).unwrap()), ["s-2050"]);
}

proptest! {
    #[test]
    fn any_text_can_be_searched_for(text in any::<String>()) {
        let store = filled();
        for hit in store.search(&text, 9).unwrap() {
            for mark in hit.marks {
                prop_assert!(hit.snippet.get(mark).is_some());
            }
        }
    }

    #[test]
    fn query_syntax_is_only_text(text in "[\"'*():^+{}a-d \\-]{0,40}|(NOT|AND|OR|NEAR|title|text|[:\"*^(){}+,0-9 -]){0,12}") {
        filled().search(&text, 9).unwrap();
    }

    #[test]
    fn any_text_can_be_stored_and_found(text in "\\PC{0,60}", word in "[a-z]{3,8}") {
        let mut store = Store::open_in_memory().unwrap();
        let mut odd = story("a");
        odd.title = text.clone();
        odd.blocks = vec![Block { kind: BlockKind::Paragraph, text: format!("{text} {word}") }];
        store.write(|w| w.put_story(&odd, &[], "Bugle", now())).unwrap();
        prop_assert_eq!(store.story(&story_id("a")).unwrap(), Some(odd));
        prop_assert_eq!(places(&store.search(&word, 9).unwrap()), ["s-a"]);
    }
}
