//! Stories with texts, addresses, signatures and items; those that are ours with pieces, ties, evidence and quotations.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use rusqlite::{Connection, ToSql, params};
use tieback::model::authority::Authority;

use super::{Size, chance::Chance, reports::Known, words::Words};

const DAY: i64 = 24 * 60 * 60;
/// The last second of the store.
const END: i64 = 1_795_672_800;
const SPAN: i64 = 20 * 365 * DAY;
const OUTLETS: u64 = 400;
/// Minima of a signature, and of one band.
const MINIMA: usize = 128;
const BANDS: usize = 32;

/// One story before it is written.
struct Story {
    n: u64,
    id: String,
    url: String,
    outlet: String,
    published: i64,
    ours: bool,
    council: usize,
    /// The piece, which is another story's where it is a copy.
    piece: String,
}

pub fn grow(db: &Connection, size: &Size, councils: &[Authority], reports: &[Known], chance: &mut Chance) {
    let words = Words::new();
    let by_council = by_council(reports, councils.len());
    let mut bands: Vec<(i64, u32)> = Vec::with_capacity(size.stories as usize * BANDS);
    let mut last = None;
    for n in 1..=size.stories {
        let story = story(n, size, councils.len(), last.as_ref(), chance);
        put(db, &story, &councils[story.council], &words, chance);
        sign(db, &story, &mut bands, chance);
        if story.ours && story.piece == story.id {
            judge(db, &story, &councils[story.council], &by_council[story.council], reports, &words, chance);
        }
        last = Some(story);
    }
    bands.sort_unstable();
    // Made afterwards, an index is sorted and not put together at random.
    let index: String = db.query_row("SELECT sql FROM sqlite_schema WHERE name = 'fingerprint_band_story'", [], |row| row.get(0)).unwrap();
    db.execute_batch("DROP INDEX fingerprint_band_story").unwrap();
    let mut insert = db.prepare("INSERT OR IGNORE INTO fingerprint_band (hash, story) VALUES (?1, ?2)").unwrap();
    for (hash, story) in bands {
        insert.execute(params![hash, story]).unwrap();
    }
    db.execute_batch(&index).unwrap();
    finish(db);
}

/// What the program reckons as it writes, reckoned for all at once.
fn finish(db: &Connection) {
    let known: i64 = db.query_row("SELECT count(*) FROM pragma_table_info('piece') WHERE name = 'best'", [], |row| row.get(0)).unwrap();
    if known == 1 {
        db.execute_batch("UPDATE piece SET best = (SELECT max(confidence) FROM tie WHERE piece = piece.id AND state = 'possible') WHERE state = 'possible'").unwrap();
    }
}

fn by_council(reports: &[Known], councils: usize) -> Vec<Vec<usize>> {
    let mut lists = vec![Vec::new(); councils];
    for (at, report) in reports.iter().enumerate() {
        lists[report.council].push(at);
    }
    lists
}

fn story(n: u64, size: &Size, councils: usize, last: Option<&Story>, chance: &mut Chance) -> Story {
    let id = format!("s-{:012x}", chance.next() >> 16);
    let outlet = format!("The {} Gazette", chance.zipf(OUTLETS));
    let url = format!("https://news{}.example/news/{n}/a-council-and-its-services", chance.zipf(OUTLETS));
    let published = END - SPAN + (SPAN as f64 * n as f64 / size.stories as f64) as i64 - 3600 - chance.below(DAY as u64) as i64;
    // One in twelve is a copy of the one before.
    match last.filter(|last| chance.of_thousand(80) && last.piece == last.id) {
        Some(last) => Story { n, id, url, outlet, published, ours: last.ours, council: last.council, piece: last.piece.clone() },
        None => {
            let (ours, council) = (chance.of_thousand(size.ours), chance.council(councils as u64) as usize);
            Story { n, piece: id.clone(), id, url, outlet, published, ours, council }
        }
    }
}

fn put(db: &Connection, story: &Story, council: &Authority, words: &Words, chance: &mut Chance) {
    let run = |sql: &str, values: &[&dyn ToSql]| db.prepare_cached(sql).unwrap().execute(values).map(|_| ()).unwrap();
    let (published, first_seen) = (time(story.published), time(story.published + 1800));
    let named = if story.ours || chance.of_thousand(300) { format!("{} council ", council.name) } else { String::new() };
    let title = format!("{named}{}", words.sentence(9, story.ours, chance).trim_end_matches('.'));
    let paragraphs: Vec<String> = (0..10).map(|_| words.sentence(20 + chance.below(24), story.ours, chance)).collect();
    if story.piece == story.id {
        run(
            "INSERT INTO piece (id, first_seen, kind) VALUES (?1, ?2, ?3)",
            params![story.id, first_seen, if story.ours { "coverage" } else { "other" }],
        );
    }
    run(
        "INSERT INTO story (n, id, source, url, outlet, title, author, published, published_from, first_seen, summary, words, walled, area,
                            judged_at, relevant, why, stated_grades, piece)
         VALUES (?1, ?2, ?3, ?4, ?3, ?5, 'A Reporter', ?6, 'feed', ?7, ?8, 320, 0, '[]', ?7, ?9, ?10, '[]', ?11)",
        params![
            story.n as i64,
            story.id,
            story.outlet,
            story.url,
            title,
            published,
            first_seen,
            paragraphs[0],
            story.ours,
            if story.ours { "names Ofsted, an inspection and the authority" } else { "names no inspection of children’s services" },
            story.piece,
        ],
    );
    let blocks: Vec<String> = paragraphs.iter().map(|text| format!(r#"{{"kind":"paragraph","text":"{text}"}}"#)).collect();
    let blocks = format!("[{}]", blocks.join(","));
    if !story.ours {
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::new(2));
        packer.write_all(blocks.as_bytes()).unwrap();
        run("INSERT INTO story_packed (story, blocks) VALUES (?1, ?2)", params![story.n as i64, packer.finish().unwrap()]);
    }
    let plain = if story.ours { &blocks } else { "[]" };
    run("INSERT INTO story_text (story, blocks, links) VALUES (?1, ?2, '[]')", params![story.n as i64, plain]);
    run("INSERT INTO story_fts (rowid, title, text) VALUES (?1, ?2, ?3)", params![story.n as i64, title, paragraphs.join("\n")]);
    run("INSERT INTO address (key, story, url) VALUES (?1, ?2, ?1)", params![story.url, story.id]);
    if !named.is_empty() {
        run("INSERT INTO story_authority (story, place, authority) VALUES (?1, 0, ?2)", params![story.id, council.name]);
    }
    let item = "INSERT INTO item (source, key, guid, url, title_hash, passed, at) VALUES (?1, ?2, ?3, ?2, ?4, ?5, ?6)";
    run(item, params![story.outlet, story.url, format!("guid-{}", story.n), chance.next().cast_signed(), 1, first_seen]);
    if chance.of_thousand(500) {
        let url = format!("{}/other", story.url);
        run(item, params![story.outlet, url, None::<String>, chance.next().cast_signed(), 0, first_seen]);
    }
    if chance.of_thousand(300) {
        run("INSERT INTO article_number (number, story) VALUES (?1, ?2)", params![format!("news.example {}", story.n), story.n as i64]);
    }
}

/// A signature: of a copy most bands are those of its piece.
fn sign(db: &Connection, story: &Story, bands: &mut Vec<(i64, u32)>, chance: &mut Chance) {
    let seed = story.piece.bytes().fold(7u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let mut of_piece = Chance::new(seed);
    let signature: Vec<u8> = (0..MINIMA).flat_map(|_| of_piece.next().to_le_bytes()).collect();
    let mut insert = db.prepare_cached("INSERT INTO fingerprint (story, signature) VALUES (?1, ?2)").unwrap();
    insert.execute(params![story.n as i64, signature]).unwrap();
    for _ in 0..BANDS {
        let shared = of_piece.next();
        let hash = if chance.of_thousand(700) { shared } else { chance.next() };
        bands.push((hash.cast_signed(), u32::try_from(story.n).unwrap()));
    }
}

/// Of stories that are ours six in ten are tied, one has possible ties, some wait, and the rest has nothing.
fn judge(db: &Connection, story: &Story, council: &Authority, own: &[usize], reports: &[Known], words: &Words, chance: &mut Chance) {
    let run = |sql: &str, values: &[&dyn ToSql]| db.prepare_cached(sql).unwrap().execute(values).map(|_| ()).unwrap();
    let day: Date = Timestamp::from_second(story.published).unwrap().to_zoned(TimeZone::UTC).date();
    let newest = own.iter().rev().find(|at| reports[**at].published <= day.saturating_add(1.days())).map(|at| &reports[*at]);
    let state = match (chance.below(100), newest) {
        (0..60, Some(_)) => "tied",
        (60..70, Some(_)) => "possible",
        (70..72, _) => "waiting",
        _ => "none",
    };
    let review = match chance.below(100) {
        0..60 => "new",
        60..95 => "kept",
        _ => "discarded",
    };
    let waiting = (state == "waiting")
        .then(|| format!(r#"{{"authority":"{}","framework":"ILACS","around":"{}"}}"#, council.name, &day.to_string()[..7]));
    run("UPDATE piece SET state = ?2, review = ?3, waiting_for = ?4 WHERE id = ?1", params![story.id, state, review, waiting]);
    for place in 0..3 {
        run(
            "INSERT INTO quotation (story, place, text, speaker, found, exact, report, page, paragraph)
             VALUES (?1, ?2, ?3, 'Ofsted', ?4, ?4, ?5, 4, '12')",
            params![story.id, place, words.sentence(18, true, chance), newest.is_some(), newest.map(|report| &report.id)],
        );
    }
    let Some(report) = newest.filter(|_| matches!(state, "tied" | "possible")) else { return };
    let confidence = if state == "tied" { 0.9 + chance.part() / 10.0 } else { 0.4 + chance.part() / 2.0 };
    run(
        "INSERT INTO tie (piece, report, state, confidence, kind, grade_check, copy) VALUES (?1, ?2, ?3, ?4, 'coverage', 'agrees', ?1)",
        params![story.id, report.id, if state == "tied" { "auto" } else { "possible" }, confidence],
    );
    for (place, kind) in ["quote", "authority", "date", "grade"].iter().enumerate() {
        run(
            "INSERT INTO evidence (piece, report, place, kind, in_story, in_report, page, paragraph, weight)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 4, '12', ?7)",
            params![
                story.id,
                report.id,
                place as i64,
                kind,
                words.sentence(15, true, chance),
                words.sentence(15, true, chance),
                chance.part() * 3.0
            ],
        );
    }
}

fn time(second: i64) -> String {
    Timestamp::from_second(second).unwrap().to_string()
}
