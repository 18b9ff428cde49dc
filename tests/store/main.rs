//! The store on real files: what goes in comes out, nothing is half, decisions stand, what is deleted stays away.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod crash;
mod files;
mod lists;
mod made;
mod other_programs;
mod packed;
mod pieces;
mod reports;
mod review;
mod search;
mod speed;
mod stories;
