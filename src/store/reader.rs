//! Table `reader`: up to where each reader of the summary was shown what came.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, params};

use super::{
    Store, StoreError, Writer,
    columns::{Time, maybe_time, time},
};

/// What a run stores bears the time at which the run began, and times are whole seconds.
const BEFORE: SignedDuration = SignedDuration::from_secs(1);

impl Store {
    /// The moment up to which a reader was shown everything. A run that had not ended at the last reading, or began in
    /// that very second, may have brought more since: then it is the moment before that run began.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn read_until(&self, reader: &str) -> Result<Option<Timestamp>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT until, (SELECT min(started) FROM run WHERE n > reader.run) AS unseen
            FROM reader
            WHERE name = ?1",
        )?;
        let known = select.query_row([reader], |row| Ok((time(row, "until")?, maybe_time(row, "unseen")?))).optional()?;
        Ok(known.map(|(until, unseen)| {
            let before = unseen.and_then(|started| started.checked_sub(BEFORE).ok());
            before.map_or(until, |before| before.min(until))
        }))
    }
}

impl Writer<'_> {
    /// A reader was shown everything up to `now` of the runs that have ended and whose stories are judged. What another
    /// brought is shown once more: the next run judges it.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn mark_read(&self, reader: &str, now: Timestamp) -> Result<(), StoreError> {
        let mut upsert = self.db.prepare_cached(
            "
            INSERT INTO reader (name, until, run)
            VALUES (?1, ?2,
                coalesce((
                    SELECT n
                    FROM run
                    WHERE ended IS NOT NULL
                      AND started < coalesce((SELECT min(story.first_seen) FROM work JOIN story ON story.piece = work.subject
                          WHERE work.job = 'judge' AND work.owner = '' AND story.judged_at IS NULL), 'none')
                    ORDER BY n DESC
                    LIMIT 1
                ), 0))
            ON CONFLICT (name) DO UPDATE SET until = excluded.until, run = excluded.run",
        )?;
        upsert.execute(params![reader, Time(now)])?;
        Ok(())
    }
}
