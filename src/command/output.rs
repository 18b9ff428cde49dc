//! Output on stdout: results only, clean, and at ease with a reader that stops early; words to people go to stderr.

use std::{
    borrow::Cow,
    io::{self, IsTerminal, Write},
};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Context, Trouble};
use crate::{
    cli::{ColorChoice, LogFormat},
    model::text::{clean_line, is_hostile},
    summary::Look,
};

/// Columns where neither the terminal nor `COLUMNS` says how many there are.
const WIDTH: usize = 100;
/// More columns than this make a line that no eye follows.
const WIDEST: usize = 204;
/// Fewer hold no table.
const NARROWEST: usize = 40;

/// Writes a text to stdout as a whole.
///
/// # Errors
/// Where stdout cannot be written; a broken pipe becomes a [`Trouble`] with exit code 0.
pub fn print(text: &str) -> Result<(), Trouble> {
    print_bytes(text.as_bytes())
}

/// The same, of bytes.
///
/// # Errors
/// As [`print`].
pub fn print_bytes(bytes: &[u8]) -> Result<(), Trouble> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(())
}

/// Writes a text that may be long: on a terminal that it does not fit on, through the pager.
///
/// # Errors
/// As [`print`].
pub fn page(text: &str) -> Result<(), Trouble> {
    super::pager::show(text).map(|_shown| ())
}

/// Writes a JSON value to stdout, indented.
///
/// # Errors
/// As [`print`].
pub fn print_json(value: &Value) -> Result<(), Trouble> {
    print(&format!("{}\n", armoured(&format!("{value:#}"))))
}

/// Writes JSON values to stdout, one a line, as `export` does.
///
/// # Errors
/// As [`print`].
pub fn print_lines(values: impl Iterator<Item = Value>) -> Result<(), Trouble> {
    print(&values.map(|value| format!("{}\n", armoured(&value.to_string()))).collect::<String>())
}

/// JSON in which characters that steer a terminal are escaped: the same value, and safe to look at.
pub fn armoured(json: &str) -> Cow<'_, str> {
    let bad = |char: char| char != '\n' && is_hostile(char);
    if !json.contains(bad) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len());
    for char in json.chars() {
        if bad(char) {
            let mut units = [0; 2];
            out.extend(char.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            out.push(char);
        }
    }
    Cow::Owned(out)
}

/// A word to the person at the terminal, unless they want none.
pub fn say(context: &Context, text: &str) {
    if !context.quiet {
        tell(context.log, text);
    }
}

/// The same where no configuration was read: a line each, or a record each of the log.
pub fn tell(log: LogFormat, text: &str) {
    for line in text.lines() {
        match log {
            LogFormat::Text => told(line),
            LogFormat::Json => logged("INFO", line, json!({})),
        }
    }
}

/// One line on stderr, cleaned but for blanks before it. That nobody listens there any more is no reason to end.
pub fn told(line: &str) {
    let blanks = line.len() - line.trim_start_matches(' ').len();
    let _deaf = writeln!(io::stderr(), "{}{}", &line[..blanks], clean_line(line));
}

/// One record of the log on stderr, with more fields than all have.
pub fn logged(level: &str, message: &str, more: Value) {
    let mut record = json!({ "timestamp": Timestamp::now(), "level": level, "message": clean_line(message) });
    if let (Some(record), Value::Object(more)) = (record.as_object_mut(), more) {
        record.extend(more);
    }
    told(&armoured(&record.to_string()));
}

/// The width of the terminal, and whether to use colours.
pub fn look(context: &Context) -> Look {
    let colour = colour(context.color);
    Look { width: width(), colour, links: colour && io::stdout().is_terminal() && follows_links(|name| std::env::var(name).ok()) }
}

/// True of terminals that are known to follow OSC 8; there is no way to ask one.
fn follows_links(variable: impl Fn(&str) -> Option<String>) -> bool {
    let is = |name: &str, values: &[&str]| variable(name).is_some_and(|value| values.contains(&value.as_str()));
    let number = |name: &str| variable(name).and_then(|value| value.parse::<u32>().ok()).unwrap_or(0);
    if let Some(forced) = variable("FORCE_HYPERLINK") {
        return forced != "0";
    }
    // Programs that share a terminal among several do not let links through unless told to.
    if variable("TMUX").is_some() || variable("STY").is_some() {
        return false;
    }
    number("VTE_VERSION") >= 5000
        || number("KONSOLE_VERSION") >= 210_400
        || variable("WT_SESSION").is_some()
        || is("TERM", &["xterm-kitty", "xterm-ghostty", "foot", "foot-extra", "alacritty", "wezterm", "contour"])
        || is("TERM_PROGRAM", &["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "WarpTerminal", "rio", "zed"])
}

/// `COLUMNS` goes first, so that scripts and tests can say it.
fn width() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse::<usize>().ok()).filter(|columns| *columns > 0);
    let seen = || {
        let at_terminal = io::stdout().is_terminal() || io::stderr().is_terminal();
        at_terminal.then(textwrap::termwidth)
    };
    told.or_else(seen).unwrap_or(WIDTH).clamp(NARROWEST, WIDEST)
}

/// See <https://no-color.org>; a terminal that calls itself dumb has no colours either.
fn colour(choice: ColorChoice) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
            !refused && !dumb && io::stdout().is_terminal()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_for_terminals_that_are_known_to_follow_them() {
        let check = |set: &[(&str, &str)], expected| {
            let found = follows_links(|name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()));
            assert_eq!(found, expected, "{set:?}");
        };
        check(&[], false);
        check(&[("TERM", "xterm-256color")], false);
        check(&[("TERM", "xterm-256color"), ("VTE_VERSION", "7200")], true);
        check(&[("VTE_VERSION", "4900")], false);
        check(&[("TERM_PROGRAM", "iTerm.app")], true);
        check(&[("TERM_PROGRAM", "Apple_Terminal")], false);
        check(&[("TERM", "foot"), ("TMUX", "/tmp/tmux-0/default")], false);
        check(&[("TERM", "foot"), ("FORCE_HYPERLINK", "0")], false);
        check(&[("FORCE_HYPERLINK", "1")], true);
    }

    #[test]
    fn json_that_steers_no_terminal_is_the_same_json() {
        let value = serde_json::json!({"title": "a\u{1b}[2J\u{9b}31m\u{202e}b\u{e0041}\u{7f}é “”\n"});
        for text in [armoured(&value.to_string()), armoured(&format!("{value:#}"))] {
            assert!(text.chars().all(|char| char == '\n' || !is_hostile(char)), "{text:?}");
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        }
    }
}
