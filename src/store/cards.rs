//! Stories as the outputs meet them: everything but the text.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::{Params, Row, named_params, params};

use super::{
    Store, StoreError,
    columns::{Json, Time, json, maybe_time, time},
};
use crate::model::{
    overview::{Copy, ReportCard, StoryCard, MentionedReport, TiedReport},
    report::ReportId,
    story::StoryId,
    verdict::{Review, StoryState},
};

/// Which stories to give; the default gives all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoryFilter {
    /// First seen or changed after this moment…
    pub since: Option<Timestamp>,
    /// …and not after this one.
    pub until: Option<Timestamp>,
    pub relevant: Option<bool>,
    pub review: Option<Review>,
    pub state: Option<StoryState>,
    /// About this authority, by its canonical name.
    pub authority: Option<String>,
    pub cluster: Option<StoryId>,
    pub ids: Option<Vec<StoryId>>,
    pub limit: Option<usize>,
}

/// The columns of a card; a condition and an order follow.
const CARD: &str = "
    SELECT id, url, outlet, title, author, published, first_seen, changed, summary, words, walled, relevant, why, kind,
           cluster, state, review, stated_grades, waiting_for
    FROM story";

impl Store {
    /// Stories, newest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn story_cards(&self, filter: &StoryFilter) -> Result<Vec<StoryCard>, StoreError> {
        let mut cards = Vec::new();
        self.each_story_card(filter, |card| {
            cards.push(card);
            Ok::<_, StoreError>(())
        })?;
        Ok(cards)
    }

    /// The same one by one, for exports of any size; stops at the first error.
    ///
    /// # Errors
    /// What `take` returns, or where the database cannot be read.
    pub fn each_story_card<E: From<StoreError>>(
        &self,
        filter: &StoryFilter,
        take: impl FnMut(StoryCard) -> Result<(), E>,
    ) -> Result<(), E> {
        let clauses = "
            WHERE (:since IS NULL OR first_seen > :since OR changed > :since)
              AND (:until IS NULL OR first_seen <= :until)
              AND (:since IS NULL OR :until IS NULL
                   OR (first_seen > :since AND first_seen <= :until) OR (changed > :since AND changed <= :until))
              AND (:relevant IS NULL OR relevant = :relevant)
              AND (:review IS NULL OR review = :review)
              AND (:state IS NULL OR state = :state)
              AND (:authority IS NULL OR id IN (SELECT story FROM story_authority WHERE authority = :authority))
              AND (:cluster IS NULL OR cluster = :cluster)
              AND (:ids IS NULL OR id IN (SELECT value FROM json_each(:ids)))
            ORDER BY coalesce(published, first_seen) DESC, id
            LIMIT :limit";
        let bound = named_params! {
            ":since": filter.since.map(Time),
            ":until": filter.until.map(Time),
            ":relevant": filter.relevant,
            ":review": filter.review,
            ":state": filter.state,
            ":authority": filter.authority,
            ":cluster": filter.cluster,
            ":ids": filter.ids.as_ref().map(Json),
            ":limit": filter.limit.map_or(-1, |limit| limit as i64),
        };
        self.each_card(clauses, bound, take)
    }

    /// One story.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn story_card(&self, id: &StoryId) -> Result<Option<StoryCard>, StoreError> {
        Ok(self.cards("WHERE id = ?1", [id])?.pop())
    }

    pub(super) fn cards(&self, clauses: &str, bound: impl Params) -> Result<Vec<StoryCard>, StoreError> {
        let mut cards = Vec::new();
        self.each_card(clauses, bound, |card| {
            cards.push(card);
            Ok::<_, StoreError>(())
        })?;
        Ok(cards)
    }

    fn each_card<E: From<StoreError>>(
        &self,
        clauses: &str,
        bound: impl Params,
        mut take: impl FnMut(StoryCard) -> Result<(), E>,
    ) -> Result<(), E> {
        let refused = |error: rusqlite::Error| E::from(StoreError::from(error));
        self.read(|store| {
            let mut select = store.db.prepare_cached(&format!("{CARD} {clauses}")).map_err(refused)?;
            let mut reports = HashMap::new();
            for card in select.query_map(bound, card).map_err(refused)? {
                take(store.filled(card.map_err(refused)?, &mut reports)?)?;
            }
            Ok(())
        })
    }

    /// The card with what stands in other tables; `reports` are those met before.
    fn filled(&self, mut card: StoryCard, reports: &mut HashMap<ReportId, ReportCard>) -> Result<StoryCard, StoreError> {
        let id = &card.id;
        card.addresses = self.addresses(id)?;
        card.authorities = self.story_authorities(id)?;
        card.notes = self.notes(id)?;
        card.quotations = self.quotations(id)?;
        card.copies = self.copies(id, &card.cluster)?;
        for tie in self.ties(id)? {
            let report = self.known_report(&tie.report, reports)?;
            card.ties.push(TiedReport { tie, report });
        }
        for mention in self.mentions(id)? {
            let url = self.known_report(&mention.report, reports)?.url;
            card.mentions.push(MentionedReport { mention, url });
        }
        Ok(card)
    }

    fn known_report(&self, id: &ReportId, reports: &mut HashMap<ReportId, ReportCard>) -> Result<ReportCard, StoreError> {
        if let Some(card) = reports.get(id) {
            return Ok(card.clone());
        }
        let card = self.report_card(id)?.ok_or_else(|| StoreError::NoReport(id.0.clone()))?;
        reports.insert(id.clone(), card.clone());
        Ok(card)
    }

    fn copies(&self, id: &StoryId, cluster: &StoryId) -> Result<Vec<Copy>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT id, outlet, url, title, published
            FROM story
            WHERE cluster = ?2 AND id <> ?1
            ORDER BY coalesce(published, first_seen), id",
        )?;
        let rows = select.query_map(params![id, cluster], |row| {
            Ok(Copy {
                story: row.get("id")?,
                outlet: row.get("outlet")?,
                url: row.get("url")?,
                title: row.get("title")?,
                published: maybe_time(row, "published")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn card(row: &Row<'_>) -> rusqlite::Result<StoryCard> {
    Ok(StoryCard {
        id: row.get("id")?,
        url: row.get("url")?,
        addresses: Vec::new(),
        outlet: row.get("outlet")?,
        title: row.get("title")?,
        author: row.get("author")?,
        published: maybe_time(row, "published")?,
        first_seen: time(row, "first_seen")?,
        changed: maybe_time(row, "changed")?,
        summary: row.get("summary")?,
        words: row.get("words")?,
        walled: row.get("walled")?,
        relevant: row.get("relevant")?,
        why: row.get("why")?,
        kind: row.get("kind")?,
        authorities: Vec::new(),
        cluster: row.get("cluster")?,
        state: row.get("state")?,
        review: row.get("review")?,
        notes: Vec::new(),
        stated_grades: json(row, "stated_grades")?,
        ties: Vec::new(),
        mentions: Vec::new(),
        quotations: Vec::new(),
        waiting_for: row.get::<_, Option<Json<_>>>("waiting_for")?.map(|waiting| waiting.0),
        copies: Vec::new(),
    })
}
