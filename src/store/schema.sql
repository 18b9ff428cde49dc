-- The database as the newest version of tieback keeps it.
--
-- This file documents; the numbered files in `migrations/` do. A test holds the two against each other.
--
-- Times are RFC 3339 in UTC and whole seconds ("2017-11-29T12:00:00Z"), days are "2017-11-24", so that text order is
-- time order. Yes and no are 1 and 0. Lists that are never searched are JSON. Hashes of 64 bits stand in INTEGER, bit for
-- bit. Stories and reports are named by their ids; the bulk tables name them by their number `n`, which is shorter.

-- ── what is fetched ─────────────────────────────────────────────────────────────────────────────────────────────────

-- How each source of the configuration fares.
CREATE TABLE source (
    name TEXT PRIMARY KEY,                         -- its name in the configuration
    last_try TEXT,                                 -- when it was last asked
    last_success TEXT,                             -- when it last answered with something readable, or "not modified"
    last_new TEXT,                                 -- when it last gave something not seen before
    failures INTEGER NOT NULL DEFAULT 0,           -- failures in a row
    failing_since TEXT,                            -- the first of them
    failure TEXT,                                  -- the last failure by its name, NULL when all is well
    detail TEXT,                                   -- what happened, for a reader
    moved_to TEXT,                                 -- where its permanent redirect leads
    moved_times INTEGER NOT NULL DEFAULT 0,        -- how often in a row that same redirect was seen
    items INTEGER NOT NULL DEFAULT 0,              -- new items seen in all
    stories INTEGER NOT NULL DEFAULT 0,            -- stories kept of them
    doubts TEXT NOT NULL DEFAULT '[]',             -- JSON list: what was lost or doubtful in its last list
    first_try TEXT,                                -- when it was first asked
    moved_since TEXT,                              -- when that redirect was first seen
    instead_of TEXT,                               -- the configured address that moved for good
    instead TEXT                                   -- where to it moved: asked in its place
) STRICT, WITHOUT ROWID;

-- Validators of everything fetched, for conditional requests (RFC 9110, section 8.8).
CREATE TABLE resource (
    url TEXT PRIMARY KEY,                          -- the address asked for
    etag TEXT,                                     -- byte for byte as received, quotes included
    last_modified TEXT,                            -- byte for byte as received
    fetched_at TEXT NOT NULL,                      -- the last answer, 200 or 304
    given_by TEXT,                                 -- the address that gave them, where a redirect led to another
    full_at TEXT,                                  -- the last answer with a body
    max_age INTEGER,                               -- seconds: Cache-Control max-age, or Expires less Date
    ttl INTEGER,                                   -- seconds: the least time between two requests, as the feed says
    skip_hours INTEGER NOT NULL DEFAULT 0,         -- hours, in UTC, in which it is not to be asked for: a bit each
    skip_days INTEGER NOT NULL DEFAULT 0           -- days on which it is not to be asked for: a bit each, from Monday on
) STRICT, WITHOUT ROWID;

-- What hosts asked for, and when each was last asked: it binds every request to them, whatever it is for.
CREATE TABLE host (
    name TEXT PRIMARY KEY,                         -- with the port where it is not the usual one
    asked TEXT,                                    -- when a run last asked it
    held TEXT,                                     -- it asked to be left alone until then
    why TEXT                                       -- what it answered
) STRICT, WITHOUT ROWID;

-- The robots.txt of each origin, used for a day and then asked for conditionally.
CREATE TABLE robots (
    origin TEXT PRIMARY KEY,                       -- scheme, host and port
    body BLOB,                                     -- as received; NULL where there is none
    etag TEXT,                                     -- byte for byte as received
    last_modified TEXT,                            -- byte for byte as received
    given_by TEXT,                                 -- the address that gave it, where a redirect led to another
    fetched_at TEXT NOT NULL                       -- the last answer
) STRICT, WITHOUT ROWID;

-- How far the fetching of older stories has come: lists of the past, each looked at once.
CREATE TABLE backfill (
    source TEXT NOT NULL,                          -- whose list it is
    url TEXT NOT NULL,                             -- where the list is
    kind TEXT NOT NULL,                            -- posts | sitemap | archive
    since TEXT NOT NULL,                           -- older stories are not asked for
    tries INTEGER NOT NULL DEFAULT 0,              -- failures until now
    done INTEGER NOT NULL DEFAULT 0,               -- 1 where it was read, or given up
    PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;

-- What is to be done, and when: one row a job that is not done. `crate::work` decides what a row becomes.
CREATE TABLE work (
    job TEXT NOT NULL,                             -- list | article | provider | file | read | judge
    owner TEXT NOT NULL,                           -- the source of a list or an article, the hash of bytes to read; else empty
    subject TEXT NOT NULL,                         -- the way of a list, the key of an address, a URN, an address, a piece
    due TEXT,                                      -- to be done from then on; NULL where it is given up
    held TEXT,                                     -- the server asked us to stay away until then
    tries INTEGER NOT NULL DEFAULT 0,              -- failures of theirs in a row
    faults INTEGER NOT NULL DEFAULT 0,             -- faults of ours in a row
    failure TEXT,                                  -- their last failure by its name, NULL when all is well
    detail TEXT,                                   -- what happened, for a reader
    since TEXT,                                    -- the first of the failures in a row
    tried_at TEXT,                                 -- when it was last tried
    address TEXT,                                  -- of a list that was asked: the address that was configured then
    PRIMARY KEY (job, owner, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX work_due ON work (job, owner, due) WHERE due IS NOT NULL;

-- Items of feeds and lists that were judged, by their source, so that none is judged or fetched again without need.
CREATE TABLE item (
    source TEXT NOT NULL,                          -- the source that lists it
    key TEXT NOT NULL,                             -- the canonical address
    guid TEXT,                                     -- as its source gave it, where that names one item and says more than the address
    url TEXT NOT NULL,                             -- the address to fetch
    title_hash INTEGER NOT NULL,                   -- of the folded title: a new title is judged anew
    passed INTEGER NOT NULL,                       -- 1 where the gate let it through
    at TEXT NOT NULL,                              -- when it was last seen to be new or changed
    title TEXT,                                    -- while its page is wanted: its title
    summary TEXT,                                  -- while its page is wanted: its summary
    author TEXT,                                   -- while its page is wanted: its author
    published TEXT,                                -- while its page is wanted: its date
    former BLOB,                                   -- hashes of titles that it had before, the last first: none is judged anew
    listed TEXT NOT NULL DEFAULT '',               -- when its source last listed it, give or take a week
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_guid ON item (source, guid) WHERE guid IS NOT NULL;
CREATE INDEX item_key ON item (key);
CREATE INDEX item_listed ON item (source, listed);

-- Addresses deleted for good: nothing of them is left but this.
CREATE TABLE tombstone (
    hash BLOB PRIMARY KEY,                         -- SHA-256 of the canonical address, or of what an item is known by at any address
    at TEXT NOT NULL                               -- when it was deleted
) STRICT, WITHOUT ROWID;

-- Ofsted's pages of authorities.
CREATE TABLE provider (
    urn TEXT PRIMARY KEY,                          -- Ofsted's unique reference number
    url TEXT NOT NULL,                             -- the provider page
    name TEXT NOT NULL,                            -- as listed
    listed_latest TEXT,                            -- day of the latest report, as the search list says now
    read_latest TEXT,                              -- the same when the page was last read well
    listed_at TEXT NOT NULL,                       -- when the search list last had it
    read_at TEXT                                   -- when the page was last read well
) STRICT, WITHOUT ROWID;

-- What the provider pages list.
CREATE TABLE publication (
    urn TEXT NOT NULL REFERENCES provider (urn),   -- the provider page
    url TEXT NOT NULL,                             -- the canonical address of the file
    label TEXT NOT NULL,                           -- as shown: "Children's services inspection"
    published TEXT,                                -- the day of publication, as listed
    event TEXT,                                    -- the (first) day of the inspection, as listed
    first_seen TEXT NOT NULL,                      -- when it was first listed
    last_seen TEXT NOT NULL,                       -- when it was last listed
    gone_since TEXT,                               -- when it was first missing from the page
    PRIMARY KEY (urn, url)
) STRICT, WITHOUT ROWID;
CREATE INDEX publication_url ON publication (url);

-- With what the stored readings and judgements were made.
CREATE TABLE made_with (
    part TEXT PRIMARY KEY,                         -- gazetteer | tying | retention | sweep | packing
    version TEXT NOT NULL,                         -- a hash of it, the version of the program, or how far it has come
    at TEXT                                        -- when it last did its work on everything that was stored
) STRICT, WITHOUT ROWID;

-- ── reports ─────────────────────────────────────────────────────────────────────────────────────────────────────────

-- The files themselves, of reports and of stories, so that a better reader can read them again without fetching.
CREATE TABLE file (
    sha256 TEXT PRIMARY KEY,                       -- of the bytes as received, in hexadecimal
    size INTEGER NOT NULL,                         -- of the same, in bytes
    body BLOB NOT NULL,                            -- the bytes
    packed INTEGER NOT NULL DEFAULT 0              -- 1 where the body is gzip of them
) STRICT;

-- One row a report, with its latest reading.
CREATE TABLE report (
    n INTEGER PRIMARY KEY,                         -- its number in the bulk tables
    id TEXT NOT NULL UNIQUE,                       -- r- and the number of its file at Ofsted, else a hash of its address
    url TEXT NOT NULL,                             -- the canonical address of the file
    provider_url TEXT,                             -- the provider page
    urn TEXT,                                      -- the provider's number
    published TEXT,                                -- the day of publication, from the listing, else as printed
    first_seen TEXT NOT NULL,                      -- when its first file was stored
    sha256 TEXT NOT NULL REFERENCES file (sha256), -- the latest file
    parser INTEGER NOT NULL,                       -- the version of the parser that made the reading
    status TEXT NOT NULL,                          -- current | unreadable | not-a-report
    withdrawn TEXT,                                -- when it was first missing from the listing
    reason TEXT,                                   -- why it is not current
    framework TEXT NOT NULL,                       -- SIF | ILACS | JTAI | Area SEND | focused visit | monitoring visit | LAC inspection 2013 | other
    title TEXT NOT NULL,                           -- as printed
    authority TEXT,                                -- the canonical name
    inspected_from TEXT,                           -- the first day of the inspection
    inspected_to TEXT,                             -- its last day
    published_printed TEXT,                        -- the day of publication that the file prints
    lead_inspector TEXT,                           -- as printed
    pages INTEGER NOT NULL,                        -- pages of the file
    last_paragraph INTEGER NOT NULL,               -- the last number of its numbered paragraphs, 0 where there are none
    doubts TEXT NOT NULL                           -- JSON list: what could not be read for sure
) STRICT;
CREATE INDEX report_authority ON report (authority, published);
CREATE INDEX report_newest ON report (published DESC, id);
CREATE INDEX report_first_seen ON report (first_seen);
CREATE INDEX report_status ON report (status);
CREATE INDEX report_url ON report (url);
CREATE INDEX report_sha256 ON report (sha256);
CREATE INDEX report_framework ON report (framework, id);
CREATE INDEX report_parser ON report (parser);

-- The files that stood at a report's address, first to last.
CREATE TABLE report_version (
    report TEXT NOT NULL REFERENCES report (id),   -- the report
    version INTEGER NOT NULL,                      -- counted from 1
    sha256 TEXT NOT NULL REFERENCES file (sha256), -- its file
    first_seen TEXT NOT NULL,                      -- when it was first seen
    facts TEXT NOT NULL,                           -- JSON object: what its reading said on the cover
    changed TEXT NOT NULL,                         -- JSON list: what differs from the version before, one line each
    PRIMARY KEY (report, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_version_replaced ON report_version (first_seen) WHERE version > 1;
CREATE INDEX report_version_sha256 ON report_version (sha256);

-- The judgements of a report.
CREATE TABLE judgement (
    report TEXT NOT NULL REFERENCES report (id),   -- the report
    place INTEGER NOT NULL,                        -- in the order of print, from 0
    key TEXT NOT NULL,                             -- overall | leaders | …
    label TEXT NOT NULL,                           -- as printed
    grade TEXT NOT NULL,                           -- in lower case
    printed TEXT NOT NULL,                         -- the grade as printed
    readings INTEGER NOT NULL,                     -- places of the report it was read from
    agree INTEGER NOT NULL,                        -- 0 where those places differ
    PRIMARY KEY (report, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX judgement_grade ON judgement (grade, report) WHERE key IN ('overall', 'outcome');

-- The recommendations of a report, or what it says needs to improve.
CREATE TABLE recommendation (
    report TEXT NOT NULL REFERENCES report (id),   -- the report
    place INTEGER NOT NULL,                        -- in the order of print, from 0
    n INTEGER NOT NULL,                            -- as counted by the reading, from 1
    text TEXT NOT NULL,                            -- as printed
    page INTEGER NOT NULL,                         -- where it begins
    PRIMARY KEY (report, place)
) STRICT, WITHOUT ROWID;

-- The text of a report.
CREATE TABLE passage (
    n INTEGER PRIMARY KEY,                         -- its number in passage_fts
    report INTEGER NOT NULL REFERENCES report (n), -- the report
    place INTEGER NOT NULL,                        -- in reading order, from 0
    page INTEGER NOT NULL,                         -- where it begins, from 1
    number INTEGER,                                -- the printed paragraph number
    kind TEXT NOT NULL,                            -- cover | heading | paragraph | bullet | footnote
    text TEXT NOT NULL,                            -- plain text
    UNIQUE (report, place)
) STRICT;

-- Full text of passages. The text itself stays in `passage`, as SQLite calls it an external content table.
CREATE VIRTUAL TABLE passage_fts USING fts5 (
    text,                                          -- the text; row ids are passage.n
    content = 'passage', content_rowid = 'n', tokenize = 'unicode61 remove_diacritics 2'
);

-- Where each shingle of the reports stands, to find shared text whatever the authority.
CREATE TABLE shingle (
    hash INTEGER NOT NULL,                         -- of the shingle's words
    report INTEGER NOT NULL REFERENCES report (n), -- a report that has it
    passage INTEGER NOT NULL,                      -- the passage in that report, by place
    PRIMARY KEY (hash, report, passage)
) STRICT, WITHOUT ROWID;

-- The shingles of each report again, so that they can be taken out of the index without searching it.
CREATE TABLE shingle_set (
    report INTEGER PRIMARY KEY REFERENCES report (n), -- the report
    hashes BLOB NOT NULL                           -- 64-bit hashes, little-endian, ascending
) STRICT;

-- ── stories ─────────────────────────────────────────────────────────────────────────────────────────────────────────

-- One row a story: what was published, and what is thought of it.
CREATE TABLE story (
    n INTEGER PRIMARY KEY,                         -- its number in the bulk tables
    id TEXT NOT NULL UNIQUE,                       -- s- and a hash of its canonical address
    source TEXT NOT NULL,                          -- the source that gave it first
    url TEXT NOT NULL,                             -- where to read it
    outlet TEXT NOT NULL,                          -- who published it
    title TEXT NOT NULL,                           -- plain text
    author TEXT,                                   -- as printed
    published TEXT,                                -- when it was published
    published_from TEXT,                           -- where that date was found
    first_seen TEXT NOT NULL,                      -- when it was stored
    changed TEXT,                                  -- when its text was last seen to differ
    summary TEXT NOT NULL,                         -- the feed's summary or the page's description
    words INTEGER NOT NULL,                        -- words of the text
    walled INTEGER NOT NULL,                       -- 1 where a wall cuts the text
    area TEXT NOT NULL,                            -- JSON list: authorities that the outlet mainly covers
    judged_at TEXT,                                -- when tying last looked at it
    relevant INTEGER NOT NULL DEFAULT 0,           -- 1 where it is about our subject
    why TEXT NOT NULL DEFAULT '',                  -- the reason, in words
    stated_grades TEXT NOT NULL DEFAULT '[]',      -- JSON list: the grades it says authorities have
    piece TEXT REFERENCES piece (id),              -- the piece that it is a copy of; NULL only while it is being deleted
    faded TEXT,                                    -- when its text was let go of, since it is not about our subject
    late TEXT                                      -- of a copy that came more than 47 days after its piece: when that was first seen
) STRICT;
CREATE INDEX story_first_seen ON story (first_seen);
CREATE INDEX story_piece ON story (piece);
CREATE INDEX story_newest ON story (coalesce(published, first_seen) DESC, id);
CREATE INDEX story_relevant ON story (first_seen) WHERE relevant = 1;
CREATE INDEX story_outlet ON story (outlet, piece);
CREATE INDEX story_unrelated ON story (first_seen) WHERE relevant = 0 AND faded IS NULL;
CREATE INDEX story_late ON story (late, first_seen) WHERE late IS NOT NULL;

-- Pieces of copy: one text about one inspection, at however many outlets. What people decide, what it is tied to and what
-- readers were shown hang on the piece; its copies are worked out anew whenever one of them or a near one changes.
CREATE TABLE piece (
    id TEXT PRIMARY KEY,                           -- that of the story it began as; it stays when copies come and go
    first_seen TEXT NOT NULL,                      -- when the first of its copies was stored
    changed TEXT,                                  -- when it last became news again: newly tied, its wait over, its text rewritten
    kind TEXT NOT NULL DEFAULT 'other',            -- coverage | follow-up | round-up | announcement | other
    waiting_for TEXT,                              -- JSON object: the report it waits for, unless a tie holds
    state TEXT NOT NULL DEFAULT 'none',            -- tied | possible | waiting | none; what is possible may wait as well
    review TEXT NOT NULL DEFAULT 'new',            -- new | kept | discarded, by a person
    stands TEXT,                                   -- the copy that stands for it: about our subject before others, first published first
    relevant INTEGER,                              -- 1 where that copy is about our subject
    at TEXT,                                       -- when that copy was published, or else first seen
    best REAL,                                     -- the confidence of the best possible tie, NULL where there is none
    news TEXT                                      -- what was news at `changed`: ours | tied | wait-over | untied | grades | rewritten
) STRICT, WITHOUT ROWID;
CREATE INDEX piece_first_seen ON piece (first_seen);
CREATE INDEX piece_changed ON piece (changed) WHERE changed IS NOT NULL;
CREATE INDEX piece_state ON piece (state, at DESC, stands) WHERE state <> 'none';
CREATE INDEX piece_shown ON piece (at DESC, stands, relevant, review) WHERE relevant = 1 AND review <> 'discarded';
CREATE INDEX piece_seen ON piece (first_seen, relevant) WHERE relevant = 1;
CREATE INDEX piece_reviewed ON piece (review, at DESC, stands) WHERE review <> 'new';
CREATE INDEX piece_unseen ON piece (at DESC, stands, relevant, review, state) WHERE relevant = 1 AND review = 'new' AND state <> 'possible';
CREATE INDEX piece_undecided ON piece (best DESC, at DESC, stands, relevant, state, review) WHERE relevant = 1 AND state = 'possible' AND review <> 'discarded';
CREATE INDEX piece_waits ON piece (at DESC, stands, relevant, review, state, waiting_for) WHERE waiting_for IS NOT NULL AND state <> 'tied';
CREATE INDEX piece_waiting ON piece (waiting_for ->> 'authority') WHERE waiting_for IS NOT NULL;
CREATE INDEX piece_stated ON piece (id, state) WHERE state <> 'none';
CREATE INDEX piece_late ON piece (first_seen, at) WHERE at > strftime('%Y-%m-%dT%H:%M:%SZ', first_seen, '+1129 hours');
CREATE INDEX piece_discarded ON piece (id, review) WHERE review = 'discarded';

-- How many pieces there are of what outputs count; whoever writes a piece, they follow.
CREATE TABLE piece_count (
    what TEXT PRIMARY KEY,                         -- shown | undecided | unseen | waits
    many INTEGER NOT NULL                          -- how many
) STRICT, WITHOUT ROWID;
CREATE TRIGGER piece_counted AFTER UPDATE OF relevant, review, state, waiting_for ON piece
BEGIN
    UPDATE piece_count SET many = many - CASE what
        WHEN 'shown' THEN OLD.review <> 'discarded'
        WHEN 'undecided' THEN OLD.review <> 'discarded' AND OLD.state = 'possible'
        WHEN 'unseen' THEN OLD.review = 'new' AND OLD.state <> 'possible'
        WHEN 'waits' THEN OLD.review <> 'discarded' AND OLD.waiting_for IS NOT NULL AND OLD.state <> 'tied'
        ELSE 0
    END WHERE OLD.relevant = 1;
    UPDATE piece_count SET many = many + CASE what
        WHEN 'shown' THEN NEW.review <> 'discarded'
        WHEN 'undecided' THEN NEW.review <> 'discarded' AND NEW.state = 'possible'
        WHEN 'unseen' THEN NEW.review = 'new' AND NEW.state <> 'possible'
        WHEN 'waits' THEN NEW.review <> 'discarded' AND NEW.waiting_for IS NOT NULL AND NEW.state <> 'tied'
        ELSE 0
    END WHERE NEW.relevant = 1;
END;
CREATE TRIGGER piece_counted_new AFTER INSERT ON piece WHEN NEW.relevant = 1
BEGIN
    UPDATE piece_count SET many = many + CASE what
        WHEN 'shown' THEN NEW.review <> 'discarded'
        WHEN 'undecided' THEN NEW.review <> 'discarded' AND NEW.state = 'possible'
        WHEN 'unseen' THEN NEW.review = 'new' AND NEW.state <> 'possible'
        WHEN 'waits' THEN NEW.review <> 'discarded' AND NEW.waiting_for IS NOT NULL AND NEW.state <> 'tied'
        ELSE 0
    END;
END;
CREATE TRIGGER piece_counted_gone AFTER DELETE ON piece WHEN OLD.relevant = 1
BEGIN
    UPDATE piece_count SET many = many - CASE what
        WHEN 'shown' THEN OLD.review <> 'discarded'
        WHEN 'undecided' THEN OLD.review <> 'discarded' AND OLD.state = 'possible'
        WHEN 'unseen' THEN OLD.review = 'new' AND OLD.state <> 'possible'
        WHEN 'waits' THEN OLD.review <> 'discarded' AND OLD.waiting_for IS NOT NULL AND OLD.state <> 'tied'
        ELSE 0
    END;
END;

-- Whatever writes a story, its piece follows.
CREATE TRIGGER story_stands_new AFTER INSERT ON story
BEGIN
    UPDATE piece
    SET (stands, relevant, at) = (
        SELECT id, relevant, coalesce(published, story.first_seen)
        FROM story
        WHERE story.piece = piece.id
        ORDER BY relevant DESC, coalesce(published, story.first_seen), id
        LIMIT 1
    )
    WHERE id = NEW.piece;
END;
CREATE TRIGGER story_stands_changed AFTER UPDATE OF relevant, published, first_seen, piece ON story
WHEN OLD.relevant <> NEW.relevant
  OR coalesce(OLD.published, OLD.first_seen) <> coalesce(NEW.published, NEW.first_seen)
  OR OLD.piece IS NOT NEW.piece
BEGIN
    UPDATE piece
    SET (stands, relevant, at) = (
        SELECT id, relevant, coalesce(published, story.first_seen)
        FROM story
        WHERE story.piece = piece.id
        ORDER BY relevant DESC, coalesce(published, story.first_seen), id
        LIMIT 1
    )
    WHERE id IN (OLD.piece, NEW.piece);
END;

-- Whoever writes either, both say the same of when they came.
CREATE TRIGGER story_came_late AFTER UPDATE OF piece, first_seen ON story
WHEN OLD.piece IS NOT NEW.piece OR OLD.first_seen <> NEW.first_seen
BEGIN
    UPDATE story
    SET late = (
        SELECT first_seen
        FROM piece
        WHERE id = NEW.piece AND NEW.first_seen > strftime('%Y-%m-%dT%H:%M:%SZ', first_seen, '+1129 hours')
    )
    WHERE n = NEW.n;
END;
CREATE TRIGGER piece_came_early AFTER UPDATE OF first_seen ON piece
WHEN OLD.first_seen <> NEW.first_seen
BEGIN
    UPDATE story
    SET late = iif(first_seen > strftime('%Y-%m-%dT%H:%M:%SZ', NEW.first_seen, '+1129 hours'), NEW.first_seen, NULL)
    WHERE piece = NEW.id;
END;

-- The text of a story, apart from its row because it is large and seldom needed.
CREATE TABLE story_text (
    story INTEGER PRIMARY KEY REFERENCES story (n), -- the story
    blocks TEXT NOT NULL,                          -- JSON list of headings, paragraphs, items and quotes; empty where it is packed
    links TEXT NOT NULL                            -- JSON list of links in the text
) STRICT;

-- The texts of stories that are not about our subject and on which nobody decided, compressed; the program reads both tables as one.
CREATE TABLE story_packed (
    story INTEGER PRIMARY KEY REFERENCES story (n), -- the story
    blocks BLOB NOT NULL                           -- zlib (RFC 1950) of the JSON list that `story_text.blocks` would have
) STRICT;

-- The originals of stories: their pages as they were received, to be read again with a better reader, to be shown, and to be
-- given out as WARC.
CREATE TABLE original (
    story INTEGER NOT NULL REFERENCES story (n),   -- the story
    at TEXT NOT NULL,                              -- when it was received
    url TEXT NOT NULL,                             -- the address asked for
    answered TEXT NOT NULL,                        -- the address that answered, after redirects
    status INTEGER,                                -- what it answered with; NULL for a saved page that a person added
    headers TEXT NOT NULL,                         -- JSON list of names and values: those fields of the header that matter
    item TEXT NOT NULL,                            -- JSON object: what its list said of it
    sha256 TEXT NOT NULL REFERENCES file (sha256), -- its bytes, without codings of the transfer
    PRIMARY KEY (story, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX original_at ON original (at);
CREATE INDEX original_sha256 ON original (sha256);

-- Full text of stories. The text itself stays in `story_text`; words are taken out by giving them once more (sqlite.org/fts5.html,
-- "The 'delete' Command").
CREATE VIRTUAL TABLE story_fts USING fts5 (
    title,                                         -- the title; row ids are story.n
    text,                                          -- the text
    content = '', tokenize = 'unicode61 remove_diacritics 2'
);

-- What a story was before it changed, first to last.
CREATE TABLE story_version (
    story TEXT NOT NULL REFERENCES story (id),     -- the story
    version INTEGER NOT NULL,                      -- counted from 1
    until TEXT NOT NULL,                           -- when it was seen to have changed
    title TEXT NOT NULL,                           -- the title then
    blocks TEXT NOT NULL,                          -- JSON list: the text then
    PRIMARY KEY (story, version)
) STRICT, WITHOUT ROWID;

-- All addresses a story was seen at.
CREATE TABLE address (
    key TEXT PRIMARY KEY,                          -- the canonical address
    story TEXT NOT NULL REFERENCES story (id),     -- the story there
    url TEXT NOT NULL                              -- the address as it was seen
) STRICT, WITHOUT ROWID;
CREATE INDEX address_story ON address (story, url);

-- The authorities a story is about.
CREATE TABLE story_authority (
    story TEXT NOT NULL REFERENCES story (id),     -- the story
    place INTEGER NOT NULL,                        -- most prominent first, from 0
    authority TEXT NOT NULL,                       -- the canonical name
    relevant INTEGER NOT NULL DEFAULT 0,           -- 1 where the story is about our subject, as its row says
    open_at TEXT,                                  -- of one whose piece no report is tied to and nobody discarded, the piece's time
    open_stands TEXT,                              -- and the story that stands for the piece
    piece TEXT,                                    -- of a story about our subject its piece
    PRIMARY KEY (story, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_authority_name ON story_authority (authority, story);
CREATE INDEX story_authority_ours ON story_authority (authority, piece) WHERE relevant = 1;
CREATE INDEX story_authority_open ON story_authority (authority, open_at DESC, open_stands) WHERE open_at IS NOT NULL;

-- Whoever writes a story, its authorities or its piece, all say the same of it.
CREATE TRIGGER story_authority_new AFTER INSERT ON story_authority
BEGIN
    UPDATE story_authority
    SET relevant = 1, piece = (SELECT piece FROM story WHERE id = NEW.story)
    WHERE story = NEW.story AND place = NEW.place AND EXISTS (SELECT 1 FROM story WHERE id = NEW.story AND relevant = 1);
    UPDATE story_authority
    SET (open_at, open_stands) = (
        SELECT at, stands
        FROM piece
        WHERE id = story_authority.piece AND relevant = 1 AND state <> 'tied' AND review <> 'discarded'
    )
    WHERE story = NEW.story AND place = NEW.place AND relevant = 1;
END;
CREATE TRIGGER story_authority_changed AFTER UPDATE OF relevant, piece ON story
WHEN OLD.relevant <> NEW.relevant OR OLD.piece IS NOT NEW.piece
BEGIN
    UPDATE story_authority
    SET relevant = NEW.relevant, piece = iif(NEW.relevant = 1, NEW.piece, NULL), open_at = NULL, open_stands = NULL
    WHERE story = NEW.id;
    UPDATE story_authority
    SET (open_at, open_stands) = (
        SELECT at, stands FROM piece WHERE id = NEW.piece AND relevant = 1 AND state <> 'tied' AND review <> 'discarded'
    )
    WHERE story = NEW.id AND relevant = 1;
END;
CREATE TRIGGER piece_opened AFTER UPDATE OF relevant, state, review, at, stands ON piece
WHEN (OLD.relevant = 1 OR NEW.relevant = 1)
 AND (OLD.relevant IS NOT NEW.relevant OR OLD.state <> NEW.state OR OLD.review <> NEW.review
      OR OLD.at IS NOT NEW.at OR OLD.stands IS NOT NEW.stands)
BEGIN
    UPDATE story_authority
    SET open_at = iif(NEW.relevant = 1 AND NEW.state <> 'tied' AND NEW.review <> 'discarded', NEW.at, NULL),
        open_stands = iif(NEW.relevant = 1 AND NEW.state <> 'tied' AND NEW.review <> 'discarded', NEW.stands, NULL)
    WHERE relevant = 1 AND story IN (SELECT id FROM story WHERE piece = NEW.id);
END;

-- Signatures of stories, to find copies.
CREATE TABLE fingerprint (
    story INTEGER PRIMARY KEY REFERENCES story (n), -- the story
    signature BLOB NOT NULL                        -- 64-bit minima, little-endian
) STRICT;

-- The same cut into bands: stories that share one are candidates for copies.
CREATE TABLE fingerprint_band (
    hash INTEGER NOT NULL,                         -- of the band's place and its minima
    story INTEGER NOT NULL REFERENCES story (n),   -- a story that has it
    PRIMARY KEY (hash, story)
) STRICT, WITHOUT ROWID;
CREATE INDEX fingerprint_band_story ON fingerprint_band (story);

-- Stories by their publisher's own number of the article, which stays when title, address or sister site change.
CREATE TABLE article_number (
    number TEXT NOT NULL,                          -- the number, with the publisher or the host that gave it
    story INTEGER NOT NULL REFERENCES story (n),   -- a story that bears it
    PRIMARY KEY (number, story)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_number_story ON article_number (story);

-- ── ties ────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Piece to report.
CREATE TABLE tie (
    piece TEXT NOT NULL REFERENCES piece (id),     -- the piece
    report TEXT NOT NULL REFERENCES report (id),   -- the report
    state TEXT NOT NULL,                           -- auto | possible, by tying; confirmed | rejected, by a person
    confidence REAL NOT NULL,                      -- the probability that the story is about the report, 0 to 1
    kind TEXT NOT NULL,                            -- coverage | follow-up | announcement
    grade_check TEXT NOT NULL,                     -- agrees | disagrees | not-stated | no-grade
    undecided TEXT,                                -- for confirmed and rejected: the state before, NULL where a person made the tie
    copy TEXT REFERENCES story (id),               -- the copy whose reading it is, NULL where that was deleted for good
    PRIMARY KEY (piece, report)
) STRICT, WITHOUT ROWID;
CREATE INDEX tie_report ON tie (report, state);
CREATE INDEX tie_copy ON tie (copy);
CREATE INDEX tie_differs ON tie (piece) WHERE grade_check = 'disagrees';

-- Why a tie was made.
CREATE TABLE evidence (
    piece TEXT NOT NULL,                           -- the piece of the tie
    report TEXT NOT NULL,                          -- the report of the tie
    place INTEGER NOT NULL,                        -- in the order of tying, from 0
    kind TEXT NOT NULL,                            -- link | quote | shared-text | figure | grade | authority | date | framework
    in_story TEXT NOT NULL,                        -- what the story says
    in_report TEXT NOT NULL,                       -- what the report says
    page INTEGER,                                  -- where the report says it
    paragraph TEXT,                                -- the printed paragraph number there
    weight REAL NOT NULL,                          -- its part in the log-odds; negative where it speaks against
    PRIMARY KEY (piece, report, place),
    FOREIGN KEY (piece, report) REFERENCES tie (piece, report) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Reports that a story speaks of as background, without being about them.
CREATE TABLE mention (
    story TEXT NOT NULL REFERENCES story (id),     -- the story
    report TEXT NOT NULL REFERENCES report (id),   -- the report
    place INTEGER NOT NULL,                        -- in the order of tying, from 0
    mentioned TEXT NOT NULL,                       -- previous: an earlier inspection; another's: of a council it is not about
    text TEXT NOT NULL,                            -- the sentence that speaks of it
    PRIMARY KEY (story, report)
) STRICT, WITHOUT ROWID;

-- The quotations of a story, and where they stand in a report.
CREATE TABLE quotation (
    story TEXT NOT NULL REFERENCES story (id),     -- the story
    place INTEGER NOT NULL,                        -- in the order of the story, from 0
    text TEXT NOT NULL,                            -- as the story quotes it
    speaker TEXT,                                  -- who is said to speak
    found INTEGER NOT NULL,                        -- 1 where it stands in a report
    exact INTEGER NOT NULL,                        -- 1 where it stands there word for word
    report TEXT REFERENCES report (id),            -- that report
    page INTEGER,                                  -- the page there
    paragraph TEXT,                                -- the printed paragraph number there
    PRIMARY KEY (story, place)
) STRICT, WITHOUT ROWID;

-- ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Notes of people, on the copy they were written on; shown on its piece.
CREATE TABLE note (
    n INTEGER PRIMARY KEY,                         -- in the order of writing
    story TEXT NOT NULL REFERENCES story (id),     -- the story
    at TEXT NOT NULL,                              -- when it was written
    text TEXT NOT NULL,                            -- as typed
    who TEXT                                       -- the name of the account
) STRICT;
CREATE INDEX note_story ON note (story, n);

-- Every decision of a person, in order: an audit trail that is only ever added to (but for stories deleted for good).
CREATE TABLE decision (
    n INTEGER PRIMARY KEY,                         -- in the order of deciding
    at TEXT NOT NULL,                              -- when
    story TEXT NOT NULL REFERENCES story (id),     -- about the piece of which story
    report TEXT REFERENCES report (id),            -- about which tie of it; NULL for the piece itself
    was TEXT,                                      -- the state or review before; NULL where there was no tie
    became TEXT,                                   -- the state or review since; NULL where the tie was taken away
    who TEXT,                                      -- the name of the account
    undoes INTEGER REFERENCES decision (n)         -- the decision that it takes back
) STRICT;
CREATE INDEX decision_story ON decision (story, n);
CREATE INDEX decision_undoes ON decision (undoes) WHERE undoes IS NOT NULL;
CREATE TRIGGER decision_stands BEFORE UPDATE ON decision
BEGIN
    SELECT RAISE (ABORT, 'decisions are only ever added');
END;

-- ── runs ────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Each pass of the program with its closing counts.
CREATE TABLE run (
    n INTEGER PRIMARY KEY,                         -- in order
    started TEXT NOT NULL,                         -- when it began
    ended TEXT,                                    -- when it ended; NULL while it goes on, and for ever where it died
    sources INTEGER NOT NULL DEFAULT 0,            -- sources asked
    failed INTEGER NOT NULL DEFAULT 0,             -- of them, sources that failed
    requests INTEGER NOT NULL DEFAULT 0,           -- requests sent
    unchanged INTEGER NOT NULL DEFAULT 0,          -- of them, answered "not modified"
    items INTEGER NOT NULL DEFAULT 0,              -- items not seen before
    stories INTEGER NOT NULL DEFAULT 0,            -- stories stored for the first time
    stories_changed INTEGER NOT NULL DEFAULT 0,    -- stories seen to have changed
    reports INTEGER NOT NULL DEFAULT 0,            -- reports stored for the first time
    reports_changed INTEGER NOT NULL DEFAULT 0,    -- reports with a new file
    judged INTEGER NOT NULL DEFAULT 0,             -- stories that tying looked at
    tied INTEGER NOT NULL DEFAULT 0                -- of them, stories that came to be tied
) STRICT;
CREATE INDEX run_started ON run (started);

-- Up to where each reader of the summary was shown what came.
CREATE TABLE reader (
    name TEXT PRIMARY KEY,                         -- of the account, or as typed with --reader
    until TEXT NOT NULL,                           -- the moment of the last summary read to its end
    run INTEGER NOT NULL                           -- the last run that had ended by then; what later ones bring is new
) STRICT, WITHOUT ROWID;

-- ── for other programs ──────────────────────────────────────────────────────────────────────────────────────────────

-- Stories about our subject, to be read with Datasette, sqlite-utils or `sqlite3`.
CREATE VIEW stories (
    id,                                            -- as the program shows it
    published,                                     -- as the feed or the page says
    outlet,                                        -- who publishes it
    title,                                         -- its headline
    authorities,                                   -- the councils it is about, joined by "; "
    state,                                         -- tied | possible | waiting | none, of its piece
    kind,                                          -- coverage | follow-up | round-up | announcement | other
    review,                                        -- new | kept | discarded, by a person
    words,                                         -- of its text
    first_seen,                                    -- when it was stored
    url,                                           -- where it stands
    piece,                                         -- shared by all copies of it
    n                                              -- its row in `story_fts`
) AS
SELECT story.id, story.published, story.outlet, story.title,
       (SELECT group_concat(authority, '; ') FROM story_authority WHERE story_authority.story = story.id),
       piece.state, piece.kind, piece.review, story.words, story.first_seen, story.url, story.piece, story.n
FROM story JOIN piece ON piece.id = story.piece
WHERE story.relevant = 1;

-- Reports, with the grade that a headline would give.
CREATE VIEW reports (
    id,                                            -- as the program shows it
    published,                                     -- as Ofsted lists it
    authority,                                     -- the council it is about
    framework,                                     -- SIF | ILACS | JTAI | …
    overall,                                       -- the overall grade, or the outcome
    inspected_from,                                -- the first day of the inspection
    inspected_to,                                  -- the last
    lead_inspector,                                -- as printed
    title,                                         -- as printed
    pages,                                         -- of the file
    status,                                        -- current | unreadable | …
    url                                            -- of the file
) AS
SELECT report.id, report.published, report.authority, report.framework,
       (SELECT grade FROM judgement WHERE judgement.report = report.id AND key IN ('overall', 'outcome') ORDER BY key DESC LIMIT 1),
       report.inspected_from, report.inspected_to, report.lead_inspector, report.title, report.pages, report.status, report.url
FROM report
WHERE report.status <> 'not-a-report';

-- Each grade of each report.
CREATE VIEW judgements (
    report,                                        -- the report
    published,                                     -- when it was published
    authority,                                     -- the council it is about
    framework,                                     -- of the inspection
    key,                                           -- what is judged, in a word
    label,                                         -- as printed
    grade,                                         -- in lower case
    agree                                          -- 1 where all places that give it say the same
) AS
SELECT report.id, report.published, report.authority, report.framework, judgement.key, judgement.label, judgement.grade, judgement.agree
FROM judgement JOIN report ON report.id = judgement.report;

-- Each tie of each story, that of its piece.
CREATE VIEW ties (
    story,                                         -- the story
    outlet,                                        -- who publishes it
    title,                                         -- its headline
    story_published,                               -- when it was published
    report,                                        -- the report
    authority,                                     -- the council it is about
    report_published,                              -- when it was published
    state,                                         -- auto | possible | confirmed | rejected
    confidence,                                    -- from 0 to 1
    kind,                                          -- coverage | follow-up | announcement
    grade_check                                    -- agrees | disagrees | not-stated | no-grade
) AS
SELECT story.id, story.outlet, story.title, story.published, report.id, report.authority, report.published, tie.state, tie.confidence,
       tie.kind, tie.grade_check
FROM tie JOIN story ON story.piece = tie.piece JOIN report ON report.id = tie.report
WHERE story.relevant = 1;

-- The overall grade that each council of a story had on the day of the story: that of its last full inspection by then.
CREATE VIEW grades_then (
    story,                                         -- the story
    published,                                     -- when it was published
    authority,                                     -- a council it is about
    grade,                                         -- the overall grade then; NULL where none is known
    report,                                        -- the report that gave it
    report_published                               -- when that was published
) AS
SELECT story.id, story.published, story_authority.authority, judgement.grade, report.id, report.published
FROM story
JOIN story_authority ON story_authority.story = story.id
LEFT JOIN report ON report.n = (
    SELECT last.n
    FROM report AS last JOIN judgement AS overall ON overall.report = last.id AND overall.key = 'overall'
    WHERE last.authority = story_authority.authority AND last.framework IN ('SIF', 'ILACS')
      AND last.published <= substr(story.published, 1, 10)
    ORDER BY last.published DESC
    LIMIT 1)
LEFT JOIN judgement ON judgement.report = report.id AND judgement.key = 'overall';
