//! Report files are read in a process of their own, with limits on time and memory: whatever a file does, the run goes on.

use std::{
    io::{self, Read, Write},
    process::Stdio,
    time::Duration,
};

use tokio::{io::AsyncWriteExt, process::Command, time::timeout};

use crate::{
    model::report::{Fault, ReportHints, ReportReading, ReportStatus},
    read::{pdf, report},
};

use super::{Exit, Trouble, demo::councils};

/// A report takes some 20 ms; what takes this long will not end.
const PATIENCE: Duration = Duration::from_secs(30);
/// Address space of the reading process. Real reports need some 20 MB.
const MEMORY: u64 = 1 << 30;

/// The end mark of a PDF stands within so many bytes of its end (ISO 32000-1, annex H.3, note 18).
const END_WITHIN: usize = 1024;

/// Reads a report file in a child process. Never fails: what cannot be read is an unreadable report with its reason.
pub async fn read(bytes: &[u8], hints: &ReportHints) -> ReportReading {
    if is_cut(bytes) {
        // The library mends such a file and gives a report with half its text and no word of what is missing.
        return ReportReading::empty(ReportStatus::Unreadable, "the PDF is cut off: it has no end mark".to_owned());
    }
    match ask(bytes, hints).await {
        Ok(reading) => reading,
        Err(reason) => ReportReading::empty(ReportStatus::Unreadable, reason),
    }
}

/// True for a PDF without its end.
fn is_cut(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(END_WITHIN)..];
    pdf::is_pdf(bytes) && !tail.windows(5).any(|five| five == b"%%EOF")
}

async fn ask(bytes: &[u8], hints: &ReportHints) -> Result<ReportReading, String> {
    let program = std::env::current_exe().map_err(|error| format!("the reader cannot be started: {error}"))?;
    let hints = serde_json::to_string(hints).map_err(|error| error.to_string())?;
    let mut child = Command::new(program)
        .args(["read-report", "--hints", &hints])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("the reader cannot be started: {error}"))?;
    let input = child.stdin.take();
    let feed = async {
        if let Some(mut input) = input {
            // A reader that gave up early closes the pipe; its answer says why.
            let _closed = input.write_all(bytes).await;
        }
    };
    let (_, output) = timeout(PATIENCE, async { tokio::join!(feed, child.wait_with_output()) })
        .await
        .map_err(|_| format!("not read within {} seconds", PATIENCE.as_secs()))?;
    let output = output.map_err(|error| format!("the reader broke: {error}"))?;
    if !output.status.success() {
        return Err("the reader gave up on the file: too much memory, or a fault in it".to_owned());
    }
    let answer: Result<ReportReading, Fault> =
        serde_json::from_slice(&output.stdout).map_err(|error| format!("the reader’s answer is cut: {error}"))?;
    answer.map_err(|fault| fault.to_string())
}

/// The child's side: the file on stdin, the reading as JSON on stdout.
pub fn serve(hints: &str) -> Result<Exit, Trouble> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdf_has_an_end_mark_near_its_end() {
        let file = |after: usize| [b"%PDF-1.4\n1 0 obj\n%%EOF".to_vec(), vec![b'\n'; after]].concat();
        assert!(!is_cut(&file(0)));
        assert!(!is_cut(&file(END_WITHIN - 5)));
        assert!(is_cut(&file(END_WITHIN - 4)));
        assert!(is_cut(b"%PDF-1.4\n1 0 obj"));
        assert!(!is_cut(b"<html>"), "what is no PDF says so itself");
        assert!(!is_cut(b""));
    }
}
