CREATE TABLE reader (
    name TEXT PRIMARY KEY,
    until TEXT NOT NULL,
    run INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX story_unjudged ON story (first_seen) WHERE judged_at IS NULL;

-- An index that SQLite 3.40 can open, over the text as it stands; the one before needed 3.43.
DROP TABLE story_fts;
DROP TABLE passage_fts;

CREATE VIRTUAL TABLE story_fts USING fts5 (
    title,
    text,
    content = '', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO story_fts (rowid, title, text)
SELECT n, title, (
    SELECT group_concat(text, char(10))
    FROM (SELECT json_extract(value, '$.text') AS text FROM json_each(story_text.blocks) ORDER BY key)
)
FROM story JOIN story_text ON story_text.story = story.n;

CREATE VIRTUAL TABLE passage_fts USING fts5 (
    text,
    content = 'passage', content_rowid = 'n', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO passage_fts (passage_fts) VALUES ('rebuild');
