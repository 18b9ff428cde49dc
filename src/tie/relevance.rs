//! Is a story about an inspection of children's services or its follow-up? A cheap gate on feed items, then a judgement on the text.

use std::sync::LazyLock;

use crate::model::verdict::Relevance;

use super::{
    fold::{Folded, Phrases},
    text::{Role, StoryText},
};

/// What a phrase speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// A council's services for children.
    Services,
    /// An inspection, its report, its grades.
    Inspection,
    /// The inspection of something else, or no inspection at all.
    School,
    Nursery,
    Home,
    Agency,
    Adults,
    Nation,
    Police,
    Sport,
    Job,
    National,
    Other,
}

const TOPICS: usize = 13;

/// Phrase, topic, weight. Weights are in the unit "one plain mention of children's services".
const CUES: &[(&str, Topic, f64)] = &[
    ("children's services", Topic::Services, 1.5),
    ("children services", Topic::Services, 1.2),
    ("children's social care", Topic::Services, 1.5),
    ("childrens social work", Topic::Services, 1.2),
    ("children's trust", Topic::Services, 1.0),
    ("social care services", Topic::Services, 0.8),
    ("social services", Topic::Services, 1.0),
    ("social work", Topic::Services, 0.8),
    ("social workers", Topic::Services, 0.9),
    ("social worker", Topic::Services, 0.6),
    ("caseloads", Topic::Services, 0.7),
    ("care leavers", Topic::Services, 1.0),
    ("leaving care", Topic::Services, 0.8),
    ("leave care", Topic::Services, 0.7),
    ("children in care", Topic::Services, 0.9),
    ("in care", Topic::Services, 0.3),
    ("looked after children", Topic::Services, 1.0),
    ("children looked after", Topic::Services, 1.0),
    ("looked after", Topic::Services, 0.4),
    ("child protection", Topic::Services, 0.9),
    ("protection plan", Topic::Services, 0.5),
    ("children at risk", Topic::Services, 0.7),
    ("safeguarding hub", Topic::Services, 0.8),
    ("mash", Topic::Services, 0.5),
    ("front door", Topic::Services, 0.4),
    ("early help", Topic::Services, 0.6),
    ("foster carers", Topic::Services, 0.4),
    ("foster homes", Topic::Services, 0.4),
    ("adoption", Topic::Services, 0.4),
    ("corporate parent", Topic::Services, 0.7),
    ("corporate parenting", Topic::Services, 0.7),
    ("director of children's services", Topic::Services, 1.0),
    ("children's director", Topic::Services, 0.8),
    ("children's boss", Topic::Services, 0.8),
    ("dcs", Topic::Services, 0.5),
    ("lead member", Topic::Services, 0.4),
    ("safeguarding children board", Topic::Services, 0.8),
    ("lscb", Topic::Services, 0.6),
    ("safeguarding partnership", Topic::Services, 0.6),
    ("vulnerable children", Topic::Services, 0.7),
    ("vulnerable youngsters", Topic::Services, 0.6),
    ("vulnerable kids", Topic::Services, 0.6),
    ("vulnerable young people", Topic::Services, 0.6),
    ("protects its children", Topic::Services, 0.7),
    ("children and families", Topic::Services, 0.5),
    ("children's commissioner", Topic::Services, 0.7),
    ("send services", Topic::Services, 1.2),
    ("children with send", Topic::Services, 0.9),
    ("special educational needs", Topic::Services, 0.7),
    ("special needs", Topic::Services, 0.6),
    ("local area partnership", Topic::Services, 1.2),
    ("send partnership", Topic::Services, 1.2),
    ("ehc plans", Topic::Services, 0.4),
    ("education health and care", Topic::Services, 0.5),
    ("youngsters with special needs", Topic::Services, 0.5),
    ("domestic abuse", Topic::Services, 0.3),
    ("child sexual exploitation", Topic::Services, 0.5),
    ("criminal exploitation", Topic::Services, 0.4),
    ("ofsted", Topic::Inspection, 1.2),
    ("inspectors", Topic::Inspection, 1.0),
    ("inspector", Topic::Inspection, 0.5),
    ("inspection", Topic::Inspection, 0.9),
    ("inspections", Topic::Inspection, 0.7),
    ("inspected", Topic::Inspection, 0.7),
    ("inspectorate", Topic::Inspection, 0.8),
    ("inspectorates", Topic::Inspection, 0.8),
    ("watchdog", Topic::Inspection, 0.8),
    ("watchdogs", Topic::Inspection, 0.8),
    ("hmi", Topic::Inspection, 0.6),
    ("ilacs", Topic::Inspection, 1.5),
    ("jtai", Topic::Inspection, 1.5),
    ("joint targeted area inspection", Topic::Inspection, 1.5),
    ("area send inspection", Topic::Inspection, 1.5),
    ("focused visit", Topic::Inspection, 1.2),
    ("focussed visit", Topic::Inspection, 1.2),
    ("monitoring visit", Topic::Inspection, 1.2),
    ("monitoring visits", Topic::Inspection, 1.0),
    ("reinspection", Topic::Inspection, 0.8),
    ("re inspection", Topic::Inspection, 0.8),
    ("single inspection framework", Topic::Inspection, 1.2),
    ("inadequate", Topic::Inspection, 0.7),
    ("requires improvement", Topic::Inspection, 0.8),
    ("require improvement", Topic::Inspection, 0.8),
    ("requiring improvement", Topic::Inspection, 0.7),
    ("outstanding", Topic::Inspection, 0.4),
    ("rated good", Topic::Inspection, 0.6),
    ("judged good", Topic::Inspection, 0.6),
    ("systemic failings", Topic::Inspection, 0.8),
    ("improvement plan", Topic::Inspection, 0.5),
    ("improvement notice", Topic::Inspection, 0.7),
    ("improvement board", Topic::Inspection, 0.6),
    ("improvement adviser", Topic::Inspection, 0.6),
    ("improvement direction", Topic::Inspection, 0.7),
    ("statutory direction", Topic::Inspection, 0.6),
    ("action plans", Topic::Inspection, 0.3),
    ("priority action", Topic::Inspection, 0.7),
    ("areas for improvement", Topic::Inspection, 0.4),
    ("commissioner", Topic::Inspection, 0.4),
    ("damning report", Topic::Inspection, 0.6),
    ("criticised by inspectors", Topic::Inspection, 0.6),
    ("headteacher", Topic::School, 1.0),
    ("head teacher", Topic::School, 1.0),
    ("headteachers", Topic::School, 0.5),
    ("pupils", Topic::School, 0.6),
    ("sixth form", Topic::School, 0.8),
    ("academy", Topic::School, 0.9),
    ("academy trust", Topic::School, 0.9),
    ("primary school", Topic::School, 1.0),
    ("secondary school", Topic::School, 1.0),
    ("special school", Topic::School, 0.4),
    ("the school", Topic::School, 0.9),
    ("school's", Topic::School, 0.8),
    ("school", Topic::School, 0.4),
    ("primary", Topic::School, 0.5),
    ("special measures", Topic::School, 0.6),
    ("quality of education", Topic::School, 0.9),
    ("governors", Topic::School, 0.6),
    ("teaching", Topic::School, 0.4),
    ("phonics", Topic::School, 0.8),
    ("year 11", Topic::School, 0.5),
    ("curriculum", Topic::School, 0.6),
    ("college", Topic::School, 0.5),
    ("nursery", Topic::Nursery, 1.3),
    ("nurseries", Topic::Nursery, 0.8),
    ("pre school", Topic::Nursery, 1.2),
    ("preschool", Topic::Nursery, 1.2),
    ("playgroup", Topic::Nursery, 1.2),
    ("childminder", Topic::Nursery, 1.3),
    ("toddlers", Topic::Nursery, 0.9),
    ("toddler", Topic::Nursery, 0.9),
    ("early years", Topic::Nursery, 0.4),
    ("children's home", Topic::Home, 1.3),
    ("the home", Topic::Home, 1.0),
    ("home's", Topic::Home, 0.6),
    ("bedroom home", Topic::Home, 0.9),
    ("care home for children", Topic::Home, 1.2),
    ("residential home", Topic::Home, 0.8),
    ("secure unit", Topic::Home, 0.9),
    ("registered manager", Topic::Home, 0.9),
    ("fostering agency", Topic::Agency, 1.5),
    ("the agency", Topic::Agency, 1.0),
    ("independent fostering", Topic::Agency, 0.8),
    ("fostering service", Topic::Agency, 0.5),
    ("adoption agency", Topic::Agency, 0.4),
    ("adult social care", Topic::Adults, 1.0),
    ("adult care", Topic::Adults, 0.9),
    ("adults services", Topic::Adults, 0.7),
    ("older people", Topic::Adults, 0.5),
    ("care home", Topic::Adults, 0.6),
    ("care homes", Topic::Adults, 0.5),
    ("care quality commission", Topic::Adults, 0.4),
    ("cqc", Topic::Adults, 0.5),
    ("care act", Topic::Adults, 0.7),
    ("hospital", Topic::Adults, 0.3),
    ("care inspectorate", Topic::Nation, 1.5),
    ("care inspectorate wales", Topic::Nation, 1.5),
    ("scottish", Topic::Nation, 1.0),
    ("scotland", Topic::Nation, 0.9),
    ("welsh", Topic::Nation, 0.9),
    ("wales", Topic::Nation, 0.5),
    ("estyn", Topic::Nation, 1.3),
    ("northern ireland", Topic::Nation, 0.9),
    ("health and social care trust", Topic::Nation, 0.9),
    ("police and crime commissioner", Topic::Police, 0.8),
    ("police force", Topic::Police, 0.9),
    ("the force", Topic::Police, 0.8),
    ("chief constable", Topic::Police, 0.8),
    ("hmicfrs", Topic::Police, 0.8),
    ("constabulary", Topic::Police, 0.6),
    ("league", Topic::Sport, 0.8),
    ("goals", Topic::Sport, 0.5),
    ("striker", Topic::Sport, 1.2),
    ("midfielder", Topic::Sport, 1.2),
    ("defender", Topic::Sport, 0.9),
    ("goalkeeper", Topic::Sport, 1.2),
    ("half time", Topic::Sport, 1.0),
    ("the pitch", Topic::Sport, 0.7),
    ("promotion", Topic::Sport, 0.4),
    ("kick off", Topic::Sport, 0.8),
    ("full back", Topic::Sport, 1.0),
    ("winger", Topic::Sport, 1.2),
    ("season", Topic::Sport, 0.4),
    ("clean sheet", Topic::Sport, 1.2),
    ("first team", Topic::Sport, 0.7),
    ("scored", Topic::Sport, 0.6),
    ("league two", Topic::Sport, 1.2),
    ("per annum", Topic::Job, 1.2),
    ("closing date", Topic::Job, 1.5),
    ("to apply", Topic::Job, 0.9),
    ("how to apply", Topic::Job, 1.3),
    ("apply now", Topic::Job, 1.2),
    ("salary", Topic::Job, 1.0),
    ("we offer", Topic::Job, 0.8),
    ("we are looking for", Topic::Job, 1.0),
    ("interviews", Topic::Job, 0.6),
    ("job of the week", Topic::Job, 2.0),
    ("informal conversation", Topic::Job, 1.3),
    ("the successful candidate", Topic::Job, 1.3),
    ("relocation package", Topic::Job, 1.3),
    ("annual report", Topic::National, 1.0),
    ("chief inspector", Topic::National, 0.7),
    ("councils across england", Topic::National, 0.7),
    ("nationally", Topic::National, 0.4),
    ("consultation", Topic::National, 0.5),
    ("new framework", Topic::National, 0.6),
    ("overall grade", Topic::National, 0.3),
    ("ministers", Topic::National, 0.3),
    ("all local authorities", Topic::National, 0.5),
    ("of local authorities", Topic::National, 0.5),
    ("number of councils", Topic::National, 0.5),
    ("across england", Topic::National, 0.8),
    ("across the country", Topic::National, 0.5),
    ("in england", Topic::National, 0.3),
    ("councils in england", Topic::National, 0.7),
    ("local authorities", Topic::National, 0.35),
    ("the sector", Topic::National, 0.4),
    ("adcs", Topic::National, 0.6),
    ("association of directors of children's services", Topic::National, 0.6),
    ("local government association", Topic::National, 0.5),
    ("survey", Topic::National, 0.4),
    ("figures show", Topic::National, 0.4),
    ("white paper", Topic::National, 0.6),
    ("select committee", Topic::National, 0.6),
    ("education committee", Topic::National, 0.6),
    ("sir martyn oliver", Topic::National, 0.5),
    ("amanda spielman", Topic::National, 0.5),
    ("sir michael wilshaw", Topic::National, 0.5),
    ("council tax", Topic::Other, 1.0),
    ("section 114", Topic::Other, 1.0),
    ("potholes", Topic::Other, 0.8),
    ("spending controls", Topic::Other, 0.6),
    ("non essential spending", Topic::Other, 0.8),
];

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(CUES.iter().map(|cue| cue.0)));

/// How strongly a text speaks for each topic, overall and in its lead.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Topics {
    whole: [f64; TOPICS],
    lead: [f64; TOPICS],
    title: [f64; TOPICS],
}

impl Topics {
    pub fn of(text: &StoryText, folded: &Folded) -> Self {
        let mut topics = Self::default();
        let mut counts = vec![0u32; CUES.len()];
        for hit in PHRASES.find(folded) {
            let (_, topic, weight) = CUES[hit.phrase];
            let at = folded.words[hit.first].start;
            counts[hit.phrase] += 1;
            let fading = 1.0 / f64::from(counts[hit.phrase]);
            topics.whole[topic as usize] += weight * text.prominence(at) * fading;
            if text.is_lead(at) {
                topics.lead[topic as usize] += weight * fading.max(0.5);
            }
            if text.part_at(at).is_some_and(|part| part.role == Role::Title) {
                topics.title[topic as usize] += weight;
            }
        }
        topics
    }

    pub fn whole(&self, topic: Topic) -> f64 {
        self.whole[topic as usize]
    }

    pub fn lead(&self, topic: Topic) -> f64 {
        self.lead[topic as usize]
    }

    pub fn title(&self, topic: Topic) -> f64 {
        self.title[topic as usize]
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
    /// How much it speaks of special educational needs inspections.
    pub send: f64,
}

/// From this score on a story is about our subject. On the open stories the nearest on either side are 2.2 and 2.9.
const THRESHOLD: f64 = 2.2;

/// Other subjects, what one mention of each takes away, and how it is called.
const OTHERS: [(Topic, f64, &str); 11] = [
    (Topic::School, 0.45, "a school"),
    (Topic::Nursery, 0.55, "a nursery or childminder"),
    (Topic::Home, 0.5, "a children’s home"),
    (Topic::Agency, 0.55, "a fostering agency"),
    (Topic::Adults, 0.5, "adult care or health"),
    (Topic::Nation, 0.6, "another nation’s inspectorate"),
    (Topic::Police, 0.5, "the police"),
    (Topic::Sport, 0.7, "sport"),
    (Topic::Job, 0.9, "a job advertisement"),
    (Topic::National, 0.55, "the country as a whole"),
    (Topic::Other, 0.5, "a council’s finances"),
];

/// Judges a story by its topics and its setting.
pub fn judge(topics: &Topics, setting: Setting<'_>) -> Relevance {
    let placed = setting.authority_leads || setting.authority_weight >= 2.0;
    let (services, inspection) = (topics.whole(Topic::Services), topics.whole(Topic::Inspection));
    let mut score =
        0.5 * services.min(6.0) + 0.4 * inspection.min(8.0) + 0.4 * setting.authority_weight.min(4.0) + 0.15 * setting.send.min(4.0);
    if services < 0.8 && setting.send < 2.5 {
        score -= 2.0;
    }
    if !placed {
        score -= 1.5;
    }
    let (against, rival) = OTHERS
        .iter()
        .map(|(topic, each, name)| (against(topics, *topic, setting, placed) * each, *name))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .unwrap_or((0.0, ""));
    let relevant = score - against >= THRESHOLD;
    Relevance { relevant, why: why(relevant, setting, placed, services, inspection, against, rival) }
}

/// How strongly another subject is spoken of: most in the title.
fn against(topics: &Topics, topic: Topic, setting: Setting<'_>, placed: bool) -> f64 {
    let (whole, lead, title) = (topics.whole(topic), topics.lead(topic), topics.title(topic));
    let sum = whole + lead + 2.0 * title;
    // Schools, nurseries and the health service belong to every story about an area's SEND services.
    let belongs = matches!(topic, Topic::School | Topic::Adults | Topic::Nursery) && setting.send > 3.0 && title < 0.7 && lead < 2.0;
    match topic {
        _ if belongs => sum * 0.3,
        Topic::National if whole > 0.5 && !placed => sum * 1.6 + 2.7,
        // A national story names councils as examples; a story about one mostly has it in its title.
        Topic::National if !setting.authority_in_title => sum * 1.6,
        _ => sum,
    }
}

fn why(relevant: bool, setting: Setting<'_>, placed: bool, services: f64, inspection: f64, against: f64, rival: &str) -> String {
    match (relevant, setting.authority) {
        (true, Some(name)) if inspection >= 3.0 => format!("an inspection of children’s services, mostly in {name}"),
        (true, Some(name)) => format!("children’s services in {name}, after an inspection"),
        (true, None) => "an inspection of children’s services; the authority is not named".to_owned(),
        (false, _) if against > 1.5 => format!("mostly about {rival}"),
        (false, _) if services < 0.8 => "says next to nothing of a council’s services for children".to_owned(),
        (false, _) if inspection < 1.0 => "says nothing of an inspection".to_owned(),
        (false, _) if !placed => "about no one authority".to_owned(),
        (false, _) => "too little about an inspection of children’s services".to_owned(),
    }
}

/// What the gate says of a feed item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Worth fetching its page.
    Fetch,
    /// Not our subject, as far as title and summary tell.
    Pass,
}

/// Phrases of which one is enough to look at the page.
const SURE: &[&str] = &[
    "ofsted", "children's services", "children services", "children's social care", "social services", "care leavers", "children in care",
    "looked after children", "children's trust", "ilacs", "jtai", "lscb", "focused visit", "focussed visit", "monitoring visit",
    "child protection", "social workers", "social work", "send services", "send inspection", "area send", "children's commissioner",
    "improvement notice", "safeguarding board", "safeguarding partnership", "safeguarding boards", "children's director",
    "children's boss", "dcs", "leaving care", "special needs", "special educational needs", "send", "foster carers", "foster homes",
    "children's homes", "corporate parenting", "child sexual exploitation", "inspection round up", "inspection briefing",
];
/// Words for those it is about …
const CHILDREN: &[&str] = &[
    "children", "childrens", "child", "kids", "kid", "youngsters", "young people", "teenagers", "young", "families", "family", "parents",
    "care", "foster", "fostering", "adoption", "safeguarding", "vulnerable", "disabled", "disability",
];
/// … and for what happens.
const EVENTS: &[&str] = &[
    "inspectors", "inspector", "inspection", "inspections", "inspected", "watchdog", "watchdogs", "inadequate", "outstanding",
    "requires improvement", "require improvement", "rated", "rating", "council", "councils", "councillors", "council's", "borough",
    "county", "authority", "commissioner", "report", "failing", "failings", "failed", "damning", "improvement", "trust", "director",
    "services", "service", "verdict", "praise", "praised", "top marks", "leaders", "at risk", "county hall", "city", "island", "islands",
    "grade", "test",
];
static SURE_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(SURE.iter().copied()));
static CHILD_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(CHILDREN.iter().copied()));
static EVENT_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(EVENTS.iter().copied()));
/// Inspections and grades alone, in a headline without its subject.
static GRADE_PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new([
        "inspectors", "inadequate", "requires improvement", "require improvement", "jtai", "ilacs", "inspection", "to good",
        "to outstanding", "rated good", "rated outstanding",
    ])
});

/// The first, cheap step: is the page behind a feed item worth fetching? It lets through too much rather than too little.
pub fn gate(title: &str, summary: &str) -> Gate {
    let text = Folded::of(&format!("{title}\n{summary}"));
    let any = |phrases: &Phrases| !phrases.find(&text).is_empty();
    if any(&SURE_PHRASES) || (any(&CHILD_PHRASES) && any(&EVENT_PHRASES)) || any(&GRADE_PHRASES) { Gate::Fetch } else { Gate::Pass }
}
