//! tieback: ties news about inspections of children's services to the exact Ofsted report.
//!
//! The modules stand in the order of the pipeline: a source is fetched, what came back is read into
//! stories and reports, copies are found, stories are tied to reports, everything is stored, and
//! the outputs are made from the store. `pipeline` is where the stages meet, `command` where a person meets the program.

// These panic where nobody listens; `command/output.rs` does not.
#![deny(clippy::print_stdout, clippy::print_stderr)]

pub mod cli;
pub mod config;
pub mod model;

pub mod fetch;
pub mod read;

pub mod dedupe;
pub mod tie;

pub mod store;

pub mod digest;
pub mod review;
pub mod summary;

pub mod pipeline;
pub mod work;

pub mod command;
