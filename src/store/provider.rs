//! Tables `provider`, `publication` and `file_failure`: what Ofsted lists, and which of its files are still to be fetched.

use jiff::{Timestamp, civil::Date};
use rusqlite::{OptionalExtension, Row, named_params, params, types::Type};
use url::Url;

use super::{
    Store, StoreError, Writer,
    columns::{Day, Time, maybe_day, maybe_time, time},
};
use crate::model::{
    page::{ProviderRow, Publication},
    report::ReportId,
};

/// A provider page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    pub urn: String,
    pub url: String,
    pub name: String,
    /// The day of the latest report, as the search list says now.
    pub listed_latest: Option<Date>,
    /// The same when the page was last read well.
    pub read_latest: Option<Date>,
    pub read_at: Option<Timestamp>,
}

impl Provider {
    /// True where the list says that the page holds something that was not there when it was last read.
    pub fn has_news(&self) -> bool {
        self.read_at.is_none() || self.listed_latest != self.read_latest
    }
}

/// How far the fetching of a report file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileState {
    NotFetched,
    Stored(ReportId),
    /// `next_try` is nothing where it is given up.
    Failed {
        tries: u32,
        next_try: Option<Timestamp>,
        failure: String,
        detail: String,
    },
}

/// A publication as a provider page lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPublication {
    pub urn: String,
    pub provider_url: String,
    pub publication: Publication,
    pub first_seen: Timestamp,
    pub last_seen: Timestamp,
    /// When it was first missing from the page.
    pub gone_since: Option<Timestamp>,
    pub file: FileState,
}

/// What a provider page brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProviderRead {
    /// Addresses of files listed for the first time.
    pub new: Vec<String>,
    /// Addresses of files no longer listed.
    pub gone: Vec<String>,
    /// Addresses of files that were gone and are listed again.
    pub back: Vec<String>,
    /// Stored reports whose day of publication the page corrects.
    pub redated: Vec<ReportId>,
}

const LISTED: &str = "
    SELECT publication.urn, provider.url AS provider_url, publication.url, publication.label, publication.published,
           publication.event, publication.first_seen, publication.last_seen, publication.gone_since,
           (SELECT report.id FROM report WHERE report.url = publication.url) AS report,
           work.tries, work.due, work.failure, work.detail
    FROM publication
    JOIN provider ON provider.urn = publication.urn
    LEFT JOIN work ON work.job = 'file' AND work.owner = '' AND work.subject = publication.url AND work.tries > 0";

impl Store {
    /// All providers, by URN.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn providers(&self) -> Result<Vec<Provider>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT urn, url, name, listed_latest, read_latest, read_at
            FROM provider
            ORDER BY urn",
        )?;
        let rows = select.query_map([], provider)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What a provider page lists or once listed, newest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn publications(&self, urn: &str) -> Result<Vec<ListedPublication>, StoreError> {
        let sql = format!("{LISTED} WHERE publication.urn = ?1 ORDER BY publication.published DESC, publication.url");
        let mut select = self.db.prepare_cached(&sql)?;
        let rows = select.query_map([urn], listed)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How a file is listed; by the first of its pages where several list it.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn publication_of_url(&self, url: &str) -> Result<Option<ListedPublication>, StoreError> {
        let sql = format!("{LISTED} WHERE publication.url = ?1 ORDER BY publication.gone_since IS NOT NULL, publication.urn LIMIT 1");
        Ok(self.db.prepare_cached(&sql)?.query_row([url], listed).optional()?)
    }

    /// One provider.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn provider(&self, urn: &str) -> Result<Option<Provider>, StoreError> {
        let sql = "SELECT urn, url, name, listed_latest, read_latest, read_at FROM provider WHERE urn = ?1";
        Ok(self.db.prepare_cached(sql)?.query_row([urn], provider).optional()?)
    }

    /// Everything that any provider page lists or once listed, newest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn all_publications(&self) -> Result<Vec<ListedPublication>, StoreError> {
        let sql = format!("{LISTED} ORDER BY publication.published DESC, publication.url, publication.urn");
        let mut select = self.db.prepare_cached(&sql)?;
        let rows = select.query_map([], listed)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Listed files that are due, newest first: of those that are not stored the ones published from `since` on and those
    /// without a day, of those that are stored the ones that may have been replaced, published from `replaced` on.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn due_files(
        &self,
        since: Option<Date>,
        replaced: Date,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<ListedPublication>, StoreError> {
        let sql = format!(
            "{LISTED}
            JOIN work AS job ON job.job = 'file' AND job.owner = '' AND job.subject = publication.url
            LEFT JOIN report AS stored ON stored.url = publication.url
            WHERE job.due <= :now AND (job.held IS NULL OR job.held <= :now)
              AND publication.gone_since IS NULL
              AND (publication.published IS NULL
                   OR publication.published >= iif(stored.status IN ('current'), :replaced, coalesce(:since, '')))
              AND NOT EXISTS (
                  SELECT 1 FROM publication AS twin
                  WHERE twin.url = publication.url AND twin.urn < publication.urn AND twin.gone_since IS NULL
              )
            ORDER BY stored.url IS NOT NULL, publication.published DESC, publication.url
            LIMIT :limit"
        );
        let mut select = self.db.prepare_cached(&sql)?;
        let bound = named_params! { ":since": since.map(Day), ":replaced": Day(replaced), ":now": Time(now), ":limit": limit as i64 };
        let rows = select.query_map(bound, listed)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Keeps a row of the search list.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn list_provider(&self, row: &ProviderRow, now: Timestamp) -> Result<(), StoreError> {
        let mut upsert = self.db.prepare_cached(
            "
            INSERT INTO provider (urn, url, name, listed_latest, listed_at)
            VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (urn) DO UPDATE SET
                url = excluded.url,
                name = excluded.name,
                listed_latest = excluded.listed_latest,
                listed_at = excluded.listed_at",
        )?;
        upsert.execute(params![row.urn, row.url.as_str(), row.name, row.latest.map(Day), Time(now)])?;
        Ok(())
    }

    /// Keeps what a provider page lists, and marks what it no longer does: stored reports of those files become
    /// withdrawn, and current again when they come back. Call it only for a page that was read well.
    ///
    /// # Errors
    /// Where the provider is not listed, or the database cannot be written.
    pub fn provider_read(&self, urn: &str, publications: &[Publication], now: Timestamp) -> Result<ProviderRead, StoreError> {
        let mut read = ProviderRead::default();
        let known = self.publications(urn)?;
        for listed in &known {
            let url = &listed.publication.url;
            if listed.gone_since.is_none() && publications.iter().all(|publication| publication.url != *url) {
                read.gone.push(url.to_string());
                self.mark_gone(urn, url.as_str(), now)?;
            }
        }
        for publication in publications {
            match known.iter().find(|listed| listed.publication.url == publication.url) {
                None if !read.new.iter().any(|url| url == publication.url.as_str()) => read.new.push(publication.url.to_string()),
                Some(listed) if listed.gone_since.is_some() => read.back.push(publication.url.to_string()),
                _ => {}
            }
            self.put_publication(urn, publication, now)?;
            read.redated.extend(self.redate_report(publication)?);
        }
        self.withdraw_unlisted(&read, now)?;
        let mut update = self.db.prepare_cached("UPDATE provider SET read_latest = listed_latest, read_at = ?2 WHERE urn = ?1")?;
        update.execute(params![urn, Time(now)])?;
        Ok(read)
    }

    fn put_publication(&self, urn: &str, publication: &Publication, now: Timestamp) -> Result<(), StoreError> {
        let mut upsert = self.db.prepare_cached(
            "
            INSERT INTO publication (urn, url, label, published, event, first_seen, last_seen)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
            ON CONFLICT (urn, url) DO UPDATE SET
                label = excluded.label,
                published = excluded.published,
                event = excluded.event,
                last_seen = excluded.last_seen,
                gone_since = NULL",
        )?;
        let url = publication.url.as_str();
        upsert.execute(params![urn, url, publication.label, publication.published.map(Day), publication.event.map(Day), Time(now)])?;
        Ok(())
    }

    /// The listing's day of publication is a report's, also where it is corrected later.
    fn redate_report(&self, publication: &Publication) -> Result<Option<ReportId>, StoreError> {
        let Some(day) = publication.published else { return Ok(None) };
        let mut update = self.db.prepare_cached("UPDATE report SET published = ?2 WHERE url = ?1 AND published IS NOT ?2 RETURNING id")?;
        Ok(update.query_row(params![publication.url.as_str(), Day(day)], |row| row.get(0)).optional()?)
    }

    fn mark_gone(&self, urn: &str, url: &str, now: Timestamp) -> Result<(), StoreError> {
        let mut update = self.db.prepare_cached("UPDATE publication SET gone_since = ?3 WHERE urn = ?1 AND url = ?2")?;
        update.execute(params![urn, url, Time(now)])?;
        Ok(())
    }

    /// A report is withdrawn when no page lists its file any more.
    fn withdraw_unlisted(&self, read: &ProviderRead, now: Timestamp) -> Result<(), StoreError> {
        let mut withdraw = self.db.prepare_cached(
            "
            UPDATE report
            SET withdrawn = ?2
            WHERE url = ?1 AND withdrawn IS NULL
              AND NOT EXISTS (SELECT 1 FROM publication WHERE publication.url = ?1 AND publication.gone_since IS NULL)",
        )?;
        for url in &read.gone {
            withdraw.execute(params![url, Time(now)])?;
        }
        let mut restore = self.db.prepare_cached("UPDATE report SET withdrawn = NULL WHERE url = ?1")?;
        for url in &read.back {
            restore.execute([url])?;
        }
        Ok(())
    }
}

fn provider(row: &Row<'_>) -> rusqlite::Result<Provider> {
    Ok(Provider {
        urn: row.get("urn")?,
        url: row.get("url")?,
        name: row.get("name")?,
        listed_latest: maybe_day(row, "listed_latest")?,
        read_latest: maybe_day(row, "read_latest")?,
        read_at: maybe_time(row, "read_at")?,
    })
}

fn listed(row: &Row<'_>) -> rusqlite::Result<ListedPublication> {
    let report: Option<ReportId> = row.get("report")?;
    let tries: Option<u32> = row.get("tries")?;
    let file = match (report, tries) {
        (Some(report), _) => FileState::Stored(report),
        (None, Some(tries)) => {
            FileState::Failed { tries, next_try: maybe_time(row, "due")?, failure: row.get("failure")?, detail: row.get("detail")? }
        }
        (None, None) => FileState::NotFetched,
    };
    let url = Url::parse(row.get_ref("url")?.as_str()?)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(2, Type::Text, error.into()))?;
    Ok(ListedPublication {
        urn: row.get("urn")?,
        provider_url: row.get("provider_url")?,
        publication: Publication {
            url,
            label: row.get("label")?,
            published: maybe_day(row, "published")?,
            event: maybe_day(row, "event")?,
        },
        first_seen: time(row, "first_seen")?,
        last_seen: time(row, "last_seen")?,
        gone_since: maybe_time(row, "gone_since")?,
        file,
    })
}
