//! What each feature says of a made-up story and a report, each beside a story that nearly says it.

use jiff::civil::{Date, date};

use super::{Findings, NAMES};
use crate::tie::made_up::{reader, stored, story};

const DAY: Option<Date> = Some(date(2022, 5, 9));
const RULED: &str = "Children’s services at Fernshire Council require improvement, Ofsted said in a report.";

/// The findings of Fernshire's report of 2018, of its report of 2022, and of Mossley's of 2021.
fn found(published: Option<Date>, title: &str, paragraphs: &[&str]) -> Vec<Findings> {
    let reader = reader();
    reader.findings(&reader.prepare(&story(published, title, paragraphs)), &stored())
}

#[test]
fn a_feature_and_its_near_miss() {
    let table: [(&str, usize, &[&str], &[&str]); 9] = [
        (
            "grade-agrees",
            1,
            &[RULED],
            &["Fernshire Council hopes that Ofsted will not say that its children’s services require improvement."],
        ),
        (
            "grade-disagrees",
            0,
            &["Ofsted rated children’s services at Fernshire Council good in July 2018."],
            &["Fernshire Council’s children’s services were seen by Ofsted in July 2018."],
        ),
        (
            "day",
            1,
            &["The report on Fernshire Council’s children’s services was published on 9 May 2022."],
            &["The report on Fernshire Council’s children’s services was published on 19 June 2021."],
        ),
        (
            "month",
            1,
            &["Inspectors reported on Fernshire Council’s children’s services in May 2022."],
            &["Inspectors reported on Fernshire Council’s children’s services in May 2019."],
        ),
        (
            "times-miss",
            0,
            &["Inspectors reported on Fernshire Council’s children’s services in May 2022."],
            &["Inspectors reported on Fernshire Council’s children’s services in July 2018."],
        ),
        (
            "told-after",
            0,
            &["Ofsted inspectors were at Fernshire Council’s children’s services in March 2022."],
            &["Ofsted inspectors were at Fernshire Council’s children’s services in May 2018."],
        ),
        (
            "authority",
            2,
            &["Mossley Council’s children’s services were inspected by Ofsted."],
            &["Fernshire Council’s children’s services were inspected by Ofsted."],
        ),
        ("only-graded", 0, &["Ofsted rated children’s services at Fernshire Council inadequate in July 2018."], &[RULED]),
        (
            "subject",
            1,
            &["A full inspection of Fernshire Council’s children’s services under ILACS gave a grade of overall effectiveness."],
            &["An area SEND inspection of special educational needs in Fernshire spoke of systemic failings and EHC plans."],
        ),
    ];
    for (name, report, says, nearly) in table {
        let value = |text: &[&str]| found(DAY, "Ofsted on children’s services in the county", text)[report].get(name);
        assert!(value(says) > value(nearly) && value(says) > 0.0, "{name}: {} for {says:?}, {} for {nearly:?}", value(says), value(nearly));
    }
}

#[test]
fn the_days_between_report_and_story() {
    let of = |day: Option<Date>, name: &str| found(day, "Fernshire’s children’s services", &[RULED])[1].get(name);
    for (day, name, wanted) in [
        (Some(date(2022, 5, 10)), "within-150", 1.0),
        (Some(date(2022, 12, 1)), "within-150", 0.0),
        (Some(date(2022, 12, 1)), "within-420", 1.0),
        (Some(date(2024, 5, 1)), "within-420", 0.0),
        (Some(date(2022, 3, 1)), "within-150", 0.0),
        (Some(date(2022, 3, 1)), "to-come", 0.0),
        (Some(date(2022, 5, 8)), "within-150", 1.0),
        (None, "undated", 1.0),
        (Some(date(2022, 5, 10)), "undated", 0.0),
    ] {
        assert_eq!(of(day, name), wanted, "{name} on {day:?}");
    }
}

/// What is done about a council is done about the report that found it inadequate, if that is its newest.
#[test]
fn an_intervention_is_about_the_inadequate_report() {
    let says =
        ["The commissioner will stay for another year, ministers said of Fernshire Council’s children’s services.", "Ofsted came in 2018."];
    let of = |day: Date, text: &[&str]| found(Some(day), "Fernshire’s children’s services", text)[0].get("intervened");
    assert!(of(date(2021, 2, 1), &says) > 0.5);
    assert_eq!(of(date(2022, 6, 1), &says), 0.0, "a newer one found it better");
    assert_eq!(of(date(2021, 2, 1), &says[1..]), 0.0);
}

/// A copy of the report itself, put there years later.
#[test]
fn a_report_that_prints_its_day_is_fresh() {
    let fresh = |text: &str| found(Some(date(2021, 3, 10)), "Fernshire: report on children’s services", &[text])[0].fresh;
    assert!(fresh("Fernshire Council. Inspection of children’s services. Report published: 20 July 2018. The council is inadequate."));
    assert!(!fresh("Fernshire Council was inspected, and the report of Ofsted published 20 July 2018 said that it is inadequate."));
}

/// Who is called an inspector led this inspection, or another.
#[test]
fn inspectors_are_told_apart() {
    let mut candidates = stored();
    let named = |candidate: &mut crate::tie::features::Candidate, lead: &str| {
        std::sync::Arc::make_mut(&mut candidate.card).lead_inspector = Some(lead.into());
    };
    named(&mut candidates[0], "Ann Oak");
    named(&mut candidates[1], "Eve Fir");
    let reader = reader();
    let of = |text: &str| {
        let found = reader.findings(&reader.prepare(&story(DAY, "Fernshire’s children’s services", &[text])), &candidates);
        [0, 1].map(|at| (found[at].get("inspector"), found[at].get("inspector-other")))
    };
    assert_eq!(of("Lead inspector Eve Fir said that children’s services at Fernshire Council were better."), [(0.0, 1.0), (1.0, 0.0)]);
    assert_eq!(of("Children’s services at Fernshire Council were better, said their leader, Eve Ash."), [(0.0, 0.0), (0.0, 0.0)]);
}

/// Inspectors are there, and their report is out months later.
#[test]
fn a_story_of_the_days_of_an_inspection_may_be_about_it() {
    let text = ["Ofsted spoke to social workers of Fernshire Council’s children’s services, and to parents."];
    let of = |day: Date| found(Some(day), "Fernshire’s children’s services", &text)[1].get("under-way");
    assert_eq!([date(2022, 3, 12), date(2022, 2, 1), date(2022, 5, 9)].map(of), [1.0, 0.0, 0.0]);
}

/// What is announced may be of a report to come, the more the louder it is; that it is near in time says nothing.
#[test]
fn a_report_to_come_is_one_that_is_announced() {
    let announced = "Children’s services at Fernshire Council were rated inadequate. An inspection is imminent.";
    let due = "Its report is due in May, and the findings will be published by Ofsted.";
    let louder = "Inspectors have returned this week.";
    let of = |text: &[&str], name: &str| found(Some(date(2022, 3, 1)), "Fernshire Council’s children’s services", text)[1].get(name);
    let (quiet, loud) = (of(&[announced, due], "to-come"), of(&[announced, due, louder], "to-come"));
    assert!(0.0 < quiet && quiet < loud && loud <= 1.0, "{quiet}, {loud}");
    assert_eq!((of(&[announced, due], "within-150"), of(&[RULED], "to-come")), (0.0, 0.0));
}

#[test]
fn what_tells_two_reports_of_one_council_apart() {
    let text = "A full inspection under ILACS of children’s services at Fernshire Council, and one at Mossley Council, gave a grade of overall effectiveness.";
    let found = found(DAY, "Two councils’ children’s services", &[text]);
    let of = |name: &str| found.iter().map(|findings| findings.get(name) > 0.0).collect::<Vec<_>>();
    assert_eq!(of("newest"), [false, true, true]);
    assert_eq!(of("only"), [false, false, true], "and of its kind, as far as the story speaks of that");
}

#[test]
fn every_feature_has_one_name() {
    let mut names = NAMES.to_vec();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), NAMES.len());
}
