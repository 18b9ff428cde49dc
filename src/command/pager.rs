//! The pager: what does not fit on a terminal is shown by `$PAGER`, from its beginning.

use std::{
    io::{self, IsTerminal, Write},
    process::Command,
};

use ratatui::crossterm::terminal;

use super::{Trouble, output};

/// What is used where `$PAGER` names nothing: it ends by itself where the text fits, shows colours, and leaves the text there.
const PAGER: &str = "less -FRX";
/// What `less` is told where the account tells it nothing.
const LESS: &str = "FRX";

/// Whether the reader had all of a text before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PagerEnd {
    Whole,
    /// The pager was left before it took all.
    Part,
}

/// Writes a text to stdout: on a terminal that it does not fit on, through the pager.
///
/// # Errors
/// As [`output::print`].
pub fn show(text: &str) -> Result<PagerEnd, Trouble> {
    let pager = std::env::var("PAGER").ok();
    match command(pager.as_deref()).filter(|_| io::stdout().is_terminal() && is_long(text)) {
        Some(command) => match through(&command, text) {
            Some(shown) => Ok(shown),
            None => output::print(text).map(|()| PagerEnd::Whole),
        },
        None => output::print(text).map(|()| PagerEnd::Whole),
    }
}

/// The command; nothing where the account wants none.
fn command(pager: Option<&str>) -> Option<String> {
    match pager.map(str::trim) {
        None => Some(PAGER.to_owned()),
        Some("" | "cat") => None,
        Some(pager) => Some(pager.to_owned()),
    }
}

fn is_long(text: &str) -> bool {
    let rows = terminal::size().map_or(24, |(_, rows)| usize::from(rows));
    text.lines().count() >= rows
}

/// Gives the text to a pager; nothing where there is no such program.
fn through(pager: &str, text: &str) -> Option<PagerEnd> {
    let mut command = shell(pager);
    if std::env::var_os("LESS").is_none() {
        command.env("LESS", LESS);
    }
    // What we write is UTF-8 whatever the account's locale says.
    if std::env::var_os("LESSCHARSET").is_none() {
        command.env("LESSCHARSET", "utf-8");
    }
    let (mut unread, mut feed) = io::pipe().ok()?;
    let mut child = command.stdin(unread.try_clone().ok()?).spawn().ok()?;
    // The command holds an end of the pipe, too.
    drop(command);
    std::thread::scope(|scope| {
        scope.spawn(move || feed.write_all(text.as_bytes()));
        let ended = child.wait().ok()?;
        // What is still in the pipe, or comes into it now, the pager did not take; less takes some 8 KB at a time.
        let left = io::copy(&mut unread, &mut io::sink()).unwrap_or(0);
        // 126 and 127 are the shell's: it could not run the program.
        match ended.code() {
            Some(126 | 127) => None,
            _ if left == 0 => Some(PagerEnd::Whole),
            _ => Some(PagerEnd::Part),
        }
    })
}

/// A command as the account's shell understands it; without a shell, its words.
#[cfg(unix)]
pub fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]);
    shell
}

#[cfg(not(unix))]
pub fn shell(command: &str) -> Command {
    let mut words = command.split_whitespace();
    let mut program = Command::new(words.next().unwrap_or_default());
    program.args(words);
    program
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pager_is_the_accounts_or_less_or_none() {
        for (pager, expected) in [(None, Some("less -FRX")), (Some("most -s"), Some("most -s")), (Some(""), None), (Some(" cat "), None)] {
            assert_eq!(command(pager).as_deref(), expected, "{pager:?}");
        }
    }

    #[test]
    fn a_pager_that_is_not_there_is_none() {
        assert_eq!(through("no-such-pager-anywhere", "text\n"), None);
        assert_eq!(through("true", &"text\n".repeat(100_000)), Some(PagerEnd::Part));
        // Also where all of it fits into the pipe.
        assert_eq!(through("false", "text\n"), Some(PagerEnd::Part));
        assert_eq!(through("head -n 1 > /dev/null", &"text\n".repeat(10_000)), Some(PagerEnd::Part));
        assert_eq!(through("cat > /dev/null", "text\n"), Some(PagerEnd::Whole));
    }
}
