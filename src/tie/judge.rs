//! The verdict on a story: relevance, ties with their states, quotations, grade checks, and what it waits for.

use std::rc::Rc;

use crate::model::{
    authority::Gazetteer,
    evidence::Quotation,
    overview::ReportCard,
    report::{Grade, ReportId},
    story::Story,
    text::{clean_line, shorten},
    tie::{GradeCheck, Mention, MentionedAs, Tie, TieKind, TieState},
    verdict::{Judged, Relevance, StatedGrade, StoryKind, StoryState, WaitingFor},
};

use super::{
    event::{self, Event, Reading, Standing},
    evidence,
    features::{self, Candidate, EVENING_BEFORE, Findings, overall},
    grades::Said,
    locate::Place,
    names::Names,
    prepared::Prepared,
    quotes::Speaker,
    relevance::{self, Setting},
    score::{Weights, WeightsError},
    subject::Subject,
    when,
};

/// Ties stories to reports: the names of the gazetteer and the fitted weights.
pub struct Judge {
    names: Names,
    gazetteer: Gazetteer,
    weights: Weights,
}

/// Days after a report within which a story is coverage, not a follow-up.
const COVERAGE_DAYS: i32 = 45;
/// A report this many days older than the story can still be the one that the story is news of.
const NEWS_DAYS: i32 = 60;
/// Possible ties offered of one authority.
const MAX_POSSIBLE: usize = 3;
/// Reports mentioned; a story that recalls more is a list.
const MAX_MENTIONS: usize = 8;
/// Words of a quotation from which it tells that a report is spoken of.
const TELLING: usize = 6;
/// Characters of the sentence that mentions a report.
const EXCERPT: usize = 300;

impl Judge {
    pub fn new(gazetteer: Gazetteer) -> Result<Self, WeightsError> {
        Ok(Self { names: Names::new(&gazetteer), weights: Weights::built_in()?, gazetteer })
    }

    pub fn gazetteer(&self) -> &Gazetteer {
        &self.gazetteer
    }

    /// Reads a story once for any number of reports.
    pub fn prepare(&self, story: &Story) -> Prepared {
        Prepared::new(story, &self.names, &self.gazetteer)
    }

    /// Names of the authorities whose reports [`Judge::judge`] wants as candidates.
    pub fn wanted(&self, story: &Prepared) -> Vec<String> {
        story.wanted_authorities(&self.gazetteer)
    }

    /// The findings of each candidate, as `features` shows them for fitting.
    pub fn findings(&self, story: &Prepared, candidates: &[Candidate]) -> Vec<Findings> {
        features::find(story, candidates, &self.gazetteer)
    }

    /// Judges a story against its candidates. A report published long after a dated story is no candidate.
    pub fn judge(&self, story: &Prepared, candidates: &[Candidate]) -> Judged {
        let relevance = self.relevance(story);
        if !relevance.relevant {
            return self.irrelevant(story, relevance);
        }
        let ahead = |card: &ReportCard| story.day.zip(card.published).map_or(0, |(day, published)| when::days(day, published));
        let candidates: Vec<Candidate> = candidates.iter().filter(|candidate| ahead(&candidate.card) <= story.days_ahead()).cloned().collect();
        let found = self.findings(story, &candidates);
        let chances = self.weights.probabilities(&candidates, &found);
        let verdict = Verdict { judge: self, story, candidates: &candidates, found: &found, chances: &chances };
        let waiting = verdict.waiting();
        let ties = verdict.ties(waiting.as_ref().map(|(authority, _)| *authority));
        let mentions = verdict.mentions(&ties);
        let waiting_for = waiting.map(|(_, waiting)| waiting);
        Judged {
            kind: verdict.kind(&ties),
            authorities: verdict.authorities(&ties),
            stated_grades: self.stated_grades(story),
            quotations: verdict.quotations(&ties, &mentions),
            state: StoryState::of(ties.iter().map(|tie| tie.state), waiting_for.is_some()),
            ties,
            mentions,
            waiting_for,
            relevance,
        }
    }

    fn irrelevant(&self, story: &Prepared, relevance: Relevance) -> Judged {
        Judged {
            relevance,
            kind: StoryKind::Other,
            authorities: self.main_names(story),
            stated_grades: Vec::new(),
            quotations: story.quotations.iter().map(quotation).collect(),
            ties: Vec::new(),
            mentions: Vec::new(),
            waiting_for: None,
            state: StoryState::None,
        }
    }

    fn relevance(&self, story: &Prepared) -> Relevance {
        let first = story.actors.first();
        let setting = Setting {
            authority_weight: first.map_or(0.0, |actor| actor.weight),
            authority: first.map(|actor| self.name(actor.authority)),
            authority_in_title: story.actors.iter().any(|actor| actor.in_title),
            authority_leads: first.is_some_and(|actor| actor.in_lead),
            send: story.subjects.get(Subject::Send),
        };
        relevance::judge(&story.topics, setting)
    }

    fn name(&self, authority: usize) -> &str {
        &self.gazetteer.all()[authority].name
    }

    fn main_names(&self, story: &Prepared) -> Vec<String> {
        story.main_authorities().into_iter().map(|authority| self.name(authority).to_owned()).collect()
    }

    fn stated_grades(&self, story: &Prepared) -> Vec<StatedGrade> {
        let mut stated: Vec<StatedGrade> = Vec::new();
        for authority in story.main_authorities() {
            for said in story.said_of(authority).filter(|said| said.overall && said.standing == Standing::New) {
                if stated.iter().all(|known| known.authority != self.name(authority) || known.grade != said.grade) {
                    let text = crate::model::text::clean_line(story.text.slice(story.text.sentences[said.sentence]));
                    stated.push(StatedGrade { authority: self.name(authority).to_owned(), grade: said.grade, text });
                }
            }
        }
        stated
    }
}

/// What is said for a verdict: the story, its candidates, and what was found of each.
struct Verdict<'a> {
    judge: &'a Judge,
    story: &'a Prepared,
    candidates: &'a [Candidate],
    found: &'a [Findings],
    chances: &'a [f64],
}

impl Verdict<'_> {
    fn at(&self, report: &ReportId) -> Option<usize> {
        self.candidates.iter().position(|candidate| candidate.card.id == *report)
    }

    fn kind_of(&self, at: usize) -> Option<Subject> {
        Subject::of(self.candidates[at].card.framework)
    }

    /// The reports of an authority.
    fn of(&self, authority: usize) -> impl Iterator<Item = usize> {
        (0..self.candidates.len()).filter(move |&at| self.found[at].authority == Some(authority))
    }

    /// What the story says of an authority's inspections.
    fn reading(&self, authority: usize) -> Rc<Reading> {
        let known = self.of(authority).find_map(|at| self.found[at].reading.clone());
        known.unwrap_or_else(|| Rc::new(event::read(self.story, authority)))
    }

    /// The ties, best first. Where the story waits for another inspection of an authority, no older report of it is tied
    /// without asking.
    fn ties(&self, waiting: Option<usize>) -> Vec<Tie> {
        let weights = &self.judge.weights;
        let mut order: Vec<usize> = (0..self.candidates.len()).filter(|&at| self.chances[at] >= weights.possible).collect();
        order.sort_by(|&a, &b| self.chances[b].total_cmp(&self.chances[a]).then(self.candidates[a].card.id.cmp(&self.candidates[b].card.id)));
        let mut ties = Vec::new();
        let mut offered: Vec<Option<usize>> = Vec::new();
        for at in order {
            let (candidate, findings) = (&self.candidates[at], &self.found[at]);
            let background = waiting.is_some() && waiting == findings.authority;
            if background && findings.recalled {
                continue;
            }
            let auto = self.chances[at] >= weights.auto && !background;
            if !auto && offered.iter().filter(|authority| **authority == findings.authority).count() >= MAX_POSSIBLE {
                continue;
            }
            offered.push(findings.authority);
            ties.push(Tie {
                report: candidate.card.id.clone(),
                state: if auto { TieState::Auto } else { TieState::Possible },
                confidence: (self.chances[at] * 1000.0).round() / 1000.0,
                kind: tie_kind(findings),
                grade_check: grade_check(candidate, findings),
                evidence: evidence::word(self.story, candidate, findings, weights),
            });
        }
        ties
    }

    /// The reports that the story speaks of as background: an earlier inspection whose time or grade it recalls, or whose
    /// words it quotes; that of a council named in passing.
    fn mentions(&self, ties: &[Tie]) -> Vec<Mention> {
        let untied = (0..self.candidates.len()).filter(|&at| ties.iter().all(|tie| tie.report != self.candidates[at].card.id));
        untied.filter_map(|at| self.mention(at)).take(MAX_MENTIONS).collect()
    }

    fn mention(&self, at: usize) -> Option<Mention> {
        let (candidate, findings) = (&self.candidates[at], &self.found[at]);
        let authority = findings.authority?;
        let reading = findings.reading.as_ref()?;
        let main = self.story.main_authorities().contains(&authority);
        let recalled = reading.recalled().find(|event| recalls(event, candidate, findings.gap)).map(|event| event.at);
        let quoted = || {
            let long = |(_, place): &(usize, &Option<Place>)| place.as_ref().is_some_and(|place| place.exact && place.matched >= TELLING);
            findings.quotations.iter().enumerate().find(long).map(|(quote, _)| self.story.quotations[quote].start)
        };
        let named = || reading.news().filter(|event| !main && recalls(event, candidate, findings.gap)).map(|event| event.at);
        let byte = recalled.or_else(quoted).or_else(named)?;
        let sentence = self.story.text.sentence_at(byte)?;
        Some(Mention {
            report: candidate.card.id.clone(),
            mentioned: if main { MentionedAs::Previous } else { MentionedAs::Anothers },
            text: shorten(&clean_line(self.story.text.slice(self.story.text.sentences[sentence])), EXCERPT),
        })
    }

    /// The inspection that the story is news of and of which no report is stored, and whose it is. A list waits for none.
    fn waiting(&self) -> Option<(usize, WaitingFor)> {
        let authority = *self.story.main_authorities().first()?;
        if self.story.is_list() {
            return None;
        }
        let reading = self.reading(authority);
        let unnamed = self.tells_visit(authority, &reading);
        let subject = match reading.news().map(|event| event.kind) {
            _ if unnamed => self.visit_kind(authority, Subject::Focused),
            None => return None,
            Some(None) => Subject::Full,
            Some(Some(kind)) if event::is_visit(kind) => self.visit_kind(authority, kind),
            Some(Some(kind)) => kind,
        };
        let announced = reading.is_announced();
        if !(announced || unnamed || self.is_news(&reading, subject)) || self.of(authority).any(|at| self.answers(at, subject, announced, &reading)) {
            return None;
        }
        let day = self.story.day;
        let waiting = WaitingFor {
            authority: self.judge.name(authority).to_owned(),
            framework: subject.framework(day.map(|day| day.year())),
            around: day.map(|day| format!("{:04}-{:02}", day.year(), day.month())),
        };
        Some((authority, waiting))
    }

    /// True if a report can be the one that the story is news of.
    fn answers(&self, at: usize, subject: Subject, announced: bool, reading: &Reading) -> bool {
        let findings = &self.found[at];
        let gap = findings.gap;
        let likely = self.chances[at] >= self.judge.weights.possible;
        if announced {
            return likely && gap.is_none_or(|gap| gap < 0);
        }
        let fresh = gap.is_some_and(|gap| (EVENING_BEFORE..=COVERAGE_DAYS).contains(&gap));
        if self.kind_of(at) != Some(subject) {
            return fresh && self.chances[at] >= self.judge.weights.auto;
        }
        match subject {
            Subject::Focused | Subject::Monitoring => likely && gap.is_none_or(|gap| gap <= NEWS_DAYS),
            Subject::Jtai | Subject::Send => likely || findings.get("told-after") == 0.0 && reading.fresh < 1.5,
            Subject::Full => self.chances[at] >= self.judge.weights.auto || likely && gap.is_none_or(|gap| gap <= NEWS_DAYS),
        }
    }

    /// Which of the two kinds of visit it is where the story does not say: only councils judged inadequate are monitored.
    fn visit_kind(&self, authority: usize, subject: Subject) -> Subject {
        let has = |phrase: &&str| self.story.folded.has(phrase);
        let (monitoring, focused) = (["monitoring visit", "monitoring visits"].iter().any(has), ["focused visit", "focussed visit", "focused inspection"].iter().any(has));
        if monitoring != focused {
            return if monitoring { Subject::Monitoring } else { Subject::Focused };
        }
        if monitoring {
            return subject;
        }
        let before = |at: &usize| self.found[*at].gap.is_none_or(|gap| gap >= 0);
        let full = self.of(authority).filter(before).filter(|&at| self.candidates[at].card.framework.is_full());
        match full.max_by_key(|&at| self.candidates[at].card.published).and_then(|at| overall(&self.candidates[at].card)) {
            Some(Grade::Inadequate) => Subject::Monitoring,
            _ => Subject::Focused,
        }
    }

    /// Findings without any new grade, after every full report there is: a visit, though nothing calls it one.
    fn tells_visit(&self, authority: usize, reading: &Reading) -> bool {
        let spoken = &reading.subjects;
        let other = spoken.get(Subject::Jtai) + spoken.get(Subject::Send) >= 1.5;
        let full = || self.of(authority).filter(|&at| self.candidates[at].card.framework.is_full());
        let after = full().next().is_some() && full().all(|at| self.found[at].get("told-after") > 0.0);
        let fresh = full().any(|at| self.found[at].gap.is_none_or(|gap| (EVENING_BEFORE..=NEWS_DAYS).contains(&gap)));
        let found = reading.findings >= TOLD || after && reading.findings > 0.0;
        !other && !fresh && reading.graded < 1.0 && found && reading.follow_up < FOLLOWED.max(0.6 * reading.findings) && self.story.day.is_some()
    }

    /// True if what is said of a kind of inspection is news and not what came of an older one.
    fn is_news(&self, reading: &Reading, subject: Subject) -> bool {
        let spoken = &reading.subjects;
        let visits = spoken.get(Subject::Focused) + spoken.get(Subject::Monitoring);
        match subject {
            Subject::Full => {
                let lead = self.story.topics.lead(relevance::Topic::Inspection);
                reading.graded >= 2.5 && lead >= 2.0 && reading.fresh >= 1.0 && reading.follow_up < 1.5 * reading.fresh
            }
            Subject::Focused | Subject::Monitoring => {
                visits >= NEWS_VISIT.max(FOLLOWED_VISIT * reading.follow_up) && spoken.share(Subject::Focused) + spoken.share(Subject::Monitoring) >= NEWS_SHARE
            }
            Subject::Jtai => spoken.get(subject) >= 2.5 && spoken.share(subject) >= NEWS_SHARE,
            Subject::Send => spoken.get(subject) >= 4.0 && spoken.share(subject) >= NEWS_SHARE,
        }
    }

    /// Those of the ties first, then the others that the story is mostly about.
    fn authorities(&self, ties: &[Tie]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let tied = ties.iter().filter(|tie| tie.state.holds()).filter_map(|tie| self.candidates[self.at(&tie.report)?].card.authority.clone());
        for name in tied.chain(self.judge.main_names(self.story)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    fn kind(&self, ties: &[Tie]) -> StoryKind {
        let holding = ties.iter().filter(|tie| tie.state.holds());
        let mut authorities: Vec<&str> = holding.filter_map(|tie| self.candidates[self.at(&tie.report)?].card.authority.as_deref()).collect();
        authorities.sort_unstable();
        authorities.dedup();
        let announced = || self.story.main_authorities().first().is_some_and(|&authority| self.reading(authority).is_announced());
        match ties.first() {
            _ if authorities.len() > 2 => StoryKind::RoundUp,
            Some(tie) if tie.kind == TieKind::Announcement => StoryKind::Announcement,
            Some(tie) if tie.kind == TieKind::FollowUp => StoryKind::FollowUp,
            _ if authorities.len() == 2 => StoryKind::RoundUp,
            None if announced() => StoryKind::Announcement,
            _ => StoryKind::Coverage,
        }
    }

    /// Each quotation with its place in the report that has it: of those tied and mentioned the one that has it word for
    /// word, or most of it.
    fn quotations(&self, ties: &[Tie], mentions: &[Mention]) -> Vec<Quotation> {
        let spoken: Vec<usize> =
            ties.iter().map(|tie| &tie.report).chain(mentions.iter().map(|mention| &mention.report)).filter_map(|report| self.at(report)).collect();
        let quotations = self.story.quotations.iter().enumerate();
        quotations.map(|(quote, quoted)| self.placed(quotation(quoted), quote, &spoken)).collect()
    }

    fn placed(&self, mut shown: Quotation, quote: usize, spoken: &[usize]) -> Quotation {
        let places = spoken.iter().enumerate().filter_map(|(rank, &at)| Some((rank, at, self.found[at].quotations[quote]?)));
        if let Some((_, at, place)) = places.max_by_key(|(rank, _, place)| (place.exact, place.matched, std::cmp::Reverse(*rank))) {
            let passage = self.candidates[at].text.passages.get(place.passage);
            shown.found = true;
            shown.exact = place.exact;
            shown.report = Some(self.candidates[at].card.id.clone());
            shown.page = passage.map(|passage| passage.page);
            shown.paragraph = passage.and_then(evidence::paragraph);
        }
        shown
    }
}

/// How much of findings tells an inspection, and how much of what came of one tells none.
const TOLD: f64 = 2.5;
const FOLLOWED: f64 = 1.5;

/// How strongly visits must be spoken of for a story to be news of one, and their share in all that is said of inspections.
const NEWS_VISIT: f64 = 1.5;
const NEWS_SHARE: f64 = 0.4;
/// The same for each unit of what came of an earlier report.
const FOLLOWED_VISIT: f64 = 0.8;

/// True if an event is the inspection of this report: a time named is its own, or, of one without a time, the grade.
fn recalls(event: &Event, candidate: &Candidate, gap: Option<i32>) -> bool {
    let card = &candidate.card;
    let graded = |said: &Said| said.overall && overall(card) == Some(said.grade);
    let older = gap.is_none_or(|gap| gap >= 0);
    if event.when.is_empty() {
        return older && card.framework.is_full() && event.grades.iter().any(graded);
    }
    let fits = when::fit(&event.when, card);
    let full = card.framework.is_full() || event.grades.is_empty();
    let agrees = event.grades.is_empty() || event.grades.iter().any(graded);
    older && full && agrees && (fits.published_day || fits.inspected_day || fits.month || (fits.year && card.framework.is_full()))
}

fn tie_kind(findings: &Findings) -> TieKind {
    match findings.gap {
        Some(..EVENING_BEFORE) => TieKind::Announcement,
        Some(gap) if gap > COVERAGE_DAYS => TieKind::FollowUp,
        _ => TieKind::Coverage,
    }
}

fn grade_check(candidate: &Candidate, findings: &Findings) -> GradeCheck {
    match (overall(&candidate.card), &findings.stated) {
        (None, _) => GradeCheck::NoGrade,
        (Some(_), None) => GradeCheck::NotStated,
        (Some(grade), Some(said)) if said.grade == grade => GradeCheck::Agrees,
        (Some(_), Some(_)) => GradeCheck::Disagrees,
    }
}

fn quotation(quoted: &super::quotes::Quoted) -> Quotation {
    let speaker = match &quoted.speaker {
        Speaker::Ofsted => Some("Ofsted".to_owned()),
        Speaker::Other(name) => Some(name.clone()),
        Speaker::Unknown => None,
    };
    Quotation { text: quoted.text.clone(), speaker, found: false, exact: false, report: None, page: None, paragraph: None }
}
