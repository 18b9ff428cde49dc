//! Limits that the system sets: a file that may not grow is an error to be told, and no reason to be killed.

/// The number of SIGXFSZ on Linux and on BSDs.
#[cfg(unix)]
const FILE_TOO_LARGE: i32 = 25;

/// Takes SIGXFSZ, so that a write beyond `ulimit -f` fails and says so; untaken, it kills. What is taken once stays taken.
#[cfg(unix)]
pub fn outlive() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
    runtime.block_on(async {
        // Where it cannot be taken, a limit kills as it does any program.
        let _taken = signal(SignalKind::from_raw(FILE_TOO_LARGE));
    });
}

#[cfg(not(unix))]
pub fn outlive() {}
