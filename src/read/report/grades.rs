//! Grades: the words, the labels they go with, the second readings in headings, and the joining of all readings.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern::built;
use crate::model::report::{Grade, Judgement, JudgementKey};

/// The labels of one framework: the first pattern that matches gives the key.
pub type Labels = &'static [(&'static str, JudgementKey)];

/// One place where the report says a grade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GradeReading {
    pub key: JudgementKey,
    pub label: String,
    pub grade: Grade,
    pub printed: String,
}

const GRADE: &str = r"outstanding|good|requires?\s+improvement(?:\s+to\s+be\s+good)?|inadequate|adequate|not\s+judged";

/// Any grade, wherever it stands.
pub static ANY: LazyLock<Option<Regex>> = LazyLock::new(|| built(&format!(r"(?i)\b(?:{GRADE})\b")));
static LAST: LazyLock<Option<Regex>> = LazyLock::new(|| built(&format!(r"(?i)\b(?P<grade>{GRADE})[\s.)]*\d{{0,2}}$")));

/// The grade that a phrase means: "Requires improvement to be good", "require improvement", "Not Judged".
pub fn grade(phrase: &str) -> Option<Grade> {
    let phrase = phrase.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    match phrase.as_str() {
        "outstanding" => Some(Grade::Outstanding),
        "good" => Some(Grade::Good),
        "adequate" => Some(Grade::Adequate),
        "inadequate" => Some(Grade::Inadequate),
        "not judged" => Some(Grade::NotJudged),
        _ if phrase.starts_with("require") => Some(Grade::RequiresImprovement),
        _ => None,
    }
}

/// The grade a text ends with, as printed; a glued footnote digit is overlooked.
pub fn at_end(text: &str) -> Option<(Grade, String)> {
    pick(LAST.as_ref()?.captures(text)?)
}

fn pick(found: regex::Captures) -> Option<(Grade, String)> {
    let printed = found.name("grade")?.as_str();
    Some((grade(printed)?, printed.to_owned()))
}

/// The key a label stands for.
pub fn key(labels: Labels, text: &str) -> Option<JudgementKey> {
    let text = text.to_lowercase().replace(['\u{2011}', '\u{a0}'], " ");
    labels.iter().find(|(words, _)| words.split('+').all(|word| text.contains(word))).map(|(_, key)| *key)
}

/// Second readings: headings that name a judgement and end with its grade.
pub fn in_headings<'a>(headings: impl Iterator<Item = &'a str>, labels: Labels) -> Vec<GradeReading> {
    let read = |text: &str| {
        let (grade, printed) = at_end(text)?;
        let label = text.trim_end_matches(['.', ' ']);
        let label = label.strip_suffix(&printed).unwrap_or(label).trim_end_matches([' ', ':', '–', '-', '(']).to_owned();
        Some(GradeReading { key: key(labels, &label)?, label, grade, printed })
    };
    headings.filter_map(read).collect()
}

/// Joins the readings of each judgement, the table's first. `more` says which keys may stand without a table's row.
pub fn merge(first: Vec<GradeReading>, others: Vec<GradeReading>, more: impl Fn(JudgementKey) -> bool) -> (Vec<Judgement>, Vec<String>) {
    let mut judgements: Vec<Judgement> = Vec::new();
    let mut doubts = Vec::new();
    let count = first.len();
    for (at, reading) in first.into_iter().chain(others).enumerate() {
        if let Some(judgement) = judgements.iter_mut().find(|judgement| judgement.key == reading.key) {
            judgement.readings += 1;
            if judgement.grade != reading.grade {
                judgement.agree = false;
                let (one, other) = (judgement.grade.as_str(), reading.grade.as_str());
                doubts.push(format!("{}: printed once as {one}, once as {other}", reading.key.as_str()));
            }
        } else if at < count || more(reading.key) {
            let GradeReading { key, label, grade, printed } = reading;
            judgements.push(Judgement { key, label, grade, printed, readings: 1, agree: true });
        }
    }
    (judgements, doubts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: Labels = &[
        ("impact of leaders", JudgementKey::Leaders),
        ("help and protection", JudgementKey::HelpProtection),
        ("in care+care leavers", JudgementKey::InCareAndLeavers),
        ("in care", JudgementKey::InCare),
        ("overall effectiveness", JudgementKey::Overall),
    ];

    #[test]
    fn headings_end_with_their_grade() {
        let check = |text: &str, expected: Option<(JudgementKey, Grade)>| {
            let found = in_headings(std::iter::once(text), LABELS);
            assert_eq!(found.first().map(|reading| (reading.key, reading.grade)), expected, "{text}");
        };
        check("The experiences of children in care: good", Some((JudgementKey::InCare, Grade::Good)));
        check("The experiences of children in care and care leavers are good.", Some((JudgementKey::InCareAndLeavers, Grade::Good)));
        check("Impact of leaders is requires improvement to be good1", Some((JudgementKey::Leaders, Grade::RequiresImprovement)));
        check("Impact of leaders – inadequate", Some((JudgementKey::Leaders, Grade::Inadequate)));
        check("The experiences of children in care", None);
        check("Practice is good", None);
    }

    #[test]
    fn a_disagreement_is_shown_and_not_resolved() {
        let reading =
            |grade: Grade| GradeReading { key: JudgementKey::Leaders, label: String::new(), grade, printed: grade.as_str().into() };
        let (judgements, doubts) = merge(vec![reading(Grade::Good)], vec![reading(Grade::Inadequate)], |_| false);
        assert_eq!((judgements[0].grade, judgements[0].readings, judgements[0].agree), (Grade::Good, 2, false));
        assert_eq!(doubts, ["leaders: printed once as good, once as inadequate"]);
        let (judgements, _) = merge(vec![], vec![reading(Grade::Good)], |_| false);
        assert!(judgements.is_empty(), "a heading alone makes no judgement where the table was read");
    }
}
