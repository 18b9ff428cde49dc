//! What wants a decision, a page at a time: pieces with open ties, and those that nobody looked at.

use rusqlite::params;

use super::{Fill, Store, StoreError, columns::Json};
use crate::model::{overview::StoryCard, story::StoryId};

/// How many pieces want a decision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Queue {
    /// With open ties.
    pub undecided: usize,
    /// Without, and nobody looked at them.
    pub unseen: usize,
}

impl Queue {
    pub fn all(&self) -> usize {
        self.undecided + self.unseen
    }
}

/// The pieces with open ties, the surest first.
const UNDECIDED: &str = "piece INDEXED BY piece_undecided";
const IS_UNDECIDED: &str = "piece.relevant = 1 AND state = 'possible' AND review <> 'discarded'";
/// The others that nobody looked at, newest first.
const UNSEEN: &str = "piece INDEXED BY piece_unseen";
const IS_UNSEEN: &str = "piece.relevant = 1 AND review = 'new' AND state <> 'possible'";

impl Store {
    /// How many pieces want a decision.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn queue(&self) -> Result<Queue, StoreError> {
        Ok(Queue { undecided: self.pieces("undecided")? as usize, unseen: self.pieces("unseen")? as usize })
    }

    /// Stories with open ties, one a piece, the surest first, then newest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn undecided(&self, skip: usize, limit: usize) -> Result<Vec<StoryCard>, StoreError> {
        self.page_of(&self::undecided(), skip, limit)
    }

    /// All of them one by one.
    ///
    /// # Errors
    /// What `take` returns, or where the database cannot be read.
    pub fn each_undecided(&self, take: impl FnMut(StoryCard) -> Result<(), StoreError>) -> Result<(), StoreError> {
        self.each_card(&self::undecided(), [], Fill::All, take)
    }

    /// Stories without open ties that nobody looked at, one a piece, newest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn unseen(&self, skip: usize, limit: usize) -> Result<Vec<StoryCard>, StoreError> {
        self.page_of(&self::unseen(), skip, limit)
    }

    /// All of them one by one.
    ///
    /// # Errors
    /// As [`Store::each_undecided`].
    pub fn each_unseen(&self, take: impl FnMut(StoryCard) -> Result<(), StoreError>) -> Result<(), StoreError> {
        self.each_card(&self::unseen(), [], Fill::All, take)
    }

    /// The pieces about one of these authorities that no report is tied to and nobody discarded, by the story that stands for
    /// each, newest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn untied_about(&self, authorities: &[String]) -> Result<Vec<StoryId>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT DISTINCT open_stands, open_at
            FROM story_authority INDEXED BY story_authority_open
            WHERE authority IN (SELECT value FROM json_each(?1)) AND open_at IS NOT NULL
            ORDER BY open_at DESC, open_stands",
        )?;
        let rows = select.query_map([Json(authorities)], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn page_of(&self, clauses: &str, skip: usize, limit: usize) -> Result<Vec<StoryCard>, StoreError> {
        let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        self.cards(&format!("{clauses} LIMIT ?1 OFFSET ?2"), params![number(limit), number(skip)])
    }
}

fn undecided() -> String {
    in_order(UNDECIDED, IS_UNDECIDED, "piece.best DESC, piece.at DESC, piece.stands")
}

fn unseen() -> String {
    in_order(UNSEEN, IS_UNSEEN, "piece.at DESC, piece.stands")
}

fn in_order(from: &str, condition: &str, order: &str) -> String {
    format!("FROM {from} CROSS JOIN story ON story.id = piece.stands WHERE {condition} ORDER BY {order}")
}
