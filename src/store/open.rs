//! Opening the file: private permissions, the pragmas, the version; and what a broken file says.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{
    Connection, OpenFlags,
    config::DbConfig,
    trace::{TraceEvent, TraceEventCodes},
};

use super::{
    Store,
    error::StoreError,
    migrate::{APPLICATION_ID, MIGRATIONS, migrate, newest, version},
    packed,
};

/// What SQLite keeps beside a database.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];
/// How long to wait for another program that is writing: longer than any of our transactions takes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Pages kept in memory, in KiB; the shingle index is read at random.
const CACHE_KIB: i64 = 32 * 1024;
/// Distinct statements kept prepared; above the number there are.
const STATEMENTS: usize = 256;

impl Store {
    /// Opens the database, making it and its folder if need be, and brings it to this program's version.
    ///
    /// # Errors
    /// Where the file cannot be opened or written, is no database or not ours, or was written by a newer program.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let unusable = |cause: String| StoreError::Open { path: path.to_owned(), cause };
        // Absolute, so that a file called ":memory:" or "file:x" is a file.
        let absolute = std::path::absolute(path).map_err(|error| unusable(error.to_string()))?;
        match fs::metadata(&absolute) {
            Ok(known) if known.is_dir() => return Err(unusable("it is a folder".to_owned())),
            Ok(known) if !known.is_file() => return Err(unusable("it is a device or a pipe, and no file".to_owned())),
            _ => {}
        }
        // SQLite would wait for ever for a pipe.
        for ending in BESIDE {
            if fs::metadata(beside(&absolute, ending)).is_ok_and(|known| !known.is_file()) {
                return Err(unusable(format!("the `{ending}` beside it is no file")));
            }
        }
        let length = fs::metadata(&absolute).map_or(0, |file| file.len());
        // SQLite takes one byte for none, and would write over it.
        if length == 1 {
            return Err(StoreError::Broken { path: path.to_owned(), cause: "file is not a database".to_owned() });
        }
        // SQLite throws a `-wal` away that stands beside an empty file, and with it what is left of the database.
        let is_empty = length == 0;
        if is_empty && fs::metadata(beside(&absolute, "-wal")).is_ok_and(|wal| wal.len() > 0) {
            let cause = "it is empty or gone, and the `-wal` beside it is not".to_owned();
            return Err(StoreError::Broken { path: path.to_owned(), cause });
        }
        make_private(&absolute).map_err(|error| match error.kind() {
            io::ErrorKind::StorageFull => StoreError::Full,
            _ => unusable(error.to_string()),
        })?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(&absolute, flags).map_err(|error| unusable(error.to_string()))?;
        Self::prepare(db, Some(path.to_owned())).map_err(|error| match error {
            StoreError::ReadOnly(cause) => unusable(cause),
            StoreError::Damaged(cause) => StoreError::Broken { path: path.to_owned(), cause },
            StoreError::Refused(error) => unusable(error.to_string()),
            other => other,
        })
    }

    /// Opens a database that is there, also one that may only be read, or stands where nothing may be written.
    ///
    /// # Errors
    /// As [`Store::open`]; also where it can be read only by a program that may write beside it, or is of an older version.
    pub fn open_stored(path: &Path) -> Result<Self, StoreError> {
        match Self::open(path) {
            Err(refused @ (StoreError::Open { .. } | StoreError::Failing(_))) if path.is_file() => Self::open_to_read(path, refused),
            opened => opened,
        }
    }

    /// Opens for reading alone. While nobody writes, which is where there is no `-wal`, the file is read as one that does
    /// not change: so it needs no file beside it. Else SQLite must have those that the writer made.
    fn open_to_read(path: &Path, refused: StoreError) -> Result<Self, StoreError> {
        let absolute = std::path::absolute(path).map_err(|_| StoreError::Busy)?;
        let is_still = fs::metadata(beside(&absolute, "-wal")).map_or(true, |wal| wal.len() == 0);
        let uri = format!("file:{}?mode=ro{}", escaped(&absolute), if is_still { "&immutable=1" } else { "" });
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let found = Connection::open_with_flags(uri, flags).map_err(StoreError::from).and_then(|mut db| {
            db.busy_timeout(BUSY_TIMEOUT)?;
            refuse_foreign(&db, path)?;
            let found = version(&db)?;
            if found < newest(MIGRATIONS) {
                return Err(StoreError::Older { path: path.to_owned(), found, known: newest(MIGRATIONS) });
            }
            Self::tune(&mut db)?;
            Ok(Self { db, path: Some(path.to_owned()), person: None })
        });
        found.map_err(|error| match error {
            StoreError::Damaged(cause) => StoreError::Broken { path: path.to_owned(), cause },
            other @ (StoreError::Foreign { .. } | StoreError::Newer { .. } | StoreError::Older { .. } | StoreError::Busy) => other,
            _ => refused,
        })
    }

    /// A database that lives as long as the value.
    ///
    /// # Errors
    /// Where SQLite has no memory.
    pub fn open_in_memory() -> Result<Self, StoreError> {
        Self::prepare(Connection::open_in_memory()?, None)
    }

    fn prepare(mut db: Connection, path: Option<PathBuf>) -> Result<Self, StoreError> {
        db.busy_timeout(BUSY_TIMEOUT)?;
        refuse_foreign(&db, path.as_deref().unwrap_or(Path::new(":memory:")))?;
        Self::tune(&mut db)?;
        db.pragma_update(None, "foreign_keys", true)?;
        // What is deleted is overwritten: a story deleted for good must not stand in free pages.
        db.query_row("PRAGMA secure_delete = ON", [], |_| Ok(()))?;
        // Free pages can be given back in small steps; it takes hold in a new file, and in an old one when it is written anew.
        // To set what is set already would wait for whoever writes.
        if db.query_row("PRAGMA auto_vacuum", [], |row| row.get::<_, i64>(0))? == 0 {
            db.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
        }
        db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        // With WAL, NORMAL may lose the last transactions to a power cut: a person's decision must not be among them.
        db.pragma_update(None, "synchronous", "FULL")?;
        migrate(&db, MIGRATIONS)?;
        Ok(Self { db, path, person: None })
    }

    /// What a connection needs that only reads, too.
    fn tune(db: &mut Connection) -> rusqlite::Result<()> {
        db.set_prepared_statement_cache_capacity(STATEMENTS);
        // Without this, SQLite plans a cached statement anew each time it is used: rusqlite clears the bindings of what it
        // caches, and to a planner that looks at bound values (STAT4) that is a change. A story’s card takes 18 µs instead of 64.
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        db.pragma_update(None, "trusted_schema", false)?;
        packed::teach(db)?;
        if tracing::enabled!(tracing::Level::TRACE) {
            db.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(tell))?;
        }
        db.pragma_update(None, "cache_size", -CACHE_KIB)
    }

    /// Whether each commit waits until it would outlive a power cut, as it does where nothing is said. Where not, a cut takes the
    /// last ones back as if they had not been; a process that dies loses none. The next commit that waits, here or in another
    /// program, makes all before it last.
    ///
    /// # Errors
    /// Where SQLite does not take it.
    pub fn set_waiting(&self, each: bool) -> Result<(), StoreError> {
        Ok(self.db.pragma_update(None, "synchronous", if each { "FULL" } else { "NORMAL" })?)
    }

    /// How many KiB of the file's pages are kept in memory; 32 MiB where not set.
    ///
    /// # Errors
    /// Where SQLite does not take it.
    pub fn set_cache(&self, kib: u32) -> Result<(), StoreError> {
        Ok(self.db.pragma_update(None, "cache_size", -i64::from(kib))?)
    }

    /// Lets go of the memory in which pages of the file are kept.
    ///
    /// # Errors
    /// Where SQLite does not take it.
    pub fn let_go(&self) -> Result<(), StoreError> {
        Ok(self.db.execute_batch("PRAGMA shrink_memory")?)
    }

    /// How long to wait for another program that is writing, before [`StoreError::Busy`]; ten seconds where not set.
    ///
    /// # Errors
    /// Where SQLite does not take it.
    pub fn set_patience(&self, patience: Duration) -> Result<(), StoreError> {
        Ok(self.db.busy_timeout(patience)?)
    }

    /// The file, unless the database is in memory.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }
}

/// Each statement in one line, with `TIEBACK_LOG=tieback::store=trace`.
fn tell(event: TraceEvent<'_>) {
    if let TraceEvent::Stmt(statement, _) = event {
        tracing::trace!("{}", statement.sql().split_whitespace().collect::<Vec<_>>().join(" "));
    }
}

/// `FILE-wal` beside `FILE`, as SQLite names it.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The path as part of a URI (RFC 3986, section 2).
fn escaped(path: &Path) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~');
    let bytes = path.as_os_str().as_encoded_bytes();
    bytes.iter().map(|&byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Refuses a newer database and any that is not ours, before anything is written to it.
fn refuse_foreign(db: &Connection, path: &Path) -> Result<(), StoreError> {
    // In one transaction: another program may be making the file just now.
    let one = db.unchecked_transaction()?;
    let found = version(&one)?;
    let application: i64 = one.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let tables: i64 = one.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    drop(one);
    let blank = application == 0 && found == 0 && tables == 0;
    if application != APPLICATION_ID && !blank {
        return Err(StoreError::Foreign { path: path.to_owned() });
    }
    let known = newest(MIGRATIONS);
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    if found < 1 && !blank {
        return Err(StoreError::Damaged(format!("it bears the version {found}, which never was")));
    }
    Ok(())
}

/// Makes the folder and an empty file that only their owner can read; leaves both alone where they exist.
fn make_private(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        private_folder(folder)?;
    }
    private_file(path).map(|_| ())
}

/// Makes an empty file that only its owner can read; false where there is a file already.
pub(super) fn private_file(path: &Path) -> io::Result<bool> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
