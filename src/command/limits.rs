//! Limits that the system sets: a file that may not grow is an error to be told, and no reason to be killed.

#[cfg(unix)]
use crate::read::contained::contained;

/// The number of SIGXFSZ on Linux and on BSDs.
#[cfg(unix)]
const FILE_TOO_LARGE: i32 = 25;

/// Takes SIGXFSZ, so that a write beyond `ulimit -f` fails and says so; untaken, it kills. What is taken once stays taken.
#[cfg(unix)]
pub fn outlive() {
    use tokio::signal::unix::{SignalKind, signal};
    // Where it cannot be taken, a limit kills as it does any program; where no more files may be open, this panics.
    let _taken = contained(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().ok()?;
        runtime.block_on(async { signal(SignalKind::from_raw(FILE_TOO_LARGE)).ok() })
    });
}

#[cfg(not(unix))]
pub fn outlive() {}
