//! Which kind of inspection a story is about: a full one, a focused or monitoring visit, a JTAI, an area SEND inspection.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use jiff::civil::Date;
use serde::Deserialize;

use crate::model::report::Framework;

use super::{
    fold::{Folded, Hit, Phrases},
    text::StoryText,
    when::{Named, days},
};

/// The kinds that a story can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// SIF, ILACS or a looked-after inspection.
    Full,
    Focused,
    Monitoring,
    Jtai,
    Send,
}

impl Subject {
    pub const ALL: [Self; 5] = [Self::Full, Self::Focused, Self::Monitoring, Self::Jtai, Self::Send];

    /// The subject that a report of this framework has.
    pub fn of(framework: Framework) -> Option<Self> {
        match framework {
            Framework::Sif | Framework::Ilacs | Framework::LacInspection2013 => Some(Self::Full),
            Framework::FocusedVisit => Some(Self::Focused),
            Framework::MonitoringVisit => Some(Self::Monitoring),
            Framework::Jtai => Some(Self::Jtai),
            Framework::AreaSend => Some(Self::Send),
            Framework::Other => None,
        }
    }

    /// The framework that a story of that day about it waits for; `announced` where the inspection is to come, `again` where the
    /// council had been found inadequate.
    pub fn framework(self, day: Date, announced: bool, again: bool) -> Framework {
        match self {
            Self::Full if day < if announced { FIRST_SIF } else { FIRST_SIF_REPORT } => Framework::Other,
            Self::Full if day < if again { LAST_SIF_AGAIN } else { LAST_SIF } => Framework::Sif,
            Self::Full => Framework::Ilacs,
            Self::Focused => Framework::FocusedVisit,
            Self::Monitoring => Framework::MonitoringVisit,
            Self::Jtai => Framework::Jtai,
            Self::Send => Framework::AreaSend,
        }
    }
}

/// True for a day from which on there is one framework of full inspections.
pub fn has_one_framework(day: Date) -> bool {
    day >= LAST_SIF_AGAIN
}

/// True for a day before the single inspection framework.
pub fn is_before_sif(day: Date) -> bool {
    day < FIRST_SIF
}

/// The single inspection framework began with that month, and was reported on from that winter on. What came before is told by its
/// words, or has no framework among ours.
const FIRST_SIF: Date = Date::constant(2013, 11, 1);
const FIRST_SIF_REPORT: Date = Date::constant(2014, 1, 15);
/// Its last inspections were reported on in the spring of 2018, those of councils that it had found inadequate until that summer.
const LAST_SIF: Date = Date::constant(2018, 3, 15);
const LAST_SIF_AGAIN: Date = Date::constant(2018, 9, 1);

/// How strongly each kind is spoken of.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Subjects([f64; 5]);

impl Subjects {
    /// Signs of a visit of either kind speak for the kind that is spoken of more.
    pub fn sum<'a>(spoken: impl IntoIterator<Item = &'a Spoken>) -> Self {
        let mut subjects = Self::default();
        let mut visit = 0.0;
        for cue in spoken {
            match cue.subject {
                Some(subject) => subjects.0[subject as usize] += cue.weight,
                None => visit += cue.weight,
            }
        }
        let kind = if subjects.get(Subject::Monitoring) > subjects.get(Subject::Focused) { Subject::Monitoring } else { Subject::Focused };
        subjects.0[kind as usize] += visit;
        subjects
    }

    pub fn get(&self, subject: Subject) -> f64 {
        self.0[subject as usize]
    }

    /// The strongest kind, if any is spoken of.
    pub fn first(&self) -> Option<Subject> {
        Subject::ALL.into_iter().filter(|subject| self.get(*subject) > 0.0).max_by(|a, b| self.get(*a).total_cmp(&self.get(*b)))
    }

    /// The share of one kind in all that is said, 0 to 1.
    pub fn share(&self, subject: Subject) -> f64 {
        let sum: f64 = self.0.iter().sum();
        if sum > 0.0 { self.get(subject) / sum } else { 0.0 }
    }
}

/// The file, as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SubjectsFile {
    elsewhere: BTreeSet<String>,
    intervention: Vec<String>,
    kind: Vec<SpokenFile>,
    frameworks: BTreeMap<Framework, Vec<String>>,
}

/// Phrases that speak of one kind, each as strongly.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpokenFile {
    subject: Subject,
    weight: f64,
    #[serde(default)]
    called: bool,
    phrases: Vec<String>,
}

/// What one phrase says.
#[derive(Clone, Copy)]
struct KindCue {
    subject: Subject,
    weight: f64,
    /// It is what a visit is called.
    called: bool,
}

/// The lists of `config/subjects.toml`.
struct SubjectWords {
    elsewhere: BTreeSet<String>,
    intervention: Phrases,
    phrases: Phrases,
    /// What each of the phrases says.
    cues: Vec<KindCue>,
    of_frameworks: Phrases,
    frameworks: Vec<Framework>,
}

static WORDS: LazyLock<SubjectWords> =
    LazyLock::new(|| SubjectWords::of(toml::from_str(include_str!("../../config/subjects.toml")).unwrap_or_default()));

impl SubjectWords {
    fn of(file: SubjectsFile) -> Self {
        let cue = |kind: &SpokenFile| KindCue { subject: kind.subject, weight: kind.weight, called: kind.called };
        let frameworks =
            || file.frameworks.iter().flat_map(|(framework, phrases)| phrases.iter().map(|phrase| (*framework, phrase.as_str())));
        Self {
            phrases: Phrases::new(file.kind.iter().flat_map(|kind| &kind.phrases).map(String::as_str)),
            cues: file.kind.iter().flat_map(|kind| kind.phrases.iter().map(|_| cue(kind))).collect(),
            of_frameworks: Phrases::new(frameworks().map(|(_, phrase)| phrase)),
            frameworks: frameworks().map(|(framework, _)| framework).collect(),
            elsewhere: file.elsewhere,
            intervention: file.intervention.into(),
        }
    }

    /// What is said, where it stands.
    fn find(&self, folded: &Folded) -> impl Iterator<Item = (KindCue, Hit)> {
        self.phrases.find(folded).into_iter().map(|hit| (self.cues[hit.phrase], hit))
    }
}

/// True if a text calls that kind of visit by its name.
pub fn is_named(folded: &Folded, subject: Subject) -> bool {
    WORDS.find(folded).any(|(cue, _)| cue.called && cue.subject == subject)
}

/// Where a text speaks of what is done about a council that was found inadequate, in bytes.
pub fn interventions(folded: &Folded) -> Vec<usize> {
    // Commissioners there are for many things, and "no special measures are needed".
    let other = |word: &str| {
        matches!(
            word,
            "children" | "childrens" | "police" | "crime" | "lead" | "information" | "traffic" | "no" | "not" | "avoid" | "without"
        )
    };
    let before = |first: usize| first.checked_sub(1).map_or("", |at| folded.words[at].folded.as_str());
    WORDS.intervention.find(folded).into_iter().filter(|hit| !other(before(hit.first))).map(|hit| folded.words[hit.first].start).collect()
}

/// A visit so many days before the story, or before the latest time that it names, is one of before.
const OLD: i32 = 150;
/// Words between a visit and its time.
const TIME_REACH: usize = 7;

/// One cue with its weight and the byte where it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spoken {
    /// None for a sign of a visit of either kind.
    pub subject: Option<Subject>,
    pub weight: f64,
    pub at: usize,
}

/// Where a sentence names the inspectorates of a joint inspection side by side: of schools and care, of health, and of the police
/// or of probation.
fn joint(text: &StoryText, folded: &Folded) -> Vec<Spoken> {
    let names = |from: usize, to: usize, of: &[&str]| folded.words[from..to].iter().any(|word| of.contains(&word.folded.as_str()));
    text.sentences
        .iter()
        .map(|&(start, stop)| (start, folded.word_from(start), folded.word_from(stop)))
        .filter(|&(_, from, to)| {
            let health = names(from, to, &["cqc"]) || names(from, to, &["commission"]) && names(from, to, &["quality"]);
            let justice = names(from, to, &["police", "probation", "constabulary", "hmicfrs"]);
            let inspect = names(from, to, &["inspectors", "inspectorate", "inspectorates", "inspection", "watchdogs", "hmicfrs"]);
            names(from, to, &["ofsted"]) && health && justice && inspect
        })
        .map(|(at, ..)| Spoken { subject: Some(Subject::Jtai), weight: JOINT * text.prominence(at), at })
        .collect()
}

/// What inspectorates named side by side weigh.
const JOINT: f64 = 2.5;

/// The cues weighed by where they stand. A visit or an inspection spoken of as past or to come counts for little; `times` are
/// those that the story names, `day` that of its publication.
pub fn find(text: &StoryText, folded: &Folded, times: &[Named], day: Option<Date>) -> Vec<Spoken> {
    let latest = day.or_else(|| times.iter().filter(|time| !time.any_year).map(|time| time.to).max());
    let mut spoken = joint(text, folded);
    let mut counts = vec![0u32; WORDS.cues.len()];
    for (KindCue { subject, weight, .. }, hit) in WORDS.find(folded) {
        let at = folded.words[hit.first].start;
        let title = text.is_title(at);
        counts[hit.phrase] += 1;
        let fading = 1.0 / f64::from(counts[hit.phrase]);
        let is_visit =
            matches!(subject, Subject::Focused | Subject::Monitoring | Subject::Jtai) || (subject == Subject::Full && weight < 1.0);
        let elsewhere = is_visit && !title && is_elsewhere(text, folded, times, latest, (hit.first, hit.end));
        spoken.push(Spoken {
            subject: Some(subject),
            weight: weight * text.prominence(at) * fading * if elsewhere { 0.15 } else { 1.0 },
            at,
        });
    }
    spoken
}

fn is_elsewhere(text: &StoryText, folded: &Folded, times: &[Named], latest: Option<Date>, (first, end): (usize, usize)) -> bool {
    let Some(sentence) = text.sentence_at(folded.words[first].start) else { return false };
    let (start, stop) = text.sentences[sentence];
    let word = |at: usize| folded.words[at].folded.as_str();
    let before = (first.saturating_sub(4)..first).filter(|&at| folded.words[at].start >= start);
    let after = (end..(end + 4).min(folded.words.len())).filter(|&at| folded.words[at].start < stop);
    let far = (first.saturating_sub(12)..first).filter(|&at| folded.words[at].start >= start);
    // "Last month's focused visit" is the newest.
    let newest = |at: usize| {
        let next = folded.words.get(at + 1).map_or("", |next| next.folded.as_str());
        word(at) == "last" && matches!(next, "month" | "months" | "week" | "weeks")
    };
    let near = |time: &&Named| {
        let at = folded.words[time.word].start;
        at >= start && at < stop && time.end + TIME_REACH > first && time.word < end + TIME_REACH
    };
    // "The third visit since July 2023": the time is of what came before.
    let since = |time: &&Named| time.word > 0 && time.word >= end && word(time.word - 1) == "since";
    let old = |time: &Named| !time.any_year && latest.is_some_and(|latest| days(time.to, latest) > OLD);
    // "Since the last inspection, in 2017, the focused visit found": the comma ends what is told of the inspection.
    let apart = |time: &&Named| {
        let before = time.word.saturating_sub(6)..time.word;
        let since = before.clone().find(|&at| matches!(word(at), "since" | "after" | "following") && folded.words[at].start >= start);
        let inspected = since.is_some_and(|since| (since..time.word).any(|at| word(at).starts_with("inspect")));
        inspected && time.end <= first && text.whole[folded.words[time.end - 1].end..folded.words[first].start].contains(',')
    };
    let mut own = times.iter().filter(near).filter(|time| !since(time) && !apart(time)).peekable();
    far.clone().any(|at| matches!(word(at), "expected" | "expects" | "will" | "return" | "returns"))
        || is_counted(folded, first, end)
        || before.clone().any(|at| WORDS.elsewhere.contains(word(at)) && !newest(at))
        || after.clone().any(|at| {
            matches!(
                word(at),
                "will"
                    | "last"
                    | "expected"
                    | "earlier"
                    | "follow"
                    | "likely"
                    | "due"
                    | "planned"
                    | "scheduled"
                    | "would"
                    | "booked"
                    | "pencilled"
            ) && !newest(at)
        })
        || own.peek().is_some() && own.all(old)
}

/// "There have been seven monitoring visits": those of before, unless it is "the first of seven".
fn is_counted(folded: &Folded, first: usize, end: usize) -> bool {
    let word = |places: usize| first.checked_sub(places).map_or("", |at| folded.words[at].folded.as_str());
    let number = |word: &str| {
        matches!(word, "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine" | "ten" | "several" | "many" | "successive")
    };
    folded.words[end - 1].folded == "visits" && number(word(1)) && !matches!(word(2), "of" | "these" | "the")
}

/// The framework of full inspections whose words a text has, if it has those of one only.
pub fn framework(folded: &Folded) -> Option<Framework> {
    let word = |at: usize| folded.words.get(at).map_or("", |word| word.folded.as_str());
    let recalled = |first: usize| {
        let before = |at: usize| matches!(word(at), "previous" | "last" | "earlier") && word(at + 1).starts_with("inspect");
        (first.saturating_sub(RECALLED_REACH)..first).any(|at| word(at) == "since" || before(at))
    };
    let hits = WORDS.of_frameworks.find(folded).into_iter().filter(|hit| !recalled(hit.first));
    let mut found = hits.map(|hit| WORDS.frameworks[hit.phrase]);
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// Words between "since" and the framework of the inspection before.
const RECALLED_REACH: usize = 4;

/// How many judgements a text says there were: "all four areas", "on all five judgements".
pub fn areas(folded: &Folded) -> Option<usize> {
    let word = |at: usize| folded.words.get(at).map_or("", |word| word.folded.as_str());
    (0..folded.words.len()).find_map(|at| {
        let count = match word(at) {
            "four" | "4" => 4,
            "five" | "5" => 5,
            _ => return None,
        };
        let noun = (at + 1..at + 4)
            .any(|at| matches!(word(at), "areas" | "judgements" | "judgments" | "categories" | "counts") && word(at + 1) != "for");
        let whole = (1..=3)
            .filter_map(|places| at.checked_sub(places))
            .any(|at| matches!(word(at), "all" | "each" | "every" | "in" | "on" | "of" | "the" | "were"));
        (noun && whole).then_some(count)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tie::{made_up::story, text::StoryText};

    /// Read as of 1 June 2024.
    fn read(text: &StoryText) -> Vec<Spoken> {
        let (folded, day) = (Folded::of(&text.whole), Some(jiff::civil::date(2024, 6, 1)));
        find(text, &folded, &crate::tie::when::find(&text.whole, &folded, day), day)
    }

    fn first(text: &str) -> Option<Subject> {
        let text = StoryText::of(&story(None, "News", &[text]));
        Subjects::sum(&read(&text)).first()
    }

    #[test]
    fn what_is_done_about_the_inadequate_is_told_from_its_neighbours() {
        for text in ["The commissioner will report in May.", "An improvement notice was served.", "Four years of special measures"] {
            assert!(!interventions(&Folded::of(text)).is_empty(), "{text}");
        }
        for text in [
            "The children’s commissioner for England welcomed it.",
            "The early intervention team was praised.",
            "No special measures are needed.",
            "The lead commissioner of the care board",
        ] {
            assert!(interventions(&Folded::of(text)).is_empty(), "{text}");
        }
        assert!(is_named(&Folded::of("Inspectors came to monitor progress."), Subject::Monitoring));
        assert!(!is_named(&Folded::of("A budget monitoring report was noted."), Subject::Monitoring));
    }

    #[test]
    fn the_shipped_lists_are_read_and_folded() {
        let file: SubjectsFile = toml::from_str(include_str!("../../config/subjects.toml")).unwrap();
        let phrases = file
            .kind
            .iter()
            .flat_map(|kind| &kind.phrases)
            .chain(file.frameworks.values().flatten())
            .chain(&file.elsewhere)
            .chain(&file.intervention);
        for phrase in phrases {
            assert_eq!(*phrase, crate::model::text::folded(phrase));
        }
        assert!(!file.intervention.is_empty() && file.kind.iter().all(|kind| kind.weight > 0.0));
    }

    #[test]
    fn each_kind_by_its_words_and_none_by_their_neighbours() {
        for (text, kind) in [
            ("A focused visit looked at the front door.", Some(Subject::Focused)),
            ("The third monitoring visit found early progress.", Some(Subject::Monitoring)),
            ("A joint targeted area inspection of the response to neglect.", Some(Subject::Jtai)),
            ("A joint targeted inspection found prompt help. No grades are given.", Some(Subject::Jtai)),
            ("There have been seven monitoring visits, and the ILACS said so.", Some(Subject::Full)),
            ("It is the first of six monitoring visits.", Some(Subject::Monitoring)),
            ("Inspectors from Ofsted, the CQC, the police and probation spent a week here.", Some(Subject::Jtai)),
            ("Ofsted spoke to the police, and the CQC to doctors.", Some(Subject::Send)),
            ("Children with special educational needs wait for EHC plans.", Some(Subject::Send)),
            ("The ILACS gave a grade for overall effectiveness.", Some(Subject::Full)),
            ("They will send a visitor who is focused on joints.", Some(Subject::Send)),
            ("The monitor was visited by a commission.", None),
            ("The council met on Tuesday.", None),
        ] {
            assert_eq!(first(text), kind, "{text}");
        }
    }

    #[test]
    fn the_framework_of_the_inspection_before_is_not_the_storys() {
        let of = |text: &str| framework(&Folded::of(text));
        assert_eq!(of("It was held under the single inspection framework."), Some(Framework::Sif));
        assert_eq!(of("Much has changed since the single inspection framework of 2014."), None);
    }

    #[test]
    fn a_text_may_end_behind_a_visit() {
        assert_eq!(first("Nobody knew that the focused visit was its last"), Some(Subject::Focused));
    }

    #[test]
    fn a_visit_to_come_or_long_past_weighs_little() {
        let weight = |text: &str| {
            let text = StoryText::of(&story(None, "News", &[text]));
            read(&text).iter().map(|spoken| spoken.weight).sum::<f64>()
        };
        for (now, elsewhere) in [
            ("A monitoring visit found progress.", "Quarterly monitoring visits are to follow."),
            ("A focused visit looked at the front door.", "The last focused visit was in 2019."),
            ("After a focused visit in May Ofsted wrote to the council.", "After a focused visit in May 2022 Ofsted wrote to the council."),
            (
                "Since the last inspection, in 2022, the focused visit found progress.",
                "Since the last visit, in 2022, the focused visit found progress.",
            ),
            ("The third monitoring visit since July 2022 found progress.", "At a monitoring visit in July 2022 it found progress."),
            ("Last month’s focused visit looked at the front door.", "The last focused visit looked at the front door."),
        ] {
            assert!(weight(now) > 3.0 * weight(elsewhere), "{now}: {}, {elsewhere}: {}", weight(now), weight(elsewhere));
        }
    }
}
