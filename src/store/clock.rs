//! A clock that stood ahead: times stored then are put right.

use jiff::Timestamp;
use rusqlite::params;

use super::{
    Store, StoreError, Writer,
    columns::{Time, maybe_time},
};

/// The columns that say when something was done, by table. What is due is not among them: it may lie ahead.
const DONE: [(&str, &str); 20] = [
    ("source", "last_try"),
    ("source", "last_success"),
    ("source", "last_new"),
    ("source", "failing_since"),
    ("source", "first_try"),
    ("source", "moved_since"),
    ("resource", "fetched_at"),
    ("resource", "full_at"),
    ("host", "asked"),
    ("robots", "fetched_at"),
    ("item", "at"),
    ("provider", "listed_at"),
    ("provider", "read_at"),
    ("publication", "first_seen"),
    ("publication", "last_seen"),
    ("report", "first_seen"),
    ("story", "first_seen"),
    ("story", "changed"),
    ("piece", "first_seen"),
    ("piece", "changed"),
];

impl Store {
    /// The latest time after `now` at which something was done, by a run or by hand: the clock stood ahead then, or stands back now.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn done_ahead(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT max(at) AS at
            FROM (SELECT (SELECT max(started) FROM run) AS at
                  UNION ALL SELECT (SELECT max(first_seen) FROM story)
                  UNION ALL SELECT first_seen FROM report WHERE n = (SELECT max(n) FROM report))
            WHERE at > ?1",
        )?;
        Ok(select.query_row([Time(now)], |row| maybe_time(row, "at"))?)
    }
}

impl Writer<'_> {
    /// Everything that was done in the future was done now; gives how many times were put right. Jobs are the caller's.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn put_clock_right(&self, now: Timestamp) -> Result<usize, StoreError> {
        let mut times = 0;
        for (table, column) in DONE {
            times += self.db.execute(&format!("UPDATE {table} SET {column} = ?1 WHERE {column} > ?1"), [Time(now)])?;
        }
        // A wait that was counted from the wrong time is nobody's word.
        self.db.execute("UPDATE host SET held = NULL, why = NULL WHERE held > ?1", [Time(now)])?;
        let runs = "UPDATE run SET started = ?1, ended = iif(ended IS NULL, NULL, ?1) WHERE started > ?1";
        times += self.db.execute(runs, params![Time(now)])?;
        Ok(times)
    }
}
