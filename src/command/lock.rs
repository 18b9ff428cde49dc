//! The lock that keeps two runs apart: a file beside the database, and what SQLite keeps beside it while anybody is at work.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::Timestamp;

use super::{Exit, Trouble};
use crate::model::wording;

/// Whoever only looks whether the lock is held holds it for a blink: it is tried for again.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(25);

/// Held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
    /// A person may delete the lock file while a run is at work. The `-wal` stands as long as the run has the database open, and
    /// SQLite itself locks other files.
    _wal: Option<File>,
}

impl Lock {
    /// The lock of the database at `place`; or, where another run holds it, who that is, if it says so.
    ///
    /// # Errors
    /// Where the lock file cannot be written.
    pub fn take(place: &Path, now: Timestamp) -> Result<Result<Self, Option<String>>, Trouble> {
        let path = beside(place, ".lock");
        let failed = |error: io::Error| Trouble::new(Exit::Database, format!("cannot lock `{}`: {error}", path.display()));
        for _ in 0..TRIES {
            let mut file = open(&path)?;
            let wal = open_wal(place);
            if taken(&file).map_err(failed)? && wal.as_ref().map_or(Ok(true), taken).map_err(failed)? {
                file.set_len(0).and_then(|()| writeln!(file, "{} {now}", std::process::id())).map_err(failed)?;
                return Ok(Ok(Self { _file: file, _wal: wal }));
            }
            std::thread::sleep(PAUSE);
        }
        Ok(Err(fs::read_to_string(&path).ok().as_deref().and_then(holder)))
    }
}

/// True where a run holds the lock of the database at `place`.
pub fn is_held(place: &Path) -> bool {
    let path = beside(place, ".lock");
    let lock = if is_other(&path) { None } else { File::open(path).ok() };
    let files = [lock, open_wal(place)];
    files.iter().flatten().any(|file| matches!(file.try_lock_shared(), Err(fs::TryLockError::WouldBlock)))
}

/// The `-wal`; none where nobody has the database open, and where a lock on it would keep SQLite from writing.
fn open_wal(place: &Path) -> Option<File> {
    File::options().read(true).write(true).open(beside(place, "-wal")).ok().filter(|_| cfg!(unix))
}

/// The lock file, made where it is not there. A pipe would be waited for.
fn open(path: &Path) -> Result<File, Trouble> {
    let failed = |cause: String| Trouble::new(Exit::Database, format!("cannot write the lock file `{}`: {cause}", path.display()));
    if is_other(path) {
        return Err(failed("it is no file".to_owned()));
    }
    File::options().create(true).append(true).open(path).map_err(|error| failed(error.to_string()))
}

/// True where something else stands there than a file.
fn is_other(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|known| !known.is_file())
}

fn taken(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(fs::TryLockError::WouldBlock) => Ok(false),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}

/// Who holds the lock and since when, of what the lock file says: "process 4711, since 23 November 2026, 06:17".
fn holder(text: &str) -> Option<String> {
    let (process, since) = text.trim().split_once(' ')?;
    let (process, since) = (process.parse::<u32>().ok()?, since.parse::<Timestamp>().ok()?);
    Some(format!("process {process}, since {}", wording::moment(since)))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
