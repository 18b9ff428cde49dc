//! The command line as it is typed: for `search`, a minus before a word leaves out what has it, and is no option.

use std::ffi::OsString;

/// Options of every command that take the next argument.
const WITH_VALUE: [&str; 5] = ["--config", "--database", "--now", "--color", "--log"];

/// The arguments, with the minus of a word behind `search` written as the sign that no option begins with.
pub fn arguments(typed: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut all: Vec<OsString> = typed.collect();
    let Some(search) = command(&all).filter(|at| all[*at] == "search") else { return all };
    for argument in all.iter_mut().skip(search + 1).take_while(|argument| *argument != "--") {
        if let Some(word) = argument.to_str().and_then(left_out) {
            *argument = word.into();
        }
    }
    all
}

/// The place of the command: the first argument that is neither an option nor the value of one.
fn command(all: &[OsString]) -> Option<usize> {
    let mut at = 1;
    while let Some(argument) = all.get(at).and_then(|argument| argument.to_str()) {
        if !argument.starts_with('-') {
            return Some(at);
        }
        at += if WITH_VALUE.contains(&argument) { 2 } else { 1 };
    }
    None
}

/// "-plan" as "−plan"; a phrase that lost its marks to the shell gets them again.
fn left_out(argument: &str) -> Option<String> {
    let word = argument.strip_prefix('-').filter(|word| !word.starts_with('-') && word.chars().count() > 1)?;
    if word.chars().all(|flag| matches!(flag, 'v' | 'q' | 'h' | 'V')) {
        return None;
    }
    let is_phrase = word.contains(char::is_whitespace) && !word.contains(['"', '“', '”']);
    Some(if is_phrase { format!("−\"{word}\"") } else { format!("−{word}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minus_before_a_word_is_no_option() {
        let check = |typed: &str, expected: &str| {
            let split = |text: &str| text.split(',').map(OsString::from).collect::<Vec<_>>();
            assert_eq!(arguments(split(typed).into_iter()), split(expected), "{typed}");
        };
        check("t,search,plan,-pathway,--json", "t,search,plan,−pathway,--json");
        check("t,--config,search,search,-pathway plan", "t,--config,search,search,−\"pathway plan\"");
        check("t,-q,search,-\"pathway plan\",-vv,-v", "t,-q,search,−\"pathway plan\",-vv,-v");
        check("t,search,--,-pathway", "t,search,--,-pathway");
        check("t,stories,-pathway", "t,stories,-pathway");
        check("t,note,s-1,search,-x", "t,note,s-1,search,-x");
        check("t", "t");
    }
}
