//! What is fetched: sources, validators, items, providers, runs; and the overview made of all.

use std::time::Duration;

use jiff::Timestamp;
use tieback::{
    model::{
        fetched::{Failure, FailureKind, Validators},
        overview::{Overview, SourceHealth},
        page::{FeedItem, ProviderRow, Publication},
        report::{Framework, Report, ReportStatus},
        source::{Source, SourceKind},
        tie::TieState,
        verdict::Review,
    },
    store::{DueArticle, FileState, RunCounts, SeenState, SourceState, Store, StoreError, Success},
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
    let success = Success { new_items: 3, new_stories: 1, way: 1, moved_to: None };
    store.write(|w| w.record_success("Bugle", hour(0), hour(1), &success)).unwrap();
    let mut failure = Failure::new(FailureKind::TooMany, "429 too many requests");
    store.write(|w| w.record_failure("Bugle", hour(1), &Failure::new(FailureKind::Dns, "no such host"), hour(2))).unwrap();
    failure.retry_after = Some(Duration::from_secs(2 * 3600));
    store.write(|w| w.record_failure("Bugle", hour(2), &failure, hour(3))).unwrap();
    let state = store.source_state("Bugle").unwrap();
    let expected = SourceState {
        last_try: Some(hour(2)),
        last_success: Some(hour(0)),
        last_new: Some(hour(0)),
        next_due: Some(hour(3)),
        failures: 2,
        failing_since: Some(hour(1)),
        failure: Some("too-many".into()),
        detail: Some("429 too many requests".into()),
        retry_after: Some(hour(4)),
        moved_to: None,
        moved_times: 0,
        way: 1,
        items: 3,
        stories: 1,
    };
    assert_eq!(state, expected);
    assert!(!state.is_due(hour(3)) && state.is_due(hour(4)));
    store.write(|w| w.record_success("Bugle", hour(5), hour(6), &Success::default())).unwrap();
    let state = store.source_state("Bugle").unwrap();
    assert_eq!((state.failures, state.failing_since, state.failure, state.retry_after), (0, None, None, None));
    assert_eq!((state.last_new, state.items, state.way), (Some(hour(0)), 3, 0));
}

#[test]
fn retry_after_is_obeyed_for_a_week_at_most() {
    let mut store = Store::open_in_memory().unwrap();
    let failure = Failure { retry_after: Some(Duration::MAX), ..Failure::new(FailureKind::TooMany, "") };
    store.write(|w| w.record_failure("Bugle", now(), &failure, hour(1))).unwrap();
    assert_eq!(store.source_state("Bugle").unwrap().retry_after, Some(hour(7 * 24)));
}

#[test]
fn permanent_redirects_are_counted_while_they_agree() {
    let mut store = Store::open_in_memory().unwrap();
    let mut check = |moved_to: Option<&str>, times| {
        let success = Success { moved_to: moved_to.map(str::to_owned), ..Success::default() };
        store.write(|w| w.record_success("Bugle", now(), now(), &success)).unwrap();
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
    let validators = Validators { etag: Some("W/\"a b\u{e9}\" ".into()), last_modified: Some("yesterday, roughly".into()) };
    store.write(|w| w.set_validators(url, &validators, hour(0))).unwrap();
    assert_eq!(store.validators(url).unwrap(), validators);
    store.write(|w| w.set_not_modified(url, &validators, hour(1))).unwrap();
    let resource = store.resource(url).unwrap().unwrap();
    assert_eq!((resource.fetched_at, resource.full_at), (hour(1), hour(0)));
    store.write(|w| w.set_validators(url, &Validators::default(), hour(2))).unwrap();
    assert!(store.validators(url).unwrap().is_empty());
}

#[test]
fn an_item_turned_away_is_remembered_until_its_title_changes() {
    let mut store = Store::open_in_memory().unwrap();
    assert_eq!(store.seen(&key("a")).unwrap(), None);
    store.write(|w| w.mark_seen(&key("a"), "Bugle", &item("a"), SeenState::Irrelevant, now())).unwrap();
    let seen = store.seen(&key("a")).unwrap().unwrap();
    assert_eq!((seen.state, seen.at), (SeenState::Irrelevant, now()));
    assert!(seen.same_title("TITLE of a!") && !seen.same_title("Title of b"));
}

#[test]
fn a_failed_article_is_tried_six_times_in_all() {
    let mut store = Store::open_in_memory().unwrap();
    let failure = Failure::new(FailureKind::Timeout, "no answer in 30 s");
    let fail = |store: &mut Store, at| store.write(|w| w.article_failed(&key("a"), "Bugle", &item("a"), &failure, at)).unwrap();
    let mut at = now();
    for tries in 1..=5 {
        let next = fail(&mut store, at).unwrap();
        assert!(next > at);
        assert_eq!(store.due_articles("Bugle", at, 9).unwrap(), []);
        let due = DueArticle { key: key("a"), item: item("a"), tries };
        assert_eq!(store.due_articles("Bugle", next, 9).unwrap(), [due]);
        assert_eq!(store.due_articles("Other", next, 9).unwrap(), []);
        at = next;
    }
    assert_eq!(fail(&mut store, at), None);
    assert_eq!(store.seen(&key("a")).unwrap().unwrap().state, SeenState::GivenUp);
    assert_eq!(store.due_articles("Bugle", hour(10_000), 9).unwrap(), []);
}

#[test]
fn a_fetched_article_is_no_longer_due() {
    let mut store = Store::open_in_memory().unwrap();
    let failure = Failure::new(FailureKind::Timeout, "");
    store.write(|w| w.article_failed(&key("a"), "Bugle", &FeedItem::default(), &failure, now())).unwrap();
    put_story(&mut store, "a");
    assert_eq!(store.due_articles("Bugle", hour(99), 9).unwrap(), []);
    assert_eq!(store.seen(&key("a")).unwrap().unwrap().state, SeenState::Stored);
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
    let listed = store.files_to_fetch(since.map(day), at, 9).unwrap();
    listed.into_iter().map(|each| each.publication.url.path().trim_start_matches("/v1/file/").to_owned()).collect()
}

#[test]
fn a_provider_is_due_when_listed_anew_or_wanted() {
    let mut store = Store::open_in_memory().unwrap();
    let due =
        |store: &Store| store.providers().unwrap().iter().filter(|each| each.is_due()).map(|each| each.urn.clone()).collect::<Vec<_>>();
    provider(&mut store, "1", "2024-03-01");
    provider(&mut store, "2", "2024-03-01");
    assert_eq!(due(&store), ["1", "2"]);
    read(&mut store, "1", &[]);
    read(&mut store, "2", &[]);
    assert_eq!(due(&store), [""; 0]);
    provider(&mut store, "2", "2024-03-08");
    assert_eq!(due(&store), ["2"]);
    assert!(store.write(|w| w.want_provider("1")).unwrap());
    assert!(!store.write(|w| w.want_provider("9")).unwrap());
    assert_eq!(due(&store), ["1", "2"]);
    read(&mut store, "1", &[]);
    assert_eq!(due(&store), ["2"]);
}

#[test]
fn listed_files_are_fetched_once_newest_first() {
    let mut store = Store::open_in_memory().unwrap();
    provider(&mut store, "1", "2024-03-01");
    provider(&mut store, "2", "2024-03-01");
    let listed = [publication("1", Some("2024-03-01")), publication("2", Some("2020-01-01")), publication("3", None)];
    assert_eq!(read(&mut store, "1", &listed), [3, 0, 0]);
    // A joint report stands on two pages.
    assert_eq!(read(&mut store, "2", &listed[..1]), [1, 0, 0]);
    assert_eq!(to_fetch(&store, None, now()), ["1", "2", "3"]);
    assert_eq!(to_fetch(&store, Some("2021-01-01"), now()), ["1", "3"]);
    put_report(&mut store, "1");
    let failure = Failure::new(FailureKind::ServerError, "503");
    let next = store.write(|w| w.file_failed(listed[1].url.as_str(), &failure, now())).unwrap().unwrap();
    assert_eq!(to_fetch(&store, None, now()), ["3"]);
    assert_eq!(to_fetch(&store, None, next), ["2", "3"]);
    let states: Vec<FileState> = store.publications("1").unwrap().into_iter().map(|each| each.file).collect();
    let failed = FileState::Failed { tries: 1, next_try: Some(next), failure: "server-error".into(), detail: "503".into() };
    assert_eq!(states, [FileState::Stored(report_id("1")), failed, FileState::NotFetched]);
    put_report(&mut store, "2");
    assert_eq!(to_fetch(&store, None, next), ["3"]);
    assert_eq!(store.all_publications().unwrap().len(), 4);
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
            w.record_failure("failing", now(), &Failure::new(FailureKind::Dns, ""), now())?;
            w.record_success("silent", hour(-10 * 24), now(), &Success { new_items: 1, ..Success::default() })?;
            w.record_success("silent", now(), now(), &Success::default())?;
            w.record_success("fine", now(), now(), &Success { new_items: 1, ..Success::default() })
        })
        .unwrap();
    let mut weekly = source("silent");
    weekly.every = Duration::from_secs(7 * 24 * 3600);
    let sources = [source("fine"), source("silent"), weekly, source("failing"), Source { on: false, ..source("failing") }];
    store.overview(hour(-24), now(), &sources).unwrap()
}

#[test]
fn the_overview_shows_each_thing_once_and_what_is_open() {
    let mut store = Store::open_in_memory().unwrap();
    let overview = day_of(&mut store);
    let stories = |cards: &[tieback::model::overview::StoryCard]| cards.iter().map(|card| card.id.0.clone()).collect::<Vec<_>>();
    assert_eq!(stories(&overview.stories), ["s-a", "s-possible", "s-waits"]);
    assert_eq!(stories(&overview.waiting), ["s-waits"]);
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
        w.set_validators("https://news.example/feed", &Validators { etag: Some("x".into()), last_modified: None }, now())?;
        Err(StoreError::NoStory("on purpose".into()))
    });
    assert!(failed.is_err());
    assert_eq!(everything(&store).unwrap(), before);
    assert!(store.validators("https://news.example/feed").unwrap().is_empty());
    assert_eq!(store.search("swiftly", 9).unwrap(), []);
    put_story(&mut store, "a");
}
