//! What happened between two moments, and what is open: the rows behind summary and digest.

use jiff::{Timestamp, ToSpan, civil::Date};
use rusqlite::named_params;

use super::{
    Per, Store, StoreError, StoryFilter,
    columns::{Day, Time},
    report_cards::UNCOVERED,
};
use crate::model::{
    day,
    overview::{Overview, ReportCard, ReportWithStories, SourceHealth, StoryCard},
    source::Source,
    verdict::Review,
};

/// How long a report may have been out to count as not covered yet.
const UNCOVERED_DAYS: i64 = 30;

/// Pieces that wait for their report and are given where more do: nobody reads more of them. The rest is a list of its own.
pub(super) const SHOWN_WAITING: usize = 50;
/// The pieces that wait for their report.
pub(super) const WAITING: (&str, &str) =
    ("piece INDEXED BY piece_waits", "waiting_for IS NOT NULL AND piece.state <> 'tied' AND piece.relevant = 1 AND review <> 'discarded'");

impl Store {
    /// What happened after `since` and not after `until`, and what is open.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn overview(&self, since: Timestamp, until: Timestamp, sources: &[Source]) -> Result<Overview, StoreError> {
        self.read(|store| {
            let (stories, retied) = store.news(store.stories_between(since, until)?, since)?;
            Ok(Overview {
                since,
                until,
                runs: store.runs()?,
                stories,
                reports: store.held_against(store.reports_between(since, until)?)?,
                replaced: store.replaced_between(since, until)?,
                waiting: store.waiting_stories()?,
                total_waiting: store.pieces("waits")?,
                undecided: store.pieces("undecided")?,
                uncovered: store.uncovered_reports(until)?,
                sources: store.troubled_sources(until, sources)?,
                retied,
                only: None,
                watched: Vec::new(),
                total_stories: store.pieces("shown")?,
                total_reports: store.count("SELECT count(*) FROM report WHERE status <> 'not-a-report'")?,
            })
        })
    }

    /// Pieces about our subject that were first seen or news again in that time and are not discarded, each by the story
    /// that stands for it.
    fn stories_between(&self, since: Timestamp, until: Timestamp) -> Result<Vec<StoryCard>, StoreError> {
        self.story_cards(&StoryFilter {
            per: Per::Piece,
            since: Some(since),
            until: Some(until),
            relevant: Some(true),
            without: Some(Review::Discarded),
            ..StoryFilter::default()
        })
    }

    fn reports_between(&self, since: Timestamp, until: Timestamp) -> Result<Vec<ReportWithStories>, StoreError> {
        let cards = self.cards_where(
            "WHERE first_seen > :since AND first_seen <= :until AND status <> 'not-a-report' ORDER BY published DESC, id",
            named_params! { ":since": Time(since), ":until": Time(until) },
        )?;
        self.with_stories(cards)
    }

    fn waiting_stories(&self) -> Result<Vec<StoryCard>, StoreError> {
        let (waiting, condition) = WAITING;
        self.cards(
            &format!(
                "
                FROM (SELECT id FROM {waiting} WHERE {condition} ORDER BY at DESC, stands LIMIT ?1) AS wanted
                CROSS JOIN piece ON piece.id = wanted.id
                CROSS JOIN story ON story.id = piece.stands
                ORDER BY piece.at DESC, piece.stands"
            ),
            [i64::try_from(SHOWN_WAITING).unwrap_or(i64::MAX)],
        )
    }

    /// Inspections and visits published in the last 30 days of `until` that no story is tied to, newest first.
    fn uncovered_reports(&self, until: Timestamp) -> Result<Vec<ReportCard>, StoreError> {
        let last = day::of(until);
        let first = last.checked_sub(UNCOVERED_DAYS.days()).unwrap_or(Date::MIN);
        let clauses = format!(
            "
            WHERE published >= :first AND published <= :last
              AND status = 'current' AND withdrawn IS NULL
              AND framework IN ('SIF', 'ILACS', 'LAC inspection 2013', 'JTAI', 'Area SEND', 'focused visit', 'monitoring visit')
              AND {UNCOVERED}
            ORDER BY published DESC, id"
        );
        self.cards_where(&clauses, named_params! { ":first": Day(first), ":last": Day(last) })
    }

    fn troubled_sources(&self, until: Timestamp, sources: &[Source]) -> Result<Vec<SourceHealth>, StoreError> {
        let health = self.sources_health(sources)?;
        Ok(health.into_iter().filter(|health| health.trouble(until).is_some()).collect())
    }

    /// How many pieces are of one of the kinds that are counted as they are written.
    pub(super) fn pieces(&self, what: &str) -> Result<u32, StoreError> {
        let mut select = self.db.prepare_cached("SELECT many FROM piece_count WHERE what = ?1")?;
        Ok(select.query_row([what], |row| row.get(0))?)
    }

    fn count(&self, sql: &str) -> Result<u32, StoreError> {
        Ok(self.db.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }
}
