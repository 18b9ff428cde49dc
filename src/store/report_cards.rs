//! Reports without their text, for tying and for the outputs.

use jiff::civil::Date;
use rusqlite::{OptionalExtension, Params, Row, ToSql, params};

use super::{
    Narrow, Store, StoreError,
    columns::{Day, Json, json, maybe_day, time},
    narrow::named,
};
use crate::model::{
    change,
    overview::{ReportCard, ReportWithStories},
    report::{Grade, ReportId, ReportStatus},
    story::StoryId,
};

/// The columns of a card; a condition and an order follow.
pub(super) const CARD: &str = "
    SELECT id, url, provider_url, urn, authority, framework, title, inspected_from, inspected_to, published, lead_inspector,
           pages, last_paragraph, iif(withdrawn IS NULL OR status <> 'current', status, 'withdrawn') AS status,
           reason, parser, first_seen, doubts
    FROM report";

/// Which reports to give; the default gives all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportFilter {
    pub narrow: Narrow,
    /// Only those that no story is tied to.
    pub covered: Covered,
    /// Only those read with doubts.
    pub doubtful: bool,
}

/// What all reports of some authorities come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllReports {
    pub reports: usize,
    /// Stories on any of them, one a piece.
    pub stories: usize,
    /// The overall grades of full inspections, newest first.
    pub grades: Vec<(Date, Grade)>,
}

/// As much of a report as says whether it is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownReport {
    pub id: ReportId,
    pub authority: Option<String>,
    pub published: Option<Date>,
    /// First and last day of the inspection.
    pub inspected: Option<(Date, Date)>,
    pub status: ReportStatus,
}

/// Whether reports are given that stories are tied to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Covered {
    #[default]
    Whatever,
    /// Only reports that no story is tied to.
    No,
}

impl ReportFilter {
    /// A WHERE of what is asked and nothing else; of few pieces, given as `:few`, what they are tied to.
    fn sql(&self, of_few: bool) -> String {
        let mut asked = Vec::new();
        if of_few {
            asked.push("report.id IN (SELECT report FROM json_each(:few) AS wanted CROSS JOIN tie ON tie.piece = wanted.value)".to_owned());
        }
        asked.extend(self.narrow.of_report());
        // What is asked first lets fewer through than it takes to ask what follows.
        if self.doubtful {
            asked.push(DOUBTFUL.to_owned());
        }
        if self.covered == Covered::No {
            asked.push("status <> 'not-a-report'".to_owned());
            asked.push(UNCOVERED.to_owned());
        }
        let asked = if asked.is_empty() { String::new() } else { format!("WHERE {}", asked.join(" AND ")) };
        format!("{CARD} {asked} ORDER BY published DESC, id")
    }
}

/// True of a report that no story is tied to.
pub(super) const UNCOVERED: &str = "
    NOT EXISTS (SELECT 1
                FROM tie JOIN piece ON piece.id = tie.piece
                WHERE tie.report = report.id AND tie.state IN ('auto', 'confirmed') AND review <> 'discarded')";

/// True of a report that was read with doubts or not at all.
const DOUBTFUL: &str = "
    (doubts <> '[]' OR status = 'unreadable'
     OR EXISTS (SELECT 1 FROM judgement WHERE judgement.report = report.id AND agree = 0))";

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

    /// Reports that could not be read, are none, or were withdrawn, newest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn odd_reports(&self) -> Result<Vec<ReportCard>, StoreError> {
        self.cards_where("WHERE report.status <> 'current' OR withdrawn IS NOT NULL ORDER BY published DESC, id", [])
    }

    /// The reports of these authorities, newest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn known_reports_of(&self, authorities: &[String]) -> Result<Vec<KnownReport>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT id, authority, published, inspected_from, inspected_to, iif(withdrawn IS NULL OR status <> 'current', status, 'withdrawn') AS status
            FROM report
            WHERE authority IN (SELECT value FROM json_each(?1))
            ORDER BY published DESC, id",
        )?;
        let rows = select.query_map([Json(authorities)], |row| {
            let published = maybe_day(row, "published")?;
            let inspected = maybe_day(row, "inspected_from")?.zip(maybe_day(row, "inspected_to")?);
            Ok(KnownReport { id: row.get("id")?, authority: row.get("authority")?, published, inspected, status: row.get("status")? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// So many of the reports of these authorities, newest first, without what is none.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn newest_reports_of(&self, authorities: &[String], limit: usize) -> Result<Vec<ReportCard>, StoreError> {
        let clauses = "
            WHERE authority IN (SELECT value FROM json_each(?1)) AND status <> 'not-a-report'
            ORDER BY published DESC, id
            LIMIT ?2";
        self.cards_where(clauses, params![Json(authorities), i64::try_from(limit).unwrap_or(i64::MAX)])
    }

    /// What all reports of these authorities come to.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn all_reports_of(&self, authorities: &[String]) -> Result<AllReports, StoreError> {
        const OF: &str = "FROM report WHERE authority IN (SELECT value FROM json_each(?1)) AND status <> 'not-a-report'";
        let names = Json(authorities);
        let count = |sql: &str| {
            let many: u32 = self.db.prepare_cached(sql)?.query_row([&names], |row| row.get(0))?;
            Ok::<_, StoreError>(many as usize)
        };
        let stories = format!(
            "
            SELECT count(DISTINCT tie.piece)
            FROM (SELECT id {OF}) AS wanted
            CROSS JOIN tie ON tie.report = wanted.id
            WHERE tie.state IN ('auto', 'confirmed')
              AND NOT EXISTS (SELECT 1
                              FROM piece INDEXED BY piece_discarded
                              WHERE piece.id = tie.piece AND piece.review = 'discarded')"
        );
        let mut select = self.db.prepare_cached(&format!(
            "
            SELECT published, grade
            FROM (SELECT id, published {OF} AND framework IN ('SIF', 'ILACS') AND published IS NOT NULL) AS wanted
            CROSS JOIN judgement ON judgement.report = wanted.id
            WHERE key = 'overall'
            ORDER BY published DESC, id"
        ))?;
        let grades = select.query_map([&names], |row| Ok((row.get::<_, Day>("published")?.0, row.get("grade")?)))?;
        Ok(AllReports {
            grades: grades.collect::<Result<_, _>>()?,
            reports: count(&format!("SELECT count(*) {OF}"))?,
            stories: count(&stories)?,
        })
    }

    /// The inspection that a report is read against: of those before it that [`change::is_before`] takes the last. The reports
    /// of its council are gone through backwards until there is one.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn report_before(&self, report: &ReportCard) -> Result<Option<ReportCard>, StoreError> {
        let frameworks = change::compared_with(report.framework);
        let (Some(authority), Some(day)) = (&report.authority, report.published.filter(|_| !frameworks.is_empty())) else {
            return Ok(None);
        };
        let clauses = "WHERE authority = ?1 AND published < ?2 ORDER BY published DESC, id DESC";
        let mut select = self.db.prepare_cached(&format!("{CARD} {clauses}"))?;
        for known in select.query_map(params![authority, Day(day)], card)? {
            let mut known = known?;
            if frameworks.contains(&known.framework) {
                known.judgements = self.judgements(&known.id)?;
                if change::is_before(&known, report) {
                    return Ok(Some(known));
                }
            }
        }
        Ok(None)
    }

    /// All reports, newest first, each with the stories tied to it.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn reports_with_stories(&self) -> Result<Vec<ReportWithStories>, StoreError> {
        let mut all = Vec::new();
        self.each_report(&ReportFilter::default(), |found| {
            all.push(found);
            Ok::<_, StoreError>(())
        })?;
        Ok(all)
    }

    /// Reports one by one, newest first, each with the stories tied to it, for exports of any size; stops at the first error.
    ///
    /// # Errors
    /// What `take` returns, or where the database cannot be read.
    pub fn each_report<E: From<StoreError>>(
        &self,
        filter: &ReportFilter,
        mut take: impl FnMut(ReportWithStories) -> Result<(), E>,
    ) -> Result<(), E> {
        let refused = |error: rusqlite::Error| E::from(StoreError::from(error));
        self.read(|store| {
            let of_story = Narrow { since: None, until: None, ..filter.narrow.clone() };
            let few = if of_story.asks_story() { store.few(&of_story, None)? } else { None };
            let sql = filter.sql(few.is_some());
            let mut bound = filter.narrow.bound(&sql);
            bound.extend(few.map(|few| (":few", Box::new(Json(few.pieces)) as Box<dyn ToSql>)));
            let mut select = store.db.prepare_cached(&sql).map_err(refused)?;
            for found in select.query_map(named(&bound).as_slice(), card).map_err(refused)? {
                let mut report = found.map_err(refused)?;
                report.judgements = store.judgements(&report.id)?;
                take(ReportWithStories { stories: store.stories_of_report(&report.id)?, report })?;
            }
            Ok(())
        })
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
        let mut select = self.db.prepare_cached(
            "
            SELECT piece.stands
            FROM tie
            JOIN piece ON piece.id = tie.piece
            WHERE tie.report = ?1 AND tie.state IN ('auto', 'confirmed') AND review <> 'discarded'
            ORDER BY piece.at, piece.stands",
        )?;
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
