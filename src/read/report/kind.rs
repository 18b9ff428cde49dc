//! Which framework a report belongs to: by its title, or by what its letter says it is about.

use super::cover::{self, Front};
use super::{Draft, grades::Labels};
use super::{ilacs, jtai, lac, send, sif, visit};
use crate::model::report::{Framework, ReportHints, ReportReading};

/// Where the table of grades stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
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
    pub table: Place,
    pub labels: Labels,
    /// Fills in judgements, recommendations and what else is particular.
    pub read: fn(&Draft, &mut ReportReading),
}

/// In this order: a letter about a visit names the framework that it belongs to, so visits come first.
static ALL: [&Rules; 7] = [&visit::MONITORING, &visit::FOCUSED, &jtai::RULES, &sif::RULES, &lac::RULES, &send::RULES, &ilacs::RULES];

/// What is left: authority, dates and title can still be read.
static OTHER: Rules = Rules {
    framework: Framework::Other,
    is: |_| true,
    listed: &[],
    table: Place::Nowhere,
    labels: &[],
    read: |draft, reading| reading.lead_inspector = cover::lead_inspector(draft.rows),
};

/// True where the front says what the report is.
pub fn is_known(front: &Front) -> bool {
    ALL.iter().any(|rules| (rules.is)(front))
}

/// The rules for a report: by its front, else by the label it is listed under, else those for any other report.
pub fn of(front: &Front, hints: &ReportHints) -> &'static Rules {
    let label = hints.label.as_deref().unwrap_or_default().to_lowercase();
    let listed = |rules: &Rules| !rules.listed.is_empty() && rules.listed.iter().all(|word| label.contains(word));
    let by_front = ALL.into_iter().find(|rules| (rules.is)(front));
    by_front.or_else(|| ALL.into_iter().find(|rules| listed(rules))).unwrap_or(&OTHER)
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
    }
}
