//! Which framework a report belongs to: by its title, or by what its letter says it is about.

use jiff::civil::{Date, date};

use super::cover::Front;
use super::{ReportDraft, grades::Labels};
use super::{ilacs, jtai, lac, other, send, sif, visit};
use crate::model::report::{Framework, ReportHints, ReportReading};

/// Where the table of grades stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TablePlace {
    Front,
    Back,
    Nowhere,
}

/// All that is particular to one framework. A new framework is one file with one of these.
pub struct Rules {
    pub framework: Framework,
    /// By the front matter.
    pub is: fn(&Front) -> bool,
    /// Words of the provider page's label, in lower case; each must stand in it.
    pub listed: &'static [&'static str],
    pub table: TablePlace,
    pub labels: Labels,
    /// Fills in judgements, recommendations and what else is particular.
    pub read: fn(&ReportDraft, &mut ReportReading),
}

/// In this order: a letter about a visit names the framework that it belongs to, so visits come first.
static ALL: [&Rules; 7] = [&visit::MONITORING, &visit::FOCUSED, &jtai::RULES, &sif::RULES, &lac::RULES, &send::RULES, &ilacs::RULES];

/// True where the front says what the report is.
pub fn is_known(front: &Front) -> bool {
    ALL.iter().any(|rules| (rules.is)(front))
}

/// The rules for a report: by its front, else by the label it is listed under, else those for any other report.
pub fn of(front: &Front, hints: &ReportHints) -> &'static Rules {
    let by_front = ALL.into_iter().find(|rules| (rules.is)(front) && !(rules.framework == Framework::Ilacs && is_another(front)));
    let published = front.published().or(hints.published);
    let by_label = || listed(hints, published).filter(|rules| !rules.framework.is_full() || !is_another(front));
    by_front.or_else(by_label).unwrap_or(&other::RULES)
}

/// The rules by the label and day of the listing alone.
pub fn listed(hints: &ReportHints, published: Option<Date>) -> Option<&'static Rules> {
    let label = hints.label.as_deref()?.to_lowercase();
    let named = |rules: &Rules| !rules.listed.is_empty() && rules.listed.iter().all(|word| label.contains(word));
    let full = label.contains("children") && label.contains("services inspection");
    ALL.into_iter().find(|rules| named(rules)).or_else(|| full.then(|| full_on(published)).flatten())
}

/// The first and the last publication under the single inspection framework, and the first of those after it.
const SINGLE: (Date, Date) = (date(2014, 2, 1), date(2018, 8, 31));
const ILACS_FROM: Date = date(2018, 3, 1);

/// All full inspections are listed under one label; which framework that means, the day says, unless two were in use.
fn full_on(published: Option<Date>) -> Option<&'static Rules> {
    let Some(day) = published else { return Some(&ilacs::RULES) };
    match (SINGLE.0 <= day && day <= SINGLE.1, ILACS_FROM <= day) {
        (true, false) => Some(&sif::RULES),
        (false, true) => Some(&ilacs::RULES),
        _ => None,
    }
}

/// True where a title says that it is no full inspection, whatever it is listed under.
fn is_another(front: &Front) -> bool {
    let another = ["joint area review", "progress made", "progress inspection"];
    front.dear.is_none() && (other::names_board(&front.subject) || another.iter().any(|words| front.subject.contains(words)))
}

/// Of several phrases, the one a text says first.
pub fn said_first<'a>(text: &str, phrases: &[&'a str]) -> Option<&'a str> {
    phrases.iter().filter_map(|phrase| Some((text.find(phrase)?, *phrase))).min().map(|(_, phrase)| phrase)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The framework by the words of the front, and by the label of the listing.
    fn check(subject: &str, letter: bool, label: &str, expected: Framework) {
        let mut front = Front::default();
        (front.subject, front.dear) = (subject.to_lowercase(), letter.then_some(0));
        let hints = ReportHints { label: Some(label.into()), ..ReportHints::default() };
        assert_eq!(of(&front, &hints).framework, expected, "{subject} / {label}");
    }

    #[test]
    fn titles_and_letters_say_what_they_are() {
        check("X Reinspection of services for children in need of help and protection, children looked after", false, "", Framework::Sif);
        check("Inspection of the London Borough of X local authority children’s services", false, "", Framework::Ilacs);
        check("X Inspection of children's social care services", false, "", Framework::Ilacs);
        check("Inspection of looked after children services X", false, "", Framework::LacInspection2013);
        check("Local area partnership report Area SEND inspection of X", false, "", Framework::AreaSend);
        check("Joint targeted area inspection of X. Since the focused visit of 2018", true, "", Framework::Jtai);
        check(
            "Focused visit to X. This visit is part of the inspection of local authority children’s services",
            true,
            "",
            Framework::FocusedVisit,
        );
        check("Monitoring visit of X children’s services after the joint targeted area inspection", true, "", Framework::MonitoringVisit);
    }

    #[test]
    fn the_listing_decides_where_the_front_does_not() {
        check("Findings", false, "Children's services focused visit", Framework::FocusedVisit);
        check("Findings", false, "Joint area child protection inspection", Framework::Jtai);
        check("Findings", false, "Area SEND full inspection", Framework::AreaSend);
        check("Findings", false, "Single inspection of LA children’s services as pdf", Framework::Sif);
        check("Findings", false, "Joint area review", Framework::Other);
        check("Findings", false, "Children's services inspection", Framework::Ilacs);
        // A title that says what it is has the last word.
        check(
            "Review of the effectiveness of the Local Safeguarding Children Board",
            false,
            "Children's services inspection",
            Framework::Other,
        );
        check("Inspection of progress made in the provision of safeguarding", false, "Children's services inspection", Framework::Other);
        check("Joint area review: Wexcombe children’s services inspection", false, "Children's services inspection", Framework::Other);
        check("Wexcombe Safeguarding Children Board", false, "Children's services focused visit", Framework::FocusedVisit);
    }

    #[test]
    fn the_day_says_which_full_inspection_is_listed() {
        let check = |day: Date, expected: Option<Framework>| {
            let hints = ReportHints { label: Some("Children’s services inspection".into()), ..ReportHints::default() };
            assert_eq!(listed(&hints, Some(day)).map(|rules| rules.framework), expected, "{day}");
        };
        check(date(2009, 7, 3), None);
        check(date(2014, 2, 11), Some(Framework::Sif));
        check(date(2018, 2, 28), Some(Framework::Sif));
        check(date(2018, 6, 1), None);
        check(date(2018, 9, 1), Some(Framework::Ilacs));
        check(date(2026, 7, 7), Some(Framework::Ilacs));
    }
}
