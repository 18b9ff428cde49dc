//! One file per subcommand; here the stages meet.

pub mod demo;
