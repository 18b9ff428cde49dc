//! A year of the shipped configuration on a made-up web: what it costs the sites, and what it costs you. Run it by
//! `cargo test --release --test year -- --ignored --nocapture`; DAYS says how many days, hour by hour; PROGRAM names another
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
/// Items of a feed, and of how many one is ours.
const ITEMS: i64 = 20;
const OURS: i64 = 150;
const COUNCILS: usize = 153;

/// What the made-up web gave away.
#[derive(Default)]
struct Given {
    bytes: AtomicU64,
    bodies: AtomicU64,
}

#[test]
#[ignore = "takes from minutes to an hour"]
fn a_year_of_the_shipped_configuration() {
    let days: i64 = std::env::var("DAYS").ok().and_then(|days| days.parse().ok()).unwrap_or(365);
    let (hour, given) = (Arc::new(AtomicI64::new(0)), Arc::new(Given::default()));
    let (now, counted) = (Arc::clone(&hour), Arc::clone(&given));
    let web = Server::start(move |request| answer(request, now.load(Ordering::Relaxed), &counted));
    let folder = tempfile::tempdir().unwrap();
    let sources = tieback::config::commented_default().replace("https://", "http://");
    let sources = &sources[sources.find("\n[[source]]").unwrap()..];
    let config = format!("contact = \"test@example.org\"\n[fetch]\nper_host_delay = \"0s\"\n{sources}");
    fs::write(folder.path().join("config.toml"), config).unwrap();
    let (mut hosts, mut total, mut busiest) = (BTreeMap::<String, u64>::new(), 0, 0);
    let (mut first, mut filled) = (0, 0);
    let mut size = Vec::new();
    for at in 0..days * 24 {
        hour.store(at, Ordering::Relaxed);
        run(&folder, &web, at);
        let log = web.take_log();
        // The first day fills the database, and is told apart.
        if at < 24 {
            first += log.len();
            filled = given.bytes.load(Ordering::Relaxed);
            continue;
        }
        let mut of_hour = BTreeMap::<&str, u64>::new();
        for request in &log {
            *of_hour.entry(host(&request.target)).or_default() += 1;
        }
        for (host, times) in &of_hour {
            *hosts.entry((*host).to_owned()).or_default() += times;
        }
        busiest = busiest.max(of_hour.values().copied().max().unwrap_or(0));
        total += log.len() as u64;
        if at % (24 * 7) == 24 {
            size.push(fs::metadata(folder.path().join("tieback.db")).unwrap().len());
        }
    }
    let per_day = |count: u64| count as f64 / (days - 1) as f64;
    println!("the first day: {first} requests, {:.1} MB", filled as f64 / 1e6);
    let mut rates: Vec<f64> = hosts.values().map(|times| per_day(*times)).collect();
    rates.sort_by(f64::total_cmp);
    println!("{days} days, {} hosts, {total} requests: {:.0} a day", hosts.len(), per_day(total));
    println!("a host a day: median {:.1}, highest {:.1}; busiest hour of a host {busiest}", rates[rates.len() / 2], rates[rates.len() - 1]);
    println!(
        "bodies {} of {total}; {:.1} MB a day",
        given.bodies.load(Ordering::Relaxed),
        per_day(given.bytes.load(Ordering::Relaxed) - filled) / 1e6
    );
    println!("database by week: {:?} KB", size.iter().map(|bytes| bytes / 1_000).collect::<Vec<_>>());
    assert!(rates[rates.len() - 1] < 24.0 * 4.0, "no host is asked more than four times an hour");
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
    if target.contains("reports.ofsted.gov.uk") {
        return ofsted(request, given);
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
        let title =
            if ours { format!("Ofsted inspects Rutland children’s services, part {n}") } else { format!("Fete {n} on the green") };
        let words = "People came from near and far to see it, and said so. ".repeat(8);
        let _ =
            write!(items, "<item><title>{title}</title><link>http://{host}/made-up/{n}</link><description>{words}</description></item>");
    }
    format!("<rss version=\"2.0\"><channel><title>News</title>{items}</channel></rss>")
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
