//! What a story waits for: the inspection it is news of, if no stored report is of it.

use jiff::civil::Date;

use crate::{
    model::{
        report::{Framework, Grade},
        verdict::WaitingFor,
    },
    tie::{
        event::{self, EventReading, EventStanding},
        features::EVENING_BEFORE,
        grades::{GradedPart, Said},
        subject::{self, Subject},
    },
};

use super::{
    unseen::{NEWS_DAYS, Unseen},
    verdict::Verdict,
};

/// Days after the report of a full or an area inspection in which no other one is announced.
const TOLD_DAYS: i32 = 120;
/// How much of news there must be for a report months old to be none of it.
const STALE: f64 = 0.8;

impl Verdict<'_> {
    /// The inspection that the story is news of and of which no report is stored, and whose it is.
    pub fn waiting(&self) -> Option<(usize, WaitingFor)> {
        self.story.main_authorities().into_iter().find_map(|authority| Some((authority, self.waits_for(authority)?)))
    }

    fn waits_for(&self, authority: usize) -> Option<WaitingFor> {
        let reading = self.reading(authority);
        let told = self.told(authority, &reading);
        // "A full inspection is expected next year", at the end of news of a visit.
        let announced = self.announced(authority, &reading).filter(|kind| *kind != Subject::Full || !told.is_some_and(event::is_visit));
        let subject = announced.or(told)?;
        if self.of(authority).any(|at| self.answers(at, subject, announced.is_some(), &reading)) {
            return None;
        }
        let day = self.story.day;
        Some(WaitingFor {
            authority: self.judge.name(authority).to_owned(),
            framework: self.framework(authority, subject, announced.is_some(), &reading),
            around: day.map(|day| format!("{:04}-{:02}", day.year(), day.month())),
        })
    }

    /// What is announced of the authority that the story is most about: a visit only where that is what it is called. A list announces
    /// nothing.
    fn announced(&self, authority: usize, reading: &EventReading) -> Option<Subject> {
        if !reading.is_announced() || self.story.is_list() || self.story.main_authorities().first() != Some(&authority) {
            return None;
        }
        let named = self.story.announces_visit(authority);
        Some(match reading.news().and_then(|event| event.kind) {
            Some(kind) if event::is_visit(kind) && named => self.visit_kind(authority, kind),
            Some(kind) if !event::is_visit(kind) => kind,
            _ => Subject::Full,
        })
    }

    /// What is told of it as news.
    fn told(&self, authority: usize, reading: &EventReading) -> Option<Subject> {
        let spoken = &reading.subjects;
        Some(match self.unseen(authority, reading)? {
            Unseen::Visit => self.visit_kind(authority, Subject::Focused),
            Unseen::Full => Subject::Full,
            Unseen::Area if spoken.get(Subject::Jtai) > spoken.get(Subject::Send) => Subject::Jtai,
            Unseen::Area => Subject::Send,
        })
    }

    /// Its framework: by the words of one, where the story has no day or is of a time when there were two; else by its day, or by the
    /// times that it names.
    fn framework(&self, authority: usize, subject: Subject, announced: bool, reading: &EventReading) -> Framework {
        let worded = self.story.framework.filter(|framework| subject == Subject::Full && framework.is_full());
        match (self.story.day, worded) {
            (day, Some(framework)) if !day.is_some_and(subject::has_one_framework) => framework,
            (None, None) if subject == Subject::Full && self.is_under_the_first(authority, reading) => Framework::Sif,
            (day, _) => {
                let found = |said: &Said| said.overall && said.standing == EventStanding::Previous && said.grade == Grade::Inadequate;
                let newest = self.newest_grade(authority, NEWS_DAYS + 1);
                let again = newest.map_or_else(|| self.story.said_of(authority).any(found), |grade| grade == Grade::Inadequate);
                subject.framework(day.unwrap_or_else(|| self.latest_time(reading)), announced, again)
            }
        }
    }

    /// True where a story without a date, and without a time of what is news, tells of a full inspection under the single framework:
    /// of full inspections only those graded adoption, and each council's first one came after what it was inspected under until 2013.
    fn is_under_the_first(&self, authority: usize, reading: &EventReading) -> bool {
        let new = |said: &&Said| said.standing == EventStanding::New;
        let adoption = self.story.said_of(authority).filter(new).any(|said| said.parts.contains(&GradedPart::Adoption));
        let recalled = self.story.times.iter().filter(|time| !time.any_year).map(|time| time.from).max();
        let named = reading.fresh_times().iter().any(|time| !time.any_year && !event::is_told_as_last(self.story, time));
        !named && (adoption || recalled.is_some_and(subject::is_before_sif))
    }

    /// The last day that a story without a date names of the inspection that it is news of; where it names none, the day on which
    /// it was seen.
    fn latest_time(&self, reading: &EventReading) -> Date {
        let named = reading.fresh_times().iter().filter(|time| !time.any_year).map(|time| time.to).max();
        named.unwrap_or(self.story.seen)
    }

    /// True if a report can be the one that the story is news of.
    fn answers(&self, at: usize, subject: Subject, announced: bool, reading: &EventReading) -> bool {
        let findings = &self.found[at];
        let gap = findings.gap;
        let likely = self.chances[at] >= self.judge.weights.possible;
        if announced {
            let again = gap.is_some_and(|gap| (EVENING_BEFORE..=TOLD_DAYS).contains(&gap)) && self.kind_of(at) == Some(subject);
            let told = again && !event::is_visit(subject);
            return likely
                && (told || findings.fresh && self.chances[at] >= self.judge.weights.auto || gap.map_or(findings.to_come, |gap| gap < 0));
        }
        let fresh = self.found[at].is_coverage();
        if self.kind_of(at) != Some(subject) {
            return fresh && self.chances[at] >= self.judge.weights.auto;
        }
        match subject {
            Subject::Focused | Subject::Monitoring => likely && gap.is_none_or(|gap| gap <= NEWS_DAYS),
            Subject::Jtai | Subject::Send => {
                self.chances[at] >= self.judge.weights.auto || findings.get("told-after") == 0.0 && (likely || reading.fresh < 1.5)
            }
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
            // Of a story without a date it is not known which grade held.
            let is_good = self.story.day.is_some() && matches!(newest, Some(Grade::Good | Grade::Outstanding));
            return if monitoring && !is_good { Subject::Monitoring } else { Subject::Focused };
        }
        if monitoring {
            return subject;
        }
        let said = |of: &[Grade]| self.story.said_of(authority).any(|said| said.overall && !said.left && of.contains(&said.grade));
        let (inadequate, holds_good) = (|| said(&[Grade::Inadequate]), || said(&[Grade::Good, Grade::Outstanding]));
        match newest {
            _ if self.story.day.is_none() && inadequate() => Subject::Monitoring,
            Some(Grade::Inadequate) => Subject::Monitoring,
            // Of a council of which no report is stored, what it was found before says it, or what is done about it.
            None if !inadequate() && holds_good() => Subject::Focused,
            None if inadequate() || !self.story.interventions.is_empty() => Subject::Monitoring,
            _ => Subject::Focused,
        }
    }
}
