//! Which stories a list gives, as SQL: a WHERE of what is asked and nothing else, walked along the index that has it in
//! order, so that a list costs what it shows.

use jiff::{SignedDuration, Timestamp};

use super::{
    Narrow, Store, StoreError,
    columns::{Json, Time, maybe_time},
    few::InOrder,
    narrow::{Bound, published},
    search::Index,
};
use crate::model::{
    story::StoryId,
    verdict::{Review, StoryState},
};

/// Hours after which a copy, or the time of a piece, is late: copies lie less than 45 days and an hour apart, and the first may be
/// dated two days ahead of when it was seen. Those that are later all the same have indexes, `story_late` and `piece_late`, which
/// name this number, too.
pub(super) const LATE_HOURS: i64 = (45 + 2) * 24 + 1;

/// Whether stories are given one by one or folded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Per {
    /// Each copy.
    #[default]
    Copy,
    /// One a piece: of its copies about our subject the first published.
    Piece,
}

/// How much of each story is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fill {
    /// All that a card has.
    #[default]
    All,
    /// What stands in its own row and its piece's, and its copies: enough for a line in a list.
    Line,
}

/// Which stories to give; the default gives all. What is said of state, review and time is said of their piece.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoryFilter {
    pub per: Per,
    pub fill: Fill,
    /// Of pieces first seen or news again after this moment…
    pub since: Option<Timestamp>,
    /// …and not after this one.
    pub until: Option<Timestamp>,
    pub relevant: Option<bool>,
    pub review: Option<Review>,
    /// Not those that were reviewed so.
    pub without: Option<Review>,
    /// Those that wait include the ones that have possible ties beside it.
    pub state: Option<StoryState>,
    /// With a tie that holds, or without.
    pub tied: Option<bool>,
    /// What else is asked of the piece.
    pub narrow: Narrow,
    pub ids: Option<Vec<StoryId>>,
    pub limit: Option<usize>,
}

/// FROM, WHERE and ORDER BY of a list, with what is bound in it.
pub(super) struct Clauses {
    pub sql: String,
    pub bound: Bound,
}

/// Stories with their pieces; the story is found first.
const EACH: &str = "CROSS JOIN piece ON piece.id = story.piece";

/// What a list goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Through {
    /// Pieces, with the story that stands for each, or with its copies.
    Pieces,
    /// The index of pieces that are shown, and the rows of those that fit by what their ids decide.
    Shown,
    /// Stories, with the piece of each.
    Stories,
}

impl Through {
    /// When what is gone through is of, and what is first of two of one moment.
    fn order(self) -> (&'static str, &'static str) {
        match self {
            Self::Pieces => ("piece.at", "piece.stands"),
            Self::Shown => ("shown_at", "shown_stands"),
            Self::Stories => ("coalesce(published, story.first_seen)", "story.id"),
        }
    }

    /// What must hold of each.
    fn asked(self, of_piece: Vec<String>, rest: &Narrow) -> Vec<String> {
        match self {
            Self::Pieces => [of_piece, rest.of_piece()].concat(),
            Self::Shown => [of_piece, rest.beside_id().of_piece()].concat(),
            Self::Stories => {
                let mut asked = [of_piece, Narrow { outlets: None, ..rest.clone() }.of_piece()].concat();
                // A condition of the piece alone makes SQLite go through all pieces first, for a filter of their keys.
                asked.iter_mut().for_each(|condition| *condition = format!("({condition} OR story.id = '')"));
                // An outlet is asked before the piece is read.
                asked.extend(rest.outlets.as_ref().map(|outlets| published("story.piece", ":outlets", outlets)));
                asked
            }
        }
    }
}

impl Clauses {
    pub fn of(filter: &StoryFilter, store: &Store) -> Result<Self, StoreError> {
        let mut clauses = Self { sql: String::new(), bound: Vec::new() };
        let narrow = Narrow { ours: filter.relevant == Some(true) && filter.per == Per::Piece, ..filter.narrow.clone() };
        let few = if filter.since.is_none() && filter.ids.is_none() && !narrow.is_all() {
            store.few(&narrow, store.in_order(filter)?)?
        } else {
            None
        };
        let (few, rest) = few.map_or((None, narrow), |few| (Some(few.pieces), few.rest));
        let (through, from) = clauses.from(filter, few, &rest);
        let (at, first) = if filter.per == Per::Piece { through.order() } else { Through::Stories.order() };
        let mut asked = through.asked(clauses.of_piece(filter), &rest);
        // What is younger is not gone through.
        if let Some(until) = filter.until.or(filter.narrow.until).filter(|_| filter.per == Per::Piece) {
            asked.push(format!("{at} <= :until_at"));
            clauses.bound.push((":until_at", Box::new(Time(store.latest_of(until)?))));
        }
        let asked = if asked.is_empty() { String::new() } else { format!("WHERE {}", asked.join(" AND ")) };
        let limit = filter.limit.map_or(String::new(), |_| "LIMIT :limit".to_owned());
        if let Some(limit) = filter.limit {
            clauses.bound.push((":limit", Box::new(i64::try_from(limit).unwrap_or(i64::MAX))));
        }
        clauses.sql = format!("{from} {asked} ORDER BY {at} DESC, {first} {limit}");
        clauses.bound.extend(rest.bound(&clauses.sql));
        Ok(clauses)
    }

    /// Where the stories are found: by what leaves fewest, else newest first.
    fn from(&mut self, filter: &StoryFilter, few: Option<Vec<String>>, rest: &Narrow) -> (Through, String) {
        let story = match filter.per {
            Per::Piece => "story.id = piece.stands",
            Per::Copy => "story.piece = piece.id",
        };
        let by_piece = |found: &str| format!("FROM {found} CROSS JOIN story ON {story}");
        let index = |name: &str| (Through::Pieces, by_piece(&format!("piece INDEXED BY {name}")));
        if let Some(ids) = &filter.ids {
            self.bound.push((":ids", Box::new(Json(ids.clone()))));
            return (Through::Stories, format!("FROM json_each(:ids) AS wanted CROSS JOIN story ON story.id = wanted.value {EACH}"));
        }
        if let Some(since) = filter.since {
            self.bound.push((":since", Box::new(Time(since))));
            return (Through::Pieces, by_piece(&format!("({}) AS news CROSS JOIN piece ON piece.id = news.id", news(filter))));
        }
        if let Some(few) = few {
            self.bound.push((":few", Box::new(Json(few))));
            return (Through::Pieces, by_piece(FROM_FEW));
        }
        match (filter.state, filter.review) {
            (Some(StoryState::Waiting), _) => index("piece_waits"),
            (Some(StoryState::Tied | StoryState::Possible), _) => index("piece_state"),
            (_, Some(Review::Kept | Review::Discarded)) => index("piece_reviewed"),
            _ if filter.per == Per::Piece && filter.relevant == Some(true) && filter.hides_discarded() => match &rest.outlets {
                Some(_) => (Through::Shown, by_piece(&shown(rest))),
                None => index("piece_shown"),
            },
            _ => (Through::Stories, format!("FROM story INDEXED BY story_newest {EACH}")),
        }
    }

    /// What is asked of a piece, with words of fixed lists as they stand, so that SQLite sees which index has them.
    fn of_piece(&mut self, filter: &StoryFilter) -> Vec<String> {
        let mut asked = Vec::new();
        if filter.per == Per::Piece {
            asked.push("story.id = piece.stands".to_owned());
        }
        if let Some(until) = filter.until {
            asked.push("piece.first_seen <= :until".to_owned());
            self.bound.push((":until", Box::new(Time(until))));
        }
        asked.extend(filter.relevant.map(|relevant| match filter.per {
            Per::Piece => format!("piece.relevant = {}", i32::from(relevant)),
            Per::Copy => format!("story.relevant = {}", i32::from(relevant)),
        }));
        asked.extend(filter.state.map(|state| match state {
            StoryState::Waiting => "waiting_for IS NOT NULL AND state <> 'tied'".to_owned(),
            StoryState::None => "state = 'none'".to_owned(),
            // Said twice, since SQLite does not conclude that an index without the others has them.
            state => format!("state = '{}' AND state <> 'none'", state.as_str()),
        }));
        asked.extend(filter.tied.map(|tied| format!("state {} 'tied'", if tied { "=" } else { "<>" })));
        asked.extend(filter.review.map(|review| match review {
            Review::New => "review = 'new'".to_owned(),
            review => format!("review = '{}' AND review <> 'new'", review.as_str()),
        }));
        if filter.hides_discarded() {
            asked.push("review <> 'discarded'".to_owned());
        } else if let Some(without) = filter.without {
            asked.push(format!("review <> '{}'", without.as_str()));
        }
        asked
    }
}

impl StoryFilter {
    fn hides_discarded(&self) -> bool {
        self.without == Some(Review::Discarded) || self.review == Some(Review::New)
    }
}

/// From when on what came of a piece seen by `until` is late.
pub(super) fn late_after(until: Timestamp) -> Timestamp {
    until.checked_add(SignedDuration::from_hours(LATE_HOURS)).unwrap_or(Timestamp::MAX)
}

/// Pieces that were found to be few.
pub(super) const FROM_FEW: &str = "json_each(:few) AS wanted CROSS JOIN piece ON piece.id = wanted.value";

/// The pieces that are shown and fit by what their ids decide: of the others nothing is read but the index.
fn shown(rest: &Narrow) -> String {
    format!(
        "(SELECT id AS shown_id, at AS shown_at, stands AS shown_stands
          FROM piece INDEXED BY piece_shown
          WHERE relevant = 1 AND review <> 'discarded' AND {}) AS shown
         CROSS JOIN piece ON piece.id = shown_id",
        rest.of_id().join(" AND ")
    )
}

/// Pieces first seen or news again in the time asked for.
fn news(filter: &StoryFilter) -> String {
    let (seen, relevant) = match filter.relevant {
        Some(true) if filter.per == Per::Piece => ("piece_seen", "relevant = 1 AND"),
        _ => ("piece_first_seen", ""),
    };
    let until = |column: &str| if filter.until.is_some() { format!("AND {column} <= :until") } else { String::new() };
    // Left to itself SQLite goes through all pieces, which are in the order that UNION wants.
    format!(
        "
        SELECT id FROM piece INDEXED BY {seen} WHERE {relevant} first_seen > :since {}
        UNION
        SELECT id FROM piece INDEXED BY piece_changed WHERE {relevant} changed > :since {}",
        until("first_seen"),
        until("changed")
    )
}

impl Store {
    /// The latest moment that a piece seen by `until` is of.
    fn latest_of(&self, until: Timestamp) -> Result<Timestamp, StoreError> {
        let sql = format!(
            "
            SELECT max(at) AS latest
            FROM piece INDEXED BY piece_late
            WHERE at > strftime('%Y-%m-%dT%H:%M:%SZ', first_seen, '+{LATE_HOURS} hours') AND first_seen <= ?1"
        );
        let latest = self.db.prepare_cached(&sql)?.query_row([Time(until)], |row| maybe_time(row, "latest"))?;
        Ok(late_after(until).max(latest.unwrap_or(Timestamp::MIN)))
    }

    /// What a list goes through that begins with no condition, where it ends when it is full.
    fn in_order(&self, filter: &StoryFilter) -> Result<Option<InOrder>, StoreError> {
        let Some(limit) = filter.limit.filter(|_| filter.per == Per::Piece && filter.relevant == Some(true)) else { return Ok(None) };
        let all = usize::try_from(self.last(Index::Stories)?).unwrap_or(usize::MAX);
        Ok(Some(InOrder { limit, ours: self.pieces("shown")? as usize, all, whole: 0, listed: 1 }))
    }
}
