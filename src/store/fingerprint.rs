//! Tables `fingerprint`, `fingerprint_band`, `article_number`: which stories may be copies of each other.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::{
    Store, StoreError, Writer,
    columns::{hashes_from_bytes, hashes_to_bytes, maybe_time},
};
use crate::model::story::StoryId;

/// Minima in one band. With 128 minima that makes 32 bands, which find 95 in 100 of the pairs that share half of their
/// shingles and nearly all that share more: 1 - (1 - s^4)^32.
const BAND: usize = 4;
/// The most candidates looked at for one story; shared furniture puts thousands into one band.
const MAX_CANDIDATES: i64 = 200;

/// A story whose text may be that of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookalike {
    pub story: StoryId,
    pub published: Option<Timestamp>,
    pub signature: Vec<u64>,
}

impl Store {
    /// Stories that share a band of their signature with this one, most bands first, each with its signature and its day;
    /// never more than 200.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn fingerprint_candidates(&self, id: &StoryId) -> Result<Vec<Lookalike>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT other.id, other.published, fingerprint.signature
            FROM story
            JOIN fingerprint_band AS own ON own.story = story.n
            JOIN fingerprint_band AS shared ON shared.hash = own.hash AND shared.story <> own.story
            JOIN story AS other ON other.n = shared.story
            JOIN fingerprint ON fingerprint.story = other.n
            WHERE story.id = ?1
            GROUP BY other.n
            ORDER BY count(*) DESC, other.n
            LIMIT ?2",
        )?;
        let rows = select.query_map(params![id, MAX_CANDIDATES], |row| {
            let signature = hashes_from_bytes(row.get_ref("signature")?.as_blob()?);
            Ok(Lookalike { story: row.get("id")?, published: maybe_time(row, "published")?, signature })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The signature of a story.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn fingerprint(&self, id: &StoryId) -> Result<Option<Vec<u64>>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT signature
            FROM fingerprint JOIN story ON story.n = fingerprint.story
            WHERE story.id = ?1",
        )?;
        Ok(select.query_row([id], |row| Ok(hashes_from_bytes(row.get_ref(0)?.as_blob()?))).optional()?)
    }

    /// The publisher's number of a story's article.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn article_number(&self, id: &StoryId) -> Result<Option<String>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT number
            FROM article_number JOIN story ON story.n = article_number.story
            WHERE story.id = ?1",
        )?;
        Ok(select.query_row([id], |row| row.get(0)).optional()?)
    }

    /// The other stories whose article bears the same number of the same publisher.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn stories_of_same_article(&self, id: &StoryId) -> Result<Vec<StoryId>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT other.id
            FROM story
            JOIN article_number AS own ON own.story = story.n
            JOIN article_number AS shared ON shared.number = own.number AND shared.story <> own.story
            JOIN story AS other ON other.n = shared.story
            WHERE story.id = ?1
            ORDER BY other.n
            LIMIT ?2",
        )?;
        let rows = select.query_map(params![id, MAX_CANDIDATES], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Replaces the signature of a story: its MinHash, of any length, or none where its text is too short. Does nothing
    /// where it is the one that is stored, so that looking at all stories again does not write all their bands again.
    ///
    /// # Errors
    /// Where there is no such story, or the database cannot be written.
    pub fn set_fingerprint(&self, id: &StoryId, signature: Option<&[u64]>) -> Result<(), StoreError> {
        if self.fingerprint(id)?.as_deref() == signature {
            return Ok(());
        }
        let n = self.story_n(id)?;
        self.db.prepare_cached("DELETE FROM fingerprint_band WHERE story = ?1")?.execute([n])?;
        let Some(signature) = signature else {
            self.db.prepare_cached("DELETE FROM fingerprint WHERE story = ?1")?.execute([n])?;
            return Ok(());
        };
        let mut upsert = self.db.prepare_cached(
            "
            INSERT INTO fingerprint (story, signature)
            VALUES (?1, ?2)
            ON CONFLICT (story) DO UPDATE SET signature = excluded.signature",
        )?;
        upsert.execute(params![n, hashes_to_bytes(signature)])?;
        let mut insert = self.db.prepare_cached(
            "
            INSERT INTO fingerprint_band (hash, story)
            VALUES (?1, ?2)
            ON CONFLICT (hash, story) DO NOTHING",
        )?;
        for band in bands(signature) {
            insert.execute(params![band, n])?;
        }
        Ok(())
    }

    /// Replaces the number of a story's article.
    ///
    /// # Errors
    /// Where there is no such story, or the database cannot be written.
    pub fn set_article_number(&self, id: &StoryId, number: Option<&str>) -> Result<(), StoreError> {
        let n = self.story_n(id)?;
        self.db.prepare_cached("DELETE FROM article_number WHERE story = ?1")?.execute([n])?;
        if let Some(number) = number {
            self.db.prepare_cached("INSERT INTO article_number (number, story) VALUES (?1, ?2)")?.execute(params![number, n])?;
        }
        Ok(())
    }
}

/// One hash a band; the band's place is in it, so that bands at different places never meet.
fn bands(signature: &[u64]) -> impl Iterator<Item = i64> {
    (0u64..).zip(signature.chunks(BAND)).map(|(place, band)| xxh3_64_with_seed(&hashes_to_bytes(band), place).cast_signed())
}
