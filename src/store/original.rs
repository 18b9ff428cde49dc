//! Tables `original` and `file`: the bytes that were received, of stories and of reports, each once.

use std::{
    borrow::Cow,
    io::{self, Read, Write},
};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params, types::FromSqlError};
use sha2::{Digest, Sha256};
use url::Url;

use super::{
    Store, StoreError, Writer,
    columns::{Json, Time, json, time},
    keep::hex,
};
use crate::model::{original::Original, story::StoryId};

/// A report's file as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    pub url: String,
    /// When it was first seen.
    pub at: Timestamp,
    pub body: Vec<u8>,
}

impl Store {
    /// The bytes of a stored file, by their hash.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn file(&self, sha256: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT body, packed FROM file WHERE sha256 = ?1")?;
        Ok(select.query_row([sha256], body).optional()?)
    }

    /// The last original of a story, unless none is kept.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn original(&self, id: &StoryId) -> Result<Option<Original>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT at, original.url, answered, status, headers, item, body, packed
            FROM story
            JOIN original ON original.story = story.n
            JOIN file ON file.sha256 = original.sha256
            WHERE story.id = ?1
            ORDER BY at DESC
            LIMIT 1",
        )?;
        Ok(select.query_row([id], original).optional()?)
    }

    /// The stories whose last original was asked for at this address and has these bytes.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn stories_of_original(&self, url: &str, sha256: &str) -> Result<Vec<(StoryId, Original)>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT story.id, at, original.url, answered, status, headers, item, body, packed
            FROM original
            JOIN story ON story.n = original.story
            JOIN file ON file.sha256 = original.sha256
            WHERE original.sha256 = ?2 AND original.url = ?1
              AND at = (SELECT max(last.at) FROM original AS last WHERE last.story = original.story)",
        )?;
        let rows = select.query_map([url, sha256], |row| Ok((row.get("id")?, original(row)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Address and hash of the last original of each story.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn last_originals(&self) -> Result<Vec<(String, String)>, StoreError> {
        let mut select = self.db.prepare("SELECT url, sha256, max(at) FROM original GROUP BY story ORDER BY story")?;
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every original, in the order of its story and its time.
    ///
    /// # Errors
    /// Where the database cannot be read, or what `put` returns.
    pub fn each_original<E: From<StoreError>>(&self, mut put: impl FnMut(Original) -> Result<(), E>) -> Result<(), E> {
        let sql = "
            SELECT at, url, answered, status, headers, item, body, packed
            FROM original JOIN file ON file.sha256 = original.sha256
            ORDER BY story, at";
        let mut select = self.db.prepare(sql).map_err(StoreError::from)?;
        let mut rows = select.query([]).map_err(StoreError::from)?;
        while let Some(row) = rows.next().map_err(StoreError::from)? {
            put(original(row).map_err(StoreError::from)?)?;
        }
        Ok(())
    }

    /// Every file of every report, in the order of the reports.
    ///
    /// # Errors
    /// Where the database cannot be read, or what `put` returns.
    pub fn each_report_file<E: From<StoreError>>(&self, mut put: impl FnMut(StoredFile) -> Result<(), E>) -> Result<(), E> {
        let sql = "
            SELECT url, report_version.first_seen, body, packed
            FROM report
            JOIN report_version ON report_version.report = report.id
            JOIN file ON file.sha256 = report_version.sha256
            ORDER BY report.n, version";
        let mut select = self.db.prepare(sql).map_err(StoreError::from)?;
        let mut rows = select.query([]).map_err(StoreError::from)?;
        while let Some(row) = rows.next().map_err(StoreError::from)? {
            put(report_file(row).map_err(StoreError::from)?)?;
        }
        Ok(())
    }
}

impl Writer<'_> {
    /// Keeps the bytes of a file by their hash, whether or not they could be read.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn put_file(&self, sha256: &str, body: &[u8]) -> Result<(), StoreError> {
        if self.db.prepare_cached("SELECT 1 FROM file WHERE sha256 = ?1")?.exists([sha256])? {
            return Ok(());
        }
        let packed = packed(body);
        let mut insert = self.db.prepare_cached("INSERT INTO file (sha256, size, body, packed) VALUES (?1, ?2, ?3, ?4)")?;
        insert.execute(params![sha256, body.len() as i64, packed, matches!(packed, Cow::Owned(_))])?;
        Ok(())
    }

    /// Keeps the original of a story.
    ///
    /// # Errors
    /// Where there is no such story, or the database cannot be written.
    pub fn put_original(&self, id: &StoryId, original: &Original) -> Result<(), StoreError> {
        let n = self.story_n(id)?;
        let sha256 = hex(&Sha256::digest(&original.body));
        self.put_file(&sha256, &original.body)?;
        let Original { at, url, answered, status, headers, item, .. } = original;
        let mut insert = self.db.prepare_cached(
            "
            INSERT OR REPLACE INTO original (story, at, url, answered, status, headers, item, sha256)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        insert.execute(params![n, Time(*at), url.as_str(), answered.as_str(), status, Json(headers), Json(item), sha256])?;
        Ok(())
    }

    /// Lets go of the originals of a story that are older than `before`, or of all; gives how many.
    pub(super) fn drop_originals(&self, n: i64, before: Option<Timestamp>) -> Result<u32, StoreError> {
        let mut delete = self.db.prepare_cached("DELETE FROM original WHERE story = ?1 AND (?2 IS NULL OR at < ?2) RETURNING sha256")?;
        let files = delete.query_map(params![n, before.map(Time)], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        files.iter().try_for_each(|sha256| self.drop_file(sha256))?;
        Ok(u32::try_from(files.len()).unwrap_or(u32::MAX))
    }

    /// Deletes a file that nothing names any more.
    fn drop_file(&self, sha256: &str) -> Result<(), StoreError> {
        let mut delete = self.db.prepare_cached(
            "
            DELETE FROM file
            WHERE sha256 = ?1
              AND NOT EXISTS (SELECT 1 FROM original WHERE original.sha256 = ?1)
              AND NOT EXISTS (SELECT 1 FROM report WHERE report.sha256 = ?1)
              AND NOT EXISTS (SELECT 1 FROM report_version WHERE report_version.sha256 = ?1)",
        )?;
        if delete.execute([sha256])? > 0 {
            self.db.prepare_cached("DELETE FROM work WHERE job = 'read' AND owner = ?1")?.execute([sha256])?;
        }
        Ok(())
    }
}

/// As gzip, where that saves at least a tenth: what is compressed within, as PDFs are, seldom does.
fn packed(body: &[u8]) -> Cow<'_, [u8]> {
    let mut packer = GzEncoder::new(Vec::with_capacity(body.len() / 4), Compression::default());
    match packer.write_all(body).and_then(|()| packer.finish()) {
        Ok(packed) if packed.len() < body.len() / 10 * 9 => Cow::Owned(packed),
        _ => Cow::Borrowed(body),
    }
}

/// The bytes of a row with `body` and `packed`.
pub(super) fn body(row: &Row<'_>) -> rusqlite::Result<Vec<u8>> {
    let stored = row.get_ref("body")?.as_blob()?;
    if !row.get::<_, bool>("packed")? {
        return Ok(stored.to_vec());
    }
    unpacked(stored).map_err(|error| FromSqlError::other(error).into())
}

fn unpacked(stored: &[u8]) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    GzDecoder::new(stored).read_to_end(&mut body)?;
    Ok(body)
}

fn report_file(row: &Row<'_>) -> rusqlite::Result<StoredFile> {
    Ok(StoredFile { url: row.get("url")?, at: time(row, "first_seen")?, body: body(row)? })
}

fn address(row: &Row<'_>, column: &str) -> rusqlite::Result<Url> {
    Url::parse(row.get_ref(column)?.as_str()?).map_err(|error| FromSqlError::other(error).into())
}

fn original(row: &Row<'_>) -> rusqlite::Result<Original> {
    Ok(Original {
        at: time(row, "at")?,
        url: address(row, "url")?,
        answered: address(row, "answered")?,
        status: row.get("status")?,
        headers: json(row, "headers")?,
        item: json(row, "item")?,
        body: body(row)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out_as_it_was() {
        let page = "<p>Inspectors said so, and so did the council.</p>".repeat(200);
        let small = packed(page.as_bytes());
        assert!(small.len() < page.len() / 10, "{}", small.len());
        assert_eq!(unpacked(&small).unwrap(), page.as_bytes());
        assert!(matches!(packed(b""), Cow::Borrowed(_)));
        assert!(matches!(packed(&small), Cow::Borrowed(_)), "what is small already stays as it is");
    }
}
