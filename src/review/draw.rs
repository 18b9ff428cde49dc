//! How the screen looks: the queue at the left, story and report side by side, keys at the foot. Weight and reversal carry
//! the meaning, so that it reads on a dark background, on a light one, and without colours.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    style::{Color, Modifier, Style},
    text::{Line, Span},
    widgets::{Paragraph, Wrap},
};

use super::{
    lay::{Face, Laid, LaidRow},
    pick::Pick,
    screen::{Mode, Pane, Screen, Scroll},
};
use crate::model::{
    date::long,
    lit::lit,
    overview::{ReportCard, TiedReport},
    page::BlockKind,
    report::PassageKind,
    text::{clean_line, cut, shorten},
    tie::TieState,
    verdict::Review,
    wording,
};

/// Less than this holds nothing worth deciding on.
const LEAST: (u16, u16) = (40, 10);
/// From this width on the queue has a pane; below, story and report take turns, the Tab key between them.
const QUEUE_FROM: u16 = 60;

const TOO_SMALL: &str = "A larger window, please: 40 columns and 10 rows at least. q leaves.";
const KEYS: &str = "c confirm  r reject  p pick  k keep  d discard  m note  u undo  o open  ? help";
const KEYS_PICK: &str = "type to search   ↑ ↓ choose   Enter tie to it   Esc leave";
const KEYS_NOTE: &str = "Enter add the note   Esc leave";

const HELP: [(&str, &str); 17] = [
    ("c", "confirm: the story is about the report beside it"),
    ("r", "reject: it is not"),
    ("p", "pick another report: type, choose, Enter"),
    ("k", "keep the story as it is"),
    ("d", "discard it: it is not shown again"),
    ("m", "add a note"),
    ("u", "undo your last decision"),
    ("o  O", "open the story, the report, in a browser"),
    ("↑ ↓", "another story"),
    ("Enter", "the next that is not decided"),
    ("← →", "another report that it may be about"),
    ("Tab", "scroll the other text"),
    ("Space PgDn", "a page on; b or PgUp a page back"),
    ("Home End", "to the beginning, to the end"),
    ("q  Esc", "leave, and so does Ctrl-C; what was decided is stored"),
    ("", ""),
    ("", "Any key goes on."),
];

/// Draws the screen as it stands.
pub fn draw(frame: &mut Frame<'_>, screen: &mut Screen) {
    let area = frame.area();
    screen.small = area.width < LEAST.0 || area.height < LEAST.1;
    if screen.small {
        frame.render_widget(Paragraph::new(TOO_SMALL).wrap(Wrap { trim: true }), area);
        return;
    }
    let [head, body, said, keys] =
        Layout::vertical([Constraint::Length(1), Constraint::Min(1), Constraint::Length(1), Constraint::Length(1)]).areas(area);
    bar(frame, head, &title(screen));
    if matches!(screen.mode, Mode::Help) {
        help(frame, body);
    } else {
        panes(frame, body, screen);
    }
    let (line, foot) = match &screen.mode {
        Mode::Pick(pick) => (tail(&format!("Report: {}▏", pick.typed), said.width), KEYS_PICK),
        // Why it was not saved stands beside it, until it is.
        Mode::Note(typed) if !screen.said.is_empty() => (tail(&format!("{}  Note: {typed}▏", screen.said), said.width), KEYS_NOTE),
        Mode::Note(typed) => (tail(&format!("Note: {typed}▏"), said.width), KEYS_NOTE),
        Mode::Look | Mode::Help => (format!(" {}", cut(&screen.said, usize::from(said.width).saturating_sub(2))), KEYS),
    };
    frame.render_widget(Paragraph::new(line).style(Style::new().add_modifier(Modifier::BOLD)), said);
    bar(frame, keys, foot);
}

/// A reversed line.
fn bar(frame: &mut Frame<'_>, area: Rect, text: &str) {
    let text = format!(" {}", first(text, area.width.saturating_sub(2)));
    frame.render_widget(Paragraph::new(text).style(Style::new().add_modifier(Modifier::REVERSED)), area);
}

/// The beginning of a line of ours.
fn first(text: &str, width: u16) -> String {
    text.chars().take(usize::from(width)).collect()
}

/// The end of a line that is longer than its row: where one types.
fn tail(text: &str, width: u16) -> String {
    let skip = text.chars().count().saturating_sub(usize::from(width).saturating_sub(2));
    format!(" {}", text.chars().skip(skip).collect::<String>())
}

fn title(screen: &Screen) -> String {
    let open = screen.queue.iter().filter(|item| !item.done).count();
    let at = if screen.queue.is_empty() { 0 } else { screen.at + 1 };
    let later = if screen.later > 0 { format!("   {} later", screen.later) } else { String::new() };
    format!("tieback review   {at} of {}   {open} open{later}   {} decided", screen.queue.len(), screen.decided)
}

fn help(frame: &mut Frame<'_>, area: Rect) {
    let line = |(key, does): &(&str, &str)| {
        Line::from(vec![Span::styled(format!("  {key:<12}"), Style::new().add_modifier(Modifier::BOLD)), Span::raw((*does).to_owned())])
    };
    frame.render_widget(Paragraph::new(HELP.iter().map(line).collect::<Vec<_>>()), area);
}

fn panes(frame: &mut Frame<'_>, area: Rect, screen: &mut Screen) {
    if area.width < QUEUE_FROM {
        match screen.focus {
            Pane::Story => story(frame, area, screen),
            Pane::Report => report(frame, area, screen),
        }
        return;
    }
    let queue = (area.width / 5).clamp(18, 36);
    let [left, _, middle, line, right] = Layout::horizontal([
        Constraint::Length(queue),
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(3),
        Constraint::Fill(1),
    ])
    .areas(area);
    self::queue(frame, left, screen);
    story(frame, middle, screen);
    rule(frame, line);
    report(frame, right, screen);
}

fn rule(frame: &mut Frame<'_>, area: Rect) {
    let lines = vec![Line::styled(" │", Style::new().add_modifier(Modifier::DIM)); usize::from(area.height)];
    frame.render_widget(Paragraph::new(lines), area);
}

/// A row a story: what is open has a mark, and the chosen one is reversed.
fn queue(frame: &mut Frame<'_>, area: Rect, screen: &Screen) {
    let rows = usize::from(area.height);
    let top = screen.at.saturating_sub(rows / 2).min(screen.queue.len().saturating_sub(rows));
    let line = |(at, item): (usize, &super::screen::Item)| {
        let mark = match (item.done, item.card.review) {
            (true, Review::Discarded) => "×",
            (true, _) => "✓",
            (false, _) if item.card.ties.iter().any(|tied| tied.tie.state == TieState::Possible) => "?",
            (false, _) => "·",
        };
        let text = format!("{mark} {}", cut(&wording::headline(&item.card.title), usize::from(area.width).saturating_sub(2)));
        let style = match (at == screen.at, item.done) {
            (true, _) => Style::new().add_modifier(Modifier::REVERSED),
            (false, true) => Style::new().add_modifier(Modifier::DIM),
            (false, false) => Style::new(),
        };
        Line::styled(format!("{text:<width$}", width = usize::from(area.width)), style)
    };
    let lines: Vec<Line<'_>> = screen.queue.iter().enumerate().skip(top).take(rows).map(line).collect();
    frame.render_widget(Paragraph::new(lines), area);
}

fn story(frame: &mut Frame<'_>, area: Rect, screen: &mut Screen) {
    let width = usize::from(area.width);
    let mut laid = Laid::default();
    let Some(card) = screen.card() else {
        laid.paragraph("Nothing wants a decision.", width, 0, Face::Plain, &[]);
        return pane(frame, area, screen, Pane::Story, &Laid::default(), &laid);
    };
    let mut head = Laid::default();
    let quoted = screen.quoted().0;
    head.paragraph(&wording::headline(&card.title), width, 0, Face::Strong, &[]);
    let day = card.published.map_or_else(|| "no date".to_owned(), wording::day);
    let copies = if card.copies.is_empty() { String::new() } else { format!(" · {} copies", card.copies.len()) };
    head.paragraph(&format!("{} · {day}{copies}", clean_line(&card.outlet)), width, 0, Face::Soft, &[]);
    for note in &card.notes {
        head.paragraph(&format!("note: {}", clean_line(note)), width, 2, Face::Soft, &[]);
    }
    for stated in card.stated_grades.iter().take(2) {
        head.paragraph(&format!("says {}: {}", clean_line(&stated.authority), stated.grade.as_str()), width, 2, Face::Plain, &[]);
    }
    for block in &screen.story {
        let (face, indent) = match block.kind {
            BlockKind::Heading => (Face::Strong, 0),
            BlockKind::Paragraph => (Face::Plain, 0),
            BlockKind::Item | BlockKind::Quote => (Face::Plain, 2),
        };
        laid.paragraph(&block.text, width, indent, face, &lit(&block.text, &quoted));
        laid.gap();
    }
    if screen.story.is_empty() {
        let summary = clean_line(&card.summary);
        laid.paragraph(if summary.is_empty() { "No text was read." } else { &summary }, width, 0, Face::Plain, &[]);
    }
    pane(frame, area, screen, Pane::Story, &head, &laid);
}

fn report(frame: &mut Frame<'_>, area: Rect, screen: &mut Screen) {
    if let Mode::Pick(pick) = &screen.mode {
        return offered(frame, area, pick);
    }
    let width = usize::from(area.width);
    let (mut head, mut laid) = (Laid::default(), Laid::default());
    match screen.chosen() {
        None => {
            let waits = screen.card().and_then(|card| card.waiting_for.as_ref()).map(wording::waiting_for);
            let said = waits.map_or_else(
                || "No report beside it: p picks one.".to_owned(),
                |report| format!("It waits for {report}. p picks a report."),
            );
            laid.paragraph(&said, width, 0, Face::Plain, &[]);
        }
        Some(tied) => {
            about(tied, screen, width, &mut head);
            passages(screen, width, &mut laid);
        }
    }
    pane(frame, area, screen, Pane::Report, &head, &laid);
}

/// Which report, how sure, and why.
fn about(tied: &TiedReport, screen: &Screen, width: usize, head: &mut Laid) {
    head.paragraph(&format!("{}: {}", wording::report(&tied.report), wording::overall_words(&tied.report)), width, 0, Face::Strong, &[]);
    let many = screen.candidates().len();
    let of = if many > 1 { format!("{} of {many} · ", screen.choice + 1) } else { String::new() };
    head.paragraph(&format!("{of}{}", wording::certainty(tied.tie.state, tied.tie.confidence)), width, 0, Face::Soft, &[]);
    let mut evidence: Vec<_> = tied.tie.evidence.iter().collect();
    evidence.sort_by(|one, other| other.weight.abs().total_cmp(&one.weight.abs()));
    for piece in evidence.into_iter().take(3) {
        let mark = if piece.weight < 0.0 { "−" } else { "+" };
        head.paragraph(&format!("{mark} {}", shorten(&wording::evidence(piece), 120)), width, 2, Face::Plain, &[]);
    }
    if let Some(said) = screen.card().and_then(|card| wording::disagreement(card, tied)) {
        head.paragraph(&format!("! grades differ: {said}"), width, 2, Face::Strong, &[]);
    }
}

fn passages(screen: &Screen, width: usize, laid: &mut Laid) {
    let quoted = screen.quoted().1;
    let mut page = 0;
    for passage in &screen.report {
        if passage.page != page {
            page = passage.page;
            laid.paragraph(&format!("── page {page} ──"), width, 0, Face::Soft, &[]);
        }
        let number =
            passage.number.filter(|_| passage.kind == PassageKind::Paragraph).map(|number| format!("{number}. ")).unwrap_or_default();
        let text = format!("{number}{}", passage.text);
        let (face, indent) = match passage.kind {
            PassageKind::Heading => (Face::Strong, 0),
            PassageKind::Bullet => (Face::Plain, 2),
            PassageKind::Cover | PassageKind::Footnote => (Face::Soft, 0),
            PassageKind::Paragraph => (Face::Plain, 0),
        };
        laid.paragraph(&text, width, indent, face, &lit(&text, &quoted));
        laid.gap();
    }
    if screen.report.is_empty() {
        laid.paragraph("Its text was not read.", width, 0, Face::Soft, &[]);
    }
}

/// Two rows a report: whose and when, what and how it was judged.
fn offered(frame: &mut Frame<'_>, area: Rect, pick: &Pick) {
    let found = pick.found();
    let many = usize::from(area.height / 2);
    let top = pick.at.saturating_sub(many / 2);
    let width = usize::from(area.width);
    let rows = |(at, card): (usize, &&ReportCard)| {
        let style = if at == pick.at { Style::new().add_modifier(Modifier::REVERSED) } else { Style::new() };
        let day = card.published.map_or_else(|| "no date".to_owned(), long);
        let whose = format!("{day}: {}", wording::authority(card));
        let what = format!(
            "  {}",
            cut(&format!("{}: {}", wording::framework(card.framework), wording::overall_words(card)), width.saturating_sub(2))
        );
        [Line::styled(cut(&whose, width), style.add_modifier(Modifier::BOLD)), Line::styled(what, style)]
    };
    let mut lines: Vec<Line<'_>> = found.iter().enumerate().skip(top).take(many).flat_map(rows).collect();
    if lines.is_empty() {
        lines.push(Line::raw("No report has all of that."));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

/// A head that stays, and below it a text that scrolls.
fn pane(frame: &mut Frame<'_>, area: Rect, screen: &mut Screen, side: Pane, head: &Laid, laid: &Laid) {
    let head_rows = u16::try_from(head.rows.len()).unwrap_or(area.height).min(area.height / 2);
    let [top, gap, body] = Layout::vertical([Constraint::Length(head_rows), Constraint::Length(1), Constraint::Min(0)]).areas(area);
    frame.render_widget(Paragraph::new(shown(&head.rows, 0, usize::from(head_rows), screen.colour)), top);
    let scroll = &mut screen.scrolls[usize::from(side == Pane::Report)];
    settle(scroll, usize::from(body.height), laid);
    let mark = if screen.focus == side { "▔" } else { "─" };
    let ruler = mark.repeat(usize::from(gap.width));
    frame.render_widget(
        Paragraph::new(ruler).style(Style::new().add_modifier(if screen.focus == side { Modifier::BOLD } else { Modifier::DIM })),
        gap,
    );
    let top = screen.scrolls[usize::from(side == Pane::Report)].top;
    frame.render_widget(Paragraph::new(shown(&laid.rows, top, usize::from(body.height), screen.colour)), body);
}

/// Puts the pane where the first quotation is in sight, if it was not looked at yet, and never behind the end.
fn settle(scroll: &mut Scroll, rows: usize, laid: &Laid) {
    (scroll.rows, scroll.all) = (rows, laid.rows.len());
    if std::mem::take(&mut scroll.seek)
        && let Some(first) = laid.lit.first()
    {
        scroll.top = first.saturating_sub(rows / 3);
    }
    scroll.top = scroll.top.min(laid.rows.len().saturating_sub(rows));
}

fn shown(rows: &[LaidRow], top: usize, many: usize, colour: bool) -> Vec<Line<'static>> {
    let line =
        |row: &LaidRow| Line::from(row.iter().map(|(text, face)| Span::styled(text.clone(), style(*face, colour))).collect::<Vec<_>>());
    rows.iter().skip(top).take(many).map(line).collect()
}

fn style(face: Face, colour: bool) -> Style {
    match face {
        Face::Plain => Style::new(),
        Face::Strong => Style::new().add_modifier(Modifier::BOLD),
        Face::Soft => Style::new().add_modifier(Modifier::DIM),
        Face::Lit if colour => Style::new().fg(Color::Black).bg(Color::Yellow),
        Face::Lit => Style::new().add_modifier(Modifier::REVERSED),
    }
}
