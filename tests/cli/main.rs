//! The program as people and scripts meet it: the binary, a folder, a database, a fixed time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../store/made.rs"]
#[allow(dead_code, reason = "each test program uses a part")]
mod made;
#[path = "../common/server.rs"]
mod server;
mod world;

mod add;
mod decide;
mod export;
mod files;
mod look;
mod manners;
mod plans;
mod read;
mod restore;
#[cfg(target_os = "linux")]
mod screen;
mod sources;
#[cfg(target_os = "linux")]
mod terminal;
mod watch;
