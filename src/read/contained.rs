//! Other people's code on other people's bytes: where it panics, the caller hears of it, and nobody else does.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static CONTAINED: Cell<usize> = const { Cell::new(0) };
}

/// What `work` gives; none where it panicked.
pub fn contained<T>(work: impl FnOnce() -> T) -> Option<T> {
    CONTAINED.with(|depth| depth.set(depth.get() + 1));
    let given = catch_unwind(AssertUnwindSafe(work)).ok();
    CONTAINED.with(|depth| depth.set(depth.get() - 1));
    given
}

/// True within [`contained`] work of this thread: a panic is told by who asked for the work.
pub fn is_contained() -> bool {
    CONTAINED.with(Cell::get) > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_within_is_none_and_the_next_works() {
        assert_eq!(contained(|| contained(|| "x".parse::<u8>().unwrap())), Some(None));
        assert_eq!(contained(|| 7), Some(7));
        assert!(contained(is_contained).unwrap() && !is_contained());
    }
}
