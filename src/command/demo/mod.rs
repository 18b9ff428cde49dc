//! `demo`: the whole pipeline against a small made-up web inside the program.

pub mod pdf;
