//! Report files are read in a process of their own, with limits on time and memory: whatever a file does, the run goes on.

use std::{
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::Command,
    time::timeout,
};

use crate::{
    model::{
        report::{ReportHints, ReportReading, ReportStatus},
        work::Fault,
    },
    read::pdf,
};

/// A report takes some 20 ms, and the reader ends itself after [`CPU_SECONDS`] of work; what takes this long has not been
/// given the time, by a machine that is busy or asleep.
const PATIENCE: Duration = Duration::from_secs(120);

/// Seconds of work after which the reading process is ended by the system, whatever else the machine does.
pub const CPU_SECONDS: u64 = 20;

/// The end mark of a PDF stands within so many bytes of its end (ISO 32000-1, annex H.3, note 18).
const END_WITHIN: usize = 1024;

/// Reads a report file in a child process. What cannot be read is an unreadable report with its reason: a fact about the
/// file.
///
/// # Errors
/// A fault of ours, which says nothing about the file: the reader could not be started, or was ended by somebody else.
pub async fn read(bytes: &[u8], hints: &ReportHints) -> Result<ReportReading, Fault> {
    if is_cut(bytes) {
        // The library mends such a file and gives a report with half its text and no word of what is missing.
        return Ok(ReportReading::empty(ReportStatus::Unreadable, "the PDF is cut off: it has no end mark".to_owned()));
    }
    ask(bytes, hints).await
}

/// True for a PDF without its end.
fn is_cut(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(END_WITHIN)..];
    pdf::is_pdf(bytes) && !tail.windows(5).any(|five| five == b"%%EOF")
}

async fn ask(bytes: &[u8], hints: &ReportHints) -> Result<ReportReading, Fault> {
    let fault = |what: &str, error: &dyn std::fmt::Display| Fault::new(format!("{what}: {error}"));
    let program = std::env::current_exe().map_err(|error| fault("the reader of reports cannot be started", &error))?;
    let hints = serde_json::to_string(hints).map_err(|error| fault("the reader of reports cannot be told its hints", &error))?;
    let mut child = Command::new(program)
        .args(["read-report", "--hints", &hints, "--length", &bytes.len().to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| fault("the reader of reports cannot be started", &error))?;
    let (mut input, output) = (child.stdin.take(), child.stdout.take());
    let mut answer = Vec::new();
    let talk = async {
        let feed = async {
            if let Some(input) = &mut input {
                // A reader that gave up early closes the pipe; how it ended says why.
                let _closed = input.write_all(bytes).await;
                let _closed = input.flush().await;
            }
        };
        let hear = async {
            match output {
                Some(mut output) => output.read_to_end(&mut answer).await.map(|_| ()),
                None => Ok(()),
            }
        };
        let ((), heard) = tokio::join!(feed, hear);
        heard?;
        child.wait().await
    };
    let ended = timeout(PATIENCE, talk)
        .await
        .map_err(|_| Fault::new(format!("the reader of reports had no time to end within {} seconds", PATIENCE.as_secs())))?
        .map_err(|error| fault("the reader of reports broke", &error))?;
    // Held open until here: the reader ends when it closes, so that none outlives the run that asked.
    drop(input);
    match ending(ended) {
        Ending::Answered => {
            serde_json::from_slice(&answer).unwrap_or_else(|error| Err(fault("the reader of reports gave half an answer", &error)))
        }
        Ending::GaveUp(reason) => Ok(ReportReading::empty(ReportStatus::Unreadable, reason.to_owned())),
        Ending::Ended(fault) => Err(fault),
    }
}

/// How the reader ended.
#[derive(Debug, PartialEq, Eq)]
enum Ending {
    Answered,
    /// By a limit that the file ran into.
    GaveUp(&'static str),
    Ended(Fault),
}

const SIGABRT: i32 = 6;
const SIGSEGV: i32 = 11;
const SIGXCPU: i32 = 24;
/// How a Rust program exits that met a case its author ruled out.
const PANICKED: i32 = 101;

fn ending(status: ExitStatus) -> Ending {
    if status.success() {
        return Ending::Answered;
    }
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal: Option<i32> = None;
    match signal {
        // An allocation beyond the limit aborts, as does a stack that overflows.
        Some(SIGABRT | SIGSEGV) => Ending::GaveUp("reading it takes more memory than a report may"),
        Some(SIGXCPU) => Ending::GaveUp("reading it takes more time than a report may"),
        None if status.code() == Some(PANICKED) => Ending::GaveUp("the reader fails on it"),
        Some(signal) => Ending::Ended(Fault::new(format!("the reader of reports was ended by signal {signal}"))),
        None => Ending::Ended(Fault::new(format!("the reader of reports failed ({status})"))),
    }
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
