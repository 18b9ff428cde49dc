//! What a body is when it is not what it should be.

use std::fmt;

use crate::model::text::{clean_line, shorten};

/// The most characters of a detail: it goes into one line of a message.
const DETAIL_CHARS: usize = 200;

/// What came instead of the thing expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instead {
    /// Nothing, or white space.
    Empty,
    /// An HTML page where a feed or data was expected.
    HtmlPage,
    /// A feed where a page was expected.
    Feed,
    /// A JSON object that reports an error, or JSON of another shape.
    OtherJson,
    /// Text or XML that is none of the known kinds of feed.
    UnknownFormat,
    /// A PDF, a picture, an archive.
    Binary,
    /// "Page not found", "Slim Application Error": an error told with status 200.
    ErrorPage,
    /// A page that wants to see a browser or a person first.
    BotChallenge,
    /// A page without a title and without text.
    NoText,
    /// More bytes than the limit.
    TooLarge,
    /// The selector or the rule is wrong, not the page.
    BadSelector,
}

impl Instead {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "an empty body",
            Self::HtmlPage => "an HTML page instead of data",
            Self::Feed => "a feed instead of a page",
            Self::OtherJson => "JSON of another shape",
            Self::UnknownFormat => "an unknown format",
            Self::Binary => "a binary file",
            Self::ErrorPage => "an error page",
            Self::BotChallenge => "a bot challenge",
            Self::NoText => "a page without text",
            Self::TooLarge => "a body above the limit",
            Self::BadSelector => "a bad selector",
        }
    }
}

impl fmt::Display for Instead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A body that could not be read: what it is instead, and one line for a reader.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}{}{detail}", if detail.is_empty() { "" } else { ": " })]
pub struct Unreadable {
    pub kind: Instead,
    pub detail: String,
}

impl Unreadable {
    /// The detail is cleaned and shortened, as it may quote the body.
    pub fn new(kind: Instead, detail: impl AsRef<str>) -> Self {
        Self { kind, detail: shorten(&clean_line(detail.as_ref()), DETAIL_CHARS) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_it_is_in_one_clean_line() {
        let error = Unreadable::new(Instead::HtmlPage, "titled “Sorry\u{1b}[2J\n”");
        assert_eq!(error.to_string(), "an HTML page instead of data: titled “Sorry[2J ”");
        assert_eq!(Unreadable::new(Instead::Empty, "").to_string(), "an empty body");
        assert!(Unreadable::new(Instead::NoText, "x".repeat(9_000)).to_string().len() < 300);
    }
}
