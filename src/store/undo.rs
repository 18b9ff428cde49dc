//! Taking back the last decision: what it changed becomes what it was, and the audit trail says so.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError, Writer};
use crate::model::{report::ReportId, story::StoryId, tie::TieState, verdict::Review};

/// A decision that was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    pub story: StoryId,
    /// The tie that was decided on; nothing for the story itself.
    pub report: Option<ReportId>,
    /// The state or review that was taken back…
    pub became: Option<String>,
    /// …and the one that it is again.
    pub was: Option<String>,
}

impl Store {
    /// The last decision that stands and takes none back: of this account, where its name is known.
    fn last_decision(&self) -> Result<Option<(i64, Undone)>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT n, story, report, was, became
            FROM decision
            WHERE undoes IS NULL
              AND n NOT IN (SELECT undoes FROM decision WHERE undoes IS NOT NULL)
              AND (?1 IS NULL OR who IS NULL OR who = ?1)
            ORDER BY n DESC
            LIMIT 1",
        )?;
        let row = select.query_row(params![self.person], |row| {
            let undone = Undone { story: row.get("story")?, report: row.get("report")?, became: row.get("became")?, was: row.get("was")? };
            Ok((row.get("n")?, undone))
        });
        Ok(row.optional()?)
    }
}

impl Writer<'_> {
    /// Takes the last decision back; nothing where there is none. What was decided on the same thing since stands.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn undo(&self, now: Timestamp) -> Result<Option<Undone>, StoreError> {
        let Some((n, undone)) = self.last_decision()? else { return Ok(None) };
        self.taken_back.set(Some(n));
        let done = self.restore_decided(&undone, now).and_then(|()| self.say_undone(n, &undone, now));
        self.taken_back.set(None);
        done.map(|()| Some(undone))
    }

    /// Where nothing was left to change, it is taken back all the same.
    fn say_undone(&self, n: i64, undone: &Undone, now: Timestamp) -> Result<(), StoreError> {
        if self.db.prepare_cached("SELECT 1 FROM decision WHERE undoes = ?1")?.exists([n])? {
            return Ok(());
        }
        self.log(&undone.story, undone.report.as_ref(), undone.became.as_deref(), undone.was.as_deref(), now)
    }

    fn restore_decided(&self, undone: &Undone, now: Timestamp) -> Result<(), StoreError> {
        match &undone.report {
            Some(report) => {
                let state = undone.was.as_deref().and_then(|was| TieState::ALL.into_iter().find(|state| state.as_str() == was));
                match self.decide_tie(&undone.story, report, state.unwrap_or(TieState::Possible), now) {
                    // Judged anew since, and no tie any more.
                    Err(StoreError::NoTie { .. }) => Ok(()),
                    done => done,
                }
            }
            None => {
                let review = undone.was.as_deref().and_then(|was| Review::ALL.into_iter().find(|review| review.as_str() == was));
                self.review_story(&undone.story, review.unwrap_or(Review::New), now)
            }
        }
    }
}
