-- What is to be done next, until now in columns of five tables, in one.
CREATE TABLE work (
    job TEXT NOT NULL,
    owner TEXT NOT NULL,
    subject TEXT NOT NULL,
    due TEXT,
    held TEXT,
    tries INTEGER NOT NULL DEFAULT 0,
    faults INTEGER NOT NULL DEFAULT 0,
    failure TEXT,
    detail TEXT,
    since TEXT,
    tried_at TEXT,
    PRIMARY KEY (job, owner, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX work_due ON work (job, owner, due) WHERE due IS NOT NULL;

INSERT INTO work (job, owner, subject, due, held, tries, failure, detail, since, tried_at)
SELECT 'list', name, CAST(way AS TEXT), coalesce(next_due, last_try, ''), retry_after, failures, failure, detail, failing_since, last_try
FROM source;
ALTER TABLE source DROP COLUMN next_due;
ALTER TABLE source DROP COLUMN retry_after;
ALTER TABLE source DROP COLUMN way;
ALTER TABLE source ADD COLUMN doubts TEXT NOT NULL DEFAULT '[]';

INSERT INTO work (job, owner, subject, due, tries, failure, detail, since, tried_at)
SELECT 'article', source, key, iif(state = 'due', coalesce(next_try, at), NULL), tries, failure, detail,
       iif(failure IS NULL, NULL, at), iif(failure IS NULL, NULL, at)
FROM item
WHERE state IN ('due', 'given-up') AND url <> '';

-- Items are known by their source, and by guid and address together.
ALTER TABLE item RENAME TO item_before;
DROP INDEX item_due;
CREATE TABLE item (
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    guid TEXT,
    url TEXT NOT NULL,
    title_hash INTEGER NOT NULL,
    passed INTEGER NOT NULL,
    at TEXT NOT NULL,
    title TEXT,
    summary TEXT,
    author TEXT,
    published TEXT,
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_guid ON item (source, guid) WHERE guid IS NOT NULL;
CREATE INDEX item_key ON item (key);
INSERT INTO item (source, key, guid, url, title_hash, passed, at, title, summary, author, published)
SELECT source, key, nullif(item_key, url), url, title_hash, state <> 'irrelevant', at, title, summary, author, published
FROM item_before
WHERE url <> '';
DROP TABLE item_before;

INSERT INTO work (job, owner, subject, due, tried_at)
SELECT 'provider', '', urn,
       iif(wanted = 1 OR read_at IS NULL OR listed_latest IS NOT read_latest,
           listed_at, strftime('%Y-%m-%dT%H:%M:%SZ', read_at, '+7 days')),
       read_at
FROM provider;
ALTER TABLE provider DROP COLUMN wanted;

INSERT INTO work (job, owner, subject, due, tries, failure, detail)
SELECT 'file', '', publication.url,
       iif(file_failure.url IS NOT NULL, file_failure.next_try,
           coalesce(strftime('%Y-%m-%dT%H:%M:%SZ', max(resource.fetched_at), '+30 days'), min(publication.first_seen))),
       coalesce(file_failure.tries, 0), file_failure.failure, file_failure.detail
FROM publication
LEFT JOIN file_failure ON file_failure.url = publication.url
LEFT JOIN resource ON resource.url = publication.url AND EXISTS (SELECT 1 FROM report WHERE report.url = publication.url)
GROUP BY publication.url;
DROP TABLE file_failure;

-- A full answer now and then finds servers whose validators are stuck: never asked about, and gone.
ALTER TABLE resource DROP COLUMN full_at;

-- With what the stored readings were made.
CREATE TABLE made_with (
    part TEXT PRIMARY KEY,
    version TEXT NOT NULL
) STRICT, WITHOUT ROWID;
