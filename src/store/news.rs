//! What is news of what came: new reports with the inspections they are read against, and stories without those that another
//! version of the program ties otherwise.

use jiff::Timestamp;
use rusqlite::params;

use super::{
    Store, StoreError,
    columns::{Time, json, time},
};
use crate::model::{
    overview::{NewReport, Replaced, ReportWithStories, StoryCard},
    piece::News,
    report::ReportId,
};

impl Store {
    /// Each report with the one before it of the same council.
    pub(super) fn held_against(&self, reports: Vec<ReportWithStories>) -> Result<Vec<NewReport>, StoreError> {
        let held = |ReportWithStories { report, stories }| {
            let before = self.report_before(&report)?;
            Ok(NewReport { report, before, stories })
        };
        reports.into_iter().map(held).collect()
    }

    /// Reports that were known before `since` and have another file since.
    pub(super) fn replaced_between(&self, since: Timestamp, until: Timestamp) -> Result<Vec<Replaced>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT report_version.report, report_version.first_seen, changed
            FROM report_version INDEXED BY report_version_replaced CROSS JOIN report ON report.id = report_version.report
            WHERE version > 1 AND report_version.first_seen > ?1 AND report_version.first_seen <= ?2
              AND report.first_seen <= ?1 AND status <> 'not-a-report'
            ORDER BY report_version.first_seen DESC, report_version.report, version DESC",
        )?;
        let rows = select
            .query_map(params![Time(since), Time(until)], |row| Ok((row.get(0)?, time(row, "first_seen")?, json(row, "changed")?)))?;
        let mut replaced: Vec<Replaced> = Vec::new();
        for row in rows {
            let (id, at, changed): (ReportId, Timestamp, Vec<String>) = row?;
            if let Some(known) = replaced.iter_mut().find(|known| known.report.report.id == id) {
                known.changed.extend(changed);
                continue;
            }
            let Some(card) = self.report_card(&id)? else { continue };
            for report in self.held_against(self.with_stories(vec![card])?)? {
                replaced.push(Replaced { report, at, changed: changed.clone() });
            }
        }
        Ok(replaced)
    }

    /// The stories without those of before `since` that are tied otherwise only because everything was judged again, and how
    /// many those are.
    pub(super) fn news(&self, mut stories: Vec<StoryCard>, since: Timestamp) -> Result<(Vec<StoryCard>, u32), StoreError> {
        let Some(at) = self.retied_at()? else { return Ok((stories, 0)) };
        let all = stories.len();
        stories.retain(|story| story.piece_first_seen > since || !is_retied(story, at));
        let retied = u32::try_from(all - stories.len()).unwrap_or(u32::MAX);
        Ok((stories, retied))
    }
}

/// True where the last that happened to a piece is that everything was judged again; all that a run stores bears the time at
/// which it began, so a report that came in that very run is news all the same.
fn is_retied(story: &StoryCard, at: Timestamp) -> bool {
    let came = story.ties.iter().any(|tied| tied.tie.state.holds() && tied.report.first_seen >= at);
    story.piece_changed == Some(at) && story.piece_news != Some(News::Rewritten) && !came
}
