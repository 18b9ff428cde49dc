//! Phrases that tell what a story does with an inspection: tells of a visit, announces, brings news, follows up.

use std::sync::LazyLock;

use crate::tie::{
    fold::{Folded, Phrases},
    text::{Role, StoryText},
};

/// What a phrase says of an inspection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Inspectors at work: who did it, and what they did.
    Inspection,
    /// A visit, told without its name.
    Visit,
    /// An inspection under way, or findings to come.
    Announced,
    /// A report or letter just out.
    Fresh,
    /// What inspectors saw and said.
    Findings,
    /// What came of a report: plans, notices, commissioners, meetings.
    FollowUp,
}

/// One phrase found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cue {
    pub family: Family,
    pub weight: f64,
    /// Index of its first word, and the byte where it stands.
    pub word: usize,
    pub at: usize,
    /// In the title or the first paragraphs.
    pub lead: bool,
}

/// Those with [`AT_WORK`] tell that inspectors were there.
const INSPECTION: &[(&str, f64)] = &[
    ("inspectors", AT_WORK),
    ("inspector", AT_WORK),
    ("inspection", AT_WORK),
    ("inspected", AT_WORK),
    ("reinspection", AT_WORK),
    ("visit", AT_WORK),
    ("visited", AT_WORK),
    ("visits", AT_WORK),
    ("came for", AT_WORK),
    ("ofsted was", AT_WORK),
    ("ofsted had been", AT_WORK),
    ("ofsted came", AT_WORK),
    ("been there again", AT_WORK),
    ("ofsted", 0.7),
    ("inspections", 0.7),
    ("watchdog", 0.7),
    ("regulator", 0.7),
    ("ilacs", 0.7),
    ("jtai", 0.7),
    ("rated", 0.7),
    ("judged", 0.7),
    ("rating", 0.7),
    ("graded", 0.7),
    ("letter", 0.5),
    ("report", 0.5),
    ("findings", 0.5),
];
pub const AT_WORK: f64 = 1.0;

const VISIT: &[(&str, f64)] = &[
    ("in a letter", 1.0),
    ("in its letter", 1.0),
    ("in the letter", 1.0),
    ("in her letter", 1.0),
    ("in his letter", 1.0),
    ("in their letter", 1.0),
    ("the letter says", 1.0),
    ("the letter said", 1.0),
    ("letter says", 0.8),
    ("the letter goes on", 0.8),
    ("according to the letter", 1.0),
    ("ofsted letter", 1.2),
    ("ofsted wrote", 0.6),
    ("their letter", 0.8),
    ("ofsted's letter", 1.2),
    ("letter from ofsted", 1.2),
    ("letter to the director", 1.0),
    ("letter to the council", 1.0),
    ("letter published", 0.8),
    ("letter after", 0.8),
    ("letter on its", 1.0),
    ("the letter", 0.5),
    ("a letter", 0.4),
    ("has written to us", 0.8),
    ("two inspectors", 0.8),
    ("two hmi", 0.8),
    ("two days", 0.7),
    ("looked only at", 1.0),
    ("looked at one", 0.8),
    ("no rating is given", 1.2),
    ("no grade is given", 1.2),
    ("gives no grade", 1.2),
    ("gave no grade", 1.2),
    ("no new grade", 1.2),
    ("no grades", 0.6),
    ("isn't given a grade", 1.0),
    ("not given a grade", 1.0),
    ("not give grades", 1.0),
    ("not give a grade", 1.0),
    ("does not result in a", 0.8),
    ("not graded", 0.6),
    ("isn't an inspection", 0.8),
    ("kind of visit", 1.0),
    ("area for priority action", 0.6),
    ("areas for priority action", 0.6),
    ("their visit", 1.0),
    ("the visit", 0.8),
    ("this visit", 1.0),
    ("latest visit", 1.5),
    ("first visit", 1.0),
    ("second visit", 1.5),
    ("third visit", 1.5),
    ("fourth visit", 1.5),
    ("fifth visit", 1.5),
    ("sixth visit", 1.5),
    ("seventh visit", 1.5),
    ("such visit", 1.0),
    ("latest check", 0.8),
    ("visit found", 1.2),
    ("follow up visit", 1.2),
    ("return visit", 1.2),
    ("visit since", 1.2),
    ("after a visit", 1.0),
    ("during the visit", 1.0),
    ("inspectors returned", 1.0),
    ("ofsted returned", 1.0),
    ("inspectors return", 0.8),
    ("were back", 0.6),
    ("been back", 0.6),
    ("came back", 0.5),
    ("went back", 0.5),
    ("back again", 0.5),
    ("been there again", 1.0),
    ("been again", 0.8),
    ("to monitor", 1.0),
    ("time that ofsted", 0.8),
    ("time that it has", 0.3),
    ("since the last full inspection", 1.2),
    ("last full inspection", 1.0),
    ("next full inspection", 0.8),
    ("until it is inspected", 0.5),
    ("inspectors who called", 1.0),
    ("inspectors called", 0.8),
    ("dropped in", 1.0),
    ("series of visits", 1.0),
    ("every three months", 0.6),
    ("letter is now out", 1.0),
    ("monitoring", 0.4),
    ("monitors", 0.4),
    ("third time", 0.6),
    ("fourth time", 0.8),
    ("fifth time", 0.8),
    ("sixth time", 1.0),
];

const ANNOUNCED: &[(&str, f64)] = &[
    ("are inspecting", 1.5),
    ("is inspecting", 1.5),
    ("being inspected", 1.2),
    ("starts an inspection", 2.0),
    ("start an inspection", 1.5),
    ("started an inspection", 2.0),
    ("begun an inspection", 2.0),
    ("begins an inspection", 2.0),
    ("inspection starts", 1.5),
    ("inspection has started", 2.0),
    ("inspection has begun", 2.0),
    ("inspection is under way", 2.0),
    ("inspection under way", 2.0),
    ("inspection is underway", 2.0),
    ("inspection underway", 2.0),
    ("inspectors are in", 1.5),
    ("inspectors have arrived", 2.0),
    ("inspectors arrive", 1.2),
    ("inspectors arrived", 0.8),
    ("inspectors in town", 1.5),
    ("looked at by inspectors", 1.0),
    ("will be inspected", 1.5),
    ("to be inspected", 1.2),
    ("starting on", 0.8),
    ("due to be published", 2.0),
    ("expected to be published", 2.0),
    ("will be published", 1.2),
    ("to be published", 0.8),
    ("report is due", 2.0),
    ("report due", 1.5),
    ("results due", 1.5),
    ("result due", 1.5),
    ("due next week", 1.5),
    ("due next month", 1.5),
    ("findings are due", 2.0),
    ("findings due", 1.5),
    ("should be known", 1.5),
    ("will be known", 1.2),
    ("will write their report", 2.0),
    ("will write one report", 2.0),
    ("report will be out", 2.0),
    ("report will be", 0.8),
    ("report is expected", 2.0),
    ("there will be a report", 2.0),
    ("counts on a report", 2.0),
    ("to bring out the report", 2.0),
    ("is to bring out", 1.0),
    ("awaiting the outcome", 1.5),
    ("awaits the outcome", 1.5),
    ("awaiting the result", 1.5),
    ("waiting for the result", 1.5),
    ("await the", 0.8),
    ("awaiting the", 0.6),
    ("awaits the", 0.6),
    ("outcome of the inspection", 0.8),
    ("findings will", 1.0),
    ("we should see it", 1.0),
    ("in due course", 0.6),
    ("report in draft", 1.5),
    ("draft report", 1.0),
    ("bracing itself", 1.5),
    ("braced for", 1.2),
    ("bracing for", 1.2),
    ("leaked", 1.0),
    ("told the council that", 0.3),
    ("have told the council", 0.6),
    ("notice of the inspection", 1.0),
    ("inspection next week", 1.5),
    ("inspection this week", 1.2),
    ("inspectors will be", 1.2),
    ("inspectors will", 0.6),
    ("hopeful of a better", 1.0),
    ("inspection continues", 1.5),
];

const FRESH: &[(&str, f64)] = &[
    ("today", 1.0),
    ("yesterday", 1.0),
    ("this week", 1.0),
    ("this morning", 1.0),
    ("last week", 0.8),
    ("just published", 1.5),
    ("published today", 2.0),
    ("out today", 2.0),
    ("published yesterday", 2.0),
    ("published this", 1.5),
    ("published on", 1.0),
    ("new report", 1.2),
    ("new ofsted report", 1.5),
    ("latest report", 1.0),
    ("latest inspection", 1.0),
    ("newest report", 1.2),
    ("latest ofsted", 1.0),
    ("has been rated", 1.2),
    ("have been rated", 1.2),
    ("has been judged", 1.2),
    ("have been judged", 1.2),
    ("has rated", 1.2),
    ("has judged", 1.2),
    ("have rated", 1.0),
    ("is rated", 0.4),
    ("are rated", 0.4),
    ("report published", 1.0),
    ("released today", 2.0),
    ("released on", 1.0),
    ("released this", 1.2),
    ("came out today", 2.0),
    ("came out this", 1.5),
    ("came out on", 1.0),
    ("have been found", 0.6),
    ("has found", 0.8),
    ("have found", 0.8),
    ("on monday", 0.5),
    ("on tuesday", 0.5),
    ("on wednesday", 0.5),
    ("on thursday", 0.5),
    ("on friday", 0.5),
    ("now out", 1.0),
    ("upgraded", 0.8),
    ("downgraded", 0.8),
    ("new rating", 1.0),
    ("new grade", 1.0),
    ("just been", 1.0),
    ("most recent inspection", 0.8),
    ("recent inspection", 0.8),
];

const FOLLOW_UP: &[(&str, f64)] = &[
    ("improvement notice", 1.2),
    ("statutory direction", 1.2),
    ("direction from", 0.5),
    ("new direction", 0.5),
    ("commissioner", 0.8),
    ("improvement board", 0.8),
    ("action plan", 0.5),
    ("improvement plan", 0.5),
    ("scrutiny", 0.6),
    ("cabinet", 0.3),
    ("committee", 0.5),
    ("panel", 0.4),
    ("agenda item", 1.5),
    ("minutes", 0.8),
    ("minister", 0.7),
    ("motion", 0.5),
    ("last month's", 0.8),
    ("months after", 1.0),
    ("in the wake of", 1.0),
    ("a year after", 1.0),
    ("a year on", 1.0),
    ("years on", 0.8),
    ("following ofsted's", 0.6),
    ("since ofsted", 0.6),
    ("were rated", 0.6),
    ("was rated", 0.5),
    ("had been rated", 0.5),
    ("called for", 0.4),
    ("resigned", 0.8),
    ("resigns", 0.8),
    ("steps down", 0.8),
    ("appointed", 0.4),
    ("taken over", 0.6),
    ("take over", 0.5),
    ("trust to run", 0.6),
    ("step down", 1.0),
    ("stepping down", 1.0),
    ("stands down", 1.0),
    ("is to leave", 1.0),
    ("leaves after", 0.8),
    ("quits", 0.8),
    ("councillors heard", 0.7),
    ("councillors were told", 0.7),
    ("cabinet was told", 0.8),
    ("cabinet heard", 0.8),
    ("was told that", 0.4),
    ("vigil", 1.0),
    ("petition", 0.8),
    ("campaigners", 0.5),
    ("award", 0.5),
    ("awards", 0.5),
    ("budget", 0.4),
    ("overspend", 0.6),
    ("hand over", 0.5),
    ("question to the department", 1.5),
    ("secretary of state", 0.6),
    ("subscriber", 0.2),
    ("one of a dozen", 0.8),
    ("expected to return", 0.8),
    ("meets again", 0.5),
    ("progress since", 0.6),
    ("turn around", 0.4),
    ("extra funding", 0.5),
];

const FINDINGS: &[(&str, f64)] = &[
    ("inspectors found", 1.0),
    ("inspectors said", 1.0),
    ("inspectors say", 1.0),
    ("inspectors highlighted", 1.0),
    ("inspectors noted", 1.0),
    ("inspectors wrote", 1.0),
    ("inspectors saw", 1.0),
    ("inspectors praised", 1.0),
    ("inspectors also", 0.7),
    ("inspectors were", 0.5),
    ("ofsted said", 0.7),
    ("ofsted says", 0.7),
    ("ofsted found", 1.0),
    ("ofsted has found", 1.0),
    ("ofsted finds", 1.0),
    ("ofsted has revealed", 1.0),
    ("ofsted sees", 0.8),
    ("report says", 0.8),
    ("report said", 0.8),
    ("report found", 0.8),
    ("said the report", 1.0),
    ("says the report", 1.0),
    ("report finds", 0.8),
    ("report added", 0.8),
    ("it added", 0.3),
    ("they found", 0.5),
    ("inspectors think", 1.0),
    ("watchdog said", 0.8),
    ("watchdog found", 0.8),
    ("regulator said", 0.8),
    ("regulator found", 0.8),
    ("according to ofsted", 0.8),
    ("according to inspectors", 1.0),
    ("the report goes on", 0.8),
    ("report notes", 0.8),
    ("report noted", 0.8),
];

const FAMILIES: [(Family, &[(&str, f64)]); 6] = [
    (Family::Inspection, INSPECTION),
    (Family::Visit, VISIT),
    (Family::Announced, ANNOUNCED),
    (Family::Fresh, FRESH),
    (Family::Findings, FINDINGS),
    (Family::FollowUp, FOLLOW_UP),
];

type Set = (Family, &'static [(&'static str, f64)], Phrases);

static PHRASES: LazyLock<Vec<Set>> = LazyLock::new(|| {
    FAMILIES.into_iter().map(|(family, phrases)| (family, phrases, Phrases::new(phrases.iter().map(|(phrase, _)| *phrase)))).collect()
});

/// All phrases found, family by family; one that is repeated counts less each time.
pub fn find(text: &StoryText, folded: &Folded) -> Vec<Cue> {
    let mut found = Vec::new();
    for (family, phrases, set) in PHRASES.iter() {
        let mut counts = vec![0u32; phrases.len()];
        for hit in set.find(folded) {
            let at = folded.words[hit.first].start;
            counts[hit.phrase] += 1;
            let fading = if *family == Family::Inspection { 1.0 } else { 1.0 / f64::from(counts[hit.phrase]) };
            let title = text.part_at(at).is_some_and(|part| part.role == Role::Title);
            let loud = if title { 1.5 } else { 1.0 };
            found.push(Cue { family: *family, weight: phrases[hit.phrase].1 * fading * loud, word: hit.first, at, lead: text.is_lead(at) });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tie::text::StoryText;

    fn weight(family: Family, text: &str) -> f64 {
        let folded = Folded::of(text);
        let story = StoryText { whole: text.into(), ..StoryText::default() };
        find(&story, &folded).iter().filter(|cue| cue.family == family).map(|cue| cue.weight).sum()
    }

    #[test]
    fn a_visit_is_told_without_its_name() {
        assert!(weight(Family::Visit, "Inspectors returned in May. It was the second visit.") >= 2.0);
        assert!(weight(Family::Visit, "In a letter to the council two inspectors say no grade is given") >= 2.0);
        assert!(weight(Family::Visit, "Ofsted has rated the council good in a report") < 0.5);
    }

    #[test]
    fn findings_to_come_are_announced() {
        assert!(weight(Family::Announced, "The report is due next week") >= 1.5);
        assert!(weight(Family::Announced, "On Monday Ofsted starts an inspection") >= 1.5);
        assert!(weight(Family::Announced, "The report was published on Friday") < 0.5);
    }
}
