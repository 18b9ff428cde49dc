//! What wants a decision, a page at a time: pieces with open ties, and those that nobody looked at; and what is open of a watch.

use rusqlite::ToSql;

use super::{
    Narrow, Store, StoreError, Watching,
    columns::Json,
    few::{Few, InOrder},
    filter::FROM_FEW,
    narrow::{Bound, named},
    overview::{SHOWN_WAITING, WAITING},
    search::Index,
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

/// What is open of a watch.
#[derive(Debug, Default)]
pub struct OpenStories {
    /// How many pieces have open ties.
    pub undecided: u32,
    /// How many wait for their report…
    pub total_waiting: u32,
    /// …and of these the newest 50, by the story that stands for each.
    pub waiting: Vec<StoryCard>,
}

/// Pieces that are counted behind a page.
const COUNTED: usize = 200;
/// To list a piece and to read it takes as long as to go through so many in the order of a queue.
const LISTED: usize = 8;
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
            let most_of_both = most.saturating_add(1);
            let wanted = self.wanted(narrow, self.queue_in_order(narrow, most_of_both)?)?;
            let (mut open, mut rest) = self.first_of_both(&wanted, most_of_both)?;
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

    /// Of the pieces that a watch means, how many have open ties, how many wait for their report, and of these the newest 50. All are
    /// asked at once: of common words thousands of texts are listed for it.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn open_of(&self, watch: Watching) -> Result<OpenStories, StoreError> {
        self.read(|store| {
            let wanted = store.wanted(&Narrow { watch: Some(watch), ..Narrow::default() }, None)?;
            let [undecided, waits] = [UNDECIDED, WAITING];
            let open = match wanted.0 {
                Some(_) => format!(
                    "SELECT piece.id, piece.at, piece.stands, piece.state, {} AS is_undecided, {} AS is_waiting FROM {FROM_FEW}",
                    undecided.1, waits.1
                ),
                None => format!(
                    "SELECT id, at, stands, state, 1 AS is_undecided, 0 AS is_waiting FROM {} WHERE {}
                     UNION ALL
                     SELECT id, at, stands, state, 0, 1 FROM {} WHERE {}",
                    undecided.0, undecided.1, waits.0, waits.1
                ),
            };
            let asked = [vec!["(is_undecided OR is_waiting)".to_owned()], wanted.1.of_piece()].concat().join(" AND ");
            // Else SQLite would ask each half by itself.
            let sql = format!(
                "WITH open AS MATERIALIZED ({open})
                 SELECT piece.id, is_undecided, is_waiting FROM open AS piece WHERE {asked} ORDER BY piece.at DESC, piece.stands"
            );
            let mut select = store.db.prepare_cached(&sql)?;
            let rows = select.query_map(named(&bound(&wanted, &sql)).as_slice(), |row| {
                Ok((row.get("id")?, row.get("is_undecided")?, row.get("is_waiting")?))
            })?;
            let (mut open, mut waiting) = (OpenStories::default(), Vec::new());
            for row in rows {
                let (id, is_undecided, is_waiting): (PieceId, bool, bool) = row?;
                open.undecided += u32::from(is_undecided);
                open.total_waiting += u32::from(is_waiting);
                waiting.extend(Some(id).filter(|_| is_waiting && waiting.len() < SHOWN_WAITING));
            }
            open.waiting = store.cards_of(waiting)?;
            Ok(open)
        })
    }

    /// What is gone through where nothing is listed: those with open ties, and of the others as many as are wanted.
    fn queue_in_order(&self, narrow: &Narrow, limit: usize) -> Result<Option<InOrder>, StoreError> {
        if !narrow.is_of_queue() {
            return Ok(None);
        }
        let all = usize::try_from(self.last(Index::Stories)?).unwrap_or(usize::MAX);
        let Queue { undecided: whole, unseen: ours, .. } = self.queue()?;
        Ok(Some(InOrder { limit, ours, all, whole, listed: LISTED }))
    }

    /// Where to begin with what is asked for, and what is to be asked.
    fn wanted(&self, narrow: &Narrow, instead: Option<InOrder>) -> Result<Wanted, StoreError> {
        let narrow = Narrow { ours: true, ..narrow.clone() };
        Ok(match self.few(&narrow, instead)? {
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
    let (from, asked) = if few.is_some() { (FROM_FEW, narrow.of_piece()) } else { (from, narrow.of_queue()) };
    let asked: Vec<String> = [condition.to_owned()].into_iter().chain(asked).collect();
    format!("FROM {from} WHERE {}", asked.join(" AND "))
}

fn bound((few, narrow): &Wanted, sql: &str) -> Bound {
    let mut bound = narrow.bound(sql);
    bound.extend(few.as_ref().map(|few| (":few", Box::new(Json(few.clone())) as Box<dyn ToSql>)));
    bound
}
