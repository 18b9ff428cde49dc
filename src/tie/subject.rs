//! Which kind of inspection a story is about: a full one, a focused or monitoring visit, a JTAI, an area SEND inspection.

use std::sync::LazyLock;

use jiff::civil::Date;

use crate::model::report::Framework;

use super::{
    fold::{Folded, Phrases},
    text::StoryText,
    when::{Named, days},
};

/// The kinds that a story can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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

    /// The framework that a story of that day about it waits for.
    pub fn framework(self, day: Date) -> Framework {
        match self {
            Self::Full if day < LAST_SIF => Framework::Sif,
            Self::Full => Framework::Ilacs,
            Self::Focused => Framework::FocusedVisit,
            Self::Monitoring => Framework::MonitoringVisit,
            Self::Jtai => Framework::Jtai,
            Self::Send => Framework::AreaSend,
        }
    }
}

/// Inspections of the framework before 2018 were reported on until the spring of that year.
const LAST_SIF: Date = Date::constant(2018, 3, 15);

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

const CUES: &[(&str, Subject, f64)] = &[
    ("focused visit", Subject::Focused, 3.0),
    ("focussed visit", Subject::Focused, 3.0),
    ("focused inspection", Subject::Focused, 3.0),
    ("focussed inspection", Subject::Focused, 3.0),
    ("targeted visit", Subject::Focused, 2.5),
    ("two day visit", Subject::Focused, 0.8),
    ("monitoring visit", Subject::Monitoring, 3.0),
    ("monitoring visits", Subject::Monitoring, 2.0),
    ("monitoring letter", Subject::Monitoring, 2.0),
    ("monitoring report", Subject::Monitoring, 2.0),
    ("came to monitor", Subject::Monitoring, 2.0),
    ("back to monitor", Subject::Monitoring, 2.0),
    ("returned to monitor", Subject::Monitoring, 2.0),
    ("monitoring inspection", Subject::Monitoring, 2.0),
    ("series of visits", Subject::Monitoring, 1.5),
    ("second of a series", Subject::Monitoring, 1.0),
    ("next visit", Subject::Monitoring, 0.8),
    ("early progress", Subject::Monitoring, 0.6),
    ("jtai", Subject::Jtai, 3.0),
    ("joint targeted area inspection", Subject::Jtai, 3.0),
    ("joint targeted inspection", Subject::Jtai, 3.0),
    ("joint inspection", Subject::Jtai, 1.5),
    ("four inspectorates", Subject::Jtai, 1.5),
    ("hmicfrs", Subject::Jtai, 0.8),
    ("constabulary", Subject::Jtai, 0.4),
    ("hm inspectorate of probation", Subject::Jtai, 0.8),
    ("probation service", Subject::Jtai, 0.4),
    ("and probation", Subject::Jtai, 0.4),
    ("hmi probation", Subject::Jtai, 0.8),
    ("send", Subject::Send, 0.8),
    ("area send", Subject::Send, 3.0),
    ("special educational needs", Subject::Send, 2.0),
    ("special needs", Subject::Send, 1.5),
    ("local area partnership", Subject::Send, 2.0),
    ("systemic failings", Subject::Send, 1.5),
    ("ehc plans", Subject::Send, 1.0),
    ("ehcp", Subject::Send, 1.0),
    ("ehcps", Subject::Send, 1.0),
    ("care quality commission", Subject::Send, 0.6),
    ("cqc", Subject::Send, 0.4),
    ("parent carers", Subject::Send, 0.6),
    ("autism", Subject::Send, 0.5),
    ("disabled children", Subject::Send, 0.3),
    ("disabled youngsters", Subject::Send, 0.6),
    ("ilacs", Subject::Full, 2.0),
    ("full inspection", Subject::Full, 0.8),
    ("short inspection", Subject::Full, 1.2),
    ("standard inspection", Subject::Full, 1.0),
    ("single inspection framework", Subject::Full, 1.5),
    ("reinspection", Subject::Full, 1.2),
    ("re inspection", Subject::Full, 1.2),
    ("overall effectiveness", Subject::Full, 1.5),
    ("damning report", Subject::Full, 0.8),
    ("damning inspection", Subject::Full, 0.8),
    ("improvement plan", Subject::Full, 0.4),
    ("improvement board", Subject::Full, 0.4),
    ("commissioner", Subject::Full, 0.4),
    ("care leavers", Subject::Full, 0.3),
    ("safeguarding children board", Subject::Full, 0.6),
    ("lscb", Subject::Full, 0.5),
];
static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(CUES.iter().map(|cue| cue.0)));

/// What the two kinds of visit are called.
const VISITS: [(&str, Subject); 10] = [
    ("focused visit", Subject::Focused),
    ("focussed visit", Subject::Focused),
    ("focused inspection", Subject::Focused),
    ("focussed inspection", Subject::Focused),
    ("targeted visit", Subject::Focused),
    ("monitoring visit", Subject::Monitoring),
    ("monitoring visits", Subject::Monitoring),
    ("monitoring inspection", Subject::Monitoring),
    ("monitoring letter", Subject::Monitoring),
    ("came to monitor", Subject::Monitoring),
];

/// True if a text calls that kind of visit by its name.
pub fn is_named(folded: &Folded, subject: Subject) -> bool {
    VISITS.iter().any(|(name, kind)| *kind == subject && folded.has(name))
}

/// What is done about a council that was found inadequate.
const INTERVENTION: [&str; 11] = [
    "improvement notice", "commissioner", "government intervention", "statutory intervention", "dfe intervention", "formal intervention",
    "statutory direction", "improvement partner", "improvement adviser", "improvement board", "special measures",
];
static INTERVENTION_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(INTERVENTION.iter().copied()));

/// True if a text speaks of what is done about a council that was found inadequate.
pub fn is_under_intervention(folded: &Folded) -> bool {
    // Commissioners there are for many things, and "no special measures are needed".
    let other = |word: &str| {
        matches!(
            word,
            "children" | "childrens" | "police" | "crime" | "lead" | "information" | "traffic" | "no" | "not" | "avoid" | "without"
        )
    };
    let before = |first: usize| first.checked_sub(1).map_or("", |at| folded.words[at].folded.as_str());
    INTERVENTION_PHRASES.find(folded).into_iter().any(|hit| !other(before(hit.first)))
}

/// Words just before that push an inspection into the past or the future, or make it a mere expectation.
const ELSEWHERE: [&str; 24] = [
    "previous", "earlier", "last", "next", "further", "future", "since", "expected", "expecting", "expect", "expects", "will", "regular",
    "quarterly", "series", "follow", "receive", "subject", "more", "be", "until", "face", "facing", "earliest",
];
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
    let mut counts = vec![0u32; CUES.len()];
    for hit in PHRASES.find(folded) {
        let (_, subject, weight) = CUES[hit.phrase];
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
    let mut own = times.iter().filter(near).filter(|time| !since(time)).peekable();
    far.clone().any(|at| matches!(word(at), "expected" | "expects" | "will" | "return" | "returns"))
        || is_counted(folded, first, end)
        || before.clone().any(|at| ELSEWHERE.contains(&word(at)) && !newest(at))
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

/// Words that only one framework of full inspections has, or that were usual while it lasted.
const FRAMEWORKS: [(&str, Framework); 14] = [
    ("single inspection", Framework::Sif),
    ("sif", Framework::Sif),
    ("children in need of help and protection children looked after and care leavers", Framework::Sif),
    ("children looked after and achieving permanence", Framework::Sif),
    ("leadership management and governance", Framework::Sif),
    ("adoption performance", Framework::Sif),
    ("reviewed the local safeguarding children board", Framework::Sif),
    ("review of the local safeguarding children board", Framework::Sif),
    ("ilacs", Framework::Ilacs),
    ("impact of leaders", Framework::Ilacs),
    ("standard inspection", Framework::Ilacs),
    ("short inspection", Framework::Ilacs),
    ("inspection of looked after children services", Framework::LacInspection2013),
    ("inspection of services for looked after children", Framework::LacInspection2013),
];
static FRAMEWORK_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(FRAMEWORKS.iter().map(|(phrase, _)| *phrase)));

/// The framework of full inspections whose words a text has, if it has those of one only.
pub fn framework(folded: &Folded) -> Option<Framework> {
    let mut found = FRAMEWORK_PHRASES.find(folded).into_iter().map(|hit| FRAMEWORKS[hit.phrase].1);
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

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
            assert!(is_under_intervention(&Folded::of(text)), "{text}");
        }
        for text in [
            "The children’s commissioner for England welcomed it.",
            "The early intervention team was praised.",
            "No special measures are needed.",
            "The lead commissioner of the care board",
        ] {
            assert!(!is_under_intervention(&Folded::of(text)), "{text}");
        }
        assert!(is_named(&Folded::of("Inspectors came to monitor progress."), Subject::Monitoring));
        assert!(!is_named(&Folded::of("A budget monitoring report was noted."), Subject::Monitoring));
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
            ("The third monitoring visit since July 2022 found progress.", "At a monitoring visit in July 2022 it found progress."),
            ("Last month’s focused visit looked at the front door.", "The last focused visit looked at the front door."),
        ] {
            assert!(weight(now) > 3.0 * weight(elsewhere), "{now}: {}, {elsewhere}: {}", weight(now), weight(elsewhere));
        }
    }
}
