//! An invented day: two new reports, a tied story with a copy and a wrong grade, a possible tie, a story that waits, a
//! hostile headline, a report nobody covered, a source in trouble.

use jiff::{Timestamp, civil::date};
use tieback::model::{
    evidence::{Evidence, EvidenceKind},
    overview::{CopyCard, NewReport, Overview, ReportCard, Runs, SourceHealth, StoryCard, TiedReport},
    piece::PieceId,
    report::{Framework, Grade, Judgement, JudgementKey, ReportId, ReportStatus},
    story::StoryId,
    tie::{GradeCheck, Tie, TieKind, TieState},
    verdict::{Review, StatedGrade, StoryKind, StoryState, WaitingFor},
};

pub fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn judgement(key: JudgementKey, grade: Grade) -> Judgement {
    Judgement { key, label: key.as_str().into(), grade, printed: grade.as_str().into(), readings: 2, agree: true }
}

pub fn report(number: u32, authority: &str, framework: Framework, day: jiff::civil::Date) -> ReportCard {
    ReportCard {
        id: ReportId(format!("r-{number}")),
        url: format!("https://files.ofsted.gov.uk/v1/file/{number}"),
        provider_url: Some("https://reports.ofsted.gov.uk/provider/44/80999".into()),
        urn: Some("80999".into()),
        authority: Some(authority.into()),
        framework,
        title: format!("Inspection of {authority}"),
        inspected_from: None,
        inspected_to: None,
        published: Some(day),
        lead_inspector: None,
        pages: 12,
        last_paragraph: 50,
        judgements: vec![],
        status: ReportStatus::Current,
        reason: None,
        parser: 1,
        first_seen: moment("2026-11-23T06:00:00Z"),
        doubts: vec![],
    }
}

pub fn story(id: &str, outlet: &str, title: &str, published: Option<&str>) -> StoryCard {
    let host = outlet.to_lowercase().replace(' ', "");
    StoryCard {
        id: StoryId(format!("s-{id}")),
        url: format!("https://www.{host}.example/news/{id}"),
        addresses: vec![],
        outlet: outlet.into(),
        title: title.into(),
        author: None,
        published: published.map(moment),
        first_seen: moment("2026-11-24T06:00:00Z"),
        changed: None,
        summary: String::new(),
        words: 400,
        walled: false,
        judged: true,
        relevant: true,
        why: "about an inspection of children's services".into(),
        kind: StoryKind::Coverage,
        authorities: vec![],
        piece: PieceId(format!("s-{id}")),
        piece_first_seen: moment("2026-11-24T06:00:00Z"),
        piece_changed: None,
        piece_news: None,
        state: StoryState::None,
        review: Review::New,
        notes: vec![],
        stated_grades: vec![],
        ties: vec![],
        mentions: vec![],
        quotations: vec![],
        waiting_for: None,
        copies: vec![],
    }
}

pub fn quote(text: &str, page: u32, paragraph: &str) -> Evidence {
    Evidence {
        kind: EvidenceKind::Quote,
        story: text.into(),
        report: text.into(),
        page: Some(page),
        paragraph: Some(paragraph.into()),
        weight: 3.0,
    }
}

pub fn tied(report: &ReportCard, state: TieState, confidence: f64, check: GradeCheck, evidence: Vec<Evidence>) -> TiedReport {
    let tie = Tie { report: report.id.clone(), state, confidence, kind: TieKind::Coverage, grade_check: check, evidence };
    TiedReport { tie, report: report.clone() }
}

pub fn empty() -> Overview {
    Overview {
        since: moment("2026-11-23T06:00:00Z"),
        until: moment("2026-11-24T06:05:00Z"),
        runs: Runs::default(),
        stories: vec![],
        reports: vec![],
        waiting: vec![],
        total_waiting: 0,
        undecided: 0,
        uncovered: vec![],
        sources: vec![],
        replaced: vec![],
        retied: 0,
        only: None,
        watched: vec![],
        total_stories: 1204,
        total_reports: 1533,
    }
}

/// The reports of the day: a full inspection, and a visit without grades.
pub fn fernshire() -> ReportCard {
    let mut full = report(50999001, "Fernshire", Framework::Ilacs, date(2026, 11, 23));
    full.inspected_from = Some(date(2026, 9, 28));
    full.inspected_to = Some(date(2026, 10, 9));
    full.lead_inspector = Some("Ada Larkspur".into());
    full.judgements = vec![
        judgement(JudgementKey::Overall, Grade::RequiresImprovement),
        judgement(JudgementKey::Leaders, Grade::RequiresImprovement),
        judgement(JudgementKey::HelpProtection, Grade::Inadequate),
        judgement(JudgementKey::InCare, Grade::Good),
        judgement(JudgementKey::CareLeavers, Grade::Good),
    ];
    full
}

/// Two paragraphs of the full inspection.
#[allow(dead_code, reason = "each test program uses a part")]
pub fn passages() -> Vec<tieback::model::report::Passage> {
    let passage = |number, text: &str| tieback::model::report::Passage {
        page: 4,
        number: Some(number),
        kind: tieback::model::report::PassageKind::Paragraph,
        text: text.into(),
    };
    vec![
        passage(10, "The front door is open to all, and partners know <how> to use it."),
        passage(
            11,
            "Too many children wait too long for an assessment, and the reasons are not always recorded by managers. Once they are seen, they are helped well.",
        ),
    ]
}

/// What the inspection before it found.
pub fn fernshire_before() -> ReportCard {
    let mut before = report(2788001, "Fernshire", Framework::Ilacs, date(2022, 3, 14));
    before.judgements = vec![
        judgement(JudgementKey::Overall, Grade::Inadequate),
        judgement(JudgementKey::Leaders, Grade::RequiresImprovement),
        judgement(JudgementKey::HelpProtection, Grade::RequiresImprovement),
        judgement(JudgementKey::InCareAndLeavers, Grade::Good),
    ];
    before
}

pub fn overview() -> Overview {
    let fernshire = fernshire();
    let visit = report(50999002, "Marlow Vale", Framework::FocusedVisit, date(2026, 11, 20));
    let old = {
        let mut old = report(2799003, "Oxmoor", Framework::Sif, date(2017, 3, 3));
        old.judgements = vec![judgement(JudgementKey::Overall, Grade::Good)];
        old
    };

    let mut wrong = story(
        "b1",
        "Fernshire Herald",
        "Children’s services ‘inadequate’, says watchdog after two-week inspection of the county council",
        Some("2026-11-23T16:20:00Z"),
    );
    wrong.authorities = vec!["Fernshire".into()];
    wrong.state = StoryState::Tied;
    wrong.summary = "Inspectors found that children wait too long for help.".into();
    wrong.stated_grades =
        vec![StatedGrade { authority: "Fernshire".into(), grade: Grade::Inadequate, text: "It was rated inadequate.".into() }];
    wrong.ties = vec![tied(
        &fernshire,
        TieState::Auto,
        0.998,
        GradeCheck::Disagrees,
        vec![
            Evidence {
                kind: EvidenceKind::Date,
                story: "23 November".into(),
                report: "23 November 2026".into(),
                page: None,
                paragraph: None,
                weight: 1.0,
            },
            quote("Too many children wait too long for an assessment, and the reasons are not always recorded by managers", 4, "11"),
        ],
    )];
    wrong.copies = vec![CopyCard {
        story: StoryId("s-b2".into()),
        outlet: "Vale Gazette".into(),
        url: "https://www.valegazette.example/news/9".into(),
        title: "Same".into(),
        published: None,
    }];

    let mut right = story("b3", "Care Weekly", "Fernshire told to improve the front door", Some("2026-11-23T18:05:00Z"));
    right.authorities = vec!["Fernshire".into()];
    right.state = StoryState::Tied;
    right.walled = true;
    right.ties = vec![tied(
        &fernshire,
        TieState::Confirmed,
        0.9,
        GradeCheck::Agrees,
        vec![Evidence {
            kind: EvidenceKind::Link,
            story: fernshire.url.clone(),
            report: fernshire.url.clone(),
            page: None,
            paragraph: None,
            weight: 6.0,
        }],
    )];

    let mut perhaps = story("c1", "Oxmoor Chronicle", "Director looks back on inspection", None);
    perhaps.authorities = vec!["Oxmoor".into()];
    perhaps.kind = StoryKind::FollowUp;
    perhaps.state = StoryState::Possible;
    perhaps.ties = vec![tied(&old, TieState::Possible, 0.68, GradeCheck::NotStated, vec![quote("a culture of “high support”", 7, "22")])];

    let mut hostile = story(
        "d1",
        "Evil\u{202e} Post\u{7}",
        "</title><script>alert(1)</script>\u{1b}[31m ]]> **Ofsted** &lt;b&gt; [x](javascript:alert(1))\u{ffff}\u{0}",
        Some("2026-11-23T09:00:00Z"),
    );
    hostile.url = "javascript:alert(document.domain)".into();
    hostile.summary = "<img src=x onerror=alert(1)>\r\n\r\n\u{2028}# heading".into();
    hostile.authorities = vec!["Q\"><script>".into()];
    hostile.state = StoryState::Waiting;
    hostile.waiting_for =
        Some(WaitingFor { authority: "Bryn Heath".into(), framework: Framework::MonitoringVisit, around: Some("2026-11".into()) });

    let mut early = story("e1", "Bryn Heath Times", "Council braced for inspectors’ verdict", Some("2026-11-02T08:00:00Z"));
    early.authorities = vec!["Bryn Heath".into()];
    early.first_seen = moment("2026-11-02T09:00:00Z");
    early.piece_first_seen = early.first_seen;
    early.state = StoryState::Waiting;
    early.waiting_for = Some(WaitingFor { authority: "Bryn Heath".into(), framework: Framework::Ilacs, around: Some("2026-10".into()) });

    Overview {
        stories: vec![right, wrong.clone(), perhaps, hostile.clone()],
        reports: vec![
            NewReport { report: fernshire, before: Some(fernshire_before()), stories: vec![wrong.id, StoryId("s-b3".into())] },
            NewReport { report: visit.clone(), before: None, stories: vec![] },
        ],
        waiting: vec![hostile, early],
        total_waiting: 2,
        undecided: 3,
        uncovered: vec![visit],
        sources: vec![
            SourceHealth {
                name: "Vale Gazette".into(),
                kind: "feed".into(),
                url: "https://www.valegazette.example/rss".into(),
                on: true,
                note: None,
                last_try: Some(moment("2026-11-24T06:01:00Z")),
                last_success: Some(moment("2026-11-15T06:00:00Z")),
                last_new: Some(moment("2026-11-15T06:00:00Z")),
                next_due: Some(moment("2026-11-24T18:00:00Z")),
                failures: 9,
                failing_since: Some(moment("2026-11-15T12:00:00Z")),
                failure: Some("forbidden".into()),
                detail: Some("the server answered 403 Forbidden".into()),
                silent_from: Some(moment("2026-11-22T06:00:00Z")),
                doubts: vec![],
                items: 210,
                stories: 4,
            },
            SourceHealth {
                name: "Oxmoor Chronicle".into(),
                kind: "page".into(),
                url: "https://www.oxmoorchronicle.example/".into(),
                on: true,
                note: None,
                last_try: Some(moment("2026-11-24T06:01:00Z")),
                last_success: Some(moment("2026-11-24T06:01:00Z")),
                last_new: Some(moment("2026-10-30T06:00:00Z")),
                next_due: None,
                failures: 0,
                failing_since: None,
                failure: None,
                detail: None,
                silent_from: Some(moment("2026-11-06T06:00:00Z")),
                doubts: vec![],
                items: 88,
                stories: 1,
            },
        ],
        ..empty()
    }
}
