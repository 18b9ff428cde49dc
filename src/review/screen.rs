//! The screen as it stands, and what a key means; what is to be done is given back as an [`Act`].

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::pick::Pick;
use crate::model::{
    evidence::EvidenceKind,
    overview::{ReportCard, StoryCard, TiedReport},
    page::Block,
    report::{Passage, ReportId},
    story::StoryId,
    text::clean_line,
    tie::TieState,
    verdict::Review,
    wording,
};

/// What is to be done for the reader.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    Nothing,
    Quit,
    /// The text of the story and of the report beside it are wanted.
    Load,
    /// All reports are wanted, to pick one.
    Library,
    Tie(StoryId, ReportId, TieState),
    Review(StoryId, Review),
    Note(StoryId, String),
    Undo,
    Open(String),
}

/// What the keys are for at the moment.
#[derive(Debug, Clone, Default)]
pub enum Mode {
    #[default]
    Look,
    Pick(Pick),
    Note(String),
    Help,
}

/// A pane that scrolls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    Story,
    Report,
}

/// A story of the queue, and what was decided about it here.
#[derive(Debug, Clone)]
pub struct Item {
    pub card: StoryCard,
    pub done: bool,
}

/// Where a pane stands; the drawing settles it within the text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scroll {
    pub top: usize,
    /// To the first quotation, once the text is laid out.
    pub seek: bool,
    /// Rows that fit, and rows there are.
    pub rows: usize,
    pub all: usize,
}

pub struct Screen {
    pub queue: Vec<Item>,
    pub at: usize,
    /// Which of the candidates stands beside the story.
    pub choice: usize,
    pub story: Vec<Block>,
    pub report: Vec<Passage>,
    pub scrolls: [Scroll; 2],
    pub focus: Pane,
    pub mode: Mode,
    /// What was just done, or why not.
    pub said: String,
    pub decided: usize,
    /// Stories that want a decision and have no room in this queue.
    pub later: usize,
    pub colour: bool,
    /// The window shows nothing but that it is too small.
    pub small: bool,
}

impl Screen {
    /// A screen of these stories, the first of them chosen, with so many more for another time.
    pub fn new(queue: Vec<StoryCard>, later: usize, colour: bool) -> Self {
        let queue = queue.into_iter().map(|card| Item { card, done: false }).collect();
        Self {
            queue,
            at: 0,
            choice: 0,
            story: Vec::new(),
            report: Vec::new(),
            scrolls: [Scroll::default(); 2],
            focus: Pane::Report,
            mode: Mode::Look,
            said: String::new(),
            decided: 0,
            later,
            colour,
            small: false,
        }
    }

    pub fn card(&self) -> Option<&StoryCard> {
        self.queue.get(self.at).map(|item| &item.card)
    }

    /// The reports that the story may be about: ties that nobody rejected, best first.
    pub fn candidates(&self) -> Vec<&TiedReport> {
        let ties = self.card().map_or(&[][..], |card| &card.ties);
        ties.iter().filter(|tied| tied.tie.state != TieState::Rejected).collect()
    }

    /// The one beside the story.
    pub fn chosen(&self) -> Option<&TiedReport> {
        self.candidates().get(self.choice).copied()
    }

    /// What the story quotes of the chosen report: in its own words, and in the report's.
    pub fn quoted(&self) -> (Vec<&str>, Vec<&str>) {
        let (Some(card), Some(tied)) = (self.card(), self.chosen()) else { return Default::default() };
        let evidence = tied.tie.evidence.iter().filter(|piece| matches!(piece.kind, EvidenceKind::Quote | EvidenceKind::SharedText));
        let (mut story, mut report): (Vec<&str>, Vec<&str>) = evidence.map(|piece| (piece.story.as_str(), piece.report.as_str())).unzip();
        let found = card.quotations.iter().filter(|quotation| quotation.found && quotation.report.as_ref() == Some(&tied.report.id));
        for quotation in found {
            story.push(&quotation.text);
            report.push(&quotation.text);
        }
        (story, report)
    }

    /// Takes the texts of the chosen story and report.
    pub fn loaded(&mut self, story: Vec<Block>, report: Vec<Passage>) {
        (self.story, self.report) = (story, report);
        self.scrolls = [Scroll { seek: true, ..Scroll::default() }; 2];
    }

    /// Takes all reports, to pick one.
    pub fn library(&mut self, all: Vec<ReportCard>) {
        let councils = self.card().map(|card| card.authorities.clone()).unwrap_or_default();
        self.mode = Mode::Pick(Pick::new(all, councils));
    }

    /// Takes a story as it stands since it was decided on, and goes on to the next where nothing is left to decide about it.
    pub fn renewed(&mut self, card: StoryCard, said: String) -> Act {
        self.said = said;
        self.decided += 1;
        let open = card.state == crate::model::verdict::StoryState::Possible && card.review != Review::Discarded;
        self.put(card, !open);
        if open {
            self.choice = self.choice.min(self.candidates().len().saturating_sub(1));
            return Act::Load;
        }
        self.next()
    }

    /// Takes a story whose last decision was taken back, and goes to it.
    pub fn undone(&mut self, card: StoryCard, said: String) -> Act {
        self.said = said;
        self.decided = self.decided.saturating_sub(1);
        self.put(card, false);
        self.choice = 0;
        Act::Load
    }

    /// Says why an act was not carried out. Another program may be writing: it can be asked for again, with what was typed.
    pub fn refused(&mut self, act: Act, why: String) {
        self.said = match act {
            Act::Note(_, typed) => {
                self.mode = Mode::Note(typed);
                format!("Not noted: {why}")
            }
            _ => why,
        };
    }

    fn put(&mut self, card: StoryCard, done: bool) {
        match self.queue.iter().position(|item| item.card.piece == card.piece) {
            Some(at) => self.at = at,
            None => self.queue.insert(self.at, Item { card: card.clone(), done }),
        }
        self.queue[self.at] = Item { card, done };
    }

    /// The next one that is not decided: after this one, else from the beginning.
    fn next(&mut self) -> Act {
        let open = |at: &usize| !self.queue[*at].done;
        if let Some(next) = (self.at + 1..self.queue.len()).find(open).or_else(|| (0..self.at).find(open)) {
            return self.go(next);
        }
        let end = match (open(&self.at), self.later) {
            (true, _) => "This is the last that is open.".to_owned(),
            (false, 0) => "Nothing more wants a decision; q leaves.".to_owned(),
            (false, later) => format!("All of these are decided; {later} more come when you begin anew. q leaves."),
        };
        self.said = format!("{} {end}", self.said).trim().to_owned();
        Act::Load
    }

    fn go(&mut self, at: usize) -> Act {
        let at = at.min(self.queue.len().saturating_sub(1));
        if at == self.at && !self.queue.get(at).is_some_and(|item| item.done) {
            return Act::Nothing;
        }
        (self.at, self.choice) = (at, 0);
        Act::Load
    }

    fn choose(&mut self, by: isize) -> Act {
        let last = self.candidates().len().saturating_sub(1);
        let choice = self.choice.saturating_add_signed(by).min(last);
        if choice == self.choice {
            return Act::Nothing;
        }
        self.choice = choice;
        Act::Load
    }

    /// What a key means.
    pub fn key(&mut self, key: KeyEvent) -> Act {
        if key.modifiers.contains(KeyModifiers::CONTROL) {
            return if key.code == KeyCode::Char('c') { Act::Quit } else { Act::Nothing };
        }
        if self.small {
            // What is not seen is not decided on, and what was being typed is still there in a larger window.
            return if matches!(key.code, KeyCode::Char('q') | KeyCode::Esc) { Act::Quit } else { Act::Nothing };
        }
        match std::mem::take(&mut self.mode) {
            Mode::Look => self.look(key.code),
            Mode::Help => Act::Nothing,
            Mode::Pick(pick) => self.pick(key.code, pick),
            Mode::Note(typed) => self.note(key.code, typed),
        }
    }

    fn look(&mut self, code: KeyCode) -> Act {
        self.said.clear();
        match code {
            KeyCode::Char('q') | KeyCode::Esc => Act::Quit,
            KeyCode::Char('?') => {
                self.mode = Mode::Help;
                Act::Nothing
            }
            KeyCode::Down => self.go(self.at + 1),
            KeyCode::Up => self.go(self.at.saturating_sub(1)),
            KeyCode::Enter => self.next(),
            KeyCode::Right => self.choose(1),
            KeyCode::Left => self.choose(-1),
            KeyCode::Tab => {
                self.focus = if self.focus == Pane::Story { Pane::Report } else { Pane::Story };
                Act::Nothing
            }
            KeyCode::PageDown | KeyCode::Char(' ') => self.scroll(1),
            KeyCode::PageUp | KeyCode::Char('b') => self.scroll(-1),
            KeyCode::Home => self.scroll(isize::MIN),
            KeyCode::End => self.scroll(isize::MAX),
            KeyCode::Char(key) => self.decide(key),
            _ => Act::Nothing,
        }
    }

    fn decide(&mut self, key: char) -> Act {
        let Some(card) = self.card() else { return Act::Nothing };
        let (id, address) = (card.id.clone(), wording::web_address(&card.url));
        let report = self.chosen().map(|tied| tied.report.id.clone());
        let tie = |state: TieState| report.clone().map(|report| Act::Tie(id.clone(), report, state));
        let open = |address: Option<String>| address.map_or_else(|| Err("There is no address to open."), |address| Ok(Act::Open(address)));
        let beside = "There is no report beside this story: p picks one.";
        let act = match key {
            'c' => tie(TieState::Confirmed).ok_or(beside),
            'r' => tie(TieState::Rejected).ok_or(beside),
            'k' => Ok(Act::Review(id, Review::Kept)),
            'd' => Ok(Act::Review(id, Review::Discarded)),
            'p' => Ok(Act::Library),
            'm' => {
                self.mode = Mode::Note(String::new());
                Ok(Act::Nothing)
            }
            'u' => Ok(Act::Undo),
            'o' => open(address),
            'O' => self.chosen().ok_or(beside).and_then(|tied| open(wording::web_address(&tied.report.url))),
            _ => Ok(Act::Nothing),
        };
        act.unwrap_or_else(|said| {
            self.said = said.to_owned();
            Act::Nothing
        })
    }

    fn scroll(&mut self, pages: isize) -> Act {
        let scroll = &mut self.scrolls[usize::from(self.focus == Pane::Report)];
        let by = pages.saturating_mul(isize::try_from(scroll.rows.saturating_sub(2).max(1)).unwrap_or(1));
        scroll.top = scroll.top.saturating_add_signed(by).min(scroll.all.saturating_sub(scroll.rows));
        Act::Nothing
    }

    fn pick(&mut self, code: KeyCode, mut pick: Pick) -> Act {
        match code {
            KeyCode::Esc => return Act::Nothing,
            KeyCode::Enter => {
                if let (Some(card), Some(report)) = (self.card(), pick.chosen()) {
                    return Act::Tie(card.id.clone(), report.id.clone(), TieState::Confirmed);
                }
            }
            KeyCode::Down => pick.step(1),
            KeyCode::Up => pick.step(-1),
            KeyCode::PageDown => pick.step(10),
            KeyCode::PageUp => pick.step(-10),
            KeyCode::Backspace => pick.erase(),
            KeyCode::Char(char) => pick.type_char(char),
            _ => {}
        }
        self.mode = Mode::Pick(pick);
        Act::Nothing
    }

    fn note(&mut self, code: KeyCode, mut typed: String) -> Act {
        match code {
            KeyCode::Esc => return Act::Nothing,
            KeyCode::Enter => {
                let text = clean_line(&typed);
                return match self.card() {
                    Some(card) if !text.is_empty() => Act::Note(card.id.clone(), text),
                    _ => Act::Nothing,
                };
            }
            KeyCode::Backspace => {
                typed.pop();
            }
            KeyCode::Char(char) => typed.push(char),
            _ => {}
        }
        self.mode = Mode::Note(typed);
        Act::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_that_could_not_be_saved_is_there_to_be_saved_again() {
        let mut screen = Screen::new(Vec::new(), 0, false);
        screen.refused(Act::Note(StoryId("s-1".into()), "asked the press office".into()), "the database is busy".into());
        assert!(matches!(&screen.mode, Mode::Note(typed) if typed == "asked the press office"));
        assert_eq!(screen.said, "Not noted: the database is busy");
    }
}
