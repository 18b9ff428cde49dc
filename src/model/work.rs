//! Work: a job, what came of it, and how it stands: when it is to be done next, if ever.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::fetched::Failure;

/// Something to do. Its kind and its name are the key under which its standing is kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Job {
    /// Fetch the list of a source by one of its ways: 0 its url, n its nth fallback.
    List { source: String, way: u32 },
    /// Fetch the page of an item, by the source that lists it and the key of its address.
    Article { source: String, key: String },
    /// Fetch Ofsted's page of a council, by its URN.
    Provider(String),
    /// Fetch a report file, by its canonical address.
    File(String),
    /// Read stored bytes: those of this hash, as the file at this address.
    Read { url: String, sha256: String },
    /// Judge a piece, by its id.
    Judge(String),
}

/// The kind of a job; stored by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobKind {
    List,
    Article,
    Provider,
    File,
    Read,
    Judge,
}

impl JobKind {
    pub const ALL: [Self; 6] = [Self::List, Self::Article, Self::Provider, Self::File, Self::Read, Self::Judge];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Article => "article",
            Self::Provider => "provider",
            Self::File => "file",
            Self::Read => "read",
            Self::Judge => "judge",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl Job {
    /// The job of a kind with this owner and subject; none where a way has no number.
    pub fn of(kind: JobKind, owner: String, subject: String) -> Option<Self> {
        Some(match kind {
            JobKind::List => Self::List { source: owner, way: subject.parse().ok()? },
            JobKind::Article => Self::Article { source: owner, key: subject },
            JobKind::Provider => Self::Provider(subject),
            JobKind::File => Self::File(subject),
            JobKind::Read => Self::Read { url: subject, sha256: owner },
            JobKind::Judge => Self::Judge(subject),
        })
    }

    pub fn kind(&self) -> JobKind {
        match self {
            Self::List { .. } => JobKind::List,
            Self::Article { .. } => JobKind::Article,
            Self::Provider(_) => JobKind::Provider,
            Self::File(_) => JobKind::File,
            Self::Read { .. } => JobKind::Read,
            Self::Judge(_) => JobKind::Judge,
        }
    }

    /// Whose job it is: the source of a list or an article, the hash of bytes to read, else nobody's.
    pub fn owner(&self) -> &str {
        match self {
            Self::List { source, .. } | Self::Article { source, .. } => source,
            Self::Read { sha256, .. } => sha256,
            Self::Provider(_) | Self::File(_) | Self::Judge(_) => "",
        }
    }

    /// What it is about.
    pub fn subject(&self) -> String {
        match self {
            Self::List { way, .. } => way.to_string(),
            Self::Article { key, .. } => key.clone(),
            Self::Provider(name) | Self::File(name) | Self::Judge(name) => name.clone(),
            Self::Read { url, .. } => url.clone(),
        }
    }
}

/// A fault of ours: a process that could not be started, a disk that is full, a reader that broke off. It says nothing of
/// what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// For a reader: what happened, in one line.
    pub detail: String,
}

impl Fault {
    pub fn new(detail: impl Into<String>) -> Self {
        Self { detail: detail.into() }
    }
}

/// What came of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<T> {
    Got(T),
    /// It is as it was when it was last got.
    Unchanged(T),
    /// Their failure: a fact about the host, the page or the file.
    Theirs(Failure),
    /// Our fault: no fact about anything of theirs.
    Ours(Fault),
}

impl<T> Outcome<T> {
    /// The same outcome with something else of what came.
    pub fn map<U>(&self, of: impl FnOnce(&T) -> U) -> Outcome<U> {
        match self {
            Self::Got(came) => Outcome::Got(of(came)),
            Self::Unchanged(came) => Outcome::Unchanged(of(came)),
            Self::Theirs(failure) => Outcome::Theirs(failure.clone()),
            Self::Ours(fault) => Outcome::Ours(fault.clone()),
        }
    }
}

/// When a job is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// From this moment on.
    At(Timestamp),
    /// It is done, for good or until something wakes it.
    Done,
    /// It was tried often enough, or cannot succeed; the failure says why. Only something new wakes it.
    Never,
}

/// How a job stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub due: Due,
    /// The server's own word: not to be asked before, whoever wants it.
    pub held: Option<Timestamp>,
    /// Failures of theirs in a row.
    pub tries: u32,
    /// Faults of ours in a row.
    pub faults: u32,
    /// The last failure of theirs since it last went well.
    pub failure: Option<Failure>,
    /// When the first of them was.
    pub since: Option<Timestamp>,
    /// When it was last tried.
    pub at: Option<Timestamp>,
}

impl Standing {
    /// Not tried yet, to be done from then on.
    pub fn wanted(now: Timestamp) -> Self {
        Self { due: Due::At(now), held: None, tries: 0, faults: 0, failure: None, since: None, at: None }
    }

    /// True if it is to be done at `now`.
    pub fn is_due(&self, now: Timestamp) -> bool {
        matches!(self.due, Due::At(at) if at <= now) && self.may_be_asked(now)
    }

    /// True unless the server asked to be left alone until later.
    pub fn may_be_asked(&self, now: Timestamp) -> bool {
        self.held.is_none_or(|until| until <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_made_again_of_its_key() {
        for job in [
            Job::List { source: "Bugle".into(), way: 2 },
            Job::Article { source: "Bugle".into(), key: "bugle.example/a".into() },
            Job::Provider("80426".into()),
            Job::File("https://files.example/1".into()),
            Job::Read { url: "https://files.example/1".into(), sha256: "00ff".into() },
            Job::Judge("p-1".into()),
        ] {
            assert_eq!(Job::of(job.kind(), job.owner().to_owned(), job.subject()), Some(job.clone()));
            assert_eq!(JobKind::named(job.kind().as_str()), Some(job.kind()));
        }
        assert_eq!(Job::of(JobKind::List, "Bugle".into(), "first".into()), None);
    }
}
