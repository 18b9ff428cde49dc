//! Families of cues: phrases as data, and how much of a text's title, beginning and sentences speaks of each.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{
    model::text::folded,
    tie::{
        fold::{Folded, Phrases},
        text::{Role, StoryText},
    },
};

/// Whether a family can only speak for our subject, or only against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    For,
    Against,
}

/// Phrases that speak of one thing.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    pub name: String,
    pub side: Side,
    /// How a reason calls it.
    pub about: String,
    phrases: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CuesFile {
    family: Vec<Family>,
}

/// Why cues cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CuesError {
    #[error("cannot read the cues: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("the cues have no family `{0}`")]
    Missing(&'static str),
}

/// The families with their phrases as one automaton.
#[derive(Default)]
pub struct Cues {
    pub families: Vec<Family>,
    phrases: Option<Phrases>,
    /// For each phrase the families it stands in.
    of: Vec<Vec<usize>>,
    features: Vec<String>,
}

/// Families that name what was inspected, and those that name the inspection or what came of it: a sentence with one of
/// each is about our subject.
const SUBJECTS: [&str; 2] = ["services", "send"];
const EVENTS: [&str; 5] = ["inspectorate", "inspection", "framework", "grade", "aftermath"];
const NAMED_EVENTS: [&str; 4] = ["inspectorate", "inspection", "framework", "aftermath"];
const ANY_EVENT: [&str; 6] = ["inspectorate", "inspection", "framework", "grade", "aftermath", "joint"];
/// Families of what has inspections, grades or verdicts of its own.
const RIVALS: [&str; 10] = ["school", "nursery", "home", "agency", "centre", "adults", "police", "sport", "ombudsman", "other"];
/// A share of the sentences that is half of "all".
const HALF: f64 = 0.15;
/// What one mention of an inspection at the beginning counts for other stages.
const MENTION: f64 = 0.9;

impl Cues {
    /// Reads a file of cues.
    ///
    /// # Errors
    /// Where it is no TOML of that shape, or a family that the rules name is missing.
    pub fn parse(text: &str) -> Result<Self, CuesError> {
        let CuesFile { family: families } = toml::from_str(text)?;
        for name in SUBJECTS.into_iter().chain(EVENTS).chain(RIVALS).chain(["joint", "nation"]) {
            if families.iter().all(|family| family.name != name) {
                return Err(CuesError::Missing(name));
            }
        }
        let mut table: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, family) in families.iter().enumerate() {
            for phrase in &family.phrases {
                let owners = table.entry(folded(phrase)).or_default();
                if !owners.contains(&at) {
                    owners.push(at);
                }
            }
        }
        let features = families
            .iter()
            .map(|family| family.name.as_str())
            .chain(std::iter::once("both"))
            .flat_map(|name| ["title", "lead", "share"].map(|place| format!("{name}.{place}")))
            .chain(["lack.subject", "lack.event", "lack.all", "lack.title", "lack.england", "home.rated"].map(str::to_owned))
            .collect();
        let phrases = Some(Phrases::new(table.keys().map(String::as_str)));
        Ok(Self { families, phrases, of: table.into_values().collect(), features })
    }

    /// The cues that the program ships with.
    pub fn built_in() -> Self {
        Self::parse(include_str!("../../../config/cues.toml")).unwrap_or_default()
    }

    /// The names of the values that [`Self::read`] gives.
    pub fn features(&self) -> impl Iterator<Item = &str> {
        self.features.iter().map(String::as_str)
    }

    /// Where a text speaks of each family, and of a subject and an event in one sentence: in the title, in the first
    /// paragraphs, and in which share of its sentences, so that a text's length says nothing. Besides, how often the
    /// beginning speaks of an inspection.
    pub fn read(&self, text: &StoryText, folded: &Folded) -> (Vec<f64>, f64) {
        let mut sentences: Vec<Vec<bool>> = vec![vec![false; self.families.len()]; text.sentences.len()];
        let mut counts = vec![0u32; self.of.len()];
        let mut inspection = 0.0;
        for hit in self.phrases.iter().flat_map(|phrases| phrases.find(folded)) {
            let at = folded.words[hit.first].start;
            let Some(sentence) = text.sentence_at(at) else { continue };
            counts[hit.phrase] += 1;
            let mut event = false;
            for &family in &self.of[hit.phrase] {
                sentences[sentence][family] = true;
                event |= EVENTS.contains(&self.families[family].name.as_str());
            }
            if event && text.is_lead(at) {
                inspection += MENTION * (1.0 / f64::from(counts[hit.phrase])).max(0.5);
            }
        }
        let is = |spoken: &[bool], names: &[&str]| {
            spoken.iter().zip(&self.families).any(|(spoken, family)| *spoken && names.contains(&family.name.as_str()))
        };
        for spoken in &mut sentences {
            let both = is(spoken, &SUBJECTS) && is(spoken, &EVENTS);
            spoken.push(both);
        }
        let mut values: Vec<f64> = (0..=self.families.len()).flat_map(|at| places(text, &sentences, at)).collect();
        // A grade alone is no event: anything can be outstanding. Where there is not even one, nothing is told of an inspection.
        values.extend(
            [&SUBJECTS[..], &NAMED_EVENTS[..], &ANY_EVENT[..]]
                .map(|names| f64::from(u8::from(!sentences.iter().any(|spoken| is(spoken, names))))),
        );
        // A headline that names something else and nothing of ours says what a text is about.
        let in_title = |at: usize| text.is_title(text.sentences[at].0);
        let title = |wanted: &dyn Fn(&Family) -> bool| {
            (0..sentences.len())
                .filter(|&at| in_title(at))
                .any(|at| sentences[at].iter().zip(&self.families).any(|(spoken, family)| *spoken && wanted(family)))
        };
        let ours = |family: &Family| SUBJECTS.contains(&family.name.as_str()) || matches!(family.name.as_str(), "framework" | "joint");
        let elsewhere = title(&|family| RIVALS.contains(&family.name.as_str())) && !title(&ours);
        values.push(f64::from(u8::from(elsewhere)));
        // Another nation's inspectorate is named and Ofsted is not.
        let anywhere = |name: &str| sentences.iter().any(|spoken| is(spoken, &[name]));
        values.push(f64::from(u8::from(anywhere("nation") && !anywhere("inspectorate"))));
        // A headline that has inspectors or a grade beside homes or fostering is about those.
        let mut titled = folded.words.iter().take_while(|word| text.is_title(word.start));
        let inspected = title(&|family| matches!(family.name.as_str(), "inspectorate" | "inspection" | "grade"))
            || titled.any(|word| matches!(word.folded.as_str(), "good" | "outstanding" | "inadequate"));
        values.push(f64::from(u8::from(inspected && !title(&ours) && names_homes(text, folded))));
        (values, inspection)
    }
}

/// A title with "children’s homes", "residential homes", "council home", "fostering"; "council home visits" are something else.
fn names_homes(text: &StoryText, folded: &Folded) -> bool {
    let word = |at: usize| folded.words.get(at).filter(|word| text.is_title(word.start)).map_or("", |word| word.folded.as_str());
    let titled = folded.words.iter().take_while(|word| text.is_title(word.start)).count();
    (0..titled).any(|at| {
        word(at) == "fostering"
            || matches!(word(at), "children" | "childrens" | "residential" | "council")
                && matches!(word(at + 1), "home" | "homes")
                && !matches!(
                    word(at + 2),
                    "visit" | "visits" | "schooling" | "education" | "tuition" | "help" | "care" | "to" | "in" | "safe"
                )
    })
}

fn places(text: &StoryText, sentences: &[Vec<bool>], at: usize) -> [f64; 3] {
    let flag = |found: bool| f64::from(u8::from(found));
    let spoken = || sentences.iter().zip(&text.sentences).filter(|(spoken, _)| spoken[at]).map(|(_, range)| range.0);
    let in_title = |start: usize| text.is_title(start);
    let share = spoken().count() as f64 / sentences.len().max(1) as f64;
    [flag(spoken().any(in_title)), flag(spoken().any(|start| begins(text, start))), (1.0 + HALF) * share / (share + HALF)]
}

/// True in the summary and the first paragraphs, of which captions and notices may be some.
fn begins(text: &StoryText, at: usize) -> bool {
    matches!(text.part_at(at).map(|part| part.role), Some(Role::Summary | Role::Body(0..=2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_cues_are_read_and_folded() {
        let cues = Cues::parse(include_str!("../../../config/cues.toml")).unwrap();
        for family in &cues.families {
            for phrase in &family.phrases {
                assert_eq!(*phrase, folded(phrase), "{} is not folded", family.name);
            }
        }
    }

    /// What a text without a title speaks of.
    fn spoken(text: &str) -> Vec<String> {
        let cues = Cues::built_in();
        let whole = StoryText { whole: text.to_owned(), parts: Vec::new(), sentences: vec![(0, text.len())] };
        let (values, _) = cues.read(&whole, &Folded::of(text));
        let found = cues.features().zip(values).filter(|(name, value)| name.ends_with(".share") && *value > 0.0);
        found.map(|(name, _)| name.trim_end_matches(".share").to_owned()).collect()
    }

    /// For each family a text that speaks of it, and one that nearly does.
    #[test]
    fn each_family_is_told_from_its_neighbours() {
        for (family, speaks, nearly) in [
            ("services", "The borough’s care leavers’ service", "A children’s party and other services"),
            ("send", "Families with EHC plans in the local area partnership", "They will sent letters to special friends"),
            ("inspectorate", "OFSTED has been to Leeds", "Often, Leeds is offset by others"),
            ("inspection", "They were inspected in May", "They were suspected of introspection"),
            ("framework", "The ILACS and a focused visit", "A visit by a focused team"),
            ("grade", "Services were rated good", "Good morning to all"),
            ("aftermath", "An improvement notice came from the minister", "A notice about improvements to parks"),
            ("school", "Pupils and their headteacher", "The scholarly head of services"),
            ("nursery", "A nursery for toddlers", "The nurse’s rhymes"),
            ("home", "The registered manager of a children’s home", "Children stay at home in unregistered children’s homes"),
            ("agency", "An independent fostering agency", "Plans for adoption are made early, agency staff are few"),
            ("centre", "Sure Start and its family hubs", "Children are at the centre of all that it does"),
            ("adults", "The CQC looked at adult social care", "Young adults who were in care"),
            ("nation", "Care Inspectorate Wales came to Powys", "Inspectors of England and Wales, as far away as Scotland"),
            ("police", "The chief constable of the force", "A police officer and a social worker visit together"),
            ("sport", "The striker turned it in before half-time", "The boss said that it was his goal"),
            ("job", "Closing date: 12 May. How to apply", "Recruiting social workers is hard, the report says"),
            ("appointment", "She succeeds Ann Oak, who retires", "Succeeding together"),
            ("award", "Shortlisted for two awards", "It was awarded to nobody’s surprise"),
            ("money", "An overspend of £3 million", "Money is well spent on families"),
            ("guidance", "Guidance for inspectors, and a consultation", "Guided by inspectors’ words"),
            ("national", "The annual report of the chief inspector", "The inspector’s report"),
            ("ombudsman", "The ombudsman told the council to say sorry", "A man of the council said sorry at court"),
            ("other", "A food hygiene rating for the pub", "Food for thought"),
        ] {
            assert!(spoken(speaks).iter().any(|name| name == family), "{family}: {speaks}");
            assert!(spoken(nearly).iter().all(|name| name != family), "{family}: {nearly}");
        }
    }

    #[test]
    fn homes_in_a_headline_are_told_from_visits_to_homes() {
        let of = |title: &str| {
            let text = StoryText::of(&crate::tie::made_up::story(None, title, &["The council home was inspected."]));
            names_homes(&text, &Folded::of(&text.whole))
        };
        for title in [
            "Two children’s homes outstanding, says Ofsted",
            "Mossley Council home put children at risk",
            "Residential homes praised",
            "Mossley Fostering is rated good",
        ] {
            assert!(of(title), "{title}");
        }
        for title in
            ["Ofsted praises council home visits", "Council home to ‘outstanding’ services", "Children at home, Ofsted says", "Good"]
        {
            assert!(!of(title), "{title}");
        }
    }

    #[test]
    fn a_missing_family_is_named() {
        let lacking = include_str!("../../../config/cues.toml").replace("name = \"grade\"", "name = \"grades\"");
        assert!(Cues::parse(&lacking).err().unwrap().to_string().contains("`grade`"));
    }
}
