//! From elements to drafts of blocks: paragraphs, headings, items, quotations, each with its share of link text.

use scraper::{ElementRef, Node, Selector, node::Element};
use url::Url;

use super::class::{ElementRole, role};
use crate::model::page::{BlockKind, Link};
use crate::model::text::clean_line;
use crate::read::markup::{attr_url, select_in, text_of};

/// Blocks of one article; a longer one is a list or an attack.
pub const MAX_BLOCKS: usize = 5_000;

/// Characters of one block.
const MAX_BLOCK_CHARS: usize = 20_000;

/// Links of one block.
const MAX_LINKS: usize = 50;

/// Elements that look like furniture but hold most of the text; more are not looked into.
const MAX_DOUBTFUL: usize = 32;

/// Marks of items that are written as lines.
const BULLETS: [char; 7] = ['-', '–', '•', '*', '·', '●', '▪'];

/// A row of a table with more characters is layout, not a row.
const ROW_CHARS: usize = 300;

/// A block before furniture is taken out.
#[derive(Debug, Clone)]
pub struct BlockDraft {
    pub kind: BlockKind,
    pub text: String,
    /// True where nearly all of the text is a link.
    pub is_link: bool,
    pub links: Vec<Link>,
}

impl BlockDraft {
    pub fn words(&self) -> usize {
        self.text.split_whitespace().count()
    }
}

/// What was drawn from some elements.
#[derive(Debug, Clone, Default)]
pub struct Drawn {
    pub drafts: Vec<BlockDraft>,
}

impl Drawn {
    /// Words outside headings and links: a measure of how much of a text this is.
    pub fn words(&self) -> usize {
        self.drafts.iter().filter(|draft| draft.kind != BlockKind::Heading && !draft.is_link).map(BlockDraft::words).sum()
    }
}

/// Draws the blocks of `elements`, in order, leaving out what matches `drop` and what its place or class shows to be furniture.
pub fn draw(elements: &[ElementRef<'_>], drop: &[Selector], base: &Url) -> Drawn {
    let mut pen = Pen {
        drop,
        base,
        drawn: Drawn::default(),
        run: vec![Segment::default()],
        kind: BlockKind::Paragraph,
        in_link: false,
        whole: 0,
        doubtful: 0,
    };
    for element in elements {
        pen.whole = text_of(*element).len();
        pen.element(*element, true);
        pen.flush();
    }
    pen.drawn
}

/// A line of running text between two breaks.
#[derive(Default)]
struct Segment {
    text: String,
    /// Characters other than white space inside links.
    linked: usize,
    links: Vec<Link>,
}

impl Segment {
    fn take_in(&mut self, other: Segment) {
        self.text.push(' ');
        self.text.push_str(&other.text);
        self.linked += other.linked;
        self.links.extend(other.links);
    }
}

struct Pen<'a> {
    drop: &'a [Selector],
    base: &'a Url,
    drawn: Drawn,
    run: Vec<Segment>,
    kind: BlockKind,
    /// True inside a link.
    in_link: bool,
    /// Bytes of text in the element being drawn.
    whole: usize,
    doubtful: usize,
}

impl Pen<'_> {
    fn element(&mut self, element: ElementRef<'_>, is_root: bool) {
        if !is_root && self.is_furniture(element) || self.drawn.drafts.len() >= MAX_BLOCKS {
            return;
        }
        match element.value().name() {
            "br" => self.run.push(Segment::default()),
            "hr" => self.flush(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.block(element, BlockKind::Heading),
            "li" | "dd" | "dt" => self.block(element, BlockKind::Item),
            "blockquote" => self.block(element, BlockKind::Quote),
            "tr" if is_row(element) => self.row(element),
            "a" => self.anchor(element),
            name if is_block(name) => self.block(element, self.kind),
            _ => self.children(element),
        }
    }

    fn children(&mut self, element: ElementRef<'_>) {
        for child in element.children() {
            match child.value() {
                Node::Text(text) => self.text(text),
                Node::Element(_) => {
                    if let Some(child) = ElementRef::wrap(child) {
                        self.element(child, false);
                    }
                }
                _ => {}
            }
        }
    }

    fn block(&mut self, element: ElementRef<'_>, kind: BlockKind) {
        self.flush();
        // A quotation's paragraphs are quotation, an item's are items.
        let outer = self.kind;
        self.kind = if outer == BlockKind::Paragraph || kind == BlockKind::Heading { kind } else { outer };
        self.children(element);
        self.flush();
        self.kind = outer;
    }

    /// "Overall effectiveness: Good": the cells of a row belong together.
    fn row(&mut self, element: ElementRef<'_>) {
        self.flush();
        let cells: Vec<String> = select_in(element, "td, th").into_iter().map(text_of).filter(|text| !text.is_empty()).collect();
        self.text(&cells.join(if cells.len() == 2 { ": " } else { "; " }));
        self.flush();
    }

    fn anchor(&mut self, element: ElementRef<'_>) {
        let is_jump = element.attr("href").is_none_or(|href| href.trim_start().starts_with('#'));
        let target = attr_url(element, "href", self.base).filter(|_| !is_jump);
        let text = text_of(element);
        let room = self.run.last_mut().filter(|segment| !text.is_empty() && segment.links.len() < MAX_LINKS);
        if let (Some(target), Some(segment)) = (target, room) {
            segment.links.push(Link { href: target.to_string(), text });
        }
        let outer = std::mem::replace(&mut self.in_link, true);
        self.children(element);
        self.in_link = outer;
    }

    fn text(&mut self, text: &str) {
        if let Some(segment) = self.run.last_mut() {
            segment.text.push_str(text);
            segment.linked += if self.in_link { letters(text) } else { 0 };
        }
    }

    /// Ends the block that the running text makes.
    fn flush(&mut self) {
        let mut whole: Option<Segment> = None;
        for segment in std::mem::replace(&mut self.run, vec![Segment::default()]) {
            let segment = Segment { text: clean_line(&segment.text), ..segment };
            if segment.text.is_empty() {
                self.finish(whole.take());
            } else if let Some(before) = whole.as_mut().filter(|before| !breaks(&before.text, &segment.text)) {
                before.take_in(segment);
            } else {
                self.finish(whole.replace(segment));
            }
        }
        self.finish(whole);
    }

    fn finish(&mut self, segment: Option<Segment>) {
        let Some(segment) = segment else { return };
        if self.drawn.drafts.len() >= MAX_BLOCKS || !segment.text.chars().any(char::is_alphanumeric) {
            return;
        }
        let text: String = segment.text.chars().take(MAX_BLOCK_CHARS).collect();
        let is_link = segment.linked > 0 && segment.linked * 10 >= letters(&text) * 9;
        let item = text.strip_prefix(BULLETS).and_then(|rest| rest.strip_prefix(' ')).filter(|_| self.kind == BlockKind::Paragraph);
        let (kind, text) = item.map_or((self.kind, text.as_str()), |item| (BlockKind::Item, item));
        self.drawn.drafts.push(BlockDraft { kind, text: text.to_owned(), is_link, links: segment.links });
    }

    fn is_furniture(&mut self, element: ElementRef<'_>) -> bool {
        if self.drop.iter().any(|selector| selector.matches(&element)) {
            return true;
        }
        match role(element.value()) {
            ElementRole::Text => false,
            ElementRole::Never => true,
            ElementRole::Small(words) => text_of(element).split_whitespace().count() <= words,
            ElementRole::Furniture if self.doubtful >= MAX_DOUBTFUL => false,
            ElementRole::Furniture => {
                let holds_most = text_of(element).len() * 2 > self.whole;
                self.doubtful += usize::from(holds_most);
                !holds_most
            }
        }
    }
}

/// True where a line break ends a paragraph: after the end of a sentence or before a bullet.
fn breaks(before: &str, after: &str) -> bool {
    before.ends_with(['.', '!', '?', ':', '”', '’', '"', '\'', ';']) || after.starts_with(BULLETS)
}

fn letters(text: &str) -> usize {
    text.chars().filter(|char| !char.is_whitespace()).count()
}

fn is_row(element: ElementRef<'_>) -> bool {
    select_in(element, "p, div, ul, ol, table, h1, h2, h3, h4, br").is_empty() && text_of(element).len() <= ROW_CHARS
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "section"
            | "article"
            | "main"
            | "ul"
            | "ol"
            | "dl"
            | "table"
            | "tbody"
            | "thead"
            | "tfoot"
            | "tr"
            | "td"
            | "th"
            | "pre"
            | "address"
            | "center"
            | "details"
            | "summary"
            | "body"
            | "hgroup"
            | "caption"
            | "fieldset"
    )
}

/// True for elements that never hold an article's text.
pub fn is_outside(element: &Element) -> bool {
    // A form may be around the whole page.
    element.name() != "form" && role(element) != ElementRole::Text
}
