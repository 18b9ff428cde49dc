//! `review` on a terminal: the full screen, its keys carried out, and the terminal left as it was on every way out.

use std::{
    io::{self, IsTerminal},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use ratatui::{
    DefaultTerminal,
    crossterm::event::{self, Event, KeyEventKind},
};

use super::{Context, Exit, Trouble, filter::Filter, output, queue};
use crate::{
    cli::ReviewArgs,
    model::{overview::StoryCard, report::ReportId, story::StoryId, tie::TieState, verdict::Review, wording},
    pipeline::stop::Stop,
    review::{Act, Screen, draw},
    store::Store,
};

/// Stories in the queue of one sitting, where no other number is asked for.
const QUEUE: usize = 1_000;
/// How often it is looked whether a signal came.
const TICK: Duration = Duration::from_millis(200);
/// How long it may take to end after one: a decision that is being stored is.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long the terminal may take to be put right then.
const RESTORING: Duration = Duration::from_secs(2);

/// # Errors
/// Where there is no database, or the terminal cannot be used.
pub fn run(context: &Context, args: &ReviewArgs) -> Result<Exit, Trouble> {
    let at_terminal = io::stdout().is_terminal() && io::stdin().is_terminal();
    let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb" || term.is_empty());
    if args.list || args.json || !at_terminal || dumb {
        return queue::run(context, args);
    }
    let store = context.deciding()?;
    let filter = Filter::of(&args.filter, context, &store)?;
    let (queue, mut cards, new) = store.read(|store| queue::page(store, &filter, args.skip, args.limit.unwrap_or(QUEUE)))?;
    cards.extend(new);
    if cards.is_empty() {
        output::say(context, queue::nothing(&queue, &filter));
        return Ok(Exit::Well);
    }
    let later = queue.all().saturating_sub(args.skip.saturating_add(cards.len()));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let stop = Stop::listen(&runtime);
    runtime.spawn(leave(stop.clone()));
    let mut desk = Desk { store, began: (context.now, Instant::now()), screen: Screen::new(cards, later, output::look(context).colour) };
    let terminal = Restored(ratatui::try_init()?);
    let exit = desk.sit(terminal, &stop);
    if desk.screen.decided > 0 {
        output::say(context, &format!("{} stored", wording::count(desk.screen.decided, "decision", "decisions")));
    }
    exit
}

/// The terminal, restored when this is dropped; a panic restores it first, so that its message can be read.
struct Restored(DefaultTerminal);

impl Drop for Restored {
    fn drop(&mut self) {
        // A terminal that is gone need not be put right.
        let _gone = ratatui::try_restore();
    }
}

/// Ends the program where it was asked to stop and does not: crossterm goes on reading a terminal that is gone for ever. What
/// was decided is stored.
async fn leave(stop: Stop) {
    tokio::select! {
        () = stop.asked() => {}
        () = hung_up() => {}
    }
    tokio::time::sleep(PATIENCE).await;
    // Whoever does not take what is written must not keep the program from ending.
    let restored = tokio::task::spawn_blocking(ratatui::try_restore);
    let _gone = tokio::time::timeout(RESTORING, restored).await;
    std::process::exit(Exit::Stopped as i32);
}

/// Ends when the terminal is gone. Where whoever started the program ignores that, no signal tells of it.
async fn hung_up() {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdin = io::stdin();
    loop {
        tokio::time::sleep(TICK).await;
        let mut seen = [PollFd::new(&stdin, PollFlags::empty())];
        if poll(&mut seen, Some(&Timespec::default())).is_ok() && seen[0].revents().intersects(PollFlags::HUP | PollFlags::ERR) {
            return;
        }
    }
}

/// What a sitting needs.
struct Desk {
    store: Store,
    /// The time of the program, and when it was that.
    began: (Timestamp, Instant),
    screen: Screen,
}

impl Desk {
    /// Draws and carries out keys until the reader leaves or a signal comes.
    fn sit(&mut self, mut terminal: Restored, stop: &Stop) -> Result<Exit, Trouble> {
        self.carry_out(Act::Load)?;
        loop {
            terminal.0.draw(|frame| draw(frame, &mut self.screen))?;
            // Drawn again only where something happened.
            while !event::poll(TICK)? {
                if stop.is_asked() {
                    return Ok(Exit::Stopped);
                }
            }
            if let Event::Key(key) = event::read()?
                && key.kind != KeyEventKind::Release
            {
                let act = self.screen.key(key);
                if act == Act::Quit {
                    return Ok(Exit::Well);
                }
                if let Err(trouble) = self.carry_out(act.clone()) {
                    self.screen.refused(act, trouble.message);
                }
            }
            if stop.is_asked() {
                return Ok(Exit::Stopped);
            }
        }
    }

    fn now(&self) -> Timestamp {
        let (now, began) = self.began;
        let passed = SignedDuration::try_from(began.elapsed()).unwrap_or_default();
        now.checked_add(SignedDuration::from_secs(passed.as_secs())).unwrap_or(now)
    }

    fn carry_out(&mut self, act: Act) -> Result<(), Trouble> {
        let now = self.now();
        match act {
            Act::Nothing | Act::Quit => Ok(()),
            Act::Load => self.load(),
            Act::Library => {
                self.screen.library(self.store.report_cards()?);
                Ok(())
            }
            Act::Tie(_, report, state) if self.screen.card().is_some_and(|card| stands(card, &report, state)) => {
                self.screen.said = "That is how it stands already.".to_owned();
                Ok(())
            }
            Act::Review(_, review) if self.screen.card().is_some_and(|card| card.review == review) => {
                self.screen.said = "That is how it stands already.".to_owned();
                Ok(())
            }
            Act::Tie(story, report, state) => {
                self.store.write(|writer| writer.decide_tie(&story, &report, state, now))?;
                let name = self.store.report_card(&report)?.map_or_else(|| report.to_string(), |card| wording::report(&card));
                let said = if state == TieState::Confirmed { "Confirmed" } else { "Rejected" };
                self.renew(&story, format!("{said}: {name}."))
            }
            Act::Review(story, review) => {
                self.store.write(|writer| writer.review_story(&story, review, now))?;
                self.renew(&story, if review == Review::Kept { "Kept." } else { "Discarded." }.to_owned())
            }
            Act::Note(story, text) => {
                self.store.write(|writer| writer.add_note(&story, &text, now))?;
                self.note(&story)
            }
            Act::Undo => self.undo(now),
            Act::Open(address) => {
                self.screen.said = open(&address);
                Ok(())
            }
        }
    }

    /// The texts of the chosen story and report.
    fn load(&mut self) -> Result<(), Trouble> {
        let Some(card) = self.screen.card() else { return Ok(()) };
        let story = self.store.story(&card.id)?.map(|story| story.blocks).unwrap_or_default();
        let report = match self.screen.chosen() {
            Some(tied) => self.store.passages(&tied.report.id)?,
            None => Vec::new(),
        };
        self.screen.loaded(story, report);
        Ok(())
    }

    fn renew(&mut self, story: &StoryId, said: String) -> Result<(), Trouble> {
        let Some(card) = self.store.story_card(story)? else { return Ok(()) };
        let next = self.screen.renewed(card, said);
        self.carry_out(next)
    }

    fn note(&mut self, story: &StoryId) -> Result<(), Trouble> {
        if let Some(card) = self.store.story_card(story)?
            && let Some(item) = self.screen.queue.get_mut(self.screen.at)
        {
            item.card = card;
        }
        self.screen.said = "Noted.".to_owned();
        Ok(())
    }

    /// Only what was decided in this sitting: what was decided before is taken back by the command.
    fn undo(&mut self, now: Timestamp) -> Result<(), Trouble> {
        if self.screen.decided == 0 {
            self.screen.said = "Nothing was decided here yet; `tieback undo` takes back what was decided before.".to_owned();
            return Ok(());
        }
        let Some(undone) = self.store.write(|writer| writer.undo(now))? else { return Ok(()) };
        let state = |state: &Option<String>| state.clone().unwrap_or_else(|| "nothing".to_owned());
        let said = format!("Taken back: {} is {} again.", state(&undone.became), state(&undone.was));
        let Some(card) = self.store.story_card(&undone.story)? else { return Ok(()) };
        let next = self.screen.undone(card, said);
        self.carry_out(next)
    }
}

/// True where the tie was decided so before.
fn stands(card: &StoryCard, report: &ReportId, state: TieState) -> bool {
    card.ties.iter().any(|tied| tied.report.id == *report && tied.tie.state == state)
}

/// Gives an address to the browser of the account, and says so with the address: over a network there may be none.
fn open(address: &str) -> String {
    let usual = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let browser = std::env::var("BROWSER").ok().filter(|browser| !browser.is_empty()).unwrap_or_else(|| usual.to_owned());
    let first = browser.split(':').next().unwrap_or(usual).to_owned();
    let mut command = Command::new(&first);
    command.arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match command.spawn() {
        Ok(mut child) => {
            // Waited for aside, so that it leaves no dead process behind.
            std::thread::spawn(move || child.wait());
            format!("Given to {first}: {address}")
        }
        Err(_) => format!("No browser here ({first}): {address}"),
    }
}
