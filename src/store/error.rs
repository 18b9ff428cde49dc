//! What can go wrong with the database, said so that a person knows what to do.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::open::beside;

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("cannot open the database `{}`: {cause}", path.display())]
    Open { path: PathBuf, cause: String },
    #[error("the database `{}` cannot be read: {cause}", path.display())]
    Broken { path: PathBuf, cause: String },
    #[error("`{}` is not a database of tieback", path.display())]
    Foreign { path: PathBuf },
    #[error("the database `{}` was written by a newer tieback (version {found}, this program knows {known})", path.display())]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error("the database `{}` was written by an older tieback (version {found}, this program needs {known}), and may not be written", path.display())]
    Older { path: PathBuf, found: i64, known: i64 },
    #[error("the database is damaged: {0}")]
    Damaged(String),
    #[error("the database is locked by another program")]
    Busy,
    #[error("the database cannot be written: {0}")]
    ReadOnly(String),
    #[error("the disk is full")]
    Full,
    #[error("the database cannot be written: {0}")]
    Failing(String),
    #[error("cannot put back `{}`: {cause}", path.display())]
    Restore { path: PathBuf, cause: String },
    #[error("cannot write the backup `{}`: {cause}", path.display())]
    Backup { path: PathBuf, cause: String },
    #[error("cannot write the backup `{}`: the disk is full", path.display())]
    NoRoom { path: PathBuf },
    #[error("no story has the id `{0}`")]
    NoStory(String),
    #[error("no report has the id `{0}`")]
    NoReport(String),
    #[error("the story `{story}` has no tie to the report `{report}`")]
    NoTie { story: String, report: String },
    #[error("the database refused: {0}")]
    Refused(#[source] rusqlite::Error),
}

impl StoreError {
    /// True where the database as a whole cannot be used (exit code 6), not merely one request.
    pub fn is_database(&self) -> bool {
        !matches!(
            self,
            Self::Backup { .. } | Self::NoRoom { .. } | Self::Restore { .. } | Self::NoStory(_) | Self::NoReport(_) | Self::NoTie { .. }
        )
    }

    /// What a person can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Open { .. } | Self::ReadOnly(_) => {
                Some("check that the folder exists, may be written and has room, or name another file with --database")
            }
            Self::Foreign { .. } => Some("name another file with --database"),
            Self::Newer { .. } => Some("install the newer tieback, or name another file with --database"),
            Self::Older { .. } => Some("let whoever may write it run `tieback check` once"),
            Self::Failing(_) => {
                Some("is there room on the disk, is it well, and are files not limited in size (`ulimit -f`)? nothing half is stored")
            }
            Self::Broken { path, .. } if has_wal(path) => Some(
                "keep the file and the `-wal` beside it together, and copy both away first: the latest changes stand in the second; \
                 then `tieback restore FILE` puts a backup in its place",
            ),
            Self::Broken { .. } => {
                Some("if it is yours, `tieback restore FILE` puts a backup in its place; else name another file with --database")
            }
            Self::Damaged(_) => Some("`tieback check` says what is damaged; `tieback restore FILE` puts a backup in its place"),
            Self::Restore { .. } => Some("name a file made by `tieback backup`; nothing was changed"),
            Self::Busy => Some("wait for the other run to end"),
            Self::Full => Some("make room and run again: nothing half is stored"),
            Self::Backup { .. } => Some("name a file that does not exist yet, in a folder that does"),
            Self::NoRoom { .. } => Some("make room where it goes, or name a place with room; nothing half is left there"),
            Self::NoStory(_) | Self::NoReport(_) | Self::NoTie { .. } | Self::Refused(_) => None,
        }
    }
}

/// True where changes stand beside the database that it does not hold yet.
fn has_wal(path: &Path) -> bool {
    std::fs::metadata(beside(path, "-wal")).is_ok_and(|wal| wal.len() > 0)
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Damaged(error.to_string()),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen) => Self::ReadOnly(error.to_string()),
            Some(ErrorCode::SystemIoFailure) => Self::Failing(error.to_string()),
            Some(ErrorCode::DiskFull) => Self::Full,
            // Every table that is asked for is in a database of this version.
            _ if error.to_string().contains("no such table") => Self::Damaged(error.to_string()),
            _ => match error {
                rusqlite::Error::FromSqlConversionFailure(..) | rusqlite::Error::InvalidColumnType(..) => Self::Damaged(error.to_string()),
                _ => Self::Refused(error),
            },
        }
    }
}
