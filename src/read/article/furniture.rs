//! Takes furniture out of drafts: lines, boxes and endings that are no part of the story.

use super::blocks::BlockDraft;
use super::phrases::{
    BOXES, COMMENTS, ENDINGS, SECTIONS, counts_answers, is_dated_byline, is_doubled, is_head_line, is_line, names, unglued,
};
use crate::model::page::{BlockKind, Link};
use crate::model::text::folded;
use crate::read::rules::OutletRule;
use crate::read::wall;
use crate::read::whose::{is_one_site, site_of};
use std::collections::HashSet;
use url::Url;

/// What is known of the page when its drafts are pruned.
pub struct PageContext<'a> {
    pub rule: &'a OutletRule,
    /// The headline, folded.
    pub title: String,
    /// The author, folded.
    pub author: String,
    /// The registrable domain of the page.
    pub site: String,
}

/// What is left, and whether a wall's phrase was met.
pub struct Pruned {
    pub drafts: Vec<BlockDraft>,
    /// Of the text and of the "Read more" lines in it.
    pub links: Vec<Link>,
    pub wall: bool,
}

/// Lines above the text: breadcrumbs, dates, bylines.
const HEAD_LINES: usize = 8;

/// A paragraph of so many words ends a box.
const TEXT_WORDS: usize = 20;

const SENTENCE_WORDS: usize = 8;

/// Behind a banner of the outlet stands a text of more words; behind a wall there are offers.
const BANNER_WORDS: usize = 150;

/// A block repeated word for word, as pull quotes and doubled captions are, has at least so many words.
const REPEAT_WORDS: usize = 5;

/// Links of one article.
const MAX_LINKS: usize = 300;

/// A link of fewer words is a name ("Sutton"), not a headline.
const HEADLINE_WORDS: usize = 4;

/// Leaves out what is no part of the story.
pub fn prune(drafts: Vec<BlockDraft>, context: &PageContext<'_>) -> Pruned {
    let drafts = below_title(drafts, &context.title);
    let drafts = above_cards(drafts);
    let opens = wall_at(&drafts, &context.rule.wall);
    let captions: HashSet<String> = drafts.iter().filter_map(|draft| caption(&draft.text)).collect();
    let mut behind = sentence_words(&drafts);
    let mut kept: Vec<BlockDraft> = Vec::with_capacity(drafts.len());
    let mut before = 0;
    let mut skipping = Skip::Nothing;
    let mut seen: HashSet<String> = HashSet::new();
    let (mut links, mut named) = (Vec::new(), HashSet::new());
    let stop = opens.unwrap_or(drafts.len());
    for mut draft in drafts.into_iter().take(stop) {
        if let Some(rest) = unglued(&draft.text) {
            draft.text = rest.to_owned();
        }
        let text = folded(&draft.text);
        let sentence = sentence_words_of(&draft);
        behind -= sentence;
        let has_text = kept.iter().any(|draft| draft.kind != BlockKind::Heading);
        skipping = skipping.before(&draft, &text, has_text, at(before, behind));
        if skipping == Skip::Rest {
            break;
        }
        if skipping != Skip::Nothing {
            continue;
        }
        links.extend(draft.links.iter().filter(|link| named.insert((link.href.clone(), link.text.clone()))).cloned());
        let repeated = draft.words() >= REPEAT_WORDS && !seen.insert(text.clone());
        if repeated || captions.contains(&text) || is_doubled(&draft.text) || is_line(&draft, &text, context.rule) {
            continue;
        }
        let is_head = kept.len() < HEAD_LINES && before == 0;
        if is_related(&draft, &context.site) || is_head && (is_head_line(&draft, &text) || is_author(&text, &context.author)) {
            continue;
        }
        before += sentence;
        kept.push(draft);
    }
    take_tags(&mut kept);
    while kept.last().is_some_and(|draft| draft.kind == BlockKind::Heading) {
        kept.pop();
    }
    links.truncate(MAX_LINKS);
    Pruned { drafts: kept, links, wall: opens.is_some() }
}

/// The caption, folded, in a block that holds it twice: alone it is one as well.
fn caption(text: &str) -> Option<String> {
    let half = text.get(..text.len() / 2).filter(|_| is_doubled(text))?;
    Some(folded(half)).filter(|text| !text.is_empty())
}

/// Words of a draft that is a sentence of the story, as far as its form tells.
fn sentence_words_of(draft: &BlockDraft) -> usize {
    let words = draft.words();
    if draft.kind != BlockKind::Heading && is_sentence(draft, words) { words } else { 0 }
}

fn sentence_words(drafts: &[BlockDraft]) -> usize {
    drafts.iter().map(sentence_words_of).sum()
}

/// The author's name in a line of its own, with or without what the author is.
fn is_author(text: &str, author: &str) -> bool {
    let text = text.strip_prefix("by ").unwrap_or(text);
    !author.is_empty() && text.strip_prefix(author).is_some_and(|rest| rest.split_whitespace().count() <= 4)
}

/// Takes away a row of short links at the end: the tags of the story.
fn take_tags(kept: &mut Vec<BlockDraft>) {
    let is_tag = |draft: &&BlockDraft| draft.is_link && draft.words() < HEADLINE_WORDS;
    let tags = kept.iter().rev().take_while(is_tag).count();
    if tags >= MIN_TAGS {
        kept.truncate(kept.len() - tags);
    }
}

/// Fewer links at the end are names in a list.
const MIN_TAGS: usize = 3;

/// Where a wall begins. With nothing before it and the text behind it, its phrase is a banner.
fn wall_at(drafts: &[BlockDraft], phrases: &[String]) -> Option<usize> {
    let words = |drafts: &[BlockDraft]| drafts.iter().map(BlockDraft::words).sum::<usize>();
    let is_banner = |at: usize| words(&drafts[..at]) < TEXT_WORDS && words(&drafts[at..]) > BANNER_WORDS;
    (0..drafts.len()).find(|at| wall::opens(&drafts[*at].text, phrases) && !is_banner(*at))
}

/// What stands below the headline, where the headline is among the first drafts.
fn below_title(mut drafts: Vec<BlockDraft>, title: &str) -> Vec<BlockDraft> {
    let texts: Vec<String> = drafts.iter().take(HEAD_LINES + 1).map(|draft| folded(&draft.text)).collect();
    // "Agenda item" and "Ofsted inspection" below it, where the headline is both in one line.
    let is_half = |at: usize| texts.get(at..at + 2).is_some_and(|pair| title == pair.join(" "));
    let found = (0..texts.len()).find(|at| texts.get(*at).is_some_and(|text| text == title) || is_half(*at)).filter(|_| !title.is_empty());
    if let Some(at) = found {
        drafts.drain(..=at);
    }
    drafts
}

/// What stands above the cards of other stories: at the end a headline, who wrote it and when, a line or two, and so for each.
fn above_cards(mut drafts: Vec<BlockDraft>) -> Vec<BlockDraft> {
    let mut before = 0;
    let mut bylines = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        before += sentence_words_of(draft);
        if before >= EARLY_WORDS && is_dated_byline(draft) {
            bylines.push((at, before));
        }
    }
    let [(first, above), _, ..] = bylines[..] else { return drafts };
    // Between them, and behind the last, stand lines; a story has more of them above.
    let ends = bylines[1..].iter().map(|(_, words)| *words).chain([before]);
    let short = bylines.iter().zip(ends).all(|((_, words), end)| end - words < EARLY_WORDS);
    if short && before - above < above {
        let lines = drafts[..first].iter().rev().take_while(|draft| sentence_words_of(draft) == 0).count();
        drafts.truncate(first - lines.min(CARD_LINES));
    }
    drafts
}

/// Lines of a card above its byline: what it is about, and its headline.
const CARD_LINES: usize = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Skip {
    Nothing,
    /// Until a paragraph or a heading.
    Box,
    /// Until the next heading.
    Section,
    Rest,
}

/// Where in the text a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LinePlace {
    /// Before any sentence.
    First,
    /// Behind so few words, with so many to come, that they may be a notice.
    Notice,
    /// Behind some sentences, with more of them to come.
    Early,
    Late,
}

/// The place with `before` words of sentences before it and `behind` words behind. A notice of cookies may stand before all else.
fn at(before: usize, behind: usize) -> LinePlace {
    match before {
        _ if before >= EARLY_WORDS || behind <= before + TEXT_WORDS => LinePlace::Late,
        0 => LinePlace::First,
        _ if before <= NOTICE_WORDS && behind >= MANY_TIMES * before => LinePlace::Notice,
        _ => LinePlace::Early,
    }
}

/// Words of a notice above a text, which has so many times as many.
const NOTICE_WORDS: usize = 30;
const MANY_TIMES: usize = 4;
/// Fewer words than this are the beginning of a story.
const EARLY_WORDS: usize = 60;

impl Skip {
    /// The state at `draft`, whose folded text is `text`. An ending with nearly all of the text behind it is a box.
    fn before(self, draft: &BlockDraft, text: &str, has_text: bool, place: LinePlace) -> Self {
        let words = text.split(' ').count();
        let is_heading = draft.kind == BlockKind::Heading;
        if has_text && (is_heading || words <= 4) {
            if names(&ENDINGS, text, is_heading) || (is_heading && counts_answers(text)) {
                // "Comment" by itself, above the text, is a button.
                let is_button = text == "comment" && !is_heading && matches!(place, LinePlace::First | LinePlace::Notice);
                let is_comments = !is_button && (counts_answers(text) || names(&COMMENTS, text, is_heading));
                let is_end = place == LinePlace::Late || (place != LinePlace::First && is_comments);
                return if is_end { Self::Rest } else { Self::Box };
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

/// A headline in a box has no full stop.
fn is_sentence(draft: &BlockDraft, words: usize) -> bool {
    !draft.is_link && (words >= TEXT_WORDS || (words >= SENTENCE_WORDS && draft.text.ends_with(['.', '”', '"', '’', '?', '!'])))
}

/// A block that is nothing but the headline of another page of the site.
fn is_related(draft: &BlockDraft, site: &str) -> bool {
    draft.is_link
        && draft.kind != BlockKind::Heading
        && draft.words() >= HEADLINE_WORDS
        && draft
            .links
            .iter()
            .all(|link| Url::parse(&link.href).ok().and_then(|url| site_of(&url)).is_some_and(|found| is_one_site(&found, site)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::clean_line;

    const LONG: &str =
        "Inspectors found that leaders had improved the services since the last visit, and that children now wait less long for help.";

    const LONG_TOO: &str =
        "They said that those who manage the teams know the work well, and that the voices of young people are heard when plans are made.";
    const LONG_THREE: &str =
        "The leader of the council said that she was proud of her staff, who had worked for years to come as far as this, and still do.";

    /// Drafts from lines: "# heading", "- item", "@ link to the same site", else a paragraph.
    fn drafts(lines: &[&str]) -> Vec<BlockDraft> {
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
            BlockDraft { kind, text: clean_line(text), is_link, links }
        };
        lines.iter().map(of).collect()
    }

    fn pruned(lines: &[&str], drop_lines: &[&str]) -> Pruned {
        let rule = OutletRule { drop_lines: drop_lines.iter().map(|line| (*line).to_owned()).collect(), ..OutletRule::default() };
        prune(
            drafts(lines),
            &PageContext {
                rule: &rule,
                title: "council told to act".to_owned(),
                author: "ann other".to_owned(),
                site: "news.example".to_owned(),
            },
        )
    }

    fn check(lines: &[&str], expected: &[&str]) {
        let found: Vec<String> = pruned(lines, &["Ask our editor"]).drafts.into_iter().map(|draft| draft.text).collect();
        assert_eq!(found, expected, "{lines:?}");
    }

    #[test]
    fn lines_that_are_no_text() {
        for line in [
            "READ MORE: Lido to reopen",
            "Read more",
            "Hide Ad",
            "Photo: A Person/Stock",
            "(Image: Agency)",
            "Sign up to our newsletter to get news",
            "Comments are closed.",
            "Ask our editor: anything",
            "Related: Other council fails",
            "Advertisement",
            "We use cookies on this site.",
            "Image source, Getty Images",
            "Advert",
            "Published",
            "Watch more of our videos on Shots!",
            "and live on Freeview channel 276",
            "Our newsletter, once a day",
            "Thank you for signing up!",
            "Follow BBC Example on Facebook, X and Instagram.",
            "Presentational grey line",
            "Explore more on these topics",
            "Reuse this content",
            "MORE ABOUT SOUTHSHIRE",
            "SEE MORE: Lido to reopen",
            "DON'T MISS",
            "Up Next",
            "Got a story? Get in touch",
            "Do you have a story? Email us",
            "Tell us which stories you want",
            "For more stories like this, visit our page",
            "Accessibility Skip to main content",
            "The BBC is not responsible for the content of external sites.",
            "Your browser is no longer supported",
            "The town hall in Southtown. Picture: Agency",
            "Council leader Ann Person(Image: Agency)",
            "The town hallImage source, Maps",
            "The town hall.The town hall.",
            "The town hall The town hall",
            "Be the first to comment",
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
            "The council prints a newsletter of eight pages that it sends to each foster home, and children write for it themselves.",
            "“Read our newsletter,” she told the children.",
            "Published figures show that the number of children in care has fallen.",
            "Inspectors paint a mixed picture: too little, too late.",
            "Staff and their leader celebrate. Picture: Southtown Council",
            "Picture the scene: a child waits for a social worker who never comes.",
            "Credit: that is what the staff deserve, said the leader, and they have waited for it longer than any of the members who spoke.",
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
    fn an_ending_with_the_text_behind_it_is_a_box() {
        let other = LONG.replace("Inspectors", "They");
        check(&["A line.", "# Related links", "- Slow adoption criticised", LONG, &other], &["A line.", LONG, &other]);
        check(&["First.", "Have your say", LONG, &other], &["First.", LONG, &other]);
        let comment = "I have lived here for forty years and nobody has ever asked me what I think of the services, has anybody asked you?";
        check(&[LONG, "# Comments", comment, &other, &format!("{comment} No."), "# Related links", &format!("{comment} Yes.")], &[LONG]);
        // A button below a notice of cookies, above all of the text.
        let notice = "We will take it that you are fine with this, and you can leave our pages at any time if you are not.";
        let text: Vec<String> = ["One", "Two", "Three", "Four", "Five"].iter().map(|first| format!("{first} of them: {LONG}")).collect();
        let text: Vec<&str> = text.iter().map(String::as_str).collect();
        check(&[&[notice, "Comment"], &text[..]].concat(), &[&[notice], &text[..]].concat());
    }

    #[test]
    fn cards_of_other_stories_go() {
        let cards = [
            "CHILDREN", "Lido to reopen for the summer", "By Ann Other | 8 January 2026", "Swimmers will be back in May.", "CHILDREN",
            "Bins to be emptied", "By Bo Other | 2 January 2026", "It was a long strike.",
        ];
        check(&[&[LONG, LONG_TOO, LONG_THREE][..], &cards[..]].concat(), &[LONG, LONG_TOO, LONG_THREE]);
        // One byline with a day, at the end, is the story's own.
        check(
            &[LONG, LONG_TOO, LONG_THREE, "A line", "By Ann Other | 8 January 2026", "The end."],
            &[LONG, LONG_TOO, LONG_THREE, "A line", "By Ann Other | 8 January 2026", "The end."],
        );
        // A notice above the text, with the byline between them; points of a plan.
        check(
            &[LONG, LONG_TOO, LONG_THREE, "By Ann Other | 8 January 2026", LONG_TOO, LONG_THREE, LONG, "By Bo Other | 2 January 2026"],
            &[LONG, LONG_TOO, LONG_THREE, "By Ann Other | 8 January 2026", "By Bo Other | 2 January 2026"],
        );
        let plan = ["- By Monday 3 June 2024 all cases are audited", "- By Friday 5 July 2024 new teams are in place"];
        check(&[&[LONG, LONG_TOO, LONG_THREE][..], &plan].concat(), &[LONG, LONG_TOO, LONG_THREE, &plan[0][2..], &plan[1][2..]]);
        let spoken = "By 8 January 2026 the council had hired ten.";
        check(
            &[LONG, LONG_TOO, LONG_THREE, spoken, "By 9 January 2026 it had lost them."],
            &[LONG, LONG_TOO, LONG_THREE, spoken, "By 9 January 2026 it had lost them."],
        );
    }

    #[test]
    fn a_sentence_glued_to_a_line_stays() {
        let sentence = "Before that the whole country had been looking at the town.";
        check(&[LONG, &format!("Article continues below {sentence}"), &format!("Hide Ad{LONG}")], &[LONG, sentence]);
    }

    #[test]
    fn bylines_dates_and_ages_above_the_text() {
        for line in [
            "Ann Other", "By Ann Other, education reporter", "Thursday, 7th February 2019, 13:11 pm", "Updated Friday, 8 Feb 2019",
            "Ann Other5 hours ago", "3 min read", "Published 1 May 2024",
        ] {
            check(&["The town hall", line, LONG], &["The town hall", LONG]);
        }
        check(&["Inspection dates: 4 March 2019", LONG], &["Inspection dates: 4 March 2019", LONG]);
    }

    #[test]
    fn tags_at_the_end_go() {
        check(&[LONG, "@ Sutton", "@ Social care", "@ Ofsted"], &[LONG]);
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

    #[test]
    fn a_banner_above_the_text_is_no_wall() {
        let text: Vec<String> = (0..10).map(|n| format!("{n} {LONG}")).collect();
        let lines: Vec<&str> = std::iter::once("Already a subscriber? Sign in").chain(text.iter().map(String::as_str)).collect();
        let found = pruned(&lines, &[]);
        assert!(!found.wall);
        assert_eq!(found.drafts.len(), text.len());
    }
}
