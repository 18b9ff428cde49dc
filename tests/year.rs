//! A year of the shipped configuration on a made-up web: what it costs the sites, and what it costs you. Run it by
//! `cargo test --release --test year -- --ignored --nocapture`, which takes a quarter of an hour: of the sources it takes Ofsted
//! and every SHAREth other (8), and multiplies what those cost; DAYS says how many days, hour by hour; PROGRAM names another
//! program than the one just built.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(dead_code, reason = "each test program uses a part")]

#[path = "program/made.rs"]
mod made;
#[path = "common/server.rs"]
mod server;
#[path = "common/sheet.rs"]
mod sheet;

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use jiff::{SignedDuration, Timestamp};
use server::{Received, Reply, Server};

/// Hours between two things new of a list: papers bring several an hour, some blogs one in months.
const RHYTHMS: [i64; 10] = [1, 1, 2, 3, 6, 12, 24, 72, 240, 2_000];
/// Items of a feed; of how many one is ours, and one looks so and is not.
const ITEMS: i64 = 20;
const OURS: i64 = 150;
const NEAR: i64 = 40;
const OFSTED: &str = "reports.ofsted.gov.uk";
const COUNCILS: usize = 153;

/// What the made-up web gave away.
#[derive(Default)]
struct Given {
    bytes: AtomicU64,
    bodies: AtomicU64,
}

fn told(variable: &str, usual: i64) -> i64 {
    std::env::var(variable).ok().and_then(|told| told.parse().ok()).unwrap_or(usual)
}

/// Ofsted and every `share`th other source of the shipped configuration, of those that are on, as TOML; and how many there are.
fn sources(share: usize) -> (String, usize) {
    let text = tieback::config::commented_default().replace("https://", "http://");
    let tables: Vec<&str> = text.split("\n[[source]]").skip(1).filter(|table| !table.contains("\non = false")).collect();
    let is_ofsted = |table: &str| table.contains("kind = \"ofsted\"");
    let others = tables.iter().filter(|table| !is_ofsted(table)).step_by(share);
    let chosen: String = tables.iter().filter(|table| is_ofsted(table)).chain(others).map(|table| format!("[[source]]{table}\n")).collect();
    (chosen, tables.len())
}

#[test]
#[ignore = "takes minutes"]
fn a_year_of_the_shipped_configuration() {
    let (days, share) = (told("DAYS", 365), told("SHARE", 8));
    let (hour, given) = (Arc::new(AtomicI64::new(0)), Arc::new(Given::default()));
    let (now, counted) = (Arc::clone(&hour), Arc::clone(&given));
    let web = Server::start(move |request| answer(request, now.load(Ordering::Relaxed), &counted));
    let folder = tempfile::tempdir().unwrap();
    let (chosen, all) = sources(usize::try_from(share).unwrap());
    let config = format!("contact = \"test@example.org\"\n[fetch]\nper_host_delay = \"0s\"\n{chosen}");
    fs::write(folder.path().join("config.toml"), config).unwrap();
    let (mut hosts, mut busiest, mut first) = (BTreeMap::<String, u64>::new(), 0, 0);
    let (mut filled, mut sizes) = ((0, 0), Vec::new());
    for at in 0..days * 24 {
        hour.store(at, Ordering::Relaxed);
        run(&folder, &web, at);
        let log = web.take_log();
        if at % (24 * 30) == 23 {
            sizes.push(stored(&folder));
        }
        // The first day fills the database, and is told apart.
        if at < 24 {
            first += log.len();
            filled = (given.bytes.load(Ordering::Relaxed), given.bodies.load(Ordering::Relaxed));
            continue;
        }
        let mut of_hour = BTreeMap::<&str, u64>::new();
        for request in &log {
            *of_hour.entry(host(&request.target)).or_default() += 1;
        }
        for (host, times) in &of_hour {
            *hosts.entry((*host).to_owned()).or_default() += times;
            busiest = busiest.max(if *host == OFSTED { 0 } else { *times });
        }
    }
    sizes.push(stored(&folder));
    let per_day = |count: u64| count as f64 / (days - 1) as f64;
    let (total, of_ofsted) = (hosts.values().sum::<u64>(), hosts.get(OFSTED).copied().unwrap_or(0));
    let others = (total - of_ofsted) * share.unsigned_abs();
    let (bytes, bodies) = (given.bytes.load(Ordering::Relaxed) - filled.0, given.bodies.load(Ordering::Relaxed) - filled.1);
    println!("{all} sources, every {share}th of them looked at, {days} days hour by hour; the first day: {first} requests");
    println!(
        "requests a day: Ofsted {:.0}, all others {:.0} ({:.0} looked at)",
        per_day(of_ofsted),
        per_day(others),
        per_day(total - of_ofsted)
    );
    println!("of those looked at with a body {:.0} a day, {:.2} MB a day", per_day(bodies), per_day(bytes) / 1e6);
    let mut rates: Vec<(f64, &str)> = hosts.iter().map(|(host, times)| (per_day(*times), host.as_str())).collect();
    rates.sort_by(|one, other| one.0.total_cmp(&other.0));
    println!(
        "a host a day: median {:.1}, highest {:?}; busiest hour of a host {busiest}",
        rates[rates.len() / 2].0,
        rates[rates.len() - 1]
    );
    println!("database, stories, pages, items by month: {sizes:?}");
    let (least, most) = (&sizes[0], &sizes[sizes.len() - 1]);
    println!("grown by {:.1} MB, all sources {:.1} MB", (most.0 - least.0) as f64 / 1e6, ((most.0 - least.0) * share) as f64 / 1e6);
    assert!(rates[rates.len() - 1].0 < 24.0 * 8.0, "no host is asked more than eight times an hour");
}

/// Bytes of the database, stories, pages as received, and items.
fn stored(folder: &tempfile::TempDir) -> (i64, i64, i64, i64) {
    let db = rusqlite::Connection::open(folder.path().join("tieback.db")).unwrap();
    let sql = "SELECT page_count * page_size, (SELECT count(*) FROM story), (SELECT count(*) FROM original), (SELECT count(*) FROM item)
               FROM pragma_page_count, pragma_page_size";
    db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).unwrap()
}

fn run(folder: &tempfile::TempDir, web: &Server, hour: i64) {
    let start: Timestamp = "2026-01-05T06:00:00Z".parse().unwrap();
    let now = start.checked_add(SignedDuration::from_hours(hour)).unwrap().to_string();
    let mut command = Command::new(std::env::var("PROGRAM").unwrap_or_else(|_| env!("CARGO_BIN_EXE_tieback").to_owned()));
    command.env_clear().env("HOME", folder.path()).env("HTTP_PROXY", web.url("").to_string());
    for name in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
        command.envs(std::env::var_os(name).map(|value| (name, value)));
    }
    let (config, database) = (folder.path().join("config.toml"), folder.path().join("tieback.db"));
    let output = command.arg("--config").arg(config).arg("--database").arg(database).args(["--now", &now, "run", "-q"]).output().unwrap();
    assert!(matches!(output.status.code(), Some(0 | 4)), "{}", String::from_utf8_lossy(&output.stderr));
}

fn host(target: &str) -> &str {
    target.split('/').nth(2).unwrap_or_default()
}

fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

fn answer(request: &Received, hour: i64, given: &Given) -> Reply {
    let target = request.target.as_str();
    if target.ends_with("/robots.txt") {
        return page(request, "text/plain", "1", "User-agent: *\nDisallow: /private\n".to_owned(), given);
    }
    if target.contains(OFSTED) {
        return ofsted(request, given);
    }
    if target.contains("/near/") {
        let text = nursery(target) + &"<!-- what pages carry along -->".repeat(2_000);
        return page(request, "text/html", "1", text, given);
    }
    if target.contains("/made-up/") {
        let text = made::coverage_page(target, &made::RUTLAND_2024) + &"<!-- what pages carry along -->".repeat(2_000);
        return page(request, "text/html", "1", text, given);
    }
    let rhythm = RHYTHMS[(hash(target) % RHYTHMS.len() as u64) as usize];
    let latest = hour / rhythm;
    page(request, "application/rss+xml", &latest.to_string(), feed(host(target), latest), given)
}

fn feed(host: &str, latest: i64) -> String {
    let mut items = String::new();
    for n in (latest - ITEMS..=latest).rev() {
        let ours = (n + (hash(host) % 1_000) as i64).rem_euclid(OURS) == 0;
        let near = !ours && (n + (hash(host) % 777) as i64).rem_euclid(NEAR) == 0;
        let title = match (ours, near) {
            (true, _) => format!("Ofsted inspects Rutland children’s services, part {n}"),
            (_, true) => format!("Ofsted praises nursery number {n} in the town"),
            _ => format!("Fete {n} on the green"),
        };
        let folder = if near { "near" } else { "made-up" };
        let words = "People came from near and far to see it, and said so. ".repeat(8);
        let _ =
            write!(items, "<item><title>{title}</title><link>http://{host}/{folder}/{n}</link><description>{words}</description></item>");
    }
    format!("<rss version=\"2.0\"><channel><title>News</title>{items}</channel></rss>")
}

/// A page that the gate lets through and that is not ours: no two have the same words.
fn nursery(target: &str) -> String {
    let words = ["garden", "kitchen", "owner", "toddlers", "lunch", "songs", "staff", "books", "sandpit", "parents", "slides", "paint"];
    let mut seed = hash(target);
    let mut sentence = || {
        let mut text = String::from("The nursery has");
        for _ in 0..14 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            text.push(' ');
            text.push_str(words[(seed >> 33) as usize % words.len()]);
        }
        text + "."
    };
    let paragraphs: Vec<String> = (0..20).map(|_| sentence()).collect();
    let paragraphs: Vec<&str> = paragraphs.iter().map(String::as_str).collect();
    made::article("Ofsted praises nursery in the town", &paragraphs)
}

fn ofsted(request: &Received, given: &Given) -> Reply {
    let target = request.target.as_str();
    let rows: Vec<_> = (0..COUNCILS).map(|n| (format!("Council {n}"), (80_000 + n).to_string(), "1 March 2012".to_owned())).collect();
    if let Some((_, rest)) = target.split_once("start=") {
        let start: usize = rest.split('&').next().unwrap().parse().unwrap();
        let list = made::search_list(&rows[start.min(COUNCILS)..(start + 100).min(COUNCILS)]) + &"<!-- layout -->".repeat(8_000);
        return page(request, "text/html", &start.to_string(), list, given);
    }
    let council = made::Council { name: "Council", official: "Council", urn: "80000" };
    let text = made::provider(council, &[(1, "Children's services inspection", "1 March 2012")]) + &"<!-- layout -->".repeat(3_000);
    page(request, "text/html", "1", text, given)
}

/// "Not modified" to who has the tag, as most servers answer.
fn page(request: &Received, kind: &str, tag: &str, body: String, given: &Given) -> Reply {
    let tag = format!("\"{tag}\"");
    if request.header("if-none-match") == Some(&tag) {
        given.bytes.fetch_add(200, Ordering::Relaxed);
        return Reply::status(304).header("ETag", &tag);
    }
    given.bytes.fetch_add(body.len() as u64 + 300, Ordering::Relaxed);
    given.bodies.fetch_add(1, Ordering::Relaxed);
    Reply::page(kind, body).header("ETag", &tag)
}
