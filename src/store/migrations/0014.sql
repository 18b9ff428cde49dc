-- The originals of stories, and what is let go of in time.
ALTER TABLE file ADD COLUMN packed INTEGER NOT NULL DEFAULT 0;

CREATE TABLE original (
    story INTEGER NOT NULL REFERENCES story (n),
    at TEXT NOT NULL,
    url TEXT NOT NULL,
    answered TEXT NOT NULL,
    status INTEGER,
    headers TEXT NOT NULL,
    item TEXT NOT NULL,
    sha256 TEXT NOT NULL REFERENCES file (sha256),
    PRIMARY KEY (story, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX original_at ON original (at);
CREATE INDEX original_sha256 ON original (sha256);

-- Whoever deletes a file is asked whether anything still names it.
CREATE INDEX report_sha256 ON report (sha256);
CREATE INDEX report_version_sha256 ON report_version (sha256);

ALTER TABLE story ADD COLUMN faded TEXT;
CREATE INDEX story_unrelated ON story (first_seen) WHERE relevant = 0 AND faded IS NULL;

ALTER TABLE item ADD COLUMN listed TEXT NOT NULL DEFAULT '';
UPDATE item SET listed = at;
CREATE INDEX item_listed ON item (source, listed);
