//! A small world: Ofsted with three councils' reports, and a paper with stories on two of them, one on a report not out yet,
//! and one on a match.

use crate::{made::*, web::Web};

pub const OFSTED_AND_HERALD: &str = r#"
[[source]]
name = "Ofsted"
kind = "ofsted"
url = "http://reports.ofsted.gov.uk:8000/"
since = "2020-01-01"
[[source]]
name = "Herald"
kind = "feed"
url = "http://herald.example/feed"
"#;

pub const FEED: &str = "http://herald.example/feed";
pub const RUTLAND_STORY: &str = "Rutland children’s services rated good by Ofsted";
pub const SOLIHULL_STORY: &str = "Solihull children’s services inadequate, say inspectors";
pub const WAITING_STORY: &str = "Hartlepool children’s services told to improve by Ofsted";

pub const RUTLAND_FILE: u32 = 50240001;
pub const SOLIHULL_FILE: u32 = 50240002;
pub const HARTLEPOOL_FILE: u32 = 50240003;
const LABEL: &str = "Children's services inspection";

/// Everything but Hartlepool's report.
pub fn small() -> Web {
    let web = Web::new();
    put_ofsted(&web);
    put_stories(&web);
    web
}

pub fn put_ofsted(web: &Web) {
    web.html(&search_url(0), search(&[(RUTLAND, "1 March 2024"), (SOLIHULL, "1 March 2024"), (HARTLEPOOL, "5 May 2019")]));
    web.html(&provider_url(RUTLAND), provider(RUTLAND, &[(RUTLAND_FILE, LABEL, "1 March 2024")]));
    web.html(&provider_url(SOLIHULL), provider(SOLIHULL, &[(SOLIHULL_FILE, LABEL, "1 March 2024")]));
    web.html(&provider_url(HARTLEPOOL), provider(HARTLEPOOL, &[(2740001, LABEL, "5 May 2019")]));
    web.pdf(&file_url(RUTLAND_FILE), report(&RUTLAND_2024));
    web.pdf(&file_url(SOLIHULL_FILE), report(&SOLIHULL_2024));
}

/// Hartlepool's report comes out.
pub fn put_hartlepool(web: &Web) {
    web.html(&search_url(0), search(&[(RUTLAND, "1 March 2024"), (SOLIHULL, "1 March 2024"), (HARTLEPOOL, "1 March 2024")]));
    let files = [(HARTLEPOOL_FILE, LABEL, "1 March 2024"), (2740001, LABEL, "5 May 2019")];
    web.html(&provider_url(HARTLEPOOL), provider(HARTLEPOOL, &files));
    web.pdf(&file_url(HARTLEPOOL_FILE), report(&HARTLEPOOL_2024));
}

pub fn put_stories(web: &Web) {
    let day = "Mon, 04 Mar 2024 09:30:00 GMT";
    web.feed(
        FEED,
        feed(&[
            ("http://herald.example/news/rutland-good", RUTLAND_STORY, "Ofsted praises Rutland.", day),
            ("http://herald.example/news/solihull-inadequate", SOLIHULL_STORY, "Ofsted faults Solihull.", day),
            ("http://herald.example/news/hartlepool-improve", WAITING_STORY, "Ofsted on Hartlepool.", day),
            ("http://herald.example/sport/late-goal", "Late goal wins the derby", "Three points in the rain.", day),
        ]),
    );
    web.html("http://herald.example/news/rutland-good", coverage_page(RUTLAND_STORY, &RUTLAND_2024));
    web.html("http://herald.example/news/solihull-inadequate", coverage_page(SOLIHULL_STORY, &SOLIHULL_2024));
    web.html("http://herald.example/news/hartlepool-improve", coverage_page(WAITING_STORY, &HARTLEPOOL_2024));
    web.html("http://herald.example/sport/late-goal", article("Late goal wins the derby", &["It rained, and they scored."]));
}
