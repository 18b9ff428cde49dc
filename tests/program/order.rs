//! What is tied does not depend on what came first.

use serde_json::Value;

use crate::{
    made::*,
    program::{NOW, Program, tied},
    web::Web,
    world::*,
};

const LATER: &str = "2024-03-06T06:00:00Z";

/// Stories without what tells when they came.
fn timeless(program: &Program) -> Vec<Value> {
    let mut stories = program.stories();
    for story in &mut stories {
        story.as_object_mut().unwrap().remove("first_seen");
    }
    stories
}

#[test]
fn reports_first_stories_first_or_both_at_once() {
    let empty = || {
        let web = Web::new();
        web.feed(FEED, feed(&[]));
        web.html(&search_url(0), search(&[]));
        web
    };
    let at_once = empty();
    put_ofsted(&at_once);
    put_hartlepool(&at_once);
    put_stories(&at_once);
    let program = Program::new(&at_once, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    let expected = timeless(&program);
    assert_eq!(expected.iter().map(|story| tied(story).len()).collect::<Vec<_>>(), [1, 1, 1]);

    let reports_first = empty();
    put_ofsted(&reports_first);
    put_hartlepool(&reports_first);
    let program = Program::new(&reports_first, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    assert_eq!(program.stories().len(), 0);
    put_stories(&reports_first);
    program.run_all(LATER, 0);
    assert_eq!(timeless(&program), expected);

    let stories_first = empty();
    put_stories(&stories_first);
    let program = Program::new(&stories_first, OFSTED_AND_HERALD);
    // A list without a single council is none, and told.
    program.run_all(NOW, 4);
    for story in program.stories() {
        assert!(tied(&story).is_empty(), "{story:#}");
        assert_eq!(story["state"], "waiting", "{story:#}");
    }
    put_ofsted(&stories_first);
    put_hartlepool(&stories_first);
    program.run_all(LATER, 0);
    assert_eq!(timeless(&program), expected);
}

#[test]
fn a_report_published_weeks_after_the_story_is_not_what_the_story_is_about() {
    let web = Web::new();
    put_ofsted(&web);
    web.feed(
        FEED,
        feed(&[("http://herald.example/news/early", RUTLAND_STORY, "Ofsted praises Rutland.", "Fri, 05 Jan 2024 09:30:00 GMT")]),
    );
    web.html("http://herald.example/news/early", coverage_page(RUTLAND_STORY, &RUTLAND_2024));
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    assert!(tied(&program.story(RUTLAND_STORY)).is_empty());
}
