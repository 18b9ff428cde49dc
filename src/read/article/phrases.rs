//! The words of furniture: how lines, credits, boxes and endings begin. All lists are folded.

use super::blocks::BlockDraft;
use crate::model::date;
use crate::model::page::BlockKind;
use crate::model::text::folded;
use crate::read::rules::OutletRule;
use crate::read::wall;

/// A line of furniture has no more words than this; paragraphs that begin alike have more.
const LINE_WORDS: usize = 40;

/// Starts of lines that are never text. Compared word by word.
const LINES: [&str; 93] = [
    "read more", "read also", "read next", "read full story", "read the full story here", "more on this story", "see also", "see more",
    "related", "hide ad", "advert", "advertisement", "article continues below", "story continues below", "sign up to", "sign up for",
    "sign up here", "subscribe to our", "subscribe now", "thank you for signing up", "get the latest", "get all the latest",
    "get breaking news", "stay up to date", "keep up to date with", "join our", "join the debate", "join the conversation", "join us on",
    "follow us", "follow our", "follow bbc", "like us on", "like this story", "share this", "share on", "share your story",
    "click here to", "click here for", "comments are closed", "you must be logged in", "leave a comment", "leave a reply",
    "post a comment", "view comments", "be the first to comment", "image source", "image caption", "image credit", "photo credit",
    "picture credit", "picture source", "presentational grey line", "skip to content", "skip navigation", "skip to main",
    "accessibility skip", "you are here", "show or hide", "search form", "back to top", "scroll down to", "play all audios", "loading",
    "print this page", "download our app", "make an enquiry", "message from the editor", "a message from the editor", "you can subscribe",
    "watch more", "more of our videos", "more of our films", "see more of our", "explore more", "reuse this content", "more about",
    "don t miss", "dont miss", "up next", "got a story", "have you got a story", "do you have a story", "do you have a news story",
    "get in touch", "for more stories", "more stories from", "tell us which stories", "send us your", "report an error",
    "this article was amended", "listen to this article", "on air now",
];

/// Lines that are furniture by themselves only.
const WHOLE_LINES: [&str; 16] = [
    "published", "updated", "last updated", "share", "comment", "comments", "print", "email", "twitter", "facebook", "menu", "search",
    "close", "tags", "topics", "top of page",
];

/// Phrases of complete lines: before a sentence that a machine has glued to them they go alone.
const GLUED: [&str; 7] = [
    "Article continues below", "Story continues below", "Advertisement Hide Ad", "Advertisement", "Hide Ad", "Skip to main content",
    "Skip to content",
];

/// Words that together make a line of the outlet, whatever stands between them, in a line of at most so many words.
const MIXED: [(&[&str], &[&str], usize); 6] = [
    (&["newsletter", "newsletters", "inbox"], &["our", "your", "daily", "weekly", "free", "sign", "subscribe"], 18),
    (&["cookie", "cookies"], &["site", "website", "browser", "use", "accept", "policy", "settings", "switched", "log"], 40),
    (&["browser"], &["support", "supported", "date", "newer", "update", "upgrade", "javascript"], 30),
    (&["freeview", "clips", "shots"], &["channel", "visit", "watch", "films", "videos", "go", "tv"], 14),
    (&["whatsapp"], &["join", "community", "alerts", "channel", "get", "news"], 25),
    (&["responsible"], &["external", "sites"], 15),
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

/// Those of them behind which readers speak.
pub const COMMENTS: [&str; 6] = ["comments", "comment", "leave a reply", "leave a comment", "join the conversation", "have your say"];

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
pub fn is_line(draft: &BlockDraft, text: &str, rule: &OutletRule) -> bool {
    let words = draft.words();
    if words > LINE_WORDS {
        return false;
    }
    names(&BOXES, text, false)
        || WHOLE_LINES.contains(&text)
        || is_mixed(draft, text, words)
        || (words <= CREDIT_WORDS && ends_in_credit(&draft.text) && !names_council(&draft.text))
        || wall::opens(&draft.text, &rule.wall)
        || LINES.iter().any(|start| starts_with_words(text, start) && is_meant(start, draft))
        || rule.drop_lines.iter().any(|start| starts_with_words(text, &folded(start)))
        || (words <= CREDIT_WORDS && is_credit(&draft.text))
}

/// False for a sentence that only begins as such a line does.
fn is_meant(start: &str, draft: &BlockDraft) -> bool {
    match start {
        "related" => draft.text.to_lowercase().starts_with("related:"),
        "more stories from" => !draft.text.ends_with('.'),
        _ => true,
    }
}

/// "Photo: A Person/Agency", "(Image: Agency)".
fn is_credit(text: &str) -> bool {
    let text = text.trim_start_matches(['(', '[', '©', ' ']);
    text.split_once(':').is_some_and(|(before, _)| CREDITS.contains(&before.trim().to_lowercase().as_str()))
}

/// A line with words of the outlet's own offers; what is quoted or told of others is text.
fn is_mixed(draft: &BlockDraft, text: &str, words: usize) -> bool {
    let found: Vec<&str> = text.split(' ').collect();
    let has = |list: &[&str]| found.iter().any(|word| list.contains(word));
    !draft.text.contains(['“', '"', '‘']) && MIXED.iter().any(|(one, other, most)| words <= *most && has(one) && has(other))
}

/// A caption outside its figure, known by the credit at its end: "The town hall. Picture: An Agency", "… (Image: An Agency)",
/// "… Image source, Maps". Two or more words stand before it, no more than five behind.
fn ends_in_credit(text: &str) -> bool {
    let text = text.trim_end_matches([')', ']', '.', ' ']);
    let parts =
        |mark: &str| text.rfind(mark).map(|at| (text.get(..at).unwrap_or_default(), text.get(at + mark.len()..).unwrap_or_default()));
    let counts = |before: &str, behind: &str| before.split_whitespace().count() >= 2 && behind.split_whitespace().count() <= 5;
    // "A mixed picture: too little, too late" is a sentence: a bare word needs the end of one before it.
    let ends = |before: &str| before.trim_end().ends_with(['.', '!', '?', '”', '’', '"', '\'', '-', '–', '|']);
    CREDIT_MARKS.iter().any(|mark| parts(mark).is_some_and(|(before, behind)| counts(before, behind)))
        || CREDIT_WORDS_AFTER.iter().any(|mark| parts(mark).is_some_and(|(before, behind)| counts(before, behind) && ends(before)))
}

/// "Staff celebrate. Picture: Mossley Council": in a short text the credit alone may say whose council it is about.
fn names_council(text: &str) -> bool {
    text.trim_end_matches([')', ']', '.', ' ']).ends_with("Council")
}

/// How credits begin, wherever they stand, and behind the end of a sentence.
const CREDIT_MARKS: [&str; 7] = ["(Image:", "(Photo:", "(Picture:", "(Pic:", "Image source,", "Picture source,", "Picture posed by"];
const CREDIT_WORDS_AFTER: [&str; 6] = ["Picture:", "picture:", "Pic:", "Photo:", "Image:", "Credit:"];

/// What is left of a sentence that was glued to the line before it; none where nothing was, or where no sentence is left.
pub fn unglued(text: &str) -> Option<&str> {
    let rest = GLUED.iter().find_map(|line| text.strip_prefix(line))?.trim_start();
    let is_sentence = rest.starts_with(|c: char| c.is_uppercase() || "“‘\"'".contains(c)) && rest.ends_with(['.', '”', '’', '"', '?', '!']);
    (is_sentence && rest.split_whitespace().count() >= SENTENCE_WORDS).then_some(rest)
}

const SENTENCE_WORDS: usize = 8;

/// "The town hall.The town hall.": a caption and its alternative text, read as one, with or without a space between them.
pub fn is_doubled(text: &str) -> bool {
    let half = text.len() / 2;
    let Some((first, second)) = text.split_at_checked(half) else { return false };
    DOUBLED.contains(&text.len()) && (first == second || second.strip_prefix(' ') == Some(first))
}

/// Bytes of a doubled line: "Good Good" may be said, and what is longer is no caption.
const DOUBLED: std::ops::RangeInclusive<usize> = 16..=600;

/// "Ann Other5 hours ago", "3 min read", "1 day ago".
fn is_age(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    let has_number = words.iter().any(|word| word.contains(|c: char| c.is_ascii_digit()));
    words.len() <= 10 && has_number && [" ago", "min read", "minute read"].iter().any(|end| text.ends_with(end))
}

/// Dates, bylines and the like above the first paragraph.
pub fn is_head_line(draft: &BlockDraft, text: &str) -> bool {
    let words = draft.words();
    let begins = |list: &[&str]| list.iter().any(|start| starts_with_words(text, start));
    let has_day = date::first_day(&draft.text).is_some();
    if OF_INSPECTIONS.iter().any(|word| text.contains(word)) {
        return false;
    }
    (words <= 14
        && begins(&["published", "posted", "updated", "last updated", "first published", "date", "by", "written by", "author"])
        && (has_day || words <= 8)
        && !draft.text.ends_with('.'))
        || (has_day && words <= 9 && !draft.text.ends_with('.') && is_only_a_date(text))
        || is_age(text)
        || (words <= 6 && begins(&["home", "news", "minute read", "min read", "back to", "share"]) && !draft.text.ends_with('.'))
}

/// "By Ann Other | 8 January 2026": who wrote a story, and when.
pub fn is_dated_byline(draft: &BlockDraft) -> bool {
    let text = draft.text.as_str();
    let is_name = |word: &&str| {
        let plain = word.trim_end_matches([',', '|', '.']).to_lowercase();
        word.starts_with(char::is_uppercase) && date::month(&plain).is_none() && !DATE_WORDS.contains(&plain.as_str())
    };
    let named = text.strip_prefix("By ").is_some_and(|name| name.split_whitespace().take(2).filter(is_name).count() == 2);
    named && draft.kind != BlockKind::Item && draft.words() <= BYLINE_WORDS && !text.ends_with('.') && date::first_day(text).is_some()
}

const BYLINE_WORDS: usize = 10;

/// A day with a time, a weekday and marks: "Thursday, 7th February 2019, 13:11 pm", "Updated Friday, 8 Feb 2019".
fn is_only_a_date(text: &str) -> bool {
    let words = || text.split(' ').filter(|word| !word.starts_with(|c: char| c.is_ascii_digit()));
    words().all(|word| date::month(word).is_some() || DATE_WORDS.contains(&word))
}

/// Words that stand in a line with a day alone.
const DATE_WORDS: [&str; 29] = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "am",
    "pm", "at", "on", "bst", "gmt", "published", "posted", "updated", "last", "first", "date", "created", "modified", "the",
];

/// A line with one of these may be all that says when the inspectors came.
const OF_INSPECTIONS: [&str; 3] = ["inspect", "visit", "ofsted"];

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
