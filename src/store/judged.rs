//! Tables `tie`, `evidence`, `quotation`, `story_authority` and the pending flag: what tying says, and what it is still to look at.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, named_params, params};

use super::{
    Store, StoreError, Writer,
    columns::{Json, Time, json},
};
use crate::model::{
    evidence::{Evidence, Quotation},
    story::StoryId,
    tie::{Mention, Tie, TieState},
    verdict::{Judged, Relevance, StoryState},
};

impl Store {
    /// Stories that tying has not looked at since they or the reports changed: new ones first, as they were stored, then
    /// those judged before by the authority they were about, so that each report's text is loaded once for all of them.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn pending_stories(&self, limit: usize) -> Result<Vec<StoryId>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT story.id
            FROM story
            LEFT JOIN story_authority ON story_authority.story = story.id AND story_authority.place = 0
            WHERE story.pending = 1
            ORDER BY story_authority.authority, story.n
            LIMIT ?1",
        )?;
        let rows = select.query_map([limit as i64], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What tying and people last said of a story.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn judged(&self, id: &StoryId) -> Result<Option<Judged>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT relevant, why, kind, stated_grades, waiting_for, state
            FROM story
            WHERE id = ?1 AND judged_at IS NOT NULL",
        )?;
        let found = select.query_row([id], |row| {
            Ok(Judged {
                relevance: Relevance { relevant: row.get("relevant")?, why: row.get("why")? },
                kind: row.get("kind")?,
                authorities: Vec::new(),
                stated_grades: json(row, "stated_grades")?,
                quotations: Vec::new(),
                ties: Vec::new(),
                mentions: Vec::new(),
                waiting_for: row.get::<_, Option<Json<_>>>("waiting_for")?.map(|waiting| waiting.0),
                state: row.get("state")?,
            })
        });
        let Some(mut judged) = found.optional()? else { return Ok(None) };
        judged.authorities = self.story_authorities(id)?;
        judged.quotations = self.quotations(id)?;
        judged.ties = self.ties(id)?;
        judged.mentions = self.mentions(id)?;
        Ok(Some(judged))
    }

    /// The ties of a story, best first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn ties(&self, id: &StoryId) -> Result<Vec<Tie>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT report, state, confidence, kind, grade_check
            FROM tie
            WHERE story = ?1
            ORDER BY CASE state WHEN 'confirmed' THEN 0 WHEN 'auto' THEN 1 WHEN 'possible' THEN 2 ELSE 3 END,
                     confidence DESC, report",
        )?;
        let mut ties = select.query_map([id], tie)?.collect::<Result<Vec<_>, _>>()?;
        let mut select = self.db.prepare_cached(
            "
            SELECT kind, in_story, in_report, page, paragraph, weight
            FROM evidence
            WHERE story = ?1 AND report = ?2
            ORDER BY place",
        )?;
        for tie in &mut ties {
            tie.evidence = select.query_map(params![id, tie.report], evidence)?.collect::<Result<_, _>>()?;
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
    /// Stores what tying says of a story and takes it off the pending list.
    ///
    /// Ties that a person confirmed or rejected stay as they are, evidence included, whether or not `judged` has them;
    /// the state of the story is reckoned from all its ties as they then stand.
    ///
    /// # Errors
    /// Where there is no such story, a tie names a report that is not stored, or the database cannot be written.
    pub fn set_judged(&self, id: &StoryId, judged: &Judged, now: Timestamp) -> Result<(), StoreError> {
        self.story_n(id)?;
        let mut update = self.db.prepare_cached(
            "
            UPDATE story
            SET pending = 0,
                judged_at = :now,
                relevant = :relevant,
                why = :why,
                kind = :kind,
                stated_grades = :stated_grades,
                waiting_for = :waiting_for
            WHERE id = :id",
        )?;
        update.execute(named_params! {
            ":id": id,
            ":now": Time(now),
            ":relevant": judged.relevance.relevant,
            ":why": judged.relevance.why,
            ":kind": judged.kind,
            ":stated_grades": Json(&judged.stated_grades),
            ":waiting_for": judged.waiting_for.as_ref().map(Json),
        })?;
        self.set_authorities(id, &judged.authorities)?;
        self.set_quotations(id, &judged.quotations)?;
        self.set_mentions(id, &judged.mentions)?;
        self.db.prepare_cached("DELETE FROM tie WHERE story = ?1 AND state IN ('auto', 'possible')")?.execute([id])?;
        for tie in &judged.ties {
            self.put_tie(id, tie)?;
        }
        self.reckon_state(id)
    }

    /// Puts all relevant and all waiting stories about one of these authorities on the pending list; gives how many.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn mark_pending_for_authorities(&self, authorities: &[String]) -> Result<usize, StoreError> {
        let mut update = self.db.prepare_cached(
            "
            UPDATE story
            SET pending = 1
            WHERE pending = 0
              AND (relevant = 1 OR waiting_for IS NOT NULL)
              AND (id IN (SELECT story FROM story_authority WHERE authority IN (SELECT value FROM json_each(?1)))
                   OR waiting_for ->> 'authority' IN (SELECT value FROM json_each(?1)))",
        )?;
        Ok(update.execute([Json(authorities)])?)
    }

    /// Puts one story on the pending list.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn mark_pending(&self, id: &StoryId) -> Result<(), StoreError> {
        self.db.prepare_cached("UPDATE story SET pending = 1 WHERE id = ?1")?.execute([id])?;
        Ok(())
    }

    /// Puts all stories on the pending list, as after a change of weights; gives how many.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn mark_pending_all(&self) -> Result<usize, StoreError> {
        Ok(self.db.prepare_cached("UPDATE story SET pending = 1 WHERE pending = 0")?.execute([])?)
    }

    /// Stores a tie with its evidence, unless the pair is there: then a person decided on it.
    fn put_tie(&self, id: &StoryId, tie: &Tie) -> Result<(), StoreError> {
        let mut insert = self.db.prepare_cached(
            "
            INSERT INTO tie (story, report, state, confidence, kind, grade_check)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT (story, report) DO NOTHING",
        )?;
        let fresh = insert.execute(params![id, tie.report, tie.state, finite(tie.confidence), tie.kind, tie.grade_check])? > 0;
        if !fresh {
            return Ok(());
        }
        let mut insert = self.db.prepare_cached(
            "
            INSERT INTO evidence (story, report, place, kind, in_story, in_report, page, paragraph, weight)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        for (place, each) in (0i64..).zip(&tie.evidence) {
            let weight = finite(each.weight);
            insert.execute(params![id, tie.report, place, each.kind, each.story, each.report, each.page, each.paragraph, weight])?;
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
        let mut insert = self.db.prepare_cached("INSERT INTO mention (story, report, place, mentioned, text) VALUES (?1, ?2, ?3, ?4, ?5)")?;
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

    /// Sets the state of a story from its ties and what it waits for.
    pub(super) fn reckon_state(&self, id: &StoryId) -> Result<(), StoreError> {
        let mut select = self.db.prepare_cached("SELECT state FROM tie WHERE story = ?1")?;
        let ties = select.query_map([id], |row| row.get(0))?.collect::<Result<Vec<TieState>, _>>()?;
        let mut select = self.db.prepare_cached("SELECT waiting_for IS NOT NULL FROM story WHERE id = ?1")?;
        let state = StoryState::of(ties, select.query_row([id], |row| row.get(0))?);
        self.db.prepare_cached("UPDATE story SET state = ?2 WHERE id = ?1")?.execute(params![id, state])?;
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
