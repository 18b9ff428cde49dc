//! Runs a reader on a thread of its own: with a large stack, without its panics, and for a limited time.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::unreadable::{Instead, Unreadable};

/// The stack of a reading thread in bytes. Extraction recurses once for each level of nesting.
const STACK_BYTES: usize = 16 * 1024 * 1024;

/// Runs `read` and gives what it gives; a panic or a lapse of `limit` becomes [`Instead::Overlong`].
///
/// The limit is a last resort behind the bounds on size, nesting and number of tags: a page within
/// those takes milliseconds. A thread that outlives it is left behind, as threads cannot be ended.
pub fn with_patience<T: Send + 'static>(limit: Duration, read: impl FnOnce() -> T + Send + 'static) -> Result<T, Unreadable> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let work = move || {
        if let Ok(value) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)) {
            // The receiver may have gone: then nobody wants the value.
            let _unwanted = sender.send(value);
        }
    };
    thread::Builder::new()
        .name("read".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(work)
        .map_err(|error| Unreadable::new(Instead::Overlong, format!("no thread to read it on: {error}")))?;
    receiver.recv_timeout(limit).map_err(|cause| match cause {
        mpsc::RecvTimeoutError::Timeout => Unreadable::new(Instead::Overlong, format!("given up after {} s", limit.as_secs())),
        mpsc::RecvTimeoutError::Disconnected => Unreadable::new(Instead::Overlong, "the reader failed on it"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_the_value_or_says_why_not() {
        assert_eq!(with_patience(Duration::from_secs(5), || 7), Ok(7));
        let late = with_patience(Duration::from_millis(10), || thread::sleep(Duration::from_secs(2)));
        assert_eq!(late.map_err(|error| error.kind), Err(Instead::Overlong));
        let failed: Result<(), _> = with_patience(Duration::from_secs(5), || panic!("a reader's bug"));
        assert_eq!(failed.map_err(|error| error.detail), Err("the reader failed on it".to_owned()));
    }
}
