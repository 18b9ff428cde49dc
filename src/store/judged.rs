//! Tables `tie`, `evidence`, `quotation`, `story_authority`: what tying says, and what it is still to look at.

use jiff::Timestamp;
use rusqlite::{Row, named_params, params};

use super::{
    Store, StoreError, Writer,
    columns::{Json, Time},
};
use crate::model::{
    evidence::{Evidence, Quotation},
    piece::PieceId,
    story::StoryId,
    tie::{Mention, Tie, TieState},
    verdict::Judged,
};

impl Store {
    /// Stories whose pieces tying has not looked at since they or the reports changed: new ones first, as they were stored,
    /// then those judged before by the authority they were about and as they were published, so that the text of each report
    /// is loaded once for all of them.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn pending_stories(&self, limit: usize) -> Result<Vec<StoryId>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT story.id
            FROM work
            JOIN story ON story.piece = work.subject
            LEFT JOIN story_authority ON story_authority.story = story.id AND story_authority.place = 0
            WHERE work.job = 'judge' AND work.owner = ''
            ORDER BY story_authority.authority,
                     iif(story_authority.authority IS NULL, NULL, coalesce(story.published, story.first_seen)), story.n
            LIMIT ?1",
        )?;
        let rows = select.query_map([limit as i64], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// True where there are such stories.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn has_pending(&self) -> Result<bool, StoreError> {
        let mut select = self.db.prepare_cached("SELECT EXISTS (SELECT 1 FROM work WHERE job = 'judge' AND owner = '')")?;
        Ok(select.query_row([], |row| row.get(0))?)
    }

    /// The ties of the piece that a story is a copy of, best first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn ties(&self, id: &StoryId) -> Result<Vec<Tie>, StoreError> {
        self.ties_of(&self.piece_of(id)?)
    }

    /// The ties of a piece, best first.
    pub(super) fn ties_of(&self, piece: &PieceId) -> Result<Vec<Tie>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT report, state, confidence, kind, grade_check
            FROM tie
            WHERE piece = ?1
            ORDER BY CASE state WHEN 'confirmed' THEN 0 WHEN 'auto' THEN 1 WHEN 'possible' THEN 2 ELSE 3 END,
                     confidence DESC, report",
        )?;
        let mut ties = select.query_map([piece], tie)?.collect::<Result<Vec<_>, _>>()?;
        let mut select = self.db.prepare_cached(
            "
            SELECT kind, in_story, in_report, page, paragraph, weight
            FROM evidence
            WHERE piece = ?1 AND report = ?2
            ORDER BY place",
        )?;
        for tie in &mut ties {
            tie.evidence = select.query_map(params![piece, tie.report], evidence)?.collect::<Result<_, _>>()?;
        }
        Ok(ties)
    }

    /// The reports that a story mentions, in the order of tying.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn mentions(&self, id: &StoryId) -> Result<Vec<Mention>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT report, mentioned, text FROM mention WHERE story = ?1 ORDER BY place")?;
        let rows = select.query_map([id], |row| Ok(Mention { report: row.get(0)?, mentioned: row.get(1)?, text: row.get(2)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The quotations of a story, in its order.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn quotations(&self, id: &StoryId) -> Result<Vec<Quotation>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT text, speaker, found, exact, report, page, paragraph
            FROM quotation
            WHERE story = ?1
            ORDER BY place",
        )?;
        let rows = select.query_map([id], quotation)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The overall grade that each authority of a story had on its day, most prominent first; nothing where none is known.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn grades_then(&self, id: &StoryId) -> Result<Vec<(String, Option<String>)>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT grades_then.authority, grade
            FROM grades_then JOIN story_authority USING (story, authority)
            WHERE story = ?1
            ORDER BY place",
        )?;
        let rows = select.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The authorities of a story, most prominent first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn story_authorities(&self, id: &StoryId) -> Result<Vec<String>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT authority FROM story_authority WHERE story = ?1 ORDER BY place")?;
        let rows = select.query_map([id], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Stores what tying reads in one copy by itself; what it says of ties becomes its piece's by [`Writer::settle`].
    ///
    /// # Errors
    /// Where there is no such story, or the database cannot be written.
    pub fn set_reading(&self, id: &StoryId, judged: &Judged, now: Timestamp) -> Result<(), StoreError> {
        self.story_n(id)?;
        let mut update = self.db.prepare_cached(
            "
            UPDATE story
            SET judged_at = :now,
                relevant = :relevant,
                why = :why,
                stated_grades = :stated_grades
            WHERE id = :id",
        )?;
        update.execute(named_params! {
            ":id": id,
            ":now": Time(now),
            ":relevant": judged.relevance.relevant,
            ":why": judged.relevance.why,
            ":stated_grades": Json(&judged.stated_grades),
        })?;
        self.set_authorities(id, &judged.authorities)?;
        self.set_quotations(id, &judged.quotations)?;
        self.set_mentions(id, &judged.mentions)
    }

    /// Puts all pieces about one of these authorities, and those that wait for a report of theirs, on the pending list; gives
    /// how many.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn mark_pending_for_authorities(&self, authorities: &[String]) -> Result<usize, StoreError> {
        let mut insert = self.db.prepare_cached(
            "
            INSERT INTO work (job, owner, subject, due)
            SELECT 'judge', '', id, first_seen
            FROM piece
            WHERE id IN (
                SELECT piece
                FROM story_authority INDEXED BY story_authority_ours
                WHERE authority IN (SELECT value FROM json_each(?1)) AND relevant = 1
                UNION ALL
                SELECT id
                FROM piece
                WHERE waiting_for IS NOT NULL AND waiting_for ->> 'authority' IN (SELECT value FROM json_each(?1)))
            ON CONFLICT DO NOTHING",
        )?;
        Ok(insert.execute([Json(authorities)])?)
    }

    /// Puts the piece of a story on the pending list.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn mark_pending(&self, id: &StoryId) -> Result<(), StoreError> {
        let mut insert = self.db.prepare_cached(
            "
            INSERT INTO work (job, owner, subject, due)
            SELECT 'judge', '', id, first_seen
            FROM piece
            WHERE id = (SELECT piece FROM story WHERE story.id = ?1)
            ON CONFLICT DO NOTHING",
        )?;
        insert.execute([id])?;
        Ok(())
    }

    /// Puts all pieces whose text is stored on the pending list, as after a change of weights; gives how many.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn mark_pending_all(&self) -> Result<usize, StoreError> {
        let mut insert = self.db.prepare_cached(
            "
            INSERT INTO work (job, owner, subject, due)
            SELECT 'judge', '', id, first_seen
            FROM piece
            WHERE EXISTS (SELECT 1 FROM story WHERE story.piece = piece.id AND faded IS NULL)
            ON CONFLICT DO NOTHING",
        )?;
        Ok(insert.execute([])?)
    }

    /// Stores a tie of a piece with its evidence.
    pub(super) fn put_tie(
        &self,
        piece: &PieceId,
        tie: &Tie,
        undecided: Option<TieState>,
        copy: Option<&StoryId>,
    ) -> Result<(), StoreError> {
        let mut insert = self.db.prepare_cached(
            "
            INSERT INTO tie (piece, report, state, confidence, kind, grade_check, undecided, copy)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        insert.execute(params![piece, tie.report, tie.state, finite(tie.confidence), tie.kind, tie.grade_check, undecided, copy])?;
        let mut insert = self.db.prepare_cached(
            "
            INSERT INTO evidence (piece, report, place, kind, in_story, in_report, page, paragraph, weight)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        for (place, each) in (0i64..).zip(&tie.evidence) {
            let weight = finite(each.weight);
            insert.execute(params![piece, tie.report, place, each.kind, each.story, each.report, each.page, each.paragraph, weight])?;
        }
        Ok(())
    }

    fn set_authorities(&self, id: &StoryId, authorities: &[String]) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM story_authority WHERE story = ?1")?.execute([id])?;
        let mut insert = self.db.prepare_cached("INSERT INTO story_authority (story, place, authority) VALUES (?1, ?2, ?3)")?;
        for (place, authority) in (0i64..).zip(authorities) {
            insert.execute(params![id, place, authority])?;
        }
        Ok(())
    }

    fn set_mentions(&self, id: &StoryId, mentions: &[Mention]) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM mention WHERE story = ?1")?.execute([id])?;
        let mut insert =
            self.db.prepare_cached("INSERT INTO mention (story, report, place, mentioned, text) VALUES (?1, ?2, ?3, ?4, ?5)")?;
        for (place, each) in (0i64..).zip(mentions) {
            insert.execute(params![id, each.report, place, each.mentioned, each.text])?;
        }
        Ok(())
    }

    fn set_quotations(&self, id: &StoryId, quotations: &[Quotation]) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM quotation WHERE story = ?1")?.execute([id])?;
        let mut insert = self.db.prepare_cached(
            "
            INSERT INTO quotation (story, place, text, speaker, found, exact, report, page, paragraph)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        for (place, each) in (0i64..).zip(quotations) {
            insert.execute(params![id, place, each.text, each.speaker, each.found, each.exact, each.report, each.page, each.paragraph])?;
        }
        Ok(())
    }
}

/// Not a number and infinity have no place in a column.
fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}

fn tie(row: &Row<'_>) -> rusqlite::Result<Tie> {
    Ok(Tie {
        report: row.get("report")?,
        state: row.get("state")?,
        confidence: row.get("confidence")?,
        kind: row.get("kind")?,
        grade_check: row.get("grade_check")?,
        evidence: Vec::new(),
    })
}

fn evidence(row: &Row<'_>) -> rusqlite::Result<Evidence> {
    Ok(Evidence {
        kind: row.get("kind")?,
        story: row.get("in_story")?,
        report: row.get("in_report")?,
        page: row.get("page")?,
        paragraph: row.get("paragraph")?,
        weight: row.get("weight")?,
    })
}

fn quotation(row: &Row<'_>) -> rusqlite::Result<Quotation> {
    Ok(Quotation {
        text: row.get("text")?,
        speaker: row.get("speaker")?,
        found: row.get("found")?,
        exact: row.get("exact")?,
        report: row.get("report")?,
        page: row.get("page")?,
        paragraph: row.get("paragraph")?,
    })
}
