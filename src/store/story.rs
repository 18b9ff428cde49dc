//! Tables `story`, `story_text`, `story_version`: stories with their text and what it was before.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, named_params, params};

use super::{
    SeenAddress, Store, StoreError, Writer,
    columns::{Json, Time, json, maybe_time, time},
    packed::blocks,
};
use crate::model::{
    page::{Block, Link},
    story::{Story, StoryId},
};

/// What storing a story came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoryOutcome {
    New,
    /// Its title or text differs; what it was is kept as a version.
    Changed,
    /// Title and text are as stored; other facts are taken over.
    Same,
    /// It was deleted for good and is not stored.
    Forgotten,
}

/// What a story was before it changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryVersion {
    /// Counted from 1.
    pub version: u32,
    /// When it was seen to have changed.
    pub until: Timestamp,
    pub title: String,
    pub blocks: Vec<Block>,
}

impl Store {
    /// A story with its text.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn story(&self, id: &StoryId) -> Result<Option<Story>, StoreError> {
        let mut select = self.db.prepare_cached(concat!(
            "
            SELECT id, url, outlet, title, author, published, published_from, first_seen, changed, summary, walled, area,
                   ",
            blocks!(),
            " AS blocks, links
            FROM story JOIN story_text ON story_text.story = story.n
            WHERE id = ?1",
        ))?;
        Ok(select.query_row([id], story).optional()?)
    }

    /// When a story was published, where that is known.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn story_published(&self, id: &StoryId) -> Result<Option<Timestamp>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT published FROM story WHERE id = ?1")?;
        Ok(select.query_row([id], |row| maybe_time(row, "published")).optional()?.flatten())
    }

    /// True where the text of a story was let go of.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn is_faded(&self, id: &StoryId) -> Result<bool, StoreError> {
        Ok(self.db.prepare_cached("SELECT 1 FROM story WHERE id = ?1 AND faded IS NOT NULL")?.exists([id])?)
    }

    /// When the text of a story was last seen to differ, if ever.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn story_changed(&self, id: &StoryId) -> Result<Option<Timestamp>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT changed FROM story WHERE id = ?1")?;
        Ok(select.query_row([id], |row| maybe_time(row, "changed")).optional()?.flatten())
    }

    /// What a story was before, first to last.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn story_versions(&self, id: &StoryId) -> Result<Vec<StoryVersion>, StoreError> {
        let mut select = self.db.prepare_cached(
            "
            SELECT version, until, title, blocks
            FROM story_version
            WHERE story = ?1
            ORDER BY version",
        )?;
        let rows = select.query_map([id], |row| {
            Ok(StoryVersion {
                version: row.get("version")?,
                until: time(row, "until")?,
                title: row.get("title")?,
                blocks: json(row, "blocks")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The number of a story in the bulk tables.
    pub(super) fn story_n(&self, id: &StoryId) -> Result<i64, StoreError> {
        let mut select = self.db.prepare_cached("SELECT n FROM story WHERE id = ?1")?;
        select.query_row([id], |row| row.get(0)).optional()?.ok_or_else(|| StoreError::NoStory(id.0.clone()))
    }
}

/// Puts the words of a story into the index, as its text stands.
pub(super) const INDEX: &str = concat!(
    "
    INSERT INTO story_fts (rowid, title, text)
    SELECT n, title, (
        SELECT group_concat(text, char(10))
        FROM (SELECT json_extract(value, '$.text') AS text FROM json_each(",
    blocks!(),
    ") ORDER BY key)
    )
    FROM story JOIN story_text ON story_text.story = story.n
    WHERE n = ?1"
);

/// Takes them out again, as long as that text stands.
pub(super) const UNINDEX: &str = concat!(
    "
    INSERT INTO story_fts (story_fts, rowid, title, text)
    SELECT 'delete', n, title, (
        SELECT group_concat(text, char(10))
        FROM (SELECT json_extract(value, '$.text') AS text FROM json_each(",
    blocks!(),
    ") ORDER BY key)
    )
    FROM story JOIN story_text ON story_text.story = story.n
    WHERE n = ?1"
);

impl Writer<'_> {
    /// Stores a story with the addresses it was seen at. What is new or changed becomes pending for tying.
    ///
    /// A text that a wall cuts never takes the place of a whole one. `first_seen` and `changed` of the value are not
    /// taken over: both follow from `now`.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn put_story(&self, story: &Story, addresses: &[SeenAddress], source: &str, now: Timestamp) -> Result<StoryOutcome, StoreError> {
        for key in addresses.iter().map(|address| &address.key).chain([&story.id.0]) {
            if self.forgotten(key)?.is_some() {
                self.bury(addresses, now)?;
                return Ok(StoryOutcome::Forgotten);
            }
        }
        let outcome = match self.story(&story.id)? {
            None => {
                self.insert_story(story, source, now)?;
                StoryOutcome::New
            }
            Some(known) => self.renew(&known, story, now)?,
        };
        for address in addresses {
            self.add_address(&story.id, &address.key, &address.url)?;
            self.settle_items(&address.key)?;
        }
        Ok(outcome)
    }

    /// Takes over what a better reader makes of the page that was stored: nobody rewrote it, so there is no version and no
    /// news of that. False where it is as it was. Neither a wall nor a page in which nothing is found any more takes a text
    /// away.
    ///
    /// # Errors
    /// Where there is no such story, or the database cannot be written.
    pub fn reread_story(&self, story: &Story) -> Result<bool, StoreError> {
        let Some(known) = self.story(&story.id)? else { return Err(StoreError::NoStory(story.id.0.clone())) };
        let loses = story.blocks.is_empty() && !known.blocks.is_empty();
        let same = known.title == story.title && known.blocks == story.blocks && !differs(&known, story);
        if same || loses || (story.walled && !known.walled) {
            return Ok(false);
        }
        self.update_story(story, known.changed)?;
        Ok(true)
    }

    fn renew(&self, known: &Story, story: &Story, now: Timestamp) -> Result<StoryOutcome, StoreError> {
        if self.is_faded(&known.id)? {
            self.update_story(story, known.changed)?;
            return Ok(StoryOutcome::Same);
        }
        if story.walled && !known.walled {
            return Ok(StoryOutcome::Same);
        }
        let changed = known.title != story.title || known.blocks != story.blocks;
        if changed {
            self.put_story_version(known, now)?;
        }
        if changed || differs(known, story) {
            self.update_story(story, changed.then_some(now).or(known.changed))?;
        }
        Ok(if changed { StoryOutcome::Changed } else { StoryOutcome::Same })
    }

    fn insert_story(&self, story: &Story, source: &str, now: Timestamp) -> Result<(), StoreError> {
        let piece = self.found_piece(&story.id, now)?;
        let mut insert = self.db.prepare_cached(
            "
            INSERT INTO story (id, source, url, outlet, title, author, published, published_from, first_seen, summary, words,
                               walled, area, piece)
            VALUES (:id, :source, :url, :outlet, :title, :author, :published, :published_from, :first_seen, :summary, :words,
                    :walled, :area, :piece)",
        )?;
        let n = insert.insert(named_params! {
            ":id": story.id,
            ":source": source,
            ":url": story.url,
            ":outlet": story.outlet,
            ":title": story.title,
            ":author": story.author,
            ":published": story.published.map(Time),
            ":published_from": story.published_from,
            ":first_seen": Time(now),
            ":summary": story.summary,
            ":words": story.words() as i64,
            ":walled": story.walled,
            ":area": Json(&story.area),
            ":piece": piece,
        })?;
        self.put_text(n, story)
    }

    fn update_story(&self, story: &Story, changed: Option<Timestamp>) -> Result<(), StoreError> {
        let n = self.story_n(&story.id)?;
        // The index knows its words by the text as it stands: they are taken out before it changes.
        self.db.prepare_cached(UNINDEX)?.execute([n])?;
        let mut update = self.db.prepare_cached(
            "
            UPDATE story
            SET url = :url,
                outlet = :outlet,
                title = :title,
                author = :author,
                published = :published,
                published_from = :published_from,
                changed = :changed,
                summary = :summary,
                words = :words,
                walled = :walled,
                area = :area,
                faded = NULL
            WHERE n = :n",
        )?;
        update.execute(named_params! {
            ":n": n,
            ":url": story.url,
            ":outlet": story.outlet,
            ":title": story.title,
            ":author": story.author,
            ":published": story.published.map(Time),
            ":published_from": story.published_from,
            ":changed": changed.map(Time),
            ":summary": story.summary,
            ":words": story.words() as i64,
            ":walled": story.walled,
            ":area": Json(&story.area),
        })?;
        self.mark_pending(&story.id)?;
        self.drop_packed(n)?;
        self.put_text(n, story)
    }

    fn put_text(&self, n: i64, story: &Story) -> Result<(), StoreError> {
        let mut upsert = self.db.prepare_cached(
            "
            INSERT INTO story_text (story, blocks, links)
            VALUES (?1, ?2, ?3)
            ON CONFLICT (story) DO UPDATE SET blocks = excluded.blocks, links = excluded.links",
        )?;
        upsert.execute(params![n, Json(&story.blocks), Json(&story.links)])?;
        self.db.prepare_cached(INDEX)?.execute([n])?;
        Ok(())
    }

    fn put_story_version(&self, known: &Story, now: Timestamp) -> Result<(), StoreError> {
        let mut insert = self.db.prepare_cached(
            "
            INSERT INTO story_version (story, version, until, title, blocks)
            VALUES (?1, (SELECT count(*) + 1 FROM story_version WHERE story = ?1), ?2, ?3, ?4)",
        )?;
        insert.execute(params![known.id, Time(now), known.title, Json(&known.blocks)])?;
        Ok(())
    }
}

/// True where anything but title and text differs, as far as it is stored.
fn differs(known: &Story, story: &Story) -> bool {
    let seconds = |time: Option<Timestamp>| time.map(Timestamp::as_second);
    known.url != story.url
        || known.outlet != story.outlet
        || known.author != story.author
        || seconds(known.published) != seconds(story.published)
        || known.published_from != story.published_from
        || known.summary != story.summary
        || known.links != story.links
        || known.walled != story.walled
        || known.area != story.area
}

fn story(row: &Row<'_>) -> rusqlite::Result<Story> {
    Ok(Story {
        id: row.get("id")?,
        url: row.get("url")?,
        outlet: row.get("outlet")?,
        title: row.get("title")?,
        author: row.get("author")?,
        published: maybe_time(row, "published")?,
        published_from: row.get("published_from")?,
        first_seen: time(row, "first_seen")?,
        changed: maybe_time(row, "changed")?,
        summary: row.get("summary")?,
        blocks: json::<Vec<Block>>(row, "blocks")?,
        links: json::<Vec<Link>>(row, "links")?,
        walled: row.get("walled")?,
        area: json(row, "area")?,
    })
}
