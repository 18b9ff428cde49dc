//! `read-report`: the child's side of reading a report file, with its limits.

use std::{
    io::{self, Read, Write},
    thread,
};

use super::{Exit, Trouble, demo::councils};
use crate::{model::report::ReportHints, pipeline::read::CPU_SECONDS, read::report};

/// Address space of the reading process. Real reports need some 20 MB.
const MEMORY: u64 = 1 << 30;

/// The file on stdin, the reading as JSON on stdout.
///
/// With a length, that many bytes are the file, and stdin stays open: where it closes before the reading is done, nobody
/// waits for it any more.
pub fn run(hints: &str, length: Option<u64>) -> Result<Exit, Trouble> {
    // Where limits cannot be set, the time limit of the parent remains.
    let _unlimited = rlimit::Resource::AS.set(MEMORY, MEMORY);
    let _unlimited = rlimit::Resource::CPU.set(CPU_SECONDS, CPU_SECONDS + 1);
    let hints: ReportHints =
        serde_json::from_str(hints).map_err(|error| Trouble::usage(format!("the hints are no JSON object of hints: {error}")))?;
    let mut bytes = Vec::new();
    match length {
        None => io::stdin().lock().read_to_end(&mut bytes)?,
        Some(length) => io::stdin().lock().take(length).read_to_end(&mut bytes)?,
    };
    if length.is_some() {
        thread::spawn(end_with_the_parent);
    }
    let reading = report::read(&bytes, &hints, &councils::gazetteer_for(hints.urn.as_deref())?);
    let mut answer = serde_json::to_vec(&reading).map_err(|error| Trouble::new(Exit::Unexpected, error.to_string()))?;
    answer.push(b'\n');
    io::stdout().lock().write_all(&answer)?;
    Ok(Exit::Well)
}

/// Waits for stdin to close, and ends the process then.
fn end_with_the_parent() {
    let mut byte = [0];
    while io::stdin().lock().read(&mut byte).is_ok_and(|read| read > 0) {}
    std::process::exit(Exit::Unexpected as i32);
}
