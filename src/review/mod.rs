//! Deciding, full screen: what is shown, what a key means, and how it looks; pure but for the frame that it is drawn on.

mod draw;
mod lay;
mod pick;
mod screen;

pub use draw::draw;
pub use screen::{Act, Screen};
