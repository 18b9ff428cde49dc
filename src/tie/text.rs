//! A story's text laid end to end, with its parts and sentences.

use crate::model::{page::BlockKind, story::Story};

/// What a part of a story is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Title,
    Summary,
    Heading,
    /// Paragraph or list item; counted from 0 over the text.
    Body(usize),
    /// A block quotation, set apart without marks.
    Quote(usize),
}

/// One part of the text.
#[derive(Debug, Clone, Copy)]
pub struct StoryPart {
    pub role: Role,
    pub start: usize,
    pub end: usize,
}

/// The text of a story, parts on lines of their own.
#[derive(Debug, Clone, Default)]
pub struct StoryText {
    pub whole: String,
    pub parts: Vec<StoryPart>,
    /// Byte ranges, in order.
    pub sentences: Vec<(usize, usize)>,
}

/// Longest text that is looked at, in bytes: far above any article's length, so that a hostile page costs little.
const MAX_TEXT: usize = 200_000;

/// Lines that do not count as paragraphs, at most: of a text of such lines each is one.
const MAX_PASSED: usize = 4;
/// A line of so many words is a paragraph, however it ends.
const PARAGRAPH_WORDS: usize = 16;

/// Words of a line that gives a grade.
const GRADES: [&str; 5] = ["good", "outstanding", "inadequate", "adequate", "improvement"];

/// Bytes of what is put together: no paragraph is longer, and a page of nothing but such lines costs no more for it.
const MAX_JOINED: usize = 2_000;

/// A line of fewer words is a point of a list, or a name.
const BROKEN_WORDS: usize = 6;

/// A line that is no sentence: a date, whose release it is, a caption.
fn is_label(line: &str) -> bool {
    let ends = |char: char| matches!(char, '.' | '!' | '?' | ':' | ';' | '"' | '”' | '’' | '\'');
    !line.trim_end().ends_with(ends) && line.split_whitespace().count() < PARAGRAPH_WORDS
}

impl StoryText {
    pub fn of(story: &Story) -> Self {
        let mut text = Self::default();
        text.push(Role::Title, &story.title);
        let lead = story.blocks.first().map_or("", |block| block.text.as_str());
        if !lead.starts_with(story.summary.trim_end_matches(['…', '.', ' '])) {
            text.push(Role::Summary, &story.summary);
        }
        let mut count = 0;
        let mut passed = 0;
        let mut before = BlockKind::Heading;
        for block in &story.blocks {
            let role = match block.kind {
                BlockKind::Heading => Role::Heading,
                BlockKind::Paragraph | BlockKind::Item => Role::Body(count),
                BlockKind::Quote => Role::Quote(count),
            };
            if passed < MAX_PASSED && block.kind == BlockKind::Paragraph && (block.text == story.title || is_label(&block.text)) {
                passed += 1;
            } else {
                count += usize::from(block.kind != BlockKind::Heading);
            }
            // Lines that a page broke in the middle of a sentence are one.
            let goes_on =
                (before, block.kind) == (BlockKind::Paragraph, BlockKind::Paragraph) && block.text.starts_with(char::is_lowercase);
            before = block.kind;
            if !(goes_on && text.join(&block.text)) {
                text.push(role, &block.text);
            }
            if text.whole.len() > MAX_TEXT {
                break;
            }
        }
        text
    }

    fn push(&mut self, role: Role, part: &str) {
        if part.trim().is_empty() {
            return;
        }
        let start = self.whole.len();
        self.whole.push_str(part);
        let end = self.whole.len();
        self.whole.push('\n');
        self.sentences.extend(sentences(part).into_iter().map(|(from, to)| (start + from, start + to)));
        self.parts.push(StoryPart { role, start, end });
    }

    /// Goes on with a part that is no sentence yet; false where the last one is no paragraph or has come to its end.
    fn join(&mut self, rest: &str) -> bool {
        let Some(last) = self.parts.last_mut().filter(|last| matches!(last.role, Role::Body(_))) else { return false };
        let open = self.whole[last.start..last.end].trim_end();
        // Lines that give a grade each are a list.
        let graded = open.split(|char: char| !char.is_alphabetic()).any(|word| GRADES.contains(&word.to_lowercase().as_str()));
        if graded
            || open.len() + rest.len() > MAX_JOINED
            || open.ends_with(['.', '!', '?', ':', ';', '”', '"', '’'])
            || open.split_whitespace().count() < BROKEN_WORDS
        {
            return false;
        }
        self.whole.pop();
        self.whole.push(' ');
        self.whole.push_str(rest);
        last.end = self.whole.len();
        let (start, end) = (last.start, last.end);
        self.whole.push('\n');
        self.sentences.truncate(self.sentences.partition_point(|(from, _)| *from < start));
        self.sentences.extend(sentences(&self.whole[start..end]).into_iter().map(|(from, to)| (start + from, start + to)));
        true
    }

    pub fn slice(&self, range: (usize, usize)) -> &str {
        self.whole.get(range.0..range.1).unwrap_or("")
    }

    /// The part that holds the byte `at`.
    pub fn part_at(&self, at: usize) -> Option<&StoryPart> {
        let next = self.parts.partition_point(|part| part.start <= at);
        next.checked_sub(1).map(|index| &self.parts[index])
    }

    /// The index of the sentence that holds the byte `at`.
    pub fn sentence_at(&self, at: usize) -> Option<usize> {
        self.sentences.partition_point(|(start, _)| *start <= at).checked_sub(1)
    }

    /// How much a mention at `at` says of what the story is about: 3 in the title, falling to 0.6 far down.
    pub fn prominence(&self, at: usize) -> f64 {
        match self.part_at(at).map(|part| part.role) {
            Some(Role::Title) => 3.0,
            Some(Role::Summary) => 2.0,
            Some(Role::Body(0)) => 2.0,
            Some(Role::Heading) => 1.5,
            Some(Role::Body(1 | 2)) => 1.4,
            Some(Role::Body(3..=6)) => 1.0,
            Some(Role::Quote(_)) => 0.7,
            _ => 0.6,
        }
    }

    /// True in the title.
    pub fn is_title(&self, at: usize) -> bool {
        self.part_at(at).is_some_and(|part| part.role == Role::Title)
    }

    /// True in the title, the summary and the first three paragraphs.
    pub fn is_lead(&self, at: usize) -> bool {
        matches!(self.part_at(at).map(|part| part.role), Some(Role::Title | Role::Summary | Role::Body(0..=2)))
    }
}

/// The sentences of a paragraph as byte ranges: they end at ".", "?", "!" with a closing mark or without, before a
/// space and a capital, figure or opening mark; not after "Cllr." or an initial.
fn sentences(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = 0;
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut at = 0;
    while at < chars.len() {
        if matches!(chars[at].1, '.' | '?' | '!') {
            let mut after = at + 1;
            while after < chars.len() && matches!(chars[after].1, '”' | '’' | '"' | '\'' | ')') {
                after += 1;
            }
            let spaced = chars.get(after).is_some_and(|(_, char)| char.is_whitespace());
            let begins = chars
                .get(after + 1)
                .is_some_and(|(_, char)| char.is_uppercase() || char.is_numeric() || matches!(char, '“' | '‘' | '"' | '\'' | '['));
            if spaced && begins && !is_short_form(&text[start..chars[at].0]) {
                found.push((start, chars[after].0));
                start = chars[after + 1].0;
                at = after;
            }
        }
        at += 1;
    }
    if start < text.len() {
        found.push((start, text.len()));
    }
    found
}

fn is_short_form(before: &str) -> bool {
    let last = before.rsplit(|char: char| char.is_whitespace() || char == '(').next().unwrap_or("");
    matches!(last, "Cllr" | "Coun" | "Mr" | "Mrs" | "Ms" | "Dr" | "St" | "No" | "Rev" | "Prof")
        || (last.len() == 1 && last.starts_with(char::is_uppercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_they_end() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<&str> = sentences(text).into_iter().map(|(from, to)| &text[from..to]).collect();
            assert_eq!(found, expected);
        };
        check("One. Two? “Three.” Four", &["One.", "Two?", "“Three.”", "Four"]);
        check("Cllr. A. Smith said 3.5 per cent. Then", &["Cllr. A. Smith said 3.5 per cent.", "Then"]);
        check("", &[]);
    }

    /// What says nothing of the story takes no room among its first paragraphs.
    #[test]
    fn lines_that_are_no_sentences_do_not_count() {
        let block = |text: &&str| crate::model::page::Block { kind: BlockKind::Paragraph, text: (*text).to_owned() };
        let story =
            |blocks: &[&str]| Story { blocks: blocks.iter().map(block).collect(), ..crate::tie::made_up::story(None, "Good at last", &[]) };
        let place = |blocks: &[&str]| StoryText::of(&story(blocks)).parts.last().map(|part| part.role);
        let first = "Inspectors have judged services for children in Mossley good.";
        assert_eq!(place(&["4 June 2018, PR8815", "Good at last", "Picture: the town hall", first]), Some(Role::Body(0)));
        assert_eq!(place(&["It was in May that they came.", first]), Some(Role::Body(1)));
        assert_eq!(place(&["“We did it”", first]), Some(Role::Body(1)));
        // A text of nothing but such lines has paragraphs all the same.
        assert_eq!(place(&["one", "two", "three", "four", "five", "six", "seven"]), Some(Role::Body(2)));
    }

    #[test]
    fn a_sentence_that_a_page_broke_is_one() {
        let block = |text: &&str| crate::model::page::Block { kind: BlockKind::Paragraph, text: (*text).to_owned() };
        let of = |blocks: &[&str]| {
            let story = Story { blocks: blocks.iter().map(block).collect(), ..crate::tie::made_up::story(None, "Good at last", &[]) };
            let text = StoryText::of(&story);
            text.sentences[1..].iter().map(|&range| text.slice(range).to_owned()).collect::<Vec<_>>()
        };
        let broken =
            ["Services have got worse since the last inspection, when all were judged to", "require improvement. Now they are not."];
        let whole = "Services have got worse since the last inspection, when all were judged to require improvement.";
        assert_eq!(of(&broken), [whole, "Now they are not."]);
        assert_eq!(of(&["Inspectors said that these are too slow:", "help for families"]).len(), 2);
        assert_eq!(of(&["front door", "early help"]).len(), 2);
        let graded = ["Support for care leavers, which was looked at, is inadequate", "help for children in care is good"];
        assert_eq!(of(&graded), graded);
        // A page of nothing but such lines is put together piece by piece.
        let endless = vec!["and on it goes without an end"; 1_000];
        assert!(of(&endless).iter().all(|sentence| sentence.len() <= MAX_JOINED));
        assert_eq!(of(&["Inspectors came to look at services for children", "They found much to praise."]).len(), 2);
    }
}
