//! What is fetched: sources, validators, items, providers, runs; and the overview made of all.

use std::time::Duration;

use jiff::Timestamp;
use tieback::{
    model::{
        fetched::{Failure, FailureKind, Validators},
        overview::{Overview, SourceHealth},
        page::{FeedItem, ProviderRow, Publication},
        report::{Framework, Grade, Report, ReportStatus},
        source::{Source, SourceKind},
        story::Story,
        tie::TieState,
        verdict::{Judged, Review, StoryState},
        work::{Due, Job, JobKind, Standing},
    },
    store::{DueArticle, FileState, Per, RunCounts, SourceState, Store, StoreError, StoryFilter, Success},
};

use crate::made::*;

fn hour(n: i64) -> Timestamp {
    now() + jiff::Span::new().hours(n)
}

fn source(name: &str) -> Source {
    Source {
        name: name.into(),
        kind: SourceKind::Feed,
        url: "https://news.example/feed".parse().unwrap(),
        outlet: name.into(),
        every: Duration::from_secs(3600),
        on: true,
        note: None,
        links: None,
        fallbacks: vec![],
        since: None,
        area: vec![],
    }
}

#[test]
fn a_source_fails_and_recovers() {
    let mut store = Store::open_in_memory().unwrap();
    assert_eq!(store.source_state("Bugle").unwrap(), SourceState::default());
    let success = Success { new_items: 3, new_stories: 1, moved_to: None, doubts: Some(vec!["1 item lost".into()]) };
    store.write(|w| w.record_success("Bugle", hour(0), &success)).unwrap();
    store.write(|w| w.record_failure("Bugle", hour(1), &Failure::new(FailureKind::Dns, "no such host"))).unwrap();
    store.write(|w| w.record_failure("Bugle", hour(2), &Failure::new(FailureKind::TooMany, "429 too many requests"))).unwrap();
    let state = store.source_state("Bugle").unwrap();
    let expected = SourceState {
        first_try: Some(hour(0)),
        last_try: Some(hour(2)),
        last_success: Some(hour(0)),
        last_new: Some(hour(0)),
        failures: 2,
        failing_since: Some(hour(1)),
        failure: Some("too-many".into()),
        detail: Some("429 too many requests".into()),
        moved_to: None,
        moved_times: 0,
        doubts: vec!["1 item lost".into()],
        items: 3,
        stories: 1,
        ..SourceState::default()
    };
    assert_eq!(state, expected);
    store.write(|w| w.record_success("Bugle", hour(5), &Success::default())).unwrap();
    let state = store.source_state("Bugle").unwrap();
    assert_eq!((state.failures, state.failing_since, state.failure), (0, None, None));
    assert_eq!((state.last_new, state.items, state.doubts.len()), (Some(hour(0)), 3, 1), "not read anew: its doubts stand");
    store.write(|w| w.record_success("Bugle", hour(6), &Success { doubts: Some(vec![]), ..Success::default() })).unwrap();
    assert!(store.source_state("Bugle").unwrap().doubts.is_empty());
}

fn job(way: u32) -> Job {
    Job::List { source: "Bugle".into(), way }
}

#[test]
fn a_job_stands_as_it_was_set_and_is_gone_when_it_is_done() {
    let mut store = Store::open_in_memory().unwrap();
    assert_eq!(store.standing(&job(0)).unwrap(), None);
    let failing = Standing {
        due: Due::At(hour(3)),
        held: Some(hour(4)),
        tries: 2,
        faults: 1,
        failure: Some(Failure::new(FailureKind::TooMany, "429")),
        since: Some(hour(0)),
        at: Some(hour(1)),
    };
    for standing in [Standing::wanted(hour(1)), failing.clone(), Standing { due: Due::Never, ..failing.clone() }] {
        store.write(|w| w.set_standing(&job(0), &standing)).unwrap();
        assert_eq!(store.standing(&job(0)).unwrap(), Some(standing));
    }
    assert_eq!(store.next_due("Bugle").unwrap(), None, "given up");
    store.write(|w| w.set_standing(&job(1), &failing)).unwrap();
    assert_eq!(store.next_due("Bugle").unwrap(), Some(hour(4)), "not before the server’s own word");
    assert_eq!(store.due_jobs(JobKind::List, hour(3), 9).unwrap(), []);
    assert_eq!(store.due_jobs(JobKind::List, hour(4), 9).unwrap(), [("Bugle".to_owned(), "1".to_owned())]);
    store.write(|w| w.set_standing(&job(1), &Standing { due: Due::Done, ..failing })).unwrap();
    assert_eq!(store.standing(&job(1)).unwrap(), None);
}

#[test]
fn what_a_clock_ahead_left_is_found_and_put_right() {
    let mut store = Store::open_in_memory().unwrap();
    store.write(|w| w.start_run(hour(100))).unwrap();
    store.write(|w| w.record_success("Bugle", hour(100), &Success { new_items: 1, ..Success::default() })).unwrap();
    store.write(|w| w.set_standing(&job(0), &Standing { at: Some(hour(100)), ..Standing::wanted(hour(101)) })).unwrap();
    assert_eq!(store.done_ahead(hour(200)).unwrap(), None);
    assert_eq!(store.done_ahead(hour(0)).unwrap(), Some(hour(100)));
    assert_eq!(store.jobs_ahead(hour(0)).unwrap(), [job(0)]);
    assert!(store.write(|w| w.put_clock_right(hour(0))).unwrap() >= 3);
    assert_eq!(store.done_ahead(hour(0)).unwrap(), None);
    assert_eq!(store.source_state("Bugle").unwrap().last_new, Some(hour(0)));
}

#[test]
fn permanent_redirects_are_counted_while_they_agree() {
    let mut store = Store::open_in_memory().unwrap();
    let mut check = |moved_to: Option<&str>, times| {
        let success = Success { moved_to: moved_to.map(str::to_owned), ..Success::default() };
        store.write(|w| w.record_success("Bugle", now(), &success)).unwrap();
        let state = store.source_state("Bugle").unwrap();
        assert_eq!((state.moved_to.as_deref(), state.moved_times), (moved_to, times));
    };
    check(Some("https://a.example/"), 1);
    check(Some("https://a.example/"), 2);
    check(Some("https://b.example/"), 1);
    check(None, 0);
    check(Some("https://b.example/"), 1);
}

#[test]
fn validators_are_kept_byte_for_byte() {
    let mut store = Store::open_in_memory().unwrap();
    let url = "https://news.example/feed";
    assert!(store.validators(url).unwrap().is_empty());
    let validators = Validators { etag: Some("W/\"a b\u{e9}\" ".into()), last_modified: Some("yesterday, roughly".into()), from: None };
    store.write(|w| w.set_validators(url, &validators, hour(0))).unwrap();
    assert_eq!(store.validators(url).unwrap(), validators);
    store.write(|w| w.set_not_modified(url, &validators, hour(1))).unwrap();
    assert_eq!(store.resource(url).unwrap().unwrap().fetched_at, hour(1));
    store.write(|w| w.set_validators(url, &Validators::default(), hour(2))).unwrap();
    assert!(store.validators(url).unwrap().is_empty());
}

/// Keeps an item of a source under a guid, and gives it back as it is known.
fn keep(store: &mut Store, source: &str, name: &str, guid: Option<&str>, passed: bool) {
    store.write(|w| w.put_item(source, &key(name), guid, &item(name), passed, now())).unwrap();
}

#[test]
fn an_item_turned_away_is_remembered_until_its_title_changes() {
    let mut store = Store::open_in_memory().unwrap();
    assert_eq!(store.item("Bugle", &key("a")).unwrap(), None);
    keep(&mut store, "Bugle", "a", None, false);
    let known = store.item("Bugle", &key("a")).unwrap().unwrap();
    assert!(!known.passed && known.same_title("TITLE of a!") && !known.same_title("Title of b"));
    assert_eq!(store.item("Other", &key("a")).unwrap(), None, "each source has its own");
}

#[test]
fn a_title_that_comes_back_is_known() {
    let mut store = Store::open_in_memory().unwrap();
    let put = |store: &mut Store, title: &str| {
        let item = FeedItem { title: title.to_owned(), ..item("a") };
        store.write(|w| w.put_item("Bugle", &key("a"), None, &item, true, now())).unwrap();
    };
    ["One", "Two", "One", "Three"].into_iter().for_each(|title| put(&mut store, title));
    let known = store.item("Bugle", &key("a")).unwrap().unwrap();
    assert!(["One", "Two", "Three"].into_iter().all(|title| known.same_title(title)) && !known.same_title("Four"));
    // Not for ever: some are enough for headlines that are turned to and fro.
    (0..8).for_each(|n| put(&mut store, &format!("Number {n}")));
    let known = store.item("Bugle", &key("a")).unwrap().unwrap();
    assert!(known.same_title("Number 0") && known.same_title("Number 7") && !known.same_title("Three"));
}

#[test]
fn an_item_is_found_by_its_guid_and_moves_with_its_job() {
    let mut store = Store::open_in_memory().unwrap();
    keep(&mut store, "Bugle", "a", Some("g-1"), true);
    let article = |name: &str| Job::Article { source: "Bugle".into(), key: key(name) };
    store.write(|w| w.set_standing(&article("a"), &Standing::wanted(now()))).unwrap();
    assert_eq!(store.item_of_guid("Bugle", "g-1").unwrap().unwrap().key, key("a"));
    assert_eq!(store.item_of_guid("Other", "g-1").unwrap(), None);
    let url = address("b").url.parse().unwrap();
    store.write(|w| w.move_item("Bugle", &key("a"), &key("b"), &url, now())).unwrap();
    assert_eq!(store.item_of_guid("Bugle", "g-1").unwrap().unwrap().key, key("b"));
    assert_eq!(store.due_articles("Bugle", now(), 9).unwrap().iter().map(|due| due.key.clone()).collect::<Vec<_>>(), [key("b")]);
    assert_eq!(store.standing(&article("a")).unwrap(), None);
}

#[test]
fn an_article_is_due_for_each_source_that_lists_it_until_one_brings_it() {
    let mut store = Store::open_in_memory().unwrap();
    for source in ["Bugle", "Other"] {
        keep(&mut store, source, "a", None, true);
        let job = Job::Article { source: source.into(), key: key("a") };
        store.write(|w| w.set_standing(&job, &Standing::wanted(hour(1)))).unwrap();
    }
    assert_eq!(store.due_articles("Bugle", now(), 9).unwrap(), []);
    let due = DueArticle { key: key("a"), item: FeedItem { key: key("a"), ..item("a") } };
    assert_eq!(store.due_articles("Bugle", hour(1), 9).unwrap(), [due]);
    put_story(&mut store, "a");
    for source in ["Bugle", "Other"] {
        assert_eq!(store.due_articles(source, hour(99), 9).unwrap(), []);
    }
    assert!(store.item("Bugle", &key("a")).unwrap().is_some(), "it is still known");
}

#[test]
fn items_are_forgotten_that_no_list_names_any_more() {
    let mut store = Store::open_in_memory().unwrap();
    let name = |n: usize| format!("item-{n:04}");
    store.write(|w| (0..2_100).try_for_each(|n| w.put_item("Bugle", &key(&name(n)), None, &item(&name(n)), false, now()))).unwrap();
    // The first sixty are listed still, the next is to be fetched, and one was given up.
    let later = hour(400 * 24);
    store.write(|w| (0..60).try_for_each(|n| w.item_listed("Bugle", &key(&name(n)), later))).unwrap();
    let job = |n: usize| Job::Article { source: "Bugle".into(), key: key(&name(n)) };
    let given_up = Standing { due: Due::Never, ..Standing::wanted(now()) };
    store.write(|w| w.set_standing(&job(60), &Standing::wanted(now()))).unwrap();
    store.write(|w| w.set_standing(&job(61), &given_up)).unwrap();
    let prune = |store: &mut Store, before, limit| store.write(|w| w.prune_items("Bugle", before, limit)).unwrap();
    assert_eq!(prune(&mut store, now(), 500), 0, "nothing is so old");
    assert_eq!(prune(&mut store, hour(24), 500), 0, "the 2,000th last bears the same time");
    store.write(|w| (100..1_900).try_for_each(|n| w.item_listed("Bugle", &key(&name(n)), hour(300 * 24)))).unwrap();
    store.write(|w| (1_900..2_100).try_for_each(|n| w.put_item("Bugle", &key(&name(n)), None, &item(&name(n)), false, hour(9)))).unwrap();
    assert_eq!(prune(&mut store, hour(24), 30), 30, "no more than so many at once");
    assert_eq!(prune(&mut store, hour(24), 500), 9, "all of the oldest time but the one to be fetched");
    assert!((0..=60).all(|n| store.item("Bugle", &key(&name(n))).unwrap().is_some()));
    assert_eq!(store.item("Bugle", &key(&name(61))).unwrap(), None);
    assert_eq!(store.standing(&job(61)).unwrap(), None);
    assert_eq!(prune(&mut store, hour(24), 500), 0, "2,000 stay in any case");
}

fn provider(store: &mut Store, urn: &str, latest: &str) {
    let url = format!("https://reports.example/44/{urn}").parse().unwrap();
    let row = ProviderRow { urn: urn.into(), url, name: format!("Council {urn}"), latest: Some(day(latest)) };
    store.write(|w| w.list_provider(&row, now())).unwrap();
}

fn publication(name: &str, published: Option<&str>) -> Publication {
    Publication {
        url: format!("https://files.example/v1/file/{name}").parse().unwrap(),
        label: "Children’s services inspection".into(),
        published: published.map(day),
        event: None,
    }
}

fn read(store: &mut Store, urn: &str, publications: &[Publication]) -> [usize; 3] {
    let read = store.write(|w| w.provider_read(urn, publications, now())).unwrap();
    [read.new.len(), read.gone.len(), read.back.len()]
}

fn to_fetch(store: &Store, since: Option<&str>, at: Timestamp) -> Vec<String> {
    let listed = store.due_files(since.map(day), day("2023-10-01"), at, 9).unwrap();
    listed.into_iter().map(|each| each.publication.url.path().trim_start_matches("/v1/file/").to_owned()).collect()
}

fn want(store: &mut Store, listed: &Publication, standing: &Standing) {
    store.write(|w| w.set_standing(&Job::File(listed.url.to_string()), standing)).unwrap();
}

#[test]
fn a_provider_has_news_when_it_is_listed_anew() {
    let mut store = Store::open_in_memory().unwrap();
    let news =
        |store: &Store| store.providers().unwrap().iter().filter(|each| each.has_news()).map(|each| each.urn.clone()).collect::<Vec<_>>();
    provider(&mut store, "1", "2024-03-01");
    provider(&mut store, "2", "2024-03-01");
    assert_eq!(news(&store), ["1", "2"]);
    read(&mut store, "1", &[]);
    read(&mut store, "2", &[]);
    assert_eq!(news(&store), [""; 0]);
    provider(&mut store, "2", "2024-03-08");
    assert_eq!(news(&store), ["2"]);
}

#[test]
fn listed_files_are_due_newest_first_and_stored_ones_last() {
    let mut store = Store::open_in_memory().unwrap();
    provider(&mut store, "1", "2024-03-01");
    provider(&mut store, "2", "2024-03-01");
    let listed = [publication("1", Some("2024-03-01")), publication("2", Some("2020-01-01")), publication("3", None)];
    assert_eq!(read(&mut store, "1", &listed), [3, 0, 0]);
    // A joint report stands on two pages.
    assert_eq!(read(&mut store, "2", &listed[..1]), [1, 0, 0]);
    assert_eq!(to_fetch(&store, None, now()), [""; 0], "nothing is wanted yet");
    for each in &listed {
        want(&mut store, each, &Standing::wanted(now()));
    }
    assert_eq!(to_fetch(&store, None, now()), ["1", "2", "3"]);
    assert_eq!(to_fetch(&store, Some("2021-01-01"), now()), ["1", "3"]);
    let failed = Standing {
        due: Due::At(hour(1)),
        tries: 1,
        failure: Some(Failure::new(FailureKind::ServerError, "503")),
        ..Standing::wanted(now())
    };
    want(&mut store, &listed[1], &failed);
    assert_eq!(to_fetch(&store, None, now()), ["1", "3"]);
    assert_eq!(to_fetch(&store, None, hour(1)), ["1", "2", "3"]);
    put_report(&mut store, "1");
    let states: Vec<FileState> = store.publications("1").unwrap().into_iter().map(|each| each.file).collect();
    let failed = FileState::Failed { tries: 1, next_try: Some(hour(1)), failure: "server-error".into(), detail: "503".into() };
    assert_eq!(states, [FileState::Stored(report_id("1")), failed, FileState::NotFetched]);
    // What is stored may have been replaced, as long as it is young.
    assert_eq!(to_fetch(&store, None, hour(1)), ["2", "3", "1"]);
    put_report(&mut store, "2");
    assert_eq!(to_fetch(&store, None, hour(1)), ["3", "1"]);
    assert_eq!(store.all_publications().unwrap().len(), 4);
}

#[test]
fn a_corrected_day_of_the_listing_is_the_reports() {
    let mut store = Store::open_in_memory().unwrap();
    provider(&mut store, "1", "2024-03-01");
    put_report(&mut store, "1");
    let mut redated = |published| {
        let read = store.write(|w| w.provider_read("1", &[publication("1", published)], now())).unwrap();
        (read.redated.len(), store.report_card(&report_id("1")).unwrap().unwrap().published)
    };
    assert_eq!(redated(Some("2024-03-08")), (1, Some(day("2024-03-08"))));
    assert_eq!(redated(Some("2024-03-08")), (0, Some(day("2024-03-08"))));
    assert_eq!(redated(None), (0, Some(day("2024-03-08"))), "a listing that says nothing corrects nothing");
}

#[test]
fn a_report_no_page_lists_any_more_is_withdrawn_until_it_comes_back() {
    let mut store = Store::open_in_memory().unwrap();
    let status = |store: &Store| store.report_card(&report_id("1")).unwrap().unwrap().status;
    put_report(&mut store, "1");
    let listed = [publication("1", Some("2024-03-01"))];
    for urn in ["1", "2"] {
        provider(&mut store, urn, "2024-03-01");
        read(&mut store, urn, &listed);
    }
    assert_eq!(read(&mut store, "1", &[]), [0, 1, 0]);
    assert_eq!(status(&store), ReportStatus::Current);
    assert_eq!(read(&mut store, "2", &[]), [0, 1, 0]);
    assert_eq!(status(&store), ReportStatus::Withdrawn);
    assert_eq!(read(&mut store, "2", &[]), [0, 0, 0]);
    assert_eq!(to_fetch(&store, None, now()), [""; 0]);
    assert_eq!(read(&mut store, "2", &listed), [0, 0, 1]);
    assert_eq!(status(&store), ReportStatus::Current);
}

#[test]
fn a_page_that_lists_a_file_twice_lists_it_once() {
    let mut store = Store::open_in_memory().unwrap();
    provider(&mut store, "1", "2024-03-01");
    assert_eq!(read(&mut store, "1", &[publication("1", None), publication("1", None)]), [1, 0, 0]);
    assert!(store.write(|w| w.provider_read("unlisted", &[publication("1", None)], now())).is_err());
}

#[test]
fn a_run_has_its_counts_when_it_ends() {
    let mut store = Store::open_in_memory().unwrap();
    assert_eq!(store.last_run().unwrap(), None);
    let n = store.write(|w| w.start_run(hour(0))).unwrap();
    assert_eq!(store.last_run().unwrap().unwrap().ended, None);
    let counts = RunCounts { sources: 1, failed: 2, requests: 3, unchanged: 4, items: 5, stories: 6, ..RunCounts::default() };
    let counts = RunCounts { stories_changed: 7, reports: 8, reports_changed: 9, judged: 10, tied: 11, ..counts };
    store.write(|w| w.finish_run(n, hour(1), &counts)).unwrap();
    let run = store.last_run().unwrap().unwrap();
    assert_eq!((run.n, run.started, run.ended, run.counts), (n, hour(0), Some(hour(1)), counts));
}

/// A store with a little of everything, and its overview of the day.
fn day_of(store: &mut Store) -> Overview {
    let made = |name: &str, published: &str, framework| {
        let mut made = report(name);
        made.published = Some(day(published));
        made.reading.framework = framework;
        made
    };
    let reports = [
        made("tied", "2024-03-01", Framework::Ilacs),
        made("open", "2024-03-02", Framework::MonitoringVisit),
        made("old", "2024-01-01", Framework::Ilacs),
        made("odd", "2024-03-03", Framework::Other),
        Report { first_seen: hour(-48), ..made("earlier", "2024-02-20", Framework::Sif) },
    ];
    for each in reports {
        store.write(|w| w.put_report(&each, each.id.0.as_bytes())).unwrap();
    }
    for (name, said) in [
        ("a", judged(vec![tie("tied", TieState::Auto)])),
        ("copy", judged(vec![tie("tied", TieState::Auto)])),
        ("possible", judged(vec![tie("open", TieState::Possible)])),
        ("waits", waiting("Wexcombe")),
        ("gone", waiting("Wexcombe")),
    ] {
        let mut each = story(name);
        if name == "copy" {
            each.published = Some(at("2024-03-04T09:31:00Z"));
        }
        store.write(|w| w.put_story(&each, &[], "Bugle", now())).unwrap();
        judge(store, name, &said);
    }
    store
        .write(|w| {
            join(w, &story_id("a"), &story_id("copy"))?;
            w.review_story(&story_id("gone"), Review::Discarded, now())?;
            w.record_failure("failing", now(), &Failure::new(FailureKind::Dns, ""))?;
            w.record_success("silent", hour(-10 * 24), &Success { new_items: 1, ..Success::default() })?;
            w.record_success("silent", now(), &Success::default())?;
            w.record_success("fine", now(), &Success { new_items: 1, ..Success::default() })
        })
        .unwrap();
    let mut weekly = source("silent");
    weekly.every = Duration::from_secs(7 * 24 * 3600);
    let sources = [source("fine"), source("silent"), weekly, source("failing"), Source { on: false, ..source("failing") }];
    store.overview(hour(-24), now(), &sources).unwrap()
}

#[test]
fn stories_about_a_council_without_a_report_are_found_by_its_name() {
    let mut store = Store::open_in_memory().unwrap();
    put_report(&mut store, "1");
    let ours = |relevant: bool| {
        let mut said = judged(vec![]);
        said.relevance.relevant = relevant;
        said
    };
    let hours = [("tied", 0), ("older", 1), ("newer", 2), ("other", 3), ("once", 4)];
    for (name, n) in hours {
        let each = Story { published: Some(hour(n)), ..story(name) };
        store.write(|w| w.put_story(&each, &[], "Bugle", now())).unwrap();
    }
    judge(&mut store, "tied", &judged(vec![tie("1", TieState::Auto)]));
    for (name, said) in [("older", ours(true)), ("newer", ours(true)), ("other", ours(false)), ("once", ours(true))] {
        judge(&mut store, name, &said);
    }
    let found =
        |store: &Store, name: &str| -> Vec<String> { store.untied_about(&[name.to_owned()]).unwrap().into_iter().map(|id| id.0).collect() };
    assert_eq!(found(&store, "Wexcombe"), ["s-once", "s-newer", "s-older"]);
    // Judged again without another authority, as well as with.
    judge(&mut store, "once", &ours(false));
    judge(&mut store, "other", &ours(true));
    assert_eq!(found(&store, "Marrow Bay"), ["s-other", "s-newer", "s-older"]);
    assert_eq!(found(&store, "Leeds"), [""; 0]);
}

#[test]
fn what_a_council_has_without_a_report_follows_whatever_is_decided() {
    let mut store = Store::open_in_memory().unwrap();
    put_report(&mut store, "1");
    let put = |store: &mut Store, name: &str, n: i64| {
        let each = Story { published: Some(hour(n)), ..story(name) };
        store.write(|w| w.put_story(&each, &[address(name)], "Bugle", now())).unwrap();
    };
    for (name, n) in [("a", 1), ("b", 2)] {
        put(&mut store, name, n);
        judge(&mut store, name, &judged(vec![]));
    }
    let check = |store: &Store, expected: &[&str]| {
        let found: Vec<String> = store.untied_about(&["Wexcombe".to_owned()]).unwrap().into_iter().map(|id| id.0).collect();
        assert_eq!(found, expected);
        // What is counted as it is written is what there is.
        let (queue, overview) = (store.queue().unwrap(), store.overview(hour(-24), now(), &[]).unwrap());
        let all = |per: StoryFilter| store.story_cards(&StoryFilter { per: Per::Piece, relevant: Some(true), ..per }).unwrap();
        let shown = all(StoryFilter { without: Some(Review::Discarded), ..StoryFilter::default() });
        let of = |state: StoryState| shown.iter().filter(|card| card.state == state).count();
        assert_eq!(overview.total_stories as usize, shown.len());
        assert_eq!((overview.undecided as usize, queue.undecided), (of(StoryState::Possible), of(StoryState::Possible)));
        let unseen = shown.iter().filter(|card| card.review == Review::New && card.state != StoryState::Possible).count();
        assert_eq!((queue.unseen, overview.total_waiting as usize), (unseen, of(StoryState::Waiting)));
        assert!(store.check().unwrap().is_well());
    };
    check(&store, &["s-b", "s-a"]);
    for (review, expected) in [(Review::Discarded, &["s-a"][..]), (Review::Kept, &["s-b", "s-a"])] {
        store.write(|w| w.review_story(&story_id("b"), review, now())).unwrap();
        check(&store, expected);
    }
    judge(&mut store, "a", &judged(vec![tie("1", TieState::Possible)]));
    check(&store, &["s-b", "s-a"]);
    for (state, expected) in [(TieState::Confirmed, &["s-b"][..]), (TieState::Rejected, &["s-b", "s-a"])] {
        store.write(|w| w.decide_tie(&story_id("a"), &report_id("1"), state, now())).unwrap();
        check(&store, expected);
    }
    judge(&mut store, "b", &waiting("Wexcombe"));
    check(&store, &["s-b", "s-a"]);
    put(&mut store, "b", 0);
    check(&store, &["s-a", "s-b"]);
    store.write(|w| join(w, &story_id("a"), &story_id("b"))).unwrap();
    check(&store, &["s-b"]);
    store.write(|w| w.forget(&key("b"), now())).unwrap();
    check(&store, &["s-a"]);
}

#[test]
fn of_many_that_wait_the_newest_are_given_and_all_are_counted() {
    let mut store = Store::open_in_memory().unwrap();
    for hours in 0..60 {
        let name = format!("{hours:02}");
        let each = Story { published: Some(hour(hours - 100)), ..story(&name) };
        store.write(|w| w.put_story(&each, &[], "Bugle", now())).unwrap();
        judge(&mut store, &name, &waiting("Wexcombe"));
    }
    let overview = store.overview(now(), now(), &[]).unwrap();
    let given: Vec<String> = overview.waiting.iter().map(|card| card.id.0.clone()).collect();
    let newest: Vec<String> = (10..60).rev().map(|hours| format!("s-{hours:02}")).collect();
    assert_eq!((given, overview.total_waiting), (newest, 60));
}

#[test]
fn the_overview_shows_each_thing_once_and_what_is_open() {
    let mut store = Store::open_in_memory().unwrap();
    let overview = day_of(&mut store);
    let stories = |cards: &[tieback::model::overview::StoryCard]| cards.iter().map(|card| card.id.0.clone()).collect::<Vec<_>>();
    assert_eq!(stories(&overview.stories), ["s-a", "s-possible", "s-waits"]);
    assert_eq!((stories(&overview.waiting), overview.total_waiting), (vec!["s-waits".to_owned()], 1));
    let reports = overview.reports.iter().map(|each| each.report.id.0.as_str()).collect::<Vec<_>>();
    assert_eq!(reports, ["r-odd", "r-open", "r-tied", "r-old"]);
    assert_eq!(overview.reports[2].stories, [story_id("a")], "a copy is no coverage of its own");
    assert_eq!(overview.uncovered.iter().map(|card| card.id.0.as_str()).collect::<Vec<_>>(), ["r-open", "r-earlier"]);
    assert_eq!(overview.sources.iter().map(|each: &SourceHealth| each.name.as_str()).collect::<Vec<_>>(), ["silent", "failing"]);
    assert_eq!((overview.undecided, overview.total_stories, overview.total_reports), (1, 3, 5));
}

#[test]
fn overviews_that_follow_each_other_show_nothing_twice() {
    let mut store = Store::open_in_memory().unwrap();
    assert_eq!(day_of(&mut store).stories.len(), 3);
    assert!(store.overview(now(), hour(24), &[]).unwrap().stories.is_empty());
    assert!(store.overview(hour(-48), hour(-24), &[]).unwrap().stories.is_empty());
}

#[test]
fn an_error_in_the_work_undoes_all_of_it() {
    let mut store = Store::open_in_memory().unwrap();
    let before = everything(&store).unwrap();
    let failed: Result<(), StoreError> = store.write(|w| {
        w.put_report(&report("1"), b"1")?;
        w.put_story(&story("a"), &[address("a")], "Bugle", now())?;
        w.set_validators("https://news.example/feed", &Validators { etag: Some("x".into()), last_modified: None, from: None }, now())?;
        Err(StoreError::NoStory("on purpose".into()))
    });
    assert!(failed.is_err());
    assert_eq!(everything(&store).unwrap(), before);
    assert!(store.validators("https://news.example/feed").unwrap().is_empty());
    assert_eq!(store.search("swiftly", 9).unwrap(), []);
    put_story(&mut store, "a");
}

#[test]
fn what_another_version_ties_otherwise_is_counted_and_no_news() {
    use tieback::model::piece::News;
    let mut store = Store::open_in_memory().unwrap();
    day_of(&mut store);
    let again = hour(30);
    store.write(|w| w.set_made_with("tying", "another", again)).unwrap();
    for (name, said) in [("a", judged(vec![tie("old", TieState::Auto)])), ("possible", judged(vec![tie("open", TieState::Auto)]))] {
        store.write(|w| set_judged(w, &story_id(name), &said, again)).unwrap();
    }
    let overview = store.overview(hour(1), hour(48), &[]).unwrap();
    assert_eq!((overview.stories.len(), overview.retied), (0, 2));
    // A report that came in that very run is news, and so is what happens later.
    let late = Report { first_seen: again, published: Some(day("2024-03-06")), ..report("late") };
    store.write(|w| w.put_report(&late, b"late")).unwrap();
    store.write(|w| set_judged(w, &story_id("a"), &judged(vec![tie("late", TieState::Auto)]), again)).unwrap();
    store.write(|w| set_judged(w, &story_id("waits"), &judged(vec![tie("late", TieState::Auto)]), hour(31))).unwrap();
    let overview = store.overview(hour(1), hour(48), &[]).unwrap();
    let mut news: Vec<_> = overview.stories.iter().map(|card| (card.id.0.as_str(), card.piece_news)).collect();
    news.sort_by_key(|(id, _)| *id);
    assert_eq!(news, [("s-a", Some(News::Tied)), ("s-waits", Some(News::WaitOver))]);
    assert_eq!(overview.retied, 1);
}

#[test]
fn a_new_report_stands_beside_the_one_before_it() {
    let mut store = Store::open_in_memory().unwrap();
    let overview = day_of(&mut store);
    let before: Vec<_> =
        overview.reports.iter().map(|new| (new.report.id.0.as_str(), new.before.as_ref().map(|card| card.id.0.as_str()))).collect();
    assert_eq!(before, [("r-odd", None), ("r-open", Some("r-tied")), ("r-tied", Some("r-earlier")), ("r-old", None)]);
}

#[test]
fn the_grade_on_the_day_of_a_story_is_that_of_the_last_inspection_by_then() {
    let mut store = Store::open_in_memory().unwrap();
    for (name, published, grade) in
        [("early", "2019-05-01", Grade::Inadequate), ("late", "2024-03-01", Grade::Good), ("after", "2024-04-01", Grade::Outstanding)]
    {
        let mut made = report(name);
        made.published = Some(day(published));
        made.reading.framework = Framework::Ilacs;
        made.reading.judgements[0].grade = grade;
        store.write(|w| w.put_report(&made, name.as_bytes())).unwrap();
    }
    put_story(&mut store, "a");
    let said = Judged { authorities: vec!["Poole".into(), "Wexcombe".into()], ..judged(vec![]) };
    judge(&mut store, "a", &said);
    let then = store.grades_then(&story_id("a")).unwrap();
    assert_eq!(then, [("Poole".to_owned(), None), ("Wexcombe".to_owned(), Some("good".to_owned()))]);
}

#[test]
fn a_report_that_was_replaced_is_news_once() {
    let mut store = Store::open_in_memory().unwrap();
    put_report(&mut store, "1");
    let mut again = report("1");
    again.sha256 = sha256(b"again");
    again.first_seen = hour(5);
    again.reading.judgements[0].grade = Grade::Outstanding;
    store.write(|w| w.put_report(&again, b"again")).unwrap();
    let replaced = store.overview(hour(1), hour(24), &[]).unwrap().replaced;
    assert_eq!((replaced.len(), replaced[0].report.report.id.0.as_str(), replaced[0].at), (1, "r-1", hour(5)));
    assert!(!replaced[0].changed.is_empty());
    assert!(store.overview(hour(5), hour(24), &[]).unwrap().replaced.is_empty());
    assert!(store.overview(hour(-24), hour(24), &[]).unwrap().replaced.is_empty(), "what is new is not replaced as well");
}
