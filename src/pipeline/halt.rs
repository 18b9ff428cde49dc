//! Why a pass ends early: a fault of ours, never one of a source.

use std::io;

use jiff::Timestamp;

use crate::{fetch::FetchError, store::StoreError, tie::score::WeightsError};

/// What stops a pass. A source that fails stops nothing.
#[derive(Debug, thiserror::Error)]
pub enum Halt {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The runtime or a process could not be started.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The clock has lost the time.
    #[error("the clock stands at {0}, and runs were made long after that")]
    Clock(Timestamp),
    /// A source was asked for by a name that the configuration does not have.
    #[error("no source is named `{0}`")]
    NoSource(String),
}
