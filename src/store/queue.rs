//! What wants a decision, a page at a time: pieces with open ties, and those that nobody looked at.

use rusqlite::params;

use super::{Store, StoreError};
use crate::model::overview::StoryCard;

/// How many pieces want a decision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Queue {
    /// With open ties.
    pub undecided: usize,
    /// Without, and nobody looked at them.
    pub unseen: usize,
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
        let count = |from: &str, condition: &str| -> Result<usize, StoreError> {
            let mut select = self.db.prepare_cached(&format!("SELECT count(*) FROM {from} WHERE {condition}"))?;
            let many: u32 = select.query_row([], |row| row.get(0))?;
            Ok(many as usize)
        };
        Ok(Queue { undecided: count(UNDECIDED, IS_UNDECIDED)?, unseen: count(UNSEEN, IS_UNSEEN)? })
    }

    /// Stories with open ties, one a piece, the surest first, then newest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn undecided(&self, skip: usize, limit: usize) -> Result<Vec<StoryCard>, StoreError> {
        self.page_of(UNDECIDED, IS_UNDECIDED, "piece.best DESC, piece.at DESC, piece.stands", skip, limit)
    }

    /// Stories without open ties that nobody looked at, one a piece, newest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn unseen(&self, skip: usize, limit: usize) -> Result<Vec<StoryCard>, StoreError> {
        self.page_of(UNSEEN, IS_UNSEEN, "piece.at DESC, piece.stands", skip, limit)
    }

    fn page_of(&self, from: &str, condition: &str, order: &str, skip: usize, limit: usize) -> Result<Vec<StoryCard>, StoreError> {
        let clauses = format!(
            "
            FROM {from} CROSS JOIN story ON story.id = piece.stands
            WHERE {condition}
            ORDER BY {order}
            LIMIT ?1 OFFSET ?2"
        );
        let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        self.cards(&clauses, params![number(limit), number(skip)])
    }
}
