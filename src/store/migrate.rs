//! Numbered migrations, only ever added to: each runs once, in a transaction with the number it brings.

use rusqlite::{Connection, Transaction, TransactionBehavior};

/// The migrations in order; the first makes version 1. A file that was released is never changed.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001.sql"),
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
    include_str!("migrations/0004.sql"),
    include_str!("migrations/0005.sql"),
    include_str!("migrations/0006.sql"),
    include_str!("migrations/0007.sql"),
    include_str!("migrations/0008.sql"),
    include_str!("migrations/0009.sql"),
    include_str!("migrations/0010.sql"),
    include_str!("migrations/0011.sql"),
    include_str!("migrations/0012.sql"),
    include_str!("migrations/0013.sql"),
    include_str!("migrations/0014.sql"),
    include_str!("migrations/0015.sql"),
    include_str!("migrations/0016.sql"),
    include_str!("migrations/0017.sql"),
    include_str!("migrations/0018.sql"),
    include_str!("migrations/0019.sql"),
    include_str!("migrations/0020.sql"),
    include_str!("migrations/0021.sql"),
];

/// Marks the file as ours: "tieb" in ASCII.
pub(super) const APPLICATION_ID: i64 = 0x7469_6562;

/// The version that this program writes.
pub(super) fn newest(migrations: &[&str]) -> i64 {
    migrations.len() as i64
}

pub(super) fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Brings the database to the newest version, one transaction a step.
///
/// The version is read again under the write lock, so that two programs that open a new file at once do not both
/// make its tables.
pub(super) fn migrate(db: &Connection, migrations: &[&str]) -> rusqlite::Result<()> {
    while version(db)? < newest(migrations) {
        let step = Transaction::new_unchecked(db, TransactionBehavior::Immediate)?;
        let at = version(&step)?;
        let Some(sql) = usize::try_from(at).ok().and_then(|at| migrations.get(at)) else { break };
        step.execute_batch(sql)?;
        step.pragma_update(None, "user_version", at + 1)?;
        step.pragma_update(None, "application_id", APPLICATION_ID)?;
        step.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_fails_leaves_nothing() {
        let db = Connection::open_in_memory().unwrap();
        let steps = ["CREATE TABLE a (x INTEGER) STRICT;", "CREATE TABLE b (x INTEGER) STRICT; CREATE TABLE a (x INTEGER) STRICT;"];
        assert!(migrate(&db, &steps).is_err());
        assert_eq!(version(&db).unwrap(), 1);
        let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
        assert_eq!(tables, 1);
    }

    #[test]
    fn each_step_runs_once() {
        let db = Connection::open_in_memory().unwrap();
        let first = ["CREATE TABLE a (x INTEGER) STRICT;"];
        migrate(&db, &first).unwrap();
        migrate(&db, &first).unwrap();
        migrate(&db, &[first[0], "ALTER TABLE a ADD COLUMN y TEXT;"]).unwrap();
        assert_eq!(version(&db).unwrap(), 2);
        assert!(db.execute("INSERT INTO a (x, y) VALUES (1, 'z')", []).is_ok());
    }
}
