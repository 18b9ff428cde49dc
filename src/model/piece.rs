//! A piece of copy: one text about one inspection, at however many outlets. What people decide, what it is tied to and
//! what readers were shown hang on it; each of its copies keeps what is its own reading.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    report::ReportId,
    story::StoryId,
    tie::{GradeCheck, Tie, TieState},
    verdict::{Judged, StoryKind, WaitingFor},
};

/// The id of a piece: that of the story it began as. It stays when copies come and go, and is never given twice.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PieceId(pub String);

impl std::fmt::Display for PieceId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl PieceId {
    /// An id for a piece of these copies: that of the first of them whose id no piece has, else that of the first with a
    /// number.
    pub fn fresh(copies: &[StoryId], is_taken: impl Fn(&Self) -> bool) -> Self {
        let first = copies.first().map_or("s", |copy| copy.0.as_str());
        let numbered = (2u64..).map(|n| Self(format!("{first}-{n}")));
        let own = copies.iter().map(|copy| Self(copy.0.clone()));
        own.chain(numbered).find(|id| !is_taken(id)).unwrap_or_else(|| Self(first.to_owned()))
    }
}

/// A piece as it stands before its copies are looked at again.
#[derive(Debug, Clone, PartialEq)]
pub struct Former {
    pub id: PieceId,
    /// First published first.
    pub copies: Vec<StoryId>,
    pub first_seen: Timestamp,
    /// What people decided about it, if anything.
    pub decided: Option<Decided>,
    /// What readers could see of it; nothing where it was never judged.
    pub shown: Option<Shown>,
}

/// That something was decided about a piece, and which decision was the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Its place among all decisions; the latest has the greatest.
    pub order: i64,
    /// The copy that was named; nothing where that was deleted for good since.
    pub copy: Option<StoryId>,
}

/// A piece that follows former ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heir {
    pub id: PieceId,
    /// Those whose decisions and past it takes over; none where it split off.
    pub of: Vec<PieceId>,
}

/// What readers are shown of a piece: where it differs, the piece is news again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    pub relevant: bool,
    /// The ties that hold.
    pub tied: BTreeMap<ReportId, GradeCheck>,
    pub waits: bool,
}

impl Shown {
    /// What is shown of several pieces that become one.
    pub fn together(all: impl Iterator<Item = Self>) -> Option<Self> {
        all.reduce(|mut one, other| {
            one.relevant |= other.relevant;
            one.tied.extend(other.tied);
            one.waits |= other.waits;
            one
        })
    }

    /// Why readers want to hear of it again: it is ours only now, its wait ended, it was tied or untied, or its grade and the
    /// report's came to differ or differ no more.
    pub fn news_after(&self, before: &Self) -> Option<News> {
        if !self.relevant {
            return None;
        }
        let differs = |of: &Self, report| of.tied.get(report) == Some(&GradeCheck::Disagrees);
        if !before.relevant {
            Some(News::Ours)
        } else if before.waits && !self.waits {
            Some(News::WaitOver)
        } else if self.tied.keys().any(|report| !before.tied.contains_key(report)) {
            Some(News::Tied)
        } else if !self.tied.keys().eq(before.tied.keys()) {
            Some(News::Untied)
        } else {
            self.tied.keys().any(|report| differs(self, report) != differs(before, report)).then_some(News::Grades)
        }
    }
}

/// Why a piece that was seen before is news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum News {
    /// It is taken to be about our subject only now.
    Ours,
    Tied,
    /// The report that it waited for is there, or it waits for none any more.
    WaitOver,
    Untied,
    /// Its grade and the report's came to differ, or differ no more.
    Grades,
    /// Its text is another.
    Rewritten,
}

impl News {
    pub const ALL: [Self; 6] = [Self::Ours, Self::Tied, Self::WaitOver, Self::Untied, Self::Grades, Self::Rewritten];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Tied => "tied",
            Self::WaitOver => "wait-over",
            Self::Untied => "untied",
            Self::Grades => "grades",
            Self::Rewritten => "rewritten",
        }
    }
}

/// What the copies of a piece say together.
#[derive(Debug, Clone, PartialEq)]
pub struct United {
    pub kind: StoryKind,
    /// One a report, best first, each with the copy whose reading it is.
    pub ties: Vec<(StoryId, Tie)>,
    pub waiting_for: Option<WaitingFor>,
}

impl United {
    /// Unites the readings of copies, the leading one first: of the ties to one report the best stands, of two as good
    /// the earlier copy's.
    pub fn of<'a>(readings: impl Iterator<Item = (&'a StoryId, &'a Judged)> + Clone) -> Self {
        let relevant = || readings.clone().map(|(_, judged)| judged).filter(|judged| judged.relevance.relevant);
        let mut ties: Vec<(StoryId, Tie)> = Vec::new();
        for (copy, tie) in readings.clone().flat_map(|(copy, judged)| judged.ties.iter().map(move |tie| (copy, tie))) {
            match ties.iter_mut().find(|(_, known)| known.report == tie.report) {
                Some(known) if is_better(tie, &known.1) => *known = (copy.clone(), tie.clone()),
                Some(_) => {}
                None => ties.push((copy.clone(), tie.clone())),
            }
        }
        ties.sort_by(|(_, a), (_, b)| b.confidence.total_cmp(&a.confidence).then_with(|| a.report.cmp(&b.report)));
        let tied = relevant().find(|judged| judged.ties.iter().any(|tie| tie.state.holds()));
        Self {
            kind: tied.or_else(|| relevant().next()).map_or(StoryKind::Other, |judged| judged.kind),
            ties,
            waiting_for: relevant().find_map(|judged| judged.waiting_for.clone()),
        }
    }
}

fn is_better(one: &Tie, other: &Tie) -> bool {
    let rank = |tie: &Tie| tie.state == TieState::Auto;
    rank(one).cmp(&rank(other)).then(one.confidence.total_cmp(&other.confidence)).is_gt()
}

/// A piece as it is to stand from now on.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    pub heir: Heir,
    pub copies: Vec<StoryId>,
    pub united: United,
}
