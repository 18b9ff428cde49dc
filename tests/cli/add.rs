//! Taking in by hand: pages, saved pages and feeds, from addresses, files and folders.

use std::fs;

use serde_json::Value;

use crate::{
    server::{Reply, Server},
    world::World,
};

const PAGE: &str = "<html><head><title>Wexcombe told to improve</title></head><body><article><h1>Wexcombe told to improve</h1>\
    <p>Ofsted has told Wexcombe Council to improve its services for children after an inspection in the autumn.</p>\
    <p>Inspectors said that social workers carry too many cases and that plans drift for children in care.</p>\
    <p>The director of children’s services said the council accepted what the inspectors had found.</p></article></body></html>";

fn world(base: &str) -> World {
    let world = World::empty();
    let text = format!(
        "[fetch]\nper_host_delay = \"0s\"\nallow_private = true\ntries = 1\n\
         [[source]]\nname = \"Bugle\"\noutlet = \"The Wexcombe Bugle\"\nkind = \"feed\"\nurl = \"{base}/feed\"\n"
    );
    fs::write(world.path("config.toml"), text).unwrap();
    world
}

fn stories(world: &World) -> Vec<Value> {
    world.out(&["export", "stories"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_page_is_stored_under_the_outlet_of_its_site() {
    let server = Server::start(|request| match request.target.as_str() {
        "/news/improve" => Reply::page("text/html; charset=utf-8", PAGE),
        _ => Reply::status(404),
    });
    let base = server.url("").to_string().trim_end_matches('/').to_owned();
    let world = world(&base);
    let said = world.run(&["add", &format!("{base}/news/improve")]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains(" new: Wexcombe told to improve; "), "{said:?}");
    let all = stories(&world);
    assert_eq!((all.len(), &all[0]["outlet"]), (1, &"The Wexcombe Bugle".into()));
    assert!(world.out(&["add", &format!("{base}/news/improve")]).contains(" stored already: "));
    let said = world.run(&["add", &format!("{base}/gone"), &format!("{base}/news/improve"), "--json"]);
    assert_eq!(said.code, 4, "{said:?}");
    assert!(said.out.lines().next().unwrap().contains("\"outcome\":\"refused\"") && said.out.lines().count() == 2, "{said:?}");
    assert_eq!(stories(&world).len(), 1);
    // What was forgotten stays away.
    assert_eq!(world.run(&["forget", &format!("{base}/news/improve")]).code, 0);
    let said = world.run(&["add", &format!("{base}/news/improve")]);
    assert_eq!(said.code, 4);
    assert!(said.err.contains("deleted for good"), "{said:?}");
}

#[test]
fn saved_pages_tell_their_address_or_are_told_it() {
    let world = world("http://bugle.example");
    fs::create_dir_all(world.path("saved/more")).unwrap();
    let saved = |name: &str, of: &str, headline: &str| {
        let page =
            PAGE.replace("<html>", &format!("<html><!-- saved from url=(0031){of} -->")).replace("Wexcombe told to improve", headline);
        fs::write(world.path(name), page).unwrap();
    };
    saved("saved/one.html", "https://news.example/2026/one-told-to-improve", "Wexcombe told to improve again");
    saved("saved/more/two.htm", "https://www.bugle.example/2026/two-told-to-improve", "Fernshire told to improve");
    fs::write(world.path("saved/picture.png"), "no page").unwrap();
    fs::write(world.path("bare.html"), PAGE).unwrap();
    let said = world.run(&["add", "saved"]);
    assert_eq!((said.code, said.out.lines().count()), (0, 2), "{said:?}");
    let outlets: Vec<String> = stories(&world).iter().map(|story| story["outlet"].as_str().unwrap().to_owned()).collect();
    assert!(outlets.contains(&"news.example".to_owned()) && outlets.contains(&"The Wexcombe Bugle".to_owned()), "{outlets:?}");

    let said = world.run(&["add", "bare.html"]);
    assert_eq!(said.code, 4);
    assert!(said.err.contains("name its address with --url"), "{said:?}");
    assert_eq!(world.run(&["add", "bare.html", "--url", "https://news.example/2026/three-told-to-improve"]).code, 0);
    assert!(stories(&world).iter().any(|story| story["url"] == "https://news.example/2026/three-told-to-improve"));
}

#[test]
fn of_a_feed_what_may_be_ours_is_fetched() {
    let server = Server::start(|request| match request.target.as_str() {
        "/feed.xml" => {
            let base = format!("http://{}", request.header("host").unwrap_or_default());
            let item = |title: &str, path: &str| format!("<item><title>{title}</title><link>{base}{path}</link></item>");
            let items = item("Ofsted tells Wexcombe to improve children’s services", "/news/improve")
                + &item("Road works close the bypass", "/news/bypass");
            Reply::page("application/rss+xml", format!("<rss version=\"2.0\"><channel><title>News</title>{items}</channel></rss>"))
        }
        "/news/improve" => Reply::page("text/html; charset=utf-8", PAGE),
        _ => Reply::status(404),
    });
    let base = server.url("").to_string().trim_end_matches('/').to_owned();
    let world = world("http://bugle.example");
    let said = world.run(&["add", &format!("{base}/feed.xml")]);
    assert_eq!((said.code, said.out.lines().count()), (0, 1), "{said:?}");
    assert!(said.err.contains("1 item looked at; 1 item is stored already or not about our subject"), "{said:?}");
    assert_eq!(stories(&world).len(), 1);
}

#[test]
fn of_a_feed_without_items_it_is_said_what_to_do() {
    let world = world("http://bugle.example");
    let feed = |items: &str| format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title>{items}</channel></rss>");
    fs::write(world.path("empty.xml"), feed("")).unwrap();
    fs::write(world.path("lost.xml"), feed("<item><title>Ofsted in Wexcombe</title></item>")).unwrap();
    let said = world.run(&["add", "empty.xml"]);
    assert_eq!((said.code, said.out.as_str()), (0, ""), "{said:?}");
    assert!(said.err.contains("has no items now") && said.err.contains("[[source]]"), "{said:?}");
    let said = world.run(&["add", "lost.xml"]);
    assert_eq!(said.code, 4, "{said:?}");
    assert!(said.err.contains("no item of the feed could be read: "), "{said:?}");
}

#[test]
fn a_page_saved_in_utf_16_is_read() {
    let world = world("http://bugle.example");
    let own = "https://news.example/2026/told-to-improve";
    let page = PAGE.replace("<head>", &format!("<head><meta charset=\"utf-16\"><link rel=\"canonical\" href=\"{own}\">"));
    let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(page.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    fs::write(world.path("page.html"), bytes).unwrap();
    let said = world.run(&["add", "page.html"]);
    assert_eq!(said.code, 0, "{said:?}");
    let story = &stories(&world)[0];
    assert_eq!((&story["url"], &story["title"]), (&own.into(), &"Wexcombe told to improve".into()));
    assert!(world.out(&["show", own]).contains("The director of children’s services said"), "{said:?}");
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let world = world("http://bugle.example");
    fs::create_dir(world.path("empty")).unwrap();
    for (args, code, word) in [
        (&["add", "none.html"][..], 2, "cannot read `none.html`"),
        (&["add", "empty"], 2, "holds no page, report or feed"),
        (&["add", "config.toml", "config.toml", "--url", "https://a.example/"], 2, "expected one file"),
        (&["add", "config.toml", "--url", "ftp://a.example/"], 2, "no address of the web"),
        (&["add"], 2, "<URL|FILE|FOLDER>"),
    ] {
        let said = world.run(args);
        assert_eq!((said.code, said.out.as_str()), (code, ""), "{args:?}: {said:?}");
        assert!(said.err.contains(word), "{args:?}: {said:?}");
    }
}

/// A report as Ofsted prints one, of a council of the gazetteer; all of it made up.
const SHEET: &str = "title Inspection of Hartlepool local
title authority children’s services
line Inspection dates: 5 to 16 February 2024
gap 12
line Lead inspector: Ivo Marsh, His Majesty’s Inspector
gap 24
row The impact of leaders on social work / practice with children and families | Good
row The experiences and progress of / children who need help and protection | Good
row The experiences and progress of / children in care | Good
row The experiences and progress of / care leavers | Requires improvement to be good
row Overall effectiveness | Good
para Services for children in Hartlepool were looked at closely by four inspectors over a fortnight.
page
head The experiences and progress of children who need help and protection: good
num 1. Care leavers say that the drop-in above the bakery is the one place where the phone is always answered.
";

#[test]
fn a_pdf_is_read_as_a_report_and_stories_are_tied_to_it() {
    let world = world("http://bugle.example");
    let page = PAGE.replace("Wexcombe", "Hartlepool").replace(
        "The director of",
        "Ofsted rated the council good. “Care leavers say that the drop-in above the bakery is the one place where the phone is always answered,” inspectors wrote in the report published in March 2024.</p><p>The director of",
    );
    fs::write(world.path("page.html"), page).unwrap();
    fs::write(world.path("report.pdf"), tieback::command::demo::sheet::pdf(SHEET).unwrap()).unwrap();
    let told = ["--url", "http://bugle.example/news/2024/03/improve"];
    assert_eq!(world.run(&[&["add", "page.html"][..], &told].concat()).code, 0);
    let said = world.run(&["add", "report.pdf", "--url", "https://files.ofsted.gov.uk/v1/file/50999123"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("Hartlepool"), "{said:?}");
    let reports: Vec<Value> = world.out(&["export", "reports"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(reports.len(), 1);
    let report = &reports[0];
    assert_eq!((&report["id"], &report["authority"], &report["framework"]), (&"r-50999123".into(), &"Hartlepool".into(), &"ILACS".into()));
    assert_eq!((&report["inspected_from"], &report["lead_inspector"]), (&"2024-02-05".into(), &"Ivo Marsh".into()));
    assert_eq!(report["judgements"].as_array().unwrap().len(), 5);
    let story = &stories(&world)[0];
    assert_eq!(story["ties"][0]["report"], "r-50999123", "{story:#}");
    assert_eq!(story["quotes"][0]["paragraph"], "1", "{story:#}");
    // Twice is once; and what is no report says so.
    assert!(world.run(&["add", "report.pdf", "--url", "https://files.ofsted.gov.uk/v1/file/50999123"]).out.contains("stored already"));
    fs::write(world.path("broken.pdf"), "%PDF-1.7 and no more").unwrap();
    let said = world.run(&["add", "broken.pdf"]);
    assert!(said.code == 4 || said.out.contains("could not be read"), "{said:?}");
    assert_eq!(world.out(&["export", "reports"]).lines().filter(|line| line.contains("\"current\"")).count(), 1);
}

#[cfg(unix)]
#[test]
fn what_never_ends_is_no_file() {
    let world = World::empty();
    let pipe = world.path("pipe.html");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let said = world.run(&["add", &pipe.display().to_string()]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("is no file"), "{said:?}");
}
