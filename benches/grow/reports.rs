//! Reports with their passages, judgements, recommendations, files and the shared-text index.

use jiff::{
    ToSpan,
    civil::{Date, date},
};
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};
use tieback::{
    model::{
        authority::Authority,
        report::{Passage, PassageKind},
    },
    read::report::PARSER,
    tie::locate::passage_shingles,
};

use super::{chance::Chance, words::Words};

/// Numbered paragraphs of a report, and words in each.
const PARAGRAPHS: u64 = 80;
const WORDS: u64 = 60;
/// Bytes of a file. Real ones have some 300 kB; nothing but `check --full` reads them.
const BYTES: usize = 40_000;
/// One paragraph in so many is a set phrase that other reports have, too.
const SET_PHRASE: u64 = 8;
const DAYS: u64 = 20 * 365;
const KINDS: [&str; 6] = ["ILACS", "focused visit", "SIF", "monitoring visit", "Area SEND", "JTAI"];
const GRADES: [&str; 4] = ["good", "requires improvement", "inadequate", "outstanding"];

/// What stories need to know of a report.
pub struct Known {
    pub id: String,
    pub council: usize,
    pub published: Date,
}

pub fn grow(db: &Connection, reports: u64, councils: &[Authority], chance: &mut Chance) -> Vec<Known> {
    let words = Words::new();
    let mut shingles: Vec<(i64, u32, u32)> = Vec::new();
    let mut known = Vec::new();
    for n in 1..=reports {
        // In the order of storing, which is about that of publication.
        let age = DAYS * (reports - n) / reports;
        let published = date(2026, 11, 25).saturating_sub(i64::try_from(age).unwrap().days());
        let council = chance.council(councils.len() as u64) as usize;
        let one = Known { id: format!("r-5{n:07}"), council, published };
        put(db, n, &one, &councils[council], chance);
        let passages = passages(n, &words, chance);
        put_passages(db, n, &passages);
        let found = passage_shingles(&passages);
        let mut hashes: Vec<u64> = found.iter().map(|(hash, _)| *hash).collect();
        hashes.dedup();
        hashes.sort_by_key(|hash| hash.cast_signed());
        let bytes: Vec<u8> = hashes.iter().flat_map(|hash| hash.to_le_bytes()).collect();
        db.prepare_cached("INSERT INTO shingle_set (report, hashes) VALUES (?1, ?2)").unwrap().execute(params![n as i64, bytes]).unwrap();
        shingles.extend(found.into_iter().map(|(hash, place)| (hash.cast_signed(), u32::try_from(n).unwrap(), place)));
        known.push(one);
    }
    shingles.sort_unstable();
    let mut insert = db.prepare("INSERT INTO shingle (hash, report, passage) VALUES (?1, ?2, ?3)").unwrap();
    for (hash, report, passage) in shingles {
        insert.execute(params![hash, report, passage]).unwrap();
    }
    known
}

fn put(db: &Connection, n: u64, known: &Known, council: &Authority, chance: &mut Chance) {
    let kind = KINDS[chance.zipf(6) as usize];
    let url = format!("https://files.example/v1/file/5{n:07}");
    let first_seen = format!("{}T06:00:00Z", known.published);
    let mut body = b"%PDF-1.7\n".to_vec();
    body.resize_with(BYTES, || chance.next() as u8);
    let sha256: String = Sha256::digest(&body).iter().map(|byte| format!("{byte:02x}")).collect();
    let put = |sql: &str, values: &[&dyn rusqlite::ToSql]| db.prepare_cached(sql).unwrap().execute(values).map(|_| ()).unwrap();
    put("INSERT INTO file (sha256, size, body) VALUES (?1, ?2, ?3)", params![sha256, BYTES as i64, body]);
    put(
        "INSERT INTO report (n, id, url, provider_url, urn, published, first_seen, sha256, parser, status, framework, title, authority,
                             inspected_from, inspected_to, published_printed, lead_inspector, pages, last_paragraph, doubts)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'current', ?10, ?11, ?12, ?13, ?14, ?6, 'A N Other', 20, ?15, ?16)",
        params![
            n as i64,
            known.id,
            url,
            format!("https://reports.example/44/{}", council.urn.as_deref().unwrap_or("0")),
            council.urn,
            known.published.to_string(),
            first_seen,
            sha256,
            PARSER,
            kind,
            format!("Inspection of {} local authority children’s services", council.name),
            council.name,
            known.published.saturating_sub(50.days()).to_string(),
            known.published.saturating_sub(40.days()).to_string(),
            PARAGRAPHS as i64,
            if chance.of_thousand(20) { r#"["the dates differ"]"# } else { "[]" },
        ],
    );
    put(
        "INSERT INTO report_version (report, version, sha256, first_seen, facts, changed) VALUES (?1, 1, ?2, ?3, '{}', '[]')",
        params![known.id, sha256, first_seen],
    );
    for (place, (key, label)) in [
        ("overall", "Overall effectiveness"),
        ("leaders", "Impact of leaders"),
        ("help_protection", "Help and protection"),
        ("in_care", "In care"),
    ]
    .iter()
    .enumerate()
    {
        let grade = GRADES[chance.zipf(4) as usize];
        put(
            "INSERT INTO judgement (report, place, key, label, grade, printed, readings, agree) VALUES (?1, ?2, ?3, ?4, ?5, ?5, 2, 1)",
            params![known.id, place as i64, key, label, grade],
        );
    }
    for place in 0..5 {
        put(
            "INSERT INTO recommendation (report, place, n, text, page) VALUES (?1, ?2, ?3, 'The quality of plans for children.', 2)",
            params![known.id, place, place + 1],
        );
    }
    if let Some(urn) = &council.urn {
        put(
            "INSERT INTO provider (urn, url, name, listed_at, read_at) VALUES (?1, ?2, ?3, ?4, ?4) ON CONFLICT DO NOTHING",
            params![urn, format!("https://reports.example/44/{urn}"), council.official, first_seen],
        );
        put(
            "INSERT INTO publication (urn, url, label, published, first_seen, last_seen)
             VALUES (?1, ?2, 'Children''s services inspection', ?3, ?4, ?4)",
            params![urn, url, known.published.to_string(), first_seen],
        );
    }
    put(
        "INSERT INTO resource (url, etag, fetched_at) VALUES (?1, '\"1\"', ?2)",
        params![format!("https://files.example/v1/file/5{n:07}"), first_seen],
    );
    put(
        "INSERT INTO work (job, owner, subject, due) VALUES ('file', '', ?1, '2026-12-20T06:00:00Z')",
        params![format!("https://files.example/v1/file/5{n:07}")],
    );
}

fn passages(n: u64, words: &Words, chance: &mut Chance) -> Vec<Passage> {
    (0..PARAGRAPHS)
        .map(|place| {
            let mut phrase = Chance::new(place + 1000 * (n % 50));
            let chance = if place.is_multiple_of(SET_PHRASE) { &mut phrase } else { &mut *chance };
            Passage {
                page: 1 + place as u32 / 6,
                number: Some(place as u32 + 1),
                kind: PassageKind::Paragraph,
                text: words.sentence(WORDS, true, chance),
            }
        })
        .collect()
}

fn put_passages(db: &Connection, n: u64, passages: &[Passage]) {
    for (place, passage) in passages.iter().enumerate() {
        let number = (n - 1) * PARAGRAPHS + place as u64 + 1;
        let mut insert = db
            .prepare_cached("INSERT INTO passage (n, report, place, page, number, kind, text) VALUES (?1, ?2, ?3, ?4, ?5, 'paragraph', ?6)")
            .unwrap();
        insert.execute(params![number as i64, n as i64, place as i64, passage.page, passage.number, passage.text]).unwrap();
        let mut insert = db.prepare_cached("INSERT INTO passage_fts (rowid, text) VALUES (?1, ?2)").unwrap();
        insert.execute(params![number as i64, passage.text]).unwrap();
    }
}
