//! Which stories a list gives, as SQL: a WHERE of what is asked and nothing else, walked along the index that has it in
//! order, so that a list costs what it shows.

use jiff::Timestamp;
use rusqlite::ToSql;

use super::{
    Store, StoreError,
    columns::{Json, Time},
};
use crate::model::{
    story::StoryId,
    verdict::{Review, StoryState},
};

/// Stories of an authority that are gone through one by one; of more, the newest of all stories are gone through until the
/// list is full, which is soon.
const FEW: i64 = 4000;

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
    /// About this authority, by its canonical name; one copy that is will do.
    pub authority: Option<String>,
    pub ids: Option<Vec<StoryId>>,
    pub limit: Option<usize>,
}

/// FROM, WHERE and ORDER BY of a list, with what is bound in it.
pub(super) struct Clauses {
    pub sql: String,
    pub bound: Vec<(&'static str, Box<dyn ToSql>)>,
}

/// Pieces with the story that stands for each; the piece is found first.
const FOLDED: &str = "CROSS JOIN story ON story.id = piece.stands";
/// Stories with their pieces; the story is found first.
const EACH: &str = "CROSS JOIN piece ON piece.id = story.piece";

impl Clauses {
    pub fn of(filter: &StoryFilter, store: &Store) -> Result<Self, StoreError> {
        let mut clauses = Self { sql: String::new(), bound: Vec::new() };
        let about_few = match &filter.authority {
            Some(name) if filter.since.is_none() && filter.ids.is_none() => store.has_few(name)?,
            _ => false,
        };
        let from = clauses.from(filter, about_few);
        let mut asked = clauses.conditions(filter);
        if let Some(authority) = &filter.authority {
            clauses.bound.push((":authority", Box::new(authority.clone())));
            asked.extend((!about_few).then(|| {
                "EXISTS (SELECT 1
                         FROM story AS copy CROSS JOIN story_authority ON story_authority.story = copy.id
                         WHERE copy.piece = piece.id AND authority = :authority)"
                    .to_owned()
            }));
        }
        let order = match filter.per {
            Per::Piece if !from.contains(EACH) => "piece.at DESC, piece.stands",
            _ => "coalesce(published, story.first_seen) DESC, story.id",
        };
        if from.contains(EACH) {
            // A condition of the piece alone makes SQLite go through all pieces first, for a filter of their keys.
            asked.iter_mut().for_each(|condition| *condition = format!("({condition} OR story.id = '')"));
        }
        let asked = if asked.is_empty() { String::new() } else { format!("WHERE {}", asked.join(" AND ")) };
        let limit = filter.limit.map_or(String::new(), |_| "LIMIT :limit".to_owned());
        if let Some(limit) = filter.limit {
            clauses.bound.push((":limit", Box::new(i64::try_from(limit).unwrap_or(i64::MAX))));
        }
        clauses.sql = format!("{from} {asked} ORDER BY {order} {limit}");
        Ok(clauses)
    }

    /// Where the stories are found: by what leaves fewest, else newest first.
    fn from(&mut self, filter: &StoryFilter, about_few: bool) -> String {
        let by_piece = |found: String| match filter.per {
            Per::Piece => format!("FROM {found} {FOLDED}"),
            Per::Copy => format!("FROM {found} CROSS JOIN story ON story.piece = piece.id"),
        };
        let index = |name: &str| by_piece(format!("piece INDEXED BY {name}"));
        if let Some(ids) = &filter.ids {
            self.bound.push((":ids", Box::new(Json(ids.clone()))));
            return format!("FROM json_each(:ids) AS wanted CROSS JOIN story ON story.id = wanted.value {EACH}");
        }
        if let Some(since) = filter.since {
            self.bound.push((":since", Box::new(Time(since))));
            return by_piece(format!("({}) AS news CROSS JOIN piece ON piece.id = news.id", news(filter)));
        }
        if about_few {
            return by_piece(format!("({ABOUT}) AS about CROSS JOIN piece ON piece.id = about.id"));
        }
        match (filter.state, filter.review) {
            (Some(StoryState::Waiting), _) => index("piece_waits"),
            (Some(StoryState::Tied | StoryState::Possible), _) => index("piece_state"),
            (_, Some(Review::Kept | Review::Discarded)) => index("piece_reviewed"),
            _ if filter.per == Per::Piece && filter.relevant == Some(true) && filter.hides_discarded() => index("piece_shown"),
            _ => format!("FROM story INDEXED BY story_newest {EACH}"),
        }
    }

    /// What is asked, with words of fixed lists as they stand, so that SQLite sees which index has them.
    fn conditions(&mut self, filter: &StoryFilter) -> Vec<String> {
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

/// Pieces that have a copy about an authority.
const ABOUT: &str = "
    SELECT DISTINCT copy.piece AS id
    FROM story_authority CROSS JOIN story AS copy ON copy.id = story_authority.story
    WHERE authority = :authority";

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
    /// True where few stories are about an authority.
    fn has_few(&self, authority: &str) -> Result<bool, StoreError> {
        let mut select = self.db.prepare_cached("SELECT count(*) FROM (SELECT 1 FROM story_authority WHERE authority = ?1 LIMIT ?2)")?;
        let many: i64 = select.query_row(rusqlite::params![authority, FEW], |row| row.get(0))?;
        Ok(many < FEW)
    }
}
