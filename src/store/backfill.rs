//! Table `backfill`: lists of older stories, each looked at once.

use rusqlite::{OptionalExtension, params};
use url::Url;

use super::{
    Store, StoreError, Writer,
    columns::{Time, time},
};
use crate::model::backfill::{Chapter, ChapterKind, Past};

impl Store {
    /// The chapters of a source that are still to be read.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn chapters(&self, source: &str, limit: u32) -> Result<Vec<Chapter>, StoreError> {
        let mut select =
            self.db.prepare_cached("SELECT url, kind, since FROM backfill WHERE source = ?1 AND done = 0 ORDER BY url DESC LIMIT ?2")?;
        let rows = select.query_map(params![source, limit], |row| {
            let (url, kind): (String, String) = (row.get("url")?, row.get("kind")?);
            let since = time(row, "since")?;
            Ok(Url::parse(&url).ok().zip(ChapterKind::named(&kind)).map(|(url, kind)| Chapter { url, kind, since }))
        })?;
        Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// True where a chapter is known, read or not.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn has_chapter(&self, source: &str, url: &Url) -> Result<bool, StoreError> {
        Ok(self.db.prepare_cached("SELECT 1 FROM backfill WHERE source = ?1 AND url = ?2")?.exists([source, url.as_str()])?)
    }

    /// How many chapters of a source were read or given up, how many are still to be, and how many pages are to be fetched.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn past(&self, source: &str) -> Result<Past, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT coalesce(sum(done), 0) AS read, coalesce(sum(1 - done), 0) AS lists,
                   (SELECT count(*) FROM work WHERE job = 'article' AND owner = ?1 AND due IS NOT NULL) AS pages
            FROM backfill
            WHERE source = ?1",
        )?;
        Ok(select.query_row([source], |row| Ok(Past { read: row.get("read")?, lists: row.get("lists")?, pages: row.get("pages")? }))?)
    }
}

impl Writer<'_> {
    /// Wants a chapter read: once, or again where an older day is asked for than before.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn want_chapter(&self, source: &str, chapter: &Chapter) -> Result<(), StoreError> {
        let mut upsert = self.db.prepare_cached(
            "
            INSERT INTO backfill (source, url, kind, since)
            VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (source, url) DO UPDATE SET since = excluded.since, tries = 0, done = 0 WHERE excluded.since < since",
        )?;
        upsert.execute(params![source, chapter.url.as_str(), chapter.kind.as_str(), Time(chapter.since)])?;
        Ok(())
    }

    /// A chapter was read.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn chapter_read(&self, source: &str, url: &Url) -> Result<(), StoreError> {
        let mut update = self.db.prepare_cached("UPDATE backfill SET done = 1 WHERE source = ?1 AND url = ?2")?;
        update.execute([source, url.as_str()])?;
        Ok(())
    }

    /// A chapter did not come; after so many tries it is given up, which is told.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn chapter_failed(&self, source: &str, url: &Url, most: u32) -> Result<bool, StoreError> {
        let sql = "UPDATE backfill SET tries = tries + 1, done = (tries + 1 >= ?3) WHERE source = ?1 AND url = ?2 RETURNING done";
        Ok(self.db.prepare_cached(sql)?.query_row(params![source, url.as_str(), most], |row| row.get(0)).optional()?.unwrap_or(false))
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn a_chapter_is_read_once_and_again_for_an_older_day() {
        let mut store = Store::open_in_memory().unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        let chapter =
            |since| Chapter { url: Url::parse("https://a.example/sitemap.xml").unwrap(), kind: ChapterKind::Sitemap, since: at(since) };
        store.write(|writer| writer.want_chapter("A", &chapter(500))).unwrap();
        assert_eq!(store.chapters("A", 9).unwrap(), [chapter(500)]);
        store.write(|writer| writer.chapter_read("A", &chapter(0).url)).unwrap();
        store.write(|writer| writer.want_chapter("A", &chapter(500))).unwrap();
        let past = Past { read: 1, ..Past::default() };
        assert_eq!((store.chapters("A", 9).unwrap().len(), store.past("A").unwrap()), (0, past));
        store.write(|writer| writer.want_chapter("A", &chapter(100))).unwrap();
        assert_eq!(store.chapters("A", 9).unwrap(), [chapter(100)]);
        for open in [1, 0] {
            let given_up = store.write(|writer| writer.chapter_failed("A", &chapter(0).url, 2)).unwrap();
            assert_eq!(given_up, open == 0);
            assert_eq!(store.chapters("A", 9).unwrap().len(), open);
        }
    }
}
