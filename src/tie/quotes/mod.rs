//! Quotations in a story: what stands between marks, apart as a block, or announced, and who is said to speak.

mod marks;
mod speaker;

use std::collections::BTreeSet;

use super::{
    fold::Folded,
    text::{Role, StoryPart, StoryText},
};

/// A quotation as the story prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// Between the marks.
    pub text: String,
    pub start: usize,
    pub end: usize,
    pub speaker: Speaker,
    pub bounds: Bounds,
}

/// How it is known where a quotation begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bounds {
    /// By its marks, or as a block.
    Printed,
    /// By what stands around it: marks that never close, a paragraph that was announced, marks within marks. It is a
    /// quotation only if a report has it.
    Guessed,
}

/// Whose words a quotation is said to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Speaker {
    /// The report, the inspectors or Ofsted, said to speak by a verb of saying.
    Ofsted,
    /// Somebody else, by name or role.
    Other(String),
    Unknown,
}

impl Speaker {
    /// True if a person is named, or stands for one. A mere role ("the director") may be whom the report speaks of.
    pub fn is_person(&self) -> bool {
        matches!(self, Self::Other(name) if name.contains(' ') || matches!(name.as_str(), "he" | "she" | "cllr" | "coun" | "councillor" | "spokesman" | "spokeswoman" | "spokesperson" | "mp" | "mother" | "father" | "mum" | "dad"))
    }
}

/// How a quotation must stand in a report to be found there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    Nearly,
    /// Word for word, and at least so many words.
    Exactly(usize),
    /// Nearly, and at least so many words.
    NearlyOf(usize),
}

/// Words from which a quotation beside somebody's role is the report's all the same.
const BESIDE_A_ROLE: usize = 5;
/// Words that nobody says by chance as the report has them: whoever is named reads them out.
pub const READ_OUT: usize = 8;

impl Quoted {
    /// The proof that it is the report's, by who is said to speak.
    pub fn proof(&self) -> Proof {
        match (&self.speaker, self.bounds) {
            (speaker, _) if speaker.is_person() => Proof::Exactly(READ_OUT),
            (Speaker::Other(_), Bounds::Printed) => Proof::Exactly(BESIDE_A_ROLE),
            (Speaker::Other(_), Bounds::Guessed) => Proof::Exactly(READ_OUT),
            (_, Bounds::Guessed) => Proof::NearlyOf(READ_OUT),
            (_, Bounds::Printed) => Proof::Nearly,
        }
    }
}

/// Quotations longer than this, in bytes, are marks gone astray.
const MAX_QUOTATION: usize = 2_500;
/// Far more than any story has.
const MAX_QUOTATIONS: usize = 200;

/// The quotations of a story in order; `folded` are its words, `inspectors` the surnames of [`inspectors`].
pub fn find(text: &StoryText, folded: &Folded, inspectors: &BTreeSet<String>) -> Vec<Quoted> {
    let mut found = Vec::new();
    let mut carried = None;
    let mut announced = 0;
    for (at, part) in text.parts.iter().enumerate() {
        let slice = text.slice((part.start, part.end));
        if let Role::Quote(_) = part.role {
            let inner = slice.trim().trim_matches(['“', '”', '‘', '’', '"', '\'']);
            found.push(quoted(inner, part.start, part.end, Bounds::Printed));
            continue;
        }
        let next = text.parts.get(at + 1).map_or("", |next| text.slice((next.start, next.end)));
        let (spans, open) = marks::spans(slice, carried, next);
        carried = open;
        announced = announces(text, at).unwrap_or(announced);
        if spans.is_empty() && announced > 0 && slice.len() <= MAX_QUOTATION {
            found.push(quoted(slice.trim(), part.start, part.end, Bounds::Guessed));
        }
        announced = announced.saturating_sub(1);
        add(&mut found, slice, *part, &spans);
        if found.len() >= MAX_QUOTATIONS {
            found.truncate(MAX_QUOTATIONS);
            break;
        }
    }
    speaker::name(text, &folded.words, inspectors, &mut found);
    found
}

/// Surnames of those whom a story calls inspectors of an inspection, folded.
pub fn inspectors(text: &StoryText, folded: &Folded) -> BTreeSet<String> {
    speaker::inspectors(&text.whole, &folded.words)
}

fn quoted(text: &str, start: usize, end: usize, bounds: Bounds) -> Quoted {
    Quoted { text: text.to_owned(), start, end, speaker: Speaker::Unknown, bounds }
}

fn add(found: &mut Vec<Quoted>, slice: &str, part: StoryPart, spans: &[marks::MarkedSpan]) {
    for span in spans {
        let inner = slice[span.from..span.to].trim();
        if inner.chars().any(char::is_alphabetic) {
            found.push(quoted(inner, part.start + span.from, part.start + span.to, span.bounds));
        }
    }
}

/// Paragraphs without marks after "The report said:" that may be its words.
const ANNOUNCED: usize = 3;

/// How many paragraphs from this one on the one before announces; none if it announces nothing.
fn announces(text: &StoryText, at: usize) -> Option<usize> {
    let before = text.parts.get(at.checked_sub(1)?)?;
    let line = text.slice((before.start, before.end)).trim_end();
    (line.ends_with(':') && speaker::of_announcement(line) == Speaker::Ofsted).then_some(ANNOUNCED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        page::{Block, BlockKind},
        story::{Story, StoryId},
    };

    fn story(paragraphs: &[&str]) -> StoryText {
        let blocks = paragraphs.iter().map(|text| Block { kind: BlockKind::Paragraph, text: (*text).to_owned() }).collect();
        StoryText::of(&Story {
            id: StoryId("s-1".into()),
            url: String::new(),
            outlet: String::new(),
            title: String::new(),
            author: None,
            published: None,
            published_from: None,
            first_seen: jiff::Timestamp::UNIX_EPOCH,
            changed: None,
            summary: String::new(),
            blocks,
            links: vec![],
            walled: false,
            area: vec![],
        })
    }

    fn quotations(paragraphs: &[&str]) -> Vec<Quoted> {
        let text = story(paragraphs);
        let folded = Folded::of(&text.whole);
        find(&text, &folded, &inspectors(&text, &folded))
    }

    fn check(paragraphs: &[&str], expected: &[(&str, Speaker)]) {
        let found: Vec<(String, Speaker)> = quotations(paragraphs).into_iter().map(|quoted| (quoted.text, quoted.speaker)).collect();
        let expected: Vec<(String, Speaker)> = expected.iter().map(|(text, speaker)| ((*text).to_owned(), speaker.clone())).collect();
        assert_eq!(found, expected, "{paragraphs:?}");
    }

    #[test]
    fn marks_of_all_kinds() {
        check(&["The report said “too many children wait”."], &[("too many children wait", Speaker::Ofsted)]);
        check(&["Inspectors found \"drift and delay\" in plans."], &[("drift and delay", Speaker::Ofsted)]);
        check(&["It is ‘a council’s best work’, inspectors said."], &[("a council’s best work", Speaker::Ofsted)]);
        check(&["It said ''staff are proud'' of it."], &[("staff are proud", Speaker::Ofsted)]);
        check(&["The council’s plan and its partners’ plan are old."], &[]);
        check(&["Ofsted said ‘the councils’ plans are weak’ in May."], &[("the councils’ plans are weak", Speaker::Ofsted)]);
    }

    #[test]
    fn a_quotation_runs_over_paragraphs_that_reopen_the_marks() {
        check(
            &["The report said: “Supervision takes place.", "“Weak oversight has left some children vulnerable.”"],
            &[("Supervision takes place.", Speaker::Ofsted), ("Weak oversight has left some children vulnerable.", Speaker::Ofsted)],
        );
    }

    #[test]
    fn people_are_not_the_report() {
        check(&["“A good plan,” Cllr Ann Oak said."], &[("A good plan,", Speaker::Other("Ann Oak".into()))]);
        check(&["“We are pleased,” she said."], &[("We are pleased,", Speaker::Other("she".into()))]);
        check(&["John Elm, director of children’s services, said: “We will act.”"], &[("We will act.", Speaker::Other("John Elm".into()))]);
        check(&["The director is described as “an inspiring role model”."], &[("an inspiring role model", Speaker::Unknown)]);
        check(&["Inspectors credited the director with “real drive”."], &[("real drive", Speaker::Ofsted)]);
        check(&["The paper praised a director for being “quick to see it”."], &[("quick to see it", Speaker::Unknown)]);
        check(&["“It is hard,” said Cllr Ann Oak of the report."], &[("It is hard,", Speaker::Other("Ann Oak".into()))]);
    }

    #[test]
    fn marks_left_open_spoilt_and_nested() {
        let ofsted = Speaker::Ofsted;
        // A single mark that the next paragraph opens again, and none for an apostrophe.
        check(
            &["The report read: ‘Practice shortfalls have been addressed.", "‘But too few plans are clear.’"],
            &[("Practice shortfalls have been addressed.", ofsted.clone()), ("But too few plans are clear.", ofsted.clone())],
        );
        check(&["They came in the ’90s and stayed.", "Nothing more was said."], &[]);
        // A sentence broken over two paragraphs; a mark that never closes.
        check(
            &["Inspectors wrote: “Children’s views are not often", "included in plans.”"],
            &[("Children’s views are not often included in plans.", ofsted.clone())],
        );
        check(
            &["Inspectors wrote: \"Practice has declined.", "Ten care leavers waited too long."],
            &[("Practice has declined.", ofsted.clone()), ("Ten care leavers waited too long.", ofsted.clone())],
        );
        check(&["Ofsted said that they '˜require improvement' in June."], &[("require improvement", ofsted.clone())]);
        check(
            &["The minister said: “Ofsted wrote of ‘serious and widespread failures’ here.”"],
            &[
                ("Ofsted wrote of ‘serious and widespread failures’ here.", Speaker::Other("minister".into())),
                ("serious and widespread failures", ofsted.clone()),
            ],
        );
        // Announced, and without marks.
        check(&["The report said:", "Leaders know their services well."], &[("Leaders know their services well.", ofsted)]);
        let listed = [("Leaders know their services well.", Speaker::Ofsted)];
        check(&["Comments in the report include:", "Leaders know their services well."], &listed);
        for line in ["Our next steps include:", "The aims of our new team are:", "Comments online about the report include:"] {
            check(&[line, "Leaders know their services well."], &[]);
        }
        check(&["The council’s plans:", "Leaders will learn to know their services."], &[]);
    }

    #[test]
    fn the_inspector_speaks_for_the_report() {
        let ofsted = || Speaker::Ofsted;
        check(
            &["Lead inspector Ann Oak said: “There are delays.”", "She added: “Staff are too few.”"],
            &[("There are delays.", ofsted()), ("Staff are too few.", ofsted())],
        );
        check(
            &["John Elm, who led the inspection, was here.", "Mr Elm said it was ‘a lottery for children’."],
            &[("a lottery for children", ofsted())],
        );
        check(
            &["Lead inspector Ann Oak came in May.", "Council leader Eve Fir was glad. “We worked for it,” she said."],
            &[("We worked for it,", Speaker::Other("Eve Fir".into()))],
        );
        check(&["Eve Fir, a former Ofsted inspector, said: “It is hard.”"], &[("It is hard.", Speaker::Other("Eve Fir".into()))]);
        check(&["The report on Cheshire East said “too few plans are clear”."], &[("too few plans are clear", ofsted())]);
    }

    #[test]
    fn what_others_say_of_the_report_is_not_the_reports() {
        let (ofsted, other) = (|| Speaker::Ofsted, |name: &str| Speaker::Other(name.into()));
        check(&["The council called the report “a turning of the page”."], &[("a turning of the page", other("council"))]);
        check(&["The council said the report was “a fair account of it”."], &[("a fair account of it", other("council"))]);
        check(
            &["It has been “letting down the very children”, opponents say, now that an Ofsted report is out."],
            &[("letting down the very children", other("opponents"))],
        );
        check(
            &["Ofsted called it inadequate, and leaders vowed to “undo that verdict fast” this week."],
            &[("undo that verdict fast", Speaker::Unknown)],
        );
        // "She" is no report.
        check(
            &["The cabinet member said the report was “a love letter”.", "“Taxpayers can be proud of it,” she said. “Nothing is better.”"],
            &[
                ("a love letter", other("cabinet member")),
                ("Taxpayers can be proud of it,", other("cabinet member")),
                ("Nothing is better.", other("cabinet member")),
            ],
        );
        // A report of somebody else's.
        check(
            &[
                "A report to cabinet weighs three options. It concludes that one has “the right focus”.",
                "The report says: “There is no proof.”",
            ],
            &[("the right focus", Speaker::Unknown), ("There is no proof.", Speaker::Unknown)],
        );
        check(
            &["A report to cabinet says that Ofsted came in May. The inspectors’ report says: “There is no proof.”"],
            &[("There is no proof.", ofsted())],
        );
        // A heading goes on with nobody, and parents speak in the report.
        check(
            &["Ofsted wrote that “plans were weak”.", "“A scandal of incompetence”", "“Nobody looked.”"],
            &[("plans were weak", ofsted()), ("A scandal of incompetence", Speaker::Unknown), ("Nobody looked.", Speaker::Unknown)],
        );
        check(&["Some parents told the inspectors that they feel like “true partners”."], &[("true partners", ofsted())]);
        check(&["Elected members, say the inspectors, “do not provide scrutiny”."], &[("do not provide scrutiny", ofsted())]);
        check(
            &["Ann Oak and her team of inspectors came in May.", "“The pace has much improved,” she wrote."],
            &[("The pace has much improved,", ofsted())],
        );
        // Near misses.
        check(&["Inspectors who visited the council said there was “too much delay”."], &[("too much delay", ofsted())]);
        check(&["Inspectors told the council that “plans are not clear”."], &[("plans are not clear", ofsted())]);
        check(&["The report to the council’s credit found “real drive”."], &[("real drive", ofsted())]);
    }

    #[test]
    fn speakers_are_named_as_they_are_written() {
        let named = |text: &str, name: &str| {
            let found = quotations(&[text]);
            assert_eq!(found.first().map(|quoted| quoted.speaker.clone()), Some(Speaker::Other(name.into())), "{text}");
        };
        named("“We will act,” said Cllr Asante.", "Cllr Asante");
        named("“We will act,” Chris Ackland-Becher, a parent, said.", "Chris Ackland-Becher");
        named("“We will act,” said the council’s executive member for children.", "executive member");
        named("“We will act,” the portfolio holder said.", "portfolio holder");
        named("The portfolio holder for children and families, Diana Wroe, said: “We will act.”", "Diana Wroe");
        named("“We will act,” West Midlands Police’s Chief Constable Eve Fir said.", "Eve Fir");
        named("Director Eve Fir was there. “We will act,” she said.", "Eve Fir");
    }

    #[test]
    fn the_next_speaker_is_not_this_one() {
        check(
            &["It continued: “Agencies are not involved.” Councillor Eve Fir said: “We are safe.”"],
            &[("Agencies are not involved.", Speaker::Ofsted), ("We are safe.", Speaker::Other("Eve Fir".into()))],
        );
        check(&["The council was told in May. It said: “We have a plan for that.”"], &[("We have a plan for that.", Speaker::Unknown)]);
    }
}
