//! `read-report`: the child's side of reading a report file, with its limits.

use std::io::{self, Read, Write};

use super::{Exit, Trouble, demo::councils};
use crate::{model::report::ReportHints, read::report};

/// Address space of the reading process. Real reports need some 20 MB.
const MEMORY: u64 = 1 << 30;

/// The child's side: the file on stdin, the reading as JSON on stdout.
pub fn run(hints: &str) -> Result<Exit, Trouble> {
    // Where limits cannot be set, the time limit of the parent remains.
    let _unlimited = rlimit::Resource::AS.set(MEMORY, MEMORY);
    let hints: ReportHints =
        serde_json::from_str(hints).map_err(|error| Trouble::usage(format!("the hints are no JSON object of hints: {error}")))?;
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    let reading = report::read(&bytes, &hints, &councils::gazetteer_for(hints.urn.as_deref())?);
    let mut answer = serde_json::to_vec(&reading).map_err(|error| Trouble::new(Exit::Unexpected, error.to_string()))?;
    answer.push(b'\n');
    io::stdout().lock().write_all(&answer)?;
    Ok(Exit::Well)
}
