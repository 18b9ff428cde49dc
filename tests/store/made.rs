//! Made-up stories and reports of an invented council.

use jiff::{Timestamp, civil::Date};
use tieback::{
    model::{
        evidence::{Evidence, EvidenceKind, Quotation},
        page::{Block, BlockKind, DateSource, FeedItem, Link},
        piece::{Heir, PieceId, Settled, United},
        report::{
            Framework, Grade, Judgement, JudgementKey, Passage, PassageKind, Recommendation, Report, ReportId, ReportReading, ReportStatus,
        },
        story::{Story, StoryId},
        tie::{GradeCheck, Tie, TieKind, TieState},
        verdict::{Judged, Relevance, StatedGrade, StoryKind, StoryState, WaitingFor},
    },
    store::{SeenAddress, Store, StoreError, Writer},
};

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A moment for tests that need but one.
pub fn now() -> Timestamp {
    at("2024-03-05T06:00:00Z")
}

pub fn story_id(name: &str) -> StoryId {
    StoryId(format!("s-{name}"))
}

pub fn piece_id(name: &str) -> PieceId {
    PieceId(format!("s-{name}"))
}

pub fn report_id(name: &str) -> ReportId {
    ReportId(format!("r-{name}"))
}

pub fn address(name: &str) -> SeenAddress {
    SeenAddress { key: key(name), url: format!("https://news.example/{name}?from=feed") }
}

pub fn key(name: &str) -> String {
    format!("https://news.example/{name}")
}

pub fn story(name: &str) -> Story {
    Story {
        id: story_id(name),
        url: key(name),
        outlet: "The Wexcombe Bugle".into(),
        title: format!("Wexcombe’s children’s services praised ({name})"),
        author: Some("Ada Inkwell".into()),
        published: Some(at("2024-03-04T09:30:00Z")),
        published_from: Some(DateSource::JsonLd),
        first_seen: now(),
        changed: None,
        summary: "Inspectors saw much to like.".into(),
        blocks: vec![
            Block { kind: BlockKind::Heading, text: "A good week".into() },
            Block { kind: BlockKind::Paragraph, text: "Ofsted said leaders “acted swiftly and with care”.".into() },
        ],
        links: vec![Link { href: "https://reports.example/44/1".into(), text: "the report".into() }],
        walled: false,
        area: vec!["Wexcombe".into()],
    }
}

pub fn reading() -> ReportReading {
    let passage = |page, number, kind, text: &str| Passage { page, number, kind, text: text.into() };
    ReportReading {
        status: ReportStatus::Current,
        reason: None,
        framework: Framework::Ilacs,
        title: "Inspection of Wexcombe local authority children’s services".into(),
        authority: Some("Wexcombe".into()),
        inspected_from: Some(day("2024-01-15")),
        inspected_to: Some(day("2024-01-26")),
        published_printed: Some(day("2024-03-01")),
        lead_inspector: Some("Ivo Marsh".into()),
        pages: 12,
        judgements: vec![
            Judgement {
                key: JudgementKey::Overall,
                label: "Overall effectiveness".into(),
                grade: Grade::RequiresImprovement,
                printed: "Requires improvement to be good".into(),
                readings: 2,
                agree: true,
            },
            Judgement {
                key: JudgementKey::Leaders,
                label: "The impact of leaders".into(),
                grade: Grade::Good,
                printed: "Good".into(),
                readings: 1,
                agree: false,
            },
        ],
        recommendations: vec![Recommendation { n: 1, text: "The timeliness of visits.".into(), page: 3 }],
        passages: vec![
            passage(1, None, PassageKind::Cover, "Wexcombe"),
            passage(2, Some(1), PassageKind::Paragraph, "Leaders acted swiftly and with care when families needed help."),
            passage(2, None, PassageKind::Bullet, "the timeliness of visits"),
            passage(12, None, PassageKind::Footnote, "A note."),
        ],
        last_paragraph: 1,
        doubts: vec!["two grades differ".into()],
    }
}

pub fn report(name: &str) -> Report {
    Report {
        id: report_id(name),
        url: format!("https://files.example/v1/file/{name}"),
        provider_url: Some("https://reports.example/44/1".into()),
        urn: Some("80001".into()),
        published: Some(day("2024-03-01")),
        first_seen: now(),
        sha256: sha256(name.as_bytes()),
        parser: 1,
        reading: reading(),
    }
}

/// The SHA-256 of a file, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A report's file is its name.
pub fn put_report(store: &mut Store, name: &str) {
    store.write(|w| w.put_report(&report(name), name.as_bytes())).unwrap();
}

pub fn put_story(store: &mut Store, name: &str) {
    store.write(|w| w.put_story(&story(name), &[address(name)], "Bugle", now())).unwrap();
}

pub fn tie(report: &str, state: TieState) -> Tie {
    Tie {
        report: report_id(report),
        state,
        confidence: 0.93,
        kind: TieKind::Coverage,
        grade_check: GradeCheck::Agrees,
        evidence: vec![Evidence {
            kind: EvidenceKind::Quote,
            story: "“acted swiftly and with care”".into(),
            report: "acted swiftly and with care".into(),
            page: Some(2),
            paragraph: Some("1".into()),
            weight: 4.5,
        }],
    }
}

pub fn judged(ties: Vec<Tie>) -> Judged {
    Judged {
        relevance: Relevance { relevant: true, why: "names the council and Ofsted".into() },
        kind: StoryKind::Coverage,
        authorities: vec!["Wexcombe".into(), "Marrow Bay".into()],
        stated_grades: vec![StatedGrade { authority: "Wexcombe".into(), grade: Grade::Good, text: "rated good".into() }],
        quotations: vec![Quotation {
            text: "acted swiftly and with care".into(),
            speaker: Some("Ofsted".into()),
            found: !ties.is_empty(),
            exact: true,
            report: ties.first().map(|tie| tie.report.clone()),
            page: Some(2),
            paragraph: Some("1".into()),
        }],
        waiting_for: None,
        state: StoryState::None,
        ties,
        mentions: vec![],
    }
}

pub fn waiting(authority: &str) -> Judged {
    Judged {
        authorities: vec![authority.into()],
        waiting_for: Some(WaitingFor { authority: authority.into(), framework: Framework::FocusedVisit, around: Some("2024-02".into()) }),
        ..judged(vec![])
    }
}

pub fn judge(store: &mut Store, name: &str, judged: &Judged) {
    store.write(|w| set_judged(w, &story_id(name), judged, now())).unwrap();
}

/// Stores what tying says of one copy, and makes its piece what that copy says.
pub fn set_judged(w: &Writer<'_>, id: &StoryId, judged: &Judged, now: Timestamp) -> Result<(), StoreError> {
    let formers = w.formers(std::slice::from_ref(id))?;
    w.set_reading(id, judged, now)?;
    let of = formers.iter().map(|former| former.id.clone()).collect();
    let copies = formers.iter().flat_map(|former| former.copies.clone()).collect();
    let united = United::of([(id, judged)].into_iter());
    let settled = Settled { heir: Heir { id: w.piece_of(id)?, of }, copies, united };
    w.settle(&[settled], &formers, now)?;
    Ok(())
}

/// Makes one piece of the first story's and the second's, with the first one's id and the ties of both.
pub fn join(w: &Writer<'_>, first: &StoryId, second: &StoryId) -> Result<(), StoreError> {
    let stories = [first.clone(), second.clone()];
    let formers = w.formers(&stories)?;
    let ties = [w.ties(first)?, w.ties(second)?];
    let judged = |ties: &[Tie]| Judged {
        ties: ties.iter().filter(|tie| matches!(tie.state, TieState::Auto | TieState::Possible)).cloned().collect(),
        ..judged(vec![])
    };
    let said = [judged(&ties[0]), judged(&ties[1])];
    let united = United::of(stories.iter().zip(&said));
    let heir = Heir { id: w.piece_of(first)?, of: formers.iter().map(|former| former.id.clone()).collect() };
    let copies = formers.iter().flat_map(|former| former.copies.clone()).collect();
    w.settle(&[Settled { heir, copies, united }], &formers, now())?;
    Ok(())
}

pub fn item(name: &str) -> FeedItem {
    FeedItem {
        key: format!("tag:{name}"),
        url: Some(format!("https://news.example/{name}?from=feed").parse().unwrap()),
        title: format!("Title of {name}"),
        summary: "In short.".into(),
        author: None,
        published: Some(at("2024-03-04T09:30:00Z")),
    }
}

/// Everything that the exports and outputs are made from, as text.
pub fn everything(store: &Store) -> Result<String, StoreError> {
    let stories = store.story_cards(&tieback::store::StoryFilter::default())?;
    let reports = store.reports_with_stories()?;
    let overview = store.overview(at("2024-01-01T00:00:00Z"), at("2024-12-31T00:00:00Z"), &[])?;
    Ok(format!("{stories:#?}\n{reports:#?}\n{overview:#?}"))
}
