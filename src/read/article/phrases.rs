//! The words of furniture: how lines, credits, boxes and endings begin. All lists are folded.

use super::blocks::Draft;
use crate::model::date;
use crate::model::text::folded;
use crate::read::rules::OutletRule;
use crate::read::wall;

/// A line of furniture has no more words than this; paragraphs that begin alike have more.
const LINE_WORDS: usize = 40;

/// Starts of lines that are never text. Compared word by word.
const LINES: [&str; 57] = [
    "read more", "read also", "read next", "read full story", "read the full story here", "more on this story", "see also", "related",
    "hide ad", "advertisement", "article continues below", "story continues below", "sign up to", "sign up for", "sign up here",
    "subscribe to our", "subscribe now", "get the latest", "get all the latest", "get breaking news", "stay up to date",
    "keep up to date with", "join our", "join the debate", "join the conversation", "join us on", "follow us", "follow our", "like us on",
    "like this story", "share this", "share on", "share your story", "click here to", "comments are closed", "you must be logged in",
    "leave a comment", "leave a reply", "post a comment", "view comments", "image source", "image caption", "image credit", "photo credit",
    "picture credit", "skip to content", "skip navigation", "skip to main", "we use cookies", "this site uses cookies",
    "this website uses cookies", "print this page", "download our app", "make an enquiry", "message from the editor",
    "a message from the editor", "you can subscribe",
];

/// Starts of credits, before a colon.
const CREDITS: [&str; 14] = [
    "photo", "photos", "photograph", "picture", "pictures", "pic", "image", "images", "credit", "getty", "copyright", "pictured", "video",
    "watch",
];
const CREDIT_WORDS: usize = 18;

/// Headings after which nothing belongs to the story; a star stands for more words.
pub const ENDINGS: [&str; 18] = [
    "more from *", "comments", "comment", "leave a reply", "leave a comment", "join the conversation", "have your say",
    "knowledge resources", "about the author", "related articles", "related stories", "related content", "related news", "related posts",
    "related links", "related internet links", "you may also like", "you might also like *",
];

/// Headings of boxes: the story goes on after them.
pub const BOXES: [&str; 15] = [
    "read more *", "most read *", "most popular", "most viewed", "recommended", "trending", "latest news", "latest stories", "top stories",
    "follow us *", "share this *", "sign up *", "newsletter", "topics", "related",
];

/// Headings of sections about the outlet: the story goes on with the next heading.
pub const SECTIONS: [&str; 8] = [
    "contact the press office", "press office", "press contact *", "press enquiries", "media enquiries", "media contact *", "contact us",
    "contact details",
];

/// True for a block that is a line of the outlet: a link, a banner, a credit.
pub fn is_line(draft: &Draft, text: &str, rule: &OutletRule) -> bool {
    let words = draft.words();
    if words > LINE_WORDS {
        return false;
    }
    names(&BOXES, text, false)
        || wall::opens(&draft.text, &rule.wall)
        || LINES
            .iter()
            .any(|start| starts_with_words(text, start) && (*start != "related" || draft.text.to_lowercase().starts_with("related:")))
        || rule.drop_lines.iter().any(|start| starts_with_words(text, &folded(start)))
        || (words <= CREDIT_WORDS && is_credit(&draft.text))
}

/// "Photo: A Person/Agency", "(Image: Agency)".
fn is_credit(text: &str) -> bool {
    let text = text.trim_start_matches(['(', '[', '©', ' ']);
    text.split_once(':').is_some_and(|(before, _)| CREDITS.contains(&before.trim().to_lowercase().as_str()))
}

/// Dates, bylines and the like above the first paragraph.
pub fn is_head_line(draft: &Draft, text: &str) -> bool {
    let words = draft.words();
    let begins = |list: &[&str]| list.iter().any(|start| starts_with_words(text, start));
    let has_day = date::first_day(&draft.text).is_some();
    (words <= 14
        && begins(&["published", "posted", "updated", "last updated", "first published", "date", "by", "written by", "author"])
        && (has_day || words <= 8)
        && !draft.text.ends_with('.'))
        || (has_day && words <= 6 && !draft.text.ends_with('.'))
        || (words <= 6 && begins(&["home", "news", "minute read", "min read", "back to", "share"]) && !draft.text.ends_with('.'))
}

/// True if the list has `text`, or a start of it marked with a star; headings alone may have more words.
pub fn names(list: &[&str], text: &str, is_heading: bool) -> bool {
    list.iter().any(|entry| match entry.strip_suffix(" *") {
        Some(start) => text == start || (is_heading && starts_with_words(text, start)),
        None => text == *entry,
    })
}

/// "3 responses to …", "12 comments".
pub fn counts_answers(text: &str) -> bool {
    let mut words = text.split(' ');
    words.next().is_some_and(|first| first == "one" || first.bytes().all(|byte| byte.is_ascii_digit()))
        && words.next().is_some_and(|second| {
            matches!(second, "response" | "responses" | "comment" | "comments" | "reply" | "replies" | "thought" | "thoughts")
        })
}

/// True if `text` starts with all the words of `start`; both folded.
fn starts_with_words(text: &str, start: &str) -> bool {
    !start.is_empty() && text.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}
