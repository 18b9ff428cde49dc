//! What a reading says on its cover, kept for each version of a report, and what two versions differ in.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::report::{Framework, Grade, JudgementKey, ReportReading, ReportStatus};

/// What a reading says on its cover, kept for each version.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Facts {
    status: ReportStatus,
    framework: Framework,
    title: String,
    authority: Option<String>,
    inspected_from: Option<Date>,
    inspected_to: Option<Date>,
    published_printed: Option<Date>,
    lead_inspector: Option<String>,
    pages: u32,
    paragraphs: u32,
    recommendations: usize,
    grades: Vec<(JudgementKey, Grade)>,
}

impl Facts {
    pub(super) fn of(reading: &ReportReading) -> Self {
        Self {
            status: reading.status,
            framework: reading.framework,
            title: reading.title.clone(),
            authority: reading.authority.clone(),
            inspected_from: reading.inspected_from,
            inspected_to: reading.inspected_to,
            published_printed: reading.published_printed,
            lead_inspector: reading.lead_inspector.clone(),
            pages: reading.pages,
            paragraphs: reading.last_paragraph,
            recommendations: reading.recommendations.len(),
            grades: reading.judgements.iter().map(|judgement| (judgement.key, judgement.grade)).collect(),
        }
    }

    /// What is different in `new`, one line each: "lead inspector: A N Other, was Joy Hall".
    pub(super) fn changes(&self, new: &Self) -> Vec<String> {
        let lines = [
            line("status", self.status.as_str(), new.status.as_str()),
            line("framework", self.framework.as_str(), new.framework.as_str()),
            line("title", &self.title, &new.title),
            line("authority", &shown(self.authority.as_ref()), &shown(new.authority.as_ref())),
            line("inspected from", &shown(self.inspected_from), &shown(new.inspected_from)),
            line("inspected to", &shown(self.inspected_to), &shown(new.inspected_to)),
            line("published", &shown(self.published_printed), &shown(new.published_printed)),
            line("lead inspector", &shown(self.lead_inspector.as_ref()), &shown(new.lead_inspector.as_ref())),
            line("pages", &self.pages.to_string(), &new.pages.to_string()),
            line("paragraphs", &self.paragraphs.to_string(), &new.paragraphs.to_string()),
            line("recommendations", &self.recommendations.to_string(), &new.recommendations.to_string()),
        ];
        lines.into_iter().flatten().chain(self.grade_changes(new)).collect()
    }

    fn grade_changes(&self, new: &Self) -> impl Iterator<Item = String> {
        let mut keys: Vec<JudgementKey> = self.grades.iter().chain(&new.grades).map(|(key, _)| *key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys.into_iter().filter_map(|key| line(key.as_str(), grade(&self.grades, key), grade(&new.grades, key)))
    }
}

fn grade(grades: &[(JudgementKey, Grade)], key: JudgementKey) -> &'static str {
    grades.iter().find(|(other, _)| *other == key).map_or("nothing", |(_, grade)| grade.as_str())
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| value.to_string())
}

fn line(name: &str, was: &str, is: &str) -> Option<String> {
    (was != is).then(|| format!("{name}: {is}, was {was}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_difference_is_one_line() {
        let old = Facts::of(&ReportReading::empty(ReportStatus::Unreadable, "cut off"));
        assert_eq!(old.changes(&Facts::of(&ReportReading::empty(ReportStatus::Unreadable, "for another reason"))), [""; 0]);
        let mut reading = ReportReading::empty(ReportStatus::Current, "");
        reading.framework = Framework::Ilacs;
        reading.title = "Inspection".into();
        reading.authority = Some("Wexcombe".into());
        reading.inspected_from = Some(Date::constant(2024, 1, 15));
        reading.inspected_to = Some(Date::constant(2024, 1, 26));
        reading.published_printed = Some(Date::constant(2024, 3, 1));
        reading.pages = 12;
        reading.last_paragraph = 40;
        let expected = [
            "status: current, was unreadable",
            "framework: ILACS, was other",
            "title: Inspection, was ",
            "authority: Wexcombe, was nothing",
            "inspected from: 2024-01-15, was nothing",
            "inspected to: 2024-01-26, was nothing",
            "published: 2024-03-01, was nothing",
            "pages: 12, was 0",
            "paragraphs: 40, was 0",
        ];
        assert_eq!(old.changes(&Facts::of(&reading)), expected);
    }
}
