//! What a story waits for: the inspection it is news of, if no stored report is of it.

use jiff::civil::Date;

use crate::{
    model::{report::Grade, verdict::WaitingFor},
    tie::{
        event::{self, EventReading},
        relevance,
        subject::{self, Subject},
    },
};

use super::{verdict::Verdict, visit::NEWS_DAYS};

/// How much of news there must be for a report months old to be none of it.
const STALE: f64 = 0.8;
/// How strongly an area inspection must be spoken of for a story to be news of one.
const SEND: f64 = 4.0;
/// The same of a joint one by several inspectorates.
const JOINT: f64 = 2.5;
/// The share that a joint inspection must have in all that is said of inspections for a story to be news of one.
const NEWS_SHARE: f64 = 0.4;

/// Help for children with special needs is spoken of more than any visit.
fn is_of_area(reading: &EventReading) -> bool {
    let spoken = &reading.subjects;
    spoken.get(Subject::Send) >= SEND && spoken.get(Subject::Send) > spoken.get(Subject::Focused) + spoken.get(Subject::Monitoring)
}

/// So is a joint inspection by several inspectorates.
fn is_of_several(reading: &EventReading) -> bool {
    let spoken = &reading.subjects;
    spoken.get(Subject::Jtai) >= JOINT && spoken.get(Subject::Jtai) > spoken.get(Subject::Focused) + spoken.get(Subject::Monitoring)
}

impl Verdict<'_> {
    /// The inspection that the story is news of and of which no report is stored, and whose it is. A list waits for none.
    pub fn waiting(&self) -> Option<(usize, WaitingFor)> {
        let authority = *self.story.main_authorities().first()?;
        if self.story.is_list() {
            return None;
        }
        let reading = self.reading(authority);
        let announced = reading.is_announced();
        let named = self.story.announces_visit(authority);
        // What is announced is a visit where that is what it is called.
        let visited = self.tells_visit(authority, &reading) && (named || !announced);
        let subject = match reading.news().map(|event| event.kind) {
            Some(Some(kind)) if announced && event::is_visit(kind) && !named => Subject::Full,
            Some(Some(kind)) if announced && event::is_visit(kind) => self.visit_kind(authority, kind),
            _ if visited && is_of_area(&reading) => Subject::Send,
            _ if visited && is_of_several(&reading) => Subject::Jtai,
            _ if visited => self.visit_kind(authority, Subject::Focused),
            None => return None,
            Some(None) => Subject::Full,
            Some(Some(kind)) => kind,
        };
        if !(announced || visited || self.is_news(authority, &reading, subject))
            || self.of(authority).any(|at| self.answers(at, subject, announced, &reading))
        {
            return None;
        }
        let day = self.story.day;
        let waiting = WaitingFor {
            authority: self.judge.name(authority).to_owned(),
            framework: subject.framework(day.unwrap_or_else(|| self.latest_time(&reading))),
            around: day.map(|day| format!("{:04}-{:02}", day.year(), day.month())),
        };
        Some((authority, waiting))
    }

    /// The last day that a story without a date names of the inspection that it is news of; where it names none, the day on which
    /// it was seen.
    fn latest_time(&self, reading: &EventReading) -> Date {
        let named = reading.fresh_times().iter().filter(|time| !time.any_year).map(|time| time.to).max();
        named.unwrap_or(self.story.seen)
    }

    /// A fresh report of another authority is what the story is news of.
    fn explained(&self) -> bool {
        (0..self.candidates.len()).any(|at| self.chances[at] >= self.judge.weights.auto && self.found[at].is_coverage())
    }

    /// True if a report can be the one that the story is news of.
    fn answers(&self, at: usize, subject: Subject, announced: bool, reading: &EventReading) -> bool {
        let findings = &self.found[at];
        let gap = findings.gap;
        let likely = self.chances[at] >= self.judge.weights.possible;
        if announced {
            return likely && gap.map_or(findings.get("to-come") > 0.0, |gap| gap < 0);
        }
        let fresh = self.found[at].is_coverage();
        if self.kind_of(at) != Some(subject) {
            return fresh && self.chances[at] >= self.judge.weights.auto;
        }
        match subject {
            Subject::Focused | Subject::Monitoring => likely && gap.is_none_or(|gap| gap <= NEWS_DAYS),
            Subject::Jtai | Subject::Send => likely || findings.get("told-after") == 0.0 && reading.fresh < 1.5,
            // A new grade told as news is not that of a report months old, be it the same.
            Subject::Full if findings.get("stale") >= STALE => false,
            Subject::Full => self.chances[at] >= self.judge.weights.auto || likely && gap.is_none_or(|gap| gap <= NEWS_DAYS),
        }
    }

    /// Which of the two kinds of visit it is where the story does not say: only councils judged inadequate are monitored.
    fn visit_kind(&self, authority: usize, subject: Subject) -> Subject {
        let newest = self.newest_grade(authority, 0);
        let is_named = |kind| subject::is_named(&self.story.folded, kind);
        let (monitoring, focused) = (is_named(Subject::Monitoring), is_named(Subject::Focused));
        if monitoring != focused {
            // Papers call every visit one to monitor; a council that holds a good grade has none of those.
            let is_good = matches!(newest, Some(Grade::Good | Grade::Outstanding));
            return if monitoring && !is_good { Subject::Monitoring } else { Subject::Focused };
        }
        if monitoring {
            return subject;
        }
        let inadequate = || self.story.said_of(authority).any(|said| said.overall && !said.left && said.grade == Grade::Inadequate);
        match newest {
            _ if self.story.day.is_none() && inadequate() => Subject::Monitoring,
            Some(Grade::Inadequate) => Subject::Monitoring,
            // Of a council of which no report is stored, what is done about it says that it was found inadequate.
            None if inadequate() || subject::is_under_intervention(&self.story.folded) => Subject::Monitoring,
            _ => Subject::Focused,
        }
    }

    /// True if what is said of a kind of inspection is news and not what came of an older one.
    fn is_news(&self, authority: usize, reading: &EventReading, subject: Subject) -> bool {
        let spoken = &reading.subjects;
        match subject {
            Subject::Full => {
                let lead = self.story.topics.lead(relevance::Topic::Inspection);
                let unknown = !self.of(authority).any(|at| self.candidates[at].card.framework.is_full());
                if unknown && self.explained() && !self.story.actor(authority).is_some_and(|actor| actor.in_title) {
                    return false;
                }
                let graded = reading.graded >= 2.5 || reading.graded >= 1.4 && (unknown || reading.fresh >= 1.4);
                let told =
                    reading.fresh >= 1.0 && reading.follow_up < 1.5 * reading.fresh || unknown && reading.follow_up < 1.0 + reading.graded;
                graded && lead >= 1.8 && told
            }
            Subject::Focused | Subject::Monitoring => false,
            Subject::Jtai => spoken.get(subject) >= JOINT && spoken.share(subject) >= NEWS_SHARE,
            Subject::Send => spoken.get(subject) >= SEND && spoken.share(subject) >= NEWS_SHARE,
        }
    }
}
