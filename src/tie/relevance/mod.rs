//! Is a story about an inspection of children's services or its follow-up? A cheap gate on feed items, then a judgement on the text.

mod cues;
mod gate;
mod model;

use std::sync::LazyLock;

use crate::model::{overview::ReportCard, verdict::Relevance};

use super::{fold::Folded, text::StoryText};

pub use cues::{Cues, CuesError};
pub use gate::{Gate, gate};
pub use model::{Model, ModelError};

static CUES: LazyLock<Cues> = LazyLock::new(Cues::built_in);
static MODEL: LazyLock<Model> = LazyLock::new(|| Model::built_in(&CUES));

/// What a text speaks of, other stages may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// An inspection, its report, its grades.
    Inspection,
}

/// How strongly a text speaks of each family of cues.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Topics {
    /// One value a feature, in the order of [`Cues::features`].
    values: Vec<f64>,
    inspection: f64,
}

impl Topics {
    pub fn of(text: &StoryText, folded: &Folded) -> Self {
        Self::by(&CUES, &MODEL, text, folded)
    }

    /// The same by other cues, for fitting.
    pub fn by(cues: &Cues, model: &Model, text: &StoryText, folded: &Folded) -> Self {
        let (mut values, inspection) = cues.read(text, folded);
        values.push(model.language(folded));
        Self { values, inspection }
    }

    /// How strongly the title and the first paragraphs speak of it, in the unit "one mention".
    pub fn lead(&self, topic: Topic) -> f64 {
        match topic {
            Topic::Inspection => self.inspection,
        }
    }

    /// Each feature with its value, as fitting wants them.
    pub fn named(&self, cues: &Cues, setting: Setting<'_>) -> Vec<(String, f64)> {
        cues.features()
            .map(str::to_owned)
            .chain(std::iter::once("language".to_owned()))
            .zip(self.values.iter().copied())
            .chain(setting.values())
            .collect()
    }
}

/// What else is known of a story when its relevance is judged.
#[derive(Debug, Clone, Copy, Default)]
pub struct Setting<'a> {
    /// The weight of its most prominent authority, and its name.
    pub authority_weight: f64,
    pub authority: Option<&'a str>,
    /// That authority stands in the title.
    pub authority_in_title: bool,
    /// That authority stands in the title or the first paragraphs.
    pub authority_leads: bool,
    /// The page's address says that it is one of jobs.
    pub recruits: bool,
}

/// Parts of an address by which a page is one of jobs.
const JOB_PARTS: [&str; 14] = [
    "jobs", "job", "careers", "career", "vacancies", "vacancy", "recruitment", "jobsandcareers", "jobscareers", "workforus", "workwithus",
    "joinus", "currentvacancies", "whyworkforus",
];

/// True of an address whose host, or the first part of whose path, is nothing but a word for jobs: jobs.mossley.example,
/// /jobs-and-careers/social-work.
pub fn recruits(address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let mut parts = rest.split(['/', '?', '#']);
    let host = parts.next().unwrap_or_default().split('.');
    host.chain(parts.next()).map(|part| part.replace(['-', '_'], "").to_lowercase()).any(|part| JOB_PARTS.contains(&part.as_str()))
}

impl Setting<'_> {
    fn values(&self) -> [(String, f64); 4] {
        let flag = |flag: bool| f64::from(u8::from(flag));
        [
            ("authority.lead".to_owned(), flag(self.authority_leads || self.authority_weight >= 2.0)),
            ("authority.title".to_owned(), flag(self.authority_in_title)),
            ("authority.weight".to_owned(), (self.authority_weight / 4.0).min(1.0)),
            ("job.address".to_owned(), flag(self.recruits)),
        ]
    }
}

/// A story that has the words of a report is about it.
pub fn quoting(card: &ReportCard) -> Relevance {
    let whose = card.authority.as_deref().unwrap_or("its authority");
    Relevance { relevant: true, why: format!("quotes the report on {whose} word for word") }
}

/// How surely a story is ours where its words alone do not say so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Doubt {
    /// It speaks of something else that quotes reports, too: a job, an award, a home.
    Another,
    /// Words of a report would settle it.
    #[default]
    Open,
    /// It would be enough that a report fits it well.
    Near,
}

/// Other subjects that name or quote a report of the council and are not about it.
const BORROWERS: [&str; 4] = ["job", "award", "home", "agency"];
/// Log-odds with which they do.
const BORROWED: f64 = 2.0;
/// Log-odds below the threshold down to which a report that fits is enough.
const NEAR: f64 = -2.5;

/// A story that a report fits is about it.
pub fn fitting(card: &ReportCard) -> Relevance {
    let whose = card.authority.as_deref().unwrap_or("its authority");
    Relevance { relevant: true, why: format!("says of {whose} what its report says") }
}

/// What a story's words alone say of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ByWords {
    pub relevance: Relevance,
    /// How the doubt could be settled, where it is not ours by its words.
    pub doubt: Doubt,
}

/// Judges a story by its topics and its setting.
pub fn judge(topics: &Topics, setting: Setting<'_>) -> Relevance {
    by_words(topics, setting).relevance
}

/// The same with what could settle the doubt.
pub fn by_words(topics: &Topics, setting: Setting<'_>) -> ByWords {
    let mut named = topics.named(&CUES, setting);
    // What is not spoken of adds nothing.
    named.retain(|(_, value)| *value != 0.0);
    let (odds, rival) = MODEL.judge(&CUES, &named);
    let doubt = match rival {
        _ if MODEL.against(&BORROWERS, &named) >= BORROWED => Doubt::Another,
        None if odds >= NEAR => Doubt::Near,
        _ => Doubt::Open,
    };
    let relevant = odds >= 0.0;
    let of = |family: &str| named.iter().filter(|(name, _)| name.starts_with(family)).map(|(_, value)| value).sum::<f64>();
    let inspection = of("inspection.") + of("inspectorate.") + of("framework.");
    let services = of("services.") + of("send.");
    let why = match (relevant, setting.authority) {
        (true, Some(name)) if inspection >= 1.0 => format!("an inspection of children’s services, mostly in {name}"),
        (true, Some(name)) => format!("children’s services in {name}, after an inspection"),
        (true, None) => "an inspection of children’s services; the authority is not named".to_owned(),
        (false, _) if rival.is_some() => format!("mostly about {}", rival.map_or("", |family| family.about.as_str())),
        (false, _) if services < 0.2 => "says next to nothing of a council’s services for children".to_owned(),
        (false, _) if inspection < 0.2 => "says nothing of an inspection".to_owned(),
        (false, _) if !setting.authority_leads => "about no one authority".to_owned(),
        (false, _) => "too little about an inspection of children’s services".to_owned(),
    };
    ByWords { relevance: Relevance { relevant, why }, doubt }
}

#[cfg(test)]
mod tests {
    use super::recruits;

    #[test]
    fn an_address_is_one_of_jobs_by_a_whole_part() {
        for address in ["https://jobs.mossley.example/how-we-are-improving", "https://www.mossley.example/jobs-and-careers/social-work?x=1"]
        {
            assert!(recruits(address), "{address}");
        }
        for address in [
            "https://paper.example/news/100-jobs-to-go",
            "https://paper.example/news?from=/jobs/",
            "https://paper.example/news/jobs/mossley-rated-good",
            "https://jobsworth.example/news",
        ] {
            assert!(!recruits(address), "{address}");
        }
    }
}
