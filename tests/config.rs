//! The configuration: the built-in one is complete, a file overrides it key by key, and each fault is named with its place.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::{collections::HashSet, io::Write, time::Duration};

use jiff::civil::date;
use tieback::{
    config::{self, Config, ConfigError},
    model::source::SourceKind,
};

fn read(text: &str) -> Result<Config, ConfigError> {
    Config::from_text("my.toml", text)
}

const GOOD: &str = "[[source]]\nname = \"A\"\nkind = \"feed\"\nurl = \"https://a.example/feed\"\n";

#[test]
fn the_built_in_configuration_fetches_over_a_hundred_sources() {
    let config = Config::built_in().unwrap();
    assert!(config.sources.iter().filter(|source| source.on).count() >= 100);
    for source in config.sources.iter().filter(|source| !source.on) {
        assert!(source.note.is_some(), "{} is off without a reason", source.name);
    }
    assert_eq!(config.fetch.per_host_delay, Duration::from_secs(2));
    assert!(!config.fetch.allow_private);
    assert_eq!(config.contact, None);
}

#[test]
fn the_four_outlets_of_the_seeds_are_on_with_a_second_way_in() {
    let config = Config::built_in().unwrap();
    for (name, kind) in [
        ("Community Care", SourceKind::Feed),
        ("WillisPalmer Children First", SourceKind::Feed),
        ("Bournemouth Echo", SourceKind::Feed),
        ("GOV.UK: Ofsted", SourceKind::Feed),
    ] {
        let source = config.sources.iter().find(|source| source.name == name).unwrap();
        assert!(source.on && source.kind == kind && !source.fallbacks.is_empty(), "{name}");
    }
    let ofsted = config.sources.iter().find(|source| source.kind == SourceKind::Ofsted).unwrap();
    assert!(ofsted.on);
    assert_eq!((ofsted.since, ofsted.every), (Some(date(2013, 1, 1)), Duration::from_secs(6 * 3_600)));
}

#[test]
fn no_two_sources_fetch_the_same_address() {
    let config = Config::built_in().unwrap();
    let mut seen = HashSet::new();
    for source in &config.sources {
        assert!(seen.insert(source.url.clone()), "{} twice", source.url);
    }
}

/// The keys that a table may have, by what is said of a key it may not have.
fn schema(table: &str) -> Vec<String> {
    let error = read(&format!("{table}zzz = 1\n")).unwrap_err();
    let known = error.message.split_once("expected one of ").unwrap().1;
    known.split(", ").map(str::to_owned).collect()
}

#[test]
fn the_built_in_file_shows_every_key_of_the_schema() {
    let text = config::commented_default();
    let shown: HashSet<&str> = text
        .lines()
        .filter_map(|line| line.trim_start_matches("# ").split_once(" = "))
        .map(|(key, _)| key.trim_start_matches("[[").trim())
        .collect();
    let mut keys = 0;
    for key in schema("")
        .into_iter()
        .chain(schema("[fetch]\n"))
        .chain(schema("[keep]\n"))
        .chain(schema("[digest]\n"))
        .chain(schema("[[source]]\n"))
        .chain(schema("[[watch]]\n"))
    {
        let heading = text.contains(&format!("[{key}]"));
        assert!(heading || shown.contains(key.as_str()), "`{key}` is not in config/default.toml");
        keys += 1;
    }
    assert_eq!(keys, 6 + 10 + 5 + 2 + 11 + 5);
}

#[test]
fn every_setting_and_every_source_key_has_its_line_of_meaning() {
    let text = config::commented_default();
    let lines: Vec<&str> = text.lines().collect();
    for key in schema("[fetch]\n").into_iter().chain(schema("[digest]\n")).chain(["contact".to_owned()]) {
        let at = lines.iter().position(|line| line.trim_start_matches("# ").starts_with(&format!("{key} = "))).unwrap();
        assert!(lines[at - 1].starts_with("# ") && lines[at - 1].ends_with('.'), "`{key}` is not explained");
    }
    for key in schema("[[source]]\n").into_iter().chain(schema("[[watch]]\n")) {
        assert!(lines.iter().any(|line| line.starts_with(&format!("# {key} "))), "`{key}` of a source is not explained");
    }
}

#[test]
fn the_default_may_be_read_as_a_users_file() {
    let config = read(config::commented_default()).unwrap();
    assert_eq!(config.sources, Config::built_in().unwrap().sources);
}

#[test]
fn a_file_overrides_key_by_key_and_the_sources_as_a_list() {
    let config = read("[fetch]\nper_host_delay = \"5s\"\n").unwrap();
    assert_eq!(config.fetch.per_host_delay, Duration::from_secs(5));
    assert_eq!(config.fetch.timeout, Duration::from_secs(60));
    assert!(config.sources.len() > 100);

    let config = read(&format!("contact = \"me@council.example\"\n{GOOD}")).unwrap();
    assert_eq!(config.sources.len(), 1);
    let source = &config.sources[0];
    assert_eq!((source.outlet.as_str(), source.every, source.on), ("A", Duration::from_secs(3_600), true));
    assert!(config.fetch.user_agent.contains("me@council.example"));
}

#[test]
fn the_user_agent_names_the_program_and_the_contact_if_there_is_one() {
    let bare = read("").unwrap().fetch.user_agent;
    assert!(bare.starts_with(concat!("tieback/", env!("CARGO_PKG_VERSION"))), "{bare}");
    assert!(!bare.contains("; "), "{bare}");
    let signed = read("contact = \"me@council.example\"").unwrap().fetch.user_agent;
    assert!(signed.ends_with("me@council.example)"), "{signed}");
}

#[test]
fn sources_written_as_toml_read_back_the_same() {
    let mut sources = Config::built_in().unwrap().sources;
    sources[0].name = "A \\ \"quoted\" ‘name’".into();
    sources[1].note = Some("'''' # not a comment".into());
    let text = config::sources_as_toml(&sources);
    assert_eq!(read(&text).unwrap().sources, sources);
    assert_eq!(config::sources_as_toml(&[]), "");
}

#[test]
fn all_keys_of_a_source_arrive() {
    let config = read(
        "[[source]]\nname = \"List\"\nkind = \"page\"\nurl = \"http://b.example/news\"\noutlet = \"The Bee\"\nevery = \"90m\"\non = false\n\
         note = \"why\"\nlinks = \"h3 a\"\narea = [\"barnet\"]\nfallback = [{ kind = \"sitemap\", url = \"https://b.example/s.xml\" }]\n\
         [[source]]\nname = \"O\"\nkind = \"ofsted\"\nurl = \"https://o.example/\"\nsince = 2018-03-31\n",
    )
    .unwrap();
    let list = &config.sources[0];
    assert_eq!((list.kind, list.outlet.as_str(), list.every), (SourceKind::Page, "The Bee", Duration::from_secs(5_400)));
    assert_eq!((list.links.as_deref(), list.note.as_deref(), list.on), (Some("h3 a"), Some("why"), false));
    assert_eq!(list.area, ["Barnet"]);
    assert_eq!(list.fallbacks[0].kind, SourceKind::Sitemap);
    assert_eq!(config.sources[1].since, Some(date(2018, 3, 31)));
    assert_eq!(config.sources[1].every, Duration::from_secs(6 * 3_600));
}

#[test]
fn each_fault_is_named_with_its_place_and_a_way_out() {
    let check = |text: &str, expected: &str| {
        let found = read(text).unwrap_err().to_string();
        assert_eq!(found, expected);
    };
    check(
        "contcat = \"x\"",
        "my.toml:1:1: unknown key `contcat`, expected one of contact, fetch, keep, digest, watch, source\nhint: did you mean `contact`?",
    );
    check(
        "[[source]]\nname = \"A\"\nknd = \"feed\"",
        "my.toml:3:1: unknown key `knd`, expected one of name, kind, url, outlet, every, on, note, links, fallback, since, area\n\
         hint: did you mean `kind`?",
    );
    check("\n[[source]]\nname = \"A\"\nkind = \"feed\"\n", "my.toml:2:1: source 1 (`A`) has no `url`");
    check(
        "[[source]]\nname = \"A\"\nkind = \"rss\"\nurl = \"https://a.example\"",
        "my.toml:3:8: `kind`: unknown kind `rss`, expected one of feed, ofsted, page, sitemap, wordpress, govuk\nhint: every kind of feed is `feed`",
    );
    check(
        "[fetch]\ntimeout = 30",
        "my.toml:2:11: `timeout`: invalid type: integer `30`, expected a string\n\
         hint: write a number with its unit in quotes, as in \"2s\", \"30m\", \"6h\" or \"7d\"",
    );
    check("[fetch]\ntries = 11", "my.toml:2:9: `tries` is 11, expected 1 to 10");
    check("[fetch]\ntries = -1", "my.toml:2:9: `tries` is -1, expected 1 to 10");
    check("[fetch]\nper_host_delay = \"2h\"", "my.toml:2:18: `per_host_delay` is 2h, expected 0s to 1h");
    check("[fetch]\nmax_page = \"1 KB\"", "my.toml:2:12: `max_page` is 1000 bytes, expected 64 KB to 50000 KB");
    check(
        "[[source]]\nname = \"A\"\nkind = \"feed\"\nurl = \"a.example/feed\"",
        "my.toml:4:7: `url`: `a.example/feed` is not a whole address, expected http:// or https://\nhint: did you mean `https://a.example/feed`?",
    );
    check(
        "[[source]]\nname = \"A\"\nkind = \"feed\"\nurl = \"file:///etc/passwd\"",
        "my.toml:4:7: `url`: an address that begins with `file:` cannot be fetched, expected http:// or https://",
    );
    check(
        "[[source]]\nname = \"A\"\nkind = \"feed\"\nurl = \"https://me:secret@a.example\"",
        "my.toml:4:7: `url`: the address holds a user name or a password, expected none",
    );
    check(&format!("{GOOD}{GOOD}"), "my.toml:6:8: the name `A` is taken by an earlier source, expected one of its own");
    check(&format!("{GOOD}area = [\"Barnett\"]"), "my.toml:5:9: `area`: no authority is called `Barnett`\nhint: did you mean `Barnet`?");
    check(&format!("{GOOD}every = \"1s\""), "my.toml:5:9: `every` is 1s, expected 1m to 366d");
    check(&format!("{GOOD}links = \"a\""), "my.toml:5:9: `links` is for pages only, and source 1 (`A`) is of the kind `feed`");
    check(
        "[[source]]\nname = \"A\"\nkind = \"page\"\nurl = \"https://a.example\"",
        "my.toml:1:1: source 1 (`A`) is a page and has no `links`, expected a CSS selector of the links to its stories\n\
         hint: for example: links = \"main h3 a\"",
    );
    check(
        "[[source]]\nname = \"A\"\nkind = \"page\"\nurl = \"https://a.example\"\nlinks = \"main h3 [\"",
        "my.toml:5:9: `links` of source 1 (`A`) is no CSS selector: `main h3 [`\nhint: for example: links = \"main h3 a\"",
    );
    check(
        "[[source]]\nname = \"O\"\nkind = \"ofsted\"\nurl = \"https://o.example\"\nsince = \"31/03/2018\"",
        "my.toml:5:9: `since`: cannot read `31/03/2018` as a day\nhint: write it as in \"2018-03-31\"",
    );
    check(
        "contact = \"nobody (there)\"",
        "my.toml:1:11: `contact`: expected an e-mail address or a web address, in plain letters without spaces\n\
         hint: for example: contact = \"name@council.example\"",
    );
    check("contact = \"a\\nb@c.example\"", "my.toml:1:11: `contact` holds a control character, expected plain text on one line");
}

#[test]
fn broken_toml_is_named_with_its_place() {
    for (text, place) in
        [("contact = ", "my.toml:1:"), ("a\nb", "my.toml:1:"), ("[fetch]\ntries = = 1", "my.toml:2:"), ("x = \"\u{1}\"", "my.toml:1:")]
    {
        let found = read(text).unwrap_err().to_string();
        assert!(found.starts_with(place), "{found}");
        assert!(!found.contains('\u{1}'));
    }
}

#[test]
fn a_hostile_word_cannot_steer_the_terminal() {
    let found = read("[[source]]\nname = \"A\"\nkind = \"\\u001b[31mred\\u202e\"\nurl = \"https://a.example\"").unwrap_err().to_string();
    assert!(found.chars().all(|char| char == '\n' || !tieback::model::text::is_hostile(char)), "{found:?}");
}

#[test]
fn the_number_of_sources_is_bounded() {
    let many = |count: usize| -> String {
        (0..count).map(|at| format!("[[source]]\nname = \"{at}\"\nkind = \"feed\"\nurl = \"https://{at}.example/\"\n")).collect()
    };
    assert_eq!(read(&many(2_000)).unwrap().sources.len(), 2_000);
    assert!(read(&many(2_001)).unwrap_err().to_string().contains("2001 sources, expected at most 2000"));
}

#[test]
fn the_size_of_the_file_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.toml");
    let write = |bytes: usize| {
        let mut text = String::from("[fetch]\ntries = 2\n");
        text.extend(std::iter::repeat_n('#', bytes - text.len()));
        std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
    };
    write(1_000_000);
    assert_eq!(Config::load(Some(&path)).unwrap().fetch.tries, 2);
    write(1_000_001);
    assert!(Config::load(Some(&path)).unwrap_err().message.contains("expected at most 1000 KB"));
}

#[test]
fn a_file_that_is_not_text_is_named_with_the_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("latin.toml");
    std::fs::write(&path, b"# a\n# caf\xe9\n").unwrap();
    let error = Config::load(Some(&path)).unwrap_err();
    assert!(error.to_string().ends_with("latin.toml:2:6: not UTF-8 from here on, expected plain text in UTF-8"), "{error}");
}

#[test]
fn a_missing_file_says_what_to_do() {
    let error = Config::load(Some(std::path::Path::new("no/such.toml"))).unwrap_err();
    assert_eq!(error.file, "no/such.toml");
    assert!(error.hint.unwrap().contains("tieback init"));
}

#[test]
fn no_file_is_the_built_in_configuration() {
    assert_eq!(Config::load(None).unwrap().sources, Config::built_in().unwrap().sources);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]
    #[test]
    fn any_text_is_read_or_refused_and_never_panics(text in "\\PC{0,200}") {
        let _ = read(&text);
    }

    #[test]
    fn any_value_is_read_or_refused_with_its_place(
        key in proptest::sample::select(vec!["every", "url", "kind", "since", "area", "fallback", "links", "note", "on", "name"]),
        value in "\\PC{0,40}",
    ) {
        let value = value.replace(['"', '\\'], "");
        for written in [format!("\"{value}\""), format!("[\"{value}\"]"), value.clone(), format!("[{{ kind = \"{value}\" }}]")] {
            if let Err(error) = read(&format!("[[source]]\n{key} = {written}\n")) {
                proptest::prop_assert!(error.place.is_some(), "{error}");
                proptest::prop_assert!(!error.to_string().chars().any(|char| char != '\n' && tieback::model::text::is_hostile(char)), "{error:?}");
            }
        }
    }
}
