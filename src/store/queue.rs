//! What wants a decision, a page at a time: pieces with open ties, and those that nobody looked at.

use rusqlite::ToSql;

use super::{
    Narrow, Store, StoreError,
    columns::Json,
    few::{FEW, Few},
    filter::FROM_FEW,
    narrow::{Bound, named},
};
use crate::model::{overview::StoryCard, story::StoryId};

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
        let wanted = self.wanted(narrow)?;
        let page = |of: (&str, &str), order: &str, skip, limit| self.page_where(of, order, &wanted, skip, limit);
        let most = skip.saturating_add(limit).saturating_add(COUNTED);
        let queue = if narrow.is_all() {
            self.queue()?
        } else {
            let (undecided, more_undecided) = self.counted_to(most, UNDECIDED, &wanted)?;
            let (unseen, more_unseen) = self.counted_to(most - undecided, UNSEEN, &wanted)?;
            Queue { undecided, unseen, more_undecided, more_unseen }
        };
        let open = page(UNDECIDED, SUREST, skip, limit)?;
        let rest = page(UNSEEN, NEWEST, skip.saturating_sub(queue.undecided), limit - open.len())?;
        Ok((queue, open, rest))
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
        Ok(u32::try_from(self.count_where(UNDECIDED, &self.wanted(narrow)?, usize::MAX)?).unwrap_or(u32::MAX))
    }

    /// Where to begin with what is asked for, and what is to be asked.
    fn wanted(&self, narrow: &Narrow) -> Result<Wanted, StoreError> {
        let narrow = Narrow { ours: true, ..narrow.clone() };
        Ok(match self.few(&narrow, FEW)? {
            Some(Few { pieces, rest }) => (Some(pieces), rest),
            None => (None, narrow),
        })
    }

    /// How many fit, `most` at most, and whether there are more.
    fn counted_to(&self, most: usize, of: (&str, &str), wanted: &Wanted) -> Result<(usize, bool), StoreError> {
        let many = self.count_where(of, wanted, most.saturating_add(1))?;
        Ok((many.min(most), many > most))
    }

    fn count_where(&self, of: (&str, &str), wanted: &Wanted, most: usize) -> Result<usize, StoreError> {
        let sql = format!("SELECT count(*) FROM (SELECT 1 {} LIMIT :limit) AS found", narrowed(of, wanted));
        let mut bound = bound(wanted, &sql);
        bound.push((":limit", Box::new(number(most))));
        let many: i64 = self.db.prepare_cached(&sql)?.query_row(named(&bound).as_slice(), |row| row.get(0))?;
        Ok(usize::try_from(many).unwrap_or(usize::MAX))
    }

    fn page_where(&self, of: (&str, &str), order: &str, wanted: &Wanted, skip: usize, limit: usize) -> Result<Vec<StoryCard>, StoreError> {
        // Of those before the page nothing but the piece is looked at.
        let found = format!("SELECT piece.id {} ORDER BY {order} LIMIT :limit OFFSET :skip", narrowed(of, wanted));
        let clauses = format!(
            "FROM ({found}) AS found CROSS JOIN piece ON piece.id = found.id CROSS JOIN story ON story.id = piece.stands ORDER BY {order}"
        );
        let mut bound = bound(wanted, &clauses);
        bound.push((":limit", Box::new(number(limit))));
        bound.push((":skip", Box::new(number(skip))));
        self.cards(&clauses, named(&bound).as_slice())
    }
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
