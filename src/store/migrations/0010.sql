-- How far the fetching of older stories has come, so that it goes on where it ended.
CREATE TABLE backfill (
    source TEXT NOT NULL,
    url TEXT NOT NULL,
    kind TEXT NOT NULL,
    since TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    done INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;
