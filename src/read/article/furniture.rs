//! Takes furniture out of drafts: lines, boxes and endings that are no part of the story.

use super::blocks::Draft;
use crate::model::date;
use crate::model::page::{BlockKind, Link};
use crate::model::text::folded;
use crate::read::rules::OutletRule;
use crate::read::wall;
use url::Url;

/// What is known of the page when its drafts are pruned.
pub struct Context<'a> {
    pub rule: &'a OutletRule,
    /// The headline, folded.
    pub title: String,
    /// The registrable domain of the page.
    pub site: String,
}

/// What is left, and whether a wall's phrase was met.
pub struct Pruned {
    pub drafts: Vec<Draft>,
    /// Of the text and of the "Read more" lines in it.
    pub links: Vec<Link>,
    pub wall: bool,
}

/// Lines above the text: breadcrumbs, dates, bylines.
const HEAD_LINES: usize = 8;

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
const ENDINGS: [&str; 18] = [
    "more from *", "comments", "comment", "leave a reply", "leave a comment", "join the conversation", "have your say",
    "knowledge resources", "about the author", "related articles", "related stories", "related content", "related news", "related posts",
    "related links", "related internet links", "you may also like", "you might also like *",
];

/// Headings of boxes: the story goes on after them.
const BOXES: [&str; 15] = [
    "read more *", "most read *", "most popular", "most viewed", "recommended", "trending", "latest news", "latest stories", "top stories",
    "follow us *", "share this *", "sign up *", "newsletter", "topics", "related",
];

/// Headings of sections about the outlet: the story goes on with the next heading.
const SECTIONS: [&str; 8] = [
    "contact the press office", "press office", "press contact *", "press enquiries", "media enquiries", "media contact *", "contact us",
    "contact details",
];

/// A paragraph of so many words ends a box.
const TEXT_WORDS: usize = 20;

const SENTENCE_WORDS: usize = 8;

/// A block repeated word for word, as pull quotes and doubled captions are, has at least so many words.
const REPEAT_WORDS: usize = 5;

/// Links of one article.
const MAX_LINKS: usize = 300;

/// A link of fewer words is a name ("Sutton"), not a headline.
const HEADLINE_WORDS: usize = 4;

/// Leaves out what is no part of the story.
pub fn prune(drafts: Vec<Draft>, context: &Context<'_>) -> Pruned {
    let drafts = below_title(drafts, &context.title);
    let opens = drafts.iter().position(|draft| wall::opens(&draft.text, &context.rule.wall));
    let mut kept: Vec<Draft> = Vec::with_capacity(drafts.len());
    let mut skipping = Skip::Nothing;
    let mut seen: std::collections::HashSet<String> = std::collections::HashSet::new();
    let (mut links, mut named) = (Vec::new(), std::collections::HashSet::new());
    let stop = opens.unwrap_or(drafts.len());
    for draft in drafts.into_iter().take(stop) {
        let text = folded(&draft.text);
        let has_text = kept.iter().any(|draft| draft.kind != BlockKind::Heading);
        skipping = skipping.before(&draft, &text, has_text);
        if skipping == Skip::Rest {
            break;
        }
        if skipping != Skip::Nothing {
            continue;
        }
        links.extend(draft.links.iter().filter(|link| named.insert((link.href.clone(), link.text.clone()))).cloned());
        let repeated = draft.words() >= REPEAT_WORDS && !seen.insert(text.clone());
        if repeated || is_line(&draft, &text, context) || is_related(&draft, &context.site) {
            continue;
        }
        if kept.len() < HEAD_LINES && !has_text && is_head_line(&draft, &text) {
            continue;
        }
        kept.push(draft);
    }
    while kept.last().is_some_and(|draft| draft.kind == BlockKind::Heading) {
        kept.pop();
    }
    links.truncate(MAX_LINKS);
    Pruned { drafts: kept, links, wall: opens.is_some() }
}

/// What stands below the headline, where the headline is among the first drafts.
fn below_title(mut drafts: Vec<Draft>, title: &str) -> Vec<Draft> {
    let texts: Vec<String> = drafts.iter().take(HEAD_LINES + 1).map(|draft| folded(&draft.text)).collect();
    // "Agenda item" and "Ofsted inspection" below it, where the headline is both in one line.
    let is_half = |at: usize| texts.get(at..at + 2).is_some_and(|pair| title == pair.join(" "));
    let found = (0..texts.len()).find(|at| texts.get(*at).is_some_and(|text| text == title) || is_half(*at)).filter(|_| !title.is_empty());
    if let Some(at) = found {
        drafts.drain(..=at);
    }
    drafts
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Skip {
    Nothing,
    /// Until a paragraph or a heading.
    Box,
    /// Until the next heading.
    Section,
    Rest,
}

impl Skip {
    /// The state at `draft`, whose folded text is `text`.
    fn before(self, draft: &Draft, text: &str, has_text: bool) -> Self {
        let words = text.split(' ').count();
        let is_heading = draft.kind == BlockKind::Heading;
        if has_text && (is_heading || words <= 4) {
            if names(&ENDINGS, text, is_heading) || (is_heading && counts_answers(text)) {
                return Self::Rest;
            }
            if is_heading && names(&SECTIONS, text, true) {
                return Self::Section;
            }
            if is_heading && names(&BOXES, text, true) {
                return Self::Box;
            }
        }
        match self {
            _ if is_heading => Self::Nothing,
            Self::Box if draft.kind == BlockKind::Paragraph && is_sentence(draft, words) => Self::Nothing,
            other => other,
        }
    }
}

/// True if the list has `text`, or a start of it marked with a star; headings alone may have more words.
fn names(list: &[&str], text: &str, is_heading: bool) -> bool {
    list.iter().any(|entry| match entry.strip_suffix(" *") {
        Some(start) => text == start || (is_heading && starts_with_words(text, start)),
        None => text == *entry,
    })
}

/// A headline in a box has no full stop.
fn is_sentence(draft: &Draft, words: usize) -> bool {
    !draft.is_link && (words >= TEXT_WORDS || (words >= SENTENCE_WORDS && draft.text.ends_with(['.', '”', '"', '’', '?', '!'])))
}

/// "3 responses to …", "12 comments".
fn counts_answers(text: &str) -> bool {
    let mut words = text.split(' ');
    words.next().is_some_and(|first| first == "one" || first.bytes().all(|byte| byte.is_ascii_digit()))
        && words.next().is_some_and(|second| {
            matches!(second, "response" | "responses" | "comment" | "comments" | "reply" | "replies" | "thought" | "thoughts")
        })
}

fn is_line(draft: &Draft, text: &str, context: &Context<'_>) -> bool {
    let words = draft.words();
    if words > LINE_WORDS {
        return false;
    }
    names(&BOXES, text, false)
        || LINES
            .iter()
            .any(|start| starts_with_words(text, start) && (*start != "related" || draft.text.to_lowercase().starts_with("related:")))
        || context.rule.drop_lines.iter().any(|start| starts_with_words(text, &folded(start)))
        || (words <= CREDIT_WORDS && is_credit(&draft.text))
}

/// "Photo: A Person/Agency", "(Image: Agency)".
fn is_credit(text: &str) -> bool {
    let text = text.trim_start_matches(['(', '[', '©', ' ']);
    text.split_once(':').is_some_and(|(before, _)| CREDITS.contains(&before.trim().to_lowercase().as_str()))
}

/// A block that is nothing but the headline of another page of the site.
fn is_related(draft: &Draft, site: &str) -> bool {
    draft.is_link
        && draft.kind != BlockKind::Heading
        && draft.words() >= HEADLINE_WORDS
        && draft
            .links
            .iter()
            .all(|link| Url::parse(&link.href).ok().and_then(|url| super::site_of(&url)).is_some_and(|found| found == site))
}

/// Dates, bylines and the like above the first paragraph.
fn is_head_line(draft: &Draft, text: &str) -> bool {
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

/// True if `text` starts with all the words of `start`; both folded.
fn starts_with_words(text: &str, start: &str) -> bool {
    !start.is_empty() && text.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::clean_line;

    const LONG: &str =
        "Inspectors found that leaders had improved the services since the last visit, and that children now wait less long for help.";

    /// Drafts from lines: "# heading", "- item", "@ link to the same site", else a paragraph.
    fn drafts(lines: &[&str]) -> Vec<Draft> {
        let of = |line: &&str| {
            let (kind, text) = match line.split_once(' ') {
                Some(("#", text)) => (BlockKind::Heading, text),
                Some(("-", text)) => (BlockKind::Item, text),
                Some(("@", text)) => (BlockKind::Paragraph, text),
                _ => (BlockKind::Paragraph, *line),
            };
            let is_link = line.starts_with("@ ");
            let links =
                if is_link { vec![Link { href: "https://www.news.example/other".to_owned(), text: text.to_owned() }] } else { Vec::new() };
            Draft { kind, text: clean_line(text), is_link, links }
        };
        lines.iter().map(of).collect()
    }

    fn pruned(lines: &[&str], drop_lines: &[&str]) -> Pruned {
        let rule = OutletRule { drop_lines: drop_lines.iter().map(|line| (*line).to_owned()).collect(), ..OutletRule::default() };
        prune(drafts(lines), &Context { rule: &rule, title: "council told to act".to_owned(), site: "news.example".to_owned() })
    }

    fn check(lines: &[&str], expected: &[&str]) {
        let found: Vec<String> = pruned(lines, &["Ask our editor"]).drafts.into_iter().map(|draft| draft.text).collect();
        assert_eq!(found, expected, "{lines:?}");
    }

    #[test]
    fn lines_that_are_no_text() {
        for line in [
            "READ MORE: Lido to reopen", "Read more", "Hide Ad", "Photo: A Person/Stock", "(Image: Agency)",
            "Sign up to our newsletter to get news", "Comments are closed.", "Ask our editor: anything", "Related: Other council fails",
            "Advertisement", "We use cookies on this site.", "Image source, Getty Images",
        ] {
            check(&[LONG, line, "The end."], &[LONG, "The end."]);
        }
    }

    #[test]
    fn text_that_begins_alike_stays() {
        for line in [
            "Related services were not inspected.",
            "Pictures of the home showed damp, and the report says so: it was unsafe for the children who lived there, inspectors wrote in the spring.",
            "Read moreover as a warning.",
            &format!("Sign up to the charter, the leader told members. {LONG} {LONG}"),
        ] {
            check(&[LONG, line], &[LONG, line]);
        }
    }

    #[test]
    fn endings_boxes_and_sections() {
        check(
            &[
                LONG,
                "# More from Weekly Record",
                "- Caseload survey",
                "Another long paragraph about other things that nobody in this story has ever asked about, in more than twenty words in all.",
            ],
            &[LONG],
        );
        check(&[LONG, "# 12 Comments", "Nobody is surprised."], &[LONG]);
        check(
            &[LONG, "# Most read", "- Carnival winners", "- Road closed", &LONG.replace("Inspectors", "They")],
            &[LONG, &LONG.replace("Inspectors", "They")],
        );
        check(
            &[LONG, "# Contact us", "Telephone 01000 000000.", "# Background", "It was inspected before."],
            &[LONG, "Background", "It was inspected before."],
        );
        check(&[LONG, "# Recommended actions", "- Visit children on time."], &[LONG, "Recommended actions", "Visit children on time."]);
        check(&[LONG, "# Comments from the council", "We accept it."], &[LONG, "Comments from the council", "We accept it."]);
    }

    #[test]
    fn headlines_of_other_stories_go_and_names_stay() {
        check(&[LONG, "@ Lido to reopen for the summer", "@ Sutton"], &[LONG, "Sutton"]);
        let links: Vec<String> = pruned(&[LONG, "@ Lido to reopen for the summer"], &[]).links.into_iter().map(|link| link.text).collect();
        assert_eq!(links, ["Lido to reopen for the summer"]);
    }

    #[test]
    fn what_stands_above_the_text() {
        check(
            &[
                "Home",
                "# Council told to act",
                "By Ann Other",
                "Published 13 July 2026",
                "13 July 2026",
                "By the time inspectors came, most had left.",
                LONG,
            ],
            &["By the time inspectors came, most had left.", LONG],
        );
    }

    #[test]
    fn repeated_blocks_and_bare_last_headings_go() {
        check(&[LONG, "# Good", "Good.", LONG, "Good.", "# Tags"], &[LONG, "Good", "Good.", "Good."]);
    }

    #[test]
    fn the_text_ends_at_a_wall() {
        let found = pruned(&[LONG, "Register now to continue reading", LONG], &[]);
        assert!(found.wall);
        assert_eq!(found.drafts.len(), 1);
        assert!(!pruned(&[LONG], &[]).wall);
    }
}
