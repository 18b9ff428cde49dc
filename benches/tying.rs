//! How long tying takes as the store grows: `cargo bench --bench tying`, of one size alone with `-- --reports 10000`, of more
//! stories with `--stories 100000`.
//!
//! Milliseconds by the clock, and on a core (on Linux), which a busy machine changes less.
//! Made-up reports in a temporary database, made-up stories that quote them. Reports that the stories come near have the
//! length of real ones; the others are shorter and fill the index.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a measurement")]

use std::{
    path::Path,
    time::{Duration, Instant},
};

use jiff::{Timestamp, ToSpan, civil::date};
use tieback::{
    command::progress::Progress,
    config,
    model::{
        authority::Gazetteer,
        page::{Block, BlockKind, DateSource},
        report::{Framework, Grade, Judgement, JudgementKey, Passage, PassageKind, Report, ReportId, ReportReading, ReportStatus},
        story::{Story, StoryId},
    },
    pipeline::{judge::Judging, stop::Stop},
    store::{RunCounts, SeenAddress, Store, StoreError, Writer},
    tie::{judge::Judge, locate::passage_shingles},
};

/// Reports in the store.
const SIZES: [usize; 3] = [100, 1_000, 10_000];
/// Stories tied at each size, where no other number is asked for.
const STORIES: usize = 2_000;
/// What the goals are named for.
const MANY_STORIES: u32 = 100_000;
/// Stories timed one by one.
const SINGLE: usize = 40;
/// The stories are about every nth authority; reports of these have the full length.
const EVERY: usize = 10;
/// Numbered paragraphs of a long and of a short report, and words in each; a long one has some 6,000 words.
const LONG: usize = 80;
const SHORT: usize = 6;
const WORDS: usize = 75;
/// One paragraph in so many is a set phrase that half of the reports have.
const SET_PHRASE: usize = 8;

fn main() {
    // `cargo test --benches` only wants to know that it builds.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let gazetteer = config::gazetteer().unwrap();
    let arguments: Vec<String> = std::env::args().collect();
    let number = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1)?.parse::<usize>().ok()
    };
    let stories = number("--stories").unwrap_or(STORIES).max(SINGLE);
    println!("{stories} stories; ms a story, by the clock and on a core");
    println!(
        "{:>8} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8} {:>14} {:>14} {:>8} {:>8}",
        "reports", "first", "median", "worst", "core", "mean", "core", "100,000 again", "on two cores", "tied", "MB"
    );
    for size in number("--reports").map_or(SIZES.to_vec(), |size| vec![size]) {
        measure(size, stories, &gazetteer);
    }
}

/// The time that one thread, or all of them, were on a core; nothing where the system does not say.
fn on_core(all: bool) -> Duration {
    let read = |name: &str| std::fs::read_to_string(name).unwrap_or_default();
    if !all {
        // In nanoseconds (proc(5), /proc/pid/schedstat).
        let said = read("/proc/thread-self/schedstat");
        return Duration::from_nanos(said.split(' ').next().and_then(|time| time.parse().ok()).unwrap_or(0));
    }
    // User and system time in hundredths of a second, the 14th and 15th field, behind a name in brackets (proc(5)).
    let said = read("/proc/self/stat");
    let fields = said.rsplit(") ").next().unwrap_or_default().split(' ').skip(11).take(2);
    Duration::from_millis(fields.filter_map(|time| time.parse::<u64>().ok()).sum::<u64>() * 10)
}

fn measure(size: usize, stories: usize, gazetteer: &Gazetteer) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bench.db");
    let mut store = Store::open(&path).unwrap();
    let near = fill(&mut store, size, gazetteer);
    let judge = Judge::new(gazetteer.clone()).unwrap();
    let now = Timestamp::from_second(1_790_000_000).unwrap();
    for batch in (0..stories).collect::<Vec<_>>().chunks(100) {
        let put = |writer: &Writer<'_>| {
            batch.iter().try_for_each(|&n| {
                let story = story(n, &near[n % near.len()], gazetteer);
                let address = SeenAddress { key: story.url.clone(), url: story.url.clone() };
                writer.put_story(&story, &[address], "Bench", now).map(|_| ())
            })
        };
        store.write(put).unwrap();
    }
    let quiet = Progress::new(true);
    // One story at a time, as they come in: each with a fresh cache, as a run of one story has it.
    let mut times: Vec<Duration> = Vec::new();
    let mut single = Duration::ZERO;
    let ids = store.pending_stories(usize::MAX).unwrap();
    let mut counts = RunCounts::default();
    Judging::new(&judge, now).run(&mut store, &mut counts, &quiet, &Stop::default()).unwrap();
    for id in ids.iter().step_by(stories / SINGLE) {
        store.write(|writer| writer.mark_pending(id)).unwrap();
        let (start, before) = (Instant::now(), on_core(false));
        Judging::new(&judge, now).run(&mut store, &mut counts, &quiet, &Stop::default()).unwrap();
        times.push(start.elapsed());
        single += on_core(false).saturating_sub(before);
    }
    let first = times[0];
    times.sort();
    // All of them again.
    store.write(|writer| writer.mark_pending_all()).unwrap();
    let mut again = RunCounts::default();
    let (start, before) = (Instant::now(), on_core(true));
    Judging::new(&judge, now).run(&mut store, &mut again, &quiet, &Stop::default()).unwrap();
    let many = u32::try_from(stories).unwrap();
    let (mean, core) = (start.elapsed() / many, on_core(true).saturating_sub(before) / many);
    let ms = |time: Duration| format!("{:.2}", time.as_secs_f64() * 1000.0);
    println!(
        "{size:>8} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8} {:>12.0} s {:>12.0} s {:>8} {:>8}",
        ms(first),
        ms(times[times.len() / 2]),
        ms(times[times.len() - 1]),
        ms(single / u32::try_from(times.len()).unwrap()),
        ms(mean),
        ms(core),
        (mean * MANY_STORIES).as_secs_f64(),
        (core * MANY_STORIES / 2).as_secs_f64(),
        tied(&store, &ids),
        megabytes(&path),
    );
}

fn tied(store: &Store, ids: &[StoryId]) -> usize {
    ids.iter().filter(|id| store.ties(id).unwrap().iter().any(|tie| tie.state.holds())).count()
}

fn megabytes(path: &Path) -> u64 {
    std::fs::metadata(path).unwrap().len() / 1_000_000
}

/// Stores the reports; gives those that stories are about.
fn fill(store: &mut Store, size: usize, gazetteer: &Gazetteer) -> Vec<Report> {
    let councils = gazetteer.all().len();
    let mut near = Vec::new();
    let numbers: Vec<usize> = (0..size).collect();
    for batch in numbers.chunks(200) {
        let reports: Vec<Report> = batch.iter().map(|n| report(*n, *n % councils, gazetteer)).collect();
        store
            .write(|writer| {
                for report in &reports {
                    writer.put_report(report, report.id.0.as_bytes())?;
                    writer.set_shingles(&report.id, &passage_shingles(&report.reading.passages))?;
                }
                Ok::<_, StoreError>(())
            })
            .unwrap();
        near.extend(reports.into_iter().filter(|report| report.reading.passages.len() > SHORT + 1));
    }
    near
}

/// The `n`th report, of one council after the other, each some months after its last.
fn report(n: usize, council: usize, gazetteer: &Gazetteer) -> Report {
    let authority = &gazetteer.all()[council];
    let paragraphs = if council.is_multiple_of(EVERY) { LONG } else { SHORT };
    let round = n / gazetteer.all().len();
    let published = date(2014, 1, 10).saturating_add(i64::try_from(round * 60).unwrap().days());
    let passages = (0..paragraphs).map(|place| Passage {
        page: 1 + place as u32 / 6,
        number: Some(place as u32 + 1),
        kind: PassageKind::Paragraph,
        text: if place % SET_PHRASE == 0 { sentence(place, round % 2) } else { sentence(n * 1_000 + place + 1_000_000, 0) },
    });
    let judgement = Judgement {
        key: JudgementKey::Overall,
        label: "Overall effectiveness".into(),
        grade: Grade::Good,
        printed: "Good".into(),
        readings: 2,
        agree: true,
    };
    Report {
        id: ReportId(format!("r-{n}")),
        url: format!("https://files.example/v1/file/{n}"),
        provider_url: None,
        urn: authority.urn.clone(),
        published: Some(published),
        first_seen: Timestamp::UNIX_EPOCH,
        sha256: format!("{n:064x}"),
        parser: 1,
        reading: ReportReading {
            framework: Framework::Ilacs,
            title: format!("Inspection of {} local authority children’s services", authority.name),
            authority: Some(authority.name.clone()),
            inspected_from: Some(published.saturating_sub(50.days())),
            inspected_to: Some(published.saturating_sub(40.days())),
            published_printed: Some(published),
            pages: 20,
            judgements: vec![judgement],
            passages: passages.collect(),
            last_paragraph: u32::try_from(paragraphs).unwrap(),
            reason: None,
            ..ReportReading::empty(ReportStatus::Current, "")
        },
    }
}

/// A story of some 450 words that quotes two passages of a report.
fn story(n: usize, report: &Report, gazetteer: &Gazetteer) -> Story {
    let name = report.reading.authority.clone().unwrap();
    let official = &gazetteer.get(&name).unwrap().official;
    let quote = |place: usize| {
        let words: Vec<&str> = report.reading.passages[place].text.split(' ').take(24).collect();
        words.join(" ")
    };
    let mut texts = vec![
        format!("Children’s services at {official} have been rated good by Ofsted inspectors in a report published this week."),
        format!("Inspectors said: “{}”.", quote(1 + n % 5)),
        format!("They added: “{}”.", quote(9 + n % 5)),
    ];
    texts.extend((0..5).map(|place| sentence(900_000_000 + n * 10 + place, 1)));
    let url = format!("https://news.example/{n}");
    let day = report.published.unwrap().saturating_add(3.days());
    Story {
        id: StoryId(format!("s-{n}")),
        url,
        outlet: "Bench".into(),
        title: format!("{name} children’s services rated good by Ofsted"),
        author: None,
        published: Some(day.at(9, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp()),
        published_from: Some(DateSource::Feed),
        first_seen: Timestamp::UNIX_EPOCH,
        changed: None,
        summary: String::new(),
        blocks: texts.into_iter().map(|text| Block { kind: BlockKind::Paragraph, text }).collect(),
        links: Vec::new(),
        walled: false,
        area: Vec::new(),
    }
}

/// Words of two to four syllables from a vocabulary of some 5,000, always the same for the same numbers.
fn sentence(n: usize, salt: usize) -> String {
    const SYLLABLES: [&str; 17] = ["ba", "ce", "do", "fa", "gi", "ho", "ju", "la", "me", "no", "pe", "ri", "su", "ta", "ve", "wi", "zo"];
    let mut state = scattered((n * 3 + salt) as u64);
    let mut words = Vec::with_capacity(WORDS);
    for _ in 0..WORDS {
        state = scattered(state.wrapping_add(0x9e37_79b9));
        let mut word = String::new();
        for place in 0..2 + state as usize % 3 {
            word.push_str(SYLLABLES[(state >> (8 * place + 8)) as usize % SYLLABLES.len()]);
        }
        words.push(word);
    }
    words.join(" ") + "."
}

/// Numbers without pattern, always the same.
fn scattered(n: u64) -> u64 {
    let mixed = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^ (mixed >> 27)
}
