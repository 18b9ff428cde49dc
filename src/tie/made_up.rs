//! Made-up councils, reports and stories for the tests of tying.

use std::sync::Arc;

use jiff::civil::{Date, date};

use super::{
    features::{Candidate, ReportText},
    judge::Judge,
};
use crate::model::{
    authority::{Authority, Gazetteer},
    overview::ReportCard,
    page::{Block, BlockKind},
    report::{Framework, Grade, Judgement, JudgementKey, ReportId, ReportStatus},
    story::{Story, StoryId},
};

fn council(name: &str) -> Authority {
    Authority { name: name.into(), official: format!("{name} Council"), ..Authority::default() }
}

pub fn report(id: &str, authority: &str, framework: Framework, published: Date, grade: Option<Grade>) -> Candidate {
    let judgement = |grade: Grade| Judgement {
        key: JudgementKey::Overall,
        label: "Overall".into(),
        grade,
        printed: grade.as_str().into(),
        readings: 1,
        agree: true,
    };
    let card = ReportCard {
        id: ReportId(id.into()),
        url: format!("https://files.ofsted.gov.uk/v1/file/{id}"),
        provider_url: None,
        urn: None,
        authority: Some(authority.into()),
        framework,
        title: String::new(),
        inspected_from: published.checked_sub(jiff::Span::new().days(60)).ok(),
        inspected_to: published.checked_sub(jiff::Span::new().days(46)).ok(),
        published: Some(published),
        lead_inspector: None,
        pages: 10,
        last_paragraph: 40,
        judgements: grade.map(judgement).into_iter().collect(),
        status: ReportStatus::Current,
        reason: None,
        parser: 1,
        first_seen: jiff::Timestamp::UNIX_EPOCH,
        doubts: vec![],
    };
    Candidate { card: Arc::new(card), text: Arc::new(ReportText::new(Vec::new())) }
}

/// Fernshire was inadequate in 2018, requires improvement since 2022; Mossley is good since 2021.
pub fn stored() -> Vec<Candidate> {
    vec![
        report("fern-18", "Fernshire", Framework::Ilacs, date(2018, 7, 20), Some(Grade::Inadequate)),
        report("fern-22", "Fernshire", Framework::Ilacs, date(2022, 5, 9), Some(Grade::RequiresImprovement)),
        report("moss-21", "Mossley", Framework::Ilacs, date(2021, 11, 26), Some(Grade::Good)),
    ]
}

/// Who knows Fernshire and Mossley.
pub fn reader() -> Judge {
    Judge::new(Gazetteer::new(vec![council("Fernshire"), council("Mossley")])).unwrap()
}

pub fn story(published: Option<Date>, title: &str, paragraphs: &[&str]) -> Story {
    let moment = |day: Date| day.at(10, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).map(|zoned| zoned.timestamp());
    Story {
        id: StoryId("s-1".into()),
        url: "https://paper.example/1".into(),
        outlet: "Paper".into(),
        title: title.into(),
        author: None,
        published: published.and_then(|day| moment(day).ok()),
        published_from: None,
        first_seen: moment(date(2030, 1, 1)).unwrap_or_default(),
        changed: None,
        summary: String::new(),
        blocks: paragraphs.iter().map(|text| Block { kind: BlockKind::Paragraph, text: (*text).into() }).collect(),
        links: vec![],
        walled: false,
        area: vec![],
    }
}
