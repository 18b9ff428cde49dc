//! A newer parser reads stored files again, from the store alone.

use crate::{
    made::file_url,
    program::{NOW, Program, tied},
    world::{self, *},
};

#[test]
fn a_reading_older_than_the_parser_is_made_again_without_a_request() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let expected = (program.export("stories"), program.export("reports"));
    let before = web.log().len();
    // An older parser that had seen neither the grades nor the text.
    program
        .sql()
        .execute_batch(
            "
            UPDATE report SET parser = 0, title = 'Old', authority = NULL, pages = 1, last_paragraph = 0;
            DELETE FROM judgement;
            DELETE FROM passage;
            DELETE FROM shingle;
            DELETE FROM tie;
            UPDATE piece SET state = 'none' WHERE state = 'tied'",
        )
        .unwrap();
    assert!(tied(&program.story(RUTLAND_STORY)).is_empty());
    let ran = program.call(NOW, &["run", "-q"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""));
    assert_eq!(web.log().len(), before, "nothing was asked");
    assert_eq!(tied(&program.story(RUTLAND_STORY)), [file_url(RUTLAND_FILE)]);
    assert_eq!((program.export("stories"), program.export("reports")), expected);
}

#[test]
fn retie_judges_all_stories_again_without_a_request() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let (expected, before) = (program.export("stories"), web.log().len());
    program.sql().execute_batch("DELETE FROM tie; UPDATE story SET relevant = 0; UPDATE piece SET state = 'none'").unwrap();
    let ran = program.call(NOW, &["run", "--retie"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.err.contains("3 stories judged, 2 newly tied"), "{}", ran.err);
    assert_eq!((program.export("stories"), web.log().len()), (expected, before));
}

#[test]
fn a_packed_text_is_read_and_judged_again_as_any() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let packed = || program.sql().query_row("SELECT count(*) FROM story_packed", [], |row| row.get::<_, i64>(0)).unwrap();
    let (expected, before) = (program.export("stories"), web.log().len());
    assert_eq!(packed(), 0, "all are ours");
    // As if none were ours, and an older version had stored them.
    let sql =
        "DELETE FROM tie; UPDATE story SET relevant = 0; UPDATE piece SET state = 'none'; DELETE FROM made_with WHERE part = 'packing'";
    program.sql().execute_batch(sql).unwrap();
    assert_eq!((program.call(NOW, &["run", "-q"]).code, packed()), (Some(0), 3));
    let ran = program.call(NOW, &["run", "--reread", "-q"]);
    assert_eq!((ran.code, ran.err.as_str(), packed()), (Some(0), "", 3), "nothing in them is new");
    let found = program.call(NOW, &["search", "\"Rutland children’s services rated good\""]);
    assert_eq!(found.code, Some(0), "{}", found.err);
    assert_eq!((program.call(NOW, &["run", "--retie", "-q"]).code, packed()), (Some(0), 0));
    assert_eq!((program.export("stories"), web.log().len()), (expected, before));
    assert_eq!(program.call(NOW, &["check"]).code, Some(0));
}
