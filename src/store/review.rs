//! Tables `decision` and `note`: what people decide, which outlives every later run.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{
    Store, StoreError, Writer,
    columns::{Time, time},
};
use crate::model::{
    piece::PieceId,
    report::ReportId,
    story::StoryId,
    tie::{GradeCheck, TieKind, TieState},
    verdict::Review,
};

/// A decision of a person, as the audit trail has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub at: Timestamp,
    pub story: StoryId,
    /// The tie decided on; nothing for the story itself.
    pub report: Option<ReportId>,
    /// The state or review before; nothing where there was no tie.
    pub was: Option<String>,
    /// The state or review since; nothing where the tie was taken away.
    pub became: Option<String>,
    /// The name of the account, where that was written down.
    pub who: Option<String>,
    /// True where it takes another decision back.
    pub undoes: bool,
}

impl Store {
    /// All decisions on the piece that a story is a copy of, in order.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn decisions(&self, id: &StoryId) -> Result<Vec<Decision>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT at, story, report, was, became, who, undoes IS NOT NULL AS undoes
            FROM decision
            WHERE story IN (SELECT id FROM story WHERE piece = (SELECT piece FROM story WHERE id = ?1))
            ORDER BY n",
        )?;
        let rows = select.query_map([id], |row| {
            Ok(Decision {
                at: time(row, "at")?,
                story: row.get("story")?,
                report: row.get("report")?,
                was: row.get("was")?,
                became: row.get("became")?,
                who: row.get("who")?,
                undoes: row.get("undoes")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What a person decided about a piece by naming this story last; new where it was another copy, or nobody did.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn review_by(&self, id: &StoryId) -> Result<Review, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT piece.review
            FROM story JOIN piece ON piece.id = story.piece
            WHERE story.id = ?1 AND piece.review <> 'new' AND story.id = (
                SELECT decision.story
                FROM decision JOIN story AS copy ON copy.id = decision.story
                WHERE copy.piece = piece.id AND decision.report IS NULL
                ORDER BY decision.n DESC
                LIMIT 1)",
        )?;
        Ok(select.query_row([id], |row| row.get(0)).optional()?.unwrap_or(Review::New))
    }

    /// The notes on the piece that a story is a copy of, as written.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn notes(&self, id: &StoryId) -> Result<Vec<String>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT text
            FROM note
            WHERE story IN (SELECT id FROM story WHERE piece = (SELECT piece FROM story WHERE id = ?1))
            ORDER BY n",
        )?;
        let rows = select.query_map([id], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn tie_state(&self, piece: &PieceId, report: &ReportId) -> Result<Option<TieState>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT state FROM tie WHERE piece = ?1 AND report = ?2")?;
        Ok(select.query_row(params![piece, report], |row| row.get(0)).optional()?)
    }
}

impl Writer<'_> {
    /// A person says yes ([`TieState::Confirmed`]) or no ([`TieState::Rejected`]) to a tie of the piece that a story is a
    /// copy of, also to one that tying never offered. No later run changes it. The other states take the decision back, as
    /// [`Writer::clear_decision`] does.
    ///
    /// # Errors
    /// Where there is no such story or report, or the database cannot be written.
    pub fn decide_tie(&self, story: &StoryId, report: &ReportId, state: TieState, now: Timestamp) -> Result<(), StoreError> {
        if !matches!(state, TieState::Confirmed | TieState::Rejected) {
            return self.clear_decision(story, report, now);
        }
        let piece = self.piece_of(story)?;
        self.report_n(report)?;
        let was = self.tie_state(&piece, report)?;
        if was == Some(state) {
            return Ok(());
        }
        let before = self.shown(&piece)?;
        let mut upsert = self.db.prepare_cached(
            "
            INSERT INTO tie (piece, report, state, confidence, kind, grade_check, copy)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (piece, report) DO UPDATE SET
                undecided = iif(state IN ('auto', 'possible'), state, undecided),
                state = excluded.state",
        )?;
        let confidence = if state == TieState::Confirmed { 1.0 } else { 0.0 };
        upsert.execute(params![piece, report, state, confidence, TieKind::Coverage, GradeCheck::NotStated, story])?;
        self.log(story, Some(report), was.map(TieState::as_str), Some(state.as_str()), now)?;
        self.reckon_state(&piece)?;
        self.fit_texts(&piece)?;
        self.mark_news(&piece, before.as_ref(), now)
    }

    /// Takes a decision on a tie back: the tie is again what tying made it, or gone where a person had made it, and the
    /// piece is pending.
    ///
    /// # Errors
    /// Where there is no such tie, or the database cannot be written.
    pub fn clear_decision(&self, story: &StoryId, report: &ReportId, now: Timestamp) -> Result<(), StoreError> {
        let piece = self.piece_of(story)?;
        let was = self.tie_state(&piece, report)?.ok_or_else(|| StoreError::NoTie { story: story.0.clone(), report: report.0.clone() })?;
        if matches!(was, TieState::Auto | TieState::Possible) {
            return Ok(());
        }
        let before = self.shown(&piece)?;
        let mut delete = self.db.prepare_cached("DELETE FROM tie WHERE piece = ?1 AND report = ?2 AND undecided IS NULL")?;
        delete.execute(params![piece, report])?;
        let mut restore = self.db.prepare_cached(
            "
            UPDATE tie
            SET state = undecided, undecided = NULL
            WHERE piece = ?1 AND report = ?2",
        )?;
        restore.execute(params![piece, report])?;
        let became = self.tie_state(&piece, report)?;
        self.log(story, Some(report), Some(was.as_str()), became.map(TieState::as_str), now)?;
        self.mark_pending(story)?;
        self.reckon_state(&piece)?;
        self.fit_texts(&piece)?;
        self.mark_news(&piece, before.as_ref(), now)
    }

    /// A person keeps or discards the piece that a story is a copy of, or takes that back ([`Review::New`]).
    ///
    /// # Errors
    /// Where there is no such story, or the database cannot be written.
    pub fn review_story(&self, id: &StoryId, review: Review, now: Timestamp) -> Result<(), StoreError> {
        let piece = self.piece_of(id)?;
        let was: Review = self.db.prepare_cached("SELECT review FROM piece WHERE id = ?1")?.query_row([&piece], |row| row.get(0))?;
        if was == review {
            return Ok(());
        }
        self.db.prepare_cached("UPDATE piece SET review = ?2 WHERE id = ?1")?.execute(params![piece, review])?;
        self.fit_texts(&piece)?;
        self.log(id, None, Some(was.as_str()), Some(review.as_str()), now)
    }

    /// Adds a note to a story.
    ///
    /// # Errors
    /// Where there is no such story, or the database cannot be written.
    pub fn add_note(&self, id: &StoryId, text: &str, now: Timestamp) -> Result<(), StoreError> {
        self.story_n(id)?;
        let mut insert = self.db.prepare_cached("INSERT INTO note (story, at, text, who) VALUES (?1, ?2, ?3, ?4)")?;
        insert.execute(params![id, Time(now), text, self.person])?;
        Ok(())
    }

    pub(super) fn log(
        &self,
        story: &StoryId,
        report: Option<&ReportId>,
        was: Option<&str>,
        became: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut insert = self
            .db
            .prepare_cached("INSERT INTO decision (at, story, report, was, became, who, undoes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
        insert.execute(params![Time(now), story, report, was, became, self.person, self.taken_back.get()])?;
        Ok(())
    }
}
