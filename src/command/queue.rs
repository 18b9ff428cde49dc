//! `review` in a pipe or with `--list`: what wants a decision, and the exact commands that decide it.

use super::{Context, Exit, Trouble, brief, export, filter::Filter, output};
use crate::{
    cli::ReviewArgs,
    model::{
        overview::StoryCard,
        tie::TieState,
        verdict::{Review, StoryState},
        wording,
    },
    store::{Per, Store, StoreError, StoryFilter},
    summary::page::{Page, Tone},
};

/// The column beside the number of a story.
const NUMBER: usize = 4;
/// Possible ties of one story.
const TIES: usize = 5;

/// # Errors
/// Where there is no database, or stdout cannot be written.
pub fn run(context: &Context, args: &ReviewArgs) -> Result<Exit, Trouble> {
    let store = context.stored()?;
    let (undecided, new) = queue(&store, &Filter::of(&args.filter, context, &store)?)?;
    let skipped = args.skip.min(undecided.len());
    let open: Vec<&StoryCard> = undecided.iter().skip(args.skip).take(args.limit).collect();
    let rest: Vec<&StoryCard> = new.iter().skip(args.skip - skipped).take(args.limit - open.len()).collect();
    if args.json {
        output::print_lines(open.into_iter().chain(rest).map(export::story))?;
        return Ok(Exit::Well);
    }
    let mut page = Page::new(output::look(context));
    if !open.is_empty() {
        page.line(0, Tone::Heading, &format!("To decide: {}", brief::count(undecided.len(), "story", "stories")));
        for (at, story) in open.iter().enumerate() {
            page.gap();
            decide(args.skip + at + 1, story, &mut page);
        }
    }
    if !rest.is_empty() {
        page.section(&format!("Not reviewed yet: {}", brief::count(new.len(), "story", "stories")));
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
    output::print(&page.finish())?;
    let left = (undecided.len() + new.len()).saturating_sub(args.skip + shown);
    if undecided.is_empty() && new.is_empty() {
        output::say(context, "nothing wants a decision");
    } else if shown == 0 {
        output::say(context, "nothing more wants a decision");
    } else if left > 0 {
        output::say(context, &format!("{} more: --skip {} goes on", brief::grouped(left), args.skip + shown));
    }
    Ok(Exit::Well)
}

/// Stories with open ties, the surest first; then the others that nobody looked at, newest first.
///
/// # Errors
/// Where the database cannot be read.
pub fn queue(store: &Store, wanted: &Filter) -> Result<(Vec<StoryCard>, Vec<StoryCard>), StoreError> {
    let relevant = StoryFilter { per: Per::Piece, relevant: Some(true), ..StoryFilter::default() };
    let mut undecided = store.story_cards(&StoryFilter { state: Some(StoryState::Possible), ..relevant.clone() })?;
    undecided.retain(|story| story.review != Review::Discarded && wanted.story(story) && wanted.seen(story));
    undecided.sort_by(|one, other| best(other).total_cmp(&best(one)));
    let mut new = store.story_cards(&StoryFilter { review: Some(Review::New), ..relevant })?;
    new.retain(|story| story.state != StoryState::Possible && wanted.story(story) && wanted.seen(story));
    Ok((undecided, new))
}

fn best(story: &StoryCard) -> f64 {
    story.ties.iter().filter(|tied| tied.tie.state == TieState::Possible).map(|tied| tied.tie.confidence).fold(0.0, f64::max)
}

/// The story, each report it may be about with the best evidence, and what to type for yes and for no.
fn decide(number: usize, story: &StoryCard, page: &mut Page) {
    page.beside(0, NUMBER, &number.to_string(), Tone::Plain, &brief::headline(&story.title));
    page.line(NUMBER, Tone::Soft, &format!("{} · {}", brief::outlet(&story.outlet), brief::when(story)));
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
fn look_through(story: &StoryCard, page: &mut Page) {
    page.hanging(2, 2, Tone::Plain, &brief::headline(&story.title));
    let (outlet, when, standing) = (brief::outlet(&story.outlet), brief::when(story), brief::standing(story));
    page.line(4, Tone::Soft, &format!("{} · {outlet} · {when} · {standing}", story.id));
}
