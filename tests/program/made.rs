//! Made-up reports, provider pages, feeds and articles.
//!
//! The program knows the councils of England by heart, so councils here have real names; all else about them is invented.

use std::fmt::Write;

use crate::sheet;

/// Ofsted's site in the made-up web; the port keeps its files at plain http.
pub const OFSTED: &str = "http://reports.ofsted.gov.uk:8000";
const FILES: &str = "http://files.ofsted.gov.uk:8000";

/// A council with the number under which Ofsted lists it.
#[derive(Debug, Clone, Copy)]
pub struct Council {
    pub name: &'static str,
    pub official: &'static str,
    pub urn: &'static str,
}

pub const RUTLAND: Council = Council { name: "Rutland", official: "Rutland County Council", urn: "80547" };
pub const SOLIHULL: Council = Council { name: "Solihull", official: "Solihull Metropolitan Borough Council", urn: "80554" };
pub const HARTLEPOOL: Council = Council { name: "Hartlepool", official: "Hartlepool Borough Council", urn: "80473" };

/// What inspectors write of each council, so that every report has sentences of its own.
#[derive(Debug, Clone, Copy)]
pub struct Findings {
    pub council: Council,
    pub grade: &'static str,
    /// "15 January to 26 January 2024".
    pub dates: &'static str,
    /// Two sentences that nobody else writes.
    pub said: [&'static str; 2],
    /// What a story says besides: who answers, and what comes next.
    pub besides: [&'static str; 3],
}

pub const RUTLAND_2024: Findings = Findings {
    council: RUTLAND,
    grade: "Good",
    dates: "15 January to 26 January 2024",
    said: [
        "Children at the harbour hostel meet the same social worker from the first evening until they move into homes of their own",
        "Managers read every plan aloud with the family before they sign it and this has made plans shorter and kinder",
    ],
    besides: [
        "Una Quill, who leads on children for the council, thanked foster carers in Oakham and Uppingham by name and promised them cake",
        "It is a far cry from the days when the team worked out of two cabins behind the library and borrowed its printer",
        "A second hostel opens at midsummer, and families have been asked to choose its colours",
    ],
};

pub const SOLIHULL_2024: Findings = Findings {
    council: SOLIHULL,
    grade: "Inadequate",
    dates: "22 January to 2 February 2024",
    said: [
        "Too many referrals lie unopened over weekends and children wait in danger while letters pass between offices",
        "Leaders did not know how many children were missing on the night before inspectors arrived",
    ],
    besides: [
        "Opposition members called for heads to roll at an angry meeting that went on until after midnight",
        "The director left last week; a commissioner appointed in Whitehall is expected to say by June who runs the department",
        "Unions blame a computer system that cost eleven million pounds and was switched off after one winter",
    ],
};

pub const HARTLEPOOL_2024: Findings = Findings {
    council: HARTLEPOOL,
    grade: "Requires improvement to be good",
    dates: "5 February to 16 February 2024",
    said: [
        "Care leavers say that the drop-in above the bakery is the one place where the phone is always answered",
        "Assessments are thorough in the east of the town and thin in the west for want of experienced staff",
    ],
    besides: [
        "Half of the posts on the western side are held by agency workers, according to papers seen by this newspaper",
        "Recruitment fairs are planned at three universities, with golden hellos for those who stay longer than two summers",
        "Young people who use the bakery rooms baked the inspectors a loaf, which was declared and weighed",
    ],
};

pub fn file_url(number: u32) -> String {
    format!("{FILES}/v1/file/{number}")
}

pub fn provider_url(council: Council) -> String {
    format!("{OFSTED}/provider/44/{}", council.urn)
}

/// One page of the search list.
pub fn search_url(start: usize) -> String {
    format!("{OFSTED}/search?q=&location=&lat=&lon=&radius=&level_1_types=3&level_2_types%5B%5D=12&start={start}&rows=100")
}

/// A report of an inspection in the form of 2022.
pub fn report(findings: &Findings) -> Vec<u8> {
    let Findings { council, grade, dates, said, .. } = findings;
    let small = grade.trim_end_matches(" to be good").to_lowercase();
    let sheet = format!(
        "footer Inspection of {name} local authority children’s services / {dates}
title Inspection of {name} local
title authority children’s services
line Inspection dates: {dates}
gap 12
line Lead inspector: Ivo Marsh, His Majesty’s Inspector
gap 24
row The impact of leaders on social work / practice with children and families | {grade}
row The experiences and progress of / children who need help and protection | {grade}
row The experiences and progress of / children in care | {grade}
row The experiences and progress of / care leavers | {grade}
row Overall effectiveness | {grade}
para Services for children in {name} were looked at closely by four inspectors over a fortnight.
head What needs to improve?
bullet The timeliness of visits.
bullet Supervision of newly qualified staff.
page
head The experiences and progress of children who need help and protection: {small}
num 1. {first}.
num 2. Early help is offered in most schools, and families know whom to ask.
page
head The impact of leaders on social work practice with children and families: {small}
num 3. {second}.
num 4. Workloads are looked at every month.
",
        name = council.name,
        first = said[0],
        second = said[1],
    );
    sheet::pdf(&sheet)
}

/// The search list: each council with the day of its latest report.
pub fn search(rows: &[(Council, &str)]) -> String {
    let list: Vec<_> =
        rows.iter().map(|(council, latest)| (council.official.to_owned(), council.urn.to_owned(), (*latest).to_owned())).collect();
    search_list(&list)
}

pub fn search_list(rows: &[(String, String, String)]) -> String {
    let mut page = String::from("<!doctype html><title>Search results</title><h1>Search results</h1><ul class=\"results-list\">");
    for (name, urn, latest) in rows {
        let _ = write!(
            page,
            "<li class=\"search-result\"><h3><a href=\"/provider/44/{urn}\">{name}</a></h3><ul><li>URN: {urn}</li><li>Latest report: <time>{latest}</time></li></ul></li>"
        );
    }
    page + "</ul>"
}

/// A provider page with its files: number, label, day of publication.
pub fn provider(council: Council, files: &[(u32, &str, &str)]) -> String {
    let mut page = format!(
        "<!doctype html><title>{name}</title><div class=\"title-block\"><h1 class=\"title-block__heading\">{name}</h1><p class=\"title-block__subheading\">URN: {urn}</p></div><ol class=\"timeline\">",
        name = council.official,
        urn = council.urn,
    );
    for (number, label, day) in files {
        let _ = write!(
            page,
            "<li class=\"timeline__day\"><div class=\"event\"><p class=\"timeline__date\"><time>{day}</time></p><a href=\"{url}\" class=\"publication-link\">{label}<span class=\"nonvisual\">{label}, pdf - {day}</span></a></div></li>",
            url = file_url(*number),
        );
    }
    page + "</ol>"
}

/// An item of a feed: address, title, summary, day as in RFC 2822.
pub type Item<'a> = (&'a str, &'a str, &'a str, &'a str);

pub fn feed(items: &[Item<'_>]) -> String {
    let mut feed = String::from(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title><link>http://news.example/</link><description>News</description>",
    );
    for (url, title, summary, day) in items {
        let _ = write!(
            feed,
            "<item><title>{title}</title><link>{url}</link><guid>{url}</guid><description>{summary}</description><pubDate>{day}</pubDate></item>"
        );
    }
    feed + "</channel></rss>"
}

/// An article page: title and paragraphs.
pub fn article(title: &str, paragraphs: &[&str]) -> String {
    let text: String = paragraphs.iter().map(|text| format!("<p>{text}</p>")).collect();
    format!(
        "<!doctype html><html lang=\"en-GB\"><head><title>{title}</title><meta property=\"og:title\" content=\"{title}\"></head><body><nav><a href=\"/\">Home</a></nav><main><article><h1>{title}</h1>{text}</article></main><footer>About us</footer></body></html>"
    )
}

/// A story about a report: names the council and the grade, and quotes both sentences.
pub fn coverage(findings: &Findings) -> Vec<String> {
    let Findings { council, grade, said, besides, .. } = findings;
    let small = grade.trim_end_matches(" to be good").to_lowercase();
    vec![
        format!("Children’s services at {} have been rated ‘{small}’ by Ofsted.", council.official),
        format!("Inspectors said: “{}.”", said[0]),
        format!("{}.", besides[0]),
        format!("They added: “{}.”", said[1]),
        format!("{}.", besides[1]),
        format!("{}.", besides[2]),
    ]
}

pub fn coverage_page(title: &str, findings: &Findings) -> String {
    let paragraphs = coverage(findings);
    article(title, &paragraphs.iter().map(String::as_str).collect::<Vec<_>>())
}
