//! Housekeeping: is the database whole, and a copy of it in another file.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{Store, StoreError, filter::LATE_HOURS, open::private_file, original::body};

/// Lines of SQLite's own check that are kept; a damaged file yields thousands.
const MAX_LINES: usize = 20;

/// What a check of the database found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Check {
    /// One line each; empty where all is well.
    pub problems: Vec<String>,
    pub stories: u32,
    pub reports: u32,
    /// Report files whose bytes were held against their hash.
    pub files: u32,
    /// The same of stories: their pages as they were received.
    pub originals: u32,
    /// The size of the database in bytes.
    pub size: u64,
    /// What takes the space, most first: a name and its bytes; empty where the pages were not gone through.
    pub space: Vec<(&'static str, u64)>,
}

/// Both stand in one table.
const REPORT_FILES: &str = "report files";
const ORIGINALS: &str = "pages of stories";

/// What takes space, with the tables that it is made of, as SQL patterns.
const SPACE: [(&str, &[&str]); 12] = [
    (REPORT_FILES, &["file"]),
    (ORIGINALS, &["original"]),
    ("texts of reports", &["passage", "recommendation", "judgement", "report", "report_version"]),
    ("words of reports", &["passage_fts%"]),
    ("shared-text index", &["shingle", "shingle_set"]),
    ("stories", &["story", "piece", "piece_count", "address", "story_authority", "article_number"]),
    ("texts of stories", &["story_text", "story_packed", "story_version"]),
    ("words of stories", &["story_fts%"]),
    ("signatures of stories", &["fingerprint", "fingerprint_band"]),
    ("ties, evidence, quotations", &["tie", "evidence", "quotation", "mention"]),
    ("items of sources", &["item"]),
    ("all else", &["%"]),
];

impl Check {
    pub fn is_well(&self) -> bool {
        self.problems.is_empty()
    }
}

impl Store {
    /// What is in the database and how large it is, without a look at whether it is whole.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn sizes(&self) -> Result<Check, StoreError> {
        let count = |sql| self.db.query_row(sql, [], |row| row.get(0));
        let (stories, reports) = (count("SELECT count(*) FROM story")?, count("SELECT count(*) FROM report")?);
        Ok(Check { stories, reports, size: self.size()?, ..Check::default() })
    }

    /// The size of the database in bytes.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn size(&self) -> Result<u64, StoreError> {
        let size: i64 =
            self.db.query_row("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", [], |row| row.get(0))?;
        Ok(size.unsigned_abs())
    }

    /// Reads the whole database and says what is wrong with it: pages, references, search index, packed texts, report files.
    ///
    /// # Errors
    /// Where it cannot even be read.
    pub fn check(&self) -> Result<Check, StoreError> {
        let mut check = Check { problems: self.broken_pages()?, ..Check::default() };
        if !check.is_well() {
            return Ok(check);
        }
        check.problems.extend(self.broken_references()?);
        check.problems.extend(self.broken_index()?);
        check.problems.extend(self.broken_pieces()?);
        check.problems.extend(self.broken_texts()?);
        let count = |sql| self.db.query_row(sql, [], |row| row.get(0));
        check.stories = count("SELECT count(*) FROM story")?;
        check.reports = count("SELECT count(*) FROM report")?;
        check.size = self.size()?;
        check.space = self.space()?;
        self.check_files(&mut check)?;
        Ok(check)
    }

    /// Holds the bytes of every file against their hash.
    fn check_files(&self, check: &mut Check) -> Result<(), StoreError> {
        let mut select = self.db.prepare(
            "
            SELECT sha256, body, packed, EXISTS (SELECT 1 FROM original WHERE original.sha256 = file.sha256) AS of_story
            FROM file
            ORDER BY sha256",
        )?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let (sha256, of_story): (String, bool) = (row.get("sha256")?, row.get("of_story")?);
            *(if of_story { &mut check.originals } else { &mut check.files }) += 1;
            if body(row).is_ok_and(|bytes| hex(&Sha256::digest(bytes)) == sha256) {
                continue;
            }
            let what = if of_story { "page of a story" } else { "report file" };
            check.problems.push(format!("the {what} {sha256} is not what was stored"));
        }
        Ok(())
    }

    /// What takes the space, most first.
    fn space(&self) -> Result<Vec<(&'static str, u64)>, StoreError> {
        let mut select = self.db.prepare(
            "
            SELECT coalesce(tbl_name, dbstat.name), sum(pgsize)
            FROM dbstat LEFT JOIN sqlite_schema ON sqlite_schema.name = dbstat.name
            WHERE aggregate = TRUE
            GROUP BY 1",
        )?;
        let tables = select.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
        let mut space: Vec<(&'static str, u64)> = SPACE.iter().map(|(name, _)| (*name, 0)).collect();
        for table in tables {
            let (table, bytes) = table?;
            let fits = |pattern: &&str| pattern.strip_suffix('%').map_or(*pattern == table, |start| table.starts_with(start));
            if let Some(at) = SPACE.iter().position(|(_, patterns)| patterns.iter().any(fits)) {
                space[at].1 += bytes;
            }
        }
        let originals: i64 = self.db.query_row(
            "SELECT coalesce(sum(length(body)), 0) FROM file WHERE sha256 IN (SELECT sha256 FROM original)",
            [],
            |row| row.get(0),
        )?;
        for (name, bytes) in &mut space {
            match *name {
                REPORT_FILES => *bytes = bytes.saturating_sub(originals.unsigned_abs()),
                ORIGINALS => *bytes += originals.unsigned_abs(),
                _ => {}
            }
        }
        space.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
        space.retain(|(_, bytes)| *bytes > 0);
        Ok(space)
    }

    /// Copies the database into a new file, compact and in one piece, while others may read and write it; gives its
    /// size in bytes.
    ///
    /// # Errors
    /// Where the file exists already or cannot be written. Then there is no half copy.
    pub fn backup(&self, to: &Path) -> Result<u64, StoreError> {
        let failed = |cause: String| StoreError::Backup { path: to.to_owned(), cause };
        let to = std::path::absolute(to).map_err(|error| failed(error.to_string()))?;
        let mut part = to.clone().into_os_string();
        part.push(".part");
        let part = PathBuf::from(part);
        // Takes the name first, so that of two backups at once one is refused.
        if !private_file(&to).map_err(|error| failed(error.to_string()))? {
            return Err(failed("the file exists already".into()));
        }
        let done = self.copy_into(&part).and_then(|size| fs::rename(&part, &to).map(|()| size).map_err(CopyError::File));
        done.map_err(|error| {
            // Both may be missing; the cause is what the reader needs.
            let _ = fs::remove_file(&part);
            let _ = fs::remove_file(&to);
            match error {
                CopyError::Store(StoreError::Full) => StoreError::NoRoom { path: to },
                CopyError::File(error) if error.kind() == io::ErrorKind::StorageFull => StoreError::NoRoom { path: to },
                // Nothing is wrong with the place it goes to.
                CopyError::Store(damaged @ StoreError::Damaged(_)) => damaged,
                CopyError::Store(error) => failed(error.to_string()),
                CopyError::File(error) => failed(error.to_string()),
            }
        })
    }

    fn copy_into(&self, part: &Path) -> Result<u64, CopyError> {
        let name = part.to_str().ok_or_else(|| CopyError::File(io::Error::other("the name is not UTF-8")))?;
        if part.exists() {
            fs::remove_file(part)?;
        }
        private_file(part)?;
        self.db.execute("VACUUM INTO ?1", [name]).map_err(StoreError::from)?;
        let file = fs::File::open(part)?;
        file.sync_all()?;
        Ok(file.metadata()?.len())
    }

    fn broken_pages(&self) -> Result<Vec<String>, StoreError> {
        let mut select = self.db.prepare(&format!("PRAGMA integrity_check ({MAX_LINES})"))?;
        let lines = select.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        Ok(lines.into_iter().filter(|line| line != "ok").collect())
    }

    fn broken_references(&self) -> Result<Vec<String>, StoreError> {
        let mut select = self.db.prepare("SELECT DISTINCT \"table\", parent FROM pragma_foreign_key_check LIMIT ?1")?;
        let rows = select.query_map([MAX_LINES as i64], |row| {
            Ok(format!("a row of `{}` points to no row of `{}`", row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every story is a copy of one piece, every piece has a copy, and says which stands for it; what is kept of pieces elsewhere
    /// is what they say.
    fn broken_pieces(&self) -> Result<Option<String>, StoreError> {
        let odd: i64 = self.db.query_row(
            "
            SELECT (SELECT count(*) FROM story WHERE piece IS NULL)
                 + (SELECT count(*)
                    FROM piece
                    WHERE stands IS NULL
                       OR (stands, relevant, at) IS NOT (
                           SELECT id, relevant, coalesce(published, story.first_seen)
                           FROM story
                           WHERE story.piece = piece.id
                           ORDER BY relevant DESC, coalesce(published, story.first_seen), id
                           LIMIT 1)
                       OR best IS NOT (SELECT max(confidence) FROM tie WHERE tie.piece = piece.id AND tie.state = 'possible'))
                 + (SELECT count(*)
                    FROM story_authority JOIN story ON story.id = story_authority.story JOIN piece ON piece.id = story.piece
                    WHERE (story_authority.piece, open_at, open_stands) IS NOT (
                        iif(story.relevant = 1, story.piece, NULL),
                        iif(story.relevant = 1 AND piece.relevant = 1 AND state <> 'tied' AND review <> 'discarded', at, NULL),
                        iif(story.relevant = 1 AND piece.relevant = 1 AND state <> 'tied' AND review <> 'discarded', stands, NULL)))
                 + (SELECT count(*)
                    FROM story JOIN piece ON piece.id = story.piece
                    WHERE late IS NOT iif(story.first_seen > strftime('%Y-%m-%dT%H:%M:%SZ', piece.first_seen, ?1),
                                          piece.first_seen, NULL))
                 + (SELECT count(*)
                    FROM piece_count
                    WHERE many <> CASE what
                        WHEN 'shown' THEN (SELECT count(*) FROM piece WHERE relevant = 1 AND review <> 'discarded')
                        WHEN 'undecided' THEN (SELECT count(*)
                                               FROM piece
                                               WHERE relevant = 1 AND review <> 'discarded' AND state = 'possible')
                        WHEN 'unseen' THEN (SELECT count(*)
                                            FROM piece
                                            WHERE relevant = 1 AND review = 'new' AND state <> 'possible')
                        ELSE (SELECT count(*)
                              FROM piece
                              WHERE relevant = 1 AND review <> 'discarded' AND waiting_for IS NOT NULL AND state <> 'tied')
                    END)",
            [format!("+{LATE_HOURS} hours")],
            |row| row.get(0),
        )?;
        Ok((odd > 0).then(|| format!("stories and their pieces differ in {odd} rows")))
    }

    /// Rows and search index must have the same numbers.
    fn broken_index(&self) -> Result<Vec<String>, StoreError> {
        let pairs = [("story", "story_fts"), ("passage", "passage_fts")];
        let mut problems = Vec::new();
        for (table, index) in pairs {
            let sql = format!(
                "
                SELECT (SELECT count(*) FROM {table} WHERE n NOT IN (SELECT id FROM {index}_docsize))
                     + (SELECT count(*) FROM {index}_docsize WHERE id NOT IN (SELECT n FROM {table}))"
            );
            let odd: i64 = self.db.query_row(&sql, [], |row| row.get(0))?;
            if odd > 0 {
                problems.push(format!("the search index `{index}` and its table differ in {odd} rows"));
            }
        }
        Ok(problems)
    }
}

/// Why no copy came to be.
#[derive(Debug, thiserror::Error)]
enum CopyError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    File(#[from] io::Error),
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
