//! Older stories: by the pages of WordPress, by sitemaps, and Ofsted's older reports; what is left goes on in the next run.

use crate::{
    made::*,
    program::{NOW, Program},
    server::Reply,
    web::Web,
    world::{self, *},
};

const HERALD: &str = "[[source]]\nname = \"Herald\"\nkind = \"feed\"\nurl = \"http://herald.example/feed\"\n";

fn posts(page: u32) -> String {
    format!("http://herald.example/wp-json/wp/v2/posts?per_page=100&after=2020-01-01T00%3A00%3A00&page={page}")
}

/// So many posts, one of them ours.
fn wordpress(page: u32, count: usize) -> String {
    let mut list = vec![format!(
        r#"{{"id":1,"link":"http://herald.example/story-{page}","title":{{"rendered":"{RUTLAND_STORY} in part {page}"}},"date_gmt":"2021-02-0{page}T00:00:00"}}"#
    )];
    list.extend((1..count).map(|n| {
        format!(
            r#"{{"id":{n}7,"link":"http://herald.example/fete-{page}-{n}","title":{{"rendered":"Fete"}},"date_gmt":"2021-01-01T00:00:00"}}"#
        )
    }));
    format!("[{}]", list.join(","))
}

fn with_pages(pages: u32) -> Web {
    let web = Web::new();
    web.feed(FEED, feed(&[]));
    for page in 1..=pages {
        web.put(&posts(page), "application/json", wordpress(page, if page == pages { 3 } else { 100 }));
        web.html(&format!("http://herald.example/story-{page}"), coverage_page(&format!("{RUTLAND_STORY} in part {page}"), &RUTLAND_2024));
    }
    web
}

const SINCE: [&str; 5] = ["run", "--source", "Herald", "--since", "2020-01-01"];

#[test]
fn pages_of_wordpress_to_their_end_each_once() {
    let web = with_pages(3);
    let program = Program::new(&web, HERALD);
    let ran = program.call(NOW, &SINCE);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("Herald: its past is read, in 3 lists"), "{}", ran.err);
    assert_eq!(program.stories().len(), 3);
    let before = web.log().len();
    program.call("2024-03-05T06:10:00Z", &SINCE);
    assert!(web.log()[before..].iter().all(|request| request.target == FEED), "each is looked at once");
}

#[test]
fn what_is_left_goes_on_in_the_next_run() {
    let web = with_pages(3);
    web.reply(&posts(2), Reply::status(500).header("Content-Length", "0"));
    let program = Program::new(&web, HERALD);
    let ran = program.call(NOW, &SINCE);
    assert!(ran.err.contains("Herald: 1 list of its past read, 1 left for the next run"), "{}", ran.err);
    assert_eq!(program.stories().len(), 1);
    web.put(&posts(2), "application/json", wordpress(2, 100));
    program.call("2024-03-05T07:00:00Z", &["run"]);
    assert_eq!(program.stories().len(), 3);
    assert_eq!(web.times(&posts(1)), 1);
}

#[test]
fn what_is_given_up_is_told() {
    let web = with_pages(3);
    // A server that does not keep to what it was asked is no fault of ours, and not asked for ever.
    web.reply(&posts(2), Reply::status(304));
    let program = Program::new(&web, HERALD);
    let said: Vec<bool> = (0..6)
        .map(|hour| {
            let ran = program.call(&format!("2024-03-05T{:02}:00:00Z", 6 + hour), if hour == 0 { &SINCE } else { &["run", "-q"] });
            ran.err.contains("Herald: a list of its past did not come in 4 tries and is given up")
        })
        .collect();
    assert_eq!(said, [false, false, false, true, false, false]);
    assert_eq!(web.times(&posts(2)), 4);
}

#[test]
fn without_wordpress_the_sitemaps_are_read() {
    let web = Web::new();
    web.feed(FEED, feed(&[]));
    let xmlns = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";
    let (old, new) = ("http://herald.example/2019.xml", "http://herald.example/2021.xml.gz");
    web.put(
        "http://herald.example/sitemap.xml",
        "application/xml",
        format!("<sitemapindex {xmlns}><sitemap><loc>{old}</loc></sitemap><sitemap><loc>{new}</loc></sitemap><sitemap><loc>http://evil.example/x</loc></sitemap></sitemapindex>"),
    );
    let url = |name: &str, day: &str| format!("<url><loc>http://herald.example/{name}</loc><lastmod>{day}</lastmod></url>");
    let slug = "rutland-childrens-services-rated-good-by-ofsted";
    web.put(old, "application/xml", format!("<urlset {xmlns}>{}</urlset>", url(&format!("old-{slug}"), "2019-03-01")));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut packed, format!("<urlset {xmlns}>{}</urlset>", url(slug, "2021-03-01")).as_bytes()).unwrap();
    web.put(new, "application/gzip", packed.finish().unwrap());
    web.html(&format!("http://herald.example/{slug}"), coverage_page(RUTLAND_STORY, &RUTLAND_2024));
    let program = Program::new(&web, HERALD);
    program.call(NOW, &SINCE);
    assert_eq!(program.stories().len(), 1, "{:#?}", web.targets_since(0));
    assert!(web.log().iter().all(|request| !request.target.contains("evil") && !request.target.contains("old-rutland")));
}

#[test]
fn that_lists_are_left_out_is_told_where_there_is_no_room_for_a_new_one() {
    let web = Web::new();
    web.feed(FEED, feed(&[]));
    let xmlns = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";
    let part = |n: u32| format!("http://herald.example/{n}.xml");
    let index = |parts: &[u32]| {
        let parts: String = parts.iter().map(|n| format!("<sitemap><loc>{}</loc></sitemap>", part(*n))).collect();
        web.put("http://herald.example/sitemap.xml", "application/xml", format!("<sitemapindex {xmlns}>{parts}</sitemapindex>"));
    };
    let program = Program::new(&web, HERALD);
    program.run_all(NOW, 0);
    let known = "
        WITH RECURSIVE each (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM each WHERE n < 10000)
        INSERT INTO backfill (source, url, kind, since, done)
        SELECT 'Herald', 'http://herald.example/' || n || '.xml', 'sitemap', '2000-01-01T00:00:00Z', 1 FROM each";
    program.sql().execute_batch(known).unwrap();
    let run = |since: &str| program.call(NOW, &["run", "--source", "Herald", "--since", since]).err;
    index(&[1, 2]);
    let told = run("2020-01-01");
    assert!(!told.contains("left out"), "all of them are known: {told}");
    index(&[1, 2, 10_001]);
    let told = run("2019-01-01");
    assert!(told.contains("its past has more than 10000 lists: the rest is left out"), "{told}");
    assert_eq!(web.times(&part(10_001)), 0);
}

#[test]
fn without_sitemaps_the_pages_of_a_list_are_gone_back_until_they_are_too_old() {
    let web = Web::new();
    let list = |n: u32, day: &str, next: &str| {
        let slug = format!("rutland-childrens-services-part-{n}-rated-good-by-ofsted");
        let title = format!("{RUTLAND_STORY}, part {n}");
        web.html(&format!("http://herald.example/{slug}"), coverage_page(&title, &RUTLAND_2024));
        let item = format!("<li><a href='/{slug}'>{title}</a> <time datetime='{day}'>{day}</time></li>");
        let page = format!("<html><body><main><ul>{item}</ul>{next}</main></body></html>");
        let url = if n == 1 { "http://herald.example/news/".to_owned() } else { format!("http://herald.example/news/page/{n}/") };
        web.html(&url, page);
    };
    list(1, "2024-03-01", "<a href='/news/page/2/'>2</a> <a href='/news/page/9/'>9</a>");
    list(2, "2022-03-01", "<a rel='next' href='/news/page/3/'>Older</a>");
    list(3, "2019-03-01", "<a rel='next' href='/news/page/4/'>Older</a>");
    list(4, "2018-03-01", "");
    let page = "[[source]]\nname = \"Herald\"\nkind = \"page\"\nurl = \"http://herald.example/news/\"\nlinks = \"li a\"\n";
    let program = Program::new(&web, page);
    let ran = program.call(NOW, &SINCE);
    assert!(ran.err.contains("Herald: its past is read, in 5 lists"), "{}", ran.err);
    assert_eq!(program.stories().len(), 2, "{:#?}", web.targets_since(0));
    assert_eq!(web.times("http://herald.example/news/page/3/"), 1);
    assert_eq!(web.times("http://herald.example/news/page/4/"), 0, "all of the page before is too old");
    assert_eq!(web.times("http://herald.example/news/page/9/"), 0);
}

#[test]
fn older_reports_of_ofsted() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    program.run_all(NOW, 0);
    assert_eq!(web.times(&file_url(2740001)), 0);
    program.call(NOW, &["run", "--source", "Ofsted", "--since", "2010-01-01"]);
    assert_eq!(web.times(&file_url(2740001)), 1);
    assert_eq!(program.call(NOW, &["run", "--since", "2010-01-01"]).code, Some(2), "of a source");
}

/// What a call shows on a terminal, made by `script` (util-linux).
fn on_a_terminal(program: &Program, args: &[&str]) -> String {
    let call = program.command(NOW, args);
    let words = [call.get_program()].into_iter().chain(call.get_args()).map(|word| format!("'{}'", word.to_str().unwrap()));
    let line = words.collect::<Vec<_>>().join(" ");
    let mut script = std::process::Command::new("script");
    script.args(["-qefc", &line, "/dev/null"]).env_clear().envs(call.get_envs().filter_map(|(name, value)| Some((name, value?))));
    script.env("PATH", "/usr/bin:/bin").env("TERM", "xterm-256color").env("SHELL", "/bin/sh").stdin(std::process::Stdio::null());
    String::from_utf8_lossy(&script.output().unwrap().stdout).into_owned()
}

#[test]
fn on_a_terminal_it_says_before_how_long_it_takes_and_then_how_far_it_is() {
    let web = with_pages(3);
    let program = Program::new(&web, HERALD);
    let shown = on_a_terminal(&program, &SINCE);
    assert!(shown.contains("Herald: 1 list and 0 pages known to be left, about 0 s; more may be found. Ctrl-C ends it"), "{shown}");
    assert!(shown.contains("of its past read,"), "{shown}");
    assert_eq!(program.stories().len(), 3);
}
