//! Phrases of `config/events.toml` that tell what a story does with an inspection: tells of a visit, announces, brings news,
//! follows up.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use super::grammar;
use crate::tie::{
    fold::{Folded, Phrases},
    text::StoryText,
    when::{Named, Precision, days},
};

/// What a phrase says of an inspection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventFamily {
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
    /// What part of a service inspectors looked at.
    Scope,
}

/// One phrase found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cue {
    pub family: EventFamily,
    pub weight: f64,
    /// Index of its first word, and the byte where it stands.
    pub word: usize,
    pub at: usize,
    /// In the title or the first paragraphs.
    pub lead: bool,
}

/// From this weight on a phrase of [`EventFamily::Inspection`] tells that inspectors were there.
pub const AT_WORK: f64 = 1.0;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    inspection: Vec<Weighed>,
    visit: Vec<Weighed>,
    announced: Vec<Weighed>,
    fresh: Vec<Weighed>,
    follow_up: Vec<Weighed>,
    findings: Vec<Weighed>,
    scope: Vec<Weighed>,
}

/// Phrases of one weight.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Weighed {
    weight: f64,
    phrases: Vec<String>,
}

impl File {
    fn families(self) -> [(EventFamily, Vec<Weighed>); 7] {
        [
            (EventFamily::Inspection, self.inspection),
            (EventFamily::Visit, self.visit),
            (EventFamily::Announced, self.announced),
            (EventFamily::Fresh, self.fresh),
            (EventFamily::Findings, self.findings),
            (EventFamily::FollowUp, self.follow_up),
            (EventFamily::Scope, self.scope),
        ]
    }
}

/// A family with the weight of each of its phrases.
struct Set {
    family: EventFamily,
    weights: Vec<f64>,
    phrases: Phrases,
}

static SETS: LazyLock<Vec<Set>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../../../config/events.toml")).unwrap_or_default();
    let set = |(family, weighed): (EventFamily, Vec<Weighed>)| {
        let pairs: Vec<(&str, f64)> =
            weighed.iter().flat_map(|group| group.phrases.iter().map(|phrase| (phrase.as_str(), group.weight))).collect();
        Set {
            family,
            weights: pairs.iter().map(|(_, weight)| *weight).collect(),
            phrases: Phrases::new(pairs.iter().map(|(phrase, _)| *phrase)),
        }
    };
    file.families().into_iter().map(set).collect()
});

/// All phrases found, family by family, and what the grammar of a sentence tells; one that is repeated counts less each time.
pub fn find(text: &StoryText, folded: &Folded) -> Vec<Cue> {
    let mut found = Vec::new();
    let mut put = |family: EventFamily, weight: f64, word: usize| {
        let at = folded.words[word].start;
        let title = text.is_title(at);
        found.push(Cue { family, weight: weight * if title { 1.5 } else { 1.0 }, word, at, lead: text.is_lead(at) });
    };
    // "How long until inspectors come back" tells of no visit.
    let asked = |at: usize| {
        let from = at.saturating_sub(ASKED_REACH);
        let before = folded.words[from..at].iter().map(|word| word.folded.as_str());
        text.sentence_at(folded.words[at].start) == text.sentence_at(folded.words[from].start)
            && before.clone().any(|word| matches!(word, "until" | "till" | "whether" | "how" | "would"))
    };
    for set in SETS.iter() {
        let mut counts = vec![0u32; set.weights.len()];
        for hit in set.phrases.find(folded) {
            counts[hit.phrase] += 1;
            let fading = if set.family == EventFamily::Inspection { 1.0 } else { 1.0 / f64::from(counts[hit.phrase]) };
            if set.family == EventFamily::Visit && asked(hit.first) {
                continue;
            }
            put(set.family, set.weights[hit.phrase] * fading, hit.first);
        }
    }
    for told in grammar::find(text, folded) {
        put(told.family, told.weight, told.word);
    }
    found
}

/// Words before a visit by which it is only asked or waited for.
const ASKED_REACH: usize = 4;

/// Words of a sentence that tells of a visit of inspectors.
const STAY: [&str; 15] = [
    "visit", "visited", "visits", "inspectors", "inspector", "officials", "regulator", "ofsted", "ofsteds", "hmi", "inspectorate",
    "inspectorates", "check", "watchdog", "inspected",
];
/// Days from the first to the last of a visit; a full inspection takes a week or more.
const VISIT_DAYS: i32 = 2;
/// What a stay of two or three days tells of a visit.
const STAYED: f64 = 1.5;

/// Stays of two or three days, "on 20 and 21 February", where a sentence tells of a visit or who made it.
pub fn stays(text: &StoryText, folded: &Folded, times: &[Named]) -> Vec<Cue> {
    let short = |time: &&Named| time.precision == Precision::Day && time.from < time.to && days(time.from, time.to) <= VISIT_DAYS;
    let of = |time: &Named| {
        let at = folded.words[time.word].start;
        let (from, to) = text.sentences[text.sentence_at(at)?];
        let words = &folded.words[folded.word_from(from)..folded.word_from(to)];
        let came = words.iter().any(|word| STAY.contains(&word.folded.as_str()));
        came.then(|| Cue { family: EventFamily::Visit, weight: STAYED, word: time.word, at, lead: text.is_lead(at) })
    };
    times.iter().filter(short).filter_map(of).collect()
}

/// What a day to come, of which a sentence says that the report is out then, tells of an announcement.
const DATED: f64 = 1.6;
/// Days to come that are counted.
const MANY: usize = 3;
/// Words by which something comes on a day.
const ON_THE_DAY: [&str; 8] = ["published", "publish", "publishes", "publication", "out", "released", "announced", "revealed"];
/// Words of a sentence whose day is a deadline, or a meeting's.
const DEADLINE: [&str; 10] = ["until", "by", "must", "plan", "plans", "deadline", "committee", "councillors", "meeting", "consultation"];

/// Days to come on which a report or a grade is to be out: "it is on Friday 15 March that the report will be published".
pub fn to_come(text: &StoryText, folded: &Folded, times: &[Named], day: Option<Date>) -> Vec<Cue> {
    let Some(day) = day else { return Vec::new() };
    let dated = |time: &Named| {
        let at = folded.words[time.word].start;
        let (from, to) = text.sentences[text.sentence_at(at)?];
        let words = &folded.words[folded.word_from(from)..folded.word_from(to)];
        let has = |of: &[&str]| words.iter().any(|word| of.contains(&word.folded.as_str()));
        let is_outcome = |word: &str| grammar::is_among("outcomes", word) || grammar::is_among("grades", word);
        let said = words.iter().any(|word| is_outcome(&word.folded)) && has(&ON_THE_DAY) && !has(&DEADLINE);
        said.then(|| Cue { family: EventFamily::Announced, weight: DATED, word: time.word, at, lead: text.is_lead(at) })
    };
    times.iter().filter(|time| time.precision == Precision::Day && time.from > day).filter_map(dated).take(MANY).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tie::{text::StoryText, when};

    #[test]
    fn a_day_to_come_announces_what_is_out_then() {
        let dated = |text: &str| {
            let folded = Folded::of(text);
            let story = StoryText { whole: text.into(), sentences: vec![(0, text.len())], ..StoryText::default() };
            let day = Some(jiff::civil::date(2024, 3, 1));
            to_come(&story, &folded, &when::find(text, &folded, day), day).len()
        };
        assert_eq!(dated("It is on Friday 15 March 2024 that the report will be published."), 1);
        assert_eq!(dated("7 July 2024: publication of the report."), 1);
        assert_eq!(dated("Following the report leaders have until 15 March 2025 to hand in a plan."), 0);
        assert_eq!(dated("Councillors will get the report on 4 June 2024."), 0);
        assert_eq!(dated("The report was published on 9 February 2024."), 0);
        assert_eq!(dated("The committee meets on 15 March 2024 to talk about the report."), 0);
        assert_eq!(dated("The fair is on 15 March 2024."), 0);
    }

    #[test]
    fn two_days_are_a_visit() {
        let stays = |text: &str| {
            let folded = Folded::of(text);
            let story = StoryText { whole: text.into(), sentences: vec![(0, text.len())], ..StoryText::default() };
            stays(&story, &folded, &when::find(text, &folded, Some(jiff::civil::date(2019, 6, 1)))).len()
        };
        assert_eq!(stays("Officials from the regulator spent March 18 and 19 with the team."), 1);
        assert_eq!(stays("A visit on 20 and 21 February ended with two areas for action."), 1);
        assert_eq!(stays("Inspectors were there from 4 to 15 March."), 0);
        assert_eq!(stays("The fair is on 20 and 21 February."), 0);
        assert_eq!(stays("Children came back to school on 20 and 21 February."), 0);
        assert_eq!(stays("Ofsted published its report on 20 February."), 0);
    }

    fn weight(family: EventFamily, text: &str) -> f64 {
        let folded = Folded::of(text);
        let story = StoryText { whole: text.into(), sentences: vec![(0, text.len())], ..StoryText::default() };
        find(&story, &folded).iter().filter(|cue| cue.family == family).map(|cue| cue.weight).sum()
    }

    #[test]
    fn the_shipped_phrases_are_read_and_folded() {
        let file: File = toml::from_str(include_str!("../../../config/events.toml")).unwrap();
        for (family, weighed) in file.families() {
            for phrase in weighed.iter().flat_map(|group| &group.phrases) {
                assert_eq!(*phrase, crate::model::text::folded(phrase), "{family:?}");
            }
        }
    }

    /// For each family a text that speaks of it, and one that nearly does.
    #[test]
    fn each_family_is_told_from_its_neighbours() {
        use EventFamily::*;
        for (family, speaks, nearly) in [
            (Inspection, "Ofsted came to Leeds", "Often they came to Leeds"),
            (Visit, "Inspectors returned in May. It was the second visit.", "Ofsted has rated the council good in a report"),
            (Visit, "In a letter to the council two inspectors say no grade is given", "A letter from a reader"),
            (Visit, "Inspectors looked at the front door for two days. No rating was given.", "No council was given more"),
            (Visit, "It is the fourth time that inspectors have been in town", "It is time that people were told"),
            (Visit, "No grade is given after visits like this", "No overall grade is given since this spring"),
            (Visit, "Inspectors were in town for a second time", "For a second time inspectors gave the town an inadequate grade"),
            (Visit, "The focused visit to Derby found progress", "The last focused visit to Derby found progress"),
            (Visit, "A monitoring visit has found progress", "A report on what is monitored has found progress"),
            (Announced, "The report is due next week", "The report was published on Friday"),
            (Announced, "On Monday Ofsted starts an inspection", "Ofsted inspected the service on Monday"),
            (Announced, "Inspectors are spending this week at the council", "Inspectors spent a week at the council"),
            (Announced, "Results are expected in the New Year", "Results were better than expected"),
            (Announced, "The outcome will be published in the autumn", "The outcome was published in the autumn"),
            (
                Announced,
                "Ofsted and the Care Quality Commission begin their joint look at support on 6 October",
                "Ofsted began its look at support in 2019",
            ),
            (
                Announced,
                "Ofsted starts its inspection of the council on Monday",
                "Ofsted said that the council must start a review of its cases",
            ),
            (Announced, "Ofsted to return to Devon this autumn", "Ofsted returned to Devon this autumn"),
            (Announced, "Ofsted to visit Devon next year", "Parents want Ofsted to visit Devon next year"),
            (Announced, "The inspection began on Monday", "The inspection began in March"),
            (Announced, "Ofsted’s new findings should come on Monday", "Ofsted’s findings should be read by everybody"),
            (Announced, "Ofsted is making a full inspection this week", "Ofsted is making a fuss"),
            (Announced, "Ofsted back to inspect services in Devon", "Ofsted backs its inspectors in Devon"),
            (
                Announced,
                "It is expected that in the new year the findings will be published",
                "It was in the new year that the findings were published",
            ),
            (Announced, "Ofsted is back in Devon to find out if it has improved", "Ofsted is back in Devon, and the town is glad"),
            (Announced, "The council expects an inspection within the next few weeks", "The council expects an inspection to be fair"),
            (
                Announced,
                "It looks for an inspection within the next few weeks",
                "It looks to an inspection as a test for the next few weeks",
            ),
            (Announced, "A re-inspection of the council is expected soon", "An inspection of the council was expected in 2019"),
            (
                Announced,
                "In two weeks’ time a report by the watchdog’s inspectors is due",
                "A report by the inspectors is full of praise in two parts",
            ),
            (
                Announced,
                "The watchdog would be with the council for the coming two weeks",
                "The watchdog would be told of the council’s plans",
            ),
            (Announced, "In March a report by the inspectors is due", "The report in March is due to be discussed by councillors"),
            (Announced, "Inspectors from Ofsted have moved into the council", "Inspectors from Ofsted have moved the grade up"),
            (Announced, "Inspectors have descended on the county", "Inspectors have come to praise the council"),
            (Announced, "Ofsted inspection of Derby Council has started", "The response to the Ofsted inspection of services has started"),
            (Announced, "The Ofsted inspection of services is under way", "Since the Ofsted inspection of May a plan is under way"),
            (Visit, "Writing to the director, inspectors gave no grade", "Parents are writing to the council"),
            (Visit, "The letter will contain no judgement in terms of ratings", "A letter will contain praise"),
            (Visit, "After visiting the council Ofsted gave a mixed review", "After a while the council gave way"),
            (Announced, "Inspectors rang on Monday and will be on site from next week", "Inspectors were on site for a week"),
            (Announced, "Inspectors will be in the area from Monday", "Inspectors will want to see progress in a year"),
            (Announced, "Inspectors have been at City Hall since Monday", "Inspectors have been at City Hall since 2019"),
            (Announced, "Inspectors who have been here for the past fortnight left", "Inspectors who have been kind for once left"),
            (Announced, "The city waits to hear if it is good", "The city heard that it is good"),
            (Announced, "Seven inspectors are camped at the town hall till Friday", "Inspectors camped at the town hall in 2019"),
            (Announced, "They may not say it until the report is published", "They did not say it when the report was published"),
            (Announced, "Inspectors are going through the books this week", "Ofsted actions are going to committee on Tuesday"),
            (
                Announced,
                "Ofsted’s inspection of services for children in Derby begins next week",
                "Ofsted’s inspection of services for children in Derby began in May",
            ),
            (Announced, "Derby’s area SEND inspection starts today", "Every inspection of a service starts with a call to the council"),
            (Announced, "Ofsted will start the inspection of the service next week", "Ofsted will start from the findings of last week"),
            (Announced, "Ofsted in Derby next week to inspect services", "Ofsted came to Derby this week in 2019 to inspect services"),
            (Announced, "The report on the service isn’t out yet", "The report was not out when the leader left"),
            (Announced, "Its findings have still not been published", "The report was not published until May"),
            (Announced, "Their report is to come out later this month", "Their report is for all to read this month"),
            (Announced, "The report is not out yet", "The report says that checks are not always carried out well"),
            (Announced, "The findings are not public yet", "The findings do not single out any team, the letter is not public business"),
            (
                Announced,
                "Ofsted’s inspection of services starts on Monday",
                "Since the inspection a course for social workers begins on Monday",
            ),
            (Announced, "Inspectors in town next week to judge services", "The team works with schools this week to judge a contest"),
            (Announced, "The report is to be published in the autumn", "The verdict is to come as no surprise at the end of a hard year"),
            (Announced, "Ofsted will begin an inspection this week", "Ofsted will begin inspecting schools anew this week"),
            (Announced, "The council gets ready for Ofsted", "The council is ready for a change"),
            (Visit, "Ofsted’s second trip to the county found green shoots", "A second trip to the seaside"),
            (Fresh, "The report, published today, is long", "The report of 2019 is long"),
            (Findings, "Inspectors found that plans are late", "Parents found that plans are late"),
            (Scope, "Inspectors looked at the council’s front door", "Neighbours stood at the council’s door"),
            (FollowUp, "The minister sent a commissioner", "The ministry commissioned a study"),
        ] {
            assert!(weight(family, speaks) >= 0.5, "{family:?}: {speaks}");
            assert!(weight(family, nearly) < 0.5, "{family:?}: {nearly}");
        }
    }
}
