//! `review` in a pipe or with `--list`: what wants a decision, and the exact commands that decide it.

use super::{Context, Exit, Trouble, brief, export, filter::Filter, output};
use crate::{
    cli::ReviewArgs,
    model::{overview::StoryCard, tie::TieState, wording},
    store::{Queue, Store, StoreError},
    summary::page::{PageWriter, Tone},
};

/// The column beside the number of a story.
const NUMBER: usize = 4;
/// Possible ties of one story.
const TIES: usize = 5;
/// Stories of a list, where no other number is asked for.
const LISTED: usize = 20;

/// # Errors
/// Where there is no database, or stdout cannot be written.
pub fn run(context: &Context, args: &ReviewArgs) -> Result<Exit, Trouble> {
    let store = context.stored()?;
    let wanted = Filter::of(&args.filter, context, &store)?;
    let (queue, open, rest) = store.read(|store| page(store, &wanted, args.skip, args.limit.unwrap_or(LISTED)))?;
    if args.json {
        output::print_lines(open.iter().chain(&rest).map(export::story))?;
        return Ok(Exit::Well);
    }
    let mut page = PageWriter::new(output::look(context));
    if !open.is_empty() {
        page.line(
            0,
            Tone::Heading,
            &format!("To decide: {}{}", at_least(queue.more_undecided), wording::count(queue.undecided, "story", "stories")),
        );
        for (at, story) in open.iter().enumerate() {
            page.gap();
            decide(args.skip + at + 1, story, &mut page);
        }
    }
    if !rest.is_empty() {
        page.section(&format!("Not reviewed yet: {}{}", at_least(queue.more_unseen), wording::count(queue.unseen, "story", "stories")));
        for story in &rest {
            look_through(story, &mut page);
        }
        page.gap();
        for (command, does) in [("keep ID…", "wanted, as it is"), ("discard ID…", "not to be shown again"), ("show ID", "all the evidence")]
        {
            page.beside(0, 21, &format!("tieback {command}"), Tone::Plain, does);
        }
    }
    let shown = open.len() + rest.len();
    output::page(&page.finish())?;
    let left = queue.all().saturating_sub(args.skip.saturating_add(shown));
    if shown == 0 {
        output::say(context, nothing(&queue, &wanted));
    } else if left > 0 {
        let more = queue.more_undecided || queue.more_unseen;
        output::say(context, &format!("{}{} more: --skip {} goes on", at_least(more), wording::grouped(left), args.skip + shown));
    }
    Ok(Exit::Well)
}

/// How much there is, and of it a page: stories with open ties, the surest first; then the others that nobody looked at,
/// newest first.
///
/// # Errors
/// Where the database cannot be read.
pub fn page(store: &Store, wanted: &Filter, skip: usize, limit: usize) -> Result<(Queue, Vec<StoryCard>, Vec<StoryCard>), StoreError> {
    store.queue_where(&wanted.narrow, skip, limit)
}

/// Before a number that was not counted to its end.
fn at_least(more: bool) -> &'static str {
    if more { "at least " } else { "" }
}

/// Why there is nothing to show.
pub fn nothing(queue: &Queue, wanted: &Filter) -> &'static str {
    match queue.all() {
        0 if wanted.lets_all_through() => "nothing wants a decision",
        0 => "nothing like that wants a decision",
        _ => "nothing more wants a decision",
    }
}

/// The story, each report it may be about with the best evidence, and what to type for yes and for no.
fn decide(number: usize, story: &StoryCard, page: &mut PageWriter) {
    page.beside(0, NUMBER, &number.to_string(), Tone::Plain, &wording::headline(&story.title));
    page.line(NUMBER, Tone::Soft, &format!("{} · {}", wording::outlet(&story.outlet), wording::when(story)));
    page.line(NUMBER, Tone::Soft, &wording::web_address(&story.url).unwrap_or_default());
    let open = story.ties.iter().filter(|tied| tied.tie.state == TieState::Possible);
    for tied in open.take(TIES) {
        page.gap();
        let likelihood = wording::likelihood(tied.tie.confidence);
        page.hanging(
            NUMBER,
            NUMBER + 2,
            Tone::Strong,
            &format!("? {likelihood}: {}: {}", wording::report(&tied.report), wording::overall_words(&tied.report)),
        );
        if let Some(piece) = wording::best_evidence(&tied.tie.evidence) {
            page.line(NUMBER + 2, Tone::Plain, &wording::evidence(piece));
        }
        page.beside(NUMBER + 2, 6, "yes", Tone::Plain, &format!("tieback tie {} {}", story.id, tied.report.id));
        page.beside(NUMBER + 2, 6, "no", Tone::Plain, &format!("tieback untie {} {}", story.id, tied.report.id));
    }
}

/// One that is settled but for a look.
fn look_through(story: &StoryCard, page: &mut PageWriter) {
    page.hanging(2, 2, Tone::Plain, &wording::headline(&story.title));
    let (outlet, when, standing) = (wording::outlet(&story.outlet), wording::when(story), brief::standing(story));
    page.line(4, Tone::Soft, &format!("{} · {outlet} · {when} · {standing}", story.id));
}
