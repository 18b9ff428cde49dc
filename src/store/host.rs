//! Tables `host` and `robots`: what is remembered of hosts from run to run.

use jiff::{SignedDuration, Timestamp};
use rusqlite::params;

use super::{
    Store, StoreError, Writer,
    columns::{Time, maybe_time, time},
};
use crate::model::{
    fetched::Validators,
    host::{Hold, Host, Memory, RobotsFile},
};

/// A robots.txt that nobody asked for in so long is forgotten.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(90 * 24);

impl Store {
    /// What is remembered of all hosts.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn memory(&self) -> Result<Memory, StoreError> {
        let mut select = self.db.prepare_cached("SELECT name, asked, held, why FROM host ORDER BY name")?;
        let hosts = select.query_map([], |row| {
            let why: Option<String> = row.get("why")?;
            let held = maybe_time(row, "held")?.map(|until| Hold { until, why: why.unwrap_or_default() });
            Ok(Host { name: row.get("name")?, held, asked: maybe_time(row, "asked")? })
        })?;
        let hosts = hosts.collect::<Result<_, _>>()?;
        let mut select = self.db.prepare_cached("SELECT origin, body, etag, last_modified, given_by, fetched_at FROM robots")?;
        let robots = select.query_map([], |row| {
            let validators = Validators { etag: row.get("etag")?, last_modified: row.get("last_modified")?, from: row.get("given_by")? };
            Ok(RobotsFile { origin: row.get("origin")?, body: row.get("body")?, validators, fetched: time(row, "fetched_at")? })
        })?;
        Ok(Memory { hosts, robots: robots.collect::<Result<_, _>>()? })
    }
}

impl Writer<'_> {
    /// Keeps what a run learnt of hosts.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn learn(&self, learnt: &Memory) -> Result<(), StoreError> {
        let mut upsert = self.db.prepare_cached(
            "
            INSERT INTO host (name, asked, held, why)
            VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (name) DO UPDATE SET asked = excluded.asked, held = excluded.held, why = excluded.why",
        )?;
        for Host { name, held, asked } in &learnt.hosts {
            upsert.execute(params![
                name,
                asked.map(Time),
                held.as_ref().map(|hold| Time(hold.until)),
                held.as_ref().map(|hold| &hold.why)
            ])?;
        }
        let mut upsert = self.db.prepare_cached(
            "
            INSERT INTO robots (origin, body, etag, last_modified, given_by, fetched_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT (origin) DO UPDATE SET
                body = excluded.body,
                etag = excluded.etag,
                last_modified = excluded.last_modified,
                given_by = excluded.given_by,
                fetched_at = excluded.fetched_at",
        )?;
        for RobotsFile { origin, body, validators, fetched } in &learnt.robots {
            upsert.execute(params![origin, body, validators.etag, validators.last_modified, validators.from, Time(*fetched)])?;
        }
        Ok(())
    }

    /// Forgets what no longer says anything: holds that are over, and files that nobody asked for in months.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn forget_hosts(&self, now: Timestamp) -> Result<(), StoreError> {
        self.db.prepare_cached("UPDATE host SET held = NULL, why = NULL WHERE held <= ?1")?.execute([Time(now)])?;
        let before = now.checked_sub(FORGOTTEN).unwrap_or(Timestamp::MIN);
        self.db.prepare_cached("DELETE FROM robots WHERE fetched_at < ?1")?.execute([Time(before)])?;
        self.db.prepare_cached("DELETE FROM host WHERE held IS NULL AND asked < ?1")?.execute([Time(before)])?;
        Ok(())
    }
}
