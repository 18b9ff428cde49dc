//! New stories: those tied, under their report; those that want a decision; those without a report.

use super::{
    count, grouped,
    page::{Page, Tone},
};
use crate::model::{
    overview::{Overview, StoryCard, TiedReport},
    report::ReportId,
    text::{clean_line, shorten},
    verdict::{StoryKind, StoryState},
    wording,
};

/// Stories shown in one section; a first run may bring hundreds.
const SHOWN: usize = 25;

/// Outlets of copies and further reports of one story that are named.
const NAMED: usize = 6;

/// Characters of a headline and of an outlet's name.
const HEADLINE: usize = 200;
const NAME: usize = 60;

/// Stories with a tie that holds, grouped by the report of the best one, in the order of the stories.
pub(super) fn tied(overview: &Overview, page: &mut Page) {
    let mut groups: Vec<(&TiedReport, Vec<&StoryCard>)> = Vec::new();
    let mut total = 0;
    for story in &overview.stories {
        let Some(best) = holding(story).next() else { continue };
        total += 1;
        if total > SHOWN {
            continue;
        }
        match groups.iter_mut().find(|(tied, _)| id(tied) == id(best)) {
            Some((_, stories)) => stories.push(story),
            None => groups.push((best, vec![story])),
        }
    }
    if total == 0 {
        return;
    }
    page.section("Stories, by the report they are about");
    for (tied, stories) in groups {
        page.line(2, Tone::Strong, &format!("{}: {}", wording::report(&tied.report), wording::overall_words(&tied.report)));
        page.gap();
        for story in stories {
            self::story(story, page);
            evidence(story, page);
            link(story, page);
            page.gap();
        }
    }
    more(total, page);
}

/// Stories with possible ties only.
pub(super) fn possible(overview: &Overview, page: &mut Page) {
    let of_kind = || overview.stories.iter().filter(|story| holding(story).next().is_none() && story.state == StoryState::Possible);
    let undecided = overview.undecided as usize;
    if of_kind().next().is_none() && undecided == 0 {
        return;
    }
    page.section("To decide");
    for story in of_kind().take(SHOWN) {
        self::story(story, page);
        for tied in wording::shown_ties(story).into_iter().take(NAMED) {
            let (likelihood, report) = (wording::likelihood(tied.tie.confidence), wording::report(&tied.report));
            page.hanging(4, 6, Tone::Plain, &format!("? {likelihood}: {report}: {}", wording::overall_words(&tied.report)));
            if let Some(piece) = wording::best_evidence(&tied.tie.evidence) {
                page.line(6, Tone::Plain, &wording::evidence(piece));
            }
        }
        if let Some(waiting) = &story.waiting_for {
            page.hanging(4, 6, Tone::Plain, &format!("? or it waits for {}", wording::waiting_for(waiting)));
        }
        link(story, page);
        page.gap();
    }
    more(of_kind().count(), page);
    let wait = if undecided == 1 { "waits" } else { "wait" };
    page.line(2, Tone::Plain, &format!("{} {wait} for a decision in all: tieback review", count(undecided, "story", "stories")));
}

/// Relevant stories that name no report.
pub(super) fn untied(overview: &Overview, page: &mut Page) {
    let of_kind =
        || overview.stories.iter().filter(|story| story.ties.iter().all(|tied| !tied.tie.state.holds()) && story.state == StoryState::None);
    if of_kind().next().is_none() {
        return;
    }
    page.section("Stories about no single report");
    for story in of_kind().take(SHOWN) {
        self::story(story, page);
        link(story, page);
        page.gap();
    }
    more(of_kind().count(), page);
}

fn holding(story: &StoryCard) -> impl Iterator<Item = &TiedReport> {
    story.ties.iter().filter(|tied| tied.tie.state.holds())
}

fn id(tied: &TiedReport) -> &ReportId {
    &tied.report.id
}

pub(super) fn outlet(name: &str) -> String {
    shorten(&clean_line(name), NAME)
}

pub(super) fn headline(title: &str) -> String {
    let title = shorten(&clean_line(title), HEADLINE);
    if title.is_empty() { "(no headline)".to_owned() } else { title }
}

/// The headline, then who says it and when, and who has the same.
fn story(story: &StoryCard, page: &mut Page) {
    page.line(4, Tone::Plain, &headline(&story.title));
    let mut said = format!("{} · {}", outlet(&story.outlet), when(story));
    match story.kind {
        StoryKind::FollowUp => said.push_str(" · follow-up"),
        StoryKind::RoundUp => said.push_str(" · round-up"),
        StoryKind::Announcement => said.push_str(" · announcement"),
        StoryKind::Coverage | StoryKind::Other => {}
    }
    if story.walled {
        said.push_str(" · behind a wall");
    }
    said.push_str(&copies(story));
    page.line(4, Tone::Soft, &said);
}

/// Who else has it, each outlet once; copies at other addresses of the same outlet are no news to a reader.
fn copies(story: &StoryCard) -> String {
    let own = outlet(&story.outlet);
    let mut names: Vec<String> = Vec::new();
    for name in story.copies.iter().map(|copy| outlet(&copy.outlet)) {
        if name != own && !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return String::new();
    }
    if names.len() > NAMED {
        let rest = names.split_off(NAMED).len();
        names.push(format!("{} more", grouped(rest)));
    }
    format!(" · the same in {}", names.join(", "))
}

pub(super) fn when(story: &StoryCard) -> String {
    match story.published {
        Some(published) => wording::day(published),
        None => format!("no date, seen {}", wording::day(story.first_seen)),
    }
}

/// What ties it, by whom, what else it is about, and where its grade is not the report's.
fn evidence(story: &StoryCard, page: &mut Page) {
    let mut ties = holding(story);
    let Some(best) = ties.next() else { return };
    if let Some(piece) = wording::best_evidence(&best.tie.evidence) {
        page.hanging(4, 6, Tone::Plain, &format!("> {}", wording::evidence(piece)));
    }
    let others: Vec<&TiedReport> = ties.collect();
    if !others.is_empty() {
        let mut names: Vec<String> = others.iter().take(NAMED).map(|tied| wording::report(&tied.report)).collect();
        if others.len() > NAMED {
            names.push(format!("{} more", grouped(others.len() - NAMED)));
        }
        page.hanging(4, 6, Tone::Plain, &format!("> also about {}", names.join("; ")));
    }
    for said in holding(story).filter_map(|tied| wording::disagreement(story, tied)).take(NAMED) {
        page.hanging(4, 6, Tone::Warning, &format!("! grades differ: {said}"));
    }
}

fn link(story: &StoryCard, page: &mut Page) {
    let address = wording::web_address(&story.url).unwrap_or_else(|| "no address to follow".to_owned());
    page.line(4, Tone::Soft, &format!("{} · {address}", story.id));
}

fn more(total: usize, page: &mut Page) {
    if total > SHOWN {
        page.line(2, Tone::Plain, &format!("and {}", count(total - SHOWN, "more story", "more stories")));
        page.gap();
    }
}
