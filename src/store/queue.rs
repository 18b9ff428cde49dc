//! What wants a decision, a page at a time: pieces with open ties, and those that nobody looked at.

use rusqlite::ToSql;

use super::{
    Narrow, Store, StoreError,
    columns::Json,
    few::Few,
    filter::FROM_FEW,
    narrow::{Bound, named},
};
use crate::model::{overview::StoryCard, piece::PieceId, story::StoryId};

/// How many pieces want a decision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Queue {
    /// With open ties.
    pub undecided: usize,
    /// Without, and nobody looked at them.
    pub unseen: usize,
    /// There are more of the first, which were not counted.
    pub more_undecided: bool,
    /// There are more of the others.
    pub more_unseen: bool,
}

impl Queue {
    pub fn all(&self) -> usize {
        self.undecided + self.unseen
    }
}

/// Pieces that are counted behind a page.
const COUNTED: usize = 200;
/// The orders of both.
const SUREST: &str = "piece.best DESC, piece.at DESC, piece.stands";
const NEWEST: &str = "piece.at DESC, piece.stands";
/// The pieces with open ties, the surest first.
const UNDECIDED: (&str, &str) =
    ("piece INDEXED BY piece_undecided", "piece.relevant = 1 AND piece.state = 'possible' AND review <> 'discarded'");
/// The others that nobody looked at, newest first.
const UNSEEN: (&str, &str) = ("piece INDEXED BY piece_unseen", "piece.relevant = 1 AND review = 'new' AND piece.state <> 'possible'");

impl Store {
    /// How many pieces want a decision.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn queue(&self) -> Result<Queue, StoreError> {
        Ok(Queue { undecided: self.pieces("undecided")? as usize, unseen: self.pieces("unseen")? as usize, ..Queue::default() })
    }

    /// Of those that fit, how many, counted to 200 behind the page, and a page: `limit` of them from the one behind `skip` on, first
    /// those with open ties, the surest first, then the others, newest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn queue_where(&self, narrow: &Narrow, skip: usize, limit: usize) -> Result<(Queue, Vec<StoryCard>, Vec<StoryCard>), StoreError> {
        let most = skip.saturating_add(limit).saturating_add(COUNTED);
        let (queue, mut open, mut rest) = if narrow.is_all() {
            let queue = self.queue()?;
            let everything = (None, narrow.clone());
            let open = self.first(UNDECIDED, SUREST, &everything, skip, limit)?;
            (queue, open, self.first(UNSEEN, NEWEST, &everything, skip.saturating_sub(queue.undecided), limit)?)
        } else {
            let (mut open, mut rest) = self.first_of_both(&self.wanted(narrow)?, most.saturating_add(1))?;
            let (undecided, more_undecided) = counted_to(most, open.len());
            let (unseen, more_unseen) = counted_to(most - undecided, rest.len());
            open.drain(..skip.min(open.len()));
            rest.drain(..skip.saturating_sub(undecided).min(rest.len()));
            (Queue { undecided, unseen, more_undecided, more_unseen }, open, rest)
        };
        open.truncate(limit);
        rest.truncate(limit - open.len());
        Ok((queue, self.cards_of(open)?, self.cards_of(rest)?))
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

    /// How many with open ties fit.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn undecided_where(&self, narrow: &Narrow) -> Result<u32, StoreError> {
        let wanted = self.wanted(narrow)?;
        let sql = format!("SELECT count(*) {}", narrowed(UNDECIDED, &wanted));
        Ok(self.db.prepare_cached(&sql)?.query_row(named(&bound(&wanted, &sql)).as_slice(), |row| row.get(0))?)
    }

    /// Where to begin with what is asked for, and what is to be asked.
    fn wanted(&self, narrow: &Narrow) -> Result<Wanted, StoreError> {
        let narrow = Narrow { ours: true, ..narrow.clone() };
        Ok(match self.few(&narrow, None)? {
            Some(Few { pieces, rest }) => (Some(pieces), rest),
            None => (None, narrow),
        })
    }

    /// The first that fit of those with open ties and of the others, up to `most` of each.
    fn first_of_both(&self, wanted: &Wanted, most: usize) -> Result<(Vec<PieceId>, Vec<PieceId>), StoreError> {
        if wanted.0.is_none() {
            let open = self.first(UNDECIDED, SUREST, wanted, 0, most)?;
            // Of the others as many are counted as are left of both.
            let left = most - open.len().min(most.saturating_sub(1));
            let rest = self.first(UNSEEN, NEWEST, wanted, 0, left)?;
            return Ok((open, rest));
        }
        // Few pieces are gone through once for both.
        let either = format!("({} OR {})", UNDECIDED.1, UNSEEN.1);
        let sql = format!(
            "SELECT piece.id, piece.state = 'possible' AS open {}
             ORDER BY open DESC, iif(open, piece.best, NULL) DESC, piece.at DESC, piece.stands",
            narrowed((FROM_FEW, &either), wanted)
        );
        let mut select = self.db.prepare_cached(&sql)?;
        let rows = select.query_map(named(&bound(wanted, &sql)).as_slice(), |row| Ok((row.get("id")?, row.get("open")?)))?;
        let (mut open, mut rest) = (Vec::new(), Vec::new());
        for row in rows {
            let (id, is_open) = row?;
            let those = if is_open { &mut open } else { &mut rest };
            if those.len() < most {
                those.push(id);
            }
        }
        Ok((open, rest))
    }

    /// Pieces that fit, `limit` of them from the one behind `skip` on.
    fn first(&self, of: (&str, &str), order: &str, wanted: &Wanted, skip: usize, limit: usize) -> Result<Vec<PieceId>, StoreError> {
        let sql = format!("SELECT piece.id {} ORDER BY {order} LIMIT :limit OFFSET :skip", narrowed(of, wanted));
        let mut bound = bound(wanted, &sql);
        bound.push((":limit", Box::new(number(limit))));
        bound.push((":skip", Box::new(number(skip))));
        let mut select = self.db.prepare_cached(&sql)?;
        let rows = select.query_map(named(&bound).as_slice(), |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The stories that stand for these pieces, in this order.
    fn cards_of(&self, pieces: Vec<PieceId>) -> Result<Vec<StoryCard>, StoreError> {
        self.cards(
            "FROM json_each(?1) AS wanted
             CROSS JOIN piece ON piece.id = wanted.value
             CROSS JOIN story ON story.id = piece.stands
             ORDER BY wanted.key",
            [Json(pieces)],
        )
    }
}

/// How many there are, `most` at most, and whether there are more.
fn counted_to(most: usize, many: usize) -> (usize, bool) {
    (many.min(most), many > most)
}

fn number(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Pieces that were found to be few, and what is to be asked of them or of all.
type Wanted = (Option<Vec<String>>, Narrow);

/// FROM and WHERE of those that fit.
fn narrowed((from, condition): (&str, &str), (few, narrow): &Wanted) -> String {
    let from = if few.is_some() { FROM_FEW } else { from };
    let asked: Vec<String> = [condition.to_owned()].into_iter().chain(narrow.of_piece()).collect();
    format!("FROM {from} WHERE {}", asked.join(" AND "))
}

fn bound((few, narrow): &Wanted, sql: &str) -> Bound {
    let mut bound = narrow.bound(sql);
    bound.extend(few.as_ref().map(|few| (":few", Box::new(Json(few.clone())) as Box<dyn ToSql>)));
    bound
}
