//! What is to be done next: the one place that knows retries, waits, giving up and waking. Pure.

mod next;
mod rhythm;
mod ways;

pub use next::{Pace, asked_again, next, wake};
pub use rhythm::{outside, rhythm, spread};
pub use ways::{Asking, Leave, leaves, order};
