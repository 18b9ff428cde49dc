//! Sources asked, and lists of feeds in and out.

use std::fs;

use serde_json::Value;

use crate::{
    server::{Reply, Server},
    world::{World, golden, said},
};

const FEED: &str = "<rss version=\"2.0\"><channel><title>News</title>\
    <item><title>One</title><link>https://a.example/1</link><pubDate>Mon, 04 Mar 2024 09:00:00 GMT</pubDate></item>\
    <item><title>Two</title><link>https://a.example/2</link></item></channel></rss>";

fn config(world: &World, base: &str) {
    let text = format!(
        "[fetch]\nper_host_delay = \"0s\"\nallow_private = true\ntries = 1\n\
         [[source]]\nname = \"Good\"\nkind = \"feed\"\nurl = \"{base}/good\"\n\
         [[source]]\nname = \"Gone\"\nkind = \"feed\"\nurl = \"{base}/gone\"\n\
         [[source]]\nname = \"Second way\"\nkind = \"feed\"\nurl = \"{base}/page\"\nfallback = [{{ kind = \"feed\", url = \"{base}/good\" }}]\n\
         [[source]]\nname = \"Off\"\nkind = \"feed\"\nurl = \"{base}/good\"\non = false\n"
    );
    fs::write(world.path("config.toml"), text).unwrap();
}

#[test]
fn each_source_is_asked_once_and_what_it_gave_is_kept() {
    let server = Server::start(|request| match request.target.as_str() {
        "/good" => Reply::page("application/rss+xml", FEED),
        "/page" => Reply::page("text/html", "<html><body>\u{1b}[31mMoved"),
        _ => Reply::status(404),
    });
    let world = World::empty();
    config(&world, server.url("").to_string().trim_end_matches('/'));
    let checked = world.run(&["sources", "check"]);
    assert_eq!(checked.code, 4, "{checked:?}");
    let port = server.url("").port().unwrap().to_string();
    golden("sources-check.txt", &checked.out.replace(&port, "PORT"));
    assert!(checked.err.contains("1 of 3 sources failed"), "{}", checked.err);
    assert_eq!(world.run(&["sources", "check", "Good", "Off"]).code, 0);
    let kept = world.out(&["sources", "list", "--json"]);
    assert!(kept.lines().next().is_some_and(|good| good.contains("\"items\":2")), "{kept}");
    let unknown = world.run(&["sources", "check", "Goood"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("did you mean `Good`?"), "{}", unknown.err);
}

#[test]
fn before_the_first_run_all_are_unasked_and_no_database_is_made() {
    let world = World::empty();
    let out = world.out(&["sources"]);
    assert_eq!(out.matches("never asked").count(), 4, "{out}");
    assert!(!world.path("tieback.db").exists());
}

#[test]
fn lists_of_feeds_go_out_and_come_in() {
    let world = World::empty();
    let opml = world.out(&["sources", "export"]);
    assert!(opml.contains("xmlUrl=\"https://bugle.example/feed?a=1&amp;b=2\"") && !opml.contains("old.example"), "{opml}");
    fs::write(world.path("mine.opml"), &opml).unwrap();
    let known = world.run(&["sources", "import", "mine.opml"]);
    assert_eq!((known.code, known.out.as_str()), (0, ""));
    assert_eq!(known.err.matches("is fetched already").count(), 4, "{}", known.err);

    let mut elsewhere = world.bare(&["sources", "import", "mine.opml"]);
    let taken = said(&mut elsewhere);
    assert_eq!(taken.code, 0, "{}", taken.err);
    fs::write(world.path("taken.toml"), &taken.out).unwrap();
    let read = said(&mut world.bare(&["sources", "list", "--json", "--config", "taken.toml"]));
    assert_eq!(read.out.lines().count(), 4, "{}", read.err);

    for (file, word) in [("config.toml", "is no OPML"), ("none.opml", "cannot read `none.opml`")] {
        let said = world.run(&["sources", "import", file]);
        assert_eq!(said.code, 2);
        assert!(said.err.contains(word), "{}", said.err);
    }
}

#[test]
fn all_say_the_same_of_sources_in_trouble() {
    let world = World::new();
    let json = |args: &[&str]| -> Value { serde_json::from_str(&world.out(args)).unwrap() };
    let names = |value: &Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|source| source["name"].as_str().unwrap().to_owned()).collect()
    };
    let check = json(&["check", "--json"]);
    let listed = world.out(&["sources", "list", "--json"]);
    let listed = listed.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let troubled = Value::Array(listed.filter(|source| source["state"] != "well" && source["state"] != "never-asked").collect());
    assert_eq!(names(&troubled), ["Bay Chronicle", "Quiet Post"]);
    assert_eq!(names(&check["service"]["in_trouble"]), names(&troubled));
    assert_eq!(names(&json(&["summary", "--since", "1d", "--json"])["sources"]), names(&troubled));
    let said = world.out(&["check"]).replace("\n    ", " ");
    assert!(said.contains("2 in trouble: 1 failing (Bay Chronicle), 1 silent (Quiet Post); `tieback sources` says why"), "{said}");
    assert!(world.out(&["summary", "--since", "1d"]).contains("2 sources in trouble"));
}
