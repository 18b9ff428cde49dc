//! Table `piece`: pieces of copy, what they follow, and how they are settled from their copies.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{
    Store, StoreError, Writer,
    columns::{Json, Time, time},
};
use crate::model::{
    piece::{Decided, Former, News, PieceId, Settled, Shown},
    report::ReportId,
    story::StoryId,
    tie::{Tie, TieState},
    verdict::{Review, StoryState},
    work::{Job, Standing},
};

/// Copies of one piece, the one that stands for it first: about our subject before others, then first published first.
const COPY_ORDER: &str = "relevant DESC, coalesce(published, first_seen), id";

/// How settling turned a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PieceTurn {
    pub was_tied: bool,
    pub is_tied: bool,
}

impl Store {
    /// The piece that a story is a copy of.
    ///
    /// # Errors
    /// Where there is no such story, or the database cannot be read.
    pub fn piece_of(&self, id: &StoryId) -> Result<PieceId, StoreError> {
        let mut select = self.db.prepare_cached("SELECT piece FROM story WHERE id = ?1")?;
        select.query_row([id], |row| row.get(0)).optional()?.ok_or_else(|| StoreError::NoStory(id.0.clone()))
    }

    /// The copies of a piece, the one that stands for it first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn copies_of(&self, piece: &PieceId) -> Result<Vec<StoryId>, StoreError> {
        let mut select = self.db.prepare_cached(&format!("SELECT id FROM story WHERE piece = ?1 ORDER BY {COPY_ORDER}"))?;
        let rows = select.query_map([piece], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The ids of pieces that began as one of these stories.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn pieces_named(&self, stories: &[StoryId]) -> Result<HashSet<PieceId>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT id FROM piece WHERE id = ?1 OR (id > ?1 || '-' AND id < ?1 || '.')")?;
        let mut ids = HashSet::new();
        for story in stories {
            for id in select.query_map([story], |row| row.get(0))? {
                ids.insert(id?);
            }
        }
        Ok(ids)
    }

    /// The pieces of these stories as they stand now; stories that are gone have none.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn formers(&self, stories: &[StoryId]) -> Result<Vec<Former>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT id, first_seen
            FROM piece
            WHERE id IN (SELECT piece FROM story WHERE id IN (SELECT value FROM json_each(?1)))
            ORDER BY id",
        )?;
        let found = select.query_map([Json(stories)], |row| Ok((row.get("id")?, time(row, "first_seen")?)))?;
        let found = found.collect::<Result<Vec<(PieceId, Timestamp)>, _>>()?;
        let former = |(id, first_seen): (PieceId, Timestamp)| {
            Ok(Former { copies: self.copies_of(&id)?, first_seen, decided: self.decided(&id)?, shown: self.shown(&id)?, id })
        };
        found.into_iter().map(former).collect()
    }

    /// The last decision on a piece, where one is in force.
    fn decided(&self, piece: &PieceId) -> Result<Option<Decided>, StoreError> {
        let in_force = self
            .db
            .prepare_cached(
                "
                SELECT 1 FROM piece WHERE id = ?1 AND review <> 'new'
                UNION ALL
                SELECT 1 FROM tie WHERE piece = ?1 AND state IN ('confirmed', 'rejected')",
            )?
            .exists([piece])?;
        if !in_force {
            return Ok(None);
        }
        let mut select = self.db.prepare_cached(
            "
            SELECT decision.n, decision.story
            FROM decision JOIN story ON story.id = decision.story
            WHERE story.piece = ?1
            ORDER BY decision.n DESC
            LIMIT 1",
        )?;
        let last = select.query_row([piece], |row| Ok(Decided { order: row.get(0)?, copy: row.get(1)? })).optional()?;
        Ok(Some(last.unwrap_or(Decided { order: 0, copy: None })))
    }

    /// What readers can see of a piece, where it was judged.
    pub(super) fn shown(&self, piece: &PieceId) -> Result<Option<Shown>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT EXISTS (SELECT 1 FROM story WHERE piece = piece.id AND judged_at IS NOT NULL),
                   EXISTS (SELECT 1 FROM story WHERE piece = piece.id AND relevant = 1),
                   waiting_for IS NOT NULL AND state <> 'tied'
            FROM piece
            WHERE id = ?1",
        )?;
        let found = select.query_row([piece], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
        let Some((true, relevant, waits)) = found else { return Ok(None) };
        let mut select =
            self.db.prepare_cached("SELECT report, grade_check FROM tie WHERE piece = ?1 AND state IN ('auto', 'confirmed')")?;
        let tied = select.query_map([piece], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Some(Shown { relevant, waits, tied: tied.collect::<Result<_, rusqlite::Error>>()? }))
    }
}

impl Writer<'_> {
    /// A story that was never seen is a piece of its own until it is judged.
    pub(super) fn found_piece(&self, story: &StoryId, now: Timestamp) -> Result<PieceId, StoreError> {
        let taken = self.pieces_named(std::slice::from_ref(story))?;
        let id = PieceId::fresh(std::slice::from_ref(story), |id| taken.contains(id));
        self.db.prepare_cached("INSERT INTO piece (id, first_seen) VALUES (?1, ?2)")?.execute(params![id, Time(now)])?;
        self.set_standing(&Job::Judge(id.0.clone()), &Standing::wanted(now))?;
        Ok(id)
    }

    /// Makes pieces what they are from now on, and takes away those that no story is a copy of any more. `formers` are all
    /// pieces of these stories, as [`Store::formers`] gave them before their copies were judged; all stories of all formers
    /// must be in `pieces`.
    ///
    /// What people decided stands: of former pieces that become one the latest decision, and all confirmed and rejected
    /// ties.
    ///
    /// # Errors
    /// Where a tie names a report that is not stored, or the database cannot be written.
    pub fn settle(&self, pieces: &[Settled], formers: &[Former], now: Timestamp) -> Result<Vec<PieceTurn>, StoreError> {
        let mut decided = Vec::with_capacity(pieces.len());
        for piece in pieces {
            decided.push(self.decisions_of(&followed(piece, formers))?);
        }
        for former in formers {
            self.db.prepare_cached("DELETE FROM tie WHERE piece = ?1")?.execute([&former.id])?;
            self.drop_job(&Job::Judge(former.id.0.clone()))?;
        }
        for piece in pieces {
            self.gather(piece, now)?;
        }
        let mut turns = Vec::with_capacity(pieces.len());
        for (piece, decided) in pieces.iter().zip(decided) {
            turns.push(self.put_piece(piece, &decided, &followed(piece, formers), now)?);
        }
        let kept: HashSet<&PieceId> = pieces.iter().map(|piece| &piece.heir.id).collect();
        for former in formers.iter().filter(|former| !kept.contains(&former.id)) {
            self.db.prepare_cached("DELETE FROM piece WHERE id = ?1")?.execute([&former.id])?;
        }
        Ok(turns)
    }

    /// What people decided about these pieces together: the latest review, and the ties of all.
    fn decisions_of(&self, formers: &[&Former]) -> Result<Decisions, StoreError> {
        let mut decisions = Decisions { review: Review::New, ties: Vec::new() };
        let mut latest = None;
        for former in formers.iter().filter(|former| former.decided.is_some()) {
            let mut select = self.db.prepare_cached("SELECT review FROM piece WHERE id = ?1")?;
            let review: Review = select.query_row([&former.id], |row| row.get(0))?;
            let at = Some(self.reviewed_at(&former.id)?);
            if review != Review::New && at > latest {
                (decisions.review, latest) = (review, at);
            }
            for tie in self.decided_ties(&former.id)? {
                decisions.ties.retain(|known| known.tie.report != tie.tie.report);
                decisions.ties.push(tie);
            }
        }
        Ok(decisions)
    }

    /// The place of the last review of a piece among all decisions.
    fn reviewed_at(&self, piece: &PieceId) -> Result<i64, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT coalesce(max(decision.n), 0)
            FROM decision JOIN story ON story.id = decision.story
            WHERE story.piece = ?1 AND decision.report IS NULL",
        )?;
        Ok(select.query_row([piece], |row| row.get(0))?)
    }

    fn decided_ties(&self, piece: &PieceId) -> Result<Vec<DecidedTie>, StoreError> {
        let mut select =
            self.db.prepare_cached("SELECT report, undecided, copy FROM tie WHERE piece = ?1 AND state IN ('confirmed', 'rejected')")?;
        let rows = select.query_map([piece], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let rows = rows.collect::<Result<Vec<(ReportId, Option<TieState>, Option<StoryId>)>, _>>()?;
        let mut ties = Vec::with_capacity(rows.len());
        for tie in if rows.is_empty() { Vec::new() } else { self.ties_of(piece)? } {
            if let Some((_, undecided, copy)) = rows.iter().find(|(report, ..)| *report == tie.report) {
                ties.push(DecidedTie { tie, undecided: *undecided, copy: copy.clone() });
            }
        }
        Ok(ties)
    }

    /// Puts the copies of a piece together under its id.
    fn gather(&self, piece: &Settled, now: Timestamp) -> Result<(), StoreError> {
        let id = &piece.heir.id;
        let mut insert = self.db.prepare_cached("INSERT INTO piece (id, first_seen) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING")?;
        insert.execute(params![id, Time(now)])?;
        for copy in &piece.copies {
            let mut update = self.db.prepare_cached("UPDATE story SET piece = ?2 WHERE id = ?1 AND piece <> ?2")?;
            update.execute(params![copy, id])?;
        }
        Ok(())
    }

    fn put_piece(&self, piece: &Settled, decisions: &Decisions, formers: &[&Former], now: Timestamp) -> Result<PieceTurn, StoreError> {
        let (id, united) = (&piece.heir.id, &piece.united);
        for decided in &decisions.ties {
            // Evidence of a copy that was deleted for good went with it: tying's is as good.
            let again = united.ties.iter().find(|(_, tie)| tie.report == decided.tie.report).filter(|_| decided.copy.is_none());
            let evidence = again.map_or(&decided.tie.evidence, |(_, tie)| &tie.evidence);
            let copy = again.map(|(copy, _)| copy).or(decided.copy.as_ref());
            let tie = Tie { evidence: evidence.clone(), ..decided.tie.clone() };
            self.put_tie(id, &tie, decided.undecided, copy)?;
        }
        for (copy, tie) in &united.ties {
            if decisions.ties.iter().all(|decided| decided.tie.report != tie.report) {
                self.put_tie(id, tie, None, Some(copy))?;
            }
        }
        let mut update = self.db.prepare_cached(
            "
            UPDATE piece
            SET kind = ?2, waiting_for = ?3, review = ?4,
                first_seen = coalesce(?5, (SELECT min(first_seen) FROM story WHERE piece = piece.id))
            WHERE id = ?1",
        )?;
        let first_seen = formers.iter().map(|former| former.first_seen).min().map(Time);
        update.execute(params![id, united.kind, united.waiting_for.as_ref().map(Json), decisions.review, first_seen])?;
        self.reckon_state(id)?;
        self.fit_texts(id)?;
        let before = Shown::together(formers.iter().filter_map(|former| former.shown.clone()));
        let split = formers.is_empty().then(Shown::default);
        self.mark_news(id, before.as_ref().or(split.as_ref()), now)?;
        Ok(PieceTurn { was_tied: before.is_some_and(|shown| !shown.tied.is_empty()), is_tied: self.state_of(id)? == StoryState::Tied })
    }

    /// Moves the moment at which a piece was last news, where readers see another thing than `before`, or where the text
    /// of the copy that stands for it was rewritten.
    pub(super) fn mark_news(&self, id: &PieceId, before: Option<&Shown>, now: Timestamp) -> Result<(), StoreError> {
        let news = before.zip(self.shown(id)?).and_then(|(before, after)| after.news_after(before));
        let rewritten = format!("coalesce((SELECT changed FROM story WHERE piece = piece.id ORDER BY {COPY_ORDER} LIMIT 1), '')");
        let sql = format!(
            "
            UPDATE piece
            SET news = coalesce(?3, iif({rewritten} > coalesce(changed, ''), ?4, news)),
                changed = nullif(max(coalesce(changed, ''), coalesce(?2, ''), {rewritten}), '')
            WHERE id = ?1"
        );
        self.db.prepare_cached(&sql)?.execute(params![id, news.map(|_| Time(now)), news, News::Rewritten])?;
        Ok(())
    }

    /// Sets the state of a piece from its ties and what it waits for.
    pub(super) fn reckon_state(&self, id: &PieceId) -> Result<(), StoreError> {
        let mut select = self.db.prepare_cached("SELECT state FROM tie WHERE piece = ?1")?;
        let ties = select.query_map([id], |row| row.get(0))?.collect::<Result<Vec<TieState>, _>>()?;
        let waits = self.db.prepare_cached("SELECT 1 FROM piece WHERE id = ?1 AND waiting_for IS NOT NULL")?.exists([id])?;
        let state = StoryState::of(ties.into_iter(), waits);
        let mut update = self.db.prepare_cached(
            "
            UPDATE piece
            SET state = ?2, best = (SELECT max(confidence) FROM tie WHERE piece = piece.id AND state = 'possible')
            WHERE id = ?1",
        )?;
        update.execute(params![id, state])?;
        Ok(())
    }

    fn state_of(&self, id: &PieceId) -> Result<StoryState, StoreError> {
        Ok(self.db.prepare_cached("SELECT state FROM piece WHERE id = ?1")?.query_row([id], |row| row.get(0))?)
    }

    /// What is left of a piece when a copy is deleted for good: nothing where it was the last, else the others, which are
    /// judged anew; words of the copy that stood as evidence are gone with it.
    pub(super) fn leave_piece(&self, copy: &StoryId, piece: &PieceId, now: Timestamp) -> Result<(), StoreError> {
        let mut delete = self.db.prepare_cached(
            "
            DELETE FROM evidence
            WHERE piece = ?1 AND report IN (SELECT report FROM tie WHERE piece = ?1 AND copy = ?2)",
        )?;
        delete.execute(params![piece, copy])?;
        self.db.prepare_cached("UPDATE tie SET copy = NULL WHERE copy = ?1")?.execute([copy])?;
        self.db.prepare_cached("UPDATE story SET piece = NULL WHERE id = ?1")?.execute([copy])?;
        if self.copies_of(piece)?.is_empty() {
            self.db.prepare_cached("DELETE FROM tie WHERE piece = ?1")?.execute([piece])?;
            self.db.prepare_cached("DELETE FROM piece WHERE id = ?1")?.execute([piece])?;
            self.drop_job(&Job::Judge(piece.0.clone()))
        } else if self.db.prepare_cached("SELECT 1 FROM story WHERE piece = ?1 AND faded IS NULL")?.exists([piece])? {
            self.set_standing(&Job::Judge(piece.0.clone()), &Standing::wanted(now))
        } else {
            Ok(())
        }
    }
}

/// What people decided about a piece.
struct Decisions {
    review: Review,
    ties: Vec<DecidedTie>,
}

struct DecidedTie {
    tie: Tie,
    /// What tying had made of it; nothing where a person made it.
    undecided: Option<TieState>,
    copy: Option<StoryId>,
}

/// The former pieces that a piece follows, the one decided on last at the end.
fn followed<'a>(piece: &Settled, formers: &'a [Former]) -> Vec<&'a Former> {
    let mut followed: Vec<&Former> = formers.iter().filter(|former| piece.heir.of.contains(&former.id)).collect();
    followed.sort_by_key(|former| former.decided.as_ref().map(|decided| decided.order));
    followed
}
