//! How fast the store is; run by hand: `cargo test --release --test store speed -- --ignored --nocapture`.

use std::{fs, time::Instant};

use tieback::{
    model::{
        report::{Passage, PassageKind, Report},
        tie::TieState,
    },
    store::{Store, StoreError, StoryFilter},
};

use crate::made::*;

/// Numbers without pattern, always the same.
fn scattered(n: u64) -> u64 {
    let mixed = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^ (mixed >> 27)
}

fn timed<T>(name: &str, times: u32, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    println!("{name:<50} {:>10.3} ms each", start.elapsed().as_secs_f64() * 1000.0 / f64::from(times));
    done
}

/// A report of 150 passages with some 100 words each.
fn long_report(n: u32) -> Report {
    let mut long = report(&n.to_string());
    long.reading.passages = (0..150)
        .map(|place| {
            let words: Vec<String> = (0..100).map(|word| format!("w{}", scattered(word + place * 100) % 5000)).collect();
            Passage { page: 1, number: Some(place as u32), kind: PassageKind::Paragraph, text: words.join(" ") }
        })
        .collect();
    long
}

#[test]
#[ignore = "a measurement"]
fn speed() {
    const REPORTS: u32 = 500;
    const SHINGLES: u64 = 4000;
    const STORIES: u32 = 20_000;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    let mut store = Store::open(&path).unwrap();
    let pdf = vec![7; 300_000];
    let reports: Vec<Report> = (0..REPORTS).map(long_report).collect();
    timed("put_report, 150 passages, 300 kB, a transaction each", REPORTS, || {
        for report in &reports {
            store.write(|w| w.put_report(report, &pdf)).unwrap();
        }
    });
    timed("set_shingles, 4,000 each, a transaction each", REPORTS, || {
        for (n, report) in (0u64..).zip(&reports) {
            // A tenth of them are set phrases.
            let hash = |at: u64| if at.is_multiple_of(10) { scattered(at) } else { scattered(n * SHINGLES + at) };
            let shingles: Vec<(u64, u32)> = (0..SHINGLES).map(|at| (hash(at), (at / 27) as u32)).collect();
            store.write(|w| w.set_shingles(&report.id, &shingles)).unwrap();
        }
    });
    drop(store);
    let mut store = timed("open", 1, || Store::open(&path).unwrap());
    let asked: Vec<u64> = (0..3000).map(|n| if n % 3 == 0 { scattered(n * 501) } else { scattered(u64::MAX - n) }).collect();
    timed("shingle_hits, 3,000 hashes in 2 M rows, cold", 1, || store.shingle_hits(&asked, 20).unwrap());
    let hits = timed("shingle_hits, 3,000 hashes in 2 M rows, warm", 1, || store.shingle_hits(&asked, 20).unwrap());
    println!("  {} found", hits.len());
    timed("put_story and set_judged, a transaction for 100", STORIES, || {
        for hundred in 0..STORIES / 100 {
            store
                .write(|w| {
                    for n in hundred * 100..(hundred + 1) * 100 {
                        let name = n.to_string();
                        w.put_story(&story(&name), &[address(&name)], "Bugle", now())?;
                        set_judged(w, &story_id(&name), &judged(vec![tie(&(n % REPORTS).to_string(), TieState::Auto)]), now())?;
                    }
                    Ok::<_, StoreError>(())
                })
                .unwrap();
        }
    });
    timed("set_fingerprint, a transaction for all", STORIES, || {
        let signature = |n: u32| (0..128).map(|at| scattered(u64::from(n) * 128 + at)).collect::<Vec<u64>>();
        store.write(|w| (0..STORIES).try_for_each(|n| w.set_fingerprint(&story_id(&n.to_string()), Some(&signature(n))))).unwrap();
    });
    timed("fingerprint_candidates", 1000, || {
        for n in 0..1000 {
            store.fingerprint_candidates(&story_id(&n.to_string())).unwrap();
        }
    });
    timed("mark_pending_all, re-judge all in one transaction", STORIES, || {
        store
            .write(|w| {
                w.mark_pending_all()?;
                for id in w.pending_stories(usize::MAX >> 1)? {
                    set_judged(w, &id, &judged(vec![tie("1", TieState::Auto)]), now())?;
                }
                Ok::<_, StoreError>(())
            })
            .unwrap();
    });
    timed("item", 10_000, || {
        for n in 0..10_000 {
            store.item("Bugle", &key(&n.to_string())).unwrap();
        }
    });
    timed("known_reports_of, 500 reports", 10, || {
        for _ in 0..10 {
            store.known_reports_of(&["Wexcombe".into()]).unwrap();
        }
    });
    timed("story cards of all stories", STORIES, || store.story_cards(&StoryFilter::default()).unwrap());
    timed("search for a word of every passage and story", 1, || store.search("w1 w2", 20).unwrap());
    timed("search for a word of every story", 1, || store.search("praised", 20).unwrap());
    timed("overview", 1, || store.overview(at("2024-01-01T00:00:00Z"), at("2024-12-31T00:00:00Z"), &[]).unwrap());
    timed("check", 1, || store.check().unwrap());
    timed("forget", 1, || store.forget(&key("5"), now()).unwrap());
    println!("size: {} MB", fs::metadata(&path).unwrap().len() / 1_000_000);
    timed("close", 1, || drop(store));
    timed("open and close", 20, || {
        for _ in 0..20 {
            Store::open(&path).unwrap();
        }
    });
}
