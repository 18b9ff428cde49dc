//! Register and pay walls, and pages that want to see a browser first.

use crate::model::text::folded;

/// Phrases that open a wall. A wall speaks to the reader, so none of these begins a paragraph of a story.
const WALL: [&str; 24] = [
    "register now to continue reading",
    "register to continue reading",
    "register for free to continue reading",
    "sign in to continue reading",
    "log in to continue reading",
    "subscribe to continue reading",
    "subscribe now to continue reading",
    "subscribe to read the full",
    "to continue reading this article",
    "to continue reading please",
    "to read the full article",
    "want full article access",
    "already a subscriber",
    "already have an account",
    "already registered",
    "this content is for subscribers",
    "this content is only available to",
    "this article is for subscribers",
    "this article is only available to",
    "this is a subscriber only",
    "you have reached your limit of free articles",
    "you have read all your free articles",
    "get unlimited access to",
    "enjoy unlimited access",
];

/// A phrase of a wall stands in a short block; a paragraph that happens to begin so is longer.
const WALL_WORDS: usize = 40;

/// With more words than this before it, a phrase without other signs is a call to register below a free story.
const WALLED_WORDS: usize = 400;

/// True if the block begins a wall: the text ends before it. `more` are the outlet's own phrases.
pub fn opens(block: &str, more: &[String]) -> bool {
    let block = folded(block);
    block.split(' ').count() <= WALL_WORDS
        && (WALL.iter().any(|phrase| block.starts_with(phrase))
            || more.iter().map(|phrase| folded(phrase)).any(|phrase| !phrase.is_empty() && block.starts_with(&phrase)))
}

/// True if a text of so many words, cut at a wall's phrase, is only a part.
pub fn cuts(words: usize) -> bool {
    words <= WALLED_WORDS
}

/// Signs of a challenge in the title of a page.
const CHALLENGE_TITLES: [&str; 8] = [
    "just a moment", "attention required", "access denied", "pardon our interruption", "are you a robot", "are you human",
    "security check", "please wait while we verify",
];

/// Signs of a challenge in the source of a page.
const CHALLENGE_MARKS: [&str; 9] = [
    "/cdn-cgi/challenge-platform/",
    "cf-chl-",
    "cf_chl_opt",
    "_Incapsula_Resource",
    "px-captcha",
    "geo.captcha-delivery.com",
    "awsWafCookieDomainList",
    "Please enable JS and disable any ad blocker",
    "Checking your browser before accessing",
];

/// A challenge has hardly any text of its own.
const CHALLENGE_WORDS: usize = 150;

/// The sign of a bot challenge, if the page is one. `words` counts the words a reader would see.
pub fn challenge(source: &str, title: &str, words: usize) -> Option<&'static str> {
    if words > CHALLENGE_WORDS {
        return None;
    }
    let title = folded(title);
    let in_title = CHALLENGE_TITLES.iter().find(|sign| title.starts_with(*sign));
    in_title.or_else(|| CHALLENGE_MARKS.iter().find(|sign| source.contains(*sign))).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walls_speak_to_the_reader() {
        assert!(opens("Register Now to Continue Reading", &[]));
        assert!(opens("Already a subscriber? Log in", &[]));
        assert!(opens("Want more? Join us", &["want more".to_owned()]));
        assert!(!opens("Parents can register now, the council said, to continue reading groups.", &[]));
        assert!(!opens(&format!("Already registered, {}", "families wait. ".repeat(40)), &[]));
        assert!(!opens("", &[String::new()]));
    }

    #[test]
    fn a_challenge_is_short_and_bears_a_sign() {
        assert_eq!(challenge("<script src='/cdn-cgi/challenge-platform/x.js'>", "news.example", 12), Some("/cdn-cgi/challenge-platform/"));
        assert_eq!(challenge("", "Just a moment...", 20), Some("just a moment"));
        assert_eq!(challenge("/cdn-cgi/challenge-platform/", "Council told to improve", 600), None);
        assert_eq!(challenge("", "Council told to improve", 20), None);
    }
}
