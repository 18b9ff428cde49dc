//! How the grades of a report stand to those of the inspection before it.

use super::{
    overview::ReportCard,
    report::{Framework, Grade, Judgement, JudgementKey},
};

/// Which way a judgement went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Better,
    Same,
    Worse,
}

/// A judgement, and the grade that the inspection before gave for the same.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    pub judgement: &'a Judgement,
    pub was: Option<Grade>,
}

impl Change<'_> {
    /// Nothing where there was no such grade, or where the two are of scales that cannot be held against each other.
    pub fn turn(&self) -> Option<Turn> {
        let (now, was) = (rank(self.judgement.grade)?, rank(self.was?)?);
        (now.0 == was.0).then(|| match now.1.cmp(&was.1) {
            std::cmp::Ordering::Greater => Turn::Better,
            std::cmp::Ordering::Equal => Turn::Same,
            std::cmp::Ordering::Less => Turn::Worse,
        })
    }
}

/// The judgements of a report, each with what it was: the one that a headline would give first, the others in its order.
pub fn changes<'a>(report: &'a ReportCard, before: Option<&ReportCard>) -> Vec<Change<'a>> {
    let before = before.filter(|before| compared_with(report.framework).contains(&before.framework));
    let was = |key| before.and_then(|before| grade_for(key, before));
    let mut changes: Vec<_> = report.judgements.iter().map(|judgement| Change { judgement, was: was(judgement.key) }).collect();
    changes.sort_by_key(|change| !change.judgement.key.is_whole());
    changes
}

/// True where a report is read against an inspection of the same council, unless a later one before it will do: it gave grades
/// of the same kind; for a visit, which gives none, it is a full inspection.
pub fn is_before(before: &ReportCard, report: &ReportCard) -> bool {
    let earlier = before.published.zip(report.published).is_some_and(|(before, day)| before < day);
    earlier && compared_with(report.framework).contains(&before.framework) && !before.judgements.is_empty()
}

/// The frameworks whose grades tell something about those of a report.
pub fn compared_with(framework: Framework) -> &'static [Framework] {
    use Framework::{AreaSend, FocusedVisit, Ilacs, Jtai, LacInspection2013, MonitoringVisit, Other, Sif};
    match framework {
        AreaSend => &[AreaSend],
        Sif | Ilacs | FocusedVisit | MonitoringVisit => &[Sif, Ilacs],
        Jtai | LacInspection2013 | Other => &[],
    }
}

/// The grade for the same thing; frameworks cut care and leaving care differently.
fn grade_for(key: JudgementKey, before: &ReportCard) -> Option<Grade> {
    use JudgementKey::{CareLeavers, InCare, InCareAndLeavers, InCarePermanence};
    let keys: &[JudgementKey] = match key {
        InCare => &[InCare, InCareAndLeavers, InCarePermanence],
        CareLeavers => &[CareLeavers, InCareAndLeavers],
        InCareAndLeavers => &[InCareAndLeavers, InCarePermanence],
        _ => return of(key, before),
    };
    keys.iter().find_map(|key| of(*key, before))
}

fn of(key: JudgementKey, report: &ReportCard) -> Option<Grade> {
    report.judgements.iter().find(|judgement| judgement.key == key).map(|judgement| judgement.grade)
}

/// The scale, and the place on it; "adequate" was the third of four until 2013.
fn rank(grade: Grade) -> Option<(u8, u8)> {
    Some(match grade {
        Grade::Outstanding => (0, 4),
        Grade::Good => (0, 3),
        Grade::RequiresImprovement | Grade::Adequate => (0, 2),
        Grade::Inadequate => (0, 1),
        Grade::TypicallyPositive => (1, 3),
        Grade::Inconsistent => (1, 2),
        Grade::SystemicFailings => (1, 1),
        Grade::NotJudged => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::report::{ReportId, ReportStatus};
    use jiff::{Timestamp, civil::date};

    fn report(id: &str, framework: Framework, year: i16, judgements: &[(JudgementKey, Grade)]) -> ReportCard {
        let judgement = |(key, grade): &(JudgementKey, Grade)| Judgement {
            key: *key,
            label: String::new(),
            grade: *grade,
            printed: String::new(),
            readings: 1,
            agree: true,
        };
        ReportCard {
            id: ReportId(id.into()),
            url: String::new(),
            provider_url: None,
            urn: None,
            authority: Some("Fernshire".into()),
            framework,
            title: String::new(),
            inspected_from: None,
            inspected_to: None,
            published: Some(date(year, 6, 1)),
            lead_inspector: None,
            pages: 1,
            last_paragraph: 0,
            judgements: judgements.iter().map(judgement).collect(),
            status: ReportStatus::Current,
            reason: None,
            parser: 1,
            first_seen: Timestamp::UNIX_EPOCH,
            doubts: vec![],
        }
    }

    #[test]
    fn each_judgement_is_held_against_the_one_for_the_same() {
        use Grade::{Good, Inadequate, Outstanding, RequiresImprovement};
        use JudgementKey::{CareLeavers, HelpProtection, InCare, InCareAndLeavers, Leaders, Overall};
        let now = report(
            "r-2",
            Framework::Ilacs,
            2025,
            &[
                (Overall, Good),
                (Leaders, RequiresImprovement),
                (InCare, RequiresImprovement),
                (CareLeavers, Inadequate),
                (HelpProtection, Good),
            ],
        );
        let then = report(
            "r-1",
            Framework::Ilacs,
            2019,
            &[(Overall, Inadequate), (Leaders, Outstanding), (InCareAndLeavers, RequiresImprovement)],
        );
        let turns: Vec<_> = changes(&now, Some(&then)).iter().map(Change::turn).collect();
        assert_eq!(turns, [Some(Turn::Better), Some(Turn::Worse), Some(Turn::Same), Some(Turn::Worse), None]);
        assert!(changes(&now, None).iter().all(|change| change.was.is_none()));
    }

    #[test]
    fn scales_are_not_mixed() {
        let send = report("r-3", Framework::AreaSend, 2025, &[(JudgementKey::Outcome, Grade::Inconsistent)]);
        let full = report("r-4", Framework::Ilacs, 2022, &[(JudgementKey::Overall, Grade::Good)]);
        assert!(!is_before(&full, &send));
        assert_eq!(changes(&send, Some(&full))[0].was, None);
        let not_judged = report("r-5", Framework::Ilacs, 2025, &[(JudgementKey::Overall, Grade::NotJudged)]);
        assert_eq!(changes(&not_judged, Some(&full))[0].turn(), None);
    }

    #[test]
    fn those_before_with_grades_count() {
        let overall = &[(JudgementKey::Overall, Grade::Good)];
        let (now, visit) = (report("r-9", Framework::Ilacs, 2025, overall), report("r-8", Framework::FocusedVisit, 2024, &[]));
        let all = [
            report("r-1", Framework::Sif, 2015, overall),
            report("r-2", Framework::Ilacs, 2020, overall),
            visit.clone(),
            now.clone(),
            report("r-7", Framework::Jtai, 2023, overall),
            report("r-6", Framework::Ilacs, 2026, overall),
        ];
        let known = |report: &ReportCard| -> Vec<&str> {
            all.iter().filter(|other| is_before(other, report)).map(|card| card.id.0.as_str()).collect()
        };
        assert_eq!((known(&now), known(&visit), known(&all[0])), (vec!["r-1", "r-2"], vec!["r-1", "r-2"], vec![]));
    }
}
