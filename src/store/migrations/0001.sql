CREATE TABLE source (
    name TEXT PRIMARY KEY,
    last_try TEXT,
    last_success TEXT,
    last_new TEXT,
    next_due TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    failing_since TEXT,
    failure TEXT,
    detail TEXT,
    retry_after TEXT,
    moved_to TEXT,
    moved_times INTEGER NOT NULL DEFAULT 0,
    way INTEGER NOT NULL DEFAULT 0,
    items INTEGER NOT NULL DEFAULT 0,
    stories INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE resource (
    url TEXT PRIMARY KEY,
    etag TEXT,
    last_modified TEXT,
    fetched_at TEXT NOT NULL,
    full_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE item (
    key TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    url TEXT NOT NULL,
    state TEXT NOT NULL,
    title_hash INTEGER NOT NULL,
    at TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    next_try TEXT,
    failure TEXT,
    detail TEXT,
    item_key TEXT,
    title TEXT,
    summary TEXT,
    author TEXT,
    published TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX item_due ON item (source, next_try) WHERE state = 'due';

CREATE TABLE tombstone (
    hash BLOB PRIMARY KEY,
    at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE provider (
    urn TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    name TEXT NOT NULL,
    listed_latest TEXT,
    read_latest TEXT,
    listed_at TEXT NOT NULL,
    read_at TEXT,
    wanted INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE publication (
    urn TEXT NOT NULL REFERENCES provider (urn),
    url TEXT NOT NULL,
    label TEXT NOT NULL,
    published TEXT,
    event TEXT,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    gone_since TEXT,
    PRIMARY KEY (urn, url)
) STRICT, WITHOUT ROWID;
CREATE INDEX publication_url ON publication (url);

CREATE TABLE file_failure (
    url TEXT PRIMARY KEY,
    tries INTEGER NOT NULL,
    next_try TEXT,
    failure TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE file (
    sha256 TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;

CREATE TABLE report (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    provider_url TEXT,
    urn TEXT,
    published TEXT,
    first_seen TEXT NOT NULL,
    sha256 TEXT NOT NULL REFERENCES file (sha256),
    parser INTEGER NOT NULL,
    status TEXT NOT NULL,
    withdrawn TEXT,
    reason TEXT,
    framework TEXT NOT NULL,
    title TEXT NOT NULL,
    authority TEXT,
    inspected_from TEXT,
    inspected_to TEXT,
    published_printed TEXT,
    lead_inspector TEXT,
    pages INTEGER NOT NULL,
    last_paragraph INTEGER NOT NULL,
    doubts TEXT NOT NULL
) STRICT;
CREATE INDEX report_authority ON report (authority, published);
CREATE INDEX report_published ON report (published);
CREATE INDEX report_url ON report (url);

CREATE TABLE report_version (
    report TEXT NOT NULL REFERENCES report (id),
    version INTEGER NOT NULL,
    sha256 TEXT NOT NULL REFERENCES file (sha256),
    first_seen TEXT NOT NULL,
    facts TEXT NOT NULL,
    changed TEXT NOT NULL,
    PRIMARY KEY (report, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE judgement (
    report TEXT NOT NULL REFERENCES report (id),
    place INTEGER NOT NULL,
    key TEXT NOT NULL,
    label TEXT NOT NULL,
    grade TEXT NOT NULL,
    printed TEXT NOT NULL,
    readings INTEGER NOT NULL,
    agree INTEGER NOT NULL,
    PRIMARY KEY (report, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE recommendation (
    report TEXT NOT NULL REFERENCES report (id),
    place INTEGER NOT NULL,
    n INTEGER NOT NULL,
    text TEXT NOT NULL,
    page INTEGER NOT NULL,
    PRIMARY KEY (report, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE passage (
    n INTEGER PRIMARY KEY,
    report INTEGER NOT NULL REFERENCES report (n),
    place INTEGER NOT NULL,
    page INTEGER NOT NULL,
    number INTEGER,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (report, place)
) STRICT;

CREATE VIRTUAL TABLE passage_fts USING fts5 (
    text,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0'
);

CREATE TABLE shingle (
    hash INTEGER NOT NULL,
    report INTEGER NOT NULL REFERENCES report (n),
    passage INTEGER NOT NULL,
    PRIMARY KEY (hash, report, passage)
) STRICT, WITHOUT ROWID;

CREATE TABLE shingle_set (
    report INTEGER PRIMARY KEY REFERENCES report (n),
    hashes BLOB NOT NULL
) STRICT;

CREATE TABLE story (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    url TEXT NOT NULL,
    outlet TEXT NOT NULL,
    title TEXT NOT NULL,
    author TEXT,
    published TEXT,
    published_from TEXT,
    first_seen TEXT NOT NULL,
    changed TEXT,
    summary TEXT NOT NULL,
    words INTEGER NOT NULL,
    walled INTEGER NOT NULL,
    area TEXT NOT NULL,
    cluster TEXT NOT NULL,
    pending INTEGER NOT NULL DEFAULT 1,
    judged_at TEXT,
    relevant INTEGER NOT NULL DEFAULT 0,
    why TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL DEFAULT 'other',
    stated_grades TEXT NOT NULL DEFAULT '[]',
    waiting_for TEXT,
    state TEXT NOT NULL DEFAULT 'none',
    review TEXT NOT NULL DEFAULT 'new'
) STRICT;
CREATE INDEX story_pending ON story (n) WHERE pending = 1;
CREATE INDEX story_cluster ON story (cluster);
CREATE INDEX story_first_seen ON story (first_seen);
CREATE INDEX story_state ON story (state);

CREATE TABLE story_text (
    story INTEGER PRIMARY KEY REFERENCES story (n),
    blocks TEXT NOT NULL,
    links TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE story_fts USING fts5 (
    title,
    text,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0'
);

CREATE TABLE story_version (
    story TEXT NOT NULL REFERENCES story (id),
    version INTEGER NOT NULL,
    until TEXT NOT NULL,
    title TEXT NOT NULL,
    blocks TEXT NOT NULL,
    PRIMARY KEY (story, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE address (
    key TEXT PRIMARY KEY,
    story TEXT NOT NULL REFERENCES story (id),
    url TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX address_story ON address (story, url);

CREATE TABLE story_authority (
    story TEXT NOT NULL REFERENCES story (id),
    place INTEGER NOT NULL,
    authority TEXT NOT NULL,
    PRIMARY KEY (story, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_authority_name ON story_authority (authority, story);

CREATE TABLE fingerprint (
    story INTEGER PRIMARY KEY REFERENCES story (n),
    signature BLOB NOT NULL
) STRICT;

CREATE TABLE fingerprint_band (
    hash INTEGER NOT NULL,
    story INTEGER NOT NULL REFERENCES story (n),
    PRIMARY KEY (hash, story)
) STRICT, WITHOUT ROWID;
CREATE INDEX fingerprint_band_story ON fingerprint_band (story);

CREATE TABLE tie (
    story TEXT NOT NULL REFERENCES story (id),
    report TEXT NOT NULL REFERENCES report (id),
    state TEXT NOT NULL,
    confidence REAL NOT NULL,
    kind TEXT NOT NULL,
    grade_check TEXT NOT NULL,
    undecided TEXT,
    PRIMARY KEY (story, report)
) STRICT, WITHOUT ROWID;
CREATE INDEX tie_report ON tie (report, state);

CREATE TABLE evidence (
    story TEXT NOT NULL,
    report TEXT NOT NULL,
    place INTEGER NOT NULL,
    kind TEXT NOT NULL,
    in_story TEXT NOT NULL,
    in_report TEXT NOT NULL,
    page INTEGER,
    paragraph TEXT,
    weight REAL NOT NULL,
    PRIMARY KEY (story, report, place),
    FOREIGN KEY (story, report) REFERENCES tie (story, report) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE quotation (
    story TEXT NOT NULL REFERENCES story (id),
    place INTEGER NOT NULL,
    text TEXT NOT NULL,
    speaker TEXT,
    found INTEGER NOT NULL,
    exact INTEGER NOT NULL,
    report TEXT REFERENCES report (id),
    page INTEGER,
    paragraph TEXT,
    PRIMARY KEY (story, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
    n INTEGER PRIMARY KEY,
    story TEXT NOT NULL REFERENCES story (id),
    at TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX note_story ON note (story, n);

CREATE TABLE decision (
    n INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    story TEXT NOT NULL REFERENCES story (id),
    report TEXT REFERENCES report (id),
    was TEXT,
    became TEXT
) STRICT;
CREATE INDEX decision_story ON decision (story, n);
CREATE TRIGGER decision_stands BEFORE UPDATE ON decision
BEGIN
    SELECT RAISE (ABORT, 'decisions are only ever added');
END;

CREATE TABLE run (
    n INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    ended TEXT,
    sources INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    requests INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    items INTEGER NOT NULL DEFAULT 0,
    stories INTEGER NOT NULL DEFAULT 0,
    stories_changed INTEGER NOT NULL DEFAULT 0,
    reports INTEGER NOT NULL DEFAULT 0,
    reports_changed INTEGER NOT NULL DEFAULT 0,
    judged INTEGER NOT NULL DEFAULT 0,
    tied INTEGER NOT NULL DEFAULT 0
) STRICT;
