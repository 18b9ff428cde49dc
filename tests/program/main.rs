//! The whole program against a made-up web: the real binary, real files, a local proxy that answers for every host.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "../common/server.rs"]
mod server;
#[path = "../common/sheet.rs"]
mod sheet;

mod backfill;
mod exits;
mod health;
mod hostile;
mod identity;
mod killed;
mod locks;
mod made;
mod ofsted;
mod order;
mod originals;
mod program;
mod replaced;
mod reread;
mod retention;
mod same;
mod sources;
mod steady;
mod stopped;
mod troubles;
mod web;
mod world;
