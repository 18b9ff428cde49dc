//! The time of a run: it starts where the caller says and goes on with the machine's own steps.

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// A clock that was set once; setting the machine's does not move it.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    start: Timestamp,
    since: Instant,
}

impl Clock {
    pub fn set(start: Timestamp) -> Self {
        Self { start, since: Instant::now() }
    }

    pub fn now(&self) -> Timestamp {
        self.at(Instant::now())
    }

    /// The time at a moment of this process.
    pub fn at(&self, moment: Instant) -> Timestamp {
        let passed = SignedDuration::try_from(moment.saturating_duration_since(self.since)).unwrap_or(SignedDuration::MAX);
        self.start.checked_add(passed).unwrap_or(Timestamp::MAX)
    }
}
