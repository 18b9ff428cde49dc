//! What the tests of whole programs and stages share.

pub mod server;
