-- A host's own word binds every request to it, and robots.txt is asked for once a day.
CREATE TABLE host (
    name TEXT PRIMARY KEY,
    asked TEXT,
    held TEXT,
    why TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE robots (
    origin TEXT PRIMARY KEY,
    body BLOB,
    etag TEXT,
    last_modified TEXT,
    given_by TEXT,
    fetched_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Validators go back only to who gave them; what a list wishes holds over a "not modified"; a full answer now and then
-- finds servers whose validators are stuck.
ALTER TABLE resource ADD COLUMN given_by TEXT;
ALTER TABLE resource ADD COLUMN full_at TEXT;
ALTER TABLE resource ADD COLUMN max_age INTEGER;
ALTER TABLE resource ADD COLUMN ttl INTEGER;
ALTER TABLE resource ADD COLUMN skip_hours INTEGER NOT NULL DEFAULT 0;
ALTER TABLE resource ADD COLUMN skip_days INTEGER NOT NULL DEFAULT 0;
UPDATE resource SET full_at = fetched_at;

-- A move for good is taken over when the same answer was given for days.
ALTER TABLE source ADD COLUMN first_try TEXT;
ALTER TABLE source ADD COLUMN moved_since TEXT;
ALTER TABLE source ADD COLUMN instead_of TEXT;
ALTER TABLE source ADD COLUMN instead TEXT;
UPDATE source SET first_try = last_try;
