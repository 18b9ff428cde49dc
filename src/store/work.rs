//! Table `work`: what is to be done, and when. What a job's standing becomes is decided in `crate::work`, not here.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, named_params, params};

use super::{
    Store, StoreError, Writer,
    columns::{Time, maybe_time},
};
use crate::model::{
    fetched::{Failure, FailureKind},
    work::{Due, Job, JobKind, Standing},
};

impl Store {
    /// How a job stands; nothing where it is done or was never wanted.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn standing(&self, job: &Job) -> Result<Option<Standing>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT due, held, tries, faults, failure, detail, since, tried_at
            FROM work
            WHERE job = ?1 AND owner = ?2 AND subject = ?3",
        )?;
        Ok(select.query_row(params![job.kind().as_str(), job.owner(), job.subject()], standing).optional()?)
    }

    /// The owners and subjects of the jobs of a kind that are due, longest due first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn due_jobs(&self, kind: JobKind, now: Timestamp, limit: usize) -> Result<Vec<(String, String)>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT owner, subject
            FROM work
            WHERE job = ?1 AND due <= ?2 AND (held IS NULL OR held <= ?2)
            ORDER BY due, owner, subject
            LIMIT ?3",
        )?;
        let rows = select.query_map(params![kind.as_str(), Time(now), limit as i64], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The address that was configured when a list was last asked; nothing where it never was, or by a version that kept none.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn list_address(&self, list: &Job) -> Result<Option<String>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT address FROM work WHERE job = ?1 AND owner = ?2 AND subject = ?3")?;
        let address = select.query_row(params![list.kind().as_str(), list.owner(), list.subject()], |row| row.get(0)).optional()?;
        Ok(address.flatten())
    }

    /// The lists of which no such address is kept.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn lists_without_address(&self) -> Result<Vec<Job>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT owner, subject FROM work WHERE job = 'list' AND address IS NULL")?;
        let rows = select.query_map([], |row| Ok(Job::of(JobKind::List, row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// Jobs that were tried later than `now`, by a clock that stood ahead.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn jobs_ahead(&self, now: Timestamp) -> Result<Vec<Job>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT job, owner, subject FROM work WHERE tried_at > ?1")?;
        let rows = select.query_map([Time(now)], |row| {
            let (kind, owner, subject): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(JobKind::named(&kind).and_then(|kind| Job::of(kind, owner, subject)))
        })?;
        Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// When the earliest list of a source is due; nothing where none was ever asked.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn next_due(&self, source: &str) -> Result<Option<Timestamp>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT max(due, coalesce(held, due)) AS due
            FROM work
            WHERE job = 'list' AND owner = ?1 AND due IS NOT NULL
            ORDER BY 1
            LIMIT 1",
        )?;
        Ok(select.query_row([source], |row| maybe_time(row, "due")).optional()?.flatten())
    }
}

impl Writer<'_> {
    /// Keeps how a job stands; what is done leaves no row.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn set_standing(&self, job: &Job, standing: &Standing) -> Result<(), StoreError> {
        let due = match standing.due {
            Due::Done => return self.drop_job(job),
            Due::Never => None,
            Due::At(due) => Some(Time(due)),
        };
        let mut upsert = self.db.prepare_cached(
            "
            INSERT INTO work (job, owner, subject, due, held, tries, faults, failure, detail, since, tried_at)
            VALUES (:job, :owner, :subject, :due, :held, :tries, :faults, :failure, :detail, :since, :tried_at)
            ON CONFLICT (job, owner, subject) DO UPDATE SET
                due = excluded.due,
                held = excluded.held,
                tries = excluded.tries,
                faults = excluded.faults,
                failure = excluded.failure,
                detail = excluded.detail,
                since = excluded.since,
                tried_at = excluded.tried_at",
        )?;
        upsert.execute(named_params! {
            ":job": job.kind().as_str(),
            ":owner": job.owner(),
            ":subject": job.subject(),
            ":due": due,
            ":held": standing.held.map(Time),
            ":tries": standing.tries,
            ":faults": standing.faults,
            ":failure": standing.failure.as_ref().map(|failure| failure.kind),
            ":detail": standing.failure.as_ref().map(|failure| &failure.detail),
            ":since": standing.since.map(Time),
            ":tried_at": standing.at.map(Time),
        })?;
        Ok(())
    }

    /// Keeps the address that is configured for a list whose standing is kept.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn set_list_address(&self, list: &Job, address: &str) -> Result<(), StoreError> {
        let mut update = self.db.prepare_cached("UPDATE work SET address = ?4 WHERE job = ?1 AND owner = ?2 AND subject = ?3")?;
        update.execute(params![list.kind().as_str(), list.owner(), list.subject(), address])?;
        Ok(())
    }

    /// Takes a job away, whatever it stands for.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn drop_job(&self, job: &Job) -> Result<(), StoreError> {
        let mut delete = self.db.prepare_cached("DELETE FROM work WHERE job = ?1 AND owner = ?2 AND subject = ?3")?;
        delete.execute(params![job.kind().as_str(), job.owner(), job.subject()])?;
        Ok(())
    }

    /// Takes away what was still to be read of the file at this address: other bytes stand there now.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn drop_reads(&self, url: &str) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM work WHERE job = 'read' AND subject = ?1")?.execute([url])?;
        Ok(())
    }

    /// The page at this address has come: no source need bring it any more.
    pub(super) fn settle_articles(&self, key: &str) -> Result<(), StoreError> {
        let mut delete = self.db.prepare_cached(
            "
            DELETE FROM work
            WHERE job = 'article' AND subject = ?1 AND owner IN (SELECT source FROM item WHERE key = ?1)",
        )?;
        delete.execute([key])?;
        Ok(())
    }
}

fn standing(row: &Row<'_>) -> rusqlite::Result<Standing> {
    let kind: Option<FailureKind> = row.get("failure")?;
    let detail: Option<String> = row.get("detail")?;
    Ok(Standing {
        due: maybe_time(row, "due")?.map_or(Due::Never, Due::At),
        held: maybe_time(row, "held")?,
        tries: row.get("tries")?,
        faults: row.get("faults")?,
        failure: kind.map(|kind| Failure::new(kind, detail.unwrap_or_default())),
        since: maybe_time(row, "since")?,
        at: maybe_time(row, "tried_at")?,
    })
}
