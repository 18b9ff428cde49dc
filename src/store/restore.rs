//! Putting a backup back: verified before and after, never under another file's `-wal`, the old database aside until then.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::{
    Check, Store, StoreError, Writer,
    columns::time,
    forget::hash,
    open::{beside, private_file},
};

/// What SQLite keeps beside a database.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// A backup, copied beside the database and found to be whole. It goes away again unless it is put in place.
#[derive(Debug)]
pub struct Restoring {
    backup: PathBuf,
    /// The copy.
    part: PathBuf,
    database: PathBuf,
    /// What is in it.
    pub check: Check,
}

impl Restoring {
    /// Copies `backup` beside `database`, brings the copy to this program's version, takes out of it what was deleted
    /// for good since, and verifies it. Neither of the two is changed.
    ///
    /// # Errors
    /// Where the backup cannot be read or is not whole, or there is no room beside the database.
    pub fn new(backup: &Path, database: &Path) -> Result<Self, StoreError> {
        let failed = |cause: String| StoreError::Restore { path: backup.to_owned(), cause };
        let database = std::path::absolute(database).map_err(|error| failed(error.to_string()))?;
        let part = beside(&database, ".restore");
        remove(&part);
        let mut restoring = Self { backup: backup.to_owned(), part, database, check: Check::default() };
        restoring.copy().map_err(|error| failed(error.to_string()))?;
        restoring.check = restoring.verified().map_err(|error| match error {
            StoreError::Newer { .. } | StoreError::Foreign { .. } | StoreError::Restore { .. } => failed(said_of(&error, &restoring)),
            StoreError::Broken { cause, .. } | StoreError::Damaged(cause) => failed(cause),
            other => failed(other.to_string()),
        })?;
        Ok(restoring)
    }

    fn copy(&self) -> io::Result<()> {
        if let Some(folder) = self.database.parent() {
            fs::create_dir_all(folder)?;
        }
        private_file(&self.part)?;
        let mut to = fs::File::options().write(true).truncate(true).open(&self.part)?;
        io::copy(&mut fs::File::open(&self.backup)?, &mut to)?;
        to.sync_all()
    }

    fn verified(&self) -> Result<Check, StoreError> {
        // An empty file would become a new, empty database.
        if fs::metadata(&self.part).is_ok_and(|file| file.len() == 0) {
            return Err(StoreError::Damaged("the file is empty".to_owned()));
        }
        let mut copy = Store::open(&self.part)?;
        let check = copy.check()?;
        if let Some(problem) = check.problems.first() {
            return Err(StoreError::Damaged(problem.clone()));
        }
        // A database that cannot be read any more has lost its marks, too.
        let tombstones = self.old().and_then(|old| old.tombstones());
        if let Ok(tombstones) = tombstones
            && copy.write(|writer| writer.forget_again(&tombstones))?
        {
            copy.scrub()?;
        }
        copy.check()
    }

    /// The database that is there; none is made.
    fn old(&self) -> Result<Store, StoreError> {
        if self.database.exists() { Store::open_stored(&self.database) } else { Err(StoreError::Damaged("there is none".to_owned())) }
    }

    /// Puts the copy in the place of the database. Whoever reads the database meanwhile reads the old one to its end.
    ///
    /// # Errors
    /// Where it cannot be put there, or is not whole there; then the old database is in its place again.
    pub fn put_in_place(self) -> Result<Check, StoreError> {
        let failed = |cause: String| StoreError::Restore { path: self.backup.clone(), cause };
        let aside = beside(&self.database, ".old");
        remove(&aside);
        if self.database.exists() {
            // What still stands in its `-wal` belongs to it; one that is damaged is put aside as it is.
            if let Err(foreign @ StoreError::Foreign { .. }) = self.old().and_then(|old| old.settle()) {
                return Err(foreign);
            }
            set_aside(&self.database, &aside).map_err(|error| failed(error.to_string()))?;
        }
        let check = fs::rename(&self.part, &self.database)
            .map_err(|error| failed(error.to_string()))
            .and_then(|()| Store::open(&self.database))
            .and_then(|store| store.check());
        match check {
            Ok(check) if check.is_well() => {
                remove(&aside);
                Ok(check)
            }
            other => {
                let cause = other.map_or_else(|error| error.to_string(), |check| check.problems.join("; "));
                put_back(&aside, &self.database)
                    .map_err(|error| failed(format!("{cause}; the old database is in `{}`: {error}", aside.display())))?;
                Err(failed(cause))
            }
        }
    }
}

impl Drop for Restoring {
    fn drop(&mut self) {
        remove(&self.part);
    }
}

/// The error without the name of the copy, which nobody knows.
fn said_of(error: &StoreError, restoring: &Restoring) -> String {
    error.to_string().replace(&restoring.part.display().to_string(), &restoring.backup.display().to_string())
}

/// The database goes on being there under its name until another takes it; what SQLite keeps beside it goes aside with it.
fn set_aside(database: &Path, aside: &Path) -> io::Result<()> {
    if fs::hard_link(database, aside).is_err() {
        fs::copy(database, aside)?;
    }
    for companion in COMPANIONS {
        let from = beside(database, companion);
        if from.exists() {
            fs::rename(from, beside(aside, companion))?;
        }
    }
    Ok(())
}

fn put_back(aside: &Path, database: &Path) -> io::Result<()> {
    if !aside.exists() {
        return Ok(());
    }
    for companion in COMPANIONS {
        let _none = fs::remove_file(beside(database, companion));
    }
    fs::rename(aside, database)?;
    for companion in COMPANIONS.into_iter().filter(|companion| beside(aside, companion).exists()) {
        fs::rename(beside(aside, companion), beside(database, companion))?;
    }
    Ok(())
}

/// Removes a database with what SQLite keeps beside it, where there is one.
fn remove(database: &Path) {
    for path in [database.to_owned()].into_iter().chain(COMPANIONS.map(|companion| beside(database, companion))) {
        let _none = fs::remove_file(path);
    }
}

impl Store {
    /// Writes what stands in the `-wal` into the database itself.
    fn settle(&self) -> Result<(), StoreError> {
        Ok(self.db.query_row("PRAGMA wal_checkpoint (TRUNCATE)", [], |_| Ok(()))?)
    }

    /// The hashes of what was deleted for good, with when.
    fn tombstones(&self) -> Result<HashMap<[u8; 32], Timestamp>, StoreError> {
        let mut select = self.db.prepare("SELECT hash, at FROM tombstone")?;
        let rows = select.query_map([], |row| Ok((row.get(0)?, time(row, "at")?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Deletes for good what these marks say; true where something was there to delete.
    fn forget_again(&self, tombstones: &HashMap<[u8; 32], Timestamp>) -> Result<bool, StoreError> {
        let mut select = self.db.prepare("SELECT key FROM address UNION SELECT key FROM item ORDER BY key")?;
        let keys = select.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        let mut found = false;
        for key in keys {
            if let Some(at) = tombstones.get(&hash(&key)) {
                self.forget(&key, *at)?;
                found = true;
            }
        }
        for (hash, at) in tombstones {
            self.put_tombstone_of(hash, *at)?;
        }
        Ok(found)
    }
}
