//! Reports without their text, for tying and for the outputs.

use rusqlite::{OptionalExtension, Params, Row};

use super::{
    Store, StoreError,
    columns::{json, maybe_day, time},
    piece::STANDS,
};
use crate::model::{
    overview::{ReportCard, ReportWithStories},
    report::ReportId,
    story::StoryId,
};

/// The columns of a card; a condition and an order follow.
pub(super) const CARD: &str = "
    SELECT id, url, provider_url, urn, authority, framework, title, inspected_from, inspected_to, published, lead_inspector,
           pages, last_paragraph, iif(withdrawn IS NULL OR status <> 'current', status, 'withdrawn') AS status,
           reason, parser, first_seen, doubts
    FROM report";

impl Store {
    /// A report without its text.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn report_card(&self, id: &ReportId) -> Result<Option<ReportCard>, StoreError> {
        let mut select = self.db.prepare_cached(&format!("{CARD} WHERE id = ?1"))?;
        let Some(mut card) = select.query_row([id], card).optional()? else { return Ok(None) };
        card.judgements = self.judgements(id)?;
        Ok(Some(card))
    }

    /// All reports, newest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn report_cards(&self) -> Result<Vec<ReportCard>, StoreError> {
        self.cards_where("ORDER BY published DESC, id", [])
    }

    /// The reports of these authorities, newest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn report_cards_of(&self, authorities: &[String]) -> Result<Vec<ReportCard>, StoreError> {
        let names = super::columns::Json(authorities);
        self.cards_where("WHERE authority IN (SELECT value FROM json_each(?1)) ORDER BY published DESC, id", [names])
    }

    /// All reports, newest first, each with the stories tied to it.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn reports_with_stories(&self) -> Result<Vec<ReportWithStories>, StoreError> {
        self.read(|store| store.with_stories(store.report_cards()?))
    }

    pub(super) fn with_stories(&self, cards: Vec<ReportCard>) -> Result<Vec<ReportWithStories>, StoreError> {
        cards.into_iter().map(|report| Ok(ReportWithStories { stories: self.stories_of_report(&report.id)?, report })).collect()
    }

    /// Stories tied to a report (auto or confirmed) and not discarded, first published first: of each piece the one that
    /// stands for it.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn stories_of_report(&self, id: &ReportId) -> Result<Vec<StoryId>, StoreError> {
        let mut select = self.db.prepare_cached(&format!(
            "
            SELECT story.id
            FROM tie
            JOIN piece ON piece.id = tie.piece
            JOIN story ON story.piece = piece.id
            WHERE tie.report = ?1 AND tie.state IN ('auto', 'confirmed') AND review <> 'discarded' AND {STANDS}
            ORDER BY coalesce(story.published, story.first_seen), story.id"
        ))?;
        let rows = select.query_map([id], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(super) fn cards_where(&self, clauses: &str, bound: impl Params) -> Result<Vec<ReportCard>, StoreError> {
        self.read(|store| {
            let mut select = store.db.prepare_cached(&format!("{CARD} {clauses}"))?;
            let mut cards = select.query_map(bound, card)?.collect::<Result<Vec<_>, _>>()?;
            for card in &mut cards {
                card.judgements = store.judgements(&card.id)?;
            }
            Ok(cards)
        })
    }
}

fn card(row: &Row<'_>) -> rusqlite::Result<ReportCard> {
    Ok(ReportCard {
        id: row.get("id")?,
        url: row.get("url")?,
        provider_url: row.get("provider_url")?,
        urn: row.get("urn")?,
        authority: row.get("authority")?,
        framework: row.get("framework")?,
        title: row.get("title")?,
        inspected_from: maybe_day(row, "inspected_from")?,
        inspected_to: maybe_day(row, "inspected_to")?,
        published: maybe_day(row, "published")?,
        lead_inspector: row.get("lead_inspector")?,
        pages: row.get("pages")?,
        last_paragraph: row.get("last_paragraph")?,
        judgements: Vec::new(),
        status: row.get("status")?,
        reason: row.get("reason")?,
        parser: row.get("parser")?,
        first_seen: time(row, "first_seen")?,
        doubts: json(row, "doubts")?,
    })
}
