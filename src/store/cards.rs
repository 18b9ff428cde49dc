//! Stories as the outputs meet them: everything but the text.

use std::collections::HashMap;

use rusqlite::{Params, Row, params};

use super::{
    Fill, Store, StoreError, StoryFilter,
    columns::{Json, json, maybe_time, time},
    filter::Clauses,
    narrow::named,
};
use crate::model::{
    overview::{CopyCard, MentionedReport, ReportCard, StoryCard, TiedReport},
    piece::PieceId,
    report::ReportId,
    story::StoryId,
};

/// The columns of a card; tables, conditions and an order follow.
const CARD: &str = "
    SELECT story.id, url, outlet, title, author, published, story.first_seen, story.changed, summary, words, walled,
           judged_at IS NOT NULL AS judged, story.relevant, why, stated_grades, piece.id AS piece,
           piece.first_seen AS piece_first_seen, piece.changed AS piece_changed, piece.news AS piece_news,
           kind, state, review, iif(state = 'tied', NULL, waiting_for) AS waiting_for";

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
        let Clauses { sql, bound } = Clauses::of(filter, self)?;
        self.each_card(&sql, named(&bound).as_slice(), filter.fill, take)
    }

    /// One story.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn story_card(&self, id: &StoryId) -> Result<Option<StoryCard>, StoreError> {
        Ok(self.cards("FROM story JOIN piece ON piece.id = story.piece WHERE story.id = ?1", [id])?.pop())
    }

    pub(super) fn cards(&self, clauses: &str, bound: impl Params) -> Result<Vec<StoryCard>, StoreError> {
        let mut cards = Vec::new();
        self.each_card(clauses, bound, Fill::All, |card| {
            cards.push(card);
            Ok::<_, StoreError>(())
        })?;
        Ok(cards)
    }

    pub(super) fn each_card<E: From<StoreError>>(
        &self,
        clauses: &str,
        bound: impl Params,
        fill: Fill,
        mut take: impl FnMut(StoryCard) -> Result<(), E>,
    ) -> Result<(), E> {
        let refused = |error: rusqlite::Error| E::from(StoreError::from(error));
        self.read(|store| {
            let mut select = store.db.prepare_cached(&format!("{CARD} {clauses}")).map_err(refused)?;
            let mut reports = HashMap::new();
            for card in select.query_map(bound, card).map_err(refused)? {
                let mut card = card.map_err(refused)?;
                card.copies = store.copies(&card.id, &card.piece)?;
                take(match fill {
                    Fill::All => store.filled(card, &mut reports)?,
                    Fill::Line => card,
                })?;
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
        for tie in self.ties_of(&card.piece)? {
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

    fn copies(&self, id: &StoryId, piece: &PieceId) -> Result<Vec<CopyCard>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT id, outlet, url, title, published
            FROM story
            WHERE piece = ?2 AND id <> ?1
            ORDER BY coalesce(published, first_seen), id",
        )?;
        let rows = select.query_map(params![id, piece], |row| {
            Ok(CopyCard {
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
        judged: row.get("judged")?,
        relevant: row.get("relevant")?,
        why: row.get("why")?,
        kind: row.get("kind")?,
        authorities: Vec::new(),
        piece: row.get("piece")?,
        piece_first_seen: time(row, "piece_first_seen")?,
        piece_changed: maybe_time(row, "piece_changed")?,
        piece_news: row.get("piece_news")?,
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
