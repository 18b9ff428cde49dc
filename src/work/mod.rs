//! What is to be done next: the one place that knows retries, waits, giving up and waking. Pure.

mod next;
mod ways;

pub use next::{Pace, asked_again, next, wake};
pub use ways::{Leave, leaves, order};
