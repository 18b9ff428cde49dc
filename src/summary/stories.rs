//! New stories: those tied, under their report; those that want a decision; those without a report.

use jiff::Timestamp;

use super::{
    older::is_old,
    page::{PageWriter, Tone},
    reports::is_first_about,
    rest::{self, rest},
};
use crate::model::{
    overview::{Overview, StoryCard, TiedReport},
    piece::News,
    report::ReportId,
    verdict::{StoryKind, StoryState},
    wording,
};

/// Stories shown in one section; a backfill may bring hundreds.
const SHOWN: usize = 25;

/// Outlets of copies and further reports of one story that are named.
const NAMED: usize = 6;

/// Stories with a tie that holds to a report that is not new, grouped by the report of the best one, in the order of the stories.
pub(super) fn tied(overview: &Overview, page: &mut PageWriter) {
    let mut groups: Vec<(&TiedReport, Vec<&StoryCard>)> = Vec::new();
    let (mut total, most) = (0, page.most(SHOWN));
    for story in overview.stories.iter().filter(|story| !is_old(story, overview)) {
        let Some(best) = holding(story).next() else { continue };
        if overview.reports.iter().any(|new| !overview.is_old_report(&new.report) && is_first_about(story, &new.report)) {
            continue;
        }
        total += 1;
        if total > most {
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
    page.section("Stories about earlier reports");
    let part = |(tied, stories): &(&TiedReport, Vec<&StoryCard>)| {
        let mut part = page.part();
        let said = format!("{}: {}", wording::report(&tied.report), wording::overall_words(&tied.report));
        part.linked(0, Tone::Strong, &said, wording::web_address(&tied.report.url).as_deref());
        for story in stories {
            tied_story(story, overview.since, 2, &mut part);
            part.gap();
        }
        part
    };
    let parts = groups.iter().map(part).collect();
    page.parts(parts);
    more(total, overview, page);
}

/// One story with what ties it.
pub(super) fn tied_story(story: &StoryCard, since: Timestamp, indent: usize, page: &mut PageWriter) {
    self::story(story, since, indent, page);
    evidence(story, indent, page);
    link(story, indent, page);
}

/// New stories with possible ties only.
pub(super) fn possible(overview: &Overview, page: &mut PageWriter) {
    let of_kind = || {
        let possible = |story: &&StoryCard| holding(story).next().is_none() && story.state == StoryState::Possible;
        overview.stories.iter().filter(possible).filter(|story| !is_old(story, overview))
    };
    if of_kind().next().is_none() {
        return;
    }
    page.section("To decide");
    let part = |story: &StoryCard| {
        let mut part = page.part();
        self::story(story, overview.since, 0, &mut part);
        for tied in wording::shown_ties(story).into_iter().take(NAMED) {
            let (likelihood, report) = (wording::likelihood(tied.tie.confidence), wording::report(&tied.report));
            part.hanging(2, 4, Tone::Plain, &format!("? {likelihood}: {report}: {}", wording::overall_words(&tied.report)));
            if let Some(piece) = wording::best_evidence(&tied.tie.evidence) {
                part.line(4, Tone::Plain, &wording::evidence(piece));
            }
        }
        link(story, 0, &mut part);
        part
    };
    let parts = of_kind().take(page.most(SHOWN)).map(part).collect();
    page.parts(parts);
    more(of_kind().count(), overview, page);
}

/// Relevant stories that name no report.
pub(super) fn untied(overview: &Overview, page: &mut PageWriter) {
    let of_kind = || {
        let untied = |story: &&StoryCard| holding(story).next().is_none() && story.state == StoryState::None;
        overview.stories.iter().filter(untied).filter(|story| !is_old(story, overview))
    };
    if of_kind().next().is_none() {
        return;
    }
    page.section("Stories about no single report");
    let part = |story: &StoryCard| {
        let mut part = page.part();
        self::story(story, overview.since, 0, &mut part);
        link(story, 0, &mut part);
        part
    };
    let parts = of_kind().take(page.most(SHOWN)).map(part).collect();
    page.parts(parts);
    more(of_kind().count(), overview, page);
}

pub(super) fn holding(story: &StoryCard) -> impl Iterator<Item = &TiedReport> {
    story.ties.iter().filter(|tied| tied.tie.state.holds())
}

fn id(tied: &TiedReport) -> &ReportId {
    &tied.report.id
}

/// The headline, then what is news about it, who says it and when, and who has the same.
pub(super) fn story(story: &StoryCard, since: Timestamp, indent: usize, page: &mut PageWriter) {
    page.linked(indent, Tone::Plain, &wording::headline(&story.title), wording::web_address(&story.url).as_deref());
    if let Some(news) = news(story, since) {
        page.line(indent, Tone::Found, &format!("» {news}"));
    }
    let mut said = format!("{} · {}", wording::outlet(&story.outlet), wording::when(story));
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
    page.line(indent, Tone::Soft, &said);
}

/// What is news about a story that was seen before.
fn news(story: &StoryCard, since: Timestamp) -> Option<&'static str> {
    if story.piece_first_seen > since {
        return None;
    }
    let tied = holding(story).next().is_some();
    Some(match story.piece_news? {
        News::Ours => "seen before, and taken to be about an inspection now",
        News::Tied => "newly tied",
        News::WaitOver if tied => "the report that it waited for is here",
        News::WaitOver => "waits for no report any more",
        News::Untied => "no longer tied to one of its reports",
        News::Grades => "its grade was held against the report’s again",
        News::Rewritten => "rewritten",
    })
}

/// Who else has it, each outlet once; copies at other addresses of the same outlet are no news to a reader.
fn copies(story: &StoryCard) -> String {
    let own = wording::outlet(&story.outlet);
    let mut names: Vec<String> = Vec::new();
    for name in story.copies.iter().map(|copy| wording::outlet(&copy.outlet)) {
        if name != own && !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return String::new();
    }
    if names.len() > NAMED {
        let rest = names.split_off(NAMED).len();
        names.push(format!("{} more", wording::grouped(rest)));
    }
    format!(" · the same in {}", names.join(", "))
}

/// What ties it, by whom, what else it is about, and where its grade is not the report's.
fn evidence(story: &StoryCard, indent: usize, page: &mut PageWriter) {
    let mut ties = holding(story);
    let Some(best) = ties.next() else { return };
    if let Some(piece) = wording::best_evidence(&best.tie.evidence) {
        page.hanging(indent, indent + 2, Tone::Plain, &format!("> {}", wording::evidence(piece)));
    }
    let others: Vec<&TiedReport> = ties.collect();
    if !others.is_empty() {
        let mut names: Vec<String> = others.iter().take(NAMED).map(|tied| wording::report(&tied.report)).collect();
        if others.len() > NAMED {
            names.push(format!("{} more", wording::grouped(others.len() - NAMED)));
        }
        page.hanging(indent, indent + 2, Tone::Plain, &format!("> also about {}", names.join("; ")));
    }
    for said in holding(story).filter_map(|tied| wording::disagreement(story, tied)).take(NAMED) {
        page.hanging(indent, indent + 2, Tone::Warning, &format!("! grades differ: {said}"));
    }
}

pub(super) fn link(story: &StoryCard, indent: usize, page: &mut PageWriter) {
    let address = wording::web_address(&story.url);
    let said = match &address {
        Some(_) if page.has_links() => story.id.to_string(),
        Some(address) => format!("{} · {address}", story.id),
        None => format!("{} · no address to follow", story.id),
    };
    page.line(indent, Tone::Soft, &said);
}

fn more(total: usize, overview: &Overview, page: &mut PageWriter) {
    rest(total, page.most(SHOWN), ("more story", "more stories"), &rest::command(overview), page);
}
